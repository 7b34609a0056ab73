"""The lock of a book: one run at a time, editors kept out for seconds, a dead run's lock taken over, freed by a person."""

import os
import re
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sheetsync.emulator import Crashed, Fault, Faults
from sheetsync.errors import BookChanged, BookLocked
from sheetsync.services.run import free_dead, unlock
from sheetsync.sheets.session.lock import is_dead, read_standing
from sheetsync.sheets.session.metadata import LOCK_ID
from sheetsync.workbook.lock_lease import LENGTH, Lease, of_text
from tests.builders.bench import TITLES, Shell, small_base
from tests.builders.cloud import ADDRESS, Cloud
from tests.builders.desk import EDITOR, NOTE, OWNER, Daemon, Desk

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
HOST = socket.gethostname()
LOCKED, WRITE = 4, 5
"""Numbers of requests of a run: the first under the lock, and the one that writes."""


@pytest.fixture
def desk() -> Desk:
    """Give a base in which two rows are due to move."""
    made = Desk()
    for began in ("2026-01-10", "2026-01-12", "2026-02-28"):
        made.add(TITLES["working"], "Contact 2", began)
    return made


def _crashed(desk: Desk, at: int = WRITE, holder: str = "elsewhere:7") -> Daemon:
    """Let a run die in front of its `at`-th request: its lock stays behind."""
    daemon = desk.daemon(
        Faults((Fault("crash", point="before-call", nth=at, times=1),)), holder=holder
    )
    with pytest.raises(Crashed):
        daemon.run()
    return daemon


def _later(daemon: Daemon, span: timedelta) -> Daemon:
    """Give a daemon a clock that is ahead."""
    daemon.options = replace(daemon.options, now=lambda: datetime.now(UTC) + span)
    return daemon


@pytest.mark.parametrize(
    ("lease", "dead"),
    [
        (Lease("r", "elsewhere:1", NOW + timedelta(minutes=1)), False),
        (Lease("r", "elsewhere:1", NOW), True),
        (Lease("r", "elsewhere:1", NOW - timedelta(days=1)), True),
        (Lease("r", f"{HOST}:{os.getpid()}", NOW + timedelta(minutes=1)), False),
        (Lease("r", f"{HOST}:999999999", NOW + timedelta(minutes=1)), True),
        (Lease("r", f"{HOST}:what", NOW + timedelta(minutes=1)), False),
        (Lease("r", f"{HOST}:1234567", NOW + timedelta(minutes=1)), True),
    ],
)
def test_a_lease_is_waited_for_unless_it_is_over_or_its_process_is_gone(
    lease: Lease,
    dead: bool,  # noqa: FBT001  # a case
) -> None:
    me = f"{HOST}:1234567"
    assert is_dead(lease, me, NOW) is dead


@pytest.mark.parametrize(
    "text", ["", "nonsense", "[]", '{"run": "x"}', '{"run":"x","holder":"h:1","until":"soon"}']
)
def test_a_lease_that_cannot_be_read_is_over(text: str) -> None:
    assert is_dead(of_text(text), "h:2", NOW)


def test_a_lease_is_read_back_as_it_was_written() -> None:
    lease = Lease("abc", "host:12", NOW)
    assert of_text(lease.text()) == lease


def test_nothing_of_the_lock_stays_behind(desk: Desk) -> None:
    daemon = desk.daemon()
    assert len(daemon.run().planned.plan.moves) == 2
    seen = read_standing(daemon.opened.line)
    assert (seen.lease, seen.fences) == (None, ())
    assert seen.last
    protections = [
        p for s in desk.call(OWNER, "GET", "")["sheets"] for p in s.get("protectedRanges", [])
    ]
    assert not [p for p in protections if "is writing here" in p.get("description", "")]


def test_editors_cannot_type_while_a_run_writes_and_can_before_and_after(desk: Desk) -> None:
    daemon, refused = desk.daemon(), list[int]()
    desk.busy = True

    def deed(at: int) -> Callable[[], None]:
        def type_() -> None:
            try:
                desk.type(EDITOR, "N3", NOTE, f"at {at}")
            except PermissionError:
                refused.append(at)

        return type_

    daemon.wire.before = {at: deed(at) for at in (1, 2, 3, LOCKED, WRITE)}
    assert len(daemon.run().planned.plan.moves) == 2
    assert refused == [LOCKED, WRITE]
    desk.type(EDITOR, "N3", NOTE, "afterwards")
    assert desk.standing()["N3"][0][2][NOTE] == "afterwards"


@pytest.mark.parametrize("at", [LOCKED, WRITE])
def test_a_second_run_waits_for_the_first_and_says_who_it_is(desk: Desk, at: int) -> None:
    first, second = desk.daemon(holder="elsewhere:1"), desk.daemon(holder="here:2")
    said: list[str] = []

    def start() -> None:
        with pytest.raises(BookLocked) as error:
            second.run()
        said.append(error.value.message + error.value.fix)

    first.wire.before[at] = start
    assert len(first.run().planned.plan.moves) == 2
    assert "elsewhere:1" in said[0]
    assert "sheetsync unlock" in said[0]
    assert re.search(r"again after \d\d:\d\d\.", said[0])


def test_of_two_runs_that_read_at_once_one_writes_and_the_other_decides_anew(desk: Desk) -> None:
    first, second = desk.daemon(holder="elsewhere:1"), desk.daemon(holder="here:2")
    moved: list[int] = []
    first.wire.before[3] = lambda: moved.append(len(second.run().planned.plan.moves))
    done = first.run()
    assert (moved, len(done.planned.plan.moves)) == ([2], 0)
    assert {desk.place(n)[0] for n in ("N1", "N2")} == {TITLES["strategic"]}


def test_the_lock_of_a_dead_run_is_waited_for_and_then_taken_over(desk: Desk) -> None:
    _crashed(desk)
    with pytest.raises(BookLocked):
        desk.daemon(holder="here:2").run()
    heir = _later(desk.daemon(holder="here:3"), LENGTH + timedelta(seconds=1))
    assert len(heir.run().planned.plan.moves) == 2
    assert read_standing(heir.opened.line).lease is None


def test_of_two_that_take_over_one_dead_lock_only_one_succeeds(desk: Desk) -> None:
    _crashed(desk)
    ahead = LENGTH + timedelta(seconds=1)
    first, second = (_later(desk.daemon(holder=f"here:{n}"), ahead) for n in (2, 3))
    moved: list[int] = []
    first.wire.before[3] = lambda: moved.append(len(second.run().planned.plan.moves))
    with pytest.raises(BookChanged, match="taken away"):
        first.run()
    assert moved == [2]
    assert {number: len(found) for number, found in desk.standing().items()} == {
        "N1": 1,
        "N2": 1,
        "N3": 1,
    }


def test_a_run_whose_lock_was_taken_away_writes_nothing(desk: Desk) -> None:
    daemon, heir = desk.daemon(holder="elsewhere:1"), desk.daemon(holder="here:2")
    daemon.wire.before[WRITE] = lambda: unlock(heir.opened)
    with pytest.raises(BookChanged, match="taken away"):
        daemon.run()
    assert {desk.place(n)[0] for n in ("N1", "N2", "N3")} == {TITLES["working"]}
    assert len(heir.run().planned.plan.moves) == 2


def test_a_person_frees_a_locked_base_at_once_and_is_told_who_held_it(
    sheetsync: Shell, cloud: Cloud
) -> None:
    value = Lease("run", "elsewhere:1", datetime.now(UTC) + LENGTH).text()
    entry = {
        "metadataId": LOCK_ID,
        "metadataKey": "sheetsync.lock",
        "metadataValue": value,
        "visibility": "DOCUMENT",
        "location": {"spreadsheet": True},
    }
    cloud.owner({"createDeveloperMetadata": {"developerMetadata": entry}})
    locked = sheetsync("run", ADDRESS, "--force", "--today", "2026-03-02")
    locked.complains(1)
    assert "elsewhere:1" in locked.err
    assert cloud.companies()[TITLES["strategic"]] == []
    assert "elsewhere:1" in sheetsync("unlock", ADDRESS).out
    assert sheetsync("unlock", ADDRESS, "--json").json["freed"] is None
    assert sheetsync("run", ADDRESS, "--force", "--today", "2026-03-02").code == 0
    assert len(cloud.companies()[TITLES["strategic"]]) == 3


def test_a_daemon_that_starts_again_frees_the_base_from_its_dead_run(desk: Desk) -> None:
    _crashed(desk, holder="elsewhere:7")
    anew, other = desk.daemon(holder="elsewhere:7"), desk.daemon(holder="here:2")
    assert free_dead(other.opened, other.options) is None
    desk.busy = True
    with pytest.raises(PermissionError):
        desk.type(EDITOR, "N3", NOTE, "kept out")
    freed = free_dead(anew.opened, anew.options)
    assert freed is not None
    assert freed.lease is not None
    assert freed.lease.holder == "elsewhere:7"
    desk.type(EDITOR, "N3", NOTE, "let in")
    assert free_dead(anew.opened, anew.options) is None


def test_a_local_file_is_locked_and_freed_alike(sheetsync: Shell, tmp_path: Path) -> None:
    path = small_base(tmp_path / "base.xlsx")
    assert sheetsync("unlock", path).out.strip() == "The base is not locked."
    assert sheetsync("run", path, "--force", "--today", "2026-03-02").code == 0
    assert sheetsync("unlock", path, "--json").json["freed"] is None
