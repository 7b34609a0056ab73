"""The program's own tabs as requests: the hidden state, the Journal with its newest line on top.

Only what differs from what was read is written. Report tabs are left to report_tab.py, the tabs'
charts to the batch.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from sheetsync.method.policy import Policy
from sheetsync.reporting.layout.theme import CELL_STYLES
from sheetsync.sheets.requests.canvas import Canvas
from sheetsync.sheets.requests.cells import (
    WHOLE,
    Request,
    format_of,
    styled,
    typed,
)
from sheetsync.sheets.requests.tab_requests import (
    add_sheet,
    column_widths,
    grow_columns,
    grow_rows,
    hide_column,
    insert_dimension,
    new_sheet_id,
)
from sheetsync.values import Cell
from sheetsync.workbook import last_run_state as state_tab
from sheetsync.workbook.snapshot import Book, Grid, Row, own_title, own_titles

JOURNAL_WIDTHS = (130, 110, 75, 230, 110, 100, 170, 170, 420, 60)
JOURNAL_DATA = len(JOURNAL_WIDTHS) - 1
"""The Journal's last column: what people need not see, and an undo does."""
MOMENT = {"type": "DATE_TIME", "pattern": "dd.mm.yyyy hh:mm"}
"""How the Journal shows when a line was written."""
SPARE_ROWS = 50
"""Rows that a new state tab has below the last one."""


class OwnTab(NamedTuple):
    """One of the program's own tabs: as it was read, None where it is to be added; id and title."""

    grid: Grid | None
    sheet_id: int
    title: str

    @property
    def cells(self) -> Sequence[Row]:
        """What stands on it, as it was read."""
        return self.grid.cells if self.grid else ()


def own_tab(book: Book, policy: Policy, key: str, taken: set[int]) -> OwnTab:
    """Find one of the program's own tabs, or choose the id and title of the one to be added.

    `key`: `journal`, `settings`, `charts` …; `taken`: ids of tabs that the same batch adds.
    """
    grid = book.titled(*own_titles(policy, key))
    if grid is not None:
        return OwnTab(grid, grid.sheet_id, grid.title)
    title = own_title(book, policy, key)
    return OwnTab(None, new_sheet_id(title, book, taken), title)


def same(left: Cell, right: Cell) -> bool:
    """Tell whether a cell as it was read is what would be written."""
    empty = ("", None)
    if left in empty or right in empty:
        return left in empty and right in empty
    if isinstance(left, int | float) and isinstance(right, int | float):
        # A number comes back with fifteen or sixteen digits, as files keep it.
        return math.isclose(left, right, rel_tol=1e-12)
    return left == right


def row_differs(old: Row, new: Sequence[Cell]) -> bool:
    """Tell whether a row as it was read, cells missing at its end, is not what would be written."""
    padded = [*old, *[None] * (len(new) - len(old))]
    return any(
        not same(padded[column], cell) for column, cell in enumerate(new)
    )


def state_requests(
    tab: OwnTab,
    rows: Sequence[Row],
    canvas: Canvas,
    copies: tuple[int, int] = (0, 0),
) -> list[Request]:
    """Write the rows of the state tab that differ; adds the tab, hidden, where it is not there yet.

    `copies`: how many rows and columns must be there beside it for copies of cells (see
    overwritten.py).
    """
    wanted: list[Row] = [list(state_tab.COLUMNS), *rows]
    _write_differing(tab, wanted, canvas)
    _clear_left_over(tab, len(wanted), canvas)
    # An empty column stands between the state and the copies.
    copied_rows, copied_columns = copies
    width = len(state_tab.COLUMNS)
    if copied_columns:
        width += 1 + copied_columns
    length = max(len(wanted), 1 + copied_rows)
    if tab.grid is not None:
        return [*grow_columns(tab.grid, width), *grow_rows(tab.grid, length)]
    size = (length + SPARE_ROWS, width)
    frozen = {"frozenRowCount": 1}
    return [add_sheet(tab.sheet_id, tab.title, size, frozen, hidden=True)]


def _write_differing(tab: OwnTab, rows: Sequence[Row], canvas: Canvas) -> None:
    """Put the rows, from the tab's first one on, that are not there yet as they should be."""
    for index, row in enumerate(rows):
        old = tab.cells[index] if index < len(tab.cells) else ()
        if row_differs(old, row):
            for column, cell in enumerate(row):
                canvas.put(tab.sheet_id, index, column, typed(cell))


def _clear_left_over(tab: OwnTab, first: int, canvas: Canvas) -> None:
    """Clear what the state tab held of rows that are remembered no more, from row `first` on."""
    for index in range(first, len(tab.cells)):
        # The copies of cells stand beside what is known, and are not looked at here.
        known = tab.cells[index][: len(state_tab.COLUMNS)]
        if all(cell in (None, "") for cell in known):
            continue
        for column in range(len(known)):
            canvas.put(tab.sheet_id, index, column, {})


def journal_requests(
    tab: OwnTab,
    headings: Sequence[str],
    lines: Sequence[Sequence[Cell]],
    canvas: Canvas,
) -> list[Request]:
    """Put new lines under the Journal's heading, newest first; adds the tab where it is missing."""
    # Newest first: people see the last night at once, and only the top is ever read.
    requests: list[Request] = []
    if tab.grid is None:
        requests += _new_journal(tab, headings, len(lines), canvas)
    elif lines:
        end = 1 + len(lines)
        requests.append(
            insert_dimension(tab.sheet_id, "ROWS", 1, end, like_before=False)
        )
    text = format_of(CELL_STYLES["text"])
    moment = {**text, "numberFormat": MOMENT}
    for row, line in enumerate(lines, start=1):
        for column, cell in enumerate(line):
            cell_format = moment if column == 0 else text
            canvas.put(
                tab.sheet_id, row, column, styled(cell, cell_format), WHOLE
            )
    return requests


def _new_journal(
    tab: OwnTab, headings: Sequence[str], lines: int, canvas: Canvas
) -> list[Request]:
    """Add the Journal with room for so many lines, and put its headings."""
    head = format_of(CELL_STYLES["head"])
    for column, heading in enumerate(headings):
        canvas.put(tab.sheet_id, 0, column, styled(heading, head), WHOLE)
    size = (lines + 2, len(headings))
    return [
        add_sheet(tab.sheet_id, tab.title, size, {"frozenRowCount": 1}),
        *column_widths(tab.sheet_id, JOURNAL_WIDTHS),
        hide_column(tab.sheet_id, JOURNAL_DATA),
    ]
