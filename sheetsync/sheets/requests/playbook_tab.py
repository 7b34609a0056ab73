"""A tab of the playbook as requests: laid out once, with starter rows, and never written again.

What it is made of is told by `playbook.declaration`; whether it is there already by the service.
"""

from collections.abc import Mapping
from math import ceil
from typing import Any, NamedTuple

from sheetsync.i18n import language
from sheetsync.method.policy import Policy
from sheetsync.method.vocabulary import DICTIONARIES
from sheetsync.playbook.checks import required_cells
from sheetsync.playbook.declaration import (
    PlaybookColumn,
    PlaybookSection,
    PlaybookTab,
)
from sheetsync.reporting.layout.theme import BLUE, CELL_STYLES
from sheetsync.sheets.requests.canvas import Canvas
from sheetsync.sheets.requests.cells import (
    WHOLE,
    Request,
    color,
    format_of,
    grid_range,
    styled,
)
from sheetsync.sheets.requests.dropdowns import (
    TICK,
    Condition,
    dropdown,
    one_of_list,
    one_of_range,
)
from sheetsync.sheets.requests.tab_requests import (
    add_sheet,
    column_widths,
    protect,
    row_heights,
)
from sheetsync.values import Cell

TITLE_ROW, INTRO_ROW, FIRST_TABLE = 0, 1, 3
"""0-based rows of a new tab."""
HEADING_HEIGHT, TITLE_HEIGHT = 36, 34
LINE_HEIGHT = 16
"""Pixels."""
SIGN_WIDTH = 6.2
"""Pixels of a sign of ten points, about."""
FREE_ROWS = 100
"""Rows below the last table, for what people add."""
FREE_COLUMNS = 4
"""Columns to the right of the widest table, likewise."""
_STYLES = {
    "date": "date",
    "integer": "number",
    "amount": "number",
    "flag": "tick",
    "required_cells": "note_wrapped",
}
"""How cells of a type look; all others are wrapped text."""


class PlaybookRequests(NamedTuple):
    """What lays tabs out: requests that come before the cells, and those that come after them."""

    before: list[Request]
    after: list[Request]


class PlaybookPlace(NamedTuple):
    """Where a tab is laid out: its id and title, and its 0-based place among the tabs."""

    sheet_id: int
    title: str
    position: int


class PlaybookWriter:
    """Lays out tabs of the playbook in one batch.

    `lists`: the ranges of the Settings tab that feed dropdowns.
    """

    def __init__(
        self, policy: Policy, lists: Mapping[str, str], canvas: Canvas
    ) -> None:
        self.policy = policy
        self.lists = lists
        self.canvas = canvas
        self.requests = PlaybookRequests([], [])

    def add(self, tab: PlaybookTab, place: PlaybookPlace) -> None:
        """Lay out one tab."""
        widths = _widths(tab)
        tops = _tops(tab)
        last = tab.sections[-1]
        rows = tops[last.key] + 1 + _length(last) + FREE_ROWS
        self.requests.before.append(
            add_sheet(
                place.sheet_id,
                place.title,
                (rows, len(widths) + FREE_COLUMNS),
                tabColorStyle=color(BLUE),
                index=place.position,
            )
        )
        self.requests.after.extend(column_widths(place.sheet_id, widths))
        heights = {TITLE_ROW: TITLE_HEIGHT}
        self._put(place.sheet_id, (TITLE_ROW, 0), tab.title, "title")
        self._put(place.sheet_id, (INTRO_ROW, 0), tab.intro, "subtitle")
        for section in tab.sections:
            table = _TablePlace(place.sheet_id, tops[section.key])
            self._add_table(section, table, widths, heights)
        self.requests.after.extend(row_heights(place.sheet_id, heights))
        if tab.heads:
            self._warn(tab.sections[0], place.sheet_id, tops)

    def _put(
        self, sheet_id: int, place: tuple[int, int], value: Cell, style: str
    ) -> None:
        row, column = place
        dates = self.policy.words.date_format
        cell = styled(value, format_of(CELL_STYLES[style], dates=dates))
        self.canvas.put(sheet_id, row, column, cell, WHOLE)

    def _add_table(
        self,
        section: PlaybookSection,
        table: "_TablePlace",
        widths: list[int],
        heights: dict[int, int],
    ) -> None:
        """Put a table's title, its headings and its rows; note how high the rows are to be."""
        sheet_id = table.sheet_id
        title_row = table.header - 2
        self._put(sheet_id, (title_row, 0), section.title, "heading")
        self._put(sheet_id, (title_row + 1, 0), section.note, "heading_note")
        heights[table.header] = HEADING_HEIGHT
        for column, declared in enumerate(section.columns):
            self._put(sheet_id, (table.header, column), declared.title, "head")
            self._offer(declared, table.cells(section, column))
        for number in range(_length(section)):
            row = table.header + 1 + number
            starter = section.rows[number] if number < len(section.rows) else {}
            lines = 1
            for column, declared in enumerate(section.columns):
                value = self._value(declared, starter)
                style = _STYLES.get(declared.type, "text_wrapped")
                self._put(sheet_id, (row, column), value, style)
                lines = max(lines, _lines_of(str(value or ""), widths[column]))
            heights[row] = 8 + LINE_HEIGHT * lines

    def _value(
        self, column: PlaybookColumn, starter: Mapping[str, Cell]
    ) -> Cell:
        """Return what a cell begins with: of a state or a reason the word of its code."""
        if column.type == "required_cells":
            state = starter.get("state")
            return required_cells(str(state), self.policy) or None
        value = starter.get(column.key)
        kind = DICTIONARIES.get(column.type)
        if kind is None or value is None:
            return value
        # A team may have struck a state or a reason of the method's off its list.
        known = str(value) in self.policy.codes(kind)
        return self.policy.words.name(kind, str(value)) if known else None

    def _offer(self, column: PlaybookColumn, area: Mapping[str, int]) -> None:
        """Give the cells of a column their dropdown, or their boxes."""
        if column.type == "flag":
            rule = {"setDataValidation": {"range": dict(area), "rule": TICK}}
            self.requests.after.append(rule)
            return
        condition = self._choices(column)
        if condition is not None:
            self.requests.after.append(dropdown(area, condition))

    def _choices(self, column: PlaybookColumn) -> Condition | None:
        if column.type == "choice" and column.choices:
            return one_of_list(column.choices)
        if column.type == "manager" and "managers" in self.lists:
            return one_of_range(self.lists["managers"])
        kind = DICTIONARIES.get(column.type)
        if kind is None:
            return None
        codes = self.policy.codes(kind)
        return one_of_list(self.policy.words.name(kind, code) for code in codes)

    def _warn(
        self, section: PlaybookSection, sheet_id: int, tops: Mapping[str, int]
    ) -> None:
        """Warn whoever types into a table that the program goes by."""
        text = language(self.policy.words.language).text
        header = tops[section.key]
        rows = (header, header + 1 + _length(section))
        area = grid_range(sheet_id, rows, (0, len(section.columns)))
        why = text(
            "sheetsync suggests next steps by this table: the head of sales changes it."
        )
        # It warns and no more: where no head is named, nobody could change it otherwise.
        self.requests.after.append(protect(area, None, why))


class _TablePlace(NamedTuple):
    """Where a table stands: its tab, and the 0-based row of its headings."""

    sheet_id: int
    header: int

    def cells(self, section: PlaybookSection, column: int) -> dict[str, Any]:
        """Return the cells of a column, spare ones too."""
        rows = (self.header + 1, self.header + 1 + _length(section))
        return grid_range(self.sheet_id, rows, (column, column + 1))


def _length(section: PlaybookSection) -> int:
    return len(section.rows) + section.spare


def _tops(tab: PlaybookTab) -> dict[str, int]:
    """Return the 0-based row of each table's headings: its title and its note stand above."""
    tops: dict[str, int] = {}
    row = FIRST_TABLE
    for section in tab.sections:
        tops[section.key] = row + 2
        row += 3 + _length(section) + 1
    return tops


def _widths(tab: PlaybookTab) -> list[int]:
    """Return the pixels of each column: as wide as the widest of any table there."""
    count = max(len(section.columns) for section in tab.sections)
    widths = [0] * count
    for section in tab.sections:
        for place, column in enumerate(section.columns):
            widths[place] = max(widths[place], column.width)
    return widths


def _lines_of(words: str, width: int) -> int:
    """Return in how many lines a text stands in a column of `width` pixels."""
    room = max(1, int((width - 10) / SIGN_WIDTH))
    return sum(max(1, ceil(len(part) / room)) for part in words.split("\n"))
