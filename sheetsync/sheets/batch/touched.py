"""What of the team's own a batch touches, or cannot keep what it means: as a plan tells it.

Formulas are found by formulas_that_stay.py; names, charts, pivots and rules are of one range each,
which stays on the tab that is split up (docs/adr/0016).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from gspread.utils import absolute_range_name, rowcol_to_a1

from sheetsync.i18n import Language
from sheetsync.rules.draft.projection import Projection
from sheetsync.sheets.batch.client_ranges import RowSpan, reference_of
from sheetsync.sheets.batch.formulas_that_move import spans_in
from sheetsync.sheets.batch.formulas_that_stay import (
    other_tabs,
    readers,
    row_shifts_of,
)
from sheetsync.sheets.batch.grown_ranges import GrownRanges
from sheetsync.sheets.batch.row_moves import RowMoves
from sheetsync.sheets.batch.split_formulas import (
    FormulaCell,
    Split,
    SplitFormula,
    Unclear,
)
from sheetsync.sheets.read.book_structure import area_of
from sheetsync.sheets.requests.cells import RereadCells, formula_of
from sheetsync.sheets.requests.chart_specs import SourceRange, sources
from sheetsync.workbook.snapshot import CellArea, DrawnChart, Grid
from sheetsync.workbook.touched_ranges import RangeKind, TouchedRange


def touched_ranges(
    projection: Projection, cells: RereadCells, language: Language
) -> tuple[TouchedRange, ...]:
    """Tell what of the team's own a plan touches.

    `cells`: the rows of the team's other tabs, those that are no clients, and those that leave a
    tab that is split up, read whole.
    """
    look = _Look(projection, cells, language)
    return (
        *look.formulas(),
        *look.formulas_of_clients(),
        *look.names(),
        *look.charts(),
        *look.pivots(),
        *look.rules(),
    )


class _Look:
    """Looks through a book for what reads the clients that a plan moves."""

    def __init__(
        self, projection: Projection, cells: RereadCells, language: Language
    ) -> None:
        self.projection = projection
        self.cells = cells
        self.language = language
        self.row_moves = RowMoves(
            projection.snapshot, projection.plan, projection.policy, cells
        )
        self.book = projection.snapshot.book
        inserts = self.row_moves.inserts()
        self.row_shifts = row_shifts_of(self.row_moves, projection, inserts)
        self.grown = GrownRanges(self.row_moves)
        self.splits = self.row_shifts.splits
        self.titles = {grid.sheet_id: grid.title for grid in self.book.grids}

    def formulas(self) -> Iterator[TouchedRange]:
        """Go through the formulas that are written anew, or lose what they mean."""
        for reader in readers(self.row_moves, self.row_shifts):
            why = ""
            if reader.unclear is not None:
                why = said(reader.unclear, self.language)
            yield TouchedRange(
                RangeKind.FORMULA,
                reader.where,
                reader.before,
                reader.final if reader.changed else "",
                why,
            )

    def formulas_of_clients(self) -> Iterator[TouchedRange]:
        """Go through the formulas in rows that move, which read all clients: one a column."""
        told = set[tuple[str, int, Unclear | None]]()
        for move in self.projection.plan.moves:
            tab = self.projection.snapshot.tab[move.source]
            for column, cell in enumerate(self.row_moves.cells(move)):
                formula = formula_of(cell)
                if not formula:
                    continue
                place = FormulaCell(tab.title, move.row - 1, column)
                carried = self.row_shifts.carried_over(formula, place)
                kind = (move.source, column, carried.unclear)
                is_touched = carried.formula != formula or carried.unclear
                if is_touched and kind not in told:
                    told.add(kind)
                    yield self._of_client(place, formula, carried)

    def _of_client(
        self, cell: FormulaCell, formula: str, carried: SplitFormula
    ) -> TouchedRange:
        a1 = rowcol_to_a1(cell.row + 1, cell.column + 1)
        where = absolute_range_name(cell.title, a1)
        if carried.unclear is None:
            return TouchedRange(
                RangeKind.FORMULA, where, formula, carried.formula
            )
        why = said(carried.unclear, self.language)
        return TouchedRange(RangeKind.FORMULA, where, formula, "", why)

    def names(self) -> Iterator[TouchedRange]:
        """Go through the named ranges that take in rows that come, or lose rows."""
        for name, grown in self.grown.names():
            title = self.titles[name.sheet_id]
            yield TouchedRange(
                RangeKind.NAME,
                name.name,
                reference_of(title, name.area),
                reference_of(title, grown.final),
            )
        for name in self.book.names:
            yield from self._one_range(
                RangeKind.NAME, name.name, name.sheet_id, name.area
            )

    def charts(self) -> Iterator[TouchedRange]:
        """Go through the team's charts that draw rows that come, or lose rows."""
        for grid in self._grids_of_the_team():
            for chart in grid.charts:
                for source in sources(chart.spec):
                    yield from self._drawn(grid, chart, source)

    def _drawn(
        self, grid: Grid, chart: DrawnChart, source: SourceRange
    ) -> Iterator[TouchedRange]:
        title = chart.spec.get("title", "")
        where = f"{grid.title}: {title}" if title else grid.title
        sheet_id = source.get("sheetId", 0)
        area = area_of(source)
        grown = self.grown.area(sheet_id, area)
        if grown is not None:
            tab = self.titles[sheet_id]
            yield TouchedRange(
                RangeKind.CHART,
                where,
                reference_of(tab, area),
                reference_of(tab, grown.final),
            )
        yield from self._one_range(RangeKind.CHART, where, sheet_id, area)

    def _grids_of_the_team(self) -> Iterator[Grid]:
        yield from other_tabs(self.projection.snapshot, self.projection.policy)
        for tab in self.projection.snapshot.tabs:
            yield tab.grid

    def pivots(self) -> Iterator[TouchedRange]:
        """Go through the pivot tables of clients of a tab that is split up."""
        for where, cell in self._cells():
            source = cell.get("pivotTable", {}).get("source")
            if source is not None:
                yield from self._one_range(
                    RangeKind.PIVOT,
                    where,
                    source.get("sheetId", 0),
                    area_of(source),
                )

    def rules(self) -> Iterator[TouchedRange]:
        """Go through dropdowns and colours that go by clients of a tab that is split up."""
        seen = set[tuple[str, str]]()
        for where, cell in self._cells():
            title = where.partition("!")[0]
            condition = cell.get("dataValidation", {}).get("condition", {})
            for formula in _formulas_of(condition):
                # One rule covers many cells.
                if (title, formula) not in seen:
                    seen.add((title, formula))
                    yield from self._rule(RangeKind.DROPDOWN, where, formula)
        for grid in self._grids_of_the_team():
            for colours in grid.colours:
                where = absolute_range_name(grid.title, colours.cells)
                for formula in colours.formulas:
                    yield from self._rule(RangeKind.FORMAT, where, formula)

    def _rule(
        self, kind: RangeKind, where: str, formula: str
    ) -> Iterator[TouchedRange]:
        home = where.rpartition("!")[0].strip("'").replace("''", "'")
        for split in self.splits:
            for named in spans_in(formula, home):
                same = named.title.casefold() == split.block.title.casefold()
                if same and _is_concerned(split, named.span):
                    why = said(Unclear.ONE_RANGE, self.language)
                    yield TouchedRange(kind, where, formula, "", why)
                    return

    def _cells(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Go through the cells that were read, each with its place as people see it."""
        for (sheet_id, row), cells in sorted(self.cells.items()):
            for column, cell in enumerate(cells):
                if cell:
                    a1 = rowcol_to_a1(row + 1, column + 1)
                    yield absolute_range_name(self.titles[sheet_id], a1), cell

    def _one_range(
        self, kind: RangeKind, where: str, sheet_id: int, area: CellArea
    ) -> Iterator[TouchedRange]:
        """Tell of something of one range that reads clients of a tab that is split up."""
        title = self.titles.get(sheet_id, "")
        span = RowSpan(area.top, area.bottom, None)
        for split in self.splits:
            if title == split.block.title and _is_concerned(split, span):
                why = said(Unclear.ONE_RANGE, self.language)
                before = reference_of(title, area)
                yield TouchedRange(kind, where, before, "", why)


def _is_concerned(split: Split, span: RowSpan) -> bool:
    return any(
        span.holds(row) for row in range(split.block.first, split.block.end)
    )


def _formulas_of(condition: Mapping[str, Any]) -> Iterator[str]:
    for value in condition.get("values", ()):
        formula = value.get("userEnteredValue", "")
        if formula.startswith("="):
            yield formula


def said(why: Unclear, language: Language) -> str:
    """Say why something cannot be carried over when a tab is split up."""
    text = language.text
    sentences = {
        Unclear.PART: text(
            "it reads only some of the clients, who go to different tabs"
        ),
        Unclear.FUNCTION: text(
            "there is no way to put this together from several tabs for certain"
        ),
        Unclear.BLANKS: text("it would count empty rows of the other tabs too"),
        Unclear.COLUMNS: text(
            "its columns do not stand side by side on the other tabs"
        ),
        Unclear.TEXT: text("it works out for itself which cells it reads"),
        Unclear.OTHERS: text(
            "the tabs where they go hold other rows too, or it reads these tabs already"
        ),
        Unclear.LONG: text("it would be longer than a spreadsheet takes"),
        Unclear.CIRCLE: text("it would add itself up"),
        Unclear.UNREADABLE: text("it cannot be understood"),
        Unclear.ONE_RANGE: text("it can read one tab only"),
    }
    return sentences[why]
