"""Kinds of settings that are numbers, amounts, shares, days, hours, and yes or no."""

import re
from dataclasses import dataclass
from datetime import date

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
    if isinstance(cell, bool):
        return WRONG
    reading = reader("integer", "", None)(cell)
    if reading.fault is not None:
        return WRONG
    return CellReading(reading.value if isinstance(reading.value, int) else None)


@dataclass(frozen=True)
class Whole(Same):
    """A whole number between two, both included."""

    least: int
    most: int
    shown: Shown = "number"

    def read(self, given: Given, _: SettingsVocabulary) -> CellReading:
        """Read a number."""
        found = _whole(given)
        if isinstance(found.value, int) and not self.least <= found.value <= self.most:
            return WRONG
        return found

    def accepted(self, speech: SettingsVocabulary) -> str:
        """Say what a cell may hold."""
        number = speech.language.number
        return speech.language.text(
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
        parts = (
            list(given)
            if isinstance(given, list | tuple)
            else re.split(r"[,;\s]+", text_of(given).strip(" ,;"))
        )
        if not any(part not in (None, "") for part in parts):
            return NOTHING
        found = [_whole(part) for part in parts[: MOST_WORDS + 1]]
        numbers = [
            one.value
            for one in found
            if isinstance(one.value, int) and self.least <= one.value <= self.most
        ]
        if len(numbers) != len(parts) or len(parts) > MOST_WORDS:
            return WRONG
        return CellReading(sorted({int(number) for number in numbers}, reverse=True))

    def write(self, value: Plain, _: SettingsVocabulary) -> Cell:
        """Return the numbers, separated by commas."""
        return ", ".join(map(str, value)) if isinstance(value, list) and value else None

    def accepted(self, speech: SettingsVocabulary) -> str:
        """Say what a cell may hold."""
        return speech.language.text(
            "Whole numbers from {least} to {most}, separated by commas: 7, 3, 1.",
            least=self.least,
            most=self.most,
        )


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
            return CellReading(float(reading.value)) if 0 <= reading.value <= TOO_MUCH else WRONG
        return NOTHING

    def accepted(self, speech: SettingsVocabulary) -> str:
        """Say what a cell may hold."""
        return speech.language.text("An amount, such as 120000.")


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
        return WRONG if self.positive and reading.value <= 0 else CellReading(float(reading.value))

    def accepted(self, speech: SettingsVocabulary) -> str:
        """Say what a cell may hold."""
        text = speech.language.text
        return (
            text("A percentage above 0, up to 100.")
            if self.positive
            else text("A percentage from 0 to 100.")
        )


@dataclass(frozen=True)
class Day:
    """A day; with `month`, the first of its month."""

    month: bool = False

    @property
    def shown(self) -> Shown:
        """How the cell is shown."""
        return "month" if self.month else "date"

    def read(self, given: Given, speech: SettingsVocabulary) -> CellReading:
        """Read a day, or a month such as 03.2026."""
        cell = cell_of(given)
        if self.month and isinstance(cell, str) and (found := _MONTH.fullmatch(clean(cell))):
            cell = f"{found[1] or found[4]}-{int(found[2] or found[3]):02}-01"
        reading = reader("date", speech.region, None, PLAIN)(cell)
        if reading.fault is not None or isinstance(cell, bool):
            return WRONG
        if not isinstance(reading.value, date):
            return NOTHING
        return CellReading(
            (reading.value.replace(day=1) if self.month else reading.value).isoformat()
        )

    def write(self, value: Plain, _: SettingsVocabulary) -> Cell:
        """Return the day as the sheet counts it."""
        return to_serial(date.fromisoformat(value)) if isinstance(value, str) else None

    def accepted(self, speech: SettingsVocabulary) -> str:
        """Say what a cell may hold."""
        text = speech.language.text
        return (
            text("A month, such as 03.2026.") if self.month else text("A day, such as 31.12.2026.")
        )


_MONTH = re.compile(r"(\d{4})[-./](1[0-2]|0?[1-9])|(1[0-2]|0?[1-9])[-./](\d{4})")
_HOUR = re.compile(r"([01]?\d|2[0-3])[:.\-]([0-5]\d)(?::[0-5]\d)?|([01]?\d|2[0-3])")


@dataclass(frozen=True)
class Hour(Same):
    """An hour of the day, kept as `HH:MM`. A sheet makes a number below one of what is typed as 9:00."""

    def read(self, given: Given, _: SettingsVocabulary) -> CellReading:
        """Read an hour."""
        cell = cell_of(given)
        if isinstance(cell, float | int) and not isinstance(cell, bool) and 0 <= cell < 1:
            minutes = round(cell * 24 * 60) % (24 * 60)
            return CellReading(f"{minutes // 60:02}:{minutes % 60:02}")
        text = clean(cell)
        if not text:
            return NOTHING
        match = _HOUR.fullmatch(text)
        return CellReading(f"{int(match[1] or match[3]):02}:{match[2] or '00'}") if match else WRONG

    def accepted(self, speech: SettingsVocabulary) -> str:
        """Say what a cell may hold."""
        return speech.language.text("An hour, such as 09:00.")


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
        return CellReading(reading.value) if isinstance(reading.value, bool) else WRONG

    def write(self, value: Plain, speech: SettingsVocabulary) -> Cell:
        """Return the word."""
        text = speech.language.text
        return None if value is None else text("yes") if value else text("no")

    def accepted(self, speech: SettingsVocabulary) -> str:
        """Say what a cell may hold."""
        return speech.language.text("Yes or no.")

    def options(self, speech: SettingsVocabulary) -> list[str]:
        """Return the words of the dropdown."""
        return [speech.language.text("yes"), speech.language.text("no")]
