"""The values calls: get, update, append, clear and their batches, by A1 or by data filter.

Answers are trimmed as Google trims them: no empty cells at a row's end, no empty rows at the end.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sheetsync.emulator.api.filters import places_of
from sheetsync.emulator.api.render import formatted, is_date, number_format
from sheetsync.emulator.errors import bad
from sheetsync.emulator.model import a1
from sheetsync.emulator.model.cells import enter
from sheetsync.emulator.model.grid import EMPTY, ErrorValue, Formula
from sheetsync.emulator.model.protect import guard
from sheetsync.emulator.model.rects import OPEN, Rect

if TYPE_CHECKING:
    from sheetsync.emulator.api.calls import Call
    from sheetsync.emulator.model.grid import Book, Cell, Json, Sheet, Value

_INPUTS = ("RAW", "USER_ENTERED")


class Reader:
    """Reads values as a request's options ask: majorDimension, valueRenderOption, dateTimeRenderOption."""

    def __init__(self, call: Call, options: Json) -> None:
        self.call = call
        self.book = call.book
        self.columns = options.get("majorDimension") == "COLUMNS"
        self.render = options.get("valueRenderOption") or "FORMATTED_VALUE"
        self.dates_as_text = options.get("dateTimeRenderOption") == "FORMATTED_STRING"

    def read(self, sheet: Sheet, rect: Rect) -> Json:
        """Give the ValueRange of a rectangle inside the grid."""
        out: Json = {"range": a1.write(sheet, rect), "majorDimension": "COLUMNS" if self.columns else "ROWS"}
        rows = [
            [self._shown(sheet, cells.get(column, EMPTY), row, column) for column in range(rect.left, rect.right)]
            for row in range(rect.top, min(rect.bottom, len(sheet.rows)))
            for cells in (sheet.rows[row],)
        ]
        lines = [list(line) for line in zip(*rows, strict=True)] if self.columns else rows
        trimmed = _trimmed([_trimmed(line, "") for line in lines], [])
        if trimmed:
            out["values"] = trimmed
        return out

    def _shown(self, sheet: Sheet, cell: Cell, row: int, column: int) -> Any:
        value = cell.value
        if value is None:
            return ""
        if isinstance(value, Formula):
            if self.render == "FORMULA":
                return value.text
            value = self.call.computed().value(sheet, row, column)
        return self._rendered(cell, value)

    def _rendered(self, cell: Cell, value: Value) -> Any:
        form = number_format(cell)
        if self.render == "FORMATTED_VALUE" or (self.dates_as_text and not isinstance(value, bool) and is_date(form)):
            return formatted(value, form, self.book.locale)
        if isinstance(value, ErrorValue):
            return value.code
        return "" if value is None else value


def _trimmed(items: list[Any], empty: Any) -> list[Any]:
    end = len(items)
    while end and items[end - 1] == empty and type(items[end - 1]) is type(empty):
        end -= 1
    return items[:end]


def place(book: Book, text: str) -> tuple[Sheet, Rect]:
    """Give the tab and the rectangle inside its grid that an A1 text names."""
    sheet, rect = a1.read(text, book)
    return sheet, a1.inside(sheet, rect)


def get(call: Call) -> Json:
    """spreadsheets.values.get."""
    return Reader(call, call.query).read(*place(call.book, call.range))


def batch_get(call: Call) -> Json:
    """spreadsheets.values.batchGet."""
    reader = Reader(call, call.query)
    ranges = [reader.read(*place(call.book, text)) for text in call.query.get("ranges", [])]
    return {"spreadsheetId": call.book.id, **({"valueRanges": ranges} if ranges else {})}


def batch_get_by_filter(call: Call) -> Json:
    """spreadsheets.values.batchGetByDataFilter."""
    reader = Reader(call, call.body)
    out: list[Json] = []
    for data_filter in call.body.get("dataFilters", []):
        for sheet, rect in places_of(call.book, data_filter):
            closed = rect.clip(sheet.row_count, sheet.column_count)
            out.append({"valueRange": reader.read(sheet, closed), "dataFilters": [data_filter]})
    return {"spreadsheetId": call.book.id, **({"valueRanges": out} if out else {})}


class Writer:
    """Writes ValueRanges as a request's options ask."""

    def __init__(self, call: Call, options: Json) -> None:
        self.call = call
        option = options.get("valueInputOption")
        if option not in _INPUTS:
            raise bad("'valueInputOption' is required but not specified")
        self.parse = option == "USER_ENTERED"
        self.options = options

    def write(self, sheet: Sheet, rect: Rect, data: Json) -> Json:
        """Write the values into a rectangle (open sides end where the values do); an UpdateValuesResponse."""
        lines = data.get("values", [])
        if data.get("majorDimension") == "COLUMNS":
            width = max((len(line) for line in lines), default=0)
            lines = [[line[i] if i < len(line) else None for line in lines] for i in range(width)]
        height, width = len(lines), max((len(line) for line in lines), default=0)
        self._check(sheet, rect, height, width)
        written = Rect(rect.top, rect.top + max(height, 1), rect.left, rect.left + max(width, 1))
        guard(self.call.book, self.call.user, sheet, written)
        for offset, line in enumerate(lines):
            self._line(sheet, rect.top + offset, rect.left, line)
        return self._answer(sheet, written, lines)

    def _check(self, sheet: Sheet, rect: Rect, height: int, width: int) -> None:
        if rect.top >= sheet.row_count or rect.left >= sheet.column_count:
            a1.inside(sheet, rect)
        single = rect.bottom - rect.top == 1 and rect.right - rect.left == 1
        if not single and (height > rect.bottom - rect.top or width > rect.right - rect.left):
            shown = a1.write(sheet, rect)
            axis = ("row", rect.bottom) if height > rect.bottom - rect.top else ("column", rect.right)
            beyond = f"[{axis[1] + 1}]" if axis[0] == "row" else f"[{a1.letters(axis[1])}]"
            raise bad(f"Requested writing within range [{shown}], but tried writing to {axis[0]} {beyond}")
        end = Rect(rect.top, rect.top + max(height, 1), rect.left, rect.left + max(width, 1))
        a1.inside(sheet, end)

    def _line(self, sheet: Sheet, row: int, left: int, line: list[Any]) -> None:
        cells = dict(sheet.row(row))
        for i, given in enumerate(line):
            if given is not None:
                cells[left + i] = enter(self.call.book, cells.get(left + i, EMPTY), given, parse=self.parse)
        sheet.put_row(row, cells)

    def _answer(self, sheet: Sheet, rect: Rect, lines: list[list[Any]]) -> Json:
        out: Json = {"spreadsheetId": self.call.book.id, "updatedRange": a1.write(sheet, rect)}
        counted = [sum(1 for given in line if given is not None) for line in lines]
        if any(counted):
            touched = {i for line in lines for i, given in enumerate(line) if given is not None}
            out["updatedRows"] = sum(1 for count in counted if count)
            out["updatedColumns"] = len(touched)
            out["updatedCells"] = sum(counted)
        if self.options.get("includeValuesInResponse"):
            out["updatedData"] = Reader(
                self.call,
                {
                    "valueRenderOption": self.options.get("responseValueRenderOption"),
                    "dateTimeRenderOption": self.options.get("responseDateTimeRenderOption"),
                },
            ).read(sheet, rect)
        return out


def update(call: Call) -> Json:
    """spreadsheets.values.update."""
    given = call.body.get("range")
    if given and given != call.range:
        raise bad(f"Requested writing within range [{call.range}], but the body names [{given}]")
    writer = Writer(call, call.query)
    sheet, rect = place(call.book, call.range)
    return writer.write(sheet, rect, call.body)


def _totals(book: Book, responses: list[Json]) -> Json:
    out: Json = {"spreadsheetId": book.id}
    sheets = {answer["updatedRange"].rpartition("!")[0] for answer in responses}
    for total, part in (("totalUpdatedRows", "updatedRows"), ("totalUpdatedColumns", "updatedColumns")):
        out[total] = sum(answer.get(part, 0) for answer in responses)
    out["totalUpdatedCells"] = sum(answer.get("updatedCells", 0) for answer in responses)
    out["totalUpdatedSheets"] = len(sheets)
    return {**{name: value for name, value in out.items() if value}, "responses": responses}


def batch_update(call: Call) -> Json:
    """spreadsheets.values.batchUpdate."""
    writer = Writer(call, call.body)
    out = []
    for data in call.body.get("data", []):
        sheet, rect = place(call.book, data.get("range", ""))
        out.append(writer.write(sheet, rect, data))
    return _totals(call.book, out)


def batch_update_by_filter(call: Call) -> Json:
    """spreadsheets.values.batchUpdateByDataFilter."""
    writer = Writer(call, call.body)
    out = []
    for data in call.body.get("data", []):
        for sheet, rect in places_of(call.book, data.get("dataFilter", {})):
            closed = rect.clip(sheet.row_count, sheet.column_count)
            written = writer.write(sheet, closed, data)
            written.pop("spreadsheetId")  # the one response of this family that does not carry it
            out.append({**written, "dataFilter": data["dataFilter"]})
    return _totals(call.book, out)


def append(call: Call) -> Json:
    """spreadsheets.values.append: below the table that touches the range."""
    writer = Writer(call, call.query)
    sheet, rect = place(call.book, call.range)
    table = _table(sheet, rect)
    top = rect.top if table is None else table.bottom
    left = rect.left if table is None else table.left
    lines = call.body.get("values", [])
    height, width = len(lines), max((len(line) for line in lines), default=0)
    if call.body.get("majorDimension") == "COLUMNS":
        height, width = width, height
    _make_room(sheet, top, height, left + width)
    answer = writer.write(sheet, Rect(top, OPEN, left, OPEN), call.body)
    out: Json = {"spreadsheetId": call.book.id}
    if table is not None:
        out["tableRange"] = a1.write(sheet, table)
    return {**out, "updates": answer}


def _make_room(sheet: Sheet, top: int, height: int, right: int) -> None:
    sheet.row_count = max(sheet.row_count, top + height)
    sheet.column_count = max(sheet.column_count, right)


def _table(sheet: Sheet, rect: Rect) -> Rect | None:
    """Give the block of filled cells, with no empty row or column through it, that the range touches last."""
    filled = {
        (row, column)
        for row, cells in enumerate(sheet.rows)
        for column, cell in cells.items()
        if cell.value is not None and rect.has(row, column)
    }
    if not filled:
        return None
    row, column = max(filled)
    block = Rect(row, row + 1, column, column + 1)
    while True:
        wider = _grown(sheet, block)
        if wider == block:
            return block
        block = wider


def _grown(sheet: Sheet, block: Rect) -> Rect:
    """Give the block together with the filled cells that touch it."""
    top, bottom, left, right = block
    for row in range(max(0, top - 1), min(len(sheet.rows), bottom + 1)):
        for column in (c for c, cell in sheet.rows[row].items() if cell.value is not None):
            if block.left - 1 <= column <= block.right:
                top, bottom = min(top, row), max(bottom, row + 1)
                left, right = min(left, column), max(right, column + 1)
    return Rect(top, bottom, left, right)


def _clear(call: Call, sheet: Sheet, rect: Rect) -> str:

    guard(call.book, call.user, sheet, rect)
    for row in range(rect.top, min(rect.bottom, len(sheet.rows))):
        cells = {
            column: replace(cell, value=None, runs=()) if rect.left <= column < rect.right else cell
            for column, cell in sheet.rows[row].items()
        }
        sheet.put_row(row, cells)
    return a1.write(sheet, rect)


def clear(call: Call) -> Json:
    """spreadsheets.values.clear: values only, formats stay."""
    cleared = _clear(call, *place(call.book, call.range))
    return {"spreadsheetId": call.book.id, "clearedRange": cleared}


def batch_clear(call: Call) -> Json:
    """spreadsheets.values.batchClear."""
    cleared = [_clear(call, *place(call.book, text)) for text in call.body.get("ranges", [])]
    return {"spreadsheetId": call.book.id, "clearedRanges": cleared}


def batch_clear_by_filter(call: Call) -> Json:
    """spreadsheets.values.batchClearByDataFilter."""
    cleared = []
    for data_filter in call.body.get("dataFilters", []):
        for sheet, rect in places_of(call.book, data_filter):
            cleared.append(_clear(call, sheet, rect.clip(sheet.row_count, sheet.column_count)))
    return {"spreadsheetId": call.book.id, "clearedRanges": cleared}
