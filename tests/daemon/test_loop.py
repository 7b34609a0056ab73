"""The daemon: hours come once, over midnight and changes of clocks too; a failing run stops nothing; a signal does."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sheetsync.daemon.loop import Daemon
from sheetsync.errors import (
    AccessDenied,
    BookChanged,
    BookLocked,
    InputError,
    PolicyError,
    SheetsyncError,
)
from sheetsync.i18n import language
from sheetsync.services.context import context
from sheetsync.services.night_hours import coming, due, next_try
from tests.builders.bench import TITLES, companies, small_base
from tests.places import ROOT

BERLIN = ZoneInfo("Europe/Berlin")


def _at(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def _fires(
    hours: tuple[str, ...], start: datetime, ticks: int, every: timedelta = timedelta(seconds=20)
) -> list[str]:
    """Let a clock tick through a time; return the local moments at which something was due."""
    fired, last = [], start
    for n in range(1, ticks + 1):
        now = (start.astimezone(UTC) + n * every).astimezone(start.tzinfo)
        if due(hours, last, now):
            fired.append(f"{now:%d %H:%M}")
        last = now
    return fired


def test_an_hour_comes_once_a_day() -> None:
    assert _fires(("02:00",), _at("2026-03-02T00:00:07"), 2 * 24 * 180) == ["02 02:00", "03 02:00"]


def test_several_hours_a_day() -> None:
    assert _fires(("6:30", "18:00"), _at("2026-03-02T00:00:00"), 24 * 180) == [
        "02 06:30",
        "02 18:00",
    ]


@pytest.mark.parametrize("hour", ["00:00", "23:59"])
def test_an_hour_at_midnight_comes_once(hour: str) -> None:
    assert len(_fires((hour,), _at("2026-03-02T23:50:11"), 60)) == 1


def test_an_hour_before_midnight_is_not_lost_when_a_tick_comes_late() -> None:
    assert due(("23:59",), _at("2026-03-02T23:58:50"), _at("2026-03-03T00:03:00"))
    assert not due(("23:59",), _at("2026-03-02T23:59:10"), _at("2026-03-03T00:03:00"))


def test_a_machine_that_slept_a_day_catches_up_once() -> None:
    assert due(("02:00",), _at("2026-03-02T01:00"), _at("2026-03-03T01:00"))
    assert due(("02:00",), _at("2026-03-02T01:00"), _at("2026-03-09T01:00"))
    assert not due(("02:00",), _at("2026-03-02T03:00"), _at("2026-03-03T01:00"))


def test_a_daemon_started_after_its_hour_waits_for_the_next() -> None:
    assert not due(("02:00",), _at("2026-03-02T02:00:30"), _at("2026-03-02T02:00:50"))


def test_an_hour_that_the_clocks_skip_comes_when_they_go_on() -> None:
    assert _fires(("02:30",), _at("2026-03-29T01:30:05"), 3 * 180) == ["29 03:00"]


def test_an_hour_that_comes_twice_is_due_once() -> None:
    assert _fires(("02:30",), _at("2026-10-25T01:30:05"), 3 * 180) == ["25 02:30"]


def test_an_hour_outside_the_change_of_clocks_is_not_shaken_by_it() -> None:
    for start in ("2026-03-29T00:00:05", "2026-10-25T00:00:05"):
        assert len(_fires(("04:00",), _at(start), 6 * 180)) == 1


def test_the_hour_is_that_of_the_books_zone() -> None:
    moment = datetime(2026, 3, 1, 23, 0, 5, tzinfo=UTC)
    moscow = moment.astimezone(ZoneInfo("Europe/Moscow"))
    assert due(("02:00",), moment - timedelta(seconds=20), moscow)
    assert not due(("23:00",), moment - timedelta(seconds=20), moscow)


@pytest.mark.parametrize(
    ("now", "tries", "expected"),
    [
        ("2026-03-02T02:00:05", 0, "02 02:15"),
        ("2026-03-02T02:15:20", 1, "02 02:45"),
        ("2026-03-02T02:45:20", 2, "02 03:45"),
        ("2026-03-02T03:45:20", 3, "02 05:45"),
        ("2026-03-02T05:45:20", 50, "02 07:45"),
        ("2026-03-03T01:50:00", 0, "03 02:00"),
        ("2026-03-29T01:50:00", 0, "29 03:05"),
    ],
)
def test_the_next_try_comes_later_each_time_but_never_after_the_next_regular_hour(
    now: str, tries: int, expected: str
) -> None:
    hours = ("04:00",) if "29T" in now else ("02:00",)
    assert f"{next_try(hours, tries, _at(now)):%d %H:%M}" == expected


def test_the_next_regular_hour_may_be_tomorrows() -> None:
    assert coming(("2:00", "18:00"), _at("2026-03-02T18:00")) == _at("2026-03-03T02:00")
    assert coming((), _at("2026-03-02T18:00")) is None


@pytest.mark.parametrize(
    ("error", "again"),
    [(BookChanged, True), (BookLocked, True), (AccessDenied, True), (PolicyError, False)],
)
def test_a_run_that_could_not_be_is_tried_again_and_the_log_says_when(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: type[SheetsyncError],
    again: bool,  # noqa: FBT001  # a case
) -> None:
    runs = list[datetime]()

    def refused(*_: object) -> None:
        runs.append(clock[0])
        raise error("no", fix="wait")

    monkeypatch.setattr("sheetsync.daemon.book_runner.run", refused)
    clock = [datetime(2026, 3, 2, 1, 59, 50, tzinfo=UTC)]
    base = small_base(tmp_path / "base.xlsx")
    keeper = Daemon(
        context(language("en"), config=_settings(tmp_path / "s.toml", ("base", base))),
        lambda: clock[0],
    )
    book = keeper.runners[0]
    book.may_be_fenced = False
    monkeypatch.setattr(book, "learn_zone", lambda: None)
    for _ in range(24 * 12):
        clock[0] += timedelta(minutes=5)
        book.tick()
    said = capsys.readouterr().out
    if not again:
        assert (len(runs), "next try" in said) == (1, False)
        return
    assert [f"{moment:%H:%M}" for moment in runs[:5]] == [
        "02:04",
        "02:19",
        "02:49",
        "03:49",
        "05:49",
    ]
    assert f"{runs[-1]:%H:%M}" != f"{runs[-2]:%H:%M}"
    assert "next try at 02:19" in said
    assert len(runs) < 20


def _settings(path: Path, *books: tuple[str, Path]) -> Path:
    blocks = (
        f'[[books]]\nname = "{name}"\naddress = "{book}"\nat = ["02:00"]\nforce_first = true\n'
        for name, book in books
    )
    path.write_text("\n".join(blocks), encoding="utf-8")
    return path


def test_a_run_that_fails_does_not_stop_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.xlsx").write_bytes(b"no workbook")
    base = small_base(tmp_path / "base.xlsx")
    books = (("broken", tmp_path / "broken.xlsx"), ("gone", tmp_path / "gone.xlsx"), ("well", base))
    moments = [datetime(2026, 3, 1, 23, 0, tzinfo=UTC)]
    keeper = Daemon(
        context(language("en"), config=_settings(tmp_path / "s.toml", *books)), lambda: moments[-1]
    )
    for book in keeper.runners:
        book.tick()
    assert len(companies(base)[TITLES["working"]]) == 3
    moments.append(datetime(2026, 3, 2, 2, 0, 5, tzinfo=UTC))
    for book in keeper.runners:
        book.tick()
    assert len(companies(base)[TITLES["strategic"]]) == 3
    said = capsys.readouterr().out
    assert said.count("run failed") == 2
    bytes_ = base.read_bytes()
    for book in keeper.runners:
        book.tick()
    assert base.read_bytes() == bytes_


def test_a_bug_in_a_run_does_not_stop_the_daemon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    base = small_base(tmp_path / "base.xlsx")
    keeper = Daemon(context(language("en"), config=_settings(tmp_path / "s.toml", ("base", base))))
    monkeypatch.setattr("sheetsync.daemon.book_runner.run", broken)
    keeper.runners[0].night()
    assert "ZeroDivisionError" in capsys.readouterr().out


def test_without_a_persons_word_a_first_run_waits(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = small_base(tmp_path / "base.xlsx")
    bytes_ = base.read_bytes()
    file = tmp_path / "s.toml"
    file.write_text(f'[[books]]\nname = "base"\naddress = "{base}"\n', encoding="utf-8")
    keeper = Daemon(context(language("en"), config=file))
    keeper.runners[0].night()
    assert "waits for a person" in capsys.readouterr().out
    assert base.read_bytes() == bytes_


def test_a_daemon_without_books_says_so(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="no books"):
        Daemon(context(language("en"), config=tmp_path / "s.toml"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_daemon_within_seconds(tmp_path: Path, number: signal.Signals) -> None:
    base = small_base(tmp_path / "base.xlsx")
    bytes_ = base.read_bytes()
    file = _settings(tmp_path / "s.toml", ("base", base))
    command = [sys.executable, "-m", "sheetsync", "daemon", "--config", str(file)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert "watching" in said
        started = time.monotonic()
        process.send_signal(number)
        rest = process.stdout.read()
        assert process.wait(timeout=10) == 0
    assert time.monotonic() - started < 10
    assert "stopped" in rest
    assert "Traceback" not in rest
    assert base.read_bytes() == bytes_
