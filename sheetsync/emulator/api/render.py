"""Cells and tabs as answers show them.

CellData, GridData, Sheet and Spreadsheet, as far as a field mask asks.

Only what is asked for is made. What requests change is left to the other modules.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sheetsync.emulator.api.effective import LINKED, Effective
from sheetsync.emulator.model import dialect
from sheetsync.emulator.model.display import formatted
from sheetsync.emulator.model.grid import EMPTY, Cell, ErrorValue, Formula
from sheetsync.emulator.wire.masks import covers, project

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.model.evaluate import Computation
    from sheetsync.emulator.model.grid import Book, Json, Sheet, Value
    from sheetsync.emulator.model.rects import Rect
    from sheetsync.emulator.wire.masks import Tree

_ERRORS = {
    "#NULL!": "NULL_VALUE",
    "#DIV/0!": "DIVIDE_BY_ZERO",
    "#VALUE!": "VALUE",
    "#REF!": "REF",
    "#NAME?": "NAME",
    "#NUM!": "NUM",
    "#N/A": "N_A",
}
_OF_CELL = {"userEnteredValue", "userEnteredFormat", "note", "hyperlink"}
_OF_CELL |= {"textFormatRuns"}
_LINK = re.compile(r'=HYPERLINK\(\s*"((?:[^"]|"")*)"', re.IGNORECASE)


def extended(value: Value, locale: str) -> Json | None:
    """Give an ExtendedValue; None for an empty cell, and for a formula's empty text."""
    if value is None or value == "":
        return None
    if isinstance(value, Formula):
        return {"formulaValue": dialect.shown(value.text, locale)}
    if isinstance(value, ErrorValue):
        told = {"message": value.message} if value.message else {}
        return {
            "errorValue": {"type": _ERRORS.get(value.code, "ERROR"), **told}
        }
    if isinstance(value, bool):
        return {"boolValue": value}
    return (
        {"stringValue": value}
        if isinstance(value, str)
        else {"numberValue": value}
    )


class CellView:
    """Shows the cells of one tab, each by the same mask.

    Beside the book stands whether any tab of it has a formula, which is asked once for all tabs.
    """

    def __init__(
        self,
        of_book: tuple[Book, bool],
        sheet: Sheet,
        computed: Callable[[], Computation],
        tree: Tree,
    ) -> None:
        book, has_formulas = of_book
        self.book = book
        self.sheet = sheet
        self._computed = computed
        self.tree = tree
        self._effective = Effective(book, sheet, computed)
        makers: dict[str, Callable[[Cell, int, int], Any]] = {
            "userEnteredValue": lambda cell, *_: extended(
                cell.value, book.locale
            ),
            "effectiveValue": lambda cell, row, column: extended(
                self.value(cell, row, column), book.locale
            ),
            "formattedValue": self._formatted,
            "userEnteredFormat": lambda cell, *_: (
                dict(cell.look.json) if cell.look and cell.look.json else None
            ),
            "effectiveFormat": self._format,
            "hyperlink": lambda cell, *_: link_of(cell),
            "note": lambda cell, *_: cell.note.text if cell.note else None,
            "textFormatRuns": lambda cell, *_: (
                [run_json(run) for run in cell.runs] or None
            ),
            "dataValidation": lambda _, row, column: self._validation(
                row, column
            ),
        }
        self.makers = [
            (name, make) for name, make in makers.items() if covers(tree, name)
        ]
        names = {name for name, _ in self.makers}
        # Whether what is shown of a cell hangs on nothing else: of cells that are one it is one too
        self.alone = names <= _OF_CELL
        self._shown: dict[int, tuple[Cell, Json]] = {}
        self.whole = all(not tree.get(name) for name in names)
        computes = bool(
            names & {"effectiveValue", "formattedValue", "effectiveFormat"}
        )
        formulas = computes and has_formulas
        self.spilled = computed().spilled(sheet) if formulas else {}
        ruled = "dataValidation" in names and sheet.validations
        self.ruled = bool(
            ruled
            or ("effectiveFormat" in names and (sheet.bands or sheet.tables))
        )
        self.wide = self.ruled or (
            "effectiveFormat" in names and bool(sheet.conditionals)
        )

    def value(self, cell: Cell, row: int, column: int) -> Value:
        """Give a cell's value: formulas computed, and what arrays of other cells put there."""
        if isinstance(cell.value, Formula):
            return self._computed().value(self.sheet, row, column)
        return (
            self.spilled.get((row, column))
            if cell.value is None
            else cell.value
        )

    def show(self, cell: Cell, row: int, column: int) -> Json:
        """Give the CellData of a cell, {} where nothing of what is asked for is there."""
        if not self.alone:
            return self._show(cell, row, column)
        known = self._shown.get(id(cell))
        if known is None:
            known = self._shown[id(cell)] = cell, self._show(cell, row, column)
        return known[1]

    def _show(self, cell: Cell, row: int, column: int) -> Json:
        out: Json = {}
        for name, make in self.makers:
            made = make(cell, row, column)
            if made is not None:
                out[name] = made
        if self.whole:
            return out
        pruned = project(out, self.tree)
        return {
            name: value
            for name, value in pruned.items()
            if value not in ({}, [])
        }

    def _formatted(self, cell: Cell, row: int, column: int) -> str | None:
        value = self.value(cell, row, column)
        if value is None or value == "":
            return None
        return formatted(
            value,
            self._effective.number_format(cell, row, column),
            self.book.locale,
        )

    def _format(self, cell: Cell, row: int, column: int) -> Json | None:
        return self._effective.format(
            cell, self.value(cell, row, column), (row, column), link_of(cell)
        )

    def _validation(self, row: int, column: int) -> Json | None:
        rule = self.sheet.validation_at(row, column)
        return rule.json if rule is not None else None


def run_json(run: Json) -> Json:
    """Give a TextFormatRun as answers have it.

    No startIndex at the start, links in the color of links.
    """
    out = {
        name: value
        for name, value in run.items()
        if name != "startIndex" or value
    }
    form = run.get("format", {})
    return {**out, "format": {**LINKED, **form}} if "link" in form else out


def link_of(cell: Cell) -> str | None:
    """Give the address that a click on the cell opens."""
    if isinstance(cell.value, Formula):
        found = _LINK.match(cell.value.text)
        return found[1].replace('""', '"') if found else None
    form = cell.look.json.get("textFormat", {}) if cell.look else {}
    # One run, so the whole text
    if len(cell.runs) == 1 and not cell.runs[0].get("startIndex"):
        form = cell.runs[0].get("format", {})
    uri = form.get("link", {}).get("uri")
    return uri if isinstance(uri, str) else None


def grid_data(view: CellView, rect: Rect, tree: Tree) -> Json:
    """Give the GridData of a rectangle.

    Rows and cells after the last one with anything to tell are left out.
    """
    sheet = view.sheet
    out: Json = {
        name: at
        for name, at in (("startRow", rect.top), ("startColumn", rect.left))
        if at
    }
    if covers(tree, "rowData"):
        rows = _row_data(view, rect)
        if rows:
            out["rowData"] = rows
    if covers(tree, "rowMetadata"):
        out["rowMetadata"] = _row_metadata(sheet, rect, tree)
    if covers(tree, "columnMetadata"):
        out["columnMetadata"] = [
            line_json(sheet, i, rows=False)
            for i in range(rect.left, rect.right)
        ]
    shown: Json = project(
        out, {**tree, "rowData": {}} if "rowData" in tree else tree
    )
    return shown


def _row_data(view: CellView, rect: Rect) -> list[Json]:
    spilled = [
        (row, column) for row, column in view.spilled if rect.has(row, column)
    ]
    last = (
        rect.bottom
        if view.ruled
        else max(
            [
                min(rect.bottom, len(view.sheet.rows)),
                *(r + 1 for r, _ in spilled),
            ]
        )
    )
    beside: dict[int, list[int]] = {}
    for row_index, column in spilled:
        beside.setdefault(row_index, []).append(column)
    out: list[Json] = []
    for index in range(rect.top, last):
        row = view.sheet.row(index)
        filled = {
            *(c for c in row if rect.left <= c < rect.right),
            *beside.get(index, ()),
        }
        columns = range(rect.left, rect.right) if view.wide else filled
        cells = {
            column: view.show(row.get(column, EMPTY), index, column)
            for column in columns
        }
        end = max(
            (column for column, shown in cells.items() if shown),
            default=rect.left - 1,
        )
        values = [cells.get(column, {}) for column in range(rect.left, end + 1)]
        out.append({"values": values} if values else {})
    while out and not out[-1]:
        out.pop()
    return out


def _row_metadata(sheet: Sheet, rect: Rect, tree: Tree) -> list[Json]:
    """Give the properties of rows; of those of which the file says nothing, all share one object.

    A tab may have a million rows.
    """
    if covers(tree, "rowMetadata", "pixelSize"):
        return [
            line_json(sheet, row, rows=True)
            for row in range(rect.top, rect.bottom)
        ]
    plain: Json = {}
    rows = [plain] * (rect.bottom - rect.top)
    for row in sheet.row_lines:
        if rect.top <= row < rect.bottom:
            rows[row - rect.top] = line_json(sheet, row, rows=True)
    return rows


def line_json(sheet: Sheet, index: int, *, rows: bool) -> Json:
    """Give the DimensionProperties of a row or column; sizes in pixels."""
    line = (sheet.row_lines if rows else sheet.column_lines).get(index)
    size = line.size if line is not None else None
    if size is None:
        size = sheet.row_size if rows and sheet.row_size else None
    out: Json = (
        {"hiddenByFilter": True} if line is not None and line.filtered else {}
    )
    if line is not None and line.hidden:
        out["hiddenByUser"] = True
    out["pixelSize"] = (
        (21 if size is None else round(size * 4 / 3)) if rows else _width(size)
    )
    return out


def _width(size: float | None) -> int:
    return 100 if size is None else round(size * 7 + 5)
