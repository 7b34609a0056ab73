"""Whose tab it is: a tab is the program's own only if the program has made it, whatever it is called.

A section's tab that somebody renamed to "Summary", or a team's own "Journal" of long ago, is never written over.
"""

from dataclasses import replace

from sheetsync.i18n import LANGUAGES, language
from sheetsync.method.policy import Policy
from sheetsync.method.settings_tab.blocks import OWN
from sheetsync.method.settings_tab.mapping import places
from sheetsync.values import clean
from sheetsync.workbook import journal
from sheetsync.workbook import last_run_state as state
from sheetsync.workbook.report_keys import token_in
from sheetsync.workbook.snapshot import Book, Grid, is_own, own_titles

_TOP = 20
"""Rows among which a report is known by the mark of one of its lines: people insert rows above its title, and sort."""

CHARTS = "sheetsync·charts"
"""The mark in the first cell of the tab that holds the charts' numbers."""


def claimed(book: Book, policy: Policy) -> Book:
    """Return a book, its cells read, that knows which tabs are the team's although they bear a name of ours."""
    known = {*book.layout.by_id} & {grid.sheet_id for grid in book.grids}
    named = {
        grid.sheet_id
        for grid in book.grids
        if is_own(grid.title, policy) and not _made_by_us(grid, policy)
    }
    return replace(book, theirs=frozenset(known | named))


def _made_by_us(grid: Grid, policy: Policy) -> bool:
    rows = [[clean(cell) for cell in row] for row in grid.cells[:1]]
    first = rows[0] if rows else []
    if not any(first) and not any(cell not in (None, "") for row in grid.cells for cell in row):
        return True  # an empty tab: nothing can be lost
    if grid.title in own_titles(policy, "settings"):
        found = places(grid.cells)
        return len(found) > 1 or bool({"managers", "rules", *OWN} & found.keys())
    if grid.title in own_titles(policy, "state"):
        return tuple(first[:3]) == state.COLUMNS[:3]
    if grid.title in own_titles(policy, "charts"):
        return bool(first) and first[0] == CHARTS
    if grid.title in own_titles(policy, "journal"):
        return any(tuple(first[:3]) == journal.headings(language(code))[:3] for code in LANGUAGES)
    return any(row and token_in(row[0]) is not None for row in grid.cells[:_TOP])
