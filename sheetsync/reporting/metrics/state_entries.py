"""Who came into which state in a period: states by manager, each company once a state.

The steps are `client_paths`'; what of them is shown, and in which words, is the reports'.
"""

from dataclasses import dataclass
from functools import cached_property

from sheetsync.reporting.metrics.client_paths import Paths
from sheetsync.reporting.metrics.events import Event
from sheetsync.reporting.metrics.figure import Figure
from sheetsync.reporting.metrics.periods import Period, Span

Entered = dict[tuple[str, str], tuple[Event, ...]]
"""By manager at the time ("": nobody) and state: the companies that came there, newest first."""


@dataclass(frozen=True)
class StateEntries:
    """The comings of the paths."""

    paths: Paths

    @cached_property
    def _by_span(self) -> dict[Span, Entered]:
        return {}

    def within(self, span: Span) -> Entered:
        """Return who came into which state in a span of days."""
        if span not in self._by_span:
            self._by_span[span] = self._within(span)
        return self._by_span[span]

    def _within(self, span: Span) -> Entered:
        steps = self.paths.steps
        in_span = steps["day"].between(*span.serials)
        # A company that came to and fro counts once, with the last time and its manager then.
        last = steps[in_span].drop_duplicates(["id", "after"], keep="last")
        events: dict[tuple[str, str], list[Event]] = {}
        columns = last[["after", *Event._fields]]
        for state, *values in columns.itertuples(index=False, name=None):
            event = Event._make(values)
            place = (event.manager, str(state))
            events.setdefault(place, []).append(event)
        entered = {}
        for place, came in events.items():
            came.sort(key=_newest_first)
            entered[place] = tuple(came)
        return entered

    def by_manager(
        self, period: Period
    ) -> dict[tuple[str, str], Figure] | None:
        """Return how many came into each state, against the period before.

        By manager ("": nobody) and state; None where the Journal does not reach back.
        """
        covers = self.paths.history.covers
        if not covers(period.now.first):
            return None
        now = self.within(period.now)
        past: Entered = {}
        known_before = covers(period.before.first)
        if known_before:
            past = self.within(period.before)
        figures = {}
        for place in now.keys() | past.keys():
            ids = tuple(event.id for event in now.get(place, ()))
            before = len(past.get(place, ())) if known_before else None
            figures[place] = Figure("entered", len(ids), before, ids)
        return figures


def _newest_first(event: Event) -> tuple[int, str]:
    return -event.day, event.id
