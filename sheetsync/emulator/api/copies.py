"""A spreadsheet made of a request that describes one, and a tab copied into another spreadsheet.

Where the new spreadsheet lives, and who may do so, is left to workspace.py and service.py.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sheetsync.emulator.api.answers import book_properties, sheet_properties
from sheetsync.emulator.api.batch import KINDS
from sheetsync.emulator.api.requests import sheets as tabs
from sheetsync.emulator.api.requests.dimensions import check_size
from sheetsync.emulator.errors import bad
from sheetsync.emulator.model import overlays
from sheetsync.emulator.model.grid import (
    Area,
    Cell,
    Filter,
    Formula,
    Line,
    Rule,
    Sheet,
)
from sheetsync.emulator.model.ids import fresh_id
from sheetsync.emulator.model.structure import settle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheetsync.emulator.model.grid import Book, Json, Row

_CELL = "userEnteredValue,userEnteredFormat,note,textFormatRuns,dataValidation"
_NO_CELLS = ("pivotTable", "dataSourceTable", "dataSourceFormula", "chipRuns")
_LINE = ("pixelSize", "hiddenByUser")
_UNTITLED = "Untitled spreadsheet"
_PARTS = (
    ("basicFilter", "setBasicFilter", "filter"),
    ("filterViews", "addFilterView", "filter"),
    ("protectedRanges", "addProtectedRange", "protectedRange"),
    ("bandedRanges", "addBanding", "bandedRange"),
    ("charts", "addChart", "chart"),
    ("slicers", "addSlicer", "slicer"),
    ("tables", "addTable", "table"),
    ("developerMetadata", "createDeveloperMetadata", "developerMetadata"),
)


def fill(book: Book, user: str, body: Json) -> None:
    """Make an empty book what a Spreadsheet describes.

    What Google documents as read-only is passed over.
    """
    _properties(book, user, dict(body.get("properties", {})))
    if "dataSources" in body:
        raise bad("not emulated: dataSources")
    book.sheets.clear()
    hidden = []
    for data in body.get("sheets") or [{"properties": {"sheetId": 0}}]:
        number = _add(book, user, data)
        hidden += [number] if data.get("properties", {}).get("hidden") else []
        for kind, params in _requests(number, data):
            _run(book, user, kind, params)
    for number in hidden:
        change = {
            "properties": {"sheetId": number, "hidden": True},
            "fields": "hidden",
        }
        _run(book, user, "updateSheetProperties", change)
    for name in body.get("namedRanges", []):
        _run(book, user, "addNamedRange", {"namedRange": name})
    for entry in body.get("developerMetadata", []):
        _run(
            book, user, "createDeveloperMetadata", {"developerMetadata": entry}
        )
    settle(book)


def _run(book: Book, user: str, kind: str, params: Json) -> None:
    if kind not in KINDS:
        raise bad(f"not emulated: {kind}")
    KINDS[kind](book, user, params)


def _properties(book: Book, user: str, data: Json) -> None:
    data.pop("defaultFormat", None)
    if (
        data.get("spreadsheetTheme")
        == book_properties(book)["spreadsheetTheme"]
    ):
        del data["spreadsheetTheme"]
    _run(
        book,
        user,
        "updateSpreadsheetProperties",
        {"properties": {"title": _UNTITLED, **data}, "fields": "title"},
    )
    rest = {name: value for name, value in data.items() if name != "title"}
    if rest:
        fields = ",".join(rest)
        _run(
            book,
            user,
            "updateSpreadsheetProperties",
            {"properties": rest, "fields": fields},
        )


def _add(book: Book, user: str, data: Json) -> int:
    given = dict(data.get("properties", {}))
    for name in ("index", "hidden", "dataSourceSheetProperties"):
        given.pop(name, None)
    size = dict(given.get("gridProperties", {}))
    rows, columns = _extent(data)
    for name, needed, usual in (
        ("rowCount", rows, 1000),
        ("columnCount", columns, 26),
    ):
        if needed > usual:
            size.setdefault(name, needed)
    if size:
        given["gridProperties"] = size
    reply = KINDS["addSheet"](book, user, {"properties": given}) or {}
    return int(reply["properties"]["sheetId"])


def _extent(data: Json) -> tuple[int, int]:
    rows = columns = 0
    for grid in data.get("data", []):
        lines = grid.get("rowData", [])
        rows = max(rows, grid.get("startRow", 0) + len(lines))
        width = max((len(line.get("values", [])) for line in lines), default=0)
        columns = max(columns, grid.get("startColumn", 0) + width)
    return rows, columns


def _requests(number: int, data: Json) -> Iterator[tuple[str, Json]]:
    for grid in data.get("data", []):
        yield from _grid(number, grid)
    for merge in data.get("merges", []):
        yield (
            "mergeCells",
            {"range": {"sheetId": number, **merge}, "mergeType": "MERGE_ALL"},
        )
    for index, rule in enumerate(data.get("conditionalFormats", [])):
        ranges = [
            {"sheetId": number, **item} for item in rule.get("ranges", [])
        ]
        yield (
            "addConditionalFormatRule",
            {"rule": {**rule, "ranges": ranges}, "index": index},
        )
    for name, kind, inner in _PARTS:
        given = data.get(name, [])
        for item in [given] if isinstance(given, dict) else given:
            yield kind, {inner: _placed(number, item)}
    for name in ("rowGroups", "columnGroups"):
        for group in data.get(name, []):
            yield (
                "addDimensionGroup",
                {"range": {"sheetId": number, **group.get("range", {})}},
            )


def _placed(number: int, item: Json) -> Json:
    return (
        {**item, "range": {"sheetId": number, **item["range"]}}
        if "range" in item
        else item
    )


def _grid(number: int, grid: Json) -> Iterator[tuple[str, Json]]:
    top, left, rows = (
        grid.get("startRow", 0),
        grid.get("startColumn", 0),
        grid.get("rowData", []),
    )
    for cell in (cell for row in rows for cell in row.get("values", [])):
        for name in _NO_CELLS:
            if name in cell:
                raise bad(f"not emulated: {name}")
    if rows:
        start = {"sheetId": number, "rowIndex": top, "columnIndex": left}
        yield "updateCells", {"start": start, "rows": rows, "fields": _CELL}
    for dimension, first, name in (
        ("ROWS", top, "rowMetadata"),
        ("COLUMNS", left, "columnMetadata"),
    ):
        for index, line in enumerate(grid.get(name, [])):
            known = {key: line[key] for key in _LINE if key in line}
            if known:
                at = {
                    "sheetId": number,
                    "dimension": dimension,
                    "startIndex": first + index,
                }
                place = {**at, "endIndex": first + index + 1}
                yield (
                    "updateDimensionProperties",
                    {
                        "range": place,
                        "properties": known,
                        "fields": ",".join(known),
                    },
                )


def copy_to(source: Sheet, target: Book) -> Json:
    """Copy a tab of another book to the end of this one; the SheetProperties of the copy."""
    number = fresh_id(sheet.id for sheet in target.sheets)
    title = tabs.copy_title(target, source.title)
    sheet = replace(portable(source, target), id=number, title=title)
    target.sheets.append(sheet)
    overlays.renew(target, sheet, source.id)
    check_size(target, 0)
    return sheet_properties(target, sheet)


def portable(source: Sheet, target: Book) -> Sheet:
    """Give a tab as another book can hold it: without what belongs to the first one's file."""
    sheet = source.copy()
    sheet.rows = [_row(row, target) for row in source.rows]
    sheet.validations = _rules(source.validations)
    sheet.conditionals = _rules(source.conditionals)
    sheet.tables, sheet.bands = _areas(source.tables), _areas(source.bands)
    sheet.views = [
        replace(view, json=_unbound(view.json)) for view in _areas(source.views)
    ]
    sheet.charts = _areas(
        [
            chart
            for chart in source.charts
            if _tabs_in(chart.json) <= {source.id}
        ]
    )
    sheet.cuts = []
    sheet.row_lines = _lines(source.row_lines)
    sheet.column_lines = _lines(source.column_lines)
    if sheet.filter is not None:
        sheet.filter = Filter(sheet.filter.rect, _unbound(sheet.filter.json))
    return sheet


def _areas(areas: list[Area]) -> list[Area]:
    return [replace(area, source=None) for area in areas]


def _unbound(view: Json) -> Json:
    """Give a filter that stands by itself.

    Names and tables of the first book mean nothing in another.
    """
    return {
        name: value
        for name, value in view.items()
        if name not in ("namedRangeId", "tableId")
    }


def _tabs_in(data: Any) -> set[int]:
    """Give the tabs that a chart reads."""
    if isinstance(data, list):
        return {number for item in data for number in _tabs_in(item)}
    if not isinstance(data, dict):
        return set()
    own = (
        {int(data.get("sheetId", 0))}
        if "startRowIndex" in data or "sheetId" in data
        else set()
    )
    return own.union(*(_tabs_in(value) for value in data.values()))


def _rules(rules: list[Rule]) -> list[Rule]:
    return [
        Rule(rule.json, None, rule.rects)
        for rule in rules
        if rule.json is not None
    ]


def _lines(lines: dict[int, Line]) -> dict[int, Line]:
    return {index: replace(line, base=None) for index, line in lines.items()}


def _row(row: Row, target: Book) -> Row:
    out = {column: _cell(cell, target) for column, cell in row.items()}
    return {column: cell for column, cell in out.items() if not cell.is_blank()}


def _cell(cell: Cell, target: Book) -> Cell:
    value: Any = cell.value
    if isinstance(value, Formula):
        value = replace(value, origin=None)
    look = target.look(cell.look.json) if cell.look is not None else None
    return replace(cell, value=value, look=look, rich=None)
