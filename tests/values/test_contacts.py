"""Every form in which people write a tax number or an e-mail address, and what is none."""

import pytest

from sheetsync.values import Cell, Reading, emails, valid_tax_number
from tests.builders.reading import fault, read


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (7701234567, "7701234567"),
        (7701234567.0, "7701234567"),
        ("7701234567", "7701234567"),
        (101234567, "0101234567"),  # the sheet took the zero away
        (50123456789, "050123456789"),
        ("501234567890", "501234567890"),
        ("77 0123 4567", "7701234567"),
        ("7701234567 / 770101001", "7701234567"),
        ("7701234567\\\\770101001", "7701234567"),
        ("ИНН 7701234567 КПП 770101001", "7701234567"),
        ("ИНН/КПП: 7701234567/770101001", "7701234567"),
        ("770101001/7701234567", "7701234567"),
        ("276067281", "0276067281"),  # the check digits say that a zero was lost
        ("27606728178", "027606728178"),
        ("276067281/027601001", "0276067281"),
        ("7707083894", "7707083894"),  # check digits that do not agree
        ("7701234567\u00a0", "7701234567"),
        ("7701234567/770101001", "7701234567"),  # with the second code that stands beside it
    ],
)
def test_a_tax_number_keeps_its_digits(cell: Cell, number: str) -> None:
    assert read("tax_number", cell) == Reading(number)


@pytest.mark.parametrize(
    "cell",
    [
        "уточнить",
        "ИНН",
        "1027700132195",
        "123",
        123,
        "77012345678901",
        "101234567",
        True,
        1.5,
        "770123456²",
    ],
)
def test_what_is_no_tax_number_is_a_fault(cell: Cell) -> None:
    assert fault("tax_number", cell) == "not_a_tax_number"


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        ("Name@Example.COM ", "name@example.com"),
        ("a@b.ru, c@d.ru", "a@b.ru"),
        ("a@b.ru; c@d.ru", "a@b.ru"),
        ("a@b.ru c@d.ru", "a@b.ru"),
        ("a@b.ru/c@d.ru", "a@b.ru"),
        ("a@b, c@d.ru", "c@d.ru"),
        ("mailto:Ivan@Mail.RU", "ivan@mail.ru"),
        ("Иван <a@b.ru>", "a@b.ru"),
        ("Ivan Petrov <ivan@x.com>, b@c.ru", "ivan@x.com"),
        ("почта: a@b.ru (рабочая)", "a@b.ru"),
        ("mail@mail.ru", "mail@mail.ru"),
        ("a@b.ru.", "a@b.ru"),
        ("a@b.ru,", "a@b.ru"),
        ("'a@b.ru", "a@b.ru"),
        ("a.b+c@d-e.co.uk", "a.b+c@d-e.co.uk"),
        ("o'neil@x.com", "o'neil@x.com"),
        ("\u200ba@b.ru\ufeff", "a@b.ru"),
        ("\u0438\u0306@пример.рф", "й@пример.рф"),
    ],
)
def test_an_address_is_read_without_case(cell: Cell, address: str) -> None:
    assert read("email", cell) == Reading(address)


@pytest.mark.parametrize(
    "cell",
    [
        "ask",
        "a@b",
        "a@b.c",
        "a@b..ru",
        "a @b.ru",
        "http://site.ru/a@b",
        "@b.ru",
        "a b@c.ru",
        5,
        True,
    ],
)
def test_what_is_no_address_is_a_fault(cell: Cell) -> None:
    assert fault("email", cell) == "not_an_email"


def test_all_addresses_of_a_cell_are_found_in_their_order() -> None:
    assert emails("A@b.ru, Иван <c@d.ru>; a@b.ru") == ("a@b.ru", "c@d.ru")
    assert emails(None) == emails("нет") == ()


@pytest.mark.parametrize(
    ("number", "region", "valid"),
    [
        ("7707083893", "RU", True),
        ("7707083894", "RU", False),
        ("027606728178", "RU", True),
        ("٧٧٠٧٠٨٣٨٩٣", "RU", False),
        ("", "RU", False),
        ("12-3456789", "US", True),
        ("5", "US", False),
        ("5", "??", False),
    ],
)
def test_check_digits_are_evidence_only(number: str, region: str, *, valid: bool) -> None:
    assert valid_tax_number(number, region) is valid


@pytest.mark.parametrize("cell", ["12-3456789", "DE 123 456 789"])
def test_a_tax_number_of_another_country_is_any_text(cell: str) -> None:
    assert read("tax_number", cell, "US") == Reading(cell.replace(" ", ""))
