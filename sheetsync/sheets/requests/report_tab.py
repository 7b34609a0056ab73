"""Report tabs as requests, line by line: only lines that differ from what was read are written.

People's notes to the right of a report are never touched; beside which line each belongs is told by
row_order.py.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

from gspread.utils import rowcol_to_a1

from sheetsync.i18n import Language
from sheetsync.reporting.layout.model import NOTED, Anchor, Link, ReportCell
from sheetsync.reporting.layout.theme import (
    AMBER,
    BLUE,
    CELL_STYLES,
    GREEN,
    INK,
)
from sheetsync.reports import ReportLine, ReportSheet
from sheetsync.sheets.requests.canvas import Canvas
from sheetsync.sheets.requests.cells import (
    FORMAT,
    RULED,
    WHOLE,
    CellData,
    Request,
    RereadCells,
    color,
    format_of,
    styled,
    typed,
    whole_columns,
)
from sheetsync.sheets.requests.dropdowns import SCORE, TICK
from sheetsync.sheets.requests.notes_beside_lines import (
    ReportTabState,
    RereadTab,
    by_tab,
)
from sheetsync.sheets.requests.own_tab_requests import row_differs
from sheetsync.sheets.requests.row_order import Companies, Order, put_in_order
from sheetsync.sheets.requests.tab_requests import (
    add_sheet,
    column_widths,
    grow_rows,
    hide_column,
    protect,
    row_heights,
)
from sheetsync.values import Cell
from sheetsync.workbook.answers import (
    asked,
    asks,
    columns_asked,
    heads_alone,
    kind_of_report,
    line_key,
)
from sheetsync.workbook.report_keys import token_in, written
from sheetsync.workbook.snapshot import DrawnChart, Grid, Row

FIRST_COLUMN = 1
"""The column (0-based) in which a report's first cell stands: B, beside the hidden one."""
KEY_WIDTH = 20
"""Pixels of the hidden column."""
SPARE_ROWS, SPARE_COLUMNS = 20, 4
"""Room for people's notes on a new tab, below the report and to its right."""
SHADES: Mapping[str, str] = MappingProxyType(
    {"summary": BLUE, "manager": GREEN, "revision": AMBER, "sample": AMBER}
)
"""The colours of new tabs by the kind of report: the head's, the managers', what is looked through.

All others are as dark as the settings.
"""
RULES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {"tick": TICK, "score": SCORE, "score_wrong": SCORE}
)
"""What may be answered in a cell, by its style."""


@dataclass(frozen=True)
class PlacedReport:
    """A report and the tab it goes on: as it was read, None where it is to be added; its id.

    `index`: before which tab one that is to be added comes, None: after all of them.
    """

    sheet: ReportSheet
    grid: Grid | None
    sheet_id: int
    index: int | None = None

    @property
    def charts(self) -> tuple[DrawnChart, ...]:
        """The charts that stand on the tab, whoever drew them."""
        return self.grid.charts if self.grid else ()


@dataclass(frozen=True)
class ReportWriter:
    """Writes report tabs. Their hidden column A holds each line's key and a digest of all it shows.

    `sheet_ids`: tabs by section, and by `tab:TITLE`; `columns`: of each section's tab, by heading
    (0-based). `dates`: how days are written; `rules`: what may be typed into cells of a style.
    `reread`: rows of these tabs as read again.
    """

    sheet_ids: Mapping[str, int]
    columns: Mapping[str, Mapping[str, int]]
    dates: str
    rules: Mapping[str, Mapping[str, Any]]
    language: Language
    companies: Companies = dict
    reread: RereadCells = field(default_factory=dict)

    def order(self, tab: PlacedReport) -> Order:
        """Work out which line comes to stand in which row of a tab."""
        if tab.grid is None:
            return Order(tab.sheet.lines, [])
        reread = self._reread_by_tab.get(tab.sheet_id, {})
        state = ReportTabState(tab.sheet, tab.grid, reread)
        return put_in_order(state, self.companies, self.language)

    @cached_property
    def _reread_by_tab(self) -> dict[int, RereadTab]:
        return by_tab(self.reread)

    def requests(
        self, tab: PlacedReport, order: Order, canvas: Canvas
    ) -> list[Request]:
        """Return the requests that bring one tab up to date; its cells go to the canvas."""
        requests: list[Request] = []
        if tab.grid is None:
            requests += _new_tab(tab, len(order.lines))
        else:
            requests += [*grow_rows(tab.grid, order.needed), *order.requests]
        if tab.grid is None or order.wide:
            requests += column_widths(
                tab.sheet_id, [KEY_WIDTH, *tab.sheet.widths]
            )
        requests += self._changed_lines(tab, order, canvas)
        _clear_left_over(tab, order, canvas)
        for row, column in order.faded:
            canvas.put(tab.sheet_id, row, column, {}, FORMAT)
        return requests

    def _changed_lines(
        self, tab: PlacedReport, order: Order, canvas: Canvas
    ) -> list[Request]:
        """Put the lines that differ from what stands there; return the requests on heights."""
        heights: dict[int, int] = {}
        width = len(tab.sheet.widths)
        guarded = tab.grid is not None and bool(tab.grid.guarded)
        for row, line in enumerate(order.lines):
            token, cells = self._line(tab.sheet, line)
            values = [token, *(cell.value for cell in line.cells[:width])]
            old = order.held_in(row)
            # A line that is as it was is not written: most nights change few of them.
            if not order.fresh and not row_differs(old, values):
                continue
            fields = _mask(tab.sheet, old, token)
            canvas.put(tab.sheet_id, row, 0, typed(token))
            for column, cell in enumerate(cells, start=1):
                canvas.put(tab.sheet_id, row, column, cell, fields)
            if not guarded:
                heights[row] = line.height
        return row_heights(tab.sheet_id, heights)

    def _line(
        self, sheet: ReportSheet, line: ReportLine
    ) -> tuple[str, list[CellData]]:
        """Return a line's token and its cells, as many as the report has columns."""
        width = len(sheet.widths)
        shown = line.cells[:width]
        missing = width - len(shown)
        cells = [*map(self._cell, shown), *[CellData()] * missing]
        # The digest is of all that the line shows, so that a link or a format that changes is
        # written too.
        content = json.dumps([cells, line.height])
        digest = hashlib.blake2b(content.encode(), digest_size=6).hexdigest()
        values = [*(cell.value for cell in shown), *[None] * missing]
        answered = {*asked(sheet.key, line.key).values()}
        return written(line.key, values, answered, digest), cells

    def _cell(self, cell: ReportCell) -> CellData:
        link = self.link(cell.link)
        cell_format = format_of(CELL_STYLES[cell.style], link, self.dates)
        data = styled(cell.value, cell_format)
        if cell.note:
            data["note"] = cell.note
        rule = self.rules.get(cell.style) or RULES.get(cell.style)
        if rule:
            data["dataValidation"] = rule
        return data

    def link(self, target: Link | Anchor | None) -> str | None:
        """Return the address within the book of a client's row or cell, or of a line of a tab."""
        # Whether Google shows the link of a cell that holds a number is not documented
        # (docs/google-unknowns.md): the names at the beginning of lines lead on too.
        if target is None or isinstance(target, Anchor):
            return None
        name, row, *heading = target
        sheet_id = self.sheet_ids.get(name)
        if sheet_id is None:
            return None
        if not name.startswith("tab:"):
            cell = rowcol_to_a1(row, 1 + self._column(name, *heading))
        elif row > 1:
            cell = rowcol_to_a1(row, 1 + FIRST_COLUMN)
        else:
            cell = "A1"
        return f"#gid={sheet_id}&range={cell}"

    def _column(self, section: str, heading: str = "") -> int:
        """Return the column (0-based) under a heading of a section's tab, else the company's."""
        columns = self.columns.get(section, {})
        return columns.get(heading, columns.get("", 0))


def _new_tab(tab: PlacedReport, lines: int) -> list[Request]:
    size = (lines + SPARE_ROWS, len(tab.sheet.widths) + SPARE_COLUMNS)
    grid = {"frozenRowCount": tab.sheet.frozen_rows, "hideGridlines": True}
    more = {} if tab.index is None else {"index": tab.index}
    shade = color(SHADES.get(kind_of_report(tab.sheet.key), INK))
    return [
        add_sheet(
            tab.sheet_id,
            tab.sheet.title,
            size,
            grid,
            tabColorStyle=shade,
            **more,
        ),
        hide_column(tab.sheet_id, 0),
    ]


def _clear_left_over(tab: PlacedReport, order: Order, canvas: Canvas) -> None:
    """Clear the rows below the report in which lines of it stood."""
    for row in range(len(order.lines), len(order.held)):
        old = order.held[row]
        # A row without a line's mark is people's.
        if not old or not token_in(old[0]):
            continue
        canvas.put(tab.sheet_id, row, 0, {})
        fields = _mask(tab.sheet, old)
        for column in range(1, len(tab.sheet.widths) + 1):
            canvas.put(tab.sheet_id, row, column, {}, fields)


def _mask(sheet: ReportSheet, old: Row, token: Cell = None) -> str:
    """Return what is written of a line's cells. `token`: of the line that is to be there."""
    fields = RULED if asks(sheet.key) else WHOLE
    # Notes are ours where the line that was there, or the new one, is of a block that has them:
    # elsewhere they are people's, and stay.
    if any(map(_may_have_notes, [token, *old[:1]])):
        return f"{fields},note"
    return fields


def _may_have_notes(token: Cell) -> bool:
    return line_key(token).partition(":")[0] in NOTED


ANSWERS = "[sheetsync answers]"
"""The end of what is said on the protection of cells in which people answer."""


def answer_protections(
    tab: PlacedReport,
    account: str | None,
    heads: Sequence[str],
    language: Language,
) -> list[Request]:
    """Keep the columns in which is answered to the head of sales.

    `account`: ours; `heads`: the addresses of the head and of a deputy. Without either everybody
    who may edit the tab answers.
    """
    who = language.text(
        "Only {name} answers here; sheetsync carries it out.",
        name=", ".join(heads),
    )
    description = f"{who} {ANSWERS}"
    columns: list[int] = []
    if account and heads and heads_alone(tab.sheet.key):
        columns = sorted(columns_asked(tab.sheet.key))
    ours = _answer_protections_of(tab)
    if [*ours.values()] == [description] * len(columns):
        return []
    requests: list[Request] = []
    for number in ours:
        requests.append({"deleteProtectedRange": {"protectedRangeId": number}})
    for column in columns:
        first = FIRST_COLUMN + column
        area = whole_columns(tab.sheet_id, first, first + 1)
        requests.append(protect(area, [account or "", *heads], description))
    return requests


def _answer_protections_of(tab: PlacedReport) -> dict[int, str]:
    """Return the protections that are made here for answers: their description by id."""
    ours: dict[int, str] = {}
    if tab.grid is not None:
        for number, description in tab.grid.protections:
            if description.endswith(ANSWERS):
                ours[number] = description
    return ours
