"""Charts on report tabs as requests, drawn from numbers on a hidden tab of the program's own.

The tab remembers of each chart what was written last, so that what people have made of it is told
from what the program did: a chart that they moved or resized stays where it is, one that they
restyled keeps its style and only its ranges follow the numbers; one that they deleted comes back
with the next run. Charts of theirs are never touched. What a spec says is chart_specs.py's.
"""

import json
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from sheetsync.reporting.layout.model import PlacedChart
from sheetsync.reporting.layout.theme import RULE
from sheetsync.sheets.read.ownership import CHARTS
from sheetsync.sheets.requests.canvas import Canvas
from sheetsync.sheets.requests.cells import (
    DATED,
    VALUE,
    CellData,
    Place,
    Request,
    color,
    typed,
)
from sheetsync.sheets.requests.chart_specs import (
    ChartSource,
    Spec,
    aimed,
    covers,
    draws_only,
    spec_of,
)
from sheetsync.sheets.requests.own_tab_requests import OwnTab, same
from sheetsync.sheets.requests.report_tab import FIRST_COLUMN, PlacedReport
from sheetsync.sheets.requests.tab_requests import (
    add_sheet,
    grow_columns,
    grow_rows,
)
from sheetsync.values import Cell
from sheetsync.workbook.layout import LARGEST_ID
from sheetsync.workbook.snapshot import DrawnChart

OverlayPosition = Mapping[str, Any]
"""Where a chart stands, as the API tells it."""
WORDS = 1
"""The first row (0-based) of the words that dropdowns offer, in the first column."""
STRIDE = 16
"""Columns from one block of numbers to the next: room for fifteen series."""
FIRST_LEFT = 1
"""The column (0-based) in which the first block of numbers begins."""
MEMORY, HEADINGS = 0, 1
"""Rows of a block: what was written last, as JSON; the names of the series. Then come numbers."""
NEAR = 3
"""Pixels by which a place may differ and still be as it was written: programs round widths."""
SPARE_ROWS = 50
"""Rows that a new tab has below the last number."""
_PLACE = "anchorCell,offsetXPixels,offsetYPixels,widthPixels,heightPixels"


class RememberedChart(NamedTuple):
    """What is remembered of a chart: its id, what was written of it, where its numbers begin."""

    id: int
    spec: Spec
    place: dict[str, Any]
    left: int


class ChartRequests(NamedTuple):
    """What brings charts up to date: room for their numbers, and what comes after these."""

    room: list[Request]
    drawings: list[Request]


class _Number(NamedTuple):
    """A cell of the hidden tab. `pattern`: how a number is shown, None for text."""

    value: Cell
    pattern: str | None = None

    @property
    def fields(self) -> str:
        """What of the cell is written."""
        return DATED if self.pattern else VALUE

    def data(self) -> CellData:
        cell = typed(self.value)
        if self.pattern:
            number_format = {"type": "NUMBER", "pattern": self.pattern}
            cell["userEnteredFormat"] = {"numberFormat": number_format}
        return cell


Numbers = dict[Place, _Number]
"""The cells of the hidden tab, as they are to be."""


class _WantedChart(NamedTuple):
    """A chart that a report is to show."""

    placed: PlacedChart
    report: PlacedReport


@dataclass(frozen=True)
class ChartWriter:
    """Brings the charts of some reports up to date.

    `tab`: that of the numbers; `taken`: ids of all charts there are; `words`: what the reports'
    dropdowns offer, a column below the tab's mark. `shifted`: reports (sheetIds) whose rows or
    columns change places by the same batch, and what lies on them with them.
    """

    tab: OwnTab
    reports: Sequence[PlacedReport]
    taken: set[int] = field(default_factory=set)
    words: Sequence[str] = ()
    shifted: Collection[int] = ()

    @cached_property
    def remembered(self) -> dict[str, RememberedChart]:
        """What was written last of each chart, by its key."""
        return _remembered(self.tab)

    def requests(self, canvas: Canvas) -> ChartRequests:
        """Return the requests on the reports' charts; their numbers go to the canvas."""
        # A night that changes figures writes cells there, and no chart.
        wanted = self._wanted()
        lefts = self._lefts(wanted)
        numbers: Numbers = {}
        drawings = [*self._taken_down(wanted)]
        for key, chart in wanted.items():
            source = self._put_numbers(chart.placed, lefts[key], numbers)
            drawings += self._drawn(key, chart, source, numbers)
        if wanted or self.words or self.tab.grid:
            numbers[0, 0] = _Number(CHARTS)
            for row, word in enumerate(self.words, start=WORDS):
                numbers[row, 0] = _Number(word)
        self._put(numbers, canvas)
        return ChartRequests(self._room(numbers), drawings)

    def _wanted(self) -> dict[str, _WantedChart]:
        """Return the charts that the reports are to show, by key."""
        wanted: dict[str, _WantedChart] = {}
        for report in self.reports:
            for placed in report.sheet.charts:
                key = f"{report.sheet.key}:{placed.chart.key}"
                wanted[key] = _WantedChart(placed, report)
        return wanted

    def _lefts(self, wanted: Iterable[str]) -> dict[str, int]:
        """Return the first column of each chart's numbers: where they are, or the next free one."""
        lefts: dict[str, int] = {}
        fresh: list[str] = []
        for key in wanted:
            if key in self.remembered:
                lefts[key] = self.remembered[key].left
            else:
                fresh.append(key)
        free = _free_columns({*lefts.values()})
        return {**lefts, **dict(zip(fresh, free, strict=False))}

    def _room(self, numbers: Collection[Place]) -> list[Request]:
        """Return the requests that make the tab, or make it large enough."""
        if not numbers:
            return []
        tab = self.tab
        rows, columns = (
            max(indexes) + 1 for indexes in zip(*numbers, strict=True)
        )
        if tab.grid is None:
            size = (rows + SPARE_ROWS, columns + STRIDE)
            return [add_sheet(tab.sheet_id, tab.title, size, hidden=True)]
        return [*grow_columns(tab.grid, columns), *grow_rows(tab.grid, rows)]

    def _taken_down(self, wanted: Collection[str]) -> Iterator[Request]:
        """Go through what takes down charts that have nothing to show any more."""
        # One that somebody has deleted already cannot be deleted again: the batch would fail.
        there = {chart.id for report in self.reports for chart in report.charts}
        for key, remembered in self.remembered.items():
            if key not in wanted and remembered.id in there:
                yield {"deleteEmbeddedObject": {"objectId": remembered.id}}

    def _put_numbers(
        self, placed: PlacedChart, left: int, numbers: Numbers
    ) -> ChartSource:
        """Put down what a chart draws: categories in the column `left`, series beside them."""
        chart = placed.chart
        headings = (chart.axis, *(series.name for series in chart.series))
        for column, heading in enumerate(headings, start=left):
            numbers[HEADINGS, column] = _Number(heading)
        first = HEADINGS + 1
        for index, category in enumerate(chart.categories):
            numbers[first + index, left] = _Number(category)
            for column, series in enumerate(chart.series, start=left + 1):
                numbers[first + index, column] = _Number(
                    series.numbers[index], chart.number_format
                )
        rows = (HEADINGS, first + len(chart.categories))
        return ChartSource(self.tab.sheet_id, left, rows, len(headings))

    def _drawn(
        self,
        key: str,
        wanted: _WantedChart,
        source: ChartSource,
        numbers: Numbers,
    ) -> list[Request]:
        """Draw a chart, or change of it what has changed; put down what was written."""
        spec = spec_of(wanted.placed.chart, source)
        place = _place_of(wanted.placed)
        known = self.remembered.get(key)
        drawn = self._chart_there(key, wanted.report, source)
        requests: list[Request] = []
        if drawn is None:
            number = self._new_id(key, known)
            requests.append(
                _add_chart(number, spec, wanted.report.sheet_id, place)
            )
        else:
            number = drawn.id
            new_spec = _new_spec(drawn, spec, known, source)
            if new_spec is not None:
                requests.append(
                    {"updateChartSpec": {"chartId": number, "spec": new_spec}}
                )
            if known is not None and self._goes_elsewhere(
                wanted.report, place, known
            ):
                if _near(drawn.place, known.place):
                    requests.append(
                        _move_chart(number, wanted.report.sheet_id, place)
                    )
                else:
                    place = known.place  # somebody has moved it: it stays there
        memory = {"key": key, "id": number, "place": place, "spec": spec}
        text = json.dumps(memory, sort_keys=True, ensure_ascii=False)
        numbers[MEMORY, source.left] = _Number(text)
        return requests

    def _goes_elsewhere(
        self,
        report: PlacedReport,
        place: OverlayPosition,
        known: RememberedChart,
    ) -> bool:
        """Tell whether a chart is to be moved, or put back after rows have moved under it."""
        return place != known.place or report.sheet_id in self.shifted

    def _chart_there(
        self, key: str, report: PlacedReport, source: ChartSource
    ) -> DrawnChart | None:
        """Return the chart as it stands on its report, by its id, or by the cells that it draws.

        In a copied book charts have other ids. One that stands on another tab is somebody's copy.
        """
        known = self.remembered.get(key)
        number = known.id if known else _first_id(key)
        for chart in report.charts:
            if chart.id == number:
                return chart
        if known is None:
            return None
        ours = {remembered.id for remembered in self.remembered.values()}
        for chart in report.charts:
            if chart.id not in ours and draws_only(chart.spec, source):
                return chart
        return None

    def _new_id(self, key: str, known: RememberedChart | None) -> int:
        """Choose an id: the same for the same chart, unlike any that is there."""
        # The same id for the same chart: an id in use fails the batch, so none is drawn twice.
        number = known.id if known else _first_id(key)
        while number in self.taken:
            number = number % LARGEST_ID + 1
        self.taken.add(number)
        return number

    def _put(self, numbers: Mapping[Place, _Number], canvas: Canvas) -> None:
        """Write the cells that differ, and clear all others: the whole tab is the program's."""
        held = self._held()
        for place in held.keys() - numbers.keys():
            canvas.put(self.tab.sheet_id, *place, {})
        for place, number in numbers.items():
            if not same(held.get(place), number.value):
                canvas.put(
                    self.tab.sheet_id, *place, number.data(), number.fields
                )

    def _held(self) -> dict[Place, Cell]:
        """Return what stands on the tab, by place."""
        held: dict[Place, Cell] = {}
        for row, cells in enumerate(self.tab.cells):
            for column, cell in enumerate(cells):
                if cell not in (None, ""):
                    held[row, column] = cell
        return held


def _free_columns(used: Collection[int]) -> Iterator[int]:
    """Go through the columns in which a block may begin, without end."""
    left = FIRST_LEFT
    while True:
        if left not in used:
            yield left
        left += STRIDE


def _first_id(key: str) -> int:
    return zlib.crc32(f"sheetsync {key}".encode()) & LARGEST_ID or 1


def _place_of(placed: PlacedChart) -> dict[str, Any]:
    """Return where a chart stands on its report, as an OverlayPosition without its sheet."""
    corner = {
        "rowIndex": placed.line,
        "columnIndex": FIRST_COLUMN + placed.column,
    }
    return {
        "anchorCell": corner,
        "widthPixels": placed.width,
        "heightPixels": placed.height,
    }


def _on(sheet_id: int, place: OverlayPosition) -> dict[str, Any]:
    anchor = {**place["anchorCell"], "sheetId": sheet_id}
    overlay = {**place, "anchorCell": anchor}
    return {"overlayPosition": overlay}


def _add_chart(
    number: int, spec: Spec, sheet_id: int, place: OverlayPosition
) -> Request:
    chart = {
        "chartId": number,
        "spec": spec,
        "position": _on(sheet_id, place),
        "border": {"colorStyle": color(RULE)},
    }
    return {"addChart": {"chart": chart}}


def _move_chart(number: int, sheet_id: int, place: OverlayPosition) -> Request:
    move = {
        "objectId": number,
        "newPosition": _on(sheet_id, place),
        "fields": _PLACE,
    }
    return {"updateEmbeddedObjectPosition": move}


def _new_spec(
    drawn: DrawnChart,
    spec: Spec,
    known: RememberedChart | None,
    source: ChartSource,
) -> Spec | None:
    """Return the spec that a chart is to get, None where it may keep its own.

    One that is as it was written gets ours; of one that somebody has restyled only the ranges are
    ours. Where nothing is remembered, its ranges may be dead with the tab that they lay on, so that
    it is drawn anew.
    """
    if known is None and covers(drawn.spec, spec):
        return None
    if known is None:
        return spec
    if known.spec != spec and covers(drawn.spec, known.spec):
        return spec
    follows: Spec = aimed(drawn.spec, source)
    return follows if follows != drawn.spec else None


def _near(held: OverlayPosition, written: OverlayPosition) -> bool:
    """Tell whether a chart stands where it was put (both OverlayPositions)."""
    # Whether Google gives a place back as it was written is recorded nowhere
    # (docs/google-unknowns.md).
    if _corner(held) != _corner(written):
        return False
    for name in (
        "offsetXPixels",
        "offsetYPixels",
        "widthPixels",
        "heightPixels",
    ):
        moved = held.get(name, 0) - written.get(name, 0)
        if abs(moved) > NEAR:
            return False
    return True


def _corner(place: OverlayPosition) -> Place:
    """Return the cell on which a chart hangs; what is nought may be left out."""
    anchor = place.get("anchorCell", {})
    return anchor.get("rowIndex", 0), anchor.get("columnIndex", 0)


def _remembered(tab: OwnTab) -> dict[str, RememberedChart]:
    """Read what is remembered of the charts; what cannot be read is forgotten."""
    charts: dict[str, RememberedChart] = {}
    memory = tab.cells[MEMORY] if tab.cells else ()
    for left in range(FIRST_LEFT, len(memory), STRIDE):
        try:
            written = json.loads(str(memory[left]))
            chart = RememberedChart(
                id=int(written["id"]),
                spec=dict(written["spec"]),
                place=dict(written["place"]),
                left=left,
            )
            charts.setdefault(str(written["key"]), chart)
        except (ValueError, TypeError, KeyError):
            continue
    return charts
