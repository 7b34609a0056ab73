"""A sum has a currency: what names another is in no sum unless its rate is known, and never by silence."""

import pytest

from sheetsync.values import (
    Cell,
    Home,
    currency_of,
    currency_of_country,
    currency_of_pattern,
    hint_of,
    rates_of,
    unit_of,
    with_currencies,
)
from tests.builders.reading import read

RUSSIAN = Home("RU", is_known=True)
MIXED: list[Cell] = [
    "1 200 €",
    "$3,500.00",
    "250 000 ₽",
    "KZT 1 200 000",
    "120 тыс. руб.",
    "1,5 млн",
    700,
]


def values(cells: list[Cell], home: Home) -> list[object]:
    hint = hint_of("amount", cells, home)
    readings = [read("amount", cell, home.region, hint) for cell in cells]
    return [reading.value if reading.fault is None else reading.fault.code for reading in readings]


@pytest.mark.parametrize(
    ("cells", "home", "read_as"),
    [
        (
            MIXED,
            RUSSIAN,
            [
                "other_currency",
                "other_currency",
                250000.0,
                "other_currency",
                120000.0,
                1500000.0,
                700.0,
            ],
        ),
        (
            MIXED,
            Home("RU", is_known=True, rates=(("EUR", 100.0), ("KZT", 0.2))),
            [120000.0, "other_currency", 250000.0, 240000.0, 120000.0, 1500000.0, 700.0],
        ),
        # The column speaks for itself where nobody has said a country.
        (["1 200 €", "300", 15], Home("RU"), [1200.0, 300.0, 15.0]),
        (["1 200 €", "300"], RUSSIAN, ["other_currency", 300.0]),
        (["1 200 €", "300"], Home("RU", is_known=True, currency="EUR"), [1200.0, 300.0]),
        # Two currencies, and nobody has said which is the base's: the language suggests one.
        (["1 200 €", "300 ₽"], Home("RU"), ["other_currency", 300.0]),
        (["R$ 1.200,50", "R$ 300"], Home("BR", is_known=True), [1200.5, 300.0]),
        (["100 XAU", "100 у.е.", "$100 €"], RUSSIAN, ["not_an_amount"] * 3),
    ],
)
def test_a_column_of_several_currencies_is_not_added_up_in_silence(
    cells: list[Cell], home: Home, read_as: list[object]
) -> None:
    assert values(cells, home) == read_as


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("₽", "RUB"),
        ("руб.", "RUB"),
        ("бел. руб.", "BYN"),
        ("$", "USD"),
        ("R$", "BRL"),
        ("usd", "USD"),
        ("тг", "KZT"),
        ("тенге", "KZT"),
        ("zł", "PLN"),
        ("₴", "UAH"),
        ("сум", "UZS"),
        ("XYZ", None),
        ("DEM", None),  # no money any more
        ("", None),
    ],
)
def test_a_currency_is_known_by_its_code_its_sign_and_its_words(
    text: str, code: str | None
) -> None:
    assert currency_of(text) == code


@pytest.mark.parametrize(
    ("region", "code"), [("RU", "RUB"), ("BY", "BYN"), ("DE", "EUR"), ("KZ", "KZT"), ("", "")]
)
def test_a_country_has_its_money(region: str, code: str) -> None:
    assert currency_of_country(region) == code


@pytest.mark.parametrize(
    ("text", "rates"),
    [
        ("EUR 98,5; USD 90", (("EUR", 98.5), ("USD", 90.0))),
        ("€ = 98.5", (("EUR", 98.5),)),
        ("", ()),
        ("98.5", None),
        ("EUR 0", None),
        ("EUR", None),
    ],
)
def test_rates_are_read_as_people_type_them(
    text: str, rates: tuple[tuple[str, float], ...] | None
) -> None:
    assert rates_of(text) == rates


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("Сумма, тыс. руб.", 1000),
        ("Бюджет (т.р.)", 1000),
        ("Value, k$", 1000),
        ("Deal value ($k)", 1000),
        ("Amount, '000 EUR", 1000),
        ("Umsatz in T€", 1000),
        ("Оборот, млн ₽", 1_000_000),
        ("Budget, $M", 1_000_000),
        ("Valor (milhões)", 1_000_000),
        ("Сумма", 1),
        ("Amount", 1),
        ("Тысячелистник", 1),
        ("Email marketing budget", 1),
    ],
)
def test_a_heading_says_what_its_amounts_are_counted_in(heading: str, unit: int) -> None:
    assert unit_of(heading) == unit


def test_an_amount_takes_the_currency_that_stands_beside_it() -> None:
    amounts: list[Cell] = [1000, "2 000", "300 €", None, "нет", 50, 7]
    beside: list[Cell] = ["EUR", "usd", "USD", "USD", "USD", None, "shells"]
    assert with_currencies(amounts, beside, 1) == [
        "1000 EUR",
        "2 000 USD",
        "300 €",
        None,
        "нет",
        50,
        7,
    ]
    assert with_currencies([1.5], ["EUR"], 1000) == ["1500 EUR"]


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        ("#,##0.00 [$€-407]", "EUR"),
        ('#,##0.00\\ "₽"', "RUB"),
        ('_-* #,##0.00\\ "руб."_-', "RUB"),
        ("[$$-409]#,##0.00;[RED]-[$$-409]#,##0.00", "USD"),
        ("[$AED] #,##0.00", "AED"),
        ("£#,##0", "GBP"),
        ("[$-F800]dddd, mmmm dd, yyyy", None),
        ("[$-419]d mmm yyyy", None),
        ('#,##0 "шт."', None),
        ("#,##0.00", None),
        ("", None),
    ],
)
def test_a_number_format_shows_its_currency(pattern: str, code: str | None) -> None:
    assert currency_of_pattern(pattern) == code
