"""Workbooks with years behind them: dates of the Macintosh, charts with caches, XML in the manner of other writers.

What a save keeps of every file is in test_patching.py.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from sheetsync.emulator.xlsx.package.xml_text import is_xml
from sheetsync.emulator.xlsx.parts.drawings import _replaced
from tests.emulator.odd_files import BOOK, DRAWING, OFFICE, SHEET, XDR, Kit, anchored, parts_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CHART_SPACE = "http://schemas.openxmlformats.org/drawingml/2006/chart"
CHART_KIND = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
DRAWING_KIND = "application/vnd.openxmlformats-officedocument.drawing+xml"


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    return Kit(tmp_path / "book.xlsx")


def dated(path: Path, rows: list[list[tuple[Any, str]]], *, macintosh: bool = False) -> Path:
    """Make a file of (value, number format) cells."""
    book = openpyxl.Workbook()
    if macintosh:
        book.epoch = CALENDAR_MAC_1904
    tab: Any = book.active
    for row, cells in enumerate(rows, 1):
        for column, (value, pattern) in enumerate(cells, 1):
            tab.cell(row, column, value).number_format = pattern
    book.save(path)
    book.close()
    return path


def numbers(path: Path) -> dict[str, str]:
    """Give the values as they stand in the first tab's XML."""
    return dict(
        re.findall(
            r'<c r="([A-Z]+\d+)"[^>]*>(?:<f>[^<]*</f>)?<v>([^<]*)</v>',
            parts_of(path)[SHEET].decode(),
        )
    )


@pytest.mark.parametrize("number", [1, 5, 59, 60, 61, 3_000_000, 45658.123456789])
def test_a_day_is_the_number_that_the_file_has(
    tmp_path: Path, open_client: Callable[[Path], Any], number: float
) -> None:
    client = open_client(dated(tmp_path / "b.xlsx", [[(number, "yyyy-mm-dd")]]))
    assert client.values("A1", valueRenderOption="UNFORMATTED_VALUE") == [[number]]
    client.batch(
        {
            "copyPaste": {
                "source": {
                    "startRowIndex": 0,
                    "endRowIndex": 1,
                    "startColumnIndex": 0,
                    "endColumnIndex": 1,
                },
                "destination": {
                    "startRowIndex": 3,
                    "endRowIndex": 4,
                    "startColumnIndex": 0,
                    "endColumnIndex": 1,
                },
            }
        }
    )
    again = client.again()
    assert again.values("A4", valueRenderOption="UNFORMATTED_VALUE") == [[number]]


def test_days_of_a_file_that_counts_from_1904(
    tmp_path: Path, open_client: Callable[[Path], Any]
) -> None:
    day, plain, span = "dd.mm.yyyy", "0.0", "[h]:mm"
    row = [(dt.date(2025, 3, 2), day), (7.5, plain), (1.5, span), ("=A1+1", day)]
    client = open_client(dated(tmp_path / "mac.xlsx", [row], macintosh=True))
    assert client.values("A1:C1") == [["02.03.2025", "7.5", "36:00"]]
    client.batch(
        {"insertDimension": {"range": {"dimension": "ROWS", "startIndex": 0, "endIndex": 1}}}
    )
    client.put("A1", [["moved"]])
    copied = {"startRowIndex": 1, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 4}
    below = {**copied, "startRowIndex": 4, "endRowIndex": 5}
    client.batch({"copyPaste": {"source": copied, "destination": below}})
    wanted = [["02.03.2025", "7.5", "36:00", "03.03.2025"]]
    assert client.values("A2:D2") == client.values("A5:D5") == wanted
    again = client.again()
    assert again.values("A2:D2") == again.values("A5:D5") == wanted
    book = openpyxl.load_workbook(client.path, data_only=True)
    cells = [cell.value for cell in book.worksheets[0][5]]
    book.close()
    assert cells[0] == dt.datetime(2025, 3, 2)  # noqa: DTZ001  # days in files have no zone
    assert cells[3] == dt.datetime(2025, 3, 3)  # noqa: DTZ001  # as above
    assert numbers(client.path)["A5"] == "44256"


def test_columns_in_groups_of_several_depths_are_saved(
    tmp_path: Path, open_client: Callable[[Path], Any]
) -> None:
    path = tmp_path / "b.xlsx"
    book = openpyxl.Workbook()
    tab: Any = book.active
    tab["A1"] = "x"
    tab.column_dimensions["A"].width = 30
    tab.column_dimensions.group("C", "D", outline_level=1)
    tab.column_dimensions.group("F", "G", outline_level=2, hidden=True)
    book.save(path)
    book.close()
    client = open_client(path)
    resize = {
        "range": {"dimension": "COLUMNS", "startIndex": 0, "endIndex": 1},
        "fields": "pixelSize",
    }
    client.batch({"updateDimensionProperties": {**resize, "properties": {"pixelSize": 50}}})
    book = openpyxl.load_workbook(path)
    found = {
        name: column.outlineLevel for name, column in book.worksheets[0].column_dimensions.items()
    }
    book.close()
    assert (found["C"], found["F"]) == (1, 2)


def test_a_tab_comes_into_a_file_whose_tabs_each_declare_their_namespace(
    kit: Kit, open_client: Callable[[Path], Any]
) -> None:
    text = kit.parts[BOOK].decode()
    text = re.sub(r'\sxmlns:r="[^"]*"', "", text)
    kit.parts[BOOK] = re.sub(r"<sheet ", f'<sheet xmlns:r="{OFFICE}" ', text).encode()
    client = open_client(kit.save())
    client.batch({"addSheet": {"properties": {"title": "New"}}})
    again = client.again()
    assert [sheet["properties"]["title"] for sheet in again.ok("GET", "")["sheets"]] == [
        "Data",
        "Other sheet",
        "New",
    ]


def charted(kit: Kit) -> Kit:
    """Add a chart as Excel writes them, with the values that it drew last, and a look that openpyxl does not know."""
    cache = '<c:numCache><c:ptCount val="1"/><c:pt idx="0"><c:v>1</c:v></c:pt></c:numCache>'
    chart = (
        f'<c:chartSpace xmlns:c="{CHART_SPACE}" xmlns:a="{DRAWING}"><c:chart><c:plotArea><c:layout/><c:barChart>'
        '<c:barDir val="col"/><c:grouping val="clustered"/><c:ser><c:idx val="0"/><c:order val="0"/>'
        f"<c:val><c:numRef><c:f>Data!$B$2:$B$4</c:f>{cache}</c:numRef></c:val></c:ser>"
        '<c:axId val="1"/><c:axId val="2"/></c:barChart><c:catAx><c:axId val="1"/><c:scaling/><c:axPos val="b"/>'
        '<c:crossAx val="2"/></c:catAx><c:valAx><c:axId val="2"/><c:scaling/><c:axPos val="l"/><c:crossAx val="1"/>'
        '</c:valAx></c:plotArea></c:chart><c:extLst><c:ext uri="{own-look}"/></c:extLst></c:chartSpace>'
    )
    frame = (
        '<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="Chart 1"/><xdr:cNvGraphicFramePr/>'
        '</xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic>'
        f'<a:graphicData uri="{CHART_SPACE}"><c:chart xmlns:c="{CHART_SPACE}" r:id="rId1"/></a:graphicData></a:graphic>'
        "</xdr:graphicFrame>"
    )
    text = f'<xdr:wsDr xmlns:xdr="{XDR}" xmlns:a="{DRAWING}" xmlns:r="{OFFICE}">{anchored(6, frame)}</xdr:wsDr>'
    kit.add("xl/charts/chart1.xml", chart, CHART_KIND)
    kit.add("xl/drawings/drawing1.xml", text, DRAWING_KIND)
    kit.relate("xl/drawings/drawing1.xml", "rId1", "chart", "../charts/chart1.xml")
    kit.relate(SHEET, "rId1", "drawing", "/xl/drawings/drawing1.xml")
    return kit.put(SHEET, "</worksheet>", f'<drawing xmlns:r="{OFFICE}" r:id="rId1"/>')


def test_a_chart_that_keeps_the_values_it_drew_stays_itself_when_rows_come(
    kit: Kit, open_client: Callable[[Path], Any]
) -> None:
    client = open_client(charted(kit).save())
    client.batch(
        {"insertDimension": {"range": {"dimension": "ROWS", "startIndex": 1, "endIndex": 3}}}
    )
    parts = parts_of(client.path)
    assert [name for name in parts if name.startswith("xl/charts/")] == ["xl/charts/chart1.xml"]
    assert b"{own-look}" in parts["xl/charts/chart1.xml"]
    assert b"$B$4:$B$6" in parts["xl/charts/chart1.xml"]
    assert b"<xdr:row>8</xdr:row>" in parts["xl/drawings/drawing1.xml"]


def test_charts_are_told_in_the_same_order_when_the_file_is_opened_anew(
    kit: Kit, open_client: Callable[[Path], Any]
) -> None:
    client = open_client(charted(kit).save())
    column = {"startRowIndex": 0, "endRowIndex": 4, "startColumnIndex": 1, "endColumnIndex": 2}
    series = {"series": {"sourceRange": {"sources": [column]}}, "targetAxis": "LEFT_AXIS"}
    spec = {"basicChart": {"chartType": "LINE", "headerCount": 1, "series": [series]}}
    place = {"overlayPosition": {"anchorCell": {"rowIndex": 1, "columnIndex": 8}}}
    client.batch({"addChart": {"chart": {"spec": spec, "position": place}}})
    ids = [chart["chartId"] for chart in client.sheet()["charts"]]
    assert len(ids) == 2
    assert [chart["chartId"] for chart in client.again().sheet()["charts"]] == ids


@pytest.mark.parametrize("old", ["", "xdr:", "d:"])
@pytest.mark.parametrize("new", ["", "xdr:"])
def test_an_anchor_takes_its_new_place_whatever_the_prefixes(old: str, new: str) -> None:
    spaces = f'xmlns="{XDR}" xmlns:xdr="{XDR}" xmlns:d="{XDR}"'

    def anchor(prefix: str, row: int) -> str:
        text = f"<twoCellAnchor><from><col>1</col><row>{row}</row></from><to><col>2</col><row>9</row></to></twoCellAnchor>"
        return re.sub(r"<(/?)", rf"<\1{prefix}", text)

    text = _replaced(anchor(old, 1), anchor(new, 5))
    assert is_xml(f"<all {spaces}>{text}</all>".encode())
    assert f"<{old}row>5</{old}row>" in text


def test_merges_bring_no_cells_that_the_file_does_not_have(
    kit: Kit, open_client: Callable[[Path], Any]
) -> None:
    text = '<mergeCells count="3"><mergeCell ref="D20:E22"/><mergeCell ref="A30:B31"/><mergeCell ref="D2:E2"/></mergeCells>'
    kit.put(SHEET, "<pageMargins", text)
    client = open_client(kit.save())
    sheet = client.ok("GET", "", includeGridData="true")["sheets"][0]
    assert len(sheet["data"][0]["rowData"]) == 5
    assert [merge["startRowIndex"] for merge in sheet["merges"]] == [1, 19, 29]


@pytest.mark.parametrize(
    ("data", "good"),
    [
        (b"<a><b/></a>", True),
        (b"<a><b></a>", False),
        (b"<a r:id='1'/>", False),
        (b"<x:/>", False),
        (b"", False),
    ],
)
def test_a_part_that_nobody_could_read_is_told(data: bytes, good: bool) -> None:  # noqa: FBT001  # a table of cases
    assert is_xml(data) is good


def test_a_save_that_would_leave_an_unreadable_part_is_refused(
    kit: Kit, open_client: Callable[[Path], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = open_client(kit.save())
    before = client.path.read_bytes()
    monkeypatch.setattr("sheetsync.emulator.xlsx.patch.with_state", lambda _old, _state: b"<half")
    code, message = client.fail("POST", ":batchUpdate", {"requests": [{"addSheet": {}}]})
    assert code == 409
    assert "docProps/custom.xml" in message
    assert client.path.read_bytes() == before
    assert len(client.ok("GET", "")["sheets"]) == 2
