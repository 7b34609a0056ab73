"""Typed cells for updateCells: values that no parser touches, formats, ranges.

Nothing here knows what a cell means; what may be typed into one is told by dropdowns.py, how cells
are gathered into requests by canvas.py.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

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


_FILLING = re.compile(
    r"^=(?:IFERROR\(|IFNA\(|IF\([^,;]*[,;])*"
    r"(?:\{|(?:QUERY|IMPORTRANGE|IMPORTDATA|IMPORTHTML|IMPORTXML|IMPORTFEED|SORT|SORTN|UNIQUE"
    r"|SEQUENCE|FLATTEN|TOCOL|VSTACK|MAKEARRAY)\()"
)
"""Formulas that fill the cells below their own, by the function that is their outermost one."""


def fills_others(cell: RichCell) -> bool:
    """Tell whether a cell's formula may fill other rows than its own."""
    formula = re.sub(r"\s", "", formula_of(cell)).upper()
    return "ARRAYFORMULA(" in formula or bool(_FILLING.match(formula))


_ACROSS = re.compile(r"(?:SPLIT|TRANSPOSE|TOROW|HSTACK|FILTER|WRAPROWS)\(|\{")
"""What in a formula may fill cells of its own row."""


def filled_by_own_row(cells: Sequence[RichCell], column: int) -> bool:
    """Tell whether a filled cell of a row is so by a formula that stands to its left."""
    while column and is_filled(cells[column]):
        column -= 1
    return bool(_ACROSS.search(formula_of(cells[column]).upper()))


def is_filled(cell: RichCell) -> bool:
    """Tell whether a formula of another cell has filled this one: it shows what nobody entered."""
    return bool(cell.get("effectiveValue")) and not cell.get("userEnteredValue")


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
    # Four digits tell 256 shades apart; all of them would make a colour three times as long.
    parts = {"red": red, "green": green, "blue": blue}
    return {
        "rgbColor": {name: round(part / 255, 4) for name, part in parts.items()}
    }


def format_of(
    style: CellStyle, link: str | None = None, dates: str | None = None
) -> CellFormat:
    """Turn a style into a cell format, with a link where the cell leads somewhere.

    `dates`: how days are written where the style has no pattern of its own. Cells without a link
    share one format, which nobody may change.
    """
    plain = _plain_format(style, dates)
    if not link:
        return plain
    linked = {**plain["textFormat"], "link": {"uri": link}}
    return {**plain, "textFormat": linked}


@cache
def _plain_format(style: CellStyle, dates: str | None) -> CellFormat:
    cell_format: dict[str, Any] = {
        "textFormat": _text_format(style),
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


def _text_format(style: CellStyle) -> dict[str, Any]:
    return {
        "foregroundColorStyle": color(style.color),
        "fontFamily": FONT,
        "fontSize": style.size,
        "bold": style.bold,
        "italic": style.italic,
        "underline": style.underline,
    }


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
