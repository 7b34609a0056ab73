"""One book of the daemon: its nights at their hours, those that were missed, and its messages.

A night that fails is logged with what to do. One that could not be just then, because people or
another run were at work or the service was out of order, is tried again after a while. What is told
to whom is left to `messenger`; that no book is run twice at a time, to `loop`.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import structlog
from structlog.contextvars import bound_contextvars

from sheetsync.config import BookSettings, DaemonSettings
from sheetsync.daemon.messenger import PASSING, Postman
from sheetsync.errors import ChangesPending, SheetsyncError
from sheetsync.runlog.record import Kind
from sheetsync.runlog.store import RunLogFailed
from sheetsync.services.context import Context
from sheetsync.services.night_hours import (
    are_working_hours,
    coming,
    is_missed,
    latest,
    next_try,
)
from sheetsync.services.notify import NotificationRound
from sheetsync.services.read_and_decide import (
    Planned,
    read_and_decide,
    zone_of,
)
from sheetsync.services.refresh_reports import commit_reports
from sheetsync.services.run import Options, RunResult, free_dead, run
from sheetsync.services.stages import Progress, Stage
from sheetsync.services.status import RUNS_READ, last_looked
from sheetsync.services.watched_run import Attempt, Watch, watched
from sheetsync.sheets.connection.open_book import Opened, is_file, open_book
from sheetsync.sheets.read.book_structure import read_structure

A_DAY = timedelta(days=1)


class BrokenOff(BaseException):
    """The daemon is told to stop: what has not been sent to the book yet is left undone.

    No Exception, so that nothing on the way takes it for a failure that it can mend.
    """


@dataclass(frozen=True)
class Surroundings:
    """What all books of a daemon share. `stopping`: is set once it is told to stop."""

    ctx: Context
    watch: Watch
    now: Callable[[], datetime]
    stopping: threading.Event

    @property
    def rules(self) -> DaemonSettings:
        """How the daemon is to go about its books."""
        return self.ctx.settings.daemon


class BookRunner:
    """A book, and what is known of it from one tick to the next.

    `zone`: its own, once known; None: this machine's. `last_tick`: up to when its hours are done
    with. `may_be_fenced`: a dead run of ours may be left in it. `again`: when a run that could not
    be is tried again, and as what.
    """

    def __init__(self, settings: BookSettings, around: Surroundings) -> None:
        self.settings = settings
        self.zone: tzinfo | None = UTC
        self.may_be_fenced = True
        self.again: tuple[datetime, Kind] | None = None
        self._tries = 0
        self._zone_known = False
        self._log = structlog.get_logger("sheetsync")
        self._around = around
        self._postman = self._new_postman()
        self.last_tick = self._looked_until()

    def take(self, settings: BookSettings, around: Surroundings) -> None:
        """Go on with settings that were read anew; what is known of the book stays."""
        self.settings = settings
        self._around = around
        self._postman = self._new_postman()

    @property
    def _ctx(self) -> Context:
        return self._around.ctx

    def _new_postman(self) -> Postman:
        ctx = self._ctx
        book = self.settings

        def open_round(options: Options) -> NotificationRound:
            of_book = replace(
                options, language=book.language, now=self._around.now
            )
            return NotificationRound(
                self._open(),
                of_book,
                ctx.settings.notify,
                shown=ctx.shares_links,
            )

        return Postman(
            book.name, ctx.settings.notify, open_round, self._log, ctx.language
        )

    def _looked_until(self) -> datetime:
        """Return up to when the hours of the book are done with: its last run.

        That may be of a process before this one. A book that was never run has missed nothing.
        """
        now = self._around.now()
        try:
            runs = self._around.watch.log.runs(self.settings.name, RUNS_READ)
        except RunLogFailed as error:
            self._around.watch.note("runlog", error.message, error.fix)
            return now
        return _moved_on(last_looked(runs) or now, now)

    def _open(self) -> Opened:
        return open_book(
            self.settings.address,
            self._ctx.settings,
            self._ctx.language,
            self._around.now,
        )

    def local_now(self) -> datetime:
        """Return the present moment in the book's zone."""
        return self._around.now().astimezone(self.zone)

    def next_at(self) -> datetime | None:
        """Return the next regular hour, None where the book has none."""
        return coming(self.settings.at, self.local_now())

    def tick(self) -> None:
        """Run the book if one of its hours has come since the last tick, or a try is due.

        Then tell whoever is to be told by now.
        """
        with bound_contextvars(book=self.settings.name):
            self._prepare()
            if self._around.stopping.is_set():
                return
            now = self.local_now()
            kind = self._due(now)
            if kind is not None:
                self.night(kind)
            if not self._around.stopping.is_set():
                self._postman.tell(now)

    def _prepare(self) -> None:
        """Learn the book's zone, and free it from a dead run of ours; until both could be done."""
        if not self._zone_known:
            self.learn_zone()
        if self.may_be_fenced:
            self._tidy()

    def _due(self, now: datetime) -> Kind | None:
        """Return what is to be done now, None: nothing."""
        last = _moved_on(self.last_tick, now)
        self.last_tick = max(last, now, key=_in_utc)
        mark = latest(self.settings.at, last, now)
        if mark is not None:
            self._tries = 0
            return self._night_at(mark, now)
        if self.again is not None and now >= self.again[0]:
            return self.again[1]
        return None

    def _night_at(self, mark: datetime, now: datetime) -> Kind | None:
        """Return what is made of a regular hour, be it that it was missed."""
        rules = self._around.rules
        if not is_missed(mark, now):
            return Kind.RUN
        careful = rules.make_up == "careful"
        kind: Kind | None = Kind.RUN
        if rules.make_up == "never":
            kind = None
        elif careful and are_working_hours(rules.working_hours, now):
            kind = Kind.REPORTS
        self._log.warning(
            "a night was missed",
            due=mark.isoformat(timespec="minutes"),
            made_up=str(kind or "not"),
        )
        return kind

    def learn_zone(self) -> None:
        """Ask the book for its zone; UTC until it answers."""
        try:
            opened = self._open()
            structure = read_structure(opened.line, opened.name)
            self.zone = zone_of(structure, local=opened.path is not None)
            self._zone_known = True
        except SheetsyncError as error:
            self._log.warning(
                "zone unknown, using UTC for now", error=str(error)
            )

    def _tidy(self) -> None:
        """Free the book from a run of ours that has died in it, or what is left of one.

        Tried at every tick until it could be looked at.
        """
        try:
            freed = free_dead(self._open(), Options(now=self._around.now))
        except SheetsyncError as error:
            self._log.debug("not freed", error=error.message)
            return
        self.may_be_fenced = False
        if freed is not None:
            lease = freed.lease
            self._log.warning(
                "freed from a dead run",
                of=lease.run if lease else "",
                holder=lease.holder if lease else "",
                left_behind=len(freed.orphans),
                beyond=len(freed.beyond),
            )

    def night(self, kind: Kind = Kind.RUN) -> None:
        """Run the book now. Whatever goes wrong is logged; the daemon lives on."""
        attempt = Attempt()
        self.again = None
        with bound_contextvars(run=attempt.run, book=self.settings.name):
            try:
                result = watched(
                    self._around.watch,
                    self.settings,
                    kind,
                    attempt,
                    lambda: self._work(attempt, kind),
                )
            except BrokenOff:
                self._log.warning("broken off", why="the daemon is to stop")
            except ChangesPending as pending:
                self._log.warning(
                    "waits for a person", why=pending.message, fix=pending.fix
                )
                self._tell_of_stop(attempt.plans, pending)
            except SheetsyncError as error:
                self.may_be_fenced = True
                self._log.error(
                    "run failed",
                    error=error.message,
                    fix=error.fix,
                    **self._put_off(error, kind),
                )
                self.tell_of_failure(error)
            except Exception as error:  # noqa: BLE001  # the next night may be well
                self.may_be_fenced = True
                self._log.exception("a bug of sheetsync")
                self.tell_of_failure(error)
            else:
                self._note(result, kind)

    def _work(self, attempt: Attempt, kind: Kind) -> RunResult:
        """Do what is to be done of a night; its plan stands in `attempt` before it is written."""
        self.learn_zone()
        opened = self._open()
        attempt.opened = opened
        options = Options(
            force=self.settings.force_first,
            language=self.settings.language,
            now=self._around.now,
            on_progress=self.go_on,
        )
        if kind is Kind.REPORTS:
            planned = read_and_decide(opened, options)
            # Nobody has said yes yet to a base that was never run: it is asked about, as ever.
            if not planned.snapshot.first_run:
                attempt.plans.append(planned)
                return commit_reports(opened, planned, options)
        return run(opened, options, attempt.plans.append)

    def go_on(self, progress: Progress) -> None:
        """Break a run off before its next stage, once the daemon is to stop.

        Not before the write: that is one request, and all before it was for its sake.
        """
        if self._around.stopping.is_set() and progress.stage is not Stage.WRITE:
            raise BrokenOff

    def _note(self, result: RunResult, kind: Kind) -> None:
        planned = result.planned
        self._postman.learn(planned.policy)
        # The zone of a local file is what its Settings tab says.
        self.zone = zone_of(
            planned.snapshot.book, local=is_file(self.settings.address)
        )
        self._tries = 0
        plan = planned.plan
        self._log.info(
            "run" if result.wrote else "looked, nothing to do",
            kind=str(kind),
            moves=len(plan.moves) if kind is Kind.RUN else 0,
            problems=len(plan.problems),
            wrote=result.wrote,
            digest=plan.digest,
        )

    def _tell_of_stop(
        self, plans: list[Planned], pending: ChangesPending
    ) -> None:
        """Tell people that a run waits for them: what it has found, or that it is the first."""
        if plans:
            planned = plans[-1]
            reasons = planned.alarms or (pending.message,)
            self._postman.stopped(
                planned, reasons, pending.fix, self.local_now()
            )

    def tell_of_failure(self, error: Exception) -> None:
        """Tell the operator what waiting will not mend."""
        self._postman.failed(error, self.local_now())

    def _put_off(self, error: SheetsyncError, kind: Kind) -> dict[str, Any]:
        """Note when a run that could not be just now is tried again; what the log says of it."""
        if not isinstance(error, PASSING):
            return {}
        moment = next_try(self.settings.at, self._tries, self.local_now())
        self.again = (moment, kind)
        self._tries += 1
        return {"then": f"next try at {moment:%H:%M}"}


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _moved_on(last: datetime, now: datetime) -> datetime:
    """Return up to when hours are done with, whatever was done to the machine's clock.

    One that was set back a little does not bring an hour a second time; one that had been far ahead
    does not keep the book waiting until then.
    """
    ahead = _in_utc(last) - _in_utc(now)
    return now if ahead > A_DAY else last
