"""How each book stands by the run log and its hours: for `sheetsync status`, page and metrics.

Nothing is asked of Google, so that it can be asked every minute; locks are read for whoever wants.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sheetsync.config import BookSettings, Settings
from sheetsync.errors import ExitCode
from sheetsync.runlog.record import LOOKED, WELL, Outcome, RunRecord
from sheetsync.runlog.store import RunLog
from sheetsync.services.night_hours import LONGEST_PAUSE, coming, latest
from sheetsync.workbook.snapshot import NO_ZONE

SLACK = LONGEST_PAUSE
"""How long after its hour a run is waited for: as long as the daemon pauses between two tries."""
RUNS_READ = 50
"""Of a book: enough to find the last one that did its work, after a day of tries."""


class BookState(StrEnum):
    """How a book stands."""

    WELL = "well"
    RUNNING = "running"
    NEW = "new"
    WAITS = "waits"
    LATE = "late"
    FAILING = "failing"
    HANGS = "hangs"


FOR_A_PERSON = frozenset({BookState.NEW, BookState.WAITS})
WRONG = frozenset({BookState.LATE, BookState.FAILING, BookState.HANGS})


@dataclass(frozen=True)
class BookStatus:
    """How a book stands. All moments are in its zone, the machine's where that is not known.

    `last`: the newest run, None: there was none. `as_of`: when the last run ended after which the
    base and its reports were in order. `next_at`: the next regular hour, None where it has none.
    """

    name: str
    state: BookState
    last: RunRecord | None
    as_of: datetime | None
    next_at: datetime | None

    @property
    def error(self) -> str:
        """What the last run says that a person should read."""
        return "" if self.last is None else self.last.error

    @property
    def fix(self) -> str:
        """What to do about it."""
        return "" if self.last is None else self.last.fix

    def json(self) -> dict[str, Any]:
        """Return it as `--json` and the page tell it."""
        return {
            "name": self.name,
            "state": str(self.state),
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "next": self.next_at.isoformat() if self.next_at else None,
            "last": self.last.json() if self.last else None,
        }


def statuses(
    settings: Settings, log: RunLog, now: datetime
) -> tuple[BookStatus, ...]:
    """Return how each book of the settings stands. Raises RunLogFailed."""
    longest = timedelta(minutes=settings.daemon.longest_run_minutes)
    return tuple(
        status_of(book, log.runs(book.name, RUNS_READ), now, longest)
        for book in settings.books
    )


def status_of(
    book: BookSettings,
    runs: Sequence[RunRecord],
    now: datetime,
    longest: timedelta,
) -> BookStatus:
    """Return how a book stands. `runs`: the newest first; `longest`: more than that hangs."""
    zone = zone_named(next((run.zone for run in runs if run.zone), ""))
    local = now.astimezone(zone)
    done = next((run for run in runs if run.outcome in WELL), None)
    ended = None if done is None else done.ended
    return BookStatus(
        book.name,
        _state(book, runs, local, longest),
        runs[0] if runs else None,
        None if ended is None else ended.astimezone(zone),
        coming(book.at, local),
    )


def _state(
    book: BookSettings,
    runs: Sequence[RunRecord],
    now: datetime,
    longest: timedelta,
) -> BookState:
    if not runs:
        return BookState.NEW
    newest = runs[0]
    if newest.outcome is Outcome.UNDER_WAY:
        too_long = now - newest.began > longest
        return BookState.HANGS if too_long else BookState.RUNNING
    if newest.outcome not in LOOKED:
        return BookState.FAILING
    if latest(book.at, newest.began, now - SLACK) is not None:
        return BookState.LATE
    if newest.outcome is Outcome.WAITS:
        return BookState.WAITS
    return BookState.WELL


def last_looked(runs: Sequence[RunRecord]) -> datetime | None:
    """Return when the last run began after which the night was done with, in UTC."""
    return next((run.began for run in runs if run.outcome in LOOKED), None)


def zone_named(name: str) -> tzinfo | None:
    """Return the zone of a book as a run has noted it, None: this machine's."""
    if name in ("", NO_ZONE):
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def exit_code(books: Sequence[BookStatus]) -> ExitCode:
    """Return what monitoring is told: SERVICE: something is wrong, PENDING: somebody is wanted."""
    states = {status.state for status in books}
    if states & WRONG:
        return ExitCode.SERVICE
    return ExitCode.PENDING if states & FOR_A_PERSON else ExitCode.DONE
