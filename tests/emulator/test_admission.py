"""Who may speak to a served emulator: no web page of a stranger's reads or changes a book."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import requests

from sheetsync.emulator import Server, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

CLEAR = {"requests": [{"updateCells": {"range": {"sheetId": 0}, "fields": "*"}}]}


@pytest.fixture(params=[None, ""], ids=["with a token", "open"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """Give a served book of one cell."""
    workspace = Workspace.in_memory()
    workspace.create("Book")
    with Server(workspace, token=request.param) as running:
        place = f"{running.url}/v4/spreadsheets/{workspace.books[0].id}"
        put = {"values": [["client"]]}
        requests.put(
            f"{place}/values/A1?valueInputOption=RAW", json=put, timeout=20
        ).raise_for_status()
        yield running


def book(server: Server) -> str:
    drive = requests.get(f"{server.url}/drive/v3/files", timeout=20).json()
    return f"{server.url}/v4/spreadsheets/{drive['files'][0]['id']}"


def holds(server: Server) -> list[list[str]]:
    found: list[list[str]] = requests.get(f"{book(server)}/values/A1", timeout=20).json()["values"]
    return found


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example:8765"},
        {"Host": "localhost@evil.example"},
    ],
    ids=str,
)
def test_a_page_of_another_origin_reads_and_changes_nothing(
    server: Server, headers: dict[str, str]
) -> None:
    reading = requests.get(f"{book(server)}/values/A1", headers=headers, timeout=20)
    writing = requests.post(f"{book(server)}:batchUpdate", json=CLEAR, headers=headers, timeout=20)
    assert (reading.status_code, writing.status_code) == (403, 403)
    assert "client" not in reading.text
    assert holds(server) == [["client"]]


@pytest.mark.parametrize(
    "kind",
    [
        None,
        "text/plain",
        "text/plain; charset=UTF-8",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    ],
)
def test_what_a_page_sends_without_asking_is_not_carried_out(
    server: Server, kind: str | None
) -> None:
    body = b'{"requests": [{"updateCells": {"range": {"sheetId": 0}, "fields": "*"}}]}'
    headers = {} if kind is None else {"Content-Type": kind}
    answer = requests.post(f"{book(server)}:batchUpdate", data=body, headers=headers, timeout=20)
    assert answer.status_code == 400
    assert holds(server) == [["client"]]


def test_without_the_token_there_is_nothing() -> None:
    with Server(Workspace.in_memory(), control=True) as server:
        parts = urlsplit(server.url)
        bare = f"http://{parts.netloc}"
        for place in (
            "",
            "/",
            "/wrong",
            "/v4/spreadsheets",
            "//",
            "/%2e%2e/",
            "/__emulator__/faults",
        ):
            for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS"):
                assert requests.request(method, bare + place, timeout=20).status_code == 404
        assert requests.get(f"{server.url}/__emulator__/faults", timeout=20).status_code == 200


def test_the_token_is_another_at_every_start() -> None:
    tokens = set()
    for _ in range(3):
        with Server(Workspace.in_memory()) as server:
            tokens.add(urlsplit(server.url).path)
    assert len(tokens) == 3
    assert all(len(token) > 30 for token in tokens)


def test_faults_are_steered_from_outside_only_where_that_was_asked_for(server: Server) -> None:
    answer = requests.put(f"{server.url}/__emulator__/faults", json={"faults": []}, timeout=20)
    assert answer.status_code == 404
    assert "--control" in answer.text


def test_a_root_with_a_slash_at_its_end_and_a_page_of_its_own_are_answered(server: Server) -> None:
    own = f"http://{urlsplit(server.url).netloc}"
    place = f"{server.url}/" + book(server).removeprefix(server.url)
    answer = requests.get(f"{place}/values/A1", headers={"Origin": own}, timeout=20)
    assert answer.json()["values"] == [["client"]]
