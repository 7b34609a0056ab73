"""Columns that serve several fields, and fields that stand in several columns."""

from datetime import date
from typing import Any

import pandas as pd
import pytest

from sheetsync.method.policy import template
from sheetsync.method.terms import Mapped, MappedColumn
from sheetsync.schema import frame_of
from sheetsync.values import Cell, Hint, Reading
from sheetsync.workbook.headings import Lookup, find_headings, headings_in
from sheetsync.workbook.layout import Seat
from tests.builders.reading import read

RU = template("ru")
PART = Hint(part=True)


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("phone", "8 912 345-67-89, ivan@mail.ru", "+79123456789"),
        ("phone", "ivan@mail.ru / тел. (912) 345-67-89", "+79123456789"),
        ("phone", "ivan89123456789@mail.ru", None),
        ("phone", 79123456789, "+79123456789"),
        ("email", "8 912 345-67-89 ivan@mail.ru", "ivan@mail.ru"),
        ("email", "8 912 345-67-89", None),
        ("tax_number", "ООО «Ромашка», ИНН 7701234567", "7701234567"),
        ("tax_number", "7701234567/770101001", "7701234567"),
        ("tax_number", "276067281/027601001", "0276067281"),
        ("tax_number", "+7 912 345-67-89", None),
        ("tax_number", "1234567890, 7707083893", "7707083893"),
        ("date", "счёт от 12.05.2026 на 120 000 руб.", date(2026, 5, 12)),
        ("date", "КП 5 мая 2026, перезвонить", date(2026, 5, 5)),
        ("date", 46022, date(2025, 12, 31)),
        ("date", "8 (812) 12-05-26", None),
        ("date", "звонил", None),
        ("amount", "12.05.2026; 1,2 млн", 1_200_000.0),
        ("amount", "звонил", None),
        ("share", "120 000 руб., 50 %", 0.5),
        ("flag", "звонил; да", True),
        ("state", "Сделка, крупный", "deal"),
        ("label", "Сделка / VIP", "large"),
        ("label", "звонил", None),
        ("text", "Иван Петров, 8 912 345-67-89, ivan@mail.ru", "Иван Петров"),
        ("text", "ООО «Ромашка», ИНН 7701234567", "ООО «Ромашка»"),
        ("text", "ivan@mail.ru", None),
    ],
)
def test_a_value_is_found_among_others_and_its_lack_is_no_fault(
    kind: str, cell: Cell, value: object
) -> None:
    assert read(kind, cell, hint=PART) == Reading(value)  # type: ignore[arg-type]  # a table of values of every kind


def column(frame: pd.DataFrame, name: str) -> list[Any]:
    return [None if pd.isna(value) else value for value in frame[name]]


def test_two_fields_of_one_column_are_read_from_the_same_cells() -> None:
    rows: list[list[Cell]] = [
        ["Альфа", "8 912 345-67-89, a@b.ru"],
        ["Бета", "b@c.ru"],
        ["Гамма", 79123456789],
        ["Дельта", None],
        ["Эпсилон", "—"],
    ]
    frame, faulty = frame_of(rows, 2, {"company": 0, "phone": 1, "email": 1}, RU)
    assert column(frame, "phone") == ["+79123456789", None, "+79123456789", None, None]
    assert column(frame, "email") == ["a@b.ru", "b@c.ru", None, None, None]
    assert faulty == ()


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"phone": 0, "email": 0}, "phone", "not_a_phone"),
        ({"email": 0, "phone": 0}, "email", "not_an_email"),
    ],
)
def test_a_cell_that_holds_none_of_its_fields_is_a_fault_of_the_first(
    fields: dict[str, int], field: str, code: str
) -> None:
    _, faulty = frame_of([["a@b.ru"], ["спросить у Ивана"]], 2, fields, RU)
    assert [(fault.row, fault.field, fault.raw, fault.fault.code) for fault in faulty] == [
        (3, field, "спросить у Ивана", code)
    ]


def test_of_several_columns_of_a_field_the_first_that_can_be_read_counts() -> None:
    rows: list[list[Cell]] = [
        ["8 912 345-67-89", "8 495 123-45-67"],
        [None, "8 495 123-45-67"],
        ["спросить", "8 495 123-45-67"],
        ["спросить", "потом"],
        ["нет"],
    ]
    frame, faulty = frame_of(rows, 2, {"phone": 0}, RU, {"phone": [1]})
    assert column(frame, "phone") == ["+79123456789", "+74951234567", "+74951234567", None, None]
    assert [(fault.row, fault.raw) for fault in faulty] == [
        (4, "спросить"),
        (5, "спросить"),
        (5, "потом"),
    ]


def test_a_second_column_of_a_field_may_be_shared_too() -> None:
    rows: list[list[Cell]] = [["спросить", "a@b.ru, 8 912 345-67-89"], ["8 495 123-45-67", "потом"]]
    frame, faulty = frame_of(rows, 2, {"phone": 0, "email": 1}, RU, {"phone": [1]})
    assert column(frame, "phone") == ["+79123456789", "+74951234567"]
    assert column(frame, "email") == ["a@b.ru", None]
    assert [(fault.row, fault.field, fault.raw) for fault in faulty] == [
        (2, "phone", "спросить"),
        (3, "phone", "потом"),
    ]


def test_every_column_of_dates_has_its_own_order() -> None:
    rows: list[list[Cell]] = [["05/12/2026", "05/12/2026"], ["12/25/2026", "25/12/2026"]]
    frame, faulty = frame_of(rows, 2, {"began": 0, "next_on": 1}, RU)
    assert [str(day.date()) for day in frame["began"]] == ["2026-05-12", "2026-12-25"]
    assert [str(day.date()) for day in frame["next_on"]] == ["2026-12-05", "2026-12-25"]
    assert faulty == ()


def test_a_first_and_a_last_name_are_one_person() -> None:
    rows: list[list[Cell]] = [
        ["Пётр", "Иванов"],
        ["Анна", None],
        [None, None],
        ["Иванов Пётр", "Ли Анна"],
        ["Ли Анна", "Ли Анна"],
    ]
    frame, faulty = frame_of(rows, 2, {"person": 0}, RU, {"person": [1]})
    assert column(frame, "person") == [
        "Пётр Иванов",
        "Анна",
        None,
        "Иванов Пётр, Ли Анна",
        "Ли Анна",
    ]
    assert faulty == ()


def test_an_outcome_is_read_before_the_stage_and_open_says_nothing() -> None:
    rows: list[list[Cell]] = [
        ["Won", "Negotiation"],
        ["Lost", "Proposal made"],
        ["Open", "Proposal made"],
        [None, "Qualified"],
        ["Open", "Pondering"],
    ]
    frame, faulty = frame_of(rows, 2, {"state": 0}, template("en"), {"state": [1]})
    assert column(frame, "state") == ["client", "refusal", "contact_2", "contact_1", None]
    assert [(fault.row, fault.raw) for fault in faulty] == [(6, "Open"), (6, "Pondering")]


def test_of_two_columns_of_states_the_one_that_the_team_names_first_is_read_first() -> None:
    told = Mapped(
        columns=(
            MappedColumn(heading="Deal - Status", fields=("state",)),
            MappedColumn(heading="Deal - Stage", fields=("state",)),
        )
    )
    policy = template("en").model_copy(update={"mapped": told})
    row: list[Cell] = ["Deal - Stage", "Company", "Deal - Status"]
    headings = headings_in(row, 0, Lookup(policy))
    assert (headings.fields["state"], headings.more["state"]) == (2, (0,))
    # A column that was read as the state before stays it.
    seats = {"state": Seat(0, "Deal - Stage")}
    remembered = headings_in(row, 0, Lookup(policy), seats)
    assert (remembered.fields["state"], remembered.more["state"]) == (0, (2,))


def test_two_headings_of_which_the_team_says_what_they_mean_make_a_heading_row() -> None:
    told = Mapped(
        columns=(
            MappedColumn(heading="Empresa X", fields=("company",)),
            MappedColumn(heading="Fono", fields=("phone",)),
        )
    )
    policy = template("en").model_copy(update={"mapped": told})
    rows: list[list[Cell]] = [["Lista"], ["Empresa X", "Fono"], ["Aceros SA", "55 5123 4567"]]
    headings = find_headings(rows, Lookup(policy))
    assert headings is not None
    assert (headings.row, headings.fields) == (1, {"company": 0, "phone": 1})
    assert find_headings(rows, Lookup(template("en"))) is None
