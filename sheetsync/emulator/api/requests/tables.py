"""Requests on tables, and room in a table's body for cells that appendCells brings.

What a table is made of, and how it follows its cells, is in model/tables.py.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sheetsync.emulator.api.locations import bounded
from sheetsync.emulator.api.requests.dimensions import check_size
from sheetsync.emulator.errors import bad
from sheetsync.emulator.model import structure, tables
from sheetsync.emulator.model.cells import check_rule
from sheetsync.emulator.model.grid import Area, Cell
from sheetsync.emulator.model.ids import fresh_id
from sheetsync.emulator.model.protections import guard
from sheetsync.emulator.model.rects import Rect, Splice, to_json
from sheetsync.emulator.wire.masks import merge, of_edit

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Book, Json, Sheet, Value

_FILLED: dict[str, Value] = {
    "BOOLEAN": False,
    "RATINGS_CHIP": 0,
}  # what Google fills such columns with


def _find(book: Book, table_id: str) -> tuple[Sheet, Area]:
    found = tables.find(book, table_id)
    if found is None:
        raise bad(f"No table with id: {table_id}")
    return found


def _columns(data: Json, width: int) -> list[Json]:
    """Give one entry for each column of a table: its type and its choices.

    Names are in the header cells.
    """
    out: list[Json] = [{} for _ in range(width)]
    for given in data.get("columnProperties", []):
        index = given.get("columnIndex", 0)
        if not 0 <= index < width:
            raise bad(
                f"table.columnProperties.columnIndex[{index}] is outside the table of {width} "
                f"columns"
            )
        out[index] = {
            name: given[name]
            for name in ("columnType", "dataValidationRule")
            if name in given
        }
        _check_choices(out[index])
    return out


def _check_choices(column: Json) -> None:
    rule = column.get("dataValidationRule")
    dropdown = column.get("columnType") == "DROPDOWN"
    if dropdown and rule is None:
        raise bad("Condition must be set for dropdown column type.")
    if rule is not None and not dropdown:
        raise bad("Cannot set condition for non-dropdown column type.")
    if rule is not None:
        check_rule(rule)
        if rule["condition"]["type"] != "ONE_OF_LIST":
            raise bad(
                "table.columnProperties.dataValidationRule: the condition must be ONE_OF_LIST"
            )


def _check(book: Book, sheet: Sheet, table: Area) -> None:
    if any(
        other.id != table.id and other.rect.meets(table.rect)
        for other in sheet.tables
    ):
        raise bad(
            "You cannot create a table over a range that already has a table."
        )
    if table.rect.bottom - table.rect.top < 1 + tables.footed(table):
        raise bad("A table must have room for its header and its footer.")
    named = table.json["name"].casefold()
    others = (
        other
        for tab in book.sheets
        for other in tab.tables
        if other.id != table.id
    )
    if any(other.json["name"].casefold() == named for other in others):
        raise bad(
            f'A table with the name "{table.json["name"]}" already exists.'
        )


def _write_cells(sheet: Sheet, table: Area, data: Json) -> None:
    """Write the header cells, and what columns of some types are filled with."""
    names = {
        given.get("columnIndex", 0): given.get("columnName")
        for given in data.get("columnProperties", [])
    }
    rect = table.rect
    for offset, column in enumerate(table.json["columns"]):
        tables.name_column(sheet, rect, offset, names.get(offset) or None)
        filled = _FILLED.get(column.get("columnType", ""))
        if filled is None:
            continue
        body = Rect(
            rect.top + 1,
            rect.bottom - tables.footed(table),
            rect.left + offset,
            rect.left + offset + 1,
        )
        sheet.edit(
            body,
            lambda cell, *_, value=filled: (
                cell if _stays(cell, value) else replace(cell, value=value)
            ),
        )


def _stays(cell: Cell, filled: Value) -> bool:
    """Whether a cell keeps its value in a column that is filled: among checkboxes, no text does."""
    return cell.value is not None and not (
        filled is False and isinstance(cell.value, str)
    )


def add(book: Book, user: str, params: Json) -> Json:
    """Answer addTable."""
    data = params.get("table", {})
    if "range" not in data:
        raise bad("table.range is required")
    sheet, rect = bounded(book, data["range"], "table.range")
    wanted = data.get("tableId")
    if wanted and tables.find(book, wanted) is not None:
        raise bad(f"Table with id {wanted} already exists.")
    json: Json = {
        "name": data.get("name") or tables.free_name(book),
        "columns": _columns(data, rect.right - rect.left),
    }
    if data.get("rowsProperties"):
        json["rowsProperties"] = data["rowsProperties"]
    table = Area(wanted or tables.free_id(book, fresh_id([])), rect, json)
    _check(book, sheet, table)
    guard(book, user, sheet, rect)
    sheet.tables = [*sheet.tables, table]
    _write_cells(sheet, table, data)
    return {"table": _shown(book, sheet, table)}


def _shown(book: Book, sheet: Sheet, table: Area) -> Json:
    book.computed = None  # header cells may have changed
    return tables.shown(book, sheet, table)


def update(book: Book, user: str, params: Json) -> None:
    """updateTable: a list of column properties replaces the old one whole.

    Types that it does not give are gone.
    """
    tree = of_edit(params.get("fields"), "Table")
    data = params.get("table", {})
    sheet, old = _find(book, str(data.get("tableId", "")))
    told = {
        "name": old.json["name"],
        "range": to_json(old.rect, sheet.id),
        "tableId": old.id,
    }
    told["rowsProperties"] = old.json.get("rowsProperties", {})
    new = merge(told, data, tree)
    target, rect = bounded(book, new.get("range", told["range"]), "table.range")
    if target is not sheet:
        raise bad("A table cannot be moved to another sheet.")
    rect = _refooted(sheet, old, new, rect, ranged=not tree or "range" in tree)
    named = not tree or "columnProperties" in tree
    if named and any(
        not given.get("columnName")
        for given in data.get("columnProperties", [])
    ):
        raise bad("Table header row cell must have a value.")
    columns = (
        _columns(data, rect.right - rect.left) if named else _fitted(old, rect)
    )
    json: Json = {
        "name": new.get("name") or old.json["name"],
        "columns": columns,
    }
    if new.get("rowsProperties"):
        json["rowsProperties"] = new["rowsProperties"]
    table = Area(old.id, rect, json, old.source)
    _check(book, sheet, table)
    guard(book, user, sheet, rect)
    tables.put(sheet, table)
    _write_cells(sheet, table, data if named else {})


def _fitted(old: Area, rect: Rect) -> list[Json]:
    """Give the columns' properties for a table of another range: each stays with its cells."""
    known = {
        old.rect.left + offset: column
        for offset, column in enumerate(old.json["columns"])
    }
    return [known.get(column, {}) for column in range(rect.left, rect.right)]


def _refooted(
    sheet: Sheet, old: Area, new: Json, rect: Rect, *, ranged: bool
) -> Rect:
    """Give the range with a row more for a new footer, with one less for one that is gone."""
    change = (
        "footerColorStyle" in new.get("rowsProperties", {})
    ) - tables.footed(old)
    if ranged or not change:
        return rect
    if change > 0 and rect.bottom >= sheet.row_count:
        sheet.row_count += 1
    return rect._replace(bottom=rect.bottom + change)


def delete(book: Book, user: str, params: Json) -> None:
    """deleteTable: with what is in it."""
    sheet, table = _find(book, str(params.get("tableId", "")))
    guard(book, user, sheet, table.rect)
    sheet.tables = [other for other in sheet.tables if other is not table]
    sheet.edit(table.rect, lambda *_: Cell())


def room(
    book: Book, user: str, table_id: str, size: tuple[int, int]
) -> tuple[Sheet, int, int]:
    """Give the tab, row and column where (rows, columns) of cells go in a table's body.

    The table grows as needed.
    """
    sheet, table = _find(book, table_id)
    rect = table.rect
    count, width = size
    if width > rect.right - rect.left:
        raise bad(
            f"Cannot append {width} columns to a table of {rect.right - rect.left} columns"
        )
    top = tables.next_row(sheet, table)
    end = rect.bottom - tables.footed(table)
    guard(
        book,
        user,
        sheet,
        Rect(top, max(top + count, top + 1), rect.left, rect.right),
    )
    more = top + count - end
    if more > 0:
        _grow(book, sheet, table, more)
    return sheet, top, rect.left


def _grow(book: Book, sheet: Sheet, table: Area, more: int) -> None:
    """Give the body that many rows more: free ones below it, else rows that are inserted."""
    rect = table.rect
    below = rect._replace(top=rect.bottom, bottom=rect.bottom + more)
    footed = tables.footed(table)
    beyond = max(below.bottom - sheet.row_count, 0)
    if not footed and tables.is_free(sheet, below):
        check_size(book, beyond * sheet.column_count)
        sheet.row_count += beyond
        tables.put(
            sheet, replace(table, rect=rect._replace(bottom=below.bottom))
        )
        return
    check_size(book, more * sheet.column_count)
    structure.splice(
        book, sheet, Splice(rows=True, at=rect.bottom - footed, count=more)
    )
    structure.settle(book)
    tables.put(
        sheet, replace(table, rect=rect._replace(bottom=rect.bottom + more))
    )


KINDS = {"addTable": add, "updateTable": update, "deleteTable": delete}
