"""Values read from a rectangle as a request's options ask.

Which dimension leads, how values and dates are rendered.

Answers are trimmed as Google trims them: no empty cells at a row's end, no empty rows at the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sheetsync.emulator.model import a1, dialect
from sheetsync.emulator.model.display import (
    format_in,
    formatted,
    is_date,
    number_format,
)
from sheetsync.emulator.model.grid import EMPTY, ErrorValue, Formula

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.api.calls import Call
    from sheetsync.emulator.model.grid import (
        Cell,
        Json,
        Row,
        Sheet,
        Value,
    )
    from sheetsync.emulator.model.rects import Rect

    Shower = Callable[[Value], Any]


class Reader:
    """Reads values as a request's options ask.

    MajorDimension, valueRenderOption, dateTimeRenderOption.
    """

    def __init__(self, call: Call, options: Json) -> None:
        self.call = call
        self.book = call.book
        self.columns = options.get("majorDimension") == "COLUMNS"
        self.render = options.get("valueRenderOption") or "FORMATTED_VALUE"
        self.dates_as_text = (
            options.get("dateTimeRenderOption") == "FORMATTED_STRING"
        )
        self._showers: dict[int, Shower] = {}
        self._has_formulas = self.book.has_formulas()

    def read(self, sheet: Sheet, rect: Rect) -> Json:
        """Give the ValueRange of a rectangle inside the grid."""
        out: Json = {
            "range": a1.write(sheet, rect),
            "majorDimension": "COLUMNS" if self.columns else "ROWS",
        }
        spilled = self._spilled(sheet, rect)
        last = max(
            [min(rect.bottom, len(sheet.rows)), *(row + 1 for row in spilled)]
        )
        lines = [
            self._line(sheet, row, rect, spilled.get(row))
            for row in range(rect.top, last)
        ]
        if self.columns:
            lines = _turned(lines)
        while lines and not lines[-1]:
            lines.pop()
        if lines:
            out["values"] = lines
        return out

    def _spilled(self, sheet: Sheet, rect: Rect) -> dict[int, dict[int, Value]]:
        """Give what arrays put into the rectangle's empty cells, by row and column.

        Formulas show none of it.
        """
        out: dict[int, dict[int, Value]] = {}
        if self.render == "FORMULA" or not self._has_formulas:
            return out
        for (row, column), value in self.call.computed().spilled(sheet).items():
            if rect.has(row, column):
                out.setdefault(row, {})[column] = value
        return out

    def _line(
        self,
        sheet: Sheet,
        row: int,
        rect: Rect,
        spilled: dict[int, Value] | None,
    ) -> list[Any]:
        cells: Row = sheet.row(row)
        left, right = rect.left, rect.right
        line: list[Any] = [""] * max(
            min(right, max(cells, default=-1) + 1) - left, 0
        )
        for column, cell in cells.items():
            value = cell.value
            if value is not None and left <= column < right:
                if isinstance(value, Formula):
                    line[column - left] = self._of_formula(
                        sheet, cell, row, column
                    )
                else:
                    line[column - left] = self._shower(cell)(value)
        if spilled:
            line.extend([""] * (max(spilled) + 1 - left - len(line)))
            for column, value in spilled.items():
                line[column - left] = self._shown(
                    value, number_format(sheet.cell(row, column))
                )
        while line and line[-1] == "":
            line.pop()
        return line

    def _shower(self, cell: Cell) -> Shower:
        """Give the function that renders values of the cell's look; made once for each look."""
        key = id(cell.look)
        found = self._showers.get(key)
        if found is None:
            form = number_format(cell if cell.look is not None else EMPTY)
            found = self._showers[key] = self._maker(form)
        return found

    def _maker(self, form: Json | None) -> Shower:
        locale = self.book.locale
        if self.render == "FORMATTED_VALUE":
            return lambda value: (
                value
                if form is None and type(value) is str
                else formatted(value, form, locale)
            )
        if self.dates_as_text and is_date(form):
            return lambda value: (
                formatted(value, form, locale)
                if type(value) in (int, float)
                else _plain(value)
            )
        return _plain

    def _of_formula(
        self, sheet: Sheet, cell: Cell, row: int, column: int
    ) -> Any:
        if self.render == "FORMULA":
            return (
                dialect.shown(cell.value.text, self.book.locale)
                if isinstance(cell.value, Formula)
                else ""
            )
        computed = self.call.computed()
        value = computed.value(sheet, row, column)
        form = format_in(self.book, sheet, cell)
        kind = computed.kind(sheet, row, column) if form is None else None
        return self._shown(value, {"type": kind} if kind else form)

    def _shown(self, value: Value, form: Json | None) -> Any:
        return self._maker(form)(value)


def _plain(value: Value) -> Any:
    """Give a value as it is: an error with its reason, as Google words it."""
    if isinstance(value, ErrorValue):
        return (
            f"{value.code} ({value.message})" if value.message else value.code
        )
    return "" if value is None else value


def _turned(lines: list[list[Any]]) -> list[list[Any]]:
    width = max((len(line) for line in lines), default=0)
    out = [
        [line[i] if i < len(line) else "" for line in lines]
        for i in range(width)
    ]
    for line in out:
        while line and line[-1] == "":
            line.pop()
    return out
