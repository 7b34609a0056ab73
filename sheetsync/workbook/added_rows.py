"""A base with rows that come into it, as it will be read once they are written.

So that what is said of them, remembered and reported is worked out as of every other row. Making
room for them is the batch's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter

from sheetsync.i18n import language
from sheetsync.method.policy import Policy
from sheetsync.values import Cell, clean
from sheetsync.workbook.plan import Edit, NewRow
from sheetsync.workbook.recognition import recognise
from sheetsync.workbook.snapshot import Grid, Snapshot, Tab


def by_section(added: Sequence[NewRow]) -> Mapping[str, tuple[NewRow, ...]]:
    """Return the rows that come into each section, in their order."""
    key = attrgetter("section")
    return {
        section: tuple(rows)
        for section, rows in groupby(sorted(added, key=key), key)
    }


def placed(snapshot: Snapshot, added: Sequence[NewRow]) -> tuple[NewRow, ...]:
    """Return rows that come, each with the sheet's number that it will have in its tab."""
    rows: list[NewRow] = []
    for section, coming in by_section(added).items():
        first = snapshot.tab[section].end + 1
        rows += [
            row._replace(row=number)
            for number, row in enumerate(coming, start=first)
        ]
    return tuple(rows)


def with_rows(
    snapshot: Snapshot, added: Sequence[NewRow], policy: Policy
) -> Snapshot:
    """Return the base with rows after the last client of their sections.

    A field of which the section's tab has no column is left out: see `edits_beside`.
    """
    if not added:
        return snapshot
    grids = {grid.sheet_id: grid for grid in snapshot.book.grids}
    for section, rows in by_section(added).items():
        tab = snapshot.tab[section]
        grids[tab.grid.sheet_id] = _longer(tab, rows)
    book = replace(snapshot.book, grids=tuple(grids.values()))
    fresh = recognise(
        book, policy, language(policy.words.language), snapshot.state
    )
    fresh_codes = {problem.code for problem in fresh.problems}
    others = [
        each for each in snapshot.problems if each.code not in fresh_codes
    ]
    return replace(
        snapshot,
        book=book,
        tabs=fresh.tabs,
        problems=(*fresh.problems, *others),
    )


def _longer(tab: Tab, rows: Sequence[NewRow]) -> Grid:
    grid = tab.grid
    cells = [*grid.cells]
    cells += [()] * (tab.end - len(cells))
    lines = [_line(tab, row) for row in rows]
    return replace(
        grid,
        cells=[*cells[: tab.end], *lines, *cells[tab.end :]],
        row_count=grid.row_count + len(rows),
    )


def _line(tab: Tab, row: NewRow) -> list[Cell]:
    line: list[Cell] = [None] * len(tab.headings)
    for column, cell in columns_of(tab, row):
        line += [None] * (column + 1 - len(line))
        line[column] = cell
    return line


def columns_of(tab: Tab, row: NewRow) -> list[tuple[int, Cell]]:
    """Return the cells of a new row by their 0-based columns, as far as the tab has these."""
    cells = {
        tab.fields[name]: cell
        for name, cell in (*row.cells, ("id", row.id))
        if name in tab.fields
    }
    for heading, cell in row.others:
        column = column_headed(tab, heading)
        if column is not None:
            cells.setdefault(column, cell)
    return sorted(cells.items())


def column_headed(tab: Tab, heading: str) -> int | None:
    """Return the first column of the team's own under a heading, None where there is none."""
    fields = set(tab.fields.values())
    for column, name in enumerate(tab.headings):
        if column not in fields and clean(name) == clean(heading):
            return column
    return None


def edits_beside(
    snapshot: Snapshot, added: Sequence[NewRow], why: str
) -> tuple[Edit, ...]:
    """Return the edits of new rows' fields of which their tab has no column yet.

    `snapshot`: the base before they come; `added`: as they are placed there.
    """
    edits = []
    for row in added:
        tab = snapshot.tab[row.section]
        for name, cell in row.cells:
            if name not in tab.fields:
                place = (row.section, row.row, row.id)
                edits.append(Edit(*place, name, None, cell, why, derived=False))
    return tuple(edits)
