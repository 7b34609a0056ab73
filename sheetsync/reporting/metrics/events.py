"""What happened in a period: taken, advanced, sold, moved, refused with reasons, lost; by manager.

The steps are `client_paths`', amounts and reasons the rows'. A company counts once in a period,
whatever it went through, so that every figure is a list of rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sheetsync.method.codes import SectionCode
from sheetsync.reporting.metrics.client_paths import Paths
from sheetsync.reporting.metrics.client_rows import ClientRows
from sheetsync.reporting.metrics.figure import Figure, Whose, unknown
from sheetsync.reporting.metrics.journal_frame import History
from sheetsync.reporting.metrics.periods import Period, Span
from sheetsync.workbook.frame_rows import cells_of

STEPS = ("taken", "returned", "advanced", "sold", "refused", "lost", "invoiced")
"""Events that are steps from state to state."""
MOVES = ("by_deadline", "moved_in", "moved_out")
"""Events that are moves from section to section."""
PUT_RIGHT = ("undo", "mend")
"""Rules of moves that only put something back."""


class Event(NamedTuple):
    """What happened to a company: its id, the serial day, its manager then, and the run that told.

    `round`: of its work.
    """

    id: str
    day: int
    manager: str
    round: int
    run: str


EventsById = dict[str, Event]
"""Each company's last event by its id."""
EventsByManager = dict[Whose, EventsById]
"""By manager ("": nobody), and of all (None)."""


class DatedEvents(NamedTuple):
    """Events, and the serial day of each as an array."""

    days: "np.ndarray[Any, Any]"
    events: list[Event]


def _dated(
    entries: pd.DataFrame, codes: Sequence[str]
) -> dict[str, DatedEvents]:
    """Return the events of entries, by the codes of which they bear a mark."""
    # Spans are asked for by the dozen: a frame would be too slow to go through each time.
    columns = [cells_of(entries[name]) for name in Event._fields]
    events = [*map(Event._make, zip(*columns, strict=True))]
    days = entries["day"].to_numpy()
    dated = {}
    for code in codes:
        places = np.flatnonzero(entries[code].to_numpy())
        of_code = [events[place] for place in places.tolist()]
        dated[code] = DatedEvents(days[places], of_code)
    return dated


@dataclass(frozen=True)
class Flows:
    """The events of a Journal, each with its day, its row and its manager at the time."""

    paths: Paths
    rows: ClientRows
    paid_on: Mapping[str, int] = field(default_factory=dict)
    """The serial day of each company's payment, by its id."""

    @property
    def history(self) -> History:
        """The Journal they come from."""
        return self.paths.history

    @cached_property
    def events(self) -> dict[str, DatedEvents]:
        """By code, what happened, in the order of the Journal."""
        steps = _dated(self.paths.steps, STEPS)
        moves = _dated(self._moves, MOVES)
        sold = _dated(self._sales, ["sold"])
        return {**steps, **moves, **sold}

    @property
    def _sales(self) -> pd.DataFrame:
        """The steps that are sales, each from the day of its payment on."""
        sales = self.paths.steps
        sales = sales[sales["sold"]]
        paid = sales["id"].map(self.paid_on).astype("float64")
        # The payment that stands in a row is that of its last round.
        is_last = ~sales["id"].duplicated(keep="last")
        later = is_last & (paid > sales["day"])
        days = sales["day"].where(~later, paid).astype("int64")
        return sales.assign(day=days).sort_values("day", kind="stable")

    @cached_property
    def _moves(self) -> pd.DataFrame:
        """The entries that are moves, by a run or by hand, with the marks of `MOVES`."""
        entries = self.history.entries
        # What only takes something back is nothing that happened.
        put_right = entries["rule"].isin(PUT_RIGHT)
        moved = entries["kind"].isin(["moved", "section"])
        moves = entries[moved & ~put_right]
        left = moves["before"] == SectionCode.WORKING
        came = moves["after"] == SectionCode.WORKING
        deadline_rules = [rule.name for rule in self.history.policy.on_expiry]
        return moves.assign(
            round=0,
            by_deadline=moves["rule"].isin(deadline_rules),
            moved_in=came & ~left,
            moved_out=left & ~came,
        )

    def within(
        self, code: str, span: Span, manager: Whose = None
    ) -> tuple[Event, ...]:
        """Return the events of a span, each company's last one."""
        by_manager = self._within(code, span)
        by_id = by_manager.get(manager, {})
        return tuple(by_id.values())

    def _within(self, code: str, span: Span) -> EventsByManager:
        key = (code, span)
        if key not in self._by_span:
            self._by_span[key] = self._last_events(code, span)
        return self._by_span[key]

    @cached_property
    def _by_span(self) -> dict[tuple[str, Span], EventsByManager]:
        return {}

    def _last_events(self, code: str, span: Span) -> EventsByManager:
        days, events = self.events[code]
        first, last = span.serials
        in_span = (days >= first) & (days <= last)
        by_manager = EventsByManager()
        for place in np.flatnonzero(in_span):
            event = events[place]
            everybodys = by_manager.setdefault(None, {})
            managers = by_manager.setdefault(event.manager, {})
            _put_last(everybodys, event)
            _put_last(managers, event)
        return by_manager

    def managers(self, span: Span) -> tuple[str, ...]:
        """Name everybody to whom something happened in a span, in the order of the alphabet.

        "": nobody's rows.
        """
        names = set[str]()
        for code in self.events:
            by_manager = self._within(code, span)
            names.update(name for name in by_manager if name is not None)
        return tuple(sorted(names))

    def figure(
        self, code: str, period: Period, manager: Whose = None
    ) -> Figure:
        """Return how many companies an event happened to. Codes: `STEPS`, `MOVES`."""
        covers = self.history.covers
        if not covers(period.now.first):
            return unknown(code)
        ids = _ids(self.within(code, period.now, manager))
        before = None
        if covers(period.before.first):
            past = self.within(code, period.before, manager)
            before = len(past)
        return Figure(code, len(ids), before, ids)

    def amount(self, period: Period, manager: Whose = None) -> Figure:
        """Return the amount sold; None where none of the rows sold has one."""
        covers = self.history.covers
        if not covers(period.now.first):
            return unknown("sold_amount")
        sold = self.within("sold", period.now, manager)
        value = self._sum_sold(period.now, manager)
        before = None
        if covers(period.before.first):
            before = self._sum_sold(period.before, manager)
        return Figure("sold_amount", value, before, _ids(sold))

    def _sum_sold(self, span: Span, manager: Whose) -> float | None:
        worth = self.worth(span, manager)
        known = [amount for _, amount in worth if amount is not None]
        # Nothing sold is 0; of sales without any amount nothing is known.
        if worth and not known:
            return None
        return sum(known)

    def unpriced(self, period: Period, manager: Whose = None) -> Figure:
        """Return how many of the companies sold have no amount."""
        covers = self.history.covers
        if not covers(period.now.first):
            return unknown("sold_unpriced")
        ids = self._without_amount(period.now, manager)
        before = None
        if covers(period.before.first):
            past = self._without_amount(period.before, manager)
            before = len(past)
        return Figure("sold_unpriced", len(ids), before, ids)

    def _without_amount(self, span: Span, manager: Whose) -> tuple[str, ...]:
        worth = self.worth(span, manager)
        return tuple(row_id for row_id, amount in worth if amount is None)

    def worth(
        self, span: Span, manager: Whose = None
    ) -> list[tuple[str, float | None]]:
        """Return each company sold in a span, with its amount in the book's currency."""
        worth = []
        for event in self.within("sold", span, manager):
            amount = self.rows.amount(event.id, event.round)
            worth.append((event.id, amount))
        return worth

    def reasons(
        self, period: Period, manager: Whose = None
    ) -> dict[str, Figure]:
        """Return the refusals of a period by the code of their reason, the most frequent first.

        "" where none is given; nothing where the Journal does not reach back.
        """
        covers = self.history.covers
        if not covers(period.now.first):
            return {}
        now = self._by_reason(period.now, manager)
        past: dict[str, list[str]] = {}
        known_before = covers(period.before.first)
        if known_before:
            past = self._by_reason(period.before, manager)

        def most_frequent_first(code: str) -> tuple[int, str]:
            return -len(now.get(code, ())), code

        codes = now.keys() | past.keys()
        figures = {}
        for code in sorted(codes, key=most_frequent_first):
            ids = tuple(now.get(code, ()))
            before = len(past.get(code, ())) if known_before else None
            figures[code] = Figure("refused", len(ids), before, ids)
        return figures

    def _by_reason(self, span: Span, manager: Whose) -> dict[str, list[str]]:
        by_reason: dict[str, list[str]] = {}
        for event in self.within("refused", span, manager):
            reason = self._reason(event)
            by_reason.setdefault(reason, []).append(event.id)
        return by_reason

    def _reason(self, refusal: Event) -> str:
        # A run that refuses gives the reason in the same breath; people write it into the row.
        by_run = self._reasons_of_runs.get((refusal.run, refusal.id))
        reason = by_run or self.rows.value(refusal.id, "refusal_reason")
        return str(reason or "")

    @cached_property
    def _reasons_of_runs(self) -> dict[tuple[str, str], str]:
        """The reasons that runs have given themselves, by run and id."""
        entries = self.history.entries
        is_reason = entries["kind"] == "reason"
        understood = entries["after"].notna()
        reasons = entries[is_reason & understood]
        keys = zip(reasons["run"], reasons["id"], strict=True)
        return dict(zip(keys, reasons["after"], strict=True))


def _put_last(by_id: EventsById, event: Event) -> None:
    """Keep a company's newest event alone, at the end."""
    # A key that is only set anew would keep its old place.
    by_id.pop(event.id, None)
    by_id[event.id] = event


def _ids(events: Sequence[Event]) -> tuple[str, ...]:
    return tuple(event.id for event in events)
