"""The row's contract: the Client model, columns found under a heading row, cells typed column by column, problems.

Nothing here raises on bad data: what cannot be read becomes a `Problem`. How one cell is read is `values`'.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict

from sheetsync.i18n import Language, marked
from sheetsync.method.policy import Policy
from sheetsync.method.terms import Column
from sheetsync.method.vocabulary import DICTIONARIES, dictionary
from sheetsync.values import (
    EMPTY,
    Cell,
    CellFault,
    Reading,
    Value,
    clean,
    first_readable,
    hint_of,
    read_cells,
    reader,
)


class Client(BaseModel):
    """One row as the method sees it. Codes are the policy's; money in the book's currency; dates without a zone."""

    model_config = ConfigDict(frozen=True)

    id: str | None = None
    company: str
    tax_number: str | None = None
    city: str | None = None
    person: str | None = None
    role: str | None = None
    phone: str | None = None
    email: str | None = None
    label: str | None = None
    category: str | None = None
    state: str
    manager: str | None = None
    source: str | None = None
    created_on: date | None = None
    began: date | None = None
    last_contact: date | None = None
    contact_result: str | None = None
    next_step: str | None = None
    next_on: date | None = None
    deadline: date | None = None
    days_left: int | None = None
    amount: float | None = None
    probability: float | None = None
    invoice_on: date | None = None
    paid_on: date | None = None
    refusal_reason: str | None = None
    on_expiry: str | None = None
    return_on: date | None = None
    extended_to: date | None = None
    comment: str | None = None
    problems: str | None = None


class Severity(StrEnum):
    """How bad a problem is. An `error` in what a decision needs stops that decision for the row."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


class Problem(NamedTuple):
    """One finding. `row` is the sheet's own number (1 is the top; 0 stands for the whole tab)."""

    code: str
    severity: Severity
    tab: str
    row: int
    column: str
    message: str
    fix: str = ""


class Faulty(NamedTuple):
    """A cell that could not be read: where it stands (row of the sheet), its field, what it held and why."""

    row: int
    field: str
    raw: Cell
    fault: CellFault


def read_column(
    cells: Sequence[Cell], column: Column, policy: Policy, *, part: bool = False
) -> list[Reading]:
    """Read a column's cells, each distinct cell once, as the whole column tells. Errors: none; faults stand in the readings.

    `part`: the cells hold other fields too, and one that lacks this field is empty.
    """
    words = dictionary(policy, column.type) if column.type in DICTIONARIES else None
    region = policy.words.phone_region
    hint = hint_of(column.type, cells, region)
    return read_cells(
        cells, reader(column.type, region, words, replace(hint, part=True) if part else hint)
    )


_UNIX = date(1970, 1, 1).toordinal()
_NO_DAY = np.iinfo("int64").min
"""What numpy keeps for no day at all."""


def typed(values: Iterable[Value], column: Column) -> "pd.Series[Any]":
    """Make a column of the frame: dates as datetime64[s], numbers as float64, everything else as objects."""
    if column.type == "date":
        days = [
            value.toordinal() - _UNIX if isinstance(value, date) else _NO_DAY for value in values
        ]
        return pd.Series(
            np.array(days, dtype="int64").view("datetime64[D]").astype("datetime64[s]")
        )
    if column.type in ("amount", "share", "integer"):
        return pd.Series(list(values), dtype="float64")
    return pd.Series(list(values), dtype=object)


Place = tuple[str, int]
"""A field and one of the columns in which it stands."""


def _places(
    fields: Mapping[str, int], more: Mapping[str, Sequence[int]], policy: Policy
) -> tuple[dict[str, list[int]], dict[int, list[str]]]:
    """Return the columns of each field, the main one first, and the fields of each column, as `fields` names them."""
    known = [name for name in fields if name in policy.column]
    columns = {name: list(dict.fromkeys((fields[name], *more.get(name, ())))) for name in known}
    return columns, {
        at: [name for name in known if at in columns[name]]
        for own in columns.values()
        for at in own
    }


def _blame(
    cells: Sequence[Cell], sharing: Sequence[list[Reading]], first: Column, policy: Policy
) -> None:
    """Put a fault of the first field where a cell of several fields holds none of them."""
    whole: list[Reading] | None = None
    for offset, cell in enumerate(cells):
        if cell in (None, "") or any(readings[offset].value is not None for readings in sharing):
            continue
        whole = whole or read_column(cells, first, policy)
        if whole[offset].fault is not None:
            sharing[0][offset] = whole[offset]


def _readings(
    columns: Mapping[int, Sequence[Cell]], named: Mapping[int, Sequence[str]], policy: Policy
) -> dict[Place, list[Reading]]:
    """Read every column once for each field that stands in it."""
    found: dict[Place, list[Reading]] = {}
    for at, names in named.items():
        shared = len(names) > 1
        for name in names:
            found[name, at] = read_column(columns[at], policy.column[name], policy, part=shared)
        if shared:
            _blame(
                columns[at], [found[name, at] for name in names], policy.column[names[0]], policy
            )
    return found


def _faulty(
    first_row: int, field: str, cells: Sequence[Cell], readings: Sequence[Reading]
) -> list[Faulty]:
    return [
        Faulty(first_row + offset, field, cells[offset], reading.fault)
        for offset, reading in enumerate(readings)
        if reading.fault is not None
    ]


def frame_of(
    rows: Sequence[Sequence[Cell]],
    first_row: int,
    fields: Mapping[str, int],
    policy: Policy,
    more: Mapping[str, Sequence[int]] = MappingProxyType({}),
) -> tuple[pd.DataFrame, tuple[Faulty, ...]]:
    """Type the rows below a heading: a frame with `row` (the sheet's number) and every field of the policy.

    `first_row` is the sheet's number of `rows[0]`. A field that the tab lacks is a column of nothing. Fields of one column
    share its cells. `more` names further columns of a field: its value is that of the first of its cells that can be read.
    """
    frame: dict[str, pd.Series[Any]] = {
        "row": pd.Series(range(first_row, first_row + len(rows)), dtype="int64")
    }
    places, named = _places(fields, more, policy)
    cells = {at: [row[at] if at < len(row) else None for row in rows] for at in named}
    readings = _readings(cells, named, policy)
    faulty: list[Faulty] = []
    for column in policy.columns:
        own = [(column.field, at) for at in places.get(column.field, ())]
        read = first_readable([readings[place] for place in own]) if own else [EMPTY] * len(rows)
        frame[column.field] = typed((reading.value for reading in read), column)
        if column.owner == "team":
            for place in own:
                faulty += _faulty(first_row, column.field, cells[place[1]], readings[place])
    return pd.DataFrame(frame), tuple(faulty)


def money(amount: float, policy: Policy, language: Language) -> str:
    """Write a sum in whole units, with the currency of the book's format."""
    return language.number(round(amount)) + policy.words.amount_format.lstrip("#,0.")


def accepted(kind: str, policy: Policy) -> str:
    """List the words that a column of a dictionary type accepts."""
    return ", ".join(
        policy.words.name(DICTIONARIES[kind], code) for code in policy.codes(DICTIONARIES[kind])
    )


_FAULTS = {
    "not_a_date": (marked("{column}: “{value}” is not a date."), marked("Write it as 31.12.2025.")),
    "no_such_day": (
        marked("{column}: “{value}”: there is no such day."),
        marked("Write it as 31.12.2025."),
    ),
    "odd_year": (
        marked("{column}: “{value}”: the year is out of any reasonable range."),
        marked("Check the year."),
    ),
    "no_year": (
        marked("{column}: “{value}”: the year is missing."),
        marked("Write it as 31.12.2025."),
    ),
    "relative_date": (
        marked("{column}: “{value}” means another day every day."),
        marked("Write the day itself, such as 31.12.2025."),
    ),
    "not_an_amount": (
        marked("{column}: “{value}” is not a sum of money."),
        marked("Write a number, such as 120000."),
    ),
    "not_a_share": (
        marked("{column}: “{value}” is not a probability."),
        marked("Write a percentage from 0 to 100."),
    ),
    "not_a_phone": (
        marked("{column}: “{value}” is not a phone number."),
        marked("Write it with the code, such as +7 912 345-67-89."),
    ),
    "not_an_email": (
        marked("{column}: “{value}” is not an e-mail address."),
        marked("Write it as name@company.com."),
    ),
    "not_a_tax_number": (
        marked("{column}: “{value}” is not a tax number."),
        marked("It has 10 or 12 digits."),
    ),
    "not_a_flag": (
        marked("{column}: “{value}” is neither yes nor no."),
        marked("Write yes or no."),
    ),
    "cell_error": (
        marked("{column}: the formula gives {value}."),
        marked("Mend the formula or type the value."),
    ),
}
"""Fault -> what is wrong, what to do."""


def client(record: Mapping[str, Any]) -> Client:
    """Return a row of a frame (a record by field) as the contract sees it; what is missing is None.

    Raises pydantic's ValidationError for a row without a company or a readable state.
    """
    held = {name: record[name] for name in Client.model_fields if name in record}
    plain = {name: None if pd.isna(value) else value for name, value in held.items()}
    return Client.model_validate(
        {n: v.date() if isinstance(v, pd.Timestamp) else v for n, v in plain.items()}
    )


def _to_add(policy: Policy, language: Language) -> str:
    """Say how the team adds a category of its own."""
    tab, block = policy.words.tabs["settings"], language.text("Categories")
    return language.text(
        "A new one is added on the tab “{tab}”, block “{block}”.", tab=tab, block=block
    )


def explain(faulty: Faulty, heading: str, policy: Policy, language: Language) -> tuple[str, str]:
    """Say in words what is wrong with a cell and what to do: (message, fix)."""
    value = clean(faulty.raw)[:60]
    column = policy.column[faulty.field]
    if faulty.fault.code == "unknown_word":
        message = language.text(
            "{column}: “{value}” is not a known word.", column=heading, value=value
        )
        if faulty.fault.suggestion:
            fix = language.text("Perhaps “{word}”?", word=faulty.fault.suggestion)
        else:
            fix = language.text("Accepted: {words}.", words=accepted(column.type, policy))
        return message, f"{fix} {_to_add(policy, language)}" if column.type == "category" else fix
    message, fix = _FAULTS[faulty.fault.code]
    return language.text(message, column=heading, value=value), language.text(fix)
