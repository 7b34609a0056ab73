"""Repairs of a column are those of its cells; texts that are read as they stand are not looked at."""

from typing import TYPE_CHECKING

import pytest

from sheetsync.values import Cell

if TYPE_CHECKING:
    from tests.builders.base import Base

BEFORE_AND_AFTER: list[tuple[str, Cell, Cell]] = [
    ("comment", "as it is", None),
    ("comment", "  two  spaces ", "two spaces"),
    ("comment", "two\nlines", None),
    ("comment", " two\n lines", "two\nlines"),
    ("comment", "и\u0306", None),  # composed when it is read, and left as it was typed
    ("comment", 5, None),
    ("manager", " Ann ", "Ann"),
    ("state", " New ", "New"),
    ("phone", 79123456789, "+7 912 345-67-89"),
    ("phone", 89123456789.0, "+7 912 345-67-89"),
    ("phone", "8 912 345 67 89", "+7 912 345-67-89"),
    ("phone", "+7 912 345-67-89", None),
    ("phone", "call 8 912 345 67 89", None),
]


@pytest.mark.parametrize(("field", "before", "after"), BEFORE_AND_AFTER)
def test_a_cell_is_repaired_among_others_that_need_none(
    play: "type[Base]", field: str, before: Cell, after: Cell
) -> None:
    base = play("section | company | state | manager | phone | comment")
    usual: dict[str, Cell] = {
        "section": "working",
        "company": "Acme",
        "state": "New",
        "manager": "Ann",
        "phone": "+1 202-555-0101",
        "comment": "as it is",
    }
    base.policy = base.policy.model_copy(
        update={"words": base.policy.words.model_copy(update={"phone_region": "RU"})}
    )
    base.rows = [dict(usual), {**usual, field: before}, dict(usual)]
    repaired = [
        (edit.row, edit.field, edit.before, edit.after)
        for edit in base.decide("2026-03-02").edits
        if edit.repair
    ]
    assert repaired == ([] if after is None else [(3, field, before, after)])
