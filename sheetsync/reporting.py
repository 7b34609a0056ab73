"""Reports and notices written by themselves: nothing is moved, edited or remembered."""

from dataclasses import replace

from sheetsync import journal
from sheetsync.committing import ROUNDS, afterwards, busy, claim
from sheetsync.enforcer import Chosen, carry
from sheetsync.look import LOOKS
from sheetsync.outcome import Outcome
from sheetsync.planning import Done, Options, Planned, look, moment
from sheetsync.reports import reports
from sheetsync.rereading import answered_alike, asking
from sheetsync.sheets.address import Opened
from sheetsync.sheets.cells import WHOLE, Canvas, format_of, typed
from sheetsync.sheets.census import ANSWER
from sheetsync.sheets.reader import read_rows
from sheetsync.sheets.writer import Batch, build_reports
from sheetsync.snapshot import JournalLine, own_titles

NOTICE = (1, 1)
"""Where a notice stands on the summary: its second line, in place of the day and the figures (0-based row, column)."""


def commit_notice(opened: Opened, planned: Planned, options: Options, notice: str) -> None:
    """Write why a run has stopped onto the summary, where there is one and it does not say so yet; nothing else."""
    grid = planned.snapshot.book.titled(*own_titles(planned.policy, "summary"))
    if grid is None or grid.cell(*NOTICE) == notice:
        return
    canvas = Canvas()
    canvas.put(grid.sheet_id, *NOTICE, {**typed(notice), "userEnteredFormat": format_of(LOOKS["notice"])}, WHOLE)
    calm = replace(planned, plan=replace(planned.plan, moves=()))
    lock = claim(opened, calm, options).take(planned.snapshot.book.standing)
    try:
        lock.write({"requests": canvas.requests()}, "spreadsheetId")
    finally:
        lock.release()


def commit_reports(opened: Opened, planned: Planned, options: Options) -> Done:
    """Write the reports of the base as it stands; move and edit nothing, and remember nothing.

    Raises BookChanged where people go on answering on the reports for three rounds.
    """
    bare, batch = _bare_reports(opened, planned, options)
    if batch.empty:
        return Done(bare, wrote=False, requests=dict(opened.line.sent))
    lock = claim(opened, bare, options).take(bare.snapshot.book.standing)
    try:
        for _ in range(ROUNDS):
            if _answers_hold(opened, bare):
                lock.write(batch.body, ANSWER)
                break
            bare, batch = _bare_reports(opened, look(opened, options), options)
        else:
            raise busy(planned.language)
    finally:
        lock.release()
    afterwards(opened, batch)
    return Done(bare, wrote=True, requests=dict(opened.line.sent))


def standing(opened: Opened, planned: Planned, options: Options) -> tuple[Outcome, tuple[JournalLine, ...]]:
    """Return the base as it stands, nothing moved or edited, and the Journal with what the next run will notice on top."""
    idle = carry(planned.snapshot, planned.policy, planned.plan.today, Chosen())
    plan = replace(planned.plan, moves=(), edits=(), fingerprints={}, offers=idle.offers, pending=idle.pending)
    outcome = Outcome(planned.snapshot, plan, planned.policy)
    when = moment(planned.snapshot.book, options, local=opened.path is not None)
    lines = journal.lines_of(outcome, when)  # never written: the next run notices the same
    return outcome, (*lines, *planned.snapshot.journal)


def _bare_reports(opened: Opened, planned: Planned, options: Options) -> tuple[Planned, Batch]:
    """Return a plan that changes nothing, and the batch that writes the reports of the base as it stands."""
    outcome, told = standing(opened, planned, options)
    sheets = reports(outcome, planned.policy, planned.language, told)
    return replace(planned, plan=outcome.plan), build_reports(outcome, sheets, opened.account)


def _answers_hold(opened: Opened, planned: Planned) -> bool:
    """Tell whether what people have answered on the reports is what was read; one request, or none."""
    places = {grid.sheet_id: rows for _, grid, rows in asking(planned.snapshot, planned.policy)}
    return not places or answered_alike(planned, read_rows(opened.line, places).cells)
