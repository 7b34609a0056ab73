"""What the team's own reads all clients of a tab by one range each: named ranges and charts.

They take in the rows that come at the end of those clients. Everything else that becomes of them is
the spreadsheet's own doing; formulas are formulas_that_stay.py's.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from sheetsync.sheets.batch.client_blocks import blocks_of
from sheetsync.sheets.batch.client_ranges import ClientBlock, RowSpan
from sheetsync.sheets.batch.formulas_that_stay import other_tabs
from sheetsync.sheets.batch.row_moves import RowMoves
from sheetsync.sheets.read.book_structure import area_of
from sheetsync.sheets.requests.cells import Request, grid_range
from sheetsync.sheets.requests.chart_specs import (
    SourceRange,
    sources,
    with_sources,
)
from sheetsync.workbook.snapshot import FAR, CellArea, DrawnChart, NamedArea


class GrownArea(NamedTuple):
    """A range with the rows that come: its cells while a batch runs, and after it."""

    area: CellArea
    final: CellArea


class GrownName(NamedTuple):
    """A named range that takes in rows that come."""

    name: NamedArea
    grown: GrownArea


class GrownChart(NamedTuple):
    """A chart that draws rows that come. `title`: of its tab; `spec`: as it is to be written."""

    title: str
    chart: DrawnChart
    spec: Mapping[str, Any]


class GrownRanges:
    """Looks for ranges over all clients of a tab that others come to."""

    def __init__(self, row_moves: RowMoves) -> None:
        self.row_moves = row_moves
        tabs = row_moves.snapshot.tabs
        self._titles = {tab.grid.sheet_id: tab.title for tab in tabs}

    def names(self) -> Iterator[GrownName]:
        """Go through the named ranges."""
        for name in self.row_moves.snapshot.book.names:
            grown = self.area(name.sheet_id, name.area)
            if grown is not None:
                yield GrownName(name, grown)

    def charts(self) -> Iterator[GrownChart]:
        """Go through the team's charts, each with the spec that draws the rows that come too."""
        snapshot = self.row_moves.snapshot
        others = other_tabs(snapshot, self.row_moves.policy)
        for grid in (*others, *(tab.grid for tab in snapshot.tabs)):
            for chart in grid.charts:
                if any(map(self._grown_source, sources(chart.spec))):
                    spec = with_sources(chart.spec, self._drawn)
                    yield GrownChart(grid.title, chart, spec)

    def area(self, sheet_id: int, area: CellArea) -> GrownArea | None:
        """Return what a range becomes; None where it is left to the spreadsheet."""
        if sheet_id not in self._titles or area.bottom >= FAR:
            return None
        block = self._blocks[self._titles[sheet_id].casefold()]
        span = RowSpan(area.top, area.bottom, None)
        if block.is_pushed_down(span):
            below = area._replace(bottom=area.bottom + block.arriving)
            return GrownArea(below, below)
        if block.is_cut_short(span):
            grown = area._replace(bottom=block.grown)
            return GrownArea(grown, grown._replace(bottom=block.final))
        if span.is_within(block.vanishing):
            return GrownArea(
                area._replace(top=block.grown, bottom=block.grown + 1),
                area._replace(top=block.final, bottom=block.final + 1),
            )
        return None

    def requests(self) -> list[Request]:
        """Return what aims names and charts at the rows that come, before others are deleted."""
        requests: list[Request] = []
        for name, grown in self.names():
            cells = _grid_range_of(name.sheet_id, grown.area)
            named = {"namedRangeId": name.id, "range": cells}
            requests.append(
                {"updateNamedRange": {"namedRange": named, "fields": "range"}}
            )
        for chart in self.charts():
            requests.append(
                {
                    "updateChartSpec": {
                        "chartId": chart.chart.id,
                        "spec": chart.spec,
                    }
                }
            )
        return requests

    @cached_property
    def _blocks(self) -> Mapping[str, ClientBlock]:
        return blocks_of(self.row_moves)

    def _grown_source(self, source: SourceRange) -> GrownArea | None:
        return self.area(source.get("sheetId", 0), area_of(source))

    def _drawn(self, source: SourceRange) -> SourceRange:
        grown = self._grown_source(source)
        if grown is None:
            return source
        rows = {
            "startRowIndex": grown.area.top,
            "endRowIndex": grown.area.bottom,
        }
        return {**source, **rows}


def _grid_range_of(sheet_id: int, area: CellArea) -> Mapping[str, Any]:
    columns = None if area.right >= FAR else (area.left, area.right)
    return grid_range(sheet_id, (area.top, area.bottom), columns)
