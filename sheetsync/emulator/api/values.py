"""The values calls: get, update, append, clear and their batches, by A1 or by data filter.

How values are read and trimmed is in reading.py, where append puts them in appending.py.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sheetsync.emulator.api.appending import make_room, table
from sheetsync.emulator.api.locations import places_of
from sheetsync.emulator.api.reading import Reader
from sheetsync.emulator.errors import ApiError, bad
from sheetsync.emulator.model import a1
from sheetsync.emulator.model.cells import enter
from sheetsync.emulator.model.grid import EMPTY
from sheetsync.emulator.model.protections import guard
from sheetsync.emulator.model.rects import OPEN, Rect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheetsync.emulator.api.calls import Call
    from sheetsync.emulator.model.grid import Book, Json, Sheet

_INPUTS = ("RAW", "USER_ENTERED")


def place(book: Book, text: str) -> tuple[Sheet, Rect]:
    """Give the tab and the rectangle inside its grid that an A1 text names."""
    sheet, rect = a1.read(text, book)
    return sheet, a1.inside(sheet, rect)


def seen(book: Book, text: str) -> tuple[Sheet, Rect]:
    """Give the same for a reader, to whom a range may end beyond the grid.

    What is there is read.
    """
    sheet, rect = a1.read(text, book)
    return sheet, a1.begun(sheet, rect)


def get(call: Call) -> Json:
    """spreadsheets.values.get."""
    return Reader(call, call.query).read(*seen(call.book, call.range))


def batch_get(call: Call) -> Json:
    """spreadsheets.values.batchGet."""
    reader = Reader(call, call.query)
    ranges = [
        reader.read(*seen(call.book, text))
        for text in call.query.get("ranges", [])
    ]
    return {
        "spreadsheetId": call.book.id,
        **({"valueRanges": ranges} if ranges else {}),
    }


def batch_get_by_filter(call: Call) -> Json:
    """spreadsheets.values.batchGetByDataFilter."""
    reader = Reader(call, call.body)
    out: list[Json] = []
    for data_filter in call.body.get("dataFilters", []):
        for sheet, rect in places_of(call.book, data_filter):
            closed = rect.clip(sheet.row_count, sheet.column_count)
            out.append(
                {
                    "valueRange": reader.read(sheet, closed),
                    "dataFilters": [data_filter],
                }
            )
    return {
        "spreadsheetId": call.book.id,
        **({"valueRanges": out} if out else {}),
    }


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
        """Write the values into a rectangle (open sides end where the values do).

        An UpdateValuesResponse.
        """
        lines = data.get("values", [])
        if data.get("majorDimension") == "COLUMNS":
            width = max((len(line) for line in lines), default=0)
            lines = [
                [line[i] if i < len(line) else None for line in lines]
                for i in range(width)
            ]
        height, width = (
            len(lines),
            max((len(line) for line in lines), default=0),
        )
        self._check(sheet, rect, height, width)
        written = Rect(
            rect.top,
            rect.top + max(height, 1),
            rect.left,
            rect.left + max(width, 1),
        )
        guard(self.call.book, self.call.user, sheet, written)
        self.call.book.computed = None
        for offset, line in enumerate(lines):
            self._line(sheet, rect.top + offset, rect.left, line)
        return self._answer(sheet, written, lines)

    def _check(self, sheet: Sheet, rect: Rect, height: int, width: int) -> None:
        if rect.top >= sheet.row_count or rect.left >= sheet.column_count:
            a1.inside(sheet, rect)
        single = rect.bottom - rect.top == 1 and rect.right - rect.left == 1
        if not single and (
            height > rect.bottom - rect.top or width > rect.right - rect.left
        ):
            shown = a1.write(sheet, rect)
            axis = (
                ("row", rect.bottom)
                if height > rect.bottom - rect.top
                else ("column", rect.right)
            )
            beyond = (
                f"[{axis[1] + 1}]"
                if axis[0] == "row"
                else f"[{a1.letters(axis[1])}]"
            )
            raise bad(
                f"Requested writing within range [{shown}], but tried writing to {axis[0]} {beyond}"
            )
        end = Rect(
            rect.top,
            rect.top + max(height, 1),
            rect.left,
            rect.left + max(width, 1),
        )
        a1.inside(sheet, end)

    def _line(self, sheet: Sheet, row: int, left: int, line: list[Any]) -> None:
        cells = dict(sheet.row(row))
        for i, given in enumerate(line):
            if given is not None and not _covered(sheet, row, left + i):
                cells[left + i] = enter(
                    self.call.book,
                    cells.get(left + i, EMPTY),
                    given,
                    parse=self.parse,
                )
        sheet.put_row(row, cells)

    def _answer(self, sheet: Sheet, rect: Rect, lines: list[list[Any]]) -> Json:
        out: Json = {
            "spreadsheetId": self.call.book.id,
            "updatedRange": a1.write(sheet, rect),
        }
        counted = [
            sum(1 for given in line if given is not None) for line in lines
        ]
        if any(counted):
            touched = {
                i
                for line in lines
                for i, given in enumerate(line)
                if given is not None
            }
            out["updatedRows"] = sum(1 for count in counted if count)
            out["updatedColumns"] = len(touched)
            out["updatedCells"] = sum(counted)
        if self.options.get("includeValuesInResponse"):
            out["updatedData"] = Reader(
                self.call,
                {
                    "valueRenderOption": self.options.get(
                        "responseValueRenderOption"
                    ),
                    "dateTimeRenderOption": self.options.get(
                        "responseDateTimeRenderOption"
                    ),
                },
            ).read(sheet, rect)
        return out


def _covered(sheet: Sheet, row: int, column: int) -> bool:
    """Whether a cell lies under a merged one, so that it can hold nothing."""
    return any(
        rect.has(row, column) and (rect.top, rect.left) != (row, column)
        for rect in sheet.merges
    )


def update(call: Call) -> Json:
    """spreadsheets.values.update."""
    writer = Writer(call, call.query)
    _check_range(call)
    return writer.write(*place(call.book, call.range), call.body)


def _check_range(call: Call) -> None:
    """ApiError 400 where the body names another range than the address.

    Google compares the texts.
    """
    given = call.body.get("range")
    if given and given != call.range:
        raise bad(
            f"Request range[{call.range}] does not match value's range[{given}]"
        )


@contextmanager
def _told(name: str, index: int) -> Iterator[None]:
    """Put the item of a batch before the text of what is wrong with it, as Google does."""
    try:
        yield
    except ApiError as error:
        error.message = f"Invalid {name}[{index}]: {error.message}"
        raise


def _totals(book: Book, responses: list[Json]) -> Json:
    out: Json = {"spreadsheetId": book.id}
    sheets = {answer["updatedRange"].rpartition("!")[0] for answer in responses}
    for total, part in (
        ("totalUpdatedRows", "updatedRows"),
        ("totalUpdatedColumns", "updatedColumns"),
    ):
        out[total] = sum(answer.get(part, 0) for answer in responses)
    out["totalUpdatedCells"] = sum(
        answer.get("updatedCells", 0) for answer in responses
    )
    out["totalUpdatedSheets"] = len(sheets)
    return {
        **{name: value for name, value in out.items() if value},
        **({"responses": responses} if responses else {}),
    }


def batch_update(call: Call) -> Json:
    """spreadsheets.values.batchUpdate."""
    writer = Writer(call, call.body)
    out = []
    for index, data in enumerate(call.body.get("data", [])):
        with _told("data", index):
            out.append(
                writer.write(*place(call.book, data.get("range", "")), data)
            )
    return _totals(call.book, out)


def batch_update_by_filter(call: Call) -> Json:
    """spreadsheets.values.batchUpdateByDataFilter."""
    writer = Writer(call, call.body)
    out = []
    for index, data in enumerate(call.body.get("data", [])):
        with _told("data", index):
            for sheet, rect in places_of(call.book, data.get("dataFilter", {})):
                closed = rect.clip(sheet.row_count, sheet.column_count)
                written = writer.write(sheet, closed, data)
                written.pop(
                    "spreadsheetId"
                )  # the one response of this family that does not carry it
                out.append({**written, "dataFilter": data["dataFilter"]})
    return _totals(call.book, out)


def append(call: Call) -> Json:
    """spreadsheets.values.append: below the table that touches the range."""
    writer = Writer(call, call.query)
    _check_range(call)
    sheet, rect = seen(call.book, call.range)
    found = table(call.book, sheet, rect)
    top = rect.top if found is None else found.bottom
    left = rect.left if found is None else found.left
    lines = call.body.get("values", [])
    height, width = len(lines), max((len(line) for line in lines), default=0)
    if call.body.get("majorDimension") == "COLUMNS":
        height, width = width, height
    room = Rect(top, top + height, left, left + width)
    make_room(
        call.book,
        sheet,
        room,
        insert=call.query.get("insertDataOption") == "INSERT_ROWS",
    )
    answer = writer.write(sheet, Rect(top, OPEN, left, OPEN), call.body)
    out: Json = {"spreadsheetId": call.book.id}
    if found is not None:
        out["tableRange"] = a1.write(sheet, found)
    return {**out, "updates": answer}


def _clear(call: Call, sheet: Sheet, rect: Rect) -> str:
    guard(call.book, call.user, sheet, rect)
    for row in range(rect.top, min(rect.bottom, len(sheet.rows))):
        cells = {
            column: replace(cell, value=None, runs=())
            if rect.left <= column < rect.right
            else cell
            for column, cell in sheet.rows[row].items()
        }
        sheet.put_row(row, cells)
    return a1.write(sheet, rect)


def clear(call: Call) -> Json:
    """spreadsheets.values.clear: values only, formats stay."""
    cleared = _clear(call, *seen(call.book, call.range))
    return {"spreadsheetId": call.book.id, "clearedRange": cleared}


def batch_clear(call: Call) -> Json:
    """spreadsheets.values.batchClear."""
    cleared = []
    for index, text in enumerate(call.body.get("ranges", [])):
        with _told("range", index):
            cleared.append(_clear(call, *seen(call.book, text)))
    return {"spreadsheetId": call.book.id, "clearedRanges": cleared}


def batch_clear_by_filter(call: Call) -> Json:
    """spreadsheets.values.batchClearByDataFilter."""
    cleared = []
    for data_filter in call.body.get("dataFilters", []):
        for sheet, rect in places_of(call.book, data_filter):
            cleared.append(
                _clear(
                    call, sheet, rect.clip(sheet.row_count, sheet.column_count)
                )
            )
    return {"spreadsheetId": call.book.id, "clearedRanges": cleared}
