"""Moving neighbours together brings any order about, and what shifts as one is moved as one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetsync.sheets.requests.reorder import BlockMove, block_moves, reordered


@st.composite
def orders(draw: st.DrawFn) -> tuple[list[int | None], int]:
    """Give which of some rows is wanted at which place, and how many rows there are."""
    count = draw(st.integers(1, 30))
    rows = draw(st.lists(st.integers(0, count - 1), unique=True))
    places = draw(
        st.lists(st.integers(0, count - 1), unique=True, min_size=len(rows), max_size=len(rows))
    )
    row_by_place = dict(zip(places, rows, strict=True))
    return [row_by_place.get(place) for place in range(max(places, default=-1) + 1)], count


@given(orders())
def test_every_row_comes_to_the_place_where_it_is_wanted(
    case: tuple[list[int | None], int],
) -> None:
    wanted, count = case
    made = block_moves(wanted, count)
    order = reordered(range(count), made)
    assert sorted(order) == [*range(count)]
    assert [row for row, want in zip(order, wanted, strict=False) if want is not None] == [
        w for w in wanted if w is not None
    ]
    assert all(shift.to < shift.start < shift.end <= count for shift in made)
    assert len(made) <= len(wanted)


@pytest.mark.parametrize(
    ("wanted", "count", "made"),
    [
        ([0, 1, 2], 5, []),
        ([None, 0, 1, 2], 5, [BlockMove(4, 5, 0)]),  # one new line above: a row from below comes up
        (
            [None, 0, None, 2, None, 4],
            9,
            [BlockMove(6, 7, 0)],
        ),  # the same where not every line has a note
        ([1, 2, 3], 4, [BlockMove(1, 4, 0)]),  # one line less above: all that follow go up as one
        ([1, None, 3, None, 5], 9, [BlockMove(1, 6, 0)]),
        ([1, 0], 2, [BlockMove(1, 2, 0)]),
        ([2, 0, 1], 3, [BlockMove(2, 3, 0)]),
        ([None, None, 0], 3, [BlockMove(1, 3, 0)]),
    ],
)
def test_what_shifts_as_one_is_moved_as_one(
    wanted: list[int | None], count: int, made: list[BlockMove]
) -> None:
    assert block_moves(wanted, count) == made
