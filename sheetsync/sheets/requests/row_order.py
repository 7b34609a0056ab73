"""A report tab in order before it is written: its columns side by side, notes beside their lines.

Which row belongs where is told by reporting/layout/side_notes.py, what is written then is
report_tab.py's.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sheetsync.i18n import Language
from sheetsync.reporting.layout.model import ReportCell, ReportLine
from sheetsync.reporting.layout.side_notes import ArrangedLines, arranged_lines
from sheetsync.sheets.requests.cells import Request, grid_range
from sheetsync.sheets.requests.notes_beside_lines import ReportTabState
from sheetsync.sheets.requests.reorder import BlockMove, block_moves, reordered
from sheetsync.sheets.requests.tab_requests import (
    Dimension,
    delete_dimension,
    dimension_range,
    grow_columns,
    insert_dimension,
)
from sheetsync.values import Cell
from sheetsync.workbook.snapshot import Grid, Row

Companies = Callable[[], Mapping[str, ReportCell]]
"""Gives the cell that names a company and leads to it, by id."""


@dataclass(frozen=True)
class Order:
    """How a report tab is brought into order.

    `lines`: those to be written; `held`: its rows as they then stand; `requests`: what is to be
    sent before. `fresh`: every line is to be written anew; `wide`: and the columns given their
    widths. `faded`: cells whose formats belonged to a line that is gone. `shifted`: rows or columns
    change places. `needed`: how many rows there must be first.
    """

    lines: tuple[ReportLine, ...]
    held: list[list[Cell]]
    requests: tuple[Request, ...] = ()
    fresh: bool = False
    wide: bool = False
    faded: tuple[tuple[int, int], ...] = ()
    shifted: bool = False
    needed: int = 0

    def held_in(self, row: int) -> Row:
        """Return what stands in a row before it is written, as the report has its cells."""
        return self.held[row] if row < len(self.held) else ()


def put_in_order(
    tab: ReportTabState, companies: Companies, language: Language
) -> Order:
    """Work out how a report tab is brought into order.

    Only rows with something of people's have a place of their own, all others are interchangeable:
    a tab without notes pays nothing.
    """
    grid = tab.grid
    columns = tuple(_columns_in_order(tab))
    arranged = ArrangedLines(tab.sheet.lines)
    if tab.noted and not tab.fixed:
        arranged = arranged_lines(
            tab.sheet.lines, tab.rows, companies(), language
        )
    needed = max(len(arranged.lines), len(arranged.wanted))
    count = max(grid.row_count, len(grid.cells), needed)
    moves = block_moves(arranged.wanted, count)
    order = reordered(range(count), moves)
    return Order(
        lines=arranged.lines,
        held=[_cells_of(tab, row) for row in order],
        requests=(*columns, *_rows_in_order(tab, moves)),
        fresh=bool(columns) or tab.as_read.mixed,
        wide=bool(columns),
        faded=tuple(_faded(tab, arranged, order)),
        shifted=bool(columns or moves),
        needed=needed,
    )


def _cells_of(tab: ReportTabState, row: int) -> list[Cell]:
    """Return a row's cells as the report has them; none of a row that was not read."""
    if row >= len(tab.grid.cells):
        return []
    return tab.as_read.cells(tab.grid.cells[row])


def _faded(
    tab: ReportTabState, arranged: ArrangedLines, order: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Go through the cells, as they then stand, that keep the format of a line that is gone."""
    if tab.fixed:
        return
    kept = {*arranged.row_by_place.values()}
    place_by_row = {row: place for place, row in enumerate(order)}
    first_of_theirs = 1 + len(tab.sheet.widths)
    for row, columns in tab.marked.items():
        if row in kept:
            continue
        for column in columns:
            yield place_by_row[row], first_of_theirs + tab.theirs.index(column)


def _columns_in_order(tab: ReportTabState) -> Iterator[Request]:
    """Go through what puts the report's columns side by side, in their own number."""
    where = tab.as_read
    sheet_id = tab.grid.sheet_id
    yield from _side_by_side(tab)
    # A column that somebody has deleted comes back empty, and every line is written anew.
    for place, column in enumerate(where.columns, start=1):
        if column is None:
            yield insert_dimension(
                sheet_id, "COLUMNS", place, place + 1, like_before=True
            )
    before = 1 + where.width
    now = 1 + len(tab.sheet.widths)
    if before < now:
        yield insert_dimension(
            sheet_id, "COLUMNS", before, now, like_before=True
        )
    elif before > now:
        yield delete_dimension(sheet_id, "COLUMNS", now, before)


def _side_by_side(tab: ReportTabState) -> Iterator[Request]:
    """Go through what moves the report's columns together, people's to the right of them."""
    present = [column for column in tab.as_read.columns if column is not None]
    last = max(present, default=0)
    yield from grow_columns(tab.grid, last + 1)
    if tab.fixed or all(column >= last for column in tab.theirs):
        return
    yield from _unmerged(tab.grid, "COLUMNS")
    for move in block_moves([0, *present], last + 1):
        yield _moved(tab.grid.sheet_id, move, "COLUMNS")


def _rows_in_order(
    tab: ReportTabState, moves: Sequence[BlockMove]
) -> Iterator[Request]:
    """Go through what brings rows into order.

    What would forbid it is undone first, what was frozen is so again. A row too many comes from
    below, none is deleted.
    """
    if not moves:
        return
    sheet_id = tab.grid.sheet_id
    frozen = tab.sheet.frozen_rows
    yield from _unmerged(tab.grid, "ROWS")
    # No move may cross the edge of what is frozen.
    across_the_edge = any(move.to < frozen for move in moves)
    if across_the_edge:
        yield _frozen(sheet_id, 0)
    for move in moves:
        yield _moved(sheet_id, move, "ROWS")
    if across_the_edge:
        yield _frozen(sheet_id, frozen)


def _frozen(sheet_id: int, rows: int) -> Request:
    properties = {
        "sheetId": sheet_id,
        "gridProperties": {"frozenRowCount": rows},
    }
    fields = "gridProperties.frozenRowCount"
    return {
        "updateSheetProperties": {"properties": properties, "fields": fields}
    }


def _unmerged(grid: Grid, dimension: Dimension) -> Iterator[Request]:
    """Take apart merges that moving would cut, which the service refuses.

    Their value stays in the first cell.
    """
    for area in grid.merges:
        rows = (area.top, area.bottom)
        columns = (area.left, area.right)
        start, end = rows if dimension == "ROWS" else columns
        if end - start > 1:
            merged = grid_range(grid.sheet_id, rows, columns)
            yield {"unmergeCells": {"range": merged}}


def _moved(sheet_id: int, move: BlockMove, dimension: Dimension) -> Request:
    # What the service moves itself keeps values, formulas and what points at them, formats, notes
    # and boxes, and no move can write over anything. Whether it carries a row's height along, and a
    # chart that hangs on it, is not documented (docs/google-unknowns.md): our charts are put where
    # they belong after it.
    source = dimension_range(sheet_id, dimension, move.start, move.end)
    return {"moveDimension": {"source": source, "destinationIndex": move.to}}
