"""What a batch must leave, and what its answer says that it left: ids, and moved rows.

People other than us cannot type under the lock, but the owner can: only this check proves that the
right rows moved. What is to be done where it fails is told by rules/corrections/reconcile.py.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pandas as pd
from gspread.utils import absolute_range_name
from openpyxl.utils import get_column_letter

from sheetsync.rules.corrections.deleted_rows import LostRow
from sheetsync.rules.draft.projection import Projection
from sheetsync.sheets.batch.row_moves import RowMoves, RowPlace
from sheetsync.sheets.requests.cells import (
    RichCell,
    effective,
    formula_of,
    nothing_if_empty,
    stretches,
)
from sheetsync.sheets.requests.column_places import field_key
from sheetsync.values import Cell
from sheetsync.workbook.plan import DERIVED, Move

ANSWER = (
    "replies,updatedSpreadsheet(sheets(properties(sheetId),"
    "data(startRow,startColumn,rowData(values(effectiveValue)))))"
)
"""The mask of what a batch answers."""
TELLING = ("company", "tax_number", "phone")
"""Fields that tell one client from another."""
AnswerCells = Mapping[tuple[int, int, int], Cell]
"""Cells of an answer: (sheetId, 0-based row, 0-based column) -> value."""


class ArrivedRow(NamedTuple):
    """A moved row: where it must stand (0-based), and what it must hold there, by column.

    `telling`: the columns that tell whose row it is; `written`: what the batch writes into it.
    """

    move: Move
    sheet_id: int
    row: int
    cells: Mapping[int, Cell]
    telling: tuple[int, ...]
    written: Mapping[int, Cell]

    def differs_in(self, column: int, cells: AnswerCells) -> bool:
        """Tell whether an answer has another cell there than was read before the move."""
        held = cells.get((self.sheet_id, self.row, column))
        return nothing_if_empty(held) != nothing_if_empty(self.cells[column])

    def differs_in_any(
        self, columns: Iterable[int], cells: AnswerCells
    ) -> bool:
        """Tell whether an answer has another cell in one of these columns."""
        return any(self.differs_in(column, cells) for column in columns)


class Misplaced(NamedTuple):
    """A place (0-based) where an id stands that should not, or does not stand that should."""

    sheet_id: int
    row: int
    id: str


@dataclass(frozen=True)
class Verification:
    """What a batch must leave: ids by (sheetId, 0-based row), and the rows that moved.

    By sheetId: `columns`: the column (0-based) that the ids stand in; `headers`: the row of the
    headings; `titles`.
    """

    ids: Mapping[tuple[int, int], str] = field(default_factory=dict)
    columns: Mapping[int, int] = field(default_factory=dict)
    headers: Mapping[int, int] = field(default_factory=dict)
    titles: Mapping[int, str] = field(default_factory=dict)
    arrived: tuple[ArrivedRow, ...] = ()

    def ranges(self) -> list[str]:
        """Return in A1 what the answer is to tell: the columns of ids, and the rows that moved."""
        ranges = []
        # No rows beyond those that moved: an answer with all cells of a base would be large.
        for sheet_id, column in self.columns.items():
            title = self.titles[sheet_id]
            letters = get_column_letter(column + 1)
            ranges.append(absolute_range_name(title, f"{letters}:{letters}"))
            rows = [
                arrival.row
                for arrival in self.arrived
                if arrival.sheet_id == sheet_id
            ]
            for start, end in stretches(rows):
                ranges.append(absolute_range_name(title, f"{start + 1}:{end}"))
        return ranges

    def misplaced(self, cells: AnswerCells) -> tuple[Misplaced, ...]:
        """Compare the ids: those missing from their place, those where none should be."""
        there = dict(self._ids_in(cells))
        wrong: set[Misplaced] = set()
        for place, row_id in self.ids.items():
            if there.get(place) != row_id:
                wrong.add(Misplaced(*place, row_id))
        for place, row_id in there.items():
            if place not in self.ids:
                wrong.add(Misplaced(*place, row_id))
        return tuple(sorted(wrong))

    def _ids_in(
        self, cells: AnswerCells
    ) -> Iterator[tuple[tuple[int, int], str]]:
        """Go through the ids of an answer by (sheetId, 0-based row)."""
        for (sheet_id, row, column), cell in cells.items():
            if column != self.columns.get(sheet_id) or cell in (None, ""):
                continue
            if row > self.headers[sheet_id]:
                yield (sheet_id, row), str(cell)

    def misdirected(self, cells: AnswerCells) -> tuple[ArrivedRow, ...]:
        """Return the landing places that hold another client than was to move there."""
        # A batch moves whatever stands at an index: an owner's edit may have put another row there.
        return tuple(
            arrival
            for arrival in self.arrived
            if arrival.differs_in_any(arrival.telling, cells)
        )

    def edited(self, cells: AnswerCells) -> tuple[ArrivedRow, ...]:
        """Return the rows that moved rightly, but with other cells than were read.

        Somebody typed meanwhile.
        """
        misdirected = {arrival.move for arrival in self.misdirected(cells)}
        edited = []
        for arrival in self.arrived:
            if arrival.move not in misdirected and arrival.differs_in_any(
                arrival.cells, cells
            ):
                edited.append(arrival)
        return tuple(edited)


def expected(
    projection: Projection, row_moves: RowMoves, lost: LostRow | None
) -> Verification:
    """Work out what a batch must leave. `lost`: a deleted row that it brings back."""
    places = _places_after(projection)
    ids: dict[tuple[int, int], str] = {}
    for row_id, place in places.items():
        ids[place] = row_id
    columns: dict[int, int] = {}
    headers: dict[int, int] = {}
    titles: dict[int, str] = {}
    for tab in projection.snapshot.tabs:
        sheet_id = tab.grid.sheet_id
        columns[sheet_id] = row_moves.columns[tab.section].field("id")
        headers[sheet_id] = tab.header
        titles[sheet_id] = tab.title
    if lost is not None:
        tab = projection.snapshot.tab[lost.section]
        ids[tab.grid.sheet_id, tab.end] = lost.id
    moves = projection.plan.moves
    arrived = tuple(
        _arrival(move, places[move.id], row_moves) for move in moves
    )
    return Verification(ids, columns, headers, titles, arrived)


def _places_after(projection: Projection) -> dict[str, RowPlace]:
    """Return where every row stands once the batch is over, by id."""
    base = projection.base
    sheet_ids = {
        tab.section: tab.grid.sheet_id for tab in projection.snapshot.tabs
    }
    rows = zip(base["section"], base["row"], base["id"], strict=True)
    places: dict[str, RowPlace] = {}
    for section, row, row_id in rows:
        # A part of a night gives an id to its own rows alone.
        if pd.isna(row_id):
            continue
        places[str(row_id)] = RowPlace(sheet_ids[section], int(row) - 1)
    return places


def _arrival(move: Move, place: RowPlace, row_moves: RowMoves) -> ArrivedRow:
    """Return what a moving row must hold where it arrives. `place`: once the batch is over."""
    columns = row_moves.columns[move.target]
    written = _written(move, row_moves)
    ours = {*written, *map(columns.field, DERIVED)}
    cells: dict[int, Cell] = {}
    for column, cell in enumerate(row_moves.cells(move)):
        there = row_moves.columns_of(move).get(column)
        # A formula's value may change by its moving.
        if there is not None and there not in ours and not formula_of(cell):
            cells[there] = effective(cell)
    telling = []
    for name in TELLING:
        column_there = columns.keys.get(field_key(name))
        if column_there in cells:
            telling.append(column_there)
    return ArrivedRow(
        move=move,
        sheet_id=place.sheet_id,
        row=place.row,
        cells=cells,
        telling=tuple(telling),
        written=written,
    )


def _written(move: Move, row_moves: RowMoves) -> dict[int, Cell]:
    """Return what a batch writes into a moving row, by column of its new tab."""
    columns = row_moves.columns[move.target]
    written = {columns.field(name): value for name, value in move.sets}
    for edit in row_moves.edits_of(move):
        # An undo empties no cell of a column that it does not bring along.
        if columns.find(field_key(edit.field)) is None:
            continue
        written[columns.field(edit.field)] = edit.after
    return written


def cells_of_answer(answer: Mapping[str, Any]) -> AnswerCells:
    """Read the cells of an updatedSpreadsheet."""
    cells: dict[tuple[int, int, int], Cell] = {}
    for sheet in answer.get("updatedSpreadsheet", {}).get("sheets", ()):
        sheet_id = sheet["properties"].get("sheetId", 0)
        for block in sheet.get("data", ()):
            for row, column, cell in _cells_of_block(block):
                cells[sheet_id, row, column] = effective(cell)
    return cells


def _cells_of_block(
    block: Mapping[str, Any],
) -> Iterator[tuple[int, int, RichCell]]:
    """Go through the cells of a GridData: 0-based row and column, and what was told of it."""
    first_row = block.get("startRow", 0)
    first_column = block.get("startColumn", 0)
    for row, row_data in enumerate(block.get("rowData", ()), start=first_row):
        for column, cell in enumerate(
            row_data.get("values", ()), start=first_column
        ):
            yield row, column, cell
