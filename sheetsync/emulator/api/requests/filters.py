"""Requests on filters.

The basic filter of a tab, which hides rows for everybody, and filter views, which hide none.

How criteria are tried on rows is in model/filtering.py.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sheetsync.emulator.api.calls import computed
from sheetsync.emulator.api.locations import grid_range, tab
from sheetsync.emulator.errors import bad
from sheetsync.emulator.model import filtering, overlays, tables
from sheetsync.emulator.model.cells import check_rule
from sheetsync.emulator.model.grid import Area, Filter
from sheetsync.emulator.model.ids import fresh_id
from sheetsync.emulator.model.protections import guard_sheet
from sheetsync.emulator.wire.masks import merge, of_edit

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Book, Json, Sheet
    from sheetsync.emulator.model.rects import Rect
    from sheetsync.emulator.wire.masks import Tree

_NOT_OF_FILTERS = (
    "ONE_OF_LIST",
    "ONE_OF_RANGE",
    "BOOLEAN",
    "TEXT_IS_EMAIL",
    "TEXT_IS_URL",
    "DATE_IS_VALID",
)
_PLACES = ("range", "namedRangeId", "tableId")


def set_basic(book: Book, user: str, params: Json) -> None:
    """SetBasicFilter.

    An open range is closed at the grid's sides, as Google's recorded answers have it.
    """
    data = params.get("filter", {})
    sheet, rect = _place(book, data, "filter")
    guard_sheet(book, user, sheet)
    json = _criteria(sheet, rect, data, "filter")
    if "tableId" in data:
        json["tableId"] = data["tableId"]
    if _is_of_a_file(sheet) and _laid_anew(book, sheet, rect, json):
        return
    sheet.filter = Filter(rect, json)
    seen = (
        filtering.Seen(book, sheet, computed(book))
        if "filterSpecs" in json
        else None
    )
    filtering.hide(
        sheet, set() if seen is None else filtering.failing(seen, rect, json)
    )


def _is_of_a_file(sheet: Sheet) -> bool:
    """Whether the tab has a filter in the words of a file, not of a request."""
    return sheet.filter is not None and sheet.filter.source is not None


def _laid_anew(book: Book, sheet: Sheet, rect: Rect, json: Json) -> bool:
    """Lay a file's filter over other cells; False where the request asks for another one."""
    # openpyxl is loaded when a file is.
    from sheetsync.emulator.xlsx.overlays.filters import (  # noqa: PLC0415
        failing_in_file,
        laid_anew,
    )

    seen = filtering.Seen(book, sheet, computed(book))
    kept = laid_anew(seen, rect, json)
    if kept is None:
        return False
    sheet.filter = kept
    filtering.hide(sheet, failing_in_file(seen, kept))
    return True


def clear_basic(book: Book, user: str, params: Json) -> None:
    """clearBasicFilter: the rows that it hid are shown again."""
    sheet = tab(book, params.get("sheetId", 0))
    guard_sheet(book, user, sheet)
    sheet.filter = None
    filtering.hide(sheet, set())


def _place(book: Book, data: Json, name: str) -> tuple[Sheet, Rect]:
    """Give the tab and the cells that a filter is laid over.

    By range, by named range or by table.
    """
    given = [place for place in _PLACES if place in data]
    if len(given) > 1:
        raise bad(
            f"Only one of {name}.range, {name}.namedRangeId or {name}.tableId may be set"
        )
    if given == ["tableId"]:
        found = tables.find(book, data["tableId"])
        if found is None:
            raise bad(f"No table with id: {data['tableId']}")
        return found[0], found[1].rect
    if given == ["namedRangeId"]:
        named = next(
            (entry for entry in book.names if entry.id == data["namedRangeId"]),
            None,
        )
        if named is None:
            raise bad(f"No named range with id: {data['namedRangeId']}")
        sheet = tab(book, named.sheet_id)
        return sheet, named.rect.clip(sheet.row_count, sheet.column_count)
    sheet, rect = grid_range(book, data.get("range", {}), f"{name}.range")
    return sheet, rect.clip(sheet.row_count, sheet.column_count)


def _criteria(sheet: Sheet, rect: Rect, data: Json, name: str) -> Json:
    """Give the criteria and sort orders of a filter in one form.

    ApiError 400 where they cannot be kept.
    """
    if any(not key.isdigit() for key in data.get("criteria", {})):
        raise bad(f"{name}.criteria: the keys must be column indexes")
    json = filtering.normal(
        {
            part: data[part]
            for part in ("criteria", "filterSpecs", "sortSpecs")
            if part in data
        }
    )
    for part, key in (
        ("filterSpecs", "columnIndex"),
        ("sortSpecs", "dimensionIndex"),
    ):
        for spec in json.get(part, []):
            if "dataSourceColumnReference" in spec:
                raise bad(
                    f"not emulated: {name}.{part}.dataSourceColumnReference"
                )
            if (
                not rect.left
                <= spec.get(key, 0)
                < min(rect.right, sheet.column_count)
            ):
                raise bad(
                    f"{name}.{part}.{key}[{spec.get(key, 0)}] is outside the range of the filter"
                )
    for spec in json.get("filterSpecs", []):
        condition = spec["filterCriteria"].get("condition")
        if condition is not None and condition.get("type") in _NOT_OF_FILTERS:
            raise bad(
                f"ConditionType '{condition['type']}' is not supported in filters."
            )
        if condition is not None:
            check_rule({"condition": condition})
    return json


def _view(book: Book, data: Json, number: int) -> tuple[Sheet, Area]:
    sheet, rect = _place(book, data, "filter")
    json: Json = {
        "title": data.get("title")
        or f"Filter {len(overlays.view_ids(book)) + 1}"
    }
    json.update({place: data[place] for place in _PLACES[1:] if place in data})
    return sheet, Area(
        number, rect, {**json, **_criteria(sheet, rect, data, "filter")}
    )


def _find(book: Book, number: int) -> tuple[Sheet, Area]:
    found = next(
        ((s, v) for s in book.sheets for v in s.views if v.id == number), None
    )
    if found is None:
        raise bad(f"No filter view with id: {number}")
    return found


def add_view(book: Book, user: str, params: Json) -> Json:
    """Answer addFilterView."""
    data = params.get("filter", {})
    taken = overlays.view_ids(book)
    wanted = data.get("filterViewId")
    if wanted in taken:
        raise bad(f"Filter view with id {wanted} already exists.")
    sheet, view = _view(
        book, data, fresh_id(taken) if wanted is None else wanted
    )
    guard_sheet(book, user, sheet)
    sheet.views = [*sheet.views, view]
    return {"filter": overlays.view_json(book, sheet, view)}


def update_view(book: Book, user: str, params: Json) -> None:
    """Answer updateFilterView."""
    tree = dict(of_edit(params.get("fields"), "FilterView"))
    data = params.get("filter", {})
    sheet, view = _find(book, data.get("filterViewId", 0))
    guard_sheet(book, user, sheet)
    old = overlays.view_json(book, sheet, view)
    if any(place in view.json for place in _PLACES[1:]):
        old.pop("range")
    old.pop("criteria", None)
    new = merge(old, filtering.normal(data), _one_form(tree, old))
    target, changed = _view(book, new, int(view.id))
    guard_sheet(book, user, target)
    if target is sheet:
        sheet.views = [
            changed if other is view else other for other in sheet.views
        ]
        return
    sheet.views = [other for other in sheet.views if other is not view]
    target.views = [*target.views, changed]


def _one_form(tree: Tree, old: Json) -> Tree:
    """Give the mask for criteria as filterSpecs only; a new place takes the old one's place."""
    if "criteria" in tree:
        del tree["criteria"]
        tree["filterSpecs"] = {}
    if any(place in tree for place in _PLACES):
        for place in _PLACES:
            old.pop(place, None)
    return tree


def delete_view(book: Book, user: str, params: Json) -> None:
    """Answer deleteFilterView."""
    sheet, view = _find(book, params.get("filterId", 0))
    guard_sheet(book, user, sheet)
    sheet.views = [other for other in sheet.views if other is not view]


def duplicate_view(book: Book, user: str, params: Json) -> Json:
    """Answer duplicateFilterView."""
    sheet, view = _find(book, params.get("filterId", 0))
    guard_sheet(book, user, sheet)
    json = {**view.json, "title": f"Copy of {view.json['title']}"}
    new = replace(view, id=fresh_id(overlays.view_ids(book)), json=json)
    sheet.views = [*sheet.views, new]
    return {"filter": overlays.view_json(book, sheet, new)}


KINDS = {
    "setBasicFilter": set_basic,
    "clearBasicFilter": clear_basic,
    "addFilterView": add_view,
    "updateFilterView": update_view,
    "deleteFilterView": delete_view,
    "duplicateFilterView": duplicate_view,
}
