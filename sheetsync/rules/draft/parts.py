"""Parts of a plan: some rows with all that is to be done to them, to be written as one batch.

A part is a whole night for its rows: their moves, edits, ids, holds, and what is remembered of
them. Whatever it leaves out stands as if no night had been, so nothing is wrong should the next
part never come. Which parts are made, and when, is the services'.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace

import pandas as pd

from sheetsync.method.codes import SectionCode
from sheetsync.rules.draft.projection import Projection
from sheetsync.workbook import last_run_state as state_tab
from sheetsync.workbook.answers import row_of
from sheetsync.workbook.plan import Plan

Row = tuple[str, int]
"""A row by its section and the sheet's own number."""


def rows_to_write(projection: Projection) -> tuple[Row, ...]:
    """Return the rows of which a plan writes anything, in the order in which they are to be.

    Those that leave the working list come first, as they make room for those that enter it; of
    each kind those whose time ran out first. Left out are rows on which somebody has decided: a
    decision is carried out in the batch that clears its cell, or it would be carried out again.
    """
    rows = _rows_written(projection)
    rows["enters"] = rows["target"] == SectionCode.WORKING
    rows["moves"] = rows["target"].notna()
    rows = rows.sort_values(
        ["enters", "moves", "due", "section", "row"],
        ascending=[True, False, True, True, True],
        na_position="last",
    )
    sections = rows["section"].tolist()
    numbers = map(int, rows["row"])
    return tuple(zip(sections, numbers, strict=True))


def _rows_written(projection: Projection) -> pd.DataFrame:
    """Return where each row to be written stands, its target if it moves, and its deadline."""
    snapshot = projection.snapshot
    plan = projection.plan
    targets = {(move.source, move.row): move.target for move in plan.moves}
    edited = {(edit.section, edit.row) for edit in plan.edits}
    remembered_anew = _remembered_anew(projection)
    decided = {row_of(answer.line) for answer in snapshot.decisions}
    after = projection.base
    ids = map(str, after["id"].tolist())
    records = []
    places = snapshot.index_by_place
    for place, row_id, due in zip(places, ids, after["due"], strict=True):
        written = place in targets or place in edited
        if row_id in decided or not (written or row_id in remembered_anew):
            continue
        records.append((*place, targets.get(place), due))
    columns = ["section", "row", "target", "due"]
    return pd.DataFrame.from_records(records, columns=columns)


def _remembered_anew(projection: Projection) -> set[str]:
    """Return the ids of the rows of which another thing is remembered than was."""
    before = {
        str(row[0]): row for row in state_tab.rows_of(projection.snapshot.state)
    }
    anew = set[str]()
    for row in state_tab.rows_of(projection.state):
        row_id = str(row[0])
        if before.get(row_id) != row:
            anew.add(row_id)
    return anew


def restricted(plan: Plan, places: Collection[Row]) -> Plan:
    """Return what a plan does to some rows, and nothing else."""
    moves = tuple(
        move for move in plan.moves if (move.source, move.row) in places
    )
    edits = tuple(
        edit for edit in plan.edits if (edit.section, edit.row) in places
    )
    ids = {move.id for move in moves} | {edit.id for edit in edits}
    marks = plan.fingerprints or {}
    return replace(
        plan,
        moves=moves,
        edits=edits,
        fingerprints={
            place: mark for place, mark in marks.items() if place in places
        },
        holds=tuple(hold for hold in plan.holds if hold[0] in ids),
        blanks=(),
        offers=(),
        pending=(),
        removals=(),
        back=tuple(place for place in plan.back if place.id in ids),
        # What is of no row that is written is noted by the night's last batch.
        would=(),
        trial=None,
    )


def remaining(plan: Plan, written: Plan) -> Plan:
    """Return what is left of a plan once a part of it is written: rows that have moved up told so.

    `written`: that part, of the same reading.
    """
    gone = defaultdict[str, list[int]](list)
    for move in sorted(written.moves, key=lambda move: move.row):
        gone[move.source].append(move.row)
    done = {(move.source, move.row) for move in written.moves}
    done |= {(edit.section, edit.row) for edit in written.edits}

    def now(section: str, row: int) -> int:
        """Return a row's number once the rows above it that moved are gone."""
        return row - bisect_left(gone[section], row)

    moves = []
    for move in plan.moves:
        if (move.source, move.row) not in done:
            moves.append(move._replace(row=now(move.source, move.row)))
    edits = []
    for edit in plan.edits:
        if (edit.section, edit.row) not in done:
            edits.append(edit._replace(row=now(edit.section, edit.row)))
    marks = {}
    for (section, row), mark in (plan.fingerprints or {}).items():
        if (section, row) not in done:
            marks[section, now(section, row)] = mark
    return replace(
        plan, moves=tuple(moves), edits=tuple(edits), fingerprints=marks
    )
