"""The daemon's messages of one book: at people's hours, after a failed channel, when a run stops.

Whatever goes wrong here is logged, and keeps no run from being done. What was told is known from
the book's Journal; the hours are read with it, and kept until it is read again. What a message
says, and how it is sent, is `services.notify`'s.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sheetsync.config import Notify
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
from sheetsync.services.night_hours import FIRST_PAUSE, next_try
from sheetsync.services.notify import (
    NotificationRound,
    NotifyRequest,
    NotifyResult,
    Sending,
)
from sheetsync.services.read_and_decide import Options, Planned

if TYPE_CHECKING:
    from sheetsync.workbook.journal import JournalLine

PASSING = (BookChanged, BookLocked, ServiceError)
"""What may be over a while later."""
FOR_A_PERSON = (AccessDenied, CredentialsError)
"""Of those, what no waiting mends."""

OpenRound = Callable[[Options], NotificationRound]
"""Opens the book anew, ready to tell its people."""


class Postman:
    """Tells the people of one book.

    `tell` at every tick, `learn` after every run, `stopped` and `failed` after one that was not.
    """

    def __init__(
        self,
        name: str,
        notify: Notify,
        open_round: OpenRound,
        log: Any,
        language: Language,
    ) -> None:
        self.name = name
        self._notify = notify
        self._open_round = open_round
        self._log = log
        self._language = language
        self._hours: DeliveryHours | None = None
        self._told_on: dict[str, date] = {}
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
        """Tell whoever is to be told by now; `now` in the book's zone.

        Costs nothing but at the hours.
        """
        if not self._is_time(now):
            return
        request = NotifyRequest(by_hours=True, untold=self._untold)
        try:
            result = self._open_round(Options(now=lambda: now)).tell(request)
        except ChangesPending:
            # A base that no person has said yes to has nobody to tell; its first run will be
            # noticed by `learn`.
            self._hours = None
            self._put_off(now)
        except SheetsyncError as error:
            self._log.warning(
                "not told", book=self.name, error=error.message, fix=error.fix
            )
            self._put_off(now)
        except Exception:  # noqa: BLE001  # messages are no reason for the daemon to end
            self._log.exception("a bug of sheetsync", book=self.name)
            self._put_off(now)
        else:
            self.learn(result.planned.policy)
            self._note(result, now)

    def _is_time(self, now: datetime) -> bool:
        """Tell whether anybody may have to be told."""
        if not self._notify.channels:
            return False
        if self._again is not None and now < self._again:
            return False
        return self._hours is None or self._somebody_waits(self._hours, now)

    def _somebody_waits(self, hours: DeliveryHours, now: datetime) -> bool:
        """Tell whether an hour has come at which nobody was told today yet."""
        return any(
            self._told_on.get(role) != now.date() for role in hours.come(now)
        )

    def _put_off(self, now: datetime) -> None:
        self._again = next_try((), self._tries, now)
        self._tries += 1

    def _note(self, result: NotifyResult, now: datetime) -> None:
        """Log what was told, and remember what is left to do."""
        self._log_result(result)
        self._untold = result.unwritten
        if result.again or result.trouble is not None:
            self._put_off(now)
            return
        self._again = None
        self._tries = 0
        hours = hours_of(result.planned.policy.notices)
        self._told_on.update(
            dict.fromkeys(hours.come(result.now), result.now.date())
        )
        if self._somebody_waits(hours, now):
            # The book lives in another zone than it was thought to: no need to read it at every
            # tick.
            self._again = now + FIRST_PAUSE

    def _log_result(self, result: NotifyResult) -> None:
        for sending in result.sendings:
            self._log_sending(sending)
        if result.trouble is not None:
            self._log.warning(
                "told, not written down",
                book=self.name,
                error=result.trouble.message,
                fix=result.trouble.fix,
            )

    def _log_sending(self, sending: Sending) -> None:
        message = sending.message
        if sending.sent_by:
            self._log.info(
                "told",
                book=self.name,
                to=message.recipient,
                by=list(sending.sent_by),
                matters=message.count,
            )
        for channel, why in sending.failed:
            self._log_failure(message.recipient, channel, why)
        if sending.state == "unreachable" and message.role == "manager":
            self._log.warning(
                "nobody's address",
                book=self.name,
                to=message.recipient,
                why=" ".join(sending.reach.faults),
            )

    def _log_failure(self, recipient: str, channel: str, why: str) -> None:
        self._log.warning(
            "a channel failed",
            book=self.name,
            to=recipient,
            channel=channel,
            why=why,
        )

    def stopped(
        self, planned: Planned, reasons: Sequence[str], fix: str, now: datetime
    ) -> None:
        """Tell the head and the operator why a run waits for a person, each reason once a day."""
        if not (self._notify.channels or self._notify.operator):
            return
        try:
            opened = self._open_round(Options(now=lambda: now))
            result = opened.stop(planned, reasons, fix, self._untold)
        except Exception:  # noqa: BLE001  # the stop itself is what matters
            self._log.exception("a bug of sheetsync", book=self.name)
            return
        self._log_result(result)
        # What could not be written down is kept in mind, so that it is not said twice by this
        # daemon at least.
        self._untold = (*result.unwritten, *self._untold)

    def failed(self, error: Exception, now: datetime) -> None:
        """Tell the operator that a book could not be run, and waiting will not mend it.

        Each thing once a day.
        """
        if isinstance(error, PASSING) and not isinstance(error, FOR_A_PERSON):
            return
        reason = type(error).__name__
        fix = ""
        if isinstance(error, SheetsyncError):
            reason = error.message
            fix = error.fix
        failure = (now.date(), sentence_key("failed", reason))
        if failure in self._failures:
            return
        message = stopped_message(
            "operator", Person(), self.name, [reason], fix, self._language
        )
        for route in operator(self._notify, self._language).routes:
            why = send(
                route, message, self._notify.timeout_seconds, self._language
            )
            if why:
                self._log_failure("operator", route.name, why)
            else:
                self._failures.add(failure)
