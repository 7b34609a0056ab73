"""Cells that a batch writes over, copied by the same batch as it finds them.

Its answer tells what was there. The owner types through any lock: what he has typed in that very
second would be overwritten unseen. The copies stand beside the state, out of people's sight, until
the next ones; putting back is rules/corrections/reconcile.py's.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from gspread.utils import absolute_range_name, rowcol_to_a1

from sheetsync.rules.corrections.reconcile import Overwritten
from sheetsync.sheets.batch.row_moves import RowMoves
from sheetsync.sheets.requests.cells import (
    Request,
    grid_range,
    nothing_if_empty,
    paste,
)
from sheetsync.sheets.requests.column_places import field_key
from sheetsync.values import Cell
from sheetsync.workbook import last_run_state as state

LEFT = len(state.COLUMNS) + 1
"""The first column of the state tab that copies stand in (0-based), and the first row."""
TOP = 1


class CellToOverwrite(NamedTuple):
    """A cell to be written: its place while the batch runs, and whose it is.

    `before`: what was read there; `after`: what is written.
    """

    sheet_id: int
    column: int
    row: int
    id: str
    field: str
    before: Cell
    after: Cell


# A column's cells are copied from the first to the last of those that are written over, as one:
# requests are dear, cells are not.
class _CopiedStretch(NamedTuple):
    """A stretch of one column that is copied whole.

    `rows`: [start, end), 0-based; `top`, `left`: where its copy
    stands on the state tab.
    """

    sheet_id: int
    column: int
    rows: tuple[int, int]
    top: int
    left: int

    @property
    def bottom(self) -> int:
        """The row after the copy's last one."""
        return self.top + self.rows[1] - self.rows[0]

    def request(self, state_tab_id: int) -> Request:
        column = (self.column, self.column + 1)
        source = grid_range(self.sheet_id, self.rows, column)
        rows = (self.top, self.bottom)
        left = (self.left, self.left + 1)
        target = grid_range(state_tab_id, rows, left)
        return paste(source, target, "PASTE_VALUES")

    def copy_of(self, row: int) -> tuple[int, int]:
        """Return where on the state tab the copy of a row's cell stands (0-based)."""
        return self.top + row - self.rows[0], self.left


@dataclass(frozen=True)
class OverwrittenCells:
    """The cells of the team's that a batch writes over, and their copies on the state tab."""

    cells: tuple[CellToOverwrite, ...] = ()

    @cached_property
    def stretches(self) -> dict[tuple[int, int], _CopiedStretch]:
        """What is copied, by sheet and column: those of a sheet side by side, sheets below."""
        rows = defaultdict[int, set[int]](set)
        columns = defaultdict[int, set[int]](set)
        for cell in self.cells:
            rows[cell.sheet_id].add(cell.row)
            columns[cell.sheet_id].add(cell.column)
        stretches: dict[tuple[int, int], _CopiedStretch] = {}
        top = TOP
        for sheet_id in sorted(rows):
            first = min(rows[sheet_id])
            end = max(rows[sheet_id]) + 1
            for left, column in enumerate(
                sorted(columns[sheet_id]), start=LEFT
            ):
                stretch = _CopiedStretch(
                    sheet_id, column, (first, end), top, left
                )
                stretches[sheet_id, column] = stretch
            top += end - first
        return stretches

    @property
    def size(self) -> tuple[int, int]:
        """How many rows and columns the copies take."""
        bottom = TOP
        right = LEFT
        for stretch in self.stretches.values():
            bottom = max(bottom, stretch.bottom)
            right = max(right, stretch.left + 1)
        return bottom - TOP, right - LEFT

    def copies(self, state_tab_id: int) -> list[Request]:
        """Return what copies the cells onto the state tab; to be sent before they are written."""
        return [
            stretch.request(state_tab_id) for stretch in self.stretches.values()
        ]

    def area(self, title: str) -> str:
        """Return in A1 where the copies stand on the state tab of that name."""
        rows, columns = self.size
        first = rowcol_to_a1(TOP + 1, LEFT + 1)
        last = rowcol_to_a1(TOP + rows, LEFT + columns)
        return absolute_range_name(title, f"{first}:{last}")

    def overwritten(
        self, state_tab_id: int, cells: Mapping[tuple[int, int, int], Cell]
    ) -> tuple[Overwritten, ...]:
        """Return the cells that held something else than was read, by an answer's cells."""
        overwritten = []
        for cell in self.cells:
            row, column = self.stretches[cell.sheet_id, cell.column].copy_of(
                cell.row
            )
            held = nothing_if_empty(cells.get((state_tab_id, row, column)))
            if held != nothing_if_empty(cell.before):
                overwritten.append(
                    Overwritten(cell.id, cell.field, held, cell.after)
                )
        return tuple(overwritten)


def overwritten_cells(row_moves: RowMoves) -> OverwrittenCells:
    """Return the cells of the team's that a batch writes over, in order of their places."""
    cells = [*_of_edits(row_moves), *_of_moves(row_moves)]
    return OverwrittenCells(tuple(sorted(cells, key=lambda cell: cell[:4])))


def _of_edits(row_moves: RowMoves) -> Iterator[CellToOverwrite]:
    for edit in row_moves.plan.edits:
        if not edit.derived:
            row = (edit.section, edit.row)
            yield from _cell(row_moves, row, edit.id, edit.field, edit.after)


def _of_moves(row_moves: RowMoves) -> Iterator[CellToOverwrite]:
    for move in row_moves.plan.moves:
        row = (move.source, move.row)
        for name, value in move.sets:
            yield from _cell(row_moves, row, move.id, name, value)


def _cell(
    row_moves: RowMoves,
    row: tuple[str, int],
    row_id: str,
    name: str,
    after: Cell,
) -> Iterator[CellToOverwrite]:
    """Return one cell of a row (section and number, as read).

    Nothing where its column is new, as that was nobody's.
    """
    columns = row_moves.columns_at(*row)
    # An undo empties no cell of a column that it does not bring along.
    if columns.find(field_key(name)) is None:
        return
    column = columns.field(name)
    if any(added.place == column for added in columns.added):
        return
    section, number = row
    tab = row_moves.snapshot.tab[section]
    before = None
    if name in tab.fields:
        before = tab.grid.cell(number - 1, tab.fields[name])
    place = row_moves.place(section, number)
    yield CellToOverwrite(
        sheet_id=place.sheet_id,
        column=column,
        row=place.row,
        id=row_id,
        field=name,
        before=before,
        after=after,
    )
