"""What a chart of the API draws, as series of a file.

Which cells are names, which values, and of what kind.

How the series are drawn is left to chart_write.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.chart.data_source import (
    AxDataSource,
    NumDataSource,
    NumRef,
    StrRef,
)
from openpyxl.chart.series import Series, SeriesLabel

from sheetsync.emulator.model.rects import Rect, of_json
from sheetsync.emulator.xlsx.charts import chart_refs

if TYPE_CHECKING:
    from sheetsync.emulator.model.evaluate import Computation
    from sheetsync.emulator.model.grid import Book, Json, Value

    Places = tuple[tuple[int, Rect], ...]

# Cells of a domain that are looked at to tell texts from numbers
_LOOKED_AT = 50


class Data:
    """The cells of one spec's domain and series."""

    def __init__(
        self, book: Book, computed: Computation, titles: dict[int, str]
    ) -> None:
        self.book = book
        self.computed = computed
        self.titles = titles
        self.headers = 0
        self._made = 0

    def places(self, data: Json | None) -> Places:
        """Give the cells of a ChartData, closed at their grids' sides."""
        out = []
        for item in (data or {}).get("sourceRange", {}).get("sources", []):
            tab = int(item.get("sheetId", 0))
            sheet = self.book.sheet(tab)
            if sheet is not None:
                out.append(
                    (
                        tab,
                        of_json(item).clip(sheet.row_count, sheet.column_count),
                    )
                )
        return tuple(out)

    def guess(self, series: list[Places]) -> None:
        """Set how many leading cells are names, where nobody said.

        One, if texts stand over other values.
        """
        firsts = [self._cells(places, 2) for places in series if places]
        texts = [
            isinstance(cells[0], str)
            and len(cells) > 1
            and not isinstance(cells[1], str)
            for cells in firsts
        ]
        self.headers = int(bool(texts) and all(texts))

    def _cells(self, places: Places, count: int) -> list[Value]:
        out: list[Value] = []
        for tab, rect in places:
            sheet = self.book.sheet(tab)
            for row in range(rect.top, rect.bottom):
                for column in range(rect.left, rect.right):
                    if sheet is None or len(out) >= count:
                        return out
                    out.append(self.computed.value(sheet, row, column))
        return out

    def split(self, places: Places) -> tuple[Places, Places]:
        """Give a series' cells as (name, values)."""
        if not places or not self.headers:
            return (), places
        tab, rect = places[0]
        if (
            rect.right - rect.left == 1
            and rect.bottom - rect.top > self.headers
        ):
            cut = rect.top + self.headers
            name, rest = (
                rect._replace(top=cut - 1, bottom=cut),
                rect._replace(top=cut),
            )
        elif rect.right - rect.left > self.headers:
            cut = rect.left + self.headers
            name, rest = (
                rect._replace(left=cut - 1, right=cut),
                rect._replace(left=cut),
            )
        else:
            return (), places
        return ((tab, name),), ((tab, rest), *places[1:])

    def text(self, places: Places) -> str:
        """Give these cells as a reference of the file."""
        return chart_refs.write(places, self.titles)

    def axis(self, places: Places) -> AxDataSource | None:
        """Give a domain's cells as categories."""
        body = self.split(places)[1]
        if not body:
            return None
        if any(
            isinstance(value, str) for value in self._cells(body, _LOOKED_AT)
        ):
            return AxDataSource(strRef=StrRef(f=self.text(body)))
        return AxDataSource(numRef=NumRef(f=self.text(body)))

    def series(self, places: Places, domain: Places, *, points: bool) -> Series:
        """Give a series; `points`: by x and y, as a scatter chart has it."""
        name, body = self.split(places)
        values = NumDataSource(numRef=NumRef(f=self.text(body)))
        out: Any = Series(idx=self._made, order=self._made)
        self._made += 1
        if name:
            out.tx = SeriesLabel(strRef=StrRef(f=self.text(name)))
        across = self.axis(domain)
        if points:
            out.xVal, out.yVal = across, values
        else:
            out.cat, out.val = across, values
        # A Series under Any: its fields are descriptors.
        return out  # type: ignore[no-any-return]
