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

_NOTHING: Json = {}
_SIDES = ("top", "bottom", "left", "right", "innerHorizontal", "innerVertical")


def _mask(params: Json) -> Tree:
    tree = of_edit(params.get("fields"), "CellData")
    check_mask(tree)
    return tree


class _Writer:
    """Writes rows of CellData into a tab, by one mask.

    Of cells that become alike one is made: a request says the same of thousands.
    """

    def __init__(self, book: Book, sheet: Sheet, tree: Tree) -> None:
        self._book = book
        self._sheet = sheet
        self._tree = tree
        self._rules = covers(tree, "dataValidation")
        # By the identity of the old cell and the data, which are kept
        self._made: dict[tuple[int, int], tuple[Cell, Json, Cell]] = {}

    def row(self, index: int, columns: range, values: list[Json]) -> None:
        """Write a row; columns that have no value are cleared."""
        cells = dict(self._sheet.row(index))
        for i, column in enumerate(columns):
            data = values[i] if i < len(values) else _NOTHING
            if self._rules:
                self._lay_rule(index, column, data)
            cells[column] = self._cell(cells.get(column, EMPTY), data)
        self._sheet.put_row(index, cells)

    def _cell(self, old: Cell, data: Json) -> Cell:
        key = (id(old), id(data))
        known = self._made.get(key)
        if known is None:
            known = old, data, apply(self._book, old, data, self._tree)
            self._made[key] = known
        return known[2]

    def _lay_rule(self, row: int, column: int, data: Json) -> None:
        rule = data.get("dataValidation")
        kept = Rule(check_rule(rule)) if rule else None
        old = self._sheet.validation_at(row, column)
        if kept is not None or old is not None:
            rect = Rect(row, row + 1, column, column + 1)
            place_validation(self._sheet, rect, kept)


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
    writer = _Writer(book, sheet, tree)
    for offset in range(rect.bottom - rect.top):
        values = rows[offset].get("values", []) if offset < len(rows) else []
        if values or rect.top + offset < len(sheet.rows) or sheet.validations:
            columns = range(rect.left, rect.right)
            writer.row(rect.top + offset, columns, values)


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
    writer = _Writer(book, sheet, tree)
    for offset, row in enumerate(rows):
        values = row.get("values", [])
        writer.row(top + offset, range(left, left + len(values)), values)


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
    # By the identity of the old cell, which is kept
    made: dict[int, tuple[Cell, Cell]] = {}

    def change(cell: Cell, row: int, column: int) -> Cell:
        known = made.get(id(cell))
        if known is None:
            known = made[id(cell)] = cell, apply(book, cell, data, tree)
        out = known[1]
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
    writer = _Writer(book, sheet, tree)
    for offset, row in enumerate(rows):
        values = row.get("values", [])
        writer.row(top + offset, range(len(values)), values)


def _append_to_table(book: Book, user: str, params: Json, tree: Tree) -> None:
    rows = [row.get("values", []) for row in params.get("rows", [])]
    width = max((len(values) for values in rows), default=0)
    sheet, top, left = room(book, user, params["tableId"], (len(rows), width))
    writer = _Writer(book, sheet, tree)
    for offset, values in enumerate(rows):
        writer.row(top + offset, range(left, left + len(values)), values)


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
