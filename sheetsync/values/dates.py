"""Dates: serial days, and texts in every form in which people write a day."""

from datetime import date, timedelta

from sheetsync.values.calendar_words import is_relative
from sheetsync.values.cells import (
    EMPTY,
    EPOCH,
    FIRST_DAY,
    LAST_DAY,
    Cell,
    Reading,
    fault,
    finite,
    plain,
    unread,
)
from sheetsync.values.column_conventions import Hint
from sheetsync.values.date_parts import Spelt, spelt, spelt_within

LEAP = 4
"""Years to either side within which every day of the calendar occurs."""


def _calendar(year: int, month: int, day: int) -> Reading:
    try:
        found = date(year, month, day)
    except ValueError:
        return fault("no_such_day")
    return Reading(found) if FIRST_DAY <= found <= LAST_DAY else fault("odd_year")


def _nearest(month: int, day: int, around: date) -> Reading:
    """Give a date without a year the year in which it is nearest to `around`."""
    years = range(around.year - LEAP, around.year + LEAP + 1)
    days = [found for year in years if isinstance(found := _calendar(year, month, day).value, date)]
    if not days:
        return fault("no_such_day")
    return Reading(min(days, key=lambda found: abs(found - around)))


def _decided(found: Spelt, region: str, hint: Hint) -> Reading:
    """Decide which number is the day: by the form, by the column, by the region (month first only with slashes in US)."""
    month_first = hint.month_first or (
        hint.order == "default" and region == "US" and found.sign == "/"
    )
    day, month = (
        (found.second, found.first)
        if month_first and not found.told
        else (found.first, found.second)
    )
    if found.year:
        return _calendar(found.year, month, day)
    return _nearest(month, day, hint.around) if hint.around else fault("no_year")


def _serial(cell: float) -> Reading:
    if not finite(cell) or not 1 <= cell <= (LAST_DAY - EPOCH).days:
        return fault("not_a_date")
    found = EPOCH + timedelta(days=int(cell))
    return Reading(found) if found >= FIRST_DAY else fault("not_a_date")


def read_date(cell: Cell, region: str, hint: Hint) -> Reading:
    """Read a day. Faults: not_a_date, no_such_day, odd_year, no_year, and relative_date for `tomorrow` and the like."""
    if isinstance(cell, bool):
        return fault("not_a_date")
    if isinstance(cell, int | float):
        return _serial(cell)
    text = plain(cell)
    if not text:
        return EMPTY
    if found := spelt(text):
        return _decided(found, region, hint)
    return unread(text, "relative_date" if is_relative(text) else "not_a_date")


def date_within(cell: Cell, region: str, hint: Hint) -> Reading:
    """Read the first day that stands in a cell among other things."""
    whole = read_date(cell, region, hint)
    if whole.value is not None or not isinstance(cell, str):
        return whole if whole.value is not None else EMPTY
    readings = [_decided(found, region, hint) for found in spelt_within(plain(cell))]
    return next((reading for reading in readings if reading.value is not None), EMPTY)
