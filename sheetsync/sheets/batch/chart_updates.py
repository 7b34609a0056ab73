"""Charts on report tabs as requests: their numbers on a hidden tab of the program's own, the charts drawn from its ranges.

The tab remembers of each chart what was written last, so that what people have made of it is told from what the program did:
a chart that they moved or resized stays where it is, one that they restyled keeps its style, only its ranges follow the
numbers; one that they deleted comes back with the next run. Charts of theirs are never touched.
"""

import json
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sheetsync.reporting.layout.model import PlacedChart, ReportSheet
from sheetsync.sheets.read.ownership import CHARTS
from sheetsync.sheets.requests.cells import DATED, VALUE, Canvas, Request, color, typed
from sheetsync.sheets.requests.chart_specs import (
    ChartSource,
    Spec,
    aimed,
    covers,
    draws_only,
    spec_of,
)
from sheetsync.sheets.requests.own_tab_requests import LARGEST_ID, add_sheet, grow, same
from sheetsync.workbook.snapshot import DrawnChart, Grid

WORDS = 1
"""The first row (0-based) of the words that dropdowns offer, in the first column."""
STRIDE = 16
"""Columns from one block of numbers to the next: room for fifteen series. Blocks begin in the second column."""
MEMORY, HEADINGS = 0, 1
"""Rows of a block: what was written last, as JSON; the names of the series. Below stand the numbers."""
NEAR = 3
"""Pixels by which a place may differ from what was written and still be the same: programs round widths."""
_PLACE = "anchorCell,offsetXPixels,offsetYPixels,widthPixels,heightPixels"


class RememberedChart(NamedTuple):
    """What is remembered of a chart: its id, what was last written of it, and the first column of its block."""

    id: int
    spec: Spec
    place: dict[str, Any]
    left: int


@dataclass
class ChartWriter:
    """Brings the charts of some reports up to date. `grid`: the tab of their numbers as it was read, None where there is none.

    `sheet_id`: its id; `reports`: the grids of the report tabs that were there, by sheetId; `taken`: ids of all charts.
    `shifted`: reports whose rows or columns change places by the same batch, and what lies on them with them.
    """

    grid: Grid | None
    sheet_id: int
    reports: Mapping[int, Grid]
    taken: set[int] = field(default_factory=set)
    words: Sequence[str] = ()
    """What the reports' dropdowns offer: a column of words below the tab's mark."""
    shifted: Collection[int] = ()

    def __post_init__(self) -> None:
        self.kept = _remembered(self.grid)
        self._cells: dict[tuple[int, int], tuple[str | float | None, str | None]] = {}

    def requests(self, sheets: Sequence[tuple[ReportSheet, int]], canvas: Canvas) -> list[Request]:
        """Return the requests on charts of reports (each with its sheetId); the numbers go to the canvas.

        They are in place only after the canvas' own requests and those of `room`.
        """
        made, wanted = (
            list[Request](),
            {_key(s, p): (p, sheet_id) for s, sheet_id in sheets for p in s.charts},
        )
        for key in self.kept.keys() - wanted.keys():
            made += self._gone(self.kept[key])
        free = self._free({self.kept[key].left for key in wanted if key in self.kept})
        for key, (placed, sheet_id) in wanted.items():
            known = self.kept.get(key)
            block = self._block(placed, known.left if known else next(free))
            made += self._drawn(key, placed, sheet_id, block)
        if wanted or self.words or self.grid:
            self._cells[0, 0] = (CHARTS, None)
            self._cells |= {
                (row, 0): (word, None) for row, word in enumerate(self.words, start=WORDS)
            }
        self._put(canvas)
        return made

    def room(self, title: str) -> list[Request]:
        """Return the requests that make the tab, or make it large enough. To be asked after `requests`."""
        if not self._cells:
            return []
        rows, columns = (max(at) + 1 for at in zip(*self._cells, strict=True))
        if self.grid is None:
            return [add_sheet(self.sheet_id, title, (rows + 50, columns + STRIDE), hidden=True)]
        short = columns - self.grid.column_count
        wider = {"sheetId": self.sheet_id, "dimension": "COLUMNS", "length": short}
        return [*([{"appendDimension": wider}] if short > 0 else []), *grow(self.grid, rows)]

    def _free(self, used: set[int]) -> Iterator[int]:
        left = 1
        while True:
            if left not in used:
                yield left
            left += STRIDE

    def _block(self, placed: PlacedChart, left: int) -> ChartSource:
        """Put a chart's numbers down."""
        chart = placed.chart
        for at, word in enumerate((chart.axis, *(series.name for series in chart.series))):
            self._cells[HEADINGS, left + at] = (word, None)
        for row, category in enumerate(chart.categories, start=HEADINGS + 1):
            self._cells[row, left] = (category, None)
            for at, series in enumerate(chart.series, start=1):
                self._cells[row, left + at] = (
                    series.numbers[row - HEADINGS - 1],
                    chart.number_format,
                )
        rows = (HEADINGS, HEADINGS + 1 + len(chart.categories))
        return ChartSource(self.sheet_id, left, rows, 1 + len(chart.series))

    def _drawn(
        self, key: str, placed: PlacedChart, sheet_id: int, block: ChartSource
    ) -> list[Request]:
        """Draw a chart, or change of it what has changed; remember what was written."""
        spec, place = spec_of(placed.chart, block), _place(placed)
        known, found = self.kept.get(key), self._found(key, block, sheet_id)
        number = found.id if found else self._new_id(key, known)
        made = list[Request]()
        if found is None:
            made.append({"addChart": {"chart": _chart(number, spec, _on(sheet_id, place))}})
        else:
            new = _respecified(found, spec, known, block)
            made += (
                [{"updateChartSpec": {"chartId": number, "spec": new}}] if new is not None else []
            )
            if known is not None and (place != known.place or sheet_id in self.shifted):
                if _near(found.place, known.place):
                    position = {"overlayPosition": _on(sheet_id, place)}
                    move = {"objectId": number, "newPosition": position, "fields": _PLACE}
                    made.append({"updateEmbeddedObjectPosition": move})
                else:
                    place = known.place
        told = json.dumps(
            {"key": key, "id": number, "place": place, "spec": spec},
            sort_keys=True,
            ensure_ascii=False,
        )
        self._cells[MEMORY, block.left] = (told, None)
        return made

    def _found(self, key: str, block: ChartSource, sheet_id: int) -> DrawnChart | None:
        """Return the chart as it stands on its report, by its id, or by the cells that it draws, as a copied book has other ids.

        One that stands on another tab is somebody's copy.
        """
        known, grid = self.kept.get(key), self.reports.get(sheet_id)
        number = known.id if known else _first_id(key)
        charts = grid.charts if grid else ()
        others = {kept.id for kept in self.kept.values()}
        by_cells = (c for c in charts if known and c.id not in others and draws_only(c.spec, block))
        return next((chart for chart in charts if chart.id == number), None) or next(by_cells, None)

    def _new_id(self, key: str, known: RememberedChart | None) -> int:
        """Choose an id: the same for the same chart, unlike any that is there."""
        found = known.id if known else _first_id(key)
        while found in self.taken:
            found = found % LARGEST_ID + 1
        self.taken.add(found)
        return found

    def _gone(self, kept: RememberedChart) -> list[Request]:
        """Take down a chart that has nothing to show any more."""
        there = any(chart.id == kept.id for grid in self.reports.values() for chart in grid.charts)
        return [{"deleteEmbeddedObject": {"objectId": kept.id}}] if there else []

    def _put(self, canvas: Canvas) -> None:
        """Write the cells that differ, and clear those that are not wanted any more: the whole tab is the program's."""
        held = {
            (row, column): cell
            for row, cells in enumerate(self.grid.cells if self.grid else ())
            for column, cell in enumerate(cells)
            if cell not in (None, "")
        }
        for place in held.keys() - self._cells.keys():
            canvas.put(self.sheet_id, *place, {})
        for place, (cell, pattern) in self._cells.items():
            if not same(held.get(place), cell):
                style = {
                    "userEnteredFormat": {"numberFormat": {"type": "NUMBER", "pattern": pattern}}
                }
                canvas.put(
                    self.sheet_id,
                    *place,
                    typed(cell) | (style if pattern else {}),
                    DATED if pattern else VALUE,
                )


def _key(sheet: ReportSheet, placed: PlacedChart) -> str:
    return f"{sheet.key}:{placed.chart.key}"


def _first_id(key: str) -> int:
    return zlib.crc32(f"sheetsync {key}".encode()) & LARGEST_ID or 1


def _place(placed: PlacedChart) -> dict[str, Any]:
    """Return where a chart stands on its report, as an OverlayPosition. Reports have a hidden column on their left."""
    corner = {"rowIndex": placed.line, "columnIndex": placed.column + 1}
    return {"anchorCell": corner, "widthPixels": placed.width, "heightPixels": placed.height}


def _on(sheet_id: int, place: Mapping[str, Any]) -> dict[str, Any]:
    return {**place, "anchorCell": {**place["anchorCell"], "sheetId": sheet_id}}


def _chart(number: int, spec: Spec, place: Mapping[str, Any]) -> dict[str, Any]:
    border = {"colorStyle": color("#E5E7EB")}
    return {
        "chartId": number,
        "spec": spec,
        "position": {"overlayPosition": place},
        "border": border,
    }


def _respecified(
    found: DrawnChart, spec: Spec, known: RememberedChart | None, block: ChartSource
) -> Spec | None:
    """Return the spec that a chart is to get, None where it may keep its own.

    One that is as it was written gets ours; of one that somebody has restyled only the ranges are ours. Where nothing is
    remembered, its ranges may be dead with the tab that they lay on, so that it is drawn anew.
    """
    if known is None:
        return None if covers(found.spec, spec) else spec
    if known.spec != spec and covers(found.spec, known.spec):
        return spec
    new: Spec = aimed(found.spec, block)
    return new if new != found.spec else None


def _near(found: Mapping[str, Any], wrote: Mapping[str, Any]) -> bool:
    """Tell whether a chart stands where it was put."""
    for name in ("rowIndex", "columnIndex"):
        if found.get("anchorCell", {}).get(name, 0) != wrote.get("anchorCell", {}).get(name, 0):
            return False
    sizes = ("offsetXPixels", "offsetYPixels", "widthPixels", "heightPixels")
    return all(abs(found.get(name, 0) - wrote.get(name, 0)) <= NEAR for name in sizes)


def _remembered(grid: Grid | None) -> dict[str, RememberedChart]:
    """Read what is remembered of the charts; what cannot be read is forgotten."""
    found: dict[str, RememberedChart] = {}
    for left, cell in enumerate(grid.cells[MEMORY] if grid and grid.cells else ()):
        if left % STRIDE != 1 or not isinstance(cell, str):
            continue
        try:
            told = json.loads(cell)
            kept = RememberedChart(int(told["id"]), dict(told["spec"]), dict(told["place"]), left)
            found.setdefault(str(told["key"]), kept)
        except (ValueError, TypeError, KeyError):
            continue
    return found
