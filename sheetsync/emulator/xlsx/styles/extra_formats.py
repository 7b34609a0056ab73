"""Formats of cells that an .xlsx has no word for, kept in the stored state.

They are padding, direction, and how links and long texts show. All other formats are in the file's
own styles (styles.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sheetsync.emulator.model.grid import EMPTY, Cell
from sheetsync.emulator.model.rects import Rect, union

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Book, Json, Look, Sheet

    ByLook = dict[int, tuple[str, Json]]
    """By a look's identity, a text to know the format by, and the format."""
    _Columns = dict[int, list[list[int]]]
    """By a column, the stretches of its rows."""

_NAMES = ("padding", "hyperlinkDisplayType", "textDirection")
# Of a stored rectangle: nobody's file makes a tab of billions of cells
_MOST_CELLS = 1 << 22


def extra(look: Look | None) -> Json:
    """Give what of a format the file cannot say."""
    if look is None:
        return {}
    out = {name: look.json[name] for name in _NAMES if name in look.json}
    if look.json.get("wrapStrategy", "WRAP") != "WRAP":
        out["wrapStrategy"] = look.json["wrapStrategy"]
    return out


def used(book: Book) -> bool:
    """Whether any format of the book has such."""
    return any(extra(look) for look in book.looks.values())


def to_stored(formats: ByLook, sheet: Sheet) -> Json:
    """Tell where a tab has which; `formats` is what `by_look` gives for the book."""
    if not formats:
        return {}
    places: dict[str, tuple[Json, _Columns]] = {}
    for index, row in enumerate(sheet.rows):
        for column, cell in row.items():
            known = formats.get(id(cell.look))
            if known is not None:
                key, form = known
                _, columns = places.setdefault(key, (form, {}))
                _stretch(columns.setdefault(column, []), index)
    kept = [
        {"format": form, "rects": [list(rect) for rect in _rects(columns)]}
        for form, columns in places.values()
    ]
    return {"extras": kept} if kept else {}


def _stretch(spans: list[list[int]], index: int) -> None:
    if spans and spans[-1][1] == index:
        spans[-1][1] = index + 1
    else:
        spans.append([index, index + 1])


def _rects(columns: _Columns) -> tuple[Rect, ...]:
    return union(
        Rect(top, bottom, column, column + 1)
        for column, spans in columns.items()
        for top, bottom in spans
    )


def by_look(book: Book) -> ByLook:
    """Give what each look of a book has that the file cannot say, with a text to know it by.

    By the look's identity: a book has each look once.
    """
    out: ByLook = {}
    for look in book.looks.values():
        form = extra(look)
        if form:
            out[id(look)] = (repr(sorted(form.items())), form)
    return out


def of_stored(book: Book, sheet: Sheet, stored: Json) -> None:
    """Give the cells back what `to_stored` kept."""
    for entry in stored.get("extras") or []:
        giver = _Giver(book, dict(entry["format"]))
        for sides in entry["rects"]:
            rect = Rect(*sides).clip(sheet.row_count, sheet.column_count)
            if (rect.bottom - rect.top) * (
                rect.right - rect.left
            ) <= _MOST_CELLS:
                giver.give(sheet, rect)


class _Giver:
    """Gives one format to cells; equal looks and cells that are one object stay so."""

    def __init__(self, book: Book, form: dict[str, Any]) -> None:
        self._book = book
        self._form = form
        # By the identity of what they hold first
        self._looks: dict[int, tuple[Look | None, Look | None]] = {}
        self._cells: dict[int, tuple[Cell, Cell]] = {}

    def give(self, sheet: Sheet, rect: Rect) -> None:
        sheet.rows += [{} for _ in range(len(sheet.rows), rect.bottom)]
        for index in range(rect.top, rect.bottom):
            row = dict(sheet.rows[index])
            for column in range(rect.left, rect.right):
                row[column] = self._given(row.get(column, EMPTY))
            sheet.rows[index] = row

    def _given(self, cell: Cell) -> Cell:
        known = self._cells.get(id(cell))
        if known is None:
            look = self._look(cell.look)
            given = Cell(cell.value, look, cell.note, cell.runs, cell.rich)
            known = self._cells[id(cell)] = cell, given
        return known[1]

    def _look(self, look: Look | None) -> Look | None:
        known = self._looks.get(id(look))
        if known is None:
            given = _with_format(self._book, look, self._form)
            known = self._looks[id(look)] = look, given
        return known[1]


def _with_format(
    book: Book, look: Look | None, form: dict[str, Any]
) -> Look | None:
    if look is None:
        return book.look(form, 0)
    return book.look({**look.json, **form}, look.base)
