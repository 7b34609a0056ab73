"""Dates: serial days, and texts in every form in which people write a day.

The order of day and month is told by the column (`column.hint_of`), never by one cell alone.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from sheetsync.values.calendar_words import is_relative
from sheetsync.values.cells import (
    EMPTY,
    EPOCH,
    FIRST_DAY,
    LAST_DAY,
    Cell,
    Reading,
    clean,
    fault,
    plain,
    to_serial,
    unread,
)
from sheetsync.values.column_conventions import Hint
from sheetsync.values.date_parts import (
    SpeltDate,
    is_no_day,
    spelt_date,
    spelt_dates_within,
)

_FIRST_COMPACT, _LAST_COMPACT = 19_500_101, 21_991_231
"""Between these a number may be a day: `20260214`."""

LEAP = 4
"""Years to either side within which every day of the calendar occurs."""


def read_date(cell: Cell, region: str, hint: Hint) -> Reading:
    """Read a day, as `hint` tells of its column; `region` is ISO 3166-1.

    The day is the one that is written, in whatever zone its time is told; what stands for no day,
    as `0000-00-00`, is empty.
    Faults: not_a_date, no_such_day, odd_year, no_year, and relative_date for `tomorrow` and such.
    """
    if isinstance(cell, bool):
        return fault("not_a_date")
    if isinstance(cell, int | float):
        return _of_serial(cell)
    text = plain(cell)
    if not text or is_no_day(text):
        return EMPTY
    spelt = spelt_date(text)
    if spelt:
        return _meant(spelt, region, hint)
    if is_relative(text):
        return unread(text, "relative_date")
    return unread(text, "not_a_date")


def date_within(cell: Cell, region: str, hint: Hint) -> Reading:
    """Read the first day that stands in a cell among other things."""
    whole = read_date(cell, region, hint)
    if whole.value is not None:
        return whole
    if not isinstance(cell, str):
        return EMPTY
    for spelt in spelt_dates_within(plain(cell)):
        reading = _meant(spelt, region, hint)
        if reading.value is not None:
            return reading
    return EMPTY


def _of_serial(cell: float) -> Reading:
    if to_serial(FIRST_DAY) <= cell <= to_serial(LAST_DAY):
        return Reading(EPOCH + timedelta(days=int(cell)))
    # Exports write days as numbers, too.
    if not _FIRST_COMPACT <= cell <= _LAST_COMPACT:
        return fault("not_a_date")
    spelt = spelt_date(clean(cell))
    if spelt is None:
        return fault("not_a_date")
    return _calendar_day(spelt.year, spelt.second, spelt.first)


def _meant(spelt: SpeltDate, region: str, hint: Hint) -> Reading:
    """Return the day that is meant: which number it is, and of which year."""
    day = spelt.first
    month = spelt.second
    if not spelt.order_known and _month_first(spelt, region, hint):
        day, month = month, day
    if spelt.year:
        return _calendar_day(spelt.year, month, day)
    if hint.around is None:
        return fault("no_year")
    return _nearest(month, day, hint.around)


def _month_first(spelt: SpeltDate, region: str, hint: Hint) -> bool:
    """Tell whether the month comes first: by the column, else in US where slashes are written."""
    american = region == "US" and spelt.sign == "/"
    return hint.month_first or (hint.order == "default" and american)


def _calendar_day(year: int, month: int, day: int) -> Reading:
    try:
        value = date(year, month, day)
    except ValueError:
        return fault("no_such_day")
    if not FIRST_DAY <= value <= LAST_DAY:
        return fault("odd_year")
    return Reading(value)


def _nearest(month: int, day: int, around: date) -> Reading:
    """Give a date without a year the year in which it is nearest to `around`."""
    candidates = list(_same_day_of_years(month, day, around.year))
    if not candidates:
        return fault("no_such_day")
    return Reading(
        min(candidates, key=lambda candidate: abs(candidate - around))
    )


def _same_day_of_years(
    month: int, day: int, middle_year: int
) -> Iterator[date]:
    for year in range(middle_year - LEAP, middle_year + LEAP + 1):
        value = _calendar_day(year, month, day).value
        if isinstance(value, date):
            yield value
