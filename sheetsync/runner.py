"""One run on one book: read, decide, guard, read the touched rows again, write one batch, verify its answer.

Knows the order of things; what to do is the enforcer's, how to say it to a spreadsheet is the sheets room's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sheetsync import journal
from sheetsync.enforcer import decide, tripped
from sheetsync.errors import BookChanged, BookUnrecognised, BrokenPromise, ChangesPending, PlanRefused
from sheetsync.i18n import Language, language
from sheetsync.outcome import Outcome, fingerprint
from sheetsync.plan import Plan
from sheetsync.policy import Policy
from sheetsync.reports import reports
from sheetsync.sheets.address import Opened
from sheetsync.sheets.moves import Details
from sheetsync.sheets.reader import effective, read_book, read_rows
from sheetsync.sheets.writer import ANSWER, Batch, build, build_reports, misplaced
from sheetsync.snapshot import Book, Snapshot

ROUNDS = 3
"""How often a run decides anew when touched rows keep changing under it."""


@dataclass(frozen=True)
class Options:
    """How to run. `today` None: the day it is in the book's own zone. `force`: a person has said yes."""

    today: date | None = None
    force: bool = False
    language: str | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


@dataclass(frozen=True)
class Planned:
    """A book read and decided upon."""

    snapshot: Snapshot
    policy: Policy
    plan: Plan
    alarms: tuple[str, ...]

    @property
    def language(self) -> Language:
        """The language the base is kept in."""
        return language(self.policy.words.language)


@dataclass(frozen=True)
class Done:
    """What a run did. `wrote`: whether anything was sent; `requests`: how many, of each kind."""

    planned: Planned
    wrote: bool
    requests: Mapping[str, int]


NO_ZONE = "Etc/GMT"
"""What a local file that was never given a zone answers."""


def moment(book: Book, options: Options, *, local: bool = False) -> datetime:
    """Return the present moment in the book's zone, on the day the run is for.

    A local file without a zone of its own lives in this machine's.
    """
    zone: ZoneInfo | None = None
    if not (local and book.time_zone == NO_ZONE):
        try:
            zone = ZoneInfo(book.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            zone = ZoneInfo("UTC")
    now = options.now().astimezone(zone)
    return now if options.today is None else datetime.combine(options.today, now.time(), now.tzinfo)


def look(opened: Opened, options: Options) -> Planned:
    """Read a book and decide; writes nothing. Two requests. Raises BookUnrecognised where there is no base or no row."""
    snapshot, policy = read_book(opened.line, opened.name, options.language)
    text = language(policy.words.language).text
    if not len(snapshot.base):
        first = policy.words.name("sections", "call_base")
        fix = text("Fill in the first company on the tab “{tab}” and run the command again.", tab=first)
        raise BookUnrecognised(text("The base has no rows yet."), fix=fix)
    plan = decide(snapshot, policy, moment(snapshot.book, options, local=opened.path is not None).date())
    return Planned(snapshot, policy, plan, tripped(snapshot, plan, policy))


def _guard(planned: Planned, options: Options) -> None:
    """Stop before the first changing run, or where a limit of safety is broken, until a person says yes."""
    if options.force or planned.plan.empty:
        return
    text = planned.language.text
    if planned.alarms:
        fix = text("Look at the base and the plan; `run --force` goes ahead.")
        raise ChangesPending(text("Stopped for safety:") + " " + " ".join(planned.alarms), fix=fix)
    if planned.snapshot.first_run:
        fix = text("Read the plan; then `run --force`, or `plan -o FILE` and `apply FILE`.")
        raise ChangesPending(text("This would be the first run on this base; nothing was written."), fix=fix)


def run(opened: Opened, options: Options, shown: Callable[[Planned], None] | None = None) -> Done:
    """Plan and apply once. `shown` is given the plan before anything is written.

    Raises ChangesPending where a person's word is needed, BookChanged after three rounds of being edited under it.
    """
    planned = look(opened, options)
    for left in reversed(range(ROUNDS)):
        if shown is not None:
            shown(planned)
            shown = None
        _guard(planned, options)
        done = _write(opened, planned, options)
        if done is not None:
            return done
        planned = look(opened, options) if left else planned
    text = planned.language.text
    raise BookChanged(
        text("The base is being edited just now."), fix=text("Run the command again later; nothing was written.")
    )


def apply(opened: Opened, plan: Plan, options: Options) -> Done:
    """Carry out a saved plan, exactly. Raises PlanRefused where a row it touches has changed since."""
    planned = look(opened, Options(plan.today, options.force, options.language, options.now))
    text = planned.language.text
    if plan.book != planned.snapshot.book.id:
        raise PlanRefused(
            text("This plan was made for another book."), fix=text("Make a new plan: `sheetsync plan BOOK -o FILE`.")
        )
    changed = _changed(planned.snapshot, plan)
    done = None if changed else _write(opened, Planned(planned.snapshot, planned.policy, plan, ()), Options(plan.today, options.force, options.language, options.now))  # fmt: skip
    if done is None:
        rows = ", ".join(changed[:5]) + (" …" if len(changed) > 5 else "")  # noqa: PLR2004  # enough to find the place
        raise PlanRefused(
            text("The base has changed since the plan was made: {rows}.", rows=rows or text("just now")),
            fix=text("Make a new plan: `sheetsync plan BOOK -o FILE`."),
        )
    return done


def _changed(snapshot: Snapshot, plan: Plan) -> list[str]:
    """Name the rows a plan touches that no longer hold what they held, or of which it does not say what they held."""
    marks = plan.fingerprints or {}
    bare = [(m.source, m.row) for m in plan.moves] + [(e.section, e.row) for e in plan.edits if not e.derived or e.field == "id"]  # fmt: skip
    return [
        f"{snapshot.tab[section].title if section in snapshot.tab else section}, {row}"
        for (section, row), mark in {**dict.fromkeys(bare), **marks}.items()
        if section not in snapshot.tab or fingerprint(snapshot.tab[section], row) != mark
    ]


def _write(opened: Opened, planned: Planned, options: Options) -> Done | None:
    """Write the plan and everything that follows from it. None where a touched row changed since it was read."""
    snapshot, plan, policy = planned.snapshot, planned.plan, planned.policy
    outcome = Outcome(snapshot, plan, policy)
    lines = (
        () if plan.empty else journal.lines_of(outcome, moment(snapshot.book, options, local=opened.path is not None))
    )
    sheets = reports(outcome, policy, planned.language, (*lines, *snapshot.journal))
    places: dict[int, list[int]] = {}
    for section, row in plan.fingerprints or {}:
        places.setdefault(snapshot.tab[section].grid.sheet_id, []).append(row - 1)
    details = read_rows(opened.line, places)
    if not _still(snapshot, plan, details):
        return None
    batch = build(outcome, details, sheets, lines, opened.account)
    if batch.empty:
        return Done(planned, wrote=False, requests=dict(opened.line.sent))
    answer = opened.line.write(batch.body, ANSWER)
    _verify(planned, batch, answer)
    return Done(planned, wrote=True, requests=dict(opened.line.sent))


def _still(snapshot: Snapshot, plan: Plan, details: Details) -> bool:
    """Tell whether the touched rows, as read again, hold what was decided upon."""
    for (section, row), mark in (plan.fingerprints or {}).items():
        tab = snapshot.tab[section]
        cells = details.get((tab.grid.sheet_id, row - 1), ())
        again = [effective(cell) for cell in cells]
        held = replace(tab, grid=replace(tab.grid, cells=[*[()] * (row - 1), again]))
        if fingerprint(held, row) != mark:
            return False
    return True


def _verify(planned: Planned, batch: Batch, answer: object) -> None:
    """Raise BrokenPromise where an id does not stand where the plan put it."""
    headers = {tab.grid.sheet_id: tab.header for tab in planned.snapshot.tabs}
    wrong = misplaced(batch, answer, headers)
    if not wrong:
        return
    text, titles = planned.language.text, {tab.grid.sheet_id: tab.title for tab in planned.snapshot.tabs}
    rows = "; ".join(f"{titles[sheet_id]}, {row + 1}: {row_id}" for sheet_id, row, row_id in wrong[:20])
    raise BrokenPromise(
        text("After writing, some rows are not where they should be: {rows}.", rows=rows),
        fix=text("Somebody may have edited the base in that second. Look at these rows and at the Journal."),
    )


def report(opened: Opened, options: Options) -> Done:
    """Write the reports of the base as it stands; move and edit nothing, and remember nothing."""
    planned = look(opened, options)
    bare = replace(planned, plan=replace(planned.plan, moves=(), edits=(), fingerprints={}))
    outcome = Outcome(bare.snapshot, bare.plan, bare.policy)
    sheets = reports(outcome, bare.policy, bare.language, bare.snapshot.journal)
    batch = build_reports(outcome, sheets)
    if batch.empty:
        return Done(bare, wrote=False, requests=dict(opened.line.sent))
    opened.line.write(batch.body, ANSWER)
    return Done(bare, wrote=True, requests=dict(opened.line.sent))
