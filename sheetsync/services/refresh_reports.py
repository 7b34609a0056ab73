"""Reports and notices written by themselves: nothing is moved, edited or remembered.

What stands on the reports is the reporting's; a run writes them with its plan, in `commit`.
"""

from dataclasses import replace
from typing import NamedTuple

from sheetsync.enforcer import carry
from sheetsync.reporting import journal
from sheetsync.reporting.layout.theme import CELL_STYLES
from sheetsync.reports import ReportSheet, reports
from sheetsync.rules.draft.projection import Projection
from sheetsync.rules.safeguards import stop_of
from sheetsync.services.being_edited import busy
from sheetsync.services.commit import (
    ROUNDS,
    protect_answers,
    reread,
    stand_in_place,
    tabs_of_shifting_notes,
    tabs_to_lock,
)
from sheetsync.services.locked import locked
from sheetsync.services.read_and_decide import (
    Options,
    Planned,
    RunResult,
    moment_of_run,
    read_and_decide,
    result_of,
)
from sheetsync.services.reread_under_lock import (
    answered_alike,
    questions_on_reports,
)
from sheetsync.sheets.batch.batch import Batch, build_reports
from sheetsync.sheets.batch.verification import ANSWER
from sheetsync.sheets.connection.open_book import Opened
from sheetsync.sheets.requests.canvas import Canvas
from sheetsync.sheets.requests.cells import (
    WHOLE,
    RereadCells,
    format_of,
    typed,
)
from sheetsync.sheets.requests.notes_beside_lines import report_tab_states
from sheetsync.sheets.session.lock import Lock
from sheetsync.workbook.journal import JournalLine
from sheetsync.workbook.plan import Correction, Move, Plan
from sheetsync.workbook.snapshot import own_titles

NOTICE = (1, 1)
"""Where a notice stands on the summary (0-based row, column): its second line, in place of the day
and the figures."""


def commit_notice(
    opened: Opened, planned: Planned, options: Options, notice: str
) -> None:
    """Write why a run has stopped onto the summary, and nothing else.

    Nothing is sent where there is no summary, or where it says so already.
    """
    summary = planned.snapshot.book.titled(
        *own_titles(planned.policy, "summary")
    )
    if summary is None or summary.cell(*NOTICE) == notice:
        return
    canvas = Canvas()
    cell = {
        **typed(notice),
        "userEnteredFormat": format_of(CELL_STYLES["notice"]),
    }
    canvas.put(summary.sheet_id, *NOTICE, cell, WHOLE)
    # Nothing moves, so the users' other tabs need no fence.
    without_moves = replace(planned, plan=replace(planned.plan, moves=()))
    tabs = tabs_to_lock(without_moves)
    with locked(
        opened, planned.snapshot.book, planned.language, tabs, options
    ) as lock:
        lock.write({"requests": canvas.requests()}, "spreadsheetId")


def commit_reports(
    opened: Opened, planned: Planned, options: Options
) -> RunResult:
    """Write the reports of the base as it stands; move and edit nothing, and remember nothing.

    Raises BookChanged where people go on answering on the reports for three rounds.
    """
    refresh = _refresh_of(opened, planned, options)
    bare = refresh.planned
    if refresh.batch({}, opened.account).empty:
        return result_of(opened, bare, wrote=False)
    tabs = tabs_to_lock(
        bare, tabs_of_shifting_notes(refresh.sheets, bare.snapshot)
    )
    with locked(
        opened, bare.snapshot.book, bare.language, tabs, options
    ) as lock:
        written = _write_settled(opened, refresh, options, lock)
    protect_answers(opened, written.batch)
    return result_of(opened, written.planned, wrote=True)


def standing_base(
    opened: Opened, planned: Planned, options: Options
) -> tuple[Projection, tuple[JournalLine, ...]]:
    """Return the base as it stands, nothing moved or edited, and the Journal, the newest first.

    On top of it is what the next run will notice.
    """
    # The night's own offers count on its moves, of which none is made here.
    idle = carry(
        planned.snapshot, planned.policy, planned.plan.today, Correction()
    )
    plan = replace(
        planned.plan,
        moves=(),
        edits=(),
        fingerprints={},
        offers=idle.offers,
        pending=idle.pending,
        # Nothing of a trial is noted or let go here, so a tick on its tab stays for the next run.
        would=_held_or_let_go(planned.plan),
        trial=None,
        released=frozenset(),
    )
    projection = Projection(planned.snapshot, plan, planned.policy)
    now = moment_of_run(opened, planned.snapshot.book, options)
    # Shown and never written, as that run will notice it too.
    noticed = journal.lines_of(projection, now)
    return projection, (*noticed, *planned.snapshot.journal)


def _held_or_let_go(plan: Plan) -> tuple[Move, ...]:
    """Return what a trial holds, with what the next run would let go of it, from the top."""
    free = [move for move in plan.moves if move.id in plan.released]
    return tuple(
        sorted((*plan.would, *free), key=lambda move: (move.source, move.row))
    )


class _Refresh(NamedTuple):
    """A plan that changes nothing, and the reports of the base as it stands."""

    planned: Planned
    projection: Projection
    sheets: tuple[ReportSheet, ...]

    def batch(self, details: RereadCells, account: str | None) -> Batch:
        return build_reports(self.projection, self.sheets, account, details)


class _WrittenReports(NamedTuple):
    planned: Planned
    batch: Batch


def _refresh_of(opened: Opened, planned: Planned, options: Options) -> _Refresh:
    projection, lines = standing_base(opened, planned, options)
    # What is shown of a stop is the night's: in the standing base nothing moves.
    stop = stop_of(planned.snapshot, planned.plan, planned.policy)
    sheets = reports(projection, planned.policy, planned.language, lines, stop)
    return _Refresh(replace(planned, plan=projection.plan), projection, sheets)


def _write_settled(
    opened: Opened, refresh: _Refresh, options: Options, lock: Lock
) -> _WrittenReports:
    """Write under the lock, as soon as the reports say again what was read of them."""
    language = refresh.planned.language
    # People go on answering until the fences stand, so the first reading may be old by then.
    for _ in range(ROUNDS):
        details = _answers_again(opened, refresh)
        if details is not None:
            batch = refresh.batch(details, opened.account)
            lock.write(batch.body, ANSWER)
            return _WrittenReports(refresh.planned, batch)
        refresh = _refresh_of(opened, read_and_decide(opened, options), options)
    raise busy(language)


def _answers_again(opened: Opened, refresh: _Refresh) -> RereadCells | None:
    """Read again what people have answered and noted on the reports; one request, or none.

    None where it is not what was read.
    """
    planned = refresh.planned
    snapshot = refresh.planned.snapshot
    places = {}
    for questions in questions_on_reports(snapshot, planned.policy):
        places[questions.grid.sheet_id] = questions.rows
    states = report_tab_states(refresh.sheets, snapshot.book)
    if not places and not any(state.areas() for state in states):
        return {}
    details = reread(opened.line, places, refresh.sheets, snapshot).cells
    unchanged = answered_alike(planned, details)
    in_place = stand_in_place(refresh.sheets, snapshot, details)
    return details if unchanged and in_place else None
