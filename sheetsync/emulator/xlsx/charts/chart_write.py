"""Draws the API's charts as charts of the file.

Basic charts and pies, which Excel and LibreOffice show.

A file has no stepped areas (columns without gaps stand in for them) and no subtitles (a second line
of the title).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.chart import (
    AreaChart,
    BarChart,
    BarChart3D,
    DoughnutChart,
    LineChart,
    PieChart,
    PieChart3D,
    ScatterChart,
)
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.legend import Legend
from openpyxl.chart.marker import Marker
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.title import title_maker
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Font, ParagraphProperties

from sheetsync.emulator.xlsx.charts.chart_data import Data
from sheetsync.emulator.xlsx.styles.styles import rgb_of

if TYPE_CHECKING:
    from openpyxl.chart.series import Series

    from sheetsync.emulator.model.evaluate import Computation
    from sheetsync.emulator.model.grid import Book, Json
    from sheetsync.emulator.xlsx.charts.chart_data import Places

_EMU = 9525
_WIDEST = 2112  # pixels: no line of a file may be wider
_SECOND_AXIS = 200  # any number that is no other axis's
_STACKED: dict[str, Any] = {
    "STACKED": "stacked",
    "PERCENT_STACKED": "percentStacked",
}
_LEGENDS = {"BOTTOM_LEGEND": "b", "LEFT_LEGEND": "l", "TOP_LEGEND": "t"}
_DASHES: dict[str, Any] = {
    "DOTTED": "sysDot",
    "MEDIUM_DASHED": "dash",
    "MEDIUM_DASHED_DOTTED": "dashDot",
    "LONG_DASHED": "lgDash",
    "LONG_DASHED_DOTTED": "lgDashDot",
}
_SHAPES: dict[str, Any] = {
    "X_MARK": "x",
    "CIRCLE": "circle",
    "DIAMOND": "diamond",
    "SQUARE": "square",
    "STAR": "star",
    "TRIANGLE": "triangle",
}
_LINED = ("LINE", "SCATTER")
_GRID = "D9D9D9"
_GAP = 60  # percent of a bar's width: about what Google leaves between bars
_PALETTE = (
    "4285F4",
    "EA4335",
    "FBBC04",
    "34A853",
    "FF6D01",
    "46BDC6",
)  # points without a color of their own are unseen


def build(book: Book, spec: Json, border: Json, computed: Computation) -> Any:
    """Give the openpyxl chart of a spec; None where it draws nothing that a file can say."""
    data = Data(
        book, computed, {sheet.id: sheet.title for sheet in book.sheets}
    )
    if "pieChart" in spec:
        chart = _pie(spec["pieChart"], data)
    elif "basicChart" in spec:
        chart = _Basic(spec["basicChart"], data).chart()
    else:
        return None
    words = "\n".join(
        text for text in (spec.get("title"), spec.get("subtitle")) if text
    )
    chart.title = _title(words, spec.get("titleTextFormat", {}))
    chart.roundedCorners = False
    chart.visible_cells_only = spec.get("hiddenDimensionStrategy") != "SHOW_ALL"
    chart.graphical_properties = _frame(spec, border)
    return chart


def _title(words: str | None, style: Json | None = None) -> Any:
    if not words:
        return None
    title: Any = title_maker(words)
    title.overlay = False
    for paragraph in title.tx.rich.p if style else ():
        paragraph.pPr = ParagraphProperties(defRPr=_letters(style or {}))
        for run in paragraph.r:
            run.rPr = _letters(style or {})
    return title


def _letters(style: Json) -> CharacterProperties:
    """Give a TextFormat as a file has it; sizes are in hundredths of a point there."""
    out: Any = CharacterProperties(
        b=style.get("bold"),
        i=style.get("italic"),
        solidFill=rgb_of(
            style.get("foregroundColor"), style.get("foregroundColorStyle")
        ),
    )
    if style.get("fontSize"):
        out.sz = min(max(int(style["fontSize"]), 1), 400) * 100
    if style.get("fontFamily"):
        out.latin = Font(typeface=style["fontFamily"])
    # Under Any: its fields are descriptors.
    return out  # type: ignore[no-any-return]


def _frame(spec: Json, border: Json) -> GraphicalProperties | None:
    fill = rgb_of(spec.get("backgroundColor"), spec.get("backgroundColorStyle"))
    line = rgb_of(border.get("color"), border.get("colorStyle"))
    if fill is None and line is None:
        return None
    out: Any = GraphicalProperties(solidFill=fill)
    if line is not None:
        out.line = LineProperties(solidFill=line)
    # Under Any: its fields are descriptors.
    return out  # type: ignore[no-any-return]


def _legend(name: str | None) -> Legend | None:
    if name in ("NO_LEGEND", "LABELED_LEGEND"):
        return None
    legend: Any = Legend()
    legend.legendPos = _LEGENDS.get(str(name), "r")
    legend.overlay = False
    return legend  # type: ignore[no-any-return]  # as above


def _pie(spec: Json, data: Data) -> Any:
    values, domain = (
        data.places(spec.get("series")),
        data.places(spec.get("domain")),
    )
    data.guess([values])
    hole = float(spec.get("pieHole", 0))
    chart: Any = PieChart3D() if spec.get("threeDimensional") else PieChart()
    if hole:
        chart = DoughnutChart(holeSize=min(max(round(hole * 100), 10), 90))
    if values:
        chart.series.append(data.series(values, domain, points=False))
    chart.varyColors = True
    chart.legend = _legend(spec.get("legendPosition"))
    if spec.get("legendPosition") == "LABELED_LEGEND":
        chart.dataLabels = _labels(
            showCatName=True, showPercent=True, showLeaderLines=True
        )
    return chart


def _labels(**shown: bool) -> DataLabelList:
    off = dict.fromkeys(
        (
            "showLegendKey",
            "showVal",
            "showCatName",
            "showSerName",
            "showPercent",
        ),
        False,
    )
    return DataLabelList(**{**off, **shown})


class _Basic:
    """Draws one basic chart: its series in plots, one for each kind and value axis."""

    def __init__(self, spec: Json, data: Data) -> None:
        self.spec = spec
        self.data = data
        self.kind = str(spec["chartType"])
        self.domain: Places = data.places(
            (spec.get("domains") or [{}])[0].get("domain")
        )

    def chart(self) -> Any:
        given = [
            (item, self.data.places(item.get("series")))
            for item in self.spec.get("series", [])
        ]
        given = [(item, places) for item, places in given if places]
        if "headerCount" in self.spec:
            self.data.headers = int(self.spec["headerCount"])
        else:
            self.data.guess([places for _, places in given])
        plots: dict[tuple[str, bool], Any] = {}
        for item, places in given:
            kind = self._kind(item)
            right = item.get("targetAxis") == "RIGHT_AXIS"
            if (kind, right) not in plots:
                plots[kind, right] = self._plot(
                    kind, right=right, second=bool(plots)
                )
            plots[kind, right].series.append(self._series(item, places, kind))
        return self._joined(
            list(plots.values())
            or [self._plot(self._kind({}), right=False, second=False)]
        )

    def _kind(self, item: Json) -> str:
        return (
            str(item.get("type", "COLUMN"))
            if self.kind == "COMBO"
            else self.kind
        )

    def _joined(self, plots: list[Any]) -> Any:
        main = plots[0]
        for other in plots[1:]:
            main += other
        main.legend = _legend(self.spec.get("legendPosition"))
        main.display_blanks = (
            "span" if self.spec.get("interpolateNulls") else "gap"
        )
        return main

    def _plot(self, kind: str, *, right: bool, second: bool) -> Any:
        chart = self._bare(kind)
        stacked = _STACKED.get(str(self.spec.get("stackedType")))
        if isinstance(chart, (BarChart, BarChart3D)):
            chart.barDir = "bar" if kind == "BAR" else "col"
            chart.grouping = stacked or "clustered"
            chart.gapWidth = _GAP
        elif isinstance(chart, (LineChart, AreaChart)):
            chart.grouping = (
                (stacked or "standard") if kind != "LINE" else "standard"
            )
        if isinstance(chart, BarChart) and (stacked or kind == "STEPPED_AREA"):
            chart.overlap = 100
        if isinstance(chart, BarChart) and kind == "STEPPED_AREA":
            chart.gapWidth = 0
        if isinstance(chart, ScatterChart):
            chart.scatterStyle = "lineMarker"
        self._axes(chart, right=right, second=second)
        return chart

    def _bare(self, kind: str) -> Any:
        solid = self.spec.get("threeDimensional") and self.kind in (
            "BAR",
            "COLUMN",
        )
        if kind == "LINE":
            return LineChart()
        if kind == "AREA":
            return AreaChart()
        if kind == "SCATTER":
            return ScatterChart()
        return BarChart3D() if solid else BarChart()

    def _axes(self, chart: Any, *, right: bool, second: bool) -> None:
        lying = self.kind == "BAR"
        named = {
            axis.get("position"): axis for axis in self.spec.get("axis", [])
        }
        own = named.get("LEFT_AXIS" if lying else "BOTTOM_AXIS", {})
        values = named.get(
            "BOTTOM_AXIS"
            if lying
            else ("RIGHT_AXIS" if right else "LEFT_AXIS"),
            {},
        )
        chart.x_axis.delete = second
        chart.y_axis.delete = False
        chart.x_axis.title, chart.y_axis.title = (
            _title(own.get("title")),
            _title(values.get("title")),
        )
        chart.x_axis.tickLblPos = "low"
        window = values.get("viewWindowOptions", {})
        chart.y_axis.scaling.min, chart.y_axis.scaling.max = (
            window.get("viewWindowMin"),
            window.get("viewWindowMax"),
        )
        # Google draws the first category of lying bars on top, files next to the values' axis.
        if bool((self.spec.get("domains") or [{}])[0].get("reversed")) != lying:
            chart.x_axis.scaling.orientation = "maxMin"
            if lying:
                chart.y_axis.crosses = "max"
        chart.y_axis.majorGridlines = ChartLines(
            spPr=GraphicalProperties(ln=LineProperties(solidFill=_GRID))
        )
        if right:
            chart.y_axis.axId = _SECOND_AXIS
            chart.y_axis.crosses = "max"
            chart.y_axis.majorGridlines = None

    def _series(self, item: Json, places: Places, kind: str) -> Series:
        out: Any = self.data.series(
            places, self.domain, points=kind == "SCATTER"
        )
        color = rgb_of(item.get("color"), item.get("colorStyle"))
        if kind == "SCATTER" and color is None:
            color = _PALETTE[out.idx % len(_PALETTE)]
        if kind in _LINED:
            out.graphicalProperties.line = self._line(item, color, kind)
            out.marker = self._marker(item, color, kind)
            out.smooth = bool(self.spec.get("lineSmoothing"))
        elif color is not None:
            out.graphicalProperties.solidFill = color
        label = item.get("dataLabel", {}).get("type")
        if label == "DATA":
            out.dLbls = _labels(showVal=True)
        # Under Any: its fields are descriptors.
        return out  # type: ignore[no-any-return]

    @staticmethod
    def _line(item: Json, color: str | None, kind: str) -> LineProperties:
        style = item.get("lineStyle", {})
        out: Any = LineProperties(
            solidFill=color, prstDash=_DASHES.get(str(style.get("type")))
        )
        if style.get("type") == "INVISIBLE" or (
            kind == "SCATTER" and not style
        ):
            out = LineProperties(noFill=True)
        elif "width" in style:
            out.w = min(max(int(style["width"]), 0), _WIDEST) * _EMU
        return out  # type: ignore[no-any-return]  # as above

    @staticmethod
    def _marker(item: Json, color: str | None, kind: str) -> Marker:
        style = item.get("pointStyle")
        if style is None and kind == "LINE":
            return Marker(symbol="none")
        style = style or {}
        size = min(max(round(float(style.get("size", 7))), 2), 72)
        out: Any = Marker(symbol=_SHAPES.get(str(style.get("shape")), "circle"))
        out.size = size
        if color is not None:
            out.spPr = GraphicalProperties(solidFill=color)
        return out  # type: ignore[no-any-return]  # as above
