"""A tab of the playbook as people have left it: tables found by their headings, cells typed.

Pure and total: whatever stands on the tab, something is read, be it nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sheetsync.method.policy import Policy
from sheetsync.method.vocabulary import DICTIONARIES, dictionary
from sheetsync.playbook.declaration import (
    PlaybookColumn,
    PlaybookSection,
    PlaybookTab,
    spellings_of,
)
from sheetsync.values import Cell, Reading, Value, clean, fold, reader

MOST_ROWS = 2_000
"""Rows of a tab that are looked at: what stands further down is no playbook."""
BLANK_ROWS = 6
"""So many empty rows end a table: what stands below them is the team's own."""

_READ_AS = {
    "link": "text",
    "choice": "text",
    "manager": "text",
    "required_cells": "text",
}
"""Types that are read as another one is; what is asked of them is the checks'."""


class PlaybookCell(NamedTuple):
    """A cell: what it holds, as it was typed, and what was read of it, None for nothing.

    `faulty`: it holds what cannot be read.
    """

    raw: str
    value: Value | None
    faulty: bool


NO_CELL = PlaybookCell("", None, faulty=False)
"""A cell that is empty, or whose column is gone."""


class PlaybookRow(NamedTuple):
    """A row of a table. `number`: the sheet's own; `cells`: by the key of the column."""

    number: int
    cells: Mapping[str, PlaybookCell]

    def cell(self, key: str) -> PlaybookCell:
        """Return a cell."""
        return self.cells.get(key, NO_CELL)


@dataclass(frozen=True)
class SectionReading:
    """A table as it was read. `found`: its headings are there; `missing`: columns that are gone."""

    section: PlaybookSection
    found: bool
    missing: tuple[PlaybookColumn, ...]
    rows: tuple[PlaybookRow, ...]


@dataclass(frozen=True)
class TabReading:
    """A tab as it was read. `title`: as people have named it."""

    tab: PlaybookTab
    title: str
    sections: tuple[SectionReading, ...]

    @property
    def found(self) -> bool:
        """Whether the headings of any table are there."""
        return any(section.found for section in self.sections)

    def section(self, key: str) -> SectionReading | None:
        """Return a table by its key."""
        for reading in self.sections:
            if reading.section.key == key:
                return reading
        return None


class _Header(NamedTuple):
    """Where the headings of a table stand: 0-based row, and column by key."""

    row: int
    columns: Mapping[str, int]


def read_tab(
    tab: PlaybookTab,
    title: str,
    cells: Sequence[Sequence[Cell]],
    policy: Policy,
) -> TabReading:
    """Read a tab, wherever its tables and their columns stand."""
    rows = cells[:MOST_ROWS]
    headers: dict[str, _Header] = {}
    taken: set[int] = set()
    for section in tab.sections:
        header = _header_of(_headings(tab.key, section), rows, taken)
        if header is not None:
            headers[section.key] = header
            taken.add(header.row)
    titles = _titles(tab.key)
    sections = []
    for section in tab.sections:
        header = headers.get(section.key)
        if header is None:
            reading = SectionReading(section, False, section.columns, ())  # noqa: FBT003  # what is not found
            sections.append(reading)
            continue
        below = min(
            (row for row in taken if row > header.row), default=len(rows)
        )
        read = _Table(section, header, policy, titles)
        sections.append(read.reading(rows[: max(below, header.row)]))
    return TabReading(tab, title, tuple(sections))


def _headings(key: str, section: PlaybookSection) -> dict[str, str]:
    """Return the columns' keys by their folded headings, in every language."""
    headings: dict[str, str] = {}
    for spelling in spellings_of(key):
        for other in spelling.sections:
            if other.key == section.key:
                for column in other.columns:
                    headings.setdefault(fold(column.title), column.key)
    for column in section.columns:
        headings[fold(column.title)] = column.key
    return headings


def _titles(key: str) -> frozenset[str]:
    """Return the folded titles and notes of all tables, which are no rows of theirs."""
    titles: set[str] = set()
    for spelling in spellings_of(key):
        for section in spelling.sections:
            titles |= {fold(section.title), fold(section.note)}
    return frozenset(titles - {""})


def _header_of(
    headings: Mapping[str, str],
    rows: Sequence[Sequence[Cell]],
    taken: set[int],
) -> _Header | None:
    """Find the row that holds most of a table's headings: two at least, and a third of them."""
    best: _Header | None = None
    for number, row in enumerate(rows):
        if number in taken:
            continue
        columns: dict[str, int] = {}
        for place, cell in enumerate(row):
            key = headings.get(fold(clean(cell)))
            if key is not None:
                columns.setdefault(key, place)
        if best is None or len(columns) > len(best.columns):
            best = _Header(number, columns)
    wanted = len({*headings.values()})
    if best is None or len(best.columns) < max(2, wanted // 3):
        return None
    return best


class _Table:
    """Reads the rows of one table."""

    def __init__(
        self,
        section: PlaybookSection,
        header: _Header,
        policy: Policy,
        titles: frozenset[str],
    ) -> None:
        self.section = section
        self.header = header
        self.policy = policy
        self.titles = titles

    def reading(self, rows: Sequence[Sequence[Cell]]) -> SectionReading:
        """Return the table, of the tab's rows down to where it ends."""
        places = self.header.columns
        missing = [
            column
            for column in self.section.columns
            if column.key not in places
        ]
        read = tuple(self._rows(rows))
        return SectionReading(self.section, True, tuple(missing), read)  # noqa: FBT003  # what is found

    def _rows(self, rows: Sequence[Sequence[Cell]]) -> Iterator[PlaybookRow]:
        blank = 0
        for number in range(self.header.row + 1, len(rows)):
            cells = {
                column.key: self._cell(column, rows[number])
                for column in self.section.columns
                if column.key in self.header.columns
            }
            # A box that is not ticked says no more than an empty cell.
            filled = [
                cell.raw
                for cell in cells.values()
                if cell.raw and cell.value is not False
            ]
            if not filled:
                blank += 1
                if blank == BLANK_ROWS:
                    return
                continue
            blank = 0
            if all(fold(words) in self.titles for words in filled):
                continue
            yield PlaybookRow(number + 1, cells)

    def _cell(
        self, column: PlaybookColumn, row: Sequence[Cell]
    ) -> PlaybookCell:
        place = self.header.columns[column.key]
        cell = row[place] if place < len(row) else None
        raw = clean(cell)
        if not raw:
            return NO_CELL
        reading = self._read(column, cell)
        return PlaybookCell(raw, reading.value, reading.fault is not None)

    def _read(self, column: PlaybookColumn, cell: Cell) -> Reading:
        words = None
        if column.type in DICTIONARIES:
            words = dictionary(self.policy, column.type)
        kind = _READ_AS.get(column.type, column.type)
        return reader(kind, self.policy.region, words)(cell)
