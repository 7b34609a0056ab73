"""Kinds of settings that are texts: names, addresses, countries, headings."""

from dataclasses import dataclass

from sheetsync.method.settings_tab.cell_types import (
    LONGEST,
    NOTHING,
    WRONG,
    CellReading,
    Given,
    Plain,
    Same,
    SettingsVocabulary,
    Shown,
    cell_of,
    quoted,
    text_of,
)
from sheetsync.values import Cell, clean, fold, reader


@dataclass(frozen=True)
class Text(Same):
    """A text. `named`: it must hold letters or digits, as a name that is looked for does."""

    named: bool = False

    def read(self, given: Given, _: SettingsVocabulary) -> CellReading:
        """Read a text; a lone dash is nothing."""
        cell = cell_of(given)
        # As a cell of a row is read, so that an error such as #REF! becomes nobody's name.
        reading = reader("text", "", None)(cell)
        if reading.fault is not None or len(clean(cell)) > LONGEST:
            return WRONG
        text = clean(cell) if reading.value is not None else ""
        # Names are looked for by letters and digits alone: one of signs would never be found.
        if self.named and text and not fold(text):
            return WRONG
        return CellReading(text or None)

    def accepted(self, vocabulary: SettingsVocabulary) -> str:
        """Say what a cell may hold."""
        return vocabulary.language.text(
            "A name of up to {n} signs, with letters or digits.", n=LONGEST
        )


@dataclass(frozen=True)
class Email(Same):
    """An e-mail address."""

    def read(self, given: Given, vocabulary: SettingsVocabulary) -> CellReading:
        """Read an address."""
        reading = reader("email", vocabulary.region, None)(cell_of(given))
        if reading.fault is not None or not isinstance(
            reading.value, str | None
        ):
            return WRONG
        return CellReading(reading.value)

    def accepted(self, vocabulary: SettingsVocabulary) -> str:
        """Say what a cell may hold."""
        return vocabulary.language.text("An address such as name@company.com.")


@dataclass(frozen=True)
class Measure:
    """A column of numbers: a field of the method, or the heading of a column of the team's own."""

    shown: Shown = "text"

    def read(self, given: Given, vocabulary: SettingsVocabulary) -> CellReading:
        """Read a heading."""
        text = text_of(given)
        if not text:
            return NOTHING
        name = vocabulary.code("columns", text)
        # The name of another field, such as “Phone”, is a mistake, and no column of the team's own.
        if name is not None:
            return CellReading(name) if name in vocabulary.measures else WRONG
        return (
            CellReading(text) if len(text) <= LONGEST and fold(text) else WRONG
        )

    def write(self, value: Plain, vocabulary: SettingsVocabulary) -> Cell:
        """Return the heading."""
        return vocabulary.name("columns", str(value)) if value else None

    def accepted(self, vocabulary: SettingsVocabulary) -> str:
        """Say what a cell may hold."""
        names = quoted(
            [
                vocabulary.name("columns", name)
                for name in sorted(vocabulary.measures)
            ],
            vocabulary,
        )
        return vocabulary.language.text(
            "A column of numbers: {names}, or the heading of one of your own.",
            names=names,
        )
