"""gspread's Worksheet, method by method: cells, rows, columns. What each does is read back from the emulator.

Tabs, looks and rules are in test_gspread_tabs.py, spreadsheets in test_gspread_books.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import gspread
import pytest
from gspread.utils import (
    DateTimeOption,
    Dimension,
    InsertDataOption,
    PasteOrientation,
    PasteType,
    TableDirection,
    ValueInputOption,
    ValueRenderOption,
)

if TYPE_CHECKING:
    from gspread import Spreadsheet, Worksheet

PEOPLE = [
    ["Name", "Age", "Town"],
    ["Ann", "31", "Oslo"],
    ["Bob", "25", "Rome"],
    ["Eve", "40", "Oslo"],
]


@pytest.fixture
def sheet(book: Spreadsheet) -> Worksheet:
    made = book.sheet1
    made.update(
        [["Name", "Age", "Town"], ["Ann", 31, "Oslo"], ["Bob", 25, "Rome"], ["Eve", 40, "Oslo"]]
    )
    return made


def test_cells_are_read_one_by_one_and_in_ranges(sheet: Worksheet) -> None:
    assert sheet.acell("A2").value == "Ann"
    assert (sheet.cell(3, 2).value, sheet.cell(3, 2).numeric_value) == ("25", 25)
    assert [cell.value for cell in sheet.range("A2:B3")] == ["Ann", "31", "Bob", "25"]
    assert [(cell.address, cell.value) for cell in sheet.get_all_cells() if cell.row == 4][:3] == [
        ("A4", "Eve"),
        ("B4", "40"),
        ("C4", "Oslo"),
    ]
    assert sheet.row_values(2) == ["Ann", "31", "Oslo"]
    assert sheet.col_values(3) == ["Town", "Oslo", "Rome", "Oslo"]


def test_values_are_read_in_every_form(sheet: Worksheet) -> None:
    assert sheet.get_values("A1:C2") == PEOPLE[:2]
    assert sheet.get_all_values() == PEOPLE
    assert sheet.get("B2:B3", value_render_option=ValueRenderOption.unformatted) == [[31], [25]]
    assert sheet.get("A1:B3", major_dimension=Dimension.cols) == [
        ["Name", "Ann", "Bob"],
        ["Age", "31", "25"],
    ]
    assert sheet.get("A4:E6", pad_values=True, maintain_size=True) == [
        ["Eve", "40", "Oslo", "", ""],
        [""] * 5,
        [""] * 5,
    ]
    told = sheet.get("A1")
    assert isinstance(told, gspread.ValueRange)
    assert (told.range, told.major_dimension, told.first()) == ("Sheet1!A1", "ROWS", "Name")
    assert [list(one) for one in sheet.batch_get(["A1:B1", "C4"])] == [
        [["Name", "Age"]],
        [["Oslo"]],
    ]
    assert sheet.get_all_records() == [
        {"Name": "Ann", "Age": 31, "Town": "Oslo"},
        {"Name": "Bob", "Age": 25, "Town": "Rome"},
        {"Name": "Eve", "Age": 40, "Town": "Oslo"},
    ]


def test_a_table_is_found_from_its_corner(sheet: Worksheet) -> None:
    assert sheet.expand("A1", TableDirection.table) == PEOPLE
    assert sheet.expand("B1", TableDirection.down) == [["Age"], ["31"], ["25"], ["40"]]
    assert sheet.expand("A2", TableDirection.right) == [["Ann", "31", "Oslo"]]


def test_cells_are_written_one_by_one_and_in_ranges(sheet: Worksheet) -> None:
    assert sheet.update_acell("A2", "Anna")["updatedRange"] == "Sheet1!A2"
    sheet.update_cell(2, 2, "=30+2")
    assert sheet.acell("B2").value == "32"
    cells = sheet.range("A3:A4")
    for cell in cells:
        cell.value = f"{cell.value}!"
    sheet.update_cells(cells, ValueInputOption.raw)
    assert sheet.col_values(1) == ["Name", "Anna", "Bob!", "Eve!"]
    sheet.batch_update(
        [{"range": "C2", "values": [["Bonn"]]}, {"range": "C3:C4", "values": [["Bern"], ["Ghent"]]}]
    )
    assert sheet.col_values(3) == ["Town", "Bonn", "Bern", "Ghent"]
    told = sheet.update(
        [["=1/4"]],
        "E1",
        raw=False,
        include_values_in_response=True,
        response_value_render_option=ValueRenderOption.unformatted,
    )
    assert told["updatedData"]["values"] == [[0.25]]
    assert sheet.acell("E1", value_render_option=ValueRenderOption.formula).value == "=1/4"


def test_dates_are_numbers_or_texts_as_asked(sheet: Worksheet) -> None:
    sheet.update([["2024-02-29"]], "E1", value_input_option=ValueInputOption.user_entered)
    unformatted = ValueRenderOption.unformatted
    serial, text = DateTimeOption.serial_number, DateTimeOption.formatted_string
    assert sheet.get("E1", value_render_option=unformatted, date_time_render_option=serial) == [
        [45351]
    ]
    assert sheet.get("E1", value_render_option=unformatted, date_time_render_option=text) == [
        ["2024-02-29"]
    ]


def test_rows_are_appended(sheet: Worksheet) -> None:
    told = sheet.append_row(["Zoe", 19, "Riga"])
    assert told["updates"]["updatedRange"] == "Sheet1!A5:C5"
    sheet.append_rows(
        [["Kim", "1/2/2024"], ["Lee", "TRUE"]],
        value_input_option=ValueInputOption.user_entered,
        insert_data_option=InsertDataOption.insert_rows,
        table_range="A1:C1",
    )
    assert sheet.get("A5:C7") == [["Zoe", "19", "Riga"], ["Kim", "1/2/2024"], ["Lee", "TRUE"]]


def test_rows_and_columns_are_put_in_and_taken_out(sheet: Worksheet) -> None:
    sheet.insert_row(["Abe", 50, "Kyiv"], 2)
    sheet.insert_rows([["One"], ["Two"]], 3, inherit_from_before=True)
    assert sheet.col_values(1) == ["Name", "Abe", "One", "Two", "Ann", "Bob", "Eve"]
    sheet.insert_cols([["No", 1, 2]], 1)
    assert sheet.get("A1:B3") == [["No", "Name"], ["1", "Abe"], ["2", "One"]]
    sheet.delete_columns(1)
    sheet.delete_rows(3, 4)
    sheet.delete_dimension(Dimension.rows, 2)
    assert sheet.get_all_values() == PEOPLE
    assert (sheet.row_count, sheet.col_count) == (1000, 26)


def test_a_grid_grows_and_shrinks(book: Spreadsheet, sheet: Worksheet) -> None:
    sheet.resize(10, 4)
    sheet.add_rows(2)
    sheet.add_cols(1)
    found = book.get_worksheet_by_id(sheet.id)
    assert (found.row_count, found.col_count, found.column_count) == (12, 5, 5)
    with pytest.raises(gspread.exceptions.APIError) as caught:
        sheet.update([["x"]], "A13")
    assert caught.value.code == 400
    assert "exceeds grid limits" in caught.value.error["message"]


def test_cells_are_cleared(sheet: Worksheet) -> None:
    assert sheet.batch_clear(["A2:A3", "C4"])["clearedRanges"] == ["Sheet1!A2:A3", "Sheet1!C4"]
    assert sheet.get_all_values() == [
        PEOPLE[0],
        ["", "31", "Oslo"],
        ["", "25", "Rome"],
        ["Eve", "40", ""],
    ]
    sheet.clear()
    assert sheet.get_all_values() == [[]]


def test_texts_are_found(sheet: Worksheet) -> None:
    found = sheet.find("Rome")
    assert found is not None
    assert (found.row, found.col) == (3, 3)
    assert [cell.address for cell in sheet.findall("Oslo")] == ["C2", "C4"]
    assert sheet.find("nobody") is None


def test_rows_are_sorted(sheet: Worksheet) -> None:
    sheet.sort((3, "asc"), (2, "des"), range="A2:C4")
    assert sheet.col_values(1) == ["Name", "Eve", "Ann", "Bob"]
    sheet.freeze(rows=1)
    sheet.sort((2, "asc"))
    assert sheet.col_values(1)[:4] == ["Name", "Bob", "Ann", "Eve"]


def test_ranges_are_copied_and_cut(sheet: Worksheet) -> None:
    sheet.update_acell("D2", "=B2*2")
    sheet.copy_range("D2", "D3:D4")
    assert sheet.get("D2:D4", value_render_option=ValueRenderOption.formula) == [
        ["=B2*2"],
        ["=B3*2"],
        ["=B4*2"],
    ]
    sheet.copy_range("A1:C2", "F1", PasteType.values, PasteOrientation.transpose)
    assert sheet.get("F1:G3") == [["Name", "Ann"], ["Age", "31"], ["Town", "Oslo"]]
    sheet.cut_range("B1:B4", "J1")
    assert sheet.get("J1:J4") == [["Age"], ["31"], ["25"], ["40"]]
    assert sheet.get("B1:B4") == [[]]
    assert sheet.acell("D2", value_render_option=ValueRenderOption.formula).value == "=J2*2"


def test_notes_are_written_read_and_cleared(sheet: Worksheet) -> None:
    sheet.update_note("A2", "the first")
    sheet.insert_note("B3", "young")
    sheet.update_notes({"C2": "in Norway", "C3": "in Italy"})
    sheet.insert_notes({"C4": "again"})
    assert sheet.get_note("A2") == "the first"
    assert sheet.get_notes(grid_range="A2:C4") == [
        ["the first", "", "in Norway"],
        ["", "young", "in Italy"],
        ["", "", "again"],
    ]
    sheet.clear_note("A2")
    sheet.clear_notes(["C2", "C3"])
    assert [[note for note in row if note] for row in sheet.get_notes()] == [
        [],
        [],
        ["young"],
        ["again"],
    ]
