"""Every form in which people write a phone, and what is none."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetsync.values import Cell, Reading, phones
from tests.builders.reading import fault, read


@pytest.mark.parametrize(
    "cell",
    [
        "89123456789",
        "8 (912) 345-67-89",
        "+7 912 345-67-89",
        "+7(912)3456789",
        "7 912 345 67 89",
        79123456789,
        79123456789.0,
        89123456789,
        9123456789,
        "9123456789",
        "912 345 67 89",
        " 8\u00a0912\u00a03456789 ",
        "+7 912 345-67-89 доб. 12",
        "8 912 345-67-89, доб. 104",
        "8 912 345-67-89, 8 495 123-45-67",
        "+7 912 345-67-89; +7 495 123-45-67",
        "8 912 345-67-89 или 8 495 123-45-67",
        "8 912 345-67-89 / 8 495 123-45-67",
        "8 912 345-67-89 8 495 123-45-67",
        "89123456789 84951234567",
        "моб. 8 912 345 67 89",
        "8-912-345-67-89 Иван",
        "т. (912) 345-67-89, после 18:00",
        "8 912 345-67-89#12",
        "8 912 345-67-89 (доб. 1234)",
        "8(912)345-67-89 ext 5",
        "+8 912 345-67-89",
        "+89123456789",
        "00 7 912 345 67 89",
        "8\u2009912\u202f345\u201167\u201389",
        "\u200b+7\u200e9123456789\ufeff",
        "Андреи\u0306 8 912 345-67-89",
        "89123456789 ivan89991112233@mail.ru",
        "79123456789.0",
    ],
)
def test_a_phone_is_read_in_every_form(cell: Cell) -> None:
    assert read("phone", cell) == Reading("+79123456789")


@pytest.mark.parametrize(
    ("region", "cell", "number"),
    [
        ("RU", "+44 20 7946 0958", "+442079460958"),
        ("RU", 380441234567, "+380441234567"),
        ("RU", "+84 912 345 678", "+84912345678"),
        ("RU", "84912345678", "+74912345678"),
        ("RU", "0049 30 123456", "+4930123456"),
        ("RU", "+44 20 7946 0958 ext 5", "+442079460958"),
        ("RU", "+375 29 123-45-67, +7 912 345-67-89", "+375291234567"),
        ("US", "+7 912 345 67 89", "+79123456789"),
        ("US", "0049 30 123456", "+4930123456"),
        ("US", "011 49 30 123456", "+4930123456"),
        ("US", "1-800-FLOWERS", "+18003569377"),
        ("US", "office: 202.555.0101", "+12025550101"),
        ("US", "(202) 555-0101", "+12025550101"),
        ("US", "202-555-0101 ext. 7", "+12025550101"),
        ("US", 2025550101, "+12025550101"),
    ],
)
def test_a_phone_of_another_country_is_read_too(region: str, cell: Cell, number: str) -> None:
    assert read("phone", cell, region) == Reading(number)


@pytest.mark.parametrize(
    "cell",
    [
        "позвонить",
        "12",
        "8912345",
        "345-67-89",
        5,
        True,
        math.nan,
        "+",
        "доб. 5",
        "+7",
        "=1+1",
        "@x",
        "8 912 345-67-8",
        "89123456789@mail.ru",
        "ИНН 7701234567",
        "40702810900000012345",
        "12.03.2026 10:00",
        "7,91E+10",
        -79123456789,
        79123456789.5,
    ],
)
def test_what_is_no_phone_is_a_fault(cell: Cell) -> None:
    assert fault("phone", cell) == "not_a_phone"


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("8 912 345-67-89, 8 495 123-45-67 доб. 3", ("+79123456789", "+74951234567")),
        ("89123456789 84951234567", ("+79123456789", "+74951234567")),
        ("8 912 345-67-89 (Иван), (495) 123-45-67 офис", ("+79123456789", "+74951234567")),
        ("+375 29 123-45-67; +7 912 345-67-89", ("+375291234567", "+79123456789")),
        ("8 912 345-67-89 / +7 (912) 345 67 89", ("+79123456789",)),
        (79123456789, ("+79123456789",)),
        ("нет", ()),
        (None, ()),
    ],
)
def test_all_phones_of_a_cell_are_found_in_their_order(
    cell: Cell, numbers: tuple[str, ...]
) -> None:
    assert phones(cell, "RU") == numbers


@given(st.integers(3_000_000_000, 9_999_999_999).filter(lambda n: str(n)[0] in "3489"))
def test_a_russian_phone_comes_back_from_every_way_to_write_it(number: int) -> None:
    d = str(number)
    spaced = f"({d[:3]}) {d[3:6]}-{d[6:8]}-{d[8:]}"
    for cell in (
        number,
        int("7" + d),
        int("8" + d),
        "+7" + d,
        "8" + d,
        "8 " + spaced,
        "+7 " + spaced,
        spaced,
    ):
        assert read("phone", cell) == Reading("+7" + d)
