"""Requests on tabs as a whole: added, protected, their rows and columns made, sized and hidden.

What a tab is for, and what stands in its cells, is left to the modules that lay it out.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from sheetsync.sheets.requests.cells import GridRange, Request, stretches
from sheetsync.workbook.layout import LARGEST_ID, id_of_title
from sheetsync.workbook.snapshot import Book, Grid

Dimension = Literal["ROWS", "COLUMNS"]


def new_sheet_id(title: str, book: Book, taken: set[int]) -> int:
    """Choose an id for a tab to be added, and add it to those that are `taken`.

    It is the same for the same title, and unlike any that is there.
    """
    # An id in use fails the whole batch: so a tab is never added twice, whatever is sent again.
    used = {grid.sheet_id for grid in book.grids} | taken
    sheet_id = id_of_title(title)
    while sheet_id in used:
        sheet_id = (sheet_id + 1) & LARGEST_ID
    taken.add(sheet_id)
    return sheet_id


def add_sheet(
    sheet_id: int,
    title: str,
    size: tuple[int, int],
    grid: Mapping[str, Any] | None = None,
    **more: Any,
) -> Request:
    """Add a tab of `size` (rows, columns). `grid`: more GridProperties; `more`: SheetProperties."""
    rows, columns = size
    grid_properties = {"rowCount": rows, "columnCount": columns, **(grid or {})}
    properties = {
        "sheetId": sheet_id,
        "title": title,
        "gridProperties": grid_properties,
        **more,
    }
    return {"addSheet": {"properties": properties}}


def dimension_range(
    sheet_id: int, dimension: Dimension, start: int, end: int
) -> dict[str, int | str]:
    """Return the rows or columns [start, end) of a tab, 0-based (DimensionRange)."""
    return {
        "sheetId": sheet_id,
        "dimension": dimension,
        "startIndex": start,
        "endIndex": end,
    }


def insert_dimension(
    sheet_id: int,
    dimension: Dimension,
    start: int,
    end: int,
    *,
    like_before: bool,
) -> Request:
    """Insert rows or columns, which look like those before them or like those behind."""
    # The service refuses `like_before` at the very top or left, and asks for it at the very end.
    area = dimension_range(sheet_id, dimension, start, end)
    return {
        "insertDimension": {"range": area, "inheritFromBefore": like_before}
    }


def delete_dimension(
    sheet_id: int, dimension: Dimension, start: int, end: int
) -> Request:
    """Delete rows or columns."""
    area = dimension_range(sheet_id, dimension, start, end)
    return {"deleteDimension": {"range": area}}


def grow_rows(grid: Grid, rows: int) -> list[Request]:
    """Append rows to a tab that has fewer than `rows`."""
    return _append(grid.sheet_id, "ROWS", rows - grid.row_count)


def grow_columns(grid: Grid, columns: int) -> list[Request]:
    """Append columns to a tab that has fewer than `columns`."""
    return _append(grid.sheet_id, "COLUMNS", columns - grid.column_count)


def _append(sheet_id: int, dimension: Dimension, length: int) -> list[Request]:
    if length <= 0:
        return []
    added = {"sheetId": sheet_id, "dimension": dimension, "length": length}
    return [{"appendDimension": added}]


def column_widths(
    sheet_id: int, pixels: Sequence[int], start: int = 0
) -> list[Request]:
    """Set the widths of neighbouring columns, from the 0-based `start` on."""
    return _sizes(sheet_id, "COLUMNS", dict(enumerate(pixels, start=start)))


def row_height(sheet_id: int, row: int, pixels: int) -> Request:
    """Set the height of one row (0-based)."""
    return _dimension_property(sheet_id, "ROWS", (row, row + 1), pixels)


def row_heights(sheet_id: int, pixels: Mapping[int, int]) -> list[Request]:
    """Set the heights of rows (0-based), neighbours of one height by one request."""
    return _sizes(sheet_id, "ROWS", pixels)


def _sizes(
    sheet_id: int, dimension: Dimension, pixels: Mapping[int, int]
) -> list[Request]:
    by_size: defaultdict[int, list[int]] = defaultdict(list)
    for index, size in pixels.items():
        by_size[size].append(index)
    sized: dict[tuple[int, int], int] = {}
    for size, indexes in by_size.items():
        for stretch in stretches(indexes):
            sized[stretch] = size
    return [
        _dimension_property(sheet_id, dimension, stretch, size)
        for stretch, size in sorted(sized.items())
    ]


def hide_column(sheet_id: int, column: int) -> Request:
    """Hide a column (0-based) from people."""
    stretch = (column, column + 1)
    return _dimension_property(
        sheet_id, "COLUMNS", stretch, value=True, name="hiddenByUser"
    )


def _dimension_property(
    sheet_id: int,
    dimension: Dimension,
    stretch: tuple[int, int],
    value: int,
    name: str = "pixelSize",
) -> Request:
    """Set one property (DimensionProperties) of rows or columns [start, end)."""
    area = dimension_range(sheet_id, dimension, *stretch)
    update = {
        "range": area,
        "properties": {name: value},
        "fields": name,
    }
    return {"updateDimensionProperties": update}


def protect(
    area: GridRange, users: str | Sequence[str] | None, description: str
) -> Request:
    """Protect a range for `users` alone, our own account among them.

    Where none is known, the protection warns whoever types there.
    """
    protected: dict[str, Any] = {
        "range": dict(area),
        "description": description,
    }
    if isinstance(users, str):
        users = [users]
    # A protection that names no editors has all of them, and would stop nobody.
    if users:
        protected["editors"] = {"users": [*users], "domainUsersCanEdit": False}
    else:
        protected["warningOnly"] = True
    return {"addProtectedRange": {"protectedRange": protected}}
