"""The values of a book's formulas.

Computed all at once when one is asked for, arrays laid over the cells they fill.

The engine is in engine.py. Functions that it does not know keep the value that the file had for
them, else they are #NAME?.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sheetsync.emulator.model import a1
from sheetsync.emulator.model import formula_errors as faults
from sheetsync.emulator.model.engine import Engine, Place
from sheetsync.emulator.model.formulas import Ref, may_spill, split
from sheetsync.emulator.model.grid import Book, ErrorValue, Formula
from sheetsync.emulator.model.rects import Rect

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.model.grid import Sheet, Value

    Key = tuple[int, int, int]

# Serials have no zone: the book's own applies.
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001
_DAY = 86400
_VOLATILE = re.compile(r"\b(TODAY|NOW|RAND\w*)\(", re.IGNORECASE)
_DEEPEST = 50  # references followed from one formula to the next
_LARGEST = 100  # cells of a range looked through for where an error came from


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
    """Give the time that clocks show in the book's zone.

    A time without a zone is taken as that already.
    """
    if now.tzinfo is None:
        return now
    try:
        return now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return now.astimezone(dt.UTC).replace(tzinfo=None)


def today(book: Book) -> dt.date:
    """Give the day that it is in the book's zone, by the clock of the workspace that holds it."""
    if book.compute is None:
        raise RuntimeError("a book that no workspace opened has no clock")
    computed: Computation = book.compute(
        Book(book.id, book.title, time_zone=book.time_zone)
    )
    return computed.now.date()


class Computation:
    """The values of all formulas of one state of a book."""

    def __init__(
        self,
        book: Book,
        now: dt.datetime,
        stored: Callable[[tuple[str, int, int]], Value],
    ) -> None:
        self.now = wall_clock(now, book.time_zone)
        self._book = book
        self._stored = stored
        self._values: dict[Key, Value] = {}
        self._kinds: dict[Key, str] = {}
        self._spilled: dict[int, dict[tuple[int, int], Value]] = {}
        self._formulas = [
            (Place(sheet, row, column), formula)
            for sheet in book.sheets
            for row, column, formula in sheet.formulas()
        ]
        if self._formulas:
            self._run()

    @cached_property
    def _engine(self) -> Engine:
        return Engine(self._book, self.now)

    @cached_property
    def volatile(self) -> bool:
        """Whether the values depend on the moment, so that they must not be kept."""
        return any(
            _VOLATILE.search(formula.text) for _, formula in self._formulas
        )

    def value(self, sheet: Sheet, row: int, column: int) -> Value:
        """Give a cell's value; never a Formula."""
        value = sheet.cell(row, column).value
        if isinstance(value, Formula):
            return self._values.get((sheet.id, row, column))
        if value is None and self._spilled:
            return self._spilled.get(sheet.id, {}).get((row, column))
        return value

    def kind(self, sheet: Sheet, row: int, column: int) -> str | None:
        """Give DATE, TIME or DATE_TIME where a formula's value is such; else None."""
        return self._kinds.get((sheet.id, row, column))

    def spilled(self, sheet: Sheet) -> dict[tuple[int, int], Value]:
        """Give the values in cells that arrays of other cells fill, by row and column."""
        return self._spilled.get(sheet.id, {})

    def trial(self, sheet: Sheet, row: int, text: str) -> Value:
        """Give the value of a formula text as if it stood in that row, in no cell of its own."""
        answer, _ = self._engine.trial(sheet, row, text)
        return _plain(answer)

    def _run(self) -> None:
        engine = self._engine
        wrong = [
            engine.put(place, formula.text) for place, formula in self._formulas
        ]
        good = [
            place
            for (place, _), refused in zip(self._formulas, wrong, strict=True)
            if refused is None
        ]
        answers = iter(engine.answers(good))
        failed: dict[Key, tuple[Place, str, str]] = {}
        for (place, formula), refused in zip(
            self._formulas, wrong, strict=True
        ):
            answer = _first(next(answers) if refused is None else refused)
            key = (place.sheet.id, place.row, place.column)
            if isinstance(answer, dict):
                failed[key] = (place, str(answer.get("kind")), formula.text)
            self._keep(key, formula, answer)
            if may_spill(formula.text) and not isinstance(answer, dict):
                self._spread(place)
        self._blank()
        self._word(failed)

    def _keep(self, key: Key, formula: Formula, answer: Any) -> None:
        value = _plain(answer)
        unknown = isinstance(value, ErrorValue) and value.code in (
            "#NAME?",
            "#ERROR!",
        )
        if unknown and formula.origin is not None:
            old = self._stored(formula.origin)
            value = value if old is None else old
        if isinstance(answer, (dt.date, dt.time)):
            self._kinds[key] = _kind(answer)
        self._values[key] = value

    def _spread(self, place: Place) -> None:
        extent = self._engine.spill(place)
        if extent is None:
            return
        outside = _outside(place.sheet, extent)
        if outside:
            self._values[place.sheet.id, place.row, place.column] = ErrorValue(
                "#REF!", outside
            )
            return
        cells = [
            (row, column)
            for row in range(extent.top, extent.bottom)
            for column in range(extent.left, extent.right)
        ]
        others = cells[1:]
        answers = self._engine.answers(
            [Place(place.sheet, row, column) for row, column in others]
        )
        values = (_plain(answer) for answer in answers)
        self._spilled.setdefault(place.sheet.id, {}).update(
            zip(others, values, strict=True)
        )

    def _blank(self) -> None:
        """Empty the formulas that only name an empty cell, which the engine has as 0."""
        for place, formula in self._formulas:
            key = (place.sheet.id, place.row, place.column)
            if self._values[key] == 0 and self._source(
                place, formula.text, _DEEPEST
            ):
                self._values[key] = None

    def _source(self, place: Place, text: str, depth: int) -> bool:
        """Whether a formula, by nothing but references, leads to an empty cell."""
        target = self._target(place, text)
        if target is None or not depth:
            return False
        value = target.sheet.cell(target.row, target.column).value
        if isinstance(value, Formula):
            return self._source(target, value.text, depth - 1)
        return value is None and (
            target.row,
            target.column,
        ) not in self.spilled(target.sheet)

    def _target(self, place: Place, text: str) -> Place | None:
        parts = split(text)
        if (
            len(parts) != 3  # noqa: PLR2004  # "=", reference, ""
            or parts[0] != "="
            or parts[2] != ""
            or not isinstance(parts[1], Ref)
        ):
            return None
        ref = parts[1]
        sheet = place.sheet if ref.tab is None else self._book.by_title(ref.tab)
        return (
            Place(sheet, ref.rect.top, ref.rect.left)
            if ref.single and sheet is not None
            else None
        )

    def _word(self, failed: dict[Key, tuple[Place, str, str]]) -> None:
        """Give errors their message: where an error only passes on another cell's, that one's."""
        for key in failed:
            self._worded(key, failed, _DEEPEST)

    def _worded(
        self, key: Key, failed: dict[Key, tuple[Place, str, str]], depth: int
    ) -> str:
        value = self._values.get(key)
        if (
            not isinstance(value, ErrorValue)
            or value.message
            or key not in failed
            or not depth
        ):
            return value.message if isinstance(value, ErrorValue) else ""
        place, kind, text = failed[key]
        origin = (
            None
            if kind in ("Circ", "Spill")
            else self._origin(place, text, value, failed)
        )
        if origin is not None:
            message = self._worded(origin, failed, depth - 1)
        elif kind == "Spill":
            message = self._blocked(place, text)
        else:
            message = faults.message(
                kind, text, self._book, lambda part: self._part(place, part)
            )
        self._values[key] = ErrorValue(value.code, message)
        return message

    def _part(self, place: Place, text: str) -> Any:
        return _first(self._engine.trial(place.sheet, place.row, text)[0])

    def _origin(
        self,
        place: Place,
        text: str,
        value: ErrorValue,
        failed: dict[Key, tuple[Place, str, str]],
    ) -> Key | None:
        for ref in split(text):
            if not isinstance(ref, Ref):
                continue
            sheet = (
                place.sheet if ref.tab is None else self._book.by_title(ref.tab)
            )
            rect = ref.rect
            if (
                sheet is None
                or (rect.bottom - rect.top) * (rect.right - rect.left)
                > _LARGEST
            ):
                continue
            for row in range(rect.top, rect.bottom):
                for column in range(rect.left, rect.right):
                    key = (sheet.id, row, column)
                    found = self._values.get(key)
                    if (
                        key in failed
                        and isinstance(found, ErrorValue)
                        and found.code == value.code
                    ):
                        return key
        return None

    def _blocked(self, place: Place, text: str) -> str:
        """Say which cell an array would have to overwrite."""
        _, size = self._engine.trial(
            place.sheet, place.row + len(place.sheet.rows) + 1, text
        )
        height, width = (
            (size.bottom - size.top, size.right - size.left)
            if size is not None
            else (1, 1)
        )
        for row in range(place.row, place.row + height):
            for column in range(place.column, place.column + width):
                if (row, column) != (
                    place.row,
                    place.column,
                ) and place.sheet.cell(row, column).value is not None:
                    at = a1.cells(Rect(row, row + 1, column, column + 1))
                    return f"Array result was not expanded because it would overwrite data in {at}."
        return ""


def _outside(sheet: Sheet, extent: Rect) -> str:
    """Say what Google says of an array that does not fit into the grid; "" where it fits."""
    for name, missing in (
        ("rows", extent.bottom - sheet.row_count),
        ("columns", extent.right - sheet.column_count),
    ):
        if missing > 0:
            return f"Result was not automatically expanded, please insert more {name} ({missing})."
    return ""


def _first(answer: Any) -> Any:
    while isinstance(answer, list):
        answer = answer[0] if answer else None
    return answer


def _kind(answer: dt.date | dt.time) -> str:
    if isinstance(answer, dt.datetime):
        return "DATE_TIME"
    return "DATE" if isinstance(answer, dt.date) else "TIME"


def _plain(answer: Any) -> Value:
    answer = _first(answer)
    if isinstance(answer, dict):
        return ErrorValue(faults.CODES.get(str(answer.get("kind")), "#ERROR!"))
    if isinstance(answer, (dt.date, dt.time, dt.timedelta)):
        return _whole(serial(answer))
    if isinstance(answer, float):
        return _whole(answer)
    return answer if isinstance(answer, (bool, int, str)) else None


def _whole(number: float) -> int | float:
    return (
        # Exact in a float.
        int(number) if number == int(number) and abs(number) < 1e15 else number  # noqa: PLR2004
    )
