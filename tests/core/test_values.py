"""Every form in which people write a cell, and what is read of it."""

import json
import math
from collections import defaultdict
from datetime import date, datetime
from pathlib import Path
from typing import get_args

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheetsync.policy import FieldType, template
from sheetsync.schema import DICTIONARIES, dictionary
from sheetsync.values import (
    FIRST_DAY,
    LAST_DAY,
    Cell,
    Reading,
    Value,
    clean,
    fold,
    reader,
    suggest,
    to_cell,
    to_serial,
)

RU = template("ru")
BIG = 1e300


def read(kind: str, cell: Cell, region: str = "RU") -> Reading:
    words = dictionary(RU, kind) if kind in DICTIONARIES else None
    return reader(kind, region, words)(cell)


def fault(kind: str, cell: Cell, region: str = "RU") -> str | None:
    found = read(kind, cell, region)
    assert found.value is None
    return found.fault.code if found.fault else None


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
    ],
)
def test_a_date_is_read_in_every_form(cell: Cell) -> None:
    assert read("date", cell) == Reading(date(2025, 12, 31))


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("31.02.2026", "no_such_day"),
        ("00.01.2026", "no_such_day"),
        ("2026-13-01", "no_such_day"),
        ("01.01.1899", "odd_year"),
        ("01.01.2999", "odd_year"),
        ("вчера", "not_a_date"),
        ("12.2025", "not_a_date"),
        ("31.12", "not_a_date"),
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
    ],
)
def test_an_amount_is_read_in_every_form(cell: Cell, amount: float) -> None:
    assert read("amount", cell) == Reading(amount)


@pytest.mark.parametrize(
    "cell", ["много", "120 тыс", "руб.", "100-200", "-", "1,2.3,4.5", True, math.nan, math.inf, "9" * 400, "#N/A"]
)
def test_what_is_no_amount_is_a_fault(cell: Cell) -> None:
    assert fault("amount", cell) == "not_an_amount"


@pytest.mark.parametrize(("cell", "share"), [("50%", 0.5), ("50 %", 0.5), (0.5, 0.5), (50, 0.5), (1, 1.0), ("0", 0.0)])
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
    ],
)
def test_a_phone_is_read_in_every_form(cell: Cell) -> None:
    assert read("phone", cell) == Reading("+79123456789")


@pytest.mark.parametrize(
    ("region", "cell", "number"),
    [
        ("RU", "+44 20 7946 0958", "+442079460958"),
        ("RU", 380441234567, "+380441234567"),
        ("US", "(202) 555-0101", "+12025550101"),
        ("US", "202-555-0101 ext. 7", "+12025550101"),
        ("US", 2025550101, "+12025550101"),
    ],
)
def test_a_phone_of_another_country_is_read_too(region: str, cell: Cell, number: str) -> None:
    assert read("phone", cell, region) == Reading(number)


@pytest.mark.parametrize("cell", ["нет", "позвонить", "12", "8912345", 5, True, math.nan, "+", "доб. 5"])
def test_what_is_no_phone_is_a_fault(cell: Cell) -> None:
    assert fault("phone", cell) == "not_a_phone"


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
        ("7701234567/770101001", "7701234567"),  # with the second code that stands beside it
    ],
)
def test_a_tax_number_keeps_its_digits(cell: Cell, number: str) -> None:
    assert read("tax_number", cell) == Reading(number)


@pytest.mark.parametrize("cell", ["уточнить", "123", 123, "77012345678901", "101234567", True, 1.5, "770123456²"])
def test_what_is_no_tax_number_is_a_fault(cell: Cell) -> None:
    assert fault("tax_number", cell) == "not_a_tax_number"


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        ("Name@Example.COM ", "name@example.com"),
        ("a@b.ru, c@d.ru", "a@b.ru"),
        ("a@b.ru; c@d.ru", "a@b.ru"),
    ],
)
def test_an_address_is_read_without_case(cell: Cell, address: str) -> None:
    assert read("email", cell) == Reading(address)


@pytest.mark.parametrize("cell", ["нет", "a@b", "@b.ru", "a b@c.ru", 5, True])
def test_what_is_no_address_is_a_fault(cell: Cell) -> None:
    assert fault("email", cell) == "not_an_email"


@pytest.mark.parametrize("cell", [None, "", "   ", "\u00a0"])
@pytest.mark.parametrize("kind", sorted(get_args(FieldType)))
def test_an_empty_cell_is_empty_in_every_column(kind: str, cell: Cell) -> None:
    assert read(kind, cell) == Reading(None)


def test_text_is_trimmed_and_a_formula_error_is_none() -> None:
    assert read("text", "  ООО   «Ромашка» ") == Reading("ООО «Ромашка»")
    assert read("text", 5.0) == Reading("5")
    assert fault("text", "#REF!") == "cell_error"


def test_every_spelling_of_the_sample_base_is_understood(data: Path) -> None:
    """The states and labels of its 630 rows, spelling by spelling."""
    truth = json.loads((data / "six-tabs.truth.json").read_text(encoding="utf-8"))
    book = openpyxl.load_workbook(data / "six-tabs.xlsx", read_only=True)
    sheets = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    spelt: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for row in truth["rows"]:
        cells = dict(zip(sheets[row["tab"]][0], sheets[row["tab"]][row["row"] - 1], strict=True))
        spelt["state", row["state"]].add(str(cells["Состояние"]))
        spelt["label", row["label"]].add(str(cells["Метка"]))
    book.close()
    assert sum(map(len, spelt.values())) == 40
    for (kind, code), spellings in spelt.items():
        for word in spellings:
            assert read(kind, word) == Reading(code), word


@pytest.mark.parametrize(
    ("kind", "cell", "code"),
    [
        ("state", "НОВЫЙ КЛИЕНТ", "new"),
        ("state", "новый  клиент.", "new"),
        ("state", "контакт № 2", "contact_2"),
        ("state", "2к", "contact_2"),
        ("state", "Выставлен счет", "deal"),
        ("state", "счёт выставлен", "deal"),
        ("state", "Contact 2", "contact_2"),  # a base of two languages
        ("label", "VIP", "large"),
        ("section", "Стратег. архив", "strategic"),
        ("reason", "Нет бюджета", "no_money"),
    ],
)
def test_a_word_is_read_whatever_its_spelling(kind: str, cell: str, code: str) -> None:
    assert read(kind, cell) == Reading(code)


def test_an_unknown_word_is_met_with_the_nearest_one() -> None:
    found = read("state", "Сделкка")
    assert found.fault is not None
    assert (found.fault.code, found.fault.suggestion) == ("unknown_word", "Сделка")
    assert suggest("абракадабра", dictionary(RU, "state")) == ""
    assert fault("state", "—") == "unknown_word"
    assert fault("label", 42) == "unknown_word"


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("kind", sorted(DICTIONARIES))
def test_what_is_written_for_a_code_is_read_as_that_code(language: str, kind: str) -> None:
    policy = template(language)
    words = dictionary(policy, kind)
    for code in policy.codes(DICTIONARIES[kind]):
        assert reader(kind, "RU", words)(policy.words.name(DICTIONARIES[kind], code)) == Reading(code)


@given(st.dates(FIRST_DAY, LAST_DAY))
def test_a_day_comes_back_from_its_cell_and_from_every_way_to_write_it(day: date) -> None:
    assert read("date", to_cell(day)).value == day
    assert read("date", to_serial(day) + 0.5).value == day
    assert read("date", day.isoformat()).value == day
    assert read("date", f"{day:%d.%m.}{day.year}").value == day
    assert to_cell(datetime(day.year, day.month, day.day, 13, 5)) == to_serial(day)  # noqa: DTZ001  # a sheet's time has no zone


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_an_amount_comes_back_from_every_way_to_write_it(amount: Value) -> None:
    value = float(str(amount))
    grouped = f"{value:,.2f}"
    russian = grouped.replace(",", "\u00a0").replace(".", ",")
    for cell in (value, grouped, russian, russian + " ₽", russian.replace("\u00a0", " ") + " руб.", to_cell(value)):
        assert read("amount", cell).value == value


@given(st.integers(3_000_000_000, 9_999_999_999).filter(lambda n: str(n)[0] in "3489"))
def test_a_russian_phone_comes_back_from_every_way_to_write_it(number: int) -> None:
    d = str(number)
    spaced = f"({d[:3]}) {d[3:6]}-{d[6:8]}-{d[8:]}"
    for cell in (number, int("7" + d), int("8" + d), "+7" + d, "8" + d, "8 " + spaced, "+7 " + spaced, spaced):
        assert read("phone", cell) == Reading("+7" + d)


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**25), 10**25),
    st.floats(),
    st.text(max_size=40),
    st.text(alphabet="0123456789.,-+()/ eE%₽р²٣", max_size=40),
    st.sampled_from(["9" * 400, "#REF!", "#ERROR!", "1e400", "0x10", "\x00", "99.99.9999", "0000-00-00", "٣١.١٢.٢٠٢٥"]),
)


@settings(max_examples=400, deadline=None)
@given(CELLS)
def test_no_cell_of_any_kind_makes_a_reader_raise(cell: Cell) -> None:
    assert isinstance(clean(cell), str)
    assert isinstance(fold(clean(cell)), str)
    for kind in get_args(FieldType):
        for region in ("RU", "US"):
            found = read(kind, cell, region)
            assert found.value is None or found.fault is None
            if isinstance(found.value, float):
                assert math.isfinite(found.value)
