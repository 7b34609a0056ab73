"""Cells that a batch writes over, copied by the same batch as it finds them, so that its answer tells what was there.

The owner types through any lock: what he has typed in that very second would be overwritten unseen. The copies stand beside the
state, out of people's sight, until the next ones; putting back is mending.py's.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from openpyxl.utils import get_column_letter

from sheetsync.rules.corrections.reconcile import Overwritten
from sheetsync.sheets.batch.row_moves import Moving
from sheetsync.sheets.requests.cells import Request, grid_range
from sheetsync.values import Cell
from sheetsync.workbook import last_run_state as state

LEFT = len(state.COLUMNS) + 1
"""The first column of the state tab that copies stand in (0-based), and below its headings the first row."""
TOP = 1


class CellToOverwrite(NamedTuple):
    """A cell to be written: whose it is, its place while the batch runs, what was read there, what is written."""

    sheet_id: int
    column: int
    row: int
    id: str
    field: str
    before: Cell
    after: Cell


class _CopiedStretch(NamedTuple):
    """A stretch of one column that is copied whole: requests are dear, cells are not."""

    sheet_id: int
    column: int
    rows: tuple[int, int]
    top: int
    left: int

    def request(self, memory: int) -> Request:
        source = grid_range(self.sheet_id, self.rows, (self.column, self.column + 1))
        height = self.rows[1] - self.rows[0]
        target = grid_range(memory, (self.top, self.top + height), (self.left, self.left + 1))
        return {"copyPaste": {"source": source, "destination": target, "pasteType": "PASTE_VALUES"}}


@dataclass(frozen=True)
class OverwrittenCells:
    """The cells of the team's that a batch writes over, and where on the state tab the batch copies them to."""

    cells: tuple[CellToOverwrite, ...] = ()

    @cached_property
    def blocks(self) -> dict[tuple[int, int], _CopiedStretch]:
        """The stretches to be copied, by sheet and column: those of one sheet side by side, the sheets below one another."""
        rows, columns = defaultdict[int, set[int]](set), defaultdict[int, set[int]](set)
        for cell in self.cells:
            rows[cell.sheet_id].add(cell.row)
            columns[cell.sheet_id].add(cell.column)
        made, top = {}, TOP
        for sheet_id in sorted(rows):
            span = (min(rows[sheet_id]), max(rows[sheet_id]) + 1)
            for left, column in enumerate(sorted(columns[sheet_id]), start=LEFT):
                made[sheet_id, column] = _CopiedStretch(sheet_id, column, span, top, left)
            top += span[1] - span[0]
        return made

    @property
    def size(self) -> tuple[int, int]:
        """How many rows and columns the copies take."""
        bottoms = [block.top + block.rows[1] - block.rows[0] for block in self.blocks.values()]
        return max(bottoms, default=TOP) - TOP, max(
            (b.left + 1 for b in self.blocks.values()), default=LEFT
        ) - LEFT

    def copies(self, memory: int) -> list[Request]:
        """Return what copies the cells onto the state tab (`memory`); to be sent before they are written."""
        return [block.request(memory) for block in self.blocks.values()]

    def area(self, title: str) -> str:
        """Return in A1 where the copies stand on the state tab of that name."""
        rows, columns = self.size
        left, right = get_column_letter(LEFT + 1), get_column_letter(LEFT + columns)
        quoted = title.replace("'", "''")
        return f"'{quoted}'!{left}{TOP + 1}:{right}{TOP + rows}"

    def overwritten(
        self, memory: int, cells: Mapping[tuple[int, int, int], Cell]
    ) -> tuple[Overwritten, ...]:
        """Return the cells that held something else than was read, by an answer's cells."""
        told = []
        for one in self.cells:
            block = self.blocks[one.sheet_id, one.column]
            held = cells.get((memory, block.top + one.row - block.rows[0], block.left))
            if (None if held == "" else held) != (None if one.before == "" else one.before):
                told.append(Overwritten(one.id, one.field, None if held == "" else held, one.after))
        return tuple(told)


def overwritten_cells(moving: Moving) -> OverwrittenCells:
    """Return the cells of the team's that a batch writes over; those of columns that it adds were nobody's."""
    found = [
        (
            moving.section(edit.section, edit.row),
            edit.section,
            edit.row,
            edit.id,
            edit.field,
            edit.after,
        )
        for edit in moving.plan.edits
        if not edit.derived
    ]
    for move in moving.plan.moves:
        found += [
            (move.target, move.source, move.row, move.id, name, value) for name, value in move.sets
        ]
    made = []
    for section, source, row, row_id, name, after in found:
        columns, place, tab = (
            moving.columns[section],
            moving.place(source, row),
            moving.snapshot.tab[source],
        )
        at = columns.field(name)
        if at not in {added.at for added in columns.added}:
            before = tab.grid.cell(row - 1, tab.fields[name]) if name in tab.fields else None
            made.append(CellToOverwrite(place.sheet_id, at, place.row, row_id, name, before, after))
    return OverwrittenCells(tuple(sorted(made, key=lambda one: one[:4])))
