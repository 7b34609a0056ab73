"""Days as the team counts them: every day of the calendar, or the working days of a country (METHOD point 8).

A country's holidays, and the Saturdays that are worked in their stead, are the `holidays` library's; the team's own
exceptions go before it. Years and countries that the library does not know have weeks of five days.
"""

from datetime import date
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sheetsync.method.policy import Policy
from sheetsync.method.terms import Calendar

Days = Any
"""A numpy array of `datetime64[D]`."""

FIRST, LAST = np.datetime64("1900-01-01"), np.datetime64("2299-12-31")
"""Days beyond these are counted as these."""
A_YEAR = 2024
"""One that the library knows of every country."""
SPARE = 60
"""Days beyond the last one that is asked for: the longest holidays of a year, twice."""


def known_country(code: str) -> bool:
    """Tell whether the holidays of a country are known; `code` as in ISO 3166, also with its subdivision: `DE-BY`."""
    return _year(code.upper(), A_YEAR) is not None


def is_working(day: date, calendar: Calendar) -> bool:
    """Tell whether a day is worked."""
    one = np.datetime64(day, "D")
    return bool(_worked(calendar, one, one)[0])


class Counting:
    """How many days lie between days, and which day comes so many days after another. `working`: those of `calendar`."""

    def __init__(self, calendar: Calendar, *, working: bool) -> None:
        self.calendar, self.working = calendar, working

    def after(self, start: "pd.Series[Any]", days: "pd.Series[Any]") -> "pd.Series[Any]":
        """Return the day that comes `days` counted days after each start (datetime64[s]); NaT where either is missing."""
        if not self.working:
            return (start + pd.to_timedelta(days, unit="D")).astype("datetime64[s]")
        found = pd.Series(pd.NaT, index=start.index, dtype="datetime64[s]")
        given = start.notna() & days.notna()
        if given.any():
            begins, count = _whole(start[given]), days[given].to_numpy().astype("int64")
            found[given] = self._reached(begins, count).astype("datetime64[s]")
        return found

    def _reached(self, begins: Days, count: Any) -> Days:
        """Return the first days by which so many working days have passed since others."""
        # Two weeks for five days, however many of them are holidays, and more where that is not enough.
        length = int(count.max()) * 3 + SPARE
        while True:
            table = _table(self.calendar, begins.min(), begins.max() + length)
            wanted = table.until(begins) + count
            if table.sums[-1] >= wanted.max() or table.last >= LAST:
                break
            length *= 2
        reached = table.first + np.searchsorted(table.sums, wanted)
        return np.where(count > 0, np.minimum(reached, table.last), begins)

    def between(self, start: "pd.Series[Any]", end: "pd.Series[Any]") -> "pd.Series[Any]":
        """Return the days from each start to its end: 0 on the same day, negative where the end is past, NaN without dates.

        A later day is never 0 days away, even where only days off lie between.
        """
        plain = (end - start).dt.days.astype("float64")
        given = plain.notna()
        if not self.working or not given.any():
            return plain
        begins, ends = _whole(start[given]), _whole(end[given])
        table = _table(self.calendar, min(begins.min(), ends.min()), max(begins.max(), ends.max()))
        counted = (table.until(ends) - table.until(begins)).astype("float64")
        sign = np.sign(plain[given].to_numpy())
        plain[given] = sign * np.maximum(np.abs(counted), np.abs(sign))
        return plain


def counting(policy: Policy) -> Counting:
    """Return how the policy counts days."""
    return Counting(policy.calendar, working=policy.time.count == "working")


class _Table(NamedTuple):
    """How many working days there were from `first` to each day, that day included."""

    first: Days
    sums: Any

    @property
    def last(self) -> Days:
        return self.first + len(self.sums) - 1

    def until(self, days: Days) -> Any:
        places = (np.clip(days, self.first, self.last) - self.first).astype("int64")
        return self.sums[places]


def _whole(dates: "pd.Series[Any]") -> Days:
    return np.clip(dates.to_numpy().astype("datetime64[D]"), FIRST, LAST)


def _table(calendar: Calendar, first: Days, last: Days) -> _Table:
    """Return the working days of whole years around some days."""
    start, end = first.astype("datetime64[Y]").astype("datetime64[D]"), min(last, LAST)
    end = (end.astype("datetime64[Y]") + 1).astype("datetime64[D]") - 1
    return _summed(calendar, start, end)


@cache
def _summed(calendar: Calendar, first: Days, last: Days) -> _Table:
    return _Table(first, np.cumsum(_worked(calendar, first, last)))


def _worked(calendar: Calendar, first: Days, last: Days) -> Any:
    """Return for each day from `first` to `last` whether it is worked."""
    days = np.arange(first, last + 1)
    worked = np.is_busday(days)
    for year in range(_number(first), _number(last) + 1):
        known = _year(calendar.country.upper(), year)
        if known is not None:
            begins = np.datetime64(f"{year:04}-01-01")
            here = (days >= begins) & (days < begins + len(known))
            worked[here] = known[(days[here] - begins).astype("int64")]
    for exceptions, value in ((calendar.days_off, False), (calendar.working_days, True)):
        worked[np.isin(days, np.array(sorted(exceptions), dtype="datetime64[D]"))] = value
    return worked


def _number(day: Days) -> int:
    return int(day.astype("datetime64[Y]").astype("int64")) + 1970


@cache
def _year(country: str, year: int) -> Any | None:
    """Return for each day of a year whether a country works; None where the library does not know it."""
    import holidays  # noqa: PLC0415  # kept out of start-up: only bases that count working days need it

    code, _, subdivision = country.partition("-")
    try:
        known = holidays.country_holidays(code, subdiv=subdivision or None, years=year)
    except (NotImplementedError, AttributeError, ValueError):
        return None
    if not known.start_year <= year <= known.end_year:
        return None
    first = date(year, 1, 1)
    length = (date(year + 1, 1, 1) - first).days
    return np.array(
        [known.is_working_day(date.fromordinal(first.toordinal() + at)) for at in range(length)]
    )
