"""A run that is looked on at: its line in the run log, its pings, its metrics.

Whatever goes wrong with these is told, and keeps no run from being done.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import requests
import stamina

from sheetsync.config import BookSettings, Settings
from sheetsync.errors import ChangesPending, ExitCode, SheetsyncError
from sheetsync.i18n import Language
from sheetsync.runlog.place import state_folder
from sheetsync.runlog.record import Kind, Outcome, RunRecord
from sheetsync.runlog.store import RunLog, RunLogFailed
from sheetsync.services.metrics import MetricsMissing, write_textfile
from sheetsync.services.read_and_decide import Planned, RunResult
from sheetsync.sheets.connection.open_book import Opened

PING_SECONDS = 5
PING_TRIES = 3

Trouble = Callable[[str, str, str], None]
"""Is told what of the looking-on has failed: `runlog`, `ping` or `textfile`; why; what to do."""


@dataclass(frozen=True)
class Watch:
    """Who looks on at the runs of a process. `failures`: how often that failed, by its kind."""

    settings: Settings
    language: Language
    trouble: Trouble
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    failures: Counter[str] = field(default_factory=Counter)

    @property
    def log(self) -> RunLog:
        """The run log of this machine."""
        return RunLog(state_folder(self.settings), self.language)

    def note(self, what: str, why: str, fix: str = "") -> None:
        """Tell of something that has failed, and count it."""
        self.failures[what] += 1
        self.trouble(what, why, fix)


@dataclass
class Attempt:
    """What is known of a run as it goes on, be it that it fails. `plans`: the newest last."""

    number: UUID = field(default_factory=uuid4)
    plans: list[Planned] = field(default_factory=list)
    opened: Opened | None = None

    @property
    def run(self) -> str:
        """The id of the run, as the run log and each line of the daemon's bear it."""
        return self.number.hex[:8]


def watched(
    watch: Watch,
    book: BookSettings,
    kind: Kind,
    attempt: Attempt,
    work: Callable[[], RunResult],
) -> RunResult:
    """Do a run's work, and write down what came of it. Raises what the work raises.

    The work fills in the `attempt` as it goes on.
    """
    began = watch.now().astimezone(UTC)
    record = RunRecord(attempt.run, book.name, kind, began)
    _begin(watch, record)
    _ping(watch, book, "/start", attempt)
    try:
        result = work()
    # A person who presses Ctrl-C has broken the run off, and the log is to say so.
    except BaseException as error:
        _end(watch, book, attempt, _after_error(record, attempt, error))
        raise
    attempt.plans.append(result.planned)
    outcome = Outcome.WROTE if result.wrote else Outcome.QUIET
    done = replace(_known(record, attempt), outcome=outcome)
    _end(watch, book, attempt, done)
    return result


def _after_error(
    record: RunRecord, attempt: Attempt, error: BaseException
) -> RunRecord:
    known = _known(record, attempt)
    if isinstance(error, SheetsyncError):
        waits = isinstance(error, ChangesPending)
        return replace(
            known,
            outcome=Outcome.WAITS if waits else Outcome.FAILED,
            error=error.message,
            fix=error.fix,
            exit_code=int(error.exit_code),
        )
    if isinstance(error, Exception):
        return replace(
            known,
            outcome=Outcome.FAILED,
            error=type(error).__name__,
            exit_code=int(ExitCode.BUG),
        )
    return replace(
        known,
        outcome=Outcome.BROKEN_OFF,
        exit_code=int(ExitCode.INTERRUPTED),
    )


def _known(record: RunRecord, attempt: Attempt) -> RunRecord:
    """Return the record with what the plan and the line to the service say."""
    if attempt.opened is not None:
        line = attempt.opened.line
        record = replace(record, requests=dict(line.sent), waited=line.waited)
    if not attempt.plans:
        return record
    planned = attempt.plans[-1]
    titles = {code: tab.title for code, tab in planned.snapshot.tab.items()}
    moves: Counter[str] = Counter()
    for move in planned.plan.moves:
        source = titles.get(move.source, move.source)
        moves[f"{source} → {titles.get(move.target, move.target)}"] += 1
    return replace(
        record,
        zone=planned.snapshot.book.time_zone,
        moves=dict(moves),
        edits=len(planned.plan.edits),
        problems=dict(
            Counter(problem.code for problem in planned.plan.problems)
        ),
    )


def _begin(watch: Watch, record: RunRecord) -> None:
    try:
        watch.log.begin(record)
    except RunLogFailed as error:
        watch.note("runlog", error.message, error.fix)


def _end(
    watch: Watch, book: BookSettings, attempt: Attempt, record: RunRecord
) -> None:
    ended = replace(record, ended=watch.now().astimezone(UTC))
    try:
        watch.log.end(ended)
    except RunLogFailed as error:
        watch.note("runlog", error.message, error.fix)
    code = ended.exit_code
    _ping(watch, book, f"/{code}" if code else "", attempt)
    _write_metrics(watch)


def _write_metrics(watch: Watch) -> None:
    path = watch.settings.monitor.textfile
    if path is None:
        return
    try:
        write_textfile(path, watch.log, watch.settings, watch.now())
    except (RunLogFailed, MetricsMissing) as error:
        watch.note("textfile", error.message, error.fix)
    except OSError as error:
        text = watch.language.text
        why = text(
            "{file} cannot be used: {why}.",
            file=path,
            why=error.strerror or error,
        )
        watch.note("textfile", why, text("Check the path and the permissions."))


def _ping(
    watch: Watch, book: BookSettings, ending: str, attempt: Attempt
) -> None:
    """Tell a service that looks on, if one is named; the address is a secret, and never said."""
    if book.ping is None:
        return
    address = book.ping.get_secret_value().rstrip("/") + ending
    why = _why_not_arrived(address, attempt.number)
    if why:
        text = watch.language.text
        message = text(
            "The ping of “{book}” did not arrive: {why}.",
            book=book.name,
            why=why,
        )
        fix = text(
            "Check `ping` of the book in sheetsync.toml, and the network."
        )
        watch.note("ping", message, fix)


def _why_not_arrived(address: str, number: UUID) -> str:
    """Send a ping; return why it did not arrive, "" where it did. Never with its address."""
    try:
        for sending in stamina.retry_context(
            on=requests.RequestException,
            attempts=PING_TRIES,
            timeout=PING_TRIES * PING_SECONDS,
        ):
            with sending:
                answer = requests.get(
                    address, params={"rid": str(number)}, timeout=PING_SECONDS
                )
                return "" if answer.ok else str(answer.status_code)
    except requests.RequestException as error:
        return type(error).__name__
    return ""  # pragma: no cover  # a retry context always returns or raises
