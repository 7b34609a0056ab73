"""What a run remembers of ranges that lost rows at their edges, so that an undo gives them back.

A range that loses its first or last row does not grow again when that row comes back, nor does one
that lost them all. What is noted are other people's formulas, and what lies on the cells by a range
of its own: named ranges, conditional formats, filters and the like. Finding them is the batch's.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sheetsync.workbook.range_owners import GridRange, RangeOwner, ranges_in
from sheetsync.workbook.snapshot import FAR, CellArea


class TabArea(NamedTuple):
    """Cells of a tab."""

    sheet_id: int
    area: CellArea


class RangeNote(NamedTuple):
    """One thing as it was before a run, and as the run left it.

    `key`: of a formula the cell that it then stood in, in A1, of an emptied row its number, else an
    id or a place; `row_id`: of the client in whose row a formula stands, "" for other rows.
    `before`, `after`: the formula, or the ranges as text, "" where it is gone. `likeness`: as of
    `RangeOwner`; `body`: all of it, where the run lost it altogether.
    """

    kind: str
    sheet_id: int
    key: str
    before: str
    after: str
    row_id: str = ""
    likeness: str = ""
    body: str = ""

    def data(self) -> list[str | int]:
        """Return it as data of the Journal, without empty ends."""
        data: list[str | int] = [self.kind, self.sheet_id, *self[2:]]
        while data and data[-1] == "":
            data.pop()
        return data


_STRINGS = len(RangeNote._fields)
_NEEDED = 3


def note_of(data: Any) -> RangeNote | None:
    """Read a note back; None for anything else: people can reach the Journal."""
    if not isinstance(data, list) or not _NEEDED <= len(data) <= _STRINGS:
        return None
    kind, sheet_id, *texts = data
    if type(sheet_id) is not int or not isinstance(kind, str):
        return None
    if not all(isinstance(text, str) for text in texts):
        return None
    padded = [*texts, *[""] * (_STRINGS - len(data))]
    return RangeNote(kind, sheet_id, *padded)


def places_of(owner: RangeOwner) -> tuple[TabArea, ...]:
    """Return the ranges of what lies on cells, in the order in which they stand in it."""
    return tuple(map(tab_area, ranges_in(owner.body)))


def tab_area(grid_range: GridRange) -> TabArea:
    """Return a GridRange as cells of a tab; sides that are open end beyond every tab."""
    area = CellArea(
        grid_range.get("startRowIndex", 0),
        grid_range.get("endRowIndex", FAR),
        grid_range.get("startColumnIndex", 0),
        grid_range.get("endColumnIndex", FAR),
    )
    return TabArea(grid_range.get("sheetId", 0), area)


def grid_range_of(place: TabArea) -> dict[str, int]:
    """Return cells of a tab as a GridRange, without the sides that are open."""
    area = place.area
    sides = {
        "sheetId": place.sheet_id,
        "startRowIndex": area.top,
        "startColumnIndex": area.left,
    }
    if area.bottom < FAR:
        sides["endRowIndex"] = area.bottom
    if area.right < FAR:
        sides["endColumnIndex"] = area.right
    return sides


def places_text(places: Sequence[TabArea]) -> str:
    """Return ranges as a short text; `places_in` reads it back."""
    parts = []
    for sheet_id, area in places:
        sides = [sheet_id, *area]
        parts.append(
            ":".join("" if side >= FAR else str(side) for side in sides)
        )
    return " ".join(parts)


_PLACE = 5


def places_in(text: str) -> tuple[TabArea, ...]:
    """Read ranges from a text; nothing where it is no such text."""
    places = []
    for part in text.split():
        sides = part.split(":")
        if len(sides) != _PLACE or not all(map(_is_side, sides)):
            return ()
        sheet_id, *others = [int(side) if side else FAR for side in sides]
        places.append(TabArea(sheet_id, CellArea(*others)))
    return tuple(places)


def _is_side(side: str) -> bool:
    return not side or side.isdecimal()
