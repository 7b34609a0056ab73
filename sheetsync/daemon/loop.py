"""Runs every book of the settings at its hours, in the book's own zone, until it is told to stop.

`schedule` is the ticker; a run that fails is logged with what to do, and the daemon goes on. One
that could not be just then, because people or another run were at work or the service was out of
order, is tried again after a while. What is told to whom is left to `messenger`.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import schedule
import structlog

from sheetsync.config import BookSettings
from sheetsync.daemon.messenger import PASSING, Postman
from sheetsync.daemon.schedule import due, next_try
from sheetsync.errors import (
    ChangesPending,
    InputError,
    SheetsyncError,
)
from sheetsync.services.context import Context
from sheetsync.services.notify import NotificationRound
from sheetsync.services.read_and_decide import zone_of
from sheetsync.services.run import Options, Planned, RunResult, free_dead, run
from sheetsync.sheets.connection.open_book import Opened, is_file, open_book
from sheetsync.sheets.read.book_structure import read_structure

TICK_SECONDS = 20


@dataclass
class _Book:
    """A book of the daemon. `last_tick`: when it was last looked at.

    `zone`: its own, once known; None: this machine's. `may_be_fenced`: a dead run of ours may be
    left in it. `again`: when a run that could not be is tried again; `tries`: how often it was
    since the last regular hour.
    """

    settings: BookSettings
    last_tick: datetime
    zone: ZoneInfo | None = field(default_factory=lambda: ZoneInfo("UTC"))
    may_be_fenced: bool = True
    again: datetime | None = None
    tries: int = 0
    postman: Postman | None = None


class Daemon:
    """The loop. `stop` may be called from a signal; a run under way is finished first."""

    def __init__(
        self,
        ctx: Context,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._ctx = ctx
        self._now = now
        self._stopping = threading.Event()
        self._log = structlog.get_logger("sheetsync")
        if not ctx.settings.books:
            text = ctx.language.text
            fix = text(
                'Add a [[books]] block with name, address and at = ["02:00"].'
            )
            raise InputError(text("sheetsync.toml names no books."), fix=fix)
        self._books = [
            _Book(book, now(), postman=self._postman(book))
            for book in ctx.settings.books
        ]

    def _postman(self, book: BookSettings) -> Postman:
        ctx = self._ctx

        def open_round(options: Options) -> NotificationRound:
            of_book = replace(options, language=book.language, now=self._now)
            opened = self._open(book)
            return NotificationRound(
                opened, of_book, ctx.settings.notify, shown=ctx.shares_links
            )

        return Postman(
            book.name, ctx.settings.notify, open_round, self._log, ctx.language
        )

    def _open(self, book: BookSettings) -> Opened:
        return open_book(
            book.address, self._ctx.settings, self._ctx.language, self._now
        )

    def _local_now(self, book: _Book) -> datetime:
        return self._now().astimezone(book.zone)

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
            opened = open_book(
                book.settings.address, self._ctx.settings, self._ctx.language
            )
            structure = read_structure(opened.line, opened.name)
            book.zone = zone_of(structure, local=opened.path is not None)
        except SheetsyncError as error:
            self._log.warning(
                "zone unknown, using UTC for now",
                book=book.settings.name,
                error=str(error),
            )

    def _tidy(self, book: _Book) -> None:
        """Free a book from a run of ours that has died in it.

        Tried at every tick until it could be looked at.
        """
        try:
            freed = free_dead(self._open(book.settings), Options(now=self._now))
        except SheetsyncError as error:
            self._log.debug(
                "not freed", book=book.settings.name, error=error.message
            )
            return
        book.may_be_fenced = False
        if freed is not None:
            lease = freed.lease
            self._log.warning(
                "freed from a dead run",
                book=book.settings.name,
                run=lease.run if lease else "",
                holder=lease.holder if lease else "",
                left_behind=len(freed.orphans),
                beyond=len(freed.beyond),
            )

    def tick(self, book: _Book) -> None:
        """Run a book if one of its hours has come since the last tick, or a try is due.

        Then tell whoever is to be told by now.
        """
        now = self._local_now(book)
        last_tick = book.last_tick
        book.last_tick = now
        if book.may_be_fenced:
            self._tidy(book)
        regular = due(book.settings.at, last_tick, now)
        if regular:
            book.tries = 0
        if regular or (book.again is not None and now >= book.again):
            book.again = None
            self.night(book)
        if book.postman is not None:
            book.postman.tell(now)

    def night(self, book: _Book) -> None:
        """Run one book now. Whatever goes wrong is logged; the daemon lives on."""
        name = book.settings.name
        plans: list[Planned] = []
        try:
            result = self._run(book, plans)
        except ChangesPending as pending:
            self._log.warning(
                "waits for a person",
                book=name,
                why=pending.message,
                fix=pending.fix,
            )
            self._tell_of_stop(book, plans, pending)
        except SheetsyncError as error:
            book.may_be_fenced = True
            next_try_at = self._put_off(book, error)
            self._log.error(
                "run failed",
                book=name,
                error=error.message,
                fix=error.fix,
                **next_try_at,
            )
            self._tell_of_failure(book, error)
        except Exception as error:  # noqa: BLE001  # the other books must have their night
            book.may_be_fenced = True
            self._log.exception("a bug of sheetsync", book=name)
            self._tell_of_failure(book, error)
        else:
            self._note_run(book, result)

    def _run(self, book: _Book, plans: list[Planned]) -> RunResult:
        """Run a book; its plan is added to `plans` before anything is written."""
        self._learn_zone(book)
        opened = self._open(book.settings)
        options = Options(
            force=book.settings.force_first,
            language=book.settings.language,
            now=self._now,
        )
        return run(opened, options, plans.append)

    def _note_run(self, book: _Book, result: RunResult) -> None:
        if book.postman is not None:
            book.postman.learn(result.planned.policy)
        # The zone of a local file is what its Settings tab says.
        book.zone = zone_of(
            result.planned.snapshot.book, local=is_file(book.settings.address)
        )
        plan = result.planned.plan
        self._log.info(
            "run",
            book=book.settings.name,
            moves=len(plan.moves),
            problems=len(plan.problems),
            wrote=result.wrote,
            digest=plan.digest,
        )

    def _tell_of_stop(
        self, book: _Book, plans: list[Planned], pending: ChangesPending
    ) -> None:
        """Tell people that a run waits for them: what it has found, or that it is the first."""
        if book.postman is not None and plans:
            planned = plans[-1]
            reasons = planned.alarms or (pending.message,)
            book.postman.stopped(
                planned, reasons, pending.fix, self._local_now(book)
            )

    def _tell_of_failure(self, book: _Book, error: Exception) -> None:
        if book.postman is not None:
            book.postman.failed(error, self._local_now(book))

    def _put_off(self, book: _Book, error: SheetsyncError) -> dict[str, str]:
        """Note when a run that could not be just now is tried again; what the log says of it."""
        if not isinstance(error, PASSING):
            return {}
        book.again = next_try(
            book.settings.at, book.tries, self._local_now(book)
        )
        book.tries += 1
        return {"then": f"next try at {book.again:%H:%M}"}
