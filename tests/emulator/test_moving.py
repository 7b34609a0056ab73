"""Moving cells about: rows, ranges, cuts, sorts; what lies on cells goes along, what points to them follows.

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


def move(start: int, end: int, to: int, dimension: str = "ROWS") -> dict[str, Any]:
    return {"moveDimension": {"source": lines(start, end, dimension), "destinationIndex": to}}


def cut(
    source: dict[str, Any], at: tuple[int, int], sheet: int = 0, kind: str = "PASTE_NORMAL"
) -> dict[str, Any]:
    place = {"sheetId": sheet, "rowIndex": at[0], "columnIndex": at[1]}
    return {"cutPaste": {"source": source, "destination": place, "pasteType": kind}}


def shift(kind: str, where: dict[str, Any], dimension: str) -> dict[str, Any]:
    return {kind: {"range": where, "shiftDimension": dimension}}


def sort(where: dict[str, Any], *specs: tuple[int, str]) -> dict[str, Any]:
    told = [{"dimensionIndex": index, "sortOrder": order} for index, order in specs]
    return {"sortRange": {"range": where, "sortSpecs": told}}


@pytest.mark.parametrize(
    ("request_", "column"),
    [
        (move(1, 3, 4), ["0", "3", "1", "2", "4"]),
        (move(3, 5, 0), ["3", "4", "0", "1", "2"]),
        (move(0, 1, 5), ["1", "2", "3", "4", "0"]),
        (move(2, 4, 3), ["0", "1", "2", "3", "4"]),
    ],
)
def test_rows_move_to_where_they_were_sent(client: Any, request_: Any, column: list[str]) -> None:
    client.put("A1:A5", [["0"], ["1"], ["2"], ["3"], ["4"]])
    client.batch(request_)
    assert [row[0] for row in client.values("A1:A5")] == column
    assert client.sheet()["properties"]["gridProperties"]["rowCount"] == 1000


@pytest.mark.parametrize(
    ("formula", "request_", "expected"),
    [
        ("=A2", move(1, 3, 6), "=A5"),
        ("=A4", move(1, 3, 6), "=A2"),
        ("=SUM(A2:A3)", move(1, 3, 6), "=SUM(A5:A6)"),
        ("=SUM(A1:A10)", move(1, 3, 6), "=SUM(A1:A10)"),
        ("=SUM(A1:A10)", move(9, 10, 2), "=SUM(A1:A10)"),
        ("=SUM(A1:A10)", move(4, 5, 20), "=SUM(A1:A9)"),
        ("=SUM(A1:A10)", move(20, 21, 4), "=SUM(A1:A11)"),
        ("=SUM(A:A)+$A$2", move(1, 2, 9), "=SUM(A:A)+$A$9"),
        ("=SUM(B1:C1)", move(1, 2, 5, "COLUMNS"), "=SUM(B1:B1)"),
        ("=Sheet1!B1&C1", move(1, 2, 5, "COLUMNS"), "=Sheet1!E1&B1"),
    ],
)
def test_formulas_follow_rows_and_columns_that_move(
    client: Any, formula: str, request_: Any, expected: str
) -> None:
    client.put("Z40", [[formula]], "USER_ENTERED")
    client.batch(request_)
    assert [cell for row in client.formulas("A1:Z40") for cell in row if cell] == [expected]


def test_all_that_lies_on_a_row_moves_with_it(client: Any) -> None:
    boolean = {
        "condition": {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=$B5>1"}]},
        "format": {"textFormat": {"bold": True}},
    }
    metadata = {
        "metadataKey": "k",
        "location": {"dimensionRange": lines(4, 5)},
        "visibility": "DOCUMENT",
    }
    client.put("A5", [["five"]])
    client.batch(
        {"repeatCell": {"range": area(4, 5, 0, 1), "cell": {"note": "n"}, "fields": "note"}},
        {"mergeCells": {"range": area(4, 5, 1, 3), "mergeType": "MERGE_ALL"}},
        {
            "setDataValidation": {
                "range": area(4, 5, 3, 4),
                "rule": {"condition": {"type": "BOOLEAN"}},
            }
        },
        {
            "addConditionalFormatRule": {
                "rule": {"ranges": [area(4, 5, 0, 4)], "booleanRule": boolean},
                "index": 0,
            }
        },
        {"addProtectedRange": {"protectedRange": {"range": area(4, 5, 0, 4)}}},
        {"addNamedRange": {"namedRange": {"name": "here", "range": area(4, 5, 0, 1)}}},
        {"createDeveloperMetadata": {"developerMetadata": metadata}},
        {
            "updateDimensionProperties": {
                "range": lines(4, 5),
                "properties": {"pixelSize": 40},
                "fields": "pixelSize",
            }
        },
    )
    client.batch(move(4, 5, 9))
    opened = client.again()
    for one in (client, opened):
        sheet = one.sheet()
        assert one.values("A9") == [["five"]]
        assert one.cells("A9", "note") == [[{"note": "n"}]]
        assert sheet["merges"][0]["startRowIndex"] == 8
        assert one.cells("D9", "dataValidation")[0][0] != {}
        assert one.cells("D5", "dataValidation") == []
        conditional = sheet["conditionalFormats"][0]
        assert (
            conditional["ranges"][0]["startRowIndex"],
            conditional["ranges"][0]["endRowIndex"],
        ) == (8, 9)
        assert conditional["booleanRule"]["condition"]["values"] == [{"userEnteredValue": "=$B9>1"}]
        assert sheet["protectedRanges"][0]["range"]["startRowIndex"] == 8
        assert (
            one.ok("GET", "", fields="namedRanges")["namedRanges"][0]["range"]["startRowIndex"] == 8
        )
        found = one.batch(
            {
                "updateDeveloperMetadata": {
                    "dataFilters": [{"developerMetadataLookup": {"metadataKey": "k"}}],
                    "developerMetadata": {"metadataValue": "v"},
                    "fields": "metadataValue",
                }
            }
        )["replies"][0]["updateDeveloperMetadata"]["developerMetadata"][0]
        assert found["location"]["dimensionRange"] == {
            "dimension": "ROWS",
            "startIndex": 8,
            "endIndex": 9,
        }
        data = one.ok("GET", "", ranges="A9", fields="sheets.data.rowMetadata")["sheets"][0][
            "data"
        ][0]
        assert data["rowMetadata"] == [{"pixelSize": 40}]
    opened.session.close()


def test_a_row_moved_out_of_a_rule_takes_its_part_along(client: Any) -> None:
    rule = {"condition": {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=B1>$C$1"}]}}
    client.batch({"setDataValidation": {"range": area(0, 4, 0, 1), "rule": rule}}, move(1, 2, 8))
    ruled = [bool(row and row[0]) for row in client.cells("A1:A8", "dataValidation")]
    assert ruled == [True, True, True, False, False, False, False, True]


def test_rows_cannot_be_moved_apart_from_a_merge(client: Any) -> None:
    client.batch({"mergeCells": {"range": area(2, 4, 0, 2), "mergeType": "MERGE_ALL"}})
    for request in (move(2, 3, 9), move(0, 3, 9), move(7, 8, 3)):
        assert "merged" in client.refused(request)
    client.batch(move(2, 4, 9), move(0, 1, 3))
    assert client.sheet()["merges"][0]["startRowIndex"] == 7
    for request in (move(999, 1001, 0), move(0, 1, 1001), move(0, 1, -1)):
        client.refused(request)


def test_a_thousand_moves_are_one_batch(client: Any) -> None:
    client.put("A1:B400", [[i, f"=A{i + 1}*2"] for i in range(400)], "USER_ENTERED")
    client.batch(*[move(399, 400, i) for i in range(400)])
    assert client.formulas("A1:B400") == [[399 - i, f"=A{i + 1}*2"] for i in range(400)]


@pytest.mark.parametrize(
    ("request_", "cells"),
    [
        (
            shift("insertRange", area(0, 1, 1, 2), "ROWS"),
            [["a", "", "c"], ["d", "b", "f"], ["g", "e", "i"], ["", "h"]],
        ),
        (
            shift("insertRange", area(1, 2, 0, 2), "COLUMNS"),
            [["a", "b", "c"], ["", "", "d", "e", "f"], ["g", "h", "i"]],
        ),
        (shift("deleteRange", area(0, 1, 1, 3), "ROWS"), [["a", "e", "f"], ["d", "h", "i"], ["g"]]),
        (
            shift("deleteRange", area(0, 2, 0, 1), "COLUMNS"),
            [["b", "c"], ["e", "f"], ["g", "h", "i"]],
        ),
    ],
)
def test_ranges_push_and_pull_only_their_own_lines(client: Any, request_: Any, cells: Any) -> None:
    client.put("A1:C3", [["a", "b", "c"], ["d", "e", "f"], ["g", "h", "i"]])
    client.batch(request_)
    assert client.values("A1:E5") == cells


@pytest.mark.parametrize(
    ("formula", "request_", "expected"),
    [
        ("=B5", shift("insertRange", area(1, 3, 1, 2), "ROWS"), "=B7"),
        ("=C5", shift("insertRange", area(1, 3, 1, 2), "ROWS"), "=C5"),
        ("=SUM(B1:B9)", shift("insertRange", area(1, 3, 1, 2), "ROWS"), "=SUM(B1:B11)"),
        ("=SUM(A1:C9)", shift("insertRange", area(1, 3, 1, 2), "ROWS"), "=SUM(A1:C9)"),
        ("=SUM(B:B)", shift("insertRange", area(1, 3, 1, 2), "ROWS"), "=SUM(B:B)"),
        ("=B2+B5", shift("deleteRange", area(1, 3, 1, 2), "ROWS"), "=#REF!+B3"),
        ("=D1", shift("deleteRange", area(0, 1, 0, 2), "COLUMNS"), "=B1"),
    ],
)
def test_formulas_follow_ranges_that_are_pushed(
    client: Any, formula: str, request_: Any, expected: str
) -> None:
    client.put("H40", [[formula]], "USER_ENTERED")
    client.batch(request_)
    assert client.formulas("H40") == [[expected]]


def test_cells_pushed_over_the_rim_make_the_grid_grow(client: Any) -> None:
    client.put("B1000", [["last"]])
    client.batch(shift("insertRange", area(0, 3, 1, 2), "ROWS"))
    assert client.values("B1003") == [["last"]]
    client.batch(shift("insertRange", area(0, 3, 0, 1), "ROWS"))
    assert client.sheet()["properties"]["gridProperties"]["rowCount"] == 1003


def test_a_shift_that_tears_a_merge_is_refused(client: Any) -> None:
    client.batch({"mergeCells": {"range": area(5, 6, 0, 3), "mergeType": "MERGE_ALL"}})
    for kind in ("insertRange", "deleteRange"):
        assert "merged" in client.refused(shift(kind, area(0, 2, 1, 2), "ROWS"))
    client.batch(shift("insertRange", area(0, 2, 0, 3), "ROWS"))
    assert client.sheet()["merges"][0]["startRowIndex"] == 7
    assert "shiftDimension" in client.refused({"insertRange": {"range": area(0, 1, 0, 1)}})


def test_cut_cells_take_everything_along_and_leave_nothing(client: Any) -> None:
    bold = {"userEnteredFormat": {"textFormat": {"bold": True}}}
    client.put("A1:B2", [["a", "=A1"], ["c", "=B1&$D$1"]], "USER_ENTERED")
    client.put("D1:D4", [["=B2"], ["=A1:B2"], ["=SUM(A1:A9)"], ["=F5"]], "USER_ENTERED")
    client.batch(
        {
            "repeatCell": {
                "range": area(0, 1, 0, 1),
                "cell": {**bold, "note": "n"},
                "fields": "userEnteredFormat,note",
            }
        },
        {
            "setDataValidation": {
                "range": area(0, 2, 0, 1),
                "rule": {"condition": {"type": "BOOLEAN"}},
            }
        },
        {"addNamedRange": {"namedRange": {"name": "both", "range": area(0, 2, 0, 2)}}},
        {"addProtectedRange": {"protectedRange": {"range": area(0, 2, 0, 2)}}},
        cut(area(0, 2, 0, 2), (4, 4)),
    )
    assert client.formulas("A1:B2") == []
    assert client.cells("A1:B2", "userEnteredFormat,note,dataValidation") == []
    assert client.formulas("E5:F6") == [["a", "=E5"], ["c", "=F5&$D$1"]]
    assert client.cells("E5", "note,userEnteredFormat.textFormat.bold") == [[{**bold, "note": "n"}]]
    assert [bool(row) for row in client.cells("E5:E6", "dataValidation")] == [True, True]
    assert client.formulas("D1:D4") == [["=F6"], ["=E5:F6"], ["=SUM(A1:A9)"], ["=#REF!"]]
    assert (
        client.ok("GET", "", fields="namedRanges")["namedRanges"][0]["range"]["startRowIndex"] == 4
    )
    assert client.sheet()["protectedRanges"][0]["range"]["startColumnIndex"] == 4


def test_a_cut_to_another_tab_names_the_tabs(client: Any) -> None:
    client.batch({"addSheet": {"properties": {"sheetId": 5, "title": "Far off"}}})
    client.put("A1:C2", [["x", "=A1&D9", "='Far off'!Z9"], ["=B1", "=$A$2", ""]], "USER_ENTERED")
    client.put("'Far off'!H1", [["=Sheet1!A1"], ["=C3"]], "USER_ENTERED")
    client.batch(
        {"addNamedRange": {"namedRange": {"name": "one", "range": area(0, 1, 0, 1)}}},
        cut(area(0, 1, 0, 3), (2, 2), sheet=5),
    )
    assert client.formulas("'Far off'!C3:E3") == [["x", "=C3&Sheet1!D9", "='Far off'!Z9"]]
    assert client.formulas("Sheet1!A1:B2") == [[], ["='Far off'!D3", "=$A$2"]]
    assert client.formulas("'Far off'!H1:H2") == [["='Far off'!C3"], ["=#REF!"]]
    assert client.ok("GET", "", fields="namedRanges")["namedRanges"][0]["range"]["sheetId"] == 5
    assert client.again().formulas("'Far off'!D3") == [["=C3&Sheet1!D9"]]


def test_a_cut_edge_takes_the_end_of_a_range_along(client: Any) -> None:
    client.put("D1:D3", [["=SUM(A1:A5)"], ["=SUM(A5:A9)"], ["=SUM(A1:B5)"]], "USER_ENTERED")
    client.batch(cut(area(4, 5, 0, 1), (6, 0)))
    assert client.formulas("D1:D3") == [["=SUM(A1:A7)"], ["=SUM(A7:A9)"], ["=SUM(A1:B5)"]]


def test_rules_with_formulas_are_cut_in_two_and_keep_their_meaning(client: Any) -> None:
    condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=A1>1"}]}
    rule = {"ranges": [area(0, 4, 0, 1)], "booleanRule": {"condition": condition, "format": {}}}
    client.batch({"addConditionalFormatRule": {"rule": rule}}, cut(area(0, 1, 0, 1), (9, 2)))
    told = [
        (
            r["ranges"][0]["startRowIndex"],
            r["booleanRule"]["condition"]["values"][0]["userEnteredValue"],
        )
        for r in client.sheet()["conditionalFormats"]
    ]
    ranges = [len(r["ranges"]) for r in client.sheet()["conditionalFormats"]]
    assert (told, ranges) in (([(1, "=A2>1")], [2]), ([(1, "=A2>1"), (9, "=C10>1")], [1, 1]))


def test_a_condition_pasted_onto_many_rows_of_another_tab_is_one_rule(client: Any) -> None:
    def formula_of(rule: Any) -> Any:
        return rule["booleanRule"]["condition"]["values"][0]["userEnteredValue"]

    condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=$B3<TODAY()"}]}
    shown = {"textFormat": {"bold": True}}
    rule = {
        "ranges": [area(2, 9, 0, 1)],
        "booleanRule": {"condition": condition, "format": shown},
    }
    second = {"sheetId": 7, "title": "Second"}
    copied = {
        "source": area(4, 5, 0, 1),
        "destination": {**area(1, 30, 0, 1), "sheetId": 7},
        "pasteType": "PASTE_CONDITIONAL_FORMATTING",
    }
    client.batch(
        {"addSheet": {"properties": second}},
        {"addConditionalFormatRule": {"rule": rule}},
        {"copyPaste": copied},
    )
    for told in (client.sheet(1), client.again().sheet(1)):
        (pasted,) = told["conditionalFormats"]
        assert pasted["ranges"] == [{**area(1, 30, 0, 1), "sheetId": 7}]
        assert formula_of(pasted) == "=$B2<TODAY()"


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        ("PASTE_VALUES", {"userEnteredValue": {"numberValue": 3}}),
        ("PASTE_FORMULA", {"userEnteredValue": {"formulaValue": "=1+2"}}),
        ("PASTE_FORMAT", {"userEnteredFormat": {"textFormat": {"bold": True}}}),
        ("PASTE_DATA_VALIDATION", {"dataValidation": {"condition": {"type": "BOOLEAN"}}}),
        ("PASTE_CONDITIONAL_FORMATTING", {}),
    ],
)
def test_all_is_cut_whatever_of_it_is_pasted(client: Any, kind: str, cell: dict[str, Any]) -> None:
    bold = {
        "userEnteredFormat": {"textFormat": {"bold": True}},
        "userEnteredValue": {"formulaValue": "=1+2"},
    }
    client.batch(
        {
            "updateCells": {
                "start": {"sheetId": 0},
                "rows": [{"values": [{**bold, "note": "n"}]}],
                "fields": "*",
            }
        },
        {
            "setDataValidation": {
                "range": area(0, 1, 0, 1),
                "rule": {"condition": {"type": "BOOLEAN"}},
            }
        },
        cut(area(0, 1, 0, 1), (3, 0), kind=kind),
    )
    fields = "userEnteredValue,userEnteredFormat,note,dataValidation"
    assert client.cells("A1", fields) == []
    assert client.cells("A4", fields) == ([[cell]] if cell else [])


def test_cells_can_be_cut_over_themselves(client: Any) -> None:
    client.put("A1:A4", [["a"], ["=A1"], ["=A2"], ["d"]], "USER_ENTERED")
    client.batch(cut(area(0, 3, 0, 1), (1, 0)))
    assert client.formulas("A1:A4") == [[], ["a"], ["=A2"], ["=A3"]]


def test_a_cut_of_part_of_a_merge_is_refused(client: Any) -> None:
    client.batch({"mergeCells": {"range": area(0, 2, 0, 2), "mergeType": "MERGE_ALL"}})
    assert "merged" in client.refused(cut(area(0, 1, 0, 2), (5, 5)))
    assert "merged" in client.refused(cut(area(9, 10, 0, 2), (0, 0)))
    assert "exceeds grid limits" in client.refused(cut(area(0, 2, 0, 2), (999, 0)))
    client.batch(cut(area(0, 2, 0, 2), (5, 5)))
    assert client.sheet()["merges"] == [
        {"startRowIndex": 5, "endRowIndex": 7, "startColumnIndex": 5, "endColumnIndex": 7}
    ]


def test_protected_cells_are_neither_moved_nor_moved_over(client: Any) -> None:
    editors = {"users": ["boss@example.com"]}
    client.batch(
        {"addProtectedRange": {"protectedRange": {"range": area(5, 6, 0, 2), "editors": editors}}}
    )
    other = client.as_user("other@example.com")
    spec = {"find": "x", "replacement": "y", "allSheets": True}
    client.put("A6", [["x"]])
    for request in (
        move(5, 6, 0),
        cut(area(5, 6, 0, 1), (0, 0)),
        cut(area(0, 1, 0, 1), (5, 1)),
        shift("insertRange", area(0, 1, 1, 2), "ROWS"),
        shift("deleteRange", area(0, 1, 1, 2), "ROWS"),
        sort(area(0, 9, 0, 2), (0, "ASCENDING")),
        {"findReplace": spec},
        {"trimWhitespace": {"range": area(0, 9, 0, 1)}},
        {"randomizeRange": {"range": area(0, 9, 0, 1)}},
        {"deleteDuplicates": {"range": area(0, 9, 0, 1)}},
        {"textToColumns": {"source": area(0, 9, 0, 1), "delimiterType": "COMMA"}},
    ):
        assert "protected" in other.refused(request)
    other.batch(shift("insertRange", area(0, 1, 3, 4), "ROWS"), move(6, 7, 8))
    other.session.close()


def test_a_transposed_copy_turns_cells_merges_and_references(client: Any) -> None:
    client.put("A1:C2", [[1, 2, "=A1+B1"], [4, "=$A$1", "=C1"]], "USER_ENTERED")
    client.batch({"mergeCells": {"range": area(3, 4, 0, 2), "mergeType": "MERGE_ALL"}})
    paste = {
        "source": area(0, 4, 0, 3),
        "destination": area(9, 10, 4, 5),
        "pasteOrientation": "TRANSPOSE",
    }
    client.batch({"copyPaste": paste})
    assert client.formulas("E10:F12") == [[1, 4], [2, "=$A$1"], ["=E10+E11", "=E12"]]
    assert client.sheet()["merges"][1] == {
        "startRowIndex": 9,
        "endRowIndex": 11,
        "startColumnIndex": 7,
        "endColumnIndex": 8,
    }


def test_a_copy_without_borders_keeps_those_that_are_there(client: Any) -> None:
    solid = {"style": "SOLID"}
    bold = {"userEnteredFormat": {"textFormat": {"bold": True}}}
    client.put("A1", [["x"]])
    client.batch(
        {"repeatCell": {"range": area(0, 1, 0, 1), "cell": bold, "fields": "userEnteredFormat"}},
        {"updateBorders": {"range": area(0, 1, 0, 1), "top": solid}},
        {"updateBorders": {"range": area(0, 1, 2, 3), "left": solid}},
        {
            "copyPaste": {
                "source": area(0, 1, 0, 1),
                "destination": area(0, 1, 1, 3),
                "pasteType": "PASTE_NO_BORDERS",
            }
        },
    )
    plain, bordered = client.cells("B1:C1", "userEnteredFormat(textFormat.bold,borders)")[0]
    assert plain == bold
    assert list(bordered["userEnteredFormat"]["borders"]) == ["left"]
    assert client.values("B1:C1") == [["x", "x"]]


def test_filters_and_bands_follow_cells_that_move(client: Any) -> None:
    colors = {"firstBandColor": {"red": 1}, "secondBandColor": {"blue": 1}}
    band = {"bandedRangeId": 9, "range": area(0, 4, 0, 2), "rowProperties": colors}
    client.batch(
        {"addBanding": {"bandedRange": band}},
        {"setBasicFilter": {"filter": {"range": area(0, 4, 0, 2)}}},
        cut(area(0, 4, 0, 2), (6, 1)),
    )
    sheet = client.sheet()
    moved = {"startRowIndex": 6, "endRowIndex": 10, "startColumnIndex": 1, "endColumnIndex": 3}
    assert (sheet["bandedRanges"][0]["range"], sheet["basicFilter"]["range"]) == (moved, moved)
    client.batch(move(6, 7, 10), move(20, 21, 8))
    grown = {**moved, "endRowIndex": 11}
    sheet = client.again().sheet()
    assert (sheet["bandedRanges"][0]["range"], sheet["basicFilter"]["range"]) == (grown, grown)
