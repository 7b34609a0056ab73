"""A report tab brought back into order before it is written: the report's columns side by side, people's notes beside their lines.

Whole rows and columns are moved, so that all that people have there goes along, by the service's own doing: values, formulas
and what they point at, formats, notes, boxes. Nothing of theirs is deleted or written over by it, and only tabs with something
of theirs pay for it. Which row belongs where is told by reports_notes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sheetsync.i18n import Language
from sheetsync.reporting.layout.model import ReportCell, ReportLine
from sheetsync.reporting.layout.side_notes import ArrangedLines, arranged_lines
from sheetsync.sheets.requests.cells import Request, grid_range
from sheetsync.sheets.requests.notes_beside_lines import ReportTabState
from sheetsync.sheets.requests.reorder import BlockMove, block_moves, reordered
from sheetsync.values import Cell
from sheetsync.workbook.snapshot import Grid

Companies = Callable[[], Mapping[str, ReportCell]]
"""Gives the cell that names a company and leads to it, by id."""


@dataclass(frozen=True)
class Order:
    """A report tab brought into order: the lines to be written, its rows as they then stand, and what is to be sent before.

    `fresh`: every line is to be written anew; `wide`: and the columns given their widths. `faded`: cells whose looks belonged
    to a line that is gone. `shifted`: rows or columns change places. `needed`: how many rows there must be first.
    """

    lines: tuple[ReportLine, ...]
    held: list[list[Cell]]
    requests: tuple[Request, ...] = ()
    fresh: bool = False
    wide: bool = False
    faded: tuple[tuple[int, int], ...] = ()
    shifted: bool = False
    needed: int = 0


def put_in_order(tab: ReportTabState, companies: Companies, language: Language) -> Order:
    """Work out how a report tab is brought into order."""
    sheet, grid = tab.sheet, tab.grid
    told, columns = ArrangedLines(sheet.lines), list(_columns(tab))
    if not tab.fixed and tab.noted:
        told = arranged_lines(sheet.lines, tab.rows, companies(), language)
    needed = max(len(told.lines), len(told.wanted))
    count = max(grid.row_count, len(grid.cells), needed)
    made = block_moves(told.wanted, count)
    order = reordered(range(count), made)
    held = [tab.found.cells(grid.cells[at]) if at < len(grid.cells) else [] for at in order]
    requests = (*columns, *_rows(tab, made))
    faded = tuple(_faded(tab, told, order))
    return Order(
        told.lines,
        held,
        requests,
        bool(columns) or tab.found.mixed,
        bool(columns),
        faded,
        bool(columns or made),
        needed,
    )


def _faded(
    tab: ReportTabState, told: ArrangedLines, order: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Go through the cells, as they then stand, that keep the looks of a line that is gone."""
    seated, place = {*told.row_by_place.values()}, {row: at for at, row in enumerate(order)}
    for row, columns in tab.looks.items() if not tab.fixed else ():
        if row not in seated:
            for column in columns:
                yield place[row], 1 + len(tab.sheet.widths) + tab.theirs.index(column)


def _columns(tab: ReportTabState) -> Iterator[Request]:
    """Go through the requests that put the report's columns side by side, people's to the right of them, its own number of them."""
    grid, where, width = tab.grid, tab.found, len(tab.sheet.widths)
    present = [at for at in where.columns if at is not None]
    last = max(present, default=0)
    if last >= grid.column_count:
        wider = {
            "sheetId": grid.sheet_id,
            "dimension": "COLUMNS",
            "length": last + 1 - grid.column_count,
        }
        yield {"appendDimension": wider}
    if any(at < last for at in tab.theirs) and not tab.fixed:
        yield from _unmerged(grid, rows=False)
        for move in block_moves([0, *present], last + 1):
            yield _move(grid.sheet_id, move, "COLUMNS")
    for at, seat in enumerate(where.columns, start=1):
        if seat is None:
            yield _dimension("insertDimension", grid.sheet_id, at, at + 1)
    if where.width < width:
        yield _dimension("insertDimension", grid.sheet_id, 1 + where.width, 1 + width)
    elif where.width > width:
        yield _dimension("deleteDimension", grid.sheet_id, 1 + width, 1 + where.width)


def _dimension(kind: str, sheet_id: int, start: int, end: int) -> Request:
    area = {"sheetId": sheet_id, "dimension": "COLUMNS", "startIndex": start, "endIndex": end}
    return {
        kind: {"range": area, **({"inheritFromBefore": True} if kind == "insertDimension" else {})}
    }


def _rows(tab: ReportTabState, made: Sequence[BlockMove]) -> Iterator[Request]:
    """Go through the requests that bring rows into order; what would forbid it is undone first, what was frozen is so again."""
    if not made:
        return
    sheet_id, frozen = tab.grid.sheet_id, tab.sheet.frozen_rows
    yield from _unmerged(tab.grid, rows=True)
    across = any(move.to < frozen for move in made)
    if across:
        yield _frozen(sheet_id, 0)
    for move in made:
        yield _move(sheet_id, move, "ROWS")
    if across:
        yield _frozen(sheet_id, frozen)


def _frozen(sheet_id: int, rows: int) -> Request:
    properties = {"sheetId": sheet_id, "gridProperties": {"frozenRowCount": rows}}
    return {
        "updateSheetProperties": {
            "properties": properties,
            "fields": "gridProperties.frozenRowCount",
        }
    }


def _unmerged(grid: Grid, *, rows: bool) -> Iterator[Request]:
    """Take apart merges that moving would cut, which the service refuses; their value stays in the first cell."""
    for area in grid.merges:
        if (area.bottom - area.top if rows else area.right - area.left) > 1:
            range_ = grid_range(grid.sheet_id, (area.top, area.bottom), (area.left, area.right))
            yield {"unmergeCells": {"range": range_}}


def _move(sheet_id: int, move: BlockMove, dimension: str) -> Request:
    source = {
        "sheetId": sheet_id,
        "dimension": dimension,
        "startIndex": move.start,
        "endIndex": move.end,
    }
    return {"moveDimension": {"source": source, "destinationIndex": move.to}}
