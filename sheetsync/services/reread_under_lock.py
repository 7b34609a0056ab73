"""What a plan touches, read again whole: which rows that is, whether they are still what they were.

What values do not tell, as that a row holds an array formula, is found here. Reading is the sheets
room's, what follows from a change is left to `commit` (docs/adr/0003).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from sheetsync.method.policy import Policy
from sheetsync.rules.draft.fingerprint import fingerprint
from sheetsync.services.read_and_decide import Planned, Stuck, StuckPart
from sheetsync.sheets.batch.formulas_that_stay import other_tabs
from sheetsync.sheets.batch.row_moves import model_row, typed_in_below
from sheetsync.sheets.requests.cells import (
    RereadCells,
    RichCell,
    effective,
    fills_others,
    formula_of,
    is_filled,
)
from sheetsync.values import Cell
from sheetsync.workbook.answers import asked_rows, decisions_of
from sheetsync.workbook.immovable_ranges import array
from sheetsync.workbook.plan import Edit
from sheetsync.workbook.report_lines import in_order, report_tab
from sheetsync.workbook.snapshot import Grid, Snapshot, Tab, reports_of

Places = Mapping[int, Iterable[int]]
"""0-based rows by sheetId."""


class ReportQuestions(NamedTuple):
    """A report on which something is asked: its key, its tab, the 0-based rows of those lines."""

    sheet: str
    grid: Grid
    rows: list[int]


def doubtful_rows(planned: Planned) -> frozenset[tuple[str, int]]:
    """Name the rows (section, the sheet's number) to be looked at whole before the lock is taken.

    What only formulas may tell of them would keep the plan from being carried out.
    """
    edited = {
        (edit.section, edit.row)
        for edit in planned.plan.edits
        if _kept_if_computed(edit)
    }
    # To lock people out every night, just to find it there still, would be no quiet night.
    return frozenset(edited | _moves_known_as_stuck(planned))


def _moves_known_as_stuck(planned: Planned) -> set[tuple[str, int]]:
    """Return the rows to move of which the last run wrote that their formulas keep them."""
    message = array(planned.language).message
    tabs = planned.snapshot.tab
    problems = {}
    for section in {move.source for move in planned.plan.moves}:
        frame = tabs[section].frame
        problems[section] = dict(
            zip(frame["row"], frame["problems"], strict=True)
        )
    stuck = set()
    for move in planned.plan.moves:
        if message in str(problems[move.source].get(move.row)):
            stuck.add((move.source, move.row))
    return stuck


def _kept_if_computed(edit: Edit) -> bool:
    """Tell whether an edit is left undone where the cell turns out to be a formula.

    That is a repair, another manager's name, and an extension.
    """
    return edit.repair or (
        edit.field in ("manager", "extended_to") and not edit.derived
    )


def by_sheet(
    snapshot: Snapshot, rows: Iterable[tuple[str, int]]
) -> dict[int, list[int]]:
    """Return rows (section, the sheet's number) as 0-based ones by sheetId."""
    places: dict[int, list[int]] = {}
    for section, row in rows:
        places.setdefault(snapshot.tab[section].grid.sheet_id, []).append(
            row - 1
        )
    return places


def touched_places(planned: Planned, fenced: Iterable[int]) -> Places:
    """Name what is read again under the lock. `fenced`: tabs that nobody else can edit just now.

    It is every touched row, the headings, the row above each arrival, what may point at rows that
    move, be it in rows that are no clients, and the lines of reports on which something is asked.
    """
    snapshot = planned.snapshot
    fenced_ids = set(fenced)
    headings = [(tab.section, tab.header + 1) for tab in snapshot.tabs]
    targets = sorted({move.target for move in planned.plan.moves})
    # A row that arrives is made like the one above it.
    above_arrivals = [
        (section, snapshot.tab[section].end) for section in targets
    ]
    above_arrivals += _beside_rows_back(planned)
    above_arrivals += _rows_with_formulas(planned)
    touched = [*(planned.plan.fingerprints or {}), *planned.plan.blanks]
    places: dict[int, Iterable[int]] = {}
    passed = rows_passed_over(planned)
    places |= by_sheet(
        snapshot, [*headings, *above_arrivals, *touched, *passed]
    )
    if reach_formulas(planned):
        for grid in other_tabs(snapshot, planned.policy):
            # Only where nobody can type does a reading hold until the write.
            if grid.sheet_id in fenced_ids:
                places[grid.sheet_id] = range(grid.row_count)
    for questions in questions_on_reports(snapshot, planned.policy):
        if questions.grid.sheet_id in fenced_ids:
            places[questions.grid.sheet_id] = questions.rows
    # Only of tabs that are read is told whether their fences stand: a plan that has lost its moves
    # touches fewer than were fenced.
    for sheet_id in fenced_ids:
        places.setdefault(sheet_id, [0])
    return places


def reach_formulas(planned: Planned) -> bool:
    """Tell whether formulas that stay may have to be aimed anew.

    They may where rows move or are joined, and where clients were typed in below those that
    formulas know.
    """
    plan = planned.plan
    if plan.moves or plan.removals or planned.added:
        return True
    return not planned.plan.empty and typed_in_below(planned.snapshot)


def rows_passed_over(planned: Planned) -> list[tuple[str, int]]:
    """Name the rows that are no clients of tabs with formulas that may have to be aimed anew."""
    if not reach_formulas(planned):
        return []
    rows = []
    for tab in planned.snapshot.tabs:
        clients = {*tab.frame["row"]}
        for number in range(tab.header + 2, len(tab.grid.cells) + 1):
            cells = tab.grid.cells[number - 1]
            is_filled = any(cell not in (None, "") for cell in cells)
            if is_filled and number not in clients:
                rows.append((tab.section, number))
    return rows


MOST_REREAD = 20_000
"""Cells of a section's tab that is read again whole; of a larger one only rows of no client are."""


MOST_BELOW = 1_000
"""Rows below the last client that are looked at: totals stand near."""


def _rows_with_formulas(planned: Planned) -> Iterator[tuple[str, int]]:
    """Go through the rows whose formulas may speak of rows that leave a tab or come back."""
    snapshot = planned.snapshot
    sections = {move.source for move in planned.plan.moves}
    sections |= {section for section, _, _ in planned.plan.taken_back.rows}
    for section in sorted(sections & snapshot.tab.keys()):
        tab = snapshot.tab[section]
        rows = min(len(tab.grid.cells), tab.end + MOST_BELOW)
        is_small = rows * tab.grid.column_count <= MOST_REREAD
        for row in range(1, rows + 1):
            if is_small or (section, row) not in snapshot.index_by_place:
                yield section, row


def _beside_rows_back(planned: Planned) -> Iterator[tuple[str, int]]:
    """Go through the clients next to the places of rows that an undo brings back."""
    targets = {move.id: move.target for move in planned.plan.moves}
    for place in planned.plan.back:
        section = targets[place.id]
        row = model_row(planned.snapshot, section, place.before)
        if row is not None:
            yield section, row


def questions_on_reports(
    snapshot: Snapshot, policy: Policy
) -> Iterator[ReportQuestions]:
    """Go through the reports with lines on which something is asked."""
    for sheet, grid in reports_of(snapshot.book, policy):
        rows = asked_rows(sheet, in_order(grid.cells, sheet))
        if rows:
            yield ReportQuestions(sheet, grid, rows)


def formulas_in_the_way(planned: Planned, details: RereadCells) -> Stuck:
    """Name what turns out to be formulas, of the rows to move and of the cells to change.

    A row with an array formula is not moved. A cell to repair, to extend, or to give to another
    manager is left as it is.
    """
    stuck = set[StuckPart](_computed_cells(planned, details))
    for move in planned.plan.moves:
        tab = planned.snapshot.tab[move.source]
        cells = cells_of_row(details, tab, move.row)
        # Such a formula may fill rows that stay.
        if any(map(fills_others, cells)) or _is_filled_row(tab, cells):
            stuck.add((move.source, move.row))
    return frozenset(stuck)


def _is_filled_row(tab: Tab, cells: Sequence[RichCell]) -> bool:
    """Tell whether a row's company is what a formula elsewhere fills in, as QUERY does."""
    # Deleted here it would be filled in again, and stand in two tabs.
    column = tab.fields.get("company", len(cells))
    return column < len(cells) and is_filled(cells[column])


def cells_of_row(
    details: RereadCells, tab: Tab, row: int
) -> Sequence[RichCell]:
    """Return a row (the sheet's number) as it was read again, no cells where it was not."""
    return details.get((tab.grid.sheet_id, row - 1), ())


def _values_of_row(details: RereadCells, tab: Tab, row: int) -> list[Cell]:
    return [effective(cell) for cell in cells_of_row(details, tab, row)]


def _computed_cells(
    planned: Planned, details: RereadCells
) -> Iterator[tuple[str, int, str]]:
    for edit in planned.plan.edits:
        if not _kept_if_computed(edit):
            continue
        tab = planned.snapshot.tab[edit.section]
        cells = cells_of_row(details, tab, edit.row)
        column = tab.fields.get(edit.field, len(cells))
        cell = cells[column] if column < len(cells) else {}
        # Words of a cell that look different, or are links, would all look alike in a text written
        # anew.
        has_looks_within = edit.repair and cell.get("textFormatRuns")
        if formula_of(cell) or has_looks_within:
            yield edit.section, edit.row, edit.field


def still_holds(planned: Planned, details: RereadCells) -> bool:
    """Tell whether all that was read again is what was decided upon.

    That is headings, touched rows, people's answers, and rows that must be empty.
    """
    return (
        _headings_alike(planned, details)
        and _rows_alike(planned, details)
        and answered_alike(planned, details)
        and _blanks_alike(planned, details)
    )


def _headings_alike(planned: Planned, details: RereadCells) -> bool:
    for tab in planned.snapshot.tabs:
        again = _values_of_row(details, tab, tab.header + 1)
        if _bare(again) != _bare(tab.grid.cells[tab.header]):
            return False
    return True


def _rows_alike(planned: Planned, details: RereadCells) -> bool:
    for (section, row), mark in (planned.plan.fingerprints or {}).items():
        tab = planned.snapshot.tab[section]
        cells = _values_of_row(details, tab, row)
        # A fingerprint finds its row by the sheet's number.
        empty_rows_above: list[Sequence[Cell]] = [()] * (row - 1)
        tab_again = replace(
            tab, grid=replace(tab.grid, cells=[*empty_rows_above, cells])
        )
        if fingerprint(tab_again, row) != mark:
            return False
    return True


def answered_alike(planned: Planned, details: RereadCells) -> bool:
    """Tell whether people's answers on the reports, as read again, are what was decided upon."""
    for questions in questions_on_reports(planned.snapshot, planned.policy):
        sheet_id = questions.grid.sheet_id
        nothing_is_written_there = not any(
            (sheet_id, row) in details for row in questions.rows
        )
        if nothing_is_written_there:
            continue
        if not _same_answers(questions, details):
            return False
    return True


def _same_answers(questions: ReportQuestions, details: RereadCells) -> bool:
    sheet, grid, rows = questions
    columns = report_tab(grid.cells, sheet)
    lines = in_order(grid.cells, sheet)
    before = [lines[row] for row in rows]
    now = []
    for line, row in zip(before, rows, strict=True):
        cells = [
            effective(cell) for cell in details.get((grid.sheet_id, row), ())
        ]
        now.append([line[0], *columns.cells(cells)[1:]])
    return [*decisions_of(sheet, now)] == [*decisions_of(sheet, before)]


def _blanks_alike(planned: Planned, details: RereadCells) -> bool:
    for (section, row), written in planned.blanks.items():
        if not is_blank(
            cells_of_row(details, planned.snapshot.tab[section], row), written
        ):
            return False
    return True


def is_blank(cells: Sequence[RichCell], written: Mapping[int, Cell]) -> bool:
    """Tell whether a row, read whole, certainly holds nothing of anybody's.

    That is no value, formula or note but what we wrote: `written`, by column.
    """
    for column, cell in enumerate(cells):
        if cell.get("note") or formula_of(cell):
            return False
        if cell.get("userEnteredValue") and effective(cell) != written.get(
            column
        ):
            return False
    return True


def _bare(cells: Iterable[Cell]) -> list[Cell]:
    """Give a row's cells as a read would: nothing for "", and nothing at the end."""
    bare = [None if cell == "" else cell for cell in cells]
    while bare and bare[-1] is None:
        bare.pop()
    return bare
