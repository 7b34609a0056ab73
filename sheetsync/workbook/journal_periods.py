"""The quarters and months by which old lines of the Journal are kept, a volume each.

A volume is a tab of the program's own. Which tabs are volumes is told by journal_volumes.py.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sheetsync.i18n import language
from sheetsync.method.terms import Words
from sheetsync.values import fold

MONTHS_OF = {"quarter": 3, "month": 1}
"""Months of a volume, by the setting `journal.volumes`."""
_YEAR = 12


class Period(NamedTuple):
    """A stretch of whole months. `year` and `month` (1 to 12): of its first day."""

    year: int
    month: int
    months: int

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def end(self) -> date:
        """The day after its last one."""
        years, month = divmod(self.month - 1 + self.months, _YEAR)
        return date(self.year + years, month + 1, 1)

    def holds(self, day: date) -> bool:
        """Tell whether a day is one of it."""
        return self.first <= day < self.end

    @property
    def code(self) -> str:
        """How it is kept in the book: `2026-04+3` is the second quarter of 2026."""
        return f"{self.year}-{self.month:02}+{self.months}"

    def title(self, words: Words) -> str:
        """Return the title of its volume in one language."""
        if self.months == MONTHS_OF["month"]:
            month = language(words.language).month(self.first)
            return words.tabs["journal_month"].format(month=month)
        quarter = (self.month - 1) // self.months + 1
        return words.tabs["journal_quarter"].format(
            quarter=quarter, year=self.year
        )


def period_around(day: date, months: int) -> Period:
    """Return the month or the quarter that a day is in, by the months that it has."""
    first = day.month - (day.month - 1) % months
    return Period(day.year, first, months)


def period_of_code(code: str) -> Period:
    """Read a period back as it is kept. Raises ValueError where it is none."""
    day, _, months = code.partition("+")
    year, _, month = day.partition("-")
    period = Period(int(year), int(month), int(months))
    if period.months not in MONTHS_OF.values():
        raise ValueError(code)
    # A month or a year that no calendar has raises here.
    _ = period.first, period.end
    return period


def period_of_title(title: str, all_words: Iterable[Words]) -> Period | None:
    """Return the period whose volume would bear a title in any language; None for any other."""
    digits = "".join(
        letter if letter.isdecimal() else " " for letter in title
    ).split()
    if not digits:
        return None
    year = int(digits[-1])
    if not date.min.year <= year < date.max.year:
        return None
    languages = tuple(all_words)
    for months in MONTHS_OF.values():
        for month in range(1, _YEAR + 1, months):
            period = Period(year, month, months)
            titles = [fold(period.title(words)) for words in languages]
            if fold(title) in titles:
                return period
    return None
