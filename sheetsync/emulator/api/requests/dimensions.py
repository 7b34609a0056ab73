"""Requests on rows and columns: insert, delete, move, append, properties, automatic size.

Moving cells and formulas along is left to structure.py.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sheetsync.emulator.api.locations import line_range, tab
from sheetsync.emulator.errors import bad
from sheetsync.emulator.model.carry_overlays import reorder
from sheetsync.emulator.model.grid import Cell, Line
from sheetsync.emulator.model.protections import guard, guard_sheet
from sheetsync.emulator.model.rects import OPEN, Rect, Splice
from sheetsync.emulator.model.shifts import Reorder
from sheetsync.emulator.model.structure import splice
from sheetsync.emulator.wire.masks import of_edit

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Book, Json, Sheet

# Pixels: a row's height, and the narrowest column that automatic size makes
_NARROW = 21
_PER_LETTER = 7


def _rect(start: int, end: int, *, rows: bool) -> Rect:
    return Rect(start, end, 0, OPEN) if rows else Rect(0, OPEN, start, end)


def _count(sheet: Sheet, *, rows: bool) -> int:
    return sheet.row_count if rows else sheet.column_count


def check_size(book: Book, extra: int) -> None:
    """ApiError 400 where the book would have more cells than it may."""
    most = book.limits.cells
    if most is None or extra < 0:
        return
    cells = sum(sheet.row_count * sheet.column_count for sheet in book.sheets)
    if cells + extra > most:
        raise bad(
            f"This action would increase the number of cells in the workbook above the limit of "
            f"{most} cells."
        )


def check_count(book: Book, count: int, *, rows: bool) -> None:
    """ApiError 400 where a tab would have more rows or columns than it may."""
    # In which words Google says it of columns is not known (docs/google-unknowns.md).
    most = book.limits.rows if rows else book.limits.columns
    word = "rows" if rows else "columns"
    if most is not None and count > most:
        raise bad(
            f"This action would increase the number of {word} in the worksheet above the limit "
            f"of {most} {word}."
        )


def insert(book: Book, user: str, params: Json) -> None:
    """Answer insertDimension."""
    sheet, rows, start, end = line_range(book, params.get("range", {}))
    count = _count(sheet, rows=rows)
    before = params.get("inheritFromBefore", False)
    if start > count:
        raise bad(
            f"range.startIndex is larger than current grid size ({count})"
        )
    if before and start == 0:
        raise bad("inheritFromBefore cannot be true if inserting at index 0")
    if not before and start == count:
        raise bad(
            f"range.startIndex must be less than the grid size ({count}) if inheritFromBefore "
            f"is false."
        )
    across = _count(sheet, rows=not rows)
    check_count(book, count + end - start, rows=rows)
    check_size(book, (end - start) * across)
    if 0 < start < count:  # only what lies on both sides of the gap is touched
        for side in (start - 1, start):
            _guard_gap((book, user), sheet, (side, start), rows=rows)
    splice(book, sheet, Splice(rows, start, end - start))
    _inherit(book, sheet, (start, end, start - 1 if before else end), rows=rows)


def _guard_gap(
    who: tuple[Book, str], sheet: Sheet, gap: tuple[int, int], *, rows: bool
) -> None:
    """Take an insertion inside a protected range for an edit of it; one at its rim is none."""
    (book, user), (side, start) = who, gap
    for protection in book.protections:
        low, high = (protection.rect.top, protection.rect.bottom)
        if not rows:
            low, high = protection.rect.left, protection.rect.right
        if protection.sheet_id == sheet.id and low < start < high:
            guard(
                book,
                user,
                sheet,
                _rect(side, side + 1, rows=rows).meets(protection.rect)
                or protection.rect,
            )


def _inherit(
    book: Book, sheet: Sheet, place: tuple[int, int, int], *, rows: bool
) -> None:
    """Give the new rows or columns their neighbour's cell formats.

    `place` is (start, end, neighbour).
    """
    start, end, source = place
    if rows:
        looks = {
            column: _blank(book, cell)
            for column, cell in sheet.row(source).items()
            if cell.look
        }
        for index in range(start, end) if looks else ():
            sheet.put_row(index, looks)
        return
    for index, row in enumerate(sheet.rows):
        cell = row.get(source)
        if cell is not None and cell.look is not None:
            blank = _blank(book, cell)
            sheet.put_row(
                index, {**row, **dict.fromkeys(range(start, end), blank)}
            )


def _blank(book: Book, cell: Cell) -> Cell:
    """Give an empty cell that looks like `cell`.

    A link belongs to the text and is not taken along.
    """
    look = cell.look
    if look is None or "link" not in look.json.get("textFormat", {}):
        return Cell(look=look)
    text = {
        name: value
        for name, value in look.json["textFormat"].items()
        if name != "link"
    }
    form = {**look.json, "textFormat": text}
    return Cell(
        look=book.look(
            {name: value for name, value in form.items() if value != {}},
            look.base,
        )
    )


def delete(book: Book, user: str, params: Json) -> None:
    """Answer deleteDimension."""
    sheet, rows, start, end = line_range(book, params.get("range", {}))
    count = _count(sheet, rows=rows)
    word = "row" if rows else "column"
    if end > count:
        last = start if start >= count else end - 1
        raise bad(
            f"Cannot delete a {word} that doesn't exist. "
            f"Tried to delete {word} index {last} but there are only {count} {word}s."
        )
    frozen = sheet.frozen_rows if rows else sheet.frozen_columns
    if start == 0 and end == count:
        raise bad(f"You can't delete all the {word}s on the sheet.")
    if start <= frozen and end == count:
        raise bad(
            f"Sorry, it is not possible to delete all non-frozen {word}s."
        )
    guard(book, user, sheet, _rect(start, end, rows=rows))
    splice(book, sheet, Splice(rows, start, start - end))


def move(book: Book, user: str, params: Json) -> None:
    """moveDimension: `destinationIndex` counts before the move.

    Into the moved rows or columns themselves is no move.
    """
    if "source" not in params:
        raise bad("source is required")
    sheet, rows, start, end = line_range(book, params["source"])
    count, to = _count(sheet, rows=rows), params.get("destinationIndex", 0)
    word = "row" if rows else "column"
    if end > count:
        raise bad(
            f"Cannot move a {word} that doesn't exist: there are only {count} {word}s."
        )
    if not 0 <= to <= count:
        raise bad(
            f"Invalid destinationIndex: {to}, but there are only {count} {word}s."
        )
    guard(book, user, sheet, _rect(start, end, rows=rows))
    if start <= to <= end:
        return
    for merge in sheet.merges:
        low, high = (
            (merge.top, merge.bottom) if rows else (merge.left, merge.right)
        )
        if low < start < high or low < end < high or low < to < high:
            where = "a position that crosses a merged cell. Please unmerge and try again."
            raise bad(f"Sorry, it is not possible to move a {word} to {where}")
    if 0 < to < count:
        for side in (to - 1, to):
            _guard_gap((book, user), sheet, (side, to), rows=rows)
    reorder(book, sheet, Reorder(rows, start, end, to))


def append(book: Book, user: str, params: Json) -> None:
    """Answer appendDimension."""
    sheet = tab(book, params.get("sheetId", 0))
    if params.get("dimension") not in ("ROWS", "COLUMNS"):
        raise bad("dimension must be specified")
    rows, length = params["dimension"] == "ROWS", params.get("length", 0)
    if length <= 0:
        raise bad("length must be greater than 0")
    guard_sheet(book, user, sheet)
    check_count(book, _count(sheet, rows=rows) + length, rows=rows)
    check_size(book, length * _count(sheet, rows=not rows))
    if rows:
        sheet.row_count += length
    else:
        sheet.column_count += length


def update_properties(book: Book, user: str, params: Json) -> None:
    """updateDimensionProperties: pixelSize and hiddenByUser."""
    tree = of_edit(params.get("fields"), "DimensionProperties")
    if "range" not in params:
        raise bad("range is required")
    sheet, rows, start, end = line_range(book, params["range"])
    if end > _count(sheet, rows=rows):
        raise bad(
            f"range.endIndex[{end}] is beyond the sheet's {_count(sheet, rows=rows)}"
        )
    unknown = [
        name for name in tree if name not in ("pixelSize", "hiddenByUser")
    ]
    if unknown:
        raise bad(f"not emulated: {unknown[0]}")
    guard(book, user, sheet, _rect(start, end, rows=rows))
    properties = params.get("properties", {})
    if (not tree or "pixelSize" in tree) and properties.get("pixelSize", 1) < 0:
        raise bad("pixelSize must not be negative")
    for index in range(start, end):
        _change(sheet, index, properties, tree, rows=rows)


def _change(
    sheet: Sheet, index: int, properties: Json, tree: Json, *, rows: bool
) -> None:
    lines = sheet.row_lines if rows else sheet.column_lines
    line = lines.get(index, Line())
    if not tree or "pixelSize" in tree:
        line = replace(line, size=_size(properties.get("pixelSize"), rows=rows))
    if not tree or "hiddenByUser" in tree:
        line = replace(line, hidden=properties.get("hiddenByUser", False))
    if line == Line():
        lines.pop(index, None)
    else:
        lines[index] = line


def _size(pixels: int | None, *, rows: bool) -> float | None:
    if pixels is None:
        return None
    return pixels * 0.75 if rows else max(pixels - 5, 0) / _PER_LETTER


def auto_resize(book: Book, user: str, params: Json) -> None:
    """AutoResizeDimensions.

    Columns as wide as their longest text (an estimate), rows back to their own height.
    """
    if "dimensions" not in params:
        raise bad("dimensions is required")
    sheet, rows, start, end = line_range(book, params["dimensions"])
    end = min(end, _count(sheet, rows=rows))
    guard(book, user, sheet, _rect(start, max(end, start + 1), rows=rows))
    for index in range(start, end):
        pixels = (
            None
            if rows
            else max(
                _NARROW, min(_widest(sheet, index) * _PER_LETTER + 12, 600)
            )
        )
        tree: Json = {"pixelSize": {}}
        _change(
            sheet,
            index,
            {} if pixels is None else {"pixelSize": pixels},
            tree,
            rows=rows,
        )


def _widest(sheet: Sheet, column: int) -> int:
    texts = (row[column].value for row in sheet.rows if column in row)
    return max(
        (
            len(str(text))
            for text in texts
            if isinstance(text, (str, int, float))
        ),
        default=10,
    )


KINDS = {
    "insertDimension": insert,
    "deleteDimension": delete,
    "moveDimension": move,
    "appendDimension": append,
    "updateDimensionProperties": update_properties,
    "autoResizeDimensions": auto_resize,
}
