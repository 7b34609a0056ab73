"""A slow, obvious grid: a dict of cells and a list of merges, and what requests do to them.

Each operation leaves the request that asks Google for it in `asked`. Random ones are drawn in test_grid_model.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS, COLUMNS = 8, 7
Place = tuple[int, int]
Request = dict[str, Any]


class Ref(NamedTuple):
    """A formula that is a reference to one cell; none: its cell is gone."""

    at: Place | None
    fixed: bool = False

    def text(self) -> str:
        if self.at is None:
            return "=#REF!"
        mark = "$" if self.fixed else ""
        return f"={mark}{chr(65 + self.at[1])}{mark}{self.at[0] + 1}"


Value = int | str | Ref


class Area(NamedTuple):
    top: int
    bottom: int
    left: int
    right: int

    def cells(self) -> list[Place]:
        return [
            (row, column)
            for row in range(self.top, self.bottom)
            for column in range(self.left, self.right)
        ]

    def json(self) -> dict[str, int]:
        return {
            "sheetId": 0,
            "startRowIndex": self.top,
            "endRowIndex": self.bottom,
            "startColumnIndex": self.left,
            "endColumnIndex": self.right,
        }


class Refused(Exception):
    """Google would not do it."""


class Skipped(Exception):
    """Not a case that this grid can tell."""


@dataclass
class Grid:
    rows: int = ROWS
    columns: int = COLUMNS
    cells: dict[Place, Value] = field(default_factory=dict)
    merges: list[Area] = field(default_factory=list)
    asked: Request = field(default_factory=dict)

    def inside(self, area: Area) -> None:
        if area.bottom > self.rows or area.right > self.columns:
            raise Refused

    def touching(self, area: Area) -> list[Area]:
        return [merge for merge in self.merges if set(merge.cells()) & set(area.cells())]

    def whole_merges(self, area: Area) -> list[Area]:
        """Give the merges in an area, of which none may lie in it in part only."""
        touched = self.touching(area)
        if any(not set(merge.cells()) <= set(area.cells()) for merge in touched):
            raise Refused
        return touched

    def carry(self, where: Callable[[Place], Place | None]) -> None:
        """Every cell goes where `where` says, and all that points to it follows."""

        def followed(value: Value) -> Value:
            return (
                value._replace(at=where(value.at)) if isinstance(value, Ref) and value.at else value
            )

        moved = ((where(place), value) for place, value in self.cells.items())
        self.cells = {place: followed(value) for place, value in moved if place is not None}
        merges = []
        for merge in self.merges:
            places = [place for place in map(where, merge.cells()) if place is not None]
            if len(places) > 1:
                rows, columns = {row for row, _ in places}, {column for _, column in places}
                merges.append(Area(min(rows), max(rows) + 1, min(columns), max(columns) + 1))
        self.merges = merges

    def put(self, place: Place, value: Value | None) -> None:
        self.cells.pop(place, None)
        if value is not None and value != "":
            self.cells[place] = value

    def shown(self) -> list[list[Any]]:
        out: list[list[Any]] = []
        for row in range(self.rows):
            filled = [column for column in range(self.columns) if (row, column) in self.cells]
            values = [
                self.cells.get((row, column), "") for column in range(max(filled, default=-1) + 1)
            ]
            out.append([value.text() if isinstance(value, Ref) else value for value in values])
        while out and not out[-1]:
            out.pop()
        return out


def along(place: Place, rows: bool) -> int:  # noqa: FBT001  # a coordinate by its direction
    return place[0] if rows else place[1]


def shifted(place: Place, rows: bool, away: int) -> Place:  # noqa: FBT001  # as above
    return (place[0] + away, place[1]) if rows else (place[0], place[1] + away)


def lines(rows: bool, start: int, end: int) -> dict[str, Any]:  # noqa: FBT001  # as above
    return {
        "sheetId": 0,
        "dimension": "ROWS" if rows else "COLUMNS",
        "startIndex": start,
        "endIndex": end,
    }


def insert(grid: Grid, rows: bool, at: int, count: int) -> None:  # noqa: FBT001  # drawn by hypothesis
    size = grid.rows if rows else grid.columns
    before = at == size
    grid.asked = {
        "insertDimension": {"range": lines(rows, at, at + count), "inheritFromBefore": before}
    }
    if at > size:
        raise Refused
    grid.carry(lambda place: shifted(place, rows, count) if along(place, rows) >= at else place)
    if rows:
        grid.rows += count
    else:
        grid.columns += count


def delete(grid: Grid, rows: bool, at: int, count: int) -> None:  # noqa: FBT001  # as above
    size = grid.rows if rows else grid.columns
    grid.asked = {"deleteDimension": {"range": lines(rows, at, at + count)}}
    if at + count > size or (at == 0 and count == size):
        raise Refused

    def where(place: Place) -> Place | None:
        if along(place, rows) < at:
            return place
        return None if along(place, rows) < at + count else shifted(place, rows, -count)

    grid.carry(where)
    if rows:
        grid.rows -= count
    else:
        grid.columns -= count


def append(grid: Grid, rows: bool, _at: int, count: int) -> None:  # noqa: FBT001  # as above
    grid.asked = {
        "appendDimension": {
            "sheetId": 0,
            "dimension": "ROWS" if rows else "COLUMNS",
            "length": count,
        }
    }
    if rows:
        grid.rows += count
    else:
        grid.columns += count


def move(grid: Grid, rows: bool, at: int, count: int, to: int) -> None:  # noqa: FBT001  # as above
    size = grid.rows if rows else grid.columns
    grid.asked = {"moveDimension": {"source": lines(rows, at, at + count), "destinationIndex": to}}
    if at + count > size or to > size:
        raise Refused
    if at <= to <= at + count:
        return
    order = [line for line in range(size + 50) if not at <= line < at + count]
    place_of = to if to < at else to - count
    order[place_of:place_of] = range(at, at + count)
    for merge in grid.merges:
        taken = {at <= along(place, rows) < at + count for place in merge.cells()}
        span = {along(place, rows) for place in merge.cells()}
        if len(taken) == 2 or min(span) < to <= max(span):
            raise Refused
    grid.carry(
        lambda place: shifted(place, rows, order.index(along(place, rows)) - along(place, rows))
    )


def push(grid: Grid, area: Area, rows: bool, insert_: bool) -> None:  # noqa: FBT001  # as above
    kind = "insertRange" if insert_ else "deleteRange"
    grid.asked = {kind: {"range": area.json(), "shiftDimension": "ROWS" if rows else "COLUMNS"}}
    if area.top >= grid.rows or area.left >= grid.columns:
        raise Refused
    area = Area(area.top, min(area.bottom, grid.rows), area.left, min(area.right, grid.columns))
    start, end = (area.top, area.bottom) if rows else (area.left, area.right)
    low, high = (area.left, area.right) if rows else (area.top, area.bottom)

    def in_band(place: Place) -> bool:
        return low <= along(place, not rows) < high

    for merge in grid.merges:
        moving = any(in_band(place) and along(place, rows) >= start for place in merge.cells())
        if moving and not all(map(in_band, merge.cells())):
            raise Refused

    def where(place: Place) -> Place | None:
        if not in_band(place) or along(place, rows) < start:
            return place
        if insert_:
            return shifted(place, rows, end - start)
        return None if along(place, rows) < end else shifted(place, rows, start - end)

    grid.carry(where)
    filled = [*grid.cells, *(place for merge in grid.merges for place in merge.cells())]
    if rows:
        grid.rows = max([grid.rows, *(row + 1 for row, _ in filled)])
    else:
        grid.columns = max([grid.columns, *(column + 1 for _, column in filled)])


def copied(value: Value, down: int, across: int) -> Value:
    if not isinstance(value, Ref) or value.at is None or value.fixed:
        return value
    place = (value.at[0] + down, value.at[1] + across)
    return value._replace(at=place if min(place) >= 0 else None)


def copy_paste(grid: Grid, area: Area, at: Place) -> None:
    down, across = at[0] - area.top, at[1] - area.left
    target = Area(area.top + down, area.bottom + down, area.left + across, area.right + across)
    grid.asked = {
        "copyPaste": {
            "source": area.json(),
            "destination": Area(at[0], at[0] + 1, at[1], at[1] + 1).json(),
        }
    }
    grid.inside(area)
    grid.inside(target)
    merges = grid.whole_merges(area)
    gone = grid.whole_merges(target)
    taken = {place: grid.cells.get(place) for place in area.cells()}
    for (row, column), value in taken.items():
        grid.put(
            (row + down, column + across), None if value is None else copied(value, down, across)
        )
    grid.merges = [merge for merge in grid.merges if merge not in gone]
    grid.merges += [
        Area(m.top + down, m.bottom + down, m.left + across, m.right + across) for m in merges
    ]


def cut_paste(grid: Grid, area: Area, at: Place) -> None:
    down, across = at[0] - area.top, at[1] - area.left
    target = Area(area.top + down, area.bottom + down, area.left + across, area.right + across)
    grid.asked = {
        "cutPaste": {
            "source": area.json(),
            "destination": {"rowIndex": at[0], "columnIndex": at[1]},
        }
    }
    grid.inside(area)
    grid.inside(target)
    merges = grid.whole_merges(area)
    rest = Grid(merges=[merge for merge in grid.merges if merge not in merges])
    gone = rest.whole_merges(target)
    if area == target:
        return
    grid.merges = [merge for merge in grid.merges if merge not in gone]

    def where(place: Place) -> Place | None:
        if place in area.cells():
            return (place[0] + down, place[1] + across)
        return None if place in target.cells() else place

    grid.carry(where)


def sort(grid: Grid, area: Area, nth: int, descending: bool) -> None:  # noqa: FBT001  # as above
    column = area.left + nth
    order = "DESCENDING" if descending else "ASCENDING"
    grid.asked = {
        "sortRange": {
            "range": area.json(),
            "sortSpecs": [{"dimensionIndex": column, "sortOrder": order}],
        }
    }
    grid.inside(area)
    if not area.left <= column < area.right:
        raise Refused
    touched = grid.touching(area)
    if any(
        merge.bottom - merge.top > 1 or merge.left < area.left or merge.right > area.right
        for merge in touched
    ):
        raise Refused
    keys = {row: grid.cells.get((row, column)) for row in range(area.top, area.bottom)}
    if any(isinstance(key, Ref) for key in keys.values()):
        raise Skipped
    numbers = {row: key for row, key in keys.items() if isinstance(key, int)}
    texts = {row: key for row, key in keys.items() if isinstance(key, str)}
    low = sorted(numbers, key=numbers.__getitem__, reverse=descending)
    high = sorted(texts, key=texts.__getitem__, reverse=descending)
    filled = high + low if descending else low + high
    rows = filled + [row for row in keys if keys[row] is None]
    before = dict(grid.cells)
    for offset, origin in enumerate(rows):
        row = area.top + offset
        for at in range(area.left, area.right):
            value = before.get((origin, at))
            grid.put((row, at), None if value is None else copied(value, row - origin, 0))
    grid.merges = [
        m._replace(top=(new := area.top + rows.index(m.top)), bottom=new + 1) if m in touched else m
        for m in grid.merges
    ]


def merge(grid: Grid, area: Area) -> None:
    grid.asked = {"mergeCells": {"range": area.json(), "mergeType": "MERGE_ALL"}}
    grid.inside(area)
    gone = grid.whole_merges(area)
    grid.merges = [old for old in grid.merges if old not in gone]
    if len(area.cells()) > 1:
        grid.merges.append(area)
        first = next((grid.cells[place] for place in area.cells() if place in grid.cells), None)
        for place in area.cells():
            grid.put(place, None)
        grid.put(area.cells()[0], first)


def unmerge(grid: Grid, area: Area) -> None:
    grid.asked = {"unmergeCells": {"range": area.json()}}
    grid.inside(area)
    gone = grid.whole_merges(area)
    grid.merges = [old for old in grid.merges if old not in gone]


def entered(value: Value | None) -> dict[str, Any]:
    if value is None:
        return {}
    if isinstance(value, Ref):
        return {"userEnteredValue": {"formulaValue": value.text()}}
    return {"userEnteredValue": {"numberValue" if isinstance(value, int) else "stringValue": value}}


def update_cells(grid: Grid, at: Place, values: list[list[Value | None]]) -> None:
    width = max(map(len, values))
    start = {"sheetId": 0, "rowIndex": at[0], "columnIndex": at[1]}
    rows = [{"values": [entered(value) for value in row]} for row in values]
    grid.asked = {"updateCells": {"start": start, "rows": rows, "fields": "userEnteredValue"}}
    grid.inside(Area(at[0], at[0] + len(values), at[1], at[1] + width))
    for down, row in enumerate(values):
        for across, value in enumerate(row):
            grid.put((at[0] + down, at[1] + across), value)


def repeat_cell(grid: Grid, area: Area, value: Value) -> None:
    grid.asked = {
        "repeatCell": {"range": area.json(), "cell": entered(value), "fields": "userEnteredValue"}
    }
    grid.inside(
        Area(area.top, area.top + 1, area.left, area.left + 1)
    )  # an end beyond the grid is clipped
    for row, column in area.cells():
        if row < grid.rows and column < grid.columns:
            grid.put((row, column), copied(value, row - area.top, column - area.left))
