"""Where things are: GridRanges and data filters resolved to tabs and rectangles.

A1 texts are read in a1.py; what is done at the place is left to the calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetsync.emulator.api.lookups import matches
from sheetsync.emulator.errors import bad
from sheetsync.emulator.model import a1
from sheetsync.emulator.model.rects import OPEN, Rect, of_json

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Book, Json, Sheet


def tab(book: Book, sheet_id: int) -> Sheet:
    """Give the tab of that id; ApiError 400 where there is none."""
    sheet = book.sheet(sheet_id)
    if sheet is None:
        raise bad(f"No grid with id: {sheet_id}")
    return sheet


def known_sheet(book: Book, sheet_id: int) -> Sheet:
    """Give the same for a request on the tab as a whole, which Google refuses in other words."""
    sheet = book.sheet(sheet_id)
    if sheet is None:
        raise bad(f"No sheet with id: {sheet_id}")
    return sheet


def grid_range(
    book: Book, data: Json, name: str = "range"
) -> tuple[Sheet, Rect]:
    """Give the tab and rectangle of a GridRange; it may be open but must begin inside the grid."""
    sheet = tab(book, data.get("sheetId", 0))
    rect = of_json(data)
    for low, high, axis in (
        (rect.top, rect.bottom, "Row"),
        (rect.left, rect.right, "Column"),
    ):
        if low < 0 or high < 0:
            raise bad(f"Invalid {name}: negative index")
        if high <= low:
            raise bad(f"{name}.end{axis}Index must be after start{axis}Index")
    if rect.top >= sheet.row_count or rect.left >= sheet.column_count:
        a1.inside(sheet, rect)
    return sheet, rect


def bounded(book: Book, data: Json, name: str = "range") -> tuple[Sheet, Rect]:
    """Give the same, clipped to the grid; ApiError 400 where a given end lies outside."""
    sheet, rect = grid_range(book, data, name)
    return sheet, a1.inside(sheet, rect)


def begun(book: Book, data: Json) -> tuple[Sheet, Rect]:
    """Give the same; an end beyond the grid is the grid's own, a range of no cells is taken."""
    for low, high in (
        ("startRowIndex", "endRowIndex"),
        ("startColumnIndex", "endColumnIndex"),
    ):
        if high in data and data[high] == data.get(low, 0) >= 0:
            return tab(book, data.get("sheetId", 0)), Rect(0, 0, 0, 0)
    sheet, rect = grid_range(book, data)
    return sheet, rect.clip(sheet.row_count, sheet.column_count)


def line_range(book: Book, data: Json) -> tuple[Sheet, bool, int, int]:
    """(tab, whether rows, start, end) of a DimensionRange; an end not given is the grid's."""
    sheet = tab(book, data.get("sheetId", 0))
    dimension = data.get("dimension")
    if dimension not in ("ROWS", "COLUMNS"):
        raise bad("range.dimension must be specified")
    rows = dimension == "ROWS"
    start = data.get("startIndex", 0)
    end = data.get("endIndex", sheet.row_count if rows else sheet.column_count)
    if start < 0 or end <= start:
        raise bad(
            f"range.endIndex[{end}] must be greater than range.startIndex[{start}]"
        )
    return sheet, rows, start, end


def places_of(book: Book, data_filter: Json) -> list[tuple[Sheet, Rect]]:
    """Give the places that a DataFilter names."""
    given = [
        name
        for name in ("gridRange", "a1Range", "developerMetadataLookup")
        if name in data_filter
    ]
    if len(given) != 1:
        raise bad(
            "A data filter must name exactly one of a1Range, gridRange, developerMetadataLookup"
        )
    if given[0] == "gridRange":
        return [
            grid_range(book, data_filter["gridRange"], "dataFilter.gridRange")
        ]
    if given[0] == "a1Range":
        return [a1.read(data_filter["a1Range"], book)]
    found = [
        entry
        for entry in book.metadata
        if matches(entry, data_filter["developerMetadataLookup"])
    ]
    return [place for entry in found for place in _place(book, entry)]


def _place(book: Book, entry: Json) -> list[tuple[Sheet, Rect]]:
    location = entry.get("location", {})
    line = location.get("dimensionRange")
    if line is not None:
        start, end = line.get("startIndex", 0), line["endIndex"]
        rect = (
            Rect(start, end, 0, OPEN)
            if line.get("dimension") == "ROWS"
            else Rect(0, OPEN, start, end)
        )
        return [(tab(book, line.get("sheetId", 0)), rect)]
    if "sheetId" in location:
        return [(tab(book, location["sheetId"]), Rect())]
    return [(sheet, Rect()) for sheet in book.sheets]
