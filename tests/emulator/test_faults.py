"""Faults on the way, over HTTP and in-process alike: what the client meets, and what is on disk afterwards."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
import requests
from requests.exceptions import ChunkedEncodingError, ReadTimeout

from sheetsync.emulator import (
    Crashed,
    Fault,
    Faults,
    LocalAdapter,
    NeverAnswered,
    Server,
    Workspace,
    create_workbook,
)
from sheetsync.emulator.transport.faults import CRASHES
from sheetsync.emulator.xlsx.package.crash_points import POINTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GOOGLE = "https://sheets.googleapis.com"
RAW = {"valueInputOption": "RAW"}


class Wire:
    """A `requests` client of two books, and where their faults are set."""

    def __init__(
        self, root: str, session: requests.Session, carrier: LocalAdapter | Server
    ) -> None:
        self.root = f"{root}/v4/spreadsheets/"
        self.session = session
        self.carrier = carrier

    def fails(self, *faults: Fault, seed: int = 0) -> None:
        self.carrier.faults = Faults(faults, seed=seed)

    def call(
        self, method: str, path: str, *, user: str = "", timeout: float = 20, **options: Any
    ) -> requests.Response:
        headers = {"Authorization": f"Bearer user:{user}"} if user else {}
        return self.session.request(
            method, self.root + path, headers=headers, timeout=timeout, **options
        )

    def put(self, value: str, book: str = "book", **options: Any) -> requests.Response:
        return self.call(
            "PUT", f"{book}/values/A1", json={"values": [[value]]}, params=RAW, **options
        )

    def get(self, book: str = "book", **options: Any) -> requests.Response:
        return self.call("GET", f"{book}/values/A1", **options)

    def value(self, book: str = "book") -> Any:
        """Tell what the cell holds, once nothing goes wrong any more."""
        self.carrier.faults = Faults()
        return self.get(book).json().get("values", [[None]])[0][0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("book", "other"):
        create_workbook(tmp_path / f"{name}.xlsx", title=name)
    return tmp_path


@pytest.fixture(params=["in-process", "served"])
def wire(request: pytest.FixtureRequest, folder: Path) -> Iterator[Wire]:
    workspace = Workspace.of_folder(folder)
    with requests.Session() as session:
        if request.param == "served":
            with Server(workspace) as server:
                yield Wire(server.url, session, server)
        else:
            adapter = LocalAdapter(workspace)
            session.mount("https://", adapter)
            yield Wire(GOOGLE, session, adapter)


def saved(folder: Path) -> Any:
    """Read the cell from the file as a new process would."""
    with requests.Session() as session:
        adapter = LocalAdapter(Workspace.of_folder(folder))
        session.mount("https://", adapter)
        return Wire(GOOGLE, session, adapter).value()


@pytest.mark.parametrize(
    ("status", "name", "message"),
    [
        (500, "INTERNAL", "Internal error encountered."),
        (503, "UNAVAILABLE", "The service is currently unavailable."),
        (403, "PERMISSION_DENIED", "The caller does not have permission"),
        (401, "UNAUTHENTICATED", "Request had invalid authentication credentials."),
    ],
)
def test_an_error_says_what_google_says(wire: Wire, status: int, name: str, message: str) -> None:
    wire.fails(Fault("error", status=status))
    answer = wire.put("lost")
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["status"]) == (status, status, name)
    assert error["message"].startswith(message)
    assert wire.value() is None


def test_a_proxy_sends_a_page_of_html(wire: Wire) -> None:
    wire.fails(Fault("error", status=502))
    answer = wire.get()
    assert (answer.status_code, answer.headers["Content-Type"]) == (502, "text/html; charset=UTF-8")
    assert "<title>Error 502 (Server Error)!!1</title>" in answer.text


def test_an_error_may_follow_what_was_done_all_the_same(wire: Wire, folder: Path) -> None:
    wire.fails(Fault("error", status=503, after=True))
    assert wire.put("done").status_code == 503
    assert saved(folder) == "done"


def test_a_fault_strikes_the_nth_call_and_so_many_times(wire: Wire) -> None:
    wire.fails(Fault("error", call="values.get", nth=2, times=2))
    assert [wire.get().status_code for _ in range(5)] == [200, 503, 503, 200, 200]


@pytest.mark.parametrize(
    ("where", "struck"),
    [
        ({}, ["read", "write", "other book", "ann", "batch"]),
        ({"only": "reads"}, ["read", "other book", "ann"]),
        ({"only": "writes"}, ["write", "batch"]),
        ({"user": "ann@example.com"}, ["ann"]),
        ({"spreadsheet": "other"}, ["other book"]),
        ({"call": "values.*"}, ["read", "write", "other book", "ann"]),
        ({"call": "batchUpdate"}, ["batch"]),
        ({"request": "addSheet"}, ["batch"]),
        ({"request": "deleteSheet"}, []),
        ({"method": "PUT"}, ["write"]),
        ({"path": "values/A1$"}, ["read", "other book", "ann"]),
    ],
)
def test_a_fault_strikes_the_calls_that_it_names(
    wire: Wire, where: dict[str, str], struck: list[str]
) -> None:
    wire.fails(Fault("error", **where))  # type: ignore[arg-type]  # every one of these is a text
    batch = {"requests": [{"addSheet": {"properties": {"title": "Two"}}}]}
    answers = {
        "read": wire.get(),
        "write": wire.put("x"),
        "other book": wire.get("other"),
        "ann": wire.get(user="ann@example.com"),
        "batch": wire.call("POST", "book:batchUpdate", json=batch),
    }
    assert [name for name, answer in answers.items() if answer.status_code == 503] == struck


def test_chances_play_again_with_the_same_seed(wire: Wire) -> None:
    def play(seed: int) -> list[int]:
        wire.fails(Fault("error", rate=0.3), seed=seed)
        return [wire.get().status_code for _ in range(60)]

    first = play(7)
    assert play(7) == first
    assert play(8) != first
    assert 5 < first.count(503) < 35


def test_an_answer_dropped_before_the_commit_leaves_nothing_behind(
    wire: Wire, folder: Path
) -> None:
    wire.fails(Fault("drop"))
    with pytest.raises(
        requests.ConnectionError, match="Remote end closed connection without response"
    ):
        wire.put("lost")
    assert saved(folder) is None
    assert wire.value() is None


def test_an_answer_dropped_after_the_commit_is_saved(wire: Wire, folder: Path) -> None:
    wire.fails(Fault("drop", after=True, times=1))
    with pytest.raises(
        requests.ConnectionError, match="Remote end closed connection without response"
    ):
        wire.put("done")
    assert saved(folder) == "done"
    assert wire.get().json()["values"] == [["done"]]


@pytest.mark.parametrize(("after", "kept"), [(False, None), (True, "sent")])
def test_a_hang_ends_with_the_clients_patience(
    wire: Wire,
    folder: Path,
    after: bool,  # noqa: FBT001  # a parameter
    kept: str | None,
) -> None:
    wire.fails(Fault("hang", after=after))
    begun = time.monotonic()
    with pytest.raises(ReadTimeout, match=r"Read timed out. \(read timeout=0.3\)"):
        wire.put("sent", timeout=0.3)
    assert time.monotonic() - begun < 3
    assert saved(folder) == kept


def test_a_hang_that_ends_closes_the_connection(wire: Wire) -> None:
    wire.fails(Fault("hang", seconds=0.2))
    with pytest.raises(
        requests.ConnectionError, match="Remote end closed connection without response"
    ):
        wire.get(timeout=10)


def test_a_hang_without_end_and_without_a_timeout_is_told_in_process(folder: Path) -> None:
    adapter = LocalAdapter(Workspace.of_folder(folder), faults=Faults((Fault("hang"),)))
    with requests.Session() as session:
        session.mount("https://", adapter)
        with pytest.raises(NeverAnswered):
            session.get(f"{GOOGLE}/v4/spreadsheets/book")


def test_half_an_answer_is_no_answer(wire: Wire) -> None:
    wire.fails(Fault("truncate", times=1))
    with pytest.raises(ChunkedEncodingError, match="IncompleteRead"):
        wire.put("done")
    assert wire.value() == "done"


def test_delays_add_up_and_leave_the_answer_as_it_is(folder: Path) -> None:
    passed: list[float] = []
    faults = Faults((Fault("delay", seconds=5), Fault("delay", seconds=(1, 3), only="writes")))
    adapter = LocalAdapter(Workspace.of_folder(folder), faults=faults, sleep=passed.append)
    with requests.Session() as session:
        session.mount("https://", adapter)
        wire = Wire(GOOGLE, session, adapter)
        assert [wire.get().status_code, wire.put("x").status_code, wire.put("y").status_code] == [
            200,
            200,
            200,
        ]
        assert passed[0] == 5
        assert all(6 <= seconds <= 8 for seconds in passed[1:])
        assert passed[1] != passed[2]
        with pytest.raises(ReadTimeout):
            wire.put("late", timeout=4)
        assert len(passed) == 3
        assert wire.get().json()["values"] == [["late"]]


def test_a_client_that_hangs_up_during_a_delay_disturbs_nobody(folder: Path) -> None:
    with Server(Workspace.of_folder(folder)) as server, requests.Session() as session:
        wire = Wire(server.url, session, server)
        wire.fails(Fault("delay", seconds=0.4))
        begun = time.monotonic()
        assert wire.get().status_code == 200
        assert time.monotonic() - begun >= 0.4
        with pytest.raises(ReadTimeout):
            wire.put("late", timeout=0.1)
        time.sleep(0.6)
        assert wire.value() == "late"


# What the file holds after a crash at each point: the old state or the new one, and which of them.
AFTER_CRASH = {
    "before-call": "old",
    "before-commit": "old",
    "before-save": "old",
    "before-replace": "old",
    "half-written": "old",
    "before-rename": "old",
    "checked": "old",
    "exchanged": "new",
    "after-replace": "new",
    "after-commit": "new",
    "before-answer": "new",
}


def test_every_point_is_tried() -> None:
    assert tuple(AFTER_CRASH) == CRASHES
    assert set(POINTS) < set(CRASHES)


@pytest.mark.parametrize("point", CRASHES)
def test_a_crash_leaves_the_old_file_or_the_new_one_whole(folder: Path, point: str) -> None:
    adapter = LocalAdapter(Workspace.of_folder(folder))
    with requests.Session() as session:
        session.mount("https://", adapter)
        wire = Wire(GOOGLE, session, adapter)
        assert wire.put("old").status_code == 200
        wire.fails(Fault("crash", point=point, only="writes"))
        with pytest.raises(Crashed, match=point):
            wire.put("new")
        with pytest.raises(Crashed, match=point):
            wire.get()
    assert saved(folder) == AFTER_CRASH[point]
    reopened = Workspace.of_folder(folder)
    assert [book.id for book in reopened.books] == ["book", "other"]
    with requests.Session() as session:
        adapter = LocalAdapter(reopened)
        session.mount("https://", adapter)
        assert Wire(GOOGLE, session, adapter).put("next").status_code == 200
    assert saved(folder) == "next"


@pytest.mark.parametrize("point", ["half-written", "before-rename"])
def test_a_crash_while_a_book_is_made_leaves_no_book(folder: Path, point: str) -> None:
    adapter = LocalAdapter(
        Workspace.of_folder(folder), faults=Faults((Fault("crash", point=point, call="create"),))
    )
    with requests.Session() as session:
        session.mount("https://", adapter)
        with pytest.raises(Crashed):
            session.post(f"{GOOGLE}/v4/spreadsheets", json={"properties": {"title": "New"}})
    assert [book.title for book in Workspace.of_folder(folder).books] == ["book", "other"]


_SERVE = """
import json, sys
from pathlib import Path
from sheetsync.emulator import Faults, Workspace, serve
faults = Faults.from_json(json.loads(sys.argv[2]))
serve(Workspace.of_folder(Path(sys.argv[1])), ready=lambda url: print(url, flush=True), faults=faults)
"""


@pytest.mark.parametrize("point", ["half-written", "after-replace"])
def test_a_served_crash_ends_the_process_at_once(folder: Path, point: str) -> None:
    faults = json.dumps(Faults((Fault("crash", point=point, nth=2, only="writes"),)).to_json())
    command = [sys.executable, "-c", _SERVE, str(folder), faults]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process,
        requests.Session() as session,
    ):
        try:
            assert process.stdout is not None
            root = process.stdout.readline().strip() + "/v4/spreadsheets/book/values/A1"
            assert (
                session.put(root, json={"values": [["old"]]}, params=RAW, timeout=20).status_code
                == 200
            )
            with pytest.raises(requests.ConnectionError):
                session.put(root, json={"values": [["new"]]}, params=RAW, timeout=20)
            assert process.wait(20) == 137
        finally:
            process.kill()
    left = [path.name for path in folder.iterdir() if path.suffix == ".part"]
    assert len(left) == (1 if point == "half-written" else 0)
    assert saved(folder) == AFTER_CRASH[point]


def test_the_first_fault_that_strikes_happens_and_the_others_wait(wire: Wire) -> None:
    wire.fails(Fault("error", status=500, times=1), Fault("error", status=503))
    assert [wire.get().status_code for _ in range(3)] == [500, 503, 503]


def test_the_log_says_who_called_what_and_what_went_wrong(folder: Path) -> None:
    adapter = LocalAdapter(Workspace.of_folder(folder), "ann@example.com")
    with requests.Session() as session:
        session.mount("https://", adapter)
        wire = Wire(GOOGLE, session, adapter)
        wire.fails(Fault("error", only="writes"))
        wire.get()
        wire.put("x", "other", user="bob@example.com")
        wire.call("GET", "book/no-such-thing")
        session.get("https://example.com/a?b=c", timeout=20)
    assert [(entry.user, entry.call, entry.struck) for entry in adapter.log] == [
        ("ann@example.com", "values.get", ""),
        ("bob@example.com", "values.update", "error"),
        ("ann@example.com", "", ""),
        ("ann@example.com", "", ""),
    ]
    assert adapter.requests[1] == ("PUT", "/v4/spreadsheets/other/values/A1?valueInputOption=RAW")
    assert adapter.requests[3] == ("GET", "/a?b=c")


def test_faults_come_back_from_json_as_they_were() -> None:
    said = {
        "faults": [
            {"kind": "delay", "seconds": [0.1, 0.5], "only": "reads"},
            {"kind": "error", "status": 500, "call": "values.batchUpdate", "nth": 3, "times": 1},
            {"kind": "crash", "point": "before-rename", "request": "deleteDimension", "rate": 0.5},
        ],
        "quotas": {"project_reads": 300, "project_writes": 300, "user_reads": 5, "user_writes": 60},
        "seed": 4,
    }
    assert Faults.from_json(json.loads(json.dumps(said))).to_json() == said
    assert Faults.from_json({}) == Faults()


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ([], "the faults: an object is wanted, not list"),
        ({"fault": []}, "the faults: 'fault' is unknown; there is faults, quotas, seed"),
        ({"faults": {}}, "faults is a list"),
        ({"seed": "x"}, "seed is a whole number, not 'x'"),
        ({"faults": ["drop"]}, r"faults\[0\]: an object is wanted, not str"),
        ({"faults": [{}]}, r"faults\[0\]: kind is missing; it is one of delay, deadline, error, "),
        (
            {"faults": [{"kind": "drop"}, {"kind": "flood"}]},
            r"faults\[1\]: kind is one of .*, not 'flood'",
        ),
        ({"faults": [{"kind": "drop", "often": 3}]}, "'often' is unknown"),
        ({"faults": [{"kind": "drop", "status": 500}]}, "a drop takes no status"),
        (
            {"faults": [{"kind": "error", "status": 404}]},
            "status is one of 401, 403, 429, 500, 502, 503, 504, not 404",
        ),
        ({"faults": [{"kind": "error", "status": [500]}]}, "status is one of"),
        ({"faults": [{"kind": "delay"}]}, "a delay takes seconds"),
        ({"faults": [{"kind": "delay", "seconds": -1}]}, "seconds is a number from 0 up"),
        ({"faults": [{"kind": "delay", "seconds": [2, 1]}]}, "seconds is a number from 0 up"),
        ({"faults": [{"kind": "delay", "seconds": [1, 2, 3]}]}, "seconds is a number from 0 up"),
        ({"faults": [{"kind": "delay", "seconds": float("nan")}]}, "seconds is a number from 0 up"),
        (
            {"faults": [{"kind": "crash", "point": "midnight"}]},
            "point is one of before-call, .*, not 'midnight'",
        ),
        (
            {"faults": [{"kind": "drop", "call": "batchupdate"}]},
            "call is one of .*batchUpdate.*, not 'batchupdate'",
        ),
        ({"faults": [{"kind": "drop", "only": "both"}]}, "only is reads or writes"),
        ({"faults": [{"kind": "drop", "user": 5}]}, "user is a text, not 5"),
        ({"faults": [{"kind": "drop", "path": "("}]}, "path is no regular expression"),
        ({"faults": [{"kind": "drop", "nth": 0}]}, "nth is a whole number from 1 up"),
        ({"faults": [{"kind": "drop", "times": True}]}, "times is a whole number from 1 up"),
        (
            {"faults": [{"kind": "drop", "larger": -1}]},
            "larger is a number of bytes from 0 up, not -1",
        ),
        ({"faults": [{"kind": "drop", "rate": 2}]}, "rate is a number from 0 to 1, not 2"),
        ({"faults": [{"kind": "drop", "after": "yes"}]}, "after is true or false"),
        ({"quotas": 5}, "quotas: an object is wanted, not int"),
        ({"quotas": {"user_reads": -1}}, "quotas: user_reads is a whole number from 0 up, not -1"),
    ],
)
def test_nonsense_is_refused_with_what_is_wrong(said: Any, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        Faults.from_json(said)
