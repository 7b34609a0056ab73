"""What of the team's own a plan touches, looked at before anybody says yes to it.

What becomes of each is the sheets room's; a run waits where it splits a tab up (`run`).
"""

from dataclasses import replace

from sheetsync.rules.draft.projection import Projection
from sheetsync.services.read_and_decide import Planned
from sheetsync.services.reread_under_lock import (
    by_sheet,
    reach_formulas,
    rows_passed_over,
)
from sheetsync.sheets.batch.client_blocks import is_split
from sheetsync.sheets.batch.formulas_that_stay import other_tabs
from sheetsync.sheets.batch.touched import touched_ranges
from sheetsync.sheets.connection.open_book import Opened
from sheetsync.sheets.read.tab_cells import read_formulas


def with_touched(opened: Opened, planned: Planned) -> Planned:
    """Return a plan with what of the team's own it touches: one request, or none."""
    if not reach_formulas(planned):
        return planned
    snapshot = planned.snapshot
    split_up = [
        (move.source, move.row)
        for move in planned.plan.moves
        if is_split(snapshot, move.source)
    ]
    places = by_sheet(snapshot, [*rows_passed_over(planned), *split_up])
    for grid in other_tabs(snapshot, planned.policy):
        places[grid.sheet_id] = [*range(grid.row_count)]
    cells = read_formulas(opened.line, places) if places else {}
    projection = Projection(snapshot, planned.plan, planned.policy)
    touched = touched_ranges(projection, cells, planned.language)
    return replace(planned, touched=touched)


def split_tabs(planned: Planned) -> tuple[str, ...]:
    """Return the titles of the tabs that a plan splits up."""
    sources = sorted({move.source for move in planned.plan.moves})
    return tuple(
        planned.snapshot.tab[source].title
        for source in sources
        if is_split(planned.snapshot, source)
    )
