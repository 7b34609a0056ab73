"""Requests made up at random: none makes the emulator fail, and one that is refused leaves the book as it was.

Refusals that are known by their words are in test_strict.py.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sheetsync.emulator import LocalAdapter, Workspace, create_workbook
from sheetsync.emulator.api.batch import KINDS
from sheetsync.emulator.wire.schema import document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROOT = "https://sheets.googleapis.com/v4/spreadsheets/"
DRIVE = "https://www.googleapis.com/drive/v3/files"
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 2000)
    | st.floats(allow_nan=False)
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
MASKS = ["*", "title", "userEnteredValue", "note", "userEnteredFormat", "dataValidation", "", "x("]
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def _of_schema(name: str, depth: int = 0) -> st.SearchStrategy[Any]:
    """JSON of a schema's shape, with wild values in its places."""
    fields = document()["schemas"][name].get("properties", {})
    if depth > 4:
        return st.just({})
    return st.fixed_dictionaries(
        {}, optional={field: _of_node(node, depth) for field, node in fields.items()}
    )


def _of_node(node: dict[str, Any], depth: int) -> st.SearchStrategy[Any]:
    if "$ref" in node:
        return st.deferred(lambda: _of_schema(node["$ref"], depth + 1))
    if node.get("type") == "array":
        return st.lists(_of_node(node["items"], depth + 1), max_size=2)
    if "enum" in node:
        return st.sampled_from(node["enum"])
    if node.get("format") == "google-fieldmask":
        return st.sampled_from(MASKS)
    simple: dict[str, st.SearchStrategy[Any]] = {
        "integer": st.integers(-2, 30) | st.just(2**31 - 1),
        "boolean": st.booleans(),
        "number": st.floats(allow_nan=False, allow_infinity=False),
    }
    return simple.get(
        node.get("type", ""), st.text(max_size=6) | st.sampled_from(["=A1", "=1+", "#gid=0", "1"])
    )


class Fuzzed:
    """A book under random requests: sends them, and sees that a refused one changed nothing."""

    def __init__(self, session: requests.Session, workspace: Workspace) -> None:
        self.session = session
        self.store = workspace.store(workspace.books[0].id)
        self.url = ROOT + self.store.id

    def send(self, method: str, tail: str, body: Any, **params: str) -> int:
        before = self.store.draft()
        response = self.session.request(
            method, self.url + tail, data=json.dumps(body).encode(), params=params
        )
        assert response.status_code in (200, 400, 404), (method, tail, body, response.text)
        assert response.status_code == 200 or self.store.current() == before, (method, tail, body)
        return response.status_code

    def readable(self) -> bool:
        params = {
            "includeGridData": "true",
            "ranges": f"A1:E{min(30, self.store.current().sheets[0].row_count)}",
        }
        return self.session.get(self.url, params=params).status_code in (200, 400)


@pytest.fixture(params=["file", "memory"])
def fuzzed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Fuzzed]:
    workspace = Workspace.in_memory()
    if request.param == "file":
        create_workbook(tmp_path / "fuzz.xlsx", title="Fuzz")
        workspace = Workspace.of_folder(tmp_path)
    else:
        workspace.create("Fuzz")
    with requests.Session() as session:
        session.mount("https://", LocalAdapter(workspace))
        yield Fuzzed(session, workspace)


@QUICK
@given(kind=st.sampled_from(sorted(KINDS)), data=st.data())
def test_no_request_makes_the_emulator_fail(fuzzed: Fuzzed, kind: str, data: Any) -> None:
    node = document()["schemas"]["Request"]["properties"][kind]
    for _ in range(3):
        fuzzed.send(
            "POST",
            ":batchUpdate",
            {"requests": [{kind: data.draw(_of_schema(node["$ref"]) | JSON)}]},
        )
    assert fuzzed.readable()


@QUICK
@given(
    body=JSON,
    a1=st.text(max_size=12),
    option=st.sampled_from(["RAW", "USER_ENTERED", "X"]),
    typed=st.text(max_size=12),
)
def test_no_values_make_the_emulator_fail(
    fuzzed: Fuzzed, body: Any, a1: str, option: str, typed: str
) -> None:
    place = f"/values/{quote(a1, safe='') or 'A1'}"
    fuzzed.send("GET", place, None)
    for given_body in (body, {"values": [[typed, "=" + typed]]}):
        fuzzed.send("PUT", place, given_body, valueInputOption=option)
        fuzzed.send("POST", place + ":append", given_body, valueInputOption=option)
        fuzzed.send("POST", place + ":clear", given_body)


@QUICK
@given(
    call=st.sampled_from(
        ["batchUpdate", "batchClear", "batchGetByDataFilter", "batchUpdateByDataFilter"]
    ),
    data=st.data(),
)
def test_no_batch_of_values_makes_the_emulator_fail(fuzzed: Fuzzed, call: str, data: Any) -> None:
    name = document()["methods"][f"sheets.spreadsheets.values.{call}"]["request"]
    fuzzed.send("POST", f"/values:{call}", data.draw(_of_schema(name)))


@QUICK
@given(
    mask=st.text(alphabet="*/(),.sheetdatprovlu ", max_size=30),
    ranges=st.lists(st.text(alphabet="A1:B!'$é", max_size=8), max_size=2),
)
def test_no_mask_or_range_makes_a_reading_fail(
    fuzzed: Fuzzed, mask: str, ranges: list[str]
) -> None:
    response = fuzzed.session.get(fuzzed.url, params={"fields": mask, "ranges": ranges})
    assert response.status_code in (200, 400), (mask, ranges, response.text)


@QUICK
@given(
    method=st.sampled_from(["GET", "POST", "PATCH", "DELETE", "PUT"]),
    tail=st.sampled_from(
        [
            "",
            "/x",
            "/x/copy",
            "/x/export",
            "/x/permissions",
            "/x/permissions/1",
            "/x/comments",
            "/trash",
        ]
    ),
    query=st.dictionaries(
        st.sampled_from(
            [
                "q",
                "fields",
                "pageSize",
                "pageToken",
                "orderBy",
                "mimeType",
                "corpora",
                "transferOwnership",
            ]
        ),
        st.text(max_size=12)
        | st.sampled_from(["name = 'x'", "files(id)", "*", "5", "name contains 'F' and", "'"]),
    ),
    body=JSON
    | st.fixed_dictionaries(
        {}, optional={"name": JSON, "role": JSON, "type": JSON, "parents": JSON}
    ),
)
def test_no_call_of_drive_makes_the_emulator_fail(
    fuzzed: Fuzzed, method: str, tail: str, query: dict[str, str], body: Any
) -> None:
    number = fuzzed.url.rsplit("/", 1)[1]
    if (method, tail) == ("DELETE", "/x"):
        tail = "/nobody"  # the book is still needed
    url = DRIVE + tail.replace("/x", f"/{number}")
    sent = None if method in ("GET", "DELETE") else json.dumps(body).encode()
    response = fuzzed.session.request(method, url, params=query, data=sent)
    assert response.status_code < 500, (method, url, query, body, response.text)
