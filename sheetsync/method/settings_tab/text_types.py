"""Kinds of settings that are texts: names, addresses, countries, headings."""

from dataclasses import dataclass

from sheetsync.i18n import LANGUAGES
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
class Country:
    """A country, kept as its ISO 3166 code, written by its name."""

    shown: Shown = "text"

    def read(self, given: Given, _: SettingsVocabulary) -> CellReading:
        """Read a country's name, in either language, or its code."""
        text = text_of(given)
        if not text:
            return NOTHING
        for code in LANGUAGES:
            names = _territories(code)
            if text.upper() in names:
                return CellReading(text.upper())
            for iso, name in names.items():
                if fold(name) == fold(text):
                    return CellReading(iso)
        return WRONG

    def write(self, value: Plain, vocabulary: SettingsVocabulary) -> Cell:
        """Return the country's name."""
        return (
            _territories(vocabulary.language.code).get(str(value), str(value))
            if value
            else None
        )

    def accepted(self, vocabulary: SettingsVocabulary) -> str:
        """Say what a cell may hold."""
        return vocabulary.language.text(
            "A country, by its name or its code of two letters."
        )

    def options(self, vocabulary: SettingsVocabulary) -> list[str]:
        """Return the words of the dropdown: a few of the many that are accepted."""
        return [
            _territories(vocabulary.language.code)[code] for code in OFFERED
        ]


OFFERED = (
    "RU",
    "BY",
    "KZ",
    "AM",
    "KG",
    "UZ",
    "GE",
    "RS",
    "TR",
    "DE",
    "GB",
    "US",
)
"""Countries that the dropdown offers."""


def _territories(code: str) -> dict[str, str]:
    from babel import Locale  # noqa: PLC0415  # kept out of start-up

    return {
        iso: name
        for iso, name in Locale(code).territories.items()
        if len(iso) == 2 and iso.isalpha()  # noqa: PLR2004  # ISO 3166
    }


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
