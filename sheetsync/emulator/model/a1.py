"""A1 notation: column letters, ranges such as 'My tab'!A2:B, and back.

With Google's texts for what cannot be read.

Named ranges are looked up in the book; references inside formulas are left to formulas.py.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from sheetsync.emulator.errors import bad
from sheetsync.emulator.model.rects import OPEN, Rect

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Book, Sheet

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*")
_END = re.compile(r"\$?([A-Za-z]{0,3})\$?(\d{0,9})")
_R1C1 = re.compile(r"[Rr](\d+)[Cc](\d+)(?::[Rr](\d+)[Cc](\d+))?")


@cache
def letters(column: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    out = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        out = chr(65 + rest) + out
    return out


def column_of(text: str) -> int:
    """Give a column's index: A is 0; the letters in any case."""
    number = 0
    for letter in text.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def quoted(title: str) -> str:
    """Give a tab's title as it stands before "!"."""
    if _PLAIN.fullmatch(title) and not _LIKE_A_CELL.fullmatch(title):
        return title
    return "'" + title.replace("'", "''") + "'"


def cells(rect: Rect) -> str:
    """Give a rectangle's A1 without the tab: A1, A1:B2, A2:B (no bottom), 2:3 (no sides)."""
    top = str(rect.top + 1)
    bottom = "" if rect.bottom >= OPEN else str(rect.bottom)
    if rect.right >= OPEN:
        return (
            f"{top}:{bottom}"
            if rect.left == 0
            else f"{letters(rect.left)}{top}:{bottom}"
        )
    start = letters(rect.left) + (
        "" if (rect.top, rect.bottom) == (0, OPEN) else top
    )
    end = letters(rect.right - 1) + bottom
    return start if start == end and bottom else f"{start}:{end}"


def write(sheet: Sheet, rect: Rect) -> str:
    """Give the A1 of an answer: clipped to the grid."""
    return f"{quoted(sheet.title)}!{cells(rect.clip(sheet.row_count, sheet.column_count))}"


def unreadable(text: str) -> Exception:
    """Google's 400 for a range that cannot be read."""
    return bad(f"Unable to parse range: {text}")


def _split(text: str) -> tuple[str | None, str]:
    """(tab or None, cells) of an A1 text."""
    quoted_tab = re.fullmatch(r"\s*'((?:[^']|'')*)'(?:!(.*))?", text, re.DOTALL)
    if quoted_tab:
        return quoted_tab[1].replace("''", "'"), (quoted_tab[2] or "").strip()
    tab, mark, rest = text.rpartition("!")
    return (tab, rest.strip()) if mark else (None, text)


def read_cells(text: str) -> Rect | None:
    """Give the rectangle that a text such as A1, A2:B, C:D or 3:5 names.

    None where it names none.
    """
    text = re.sub(r"\s*:\s*", ":", text.strip())
    grid = _R1C1.fullmatch(text)
    if grid:
        return _of_numbers(
            *(
                int(part)
                for part in (
                    grid[1],
                    grid[2],
                    grid[3] or grid[1],
                    grid[4] or grid[2],
                )
            )
        )
    first, mark, second = text.partition(":")
    start, end = _END.fullmatch(first), _END.fullmatch(second or first)
    if (
        not start
        or not end
        or (mark and not second)
        or not (start[1] or start[2])
        or not (end[1] or end[2])
    ):
        return None
    if not mark and not (start[1] and start[2]):
        return None
    if any(number and int(number) == 0 for number in (start[2], end[2])):
        return None
    return _of_ends((start[1], start[2]), (end[1], end[2]))


def _of_numbers(top: int, left: int, bottom: int, right: int) -> Rect | None:
    if min(top, left, bottom, right) < 1:
        return None
    return Rect(
        min(top, bottom) - 1,
        max(top, bottom),
        min(left, right) - 1,
        max(left, right),
    )


def _of_ends(start: tuple[str, str], end: tuple[str, str]) -> Rect | None:
    """Give the rectangle between two corners.

    A side that only one of them names, is open beyond it.
    """
    rows = [int(number) for number in (start[1], end[1]) if number]
    columns = [column_of(name) for name in (start[0], end[0]) if name]
    # A:5 and 5:A name neither rows nor columns
    if len(rows) == 1 and len(columns) == 1:
        return None
    top = min(rows) - 1 if rows else 0
    left = min(columns) if columns else 0
    bottom = max(rows) if len(rows) == len((start, end)) else OPEN
    right = max(columns) + 1 if len(columns) == len((start, end)) else OPEN
    return Rect(top, bottom, left, right)


def read(text: str, book: Book) -> tuple[Sheet, Rect]:
    """Give the tab (the first visible one if none is named) and rectangle of a range.

    Else ApiError 400.
    """
    tab, rest = _split(text)
    if tab is None:
        return _without_tab(text, book)
    sheet = book.by_title(tab)
    if (
        sheet is None and "!" in text and book.by_title(text) is not None
    ):  # a title with ! in it, unquoted
        return _without_tab(text, book)
    rect = read_cells(rest) if rest else Rect()
    if sheet is not None and rect is None:
        rect = _named_in(rest, sheet, book)
    if (
        sheet is None
        or rect is None
        or (not rest and text.rstrip().endswith("!"))
    ):
        raise unreadable(text)
    return sheet, rect


def _named_in(text: str, sheet: Sheet, book: Book) -> Rect | None:
    """Give the rectangle of a named range that lies on the tab which was named before it."""
    return next(
        (
            name.rect
            for name in book.names
            if name.sheet_id == sheet.id
            and name.name.casefold() == text.casefold()
        ),
        None,
    )


def _without_tab(text: str, book: Book) -> tuple[Sheet, Rect]:
    bare = text.strip()
    rect = read_cells(bare)
    named = next(
        (
            name
            for name in book.names
            if name.name.casefold() == bare.casefold()
        ),
        None,
    )
    if rect is None and named is not None:
        sheet = book.sheet(named.sheet_id)
        if sheet is not None:
            return sheet, named.rect
    titled = book.by_title(text) or book.by_title(bare)
    if rect is None and titled is not None:
        return titled, Rect()
    if rect is None:
        raise unreadable(text)
    return next(
        (sheet for sheet in book.sheets if not sheet.hidden), book.sheets[0]
    ), rect


def inside(sheet: Sheet, rect: Rect) -> Rect:
    """Clip the rectangle to the grid.

    ApiError 400 where it begins outside, or ends outside by a given side.
    """
    if (
        OPEN > rect.bottom > sheet.row_count
        or OPEN > rect.right > sheet.column_count
    ):
        raise _too_far(sheet, rect)
    return begun(sheet, rect)


def begun(sheet: Sheet, rect: Rect) -> Rect:
    """Clip the rectangle to the grid; ApiError 400 where it begins outside.

    An end beyond the grid is the grid's.
    """
    if rect.top >= sheet.row_count or rect.left >= sheet.column_count:
        raise _too_far(sheet, rect)
    return rect.clip(sheet.row_count, sheet.column_count)


def _too_far(sheet: Sheet, rect: Rect) -> Exception:
    limits = f"Max rows: {sheet.row_count}, max columns: {sheet.column_count}"
    return bad(
        f"Range ({quoted(sheet.title)}!{cells(rect)}) exceeds grid limits. {limits}"
    )
