"""spreadsheets.create, sheets.copyTo and the developerMetadata calls; in memory and over files.

Files as Drive makes them are in test_drive.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from sheetsync.emulator import LocalAdapter, Workspace
from sheetsync.emulator.wire.check import check

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROOT = "https://sheets.googleapis.com/v4/spreadsheets"
BOLD = {"textFormat": {"bold": True}}


class Sheets:
    """A session on a workspace where spreadsheets can be made."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.session = requests.Session()
        self.session.mount("https://", LocalAdapter(workspace))

    def send(self, method: str, path: str, json: Any = None, **params: Any) -> requests.Response:
        return self.session.request(method, ROOT + path, json=json, params=params)

    def ok(self, method: str, path: str, json: Any = None, **params: Any) -> Any:
        response = self.send(method, path, json, **params)
        assert response.status_code == 200, response.text
        return response.json()

    def fail(self, method: str, path: str, json: Any = None, **params: Any) -> tuple[int, str]:
        response = self.send(method, path, json, **params)
        assert response.status_code >= 400, response.text
        return response.status_code, response.json()["error"]["message"]

    def create(self, body: Any) -> Any:
        made = self.ok("POST", "", body)
        assert check(made, "Spreadsheet") == made
        return made

    def batch(self, number: str, *asked: Any) -> Any:
        return self.ok("POST", f"/{number}:batchUpdate", {"requests": list(asked)})

    def formulas(self, number: str, a1: str) -> Any:
        return self.ok("GET", f"/{number}/values/{a1}", valueRenderOption="FORMULA").get(
            "values", []
        )


@pytest.fixture(params=["memory", "folder"])
def sheets(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sheets]:
    made = Sheets(
        Workspace.in_memory() if request.param == "memory" else Workspace.of_folder(tmp_path)
    )
    yield made
    made.session.close()


def lines(*rows: tuple[Any, ...]) -> list[Any]:
    def cell(value: Any) -> dict[str, Any]:
        kind = (
            "formulaValue"
            if str(value).startswith("=")
            else "stringValue"
            if isinstance(value, str)
            else "numberValue"
        )
        return {"userEnteredValue": {kind: value}}

    return [{"values": [cell(value) for value in row]} for row in rows]


def test_an_empty_request_makes_an_untitled_spreadsheet(sheets: Sheets) -> None:
    made = sheets.create({})
    assert made["properties"]["title"] == "Untitled spreadsheet"
    assert (
        made["spreadsheetUrl"]
        == f"https://docs.google.com/spreadsheets/d/{made['spreadsheetId']}/edit"
    )
    assert [tab["properties"] for tab in made["sheets"]] == [
        {
            "sheetId": 0,
            "title": "Sheet1",
            "index": 0,
            "sheetType": "GRID",
            "gridProperties": {"rowCount": 1000, "columnCount": 26},
        }
    ]
    assert sheets.ok("GET", f"/{made['spreadsheetId']}") == made


def test_properties_of_a_new_spreadsheet_are_set(sheets: Sheets) -> None:
    wanted = {"title": "База", "locale": "ru_RU", "timeZone": "Europe/Moscow", "autoRecalc": "HOUR"}
    made = sheets.create({"properties": wanted})
    assert {name: made["properties"][name] for name in wanted} == wanted
    assert made["sheets"][0]["properties"]["title"] == "Лист1"
    answered = sheets.ok("POST", "", {"properties": {"title": "B"}}, fields="properties.title")
    assert answered == {"properties": {"title": "B"}}


def test_all_that_a_request_describes_is_there(sheets: Sheets) -> None:
    place = {
        "sheetId": 7,
        "startRowIndex": 0,
        "endRowIndex": 1,
        "startColumnIndex": 0,
        "endColumnIndex": 2,
    }
    rule = {"booleanRule": {"condition": {"type": "NOT_BLANK"}, "format": BOLD}}
    grid = {"startRow": 1, "startColumn": 1, "rowData": lines(("x", 2), ("=C2*2",))}
    first = {
        "properties": {
            "sheetId": 7,
            "title": "Data",
            "gridProperties": {"rowCount": 9, "columnCount": 5},
        },
        "data": [
            {**grid, "rowMetadata": [{"pixelSize": 40}], "columnMetadata": [{"hiddenByUser": True}]}
        ],
        "merges": [place],
        "conditionalFormats": [{"ranges": [place], **rule}],
        "basicFilter": {"range": {**place, "endRowIndex": 3}},
        "protectedRanges": [{"range": place, "warningOnly": True}],
        "developerMetadata": [
            {"metadataKey": "k", "visibility": "DOCUMENT", "location": {"sheetId": 7}}
        ],
    }
    made = sheets.create(
        {
            "properties": {"title": "A"},
            "sheets": [{"properties": {"title": "Hidden", "hidden": True}}, first],
            "namedRanges": [{"name": "top", "range": place}],
            "developerMetadata": [
                {"metadataKey": "b", "visibility": "DOCUMENT", "location": {"spreadsheet": True}}
            ],
        }
    )
    number = made["spreadsheetId"]
    assert [
        (tab["properties"]["title"], tab["properties"].get("hidden")) for tab in made["sheets"]
    ] == [
        ("Hidden", True),
        ("Data", None),
    ]
    data = made["sheets"][1]
    assert data["merges"] == [place]
    assert (
        len(data["conditionalFormats"])
        == len(data["protectedRanges"])
        == len(data["developerMetadata"])
        == 1
    )
    assert data["basicFilter"]["range"]["endRowIndex"] == 3
    assert made["namedRanges"][0]["name"] == "top"
    assert made["developerMetadata"][0]["metadataKey"] == "b"
    assert sheets.formulas(number, "Data!A1:C3") == [[], ["", "x", 2], ["", "=C2*2"]]
    sizes = sheets.ok(
        "GET", f"/{number}", ranges="Data!B2", fields="sheets.data(rowMetadata,columnMetadata)"
    )
    shown = sizes["sheets"][0]["data"][0]
    assert shown["rowMetadata"][0]["pixelSize"] == 40
    assert shown["columnMetadata"][0]["hiddenByUser"] is True


def test_a_description_that_was_read_can_be_made_again(sheets: Sheets) -> None:
    made = sheets.create(
        {"properties": {"title": "A"}, "sheets": [{"data": [{"rowData": lines(("x", 1))}]}]}
    )
    whole = sheets.ok("GET", f"/{made['spreadsheetId']}", includeGridData=True)
    twin = sheets.create(whole)
    assert twin["spreadsheetId"] != made["spreadsheetId"]
    assert twin["sheets"] == made["sheets"]
    assert sheets.formulas(twin["spreadsheetId"], "A1:B1") == [["x", 1]]


@pytest.mark.parametrize(
    ("body", "code", "part"),
    [
        (
            {"sheets": [{"properties": {"title": "A"}}, {"properties": {"title": "a"}}]},
            400,
            "already exists",
        ),
        ({"sheets": [{"properties": {"sheetType": "OBJECT"}}]}, 400, "not emulated"),
        ({"sheets": [{"properties": {"title": "A", "hidden": True}}]}, 400, "hide all"),
        ({"sheets": [{"slicers": [{"spec": {}}]}]}, 400, "not emulated: addSlicer"),
        (
            {"sheets": [{"data": [{"rowData": [{"values": [{"pivotTable": {}}]}]}]}]},
            400,
            "not emulated: pivotTable",
        ),
        ({"properties": {"locale": "nonsense!"}}, 400, "Invalid locale"),
        ({"properties": {"timeZone": "Mars/Olympus"}}, 400, "Invalid time zone"),
        ({"dataSources": [{}]}, 400, "not emulated"),
        ({"title": "A"}, 400, 'Unknown name "title"'),
        ({"properties": {"spreadsheetTheme": {"primaryFontFamily": "Lora"}}}, 400, "not emulated"),
    ],
)
def test_a_request_that_cannot_be_met_makes_nothing(
    sheets: Sheets, body: Any, code: int, part: str
) -> None:
    answered = sheets.fail("POST", "", body)
    assert answered[0] == code
    assert part in answered[1]
    assert sheets.workspace.books == ()


def test_a_made_spreadsheet_is_the_same_after_a_restart(tmp_path: Path) -> None:
    sheets = Sheets(Workspace.of_folder(tmp_path))
    made = sheets.create(
        {
            "sheets": [
                {
                    "properties": {"title": "A", "sheetId": 5},
                    "data": [{"rowData": lines(("x", "=1+1"))}],
                }
            ]
        }
    )
    again = Sheets(Workspace.of_folder(tmp_path))
    assert again.ok("GET", f"/{made['spreadsheetId']}") == made
    assert again.formulas(made["spreadsheetId"], "A1:B1") == [["x", "=1+1"]]
    sheets.session.close()
    again.session.close()


def test_a_tab_is_copied_with_its_cells_and_rules(sheets: Sheets) -> None:
    first, second = sheets.create({})["spreadsheetId"], sheets.create({})["spreadsheetId"]
    cells = {
        "sheetId": 0,
        "startRowIndex": 0,
        "endRowIndex": 2,
        "startColumnIndex": 0,
        "endColumnIndex": 2,
    }
    condition = {
        "condition": {"type": "NUMBER_GREATER", "values": [{"userEnteredValue": "1"}]},
        "strict": True,
    }
    sheets.batch(
        first,
        {
            "updateCells": {
                "range": cells,
                "rows": lines(("x", 2), ("=B1*3",)),
                "fields": "userEnteredValue",
            }
        },
        {
            "repeatCell": {
                "range": {**cells, "endRowIndex": 1},
                "cell": {"userEnteredFormat": BOLD},
                "fields": "userEnteredFormat",
            }
        },
        {"setDataValidation": {"range": {**cells, "startColumnIndex": 1}, "rule": condition}},
        {"mergeCells": {"range": {**cells, "startRowIndex": 1}, "mergeType": "MERGE_ALL"}},
        {
            "addConditionalFormatRule": {
                "rule": {
                    "ranges": [cells],
                    "booleanRule": {"condition": {"type": "BLANK"}, "format": BOLD},
                }
            }
        },
        {"addProtectedRange": {"protectedRange": {"range": cells}}},
        {
            "addBanding": {
                "bandedRange": {
                    "range": cells,
                    "rowProperties": {"firstBandColor": {"red": 1}, "secondBandColor": {}},
                }
            }
        },
    )
    told = sheets.ok("POST", f"/{first}/sheets/0:copyTo", {"destinationSpreadsheetId": second})
    assert (told["title"], told["index"]) == ("Copy of Sheet1", 1)
    number = told["sheetId"]
    assert sheets.formulas(second, "'Copy of Sheet1'!A1:B2") == [["x", 2], ["=B1*3"]]
    whole = sheets.ok("GET", f"/{second}", includeGridData=True, ranges="Copy of Sheet1")["sheets"][
        0
    ]
    assert whole["merges"] == [{**cells, "startRowIndex": 1, "sheetId": number}]
    assert whole["conditionalFormats"][0]["ranges"] == [{**cells, "sheetId": number}]
    assert whole["bandedRanges"][0]["range"]["sheetId"] == number
    assert "protectedRanges" not in whole
    rows = whole["data"][0]["rowData"]
    assert rows[0]["values"][0]["userEnteredFormat"]["textFormat"]["bold"] is True
    assert rows[0]["values"][1]["dataValidation"]["condition"] == condition["condition"]
    assert rows[1]["values"][0]["effectiveValue"] == {"numberValue": 6}
    again = sheets.ok("POST", f"/{first}/sheets/0:copyTo", {"destinationSpreadsheetId": second})
    assert again["title"] == "Copy 2 of Sheet1"
    own = sheets.ok("POST", f"/{first}/sheets/0:copyTo", {"destinationSpreadsheetId": first})
    assert own["index"] == 1


def test_a_copy_from_a_file_of_other_programs_keeps_its_looks(tmp_path: Path) -> None:
    import openpyxl
    from openpyxl.styles import Font, NamedStyle

    workbook = openpyxl.Workbook()
    workbook.worksheets[0].title = "Tab"
    workbook.add_named_style(NamedStyle("odd", font=Font(name="Georgia", size=17)))
    workbook.worksheets[0]["A1"] = "in Georgia"
    workbook.worksheets[0]["A1"].style = "odd"
    workbook.save(tmp_path / "foreign.xlsx")
    sheets = Sheets(Workspace.of_folder(tmp_path))
    number = sheets.create({})["spreadsheetId"]
    sheets.ok("POST", "/foreign/sheets/0:copyTo", {"destinationSpreadsheetId": number})
    again = Sheets(Workspace.of_folder(tmp_path))
    mask = "sheets.data.rowData.values.userEnteredFormat.textFormat(fontFamily,fontSize)"
    shown = again.ok("GET", f"/{number}", ranges="Copy of Tab!A1", fields=mask)
    found = shown["sheets"][0]["data"][0]["rowData"][0]["values"][0]["userEnteredFormat"][
        "textFormat"
    ]
    assert found == {"fontFamily": "Georgia", "fontSize": 17}
    sheets.session.close()
    again.session.close()


def test_a_copy_that_cannot_be_is_refused(sheets: Sheets) -> None:
    number = sheets.create({})["spreadsheetId"]
    there = {"destinationSpreadsheetId": number}
    assert sheets.fail("POST", f"/{number}/sheets/9:copyTo", there)[0] == 400
    assert sheets.fail("POST", f"/{number}/sheets/x:copyTo", there)[0] == 400
    assert sheets.fail("POST", f"/{number}/sheets/0:copyTo", {})[0] == 400
    assert (
        sheets.fail("POST", f"/{number}/sheets/0:copyTo", {"destinationSpreadsheetId": "none"})[0]
        == 404
    )
    assert len(sheets.ok("GET", f"/{number}")["sheets"]) == 1


ENTRIES = (
    {
        "metadataId": 1,
        "metadataKey": "book",
        "metadataValue": "a",
        "location": {"spreadsheet": True},
    },
    {"metadataId": 2, "metadataKey": "tab", "metadataValue": "b", "location": {"sheetId": 0}},
    {
        "metadataId": 3,
        "metadataKey": "line",
        "metadataValue": "a",
        "location": {
            "dimensionRange": {"sheetId": 0, "dimension": "ROWS", "startIndex": 2, "endIndex": 3}
        },
    },
    {
        "metadataId": 4,
        "metadataKey": "line",
        "metadataValue": "c",
        "location": {
            "dimensionRange": {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 1, "endIndex": 2}
        },
    },
)
ROW = {"dimensionRange": {"sheetId": 0, "dimension": "ROWS", "startIndex": 2, "endIndex": 3}}


@pytest.mark.parametrize(
    ("data_filter", "found"),
    [
        ({"developerMetadataLookup": {"metadataId": 3}}, [3]),
        ({"developerMetadataLookup": {"metadataKey": "line"}}, [3, 4]),
        ({"developerMetadataLookup": {"metadataKey": "line", "metadataValue": "a"}}, [3]),
        ({"developerMetadataLookup": {"visibility": "PROJECT"}}, []),
        ({"developerMetadataLookup": {"locationType": "SHEET"}}, [2]),
        ({"developerMetadataLookup": {"locationType": "SPREADSHEET"}}, [1]),
        ({"developerMetadataLookup": {"metadataLocation": {"spreadsheet": True}}}, [1]),
        ({"developerMetadataLookup": {"metadataLocation": {"sheetId": 0}}}, [2, 3, 4]),
        ({"developerMetadataLookup": {"metadataLocation": ROW}}, [2, 3, 4]),
        ({"developerMetadataLookup": {"metadataLocation": ROW, "locationType": "COLUMN"}}, [4]),
        (
            {
                "developerMetadataLookup": {
                    "metadataLocation": ROW,
                    "locationMatchingStrategy": "EXACT_LOCATION",
                }
            },
            [3],
        ),
        ({"a1Range": "Sheet1!C3"}, [2, 3]),
        ({"gridRange": {"sheetId": 0, "startRowIndex": 5, "startColumnIndex": 1}}, [2, 4]),
    ],
)
def test_metadata_is_found_by_what_it_is_and_where_it_hangs(
    client: Any, data_filter: Any, found: list[int]
) -> None:
    for entry in ENTRIES:
        client.batch(
            {"createDeveloperMetadata": {"developerMetadata": {**entry, "visibility": "DOCUMENT"}}}
        )
    response = client.send("POST", "/developerMetadata:search", {"dataFilters": [data_filter]})
    assert response.status_code == 200, response.text
    matched = response.json().get("matchedDeveloperMetadata", [])
    assert [one["developerMetadata"]["metadataId"] for one in matched] == found
    assert all(one["dataFilters"] == [data_filter] for one in matched)


def test_an_entry_found_twice_is_told_once(client: Any) -> None:
    client.batch(
        {"createDeveloperMetadata": {"developerMetadata": {**ENTRIES[1], "visibility": "DOCUMENT"}}}
    )
    filters = [{"developerMetadataLookup": {"metadataKey": "tab"}}, {"a1Range": "A1"}]
    response = client.send("POST", "/developerMetadata:search", {"dataFilters": filters})
    assert [one["dataFilters"] for one in response.json()["matchedDeveloperMetadata"]] == [filters]
    got = client.send("GET", "/developerMetadata/2").json()
    assert got == {
        **ENTRIES[1],
        "visibility": "DOCUMENT",
        "location": {"sheetId": 0, "locationType": "SHEET"},
    }


@pytest.mark.parametrize(
    "lookup",
    [
        {"locationMatchingStrategy": "EXACT_LOCATION"},
        {
            "metadataLocation": ROW,
            "locationMatchingStrategy": "EXACT_LOCATION",
            "locationType": "ROW",
        },
        {"metadataLocation": ROW, "locationType": "SPREADSHEET"},
    ],
)
def test_a_lookup_that_contradicts_itself_is_refused(client: Any, lookup: Any) -> None:
    client.batch(
        {"createDeveloperMetadata": {"developerMetadata": {**ENTRIES[0], "visibility": "DOCUMENT"}}}
    )
    filters = {"dataFilters": [{"developerMetadataLookup": lookup}]}
    assert client.fail("POST", "/developerMetadata:search", filters)[0] == 400
    assert client.fail("GET", "/developerMetadata/9")[0] == 404
    assert client.fail("GET", "/developerMetadata/x")[0] == 400
    assert client.fail("POST", "/developerMetadata:search", {"dataFilters": []})[0] == 400
