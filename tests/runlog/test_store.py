"""The run log keeps a line of every run, quiet ones too, and totals that never fall; a broken file is said, not raised anew."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sheetsync.i18n import language
from sheetsync.runlog.record import Kind, Outcome, RunRecord
from sheetsync.runlog.store import RunLog, RunLogFailed

NIGHT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def log_of(folder: Path) -> RunLog:
    return RunLog(folder / "state", language("en"))


def record(number: int, outcome: Outcome, book: str = "sales") -> RunRecord:
    began = NIGHT + timedelta(days=number)
    return RunRecord(
        f"{book}{number:08x}",
        book,
        Kind.RUN,
        began,
        outcome,
        None if outcome is Outcome.UNDER_WAY else began + timedelta(seconds=3),
        zone="Europe/Berlin",
        moves={"Working list → Clients": 2},
        edits=5,
        problems={"repeated": 1},
        requests={"read": 3, "write": 2},
    )


def test_a_log_that_nobody_has_written_to_is_empty_and_makes_no_file(tmp_path: Path) -> None:
    log = log_of(tmp_path)
    assert (log.runs("sales"), log.books(), dict(log.totals())) == ((), (), {})
    assert not log.path.exists()


def test_a_run_comes_back_as_it_was_written(tmp_path: Path) -> None:
    log = log_of(tmp_path)
    done = record(0, Outcome.WROTE)
    log.begin(replace(done, outcome=Outcome.UNDER_WAY, ended=None))
    assert [run.outcome for run in log.runs("sales")] == [Outcome.UNDER_WAY]
    log.end(done)
    assert log.runs("sales") == (done,)


def test_a_run_whose_process_was_killed_is_broken_off_once_the_next_begins(tmp_path: Path) -> None:
    log = log_of(tmp_path)
    log.begin(record(0, Outcome.UNDER_WAY))
    log.begin(record(0, Outcome.UNDER_WAY, "other"))
    log.begin(record(1, Outcome.UNDER_WAY))
    assert [run.outcome for run in log.runs("sales")] == [Outcome.UNDER_WAY, Outcome.BROKEN_OFF]
    assert [run.outcome for run in log.runs("other")] == [Outcome.UNDER_WAY]


def test_only_what_was_written_counts_as_moved(tmp_path: Path) -> None:
    log = log_of(tmp_path)
    for number, outcome in enumerate((Outcome.WROTE, Outcome.WAITS, Outcome.FAILED)):
        log.end(record(number, outcome))
    totals = log.totals()
    assert totals["sales", "moves", ""] == 2
    assert totals["sales", "requests", "read"] == 9
    assert totals["sales", "runs", "run waits"] == 1


def test_a_year_of_nights_is_kept_and_what_is_older_goes_but_stays_counted(tmp_path: Path) -> None:
    log = log_of(tmp_path)
    for number in range(0, 500, 50):
        log.end(record(number, Outcome.QUIET))
    kept = [(run.began - NIGHT).days for run in log.runs("sales")]
    assert kept == [450, 400, 350, 300, 250, 200, 150, 100, 50]
    assert log.totals()["sales", "runs", "run quiet"] == 10


def test_a_busy_book_does_not_fill_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sheetsync.runlog.store.KEPT_RUNS", 3)
    log = log_of(tmp_path)
    log.end(record(0, Outcome.QUIET, "other"))
    for number in range(5):
        log.end(record(number, Outcome.QUIET))
    assert len(log.runs("sales")) == 3
    assert len(log.runs("other")) == 1


@pytest.mark.parametrize("spoil", ["another file", "no folder"])
def test_a_log_that_cannot_be_used_is_a_sentence(tmp_path: Path, spoil: str) -> None:
    log = log_of(tmp_path)
    if spoil == "another file":
        log.path.parent.mkdir()
        log.path.write_bytes(b"no database at all, " * 100)
    else:
        log.path.parent.write_text("a file in the folder's place", encoding="utf-8")
    with pytest.raises(RunLogFailed, match="cannot be used") as raised:
        log.begin(record(0, Outcome.UNDER_WAY))
    assert "move it away" in raised.value.fix
