"""Typed cells for updateCells: values that no parser touches, formats, and cells gathered.

Nothing here knows what a cell means; what may be typed into one is told by dropdowns.py.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from sheetsync.reporting.layout.theme import FONT, CellStyle
from sheetsync.values import Cell

Request = dict[str, Any]
"""One request of a batchUpdate."""
CellData = dict[str, Any]
"""A cell as it is written."""
RichCell = Mapping[str, Any]
"""A cell as it was read whole (CellData): what was entered, what it shows, its note and rule."""
CellFormat = Mapping[str, Any]
GridRange = Mapping[str, int]
RereadCells = Mapping[tuple[int, int], Sequence[RichCell]]
"""Rows as they were read again under the lock: cells by (sheetId, 0-based row)."""
Place = tuple[int, int]
"""A cell of a tab: 0-based row and column."""

# What of a cell is written: masks of updateCells. All that a mask names and a cell lacks is
# cleared.
VALUE = "userEnteredValue"
FORMAT = "userEnteredFormat"
DATED = "userEnteredValue,userEnteredFormat.numberFormat"
WHOLE = "userEnteredValue,userEnteredFormat"
RULED = f"{WHOLE},dataValidation"


def typed(value: Cell) -> CellData:
    """Return a value as a typed cell: text stays text whatever it looks like; None clears."""
    # What is entered as if by typing is parsed by locale: `=x`, `+7…` and `00123` would not stay.
    if value is None or value == "":
        return {}
    if isinstance(value, bool):
        return {"userEnteredValue": {"boolValue": value}}
    if isinstance(value, int | float):
        return {"userEnteredValue": {"numberValue": value}}
    return {"userEnteredValue": {"stringValue": value}}


def styled(value: Cell, cell_format: CellFormat) -> CellData:
    """Return a typed cell with its whole format."""
    return {**typed(value), "userEnteredFormat": cell_format}


def dated(serial: Cell, pattern: str) -> CellData:
    """Return a serial day as a cell that shows as a date."""
    number_format = {"type": "DATE", "pattern": pattern}
    return styled(serial, {"numberFormat": number_format})


def entered(cell: RichCell) -> Cell:
    """Return what was entered into a cell, a formula as its text; None for nothing."""
    value = cell.get("userEnteredValue") or {}
    return next(iter(value.values()), None)


def formula_of(cell: RichCell) -> str:
    """Return the formula of a cell with its leading `=`; "" where it has none."""
    value = cell.get("userEnteredValue") or {}
    return str(value.get("formulaValue", ""))


def nothing_if_empty(value: Cell) -> Cell:
    """Return None for "", which some answers have where others leave a cell out."""
    return None if value == "" else value


_ERRORS = {
    "NULL_VALUE": "#NULL!",
    "DIVIDE_BY_ZERO": "#DIV/0!",
    "VALUE": "#VALUE!",
    "REF": "#REF!",
    "NAME": "#NAME?",
    "NUM": "#NUM!",
    "N_A": "#N/A",
}
"""ErrorType -> how a cell shows it."""


def effective(cell: RichCell) -> Cell:
    """Return the value of a cell as an unformatted read would give it."""
    value = cell.get("effectiveValue") or {}
    if "errorValue" in value:
        return _ERRORS.get(value["errorValue"].get("type", ""), "#ERROR!")
    for kind in ("stringValue", "numberValue", "boolValue"):
        if kind in value:
            known: Cell = value[kind]
            return known
    return None


def stretches(indexes: Iterable[int]) -> list[tuple[int, int]]:
    """Join rows or columns into stretches: [1, 2, 3, 7] gives [(1, 4), (7, 8)]."""
    joined: list[tuple[int, int]] = []
    for index in sorted(set(indexes)):
        if joined and joined[-1][1] == index:
            joined[-1] = (joined[-1][0], index + 1)
        else:
            joined.append((index, index + 1))
    return joined


@cache
def color(hexadecimal: str) -> dict[str, Any]:
    """Turn `#RRGGBB` into the API's colour style, which nobody may change."""
    red, green, blue = bytes.fromhex(hexadecimal.removeprefix("#"))
    return {
        "rgbColor": {"red": red / 255, "green": green / 255, "blue": blue / 255}
    }


def format_of(
    style: CellStyle, link: str | None = None, dates: str | None = None
) -> dict[str, Any]:
    """Turn a style into a cell format, with a link where the cell leads somewhere.

    `dates`: how days are written where the style has no pattern of its own.
    """
    cell_format: dict[str, Any] = {
        "textFormat": _text_format(style, link),
        "verticalAlignment": "MIDDLE",
        "wrapStrategy": "WRAP" if style.wrap else "OVERFLOW_CELL",
    }
    if style.align:
        cell_format["horizontalAlignment"] = style.align
    if style.background:
        cell_format["backgroundColorStyle"] = color(style.background)
    if style.border_bottom:
        cell_format["borders"] = {"bottom": _border(style)}
    pattern = style.number_format
    if style.kind == "DATE":
        pattern = pattern or dates
    if style.kind and pattern:
        cell_format["numberFormat"] = {"type": style.kind, "pattern": pattern}
    return cell_format


def _text_format(style: CellStyle, link: str | None) -> dict[str, Any]:
    text_format: dict[str, Any] = {
        "foregroundColorStyle": color(style.color),
        "fontFamily": FONT,
        "fontSize": style.size,
        "bold": style.bold,
        "italic": style.italic,
        "underline": style.underline,
    }
    if link:
        text_format["link"] = {"uri": link}
    return text_format


def _border(style: CellStyle) -> dict[str, Any]:
    line = "SOLID_MEDIUM" if style.border_bottom == "medium" else "SOLID"
    return {"style": line, "colorStyle": color(style.border_color)}


def grid_range(
    sheet_id: int, rows: tuple[int, int], columns: tuple[int, int] | None = None
) -> dict[str, int]:
    """Return a half-open, 0-based range; all columns where none are given."""
    top, bottom = rows
    area = {"sheetId": sheet_id, "startRowIndex": top, "endRowIndex": bottom}
    if columns is not None:
        area["startColumnIndex"], area["endColumnIndex"] = columns
    return area


def whole_columns(sheet_id: int, start: int, end: int) -> dict[str, int]:
    """Return the columns [start, end) from top to bottom, rows to come included; 0-based."""
    return {
        "sheetId": sheet_id,
        "startColumnIndex": start,
        "endColumnIndex": end,
    }


def column_from(sheet_id: int, row: int, column: int) -> dict[str, int]:
    """Return a column from a row on (both 0-based), rows to come included."""
    return {
        "sheetId": sheet_id,
        "startRowIndex": row,
        "startColumnIndex": column,
        "endColumnIndex": column + 1,
    }


def paste(source: GridRange, target: GridRange, kind: str) -> Request:
    """Copy a range onto another one. `kind`: a PasteType."""
    return {
        "copyPaste": {
            "source": source,
            "destination": target,
            "pasteType": kind,
        }
    }


class Canvas:
    """Cells to write, by place; gathers neighbours into as few updateCells requests as it can."""

    def __init__(self) -> None:
        self._cells = defaultdict[tuple[int, str], dict[Place, CellData]](dict)
        """Cells by place, under sheetId and the mask of what is written."""

    def put(
        self,
        sheet_id: int,
        row: int,
        column: int,
        cell: RichCell,
        fields: str = VALUE,
    ) -> None:
        """Write one cell (0-based). The last word on a place wins."""
        whole = self._cells.get((sheet_id, WHOLE), {})
        # The cell was put with its format before, which a later value alone leaves as it is.
        if fields == VALUE and (row, column) in whole:
            format_alone = {**whole[row, column]}
            format_alone.pop(VALUE, None)
            whole[row, column] = {**format_alone, **cell}
            return
        self._cells[sheet_id, fields][row, column] = dict(cell)

    def over(
        self, sheet_id: int, rows: Sequence[Sequence[Cell]]
    ) -> list[list[Cell]]:
        """Return a tab's rows as the values put here leave them."""
        after = [list(row) for row in rows]
        for (sheet, fields), cells in self._cells.items():
            if sheet != sheet_id or VALUE not in fields:
                continue
            for place, cell in cells.items():
                _set(after, place, entered(cell))
        return after

    def requests(self) -> list[Request]:
        """Return the updateCells requests, in a fixed order."""
        requests = []
        for (sheet_id, fields), cells in sorted(self._cells.items()):
            for block in _rectangles(_stretches(cells)):
                # A `range` in its place would clear all cells of it that the rows do not cover.
                start = {
                    "sheetId": sheet_id,
                    "rowIndex": block.row,
                    "columnIndex": block.column,
                }
                update = {"start": start, "rows": block.rows, "fields": fields}
                requests.append({"updateCells": update})
        return requests


def _set(rows: list[list[Cell]], place: Place, value: Cell) -> None:
    """Set a value among rows that may be too few or too short for it."""
    row, column = place
    while len(rows) <= row:
        rows.append([])
    missing = column + 1 - len(rows[row])
    rows[row] += [None] * missing
    rows[row][column] = value


class _Stretch(NamedTuple):
    """Neighbouring cells of one row, from its 0-based column on."""

    row: int
    column: int
    cells: list[CellData]

    @property
    def end(self) -> int:
        """The column after the last cell."""
        return self.column + len(self.cells)


class _Rectangle(NamedTuple):
    """Equal stretches of rows below one another, as updateCells takes them (RowData)."""

    row: int
    column: int
    rows: list[dict[str, Any]]

    @property
    def end(self) -> int:
        """The row after the last one."""
        return self.row + len(self.rows)


def _stretches(cells: Mapping[Place, CellData]) -> Iterator[_Stretch]:
    """Join the neighbours of each row, from the top left on."""
    stretch: _Stretch | None = None
    for (row, column), cell in sorted(cells.items()):
        if stretch is not None and (stretch.row, stretch.end) == (row, column):
            stretch.cells.append(cell)
            continue
        if stretch is not None:
            yield stretch
        stretch = _Stretch(row, column, [cell])
    if stretch is not None:
        yield stretch


def _rectangles(stretches: Iterable[_Stretch]) -> list[_Rectangle]:
    """Join stretches that begin in the same column and are as long, row by row."""
    rectangles: list[_Rectangle] = []
    lowest: dict[tuple[int, int], _Rectangle] = {}
    for stretch in stretches:
        shape = (stretch.column, len(stretch.cells))
        above = lowest.get(shape)
        if above is None or above.end != stretch.row:
            above = _Rectangle(stretch.row, stretch.column, [])
            lowest[shape] = above
            rectangles.append(above)
        above.rows.append({"values": stretch.cells})
    return sorted(rectangles, key=lambda block: (block.row, block.column))
