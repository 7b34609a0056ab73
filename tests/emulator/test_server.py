"""The emulator over HTTP and in-process, spoken to by other people's clients.

What the calls do is tested elsewhere.
"""

from __future__ import annotations

import concurrent.futures
import gzip
import json
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import gspread
import pytest
import requests
from google.auth.credentials import AnonymousCredentials

from sheetsync.emulator import LocalAdapter, Server, Workspace, create_workbook, serve
from sheetsync.emulator.transport.bodies import LARGEST

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    create_workbook(tmp_path / "book.xlsx", title="Book")
    return Workspace.of_folder(tmp_path)


@pytest.fixture
def root(workspace: Workspace) -> Iterator[str]:
    """Give the address of a served emulator that may be steered, without a token: bytes are sent to it as they are."""
    with Server(workspace, token="", control=True) as server:
        yield server.url


def raw(root: str, sent: bytes) -> bytes:
    """Send bytes as they are, and read whatever comes until the server hangs up."""
    parts = urlsplit(root)
    received = b""
    with socket.create_connection(
        (parts.hostname or "", parts.port or 0), timeout=20
    ) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        while piece := connection.recv(65536):
            received += piece
    return received


def test_plain_http_with_users(workspace: Workspace) -> None:
    with Server(workspace) as server, requests.Session() as session:
        url = f"{server.url}/v4/spreadsheets/book"
        area = {"range": {"sheetId": 0}, "editors": {"users": ["daemon@localhost"]}}
        body = {"requests": [{"addProtectedRange": {"protectedRange": area}}]}
        assert session.post(f"{url}:batchUpdate", json=body).status_code == 200
        put: dict[str, Any] = {"json": {"values": [["x"]]}, "params": {"valueInputOption": "RAW"}}
        stopped = session.put(
            f"{url}/values/A1", headers={"Authorization": "Bearer user:ann@example.com"}, **put
        )
        assert (stopped.status_code, stopped.headers["Content-Type"]) == (
            400,
            "application/json; charset=UTF-8",
        )
        allowed = session.put(
            f"{url}/values/A1", headers={"Authorization": "Bearer user:daemon@localhost"}, **put
        )
        assert allowed.json()["updatedCells"] == 1
        assert session.delete(url).status_code == 404


def test_many_clients_at_once_are_answered_one_after_another(workspace: Workspace) -> None:
    with Server(workspace) as server:
        url = f"{server.url}/v4/spreadsheets/book/values/A1:append"

        def add(number: int) -> None:
            body, options = {"values": [[number]]}, {"valueInputOption": "RAW"}
            assert requests.post(url, json=body, params=options, timeout=30).status_code == 200

        threads = [threading.Thread(target=add, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        values = requests.get(
            f"{server.url}/v4/spreadsheets/book/values/A1:A20", timeout=30
        ).json()["values"]
    assert sorted(int(row[0]) for row in values) == list(range(8))


def test_serve_stops_at_ctrl_c_and_stays_on_this_machine(workspace: Workspace) -> None:
    seen: list[str] = []

    def interrupt(url: str) -> None:
        seen.append(url)
        raise KeyboardInterrupt

    serve(workspace, ready=interrupt)
    assert seen[0].startswith("http://127.0.0.1:")
    for host in ("0.0.0.0", "192.168.1.1", "example.com"):  # noqa: S104  # it must refuse them
        with pytest.raises(ValueError, match="loopback"):
            serve(workspace, host=host)


def test_googles_own_python_client(workspace: Workspace) -> None:
    from googleapiclient.discovery import build

    with Server(workspace) as server:
        api: Any = build(
            "sheets",
            "v4",
            credentials=AnonymousCredentials(),  # type: ignore[no-untyped-call]  # google-auth left it untyped
            client_options={"api_endpoint": f"{server.url}/"},
            static_discovery=True,
        )
        with api.spreadsheets() as sheets:
            values = sheets.values()
            body = {"values": [["a", 1], ["b", 2.5]]}
            values.update(
                spreadsheetId="book", range="A1", valueInputOption="RAW", body=body
            ).execute()
            read = values.get(
                spreadsheetId="book", range="Sheet1!A:B", valueRenderOption="UNFORMATTED_VALUE"
            ).execute()
            assert read["values"] == [["a", 1], ["b", 2.5]]
            requests_ = [{"addSheet": {"properties": {"title": "Two"}}}]
            made = sheets.batchUpdate(spreadsheetId="book", body={"requests": requests_}).execute()
            assert made["replies"][0]["addSheet"]["properties"]["index"] == 1
            values.close()
        api.close()


def test_gspread_in_process(workspace: Workspace) -> None:
    adapter = LocalAdapter(workspace)
    client = gspread.Client(auth=AnonymousCredentials())  # type: ignore[no-untyped-call]  # google-auth left it untyped
    session: Any = client.http_client.session
    session.mount("https://", adapter)
    book = client.open_by_key("book")
    tab = book.add_worksheet("Два", rows=20, cols=5)
    tab.update([["h1", "h2"], ["a", "1"]], "A1")
    tab.append_row(["b", "2"])
    assert tab.get_all_values() == [["h1", "h2"], ["a", "1"], ["b", "2"]]
    found = tab.find("b")
    assert found is not None
    assert found.row == 3
    tab.format("A1:B1", {"textFormat": {"bold": True}})
    tab.freeze(rows=1)
    tab.delete_rows(2)
    tab.insert_row(["c", "3"], 2)
    tab.update_note("A1", "note")
    assert tab.get_note("A1") == "note"
    assert book.worksheet("Два").get_all_records() == [{"h1": "c", "h2": 3}, {"h1": "b", "h2": 2}]
    with pytest.raises(gspread.exceptions.APIError) as caught:
        tab.delete_rows(500)
    assert caught.value.code == 400
    assert adapter.requests[0] == ("GET", "/v4/spreadsheets/book?includeGridData=false")
    session.close()


def test_importing_the_room_is_cheap() -> None:
    code = (
        "import sys, sheetsync.emulator; "
        "print([m for m in ('openpyxl', 'formualizer', 'http.server', 'requests') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )  # our own interpreter
    assert done.stdout.strip() == "[]"


def test_two_hundred_appends_at_once_by_several_users_lose_nothing(root: str) -> None:
    url = f"{root}/v4/spreadsheets/book/values/A1:append"

    def add(number: int) -> int:
        headers = {"Authorization": f"Bearer user:user{number % 5}@example.com"}
        body, options = {"values": [[number]]}, {"valueInputOption": "RAW"}
        return requests.post(
            url, json=body, params=options, headers=headers, timeout=60
        ).status_code

    with concurrent.futures.ThreadPoolExecutor(50) as threads:
        assert set(threads.map(add, range(200))) == {200}
    values = requests.get(f"{root}/v4/spreadsheets/book/values/A1:A300", timeout=30).json()[
        "values"
    ]
    assert sorted(int(row[0]) for row in values) == list(range(200))


def test_other_books_are_read_while_one_is_being_written(tmp_path: Path) -> None:
    for name in ("busy", "free"):
        create_workbook(tmp_path / f"{name}.xlsx", title=name)
    workspace = Workspace.of_folder(tmp_path)
    begun, go_on = threading.Event(), threading.Event()

    def stand(_point: str) -> None:
        begun.set()
        go_on.wait(20)

    workspace.store("busy").at = stand
    with Server(workspace) as server, concurrent.futures.ThreadPoolExecutor(2) as threads:
        url = f"{server.url}/v4/spreadsheets"
        write: dict[str, Any] = {
            "json": {"values": [["x"]]},
            "params": {"valueInputOption": "RAW"},
            "timeout": 30,
        }
        writing = threads.submit(requests.put, f"{url}/busy/values/A1", **write)
        assert begun.wait(20)
        assert requests.get(f"{url}/free/values/A1", timeout=10).status_code == 200
        reading = threads.submit(requests.get, f"{url}/busy/values/A1", timeout=30)
        assert not concurrent.futures.wait([reading], timeout=0.2).done
        go_on.set()
        assert writing.result().status_code == 200
        assert reading.result().json()["values"] == [["x"]]


@pytest.mark.parametrize("served", [True, False])
def test_bodies_in_pieces_are_taken(workspace: Workspace, *, served: bool) -> None:
    def pieces() -> Iterator[bytes]:
        yield b'{"values": [["a", '
        yield b'"b"]]}'

    headers = {"Content-Type": "application/json"}
    with Server(workspace) as server, requests.Session() as session:
        session.mount("https://", LocalAdapter(workspace))
        root = server.url if served else "https://sheets.googleapis.com"
        url = f"{root}/v4/spreadsheets/book/values/A1?valueInputOption=RAW"
        assert (
            session.put(url, data=pieces(), headers=headers, timeout=20).json()["updatedCells"] == 2
        )
        assert session.get(f"{root}/v4/spreadsheets/book/values/A1:B1", timeout=20).json()[
            "values"
        ] == [["a", "b"]]


@pytest.mark.parametrize(
    ("head", "body", "status"),
    [
        ("Transfer-Encoding: chunked\r\n", b"zz\r\n{}\r\n0\r\n\r\n", 400),
        ("Transfer-Encoding: chunked\r\n", b"2\r\n{}xx0\r\n\r\n", 400),
        ("Transfer-Encoding: chunked\r\n", b"FFFFFFFFFF\r\n{}", 400),
        ("Transfer-Encoding: chunked\r\nContent-Length: 2\r\n", b"{}", 400),
        ("Transfer-Encoding: gzip\r\n", b"{}", 400),
        ("Content-Length: -2\r\n", b"{}", 400),
        ("Content-Length: two\r\n", b"{}", 400),
        (f"Content-Length: {LARGEST + 1}\r\n", b"{}", 400),
        (f"Expect: 100-continue\r\nContent-Length: {LARGEST + 1}\r\n", b"", 400),
        ("Content-Encoding: gzip\r\nContent-Length: 2\r\n", b"{}", 400),
        ("Content-Encoding: br\r\nContent-Length: 2\r\n", b"{}", 400),
        ("Content-Length: 8\r\n", b'{"values', 400),
        ("Content-Length: 3\r\n", b"\xff\xfe{", 400),
    ],
)
def test_a_body_that_makes_no_sense_is_refused_in_googles_form(
    root: str, head: str, body: bytes, status: int
) -> None:
    line = "POST /v4/spreadsheets/book/values/A1:append?valueInputOption=RAW HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    answer = raw(root, f"{line}{head}\r\n".encode() + body)
    first, _, rest = answer.partition(b"\r\n")
    assert first.startswith(f"HTTP/1.1 {status} ".encode())
    assert json.loads(rest.partition(b"\r\n\r\n")[2])["error"]["code"] == status


@pytest.mark.parametrize(
    "line", ["FETCH /v4/spreadsheets/book HTTP/1.1", "GET /v4 /x HTTP/9.9", "nonsense"]
)
def test_a_line_that_is_no_request_is_refused(root: str, line: str) -> None:
    first = raw(root, f"{line}\r\nHost: localhost\r\n\r\n".encode()).partition(b"\r\n")[0]
    assert b"500" not in first
    assert b"501" not in first


def test_a_gzip_bomb_is_refused_without_being_unpacked(root: str) -> None:
    bomb = gzip.compress(bytes(LARGEST * 2), 1)
    assert len(bomb) < 2_000_000
    url = f"{root}/v4/spreadsheets/book/values/A1?valueInputOption=RAW"
    answer = requests.put(url, data=bomb, headers={"Content-Encoding": "gzip"}, timeout=20)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, 400)


def test_packed_bodies_are_taken_in_process_too(workspace: Workspace) -> None:
    url = "https://sheets.googleapis.com/v4/spreadsheets/book/values/A1?valueInputOption=RAW"
    body = gzip.compress(b'{"values": [["x"]]}')
    with requests.Session() as session:
        session.mount("https://", LocalAdapter(workspace))
        for data, status in ((body, 200), (body[:-4], 400), (b"{}", 400)):
            answer = session.put(url, data=data, headers={"Content-Encoding": "gzip"}, timeout=20)
            assert answer.status_code == status


def test_gzip_both_ways(root: str) -> None:
    url = f"{root}/v4/spreadsheets/book/values/A1?valueInputOption=RAW"
    body = gzip.compress(json.dumps({"values": [["x" * 5000]]}).encode())
    assert (
        requests.put(url, data=body, headers={"Content-Encoding": "gzip"}, timeout=20).status_code
        == 200
    )
    packed = requests.get(f"{root}/v4/spreadsheets/book/values/A1", timeout=20)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.json()["values"] == [["x" * 5000]]
    plain = requests.get(packed.url, headers={"Accept-Encoding": "identity"}, timeout=20)
    assert "Content-Encoding" not in plain.headers
    assert plain.json() == packed.json()


def test_expect_100_continue_is_answered_before_the_body(root: str) -> None:
    parts = urlsplit(root)
    body = b'{"values": [["x"]]}'
    head = (
        "PUT /v4/spreadsheets/book/values/A1?valueInputOption=RAW HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        f"Expect: 100-continue\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(
        (parts.hostname or "", parts.port or 0), timeout=20
    ) as connection:
        connection.sendall(head.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 100 Continue\r\n")
        connection.sendall(body)
        assert connection.recv(100).startswith(b"HTTP/1.1 200 OK\r\n")


def test_a_request_that_breaks_off_is_not_carried_out(root: str) -> None:
    line = "POST /v4/spreadsheets/book/values/A1:clear HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 40\r\n\r\n{}"
    url = f"{root}/v4/spreadsheets/book/values/A1"
    requests.put(url, json={"values": [["x"]]}, params={"valueInputOption": "RAW"}, timeout=20)
    assert raw(root, line.encode()) == b""
    assert requests.get(url, timeout=20).json()["values"] == [["x"]]


def test_a_post_may_stand_for_a_get(root: str) -> None:
    url = f"{root}/v4/spreadsheets/book"
    requests.put(
        f"{url}/values/A1", json={"values": [["x"]]}, params={"valueInputOption": "RAW"}, timeout=20
    )
    headers = {"X-HTTP-Method-Override": "GET", "Content-Type": "application/x-www-form-urlencoded"}
    ranges = "&".join(["ranges=Sheet1%21A1"] * 300)
    answer = requests.post(
        f"{url}/values:batchGet?alt=json", data=ranges, headers=headers, timeout=20
    )
    assert [found["values"] for found in answer.json()["valueRanges"]] == [[["x"]]] * 300


def test_parameters_that_every_call_of_google_has(root: str) -> None:
    common = {
        "alt": "json",
        "prettyPrint": "false",
        "$.xgafv": "2",
        "key": "x",
        "quotaUser": "me",
        "access_token": "t",
    }
    assert (
        requests.get(f"{root}/v4/spreadsheets/book", params=common, timeout=20).status_code == 200
    )
    wrong = requests.get(f"{root}/v4/spreadsheets/book", params={"alt": "xml"}, timeout=20)
    assert (wrong.status_code, wrong.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")


def test_what_is_not_emulated_says_so(root: str) -> None:
    for path in ("/batch", "/batch/sheets/v4"):
        answer = requests.post(
            root + path, data=b"--x", headers={"Content-Type": "multipart/mixed"}, timeout=20
        )
        assert answer.status_code == 404
        assert "not emulated" in answer.json()["error"]["message"]
    assert requests.head(f"{root}/v4/spreadsheets/book", timeout=20).content == b""


def test_the_control_address_sets_faults_and_clears_them(root: str) -> None:
    faults, book = f"{root}/__emulator__/faults", f"{root}/v4/spreadsheets/book"
    said = {"faults": [{"kind": "error", "status": 500, "times": 1}], "quotas": None, "seed": 3}
    with requests.Session() as session:
        assert session.put(faults, json=said, timeout=20).json() == said
        assert session.get(faults, timeout=20).json() == said
        assert [session.get(book, timeout=20).status_code for _ in range(2)] == [500, 200]
        assert (
            session.put(faults, json={"faults": [{"kind": "drop"}]}, timeout=20).status_code == 200
        )
        assert session.delete(faults, timeout=20).json() == {
            "faults": [],
            "quotas": None,
            "seed": 0,
        }
        assert session.get(book, timeout=20).status_code == 200


def test_the_control_address_lists_requests(root: str) -> None:
    log, book = f"{root}/__emulator__/requests", f"{root}/v4/spreadsheets/book"
    with requests.Session() as session:
        session.get(
            f"{book}/values/A1",
            headers={"Authorization": "Bearer user:ann@example.com"},
            timeout=20,
        )
        assert session.get(log, timeout=20).json()["requests"] == [
            {
                "method": "GET",
                "path": "/v4/spreadsheets/book/values/A1",
                "user": "ann@example.com",
                "call": "values.get",
                "struck": "",
            }
        ]
        assert session.delete(log, timeout=20).json() == {"requests": []}
        assert session.get(log, timeout=20).json() == {"requests": []}


def test_the_control_address_stops_the_clock_of_today(root: str) -> None:
    clock, cell = f"{root}/__emulator__/clock", f"{root}/v4/spreadsheets/book/values/A1"
    formula: dict[str, Any] = {
        "json": {"values": [['=TEXT(TODAY(),"yyyy-mm-dd")']]},
        "params": {"valueInputOption": "USER_ENTERED"},
    }
    with requests.Session() as session:
        assert (
            session.put(clock, json={"now": "2031-05-06T09:00:00+00:00"}, timeout=20).status_code
            == 200
        )
        assert session.put(cell, timeout=20, **formula).status_code == 200
        assert session.get(cell, timeout=20).json()["values"] == [["2031-05-06"]]
        moved = session.put(clock, json={"forward": 86400}, timeout=20).json()
        assert moved == {"now": "2031-05-07T09:00:00+00:00", "forward": 86400.0}
        assert session.get(cell, timeout=20).json()["values"] == [["2031-05-07"]]
        assert session.delete(clock, timeout=20).json()["forward"] == 0
        assert session.get(cell, timeout=20).json()["values"] != [["2031-05-07"]]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PUT", "faults", b"{", 400),
        ("PUT", "faults", b"[]", 400),
        ("PUT", "faults", b"\xff", 400),
        ("PUT", "faults", b"[" * 100_000, 400),
        ("PUT", "faults", b'{"faults": [{"kind": "flood"}]}', 400),
        ("PUT", "clock", b'{"now": "yesterday"}', 400),
        ("PUT", "clock", b'{"now": "2031-05-06T09:00:00"}', 400),
        ("PUT", "clock", b'{"now": 5}', 400),
        ("PUT", "clock", b'{"forward": -1}', 400),
        ("PUT", "clock", b'{"forward": NaN}', 400),
        ("POST", "faults", b"{}", 405),
        ("GET", "secrets", b"", 404),
    ],
)
def test_nonsense_at_the_control_address_is_a_4xx(
    root: str, method: str, path: str, body: bytes, status: int
) -> None:
    headers = {"Content-Type": "application/json"}
    answer = requests.request(
        method, f"{root}/__emulator__/{path}", data=body, headers=headers, timeout=20
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, status)
