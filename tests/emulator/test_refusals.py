"""Google's own words for what it refuses, and what it takes though a stricter reader would not.

The texts are those that its users quote; texts that recordings hold are compared there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sheetsync.emulator.wire.check import check
from sheetsync.emulator.wire.masks import of_edit, of_response

if TYPE_CHECKING:
    from sheetsync.emulator.wire.masks import Tree

ENDS = {
    "addSheet": {
        "properties": {
            "sheetId": 5,
            "title": "Small",
            "gridProperties": {"rowCount": 3, "columnCount": 2},
        }
    }
}


@pytest.fixture
def small(client: Any) -> Any:
    """Give a book with a tab called Small, of 3 rows and 2 columns; its first cell holds "a"."""
    client.batch(ENDS)
    client.put("Small!A1", [["a"]])
    return client


@pytest.mark.parametrize(
    ("asked", "told"),
    [("A1:Z5000", "A1:B3"), ("A2:A9", "A2:A3"), ("B:ZZ", "B1:B3"), ("2:9", "A2:B3")],
)
def test_a_reader_gets_what_there_is_of_a_range_that_ends_beyond_the_grid(
    small: Any, asked: str, told: str
) -> None:
    assert small.ok("GET", f"/values/Small!{asked}")["range"] == f"Small!{told}"
    assert (
        small.ok("GET", "/values:batchGet", ranges=f"Small!{asked}")["valueRanges"][0]["range"]
        == f"Small!{told}"
    )
    data = small.ok("GET", "", ranges=f"Small!{asked}", includeGridData=True)["sheets"][0]["data"][
        0
    ]
    assert len(data["rowMetadata"]) == {"A1:B3": 3, "A2:A3": 2, "B1:B3": 3, "A2:B3": 2}[told]


def test_clearing_and_appending_take_a_range_that_ends_beyond_the_grid(small: Any) -> None:
    added = small.ok(
        "POST", "/values/Small!A1:Z99:append", {"values": [["b"]]}, valueInputOption="RAW"
    )
    assert added["updates"]["updatedRange"] == "Small!A2"
    assert small.ok("POST", "/values/Small!A1:Z99:clear", {})["clearedRange"] == "Small!A1:B3"
    assert small.values("Small") == []


def test_a_writer_is_refused_a_range_that_ends_beyond_the_grid(small: Any) -> None:
    refusal = (400, "Range (Small!A1:Z9) exceeds grid limits. Max rows: 3, max columns: 2")
    assert (
        small.fail("PUT", "/values/Small!A1:Z9", {"values": [["x"]]}, valueInputOption="RAW")
        == refusal
    )
    assert small.values("Small") == [["a"]]


@pytest.mark.parametrize(
    ("rows", "marked"),
    [({"startRowIndex": 2, "endRowIndex": 9}, [2]), ({"startRowIndex": 1, "endRowIndex": 1}, [])],
)
def test_repeat_cell_ends_with_the_grid_and_takes_a_range_of_no_cells(
    small: Any, rows: dict[str, int], marked: list[int]
) -> None:
    repeat = {"range": {"sheetId": 5, **rows}, "cell": {"note": "n"}, "fields": "note"}
    assert small.batch({"repeatCell": repeat})["replies"] == [{}]
    cells = small.cells("Small!A1:A3", "note")
    assert [index for index, row in enumerate(cells) if row and row[0].get("note")] == marked
    assert small.sheet(1)["properties"]["gridProperties"]["rowCount"] == 3


def test_repeat_cell_is_refused_where_it_begins_beyond_the_grid(small: Any) -> None:
    repeat = {"range": {"sheetId": 5, "startRowIndex": 3}, "cell": {"note": "n"}, "fields": "note"}
    assert "exceeds grid limits. Max rows: 3, max columns: 2" in small.refused(
        {"repeatCell": repeat}
    )


def _properties(**given: Any) -> dict[str, Any]:
    return {"updateSheetProperties": {"properties": given, "fields": "title"}}


def _insert(start: int, **more: Any) -> dict[str, Any]:
    place = {"sheetId": 5, "dimension": "ROWS", "startIndex": start, "endIndex": start + 1}
    return {"insertDimension": {"range": place, **more}}


def _point(**given: Any) -> dict[str, Any]:
    ends = {"minpoint": given, "maxpoint": {"type": "MAX", "color": {"red": 1}}}
    return {
        "addConditionalFormatRule": {"rule": {"ranges": [{"sheetId": 5}], "gradientRule": ends}}
    }


def _validation(kind: str, *values: str) -> dict[str, Any]:
    condition = {"type": kind, "values": [{"userEnteredValue": value} for value in values]}
    return {"setDataValidation": {"range": {"sheetId": 5}, "rule": {"condition": condition}}}


def _filter(kind: str, *values: str) -> dict[str, Any]:
    condition = {"type": kind, "values": [{"userEnteredValue": value} for value in values]}
    criteria = {"0": {"condition": condition}}
    return {"setBasicFilter": {"filter": {"range": {"sheetId": 5}, "criteria": criteria}}}


@pytest.mark.parametrize(
    ("request_", "text"),
    [
        (_properties(sheetId=77, title="x"), "No sheet with id: 77"),
        (_properties(sheetId=5), "The sheet name cannot be empty."),
        ({"duplicateSheet": {"sourceSheetId": 77}}, "No sheet with id: 77"),
        (
            {"duplicateSheet": {"sourceSheetId": 5, "newSheetId": 0}},
            "Sheet with id 0 already exists.",
        ),
        ({"addSheet": {"properties": {"sheetId": -1}}}, "Sheet id must be non-negative."),
        ({"addSheet": {"properties": {"sheetId": 5}}}, "Sheet with id 5 already exists."),
        (
            _insert(3),
            "range.startIndex must be less than the grid size (3) if inheritFromBefore is false.",
        ),
        (
            _insert(4, inheritFromBefore=True),
            "range.startIndex is larger than current grid size (3)",
        ),
        (_point(color={"red": 1}), "No interpolationPointType specified."),
        (_point(type="NUMBER"), "InterpolationPoint.value is required."),
        (_filter("ONE_OF_LIST", "a"), "ConditionType 'ONE_OF_LIST' is not supported in filters."),
        (
            _validation("ONE_OF_RANGE", "=A1", "=A2"),
            "ConditionType 'ONE_OF_RANGE' requires exactly one ConditionValue, but 2 values were supplied.",
        ),
        (
            _validation("NUMBER_BETWEEN", "1"),
            "ConditionType 'NUMBER_BETWEEN' requires exactly two ConditionValues, but 1 values were supplied.",
        ),
        (
            _validation("NOT_BLANK", "1"),
            "ConditionType 'NOT_BLANK' requires no ConditionValues, but 1 values were supplied.",
        ),
    ],
)
def test_requests_that_make_no_sense_are_refused_in_googles_words(
    small: Any, request_: Any, text: str
) -> None:
    assert small.refused(request_) == f"Invalid requests[0].{next(iter(request_))}: {text}"


def test_a_name_that_is_taken_is_refused_in_googles_words(client: Any) -> None:
    add = {"addNamedRange": {"namedRange": {"name": "Total", "range": {"sheetId": 0}}}}
    client.batch(add)
    told = "Cannot add named range with name Total, a named range with that name already exists."
    assert client.refused(add) == f"Invalid requests[0].addNamedRange: {told}"


def test_the_last_tab_and_the_last_visible_one_stay(client: Any) -> None:
    gone = {"deleteSheet": {"sheetId": 0}}
    assert (
        client.refused(gone)
        == "Invalid requests[0].deleteSheet: You can't remove all the sheets in a document."
    )
    client.batch({"addSheet": {"properties": {"title": "Hidden", "hidden": True}}})
    told = "You can't remove all the visible sheets in a document."
    assert client.refused(gone) == f"Invalid requests[0].deleteSheet: {told}"


def test_values_batches_name_the_item_that_is_wrong_and_write_nothing(client: Any) -> None:
    items = [{"range": "A1", "values": [["x"]]}, {"range": "Nope!A1", "values": [["y"]]}]
    batch = {"valueInputOption": "RAW", "data": items}
    told = (400, "Invalid data[1]: Unable to parse range: Nope!A1")
    assert client.fail("POST", "/values:batchUpdate", batch) == told
    assert client.values("A1") == []
    limits = "exceeds grid limits. Max rows: 1000, max columns: 26"
    told = (400, f"Invalid range[1]: Range (Sheet1!A1001:ZZ) {limits}")
    assert client.fail("POST", "/values:batchClear", {"ranges": ["A1", "A1001:ZZ"]}) == told


@pytest.mark.parametrize(("method", "call"), [("PUT", ""), ("POST", ":append")])
def test_the_range_of_the_body_is_that_of_the_address(client: Any, method: str, call: str) -> None:
    body = {"range": "Sheet1!A2", "values": [["x"]]}
    told = (400, "Request range[Sheet1!A1] does not match value's range[Sheet1!A2]")
    assert client.fail(method, f"/values/Sheet1!A1{call}", body, valueInputOption="RAW") == told
    assert client.values("A1:A2") == []
    client.ok(method, f"/values/Sheet1!A2{call}", body, valueInputOption="RAW")
    assert client.values("A2") == [["x"]]


def test_fields_are_known_by_their_protobuf_names_too() -> None:
    given = {
        "requests": [
            {
                "update_sheet_properties": {
                    "properties": {"sheet_id": 7},
                    "fields": "grid_properties",
                }
            }
        ]
    }
    meant = {
        "requests": [
            {"updateSheetProperties": {"properties": {"sheetId": 7}, "fields": "grid_properties"}}
        ]
    }
    assert check(given, "BatchUpdateSpreadsheetRequest") == meant
    frozen: Tree = {"gridProperties": {"frozenRowCount": {}}}
    assert of_edit("grid_properties.frozen_row_count", "SheetProperties") == frozen
    assert of_response("sheets.properties.grid_properties", "Spreadsheet") == {
        "sheets": {"properties": {"gridProperties": {}}}
    }


@pytest.mark.parametrize(
    ("field", "value", "kind"),
    [
        ("sortOrder", "UP", "SortOrder"),
        ("dataSourceColumnReference", "x", "DataSourceColumnReference"),
    ],
)
def test_a_wrong_kind_of_value_is_refused_with_the_name_of_its_type(
    client: Any, field: str, value: str, kind: str
) -> None:
    snake = "".join("_" + letter.lower() if letter.isupper() else letter for letter in field)
    path = f"requests[0].sort_range.sort_specs[0].{snake}"
    told = (
        f"Invalid value at '{path}' (type.googleapis.com/google.apps.sheets.v4.{kind}), \"{value}\""
    )
    assert client.refused({"sortRange": {"sortSpecs": [{field: value}]}}) == told


def test_a_request_that_is_no_object_is_refused_with_googles_name_for_it(client: Any) -> None:
    kind = "type.googleapis.com/google.apps.sheets.v4.BatchUpdateSpreadsheetRequest.Request"
    assert (
        client.refused("repeatCell") == f"Invalid value at 'requests[0]' ({kind}), \"repeatCell\""
    )


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("=sum( small!a3:a3 )", "=sum( Small!A3 )"),
        ("='Small'!B3:a2", "=Small!A2:B3"),
        ("=small!$d$3 + 1", "=Small!$D$3 + 1"),
        ("=if(true,\"a3:a3\",'Small'!A1)", '=if(true,"a3:a3",Small!A1)'),
        ("=Small!3:3", "=Small!3:3"),
        ("=SUM(Small!$A3:$A3)", "=SUM(Small!$A3)"),
        ("=nosuch!a1", "=nosuch!A1"),
    ],
)
@pytest.mark.parametrize("way", ["values", "cells"])
def test_the_references_of_a_formula_are_kept_as_google_writes_them(
    small: Any, typed: str, kept: str, way: str
) -> None:
    if way == "values":
        small.put("C1", [[typed]], "USER_ENTERED")
    else:
        cell = {"values": [{"userEnteredValue": {"formulaValue": typed}}]}
        place = {"sheetId": 0, "rowIndex": 0, "columnIndex": 2}
        small.batch({"updateCells": {"start": place, "rows": [cell], "fields": "userEnteredValue"}})
    assert small.formulas("C1") == [[kept]]


@pytest.mark.parametrize(
    ("title", "shown"), [("x.y", "x.y"), ("TRUE", "TRUE"), ("a-b", "'a-b'"), ("Ünï", "'Ünï'")]
)
def test_titles_are_quoted_where_google_quotes_them(client: Any, title: str, shown: str) -> None:
    client.batch({"addSheet": {"properties": {"title": title}}})
    assert client.ok("GET", f"/values/{title}")["range"] == f"{shown}!A1:Z1000"


def test_a_color_scales_ends_keep_no_value_where_they_are_the_least_and_the_greatest(
    small: Any,
) -> None:
    small.batch(_point(type="MIN", value="2", color={"red": 1}))
    minpoint = small.sheet(1)["conditionalFormats"][0]["gradientRule"]["minpoint"]
    assert minpoint == {"type": "MIN", "color": {"red": 1}, "colorStyle": {"rgbColor": {"red": 1}}}


def test_whole_numbers_that_were_typed_as_times_are_whole_in_answers(client: Any) -> None:
    client.put("A1", [["24:00"]], "USER_ENTERED")
    assert (
        '"values": [[1]]'
        in client.send("GET", "/values/A1", valueRenderOption="UNFORMATTED_VALUE").text
    )


def test_an_unknown_function_in_any_alphabet_is_named(ru: Any) -> None:
    ru.put("A1", [["=СУММ(1;2)"]], "USER_ENTERED")
    told = ru.values("A1", valueRenderOption="UNFORMATTED_VALUE")
    assert told == [["#NAME? (Unknown function: 'СУММ'.)"]]


def test_developer_metadata_with_an_id_in_use_is_refused_in_googles_words(client: Any) -> None:
    data = {
        "metadataId": 7,
        "metadataKey": "k",
        "location": {"spreadsheet": True},
        "visibility": "DOCUMENT",
    }
    client.batch({"createDeveloperMetadata": {"developerMetadata": data}})
    told = "Cannot add developer metadata with ID [7] because developer metadata with that ID already exists."
    again = client.refused({"createDeveloperMetadata": {"developerMetadata": data}})
    assert again == f"Invalid requests[0].createDeveloperMetadata: {told}"


def test_a_merge_over_several_rows_is_neither_sorted_nor_moved_in_parts(client: Any) -> None:
    tall = {
        "sheetId": 0,
        "startRowIndex": 1,
        "endRowIndex": 3,
        "startColumnIndex": 0,
        "endColumnIndex": 2,
    }
    client.batch({"mergeCells": {"range": tall, "mergeType": "MERGE_ALL"}})
    told = "You can't sort a range containing vertical merges. There is a vertical merge at A2:B3"
    sort = {"sortRange": {"range": {"sheetId": 0}, "sortSpecs": [{"dimensionIndex": 0}]}}
    assert client.refused(sort) == f"Invalid requests[0].sortRange: {told}"
    source = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    told = "Sorry, it is not possible to move a row to a position that crosses a merged cell. Please unmerge and try again."
    move = {"moveDimension": {"source": source, "destinationIndex": 9}}
    assert client.refused(move) == f"Invalid requests[0].moveDimension: {told}"


@pytest.mark.parametrize("by", ["person", "filter"])
def test_rows_that_are_hidden_stay_where_they_are_when_a_range_is_sorted(
    client: Any, by: str
) -> None:
    client.put("A1:A4", [["d"], ["c"], ["b"], ["a"]])
    row = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    hide = {"range": row, "properties": {"hiddenByUser": True}, "fields": "hiddenByUser"}
    criteria = {"0": {"hiddenValues": ["c"]}}
    column = {"sheetId": 0, "startColumnIndex": 0, "endColumnIndex": 1}
    by_filter = {"setBasicFilter": {"filter": {"range": column, "criteria": criteria}}}
    client.batch({"updateDimensionProperties": hide} if by == "person" else by_filter)
    area = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 4}
    client.batch({"sortRange": {"range": area, "sortSpecs": [{"dimensionIndex": 0}]}})
    assert client.values("A1:A4") == [["a"], ["c"], ["b"], ["d"]]


@pytest.fixture
def table(client: Any) -> Any:
    """Give a book with a table of a header and three rows: names, and a column called Done that has no type."""
    client.put("A1:B4", [["Name", "Done"], ["a", "maybe"], ["b", True], ["c", ""]])
    place = {
        "sheetId": 0,
        "startRowIndex": 0,
        "endRowIndex": 4,
        "startColumnIndex": 0,
        "endColumnIndex": 2,
    }
    client.batch({"addTable": {"table": {"name": "T", "tableId": "t", "range": place}}})
    return client


def _typed(**column: Any) -> dict[str, Any]:
    columns = [{"columnIndex": 1, "columnType": "BOOLEAN", **column}]
    return {
        "updateTable": {
            "table": {"tableId": "t", "columnProperties": columns},
            "fields": "columnProperties",
        }
    }


def test_a_column_that_is_changed_must_be_named(table: Any) -> None:
    assert (
        table.refused(_typed())
        == "Invalid requests[0].updateTable: Table header row cell must have a value."
    )


def test_texts_in_a_column_that_becomes_checkboxes_are_unchecked(table: Any) -> None:
    table.batch(_typed(columnName="Done"))
    assert table.values("B1:B4", valueRenderOption="UNFORMATTED_VALUE") == [
        ["Done"],
        [False],
        [True],
        [False],
    ]


def test_a_validation_is_refused_in_a_column_that_has_a_type(table: Any) -> None:
    table.batch(_typed(columnName="Done"))
    rule = {"condition": {"type": "BOOLEAN"}}
    typed = {
        "sheetId": 0,
        "startRowIndex": 1,
        "endRowIndex": 3,
        "startColumnIndex": 1,
        "endColumnIndex": 2,
    }
    told = "This operation is not allowed on cells in typed columns."
    set_rule = {"setDataValidation": {"range": typed, "rule": rule}}
    assert table.refused(set_rule) == f"Invalid requests[0].setDataValidation: {told}"
    free = {**typed, "startColumnIndex": 0, "endColumnIndex": 1}
    table.batch({"setDataValidation": {"range": free, "rule": rule}})
