"""What a batch's inserts and deletes of rows make of ranges, as the service itself carries them.

So it is known beforehand which ranges lose a row at their edge, which no later insert gives back.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from sheetsync.sheets.requests.cells import Request
from sheetsync.workbook.snapshot import FAR, CellArea


class RowCut(NamedTuple):
    """Rows that come in at a 0-based row (`growth` above 0), or go from it on (below 0)."""

    row: int
    growth: int

    def span(self, top: int, bottom: int) -> tuple[int, int] | None:
        """Return where rows [top, bottom) are afterwards; None where they are gone."""
        if self.growth > 0:
            grown_top = top + self.growth if self.row <= top else top
            inside = self.row < bottom
            return grown_top, bottom + self.growth if inside else bottom
        top = self._closed_up(top)
        bottom = self._closed_up(bottom)
        return (top, bottom) if top < bottom else None

    def _closed_up(self, row: int) -> int:
        end = self.row - self.growth
        if row >= end:
            return row + self.growth
        return min(row, self.row)


class RowCuts:
    """The inserts and deletes of rows of one batch, by tab, in their order."""

    def __init__(self, requests: Iterable[Request]) -> None:
        self._of_tab = defaultdict[int, list[RowCut]](list)
        for request in requests:
            self._add(request.get("insertDimension"), 1)
            self._add(request.get("deleteDimension"), -1)

    def _add(self, change: Request | None, sign: int) -> None:
        area = (change or {}).get("range", {})
        if area.get("dimension") == "ROWS":
            count = area["endIndex"] - area["startIndex"]
            cut = RowCut(area["startIndex"], sign * count)
            self._of_tab[area["sheetId"]].append(cut)

    def area(self, sheet_id: int, area: CellArea) -> CellArea | None:
        """Return where cells of a tab are afterwards; None where they are gone."""
        is_open = area.bottom >= FAR
        # Whole columns stay whole columns.
        if is_open and not area.top:
            return area
        span: tuple[int, int] | None = (area.top, area.bottom)
        for cut in self._of_tab.get(sheet_id, ()):
            if span is None:
                return None
            span = cut.span(*span)
        if span is None:
            return None
        bottom = FAR if is_open else span[1]
        return area._replace(top=span[0], bottom=bottom)

    def row(self, sheet_id: int, row: int) -> int | None:
        """Return where a 0-based row is afterwards; None where it is gone."""
        place = self.area(sheet_id, CellArea(row, row + 1, 0, 1))
        return None if place is None else place.top

    def loses_an_edge(self, sheet_id: int, area: CellArea) -> bool:
        """Tell whether the first or the last row of a range goes, or all of it."""
        if sheet_id not in self._of_tab:
            return False
        edges = [area.top] if area.top or area.bottom < FAR else []
        if area.bottom < FAR:
            edges.append(area.bottom - 1)
        return any(self.row(sheet_id, row) is None for row in edges)
