"""The line to Google: what is sent again and what is made sure of; every request has a timeout; the pace is kept."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from google.auth.exceptions import TransportError

from sheetsync.emulator import Server, Workspace
from sheetsync.services import commit as committing
from sheetsync.sheets.connection.client import RequestPace
from sheetsync.sheets.read import tab_cells
from tests.builders.bench import TITLES, Shell, companies, small_base
from tests.builders.cloud import ADDRESS, HTML, Cloud, Fault, refusal

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
    return pytest.mark.parametrize(
        "fault", [PASSING[name] for name in names or PASSING], ids=list(names or PASSING)
    )


@_passing()
def test_a_read_that_failed_is_sent_again(sheetsync: Shell, cloud: Cloud, fault: Fault) -> None:
    cloud.faults["read"] = [fault, fault]
    told = sheetsync("run", ADDRESS, "--force", "--today", TODAY, "--json")
    assert told.code == 0, told.err
    assert told.json["requests"] == {"read": 5, "write": 2}
    assert (cloud.count("read"), cloud.count("write")) == (5, 2)


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


LOST = _passing("503", "500", "HTML 502", "connection", "read timeout")


@LOST
def test_writes_that_never_arrive_leave_everything_as_it_was_and_say_so(
    sheetsync: Shell, cloud: Cloud, fault: Fault
) -> None:
    cloud.always["write"] = fault
    told = sheetsync("run", ADDRESS, "--force", "--today", TODAY)
    told.complains(3)
    assert "nothing was changed" in told.err
    assert cloud.count("write") == 3
    assert cloud.companies()[TITLES["strategic"]] == []


@LOST
def test_writes_whose_answers_are_all_lost_are_found_to_be_done(
    sheetsync: Shell, cloud: Cloud, fault: Fault
) -> None:
    cloud.always["write"] = fault._replace(late=True)
    told = sheetsync("run", ADDRESS, "--force", "--today", TODAY, "--json")
    assert (told.code, cloud.count("write")) == (0, 2), told.err
    assert len(cloud.companies()[TITLES["strategic"]]) == 3


@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("which", [0, 1], ids=["the lock", "the write"])
def test_one_lost_answer_is_looked_into_and_the_run_goes_on(
    sheetsync: Shell,
    cloud: Cloud,
    which: int,
    late: bool,  # noqa: FBT001  # a case
) -> None:
    cloud.script[3 + 2 * which] = Fault(late=late)
    told = sheetsync("run", ADDRESS, "--force", "--today", TODAY, "--json")
    assert (told.code, cloud.count("write")) == (0, 2 if late else 3), told.err
    again = sheetsync("run", ADDRESS, "--force", "--today", TODAY, "--json")
    assert (again.code, again.json["moves"], again.json["wrote"]) == (0, [], False)
    found = cloud.companies()
    assert sorted(found[TITLES["strategic"]]) == [f"Company {n}" for n in range(3)]
    assert found[TITLES["working"]] == []


def test_a_service_that_dies_in_the_middle_leaves_certainty_or_says_that_there_is_none(
    sheetsync: Shell, cloud: Cloud
) -> None:
    gone = Fault(error=requests.exceptions.ConnectionError("no route to host"))
    cloud.script = dict.fromkeys(range(5, 60), gone)
    told = sheetsync("run", ADDRESS, "--force", "--today", TODAY)
    told.complains(3)
    assert "may or may not" in told.err
    cloud.script.clear()
    assert sheetsync("run", ADDRESS, "--force", "--today", TODAY).code == 0
    assert sorted(cloud.companies()[TITLES["strategic"]]) == [f"Company {n}" for n in range(3)]


@_passing("429", "connect timeout")
def test_a_write_that_was_not_taken_is_sent_again_a_few_times(
    sheetsync: Shell, cloud: Cloud, fault: Fault
) -> None:
    cloud.always["write"] = fault
    told = sheetsync("run", ADDRESS, "--force", "--today", TODAY)
    told.complains(3)
    assert "nothing was changed" in told.err
    assert cloud.count("write") == 3


def test_a_write_answered_in_no_known_form_is_looked_into(sheetsync: Shell, cloud: Cloud) -> None:
    cloud.script[3] = cloud.script[6] = Fault(200, HTML, late=True)
    told = sheetsync("run", ADDRESS, "--force", "--today", TODAY, "--json")
    assert (told.code, cloud.count("write")) == (0, 2), told.err


def test_an_answer_that_tells_nothing_is_checked_against_the_base_itself(
    sheetsync: Shell, cloud: Cloud
) -> None:
    cloud.script[5] = Fault(200, '{"replies": [], "updatedSpreadsheet": {"sheets": []}}', late=True)
    told = sheetsync("run", ADDRESS, "--force", "--today", TODAY, "--json")
    assert told.code == 0, told.err
    assert not any("by mistake" in note for note in told.json["notes"])
    assert len(cloud.companies()[TITLES["strategic"]]) == 3


def test_every_request_has_a_timeout(sheetsync: Shell, cloud: Cloud) -> None:
    assert sheetsync("run", ADDRESS, "--force", "--today", TODAY).code == 0
    assert {kind for kind, _ in cloud.sent} == {"token", "read", "write"}
    for kind, request in cloud.sent:
        timeout = request.req_kwargs["timeout"]  # type: ignore[attr-defined]  # responses keeps it there
        assert timeout, kind
        assert kind == "token" or timeout == (10, 60.0)


def test_the_program_acts_as_its_account_and_protects_for_it(
    sheetsync: Shell, cloud: Cloud
) -> None:
    assert sheetsync("run", ADDRESS, "--force", "--today", TODAY).code == 0
    _, write = next(sent for sent in cloud.sent if sent[0] == "write")
    assert write.headers["Authorization"] == "Bearer token"
    assert "robot@project.iam.gserviceaccount.com" in str(write.body)
    assert sheetsync("run", ADDRESS, "--today", TODAY).code == 0


def test_a_key_that_google_has_revoked_is_not_tried_again(sheetsync: Shell, cloud: Cloud) -> None:
    cloud.always["token"] = Fault(
        400, '{"error": "invalid_grant", "error_description": "Invalid JWT Signature."}'
    )
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
    pace = RequestPace(per_second=1, burst=6, clock=lambda: clock.now, sleep=clock.sleep)
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
    pace = RequestPace(per_second=1, burst=2, clock=lambda: clock.now, sleep=clock.sleep)
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


def test_a_whole_job_over_http_on_a_served_emulator(
    sheetsync: Shell, served: Callable[[Path], Server], data: Path, tmp_path: Path
) -> None:
    path = tmp_path / "six-tabs.xlsx"
    shutil.copy(data / "six-tabs.xlsx", path)
    with served(path):
        told = sheetsync("run", "six-tabs", "--today", TODAY, "--force", "--lang", "ru", "--json")
        assert told.code == 0, told.err
        assert (len(told.json["moves"]), told.json["requests"]) == (80, {"read": 4, "write": 2})
        again = sheetsync("run", "six-tabs", "--today", TODAY, "--lang", "ru", "--json")
        assert (again.code, again.json["moves"]) == (0, [])
        assert "sheetsync@localhost" in sheetsync("doctor", "six-tabs").out


def test_rows_changed_over_http_between_reading_and_writing_are_decided_anew(
    sheetsync: Shell,
    served: Callable[[Path], Server],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path, read_rows = small_base(tmp_path / "book.xlsx"), tab_cells.read_rows
    edits = ["2026-03-01"]
    with served(path) as server:

        def meanwhile(*arguments: object) -> object:
            if edits:
                url = f"{server.url}/v4/spreadsheets/book/values/'{TITLES['working']}'!G2"
                body = {"values": [[edits.pop()]]}
                requests.put(
                    url, json=body, params={"valueInputOption": "RAW"}, timeout=30
                ).raise_for_status()
            return read_rows(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(committing, "read_rows", meanwhile)
        told = sheetsync("run", "book", "--today", TODAY, "--force", "--json")
    assert told.code == 0, told.err
    assert sorted(move["company"] for move in told.json["moves"]) == ["Company 1", "Company 2"]
    assert companies(path)[TITLES["working"]] == ["Company 0"]
    assert told.json["requests"] == {"read": 6, "write": 2}


def test_serve_prints_an_address_for_every_book(
    tmp_path: Path, sheetsync: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_base(tmp_path / "book.xlsx")
    monkeypatch.setattr("sheetsync.emulator.transport.server.Server.run", lambda _: None)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    told = sheetsync("serve", tmp_path / "book.xlsx", "--port", "0", "--json")
    assert told.code == 0, told.err
    assert told.json["id"] == "book"
    root = told.json["root"]
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/[\w-]{32}/", root)
    assert told.json["url"] == f"{root}v4/spreadsheets/book"
    opened = sheetsync("serve", tmp_path / "book.xlsx", "--port", "0", "--open", "--json").json
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", opened["root"])
