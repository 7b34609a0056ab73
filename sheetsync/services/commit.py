"""Carrying out a plan under the lock: read the touched rows again, decide anew where they changed, write once, verify.

What is decided is the enforcer's, how it is said to a spreadsheet the sheets room's, when it may be the runner's.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from sheetsync.enforcer import carry
from sheetsync.errors import BookChanged, BrokenPromise, RequestRefused, SheetsyncError
from sheetsync.i18n import Language, language
from sheetsync.method.policy import Policy
from sheetsync.reporting import journal
from sheetsync.reports import ReportSheet, reports
from sheetsync.rules.corrections.reconcile import MisdirectedRow, Overwritten, mend
from sheetsync.rules.draft.projection import Projection
from sheetsync.services.read_and_decide import (
    Options,
    Planned,
    RunResult,
    Stuck,
    decide_upon,
    moment,
    read_and_decide,
)
from sheetsync.services.reread_under_lock import (
    Places,
    asking,
    by_sheet,
    doubtful,
    formulas_in,
    is_blank,
    still,
    touched,
)
from sheetsync.sheets.batch.batch import Batch, build
from sheetsync.sheets.batch.formulas_that_stay import other_tabs
from sheetsync.sheets.batch.row_moves import Details
from sheetsync.sheets.batch.verification import (
    ANSWER,
    AnswerCells,
    ArrivedRow,
    Misplaced,
    Verification,
    cells_of_answer,
)
from sheetsync.sheets.connection.client import SheetsConnection
from sheetsync.sheets.connection.open_book import Opened
from sheetsync.sheets.read.reader import RereadRows, read_ids, read_rows
from sheetsync.sheets.requests.notes_beside_lines import report_tab_states
from sheetsync.sheets.requests.protection import HEAD_FIELD
from sheetsync.sheets.session.lock import Claim, Lock
from sheetsync.values import Cell
from sheetsync.workbook.journal import JournalLine, LineKind
from sheetsync.workbook.plan import Plan
from sheetsync.workbook.snapshot import Grid, Snapshot

Again = Callable[[Stuck], Planned]
"""Reads and decides anew, given the rows that turned out not to be movable."""

ROUNDS = 3
"""How often a run decides anew when the base keeps changing under it."""


@dataclass(frozen=True)
class _Due:
    """A plan with all that follows from it: Journal lines and report sheets."""

    planned: Planned
    projection: Projection
    lines: tuple[JournalLine, ...]
    sheets: tuple[ReportSheet, ...]

    def idle(self, account: str | None) -> bool:
        """Tell whether there is nothing to write; that something could be counted is no reason to."""
        told = tuple(line for line in self.lines if line.what != LineKind.COUNTED)
        return replace(self, lines=told).batch({}, account).empty

    def batch(self, details: Details, account: str | None, *, guarded: bool = True) -> Batch:
        lost = self.planned.restored
        return build(
            self.projection, details, self.sheets, self.lines, account, lost, guarded=guarded
        )


def _due(opened: Opened, planned: Planned, options: Options) -> _Due:
    snapshot, policy = planned.snapshot, planned.policy
    projection = Projection(snapshot, planned.plan, policy)
    when = moment(snapshot.book, options, local=opened.path is not None)
    lines = journal.lines_of(projection, when, planned.restored)
    sheets = reports(projection, policy, planned.language, (*lines, *snapshot.journal))
    return _Due(planned, projection, lines, tuple(sheets))


def claim(
    opened: Opened, planned: Planned, options: Options, shifting: Sequence[Grid] = ()
) -> Claim:
    """Say who takes the lock of a book, and over which tabs: the sections, where formulas may be written, where people answer.

    `shifting`: the report tabs on which people's notes go along with their lines.
    """
    grids = [tab.grid for tab in planned.snapshot.tabs]
    if planned.plan.moves:
        grids += other_tabs(planned.snapshot, planned.policy)
    grids += [grid for _, grid, _ in asking(planned.snapshot, planned.policy)]
    tabs = tuple(dict.fromkeys(grid.sheet_id for grid in (*grids, *shifting)))
    return Claim(opened.line, planned.language, opened.account, tabs, options.now, options.holder)


def commit(opened: Opened, planned: Planned, options: Options, again: Again) -> RunResult:
    """Write a plan and everything that follows from it; nothing is sent where there is nothing to write.

    `again` reads and decides anew, given the rows that are not movable after all, and raises where that may not be carried out. Raises BookLocked, BookChanged (after
    three rounds of changes under the lock), BrokenPromise. Where the owner typed past the lock, what that has shifted is put
    right and told in the `notes`.
    """
    due, written = _commit(opened, planned, options, again)
    if written is None:
        return RunResult(due.planned, wrote=False, requests=dict(opened.line.sent))
    notes = (
        _mended(opened, due, written, options)
        if written.strangers or written.shifted or written.overwritten
        else ()
    )
    if written.edited:
        text = due.planned.language.text
        rows = "; ".join(written.edited[:20])
        notes = (
            *notes,
            text(
                "Somebody typed into these rows while they moved; look whether all is there: {rows}.",
                rows=rows,
            ),
        )
    if written.unguarded:
        notes = (*notes, _nobody(due.planned))
    return RunResult(due.planned, wrote=True, requests=dict(opened.line.sent), notes=notes)


def _nobody(planned: Planned) -> str:
    """Say that the head's column could not be protected."""
    heading = planned.policy.words.name("columns", HEAD_FIELD)
    return planned.language.text(
        "“{heading}” could not be kept for {email} alone: check the e-mail of the head of sales.",
        heading=heading,
        email=planned.policy.head.email,
    )


def _commit(
    opened: Opened, planned: Planned, options: Options, again: Again
) -> tuple[_Due, "_Written | None"]:
    """Carry out a plan once under the lock; nothing is sent where there is nothing to write."""
    due = _due(opened, planned, options)
    if planned.plan.empty and planned.restored is None and due.idle(opened.account):
        return due, None
    moved = shifting(due.sheets, planned.snapshot)
    lock = claim(opened, planned, options, moved).take(planned.snapshot.book.standing)
    try:
        due, details = _settled(opened, due, options, lock, again)
        batch = due.batch(details, opened.account)
        if batch.empty:  # what was to be done turned out not to be possible
            return due, None
        try:
            return due, _send(opened, due, batch, details, lock)
        except RequestRefused:
            if not batch.column_protections:
                raise
        return due, _unguarded(opened, due, details, lock)
    finally:
        lock.release()


def computed(opened: Opened, planned: Planned) -> Stuck:
    """Return what only formulas tell of the rows that a plan touches and values do not tell enough of; one request, or none."""
    rows = doubtful(planned)
    return (
        formulas_in(planned, read_rows(opened.line, by_sheet(planned.snapshot, rows)).cells)
        if rows
        else frozenset()
    )


def _unguarded(opened: Opened, due: _Due, details: Details, lock: Lock) -> "_Written":
    """Write a run whose protection of a column was refused without it, and say so: an address of nobody stops no night."""
    batch = due.batch(details, opened.account, guarded=False)
    written = _Written((), shifted=False, edited=(), pointing=())
    if not batch.empty:
        written = _send(opened, due, batch, details, lock)
    return written._replace(unguarded=True)


def foresee(opened: Opened, planned: Planned, options: Options) -> Planned:
    """Look, before anybody is locked out, at the rows that values do not tell enough of; decide anew on the same reading."""
    stuck = computed(opened, planned)
    return (
        decide_upon(replace(planned.snapshot, stuck=stuck), planned.policy, options, opened)
        if stuck
        else planned
    )


def _settled(
    opened: Opened, due: _Due, options: Options, lock: Lock, again: Again
) -> tuple[_Due, Details]:
    """Read what the plan touches, now that nobody else can type there; decide again until it is what was decided on."""
    for left in reversed(range(ROUNDS)):
        rows = again_read(
            opened.line, touched(due.planned, lock.claim.tabs), due.sheets, due.planned.snapshot
        )
        stuck = formulas_in(due.planned, rows.cells)
        held = still(due.planned, rows.cells) and in_place(
            due.sheets, due.planned.snapshot, rows.cells
        )
        if not stuck and lock.is_ours(rows.standing) and held:
            return due, rows.cells
        if left:
            due = _due(opened, again(due.planned.snapshot.stuck | stuck), options)
            lock.standing = lock.standing._replace(last=due.planned.snapshot.book.standing.last)
    raise busy(due.planned.language)


def shifting(sheets: Sequence[ReportSheet], snapshot: Snapshot) -> list[Grid]:
    """Return the report tabs on which lines change places beside which people have something, as far as that is known."""
    return [
        tab.grid for tab in report_tab_states(sheets, snapshot.book) if tab.noted and tab.areas()
    ]


def again_read(
    line: SheetsConnection, places: Places, sheets: Sequence[ReportSheet], snapshot: Snapshot
) -> RereadRows:
    """Read again what is touched, and what stands beside the lines of reports that change places: one request."""
    areas = [area for tab in report_tab_states(sheets, snapshot.book) for area in tab.areas()]
    return read_rows(line, places, areas) if areas else read_rows(line, places)


def in_place(sheets: Sequence[ReportSheet], snapshot: Snapshot, details: Details) -> bool:
    """Tell whether the lines of these reports still stand in the rows in which they were read."""
    return all(tab.unchanged() for tab in report_tab_states(sheets, snapshot.book, details))


def held_still(opened: Opened, snapshot: Snapshot, policy: Policy) -> None:
    """Raise BookChanged where the headings of a base are not any more what was read."""
    rows = read_rows(opened.line, {tab.grid.sheet_id: [tab.header] for tab in snapshot.tabs})
    untouched = Planned(snapshot, policy, Plan(snapshot.book.id, date.min), ())
    if not still(untouched, rows.cells):
        raise busy(language(policy.words.language))


class _Written(NamedTuple):
    """What a write's answer shows: rows that moved in another's stead, whether rows came or went, rows typed into.

    `pointing`: where the formulas stand that were aimed anew; `unguarded`: the head's column could not be protected.
    """

    strangers: tuple[MisdirectedRow, ...]
    shifted: bool
    edited: tuple[str, ...]
    pointing: tuple[str, ...]
    overwritten: tuple[Overwritten, ...] = ()
    unguarded: bool = False


def afterwards(opened: Opened, batch: Batch) -> None:
    """Keep the answers to the head of sales, once all is written: an address that the service refuses may not stop a night."""
    if batch.afterwards:
        with suppress(SheetsyncError):
            opened.line.write({"requests": [*batch.afterwards]}, "spreadsheetId")


def _send(opened: Opened, due: _Due, batch: Batch, details: Details, lock: Lock) -> _Written:
    """Write, and check what was written by the answer: ids, and every moved row by content.

    Raises BrokenPromise where a row that was to move stands nowhere, or twice.
    """
    answer = lock.write(batch.body, ANSWER)
    afterwards(opened, batch)
    if answer is None:
        answer = {"updatedSpreadsheet": read_ids(opened.line, batch.body["responseRanges"])}
    verification, found = batch.verification, cells_of_answer(answer)
    misplaced, strangers = verification.misplaced(found), verification.misdirected(found)
    if misplaced and not strangers:
        _count(due.planned, verification, found, misplaced)
    edited = tuple(
        f"{verification.titles[landed.sheet_id]}, {landed.row + 1}"
        for landed in verification.edited(found)
    )
    over = batch.overwritten_cells.overwritten(batch.state_tab_id, found)
    hit = tuple(_stranger(landed, found, due, details) for landed in strangers)
    return _Written(
        hit, bool(misplaced), edited, tuple(pointer.where for pointer in batch.pointers), over
    )


def _count(
    planned: Planned, verification: Verification, found: AnswerCells, misplaced: Sequence[Misplaced]
) -> None:
    """Raise BrokenPromise where a moved row's id is not found exactly once in all tabs together."""
    standing = Counter(
        str(cell)
        for (sheet_id, _, column), cell in found.items()
        if column == verification.columns.get(sheet_id)
    )
    if all(standing[move.id] == 1 for move in planned.plan.moves):
        return
    text = planned.language.text
    rows = "; ".join(
        f"{verification.titles[wrong.sheet_id]}, {wrong.row + 1}: {wrong.id}"
        for wrong in misplaced[:20]
    )
    raise BrokenPromise(
        text("After writing, some rows are not where they should be: {rows}.", rows=rows),
        fix=text(
            "Somebody may have edited the base in that second. Look at these rows and at the Journal."
        ),
    )


def _stranger(
    landed: ArrivedRow, found: AnswerCells, due: _Due, details: Details
) -> MisdirectedRow:
    move, snapshot = landed.move, due.planned.snapshot
    columns = {at: name for name, at in snapshot.tab[move.target].fields.items()}
    held = tuple(
        (columns[at], found.get((landed.sheet_id, landed.row, at)))
        for at in landed.telling
        if at in columns
    )
    cells = details.get((snapshot.tab[move.source].grid.sheet_id, move.row - 1), ())
    blurred = any(
        "formulaValue" in (cell.get("userEnteredValue") or {}) or cell.get("note") for cell in cells
    )
    place = f"{snapshot.tab[move.target].title}, {landed.row + 1}"
    return MisdirectedRow(move, held, place, blurred, landed.row + 1, landed.written)


def _blanks(
    opened: Opened, planned: Planned, strangers: Sequence[MisdirectedRow]
) -> dict[tuple[str, int], Mapping[int, Cell]]:
    """Look whole at the rows that seem to have moved empty; return those that certainly are, with what we wrote there."""
    snapshot = planned.snapshot
    empty = {(s.meant.target, s.row): s.written for s in strangers if not s.name and not s.blurred}
    rows = {place: written for place, written in empty.items() if place[0] in snapshot.tab}
    if not rows:
        return {}
    cells = read_rows(opened.line, by_sheet(snapshot, rows)).cells
    sheets = {place: snapshot.tab[place[0]].grid.sheet_id for place in rows}
    return {
        place: written
        for place, written in rows.items()
        if is_blank(cells.get((sheets[place], place[1] - 1), ()), written)
    }


def _mended(opened: Opened, due: _Due, written: _Written, options: Options) -> tuple[str, ...]:
    """Put right what an edit past the lock has shifted. Returns sentences for people.

    Raises BrokenPromise, having put back nothing, where a person has to look.
    """
    text = due.planned.language.text
    hit, given = list[str](), list[str]()

    def again(_: Stuck = frozenset()) -> Planned:
        planned = read_and_decide(opened, options)
        blanks = _blanks(opened, planned, written.strangers)
        mending = mend(
            due.projection,
            written.strangers,
            planned.snapshot,
            planned.language,
            blanks,
            written.overwritten,
        )
        if mending.unclear:
            fix = text(
                "Look at these rows; the version history of the spreadsheet shows them as they were."
            )
            raise BrokenPromise("; ".join(mending.unclear), fix=fix)
        hit[:], given[:] = mending.hit, mending.given
        plan = carry(mending.snapshot, planned.policy, planned.plan.today, mending.correction)
        plan = replace(plan, blanks=tuple(sorted(blanks)))
        return replace(planned, snapshot=mending.snapshot, plan=plan, alarms=(), blanks=blanks)

    _commit(opened, again(), options, again)
    said = [
        text(
            "Somebody edited the base in the second it was written; the rows were checked one by one."
        )
    ]
    if written.pointing:
        places = "; ".join(written.pointing[:20])
        said.append(
            text("Look whether these formulas read the right company: {places}.", places=places)
        )
    if hit:
        said.append(
            text(
                "Had moved by mistake: {rows}. Clients among them were put back.",
                rows="; ".join(hit),
            )
        )
    if given:
        said.append(
            text("Was typed in that second, and is given back: {rows}.", rows="; ".join(given))
        )
    return tuple(said)


def busy(spoken: Language) -> BookChanged:
    """Return the error of a base that people do not leave alone for a moment."""
    text = spoken.text
    fix = text("Run the command again in a few minutes; nothing was written.")
    return BookChanged(text("The base is being edited just now."), fix=fix)
