"""What deals are like: the average and the middle amount, how long they take, and how the lengths are distributed."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from statistics import mean, median
from typing import NamedTuple

from sheetsync.reporting.metrics.events import Flows
from sheetsync.reporting.metrics.figure import Figure
from sheetsync.reporting.metrics.periods import Period, Span

LENGTHS = (7, 14, 30, 40, 60, 90)
"""Upper ends of the buckets of lengths, in days: the method's deadlines are 14, 30 and 40."""
SCALES = (LENGTHS, (30, 60, 90, 120, 180, 365), (1, 2, 3, 5, 7, 10))
"""Buckets to choose from, the method's own first: for deals of months, and of days."""


class Bucket(NamedTuple):
    """Deals of `least` to `most` days, both included; `most` None: any more."""

    least: int
    most: int | None
    figure: Figure


@dataclass(frozen=True)
class Deals:
    """Deals as the events of a Journal tell them."""

    flows: Flows

    def average(self, period: Period, manager: str | None = None) -> Figure:
        """Return the average amount of a sale; None where nothing was sold, or nothing with an amount."""
        return self._money("average_deal", mean, period, manager)

    def middle(self, period: Period, manager: str | None = None) -> Figure:
        """Return the middle amount of a sale."""
        return self._money("median_deal", median, period, manager)

    def _money(
        self, code: str, of: Callable[[list[float]], float], period: Period, manager: str | None
    ) -> Figure:
        def amounts(span: Span) -> dict[str, float]:
            return {
                row_id: worth
                for row_id, worth in self.flows.worth(span, manager)
                if worth is not None
            }

        return self._figure(code, amounts, of, period)

    def length(self, period: Period, manager: str | None = None) -> Figure:
        """Return the middle number of days from the beginning of work to the payment."""
        return self._figure(
            "deal_length", lambda span: self.lengths("sold", span, manager), median, period
        )

    def days_to_deal(self, period: Period, manager: str | None = None) -> Figure:
        """Return the middle number of days from the beginning of work to the deal."""
        return self._figure(
            "days_to_deal", lambda span: self.lengths("invoiced", span, manager), median, period
        )

    def _figure(
        self,
        code: str,
        values: Callable[[Span], dict[str, float]],
        of: Callable[[list[float]], float],
        period: Period,
    ) -> Figure:
        covers = self.flows.history.covers
        if not covers(period.now.first):
            return Figure(code, None, enough=False)
        now = values(period.now)
        past = values(period.before) if covers(period.before.first) else {}
        return Figure(
            code,
            of([*now.values()]) if now else None,
            of([*past.values()]) if past else None,
            tuple(now),
        )

    def lengths(self, code: str, span: Span, manager: str | None = None) -> dict[str, float]:
        """Return by id the whole days from the beginning of work to an event; none where either is not known."""
        found = {}
        for event in self.flows.within(code, span, manager):
            began = self.flows.rows.began(event.id, event.round)
            if began is not None and int(began) <= event.day:
                found[event.id] = float(event.day - int(began))
        return found

    def scale(self, period: Period) -> tuple[int, ...]:
        """Return the buckets that tell most of the sales of a period: those of which the fullest holds least."""
        lengths = [*self.lengths("sold", period.now).values()]

        def fullest(ends: tuple[int, ...]) -> int:
            return max(Counter(bisect_left(ends, days) for days in lengths).values(), default=0)

        return min(SCALES, key=fullest)

    def distribution(
        self, period: Period, manager: str | None = None, ends: tuple[int, ...] = LENGTHS
    ) -> tuple[Bucket, ...]:
        """Return the sales of a period by how long they took, each bucket, up to one of `ends`, with its rows."""
        covers = self.flows.history.covers
        enough, known = covers(period.now.first), covers(period.before.first)
        now, past = (self.lengths("sold", span, manager) for span in (period.now, period.before))
        buckets = []
        for least, most in zip((0, *(end + 1 for end in ends)), (*ends, None), strict=True):
            ids, before = (
                [i for i, days in of.items() if least <= days and (most is None or days <= most)]
                for of in (now, past)
            )
            value = len(ids) if enough else None
            figure = Figure(
                "length",
                value,
                len(before) if known else None,
                tuple(ids) if enough else (),
                enough,
            )
            buckets.append(Bucket(least, most, figure))
        return tuple(buckets)
