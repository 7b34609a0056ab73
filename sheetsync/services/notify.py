"""Telling people: which messages are due by now, sending them, and writing into the Journal that they were told.

Sent first and written afterwards, so a crash between the two doubles a message and never loses one. All of it happens under the
book's lock, over the Journal alone: a second daemon waits, then reads what the first has told.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from sheetsync.config import Notify
from sheetsync.delivery.recipients import (
    Channel,
    DeliveryRoute,
    Reach,
    channels_of,
    operator,
    reach,
)
from sheetsync.delivery.sender import send
from sheetsync.errors import BookChanged, ChangesPending, InputError, SheetsyncError
from sheetsync.i18n import Language
from sheetsync.method.policy import Policy
from sheetsync.method.terms import Person
from sheetsync.reporting.messages import (
    Message,
    SentLog,
    journal_line_of,
    messages_of_day,
    stopped_message,
)
from sheetsync.reporting.messages.delivery_hours import hour_has_come
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reports import manager_titles
from sheetsync.rules.deadlines.working_days import is_working
from sheetsync.rules.draft.projection import Projection
from sheetsync.services.read_and_decide import Options, Planned, moment, read_and_decide
from sheetsync.sheets.connection.open_book import Opened
from sheetsync.sheets.requests.cells import Canvas
from sheetsync.sheets.requests.own_tab_requests import journal_requests
from sheetsync.sheets.session.lock import Claim, Lock, read_standing
from sheetsync.values import fold, to_serial
from sheetsync.workbook import journal
from sheetsync.workbook.journal import JournalLine, serial_moment
from sheetsync.workbook.snapshot import Grid, own_title, own_titles

if TYPE_CHECKING:
    from sheetsync.reporting.messages.message import Role

BUDGET = 150.0
"""Seconds that sending may take under one lock, which others wait for five minutes for; the rest goes out with the next try."""
GOOGLE = "https://docs.google.com/spreadsheets/d/"

SendingState = Literal["due", "sent", "failed", "unreachable", "already", "put_off"]


@dataclass(frozen=True)
class Sending:
    """A message and what has become of it. `by`: channels that took it now; `failed`: (channel, why not); `faults`: in words."""

    digest: Message
    reach: Reach
    state: SendingState
    left: tuple[DeliveryRoute, ...] = ()
    by: tuple[str, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class NotifyResult:
    """What one telling came to. `now`: its moment in the book's zone; `quiet`: why nobody is told at all, in words; `resting`: managers on leave.

    `unwritten`: lines of messages that went out and could not be written down, with what was in the way.
    """

    planned: Planned
    now: datetime
    sendings: tuple[Sending, ...]
    resting: tuple[str, ...] = ()
    quiet: str = ""
    unwritten: tuple[JournalLine, ...] = ()
    trouble: SheetsyncError | None = None

    @property
    def lost(self) -> tuple[Sending, ...]:
        """Messages that reached their people by no channel."""
        return tuple(one for one in self.sendings if one.state == "failed")

    @property
    def again(self) -> bool:
        """Whether another try may do more."""
        return any(one.failed or one.state == "put_off" for one in self.sendings)


@dataclass(frozen=True)
class NotifyRequest:
    """What is asked for. `by_hours`: only what is due by the hours of the policy; `only`: the name of the one to tell.

    `untold`: lines of messages that went out before and are not written yet.
    """

    by_hours: bool = False
    only: str | None = None
    untold: tuple[JournalLine, ...] = ()


@dataclass(frozen=True)
class NotificationRound:
    """One book about to tell its people. `shown`: whether its address is one that people can open."""

    opened: Opened
    options: Options
    notify: Notify
    shown: bool = True
    clock: Callable[[], float] = field(default=time.monotonic)

    def foresee(self, wanted: NotifyRequest) -> NotifyResult:
        """Read the book and say what would be told; sends and writes nothing. Two requests."""
        return self._due(read_and_decide(self.opened, self.options), wanted)

    def tell(self, wanted: NotifyRequest) -> NotifyResult:
        """Send what is due and was not sent yet, and write it down; two requests where nothing is due.

        Raises ChangesPending before the first run, InputError where nobody can be reached, BookLocked, BookChanged, ServiceError
        where the book could not be locked: then nothing was sent. A channel that fails raises nothing.
        """
        due = self.foresee(wanted)
        if not any(one.left for one in due.sendings) and not wanted.untold:
            return due
        text = due.planned.language.text
        grid = _journal(due.planned)
        if grid is None:
            fix = text("Read the plan; then `run --force`, or `plan -o FILE` and `apply FILE`.")
            raise ChangesPending(
                text("This base has not been run yet: there is nothing to tell."), fix=fix
            )
        return self._told(due, grid, wanted.untold)

    def _told(self, due: NotifyResult, grid: Grid, untold: Sequence[JournalLine]) -> NotifyResult:
        lock = self._lock(due.planned, grid)
        done: list[Sending] = []
        lines = [*untold]
        trouble: SheetsyncError | None = None
        try:
            self._send(due, done, lines)
        finally:  # whatever has stopped us, what went out is written down
            trouble = _written(lock, grid, due.planned, lines)
        if trouble is None:
            return replace(due, sendings=tuple(done))
        return replace(due, sendings=tuple(done), unwritten=tuple(lines), trouble=trouble)

    def _lock(self, planned: Planned, grid: Grid) -> Lock:
        """Take the lock over the Journal; raises BookChanged where another run has written since the book was read."""
        claim = Claim(
            self.opened.line,
            planned.language,
            self.opened.account,
            (grid.sheet_id,),
            self.options.now,
            self.options.holder,
        )
        lock = claim.take(planned.snapshot.book.standing)
        try:
            ours = lock.is_ours(read_standing(self.opened.line))
        except SheetsyncError:
            lock.release()
            raise
        if not ours:
            lock.release()
            text = planned.language.text
            raise BookChanged(
                text("The base is being edited just now."),
                fix=text("Run the command again in a few minutes; nothing was sent."),
            )
        return lock

    def _send(self, due: NotifyResult, done: list[Sending], lines: list[JournalLine]) -> None:
        until, when = self.clock() + BUDGET, serial_moment(due.now)
        for one in due.sendings:
            if one.left and self.clock() > until:
                done.append(replace(one, state="put_off"))
                continue
            sent = self._sent(one, due.planned.language)
            done.append(sent)
            if sent.by:
                lines.insert(0, journal_line_of(sent.digest, sent.by, when, due.planned.language))

    def _sent(self, one: Sending, language: Language) -> Sending:
        """Send a message by every channel that has not taken it yet; one that fails keeps no other from it."""
        if not one.left:
            return one
        answers = [
            (route.name, send(route, one.digest, self.notify.timeout_seconds, language))
            for route in one.left
        ]
        by = tuple(name for name, why in answers if not why)
        failed = tuple((name, why) for name, why in answers if why)
        reached = by or len(one.left) < len(one.reach.routes)
        return replace(one, state="sent" if reached else "failed", by=by, failed=failed)

    def _moment(self, planned: Planned) -> datetime:
        return moment(planned.snapshot.book, self.options, local=self.opened.path is not None)

    def _due(self, planned: Planned, wanted: NotifyRequest) -> NotifyResult:
        """Return everything that is due by now, with the channels that have not taken it yet."""
        policy, now = planned.policy, self._moment(planned)
        facts = facts_of(planned, wanted.untold)
        if not policy.notices.on_days_off and not is_working(now.date(), policy.calendar):
            said = planned.language.text(
                "{day} is a day off: nobody is told anything.", day=planned.language.day(now.date())
            )
            return NotifyResult(planned, now, (), quiet=said)
        found = messages_of_day(facts, planned.language, planned.alarms, self.links(facts))
        channels = channels_of(self.notify)
        digests = [
            one
            for one in found.messages
            if not wanted.by_hours or hour_has_come(one, policy.notices, now)
        ]
        if wanted.only is not None:
            digests = [one for one in digests if _is(one, wanted.only, planned)]
            _known(wanted.only, planned, facts)
        sendings = tuple(
            _sending(one, found.sent_log, channels, planned.language) for one in digests
        )
        return NotifyResult(planned, now, sendings, tuple(away.name for away in found.resting))

    def links(self, facts: Facts) -> dict[str, str]:
        """Return the addresses of the managers' tabs by name, and of the summary under `head`; nothing for a file."""
        book, policy = facts.projection.snapshot.book, facts.policy
        if self.opened.path is not None or not self.shown:
            return {}
        titles = {**manager_titles(facts), "head": own_title(book, policy, "summary")}
        grids = {name: book.titled(title) for name, title in titles.items()}
        return {
            name: f"{GOOGLE}{book.id}/edit#gid={grid.sheet_id}"
            for name, grid in grids.items()
            if grid is not None
        }

    def stop(
        self, planned: Planned, reasons: Sequence[str], fix: str, untold: Sequence[JournalLine] = ()
    ) -> NotifyResult:
        """Tell the head and the operator at once why a run has stopped, each reason once a day. Raises nothing of the book's."""
        with suppress(
            SheetsyncError
        ):  # the stop has written its notice, and another daemon may have told of it
            planned = read_and_decide(self.opened, self.options)
        due = NotifyResult(
            planned, self._moment(planned), tuple(self._alarms(planned, reasons, fix, untold))
        )
        return self._stopped(due) if any(one.left for one in due.sendings) else due

    def _alarms(
        self, planned: Planned, reasons: Sequence[str], fix: str, untold: Sequence[JournalLine]
    ) -> Iterator[Sending]:
        spoken, book, facts = planned.language, planned.snapshot.book, facts_of(planned, untold)
        memory, link = (
            SentLog(facts.journal, to_serial(facts.today)),
            self.links(facts).get("head", ""),
        )
        head = planned.policy.head
        people: dict[Role, tuple[Person, Reach]] = {
            "head": (head, reach(head, channels_of(self.notify), spoken)),
            "operator": (Person(), operator(self.notify, spoken)),
        }
        for role, (person, found) in people.items():
            digest = stopped_message(
                role, person, book.title or self.opened.name, reasons, fix, spoken, link
            )
            yield _left(digest, found, memory.alarmed(digest))

    def _stopped(self, due: NotifyResult) -> NotifyResult:
        """Send alarms whether the book can be locked or not; write them down where it can, and has a Journal."""
        grid, trouble = _journal(due.planned), None
        if grid is not None:
            try:
                return self._told(due, grid, ())
            except SheetsyncError as error:
                trouble = error
        done, lines = list[Sending](), list[JournalLine]()
        self._send(due, done, lines)
        return replace(due, sendings=tuple(done), unwritten=tuple(lines), trouble=trouble)


def facts_of(planned: Planned, untold: Iterable[JournalLine] = ()) -> Facts:
    """Return what is due in the base as it stands: what a run would still move has not moved."""
    bare = replace(planned.plan, moves=(), edits=(), fingerprints={})
    projection = Projection(planned.snapshot, bare, planned.policy)
    return Facts(projection, planned.policy, (*untold, *planned.snapshot.journal))


def _sending(
    digest: Message, memory: SentLog, channels: Sequence[Channel], language: Language
) -> Sending:
    return _left(digest, reach(digest.person, channels, language), memory.sent(digest.recipient))


def _left(digest: Message, found: Reach, told: frozenset[str]) -> Sending:
    left = tuple(route for route in found.routes if route.name not in told)
    state: SendingState = "due" if left else "already" if found.routes else "unreachable"
    return Sending(digest, found, state, left)


def _is(digest: Message, only: str, planned: Planned) -> bool:
    if digest.role == "head":
        return fold(only) in _heads(planned)
    return fold(digest.person.name) == fold(_name(only, planned.policy))


def _heads(planned: Planned) -> set[str]:
    return {
        "head",
        fold(planned.language.text("head of sales")),
        fold(planned.policy.head.name),
    } - {""}


def _name(only: str, policy: Policy) -> str:
    return policy.managers.get(fold(only), only)


def _known(only: str, planned: Planned, facts: Facts) -> None:
    """Raise InputError where nobody is called so."""
    names = list(dict.fromkeys((*facts.managers, *planned.policy.member)))
    if fold(only) in _heads(planned) or fold(_name(only, planned.policy)) in map(fold, names):
        return
    text = planned.language.text
    fix = text("Known are: {names}.", names=", ".join([*names, text("head of sales")]))
    raise InputError(text("Nobody in this base is called “{name}”.", name=only), fix=fix)


def _journal(planned: Planned) -> Grid | None:
    """Return the Journal's tab, None before the first run: until then nothing is written to a base."""
    if planned.snapshot.first_run:
        return None
    return planned.snapshot.book.titled(*own_titles(planned.policy, "journal"))


def _written(
    lock: Lock, grid: Grid, planned: Planned, lines: Sequence[JournalLine]
) -> SheetsyncError | None:
    """Write lines on top of the Journal and give the lock back; return what was in the way, if anything."""
    if not lines:
        lock.release()
        return None
    canvas, spoken = Canvas(), planned.language
    rows = [journal.to_row(line, planned.policy) for line in lines]
    made: list[Mapping[str, Any]] = list(
        journal_requests(grid, grid.sheet_id, grid.title, journal.headings(spoken), rows, canvas)
    )
    try:
        lock.write({"requests": [*made, *canvas.requests()]}, "spreadsheetId")
    except SheetsyncError as error:
        return error
    finally:
        lock.release()
    return None
