"""A plan with all that is written with it, and the part of it that one batch can hold.

A night that is larger than a batch is written in parts: rows with all that is to be done to them
and what is remembered of them, then the reports, tab by tab. When each is sent is `commit`'s; why
no order of them can lose or double a client: docs/adr/0014.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil
from typing import TypeVar

from sheetsync.errors import BookFull, NightTooLarge
from sheetsync.reporting import journal
from sheetsync.reports import ReportSheet, reports
from sheetsync.rules.draft.parts import Row, restricted, rows_to_write
from sheetsync.rules.draft.projection import Projection
from sheetsync.services.read_and_decide import Options, Planned, moment_of_run
from sheetsync.sheets.batch.batch import Batch, build
from sheetsync.sheets.batch.builder import BatchScope
from sheetsync.sheets.connection.open_book import Opened
from sheetsync.sheets.requests.body import BatchRoom
from sheetsync.sheets.requests.cells import RereadCells
from sheetsync.sheets.requests.grid_growth import GridGrowth, growth_of
from sheetsync.sheets.requests.tab_requests import new_sheet_id
from sheetsync.workbook.journal import JournalLine, LineKind
from sheetsync.workbook.last_run_state import UnfinishedNight

_Part = TypeVar("_Part")
AIM = 0.8
"""How full the next smaller part is to be: rows are not all as long as the average."""


@dataclass(frozen=True)
class PlannedWrite:
    """A plan with all that follows from it: Journal lines and report sheets.

    `night`: the plan of the whole night; `planned`: what of it this batch carries out. `moment`: of
    the run, in the book's zone. `rows`: the rows that it is about where it is a part; `written`:
    the keys of the reports that it writes; None for all.
    """

    night: Planned
    planned: Planned
    projection: Projection
    moment: datetime
    lines: tuple[JournalLine, ...]
    sheets: tuple[ReportSheet, ...]
    rows: tuple[Row, ...] | None = None
    written: tuple[str, ...] | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing of the night is left to another batch."""
        return self.rows is None and self.written is None

    def idle(self, account: str | None) -> bool:
        """Tell whether there is nothing to write; that something could be counted is no reason."""
        # Else every night would write, and lock people out, for its counts alone.
        deeds = tuple(
            line for line in self.lines if line.what != LineKind.COUNTED
        )
        return replace(self, lines=deeds).batch({}, account).empty

    def batch(
        self,
        details: RereadCells,
        account: str | None,
        *,
        guarded: bool = True,
        ageing: bool = True,
        ranges: bool = True,
    ) -> Batch:
        """Return the one batch.

        `guarded`: with the protection of the head's column; `ageing`: with old lines of the Journal
        going into a volume; `ranges`: with those that an undo gives back.
        """
        scope = BatchScope(
            guarded,
            self._unfinished,
            self.written,
            ageing,
            self.planned.added,
            ranges,
        )
        return build(
            self.projection,
            details,
            self.sheets,
            self.lines,
            account,
            self.planned.restored,
            scope,
        )

    def load(self, batch: Batch, room: BatchRoom) -> float:
        """Return how much of its room a batch of it takes: above 1 it does not fit."""
        load = room.load(batch.body, len(self.planned.plan.moves))
        growth = self.growth(batch)
        # A book that is beyond what we know as the limit shows that there is another.
        if growth.before > room.cells:
            return load
        return max(load, growth.load(room.cells))

    def growth(self, batch: Batch) -> GridGrowth:
        """Return what a batch of it makes of the grids of the book."""
        book = self.planned.snapshot.book
        return growth_of(batch.body["requests"], book.grids)

    @property
    def _unfinished(self) -> UnfinishedNight | None:
        """What is noted of the night where more of it is to come."""
        if self.whole:
            return None
        run = next((line.run for line in self.lines if line.run), "")
        begun = self.planned.snapshot.unfinished
        if not run and begun is not None:
            run = begun.run
        return UnfinishedNight(run, self.planned.snapshot.first_run)

    def of_rows(self, rows: Sequence[Row]) -> "PlannedWrite":
        """Return the part of it that is about some rows, and writes no report."""
        places = frozenset(rows)
        plan = restricted(self.night.plan, places)
        planned = replace(self.night, plan=plan, restored=None)
        projection = Projection(planned.snapshot, plan, planned.policy, places)
        return replace(
            self,
            planned=planned,
            projection=projection,
            lines=journal.lines_of(projection, self.moment),
            sheets=(),
            rows=tuple(rows),
        )

    def of_reports(self, keys: Sequence[str]) -> "PlannedWrite":
        """Return it with some of its reports alone."""
        return replace(self, written=tuple(keys))


def write_of(
    opened: Opened, planned: Planned, options: Options
) -> PlannedWrite:
    """Return a plan with its Journal lines and reports."""
    snapshot = planned.snapshot
    projection = Projection(snapshot, planned.plan, planned.policy)
    now = moment_of_run(opened, snapshot.book, options)
    record = journal.record_of(projection, now, planned.restored, planned.added)
    sheets = reports(
        projection,
        planned.policy,
        planned.language,
        (*record.lines, *snapshot.journal),
        counted=record.figures,
    )
    return PlannedWrite(
        planned, planned, projection, now, record.lines, tuple(sheets)
    )


def fitting(
    opened: Opened,
    write: PlannedWrite,
    details: RereadCells,
    *,
    guarded: bool = True,
    ageing: bool = True,
    ranges: bool = True,
) -> tuple[PlannedWrite, Batch]:
    """Return what of a write one batch can hold, and that batch; all of it, where it fits.

    `details`: the touched rows as read again; `guarded`, `ageing` and `ranges` as for a batch. A
    single row or report is sent however slow it may be; raises NightTooLarge where it is longer
    than the service takes, BookFull where the spreadsheet has no room for all of the night.
    """
    account = opened.account
    batch = write.batch(
        details, account, guarded=guarded, ageing=ageing, ranges=ranges
    )
    room = opened.line.room
    if room is None:
        return write, batch
    _check_cells(write, batch, room)
    load = write.load(batch, room)
    # Rows that come are of one batch, with all that is said of them.
    if load > 1 and write.planned.added:
        raise _list_too_long(write)
    while load > 1:
        smaller = _smaller(write, batch, load)
        if smaller is None:
            _check_alone(write, batch, room)
            return write, batch
        write = smaller
        batch = write.batch(
            details, account, guarded=guarded, ageing=ageing, ranges=ranges
        )
        load = write.load(batch, room)
    return write, batch


def _check_alone(write: PlannedWrite, batch: Batch, room: BatchRoom) -> None:
    """Raise where a batch that cannot be smaller is more than is taken, and not only slow."""
    if not room.takes(batch.body):
        raise _too_large(write)
    growth = write.growth(batch)
    if growth.before <= room.cells < growth.most:
        raise _no_cells(write, growth, room)


def _check_cells(write: PlannedWrite, batch: Batch, room: BatchRoom) -> None:
    """Raise BookFull where a spreadsheet would come to have more cells than it may."""
    growth = write.growth(batch)
    if growth.before > room.cells:
        return
    free = room.cells - growth.before
    begins = write.planned.snapshot.unfinished is None
    if begins and write.load(batch, room) > 1:
        # Each part has lines and copies of its own: no night is to stop half done for these.
        free = int(free * AIM)
    if growth.after - growth.before > free:
        raise _no_cells(write, growth, room)


def _no_cells(
    write: PlannedWrite, growth: GridGrowth, room: BatchRoom
) -> BookFull:
    text = write.planned.language.text
    number = write.planned.language.number
    largest = growth.largest
    return BookFull(
        text(
            "The spreadsheet is full: Google allows {limit} cells, empty ones too; "
            "there are {cells}, and {more} more would be needed.",
            limit=number(room.cells),
            cells=number(growth.before),
            more=number(growth.most - growth.before),
        ),
        fix=text(
            "Delete empty rows and columns, first on the largest tab: “{tab}”, "
            "{rows} × {columns}. Then run the command again; nothing was written.",
            tab=largest.title,
            rows=number(largest.rows),
            columns=number(largest.columns),
        ),
    )


def batches_needed(opened: Opened, planned: Planned, options: Options) -> int:
    """Return in how many batches a night will be written, as far as can be told beforehand."""
    room = opened.line.room
    if room is None or not _may_be_large(planned, room):
        return 1
    write = write_of(opened, planned, options)
    whole = write.load(write.batch({}, opened.account), room)
    if whole <= 1:
        return 1
    rows = rows_to_write(write.projection)
    load_of_rows = 0.0
    if rows:
        part = write.of_rows(rows)
        load_of_rows = part.load(part.batch({}, opened.account), room)
    load_of_reports = max(whole - load_of_rows, 0.0)
    return ceil(load_of_rows / AIM) + max(1, ceil(load_of_reports / AIM))


_BYTES_OF_ROW = 300
_BYTES_OF_REPORT = 20_000


def _may_be_large(planned: Planned, room: BatchRoom) -> bool:
    """Tell whether it is worth while to build a batch only to measure it."""
    # Most bases are far from the limit, and a plan is to be there at once.
    plan = planned.plan
    managers = planned.snapshot.base["manager"].nunique()
    things = len(planned.snapshot.base) + len(plan.edits) + len(plan.moves)
    size = things * _BYTES_OF_ROW + int(managers) * _BYTES_OF_REPORT
    return size > room.size // 4 or len(plan.moves) > room.moves


def _smaller(
    write: PlannedWrite, batch: Batch, load: float
) -> PlannedWrite | None:
    """Return a part of a write whose batch was too large by a factor of `load`.

    None for a single row or report, and where what is left is of neither: settings and layout.
    """
    share = AIM / load
    if write.rows is not None:
        if len(write.rows) == 1:
            return None
        return write.of_rows(_first(write.rows, share))
    if write.written is not None:
        if len(write.written) == 1:
            return None
        return write.of_reports(_first(write.written, share))
    rows = rows_to_write(write.projection)
    if rows:
        return write.of_rows(rows)
    keys = _reports_to_write(write, batch)
    return write.of_reports(keys) if keys else None


def _first(things: Sequence[_Part], share: float) -> Sequence[_Part]:
    return things[: max(1, int(len(things) * share))]


def _reports_to_write(write: PlannedWrite, batch: Batch) -> list[str]:
    """Return the keys of the reports that a batch writes, in the order in which they are to be.

    First those with charts, whose numbers the others' dropdowns stand beside, and those on which
    somebody has answered.
    """
    book = write.planned.snapshot.book
    answered = {answer.sheet for answer in write.planned.snapshot.decisions}
    first: list[str] = []
    others: list[str] = []
    taken = set[int]()
    for sheet in write.sheets:
        grid = book.titled(sheet.title)
        sheet_id = (
            grid.sheet_id if grid else new_sheet_id(sheet.title, book, taken)
        )
        if sheet_id not in batch.sheet_ids:
            continue
        urgent = bool(sheet.charts) or sheet.key in answered
        (first if urgent else others).append(sheet.key)
    return [*first, *others]


def _place_of(write: PlannedWrite) -> str:
    """Name what a write is about that is no more than one row or report."""
    snapshot = write.planned.snapshot
    if write.rows is not None:
        section, number = write.rows[0]
        return f"{snapshot.tab[section].title}, {number}"
    for sheet in write.sheets:
        if write.written is not None and sheet.key in write.written:
            return sheet.title
    return snapshot.book.title


def _list_too_long(write: PlannedWrite) -> NightTooLarge:
    text = write.planned.language.text
    return NightTooLarge(
        text(
            "The list is longer than the service takes at once: {source}.",
            source=write.planned.added[0].source,
        ),
        fix=text("Bring it in by halves: one half a file, one after another."),
    )


def _too_large(write: PlannedWrite) -> NightTooLarge:
    text = write.planned.language.text
    return NightTooLarge(
        text(
            "What is to be written is larger than the service takes: {place}.",
            place=_place_of(write),
        ),
        fix=text("Shorten the longest texts there and run the command again."),
    )
