"""gspread's Worksheet, method by method: tabs and their properties, looks, groups, filters, rules.

Cells are in test_gspread_cells.py, spreadsheets in test_gspread_books.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gspread
import pytest
from gspread.utils import MergeType, ValidationConditionType

if TYPE_CHECKING:
    from gspread import Spreadsheet, Worksheet


@pytest.fixture
def sheet(book: Spreadsheet) -> Worksheet:
    made = book.sheet1
    made.update([["Fruit", "Pieces"], ["Apple", 3], ["Pear", 5], ["Plum", 8]])
    return made


def _raw(book: Spreadsheet, fields: str, **params: Any) -> Any:
    return book.fetch_sheet_metadata({"fields": fields, "includeGridData": "true", **params})[
        "sheets"
    ]


def test_a_tab_is_renamed_coloured_and_moved(book: Spreadsheet, sheet: Worksheet) -> None:
    book.add_worksheet("Second", 5, 5)
    sheet.update_title("Fruits 'n' nuts")
    sheet.update_tab_color("#ff8000")
    sheet.update_index(2)  # counted before the move: 1 would leave it where it is
    assert [(one.title, one.index) for one in book.worksheets()] == [
        ("Second", 0),
        ("Fruits 'n' nuts", 1),
    ]
    found = book.worksheet("Fruits 'n' nuts")
    assert (found.tab_color, found.get_tab_color()) == ("#FF8000", "#FF8000")
    assert found.url.endswith(f"#gid={sheet.id}")
    assert found.acell("A2").value == "Apple"
    found.clear_tab_color()
    assert book.get_worksheet(1).get_tab_color() is None


def test_a_tab_is_hidden_frozen_and_without_lines(book: Spreadsheet, sheet: Worksheet) -> None:
    book.add_worksheet("Second", 5, 5)
    sheet.freeze(rows=1, cols=2)
    sheet.hide()
    sheet.hide_gridlines()
    found = book.get_worksheet_by_id(sheet.id)
    assert (found.frozen_row_count, found.frozen_col_count) == (1, 2)
    assert (found.isSheetHidden, found.is_gridlines_hidden) == (True, True)
    assert [one.title for one in book.worksheets(exclude_hidden=True)] == ["Second"]
    sheet.show()
    sheet.show_gridlines()
    found = book.get_worksheet_by_id(sheet.id)
    assert (found.isSheetHidden, found.is_gridlines_hidden) == (False, False)


def test_a_tab_is_copied_within_a_spreadsheet_and_to_another(
    book: Spreadsheet, sheet: Worksheet
) -> None:
    copy = sheet.duplicate(insert_sheet_index=1, new_sheet_name="Copy")
    assert (copy.title, copy.index, copy.get_all_values()) == ("Copy", 1, sheet.get_all_values())
    told = sheet.copy_to(book.id)
    assert told["title"] == "Copy of Sheet1"
    assert book.get_worksheet_by_id(told["sheetId"]).acell("A4").value == "Plum"


def test_cells_are_formatted(book: Spreadsheet, sheet: Worksheet) -> None:
    sheet.format(
        "A1:B1", {"textFormat": {"bold": True, "fontSize": 14}, "horizontalAlignment": "CENTER"}
    )
    sheet.batch_format(
        [
            {"range": "B2:B4", "format": {"numberFormat": {"type": "NUMBER", "pattern": "0.00"}}},
            {"range": "A2:A4", "format": {"backgroundColor": {"red": 1, "green": 1}}},
        ]
    )
    rows = _raw(book, "sheets.data.rowData.values(formattedValue,effectiveFormat)", ranges="A1:B2")[
        0
    ]["data"][0]["rowData"]
    head, first = rows[0]["values"], rows[1]["values"]
    assert head[0]["effectiveFormat"]["textFormat"]["bold"] is True
    assert head[1]["effectiveFormat"]["textFormat"]["fontSize"] == 14
    assert head[1]["effectiveFormat"]["horizontalAlignment"] == "CENTER"
    assert first[0]["effectiveFormat"]["backgroundColor"] == {"red": 1, "green": 1}
    assert first[1]["formattedValue"] == "3.00"


def test_cells_are_merged_and_unmerged(book: Spreadsheet, sheet: Worksheet) -> None:
    sheet.update([["x"], [""], [""], ["end"]], "C1")
    sheet.merge_cells("A1:B1")
    sheet.batch_merge([{"range": "A3:B4", "mergeType": MergeType.merge_columns}])
    merges = _raw(book, "sheets.merges")[0]["merges"]
    spans = [
        (one["startRowIndex"], one["endRowIndex"], one["startColumnIndex"], one["endColumnIndex"])
        for one in merges
    ]
    assert sorted(spans) == [(0, 1, 0, 2), (2, 4, 0, 1), (2, 4, 1, 2)]
    told = sheet.get("A1:C4", combine_merged_cells=True)
    assert told == [["Fruit", "Fruit", "x"], ["Apple", "3"], ["Pear", "5"], ["Pear", "5", "end"]]
    sheet.unmerge_cells("A1:B4")
    assert "merges" not in _raw(book, "sheets(merges,properties.title)")[0]


def test_lines_are_hidden_grouped_and_fitted(book: Spreadsheet, sheet: Worksheet) -> None:
    sheet.hide_rows(1, 3)
    sheet.hide_columns(1, 2)
    data = _raw(
        book, "sheets.data(rowMetadata.hiddenByUser,columnMetadata(hiddenByUser,pixelSize))"
    )[0]["data"][0]
    assert [row.get("hiddenByUser", False) for row in data["rowMetadata"][:4]] == [
        False,
        True,
        True,
        False,
    ]
    assert data["columnMetadata"][1]["hiddenByUser"] is True
    sheet.unhide_rows(1, 3)
    sheet.unhide_columns(1, 2)
    sheet.add_dimension_group_rows(1, 4)
    sheet.add_dimension_group_columns(0, 2)
    rows, columns = sheet.list_dimension_group_rows(), sheet.list_dimension_group_columns()
    assert [
        (one["range"]["startIndex"], one["range"]["endIndex"], one["depth"]) for one in rows
    ] == [(1, 4, 1)]
    assert [(one["range"].get("startIndex", 0), one["range"]["endIndex"]) for one in columns] == [
        (0, 2)
    ]
    sheet.delete_dimension_group_rows(1, 4)
    sheet.delete_dimension_group_columns(0, 2)
    assert sheet.list_dimension_group_rows() == []
    assert sheet.list_dimension_group_columns() == []
    sheet.update_acell(
        "A2", "a very long name of a fruit that nobody has ever heard of in this town"
    )
    sheet.columns_auto_resize(0, 1)
    sheet.rows_auto_resize(0, 2)
    widths = _raw(book, "sheets.data.columnMetadata.pixelSize")[0]["data"][0]["columnMetadata"]
    assert widths[0]["pixelSize"] > 200 > widths[2]["pixelSize"]


def test_a_basic_filter_comes_and_goes(book: Spreadsheet, sheet: Worksheet) -> None:
    sheet.set_basic_filter("A1:B4")
    found = _raw(book, "sheets.basicFilter")[0]["basicFilter"]["range"]
    assert (found["endRowIndex"], found["endColumnIndex"]) == (4, 2)
    sheet.clear_basic_filter()
    assert _raw(book, "sheets(basicFilter,properties.title)") == [
        {"properties": {"title": "Sheet1"}}
    ]


def test_protections_are_added_listed_and_deleted(book: Spreadsheet, sheet: Worksheet) -> None:
    sheet.add_protected_range("A1:B1", ["boss@example.com"], description="head")
    sheet.add_protected_range("A4", warning_only=True, description="careful")
    found = {one["description"]: one for one in book.list_protected_ranges(sheet.id)}
    assert "boss@example.com" in found["head"]["editors"]["users"]
    assert found["careful"]["warningOnly"] is True
    sheet.delete_protected_range(found["head"]["protectedRangeId"])
    assert [one["description"] for one in book.list_protected_ranges(sheet.id)] == ["careful"]


def test_named_ranges_are_defined_read_and_deleted(book: Spreadsheet, sheet: Worksheet) -> None:
    told = sheet.define_named_range("A2:B4", "Fruits")["replies"][0]["addNamedRange"]["namedRange"]
    assert [one["name"] for one in book.list_named_ranges()] == ["Fruits"]
    assert [cell.value for cell in book.named_range("Fruits")][:4] == ["Apple", "3", "Pear", "5"]
    sheet.delete_named_range(told["namedRangeId"])
    assert book.list_named_ranges() == []


def test_validation_is_set_and_strict_writing_through_the_api_is_not_stopped(
    book: Spreadsheet, sheet: Worksheet
) -> None:
    sheet.add_validation(
        "B2:B4",
        ValidationConditionType.number_greater,
        ["2"],
        inputMessage="more than 2",
        strict=True,
        showCustomUi=True,
    )
    cell = _raw(book, "sheets.data.rowData.values.dataValidation", ranges="B2")[0]["data"][0][
        "rowData"
    ][0]["values"][0]
    rule = cell["dataValidation"]
    assert rule["condition"] == {"type": "NUMBER_GREATER", "values": [{"userEnteredValue": "2"}]}
    assert (rule["inputMessage"], rule["strict"]) == ("more than 2", True)


def test_an_error_is_gspreads_own_with_googles_words(sheet: Worksheet) -> None:
    with pytest.raises(gspread.exceptions.APIError) as caught:
        sheet.get("Nowhere!A1")
    assert caught.value.error == {
        "code": 400,
        "message": "Unable to parse range: 'Sheet1'!Nowhere!A1",
        "status": "INVALID_ARGUMENT",
    }
