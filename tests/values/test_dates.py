"""Every form in which people write a day, what a column tells of its dates, and what is no date."""

import math
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetsync.method.policy import templates_folder
from sheetsync.values import (
    FIRST_DAY,
    LAST_DAY,
    PLAIN,
    Cell,
    Hint,
    Home,
    Reading,
    hint_of,
    to_cell,
    to_serial,
)
from sheetsync.values.calendar_words import FOREIGN_LANGUAGES
from tests.builders.reading import BIG, fault, read

SPRING = Hint(around=date(2026, 3, 2))


@pytest.mark.parametrize(
    "cell",
    [
        46022,  # a date cell as the API gives it
        46022.75,  # with a time of day
        "31.12.2025",
        "31.12.25",
        " 31.12.2025 ",
        "31.12.2025 г.",
        "31/12/2025",
        "31-12-2025",
        "31.12.2025 14:30",
        "31.12.2025 14:30:15",
        "2025-12-31",
        "2025/12/31",
        "2025-12-31T14:30:15",
        "2025-12-31T14:30:15.000Z",
        "2025-12-31T23:30Z",
        "2025-12-31 23:30:15 UTC",
        "2025-12-31 23:30:15 GMT+3",
        "2025-12-31T23:30:15,250+0300",
        "2025-12-31 23:30:15 +00",
        "20251231",
        20251231,
        "20251231T143015Z",
    ],
)
def test_a_date_is_read_in_every_form(cell: Cell) -> None:
    assert read("date", cell) == Reading(date(2025, 12, 31))


@pytest.mark.parametrize(
    "cell",
    [
        "not closed",
        "Не закрыта",
        "0000-00-00",
        "0000-00-00 00:00:00",
        "0000/00/00",
        "00.00.0000",
        "00.00.00",
        "00000000",
        "0001-01-01T00:00:00",  # .NET
        "01.01.0001 0:00:00",  # 1C
        "1/0/1900",  # a zero that Excel shows as a day
        "00.01.1900",
    ],
)
def test_zeros_that_stand_for_no_day_are_an_empty_date(cell: Cell) -> None:
    assert read("date", cell) == Reading(None)


def test_the_day_on_which_clocks_begin_is_a_day() -> None:
    assert read("date", "1970-01-01 00:00:00") == Reading(date(1970, 1, 1))


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("20261301", "not_a_date"),
        (20260231, "no_such_day"),
        (20261301, "not_a_date"),
        ("31.02.2026", "no_such_day"),
        ("00.01.2026", "no_such_day"),
        ("2026-13-01", "no_such_day"),
        ("01.01.1899", "odd_year"),
        ("01.01.2999", "odd_year"),
        ("май 2026", "not_a_date"),
        ("Q1 2026", "not_a_date"),
        ("2 кв. 2026", "not_a_date"),
        ("12 маек 2026", "not_a_date"),
        ("30 фев 2026", "no_such_day"),
        ("12.13.2026", "no_such_day"),
        ("до 12.05.2026", "not_a_date"),
        ("12.05.26 - 15.05.26", "not_a_date"),
        ("скоро", "not_a_date"),
        ("10:30", "not_a_date"),
        ("12.2025", "not_a_date"),
        ("31.12", "no_year"),
        ("12 мая", "no_year"),
        ("46022", "not_a_date"),
        (5, "not_a_date"),  # a day of 1900: nobody meant that
        (-1, "not_a_date"),
        (BIG, "not_a_date"),
        (True, "not_a_date"),
        (math.nan, "not_a_date"),
        (math.inf, "not_a_date"),
        ("#REF!", "not_a_date"),
    ],
)
def test_what_is_no_date_is_a_fault(cell: Cell, code: str) -> None:
    assert fault("date", cell) == code


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("12 мая 2026", date(2026, 5, 12)),
        ("12 МАЯ 2026 г.", date(2026, 5, 12)),
        ("12 май 2026 года", date(2026, 5, 12)),
        ("12 мая\u0306 2026", None),  # no month at all
        ("12 ма\u0438\u0306 2026", date(2026, 5, 12)),  # й as two signs
        ("5 сент. 26", date(2026, 9, 5)),
        ("5 сентября 2026", date(2026, 9, 5)),
        ("01.янв.26", date(2026, 1, 1)),
        ("12/мая/2026", date(2026, 5, 12)),
        ("25 дек. '25", date(2025, 12, 25)),
        ("May 12, 2026", date(2026, 5, 12)),
        ("MAY 12 2026", date(2026, 5, 12)),
        ("12-May-26", date(2026, 5, 12)),
        ("12th of May 2026", date(2026, 5, 12)),
        ("Sept. 5, 2026", date(2026, 9, 5)),
        ("пн 12.05.2026", date(2026, 5, 12)),
        ("Понедельник, 12 мая 2026 г.", date(2026, 5, 12)),
        ("31 . 12 . 2025", date(2025, 12, 31)),
        ("31\u00a0.12.\u202f2025", date(2025, 12, 31)),
        ("31\u201312\u20132025", date(2025, 12, 31)),
        ("12 05 2026", date(2026, 5, 12)),
        ("31.12.2025 года", date(2025, 12, 31)),
        ("12.05.2026 в 14:30", date(2026, 5, 12)),
        ("13.05.2026 2:30 PM", date(2026, 5, 13)),
        ("2026-05-12T10:00:00+03:00", date(2026, 5, 12)),
        ("20-10-16", date(2016, 10, 20)),
        ("01-03-17", date(2017, 3, 1)),
    ],
)
def test_a_date_is_read_with_words_and_spaces(cell: Cell, day: date | None) -> None:
    assert read("date", cell).value == day


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("3. März 2026", date(2026, 3, 3)),
        ("3 Maerz 2026", None),
        ("3. Marz 2026", date(2026, 3, 3)),
        ("14. Dez. 2025", date(2025, 12, 14)),
        ("15 de marzo de 2026", date(2026, 3, 15)),
        ("15 de marzo del 2026", date(2026, 3, 15)),
        ("5 ene 2026", date(2026, 1, 5)),
        ("1er août 2025", date(2025, 8, 1)),
        ("5 juil. 2025", date(2025, 7, 5)),
        ("5 jui 2025", None),  # June or July
        ("1° febbraio 2026", date(2026, 2, 1)),
        ("5 gen 2026", date(2026, 1, 5)),
        ("15 de março de 2026", date(2026, 3, 15)),
        ("1º de MARÇO de 2026", date(2026, 3, 1)),
        ("15 de marco de 2026", date(2026, 3, 15)),
        ("28/dez/2025", date(2025, 12, 28)),
        ("5 kwietnia 2026 r.", date(2026, 4, 5)),
        ("17 paź 2025", date(2025, 10, 17)),
        ("1 października 2025", date(2025, 10, 1)),
        ("2 Şubat 2026", date(2026, 2, 2)),
        ("9 MAYIS 2026", date(2026, 5, 9)),
        ("24 серпня 2025 р.", date(2025, 8, 24)),
        ("5 қаңтар 2026", date(2026, 1, 5)),
        ("2026 ж. 5 қаңтар", date(2026, 1, 5)),
        ("2026 жылғы 5 қаңтар", date(2026, 1, 5)),
    ],
)
def test_months_of_the_languages_that_are_read_are_known(cell: Cell, day: date | None) -> None:
    assert read("date", cell).value == day


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("20 marzo", date(2026, 3, 20)),
        ("15. April", date(2026, 4, 15)),
        ("3 set", None),  # September in Italian, and three sets in English
        ("5 mag", None),
    ],
)
def test_a_foreign_month_without_a_year_is_one_by_its_whole_name_alone(
    cell: Cell, day: date | None
) -> None:
    assert read("date", cell, hint=SPRING).value == day


def test_the_months_of_every_language_with_a_file_are_known() -> None:
    files = (templates_folder() / "foreign").glob("*.toml")
    assert sorted(file.stem for file in files) == [*FOREIGN_LANGUAGES]


@pytest.mark.parametrize(
    "cell",
    [
        "вчера",
        "Завтра",
        "сегодня",
        "today",
        "Tomorrow",
        "на следующей неделе",
        "в понедельник",
        "через 3 дня",
        "next week",
        "пт",
    ],
)
def test_a_day_told_by_today_is_a_fault_of_its_own(cell: Cell) -> None:
    assert fault("date", cell) == "relative_date"


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("12 мая", date(2026, 5, 12)),
        ("31.12", date(2025, 12, 31)),
        ("5 сент.", date(2025, 9, 5)),
        ("31 авг.", date(2026, 8, 31)),
        ("12/05", date(2026, 5, 12)),
        ("May 12", date(2026, 5, 12)),
        ("29 февраля", date(2028, 2, 29)),
    ],
)
def test_a_date_without_a_year_is_the_one_nearest_to_its_column(cell: Cell, day: date) -> None:
    assert read("date", cell, hint=SPRING) == Reading(day)


def test_a_day_that_no_year_has_stays_a_fault() -> None:
    assert fault("date", "30 февраля", hint=SPRING) == "no_such_day"


@pytest.mark.parametrize(
    ("cells", "region", "days"),
    [
        (["05/12/2026", "25/12/2026"], "RU", [(12, 5), (12, 25)]),
        (["05/12/2026", "12/25/2026"], "RU", [(5, 12), (12, 25)]),
        (["05.12.2026", "12.25.2026"], "RU", [(5, 12), (12, 25)]),
        (["05/12/2026", "25/12/2026", "12/25/2026"], "RU", [(12, 5), (12, 25), None]),
        (["05/12/2026", "25/12/2026", "12/25/2026"], "US", [(12, 5), (12, 25), None]),
        (["05/12/2026"], "RU", [(12, 5)]),
        (["05/12/2026"], "US", [(5, 12)]),
        (["05.12.2026", "05-12-2026"], "US", [(12, 5), (12, 5)]),
        (["05/12/2026", "25/12/2026"], "US", [(12, 5), (12, 25)]),
        (["05/12/2026", "5 мая 2026", "2026-05-25"], "RU", [(12, 5), (5, 5), (5, 25)]),
        (["12/25/2026", "5 мая 2026", "2026-05-06"], "RU", [(12, 25), (5, 5), (5, 6)]),
        (["5/12", "5/31/2026"], "RU", [(5, 12), (5, 31)]),
    ],
)
def test_the_order_of_day_and_month_is_told_by_the_column(
    cells: list[Cell], region: str, days: list[tuple[int, int] | None]
) -> None:
    hint = hint_of("date", cells, Home(region))
    read_days = [read("date", cell, region, hint).value for cell in cells]
    assert read_days == [date(2026, *day) if day else None for day in days]


def test_the_middle_of_a_column_is_the_middle_of_its_full_dates() -> None:
    cells: list[Cell] = [46022, 46023, "03.01.2026", "12 мая", None, "вчера", True, "", 46022]
    assert hint_of("date", cells, Home("RU")).around == date(2025, 12, 31)
    assert hint_of("date", ["12 мая"], Home("RU")) == hint_of("date", [], Home("RU")) == PLAIN


@given(st.dates(FIRST_DAY, LAST_DAY))
def test_a_day_comes_back_from_its_cell_and_from_every_way_to_write_it(day: date) -> None:
    assert read("date", to_cell(day)).value == day
    assert read("date", to_serial(day) + 0.5).value == day
    assert read("date", day.isoformat()).value == day
    assert read("date", f"{day:%d.%m.}{day.year}").value == day
    assert to_cell(datetime(day.year, day.month, day.day, 13, 5)) == to_serial(day)  # noqa: DTZ001  # a sheet's time has no zone
