"""Whose tab it is: a tab is the program's own only if the program has made it.

A section's tab that somebody renamed to "Summary", or a team's own "Journal" of long ago, is never
written over. Which titles the program's tabs bear is told by workbook/snapshot.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from sheetsync.method.policy import Policy
from sheetsync.method.settings_tab.blocks import OWN
from sheetsync.method.settings_tab.mapping import places
from sheetsync.values import clean
from sheetsync.workbook import last_run_state as state
from sheetsync.workbook.journal import are_headings
from sheetsync.workbook.journal_volumes import claimed_volumes
from sheetsync.workbook.report_keys import token_in
from sheetsync.workbook.snapshot import Book, Grid, is_own, own_titles

_TOP = 20
"""Rows in which the mark of a report's line is looked for: people insert and sort."""

CHARTS = "sheetsync·charts"
"""The mark in the first cell of the tab that holds the charts' numbers."""


def claimed(book: Book, policy: Policy) -> Book:
    """Return a book, its cells read, that knows which tabs are the team's, and which are volumes.

    The team's are the sections, and tabs of theirs that bear a name of ours.
    """
    theirs = set()
    candidates = claimed_volumes(book, policy)
    for grid in book.grids:
        was_a_section = grid.sheet_id in book.layout.by_id
        if grid.sheet_id in candidates and not was_a_section:
            if not _holds_anything(grid) or _has_journal_headings(grid):
                continue
            theirs.add(grid.sheet_id)
        elif was_a_section or (
            is_own(grid.title, policy) and not _made_by_us(grid, policy)
        ):
            theirs.add(grid.sheet_id)
    volumes = {
        sheet_id: period
        for sheet_id, period in candidates.items()
        if sheet_id not in theirs
    }
    return replace(book, theirs=frozenset(theirs), volumes=volumes)


def _made_by_us(grid: Grid, policy: Policy) -> bool:
    """Tell by what stands in a tab of one of our names whether the program has made it."""
    # In an empty tab nothing can be lost.
    if not _holds_anything(grid):
        return True
    for key, has_mark in _MARKS.items():
        if grid.title in own_titles(policy, key):
            return has_mark(grid)
    return _has_report_line(grid)


def _holds_anything(grid: Grid) -> bool:
    return any(cell not in (None, "") for row in grid.cells for cell in row)


def _has_settings_blocks(grid: Grid) -> bool:
    blocks = places(grid.cells).keys()
    return len(blocks) > 1 or not blocks.isdisjoint({"managers", "rules", *OWN})


def _has_state_headings(grid: Grid) -> bool:
    return _first_headings(grid) == state.COLUMNS[:3]


def _has_charts_mark(grid: Grid) -> bool:
    return _first_headings(grid)[:1] == (CHARTS,)


def _has_journal_headings(grid: Grid) -> bool:
    return bool(grid.cells) and are_headings(grid.cells[0])


def _has_report_line(grid: Grid) -> bool:
    return any(
        row and token_in(row[0]) is not None for row in grid.cells[:_TOP]
    )


def _first_headings(grid: Grid) -> tuple[str, ...]:
    """Return the first three cells of the first row."""
    if not grid.cells:
        return ()
    return tuple(map(clean, grid.cells[0][:3]))


_MARKS: Mapping[str, Callable[[Grid], bool]] = MappingProxyType(
    {
        "settings": _has_settings_blocks,
        "state": _has_state_headings,
        "charts": _has_charts_mark,
        "journal": _has_journal_headings,
    }
)
"""How each of the program's own tabs is known; any other is a report."""
