"""A batch that is parsed piece by piece is understood, and refused, as one that is parsed whole."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sheetsync.emulator import service
from sheetsync.emulator.errors import ApiError
from sheetsync.emulator.wire import piecewise

NAME = "BatchUpdateSpreadsheetRequest"
BOLD = {"userEnteredFormat": {"textFormat": {"bold": True}, "padding": {"top": 3}}}
CELLS = {
    "updateCells": {
        "start": {"sheetId": 0, "rowIndex": 1},
        "rows": [
            {"values": [{"userEnteredValue": {"stringValue": "a\u2028\u00e9]}"}}, {**BOLD}, {}]},
            {},
            {"values": [{"userEnteredValue": {"numberValue": 1.5}, **BOLD}, {"note": None}]},
        ],
        "fields": "*",
    }
}


@pytest.fixture(autouse=True)
def _no_batch_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_SMALL_BATCH", 0)


def told(data: bytes) -> Any:
    try:
        return service._body(data, NAME)  # noqa: SLF001  # the one way that a body takes
    except ApiError as error:
        return error.code, error.message, error.details


@pytest.mark.parametrize(
    "data",
    [
        json.dumps({"requests": [CELLS, CELLS]}).encode(),
        json.dumps({"requests": [CELLS], "responseRanges": ["A1"]}, indent=2).encode(),
        json.dumps({"includeSpreadsheetInResponse": True, "requests": [CELLS]}).encode(),
        json.dumps({"requests": [[CELLS], CELLS]}).encode(),
        json.dumps({"requests": []}).encode(),
        b' {"requests" : [ ] } \n',
        b'{"requests": null, "responseRanges": []}',
        b'{"requests": [{"updateCells": {"rows": null, "fields": "*"}}]}',
        b'{"requests": [{"update_cells": {"rows": [{"values": [{"user_entered_value": {"number_value": "7"}}]}]}}]}',
        b'{"requests": [{"addSheet": {}}], "requests": [{"deleteSheet": {"sheetId": 3}}]}',
        b"{}",
        b"",
    ],
)
def test_a_batch_read_by_pieces_is_what_it_is_as_a_whole(
    monkeypatch: pytest.MonkeyPatch, data: bytes
) -> None:
    by_pieces = told(data)
    monkeypatch.setattr(piecewise, "body", lambda *_: None)
    assert by_pieces == told(data)
    assert isinstance(by_pieces, dict)


@pytest.mark.parametrize(
    "data",
    [
        b'{"requests": [{"addSheet": {}}',
        b'{"requests": [{"addSheet": {}}]',
        b'{"requests": [{"addSheet": {}},]}',
        b'{"requests": [{"addSheet": {}} {"addSheet": {}}]}',
        b'{"requests": [{"addSheet": {}}]} more',
        b'{"requests": [{"addSheet": {}}],}',
        b'{"requests": [{"addSheet": {},}]}',
        b'{"requests": [{"addSheet" {}}]}',
        b'{"requests": [{7: {}}]}',
        b'{"requests": [null]}',
        b'{"requests": [7, "x"], "nonsense": 1}',
        b'{"requests": {"addSheet": {}}}',
        b'{"requests": [{"addSheet": {"rows": [1, [2], {"a": 3}]}}]}',
        b'{"requests": [{"updateCells": {"rows": [{"values": [{"nonsense": 1}]}, {"values": 7}, 3]}}]}',
        b'{"requests": [{"updateCells": {"rows": [{"values": [{"userEnteredValue": {"numberValue": NaN}}]}]}}]}',
        b'{"requests": [{"updateCells": {"rows": [{"values": [{"userEnteredValue": {"numberValue": 1e999}}]}]}}]}',
        b'{"requests": ' + b'[{"addSheet": ' * 2000,
        b"[1]",
        b'"text"',
        b"\xff\xfe",
        b'{"requests": [{"addSheet": {"properties": {"title": "\xff"}}}]}',
    ],
)
def test_a_batch_that_is_wrong_is_refused_in_the_words_for_the_whole(
    monkeypatch: pytest.MonkeyPatch, data: bytes
) -> None:
    by_pieces = told(data)
    monkeypatch.setattr(piecewise, "body", lambda *_: None)
    assert by_pieces == told(data)
    assert by_pieces[0] == 400


def test_cells_that_are_alike_are_kept_once_and_become_one_cell(client: Any) -> None:
    body = told(json.dumps({"requests": [CELLS, CELLS]}).encode())
    first, second = (request["updateCells"]["rows"][0]["values"][1] for request in body["requests"])
    assert first is second
    where = {"sheetId": 0, "startRowIndex": 5, "endRowIndex": 7}
    repeat = {"repeatCell": {"range": where, "cell": BOLD, "fields": "*"}}
    client.ok("POST", ":batchUpdate", {"requests": [CELLS, repeat]})
    sheet = client.workspace.store(client.id).current().sheets[0]
    assert sheet.cell(5, 0) is sheet.cell(6, 3)
    assert sheet.cell(1, 1) == sheet.cell(5, 0)
