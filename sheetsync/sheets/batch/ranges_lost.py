"""What a batch does to ranges that no later insert gives back: noted before it is sent.

Looked at are the formulas of the cells that were read again, and what lies on cells by ranges of
its own. What an undo makes of the notes is ranges_back.py's.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from gspread.utils import absolute_range_name, rowcol_to_a1

from sheetsync.rules.draft.projection import Projection
from sheetsync.sheets.batch.client_blocks import blocks_of
from sheetsync.sheets.batch.client_ranges import kept
from sheetsync.sheets.batch.formula_places import (
    LOST,
    Titles,
    place_of,
    rewritten,
    taken_apart,
)
from sheetsync.sheets.batch.formulas_that_stay import (
    Reader,
    other_tabs,
    pointers,
)
from sheetsync.sheets.batch.grown_ranges import GrownRanges
from sheetsync.sheets.batch.row_cuts import RowCuts
from sheetsync.sheets.batch.row_moves import RowMoves
from sheetsync.sheets.batch.row_shifts import RowShifts
from sheetsync.sheets.batch.split_formulas import FormulaCell
from sheetsync.sheets.requests.cells import Request, formula_of
from sheetsync.workbook.range_notes import (
    RangeNote,
    TabArea,
    places_of,
    places_text,
)
from sheetsync.workbook.range_owners import NoteKind, RangeOwner


def cuts_of(row_moves: RowMoves, added: list[Request]) -> RowCuts:
    """Return the rows that a batch inserts and deletes on the sections' tabs.

    `added`: what makes room for new rows.
    """
    deletes = [*row_moves.deletes(), *row_moves.deletes_of_left_empty()]
    return RowCuts([*added, *row_moves.inserts(), *deletes])


@dataclass(frozen=True)
class LostRanges:
    """Looks for what loses rows at its edges by one batch."""

    row_moves: RowMoves
    projection: Projection
    row_shifts: RowShifts
    cuts: RowCuts
    given_back: Mapping["TabCell", str] = field(default_factory=dict)
    """The formulas that the same batch gives back what they were, by the cells as read."""

    def notes(self) -> Iterator[RangeNote]:
        """Go through what does."""
        if not self.row_moves.plan.moves:
            return
        yield from self._emptied_rows()
        for owner in self.projection.snapshot.book.owners:
            yield from self._owner(owner)
        yield from self._formulas()

    def _emptied_rows(self) -> Iterator[RangeNote]:
        """Go through the rows that stay behind empty, so that an undo deletes them."""
        blocks = blocks_of(self.row_moves)
        for section in sorted(self.row_moves.with_bare_row):
            tab = self.projection.snapshot.tab[section]
            bare = blocks[tab.title.casefold()].final
            yield RangeNote(
                NoteKind.EMPTIED, tab.grid.sheet_id, str(bare + 1), "", ""
            )
        for section, row in self._emptied.items():
            sheet_id = self.projection.snapshot.tab[section].grid.sheet_id
            there = self.cuts.row(sheet_id, row - 1)
            if there is not None:
                yield RangeNote(
                    NoteKind.EMPTIED, sheet_id, str(there + 1), "", ""
                )

    @cached_property
    def _emptied(self) -> dict[str, int]:
        """The rows of clients that are emptied and not deleted: section, the sheet's number."""
        left = {(move.source, move.row) for move in self.row_moves.plan.moves}
        emptied = self.row_moves.emptied_rows
        return {
            section: row
            for section, row in emptied.items()
            if (section, row) in left
        }

    @cached_property
    def _emptied_places(self) -> set[tuple[int, int]]:
        """The same, by sheetId and 0-based row."""
        tabs = self.projection.snapshot.tab
        return {
            (tabs[section].grid.sheet_id, row - 1)
            for section, row in self._emptied.items()
        }

    @cached_property
    def _for_good(self) -> RowCuts:
        """What the batch inserts and deletes, but for rows that a run had left behind empty."""
        moves = self.row_moves
        return RowCuts([*moves.inserts(), *moves.deletes()])

    @cached_property
    def titles(self) -> Titles:
        """The tabs of the book."""
        grids = self.projection.snapshot.book.grids
        return Titles({grid.sheet_id: grid.title for grid in grids})

    def _loses(self, place: TabArea) -> bool:
        sheet_id, area = place
        if self._for_good.loses_an_edge(sheet_id, area):
            return True
        # A row that is emptied goes for good once its client is back.
        edges = {(sheet_id, area.top), (sheet_id, area.bottom - 1)}
        return not edges.isdisjoint(self._emptied_places)

    def _owner(self, owner: RangeOwner) -> Iterator[RangeNote]:
        places = places_of(owner)
        if not any(map(self._loses, places)):
            return
        left = self._left_of(owner, places)
        # What a filter hides is told by its values, and a file has none of rows that are gone.
        is_kept = not left or owner.kind == NoteKind.FILTER
        yield RangeNote(
            owner.kind,
            owner.sheet_id,
            owner.key,
            places_text(places),
            places_text(left),
            likeness=owner.likeness if owner.kind == NoteKind.FORMAT else "",
            body=json.dumps(owner.body, ensure_ascii=False) if is_kept else "",
        )

    def _left_of(
        self, owner: RangeOwner, places: Sequence[TabArea]
    ) -> list[TabArea]:
        """Return the ranges of something as the batch leaves them; those that are gone left out."""
        is_grown = owner.kind in (NoteKind.NAME, NoteKind.CHART)
        left = []
        for sheet_id, area in places:
            grown = self._grown.area(sheet_id, area) if is_grown else None
            carried = grown.final if grown else self.cuts.area(sheet_id, area)
            if carried is not None:
                left.append(TabArea(sheet_id, carried))
        return left

    @cached_property
    def _grown(self) -> GrownRanges:
        """The ranges of names and charts that the batch itself aims anew."""
        return GrownRanges(self.row_moves)

    def _formulas(self) -> Iterator[RangeNote]:
        """Go through the formulas of other tabs, and of the sections' rows that were read."""
        snapshot = self.projection.snapshot
        sections = {tab.grid.sheet_id: tab.section for tab in snapshot.tabs}
        others = other_tabs(snapshot, self.projection.policy)
        read = {*sections, *(grid.sheet_id for grid in others)}
        for (sheet_id, row), cells in sorted(self.row_moves.reread.items()):
            if sheet_id not in read:
                continue
            for column, cell in enumerate(cells):
                formula = formula_of(cell)
                place = TabCell(sheet_id, row, column)
                if formula and self._is_changed(formula, place):
                    section = sections.get(sheet_id, "")
                    yield self._formula(formula, place, section)

    def _is_changed(self, formula: str, cell: "TabCell") -> bool:
        """Tell whether an undo has to give a formula back what it was."""
        if cell in self.given_back:
            return True
        is_widened = self._widened(formula, cell) is not None
        return is_widened or self._is_cut(formula, cell.sheet_id)

    def _widened(self, formula: str, cell: "TabCell") -> str | None:
        """Return a formula that is aimed at all tabs where clients of one go; None for others.

        Of one that goes along with its row only what it says is told, not in which rows.
        """
        if not self.row_shifts.splits:
            return None
        title = self.titles.by_id[cell.sheet_id]
        a1 = rowcol_to_a1(cell.row + 1, cell.column + 1)
        reader = self._staying.get(absolute_range_name(title, a1))
        if reader is not None:
            return self._once_rows_are_gone(reader, cell.sheet_id)
        there = FormulaCell(title, cell.row, cell.column)
        carried = self.row_shifts.carried_over(formula, there).formula
        return None if carried == formula else carried

    def _once_rows_are_gone(self, reader: Reader, home: int) -> str | None:
        """Return a formula that stays as it reads at the end; None where it is not widened."""
        parts = taken_apart(reader.formula) if reader.widened else None
        if parts is None:
            return None
        deletes = RowCuts(self.row_moves.deletes())
        texts = []
        for text in parts.texts:
            place = place_of(text, home, self.titles)
            area = None if place is None else deletes.area(*place)
            if place is not None and area is not None and area != place.area:
                carried = TabArea(place.sheet_id, area)
                texts.append(rewritten(text, carried, home, self.titles))
            else:
                texts.append(text)
        return parts.with_texts(texts)

    @cached_property
    def _staying(self) -> dict[str, Reader]:
        """The formulas that stay and are written anew, by their cells as people see them."""
        aimed = pointers(self.row_moves, self.row_shifts)
        return {reader.where: reader for reader in aimed}

    def _is_cut(self, formula: str, home: int) -> bool:
        """Tell whether a range of several rows in a formula loses its first or last one."""
        # Cells of one row follow it, and follow it back again.
        if ":" not in formula:
            return False
        parts = taken_apart(formula)
        for text in parts.texts if parts else ():
            place = place_of(text, home, self.titles)
            if place is None or place.area.bottom - place.area.top <= 1:
                continue
            if self._loses(place):
                return True
        return False

    def _formula(
        self, formula: str, cell: "TabCell", section: str
    ) -> RangeNote:
        row_id = self._ids.get((section, cell.row + 1), "")
        after = ""
        moves = (section, cell.row + 1) in self.row_moves.landing
        row = self.cuts.row(cell.sheet_id, cell.row)
        key = rowcol_to_a1(cell.row + 1, cell.column + 1)
        if not moves and row is not None:
            key = rowcol_to_a1(row + 1, cell.column + 1)
            after = carried_formula(
                formula, cell, self.titles, self.cuts, self.row_shifts
            )
        written = self.given_back.get(cell) or self._widened(formula, cell)
        return RangeNote(
            NoteKind.FORMULA,
            cell.sheet_id,
            key,
            formula,
            written or after,
            row_id,
        )

    @cached_property
    def _ids(self) -> dict[tuple[str, int], str]:
        """The ids of the clients by section and the sheet's number."""
        base = self.projection.with_ids
        places = zip(base["section"], base["row"], base["id"], strict=True)
        return {(str(s), int(row)): str(row_id) for s, row, row_id in places}


@dataclass(frozen=True)
class TabCell:
    """A cell of a tab: 0-based row and column."""

    sheet_id: int
    row: int
    column: int


def carried_formula(
    formula: str,
    cell: TabCell,
    titles: Titles,
    cuts: RowCuts,
    row_shifts: RowShifts,
) -> str:
    """Return a formula that stays in its cell as it reads once the batch is over."""
    home = cell.sheet_id
    parts = taken_apart(formula)
    if parts is None:
        return formula
    texts = []
    for text in parts.texts:
        texts.append(carried_reference(text, home, titles, cuts, row_shifts))
    return parts.with_texts(texts)


def carried_reference(
    text: str,
    home: int,
    titles: Titles,
    cuts: RowCuts,
    row_shifts: RowShifts,
) -> str:
    """Return a reference as it reads once the batch is over."""
    _, followed = row_shifts.turned(text, titles.by_id[home])
    if followed is not None:
        return followed.final
    grown = kept(text, titles.by_id[home], row_shifts.blocks)
    if grown is not None:
        return grown.final
    place = place_of(text, home, titles)
    if place is None:
        return text
    area = cuts.area(*place)
    if area is None:
        return LOST
    if area == place.area:
        return text
    return rewritten(text, TabArea(place.sheet_id, area), home, titles)
