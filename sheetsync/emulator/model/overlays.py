"""What lies over the cells of a tab with an id of its own: filter views, banding, tables, charts.

How each follows its cells, is told in answers and kept in the file. Requests on them are in api/kinds/overlays.py.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Book, Json, Sheet
    from sheetsync.emulator.model.rects import Splice


def move(_book: Book, sheet: Sheet, cut: Splice) -> None:
    """Take the tab's overlays along when rows or columns come or go."""
    sheet.tables = [replace(table, rects=cut.rects(table.rects)) for table in sheet.tables]


def shown(_book: Book, _sheet: Sheet) -> dict[str, list[Any]]:
    """Give the fields of a Sheet's answer that tell its overlays, by name; empty ones may be among them."""
    return {}


def to_stored(_sheet: Sheet) -> Json:
    """Tell what the file keeps of a tab's overlays, as JSON."""
    return {}


def of_stored(_book: Book, _sheet: Sheet, _stored: Json) -> None:
    """Lay what `to_stored` kept over the tab again; entries that make no sense are left out."""
