"""The judge of schemas: right about what Google itself sent, and not to be fooled.

That it watches every call of all tests is the work of tests/conftest.py.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import requests

from sheetsync.emulator import LocalAdapter, Server, Workspace
from tests.recordings import discovery
from tests.recordings.replay import FILES, interactions

if TYPE_CHECKING:
    from collections.abc import Callable

BATCH = "https://sheets.googleapis.com/v4/spreadsheets/x:batchUpdate"
VALUES = "https://sheets.googleapis.com/v4/spreadsheets/x/values/A1"
FILE = "https://www.googleapis.com/drive/v3/files/x"


def _bytes(data: Any) -> bytes:
    return b"" if data is None else json.dumps(data).encode()


def _method(http: str, url: str) -> discovery.Method:
    found = discovery.called(http, url)
    assert found is not None
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_is_said_against_google(path: Any) -> None:
    for item in interactions(path):
        method = _method(item["method"], item["uri"])
        answer = _bytes(item["response"])
        if item["status"] >= 400:
            assert discovery.wrong_error(item["status"], answer, method.api) == []
            continue
        assert discovery.wrong_query(method, item["uri"]) == []
        assert discovery.wrong_request(method, _bytes(item["body"])) == []
        assert method.id == "drive.files.export" or discovery.wrong_answer(method, answer) == []


@pytest.mark.parametrize(
    ("http", "address", "name"),
    [
        ("GET", "v4/spreadsheets/x/values/Tab!A1:B2", "values.get"),
        ("GET", "v4/spreadsheets/x/values:batchGet", "values.batchGet"),
        ("POST", "v4/spreadsheets/x/values/A1:B2:append", "values.append"),
        ("POST", "v4/spreadsheets/x/values:batchUpdate", "values.batchUpdate"),
        ("POST", "v4/spreadsheets/x:batchUpdate", "spreadsheets.batchUpdate"),
        ("POST", "v4/spreadsheets/x/:batchUpdate", "spreadsheets.batchUpdate"),
        ("GET", "v4/spreadsheets/x/", "spreadsheets.get"),
        ("POST", "v4/spreadsheets", "spreadsheets.create"),
        ("DELETE", "drive/v3/files/trash", "files.emptyTrash"),
        ("DELETE", "drive/v3/files/x", "files.delete"),
        ("PATCH", "drive/v3/files/x/permissions/5", "permissions.update"),
    ],
)
def test_an_address_names_a_call(http: str, address: str, name: str) -> None:
    assert _method(http, f"https://any.host/{address}?fields=*").id.endswith(name)


@pytest.mark.parametrize("address", ["v4/spreadsheets/x/cells/A1", "v5/spreadsheets/x", ""])
def test_an_address_that_google_does_not_have_names_none(address: str) -> None:
    assert discovery.called("GET", f"https://sheets.googleapis.com/{address}") is None


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"requests": [{"addShet": {}}]}, ".requests[0]: Request has no field addShet"),
        ({"requests": {}}, ".requests: list wanted, not {}"),
        (
            {"requests": [{"deleteSheet": {"sheetId": "x"}}]},
            ".sheetId: integer (int32) wanted, not 'x'",
        ),
        (
            {"requests": [{"deleteSheet": {"sheetId": 2**31}}]},
            ".sheetId: integer (int32) wanted, not 2147483648",
        ),
        (
            {"requests": [{"deleteSheet": {"sheetId": True}}]},
            ".sheetId: integer (int32) wanted, not True",
        ),
        (
            {"includeSpreadsheetInResponse": "yes"},
            ".includeSpreadsheetInResponse: boolean (any) wanted, not 'yes'",
        ),
        ({"requests": [{"mergeCells": {"mergeType": "MERGE_SOME"}}]}, "wanted, not 'MERGE_SOME'"),
        ({"requests": [{"deleteSheet": 5}]}, "DeleteSheetRequest is an object, not 5"),
        ([], "BatchUpdateSpreadsheetRequest is an object, not []"),
    ],
)
def test_a_wrong_request_is_told(body: Any, told: str) -> None:
    problems = discovery.wrong_request(_method("POST", BATCH), _bytes(body))
    assert len(problems) == 1
    assert problems[0].endswith(told)


def test_nulls_and_googles_lenient_forms_are_no_fault_in_a_request() -> None:
    body = {
        "requests": [
            {"mergeCells": {"mergeType": 1, "range": {"sheetId": "0", "endRowIndex": 2.0}}}
        ],
        "x": None,
    }
    assert discovery.wrong_request(_method("POST", BATCH), _bytes(body)) == []
    assert discovery.wrong_request(_method("PUT", VALUES), _bytes({"values": [[None, "a"]]})) == []
    nested = {"requests": [[{"deleteSheet": {"sheetId": 1}}], {"deleteSheet": {"sheetId": 2}}]}
    assert discovery.wrong_request(_method("POST", BATCH), _bytes(nested)) == []


@pytest.mark.parametrize(
    "answer",
    [
        {"values": [["a", None]]},
        {"values": ["a"]},
        {"values": [[{}]]},
        {"majorDimension": 1},
        {"majorDimension": "DIAGONALS"},
        {"range": None},
        {"ranges": "A1"},
        [],
    ],
)
def test_a_wrong_answer_is_told(answer: Any) -> None:
    assert len(discovery.wrong_answer(_method("GET", VALUES), _bytes(answer))) == 1


def test_drives_numbers_and_times_are_texts_of_their_forms() -> None:
    method = _method("GET", FILE)
    right = {"size": "5", "createdTime": "2023-07-20T08:47:53.621Z"}
    assert discovery.wrong_answer(method, _bytes(right)) == []
    assert len(discovery.wrong_answer(method, _bytes({"size": 5}))) == 1
    assert len(discovery.wrong_answer(method, _bytes({"createdTime": "20.07.2023"}))) == 1


def test_a_wrong_query_is_told() -> None:
    method = _method("GET", VALUES)
    assert discovery.wrong_query(method, f"{VALUES}?majorDimension=ROWS&fields=*") == []
    assert discovery.wrong_query(method, f"{VALUES}?major=ROWS") == ["no parameter major"]
    assert len(discovery.wrong_query(method, f"{VALUES}?majorDimension=SIDEWAYS")) == 1
    search = _method("GET", "https://x/v4/spreadsheets/x")
    assert discovery.wrong_query(search, "https://x/v4/spreadsheets/x") == []


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, {"code": 404, "message": "x", "status": "NOT_FOUND"}),
        (400, {"code": 400, "message": "", "status": "INVALID_ARGUMENT"}),
        (400, {"code": 400, "message": "x", "status": "WRONG"}),
        (400, {"code": 400, "message": "x", "status": "INVALID_ARGUMENT", "why": "y"}),
        (400, {"code": 400, "message": "x", "status": "INVALID_ARGUMENT", "details": [{}]}),
    ],
)
def test_a_wrong_error_is_told(status: int, error: Any) -> None:
    assert len(discovery.wrong_error(status, _bytes({"error": error}), "sheets.v4")) == 1


def test_every_way_into_the_emulator_is_watched(judged_calls: Callable[[], int]) -> None:
    workspace = Workspace.in_memory()
    number = workspace.create("Book").id
    with requests.Session() as session:
        session.mount("https://", LocalAdapter(workspace))
        before = judged_calls()
        assert (
            session.get(f"https://sheets.googleapis.com/v4/spreadsheets/{number}").status_code
            == 200
        )
        with Server(workspace) as server:
            assert session.get(f"{server.url}/v4/spreadsheets/{number}").status_code == 200
        assert judged_calls() == before + 2
