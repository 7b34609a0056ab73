"""The lock over the Journal alone, and lines written on top of it.

Messages are sent under it: a second daemon waits, then reads what the first has told. A run's own
lines are written with its plan, in `commit`.
"""

from collections.abc import Sequence

from sheetsync.errors import BookChanged, SheetsyncError
from sheetsync.services.locked import claim_of
from sheetsync.services.read_and_decide import Options, Planned
from sheetsync.sheets.connection.open_book import Opened
from sheetsync.sheets.requests.canvas import Canvas
from sheetsync.sheets.requests.own_tab_requests import OwnTab, journal_requests
from sheetsync.sheets.session.lock import Lock, read_standing
from sheetsync.workbook import journal
from sheetsync.workbook.journal import JournalLine
from sheetsync.workbook.snapshot import Grid, own_titles


def journal_tab(planned: Planned) -> Grid | None:
    """Return the Journal's tab, None before the first run: until then a base is not written to."""
    if planned.snapshot.first_run:
        return None
    return planned.snapshot.book.titled(*own_titles(planned.policy, "journal"))


def lock_journal(
    opened: Opened, planned: Planned, options: Options, tab: Grid
) -> Lock:
    """Take the lock over the Journal; one request more.

    Raises BookLocked, and BookChanged where another run has written since the book was read.
    """
    claim = claim_of(opened, planned.language, [tab.sheet_id], options)
    lock = claim.take(planned.snapshot.book.standing)
    # Read again, now that nobody else can write: another daemon may have told the same meanwhile.
    try:
        is_ours = lock.is_ours(read_standing(opened.line))
    # Nobody else would give this lock back.
    except SheetsyncError:
        lock.release()
        raise
    if not is_ours:
        lock.release()
        text = planned.language.text
        raise BookChanged(
            text("The base is being edited just now."),
            fix=text(
                "Run the command again in a few minutes; nothing was sent."
            ),
        )
    return lock


def write_lines(
    lock: Lock, tab: Grid, planned: Planned, lines: Sequence[JournalLine]
) -> SheetsyncError | None:
    """Write lines on top of the Journal and give the lock back.

    Returns what was in the way, if anything.
    """
    if not lines:
        lock.release()
        return None
    canvas = Canvas()
    headings = journal.headings(planned.language)
    rows = [journal.to_row(line, planned.policy) for line in lines]
    requests = journal_requests(
        OwnTab(tab, tab.sheet_id, tab.title), headings, rows, canvas
    )
    try:
        lock.write(
            {"requests": [*requests, *canvas.requests()]}, "spreadsheetId"
        )
    except SheetsyncError as error:
        return error
    finally:
        lock.release()
    return None
