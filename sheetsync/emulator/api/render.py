"""Cells and tabs as answers show them: CellData, GridData, Sheet and Spreadsheet, as far as a field mask asks.

Only what is asked for is made. What requests change is left to the other modules.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sheetsync.emulator.model.grid import Cell, ErrorValue, Formula
from sheetsync.emulator.model.numfmt import general, kind_of, show
from sheetsync.emulator.wire.masks import covers, project

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.model.evaluate import Computation
    from sheetsync.emulator.model.grid import Book, Json, Sheet, Value
    from sheetsync.emulator.model.rects import Rect
    from sheetsync.emulator.wire.masks import Tree

_BLACK: dict[str, Any] = {}
_WHITE = {"red": 1, "green": 1, "blue": 1}
DEFAULT_FORMAT: dict[str, Any] = {
    "backgroundColor": _WHITE,
    "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
    "verticalAlignment": "BOTTOM",
    "wrapStrategy": "OVERFLOW_CELL",
    "textFormat": {
        "foregroundColor": _BLACK,
        "fontFamily": "arial,sans,sans-serif",
        "fontSize": 10,
        "bold": False,
        "italic": False,
        "strikethrough": False,
        "underline": False,
        "foregroundColorStyle": {"rgbColor": _BLACK},
    },
    "backgroundColorStyle": {"rgbColor": _WHITE},
}
_ERRORS = {
    "#NULL!": "NULL_VALUE",
    "#DIV/0!": "DIVIDE_BY_ZERO",
    "#VALUE!": "VALUE",
    "#REF!": "REF",
    "#NAME?": "NAME",
    "#NUM!": "NUM",
    "#N/A": "N_A",
}
_DATED = re.compile(r"=(TODAY\(\)|DATE\([^()]*\)|E(DATE|OMONTH)\(.*\))([+-]\d+)?", re.IGNORECASE)
_LINK = re.compile(r'=HYPERLINK\(\s*"((?:[^"]|"")*)"', re.IGNORECASE)
DATES = ("DATE", "TIME", "DATE_TIME")


def number_format(cell: Cell) -> Json | None:
    """Give the number format in force: the cell's own, or the one that Google gives a date's formula."""
    own = cell.look.json.get("numberFormat") if cell.look else None
    if own is None and isinstance(cell.value, Formula):
        if _DATED.fullmatch(cell.value.text):
            return {"type": "DATE"}
        if cell.value.text.upper() == "=NOW()":
            return {"type": "DATE_TIME"}
    return own


def is_date(form: Json | None) -> bool:
    """Whether numbers of this format are dates or times."""
    if not form:
        return False
    return form.get("type") in DATES or (bool(form.get("pattern")) and kind_of(form["pattern"]) in DATES)


def formatted(value: Value, form: Json | None, locale: str) -> str:
    """Tell what people see in the cell."""
    if isinstance(value, bool):
        words = ("ЛОЖЬ", "ИСТИНА") if locale.startswith("ru") else ("FALSE", "TRUE")
        return words[value]
    if isinstance(value, (int, float)):
        try:
            return show(value, form, locale)
        except (ValueError, OverflowError):
            return general(value, locale)
    if isinstance(value, ErrorValue):
        return value.code
    return value if isinstance(value, str) else ""


def extended(value: Value) -> Json | None:
    """Give an ExtendedValue; None for an empty cell."""
    if value is None:
        return None
    if isinstance(value, Formula):
        return {"formulaValue": value.text}
    if isinstance(value, ErrorValue):
        return {"errorValue": {"type": _ERRORS.get(value.code, "ERROR"), "message": value.code}}
    if isinstance(value, bool):
        return {"boolValue": value}
    return {"stringValue": value} if isinstance(value, str) else {"numberValue": value}


class CellView:
    """Shows the cells of one tab, each by the same mask."""

    def __init__(self, book: Book, sheet: Sheet, computed: Callable[[], Computation], tree: Tree) -> None:
        self.book = book
        self.sheet = sheet
        self._computed = computed
        self.tree = tree
        makers: dict[str, Callable[[Cell, int, int], Any]] = {
            "userEnteredValue": lambda cell, *_: extended(cell.value),
            "effectiveValue": lambda cell, row, column: extended(self.value(cell, row, column)),
            "formattedValue": self._formatted,
            "userEnteredFormat": lambda cell, *_: dict(cell.look.json) if cell.look and cell.look.json else None,
            "effectiveFormat": self._effective,
            "hyperlink": lambda cell, *_: link_of(cell),
            "note": lambda cell, *_: cell.note.text if cell.note else None,
            "textFormatRuns": lambda cell, *_: [dict(run) for run in cell.runs] or None,
            "dataValidation": lambda _, row, column: self._validation(row, column),
        }
        self.makers = [(name, make) for name, make in makers.items() if covers(tree, name)]
        self.whole = all(not tree.get(name) for name, _ in self.makers)
        self.ruled = any(name == "dataValidation" for name, _ in self.makers) and bool(sheet.validations)

    def value(self, cell: Cell, row: int, column: int) -> Value:
        """Give a cell's value, formulas computed."""
        if isinstance(cell.value, Formula):
            return self._computed().value(self.sheet, row, column)
        return cell.value

    def show(self, cell: Cell, row: int, column: int) -> Json:
        """Give the CellData of a cell, {} where nothing of what is asked for is there."""
        out: Json = {}
        for name, make in self.makers:
            made = make(cell, row, column)
            if made is not None:
                out[name] = made
        if self.whole:
            return out
        pruned = project(out, self.tree)
        return {name: value for name, value in pruned.items() if value not in ({}, [])}

    def _formatted(self, cell: Cell, row: int, column: int) -> str | None:
        value = self.value(cell, row, column)
        if value is None:
            return None
        return formatted(value, number_format(cell), self.book.locale)

    def _effective(self, cell: Cell, _row: int, _column: int) -> Json | None:
        if cell.is_blank():
            return None
        own: Json = dict(cell.look.json) if cell.look else {}
        text = {**DEFAULT_FORMAT["textFormat"], **own.get("textFormat", {})}
        form = number_format(cell)
        extra = {"numberFormat": form} if form else {}
        return {**DEFAULT_FORMAT, "hyperlinkDisplayType": "PLAIN_TEXT", **own, **extra, "textFormat": text}

    def _validation(self, row: int, column: int) -> Json | None:
        rule = self.sheet.validation_at(row, column)
        return rule.json if rule is not None else None


def link_of(cell: Cell) -> str | None:
    """Give the address that a click on the cell opens."""
    if isinstance(cell.value, Formula):
        found = _LINK.match(cell.value.text)
        return found[1].replace('""', '"') if found else None
    uri = cell.look.json.get("textFormat", {}).get("link", {}).get("uri") if cell.look else None
    return uri if isinstance(uri, str) else None


def grid_data(view: CellView, rect: Rect, tree: Tree) -> Json:
    """Give the GridData of a rectangle; rows and cells after the last one with anything to tell are left out."""
    sheet = view.sheet
    out: Json = {name: at for name, at in (("startRow", rect.top), ("startColumn", rect.left)) if at}
    if covers(tree, "rowData"):
        rows = _row_data(view, rect)
        if rows:
            out["rowData"] = rows
    if covers(tree, "rowMetadata"):
        out["rowMetadata"] = [line_json(sheet, i, rows=True) for i in range(rect.top, rect.bottom)]
    if covers(tree, "columnMetadata"):
        out["columnMetadata"] = [line_json(sheet, i, rows=False) for i in range(rect.left, rect.right)]
    shown: Json = project(out, {**tree, "rowData": {}} if "rowData" in tree else tree)
    return shown


def _row_data(view: CellView, rect: Rect) -> list[Json]:
    last = rect.bottom if view.ruled else min(rect.bottom, len(view.sheet.rows))
    out: list[Json] = []
    for index in range(rect.top, last):
        row = view.sheet.row(index)
        columns = range(rect.left, rect.right) if view.ruled else [c for c in row if rect.left <= c < rect.right]
        cells = {column: view.show(row.get(column, Cell()), index, column) for column in columns}
        end = max((column for column, shown in cells.items() if shown), default=rect.left - 1)
        values = [cells.get(column, {}) for column in range(rect.left, end + 1)]
        out.append({"values": values} if values else {})
    while out and not out[-1]:
        out.pop()
    return out


def line_json(sheet: Sheet, index: int, *, rows: bool) -> Json:
    """Give the DimensionProperties of a row or column; sizes in pixels."""
    line = (sheet.row_lines if rows else sheet.column_lines).get(index)
    size = line.size if line is not None else None
    if size is None:
        size = sheet.row_size if rows and sheet.row_size else None
    out: Json = {"hiddenByUser": True} if line is not None and line.hidden else {}
    out["pixelSize"] = (21 if size is None else round(size * 4 / 3)) if rows else _width(size)
    return out


def _width(size: float | None) -> int:
    return 100 if size is None else round(size * 7 + 5)
