"""The program's own tabs as requests: the hidden state, the Journal with its newest line on top, and the reports.

Only what differs from what was read is written; people's notes to the right of a report are never touched.
"""

import hashlib
import json
import math
import zlib
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from openpyxl.utils import get_column_letter

from sheetsync.i18n import Language
from sheetsync.reporting.layout.model import NOTED, Anchor, Link
from sheetsync.reporting.layout.theme import CELL_STYLES
from sheetsync.reports import ReportLine, ReportSheet
from sheetsync.sheets.requests.cells import (
    FORMAT,
    RULED,
    SCORE,
    TICK,
    WHOLE,
    Canvas,
    Request,
    format_of,
    typed,
)
from sheetsync.sheets.requests.notes_beside_lines import Details, ReportTabState, by_tab
from sheetsync.sheets.requests.row_order import Companies, Order, put_in_order
from sheetsync.values import Cell
from sheetsync.workbook import last_run_state as state_tab
from sheetsync.workbook.answers import asked, asks, columns_asked, heads_alone, line_key
from sheetsync.workbook.report_keys import token_in, written
from sheetsync.workbook.snapshot import Book, Grid, Row

JOURNAL_WIDTHS = (130, 110, 75, 230, 110, 100, 170, 170, 420, 60)
JOURNAL_DATA = len(JOURNAL_WIDTHS) - 1
"""The Journal's last column: what people need not see, and an undo does."""
MOMENT = {"type": "DATE_TIME", "pattern": "dd.mm.yyyy hh:mm"}
"""How the Journal shows when a line was written."""
LARGEST_ID = 2**31 - 1


def new_sheet_id(title: str, book: Book, taken: set[int]) -> int:
    """Choose an id for a tab to be added: the same for the same title, unlike any that is there."""
    found = zlib.crc32(title.encode()) & LARGEST_ID
    while found in taken or any(grid.sheet_id == found for grid in book.grids):
        found = (found + 1) & LARGEST_ID
    taken.add(found)
    return found


def add_sheet(sheet_id: int, title: str, size: tuple[int, int], **more: Any) -> Request:
    """Add a tab of `size` (rows, columns); `more` goes into its properties."""
    grid = {"rowCount": size[0], "columnCount": size[1], **more.pop("grid", {})}
    return {
        "addSheet": {
            "properties": {"sheetId": sheet_id, "title": title, "gridProperties": grid, **more}
        }
    }


def widths(sheet_id: int, pixels: Sequence[int], start: int = 0) -> list[Request]:
    """Set the widths of neighbouring columns."""
    return [
        {
            "updateDimensionProperties": {
                "range": {
                    "sheetId": sheet_id,
                    "dimension": "COLUMNS",
                    "startIndex": at,
                    "endIndex": at + 1,
                },
                "properties": {"pixelSize": width},
                "fields": "pixelSize",
            }
        }
        for at, width in enumerate(pixels, start=start)
    ]


def protect(
    range_: Mapping[str, int], users: str | Sequence[str] | None, description: str
) -> Request:
    """Protect a range for `users` alone, our own account among them; where none is known, warn whoever types there.

    A protection that names no editors would stop nobody, so the account is always listed.
    """
    protected: dict[str, Any] = {"range": dict(range_), "description": description}
    if users:
        protected["editors"] = {
            "users": [users] if isinstance(users, str) else [*users],
            "domainUsersCanEdit": False,
        }
    else:
        protected["warningOnly"] = True
    return {"addProtectedRange": {"protectedRange": protected}}


def grow(grid: Grid, rows: int) -> list[Request]:
    """Append rows to a tab that has fewer than `rows`."""
    if grid.row_count >= rows:
        return []
    return [
        {
            "appendDimension": {
                "sheetId": grid.sheet_id,
                "dimension": "ROWS",
                "length": rows - grid.row_count,
            }
        }
    ]


def same(left: Cell, right: Cell) -> bool:
    """Tell whether a cell as it was read is what would be written."""
    if left in ("", None) or right in ("", None):
        return (left or None) == (right or None) if 0 not in (left, right) else left == right
    if isinstance(left, int | float) and isinstance(right, int | float):
        # A number comes back with fifteen or sixteen digits, as files keep it.
        return math.isclose(left, right, rel_tol=1e-12)
    return left == right


def _row_differs(old: Row, new: Sequence[Cell]) -> bool:
    padded = [*old, *[None] * len(new)]
    return any(not same(padded[at], cell) for at, cell in enumerate(new))


def state_requests(
    grid: Grid | None,
    sheet_id: int,
    title: str,
    rows: Sequence[Row],
    canvas: Canvas,
    slots: tuple[int, int] = (0, 0),
) -> list[Request]:
    """Write the rows of the state tab that differ; adds the tab, hidden, where it is not there yet.

    `slots`: how many rows and columns must be there beside it for copies of cells (see overwriting.py).
    """
    wanted = [list(state_tab.COLUMNS), *rows]
    held = list(grid.cells) if grid else []
    for at, row in enumerate(wanted):
        old = held[at] if at < len(held) else ()
        if _row_differs(old, row):
            for column, cell in enumerate(row):
                canvas.put(sheet_id, at, column, typed(cell))
    for at in range(len(wanted), len(held)):
        known = held[at][: len(state_tab.COLUMNS)]  # beside it stand the copies of cells
        if any(cell not in (None, "") for cell in known):
            for column in range(len(known)):
                canvas.put(sheet_id, at, column, {})
    width = len(state_tab.COLUMNS) + (slots[1] + 1 if slots[1] else 0)
    rows_needed = max(len(wanted), slots[0] + 1)
    if grid is not None:
        short = width - grid.column_count
        wider = {"sheetId": sheet_id, "dimension": "COLUMNS", "length": short}
        return [*([{"appendDimension": wider}] if short > 0 else []), *grow(grid, rows_needed)]
    size = (rows_needed + 50, width)
    return [add_sheet(sheet_id, title, size, hidden=True, grid={"frozenRowCount": 1})]


def journal_requests(
    grid: Grid | None,
    sheet_id: int,
    title: str,
    headings: Sequence[str],
    lines: Sequence[Sequence[Cell]],
    canvas: Canvas,
) -> list[Request]:
    """Put new lines under the Journal's heading, newest first; adds the tab where it is not there yet."""
    made: list[Request] = []
    if grid is None:
        made.append(
            add_sheet(sheet_id, title, (len(lines) + 2, len(headings)), grid={"frozenRowCount": 1})
        )
        made += [*widths(sheet_id, JOURNAL_WIDTHS), hide_column(sheet_id, JOURNAL_DATA)]
        for at, heading in enumerate(headings):
            canvas.put(
                sheet_id,
                0,
                at,
                {**typed(heading), "userEnteredFormat": format_of(CELL_STYLES["head"])},
                WHOLE,
            )
    elif lines:
        rows = {
            "sheetId": sheet_id,
            "dimension": "ROWS",
            "startIndex": 1,
            "endIndex": 1 + len(lines),
        }
        made.append({"insertDimension": {"range": rows, "inheritFromBefore": False}})
    text = format_of(CELL_STYLES["text"])
    moment = {**text, "numberFormat": MOMENT}
    for offset, line in enumerate(lines, start=1):
        for at, cell in enumerate(line):
            canvas.put(
                sheet_id,
                offset,
                at,
                {**typed(cell), "userEnteredFormat": moment if at == 0 else text},
                WHOLE,
            )
    return made


RULES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {"tick": TICK, "score": SCORE, "score_wrong": SCORE}
)
"""What may be answered in a cell, by its look."""


class ReportWriter:
    """Writes report tabs line by line: column A, hidden, holds each line's key and a digest of all it shows."""

    def __init__(
        self,
        sheet_ids: Mapping[str, int],
        columns: Mapping[str, Mapping[str, int]],
        dates: str,
        rules: Mapping[str, Request],
        language: Language,
        companies: Companies = dict,
        details: Details | None = None,
    ) -> None:
        self.sheet_ids, self.columns, self.dates, self.language = (
            sheet_ids,
            columns,
            dates,
            language,
        )
        self.rules = {**RULES, **rules}
        """What may stand in cells of a look."""
        self.companies, self.details = companies, by_tab(details or {})
        self.shifted = set[int]()
        """The tabs (sheetIds) whose rows or columns change places."""

    def link(self, target: Link | Anchor | None) -> str | None:
        """Return the address within the book of a client's row, of one of its cells, or of a line of a tab."""
        if target is None or isinstance(target, Anchor):
            return None
        name, row, *heading = target
        if name.startswith("tab:"):
            sheet_id = self.sheet_ids.get(name)
            return (
                None
                if sheet_id is None
                else f"#gid={sheet_id}&range={f'B{row}' if row > 1 else 'A1'}"
            )
        if name not in self.sheet_ids:
            return None
        known = self.columns.get(name, {})
        column = get_column_letter(known.get(heading[0] if heading else "", known.get("", 0)) + 1)
        return f"#gid={self.sheet_ids[name]}&range={column}{row}"

    def _line(self, sheet: ReportSheet, line: ReportLine) -> tuple[str, list[dict[str, Any]]]:
        cells, width = [], len(sheet.widths)
        for cell in line.cells[:width]:
            look = CELL_STYLES[cell.style]
            made = {
                **typed(cell.value),
                "userEnteredFormat": format_of(look, self.link(cell.link), self.dates),
            }
            made |= {"note": cell.note} if cell.note else {}
            rule = self.rules.get(cell.style)
            cells.append({**made, "dataValidation": rule} if rule else made)
        cells += [{} for _ in range(width - len(cells))]
        digest = hashlib.blake2b(
            json.dumps([cells, line.height]).encode(), digest_size=6
        ).hexdigest()
        values = [line.cells[at].value if at < len(line.cells) else None for at in range(width)]
        return written(line.key, values, {*asked(sheet.key, line.key).values()}, digest), cells

    def _order(self, sheet: ReportSheet, grid: Grid | None, sheet_id: int) -> Order:
        if grid is None:
            return Order(sheet.lines, [])
        order = put_in_order(
            ReportTabState(sheet, grid, self.details.get(sheet_id, {})),
            self.companies,
            self.language,
        )
        if order.shifted:
            self.shifted.add(sheet_id)
        return order

    def requests(
        self, sheet: ReportSheet, grid: Grid | None, sheet_id: int, canvas: Canvas
    ) -> list[Request]:
        """Return the requests that bring one report tab up to date."""
        width, order = len(sheet.widths), self._order(sheet, grid, sheet_id)
        fields, made = (
            RULED if asks(sheet.key) else WHOLE,
            [*(grow(grid, order.needed) if grid else ()), *order.requests],
        )
        if grid is None:
            properties = {"frozenRowCount": sheet.frozen_rows, "hideGridlines": True}
            shade = {
                "tabColorStyle": format_of(CELL_STYLES["text"])["textFormat"][
                    "foregroundColorStyle"
                ]
            }
            made.append(
                add_sheet(
                    sheet_id,
                    sheet.title,
                    (len(order.lines) + 20, width + 4),
                    grid=properties,
                    **shade,
                )
            )
            made.append(hide_column(sheet_id, 0))
        if grid is None or order.wide:
            made += widths(sheet_id, [20, *sheet.widths])
        for at, line in enumerate(order.lines):
            token, cells = self._line(sheet, line)
            old = order.held[at] if at < len(order.held) else ()
            if order.fresh or _row_differs(
                old, [token, *(cell.value for cell in line.cells[:width])]
            ):
                canvas.put(sheet_id, at, 0, typed(token))
                mask = _with_notes(fields, old, token)
                for column, cell in enumerate(cells, start=1):
                    canvas.put(sheet_id, at, column, cell, mask)
                made += height(sheet_id, at, line.height) if not (grid and grid.guarded) else ()
        for at in range(len(order.lines), len(order.held)):
            if token_in((order.held[at] or [None])[0]):  # a row without a line's mark is people's
                canvas.put(sheet_id, at, 0, {})
                for column in range(1, width + 1):
                    canvas.put(sheet_id, at, column, {}, _with_notes(fields, order.held[at]))
        for row, column in order.faded:
            canvas.put(sheet_id, row, column, {}, FORMAT)
        return made


def _with_notes(fields: str, old: Row, token: Cell = None) -> str:
    """Return what is written of a line's cells: notes too where the line that was there, or the new one, may have ours."""
    kinds = {line_key(held).partition(":")[0] for held in (old[0] if old else None, token)}
    return f"{fields},note" if kinds & NOTED else fields


ANSWERS = "[sheetsync answers]"
"""The end of what is said on the protection of cells in which people answer."""


def answers_protected(
    sheet: ReportSheet,
    grid: Grid | None,
    sheet_id: int,
    editors: tuple[str | None, str],
    language: Language,
) -> list[Request]:
    """Keep the columns in which is answered to the head of sales, where the policy tells whose address that is.

    `editors`: our account, the head's address; without either everybody who may edit the tab answers.
    """
    account, head = editors
    held = [known for known in (grid.protections if grid else ()) if known[1].endswith(ANSWERS)]
    who = language.text("Only {name} answers here; sheetsync carries it out.", name=head)
    said = f"{who} {ANSWERS}"
    columns = (
        sorted({at + 1 for at in columns_asked(sheet.key)})
        if account and head and heads_alone(sheet.key)
        else []
    )
    if [known[1] for known in held] == [said] * len(columns):
        return []
    places = [
        {"sheetId": sheet_id, "startColumnIndex": at, "endColumnIndex": at + 1} for at in columns
    ]
    return [
        *({"deleteProtectedRange": {"protectedRangeId": number}} for number, _ in held),
        *(protect(place, [account or "", head], said) for place in places),
    ]


def hide_column(sheet_id: int, column: int) -> Request:
    """Hide a column from people."""
    columns = {
        "sheetId": sheet_id,
        "dimension": "COLUMNS",
        "startIndex": column,
        "endIndex": column + 1,
    }
    return {
        "updateDimensionProperties": {
            "range": columns,
            "properties": {"hiddenByUser": True},
            "fields": "hiddenByUser",
        }
    }


def height(sheet_id: int, row: int, pixels: int) -> list[Request]:
    """Set the height of one row."""
    rows = {"sheetId": sheet_id, "dimension": "ROWS", "startIndex": row, "endIndex": row + 1}
    return [
        {
            "updateDimensionProperties": {
                "range": rows,
                "properties": {"pixelSize": pixels},
                "fields": "pixelSize",
            }
        }
    ]
