"""What goes into the one batch of a run, as it is put together: columns, cells, structure.

The program's own tabs are left to own_tabs.py, the order of all of it to batch.py.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from sheetsync.errors import BookFull
from sheetsync.i18n import language
from sheetsync.method.policy import Policy
from sheetsync.reporting.layout.theme import CELL_STYLES
from sheetsync.rules.corrections.deleted_rows import LostRow
from sheetsync.rules.draft.projection import Projection
from sheetsync.sheets.batch.deleted_rows import RowsToDelete, rows_to_delete
from sheetsync.sheets.batch.journal_ageing import JournalAgeing
from sheetsync.sheets.batch.overwritten import (
    TOP,
    OverwrittenCells,
    overwritten_cells,
)
from sheetsync.sheets.batch.row_moves import (
    RowMoves,
    RowPlace,
    insert_after_last,
    put_field,
)
from sheetsync.sheets.batch.row_shifts import RowShifts
from sheetsync.sheets.requests.body import MOST_COLUMNS
from sheetsync.sheets.requests.canvas import Canvas
from sheetsync.sheets.requests.cells import (
    VALUE,
    WHOLE,
    Request,
    RereadCells,
    format_of,
    grid_range,
    paste,
    styled,
    typed,
)
from sheetsync.sheets.requests.column_places import (
    AddedColumn,
    Columns,
    field_key,
)
from sheetsync.sheets.requests.protection import (
    HEAD_FIELD,
    protection_requests,
    settings_protection,
    settings_requests,
)
from sheetsync.sheets.requests.section_format import own_columns
from sheetsync.sheets.requests.tab_requests import (
    column_widths,
    grow_columns,
    insert_dimension,
)
from sheetsync.workbook.added_rows import by_section, column_headed
from sheetsync.workbook.journal_volumes import layout_of_volumes
from sheetsync.workbook.last_run_state import UnfinishedNight
from sheetsync.workbook.layout import Layout, Seat, TabLayout
from sheetsync.workbook.plan import DERIVED, Edit, NewRow
from sheetsync.workbook.playbook_tabs import layout_of_playbook
from sheetsync.workbook.recognition import seats
from sheetsync.workbook.snapshot import Snapshot, Tab, own_titles

TEAM_WIDTH = 120
"""Pixels of a column that a move brings along and the method does not know."""


class TeamTabs(NamedTuple):
    """What widens the sections' tabs: room for new columns, their formats, filters over them."""

    room: list[Request]
    formats: list[Request]
    filters: list[Request]


class BatchScope(NamedTuple):
    """How much of a night one batch is to hold.

    `guarded`: with the protection of columns; `unfinished`: what is noted of a night of which more
    batches are to come; `reports`: the keys of the reports that are written, None for all;
    `ageing`: with old lines of the Journal going into a volume; `added`: rows of the projection
    that are not there yet; `ranges`: with the ranges that an undo gives back.
    """

    guarded: bool = True
    unfinished: UnfinishedNight | None = None
    reports: Collection[str] | None = None
    ageing: bool = True
    added: tuple[NewRow, ...] = ()
    ranges: bool = True


WHOLE_NIGHT = BatchScope()


@dataclass(frozen=True)
class BatchDraft:
    """What goes into one batch, as it is put together; cells are gathered on the canvas.

    `reread`: the touched rows as read again; `account`: whom protections name; `scope`: how much of
    the night it is to hold; `ageing`: what takes old lines of the Journal into a volume.
    """

    projection: Projection
    reread: RereadCells
    account: str | None
    scope: BatchScope = WHOLE_NIGHT
    ageing: JournalAgeing | None = None
    canvas: Canvas = field(default_factory=Canvas)

    @property
    def snapshot(self) -> Snapshot:
        """The base as it was read."""
        return self.projection.snapshot

    @property
    def policy(self) -> Policy:
        """The method, with the words of the base."""
        return self.projection.policy

    @cached_property
    def row_moves(self) -> RowMoves:
        """The moves of the plan, and the columns of every section's tab."""
        return RowMoves(
            self.snapshot, self.projection.plan, self.policy, self.reread
        )

    @cached_property
    def overwritten_cells(self) -> OverwrittenCells:
        """The cells of the team's that are written over."""
        return overwritten_cells(self.row_moves)

    @cached_property
    def rows_to_delete(self) -> RowsToDelete:
        """The rows that go for good, copied below the cells that are written over."""
        rows, _ = self.overwritten_cells.size
        return rows_to_delete(self.row_moves, TOP + rows)

    @property
    def size_of_copies(self) -> tuple[int, int]:
        """How many rows and columns of the state tab the copies take."""
        rows, columns = self.overwritten_cells.size
        deleted = self.rows_to_delete
        return rows + len(deleted.rows), max(columns, deleted.width)

    def place_columns(self) -> None:
        """Give everything that the plan sets a column, adding those that a tab lacks."""
        # Here alone columns are added: whoever asks for one afterwards adds nothing.
        columns = self.row_moves.columns
        for tab in self.snapshot.tabs:
            for name in DERIVED:
                columns[tab.section].ensure_field(name)
        for move in self.projection.plan.moves:
            for name, _ in move.sets:
                columns[move.target].ensure_field(name)
        for edit in self.projection.plan.edits:
            there = self.row_moves.columns_at(edit.section, edit.row)
            if not self._empties_nothing(edit, there):
                there.ensure_field(edit.field)

    def _empties_nothing(self, edit: Edit, columns: Columns) -> bool:
        """Tell whether an edit would empty a cell of a column that is not there."""
        is_back = (edit.section, edit.row) in self.row_moves.landing
        is_missing = columns.find(field_key(edit.field)) is None
        return is_back and is_missing and edit.after in (None, "")

    def check_widths(self) -> None:
        """Raise BookFull where a tab would have more columns than a spreadsheet takes."""
        spoken = language(self.policy.words.language)
        for tab in self.snapshot.tabs:
            width = self.row_moves.columns[tab.section].width
            if width <= MOST_COLUMNS:
                continue
            raise BookFull(
                spoken.text(
                    "“{tab}” would have more columns than a Google spreadsheet takes: "
                    "{columns}; it takes {limit}.",
                    tab=tab.title,
                    columns=spoken.number(width),
                    limit=spoken.number(MOST_COLUMNS),
                ),
                fix=spoken.text(
                    "Delete empty columns there and run the command again; nothing was written."
                ),
            )

    def put_fields(self, row_shifts: RowShifts) -> None:
        """Put every cell the plan sets, on the rows that stay and where those land that move."""
        self.row_moves.put_right(self.canvas, row_shifts)
        for edit in self.projection.plan.edits:
            columns = self.row_moves.columns_at(edit.section, edit.row)
            if self._empties_nothing(edit, columns):
                continue
            place = self.row_moves.place(edit.section, edit.row)
            put_field(
                self.canvas, place, columns, edit.field, edit.after, self.policy
            )

    def layout(self) -> Layout:
        """Return the book's structure as the batch leaves it."""
        tabs = [*map(self._tab_layout, self.snapshot.tabs)]
        # Of a tab that could not be read what was known stays known.
        for tab in self.snapshot.book.layout.tabs:
            if tab.section in self.snapshot.unread:
                tabs.append(tab)
        added = self.ageing.added if self.ageing else None
        book = self.snapshot.book
        volumes = layout_of_volumes(book, self.projection.today, added)
        playbook = layout_of_playbook(book, self.projection.today)
        return Layout(
            self.policy.words.language, tuple(tabs), volumes, playbook
        )

    def _tab_layout(self, tab: Tab) -> TabLayout:
        fields = dict(seats(tab.fields, tab.headings, tab.renamed))
        for added in self.row_moves.columns[tab.section].added:
            if added.field is not None:
                fields[added.field] = Seat(added.place, added.heading)
        return TabLayout(tab.section, tab.grid.sheet_id, tab.title, fields)

    def by_heading(self, tab: Tab) -> dict[str, int]:
        """Return a tab's columns by heading as the batch leaves them; the company's under ""."""
        added = self.row_moves.columns[tab.section].added
        new = {column.heading: column.place for column in added}
        # Of two columns under one heading the first counts.
        from_the_right = reversed([*enumerate(tab.headings)])
        there = {
            heading: column for column, heading in from_the_right if heading
        }
        return {**new, **there, "": tab.fields.get("company", 0)}

    def team_tabs(self) -> TeamTabs:
        """Return what widens the sections' tabs, and put the headings of their new columns."""
        team = TeamTabs([], [], [])
        for tab in self.snapshot.tabs:
            columns = self.row_moves.columns[tab.section]
            team.room.extend(grow_columns(tab.grid, columns.width))
            team.formats.extend(self._new_columns(tab, columns.added))
            team.filters.extend(self._widened_filter(tab))
        return team

    def _new_columns(
        self, tab: Tab, added: Sequence[AddedColumn]
    ) -> list[Request]:
        """Put the headings of new columns; return their widths, formats and rules."""
        requests: list[Request] = []
        ours: dict[str, int] = {}
        for column in added:
            requests += self._new_column(tab, column)
            if column.field in DERIVED:
                ours[column.field] = column.place
        if "problems" in ours and "state" in tab.fields:
            ours["state"] = tab.fields["state"]
        first_row = tab.header + 1
        return [
            *requests,
            *own_columns(tab.grid.sheet_id, first_row, ours, self.policy),
        ]

    def _new_column(self, tab: Tab, added: AddedColumn) -> list[Request]:
        """Put the heading of a new column; return its width, and its format if it is the team's."""
        sheet_id = tab.grid.sheet_id
        header = tab.header
        column = self.policy.column.get(added.field or "")
        if column is not None and column.owner == "daemon":
            heading = styled(added.heading, format_of(CELL_STYLES["head"]))
            self.canvas.put(sheet_id, header, added.place, heading, WHOLE)
            return column_widths(sheet_id, [column.width], added.place)
        self.canvas.put(
            sheet_id, header, added.place, typed(added.heading), VALUE
        )
        width = column.width if column else TEAM_WIDTH
        return [
            _like_first_heading(tab, added.place),
            *column_widths(sheet_id, [width], added.place),
        ]

    def _widened_filter(self, tab: Tab) -> list[Request]:
        """Make a filter that covers the table cover new columns and rows, as it filters now."""
        held = tab.grid.basic_filter
        if not held:
            return []
        area = held.get("range", {})
        widened = {**area}
        columns = self.row_moves.columns[tab.section]
        right = area.get("endColumnIndex")
        bottom = area.get("endRowIndex")
        # A column that stands outside the filter would stay behind when people sort by it.
        if right is not None and columns.added:
            widened["endColumnIndex"] = max(right, columns.width)
        # Whether an insert at the very end of a filter's range widens it is not documented
        # (docs/google-unknowns.md).
        end = tab.end - len(self._added.get(tab.section, ()))
        if bottom is not None and bottom >= end:
            widened["endRowIndex"] = max(bottom, self.row_moves.first_free(tab))
        if widened == area:
            return []
        conditions = {**held, "range": widened}
        if "filterSpecs" in held:
            # The service tells the older form of the same beside it.
            conditions.pop("criteria", None)
        kept = ("range", "sortSpecs", "filterSpecs", "criteria")
        filter_ = {
            name: conditions[name] for name in kept if name in conditions
        }
        return [{"setBasicFilter": {"filter": filter_}}]

    def column_protections(self) -> list[Request]:
        """Return what brings the protection of what is the head's up to date, tab by tab."""
        requests: list[Request] = []
        for tab in self.snapshot.tabs:
            column = self.row_moves.columns[tab.section].find(
                field_key(HEAD_FIELD)
            )
            requests += protection_requests(
                tab,
                column,
                self.policy,
                self.account,
                self.projection.today,
            )
        settings = self.snapshot.book.titled(
            *own_titles(self.policy, "settings")
        )
        protection = settings_protection(
            self.policy, self.account, self.projection.today
        )
        return [*requests, *settings_requests(settings, protection)]

    def make_room(self) -> list[Request]:
        """Insert rows after the last client of each section, and put what comes into them.

        The snapshot has them already: every other index is as it is once they are there.
        """
        requests = []
        for section, rows in self._added.items():
            tab = self.snapshot.tab[section]
            # Told, and not counted: what comes may be no client to the eyes of a reading.
            first = rows[0].row - 1
            sheet_id = tab.grid.sheet_id
            requests.append(
                insert_dimension(
                    sheet_id,
                    "ROWS",
                    first,
                    first + len(rows),
                    like_before=first > tab.header + 1,
                )
            )
            for row in rows:
                index = self.row_moves.index_now(section, row.row)
                place = RowPlace(sheet_id, index)
                self._put_new_row(tab, place, row)
        return requests

    @cached_property
    def _added(self) -> Mapping[str, tuple[NewRow, ...]]:
        """The rows that come into each section."""
        return by_section(self.scope.added)

    def _put_new_row(self, tab: Tab, place: RowPlace, row: NewRow) -> None:
        columns = self.row_moves.columns[tab.section]
        fields = [name for name, _ in row.cells if name in tab.fields]
        values = dict(row.cells)
        for name in fields:
            put_field(
                self.canvas, place, columns, name, values[name], self.policy
            )
        put_field(self.canvas, place, columns, "id", row.id, self.policy)
        for heading, cell in row.others:
            column = column_headed(tab, heading)
            if column is not None:
                self.canvas.put(*place, column, typed(cell), VALUE)

    def brought_back(self, lost: LostRow) -> Request:
        """Make room for a deleted row after the last client, and put it as remembered."""
        tab = self.snapshot.tab[lost.section]
        columns = self.row_moves.columns[lost.section]
        place = RowPlace(tab.grid.sheet_id, tab.end)
        for name, value in (*lost.cells, ("id", lost.id)):
            columns.ensure_field(name)
            put_field(self.canvas, place, columns, name, value, self.policy)
        return insert_after_last(tab, 1)


def _like_first_heading(tab: Tab, column: int) -> Request:
    """Copy the format of the first heading onto that of a new column."""
    row = (tab.header, tab.header + 1)
    first = grid_range(tab.grid.sheet_id, row, (0, 1))
    new = grid_range(tab.grid.sheet_id, row, (column, column + 1))
    return paste(first, new, "PASTE_FORMAT")
