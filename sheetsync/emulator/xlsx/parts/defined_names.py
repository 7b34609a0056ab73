"""Defined names: those that are named ranges of the API, and all others, which follow their cells.

The tabs' ids are among them, as hidden names. How they stand in the file is left to
workbook_xml.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sheetsync.emulator.model import a1
from sheetsync.emulator.model.formulas import REF_ERROR
from sheetsync.emulator.model.rects import OPEN, Rect
from sheetsync.emulator.xlsx.parts.stored_state import ID_NAME
from sheetsync.emulator.xlsx.parts.workbook_xml import DefinedName

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Book, Filter, Name, Sheet
    from sheetsync.emulator.xlsx.save_context import SaveContext

LAST_ROW, LAST_COLUMN = 1 << 20, 1 << 14
_FILTER = "_xlnm._FilterDatabase"
_AREAS = ("_xlnm.Print_Area", "_xlnm.Print_Titles")
_HIDDEN = '<definedName hidden="1">'


class TabOrder(NamedTuple):
    """A file's tabs before and after a save, each by the workbook's relation to it.

    `ids` are the tab ids of those that hold cells. The scope of a name is its tab's place.
    """

    before: list[str]
    after: list[str]
    ids: dict[str, int]

    def owner(self, scope: int) -> int | None:
        """Give the id of the tab that a name of the old file belongs to."""
        return (
            self.ids.get(self.before[scope])
            if scope < len(self.before)
            else None
        )

    def new_scope(self, scope: int) -> int | None:
        """Give the new place of a tab that the book knows nothing of; None where it is gone."""
        if scope >= len(self.before) or self.before[scope] not in self.after:
            return None
        return self.after.index(self.before[scope])


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
    return rect._replace(
        bottom=bottom, right=OPEN if rect.right >= LAST_COLUMN else rect.right
    )


def closed(rect: Rect) -> Rect:
    """Give a rectangle as a file has it: open sides end at the format's last row or column."""
    return rect._replace(
        bottom=min(rect.bottom, LAST_ROW), right=min(rect.right, LAST_COLUMN)
    )


def absolute(sheet: Sheet, rect: Rect) -> str:
    """Give the text of a name for cells of a tab."""
    area = closed(rect)
    start = f"${a1.letters(area.left)}${area.top + 1}"
    return f"{a1.quoted(sheet.title)}!{start}:${a1.letters(area.right - 1)}${area.bottom}"


def is_range(book: Book, name: str, text: str, *, hidden: bool) -> bool:
    """Whether a name of the whole book is a named range of the API."""
    return (
        not hidden
        and not name.startswith("_")
        and named_place(book, text) is not None
    )


def new_names(
    context: SaveContext, names: list[DefinedName], order: TabOrder
) -> list[DefinedName]:
    """Give the defined names of the new state: those of the file in their order, then new ones."""
    book = context.book
    waiting = {name.name: name for name in book.names}
    out: list[DefinedName] = []
    for name in names:
        if name.scope is None:
            kept = _of_book(context, name, waiting)
        else:
            kept = _of_tab(
                context,
                name,
                order.owner(name.scope),
                order.new_scope(name.scope),
            )
        if kept is not None:
            out.append(kept)
    out += [
        _written(book, name)
        for name in waiting.values()
        if book.sheet(name.sheet_id)
    ]
    out += [
        _hidden_id(place, sheet.id) for place, sheet in enumerate(book.sheets)
    ]
    with_filter = {name.scope for name in out if name.name == _FILTER}
    return out + _filter_names(book, with_filter)


def _filter_names(book: Book, known: set[int | None]) -> list[DefinedName]:
    """Give the names of new filters, without which LibreOffice does not see them."""
    out = []
    for place, sheet in enumerate(book.sheets):
        if place not in known and sheet.filter is not None:
            out.append(
                DefinedName(
                    _FILTER, _filter_area(sheet, sheet.filter), place, _HIDDEN
                )
            )
    return out


def _filter_area(sheet: Sheet, basic_filter: Filter) -> str:
    return absolute(
        sheet, basic_filter.rect.clip(sheet.row_count, sheet.column_count)
    )


def _hidden_id(place: int, number: int) -> DefinedName:
    return DefinedName(ID_NAME, str(number), place, _HIDDEN)


def _written(book: Book, name: Name) -> DefinedName:
    sheet = book.sheet(name.sheet_id)
    return DefinedName(
        name.name, "" if sheet is None else absolute(sheet, name.rect)
    )


def _of_book(
    context: SaveContext, name: DefinedName, waiting: dict[str, Name]
) -> DefinedName | None:
    """Give a name of the whole book in the new state, and take its range from those that wait."""
    named_range = waiting.pop(name.name, None)
    if not is_range(
        context.saved, name.name, name.text, hidden='hidden="1"' in name.start
    ):
        return name._replace(text=context.follow(name.text, None))
    if named_range is None:
        return None
    place = (named_range.sheet_id, named_range.rect)
    if named_place(context.book, name.text) == place:
        return name
    return name._replace(text=_written(context.book, named_range).text)


def _of_tab(
    context: SaveContext,
    name: DefinedName,
    owner: int | None,
    new_scope: int | None,
) -> DefinedName | None:
    """Give a name of one tab in the new state; None where its tab, or what it names, is gone."""
    if owner is not None:
        new_scope = _place_of(context.book, owner)
    if new_scope is None or name.name == ID_NAME:
        return None
    moved = name._replace(scope=new_scope)
    if name.name == _FILTER and owner is not None:
        sheet = context.book.sheet(owner)
        if sheet is None or sheet.filter is None:
            return None
        return moved._replace(text=_filter_area(sheet, sheet.filter))
    text = context.follow(name.text, owner)
    if name.name in _AREAS and REF_ERROR in text and REF_ERROR not in name.text:
        text = ",".join(
            part for part in text.split(",") if REF_ERROR not in part
        )
        return moved._replace(text=text) if text else None
    return moved._replace(text=text)


def _place_of(book: Book, sheet_id: int) -> int | None:
    places = {sheet.id: place for place, sheet in enumerate(book.sheets)}
    return places.get(sheet_id)
