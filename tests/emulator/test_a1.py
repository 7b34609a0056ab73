"""A1 notation in all its forms, and Google's words for what cannot be read or lies outside the grid.

What is read there is tested in test_values.py.
"""

from __future__ import annotations

from typing import Any

import pytest

AREA = {
    "sheetId": 5,
    "startRowIndex": 1,
    "endRowIndex": 3,
    "startColumnIndex": 1,
    "endColumnIndex": 3,
}
TAB = {
    "addSheet": {
        "properties": {
            "sheetId": 5,
            "title": "My 'best' tab!",
            "gridProperties": {"rowCount": 9, "columnCount": 5},
        }
    }
}
QUOTED = "'My ''best'' tab!'"


@pytest.fixture
def book(client: Any) -> Any:
    client.batch(TAB, {"addNamedRange": {"namedRange": {"name": "Prices", "range": AREA}}})
    return client


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("A1", "Sheet1!A1"),
        ("b2:a1", "Sheet1!A1:B2"),
        ("$B$2:$C3", "Sheet1!B2:C3"),
        ("A5:A", "Sheet1!A5:A1000"),
        ("A:C", "Sheet1!A1:C1000"),
        ("C:A", "Sheet1!A1:C1000"),
        ("3:1", "Sheet1!A1:Z3"),
        ("B2:4", "Sheet1!B2:Z4"),
        ("Sheet1", "Sheet1!A1:Z1000"),
        ("sheet1!a1", "Sheet1!A1"),
        ("'Sheet1'!A1:B", "Sheet1!A1:B1000"),
        (" A1 : B2 ", "Sheet1!A1:B2"),
        ("R2C3", "Sheet1!C2"),
        ("R2C3:R1C1", "Sheet1!A1:C2"),
        ("C2:C4", "Sheet1!C2:C4"),
        (QUOTED, f"{QUOTED}!A1:E9"),
        (f"{QUOTED}!B:C", f"{QUOTED}!B1:C9"),
        (f"{QUOTED}!2:3", f"{QUOTED}!A2:E3"),
        ("My 'best' tab!", f"{QUOTED}!A1:E9"),
        ("My 'best' tab!!B2", f"{QUOTED}!B2"),
        ("Prices", f"{QUOTED}!B2:C3"),
        ("prices", f"{QUOTED}!B2:C3"),
        (f"{QUOTED}!Prices", f"{QUOTED}!B2:C3"),
    ],
)
def test_every_form_names_its_cells(book: Any, asked: str, told: str) -> None:
    answer = book.ok("GET", "/values:batchGet", ranges=asked)
    assert answer["valueRanges"][0]["range"] == told


@pytest.mark.parametrize(
    "text",
    [
        "NoSuch!A1",
        "A0",
        "A1:",
        ":A1",
        "A",
        "1",
        "A:5",
        "5:A",
        "Sheet1!",
        "Sheet1!Prices",
        "'Sheet1",
        "A1:B2:C3",
        "R0C1",
        "ABCD1",
    ],
)
def test_what_names_no_cells_is_refused_in_googles_words(book: Any, text: str) -> None:
    code, message = book.fail("GET", "/values:batchGet", ranges=text)
    assert (code, message) == (400, f"Unable to parse range: {text}")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("A1001", "Sheet1!A1001"),
        ("Sheet1!AA1", "Sheet1!AA1"),
        ("A1001:B1005", "Sheet1!A1001:B1005"),
        ("AB:AC", "Sheet1!AB:AC"),
    ],
)
def test_what_lies_outside_the_grid_is_refused_in_googles_words(
    book: Any, text: str, told: str
) -> None:
    code, message = book.fail("GET", "/values:batchGet", ranges=text)
    limits = "Max rows: 1000, max columns: 26"
    assert (code, message) == (400, f"Range ({told}) exceeds grid limits. {limits}")


def test_a_range_without_a_tab_is_on_the_first_one_that_is_seen(book: Any) -> None:
    hide = {"properties": {"sheetId": 0, "hidden": True}, "fields": "hidden"}
    book.batch({"updateSheetProperties": hide})
    assert book.ok("GET", "/values/A1")["range"] == f"{QUOTED}!A1"
