"""Requests that put the rows of a range into another order.

SortRange, randomizeRange, deleteDuplicates.

How values compare is left to the model's ordering.py.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from sheetsync.emulator.api.calls import computed
from sheetsync.emulator.api.locations import bounded, line_range
from sheetsync.emulator.errors import bad
from sheetsync.emulator.model import a1
from sheetsync.emulator.model.carry_overlays import permute, permute_validations
from sheetsync.emulator.model.grid import Formula
from sheetsync.emulator.model.ordering import key_of, ordered
from sheetsync.emulator.model.protections import guard
from sheetsync.emulator.model.rects import Rect

if TYPE_CHECKING:
    from sheetsync.emulator.model.evaluate import Computation
    from sheetsync.emulator.model.grid import Book, Json, Sheet, Value

_COLORS = (
    "backgroundColor",
    "backgroundColorStyle",
    "foregroundColor",
    "foregroundColorStyle",
)
_NOT_EMULATED = (*_COLORS, "dataSourceColumnReference")


def _place(book: Book, user: str, params: Json) -> tuple[Sheet, Rect]:
    """Give the tab and the range, of which every row can be moved."""
    if "range" not in params:
        raise bad("range is required")
    sheet, rect = bounded(book, params["range"])
    for merge in sheet.merges:
        both = merge.meets(rect)
        if both is not None and (merge.bottom - merge.top > 1 or both != merge):
            raise bad(
                f"You can't sort a range containing vertical merges. There is a vertical merge "
                f"at {a1.cells(merge)}"
            )
    guard(book, user, sheet, rect)
    return sheet, rect


def sort_range(book: Book, user: str, params: Json) -> None:
    """sortRange: by the first spec, among equals by the next one.

    What is equal in all stays in its order.
    """
    specs = params.get("sortSpecs", [])
    if not specs:
        raise bad("At least one sort spec must be specified.")
    sheet, rect = _place(book, user, params)
    columns = [_column(rect, index, spec) for index, spec in enumerate(specs)]
    descending = [spec.get("sortOrder") == "DESCENDING" for spec in specs]
    values = _values(
        book, sheet, Rect(rect.top, rect.bottom, min(columns), max(columns) + 1)
    )
    places = _shown(sheet, rect)
    rows = [
        [_value(values, sheet, rect.top + place, column) for column in columns]
        for place in places
    ]
    origins = list(range(rect.bottom - rect.top))
    for place, index in zip(places, ordered(rows, descending), strict=True):
        origins[place] = places[index]
    _put(sheet, rect, origins)


def _shown(sheet: Sheet, rect: Rect) -> list[int]:
    """Give the offsets of the rows that are sorted.

    Those that a person or a filter hides stay where they are.
    """
    unseen = {
        row
        for row, line in sheet.row_lines.items()
        if line.hidden or line.filtered
    }
    return [
        row - rect.top
        for row in range(rect.top, rect.bottom)
        if row not in unseen
    ]


def _column(rect: Rect, index: int, spec: Json) -> int:
    for name in _NOT_EMULATED:
        if name in spec:
            raise bad(f"not emulated: sortSpecs.{name}")
    column = int(spec.get("dimensionIndex", 0))
    if not rect.left <= column < rect.right:
        raise bad(
            f"sortSpecs[{index}].dimensionIndex[{column}] must be within the range's columns"
        )
    return column


def _values(book: Book, sheet: Sheet, rect: Rect) -> Computation | None:
    """Compute the book, where what is compared has formulas in it."""
    rows = (
        sheet.row(index)
        for index in range(rect.top, min(rect.bottom, len(sheet.rows)))
    )
    if not any(
        isinstance(cell.value, Formula) and rect.left <= c < rect.right
        for row in rows
        for c, cell in row.items()
    ):
        return None
    # Earlier requests of the batch may have changed what formulas come to
    book.computed = None
    values = computed(book)
    book.computed = None
    return values


def _value(
    values: Computation | None, sheet: Sheet, row: int, column: int
) -> Value:
    return (
        sheet.cell(row, column).value
        if values is None
        else values.value(sheet, row, column)
    )


def _put(sheet: Sheet, rect: Rect, origins: list[int]) -> None:
    """Bring the rows into order, with the merges and validations that are on single rows."""
    places = {origin: offset for offset, origin in enumerate(origins)}
    sheet.merges = [
        merge.moved(places[merge.top - rect.top] - (merge.top - rect.top), 0)
        if rect.holds(merge)
        else merge
        for merge in sheet.merges
    ]
    permute(sheet, rect, origins)
    permute_validations(sheet, rect, origins)


def randomize_range(book: Book, user: str, params: Json) -> None:
    """randomizeRange: any order of the rows."""
    sheet, rect = _place(book, user, params)
    origins = list(range(rect.bottom - rect.top))
    random.shuffle(origins)
    _put(sheet, rect, origins)


def delete_duplicates(book: Book, user: str, params: Json) -> Json:
    """DeleteDuplicates.

    Rows that say what one above them says are gone, those below move up in the range.
    """
    sheet, rect = _place(book, user, params)
    if any(merge.meets(rect) for merge in sheet.merges):
        raise bad("You can't remove duplicates from a range with merged cells.")
    columns = _compared(book, sheet, rect, params.get("comparisonColumns", []))
    values = _values(book, sheet, rect)
    bottom = min(rect.bottom, max(sheet.filled_rows(), rect.top))
    seen: set[tuple[object, ...]] = set()
    kept: list[int] = []
    for row in range(rect.top, bottom):
        told = tuple(
            key_of(_value(values, sheet, row, column)) for column in columns
        )
        if told not in seen:
            kept.append(row - rect.top)
            seen.add(told)
    removed = bottom - rect.top - len(kept)
    permute(sheet, rect._replace(bottom=bottom), kept)
    return {"duplicatesRemovedCount": removed} if removed else {}


def _compared(
    book: Book, sheet: Sheet, rect: Rect, given: list[Json]
) -> list[int]:
    columns: list[int] = []
    for place in given:
        tab, rows, start, end = line_range(book, {"sheetId": sheet.id, **place})
        if tab is not sheet or rows or start < rect.left or end > rect.right:
            raise bad("comparisonColumns must be columns of the range")
        columns += range(start, end)
    return columns or list(range(rect.left, rect.right))


KINDS = {
    "sortRange": sort_range,
    "randomizeRange": randomize_range,
    "deleteDuplicates": delete_duplicates,
}
