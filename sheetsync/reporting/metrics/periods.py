"""Today, this week, this month, each with the one before it: spans of days, both ends included.

A period that is not over is compared with as much of the one before: half a week with the same half of the last one.
"""

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

DAY = timedelta(days=1)


class Span(NamedTuple):
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


class Period(NamedTuple):
    """`now`: from its first day until today. `before`: as many days of the period before it, fewer only where it is shorter."""

    code: str
    now: Span
    before: Span


def today_only(today: date) -> Period:
    """Return today against yesterday."""
    return Period("today", Span(today, today), Span(today - DAY, today - DAY))


def week(today: date) -> Period:
    """Return the week since Monday against the last one, up to the same weekday."""
    first, back = today - today.weekday() * DAY, 7 * DAY
    return Period("week", Span(first, today), Span(first - back, today - back))


def month(today: date) -> Period:
    """Return the month against the last one, up to the same day or to its end: 31 March against the whole of February."""
    first = today.replace(day=1)
    last = first - DAY
    return Period(
        "month",
        Span(first, today),
        Span(last.replace(day=1), last.replace(day=min(today.day, last.day))),
    )


def window(today: date, days: int) -> Period:
    """Return the last so many days, today among them, against as many before them."""
    first = today - (days - 1) * DAY
    return Period("window", Span(first, today), Span(first - days * DAY, first - DAY))


def meeting_periods(today: date) -> tuple[Period, Period, Period]:
    """Return what a planning meeting looks at (METHOD point 10): today, this week, this month."""
    return today_only(today), week(today), month(today)


def weeks(today: date, count: int) -> tuple[Span, ...]:
    """Return the last so many weeks from Monday, the oldest first; the last one ends today."""
    monday = today - today.weekday() * DAY
    whole = [
        Span(monday - 7 * back * DAY, monday - (7 * back - 6) * DAY)
        for back in range(count - 1, 0, -1)
    ]
    return (*whole, Span(monday, today))


def elapsed(today: date) -> float:
    """Return the share of the month that has passed, today included."""
    return today.day / monthrange(today.year, today.month)[1]
