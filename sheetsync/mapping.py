"""What a team's own tabs, headings and words mean, as the Settings tab says it: read from its cells, and made into them.

The tab holds blocks side by side: a title in the first row, a sentence of help, headings, then one entry a line for as long
as people like. A line that cannot be understood is explained beside itself, and the others hold. A word with a question mark
is a suggestion that nobody has confirmed: it does not count. Writing is the sheets room's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sheetsync.i18n import LANGUAGES, Language, language, marked
from sheetsync.policy import Policy
from sheetsync.schema import DICTIONARIES, section_of, vocabulary
from sheetsync.terms import MIXED, Mapped, MappedColumn, MappedTab, Words, kind_of
from sheetsync.values import Cell, clean, fold, read_flag

FIRST = 3
"""0-based row of a block's first entry; above it stand the title, the help and the headings."""
KINDS = ("states", "labels", "categories", "reasons")
"""The dictionaries that a team has words of its own for."""
RULES = {"repairs": marked("Tidy cells: spaces, phones, dates, tax numbers")}
"""What can be switched off, by the policy's name."""
MANAGERS = "managers"
"""The key of the managers' block, and of words that mean one of them."""
ASKED = "?"
"""The end of a suggestion that nobody has confirmed."""


class Block(NamedTuple):
    """A block of the tab: its key, title, sentence of help, the headings of its columns, and their widths in pixels.

    The last column of all but the first block is for remarks of the program's.
    """

    key: str
    title: str
    help: str
    headings: tuple[str, ...]
    widths: tuple[int, ...]


_TITLES = {
    "managers": marked("Managers"),
    "tabs": marked("Tabs"),
    "columns": marked("Columns"),
    "words": marked("Words"),
    "rules": marked("Rules"),
}


def blocks(spoken: Language, words: Words) -> tuple[Block, ...]:
    """Return the blocks in their order, in a language."""
    text, remark = spoken.text, spoken.text("Remark")
    manager, tab = words.name("columns", "manager"), text("Tab")
    return (
        Block("managers", text("Managers"), text("One name a line. They are offered in the manager's column of every tab."), (manager,), (220,)),
        Block("tabs", text("Tabs"), text("Which tab is which section. “{mixed}”: the state of each row decides.", mixed=words.name("sections", MIXED)), (tab, text("Section"), remark), (220, 220, 220)),
        Block("columns", text("Columns"), text("What your columns hold. An empty tab: the same in all. Two fields in one cell: separated by a comma."), (tab, text("Heading"), text("Field"), remark), (160, 200, 200, 220)),
        Block("words", text("Words"), text("What your words mean. The first word of a meaning is the one that is written."), (text("Of what"), text("Word"), text("Meaning"), remark), (120, 200, 200, 220)),
        Block("rules", text("Rules"), text("What the program does by itself: yes or no."), (text("Rule"), text("Answer"), remark), (330, 80, 220)),
    )  # fmt: skip


class Remark(NamedTuple):
    """A sentence beside an entry that does not count: its 0-based row and column on the tab. `asked`: it is a question."""

    row: int
    column: int
    text: str
    asked: bool = False


@dataclass(frozen=True)
class Told:
    """What the Settings tab says. `words`: by dictionary, (word, code); `remarks`: what could not be understood.

    `remark_cells`: where remarks may stand, by (row, column) with what stands there now.
    """

    mapped: Mapped = field(default_factory=Mapped)
    words: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    managers: tuple[str, ...] = ()
    rules: Mapping[str, bool] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    remark_cells: Mapping[tuple[int, int], str] = field(default_factory=dict)


def left_alone(spoken: Language) -> str:
    """Return the word for a tab that is not to be touched."""
    return spoken.text("not to be touched")


def own_column(spoken: Language) -> str:
    """Return the word for a column of the team's own."""
    return spoken.text("our own")


def places(cells: Sequence[Sequence[Cell]]) -> dict[str, int]:
    """Find the blocks by their titles: the key of each, and its first column."""
    spoken = [language(code) for code in LANGUAGES]
    titles = {fold(one.text(title)): key for one in spoken for key, title in _TITLES.items()}
    found: dict[str, int] = {}
    for at, cell in enumerate(cells[0] if cells else ()):
        key = titles.get(fold(clean(cell)))
        if key is not None:
            found.setdefault(key, at)
    return found


class _Reading:
    """Reads the blocks of one tab, and gathers the remarks."""

    def __init__(self, cells: Sequence[Sequence[Cell]], policy: Policy) -> None:
        self.cells, self.policy = cells, policy
        self.language = language(policy.words.language)
        self.at = places(cells)
        self.remarks: list[Remark] = []
        self.remark_cells: dict[tuple[int, int], str] = {}

    def entries(self, key: str, width: int) -> Iterator[tuple[int, list[str]]]:
        """Go through the lines of a block that say something: (0-based row, texts)."""
        if key not in self.at:
            return
        left = self.at[key]
        for row in range(FIRST, len(self.cells)):
            line = [clean(cell) for cell in self.cells[row][left : left + width + 1]]
            line += [""] * (width + 1 - len(line))
            if width > 1 and line[width]:
                self.remark_cells[row, left + width] = line[width]
            if any(line[:width]):
                yield row, line[:width]

    def remark(self, row: int, key: str, width: int, text: str, *, asked: bool = False) -> None:
        """Explain a line beside itself."""
        self.remarks.append(Remark(row, self.at[key] + width, text, asked))

    def asked(self, row: int, key: str, width: int, word: str) -> bool:
        """Tell whether a word is a suggestion that nobody has confirmed; ask for it beside the line."""
        if not word.endswith(ASKED):
            return False
        if word == ASKED:
            said = self.language.text("What is it? Choose from the list.")
        else:
            said = self.language.text("If this is right, take away the question mark.")
        self.remark(row, key, width, said, asked=True)
        return True

    def tabs(self) -> Iterator[MappedTab]:
        """Read which tab is which section."""
        alone = {fold(left_alone(language(code))) for code in LANGUAGES}
        for row, (title, word) in self.entries("tabs", 2):
            section = section_of(word, self.policy)
            if self.asked(row, "tabs", 2, word):
                yield MappedTab(title=title, section=None)
            elif section is not None:
                yield MappedTab(title=title, section=MIXED if kind_of(section) == MIXED else section)
            elif fold(word) in alone:
                yield MappedTab(title=title, section=None)
            elif word:
                names = [self.policy.words.name("sections", code) for code in (*self.policy.codes("sections"), MIXED)]
                accepted = ", ".join([*names, left_alone(self.language)])
                self.remark(row, "tabs", 2, self.language.text("“{word}” is no section. Accepted: {words}.", word=word, words=accepted))  # fmt: skip

    def columns(self) -> Iterator[MappedColumn]:
        """Read which heading is which field."""
        known = vocabulary(tuple((name, words) for one in (self.policy.words, *self.policy.other_words) for name, words in one.columns.items())).spellings  # fmt: skip
        own = {fold(own_column(language(code))) for code in LANGUAGES}
        for row, (tab, heading, word) in self.entries("columns", 3):
            if self.asked(row, "columns", 3, word):
                yield MappedColumn(tab=tab, heading=heading)
                continue
            parts = [part.strip() for part in word.split(",") if part.strip()]
            fields = [known.get(fold(part)) for part in parts if fold(part) not in own]
            bad = [part for part, name in zip([p for p in parts if fold(p) not in own], fields, strict=True) if not self._teams(name)]  # fmt: skip
            if bad or not parts:
                self.remark(row, "columns", 3, self.language.text("“{word}” is no field of the method.", word=", ".join(bad) or word))  # fmt: skip
            elif heading:
                yield MappedColumn(tab=tab, heading=heading, fields=tuple(name for name in fields if name))

    def _teams(self, name: str | None) -> bool:
        return name is not None and self.policy.column[name].owner == "team"

    def rules(self) -> Iterator[tuple[str, bool]]:
        """Read what is switched on and off."""
        known = {fold(language(code).text(said)): name for code in LANGUAGES for name, said in RULES.items()}
        for row, (said, answer) in self.entries("rules", 2):
            name, reading = known.get(fold(said)), read_flag(answer)
            if name is None:
                self.remark(row, "rules", 2, self.language.text("There is no such rule."))
            elif isinstance(reading.value, bool):
                yield name, reading.value
            elif answer:
                self.remark(row, "rules", 2, self.language.text("Write yes or no."))

    def words(self) -> dict[str, list[tuple[str, str]]]:
        """Read what the team's words mean, by dictionary: (word, code)."""
        found: dict[str, list[tuple[str, str]]] = {kind: [] for kind in (*KINDS, MANAGERS)}
        kinds = {fold(word): kind for kind in found for word in kind_words(kind, self.policy)}
        for row, (of, word, meaning) in self.entries("words", 3):
            kind = kinds.get(fold(of))
            if self.asked(row, "words", 3, meaning):
                continue
            if kind == MANAGERS and word and meaning:
                found[MANAGERS].append((word, meaning))
            elif kind is None or kind == MANAGERS:
                accepted = ", ".join(kind_words(kind, self.policy)[0] for kind in KINDS)
                self.remark(row, "words", 3, self.language.text("“{word}” is no column with words. Accepted: {words}.", word=of, words=accepted))  # fmt: skip
            elif word and (code := self._code(kind, word, meaning)) is not None:
                found[kind].append((word, code))
            else:
                accepted = ", ".join(self.policy.words.name(kind, code) for code in self.policy.codes(kind))
                self.remark(row, "words", 3, self.language.text("“{word}” is not known. Accepted: {words}.", word=meaning, words=accepted))  # fmt: skip
        return found

    def _code(self, kind: str, word: str, meaning: str) -> str | None:
        """Return the code that a word means; a category of the team's own may mean nothing but itself."""
        spoken = (self.policy.words, *self.policy.other_words)
        known = vocabulary(tuple((code, words) for one in spoken for code, words in getattr(one, kind).items()))
        code = known.spellings.get(fold(meaning))
        if code is None and kind == "categories" and fold(meaning) in ("", fold(word)):
            return fold(word) or None
        return code


def kind_words(kind: str, policy: Policy) -> tuple[str, ...]:
    """Return how the column of a dictionary is called: its heading in the book's language, then other spellings."""
    name = next(c.field for c in policy.columns if DICTIONARIES.get(c.type, "managers" if c.type == "manager" else "") == kind)  # fmt: skip
    return tuple(word for one in (policy.words, *policy.other_words) for word in one.columns[name])


def settings_of(cells: Sequence[Sequence[Cell]], policy: Policy) -> Told:
    """Read a Settings tab. Never raises: what cannot be understood is remarked upon, and left out."""
    reading = _Reading(cells, policy)
    mapped = Mapped(tabs=tuple(reading.tabs()), columns=tuple(reading.columns()))
    words = {kind: tuple(found) for kind, found in reading.words().items()}
    managers = tuple(line[0] for _, line in reading.entries("managers", 1))
    return Told(mapped, words, managers, dict(reading.rules()), tuple(reading.remarks), reading.remark_cells)


def adopted(policy: Policy, told: Told) -> Policy:
    """Return the policy with the team's own words, tabs and headings in it."""
    spoken = {kind: _spoken(getattr(policy.words, kind), told.words[kind]) for kind in KINDS if told.words.get(kind)}
    names = {fold(name): name for name in told.managers}
    spelt = {fold(word): names.get(fold(name), name) for word, name in told.words.get(MANAGERS, ())}
    added = [code for _, code in told.words.get("categories", ()) if code not in policy.categories]
    changed = {
        "words": policy.words.model_copy(update=spoken),
        "categories": (*policy.categories, *dict.fromkeys(added)),
        "mapped": told.mapped,
        "managers": {**names, **spelt},
        **told.rules,
    }
    kept = {name: getattr(policy, name) for name in Policy.model_fields}
    return Policy.model_construct(**{**kept, **changed})


def _spoken(words: Mapping[str, tuple[str, ...]], found: Sequence[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Put the team's words first, and take them from the codes that they meant before."""
    told = {fold(word): code for word, code in reversed(found)}
    made = {}
    for code in dict.fromkeys([*words, *(code for _, code in found)]):
        own = [word for word, meant in found if meant == code]
        rest = [word for word in words.get(code, ()) if told.get(fold(word), code) == code]
        made[code] = tuple(dict.fromkeys([*own, *rest])) or words[code][:1]
    return made
