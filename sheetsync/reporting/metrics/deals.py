"""What deals are like: the average and the middle amount, and how long they take.

Which deals there were is `events`'. Lengths are whole days, amounts in the book's currency.
"""

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from statistics import mean, median
from typing import NamedTuple

from sheetsync.reporting.metrics.events import Flows
from sheetsync.reporting.metrics.figure import Figure, Whose, unknown
from sheetsync.reporting.metrics.periods import Period, Span

LENGTHS = (7, 14, 30, 40, 60, 90)
"""Upper ends of the buckets of lengths, in days: the method's deadlines are 14, 30 and 40."""
SCALES = (LENGTHS, (30, 60, 90, 120, 180, 365), (1, 2, 3, 5, 7, 10))
"""Buckets to choose from, the method's own first: for deals of months, and of days."""


_Middle = Callable[[list[float]], float]
"""What stands for many values: their average, or the middle one."""


class Bucket(NamedTuple):
    """Deals of `least` to `most` days, both included; `most` None: any more."""

    least: int
    most: int | None
    figure: Figure


@dataclass(frozen=True)
class Deals:
    """Deals as the events of a Journal tell them."""

    flows: Flows

    def average(self, period: Period, manager: Whose = None) -> Figure:
        """Return the average amount of a sale; None where nothing with an amount was sold."""
        return self._of_amounts("average_deal", mean, period, manager)

    def middle(self, period: Period, manager: Whose = None) -> Figure:
        """Return the middle amount of a sale."""
        return self._of_amounts("median_deal", median, period, manager)

    def length(self, period: Period, manager: Whose = None) -> Figure:
        """Return the middle number of days from the beginning of work to the payment."""
        return self._of_lengths("deal_length", "sold", period, manager)

    def days_to_deal(self, period: Period, manager: Whose = None) -> Figure:
        """Return the middle number of days from the beginning of work to the deal."""
        return self._of_lengths("days_to_deal", "invoiced", period, manager)

    def _of_amounts(
        self, code: str, middle_of: _Middle, period: Period, manager: Whose
    ) -> Figure:
        def amounts(span: Span) -> dict[str, float]:
            worth = self.flows.worth(span, manager)
            return {
                row_id: amount for row_id, amount in worth if amount is not None
            }

        return self._figure(code, amounts, middle_of, period)

    def _of_lengths(
        self, code: str, event: str, period: Period, manager: Whose
    ) -> Figure:
        def lengths(span: Span) -> dict[str, float]:
            return self.lengths(event, span, manager)

        return self._figure(code, lengths, median, period)

    def _figure(
        self,
        code: str,
        values_in: Callable[[Span], dict[str, float]],
        middle_of: _Middle,
        period: Period,
    ) -> Figure:
        """Return the average or the middle one of values, given by id for each span of a period."""
        covers = self.flows.history.covers
        if not covers(period.now.first):
            return unknown(code)
        now = values_in(period.now)
        value = middle_of([*now.values()]) if now else None
        before = None
        if covers(period.before.first):
            past = values_in(period.before)
            before = middle_of([*past.values()]) if past else None
        return Figure(code, value, before, tuple(now))

    def lengths(
        self, code: str, span: Span, manager: Whose = None
    ) -> dict[str, float]:
        """Return by id the whole days from the beginning of work to an event.

        None of a company of which either day is not known.
        """
        rows = self.flows.rows
        lengths = {}
        for event in self.flows.within(code, span, manager):
            began = rows.began(event.id, event.round)
            if began is None:
                continue
            days = event.day - int(began)
            # A beginning that was typed after the event says nothing of how long it took.
            if days >= 0:
                lengths[event.id] = float(days)
        return lengths

    def scale(self, period: Period) -> tuple[int, ...]:
        """Return the buckets that tell most of the sales of a period.

        Those are the ones of which the fullest holds least.
        """
        lengths = [*self.lengths("sold", period.now).values()]

        def fullest(ends: tuple[int, ...]) -> int:
            in_buckets = Counter(bisect_left(ends, days) for days in lengths)
            return max(in_buckets.values(), default=0)

        # Of scales that do equally well the first one, the method's own.
        return min(SCALES, key=fullest)

    def distribution(
        self,
        period: Period,
        manager: Whose = None,
        ends: tuple[int, ...] = LENGTHS,
    ) -> tuple[Bucket, ...]:
        """Return the sales of a period by how long they took, each bucket with its rows.

        A bucket reaches up to one of `ends`, in days; the last one has no end.
        """
        covers = self.flows.history.covers
        now = self.lengths("sold", period.now, manager)
        past = self.lengths("sold", period.before, manager)
        beginnings = (0, *(end + 1 for end in ends))
        buckets = []
        for least, most in zip(beginnings, (*ends, None), strict=True):
            figure = unknown("length")
            if covers(period.now.first):
                ids = _ids_between(now, least, most)
                before = None
                if covers(period.before.first):
                    before = len(_ids_between(past, least, most))
                figure = Figure("length", len(ids), before, ids)
            buckets.append(Bucket(least, most, figure))
        return tuple(buckets)


def _ids_between(
    lengths: dict[str, float], least: int, most: int | None
) -> tuple[str, ...]:
    end = math.inf if most is None else most
    return tuple(
        row_id for row_id, days in lengths.items() if least <= days <= end
    )
