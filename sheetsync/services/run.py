"""One run on one book: read, decide, guard; lock, read again, write, verify.

Apply, undo, handover, restore and report go the same way. What to do is the enforcer's, all that
happens under the lock is `commit`'s.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from sheetsync.enforcer import carry
from sheetsync.errors import (
    ChangesPending,
    InputError,
    PlanRefused,
    SheetsyncError,
)
from sheetsync.method.policy import Policy
from sheetsync.method.settings_tab.scalars import SCALAR
from sheetsync.rules.capacity.handover import (
    Handover,
    HandoverRequest,
    hand_over,
)
from sheetsync.rules.corrections.deleted_rows import lost_row
from sheetsync.rules.corrections.undo import Run, last_deed, reverse, runs
from sheetsync.rules.draft.fingerprint import fingerprint
from sheetsync.rules.draft.parts import remaining
from sheetsync.rules.draft.saved_plans import out_of_place
from sheetsync.rules.safeguards import Stop, how_to_go_on, stop_of, tripped
from sheetsync.services.commit import commit, foresee, formulas_touched
from sheetsync.services.planned_write import batches_needed
from sheetsync.services.read_and_decide import (
    Options,
    Planned,
    RunResult,
    Stuck,
    read_and_decide,
    result_of,
)
from sheetsync.services.refresh_reports import commit_notice, commit_reports
from sheetsync.services.touched import split_tabs, with_touched
from sheetsync.sheets.connection.open_book import Opened
from sheetsync.sheets.read.reader import read_book
from sheetsync.sheets.session.lock import (
    free,
    is_dead,
    read_standing,
    sweep,
)
from sheetsync.values import Cell
from sheetsync.workbook.added_rows import edits_beside, placed, with_rows
from sheetsync.workbook.journal import LineKind
from sheetsync.workbook.lock_lease import Standing
from sheetsync.workbook.plan import Correction, Plan
from sheetsync.workbook.snapshot import Snapshot, own_titles
from sheetsync.workbook.touched_ranges import TouchedRange

__all__ = [
    "Options",
    "Planned",
    "RunResult",
    "apply",
    "free_dead",
    "handover",
    "past_runs",
    "preview",
    "report",
    "restore",
    "run",
    "undo",
    "unlock",
]


PLACES_NAMED = 20
"""Formulas, charts and names told in one sentence at most; the plan lists all."""
ROWS_NAMED = 5
"""Rows named in one sentence at most: enough to find the place."""
WHOLE_JOURNAL = None
"""Lines: all of them, those of its volumes too."""

NOTHING_WRITTEN: Mapping[int, Cell] = {}
"""What a run has written into a row that it left behind empty."""

Place = tuple[str, int]
"""A row: its section, and the sheet's number."""


def preview(
    opened: Opened, options: Options, *, touching: bool = False
) -> Planned:
    """Read a book and decide as a run would; writes nothing.

    `touching`: with what of the team's own the plan touches, which is one request more; where a tab
    is split up it is asked for in any case.
    """
    planned = foresee(opened, read_and_decide(opened, options), options)
    if touching or split_tabs(planned):
        planned = with_touched(opened, planned)
    return replace(planned, batches=batches_needed(opened, planned, options))


def run(
    opened: Opened,
    options: Options,
    shown: Callable[[Planned], None] | None = None,
) -> RunResult:
    """Plan and apply once. `shown` is given the plan before anything is written.

    Raises ChangesPending where a person's word is needed, BookLocked where another run is at work,
    BookChanged after three rounds of being edited under it.
    """
    planned = preview(opened, options)
    if shown is not None:
        shown(planned)
    try:
        _guard(planned, options)
    except ChangesPending as stop:
        if planned.alarms:
            _write_notice(opened, planned, options, stop)
        # People are to be able to type while the run waits for one of them.
        with suppress(SheetsyncError):
            sweep(opened.line, planned.snapshot.book.standing)
        raise

    def decide_again(stuck: Stuck) -> Planned:
        anew = read_and_decide(opened, options, stuck)
        # What people have changed meanwhile may break a limit that the first plan kept.
        _guard(anew, options)
        return anew

    return commit(opened, planned, options, decide_again)


def _guard(planned: Planned, options: Options) -> None:
    """Stop before the first changing run, or where a limit of safety is broken.

    Raises ChangesPending until a person says yes.
    """
    if options.force:
        return
    text = planned.language.text
    # A run writes what it remembers even where it moves nothing, so alarms count for any plan.
    asked = _split_asked(planned)
    look = text("Look at the base and the plan; `run --force` goes ahead.")
    if planned.alarms:
        sentences = [text("Stopped for safety:"), *planned.alarms, *asked]
        stopped = _stop(planned) is not None
        fix = how_to_go_on(planned.language) if stopped else look
        raise _pending(planned, sentences, fix)
    # A first night that stopped between two batches was said yes to, and only goes on.
    begun = planned.snapshot.unfinished is not None
    if planned.snapshot.first_run and not begun and not planned.plan.empty:
        fix = text(
            "Read the plan; then `run --force`, or `plan -o FILE` and `apply FILE`."
        )
        message = text(
            "This would be the first run on this base; nothing was written."
        )
        raise _pending(planned, [message, *asked], fix)
    if asked and not begun:
        raise _pending(planned, asked, look)


def _pending(
    planned: Planned, sentences: Sequence[str], fix: str
) -> ChangesPending:
    """Return what a run stops with, and how a tab is kept whole that it would split up."""
    # Of several such tabs none can be the working list.
    if len(split_tabs(planned)) == 1:
        text = planned.language.text
        whole = text(
            "To keep the tab whole, write “no” beside “{setting}” on the tab “{tab}”.",
            setting=text(SCALAR["split_one_tab"].label),
            tab=planned.policy.words.tabs["settings"],
        )
        fix = f"{fix} {whole}"
    return ChangesPending(" ".join(sentences), fix=fix)


def _split_asked(planned: Planned) -> list[str]:
    """Say what of the team's own a tab that is split up changes, and what of it cannot be kept."""
    tabs = split_tabs(planned)
    if not tabs:
        return []
    spoken = planned.language
    titles = ", ".join(map(spoken.quoted, tabs))
    kept = [touched for touched in planned.touched if not touched.why]
    lost = [touched for touched in planned.touched if touched.why]
    sentences = []
    if kept:
        sentences.append(
            spoken.text(
                "The rows of {tabs} go to several tabs. These will read all of them: {places}.",
                tabs=titles,
                places=_places(kept),
            )
        )
    if lost:
        sentences.append(
            spoken.text(
                "The rows of {tabs} go to several tabs. These cannot follow, and will read "
                "fewer rows than now: {places}.",
                tabs=titles,
                places=_places(lost),
            )
        )
    return sentences


def _places(touched: Sequence[TouchedRange]) -> str:
    places = [*dict.fromkeys(reader.where for reader in touched)]
    names = "; ".join(places[:PLACES_NAMED])
    return f"{names} …" if len(places) > PLACES_NAMED else names


def _stop(planned: Planned) -> Stop | None:
    """Return the stop of a plan that the head may release, None for no such."""
    return stop_of(planned.snapshot, planned.plan, planned.policy)


def _write_notice(
    opened: Opened, planned: Planned, options: Options, stop: ChangesPending
) -> None:
    """Say on the summary why a run has stopped, if that can be written."""
    titles = own_titles(planned.policy, "summary")
    has_summary = planned.snapshot.book.titled(*titles) is not None
    # The stop itself is what has to be told, whatever becomes of its notice.
    with suppress(SheetsyncError):
        if has_summary and _stop(planned) is not None:
            commit_reports(opened, planned, options)
            return
        commit_notice(opened, planned, options, f"{stop.message} {stop.fix}")


def apply(opened: Opened, plan: Plan, options: Options) -> RunResult:
    """Carry out a saved plan, exactly.

    Raises PlanRefused where it is another book's, or a row it touches has changed since.
    """
    as_of_plan = replace(options, today=plan.today)
    left = plan

    def part_written(part: Plan) -> None:
        nonlocal left
        left = remaining(left, part)

    def checked(planned: Planned) -> Planned:
        changed = _changed_rows(planned.snapshot, left)
        wrong = out_of_place(planned.snapshot, left, planned.policy)
        if wrong and not changed:
            raise _altered(planned, wrong)
        if changed:
            raise _stale(planned, changed)
        # No alarms: whoever applies a plan has read it, and says yes to it.
        return Planned(planned.snapshot, planned.policy, left, ())

    def decide_again(stuck: Stuck) -> Planned:
        planned = checked(read_and_decide(opened, as_of_plan))
        if stuck:
            rows = [(section, row) for section, row, *_ in sorted(stuck)]
            raise _stale(planned, rows)
        return planned

    planned = read_and_decide(opened, as_of_plan)
    if plan.book != planned.snapshot.book.id:
        text = planned.language.text
        raise PlanRefused(
            text("This plan was made for another book."),
            fix=text("Make a new plan: `sheetsync plan BOOK -o FILE`."),
        )
    return commit(
        opened, checked(planned), as_of_plan, decide_again, part_written
    )


def _altered(planned: Planned, wrong: Sequence[Place]) -> PlanRefused:
    """Return the error for a plan that says of rows what no plan of this program does."""
    text = planned.language.text
    rows = [_name_of(planned.snapshot, place) for place in wrong if place[0]]
    return PlanRefused(
        text(
            "This plan was altered: it asks for what no plan of this program does ({rows}).",
            rows="; ".join(rows[:ROWS_NAMED]) or "?",
        ),
        fix=text("Make a new plan: `sheetsync plan BOOK -o FILE`."),
    )


def _stale(planned: Planned, changed: Sequence[Place]) -> PlanRefused:
    text = planned.language.text
    names = [_name_of(planned.snapshot, place) for place in changed]
    rows = "; ".join(names[:ROWS_NAMED])
    if len(names) > ROWS_NAMED:
        rows += " …"
    return PlanRefused(
        text(
            "The base has changed since the plan was made: {rows}.", rows=rows
        ),
        fix=text("Make a new plan: `sheetsync plan BOOK -o FILE`."),
    )


def _changed_rows(snapshot: Snapshot, plan: Plan) -> list[Place]:
    """Return the rows a plan touches that no longer hold what they held.

    So do those of which it does not say what they held, and those that would move to no tab.
    """
    tabs = snapshot.tab
    marks: dict[Place, str | None] = {}
    for move in plan.moves:
        marks[move.source, move.row] = None
    for edit in plan.edits:
        # Any run works out anew what is derived, but an id on another row gives it another's past.
        if not edit.derived or edit.field == "id":
            marks[edit.section, edit.row] = None
    for removal in plan.removals:
        marks[removal.section, removal.row] = None
    marks |= plan.fingerprints or {}
    changed = []
    for place, mark in marks.items():
        # None is no fingerprint, so a row of which the plan says nothing counts as changed.
        section, row = place
        if section not in tabs or fingerprint(tabs[section], row) != mark:
            changed.append(place)
    nowhere_to = [
        (move.source, move.row)
        for move in plan.moves
        if move.target not in tabs
    ]
    return list(dict.fromkeys([*changed, *nowhere_to]))


def _name_of(snapshot: Snapshot, place: Place) -> str:
    """Name a row as people see it."""
    section, row = place
    title = snapshot.tab[section].title if section in snapshot.tab else section
    return f"{title}, {row}"


def report(opened: Opened, options: Options) -> RunResult:
    """Write the reports of the base as it stands; move and edit nothing, and remember nothing."""
    return commit_reports(opened, read_and_decide(opened, options), options)


def past_runs(
    opened: Opened, options: Options
) -> tuple[tuple[Run, ...], Policy]:
    """Return what runs have done, the newest first, and the policy with the base's words.

    The whole Journal is read.
    """
    snapshot, policy = read_book(
        opened.line, opened.name, options.language, WHOLE_JOURNAL
    )
    return runs(snapshot.journal), policy


def undo(
    opened: Opened,
    options: Options,
    name: str | None,
    shown: Callable[[Planned, tuple[str, ...]], None],
) -> RunResult:
    """Take back a run, except what a person has changed since. `name` None: the newest one.

    `shown` is given the plan, and what is left alone, before anything is written. Raises InputError
    where there is no such run.
    """
    # The run to take back may be older than the lines that a night reads.
    whole = replace(options, journal=WHOLE_JOURNAL)

    chosen = name

    def reversed_run(
        stuck: Stuck = frozenset(),
    ) -> tuple[Planned, tuple[str, ...]]:
        nonlocal chosen
        planned = read_and_decide(opened, whole, stuck)
        run = _run_named(planned, chosen)
        # Once a part of it is written, the newest run is this undo.
        chosen = run.run
        reversal = reverse(
            planned.snapshot, planned.policy, run, planned.plan.today
        )
        return carrying(planned, reversal.correction), reversal.left

    planned, left_alone = reversed_run()
    shown(planned, left_alone)
    # Derived cells are written by the next night anyway, and are no undoing.
    rows_change = planned.plan.moves or planned.plan.removals or planned.added
    if not rows_change and all(edit.derived for edit in planned.plan.edits):
        return result_of(opened, planned, wrote=False)
    return commit(opened, planned, whole, lambda stuck: reversed_run(stuck)[0])


def carrying(planned: Planned, correction: Correction) -> Planned:
    """Return the plan that carries out what a person chose, in place of the night's."""
    snapshot = planned.snapshot
    policy = planned.policy
    added = placed(snapshot, correction.added)
    if added:
        beside = edits_beside(snapshot, added, added[0].source)
        correction = correction._replace(edits=(*correction.edits, *beside))
        snapshot = with_rows(snapshot, added, policy)
    plan = carry(snapshot, policy, planned.plan.today, correction)
    if added:
        plan = _without_marks(plan, {row.id for row in added})
    # What a run left behind empty is deleted only if it is empty still.
    # The alarms were the night's plan's, which is not carried out.
    return replace(
        planned,
        snapshot=snapshot,
        plan=plan,
        alarms=(),
        added=added,
        blanks=dict.fromkeys(plan.blanks, NOTHING_WRITTEN),
    )


def _without_marks(plan: Plan, ids: Collection[str]) -> Plan:
    """Return a plan that rests on nothing of these rows, as they are not there yet."""
    new = {(edit.section, edit.row) for edit in plan.edits if edit.id in ids}
    marks = {
        place: mark
        for place, mark in (plan.fingerprints or {}).items()
        if place not in new
    }
    return replace(plan, fingerprints=marks)


def handover(
    opened: Opened,
    options: Options,
    request: HandoverRequest,
    shown: Callable[[Planned, Handover], None] | None,
    *,
    only_plan: bool,
) -> RunResult:
    """Give a manager's companies to others. `only_plan`: work it out and write nothing.

    `shown` is given the plan, and what stays, before anything is written. Raises InputError for a
    name that is nobody's; without `options.force` ChangesPending for a base that no run has seen
    yet, or where a limit of safety is broken.
    """

    def spread(stuck: Stuck = frozenset()) -> tuple[Planned, Handover]:
        planned = read_and_decide(opened, options, stuck)
        spreading = hand_over(
            planned.snapshot, planned.policy, planned.plan.today, request
        )
        planned = carrying(planned, spreading.correction)
        alarms = tripped(planned.snapshot, planned.plan, planned.policy)
        return replace(planned, alarms=alarms), spreading

    planned, spreading = spread()
    formulas = formulas_touched(opened, planned)
    # A manager's cell that is a formula stays, and is shown to stay before anybody says yes.
    if formulas:
        planned, spreading = spread(formulas)
    if shown is not None:
        shown(planned, spreading)
    if only_plan or not spreading.correction.edits:
        return result_of(opened, planned, wrote=False)
    _guard(planned, options)
    return commit(
        opened, planned, options, lambda stuck: spread(formulas | stuck)[0]
    )


def _run_named(planned: Planned, name: str | None) -> Run:
    """Return the run of that name, or the newest that did anything.

    Raises InputError where there is none, and for one that brought a row back.
    """
    text = planned.language.text
    known = runs(planned.snapshot.journal)
    if name is None:
        named = last_deed(known)
    else:
        named = next((run for run in known if run.run == name), None)
    if named is None:
        raise _no_such_run(planned, name)
    if any(line.what == LineKind.RESTORED for line in named.lines):
        fix = text(
            "Delete the row again by hand, or name another run: "
            "`sheetsync history BOOK` lists them."
        )
        message = text(
            "Run {run} brought a deleted row back, which is not undone.",
            run=named.run,
        )
        raise InputError(message, fix=fix)
    return named


def _no_such_run(planned: Planned, name: str | None) -> InputError:
    text = planned.language.text
    if name is None:
        fix = text(
            "`sheetsync run BOOK` does the first thing that can be undone."
        )
        return InputError(
            text(
                "No run has done anything to this base yet: there is nothing to undo."
            ),
            fix=fix,
        )
    fix = text("`sheetsync history BOOK` lists the runs.")
    return InputError(
        text("The Journal knows no run {run}.", run=name), fix=fix
    )


def restore(opened: Opened, options: Options, row_id: str) -> RunResult:
    """Bring back a row that somebody has deleted, as the last run saw it; not its looks.

    Raises InputError where the row stands in the base, or no run has ever seen it.
    """

    def decide(_: Stuck = frozenset()) -> Planned:
        planned = read_and_decide(opened, options)
        lost = lost_row(planned.snapshot, planned.policy, row_id)
        return replace(carrying(planned, Correction()), restored=lost)

    return commit(opened, decide(), options, decide)


def free_dead(opened: Opened, options: Options) -> Standing | None:
    """Free a book from a run that has died in it, and only from such a one.

    Until then its people cannot type. Returns what was ended, None where there was nothing.
    """
    standing = read_standing(opened.line)
    if standing.lease is None or is_dead(
        standing.lease, options.holder, options.now()
    ):
        return _freed(opened, standing)
    return None


def unlock(opened: Opened) -> Standing | None:
    """Free a book from its lock at once, whoever holds it; a run that does writes nothing any more.

    Returns what was ended, and what our account may not end; None where there was nothing.
    """
    return _freed(opened, read_standing(opened.line))


def _freed(opened: Opened, standing: Standing) -> Standing | None:
    if not standing.is_free:
        opened.line.write({"requests": free(standing)}, "spreadsheetId")
        return standing
    return standing if standing.beyond else None
