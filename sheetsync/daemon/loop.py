"""Every book of the settings at its hours, beside each other, until the daemon is told to stop.

The loop itself touches no book and no network: it hands each book to a thread and looks on, so that
it answers systemd, signals and the clock whatever a book does. What is done with a book is
`book_runner`'s.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import structlog

from sheetsync.config import BookSettings, Settings, load, plain_address
from sheetsync.daemon.book_runner import BookRunner, Surroundings
from sheetsync.daemon.monitor import Monitor
from sheetsync.daemon.systemd import Systemd
from sheetsync.daemon.workers import Workers
from sheetsync.errors import InputError, SheetsyncError
from sheetsync.i18n import Language
from sheetsync.services.context import Context
from sheetsync.services.watched_run import Watch

TICK_SECONDS = 20
"""How often a book is looked at."""
LOOP_SECONDS = 0.5
"""How often the loop looks around: a signal is answered after so long at most."""
GRACE_SECONDS = 8
"""How long runs under way are waited for at the end."""
MINUTE = 60


class RunTooLong(SheetsyncError):
    """A run has not come to its end in the time that the settings give it."""


class Daemon:
    """The loop. `stop` and `reload` may be called from a signal.

    Raises InputError where no book is named, the port is taken, or a package is missing.
    """

    def __init__(
        self,
        ctx: Context,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        _check_books(ctx.settings, ctx.language)
        self._log = structlog.get_logger("sheetsync")
        self._stopping = threading.Event()
        self._reloading = threading.Event()
        watch = Watch(ctx.settings, ctx.language, self._note_trouble, now)
        self._around = Surroundings(ctx, watch, now, self._stopping)
        self._systemd = Systemd(ctx.language)
        rules = ctx.settings.daemon
        self._workers = Workers(
            rules.threads, rules.longest_run_minutes * MINUTE
        )
        self.runners = [
            BookRunner(book, self._around) for book in ctx.settings.books
        ]
        self._next_ticks: dict[str, float] = {}
        self._monitor = Monitor(watch)

    def _note_trouble(self, what: str, why: str, fix: str) -> None:
        self._log.warning(f"{what} failed", error=why, fix=fix)

    @property
    def watch(self) -> Watch:
        """Who looks on at the runs."""
        return self._around.watch

    def stop(self) -> None:
        """Stop: what is being written is finished, what is not written yet is left undone."""
        self._stopping.set()

    def reload(self) -> None:
        """Read the settings anew at the next look around."""
        self._reloading.set()

    def serve(self) -> None:
        """Look after the books until stopped. Raises InputError where the port is taken."""
        self._monitor.open(self._around.ctx.settings.monitor.port)
        for runner in self.runners:
            self._log.info(
                "watching",
                book=runner.settings.name,
                at=list(runner.settings.at),
            )
        self._systemd.ready()
        while not self._stopping.wait(LOOP_SECONDS):
            self.look_around()
        self._systemd.stopping()
        left = self._workers.wait(GRACE_SECONDS)
        self._monitor.close()
        self._systemd.close()
        self._log.info("stopped", **({"left": list(left)} if left else {}))

    def look_around(self) -> None:
        """Begin what is due, and give a sign of life; nothing here waits for anything."""
        if self._reloading.is_set():
            self._reloading.clear()
            self._read_settings_anew()
        for runner in self._by_turns():
            self._begin_tick(runner)
        for name in self._workers.newly_hanging():
            self._tell_of_hanging(name)
        self._monitor.beat()
        self._systemd.beat()
        self._systemd.status(self._status())

    def _by_turns(self) -> list[BookRunner]:
        """Return the books whose tick is due, who has waited longest first."""
        now = time.monotonic()
        waiting = [
            runner for runner in self.runners if self._tick_at(runner) <= now
        ]
        return sorted(waiting, key=self._tick_at)

    def _tick_at(self, runner: BookRunner) -> float:
        return self._next_ticks.get(runner.settings.name, 0.0)

    def _begin_tick(self, runner: BookRunner) -> None:
        book = runner.settings

        def tick() -> None:
            try:
                runner.tick()
            except Exception:  # noqa: BLE001  # the next tick may be well
                self._log.exception("a bug of sheetsync", book=book.name)

        # By address: a book that was renamed in the settings is still the same one.
        if self._workers.start(plain_address(book.address), book.name, tick):
            self._next_ticks[book.name] = time.monotonic() + TICK_SECONDS

    def _tell_of_hanging(self, name: str) -> None:
        minutes = self._around.rules.longest_run_minutes
        self._log.error("a run hangs", book=name, minutes=minutes)
        text = self._around.ctx.language.text
        error = RunTooLong(
            text("A run has not come to its end in {n} minutes.", n=minutes),
            fix=text(
                "Restart the daemon; if it happens again, send us the lines of its log."
            ),
        )
        for runner in self.runners:
            if runner.settings.name == name:
                # Its message may hang as well.
                threading.Thread(
                    target=runner.tell_of_failure, args=(error,), daemon=True
                ).start()

    def _status(self) -> str:
        """Say in one line how the daemon stands."""
        language = self._around.ctx.language
        count = language.plural("{n} book", "{n} books", len(self.runners))
        coming = [
            (moment, runner.settings.name)
            for runner in self.runners
            if (moment := runner.next_at()) is not None
        ]
        if not coming:
            return count
        moment, name = min(coming)
        return language.text(
            "{books}; next: {book}, {time}",
            books=count,
            book=name,
            time=f"{moment:%Y-%m-%d %H:%M}",
        )

    def _read_settings_anew(self) -> None:
        """Take the settings as they stand now; where they cannot be used, the old ones stay."""
        self._systemd.reloading()
        ctx = self._around.ctx
        try:
            settings = load(ctx.config, ctx.language)
            _check_books(settings, ctx.language)
            self._monitor.open(settings.monitor.port)
        except SheetsyncError as error:
            self._log.error(
                "settings not read, the old ones stay",
                error=error.message,
                fix=error.fix,
            )
        else:
            self._take(settings)
            self._log.info(
                "settings read", books=[book.name for book in settings.books]
            )
        self._systemd.ready()

    def _take(self, settings: Settings) -> None:
        ctx = replace(self._around.ctx, settings=settings)
        watch = replace(self._around.watch, settings=settings)
        self._around = replace(self._around, ctx=ctx, watch=watch)
        self._monitor.watch = watch
        self._workers.most = settings.daemon.threads
        self._workers.longest = settings.daemon.longest_run_minutes * MINUTE
        self.runners = [self._runner_of(book) for book in settings.books]

    def _runner_of(self, book: BookSettings) -> BookRunner:
        """Return who looks after a book: as before, where it is the same one."""
        for runner in self.runners:
            known = runner.settings
            if (known.name, known.address) == (book.name, book.address):
                runner.take(book, self._around)
                return runner
        self._next_ticks.pop(book.name, None)
        return BookRunner(book, self._around)


def _check_books(settings: Settings, language: Language) -> None:
    if settings.books:
        return
    text = language.text
    fix = text('Add a [[books]] block with name, address and at = ["02:00"].')
    raise InputError(text("sheetsync.toml names no books."), fix=fix)
