"""Tables: their columns as answers tell them, how they follow cells, and room for new rows.

An Area's JSON is a Table without tableId and range; `columns` in it has one entry for each column.
Requests are in api/requests/tables.py, Excel's own tables in xlsx/overlays/tables.py.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sheetsync.emulator.model.display import format_in, formatted
from sheetsync.emulator.model.grid import EMPTY, Area, Formula
from sheetsync.emulator.model.rects import Rect, to_json

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Book, Json, Sheet, Value


def shown(book: Book, sheet: Sheet, table: Area) -> Json:
    """Give the Table of an answer; its columns are named by what the header cells show now."""
    out: Json = {
        "tableId": str(table.id),
        "name": table.json["name"],
        "range": to_json(table.rect, sheet.id),
    }
    columns = []
    for offset, column in enumerate(table.json["columns"]):
        name = header(book, sheet, table.rect, offset)
        columns.append(
            {
                **({"columnIndex": offset} if offset else {}),
                "columnName": name,
                **column,
            }
        )
    if table.json.get("rowsProperties"):
        out["rowsProperties"] = table.json["rowsProperties"]
    out["columnProperties"] = columns
    return out


def header(book: Book, sheet: Sheet, rect: Rect, offset: int) -> str:
    """Give a column's name: the text of its header cell."""
    row, column = rect.top, rect.left + offset
    cell = sheet.cell(row, column)
    value: Value = cell.value
    if isinstance(value, Formula) and book.compute is not None:
        if book.computed is None:
            book.computed = book.compute(book)
        value = book.computed.value(sheet, row, column)
    return (
        formatted(value, format_in(book, sheet, cell), book.locale)
        or f"Column {offset + 1}"
    )


def footed(table: Area) -> bool:
    """Whether its last row is a footer."""
    return "footerColorStyle" in table.json.get("rowsProperties", {})


def moved(sheet: Sheet, table: Area, cut: Any) -> Area | None:
    """Give the table after rows or columns came, went or moved; the cells have moved already."""
    rect = cut.rect(table.rect)
    if rect is None:
        return None
    old = table.json["columns"]
    columns: list[Json] = [{} for _ in range(rect.right - rect.left)]
    fresh = set(range(len(columns)))
    for offset, column in enumerate(old):
        place = cut.rect(
            table.rect._replace(
                left=table.rect.left + offset,
                right=table.rect.left + offset + 1,
            )
        )
        if place is not None and 0 <= place.left - rect.left < len(columns):
            columns[place.left - rect.left] = column
            fresh.discard(place.left - rect.left)
    for offset in sorted(fresh):
        name_column(sheet, rect, offset)
    return Area(
        table.id, rect, {**table.json, "columns": columns}, table.source
    )


def name_column(
    sheet: Sheet, rect: Rect, offset: int, name: str | None = None
) -> None:
    """Write a header cell: the name given, else one that is free where the cell is blank."""
    cell = sheet.cell(rect.top, rect.left + offset)
    if name is None and cell.value is not None:
        return
    if name is None:
        taken = {
            str(sheet.cell(rect.top, column).value)
            for column in range(rect.left, rect.right)
        }
        numbers = range(offset + 1, offset + 2 + len(taken))
        name = next(
            f"Column {number}"
            for number in numbers
            if f"Column {number}" not in taken
        )
    sheet.put(
        rect.top,
        rect.left + offset,
        replace(cell, value=name, runs=(), rich=None),
    )


def free_name(book: Book, start: str = "Table") -> str:
    """Give a name that no table of the book has."""
    taken = {
        table.json["name"].casefold()
        for sheet in book.sheets
        for table in sheet.tables
    }
    return next(
        f"{start}{n}"
        for n in range(1, len(taken) + 2)
        if f"{start}{n}".casefold() not in taken
    )


def free_id(book: Book, wanted: int) -> str:
    """Give a table id made of a number, moved on where it is taken."""
    taken = {str(table.id) for sheet in book.sheets for table in sheet.tables}
    while str(wanted) in taken:
        wanted += 1
    return str(wanted)


def find(book: Book, table_id: str) -> tuple[Sheet, Area] | None:
    """Give a table by its id, with its tab."""
    return next(
        (
            (s, t)
            for s in book.sheets
            for t in s.tables
            if str(t.id) == table_id
        ),
        None,
    )


def put(sheet: Sheet, table: Area) -> None:
    """Replace the table of the same id."""
    sheet.tables = [
        table if other.id == table.id else other for other in sheet.tables
    ]


def next_row(sheet: Sheet, table: Area) -> int:
    """Give the first row of the body with nothing filled in it or below it.

    It may be the one after the body.
    """
    rect = table.rect
    end = rect.bottom - footed(table)
    for row in range(end - 1, rect.top, -1):
        cells = sheet.row(row)
        if any(
            cells.get(column, EMPTY).value is not None
            for column in range(rect.left, rect.right)
        ):
            return row + 1
    return min(rect.top + 1, end)


def is_free(sheet: Sheet, rect: Rect) -> bool:
    """Whether no cell of the rectangle is filled and no other table lies on it."""
    for row in range(rect.top, min(rect.bottom, len(sheet.rows))):
        if any(
            rect.left <= column < rect.right and cell.value is not None
            for column, cell in sheet.row(row).items()
        ):
            return False
    return not any(other.rect.meets(rect) for other in sheet.tables)


def restored(
    found: list[Area], stored: list[Area], names: dict[str, str]
) -> list[Area]:
    """Give the tables of a file with the ids and words that were stored for them.

    `names` gives the name in the file of each stored id; a table whose name is not in it was not
    written, as no file can say it. One that the file had and has no more was deleted by another
    program.
    """
    by_name = {
        str(table.source.displayName): table
        for table in found
        if table.source is not None
    }
    out = []
    for table in stored:
        name = names.get(str(table.id))
        if name is None:
            out.append(table)
        elif name in by_name:
            out.append(_joined(by_name.pop(name), table))
    return [*out, *by_name.values()]


def _joined(found: Area, stored: Area) -> Area:
    """Give the file's table with what was stored of it.

    Its cells are the file's, but for a footer.
    """
    rect = found.rect._replace(bottom=found.rect.bottom + footed(stored))
    columns = list(stored.json["columns"])[: rect.right - rect.left]
    columns += [{} for _ in range(rect.right - rect.left - len(columns))]
    return Area(
        str(stored.id), rect, {**stored.json, "columns": columns}, found.source
    )
