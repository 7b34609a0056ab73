"""What goes into the one batch of a run, as it is put together: columns, cells, moves, the book's structure."""

from dataclasses import dataclass, field
from functools import cached_property

from sheetsync.reporting.layout.theme import CELL_STYLES
from sheetsync.rules.corrections.deleted_rows import LostRow
from sheetsync.rules.derived_columns import DERIVED
from sheetsync.rules.draft.projection import Projection
from sheetsync.sheets.batch.overwritten import OverwrittenCells, overwritten_cells
from sheetsync.sheets.batch.row_moves import Details, Moving, RowPlace, put_field
from sheetsync.sheets.batch.row_shifts import RowShifts
from sheetsync.sheets.requests.cells import WHOLE, Canvas, Request, format_of, grid_range, typed
from sheetsync.sheets.requests.own_tab_requests import widths
from sheetsync.sheets.requests.protection import HEAD_FIELD, protection_requests
from sheetsync.sheets.requests.section_format import own_columns
from sheetsync.workbook.layout import Layout, Seat, TabLayout
from sheetsync.workbook.recognition import seats
from sheetsync.workbook.snapshot import Tab


@dataclass
class BatchDraft:
    """What goes into one batch, as it is put together."""

    projection: Projection
    details: Details
    account: str | None
    canvas: Canvas = field(default_factory=Canvas)
    afterwards: list[Request] = field(default_factory=list)
    memory: tuple[int, str] = (0, "")
    drawings: list[Request] = field(default_factory=list)
    """Requests on charts, which come after the cells that they draw."""

    def __post_init__(self) -> None:
        self.snapshot, self.policy = self.projection.snapshot, self.projection.policy
        self.moving = Moving(self.snapshot, self.projection.plan, self.policy, self.details)

    @cached_property
    def overwritten_cells(self) -> OverwrittenCells:
        """The cells of the team's that are written over."""
        return overwritten_cells(self.moving)

    def place_columns(self) -> None:
        """Find the column of everything that the plan sets, adding those that a tab lacks."""
        for tab in self.snapshot.tabs:
            for name in DERIVED:
                self.moving.columns[tab.section].field(name)
        for move in self.projection.plan.moves:
            for name, _ in move.sets:
                self.moving.columns[move.target].field(name)
        for edit in self.projection.plan.edits:
            self.moving.columns[self.moving.section(edit.section, edit.row)].field(edit.field)

    def fields(self, row_shifts: RowShifts) -> None:
        """Put every cell the plan sets: on the rows that stay, and on the landing places of those that move."""
        self.moving.put_right(self.canvas, row_shifts)
        for edit in self.projection.plan.edits:
            columns = self.moving.columns[self.moving.section(edit.section, edit.row)]
            place = self.moving.place(edit.section, edit.row)
            put_field(self.canvas, place, columns, edit.field, edit.after, self.policy)

    def layout(self) -> Layout:
        """Return the book's structure as the batch leaves it."""
        tabs = []
        for tab in self.snapshot.tabs:
            columns = self.moving.columns[tab.section]
            added = {a.field: a for a in columns.added if a.field is not None}
            known = seats(tab.fields, tab.headings, tab.renamed)
            new = {name: Seat(a.at, a.heading) for name, a in added.items()}
            tabs.append(TabLayout(tab.section, tab.grid.sheet_id, tab.title, {**known, **new}))
        unread = [t for t in self.snapshot.book.layout.tabs if t.section in self.snapshot.unread]
        return Layout(self.policy.words.language, (*tabs, *unread))

    def by_heading(self, tab: Tab) -> dict[str, int]:
        """Return a tab's columns by heading as the batch leaves them, and the company's under no name."""
        added = {column.heading: column.at for column in self.moving.columns[tab.section].added}
        known = {heading: at for at, heading in reversed([*enumerate(tab.headings)]) if heading}
        return {**added, **known, "": tab.fields.get("company", 0)}

    def new_columns(self, tab: Tab) -> tuple[list[Request], list[Request]]:
        """Return (room for the columns that a tab lacks, their formats and rules)."""
        columns, grid = self.moving.columns[tab.section], tab.grid
        if not columns.added:
            return [], []
        short = columns.width - grid.column_count
        room = (
            [
                {
                    "appendDimension": {
                        "sheetId": grid.sheet_id,
                        "dimension": "COLUMNS",
                        "length": short,
                    }
                }
            ]
            if short > 0
            else []
        )
        dress: list[Request] = []
        for added in columns.added:
            column = self.policy.column.get(added.field or "")
            owned = column is not None and column.owner == "daemon"
            heading = {**typed(added.heading), "userEnteredFormat": format_of(CELL_STYLES["head"])}
            self.canvas.put(
                grid.sheet_id,
                tab.header,
                added.at,
                heading if owned else typed(added.heading),
                WHOLE if owned else "userEnteredValue",
            )
            if not owned:
                dress.append(_copy_heading_format(tab, added.at))
            dress += widths(grid.sheet_id, [column.width if column else 120], added.at)
        ours = {added.field: added.at for added in columns.added if added.field in DERIVED}
        return room, [*dress, *own_columns(grid.sheet_id, tab.header + 1, ours, self.policy)]

    def team_tabs(self) -> tuple[list[Request], list[Request], list[Request]]:
        """Return (room for the columns that tabs lack, their formats and rules, filters that cover them too)."""
        rooms, dresses, filters = list[Request](), list[Request](), list[Request]()
        for tab in self.snapshot.tabs:
            filters += self.widened_filter(tab)
            room, dress = self.new_columns(tab)
            rooms, dresses = rooms + room, dresses + dress
        return rooms, dresses, filters

    def column_protections(self) -> list[Request]:
        """Return what brings the protection of the head's column up to date, tab by tab."""
        made: list[Request] = []
        for tab in self.snapshot.tabs:
            keys = self.moving.columns[tab.section].keys
            at = keys.get(("field", HEAD_FIELD, 0), tab.fields.get(HEAD_FIELD))
            made += protection_requests(tab, at, self.policy, self.account)
        return made

    def brought_back(self, lost: LostRow) -> list[Request]:
        """Make room after the last client and put a deleted row there, as it was remembered."""
        tab, columns = self.snapshot.tab[lost.section], self.moving.columns[lost.section]
        place = RowPlace(tab.grid.sheet_id, tab.end)
        for name, value in (*lost.cells, ("id", lost.id)):
            put_field(self.canvas, place, columns, name, value, self.policy)
        rows = {
            "sheetId": tab.grid.sheet_id,
            "dimension": "ROWS",
            "startIndex": tab.end,
            "endIndex": tab.end + 1,
        }
        bare = not len(tab.frame) and tab.end < tab.grid.row_count
        return [{"insertDimension": {"range": rows, "inheritFromBefore": not bare}}]

    def widened_filter(self, tab: Tab) -> list[Request]:
        """Make a filter that covers the table cover the new columns and rows too, its conditions unchanged."""
        held = tab.grid.basic_filter
        if not held:
            return []
        area, columns = dict(held.get("range", {})), self.moving.columns[tab.section]
        wide, deep = area.get("endColumnIndex"), area.get("endRowIndex")
        new = dict(area)
        # A column that stands outside the filter would stay behind when people sort by it.
        if wide is not None and columns.added:
            new["endColumnIndex"] = max(wide, columns.width)
        if deep is not None and deep >= tab.end:
            new["endRowIndex"] = max(deep, self.moving.first_free(tab))
        if new == area:
            return []
        kept = {
            name: held[name] for name in ("sortSpecs", "filterSpecs", "criteria") if name in held
        }
        if "filterSpecs" in kept:
            kept.pop("criteria", None)
        return [{"setBasicFilter": {"filter": {"range": new, **kept}}}]


def _copy_heading_format(tab: Tab, at: int) -> Request:
    row = (tab.header, tab.header + 1)
    source = grid_range(tab.grid.sheet_id, row, (0, 1))
    return {
        "copyPaste": {
            "source": source,
            "destination": grid_range(tab.grid.sheet_id, row, (at, at + 1)),
            "pasteType": "PASTE_FORMAT",
        }
    }
