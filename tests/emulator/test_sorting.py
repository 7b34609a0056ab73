"""Sorting, finding and replacing, splitting and trimming: what changes rows and texts in place.

Each test shows the cells it begins with.
"""

from __future__ import annotations

from typing import Any

import pytest


def area(top: int, bottom: int, left: int, right: int, sheet: int = 0) -> dict[str, Any]:
    ends = {"startColumnIndex": left, "endColumnIndex": right}
    return {"sheetId": sheet, "startRowIndex": top, "endRowIndex": bottom, **ends}


def lines(start: int, end: int, dimension: str = "ROWS", sheet: int = 0) -> dict[str, Any]:
    return {"sheetId": sheet, "dimension": dimension, "startIndex": start, "endIndex": end}


def sort(where: dict[str, Any], *specs: tuple[int, str]) -> dict[str, Any]:
    told = [{"dimensionIndex": index, "sortOrder": order} for index, order in specs]
    return {"sortRange": {"range": where, "sortSpecs": told}}


def test_a_sort_orders_kinds_of_values_and_is_stable(client: Any) -> None:
    cells = [
        ["b", 1],
        [True, 2],
        ["", 3],
        [10, 4],
        ["B", 5],
        ["=1/0", 6],
        [-2, 7],
        ["Ёж", 8],
        ["a", 9],
        ["ежик", 10],
    ]
    client.put("A1:B10", cells, "USER_ENTERED")
    client.batch(sort(area(0, 10, 0, 2), (0, "ASCENDING")))
    numbers = [row[1] for row in client.formulas("A1:B10")]
    assert numbers == [7, 4, 9, 1, 5, 8, 10, 2, 6, 3]
    client.batch(sort(area(0, 10, 0, 2), (0, "DESCENDING")))
    assert [row[1] for row in client.formulas("A1:B10")] == [6, 2, 10, 8, 1, 5, 9, 4, 7, 3]


def test_a_sort_by_several_columns_leaves_the_rest_of_the_rows(client: Any) -> None:
    client.put(
        "A1:D4",
        [["x", 2, "p", "k1"], ["y", 1, "q", "k2"], ["x", 1, "r", "k3"], ["z", 9, "s", "k4"]],
    )
    client.batch(sort(area(0, 3, 0, 3), (0, "ASCENDING"), (1, "DESCENDING")))
    assert client.values("A1:D4") == [
        ["x", "2", "p", "k1"],
        ["x", "1", "r", "k2"],
        ["y", "1", "q", "k3"],
        ["z", "9", "s", "k4"],
    ]


def test_sorted_formulas_read_as_if_copied_and_others_do_not_follow(client: Any) -> None:
    client.put("A1:B3", [[3, "=A1*10"], [1, "=A2*10"], [2, "=$A$3*10"]], "USER_ENTERED")
    client.put("D1", [["=A1"]], "USER_ENTERED")
    note = {"repeatCell": {"range": area(0, 1, 0, 1), "cell": {"note": "three"}, "fields": "note"}}
    client.batch(note, sort(area(0, 3, 0, 2), (1, "ASCENDING")))
    assert client.formulas("A1:B3") == [[1, "=A1*10"], [2, "=$A$3*10"], [3, "=A3*10"]]
    assert client.formulas("D1") == [["=A1"]]
    assert client.cells("A3", "note") == [[{"note": "three"}]]


def test_a_sort_that_cannot_be_done_is_refused(client: Any) -> None:
    client.batch({"mergeCells": {"range": area(0, 2, 0, 1), "mergeType": "MERGE_ALL"}})
    assert "vertical merges" in client.refused(sort(area(0, 9, 0, 2), (0, "ASCENDING")))
    assert "dimensionIndex" in client.refused(sort(area(3, 9, 0, 2), (2, "ASCENDING")))
    assert "sort spec" in client.refused(sort(area(3, 9, 0, 2)))
    spec = {"dimensionIndex": 0, "backgroundColor": {"red": 1}}
    assert "not emulated" in client.refused(
        {"sortRange": {"range": area(3, 9, 0, 2), "sortSpecs": [spec]}}
    )


def test_merges_and_validations_of_single_rows_are_sorted_with_them(client: Any) -> None:
    client.put("A1:A3", [["c"], ["b"], ["a"]])
    client.batch(
        {"mergeCells": {"range": area(0, 1, 1, 3), "mergeType": "MERGE_ALL"}},
        {
            "setDataValidation": {
                "range": area(0, 2, 0, 1),
                "rule": {"condition": {"type": "BOOLEAN"}},
            }
        },
        sort(area(0, 3, 0, 3), (0, "ASCENDING")),
    )
    assert client.sheet()["merges"][0]["startRowIndex"] == 2
    assert [bool(row) for row in client.cells("A1:A3", "dataValidation")] == [False, True, True]


def find(**options: Any) -> dict[str, Any]:
    return {"findReplace": options}


def test_find_and_replace_counts_what_it_changed(client: Any) -> None:
    client.batch({"addSheet": {"properties": {"sheetId": 5, "title": "Two"}}})
    client.put("A1:B2", [["Google Sheets", "e"], ['="e"&A1', "x"]], "USER_ENTERED")
    client.put("Two!A1", [["EE"]])
    reply = client.batch(find(find="e", replacement="o", allSheets=True))["replies"][0][
        "findReplace"
    ]
    assert reply == {
        "valuesChanged": 3,
        "rowsChanged": 2,
        "sheetsChanged": 2,
        "occurrencesChanged": 6,
    }
    assert client.formulas("A1:B2") == [["Googlo Shoots", "o"], ['="e"&A1', "x"]]
    reply = client.batch(
        find(find="A1", replacement="B1", sheetId=0, includeFormulas=True, matchCase=True)
    )
    assert reply["replies"][0]["findReplace"] == {
        "formulasChanged": 1,
        "rowsChanged": 1,
        "sheetsChanged": 1,
        "occurrencesChanged": 1,
    }
    assert client.formulas("A2") == [['="e"&B1']]
    assert client.batch(find(find="nowhere", replacement="", sheetId=0))["replies"] == [
        {"findReplace": {}}
    ]


def test_find_by_regular_expression_fills_in_the_groups(client: Any) -> None:
    client.put("A1:A4", [["Google Sheets"], ["Google Docs"], ["12"], ["a-b"]])
    client.batch(
        find(find="o.* (.*)", replacement="$1 Rocks", searchByRegex=True, range=area(0, 2, 0, 1))
    )
    assert client.values("A1:A2") == [["GSheets Rocks"], ["GDocs Rocks"]]
    client.batch(
        find(find=r"(?<x>\w)-(\w)", replacement=r"$2\$${x}$10", searchByRegex=True, sheetId=0)
    )
    assert client.values("A4") == [["b$aa0"]]
    client.batch(find(find="1", replacement="9", sheetId=0, matchEntireCell=True))
    assert client.formulas("A3") == [["12"]]
    client.batch(find(find="12", replacement="7.5", sheetId=0, matchEntireCell=True))
    assert client.formulas("A3") == [[7.5]]
    assert "regular expression" in client.refused(
        find(find="(", replacement="", searchByRegex=True, sheetId=0)
    )
    assert "group" in client.refused(
        find(find="b", replacement="$3", searchByRegex=True, sheetId=0)
    )
    assert "Exactly one" in client.refused(
        find(find="x", replacement="", sheetId=0, allSheets=True)
    )
    assert "find" in client.refused(find(replacement="", sheetId=0))


def test_find_looks_at_what_people_see(client: Any) -> None:
    client.put("A1:A2", [["2026-01-05"], [1500]], "USER_ENTERED")
    client.batch(
        find(find="2026", replacement="2027", sheetId=0),
        find(find="15", replacement="25", sheetId=0),
    )
    assert client.formulas("A1:A2") == [[46392], [2500]]


def test_whitespace_is_trimmed_in_texts_only(client: Any) -> None:
    client.put("A1:A5", [["  a \n b\t"], ["ok"], [" =1 "], [5], ["   "]])
    reply = client.batch({"trimWhitespace": {"range": area(0, 5, 0, 1)}})["replies"]
    assert reply == [{"trimWhitespace": {"cellsChangedCount": 3}}]
    assert client.formulas("A1:A5") == [["a b"], ["ok"], ["=1"], [5]]
    assert client.batch({"trimWhitespace": {"range": area(0, 5, 0, 1)}})["replies"] == [
        {"trimWhitespace": {}}
    ]


def test_duplicates_go_and_what_is_below_moves_up(client: Any) -> None:
    client.put(
        "A1:C5", [["a", 1, "k1"], ["b", 2, "k2"], ["A", 1, "k3"], ["b", 3, "k4"], ["a", "1", "k5"]]
    )
    reply = client.batch({"deleteDuplicates": {"range": area(0, 5, 0, 2)}})["replies"]
    assert reply == [{"deleteDuplicates": {"duplicatesRemovedCount": 1}}]
    assert client.formulas("A1:C5") == [
        ["a", 1, "k1"],
        ["b", 2, "k2"],
        ["b", 3, "k3"],
        ["a", "1", "k4"],
        ["", "", "k5"],
    ]
    columns = [lines(0, 1, "COLUMNS")]
    reply = client.batch(
        {"deleteDuplicates": {"range": area(0, 5, 0, 2), "comparisonColumns": columns}}
    )["replies"]
    assert client.formulas("A1:B4")[:2] == [["a", 1], ["b", 2]]
    assert "comparisonColumns" in client.refused(
        {
            "deleteDuplicates": {
                "range": area(0, 5, 0, 1),
                "comparisonColumns": [lines(1, 2, "COLUMNS")],
            }
        }
    )


@pytest.mark.parametrize(
    ("options", "cells"),
    [
        ({"delimiterType": "COMMA"}, [["a", "b", 7], ["p q"]]),
        ({"delimiterType": "AUTODETECT"}, [["a", "b", 7], ["p q"]]),
        ({"delimiterType": "SPACE"}, [["a,b,7", "keep"], ["p", "q"]]),
        ({"delimiterType": "CUSTOM", "delimiter": "b,"}, [["a,", 7], ["p q"]]),
    ],
)
def test_text_is_split_into_columns(client: Any, options: dict[str, str], cells: Any) -> None:
    client.put("A1:B2", [["a,b,7", "keep"], ["p q"]])
    client.batch({"textToColumns": {"source": area(0, 2, 0, 1), **options}})
    assert client.formulas("A1:C2") == cells
    assert "one column" in client.refused(
        {"textToColumns": {"source": area(0, 2, 0, 2), **options}}
    )
    assert "delimiterType" in client.refused({"textToColumns": {"source": area(0, 2, 0, 1)}})


def test_random_order_keeps_the_rows_whole(client: Any) -> None:
    rows = [[str(i), f"v{i}"] for i in range(30)]
    client.put("A1:C30", [[*row, "out"] for row in rows])
    client.batch({"randomizeRange": {"range": area(0, 30, 0, 2)}})
    found = client.values("A1:C30")
    assert sorted(row[:2] for row in found) == sorted(rows)
    assert {row[2] for row in found} == {"out"}
