"""Safe repairs of what people typed: the same value, written as it should be.

Spaces, a phone's form, a day typed as text, a tax number that is a number or lost its zero; never a guess, never a formula,
never a cell that somebody has taken back to what it was. Pure: it returns the edits; what a repair is for one cell is the values'.
"""

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sheetsync.i18n import Language, marked
from sheetsync.method.policy import Policy
from sheetsync.method.terms import Column
from sheetsync.method.vocabulary import DICTIONARIES, dictionary
from sheetsync.values import Cell, canonical, hint_of, is_tidy, reader
from sheetsync.workbook.immovable_ranges import guarded
from sheetsync.workbook.journal import JournalLine
from sheetsync.workbook.plan import Edit
from sheetsync.workbook.snapshot import Snapshot, Tab

if TYPE_CHECKING:
    import pandas as pd

_WHY = {
    "date": marked("a day typed as text"),
    "phone": marked("the form of a phone"),
    "tax_number": marked("the form of a tax number"),
}
"""Type of a column -> what was repaired; spaces for every other."""
_SPACES = marked("spaces")
LONGEST = 5_000
"""Characters of the longest cell that is tidied: the Journal keeps it as it was and as it is."""


def repairs(
    snapshot: Snapshot, ids: "pd.Series[Any]", policy: Policy, language: Language
) -> Iterator[Edit]:
    """Go through the repairs that are due. `ids`: the id of every row of the base."""
    if not policy.repairs:
        return
    kept, row_ids = _kept(snapshot.journal), ids.tolist()
    for tab in snapshot.tabs:
        for column in _alone(tab, policy):
            why = language.text(_WHY.get(column.type, _SPACES))
            for row, before, after in _of_column(tab, column, policy):
                place = (tab.section, row)
                row_id = str(row_ids[snapshot.locate(*place)])
                open_ = (*place, column.field) not in snapshot.stuck and (
                    row_id,
                    column.field,
                    before,
                ) not in kept
                if open_ and not guarded(tab, row, tab.fields[column.field]):
                    yield Edit(
                        *place, row_id, column.field, before, after, why, derived=False, repair=True
                    )


def _alone(tab: Tab, policy: Policy) -> Iterator[Column]:
    """Go through the team's columns of the method that hold one field alone."""
    places = [*tab.fields.values()]
    for column in policy.columns:
        at = tab.fields.get(column.field)
        if at is not None and column.owner == "team" and places.count(at) == 1:
            yield column


def _of_column(tab: Tab, column: Column, policy: Policy) -> Iterator[tuple[int, Cell, Cell]]:
    """Go through the repairs of one column: (the sheet's number of the row, what stands there, what should)."""
    at, region = tab.fields[column.field], policy.words.phone_region
    rows = [int(row) for row in tab.frame["row"]]
    cells = [tab.grid.cell(row - 1, at) for row in rows]
    hint = hint_of(
        column.type,
        [tab.grid.cell(row, at) for row in range(tab.header + 1, len(tab.grid.cells))],
        region,
    )
    words = dictionary(policy, column.type) if column.type in DICTIONARIES else None
    read = reader(column.type, region, words, hint)
    known: dict[tuple[type, Cell], Cell] = {}
    for row, cell in zip(rows, cells, strict=True):
        if (
            cell is None
            or cell == ""
            or is_tidy(column.type, cell)
            or (isinstance(cell, str) and len(cell) > LONGEST)
        ):
            continue
        key = (type(cell), cell)
        if key not in known:
            known[key] = canonical(column.type, cell, read(cell), hint)
        if known[key] is not None:
            yield row, cell, known[key]


def _kept(journal: Sequence[JournalLine]) -> set[tuple[str, str, Cell]]:
    """Return the cells that the last repair, or its undoing, has left as they are: (id, field, cell).

    One that was taken back stands there as people wrote it, and stays.
    """
    last: dict[tuple[str, str], Cell] = {}
    for line in journal:  # the newest first
        if line.what == "edited" and (data := _data(line)) is not None:
            last.setdefault((line.id, str(data["field"])), data["after"])
    return {(*name, cell) for name, cell in last.items()}


def _data(line: JournalLine) -> dict[str, Any] | None:
    try:
        found = json.loads(line.data)
    except ValueError:
        return None
    return (
        found if isinstance(found, dict) and {"field", "after", "repair"} <= found.keys() else None
    )
