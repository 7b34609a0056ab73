"""Random batches against a slow, obvious grid: a dict of cells and a list of merges.

What the grid below cannot say (formats, rules, other tabs) is tested in test_moving.py and test_structure.py.
"""

from __future__ import annotations

import copy
import tempfile
from pathlib import Path
from typing import Any

import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from sheetsync.emulator import LocalAdapter, Workspace, create_workbook
from tests.builders.draws import draws
from tests.emulator.plain_grid import (
    COLUMNS,
    ROWS,
    Area,
    Grid,
    Place,
    Ref,
    Refused,
    Request,
    Skipped,
    Value,
    append,
    copy_paste,
    cut_paste,
    delete,
    insert,
    lines,
    merge,
    move,
    push,
    repeat_cell,
    sort,
    unmerge,
    update_cells,
)

ROOT = "https://sheets.googleapis.com/v4/spreadsheets/"

small, size = st.integers(0, 5), st.integers(1, 3)
places = st.tuples(st.integers(0, 4), st.integers(0, 3))
areas = st.builds(
    lambda at, height, width: Area(at[0], at[0] + height, at[1], at[1] + width),
    places,
    size,
    st.integers(1, 3),
)
values = st.one_of(
    st.integers(-9, 9), st.sampled_from("abcd"), st.builds(Ref, places, st.booleans())
)
blocks = st.lists(
    st.lists(st.one_of(st.none(), values), min_size=1, max_size=3), min_size=1, max_size=3
)
operations = st.one_of(
    st.tuples(st.just(insert), st.booleans(), small, size),
    st.tuples(st.just(delete), st.booleans(), small, size),
    st.tuples(st.just(append), st.booleans(), small, size),
    st.tuples(st.just(move), st.booleans(), small, size, small),
    st.tuples(st.just(push), areas, st.booleans(), st.booleans()),
    st.tuples(st.just(copy_paste), areas, places),
    st.tuples(st.just(cut_paste), areas, places),
    st.tuples(st.just(sort), areas, st.integers(0, 2), st.booleans()),
    st.tuples(st.just(merge), areas),
    st.tuples(st.just(unmerge), areas),
    st.tuples(st.just(update_cells), places, blocks),
    st.tuples(st.just(repeat_cell), areas, values),
)


class Caller:
    """Speaks to a spreadsheet, which becomes as large as the grid unless no size is given."""

    def __init__(
        self, workspace: Workspace, size: tuple[int, int] | None = (ROWS, COLUMNS)
    ) -> None:
        self.session = requests.Session()
        self.session.mount("https://", LocalAdapter(workspace))
        self.id = workspace.books[0].id
        if size is not None:
            properties = {
                "sheetId": 0,
                "gridProperties": {"rowCount": size[0], "columnCount": size[1]},
            }
            fields = "gridProperties(rowCount,columnCount)"
            assert (
                self.batch(
                    [{"updateSheetProperties": {"properties": properties, "fields": fields}}]
                )
                == 200
            )

    def send(self, method: str, path: str, json: Any = None, **params: Any) -> tuple[int, Any]:
        response = self.session.request(method, ROOT + self.id + path, json=json, params=params)
        return response.status_code, response.json()

    def batch(self, requests_: list[Request]) -> int:
        return self.send("POST", ":batchUpdate", {"requests": requests_})[0]

    def shown(self) -> tuple[list[list[Any]], set[Area], tuple[int, int]]:
        read = self.send("GET", "/values/Sheet1", valueRenderOption="FORMULA")[1].get("values", [])
        sheet = self.send("GET", "")[1]["sheets"][0]
        grid = sheet["properties"]["gridProperties"]
        names = ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")
        merges = {Area(*(entry[name] for name in names)) for entry in sheet.get("merges", [])}
        return read, merges, (grid["rowCount"], grid["columnCount"])


def told(grid: Grid) -> tuple[list[list[Any]], set[Area], tuple[int, int]]:
    return grid.shown(), set(grid.merges), (grid.rows, grid.columns)


def do(grid: Grid, operation: tuple[Any, ...]) -> tuple[Grid, list[Request], bool]:
    """Give the grid afterwards, the request, and whether Google would do it."""
    new = copy.deepcopy(grid)
    try:
        operation[0](new, *operation[1:])
    except Skipped:
        return grid, [], True
    except Refused:
        return grid, [new.asked], False
    return new, [new.asked], True


def write_values(grid: Grid, caller: Caller, at: Place, block: list[list[Value | None]]) -> None:
    """values.update, clear and append: a block is written, its first line cleared, one appended below all."""
    area = Area(at[0], at[0] + len(block), at[1], at[1] + max(map(len, block)))
    if area.bottom > grid.rows or area.right > grid.columns:
        return
    start = f"{chr(65 + at[1])}{at[0] + 1}"
    typed = [
        ["" if v is None else v.text() if isinstance(v, Ref) else v for v in row] for row in block
    ]
    option = {"valueInputOption": "USER_ENTERED"}
    assert caller.send("PUT", f"/values/Sheet1!{start}", {"values": typed}, **option)[0] == 200
    update_cells(grid, at, block)
    end = f"{chr(64 + area.right)}{at[0] + 1}"
    assert caller.send("POST", f"/values/Sheet1!{start}:{end}:clear")[0] == 200
    for column in range(area.left, area.right):
        grid.put((at[0], column), None)


def append_values(grid: Grid, caller: Caller) -> None:
    """values.append to a table that nobody can mistake: all of column A from the top on, and nothing below."""
    filled = {row for row, _ in grid.cells}
    if (
        grid.merges
        or not filled
        or any((row, 0) not in grid.cells for row in range(max(filled) + 1))
    ):
        return
    option = {"valueInputOption": "RAW", "insertDataOption": "OVERWRITE"}
    assert (
        caller.send("POST", "/values/Sheet1!A1:append", {"values": [["last"]]}, **option)[0] == 200
    )
    row = max(filled) + 1
    grid.rows = max(grid.rows, row + 1)
    grid.put((row, 0), "last")


@settings(max_examples=draws(120), deadline=None)
@given(
    start=st.lists(st.tuples(places, values), min_size=8, max_size=16),
    batches=st.lists(st.lists(operations, min_size=1, max_size=4), min_size=1, max_size=5),
    typed=st.tuples(places, blocks),
)
def test_batches_do_to_the_grid_what_is_obvious(
    start: list[tuple[Place, Value]], batches: list[list[tuple[Any, ...]]], typed: tuple[Place, Any]
) -> None:
    workspace = Workspace.in_memory()
    workspace.create("Book")
    caller, grid = Caller(workspace), Grid()
    for place, value in start:
        update_cells(grid, place, [[value]])
        assert caller.batch([grid.asked]) == 200
    write_values(grid, caller, *typed)
    for batch in batches:
        new, sent, able = grid, [], True
        for operation in batch:
            new, request, able = do(new, operation)
            sent += request
            if not able:
                break
        if sent:
            assert caller.batch(sent) == (200 if able else 400), sent
        grid = new if able else grid
        assert caller.shown() == told(grid), sent
    append_values(grid, caller)
    assert caller.shown() == told(grid)
    caller.session.close()


WRONG: list[Request] = [
    {"deleteDimension": {"range": lines(rows=True, start=5000, end=5001)}},
    {"mergeCells": {"range": Area(0, 5000, 0, 1).json()}},
    {"moveDimension": {"source": lines(rows=True, start=0, end=1), "destinationIndex": 5000}},
    {"cutPaste": {"source": Area(0, 2, 0, 2).json(), "destination": {"rowIndex": 4999}}},
    {"sortRange": {"range": Area(0, 2, 0, 2).json(), "sortSpecs": [{"dimensionIndex": 9}]}},
    {"findReplace": {"find": "(", "searchByRegex": True, "sheetId": 0}},
    {"deleteDimensionGroup": {"range": lines(rows=False, start=0, end=1)}},
    {"insertRange": {"range": Area(0, 1, 0, 1).json()}},
    {"addSheet": {"properties": {"sheetId": 0}}},
    {"deleteNamedRange": {"namedRangeId": "nowhere"}},
]


def test_a_batch_with_a_bad_request_anywhere_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    create_workbook(path, title="Book")
    caller = Caller(Workspace.of_file(path))
    grid = Grid()
    texts: list[list[Value | None]] = [["b", 1, Ref((1, 0))], ["a", 2, Ref((0, 1), fixed=True)]]
    for operation in ((update_cells, (0, 0), texts), (merge, Area(3, 5, 3, 5))):
        grid, request, _ = do(grid, operation)
        assert caller.batch(request) == 200
    before, file_before = caller.send("GET", "", includeGridData=True), path.read_bytes()

    @settings(max_examples=60, deadline=None)
    @given(
        batch=st.lists(operations, max_size=4),
        wrong=st.sampled_from(WRONG),
        at=st.integers(0, 4),
    )
    def unchanged(batch: list[tuple[Any, ...]], wrong: Request, at: int) -> None:
        new, sent = grid, []
        for operation in batch:
            new, request, able = do(new, operation)
            sent += request if able else []
        sent.insert(min(at, len(sent)), wrong)
        assert caller.batch(sent) == 400, sent
        assert caller.send("GET", "", includeGridData=True) == before
        assert path.read_bytes() == file_before

    unchanged()
    caller.session.close()


@settings(max_examples=12, deadline=None)
@given(
    start=st.lists(st.tuples(places, values), min_size=8, max_size=16),
    batches=st.lists(st.lists(operations, min_size=1, max_size=5), min_size=1, max_size=3),
)
def test_what_batches_did_is_read_from_the_file_again(
    start: list[tuple[Place, Value]], batches: list[list[tuple[Any, ...]]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        create_workbook(path, title="Book")
        caller, grid = Caller(Workspace.of_file(path)), Grid()
        for place, value in start:
            update_cells(grid, place, [[value]])
            assert caller.batch([grid.asked]) == 200
        for batch in batches:
            sent = []
            for operation in batch:
                grid, request, able = do(grid, operation)
                sent += request if able else []
            assert not sent or caller.batch(sent) == 200, sent
        caller.session.close()
        opened = Caller(Workspace.of_file(path), size=None)
        assert opened.shown() == told(grid)
        opened.session.close()
