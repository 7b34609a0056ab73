"""Formulas that stay and point at rows that move or are joined, aimed anew by the same batch.

They stand on the users' other tabs, and in the rows that a run reads anyway. When a moved row is
deleted, such a formula would become #REF!. How one is rewritten is formulas_that_move.py's.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gspread.utils import absolute_range_name, rowcol_to_a1

from sheetsync.method.policy import Policy
from sheetsync.rules.draft.projection import Projection
from sheetsync.sheets.batch.formulas_that_move import follow
from sheetsync.sheets.batch.row_moves import RowMoves, RowPlace, put_formula
from sheetsync.sheets.batch.row_shifts import (
    Followed,
    Insert,
    Landing,
    RowShifts,
)
from sheetsync.sheets.requests.canvas import Canvas
from sheetsync.sheets.requests.cells import Request, formula_of
from sheetsync.sheets.requests.column_places import Columns
from sheetsync.workbook.plan import Move, Removal
from sheetsync.workbook.snapshot import CellArea, Grid, Snapshot, is_own

MOST_CELLS = 200_000
"""Tabs larger than this are not read: their formulas become #REF!, which people see."""


def other_tabs(snapshot: Snapshot, policy: Policy) -> tuple[Grid, ...]:
    """Return the users' other tabs that may be read and written.

    No sections, none of the program's own, none that others protect from us.
    """
    not_others = {tab.grid.sheet_id for tab in snapshot.tabs}
    not_others |= snapshot.book.volumes.keys()
    others = []
    for grid in snapshot.book.grids:
        theirs = grid.sheet_id in snapshot.book.theirs or not is_own(
            grid.title, policy
        )
        if grid.sheet_id in not_others or not theirs:
            continue
        # A write into what others protect from us is refused with its whole batch.
        if (
            not grid.guarded
            and grid.row_count * grid.column_count <= MOST_CELLS
        ):
            others.append(grid)
    return tuple(others)


class Pointer(NamedTuple):
    """A formula that is aimed anew: its cell while the batch runs, and how it is to read.

    `where`: the cell as people see it; `followed`: the moves and joins, each with the reference
    that follows its row.
    """

    place: RowPlace
    column: int
    formula: str
    where: str
    followed: tuple[tuple[Move | Removal, Followed], ...]


def row_shifts_of(
    row_moves: RowMoves, projection: Projection, requests: Sequence[Request]
) -> RowShifts:
    """Return where a batch takes rows: its moves, and the inserts that come before the formulas.

    `requests`: those that come before them.
    """
    titles = {
        grid.sheet_id: grid.title for grid in projection.snapshot.book.grids
    }
    landings = {
        **dict(_landings(row_moves, projection, titles)),
        **dict(_kept_rows(row_moves, projection, titles)),
    }
    inserts = [*_inserts(requests, titles)]
    return RowShifts(landings, inserts)


def _landings(
    row_moves: RowMoves, projection: Projection, titles: dict[int, str]
) -> Iterator[tuple[tuple[str, int], Landing]]:
    """Go through the rows that move: (title, number) of where they stood, and where they land."""
    base = projection.base
    ids = [move.id for move in projection.plan.moves]
    moved = base[base["id"].isin(ids)]
    final_rows = dict(zip(moved["id"], moved["row"], strict=True))
    for move in projection.plan.moves:
        place = row_moves.landing[move.source, move.row]
        landing = Landing(
            title=titles[place.sheet_id],
            row=place.row + 1,
            final=int(final_rows[move.id]),
            columns=row_moves.columns_of(move),
            id=move.id,
        )
        source = projection.snapshot.tab[move.source]
        yield (source.title, move.row), landing


def _kept_rows(
    row_moves: RowMoves, projection: Projection, titles: dict[int, str]
) -> Iterator[tuple[tuple[str, int], Landing]]:
    """Go through the rows that are joined: (title, number) of each, and the row that it is now."""
    joined = [row for row in projection.plan.removals if row.into]
    if not joined:
        return
    before = row_moves.snapshot.base
    places = dict(
        zip(
            before["id"],
            zip(before["section"], before["row"], strict=True),
            strict=True,
        )
    )
    final_rows = dict(
        zip(projection.base["id"], projection.base["row"], strict=True)
    )
    for removal in joined:
        if removal.into not in places or removal.into not in final_rows:
            continue
        section, row = places[removal.into]
        place = row_moves.place(section, int(row))
        landing = Landing(
            title=titles[place.sheet_id],
            row=place.row + 1,
            final=int(final_rows[removal.into]),
            columns=_same_columns(
                row_moves.columns[removal.section],
                row_moves.columns_at(section, int(row)),
            ),
            id=removal.id,
        )
        title = row_moves.snapshot.tab[removal.section].title
        yield (title, removal.row), landing


def _same_columns(source: Columns, target: Columns) -> dict[int, int]:
    """Return which column of one tab is which of another, as far as there is one; adds none."""
    places: dict[int, int] = {}
    for key, column in source.keys.items():
        place = target.find(key)
        if place is not None:
            places[column] = place
    return places


def _inserts(
    requests: Sequence[Request], titles: dict[int, str]
) -> Iterator[Insert]:
    """Go through the rows that requests insert into tabs that are there already."""
    for request in requests:
        area = request.get("insertDimension", {}).get("range", {})
        if area.get("dimension") == "ROWS" and area["sheetId"] in titles:
            start = area["startIndex"]
            end = area["endIndex"]
            yield Insert(titles[area["sheetId"]], start, end - start)


def pointers(row_moves: RowMoves, row_shifts: RowShifts) -> tuple[Pointer, ...]:
    """Find the formulas that stay and point at rows that move, or are joined to others."""
    # Only cells that were read are looked at: a formula in a row that the run does not touch
    # becomes #REF!, which people see. INDIRECT, named ranges, charts and conditional formats are
    # not followed.
    if not row_shifts.landings:
        return ()
    plan = row_moves.plan
    changes: dict[str, Move | Removal] = {}
    changes |= {move.id: move for move in plan.moves}
    changes |= {removal.id: removal for removal in plan.removals}
    grids = {grid.sheet_id: grid for grid in row_moves.snapshot.book.grids}
    aimed = []
    for cell in _formulas(row_moves, row_shifts):
        grid = grids[cell.sheet_id]
        if _is_guarded(cell, grid):
            continue
        formula, references = follow(cell.formula, grid.title, row_shifts)
        if not references:
            continue
        followed = tuple(
            (changes[reference.id], reference) for reference in references
        )
        a1 = rowcol_to_a1(cell.row + 1, cell.column + 1)
        where = absolute_range_name(grid.title, a1)
        pointer = Pointer(
            place=RowPlace(cell.sheet_id, cell.row),
            column=cell.column,
            formula=formula,
            where=where,
            followed=followed,
        )
        aimed.append(pointer)
    return tuple(aimed)


class _FormulaCell(NamedTuple):
    """A cell that stays and holds a formula; row and column are 0-based."""

    sheet_id: int
    row: int
    column: int
    formula: str


def _is_guarded(cell: _FormulaCell, grid: Grid) -> bool:
    """Tell whether others protect a cell from us."""
    area = CellArea(cell.row, cell.row + 1, cell.column, cell.column + 1)
    return any(guarded.meets(area) for guarded in grid.guarded)


def _formulas(
    row_moves: RowMoves, row_shifts: RowShifts
) -> Iterator[_FormulaCell]:
    """Go through the formulas of cells that stay."""
    sections = {
        tab.grid.sheet_id: tab.section for tab in row_moves.snapshot.tabs
    }
    leaving = {*row_moves.landing, *row_moves.plan.removed_places}
    for (sheet_id, row), cells in sorted(row_moves.reread.items()):
        section = sections.get(sheet_id)
        if section is not None and (section, row + 1) in leaving:
            continue
        for column, cell in enumerate(cells):
            formula = formula_of(cell)
            # Taking a formula apart takes time: on other tabs only those are that name a tab which
            # rows leave.
            if formula and (
                section is not None or _names_one(formula, row_shifts.left)
            ):
                yield _FormulaCell(sheet_id, row, column, formula)


def _names_one(formula: str, titles: set[str]) -> bool:
    lowered = formula.casefold()
    return any(title in lowered for title in titles)


def put_formulas(aimed: Sequence[Pointer], canvas: Canvas) -> None:
    """Put the formulas that are aimed anew.

    They are written after the inserts and before the deletes, so all else in them is told where
    the inserts have put it.
    """
    for pointer in aimed:
        put_formula(canvas, pointer.place, pointer.column, pointer.formula)
