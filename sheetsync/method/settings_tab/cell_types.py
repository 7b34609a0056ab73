"""What one cell of the Settings tab is: a value and back, and in words what a kind of cell accepts.

Values are plain, so that they can be kept as JSON and written as TOML: days as `2026-03-02`, words
as codes, lists as lists. Pure and total: a cell that cannot be read is said to be wrong, never an
exception. The kinds themselves are in `number_types`, `text_types` and `word_types`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple, Protocol

from sheetsync.i18n import LANGUAGES, Language, language
from sheetsync.values import Cell, Vocabulary, clean, fold, to_serial

Plain = str | int | float | bool | list[str] | list[int] | None
"""A value of a setting."""
Given = Cell | date | Sequence[Any]
"""What a value is read of: a cell, or what a TOML file says."""
Shown = Literal["text", "date", "percent", "amount", "number"]
"""How a cell is shown."""

LONGEST = 200
"""Characters of a name or an address at most."""
MOST_WORDS = 60
"""Words of a list at most."""


class CellReading(NamedTuple):
    """What a cell says: a value, None where it is empty, or that it cannot be read."""

    value: Plain
    wrong: bool = False


WRONG, NOTHING = CellReading(None, wrong=True), CellReading(None)


@dataclass(frozen=True)
class SettingsVocabulary:
    """The words in which a tab is read and written.

    `words`: vocabularies by dictionary, `managers` and `columns` among them.
    """

    language: Language
    region: str
    words: Mapping[str, Vocabulary] = field(default_factory=dict)
    measures: frozenset[str] = frozenset()
    """The fields of the row that hold a number."""

    def code(self, kind: str, text: str) -> str | None:
        """Return what a word means; a code means itself."""
        # A word goes before a code that is spelt alike: people type words, and only
        # files say codes.
        known = self.words[kind]
        return known.spellings.get(fold(text)) or (
            text if text in known.names else None
        )

    def name(self, kind: str, code: str) -> str:
        """Return the word that is written."""
        return self.words[kind].names.get(code, code)


def marked_spellings(word: str) -> dict[str, str]:
    """Return a marked word in every language, by its folded spelling."""
    # A tab may have been laid out in another language than its base is read in now.
    return {fold(language(code).text(word)): word for code in LANGUAGES}


class Kind(Protocol):
    """How the cells of one setting are read and written. `shown`: their number format."""

    @property
    def shown(self) -> Shown:
        """How the cell is shown."""

    def read(self, given: Given, vocabulary: SettingsVocabulary) -> CellReading:
        """Read a cell."""

    def write(self, value: Plain, vocabulary: SettingsVocabulary) -> Cell:
        """Return the cell of a value; None for nothing."""

    def accepted(self, vocabulary: SettingsVocabulary) -> str:
        """Say what a cell may hold."""


def text_of(given: Given) -> str:
    """Return what is given as text; nothing where it is no single cell."""
    return (
        clean(given)
        if given is None or isinstance(given, str | int | float | bool)
        else ""
    )


def cell_of(given: Given) -> Cell:
    """Return what is given as a cell; what is none cannot be read as anything."""
    # TOML has days where a sheet counts them, and a kind is to read one form alone.
    if isinstance(given, date):
        return to_serial(given)
    return (
        given
        if given is None or isinstance(given, str | int | float | bool)
        else "?"
    )


class Same:
    """What is written as it is kept."""

    shown: Shown = "text"

    def write(self, value: Plain, _: SettingsVocabulary) -> Cell:
        """Return the cell of a value."""
        return None if value is None or isinstance(value, list) else value


def quoted(words: Sequence[str], vocabulary: SettingsVocabulary) -> str:
    """Return words in quotation marks, as a list."""
    return ", ".join(vocabulary.language.quoted(word) for word in words)
