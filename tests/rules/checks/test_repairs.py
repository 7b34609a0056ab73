"""Cells as they should be written: what is repaired, what is left alone, and that a repair changes no value."""

from datetime import date
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheetsync.method.terms import FieldType
from sheetsync.values import PLAIN, Cell, Hint, Home, canonical, hint_of
from sheetsync.values.tidy_forms import is_same_value
from tests.builders.draws import draws
from tests.builders.reading import CELLS, read

DAY_FIRST = hint_of("date", ["31.12.2025", "05.12.2025"], Home("RU"))
MIXED = hint_of("date", ["31.12.2025", "12.31.2025"], Home("RU"))


def repaired(kind: str, cell: Cell, region: str = "RU", hint: Hint = PLAIN) -> Cell:
    return canonical(kind, cell, read(kind, cell, region, hint), hint)


@pytest.mark.parametrize(
    ("kind", "cell", "written"),
    [
        ("text", "  ООО   «Ромашка»\u00a0 ", "ООО «Ромашка»"),
        (
            "text",
            "первый звонок \n\n  потом  второй",
            "первый звонок\n\nпотом второй",
        ),  # lines are the writer's own
        ("manager", "Иванов ", "Иванов"),
        ("state", "Новый ", "Новый"),
        ("email", "A@B.ru ", "A@B.ru"),
        ("phone", "89123456789", "+7 912 345-67-89"),
        ("phone", " 8 (912) 345\u201367\u201389 ", "+7 912 345-67-89"),
        ("phone", 79123456789, "+7 912 345-67-89"),
        ("phone", 9123456789.0, "+7 912 345-67-89"),
        ("phone", "+442079460958", "+44 20 7946 0958"),
        ("phone", "8  912 345-67-89 доб. 5", "8 912 345-67-89 доб. 5"),
        ("tax_number", 7701234567, "7701234567"),
        ("tax_number", 276067281, "0276067281"),
        ("tax_number", "276067281", "0276067281"),
        ("tax_number", "7701234567 ", "7701234567"),
        ("date", "31.12.2025", 46022),
        ("date", "31.12.25 г.", 46022),
        ("date", "2025-12-31", 46022),
        ("date", "31 декабря 2025", 46022),
        ("date", "12.12.2025", 46003),  # the same in either order
        ("date", "31.12.2025 00:00:00", 46022),
    ],
)
def test_a_form_that_means_one_thing_only_is_repaired(kind: str, cell: Cell, written: Cell) -> None:
    found = repaired(kind, cell)
    assert (type(found), found) == (type(written), written)


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        ("text", "ООО «Ромашка»"),
        ("text", " =1+1"),
        ("text", "=СУММ(A1;  A2)"),
        ("text", 5.0),
        ("text", "  "),
        ("text", "#REF!"),
        ("text", True),
        ("state", "Сделкка "),  # a cell that cannot be read is a person's
        ("email", "A@B.ru"),
        ("phone", "+7 912 345-67-89"),
        ("phone", "8 912 345-67-89 Иван"),
        ("phone", "8 912 345-67-89 доб. 5"),
        ("phone", "89123456789 84951234567"),
        ("phone", "89123456789 123-45-67"),
        ("phone", "=89123456789"),
        ("phone", "нет "),
        ("phone", 7701234567),  # as like a tax number as a phone
        ("tax_number", "7701234567"),
        ("tax_number", "7701234567/770101001"),
        ("tax_number", "77 0123 4567"),
        ("tax_number", 101234567),  # the check digits do not say that a zero was lost
        ("date", 46022),
        ("date", "05.12.2025"),
        ("date", "12 мая"),
        ("date", "31.12.2025 14:30"),
        ("date", "пн 31.12.2025"),
        ("date", "31.02.2025"),
        ("amount", " 120 000 руб. "),
    ],
)
def test_what_is_right_or_in_doubt_is_left_alone(kind: str, cell: Cell) -> None:
    assert repaired(kind, cell) is None


def test_a_date_of_either_order_is_repaired_where_its_column_tells_the_order() -> None:
    assert repaired("date", "05.12.2025", hint=DAY_FIRST) == 45996
    assert repaired("date", "05.12.2025", hint=MIXED) is None
    assert repaired("date", "05/12/2025", "US") is None
    assert repaired("date", "5 мая", hint=Hint(around=date(2026, 3, 2))) is None


@pytest.mark.parametrize("cell", ["89123456789 ", "31.12.2025", 7701234567, " ООО  «Ромашка»"])
@pytest.mark.parametrize("kind", sorted(get_args(FieldType)))
def test_a_cell_of_several_values_is_never_repaired(kind: str, cell: Cell) -> None:
    assert repaired(kind, cell, hint=Hint(part=True)) is None


DIGITS = st.from_regex(r"\A\+?[0-9 ()-]{9,18}\Z")
DATES = st.from_regex(r"\A[0-3]?[0-9][./-][01]?[0-9][./-](20)?[0-9]{2}\Z")


@settings(max_examples=draws(400), deadline=None)
@given(
    st.one_of(CELLS, DIGITS, DATES, st.integers(10**9, 10**12)),
    st.lists(DATES, max_size=3),
    st.sampled_from(["RU", "US"]),
)
def test_a_repaired_cell_reads_the_same_and_needs_no_repair(
    cell: Cell, others: list[Cell], region: str
) -> None:
    for kind in get_args(FieldType):
        hint = hint_of(kind, [cell, *others], Home(region))
        before = read(kind, cell, region, hint)
        written = canonical(kind, cell, before, hint)
        if written is None:
            continue
        after = read(kind, written, region, hint)
        assert after == before
        assert canonical(kind, written, after, hint) is None


@pytest.mark.parametrize(
    ("kind", "cell", "form", "same"),
    [
        ("phone", "8 (029) 310-45-60", "+375 29 310-45-60", True),
        ("phone", "8 (029) 310-45-60", "+375 29 310-45-61", False),
        ("phone", 79123456789, "+7 912 345-67-89", True),
        ("phone", "020 7946 0000", "+1 207-946-0001", False),
        ("tax_number", 276067281, "0276067281", True),
        ("tax_number", "276067281", "2760672810", False),
        ("date", "31.12.2025", 46022, True),
        ("date", "31.12.25", 46022, True),
        ("date", "31.12.2025", 46021, False),
        ("date", "12.31.2025", "31.12.2025", False),
        ("text", "  ООО   «Ромашка» ", "ООО «Ромашка»", True),
        ("text", "ООО «Ромашка»", "ООО Ромашка", False),
    ],
)
def test_no_form_passes_that_means_something_else(
    kind: str, cell: Cell, form: Cell, *, same: bool
) -> None:
    assert is_same_value(kind, cell, form) is same
