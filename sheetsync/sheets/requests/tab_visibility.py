"""Tabs of managers without a company: hidden once when they become so, shown again later.

A tab that somebody has hidden or shown by hand stays as they want it; the last tab that can be seen
is never hidden.
"""

from collections.abc import Iterable

from sheetsync.reporting.tabs.manager import LEFT
from sheetsync.sheets.requests.cells import Request
from sheetsync.sheets.requests.report_tab import PlacedReport
from sheetsync.workbook.report_keys import token_in
from sheetsync.workbook.snapshot import Book, Grid


def visibility_requests(
    tabs: Iterable[PlacedReport], book: Book
) -> list[Request]:
    """Return what hides and shows the tabs of reports."""
    requests: list[Request] = []
    visible = sum(not grid.hidden for grid in book.grids)
    for tab in tabs:
        if tab.grid is None:
            continue
        was_left = _said_left(tab.grid)
        is_left = tab.sheet.key.startswith(f"{LEFT}:")
        if was_left == is_left:
            continue  # in between it is people's to show and to hide
        # A spreadsheet must show one tab at least.
        if is_left and not tab.grid.hidden and visible > 1:
            visible -= 1
            requests.append(_hidden(tab.grid, hidden=True))
        elif was_left and tab.grid.hidden:
            visible += 1
            requests.append(_hidden(tab.grid, hidden=False))
    return requests


def _said_left(grid: Grid) -> bool:
    """Tell whether a tab said, when it was written last, that its manager has no company."""
    tokens = (token_in(row[0]) for row in grid.cells if row)
    return any(token is not None and token.key == LEFT for token in tokens)


def _hidden(grid: Grid, *, hidden: bool) -> Request:
    properties = {"sheetId": grid.sheet_id, "hidden": hidden}
    return {
        "updateSheetProperties": {"properties": properties, "fields": "hidden"}
    }
