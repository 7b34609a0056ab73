"""Requests on cells: updateCells, repeatCell, appendCells, copyPaste, updateBorders.

How CellData becomes a cell is in cells.py; who may edit is in protect.py.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sheetsync.emulator.api.calls import computed
from sheetsync.emulator.api.filters import bounded, tab
from sheetsync.emulator.api.kinds.lines import check_size
from sheetsync.emulator.errors import bad
from sheetsync.emulator.model import a1
from sheetsync.emulator.model.cells import apply, check_mask, check_rule, place_validation, set_format
from sheetsync.emulator.model.formulas import copied
from sheetsync.emulator.model.grid import EMPTY, Cell, Formula, Rule
from sheetsync.emulator.model.protect import guard
from sheetsync.emulator.model.rects import Rect
from sheetsync.emulator.model.structure import copied_cell
from sheetsync.emulator.wire.masks import covers, of_edit

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Book, Json, Sheet
    from sheetsync.emulator.wire.masks import Tree

_SIDES = ("top", "bottom", "left", "right", "innerHorizontal", "innerVertical")


def _mask(params: Json) -> Tree:
    tree = of_edit(params.get("fields"), "CellData")
    check_mask(tree)
    return tree


def _put(book: Book, sheet: Sheet, at: tuple[int, int], data: Json, tree: Tree) -> Cell:
    """Give the new cell at (row, column); its validation is laid at once."""
    row, column = at
    if covers(tree, "dataValidation"):
        rule = data.get("dataValidation")
        kept = Rule(check_rule(rule)) if rule else None
        old = sheet.validation_at(row, column)
        if kept is not None or old is not None:
            place_validation(sheet, Rect(row, row + 1, column, column + 1), kept)
    return apply(book, sheet.cell(row, column), data, tree)


def _write_row(at: tuple[Book, Sheet], row: int, columns: range, values: list[Json], tree: Tree) -> None:
    book, sheet = at
    cells = dict(sheet.row(row))
    for i, column in enumerate(columns):
        cells[column] = _put(book, sheet, (row, column), values[i] if i < len(values) else {}, tree)
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
            _write_row((book, sheet), rect.top + offset, range(rect.left, rect.right), values, tree)


def _update_from(book: Book, user: str, start: Json, rows: list[Json], tree: Tree) -> None:
    sheet = tab(book, start.get("sheetId", 0))
    top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
    width = max((len(row.get("values", [])) for row in rows), default=0)
    if min(top, left) < 0:
        raise bad("start: negative index")
    rect = Rect(top, top + max(len(rows), 1), left, left + max(width, 1))
    if rect.bottom > sheet.row_count:
        raise bad(
            f"Attempting to write row: {rect.bottom - 1}, beyond the last requested row of: {sheet.row_count - 1}"
        )
    if rect.right > sheet.column_count:
        last = sheet.column_count - 1
        raise bad(f"Attempting to write column: {rect.right - 1}, beyond the last requested column of: {last}")
    guard(book, user, sheet, rect)
    for offset, row in enumerate(rows):
        values = row.get("values", [])
        _write_row((book, sheet), top + offset, range(left, left + len(values)), values, tree)


def repeat_cell(book: Book, user: str, params: Json) -> None:
    """repeatCell: one cell's fields over a range; a formula's relative references move along."""
    tree = _mask(params)
    if "range" not in params:
        raise bad("range is required")
    sheet, rect = bounded(book, params["range"])
    guard(book, user, sheet, rect)
    data = params.get("cell", {})
    if covers(tree, "dataValidation"):
        rule = data.get("dataValidation")
        place_validation(sheet, rect, Rule(check_rule(rule)) if rule else None)
    first = apply(book, EMPTY, data, tree)

    def change(cell: Cell, row: int, column: int) -> Cell:
        out = apply(book, cell, data, tree)
        if isinstance(first.value, Formula) and covers(tree, "userEnteredValue"):
            text = copied(first.value.text, row - rect.top, column - rect.left)
            out = replace(out, value=Formula(text))
        return out

    sheet.edit(rect, change)


def append_cells(book: Book, user: str, params: Json) -> None:
    """appendCells: below the last row that holds a value, in columns from A on; the grid grows as needed."""
    if "tableId" in params:
        raise bad("not emulated: appendCells.tableId")
    tree = _mask(params)
    sheet = tab(book, params.get("sheetId", 0))
    rows = params.get("rows", [])
    top = sheet.filled_rows()
    width = max((len(row.get("values", [])) for row in rows), default=0)
    bottom = top + len(rows)
    grown = max(bottom, sheet.row_count) * max(width, sheet.column_count)
    check_size(book, grown - sheet.row_count * sheet.column_count)
    sheet.row_count, sheet.column_count = max(bottom, sheet.row_count), max(width, sheet.column_count)
    guard(book, user, sheet, Rect(top, max(bottom, top + 1), 0, max(width, 1)))
    for offset, row in enumerate(rows):
        values = row.get("values", [])
        _write_row((book, sheet), top + offset, range(len(values)), values, tree)


def copy_paste(book: Book, user: str, params: Json) -> None:
    """copyPaste: the source repeated over the destination, which may lie in another tab."""
    if "source" not in params or "destination" not in params:
        raise bad("source and destination are required")
    if params.get("pasteOrientation", "NORMAL") != "NORMAL":
        raise bad("not emulated: pasteOrientation TRANSPOSE")
    kind = params.get("pasteType", "PASTE_NORMAL")
    if kind not in _PASTES:
        raise bad(f"not emulated: pasteType {kind}")
    source, rect = bounded(book, params["source"], "source")
    target, given = bounded(book, params["destination"], "destination")
    place = _tiled(rect, given)
    a1.inside(target, place)
    guard(book, user, target, place)
    for offset, tile in _tiles(rect, place):
        _PASTES[kind](book, (source, rect), (target, tile), offset)


def _tiled(source: Rect, given: Rect) -> Rect:
    """Give the destination: a whole multiple of the source in each direction, at least once."""
    height, width = source.bottom - source.top, source.right - source.left
    down, across = max((given.bottom - given.top) // height, 1), max((given.right - given.left) // width, 1)
    return Rect(given.top, given.top + down * height, given.left, given.left + across * width)


def _tiles(source: Rect, place: Rect) -> list[tuple[tuple[int, int], Rect]]:
    height, width = source.bottom - source.top, source.right - source.left
    return [
        ((top - source.top, left - source.left), Rect(top, top + height, left, left + width))
        for top in range(place.top, place.bottom, height)
        for left in range(place.left, place.right, width)
    ]


Spot = tuple["Sheet", Rect]


def _paste_cells(source: Spot, target: Spot, offset: tuple[int, int], *, value: bool, look: bool) -> None:
    rows = [source[0].row(row) for row in range(source[1].top, source[1].bottom)]
    for i, cells in enumerate(rows):
        row = target[1].top + i
        out = dict(target[0].row(row))
        for column in range(target[1].left, target[1].right):
            old = out.get(column, EMPTY)
            new = copied_cell(cells.get(column - offset[1], EMPTY), *offset)
            if value:
                old = replace(old, value=new.value, runs=new.runs, rich=new.rich)
            out[column] = replace(old, look=new.look) if look else old
        target[0].put_row(row, out)


def _paste_normal(_book: Book, source: Spot, target: Spot, offset: tuple[int, int]) -> None:
    merges = [rect for rect in source[0].merges if rect.meets(source[1])]
    clash = [rect for rect in merges if not source[1].holds(rect)]
    clash += [rect for rect in target[0].merges if rect.meets(target[1]) and not target[1].holds(rect)]
    if clash:
        raise bad("You can't paste over part of a merged cell.")
    _paste_cells(source, target, offset, value=True, look=True)
    target[0].merges = [rect for rect in target[0].merges if not rect.meets(target[1])]
    target[0].merges += [rect.moved(*offset) for rect in merges]


def _paste_values(book: Book, source: Spot, target: Spot, offset: tuple[int, int]) -> None:
    book.computed = None  # earlier requests of the batch may have changed what formulas come to
    values = computed(book)
    sheet, rect = target
    for row in range(rect.top, rect.bottom):
        out = dict(sheet.row(row))
        for column in range(rect.left, rect.right):
            origin = (row - offset[0], column - offset[1])
            value = source[0].cell(*origin).value
            value = values.value(source[0], *origin) if isinstance(value, Formula) else value
            out[column] = replace(out.get(column, EMPTY), value=value, runs=())
        sheet.put_row(row, out)


def _paste_formulas(_book: Book, source: Spot, target: Spot, offset: tuple[int, int]) -> None:
    _paste_cells(source, target, offset, value=True, look=False)


def _paste_format(_book: Book, source: Spot, target: Spot, offset: tuple[int, int]) -> None:
    _paste_cells(source, target, offset, value=False, look=True)


def _paste_validation(_book: Book, source: Spot, target: Spot, offset: tuple[int, int]) -> None:
    found = [(r, both) for r in source[0].validations for part in r.rects if (both := part.meets(source[1]))]
    place_validation(target[0], target[1], None)
    for rule, rect in found:
        place_validation(target[0], rect.moved(*offset), rule)


def _paste_conditional(_book: Book, source: Spot, target: Spot, offset: tuple[int, int]) -> None:
    for i, rule in enumerate(list(source[0].conditionals)):
        parts = tuple(both.moved(*offset) for rect in rule.rects if (both := rect.meets(source[1])))
        if parts and source[0] is target[0]:
            target[0].conditionals[i] = replace(rule, rects=(*rule.rects, *parts))
        elif parts:
            target[0].conditionals.append(replace(rule, rects=parts))


_PASTES = {
    "PASTE_NORMAL": _paste_normal,
    "PASTE_VALUES": _paste_values,
    "PASTE_FORMAT": _paste_format,
    "PASTE_FORMULA": _paste_formulas,
    "PASTE_DATA_VALIDATION": _paste_validation,
    "PASTE_CONDITIONAL_FORMATTING": _paste_conditional,
}


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
            "bottom": given.get("bottom" if row == rect.bottom - 1 else "innerHorizontal"),
            "left": given.get("left" if column == rect.left else "innerVertical"),
            "right": given.get("right" if column == rect.right - 1 else "innerVertical"),
        }
        form: Json = {}
        tree: Tree = {}
        for name, side in sides.items():
            if side is not None:
                tree[name] = {}
                if side.get("style", "NONE") not in ("NONE", "STYLE_UNSPECIFIED"):
                    form[name] = side
        return set_format(book, cell, {"borders": form}, {"borders": tree}) if tree else cell

    sheet.edit(rect, change)


KINDS = {
    "updateCells": update_cells,
    "repeatCell": repeat_cell,
    "appendCells": append_cells,
    "copyPaste": copy_paste,
    "updateBorders": update_borders,
}
