"""Strictness: what Google refuses is refused with its words, and nothing that is sent makes the emulator fail.

Requests that are right are tested elsewhere.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sheetsync.emulator import LocalAdapter, Workspace, create_workbook
from sheetsync.emulator.api.batch import KINDS
from sheetsync.emulator.wire.schema import document, request_kinds

ROOT = "https://sheets.googleapis.com/v4/spreadsheets/"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"request": []}, 'Invalid JSON payload received. Unknown name "request": Cannot find field.'),
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
            {"requests": [{"updateSheetProperties": {"properties": {"title": "x"}, "fields": "titel"}}]},
            "Invalid requests[0].updateSheetProperties: Invalid field: titel",
        ),
        ({"requests": []}, "Must specify at least one request."),
        ({"requests": [{}]}, "Invalid requests[0]: No request set."),
        ({"requests": [{"deleteSheet": {"sheetId": 99}}]}, "Invalid requests[0].deleteSheet: No grid with id: 99"),
        ({"requests": [{"addChart": {}}]}, "Invalid requests[0].addChart: not emulated: addChart"),
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
    assert told == {"spreadsheetId": "book", "sheets": [{"properties": {"sheetId": 0, "title": "Sheet1"}}]}


def test_unknown_addresses_books_hosts_and_parameters(client: Any) -> None:
    assert client.fail("GET", "/nonsense")[0] == 404
    assert client.fail("DELETE", "")[0] == 404
    assert client.fail("GET", "", include="x")[0] == 400
    assert client.fail("GET", "", includeGridData="perhaps")[0] == 400
    for url in (f"{ROOT}nobody", "https://www.googleapis.com/drive/v3/files"):
        response = client.session.get(url)
        assert (response.status_code, response.json()["error"]["status"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize("data", [b"{", b"[]", b'"x"', b"\xff\xfe", b"[" * 100_000, b"nul", b"5", b'{"requests": 5}'])
def test_bodies_that_are_no_json_object_are_refused(client: Any, data: bytes) -> None:
    response = client.session.post(f"{ROOT}book:batchUpdate", data=data)
    assert response.status_code == 400
    assert response.json()["error"]["status"] == "INVALID_ARGUMENT"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2000) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def _of_schema(name: str, depth: int = 0) -> st.SearchStrategy[Any]:
    """JSON of a schema's shape, with wild values in its places."""
    fields = document()["schemas"][name].get("properties", {})
    if depth > 4:
        return st.just({})
    return st.fixed_dictionaries({}, optional={field: _of_node(node, depth) for field, node in fields.items()})


def _of_node(node: dict[str, Any], depth: int) -> st.SearchStrategy[Any]:
    if "$ref" in node:
        return st.deferred(lambda: _of_schema(node["$ref"], depth + 1))
    if node.get("type") == "array":
        return st.lists(_of_node(node["items"], depth + 1), max_size=2)
    if "enum" in node:
        return st.sampled_from(node["enum"])
    if node.get("format") == "google-fieldmask":
        return st.sampled_from(
            ["*", "title", "userEnteredValue", "note", "userEnteredFormat", "dataValidation", "", "x("]
        )
    simple: dict[str, st.SearchStrategy[Any]] = {
        "integer": st.integers(-2, 30) | st.just(2**31 - 1),
        "boolean": st.booleans(),
        "number": st.floats(allow_nan=False, allow_infinity=False),
    }
    return simple.get(node.get("type", ""), st.text(max_size=6) | st.sampled_from(["=A1", "=1+", "#gid=0", "1"]))


@pytest.fixture(scope="module")
def session() -> Any:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fuzz.xlsx"
        create_workbook(path, title="Fuzz")
        with requests.Session() as made:
            made.mount("https://", LocalAdapter(Workspace.of_file(path)))
            yield made


QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@QUICK
@given(kind=st.sampled_from(sorted(KINDS)), data=st.data())
def test_no_request_makes_the_emulator_fail(session: Any, kind: str, data: Any) -> None:
    node = document()["schemas"]["Request"]["properties"][kind]
    for _ in range(3):
        body = {"requests": [{kind: data.draw(_of_schema(node["$ref"]) | JSON)}]}
        response = session.post(f"{ROOT}fuzz:batchUpdate", data=json.dumps(body).encode())
        assert response.status_code in (200, 400), (body, response.text)
    assert session.get(f"{ROOT}fuzz", params={"includeGridData": True}).status_code == 200


@QUICK
@given(
    body=JSON, a1=st.text(max_size=12), option=st.sampled_from(["RAW", "USER_ENTERED", "X"]), typed=st.text(max_size=12)
)
def test_no_values_make_the_emulator_fail(session: Any, body: Any, a1: str, option: str, typed: str) -> None:
    from urllib.parse import quote

    url = f"{ROOT}fuzz/values/{quote(a1, safe='') or 'A1'}"
    assert session.get(url).status_code in (200, 400)
    for given_body in (body, {"values": [[typed, "=" + typed]]}):
        data = json.dumps(given_body).encode()
        for tail in ("", ":append", ":clear"):
            method = "POST" if tail else "PUT"
            options = {} if tail == ":clear" else {"valueInputOption": option}
            response = session.request(method, url + tail, data=data, params=options)
            assert response.status_code in (200, 400), (given_body, response.text)
