"""The band of empty lines that a report keeps free for its charts, so that they cover nothing.

What a chart shows is the report's own; how it is drawn is `sheets.requests.chart_specs`'.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from sheetsync.reporting.layout.lines import gap
from sheetsync.reporting.layout.model import (
    PlacedChart,
    ReportCell,
    ReportChart,
    ReportLine,
)

LINE_HEIGHT = 21
CHART_LINES = 12
"""Lines that a row of charts takes."""
ASLANT_LINES = 18
"""Lines of a row with a chart over the whole width: it has so many names that they stand aslant."""
SENTENCE_LINES = 2
"""Lines of a row in which nothing can be drawn: a title and a sentence for each."""
BETWEEN = 16
"""Pixels between two charts side by side."""
BELOW = 4
"""Pixels between a chart and the end of its lines."""
ABOVE = 18
THIRDS = 3


class _Seat(NamedTuple):
    """A chart in its row, and the third of the report's width in which it begins, 0 to 2."""

    third: int
    chart: ReportChart


def band(
    charts: Iterable[ReportChart], widths: Sequence[int], start: int
) -> tuple[list[ReportLine], tuple[PlacedChart, ...]]:
    """Return the lines that are kept free for charts, and the charts at their places over them.

    `widths`: of the report's columns, in pixels; `start`: the number of lines above.
    """
    columns = _Columns(widths)
    lines = list[ReportLine]()
    placed = list[PlacedChart]()
    for number, row in enumerate(_rows(charts)):
        lines.append(gap(f"charts:{number}", ABOVE))
        top = start + len(lines)
        height = _height(row)
        missing: dict[int, ReportChart] = {}
        for third, chart in row:
            if chart.drawn:
                placed.append(columns.placed(chart, third, top, height))
            else:
                missing[columns.corners[third]] = chart
        nothing_drawn = len(missing) == len(row)
        # A row of sentences alone takes no more room than they need.
        lines += _free_lines(
            number, missing, SENTENCE_LINES if nothing_drawn else height
        )
    return lines, tuple(placed)


def _rows(charts: Iterable[ReportChart]) -> Iterator[list[_Seat]]:
    """Put charts side by side while they fit, row by row."""
    row = list[_Seat]()
    used = 0
    # Their order stays: a narrow chart is not pulled up into a gap.
    for chart in charts:
        if used + chart.width > THIRDS:
            yield row
            row = []
            used = 0
        row.append(_Seat(used, chart))
        used += chart.width
    if row:
        yield row


def _height(row: Iterable[_Seat]) -> int:
    return (
        ASLANT_LINES
        if any(seat.chart.width == THIRDS for seat in row)
        else CHART_LINES
    )


class _Columns:
    """The report's columns, and those at which the thirds of its width begin."""

    def __init__(self, widths: Sequence[int]) -> None:
        self.count = len(widths)
        self.edges = [0, *accumulate(widths)]
        # A chart begins where a column does, so that it stands the same whatever a program makes of
        # a width, and it ends within the report: to the right are people's notes.
        self.corners = [self._nearest(third) for third in range(THIRDS + 1)]

    def _nearest(self, third: int) -> int:
        place = third * self.edges[-1] / THIRDS
        distances = [abs(edge - place) for edge in self.edges]
        return distances.index(min(distances))

    def placed(
        self, chart: ReportChart, third: int, top: int, height: int
    ) -> PlacedChart:
        """Return a chart at its place. `top`: its first line; `height`: in lines."""
        left = self.corners[third]
        right = self.corners[third + chart.width]
        width = self.edges[right] - self.edges[left]
        # The last chart of a row ends where the report does.
        if right < self.count:
            width -= BETWEEN
        return PlacedChart(
            chart, top, left, width, height * LINE_HEIGHT - BELOW
        )


def _free_lines(
    number: int, missing: Mapping[int, ReportChart], count: int
) -> Iterator[ReportLine]:
    """Give `count` lines, in the first two of which is said what cannot be drawn yet.

    `missing`: the charts by the column over which they would begin.
    """
    titles = _SparseLine()
    sentences = _SparseLine()
    for column, chart in missing.items():
        titles.put(column, ReportCell(chart.title, "chart_title"))
        sentences.put(column, ReportCell(chart.empty, "plain"))
    empty = [_SparseLine()] * (count - SENTENCE_LINES)
    for index, line in enumerate((titles, sentences, *empty)):
        yield ReportLine(
            f"charts:{number}:{index}", tuple(line.cells), LINE_HEIGHT
        )


class _SparseLine:
    """The cells of a line, blank but for some."""

    def __init__(self) -> None:
        self.cells: list[ReportCell] = []

    def put(self, column: int, cell: ReportCell) -> None:
        """Put a cell into a column to the right of all others."""
        between = column - len(self.cells)
        self.cells += [ReportCell(None, "blank")] * between
        self.cells.append(cell)
