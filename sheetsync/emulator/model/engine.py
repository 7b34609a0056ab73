"""The Rust engine `formualizer` fed with a book, asked for the values of formulas.

What becomes of its answers is left to evaluate.py, the wording of its errors to formula_errors.py.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sheetsync.emulator.model import a1
from sheetsync.emulator.model.formulas import for_file, rewrite
from sheetsync.emulator.model.grid import OPEN, ErrorValue, Formula

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheetsync.emulator.model.formulas import Ref
    from sheetsync.emulator.model.grid import Book, Row, Sheet
    from sheetsync.emulator.model.rects import Rect

_ARRAY = re.compile(r"\bARRAYFORMULA\b", re.IGNORECASE)
_WORD = re.compile(
    r"""("(?:[^"]|"")*"|'(?:[^']|'')*'!?)|(?<![\w.$!:])([^\W\d][\w.]*)(?![\w.(!:])"""
)
_FAR = 3  # columns between the last filled one and where formulas are tried out
UNREADABLE = {"kind": "Unreadable"}


class Place(NamedTuple):
    """A cell: its tab, and its row and column from zero."""

    sheet: Sheet
    row: int
    column: int


class Engine:
    """One book in the engine, at one moment of the book's own clock."""

    def __init__(self, book: Book, now: dt.datetime) -> None:
        # A compiled library, loaded only when there are formulas.
        import formualizer  # noqa: PLC0415

        self.book = book
        self._names = {name.name.casefold(): name for name in book.names}
        self._workbook = formualizer.Workbook(
            mode=formualizer.WorkbookMode.Ephemeral
        )  # keeps no history: far faster
        self._workbook.set_deterministic_clock(now.replace(tzinfo=dt.UTC))
        # As the book is now: a batch may change it before a tab is asked for.
        self._rows = {sheet.id: list(sheet.rows) for sheet in book.sheets}
        self._unfed = {sheet.id: sheet.title for sheet in book.sheets}
        self._widths: dict[int, int] = {}
        for title in self._unfed.values():
            self._workbook.add_sheet(title)

    def _feed(self, sheet_id: int, text: str) -> None:
        """See that the engine has the values that a formula of a tab may name.

        Most tabs of a book are named by no formula, and a journal of 40,000 lines takes seconds.
        """
        folded = text.casefold()
        anywhere = "indirect" in folded
        for unfed_id, title in list(self._unfed.items()):
            if (
                anywhere
                or unfed_id == sheet_id
                or _is_named(title.casefold(), folded)
            ):
                self._feed_tab(unfed_id, title)

    def _feed_tab(self, sheet_id: int, title: str) -> None:
        del self._unfed[sheet_id]
        for column, top, values in _runs(self._rows[sheet_id]):
            self._workbook.set_values_batch(title, top + 1, column + 1, values)

    def put(self, place: Place, text: str) -> Any:
        """Set a formula; gives an error's answer where the engine cannot take it, else None."""
        target = (place.sheet.title, place.row + 1, place.column + 1)
        try:
            translated = self._translated(place.sheet, text)
            self._feed(place.sheet.id, translated)
            self._workbook.set_formula(*target, translated)
        # Whatever the engine dislikes about a user's formula is that cell's error.
        except Exception as error:  # noqa: BLE001
            wrong = {"kind": "Circ"} if "#CIRC" in str(error) else UNREADABLE
            stand_in = (
                "=#REF!" if wrong is not UNREADABLE else "=#NULL!"
            )  # so that cells which name this one fail too
            self._workbook.set_formula(*target, stand_in)
            return wrong
        return None

    def _translated(self, sheet: Sheet, text: str) -> str:
        """Give a formula as the engine reads it.

        No ARRAYFORMULA, ranges that end with the grid, names as references.
        """
        if self._names:
            text = _WORD.sub(
                lambda match: match[1] or self._named(match[2]), text
            )
        # Reading references takes time, and only ranges are open
        if ":" in text:
            text = for_file(rewrite(text, lambda ref: self._closed(sheet, ref)))
        return _ARRAY.sub("", text)

    def _closed(self, sheet: Sheet, ref: Ref) -> Ref:
        """Give a reference that ends where its tab does: an array of it has no million rows."""
        tab = sheet if ref.tab is None else self.book.by_title(ref.tab)
        if tab is None or (ref.rect.bottom < OPEN and ref.rect.right < OPEN):
            return ref
        rect = ref.rect.clip(
            max(tab.row_count, ref.rect.top + 1),
            max(tab.column_count, ref.rect.left + 1),
        )
        return ref._replace(rect=rect, single=False)

    def _named(self, word: str) -> str:
        name = self._names.get(word.casefold())
        sheet = self.book.sheet(name.sheet_id) if name is not None else None
        if name is None or sheet is None:
            return word
        inside = name.rect.clip(sheet.row_count, sheet.column_count)
        return f"{a1.quoted(sheet.title)}!{_absolute(inside)}"

    def answers(self, places: list[Place]) -> list[Any]:
        """Give the values of many formulas that were put."""
        targets = [
            (place.sheet.title, place.row + 1, place.column + 1)
            for place in places
        ]
        try:
            return list(self._workbook.evaluate_cells(targets))
        # One formula that breaks the engine must not take the others along.
        except Exception:  # noqa: BLE001
            return [self._one(target) for target in targets]

    def _one(self, target: tuple[str, int, int]) -> Any:
        try:
            return self._workbook.evaluate_cell(*target)
        except Exception:  # noqa: BLE001  # as above
            return UNREADABLE

    def spill(self, place: Place) -> Rect | None:
        """Give the rectangle that an evaluated formula fills, if that is more than its own cell."""
        address = f"{a1.quoted(place.sheet.title)}!{a1.letters(place.column)}{place.row + 1}"
        try:
            role = self._workbook.inspect_cell(address).cell.spill
        except Exception:  # noqa: BLE001  # what the engine cannot tell is no array
            return None
        extent = role.extent if role is not None else None
        return a1.read_cells(extent.rpartition("!")[2]) if extent else None

    def _width(self, sheet_id: int) -> int:
        """Give how many columns of a tab are in use."""
        if sheet_id not in self._widths:
            rows = self._rows.get(sheet_id, [])
            self._widths[sheet_id] = max(
                (max(row) + 1 for row in rows if row), default=0
            )
        return self._widths[sheet_id]

    def trial(
        self, sheet: Sheet, row: int, text: str
    ) -> tuple[Any, Rect | None]:
        """Give the value of a formula that stands in no cell, and the rectangle of an array."""
        place = Place(sheet, row, self._width(sheet.id) + _FAR)
        wrong = self.put(place, text)
        answer = (
            self._one((sheet.title, row + 1, place.column + 1))
            if wrong is None
            else wrong
        )
        size = self.spill(place) if wrong is None else None
        self._workbook.set_value(sheet.title, row + 1, place.column + 1, None)
        return answer, size


def _is_named(title: str, formula: str) -> bool:
    """Whether a formula may name a tab; both are folded, as capitals do not count."""
    return title in formula or title.replace("'", "''") in formula


def _absolute(rect: Rect) -> str:
    start = f"${a1.letters(rect.left)}${rect.top + 1}"
    if (rect.bottom - rect.top, rect.right - rect.left) == (1, 1):
        return start
    return f"{start}:${a1.letters(rect.right - 1)}${rect.bottom}"


def _runs(rows: list[Row]) -> Iterator[tuple[int, int, list[list[Any]]]]:
    """Give the filled cells as runs down the columns.

    A gap that is fed as None would hide what an array puts there.
    """
    runs: dict[int, tuple[int, list[list[Any]]]] = {}
    for index, row in enumerate(rows):
        for column, cell in row.items():
            value = cell.value
            if value is None or isinstance(value, Formula):
                continue
            top, values = runs.get(column, (index, []))
            if top + len(values) != index:
                yield column, top, values
                top, values = index, []
            values.append(
                [value.code if isinstance(value, ErrorValue) else value]
            )
            runs[column] = (top, values)
    for column, (top, values) in runs.items():
        yield column, top, values


@lru_cache(maxsize=1)
def _bare() -> Any:
    import formualizer  # noqa: PLC0415  # as above

    workbook = formualizer.Workbook()
    workbook.add_sheet("A")
    return workbook


@lru_cache(maxsize=2000)
def knows(function: str) -> bool:
    """Whether the engine has a function of that name."""
    if function.upper() == "ARRAYFORMULA":
        return True
    try:
        _bare().set_formula("A", 1, 1, f"={function}()")
        answer = _bare().evaluate_cell("A", 1, 1)
    except Exception:  # noqa: BLE001  # a known function that wants arguments
        return True
    return not (isinstance(answer, dict) and answer.get("kind") == "Name")
