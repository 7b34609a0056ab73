"""Where values.append puts its rows: the table that a range touches last, and room below it.

How values are written is left to values.py.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING

from sheetsync.emulator.model.rects import Rect, Splice
from sheetsync.emulator.model.structure import settle, splice

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Book, Row, Sheet


def table(book: Book, sheet: Sheet, rect: Rect) -> Rect | None:
    """Give the block of filled cells that the range touches last: no empty line goes through it."""
    found = _last(sheet, rect)
    if found is None:
        return None
    block = _known(book, sheet, found)
    while True:
        grown = _taller(sheet, block)
        left, right = grown.left, grown.right
        if (left, right) == (block.left, block.right):
            break
        for inside in range(
            grown.top, grown.bottom
        ):  # what stands beside the rows passed before it grew wider
            left, right = _wider(sheet.rows[inside], left, right)
        block = Rect(grown.top, grown.bottom, left, right)
    book.memo[sheet.id] = (grown, sheet.rows[grown.top : grown.bottom])
    return grown


def _known(book: Book, sheet: Sheet, found: tuple[int, int]) -> Rect:
    """Give the block to begin with.

    The one found last time if its rows are the very same still, else the cell itself.

    Rows are replaced and never changed, so the same objects hold the same cells: comparing them
    costs next to nothing.
    """
    row, column = found
    kept: tuple[Rect, list[Row]] = book.memo.get(sheet.id, (Rect(), []))
    block, rows = kept
    near = (
        block.top <= row <= block.bottom and block.left <= column < block.right
    )
    now = sheet.rows[block.top : block.bottom]
    if (
        near
        and rows
        and len(now) == len(rows)
        and all(map(operator.is_, now, rows))
    ):
        return block
    return Rect(row, row + 1, *_wider(sheet.rows[row], column, column + 1))


def _last(sheet: Sheet, rect: Rect) -> tuple[int, int] | None:
    for row in range(min(rect.bottom, len(sheet.rows)) - 1, rect.top - 1, -1):
        columns = [
            c
            for c, cell in sheet.rows[row].items()
            if cell.value is not None and rect.left <= c < rect.right
        ]
        if columns:
            return row, max(columns)
    return None


def _taller(sheet: Sheet, block: Rect) -> Rect:
    """Take in the rows above and below that touch the block, corners too."""
    top, bottom, left, right = block
    while top and _touches(sheet.rows[top - 1], left, right):
        top -= 1
        left, right = _wider(sheet.rows[top], left, right)
    while bottom < len(sheet.rows) and _touches(
        sheet.rows[bottom], left, right
    ):
        left, right = _wider(sheet.rows[bottom], left, right)
        bottom += 1
    return Rect(top, bottom, left, right)


def _filled(row: Row, column: int) -> bool:
    cell = row.get(column)
    return cell is not None and cell.value is not None


def _touches(row: Row, left: int, right: int) -> bool:
    return _filled(row, left) or any(
        left - 1 <= column <= right and cell.value is not None
        for column, cell in row.items()
    )


def _wider(row: Row, left: int, right: int) -> tuple[int, int]:
    while left and _filled(row, left - 1):
        left -= 1
    while _filled(row, right):
        right += 1
    return left, right


def make_room(book: Book, sheet: Sheet, place: Rect, *, insert: bool) -> None:
    """Make the grid large enough for the rectangle.

    With `insert` by new rows there, which push down what is below.
    """
    if insert and place.top < sheet.row_count:
        splice(
            book,
            sheet,
            Splice(rows=True, at=place.top, count=place.bottom - place.top),
        )
        settle(book)
    sheet.row_count = max(sheet.row_count, place.bottom)
    sheet.column_count = max(sheet.column_count, place.right)
