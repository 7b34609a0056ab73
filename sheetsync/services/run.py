"""One run on one book: read, decide, guard, and carry out under the lock; apply, report and unlock beside it.

Knows the order of things; what to do is the enforcer's, how it is carried out committing.py's.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace

from sheetsync.enforcer import carry
from sheetsync.errors import ChangesPending, InputError, PlanRefused, SheetsyncError
from sheetsync.method.policy import Policy
from sheetsync.rules.capacity.handover import Handover, HandoverRequest, hand_over
from sheetsync.rules.corrections.deleted_rows import lost_row
from sheetsync.rules.corrections.undo import Run, last_deed, reverse, runs
from sheetsync.rules.draft.projection import fingerprint
from sheetsync.rules.safeguards import tripped
from sheetsync.services.commit import commit, computed, foresee
from sheetsync.services.read_and_decide import (
    Options,
    Planned,
    RunResult,
    Stuck,
    moment,
    read_and_decide,
)
from sheetsync.services.refresh_reports import commit_notice, commit_reports
from sheetsync.sheets.connection.open_book import Opened
from sheetsync.sheets.read.reader import read_book
from sheetsync.sheets.session.lock import free, is_dead, read_standing
from sheetsync.workbook.lock_lease import Lease
from sheetsync.workbook.plan import Correction, Plan
from sheetsync.workbook.snapshot import Snapshot

__all__ = [
    "Options",
    "Planned",
    "RunResult",
    "apply",
    "free_dead",
    "handover",
    "moment",
    "past_runs",
    "preview",
    "read_and_decide",
    "report",
    "restore",
    "run",
    "undo",
    "unlock",
]


def _guard(planned: Planned, options: Options) -> None:
    """Stop before the first changing run, or where a limit of safety is broken, until a person says yes."""
    if options.force:
        return
    text = planned.language.text
    if planned.alarms:  # a run writes what it remembers even where it moves nothing
        fix = text("Look at the base and the plan; `run --force` goes ahead.")
        raise ChangesPending(text("Stopped for safety:") + " " + " ".join(planned.alarms), fix=fix)
    if planned.snapshot.first_run and not planned.plan.empty:
        fix = text("Read the plan; then `run --force`, or `plan -o FILE` and `apply FILE`.")
        raise ChangesPending(
            text("This would be the first run on this base; nothing was written."), fix=fix
        )


def preview(opened: Opened, options: Options) -> Planned:
    """Read a book and decide as a run would; writes nothing."""
    return foresee(opened, read_and_decide(opened, options), options)


def run(
    opened: Opened, options: Options, shown: Callable[[Planned], None] | None = None
) -> RunResult:
    """Plan and apply once. `shown` is given the plan before anything is written.

    Raises ChangesPending where a person's word is needed, BookLocked where another run is at work, BookChanged after
    three rounds of being edited under it.
    """
    planned = preview(opened, options)
    if shown is not None:
        shown(planned)
    try:
        _guard(planned, options)
    except ChangesPending as stop:
        if planned.alarms:
            with suppress(SheetsyncError):  # the stop itself is what has to be told
                commit_notice(opened, planned, options, f"{stop.message} {stop.fix}")
        raise

    def again(stuck: Stuck) -> Planned:
        anew = read_and_decide(opened, options, stuck)
        _guard(anew, options)
        return anew

    return commit(opened, planned, options, again)


def apply(opened: Opened, plan: Plan, options: Options) -> RunResult:
    """Carry out a saved plan, exactly. Raises PlanRefused where a row it touches has changed since."""
    then = replace(options, today=plan.today)
    planned = read_and_decide(opened, then)
    text = planned.language.text
    if plan.book != planned.snapshot.book.id:
        raise PlanRefused(
            text("This plan was made for another book."),
            fix=text("Make a new plan: `sheetsync plan BOOK -o FILE`."),
        )

    def fits(anew: Planned) -> Planned:
        changed = _changed(anew.snapshot, plan)
        if changed:
            raise _stale(anew, changed)
        return Planned(anew.snapshot, anew.policy, plan, ())

    def again(stuck: Stuck) -> Planned:
        anew = fits(read_and_decide(opened, then))
        if stuck:
            raise _stale(
                anew, _named(anew.snapshot, [(place[0], place[1]) for place in sorted(stuck)])
            )
        return anew

    return commit(opened, fits(planned), then, again)


def _stale(planned: Planned, changed: list[str]) -> PlanRefused:
    text = planned.language.text
    rows = "; ".join(changed[:5]) + (" …" if len(changed) > 5 else "")  # noqa: PLR2004  # enough to find the place
    return PlanRefused(
        text("The base has changed since the plan was made: {rows}.", rows=rows),
        fix=text("Make a new plan: `sheetsync plan BOOK -o FILE`."),
    )


def _changed(snapshot: Snapshot, plan: Plan) -> list[str]:
    """Name the rows a plan touches that no longer hold what they held, or of which it does not say what they held."""
    marks, tabs = plan.fingerprints or {}, snapshot.tab
    bare = [(m.source, m.row) for m in plan.moves] + [
        (e.section, e.row) for e in plan.edits if not e.derived or e.field == "id"
    ]
    stale = [
        (section, row)
        for (section, row), mark in {**dict.fromkeys(bare), **marks}.items()
        if section not in tabs or fingerprint(tabs[section], row) != mark
    ]
    nowhere = [(move.source, move.row) for move in plan.moves if move.target not in tabs]
    return _named(snapshot, dict.fromkeys([*stale, *nowhere]))


def _named(snapshot: Snapshot, rows: Iterable[tuple[str, int]]) -> list[str]:
    """Name rows (section, the sheet's number) as people see them."""
    return [
        f"{snapshot.tab[section].title if section in snapshot.tab else section}, {row}"
        for section, row in rows
    ]


def report(opened: Opened, options: Options) -> RunResult:
    """Write the reports of the base as it stands; move and edit nothing, and remember nothing."""
    return commit_reports(opened, read_and_decide(opened, options), options)


WHOLE_JOURNAL = 10**6
"""Lines: more than a Journal ever holds."""


def past_runs(opened: Opened, options: Options) -> tuple[tuple[Run, ...], Policy]:
    """Return what runs have done, the newest first, out of the whole Journal; and the policy with the base's words."""
    snapshot, policy = read_book(opened.line, opened.name, options.language, WHOLE_JOURNAL)
    return runs(snapshot.journal), policy


def undo(
    opened: Opened,
    options: Options,
    wanted: str | None,
    shown: Callable[[Planned, tuple[str, ...]], None],
) -> RunResult:
    """Take back a run, the newest one where none is named, except what a person has changed since.

    `shown` is given the plan, and what is left alone, before anything is written. Raises InputError where there is no such run.
    """
    whole = replace(options, journal=WHOLE_JOURNAL)

    def backwards(stuck: Stuck = frozenset()) -> tuple[Planned, tuple[str, ...]]:
        planned = read_and_decide(opened, whole, stuck)
        run = _wanted(planned, wanted)
        back = reverse(planned.snapshot, planned.policy, run, planned.plan.today)
        plan = carry(planned.snapshot, planned.policy, planned.plan.today, back.correction)
        return replace(planned, plan=plan, alarms=()), back.left

    planned, left = backwards()
    shown(planned, left)
    if not planned.plan.moves and not any(not edit.derived for edit in planned.plan.edits):
        return RunResult(planned, wrote=False, requests=dict(opened.line.sent))
    return commit(opened, planned, whole, lambda stuck: backwards(stuck)[0])


def handover(
    opened: Opened,
    options: Options,
    wanted: HandoverRequest,
    shown: Callable[[Planned, Handover], None] | None,
    *,
    only_plan: bool,
) -> RunResult:
    """Give a manager's companies to others. `shown` is given the plan, and what stays, before anything is written.

    `only_plan`: work it out and write nothing. Raises InputError for a name that is nobody's, ChangesPending for a base that no
    run has seen yet, or where a limit of safety is broken, without `options.force`.
    """

    def spread(stuck: Stuck = frozenset()) -> tuple[Planned, Handover]:
        planned = read_and_decide(opened, options, stuck)
        handing = hand_over(planned.snapshot, planned.policy, planned.plan.today, wanted)
        plan = carry(planned.snapshot, planned.policy, planned.plan.today, handing.correction)
        return replace(
            planned, plan=plan, alarms=tripped(planned.snapshot, plan, planned.policy)
        ), handing

    planned, handing = spread()
    formulas = computed(opened, planned)
    if formulas:
        planned, handing = spread(formulas)
    if shown is not None:
        shown(planned, handing)
    if only_plan or not handing.correction.edits:
        return RunResult(planned, wrote=False, requests=dict(opened.line.sent))
    _guard(planned, options)
    return commit(opened, planned, options, lambda stuck: spread(formulas | stuck)[0])


def _wanted(planned: Planned, wanted: str | None) -> Run:
    """Return the run of that name, or the newest. Raises InputError where there is none, and for one that brought a row back."""
    text, known = planned.language.text, runs(planned.snapshot.journal)
    named = (
        last_deed(known)
        if wanted is None
        else next((run for run in known if run.run == wanted), None)
    )
    if named is not None:
        if any(line.what == "restored" for line in named.lines):
            fix = text(
                "Delete the row again by hand, or name another run: `sheetsync history BOOK` lists them."
            )
            raise InputError(
                text("Run {run} brought a deleted row back, which is not undone.", run=named.run),
                fix=fix,
            )
        return named
    if wanted is None:
        fix = text("`sheetsync run BOOK` does the first thing that can be undone.")
        raise InputError(
            text("No run has done anything to this base yet: there is nothing to undo."), fix=fix
        )
    fix = text("`sheetsync history BOOK` lists the runs.")
    raise InputError(text("The Journal knows no run {run}.", run=wanted), fix=fix)


def restore(opened: Opened, options: Options, row_id: str) -> RunResult:
    """Bring back a row that somebody has deleted, as the last run saw it: its values, not its looks.

    Raises InputError where the row stands in the base, or no run has ever seen it.
    """

    def again(_: Stuck = frozenset()) -> Planned:
        planned = read_and_decide(opened, options)
        lost = lost_row(planned.snapshot, planned.policy, row_id)
        plan = carry(planned.snapshot, planned.policy, planned.plan.today, Correction())
        return replace(planned, plan=plan, alarms=(), restored=lost)

    return commit(opened, again(), options, again)


def free_dead(opened: Opened, options: Options) -> Lease | None:
    """Free a book from a run that has died in it, and only from such a one: until then its people cannot type."""
    seen = read_standing(opened.line)
    if seen.lease is None or not is_dead(seen.lease, options.holder, options.now()):
        return None
    opened.line.write({"requests": free(seen)}, "spreadsheetId")
    return seen.lease


def unlock(opened: Opened) -> Lease | None:
    """Free a book from its lock at once, whoever holds it. Returns the lease that was ended, None where there was none.

    A run that still holds it finds its fences gone, and writes nothing.
    """
    seen = read_standing(opened.line)
    if seen.lease is not None:
        opened.line.write({"requests": free(seen)}, "spreadsheetId")
    return seen.lease
