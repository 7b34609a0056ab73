"""What the service refuses for its size, in Google's words, and calls that take too long."""

import json
from pathlib import Path
from typing import Any

import pytest
import requests

from sheetsync.emulator import Fault, Faults, LocalAdapter, Server, Workspace, create_workbook
from sheetsync.emulator.api.batch import MOST_REQUESTS
from sheetsync.emulator.transport.bodies import LARGEST

BOOK = "/v4/spreadsheets/book"
TOO_LARGE = "Request payload size exceeds the limit: 10485760 bytes."


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    create_workbook(tmp_path / "book.xlsx", title="Book")
    return Workspace.of_folder(tmp_path)


def body_of(size: int) -> bytes:
    """Return a batch of one request whose JSON is so many bytes long."""
    request = {"updateCells": {"rows": [], "fields": "note", "start": {"sheetId": 0}}}
    text = json.dumps({"requests": [request]})
    return text.encode() + b" " * (size - len(text))


def sent(workspace: Workspace, body: bytes, *, served: bool) -> requests.Response:
    with Server(workspace) as server, requests.Session() as session:
        session.mount("https://", LocalAdapter(workspace))
        root = server.url if served else "https://sheets.googleapis.com"
        headers = {"Content-Type": "application/json"}
        return session.post(f"{root}{BOOK}:batchUpdate", data=body, headers=headers, timeout=60)


@pytest.mark.parametrize("served", [True, False])
def test_a_body_of_ten_mebibytes_is_taken_and_a_byte_more_is_refused(
    workspace: Workspace, *, served: bool
) -> None:
    assert sent(workspace, body_of(LARGEST), served=served).status_code == 200
    answer = sent(workspace, body_of(LARGEST + 1), served=served)
    assert answer.status_code == 400
    assert answer.json()["error"] == {
        "code": 400,
        "message": TOO_LARGE,
        "status": "INVALID_ARGUMENT",
    }


def test_more_than_a_hundred_thousand_requests_are_refused_whole(workspace: Workspace) -> None:
    note: dict[str, Any] = {
        "updateCells": {
            "rows": [{"values": [{"note": "x"}]}],
            "fields": "note",
            "start": {"sheetId": 0},
        }
    }
    small = {"deleteNamedRange": {"namedRangeId": "1"}}
    body = {"requests": [note, *[small] * MOST_REQUESTS]}
    answer = sent(workspace, json.dumps(body, separators=(",", ":")).encode(), served=False)
    assert answer.status_code == 400
    assert str(MOST_REQUESTS) in answer.json()["error"]["message"]
    seen = sent_get(workspace, "?includeGridData=true")
    assert "note" not in json.dumps(seen)


def sent_get(workspace: Workspace, query: str) -> Any:
    with requests.Session() as session:
        session.mount("https://", LocalAdapter(workspace))
        return session.get(f"https://sheets.googleapis.com{BOOK}{query}", timeout=20).json()


@pytest.mark.parametrize(("after", "applied"), [(True, True), (False, False)])
def test_a_call_beyond_its_deadline_is_a_504_whether_or_not_it_was_carried_out(
    workspace: Workspace, *, after: bool, applied: bool
) -> None:
    waited: list[float] = []
    fault = Fault("deadline", after=after, call="batchUpdate")
    adapter = LocalAdapter(workspace, faults=Faults((fault,)), sleep=waited.append)
    request = {"addSheet": {"properties": {"title": "Late"}}}
    with requests.Session() as session:
        session.mount("https://", adapter)
        url = f"https://sheets.googleapis.com{BOOK}"
        answer = session.post(f"{url}:batchUpdate", json={"requests": [request]}, timeout=300)
        titles = session.get(f"{url}?fields=sheets.properties.title", timeout=20).text
    assert (answer.status_code, answer.json()["error"]["status"]) == (504, "DEADLINE_EXCEEDED")
    assert waited == [180.0]
    assert ("Late" in titles) == applied
