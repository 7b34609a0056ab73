"""Cells to write, gathered into as few and as short requests as they fit in.

Values go as rectangles. A format goes once for all cells that share it: repeated in every cell it
would be ten times as long as what the cell says, and a body may have ten megabytes (API fact).
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sheetsync.sheets.requests.cells import (
    VALUE,
    WHOLE,
    CellData,
    CellFormat,
    Place,
    Request,
    RichCell,
    entered,
    grid_range,
)
from sheetsync.values import Cell

_FORMATS = "userEnteredFormat"
"""What the masks of formats begin with."""
_WORTH_A_GROUND = 4
"""Rows of a block from which its columns are given a ground."""
_LINKED = ("link", "foregroundColorStyle", "underline")
"""What is written with a link: alone it would bring its own colour and line (API fact)."""


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
        """Return the requests that write all cells, in a fixed order."""
        requests: list[Request] = []
        for (sheet_id, fields), cells in sorted(self._cells.items()):
            requests += _requests_of(sheet_id, cells, fields)
        return requests


def _requests_of(
    sheet_id: int, cells: Mapping[Place, CellData], fields: str
) -> Iterator[Request]:
    """Write what a mask names of the cells: formats apart, unless there is little to share."""
    formats, others = _parted(fields)
    shared = cells
    # A number format alone is shorter than the request that would repeat it over a few cells.
    if formats != _FORMATS:
        few = _in_low_blocks(cells) if formats else cells
        yield from _updates(sheet_id, few, fields)
        shared = {
            place: cell for place, cell in cells.items() if place not in few
        }
    if not shared:
        return
    if others:
        yield from _updates(sheet_id, shared, others)
    yield from _format_requests(sheet_id, shared, formats)


def _in_low_blocks(
    cells: Mapping[Place, CellData],
) -> Mapping[Place, CellData]:
    """Return the cells of blocks so low that their formats are not worth repeating."""
    few: dict[Place, CellData] = {}
    for block in _rectangles(_stretches(cells)):
        if block.end - block.row >= _WORTH_A_GROUND:
            continue
        width = len(block.rows[0]["values"])
        for row in range(block.row, block.end):
            for column in range(block.column, block.column + width):
                few[row, column] = cells[row, column]
    return few


def _parted(mask: str) -> tuple[str, str]:
    """Part a mask into what it says of formats and the rest; "" for nothing."""
    formats: list[str] = []
    others: list[str] = []
    for name in mask.split(","):
        part = formats if name.startswith(_FORMATS) else others
        part.append(name)
    return ",".join(formats), ",".join(others)


def _updates(
    sheet_id: int, cells: Mapping[Place, CellData], fields: str
) -> Iterator[Request]:
    """Write what a mask names of the cells, rectangle by rectangle."""
    names = {name.partition(".")[0] for name in fields.split(",")}
    masked: dict[Place, CellData] = {}
    for place, cell in cells.items():
        masked[place] = {
            name: value for name, value in cell.items() if name in names
        }
    for block in _rectangles(_stretches(masked)):
        # A `range` in its place would clear all cells of it that the rows do not cover.
        start = {
            "sheetId": sheet_id,
            "rowIndex": block.row,
            "columnIndex": block.column,
        }
        update = {"start": start, "rows": block.rows, "fields": fields}
        yield {"updateCells": update}


def _format_requests(
    sheet_id: int, cells: Mapping[Place, CellData], mask: str
) -> Iterator[Request]:
    """Write the formats of the cells: each once over the cells that share it, links by cell."""
    formats = _Formats()
    keys: dict[Place, str] = {}
    linked: dict[Place, CellData] = {}
    for place, cell in cells.items():
        cell_format = cell.get(_FORMATS, {})
        keys[place] = formats.key(cell_format)
        if _link_of(cell_format):
            linked[place] = {_FORMATS: {"textFormat": _link_text(cell_format)}}
    single: dict[Place, CellData] = {}
    for area in [*_grounds(cells, keys), *_areas(keys)]:
        cell_format = formats.by_key[area.key]
        if area.single:
            single[area.top, area.left] = {_FORMATS: cell_format}
            continue
        rows = (area.top, area.bottom)
        repeated = {
            "range": grid_range(sheet_id, rows, (area.left, area.right)),
            "cell": {_FORMATS: cell_format},
            "fields": mask,
        }
        yield {"repeatCell": repeated}
    yield from _updates(sheet_id, single, mask)
    text = ",".join(f"{_FORMATS}.textFormat.{name}" for name in _LINKED)
    yield from _updates(sheet_id, linked, text)


def _link_of(cell_format: CellFormat) -> Any:
    return cell_format.get("textFormat", {}).get("link")


def _link_text(cell_format: CellFormat) -> dict[str, Any]:
    """Return what of a text format is written with its link."""
    text = cell_format["textFormat"]
    return {name: text[name] for name in _LINKED if name in text}


class _Formats:
    """Formats without their links, each known by a text that tells it from the others."""

    def __init__(self) -> None:
        self.by_key: dict[str, CellFormat] = {}
        # Most cells share one object a style: it is spelled once.
        self._keys: dict[int, tuple[str, CellFormat]] = {}

    def key(self, cell_format: CellFormat) -> str:
        """Return the key of a format, its link aside."""
        known = self._keys.get(id(cell_format))
        if known is not None:
            return known[0]
        plain = _without_link(cell_format)
        key = json.dumps(plain, sort_keys=True)
        self.by_key[key] = plain
        # Held beside its key, so that no other format comes to have its id.
        self._keys[id(cell_format)] = (key, cell_format)
        return key


def _without_link(cell_format: CellFormat) -> CellFormat:
    if not _link_of(cell_format):
        return cell_format
    text = {**cell_format["textFormat"]}
    del text["link"]
    return {**cell_format, "textFormat": text}


class _Area(NamedTuple):
    """Neighbouring cells that share a format: 0-based, the end beyond the last one."""

    top: int
    bottom: int
    left: int
    right: int
    key: str

    @property
    def single(self) -> bool:
        """Whether it is one cell."""
        return (self.bottom - self.top, self.right - self.left) == (1, 1)


def _grounds(
    cells: Mapping[Place, CellData], keys: dict[Place, str]
) -> Iterator[_Area]:
    """Give each column of a block its commonest format, and take the cells that have it out.

    What differs is written over it: lines of many kinds below one another would else be cut into
    as many pieces as they have cells.
    """
    for block in _rectangles(_stretches(cells)):
        right = block.column + len(block.rows[0]["values"])
        if block.end - block.row < _WORTH_A_GROUND:
            continue
        for column in range(block.column, right):
            places = [(row, column) for row in range(block.row, block.end)]
            counts = Counter(keys[place] for place in places)
            commonest, _ = counts.most_common(1)[0]
            for place in places:
                if keys[place] == commonest:
                    del keys[place]
            yield _Area(block.row, block.end, column, column + 1, commonest)


def _areas(keys: Mapping[Place, str]) -> list[_Area]:
    """Join cells of one format: runs of a row, then equal runs below one another."""
    areas: dict[tuple[int, int, str, int], _Area] = {}
    for run in _runs(keys):
        above = areas.pop((run.left, run.right, run.key, run.top), None)
        top = run.top if above is None else above.top
        joined = run._replace(top=top)
        areas[run.left, run.right, run.key, run.bottom] = joined
    return sorted(areas.values())


def _runs(keys: Mapping[Place, str]) -> Iterator[_Area]:
    """Join the neighbours of each row that share a format, from the top left on."""
    run: _Area | None = None
    for (row, column), key in sorted(keys.items()):
        beside = run is not None and (run.top, run.right) == (row, column)
        if run is not None and beside and run.key == key:
            run = run._replace(right=column + 1)
            continue
        if run is not None:
            yield run
        run = _Area(row, row + 1, column, column + 1, key)
    if run is not None:
        yield run


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
