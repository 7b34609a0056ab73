"""What people have beside the lines of a report tab, as far as it was read.

Only tabs on which lines change places are looked at so closely; how these are brought into order is
row_order.py's.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sheetsync.reporting.layout.model import ReportSheet
from sheetsync.reporting.layout.side_notes import UNSEEN, ReadRow, SideNote
from sheetsync.sheets.requests.cells import RereadCells, RichCell, entered
from sheetsync.values import Cell
from sheetsync.workbook.answers import line_key
from sheetsync.workbook.report_lines import ReportTab, recognise_report
from sheetsync.workbook.snapshot import Book, Grid, Row

RereadTab = Mapping[int, Sequence[RichCell]]
"""Rows of one tab as they were read again, by 0-based row."""


@dataclass(frozen=True)
class ReportTabState:
    """A report tab as it stands, and the report that it is to hold.

    `reread`: rows (CellData) read again under the lock, by 0-based row. Where none were, only the
    values that the first reading gave are known: neither a note on a cell nor a colour.
    """

    sheet: ReportSheet
    grid: Grid
    reread: RereadTab

    @cached_property
    def as_read(self) -> ReportTab:
        """Which columns are the report's, and which line each row is."""
        kind = self.sheet.key.partition(":")[0]
        return recognise_report(self.grid.cells, kind, len(self.sheet.widths))

    @cached_property
    def theirs(self) -> tuple[int, ...]:
        """The columns that are people's."""
        return self.as_read.theirs(max(self.grid.column_count, 1))

    @property
    def fixed(self) -> bool:
        """Whether rows may not be moved here: others protect some of them, or made them a table."""
        return bool(self.grid.guarded or self.grid.tables)

    @cached_property
    def marked(self) -> dict[int, list[int]]:
        """The columns in which a row has another format than most of the column, by row."""
        marked = defaultdict[int, list[int]](list)
        for column in self.theirs:
            formats = dict(self._formats(column))
            # Rows that were not read, or have no format of their own, look alike.
            plain = Counter({"": self.grid.row_count - len(formats)})
            counts = Counter(formats.values()) + plain
            usual = counts.most_common(1)[0][0] if counts else ""
            for row, cell_format in formats.items():
                if cell_format != usual:
                    marked[row].append(column)
        return dict(marked)

    def _formats(self, column: int) -> Iterator[tuple[int, str]]:
        """Go through the rows of a column that have a format, as far as it was read again."""
        for row, cells in self.reread.items():
            if column >= len(cells):
                continue
            cell_format = _without_empty_parts(
                cells[column].get("userEnteredFormat")
            )
            if cell_format:
                yield row, json.dumps(cell_format, sort_keys=True)

    @cached_property
    def rows(self) -> list[ReadRow]:
        """Each row with its line and what stands beside it; one that was not read holds nothing."""
        reread = max(self.reread, default=-1) + 1
        count = max(len(self.grid.cells), reread)
        return [self._row(index) for index in range(count)]

    def _row(self, index: int) -> ReadRow:
        values = self.grid.cells[index] if index < len(self.grid.cells) else ()
        own = self.as_read.cells(values)[1:]
        key = self._key(index)
        side_note = self._side_note(index, values)
        holds_anything = side_note > SideNote.NOTHING or any(map(_holds, own))
        name = own[0] if own else None
        return ReadRow(key, side_note, name, foreign=holds_anything and not key)

    def _key(self, index: int) -> str:
        keys = self.as_read.keys
        return keys[index] if index < len(keys) else ""

    def _side_note(self, index: int, values: Row) -> SideNote:
        """Tell what stands beside a line. A box that nobody has ticked is nothing."""
        # What was read again tells more: notes and colours too.
        if self.reread:
            return self._side_note_of_cells(index)
        for column in self.theirs:
            if column < len(values) and _holds(values[column]):
                return SideNote.VALUE
        # The last run, which saw more than values, wrote into the key that there is a note.
        if self._key(index).startswith(UNSEEN):
            return SideNote.NOTE
        return SideNote.NOTHING

    def _side_note_of_cells(self, index: int) -> SideNote:
        cells = self.reread.get(index, ())
        beside = [
            cells[column] for column in self.theirs if column < len(cells)
        ]
        if any(_holds(entered(cell)) for cell in beside):
            return SideNote.VALUE
        if any(cell.get("note") for cell in beside):
            return SideNote.NOTE
        return SideNote.FORMAT if index in self.marked else SideNote.NOTHING

    @cached_property
    def displaced(self) -> bool:
        """Whether anything on the tab stands elsewhere than where the report wants it."""
        if not self.as_read.in_place or self.as_read.width != len(
            self.sheet.widths
        ):
            return True
        lines = self.sheet.lines
        for place, key in enumerate(self.as_read.keys):
            if key and (place >= len(lines) or lines[place].key != key):
                return True
        return False

    @property
    def noted(self) -> bool:
        """Whether people have anything here, as far as that is known."""
        return any(
            row.side_note or row.kept or row.foreign for row in self.rows
        )

    @property
    def movable(self) -> bool:
        """Whether rows change places here, and may."""
        return self.displaced and not self.fixed

    def areas(self) -> list[dict[str, int]]:
        """Return what must be read again, whole, before rows are moved (GridRanges).

        These are people's columns, and the hidden one where there are notes: by it is told whether
        rows still stand where they were read.
        """
        areas: list[dict[str, int]] = []
        if self.movable and self.theirs:
            areas.append(
                {
                    "sheetId": self.grid.sheet_id,
                    "startColumnIndex": min(self.theirs),
                }
            )
        if self.movable and self.noted:
            hidden = {"startColumnIndex": 0, "endColumnIndex": 1}
            areas.append({"sheetId": self.grid.sheet_id, **hidden})
        return areas

    def unchanged(self) -> bool:
        """Tell whether the lines still stand in the rows in which they were read first.

        Where the hidden column was not read again, nobody's note depends on it.
        """
        first_reading = replace(self, reread={})
        if not first_reading.movable or not first_reading.noted:
            return True
        now: dict[int, Cell] = {}
        for row, cells in self.reread.items():
            if cells:
                now[row] = entered(cells[0])
        then: dict[int, Cell] = {}
        for row, values in enumerate(self.grid.cells):
            if values:
                then[row] = values[0]
        return _line_keys(now) == _line_keys(then)


def report_tab_states(
    sheets: Iterable[ReportSheet], book: Book, reread: RereadCells | None = None
) -> list[ReportTabState]:
    """Return the report tabs that are there, each with what is to stand on it."""
    rows_by_tab = by_tab(reread or {})
    states = []
    for sheet in sheets:
        grid = book.titled(sheet.title)
        if grid is not None:
            states.append(
                ReportTabState(sheet, grid, rows_by_tab.get(grid.sheet_id, {}))
            )
    return states


def by_tab(reread: RereadCells) -> dict[int, RereadTab]:
    """Return rows that were read again by tab (sheetId) and 0-based row."""
    rows_by_tab: dict[int, dict[int, Sequence[RichCell]]] = {}
    for (sheet_id, row), cells in reread.items():
        rows_by_tab.setdefault(sheet_id, {})[row] = cells
    return {**rows_by_tab}


def _holds(cell: Cell) -> bool:
    return cell not in (None, "") and cell is not False


def _without_empty_parts(part: Any) -> Any:
    """Return a format (CellFormat), or a part of one, without what it does not set."""
    if not isinstance(part, Mapping):
        return part
    bare: dict[str, Any] = {}
    for name, value in part.items():
        bare_value = _without_empty_parts(value)
        if bare_value not in ({}, None, False):
            bare[name] = bare_value
    return bare


def _line_keys(cells: Mapping[int, Cell]) -> dict[int, str]:
    """Return the key that each row's hidden cell holds, where it holds one."""
    keys: dict[int, str] = {}
    for row, cell in cells.items():
        key = line_key(cell)
        if key:
            keys[row] = key
    return keys
