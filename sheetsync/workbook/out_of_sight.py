"""What of a plan happens where people do not look: rows that are hidden, tabs that are protected.

Such rows move like any others, but never without a word.
"""

from collections.abc import Iterator
from typing import NamedTuple

from sheetsync.workbook.plan import Plan
from sheetsync.workbook.snapshot import Grid, Snapshot


class UnseenRows(NamedTuple):
    """How many rows of a tab leave it that nobody sees: `filtered` out, or `hidden` by a person."""

    tab: str
    filtered: int
    hidden: int


def unseen_rows(snapshot: Snapshot, plan: Plan) -> Iterator[UnseenRows]:
    """Go through the tabs of which rows leave that nobody sees just now."""
    leaving: dict[str, list[int]] = {}
    for move in plan.moves:
        leaving.setdefault(move.source, []).append(move.row - 1)
    for removal in plan.removals:
        leaving.setdefault(removal.section, []).append(removal.row - 1)
    for section, rows in leaving.items():
        grid = snapshot.tab[section].grid
        unseen = _count(grid, rows)
        if unseen.filtered or unseen.hidden:
            yield unseen


def _count(grid: Grid, rows: list[int]) -> UnseenRows:
    # A row that both hide is shown by neither alone: the filter is the first thing to look at.
    filtered = grid.filtered_rows.intersection(rows)
    hidden = grid.hidden_rows.intersection(rows) - filtered
    return UnseenRows(grid.title, len(filtered), len(hidden))


def protected_tabs(snapshot: Snapshot, plan: Plan) -> list[str]:
    """Return the titles of the protected tabs that a plan changes, in the order of the book."""
    sections = {edit.section for edit in plan.edits}
    for move in plan.moves:
        sections |= {move.source, move.target}
    for removal in plan.removals:
        sections.add(removal.section)
    return [
        tab.title
        for tab in snapshot.tabs
        if tab.section in sections and tab.grid.warns_everywhere
    ]
