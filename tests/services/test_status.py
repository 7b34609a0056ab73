"""How a book stands is known at any moment, from the run log alone, quiet nights among them; its exit code is for monitoring."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import responses

from sheetsync.config import BookSettings
from sheetsync.i18n import language
from sheetsync.runlog.record import Kind, Outcome, RunRecord
from sheetsync.services.status import status_of
from sheetsync.services.status_words import status_line
from tests.builders.bench import TODAY, Shell, small_base

if TYPE_CHECKING:
    from pathlib import Path

HOUR = timedelta(hours=1)
BOOK = BookSettings(name="sales", address="sales.xlsx", at=("02:00",))


def run_at(began: str, outcome: Outcome = Outcome.QUIET, *, ended: bool = True) -> RunRecord:
    """Make a run of a book that lives in Berlin; `began` in UTC."""
    moment = datetime.fromisoformat(began).replace(tzinfo=UTC)
    return RunRecord(
        began,
        "sales",
        Kind.RUN,
        moment,
        outcome,
        moment + timedelta(seconds=4) if ended else None,
        zone="Europe/Berlin",
        error="no network" if outcome is Outcome.FAILED else "",
        fix="look at the cable" if outcome is Outcome.FAILED else "",
    )


@pytest.mark.parametrize(
    ("runs", "now", "state"),
    [
        ([], "2026-03-02T12:00", "new"),
        ([run_at("2026-03-02T01:00")], "2026-03-02T12:00", "well"),
        ([run_at("2026-03-02T01:00")], "2026-03-03T02:30", "well"),
        ([run_at("2026-03-02T01:00")], "2026-03-03T03:30", "late"),
        ([run_at("2026-03-02T01:00")], "2026-03-05T12:00", "late"),
        ([run_at("2026-03-02T01:00", Outcome.WAITS)], "2026-03-02T12:00", "waits"),
        ([run_at("2026-03-02T01:00", Outcome.WAITS)], "2026-03-04T12:00", "late"),
        ([run_at("2026-03-02T01:00", Outcome.FAILED)], "2026-03-02T01:10", "failing"),
        ([run_at("2026-03-02T01:00", Outcome.BROKEN_OFF)], "2026-03-02T01:10", "failing"),
        (
            [run_at("2026-03-02T01:00", Outcome.UNDER_WAY, ended=False)],
            "2026-03-02T01:10",
            "running",
        ),
        ([run_at("2026-03-02T01:00", Outcome.UNDER_WAY, ended=False)], "2026-03-02T02:10", "hangs"),
        # The clock was set back: what is said to have been done tomorrow was done.
        ([run_at("2026-03-03T01:00")], "2026-03-02T12:00", "well"),
    ],
)
def test_how_a_book_stands(runs: list[RunRecord], now: str, state: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert status_of(BOOK, runs, moment, HOUR).state == state


def test_moments_are_those_of_the_books_zone_and_the_reports_as_of_the_last_good_night() -> None:
    runs = [run_at("2026-03-03T01:00", Outcome.FAILED), run_at("2026-03-02T01:00")]
    now = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
    status = status_of(BOOK, runs, now, HOUR)
    line = status_line(status, language("en"))
    assert line.last == "3 March 2026, 02:00"
    assert line.as_of == "2 March 2026, 02:00"
    assert line.next == "4 March 2026, 02:00"
    assert (line.error, line.fix) == ("no network", "look at the cable")


def test_what_a_run_did_is_said_in_words() -> None:
    wrote = replace(run_at("2026-03-02T01:00", Outcome.WROTE), moves={"A → B": 2}, edits=1)
    now = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    line = status_line(status_of(BOOK, [wrote], now, HOUR), language("en"))
    assert line.did == "2 rows moved, 1 cell written"
    assert line.plan == ("A → B: 2",)


def settings_of(tmp_path: Path, more: str = "") -> Path:
    file = tmp_path / "sheetsync.toml"
    base = small_base(tmp_path / "base.xlsx")
    file.write_text(f'{more}\n[[books]]\nname = "sales"\naddress = "{base}"\n', encoding="utf-8")
    return file


def test_the_command_follows_a_base_from_its_first_run_to_a_quiet_one(
    sheetsync: Shell, tmp_path: Path
) -> None:
    settings_of(tmp_path)
    new = sheetsync("status", "--json")
    assert (new.code, new.json["books"][0]["state"]) == (2, "new")
    assert sheetsync("run", "sales", "--today", TODAY).code == 2
    waits = sheetsync("status")
    assert waits.code == 2
    assert "waits for a person" in waits.out
    assert "first run on this base" in waits.out
    assert sheetsync("run", "sales", "--today", TODAY, "--force").code == 0
    done = sheetsync("status", "--json", "--locks")
    assert done.code == 0
    (book,) = done.json["books"]
    assert (book["state"], book["lock"]) == ("well", None)
    assert book["last"]["moves"] == {"Working list → Strategic archive": 3}
    assert book["last"]["requests"]["write"] > 0
    assert sheetsync("run", "sales", "--today", TODAY).code == 0
    quiet = sheetsync("status", "--lang", "ru")
    assert quiet.code == 0
    assert "посмотрел, дел нет" in quiet.out


def test_status_without_books_says_what_to_do(sheetsync: Shell) -> None:
    sheetsync("status").complains(1)


def test_a_run_log_that_cannot_be_written_stops_no_run_and_is_told(
    sheetsync: Shell, tmp_path: Path
) -> None:
    (tmp_path / "no-folder").write_text("a file", encoding="utf-8")
    settings_of(tmp_path, f'state = "{tmp_path / "no-folder"}"')
    told = sheetsync("run", "sales", "--today", TODAY, "--force", "--json")
    assert told.code == 0
    assert told.json["wrote"]
    assert "run log" in told.err
    sheetsync("status").complains(1)


def test_a_failed_run_is_told_with_its_cure_and_counted(sheetsync: Shell, tmp_path: Path) -> None:
    file = settings_of(
        tmp_path, f'state = "{tmp_path / "state"}"\nmonitor.textfile = "{tmp_path / "m.prom"}"'
    )
    (tmp_path / "base.xlsx").write_bytes(b"no workbook")
    sheetsync("run", "sales", "--config", file).complains(1)
    told = sheetsync("status", "--json", "--config", file)
    assert told.code == 3
    (book,) = told.json["books"]
    assert book["state"] == "failing"
    assert "no workbook" not in book["last"]["error"]
    assert "is not a readable .xlsx" in book["last"]["error"]
    assert book["last"]["exit_code"] == 1
    metrics = (tmp_path / "m.prom").read_text(encoding="utf-8")
    assert 'sheetsync_runs_total{book="sales",kind="run",outcome="failed"} 1.0' in metrics
    assert 'sheetsync_book_state{book="sales",state="failing"} 1.0' in metrics
    shown = sheetsync("status", "--config", file)
    assert "→ Save it as .xlsx" in shown.out


def test_no_ping_and_no_secret_of_one_is_ever_said(sheetsync: Shell, tmp_path: Path) -> None:
    file = settings_of(tmp_path)
    with file.open("a", encoding="utf-8") as settings:
        settings.write('ping = "https://hc.example/SECRET"\n')
    with responses.RequestsMock(assert_all_requests_are_fired=False) as web:
        web.get("https://hc.example/SECRET/start", status=200)
        web.get("https://hc.example/SECRET/2", status=404)
        told = sheetsync("run", "sales", "--today", TODAY)
        pinged = [call.request.url for call in web.calls]
    assert told.code == 2
    assert [str(url).partition("?")[0] for url in pinged] == [
        "https://hc.example/SECRET/start",
        "https://hc.example/SECRET/2",
    ]
    assert "The ping of “sales” did not arrive: 404." in told.err
    assert "SECRET" not in told.err + told.out


def test_a_run_that_is_done_pings_its_start_and_its_end_under_one_number(
    sheetsync: Shell, tmp_path: Path
) -> None:
    file = settings_of(tmp_path)
    with file.open("a", encoding="utf-8") as settings:
        settings.write('ping = "https://hc.example/uuid/"\n')
    with responses.RequestsMock() as web:
        web.get("https://hc.example/uuid/start", status=200)
        web.get("https://hc.example/uuid", status=200)
        assert sheetsync("run", "sales", "--today", TODAY, "--force").code == 0
        start, end = (str(call.request.url).partition("?")[2] for call in web.calls)
    assert start == end
    assert start.startswith("rid=")
