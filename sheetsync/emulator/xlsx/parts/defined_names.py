"""Defined names: those that are named ranges of the API, the tabs' hidden ids, and all others, which follow their cells.

How they stand in the file is left to bookxml.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetsync.emulator.model import a1
from sheetsync.emulator.model.formulas import REF_ERROR
from sheetsync.emulator.model.rects import OPEN, Rect
from sheetsync.emulator.xlsx.parts.stored_state import ID_NAME
from sheetsync.emulator.xlsx.parts.workbook_xml import DefinedName

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Book, Name, Sheet
    from sheetsync.emulator.xlsx.patch import Patch

LAST_ROW, LAST_COLUMN = 1 << 20, 1 << 14
_FILTER = "_xlnm._FilterDatabase"
_AREAS = ("_xlnm.Print_Area", "_xlnm.Print_Titles")


def named_place(book: Book, text: str) -> tuple[int, Rect] | None:
    """(tab id, cells) that a defined name's text such as 'My tab'!$A$1:$B$2 stands for."""
    tab, mark, cells = text.rpartition("!")
    title = tab.removeprefix("'").removesuffix("'").replace("''", "'")
    sheet = next((sheet for sheet in book.sheets if sheet.title == title), None)
    rect = a1.read_cells(cells.replace("$", "")) if mark else None
    return None if sheet is None or rect is None else (sheet.id, opened(rect))


def opened(rect: Rect) -> Rect:
    """Give a rectangle of a file: a side at the format's last row or column is open."""
    bottom = OPEN if rect.bottom >= LAST_ROW else rect.bottom
    return rect._replace(bottom=bottom, right=OPEN if rect.right >= LAST_COLUMN else rect.right)


def closed(rect: Rect) -> Rect:
    """Give a rectangle as a file has it: open sides end at the format's last row or column."""
    return rect._replace(bottom=min(rect.bottom, LAST_ROW), right=min(rect.right, LAST_COLUMN))


def absolute(sheet: Sheet, rect: Rect) -> str:
    """Give the text of a name for cells of a tab."""
    area = closed(rect)
    start = f"${a1.letters(area.left)}${area.top + 1}"
    return f"{a1.quoted(sheet.title)}!{start}:${a1.letters(area.right - 1)}${area.bottom}"


def is_range(book: Book, name: str, text: str, *, hidden: bool) -> bool:
    """Whether a name of the whole book is a named range of the API."""
    return not hidden and not name.startswith("_") and named_place(book, text) is not None


def new_names(
    patch: Patch, old: list[DefinedName], was: list[str], now: list[str]
) -> list[DefinedName]:
    """Give the defined names of the new state. `was` and `now` are the tabs' relations in the old and the new order."""
    ids = {patch.relation_of(number): number for number in patch.shell.parts}
    scopes = [ids.get(relation) for relation in was]
    places = {sheet.id: place for place, sheet in enumerate(patch.book.sheets)}
    left = {name.name: name for name in patch.book.names}
    out: list[DefinedName] = []
    for name in old:
        if name.scope is None:
            new = _of_book(patch, name, left)
        else:
            known = name.scope < len(was)
            owner = scopes[name.scope] if known else None
            place = places.get(owner) if owner is not None else _at(was, now, name.scope)
            new = None if place is None else _of_tab(patch, name, owner, place)
        if new is not None:
            out.append(new)
    out += [
        _written(patch.book, name)
        for name in left.values()
        if patch.book.sheet(name.sheet_id) is not None
    ]
    out += [_hidden_id(place, sheet.id) for place, sheet in enumerate(patch.book.sheets)]
    return [*out, *_filter_names(patch.book, {name.scope for name in out if name.name == _FILTER})]


def _filter_names(book: Book, known: set[int | None]) -> list[DefinedName]:
    """Give the names of new filters, without which LibreOffice does not see them."""
    out = []
    for place, sheet in enumerate(book.sheets):
        if sheet.filter is not None and place not in known:
            area = sheet.filter.rect.clip(sheet.row_count, sheet.column_count)
            out.append(
                DefinedName(_FILTER, absolute(sheet, area), place, '<definedName hidden="1">')
            )
    return out


def _at(was: list[str], now: list[str], scope: int) -> int | None:
    return now.index(was[scope]) if scope < len(was) and was[scope] in now else None


def _hidden_id(place: int, number: int) -> DefinedName:
    return DefinedName(ID_NAME, str(number), place, '<definedName hidden="1">')


def _written(book: Book, name: Name) -> DefinedName:
    sheet = book.sheet(name.sheet_id)
    return DefinedName(name.name, "" if sheet is None else absolute(sheet, name.rect))


def _of_book(patch: Patch, name: DefinedName, left: dict[str, Name]) -> DefinedName | None:
    if not is_range(patch.saved, name.name, name.text, hidden='hidden="1"' in name.start):
        left.pop(name.name, None)
        return name._replace(text=patch.follow(name.text, None))
    entry = left.pop(name.name, None)
    if entry is None:
        return None
    same = named_place(patch.book, name.text) == (entry.sheet_id, entry.rect)
    return name if same else name._replace(text=_written(patch.book, entry).text)


def _of_tab(patch: Patch, name: DefinedName, owner: int | None, place: int) -> DefinedName | None:
    if name.name == ID_NAME:
        return None
    moved = name._replace(scope=place)
    if name.name == _FILTER and owner is not None:
        sheet = patch.book.sheet(owner)
        if sheet is None or sheet.filter is None:
            return None
        area = sheet.filter.rect.clip(sheet.row_count, sheet.column_count)
        return moved._replace(text=absolute(sheet, area))
    text = patch.follow(name.text, owner)
    if name.name in _AREAS and REF_ERROR in text and REF_ERROR not in name.text:
        text = ",".join(part for part in text.split(",") if REF_ERROR not in part)
        return moved._replace(text=text) if text else None
    return moved._replace(text=text)
