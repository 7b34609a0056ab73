"""Tax numbers are of the kind that their column is, and get a zero back only where most are so long."""

import pytest

from sheetsync.values import Cell, Home, canonical, hint_of
from tests.builders.reading import read

UZBEK: list[Cell] = [511483093, 420822140, 276067281, 487824738]
RUSSIAN: list[Cell] = ["7701234567", "7736050003", "5003052454", "7707083893"]


def repaired(cells: list[Cell], home: Home) -> list[Cell]:
    hint = hint_of("tax_number", cells, home)
    return [
        canonical("tax_number", cell, read("tax_number", cell, home.region, hint), hint)
        for cell in cells
    ]


@pytest.mark.parametrize(
    ("cells", "home", "written"),
    [
        # 276067281 passes a Russian check with a zero before it, by chance.
        (UZBEK, Home("RU"), [None] * 4),
        (UZBEK, Home("RU", is_known=True), [None] * 4),
        ([*RUSSIAN, 276067281], Home("RU"), [None, None, None, None, "0276067281"]),
        ([*RUSSIAN, "276067281"], Home("RU"), [None, None, None, None, "0276067281"]),
        ([*RUSSIAN, 101234567], Home("RU"), [None] * 5),
        ([*RUSSIAN, 7702070139], Home("RU"), [None, None, None, None, "7702070139"]),
        # Half of them are of another length: nobody knows whose they are.
        ([*RUSSIAN[:2], 276067281, 276067280], Home("RU"), [None] * 4),
    ],
)
def test_a_zero_is_put_back_only_where_most_of_the_column_is_of_that_length(
    cells: list[Cell], home: Home, written: list[Cell]
) -> None:
    assert repaired(cells, home) == written


def test_a_column_of_another_countrys_numbers_is_read_as_it_stands() -> None:
    hint = hint_of("tax_number", UZBEK, Home("RU"))
    assert [read("tax_number", cell, "RU", hint).value for cell in UZBEK] == [*map(str, UZBEK)]
    assert read("tax_number", "30 123 4567", "RU", hint).value == "301234567"


def test_where_the_country_is_known_a_short_number_is_a_fault_of_its_row() -> None:
    cells = [*RUSSIAN, "12345"]
    hint = hint_of("tax_number", cells, Home("RU", is_known=True))
    fault = read("tax_number", "12345", "RU", hint).fault
    assert fault is not None
    assert fault.code == "not_a_tax_number"
