"""Kinds of settings that are numbers, amounts, shares, days, hours, and yes or no."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sheetsync.i18n import LANGUAGES, language
from sheetsync.method.settings_tab.cell_types import (
    MOST_WORDS,
    NOTHING,
    WRONG,
    CellReading,
    Given,
    Plain,
    Same,
    SettingsVocabulary,
    Shown,
    cell_of,
    text_of,
)
from sheetsync.values import PLAIN, Cell, clean, read_flag, reader, to_serial


def _whole(given: Given) -> CellReading:
    cell = cell_of(given)
    # In Python a ticked box is the number 1.
    if isinstance(cell, bool):
        return WRONG
    reading = reader("integer", "", None)(cell)
    if reading.fault is not None:
        return WRONG
    return CellReading(
        reading.value if isinstance(reading.value, int) else None
    )


@dataclass(frozen=True)
class Whole(Same):
    """A whole number between two, both included."""

    least: int
    most: int
    shown: Shown = "number"

    def read(self, given: Given, _: SettingsVocabulary) -> CellReading:
        """Read a number."""
        reading = _whole(given)
        number = reading.value
        if isinstance(number, int) and not self.least <= number <= self.most:
            return WRONG
        return reading

    def accepted(self, vocabulary: SettingsVocabulary) -> str:
        """Say what a cell may hold."""
        number = vocabulary.language.number
        return vocabulary.language.text(
            "A whole number from {least} to {most}.",
            least=number(self.least),
            most=number(self.most),
        )


@dataclass(frozen=True)
class Wholes:
    """Whole numbers, at least one, kept from the largest on."""

    least: int
    most: int
    shown: Shown = "text"

    def read(self, given: Given, _: SettingsVocabulary) -> CellReading:
        """Read numbers separated by commas, semicolons or spaces."""
        parts = _parts(given)
        if not any(part not in (None, "") for part in parts):
            return NOTHING
        if len(parts) > MOST_WORDS:
            return WRONG
        numbers: set[int] = set()
        for part in parts:
            number = _whole(part).value
            if (
                not isinstance(number, int)
                or not self.least <= number <= self.most
            ):
                return WRONG
            numbers.add(int(number))
        # The first is when warnings begin and the last one the last warning, however
        # they were typed.
        return CellReading(sorted(numbers, reverse=True))

    def write(self, value: Plain, _: SettingsVocabulary) -> Cell:
        """Return the numbers, separated by commas."""
        if not isinstance(value, list) or not value:
            return None
        return ", ".join(map(str, value))

    def accepted(self, vocabulary: SettingsVocabulary) -> str:
        """Say what a cell may hold."""
        return vocabulary.language.text(
            "Whole numbers from {least} to {most}, separated by commas: 7, 3, 1.",
            least=self.least,
            most=self.most,
        )


def _parts(given: Given) -> list[Any]:
    if isinstance(given, list | tuple):
        return list(given)
    # A comma at the end would leave a part that is no number.
    return [*re.split(r"[,;\s]+", text_of(given).strip(" ,;"))]


@dataclass(frozen=True)
class Money(Same):
    """An amount in the book's currency, not below nothing."""

    shown: Shown = "amount"

    def read(self, given: Given, _: SettingsVocabulary) -> CellReading:
        """Read an amount."""
        reading = reader("amount", "", None)(cell_of(given))
        if reading.fault is not None or isinstance(reading.value, str):
            return WRONG
        if isinstance(reading.value, int | float):
            return (
                CellReading(float(reading.value))
                if 0 <= reading.value <= TOO_MUCH
                else WRONG
            )
        return NOTHING

    def accepted(self, vocabulary: SettingsVocabulary) -> str:
        """Say what a cell may hold."""
        return vocabulary.language.text("An amount, such as 120000.")


TOO_MUCH = 1e15
"""No amount is above it."""


@dataclass(frozen=True)
class SharePercent(Same):
    """A share of one. `positive`: it may not be nothing."""

    positive: bool = False
    shown: Shown = "percent"

    def read(self, given: Given, _: SettingsVocabulary) -> CellReading:
        """Read a share: `20 %`, 20 and 0.2 are the same."""
        cell = cell_of(given)
        reading = reader("share", "", None)(cell)
        if reading.fault is not None or isinstance(cell, bool):
            return WRONG
        if not isinstance(reading.value, int | float):
            return NOTHING
        if self.positive and reading.value <= 0:
            return WRONG
        return CellReading(float(reading.value))

    def accepted(self, vocabulary: SettingsVocabulary) -> str:
        """Say what a cell may hold."""
        text = vocabulary.language.text
        if self.positive:
            return text("A percentage above 0, up to 100.")
        return text("A percentage from 0 to 100.")


@dataclass(frozen=True)
class Day:
    """A day; with `month`, the first of its month."""

    month: bool = False

    @property
    def shown(self) -> Shown:
        """How the cell is shown: a month by its name, which a date of a sheet would decline."""
        return "text" if self.month else "date"

    def read(self, given: Given, vocabulary: SettingsVocabulary) -> CellReading:
        """Read a day, or a month such as 03.2026."""
        cell = cell_of(given)
        if self.month and isinstance(cell, str):
            cell = _first_of_month(cell)
        # By itself: no other cells tell here which comes first, the day or the month.
        reading = reader("date", vocabulary.region, None, PLAIN)(cell)
        if reading.fault is not None or isinstance(cell, bool):
            return WRONG
        if not isinstance(reading.value, date):
            return NOTHING
        # A figure of the plan is of a month, whichever day of it was typed.
        day = reading.value.replace(day=1) if self.month else reading.value
        return CellReading(day.isoformat())

    def write(self, value: Plain, vocabulary: SettingsVocabulary) -> Cell:
        """Return the day as the sheet counts it, a month in words."""
        if not isinstance(value, str):
            return None
        day = date.fromisoformat(value)
        if self.month:
            return vocabulary.language.month(day)
        return to_serial(day)

    def accepted(self, vocabulary: SettingsVocabulary) -> str:
        """Say what a cell may hold."""
        text = vocabulary.language.text
        if self.month:
            return text("A month, such as 03.2026.")
        return text("A day, such as 31.12.2026.")


_MONTH = re.compile(
    r"(\d{4})[-./](1[0-2]|0?[1-9])|(1[0-2]|0?[1-9])[-./](\d{4})"
)
_MONTH_IN_WORDS = re.compile(r"([^\W\d_]+)\.?\s+(\d{4})(?:\s*г\.?)?")
_HOUR = re.compile(
    r"([01]?\d|2[0-3])[:.\-]([0-5]\d)(?::[0-5]\d)?|([01]?\d|2[0-3])"
)


def _first_of_month(text: str) -> str:
    """Return a month such as 03.2026 or 2026-3 as its first day; any other text as it is."""
    match = _MONTH.fullmatch(clean(text))
    if match is None:
        return _named_month(clean(text)) or text
    year = match[1] or match[4]
    month = int(match[2] or match[3])
    return f"{year}-{month:02}-01"


def _named_month(text: str) -> str:
    """Return a month in words, such as “April 2026”, as its first day; "" where it is none."""
    match = _MONTH_IN_WORDS.fullmatch(text.casefold())
    if match is None:
        return ""
    number = _month_names().get(match[1])
    return f"{match[2]}-{number:02}-01" if number else ""


@cache
def _month_names() -> dict[str, int]:
    """Return the numbers of months by their names in every language, as they are said alone."""
    names: dict[str, int] = {}
    for code in LANGUAGES:
        for number in range(1, 13):
            month = language(code).month(date(2000, number, 1))
            names[month.split()[0].casefold()] = number
    return names


@dataclass(frozen=True)
class Hour(Same):
    """An hour of the day, kept as `HH:MM`."""

    def read(self, given: Given, _: SettingsVocabulary) -> CellReading:
        """Read an hour."""
        cell = cell_of(given)
        # A sheet makes a number below one of what is typed as 9:00.
        if (
            isinstance(cell, float | int)
            and not isinstance(cell, bool)
            and 0 <= cell < 1
        ):
            # The last half minute of a day is rounded to 24:00, which no clock shows.
            minutes = round(cell * 24 * 60) % (24 * 60)
            return CellReading(f"{minutes // 60:02}:{minutes % 60:02}")
        text = clean(cell)
        if not text:
            return NOTHING
        match = _HOUR.fullmatch(text)
        if match is None:
            return WRONG
        hour = int(match[1] or match[3])
        return CellReading(f"{hour:02}:{match[2] or '00'}")

    def accepted(self, vocabulary: SettingsVocabulary) -> str:
        """Say what a cell may hold."""
        return vocabulary.language.text("An hour, such as 09:00.")


@dataclass(frozen=True)
class Flag:
    """Yes or no. `open`: an empty cell is neither."""

    open: bool = False
    shown: Shown = "text"

    def read(self, given: Given, _: SettingsVocabulary) -> CellReading:
        """Read a yes or a no."""
        cell = cell_of(given)
        if clean(cell) == "":
            return NOTHING if self.open else CellReading(value=False)
        reading = read_flag(cell)
        return (
            CellReading(reading.value)
            if isinstance(reading.value, bool)
            else WRONG
        )

    def write(self, value: Plain, vocabulary: SettingsVocabulary) -> Cell:
        """Return the word."""
        if value is None:
            return None
        # Words, as a checkbox of Google's reads TRUE or ИСТИНА in Excel and LibreOffice.
        text = vocabulary.language.text
        return text("yes") if value else text("no")

    def accepted(self, vocabulary: SettingsVocabulary) -> str:
        """Say what a cell may hold."""
        return vocabulary.language.text("Yes or no.")

    def options(self, vocabulary: SettingsVocabulary) -> list[str]:
        """Return the words of the dropdown."""
        return [vocabulary.language.text("yes"), vocabulary.language.text("no")]
