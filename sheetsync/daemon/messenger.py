"""The daemon's messages of one book: at each person's hour, again after a channel that failed, and at once when a run stops.

Whatever goes wrong here is logged, and keeps no run from being done. What was told is known from the book's Journal; the hours are
read with it, and kept until it is read again.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sheetsync.config import Notify
from sheetsync.daemon.schedule import FIRST_PAUSE, next_try
from sheetsync.delivery.recipients import operator
from sheetsync.delivery.sender import send
from sheetsync.errors import (
    AccessDenied,
    BookChanged,
    BookLocked,
    ChangesPending,
    CredentialsError,
    ServiceError,
    SheetsyncError,
)
from sheetsync.i18n import Language
from sheetsync.method.policy import Policy
from sheetsync.method.terms import Person
from sheetsync.reporting.messages import sentence_key, stopped_message
from sheetsync.reporting.messages.delivery_hours import DeliveryHours, hours_of
from sheetsync.services.notify import NotificationRound, NotifyRequest, NotifyResult
from sheetsync.services.read_and_decide import Options, Planned

if TYPE_CHECKING:
    from sheetsync.workbook.journal import JournalLine

PASSING = (BookChanged, BookLocked, ServiceError)
FOR_A_PERSON = (AccessDenied, CredentialsError)
"""Of those, what no waiting mends."""

Open = Callable[[Options], NotificationRound]
"""Opens the book anew, ready to tell its people."""


class Postman:
    """Tells the people of one book. `tell` at every tick, `learn` after every run, `stopped` when one has stopped."""

    def __init__(
        self, name: str, notify: Notify, open_: Open, log: Any, language: Language
    ) -> None:
        self.name, self._notify, self._open, self._log, self._language = (
            name,
            notify,
            open_,
            log,
            language,
        )
        self._hours: DeliveryHours | None = None
        self._done: dict[str, date] = {}
        self._again: datetime | None = None
        self._tries = 0
        self._untold: tuple[JournalLine, ...] = ()
        self._failures: set[tuple[date, str]] = set()

    def learn(self, policy: Policy) -> None:
        """Take the hours of a policy that was just read."""
        if self._hours is None:
            self._again = None
        self._hours = hours_of(policy.notices)

    def tell(self, now: datetime) -> None:
        """Tell whoever is to be told by now; `now` in the book's zone. Costs nothing but at the hours."""
        if not self._notify.channels or (self._again is not None and now < self._again):
            return
        come = self._hours.come(now) if self._hours is not None else None
        if come is not None and all(self._done.get(role) == now.date() for role in come):
            return
        try:
            found = self._open(Options(now=lambda: now)).tell(
                NotifyRequest(by_hours=True, untold=self._untold)
            )
        except ChangesPending:
            # A base that no person has said yes to has nobody to tell; its first run will be noticed by `learn`.
            self._hours, self._again = None, self._later(now)
            return
        except SheetsyncError as error:
            self._log.warning("not told", book=self.name, error=error.message, fix=error.fix)
            self._again = self._later(now)
            return
        except Exception:  # noqa: BLE001  # messages are no reason for the daemon to end
            self._log.exception("a bug of sheetsync", book=self.name)
            self._again = self._later(now)
            return
        self.learn(found.planned.policy)
        self._note(found, now)

    def _later(self, now: datetime) -> datetime:
        later = next_try((), self._tries, now)
        self._tries += 1
        return later

    def _note(self, found: NotifyResult, now: datetime) -> None:
        """Log what was told, and remember what is left to do."""
        self._logged(found)
        self._untold = found.unwritten
        if found.again or found.trouble is not None:
            self._again = self._later(now)
            return
        self._again, self._tries = None, 0
        known = hours_of(found.planned.policy.notices)
        self._done.update(dict.fromkeys(known.come(found.now), found.now.date()))
        if any(self._done.get(role) != now.date() for role in known.come(now)):
            # The book lives in another zone than it was thought to: no need to read it at every tick.
            self._again = now + FIRST_PAUSE

    def _logged(self, found: NotifyResult) -> None:
        for one in found.sendings:
            if one.sent_by:
                self._log.info(
                    "told",
                    book=self.name,
                    to=one.message.recipient,
                    by=list(one.sent_by),
                    matters=one.message.count,
                )
            for channel, why in one.failed:
                self._log.warning(
                    "a channel failed",
                    book=self.name,
                    to=one.message.recipient,
                    channel=channel,
                    why=why,
                )
            if one.state == "unreachable" and one.message.role == "manager":
                self._log.warning(
                    "nobody's address",
                    book=self.name,
                    to=one.message.recipient,
                    why=" ".join(one.reach.faults),
                )
        if found.trouble is not None:
            self._log.warning(
                "told, not written down",
                book=self.name,
                error=found.trouble.message,
                fix=found.trouble.fix,
            )

    def stopped(self, planned: Planned, reasons: Sequence[str], fix: str, now: datetime) -> None:
        """Tell the head and the operator why a run waits for a person, each reason once a day."""
        if not (self._notify.channels or self._notify.operator):
            return
        try:
            found = self._open(Options(now=lambda: now)).stop(planned, reasons, fix, self._untold)
        except Exception:  # noqa: BLE001  # the stop itself is what matters, and is logged by the daemon
            self._log.exception("a bug of sheetsync", book=self.name)
            return
        self._logged(found)
        # What could not be written down is kept in mind, so that it is not said twice by this daemon at least.
        self._untold = (*found.unwritten, *self._untold) if found.unwritten else self._untold

    def failed(self, error: SheetsyncError | Exception, now: datetime) -> None:
        """Tell the operator that a book could not be run and waiting will not mend it; each thing once a day."""
        if isinstance(error, PASSING) and not isinstance(error, FOR_A_PERSON):
            return
        said, fix = (
            (error.message, error.fix)
            if isinstance(error, SheetsyncError)
            else (type(error).__name__, "")
        )
        mark = (now.date(), sentence_key("failed", said))
        if mark in self._failures:
            return
        digest = stopped_message("operator", Person(), self.name, [said], fix, self._language)
        for route in operator(self._notify, self._language).routes:
            why = send(route, digest, self._notify.timeout_seconds, self._language)
            if why:
                self._log.warning(
                    "a channel failed", book=self.name, to="operator", channel=route.name, why=why
                )
            else:
                self._failures.add(mark)
