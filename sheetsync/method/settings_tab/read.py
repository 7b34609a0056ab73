"""Reads settings: which entry each line is, what its cells say, and what holds instead where they cannot be read.

The first of two lines that contradict each other counts. Never raises.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pydantic import ValidationError

from sheetsync.i18n import language
from sheetsync.method.policy import Policy
from sheetsync.method.settings_tab.blocks import BLOCK, DICTIONARIES, RULES, SCALARS
from sheetsync.method.settings_tab.cell_types import CellReading, Plain, SettingsVocabulary
from sheetsync.method.settings_tab.document import Line, SettingsDocument, default, policy_of
from sheetsync.method.settings_tab.draft import Raw, RawLine, SettingsDraft, SettingsEntry, Wrong
from sheetsync.method.settings_tab.line_identity import Known, Named, identify, identify_rules
from sheetsync.method.settings_tab.scalars import SCALAR
from sheetsync.method.settings_tab.validation import check
from sheetsync.method.vocabulary import vocabulary_of
from sheetsync.values import Vocabulary, clean, fold

MOST_ALSO = 12
"""Former names of an entry that are still understood."""


class MethodReading(NamedTuple):
    """What holds, the policy with it, the mistakes, and the codes of lines that have none yet: {(block, row): code}."""

    doc: SettingsDocument
    policy: Policy
    wrongs: tuple[Wrong, ...]
    codes: Mapping[tuple[str, int], str]


def read(raw: Raw, policy: Policy, good: SettingsDocument | None = None) -> MethodReading:
    """Read settings over a policy in its own words. `good`: what was in force last."""
    usual = default(policy)
    good = usual if good is None else good
    draft = SettingsDraft(raw, good, speech_of(policy, good))
    named = {
        kind: _named(draft, kind, usual, policy) for kind in DICTIONARIES if raw.lines.get(kind)
    }
    draft.speech = speech_of(policy, good, {**named, "managers": _people(raw, good)}, usual)
    for kind in DICTIONARIES:
        _dictionary(draft, kind, named.get(kind))
    for kind in RULES:
        _rules(draft, kind)
    for kind in ("managers", "days", "plan"):
        _plain(draft, kind)
    _scalars(draft)
    check(draft, usual, policy)
    return _agreed(draft, policy, usual)


def _agreed(draft: SettingsDraft, policy: Policy, usual: SettingsDocument) -> MethodReading:
    """Build the policy; where the settings do not agree all the same, the last good ones hold, or else the method's own."""
    text = draft.speech.language.text
    for doc in (draft.doc(), draft.good, usual):
        try:
            made = policy_of(policy, doc)
        except (ValidationError, KeyError) as error:
            draft.wrong(
                SCALARS,
                None,
                "",
                text(
                    "These settings contradict each other: {why}. The last good ones hold.",
                    why=str(error)[:200],
                ),
            )
        else:
            return MethodReading(doc, made, tuple(draft.wrongs), draft.codes)
    return MethodReading(usual, policy, tuple(draft.wrongs), {})


def speech_of(
    policy: Policy,
    good: SettingsDocument,
    named: Mapping[str, Sequence[tuple[str, str]]] | None = None,
    usual: SettingsDocument | None = None,
) -> SettingsVocabulary:
    """Gather the words of all dictionaries: names as the lines have them first, then all that was understood before."""
    words = {
        kind: _vocabulary(kind, (named or {}).get(kind), good, usual, policy)
        for kind in DICTIONARIES
    }
    people = (named or {}).get("managers", ())
    words["managers"] = Vocabulary(
        {fold(name): name for _, name in reversed(people)}, {name: name for _, name in people}
    )
    team = {column.field for column in policy.columns if column.owner == "team"}
    spoken = [one.columns for one in (policy.words, *policy.other_words)]
    known = vocabulary_of(
        tuple((name, said) for one in spoken for name, said in one.items() if name in team)
    )
    words["columns"] = Vocabulary(
        known.spellings, {name: known.names[name] for name in policy.column if name in team}
    )
    measures = frozenset(
        c.field for c in policy.columns if c.field in team and c.type in ("amount", "integer")
    )
    return SettingsVocabulary(
        language(policy.words.language), policy.words.phone_region, words, measures
    )


def _vocabulary(
    kind: str,
    named: Sequence[tuple[str, str]] | None,
    good: SettingsDocument,
    usual: SettingsDocument | None,
    policy: Policy,
) -> Vocabulary:
    held = [(str(line["code"]), line) for doc in (good, usual) if doc for line in doc.lines[kind]]
    names = dict(reversed([*((code, str(line["name"])) for code, line in held)]))
    ordered = (
        [code for code, _ in named] if named else [str(line["code"]) for line in good.lines[kind]]
    )
    names |= dict(named or {})
    spellings = {fold(name): code for code, name in reversed([*names.items()])}
    for code, line in held:
        for name in (line["name"], *(also if isinstance(also := line.get("also"), list) else ())):
            spellings.setdefault(fold(str(name)), code)
    for words in (policy.words, *policy.other_words):
        for code, said in getattr(words, kind).items():
            for word in said:
                if code in names:
                    spellings.setdefault(fold(word), code)
    return Vocabulary(spellings, {code: names[code] for code in dict.fromkeys([*ordered, *names])})


def _known(draft: SettingsDraft, kind: str, usual: SettingsDocument) -> Known:
    names = {
        str(line["code"]): str(line["name"])
        for line in (*usual.lines[kind], *draft.good.lines[kind])
    }
    return Known(names, draft.speech.words[kind].spellings)


def _name_of(line: RawLine, kind: str, draft: SettingsDraft) -> CellReading:
    if "name" not in draft.raw.columns[kind]:
        return CellReading(None)
    return BLOCK[kind].column["name"].kind.read(line.cells.get("name"), draft.speech)


def _code_of(line: RawLine) -> str:
    code = line.cells.get("code")
    return clean(code) if isinstance(code, str | int | float) else ""


def _named(
    draft: SettingsDraft, kind: str, usual: SettingsDocument, policy: Policy
) -> list[tuple[str, str]]:
    """Tell which entry each line of a dictionary is, and keep it in the draft. Returns (code, name)."""
    lines, text = draft.raw.lines[kind], draft.speech.language.text
    known = _known(draft, kind, usual)
    reserved = (
        {
            fold(title.split("{")[0])
            for one in (policy.words, *policy.other_words)
            for title in one.tabs.values()
        }
        if kind == "sections"
        else set()
    )
    read = [_name_of(line, kind, draft) for line in lines]
    names = [
        "" if one.wrong or fold(str(one.value or "")) in {"", *reserved} else str(one.value)
        for one in read
    ]
    entries = identify(
        [Named(name, _code_of(line)) for name, line in zip(names, lines, strict=True)], known
    )
    before = {str(line["code"]): line for doc in (usual, draft.good) for line in doc.lines[kind]}
    made, found = draft.entries.setdefault(kind, []), list[tuple[str, str]]()
    for line, name, told, is_ in zip(lines, names, read, entries, strict=True):
        entry = SettingsEntry(line.row, {"name": name, "code": is_.code}, before.get(is_.code))
        made.append(entry)
        if is_.clash:
            why = text(
                "“{name}” stands twice: the first line counts. Give this one a name of its own, or delete it.",
                name=name,
            )
            _nameless(draft, kind, entry, why)
        elif not name and told.value is not None and not told.wrong:
            _nameless(
                draft,
                kind,
                entry,
                text("“{name}” is the name of something else.", name=str(told.value)),
            )
        elif not name:
            column = BLOCK[kind].column["name"]
            heading, accepted = text(column.heading), column.kind.accepted(draft.speech)
            why = text(
                "“{column}” is empty or cannot be read. {accepted}",
                column=heading,
                accepted=accepted,
            )
            _nameless(draft, kind, entry, why)
        elif is_.new and kind == "sections":
            entry.counts = False
            draft.wrong(
                kind,
                line.row,
                "name",
                text(
                    "The method has six sections; no other can be added. Rename one of them, or delete the line."
                ),
            )
        if entry.counts:
            _remember(entry, before, line)
            found.append((entry.code, entry.name))
            if _code_of(line) != entry.code and "code" in draft.raw.columns[kind]:
                draft.codes[kind, line.row] = entry.code
    return found


def _nameless(draft: SettingsDraft, kind: str, entry: SettingsEntry, why: str) -> None:
    """Keep the last good name of an entry whose line has none that can be used; a line that is nobody's does not count."""
    if "name" not in draft.raw.columns[kind] and entry.before is not None:
        entry.values["name"] = entry.before["name"]
        return
    if entry.before is None or not entry.code:
        entry.counts, entry.values["name"] = False, ""
        draft.wrong(kind, entry.row, "name", why)
        return
    draft.revert(kind, entry, "name", why)


def _remember(entry: SettingsEntry, before: Mapping[str, Line], line: RawLine) -> None:
    """Keep the names that an entry bore before: what is written with them is still understood."""
    given, held = line.cells.get("also"), before.get(entry.code, {})
    also = [str(word) for word in given] if isinstance(given, list | tuple) else held.get("also")
    was = [] if isinstance(given, list | tuple) else [str(held["name"])] if held.get("name") else []
    former = [*was, *(also if isinstance(also, list) else ())]
    kept = [word for word in dict.fromkeys(map(str, former)) if fold(word) != fold(entry.name)][
        :MOST_ALSO
    ]
    if kept:
        entry.values["also"] = kept


def _people(raw: Raw, good: SettingsDocument) -> list[tuple[str, str]]:
    if "managers" in raw.lines:
        kind = BLOCK["managers"].column["name"].kind
        speech = SettingsVocabulary(language("en"), "")
        names = [
            str(found)
            for line in raw.lines["managers"]
            if (found := kind.read(line.cells.get("name"), speech).value)
        ]
    else:
        names = [str(line["name"]) for line in good.lines["managers"]]
    first = {fold(name): name for name in reversed(names)}
    return [(name, name) for name in dict.fromkeys(first[fold(name)] for name in names)]


def _cells(
    draft: SettingsDraft, kind: str, entry: SettingsEntry, line: RawLine, but: tuple[str, ...] = ()
) -> None:
    for column in BLOCK[kind].columns:
        if column.key not in but:
            draft.cell(kind, column, line, entry)


def _dictionary(draft: SettingsDraft, kind: str, named: Sequence[tuple[str, str]] | None) -> None:
    """Read the cells of a dictionary's lines. A block that is not there, or is empty, says nothing."""
    lines = draft.raw.lines.get(kind)
    if named is None or not any(entry.counts for entry in draft.entries.get(kind, ())):
        draft.entries[kind] = [
            SettingsEntry(None, dict(line), line) for line in draft.good.lines[kind]
        ]
        if lines is not None:
            draft.wrong(
                kind,
                None,
                "",
                draft.speech.language.text("The list is empty: what stood there last still holds."),
            )
        return
    for entry, line in zip(draft.entries[kind], lines or (), strict=True):
        if entry.counts:
            _cells(draft, kind, entry, line, ("name",))


def _rules(draft: SettingsDraft, kind: str) -> None:
    lines = draft.raw.lines.get(kind)
    if not lines:
        draft.entries[kind] = [
            SettingsEntry(None, dict(line), line) for line in draft.good.lines[kind]
        ]
        if lines is not None:
            draft.wrong(
                kind,
                None,
                "",
                draft.speech.language.text("The list is empty: what stood there last still holds."),
            )
        return
    names = [str(_name_of(line, kind, draft).value or "") for line in lines]
    known = {str(line["code"]): str(line["name"]) for line in draft.good.lines[kind]}
    found = identify_rules(
        [Named(name, _code_of(line)) for name, line in zip(names, lines, strict=True)], known
    )
    before = {str(line["code"]): line for line in draft.good.lines[kind]}
    for line, is_ in zip(lines, found, strict=True):
        entry = SettingsEntry(line.row, {"code": is_.code}, before.get(is_.code))
        draft.entries.setdefault(kind, []).append(entry)
        _cells(draft, kind, entry, line)
        if _code_of(line) != is_.code and "code" in draft.raw.columns[kind]:
            draft.codes[kind, line.row] = is_.code


_KEYS = {"managers": ("name",), "days": ("day",), "plan": ("month", "manager")}
"""By what the lines of a block are told from each other."""


def _plain(draft: SettingsDraft, kind: str) -> None:
    """Read lines that bear no code: their last good values are those of the line of the same name, or day, or month."""
    lines = draft.raw.lines.get(kind)
    if lines is None:
        draft.entries[kind] = [
            SettingsEntry(None, dict(line), line) for line in draft.good.lines[kind]
        ]
        return
    keys, draft.entries[kind] = _KEYS[kind], []
    held: dict[tuple[str, ...], list[Line]] = {}
    for good in draft.good.lines[kind]:
        held.setdefault(_key(good, keys), []).append(good)
    for line in lines:
        probe = {
            key: BLOCK[kind].column[key].kind.read(line.cells.get(key), draft.speech)
            for key in keys
        }
        known = held.get(_key({key: read.value for key, read in probe.items()}, keys), [])
        wrong = any(read.wrong for read in probe.values())
        entry = SettingsEntry(line.row, {}, known.pop(0) if known and not wrong else None)
        draft.entries[kind].append(entry)
        _cells(draft, kind, entry, line)


def _key(line: Mapping[str, Plain], keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(fold(str(line.get(key) or "")) for key in keys)


def _scalars(draft: SettingsDraft) -> None:
    """Read the single settings; one without a line keeps its last good value."""
    text = draft.speech.language.text
    for path, scalar in SCALAR.items():
        draft.scalars[path] = draft.good.scalars[path]
        line = draft.raw.scalars.get(path)
        if line is None:
            continue
        given = line.cells.get("value")
        found = scalar.kind.read(given, draft.speech)
        if not found.wrong and (found.value is not None or scalar.open):
            draft.scalars[path] = found.value
            continue
        accepted, said = (
            scalar.kind.accepted(draft.speech),
            clean(given) if isinstance(given, str | int | float) else str(given or ""),
        )
        why = (
            text("“{value}” does not fit. {accepted}", value=said[:60], accepted=accepted)
            if said
            else text("This is empty. {accepted}", accepted=accepted)
        )
        draft.revert_scalar(path, why)
