"""Typed cells for updateCells: values that no parser touches, looks as formats, and cells gathered into few requests.

Nothing here knows what a cell means.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sheetsync.reporting.layout.theme import CellStyle
from sheetsync.rules.action_scoring.scoring import SCALE
from sheetsync.values import Cell

Request = dict[str, Any]
CellData = dict[str, Any]
VALUE = "userEnteredValue"
FORMAT = "userEnteredFormat"
DATED = "userEnteredValue,userEnteredFormat.numberFormat"
WHOLE = "userEnteredValue,userEnteredFormat"
RULED = f"{WHOLE},dataValidation"
TICK = {"condition": {"type": "BOOLEAN"}, "strict": True, "showCustomUi": True}
"""The rule of a cell that is a box to tick."""
SCORE = {
    "condition": {
        "type": "ONE_OF_LIST",
        "values": [{"userEnteredValue": str(points)} for points in SCALE],
    },
    "strict": False,
    "showCustomUi": True,
}
"""The rule of a cell that is given a score. Not strict: what is not of the scale is explained beside it, not refused."""


def listed_in(title: str, first: int, last: int) -> dict[str, Any]:
    """Return the rule of a cell for which the first column of a tab offers words, in the sheet's rows from first to last.

    A list by itself would be cut by Excel at 255 characters. Other words are let through, to be explained beside the cell.
    """
    quoted = title.replace("'", "''")
    source = {"userEnteredValue": f"='{quoted}'!$A${first}:$A${last}"}
    return {
        "condition": {"type": "ONE_OF_RANGE", "values": [source]},
        "strict": False,
        "showCustomUi": True,
    }


def typed(value: Cell) -> CellData:
    """Return a value as a typed cell: text stays text whatever it looks like; None clears."""
    if value is None or value == "":
        return {}
    if isinstance(value, bool):
        return {"userEnteredValue": {"boolValue": value}}
    if isinstance(value, int | float):
        return {"userEnteredValue": {"numberValue": value}}
    return {"userEnteredValue": {"stringValue": value}}


def dated(serial: Cell, pattern: str) -> CellData:
    """Return a serial day as a cell that shows as a date."""
    return {
        **typed(serial),
        "userEnteredFormat": {"numberFormat": {"type": "DATE", "pattern": pattern}},
    }


@cache
def color(hexadecimal: str) -> dict[str, Any]:
    """Turn `#RRGGBB` into the API's colour style, which nobody may change."""
    parts = (int(hexadecimal[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return {"rgbColor": dict(zip(("red", "green", "blue"), parts, strict=True))}


def format_of(look: CellStyle, link: str | None = None, dates: str | None = None) -> dict[str, Any]:
    """Turn a look into a cell format, with a link where the cell leads somewhere. `dates`: how days are written."""
    text: dict[str, Any] = {
        "foregroundColorStyle": color(look.color),
        "fontFamily": "Arial",
        "fontSize": look.size,
        "bold": look.bold,
        "italic": look.italic,
        "underline": look.underline,
    }
    if link:
        text["link"] = {"uri": link}
    made: dict[str, Any] = {
        "textFormat": text,
        "verticalAlignment": "MIDDLE",
        "wrapStrategy": "WRAP" if look.wrap else "OVERFLOW_CELL",
    }
    if look.align:
        made["horizontalAlignment"] = look.align
    if look.background:
        made["backgroundColorStyle"] = color(look.background)
    if look.border_bottom:
        style = "SOLID_MEDIUM" if look.border_bottom == "medium" else "SOLID"
        shade = "#CBD5E1" if look.border_bottom == "medium" else "#E5E7EB"
        made["borders"] = {"bottom": {"style": style, "colorStyle": color(shade)}}
    pattern = look.number_format or (dates if look.kind == "DATE" else None)
    if look.kind and pattern:
        made["numberFormat"] = {"type": look.kind, "pattern": pattern}
    return made


def grid_range(
    sheet_id: int, rows: tuple[int, int], columns: tuple[int, int] | None = None
) -> dict[str, int]:
    """Return a half-open, 0-based range; all columns where none are given."""
    made = {"sheetId": sheet_id, "startRowIndex": rows[0], "endRowIndex": rows[1]}
    if columns is not None:
        made |= {"startColumnIndex": columns[0], "endColumnIndex": columns[1]}
    return made


class Canvas:
    """Cells to write, by place; gathers neighbours into as few updateCells requests as it can."""

    def __init__(self) -> None:
        self._cells: defaultdict[tuple[int, str], dict[tuple[int, int], CellData]] = defaultdict(
            dict
        )

    def put(
        self, sheet_id: int, row: int, column: int, cell: Mapping[str, Any], fields: str = VALUE
    ) -> None:
        """Write one cell (0-based). The last word on a place wins."""
        whole = self._cells.get((sheet_id, WHOLE), {})
        if fields == VALUE and (row, column) in whole:  # its look was put already, and is kept
            looks = {name: part for name, part in whole[row, column].items() if name != VALUE}
            whole[row, column] = {**looks, **cell}
            return
        self._cells[sheet_id, fields][row, column] = dict(cell)

    def over(self, sheet_id: int, rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
        """Return a tab's rows as the values put here leave them."""
        held = [list(row) for row in rows]
        for (sheet, fields), cells in self._cells.items():
            for (row, column), cell in (
                cells.items() if sheet == sheet_id and VALUE in fields else ()
            ):
                held += [[] for _ in range(row + 1 - len(held))]
                held[row] += [None] * (column + 1 - len(held[row]))
                held[row][column] = next(iter(cell.get(VALUE, {}).values()), None)
        return held

    def requests(self) -> list[Request]:
        """Return the updateCells requests, in a fixed order."""
        made = []
        for (sheet_id, fields), cells in sorted(self._cells.items()):
            for row, column, block in _blocks(cells):
                start = {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column}
                made.append({"updateCells": {"start": start, "rows": block, "fields": fields}})
        return made


def _blocks(
    cells: Mapping[tuple[int, int], CellData],
) -> Iterable[tuple[int, int, list[dict[str, Any]]]]:
    """Cut a sparse area into rectangles: runs within a row, joined with equal runs of the rows below."""
    segments: list[tuple[int, int, list[CellData]]] = []
    for (row, column), cell in sorted(cells.items()):
        if segments and segments[-1][0] == row and segments[-1][1] + len(segments[-1][2]) == column:
            segments[-1][2].append(cell)
        else:
            segments.append((row, column, [cell]))
    opened: dict[tuple[int, int], tuple[int, list[dict[str, Any]]]] = {}
    closed: list[tuple[int, int, list[dict[str, Any]]]] = []
    for row, column, values in segments:
        shape = (column, len(values))
        if shape in opened and opened[shape][0] + len(opened[shape][1]) == row:
            opened[shape][1].append({"values": values})
            continue
        if shape in opened:
            closed.append((opened[shape][0], column, opened[shape][1]))
        opened[shape] = (row, [{"values": values}])
    closed += [(first, shape[0], rows) for shape, (first, rows) in opened.items()]
    return sorted(closed, key=lambda block: block[:2])
