"""Requests on cells: updateCells, repeatCell, appendCells, updateBorders.

How CellData becomes a cell is in cells.py; who may edit is in protections.py.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sheetsync.emulator.api.locations import begun, bounded, tab
from sheetsync.emulator.api.requests.dimensions import check_size
from sheetsync.emulator.api.requests.tables import room
from sheetsync.emulator.errors import bad
from sheetsync.emulator.model.cells import (
    apply,
    check_mask,
    check_rule,
    place_validation,
    set_format,
)
from sheetsync.emulator.model.formulas import copied
from sheetsync.emulator.model.grid import EMPTY, Cell, Formula, Rule
from sheetsync.emulator.model.protections import guard
from sheetsync.emulator.model.rects import Rect
from sheetsync.emulator.wire.masks import covers, of_edit

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Book, Json, Sheet
    from sheetsync.emulator.wire.masks import Tree

_SIDES = ("top", "bottom", "left", "right", "innerHorizontal", "innerVertical")


def _mask(params: Json) -> Tree:
    tree = of_edit(params.get("fields"), "CellData")
    check_mask(tree)
    return tree


def _put(
    book: Book, sheet: Sheet, at: tuple[int, int], data: Json, tree: Tree
) -> Cell:
    """Give the new cell at (row, column); its validation is laid at once."""
    row, column = at
    if covers(tree, "dataValidation"):
        rule = data.get("dataValidation")
        kept = Rule(check_rule(rule)) if rule else None
        old = sheet.validation_at(row, column)
        if kept is not None or old is not None:
            place_validation(
                sheet, Rect(row, row + 1, column, column + 1), kept
            )
    return apply(book, sheet.cell(row, column), data, tree)


def _write_row(
    at: tuple[Book, Sheet],
    row: int,
    columns: range,
    values: list[Json],
    tree: Tree,
) -> None:
    book, sheet = at
    cells = dict(sheet.row(row))
    for i, column in enumerate(columns):
        cells[column] = _put(
            book,
            sheet,
            (row, column),
            values[i] if i < len(values) else {},
            tree,
        )
    sheet.put_row(row, cells)


def update_cells(book: Book, user: str, params: Json) -> None:
    """updateCells: by `start` only the cells given, by `range` the others of it are cleared."""
    tree = _mask(params)
    rows = params.get("rows", [])
    if ("start" in params) == ("range" in params):
        raise bad("Exactly one of start and range must be set")
    if "start" in params:
        _update_from(book, user, params["start"], rows, tree)
        return
    sheet, rect = bounded(book, params["range"])
    width = max((len(row.get("values", [])) for row in rows), default=0)
    if len(rows) > rect.bottom - rect.top or width > rect.right - rect.left:
        raise bad("Attempting to write more rows or columns than the range has")
    guard(book, user, sheet, rect)
    for offset in range(rect.bottom - rect.top):
        values = rows[offset].get("values", []) if offset < len(rows) else []
        if values or rect.top + offset < len(sheet.rows) or sheet.validations:
            _write_row(
                (book, sheet),
                rect.top + offset,
                range(rect.left, rect.right),
                values,
                tree,
            )


def _update_from(
    book: Book, user: str, start: Json, rows: list[Json], tree: Tree
) -> None:
    sheet = tab(book, start.get("sheetId", 0))
    top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
    width = max((len(row.get("values", [])) for row in rows), default=0)
    if min(top, left) < 0:
        raise bad("start: negative index")
    rect = Rect(top, top + max(len(rows), 1), left, left + max(width, 1))
    if rect.bottom > sheet.row_count:
        raise bad(
            f"Attempting to write row: {rect.bottom - 1}, beyond the last requested row of: "
            f"{sheet.row_count - 1}"
        )
    if rect.right > sheet.column_count:
        last = sheet.column_count - 1
        raise bad(
            f"Attempting to write column: {rect.right - 1}, beyond the last requested column "
            f"of: {last}"
        )
    guard(book, user, sheet, rect)
    for offset, row in enumerate(rows):
        values = row.get("values", [])
        _write_row(
            (book, sheet),
            top + offset,
            range(left, left + len(values)),
            values,
            tree,
        )


def repeat_cell(book: Book, user: str, params: Json) -> None:
    """repeatCell: one cell's fields over a range; a formula's relative references move along."""
    tree = _mask(params)
    if "range" not in params:
        raise bad("range is required")
    sheet, rect = begun(book, params["range"])
    if rect.top == rect.bottom:
        return
    guard(book, user, sheet, rect)
    data = params.get("cell", {})
    if covers(tree, "dataValidation"):
        rule = data.get("dataValidation")
        place_validation(sheet, rect, Rule(check_rule(rule)) if rule else None)
    first = apply(book, EMPTY, data, tree)

    def change(cell: Cell, row: int, column: int) -> Cell:
        out = apply(book, cell, data, tree)
        if isinstance(first.value, Formula) and covers(
            tree, "userEnteredValue"
        ):
            text = copied(first.value.text, row - rect.top, column - rect.left)
            out = replace(out, value=Formula(text))
        return out

    sheet.edit(rect, change)


def append_cells(book: Book, user: str, params: Json) -> None:
    """appendCells: below the last row that holds a value, in columns from A on.

    The grid grows as needed.
    """
    tree = _mask(params)
    rows = params.get("rows", [])
    if "tableId" in params:
        _append_to_table(book, user, params, tree)
        return
    sheet = tab(book, params.get("sheetId", 0))
    top = sheet.filled_rows()
    width = max((len(row.get("values", [])) for row in rows), default=0)
    bottom = top + len(rows)
    grown = max(bottom, sheet.row_count) * max(width, sheet.column_count)
    check_size(book, grown - sheet.row_count * sheet.column_count)
    sheet.row_count, sheet.column_count = (
        max(bottom, sheet.row_count),
        max(width, sheet.column_count),
    )
    guard(book, user, sheet, Rect(top, max(bottom, top + 1), 0, max(width, 1)))
    for offset, row in enumerate(rows):
        values = row.get("values", [])
        _write_row(
            (book, sheet), top + offset, range(len(values)), values, tree
        )


def _append_to_table(book: Book, user: str, params: Json, tree: Tree) -> None:
    rows = [row.get("values", []) for row in params.get("rows", [])]
    width = max((len(values) for values in rows), default=0)
    sheet, top, left = room(book, user, params["tableId"], (len(rows), width))
    for offset, values in enumerate(rows):
        _write_row(
            (book, sheet),
            top + offset,
            range(left, left + len(values)),
            values,
            tree,
        )


def update_borders(book: Book, user: str, params: Json) -> None:
    """updateBorders: the outer sides and the inner lines of a range."""
    if "range" not in params:
        raise bad("range is required")
    sheet, rect = bounded(book, params["range"])
    guard(book, user, sheet, rect)
    given = {name: params[name] for name in _SIDES if name in params}

    def change(cell: Cell, row: int, column: int) -> Cell:
        sides = {
            "top": given.get("top" if row == rect.top else "innerHorizontal"),
            "bottom": given.get(
                "bottom" if row == rect.bottom - 1 else "innerHorizontal"
            ),
            "left": given.get(
                "left" if column == rect.left else "innerVertical"
            ),
            "right": given.get(
                "right" if column == rect.right - 1 else "innerVertical"
            ),
        }
        form: Json = {}
        tree: Tree = {}
        for name, side in sides.items():
            if side is not None:
                tree[name] = {}
                if side.get("style", "NONE") not in (
                    "NONE",
                    "STYLE_UNSPECIFIED",
                ):
                    form[name] = side
        return (
            set_format(book, cell, {"borders": form}, {"borders": tree})
            if tree
            else cell
        )

    sheet.edit(rect, change)


KINDS = {
    "updateCells": update_cells,
    "repeatCell": repeat_cell,
    "appendCells": append_cells,
    "updateBorders": update_borders,
}
