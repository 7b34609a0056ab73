"""Cells that a batch writes over, copied by the same batch as it finds them, so that its answer tells what was there.

The owner types through any lock: what he has typed in that very second would be overwritten unseen. The copies stand beside the
state, out of people's sight, until the next ones; putting back is mending.py's.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from sheetsync import state
from sheetsync.mending import Overwritten
from sheetsync.sheets.cells import Request, grid_range
from sheetsync.sheets.moves import Moving
from sheetsync.values import Cell

SLOTS = len(state.COLUMNS) + 1
"""The column of the state tab that the copies stand in (0-based)."""


class Witness(NamedTuple):
    """A cell to be written: whose it is, its place while the batch runs, what was read there, what is written."""

    sheet_id: int
    column: int
    row: int
    id: str
    field: str
    before: Cell
    after: Cell


def witnesses(moving: Moving) -> tuple[Witness, ...]:
    """Return the cells of the team's that a batch writes over, by sheet, column and row: their order is that of the slots."""
    found = [
        (moving.section(edit.section, edit.row), edit.section, edit.row, edit.id, edit.field, edit.after)
        for edit in moving.plan.edits
        if not edit.derived
    ]
    for move in moving.plan.moves:
        found += [(move.target, move.source, move.row, move.id, name, value) for name, value in move.sets]
    made = []
    for section, source, row, row_id, name, after in found:
        columns, place, tab = moving.columns[section], moving.place(source, row), moving.snapshot.tab[source]
        at = columns.field(name)
        if at not in {added.at for added in columns.added}:
            before = tab.grid.cell(row - 1, tab.fields[name]) if name in tab.fields else None
            made.append(Witness(place.sheet_id, at, place.row, row_id, name, before, after))
    return tuple(sorted(made, key=lambda one: one[:4]))


def copies(found: Sequence[Witness], sheet_id: int) -> list[Request]:
    """Copy the cells into their slots on the state tab, neighbours by one request. To be sent before they are written."""
    made: list[Request] = []
    slots = [(one, slot) for slot, one in enumerate(found, start=1)]
    for _, run in groupby(slots, key=lambda pair: (pair[0].sheet_id, pair[0].column, pair[0].row - pair[1])):
        block = list(run)
        (first, top), (last, bottom) = block[0], block[-1]
        source = grid_range(first.sheet_id, (first.row, last.row + 1), (first.column, first.column + 1))
        target = grid_range(sheet_id, (top, bottom + 1), (SLOTS, SLOTS + 1))
        made.append({"copyPaste": {"source": source, "destination": target, "pasteType": "PASTE_VALUES"}})
    return made


def overwritten(
    found: Sequence[Witness], sheet_id: int, cells: Mapping[tuple[int, int, int], Cell]
) -> tuple[Overwritten, ...]:
    """Return the cells that held something else than was read, by an answer's cells."""
    told = []
    for slot, one in enumerate(found, start=1):
        held, before = cells.get((sheet_id, slot, SLOTS)), one.before
        if (None if held == "" else held) != (None if before == "" else before):
            told.append(Overwritten(one.id, one.field, None if held == "" else held, one.after))
    return tuple(told)
