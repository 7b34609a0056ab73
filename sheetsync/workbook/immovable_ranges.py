"""What on a tab keeps rows from moving: merged cells, ranges that others protect, tables.

A batch that touches one of them fails whole at the service, so such a row is left alone, with a problem that says why. Pure;
the ranges are read by the sheets room.
"""

from typing import NamedTuple

from sheetsync.i18n import Language
from sheetsync.workbook.snapshot import Area, Tab


class Obstacle(NamedTuple):
    """Why a row, or a cell, may not be touched: a code for programs, and what to say and to do."""

    code: str
    message: str
    fix: str


def leaving(tab: Tab, row: int, language: Language, *, stuck: bool = False) -> Obstacle | None:
    """Return what keeps a row (the sheet's number) from leaving its tab, or None. `stuck`: it holds an array formula."""
    text, here = language.text, Area(row - 1, row, 0, tab.grid.column_count)
    if stuck:
        return array(language)
    if any(area.meets(here) for area in tab.grid.merges):
        return Obstacle(
            "merged", text("The row has merged cells and is not moved."), text("Unmerge the cells.")
        )
    if any(area.meets(here) for area in tab.grid.guarded):
        return protected(tab, language)
    return None


def array(language: Language) -> Obstacle:
    """Return the obstacle of an array formula in a row."""
    text = language.text
    message = text("The row holds an array formula, which may fill other rows; it is not moved.")
    return Obstacle(
        "array", message, text("Put the formula into the heading row, or one into each row.")
    )


def arriving(tab: Tab, language: Language) -> Obstacle | None:
    """Return what keeps rows from coming to a tab, at its end, or None."""
    text, end = language.text, tab.end
    if any(area.top < end < area.bottom for area in tab.grid.merges):
        message = text("“{tab}” has merged cells at its end, where rows arrive.", tab=tab.title)
        return Obstacle("merged", message, text("Unmerge the cells."))
    # The new row is made like the one above it, within whatever is protected around the place.
    if any(
        area.top <= end < area.bottom or area.top < end <= area.bottom for area in tab.grid.guarded
    ):
        return protected(tab, language)
    if any(area.top <= end <= area.bottom for area in tab.grid.tables):
        message = text(
            "The rows of “{tab}” are a table, which rows of other tabs cannot join.", tab=tab.title
        )
        return Obstacle("table", message, text("Convert the table to an ordinary range."))
    return None


def protected(tab: Tab, language: Language) -> Obstacle:
    """Return the obstacle of a range that others protect from us."""
    text = language.text
    message = text("Somebody protects cells of “{tab}” from this program.", tab=tab.title)
    return Obstacle("protected", message, text("Let its account edit the protected range."))


def guarded(tab: Tab, row: int, column: int | None) -> bool:
    """Tell whether a cell of a tab may not be written; `column` None: a column that is yet to be added at the right."""
    at = tab.grid.column_count if column is None else column
    return any(area.meets(Area(row - 1, row, at, at + 1)) for area in tab.grid.guarded)
