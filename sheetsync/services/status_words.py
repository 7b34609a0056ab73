"""How a book stands, in people's words: what the command and the status page both say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sheetsync.i18n import Language, marked
from sheetsync.runlog.record import Kind, Outcome, RunRecord
from sheetsync.services.status import BookState, BookStatus, zone_named

STATES: Mapping[BookState, str] = MappingProxyType(
    {
        BookState.WELL: marked("in order"),
        BookState.RUNNING: marked("running now"),
        BookState.NEW: marked("never run yet"),
        BookState.WAITS: marked("waits for a person"),
        BookState.LATE: marked("late: the night did not come"),
        BookState.FAILING: marked("failed"),
        BookState.HANGS: marked("hangs, or was killed"),
    }
)
OUTCOMES: Mapping[Outcome, str] = MappingProxyType(
    {
        Outcome.UNDER_WAY: marked("under way"),
        Outcome.WROTE: marked("done"),
        Outcome.QUIET: marked("looked, nothing to do"),
        Outcome.WAITS: marked("waits for a person"),
        Outcome.FAILED: marked("failed"),
        Outcome.BROKEN_OFF: marked("broken off"),
    }
)


@dataclass(frozen=True)
class StatusLine:
    """A book as it is shown, every cell in words; `code` is the state's.

    `plan`: what the last run has moved, or is to move once somebody has said yes, a line for each
    way from tab to tab.
    """

    name: str
    code: str
    state: str
    last: str
    did: str
    next: str
    as_of: str
    plan: tuple[str, ...]
    error: str
    fix: str


def status_line(status: BookStatus, language: Language) -> StatusLine:
    """Return how a book stands in words; what is not known is a dash."""
    last = status.last
    return StatusLine(
        name=status.name,
        code=str(status.state),
        state=language.text(STATES[status.state]),
        last="—" if last is None else _begun(last, language),
        did="—" if last is None else did(last, language),
        next=moment(status.next_at, language),
        as_of=moment(status.as_of, language),
        plan=() if last is None else _plan(last, language),
        error=status.error,
        fix=status.fix,
    )


def moment(when: datetime | None, language: Language) -> str:
    """Write a moment by the clocks of its own zone: `2 March 2026, 02:00`."""
    if when is None:
        return "—"
    return f"{language.date(when)}, {when:%H:%M}"


def _begun(record: RunRecord, language: Language) -> str:
    return moment(record.began.astimezone(zone_named(record.zone)), language)


def did(record: RunRecord, language: Language) -> str:
    """Say what a run has done."""
    words = language.text(OUTCOMES[record.outcome])
    if record.outcome is not Outcome.WROTE:
        return words
    if record.kind is Kind.REPORTS:
        return language.text("the reports alone")
    moved = language.plural("{n} row moved", "{n} rows moved", record.moved)
    written = language.plural(
        "{n} cell written", "{n} cells written", record.edits
    )
    return f"{moved}, {written}"


def _plan(record: RunRecord, language: Language) -> tuple[str, ...]:
    if record.kind is Kind.REPORTS:
        return ()
    return tuple(
        f"{way}: {language.number(count)}"
        for way, count in record.moves.items()
    )
