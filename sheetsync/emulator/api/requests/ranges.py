"""Requests that insert and delete cells of a range: what lies beyond moves away, or moves up.

Taking along what lies on the cells is left to carry_overlays.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetsync.emulator.api.locations import grid_range
from sheetsync.emulator.api.requests.dimensions import check_size
from sheetsync.emulator.errors import bad
from sheetsync.emulator.model.carry_overlays import overflow, push
from sheetsync.emulator.model.protections import guard
from sheetsync.emulator.model.rects import Splice
from sheetsync.emulator.model.shifts import BandSplice

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Book, Json, Sheet
    from sheetsync.emulator.model.rects import Rect


def _read(book: Book, params: Json) -> tuple[Sheet, Rect, bool]:
    """(tab, the range inside the grid, whether rows shift)."""
    if "range" not in params:
        raise bad("range is required")
    sheet, rect = grid_range(book, params["range"])
    dimension = params.get("shiftDimension")
    if dimension not in ("ROWS", "COLUMNS"):
        raise bad("shiftDimension must be specified")
    return (
        sheet,
        rect.clip(sheet.row_count, sheet.column_count),
        dimension == "ROWS",
    )


def _shift(rect: Rect, *, rows: bool, insert: bool) -> BandSplice:
    start, end = (rect.top, rect.bottom) if rows else (rect.left, rect.right)
    low, high = (rect.left, rect.right) if rows else (rect.top, rect.bottom)
    return BandSplice(
        Splice(rows, start, end - start if insert else start - end), low, high
    )


def _check(book: Book, user: str, sheet: Sheet, shift: BandSplice) -> None:
    moving = shift.moving
    if any(
        rect.meets(moving) and not shift.band.holds(rect)
        for rect in sheet.merges
    ):
        raise bad("You can't shift part of a merged cell.")
    guard(book, user, sheet, moving)


def insert_range(book: Book, user: str, params: Json) -> None:
    """insertRange: the grid grows where a value would be pushed over its rim."""
    sheet, rect, rows = _read(book, params)
    shift = _shift(rect, rows=rows, insert=True)
    _check(book, user, sheet, shift)
    grown = overflow(sheet, shift)
    check_size(book, grown * (sheet.column_count if rows else sheet.row_count))
    if rows:
        sheet.row_count += grown
    else:
        sheet.column_count += grown
    push(book, sheet, shift)


def delete_range(book: Book, user: str, params: Json) -> None:
    """deleteRange: the cells beyond take the place; the grid keeps its size."""
    sheet, rect, rows = _read(book, params)
    shift = _shift(rect, rows=rows, insert=False)
    _check(book, user, sheet, shift)
    push(book, sheet, shift)


KINDS = {"insertRange": insert_range, "deleteRange": delete_range}
