"""One batch for a whole run: new columns, moves, cells, state, Journal and reports; and the check of its answer.

All of it is applied or nothing; the answer carries the ids as they then stand, tab by tab.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sheetsync.i18n import Language, language
from sheetsync.reporting import journal
from sheetsync.reports import ReportSheet
from sheetsync.rules.corrections.deleted_rows import LostRow
from sheetsync.rules.draft.projection import Projection
from sheetsync.sheets.batch.builder import BatchDraft
from sheetsync.sheets.batch.formulas_that_stay import Pointer, pointers, row_shifts_of, write
from sheetsync.sheets.batch.overwritten import OverwrittenCells
from sheetsync.sheets.batch.own_tabs import own_tabs, report_tabs
from sheetsync.sheets.batch.row_moves import Details
from sheetsync.sheets.batch.verification import Verification, expect
from sheetsync.sheets.requests.cells import Request
from sheetsync.sheets.requests.settings_tab import remark
from sheetsync.sheets.session.metadata import keep_layout
from sheetsync.workbook.journal import JournalLine
from sheetsync.workbook.layout import TabLayout
from sheetsync.workbook.snapshot import own_titles


class Batch(NamedTuple):
    """The body of one batchUpdate, what it must leave, the formulas that it aims anew, and the cells that it writes over.

    `state_tab_id`: the sheetId of the state tab, where those cells are copied to. `afterwards`: requests that may be refused
    without harm to anybody's rows, and so are not sent with the others.
    """

    body: dict[str, Any]
    verification: Verification
    pointers: tuple[Pointer, ...] = ()
    overwritten_cells: OverwrittenCells = OverwrittenCells()
    state_tab_id: int = 0
    column_protections: int = 0
    """How many of its requests are about who may type into a column."""
    afterwards: tuple[Request, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to send."""
        return not self.body["requests"]


def build(
    projection: Projection,
    details: Details,
    sheets: Sequence[ReportSheet],
    lines: Sequence[JournalLine],
    account: str | None,
    lost: LostRow | None = None,
    *,
    guarded: bool = True,
) -> Batch:
    """Put together the one batch of a run.

    `details`: the touched rows as re-read; `lines`: new Journal lines; `lost`: a deleted row to be brought back; `guarded`:
    whether columns are protected with it.
    """
    writing = BatchDraft(projection, details, account)
    writing.place_columns()
    snapshot, moving, canvas = projection.snapshot, writing.moving, writing.canvas
    inserts, spoken = moving.inserts(), language(projection.policy.words.language)
    # Which formulas point at moving rows does not hang on where the Journal's lines stand; how they read does.
    told = [
        *lines,
        *_aimed(pointers(moving, row_shifts_of(moving, projection, inserts)), lines, spoken),
    ]
    ours = own_tabs(writing, sheets, told)
    row_shifts = row_shifts_of(moving, projection, [*ours, *inserts])
    pointing = pointers(moving, row_shifts)
    write(pointing, canvas)
    writing.fields(row_shifts)
    rooms, dresses, filters = writing.team_tabs()
    remark(
        snapshot.book.titled(*own_titles(projection.policy, "settings")),
        snapshot.settings_reading,
        canvas,
    )
    moved = [*inserts, *moving.copies(), *(writing.brought_back(lost) if lost else ())]
    kept = keep_layout(snapshot.book.layout, writing.layout())
    protected = writing.column_protections() if guarded else []
    requests = [
        *ours,
        *rooms,
        *moved,
        *writing.overwritten_cells.copies(writing.memory[0]),
        *canvas.requests(),
        *dresses,
        *writing.drawings,
        *filters,
        *moving.emptied(),
        *moving.deletes(),
        *protected,
        *kept,
    ]
    verification = expect(projection, moving, lost)
    body = _body(requests, verification)
    if writing.overwritten_cells.cells:
        body["responseRanges"].append(writing.overwritten_cells.area(writing.memory[1]))
    later = tuple(writing.afterwards)
    return Batch(
        body,
        verification,
        pointing,
        writing.overwritten_cells,
        writing.memory[0],
        len(protected),
        later,
    )


def _aimed(
    found: Sequence[Pointer], lines: Sequence[JournalLine], spoken: Language
) -> list[JournalLine]:
    """Return the Journal's lines of formulas that are aimed anew, one each, after the run's other lines."""
    return [
        journal.aimed_line(
            lines[0],
            [move for move, _ in pointer.followed],
            pointer.where,
            [(one.before, one.final) for _, one in pointer.followed],
            spoken,
        )
        for pointer in found
    ]


def build_columns(projection: Projection, added: Sequence[TabLayout] = ()) -> list[Request]:
    """Give every tab the program's own columns, at the right of everything, filters widened to cover them.

    Rows are left alone. `added`: tabs that come with the same batch, to be remembered too.
    """
    writing = BatchDraft(projection, {}, None)
    writing.place_columns()
    rooms, dresses, filters = writing.team_tabs()
    layout = writing.layout()
    kept = keep_layout(
        projection.snapshot.book.layout, replace(layout, tabs=(*layout.tabs, *added))
    )
    return [*rooms, *writing.canvas.requests(), *dresses, *filters, *kept]


def build_reports(
    projection: Projection,
    sheets: Sequence[ReportSheet],
    account: str | None,
    details: Details | None = None,
) -> Batch:
    """Put together a batch that writes the report tabs and nothing else. `details`: their rows as re-read."""
    writing = BatchDraft(projection, details or {}, account)
    requests = report_tabs(writing, sheets, set())
    body = _body([*requests, *writing.canvas.requests(), *writing.drawings], Verification())
    return Batch(body, Verification(), afterwards=tuple(writing.afterwards))


def _body(requests: list[Request], verification: Verification) -> dict[str, Any]:
    return {
        "requests": requests,
        "includeSpreadsheetInResponse": True,
        "responseRanges": verification.ranges(),
        "responseIncludeGridData": True,
    }
