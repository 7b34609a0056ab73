"""Whatever people, daemons and faults do to a base, in whatever order: no client is lost or doubled, no typed cell is lost.

The fast profile runs with every test; `make soak` plays thousands of steps more.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from typing import Any

import pytest
import stamina
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sheetsync.emulator import Crashed, Fault, Faults
from sheetsync.errors import BrokenPromise, InputError, SheetsyncError
from sheetsync.sheets.requests.body import BatchRoom
from sheetsync.workbook.answers import DECISION, asked, line_key
from tests.builders.accounts import settle, taken
from tests.builders.around import around, furnish
from tests.builders.bench import TITLES
from tests.builders.desk import COLUMNS, EDITOR, METHODS, NOTE, OWN, OWNER, Daemon, Desk, means

STATES = (
    "New",
    "Contact 1",
    "Contact 2",
    "Contact 3",
    "Refusal",
    "Client",
    "Strategic reserve",
    "Call round",
    "nonsense",
)
BEGAN = ("2026-01-10", "2026-02-20", "2026-02-28", "soon")
DECISIONS = (
    "take into work",
    "to: Strategic archive",
    "to rework: Crisis",
    "to: Refusal, to rework",
    "refuse: No money",
    "refuse: Negative",
    "hand to: Manager 1",
    "hand to: Manager 2",
    "extend by 7 days",
    "extend by 99 days",
    "nonsense",
    "",
)
REQUESTS = st.integers(1, 5)
REQUESTS_OF_PARTS = st.integers(1, 20)
"""Requests of a night in parts, five a part: its seams lie between 5 and 6, 10 and 11 …"""
SMALL_ROOM = BatchRoom(size=260_000, moves=1)
"""A batch that moves one client, and holds some of the reports."""
CLIENTS = st.integers(0, 200)
TABS = st.sampled_from(list(TITLES.values()))
KINDS: dict[str, Callable[[int], Faults]] = {
    "drop before": lambda at: Faults((Fault("drop", nth=at, times=1),)),
    "drop after": lambda at: Faults((Fault("drop", after=True, nth=at, times=1),)),
    "hang": lambda at: Faults((Fault("hang", nth=at, times=1),)),
    "hang after": lambda at: Faults((Fault("hang", after=True, nth=at, times=1),)),
    "503": lambda at: Faults((Fault("error", status=503, nth=at, times=1),)),
    "503 after": lambda at: Faults((Fault("error", status=503, after=True, nth=at, times=1),)),
    "429": lambda at: Faults((Fault("error", status=429, nth=at, times=1),)),
    "deadline": lambda at: Faults((Fault("deadline", seconds=0, nth=at, times=1),)),
    "deadline after": lambda at: Faults(
        (Fault("deadline", seconds=0, after=True, nth=at, times=1),)
    ),
    "truncate": lambda at: Faults((Fault("truncate", nth=at, times=1),)),
    "crash before": lambda at: Faults((Fault("crash", point="before-call", nth=at, times=1),)),
    "crash after": lambda at: Faults((Fault("crash", point="before-answer", nth=at, times=1),)),
    "everything after is gone": lambda at: Faults((Fault("drop", nth=at),)),
}


SMALL = timedelta(days=14)
"""How long a small client may be worked on: the label of everybody here."""


def _stays(title: str, cells: Mapping[str, Any], today: date) -> bool:
    """Tell of a client, by what people typed alone, whether no rule has a reason to move it."""
    state, began = cells.get("State"), cells.get("Work began")
    if title == "Working list" and str(state).startswith("Contact") and began in BEGAN[:3]:
        return date.fromisoformat(str(began)) + SMALL >= today
    return (title, state) in {("Clients", "Client"), ("Strategic archive", "Strategic reserve")}


class Base(RuleBasedStateMachine):
    """A base that people and daemons work on at once."""

    def __init__(self) -> None:
        super().__init__()
        stamina.set_testing(True, attempts=5, cap=True)
        self.desk = Desk()
        self.processes = 0
        self.decided = set[str]()
        """Clients of whom somebody has decided on a report, so that they may move, and change hands, by no rule."""

    def teardown(self) -> None:
        """Give stamina its pauses back."""
        stamina.set_testing(False)

    def _one(self, pick: int) -> str | None:
        alive = [number for number, client in self.desk.clients.items() if not client.deleted]
        return alive[pick % len(alive)] if alive else None

    def _daemon(self, faults: Faults | None = None) -> Daemon:
        self.processes += 1
        # A process number that no machine has: a lease it leaves behind is that of a dead one.
        return self.desk.daemon(faults, holder=f"here:{9_000_000 + self.processes}")

    @initialize()
    def some_clients(self) -> None:
        """Begin with a base of every kind."""
        for title, state, began in (
            ("Working list", "Contact 2", "2026-01-10"),
            ("Working list", "Contact 1", "2026-02-28"),
            ("Working list", "New", "2026-02-28"),
            ("Working list", "Refusal", "2026-01-10"),
            ("Strategic archive", "Strategic reserve", "2026-01-10"),
            ("Refusal, to rework", "Refusal", "2025-09-01"),
            ("Clients", "Client", "2026-01-10"),
        ):
            self.desk.add(title, state, began)
        furnish(self.desk)

    @rule(title=TABS, state=st.sampled_from(STATES), began=st.sampled_from(BEGAN))
    def somebody_adds_a_client(self, title: str, state: str, began: str) -> None:
        """Type a new client."""
        if len(self.desk.clients) < 25:
            self.desk.add(title, state, began)

    @rule(pick=CLIENTS, state=st.sampled_from(STATES))
    def a_manager_sets_a_state(self, pick: int, state: str) -> None:
        """Change a state."""
        if number := self._one(pick):
            self.desk.type(EDITOR, number, "State", state)

    @rule(
        pick=CLIENTS,
        heading=st.sampled_from([NOTE, "Phone", "Last contact", "Manager"]),
        text=st.sampled_from(["x", "=1", "'2", "+7 999", "2026-03-01", "é ё"]),
    )
    def a_manager_types(self, pick: int, heading: str, text: str) -> None:
        """Type into a cell."""
        if number := self._one(pick):
            self.desk.type(EDITOR, number, heading, text)

    @rule(pick=CLIENTS)
    def a_manager_deletes_a_row(self, pick: int) -> None:
        """Delete a client."""
        if (number := self._one(pick)) and sum(
            not c.deleted for c in self.desk.clients.values()
        ) > 3:
            self.desk.delete(number)

    @rule(pick=CLIENTS, title=TABS)
    def a_manager_carries_a_row(self, pick: int, title: str) -> None:
        """Cut and paste a row into another tab."""
        if number := self._one(pick):
            self.desk.carry(number, title)

    @rule(pick=CLIENTS, said=st.sampled_from(DECISIONS))
    def somebody_decides(self, pick: int, said: str) -> None:
        """Type a decision beside a client, on the summary or on a manager's sheet."""
        found = [
            (title, at, number)
            for title in self.desk.sheets()
            if title == "Summary" or title.startswith("Overdue")
            for at, number in self._asked(title)
        ]
        if found:
            title, at, number = found[pick % len(found)]
            self.desk.write(EDITOR, title, at, [said], 3 if title == "Summary" else 7)
            self.decided.add(number)

    def _asked(self, title: str) -> Iterator[tuple[int, str]]:
        """Go through the lines of a report on which is asked what to decide: row and client."""
        names = {client.typed["Company"]: number for number, client in self.desk.clients.items()}
        for at, row in enumerate(self.desk.values(title)):
            if row and asked(
                title.partition(" ")[0].lower().replace("overdue", "manager"), line_key(row[0])
            ).keys() == {DECISION}:
                yield at, names[str(row[1])]

    @rule(title=TABS, column=st.integers(0, 9), down=st.booleans(), short=st.booleans())
    def a_manager_sorts(self, title: str, column: int, down: bool, short: bool) -> None:  # noqa: FBT001  # drawn
        """Sort a tab, whole or only the team's columns: the program's own then stay behind."""
        headings, *rows = self.desk.tabs()[title]
        width = len(COLUMNS) if short else len(headings)
        if short and {OWN, "Company"} - set(headings[:width]):
            return
        area = {
            "sheetId": self.desk.sheet_id(title),
            "startRowIndex": 1,
            "endRowIndex": len(rows) + 1,
            "startColumnIndex": 0,
            "endColumnIndex": width,
        }
        spec = {"dimensionIndex": column, "sortOrder": "DESCENDING" if down else "ASCENDING"}
        if rows:
            self.desk.batch(OWNER, {"sortRange": {"range": area, "sortSpecs": [spec]}})

    @rule(title=TABS, at=st.integers(1, 6))
    def a_manager_inserts_an_empty_row(self, title: str, at: int) -> None:
        """Make room between clients."""
        rows = self.desk.tabs()[title]
        if 1 < at < len(rows):
            self.desk.batch(
                EDITOR,
                {
                    "insertDimension": {
                        "range": self.desk.rows(title, at, at + 1),
                        "inheritFromBefore": True,
                    }
                },
            )

    @rule(
        title=TABS,
        now=st.sampled_from(
            ["Hot ones", "Archive", "Our clients", "Рабочий список", *TITLES.values()]
        ),
    )
    def a_manager_renames_a_tab(self, title: str, now: str) -> None:
        """Call a tab something else, even by the name of another section; before a first night, a name is all it is known by."""
        if self.desk.journal() or now == "Hot ones":
            self.desk.rename(title, now)

    @rule(title=TABS, source=st.integers(0, 9), to=st.integers(0, 9))
    def the_owner_moves_a_column(self, title: str, source: int, to: int) -> None:
        """Put a column elsewhere."""
        if source == to:
            return
        place = {
            "sheetId": self.desk.sheet_id(title),
            "dimension": "COLUMNS",
            "startIndex": source,
            "endIndex": source + 1,
        }
        self.desk.batch(OWNER, {"moveDimension": {"source": place, "destinationIndex": to}})

    @rule(title=TABS, row=st.integers(1, 5))
    def a_manager_drags_an_id_down(self, title: str, row: int) -> None:
        """Copy one row's ID over the next one's, as the fill handle does."""
        headings, *rows = self.desk.tabs()[title]
        if "ID" in headings and row < len(rows):
            column = headings.index("ID")
            cells = rows[row - 1]
            if column < len(cells) and cells[column]:
                self.desk.write(OWNER, title, row + 1, [str(cells[column])], column)

    @rule(title=TABS, by=st.integers(1, 3))
    def a_manager_pastes_ids_in_another_order(self, title: str, by: int) -> None:
        """Put every ID of a tab beside another client."""
        headings, *rows = self.desk.tabs()[title]
        if "ID" not in headings or not rows:
            return
        column = headings.index("ID")
        ids = [str(row[column]) if column < len(row) else "" for row in rows]
        for row, row_id in enumerate([*ids[by % len(ids) :], *ids[: by % len(ids)]], start=1):
            self.desk.write(OWNER, title, row, [row_id], column)

    @rule(days=st.integers(1, 20))
    def days_pass(self, days: int) -> None:
        """Let deadlines come."""
        self.desk.today += timedelta(days=days)

    def _night(self, daemon: Daemon, *, owner: bool = False) -> None:
        """Run; a run may fail in words for people. Only the owner's hand in it may need a person afterwards."""
        outer, self.desk.busy = self.desk.busy, True
        try:
            daemon.run()
        except BrokenPromise:
            if not owner:
                raise
        except (SheetsyncError, Crashed):
            pass
        finally:
            self.desk.busy = outer

    @contextmanager
    def _accounted(self, *, by_rules: bool = True) -> Iterator[None]:
        """Let runs work while no person does: the Journal accounts for every change.

        Where they go `by_rules`, who is in time, or at home, stays; whatever has become of the IDs.
        """
        before = taken(self.desk)
        yield
        for number, (old, tab, cells) in settle(self.desk, before).items():
            rests = _stays(old, cells, self.desk.today) and number not in self.decided
            assert not by_rules or tab == old or not rests, (number, old, tab, cells)

    @rule()
    def a_night(self) -> None:
        """Run undisturbed; a second run has nothing to do."""
        with self._accounted():
            self._daemon().run()
            again = self._daemon().run()
        assert not again.wrote, (again.planned.plan.moves, again.planned.plan.edits)

    @rule(kind=st.sampled_from(list(KINDS)), at=REQUESTS)
    def a_night_with_a_fault(self, kind: str, at: int) -> None:
        """Run under a fault."""
        with self._accounted():
            self._night(self._daemon(KINDS[kind](at)))

    def _daemon_of_parts(self, faults: Faults | None = None) -> Daemon:
        daemon = self._daemon(faults)
        daemon.opened.line.room = SMALL_ROOM
        return daemon

    @rule()
    def a_night_in_parts(self) -> None:
        """Run in as many batches as it takes; a second run has nothing to do."""
        with self._accounted():
            self._daemon_of_parts().run()
            again = self._daemon().run()
        assert not again.wrote, (again.planned.plan.moves, again.planned.plan.edits)

    @rule(kind=st.sampled_from(list(KINDS)), at=REQUESTS_OF_PARTS)
    def a_night_in_parts_with_a_fault(self, kind: str, at: int) -> None:
        """Run in parts under a fault, in one of them or between two."""
        with self._accounted():
            self._night(self._daemon_of_parts(KINDS[kind](at)))

    @rule(at=REQUESTS_OF_PARTS, pick=CLIENTS, state=st.sampled_from(STATES))
    def a_manager_types_during_a_night_in_parts(self, at: int, pick: int, state: str) -> None:
        """Set a state while a run in parts is at work, where a lock lets one: between two parts."""
        daemon, number = self._daemon_of_parts(), self._one(pick)
        if number is None:
            return

        def deed() -> None:
            with suppress(PermissionError):
                self.desk.type(EDITOR, number, "State", state)

        daemon.wire.before[at] = deed
        self._night(daemon)

    @rule(at=REQUESTS_OF_PARTS)
    def two_daemons_in_parts_at_once(self, at: int) -> None:
        """Start a second daemon in the middle of a night in parts."""
        first, second = self._daemon_of_parts(), self._daemon_of_parts()
        first.wire.before[at] = lambda: self._night(second)
        with self._accounted():
            self._night(first)

    @rule(at=REQUESTS, pick=CLIENTS, text=st.sampled_from(["typed meanwhile", "5"]))
    def a_manager_types_during_a_night(self, at: int, pick: int, text: str) -> None:
        """Type into a row while a run is at work, where the lock lets one."""
        daemon, number = self._daemon(), self._one(pick)
        if number is None:
            return

        def deed() -> None:
            with suppress(PermissionError):
                self.desk.type(EDITOR, number, NOTE, text)

        daemon.wire.before[at] = deed
        self._night(daemon)

    @rule(at=REQUESTS, title=TABS, down=st.booleans())
    def the_owner_sorts_during_a_night(self, at: int, title: str, down: bool) -> None:  # noqa: FBT001  # drawn
        """Sort a tab through the lock."""
        daemon = self._daemon()
        daemon.wire.before[at] = lambda: self.a_manager_sorts(title, 0, down, short=False)
        self._night(daemon, owner=True)

    @rule(at=REQUESTS, pick=CLIENTS)
    def the_owner_deletes_during_a_night(self, at: int, pick: int) -> None:
        """Delete a row through the lock."""
        daemon = self._daemon()

        def deed() -> None:
            number = self._one(pick)
            if number is not None and sum(not c.deleted for c in self.desk.clients.values()) > 3:
                place, row = self.desk.place(number)
                self.desk.batch(
                    OWNER, {"deleteDimension": {"range": self.desk.rows(place, row, row + 1)}}
                )
                self.desk.clients[number].deleted = True

        daemon.wire.before[at] = deed
        self._night(daemon, owner=True)

    @rule(at=REQUESTS)
    def two_daemons_at_once(self, at: int) -> None:
        """Start a second daemon in the middle of the first one's run."""
        first, second = self._daemon(), self._daemon()
        first.wire.before[at] = lambda: self._night(second)
        with self._accounted():
            self._night(first)

    @rule()
    def a_night_is_taken_back_at_once(self) -> None:
        """Run, and take it back: what else the team has in its spreadsheet is as it was."""
        with self._accounted(by_rules=False):
            before = around(self.desk)
            if self._daemon().run().planned.plan.moves:
                daemon = self._daemon()
                result = daemon.undo()
                assert daemon.left or result.notes or around(self.desk) == before

    @rule()
    def somebody_undoes_the_last_night(self) -> None:
        """Take a run back."""
        with self._accounted(by_rules=False), suppress(InputError):
            self._daemon().undo()

    @invariant()
    def every_client_stands_once_with_what_people_typed(self) -> None:
        """Nobody that no person deleted is missing or double; every typed cell is there."""
        standing = self.desk.standing()
        for number, client in self.desk.clients.items():
            found = standing.get(number, [])
            if client.deleted:
                assert not found, (number, found)
                continue
            assert len(found) == 1, (number, found)
            cells = found[0][2]
            for heading, text in client.typed.items():
                if heading not in METHODS and (heading != "Manager" or number not in self.decided):
                    assert means(heading, cells.get(heading)) == means(heading, text), (
                        number,
                        heading,
                        text,
                        cells,
                    )
        assert set(standing) <= set(self.desk.clients)


SOAK = int(os.environ.get("SOAK", "0"))
"""How many stories of fifty steps `make soak` plays, half of them in each of two processes; 0: the fast profile."""
Base.TestCase.settings = settings(
    max_examples=(SOAK + 1) // 2 or 12,
    stateful_step_count=50 if SOAK else 15,
    derandomize=not SOAK,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate,)
    if SOAK
    else (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
)
pytestmark = pytest.mark.long
TestBase = Base.TestCase
if SOAK:
    TestOther = type("TestOther", (Base.TestCase,), {})  # the other half
