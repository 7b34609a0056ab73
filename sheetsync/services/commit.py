"""Carrying out a plan under the lock: read again, decide anew where it changed, write once, verify.

What is decided is the enforcer's, how it is said to a spreadsheet the sheets room's, when it may be
is left to `run`. Why a write works once: docs/adr/0003.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from itertools import count, product
from typing import NamedTuple

from sheetsync.enforcer import carry
from sheetsync.errors import (
    BrokenPromise,
    RequestRefused,
    SheetsyncError,
    WriteTooSlow,
)
from sheetsync.i18n import Language, language
from sheetsync.method.policy import Policy
from sheetsync.reports import ReportSheet
from sheetsync.rules.corrections.reconcile import Mending, MisdirectedRow, mend
from sheetsync.services.being_edited import busy
from sheetsync.services.locked import locked
from sheetsync.services.planned_write import PlannedWrite, fitting, write_of
from sheetsync.services.read_and_decide import (
    Options,
    Planned,
    RunResult,
    Stuck,
    decide_upon,
    read_and_decide,
    result_of,
)
from sheetsync.services.reread_under_lock import (
    Places,
    by_sheet,
    cells_of_row,
    doubtful_rows,
    formulas_in_the_way,
    is_blank,
    questions_on_reports,
    reach_formulas,
    still_holds,
    touched_places,
)
from sheetsync.services.stages import Progress, Stage
from sheetsync.services.write_outcome import (
    ROWS_NAMED,
    WriteOutcome,
    outcome_of,
)
from sheetsync.sheets.batch.batch import Batch
from sheetsync.sheets.batch.formulas_that_stay import other_tabs
from sheetsync.sheets.batch.verification import ANSWER, cells_of_answer
from sheetsync.sheets.connection.client import SheetsConnection
from sheetsync.sheets.connection.open_book import Opened
from sheetsync.sheets.read.book_structure import read_structure
from sheetsync.sheets.read.tab_cells import RereadRows, read_ids, read_rows
from sheetsync.sheets.requests.cells import Request, RereadCells
from sheetsync.sheets.requests.notes_beside_lines import report_tab_states
from sheetsync.sheets.requests.protection import HEAD_FIELD
from sheetsync.sheets.session.lock import Lock, sweep
from sheetsync.values import Cell
from sheetsync.workbook.plan import Plan
from sheetsync.workbook.snapshot import Grid, Snapshot

DecideAgain = Callable[[Stuck], Planned]
"""Reads and decides anew, given the rows that turned out not to be movable."""

ROUNDS = 3
"""How often a run decides anew when the base keeps changing under it."""


def tabs_to_lock(
    planned: Planned, noted_tabs: Sequence[Grid] = ()
) -> list[int]:
    """Return the tabs (sheetIds) over which the lock is taken.

    They are the sections, those whose formulas may be written, and those on which people answer.
    `noted_tabs`: the report tabs on which people's notes go along with their lines.
    """
    grids = [tab.grid for tab in planned.snapshot.tabs]
    if reach_formulas(planned):
        # A formula on any tab may point at a row that moves, or is joined to another, and is then
        # written anew.
        grids += other_tabs(planned.snapshot, planned.policy)
    # Reports are written anew, and an answer of that very second would be written over.
    for questions in questions_on_reports(planned.snapshot, planned.policy):
        grids.append(questions.grid)
    ids = [grid.sheet_id for grid in (*grids, *noted_tabs)]
    return list(dict.fromkeys(ids))


def commit(
    opened: Opened,
    planned: Planned,
    options: Options,
    again: DecideAgain,
    part_written: Callable[[Plan], None] = lambda _: None,
) -> RunResult:
    """Write a plan and everything that follows from it; nothing is sent where nothing is to be.

    What one batch cannot hold is written in several, each a whole night for some of the rows under
    a lock of its own (docs/adr/0014): `again` reads and decides anew between them, and
    `part_written` is told what each has carried out.

    `again` is given the rows that are not movable after all, and raises where that may not be
    carried out. Where the owner typed past the lock, what that has shifted is put right and told in
    the `notes`. Raises BookLocked, BookChanged (after three rounds of changes under the lock),
    BrokenPromise, NightTooLarge; where parts were written before, each says so.
    """
    write, outcome = _write_under_lock(opened, planned, options, again)
    if outcome is None:
        return result_of(opened, write.planned, wrote=False)
    night = write.night
    notes = [*_notes(opened, write, outcome, options)]
    for number in count(2):
        if write.whole:
            break
        part_written(write.planned.plan)
        counted = _counted(options, number, night.batches)
        with _after_parts(number, night.language):
            rest = again(write.planned.snapshot.stuck)
            write, outcome = _write_under_lock(opened, rest, counted, again)
            if outcome is None:
                break
            notes += _notes(opened, write, outcome, options)
    return result_of(opened, night, wrote=True, notes=tuple(notes))


@contextmanager
def _after_parts(number: int, spoken: Language) -> Iterator[None]:
    """Have an error in a later part of a night say that the parts before it are written.

    `number`: of the part (from 2). What the error itself says, as that nothing was changed, is true
    of this part alone.
    """
    try:
        yield
    except SheetsyncError as stop:
        before = spoken.text(
            "This is about part {number} of this night: the parts before it are written and stand "
            "in the Journal, and the next run goes on from there.",
            number=number,
        )
        stop.fix = f"{stop.fix} {before}".strip()
        raise


def _counted(options: Options, number: int, batches: int) -> Options:
    """Return the options with progress told as of the batch of that number."""

    def on_progress(progress: Progress) -> None:
        options.on_progress(
            progress._replace(batch=number, batches=max(number, batches))
        )

    return replace(options, on_progress=on_progress)


def _notes(
    opened: Opened,
    write: PlannedWrite,
    outcome: WriteOutcome,
    options: Options,
) -> tuple[str, ...]:
    """Put right what an edit past the lock has shifted; say what people should look at."""
    text = write.planned.language.text
    notes = []
    if outcome.wrongly_deleted:
        # First of all, as whatever is written next may take the place of their copies.
        notes.append(_put_back(opened, write, outcome, options))
    if outcome.disturbed:
        notes += _put_right(opened, write, outcome, options)
    if outcome.edited:
        rows = "; ".join(outcome.edited[:ROWS_NAMED])
        notes.append(
            text(
                "Somebody typed into these rows while they moved; "
                "look whether all is there: {rows}.",
                rows=rows,
            )
        )
    if outcome.unprotected:
        policy = write.planned.policy
        notes.append(
            text(
                "“{heading}” could not be kept for {email} alone: "
                "check the e-mail of the head of sales.",
                heading=policy.words.name("columns", HEAD_FIELD),
                email=policy.head.email,
            )
        )
    if outcome.not_aged:
        notes.append(
            text(
                "The Journal's oldest lines could not go into “{tab}” and stay where they are: "
                "look whether the spreadsheet is full.",
                tab=outcome.not_aged,
            )
        )
    if outcome.ranges_left:
        places = dict.fromkeys(outcome.ranges_left)
        notes.append(
            text(
                "These could not be given their ranges back, as they have been changed since: "
                "{places}.",
                places="; ".join([*places][:ROWS_NAMED]),
            )
        )
    return tuple(notes)


def _put_back(
    opened: Opened,
    write: PlannedWrite,
    outcome: WriteOutcome,
    options: Options,
) -> str:
    """Put back rows that went in another's stead, whole, and say so."""
    language = write.planned.language
    rows = outcome.wrongly_deleted
    titles = {
        tab.grid.sheet_id: tab.title for tab in write.planned.snapshot.tabs
    }
    requests: list[Request] = []
    # From the top down: each finds the rows above it as they were.
    for row in sorted(rows):
        requests += row.put_back()
    book = read_structure(opened.line, opened.name)
    tabs = {row.sheet_id for row in rows}
    with locked(opened, book, language, tabs, options) as lock:
        lock.write({"requests": requests}, "spreadsheetId")
    return language.text(
        "Somebody edited the base in the second it was written: other rows were deleted than "
        "those that were meant, and are back where they stood: {rows}.",
        rows="; ".join(
            f"{titles[row.sheet_id]} {row.id}".strip() for row in rows
        ),
    )


def _write_under_lock(
    opened: Opened, planned: Planned, options: Options, again: DecideAgain
) -> tuple[PlannedWrite, WriteOutcome | None]:
    """Carry out a plan, or the part of it that one batch can hold, in the time that there is.

    Returns what was written; the outcome is None where there was nothing to write.
    """
    while True:
        room = opened.line.room
        try:
            return _write_once(opened, planned, options, again)
        except WriteTooSlow:
            # What is slow is sent in halves, until nothing smaller can be made of it.
            if opened.line.room == room:
                raise
        # The lock is gone with the batch, and people may have typed since.
        planned = again(planned.snapshot.stuck)


def _write_once(
    opened: Opened, planned: Planned, options: Options, again: DecideAgain
) -> tuple[PlannedWrite, WriteOutcome | None]:
    """Carry out a plan, or a part of it, as `_write_under_lock`.

    Raises WriteTooSlow, with less room for the next batch where there can be less.
    """
    write = write_of(opened, planned, options)
    if (
        planned.plan.empty
        and planned.restored is None
        and not planned.added
        and write.idle(opened.account)
    ):
        sweep(opened.line, planned.snapshot.book.standing)
        return write, None
    noted_tabs = tabs_of_shifting_notes(write.sheets, planned.snapshot)
    tabs = tabs_to_lock(planned, noted_tabs)
    options.on_progress(Progress(Stage.LOCK, batches=planned.batches))
    with locked(
        opened, planned.snapshot.book, planned.language, tabs, options
    ) as lock:
        write, details = _settled(opened, write, options, lock, again)
        return _send(opened, write, details, lock, options)


def _settled(
    opened: Opened,
    write: PlannedWrite,
    options: Options,
    lock: Lock,
    again: DecideAgain,
) -> tuple[PlannedWrite, RereadCells]:
    """Read what the plan touches, now that nobody else can type there.

    Decide again until it is what was decided upon. Raises BookChanged after `ROUNDS` rounds.
    """
    for rounds_left in reversed(range(ROUNDS)):
        planned = write.planned
        places = touched_places(planned, lock.claim.tabs)
        options.on_progress(Progress(Stage.REREAD, batches=planned.batches))
        rows = reread(opened.line, places, write.sheets, planned.snapshot)
        stuck = formulas_in_the_way(planned, rows.cells)
        if not stuck and _is_settled(write, rows, lock):
            return write, rows.cells
        if rounds_left:
            # A new reading of values does not tell what formulas told, so that is handed on.
            write = write_of(
                opened, again(planned.snapshot.stuck | stuck), options
            )
            # What another run has written since is part of the new reading.
            last_run = write.planned.snapshot.book.standing.last
            lock.standing = lock.standing._replace(last=last_run)
    raise busy(write.planned.language)


def _is_settled(write: PlannedWrite, rows: RereadRows, lock: Lock) -> bool:
    """Tell whether the base, as read again, is what was decided upon, and the lock still ours."""
    planned = write.planned
    return (
        still_holds(planned, rows.cells)
        and stand_in_place(write.sheets, planned.snapshot, rows.cells)
        and lock.is_ours(rows.standing)
    )


def _send(
    opened: Opened,
    write: PlannedWrite,
    details: RereadCells,
    lock: Lock,
    options: Options,
) -> tuple[PlannedWrite, WriteOutcome | None]:
    """Write, without what could wait where that is refused.

    These are the protection of the head's column, old lines of the Journal that go into a volume,
    and ranges that an undo gives back. The outcome is None where nothing is left to write, as what
    was to be done turned out not to be possible.
    """
    write, batch = fitting(opened, write, details)
    if batch.empty:
        return write, None
    moves = len(write.planned.plan.moves)
    options.on_progress(
        Progress(Stage.WRITE, moves, batches=write.night.batches)
    )
    try:
        return write, _send_batch(opened, write, batch, details, lock)
    except RequestRefused as error:
        refusal = error
    # An address that is nobody's stops no night, nor does a spreadsheet that is full; and a chart
    # that the service draws but does not take stops no undo.
    for less in _without_what_can_wait(batch):
        write, smaller = fitting(
            opened,
            write,
            details,
            guarded=less.guarded,
            ageing=less.ageing,
            ranges=less.ranges,
        )
        outcome = WriteOutcome()
        try:
            if not smaller.empty:
                outcome = _send_batch(opened, write, smaller, details, lock)
        except RequestRefused as error:
            refusal = error
            continue
        return write, outcome._replace(
            unprotected=not less.guarded,
            not_aged="" if less.ageing else batch.aged,
            ranges_left=outcome.ranges_left
            if less.ranges
            else (*batch.ranges_left, *batch.ranges_back),
        )
    raise refusal


class _Less(NamedTuple):
    """What a batch is sent again with, of what could wait."""

    guarded: bool
    ageing: bool
    ranges: bool


def _without_what_can_wait(batch: Batch) -> list[_Less]:
    """Return how a batch that was refused is tried again."""
    # What is not in the batch cannot be why it was refused.
    guarded = (True, False) if batch.column_protections else (True,)
    ageing = (True, False) if batch.aged else (True,)
    ranges = (True, False) if batch.ranges_back else (True,)
    smaller = [_Less(*parts) for parts in product(guarded, ageing, ranges)]
    smaller.sort(key=lambda less: -sum(less))
    return smaller[1:]


def _send_batch(
    opened: Opened,
    write: PlannedWrite,
    batch: Batch,
    details: RereadCells,
    lock: Lock,
) -> WriteOutcome:
    """Write, and check by the answer what was written. Raises as `outcome_of` does.

    A batch that was too slow leaves less room for the next one.
    """
    line = opened.line
    try:
        answer = lock.write(batch.body, ANSWER)
    except WriteTooSlow:
        if line.room is not None:
            moves = len(write.planned.plan.moves)
            line.room = line.room.halved(batch.body, moves)
        raise
    protect_answers(opened, batch)
    if answer is None:
        # It was applied and its answer lost; what it would have told can be read.
        answer = {
            "updatedSpreadsheet": read_ids(
                opened.line, batch.body["responseRanges"]
            )
        }
    return outcome_of(write.planned, batch, cells_of_answer(answer), details)


def protect_answers(opened: Opened, batch: Batch) -> None:
    """Keep the answers on the reports to the head of sales, once all else is written.

    Raises no SheetsyncError.
    """
    # By itself, so that an address which the service refuses undoes nothing of the night.
    if batch.afterwards:
        with suppress(SheetsyncError):
            opened.line.write(
                {"requests": [*batch.afterwards]}, "spreadsheetId"
            )


def formulas_touched(opened: Opened, planned: Planned) -> Stuck:
    """Return what only formulas tell of the rows that a plan touches; one request, or none.

    Only rows of which values do not tell enough are read.
    """
    rows = doubtful_rows(planned)
    if not rows:
        return frozenset()
    details = read_rows(opened.line, by_sheet(planned.snapshot, rows)).cells
    return formulas_in_the_way(planned, details)


def foresee(opened: Opened, planned: Planned, options: Options) -> Planned:
    """Look, before anybody is locked out, at the rows of which values do not tell enough.

    Where that changes anything, it is decided anew on the same reading.
    """
    stuck = formulas_touched(opened, planned)
    if not stuck:
        return planned
    return decide_upon(
        replace(planned.snapshot, stuck=stuck), planned.policy, options, opened
    )


def tabs_of_shifting_notes(
    sheets: Sequence[ReportSheet], snapshot: Snapshot
) -> list[Grid]:
    """Return the report tabs on which lines change places beside which people have something.

    They are those of which the first reading tells it.
    """
    states = report_tab_states(sheets, snapshot.book)
    return [state.grid for state in states if state.noted and state.areas()]


def reread(
    line: SheetsConnection,
    places: Places,
    sheets: Sequence[ReportSheet],
    snapshot: Snapshot,
) -> RereadRows:
    """Read again what is touched, and what stands beside lines that change places: one request."""
    states = report_tab_states(sheets, snapshot.book)
    areas = [area for state in states for area in state.areas()]
    return read_rows(line, places, areas) if areas else read_rows(line, places)


def stand_in_place(
    sheets: Sequence[ReportSheet], snapshot: Snapshot, details: RereadCells
) -> bool:
    """Tell whether the lines of reports still stand in the rows in which they were read."""
    states = report_tab_states(sheets, snapshot.book, details)
    return all(state.unchanged() for state in states)


def check_headings(opened: Opened, snapshot: Snapshot, policy: Policy) -> None:
    """Raise BookChanged where the headings of a base are not any more what was read."""
    headings = {tab.grid.sheet_id: [tab.header] for tab in snapshot.tabs}
    rows = read_rows(opened.line, headings)
    touches_nothing = Plan(snapshot.book.id, date.min)
    # Of a plan that touches no row the headings alone are compared.
    untouched = Planned(snapshot, policy, touches_nothing, ())
    if not still_holds(untouched, rows.cells):
        raise busy(language(policy.words.language))


def _put_right(
    opened: Opened,
    write: PlannedWrite,
    outcome: WriteOutcome,
    options: Options,
) -> list[str]:
    """Put right what an edit past the lock has shifted. Returns sentences for people.

    Raises BrokenPromise, having put back nothing, where a person has to look.
    """
    mendings: list[Mending] = []

    def decide_again(_: Stuck = frozenset()) -> Planned:
        planned = read_and_decide(opened, options)
        blanks = _blank_rows(opened, planned, outcome.misdirected)
        mending = mend(
            write.projection,
            outcome.misdirected,
            planned.snapshot,
            planned.language,
            blanks,
            outcome.overwritten,
        )
        if mending.unclear:
            raise _unclear(write.planned, mending)
        # It may be decided several times; the last is what was written.
        mendings.append(mending)
        plan = carry(
            mending.snapshot,
            planned.policy,
            planned.plan.today,
            mending.correction,
        )
        # Rows that came empty in a row's stead are deleted again, if still empty under the lock.
        plan = replace(plan, blanks=tuple(sorted(blanks)))
        return replace(
            planned,
            snapshot=mending.snapshot,
            plan=plan,
            alarms=(),
            blanks=blanks,
        )

    _write_under_lock(opened, decide_again(), options, decide_again)
    return _sentences_of_mending(write.planned, outcome, mendings[-1])


def _blank_rows(
    opened: Opened, planned: Planned, misdirected: Sequence[MisdirectedRow]
) -> dict[tuple[str, int], Mapping[int, Cell]]:
    """Look whole at the rows that seem to have moved empty; one request, or none.

    Return those that certainly are, with what we wrote there, by column.
    """
    tabs = planned.snapshot.tab
    seem_empty = {}
    for row in misdirected:
        if not row.name and not row.blurred and row.meant.target in tabs:
            seem_empty[(row.meant.target, row.row)] = row.written
    if not seem_empty:
        return {}
    details = read_rows(
        opened.line, by_sheet(planned.snapshot, seem_empty)
    ).cells
    return {
        (section, row): written
        for (section, row), written in seem_empty.items()
        if is_blank(cells_of_row(details, tabs[section], row), written)
    }


def _unclear(planned: Planned, mending: Mending) -> BrokenPromise:
    fix = planned.language.text(
        "Look at these rows; the version history of the spreadsheet shows them as they were."
    )
    return BrokenPromise("; ".join(mending.unclear), fix=fix)


def _sentences_of_mending(
    planned: Planned, outcome: WriteOutcome, mending: Mending
) -> list[str]:
    text = planned.language.text
    sentences = [
        text(
            "Somebody edited the base in the second it was written; "
            "the rows were checked one by one."
        )
    ]
    if outcome.pointing:
        places = "; ".join(outcome.pointing[:ROWS_NAMED])
        sentences.append(
            text(
                "Look whether these formulas read the right company: {places}.",
                places=places,
            )
        )
    if mending.hit:
        rows = "; ".join(mending.hit)
        sentences.append(
            text(
                "Had moved by mistake: {rows}. Clients among them were put back.",
                rows=rows,
            )
        )
    if mending.given:
        rows = "; ".join(mending.given)
        sentences.append(
            text(
                "Was typed in that second, and is given back: {rows}.",
                rows=rows,
            )
        )
    return sentences
