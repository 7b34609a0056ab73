"""Moves as requests: rows inserted, copied whole, put right, and the old ones deleted from the bottom up, in one batch.

A row lands only in a row that this very batch inserted; nothing is ever appended to a guessed place.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from sheetsync.method.policy import Policy
from sheetsync.sheets.batch.formulas_that_move import Aim, re_aim
from sheetsync.sheets.batch.row_shifts import RowShifts
from sheetsync.sheets.read.reader import stretches
from sheetsync.sheets.requests.cells import DATED, VALUE, Canvas, Request, dated, grid_range, typed
from sheetsync.sheets.requests.column_places import Columns, correspond, segments
from sheetsync.workbook.plan import Move, Plan
from sheetsync.workbook.snapshot import Snapshot, Tab

Details = Mapping[tuple[int, int], Sequence[Mapping[str, Any]]]


class RowPlace(NamedTuple):
    """A row while the batch runs: its sheet and 0-based index, after the inserts and before the deletes."""

    sheet_id: int
    row: int


class Moving:
    """The moves of one plan: where each row lands and which columns correspond."""

    def __init__(self, snapshot: Snapshot, plan: Plan, policy: Policy, details: Details) -> None:
        self.snapshot, self.plan, self.policy, self.details = snapshot, plan, policy, details
        self.columns = {tab.section: Columns(tab, policy) for tab in snapshot.tabs}
        self.landing: dict[tuple[str, int], RowPlace] = {}
        self.arrivals: defaultdict[str, list[Move]] = defaultdict(list)
        for move in plan.moves:
            tab = snapshot.tab[move.target]
            row = tab.end + len(self.arrivals[move.target])
            self.landing[move.source, move.row] = RowPlace(tab.grid.sheet_id, row)
            self.arrivals[move.target].append(move)
        self.maps = {
            pair: self._map(*pair) for pair in sorted({(m.source, m.target) for m in plan.moves})
        }

    def cells(self, move: Move) -> Sequence[Mapping[str, Any]]:
        """Return a moving row's cells as read again, whole."""
        return self.details.get((self.snapshot.tab[move.source].grid.sheet_id, move.row - 1), ())

    def _map(self, source: str, target: str) -> dict[int, int]:
        """Map the columns of two tabs; all of the source that hold anything come along.

        Not only those of the rows that are meant: an owner's edit in the very second may make another row move.
        """
        pair = [move for move in self.plan.moves if (move.source, move.target) == (source, target)]
        used = self.snapshot.tab[source].used | {
            at
            for move in pair
            for at, cell in enumerate(self.cells(move))
            if cell.get("userEnteredValue") or cell.get("note")
        }
        return correspond(self.columns[source], self.columns[target], used)

    def place(self, section: str, row: int) -> RowPlace:
        """Return where a row (the sheet's number, as read) stands while the batch runs."""
        return self.landing.get((section, row)) or RowPlace(
            self.snapshot.tab[section].grid.sheet_id, row - 1
        )

    def section(self, section: str, row: int) -> str:
        """Return the section a row (as read) is in after the batch."""
        if (section, row) not in self.landing:
            return section
        sheet_id = self.landing[section, row].sheet_id
        return next(tab.section for tab in self.snapshot.tabs if tab.grid.sheet_id == sheet_id)

    def inserts(self) -> list[Request]:
        """Make room for the arrivals, right after the last client."""
        made = []
        for section, moves in sorted(self.arrivals.items()):
            tab = self.snapshot.tab[section]
            bare = not len(tab.frame) and tab.end < tab.grid.row_count
            rows = {
                "sheetId": tab.grid.sheet_id,
                "dimension": "ROWS",
                "startIndex": tab.end,
                "endIndex": tab.end + len(moves),
            }
            made.append({"insertDimension": {"range": rows, "inheritFromBefore": not bare}})
        return made

    def copies(self) -> list[Request]:
        """Copy each row, values, formulas, formats and rules; then give the arrivals what rules their new tab has."""
        made = []
        for source_rows, move, length in self._blocks():
            source, target = self.snapshot.tab[move.source], self.landing[move.source, move.row]
            ruled = {
                at for row in range(*source_rows) for at in self._ruled(source.grid.sheet_id, row)
            }
            for start, end, column in segments(self.maps[move.source, move.target]):
                area = grid_range(source.grid.sheet_id, source_rows, (start, end))
                rows, columns = (target.row, target.row + length), (column, column + end - start)
                there = grid_range(target.sheet_id, rows, columns)
                made.append(_paste(area, there, "PASTE_NORMAL"))
                if not ruled.isdisjoint(range(start, end)):
                    made.append(_paste(area, there, "PASTE_DATA_VALIDATION"))
        return made + [
            request for section in sorted(self.arrivals) for request in self._validation(section)
        ]

    def _blocks(self) -> list[tuple[tuple[int, int], Move, int]]:
        """Join moves whose rows are neighbours in both tabs: (source rows, the first move, how many)."""
        blocks: list[tuple[tuple[int, int], Move, int]] = []
        for section in sorted(self.arrivals):
            for move in self.arrivals[section]:
                last = blocks[-1] if blocks else None
                if (
                    last
                    and last[1].target == section
                    and last[1].source == move.source
                    and last[0][1] == move.row - 1
                ):
                    blocks[-1] = ((last[0][0], move.row), last[1], last[2] + 1)
                else:
                    blocks.append(((move.row - 1, move.row), move, 1))
        return blocks

    def _ruled(self, sheet_id: int, row: int) -> set[int]:
        """Return the columns of a row, as read again, in which a rule says what may be typed: a list, a checkbox."""
        return {
            at
            for at, cell in enumerate(self.details.get((sheet_id, row), ()))
            if cell.get("dataValidation")
        }

    def _validation(self, section: str) -> list[Request]:
        """Give the arrivals the rules of the row above them, where it has any."""
        tab, new = self.snapshot.tab[section], len(self.arrivals[section])
        if not len(tab.frame):
            return []
        made = []
        for start, end in stretches(self._ruled(tab.grid.sheet_id, tab.end - 1)):
            source = grid_range(tab.grid.sheet_id, (tab.end - 1, tab.end), (start, end))
            target = grid_range(tab.grid.sheet_id, (tab.end, tab.end + new), (start, end))
            made.append(_paste(source, target, "PASTE_DATA_VALIDATION"))
        return made

    @cached_property
    def kept(self) -> dict[str, tuple[str, int]]:
        """Rows that are emptied instead of deleted, by section: the first of a tab that every row leaves and others speak of.

        Their ranges would become #REF! if all rows went.
        """
        gone = Counter(move.source for move in self.plan.moves)
        tabs = self.snapshot.tab
        whole = [
            s
            for s, n in gone.items()
            if n == len(tabs[s].frame) and s not in self.arrivals and self._named(tabs[s])
        ]
        return {
            section: (section, min(m.row for m in self.plan.moves if m.source == section))
            for section in whole
        }

    def _named(self, tab: Tab) -> bool:
        """Tell whether a formula of another tab, as far as these were read, names this one."""
        title = tab.title.replace("'", "''")
        formulas = (
            str((cell.get("userEnteredValue") or {}).get("formulaValue", ""))
            for (sheet_id, _), cells in self.details.items()
            if sheet_id != tab.grid.sheet_id
            for cell in cells
        )
        return any(f"{title}!" in formula or f"{title}'!" in formula for formula in formulas)

    def emptied(self) -> list[Request]:
        """Empty the rows that are kept, after they were copied: what stood there, notes included, not how it looks."""
        made: list[Request] = []
        for section, row in self.kept.values():
            grid = self.snapshot.tab[section].grid
            area = grid_range(grid.sheet_id, (row - 1, row))
            made.append(
                {"updateCells": {"range": area, "fields": "userEnteredValue,note,textFormatRuns"}}
            )
        return made

    def put_right(self, canvas: Canvas, row_shifts: RowShifts) -> None:
        """Write what a copy does not carry: notes, formulas aimed at their new row, and the cells a move sets."""
        for move in self.plan.moves:
            place, mapping = (
                self.landing[move.source, move.row],
                self.maps[move.source, move.target],
            )
            source, target = self.snapshot.tab[move.source], self.snapshot.tab[move.target]
            aim = Aim(
                source.title,
                move.row,
                place.row + 1,
                mapping,
                (source.header + 1, target.header + 1),
                row_shifts,
            )
            for at, cell in enumerate(self.cells(move)):
                formula = (cell.get("userEnteredValue") or {}).get("formulaValue")
                aimed = re_aim(formula, aim) if formula and at in mapping else None
                if aimed:
                    canvas.put(*place, mapping[at], {"userEnteredValue": {"formulaValue": aimed}})
                if cell.get("note") and at in mapping:
                    canvas.put(*place, mapping[at], {"note": cell["note"]}, "note")
            for name, value in move.sets:
                put_field(canvas, place, self.columns[move.target], name, value, self.policy)

    def deletes(self) -> list[Request]:
        """Delete the rows that have moved, and those that are blank, from the bottom up."""
        made = []
        leaving: defaultdict[str, list[int]] = defaultdict(list)
        for move in self.plan.moves:
            if (move.source, move.row) != self.kept.get(move.source):
                leaving[move.source].append(move.row - 1)
        for section, row in self.plan.blanks:
            tab = self.snapshot.tab[section]
            below = len(self.arrivals.get(section, ())) if row > tab.end else 0
            leaving[section].append(row - 1 + below)
        for section, rows in sorted(leaving.items()):
            sheet_id = self.snapshot.tab[section].grid.sheet_id
            for start, end in reversed(stretches(rows)):
                dimension = {
                    "sheetId": sheet_id,
                    "dimension": "ROWS",
                    "startIndex": start,
                    "endIndex": end,
                }
                made.append({"deleteDimension": {"range": dimension}})
        return made

    def first_free(self, tab: Tab) -> int:
        """Return the 0-based row after the last client while the batch runs."""
        return tab.end + len(self.arrivals.get(tab.section, ()))


def _paste(source: Request, destination: Request, kind: str) -> Request:
    return {"copyPaste": {"source": source, "destination": destination, "pasteType": kind}}


def put_field(
    canvas: Canvas, place: RowPlace, columns: Columns, name: str, value: Any, policy: Policy
) -> None:  # a cell's place, name, value and rules
    """Write one field of a row; a day is written as a date."""
    if policy.column[name].type == "date":
        canvas.put(*place, columns.field(name), dated(value, policy.words.date_format), DATED)
    else:
        canvas.put(*place, columns.field(name), typed(value), VALUE)
