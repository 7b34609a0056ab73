"""Reads settings: what each line's cells say, and what holds instead where they cannot be read.

The first of two lines that contradict each other counts. Never raises. Which entry a line of a
dictionary is, `read_dictionaries` says.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pydantic import ValidationError

from sheetsync.i18n import language
from sheetsync.method.policy import Policy
from sheetsync.method.settings_tab.blocks import (
    BLOCK,
    DICTIONARIES,
    RULES,
    SCALARS,
)
from sheetsync.method.settings_tab.cell_types import (
    Given,
    Plain,
    SettingsVocabulary,
)
from sheetsync.method.settings_tab.document import (
    Line,
    SettingsDocument,
    default,
    policy_of,
)
from sheetsync.method.settings_tab.draft import (
    Raw,
    RawLine,
    SettingsDraft,
    SettingsEntry,
    Wrong,
)
from sheetsync.method.settings_tab.line_identity import Named, identify_rules
from sheetsync.method.settings_tab.read_dictionaries import (
    code_of,
    name_dictionary_lines,
    read_cells,
    read_dictionary,
    read_name,
)
from sheetsync.method.settings_tab.scalars import SCALAR, Scalar
from sheetsync.method.settings_tab.validation import check
from sheetsync.method.settings_tab.vocabulary_in_force import (
    NamedCode,
    NamesByKind,
    vocabulary_in_force,
)
from sheetsync.values import clean, fold

KEYS = {"managers": ("name",), "days": ("day",), "plan": ("month", "manager")}
"""By what the lines of a block without codes are told from each other."""
LONGEST_CAUSE = 200
"""Characters of pydantic's own words in a message."""
LONGEST_VALUE = 60
"""Characters of a cell that are repeated in a message."""


class MethodReading(NamedTuple):
    """What holds, the policy with it, and the mistakes.

    `codes`: those of lines that have none yet: {(block, row): code}.
    """

    doc: SettingsDocument
    policy: Policy
    wrongs: tuple[Wrong, ...]
    codes: Mapping[tuple[str, int], str]


def read(
    raw: Raw, policy: Policy, good: SettingsDocument | None = None
) -> MethodReading:
    """Read settings over a policy in its own words. `good`: what was in force last."""
    usual = default(policy)
    good = usual if good is None else good
    draft = SettingsDraft(raw, good, vocabulary_in_force(policy, good))
    named = _names(draft, usual, policy)
    # The cells of rules and dictionaries speak of entries by their names, so names come first.
    draft.vocabulary = vocabulary_in_force(policy, good, named, usual)
    for kind in DICTIONARIES:
        read_dictionary(draft, kind, there=kind in named)
    for kind in RULES:
        _read_rules(draft, kind)
    for kind in KEYS:
        _read_uncoded(draft, kind)
    _read_scalars(draft)
    check(draft, usual, policy)
    return _agreed(draft, policy, usual)


def _names(
    draft: SettingsDraft, usual: SettingsDocument, policy: Policy
) -> NamesByKind:
    named = {}
    for kind in DICTIONARIES:
        if draft.raw.lines.get(kind):
            named[kind] = name_dictionary_lines(draft, kind, usual, policy)
    return {**named, "managers": _people(draft.raw, draft.good)}


def _people(raw: Raw, good: SettingsDocument) -> list[NamedCode]:
    """Return each manager once, as the first line spells the name."""
    names = (
        _names_on_lines(raw) if "managers" in raw.lines else _names_before(good)
    )
    first_spelling = {fold(name): name for name in reversed(names)}
    people = dict.fromkeys(first_spelling[fold(name)] for name in names)
    return [NamedCode(name, name) for name in people]


def _names_on_lines(raw: Raw) -> list[str]:
    kind = BLOCK["managers"].column["name"].kind
    # A name is a text, for which no dictionary is needed, so it can be read before there is any.
    no_words = SettingsVocabulary(language("en"), "")
    readings = [
        kind.read(line.cells.get("name"), no_words)
        for line in raw.lines["managers"]
    ]
    return [str(reading.value) for reading in readings if reading.value]


def _names_before(good: SettingsDocument) -> list[str]:
    return [str(line["name"]) for line in good.lines["managers"]]


def _agreed(
    draft: SettingsDraft, policy: Policy, usual: SettingsDocument
) -> MethodReading:
    """Build the policy; where settings disagree, the last good ones hold, or the method's own."""
    text = draft.vocabulary.language.text
    # Sound cells may make no sound policy; the last good settings were one when they were noted.
    for document in (draft.document(), draft.good, usual):
        try:
            whole = policy_of(policy, document)
        except (ValidationError, KeyError) as error:
            why = text(
                "These settings contradict each other: {why}. The last good ones hold.",
                why=str(error)[:LONGEST_CAUSE],
            )
            draft.wrong(SCALARS, None, "", why)
        else:
            return MethodReading(
                document, whole, tuple(draft.wrongs), draft.codes
            )
    return MethodReading(usual, policy, tuple(draft.wrongs), {})


def _read_rules(draft: SettingsDraft, kind: str) -> None:
    """Read an ordered list of rules. A block that is not there, or is empty, says nothing."""
    lines = draft.raw.lines.get(kind)
    if not lines:
        # An emptied list would switch the method's rules off without a word.
        draft.keep_last(kind)
        if lines is not None:
            draft.say_list_is_empty(kind)
        return
    before = {str(line["code"]): line for line in draft.good.lines[kind]}
    names = [str(read_name(line, kind, draft).value or "") for line in lines]
    bare = [
        Named(name, code_of(line))
        for name, line in zip(names, lines, strict=True)
    ]
    known = {code: str(line["name"]) for code, line in before.items()}
    for line, rule in zip(lines, identify_rules(bare, known), strict=True):
        entry = SettingsEntry(
            line.row, {"code": rule.code}, before.get(rule.code)
        )
        draft.entries.setdefault(kind, []).append(entry)
        read_cells(draft, kind, entry, line)
        draft.note_code(kind, line.row, rule.code, stands=code_of(line))


def _read_uncoded(draft: SettingsDraft, kind: str) -> None:
    """Read lines without codes: last good values are those of the same name, or day, or month."""
    lines = draft.raw.lines.get(kind)
    # Unlike rules, a list of managers, of days or of plan figures may be empty.
    if lines is None:
        draft.keep_last(kind)
        return
    before = _lines_by_key(draft.good.lines[kind], KEYS[kind])
    draft.entries[kind] = []
    for line in lines:
        entry = SettingsEntry(
            line.row, {}, _same_line_before(draft, kind, line, before)
        )
        draft.entries[kind].append(entry)
        read_cells(draft, kind, entry, line)


LinesByKey = dict[tuple[str, ...], list[Line]]


def _lines_by_key(lines: Sequence[Line], keys: tuple[str, ...]) -> LinesByKey:
    by_key: LinesByKey = {}
    for line in lines:
        by_key.setdefault(_key(line, keys), []).append(line)
    return by_key


def _same_line_before(
    draft: SettingsDraft, kind: str, line: RawLine, before: LinesByKey
) -> Line | None:
    """Take from `before` the first line of the same key; None where there is none, or no key."""
    columns = BLOCK[kind].column
    readings = {}
    for key in KEYS[kind]:
        readings[key] = columns[key].kind.read(
            line.cells.get(key), draft.vocabulary
        )
    if any(reading.wrong for reading in readings.values()):
        return None
    values = {key: reading.value for key, reading in readings.items()}
    alike = before.get(_key(values, KEYS[kind]))
    # A manager's further lines bear the same name, and each goes on from a line of its own.
    return alike.pop(0) if alike else None


def _key(line: Mapping[str, Plain], keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(fold(str(line.get(key) or "")) for key in keys)


def _read_scalars(draft: SettingsDraft) -> None:
    """Read the single settings; one without a line keeps its last good value."""
    for path, scalar in SCALAR.items():
        draft.scalars[path] = draft.good.scalars[path]
        line = draft.raw.scalars.get(path)
        if line is not None:
            _read_scalar(draft, scalar, line.cells.get("value"))


def _read_scalar(draft: SettingsDraft, scalar: Scalar, given: Given) -> None:
    reading = scalar.kind.read(given, draft.vocabulary)
    if not reading.wrong and (reading.value is not None or scalar.open):
        draft.scalars[scalar.path] = reading.value
        return
    text = draft.vocabulary.language.text
    accepted = scalar.kind.accepted(draft.vocabulary)
    value = (
        clean(given)
        if isinstance(given, str | int | float)
        else str(given or "")
    )
    if value:
        shown = value[:LONGEST_VALUE]
        why = text(
            "“{value}” does not fit. {accepted}", value=shown, accepted=accepted
        )
    else:
        why = text("This is empty. {accepted}", accepted=accepted)
    draft.revert_scalar(scalar.path, why)
