"""What a batch makes of the grids of a book: how many cells they have, in its midst and after it.

What a spreadsheet holds at most is body.py's; what is said where it is too much, the services'.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sheetsync.sheets.requests.cells import Request
from sheetsync.workbook.snapshot import Grid


class GridSize(NamedTuple):
    """The rows and columns of a tab's grid."""

    title: str
    rows: int
    columns: int

    @property
    def cells(self) -> int:
        """How many cells it has, empty ones too: they count as well."""
        return self.rows * self.columns


class GridGrowth(NamedTuple):
    """The cells of a book before a batch, at most in the midst of it, and after it.

    `tabs`: each as the batch leaves it, by sheetId.
    """

    before: int
    most: int
    after: int
    tabs: Mapping[int, GridSize]

    @property
    def largest(self) -> GridSize:
        """The tab with the most cells."""
        return max(self.tabs.values(), key=lambda tab: tab.cells)

    def load(self, most: int) -> float:
        """Return how much of the cells that are free is taken, at most, in the midst of the batch.

        `most`: cells of a spreadsheet. Above 1 it does not fit.
        """
        growth = self.most - self.before
        if growth <= 0:
            return 0.0
        free = most - self.before
        return growth / free if free > 0 else float(growth + 1)


def growth_of(requests: Iterable[Request], grids: Sequence[Grid]) -> GridGrowth:
    """Return what requests make of the grids of a book, one after another."""
    tabs: dict[int, GridSize] = {}
    for grid in grids:
        size = GridSize(grid.title, grid.row_count, grid.column_count)
        tabs[grid.sheet_id] = size
    before = sum(size.cells for size in tabs.values())
    cells = most = before
    for request in requests:
        kind, params = next(iter(request.items()))
        resized = _RESIZING.get(kind)
        if resized is None:
            continue
        sheet_id, size = resized(params, tabs)
        old = tabs.get(sheet_id)
        tabs[sheet_id] = size
        cells += size.cells - (old.cells if old else 0)
        most = max(most, cells)
    return GridGrowth(before, most, cells, tabs)


Tabs = Mapping[int, GridSize]
Params = Mapping[str, Any]


def _added(params: Params, _: Tabs) -> tuple[int, GridSize]:
    properties = params["properties"]
    grid = properties["gridProperties"]
    size = GridSize(properties["title"], grid["rowCount"], grid["columnCount"])
    return properties["sheetId"], size


def _appended(params: Params, tabs: Tabs) -> tuple[int, GridSize]:
    return _grown(params, params["length"], tabs)


def _inserted(params: Params, tabs: Tabs) -> tuple[int, GridSize]:
    area = params["range"]
    return _grown(area, area["endIndex"] - area["startIndex"], tabs)


def _deleted(params: Params, tabs: Tabs) -> tuple[int, GridSize]:
    area = params["range"]
    return _grown(area, area["startIndex"] - area["endIndex"], tabs)


def _grown(area: Params, count: int, tabs: Tabs) -> tuple[int, GridSize]:
    """Return a tab with so many rows or columns more. `area`: its sheetId and dimension."""
    sheet_id = area["sheetId"]
    size = tabs[sheet_id]
    if area["dimension"] == "ROWS":
        return sheet_id, size._replace(rows=size.rows + count)
    return sheet_id, size._replace(columns=size.columns + count)


_RESIZING = {
    "addSheet": _added,
    "appendDimension": _appended,
    "insertDimension": _inserted,
    "deleteDimension": _deleted,
}
"""What requests of each kind make of a tab's grid; all others leave it as it is."""
