"""Telling people: which messages are due by now, sending them, writing down that they were sent.

Sent first and written afterwards, so a crash between the two doubles a message and never loses one
(docs/adr/0010). What a message says is the reporting's, how it travels the delivery's.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from sheetsync.config import Notify
from sheetsync.delivery.recipients import (
    DeliveryRoute,
    Reach,
    channels_of,
    operator,
    reach,
)
from sheetsync.delivery.sender import send
from sheetsync.errors import ChangesPending, InputError, SheetsyncError
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
from sheetsync.services.book_address import book_address
from sheetsync.services.journal_under_lock import (
    journal_tab,
    lock_journal,
    write_lines,
)
from sheetsync.services.read_and_decide import (
    Options,
    Planned,
    moment_of_run,
    read_and_decide,
)
from sheetsync.sheets.connection.open_book import Opened
from sheetsync.values import fold, to_serial
from sheetsync.workbook.journal import JournalLine, serial_moment
from sheetsync.workbook.snapshot import Grid, own_title

if TYPE_CHECKING:
    from sheetsync.reporting.messages.message import Role

BUDGET = 150.0
"""Seconds that sending may take under one lock, as others wait for it no longer than five minutes.

The rest goes out with the next try."""

SendingState = Literal[
    "due", "sent", "failed", "unreachable", "already", "put_off"
]


@dataclass(frozen=True)
class Sending:
    """A message and what has become of it.

    `routes_left`: ways that have not taken it today; `sent_by`: channels that took it now;
    `failed`: (channel, why not).
    """

    message: Message
    reach: Reach
    state: SendingState
    routes_left: tuple[DeliveryRoute, ...] = ()
    sent_by: tuple[str, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class NotifyResult:
    """What one round of messages came to. `now`: its moment in the book's zone.

    `quiet`: why nobody is told at all, in words; `resting`: managers on leave; `unwritten`: lines
    of messages that went out and could not be written down; `trouble`: what was in the way of it.
    """

    planned: Planned
    now: datetime
    sendings: tuple[Sending, ...]
    resting: tuple[str, ...] = ()
    quiet: str = ""
    unwritten: tuple[JournalLine, ...] = ()
    trouble: SheetsyncError | None = None

    @property
    def has_routes_left(self) -> bool:
        """Whether there is anything to send."""
        return any(sending.routes_left for sending in self.sendings)

    @property
    def lost(self) -> tuple[Sending, ...]:
        """Messages that reached their people by no channel."""
        return tuple(
            sending for sending in self.sendings if sending.state == "failed"
        )

    @property
    def again(self) -> bool:
        """Whether another try may do more."""
        return any(
            sending.failed or sending.state == "put_off"
            for sending in self.sendings
        )


@dataclass(frozen=True)
class NotifyRequest:
    """What is asked for. `by_hours`: only what is due by the hours of the policy.

    `only`: the name of the one to tell; `untold`: lines of messages that went out before and are
    not written yet.
    """

    by_hours: bool = False
    only: str | None = None
    untold: tuple[JournalLine, ...] = ()


@dataclass(frozen=True)
class NotificationRound:
    """One round of messages to the people of a book.

    `shown`: whether the book's address is one that people can open; `clock`: in seconds.
    """

    opened: Opened
    options: Options
    notify: Notify
    shown: bool = True
    clock: Callable[[], float] = field(default=time.monotonic)

    def foresee(self, request: NotifyRequest) -> NotifyResult:
        """Read the book and say what would be told; sends and writes nothing. Two requests."""
        return self._due(read_and_decide(self.opened, self.options), request)

    def tell(self, request: NotifyRequest) -> NotifyResult:
        """Send what is due and was not sent yet, and write it down.

        Two requests where nothing is due. A channel that fails raises nothing. Raises
        ChangesPending before the first run, InputError where nobody is called so, BookLocked,
        BookChanged and ServiceError where the book could not be locked: then nothing was sent.
        """
        due = self.foresee(request)
        if not due.has_routes_left and not request.untold:
            return due
        tab = journal_tab(due.planned)
        if tab is None:
            text = due.planned.language.text
            fix = text(
                "Read the plan; then `run --force`, or `plan -o FILE` and `apply FILE`."
            )
            raise ChangesPending(
                text(
                    "This base has not been run yet: there is nothing to tell."
                ),
                fix=fix,
            )
        return self._send_and_write(due, tab, request.untold)

    def stop(
        self,
        planned: Planned,
        reasons: Sequence[str],
        fix: str,
        untold: Sequence[JournalLine] = (),
    ) -> NotifyResult:
        """Tell the head and the operator at once why a run has stopped, each reason once a day.

        Raises nothing of the book's.
        """
        # The stop has written its notice since, and another daemon may have told of it.
        with suppress(SheetsyncError):
            planned = read_and_decide(self.opened, self.options)
        alarms = tuple(self._alarms(planned, reasons, fix, untold))
        due = NotifyResult(planned, self._now(planned), alarms)
        return self._send_alarms(due) if due.has_routes_left else due

    def _due(self, planned: Planned, request: NotifyRequest) -> NotifyResult:
        """Return everything that is due by now, with the channels that have not taken it yet."""
        policy = planned.policy
        language = planned.language
        now = self._now(planned)
        if not policy.notices.on_days_off and not is_working(
            now.date(), policy.days
        ):
            day = language.day(now.date())
            quiet = language.text(
                "{day} is a day off: nobody is told anything.", day=day
            )
            return NotifyResult(planned, now, (), quiet=quiet)
        facts = facts_of(planned, request.untold)
        of_day = messages_of_day(
            facts, language, planned.alarms, self.links(facts)
        )
        messages = list(of_day.messages)
        if request.by_hours:
            messages = [
                message
                for message in messages
                if hour_has_come(message, policy.notices, now)
            ]
        if request.only is not None:
            _check_name(request.only, planned, facts)
            messages = [
                message
                for message in messages
                if _is_to(message, request.only, planned)
            ]
        channels = channels_of(self.notify)
        sendings = []
        for message in messages:
            ways = reach(message.person, channels, language)
            sendings.append(
                _sending(message, ways, of_day.sent_log.sent(message.recipient))
            )
        resting = tuple(away.name for away in of_day.resting)
        return NotifyResult(planned, now, tuple(sendings), resting)

    def _now(self, planned: Planned) -> datetime:
        return moment_of_run(self.opened, planned.snapshot.book, self.options)

    def links(self, facts: Facts) -> dict[str, str]:
        """Return the addresses of the managers' tabs by name, and of the summary under `head`.

        Nothing where the book has no address that people can open.
        """
        book = facts.projection.snapshot.book
        address = book_address(self.opened, book, shown=self.shown)
        if not address:
            return {}
        titles = {
            **manager_titles(facts),
            "head": own_title(book, facts.policy, "summary"),
        }
        links = {}
        for name, title in titles.items():
            grid = book.titled(title)
            if grid is not None:
                links[name] = f"{address}#gid={grid.sheet_id}"
        return links

    def _send_and_write(
        self, due: NotifyResult, tab: Grid, untold: Sequence[JournalLine]
    ) -> NotifyResult:
        """Send under the lock over the Journal, and write into it what went out."""
        lock = lock_journal(self.opened, due.planned, self.options, tab)
        sendings: list[Sending] = []
        lines = [*untold]
        trouble: SheetsyncError | None = None
        try:
            self._send_all(due, sendings, lines)
        finally:
            # Whatever has stopped us, what went out is written down.
            trouble = write_lines(lock, tab, due.planned, lines)
        unwritten = () if trouble is None else tuple(lines)
        return replace(
            due, sendings=tuple(sendings), unwritten=unwritten, trouble=trouble
        )

    def _send_all(
        self,
        due: NotifyResult,
        sendings: list[Sending],
        lines: list[JournalLine],
    ) -> None:
        """Send one by one. Each is added to `sendings`, what went out to the top of `lines`."""
        until = self.clock() + BUDGET
        when = serial_moment(due.now)
        language = due.planned.language
        for sending in due.sendings:
            if sending.routes_left and self.clock() > until:
                sendings.append(replace(sending, state="put_off"))
                continue
            sent = self._send(sending, language)
            # Given to the caller one by one, so that what went out is known whatever stops us.
            sendings.append(sent)
            if sent.sent_by:
                # The Journal stands newest first.
                lines.insert(
                    0,
                    journal_line_of(sent.message, sent.sent_by, when, language),
                )

    def _send(self, sending: Sending, language: Language) -> Sending:
        """Send a message by every channel that has not taken it yet."""
        if not sending.routes_left:
            return sending
        sent_by = []
        failed = []
        for route in sending.routes_left:
            # `send` raises nothing: a channel that fails keeps no other from its turn.
            why = send(
                route, sending.message, self.notify.timeout_seconds, language
            )
            if why:
                failed.append((route.name, why))
            else:
                sent_by.append(route.name)
        # Who was reached by one channel earlier today has been told, whatever fails now.
        sent_before = len(sending.routes_left) < len(sending.reach.routes)
        return replace(
            sending,
            state="sent" if sent_by or sent_before else "failed",
            sent_by=tuple(sent_by),
            failed=tuple(failed),
        )

    def _alarms(
        self,
        planned: Planned,
        reasons: Sequence[str],
        fix: str,
        untold: Sequence[JournalLine],
    ) -> Iterator[Sending]:
        """Return the messages of a stop, to the head and the operator."""
        language = planned.language
        facts = facts_of(planned, untold)
        sent_log = SentLog(facts.journal, to_serial(facts.today))
        title = planned.snapshot.book.title or self.opened.name
        link = self.links(facts).get("head", "")
        head = planned.policy.head
        ways_to_head = reach(head, channels_of(self.notify), language)
        people: list[tuple[Role, Person, Reach]] = [
            ("head", head, ways_to_head),
            *self._deputy(planned),
            ("operator", Person(), operator(self.notify, language)),
        ]
        for role, person, ways in people:
            message = stopped_message(
                role, person, title, reasons, fix, language, link
            )
            yield _sending(message, ways, sent_log.alarmed(message))

    def _deputy(
        self, planned: Planned
    ) -> Iterator[tuple["Role", Person, Reach]]:
        """Go through the head's deputy, if there is one today."""
        deputy = planned.policy.deputy
        if deputy.in_office(planned.plan.today):
            channels = channels_of(self.notify)
            yield "deputy", deputy, reach(deputy, channels, planned.language)

    def _send_alarms(self, due: NotifyResult) -> NotifyResult:
        """Send alarms whether the book can be locked or not.

        They are written down where it can, and has a Journal.
        """
        tab = journal_tab(due.planned)
        trouble = None
        if tab is not None:
            try:
                return self._send_and_write(due, tab, ())
            # A stop is told in any case: twice is better than never.
            except SheetsyncError as error:
                trouble = error
        sendings: list[Sending] = []
        lines: list[JournalLine] = []
        self._send_all(due, sendings, lines)
        return replace(
            due,
            sendings=tuple(sendings),
            unwritten=tuple(lines),
            trouble=trouble,
        )


def facts_of(planned: Planned, untold: Iterable[JournalLine] = ()) -> Facts:
    """Return what is due in the base as it stands: what a run would still move has not moved."""
    bare = replace(planned.plan, moves=(), edits=(), fingerprints={})
    projection = Projection(planned.snapshot, bare, planned.policy)
    return Facts(
        projection, planned.policy, (*untold, *planned.snapshot.journal)
    )


def _sending(message: Message, ways: Reach, sent_by: frozenset[str]) -> Sending:
    """Return a message that is to be sent. `sent_by`: channels that have taken it today."""
    routes_left = tuple(
        route for route in ways.routes if route.name not in sent_by
    )
    state: SendingState = "unreachable"
    if routes_left:
        state = "due"
    elif ways.routes:
        state = "already"
    return Sending(message, ways, state, routes_left)


def _is_to(message: Message, name: str, planned: Planned) -> bool:
    if message.role == "head":
        return fold(name) in _names_of_head(planned)
    if message.role == "deputy":
        return fold(name) == fold(message.person.name)
    return fold(message.person.name) == _managers_name(name, planned.policy)


def _names_of_head(planned: Planned) -> set[str]:
    """Return the folded names by which the head of sales may be called."""
    title = planned.language.text("head of sales")
    names = {"head", fold(title), fold(planned.policy.head.name)}
    # Where the head has no name, an empty one is not theirs.
    return names - {""}


def _managers_name(name: str, policy: Policy) -> str:
    """Return a manager's name, folded, whichever of its spellings was given."""
    return fold(policy.managers.get(fold(name), name))


def _check_name(name: str, planned: Planned, facts: Facts) -> None:
    """Raise InputError where nobody is called so."""
    names = list(dict.fromkeys((*facts.managers, *planned.policy.member)))
    is_head = fold(name) in _names_of_head(planned)
    if is_head or _managers_name(name, planned.policy) in map(fold, names):
        return
    text = planned.language.text
    fix = text(
        "Known are: {names}.", names=", ".join([*names, text("head of sales")])
    )
    raise InputError(
        text("Nobody in this base is called “{name}”.", name=name), fix=fix
    )
