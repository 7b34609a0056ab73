"""Requests on banded ranges: alternating colors over cells.

Which color a cell gets is in model/banding.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetsync.emulator.api.locations import grid_range
from sheetsync.emulator.errors import bad
from sheetsync.emulator.model import overlays
from sheetsync.emulator.model.grid import Area
from sheetsync.emulator.model.ids import fresh_id
from sheetsync.emulator.model.protections import guard
from sheetsync.emulator.wire.masks import merge, of_edit

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Book, Json, Sheet
    from sheetsync.emulator.wire.masks import Tree

_COLORS = ("headerColor", "firstBandColor", "secondBandColor", "footerColor")
_PROPERTIES = ("rowProperties", "columnProperties")


def _twinned(properties: Json) -> Json:
    """Give the properties with their colors in both fields; the newer one counts."""
    out = {}
    for name in _COLORS:
        style = properties.get(f"{name}Style")
        if style is None and name in properties:
            style = {"rgbColor": properties[name]}
        if style is None:
            continue
        if "rgbColor" in style:
            out[name] = style["rgbColor"]
        out[f"{name}Style"] = style
    return out


def _twinned_mask(tree: Tree) -> Tree:
    out: Tree = {}
    for name, child in tree.items():
        if name not in _PROPERTIES or not child:
            out[name] = {}
            continue
        bare = {part.removesuffix("Style") for part in child}
        out[name] = {
            f"{part}{end}": {} for part in bare for end in ("", "Style")
        }
    return out


def _band(book: Book, data: Json, number: int) -> tuple[Sheet, Area]:
    if "range" not in data:
        raise bad("bandedRange.range is required")
    sheet, rect = grid_range(book, data["range"], "bandedRange.range")
    rect = rect.clip(sheet.row_count, sheet.column_count)
    json = {
        name: _twinned(data[name]) for name in _PROPERTIES if data.get(name)
    }
    if not json:
        raise bad(
            "At least one of bandedRange.rowProperties and bandedRange.columnProperties must be set"
        )
    for name, properties in json.items():
        for color in ("firstBandColor", "secondBandColor"):
            if f"{color}Style" not in properties:
                raise bad(f"bandedRange.{name}.{color} is required")
    if any(
        other.id != number and other.rect.meets(rect) for other in sheet.bands
    ):
        raise bad(
            "You cannot add alternating background colors to a range that already has "
            "alternating background colors."
        )
    return sheet, Area(number, rect, json)


def _find(book: Book, number: int) -> tuple[Sheet, Area]:
    found = next(
        ((s, b) for s in book.sheets for b in s.bands if b.id == number), None
    )
    if found is None:
        raise bad(f"No banded range with id: {number}")
    return found


def add(book: Book, user: str, params: Json) -> Json:
    """Answer addBanding."""
    data = params.get("bandedRange", {})
    taken = overlays.band_ids(book)
    wanted = data.get("bandedRangeId")
    if wanted in taken:
        raise bad(f"Banded range with id {wanted} already exists.")
    sheet, band = _band(
        book, data, fresh_id(taken) if wanted is None else wanted
    )
    guard(book, user, sheet, band.rect)
    sheet.bands = [*sheet.bands, band]
    return {"bandedRange": overlays.band_json(sheet, band)}


def update(book: Book, user: str, params: Json) -> None:
    """Answer updateBanding."""
    tree = _twinned_mask(of_edit(params.get("fields"), "BandedRange"))
    data = params.get("bandedRange", {})
    sheet, band = _find(book, data.get("bandedRangeId", 0))
    given = {
        **data,
        **{name: _twinned(data[name]) for name in _PROPERTIES if name in data},
    }
    target, new = _band(
        book, merge(overlays.band_json(sheet, band), given, tree), int(band.id)
    )
    guard(book, user, sheet, band.rect)
    guard(book, user, target, new.rect)
    sheet.bands = [other for other in sheet.bands if other is not band]
    target.bands = [*target.bands, new]


def delete(book: Book, user: str, params: Json) -> None:
    """Answer deleteBanding."""
    sheet, band = _find(book, params.get("bandedRangeId", 0))
    guard(book, user, sheet, band.rect)
    sheet.bands = [other for other in sheet.bands if other is not band]


KINDS = {"addBanding": add, "updateBanding": update, "deleteBanding": delete}
