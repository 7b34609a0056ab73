"""Stocks over time, for charts: by week, as they were last counted in it.

Events by week are the summary's charts'. A week that was not counted is a gap, and no zero.
"""

from datetime import date
from typing import NamedTuple

from sheetsync.reporting.metrics.daily_counts import Counts
from sheetsync.reporting.metrics.periods import weeks


class Point(NamedTuple):
    """The first day of a week, and its value; None: not known."""

    day: date
    value: float | None


def weekly(
    counts: Counts, code: str, today: date, count: int
) -> tuple[Point, ...]:
    """Return a stock in each of the last `count` weeks, the oldest first."""
    points = []
    for span in weeks(today, count):
        # The end of a week is what it came to; a day on which no run wrote has no count.
        last_counted = counts.last(span)
        value = None if last_counted is None else counts.on(last_counted, code)
        points.append(Point(span.first, value))
    return tuple(points)
