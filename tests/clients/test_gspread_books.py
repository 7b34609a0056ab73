"""gspread's Client and Spreadsheet, method by method; and that no public method of gspread is left out of these tests.

Worksheets are in test_gspread_cells.py and test_gspread_tabs.py.
"""

from __future__ import annotations

import inspect
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gspread
import openpyxl
import pytest
from gspread.utils import ExportFormat, ValueInputOption

from sheetsync.emulator import LocalAdapter, Workspace
from tests.clients.routes import gspread_at, nobody

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gspread import Spreadsheet

    from tests.clients.routes import Place


@pytest.fixture
def client(place: Place) -> Iterator[gspread.Client]:
    made = gspread_at(place.url)
    yield made
    made.http_client.session.close()


def test_spreadsheets_are_created_found_and_deleted(client: gspread.Client) -> None:
    client.set_timeout(30)
    made = client.create("Sales of May")
    assert client.open("Sales of May").id == made.id
    assert client.open_by_key(made.id).title == "Sales of May"
    assert client.open_by_url(made.url).id == made.id
    assert {one.title for one in client.openall()} == {"Book", "Sales of May"}
    assert [one["id"] for one in client.list_spreadsheet_files("Sales of May")] == [made.id]
    assert client.get_file_drive_metadata(made.id)["name"] == "Sales of May"
    client.del_spreadsheet(made.id)
    with pytest.raises(gspread.exceptions.SpreadsheetNotFound):
        client.open_by_key(made.id)
    with pytest.raises(gspread.exceptions.SpreadsheetNotFound):
        client.open("Sales of May")


def test_a_spreadsheet_is_copied_with_what_is_in_it(client: gspread.Client, place: Place) -> None:
    book = client.open_by_key(place.id)
    book.sheet1.update([["a", "b"], [1, "=A2+1"]], raw=False)
    book.share("friend@example.com", perm_type="user", role="reader", notify=False)
    copy = client.copy(book.id, "Copy", copy_permissions=False)
    assert copy.id != book.id
    assert copy.sheet1.get_all_values() == [["a", "b"], ["1", "2"]]
    copy.sheet1.update_acell("A2", 5)
    assert (copy.sheet1.acell("B2").value, book.sheet1.acell("B2").value) == ("6", "2")


def test_times_of_making_and_changing_are_told(client: gspread.Client) -> None:
    book = client.create("Timed")
    made, before = book.creationTime, book.get_lastUpdateTime()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", made)
    book.sheet1.update_acell("A1", "x")
    book.update_drive_metadata()
    assert made <= before <= book.get_lastUpdateTime()
    with pytest.warns(DeprecationWarning, match="lastUpdateTime"):
        assert book.lastUpdateTime >= made


def test_a_spreadsheets_properties_are_changed(client: gspread.Client, place: Place) -> None:
    book = client.open_by_key(place.id)
    book.update_title("Renamed")
    book.update_locale("de_DE")
    book.update_timezone("Europe/Berlin")
    again = client.open_by_key(place.id)
    assert (again.title, again.locale, again.timezone) == ("Renamed", "de_DE", "Europe/Berlin")
    assert client.open("Renamed").id == place.id


def test_values_are_written_and_read_through_the_spreadsheet(book: Spreadsheet) -> None:
    book.values_update("A1:B1", params={"valueInputOption": "RAW"}, body={"values": [["k", "v"]]})
    told = book.values_append("A1", {"valueInputOption": "RAW"}, {"values": [["x", 1]]})
    assert told["updates"]["updatedRange"] == "Sheet1!A2:B2"
    body = {
        "valueInputOption": "USER_ENTERED",
        "data": [{"range": "A3:B3", "values": [["y", "=B2+1"]]}],
    }
    assert book.values_batch_update(body)["totalUpdatedCells"] == 2
    assert book.values_get("A1:B3")["values"] == [["k", "v"], ["x", "1"], ["y", "2"]]
    read = book.values_batch_get(["A1", "B3"], params={"valueRenderOption": "FORMULA"})
    assert [one["values"] for one in read["valueRanges"]] == [[["k"]], [["=B2+1"]]]
    assert book.values_clear("A1")["clearedRange"] == "Sheet1!A1"
    assert book.values_batch_clear(body={"ranges": ["B1", "A3:B3"]})["clearedRanges"] == [
        "Sheet1!B1",
        "Sheet1!A3:B3",
    ]
    assert book.sheet1.get_all_values() == [["", ""], ["x", "1"]]


def test_tabs_are_added_ordered_and_deleted(book: Spreadsheet) -> None:
    one, two = book.add_worksheet("One", 10, 3), book.add_worksheet("Two", 20, 4, index=0)
    assert [sheet.title for sheet in book.worksheets()] == ["Two", "Sheet1", "One"]
    assert [sheet.title for sheet in book] == ["Two", "Sheet1", "One"]
    assert (one.row_count, two.col_count) == (10, 4)
    book.reorder_worksheets([one, two])
    assert [sheet.title for sheet in book.worksheets()] == ["One", "Two", "Sheet1"]
    copy = book.duplicate_sheet(
        one.id, insert_sheet_index=0, new_sheet_id=4711, new_sheet_name="Three"
    )
    assert (copy.id, book.get_worksheet(0).title, book.get_worksheet_by_id(4711).title) == (
        4711,
        "Three",
        "Three",
    )
    book.del_worksheet(two)
    book.del_worksheet_by_id(4711)
    assert [sheet.title for sheet in book.worksheets()] == ["One", "Sheet1"]
    assert book.worksheet("One").id == one.id
    with pytest.raises(gspread.exceptions.WorksheetNotFound):
        book.worksheet("Two")


def test_a_batch_is_applied_whole_or_not_at_all(book: Spreadsheet) -> None:
    add = {"addSheet": {"properties": {"title": "New"}}}
    with pytest.raises(gspread.exceptions.APIError):
        book.batch_update({"requests": [add, {"deleteSheet": {"sheetId": 12345}}]})
    assert len(book.fetch_sheet_metadata()["sheets"]) == 1
    assert (
        book.batch_update({"requests": [add]})["replies"][0]["addSheet"]["properties"]["title"]
        == "New"
    )


def test_people_are_let_in_and_shut_out(client: gspread.Client) -> None:
    book = client.create("Shared")
    book.share("ann@example.com", perm_type="user", role="writer", notify=False)
    client.insert_permission(
        book.id, "bob@example.com", perm_type="user", role="reader", notify=False
    )
    roles = {one.get("emailAddress"): one["role"] for one in book.list_permissions()}
    assert (roles["ann@example.com"], roles["bob@example.com"]) == ("writer", "reader")
    number = next(
        str(one["id"]) for one in client.list_permissions(book.id) if one["role"] == "reader"
    )
    client.remove_permission(book.id, number)
    assert len(book.remove_permissions("ann@example.com")) == 1
    assert [one["role"] for one in book.list_permissions()] == ["owner"]


def test_a_reader_reads_a_stranger_does_not(client: gspread.Client, place: Place) -> None:
    book = client.create("Mine")
    book.share("bob@example.com", perm_type="user", role="reader", notify=False)
    reader, stranger = (
        gspread_at(place.url, user=f"{name}@example.com") for name in ("bob", "eve")
    )
    sheet = reader.open_by_key(book.id).sheet1
    assert sheet.get_all_values() == [[]]
    with pytest.raises(gspread.exceptions.APIError) as caught:
        sheet.update_acell("A1", "mine")
    assert caught.value.error["status"] == "PERMISSION_DENIED"
    with pytest.raises(PermissionError):
        stranger.open_by_key(book.id)
    assert [one["name"] for one in reader.list_spreadsheet_files("Mine")] == ["Mine"]
    assert stranger.list_spreadsheet_files("Mine") == []
    for one in (reader, stranger):
        one.http_client.session.close()


def test_a_spreadsheet_is_given_away(client: gspread.Client, place: Place) -> None:
    book = client.create("Given")
    book.share("ann@example.com", perm_type="user", role="writer", notify=False)
    number = next(str(one["id"]) for one in book.list_permissions() if one["role"] == "writer")
    ann = gspread_at(place.url, user="ann@example.com")
    for taking in (
        ann.open_by_key(book.id).transfer_ownership,
        ann.open_by_key(book.id).accept_ownership,
    ):
        with pytest.raises(gspread.exceptions.APIError) as caught:
            taking(number)  # nobody has offered it
        assert caught.value.code == 403
    assert book.transfer_ownership(number).status_code == 200
    assert ann.open_by_key(book.id).accept_ownership(number).status_code == 200
    assert {one["emailAddress"]: one["role"] for one in book.list_permissions()} == {
        "ann@example.com": "owner",
        "owner@localhost": "writer",
    }
    ann.http_client.session.close()


def test_a_file_of_csv_takes_the_place_of_what_was_there(client: gspread.Client) -> None:
    book = client.create("Imported")
    book.add_worksheet("Other", 5, 5)
    client.import_csv(book.id, "a,b\n1,два\n")
    assert [sheet.get_all_values() for sheet in client.open_by_key(book.id)] == [
        [["a", "b"], ["1", "два"]]
    ]


def test_a_spreadsheet_is_exported(client: gspread.Client, book: Spreadsheet) -> None:
    book.sheet1.update([["a", 'say "hi", all'], [1, 2.5]])
    assert client.export(book.id, ExportFormat.CSV).decode().splitlines() == [
        'a,"say ""hi"", all"',
        "1,2.5",
    ]
    assert book.export(ExportFormat.TSV).decode().splitlines()[1] == "1\t2.5"
    loaded = openpyxl.load_workbook(io.BytesIO(book.export(ExportFormat.EXCEL)))
    assert [cell.value for cell in loaded["Sheet1"][2]][:2] == [1, 2.5]


def test_gspread_needs_no_port_at_all() -> None:
    workspace = Workspace.in_memory()
    client = gspread.Client(auth=nobody())
    client.http_client.session.mount("https://", LocalAdapter(workspace))
    book = client.create("In-process")
    assert client.expiry is None
    book.sheet1.append_rows([["h"], ["=ROW()*2"]], value_input_option=ValueInputOption.user_entered)
    assert client.open("In-process").sheet1.get_all_records() == [{"h": 4}]
    client.http_client.session.close()


@pytest.mark.parametrize(
    "kind", [gspread.Client, gspread.Spreadsheet, gspread.Worksheet], ids=lambda kind: kind.__name__
)
def test_no_public_method_of_gspread_is_left_out(kind: type[Any]) -> None:
    texts = "".join(
        path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_gspread_*.py")
    )
    names = [name for name, _ in inspect.getmembers(kind) if not name.startswith("_")]
    fields = {"id", "spreadsheet", "spreadsheet_id", "client", "http_client"}
    assert [name for name in names if f".{name}" not in texts and name not in fields] == []
