"""Tabs of managers without a company: hidden once, when they become so, and shown again when their manager has one.

A tab that somebody has hidden or shown by hand stays as they want it; the last tab that can be seen is never hidden.
"""

from collections.abc import Collection

from sheetsync.reporting.layout.model import ReportSheet
from sheetsync.reporting.tabs.manager import LEFT
from sheetsync.sheets.requests.cells import Request
from sheetsync.workbook.report_keys import token_in
from sheetsync.workbook.snapshot import Book, Grid


def curtain(sheets: Collection[tuple[ReportSheet, Grid | None]], book: Book) -> list[Request]:
    """Return what hides and shows the tabs of reports, each given with its tab as it was read."""
    made, seen = list[Request](), sum(not grid.hidden for grid in book.grids)
    for sheet, grid in sheets:
        if grid is None:
            continue
        was, now = _left(grid), sheet.key.startswith(f"{LEFT}:")
        if now and not was and not grid.hidden and seen > 1:
            seen -= 1
            made.append(_hidden(grid, hidden=True))
        elif was and not now and grid.hidden:
            seen += 1
            made.append(_hidden(grid, hidden=False))
    return made


def _left(grid: Grid) -> bool:
    """Tell whether a tab said, when it was written last, that its manager has no company."""
    tokens = (token_in(row[0]) for row in grid.cells if row)
    return any(token is not None and token.key == LEFT for token in tokens)


def _hidden(grid: Grid, *, hidden: bool) -> Request:
    properties = {"sheetId": grid.sheet_id, "hidden": hidden}
    return {"updateSheetProperties": {"properties": properties, "fields": "hidden"}}
