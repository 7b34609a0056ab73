"""The structure of a book by one request: its properties, its tabs and what lies on them.

Tabs are known by sheetId, not by title. Cells are read by tab_cells.py.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from openpyxl.utils.cell import get_column_letter

from sheetsync.sheets.connection.client import SheetsConnection
from sheetsync.sheets.requests.protection import is_heads
from sheetsync.sheets.session.lock import standing
from sheetsync.sheets.session.metadata import layout_of
from sheetsync.workbook.range_owners import NoteKind, RangeOwner
from sheetsync.workbook.snapshot import (
    FAR,
    Book,
    CellArea,
    ColourRule,
    DrawnChart,
    Grid,
    Guard,
    NamedArea,
)

STRUCTURE = (
    "spreadsheetId,properties(title,locale,timeZone),"
    "sheets(properties(sheetId,title,index,sheetType,hidden,"
    "gridProperties(rowCount,columnCount,frozenRowCount)),"
    "data(startRow,rowMetadata(hiddenByFilter,hiddenByUser)),"
    "basicFilter,filterViews,bandedRanges,conditionalFormats,rowGroups,"
    "merges,tables(range),charts(chartId,spec,position(overlayPosition)),"
    "protectedRanges(protectedRangeId,description,range,unprotectedRanges,warningOnly,"
    "requestingUserCanEdit)),"
    "namedRanges,developerMetadata(metadataId,metadataValue)"
)
"""The mask of what is asked."""
Protection = Mapping[str, Any]
"""A ProtectedRange as the API tells it."""
WIDEST = 18_278
"""Columns of the widest tab there is (API fact)."""


def read_structure(line: SheetsConnection, book_id: str) -> Book:
    """Read the book's properties and tabs, without cells: one request."""
    answer = line.read("get", "", _has_tabs, params={"fields": STRUCTURE})
    properties = answer.get("properties", {})
    sheets = [*filter(_has_cells, answer.get("sheets", ()))]
    return Book(
        id=str(answer.get("spreadsheetId", book_id)),
        title=properties.get("title", ""),
        locale=properties.get("locale", "en_US"),
        time_zone=properties.get("timeZone", "UTC"),
        grids=tuple(map(_grid, sheets)),
        standing=standing(answer),
        layout=layout_of(answer),
        names=tuple(map(_named, answer.get("namedRanges", ()))),
        owners=tuple(_owners(answer, sheets)),
    )


def _has_tabs(answer: Mapping[str, Any]) -> bool:
    """Tell whether an answer has the properties and tabs of a book, without which there is none."""
    sheets = answer.get("sheets", ())
    described = all("properties" in sheet for sheet in sheets)
    return bool(answer.get("properties") and sheets and described)


def _named(named: Mapping[str, Any]) -> NamedArea:
    area = named.get("range", {})
    return NamedArea(
        id=named.get("namedRangeId", ""),
        name=named.get("name", ""),
        sheet_id=area.get("sheetId", 0),
        area=area_of(area),
    )


OWN_LISTS = (
    (NoteKind.FORMAT, "conditionalFormats", ""),
    (NoteKind.VIEW, "filterViews", "filterViewId"),
    (NoteKind.BANDING, "bandedRanges", "bandedRangeId"),
    (NoteKind.CHART, "charts", "chartId"),
    (NoteKind.PROTECTION, "protectedRanges", "protectedRangeId"),
)
"""What a Sheet tells of what lies on its cells: the kind, the list, the name of its id."""


def _owners(
    answer: Mapping[str, Any], sheets: Sequence[Mapping[str, Any]]
) -> Iterator[RangeOwner]:
    """Go through what lies on a book's cells by ranges of its own."""
    for named in answer.get("namedRanges", ()):
        yield RangeOwner(NoteKind.NAME, -1, named["namedRangeId"], named)
    for sheet in sheets:
        sheet_id = sheet["properties"].get("sheetId", 0)
        yield from _owners_on(sheet, sheet_id)


def _owners_on(sheet: Mapping[str, Any], sheet_id: int) -> Iterator[RangeOwner]:
    """Go through what lies on a tab's cells."""
    for kind, listed, name in OWN_LISTS:
        for number, body in enumerate(sheet.get(listed, ())):
            key = str(body.get(name, number))
            yield RangeOwner(kind, sheet_id, key, body)
    if sheet.get("basicFilter"):
        yield RangeOwner(NoteKind.FILTER, sheet_id, "", sheet["basicFilter"])
    for number, group in enumerate(sheet.get("rowGroups", ())):
        span = group.get("range", {})
        rows = {
            "sheetId": sheet_id,
            "startRowIndex": span.get("startIndex", 0),
            "endRowIndex": span.get("endIndex", FAR),
        }
        yield RangeOwner(
            NoteKind.GROUP, sheet_id, str(number), {**group, "range": rows}
        )


def _has_cells(sheet: Mapping[str, Any]) -> bool:
    """Tell whether a tab is a grid: others hold one chart, or what a database tells."""
    return bool(sheet["properties"].get("sheetType", "GRID") == "GRID")


def _grid(sheet: Mapping[str, Any]) -> Grid:
    properties = sheet["properties"]
    size = properties.get("gridProperties", {})
    protections = sheet.get("protectedRanges", ())
    guarded: list[CellArea] = []
    for protection in protections:
        guarded += _kept_from_us(protection)
    unseen = _unseen(sheet)
    return Grid(
        sheet_id=properties.get("sheetId", 0),
        title=properties.get("title", ""),
        index=properties.get("index", 0),
        row_count=size.get("rowCount", 0),
        column_count=size.get("columnCount", 0),
        frozen_rows=size.get("frozenRowCount", 0),
        hidden=properties.get("hidden", False),
        basic_filter=sheet.get("basicFilter"),
        merges=tuple(map(area_of, sheet.get("merges", ()))),
        guarded=tuple(guarded),
        tables=tuple(_areas_of_tables(sheet)),
        ours=tuple(map(_guard, filter(_is_ours, protections))),
        protections=tuple(map(_id_and_description, protections)),
        charts=tuple(map(_drawn, sheet.get("charts", ()))),
        colours=tuple(_colours(sheet)),
        filtered_rows=unseen.filtered,
        hidden_rows=unseen.hidden,
        warns_everywhere=any(map(_warns_everywhere, protections)),
    )


class _Unseen(NamedTuple):
    """The 0-based rows of a tab that nobody sees."""

    filtered: frozenset[int]
    hidden: frozenset[int]


def _unseen(sheet: Mapping[str, Any]) -> _Unseen:
    filtered: set[int] = set()
    hidden: set[int] = set()
    for block in sheet.get("data", ()):
        metadata = block.get("rowMetadata", ())
        for row, properties in enumerate(metadata, block.get("startRow", 0)):
            # Most rows have nothing to tell, and a tab may have a million.
            if properties:
                if properties.get("hiddenByFilter"):
                    filtered.add(row)
                if properties.get("hiddenByUser"):
                    hidden.add(row)
    return _Unseen(frozenset(filtered), frozenset(hidden))


def _warns_everywhere(protection: Protection) -> bool:
    """Tell whether a protection warns whoever types on a tab, wherever that is.

    A tab that a file itself protects is told so too.
    """
    place = protection.get("range", {})
    is_whole = "range" in protection and not {*place} - {"sheetId"}
    return is_whole and bool(protection.get("warningOnly"))


def _colours(sheet: Mapping[str, Any]) -> Iterator[ColourRule]:
    """Go through the conditional formats of a tab that ask formulas."""
    for rule in sheet.get("conditionalFormats", ()):
        condition = rule.get("booleanRule", {}).get("condition", {})
        formulas = []
        for value in condition.get("values", ()):
            text = value.get("userEnteredValue", "")
            if text.startswith("="):
                formulas.append(text)
        if formulas and rule.get("ranges"):
            yield ColourRule(
                cells_of(area_of(rule["ranges"][0])), tuple(formulas)
            )


def cells_of(area: CellArea) -> str:
    """Return an area as people see it; sides that are open stay open."""
    left = get_column_letter(area.left + 1)
    right = get_column_letter(min(area.right, WIDEST))
    if area.bottom < FAR:
        return f"{left}{area.top + 1}:{right}{area.bottom}"
    first = area.top + 1 if area.top else ""
    return f"{left}{first}:{right}"


def _areas_of_tables(sheet: Mapping[str, Any]) -> Iterator[CellArea]:
    for table in sheet.get("tables", ()):
        if "range" in table:
            yield area_of(table["range"])


def _id_and_description(protection: Protection) -> tuple[int, str]:
    return protection["protectedRangeId"], protection.get("description", "")


def _drawn(chart: Mapping[str, Any]) -> DrawnChart:
    position = chart.get("position", {})
    return DrawnChart(
        id=chart.get("chartId", 0),
        spec=chart.get("spec", {}),
        place=position.get("overlayPosition", {}),
    )


def area_of(grid_range: Mapping[str, Any]) -> CellArea:
    """Return a GridRange as an area; sides that are open end beyond every tab."""
    return CellArea(
        top=grid_range.get("startRowIndex", 0),
        bottom=grid_range.get("endRowIndex", FAR),
        left=grid_range.get("startColumnIndex", 0),
        right=grid_range.get("endColumnIndex", FAR),
    )


def _kept_from_us(protection: Protection) -> list[CellArea]:
    """Return what a protection keeps from us, without its unprotected parts."""
    if protection.get("requestingUserCanEdit") or protection.get("warningOnly"):
        return []
    if "range" not in protection:
        return []
    # A protection may leave parts of itself free: cells in which everybody may answer.
    parts = [area_of(protection["range"])]
    for unprotected in protection.get("unprotectedRanges", ()):
        hole = area_of(unprotected)
        parts = [piece for part in parts for piece in part.without(hole)]
    return parts


def _is_ours(protection: Protection) -> bool:
    """Tell whether a protection is the one of the head's column, as the program makes it."""
    made_by_us = is_heads(protection.get("description", ""))
    return (
        "range" in protection and made_by_us and not _kept_from_us(protection)
    )


def _guard(protection: Protection) -> Guard:
    area = area_of(protection["range"])
    return Guard(
        protection["protectedRangeId"],
        area,
        protection["description"],
        protection.get("warningOnly", False),
    )
