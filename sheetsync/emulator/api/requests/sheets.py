"""Requests on tabs and on the spreadsheet: add, delete, duplicate, properties.

Formulas that name a tab follow it in structure.py.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sheetsync.emulator.api.answers import sheet_properties
from sheetsync.emulator.api.locations import known_sheet
from sheetsync.emulator.api.requests.dimensions import (
    check_count,
    check_size,
)
from sheetsync.emulator.errors import bad
from sheetsync.emulator.model import groups, overlays, structure
from sheetsync.emulator.model.cells import twinned, twinned_mask
from sheetsync.emulator.model.grid import Sheet
from sheetsync.emulator.model.ids import fresh_id
from sheetsync.emulator.model.protections import guard, guard_sheet
from sheetsync.emulator.model.rects import OPEN, Rect, Splice
from sheetsync.emulator.wire.masks import of_edit

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Book, Json
    from sheetsync.emulator.wire.masks import Tree

_FORBIDDEN = re.compile(r"[\\/*?:\[\]]")
_SETTABLE = (
    "sheetId",
    "title",
    "index",
    "hidden",
    "tabColor",
    "tabColorStyle",
    "rightToLeft",
    "gridProperties",
)
_GRID = (
    "rowCount",
    "columnCount",
    "frozenRowCount",
    "frozenColumnCount",
    "hideGridlines",
    *groups.CONTROLS,
)
_BOOK = ("title", "locale", "timeZone", "autoRecalc")


def _check_title(book: Book, title: str, own: int | None) -> str:
    if not title:
        raise bad("The sheet name cannot be empty.")
    limits = book.limits
    if limits.any_title and len(title) > limits.title:
        raise bad(
            f"The sheet name cannot be greater than {limits.title} characters."
        )
    odd = _FORBIDDEN.search(title) or title[0] == "'" or title[-1] == "'"
    if not limits.any_title and (len(title) > limits.title or odd):
        raise bad(
            f"An .xlsx cannot hold a sheet named {title!r}: at most {limits.title} characters, "
            f"no \\ / * ? : [ ]"
        )
    other = book.by_title(title)
    if other is not None and other.id != own:
        raise bad(
            f'A sheet with the name "{title}" already exists. Please enter another name.'
        )
    return title


def add(book: Book, _user: str, params: Json) -> Json:
    """Answer addSheet."""
    data = params.get("properties", {})
    if data.get("sheetType", "GRID") != "GRID":
        raise bad(f"not emulated: sheetType {data['sheetType']}")
    taken = [sheet.id for sheet in book.sheets]
    wanted = data.get("sheetId")
    sheet = Sheet(
        _number(taken, wanted),
        _check_title(book, data.get("title") or _free_title(book), None),
    )
    index = min(max(data.get("index", len(book.sheets)), 0), len(book.sheets))
    book.sheets.insert(index, sheet)
    _apply(
        book,
        sheet,
        {
            n: v
            for n, v in data.items()
            if n not in ("title", "index", "sheetType")
        },
        {},
    )
    check_size(book, 0)
    return {"properties": sheet_properties(book, sheet)}


def _number(taken: list[int], wanted: int | None) -> int:
    """Give the id of a new tab: the one that was asked for, where it is free."""
    if wanted is None:
        return fresh_id(taken)
    if wanted < 0:
        raise bad("Sheet id must be non-negative.")
    if wanted in taken:
        raise bad(f"Sheet with id {wanted} already exists.")
    return wanted


def _free_title(book: Book) -> str:
    word = "Лист" if book.locale.startswith("ru") else "Sheet"
    return next(
        f"{word}{n}"
        for n in range(len(book.sheets) + 1, 10_000)
        if not book.by_title(f"{word}{n}")
    )


def delete(book: Book, user: str, params: Json) -> None:
    """Answer deleteSheet."""
    if "sheetId" not in params:
        raise bad("sheetId is required")
    sheet = known_sheet(book, params["sheetId"])
    if len(book.sheets) == 1:
        raise bad("You can't remove all the sheets in a document.")
    if not [
        other
        for other in book.sheets
        if other is not sheet and not other.hidden
    ]:
        raise bad("You can't remove all the visible sheets in a document.")
    guard(book, user, sheet, sheet.rect)
    structure.remove(book, sheet)


def duplicate(book: Book, _user: str, params: Json) -> Json:
    """duplicateSheet: cells, formats, rules and sizes; not protections, names and metadata."""
    source = known_sheet(book, params.get("sourceSheetId", 0))
    taken = [sheet.id for sheet in book.sheets]
    wanted = params.get("newSheetId")
    title = params.get("newSheetName") or copy_title(book, source.title)
    sheet = replace(
        source.copy(),
        id=_number(taken, wanted),
        title=_check_title(book, title, None),
        hidden=False,
    )
    book.sheets.insert(
        min(max(params.get("insertSheetIndex", 0), 0), len(book.sheets)), sheet
    )
    overlays.renew(book, sheet, source.id)
    check_size(book, 0)
    return {"properties": sheet_properties(book, sheet)}


def copy_title(book: Book, title: str) -> str:
    """Give the title of a copy of that tab which the book has not got yet."""
    starts = [
        f"Copy of {title}",
        *(f"Copy {n} of {title}" for n in range(2, 1000)),
    ]
    longest = book.limits.title
    return next(t[:longest] for t in starts if not book.by_title(t[:longest]))


def update(book: Book, user: str, params: Json) -> None:
    """Answer updateSheetProperties."""
    tree = of_edit(params.get("fields"), "SheetProperties")
    data = params.get("properties", {})
    sheet = known_sheet(book, data.get("sheetId", 0))
    guard_sheet(book, user, sheet)
    _apply(book, sheet, data, tree, user)


def _apply(
    book: Book, sheet: Sheet, data: Json, tree: Tree, user: str | None = None
) -> None:
    """Set the masked properties.

    Without a mask, those given (`user` None: a tab that was just added).
    """
    mask = twinned_mask(tree)
    unknown = [name for name in mask if name not in _SETTABLE]
    if unknown:
        raise bad(f"not emulated: {unknown[0]}")
    wanted = [
        name for name in _SETTABLE if (name in mask if mask else name in data)
    ]
    if "title" in wanted:
        structure.rename(
            book, sheet, _check_title(book, data.get("title", ""), sheet.id)
        )
    if "hidden" in wanted:
        _hide(book, sheet, hidden=data.get("hidden", False))
    if "tabColor" in wanted or "tabColorStyle" in wanted:
        sheet.tab_color = twinned(data).get("tabColor")
    if "rightToLeft" in wanted:
        sheet.right_to_left = data.get("rightToLeft", False)
    if "gridProperties" in wanted:
        _grid(
            book,
            sheet,
            data.get("gridProperties", {}),
            mask.get("gridProperties", {}),
            user,
        )
    if "index" in wanted:
        _move(book, sheet, data.get("index", 0))


def _hide(book: Book, sheet: Sheet, *, hidden: bool) -> None:
    if hidden and not [
        other
        for other in book.sheets
        if other is not sheet and not other.hidden
    ]:
        raise bad("You can't hide all the sheets in a document.")
    sheet.hidden = hidden


def _move(book: Book, sheet: Sheet, index: int) -> None:
    """Move a tab; the index counts the tabs as before the move, as Google documents."""
    if not 0 <= index <= len(book.sheets):
        raise bad(f"Invalid index: {index}")
    old = next(i for i, other in enumerate(book.sheets) if other is sheet)
    book.sheets.pop(old)
    book.sheets.insert(index - 1 if index > old else index, sheet)


def _grid(
    book: Book, sheet: Sheet, data: Json, tree: Tree, user: str | None
) -> None:
    unknown = [name for name in (tree or data) if name not in _GRID]
    if unknown:
        raise bad(f"not emulated: gridProperties.{unknown[0]}")
    wanted = [
        name for name in _GRID if (name in tree if tree else name in data)
    ]
    for name in ("rowCount", "columnCount"):
        if name in wanted:
            _resize(
                book,
                sheet,
                data.get(name, 0),
                rows=name == "rowCount",
                user=user,
            )
    rows = (
        data.get("frozenRowCount", 0)
        if "frozenRowCount" in wanted
        else sheet.frozen_rows
    )
    columns = (
        data.get("frozenColumnCount", 0)
        if "frozenColumnCount" in wanted
        else sheet.frozen_columns
    )
    for count, size, word in (
        (rows, sheet.row_count, "row"),
        (columns, sheet.column_count, "column"),
    ):
        if count < 0 or (count and count >= size):
            raise bad(f"You can't freeze all visible {word}s on the sheet.")
    sheet.frozen_rows, sheet.frozen_columns = rows, columns
    if "hideGridlines" in wanted:
        sheet.gridlines_hidden = data.get("hideGridlines", False)
    groups.set_controls(
        sheet,
        {
            name: data.get(name, False)
            for name in groups.CONTROLS
            if name in wanted
        },
    )


def _resize(
    book: Book, sheet: Sheet, count: int, *, rows: bool, user: str | None
) -> None:
    old = sheet.row_count if rows else sheet.column_count
    word = "row" if rows else "column"
    if count < 1:
        raise bad(f"A sheet must have at least one {word}.")
    if count < old:
        if user is not None:
            guard(
                book,
                user,
                sheet,
                Rect(count, OPEN, 0, OPEN)
                if rows
                else Rect(0, OPEN, count, OPEN),
            )
        structure.splice(book, sheet, Splice(rows, count, count - old))
        structure.settle(book)
        return
    other = sheet.column_count if rows else sheet.row_count
    check_count(book, count, rows=rows)
    check_size(book, (count - old) * other)
    if rows:
        sheet.row_count = count
    else:
        sheet.column_count = count


def update_book(book: Book, _user: str, params: Json) -> None:
    """updateSpreadsheetProperties: title, locale, timeZone, autoRecalc."""
    tree = of_edit(params.get("fields"), "SpreadsheetProperties")
    data = params.get("properties", {})
    unknown = [name for name in (tree or data) if name not in _BOOK]
    if unknown:
        raise bad(f"not emulated: {unknown[0]}")
    wanted = [
        name for name in _BOOK if (name in tree if tree else name in data)
    ]
    if "title" in wanted:
        book.title = data.get("title") or "Untitled spreadsheet"
    if "locale" in wanted:
        book.locale = _locale(data.get("locale", ""))
    if "timeZone" in wanted:
        book.time_zone = _zone(data.get("timeZone", ""))
    if "autoRecalc" in wanted:
        book.auto_recalc = data.get("autoRecalc", "ON_CHANGE")


def _locale(text: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}(_[A-Z]{2})?", text):
        raise bad(f"Invalid locale: {text}")
    return text


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise bad(f"Invalid time zone: {text}") from error
    return text


KINDS = {
    "addSheet": add,
    "deleteSheet": delete,
    "duplicateSheet": duplicate,
    "updateSheetProperties": update,
    "updateSpreadsheetProperties": update_book,
}
