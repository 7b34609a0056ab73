"""Lays out a new base: section tabs with headings, frozen header, dropdowns, colours, protected columns of the program.

Adds what is missing and touches nothing that is there. An existing base is left to the run, which widens it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from sheetsync.errors import InputError
from sheetsync.i18n import language
from sheetsync.method.policy import Policy, template
from sheetsync.method.settings_tab.document import SettingsDocument
from sheetsync.method.terms import Column
from sheetsync.method.vocabulary import section_of
from sheetsync.reporting.layout.theme import CellStyle
from sheetsync.services.context import Context
from sheetsync.sheets.batch.verification import ANSWER
from sheetsync.sheets.connection.open_book import Opened, is_file, open_book
from sheetsync.sheets.read.reader import (
    last_good_settings,
    own_cells,
    read_cells,
    read_structure,
    stretches,
)
from sheetsync.sheets.requests.cells import (
    WHOLE,
    Canvas,
    Request,
    color,
    dated,
    format_of,
    grid_range,
    typed,
)
from sheetsync.sheets.requests.missing_parts import SHADES
from sheetsync.sheets.requests.own_tab_requests import (
    add_sheet,
    height,
    new_sheet_id,
    protect,
    widths,
)
from sheetsync.sheets.requests.protection import HEAD_FIELD, head_protection, protect_column
from sheetsync.sheets.requests.section_format import (
    choices,
    daemon_rules,
    dropdown,
    late,
    number_format,
)
from sheetsync.sheets.requests.settings_tab import SettingsTab
from sheetsync.values import Cell
from sheetsync.workbook.snapshot import Book, own_title, own_titles

ROWS = 200
"""Rows of a new section tab; a spreadsheet adds more as people fill it."""
HEADING_HEIGHT = 48
"""Pixels: room for a heading of two lines."""
TEAM_HEADING = CellStyle(bold=True, color="#FFFFFF", background="#1F2937", wrap=True)
DAEMON_HEADING = CellStyle(bold=True, color="#6B7280", background="#F8FAFC", wrap=True)


class LaidOut(NamedTuple):
    """What was laid out: the book's id, the titles of the tabs that were added, and of a Settings tab that got what it lacked."""

    book: str
    added: tuple[str, ...]
    completed: str = ""


def create_file(path: Path, policy: Policy, title: str) -> None:
    """Create an empty workbook in the policy's locale and zone, unless the file is there."""
    from sheetsync.emulator import create_workbook  # noqa: PLC0415  # only for local files

    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        create_workbook(
            path, title=title, locale=policy.words.locale, time_zone=policy.words.time_zone
        )


def lay_out(
    book: str, ctx: Context, managers: Sequence[str], now: Callable[[], datetime]
) -> LaidOut:
    """Lay out a base at `book`. A local file that is not there is created. One read and one write."""
    policy = template(ctx.asked or ctx.language.code)
    named = ctx.settings.book(book)
    where = named.address if named else book
    if is_file(where):
        if Path(where).suffix.lower() != ".xlsx":
            fix = ctx.language.text("Give a name that ends in .xlsx.")
            raise InputError(ctx.language.text("{file} would be no workbook.", file=where), fix=fix)
        create_file(Path(where), policy, Path(where).stem)
    opened = open_book(book, ctx.settings, ctx.language, now)
    return fill(opened, policy, managers, {})


def fill(
    opened: Opened,
    policy: Policy,
    managers: Sequence[str],
    rows: Mapping[str, Sequence[Mapping[str, Cell]]],
    doc: SettingsDocument | None = None,
) -> LaidOut:
    """Add the missing section tabs, with starter `rows` by section (field -> cell), in one batch.

    `doc`: the settings that the new base begins with, the method's own where none are given.
    """
    book = read_structure(opened.line, opened.name)
    blank = len(book.grids) == 1 and not any(read_cells(opened.line, book.grids, {}).values())
    there = {section_of(grid.title, policy) for grid in book.grids}
    setup = _Setup(own_cells(opened.line, book, policy), policy, opened.account, doc)
    for section in policy.codes("sections"):
        if section not in there:
            setup.section(section, rows.get(section, []))
    setup.settings(managers)
    if setup.added and blank and not setup.is_section(book.grids[0].title):
        setup.drop(book.grids[0].sheet_id)
    requests = setup.requests()
    if requests:
        opened.line.write({"requests": requests}, ANSWER)
    return LaidOut(
        book.id, tuple(setup.added), setup.settings_title if requests and not setup.added else ""
    )


class _Setup:
    """The one batch that lays out a base, as it is put together."""

    def __init__(
        self, book: Book, policy: Policy, account: str | None, doc: SettingsDocument | None
    ) -> None:
        self.book, self.policy, self.account = book, policy, account
        self.words, self.text = policy.words, language(policy.words.language).text
        self.added: list[str] = []
        # New tabs stand beside the team's own sections; a base without any begins with them.
        self._first = max(
            (grid.index + 1 for grid in book.grids if self.is_section(grid.title)), default=0
        )
        self._taken: set[int] = set()
        self._tabs: list[Request] = []
        self._after: list[Request] = []
        self._canvas = Canvas()
        held = book.titled(*own_titles(policy, "settings"))
        self.settings_title = title = held.title if held else own_title(book, policy, "settings")
        sheet_id = held.sheet_id if held else new_sheet_id(title, book, self._taken)
        self._settings = SettingsTab(
            held, sheet_id, title, policy, self._canvas, doc or last_good_settings(book, policy)
        )
        self._lists = self._settings.positions.ranges()

    def requests(self) -> list[Request]:
        """Return the whole batch: tabs, cells, then what refers to them."""
        return [*self._tabs, *self._canvas.requests(), *self._after]

    def _add(self, title: str, size: tuple[int, int], shade: str, grid: dict[str, Any]) -> int:
        sheet_id = new_sheet_id(title, self.book, self._taken)
        self._tabs.append(
            add_sheet(
                sheet_id,
                title,
                size,
                grid=grid,
                tabColorStyle=color(shade),
                index=self._first + len(self.added),
            )
        )
        self.added.append(title)
        return sheet_id

    def section(self, section: str, rows: Sequence[Mapping[str, Cell]]) -> None:
        """Add one section's tab with all columns of the method."""
        columns, title = self.policy.columns, self.words.name("sections", section)
        size = (max(ROWS, len(rows) + 50), len(columns))
        sheet_id = self._add(
            title, size, SHADES[section], {"frozenRowCount": 1, "frozenColumnCount": 1}
        )
        self._after += widths(sheet_id, [column.width for column in columns])
        self._after += height(sheet_id, 0, HEADING_HEIGHT)
        for at, column in enumerate(columns):
            look = DAEMON_HEADING if column.owner == "daemon" else TEAM_HEADING
            heading = self.words.name("columns", column.field)
            self._canvas.put(
                sheet_id, 0, at, {**typed(heading), "userEnteredFormat": format_of(look)}, WHOLE
            )
            self._column(sheet_id, at, column, size[0])
        for offset, row in enumerate(rows, start=1):
            self._row(sheet_id, offset, row)
        self._rules(sheet_id)
        area = {
            "startRowIndex": 0,
            "endRowIndex": size[0],
            "startColumnIndex": 0,
            "endColumnIndex": size[1],
        }
        self._after.append({"setBasicFilter": {"filter": {"range": {"sheetId": sheet_id, **area}}}})

    def _row(self, sheet_id: int, at: int, row: Mapping[str, Cell]) -> None:
        for place, column in enumerate(self.policy.columns):
            cell = row.get(column.field)
            if cell is not None:
                made = dated(cell, self.words.date_format) if column.type == "date" else typed(cell)
                self._canvas.put(sheet_id, at, place, made)

    def _column(self, sheet_id: int, at: int, column: Column, rows: int) -> None:
        """Give a column its number format and its dropdown."""
        area = grid_range(sheet_id, (1, rows), (at, at + 1))
        shown: dict[str, Any] = {
            "textFormat": {"fontFamily": "Arial", "fontSize": 10},
            "verticalAlignment": "MIDDLE",
        }
        if pattern := number_format(column, self.policy):
            shown["numberFormat"] = pattern
        if column.owner == "daemon":
            shown["textFormat"]["foregroundColorStyle"] = color("#6B7280")
        if column.field == "problems":
            shown["wrapStrategy"] = "CLIP"
        fields = "userEnteredFormat(textFormat,verticalAlignment,numberFormat,wrapStrategy)"
        self._tabs.append(
            {"repeatCell": {"range": area, "cell": {"userEnteredFormat": shown}, "fields": fields}}
        )
        condition = choices(column, self.policy, self._lists)
        if condition:
            self._after.append(dropdown(sheet_id, 1, at, condition))

    def _rules(self, sheet_id: int) -> None:
        """Colour late next steps, the program's own columns, and keep those from being typed over."""
        at = {column.field: place for place, column in enumerate(self.policy.columns)}
        self._after.append(late(sheet_id, 1, at["next_on"]))
        self._after += daemon_rules(sheet_id, 1, at)
        own = [
            place for place, column in enumerate(self.policy.columns) if column.owner == "daemon"
        ]
        for start, end in stretches(own):
            columns = {"sheetId": sheet_id, "startColumnIndex": start, "endColumnIndex": end}
            # It warns and no more: whoever may not edit a column may not delete or sort rows either.
            self._after.append(
                protect(columns, None, self.text("sheetsync fills these columns by itself."))
            )
        self._after.append(
            protect_column(sheet_id, at[HEAD_FIELD], head_protection(self.policy, self.account))
        )

    def settings(self, managers: Sequence[str]) -> None:
        """Add the Settings tab, or what it lacks: its lists feed the dropdowns."""
        tab, names = self._settings, [(name,) for name in managers]
        if tab.positions.complete and not names:
            return
        fresh = tab.grid is None
        shade = (
            {"tabColorStyle": color("#1F2937"), "index": self._first + len(self.added)}
            if fresh
            else {}
        )
        before, after = tab.requests({"managers": names}, **shade)
        self._tabs += before
        self._after += after
        if fresh:
            self.added.append(tab.positions.title)

    def is_section(self, title: str) -> bool:
        """Tell whether a tab is one of the base's own."""
        return section_of(title, self.policy) is not None

    def drop(self, sheet_id: int) -> None:
        """Delete the one blank tab that a new spreadsheet starts with."""
        self._after.append({"deleteSheet": {"sheetId": sheet_id}})
