"""Every form in which people write money, shares and counts, and what is none."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetsync.values import Cell, Reading, Value, to_cell
from tests.builders.reading import fault, read


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        (120000, 120000.0),
        (120000.5, 120000.5),
        (0, 0.0),
        (-5, -5.0),
        ("-5", -5.0),
        ("−5", -5.0),
        ("120000", 120000.0),
        ("120 000 руб.", 120000.0),
        ("120\u00a0000 рублей", 120000.0),
        ("120\u202f000 ₽", 120000.0),
        ("120000,5", 120000.5),
        ("120000.5", 120000.5),
        ("1 234,50 ₽", 1234.5),
        ("1,234.50", 1234.5),
        ("1.234,50", 1234.5),
        ("1,234,567", 1234567.0),
        ("1.234.567", 1234567.0),
        ("120,500", 120500.0),
        ("0,125", 0.125),
        ("1'234.50", 1234.5),
        ("$ 99.90", 99.9),
        ("€1 000", 1000.0),
        ("1500 р.", 1500.0),
        ("1\u2009234\u2009567,89", 1234567.89),
        ("1’000.50", 1000.5),
        ("1 000 ₸", 1000.0),
        ("100 тг", 100.0),
        ("500 грн.", 500.0),
        ("₴500", 500.0),
        ("1 000 USD", 1000.0),
        ("US$ 5", 5.0),
        ("EUR 1.234,50", 1234.5),
        ("£5", 5.0),
        ("1,2 млн", 1_200_000.0),
        ("1,250 млн", 1_250_000.0),
        ("0,5 млн ₽", 500_000.0),
        ("120 тыс.", 120_000.0),
        ("2,3 тыс. руб.", 2300.0),
        ("120 т.р.", 120_000.0),
        ("120k", 120_000.0),
        ("120к", 120_000.0),
        ("$1.5M", 1_500_000.0),
        ("2 млрд", 2_000_000_000.0),
        ("(1 200)", -1200.0),
        ("($5)", -5.0),
        ("-$5", -5.0),
        ("− 5 000 руб.", -5000.0),
        ("1,25,000", 125_000.0),
        ("₹ 3,00,000.50", 300_000.5),
        ("Rs. 45,000/-", 45_000.0),
        ("2.5 lakh", 250_000.0),
        ("1.2 crore", 12_000_000.0),
        ("€ 3.000,-", 3000.0),
        ("12,5 tys. zł", 12_500.0),
        ("10mila", 10_000.0),
        ("2,5 Mio. €", 2_500_000.0),
        ("10 bin TL", 10_000.0),
    ],
)
def test_an_amount_is_read_in_every_form(cell: Cell, amount: float) -> None:
    assert read("amount", cell) == Reading(amount)


@pytest.mark.parametrize(
    "cell",
    [
        "много",
        "руб.",
        "100-200",
        "5 mil",  # a thousand in Lisbon, a million in London
        "1.234,50-",  # perhaps a minus
        "от 100 000",
        "120 00",
        "5-",
        "(5",
        "10 %",
        "1 млн 200 тыс",
        "=1+1",
        "1,2.3,4.5",
        True,
        math.nan,
        math.inf,
        "9" * 400,
        "#N/A",
    ],
)
def test_what_is_no_amount_is_a_fault(cell: Cell) -> None:
    assert fault("amount", cell) == "not_an_amount"


@pytest.mark.parametrize(
    ("cell", "share"), [("50%", 0.5), ("50 %", 0.5), (0.5, 0.5), (50, 0.5), (1, 1.0), ("0", 0.0)]
)
def test_a_probability_is_a_share(cell: Cell, share: float) -> None:
    assert read("share", cell) == Reading(share)


@pytest.mark.parametrize("cell", [-1, 101, "150%", "высокая", True])
def test_what_is_no_probability_is_a_fault(cell: Cell) -> None:
    assert fault("share", cell) == "not_a_share"


@pytest.mark.parametrize(("cell", "whole"), [(-3, -3), ("12", 12), (7.0, 7)])
def test_a_count_of_days_is_whole(cell: Cell, whole: int) -> None:
    assert read("integer", cell) == Reading(whole)
    assert fault("integer", 7.5) == "not_an_amount"
    assert fault("integer", "9" * 400) == "not_an_amount"


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_an_amount_comes_back_from_every_way_to_write_it(amount: Value) -> None:
    value = float(str(amount))
    grouped = f"{value:,.2f}"
    russian = grouped.replace(",", "\u00a0").replace(".", ",")
    for cell in (
        value,
        grouped,
        russian,
        russian + " ₽",
        russian.replace("\u00a0", " ") + " руб.",
        to_cell(value),
    ):
        assert read("amount", cell).value == value
