"""What a tab says of its amounts and phones beside their cells: countries, currencies, units in headings."""

from dataclasses import replace
from datetime import date

import pytest

from sheetsync.enforcer import decide
from sheetsync.i18n import language
from sheetsync.method.policy import Policy, template
from sheetsync.method.terms import Location, Mapped, MappedColumn
from sheetsync.values import Cell, in_unit
from sheetsync.workbook import last_run_state as state_tab
from sheetsync.workbook.plan import Plan
from sheetsync.workbook.recognition import recognise
from sheetsync.workbook.snapshot import Snapshot
from tests.builders.base import book_of, grid_of

RUSSIAN = template("ru").model_copy(update={"location": Location(country="RU")})
TODAY = date(2026, 3, 2)
Rows = list[list[Cell]]


def read(rows: Rows, policy: Policy = RUSSIAN) -> Snapshot:
    snapshot = recognise(book_of([grid_of(rows, "Рабочий список")]), policy, language("ru"))
    return replace(snapshot, state=state_tab.empty())


def plan_of(rows: Rows, policy: Policy = RUSSIAN) -> Plan:
    return decide(read(rows, policy), policy, TODAY)


def repaired(rows: Rows) -> dict[int, Cell]:
    """Return the phones that are written in another form, by the sheet's row."""
    return {edit.row: edit.after for edit in plan_of(rows).edits if edit.repair}


@pytest.mark.parametrize("heading", ["Страна", "Country", "Город"])
def test_a_phone_is_of_the_country_that_its_row_names(heading: str) -> None:
    minsk, tashkent = ("Минск", "Ташкент") if heading == "Город" else ("Беларусь", "UZ")
    rows: Rows = [
        ["Компания", "Состояние", "Телефон", heading],
        ["ООО «Лагуна»", "Новый", "8 912 345-67-89", "Россия"],
        ["ОДО «Нёман»", "Новый", "8 029 310-45-60", minsk],
        ["ООО «Чорсу»", "Новый", "90 100 45 60", tashkent],
        ["ООО «Кедр»", "Новый", "8 912 345-67-80", None],
        ["ООО «Сокол»", "Новый", "020 7946 0000", minsk],  # no Belarusian number
    ]
    assert read(rows).base["phone"].tolist()[:4] == [
        "+79123456789",
        "+375293104560",
        "+998901004560",
        "+79123456780",
    ]
    assert repaired(rows) == {
        2: "+7 912 345-67-89",
        3: "+375 29 310-45-60",
        4: "+998 90 100 45 60",
        5: "+7 912 345-67-80",
    }


def test_a_column_that_is_no_list_of_countries_tells_none() -> None:
    rows: Rows = [
        ["Компания", "Состояние", "Телефон", "Страна производства станков"],
        ["ООО «Лагуна»", "Новый", "8 912 345-67-89", "станки из Германии и Китая"],
        ["ООО «Кедр»", "Новый", "8 912 345-67-80", "прочее"],
    ]
    assert read(rows).tabs[0].countries.codes == ()


def test_a_city_of_the_same_name_elsewhere_takes_no_number_of_the_bases_own() -> None:
    american = template("en").model_copy(update={"location": Location(country="US")})
    rows: Rows = [
        ["Company", "State", "Phone", "City"],
        ["Aspen", "New", "(212) 736-5000", "Santiago"],  # the first digits of a Chilean number, too
        ["Birch", "New", "(706) 542-1000", "Athens"],
        ["Cedar", "New", "11 2345 6789", "Buenos Aires"],
    ]
    snapshot = recognise(book_of([grid_of(rows, "Working list")]), american, language("en"))
    assert snapshot.base["phone"].tolist() == ["+12127365000", "+17065421000", "+541123456789"]


def test_an_amount_is_in_the_currency_that_stands_in_its_row() -> None:
    rows: Rows = [
        ["Компания", "Состояние", "Сумма сделки", "Валюта"],
        ["ООО «Лагуна»", "Новый", 1000, "RUB"],
        ["ООО «Кедр»", "Новый", 500, "EUR"],
        ["ООО «Сокол»", "Новый", 700, "USD"],
    ]
    amounts = read(rows).base["amount"]
    assert amounts.fillna(-1).tolist() == [1000, -1, -1]
    messages = [p.message for p in plan_of(rows).problems if p.code == "other_currency"]
    assert messages == [
        "«Сумма сделки»: «500 EUR» — в другой валюте и не входит ни в одну сумму.",
        "«Сумма сделки»: «700 USD» — в другой валюте и не входит ни в одну сумму.",
    ]
    rates = RUSSIAN.model_copy(update={"location": Location(country="RU", rates="EUR 100")})
    assert read(rows, rates).base["amount"].fillna(-1).tolist() == [1000, 50000, -1]


THOUSANDS: Rows = [
    ["Компания", "Состояние", "Телефон", "Сумма, тыс. руб."],
    ["ООО «Лагуна»", "Новый", None, 120],
    ["ООО «Кедр»", "Новый", None, "45,5"],
    ["ООО «Сокол»", "Новый", None, "2 млн"],
]


@pytest.mark.parametrize(
    ("units", "amounts", "asked"),
    [
        ("ask", [120, 45.5, 2_000_000], 1),
        ("multiply", [120_000, 45_500, 2_000_000], 0),
        ("as_they_stand", [120, 45.5, 2_000_000], 0),
    ],
)
def test_a_heading_in_thousands_is_asked_about_and_multiplied_where_that_is_said(
    units: str, amounts: list[float], asked: int
) -> None:
    location = Location.model_validate({"country": "RU", "heading_units": units})
    mapped = Mapped(columns=(MappedColumn(heading="Сумма, тыс. руб.", fields=("amount",)),))
    policy = RUSSIAN.model_copy(update={"location": location, "mapped": mapped})
    assert read(THOUSANDS, policy).base["amount"].tolist() == amounts
    problems = [p for p in plan_of(THOUSANDS, policy).problems if p.code == "unit_in_heading"]
    assert len(problems) == asked


REFUSED: Rows = [
    ["Компания", "Состояние", "Причина отказа", "Менеджер", "Сумма, тыс. руб."],
    ["ООО «Лагуна»", "Отказ", "Нет денег", "Иванов", 120],
    ["ООО «Кедр»", "Отказ", "Нет денег", "Иванов", "45,5"],
    ["ООО «Сокол»", "Отказ", "Нет денег", "Иванов", "2 млн"],
    ["ООО «Нерпа»", "Отказ", "Нет денег", "Иванов", None],
    ["ООО «Ладья»", "Отказ", "Нет денег", "Иванов", 0],
]


@pytest.mark.parametrize("units", ["ask", "multiply", "as_they_stand"])
@pytest.mark.parametrize("heading", ["Сумма, тыс. руб.", "Сумма, руб."])
def test_a_number_goes_to_no_tab_on_which_it_would_be_another_sum(units: str, heading: str) -> None:
    grids = [
        grid_of(REFUSED, "Рабочий список"),
        grid_of([[*REFUSED[0][:-1], heading]], "Отказ с проработкой", 1),
    ]
    location = Location.model_validate({"country": "RU", "heading_units": units})
    columns = tuple(
        MappedColumn(heading=each, fields=("amount",))
        for each in dict.fromkeys(("Сумма, тыс. руб.", heading))
    )
    policy = RUSSIAN.model_copy(update={"location": location, "mapped": Mapped(columns=columns)})
    snapshot = recognise(book_of(grids), policy, language("ru"))
    plan = decide(replace(snapshot, state=state_tab.empty()), policy, TODAY)
    stays = [2, 3] if heading == "Сумма, руб." and units != "as_they_stand" else []
    assert sorted(move.row for move in plan.moves) == [
        row for row in range(2, 7) if row not in stays
    ]
    problems = [problem for problem in plan.problems if problem.code == "other_unit"]
    assert [problem.row for problem in problems] == stays
    if stays:
        assert problems[0].message == (
            "«Сумма, тыс. руб.» на листе «Рабочий список» и «Сумма, руб.» на листе"
            " «Отказ с проработкой» считают в разных единицах: 120 стало бы другой суммой."
        )


@pytest.mark.parametrize(
    ("cell", "unit", "other", "there"),
    [
        (120, 1000, 1, 120_000),
        ("45,5", 1000, 1, 45_500),
        (1500, 1, 1000, 1.5),
        ("1 500", 1, 1_000_000, 0.0015),
        ("2 млн", 1000, 1, "2 млн"),
        ("120 тыс.", 1000, 1, "120 тыс."),
        (120, 1000, 1000, 120),
        (None, 1000, 1, None),
        ("много", 1000, 1, "много"),
    ],
)
def test_an_amount_means_the_same_under_a_heading_of_another_unit(
    cell: Cell, unit: int, other: int, there: Cell
) -> None:
    assert in_unit(cell, unit, other) == there


def test_a_row_is_read_the_same_on_every_tab() -> None:
    """A number without a code is Belarusian on the tab that has no code, too."""
    grids = [
        grid_of(
            [["Компания", "Состояние", "Телефон"], ["ОДО «Нёман»", "Новый", "+375 29 310-45-60"]],
            "Рабочий список",
        ),
        grid_of(
            [["Компания", "Состояние", "Телефон"], ["ОДО «Припять»", "Новый", "8 029 310-45-61"]],
            "База для прозвона",
            1,
        ),
    ]
    snapshot = recognise(book_of(grids), template("ru"), language("ru"))
    assert sorted(snapshot.base["phone"]) == ["+375293104560", "+375293104561"]
