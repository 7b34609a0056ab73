"""Reads the charts of a tab of a file as Google would tell them, as far as their kind can be told.

What cannot be told stays in the chart's own object, which a save writes again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sheetsync.emulator.model.charts import HEIGHT, WIDTH, FileChart, mark
from sheetsync.emulator.model.grid import Area
from sheetsync.emulator.model.rects import Rect, to_json
from sheetsync.emulator.xlsx.charts import chart_refs
from sheetsync.emulator.xlsx.parts.stored_state import stable_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sheetsync.emulator.model.grid import Json, Line, Sheet

    Places = tuple[tuple[int, Rect], ...]

EMU = 9525  # of the file's units in a pixel
_KINDS = {
    "LineChart": "LINE",
    "LineChart3D": "LINE",
    "AreaChart": "AREA",
    "AreaChart3D": "AREA",
    "ScatterChart": "SCATTER",
}
_PIES = ("PieChart", "PieChart3D", "DoughnutChart", "ProjectedPieChart")
_LEGENDS = {
    "b": "BOTTOM_LEGEND",
    "l": "LEFT_LEGEND",
    "r": "RIGHT_LEGEND",
    "t": "TOP_LEGEND",
    "tr": "RIGHT_LEGEND",
}
_STACKED = {"stacked": "STACKED", "percentStacked": "PERCENT_STACKED"}


def read(
    sheet: Sheet,
    charts: Iterable[Any],
    titles: Mapping[str, int],
    taken: list[int],
) -> None:
    """Lay the charts of a worksheet over the tab, each with an id that is the same in every run."""
    for number, chart in enumerate(charts):
        refs = tuple(
            chart_refs.read(str(holder.f), titles)
            for holder in chart_refs.holders(chart)
        )
        rect, overlay = _place(sheet, chart.anchor)
        known = stable_number(f"{sheet.id} {number} {mark(refs)}", taken)
        taken.append(known)
        json = {"spec": _Reader(chart, titles).spec(), "overlay": overlay}
        sheet.charts.append(
            Area(known, rect, json, FileChart(chart, refs, rect))
        )


def _place(sheet: Sheet, anchor: Any) -> tuple[Rect, Json]:
    start = getattr(anchor, "_from", None)
    top, left = (
        (int(start.row), int(start.col)) if start is not None else (0, 0)
    )
    offsets = (
        (start.colOff, start.rowOff)
        if start is not None
        else (anchor.pos.x, anchor.pos.y)
    )
    end, size = getattr(anchor, "to", None), getattr(anchor, "ext", None)
    width, height = WIDTH, HEIGHT
    x, y = (round(int(offset or 0) / EMU) for offset in offsets)
    if end is not None:
        columns = sum(
            _pixels(sheet.column_lines.get(i), rows=False)
            for i in range(left, int(end.col))
        )
        rows = sum(
            _pixels(sheet.row_lines.get(i), rows=True)
            for i in range(top, int(end.row))
        )
        width = max(columns - x + round(int(end.colOff or 0) / EMU), 1)
        height = max(rows - y + round(int(end.rowOff or 0) / EMU), 1)
    elif size is not None:
        width, height = (
            round(int(size.width) / EMU),
            round(int(size.height) / EMU),
        )
    overlay = {
        "offsetXPixels": x,
        "offsetYPixels": y,
        "widthPixels": width,
        "heightPixels": height,
    }
    return Rect(top, top + 1, left, left + 1), overlay


def _pixels(line: Line | None, *, rows: bool) -> int:
    size = None if line is None else line.size
    if line is not None and line.hidden:
        return 0
    if rows:
        return 21 if size is None else round(size * 4 / 3)
    return 100 if size is None else round(size * 7 + 5)


class _Reader:
    """Tells one chart as a ChartSpec."""

    def __init__(self, chart: Any, titles: Mapping[str, int]) -> None:
        self.chart = chart
        self.titles = titles
        # openpyxl has no public list of a chart's plots.
        self.plots = list(chart._charts)  # noqa: SLF001

    def spec(self) -> Json:
        out: Json = {}
        title = _text(self.chart.title)
        if title:
            out["title"] = title
        if self.chart.visible_cells_only is False:
            out["hiddenDimensionStrategy"] = "SHOW_ALL"
        else:
            out["hiddenDimensionStrategy"] = "SKIP_HIDDEN_ROWS_AND_COLUMNS"
        names = {type(plot).__name__ for plot in self.plots}
        kinds = [_kind(plot) for plot in self.plots]
        if len(names) == 1 and names <= set(_PIES):
            out["pieChart"] = self._pie(self.plots[0])
        elif None not in kinds:
            out["basicChart"] = self._basic([str(kind) for kind in kinds])
        return out

    def _pie(self, plot: Any) -> Json:
        out: Json = {"legendPosition": self._legend()}
        series = list(plot.ser)[:1]
        for each in series:
            values, domain = self._places(each.val), self._places(each.cat)
            named = _header(self._label(each), values)
            if domain:
                out["domain"] = _data(_extended(domain) if named else domain)
            if values:
                out["series"] = _data(_extended(values) if named else values)
        if type(plot).__name__ == "DoughnutChart":
            out["pieHole"] = int(plot.holeSize or 10) / 100
        if type(plot).__name__ == "PieChart3D":
            out["threeDimensional"] = True
        return out

    def _basic(self, kinds: list[str]) -> Json:
        kind = kinds[0] if len(set(kinds)) == 1 else "COMBO"
        read = [
            (plot, each, own)
            for plot, own in zip(self.plots, kinds, strict=True)
            for each in plot.ser
        ]
        values = [
            self._places(each.yVal if own == "SCATTER" else each.val)
            for _, each, own in read
        ]
        named = bool(read) and all(
            _header(self._label(each), places)
            for (_, each, _), places in zip(read, values, strict=True)
        )
        out: Json = {
            "chartType": kind,
            "legendPosition": self._legend(),
            "axis": self._axes(kind),
        }
        domain = (
            self._places(
                read[0][1].xVal if kinds[0] == "SCATTER" else read[0][1].cat
            )
            if read
            else ()
        )
        if domain:
            out["domains"] = [
                {"domain": _data(_extended(domain) if named else domain)}
            ]
        out["series"] = [
            self._series(
                plot,
                each,
                own if kind == "COMBO" else "",
                _data(_extended(places) if named else places),
            )
            for (plot, each, own), places in zip(read, values, strict=True)
            if places
        ]
        out["headerCount"] = int(named)
        stacked = _STACKED.get(str(getattr(self.plots[0], "grouping", "")))
        out.update({"stackedType": stacked} if stacked else {})
        if type(self.plots[0]).__name__.endswith("3D"):
            out["threeDimensional"] = True
        return out

    def _series(self, plot: Any, each: Any, kind: str, data: Json) -> Json:
        # Its values' axis crosses at the end where the first category is on top.
        lying = _kind(plot) == "BAR"
        right = (
            not lying
            and getattr(plot, "y_axis", None) is not None
            and str(plot.y_axis.crosses) == "max"
        )
        out: Json = {
            "series": data,
            "targetAxis": "RIGHT_AXIS"
            if right
            else "BOTTOM_AXIS"
            if lying
            else "LEFT_AXIS",
        }
        if kind:
            out["type"] = kind
        color = _color(each.graphicalProperties)
        if color is not None:
            out["color"] = color
            out["colorStyle"] = {"rgbColor": color}
        return out

    def _axes(self, kind: str) -> list[Json]:
        plot = self.plots[0]
        out = []
        names = (
            ("LEFT_AXIS", "BOTTOM_AXIS")
            if kind == "BAR"
            else ("BOTTOM_AXIS", "LEFT_AXIS")
        )
        for axis, name in zip((plot.x_axis, plot.y_axis), names, strict=True):
            title = _text(axis.title)
            out.append(
                {"position": name, **({"title": title} if title else {})}
            )
        return out

    def _legend(self) -> str:
        legend = self.chart.legend
        return (
            "NO_LEGEND"
            if legend is None
            else _LEGENDS.get(str(legend.legendPos), "RIGHT_LEGEND")
        )

    def _label(self, each: Any) -> Places:
        text = (
            each.tx.strRef.f
            if each.tx is not None and each.tx.strRef is not None
            else None
        )
        return (
            chart_refs.read(str(text), self.titles).places or () if text else ()
        )

    def _places(self, source: Any) -> Places:
        for name in ("numRef", "strRef", "multiLvlStrRef"):
            ref = getattr(source, name, None)
            if ref is not None and ref.f:
                return chart_refs.read(str(ref.f), self.titles).places or ()
        return ()


def _kind(plot: Any) -> str | None:
    name = type(plot).__name__
    if name in ("BarChart", "BarChart3D"):
        return "BAR" if plot.barDir == "bar" else "COLUMN"
    return _KINDS.get(name)


def _down(rect: Rect) -> bool:
    return rect.right - rect.left == 1


def _header(label: Places, values: Places) -> bool:
    """Whether a series is named by the cell right before its first one."""
    if not label or not values or label[0][0] != values[0][0]:
        return False
    return label[0][1] == _before(values[0][1])


def _before(rect: Rect) -> Rect:
    if _down(rect):
        return rect._replace(top=rect.top - 1, bottom=rect.top)
    return rect._replace(left=rect.left - 1, right=rect.left)


def _extended(places: Places) -> Places:
    """Give the cells with the one before them, where there is one."""
    tab, rect = places[0]
    first = (
        rect._replace(top=max(rect.top - 1, 0))
        if _down(rect)
        else rect._replace(left=max(rect.left - 1, 0))
    )
    return ((tab, first), *places[1:])


def _data(places: Places) -> Json:
    return {
        "sourceRange": {"sources": [to_json(rect, tab) for tab, rect in places]}
    }


def _text(title: Any) -> str:
    rich = title.tx.rich if title is not None and title.tx is not None else None
    if rich is None:
        return ""
    return "\n".join(
        "".join(str(run.t or "") for run in part.r or [])
        for part in rich.p or []
    )


def _color(properties: Any) -> Json | None:
    for holder in (properties, getattr(properties, "line", None)):
        code = getattr(getattr(holder, "solidFill", None), "srgbClr", None)
        text = str(getattr(code, "val", code) or "")
        if len(text) == len("RRGGBB"):
            parts = zip(
                ("red", "green", "blue"),
                (int(text[i : i + 2], 16) / 255 for i in (0, 2, 4)),
                strict=True,
            )
            return {name: value for name, value in parts if value}
    return None
