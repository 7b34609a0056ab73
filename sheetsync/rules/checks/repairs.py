"""Safe repairs of what people typed: the same value, written as it should be.

Spaces, a phone's form, a day typed as text, a tax number that is a number or lost its zero; never
a guess, never a formula, never a cell that somebody has taken back to what it was.

Pure: it returns the edits; what a repair is for one cell is the values'.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from sheetsync.i18n import Language, marked
from sheetsync.method.policy import Policy
from sheetsync.method.terms import Column
from sheetsync.method.vocabulary import DICTIONARIES, dictionary
from sheetsync.rules.changes.journal_data import data_of
from sheetsync.values import (
    Cell,
    Hint,
    Home,
    canonical,
    hint_of,
    reader,
    told_apart,
    untidy,
)
from sheetsync.workbook.immovable_ranges import guarded
from sheetsync.workbook.journal import JournalLine, LineKind
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


class _Repair(NamedTuple):
    """A cell of one column, as it is and as it should be written.

    `place`: of its row among those of the tab, from 0; `row`: the sheet's number.
    """

    place: int
    row: int
    before: Cell
    after: Cell


def repairs(
    snapshot: Snapshot,
    ids: "pd.Series[Any]",
    policy: Policy,
    language: Language,
) -> Iterator[Edit]:
    """Go through the repairs that are due. `ids`: the id of every row of the base."""
    if not policy.repairs:
        return
    left = _left_by_repairs(snapshot.journal)
    first = 0
    for tab in snapshot.tabs:
        # The base has the rows of the tabs one after another.
        row_ids = ids.iloc[first : first + len(tab.frame)].tolist()
        first += len(tab.frame)
        is_free = not (left or snapshot.stuck or tab.grid.guarded)
        for column in _columns_alone(tab, policy):
            why = language.text(_WHY.get(column.type, _SPACES))
            for place, row, before, after in _repairs_of_column(
                tab, column, policy, snapshot.home or policy.home
            ):
                edit = Edit(
                    tab.section,
                    row,
                    str(row_ids[place]),
                    column.field,
                    before,
                    after,
                    why,
                    derived=False,
                    repair=True,
                )
                if is_free or _may_be_written(edit, tab, snapshot, left):
                    yield edit


def _may_be_written(
    edit: Edit,
    tab: Tab,
    snapshot: Snapshot,
    left: Collection[tuple[str, str, Cell]],
) -> bool:
    """Tell whether a cell is no formula, not protected, and not as somebody wants it to be."""
    # What a formula shows was not typed, and a value in its stead would be the end of it.
    if (edit.section, edit.row, edit.field) in snapshot.stuck:
        return False
    # A repair is not done twice against somebody's will: one that was taken back stays as it is.
    if (edit.id, edit.field, edit.before) in left:
        return False
    return not (
        tab.grid.guarded and guarded(tab, edit.row, tab.fields[edit.field])
    )


def _columns_alone(tab: Tab, policy: Policy) -> Iterator[Column]:
    """Go through the team's columns of the method that hold one field alone."""
    for column in policy.columns:
        # A cell of several fields is people's alone, and so is its form.
        is_alone = column.field in tab.fields and column.field not in tab.shared
        if is_alone and column.owner == "team":
            yield column


def _repairs_of_column(
    tab: Tab, column: Column, policy: Policy, home: Home
) -> Iterator[_Repair]:
    """Go through the repairs of one column; cells that hold the same are worked out once."""
    rows = tab.frame["row"].tolist()
    below = tab.grid.column(tab.fields[column.field], 0)
    cells = [below[row - 1] for row in rows]
    places = _read_otherwise(tab.frame[column.field], column, cells)
    for country, some in _by_country(tab, column, rows, places).items():
        keys, cell_by_key = told_apart([cells[place] for place in some])
        untidy_cells = dict(untidy(column.type, cell_by_key))
        here = _in_country(home, country, are_named=tab.countries.are_named)
        forms = _forms(tab, column, policy, here, untidy_cells)
        for offset, key in zip(some, keys, strict=True):
            if key in forms:
                yield _Repair(offset, rows[offset], cells[offset], forms[key])


def _by_country(
    tab: Tab, column: Column, rows: Sequence[int], places: Sequence[int]
) -> Mapping[str, Sequence[int]]:
    """Return the places of phones by their row's country; of all else together, under ""."""
    if column.type != "phone" or not tab.countries.codes:
        return {"": places}
    by_country = defaultdict[str, list[int]](list)
    for place in places:
        below = rows[place] - 1 - (tab.header + 1)
        by_country[tab.countries.codes[below]].append(place)
    return by_country


def _in_country(home: Home, country: str, *, are_named: bool) -> Home:
    """Return how the phones of rows are read whose country a cell of theirs tells.

    `are_named`: by its name; where only a city tells it, a number must not be the base's own too.
    """
    if not country:
        return home
    regions = (country,) if are_named else (country, home.region)
    hint = Hint(regions=tuple(dict.fromkeys(regions)))
    return replace(home, hints={**home.hints, "phone": hint})


def _forms(
    tab: Tab,
    column: Column,
    policy: Policy,
    home: Home,
    untidy_cells: Mapping[Any, Cell],
) -> dict[Any, Cell]:
    """Return cells of a column as they should be written, of those that are to be repaired."""
    forms: dict[Any, Cell] = {}
    if not untidy_cells:
        return forms
    region = policy.region
    # A column is read as a whole: the order of day and month is told by its other cells.
    place = tab.fields[column.field]
    hint = hint_of(column.type, tab.grid.column(place, tab.header + 1), home)
    words = (
        dictionary(policy, column.type) if column.type in DICTIONARIES else None
    )
    read = reader(column.type, region, words, hint)
    for key, cell in untidy_cells.items():
        if not _is_too_long(cell):
            form = canonical(column.type, cell, read(cell), hint)
            if form is not None:
                forms[key] = form
    return forms


def _read_otherwise(
    values: "pd.Series[Any]", column: Column, cells: Sequence[Cell]
) -> Sequence[int]:
    """Return the places of the cells that may need a repair; not of texts that read as they are."""
    if column.type != "text":
        return range(len(cells))
    # A text that nothing had to be done to is the very object that stood in the cell.
    pairs = zip(values.tolist(), cells, strict=True)
    return [
        place for place, (value, cell) in enumerate(pairs) if value is not cell
    ]


def _is_too_long(cell: Cell) -> bool:
    return isinstance(cell, str) and len(cell) > LONGEST


def _left_by_repairs(
    journal: Sequence[JournalLine],
) -> set[tuple[str, str, Cell]]:
    """Return the cells as the last repair, or its undoing, has left them: (id, field, cell)."""
    last: dict[tuple[str, str], Cell] = {}
    # The newest line comes first, so the first of each cell is the one that counts.
    for line in journal:
        if line.what != LineKind.EDITED:
            continue
        data = data_of(line, "field", "after", "repair")
        if data is not None:
            last.setdefault((line.id, str(data["field"])), data["after"])
    return {(row_id, field, cell) for (row_id, field), cell in last.items()}
