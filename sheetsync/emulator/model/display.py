"""What people see in a cell: the number format in force and the text it makes of a value.

The patterns themselves are read in number_format.py; which cells are shown is left to those who
ask.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sheetsync.emulator.model.formulas import Ref, split
from sheetsync.emulator.model.grid import Cell, ErrorValue, Formula
from sheetsync.emulator.model.locales import customs
from sheetsync.emulator.model.number_format import (
    general,
    kind_of,
    show,
    show_text,
)

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Book, Json, Sheet, Value

DATES = ("DATE", "TIME", "DATE_TIME")
_DATED = re.compile(
    r"=(TODAY\(\)|DATE\([^()]*\)|E(DATE|OMONTH)\(.*\))([+-]\d+)?", re.IGNORECASE
)
_PASSED_ON = re.compile(
    r"=((MAX|MIN|SUM|AVERAGE)\()?", re.IGNORECASE
)  # what may stand before a reference,
# And after it, for the cell's format to be taken over
_WITH = re.compile(r"\)?([+-]\d+)?")
_FURTHEST = 20  # references followed


def number_format(cell: Cell) -> Json | None:
    """Give the number format in force.

    The cell's own, or the one that Google gives a date's formula.
    """
    own = cell.look.json.get("numberFormat") if cell.look else None
    if own is None and isinstance(cell.value, Formula):
        if _DATED.fullmatch(cell.value.text):
            return {"type": "DATE"}
        if cell.value.text.upper() == "=NOW()":
            return {"type": "DATE_TIME"}
    return own


def format_in(book: Book, sheet: Sheet, cell: Cell) -> Json | None:
    """Give the same.

    A formula without a format of its own takes over that of the cell it begins with, as =B2+1 does.
    """
    for _ in range(_FURTHEST):
        found = number_format(cell)
        if found is not None or not isinstance(cell.value, Formula):
            return found
        parts = split(cell.value.text)
        # Text, reference, text.
        if len(parts) != 3 or not isinstance(parts[1], Ref):  # noqa: PLR2004
            return None
        if not _PASSED_ON.fullmatch(str(parts[0])) or not _WITH.fullmatch(
            str(parts[2])
        ):
            return None
        target = sheet if parts[1].tab is None else book.by_title(parts[1].tab)
        if target is None:
            return None
        sheet, cell = target, target.cell(parts[1].rect.top, parts[1].rect.left)
    return None


def is_date(form: Json | None) -> bool:
    """Whether numbers of this format are dates or times."""
    if not form:
        return False
    return form.get("type") in DATES or (
        bool(form.get("pattern")) and kind_of(form["pattern"]) in DATES
    )


def formatted(value: Value, form: Json | None, locale: str) -> str:
    """Tell what people see in the cell."""
    if isinstance(value, str):
        return show_text(value, form) if form else value
    if isinstance(value, bool):
        return customs(locale).truths[0 if value else 1]
    if isinstance(value, (int, float)):
        try:
            return show(value, form, locale)
        except (ValueError, OverflowError):
            return general(value, locale)
    return value.code if isinstance(value, ErrorValue) else ""
