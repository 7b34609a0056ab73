"""A daemon that is left alone for a year: books beside each other, missed nights, signals, systemd, and the port it is looked at by."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import requests
import structlog

from sheetsync.cli.commands.daemon import configure_log
from sheetsync.daemon import loop
from sheetsync.daemon.book_runner import BookRunner
from sheetsync.daemon.loop import Daemon
from sheetsync.daemon.monitor import Monitor
from sheetsync.daemon.systemd import Systemd
from sheetsync.daemon.workers import Workers
from sheetsync.errors import BookChanged, InputError
from sheetsync.i18n import language
from sheetsync.runlog.place import state_folder
from sheetsync.runlog.record import Kind, Outcome, RunRecord
from sheetsync.runlog.store import RunLog
from sheetsync.services.context import Context, context
from sheetsync.services.night_hours import are_working_hours
from sheetsync.services.stages import Progress, Stage
from tests.builders.bench import TITLES, companies, small_base

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sheetsync.services.watched_run import Watch

MONDAY = "2026-03-02"
SECONDS = 5.0
"""How long a test waits for another thread at most."""


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


def context_of(folder: Path, more: str = "", *, force: bool = True, book: str = "base") -> Context:
    path = folder / "base.xlsx"
    if not path.exists():
        small_base(path)
    file = folder / "s.toml"
    forced = "force_first = true\n" if force else ""
    file.write_text(
        f'state = "{folder / "state"}"\n{more}\n'
        f'[[books]]\nname = "{book}"\naddress = "{path}"\nat = ["02:00"]\n{forced}',
        encoding="utf-8",
    )
    return context(language("en"), config=file)


def log_of(ctx: Context) -> RunLog:
    return RunLog(state_folder(ctx.settings), ctx.language)


def remember(ctx: Context, began: str, outcome: Outcome = Outcome.WROTE) -> None:
    """Let the run log say that the book was run."""
    log_of(ctx).end(RunRecord("0", "base", Kind.RUN, at(began), outcome, at(began)))


class Clock:
    def __init__(self, start: str) -> None:
        self.now = at(start)

    def __call__(self) -> datetime:
        return self.now


def nights_of(monkeypatch: pytest.MonkeyPatch, runner: BookRunner) -> list[Kind]:
    """Have a book's nights noted in place of being run."""
    nights: list[Kind] = []
    monkeypatch.setattr(runner, "night", nights.append)
    monkeypatch.setattr(runner, "learn_zone", lambda: None)
    runner.may_be_fenced = False
    return nights


@pytest.mark.parametrize(
    ("rule", "last", "now", "made_up"),
    [
        # Down over the night, up on Monday in working hours.
        ("careful", "2026-03-01T02:00", "2026-03-02T10:00", [Kind.REPORTS]),
        ("at_once", "2026-03-01T02:00", "2026-03-02T10:00", [Kind.RUN]),
        ("never", "2026-03-01T02:00", "2026-03-02T10:00", []),
        # Up again while nobody works: before work, after it, on a Sunday.
        ("careful", "2026-03-01T02:00", "2026-03-02T05:00", [Kind.RUN]),
        ("careful", "2026-03-01T02:00", "2026-03-02T21:00", [Kind.RUN]),
        ("careful", "2026-02-27T02:00", "2026-03-01T10:00", [Kind.RUN]),
        # Nothing was missed; a week was; the clock had been a year ahead; it was set back an hour.
        ("careful", "2026-03-02T02:00", "2026-03-02T10:00", []),
        ("careful", "2026-02-20T02:00", "2026-03-02T10:00", [Kind.REPORTS]),
        ("at_once", "2027-03-01T02:00", "2026-03-02T10:00", []),
        ("at_once", "2026-03-02T02:00", "2026-03-02T01:30", []),
    ],
)
def test_a_night_that_was_missed_is_made_up(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    rule: str,
    last: str,
    now: str,
    made_up: list[Kind],
) -> None:
    ctx = context_of(tmp_path, f'daemon.make_up = "{rule}"')
    remember(ctx, last)
    (runner,) = Daemon(ctx, Clock(now)).runners
    nights = nights_of(monkeypatch, runner)
    runner.tick()
    runner.tick()
    assert nights == made_up


def test_a_night_that_failed_before_a_restart_is_made_up_and_one_that_waits_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ctx = context_of(tmp_path)
    remember(ctx, "2026-03-01T02:00")
    log_of(ctx).end(RunRecord("1", "base", Kind.RUN, at("2026-03-02T02:00"), Outcome.FAILED))
    (runner,) = Daemon(ctx, Clock("2026-03-02T03:00")).runners
    nights = nights_of(monkeypatch, runner)
    runner.tick()
    assert nights == [Kind.RUN]
    log_of(ctx).end(RunRecord("2", "base", Kind.RUN, at("2026-03-02T02:00"), Outcome.WAITS))
    (runner,) = Daemon(ctx, Clock("2026-03-02T03:00")).runners
    nights = nights_of(monkeypatch, runner)
    runner.tick()
    assert nights == []


@pytest.mark.parametrize(
    ("hours", "now", "at_work"),
    [
        (("08:00", "19:00"), "2026-03-02T08:00", True),
        (("08:00", "19:00"), "2026-03-02T19:00", False),
        (("08:00", "19:00"), "2026-02-28T12:00", False),
        (("22:00", "06:00"), "2026-03-02T23:00", True),
        (("22:00", "06:00"), "2026-02-28T03:00", True),
        (("22:00", "06:00"), "2026-03-01T03:00", False),
        (("22:00", "6:00"), "2026-03-02T12:00", False),
    ],
)
def test_working_hours_may_go_past_midnight(
    hours: tuple[str, str],
    now: str,
    at_work: bool,  # noqa: FBT001  # a case
) -> None:
    assert are_working_hours(hours, at(now)) is at_work


def test_in_working_hours_the_reports_come_at_once_and_the_moves_at_the_next_night(
    tmp_path: Path,
) -> None:
    ctx = context_of(tmp_path)
    clock = Clock("2026-02-05T02:00")
    (runner,) = Daemon(ctx, clock).runners
    runner.night()
    path = tmp_path / "base.xlsx"
    assert len(companies(path)[TITLES["working"]]) == 3, "nothing is due yet"
    clock.now = at("2026-03-02T10:00")
    (runner,) = Daemon(ctx, clock).runners
    runner.tick()
    assert len(companies(path)[TITLES["working"]]) == 3
    newest = log_of(ctx).runs("base")[0]
    assert (newest.kind, newest.outcome) == (Kind.REPORTS, Outcome.WROTE)
    clock.now = at("2026-03-03T02:00:10")
    runner.tick()
    assert len(companies(path)[TITLES["strategic"]]) == 3
    runner.night()
    assert [run.outcome for run in log_of(ctx).runs("base")][:2] == [Outcome.QUIET, Outcome.WROTE]


def test_a_base_that_was_never_run_is_asked_about_and_gets_no_reports(tmp_path: Path) -> None:
    ctx = context_of(tmp_path, force=False)
    bytes_ = (tmp_path / "base.xlsx").read_bytes()
    (runner,) = Daemon(ctx, Clock("2026-03-02T10:00")).runners
    runner.night(Kind.REPORTS)
    assert log_of(ctx).runs("base")[0].outcome is Outcome.WAITS
    assert (tmp_path / "base.xlsx").read_bytes() == bytes_


@pytest.mark.parametrize("stage", [Stage.READ, Stage.LOCK, Stage.REREAD])
def test_a_daemon_that_is_to_stop_breaks_a_run_off_before_it_has_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: Stage
) -> None:
    ctx = context_of(tmp_path)
    keeper = Daemon(ctx, Clock("2026-03-02T02:00"))
    (runner,) = keeper.runners
    go_on = runner.go_on

    def stop_at(progress: Progress) -> None:
        if progress.stage is stage:
            keeper.stop()
        go_on(progress)

    monkeypatch.setattr(runner, "go_on", stop_at)
    runner.night()
    assert log_of(ctx).runs("base")[0].outcome is Outcome.BROKEN_OFF
    assert len(companies(tmp_path / "base.xlsx")[TITLES["working"]]) == 3
    # The next daemon finds no lock, and does the night.
    (runner,) = Daemon(ctx, Clock("2026-03-02T02:10")).runners
    runner.night()
    assert log_of(ctx).runs("base")[0].outcome is Outcome.WROTE


def test_what_is_being_written_when_the_daemon_is_to_stop_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ctx = context_of(tmp_path)
    keeper = Daemon(ctx, Clock("2026-03-02T02:00"))
    (runner,) = keeper.runners
    go_on = runner.go_on

    def stop_at(progress: Progress) -> None:
        if progress.stage is Stage.WRITE:
            keeper.stop()
        go_on(progress)

    monkeypatch.setattr(runner, "go_on", stop_at)
    runner.night()
    assert log_of(ctx).runs("base")[0].outcome is Outcome.WROTE
    assert len(companies(tmp_path / "base.xlsx")[TITLES["strategic"]]) == 3


def until(happened: threading.Event) -> None:
    assert happened.wait(SECONDS)


def test_so_many_work_at_a_time_and_one_that_hangs_takes_no_place() -> None:
    clock = [0.0]
    workers = Workers(1, 60, lambda: clock[0])
    let_go, second = threading.Event(), threading.Event()
    assert workers.start("a", "a", lambda: until(let_go))
    assert not workers.start("b", "b", second.set)
    assert workers.newly_hanging() == ()
    clock[0] = 61
    assert workers.newly_hanging() == ("a",)
    assert workers.newly_hanging() == (), "it is told once"
    assert workers.start("b", "b", second.set)
    until(second)
    assert not workers.start("a", "a", second.set), "one book is never run twice at a time"
    let_go.set()
    while workers.at_work():
        time.sleep(0.01)
    assert workers.start("a", "a", second.set)


def test_a_book_that_hangs_stops_no_other_and_not_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(loop, "LOOP_SECONDS", 0.01)
    monkeypatch.setattr(loop, "GRACE_SECONDS", 0.1)
    ctx = context_of(tmp_path, "daemon.threads = 1\ndaemon.longest_run_minutes = 0.0005")
    with (tmp_path / "s.toml").open("a", encoding="utf-8") as file:
        file.write(f'[[books]]\nname = "second"\naddress = "{tmp_path / "second.xlsx"}"\n')
    ctx = context(language("en"), config=tmp_path / "s.toml")
    let_go, second = threading.Event(), threading.Event()

    def tick(runner: BookRunner) -> None:
        if runner.settings.name == "base":
            until(let_go)
        second.set()

    monkeypatch.setattr(BookRunner, "tick", tick)
    keeper = Daemon(ctx)
    thread = threading.Thread(target=keeper.serve)
    thread.start()
    until(second)
    keeper.stop()
    thread.join(SECONDS)
    let_go.set()
    assert not thread.is_alive()
    said = capsys.readouterr().out
    assert "a run hangs" in said
    assert "left" in said


def test_settings_are_read_anew_and_where_they_cannot_be_the_old_ones_stay(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BookRunner, "tick", lambda _: None)
    keeper = Daemon(context_of(tmp_path))
    (base,) = keeper.runners
    with (tmp_path / "s.toml").open("a", encoding="utf-8") as file:
        file.write(f'[[books]]\nname = "second"\naddress = "{tmp_path / "second.xlsx"}"\n')
    keeper.reload()
    keeper.look_around()
    assert [runner.settings.name for runner in keeper.runners] == ["base", "second"]
    assert keeper.runners[0] is base, "what is known of a book stays"
    (tmp_path / "s.toml").write_text("[[books]]\nname = ", encoding="utf-8")
    keeper.reload()
    keeper.look_around()
    assert len(keeper.runners) == 2
    assert "the old ones stay" in capsys.readouterr().out


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """Listen as systemd does."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(SECONDS)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", "20000000")
        yield listening


def test_systemd_is_told_that_the_daemon_is_up_how_it_stands_and_that_it_lives(
    systemd: socket.socket,
) -> None:
    clock = [100.0]
    line = Systemd(language("en"), lambda: clock[0])
    line.ready()
    line.status("1 book")
    line.status("1 book")
    for _ in range(30):
        clock[0] += 1
        line.beat()
    line.reloading()
    line.stopping()
    line.close()
    said = [systemd.recv(4096).decode() for _ in range(7)]
    assert said == [
        "READY=1",
        "STATUS=1 book",
        "WATCHDOG=1",
        "WATCHDOG=1",
        "WATCHDOG=1",
        "RELOADING=1\nMONOTONIC_USEC=130000000",
        "STOPPING=1",
    ]


def test_without_systemd_nobody_is_told_and_nothing_needed() -> None:
    Systemd(language("en")).ready()


def watch_of(tmp_path: Path) -> Watch:
    ctx = context_of(tmp_path)
    remember(ctx, "2026-03-02T02:00")
    return Daemon(ctx, Clock("2026-03-02T12:00")).watch


@pytest.fixture
def monitor(tmp_path: Path) -> Iterator[Monitor]:
    opened = Monitor(watch_of(tmp_path))
    opened.open(free_port())
    yield opened
    opened.close()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def asked(monitor: Monitor, path: str, **headers: str) -> requests.Response:
    return requests.get(f"http://127.0.0.1:{monitor.port}{path}", headers=headers, timeout=SECONDS)


def test_the_port_shows_health_metrics_and_how_the_books_stand(monitor: Monitor) -> None:
    assert (asked(monitor, "/healthz").status_code, asked(monitor, "/nothing").status_code) == (
        200,
        404,
    )
    metrics = asked(monitor, "/metrics").text
    assert 'sheetsync_runs_total{book="base",kind="run",outcome="wrote"} 1.0' in metrics
    assert 'sheetsync_last_success_timestamp_seconds{book="base"}' in metrics
    assert 'sheetsync_watch_failures_total{what="runlog"} 0.0' in metrics
    (book,) = asked(monitor, "/status.json").json()["books"]
    assert (book["name"], book["state"]) == ("base", "well")
    page = asked(monitor, "/")
    assert "base: in order" in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_the_port_answers_by_no_other_name_than_this_machines_own(monitor: Monitor) -> None:
    assert asked(monitor, "/status.json", Host="evil.example").status_code == 403
    assert asked(monitor, "/healthz", Host=f"localhost:{monitor.port}").status_code == 200


def test_a_daemon_that_stands_is_not_healthy(tmp_path: Path) -> None:
    clock = [0.0]
    monitor = Monitor(watch_of(tmp_path), lambda: clock[0])
    assert monitor.answer("/healthz").status == 200
    clock[0] = 61
    assert monitor.answer("/healthz").status == 503
    monitor.beat()
    assert monitor.answer("/healthz").status == 200


def test_a_run_log_that_cannot_be_read_is_said_on_the_port_too(
    tmp_path: Path, monitor: Monitor
) -> None:
    (tmp_path / "state" / "runs.sqlite").write_bytes(b"no database " * 200)
    answer = asked(monitor, "/status.json")
    assert answer.status_code == 503
    assert "cannot be used" in answer.text


def test_a_port_that_is_taken_is_a_sentence_and_the_one_before_stays(monitor: Monitor) -> None:
    before = monitor.port
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(InputError, match="cannot be used") as raised:
            monitor.open(taken.getsockname()[1])
    assert "[monitor]" in raised.value.fix
    assert asked(monitor, "/healthz").status_code == 200
    assert monitor.port == before


def test_each_line_bears_its_run_its_book_and_a_zoned_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ctx = context_of(tmp_path, 'daemon.log = "json"')
    configure_log(logging.INFO, as_json=True)
    try:
        (runner,) = Daemon(ctx, Clock("2026-03-02T02:00")).runners
        runner.night()
    finally:
        structlog.reset_defaults()
    (line,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert line["run"] == log_of(ctx).runs("base")[0].run
    assert (line["book"], line["event"]) == ("base", "run")
    assert datetime.fromisoformat(line["timestamp"]).utcoffset() is not None


def test_every_night_stands_in_the_run_log_be_it_that_it_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise BookChanged("no", fix="wait")

    monkeypatch.setattr("sheetsync.daemon.book_runner.run", refused)
    ctx = context_of(tmp_path)
    clock = Clock("2026-01-01T01:00")
    (runner,) = Daemon(ctx, clock).runners
    monkeypatch.setattr(runner, "learn_zone", lambda: None)
    monkeypatch.setattr(BookRunner, "_tidy", lambda _: None)
    for _ in range(40):
        runner.again = None
        clock.now += timedelta(hours=1, seconds=10)
        runner.tick()
        clock.now += timedelta(hours=22, minutes=59, seconds=50)
    nights = log_of(ctx).runs("base")
    assert len(nights) == len({run.began.date() for run in nights}) == 40


def test_two_books_have_their_night_beside_each_other(tmp_path: Path) -> None:
    runners = []
    for name in ("north", "south"):
        (tmp_path / name).mkdir()
        ctx = context_of(tmp_path / name, book=name)
        runners += Daemon(ctx, Clock("2026-03-02T02:00")).runners
    workers = Workers(2, 600)
    for runner in runners:
        assert workers.start(runner.settings.name, runner.settings.name, runner.night)
    assert set(workers.at_work()) == {"north", "south"}
    while workers.at_work():
        time.sleep(0.05)
    for name in ("north", "south"):
        assert len(companies(tmp_path / name / "base.xlsx")[TITLES["strategic"]]) == 3
