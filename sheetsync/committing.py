"""Carrying out a plan under the lock: read the touched rows again, decide anew where they changed, write once, verify.

What is decided is the enforcer's, how it is said to a spreadsheet the sheets room's, when it may be the runner's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sheetsync import journal
from sheetsync.errors import BookChanged, BrokenPromise
from sheetsync.outcome import Outcome, fingerprint
from sheetsync.planning import Done, Options, Planned, moment
from sheetsync.reports import ReportSheet, reports
from sheetsync.sheets.address import Opened
from sheetsync.sheets.lock import Claim, Lock
from sheetsync.sheets.moves import Details
from sheetsync.sheets.reader import effective, read_ids, read_rows
from sheetsync.sheets.writer import ANSWER, Batch, build, build_reports, misplaced
from sheetsync.snapshot import JournalLine, Snapshot

ROUNDS = 3
"""How often a run decides anew when the base keeps changing under it."""


@dataclass(frozen=True)
class _Due:
    """A plan with all that follows from it: Journal lines and report sheets."""

    planned: Planned
    outcome: Outcome
    lines: tuple[JournalLine, ...]
    sheets: tuple[ReportSheet, ...]

    def batch(self, details: Details, account: str | None) -> Batch:
        return build(self.outcome, details, self.sheets, self.lines, account, self.planned.restored)


def _due(opened: Opened, planned: Planned, options: Options) -> _Due:
    snapshot, policy = planned.snapshot, planned.policy
    outcome = Outcome(snapshot, planned.plan, policy)
    when = moment(snapshot.book, options, local=opened.path is not None)
    lines = journal.lines_of(outcome, when, planned.restored)
    sheets = reports(outcome, policy, planned.language, (*lines, *snapshot.journal))
    return _Due(planned, outcome, lines, tuple(sheets))


def claim(opened: Opened, planned: Planned, options: Options) -> Claim:
    """Say who takes the lock of a book, and over which tabs."""
    tabs = tuple(tab.grid.sheet_id for tab in planned.snapshot.tabs)
    return Claim(opened.line, planned.language, opened.account, tabs, options.now, options.holder)


def commit(opened: Opened, planned: Planned, options: Options, again: Callable[[], Planned]) -> Done:
    """Write a plan and everything that follows from it; nothing is sent where there is nothing to write.

    `again` reads and decides anew, and raises where that may not be carried out. Raises BookLocked, BookChanged (after
    three rounds of changes under the lock), BrokenPromise.
    """
    due = _due(opened, planned, options)
    if planned.plan.empty and due.batch({}, opened.account).empty:
        return Done(planned, wrote=False, requests=dict(opened.line.sent))
    lock = claim(opened, planned, options).take(planned.snapshot.book.standing)
    try:
        due, details = _settled(opened, due, options, lock, again)
        batch = due.batch(details, opened.account)
        _send(opened, due.planned, batch, lock)
    finally:
        lock.release()
    return Done(due.planned, wrote=True, requests=dict(opened.line.sent))


def _settled(
    opened: Opened, due: _Due, options: Options, lock: Lock, again: Callable[[], Planned]
) -> tuple[_Due, Details]:
    """Read what the plan touches, now that nobody else can type there; decide again until it is what was decided on."""
    for left in reversed(range(ROUNDS)):
        rows = read_rows(opened.line, _places(due.planned.snapshot, due.planned))
        if lock.is_ours(rows.standing) and still(due.planned.snapshot, due.planned, rows.cells):
            return due, rows.cells
        if left:
            due = _due(opened, again(), options)
            lock.standing = lock.standing._replace(last=due.planned.snapshot.book.standing.last)
    text = due.planned.language.text
    raise BookChanged(
        text("The base is being edited just now."), fix=text("Run the command again later; nothing was written.")
    )


def _places(snapshot: Snapshot, planned: Planned) -> dict[int, list[int]]:
    """Name what is read again: every touched row, and the headings of every section."""
    places = {tab.grid.sheet_id: [tab.header] for tab in snapshot.tabs}
    for section, row in planned.plan.fingerprints or {}:
        places[snapshot.tab[section].grid.sheet_id].append(row - 1)
    return places


def still(snapshot: Snapshot, planned: Planned, details: Details) -> bool:
    """Tell whether headings and touched rows, as read again, hold what was decided upon."""
    for tab in snapshot.tabs:
        now = [effective(cell) for cell in details.get((tab.grid.sheet_id, tab.header), ())]
        if _bare(now) != _bare(tab.grid.cells[tab.header]):
            return False
    for (section, row), mark in (planned.plan.fingerprints or {}).items():
        tab = snapshot.tab[section]
        again = [effective(cell) for cell in details.get((tab.grid.sheet_id, row - 1), ())]
        held = replace(tab, grid=replace(tab.grid, cells=[*[()] * (row - 1), again]))
        if fingerprint(held, row) != mark:
            return False
    return True


def _bare(cells: object) -> list[object]:
    held = [None if cell == "" else cell for cell in cells]  # type: ignore[attr-defined]
    while held and held[-1] is None:
        held.pop()
    return held


def _send(opened: Opened, planned: Planned, batch: Batch, lock: Lock) -> None:
    answer = lock.write(batch.body, ANSWER)
    if answer is None:
        answer = {"updatedSpreadsheet": read_ids(opened.line, batch.body["responseRanges"])}
    verify(planned, batch, answer)


def verify(planned: Planned, batch: Batch, answer: Mapping[str, object]) -> None:
    """Raise BrokenPromise where an id does not stand where the plan put it."""
    headers = {tab.grid.sheet_id: tab.header for tab in planned.snapshot.tabs}
    wrong = misplaced(batch, answer, headers)
    if not wrong:
        return
    text, titles = planned.language.text, {tab.grid.sheet_id: tab.title for tab in planned.snapshot.tabs}
    rows = "; ".join(f"{titles[sheet_id]}, {row + 1}: {row_id}" for sheet_id, row, row_id in wrong[:20])
    raise BrokenPromise(
        text("After writing, some rows are not where they should be: {rows}.", rows=rows),
        fix=text("Somebody may have edited the base in that second. Look at these rows and at the Journal."),
    )


def commit_reports(opened: Opened, planned: Planned, options: Options) -> Done:
    """Write the reports of the base as it stands; move and edit nothing, and remember nothing."""
    bare = replace(planned, plan=replace(planned.plan, moves=(), edits=(), fingerprints={}))
    outcome = Outcome(bare.snapshot, bare.plan, bare.policy)
    sheets = reports(outcome, bare.policy, bare.language, bare.snapshot.journal)
    batch = build_reports(outcome, sheets)
    if batch.empty:
        return Done(bare, wrote=False, requests=dict(opened.line.sent))
    lock = claim(opened, bare, options).take(bare.snapshot.book.standing)
    try:
        lock.write(batch.body, ANSWER)
    finally:
        lock.release()
    return Done(bare, wrote=True, requests=dict(opened.line.sent))
