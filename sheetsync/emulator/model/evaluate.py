"""Computes a book's formulas, all at once and only when a value is asked for, with the Rust engine `formualizer`.

Functions that the engine does not know keep the value that the file had for them, else they are #NAME?.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sheetsync.emulator.model.formulas import for_file
from sheetsync.emulator.model.grid import ErrorValue, Formula

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.model.grid import Book, Row, Sheet, Value

_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001  # serials have no zone: the book's own applies
_DAY = 86400
_ERRORS = {
    "Div": "#DIV/0!",
    "Name": "#NAME?",
    "Ref": "#REF!",
    "Value": "#VALUE!",
    "Num": "#NUM!",
    "Na": "#N/A",
    "Null": "#NULL!",
    "Circ": "#REF!",
}
_ARRAY = re.compile(r"\bARRAYFORMULA\b", re.IGNORECASE)


def serial(moment: dt.date | dt.datetime | dt.time | dt.timedelta) -> float:
    """Days since 1899-12-30, as Google and Excel count."""
    if isinstance(moment, dt.timedelta):
        return moment.total_seconds() / _DAY
    if isinstance(moment, dt.time):
        return (moment.hour * 3600 + moment.minute * 60 + moment.second) / _DAY
    if isinstance(moment, dt.datetime):
        span = moment.replace(tzinfo=None) - _EPOCH
        return span.days + span.seconds / _DAY + span.microseconds / _DAY / 1e6
    return float((moment - _EPOCH.date()).days)


def wall_clock(now: dt.datetime, zone: str) -> dt.datetime:
    """Give the time that clocks show in the book's zone; a time without a zone is taken as that already."""
    if now.tzinfo is None:
        return now
    try:
        return now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return now.astimezone(dt.UTC).replace(tzinfo=None)


class Computation:
    """The values of all formulas of one state of a book."""

    def __init__(self, book: Book, now: dt.datetime, stored: Callable[[tuple[str, int, int]], Value]) -> None:
        self._stored = stored
        self._values: dict[tuple[int, int, int], Value] = {}
        todo = [(sheet, list(sheet.formulas())) for sheet in book.sheets]
        if any(formulas for _, formulas in todo):
            self._run(book, todo, wall_clock(now, book.time_zone))

    def value(self, sheet: Sheet, row: int, column: int) -> Value:
        """Give a cell's value; never a Formula."""
        value = sheet.cell(row, column).value
        return self._values.get((sheet.id, row, column)) if isinstance(value, Formula) else value

    def _run(self, book: Book, todo: list[tuple[Sheet, list[tuple[int, int, Formula]]]], now: dt.datetime) -> None:
        engine = _engine(book, now)
        cells: list[tuple[Sheet, int, int, Formula]] = []
        for sheet, formulas in todo:
            for row, column, formula in formulas:
                if _accepts(engine, sheet.title, row, column, formula.text):
                    cells.append((sheet, row, column, formula))
                else:
                    self._keep(sheet, row, column, formula, ErrorValue("#ERROR!"))
        answers = _answers(engine, [(sheet.title, row + 1, column + 1) for sheet, row, column, _ in cells])
        for (sheet, row, column, formula), answer in zip(cells, answers, strict=True):
            self._keep(sheet, row, column, formula, _plain(answer))

    def _keep(self, sheet: Sheet, row: int, column: int, formula: Formula, value: Value) -> None:
        unknown = isinstance(value, ErrorValue) and value.code in ("#NAME?", "#ERROR!")
        if unknown and formula.origin is not None:
            old = self._stored(formula.origin)
            value = value if old is None else old
        self._values[(sheet.id, row, column)] = value


def _engine(book: Book, now: dt.datetime) -> Any:
    import formualizer  # noqa: PLC0415  # a compiled library, loaded only when there are formulas

    engine = formualizer.Workbook()
    engine.set_deterministic_clock(now.replace(tzinfo=dt.UTC))
    for sheet in book.sheets:
        engine.add_sheet(sheet.title)
        rows, columns = sheet.used()
        if rows:
            engine.set_values_batch(sheet.title, 1, 1, [_row(sheet.row(i), columns) for i in range(rows)])
    return engine


def _row(row: Row, columns: int) -> list[Any]:
    out: list[Any] = [None] * columns
    for column, cell in row.items():
        value = cell.value
        if isinstance(value, ErrorValue):
            out[column] = value.code
        elif not isinstance(value, Formula):
            out[column] = value
    return out


def _accepts(engine: Any, title: str, row: int, column: int, text: str) -> bool:
    try:
        engine.set_formula(title, row + 1, column + 1, _ARRAY.sub("", for_file(text)))
    except Exception:  # noqa: BLE001  # whatever the engine dislikes about a user's formula is that cell's error
        return False
    return True


def _answers(engine: Any, targets: list[tuple[str, int, int]]) -> list[Any]:
    try:
        return list(engine.evaluate_cells(targets))
    except Exception:  # noqa: BLE001  # one formula that breaks the engine must not take the others along
        return [_one(engine, target) for target in targets]


def _one(engine: Any, target: tuple[str, int, int]) -> Any:
    try:
        return engine.evaluate_cell(*target)
    except Exception:  # noqa: BLE001  # as above
        return {"kind": "Error"}


def _plain(answer: Any) -> Value:
    while isinstance(answer, list):
        answer = answer[0] if answer else None
    if isinstance(answer, dict):
        return ErrorValue(_ERRORS.get(str(answer.get("kind")), "#ERROR!"))
    if isinstance(answer, (dt.date, dt.time, dt.timedelta)):
        return _whole(serial(answer))
    if isinstance(answer, float):
        return _whole(answer)
    return answer if isinstance(answer, (bool, int, str)) else None


def _whole(number: float) -> int | float:
    return int(number) if number == int(number) and abs(number) < 1e15 else number  # noqa: PLR2004  # exact in a float
