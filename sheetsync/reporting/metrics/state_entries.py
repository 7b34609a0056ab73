"""Who came into which state in a period: states by manager, as the Journal tells it, each company once a state."""

from dataclasses import dataclass
from functools import cached_property

from sheetsync.reporting.metrics.client_paths import Paths
from sheetsync.reporting.metrics.events import Event
from sheetsync.reporting.metrics.figure import Figure
from sheetsync.reporting.metrics.periods import Period, Span
from sheetsync.values import to_serial

Entered = dict[tuple[str, str], tuple[Event, ...]]
"""By manager at the time ("": nobody) and state: the companies that came there, the last time they did, the newest first."""


@dataclass(frozen=True)
class StateEntries:
    """The comings of the paths."""

    paths: Paths

    @cached_property
    def _seen(self) -> dict[Span, Entered]:
        return {}

    def within(self, span: Span) -> Entered:
        """Return who came into which state in a span of days."""
        if span not in self._seen:
            self._seen[span] = self._within(span)
        return self._seen[span]

    def _within(self, span: Span) -> Entered:
        steps = self.paths.steps
        found = steps[steps["day"].between(to_serial(span.first), to_serial(span.last))]
        found = found.drop_duplicates(["id", "after"], keep="last")
        entered: dict[tuple[str, str], list[Event]] = {}
        columns = found[["after", *Event._fields]]
        for state, *event in columns.itertuples(index=False, name=None):
            made = Event._make(event)
            entered.setdefault((made.manager, str(state)), []).append(made)
        return {
            place: tuple(sorted(events, key=lambda event: (-event.day, event.id)))
            for place, events in entered.items()
        }

    def by_manager(self, period: Period) -> dict[tuple[str, str], Figure] | None:
        """Return how many came into each state, against the period before; None where the Journal does not reach back."""
        covers = self.paths.history.covers
        if not covers(period.now.first):
            return None
        now, known = self.within(period.now), covers(period.before.first)
        past = self.within(period.before) if known else {}
        found = {}
        for place in now.keys() | past.keys():
            ids = tuple(event.id for event in now.get(place, ()))
            found[place] = Figure(
                "entered", len(ids), len(past.get(place, ())) if known else None, ids
            )
        return found
