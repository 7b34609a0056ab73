"""Formulas that stay and point at rows that move: on the users' other tabs, and in the rows that a run reads anyway.

When a moved row is deleted, a formula that speaks of it would become #REF!. So it is written anew, aimed at the row's new
place, by the same batch, before the deletes.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from openpyxl.utils import get_column_letter

from sheetsync.method.policy import Policy
from sheetsync.rules.draft.projection import Projection
from sheetsync.sheets.batch.formulas_that_move import follow
from sheetsync.sheets.batch.row_moves import Moving, RowPlace
from sheetsync.sheets.batch.row_shifts import Followed, Insert, Landing, RowShifts, quoted
from sheetsync.sheets.requests.cells import Canvas, Request
from sheetsync.workbook.plan import Move
from sheetsync.workbook.snapshot import CellArea, Grid, Snapshot, is_own

MOST_CELLS = 200_000
"""Tabs larger than this are not read: their formulas become #REF!, which people see."""


def other_tabs(snapshot: Snapshot, policy: Policy) -> tuple[Grid, ...]:
    """Return the users' other tabs that may be read and written: no sections, none of the program's own, none guarded."""
    sections = {tab.grid.sheet_id for tab in snapshot.tabs}
    return tuple(
        grid
        for grid in snapshot.book.grids
        if grid.sheet_id not in sections
        and (grid.sheet_id in snapshot.book.theirs or not is_own(grid.title, policy))
        and not grid.guarded
        and grid.row_count * grid.column_count <= MOST_CELLS
    )


class Pointer(NamedTuple):
    """A formula that is aimed anew: its place while the batch runs, how it is to read, where people see it, what it follows."""

    place: RowPlace
    column: int
    formula: str
    where: str
    followed: tuple[tuple[Move, Followed], ...]


def row_shifts_of(
    moving: Moving, projection: Projection, inserting: Sequence[Request]
) -> RowShifts:
    """Return where a batch takes rows: its moves, and the inserts among the requests that come before the formulas."""
    titles = {grid.sheet_id: grid.title for grid in projection.snapshot.book.grids}
    base = projection.base
    final = {str(i): int(row) for i, row in zip(base["id"], base["row"], strict=True)}
    landings = {}
    for move in projection.plan.moves:
        place, mapping = (
            moving.landing[move.source, move.row],
            moving.maps[move.source, move.target],
        )
        landing = Landing(titles[place.sheet_id], place.row + 1, final[move.id], mapping, move.id)
        landings[projection.snapshot.tab[move.source].title, move.row] = landing
    ranges = [
        request["insertDimension"]["range"] for request in inserting if "insertDimension" in request
    ]
    inserts = [
        Insert(titles[area["sheetId"]], area["startIndex"], area["endIndex"] - area["startIndex"])
        for area in ranges
        if area["dimension"] == "ROWS" and area["sheetId"] in titles
    ]
    return RowShifts(landings, inserts)


def pointers(moving: Moving, row_shifts: RowShifts) -> tuple[Pointer, ...]:
    """Find the formulas, among the cells that were read, that point at rows that move and do not move themselves."""
    if not row_shifts.landings:
        return ()
    moves = {move.id: move for move in moving.plan.moves}
    grids = {grid.sheet_id: grid for grid in moving.snapshot.book.grids}
    found = []
    for sheet_id, row, column, formula in _formulas(moving, row_shifts):
        grid = grids[sheet_id]
        if any(area.meets(CellArea(row, row + 1, column, column + 1)) for area in grid.guarded):
            continue
        written, followed = follow(formula, grid.title, row_shifts)
        if followed:
            where = f"{quoted(grid.title)}!{get_column_letter(column + 1)}{row + 1}"
            clients = tuple((moves[one.id], one) for one in followed)
            found.append(Pointer(RowPlace(sheet_id, row), column, written, where, clients))
    return tuple(found)


def _formulas(moving: Moving, row_shifts: RowShifts) -> Iterator[tuple[int, int, int, str]]:
    """Go through the formulas of cells that stay: (sheetId, 0-based row and column, formula).

    Those of other tabs that name no tab which rows leave are passed over: taking a formula apart takes time.
    """
    sections = {tab.grid.sheet_id: tab.section for tab in moving.snapshot.tabs}
    for (sheet_id, row), cells in sorted(moving.details.items()):
        section = sections.get(sheet_id)
        if section is not None and (section, row + 1) in moving.landing:
            continue
        for column, cell in enumerate(cells):
            formula = _formula(cell)
            if formula and (
                section is not None or any(title in formula.casefold() for title in row_shifts.left)
            ):
                yield sheet_id, row, column, formula


def _formula(cell: Mapping[str, Any]) -> str:
    return str((cell.get("userEnteredValue") or {}).get("formulaValue", ""))


def write(found: Sequence[Pointer], canvas: Canvas) -> None:
    """Put the formulas that are aimed anew."""
    for pointer in found:
        canvas.put(
            *pointer.place, pointer.column, {"userEnteredValue": {"formulaValue": pointer.formula}}
        )
