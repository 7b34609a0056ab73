"""One batch for a whole run: new columns, moves, cells, state, Journal and reports, in their order.

All of it is applied or nothing; the answer carries the ids as they then stand, tab by tab. What it
must leave is verification.py's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from sheetsync.i18n import language
from sheetsync.reporting import journal
from sheetsync.reporting.journal import range_lines
from sheetsync.reports import ReportSheet
from sheetsync.rules.corrections.deleted_rows import LostRow
from sheetsync.rules.draft.projection import Projection
from sheetsync.sheets.batch.builder import (
    WHOLE_NIGHT,
    BatchDraft,
    BatchScope,
)
from sheetsync.sheets.batch.deleted_rows import RowsToDelete
from sheetsync.sheets.batch.formulas_that_stay import (
    Reader,
    pointers,
    put_formulas,
    row_shifts_of,
)
from sheetsync.sheets.batch.grown_ranges import GrownRanges
from sheetsync.sheets.batch.journal_ageing import journal_ageing
from sheetsync.sheets.batch.overwritten import OverwrittenCells
from sheetsync.sheets.batch.own_tabs import own_tabs, report_tabs
from sheetsync.sheets.batch.ranges_back import RangesBack
from sheetsync.sheets.batch.ranges_lost import LostRanges, cuts_of
from sheetsync.sheets.batch.verification import Verification, expected
from sheetsync.sheets.requests.cells import Request, RereadCells
from sheetsync.sheets.requests.settings_tab import put_remarks
from sheetsync.sheets.session.metadata import keep_layout
from sheetsync.workbook.journal import JournalLine
from sheetsync.workbook.layout import TabLayout
from sheetsync.workbook.snapshot import own_titles


@dataclass(frozen=True)
class Batch:
    """The body of one batchUpdate, and what it must leave.

    `pointers`: the formulas that it aims anew; `overwritten_cells`: what it writes over and copies
    onto the state tab (`state_tab_id`) before; `column_protections`: how many of its requests are
    about who may type into a column. `aged`: the title of the volume that old lines of the Journal
    go into, "" where none do. `afterwards`: requests that may be refused without harm to anybody's
    rows, and so are not sent with the others. `ranges_back`: what an undo gives its ranges
    back, and `ranges_left`: what it does not, as people see them.
    """

    body: dict[str, Any]
    verification: Verification
    pointers: tuple[Reader, ...] = ()
    overwritten_cells: OverwrittenCells = field(
        default_factory=OverwrittenCells
    )
    rows_to_delete: RowsToDelete = field(default_factory=RowsToDelete)
    state_tab_id: int = 0
    column_protections: int = 0
    aged: str = ""
    afterwards: tuple[Request, ...] = ()
    ranges_left: tuple[str, ...] = ()
    ranges_back: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to send."""
        return not self.body["requests"]

    @cached_property
    def sheet_ids(self) -> frozenset[int]:
        """The tabs that it writes cells to, or adds."""
        ids = set[int]()
        for request in self.body["requests"]:
            if "updateCells" in request:
                area = request["updateCells"]
                ids.add((area.get("start") or area["range"])["sheetId"])
            if "addSheet" in request:
                ids.add(request["addSheet"]["properties"]["sheetId"])
        return frozenset(ids)


def build(
    projection: Projection,
    reread: RereadCells,
    sheets: Sequence[ReportSheet],
    lines: Sequence[JournalLine],
    account: str | None,
    lost: LostRow | None = None,
    scope: BatchScope = WHOLE_NIGHT,
) -> Batch:
    """Put together the one batch of a run, or of a part of a night.

    `reread`: the touched rows as read again; `lines`: new Journal lines; `lost`: a deleted row to
    be brought back; `scope`: how much of the night it is to hold, and which rows come with it.
    Raises BookFull where a tab has no room for its columns.
    """
    ageing = None
    # A part of a night that is about some rows writes nothing that could wait; and that lines grow
    # old is no reason to write.
    if lines and scope.ageing and projection.part is None:
        ageing = journal_ageing(projection)
    draft = BatchDraft(projection, reread, account, scope, ageing=ageing)
    draft.place_columns()
    draft.check_widths()
    room_for_rows = draft.make_room()
    row_moves = draft.row_moves
    inserts = row_moves.inserts()
    cuts = cuts_of(row_moves, room_for_rows)
    final_shifts = row_shifts_of(row_moves, projection, inserts)
    ranges_back = RangesBack(row_moves, projection, final_shifts, cuts)
    ranges_back.work_out()
    lost_ranges = LostRanges(
        row_moves, projection, final_shifts, cuts, ranges_back.given_back
    )
    noted = (
        range_lines(
            lines[0],
            [*lost_ranges.notes()],
            language(draft.policy.words.language),
        )
        if lines
        else ()
    )
    told = [*lines, *_lines_of_formulas(draft, inserts, lines), *noted]
    own = own_tabs(draft, sheets, told)
    row_shifts = row_shifts_of(row_moves, projection, [*own.requests, *inserts])
    aimed = pointers(row_moves, row_shifts)
    put_formulas(aimed, draft.canvas)
    draft.put_fields(row_shifts)
    _put_remarks(draft)
    team = draft.team_tabs()
    moved = [*inserts, *row_moves.copies()]
    moved += GrownRanges(row_moves).requests()
    if lost is not None:
        moved.append(draft.brought_back(lost))
    protections: list[Request] = []
    if scope.guarded:
        protections = draft.column_protections()
    requests = [
        *own.requests,
        *room_for_rows,
        *team.room,
        *moved,
        # Cells are copied as they were found before anything is written over them.
        *draft.overwritten_cells.copies(own.state_tab.sheet_id),
        *draft.rows_to_delete.copies(own.state_tab.sheet_id),
        *draft.canvas.requests(),
        *team.formats,
        *own.reports.drawings,
        *team.filters,
        *row_moves.emptied(),
        # Rows go last, from the bottom up: until then every index is as it was after the inserts.
        *row_moves.deletes(),
        *(ranges_back.requests if scope.ranges else ()),
        *row_moves.deletes_of_left_empty(),
        *(ranges_back.formulas if scope.ranges else ()),
        *(ageing.deletes(len(told)) if ageing else ()),
        *protections,
        *keep_layout(projection.snapshot.book.layout, draft.layout()),
    ]
    verification = expected(projection, row_moves, lost)
    body = _body(requests, verification)
    if draft.overwritten_cells.cells:
        body["responseRanges"].append(
            draft.overwritten_cells.area(own.state_tab.title)
        )
    if draft.rows_to_delete.rows:
        body["responseRanges"].append(
            draft.rows_to_delete.area(own.state_tab.title)
        )
    return Batch(
        body=body,
        verification=verification,
        pointers=aimed,
        overwritten_cells=draft.overwritten_cells,
        rows_to_delete=draft.rows_to_delete,
        state_tab_id=own.state_tab.sheet_id,
        column_protections=len(protections),
        aged=ageing.lines.title if ageing else "",
        afterwards=tuple(own.reports.afterwards),
        ranges_left=tuple(ranges_back.left),
        ranges_back=tuple(ranges_back.named),
    )


def _lines_of_formulas(
    draft: BatchDraft, inserts: Sequence[Request], lines: Sequence[JournalLine]
) -> Iterator[JournalLine]:
    """Go through the Journal's lines of formulas that are aimed anew, one each.

    Which formulas these are does not hang on where the Journal's lines stand; how they read does.
    """
    spoken = language(draft.policy.words.language)
    row_shifts = row_shifts_of(draft.row_moves, draft.projection, inserts)
    for pointer in pointers(draft.row_moves, row_shifts):
        if pointer.widened:
            yield journal.widened_line(
                lines[0],
                pointer.where,
                (pointer.before, pointer.formula),
                spoken,
            )
        if not pointer.followed:
            continue
        moves = [move for move, _ in pointer.followed]
        references = [
            (reference.before, reference.final)
            for _, reference in pointer.followed
        ]
        yield journal.aimed_line(
            lines[0], moves, pointer.where, references, spoken
        )


def _put_remarks(draft: BatchDraft) -> None:
    """Put what the program says of lines of the Settings tab beside them."""
    snapshot = draft.snapshot
    settings = snapshot.book.titled(*own_titles(draft.policy, "settings"))
    put_remarks(settings, snapshot.settings_reading, draft.canvas)


def build_columns(
    projection: Projection, added: Sequence[TabLayout] = ()
) -> list[Request]:
    """Give every tab the program's own columns, at its right, and widen filters over them.

    Rows are left alone. `added`: tabs that come with the same batch, to be remembered too.
    """
    draft = BatchDraft(projection, {}, None)
    draft.place_columns()
    draft.check_widths()
    team = draft.team_tabs()
    layout = draft.layout()
    layout = replace(layout, tabs=(*layout.tabs, *added))
    kept = keep_layout(projection.snapshot.book.layout, layout)
    return [
        *team.room,
        *draft.canvas.requests(),
        *team.formats,
        *team.filters,
        *kept,
    ]


def build_reports(
    projection: Projection,
    sheets: Sequence[ReportSheet],
    account: str | None,
    reread: RereadCells | None = None,
) -> Batch:
    """Put together a batch that writes the report tabs and nothing else.

    `reread`: their rows as read again.
    """
    draft = BatchDraft(projection, reread or {}, account)
    reports = report_tabs(draft, sheets, set())
    requests = [*reports.requests, *draft.canvas.requests(), *reports.drawings]
    nothing_moved = Verification()
    body = _body(requests, nothing_moved)
    return Batch(body, nothing_moved, afterwards=tuple(reports.afterwards))


def _body(
    requests: list[Request], verification: Verification
) -> dict[str, Any]:
    return {
        "requests": requests,
        "includeSpreadsheetInResponse": True,
        "responseRanges": verification.ranges(),
        "responseIncludeGridData": True,
    }
