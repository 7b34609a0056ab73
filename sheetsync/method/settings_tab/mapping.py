"""What a team's own tabs, headings and words mean, as the Settings tab says it.

Read from its cells, and made into the policy. A line that cannot be understood is explained beside
itself, and the others hold. A word with a question mark is a suggestion that nobody has confirmed:
it does not count. Where the blocks stand is `locate`'s, the method itself `read`'s; writing is the
sheets room's.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sheetsync.i18n import LANGUAGES, Language
from sheetsync.i18n import language as language_of
from sheetsync.method.policy import Policy
from sheetsync.method.settings_tab.blocks import (
    BLOCK,
    CODE,
    OWN,
    REMARK,
    SCALARS,
)
from sheetsync.method.settings_tab.cell_types import Plain
from sheetsync.method.settings_tab.document import (
    Line,
    SettingsDocument,
    default,
    policy_of,
)
from sheetsync.method.settings_tab.draft import RawLine
from sheetsync.method.settings_tab.last_good import differing
from sheetsync.method.settings_tab.locate import (
    Cells,
    SettingsTab,
    locate,
    raw_of,
    unknown_settings,
)
from sheetsync.method.settings_tab.read import MethodReading, read
from sheetsync.method.terms import (
    MIXED,
    Mapped,
    MappedColumn,
    MappedTab,
    kind_of,
)
from sheetsync.method.vocabulary import DICTIONARIES, section_of, vocabulary_of
from sheetsync.values import clean, fold

KINDS = ("states", "labels", "categories", "reasons")
"""The dictionaries that a team has words of its own for."""
MANAGERS = "managers"
"""The key of the managers' block, and of words that mean one of them."""
NOWHERE = -1
"""The column of a remark for which the tab has none."""
ASKED = "?"
"""The end of a suggestion that nobody has confirmed."""


class SettingsRemark(NamedTuple):
    """A sentence beside an entry that does not count: its 0-based row and column on the tab.

    `asked`: it is a question.
    """

    row: int
    column: int
    text: str
    asked: bool = False


@dataclass(frozen=True)
class SettingsReading:
    """What the Settings tab says.

    `words`: by dictionary, (word, code); `remarks`: what could not be understood. `method`: the
    settings in force, None where nothing was ever said; `firm`: the dictionaries whose names it
    gives. `codes`: those of new lines, to be written beside them; `remark_cells`: where remarks may
    stand, with what stands there now: both by (row, column). `gone`: blocks that are not there any
    more, and whose last word still holds. `before`: the settings that were in force at the last
    run, None where nothing was said; `held`: single settings that are typed and not in force yet.
    """

    mapped: Mapped = field(default_factory=Mapped)
    words: Mapping[str, tuple[tuple[str, str], ...]] = field(
        default_factory=dict
    )
    managers: tuple[str, ...] = ()
    method: SettingsDocument | None = None
    firm: frozenset[str] = frozenset()
    remarks: tuple[SettingsRemark, ...] = ()
    remark_cells: Mapping[tuple[int, int], str] = field(default_factory=dict)
    codes: Mapping[tuple[int, int], str] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    before: SettingsDocument | None = None
    held: Mapping[str, Plain] = field(default_factory=dict)


def left_alone(language: Language) -> str:
    """Return the word for a tab that is not to be touched."""
    return language.text("not to be touched")


def own_column(language: Language) -> str:
    """Return the word for a column of the team's own."""
    return language.text("our own")


def places(cells: Cells) -> dict[str, int]:
    """Find the blocks by their titles: the key of each, and its first column."""
    return {key: place.left for key, place in locate(cells).blocks.items()}


class _TeamNames:
    """Reads what a team's own names mean, and gathers the remarks.

    `good`: what stood there last, where a block is gone.
    """

    def __init__(
        self, tab: SettingsTab, policy: Policy, good: SettingsDocument
    ) -> None:
        self.tab = tab
        self.policy = policy
        self.good = good
        self.language = language_of(policy.words.language)
        self.remarks: list[SettingsRemark] = []

    def entries(self, key: str) -> Iterator[tuple[int, list[str]]]:
        """Go through the lines of a block: (0-based row, texts); row -1 where the block is gone."""
        columns = [column.key for column in BLOCK[key].columns]
        place = self.tab.blocks.get(key)
        if place is None:
            # A block that somebody has deleted goes on meaning what it meant.
            for good_line in self.good.lines[key]:
                yield (
                    NOWHERE,
                    [str(good_line.get(column) or "") for column in columns],
                )
            return
        for line in place.lines:
            yield line.row, [_text(line, column) for column in columns]

    def remark(
        self, row: int, key: str, text: str, *, asked: bool = False
    ) -> None:
        """Explain a line beside itself."""
        place = self.tab.blocks.get(key)
        if place is not None:
            column = place.columns.get(REMARK, NOWHERE)
            self.remarks.append(SettingsRemark(row, column, text, asked))

    def asked(self, row: int, key: str, word: str) -> bool:
        """Tell whether a word is a suggestion that nobody has confirmed; ask for it."""
        if not word.endswith(ASKED):
            return False
        text = self.language.text
        if word == ASKED:
            question = text("What is it? Choose from the list.")
        else:
            question = text("If this is right, take away the question mark.")
        self.remark(row, key, question, asked=True)
        return True

    def tabs(self) -> Iterator[MappedTab]:
        """Read which tab is which section."""
        alone = _in_every_language(left_alone)
        for row, (title, word) in self.entries("tabs"):
            section = section_of(word, self.policy)
            # Until somebody answers, a tab that is asked about is left alone.
            if self.asked(row, "tabs", word) or (
                section is None and fold(word) in alone
            ):
                yield MappedTab(title=title, section=None)
            elif section is not None:
                # Which of several such tabs has which number is remembered of them, not typed.
                code = MIXED if kind_of(section) == MIXED else section
                yield MappedTab(title=title, section=code)
            elif word:
                self._no_section(row, word)

    def _no_section(self, row: int, word: str) -> None:
        codes = (*self.policy.codes("sections"), MIXED)
        names = [self.policy.words.name("sections", code) for code in codes]
        accepted = ", ".join([*names, left_alone(self.language)])
        text = self.language.text
        why = text(
            "“{word}” is no section. Accepted: {words}.",
            word=word,
            words=accepted,
        )
        self.remark(row, "tabs", why)

    def columns(self) -> Iterator[MappedColumn]:
        """Read which heading is which field."""
        field_of = self._fields_by_heading()
        own = _in_every_language(own_column)
        for row, (tab, heading, word) in self.entries("columns"):
            if self.asked(row, "columns", word):
                # Until somebody answers, the column is the team's own, whatever its
                # heading would mean.
                yield MappedColumn(tab=tab, heading=heading)
                continue
            parts = [part.strip() for part in word.split(",") if part.strip()]
            named = [part for part in parts if fold(part) not in own]
            # A column of the team's that is taken for one of the program's own would
            # be written over.
            unknown = [
                part
                for part in named
                if not self._is_teams(field_of.get(fold(part)))
            ]
            if unknown or not parts:
                wrong = ", ".join(unknown) or word
                why = self.language.text(
                    "“{word}” is no field of the method.", word=wrong
                )
                self.remark(row, "columns", why)
            elif heading:
                fields = tuple(field_of[fold(part)] for part in named)
                yield MappedColumn(tab=tab, heading=heading, fields=fields)

    def _fields_by_heading(self) -> Mapping[str, str]:
        headings = []
        for words in self.policy.all_words:
            for name, spellings in words.columns.items():
                headings.append((name, spellings))
        return vocabulary_of(tuple(headings)).spellings

    def _is_teams(self, name: str | None) -> bool:
        return name is not None and self.policy.column[name].owner == "team"

    def words(self) -> dict[str, list[tuple[str, str]]]:
        """Read what the team's words mean, by dictionary: (word, code)."""
        words: dict[str, list[tuple[str, str]]] = {
            kind: [] for kind in (*KINDS, MANAGERS)
        }
        kinds = {
            fold(word): kind
            for kind in words
            for word in kind_words(kind, self.policy)
        }
        for row, (column, word, meaning) in self.entries("words"):
            kind = kinds.get(fold(column))
            if self.asked(row, "words", meaning):
                continue
            # Whoever is meant needs no line among the managers.
            if kind == MANAGERS and word and meaning:
                words[MANAGERS].append((word, meaning))
                continue
            if kind is None or kind == MANAGERS:
                self._no_column_with_words(row, column)
                continue
            code = self._code(kind, word, meaning) if word else None
            if code is None:
                self._unknown_meaning(row, kind, meaning)
            else:
                words[kind].append((word, code))
        return words

    def _no_column_with_words(self, row: int, column: str) -> None:
        accepted = ", ".join(kind_words(kind, self.policy)[0] for kind in KINDS)
        why = self.language.text(
            "“{word}” is no column with words. Accepted: {words}.",
            word=column,
            words=accepted,
        )
        self.remark(row, "words", why)

    def _unknown_meaning(self, row: int, kind: str, meaning: str) -> None:
        names = [
            self.policy.words.name(kind, code)
            for code in self.policy.codes(kind)
        ]
        why = self.language.text(
            "“{word}” is not known. Accepted: {words}.",
            word=meaning,
            words=", ".join(names),
        )
        self.remark(row, "words", why)

    def not_names_of_others(
        self, kind: str, words: Sequence[tuple[str, str]]
    ) -> Iterator[tuple[str, str]]:
        """Leave out words that are another entry's name: what a list says goes before."""
        names = {
            fold(self.policy.words.name(kind, code)): code
            for code in self.policy.codes(kind)
        }
        return (
            (word, code)
            for word, code in words
            if names.get(fold(word), code) == code
        )

    def _code(self, kind: str, word: str, meaning: str) -> str | None:
        """Return the code that a word means; a category of the team's own may mean but itself."""
        spellings = [
            (code, spelt)
            for words in self.policy.spellings
            for code, spelt in getattr(words, kind).items()
        ]
        code = vocabulary_of(tuple(spellings)).spellings.get(fold(meaning))
        if (
            code is None
            and kind == "categories"
            and fold(meaning) in ("", fold(word))
        ):
            return fold(word) or None
        return code


def _in_every_language(word: Callable[[Language], str]) -> set[str]:
    return {fold(word(language_of(code))) for code in LANGUAGES}


def kind_words(kind: str, policy: Policy) -> tuple[str, ...]:
    """Return how the column of a dictionary is called: its heading, then other spellings."""
    dictionaries = {**DICTIONARIES, "manager": MANAGERS}
    name = next(
        c.field for c in policy.columns if dictionaries.get(c.type) == kind
    )
    return tuple(
        heading for words in policy.all_words for heading in words.columns[name]
    )


def _text(line: RawLine, name: str) -> str:
    cell = line.cells.get(name)
    return (
        clean(cell)
        if cell is None or isinstance(cell, str | int | float | bool)
        else ""
    )


def settings_of(
    cells: Cells, policy: Policy, good: SettingsDocument | None = None
) -> SettingsReading:
    """Read a Settings tab. Never raises: the last good word of what is not understood holds.

    `good`: what was in force last; None: nothing is remembered.
    """
    tab = locate(cells)
    usual = default(policy)
    before = usual if good is None else good
    method = read(raw_of(tab), policy, before)
    # A word may mean an entry that a list on this very tab has named just now.
    team = _TeamNames(tab, method.policy, before)
    mapped = Mapped(tabs=tuple(team.tabs()), columns=tuple(team.columns()))
    firm = _firm(tab, method.doc, usual)
    # Where no list gives the names, a team's word goes before a name of the method's.
    words: dict[str, tuple[tuple[str, str], ...]] = {}
    for kind, pairs in team.words().items():
        words[kind] = tuple(
            team.not_names_of_others(kind, pairs) if kind in firm else pairs
        )
    doc = SettingsDocument(
        method.doc.scalars, {**method.doc.lines, **_own_lines(tab)}
    )
    return SettingsReading(
        mapped=mapped,
        words=words,
        managers=tuple(
            dict.fromkeys(str(line["name"]) for line in doc.lines["managers"])
        ),
        method=doc,
        firm=firm,
        remarks=(*_remarks(tab, method, team.language), *team.remarks),
        remark_cells=_remark_cells(tab),
        codes={
            (row, tab.blocks[key].columns[CODE]): code
            for (key, row), code in method.codes.items()
        },
        gone=tuple(
            key for key in differing(before, policy) if key not in tab.blocks
        ),
        before=before,
    )


def _firm(
    tab: SettingsTab, doc: SettingsDocument, usual: SettingsDocument
) -> frozenset[str]:
    """Return the dictionaries whose names the settings give."""
    firm = set()
    for kind in KINDS:
        place = tab.blocks.get(kind)
        has_lines = place is not None and bool(place.lines)
        if has_lines or doc.lines[kind] != usual.lines[kind]:
            firm.add(kind)
    return frozenset(firm)


def _own_lines(tab: SettingsTab) -> dict[str, tuple[Line, ...]]:
    """Return the lines of the blocks of a team's own names, as they stand."""
    own: dict[str, tuple[Line, ...]] = {}
    for key in OWN:
        if key in tab.blocks:
            columns = [column.key for column in BLOCK[key].columns]
            lines = tab.blocks[key].lines
            own[key] = tuple(
                {name: _text(line, name) or None for name in columns}
                for line in lines
            )
    return own


def _remark_cells(tab: SettingsTab) -> dict[tuple[int, int], str]:
    cells = {}
    for place in tab.blocks.values():
        for row, remark in place.remarks.items():
            cells[row, place.columns[REMARK]] = remark
    return cells


def _remarks(
    tab: SettingsTab, method: MethodReading, language: Language
) -> Iterator[SettingsRemark]:
    """Put the mistakes of one line together."""
    sentences: dict[tuple[str, int], list[str]] = {}
    for wrong in method.wrongs:
        sentences.setdefault((wrong.block, wrong.row), []).append(wrong.text)
    for row, kind in unknown_settings(tab).items():
        if kind == "again":
            why = language.text(
                "This stands there twice: the first line counts."
            )
        else:
            why = language.text("There is no such rule.")
        sentences.setdefault((SCALARS, row), []).append(why)
    for (key, row), texts in sentences.items():
        if key in tab.blocks:
            column = tab.blocks[key].columns.get(REMARK, NOWHERE)
            yield SettingsRemark(row, column, " ".join(dict.fromkeys(texts)))


def adopted(policy: Policy, reading: SettingsReading) -> Policy:
    """Return the policy with the team's method in it, its own words, tabs and headings.

    The team's words go before the method's.
    """
    if reading.method is not None:
        policy = policy_of(policy, reading.method)
    team_words = {}
    for kind in KINDS:
        if reading.words.get(kind):
            # As words of the policy itself, so that the rest of the program knows of no mapping.
            known = getattr(policy.words, kind)
            firm = kind in reading.firm
            team_words[kind] = _team_words_first(
                known, reading.words[kind], firm=firm
            )
    named = [code for _, code in reading.words.get("categories", ())]
    added = [code for code in named if code not in policy.categories]
    changed = {
        "words": policy.words.model_copy(update=team_words),
        "categories": (*policy.categories, *dict.fromkeys(added)),
        "mapped": reading.mapped,
        "managers": _spellings_of_managers(reading),
    }
    fields = {name: getattr(policy, name) for name in Policy.model_fields}
    return Policy.model_construct(**{**fields, **changed})


def _spellings_of_managers(reading: SettingsReading) -> dict[str, str]:
    # Read from the end, so that the first line tells how a name is spelt.
    names = {fold(name): name for name in reversed(reading.managers)}
    pairs = reading.words.get(MANAGERS, ())
    spelt = {fold(word): names.get(fold(name), name) for word, name in pairs}
    return {**names, **spelt}


def in_force(policy: Policy, reading: SettingsReading) -> SettingsDocument:
    """Return the settings in force as a tab would be laid out: names are those written now."""
    doc = reading.method or default(policy)
    now = adopted(policy, reading)
    lines: dict[str, Sequence[Line]] = {}
    for kind in KINDS:
        codes = [str(line["code"]) for line in doc.lines[kind]]
        lines[kind] = [
            {**line, "name": now.words.name(kind, code)}
            for line, code in zip(doc.lines[kind], codes, strict=True)
        ]
        if kind == "categories":
            added = [code for code in now.categories if code not in codes]
            more = [
                {"name": now.words.name(kind, code), "code": code}
                for code in added
            ]
            lines[kind] = [*lines[kind], *more]
    as_tuples = {kind: tuple(kind_lines) for kind, kind_lines in lines.items()}
    return SettingsDocument(doc.scalars, {**doc.lines, **as_tuples})


def _team_words_first(
    words: Mapping[str, tuple[str, ...]],
    pairs: Sequence[tuple[str, str]],
    *,
    firm: bool,
) -> dict[str, tuple[str, ...]]:
    """Put the team's words first, and take them from the codes that they meant before.

    `firm`: the name stays the one that is written.
    """
    meant = {fold(word): code for word, code in reversed(pairs)}
    by_code = {}
    for code in dict.fromkeys([*words, *(code for _, code in pairs)]):
        known = words.get(code, ())
        own = [word for word, word_code in pairs if word_code == code]
        rest = [word for word in known if meant.get(fold(word), code) == code]
        first = known[:1] if firm else ()
        # An entry that has lost all its words to others keeps its name: something has
        # to be written.
        by_code[code] = tuple(dict.fromkeys([*first, *own, *rest])) or known[:1]
    return by_code
