"""A chart of a report as the API's ChartSpec, and what a spec that was read still has of it.

Numbers are told by ranges of the tab that holds them; which these are is chart_updates.py's.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from sheetsync.reporting.layout.model import ReportChart
from sheetsync.reporting.layout.theme import FONT, INK
from sheetsync.sheets.requests.cells import color, grid_range

Spec = dict[str, Any]
SourceRange = Mapping[str, Any]
"""A GridRange that a chart draws."""
_KINDS = {"column": "COLUMN", "stacked": "COLUMN", "bar": "BAR", "line": "LINE"}
_COLOR_PRECISION = 1 / 255


class ChartSource(NamedTuple):
    """Where a chart's numbers stand: its categories in column `left`, the series right of them.

    `rows`: [headings, end), 0-based, what the chart's ranges span; `width`: columns.
    """

    sheet_id: int
    left: int
    rows: tuple[int, int]
    width: int

    def data(self, offset: int) -> Spec:
        """Return the ChartData of a column."""
        column = self.left + offset
        area = grid_range(self.sheet_id, self.rows, (column, column + 1))
        return {"sourceRange": {"sources": [area]}}

    def has(self, area: SourceRange) -> bool:
        """Tell whether a range (GridRange) begins in one of the columns."""
        if area.get("sheetId", 0) != self.sheet_id:
            return False
        column: int = area.get("startColumnIndex", 0)
        return self.left <= column < self.left + self.width


def spec_of(chart: ReportChart, source: ChartSource) -> Spec:
    """Return the whole spec of a chart whose numbers stand at `source`."""
    return {
        "title": chart.title,
        "titleTextFormat": {
            "bold": True,
            "fontSize": 11,
            "fontFamily": FONT,
            "foregroundColorStyle": color(INK),
        },
        "fontName": FONT,
        # The numbers stand on a hidden tab. That Google draws them then is not documented
        # (docs/google-unknowns.md): hidden rows and columns are skipped unless the chart says so.
        "hiddenDimensionStrategy": "SHOW_ALL",
        "basicChart": _basic_chart(chart, source),
    }


def _basic_chart(chart: ReportChart, source: ChartSource) -> Spec:
    basic: Spec = {
        "chartType": _KINDS[chart.kind],
        "legendPosition": "BOTTOM_LEGEND"
        if len(chart.series) > 1
        else "NO_LEGEND",
        "headerCount": 1,
        "domains": [{"domain": source.data(0)}],
        "series": _all_series(chart, source),
        "axis": [
            {
                "position": _value_axis(chart),
                "viewWindowOptions": {
                    "viewWindowMin": 0,
                    "viewWindowMode": "EXPLICIT",
                },
            }
        ],
    }
    if chart.kind == "stacked":
        basic["stackedType"] = "STACKED"
    return basic


def _all_series(chart: ReportChart, source: ChartSource) -> list[Spec]:
    return [
        _series(chart, source, number) for number in range(len(chart.series))
    ]


def _value_axis(chart: ReportChart) -> str:
    """Return the axis along which values grow: bars lie."""
    return "BOTTOM_AXIS" if chart.kind == "bar" else "LEFT_AXIS"


def _series(chart: ReportChart, source: ChartSource, number: int) -> Spec:
    series: Spec = {
        "series": source.data(number + 1),
        "targetAxis": _value_axis(chart),
        "colorStyle": color(chart.series[number].color),
    }
    if chart.labels:
        series["dataLabel"] = {"type": "DATA"}
    return series


def covers(held: Any, written: Any) -> bool:
    """Tell whether all that was written is still there, in a spec or a part of one.

    What the service adds to it does not matter, nor zeros and empty texts that it leaves out.
    """
    # Whether Google gives a spec back as it was written is recorded nowhere
    # (docs/google-unknowns.md).
    if isinstance(written, Mapping):
        return isinstance(held, Mapping | None) and _covers_each(
            held or {}, written
        )
    if isinstance(written, list):
        items = held or []
        return len(items) == len(written) and all(map(covers, items, written))
    if isinstance(written, bool | str):
        nothing = type(written)()
        return bool((held or nothing) == written)
    number = held or 0
    if not isinstance(number, int | float):
        return False
    return math.isclose(number, written, abs_tol=_COLOR_PRECISION)


def _covers_each(held: Mapping[str, Any], written: Mapping[str, Any]) -> bool:
    return all(covers(held.get(key), part) for key, part in written.items())


def aimed(spec: Any, source: ChartSource) -> Any:
    """Return a spec whose ranges on the source's columns have its rows; all else stays as it is."""

    def aimed_range(area: SourceRange) -> SourceRange:
        if not source.has(area):
            return area
        first, end = source.rows
        start = area.get("startRowIndex", 0)
        # Somebody may want the chart without its headings: then it stays so.
        if start != first + 1:
            start = first
        return {**area, "startRowIndex": start, "endRowIndex": end}

    return with_sources(spec, aimed_range)


def draws_only(spec: Any, source: ChartSource) -> bool:
    """Tell whether a chart draws cells of the source's columns and none besides."""
    areas = [*sources(spec)]
    return bool(areas) and all(map(source.has, areas))


def sources(node: Any) -> Iterator[SourceRange]:
    """Go through the ranges that a spec draws, however deep they stand."""
    if isinstance(node, list):
        for item in node:
            yield from sources(item)
    elif isinstance(node, Mapping):
        for key, value in node.items():
            if key == "sources":
                yield from value
            else:
                yield from sources(value)


def with_sources(
    node: Any, change: Callable[[SourceRange], SourceRange]
) -> Any:
    """Return a spec with each range that it draws changed."""
    if isinstance(node, list):
        return [with_sources(item, change) for item in node]
    if not isinstance(node, Mapping):
        return node
    changed: Spec = {}
    for key, value in node.items():
        if key == "sources":
            changed[key] = [*map(change, value)]
        else:
            changed[key] = with_sources(value, change)
    return changed
