"""Formulas that stay and read rows that move or are joined, aimed anew by the same batch.

They stand on the users' other tabs, and in the rows that a run reads anyway. One that points at a
moved row follows it, where it would become #REF!; one that reads all clients of a tab goes on doing
so (docs/adr/0016). How one is rewritten is left to formulas_that_move.py, client_ranges.py and
split_formulas.py.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gspread.utils import absolute_range_name, rowcol_to_a1

from sheetsync.method.policy import Policy
from sheetsync.rules.draft.projection import Projection
from sheetsync.sheets.batch.client_blocks import blocks_of, splits_of
from sheetsync.sheets.batch.client_ranges import kept, reference_of
from sheetsync.sheets.batch.formulas_that_move import follow, rewritten
from sheetsync.sheets.batch.row_moves import RowMoves, RowPlace, put_formula
from sheetsync.sheets.batch.row_shifts import (
    Followed,
    Insert,
    Landing,
    RowShifts,
    in_formulas,
)
from sheetsync.sheets.batch.split_formulas import (
    FormulaCell,
    Unclear,
)
from sheetsync.sheets.requests.canvas import Canvas
from sheetsync.sheets.requests.cells import Request, formula_of
from sheetsync.sheets.requests.column_places import Columns
from sheetsync.workbook.plan import Move, Removal
from sheetsync.workbook.snapshot import (
    Book,
    CellArea,
    Grid,
    Snapshot,
    is_own,
)

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


class Reader(NamedTuple):
    """A formula that stays and reads rows that move: its cell while the batch runs.

    `where`: the cell as people see it; `before`, `formula` and `final`: how it reads, is to be
    written, and reads afterwards; `changed`: whether it has to be written;
    `followed`: the moves and joins, each with the reference that follows its row; `unclear`: why it
    cannot be kept what it means.
    """

    place: RowPlace
    column: int
    before: str
    formula: str
    final: str
    where: str
    followed: tuple[tuple[Move | Removal, Followed], ...] = ()
    unclear: Unclear | None = None
    widened: bool = False
    changed: bool = False


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
    names = named_references(projection.snapshot.book)
    splits = splits_of(row_moves, names)
    return RowShifts(landings, inserts, blocks_of(row_moves), splits)


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


def pointers(row_moves: RowMoves, row_shifts: RowShifts) -> tuple[Reader, ...]:
    """Find the formulas that are to be written anew."""
    return tuple(
        reader for reader in readers(row_moves, row_shifts) if reader.changed
    )


def readers(row_moves: RowMoves, row_shifts: RowShifts) -> Iterator[Reader]:
    """Go through the formulas that stay and read rows that move, or that come.

    Of the others the spreadsheet itself takes care.
    """
    # Only cells that were read are looked at: a formula in a row that the run does not touch
    # becomes #REF!, which people see. INDIRECT is not followed.
    if not (row_shifts.landings or row_moves.growing):
        return
    sight = _Sight(row_moves, row_shifts)
    grids = {grid.sheet_id: grid for grid in row_moves.snapshot.book.grids}
    for cell in _formulas(row_moves):
        grid = grids[cell.sheet_id]
        if not _is_guarded(cell, grid):
            reader = sight.reader(cell, grid.title)
            if reader.changed or reader.unclear:
                yield reader


class _Sight:
    """What a batch does to the rows that formulas read."""

    def __init__(self, row_moves: RowMoves, row_shifts: RowShifts) -> None:
        self.row_moves = row_moves
        self.row_shifts = row_shifts
        plan = row_moves.plan
        self.changes: dict[str, Move | Removal] = {}
        self.changes |= {move.id: move for move in plan.moves}
        self.changes |= {removal.id: removal for removal in plan.removals}
        self.sections = {
            tab.grid.sheet_id: tab.section for tab in row_moves.snapshot.tabs
        }

    def reader(self, cell: "_FormulaCell", title: str) -> Reader:
        """Return a formula as it is to be written."""
        formula, references = follow(cell.formula, title, self.row_shifts)
        place = self._place(cell)
        split = self.row_shifts.carried_over(
            formula, FormulaCell(title, place.row, cell.column)
        )
        is_widened = split.formula != formula
        is_kept = self._is_kept(cell.formula, title)
        a1 = rowcol_to_a1(cell.row + 1, cell.column + 1)
        return Reader(
            place=place,
            column=cell.column,
            before=cell.formula,
            formula=split.formula,
            final=self._final(cell, title, references),
            # What only slides down the spreadsheet itself keeps right.
            changed=bool(references) or is_widened or is_kept,
            where=absolute_range_name(title, a1),
            followed=tuple(
                (self.changes[reference.id], reference)
                for reference in references
            ),
            unclear=split.unclear,
            widened=is_widened,
        )

    def _place(self, cell: "_FormulaCell") -> RowPlace:
        """Return where a cell stands while the batch runs."""
        section = self.sections.get(cell.sheet_id)
        if section is None:
            return RowPlace(cell.sheet_id, cell.row)
        row = self.row_moves.index_now(section, cell.row + 1)
        return RowPlace(cell.sheet_id, row)

    def _is_kept(self, formula: str, title: str) -> bool:
        """Tell whether a range over all clients of a tab would lose those that come."""
        blocks = self.row_shifts.blocks
        grown = []

        def turn(reference: str) -> str:
            grown.append(kept(reference, title, blocks) is not None)
            return reference

        rewritten(formula, turn)
        return any(grown)

    def _final(
        self,
        cell: "_FormulaCell",
        title: str,
        references: Sequence[Followed],
    ) -> str:
        """Return a formula as it reads afterwards, as far as it is aimed anew."""
        blocks = self.row_shifts.blocks
        followed = {
            reference.before: reference.final for reference in references
        }

        def turn(reference: str) -> str:
            grown = kept(reference, title, blocks)
            if grown is not None:
                return grown.final
            return followed.get(reference, reference)

        formula = rewritten(cell.formula, turn) or cell.formula
        return self.row_shifts.carried_over(
            formula, FormulaCell(title, cell.row, cell.column)
        ).formula


def named_references(book: Book) -> dict[str, str]:
    """Return the named ranges of a book as references, by name in small letters."""
    titles = {grid.sheet_id: grid.title for grid in book.grids}
    references = {}
    for name in book.names:
        if name.sheet_id in titles:
            references[name.name.casefold()] = reference_of(
                titles[name.sheet_id], name.area
            )
    return references


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


def _formulas(row_moves: RowMoves) -> Iterator[_FormulaCell]:
    """Go through the formulas of cells that stay."""
    sections = {
        tab.grid.sheet_id: tab.section for tab in row_moves.snapshot.tabs
    }
    names = _Names(row_moves)
    leaving = {*row_moves.landing, *row_moves.plan.removed_places}
    for (sheet_id, row), cells in sorted(row_moves.reread.items()):
        section = sections.get(sheet_id)
        if section is not None and (section, row + 1) in leaving:
            continue
        for column, cell in enumerate(cells):
            formula = formula_of(cell)
            # Taking a formula apart takes time: on other tabs only those are that name a tab which
            # rows leave.
            if formula and (section is not None or names.are_in(formula)):
                yield _FormulaCell(sheet_id, row, column, formula)


class _Names:
    """What a formula has in it that reads a tab which rows leave or come to: its title, a name."""

    def __init__(self, row_moves: RowMoves) -> None:
        snapshot = row_moves.snapshot
        concerned = {move.source for move in row_moves.plan.moves}
        concerned |= {row.section for row in row_moves.plan.removals}
        concerned |= row_moves.growing
        titles = [snapshot.tab[section].title for section in concerned]
        self._words = [in_formulas(title).casefold() for title in titles]
        self._words += [name.name.casefold() for name in snapshot.book.names]

    def are_in(self, formula: str) -> bool:
        """Tell whether any of them is in a formula."""
        lowered = formula.casefold()
        return any(word in lowered for word in self._words)


def put_formulas(aimed: Sequence[Reader], canvas: Canvas) -> None:
    """Put the formulas that are aimed anew.

    They are written after the inserts and before the deletes, so all else in them is told where
    the inserts have put it.
    """
    for pointer in aimed:
        put_formula(canvas, pointer.place, pointer.column, pointer.formula)
