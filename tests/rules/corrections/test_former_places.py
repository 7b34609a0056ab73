"""Rows that an undo brings back stand where they stood, as far as their neighbours still do."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheetsync.rules.corrections.former_places import (
    FormerPlace,
    TabNow,
    former_place,
    places_now,
    places_of,
)
from sheetsync.workbook.journal import JournalLine

HEADER = 1
Column = Sequence[str]
"""What stands in a tab's rows below its headings, from the top: ids, "" for a row of no client."""


def standing(column: Column) -> TabNow:
    rows = {row_id: row for row, row_id in enumerate(column, start=HEADER + 1) if row_id}
    return TabNow(rows, HEADER, HEADER + len(column))


def formers(column: Column, ids: str) -> dict[str, FormerPlace]:
    tab = standing(column)
    places = places_of([*tab.rows], [*tab.rows.values()], HEADER)
    return {row_id: places[row_id] for row_id in ids}


def put_back(before: Column, moved: str, now: Column, going: str | None = None) -> list[str]:
    """Put the rows that a run moved out of `before` back into what stands there `now`."""
    known = formers(before, moved)
    chosen = [known[row_id] for row_id in (moved if going is None else going)]
    found = places_now(standing(now), chosen, known)
    lines = [*now]
    for number, place in enumerate(found.rows):
        lines.insert(place.before - HEADER - 1 + number, place.id)
    return [*lines, *(f"?{row_id}" for row_id in found.unsure)]


@pytest.mark.parametrize(
    ("before", "moved", "now", "after"),
    [
        ("abcdef", "b", "acdef", "abcdef"),
        ("abcdef", "af", "bcde", "abcdef"),
        ("abcdef", "abcdef", "", "abcdef"),
        ("abcdef", "bcd", "aef", "abcdef"),
        # People have typed new ones since: at the end, and in the very gap.
        ("abc", "c", "abx", "abcx"),
        ("abc", "b", "axc", "abxc"),
        # The one above is gone, the one below is not.
        ("abc", "b", "c", "bc"),
        # Sorted since: below the one that it stood below, and said.
        ("abcd", "b", "dca", "dcab?b"),
        # Neither neighbour is there: where its number was, and said.
        ("abcd", "b", "xyz", "xbyz?b"),
        ("abcdefgh", "g", "xy", "xyg?g"),
    ],
)
def test_a_row_goes_back_between_its_neighbours(
    before: str, moved: str, now: str, after: str
) -> None:
    assert "".join(put_back(before, moved, now)) == after


@pytest.mark.parametrize(
    ("before", "moved", "now", "after"),
    [
        (["", "a", "b"], "a", ["", "b"], ["", "a", "b"]),
        (["a", "", "b", "c"], "b", ["a", "", "c"], ["a", "", "b", "c"]),
        (["a", "", "", "b"], "b", ["a", "", ""], ["a", "", "", "b"]),
        (["a", "", "b", "c", ""], "bc", ["a", "", ""], ["a", "", "b", "c", ""]),
        (["a", "", "b", "c", ""], "abc", ["", ""], ["a", "", "b", "c", ""]),
        # The empty row is gone: it stays below the next client by no means.
        (["a", "", "b", "c"], "b", ["a", "c"], ["a", "b", "c"]),
    ],
)
def test_rows_of_no_client_keep_their_place_among_those_that_come_back(
    before: list[str], moved: str, now: list[str], after: list[str]
) -> None:
    assert put_back(before, moved, now) == after


def test_what_cannot_go_back_leaves_no_hole_for_what_can() -> None:
    assert put_back("abcd", "bc", "ad", going="c") == ["a", "c", "d"]
    # Somebody has carried it back already.
    assert put_back("abcd", "bc", "abd", going="c") == ["a", "b", "c", "d"]


@settings(max_examples=60)
@given(
    st.lists(st.booleans(), min_size=1, max_size=12),
    st.sets(st.integers(0, 11)),
    st.sets(st.integers(0, 11)),
)
def test_whatever_moved_out_goes_back_into_the_same_order(
    clients: list[bool], first: set[int], second: set[int]
) -> None:
    letters = [chr(97 + n) if is_client else "" for n, is_client in enumerate(clients)]
    moved = "".join(letters[n] for n in sorted(first) if n < len(letters))
    after_first = [row_id for row_id in letters if row_id not in moved or not row_id]
    again = "".join(chr(97 + n) for n in sorted(second) if chr(97 + n) in after_first)
    after_second = [row_id for row_id in after_first if row_id not in again or not row_id]
    # The later run is taken back first, then the earlier one.
    then = put_back(after_first, again, after_second)
    assert then == after_first
    assert put_back(letters, moved, then) == letters


@pytest.mark.parametrize(
    "data",
    [
        "",
        "[]",
        '{"from": "working", "to": "rework", "rule": "expired"}',
        '{"row": "5", "above": "", "below": ""}',
        '{"row": 5, "above": null, "below": ""}',
        '{"row": true, "above": "", "below": ""}',
        '{"row": 5, "above": "", "below": "", "gap": 0}',
    ],
)
def test_lines_of_old_and_lines_that_people_have_changed_tell_no_place(data: str) -> None:
    line = JournalLine(0, "r", "a", "", "", "moved", "working", "rework", "", data)
    assert former_place(line) is None


def test_a_row_that_the_run_left_behind_empty_is_no_row_of_the_team() -> None:
    """Two groups under a name each, all of whose rows had left; the first one left row 3 empty.

    Before: headings, name, a, total, name, b, total. Now: headings, name, (empty), total, name, total.
    """
    first = FormerPlace("a", row=3, above="", below="b", gap=2)
    second = FormerPlace("b", row=6, above="a", below="", gap=3)
    moved = {"a": first, "b": second}
    now = TabNow({}, header=1, last=6, left_empty=frozenset({3}))
    found = places_now(now, [first, second], moved)
    assert {place.id: place.before for place in found.rows} == {"a": 3, "b": 6}
