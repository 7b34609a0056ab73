"""A night that one batch cannot hold: written in parts, it ends where a night in one batch does, whatever happens between."""

from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from requests.exceptions import ConnectionError as LostConnection
from requests.exceptions import ReadTimeout

from sheetsync.emulator import Crashed, Fault, Faults
from sheetsync.errors import NightTooLarge, SheetsyncError, WriteTooSlow
from sheetsync.services import run as runner
from sheetsync.sheets.requests.body import BatchRoom
from tests.builders.desk import OWN, Daemon, Desk

WORKING, CALLS = "Working list", "Cold-call base"
CLIENTS = 9
SMALL = BatchRoom(size=260_000, moves=4)
"""Room for some rows of these clients, and for some of the reports."""
LOCK, WRITE, REPORTS = 3, 4, 8
"""Batches at which a fault strikes: the second part's lock, its write, the last write of reports."""
STRIKES = (
    ("crash before", LOCK),
    ("crash after", LOCK),
    ("lost answer", WRITE),
    ("deadline", WRITE),
    ("crash after", WRITE),
    ("crash before", REPORTS),
    ("crash after", REPORTS),
)


@cache
def _filled() -> Desk:
    desk = Desk()
    for number in range(CLIENTS):
        if number % 3:
            desk.add(WORKING, "Contact 2", "2026-01-05")
        else:
            desk.add(CALLS, "New client", "")
    return desk


@pytest.fixture
def desk() -> Desk:
    return _filled().copy()


@cache
def _in_one_batch() -> Desk:
    desk = _filled().copy()
    desk.daemon().run()
    return desk


def in_parts(desk: Desk, faults: Faults | None = None, room: BatchRoom = SMALL) -> Daemon:
    daemon = desk.daemon(faults)
    daemon.opened.line.room = room
    return daemon


def batches(daemon: Daemon) -> int:
    return daemon.opened.line.sent["write"]


def standing(desk: Desk) -> dict[str, str]:
    """Return the tab of every client by its own number; each must stand once."""
    places = desk.standing()
    assert sorted(places) == sorted(desk.clients)
    assert all(len(rows) == 1 for rows in places.values()), places
    return {number: rows[0][0] for number, rows in places.items()}


def cells(desk: Desk) -> dict[str, dict[str, Any]]:
    """Return what every client's row holds, ids and what hangs on them aside."""
    rows = {}
    for number, ((_, _, held),) in desk.standing().items():
        rows[number] = {name: cell for name, cell in held.items() if name != "ID"}
    return rows


def quiet(desk: Desk) -> bool:
    daemon = desk.daemon()
    return not daemon.run().wrote


def test_a_night_in_parts_ends_where_a_night_in_one_batch_does(desk: Desk) -> None:
    daemon = in_parts(desk)
    result = daemon.run()
    assert batches(daemon) > 4  # a lock and a write for each part
    whole = _in_one_batch()
    assert standing(desk) == standing(whole)
    assert cells(desk) == cells(whole)
    assert sorted(desk.sheets()) == sorted(whole.sheets())
    # What the run says it did is the whole night.
    assert len(result.planned.plan.moves) == CLIENTS
    assert quiet(desk)


def test_the_journal_of_a_night_in_parts_is_that_of_one_run_and_notices_nobody(
    desk: Desk,
) -> None:
    in_parts(desk).run()
    lines = desk.journal()
    assert len({line["Run"] for line in lines if line["What"] != "counted"}) == 1
    assert not [line for line in lines if line["What"] == "noticed"]
    moved = [line["Company"] for line in lines if line["What"] == "moved"]
    assert len(moved) == len(set(moved)) == CLIENTS


def test_undo_takes_all_parts_back_as_one_run(desk: Desk) -> None:
    before = standing(desk)
    in_parts(desk).run()
    daemon = in_parts(desk)
    daemon.undo()
    assert standing(desk) == before


def test_a_saved_plan_is_carried_out_in_parts_exactly(desk: Desk) -> None:
    daemon = in_parts(desk)
    planned = runner.preview(daemon.opened, daemon.options)
    assert planned.batches > 1
    runner.apply(daemon.opened, planned.plan, daemon.options)
    assert standing(desk) == standing(_in_one_batch())


def test_a_plan_says_in_how_many_batches_it_will_be_written(desk: Desk) -> None:
    daemon = in_parts(desk)
    said = runner.preview(daemon.opened, daemon.options).batches
    daemon.run()
    written = batches(daemon) // 2
    assert abs(said - written) <= max(2, written // 3)
    one = desk.copy().daemon()
    assert runner.preview(one.opened, one.options).batches == 1


@pytest.mark.parametrize(("kind", "nth"), STRIKES)
def test_no_fault_at_any_seam_loses_or_doubles_a_client(desk: Desk, kind: str, nth: int) -> None:
    fault = {
        "lost answer": Fault("drop", after=True, call="batchUpdate", nth=nth, times=1),
        "deadline": Fault("deadline", seconds=0, call="batchUpdate", nth=nth, times=1),
        "crash before": Fault("crash", point="before-call", call="batchUpdate", nth=nth, times=1),
        "crash after": Fault("crash", point="before-answer", call="batchUpdate", nth=nth, times=1),
    }[kind]
    daemon = in_parts(desk, Faults((fault,)))
    try:
        daemon.run()
    except (Crashed, SheetsyncError, LostConnection, ReadTimeout):
        standing(desk)  # nobody is lost or doubled between two parts
    desk.free()
    in_parts(desk).run()
    assert standing(desk) == standing(_in_one_batch())
    lines = desk.journal()
    assert not [line for line in lines if line["What"] in ("noticed", "vanished")]
    assert quiet(desk)


SLOW = 240_000
"""Bytes of a body that the service does not come to an end with; the longest report alone has less."""


@pytest.mark.parametrize(
    "slow",
    [
        Fault("deadline", seconds=0, call="batchUpdate", larger=SLOW),
        # A 503 may mean that a batch is too complex, and a client may give up before the service.
        Fault("error", status=503, call="batchUpdate", larger=SLOW),
        Fault("hang", call="batchUpdate", larger=SLOW),
    ],
    ids=lambda fault: fault.kind,
)
def test_a_night_that_is_too_slow_is_written_in_halves_until_it_is_taken(
    desk: Desk, slow: Fault
) -> None:
    daemon = in_parts(desk, Faults((slow,)), BatchRoom())
    daemon.run()
    assert standing(desk) == standing(_in_one_batch())
    assert cells(desk) == cells(_in_one_batch())
    assert sorted(desk.sheets()) == sorted(_in_one_batch().sheets())
    assert len({line["Run"] for line in desk.journal() if line["What"] != "counted"}) == 1
    assert quiet(desk)


def test_what_has_met_the_deadline_is_not_sent_again_as_it_is(desk: Desk) -> None:
    slow = Fault("deadline", seconds=0, call="batchUpdate", larger=SLOW)
    daemon = in_parts(desk, Faults((slow,)), BatchRoom())
    daemon.run()
    struck = [entry for entry in daemon.wire.log if entry.struck == "deadline"]
    # The whole night, and perhaps one of its halves: each takes three minutes.
    assert 1 <= len(struck) <= 2


def test_a_batch_that_met_the_deadline_and_was_applied_all_the_same_is_not_written_twice(
    desk: Desk,
) -> None:
    late = Fault("deadline", seconds=0, after=True, call="batchUpdate", larger=SLOW)
    daemon = in_parts(desk, Faults((late,)), BatchRoom())
    daemon.run()
    assert batches(daemon) == 2  # a lock and a write
    assert standing(desk) == standing(_in_one_batch())
    assert quiet(desk)


def test_a_service_that_is_too_slow_for_the_shortest_batch_ends_the_run_in_words(
    desk: Desk,
) -> None:
    never = Fault("deadline", seconds=0, call="batchUpdate", request="updateCells")
    daemon = in_parts(desk, Faults((never,)), BatchRoom())
    before = standing(desk)
    with pytest.raises(WriteTooSlow) as refusal:
        daemon.run()
    assert "nothing was changed" in refusal.value.fix
    assert standing(desk) == before
    assert desk.free() is False


def test_a_first_night_that_stopped_between_two_parts_goes_on_without_asking_again(
    desk: Desk,
) -> None:
    struck = Fault("crash", point="before-answer", call="batchUpdate", nth=WRITE - 2, times=1)
    daemon = in_parts(desk, Faults((struck,)))
    with pytest.raises(Crashed):
        daemon.run()
    desk.free()
    later = in_parts(desk)
    later.options = replace(later.options, force=False)
    later.run()
    assert standing(desk) == standing(_in_one_batch())


def test_people_may_type_between_two_parts(desk: Desk) -> None:
    daemon = in_parts(desk)
    first = next(iter(desk.clients))
    # The first part's lock and write are requests 3 to 5; the next reading begins after them.
    daemon.wire.before[6] = lambda: desk.type("ann@localhost", first, "Remark", "called back")
    daemon.run()
    assert desk.standing()[first][0][2]["Remark"] == "called back"
    assert standing(desk) == standing(_in_one_batch())
    assert quiet(desk)


def test_what_no_batch_can_hold_is_said_with_its_place(desk: Desk) -> None:
    daemon = in_parts(desk, room=BatchRoom(size=500))
    before = standing(desk)
    with pytest.raises(NightTooLarge) as refusal:
        daemon.run()
    assert "Working list, " in refusal.value.message
    assert standing(desk) == before
    assert desk.free() is False
    assert OWN
