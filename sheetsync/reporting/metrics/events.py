"""What happened in a period: taken, advanced, sold, moved by deadline, refused with reasons, returned, lost; by manager.

A company counts once in a period, whatever it went through, so that every figure is a list of rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sheetsync.reporting.metrics.client_paths import Paths
from sheetsync.reporting.metrics.client_rows import ClientRows
from sheetsync.reporting.metrics.figure import Figure
from sheetsync.reporting.metrics.journal_frame import History
from sheetsync.reporting.metrics.periods import Period, Span, weeks
from sheetsync.values import to_serial

STEPS = ("taken", "returned", "advanced", "sold", "refused", "lost", "invoiced")
MOVES = ("by_deadline", "moved_in", "moved_out")
PUT_RIGHT = ("undo", "mend")
"""Rules of moves that only put something back."""


class Event(NamedTuple):
    """What happened to a company: its id, the serial day, its manager then, the round of its work, the run that told it."""

    id: str
    day: int
    manager: str
    round: int
    run: str


Events = dict[str | None, dict[str, Event]]
"""By manager, and of all (None): each company's last event by its id."""


@dataclass(frozen=True)
class Flows:
    """The events of a Journal, each with its day, its row and its manager at the time."""

    paths: Paths
    rows: ClientRows

    @property
    def history(self) -> History:
        """The Journal they come from."""
        return self.paths.history

    @cached_property
    def events(self) -> dict[str, pd.DataFrame]:
        """By code, one line an event, with the columns of `Event`."""
        steps = self.paths.steps
        found = {code: steps.loc[steps[code], [*Event._fields]] for code in STEPS}
        told = self.history.entries
        moves = told[
            told["kind"].isin(["moved", "section"]) & ~told["rule"].isin(PUT_RIGHT)
        ].assign(round=0)
        left, came = moves["before"] == "working", moves["after"] == "working"
        rules = [rule.name for rule in self.history.policy.on_expiry]
        marks = {
            "by_deadline": moves["rule"].isin(rules),
            "moved_in": came & ~left,
            "moved_out": left & ~came,
        }
        return {
            **found,
            **{code: moves.loc[mark, [*Event._fields]] for code, mark in marks.items()},
        }

    def within(self, code: str, span: Span, manager: str | None = None) -> tuple[Event, ...]:
        """Return the events of a span, each company's last one; `manager` None: everybody's, "": nobody's."""
        return tuple(self._within(code, span).get(manager, {}).values())

    def _within(self, code: str, span: Span) -> Events:
        if (code, span) not in self._seen:
            (days, events), found = self._told[code], Events()
            here = (days >= to_serial(span.first)) & (days <= to_serial(span.last))
            for event in (events[at] for at in np.flatnonzero(here)):
                for manager in (None, event.manager):
                    theirs = found.setdefault(manager, {})
                    theirs.pop(event.id, None)
                    theirs[event.id] = event
            self._seen[code, span] = found
        return self._seen[code, span]

    @cached_property
    def _told(self) -> dict[str, tuple["np.ndarray[Any, Any]", list[Event]]]:
        """By code, the events and the day of each: spans are asked for by the dozen."""
        return {
            code: (
                frame["day"].to_numpy(),
                [*map(Event._make, frame.itertuples(index=False, name=None))],
            )
            for code, frame in self.events.items()
        }

    @cached_property
    def _seen(self) -> dict[tuple[str, Span], Events]:
        return {}

    def managers(self, span: Span) -> tuple[str, ...]:
        """Name everybody to whom something happened in a span, in the order of the alphabet; "": nobody's rows."""
        return tuple(
            sorted(
                {
                    name
                    for code in self.events
                    for name in self._within(code, span)
                    if name is not None
                }
            )
        )

    def figure(self, code: str, period: Period, manager: str | None = None) -> Figure:
        """Return how many companies an event happened to. Codes: `STEPS`, `MOVES`."""
        now = self.within(code, period.now, manager)
        enough = self.history.covers(period.now.first)
        before = (
            len(self.within(code, period.before, manager))
            if self.history.covers(period.before.first)
            else None
        )
        return _counted(code, now, before, enough=enough)

    def amount(self, period: Period, manager: str | None = None) -> Figure:
        """Return the amount sold; None where none of the rows sold has one."""
        ids = _ids(self.within("sold", period.now, manager))
        enough = self.history.covers(period.now.first)
        before = (
            self._worth(period.before, manager)
            if self.history.covers(period.before.first)
            else None
        )
        value = self._worth(period.now, manager) if enough else None
        return Figure("sold_amount", value, before, ids if enough else (), enough)

    def unpriced(self, period: Period, manager: str | None = None) -> Figure:
        """Return how many of the companies sold have no amount."""
        enough = self.history.covers(period.now.first)
        ids = tuple(row_id for row_id, worth in self.worth(period.now, manager) if worth is None)
        past = [worth for _, worth in self.worth(period.before, manager) if worth is None]
        before = len(past) if self.history.covers(period.before.first) else None
        return Figure(
            "sold_unpriced", len(ids) if enough else None, before, ids if enough else (), enough
        )

    def worth(self, span: Span, manager: str | None = None) -> list[tuple[str, float | None]]:
        """Return each company sold in a span, with its amount."""
        sold = self.within("sold", span, manager)
        return [(event.id, self.rows.amount(event.id, event.round)) for event in sold]

    def _worth(self, span: Span, manager: str | None) -> float | None:
        amounts = [worth for _, worth in self.worth(span, manager)]
        known = [worth for worth in amounts if worth is not None]
        return sum(known) if known or not amounts else None

    def reasons(self, period: Period, manager: str | None = None) -> dict[str, Figure]:
        """Return the refusals of a period by the code of their reason, "" where none is given; the most frequent first."""
        enough = self.history.covers(period.now.first)
        now = self._by_reason(period.now, manager)
        before = self._by_reason(period.before, manager)
        known = self.history.covers(period.before.first)
        codes = sorted(
            {*now, *(before if known else ())}, key=lambda code: (-len(now.get(code, ())), code)
        )
        figures = {}
        for code in codes if enough else ():
            ids = tuple(now.get(code, ()))
            figures[code] = Figure(
                "refused", len(ids), len(before.get(code, ())) if known else None, ids
            )
        return figures

    def _by_reason(self, span: Span, manager: str | None) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for event in self.within("refused", span, manager):
            reason = (
                self._written.get((event.run, event.id))
                or self.rows.value(event.id, "refusal_reason")
                or ""
            )
            found.setdefault(str(reason), []).append(event.id)
        return found

    @cached_property
    def _written(self) -> dict[tuple[str, str], str]:
        """The reasons that runs have given themselves."""
        told = self.history.entries
        given = told[(told["kind"] == "reason") & told["after"].notna()]
        return {
            (run, row_id): after
            for run, row_id, after in zip(given["run"], given["id"], given["after"], strict=True)
        }

    def weekly(
        self, code: str, today: date, count: int, manager: str | None = None
    ) -> tuple[tuple[Span, Figure], ...]:
        """Return an event by weeks from Monday, the oldest first; the last one ends today."""
        found = []
        for each in weeks(today, count):
            known = self.history.covers(each.first)
            found.append(
                (each, _counted(code, self.within(code, each, manager), None, enough=known))
            )
        return tuple(found)


def _ids(events: Sequence[Event]) -> tuple[str, ...]:
    return tuple(event.id for event in events)


def _counted(code: str, events: Sequence[Event], before: int | None, *, enough: bool) -> Figure:
    ids = _ids(events) if enough else ()
    return Figure(code, len(ids) if enough else None, before, ids, enough)
