"""Runs every book of the settings at its hours, in the book's own time zone, until it is told to stop.

`schedule` is the ticker; a run that fails is logged with what to do, and the daemon goes on. One that could not be just then,
because people or another run were at work or the service was out of order, is tried again after a while.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import schedule
import structlog

from sheetsync.config import BookSettings
from sheetsync.daemon.messenger import Postman
from sheetsync.daemon.schedule import due, next_try
from sheetsync.errors import (
    BookChanged,
    BookLocked,
    ChangesPending,
    InputError,
    ServiceError,
    SheetsyncError,
)
from sheetsync.services.context import Context
from sheetsync.services.notify import NotificationRound
from sheetsync.services.read_and_decide import zone_of
from sheetsync.services.run import Options, Planned, free_dead, run
from sheetsync.sheets.connection.open_book import open_book
from sheetsync.sheets.read.reader import read_structure

TICK_SECONDS = 20
PASSING = (BookChanged, BookLocked, ServiceError)
"""What may be over a while later."""


@dataclass
class _Book:
    """A book of the daemon: when it was last looked at, its zone once known (None: this machine's), whether a dead run may be left in it.

    `again`: when a run that could not be is tried again; `tries`: how often it was since the last regular hour.
    """

    settings: BookSettings
    seen: datetime
    zone: ZoneInfo | None = field(default_factory=lambda: ZoneInfo("UTC"))
    left: bool = True
    again: datetime | None = None
    tries: int = 0
    postman: Postman | None = None


class Daemon:
    """The loop. `stop` may be called from a signal; a run under way is finished first."""

    def __init__(
        self, ctx: Context, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._ctx, self._now = ctx, now
        self._stopping = threading.Event()
        self._log = structlog.get_logger("sheetsync")
        text = ctx.language.text
        if not ctx.settings.books:
            fix = text('Add a [[books]] block with name, address and at = ["02:00"].')
            raise InputError(text("sheetsync.toml names no books."), fix=fix)
        self._books = [
            _Book(book, now(), postman=self._postman(book)) for book in ctx.settings.books
        ]

    def _postman(self, book: BookSettings) -> Postman:
        ctx = self._ctx

        def opened(options: Options) -> NotificationRound:
            at = open_book(book.address, ctx.settings, ctx.language, self._now)
            spoken = replace(options, language=book.language, now=self._now)
            return NotificationRound(
                at, spoken, ctx.settings.notify, shown=ctx.settings.api_endpoint is None
            )

        return Postman(book.name, ctx.settings.notify, opened, self._log, ctx.language)

    def stop(self) -> None:
        """Stop after the run under way."""
        self._stopping.set()

    def serve(self) -> None:
        """Tick until stopped."""
        scheduler = schedule.Scheduler()
        for book in self._books:
            self._learn_zone(book)
            self._tidy(book)
            scheduler.every(TICK_SECONDS).seconds.do(self.tick, book)
            self._log.info(
                "watching",
                book=book.settings.name,
                at=list(book.settings.at),
                zone=str(book.zone or "of this machine"),
            )
        while not self._stopping.wait(min(1.0, TICK_SECONDS)):
            scheduler.run_pending()
        self._log.info("stopped")

    def _learn_zone(self, book: _Book) -> None:
        try:
            opened = open_book(book.settings.address, self._ctx.settings, self._ctx.language)
            book.zone = zone_of(
                read_structure(opened.line, opened.name), local=opened.path is not None
            )
        except SheetsyncError as error:
            self._log.warning(
                "zone unknown, using UTC for now", book=book.settings.name, error=str(error)
            )

    def _tidy(self, book: _Book) -> None:
        """Free a book from a run of ours that has died in it; tried at every tick until it could be looked at."""
        try:
            opened = open_book(
                book.settings.address, self._ctx.settings, self._ctx.language, self._now
            )
            lease = free_dead(opened, Options(now=self._now))
        except SheetsyncError as error:
            self._log.debug("not freed", book=book.settings.name, error=error.message)
            return
        book.left = False
        if lease is not None:
            self._log.warning(
                "freed from a dead run", book=book.settings.name, run=lease.run, holder=lease.holder
            )

    def tick(self, book: _Book) -> None:
        """Run a book if one of its hours has come since the last tick, or it is time to try again."""
        now = self._now().astimezone(book.zone)
        last, book.seen = book.seen, now
        if book.left:
            self._tidy(book)
        regular = due(book.settings.at, last, now)
        if regular:
            book.tries = 0
        if regular or (book.again is not None and now >= book.again):
            book.again = None
            self.night(book)
        if book.postman is not None:
            book.postman.tell(now)

    def night(self, book: _Book) -> None:
        """Run one book now. Whatever goes wrong is logged; the daemon lives on."""
        name, seen = book.settings.name, list[Planned]()
        try:
            self._learn_zone(book)
            opened = open_book(
                book.settings.address, self._ctx.settings, self._ctx.language, self._now
            )
            options = Options(
                force=book.settings.force_first, language=book.settings.language, now=self._now
            )
            done = run(opened, options, seen.append)
        except ChangesPending as pending:
            self._log.warning("waits for a person", book=name, why=pending.message, fix=pending.fix)
            self._stopped(book, seen, pending)
        except SheetsyncError as error:
            book.left = True
            self._log.error(
                "run failed",
                book=name,
                error=error.message,
                fix=error.fix,
                **self._put_off(book, error),
            )
            self._failed(book, error)
        except Exception as error:  # noqa: BLE001  # whatever it was, the other books must have their night
            self._log.exception("a bug of sheetsync", book=name)
            self._failed(book, error)
        else:
            plan = done.planned.plan
            if book.postman is not None:
                book.postman.learn(done.planned.policy)
            self._log.info(
                "run",
                book=name,
                moves=len(plan.moves),
                problems=len(plan.problems),
                wrote=done.wrote,
                digest=plan.digest,
            )

    def _stopped(self, book: _Book, seen: list[Planned], pending: ChangesPending) -> None:
        """Tell people that a run waits for them: what it has found, or that it would be the first."""
        if book.postman is not None and seen:
            reasons = seen[-1].alarms or (pending.message,)
            book.postman.stopped(seen[-1], reasons, pending.fix, self._now().astimezone(book.zone))

    def _failed(self, book: _Book, error: Exception) -> None:
        if book.postman is not None:
            book.postman.failed(error, self._now().astimezone(book.zone))

    def _put_off(self, book: _Book, error: SheetsyncError) -> dict[str, str]:
        """Note when a run that could not be just now is tried again; what the log says of it."""
        if not isinstance(error, PASSING):
            return {}
        book.again = next_try(book.settings.at, book.tries, self._now().astimezone(book.zone))
        book.tries += 1
        return {"then": f"next try at {book.again:%H:%M}"}
