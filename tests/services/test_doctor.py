"""What doctor says, each thing that it can find fault with provoked: of files, of books at Google, of this machine."""

from __future__ import annotations

import socket
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import pytest
import requests

from sheetsync.i18n import language
from sheetsync.runlog.record import Kind, Outcome, RunRecord
from sheetsync.runlog.store import RunLog
from sheetsync.services import doctor, doctor_of_book, doctor_of_machine
from sheetsync.sheets.session.metadata import LOCK_ID, remember
from sheetsync.workbook.lock_lease import Lease
from tests.builders.bench import TITLES, TODAY, Shell, small_base
from tests.builders.cloud import ADDRESS, OWNER, ROBOT, Cloud, refusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def findings(sheetsync: Shell, path: Path) -> dict[str, Any]:
    told = sheetsync("doctor", path, "--json").json
    return {finding["code"]: finding for finding in told["findings"]}


def test_a_file_that_google_would_take_is_not_spoken_of(sheetsync: Shell, tmp_path: Path) -> None:
    path = small_base(tmp_path / "base.xlsx")
    assert not {"upload", "kept"} & {*findings(sheetsync, path)}


@pytest.mark.parametrize(
    ("limit", "most", "words"),
    [("GOOGLE_CELLS", 1000, "cells, and a Google"), ("GOOGLE_BYTES", 0, "an upload may have 0")],
)
def test_what_google_would_not_take_is_no_fault_of_a_file(
    sheetsync: Shell,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
    most: int,
    words: str,
) -> None:
    path = small_base(tmp_path / "base.xlsx")
    monkeypatch.setattr(doctor, limit, most)
    finding = findings(sheetsync, path)["upload"]
    assert finding["well"]
    assert words in finding["said"]
    assert finding["fix"].startswith("As a file it goes on working.")
    assert sheetsync("run", path, "--today", TODAY, "--force").code == 0


def test_a_save_that_was_kept_beside_the_file_is_to_be_looked_at(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = small_base(tmp_path / "base.xlsx")
    kept = "base (saved by another program, kept 2026-03-02 09.30.00).xlsx"
    (tmp_path / kept).write_bytes(path.read_bytes())
    finding = findings(sheetsync, path)["kept"]
    assert not finding["well"]
    assert kept in finding["said"]
    assert f"delete “{kept}”" in finding["fix"]


@pytest.fixture
def google(
    cloud: Cloud, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Cloud]:
    """Give Google with a base, one book of sheetsync.toml, and a clock that agrees with this machine's."""
    key.chmod(0o600)
    answer_time(monkeypatch, timedelta())
    (tmp_path / "sheetsync.toml").write_text(
        f'state = "{tmp_path / "state"}"\n[[books]]\nname = "sales"\naddress = "{ADDRESS}"\n',
        encoding="utf-8",
    )
    yield cloud
    key.chmod(0o600)


def answer_time(monkeypatch: pytest.MonkeyPatch, ahead: timedelta) -> None:
    """Have Google say what time it is, so far ahead of this machine."""
    answer = requests.Response()
    answer.headers["Date"] = format_datetime(datetime.now(UTC) + ahead, usegmt=True)
    monkeypatch.setattr("requests.head", lambda *_, **__: answer)


def faults(sheetsync: Shell, *arguments: object) -> dict[str, tuple[str, str]]:
    """Return what doctor finds fault with, by code: what it says, and the cure."""
    told = sheetsync("doctor", *arguments, "--json")
    ill = [finding for finding in told.json["findings"] if not finding["well"]]
    assert told.code == (3 if ill else 0)
    assert all(finding["fix"] for finding in ill), "each has its cure"
    return {finding["code"]: (finding["said"], finding["fix"]) for finding in ill}


def test_every_book_of_the_settings_is_looked_at_and_all_is_well(
    sheetsync: Shell,
    google: Cloud,  # noqa: ARG001  # the book is at Google
) -> None:
    assert faults(sheetsync) == {}
    told = sheetsync("doctor", "--json").json["findings"]
    codes = {finding["code"] for finding in told if finding["book"] == "sales"}
    assert codes >= {"book", "lock", "size", "sharing", "last_run"}
    assert "sales" in sheetsync("doctor").out.splitlines()


def protect(title_id: int, description: str, **more: Any) -> dict[str, Any]:
    protected = {"range": {"sheetId": title_id}, "description": description, **more}
    return {"addProtectedRange": {"protectedRange": protected}}


def test_cells_that_others_protect_and_what_a_dead_run_has_left(
    sheetsync: Shell, google: Cloud
) -> None:
    google.owner(protect(0, "mine", editors={"users": [OWNER]}))
    left = "sheetsync is writing here [sheetsync 0123456789ab]"
    google.owner(protect(1, left, editors={"users": [ROBOT]}))
    found = faults(sheetsync)
    assert f"protects cells of “{TITLES['working']}”" in found["protected"][0]
    assert TITLES["call_base"] in found["fences"][0]
    assert "`sheetsync unlock sales`" in found["fences"][1]


def test_rows_that_are_a_table(sheetsync: Shell, google: Cloud) -> None:
    area = {
        "sheetId": 0,
        "startRowIndex": 0,
        "endRowIndex": 7,
        "startColumnIndex": 0,
        "endColumnIndex": 8,
    }
    google.owner({"addTable": {"table": {"name": "Clients1", "range": area}}})
    assert "ordinary range" in faults(sheetsync)["table"][1]


@pytest.mark.parametrize("dead", [True, False])
def test_a_lock_that_a_dead_run_has_left(
    sheetsync: Shell,
    google: Cloud,
    dead: bool,  # noqa: FBT001  # a case
) -> None:
    until = datetime.now(UTC) + timedelta(minutes=-1 if dead else 4)
    lease = Lease("r1", "elsewhere:1", until)
    google.owner(remember(LOCK_ID, lease.text()))
    found = faults(sheetsync)
    assert ("unlock" in found["lock"][1]) if dead else ("lock" not in found)


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("read", 403, "book"),
        ("read", 404, "book"),
        ("write", 403, "sharing"),
        ("token", 400, "book"),
    ],
)
def test_a_book_that_is_not_shared_or_gone_and_a_key_that_was_revoked(
    sheetsync: Shell, google: Cloud, kind: str, status: int, code: str
) -> None:
    google.always[kind] = refusal(status, "invalid_grant")
    assert code in faults(sheetsync)


def test_a_spreadsheet_that_is_nearly_full(
    sheetsync: Shell,
    google: Cloud,  # noqa: ARG001  # the book is at Google
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(doctor_of_book, "GOOGLE_CELLS", 100)
    assert "of the 100 that" in faults(sheetsync)["size"][0]


def test_a_clock_that_is_off_and_a_service_that_is_not_there(
    sheetsync: Shell,
    google: Cloud,  # noqa: ARG001  # the book is at Google
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer_time(monkeypatch, timedelta(minutes=20))
    assert "NTP" in faults(sheetsync)["clock"][1]

    def unreachable(*_: object, **__: object) -> None:
        raise requests.ConnectionError

    monkeypatch.setattr("requests.head", unreachable)
    assert "firewall" in faults(sheetsync)["clock"][1]


def local(tmp_path: Path, more: str = "") -> RunLog:
    """Write settings with one local book; return the run log that they name."""
    base = small_base(tmp_path / "base.xlsx")
    (tmp_path / "sheetsync.toml").write_text(
        f'state = "{tmp_path / "state"}"\n{more}\n[[books]]\nname = "sales"\naddress = "{base}"\n',
        encoding="utf-8",
    )
    return RunLog(tmp_path / "state", language("en"))


@pytest.mark.parametrize(
    ("outcome", "days", "said"),
    [
        (Outcome.FAILED, 0, "failed"),
        (Outcome.WAITS, 0, "waits for a person"),
        (Outcome.QUIET, 3, "late"),
        (Outcome.UNDER_WAY, 1, "hangs"),
    ],
)
def test_a_last_run_that_was_not_well(
    sheetsync: Shell, tmp_path: Path, outcome: Outcome, days: int, said: str
) -> None:
    log = local(tmp_path)
    began = datetime.now(UTC) - timedelta(days=days, seconds=5)
    log.end(RunRecord("0", "sales", Kind.RUN, began, outcome))
    assert said in faults(sheetsync)["last_run"][0]


def test_a_run_log_that_cannot_be_written(sheetsync: Shell, tmp_path: Path) -> None:
    log = local(tmp_path)
    log.path.parent.mkdir()
    log.path.write_bytes(b"no database " * 100)
    assert "move it away" in faults(sheetsync)["run_log"][1]


def test_metrics_that_cannot_be_had(
    sheetsync: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor_of_machine, "PORT_SECONDS", 0.2)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        local(tmp_path, f"monitor.port = {other.getsockname()[1]}")
        assert "monitor" not in faults(sheetsync), "nobody listens yet"
        other.listen()
        assert "no daemon in order" in faults(sheetsync)["monitor"][0]
    local(tmp_path, f'monitor.textfile = "{tmp_path / "none" / "m.prom"}"')
    assert "cannot be written" in faults(sheetsync)["monitor"][0]
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    assert "pipx install" in faults(sheetsync)["monitor"][1]
