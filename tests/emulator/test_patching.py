"""What a save keeps of files that other programs made: every part that it does not change, byte for byte.

The files are built in odd_files.py. That the result opens elsewhere is tried with openpyxl and, where it is, LibreOffice.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import warnings
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from tests.emulator import odd_files
from tests.emulator.odd_files import BOOK, SHEET, Kit, parts_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OFFICE = shutil.which("soffice")
BUILDERS: dict[str, Callable[[Kit], Kit]] = {
    "pictures and shapes": odd_files.drawn,
    "pivot tables": odd_files.pivoted,
    "slicers": odd_files.sliced,
    "threaded comments": odd_files.talked,
    "macros, settings, links": odd_files.furnished,
    "extensions": odd_files.extended,
}
# The parts that list others, or hold what the save is about; all else is nobody's business.
OWN = {
    SHEET,
    BOOK,
    "docProps/custom.xml",
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/_rels/workbook.xml.rels",
}


def made(tmp_path: Path, *builders: Callable[[Kit], Kit]) -> Path:
    kit = Kit(tmp_path / "book.xlsx")
    for builder in builders:
        builder(kit)
    return kit.save()


def opens(path: Path) -> None:
    """See that every relation leads to a part, every part has a type, no part is there twice; and that openpyxl reads it."""
    parts = parts_of(path)
    types = parts["[Content_Types].xml"].decode()
    for name in parts:
        ending = name.rpartition(".")[2]
        assert (
            name == "[Content_Types].xml"
            or f'"/{name}"' in types
            or f'Extension="{ending}"' in types
        ), name
    for overridden in re.findall(r'PartName="/([^"]*)"', types):
        assert overridden in parts
    for name, data in parts.items():
        if name.endswith(".rels") and b"TargetMode" not in data:
            folder = name.rpartition("_rels/")[0]
            for target in re.findall(r'Target="([^"]*)"', data.decode()):
                full = target.lstrip("/") if target.startswith("/") else folder + target
                while "/../" in full:
                    full = re.sub(r"[^/]+/\.\./", "", full, count=1)
                assert full in parts, (name, target)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of extensions that it does not read
        openpyxl.load_workbook(path).close()


@pytest.mark.parametrize("name", BUILDERS)
@pytest.mark.parametrize("tab", ["Data", "Other sheet"])
def test_an_edit_keeps_every_other_part_byte_for_byte(
    tmp_path: Path, open_client: Any, name: str, tab: str
) -> None:
    path = made(tmp_path, BUILDERS[name])
    before = parts_of(path)
    client = open_client(path)
    client.put(f"'{tab}'!C9", [["new"]])
    after = parts_of(path)
    changed = {part for part in before if after.get(part) != before[part]}
    edited = {"Data": SHEET, "Other sheet": "xl/worksheets/sheet2.xml"}[tab]
    assert edited in changed
    assert changed - OWN - {edited, "xl/worksheets/sheet2.xml"} == set()
    opens(path)
    assert client.again().values(f"'{tab}'!C9") == [["new"]]


def test_a_protection_changes_no_tab_and_what_is_done_after_it_is_kept(
    tmp_path: Path, open_client: Any
) -> None:
    path = made(tmp_path, odd_files.drawn, odd_files.talked)
    client = open_client(path)
    client.put("Data!C9", [["new"]])
    before = parts_of(path)
    (data,) = (
        sheet["properties"]["sheetId"]
        for sheet in client.ok("GET", "")["sheets"]
        if sheet["properties"]["title"] == "Data"
    )
    area = {"sheetId": data, "startRowIndex": 0, "endRowIndex": 2, "endColumnIndex": 2}
    client.ok(
        "POST",
        ":batchUpdate",
        {"requests": [{"addProtectedRange": {"protectedRange": {"range": area}}}]},
    )
    after = parts_of(path)
    assert {part for part in after if after[part] != before.get(part)} <= OWN - {SHEET}
    merged = {**area, "startRowIndex": 20, "endRowIndex": 22, "startColumnIndex": 0}
    merge = {"mergeCells": {"range": merged, "mergeType": "MERGE_ALL"}}
    client.ok("POST", ":batchUpdate", {"requests": [merge]})
    (sheet,) = (
        sheet
        for sheet in client.again().ok("GET", "")["sheets"]
        if sheet["properties"]["title"] == "Data"
    )
    assert [(merge["startRowIndex"], merge["endRowIndex"]) for merge in sheet["merges"]] == [
        (20, 22)
    ]
    assert len(sheet["protectedRanges"]) == 1
    opens(path)


@pytest.mark.parametrize("name", BUILDERS)
def test_what_hangs_on_an_edited_tab_still_hangs_on_it(
    tmp_path: Path, open_client: Any, name: str
) -> None:
    path = made(tmp_path, BUILDERS[name])
    before = parts_of(path)
    client = open_client(path)
    client.put("Data!C9", [["new"]])
    client.put("'Other sheet'!C9", [["new"]])
    after = parts_of(path)
    for sheet in (SHEET, "xl/worksheets/sheet2.xml"):
        rels = sheet.replace("sheets/", "sheets/_rels/") + ".rels"
        assert after.get(rels) == before.get(rels)
        old = re.sub(rb"<dimension[^>]*/>|<sheetData>.*</sheetData>", b"", before[sheet])
        new = re.sub(rb"<dimension[^>]*/>|<sheetData>.*</sheetData>", b"", after[sheet])
        assert re.sub(rb">\s+<", b"><", new) == re.sub(rb">\s+<", b"><", old)


def test_a_hundred_saves_do_not_let_the_file_grow(tmp_path: Path, open_client: Any) -> None:
    client = open_client(made(tmp_path, odd_files.drawn))
    bold = {
        "userEnteredValue": {"stringValue": "x"},
        "userEnteredFormat": {"textFormat": {"bold": True}},
    }
    plain = {"userEnteredValue": {"stringValue": "y"}}
    start = {"rowIndex": 1, "columnIndex": 1}
    sizes = []
    for number in range(12):
        rows = [{"values": [bold if number % 2 else plain]}]
        client.batch(
            {
                "updateCells": {
                    "rows": rows,
                    "fields": "userEnteredValue,userEnteredFormat",
                    "start": start,
                }
            }
        )
        if number % 4 == 3:
            client = client.again()
        sizes.append((len(parts_of(client.path)), client.path.stat().st_size))
    assert sizes[3] == sizes[-1]


def test_values_beside_formulas_are_right_on_tabs_that_nobody_touched(
    tmp_path: Path, open_client: Any
) -> None:
    path = made(tmp_path, odd_files.pivoted)
    client = open_client(path)
    before = parts_of(path)["xl/worksheets/sheet2.xml"]
    client.put("Data!B2", [[10]])
    book = openpyxl.load_workbook(path, data_only=True)
    assert [book["Data"]["B5"].value, book["Other sheet"]["A1"].value] == [15, 30]
    book.close()
    after = parts_of(path)["xl/worksheets/sheet2.xml"]
    assert re.sub(rb"<v>30</v>", b"<v></v>", after) == before.replace(b"<v/>", b"<v></v>").replace(
        b"<v />", b"<v></v>"
    )


def test_pictures_and_shapes_move_with_their_rows(tmp_path: Path, open_client: Any) -> None:
    path = made(tmp_path, odd_files.drawn)
    client = open_client(path)
    rows = {"sheetId": 0, "dimension": "ROWS", "startIndex": 3, "endIndex": 5}
    client.batch({"insertDimension": {"range": rows}})
    anchors = re.findall(r"<xdr:row>(\d+)<", parts_of(path)["xl/drawings/drawing1.xml"].decode())
    assert anchors == ["1", "6", "8", "11"]
    client.batch({"deleteDimension": {"range": {**rows, "startIndex": 0, "endIndex": 7}}})
    anchors = re.findall(r"<xdr:row>(\d+)<", parts_of(path)["xl/drawings/drawing1.xml"].decode())
    assert anchors == ["0", "0", "1", "4"]
    assert parts_of(path)["xl/media/image1.png"] == odd_files.png()
    opens(path)


def test_a_chart_of_the_api_joins_the_shapes_of_the_file(tmp_path: Path, open_client: Any) -> None:
    path = made(tmp_path, odd_files.drawn)
    client = open_client(path)
    area = {
        "sheetId": 0,
        "startRowIndex": 0,
        "endRowIndex": 4,
        "startColumnIndex": 1,
        "endColumnIndex": 2,
    }
    series = [{"series": {"sourceRange": {"sources": [area]}}, "targetAxis": "LEFT_AXIS"}]
    spec = {"title": "T", "basicChart": {"chartType": "COLUMN", "headerCount": 1, "series": series}}
    place = {"overlayPosition": {"anchorCell": {"sheetId": 0, "rowIndex": 9, "columnIndex": 1}}}
    client.batch({"addChart": {"chart": {"spec": spec, "position": place}}})
    drawing = parts_of(path)["xl/drawings/drawing1.xml"].decode()
    assert "Picture 1" in drawing
    assert "Box" in drawing
    assert "xl/charts/chart1.xml" in parts_of(path)
    opens(path)
    client = client.again()
    assert len(client.sheet()["charts"]) == 1
    client.batch({"deleteEmbeddedObject": {"objectId": client.sheet()["charts"][0]["chartId"]}})
    assert "xl/charts/chart1.xml" not in parts_of(path)
    assert "Picture 1" in parts_of(path)["xl/drawings/drawing1.xml"].decode()
    opens(path)


def test_a_pivot_table_is_told_where_its_data_is_now(tmp_path: Path, open_client: Any) -> None:
    path = made(tmp_path, odd_files.pivoted)
    client = open_client(path)
    rename = {"properties": {"sheetId": 0, "title": "It's & more"}, "fields": "title"}
    rows = {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 1}
    client.batch({"updateSheetProperties": rename}, {"insertDimension": {"range": rows}})
    cache = parts_of(path)["xl/pivotCache/pivotCacheDefinition1.xml"].decode()
    assert '<worksheetSource ref="A2:B5" sheet="It\'s &amp; more"/>' in cache
    opens(path)


def test_a_pivot_table_moves_whole_and_is_never_torn(tmp_path: Path, open_client: Any) -> None:
    path = made(tmp_path, odd_files.pivoted)
    client = open_client(path)
    other = client.sheet(1)["properties"]["sheetId"]
    rows = {"sheetId": other, "dimension": "ROWS", "startIndex": 0, "endIndex": 2}
    client.batch({"insertDimension": {"range": rows}})
    assert b'<location ref="D5:E9"' in parts_of(path)["xl/pivotTables/pivotTable1.xml"]
    before = path.read_bytes()
    inside = {"insertDimension": {"range": {**rows, "startIndex": 6, "endIndex": 7}}}
    response = client.send("POST", ":batchUpdate", {"requests": [inside]})
    assert response.status_code == 409
    assert response.json()["error"]["details"][0]["parts"] == ["pivot tables (on 'Other sheet')"]
    assert path.read_bytes() == before


def test_threaded_comments_are_kept_or_the_save_is_refused_with_the_tab(
    tmp_path: Path, open_client: Any
) -> None:
    path = made(tmp_path, odd_files.talked)
    client = open_client(path)
    note = {
        "rows": [{"values": [{"note": "mine"}]}],
        "fields": "note",
        "start": {"rowIndex": 5, "columnIndex": 0},
    }
    response = client.send("POST", ":batchUpdate", {"requests": [{"updateCells": note}]})
    assert response.json()["error"]["details"][0]["parts"] == ["threaded comments (on 'Data')"]
    client.put("Data!B2", [[5]])
    assert "xl/threadedComments/threadedComment1.xml" in parts_of(path)
    elsewhere = {**note, "start": {"sheetId": client.sheet(1)["properties"]["sheetId"]}}
    client.batch({"updateCells": elsewhere})
    opens(path)
    assert client.again().cells("'Other sheet'!A1", "note") == [[{"note": "mine"}]]


def test_extensions_of_excel_follow_inserted_rows_and_renamed_tabs(
    tmp_path: Path, open_client: Any
) -> None:
    path = made(tmp_path, odd_files.extended)
    client = open_client(path)
    other = client.sheet(1)["properties"]["sheetId"]
    rename = {"properties": {"sheetId": other, "title": "Lists"}, "fields": "title"}
    client.batch({"updateSheetProperties": rename})
    text = parts_of(path)[SHEET].decode()
    assert "Lists!$A$2:$A$4</" in text
    rows = {"sheetId": other, "dimension": "ROWS", "startIndex": 0, "endIndex": 1}
    client.batch({"insertDimension": {"range": rows}})
    assert "Lists!$A$3:$A$5</" in parts_of(path)[SHEET].decode()
    client.batch({"insertDimension": {"range": {**rows, "sheetId": 0}}})
    text = parts_of(path)[SHEET].decode()
    assert (
        "<xm:f>Data!B3:B5</xm:f><xm:sqref>D3</xm:sqref>" in text,
        'sqref="C3:C5"' in text,
    ) == (
        True,
        True,
    )
    assert 'sqref="B3:B5"' in text
    assert "<x14:id>{1}</x14:id>" in text


def test_deleting_a_tab_drops_what_only_it_led_to(tmp_path: Path, open_client: Any) -> None:
    path = made(tmp_path, odd_files.drawn, odd_files.furnished)
    client = open_client(path)
    client.batch({"deleteSheet": {"sheetId": 0}})
    left = set(parts_of(path))
    assert not {SHEET, "xl/drawings/drawing1.xml", "xl/media/image1.png"} & left
    assert {
        "customXml/item1.xml",
        "xl/vbaProject.bin",
        "xl/externalLinks/externalLink1.xml",
    } <= left
    opens(path)
    assert [s["properties"]["title"] for s in client.again().ok("GET", "")["sheets"]] == [
        "Other sheet"
    ]


def test_a_tab_with_a_slicer_is_not_deleted(tmp_path: Path, open_client: Any) -> None:
    path = made(tmp_path, odd_files.sliced)
    client = open_client(path)
    other = client.sheet(1)["properties"]["sheetId"]
    response = client.send(
        "POST", ":batchUpdate", {"requests": [{"deleteSheet": {"sheetId": other}}]}
    )
    assert response.json()["error"]["details"][0]["parts"] == ["slicers (on 'Other sheet')"]
    client.batch({"addSheet": {"properties": {"title": "Third"}}})
    assert client.again().sheet(2)["properties"]["title"] == "Third"
    opens(path)


def test_names_of_every_kind_follow_their_cells(tmp_path: Path, open_client: Any) -> None:
    kit = Kit(tmp_path / "book.xlsx")
    names = {
        "Rate": "0.2",
        "Both": "Data!$A$1:$A$2,Data!$B$4",
        "Sum": "SUM(Data!$B$2:$B$4)*2",
        "Plain": "Data!$A$2:$B$4",
    }
    lines = "".join(
        f'<definedName name="{name}">{text}</definedName>' for name, text in names.items()
    )
    lines += '<definedName name="_xlnm.Print_Area" localSheetId="0">Data!$A$1:$B$5,Data!$A$2:$A$2</definedName>'
    lines += '<definedName name="_xlnm.Print_Titles" localSheetId="0">Data!$A:$A,Data!$1:$1</definedName>'
    kit.parts[BOOK] = re.sub(rb"<definedNames ?/>", b"", kit.parts[BOOK])
    path = kit.put(BOOK, "<calcPr", f"<definedNames>{lines}</definedNames>").save()
    client = open_client(path)
    assert [name["name"] for name in client.ok("GET", "")["namedRanges"]] == ["Plain"]
    rows = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    rename = {"properties": {"sheetId": 0, "title": "My data", "index": 2}, "fields": "title,index"}
    client.batch({"deleteDimension": {"range": rows}}, {"updateSheetProperties": rename})
    book: Any = openpyxl.load_workbook(path)
    found = {name: defined.attr_text for name, defined in book.defined_names.items()}
    assert found == {
        "Rate": "0.2",
        "Both": "'My data'!$A$1:$A$1,'My data'!$B$3",
        "Sum": "SUM('My data'!$B$2:$B$3)*2",
        "Plain": "'My data'!$A$2:$B$3",
    }
    tab = book["My data"]
    assert (tab.print_area, tab.print_title_rows, tab.print_title_cols) == (
        "'My data'!$A$1:$B$4",
        "$1:$1",
        "$A:$A",
    )
    assert book["Other sheet"].print_title_rows is None
    book.close()


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not on this machine")
def test_libreoffice_opens_a_patched_file_and_ids_survive_its_save(
    tmp_path: Path, open_client: Any
) -> None:
    path = made(
        tmp_path,
        *(
            BUILDERS[name]
            for name in BUILDERS
            if name not in ("slicers", "macros, settings, links")
        ),
    )
    client = open_client(path)
    client.batch({"addSheet": {"properties": {"title": "Third", "sheetId": 77, "index": 0}}})
    client.put("Data!A2:B2", [["Änne <&>", 40]])
    client.put("Third!A1", [["=SUM(Data!B2:B4)"]], "USER_ENTERED")
    ids = [sheet["properties"]["sheetId"] for sheet in client.ok("GET", "")["sheets"]]
    out = tmp_path / "out"
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = [
        str(OFFICE),
        profile,
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(out),
        str(path),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    again = open_client(out / "book.xlsx")
    assert [sheet["properties"]["sheetId"] for sheet in again.ok("GET", "")["sheets"]] == ids
    assert again.values("Data!A1:B5") == [
        ["Name", "Sum"],
        ["Änne <&>", "40"],
        ["b", "2"],
        ["c", "3"],
        ["total", "45"],
    ]
    assert again.values("Third!A1") == [["45"]]
    assert any(name.startswith("xl/media/") for name in parts_of(out / "book.xlsx"))
    again.put("Data!C1", [["back"]])
    assert again.again().values("Data!C1") == [["back"]]
    opens(out / "book.xlsx")


def area(top: int, bottom: int, left: int, right: int) -> dict[str, int]:
    return {
        "startRowIndex": top,
        "endRowIndex": bottom,
        "startColumnIndex": left,
        "endColumnIndex": right,
    }


def lines(dimension: str, start: int, end: int) -> dict[str, Any]:
    return {"sheetId": 0, "dimension": dimension, "startIndex": start, "endIndex": end}


BOLD = {"userEnteredFormat": {"textFormat": {"bold": True}}}
LINK = {"userEnteredFormat": {"textFormat": {"link": {"uri": "https://example.com/"}}}}
NOTE = {"rows": [{"values": [{"note": "n", "userEnteredValue": {"formulaValue": "=SUM(B2:B4)"}}]}]}
LIST = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "a"}]}, "strict": True}
OVER = {
    "condition": {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=$B2>1"}]},
    "format": {},
}
HIDE = {"properties": {"hiddenByUser": True}, "fields": "hiddenByUser"}
EDITS: list[dict[str, Any]] = [
    {
        "repeatCell": {
            "range": area(0, 9, 0, 4),
            "cell": BOLD,
            "fields": "userEnteredFormat.textFormat.bold",
        }
    },
    {"mergeCells": {"range": area(5, 7, 0, 3), "mergeType": "MERGE_ALL"}},
    {
        "updateCells": {
            **NOTE,
            "fields": "note,userEnteredValue",
            "start": {"rowIndex": 7, "columnIndex": 2},
        }
    },
    {
        "repeatCell": {
            "range": area(9, 11, 0, 2),
            "cell": LINK,
            "fields": "userEnteredFormat.textFormat.link",
        }
    },
    {"setDataValidation": {"range": area(1, 5, 3, 4), "rule": LIST}},
    {
        "addConditionalFormatRule": {
            "index": 0,
            "rule": {"ranges": [area(1, 5, 0, 2)], "booleanRule": OVER},
        }
    },
    {"updateDimensionProperties": {"range": lines("COLUMNS", 2, 4), **HIDE}},
    {"updateDimensionProperties": {"range": lines("ROWS", 3, 5), **HIDE}},
    {"insertDimension": {"range": lines("ROWS", 0, 2)}},
    {"insertDimension": {"range": lines("COLUMNS", 1, 2)}},
    {"moveDimension": {"source": lines("ROWS", 3, 4), "destinationIndex": 6}},
    {"moveDimension": {"source": lines("COLUMNS", 5, 6), "destinationIndex": 8}},
    {"deleteDimension": {"range": lines("ROWS", 4, 6)}},
    {
        "sortRange": {
            "range": area(0, 5, 0, 3),
            "sortSpecs": [{"dimensionIndex": 1, "sortOrder": "DESCENDING"}],
        }
    },
    {"duplicateSheet": {"sourceSheetId": 0, "newSheetId": 5, "insertSheetIndex": 0}},
    {
        "updateSheetProperties": {
            "properties": {"sheetId": 0, "title": "O'Brien & <Co>"},
            "fields": "title",
        }
    },
    {"addNamedRange": {"namedRange": {"name": "Here", "range": area(0, 5, 0, 3)}}},
    {"deleteDimension": {"range": lines("COLUMNS", 0, 1)}},
    {"deleteSheet": {"sheetId": 5}},
]


def test_what_is_answered_after_an_edit_is_what_the_file_says(
    tmp_path: Path, open_client: Any
) -> None:
    path = made(tmp_path, odd_files.drawn, odd_files.extended)
    client = open_client(path)
    for edit in EDITS:
        client.batch(edit)
        now = client.ok("GET", "", includeGridData=True)
        again = open_client(path)
        assert again.ok("GET", "", includeGridData=True) == now, edit
        opens(path)
