"""Days as the team counts them: every day of the calendar, or the working days of a country.

METHOD point 8. A country's holidays, and the Saturdays that are worked in their stead, are the
`holidays` library's; the team's own exceptions go before it.
"""

from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sheetsync.method.policy import Policy
from sheetsync.method.terms import Calendar
from sheetsync.workbook.frame_rows import NO_DAY, days_of

Days = Any
"""A numpy array of `datetime64[D]`, or one such day."""

FIRST, LAST = np.datetime64("1900-01-01"), np.datetime64("2299-12-31")
"""Days beyond these are counted as these."""
# Newer versions of numpy refuse to add a bare number to a day.
ONE_DAY = np.timedelta64(1, "D")
ONE_YEAR = np.timedelta64(1, "Y")
A_YEAR = 2024
"""One that the library knows of every country."""
SPARE = 60
"""Days beyond the last one that is asked for: the longest holidays of a year, twice."""


def known_country(code: str) -> bool:
    """Tell whether the holidays of a country are known.

    `code` as in ISO 3166, also with its subdivision: `DE-BY`.
    """
    return _working_days_of(code.upper(), A_YEAR) is not None


def is_working(day: date, calendar: Calendar) -> bool:
    """Tell whether a day is worked."""
    only_day = np.datetime64(day, "D")
    return bool(_worked(calendar, only_day, only_day)[0])


class Counting:
    """How many days lie between days, and which day comes so many days after another.

    `working`: those of `calendar` are counted, else all.
    """

    def __init__(self, calendar: Calendar, *, working: bool) -> None:
        self.calendar = calendar
        self.working = working

    def after(
        self, start: "pd.Series[Any]", days: "pd.Series[Any]"
    ) -> "pd.Series[Any]":
        """Return the day that comes `days` counted days after each start (datetime64[s]).

        NaT where either is missing.
        """
        counts = days.to_numpy(dtype="float64")
        return pd.Series(self.days_after(days_of(start), counts), start.index)

    def days_after(self, starts: Days, days: Any) -> Days:
        """Return the day that comes `days` counted days after each start: `after`, of arrays.

        `days` are float64, NaN where there is none.
        """
        reached = np.full(len(starts), NO_DAY)
        known = ~np.isnat(starts) & ~np.isnan(days)
        counts = days[known].astype("int64")
        if not self.working:
            reached[known] = starts[known] + counts * ONE_DAY
        elif known.any():
            first = _whole_days(starts[known])
            reached[known] = self._reached(first, counts)
        return reached

    def _reached(self, starts: Days, counts: Any) -> Days:
        """Return the first days by which so many working days have passed since others."""
        # Two weeks for five days, however many of them are holidays, and more if that is too short.
        length = int(counts.max()) * 3 + SPARE
        while True:
            table = _table(
                self.calendar, starts.min(), starts.max() + length * ONE_DAY
            )
            wanted = table.until(starts) + counts
            if table.sums[-1] >= wanted.max() or table.last >= LAST:
                break
            length *= 2
        reached = table.first + np.searchsorted(table.sums, wanted) * ONE_DAY
        # No days after a day off are that day itself, and not the next that is worked.
        return np.where(counts > 0, np.minimum(reached, table.last), starts)

    def between(
        self, start: "pd.Series[Any]", end: "pd.Series[Any]"
    ) -> "pd.Series[Any]":
        """Return the days from each start to its end, as float64.

        0 on the same day alone, negative where the end is past, NaN without dates.
        """
        days = self.days_between(days_of(start), days_of(end))
        return pd.Series(days, end.index)

    def days_between(self, starts: Days, ends: Days) -> Any:
        """Return the days from each start to its end: `between`, of arrays."""
        days = np.full(len(ends), np.nan)
        known = ~np.isnat(starts) & ~np.isnat(ends)
        if not known.any():
            return days
        whole = ((ends[known] - starts[known]) // ONE_DAY).astype("float64")
        days[known] = whole
        if not self.working:
            return days
        starts = _whole_days(starts[known])
        ends = _whole_days(ends[known])
        first = min(starts.min(), ends.min())
        last = max(starts.max(), ends.max())
        table = _table(self.calendar, first, last)
        counted = (table.until(ends) - table.until(starts)).astype("float64")
        sign = np.sign(whole)
        days[known] = sign * np.maximum(np.abs(counted), np.abs(sign))
        return days


def counting(policy: Policy) -> Counting:
    """Return how the policy counts days."""
    return Counting(policy.days, working=policy.time.count == "working")


class _WorkingDayTable(NamedTuple):
    """How many working days there were from `first` to each day, that day included."""

    first: Days
    sums: Any

    @property
    def last(self) -> Days:
        return self.first + (len(self.sums) - 1) * ONE_DAY

    def until(self, days: Days) -> Any:
        places = (np.clip(days, self.first, self.last) - self.first).astype(
            "int64"
        )
        return self.sums[places]


def _whole_days(dates: Days) -> Days:
    return np.clip(dates.astype("datetime64[D]"), FIRST, LAST)


def _table(calendar: Calendar, first: Days, last: Days) -> _WorkingDayTable:
    """Return the working days of whole years around some days."""
    # In whole years, so that few tables serve all that is asked for.
    last_year = min(last, LAST).astype("datetime64[Y]")
    end = (last_year + ONE_YEAR).astype("datetime64[D]") - ONE_DAY
    return _table_of_years(
        calendar, first.astype("datetime64[Y]").astype("datetime64[D]"), end
    )


@cache
def _table_of_years(
    calendar: Calendar, first: Days, last: Days
) -> _WorkingDayTable:
    return _WorkingDayTable(first, np.cumsum(_worked(calendar, first, last)))


def _worked(calendar: Calendar, first: Days, last: Days) -> Any:
    """Return for each day from `first` to `last` whether it is worked.

    Years and countries that the library does not know have weeks of five days.
    """
    days = np.arange(first, last + ONE_DAY)
    worked = np.is_busday(days)
    for year in range(_year_of(first), _year_of(last) + 1):
        known = _working_days_of(calendar.country.upper(), year)
        if known is not None:
            begins = np.datetime64(f"{year:04}-01-01")
            of_year = (days >= begins) & (days < begins + len(known) * ONE_DAY)
            worked[of_year] = known[(days[of_year] - begins).astype("int64")]
    # The team's own exceptions go before the country's days.
    worked[np.isin(days, _as_days(calendar.days_off))] = False
    worked[np.isin(days, _as_days(calendar.working_days))] = True
    return worked


def _as_days(exceptions: Any) -> Days:
    return np.array(sorted(exceptions), dtype="datetime64[D]")


def _year_of(day: Days) -> int:
    return int(day.astype("datetime64[Y]").astype("int64")) + 1970


@cache
def _working_days_of(country: str, year: int) -> Any | None:
    """Return for each day of a year whether a country works.

    None where the library does not know it.
    """
    # Kept out of start-up: only bases that count working days need it.
    import holidays  # noqa: PLC0415

    code, _, subdivision = country.partition("-")
    try:
        known = holidays.country_holidays(
            code, subdiv=subdivision or None, years=year
        )
    except (NotImplementedError, AttributeError, ValueError):
        return None
    if not known.start_year <= year <= known.end_year:
        return None
    first = date(year, 1, 1)
    length = (date(year + 1, 1, 1) - first).days
    return np.array(
        [
            known.is_working_day(first + timedelta(days))
            for days in range(length)
        ]
    )
