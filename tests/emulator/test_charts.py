"""Charts: what the API tells of them, that they follow their cells, and that other programs find them in the file.

Files are opened with openpyxl here, as another program would.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from openpyxl.chart import (
    BarChart,
    LineChart,
    PieChart,
    RadarChart,
    Reference,
    ScatterChart,
    Series,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ROWS = [
    ["Month", "Income", "Costs"],
    ["Jan", 10, 4],
    ["Feb", 14, 6],
    ["Mar", 9, 7],
    ["Apr", 20, 11],
]


def column(index: int, *, start: int = 0, end: int = 5, sheet: int = 0) -> dict[str, Any]:
    cells = {
        "startRowIndex": start,
        "endRowIndex": end,
        "startColumnIndex": index,
        "endColumnIndex": index + 1,
    }
    return {"sourceRange": {"sources": [{"sheetId": sheet, **cells}]}}


def basic(kind: str, series: list[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    drawn = series or [{"series": column(1)}, {"series": column(2)}]
    spec = {
        "chartType": kind,
        "headerCount": 1,
        "domains": [{"domain": column(0)}],
        "series": drawn,
        **more,
    }
    return {"title": "Money", "basicChart": spec}


def at(row: int, column_: int, sheet: int = 0, **more: Any) -> dict[str, Any]:
    return {
        "overlayPosition": {
            "anchorCell": {"sheetId": sheet, "rowIndex": row, "columnIndex": column_},
            **more,
        }
    }


def add(client: Any, spec: Any, position: Any = None, **more: Any) -> Any:
    chart = {"spec": spec, "position": position or at(6, 4), **more}
    return client.batch({"addChart": {"chart": chart}})["replies"][0]["addChart"]["chart"]


def drawn(path: Path, tab: int = 0) -> list[Any]:
    book = openpyxl.load_workbook(path)
    sheets: Any = book.worksheets
    charts = list(sheets[tab]._charts)  # noqa: SLF001  # openpyxl has no public list
    book.close()
    return charts


def references(chart: Any) -> list[tuple[str, str, str]]:
    """(name, categories, values) of each series of each plot."""
    out = []
    for plot in chart._charts:  # noqa: SLF001  # as above
        for each in plot.ser:
            cat = each.cat or each.xVal
            categories = (cat.strRef or cat.numRef).f if cat is not None else ""
            name = each.tx.strRef.f if each.tx is not None else ""
            out.append((name, categories, (each.val or each.yVal).numRef.f))
    return out


@pytest.fixture
def money(client: Any) -> Any:
    client.put("A1", ROWS)
    return client


def test_a_chart_is_told_and_drawn(money: Any) -> None:
    chart = add(money, basic("COLUMN"), at(6, 4, widthPixels=480), chartId=77)
    assert chart["chartId"] == 77
    assert chart["position"] == at(6, 4, widthPixels=480, heightPixels=371) | {
        "overlayPosition": {
            "anchorCell": {"rowIndex": 6, "columnIndex": 4},
            "widthPixels": 480,
            "heightPixels": 371,
        }
    }
    assert money.sheet()["charts"] == [chart]
    assert money.again().sheet()["charts"] == [chart]
    (saved,) = drawn(money.path)
    assert (type(saved).__name__, saved.barDir, saved.grouping) == ("BarChart", "col", "clustered")
    assert references(saved) == [
        ("Sheet1!$B$1", "Sheet1!$A$2:$A$5", "Sheet1!$B$2:$B$5"),
        ("Sheet1!$C$1", "Sheet1!$A$2:$A$5", "Sheet1!$C$2:$C$5"),
    ]
    start = saved.anchor._from  # noqa: SLF001  # openpyxl's own name for it
    assert (start.row, start.col, saved.anchor.ext.width) == (6, 4, 480 * 9525)
    assert not saved.x_axis.delete
    assert not saved.y_axis.delete


@pytest.mark.parametrize(
    ("kind", "name", "grouping"),
    [
        ("BAR", "BarChart", "clustered"),
        ("COLUMN", "BarChart", "clustered"),
        ("LINE", "LineChart", "standard"),
        ("AREA", "AreaChart", "standard"),
        ("STEPPED_AREA", "BarChart", "clustered"),
        ("SCATTER", "ScatterChart", None),
    ],
)
def test_each_basic_kind_is_drawn_and_keeps_its_name(
    money: Any, kind: str, name: str, grouping: str | None
) -> None:
    add(money, basic(kind))
    (saved,) = drawn(money.path)
    assert (type(saved).__name__, getattr(saved, "grouping", None)) == (name, grouping)
    assert len(references(saved)) == 2
    again = money.again()
    assert again.sheet()["charts"][0]["spec"]["basicChart"]["chartType"] == kind


@pytest.mark.parametrize(
    ("stacked", "grouping"), [("STACKED", "stacked"), ("PERCENT_STACKED", "percentStacked")]
)
@pytest.mark.parametrize("kind", ["BAR", "COLUMN", "AREA"])
def test_stacked_charts_are_stacked_in_the_file(
    money: Any, kind: str, stacked: str, grouping: str
) -> None:
    add(money, basic(kind, stackedType=stacked))
    assert drawn(money.path)[0].grouping == grouping


def test_a_combo_chart_has_a_plot_for_each_kind_and_axis(money: Any) -> None:
    series = [
        {"series": column(1), "type": "COLUMN", "targetAxis": "LEFT_AXIS"},
        {"series": column(2), "type": "LINE", "targetAxis": "RIGHT_AXIS", "color": {"red": 1}},
    ]
    axes = [
        {"position": "BOTTOM_AXIS", "title": "Months"},
        {"position": "RIGHT_AXIS", "title": "Spent"},
    ]
    add(money, basic("COMBO", series, axis=axes, legendPosition="TOP_LEGEND"))
    (saved,) = drawn(money.path)
    assert [type(plot).__name__ for plot in saved._charts] == ["BarChart", "LineChart"]  # noqa: SLF001  # as above
    assert saved._charts[1].y_axis.crosses == "max"  # noqa: SLF001  # as above
    assert saved.legend.legendPos == "t"
    assert saved._charts[1].ser[0].graphicalProperties.line.solidFill.srgbClr == "FF0000"  # noqa: SLF001  # as above


def test_a_pie_and_a_ring(money: Any) -> None:
    spec = {
        "title": "Parts",
        "pieChart": {"domain": column(0), "series": column(1), "legendPosition": "NO_LEGEND"},
    }
    add(money, spec)
    add(money, {"pieChart": {"domain": column(0), "series": column(1), "pieHole": 0.5}}, at(30, 4))
    pie, ring = drawn(money.path)
    assert (type(pie).__name__, pie.legend) == ("PieChart", None)
    assert (type(ring).__name__, ring.holeSize) == ("DoughnutChart", 50)
    assert references(pie) == [("Sheet1!$B$1", "Sheet1!$A$2:$A$5", "Sheet1!$B$2:$B$5")]


def test_headers_are_guessed_where_nobody_counted_them(money: Any) -> None:
    spec = basic("LINE", [{"series": column(1)}])
    del spec["basicChart"]["headerCount"]
    add(money, spec)
    bare = basic("LINE", [{"series": column(1, start=1)}], domains=[{"domain": column(0, start=1)}])
    del bare["basicChart"]["headerCount"]
    add(money, bare, at(30, 4))
    first, second = drawn(money.path)
    assert references(first) == [("Sheet1!$B$1", "Sheet1!$A$2:$A$5", "Sheet1!$B$2:$B$5")]
    assert references(second) == [("", "Sheet1!$A$2:$A$5", "Sheet1!$B$2:$B$5")]


def test_charts_follow_rows_that_come_and_go(money: Any) -> None:
    add(money, basic("COLUMN"), chartId=5)
    top = {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 3}
    money.batch({"insertDimension": {"range": top}})
    inside = {"sheetId": 0, "dimension": "ROWS", "startIndex": 5, "endIndex": 6}
    money.batch({"deleteDimension": {"range": inside}})
    left = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
    money.batch({"insertDimension": {"range": left}})
    for client in (money, money.again()):
        chart = client.sheet()["charts"][0]
        assert chart["position"]["overlayPosition"]["anchorCell"] == {
            "rowIndex": 8,
            "columnIndex": 5,
        }
        source = chart["spec"]["basicChart"]["series"][0]["series"]["sourceRange"]["sources"]
        assert source == [
            {"startRowIndex": 3, "endRowIndex": 7, "startColumnIndex": 2, "endColumnIndex": 3}
        ]
    assert references(drawn(money.path)[0])[0] == (
        "Sheet1!$C$4",
        "Sheet1!$B$5:$B$7",
        "Sheet1!$C$5:$C$7",
    )


def test_a_series_goes_with_its_column_and_an_anchor_stays_on_the_grid(money: Any) -> None:
    add(money, basic("COLUMN"), at(6, 2))
    money.batch(
        {
            "deleteDimension": {
                "range": {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 2, "endIndex": 3}
            }
        }
    )
    money.batch(
        {
            "deleteDimension": {
                "range": {"sheetId": 0, "dimension": "ROWS", "startIndex": 5, "endIndex": 10}
            }
        }
    )
    chart = money.sheet()["charts"][0]
    assert len(chart["spec"]["basicChart"]["series"]) == 1
    assert chart["position"]["overlayPosition"]["anchorCell"] == {"rowIndex": 5, "columnIndex": 2}
    assert len(references(drawn(money.path)[0])) == 1


def test_charts_draw_other_tabs_which_may_be_renamed_and_deleted(money: Any) -> None:
    money.batch({"addSheet": {"properties": {"sheetId": 9, "title": "View"}}})
    add(money, basic("LINE"), at(1, 1, sheet=9))
    money.batch(
        {
            "updateSheetProperties": {
                "properties": {"sheetId": 0, "title": "It's"},
                "fields": "title",
            }
        }
    )
    assert references(drawn(money.path, 1)[0])[0][2] == "'It''s'!$B$2:$B$5"
    money.batch(
        {"insertDimension": {"range": {"dimension": "ROWS", "startIndex": 0, "endIndex": 1}}}
    )
    assert references(drawn(money.path, 1)[0])[0][2] == "'It''s'!$B$3:$B$6"
    money.batch({"deleteSheet": {"sheetId": 0}})
    chart = money.again().sheet()["charts"][0]
    assert (chart["spec"]["basicChart"]["series"], chart["spec"]["basicChart"]["domains"]) == (
        [],
        [],
    )


def test_a_duplicated_tab_has_charts_of_its_own(money: Any) -> None:
    add(money, basic("LINE"), chartId=3)
    money.batch({"duplicateSheet": {"sourceSheetId": 0, "newSheetId": 44, "insertSheetIndex": 1}})
    copy = money.sheet(1)["charts"][0]
    assert copy["chartId"] != 3
    assert (
        copy["spec"]["basicChart"]["domains"][0]["domain"]["sourceRange"]["sources"][0]["sheetId"]
        == 44
    )
    assert references(drawn(money.path, 1)[0])[0][2] == "'Copy of Sheet1'!$B$2:$B$5"
    assert money.sheet()["charts"][0]["chartId"] == 3


def test_a_chart_gets_another_spec_place_and_border_and_goes(money: Any) -> None:
    number = add(money, basic("COLUMN"))["chartId"]
    money.batch({"updateChartSpec": {"chartId": number, "spec": basic("LINE") | {"title": "New"}}})
    place = {"overlayPosition": {"anchorCell": {"rowIndex": 20}, "widthPixels": 300}}
    fields = "anchorCell.rowIndex,widthPixels"
    move = {"objectId": number, "newPosition": place, "fields": fields}
    (reply,) = money.batch({"updateEmbeddedObjectPosition": move})["replies"]
    wanted = {
        "anchorCell": {"rowIndex": 20, "columnIndex": 4},
        "widthPixels": 300,
        "heightPixels": 371,
    }
    assert reply == {"updateEmbeddedObjectPosition": {"position": {"overlayPosition": wanted}}}
    frame = {
        "objectId": number,
        "border": {"colorStyle": {"rgbColor": {"blue": 1}}},
        "fields": "colorStyle",
    }
    money.batch({"updateEmbeddedObjectBorder": frame})
    chart = money.again().sheet()["charts"][0]
    assert (chart["spec"]["title"], chart["spec"]["basicChart"]["chartType"]) == ("New", "LINE")
    assert chart["border"] == {"color": {"blue": 1}, "colorStyle": {"rgbColor": {"blue": 1}}}
    (saved,) = drawn(money.path)
    assert (type(saved).__name__, saved.anchor._from.row) == ("LineChart", 20)  # noqa: SLF001  # as above
    assert saved.graphical_properties.line.solidFill.srgbClr == "0000FF"
    money.batch({"deleteEmbeddedObject": {"objectId": number}})
    assert "charts" not in money.sheet()
    assert drawn(money.path) == []


@pytest.mark.parametrize(
    ("chart", "message"),
    [
        ({"spec": {"histogramChart": {}}}, "not emulated: spec.histogramChart"),
        (
            {"spec": basic("LINE"), "position": {"newSheet": True}},
            "not emulated: position.newSheet",
        ),
        ({"spec": {"title": "x"}}, "Exactly one kind of chart must be set in spec"),
        (
            {
                "spec": basic(
                    "LINE",
                    [
                        {
                            "series": {
                                "sourceRange": {
                                    "sources": [{"endRowIndex": 5, "endColumnIndex": 2}]
                                }
                            }
                        }
                    ],
                )
            },
            "ChartSourceRange ranges require all rows or all columns to have length of 1",
        ),
        ({"spec": basic("LINE", [{"series": column(1, sheet=8)}])}, "No grid with id: 8"),
        ({"spec": basic("LINE", [{"series": column(1, end=5000)}])}, "exceeds grid limits"),
        ({"spec": basic("LINE"), "chartId": 1}, "already exists"),
        (
            {"spec": basic("LINE"), "position": at(5000, 0)},
            "GridCoordinate.rowIndex[5000] is after last row in grid",
        ),
        ({"spec": basic("LINE", threeDimensional=True)}, "threeDimensional is not supported"),
        (
            {"spec": basic("COMBO", [{"series": column(1), "type": "SCATTER"}])},
            "not supported in a COMBO chart",
        ),
    ],
)
def test_charts_that_cannot_be_are_refused(money: Any, chart: Any, message: str) -> None:
    add(money, basic("COLUMN"), chartId=1)
    assert message in money.refused({"addChart": {"chart": chart}})
    assert len(money.sheet()["charts"]) == 1


def test_lying_bars_have_the_first_category_on_top_as_google_draws_them(money: Any) -> None:
    lying = [{"series": column(1), "targetAxis": "BOTTOM_AXIS"}]
    add(money, basic("BAR", lying))
    turned = basic("BAR", lying, domains=[{"domain": column(0), "reversed": True}])
    add(money, turned, at(30, 4))
    add(money, basic("COLUMN"), at(50, 4))
    orders = [one.x_axis.scaling.orientation for one in drawn(money.path)]
    assert orders == ["maxMin", "minMax", "minMax"]
    assert drawn(money.path)[0].y_axis.crosses == "max"  # so that the values' axis stays below


def test_a_title_is_written_in_the_letters_of_its_spec(money: Any) -> None:
    letters = {
        "fontSize": 11,
        "bold": True,
        "foregroundColorStyle": {"rgbColor": {"red": 1}},
        "fontFamily": "Arial",
    }
    add(money, basic("LINE") | {"titleTextFormat": letters})
    (run,) = drawn(money.path)[0].title.tx.rich.p[0].r
    assert (run.t, run.rPr.sz, run.rPr.b, run.rPr.latin.typeface) == ("Money", 1100, True, "Arial")
    assert run.rPr.solidFill.srgbClr == "FF0000"
    assert money.again().sheet()["charts"][0]["spec"]["titleTextFormat"]["fontSize"] == 11


def test_unknown_charts_are_refused(money: Any) -> None:
    assert "No chart with id: 4" in money.refused(
        {"updateChartSpec": {"chartId": 4, "spec": basic("LINE")}}
    )
    assert "No embedded object with id: 4" in money.refused(
        {"deleteEmbeddedObject": {"objectId": 4}}
    )


def foreign(path: Path) -> Path:
    """Make a workbook with charts as other programs have them."""
    book = openpyxl.Workbook()
    tab: Any = book.active
    for row in ROWS:
        tab.append(row)
    line = LineChart()
    line.title = "By month"
    line.style = 12
    line.add_data(Reference(tab, min_col=2, max_col=3, min_row=1, max_row=5), titles_from_data=True)
    line.set_categories(Reference(tab, min_col=1, min_row=2, max_row=5))
    line.y_axis.title = "Euro"
    line.ser[0].graphicalProperties.line.solidFill = "00FF00"
    tab.add_chart(line, "F2")
    pie = PieChart()
    pie.add_data(Reference(tab, min_col=2, min_row=2, max_row=5))
    tab.add_chart(pie, "F20")
    radar = RadarChart()
    radar.add_data(Reference(tab, min_col=3, min_row=1, max_row=5), titles_from_data=True)
    tab.add_chart(radar, "F40")
    other: Any = book.create_sheet("Dots")
    dots = ScatterChart()
    x, y = (
        Reference(tab, min_col=2, min_row=2, max_row=5),
        Reference(tab, min_col=3, min_row=1, max_row=5),
    )
    dots.series.append(Series(y, x, title_from_data=True))
    other.add_chart(dots, "A1")
    bars = BarChart()
    bars.type = "bar"
    bars.grouping = "stacked"
    bars.add_data(Reference(tab, min_col=2, max_col=3, min_row=1, max_row=5), titles_from_data=True)
    other.add_chart(bars, "A20")
    book.save(path)
    book.close()
    return path


def test_charts_of_a_foreign_file_are_told_as_far_as_they_can_be(
    tmp_path: Path, open_client: Callable[[Path], Any]
) -> None:
    client = open_client(foreign(tmp_path / "foreign.xlsx"))
    line, pie, radar = client.sheet()["charts"]
    assert line["spec"]["title"] == "By month"
    told = line["spec"]["basicChart"]
    assert (told["chartType"], told["headerCount"]) == ("LINE", 1)
    assert told["domains"] == [{"domain": {"sourceRange": {"sources": [{**cells(0, 0, 5)}]}}}]
    assert [item["series"]["sourceRange"]["sources"] for item in told["series"]] == [
        [cells(1, 0, 5)],
        [cells(2, 0, 5)],
    ]
    assert told["series"][0]["color"] == {"green": 1}
    assert {"position": "LEFT_AXIS", "title": "Euro"} in told["axis"]
    assert line["position"]["overlayPosition"]["anchorCell"] == {"rowIndex": 1, "columnIndex": 5}
    assert pie["spec"]["pieChart"]["series"]["sourceRange"]["sources"] == [cells(1, 1, 5)]
    assert [name for name in radar["spec"] if name.endswith("Chart")] == []
    dots, bars = client.sheet(1)["charts"]
    assert dots["spec"]["basicChart"]["chartType"] == "SCATTER"
    assert (bars["spec"]["basicChart"]["chartType"], bars["spec"]["basicChart"]["stackedType"]) == (
        "BAR",
        "STACKED",
    )


def cells(column_: int, start: int, end: int) -> dict[str, int]:
    out = {
        "startRowIndex": start,
        "endRowIndex": end,
        "startColumnIndex": column_,
        "endColumnIndex": column_ + 1,
    }
    return out  # noqa: RET504  # named for the reader


def test_charts_of_a_foreign_file_follow_rows_and_keep_their_ids_and_looks(
    tmp_path: Path, open_client: Callable[[Path], Any]
) -> None:
    client = open_client(foreign(tmp_path / "foreign.xlsx"))
    ids = [chart["chartId"] for sheet in (0, 1) for chart in client.sheet(sheet)["charts"]]
    assert len(set(ids)) == 5
    client.batch(
        {"insertDimension": {"range": {"dimension": "ROWS", "startIndex": 0, "endIndex": 2}}}
    )
    client.batch(
        {"deleteDimension": {"range": {"dimension": "ROWS", "startIndex": 5, "endIndex": 6}}}
    )
    again = client.again()
    assert [chart["chartId"] for sheet in (0, 1) for chart in again.sheet(sheet)["charts"]] == ids
    line, _, radar = drawn(client.path)
    assert references(line)[1] == (
        "'Sheet'!$C$3",
        "'Sheet'!$A$4:$A$6",
        "'Sheet'!$C$4:$C$6",
    ) or references(line)[1] == (
        "Sheet!$C$3",
        "Sheet!$A$4:$A$6",
        "Sheet!$C$4:$C$6",
    )
    assert line.ser[0].graphicalProperties.line.solidFill.srgbClr == "00FF00"
    assert (line.anchor._from.row, radar.anchor._from.row) == (3, 40)  # noqa: SLF001  # openpyxl's own name for it
    assert references(radar)[0][2].replace("'", "") == "Sheet!$C$4:$C$6"
    dots = drawn(client.path, 1)[0]
    assert references(dots)[0][2].replace("'", "") == "Sheet!$C$4:$C$6"
    assert dots.anchor._from.row == 0  # noqa: SLF001  # as above
    told = again.sheet(1)["charts"][0]["spec"]["basicChart"]["series"][0]["series"]["sourceRange"][
        "sources"
    ]
    assert told == [
        {
            "startRowIndex": 2,
            "endRowIndex": 6,
            "startColumnIndex": 2,
            "endColumnIndex": 3,
            **sheet_id(again),
        }
    ]


def test_a_duplicated_tab_keeps_charts_that_no_spec_can_say(
    tmp_path: Path, open_client: Callable[[Path], Any]
) -> None:
    client = open_client(foreign(tmp_path / "foreign.xlsx"))
    first = client.sheet()["properties"]["sheetId"]
    client.batch(
        {"duplicateSheet": {"sourceSheetId": first, "newSheetId": 77, "insertSheetIndex": 1}}
    )
    radar = drawn(client.path, 1)[2]
    assert (type(radar).__name__, references(radar)[0][2]) == (
        "RadarChart",
        "'Copy of Sheet'!$C$2:$C$5",
    )
    assert len(client.again().sheet(1)["charts"]) == 3


def sheet_id(client: Any) -> dict[str, int]:
    number = client.sheet()["properties"]["sheetId"]
    return {"sheetId": number} if number else {}


def test_a_chart_moved_by_another_program_keeps_its_id_and_spec(money: Any) -> None:
    add(money, basic("STEPPED_AREA"), chartId=12)
    book = openpyxl.load_workbook(money.path)
    tab: Any = book.active
    chart = tab._charts[0]  # noqa: SLF001  # openpyxl has no public list
    chart.anchor._from.row = 30  # noqa: SLF001  # as above
    book.save(money.path)
    book.close()
    told = money.again().sheet()["charts"][0]
    assert (told["chartId"], told["spec"]["basicChart"]["chartType"]) == (12, "STEPPED_AREA")
    assert told["position"]["overlayPosition"]["anchorCell"]["rowIndex"] == 30
