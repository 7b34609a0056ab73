"""A column is read as its cells are one by one, however many of them are looked at together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetsync.values import EMPTY, Cell, fold, folded, read_cells, reader
from sheetsync.values.cells import AT_ONCE, are_clean, clean

PIECES = st.sampled_from(
    [" ", "\u00a0", "\n", "\0", "—", "-", "#REF!", "й", "и\u0306", "Ё", "a", "_", "ß"]
)
TEXTS = st.lists(PIECES, max_size=5).map("".join)
CELLS = st.one_of(
    TEXTS,
    st.none(),
    st.booleans(),
    st.sampled_from([0, 1, 1.0, 79123456789, 7.9123456789e10, 89999999999, 69999999999, 46000.5]),
)
KINDS = ("text", "phone", "date", "amount", "integer", "flag", "email", "tax_number")


@pytest.mark.parametrize("kind", KINDS)
@given(cells=st.lists(CELLS, max_size=12))
def test_cells_of_a_column_are_read_as_each_alone(kind: str, cells: list[Cell]) -> None:
    read = reader(kind, "RU", None)
    alone = [EMPTY if cell in (None, "") else read(cell) for cell in cells]
    assert [*map(repr, read_cells(cells, read))] == [*map(repr, alone)]


@pytest.mark.parametrize(
    ("odd", "value"),
    [
        (" a  b ", "a b"),
        ("и\u0306", "й"),
        ("—", None),
        ("#REF!", None),
        ("a\0b", "a\0b"),
        (5.0, "5"),
    ],
)
def test_one_odd_text_among_many_is_read_as_ever(odd: Cell, value: str | None) -> None:
    usual: list[Cell] = [f"text {number}" for number in range(2 * AT_ONCE)]
    readings = read_cells([*usual, odd], reader("text", "RU", None))
    assert [reading.value for reading in readings] == [*usual, value]


def test_what_python_takes_for_equal_is_read_apart() -> None:
    readings = read_cells([1, 1.0, True, "1", None, ""], reader("text", "RU", None))
    assert [reading.value for reading in readings] == ["1", "1", "TRUE", "1", None, None]


@given(texts=st.lists(TEXTS, max_size=6))
def test_many_texts_are_folded_and_found_clean_as_each_alone(texts: list[str]) -> None:
    assert folded(texts) == [*map(fold, texts)]
    if are_clean(texts):
        assert [*map(clean, texts)] == texts
