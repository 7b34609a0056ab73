"""A new base as one batch: section tabs with headings, frozen rows, dropdowns, colours, protection.

Only what a book lacks is added. Sending the batch is left to `create_base`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from sheetsync.i18n import language
from sheetsync.method.policy import Policy
from sheetsync.method.settings_tab.document import SettingsDocument
from sheetsync.method.terms import Column
from sheetsync.method.vocabulary import section_of
from sheetsync.reporting.layout.model import legal_title
from sheetsync.reporting.layout.theme import CellStyle
from sheetsync.sheets.read.reader import last_good_settings
from sheetsync.sheets.requests.canvas import Canvas
from sheetsync.sheets.requests.cells import (
    WHOLE,
    Request,
    color,
    dated,
    format_of,
    grid_range,
    stretches,
    typed,
)
from sheetsync.sheets.requests.missing_parts import SHADES
from sheetsync.sheets.requests.own_tab_requests import own_tab
from sheetsync.sheets.requests.protection import (
    HEAD_FIELD,
    head_protection,
    protect_column,
)
from sheetsync.sheets.requests.section_format import (
    choices,
    column_dropdown,
    daemon_rules,
    number_format,
    past_days_in_red,
)
from sheetsync.sheets.requests.settings_tab import SettingsTab
from sheetsync.sheets.requests.tab_requests import (
    add_sheet,
    column_widths,
    new_sheet_id,
    protect,
    row_height,
)
from sheetsync.values import Cell
from sheetsync.workbook.snapshot import Book

ROWS = 200
"""Rows of a new section tab; a spreadsheet adds more as people fill it."""
SPARE_ROWS = 50
"""Empty rows below those that a section begins with, at least."""
HEADING_HEIGHT = 48
"""Pixels: room for a heading of two lines."""
TEAM_HEADING = CellStyle(
    bold=True, color="#FFFFFF", background="#1F2937", wrap=True
)
DAEMON_HEADING = CellStyle(
    bold=True, color="#6B7280", background="#F8FAFC", wrap=True
)
COLUMN_FORMAT = (
    "userEnteredFormat(textFormat,verticalAlignment,horizontalAlignment,"
    "numberFormat,wrapStrategy)"
)
ALIGNMENTS: Mapping[str, Literal["RIGHT", "CENTER"]] = {
    "date": "CENTER",
    "integer": "CENTER",
    "share": "CENTER",
    "amount": "RIGHT",
}
"""How a column and its heading stand, by the type of what it holds; text stands at the left.

Centred, what is short keeps away from the text beside it.
"""


class BaseLayout:
    """The one batch that lays out a base, as it is put together."""

    def __init__(
        self,
        book: Book,
        policy: Policy,
        account: str | None,
        doc: SettingsDocument | None,
    ) -> None:
        self.book = book
        self.policy = policy
        self.account = account
        self.added: list[str] = []
        self._taken_ids: set[int] = set()
        self._tabs: list[Request] = []
        self._canvas = Canvas()
        self._after: list[Request] = []
        # New tabs stand beside the team's own sections; a base without any begins with them.
        sections = [
            grid.index for grid in book.grids if self.is_section(grid.title)
        ]
        self._first_index = max(sections) + 1 if sections else 0
        self._settings = self._settings_tab(
            doc or last_good_settings(book, policy)
        )
        # Known before any tab is added, as the sections' dropdowns are fed by lists of this one.
        self._lists = self._settings.positions.ranges()

    def _settings_tab(self, doc: SettingsDocument | None) -> SettingsTab:
        """Return the Settings tab as it stands, or the one to be added."""
        held, sheet_id, title = own_tab(
            self.book, self.policy, "settings", self._taken_ids
        )
        return SettingsTab(
            held, sheet_id, title, self.policy, self._canvas, doc
        )

    @property
    def settings_title(self) -> str:
        """The title of the Settings tab."""
        return self._settings.positions.title

    def requests(self) -> list[Request]:
        """Return the whole batch: tabs, cells, then what refers to them."""
        return [*self._tabs, *self._canvas.requests(), *self._after]

    def is_section(self, title: str) -> bool:
        """Tell whether a tab is one of the base's own."""
        return section_of(title, self.policy) is not None

    def add_section(
        self, section: str, rows: Sequence[Mapping[str, Cell]]
    ) -> None:
        """Add one section's tab with all columns of the method, and rows (field -> cell)."""
        columns = self.policy.laid_out_columns
        row_count = max(ROWS, len(rows) + SPARE_ROWS)
        sheet_id = self._add_tab(section, row_count)
        self._after += column_widths(
            sheet_id, [column.width for column in columns]
        )
        self._after.append(row_height(sheet_id, 0, HEADING_HEIGHT))
        # Formats and dropdowns by the column: cell by cell they would be most of what is sent.
        for place, column in enumerate(columns):
            self._put_heading(sheet_id, place, column)
            self._format_column(sheet_id, place, column, row_count)
            self._offer_choices(sheet_id, place, column)
        for row, cells in enumerate(rows, start=1):
            self._put_row(sheet_id, row, cells)
        self._colour_rows(sheet_id)
        self._protect_columns(sheet_id)
        area = grid_range(sheet_id, (0, row_count), (0, len(columns)))
        self._after.append({"setBasicFilter": {"filter": {"range": area}}})

    def _add_tab(self, section: str, row_count: int) -> int:
        title = legal_title(self.policy.words.name("sections", section))
        sheet_id = new_sheet_id(title, self.book, self._taken_ids)
        request = add_sheet(
            sheet_id,
            title,
            (row_count, len(self.policy.laid_out_columns)),
            grid={"frozenRowCount": 1, "frozenColumnCount": 1},
            tabColorStyle=color(SHADES[section]),
            index=self._first_index + len(self.added),
        )
        self._tabs.append(request)
        self.added.append(title)
        return sheet_id

    def _put_heading(self, sheet_id: int, place: int, column: Column) -> None:
        is_own = column.owner == "daemon"
        style = replace(
            DAEMON_HEADING if is_own else TEAM_HEADING,
            align=ALIGNMENTS.get(column.type),
        )
        heading = self.policy.words.name("columns", column.field)
        cell = {**typed(heading), "userEnteredFormat": format_of(style)}
        self._canvas.put(sheet_id, 0, place, cell, WHOLE)

    def _put_row(
        self, sheet_id: int, row: int, cells: Mapping[str, Cell]
    ) -> None:
        for place, column in enumerate(self.policy.laid_out_columns):
            cell = cells.get(column.field)
            if cell is None:
                continue
            if column.type == "date":
                data = dated(cell, self.policy.words.date_format)
            else:
                data = typed(cell)
            self._canvas.put(sheet_id, row, place, data)

    def _format_column(
        self, sheet_id: int, place: int, column: Column, row_count: int
    ) -> None:
        """Give a column its number format and its looks."""
        style: dict[str, Any] = {
            "textFormat": {"fontFamily": "Arial", "fontSize": 10},
            "verticalAlignment": "MIDDLE",
        }
        if column.type in ALIGNMENTS:
            style["horizontalAlignment"] = ALIGNMENTS[column.type]
        pattern = number_format(column, self.policy)
        if pattern:
            style["numberFormat"] = pattern
        if column.owner == "daemon":
            style["textFormat"]["foregroundColorStyle"] = color("#6B7280")
        if column.field == "problems":
            style["wrapStrategy"] = "CLIP"
        area = grid_range(sheet_id, (1, row_count), (place, place + 1))
        cell = {"userEnteredFormat": style}
        self._tabs.append(
            {
                "repeatCell": {
                    "range": area,
                    "cell": cell,
                    "fields": COLUMN_FORMAT,
                }
            }
        )

    def _offer_choices(self, sheet_id: int, place: int, column: Column) -> None:
        """Give a column its dropdown."""
        condition = choices(column, self.policy, self._lists)
        if condition:
            self._after.append(column_dropdown(sheet_id, 1, place, condition))

    def _places(self) -> dict[str, int]:
        return {
            column.field: place
            for place, column in enumerate(self.policy.laid_out_columns)
        }

    def _colour_rows(self, sheet_id: int) -> None:
        """Colour late next steps and what the program's own columns warn of."""
        places = self._places()
        self._after.append(past_days_in_red(sheet_id, 1, places["next_on"]))
        self._after += daemon_rules(sheet_id, 1, places, self.policy)

    def _protect_columns(self, sheet_id: int) -> None:
        """Keep the program's own columns, and the head's, from being typed over."""
        places = self._places()
        own = [
            places[column.field]
            for column in self.policy.laid_out_columns
            if column.owner == "daemon"
        ]
        text = language(self.policy.words.language).text
        warning = text("sheetsync fills these columns by itself.")
        for start, end in stretches(own):
            columns = {
                "sheetId": sheet_id,
                "startColumnIndex": start,
                "endColumnIndex": end,
            }
            # It warns and no more: whoever may not edit a column may not delete or sort rows.
            self._after.append(protect(columns, None, warning))
        protection = head_protection(self.policy, self.account)
        self._after.append(
            protect_column(sheet_id, places[HEAD_FIELD], protection)
        )

    def add_settings(self, managers: Sequence[str]) -> None:
        """Add the Settings tab, or what it lacks: its lists feed the dropdowns."""
        tab = self._settings
        names = [(name,) for name in managers]
        if tab.positions.complete and not names:
            return
        is_new = tab.grid is None
        properties: dict[str, Any] = {}
        if is_new:
            index = self._first_index + len(self.added)
            properties = {"tabColorStyle": color("#1F2937"), "index": index}
        before, after = tab.requests({"managers": names}, **properties)
        self._tabs += before
        self._after += after
        if is_new:
            self.added.append(self.settings_title)

    def drop_blank(self, sheet_id: int) -> None:
        """Delete the one blank tab that a new spreadsheet starts with."""
        self._after.append({"deleteSheet": {"sheetId": sheet_id}})
