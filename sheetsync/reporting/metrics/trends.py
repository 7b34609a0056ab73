"""Figures over time, for charts: stocks by day as they were counted, events by week as the Journal tells them.

A day that was not counted is a gap, and no zero.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from sheetsync.reporting.metrics.daily_counts import Counts
from sheetsync.reporting.metrics.events import Flows
from sheetsync.reporting.metrics.periods import Span, weeks


class Point(NamedTuple):
    """A day, or the first day of a week, and its value; None: not known."""

    day: date
    value: float | None


def daily(counts: Counts, code: str, span: Span, manager: str | None = None) -> tuple[Point, ...]:
    """Return a stock day by day."""
    days = (span.first + timedelta(days=at) for at in range(span.days))
    return tuple(Point(day, counts.on(day, code, manager)) for day in days)


def weekly(
    counts: Counts, code: str, today: date, count: int, manager: str | None = None
) -> tuple[Point, ...]:
    """Return a stock week by week, each as it was last counted."""
    return _weeks(counts, today, count, lambda day: counts.on(day, code, manager))


def weekly_part(counts: Counts, part: str, code: str, today: date, count: int) -> tuple[Point, ...]:
    """Return the rows of a state (`part` "states") or of a section ("sections") week by week, as they were last counted."""
    return _weeks(counts, today, count, lambda day: counts.part(day, part, code))


def _weeks(
    counts: Counts, today: date, count: int, value: Callable[[date], float | None]
) -> tuple[Point, ...]:
    spans = weeks(today, count)
    last = [(span.first, counts.last(span)) for span in spans]
    return tuple(Point(first, None if day is None else value(day)) for first, day in last)


def events(
    flows: Flows, code: str, today: date, count: int, manager: str | None = None
) -> tuple[Point, ...]:
    """Return an event week by week: companies taken, sold, moved in, moved out, moved by deadline."""
    return tuple(
        Point(span.first, figure.value)
        for span, figure in flows.weekly(code, today, count, manager)
    )
