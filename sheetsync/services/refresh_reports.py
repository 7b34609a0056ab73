"""Reports and notices written by themselves: nothing is moved, edited or remembered."""

from dataclasses import replace
from typing import NamedTuple

from sheetsync.enforcer import carry
from sheetsync.reporting import journal
from sheetsync.reporting.layout.theme import CELL_STYLES
from sheetsync.reports import ReportSheet, reports
from sheetsync.rules.draft.projection import Projection
from sheetsync.services.commit import (
    ROUNDS,
    afterwards,
    again_read,
    busy,
    claim,
    in_place,
    shifting,
)
from sheetsync.services.read_and_decide import Options, Planned, RunResult, moment, read_and_decide
from sheetsync.services.reread_under_lock import answered_alike, asking
from sheetsync.sheets.batch.batch import Batch, build_reports
from sheetsync.sheets.batch.row_moves import Details
from sheetsync.sheets.batch.verification import ANSWER
from sheetsync.sheets.connection.open_book import Opened
from sheetsync.sheets.requests.cells import WHOLE, Canvas, format_of, typed
from sheetsync.sheets.requests.notes_beside_lines import report_tab_states
from sheetsync.workbook.journal import JournalLine
from sheetsync.workbook.plan import Correction
from sheetsync.workbook.snapshot import own_titles

NOTICE = (1, 1)
"""Where a notice stands on the summary: its second line, in place of the day and the figures (0-based row, column)."""


def commit_notice(opened: Opened, planned: Planned, options: Options, notice: str) -> None:
    """Write why a run has stopped onto the summary, where there is one and it does not say so yet; nothing else."""
    grid = planned.snapshot.book.titled(*own_titles(planned.policy, "summary"))
    if grid is None or grid.cell(*NOTICE) == notice:
        return
    canvas = Canvas()
    canvas.put(
        grid.sheet_id,
        *NOTICE,
        {**typed(notice), "userEnteredFormat": format_of(CELL_STYLES["notice"])},
        WHOLE,
    )
    calm = replace(planned, plan=replace(planned.plan, moves=()))
    lock = claim(opened, calm, options).take(planned.snapshot.book.standing)
    try:
        lock.write({"requests": canvas.requests()}, "spreadsheetId")
    finally:
        lock.release()


def commit_reports(opened: Opened, planned: Planned, options: Options) -> RunResult:
    """Write the reports of the base as it stands; move and edit nothing, and remember nothing.

    Raises BookChanged where people go on answering on the reports for three rounds.
    """
    due = _bare_reports(opened, planned, options)
    bare, batch = due.planned, due.batch({}, opened.account)
    if batch.empty:
        return RunResult(bare, wrote=False, requests=dict(opened.line.sent))
    moved = shifting(due.sheets, bare.snapshot)
    lock = claim(opened, bare, options, moved).take(bare.snapshot.book.standing)
    try:
        for _ in range(ROUNDS):
            details = _held(opened, due)
            if details is not None:
                bare, batch = due.planned, due.batch(details, opened.account)
                lock.write(batch.body, ANSWER)
                break
            due = _bare_reports(opened, read_and_decide(opened, options), options)
        else:
            raise busy(planned.language)
    finally:
        lock.release()
    afterwards(opened, batch)
    return RunResult(bare, wrote=True, requests=dict(opened.line.sent))


def standing(
    opened: Opened, planned: Planned, options: Options
) -> tuple[Projection, tuple[JournalLine, ...]]:
    """Return the base as it stands, nothing moved or edited, and the Journal with what the next run will notice on top."""
    idle = carry(planned.snapshot, planned.policy, planned.plan.today, Correction())
    plan = replace(
        planned.plan, moves=(), edits=(), fingerprints={}, offers=idle.offers, pending=idle.pending
    )
    projection = Projection(planned.snapshot, plan, planned.policy)
    when = moment(planned.snapshot.book, options, local=opened.path is not None)
    lines = journal.lines_of(projection, when)  # never written: the next run notices the same
    return projection, (*lines, *planned.snapshot.journal)


class _Due(NamedTuple):
    """A plan that changes nothing, and the reports of the base as it stands."""

    planned: Planned
    projection: Projection
    sheets: tuple[ReportSheet, ...]

    def batch(self, details: Details, account: str | None) -> Batch:
        return build_reports(self.projection, self.sheets, account, details)


def _bare_reports(opened: Opened, planned: Planned, options: Options) -> _Due:
    projection, told = standing(opened, planned, options)
    sheets = reports(projection, planned.policy, planned.language, told)
    return _Due(replace(planned, plan=projection.plan), projection, sheets)


def _held(opened: Opened, due: _Due) -> Details | None:
    """Read again what people have answered and noted on the reports; None where it is not what was read. One request, or none."""
    snapshot = due.planned.snapshot
    places = {grid.sheet_id: rows for _, grid, rows in asking(snapshot, due.planned.policy)}
    if not places and not any(tab.areas() for tab in report_tab_states(due.sheets, snapshot.book)):
        return {}
    details = again_read(opened.line, places, due.sheets, snapshot).cells
    return (
        details
        if answered_alike(due.planned, details) and in_place(due.sheets, snapshot, details)
        else None
    )
