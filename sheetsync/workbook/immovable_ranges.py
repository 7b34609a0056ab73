"""What on a tab keeps rows from moving: merged cells, ranges that others protect, tables.

The ranges are read by the sheets room; this one is pure.
"""

from typing import NamedTuple

from sheetsync.i18n import Language
from sheetsync.workbook.snapshot import CellArea, Tab

# A batch that touches one of these fails whole at the service (API fact), so such a row is left
# alone, with a problem that says why.


class Obstacle(NamedTuple):
    """Why a row, or a cell, may not be touched: a code for programs, and what to say and to do."""

    code: str
    message: str
    fix: str


def leaving(
    tab: Tab, row: int, language: Language, *, stuck: bool = False
) -> Obstacle | None:
    """Return what keeps a row (the sheet's number) from leaving its tab, or None.

    `stuck`: it holds a formula that fills other rows, or is filled by one.
    """
    if stuck:
        return array(language)
    if not tab.grid.merges and not tab.grid.guarded:
        return None
    text = language.text
    place = CellArea(row - 1, row, 0, tab.grid.column_count)
    if any(area.meets(place) for area in tab.grid.merges):
        message = text("The row has merged cells and is not moved.")
        return Obstacle("merged", message, text("Unmerge the cells."))
    if any(area.meets(place) for area in tab.grid.guarded):
        return protected(tab, language)
    return None


def array(language: Language) -> Obstacle:
    """Return the obstacle of a formula that fills rows, in the row or over it."""
    text = language.text
    message = text(
        "The row holds a formula that fills other rows, or is filled by one; it is not moved."
    )
    fix = text(
        "Put the formula into the heading row, or one into each row; where QUERY or "
        "IMPORTRANGE fills the tab, paste its rows as values."
    )
    return Obstacle("array", message, fix)


def arriving(tab: Tab, language: Language) -> Obstacle | None:
    """Return what keeps rows from coming to a tab, at its end, or None."""
    text = language.text
    end = tab.end
    if any(area.top < end < area.bottom for area in tab.grid.merges):
        message = text(
            "“{tab}” has merged cells at its end, where rows arrive.",
            tab=tab.title,
        )
        return Obstacle("merged", message, text("Unmerge the cells."))
    if any(_reaches(area, end) for area in tab.grid.guarded):
        return protected(tab, language)
    if any(area.top <= end <= area.bottom for area in tab.grid.tables):
        message = text(
            "The rows of “{tab}” are a table, which rows of other tabs cannot join.",
            tab=tab.title,
        )
        return Obstacle(
            "table", message, text("Convert the table to an ordinary range.")
        )
    return None


def _reaches(area: CellArea, end: int) -> bool:
    """Tell whether a protected area holds the row at a tab's end, or the one above it."""
    # The new row is made like the one above it, within whatever is protected around the place.
    return area.top <= end <= area.bottom and area.top < area.bottom


def protected(tab: Tab, language: Language) -> Obstacle:
    """Return the obstacle of a range that others protect from us."""
    text = language.text
    message = text(
        "Somebody protects cells of “{tab}” from this program.", tab=tab.title
    )
    return Obstacle(
        "protected", message, text("Let its account edit the protected range.")
    )


def guarded(tab: Tab, row: int, column: int | None) -> bool:
    """Tell whether a cell of a tab may not be written.

    `row` is the sheet's number; `column` None: a column that is yet to be added at the right.
    """
    left = tab.grid.column_count if column is None else column
    cell = CellArea(row - 1, row, left, left + 1)
    return any(area.meets(cell) for area in tab.grid.guarded)
