"""Today, this week, this month, each with the one before it: spans of days, both ends included.

Calendar arithmetic alone; what is counted in a period is the other modules'. A period that is not
over is compared with as much of the one before: half a week with the same half of the last one.
"""

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from sheetsync.values import to_serial

DAY = timedelta(days=1)
WEEK = 7 * DAY


class Span(NamedTuple):
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def serials(self) -> tuple[int, int]:
        """Its first and its last day as serial days, as frames and the Journal have them."""
        return to_serial(self.first), to_serial(self.last)


class Period(NamedTuple):
    """A period as far as it has come, beside as much of the one before it.

    `now`: from its first day until today, or to its end where it is over. `before`: as many days
    of the period before it, fewer only where that is shorter.
    """

    code: str
    now: Span
    before: Span


def today_only(today: date) -> Period:
    """Return today against yesterday."""
    yesterday = today - DAY
    return Period("today", Span(today, today), Span(yesterday, yesterday))


def week(today: date) -> Period:
    """Return the week since Monday against the last one, up to the same weekday."""
    now = Span(_monday(today), today)
    before = Span(now.first - WEEK, now.last - WEEK)
    return Period("week", now, before)


def sunday(today: date) -> date:
    """Return the last day of a day's week."""
    return _monday(today) + WEEK - DAY


def _monday(today: date) -> date:
    return today - today.weekday() * DAY


def month(today: date) -> Period:
    """Return the month against the last one, up to the same day or to its end.

    31 March stands against the whole of February.
    """
    now = Span(today.replace(day=1), today)
    last_before = now.first - DAY
    # A shorter month stands as a whole beside the end of a longer one.
    same_day = min(today.day, last_before.day)
    first_before = last_before.replace(day=1)
    before = Span(first_before, last_before.replace(day=same_day))
    return Period("month", now, before)


def last_week(today: date) -> Period:
    """Return the last whole week, Monday to Sunday, against the one before it."""
    first = _monday(today) - WEEK
    now = Span(first, first + WEEK - DAY)
    before = Span(first - WEEK, first - DAY)
    return Period("last_week", now, before)


def last_month(today: date) -> Period:
    """Return the last whole month against the one before it."""
    last = today.replace(day=1) - DAY
    first = last.replace(day=1)
    last_before = first - DAY
    before = Span(last_before.replace(day=1), last_before)
    return Period("last_month", Span(first, last), before)


def window(today: date, days: int) -> Period:
    """Return the last so many days, today among them, against as many before them."""
    length = days * DAY
    last_before = today - length
    now = Span(last_before + DAY, today)
    before = Span(now.first - length, last_before)
    return Period("window", now, before)


def meeting_periods(today: date) -> tuple[Period, Period, Period]:
    """Return what a planning meeting looks at (METHOD point 10): today, this week, this month."""
    return today_only(today), week(today), month(today)


def weeks(today: date, count: int) -> tuple[Span, ...]:
    """Return the last so many weeks from Monday, the oldest first; the last one ends today."""
    monday = _monday(today)
    spans = []
    for back in range(count - 1, 0, -1):
        first = monday - back * WEEK
        spans.append(Span(first, first + WEEK - DAY))
    spans.append(Span(monday, today))
    return tuple(spans)


def elapsed(today: date) -> float:
    """Return the share of the month that has passed, today included."""
    _, days = monthrange(today.year, today.month)
    return today.day / days
