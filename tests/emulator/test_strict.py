"""Strictness: what Google refuses is refused with its words.

Malformed requests are in test_malformed.py, requests made up at random in test_fuzz.py.
"""

from __future__ import annotations

from typing import Any

import pytest

from sheetsync.emulator.api.batch import KINDS
from sheetsync.emulator.wire.schema import request_kinds

ROOT = "https://sheets.googleapis.com/v4/spreadsheets/"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            {"request": []},
            'Invalid JSON payload received. Unknown name "request": Cannot find field.',
        ),
        (
            {"requests": [{"noSuchKind": {}}]},
            "Invalid JSON payload received. Unknown name \"noSuchKind\" at 'requests[0]': Cannot find field.",
        ),
        (
            {"requests": [{"addSheet": {"properties": {"name": "x"}}}]},
            "Invalid JSON payload received. Unknown name \"name\" at 'requests[0].add_sheet.properties': Cannot find field.",
        ),
        (
            {"requests": [{"deleteSheet": {"sheetId": "abc"}}]},
            "Invalid value at 'requests[0].delete_sheet.sheet_id' (TYPE_INT32), \"abc\"",
        ),
        (
            {"requests": [{"updateSheetProperties": {"properties": {"sheetId": 0, "title": "x"}}}]},
            (
                "Invalid requests[0].updateSheetProperties: "
                "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)"
            ),
        ),
        (
            {
                "requests": [
                    {"updateSheetProperties": {"properties": {"title": "x"}, "fields": "titel"}}
                ]
            },
            "Invalid requests[0].updateSheetProperties: Invalid field: titel",
        ),
        ({"requests": []}, "Must specify at least one request."),
        ({"requests": [{}]}, "Invalid requests[0]: No request set."),
        (
            {"requests": [{"deleteSheet": {"sheetId": 99}}]},
            "Invalid requests[0].deleteSheet: No sheet with id: 99",
        ),
        (
            {"requests": [{"addDataSource": {}}]},
            "Invalid requests[0].addDataSource: not emulated: addDataSource",
        ),
        (
            {"requests": [{"addSheet": {"properties": {"title": "sheet1"}}}]},
            'Invalid requests[0].addSheet: A sheet with the name "sheet1" already exists. Please enter another name.',
        ),
    ],
)
def test_wrong_requests_are_refused_in_googles_words(client: Any, body: Any, message: str) -> None:
    assert client.fail("POST", ":batchUpdate", body) == (400, message)


def test_two_kinds_in_one_request_are_refused(client: Any) -> None:
    text = client.refused({"deleteSheet": {"sheetId": 0}, "addSheet": {}})
    assert "oneof field 'kind' is already set" in text


def test_every_kind_is_emulated_or_refused_by_name(client: Any) -> None:
    for kind in sorted(request_kinds() - set(KINDS)):
        assert client.refused({kind: {}}).endswith(f"not emulated: {kind}")


def test_masks_are_checked_on_answers_too(client: Any) -> None:
    code, _ = client.fail("GET", "", fields="sheets.propertys")
    assert code == 400
    assert client.fail("GET", "", fields="sheets(")[0] == 400
    told = client.ok("GET", "", fields="sheets/properties(title,sheetId),spreadsheetId")
    assert told == {
        "spreadsheetId": "book",
        "sheets": [{"properties": {"sheetId": 0, "title": "Sheet1"}}],
    }


def test_unknown_addresses_books_hosts_and_parameters(client: Any) -> None:
    assert client.fail("GET", "/nonsense")[0] == 404
    assert client.fail("DELETE", "")[0] == 404
    assert client.fail("GET", "", include="x")[0] == 400
    assert client.fail("GET", "", includeGridData="perhaps")[0] == 400
    for url in (f"{ROOT}nobody", "https://gmail.googleapis.com/gmail/v1/users/me"):
        response = client.session.get(url)
        assert (response.status_code, response.json()["error"]["status"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    "data", [b"{", b"[]", b'"x"', b"\xff\xfe", b"[" * 100_000, b"nul", b"5", b'{"requests": 5}']
)
def test_bodies_that_are_no_json_object_are_refused(client: Any, data: bytes) -> None:
    response = client.session.post(f"{ROOT}book:batchUpdate", data=data)
    assert response.status_code == 400
    assert response.json()["error"]["status"] == "INVALID_ARGUMENT"


def test_a_list_within_a_list_of_requests_is_more_of_the_same(client: Any) -> None:
    notes = [
        {
            "updateCells": {
                "start": {"sheetId": 0, "rowIndex": row},
                "fields": "note",
                "rows": [{"values": [{"note": "x"}]}],
            }
        }
        for row in range(3)
    ]
    answer = client.batch([notes[0], notes[1]], notes[2])
    assert len(answer["replies"]) == 3
    assert client.cells("A1:A3", "note") == [[{"note": "x"}]] * 3
    told = client.ok("POST", "/values:batchClear", {"ranges": ["A1", ["B1", "C1"]]})
    assert told["clearedRanges"] == ["Sheet1!A1", "Sheet1!B1", "Sheet1!C1"]


def test_a_slash_before_the_verb_or_at_the_end_does_not_matter(client: Any) -> None:
    assert client.session.get(f"{ROOT}book/").json() == client.ok("GET", "")
    response = client.session.post(
        f"{ROOT}book/:batchUpdate", json={"requests": [{"addSheet": {}}]}
    )
    assert response.status_code == 200
    drive = "https://www.googleapis.com/drive/v3/files/book/"
    assert client.session.get(drive).json()["id"] == "book"
    assert client.session.get(f"{ROOT}book//").status_code == 404


def test_a_moment_that_is_none_is_refused(client: Any) -> None:
    status = {"state": "SUCCEEDED", "lastRefreshTime": "yesterday"}
    sheet = {"properties": {"dataSourceSheetProperties": {"dataExecutionStatus": status}}}
    message = client.refused({"addSheet": sheet})
    assert message.endswith(
        'last_refresh_time\' (type.googleapis.com/google.protobuf.Timestamp), "yesterday"'
    )
