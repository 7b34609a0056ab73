"""The line to Google: reads are sent again, writes never; every request has a timeout; the pace is kept."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from google.auth.exceptions import TransportError

from sheetsync import committing
from sheetsync.emulator import Server, Workspace
from sheetsync.sheets import reader
from sheetsync.sheets.client import Pace
from tests.shell.bench import TITLES, Shell, companies, small_base
from tests.shell.cloud import ADDRESS, BOOK, HTML, Cloud, Fault, refusal

TODAY = "2026-03-02"
PASSING = {
    "503": Fault(),
    "429": refusal(429, "Quota exceeded for quota metric 'Read requests'"),
    "500": refusal(500, "Internal error encountered."),
    "HTML 502": Fault(502, HTML),
    "connection": Fault(error=requests.exceptions.ConnectionError("Connection reset by peer")),
    "connect timeout": Fault(error=requests.exceptions.ConnectTimeout("connect")),
    "read timeout": Fault(error=requests.exceptions.ReadTimeout("read")),
    "transport": Fault(error=TransportError("reset")),  # type: ignore[no-untyped-call]  # google-auth is partly typed
}


def _passing(*names: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("fault", [PASSING[name] for name in names or PASSING], ids=list(names or PASSING))


@_passing()
def test_a_read_that_failed_is_sent_again(sheetsync: Shell, cloud: Cloud, fault: Fault) -> None:
    cloud.faults["read"] = [fault, fault]
    told = sheetsync("run", ADDRESS, "--force", "--today", TODAY, "--json")
    assert told.code == 0, told.err
    assert told.json["requests"] == {"read": 5, "write": 2} == {"read": cloud.count("read"), "write": 1}


@_passing()
def test_a_read_is_not_sent_for_ever(sheetsync: Shell, cloud: Cloud, fault: Fault) -> None:
    cloud.always["read"] = fault
    sheetsync("plan", ADDRESS).complains(3)
    assert cloud.count("read") == 5


@pytest.mark.parametrize("status", [400, 401, 403, 404, 501])
def test_a_refused_read_is_not_sent_again(sheetsync: Shell, cloud: Cloud, status: int) -> None:
    cloud.always["read"] = refusal(status, "no")
    sheetsync("plan", ADDRESS).complains(1 if status == 404 else 3)
    # On a 401 google-auth fetches a new token and asks again, twice at most: nothing was done then.
    assert cloud.count("read") == (3 if status == 401 else 1)


@_passing("503", "500", "HTML 502", "connection", "read timeout")
@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
def test_a_write_whose_answer_was_lost_is_never_sent_again(sheetsync: Shell, cloud: Cloud, tmp_path: Path, fault: Fault, late: bool) -> None:  # noqa: FBT001  # a case  # fmt: skip
    cloud.always["write"] = fault._replace(late=late)
    told = sheetsync("run", ADDRESS, "--force", "--today", TODAY)
    told.complains(3)
    assert "may or may not" in told.err
    assert "Journal" in told.err
    assert cloud.count("write") == 1
    moved = companies(tmp_path / f"{BOOK}.xlsx")[TITLES["strategic"]]
    assert len(moved) == (3 if late else 0)


@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
def test_after_a_lost_answer_the_next_run_puts_every_row_once(sheetsync: Shell, cloud: Cloud, tmp_path: Path, late: bool) -> None:  # noqa: FBT001  # a case  # fmt: skip
    cloud.faults["write"] = [Fault(late=late)]
    assert sheetsync("run", ADDRESS, "--force", "--today", TODAY).code == 3
    again = sheetsync("run", ADDRESS, "--force", "--today", TODAY, "--json")
    assert (again.code, len(again.json["moves"])) == (0, 0 if late else 3)
    found = companies(tmp_path / f"{BOOK}.xlsx")
    assert sorted(found[TITLES["strategic"]]) == [f"Company {n}" for n in range(3)]
    assert found[TITLES["working"]] == []


@_passing("429", "connect timeout")
def test_a_write_that_was_not_taken_says_so_and_is_not_sent_again(sheetsync: Shell, cloud: Cloud, fault: Fault) -> None:  # fmt: skip
    cloud.always["write"] = fault
    told = sheetsync("run", ADDRESS, "--force", "--today", TODAY)
    told.complains(3)
    assert "nothing was changed" in told.err
    assert cloud.count("write") == 1


def test_a_write_answered_in_no_known_form_may_have_been_made(sheetsync: Shell, cloud: Cloud) -> None:
    cloud.always["write"] = Fault(200, HTML)
    told = sheetsync("run", ADDRESS, "--force", "--today", TODAY)
    told.complains(3)
    assert "may or may not" in told.err
    assert cloud.count("write") == 1


def test_an_answer_that_shows_misplaced_rows_is_no_success(sheetsync: Shell, cloud: Cloud) -> None:
    cloud.always["write"] = Fault(200, '{"replies": [], "updatedSpreadsheet": {"sheets": []}}')
    told = sheetsync("run", ADDRESS, "--force", "--today", TODAY)
    told.complains(4)
    assert "Clients, 2: " in told.err


def test_every_request_has_a_timeout(sheetsync: Shell, cloud: Cloud) -> None:
    assert sheetsync("run", ADDRESS, "--force", "--today", TODAY).code == 0
    assert {kind for kind, _ in cloud.sent} == {"token", "read", "write"}
    for kind, request in cloud.sent:
        timeout = request.req_kwargs["timeout"]  # type: ignore[attr-defined]  # responses keeps it there
        assert timeout, kind
        assert kind == "token" or timeout == (10, 60.0)


def test_the_program_acts_as_its_account_and_protects_for_it(sheetsync: Shell, cloud: Cloud, tmp_path: Path) -> None:  # fmt: skip
    assert sheetsync("run", ADDRESS, "--force", "--today", TODAY).code == 0
    _, write = next(sent for sent in cloud.sent if sent[0] == "write")
    assert write.headers["Authorization"] == "Bearer token"
    assert "robot@project.iam.gserviceaccount.com" in str(write.body)
    assert sheetsync("run", ADDRESS, "--today", TODAY).code == 0
    assert (tmp_path / f"{BOOK}.xlsx").exists()


def test_a_key_that_google_has_revoked_is_not_tried_again(sheetsync: Shell, cloud: Cloud) -> None:
    cloud.always["token"] = Fault(400, '{"error": "invalid_grant", "error_description": "Invalid JWT Signature."}')
    told = sheetsync("plan", ADDRESS)
    told.complains(3)
    assert "clock" in told.err
    assert (cloud.count("token"), cloud.count("read")) == (1, 0)


def test_a_token_lost_to_a_passing_fault_is_asked_for_again(sheetsync: Shell, cloud: Cloud) -> None:
    cloud.faults["token"] = [Fault(502, HTML), Fault(502, HTML)]
    assert sheetsync("plan", ADDRESS, "--today", TODAY).code == 2
    assert cloud.count("token") == 3


def test_a_token_that_never_comes_is_given_up(sheetsync: Shell, cloud: Cloud) -> None:
    cloud.always["token"] = Fault(502, HTML)
    sheetsync("plan", ADDRESS).complains(3)
    assert cloud.count("token") == 5


class Clock:
    """A clock that goes on only while somebody sleeps."""

    def __init__(self) -> None:
        self.now, self.slept = 100.0, list[float]()

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def test_the_pace_lets_a_burst_through_and_then_one_a_second() -> None:
    clock = Clock()
    pace = Pace(per_second=1, burst=6, clock=lambda: clock.now, sleep=clock.sleep)
    for _ in range(6):
        pace.wait()
    assert clock.slept == []
    for _ in range(10):
        pace.wait()
    assert clock.slept == pytest.approx([1.0] * 10)
    clock.now += 3.5
    for _ in range(3):
        pace.wait()
    assert len(clock.slept) == 10
    pace.wait()
    assert clock.slept[-1] == pytest.approx(0.5)


def test_a_rest_saves_up_no_more_than_a_burst() -> None:
    clock = Clock()
    pace = Pace(per_second=1, burst=2, clock=lambda: clock.now, sleep=clock.sleep)
    clock.now += 1000
    for _ in range(4):
        pace.wait()
    assert clock.slept == pytest.approx([1.0, 1.0])


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], Server]:
    def start(path: Path) -> Server:
        server = Server(Workspace.of_file(path))
        server.bind()
        monkeypatch.setenv("SHEETSYNC_API_ENDPOINT", server.url)
        return server

    return start


def test_a_whole_job_over_http_on_a_served_emulator(sheetsync: Shell, served: Callable[[Path], Server], data: Path, tmp_path: Path) -> None:  # fmt: skip
    path = tmp_path / "six-tabs.xlsx"
    shutil.copy(data / "six-tabs.xlsx", path)
    with served(path):
        told = sheetsync("run", "six-tabs", "--today", TODAY, "--force", "--lang", "ru", "--json")
        assert told.code == 0, told.err
        assert (len(told.json["moves"]), told.json["requests"]) == (80, {"read": 3, "write": 2})
        again = sheetsync("run", "six-tabs", "--today", TODAY, "--lang", "ru", "--json")
        assert (again.code, again.json["moves"]) == (0, [])
        assert "sheetsync@localhost" in sheetsync("doctor", "six-tabs").out


def test_rows_changed_over_http_between_reading_and_writing_are_decided_anew(sheetsync: Shell, served: Callable[[Path], Server], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    path, read_rows = small_base(tmp_path / "book.xlsx"), reader.read_rows
    edits = ["2026-03-01"]
    with served(path) as server:

        def meanwhile(*arguments: object) -> object:
            if edits:
                url = f"{server.url}/v4/spreadsheets/book/values/'{TITLES['working']}'!G2"
                body = {"values": [[edits.pop()]]}
                requests.put(url, json=body, params={"valueInputOption": "RAW"}, timeout=30).raise_for_status()
            return read_rows(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(committing, "read_rows", meanwhile)
        told = sheetsync("run", "book", "--today", TODAY, "--force", "--json")
    assert told.code == 0, told.err
    assert sorted(move["company"] for move in told.json["moves"]) == ["Company 1", "Company 2"]
    assert companies(path)[TITLES["working"]] == ["Company 0"]
    assert told.json["requests"] == {"read": 6, "write": 2}


def test_serve_prints_an_address_for_every_book(tmp_path: Path, sheetsync: Shell, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    small_base(tmp_path / "book.xlsx")
    monkeypatch.setattr("sheetsync.emulator.transport.server.Server.run", lambda _: None)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    told = sheetsync("serve", tmp_path / "book.xlsx", "--port", "0", "--json")
    assert told.code == 0, told.err
    assert told.json["id"] == "book"
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/v4/spreadsheets/book", told.json["url"])
