"""Banded ranges: which color a cell has from them. Requests on them are in api/requests/banding.py.

They are kept in the stored state of a file only, as no .xlsx can say them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Area, Json, Sheet
    from sheetsync.emulator.model.rects import Rect

_PARTS = ("headerColor", "firstBandColor", "secondBandColor", "footerColor")
_ORDER = {
    "headerColor": 0,
    "footerColor": 0,
    "firstBandColor": 1,
    "secondBandColor": 2,
}


def color_at(sheet: Sheet, row: int, column: int) -> Json | None:
    """Give the background, a ColorStyle, that a banded range or a table's bands give to a cell."""
    for band in sheet.bands:
        if band.rect.has(row, column):
            return _color(band, (row, column))
    for table in sheet.tables:
        if table.rect.has(row, column):
            return _pick(
                _styles(table.json.get("rowsProperties", {})),
                row,
                (table.rect.top, table.rect.bottom),
            )[1]
    return None


def _color(band: Area, at: tuple[int, int]) -> Json | None:
    rect: Rect = band.rect
    rows = _pick(
        _styles(band.json.get("rowProperties", {})),
        at[0],
        (rect.top, rect.bottom),
    )
    columns = _pick(
        _styles(band.json.get("columnProperties", {})),
        at[1],
        (rect.left, rect.right),
    )
    return min(
        (pick for pick in (rows, columns) if pick[1] is not None),
        key=lambda pick: pick[0],
        default=rows,
    )[1]


def _styles(properties: Json) -> dict[str, Json]:
    out = {}
    for name in _PARTS:
        style = properties.get(f"{name}Style") or (
            {"rgbColor": properties[name]} if name in properties else None
        )
        if style:
            out[name] = style
    return out


def _pick(
    styles: dict[str, Json], index: int, span: tuple[int, int]
) -> tuple[int, Json | None]:
    """(rank among the colors that meet in a cell, color) of one row or column."""
    start, end = span
    if index == start and "headerColor" in styles:
        return 0, styles["headerColor"]
    if index == end - 1 and "footerColor" in styles:
        return 0, styles["footerColor"]
    first = start + ("headerColor" in styles)
    name = "secondBandColor" if (index - first) % 2 else "firstBandColor"
    return _ORDER[name], styles.get(name)
