"""The daemon tells people at their hours, after a restart too, and at once when a run stops; a channel that fails stops nothing."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
import responses

from sheetsync.daemon.loop import Daemon
from sheetsync.i18n import language
from sheetsync.method.terms import Notices
from sheetsync.reporting.messages.delivery_hours import DeliveryHours
from sheetsync.services.context import context
from tests.builders.bench import TITLES, Shell
from tests.builders.letters import Office, office
from tests.builders.notified_base import base, journal, late, people, settings
from tests.services.test_notify import SENDS, TELEGRAM, TOKEN

Change = Callable[..., None]


@pytest.fixture
def post() -> Iterator[Office]:
    with office() as opened:
        yield opened


@pytest.fixture
def team(monkeypatch: pytest.MonkeyPatch) -> Change:
    monkeypatch.setenv("TZ", "UTC")
    return people(monkeypatch)


@pytest.fixture
def book(sheetsync: Shell, tmp_path: Path, team: Change) -> Path:  # noqa: ARG001  # the team stands on the Settings tab
    """Give a base after its first night, a Sunday's."""
    path = base(tmp_path / "base.xlsx")
    assert sheetsync("run", path, "--today", "2026-03-01", "--force").code == 0
    return path


class Days:
    """A daemon with one book, and a clock that is moved by hand."""

    def __init__(self, config: Path, start: str) -> None:
        self.now = datetime.fromisoformat(start).replace(tzinfo=UTC)
        self.keeper = Daemon(context(language("en"), config=config), lambda: self.now)
        (self.book,) = self.keeper.runners

    def until(self, end: str, every: timedelta = timedelta(minutes=10)) -> None:
        """Let it tick through a time."""
        last = datetime.fromisoformat(end).replace(tzinfo=UTC)
        while self.now < last:
            self.now = min(self.now + every, last)
            self.book.tick()


def config(
    tmp_path: Path, book: Path, *channels: str, at: str = "02:00", operator: str = ""
) -> Path:
    more = f'[[books]]\nname = "base"\naddress = "{book}"\nat = ["{at}"]\nforce_first = false\n'
    file = settings(tmp_path / "s.toml", *channels, more=more)
    if operator:
        file.write_text(
            file.read_text(encoding="utf-8") + f"operator = '{operator}'\n", encoding="utf-8"
        )
    return file


@pytest.mark.parametrize(
    ("now", "come"),
    [
        ("2026-03-02T08:59", []),
        ("2026-03-02T09:00", ["manager"]),
        ("2026-03-02T09:30", ["head", "manager"]),
        ("2026-03-02T16:59", ["head", "manager"]),
        ("2026-03-02T17:00", ["head"]),
        ("2026-03-02T17:30", []),
        ("2026-03-03T00:00", []),
    ],
)
def test_an_hour_has_come_for_eight_hours_of_its_own_day(now: str, come: list[str]) -> None:
    assert sorted(DeliveryHours("09:00", "09:30").come(datetime.fromisoformat(now))) == come


@pytest.mark.parametrize("hour", ["00:00", "02:30", "23:59"])
@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25", "2026-06-01"])
def test_every_hour_comes_on_every_day_of_a_zone_that_changes_its_clocks(
    hour: str, day: str
) -> None:
    zone, start = (
        ZoneInfo("Europe/Berlin"),
        datetime.fromisoformat(f"{day}T00:00").replace(tzinfo=ZoneInfo("Europe/Berlin")),
    )
    moments = [
        (start.astimezone(UTC) + timedelta(minutes=n)).astimezone(zone) for n in range(25 * 60)
    ]
    come = [
        moment
        for moment in moments
        if DeliveryHours(hour, hour).come(moment) and moment.date() == start.date()
    ]
    assert come[0].strftime("%H:%M") == (
        hour if (hour, day) != ("02:30", "2026-03-29") else "03:00"
    )


def test_managers_are_told_at_their_hour_and_the_head_at_his(
    tmp_path: Path, book: Path, post: Office
) -> None:
    days = Days(config(tmp_path, book, post.template), "2026-03-02T00:00")
    days.until("2026-03-02T08:59")
    assert post.received() == []
    days.until("2026-03-02T09:01")
    assert post.received() == ["ann@firm.com", "ben@firm.com"]
    days.until("2026-03-02T09:29")
    assert len(post.letters) == 2
    days.until("2026-03-02T23:59")
    assert post.received()[2:] == ["eve@firm.com"]
    days.until("2026-03-03T12:00")
    assert len(post.letters) == 6


def test_the_book_is_not_read_between_the_hours(
    tmp_path: Path, book: Path, post: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = Days(config(tmp_path, book, post.template), "2026-03-02T02:30")
    days.until("2026-03-02T12:00")

    def read(*_: object) -> None:
        raise AssertionError("the book was read")

    monkeypatch.setattr("sheetsync.services.read_and_decide.read_book", read)
    days.until("2026-03-02T23:50")


@pytest.mark.parametrize(
    ("start", "told"), [("08:00", 3), ("11:00", 3), ("16:50", 1), ("18:00", 0)]
)
def test_a_daemon_that_was_away_at_the_hour_makes_up_for_it_on_the_same_day(
    tmp_path: Path, book: Path, post: Office, start: str, told: int
) -> None:
    days = Days(config(tmp_path, book, post.template), f"2026-03-02T{start}")
    days.until("2026-03-02T23:00", timedelta(minutes=30))
    assert len(post.letters) == told


def test_a_daemon_that_is_started_again_says_nothing_twice(
    tmp_path: Path, book: Path, post: Office
) -> None:
    file = config(tmp_path, book, post.template)
    Days(file, "2026-03-02T08:55").until("2026-03-02T09:35")
    assert len(post.letters) == 3
    bytes_ = book.read_bytes()
    Days(file, "2026-03-02T09:36").until("2026-03-02T16:00", timedelta(minutes=30))
    assert len(post.letters) == 3
    assert book.read_bytes() == bytes_


def test_people_hear_of_the_night_that_came_at_their_very_hour(
    tmp_path: Path, book: Path, post: Office
) -> None:
    workbook = openpyxl.load_workbook(book)
    sheet = workbook[TITLES["working"]]
    state = [cell.value for cell in sheet[1]].index("State") + 1
    for row in range(2, sheet.max_row + 1):
        if sheet.cell(row, 1).value == "Alfa":
            sheet.cell(row, state).value = "Client"
    workbook.save(book)
    workbook.close()
    Days(config(tmp_path, book, post.template, at="09:00"), "2026-03-02T08:55").until(
        "2026-03-02T09:00"
    )
    assert post.received() == ["ann@firm.com", "ben@firm.com"]
    assert "• Alfa — moved to “Clients”" in post.bodies()[0]


def test_a_channel_that_fails_is_tried_again_and_no_run_fails(
    tmp_path: Path, book: Path, post: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    days = Days(config(tmp_path, book, post.template, TELEGRAM, at="09:20"), "2026-03-02T08:55")
    with responses.RequestsMock() as wire:
        wire.post(SENDS, status=500, json={"ok": False, "description": TOKEN})
        days.until("2026-03-02T09:10")
        assert (len(wire.calls), len(post.letters)) == (1, 2)
        days.until("2026-03-02T09:21")
    with responses.RequestsMock() as wire:
        wire.post(SENDS, json={"ok": True})
        days.until("2026-03-02T12:00")
        assert len(wire.calls) == 2, "Ann's, and the head's own"
    said = capsys.readouterr().out
    assert len(post.letters) == 3
    assert "a channel failed" in said
    assert "run failed" not in said
    assert TOKEN not in said


def test_on_a_day_off_nobody_is_told(tmp_path: Path, book: Path, post: Office) -> None:
    Days(config(tmp_path, book, post.template), "2026-03-07T00:00").until(
        "2026-03-08T23:00", timedelta(minutes=30)
    )
    assert post.letters == []


def test_new_hours_hold_from_the_next_time_the_book_is_read(
    tmp_path: Path, book: Path, post: Office, team: Change
) -> None:
    days = Days(config(tmp_path, book, post.template), "2026-03-02T00:00")
    days.until("2026-03-02T08:30")
    team(notices=Notices(managers_at="10:00", head_at="10:00"))
    days.until("2026-03-02T09:59")
    assert post.letters == []
    days.until("2026-03-02T10:01")
    assert len(post.letters) == 3


def test_a_file_that_is_open_elsewhere_is_waited_for_and_nobody_is_told_twice(
    tmp_path: Path, book: Path, post: Office
) -> None:
    mark = book.with_name(f"~${book.name}")
    mark.write_bytes(b"")
    days = Days(config(tmp_path, book, post.template), "2026-03-02T08:30")
    days.until("2026-03-02T10:00")
    assert post.letters == []
    mark.unlink()
    days.until("2026-03-02T16:00")
    assert sorted(post.received()) == ["ann@firm.com", "ben@firm.com", "eve@firm.com"]


def _clients(path: Path) -> Path:
    rows = [late(f"Client {n}", "Ann", "2026-04-01") for n in range(33)]
    return base(path, *rows)


def test_a_run_that_stops_for_safety_is_told_to_the_head_and_the_operator_at_once_and_once_a_day(
    sheetsync: Shell,
    tmp_path: Path,
    post: Office,
    team: Change,  # noqa: ARG001
) -> None:
    book = _clients(tmp_path / "base.xlsx")
    assert sheetsync("run", book, "--today", "2026-03-01", "--force").code == 0
    workbook = openpyxl.load_workbook(book)
    workbook[TITLES["working"]].delete_rows(2, 20)
    workbook.save(book)
    workbook.close()
    file = config(tmp_path, book, post.template, operator="ops@firm.com")
    days = Days(file, "2026-03-07T01:50")
    days.until("2026-03-07T02:10")
    assert sorted(post.received()) == ["eve@firm.com", "ops@firm.com"], (
        "at night and on a Saturday too"
    )
    assert all("20 of 33 rows that the last run knew are gone" in body for body in post.bodies())
    assert all("run --force" in body for body in post.bodies())
    assert [line[1] for line in journal(book)] == ["operator:mailto", "mailto"]
    again = Days(file, "2026-03-07T02:20")
    again.book.night()
    days.book.night()
    assert len(post.letters) == 2
    tomorrow = Days(file, "2026-03-08T01:50")
    tomorrow.until("2026-03-08T02:10")
    assert len(post.letters) == 4


def test_a_first_run_that_waits_is_told_and_nothing_is_written(
    tmp_path: Path,
    post: Office,
    team: Change,  # noqa: ARG001  # the team stands on the Settings tab
) -> None:
    book = base(tmp_path / "new.xlsx")
    bytes_ = book.read_bytes()
    days = Days(config(tmp_path, book, post.template, operator="ops@firm.com"), "2026-03-02T01:50")
    days.until("2026-03-02T12:00")
    days.book.night()
    assert sorted(post.received()) == ["eve@firm.com", "ops@firm.com"]
    assert "This would be the first run on this base" in post.bodies()[0]
    assert book.read_bytes() == bytes_


def test_a_book_that_cannot_be_run_is_told_to_the_operator_once_a_day(
    tmp_path: Path, post: Office
) -> None:
    (tmp_path / "broken.xlsx").write_bytes(b"no workbook")
    days = Days(
        config(tmp_path, tmp_path / "broken.xlsx", post.template, operator="ops@firm.com"),
        "2026-03-02T01:50",
    )
    days.until("2026-03-02T02:10")
    days.book.night()
    assert post.received() == ["ops@firm.com"]
    assert "is not a readable .xlsx" in post.bodies()[0]


def test_a_service_that_is_down_when_a_run_stops_changes_nothing_for_the_run(
    tmp_path: Path,
    team: Change,  # noqa: ARG001
    capsys: pytest.CaptureFixture[str],
) -> None:
    book = base(tmp_path / "new.xlsx")
    days = Days(
        config(tmp_path, book, "mailto://a:b@127.0.0.1:9?from=a@firm.com&to={email}"),
        "2026-03-02T01:50",
    )
    days.until("2026-03-02T02:10")
    said = capsys.readouterr().out
    assert "waits for a person" in said
    assert "a channel failed" in said
    assert "a bug" not in said
