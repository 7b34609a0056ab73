"""The file on disk: what is saved, what survives, and when a save is refused with everything as it was.

Files are made here with openpyxl, as other programs would make them.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting import rule as rules
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from sheetsync.emulator import Workspace, create_workbook, errors
from sheetsync.emulator.xlsx.package.save_lock import locked
from tests.emulator.odd_files import BOOK, MAIN, SHEET, SPREADSHEET, Kit, parts_of

if TYPE_CHECKING:
    from pathlib import Path

WRITE = {"values": [["new"]]}


def foreign(path: Path) -> Path:
    """Make a workbook with much in it that the API knows nothing of."""
    book = openpyxl.Workbook()
    tab: Any = book.active
    tab.title = "Первый лист"
    tab.append(["Имя", "Дата", "Сумма", "Дней"])
    tab.append(["=не формула", dt.datetime(2026, 2, 1), 1234.5, "=TODAY()-B2"])  # noqa: DTZ001  # files know no zones
    tab["A2"].data_type = "s"
    tab["A1"].font = Font(name="Arial", sz=14, b=True, color="FF112233")
    tab["A1"].fill = PatternFill("lightGrid", fgColor="FF00FF00")
    tab["B2"].number_format = "dd.mm.yyyy"
    tab["C2"].border = Border(
        top=Side("thick", color="FFFF0000"), diagonal=Side("thin"), diagonalUp=True
    )
    tab["C2"].alignment = Alignment(indent=3, shrink_to_fit=True)
    tab["D2"].comment = Comment("заметка", "Анна", width=321, height=123)
    tab["E2"] = CellRichText("обычный ", TextBlock(InlineFont(b=True), "жирный"))
    tab["F2"].hyperlink = "https://example.com/?a=1#b"
    tab["F2"] = "ссылка"
    tab.merge_cells("A5:B6")
    tab.add_data_validation(
        DataValidation("list", formula1='"да,нет"', sqref="G2:G1048576", errorTitle="Так нельзя")
    )
    tab.add_data_validation(
        DataValidation("textLength", operator="lessThan", formula1="5", sqref="H2:H9")
    )
    made: Any = rules  # openpyxl left these untyped
    over = made.CellIsRule(operator="greaterThan", formula=["10"], font=Font(b=True))
    tab.conditional_formatting.add("C2:C9", over)
    tab.conditional_formatting.add("C2:C9", made.IconSetRule("3Arrows", "percent", [0, 33, 67]))
    tab.auto_filter.ref = "A1:D4"
    tab.auto_filter.add_filter_column(0, ["x"])
    tab.freeze_panes = "B2"
    tab.column_dimensions["B"].width = 33
    tab.row_dimensions[3].height = 44
    tab.row_dimensions[4].hidden = True
    tab.sheet_view.showGridLines = False
    tab.sheet_properties.tabColor = "FF00AA00"
    tab.print_title_rows = "1:1"
    tab.page_setup.orientation = "landscape"
    second = book.create_sheet("Второй")
    second.append(["h1", "h2"])
    second.append([1, 2])
    second.add_table(Table(displayName="T1", ref="A1:B2"))
    chart = BarChart()
    chart.add_data(Reference(second, min_col=1, min_row=1, max_row=2), titles_from_data=True)
    second.add_chart(chart, "D2")
    second.sheet_state = "hidden"
    book.defined_names["место"] = DefinedName("место", attr_text="'Первый лист'!$A$1:$B$2")
    book.defined_names["ставка"] = DefinedName("ставка", attr_text="0.2")
    book.save(path)
    book.close()
    return path


def told(path: Path) -> Any:
    """Tell all that must survive, as plain data."""
    book = openpyxl.load_workbook(path, rich_text=True)
    out: dict[str, Any] = {"names": {k: v.attr_text for k, v in book.defined_names.items()}}
    tabs: Any = book.worksheets
    for tab in tabs:
        cells = {}
        for row in tab.iter_rows():
            for cell in row:
                style = [
                    repr(getattr(cell, n))
                    for n in ("font", "fill", "border", "alignment", "number_format")
                ]
                note = cell.comment and (cell.comment.text, cell.comment.author)
                link = cell.hyperlink and (cell.hyperlink.target, cell.hyperlink.location)
                cells[cell.coordinate] = (repr(cell.value), cell.data_type, style, note, link)
        out[tab.title] = {
            "cells": cells,
            "merges": sorted(map(str, tab.merged_cells.ranges)),
            "validations": [
                (v.type, v.formula1, str(v.sqref), v.errorTitle)
                for v in tab.data_validations.dataValidation
            ],
            "conditional": [
                (str(f.sqref), [(r.type, r.formula) for r in f.rules])
                for f in tab.conditional_formatting
            ],
            "filter": repr(tab.auto_filter),
            "panes": tab.freeze_panes,
            "widths": {k: (d.width, d.hidden) for k, d in tab.column_dimensions.items()},
            "heights": {
                k: (d.height, d.hidden)
                for k, d in tab.row_dimensions.items()
                if d.height or d.hidden
            },
            "view": (
                tab.sheet_view.showGridLines,
                repr(tab.sheet_properties.tabColor),
                tab.sheet_state,
            ),
            "print": (tab.print_title_rows, tab.page_setup.orientation),
            "tables": dict(tab.tables.items()),
            "charts": len(tab._charts),  # noqa: SLF001  # openpyxl has no public list
        }
    book.close()
    return out


def test_a_foreign_file_keeps_all_that_was_not_edited(tmp_path: Path, open_client: Any) -> None:
    path = foreign(tmp_path / "foreign.xlsx")
    before = told(path)
    client = open_client(path)
    for text in ("one", "two"):
        client.put("'Первый лист'!Z9", [[text]])
    after = told(path)
    for name in ("Z9",):
        assert after["Первый лист"]["cells"].pop(name)[0] == "'two'"
    before_cells = before["Первый лист"].pop("cells")
    after_cells = after["Первый лист"].pop("cells")
    assert {k: after_cells[k] for k in before_cells} == before_cells
    assert after == before
    boxes = zipfile.ZipFile(path).read("xl/drawings/commentsDrawing1.vml").decode()
    assert "width:321" in boxes
    assert "height:123" in boxes


def test_formulas_have_values_when_other_programs_read_the_file(client: Any) -> None:
    formulas = ["=TODAY()", '="a"&"<b>"', "=1/0", "=1>0", "=NOSUCH(1)", "=SUM(Sheet1!A1:A2)"]
    client.put("A1:F1", [formulas], "USER_ENTERED")
    book = openpyxl.load_workbook(client.path, data_only=True)
    values = [cell.value for cell in book.worksheets[0][1]]
    book.close()
    assert values == [46083, "a<b>", "#DIV/0!", True, "#NAME?", 46083]
    assert client.again().formulas("A1:F1") == [formulas]


def test_a_value_that_we_cannot_compute_stays_as_the_file_had_it(
    tmp_path: Path, open_client: Any
) -> None:
    path = tmp_path / "b.xlsx"
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "=NOSUCH(1)"
    book.save(path)
    book.close()
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = (
        parts[name]
        .replace(b"</f><v /></c>", b"</f><v>42</v></c>")
        .replace(b"</f><v/></c>", b"</f><v>42</v></c>")
    )
    with zipfile.ZipFile(path, "w") as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    client = open_client(path)
    assert client.values("A1") == [["42"]]
    client.put("B1", [["x"]])
    assert client.again().values("A1") == [["42"]]


def test_tab_ids_are_stable_and_survive_a_renaming_elsewhere(
    tmp_path: Path, open_client: Any
) -> None:
    path = foreign(tmp_path / "f.xlsx")
    first, second = open_client(path), open_client(path)
    ids = [sheet["properties"]["sheetId"] for sheet in first.ok("GET", "")["sheets"]]
    assert ids[0] == 0
    assert [sheet["properties"]["sheetId"] for sheet in second.ok("GET", "")["sheets"]] == ids
    first.put("A9", [["x"]])
    book = openpyxl.load_workbook(path)
    book.worksheets[1].title = "Переименован"
    book.move_sheet("Переименован", -1)
    book.save(path)
    book.close()
    found = {
        s["properties"]["title"]: s["properties"]["sheetId"] for s in first.ok("GET", "")["sheets"]
    }
    assert found == {"Переименован": ids[1], "Первый лист": 0}


def test_a_file_changed_by_others_is_not_overwritten(client: Any) -> None:
    client.put("A1", [["ours"]])
    book = openpyxl.load_workbook(client.path)
    book.worksheets[0]["A1"] = "theirs"
    book.save(client.path)
    book.close()
    theirs = client.path.read_bytes()
    response = client.send("PUT", "/values/B1", WRITE, valueInputOption="RAW")
    error = response.json()["error"]
    assert (error["code"], error["status"]) == (409, "ABORTED")
    assert error["message"].endswith("read the spreadsheet again, then write")
    assert error["details"] == [
        {"@type": "type.sheetsync/FileChanged", "path": str(client.path), "parts": []}
    ]
    assert client.path.read_bytes() == theirs
    assert client.values("A1:B1") == [["theirs"]]  # a read takes in the new file
    client.put("B1", [["now"]])
    assert client.values("A1:B1") == [["theirs", "now"]]


@pytest.mark.parametrize("name", [".~lock.book.xlsx#", "~$book.xlsx"])
def test_a_file_open_elsewhere_is_left_alone(client: Any, name: str) -> None:
    mark = client.path.with_name(name)
    mark.write_text("Anna")
    response = client.send("PUT", "/values/B1", WRITE, valueInputOption="RAW")
    assert response.json()["error"]["details"][0]["@type"] == "type.sheetsync/FileInUse"
    assert client.values("B1") == []
    mark.unlink()
    client.put("B1", [["x"]])


RACER = """
import sys, time
from pathlib import Path
from sheetsync.emulator import LocalAdapter, Workspace
import requests

path, name = Path(sys.argv[1]), sys.argv[2]
session = requests.Session()
session.mount("https://", LocalAdapter(Workspace.of_file(path)))
print("ready", flush=True)
sys.stdin.readline()
root = "https://sheets.googleapis.com/v4/spreadsheets/book"
for number in range(10):
    body = {"values": [[f"{name}{number}"]]}
    reply = session.put(f"{root}/values/{name}{number + 1}", params={"valueInputOption": "RAW"}, json=body)
    if reply.ok:
        print(f"{name}{number}", flush=True)
    session.get(root)
"""


def test_of_two_processes_that_save_at_once_none_undoes_the_other(client: Any) -> None:
    client.session.close()
    command = [sys.executable, "-c", RACER, str(client.path)]
    racers = [
        subprocess.Popen([*command, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for name in "AB"
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    saved = [racer.communicate("go\n", timeout=60)[0].split() for racer in racers]
    assert all(saved)
    book = openpyxl.load_workbook(client.path)
    found = [
        str(row[0].value)
        for name in "AB"
        for row in book.worksheets[0][f"{name}1:{name}10"]
        if row[0].value
    ]
    book.close()
    assert found == saved[0] + saved[1]  # what was answered with 200 is there, and nothing else


def test_a_file_being_saved_by_another_process_is_in_use(client: Any) -> None:
    with locked(client.path):
        response = client.send("PUT", "/values/B1", WRITE, valueInputOption="RAW")
    assert response.json()["error"]["details"][0]["@type"] == "type.sheetsync/SavedByAnotherRun"


def test_a_read_only_file_is_read_but_not_written(client: Any) -> None:
    client.path.chmod(0o444)
    before = client.path.read_bytes()
    response = client.send("PUT", "/values/B1", WRITE, valueInputOption="RAW")
    assert response.json()["error"]["details"][0]["@type"] == "type.sheetsync/FileReadOnly"
    assert client.path.read_bytes() == before
    assert client.values("B1") == []


def test_a_file_whose_parts_a_save_would_lose_is_only_read(client: Any) -> None:
    with zipfile.ZipFile(client.path, "a") as archive:
        archive.writestr("xl/revisions/revisionLog1.xml", "<revisions/>")
        archive.writestr("_xmlsignatures/sig1.xml", "<Signature/>")
    before = client.path.read_bytes()
    assert client.values("A1") == []
    response = client.send("PUT", "/values/B1", WRITE, valueInputOption="RAW")
    detail = response.json()["error"]["details"][0]
    assert detail["@type"] == "type.sheetsync/WouldLoseParts"
    assert detail["parts"] == ["shared change history", "digital signatures"]
    assert client.path.read_bytes() == before


def test_a_crash_while_saving_leaves_the_old_file(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = client.path.read_bytes()

    def crash(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", crash)
    response = client.send("PUT", "/values/B1", WRITE, valueInputOption="RAW")
    assert response.status_code == 409
    assert client.path.read_bytes() == before
    assert [p.name for p in client.path.parent.iterdir()] == ["book.xlsx"]
    assert client.values("B1") == []


def test_a_save_keeps_the_files_mode_and_a_batch_of_nothing_saves_nothing(client: Any) -> None:
    client.path.chmod(0o640)
    client.put("A1", [["x"]])
    assert client.path.stat().st_mode & 0o777 == 0o640
    stamp = client.path.stat().st_mtime_ns
    client.put("A1", [["x"]])
    client.ok("POST", "/values/C5:clear")
    assert client.path.stat().st_mtime_ns == stamp


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"\xd0\xcf\x11\xe0" + b"x" * 600, b"PK\x03\x04broken"]
)
def test_what_is_no_workbook_is_said_to_be_none(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(data)
    with pytest.raises(errors.NotAWorkbook) as caught:
        Workspace.of_file(path)
    assert (caught.value.path, caught.value.code) == (path, "not_a_workbook")
    with pytest.raises(errors.NoSuchFile):
        Workspace.of_file(tmp_path / "missing.xlsx")


def test_a_folder_serves_its_workbooks_without_lock_files(tmp_path: Path) -> None:
    for name in ("b.xlsx", "Клиентская база.xlsx"):
        create_workbook(tmp_path / name, title=name)
    (tmp_path / "~$b.xlsx").write_bytes(b"lock")
    ids = {str(info.path): info.id for info in Workspace.of_folder(tmp_path).books}
    assert ids[str(tmp_path / "b.xlsx")] == "b"
    assert ids == {str(info.path): info.id for info in Workspace.of_folder(tmp_path).books}
    assert len(ids) == 2
    with pytest.raises(FileExistsError):
        create_workbook(tmp_path / "b.xlsx", title="again")


def test_a_new_workbook_speaks_its_locale(ru: Any) -> None:
    told_ = ru.ok("GET", "", fields="properties(title,locale,timeZone),sheets.properties.title")
    assert told_ == {
        "properties": {"title": "База", "locale": "ru_RU", "timeZone": "Europe/Moscow"},
        "sheets": [{"properties": {"title": "Лист1"}}],
    }


def test_formats_that_no_file_can_say_come_back(client: Any) -> None:
    form = {
        "padding": {"top": 1, "right": 12, "bottom": 1, "left": 3},
        "wrapStrategy": "CLIP",
        "textDirection": "RIGHT_TO_LEFT",
        "hyperlinkDisplayType": "PLAIN_TEXT",
    }
    area = {"startRowIndex": 1, "endRowIndex": 4, "startColumnIndex": 1, "endColumnIndex": 3}
    cell = {"userEnteredFormat": form}
    client.batch({"repeatCell": {"range": area, "cell": cell, "fields": "userEnteredFormat"}})
    client.put("A9", [["x"]])
    assert client.again().cells("B2:C4", "userEnteredFormat") == [[cell, cell]] * 3
    assert client.again().cells("A9", "userEnteredValue,userEnteredFormat") == [
        [{"userEnteredValue": {"stringValue": "x"}}]
    ]


def test_a_gradient_of_the_file_is_shown_as_a_rule(client: Any) -> None:
    ends = {
        "minpoint": {"color": {"red": 1}, "type": "MIN"},
        "maxpoint": {"color": {"green": 1}, "type": "MAX"},
    }
    middle = {"midpoint": {"color": {"blue": 1}, "type": "NUMBER", "value": "7.5"}}
    for rule in (ends, {**ends, **middle}):
        ranges = [
            {"startRowIndex": 0, "endRowIndex": 5, "startColumnIndex": 0, "endColumnIndex": 1}
        ]
        client.batch(
            {
                "addConditionalFormatRule": {
                    "rule": {"ranges": ranges, "gradientRule": rule},
                    "index": 0,
                }
            }
        )
    before = client.sheet()["conditionalFormats"]
    assert [set(rule["gradientRule"]) for rule in before] == [set(ends) | set(middle), set(ends)]
    assert client.again().sheet()["conditionalFormats"] == before


def test_a_shared_text_that_was_overwritten_is_gone_from_the_file(
    tmp_path: Path, open_client: Any
) -> None:
    kit = Kit(tmp_path / "book.xlsx")
    texts = "".join(
        f"<si><t>{text}</t></si>" for text in ("secret one", "kept two", "secret three")
    )
    kit.add(
        "xl/sharedStrings.xml",
        f'<sst xmlns="{MAIN}">{texts}</sst>',
        f"{SPREADSHEET}sharedStrings+xml",
    )
    kit.relate(BOOK, "rId66", "sharedStrings", "sharedStrings.xml")
    cells = [
        f'<c r="{name}" t="s"><v>{number}</v></c>'
        for name, number in (("A7", 0), ("B7", 1), ("C7", 2), ("D7", 1))
    ]
    kit.put(
        SHEET,
        "</sheetData>",
        f'<row r="7">{"".join(cells)}</row><row r="8"><c r="A8"><v>0</v></c></row>',
    )
    client = open_client(kit.save())
    client.put("Data!A7:B7", [["new", "other"]])
    table = parts_of(client.path)["xl/sharedStrings.xml"].decode()
    assert re.findall(r"<t>(.*?)</t>", table) == ["kept two", "secret three"]
    assert client.again().values("Data!A7:D7") == [["new", "other", "secret three", "kept two"]]
    client.batch({"deleteSheet": {"sheetId": 0}})
    assert "kept two" not in parts_of(client.path)["xl/sharedStrings.xml"].decode()


def test_a_text_longer_than_a_line_and_all_odd_characters_come_back(client: Any) -> None:
    odd = [["a\nb", " spaced  ", "tab\there", "<&>\"'", "_x0041_", "emoji 😀"]]
    client.put("A1:F1", odd)
    assert client.again().values("A1:F1") == odd


def test_what_lies_under_a_merge_comes_back(client: Any) -> None:
    cells = {"startRowIndex": 0, "endRowIndex": 3, "startColumnIndex": 0, "endColumnIndex": 2}
    client.batch({"mergeCells": {"range": cells, "mergeType": "MERGE_ALL"}})
    bold = {"userEnteredFormat": {"textFormat": {"bold": True}}}
    values = [{"formulaValue": "=1+1"}, {"stringValue": "a<b"}, {"numberValue": 1.5}]
    rows = [{"values": [{"userEnteredValue": value, **bold}]} for value in values]
    start = {"rowIndex": 0, "columnIndex": 1}
    client.batch(
        {
            "updateCells": {
                "start": start,
                "rows": rows,
                "fields": "userEnteredValue,userEnteredFormat",
            }
        }
    )
    before = client.cells("A1:B3", "userEnteredValue,userEnteredFormat")
    assert client.again().cells("A1:B3", "userEnteredValue,userEnteredFormat") == before


def test_functions_younger_than_the_format_are_marked_as_excel_wants_them(client: Any) -> None:
    formulas = [
        '=IFS(1>0,"IFS(x)")',
        '=textjoin(",",TRUE,B1:B2)',
        "=FILTER(B1:B2,B1:B2>0)",
        "=SUMIFS(B1:B2,B1:B2,1)",
    ]
    client.put("A1:D1", [formulas], "USER_ENTERED")
    found = re.findall(r"<f>(.*?)</f>", parts_of(client.path)[SHEET].decode())
    assert found == [
        '_xlfn.IFS(1&gt;0,"IFS(x)")',
        '_xlfn.textjoin(",",TRUE,B1:B2)',
        "_xlfn._xlws.FILTER(B1:B2,B1:B2&gt;0)",
        "SUMIFS(B1:B2,B1:B2,1)",
    ]
    assert [f.upper() for f in client.again().formulas("A1:D1")[0]] == [f.upper() for f in formulas]


def test_excel_tables_and_named_cells_follow_inserted_rows(
    tmp_path: Path, open_client: Any
) -> None:
    path = foreign(tmp_path / "f.xlsx")
    client = open_client(path)
    second = client.sheet(1)["properties"]["sheetId"]
    rows = {"dimension": "ROWS", "startIndex": 0, "endIndex": 2}
    client.batch(
        {"insertDimension": {"range": {**rows, "sheetId": 0}}},
        {"insertDimension": {"range": {**rows, "sheetId": second}}},
    )
    after = told(path)
    assert after["Второй"]["tables"] == {"T1": "A3:B4"}
    assert after["names"] == {"место": "'Первый лист'!$A$3:$B$4", "ставка": "0.2"}
    assert after["Первый лист"]["validations"][0][2] == "G4:G1048576"


def test_a_tab_that_the_file_protects_is_told_and_stays_protected(
    tmp_path: Path, open_client: Any
) -> None:
    path = tmp_path / "book.xlsx"
    book = openpyxl.Workbook()
    tab: Any = book.active
    tab.protection.enable()
    tab.protection.password = "secret"
    book.create_sheet("Open")
    book.save(path)
    book.close()
    client = open_client(path)
    (protection,) = client.sheet()["protectedRanges"]
    assert protection["range"] == {"sheetId": 0}
    assert (protection["warningOnly"], protection["requestingUserCanEdit"]) == (True, True)
    assert "protectedRanges" not in client.sheet(1)
    number = {"protectedRangeId": protection["protectedRangeId"]}
    client.refused({"deleteProtectedRange": number})
    client.put("A1", [["ours"]])
    saved = openpyxl.load_workbook(path)
    assert saved.worksheets[0].protection.sheet
    assert saved.worksheets[0].protection.password == tab.protection.password
    saved.close()


def test_rows_of_which_nothing_is_to_be_told_are_told_all_the_same(client: Any) -> None:
    hide = {"range": {"dimension": "ROWS", "startIndex": 2, "endIndex": 3}, "fields": "*"}
    client.batch({"updateDimensionProperties": {**hide, "properties": {"hiddenByUser": True}}})
    mask = "sheets.data.rowMetadata(hiddenByFilter,hiddenByUser)"
    rows = client.ok("GET", "", fields=mask)["sheets"][0]["data"][0]["rowMetadata"]
    assert len(rows) == client.sheet()["properties"]["gridProperties"]["rowCount"]
    assert [row for row, told in enumerate(rows) if told] == [2]
