"""pygsheets keeps a stock list: builds it, dresses it, changes and sorts it; gspread finds what it left.

It brings discovery documents of its own, years older than today's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

if TYPE_CHECKING:
    from gspread import Spreadsheet

STOCK: list[list[Any]] = [["item", "count"], ["bolt", 40], ["nut", 15], ["gear", 7]]


@pytest.fixture
def stock(pyg: Any) -> Any:
    tab = pyg.sheet1
    tab.update_values("A1", STOCK)
    return tab


def test_a_list_is_built_and_read_by_gspread(stock: Any, book: Spreadsheet) -> None:
    assert stock.get_value("A2") == "bolt"
    assert stock.get_values("A1", "B2") == [["item", "count"], ["bolt", "40"]]
    assert book.sheet1.get_all_values() == [[str(value) for value in row] for row in STOCK]
    assert stock.get_all_records() == [
        {"item": "bolt", "count": 40},
        {"item": "nut", "count": 15},
        {"item": "gear", "count": 7},
    ]


def test_rows_come_and_go(stock: Any, book: Spreadsheet) -> None:
    stock.append_table([["cog", 3]])
    stock.insert_rows(1, number=1, values=["pin", 90])
    stock.delete_rows(4)
    assert book.sheet1.col_values(1) == ["item", "pin", "bolt", "gear", "cog"]
    stock.update_row(2, ["peg", 91])
    stock.update_col(3, ["sum", "=B2*2"])
    assert book.sheet1.get("A2:C2") == [["peg", "91", "182"]]


def test_a_cells_value_note_and_look_are_kept(stock: Any, book: Spreadsheet) -> None:
    cell = stock.cell("B2")
    cell.note = "counted in May"
    cell.color = (1.0, 1.0, 0.0, 0.0)
    cell.set_text_format("bold", True)  # noqa: FBT003  # its own way of calling
    cell.formula = "=20+21"
    again = stock.cell("B2")
    assert (again.formula, again.note, again.value, again.value_unformatted) == (
        "=20+21",
        "counted in May",
        "41",
        41,
    )
    assert again.text_format["bold"] is True
    assert again.color[:2] == (1, 1)
    assert book.sheet1.get_note("B2") == "counted in May"


def test_a_tabs_properties_are_changed(pyg: Any, stock: Any, book: Spreadsheet) -> None:
    stock.title = "Stock"
    stock.frozen_rows = 1
    stock.resize(20, 6)
    stock.adjust_column_width(1, pixel_size=222)
    pyg.add_worksheet("Spare", rows=5, cols=5)
    found = book.worksheet("Stock")
    assert (found.frozen_row_count, found.row_count, found.col_count) == (1, 20, 6)
    assert [tab.title for tab in pyg.worksheets()] == ["Stock", "Spare"]
    pyg.del_worksheet(pyg.worksheet_by_title("Spare"))
    assert [tab.title for tab in book.worksheets()] == ["Stock"]


def test_texts_are_found_and_replaced(stock: Any, book: Spreadsheet) -> None:
    assert [cell.label for cell in stock.find("nut")] == ["A3"]
    stock.replace("nut", replacement="washer")
    assert book.sheet1.acell("A3").value == "washer"


def test_a_range_is_sorted_merged_and_bordered(stock: Any, book: Spreadsheet) -> None:
    stock.sort_range("A2", "B4", basecolumnindex=1, sortorder="DESCENDING")
    assert book.sheet1.col_values(1) == ["item", "bolt", "nut", "gear"]
    stock.merge_cells("A6", "B7")
    stock.range("A1:B4", returnas="range").update_borders(bottom=True, style="SOLID")
    told = book.fetch_sheet_metadata(
        {"fields": "sheets(merges,data.rowData.values.userEnteredFormat.borders)"}
    )
    assert told["sheets"][0]["merges"][0]["endRowIndex"] == 7
    assert (
        "bottom"
        in told["sheets"][0]["data"][0]["rowData"][3]["values"][0]["userEnteredFormat"]["borders"]
    )


def test_names_protections_filters_and_rules_are_seen_by_gspread(
    stock: Any, book: Spreadsheet
) -> None:
    stock.create_named_range(
        "counts", "B2", "B4", returnas="json"
    )  # 2.0.6 fails to make a range of the answer
    stock.create_protected_range("A1", "B1")
    stock.set_basic_filter(start="A1", end="B4")
    stock.set_data_validation(
        "B2", "B4", condition_type="NUMBER_GREATER", condition_values=["0"], strict=True
    )
    assert [cell.value for cell in book.sheet1.range("counts")] == ["40", "15", "7"]
    assert len(book.list_protected_ranges(stock.id)) == 1
    fields = "sheets(basicFilter,data.rowData.values.dataValidation)"
    told = book.fetch_sheet_metadata({"fields": fields, "ranges": "B2"})["sheets"][0]
    assert told["basicFilter"]["range"]["endRowIndex"] == 4
    assert (
        told["data"][0]["rowData"][0]["values"][0]["dataValidation"]["condition"]["type"]
        == "NUMBER_GREATER"
    )
    stock.clear_basic_filter()
    stock.delete_named_range("counts")
    assert book.list_named_ranges() == []


def test_a_frame_goes_there_and_back(pyg: Any) -> None:
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})
    pyg.sheet1.set_dataframe(frame, "B2")
    read = pyg.sheet1.get_as_df(start="B2", end="C4")
    assert read.to_dict("list") == {"a": [1, 2], "b": ["x", "y"]}


def test_spreadsheets_are_made_shared_and_deleted(pyg: Any) -> None:
    client = pyg.client
    made = client.create("Made by pygsheets")
    assert "Made by pygsheets" in client.spreadsheet_titles()
    made.share("ann@example.com", role="writer", type="user", sendNotificationEmail=False)
    assert "ann@example.com" in [one.get("emailAddress") for one in made.permissions]
    made.delete()
    assert made.id not in client.spreadsheet_ids()
