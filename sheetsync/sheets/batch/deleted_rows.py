"""Rows that a batch deletes for good, copied whole by the same batch as it finds them.

A join, the undo of an import, and a row that came empty are deleted by where they stand. The owner
types through any lock: sorted in that very second, a tab has another client there. The copies stand
beside the state, below those of `overwritten`: the answer tells whose they are, and the server
gives back what should have stayed, with its looks. So no row goes that was not looked at.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from gspread.utils import absolute_range_name, rowcol_to_a1

from sheetsync.sheets.batch.overwritten import LEFT, TOP
from sheetsync.sheets.batch.row_moves import RowMoves
from sheetsync.sheets.requests.cells import (
    Request,
    grid_range,
    nothing_if_empty,
    paste,
)
from sheetsync.sheets.requests.tab_requests import insert_dimension
from sheetsync.values import Cell

AnswerCells = Mapping[tuple[int, int, int], Cell]
"""Cells of an answer: (sheetId, 0-based row, 0-based column) -> value."""


class RowToDelete(NamedTuple):
    """A row that goes: its place (0-based) while the batch runs, and whose it is.

    `id`: "" for a row that is empty; `id_column`: 0-based; `width`: the tab's columns.
    """

    sheet_id: int
    row: int
    id: str
    id_column: int
    width: int


class WronglyDeleted(NamedTuple):
    """A row that went in another's stead: where it stood, and its copy on the state tab (0-based).

    `id`: its own, "" where it has none yet.
    """

    sheet_id: int
    row: int
    id: str
    state_tab_id: int
    copied_to: int
    width: int

    def put_back(self) -> list[Request]:
        """Return what brings it back where it stood, whole, into a row that is made for it."""
        room = insert_dimension(
            self.sheet_id, "ROWS", self.row, self.row + 1, like_before=True
        )
        copied = grid_range(
            self.state_tab_id,
            (self.copied_to, self.copied_to + 1),
            (LEFT, LEFT + self.width),
        )
        place = grid_range(
            self.sheet_id, (self.row, self.row + 1), (0, self.width)
        )
        return [room, paste(copied, place, "PASTE_NORMAL")]


@dataclass(frozen=True)
class RowsToDelete:
    """The rows that a batch deletes, and their copies on the state tab, from row `top` on."""

    rows: tuple[RowToDelete, ...] = ()
    top: int = TOP

    @property
    def width(self) -> int:
        """How many columns the copies take."""
        return max((row.width for row in self.rows), default=0)

    def copies(self, state_tab_id: int) -> Iterator[Request]:
        """Go through what copies the rows, to be sent before they are deleted."""
        for copied_to, row in enumerate(self.rows, start=self.top):
            source = grid_range(
                row.sheet_id, (row.row, row.row + 1), (0, row.width)
            )
            target = grid_range(
                state_tab_id,
                (copied_to, copied_to + 1),
                (LEFT, LEFT + row.width),
            )
            yield paste(source, target, "PASTE_NORMAL")

    def area(self, title: str) -> str:
        """Return in A1 where the copies stand on the state tab of that name."""
        first = rowcol_to_a1(self.top + 1, LEFT + 1)
        last = rowcol_to_a1(self.top + len(self.rows), LEFT + self.width)
        return absolute_range_name(title, f"{first}:{last}")

    def wrong(
        self, state_tab_id: int, cells: AnswerCells
    ) -> tuple[WronglyDeleted, ...]:
        """Return the rows that went in another's stead, by an answer's cells."""
        wrong = []
        for copied_to, row in enumerate(self.rows, start=self.top):
            held = {
                column: nothing_if_empty(
                    cells.get((state_tab_id, copied_to, LEFT + column))
                )
                for column in range(row.width)
            }
            row_id = str(held.get(row.id_column) or "")
            is_empty = all(cell is None for cell in held.values())
            # Where the row is gone already there is an empty one, which nobody misses.
            is_meant = bool(row.id) and row_id == row.id
            if not is_empty and not is_meant:
                wrong.append(
                    WronglyDeleted(
                        row.sheet_id,
                        row.row,
                        row_id,
                        state_tab_id,
                        copied_to,
                        row.width,
                    )
                )
        return tuple(wrong)


def rows_to_delete(row_moves: RowMoves, top: int) -> RowsToDelete:
    """Return the rows that go nowhere, by their places. `top`: where their copies begin."""
    ids = {(row.section, row.row): row.id for row in row_moves.plan.removals}
    rows = []
    for section, number in row_moves.deleted:
        tab = row_moves.snapshot.tab[section]
        columns = row_moves.columns[section]
        rows.append(
            RowToDelete(
                tab.grid.sheet_id,
                row_moves.index_now(section, number),
                ids.get((section, number), ""),
                columns.field("id"),
                columns.width,
            )
        )
    return RowsToDelete(tuple(sorted(rows)), top)
