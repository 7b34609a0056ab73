"""A tab's charts on their way into a file.

Those it came with as they were, the API's drawn anew, each at its place.

Reading them is left to chart_read.py.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.xdr import XDRPositiveSize2D

from sheetsync.emulator.model.charts import FileChart, drawable, mark
from sheetsync.emulator.xlsx.charts import chart_refs, chart_write
from sheetsync.emulator.xlsx.charts.chart_read import EMU

if TYPE_CHECKING:
    from sheetsync.emulator.model.evaluate import Computation
    from sheetsync.emulator.model.grid import Area, Book, Json, Sheet


def write(book: Book, sheet: Sheet, tab: Any, computed: Computation) -> Json:
    """Put the tab's charts into the worksheet.

    What the state must keep so that they are known again.
    """
    tab._charts = []  # noqa: SLF001  # openpyxl has no public list
    titles = {other.title: other.id for other in book.sheets}
    marks = []
    for chart in filter(drawable, sheet.charts):
        drawn = (
            _kept(book, chart)
            if isinstance(chart.source, FileChart)
            else _drawn(book, chart, computed)
        )
        refs = tuple(
            chart_refs.read(str(holder.f), titles)
            for holder in chart_refs.holders(drawn)
        )
        marks.append(mark(refs))
        tab._charts.append(drawn)  # noqa: SLF001  # as above
    return {"chartMarks": marks} if marks else {}


def _drawn(book: Book, chart: Area, computed: Computation) -> Any:
    drawn = chart_write.build(
        book, chart.json["spec"], chart.json.get("border", {}), computed
    )
    drawn.anchor = _anchor(chart)
    return drawn


def _anchor(chart: Area) -> OneCellAnchor:
    overlay = chart.json["overlay"]
    start = AnchorMarker(
        col=chart.rect.left,
        row=chart.rect.top,
        colOff=overlay.get("offsetXPixels", 0) * EMU,
        rowOff=overlay.get("offsetYPixels", 0) * EMU,
    )
    size = XDRPositiveSize2D(
        overlay["widthPixels"] * EMU, overlay["heightPixels"] * EMU
    )
    return OneCellAnchor(_from=start, ext=size)


def _kept(book: Book, chart: Area) -> Any:
    """Give a copy of a chart of the file, its references and anchor where its cells are now."""
    source: FileChart = chart.source
    drawn = deepcopy(source.chart)
    titles = {sheet.id: sheet.title for sheet in book.sheets}
    for holder, ref in zip(chart_refs.holders(drawn), source.refs, strict=True):
        if ref.places is not None:
            _point(holder, ref.text, chart_refs.write(ref.places, titles))
    if source.anchor is None:
        drawn.anchor = _anchor(chart)
    else:
        down, across = (
            chart.rect.top - source.anchor.top,
            chart.rect.left - source.anchor.left,
        )
        for name in ("_from", "to"):
            corner = getattr(drawn.anchor, name, None)
            if corner is not None:
                corner.row, corner.col = corner.row + down, corner.col + across
    return drawn


def _point(holder: Any, old: str, new: str) -> None:
    """Let a reference name other cells; the values that the file keeps of the old ones go."""
    if _plain(old) == _plain(new):
        return
    holder.f = new
    for name in ("numCache", "strCache", "multiLvlStrCache"):
        if getattr(holder, name, None) is not None:
            setattr(holder, name, None)


def _plain(text: str) -> str:
    return text.replace("'", "").replace("$", "").removeprefix("=")
