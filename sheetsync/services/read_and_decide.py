"""A book read and decided upon: the options of a run, the day it is for, what would be done.

Nothing is written here; carrying out is left to `commit`, the order of things to `run`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sheetsync.enforcer import decide
from sheetsync.errors import BookUnrecognised
from sheetsync.i18n import Language, language
from sheetsync.method.codes import SectionCode
from sheetsync.method.policy import Policy
from sheetsync.rules.changes.settings_changes import under_known_head
from sheetsync.rules.corrections.deleted_rows import LostRow
from sheetsync.rules.safeguards import tripped
from sheetsync.services.stages import (
    OnProgress,
    Progress,
    Stage,
    in_silence,
)
from sheetsync.sheets.connection.open_book import Opened
from sheetsync.sheets.read.reader import read_book
from sheetsync.sheets.session.lock import holder
from sheetsync.values import Cell
from sheetsync.workbook.journal import JOURNAL_LINES
from sheetsync.workbook.plan import NewRow, Plan
from sheetsync.workbook.snapshot import NO_ZONE, Book, Snapshot
from sheetsync.workbook.touched_ranges import TouchedRange


@dataclass(frozen=True)
class Options:
    """How to run. `today` None: the day it is in the book's own zone.

    `force`: a person has said yes to what a run would wait for.
    `language`: what the base is to be read in, None: what it is found to be kept in.
    `now`: the machine's clock. `holder`: who takes the lock. `journal`: how many lines are
    read, None: all.
    `on_progress`: is told each stage of the run.
    """

    today: date | None = None
    force: bool = False
    language: str | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    holder: str = field(default_factory=holder)
    journal: int | None = JOURNAL_LINES
    on_progress: OnProgress = in_silence


@dataclass(frozen=True)
class Planned:
    """A book read and decided upon. `alarms`: the limits of safety that the plan breaks, in words.

    `restored`: the deleted row that the run brings back, which no plan can say. `added`: rows that
    come with the run; `snapshot` has them already, as it will be read once they are written.
    `blanks`: what the plan's blank rows hold all the same, by column: cells that a write of ours
    has put there. `batches`: in how many batches it is to be written, as far as that is known.
    `touched`: what of the team's own reads the rows that move, where somebody has looked.
    """

    snapshot: Snapshot
    policy: Policy
    plan: Plan
    alarms: tuple[str, ...]
    restored: LostRow | None = None
    added: tuple[NewRow, ...] = ()
    blanks: Mapping[tuple[str, int], Mapping[int, Cell]] = field(
        default_factory=dict
    )
    batches: int = 1
    touched: tuple[TouchedRange, ...] = ()

    @property
    def language(self) -> Language:
        """The language the base is kept in."""
        return language(self.policy.words.language)


@dataclass(frozen=True)
class RunResult:
    """What a run did. `wrote`: whether anything was sent.

    `requests`: how many, `read` and `write`; `notes`: what people should look at, in words.
    """

    planned: Planned
    wrote: bool
    requests: Mapping[str, int]
    notes: tuple[str, ...] = ()


def result_of(
    opened: Opened,
    planned: Planned,
    *,
    wrote: bool,
    notes: tuple[str, ...] = (),
) -> RunResult:
    """Return what a run did, with the requests that were sent so far."""
    return RunResult(planned, wrote, dict(opened.line.sent), notes)


StuckPart = tuple[str, int] | tuple[str, int, str]
Stuck = frozenset[StuckPart]
"""What only formulas tell: rows that cannot be moved (section, the sheet's number), and cells that
are formulas (with their field)."""


def zone_of(book: Book, *, local: bool = False) -> ZoneInfo | None:
    """Return the zone that a book lives in, None: this machine's."""
    # A file that was never given a zone lives where it is kept.
    if local and book.time_zone == NO_ZONE:
        return None
    try:
        return ZoneInfo(book.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def in_own_zone(snapshot: Snapshot, policy: Policy, opened: Opened) -> Snapshot:
    """Return what was read in the zone that it lives in.

    Of a local file that is the Settings tab's to say; a Google spreadsheet has one of its own.
    """
    zone = policy.location.time_zone
    if opened.path is None or not zone:
        return snapshot
    return replace(snapshot, book=replace(snapshot.book, time_zone=zone))


def moment(book: Book, options: Options, *, local: bool = False) -> datetime:
    """Return the present moment in the book's zone, on the day the run is for. `local`: a file."""
    now = options.now().astimezone(zone_of(book, local=local))
    if options.today is None:
        return now
    return datetime.combine(options.today, now.time(), now.tzinfo)


def moment_of_run(opened: Opened, book: Book, options: Options) -> datetime:
    """Return the `moment` of a run on a book that was opened, be it a local file or Google's."""
    return moment(book, options, local=opened.path is not None)


def read_and_decide(
    opened: Opened, options: Options, stuck: Stuck = frozenset()
) -> Planned:
    """Read a book and decide; writes nothing. Two requests.

    `stuck`: rows that are known not to be movable. Raises BookUnrecognised where there is no base
    or no row.
    """
    options.on_progress(Progress(Stage.READ))
    snapshot, policy = read_book(
        opened.line, opened.name, options.language, options.journal
    )
    snapshot = in_own_zone(snapshot, policy, opened)
    # Before its frame is first asked for, which a copy would put together once more.
    snapshot = replace(snapshot, stuck=stuck, local=opened.path is not None)
    if not len(snapshot.base):
        raise _no_rows(policy)
    today = moment_of_run(opened, snapshot.book, options).date()
    snapshot, policy = under_known_head(snapshot, policy, today)
    return decide_upon(snapshot, policy, options, opened)


def _no_rows(policy: Policy) -> BookUnrecognised:
    text = language(policy.words.language).text
    tab = policy.words.name("sections", SectionCode.CALL_BASE)
    fix = text(
        "Fill in the first company on the tab “{tab}” and run the command again.",
        tab=tab,
    )
    return BookUnrecognised(text("The base has no rows yet."), fix=fix)


def decide_upon(
    snapshot: Snapshot, policy: Policy, options: Options, opened: Opened
) -> Planned:
    """Decide upon what was read; sends nothing."""
    today = moment_of_run(opened, snapshot.book, options).date()
    options.on_progress(Progress(Stage.DECIDE, len(snapshot.base)))
    plan = decide(snapshot, policy, today)
    return Planned(snapshot, policy, plan, tripped(snapshot, plan, policy))
