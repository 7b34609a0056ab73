"""What a team's own tabs, headings and words mean, as the Settings tab says it: read from its cells, and made into them.

Where its blocks stand, and the method itself, is method_tab's. A line that cannot be understood is explained beside itself, and
the others hold. A word with a question mark is a suggestion that nobody has confirmed: it does not count. Writing is the
sheets room's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sheetsync.i18n import LANGUAGES, Language, language
from sheetsync.method.policy import Policy
from sheetsync.method.settings_tab.blocks import BLOCK, CODE, OWN, REMARK, SCALARS
from sheetsync.method.settings_tab.cell_types import Plain
from sheetsync.method.settings_tab.document import Line, SettingsDocument, default, policy_of
from sheetsync.method.settings_tab.draft import RawLine
from sheetsync.method.settings_tab.last_good import differing
from sheetsync.method.settings_tab.locate import SettingsTab, locate, raw_of, strangers
from sheetsync.method.settings_tab.read import MethodReading, read
from sheetsync.method.terms import MIXED, Mapped, MappedColumn, MappedTab, kind_of
from sheetsync.method.vocabulary import DICTIONARIES, section_of, vocabulary_of
from sheetsync.values import Cell, clean, fold

KINDS = ("states", "labels", "categories", "reasons")
"""The dictionaries that a team has words of its own for."""
MANAGERS = "managers"
"""The key of the managers' block, and of words that mean one of them."""
NOWHERE = -1
"""The column of a remark for which the tab has none."""
ASKED = "?"
"""The end of a suggestion that nobody has confirmed."""


class SettingsRemark(NamedTuple):
    """A sentence beside an entry that does not count: its 0-based row and column on the tab. `asked`: it is a question."""

    row: int
    column: int
    text: str
    asked: bool = False


@dataclass(frozen=True)
class SettingsReading:
    """What the Settings tab says. `words`: by dictionary, (word, code); `remarks`: what could not be understood.

    `method`: the settings in force, None where nothing was ever said; `firm`: the dictionaries whose names it gives. `codes`: those
    of new lines, to be written beside them; `remark_cells`: where remarks may stand, with what stands there now: both by
    (row, column). `gone`: blocks that are not there any more, and whose last word still holds.
    """

    mapped: Mapped = field(default_factory=Mapped)
    words: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    managers: tuple[str, ...] = ()
    method: SettingsDocument | None = None
    firm: frozenset[str] = frozenset()
    remarks: tuple[SettingsRemark, ...] = ()
    remark_cells: Mapping[tuple[int, int], str] = field(default_factory=dict)
    codes: Mapping[tuple[int, int], str] = field(default_factory=dict)
    gone: tuple[str, ...] = ()


def left_alone(spoken: Language) -> str:
    """Return the word for a tab that is not to be touched."""
    return spoken.text("not to be touched")


def own_column(spoken: Language) -> str:
    """Return the word for a column of the team's own."""
    return spoken.text("our own")


def places(cells: Sequence[Sequence[Cell]]) -> dict[str, int]:
    """Find the blocks by their titles: the key of each, and its first column."""
    return {key: seen.left for key, seen in locate(cells).blocks.items()}


class _Reading:
    """Reads what a team's own names mean, and gathers the remarks. `good`: what stood there last, where a block is gone."""

    def __init__(self, tab: SettingsTab, policy: Policy, good: SettingsDocument) -> None:
        self.tab, self.policy, self.good = tab, policy, good
        self.language = language(policy.words.language)
        self.remarks: list[SettingsRemark] = []

    def entries(self, key: str) -> Iterator[tuple[int, list[str]]]:
        """Go through the lines of a block that say something: (0-based row, texts); row -1 where the block is gone."""
        names, seen = [column.key for column in BLOCK[key].columns], self.tab.blocks.get(key)
        if seen is None:
            yield from (
                (-1, [str(line.get(name) or "") for name in names]) for line in self.good.lines[key]
            )
            return
        for line in seen.lines:
            yield line.row, [_plain(line, name) for name in names]

    def remark(self, row: int, key: str, text: str, *, asked: bool = False) -> None:
        """Explain a line beside itself."""
        if key in self.tab.blocks:
            self.remarks.append(
                SettingsRemark(row, self.tab.blocks[key].columns.get(REMARK, NOWHERE), text, asked)
            )

    def asked(self, row: int, key: str, word: str) -> bool:
        """Tell whether a word is a suggestion that nobody has confirmed; ask for it beside the line."""
        if not word.endswith(ASKED):
            return False
        if word == ASKED:
            said = self.language.text("What is it? Choose from the list.")
        else:
            said = self.language.text("If this is right, take away the question mark.")
        self.remark(row, key, said, asked=True)
        return True

    def tabs(self) -> Iterator[MappedTab]:
        """Read which tab is which section."""
        alone = {fold(left_alone(language(code))) for code in LANGUAGES}
        for row, (title, word) in self.entries("tabs"):
            section = section_of(word, self.policy)
            if self.asked(row, "tabs", word):
                yield MappedTab(title=title, section=None)
            elif section is not None:
                yield MappedTab(
                    title=title, section=MIXED if kind_of(section) == MIXED else section
                )
            elif fold(word) in alone:
                yield MappedTab(title=title, section=None)
            elif word:
                names = [
                    self.policy.words.name("sections", code)
                    for code in (*self.policy.codes("sections"), MIXED)
                ]
                accepted = ", ".join([*names, left_alone(self.language)])
                self.remark(
                    row,
                    "tabs",
                    self.language.text(
                        "“{word}” is no section. Accepted: {words}.", word=word, words=accepted
                    ),
                )

    def columns(self) -> Iterator[MappedColumn]:
        """Read which heading is which field."""
        known = vocabulary_of(
            tuple(
                (name, words)
                for one in (self.policy.words, *self.policy.other_words)
                for name, words in one.columns.items()
            )
        ).spellings
        own = {fold(own_column(language(code))) for code in LANGUAGES}
        for row, (tab, heading, word) in self.entries("columns"):
            if self.asked(row, "columns", word):
                yield MappedColumn(tab=tab, heading=heading)
                continue
            parts = [part.strip() for part in word.split(",") if part.strip()]
            fields = [known.get(fold(part)) for part in parts if fold(part) not in own]
            bad = [
                part
                for part, name in zip([p for p in parts if fold(p) not in own], fields, strict=True)
                if not self._teams(name)
            ]
            if bad or not parts:
                self.remark(
                    row,
                    "columns",
                    self.language.text(
                        "“{word}” is no field of the method.", word=", ".join(bad) or word
                    ),
                )
            elif heading:
                yield MappedColumn(
                    tab=tab, heading=heading, fields=tuple(name for name in fields if name)
                )

    def _teams(self, name: str | None) -> bool:
        return name is not None and self.policy.column[name].owner == "team"

    def words(self) -> dict[str, list[tuple[str, str]]]:
        """Read what the team's words mean, by dictionary: (word, code)."""
        found: dict[str, list[tuple[str, str]]] = {kind: [] for kind in (*KINDS, MANAGERS)}
        kinds = {fold(word): kind for kind in found for word in kind_words(kind, self.policy)}
        for row, (of, word, meaning) in self.entries("words"):
            kind = kinds.get(fold(of))
            if self.asked(row, "words", meaning):
                continue
            if kind == MANAGERS and word and meaning:
                found[MANAGERS].append((word, meaning))
            elif kind is None or kind == MANAGERS:
                accepted = ", ".join(kind_words(kind, self.policy)[0] for kind in KINDS)
                self.remark(
                    row,
                    "words",
                    self.language.text(
                        "“{word}” is no column with words. Accepted: {words}.",
                        word=of,
                        words=accepted,
                    ),
                )
            elif word and (code := self._code(kind, word, meaning)) is not None:
                found[kind].append((word, code))
            else:
                accepted = ", ".join(
                    self.policy.words.name(kind, code) for code in self.policy.codes(kind)
                )
                self.remark(
                    row,
                    "words",
                    self.language.text(
                        "“{word}” is not known. Accepted: {words}.", word=meaning, words=accepted
                    ),
                )
        return found

    def free(self, kind: str, found: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """Leave out words that are another entry's name: what a list says goes before."""
        names = {fold(self.policy.words.name(kind, code)): code for code in self.policy.codes(kind)}
        return ((word, code) for word, code in found if names.get(fold(word), code) == code)

    def _code(self, kind: str, word: str, meaning: str) -> str | None:
        """Return the code that a word means; a category of the team's own may mean nothing but itself."""
        spoken = (self.policy.words, *self.policy.other_words)
        known = vocabulary_of(
            tuple((code, words) for one in spoken for code, words in getattr(one, kind).items())
        )
        code = known.spellings.get(fold(meaning))
        if code is None and kind == "categories" and fold(meaning) in ("", fold(word)):
            return fold(word) or None
        return code


def kind_words(kind: str, policy: Policy) -> tuple[str, ...]:
    """Return how the column of a dictionary is called: its heading in the book's language, then other spellings."""
    name = next(
        c.field
        for c in policy.columns
        if DICTIONARIES.get(c.type, "managers" if c.type == "manager" else "") == kind
    )
    return tuple(word for one in (policy.words, *policy.other_words) for word in one.columns[name])


def _plain(line: RawLine, name: str) -> str:
    cell = line.cells.get(name)
    return clean(cell) if cell is None or isinstance(cell, str | int | float | bool) else ""


def settings_of(
    cells: Sequence[Sequence[Cell]], policy: Policy, good: SettingsDocument | None = None
) -> SettingsReading:
    """Read a Settings tab. Never raises: what cannot be understood is remarked upon, and the last good word holds.

    `good`: what was in force last; None: nothing is remembered.
    """
    tab, before = locate(cells), default(policy) if good is None else good
    method = read(raw_of(tab), policy, before)
    reading = _Reading(tab, method.policy, before)
    mapped = Mapped(tabs=tuple(reading.tabs()), columns=tuple(reading.columns()))
    found = reading.words()
    firm = frozenset(
        kind
        for kind in KINDS
        if (kind in tab.blocks and tab.blocks[kind].lines)
        or method.doc.lines[kind] != default(policy).lines[kind]
    )
    words = {
        kind: tuple(reading.free(kind, said) if kind in firm else said)
        for kind, said in found.items()
    }
    own = {
        key: tuple(_raw(line, key) for line in tab.blocks[key].lines)
        for key in OWN
        if key in tab.blocks
    }
    doc = SettingsDocument(method.doc.scalars, {**method.doc.lines, **own})
    managers = tuple(dict.fromkeys(str(line["name"]) for line in doc.lines["managers"]))
    return SettingsReading(
        mapped=mapped,
        words=words,
        managers=managers,
        method=doc,
        firm=firm,
        remarks=(*_remarks(tab, method, reading.language), *reading.remarks),
        remark_cells={
            (row, seen.columns[REMARK]): said
            for seen in tab.blocks.values()
            for row, said in seen.remarks.items()
        },
        codes={
            (row, tab.blocks[key].columns[CODE]): code for (key, row), code in method.codes.items()
        },
        gone=tuple(key for key in differing(before, policy) if key not in tab.blocks),
    )


def _raw(line: RawLine, key: str) -> dict[str, Plain]:
    return {column.key: _plain(line, column.key) or None for column in BLOCK[key].columns}


def _remarks(tab: SettingsTab, method: MethodReading, spoken: Language) -> Iterator[SettingsRemark]:
    """Put the mistakes of one line together."""
    told: dict[tuple[str, int], list[str]] = {}
    for wrong in method.wrongs:
        told.setdefault((wrong.block, wrong.row), []).append(wrong.text)
    for row, what in strangers(tab).items():
        said = (
            spoken.text("This stands there twice: the first line counts.")
            if what
            else spoken.text("There is no such rule.")
        )
        told.setdefault((SCALARS, row), []).append(said)
    for (key, row), texts in told.items():
        if key in tab.blocks:
            yield SettingsRemark(
                row, tab.blocks[key].columns.get(REMARK, NOWHERE), " ".join(dict.fromkeys(texts))
            )


def adopted(policy: Policy, told: SettingsReading) -> Policy:
    """Return the policy with the team's method in it, its own words, tabs and headings."""
    if told.method is not None:
        policy = policy_of(policy, told.method)
    spoken = {
        kind: _spoken(getattr(policy.words, kind), told.words[kind], firm=kind in told.firm)
        for kind in KINDS
        if told.words.get(kind)
    }
    names = {fold(name): name for name in reversed(told.managers)}
    spelt = {fold(word): names.get(fold(name), name) for word, name in told.words.get(MANAGERS, ())}
    added = [code for _, code in told.words.get("categories", ()) if code not in policy.categories]
    changed = {
        "words": policy.words.model_copy(update=spoken),
        "categories": (*policy.categories, *dict.fromkeys(added)),
        "mapped": told.mapped,
        "managers": {**names, **spelt},
    }
    kept = {name: getattr(policy, name) for name in Policy.model_fields}
    return Policy.model_construct(**{**kept, **changed})


def in_force(policy: Policy, told: SettingsReading) -> SettingsDocument:
    """Return the settings in force as a tab would be laid out with them: the names are those that are written now."""
    doc, now = told.method or default(policy), adopted(policy, told)
    lines: dict[str, Sequence[Line]] = {}
    for kind in KINDS:
        held: list[Line] = [
            {**line, "name": now.words.name(kind, str(line["code"]))} for line in doc.lines[kind]
        ]
        there = {str(line["code"]) for line in held}
        more = (
            [code for code in now.categories if code not in there] if kind == "categories" else []
        )
        lines[kind] = (
            *held,
            *({"name": now.words.name(kind, code), "code": code} for code in more),
        )
    return SettingsDocument(doc.scalars, {**doc.lines, **lines})


def _spoken(
    words: Mapping[str, tuple[str, ...]], found: Sequence[tuple[str, str]], *, firm: bool
) -> dict[str, tuple[str, ...]]:
    """Put the team's words first, and take them from the codes that they meant before. `firm`: the name stays the one written."""
    told = {fold(word): code for word, code in reversed(found)}
    made = {}
    for code in dict.fromkeys([*words, *(code for _, code in found)]):
        own = [word for word, meant in found if meant == code]
        rest = [word for word in words.get(code, ()) if told.get(fold(word), code) == code]
        first = words[code][:1] if firm and code in words else ()
        made[code] = tuple(dict.fromkeys([*first, *own, *rest])) or words[code][:1]
    return made
