"""What people have beside the lines of a report tab: values as every run reads them, the rest as it is read under the lock.

Only tabs on which lines change places are looked at so closely; how they are brought into order is ordering.py's.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sheetsync.reporting.layout.model import ReportSheet
from sheetsync.reporting.layout.side_notes import ReadRow, SideNote
from sheetsync.values import Cell
from sheetsync.workbook.answers import line_key
from sheetsync.workbook.report_lines import ReportTab, recognise_report
from sheetsync.workbook.snapshot import Book, Grid, Row

Details = Mapping[tuple[int, int], Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class ReportTabState:
    """A report tab as it stands and the report that it is to hold. `cells`: rows read again under the lock, by 0-based row.

    Where none were, only the values that the first reading gave are known.
    """

    sheet: ReportSheet
    grid: Grid
    cells: Mapping[int, Sequence[Mapping[str, Any]]]

    @cached_property
    def found(self) -> ReportTab:
        """Which columns are the report's, and which line each row is."""
        return recognise_report(
            self.grid.cells, self.sheet.key.partition(":")[0], len(self.sheet.widths)
        )

    @cached_property
    def theirs(self) -> tuple[int, ...]:
        """The columns that are people's."""
        return self.found.theirs(max(self.grid.column_count, 1))

    @property
    def fixed(self) -> bool:
        """Whether rows may not be moved here: others protect some of them, or made them a table."""
        return bool(self.grid.guarded or self.grid.tables)

    @cached_property
    def looks(self) -> dict[int, list[int]]:
        """The columns in which a row looks otherwise than most of the column, by row, as far as that is known."""
        across: dict[int, dict[int, str]] = {column: {} for column in self.theirs}
        for row, cells in self.cells.items():
            for column in self.theirs:
                if column < len(cells) and (look := _bare(cells[column].get("userEnteredFormat"))):
                    across[column][row] = json.dumps(look, sort_keys=True)
        marked = defaultdict[int, list[int]](list)
        for column, by_row in across.items():
            counts = Counter(by_row.values()) + Counter({"": self.grid.row_count - len(by_row)})
            usual = counts.most_common(1)[0][0] if counts else ""
            for row, look in by_row.items():
                if look != usual:
                    marked[row].append(column)
        return dict(marked)

    @cached_property
    def rows(self) -> list[ReadRow]:
        """Each row with its line and what stands beside it; a row of the tab that was not read holds nothing."""
        count = max(len(self.grid.cells), *(row + 1 for row in self.cells), 0)
        keys = self.found.keys
        return [self._row(at, keys[at] if at < len(keys) else "") for at in range(count)]

    def _row(self, at: int, key: str) -> ReadRow:
        row = self.grid.cells[at] if at < len(self.grid.cells) else ()
        own = self.found.cells(row)[1:]
        beside = self._beside(at, row)
        foreign = not key and (beside > SideNote.NOTHING or any(map(_tells, own)))
        return ReadRow(key, beside, own[0] if own else None, foreign)

    def _beside(self, at: int, row: Row) -> SideNote:
        """Tell what stands beside a line. A box that nobody has ticked is nothing."""
        if not self.cells:
            told = any(_tells(row[column]) for column in self.theirs if column < len(row))
            unseen = (
                at < len(self.found.keys)
                and ReadRow(self.found.keys[at], SideNote.NOTHING, None).unseen
            )
            return SideNote.VALUE if told else SideNote.NOTE if unseen else SideNote.NOTHING
        cells = self.cells.get(at, ())
        own = [cells[column] for column in self.theirs if column < len(cells)]
        if any(_tells(_entered(cell)) for cell in own):
            return SideNote.VALUE
        if any(cell.get("note") for cell in own):
            return SideNote.NOTE
        return SideNote.FORMAT if at in self.looks else SideNote.NOTHING

    @cached_property
    def displaced(self) -> bool:
        """Whether anything on the tab stands elsewhere than where the report wants it."""
        lines = self.sheet.lines
        strays = (
            key and (at >= len(lines) or lines[at].key != key)
            for at, key in enumerate(self.found.keys)
        )
        return not self.found.in_place or self.found.width != len(self.sheet.widths) or any(strays)

    @property
    def noted(self) -> bool:
        """Whether people have anything here, as far as that is known."""
        return any(row.side_note or row.kept or row.foreign for row in self.rows)

    def areas(self) -> list[dict[str, int]]:
        """Return what must be read again, whole, before rows are moved: people's columns, and the hidden one, if there are notes."""
        if not self.displaced or self.fixed:
            return []
        read = [{"startColumnIndex": min(self.theirs)}] if self.theirs else []
        hidden = [{"startColumnIndex": 0, "endColumnIndex": 1}] if self.noted else []
        return [{"sheetId": self.grid.sheet_id, **area} for area in (*read, *hidden)]

    def unchanged(self) -> bool:
        """Tell whether the lines still stand in the rows in which they were read first, as far as they were read again."""
        if not any("endColumnIndex" in area for area in replace(self, cells={}).areas()):
            return True
        now = {row: _entered(cells[0]) for row, cells in self.cells.items() if cells}
        then = {row: cells[0] for row, cells in enumerate(self.grid.cells) if cells}
        return _full(now) == _full(then)


def report_tab_states(
    sheets: Iterable[ReportSheet], book: Book, details: Details | None = None
) -> list[ReportTabState]:
    """Return the report tabs that are there, each with what is to stand on it. `details`: rows as read again."""
    again = by_tab(details or {})
    tabs = ((sheet, book.titled(sheet.title)) for sheet in sheets)
    return [
        ReportTabState(sheet, grid, again.get(grid.sheet_id, {}))
        for sheet, grid in tabs
        if grid is not None
    ]


def by_tab(details: Details) -> dict[int, dict[int, Sequence[Mapping[str, Any]]]]:
    """Return rows that were read again by tab (sheetId) and 0-based row."""
    found: dict[int, dict[int, Sequence[Mapping[str, Any]]]] = {}
    for (sheet_id, row), cells in details.items():
        found.setdefault(sheet_id, {})[row] = cells
    return found


def _tells(cell: Cell) -> bool:
    return cell not in (None, "") and cell is not False


def _entered(cell: Mapping[str, Any]) -> Cell:
    """Return what was entered into a cell, a formula as its text."""
    return next(iter((cell.get("userEnteredValue") or {}).values()), None)


def _bare(look: Any) -> Any:
    """Return a format without its empty parts."""
    if not isinstance(look, Mapping):
        return look
    return {
        name: part
        for name, value in look.items()
        if (part := _bare(value)) not in ({}, None, False)
    }


def _full(cells: Mapping[int, Cell]) -> dict[int, str]:
    return {row: key for row, cell in cells.items() if (key := line_key(cell))}
