"""Tables: what the API tells of them, how they follow their cells, and Excel's own tables in the file.

Files are made and read here with openpyxl, as another program would.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ROWS = [["Name", "Sum"], ["Ann", 5], ["Bob", 12]]
PLACE = {
    "sheetId": 0,
    "startRowIndex": 0,
    "endRowIndex": 4,
    "startColumnIndex": 0,
    "endColumnIndex": 2,
}
SHOWN = {name: value for name, value in PLACE.items() if name != "sheetId"}
CHOICES = {
    "condition": {
        "type": "ONE_OF_LIST",
        "values": [{"userEnteredValue": "a"}, {"userEnteredValue": "b"}],
    }
}
RED = {"rgbColor": {"red": 1}}


@pytest.fixture
def people(client: Any) -> Any:
    client.put("A1", ROWS)
    return client


def add(client: Any, **table: Any) -> Any:
    given = {"name": "People", "range": PLACE, **table}
    return client.batch({"addTable": {"table": given}})["replies"][0]["addTable"]["table"]


def saved(path: Path) -> dict[str, tuple[str, list[str]]]:
    """Name, cells and column names of each table of the file."""
    book = openpyxl.load_workbook(path)
    out = {}
    for tab in book.worksheets:
        for table in tab.tables.values():
            out[table.displayName] = (table.ref, [column.name for column in table.tableColumns])
    book.close()
    return out


def append(client: Any, table_id: str, *rows: list[str]) -> None:
    given = [
        {"values": [{"userEnteredValue": {"stringValue": text}} for text in row]} for row in rows
    ]
    client.batch(
        {"appendCells": {"tableId": table_id, "rows": given, "fields": "userEnteredValue"}}
    )


def test_a_table_is_told_with_its_columns_and_is_one_in_the_file(people: Any) -> None:
    columns = [{"columnIndex": 1, "columnType": "DROPDOWN", "dataValidationRule": CHOICES}]
    told = add(
        people, tableId="t1", columnProperties=columns, rowsProperties={"headerColorStyle": RED}
    )
    assert told == {
        "tableId": "t1",
        "name": "People",
        "range": SHOWN,
        "rowsProperties": {"headerColorStyle": RED},
        "columnProperties": [
            {"columnName": "Name"},
            {
                "columnIndex": 1,
                "columnName": "Sum",
                "columnType": "DROPDOWN",
                "dataValidationRule": CHOICES,
            },
        ],
    }
    for client in (people, people.again()):
        assert client.sheet()["tables"] == [told]
    assert saved(people.path) == {"People": ("A1:B4", ["Name", "Sum"])}


def test_column_names_are_header_cells(client: Any) -> None:
    columns = [{"columnIndex": 1, "columnName": "Rate", "columnType": "PERCENT"}]
    told = add(client, columnProperties=columns)
    assert [column["columnName"] for column in told["columnProperties"]] == ["Column 1", "Rate"]
    assert client.values("A1:B1") == [["Column 1", "Rate"]]
    client.put("A1", [["Who"]])
    assert client.sheet()["tables"][0]["columnProperties"][0] == {"columnName": "Who"}
    assert saved(client.path) == {"People": ("A1:B4", ["Who", "Rate"])}


def test_columns_of_some_types_are_filled(client: Any) -> None:
    add(
        client,
        columnProperties=[
            {"columnType": "BOOLEAN"},
            {"columnIndex": 1, "columnType": "RATINGS_CHIP"},
        ],
    )
    assert client.values("A2:B4", valueRenderOption="UNFORMATTED_VALUE") == [[False, 0]] * 3


def test_tables_widen_and_shrink_with_their_rows_and_columns(people: Any) -> None:
    add(people, columnProperties=[{"columnIndex": 1, "columnType": "DOUBLE"}])
    people.batch(
        {"insertDimension": {"range": {"dimension": "ROWS", "startIndex": 2, "endIndex": 4}}}
    )
    people.batch(
        {"insertDimension": {"range": {"dimension": "COLUMNS", "startIndex": 1, "endIndex": 2}}}
    )
    for client in (people, people.again()):
        (told,) = client.sheet()["tables"]
        assert (told["range"]["endRowIndex"], told["range"]["endColumnIndex"]) == (6, 3)
        assert [column["columnName"] for column in told["columnProperties"]] == [
            "Name",
            "Column 2",
            "Sum",
        ]
        assert [column.get("columnType") for column in told["columnProperties"]] == [
            None,
            None,
            "DOUBLE",
        ]
    assert saved(people.path) == {"People": ("A1:C6", ["Name", "Column 2", "Sum"])}
    people.batch(
        {"deleteDimension": {"range": {"dimension": "ROWS", "startIndex": 1, "endIndex": 5}}}
    )
    people.batch(
        {"deleteDimension": {"range": {"dimension": "COLUMNS", "startIndex": 0, "endIndex": 2}}}
    )
    (told,) = people.again().sheet()["tables"]
    assert told["range"] == {
        "startRowIndex": 0,
        "endRowIndex": 2,
        "startColumnIndex": 0,
        "endColumnIndex": 1,
    }
    assert told["columnProperties"] == [{"columnName": "Sum", "columnType": "DOUBLE"}]
    people.batch(
        {"deleteDimension": {"range": {"dimension": "ROWS", "startIndex": 0, "endIndex": 2}}}
    )
    assert "tables" not in people.again().sheet()
    assert saved(people.path) == {}


def test_cells_are_appended_to_a_table(people: Any) -> None:
    add(people, tableId="t1")
    append(people, "t1", ["Cyd", "x"])
    assert people.sheet()["tables"][0]["range"] == SHOWN
    append(people, "t1", ["Dan"], ["Eve", "y"])
    assert people.values("A1:B9")[3:] == [["Cyd", "x"], ["Dan"], ["Eve", "y"]]
    assert people.sheet()["tables"][0]["range"]["endRowIndex"] == 6
    people.put("A7", [["below"]])
    append(people, "t1", ["Fay"])
    assert people.values("A6:B8") == [["Eve", "y"], ["Fay"], ["below"]]
    assert people.again().sheet()["tables"][0]["range"]["endRowIndex"] == 7


def test_cells_are_appended_above_a_footer_and_past_the_grid(people: Any) -> None:
    add(people, tableId="t1", rowsProperties={"footerColorStyle": RED})
    people.put("A4", [["total"]])
    append(people, "t1", ["Cyd"])
    assert people.values("A1:A9") == [["Name"], ["Ann"], ["Bob"], ["Cyd"], ["total"]]
    assert people.again().sheet()["tables"][0]["range"]["endRowIndex"] == 5
    assert saved(people.path) == {"People": ("A1:B4", ["Name", "Sum"])}
    low = {"startRowIndex": 998, "endRowIndex": 1000, "startColumnIndex": 4, "endColumnIndex": 5}
    add(people, name="Low", tableId="t2", range=low)
    append(people, "t2", ["1"], ["2"], ["3"])
    assert people.values("E1000:E1002") == [["1"], ["2"], ["3"]]
    assert people.sheet()["properties"]["gridProperties"]["rowCount"] >= 1002


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"name": "x"}, "table.range is required"),
        ({"name": "x", "range": PLACE}, "already has a table"),
        (
            {"name": "x", "range": {**PLACE, "startRowIndex": 3, "endRowIndex": 9}},
            "already has a table",
        ),
        (
            {"name": "PEOPLE", "range": {**PLACE, "startRowIndex": 8, "endRowIndex": 9}},
            "already exists",
        ),
        (
            {"tableId": "t1", "range": {**PLACE, "startRowIndex": 8, "endRowIndex": 9}},
            "Table with id t1 already exists",
        ),
        ({"range": {**PLACE, "endRowIndex": 5000}}, "exceeds grid limits"),
        (
            {
                "range": {**PLACE, "startRowIndex": 8, "endRowIndex": 9},
                "columnProperties": [{"columnType": "DROPDOWN"}],
            },
            "Condition must be set for dropdown column type.",
        ),
        (
            {
                "range": {**PLACE, "startRowIndex": 8, "endRowIndex": 9},
                "columnProperties": [{"columnType": "TEXT", "dataValidationRule": CHOICES}],
            },
            "Cannot set condition for non-dropdown column type.",
        ),
        (
            {
                "range": {**PLACE, "startRowIndex": 8, "endRowIndex": 9},
                "columnProperties": [{"columnIndex": 2}],
            },
            "is outside the table",
        ),
    ],
)
def test_tables_that_cannot_be_are_refused(people: Any, table: Any, message: str) -> None:
    add(people, tableId="t1")
    assert message in people.refused({"addTable": {"table": table}})
    assert len(people.sheet()["tables"]) == 1


def test_a_table_is_changed_by_mask(people: Any) -> None:
    columns = [{"columnType": "TEXT"}, {"columnIndex": 1, "columnType": "DOUBLE"}]
    add(people, tableId="t1", columnProperties=columns)
    change = {
        "tableId": "t1",
        "name": "Folk",
        "columnProperties": [{"columnIndex": 0, "columnName": "Who"}],
    }
    people.batch({"updateTable": {"table": change, "fields": "name"}})
    (told,) = people.sheet()["tables"]
    assert (told["name"], told["columnProperties"][0]["columnType"]) == ("Folk", "TEXT")
    people.batch({"updateTable": {"table": change, "fields": "columnProperties"}})
    (told,) = people.again().sheet()["tables"]
    assert told["columnProperties"] == [
        {"columnName": "Who"},
        {"columnIndex": 1, "columnName": "Sum"},
    ]
    wide = {"tableId": "t1", "range": {**PLACE, "endColumnIndex": 3}}
    people.batch({"updateTable": {"table": wide, "fields": "range"}})
    assert people.values("A1:C1") == [["Who", "Sum", "Column 3"]]
    assert saved(people.path)["Folk"] == ("A1:C4", ["Who", "Sum", "Column 3"])


def test_a_footer_comes_and_goes_with_a_row(people: Any) -> None:
    add(people, tableId="t1")
    rows = {"tableId": "t1", "rowsProperties": {"footerColorStyle": RED}}
    people.batch({"updateTable": {"table": rows, "fields": "rowsProperties.footerColorStyle"}})
    assert people.again().sheet()["tables"][0]["range"]["endRowIndex"] == 5
    people.batch({"updateTable": {"table": {"tableId": "t1"}, "fields": "rowsProperties"}})
    assert people.again().sheet()["tables"][0]["range"] == SHOWN


def test_a_table_is_deleted_with_what_is_in_it(people: Any) -> None:
    people.put("C1", [["kept"]])
    add(people, tableId="t1")
    people.batch({"deleteTable": {"tableId": "t1"}})
    assert "tables" not in people.again().sheet()
    assert people.values("A1:C4") == [["", "", "kept"]]
    assert "No table with id: t1" in people.refused({"deleteTable": {"tableId": "t1"}})


def test_a_table_that_no_file_can_say_is_kept_all_the_same(client: Any) -> None:
    client.put("A1", [[1, "x"], ["Ann", 5]])
    told = add(client, name="2nd table!")
    assert told["columnProperties"][0] == {"columnName": "1"}
    assert saved(client.path) == {}
    assert client.again().sheet()["tables"] == [told]
    client.put("A1", [["Who"]])
    assert saved(client.path) == {"_2nd_table_": ("A1:B4", ["Who", "x"])}
    (again,) = client.again().sheet()["tables"]
    assert (again["name"], again["tableId"]) == ("2nd table!", told["tableId"])


def test_tables_of_excel_are_told_and_followed(
    tmp_path: Path, open_client: Callable[[Path], Any]
) -> None:
    path = tmp_path / "foreign.xlsx"
    book = openpyxl.Workbook()
    tab: Any = book.active
    for row in ROWS:
        tab.append(row)
    tab.add_table(Table(displayName="Folk", ref="A1:B3"))
    book.save(path)
    book.close()
    client = open_client(path)
    (told,) = client.sheet()["tables"]
    assert (told["name"], told["range"]) == ("Folk", {**SHOWN, "endRowIndex": 3})
    assert [column["columnName"] for column in told["columnProperties"]] == ["Name", "Sum"]
    append(client, told["tableId"], ["Cyd"])
    client.batch(
        {"insertDimension": {"range": {"dimension": "ROWS", "startIndex": 0, "endIndex": 1}}}
    )
    assert saved(path) == {"Folk": ("A2:B5", ["Name", "Sum"])}
    assert client.again().sheet()["tables"][0]["tableId"] == told["tableId"]
    client.put("B2", [["Total"]])
    assert saved(path) == {"Folk": ("A2:B5", ["Name", "Total"])}


def test_a_duplicated_tab_has_tables_of_its_own(people: Any) -> None:
    add(people, tableId="t1")
    people.batch({"duplicateSheet": {"sourceSheetId": 0, "insertSheetIndex": 1}})
    first, copy = people.sheet(0)["tables"][0], people.sheet(1)["tables"][0]
    assert (first["tableId"], first["name"]) == ("t1", "People")
    assert copy["tableId"] != "t1"
    assert copy["name"] != "People"
    assert len(saved(people.path)) == 2
    assert people.again().sheet(1)["tables"] == [copy]


def test_filters_of_a_table_cover_what_it_covers(people: Any) -> None:
    add(people, tableId="t1")
    hide = {
        "tableId": "t1",
        "filterSpecs": [{"columnIndex": 0, "filterCriteria": {"hiddenValues": ["Bob"]}}],
    }
    people.batch(
        {"setBasicFilter": {"filter": hide}},
        {"addFilterView": {"filter": {"title": "v", "tableId": "t1"}}},
    )
    append(people, "t1", ["x"], ["y"])
    sheet = people.again().sheet()
    for told in (sheet["basicFilter"], sheet["filterViews"][0]):
        assert (told["tableId"], told["range"]["endRowIndex"]) == ("t1", 5)
