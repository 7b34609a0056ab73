"""Requests on charts: add, change, place, frame and delete them.

How charts follow their cells is in model/charts.py, how files draw them in
xlsx/charts/chart_write.py; specs are checked in api/chart_specs.py.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sheetsync.emulator.api.chart_specs import checked, first_sheet
from sheetsync.emulator.api.locations import tab
from sheetsync.emulator.errors import ApiError, bad
from sheetsync.emulator.model import charts
from sheetsync.emulator.model.cells import twinned, twinned_mask
from sheetsync.emulator.model.charts import HEIGHT, WIDTH, FileChart
from sheetsync.emulator.model.grid import Area
from sheetsync.emulator.model.ids import fresh_id
from sheetsync.emulator.model.protections import guard_sheet
from sheetsync.emulator.model.rects import Rect
from sheetsync.emulator.wire.masks import merge, of_edit

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Book, Json, Sheet

_OVERLAY = ("offsetXPixels", "offsetYPixels", "widthPixels", "heightPixels")


def _find(book: Book, number: int) -> tuple[Sheet, Area]:
    found = charts.find(book, number)
    if found is None:
        raise bad(f"No chart with id: {number}")
    return found


def _check_place(place: Json) -> None:
    for name in ("newSheet", "sheetId"):
        if place.get(name) not in (None, False):
            raise bad(
                f"not emulated: position.{name}: charts on sheets of their own"
            )


def _overlay(
    book: Book, overlay: Json, default: int
) -> tuple[Sheet, Rect, Json]:
    """Give the tab, the anchor cell, and offsets and size of an OverlayPosition."""
    cell = overlay.get("anchorCell", {})
    sheet = tab(book, cell.get("sheetId", default if not cell else 0))
    row, column = cell.get("rowIndex", 0), cell.get("columnIndex", 0)
    for name, index, count in (
        ("rowIndex", row, sheet.row_count),
        ("columnIndex", column, sheet.column_count),
    ):
        if not 0 <= index < count:
            word = "row" if name == "rowIndex" else "column"
            raise bad(
                f"GridCoordinate.{name}[{index}] is after last {word} in grid[{count - 1}]"
            )
    sizes = {name: overlay.get(name, 0) for name in _OVERLAY}
    sizes["widthPixels"] = sizes["widthPixels"] or WIDTH
    sizes["heightPixels"] = sizes["heightPixels"] or HEIGHT
    wrong = next((name for name in _OVERLAY if sizes[name] < 0), None)
    if wrong is not None:
        raise bad(f"overlayPosition.{wrong} must not be negative")
    return sheet, Rect(row, row + 1, column, column + 1), sizes


def add(book: Book, user: str, params: Json) -> Json:
    """Answer addChart."""
    data = params.get("chart", {})
    place = data.get("position", {})
    _check_place(place)
    taken = charts.ids(book)
    wanted = data.get("chartId")
    if wanted in taken:
        raise bad(f"Embedded object with id {wanted} already exists.")
    spec = checked(book, data.get("spec", {}))
    sheet, rect, overlay = _overlay(
        book, place.get("overlayPosition", {}), first_sheet(spec)
    )
    guard_sheet(book, user, sheet)
    json: Json = {"spec": spec, "overlay": overlay}
    if data.get("border"):
        json["border"] = twinned(data["border"])
    chart = Area(fresh_id(taken) if wanted is None else wanted, rect, json)
    sheet.charts = [*sheet.charts, chart]
    return {"chart": charts.shown(sheet, chart)}


def update_spec(book: Book, user: str, params: Json) -> None:
    """updateChartSpec: the whole spec anew.

    A chart that came with the file keeps its own styling where only its ranges are others; else it
    is drawn anew too.
    """
    sheet, chart = _find(book, params.get("chartId", 0))
    guard_sheet(book, user, sheet)
    spec = checked(book, params.get("spec", {}))
    anew = replace(chart, json={**chart.json, "spec": spec}, source=None)
    charts.put(sheet, _with_new_ranges(book, sheet, chart, spec) or anew)


def _with_new_ranges(
    book: Book, sheet: Sheet, chart: Area, spec: Json
) -> Area | None:
    """Give a file's chart with other ranges; None where more is another, or its cells are gone."""
    try:
        shown = checked(book, charts.shown(sheet, chart)["spec"])
    except ApiError:
        return None
    return charts.repointed(chart, shown, spec)


def delete(book: Book, user: str, params: Json) -> None:
    """Answer deleteEmbeddedObject."""
    number = params.get("objectId", 0)
    found = charts.find(book, number)
    if found is None:
        raise bad(f"No embedded object with id: {number}")
    sheet, chart = found
    guard_sheet(book, user, sheet)
    sheet.charts = [other for other in sheet.charts if other is not chart]


def place_anew(book: Book, user: str, params: Json) -> Json:
    """Answer updateEmbeddedObjectPosition."""
    sheet, chart = _find(book, params.get("objectId", 0))
    place = params.get("newPosition", {})
    _check_place(place)
    if "overlayPosition" not in place:
        raise bad("newPosition must be set")
    tree = of_edit(params.get("fields"), "OverlayPosition")
    old = charts.position(sheet, chart)["overlayPosition"]
    target, rect, overlay = _overlay(
        book, merge(old, place["overlayPosition"], tree), sheet.id
    )
    guard_sheet(book, user, sheet)
    guard_sheet(book, user, target)
    source = (
        chart.source._replace(anchor=None)
        if isinstance(chart.source, FileChart)
        else chart.source
    )
    new = replace(
        chart, rect=rect, json={**chart.json, "overlay": overlay}, source=source
    )
    if target is sheet:
        charts.put(sheet, new)
    else:
        sheet.charts = [other for other in sheet.charts if other is not chart]
        target.charts = [*target.charts, new]
    return {"position": charts.position(target, new)}


def frame(book: Book, user: str, params: Json) -> None:
    """Answer updateEmbeddedObjectBorder."""
    tree = twinned_mask(of_edit(params.get("fields"), "EmbeddedObjectBorder"))
    sheet, chart = _find(book, params.get("objectId", 0))
    guard_sheet(book, user, sheet)
    border = merge(
        chart.json.get("border", {}), twinned(params.get("border", {})), tree
    )
    rest = {
        name: value for name, value in chart.json.items() if name != "border"
    }
    charts.put(
        sheet,
        replace(chart, json={**rest, "border": border} if border else rest),
    )


KINDS = {
    "addChart": add,
    "updateChartSpec": update_spec,
    "deleteEmbeddedObject": delete,
    "updateEmbeddedObjectPosition": place_anew,
    "updateEmbeddedObjectBorder": frame,
}
