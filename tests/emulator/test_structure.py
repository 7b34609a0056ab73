"""Inserting, deleting and copying: what must move along does, what cannot be done is refused whole.

Each test shows the rows it begins with.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheetsync.emulator.model.rects import Deletions, Rect, Splice


def rows(start: int, end: int) -> dict[str, Any]:
    return {"sheetId": 0, "dimension": "ROWS", "startIndex": start, "endIndex": end}


def columns(start: int, end: int) -> dict[str, Any]:
    return {**rows(start, end), "dimension": "COLUMNS"}


def area(top: int, bottom: int, left: int, right: int, sheet: int = 0) -> dict[str, Any]:
    ends = {"startColumnIndex": left, "endColumnIndex": right}
    return {"sheetId": sheet, "startRowIndex": top, "endRowIndex": bottom, **ends}


def delete(where: dict[str, Any]) -> dict[str, Any]:
    return {"deleteDimension": {"range": where}}


def insert(where: dict[str, Any], *, before: bool = False) -> dict[str, Any]:
    return {"insertDimension": {"range": where, "inheritFromBefore": before}}


@pytest.mark.parametrize(
    ("formula", "cut", "expected"),
    [
        ("=A5", delete(rows(1, 3)), "=A3"),
        ("=A2", delete(rows(1, 3)), "=#REF!"),
        ("=SUM(A1:A10)", delete(rows(1, 3)), "=SUM(A1:A8)"),
        ("=SUM(A2:A3)", delete(rows(1, 3)), "=SUM(#REF!)"),
        ("=SUM($A$2:A)", delete(rows(0, 1)), "=SUM($A$1:A)"),
        ("=SUM(A:A)", delete(rows(1, 3)), "=SUM(A:A)"),
        ("=SUM(A1:A10)", insert(rows(5, 7)), "=SUM(A1:A12)"),
        ("=SUM(A1:A5)", insert(rows(5, 7)), "=SUM(A1:A5)"),
        ('=A6&"A6"&LOG10(A6)', insert(rows(5, 6)), '=A7&"A6"&LOG10(A7)'),
        ("=Sheet1!C1+'Sheet1'!D1", insert(columns(3, 4)), "=Sheet1!C1+Sheet1!E1"),
        ("=SUM(B1:D1)", delete(columns(1, 3)), "=SUM(B1:B1)"),
        ("=NoSuch!A6", insert(rows(0, 1)), "=NoSuch!A6"),
    ],
)
def test_formulas_follow_rows_and_columns(
    client: Any, formula: str, cut: Any, expected: str
) -> None:
    client.batch({"addSheet": {"properties": {"sheetId": 7, "title": "Other one"}}})
    client.put("'Sheet1'!Z30", [[formula]], "USER_ENTERED")
    cross = formula.replace("(A", "(Sheet1!A").replace("=A", "=Sheet1!A")
    client.put("'Other one'!B2", [[cross]], "USER_ENTERED")
    client.batch(cut)
    sheet = client.sheet()["properties"]["gridProperties"]
    found = [cell for row in client.formulas("Sheet1") for cell in row if cell]
    assert found == [expected], sheet
    if "$" not in formula and "B1" not in formula and "A6&" not in formula:
        assert client.formulas("'Other one'!B2") == [
            [expected.replace("(A", "(Sheet1!A").replace("=A", "=Sheet1!A")]
        ]


def test_all_that_lies_on_rows_moves_with_them(client: Any) -> None:
    rule = {
        "condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "x"}]},
        "strict": True,
    }
    boolean = {
        "condition": {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=$B5>1"}]},
        "format": {"textFormat": {"bold": True}},
    }
    client.batch(
        {"mergeCells": {"range": area(4, 6, 0, 2), "mergeType": "MERGE_ALL"}},
        {"setDataValidation": {"range": area(4, 9, 2, 3), "rule": rule}},
        {
            "addConditionalFormatRule": {
                "rule": {"ranges": [area(4, 9, 0, 4)], "booleanRule": boolean},
                "index": 0,
            }
        },
        {"addProtectedRange": {"protectedRange": {"range": area(4, 9, 0, 4)}}},
        {"addNamedRange": {"namedRange": {"name": "here", "range": area(4, 9, 0, 1)}}},
        {"setBasicFilter": {"filter": {"range": area(4, 20, 0, 4)}}},
        {
            "updateDimensionProperties": {
                "range": rows(4, 5),
                "properties": {"pixelSize": 40},
                "fields": "pixelSize",
            }
        },
    )
    for cut, moved in ((delete(rows(1, 3)), -2), (insert(rows(0, 5)), 3)):
        client.batch(cut)
        opened = client.again()
        for one in (client, opened):
            sheet = one.sheet()
            top = 4 + moved
            assert sheet["merges"] == [
                {k: v for k, v in area(top, top + 2, 0, 2).items() if k != "sheetId"}
            ]
            conditional = sheet["conditionalFormats"][0]
            assert conditional["ranges"][0]["startRowIndex"] == top
            assert conditional["booleanRule"]["condition"]["values"] == [
                {"userEnteredValue": f"=$B{top + 1}>1"}
            ]
            assert sheet["protectedRanges"][0]["range"]["endRowIndex"] == top + 5
            assert sheet["basicFilter"]["range"]["endRowIndex"] == top + 16
            assert (
                one.ok("GET", "", fields="namedRanges")["namedRanges"][0]["range"]["startRowIndex"]
                == top
            )
            found = one.cells(f"C{top}:C{top + 6}", "dataValidation")
            assert [bool(row and row[0]) for row in found] == [False, True, True, True, True, True]
            data = one.ok("GET", "", ranges=f"A{top + 1}", fields="sheets.data.rowMetadata")[
                "sheets"
            ][0]["data"][0]
            assert data["rowMetadata"] == [{"pixelSize": 40}]
        opened.session.close()


def test_deleting_the_first_row_of_a_rule_keeps_its_meaning(client: Any) -> None:
    condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=$B2>1"}]}
    rule = {"ranges": [area(1, 9, 0, 4)], "booleanRule": {"condition": condition, "format": {}}}
    client.batch({"addConditionalFormatRule": {"rule": rule}}, delete(rows(1, 2)))
    kept = client.sheet()["conditionalFormats"][0]["booleanRule"]["condition"]["values"]
    assert kept == [{"userEnteredValue": "=$B2>1"}]


def test_a_failing_request_takes_the_whole_batch_back(client: Any) -> None:
    client.put("A1:B3", [["a", 1], ["b", 2], ["c", "=SUM(B1:B2)"]], "USER_ENTERED")
    before, bytes_before = client.ok("GET", "", includeGridData=True), client.path.read_bytes()
    text = client.refused(
        delete(rows(0, 1)),
        {"addSheet": {"properties": {"title": "New"}}},
        {"mergeCells": {"range": area(0, 2, 0, 2)}},
        delete(rows(5000, 5001)),
    )
    assert text == (
        "Invalid requests[3].deleteDimension: Cannot delete a row that doesn't exist. "
        "Tried to delete row index 5000 but there are only 999 rows."
    )
    assert client.ok("GET", "", includeGridData=True) == before
    assert client.path.read_bytes() == bytes_before


def test_not_all_non_frozen_rows_can_be_deleted(client: Any) -> None:
    frozen = {
        "properties": {"sheetId": 0, "gridProperties": {"frozenRowCount": 2}},
        "fields": "gridProperties.frozenRowCount",
    }
    client.batch({"updateSheetProperties": frozen})
    assert "Sorry, it is not possible to delete all non-frozen rows." in client.refused(
        delete(rows(2, 1000))
    )
    assert "You can't delete all the columns on the sheet." in client.refused(
        delete(columns(0, 26))
    )
    client.batch(delete(rows(3, 1000)))
    assert client.sheet()["properties"]["gridProperties"]["rowCount"] == 3


def test_inserted_rows_inherit_formats_and_the_rims_have_rules(client: Any) -> None:
    bold = {"userEnteredFormat": {"textFormat": {"bold": True}}}
    client.batch(
        {"repeatCell": {"range": area(0, 1, 0, 2), "cell": bold, "fields": "userEnteredFormat"}}
    )
    client.batch(insert(rows(1, 2), before=True), insert(rows(1000, 1003), before=True))
    assert client.cells("A2:B2", "userEnteredFormat.textFormat.bold") == [[bold, bold]]
    assert client.sheet()["properties"]["gridProperties"]["rowCount"] == 1004
    assert "inheritFromBefore" in client.refused(insert(rows(0, 1), before=True))
    assert "inheritFromBefore" in client.refused(insert(rows(1004, 1005)))


def test_a_thousand_rows_move_in_one_batch(client: Any) -> None:
    client.batch({"addSheet": {"properties": {"sheetId": 5, "title": "To"}}})
    client.put("A1:C900", [[f"c{i}", i, f"=B{i + 1}*2"] for i in range(900)], "USER_ENTERED")
    moves: list[Any] = [
        {"insertDimension": {"range": {**rows(1, 801), "sheetId": 5}, "inheritFromBefore": False}}
    ]
    for i in range(800):
        source, target = area(i, i + 1, 0, 3), area(1 + i, 2 + i, 0, 3, sheet=5)
        moves.append(
            {"copyPaste": {"source": source, "destination": target, "pasteType": "PASTE_NORMAL"}}
        )
    moves += [delete(rows(i, i + 1)) for i in range(799, -1, -1)]
    client.batch(*moves)
    assert client.formulas("To!A2:C801") == [[f"c{i}", i, f"=B{i + 2}*2"] for i in range(800)]
    assert client.formulas("A1:C2") == [["c800", 800, "=B1*2"], ["c801", 801, "=B2*2"]]
    assert client.values("To!C801") == [["1598"]]


def test_copy_carries_cells_and_links_but_neither_notes_nor_validation(client: Any) -> None:
    link = {"textFormat": {"link": {"uri": "https://example.com/"}}}
    cell = {"userEnteredValue": {"stringValue": "x"}, "userEnteredFormat": link, "note": "n"}
    cell["dataValidation"] = {"condition": {"type": "BOOLEAN"}}
    client.batch(
        {
            "updateCells": {
                "start": {"sheetId": 0},
                "rows": [{"values": [cell, {"userEnteredValue": {"formulaValue": "=A1&$A$1"}}]}],
                "fields": "*",
            }
        },
        {"copyPaste": {"source": area(0, 1, 0, 2), "destination": area(4, 6, 0, 2)}},
    )
    assert client.formulas("A5:B6") == [["x", "=A5&$A$1"], ["x", "=A6&$A$1"]]
    copied = client.cells("A5", "hyperlink,note,dataValidation")
    assert copied == [[{"hyperlink": "https://example.com/"}]]
    client.batch(
        {
            "copyPaste": {
                "source": area(0, 1, 0, 1),
                "destination": area(5, 6, 0, 1),
                "pasteType": "PASTE_DATA_VALIDATION",
            }
        }
    )
    assert client.cells("A5:A6", "dataValidation")[1] == [
        {"dataValidation": {"condition": {"type": "BOOLEAN"}}}
    ]


@pytest.mark.parametrize(
    ("source", "values"),
    [
        (area(0, 3, 0, 1), [[1], [2], [3]]),  # an array's own cell, and those that it fills
        (area(1, 3, 0, 1), [[2], [3]]),  # only cells that an array fills
        (area(0, 2, 1, 2), [["=x"], [5]]),  # texts and numbers alone
        (area(2, 3, 1, 2), [[50]]),  # a formula over what the same batch has written
    ],
)
def test_copied_values_are_those_of_that_moment(client: Any, source: Any, values: Any) -> None:
    client.put("A1", [["=SEQUENCE(3)"]], "USER_ENTERED")
    client.put("B1:B2", [["=x"], [4]])
    client.put("B3", [["=B2*10"]], "USER_ENTERED")
    five = {"values": [{"userEnteredValue": {"numberValue": 5}}]}
    start = {"sheetId": 0, "rowIndex": 1, "columnIndex": 1}
    place = area(0, source["endRowIndex"] - source["startRowIndex"], 4, 5)
    client.batch(
        {"updateCells": {"start": start, "rows": [five], "fields": "userEnteredValue"}},
        {"copyPaste": {"source": source, "destination": place, "pasteType": "PASTE_VALUES"}},
    )
    assert client.values("E1:E3", valueRenderOption="FORMULA") == values


def test_copying_values_drops_formulas_and_formats(client: Any) -> None:
    client.put("A1:B1", [["=1+2", "2026-01-01"]], "USER_ENTERED")
    client.batch(
        {
            "copyPaste": {
                "source": area(0, 1, 0, 2),
                "destination": area(3, 4, 0, 2),
                "pasteType": "PASTE_VALUES",
            }
        }
    )
    assert client.formulas("A4:B4") == [[3, 46023]]
    assert client.cells("B4", "userEnteredFormat") == []
    client.batch(
        {
            "copyPaste": {
                "source": area(0, 1, 1, 2),
                "destination": area(3, 4, 1, 2),
                "pasteType": "PASTE_FORMAT",
            }
        }
    )
    assert client.values("B4") == [["2026-01-01"]]


def test_a_copy_that_cuts_a_merge_is_refused(client: Any) -> None:
    client.batch({"mergeCells": {"range": area(0, 2, 0, 2), "mergeType": "MERGE_ALL"}})
    request = {"copyPaste": {"source": area(0, 1, 0, 2), "destination": area(9, 10, 0, 2)}}
    assert "merged" in client.refused(request)


def test_renamed_and_deleted_tabs_are_followed_by_formulas(client: Any) -> None:
    client.batch({"addSheet": {"properties": {"sheetId": 5, "title": "Two"}}})
    client.put("A1", [["=Two!A1+'Two'!B:B"]], "USER_ENTERED")
    client.batch(
        {
            "updateSheetProperties": {
                "properties": {"sheetId": 5, "title": "2nd tab"},
                "fields": "title",
            }
        }
    )
    assert client.formulas("A1") == [["='2nd tab'!A1+'2nd tab'!B:B"]]
    client.batch({"deleteSheet": {"sheetId": 5}})
    assert client.formulas("A1") == [["=#REF!+#REF!"]]
    assert "You can't remove all the sheets in a document." in client.refused(
        {"deleteSheet": {"sheetId": 0}}
    )


def test_shrinking_a_tab_drops_what_lay_beyond(client: Any) -> None:
    client.put("A1:D3", [["a", "b", "c", "d"], ["e"], ["f"]])
    size = {"rowCount": 2, "columnCount": 3}
    fields = "gridProperties(rowCount,columnCount)"
    client.batch(
        {
            "updateSheetProperties": {
                "properties": {"sheetId": 0, "gridProperties": size},
                "fields": fields,
            }
        }
    )
    assert client.ok("GET", "/values/Sheet1") == {
        "range": "Sheet1!A1:C2",
        "majorDimension": "ROWS",
        "values": [["a", "b", "c"], ["e"]],
    }


def test_append_cells_goes_after_the_last_value_and_grows_the_grid(client: Any) -> None:
    client.put("B998", [["last"]])
    cells = [{"values": [{"userEnteredValue": {"numberValue": n}}]} for n in range(5)]
    client.batch({"appendCells": {"sheetId": 0, "rows": cells, "fields": "userEnteredValue"}})
    assert client.values("A997:A1003", valueRenderOption="UNFORMATTED_VALUE") == [
        [],
        [],
        [0],
        [1],
        [2],
        [3],
        [4],
    ]


def test_the_state_after_the_batch_comes_with_the_answer(client: Any) -> None:
    cells = [{"values": [{"userEnteredValue": {"formulaValue": "=1+1"}}]}]
    update = {"updateCells": {"start": {"sheetId": 0}, "rows": cells, "fields": "userEnteredValue"}}
    options = {
        "includeSpreadsheetInResponse": True,
        "responseRanges": ["A1:B2"],
        "responseIncludeGridData": True,
    }
    answer = client.batch(update, insert(rows(0, 1)), **options)
    assert len(answer["replies"]) == 2
    data = answer["updatedSpreadsheet"]["sheets"][0]["data"][0]["rowData"]
    assert data[1]["values"][0]["effectiveValue"] == {"numberValue": 2}
    mask = "updatedSpreadsheet.sheets.data.rowData.values.formattedValue"
    masked = client.ok(
        "POST", ":batchUpdate", {"requests": [insert(rows(0, 1))], **options}, fields=mask
    )
    cell = {"values": [{"formattedValue": "2"}]}
    assert masked == {
        "updatedSpreadsheet": {"sheets": [{"data": [{"rowData": [{}, {}, cell]}]}]}
    } or "sheets" in str(masked)


def test_update_cells_by_range_clears_what_it_does_not_name(client: Any) -> None:
    client.put("A1:C2", [["a", "b", "c"], ["d", "e", "f"]])
    cells = [{"values": [{"userEnteredValue": {"stringValue": "A"}}]}]
    client.batch(
        {"updateCells": {"range": area(0, 2, 0, 2), "rows": cells, "fields": "userEnteredValue"}}
    )
    assert client.values("A1:C2") == [["A", "", "c"], ["", "", "f"]]


def test_open_validation_stays_open_over_new_rows_and_on_disk(client: Any) -> None:
    client.batch({"addSheet": {"properties": {"sheetId": 5, "title": "Settings"}}})
    values = [{"userEnteredValue": "=Settings!$A$2:$A"}]
    rule = {
        "condition": {"type": "ONE_OF_RANGE", "values": values},
        "strict": True,
        "showCustomUi": True,
    }
    where = {"sheetId": 0, "startRowIndex": 1, "startColumnIndex": 2, "endColumnIndex": 3}
    client.batch({"setDataValidation": {"range": where, "rule": rule}})
    client.batch({"appendDimension": {"sheetId": 0, "dimension": "ROWS", "length": 5}})
    opened = client.again()
    for one in (client, opened):
        assert one.cells("C1005", "dataValidation") == [[{"dataValidation": rule}]]
    opened.session.close()


@settings(max_examples=200, deadline=None)
@given(
    cuts=st.lists(st.tuples(st.integers(0, 12), st.integers(1, 4)), min_size=1, max_size=6),
    top=st.integers(0, 30),
    height=st.integers(1, 12),
)
def test_deletions_taken_together_are_as_one_by_one(
    cuts: list[tuple[int, int]], top: int, height: int
) -> None:
    steps = [Splice(rows=True, at=at, count=-count) for at, count in cuts]
    rect: Rect | None = Rect(top, top + height, 0, 3)
    together = Deletions(steps).rect(Rect(top, top + height, 0, 3))
    for step in steps:
        rect = step.rect(rect) if rect is not None else None
    assert together == rect
