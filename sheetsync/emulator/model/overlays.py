"""What lies over the cells of a tab with an id of its own: filter views, banding, tables, charts.

How they follow their cells, are told in answers and kept in the stored state; the kinds' own rules
are in filtering.py, banding.py, tables.py and charts.py. Requests on them are in api/requests, the
file's own objects in disk.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sheetsync.emulator.model import charts, filtering, tables
from sheetsync.emulator.model.grid import Area
from sheetsync.emulator.model.ids import fresh_id
from sheetsync.emulator.model.rects import Rect, to_json

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Book, Filter, Json, Sheet


def move(book: Book, sheet: Sheet, cut: Any) -> None:
    """Take the tab's overlays along when rows or columns come, go or move.

    `cut` tells where a rectangle is afterwards.
    """
    sheet.cuts.append(cut)  # a save moves what only the file knows
    sheet.tables = [
        table
        for table in (tables.moved(sheet, old, cut) for old in sheet.tables)
        if table is not None
    ]
    sheet.bands = [
        replace(band, rect=rect)
        for band in sheet.bands
        if (rect := cut.rect(band.rect)) is not None
    ]
    views = ((view, cut.rect(view.rect)) for view in sheet.views)
    sheet.views = [
        replace(v, rect=rect, json=filtering.moved(v.json, cut))
        for v, rect in views
        if rect is not None
    ]
    if sheet.filter is not None:
        _move_filter(sheet, sheet.filter, cut)
    charts.move(book, sheet, cut)


def _move_filter(sheet: Sheet, kept: Filter, cut: Any) -> None:
    """Take along what structure.py leaves.

    Sort orders, and hidden rows, which are shown when all criteria are gone.
    """
    left = filtering.moved(kept.json, cut)
    if cut.rect(kept.rect) is None or (
        kept.json.get("filterSpecs") and not left.get("filterSpecs")
    ):
        filtering.hide(sheet, set())
    if "sortSpecs" in kept.json:
        rest = {
            name: value
            for name, value in kept.json.items()
            if name != "sortSpecs"
        }
        sorts = {"sortSpecs": left["sortSpecs"]} if "sortSpecs" in left else {}
        sheet.filter = replace(kept, json={**rest, **sorts})


def forget(book: Book, sheet: Sheet) -> None:
    """Drop what other tabs have of a tab that goes; what lies on it goes with it."""
    charts.forget(book, sheet.id)


def renew(book: Book, sheet: Sheet, old_id: int) -> None:
    """Give the overlays of a copied tab ids and names of their own.

    `old_id` is the tab it was copied from.
    """
    taken = view_ids(book, sheet)
    views = []
    for view in sheet.views:
        taken.append(fresh_id(taken))
        views.append(replace(view, id=taken[-1]))
    sheet.views = views
    taken = band_ids(book, sheet)
    bands = []
    for band in sheet.bands:
        taken.append(fresh_id(taken))
        bands.append(replace(band, id=taken[-1]))
    sheet.bands = bands
    _renew_tables(book, sheet)
    charts.renew(book, sheet, old_id)


def _renew_tables(book: Book, sheet: Sheet) -> None:
    own, sheet.tables = sheet.tables, []
    for table in own:
        number = tables.free_id(book, fresh_id([]))
        name = tables.free_name(book, f"{table.json['name']}_")
        sheet.tables = [
            *sheet.tables,
            Area(number, table.rect, {**table.json, "name": name}, None),
        ]


def view_ids(book: Book, without: Sheet | None = None) -> list[int]:
    """Give the ids of all filter views, but for those of one tab."""
    return [
        int(view.id)
        for sheet in book.sheets
        if sheet is not without
        for view in sheet.views
    ]


def band_ids(book: Book, without: Sheet | None = None) -> list[int]:
    """Give the ids of all banded ranges, but for those of one tab."""
    return [
        int(band.id)
        for sheet in book.sheets
        if sheet is not without
        for band in sheet.bands
    ]


def view_json(book: Book, sheet: Sheet, view: Area) -> Json:
    """Give the FilterView of an answer.

    One of a named range or a table covers what that covers now.
    """
    rect = view.rect
    named = next(
        (
            name
            for name in book.names
            if name.id == view.json.get("namedRangeId")
        ),
        None,
    )
    table = next(
        (
            table
            for table in sheet.tables
            if str(table.id) == view.json.get("tableId")
        ),
        None,
    )
    if named is not None and named.sheet_id == sheet.id:
        rect = named.rect
    elif table is not None:
        rect = table.rect
    rect = rect.clip(sheet.row_count, sheet.column_count)
    return {
        "filterViewId": view.id,
        "range": to_json(rect, sheet.id),
        **filtering.told(view.json),
    }


def filter_json(sheet: Sheet, kept: Filter) -> Json:
    """Give the BasicFilter of an answer; one of a table covers what that covers now."""
    table = next(
        (
            table
            for table in sheet.tables
            if str(table.id) == kept.json.get("tableId")
        ),
        None,
    )
    rect = (kept.rect if table is None else table.rect).clip(
        sheet.row_count, sheet.column_count
    )
    return {"range": to_json(rect, sheet.id), **filtering.told(kept.json)}


def band_json(sheet: Sheet, band: Area) -> Json:
    """Give the BandedRange of an answer."""
    rect = band.rect.clip(sheet.row_count, sheet.column_count)
    return {
        "bandedRangeId": band.id,
        "range": to_json(rect, sheet.id),
        **band.json,
    }


def shown(book: Book, sheet: Sheet) -> dict[str, list[Any]]:
    """Give the fields of a Sheet's answer that tell its overlays, by name.

    Empty ones may be among them.
    """
    return {
        "filterViews": [view_json(book, sheet, view) for view in sheet.views],
        "bandedRanges": [band_json(sheet, band) for band in sheet.bands],
        "charts": [charts.shown(sheet, chart) for chart in sheet.charts],
        "tables": [tables.shown(book, sheet, table) for table in sheet.tables],
    }


def to_stored(sheet: Sheet) -> Json:
    """Tell what the file keeps of a tab's overlays, as JSON."""
    lists = {
        "views": sheet.views,
        "bands": sheet.bands,
        "charts": sheet.charts,
        "tables": sheet.tables,
    }
    return {
        name: [
            {"id": area.id, "rect": list(area.rect), "json": area.json}
            for area in areas
        ]
        for name, areas in lists.items()
        if areas
    }


def of_stored(_book: Book, sheet: Sheet, stored: Json) -> None:
    """Lay what `to_stored` kept over the tab again; entries that make no sense are left out.

    Charts and tables that the file has itself are on the tab already: they get their ids and the
    words of the API back.
    """
    sheet.views = _areas(stored, "views", "title")
    sheet.bands = _areas(stored, "bands")
    sheet.charts = charts.restored(
        sheet.charts,
        _areas(stored, "charts", "spec", "overlay"),
        stored.get("chartMarks") or [],
    )
    kept = _areas(stored, "tables", "name", "columns")
    sheet.tables = tables.restored(
        sheet.tables, kept, stored.get("tableNames") or {}
    )


def _areas(stored: Json, name: str, *needed: str) -> list[Area]:
    areas = map(_area, stored.get(name) or [])
    kind: type = str if name == "tables" else int
    return [
        area
        for area in areas
        if area is not None
        and isinstance(area.id, kind)
        and set(needed) <= set(area.json)
    ]


def _area(entry: Any) -> Area | None:
    try:
        rect = Rect(*(int(side) for side in entry["rect"]))
        return Area(entry["id"], rect, dict(entry["json"]))
    except (KeyError, TypeError, ValueError):
        return None
