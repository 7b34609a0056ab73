"""Ranges that lost rows at their edges: what a batch does to them, and what an undo makes of them, as values."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetsync.sheets.batch.formula_places import Titles, place_of, rewritten, taken_apart
from sheetsync.sheets.batch.ranges_back import RowsBack
from sheetsync.sheets.batch.row_cuts import RowCuts
from sheetsync.workbook.range_notes import (
    RangeNote,
    TabArea,
    grid_range_of,
    note_of,
    places_in,
    places_text,
    tab_area,
)
from sheetsync.workbook.range_owners import ranges_in, with_ranges
from sheetsync.workbook.snapshot import FAR, CellArea

TAB = 7
TITLES = Titles({TAB: "База", 8: "It's", 9: "Списки"})


def change(kind: str, start: int, end: int, sheet_id: int = TAB) -> dict[str, Any]:
    area = {"sheetId": sheet_id, "dimension": "ROWS", "startIndex": start, "endIndex": end}
    return {kind: {"range": area}}


def rows(top: int, bottom: int) -> CellArea:
    return CellArea(top, bottom, 2, 3)


@pytest.mark.parametrize(
    ("requests", "area", "after", "loses"),
    [
        ([("deleteDimension", 6, 7)], rows(1, 7), rows(1, 6), True),
        ([("deleteDimension", 1, 2)], rows(1, 7), rows(1, 6), True),
        ([("deleteDimension", 3, 4)], rows(1, 7), rows(1, 6), False),
        ([("deleteDimension", 0, 9)], rows(1, 7), None, True),
        ([("deleteDimension", 7, 9)], rows(1, 7), rows(1, 7), False),
        ([("insertDimension", 1, 3)], rows(1, 7), rows(3, 9), False),
        ([("insertDimension", 2, 4)], rows(1, 7), rows(1, 9), False),
        ([("insertDimension", 7, 9)], rows(1, 7), rows(1, 7), False),
        # What is inserted before it is deleted: the last row is still the last one.
        ([("insertDimension", 2, 4), ("deleteDimension", 8, 9)], rows(1, 7), rows(1, 8), True),
        # Open ends stay open, whole columns whole.
        ([("deleteDimension", 3, 5)], rows(1, FAR), rows(1, FAR), False),
        ([("deleteDimension", 0, 5)], rows(0, FAR), rows(0, FAR), False),
        ([("deleteDimension", 1, 3)], rows(1, FAR), rows(1, FAR), True),
    ],
)
def test_a_range_goes_where_the_service_takes_it(
    requests: list[tuple[str, int, int]], area: CellArea, after: CellArea | None, *, loses: bool
) -> None:
    cuts = RowCuts([change(*request) for request in requests])
    assert cuts.area(TAB, area) == after
    assert cuts.loses_an_edge(TAB, area) is loses
    assert cuts.area(8, area) == area
    assert not cuts.loses_an_edge(8, area)


@pytest.mark.parametrize(
    ("formula", "skeleton", "read"),
    [
        ("=SUM('База'!E2:E7)", "SUM(#)", [TabArea(TAB, CellArea(1, 7, 4, 5))]),
        ("=E2/SUM(E$2:E$7)", "#/SUM(#)", [(1, 2, 4, 5), (1, 7, 4, 5)]),
        ("=COUNTA(База!A:A)", "COUNTA(#)", [(0, FAR, 0, 1)]),
        ("=SUM(2:5)", "SUM(#)", [(1, 5, 0, FAR)]),
        ("=Суммы+Rates", "#+#", [None, None]),
        ("=SUM(База!#REF!)+#REF!", "SUM(#)+#", [None, None]),
        ("=SUM('It''s'!A1:B2)", "SUM(#)", [TabArea(8, CellArea(0, 2, 0, 2))]),
        ("=[Book.xlsx]Лист!A1", "#", [None]),
        ("=VLOOKUP(A1;База!A2:B9;2;0)", "VLOOKUP(#;#;2;0)", [(0, 1, 0, 1), (1, 9, 0, 2)]),
    ],
)
def test_a_formula_tells_what_it_reads(formula: str, skeleton: str, read: list[Any]) -> None:
    parts = taken_apart(formula)
    assert parts is not None
    assert parts.skeleton == skeleton
    expected = [
        TabArea(TAB, CellArea(*place)) if isinstance(place, tuple) and len(place) == 4 else place
        for place in read
    ]
    assert [place_of(text, TAB, TITLES) for text in parts.texts] == expected
    assert parts.with_texts(parts.texts) == formula


@pytest.mark.parametrize("formula", ["=SUM(A1", "=)", '=INDIRECT("A"&1))', "=" + "(" * 50])
def test_what_cannot_be_taken_apart_raises_nothing(formula: str) -> None:
    taken_apart(formula)


@pytest.mark.parametrize(
    ("reference", "home", "place", "written"),
    [
        ("E$2:E$7", TAB, (1, 9), "E$2:E$9"),
        ("'База'!$E$2:$E$7", 9, (3, 5), "'База'!$E$4:$E$5"),
        ("E2", TAB, (4, 5), "E5"),
        # Of a range that had shrunk to one cell, a range again.
        ("E$8", TAB, (1, 7), "E$2:E$7"),
        ("E:E", TAB, (0, FAR), "E:E"),
    ],
)
def test_a_reference_is_written_as_it_was_with_other_rows(
    reference: str, home: int, place: tuple[int, int], written: str
) -> None:
    area = CellArea(*place, 4, 5)
    assert rewritten(reference, TabArea(TAB, area), home, TITLES) == written


@pytest.mark.parametrize(
    ("back", "strangers", "now", "before", "after"),
    [
        # Its last row is back where it was; its first one; both.
        ({7: 7}, {2, 3, 4, 5, 6}, rows(1, 6), rows(1, 7), rows(1, 7)),
        ({2: 2}, {3, 4}, rows(2, 4), rows(1, 4), rows(1, 4)),
        # All of it had gone.
        ({2: 2, 3: 3}, set(), None, rows(1, 3), rows(1, 3)),
        ({2: 5, 3: 6}, {2, 3, 4}, None, rows(1, 3), rows(4, 6)),
        # Rows that were never in it are not taken in.
        ({9: 9}, {2, 3}, rows(1, 3), rows(1, 3), rows(1, 3)),
        # Another client stands between the range and the row: it is left alone.
        ({7: 9}, {2, 3, 8}, rows(1, 3), rows(1, 7), None),
        # Nothing of it is back.
        ({}, {2}, None, rows(1, 7), None),
    ],
)
def test_a_range_takes_in_again_the_rows_that_were_in_it_and_none_besides(
    back: dict[int, int],
    strangers: set[int],
    now: CellArea | None,
    before: CellArea,
    after: CellArea | None,
) -> None:
    there = RowsBack(back, all_back=True, strangers=frozenset(strangers))
    assert there.widened(now, before) == after


@given(
    st.integers(0, 5),
    st.integers(1, 20),
    st.lists(st.tuples(st.integers(0, 30), st.integers(-4, 4)), max_size=6),
)
def test_cells_inside_a_range_stay_inside_it_whatever_comes_and_goes(
    top: int, length: int, steps: list[tuple[int, int]]
) -> None:
    area = rows(top, top + length)
    requests = []
    for start, count in steps:
        kind = "insertDimension" if count > 0 else "deleteDimension"
        requests.append(change(kind, start, start + abs(count)))
    cuts = RowCuts(requests)
    left = [cuts.row(TAB, row) for row in range(area.top, area.bottom)]
    inside = [row for row in left if row is not None]
    after = cuts.area(TAB, area)
    if inside:
        assert after is not None
        assert (after.top, after.bottom) == (inside[0], inside[-1] + 1) or cuts.loses_an_edge(
            TAB, area
        )
        assert after.top <= inside[0] < inside[-1] + 1 <= after.bottom


def test_a_note_is_read_back_as_it_was_written() -> None:
    note = RangeNote("name", -1, "123", "0:1:7:4:5", "0:1:2:4:5")
    assert note_of(note.data()) == note
    assert len(note.data()) == 5
    places = (TabArea(0, CellArea(1, FAR, 2, FAR)), TabArea(5, CellArea(0, 3, 0, 1)))
    assert places_in(places_text(places)) == places
    assert tuple(tab_area(grid_range_of(place)) for place in places) == places


@pytest.mark.parametrize(
    "data",
    [
        None,
        "name",
        [],
        ["name", 1],
        ["name", "1", "k", "", ""],
        [1, 2, "k", "", ""],
        ["name", True, "k", "", ""],
        ["name", 1, "k", None, ""],
        ["name", 1, *(["x"] * 9)],
    ],
)
def test_what_is_no_note_is_passed_over(data: Any) -> None:
    assert note_of(data) is None


@pytest.mark.parametrize("text", ["x", "1:2", "1:2:3:4:x", "1:2:3:4:5:6", "-1:0:1:0:1"])
def test_what_are_no_places_are_none(text: str) -> None:
    assert places_in(text) == ()


def test_ranges_are_found_and_put_wherever_they_stand_in_a_body() -> None:
    one, two = {"sheetId": 1, "startRowIndex": 2}, {"endRowIndex": 5}
    body = {"spec": {"b": [{"sources": [two]}], "a": {"range": one}}, "id": 4}
    assert [*ranges_in(body)] == [one, two]
    assert with_ranges(body, [two, one]) == {
        "spec": {"b": [{"sources": [one]}], "a": {"range": two}},
        "id": 4,
    }
