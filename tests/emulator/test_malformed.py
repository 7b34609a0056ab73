"""Malformed requests, one by one: each is a clear 4xx in bounded time, and leaves the book as it was.

Google's words for requests that are merely wrong are in test_strict.py, requests made up at random in test_fuzz.py.
"""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import quote

import pytest

from tests.emulator.conftest import ROOT

BATCH = ":batchUpdate"
CELLS = {
    "range": {"sheetId": 0},
    "cell": {"userEnteredValue": {"numberValue": 1}},
    "fields": "userEnteredValue",
}


@pytest.fixture
def filled(client: Any) -> Any:
    client.put("A1:B2", [["a", 1], ["b", 2]])
    return client


def _whole(client: Any) -> Any:
    return client.ok("GET", "", includeGridData=True)


def _sent(client: Any, path: str, data: bytes, method: str = "POST") -> tuple[int, str]:
    """Send bytes as they are, see that nothing changed, and give the status and the message."""
    before = _whole(client)
    response = client.session.request(
        method, f"{ROOT}{client.id}{path}", data=data, headers={"Content-Type": "application/json"}
    )
    assert _whole(client) == before
    error = response.json()["error"]
    assert error["code"] == response.status_code
    return error["code"], error["message"]


@pytest.mark.parametrize(
    "data",
    [
        b'{"requests": [',
        b'{"requests": []]}',
        b'{"requests": [{"deleteSheet": {"sheetId": 0}},]}',
        b"{'requests': []}",
        b'{requests: []}{"requests": []}',
        b'{"requests": [{"updateCells": {}}]} trailing',
        b'{"requests": [{"addSheet": {"properties": {"title": "a\xff"}}}]}',
        b'{"requests": [{"addSheet": {"properties": {"title": "a\nb"}}}]}',
        b"\x00",
        b'{"a":' * 50_000,
        b'{"requests":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
        b'{"requests": [{"addSheet": {"properties": '
        + b'{"title":' * 900
        + b"1"
        + b"}" * 900
        + b"}}]}",
    ],
)
def test_what_is_no_json_of_the_calls_shape_is_refused(filled: Any, data: bytes) -> None:
    assert _sent(filled, BATCH, data)[0] == 400


@pytest.mark.parametrize(
    "number", [b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-1e999", b"01", b"+1", b".5", b"0x10"]
)
def test_numbers_that_json_does_not_have_are_refused(filled: Any, number: bytes) -> None:
    assert (
        _sent(filled, "/values/A1?valueInputOption=RAW", b'{"values": [[' + number + b"]]}", "PUT")[
            0
        ]
        == 400
    )
    cell = b'{"requests": [{"updateCells": {"fields": "*", "start": {"sheetId": 0}, "rows": [{"values": [{"userEnteredValue":'
    assert _sent(filled, BATCH, cell + b'{"numberValue": ' + number + b"}}]}]}}]}")[0] == 400


@pytest.mark.parametrize(
    "index",
    [
        "1e400",
        "9" * 400,
        "-1",
        "2147483648",
        "0.5",
        '"x"',
        '"1e5000"',
        "true",
        "[]",
        "{}",
        '"9999999999999999999999"',
    ],
)
def test_indexes_that_are_none_are_refused(filled: Any, index: str) -> None:
    for span in (f'"startIndex": {index}, "endIndex": 5', f'"startIndex": 0, "endIndex": {index}'):
        body = (
            '{"requests": [{"insertDimension": {"range": {"sheetId": 0, "dimension": "ROWS", '
            + span
            + "}}}]}"
        )
        assert _sent(filled, BATCH, body.encode())[0] == 400


@pytest.mark.parametrize(
    "properties",
    [
        {"gridProperties": {"rowCount": 2**31 - 1, "columnCount": 18_278}},
        {"gridProperties": {"rowCount": 0}},
        {"gridProperties": {"rowCount": -5}},
        {"gridProperties": {"columnCount": 1_000_000}},
        {"gridProperties": {"rowCount": 10, "frozenRowCount": 10}},
        {"gridProperties": {"frozenRowCount": -1}},
        {"title": "x" * 200},
        {"sheetId": -1},
        {"sheetId": 0},
    ],
)
def test_tabs_that_cannot_be_are_refused(filled: Any, properties: Any) -> None:
    body = {"requests": [{"addSheet": {"properties": {"title": "New", **properties}}}]}
    assert _sent(filled, BATCH, json.dumps(body).encode())[0] == 400


def _rect(top: Any, bottom: Any, left: Any = 0, right: Any = 1, sheet: int = 0) -> dict[str, Any]:
    named = {
        "startRowIndex": top,
        "endRowIndex": bottom,
        "startColumnIndex": left,
        "endColumnIndex": right,
    }
    return {"sheetId": sheet, **named}


OUTSIDE = (
    _rect(1000, 1001),
    _rect(0, 1, 26, 27),
    _rect(5, 2),
    _rect(0, 1, 3, 1),
    _rect(-1, 2),
    _rect(0, 1, sheet=99),
    _rect(2**31 - 2, 2**31 - 1),
)


@pytest.mark.parametrize("rect", OUTSIDE)
@pytest.mark.parametrize(
    ("kind", "rest"),
    [
        ("repeatCell", {"cell": {"note": "x"}, "fields": "note"}),
        ("updateCells", {"fields": "note", "rows": [{"values": [{"note": "x"}]}]}),
        ("mergeCells", {"mergeType": "MERGE_ALL"}),
        ("setDataValidation", {"rule": {"condition": {"type": "BOOLEAN"}}}),
        ("updateBorders", {"top": {"style": "SOLID"}}),
    ],
)
def test_ranges_outside_the_grid_are_refused(filled: Any, kind: str, rest: Any, rect: Any) -> None:
    body = {"requests": [{"addSheet": {}}, {kind: {"range": rect, **rest}}]}
    code, message = _sent(filled, BATCH, json.dumps(body).encode())
    assert code == 400
    assert "requests[1]" in message


@pytest.mark.parametrize(
    "a1",
    [
        "A1001",
        "AA1",
        "A1:ZZ99",
        "ZZZZZ1",
        "A99999999999999999999",
        "A0",
        "1:0",
        "!",
        "''!A1",
        "A1:B2:C3",
    ],
)
def test_addresses_outside_the_grid_are_refused(filled: Any, a1: str) -> None:
    data = json.dumps({"values": [["x"] * 30]}).encode()
    assert (
        _sent(filled, f"/values/{quote(a1, safe='')}?valueInputOption=RAW", data, "PUT")[0] == 400
    )


def _timed(client: Any, data: bytes) -> tuple[int, float]:
    began = time.perf_counter()
    response = client.session.post(f"{ROOT}{client.id}{BATCH}", data=data)
    return response.status_code, time.perf_counter() - began


def test_a_hundred_thousand_requests_are_answered_in_seconds(filled: Any) -> None:
    good = {
        "updateCells": {
            "start": {"sheetId": 0},
            "fields": "note",
            "rows": [{"values": [{"note": "x"}]}],
        }
    }
    bad = {"deleteSheet": {"sheetId": 99}}
    before = _whole(filled)
    status, seconds = _timed(filled, json.dumps({"requests": [good] * 99_999 + [bad]}).encode())
    assert status == 400
    assert seconds < 60
    assert _whole(filled) == before
    status, seconds = _timed(filled, json.dumps({"requests": [{}] * 100_000}).encode())
    assert (status, seconds < 20) == (400, True)
    status, seconds = _timed(filled, json.dumps({"requests": [{"noSuch": 1}] * 100_000}).encode())
    assert (status, seconds < 20) == (400, True)


def test_a_row_of_a_million_values_is_refused_at_once(filled: Any) -> None:
    data = json.dumps({"values": [["x"] * 1_000_000]}).encode()
    began = time.perf_counter()
    assert _sent(filled, "/values/A1?valueInputOption=RAW", data, "PUT")[0] == 400
    assert time.perf_counter() - began < 10


@pytest.mark.parametrize(
    "mask", ["sheets(" * 200, "*/" * 500, "a,,b", "sheets()", "(", ")", "/", "sheets/", ".", "*x"]
)
def test_field_masks_that_cannot_be_read_are_refused(filled: Any, mask: str) -> None:
    assert filled.fail("GET", "", fields=mask)[0] == 400
    rename = {"updateSheetProperties": {"properties": {"sheetId": 0, "title": "x"}, "fields": mask}}
    assert _sent(filled, BATCH, json.dumps({"requests": [rename]}).encode())[0] == 400


@pytest.mark.parametrize("method", ["PATCH", "DELETE", "PUT", "POST"])
def test_other_methods_and_addresses_are_not_found(filled: Any, method: str) -> None:
    for path in (
        "",
        "/values",
        "/values/",
        "/values/A1/B2",
        "/sheets/0",
        "//",
        "/%00",
        "/..",
        ":nothing",
        "/values:nothing",
    ):
        code, _ = _sent(filled, path, b"{}", method)
        assert code in (400, 404), path


def test_a_book_in_memory_is_as_strict(filled: Any) -> None:
    from sheetsync.emulator import LocalAdapter, Workspace

    workspace = Workspace.in_memory()
    number = workspace.create("Book").id
    filled.session.mount("https://", LocalAdapter(workspace))
    url = f"{ROOT}{number}"
    before = filled.session.get(url, params={"includeGridData": True}).json()
    body = {"requests": [{"repeatCell": CELLS}, {"deleteSheet": {"sheetId": 0}}]}
    response = filled.session.post(url + BATCH, json=body)
    assert response.status_code == 400
    assert filled.session.get(url, params={"includeGridData": True}).json() == before
