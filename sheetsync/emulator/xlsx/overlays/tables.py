"""Tables between the tab and Excel's own tables, which are pickier.

Headers must be texts, each another, over a body.

A table that no file can say is kept in the stored state alone. A footer is left out of Excel's
table.
"""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo

from sheetsync.emulator.model import a1
from sheetsync.emulator.model.grid import Area
from sheetsync.emulator.model.tables import footed, header
from sheetsync.emulator.xlsx.parts.stored_state import stable_number

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Book, Json, Sheet
    from sheetsync.emulator.model.rects import Rect

_NO_NAME = re.compile(r"[^\w.]")
_CELL_LIKE = re.compile(r"[A-Za-z]{1,3}\d+|[RrCc]\d*([RrCc]\d*)?")
_LONGEST = 255


def read(sheet: Sheet, tab: Any) -> None:
    """Lay the worksheet's tables over the tab.

    A tab without a row of headers has none that the API could tell.
    """
    for table in tab.tables.values():
        rect = a1.read_cells(str(table.ref).replace("$", ""))
        if rect is None:
            continue
        rect = rect._replace(
            bottom=rect.bottom - int(table.totalsRowCount or 0)
        )
        columns: list[Json] = [{} for _ in range(rect.right - rect.left)]
        json = {"name": str(table.displayName), "columns": columns}
        sheet.tables.append(
            Area(str(stable_number(str(table.displayName))), rect, json, table)
        )


def write(book: Book, sheet: Sheet, tab: Any, taken: set[str]) -> Json:
    """Put the tab's tables into the worksheet.

    What the state must keep so that they are known again.
    """
    for name in list(tab.tables):
        del tab.tables[name]
    names = {}
    for table in sheet.tables:
        if table.source is None and not _sayable(sheet, table):
            continue
        made = _made(book, sheet, table, taken)
        taken.add(made.displayName.casefold())
        names[str(table.id)] = made.displayName
        made.id = len(taken)
        tab.tables.add(made)
    return {"tableNames": names} if names else {}


def _body(table: Area) -> Rect:
    return table.rect._replace(bottom=table.rect.bottom - footed(table))


def _sayable(sheet: Sheet, table: Area) -> bool:
    rect = _body(table)
    texts = [
        sheet.cell(rect.top, column).value
        for column in range(rect.left, rect.right)
    ]
    words = {text.casefold() for text in texts if isinstance(text, str)}
    merged = any(rect.meets(other) for other in sheet.merges)
    return (
        rect.bottom - rect.top > 1 and len(words) == len(texts) and not merged
    )


def _made(book: Book, sheet: Sheet, table: Area, taken: set[str]) -> Any:
    rect = _body(table)
    if table.source is not None and _as_before(table, sheet):
        made = deepcopy(table.source)
        totals = int(made.totalsRowCount or 0)
        ref = a1.cells(rect._replace(bottom=rect.bottom + totals))
        if made.autoFilter is not None:
            made.autoFilter.ref = a1.cells(rect)
        made.ref = ref
        if made.headerRowCount != 0 and _sayable(sheet, table):
            for offset, column in enumerate(made.tableColumns):
                column.name = header(book, sheet, rect, offset)
        return made
    ref = a1.cells(rect)
    old = table.source
    name = _free(
        table.json["name"] if old is None else str(old.displayName), taken
    )
    made = Table(
        displayName=name, name=name, ref=ref, autoFilter=AutoFilter(ref=ref)
    )
    style = None if old is None else old.tableStyleInfo
    made.tableStyleInfo = style or TableStyleInfo(
        name="TableStyleMedium2", showRowStripes=True
    )
    made.tableColumns = [
        TableColumn(id=offset + 1, name=header(book, sheet, rect, offset))
        for offset in range(rect.right - rect.left)
    ]
    return made


def _as_before(table: Area, sheet: Sheet) -> bool:
    """Whether Excel's own object still fits: as many columns, and headers that it can have.

    Or none that it could.
    """
    same = len(table.source.tableColumns) == table.rect.right - table.rect.left
    return same or not _sayable(sheet, table)


def _free(name: str, taken: set[str]) -> str:
    """Give a name as Excel allows them, that no other table of the file has."""
    plain = _NO_NAME.sub("_", name)[:_LONGEST]
    if (
        not plain
        or not (plain[0].isalpha() or plain[0] == "_")
        or _CELL_LIKE.fullmatch(plain)
    ):
        plain = f"_{plain}"[:_LONGEST]
    names = (
        plain,
        *(f"{plain[:240]}_{number}" for number in range(2, len(taken) + 3)),
    )
    return next(name for name in names if name.casefold() not in taken)
