"""Ranges of rows that read the clients of a tab: which of them mean all clients, and keep so.

A range from the first client of a tab, or above, to the last one, or below, reads all of them; it
goes on doing so whoever leaves and whoever comes. What becomes of formulas where a tab is split up
is split_formulas.py's, why these two differ docs/adr/0016.
"""

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from gspread.utils import absolute_range_name
from openpyxl.utils.cell import get_column_letter

from sheetsync.sheets.batch.references import (
    CELL,
    COLUMN,
    column_of,
    plain_title,
    titled_cells,
)
from sheetsync.sheets.read.book_structure import cells_of
from sheetsync.workbook.snapshot import FAR, CellArea

_CORNERS = 2
_DIGITS = re.compile(r"\d+$")
_ANY_DIGITS = re.compile(r"\d+")


class ClientBlock(NamedTuple):
    """The rows of a tab that are clients, 0-based, while a batch runs: [first, end) as read.

    `known`: the end of those that the last run knew; `grown`: the end with those that arrive;
    `vanishing`: the rows that the batch deletes.
    """

    title: str
    first: int
    end: int
    known: int
    grown: int
    vanishing: frozenset[int] = frozenset()

    def is_covered(self, span: "RowSpan") -> bool:
        """Tell whether rows of its tab take in all clients, those typed in since aside."""
        bottom = FAR if span.bottom is None else span.bottom
        return span.top <= self.first and bottom >= self.known

    @property
    def final(self) -> int:
        """Their end once the batch has deleted those that leave."""
        return self.grown - len(self.vanishing)

    @property
    def arriving(self) -> int:
        """How many rows come to them."""
        return self.grown - self.end

    def is_pushed_down(self, span: "RowSpan") -> bool:
        """Tell whether rows of a tab without clients would slide down below the first that come."""
        is_empty = self.first == self.end
        return (
            is_empty
            and self.arriving > 0
            and span.top == self.first
            and (span.bottom is None or span.bottom > self.first)
        )

    def is_cut_short(self, span: "RowSpan") -> bool:
        """Tell whether rows that take in all clients would lose those that come at their end."""
        return (
            span.bottom is not None
            and self.first < self.end
            and self.is_covered(span)
            and span.bottom <= self.end
            and span.bottom < self.grown
        )


class RowSpan(NamedTuple):
    """The rows [top, bottom) and columns that a range names, 0-based.

    `bottom` None: to the end of its tab; `columns` None: all of them.
    """

    top: int
    bottom: int | None
    columns: range | None

    @property
    def is_of_one_row(self) -> bool:
        """Whether it names cells of one row side by side, and so speaks of that row."""
        is_wide = self.columns is not None and len(self.columns) > 1
        return is_wide and self.bottom == self.top + 1

    def is_within(self, rows: Collection[int]) -> bool:
        """Tell whether all of its rows are among some 0-based ones."""
        if self.bottom is None:
            return False
        return all(row in rows for row in range(self.top, self.bottom))

    def holds(self, row: int) -> bool:
        """Tell whether a 0-based row is among them."""
        return row >= self.top and (self.bottom is None or row < self.bottom)


class _Corner(NamedTuple):
    """One corner of a range: 0-based, None where it names no column, or no row."""

    column: int | None
    row: int | None


def span_of(cells: str) -> RowSpan | None:
    """Read a range without its tab; None for a cell alone, and for what is no range."""
    corners = [*map(_corner, cells.split(":"))]
    if len(corners) != _CORNERS or None in corners:
        return None
    start, end = (corner for corner in corners if corner is not None)
    columns = _columns(start, end)
    if start.row is None and end.row is None:
        return RowSpan(0, None, columns)
    if start.row is None:
        return None
    if end.row is None:
        return RowSpan(start.row, None, columns)
    top = min(start.row, end.row)
    bottom = max(start.row, end.row) + 1
    return RowSpan(top, bottom, columns)


def _corner(part: str) -> _Corner | None:
    cell = CELL.fullmatch(part)
    if cell is not None:
        return _Corner(column_of(cell[2]), int(cell[4]) - 1)
    bare = part.removeprefix("$")
    if bare.isascii() and bare.isdigit():
        return _Corner(None, int(bare) - 1)
    column = COLUMN.fullmatch(part)
    if column is not None:
        return _Corner(column_of(column[2]), None)
    return None


def _columns(start: _Corner, end: _Corner) -> range | None:
    if start.column is None or end.column is None:
        return None
    first = min(start.column, end.column)
    return range(first, max(start.column, end.column) + 1)


class TitledSpan(NamedTuple):
    """A range of rows, and the title of its tab."""

    title: str
    span: RowSpan


def titled_span(reference: str, home: str) -> TitledSpan | None:
    """Read a reference in a formula of the tab `home`; None where it is no range of rows.

    Cells of one row side by side speak of that row, and are none.
    """
    named = _read(reference, home)
    return None if named is None or named.span.is_of_one_row else named


def _read(reference: str, home: str) -> TitledSpan | None:
    title, cells = titled_cells(reference)
    span = span_of(cells)
    if span is None:
        return None
    return TitledSpan(home if title is None else plain_title(title), span)


class Kept(NamedTuple):
    """A range over all clients of a tab with those that arrive: while the batch runs, and after."""

    written: str
    final: str


def kept(
    reference: str, home: str, blocks: Mapping[str, ClientBlock]
) -> Kept | None:
    """Return a range over all clients of a tab with those that arrive; None where it has them.

    `reference`: as it was read; `blocks`: by title in small letters.
    """
    named = _read(reference, home)
    if named is None:
        return None
    block = blocks.get(named.title.casefold())
    if block is None:
        return None
    if block.is_pushed_down(named.span):
        if named.span.bottom is None:
            return Kept(reference, reference)
        below = named.span.bottom + block.arriving
        text = _DIGITS.sub(str(below), reference)
        return Kept(text, text)
    if named.span.is_of_one_row:
        return None
    if block.is_cut_short(named.span):
        return Kept(
            _DIGITS.sub(str(block.grown), reference),
            _DIGITS.sub(str(block.final), reference),
        )
    if named.span.is_within(block.vanishing):
        # It reads the empty row below them, where it would read #REF!.
        return Kept(
            _in_row(reference, block.grown), _in_row(reference, block.final)
        )
    return None


def _in_row(reference: str, row: int) -> str:
    """Return a range as it names the same columns of one 0-based row."""
    quoted, cells = titled_cells(reference)
    place = _ANY_DIGITS.sub(str(row + 1), cells)
    return place if quoted is None else f"{quoted}!{place}"


def reference_of(title: str, area: CellArea) -> str:
    """Return an area of a tab as a formula names it; open sides stay open."""
    return absolute_range_name(title, cells_of(area))


def rows_below(title: str, columns: range, first: int) -> str:
    """Name columns of a tab from a 0-based row down to its end, as formulas do."""
    left = get_column_letter(columns[0] + 1)
    right = get_column_letter(columns[-1] + 1)
    return absolute_range_name(title, f"{left}{first + 1}:{right}")
