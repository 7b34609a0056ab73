"""A chart of a report as the API's ChartSpec, and what a spec that was read has in common with one that was written.

Numbers are told by ranges of the tab that holds them; which these are is `charts.py`'s.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from sheetsync.reporting.layout import theme as look
from sheetsync.reporting.layout.model import ReportChart
from sheetsync.sheets.requests.cells import color, grid_range

Spec = dict[str, Any]
_KINDS = {"column": "COLUMN", "stacked": "COLUMN", "bar": "BAR", "line": "LINE"}
_COLOR_PRECISION = 1 / 255


class ChartSource(NamedTuple):
    """Where a chart's numbers stand: sheetId, first column (its categories, the series right of them), the row of headings.

    `rows`: [headings, end), 0-based, what the chart's ranges span; `width`: columns.
    """

    sheet_id: int
    left: int
    rows: tuple[int, int]
    width: int

    def data(self, offset: int) -> Spec:
        """Return the ChartData of a column."""
        column = (self.left + offset, self.left + offset + 1)
        return {"sourceRange": {"sources": [grid_range(self.sheet_id, self.rows, column)]}}


def spec_of(chart: ReportChart, block: ChartSource) -> Spec:
    """Return the whole spec of a chart whose numbers stand in `block`.

    Hidden cells are drawn: the numbers stand on a hidden tab.
    """
    kind = _KINDS[chart.kind]
    basic: Spec = {
        "chartType": kind,
        "legendPosition": "BOTTOM_LEGEND" if len(chart.series) > 1 else "NO_LEGEND",
        "headerCount": 1,
        "domains": [{"domain": block.data(0)}],
        "series": [_series(chart, block, at) for at in range(len(chart.series))],
        "axis": [
            {
                "position": "BOTTOM_AXIS" if kind == "BAR" else "LEFT_AXIS",
                "viewWindowOptions": _from_zero(),
            }
        ],
    }
    if chart.kind == "stacked":
        basic["stackedType"] = "STACKED"
    return {
        "title": chart.title,
        "titleTextFormat": {
            "bold": True,
            "fontSize": 11,
            "fontFamily": look.FONT,
            "foregroundColorStyle": color(look.INK),
        },
        "fontName": look.FONT,
        "hiddenDimensionStrategy": "SHOW_ALL",
        "basicChart": basic,
    }


def _from_zero() -> Spec:
    return {"viewWindowMin": 0, "viewWindowMode": "EXPLICIT"}


def _series(chart: ReportChart, block: ChartSource, at: int) -> Spec:
    axis = "BOTTOM_AXIS" if chart.kind == "bar" else "LEFT_AXIS"
    made: Spec = {
        "series": block.data(at + 1),
        "targetAxis": axis,
        "colorStyle": color(chart.series[at].color),
    }
    if chart.labels:
        made["dataLabel"] = {"type": "DATA"}
    return made


def covers(found: Any, wrote: Any) -> bool:
    """Tell whether all that was written is still there: what the service adds to it does not matter, nor zeros it leaves out."""
    if isinstance(wrote, Mapping):
        return isinstance(found, Mapping | None) and all(
            covers((found or {}).get(key), wrote[key]) for key in wrote
        )
    if isinstance(wrote, list):
        held = found or []
        return len(held) == len(wrote) and all(map(covers, held, wrote))
    if isinstance(wrote, bool | str):
        return bool((found or type(wrote)()) == wrote)
    return isinstance(found or 0, int | float) and math.isclose(
        found or 0, wrote, abs_tol=_COLOR_PRECISION
    )


def aimed(spec: Any, block: ChartSource) -> Any:
    """Return a spec whose ranges on the block's columns have the block's rows; all else, other ranges too, as it is."""
    return _each_source(spec, lambda source: _aimed(source, block))


def _aimed(source: Mapping[str, Any], block: ChartSource) -> Mapping[str, Any]:
    if not _lies_on(source, block):
        return source
    first, end = block.rows
    start = source.get("startRowIndex", 0)
    kept = (
        start if start in (first, first + 1) else first
    )  # drawn without the headings, if somebody wants it so
    return {**source, "startRowIndex": kept, "endRowIndex": end}


def draws_only(spec: Any, block: ChartSource) -> bool:
    """Tell whether a chart draws cells of the block's columns and none besides."""
    found = [*_sources(spec)]
    return bool(found) and all(_lies_on(source, block) for source in found)


def _sources(node: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(node, list):
        for item in node:
            yield from _sources(item)
    elif isinstance(node, Mapping):
        for key, value in node.items():
            yield from value if key == "sources" else _sources(value)


def _lies_on(source: Mapping[str, Any], block: ChartSource) -> bool:
    column = source.get("startColumnIndex", 0)
    return bool(
        source.get("sheetId", 0) == block.sheet_id
        and block.left <= column < block.left + block.width
    )


def _each_source(node: Any, change: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Any:
    if isinstance(node, list):
        return [_each_source(item, change) for item in node]
    if not isinstance(node, Mapping):
        return node
    return {
        key: [change(source) for source in value]
        if key == "sources"
        else _each_source(value, change)
        for key, value in node.items()
    }
