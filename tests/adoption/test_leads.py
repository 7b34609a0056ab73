"""A list of leads as the method's fields: an amount comes in as the sum that its heading makes it."""

import pytest

from sheetsync.adoption.leads import leads_of
from sheetsync.method.policy import template
from sheetsync.method.terms import Location
from sheetsync.values import Cell
from tests.builders.adopted import book, proposed

LIST = """
Компания | Телефон | Менеджер | Сумма, тыс. руб.
ООО Кедр | +7 912 101-07-13 | Иванов | 120
ООО Лагуна | +7 912 101-07-14 | Иванов | "45,5"
ООО Сокол | +7 912 101-07-15 | Иванов | 2 млн
"""


@pytest.mark.parametrize(
    ("units", "amounts"),
    [
        ("ask", [120_000, 45_500, "2 млн"]),
        ("multiply", [120_000, 45_500, "2 млн"]),
        ("as_they_stand", [120, "45,5", "2 млн"]),
    ],
)
def test_an_amount_under_a_heading_in_thousands_comes_in_as_what_it_is(
    units: str, amounts: list[Cell]
) -> None:
    location = Location.model_validate({"country": "RU", "heading_units": units})
    policy = template("ru").model_copy(update={"location": location})
    leads = leads_of(book(Лист=LIST), proposed(Лист=LIST), policy).leads
    assert [lead.cell("amount") for lead in leads] == amounts
