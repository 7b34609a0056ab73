"""The rows that a plan touches, read again whole: which they are, whether they still hold what was decided upon.

What values do not tell, as that a row holds an array formula, is found here; reading is the sheets room's.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sheetsync.method.policy import Policy
from sheetsync.rules.draft.projection import fingerprint
from sheetsync.services.read_and_decide import Planned, Stuck
from sheetsync.sheets.batch.formulas_that_stay import other_tabs
from sheetsync.sheets.batch.row_moves import Details
from sheetsync.sheets.read.reader import effective
from sheetsync.values import Cell
from sheetsync.workbook.answers import asked_rows, decisions_of
from sheetsync.workbook.immovable_ranges import array
from sheetsync.workbook.plan import Edit
from sheetsync.workbook.report_lines import in_order, report_tab
from sheetsync.workbook.snapshot import Grid, Snapshot, reports_of

Places = Mapping[int, Iterable[int]]
"""0-based rows by sheetId."""


def doubtful(planned: Planned) -> frozenset[tuple[str, int]]:
    """Name the rows (section, the sheet's number) that must be looked at whole before the lock is taken.

    They are rows that are to move and bore, after the last run, a problem which only their formulas tell, and rows with a
    cell to be repaired, given to another manager or extended, which may be a formula. Locking people out every night, just to find it there still, would be no
    quiet night.
    """
    said, tabs = array(planned.language).message, planned.snapshot.tab
    told = {}
    for section in {move.source for move in planned.plan.moves}:
        frame = tabs[section].frame
        told[section] = dict(zip(frame["row"], frame["problems"], strict=True))
    moving = {
        (move.source, move.row)
        for move in planned.plan.moves
        if said in str(told[move.source].get(move.row))
    }
    return frozenset(
        moving
        | {(edit.section, edit.row) for edit in planned.plan.edits if _kept_if_computed(edit)}
    )


def _kept_if_computed(edit: Edit) -> bool:
    """Tell whether an edit is left undone where the cell turns out to be a formula."""
    return edit.repair or (edit.field in ("manager", "extended_to") and not edit.derived)


def by_sheet(snapshot: Snapshot, rows: Iterable[tuple[str, int]]) -> dict[int, list[int]]:
    """Return rows (section, the sheet's number) as 0-based ones by sheetId."""
    places: dict[int, list[int]] = {}
    for section, row in rows:
        places.setdefault(snapshot.tab[section].grid.sheet_id, []).append(row - 1)
    return places


def touched(planned: Planned, fenced: Iterable[int]) -> Places:
    """Name what is read again: every touched row, headings, the row above each arrival, and what may point at rows that move.

    `fenced`: the tabs that nobody else can edit just now.
    """
    snapshot, closed = planned.snapshot, set(fenced)
    rows = [(tab.section, tab.header + 1) for tab in snapshot.tabs]
    rows += [
        (section, snapshot.tab[section].end)
        for section in sorted({move.target for move in planned.plan.moves})
    ]
    rows += [*(planned.plan.fingerprints or {}), *planned.plan.blanks]
    places: dict[int, Iterable[int]] = {**by_sheet(snapshot, rows)}
    if planned.plan.moves:
        pointing = [
            grid for grid in other_tabs(snapshot, planned.policy) if grid.sheet_id in closed
        ]
        places |= {grid.sheet_id: range(grid.row_count) for grid in pointing}
    return places | {
        grid.sheet_id: rows
        for _, grid, rows in asking(snapshot, planned.policy)
        if grid.sheet_id in closed
    }


def asking(snapshot: Snapshot, policy: Policy) -> Iterator[tuple[str, Grid, list[int]]]:
    """Go through the reports with lines on which something is asked: the report's key, its tab, those 0-based rows."""
    for sheet, grid in reports_of(snapshot.book, policy):
        if rows := asked_rows(sheet, in_order(grid.cells, sheet)):
            yield sheet, grid, rows


def formulas_in(planned: Planned, details: Details) -> Stuck:
    """Name the rows to move that hold an array formula, as it may fill rows that stay, and the cells to repair, or to give to another manager, that are formulas."""
    found = set[tuple[str, int] | tuple[str, int, str]](_computed(planned, details))
    for move in planned.plan.moves:
        cells = details.get((planned.snapshot.tab[move.source].grid.sheet_id, move.row - 1), ())
        formulas = (
            str((cell.get("userEnteredValue") or {}).get("formulaValue", "")) for cell in cells
        )
        if any("ARRAYFORMULA(" in formula.upper() for formula in formulas):
            found.add((move.source, move.row))
    return frozenset(found)


def _computed(planned: Planned, details: Details) -> Iterator[tuple[str, int, str]]:
    for edit in (edit for edit in planned.plan.edits if _kept_if_computed(edit)):
        tab = planned.snapshot.tab[edit.section]
        cells = details.get((tab.grid.sheet_id, edit.row - 1), ())
        at = tab.fields.get(edit.field, len(cells))
        cell = cells[at] if at < len(cells) else {}
        # Words of a cell that look different, or are links, would all look alike in a text written anew.
        if "formulaValue" in (cell.get("userEnteredValue") or {}) or (
            edit.repair and cell.get("textFormatRuns")
        ):
            yield edit.section, edit.row, edit.field


def still(planned: Planned, details: Details) -> bool:
    """Tell whether headings and touched rows, as read again, hold what was decided upon."""
    snapshot = planned.snapshot
    for tab in snapshot.tabs:
        heads = [effective(cell) for cell in details.get((tab.grid.sheet_id, tab.header), ())]
        if _bare(heads) != _bare(tab.grid.cells[tab.header]):
            return False
    for (section, row), mark in (planned.plan.fingerprints or {}).items():
        tab = snapshot.tab[section]
        again = [effective(cell) for cell in details.get((tab.grid.sheet_id, row - 1), ())]
        held = replace(tab, grid=replace(tab.grid, cells=[*[()] * (row - 1), again]))
        if fingerprint(held, row) != mark:
            return False
    if not answered_alike(planned, details):
        return False
    sheets = {place: snapshot.tab[place[0]].grid.sheet_id for place in planned.blanks}
    return all(
        is_blank(details.get((sheets[place], place[1] - 1), ()), written)
        for place, written in planned.blanks.items()
    )


def answered_alike(planned: Planned, details: Details) -> bool:
    """Tell whether people's answers on the reports, as read again, are what was decided upon."""
    for sheet, grid, rows in asking(planned.snapshot, planned.policy):
        if not any((grid.sheet_id, row) in details for row in rows):
            continue  # nothing is written there under this lock
        where, told = report_tab(grid.cells, sheet), in_order(grid.cells, sheet)
        then = [told[row] for row in rows]
        again = [
            where.cells([effective(cell) for cell in details.get((grid.sheet_id, row), ())])
            for row in rows
        ]
        now = [[was[0], *cells[1:]] for was, cells in zip(then, again, strict=True)]
        if [*decisions_of(sheet, now)] != [*decisions_of(sheet, then)]:
            return False
    return True


def is_blank(cells: Sequence[Mapping[str, Any]], written: Mapping[int, Cell]) -> bool:
    """Tell whether a row, read whole, certainly holds nothing of anybody's: no value, formula or note but what we wrote."""
    for at, cell in enumerate(cells):
        entered = cell.get("userEnteredValue") or {}
        if (
            cell.get("note")
            or "formulaValue" in entered
            or (entered and effective(cell) != written.get(at))
        ):
            return False
    return True


def _bare(cells: Iterable[Cell]) -> list[Cell]:
    """Give a row's cells as a read would: nothing for "", and nothing at the end."""
    held = [None if cell == "" else cell for cell in cells]
    while held and held[-1] is None:
        held.pop()
    return held
