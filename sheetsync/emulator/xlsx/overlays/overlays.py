"""What lies over a tab's cells between the model and the worksheet.

The basic filter, tables, charts.

One call each way for load.py and save.py; each kind has its own module. Filter views and banding
are in the stored state only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sheetsync.emulator.model import overlays
from sheetsync.emulator.model.filtering import Seen
from sheetsync.emulator.model.grid import Formula
from sheetsync.emulator.xlsx.charts import chart_read, charts
from sheetsync.emulator.xlsx.overlays import filters, tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sheetsync.emulator.model.evaluate import Computation
    from sheetsync.emulator.model.grid import Book, Json, Sheet, Value
    from sheetsync.emulator.xlsx.opened import Shell


class _Cached:
    """The values that the file holds for formulas, in the manner of a Computation.

    Nothing is computed at loading.
    """

    def __init__(self, shell: Shell) -> None:
        self.shell = shell

    def value(self, sheet: Sheet, row: int, column: int) -> Value:
        """Give a cell's value; never a Formula."""
        value = sheet.cell(row, column).value
        if not isinstance(value, Formula):
            return value
        return None if value.origin is None else self.shell.stored(value.origin)


def read(
    book: Book, shell: Shell, sheet: Sheet, tab: Any, titles: Mapping[str, int]
) -> None:
    """Lay what the worksheet has over the tab, whose cells and rows are read already."""
    tables.read(sheet, tab)
    taken = [int(chart.id) for other in book.sheets for chart in other.charts]
    # openpyxl has no public list.
    chart_read.read(sheet, tab._charts, titles, taken)  # noqa: SLF001
    filters.read(sheet, tab, Seen(book, sheet, _Cached(shell)))


def restore(book: Book, sheet: Sheet, stored: Json) -> None:
    """Give it the words and ids of the stored state."""
    overlays.of_stored(book, sheet, stored)
    filters.restore(sheet, stored)


def write(book: Book, shell: Shell, computed: Computation) -> dict[int, Json]:
    """Put the overlays of all tabs into their worksheets.

    For each tab's id, what the state must keep.
    """
    out: dict[int, Json] = {}
    names: set[str] = set()
    for sheet in book.sheets:
        tab = shell.tabs[sheet.id]
        out[sheet.id] = {
            **filters.write(Seen(book, sheet, computed), tab),
            **tables.write(book, sheet, tab, names),
            **charts.write(book, sheet, tab, computed),
        }
    return out
