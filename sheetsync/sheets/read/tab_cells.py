"""The cells of tabs, by one request each: values, rows whole, ids, columns with rules.

Values come unformatted, dates as serial days in the book's own zone. What they mean is reader.py's.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sheetsync.sheets.connection.client import SheetsConnection
from sheetsync.sheets.read.book_structure import WIDEST, area_of
from sheetsync.sheets.requests.cells import GridRange, RichCell, stretches
from sheetsync.sheets.requests.missing_parts import ColumnLook, Rules
from sheetsync.sheets.session.lock import STANDING, standing
from sheetsync.values import Cell
from sheetsync.workbook.lock_lease import Standing
from sheetsync.workbook.snapshot import Grid, Row, Tab

_EXPLAINED = re.compile(
    r"(#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|ERROR!)) \(.*\)", re.DOTALL
)
_WHOLE = "userEnteredValue,effectiveValue,textFormatRuns,note,dataValidation"
_COLOURS = (
    "userEnteredFormat(backgroundColorStyle,"
    "textFormat(foregroundColorStyle,bold,italic,strikethrough))"
)


def read_cells(
    line: SheetsConnection, grids: Sequence[Grid], limits: Mapping[int, int]
) -> dict[int, Sequence[Row]]:
    """Read the cells of some tabs by sheetId: one request.

    `limits`: how many rows to read, by sheetId, where not all.
    """
    return read_cells_and_end(line, grids, limits, None).cells


class TabCells(NamedTuple):
    """The cells of tabs, from A1 on, by sheetId; and those of one range further down."""

    cells: dict[int, Sequence[Row]]
    end: Sequence[Row]


def read_cells_and_end(
    line: SheetsConnection,
    grids: Sequence[Grid],
    limits: Mapping[int, int],
    end: GridRange | None,
) -> TabCells:
    """Read the cells of some tabs by sheetId, and one further range: one request.

    `limits`: how many rows to read, by sheetId, where not all; `end`: a range that does not begin
    in a tab's first row, None for none.
    """
    if not grids:
        return TabCells({}, ())
    # How large an answer may be is not documented (docs/google-unknowns.md).
    # By sheetId, as a call by title fails once somebody has renamed the tab.
    filters = [{"gridRange": _rows_of(grid, limits)} for grid in grids]
    if end is not None:
        filters.append({"gridRange": dict(end)})
    # Unformatted, and never through gspread's own reading, which takes `00123` and `+7…` for
    # numbers.
    body = {
        "dataFilters": filters,
        "majorDimension": "ROWS",
        "valueRenderOption": "UNFORMATTED_VALUE",
        "dateTimeRenderOption": "SERIAL_NUMBER",
    }

    def is_whole(answer: Mapping[str, Any]) -> bool:
        return _ranges_of(answer) == len(filters)

    answer = line.read(
        "post", "/values:batchGetByDataFilter", is_whole, json=body
    )
    read = TabCells({}, ())
    for tab in answer.get("valueRanges", ()):
        area = tab["dataFilters"][0]["gridRange"]
        rows = _with_bare_errors(tab["valueRange"].get("values", []))
        if area.get("startRowIndex"):
            read = read._replace(end=rows)
        else:
            read.cells[area.get("sheetId", 0)] = rows
    return read


def _ranges_of(answer: Mapping[str, Any]) -> int:
    """Count the ranges of an answer that say whose they are."""
    return sum(
        "valueRange" in tab and bool(tab.get("dataFilters"))
        for tab in answer.get("valueRanges", ())
    )


def _rows_of(grid: Grid, limits: Mapping[int, int]) -> dict[str, int]:
    """Return the rows of a tab that are to be read (GridRange)."""
    area = {"sheetId": grid.sheet_id}
    if grid.sheet_id in limits:
        area["endRowIndex"] = min(limits[grid.sheet_id], grid.row_count)
    return area


def _with_bare_errors(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Take the explanation off errors, `#DIV/0! (Function …)`: a typed read has none."""
    # In place: a base has more cells than one wants to copy.
    for row in rows:
        for column, cell in enumerate(row):
            if not isinstance(cell, str) or not cell.startswith("#"):
                continue
            explained = _EXPLAINED.fullmatch(cell)
            if explained:
                row[column] = explained[1]
    return rows


class RereadRows(NamedTuple):
    """Rows as read again under the lock, and how the lock stood then.

    `cells`: by (sheetId, 0-based row), each row from its first column on (CellData).
    """

    cells: dict[tuple[int, int], list[RichCell]]
    standing: Standing


def read_rows(
    line: SheetsConnection,
    places: Mapping[int, Iterable[int]],
    areas: Sequence[GridRange] = (),
) -> RereadRows:
    """Read some rows whole, with formulas, notes and rules, and the lock's standing: one request.

    `places`: 0-based rows by sheetId; `areas`: further ranges (GridRange), which come with colours
    too: of a row of theirs other cells may be missing.
    """
    filters = [*_row_filters(places)]
    values = _WHOLE
    if areas:
        filters += [{"gridRange": dict(area)} for area in areas]
        values = f"{_WHOLE},{_COLOURS}"
    whole_rows = f"properties(sheetId),data(startRow,startColumn,rowData(values({values})))"
    fields = STANDING.replace("sheets(", f"sheets({whole_rows},")
    answer = _read_filtered(line, filters, fields)
    rows: dict[tuple[int, int], list[RichCell]] = {}
    for sheet in answer.get("sheets", ()):
        sheet_id = sheet["properties"].get("sheetId", 0)
        for block in sheet.get("data", ()):
            for row, left, cells in _rows_of_block(block):
                known = rows.get((sheet_id, row), ())
                rows[sheet_id, row] = _over(known, left, cells)
    return RereadRows(rows, standing(answer))


def read_formulas(
    line: SheetsConnection, places: Mapping[int, Iterable[int]]
) -> dict[tuple[int, int], list[RichCell]]:
    """Read what of some rows may read clients: formulas, rules, sources of pivot tables.

    One request. `places`: 0-based rows by sheetId.
    """
    values = "userEnteredValue,dataValidation(condition),pivotTable(source)"
    fields = (
        "sheets(properties(sheetId),"
        f"data(startRow,startColumn,rowData(values({values}))))"
    )
    answer = _read_filtered(line, [*_row_filters(places)], fields)
    rows: dict[tuple[int, int], list[RichCell]] = {}
    for sheet in answer.get("sheets", ()):
        sheet_id = sheet["properties"].get("sheetId", 0)
        for block in sheet.get("data", ()):
            for row, left, cells in _rows_of_block(block):
                rows[sheet_id, row] = _over((), left, cells)
    return rows


def _rows_of_block(
    block: Mapping[str, Any],
) -> Iterator[tuple[int, int, list[RichCell]]]:
    """Go through the rows of a GridData: 0-based row, first column, and the cells from it on."""
    left = block.get("startColumn", 0)
    first = block.get("startRow", 0)
    for row, row_data in enumerate(block.get("rowData", ()), start=first):
        yield row, left, row_data.get("values", [])


def _row_filters(
    places: Mapping[int, Iterable[int]],
) -> Iterator[dict[str, Any]]:
    """Go through the filters of some rows, neighbours together."""
    for sheet_id, rows in sorted(places.items()):
        for start, end in stretches(rows):
            area = {
                "sheetId": sheet_id,
                "startRowIndex": start,
                "endRowIndex": end,
            }
            yield {"gridRange": area}


def _read_filtered(
    line: SheetsConnection, filters: Sequence[Mapping[str, Any]], fields: str
) -> Any:
    body = {"dataFilters": filters}
    return line.read(
        "post", ":getByDataFilter", params={"fields": fields}, json=body
    )


def _over(
    held: Sequence[RichCell], left: int, cells: Sequence[RichCell]
) -> list[RichCell]:
    """Put a stretch of a row's cells, from the column `left` on, over what is known of the row."""
    unknown: list[RichCell] = [{}] * (left - len(held))
    right = left + len(cells)
    return [*held[:left], *unknown, *cells, *held[right:]]


def read_ids(line: SheetsConnection, ranges: Sequence[str]) -> Any:
    """Read columns by A1 as a batch's own answer would tell them; for an answer that was lost."""
    fields = (
        "sheets(properties(sheetId),"
        "data(startRow,startColumn,rowData(values(effectiveValue))))"
    )
    return _read_filtered(line, [{"a1Range": text} for text in ranges], fields)


def read_rules(line: SheetsConnection, tabs: Sequence[Tab]) -> Rules:
    """Read how people have set up the columns of some tabs: one request."""
    fields = (
        "sheets(properties(sheetId),conditionalFormats(ranges),data(startRow,startColumn,"
        "columnMetadata(pixelSize,hiddenByUser),"
        "rowData(values(dataValidation(strict,condition(type))))))"
    )
    filters = []
    first_rows: dict[int, int] = {}
    for tab in tabs:
        first_rows[tab.grid.sheet_id] = tab.header + 1
        below_heading = {
            "sheetId": tab.grid.sheet_id,
            "startRowIndex": tab.header + 1,
        }
        filters.append({"gridRange": below_heading})
    answer = _read_filtered(line, filters, fields)
    validated: dict[int, dict[int, int]] = {}
    coloured: dict[int, dict[int, int]] = {}
    looks: dict[int, dict[int, ColumnLook]] = {}
    for sheet in answer.get("sheets", ()):
        sheet_id = sheet["properties"].get("sheetId", 0)
        coloured[sheet_id] = _first_rows(
            _coloured_columns(sheet, first_rows[sheet_id])
        )
        validated[sheet_id] = _first_rows(_validated_columns(sheet))
        looks[sheet_id] = dict(_column_looks(sheet))
    return Rules(validated, coloured, looks)


def _first_rows(places: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Return the first row of each column among (column, row)."""
    rows: dict[int, int] = {}
    for column, row in places:
        rows[column] = min(row, rows.get(column, row))
    return rows


def _coloured_columns(
    sheet: Mapping[str, Any], first_row: int
) -> Iterator[tuple[int, int]]:
    """Go through the columns with colours below the headings, and the row where they begin."""
    for rule in sheet.get("conditionalFormats", ()):
        for place in rule.get("ranges", ()):
            area = area_of(place)
            if area.bottom > first_row:
                row = max(area.top, first_row)
                for column in range(area.left, min(area.right, WIDEST)):
                    yield column, row


def _validated_columns(sheet: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
    """Go through the cells that have a dropdown or the like: column, row."""
    for block in sheet.get("data", ()):
        for row, left, cells in _rows_of_block(block):
            for column, cell in enumerate(cells, start=left):
                if cell.get("dataValidation"):
                    yield column, row


def _column_looks(
    sheet: Mapping[str, Any],
) -> Iterator[tuple[int, ColumnLook]]:
    for block in sheet.get("data", ()):
        left = block.get("startColumn", 0)
        columns = block.get("columnMetadata", ())
        for column, properties in enumerate(columns, start=left):
            width = properties.get("pixelSize")
            is_hidden = properties.get("hiddenByUser", False)
            yield column, ColumnLook(width, is_hidden)
