"""Formats of cells that an .xlsx has no word for, kept in the stored state.

They are padding, direction, and how links and long texts show. All other formats are in the file's
own styles (styles.py).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sheetsync.emulator.model.grid import EMPTY
from sheetsync.emulator.model.rects import Rect, union

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Book, Json, Look, Sheet

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


def to_stored(book: Book, sheet: Sheet) -> Json:
    """Tell where a tab has which."""
    formats = _extras_by_look(book)
    if not formats:
        return {}
    places: dict[str, tuple[Json, list[Rect]]] = {}
    for index, row in enumerate(sheet.rows):
        for column, cell in row.items():
            known = formats.get(id(cell.look))
            if known is not None:
                key, form = known
                _, rects = places.setdefault(key, (form, []))
                rects.append(Rect(index, index + 1, column, column + 1))
    kept = [
        {"format": form, "rects": [list(rect) for rect in union(rects)]}
        for form, rects in places.values()
    ]
    return {"extras": kept} if kept else {}


def _extras_by_look(book: Book) -> dict[int, tuple[str, Json]]:
    """Give what each look of a book has that the file cannot say, with a text to know it by.

    By the look's identity: a book has each look once.
    """
    out: dict[int, tuple[str, Json]] = {}
    for look in book.looks.values():
        form = extra(look)
        if form:
            out[id(look)] = (repr(sorted(form.items())), form)
    return out


def of_stored(book: Book, sheet: Sheet, stored: Json) -> None:
    """Give the cells back what `to_stored` kept."""
    for entry in stored.get("extras") or []:
        for sides in entry["rects"]:
            rect = Rect(*sides).clip(sheet.row_count, sheet.column_count)
            if (rect.bottom - rect.top) * (
                rect.right - rect.left
            ) <= _MOST_CELLS:
                _give(book, sheet, rect, dict(entry["format"]))


def _give(book: Book, sheet: Sheet, rect: Rect, form: dict[str, Any]) -> None:
    # A few looks are those of all cells; by their identity
    given: dict[int, Look | None] = {}
    for index in range(rect.top, rect.bottom):
        row = dict(sheet.row(index))
        for column in range(rect.left, rect.right):
            cell = row.get(column, EMPTY)
            key = id(cell.look)
            if key not in given:
                given[key] = _with_format(book, cell.look, form)
            row[column] = replace(cell, look=given[key])
        sheet.put_row(index, row)


def _with_format(
    book: Book, look: Look | None, form: dict[str, Any]
) -> Look | None:
    if look is None:
        return book.look(form, 0)
    return book.look({**look.json, **form}, look.base)
