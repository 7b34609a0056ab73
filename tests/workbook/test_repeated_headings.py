"""Headings that stand again among the rows, as in lists that were made to be printed."""

import pytest

from sheetsync.method.policy import Policy, template
from sheetsync.values import Cell
from sheetsync.workbook.headings import Lookup, find_headings, repeated_headings

EN = template("en")
HEADINGS: list[Cell] = ["Company", "2026", "State", "Manager", "Phone"]
AGAIN: list[tuple[list[Cell], tuple[int, ...]]] = [
    (HEADINGS, (1,)),
    ([" company ", None, "STATE:", "manager", "Phone"], (1,)),  # in another spelling
    (["Company", 2026, "State", "Manager", None], (1,)),  # a number that reads as its heading
    (["Company", 2025, "State", "Manager", None], ()),
    (["Company", "2026", "State", "Ann", "Bob"], ()),
    (["State", "Manager", None, "Company", "Phone"], (1,)),  # in another order
    (["Acme", 2026, "deal", "Ann", 79123456789], ()),
    ([None, None, None, None, None], ()),
    ([], ()),
    (["Company", None, "State"], ()),
]


@pytest.mark.parametrize(("row", "rows"), AGAIN)
def test_a_row_that_holds_the_headings_again_is_no_client(
    row: list[Cell], rows: tuple[int, ...]
) -> None:
    assert again([row]) == rows


def again(rows: list[list[Cell]], policy: Policy = EN) -> tuple[int, ...]:
    """Return the rows (0-based) below the headings that hold them again."""
    lookup = Lookup(policy)
    cells = [HEADINGS, *rows]
    headings = find_headings(cells, lookup)
    assert headings is not None
    return repeated_headings(cells, headings, lookup)
