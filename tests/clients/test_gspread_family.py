"""gspread-formatting and gspread-dataframe: a report is written as a frame, dressed, and read by Google's own client.

gspread itself is tested beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gspread_formatting as gf
import pandas as pd
import pytest
from gspread_dataframe import get_as_dataframe, set_with_dataframe
from gspread_formatting.dataframe import BasicFormatter, format_with_dataframe

if TYPE_CHECKING:
    from gspread import Spreadsheet

    from tests.clients.routes import Place


def _frame() -> pd.DataFrame:
    return pd.DataFrame(
        {"city": ["Oslo", "Rome", "Riga"], "sales": [10.5, 20.0, 7.25], "open": [True, False, True]}
    )


def _cell(google: Any, place: Place, a1: str) -> Any:
    told = google.get(spreadsheetId=place.id, ranges=[a1], includeGridData=True).execute()
    return told["sheets"][0]["data"][0]["rowData"][0]["values"][0]


def test_a_frame_is_written_and_read_back(book: Spreadsheet) -> None:
    sheet = book.add_worksheet("Report", 2, 2)
    set_with_dataframe(sheet, _frame(), resize=True)
    assert (book.worksheet("Report").row_count, book.worksheet("Report").col_count) == (4, 3)
    read = get_as_dataframe(sheet, evaluate_formulas=True)
    pd.testing.assert_frame_equal(read, _frame(), check_dtype=False)


def test_a_frame_with_formulas_and_an_index_stands_where_it_was_put(book: Spreadsheet) -> None:
    frame = pd.DataFrame(
        {"price": [2, 3], "twice": ["=B3*2", "=B4*2"]}, index=pd.Index(["x", "y"], name="key")
    )
    set_with_dataframe(book.sheet1, frame, row=2, include_index=True)
    assert book.sheet1.get("A2:C4") == [["key", "price", "twice"], ["x", "2", "4"], ["y", "3", "6"]]
    read = get_as_dataframe(book.sheet1, header=1, index_col=0, evaluate_formulas=False)
    assert read["twice"].tolist() == ["=B3*2", "=B4*2"]


def test_a_frames_look_is_seen_by_googles_client(
    book: Spreadsheet, google: Any, place: Place
) -> None:
    set_with_dataframe(book.sheet1, _frame())
    looks = BasicFormatter(
        header_background_color=gf.Color(0.2, 0.4, 0.8),
        header_text_color=gf.Color(1, 1, 1),
        decimal_format="#,##0.00",
        freeze_headers=True,
    )
    format_with_dataframe(book.sheet1, _frame(), looks)
    head = _cell(google, place, "A1")["userEnteredFormat"]
    assert head["backgroundColor"]["blue"] == pytest.approx(0.8, abs=0.01)
    assert head["textFormat"]["bold"] is True
    assert _cell(google, place, "B2")["formattedValue"] == "10.50"
    assert gf.get_frozen_row_count(book.sheet1) == 1


def test_formats_and_sizes_are_set_and_got(book: Spreadsheet) -> None:
    sheet = book.sheet1
    wanted = gf.CellFormat(
        backgroundColor=gf.Color(1, 0, 0),
        textFormat=gf.TextFormat(italic=True, fontFamily="Courier New", fontSize=12),
        borders=gf.Borders(bottom=gf.Border("SOLID", gf.Color(0, 0, 1))),
        wrapStrategy="WRAP",
        numberFormat=gf.NumberFormat("DATE", "yyyy-mm-dd"),
    )
    gf.format_cell_range(sheet, "B2:C3", wanted)
    found = gf.get_user_entered_format(sheet, "C3")
    assert found.backgroundColor == gf.Color(1, 0, 0)
    assert (found.textFormat.italic, found.textFormat.fontFamily, found.textFormat.fontSize) == (
        True,
        "Courier New",
        12,
    )
    assert found.borders.bottom.style == "SOLID"
    assert found.wrapStrategy == "WRAP"
    assert found.numberFormat == gf.NumberFormat("DATE", "yyyy-mm-dd")
    assert gf.get_user_entered_format(sheet, "D4") is None
    assert gf.get_default_format(book).verticalAlignment == "BOTTOM"
    gf.set_frozen(sheet, rows=1, cols=2)
    gf.set_row_height(sheet, "1:2", 42)
    gf.set_column_widths(sheet, [("A", 200), ("B:C", 50)])
    assert (gf.get_frozen_row_count(sheet), gf.get_frozen_column_count(sheet)) == (1, 2)
    lines = book.fetch_sheet_metadata(
        {"fields": "sheets.data(rowMetadata.pixelSize,columnMetadata.pixelSize)"}
    )
    data = lines["sheets"][0]["data"][0]
    assert [one["pixelSize"] for one in data["rowMetadata"][:3]] == [42, 42, 21]
    assert [one["pixelSize"] for one in data["columnMetadata"][:4]] == [200, 50, 50, 100]


def test_rules_are_kept_as_they_were_set(book: Spreadsheet) -> None:
    sheet = book.sheet1
    choice = gf.DataValidationRule(
        gf.BooleanCondition("ONE_OF_LIST", ["yes", "no"]), showCustomUi=True, strict=True
    )
    gf.set_data_validation_for_cell_range(sheet, "A2:A9", choice)
    found = gf.get_data_validation_rule(sheet, "A5")
    assert found.condition.to_props()["values"] == [
        {"userEnteredValue": "yes"},
        {"userEnteredValue": "no"},
    ]
    assert gf.get_data_validation_rule(sheet, "B5") is None
    rules = gf.get_conditional_format_rules(sheet)
    rules.append(
        gf.ConditionalFormatRule(
            ranges=[gf.GridRange.from_a1_range("B2:B9", sheet)],
            booleanRule=gf.BooleanRule(
                condition=gf.BooleanCondition("NUMBER_GREATER", ["100"]),
                format=gf.CellFormat(textFormat=gf.TextFormat(bold=True)),
            ),
        )
    )
    rules.save()
    again = gf.get_conditional_format_rules(sheet)
    assert [rule.booleanRule.condition.type for rule in again] == ["NUMBER_GREATER"]
    again.clear()
    again.save()
    assert len(gf.get_conditional_format_rules(sheet)) == 0


def test_a_batch_of_looks_goes_in_one_request(book: Spreadsheet) -> None:
    with gf.batch_updater(book) as batch:
        batch.format_cell_range(book.sheet1, "A1", gf.CellFormat(horizontalAlignment="RIGHT"))
        batch.set_frozen(book.sheet1, rows=3)
        batch.set_right_to_left(book.sheet1, right_to_left=True)
    assert gf.get_user_entered_format(book.sheet1, "A1").horizontalAlignment == "RIGHT"
    assert gf.get_right_to_left(book.sheet1) is True


def test_numbers_keep_every_digit(book: Spreadsheet) -> None:
    frame = pd.DataFrame(
        {"n": [13436.424411240123, 1 / 3, 1e-7 / 3, 12345678901234.5, 2**53 - 1.0]}
    )
    set_with_dataframe(book.sheet1, frame)
    assert get_as_dataframe(book.sheet1)["n"].tolist() == frame["n"].tolist()
