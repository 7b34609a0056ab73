"""Ranges that an undo gives back: written by the same batch, once its rows stand where they stood.

Each is given back as far as it still is what the run left: where people have aimed it elsewhere
since, it stays, and that is told. Where other rows have come and gone meanwhile, a range takes in
again the rows that were in it, and none besides. What is noted is ranges_lost.py's.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from gspread.utils import a1_to_rowcol, absolute_range_name, rowcol_to_a1

from sheetsync.rules.draft.projection import Projection
from sheetsync.sheets.batch.formula_places import (
    LOST,
    TakenApart,
    Titles,
    place_of,
    rewritten,
    taken_apart,
)
from sheetsync.sheets.batch.ranges_lost import TabCell, carried_reference
from sheetsync.sheets.batch.row_cuts import RowCuts
from sheetsync.sheets.batch.row_moves import RowMoves
from sheetsync.sheets.batch.row_shifts import RowShifts
from sheetsync.sheets.requests.cells import Request, formula_of, stretches
from sheetsync.sheets.requests.range_requests import (
    added_anew,
    grouped,
    with_range_of,
)
from sheetsync.workbook.plan import TakenBack
from sheetsync.workbook.range_notes import (
    RangeNote,
    TabArea,
    grid_range_of,
    places_in,
    places_of,
)
from sheetsync.workbook.range_owners import NoteKind, RangeOwner, with_ranges
from sheetsync.workbook.snapshot import CellArea, Grid


@dataclass(frozen=True)
class RowsBack:
    """Rows that a run had moved out of a tab: each row's number then, and the one it will have.

    `all_back`: whether all of them stand there again. `strangers`: the numbers that other clients
    of the tab will have.
    """

    now: Mapping[int, int]
    all_back: bool
    strangers: frozenset[int]

    @property
    def as_before(self) -> bool:
        """Whether each of them stands in the very row in which it stood."""
        return self.all_back and all(
            before == now for before, now in self.now.items()
        )

    def within(self, area: CellArea) -> list[int]:
        """Return the numbers that rows have now which stood in an area."""
        return [
            now
            for before, now in self.now.items()
            if area.top < before <= area.bottom
        ]

    def widened(
        self, now: CellArea | None, before: CellArea
    ) -> CellArea | None:
        """Return an area with the rows again that were in it; None where others stand between."""
        rows = self.within(before)
        if now is not None:
            rows = [*rows, now.top + 1, now.bottom]
        if not rows:
            return None
        top = min(rows) - 1
        bottom = max(rows)
        for row in range(top + 1, bottom + 1):
            is_held = now is not None and now.top < row <= now.bottom
            if row in self.strangers and not is_held:
                return None
        return before._replace(top=top, bottom=bottom)


@dataclass
class RangesBack:
    """What gives ranges back, in requests for the end of a batch.

    `requests`: before the rows go that the run left behind empty; `formulas`:
    afterwards; `left`: places that stay as they are, as people see them; `named`: those that do
    not.
    """

    row_moves: RowMoves
    projection: Projection
    row_shifts: RowShifts
    cuts: RowCuts
    requests: list[Request] = field(default_factory=list)
    formulas: list[Request] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    given_back: dict[TabCell, str] = field(default_factory=dict)
    """The formulas that are written, by the cells in which they were read."""

    def work_out(self) -> None:
        """Work out all of it."""
        for note in self._taken_back.notes:
            before = len(self.requests) + len(self.formulas)
            if note.kind == NoteKind.FORMULA:
                self._formula(note)
            else:
                self._owner(note)
            if len(self.requests) + len(self.formulas) > before:
                self.named.append(self._name(note, None))

    @property
    def _taken_back(self) -> TakenBack:
        return self.projection.plan.taken_back

    @cached_property
    def titles(self) -> Titles:
        """The tabs of the book."""
        return Titles(
            {number: grid.title for number, grid in self._grids.items()}
        )

    @cached_property
    def _names(self) -> frozenset[str]:
        """The named ranges of the book, in small letters."""
        names = self.projection.snapshot.book.names
        return frozenset(name.name.casefold() for name in names)

    @cached_property
    def _grids(self) -> dict[int, Grid]:
        grids = self.projection.snapshot.book.grids
        return {grid.sheet_id: grid for grid in grids}

    @cached_property
    def _final(self) -> dict[str, tuple[str, int]]:
        """The section and number that each row will have, by its id."""
        base = self.projection.base
        rows = zip(base["id"], base["section"], base["row"], strict=True)
        return {str(row_id): (str(s), int(row)) for row_id, s, row in rows}

    @cached_property
    def _rows(self) -> dict[int, RowsBack]:
        """The rows that come back, by the tab that they come back to."""
        before: dict[str, dict[str, int]] = {}
        for section, row_id, row in self._taken_back.rows:
            before.setdefault(section, {})[row_id] = row
        rows: dict[int, RowsBack] = {}
        for section, numbers in before.items():
            tab = self.projection.snapshot.tab.get(section)
            if tab is not None:
                back = self._back_in(section, numbers)
                rows[tab.grid.sheet_id] = back
        return rows

    def _back_in(self, section: str, before: Mapping[str, int]) -> RowsBack:
        now: dict[int, int] = {}
        strangers = set[int]()
        for row_id, (there, number) in self._final.items():
            if there != section:
                continue
            if row_id in before:
                now[before[row_id]] = number
            else:
                strangers.add(number)
        return RowsBack(now, len(now) == len(before), frozenset(strangers))

    def _place(
        self, before: TabArea, after: TabArea | None, now: TabArea | None
    ) -> TabArea | None:
        """Return what a range is to be; None where it stays what the batch leaves of it.

        `before`, `after`: the run; `now`: before the batch; None for one whose cells are gone.
        """
        rows = self._rows.get(before.sheet_id)
        if rows is None or (now is not None and not _alike(now, before)):
            return None
        if rows.as_before and now == after:
            return before
        carried = None if now is None else self.cuts.area(*now)
        area = rows.widened(carried, before.area)
        return None if area is None else TabArea(before.sheet_id, area)

    def _owner(self, note: RangeNote) -> None:
        owner = self._now_of(note)
        before = places_in(note.before)
        after = places_in(note.after)
        now = () if owner is None else places_of(owner)
        if note.kind == NoteKind.GROUP:
            self._group(note, before)
            return
        places = self._places(before, after, now)
        if places is None or not self._write(note, owner, places):
            self.left.append(self._name(note, owner))

    def _places(
        self,
        before: Sequence[TabArea],
        after: Sequence[TabArea],
        now: Sequence[TabArea],
    ) -> list[TabArea] | None:
        """Return the ranges that something is to have, None where that cannot be told."""
        if not before or not {place.sheet_id for place in before} <= {
            *self._grids
        }:
            return None
        if not now:
            found = [self._place(place, None, None) for place in before]
            known = [place for place in found if place is not None]
            return known if len(known) == len(before) else None
        is_as_left = [*now] == [*after]
        if is_as_left and self._stand_as_before(before):
            return [*before]
        if len(now) != len(before):
            return None
        places = []
        for was, left, is_now in zip(
            before, _padded(after, before), now, strict=True
        ):
            place = self._place(was, left, is_now)
            if place is None:
                area = self.cuts.area(*is_now)
                place = None if area is None else TabArea(is_now.sheet_id, area)
            if place is None or not _alike(is_now, was):
                return None
            places.append(place)
        return places

    def _stand_as_before(self, places: Iterable[TabArea]) -> bool:
        """Tell whether the rows of all these tabs stand as they stood before the run."""
        backs = [self._rows.get(place.sheet_id) for place in places]
        return all(back is None or back.as_before for back in backs)

    def _now_of(self, note: RangeNote) -> RangeOwner | None:
        """Find what a note is about, None where it is not there any more."""
        alike = []
        for owner in self.projection.snapshot.book.owners:
            if (owner.kind, owner.sheet_id) != (note.kind, note.sheet_id):
                continue
            if note.kind == NoteKind.FORMAT:
                if owner.likeness == note.likeness:
                    alike.append(owner)
            elif owner.key == note.key:
                return owner
        if len(alike) > 1:
            # Of several that say the same, the one in the same place of the list.
            alike = [owner for owner in alike if owner.key == note.key]
        return alike[0] if alike else None

    def _write(
        self,
        note: RangeNote,
        owner: RangeOwner | None,
        places: Sequence[TabArea],
    ) -> bool:
        """Have something be over these ranges; False where that is not possible."""
        ranges = [grid_range_of(self._before_blanks_go(p)) for p in places]
        if owner is None:
            body = _read(note.body)
            # What the run lost and somebody has deleted since cannot be told apart: only what the
            # run lost altogether comes back.
            if body is None or note.after:
                return False
            body = with_ranges(body, ranges)
            request = added_anew(note.kind, note.key, body)
        else:
            if _counts_from_another_row(owner, places):
                return False
            body = with_ranges(self._body_of(owner, note), ranges)
            request = with_range_of(note.kind, note.sheet_id, owner.key, body)
        if request is None:
            return False
        self.requests.append(request)
        return True

    def _body_of(self, owner: RangeOwner, note: RangeNote) -> Mapping[str, Any]:
        """Return what something is; of a file's filter over no row any more, what it was."""
        is_files = self.projection.snapshot.local
        is_filter = note.kind == NoteKind.FILTER
        if is_files and is_filter and _hides_no_value(owner.body):
            return _read(note.body) or owner.body
        return owner.body

    def _before_blanks_go(self, place: TabArea) -> TabArea:
        """Return where a range is while the rows that the run left empty are still there."""
        area = place.area
        for section, blanks in self.row_moves.left_empty.items():
            tab = self.projection.snapshot.tab[section]
            if tab.grid.sheet_id != place.sheet_id:
                continue
            for blank in sorted(blanks):
                top = area.top + (blank <= area.top)
                bottom = area.bottom + (blank < area.bottom)
                area = area._replace(top=top, bottom=bottom)
        return TabArea(place.sheet_id, area)

    def _group(self, note: RangeNote, before: Sequence[TabArea]) -> None:
        """Put the rows that come back into their group again."""
        for place in before:
            rows = self._rows.get(place.sheet_id)
            if rows is None:
                continue
            numbers = [row - 1 for row in rows.within(place.area)]
            covered = self._grouped(note)
            for start, end in stretches(
                row for row in numbers if row not in covered
            ):
                self.requests.append(grouped(place.sheet_id, start, end))

    def _grouped(self, note: RangeNote) -> set[int]:
        """Return the rows that stand in a tab's groups of a note's depth once the batch is over."""
        depth = (_read(note.body) or {}).get("depth")
        covered = set[int]()
        for owner in self.projection.snapshot.book.owners:
            same_tab = owner.sheet_id == note.sheet_id
            if owner.kind != NoteKind.GROUP or not same_tab:
                continue
            if depth not in (None, owner.body.get("depth")):
                continue
            for place in places_of(owner):
                area = self.cuts.area(*place)
                if area is not None:
                    covered |= {*range(area.top, area.bottom)}
        return covered

    def _formula(self, note: RangeNote) -> None:
        parts = taken_apart(note.before)
        left = taken_apart(note.after) if note.after else parts
        cell = None if left is None else self._cell_now(note, left)
        if parts is None or cell is None:
            self.left.append(self._name(note, None))
            return
        formula = self._formula_back(note, parts, cell)
        if formula is None:
            self.left.append(self._name(note, None))
        elif formula:
            self.formulas.append(_formula_request(cell.final, formula))
            self.given_back[cell.cell] = formula

    def _formula_back(
        self, note: RangeNote, parts: TakenApart, cell: "_FormulaNow"
    ) -> str | None:
        """Return what a formula is to be; "" for what the batch leaves of it, None for unknown."""
        home = note.sheet_id
        read_before = [
            place_of(text, home, self.titles) for text in parts.texts
        ]
        now = cell.parts.texts
        after = taken_apart(note.after) if note.after else None
        left = now if after is None else after.texts
        known = [place for place in read_before if place is not None]
        cell_as_before = cell.moves or self._read(now, home) == self._read(
            left, home
        )
        # A tab that was renamed since is not what the note names any more; a name stays one.
        names = [text for text in parts.texts if text.casefold() in self._names]
        all_read = len(known) + len(names) == len(parts.texts)
        if all_read and cell_as_before and self._stand_as_before(known):
            return note.before
        if cell.moves:
            return ""
        return self._each_widened(parts, cell, home)

    def _each_widened(
        self, parts: TakenApart, cell: "_FormulaNow", home: int
    ) -> str | None:
        """Return a formula with each of its ranges widened to the rows that come back."""
        if parts.skeleton != cell.parts.skeleton:
            return None
        texts = []
        changed = False
        for was, now in zip(parts.texts, cell.parts.texts, strict=True):
            before = place_of(was, home, self.titles)
            held = place_of(now, home, self.titles)
            carried = carried_reference(
                now, home, self.titles, self.cuts, self.row_shifts
            )
            place = None
            if before is not None and _is_range(before):
                # Aimed elsewhere since, by whomever, it is not for us to say what it should read.
                if held is not None and not _alike(held, before):
                    return None
                place = self._place(before, None, held)
            if place is None:
                if LOST in carried:
                    return None
                texts.append(carried)
                continue
            changed = True
            texts.append(rewritten(was, place, home, self.titles))
        return cell.parts.with_texts(texts) if changed else ""

    def _read(self, texts: Sequence[str], home: int) -> list[TabArea | str]:
        """Return what references name, however they are written."""
        return [place_of(text, home, self.titles) or text for text in texts]

    def _cell_now(
        self, note: RangeNote, parts: TakenApart
    ) -> "_FormulaNow | None":
        """Find the formula of a note; None where there is none any more that says the same."""
        if note.sheet_id not in self._grids:
            return None
        row, column = a1_to_rowcol(note.key)
        if note.row_id:
            return self._cell_of_client(note, parts, column - 1)
        there = TabCell(note.sheet_id, row - 1, column - 1)
        same = [
            cell
            for cell in self._formulas_of(note.sheet_id, column - 1)
            if cell.parts.skeleton == parts.skeleton
        ]
        for cell in same:
            if cell.cell == there:
                return cell
        return same[0] if len(same) == 1 else None

    def _formulas_of(
        self, sheet_id: int, column: int
    ) -> "Iterator[_FormulaNow]":
        """Go through the formulas of a column in rows of no client."""
        clients = self._clients
        for (tab, row), cells in self.row_moves.reread.items():
            if tab != sheet_id or column >= len(cells) or (tab, row) in clients:
                continue
            parts = taken_apart(formula_of(cells[column]) or "=")
            final = self.cuts.row(tab, row)
            if parts is not None and final is not None and parts.tokens:
                cell = TabCell(tab, row, column)
                yield _FormulaNow(cell, TabCell(tab, final, column), parts)

    @cached_property
    def _clients(self) -> set[tuple[int, int]]:
        """Where clients stand, as read: sheetId and 0-based row."""
        sheet_ids = {
            tab.section: tab.grid.sheet_id
            for tab in self.projection.snapshot.tabs
        }
        return {
            (sheet_ids[section], row - 1)
            for section, row in self.projection.snapshot.index_by_place
        }

    def _cell_of_client(
        self, note: RangeNote, parts: TakenApart, column: int
    ) -> "_FormulaNow | None":
        """Find a formula in a client's row, which this batch may bring back."""
        snapshot = self.projection.snapshot
        ids = self.projection.with_ids
        rows = ids[ids["id"] == note.row_id]
        if len(rows) != 1:
            return None
        section = str(rows["section"].iloc[0])
        number = int(rows["row"].iloc[0])
        there, final = self._final[note.row_id]
        if snapshot.tab[there].grid.sheet_id != note.sheet_id:
            return None
        place = self.row_moves.place(section, number)
        sheet_id = snapshot.tab[section].grid.sheet_id
        columns = self._columns(section, there)
        cells = self.row_moves.reread.get((sheet_id, number - 1), ())
        for held, cell in enumerate(cells):
            apart = taken_apart(formula_of(cell) or "=")
            goes = columns.get(held, held) if columns else held
            if apart is None or goes != column:
                continue
            if apart.skeleton == parts.skeleton:
                return _FormulaNow(
                    TabCell(sheet_id, number - 1, held),
                    TabCell(note.sheet_id, final - 1, column),
                    apart,
                    moves=place.sheet_id != sheet_id,
                )
        return None

    def _columns(self, section: str, there: str) -> Mapping[int, int]:
        """Return where the columns of a row that comes back go."""
        for move in self.row_moves.plan.moves:
            if (move.source, move.target) == (section, there):
                return self.row_moves.columns_of(move)
        return {}

    def _name(self, note: RangeNote, owner: RangeOwner | None) -> str:
        """Name what a note is about as people see it."""
        grid = self._grids.get(note.sheet_id)
        title = "" if grid is None else grid.title
        if note.kind == NoteKind.FORMULA:
            return absolute_range_name(title, note.key) if title else note.key
        body = _read(note.body) if owner is None else owner.body
        name = (body or {}).get("name") or (body or {}).get("title")
        places = places_in(note.before)
        if name or not places:
            return str(name or title)
        sheet_id, area = places[0]
        home = self._grids.get(sheet_id)
        return _area_name("" if home is None else home.title, area)


@dataclass(frozen=True)
class _FormulaNow:
    """A formula as it stands before the batch: its cell now and afterwards.

    `moves`: whether it comes back with its row.
    """

    cell: TabCell
    final: TabCell
    parts: TakenApart
    moves: bool = False


def _alike(one: TabArea, other: TabArea) -> bool:
    """Tell whether two ranges are of the same columns of the same tab."""
    sides = [
        (place.sheet_id, place.area.left, place.area.right)
        for place in (one, other)
    ]
    return sides[0] == sides[1]


def _counts_from_another_row(
    owner: RangeOwner, places: Sequence[TabArea]
) -> bool:
    """Tell whether a rule's own formula would read other rows: it counts from its first cell."""
    now = [place.area.top for place in places_of(owner)]
    is_formula = '"=' in json.dumps(with_ranges(owner.body, ()))
    return is_formula and now != [place.area.top for place in places]


def _is_range(place: TabArea) -> bool:
    return place.area.bottom - place.area.top > 1


def _padded(
    after: Sequence[TabArea], before: Sequence[TabArea]
) -> list[TabArea | None]:
    """Return what the run left of each range, nothing where they do not stand side by side."""
    if len(after) == len(before):
        return [*after]
    return [None] * len(before)


def _read(body: str) -> dict[str, Any] | None:
    """Read a body back; None for anything else: people can reach the Journal."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _area_name(title: str, area: CellArea) -> str:
    first = rowcol_to_a1(area.top + 1, area.left + 1)
    return absolute_range_name(title, first) if title else first


def _hides_no_value(filtered: Mapping[str, Any]) -> bool:
    """Tell whether a filter by values hides none, but for empty cells."""
    for spec in filtered.get("filterSpecs", ()):
        criteria = spec.get("filterCriteria", {})
        hidden = criteria.get("hiddenValues", ())
        if "condition" in criteria or any(value != "" for value in hidden):
            return False
    return True


def _formula_request(cell: TabCell, formula: str) -> Request:
    start = {
        "sheetId": cell.sheet_id,
        "rowIndex": cell.row,
        "columnIndex": cell.column,
    }
    value = {"userEnteredValue": {"formulaValue": formula}}
    return {
        "updateCells": {
            "start": start,
            "rows": [{"values": [value]}],
            "fields": "userEnteredValue",
        }
    }
