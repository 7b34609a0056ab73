"""Formats, links, notes, rich text and rules: the JSON that goes in comes out again, also after the disk.

How other programs see them is tested with openpyxl.
"""

from __future__ import annotations

from typing import Any

import openpyxl
import pytest

RED = {"red": 1}
GREY = {"red": 0.8, "green": 0.8, "blue": 0.8}


def write(cell: dict[str, Any], fields: str = "*", row: int = 0) -> dict[str, Any]:
    return {"updateCells": {"start": {"sheetId": 0, "rowIndex": row}, "rows": [{"values": [cell]}], "fields": fields}}


def colored(name: str, color: dict[str, Any]) -> dict[str, Any]:
    return {name: color, f"{name}Style": {"rgbColor": color}}


def test_a_format_comes_back_as_it_was_set(client: Any) -> None:
    form = {
        "numberFormat": {"type": "DATE", "pattern": "dd.mm.yyyy"},
        **colored("backgroundColor", GREY),
        "textFormat": {"bold": True, "fontSize": 14, "fontFamily": "Roboto", **colored("foregroundColor", RED)},
        "horizontalAlignment": "CENTER",
        "verticalAlignment": "MIDDLE",
        "wrapStrategy": "WRAP",
        "borders": {"top": {"style": "SOLID_THICK", **colored("color", RED)}},
    }
    client.batch(write({"userEnteredValue": {"numberValue": 46083}, "userEnteredFormat": form}))
    for one in (client, client.again()):
        assert one.cells("A1", "userEnteredFormat,formattedValue") == [
            [{"userEnteredFormat": form, "formattedValue": "02.03.2026"}]
        ]


def test_a_mask_touches_only_what_it_names(client: Any) -> None:
    client.batch(
        write({"userEnteredFormat": {"textFormat": {"bold": True, "italic": True}, "horizontalAlignment": "LEFT"}})
    )
    client.batch(
        write({"userEnteredFormat": {"textFormat": {"bold": False}}}, "userEnteredFormat.textFormat(bold,italic)")
    )
    assert client.cells("A1", "userEnteredFormat") == [
        [{"userEnteredFormat": {"textFormat": {"bold": False}, "horizontalAlignment": "LEFT"}}]
    ]


@pytest.mark.parametrize("uri", ["https://example.com/?q=1", "mailto:a@b.c", "#gid=5&range=A5", "#gid=5&range=B2:C3"])
def test_links_come_back_and_lead_somewhere_in_the_file(client: Any, uri: str) -> None:
    cell = {"userEnteredValue": {"stringValue": "go"}, "userEnteredFormat": {"textFormat": {"link": {"uri": uri}}}}
    client.batch({"addSheet": {"properties": {"sheetId": 5, "title": "Мой лист"}}}, write(cell))
    opened = client.again()
    assert opened.cells("A1", "hyperlink") == [[{"hyperlink": uri}]]
    book = openpyxl.load_workbook(client.path)
    link = book.worksheets[0]["A1"].hyperlink
    book.close()
    if uri.startswith("#"):
        assert (link.location, link.target) == ("'Мой лист'!" + uri.split("range=")[1], None)
    else:
        assert link.target == uri
    rename = {"properties": {"sheetId": 5, "title": "Other"}, "fields": "title"}
    opened.batch({"updateSheetProperties": rename})
    assert opened.again().cells("A1", "hyperlink") == [[{"hyperlink": uri}]]


def test_notes_and_rich_text_come_back(client: Any) -> None:
    runs = [{"startIndex": 3, "format": {"bold": True}}, {"startIndex": 5, "format": {}}]
    client.batch(write({"userEnteredValue": {"stringValue": "aa bb cc"}, "note": "n1\nn2", "textFormatRuns": runs}))
    for one in (client, client.again()):
        cell = one.cells("A1", "note,textFormatRuns,userEnteredValue")[0][0]
        assert cell["userEnteredValue"] == {"stringValue": "aa bb cc"}
        assert cell["note"] == "n1\nn2"
        assert [run for run in cell["textFormatRuns"] if run.get("startIndex")] == runs
    client.put("A1", [["plain"]])
    assert client.cells("A1", "textFormatRuns,note") == [[{"note": "n1\nn2"}]]


def test_texts_that_look_like_formulas_stay_texts_on_disk(client: Any) -> None:
    client.batch(write({"userEnteredValue": {"stringValue": "=1+1"}}))
    book = openpyxl.load_workbook(client.path)
    assert (book.worksheets[0]["A1"].value, book.worksheets[0]["A1"].data_type) == ("=1+1", "s")
    book.close()
    assert client.again().cells("A1", "userEnteredValue") == [[{"userEnteredValue": {"stringValue": "=1+1"}}]]


CONDITIONS = [
    {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=$B2>1"}]},
    {"type": "TEXT_EQ", "values": [{"userEnteredValue": 'say "x"'}]},
    {"type": "TEXT_CONTAINS", "values": [{"userEnteredValue": "abc"}]},
    {"type": "NUMBER_LESS", "values": [{"userEnteredValue": "5"}]},
    {"type": "NUMBER_BETWEEN", "values": [{"userEnteredValue": "1"}, {"userEnteredValue": "2"}]},
    {"type": "DATE_BEFORE", "values": [{"relativeDate": "TODAY"}]},
    {"type": "DATE_AFTER", "values": [{"userEnteredValue": "2026-01-01"}]},
    {"type": "NOT_BLANK"},
    {"type": "BLANK"},
]


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda c: c["type"])
def test_conditional_formats_come_back(client: Any, condition: Any) -> None:
    form = {**colored("backgroundColor", RED), "textFormat": {"bold": True}}
    ranges = [{"sheetId": 0, "startRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 3}]
    rule = {"ranges": ranges, "booleanRule": {"condition": condition, "format": form}}
    client.batch({"addConditionalFormatRule": {"rule": rule, "index": 0}})
    want = {"ranges": [{k: v for k, v in ranges[0].items() if k != "sheetId"}], "booleanRule": rule["booleanRule"]}
    assert client.sheet()["conditionalFormats"] == [want]
    assert client.again().sheet()["conditionalFormats"] == [want]
    book = openpyxl.load_workbook(client.path)
    assert [len(f.rules) for f in book.worksheets[0].conditional_formatting] == [1]
    book.close()


RULES = [
    {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "да"}, {"userEnteredValue": "нет"}]},
    {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": "=Sheet1!$A$2:$A"}]},
    {"type": "BOOLEAN"},
    {"type": "DATE_IS_VALID"},
    {"type": "NUMBER_GREATER_THAN_EQ", "values": [{"userEnteredValue": "0"}]},
    {"type": "DATE_BETWEEN", "values": [{"userEnteredValue": "2026-01-01"}, {"userEnteredValue": "2026-12-31"}]},
    {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=LEN(C2)<5"}]},
]


@pytest.mark.parametrize("condition", RULES, ids=lambda c: c["type"])
def test_validations_come_back_and_stand_once_in_the_file(client: Any, condition: Any) -> None:
    rule = {"condition": condition, "strict": True, "inputMessage": "Подсказка"}
    if condition["type"].startswith("ONE_OF"):
        rule["showCustomUi"] = True
    cells = [{"values": [{"dataValidation": rule}]} for _ in range(20)]
    where = {"sheetId": 0, "rowIndex": 1, "columnIndex": 2}
    client.batch({"updateCells": {"start": where, "rows": cells, "fields": "dataValidation"}})
    for one in (client, client.again()):
        assert one.cells("C2:C21", "dataValidation") == [[{"dataValidation": rule}]] * 20
    book = openpyxl.load_workbook(client.path)
    assert [str(v.sqref) for v in book.worksheets[0].data_validations.dataValidation] == ["C2:C21"]
    book.close()


def test_sheet_properties_come_back(client: Any) -> None:
    grid = {"rowCount": 50, "columnCount": 7, "frozenRowCount": 2, "frozenColumnCount": 1, "hideGridlines": True}
    given = {"sheetId": 9, "title": "Скрытый", "gridProperties": grid, **colored("tabColor", RED), "hidden": True}
    client.batch({"addSheet": {"properties": given}})
    for one in (client, client.again()):
        properties = one.sheet(1)["properties"]
        assert properties == {**given, "index": 1, "sheetType": "GRID"}


def test_borders_are_drawn_around_and_inside(client: Any) -> None:
    side = {"style": "SOLID", **colored("color", {})}
    area = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}
    client.batch({"updateBorders": {"range": area, "top": side, "innerVertical": side}})
    borders = [
        [cell.get("userEnteredFormat", {}).get("borders", {}) for cell in row]
        for row in client.again().cells("A1:B2", "userEnteredFormat.borders")
    ]
    assert [[sorted(cell) for cell in row] for row in borders] == [
        [["right", "top"], ["left", "top"]],
        [["right"], ["left"]],
    ]


def test_rules_that_no_file_can_say_are_kept_all_the_same(client: Any) -> None:
    condition = {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "a, b"}, {"userEnteredValue": "c"}]}
    where = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 3, "startColumnIndex": 0, "endColumnIndex": 1}
    boolean = {"condition": {"type": "TEXT_IS_EMAIL"}, "format": {"textFormat": {"bold": True}}}
    client.batch(
        {"setDataValidation": {"range": where, "rule": {"condition": condition}}},
        {"addConditionalFormatRule": {"rule": {"ranges": [where], "booleanRule": boolean}}},
    )
    opened = client.again()
    assert opened.cells("A3", "dataValidation") == [[{"dataValidation": {"condition": condition}}]]
    assert opened.sheet()["conditionalFormats"] == client.sheet()["conditionalFormats"]
    assert opened.sheet()["conditionalFormats"][0]["booleanRule"] == boolean
