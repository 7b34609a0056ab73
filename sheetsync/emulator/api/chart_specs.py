"""ChartSpecs as requests give them: checked, and with what Google fills in.

Only basic charts and pies are drawn here; all other kinds are refused by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sheetsync.emulator.api.locations import bounded, grid_range
from sheetsync.emulator.errors import bad
from sheetsync.emulator.model.cells import twinned
from sheetsync.emulator.model.charts import DRAWN, mapped
from sheetsync.emulator.model.rects import Rect, of_json, to_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheetsync.emulator.model.grid import Book, Json

_DATA_SOURCES = ("dataSourceChartProperties", "filterSpecs", "sortSpecs")
_COMBINED = ("LINE", "AREA", "COLUMN")
_SOLID = ("BAR", "COLUMN", "COMBO")
_DEFAULTS = {
    "hiddenDimensionStrategy": "SKIP_HIDDEN_ROWS_AND_COLUMNS",
    "fontName": "Roboto",
}
_UNIT_LENGTH = "ChartSourceRange ranges require all rows or all columns to have length of 1"


def checked(book: Book, spec: Json) -> Json:
    """Give a spec that can be kept and drawn; ApiError 400 otherwise."""
    kinds = [name for name in spec if name.endswith("Chart")]
    strange = next(
        (
            name
            for name in (*kinds, *spec)
            if name in _DATA_SOURCES or (name in kinds and name not in DRAWN)
        ),
        None,
    )
    if strange is not None:
        raise bad(f"not emulated: spec.{strange}")
    if len(kinds) != 1:
        raise bad("Exactly one kind of chart must be set in spec")
    if "basicChart" in spec:
        _check_basic(spec["basicChart"])
    else:
        _check_pie(spec["pieChart"])
    for name, data in _all_data(spec):
        _check_data(book, name, data)
    out: Json = {
        **_DEFAULTS,
        **mapped(twinned(spec), lambda tab, rect: _placed(book, tab, rect)),
    }
    if "basicChart" in out:
        out["basicChart"] = _filled(out["basicChart"])
    return out


def first_sheet(spec: Json) -> int:
    """Give the id of the tab that a spec's first source lies on; 0 where it has none."""
    return next(
        (
            int(item.get("sheetId", 0))
            for _, data in _all_data(spec)
            for item in _sources(data)
        ),
        0,
    )


def _check_basic(basic: Json) -> None:
    kind = basic.get("chartType")
    if not kind or kind == "BASIC_CHART_TYPE_UNSPECIFIED":
        raise bad("spec.basicChart.chartType is required")
    if not basic.get("series"):
        raise bad("spec.basicChart.series must not be empty")
    if len(basic.get("domains", [])) > 1:
        raise bad("Only a single domain is supported")
    if basic.get("threeDimensional") and kind not in _SOLID:
        raise bad(f"threeDimensional is not supported for chart type {kind}")
    if basic.get("headerCount", 0) < 0:
        raise bad("spec.basicChart.headerCount must not be negative")
    _check_kinds(kind, basic["series"])
    places = [axis.get("position") for axis in basic.get("axis", [])]
    if len(set(places)) < len(places):
        raise bad("A chart may not have more than one axis per axis position")
    counts = {len(_sources(data)) for data in _basic_data(basic)}
    if len(counts) > 1:
        raise bad(
            "The domain and all series must have the same number of source ranges"
        )


def _check_kinds(kind: str, series: list[Json]) -> None:
    for item in series:
        if kind == "COMBO" and item.get("type", "COLUMN") not in _COMBINED:
            raise bad(
                f"Series type {item['type']} is not supported in a COMBO chart"
            )
        if kind != "COMBO" and item.get("type", kind) != kind:
            raise bad("Series type can only be set on COMBO charts")


def _check_pie(pie: Json) -> None:
    for name in ("domain", "series"):
        if name not in pie:
            raise bad(f"spec.pieChart.{name} is required")
    if not 0 <= pie.get("pieHole", 0) < 1:
        raise bad("spec.pieChart.pieHole must be at least 0 and less than 1")


def _basic_data(basic: Json) -> Iterator[Json]:
    for domain in basic.get("domains", []):
        yield domain.get("domain", {})
    for series in basic.get("series", []):
        yield series.get("series", {})


def _all_data(spec: Json) -> Iterator[tuple[str, Json]]:
    for data in _basic_data(spec.get("basicChart", {})):
        yield "spec.basicChart", data
    for name in ("domain", "series"):
        if name in spec.get("pieChart", {}):
            yield f"spec.pieChart.{name}", spec["pieChart"][name]


def _sources(data: Json) -> list[Json]:
    found: list[Json] = data.get("sourceRange", {}).get("sources", [])
    return found


def _check_data(book: Book, name: str, data: Json) -> None:
    for strange in ("columnReference", "groupRule", "aggregateType"):
        if strange in data:
            raise bad(f"not emulated: {name}: {strange}")
    sources = _sources(data)
    if not sources:
        raise bad(f"{name}: sourceRange.sources must not be empty")
    rects = [bounded(book, item, "sources")[1] for item in sources]
    narrow = all(rect.right - rect.left == 1 for rect in rects)
    flat = all(rect.bottom - rect.top == 1 for rect in rects)
    if not narrow and not flat:
        raise bad(_UNIT_LENGTH)


def _placed(book: Book, tab: int, rect: Rect) -> tuple[int, Rect]:
    """Give a source as it is kept: checked, its open sides left open."""
    sheet, _ = grid_range(
        book, {**to_json(rect, tab), "sheetId": tab}, "sources"
    )
    return sheet.id, of_json(to_json(rect, tab))


def _filled(basic: Json) -> Json:
    axis = "BOTTOM_AXIS" if basic["chartType"] == "BAR" else "LEFT_AXIS"
    series: list[Any] = [
        {"targetAxis": axis, **item} for item in basic["series"]
    ]
    return {**basic, "series": series}
