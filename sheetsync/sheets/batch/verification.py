"""What a batch must leave, and what its own answer says that it left: every id in its place, every moved row by content.

People other than us cannot type under the lock, but the owner can: only this check proves that the right rows moved. What
is to be done where it fails is mending.py's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from openpyxl.utils import get_column_letter

from sheetsync.rules.corrections.deleted_rows import LostRow
from sheetsync.rules.derived_columns import DERIVED
from sheetsync.rules.draft.projection import Projection
from sheetsync.sheets.batch.row_moves import Moving
from sheetsync.sheets.read.reader import effective, stretches
from sheetsync.values import Cell
from sheetsync.workbook.plan import Move

ANSWER = "replies,updatedSpreadsheet(sheets(properties(sheetId),data(startRow,startColumn,rowData(values(effectiveValue)))))"
TELLING = ("company", "tax_number", "phone")
"""Fields that tell one client from another."""
AnswerCells = Mapping[tuple[int, int, int], Cell]
"""Cells of an answer: (sheetId, 0-based row, 0-based column) -> value."""


class ArrivedRow(NamedTuple):
    """A moved row: where it must stand (0-based), what it must hold there, by column, and what the batch writes into it."""

    move: Move
    sheet_id: int
    row: int
    cells: Mapping[int, Cell]
    telling: tuple[int, ...]
    written: Mapping[int, Cell]


class Misplaced(NamedTuple):
    """A place (0-based) where an id stands that should not, or does not stand that should."""

    sheet_id: int
    row: int
    id: str


@dataclass(frozen=True)
class Verification:
    """Ids by (sheetId, 0-based row), the column they stand in per sheet, the rows that moved, and the tabs' titles."""

    ids: Mapping[tuple[int, int], str] = field(default_factory=dict)
    columns: Mapping[int, int] = field(default_factory=dict)
    headers: Mapping[int, int] = field(default_factory=dict)
    titles: Mapping[int, str] = field(default_factory=dict)
    arrived: tuple[ArrivedRow, ...] = ()

    def ranges(self) -> list[str]:
        """Return in A1 what the answer is to tell: the columns of ids, and the rows that moved."""
        made = []
        for sheet_id, column in self.columns.items():
            title, letters = self.titles[sheet_id].replace("'", "''"), get_column_letter(column + 1)
            made.append(f"'{title}'!{letters}:{letters}")
            rows = stretches(landed.row for landed in self.arrived if landed.sheet_id == sheet_id)
            made += [f"'{title}'!{start + 1}:{end}" for start, end in rows]
        return made

    def misplaced(self, found: AnswerCells) -> tuple[Misplaced, ...]:
        """Compare the ids: those that are not where they should be, and those that are where none should."""
        seen = {
            (sheet_id, row): str(cell)
            for (sheet_id, row, column), cell in found.items()
            if cell not in (None, "")
            and column == self.columns.get(sheet_id)
            and row > self.headers[sheet_id]
        }
        wrong = {
            Misplaced(*place, row_id)
            for place, row_id in self.ids.items()
            if seen.get(place) != row_id
        }
        wrong |= {
            Misplaced(*place, row_id) for place, row_id in seen.items() if place not in self.ids
        }
        return tuple(sorted(wrong))

    def misdirected(self, found: AnswerCells) -> tuple[ArrivedRow, ...]:
        """Return the landing places that hold another client than the one that was to move there."""
        return tuple(
            landed
            for landed in self.arrived
            if any(_differs(landed, at, found) for at in landed.telling)
        )

    def edited(self, found: AnswerCells) -> tuple[ArrivedRow, ...]:
        """Return the rows that moved rightly, but not with the cells that were read: somebody typed meanwhile."""
        strange = {landed.move for landed in self.misdirected(found)}
        return tuple(
            landed
            for landed in self.arrived
            if landed.move not in strange
            and any(_differs(landed, at, found) for at in landed.cells)
        )


def _differs(landed: ArrivedRow, column: int, found: AnswerCells) -> bool:
    held, wanted = found.get((landed.sheet_id, landed.row, column)), landed.cells[column]
    return (None if held == "" else held) != (None if wanted == "" else wanted)


def expect(projection: Projection, moving: Moving, lost: LostRow | None) -> Verification:
    """Work out what a batch must leave."""
    tabs = projection.snapshot.tabs
    sheets = {tab.section: tab.grid.sheet_id for tab in tabs}
    base = projection.base
    places = {
        str(i): (sheets[section], int(row) - 1)
        for section, row, i in zip(base["section"], base["row"], base["id"], strict=True)
    }
    ids = {place: row_id for row_id, place in places.items()}
    if lost is not None:
        ids[sheets[lost.section], projection.snapshot.tab[lost.section].end] = lost.id
    return Verification(
        ids,
        {tab.grid.sheet_id: moving.columns[tab.section].field("id") for tab in tabs},
        {tab.grid.sheet_id: tab.header for tab in tabs},
        {tab.grid.sheet_id: tab.title for tab in tabs},
        tuple(_landed(move, places[move.id], moving) for move in projection.plan.moves),
    )


def _landed(move: Move, place: tuple[int, int], moving: Moving) -> ArrivedRow:
    mapping, columns = moving.maps[move.source, move.target], moving.columns[move.target]
    cells = {
        mapping[at]: effective(cell)
        for at, cell in enumerate(moving.cells(move))
        if at in mapping and not _changes(cell)
    }
    edits = [
        (e.field, e.after)
        for e in moving.plan.edits
        if (e.section, e.row) == (move.source, move.row)
    ]
    written = {columns.field(name): value for name, value in (*move.sets, *edits)}
    ours = written.keys() | {columns.field(name) for name in DERIVED}
    kept = {at: cell for at, cell in cells.items() if at not in ours}
    telling = [columns.keys.get(("field", name, 0)) for name in TELLING]
    return ArrivedRow(move, *place, kept, tuple(at for at in telling if at in kept), written)


def _changes(cell: Mapping[str, Any]) -> bool:
    """Tell whether a cell's value may change by its moving: a formula's."""
    return "formulaValue" in (cell.get("userEnteredValue") or {})


def cells_of_answer(answer: Mapping[str, Any]) -> AnswerCells:
    """Read the cells of an updatedSpreadsheet."""
    return {(sheet_id, row, column): value for sheet_id, row, column, value in _cells(answer)}


def _cells(answer: Mapping[str, Any]) -> Iterator[tuple[int, int, int, Cell]]:
    for sheet in answer.get("updatedSpreadsheet", {}).get("sheets", ()):
        sheet_id = sheet["properties"].get("sheetId", 0)
        for block in sheet.get("data", ()):
            top, left = block.get("startRow", 0), block.get("startColumn", 0)
            for down, row in enumerate(block.get("rowData", ())):
                for across, cell in enumerate(row.get("values", ())):
                    yield sheet_id, top + down, left + across, effective(cell)
