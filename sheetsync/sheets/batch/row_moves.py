"""Moves as requests: rows inserted, copied whole, put right, and the old ones deleted.

A row lands only in a row that this very batch inserted; nothing is ever appended to a guessed
place. Formulas that stay are left to formulas_that_stay.py.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from sheetsync.method.policy import Policy
from sheetsync.sheets.batch.client_ranges import RowSpan
from sheetsync.sheets.batch.formulas_that_move import Aim, re_aim, spans_in
from sheetsync.sheets.batch.row_shifts import RowShifts, in_formulas
from sheetsync.sheets.batch.split_formulas import FormulaCell
from sheetsync.sheets.requests.canvas import Canvas
from sheetsync.sheets.requests.cells import (
    DATED,
    VALUE,
    Request,
    RereadCells,
    RichCell,
    dated,
    effective,
    filled_by_own_row,
    fills_others,
    formula_of,
    grid_range,
    is_filled,
    paste,
    stretches,
    typed,
)
from sheetsync.sheets.requests.column_places import (
    Columns,
    correspond,
    segments,
)
from sheetsync.sheets.requests.tab_requests import (
    delete_dimension,
    insert_dimension,
)
from sheetsync.values import Cell
from sheetsync.workbook.plan import Edit, Move, Plan
from sheetsync.workbook.snapshot import FAR, Snapshot, Tab

UNDO = "undo"
"""The rule of a move that takes a run's one back."""


class RowPlace(NamedTuple):
    """A row while the batch runs: its sheet and 0-based index, after inserts and before deletes."""

    sheet_id: int
    row: int


class _Neighbours(NamedTuple):
    """Moves whose rows are neighbours in both tabs: the first of them, and how many they are."""

    first: Move
    length: int

    @property
    def rows(self) -> tuple[int, int]:
        """The rows that they leave: [start, end), 0-based."""
        return self.first.row - 1, self.first.row - 1 + self.length

    def go_on_with(self, move: Move) -> bool:
        """Tell whether a move that lands below these leaves the row below them too."""
        first = self.first
        same_way = (move.source, move.target) == (first.source, first.target)
        return same_way and move.row - 1 == self.rows[1]

    def with_one_more(self) -> "_Neighbours":
        """Return these and the row below them."""
        return self._replace(length=self.length + 1)


class RowMoves:
    """The moves of one plan: where each row lands, and which columns correspond.

    `columns`: of each section's tab, with
    those that moves add; `landing`: where rows land, by section and number (as read); `arrivals`:
    the moves into each section, in the order in which they land; `reread`: the touched rows.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        plan: Plan,
        policy: Policy,
        reread: RereadCells,
    ) -> None:
        self.snapshot = snapshot
        self.plan = plan
        self.policy = policy
        self.reread = reread
        self.columns = {
            tab.section: Columns(tab, policy) for tab in snapshot.tabs
        }
        self.landing: dict[tuple[str, int], RowPlace] = {}
        self.arrivals = defaultdict[str, list[Move]](list)
        self._target = {
            (move.source, move.row): move.target for move in plan.moves
        }
        self._before = {place.id: place.before - 1 for place in plan.back}
        order = {place.id: number for number, place in enumerate(plan.back)}
        for move in sorted(
            plan.moves, key=lambda move: order.get(move.id, len(order))
        ):
            self.arrivals[move.target].append(move)
        self._slots: dict[str, list[int]] = {}
        for section, moves in self.arrivals.items():
            self._land(section, moves)
        pairs = sorted({(move.source, move.target) for move in plan.moves})
        self._columns_of = {pair: self._map(*pair) for pair in pairs}

    def _land(self, section: str, moves: Sequence[Move]) -> None:
        """Give each arrival of a tab its row: where it stood, or after the last client."""
        tab = self.snapshot.tab[section]
        slots = [self._before.get(move.id, tab.end) for move in moves]
        for number, (move, slot) in enumerate(zip(moves, slots, strict=True)):
            place = RowPlace(tab.grid.sheet_id, slot + number)
            self.landing[move.source, move.row] = place
        self._slots[section] = sorted(slots)

    def _inserted_above(self, section: str, row: int) -> int:
        """Return how many rows come in above a 0-based row (as read) of a tab."""
        return bisect_right(self._slots_in_all.get(section, ()), row)

    @cached_property
    def _slots_in_all(self) -> dict[str, list[int]]:
        """The rows (0-based, as read) before which one comes in, each as often; by section."""
        slots = {section: [*rows] for section, rows in self._slots.items()}
        for section in self.with_bare_row:
            # Below all clients: so it is the last one.
            slots.setdefault(section, []).append(self.snapshot.tab[section].end)
        return {section: sorted(rows) for section, rows in slots.items()}

    def _map(self, source: str, target: str) -> dict[int, int]:
        """Map the columns of two tabs; all of the source that hold anything come along."""
        # Not only those of the rows that are meant: an owner's edit in the very second may make
        # another row move, and no cell of it may be lost.
        used = {*self.snapshot.tab[source].used}
        moves = [
            move
            for move in self.plan.moves
            if (move.source, move.target) == (source, target)
        ]
        if all(move.rule == UNDO for move in moves):
            used = set()
        for move in moves:
            used |= _used(self.cells(move)) - self._to_be_emptied(move)
        return correspond(self.columns[source], self.columns[target], used)

    def _to_be_emptied(self, move: Move) -> set[int]:
        """Return the columns of a row that an undo empties: it brings none of them along."""
        if move.rule != UNDO:
            return set()
        fields = self.snapshot.tab[move.source].fields
        return {
            fields[edit.field]
            for edit in self.edits_of(move)
            if edit.field in fields and edit.after in (None, "")
        }

    def cells(self, move: Move) -> Sequence[RichCell]:
        """Return a moving row's cells as read again, whole."""
        sheet_id = self.snapshot.tab[move.source].grid.sheet_id
        return self.reread.get((sheet_id, move.row - 1), ())

    def edits_of(self, move: Move) -> Sequence[Edit]:
        """Return the edits of a moving row."""
        return self._edits_by_place.get((move.source, move.row), ())

    @cached_property
    def _edits_by_place(self) -> dict[tuple[str, int], list[Edit]]:
        edits: dict[tuple[str, int], list[Edit]] = {}
        for edit in self.plan.edits:
            edits.setdefault((edit.section, edit.row), []).append(edit)
        return edits

    def columns_of(self, move: Move) -> Mapping[int, int]:
        """Return where the columns of a moving row go (both 0-based)."""
        return self._columns_of[move.source, move.target]

    def place(self, section: str, row: int) -> RowPlace:
        """Return where a row (the sheet's number, as read) stands while the batch runs."""
        sheet_id = self.snapshot.tab[section].grid.sheet_id
        return self.landing.get((section, row)) or RowPlace(
            sheet_id, self.index_now(section, row)
        )

    def section(self, section: str, row: int) -> str:
        """Return the section a row (as read) is in after the batch."""
        return self._target.get((section, row), section)

    def columns_at(self, section: str, row: int) -> Columns:
        """Return the columns of the tab that a row (as read) is on after the batch."""
        return self.columns[self.section(section, row)]

    def inserts(self) -> list[Request]:
        """Make room for the arrivals: after the last client, or where they stood before."""
        # A row lands only where this very batch has made room: an edit in that second can make
        # the wrong row move, and destroys none.
        requests = []
        for section, rows in sorted(self._slots_in_all.items()):
            tab = self.snapshot.tab[section]
            slots = Counter(rows)
            # From the bottom up: so each finds the rows above it as they were read.
            for row, count in sorted(slots.items(), reverse=True):
                requests.append(_insert_before(tab, row, count))
        return requests

    def copies(self) -> list[Request]:
        """Copy each row whole; then give the arrivals the rules of their new tab."""
        # The copy is the server's own: formats, links and colours cannot be lost on the way
        # through us.
        requests: list[Request] = []
        for neighbours in self._neighbours():
            requests += self._copied(neighbours)
        for section in sorted(self.arrivals):
            requests += self._rules_of_new_tab(section)
        return requests

    def _copied(self, neighbours: _Neighbours) -> Iterator[Request]:
        move = neighbours.first
        (first, end) = neighbours.rows
        source = self.snapshot.tab[move.source].grid.sheet_id
        target = self.landing[move.source, move.row]
        ruled: set[int] = set()
        if self.model_of(move) is None:
            for row in range(first, end):
                ruled |= self._ruled(source, row)
        rows = (target.row, target.row + neighbours.length)
        shift = self._inserted_above(move.source, first)
        for segment in segments(self.columns_of(move)):
            columns = (segment.start, segment.end)
            target_columns = (segment.target, segment.target_end)
            here = grid_range(source, (first + shift, end + shift), columns)
            there = grid_range(target.sheet_id, rows, target_columns)
            yield paste(here, there, "PASTE_NORMAL")
            # Rules are a paste type of their own: a normal paste leaves them behind.
            if not ruled.isdisjoint(range(*columns)):
                yield paste(here, there, "PASTE_DATA_VALIDATION")

    def _neighbours(self) -> list[_Neighbours]:
        """Join the moves whose rows are neighbours in both tabs."""
        joined: list[_Neighbours] = []
        for _, moves in sorted(self.arrivals.items()):
            for move in moves:
                if joined and self._follows(joined[-1], move):
                    joined.append(joined.pop().with_one_more())
                else:
                    joined.append(_Neighbours(move, 1))
        return joined

    def _follows(self, neighbours: _Neighbours, move: Move) -> bool:
        """Tell whether a move goes on with those before it, in both tabs."""
        if not neighbours.go_on_with(move):
            return False
        first = neighbours.first
        above = self.landing[first.source, first.row].row + neighbours.length
        source_rows = (neighbours.rows[0], move.row - 1)
        shifts = {self._inserted_above(move.source, row) for row in source_rows}
        return self.landing[move.source, move.row].row == above and (
            len(shifts) == 1
        )

    def _ruled(self, sheet_id: int, row: int) -> set[int]:
        """Return the columns of a row in which a rule says what may be typed."""
        ruled = set()
        for column, cell in enumerate(self.reread.get((sheet_id, row), ())):
            if cell.get("dataValidation"):
                ruled.add(column)
        return ruled

    def _rules_of_new_tab(self, section: str) -> Iterator[Request]:
        """Give the arrivals the rules of the row above them, where it has any."""
        tab = self.snapshot.tab[section]
        if not len(tab.frame):
            return
        moves = self.arrivals[section]
        end = tab.end
        there = [move for move in moves if move.id not in self._before]
        first = end + len(moves) - len(there)
        if there:
            rows = (first, first + len(there))
            yield from self._ruled_like(section, end, rows)
        for move in moves:
            model = self.model_of(move)
            if model is not None:
                row = self.landing[move.source, move.row].row
                yield from self._ruled_like(section, model, (row, row + 1))

    def _ruled_like(
        self, section: str, model: int, rows: tuple[int, int]
    ) -> Iterator[Request]:
        """Give rows [start, end) of a tab the rules of a client's row (the sheet's number)."""
        sheet_id = self.snapshot.tab[section].grid.sheet_id
        index = self.index_now(section, model)
        for columns in stretches(self._ruled(sheet_id, model - 1)):
            held = grid_range(sheet_id, (index, index + 1), columns)
            new = grid_range(sheet_id, rows, columns)
            yield paste(held, new, "PASTE_DATA_VALIDATION")

    def model_of(self, move: Move) -> int | None:
        """Return the client's row (the sheet's number) whose rules one that comes back takes.

        It is one beside its place; None where none stands there, and for rows that come anew.
        """
        before = self._before.get(move.id)
        if before is None:
            return None
        return model_row(self.snapshot, move.target, before + 1)

    @property
    def deleted(self) -> Sequence[tuple[str, int]]:
        """The rows that go nowhere: section, the sheet's number."""
        return [*self.plan.blanks, *sorted(self.plan.removed_places)]

    @cached_property
    def emptied_rows(self) -> dict[str, int]:
        """Rows that are emptied instead of deleted: the first of a tab that every row leaves."""
        first_rows: dict[str, int] = {}
        for section, rows in self._leaving.items():
            # Where rows arrive, they stand there in place of those that go.
            if section in self.arrivals:
                continue
            tab = self.snapshot.tab[section]
            if self._may_not_be_deleted(tab, rows):
                frozen = tab.grid.frozen_rows
                below_frozen = [row for row in rows if row > frozen]
                first_rows[section] = min(below_frozen or rows)
        return first_rows

    @cached_property
    def _leaving(self) -> dict[str, set[int]]:
        """The rows that leave each section's tab, by the sheet's number."""
        leaving = defaultdict[str, set[int]](set)
        for move in self.plan.moves:
            leaving[move.source].add(move.row)
        for section, row in self.deleted:
            leaving[section].add(row)
        return leaving

    def vanishing(self, section: str) -> frozenset[int]:
        """Return the rows of clients (0-based, as read) that a section's tab will not have."""
        emptied = self.emptied_rows.get(section)
        end = self.snapshot.tab[section].end
        return frozenset(
            row - 1
            for row in self._leaving.get(section, ())
            if row != emptied and row <= end
        )

    @cached_property
    def with_bare_row(self) -> frozenset[str]:
        """The sections that get an empty row below their clients.

        Ranges that all rows leave read it from then on, where they would read nothing at all.
        """
        sections = set()
        for section in self._leaving:
            # An undo aims ranges at the rows again where they were before.
            moves = self._moves_out_of(section)
            if moves and all(move.rule == UNDO for move in moves):
                continue
            tab = self.snapshot.tab[section]
            below = tab.grid.cells[tab.end : tab.end + 1]
            is_bare = not any(
                cell not in (None, "") for row in below for cell in row
            )
            if is_bare and tab.end < tab.grid.row_count:
                continue
            vanishing = self.vanishing(section)
            spans = self._spans_read(tab)
            if any(span.is_within(vanishing) for span in spans):
                sections.add(section)
        return frozenset(sections)

    def _spans_read(self, tab: Tab) -> Iterator[RowSpan]:
        """Go through the ranges of a tab that names and formulas read, where these were read."""
        grids = {grid.sheet_id: grid for grid in self.snapshot.book.grids}
        title = in_formulas(tab.title).casefold()
        for (sheet_id, _), cells in self.reread.items():
            own = sheet_id == tab.grid.sheet_id
            for formula in filter(None, map(formula_of, cells)):
                if not own and title not in formula.casefold():
                    continue
                for named in spans_in(formula, grids[sheet_id].title):
                    if named.title.casefold() == tab.title.casefold():
                        yield named.span
        for name in self.snapshot.book.names:
            area = name.area
            if name.sheet_id == tab.grid.sheet_id and area.bottom < FAR:
                yield RowSpan(area.top, area.bottom, None)

    def _may_not_be_deleted(self, tab: Tab, rows: Collection[int]) -> bool:
        """Tell whether these rows of a tab may not all be deleted."""
        # "Sorry, it is not possible to delete all non-frozen rows." (API fact)
        kept = tab.grid.row_count - len({*rows})
        if kept <= tab.grid.frozen_rows:
            return True
        # An undo aims them at the rows again where they were before.
        if all(move.rule == UNDO for move in self._moves_out_of(tab.section)):
            return False
        # Formulas that speak of the tab would have ranges that become #REF! if all clients went.
        removed = [
            row for row in self.plan.removals if row.section == tab.section
        ]
        clients = len(tab.frame) + len(removed)
        if len(rows) < clients:
            return False
        return self._is_named(tab) or any(self._spans_read(tab))

    def _moves_out_of(self, section: str) -> list[Move]:
        return [move for move in self.plan.moves if move.source == section]

    def _is_named(self, tab: Tab) -> bool:
        """Tell whether a formula of another tab, as far as these were read, names this one."""
        title = in_formulas(tab.title)
        for (sheet_id, _), cells in self.reread.items():
            if sheet_id == tab.grid.sheet_id:
                continue
            for cell in cells:
                formula = formula_of(cell)
                if f"{title}!" in formula or f"{title}'!" in formula:
                    return True
        return False

    def emptied(self) -> list[Request]:
        """Empty the rows that are kept, once copied: what stood there, not its format."""
        requests: list[Request] = []
        for section, row in self.emptied_rows.items():
            index = self.index_now(section, row)
            area = grid_range(
                self.snapshot.tab[section].grid.sheet_id, (index, index + 1)
            )
            fields = "userEnteredValue,note,textFormatRuns"
            requests.append({"updateCells": {"range": area, "fields": fields}})
        return requests

    def put_right(self, canvas: Canvas, row_shifts: RowShifts) -> None:
        """Write what a copy does not carry: notes, formulas aimed anew, cells a move sets."""
        for move in self.plan.moves:
            place = self.landing[move.source, move.row]
            self._put_formulas_and_notes(move, place, canvas, row_shifts)
            for name, value in move.sets:
                put_field(
                    canvas,
                    place,
                    self.columns[move.target],
                    name,
                    value,
                    self.policy,
                )

    def _put_formulas_and_notes(
        self, move: Move, place: RowPlace, canvas: Canvas, row_shifts: RowShifts
    ) -> None:
        source = self.snapshot.tab[move.source]
        target = self.snapshot.tab[move.target]
        columns = self.columns_of(move)
        aim = Aim(
            title=source.title,
            row=move.row,
            new_row=place.row + 1,
            columns=columns,
            headers=(source.header + 1, target.header + 1),
            row_shifts=row_shifts,
        )
        for column, cell in enumerate(self.cells(move)):
            if column not in columns:
                continue
            if is_filled(cell):
                there = columns[column] in self._filled_columns[move.target]
                filled = there or filled_by_own_row(self.cells(move), column)
                _put_filled(canvas, place, columns[column], cell, filled=filled)
            formula = formula_of(cell)
            aimed = formula and re_aim(formula, aim)
            if aimed:
                cell_there = FormulaCell(
                    target.title, place.row, columns[column]
                )
                carried = row_shifts.carried_over(aimed, cell_there)
                put_formula(canvas, place, columns[column], carried.formula)
            # Whether copyPaste carries notes is not documented (docs/google-unknowns.md).
            if cell.get("note"):
                canvas.put(
                    *place, columns[column], {"note": cell["note"]}, "note"
                )

    @cached_property
    def _filled_columns(self) -> dict[str, frozenset[int]]:
        """The columns of each tab that a formula of its heading, or above, fills to its end."""
        filled: dict[str, frozenset[int]] = {}
        for tab in self.snapshot.tabs:
            sheet_id = tab.grid.sheet_id
            heading = self.reread.get((sheet_id, tab.header), ())
            last = self.reread.get((sheet_id, tab.end - 1), ())
            columns = {
                n for n, cell in enumerate(heading) if fills_others(cell)
            }
            columns |= {n for n, cell in enumerate(last) if is_filled(cell)}
            filled[tab.section] = frozenset(columns)
        return filled

    @cached_property
    def _rows_to_delete(self) -> dict[str, list[int]]:
        """The 0-based rows to delete, by section, as they stand while the batch runs."""
        leaving = defaultdict[str, list[int]](list)
        for move in self.plan.moves:
            if move.row != self.emptied_rows.get(move.source):
                index = self.index_now(move.source, move.row)
                leaving[move.source].append(index)
        kept_back = {*self.plan.taken_back.emptied}
        for section, row in self.deleted:
            is_kept = row == self.emptied_rows.get(section)
            if not is_kept and (section, row) not in kept_back:
                leaving[section].append(self.index_now(section, row))
        return leaving

    def deletes(self) -> list[Request]:
        """Delete the rows that have moved, and those that are blank, from the bottom up."""
        return self._deletes_of(self._rows_to_delete)

    def _deletes_of(self, leaving: Mapping[str, list[int]]) -> list[Request]:
        """Delete rows (0-based) of some sections."""
        requests = []
        for section, rows in sorted(leaving.items()):
            sheet_id = self.snapshot.tab[section].grid.sheet_id
            # Each deletion shifts what is below it: so from the bottom up.
            for start, end in reversed(stretches(rows)):
                requests.append(delete_dimension(sheet_id, "ROWS", start, end))
        return requests

    @cached_property
    def left_empty(self) -> dict[str, list[int]]:
        """The rows that a run left behind empty: where they are (0-based) once the others are gone.

        What lies on them alone goes with them: an undo gives it its ranges first.
        """
        gone = defaultdict[str, list[int]](list)
        for move in self.plan.moves:
            gone[move.source].append(self.index_now(move.source, move.row))
        left = defaultdict[str, list[int]](list)
        for section, row in self.plan.taken_back.emptied:
            index = self.index_now(section, row)
            above = sum(other < index for other in gone[section])
            left[section].append(index - above)
        return dict(left)

    def deletes_of_left_empty(self) -> list[Request]:
        """Delete the rows that a run left behind empty."""
        return self._deletes_of(self.left_empty)

    def index_now(self, section: str, row: int) -> int:
        """Return the 0-based index of a row while the batch runs, until rows are deleted."""
        return row - 1 + self._inserted_above(section, row - 1)

    def index_read(self, section: str, index: int) -> int:
        """Return where (0-based) a row was read that stands there while the batch runs."""
        row = index
        while row + self._inserted_above(section, row) > index:
            row -= 1
        return row

    @cached_property
    def growing(self) -> frozenset[str]:
        """The sections to which clients come: those that move there, and those typed in below."""
        typed_in = [
            tab.section
            for tab in self.snapshot.tabs
            if end_of_known(tab, self.snapshot) < tab.end
        ]
        return frozenset([*self.arrivals, *typed_in])

    def first_free(self, tab: Tab) -> int:
        """Return the 0-based row after the last client while the batch runs."""
        return tab.end + len(self.arrivals.get(tab.section, ()))


def end_of_known(tab: Tab, snapshot: Snapshot) -> int:
    """Return the 0-based row after the last client that the last run knew in a tab.

    On a first run all of them count as known.
    """
    state = snapshot.state
    if not len(state) or snapshot.first_run:
        return tab.end
    there = state.index[state["section"] == tab.section]
    rows = tab.frame.loc[tab.frame["id"].isin(there), "row"]
    return int(rows.max()) if len(rows) else min(tab.end, tab.header + 2)


def typed_in_below(snapshot: Snapshot) -> bool:
    """Tell whether clients stand below the last one that the last run knew in a tab."""
    return any(end_of_known(tab, snapshot) < tab.end for tab in snapshot.tabs)


def _used(cells: Sequence[RichCell]) -> set[int]:
    """Return the columns of a row in which anything stands, were it a note alone."""
    used = set()
    for column, cell in enumerate(cells):
        if cell.get("userEnteredValue") or cell.get("note"):
            used.add(column)
    return used


def _put_filled(
    canvas: Canvas,
    place: RowPlace,
    column: int,
    cell: RichCell,
    *,
    filled: bool,
) -> None:
    """Write what a formula of the old tab has filled in.

    Nothing is written where a formula will fill it in again (`filled`).
    """
    # Whether copyPaste carries such a value is not documented (docs/google-unknowns.md). One that
    # lies in the way of an array formula breaks it: #REF!, in all rows.
    value = None
    if not filled and "errorValue" not in cell["effectiveValue"]:
        value = effective(cell)
    canvas.put(*place, column, typed(value), VALUE)


def insert_after_last(tab: Tab, count: int) -> Request:
    """Insert rows right after the last client of a tab.

    They look like the row above them, unless that is the heading and rows stand below.
    """
    bare = not len(tab.frame) and tab.end < tab.grid.row_count
    end = tab.end + count
    return insert_dimension(
        tab.grid.sheet_id, "ROWS", tab.end, end, like_before=not bare
    )


def model_row(snapshot: Snapshot, section: str, before: int) -> int | None:
    """Return the number of the client's row next to a place; None where there is none.

    `before`: the row that the place is before.
    """
    for row in (before - 1, before):
        if (section, row) in snapshot.index_by_place:
            return row
    return None


def _insert_before(tab: Tab, row: int, count: int) -> Request:
    """Insert rows before a 0-based row, which look like the client above them."""
    if row == tab.end:
        return insert_after_last(tab, count)
    like_before = row > tab.header + 1
    return insert_dimension(
        tab.grid.sheet_id, "ROWS", row, row + count, like_before=like_before
    )


def put_formula(
    canvas: Canvas, place: RowPlace, column: int, formula: str
) -> None:
    """Write a formula into a row's cell."""
    canvas.put(*place, column, {"userEnteredValue": {"formulaValue": formula}})


def put_field(
    canvas: Canvas,
    place: RowPlace,
    columns: Columns,
    name: str,
    value: Cell,
    policy: Policy,
) -> None:
    """Write one field of a row; a day is written as a date."""
    column = columns.field(name)
    if policy.column[name].type == "date":
        canvas.put(
            *place, column, dated(value, policy.words.date_format), DATED
        )
    else:
        canvas.put(*place, column, typed(value), VALUE)
