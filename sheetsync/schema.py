"""The row's contract: the Client model, cells typed column by column, problems in words.

Nothing here raises on bad data: what cannot be read becomes a `Problem`. How one cell is read is
`values`'.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from itertools import zip_longest
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
    Cell,
    CellFault,
    ReadColumn,
    Reading,
    Value,
    clean,
    first_readable,
    hint_of,
    of_readings,
    read_cells,
    reader,
    with_countries,
    with_currencies,
)


class Client(BaseModel):
    """One row as the method sees it (METHOD, "The row").

    Codes are the policy's; money in the book's currency; dates without a zone.
    """

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
    closed_on: date | None = None
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
    """A cell that could not be read: its row (the sheet's number), field, what it held and why."""

    row: int
    field: str
    raw: Cell
    fault: CellFault


def read_column(
    cells: Sequence[Cell],
    column: Column,
    policy: Policy,
    *,
    part: bool = False,
    unit: int = 1,
) -> ReadColumn:
    """Read a column's cells, each distinct cell once, as the whole column tells.

    `part`: the cells hold other fields too, and one that lacks this field is empty. `unit`: what
    the heading says that bare amounts are counted in. Nothing is raised; faults stand in the
    readings.
    """
    words = (
        dictionary(policy, column.type) if column.type in DICTIONARIES else None
    )
    of_column = hint_of(column.type, cells, policy.home)
    hint = replace(of_column, part=part, unit=unit)
    return read_cells(cells, reader(column.type, policy.region, words, hint))


_UNIX = date(1970, 1, 1).toordinal()
# What numpy keeps for no day at all.
_NO_DAY = np.iinfo("int64").min


def typed(
    read: ReadColumn, column: Column, index: "pd.Index[Any] | None" = None
) -> "pd.Series[Any]":
    """Make a column of the frame, on `index` (None: 0..n-1).

    Dates become datetime64[s], numbers float64, everything else stays objects.
    """
    if column.type == "date":
        days = np.fromiter(read.as_forms(_unix_day), "int64", len(read))
        return pd.Series(
            days.view("datetime64[D]").astype("datetime64[s]"), index
        )
    if column.type in ("amount", "share", "integer"):
        numbers = np.fromiter(read.as_forms(_number), "float64", len(read))
        return pd.Series(numbers, index)
    values = np.empty(len(read), dtype=object)
    values[:] = read.as_values()
    return pd.Series(values, index, dtype=object)


def _number(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else np.nan


def _unix_day(value: Value) -> int:
    if isinstance(value, date):
        return value.toordinal() - _UNIX
    return _NO_DAY


Place = tuple[str, int]
"""A field and one of the columns in which it stands."""


def _columns_by_field(
    fields: Mapping[str, int], more: Mapping[str, Sequence[int]], policy: Policy
) -> dict[str, list[int]]:
    """Return the columns of each field, the main one first, in the order of `fields`."""
    columns: dict[str, list[int]] = {}
    for name, main in fields.items():
        if name in policy.column:
            columns[name] = list(dict.fromkeys((main, *more.get(name, ()))))
    return columns


def _fields_by_column(
    columns_by_field: Mapping[str, Sequence[int]],
) -> dict[int, list[str]]:
    fields = defaultdict[int, list[str]](list)
    for name, columns in columns_by_field.items():
        for column in columns:
            fields[column].append(name)
    return fields


def _readings(
    cells: Mapping[int, Sequence[Cell]],
    fields: Mapping[int, Sequence[str]],
    policy: Policy,
    units: Mapping[int, int],
) -> dict[Place, ReadColumn]:
    """Read every column once for each field that stands in it.

    `cells`, `fields`, `units`: by column.
    """
    readings: dict[Place, ReadColumn] = {}
    for column, names in fields.items():
        shared = len(names) > 1
        for name in names:
            readings[name, column] = read_column(
                cells[column],
                policy.column[name],
                policy,
                part=shared,
                unit=units.get(column, 1),
            )
        if shared:
            of_each = [readings[name, column] for name in names]
            first = policy.column[names[0]]
            readings[names[0], column] = _blamed(
                cells[column], of_each, first, policy
            )
    return readings


def _blamed(
    cells: Sequence[Cell],
    of_each: Sequence[ReadColumn],
    first: Column,
    policy: Policy,
) -> ReadColumn:
    """Return the first field's readings of a column that several fields share.

    A cell that holds none of them is a fault of that field. `of_each`: each field's readings.
    """
    blamed = list(of_each[0])
    rows = zip(cells, zip(*of_each, strict=True), strict=True)
    unread = [
        offset
        for offset, (cell, row) in enumerate(rows)
        if _holds_none(cell, row)
    ]
    if not unread:
        return of_each[0]
    as_whole = read_column(cells, first, policy)
    for offset in unread:
        if as_whole[offset].fault is not None:
            blamed[offset] = as_whole[offset]
    return of_readings(blamed)


def _holds_none(cell: Cell, readings: Sequence[Reading]) -> bool:
    return cell not in (None, "") and all(
        reading.value is None for reading in readings
    )


def _faulty(
    first_row: int,
    field: str,
    cells: Sequence[Cell],
    readings: ReadColumn,
    elsewhere: ReadColumn,
) -> Iterator[Faulty]:
    """Go through the cells that cannot be read, but for rows that `elsewhere` reads."""
    if not readings.faults:
        return
    rows = zip(cells, readings, elsewhere, strict=True)
    for row, (cell, reading, known) in enumerate(rows, start=first_row):
        if reading.fault is not None and known.value is None:
            yield Faulty(row, field, cell, reading.fault)


class Beside(NamedTuple):
    """What a tab says of its amounts and phones beside their cells.

    `units`: what bare amounts are counted in, by column, where it is not 1; `currency`: the column
    (0-based) that names each row's currency, None where there is none; `countries`: the country of
    each row (ISO 3166, "" where none is told), empty where no column tells any; `unless`: a country
    whose numbers stay its own.
    """

    units: Mapping[int, int] = MappingProxyType({})
    currency: int | None = None
    countries: Sequence[str] = ()
    unless: str = ""


NOTHING_BESIDE = Beside()
"""A tab that says nothing more of its cells than they do."""


def _put_together(name: str, columns: Sequence[ReadColumn]) -> ReadColumn:
    """Return what the columns of one field say together."""
    if name == "person" and len(columns) > 1:
        return of_readings([*map(_whole_name, zip(*columns, strict=True))])
    return first_readable(columns)


def _whole_name(readings: Sequence[Reading]) -> Reading:
    """Put a first and a last name together; people who are named whole stand one after another."""
    parts = [str(reading.value) for reading in readings if reading.value]
    if not parts:
        return readings[0]
    are_words = not any(" " in part for part in parts)
    joint = " " if are_words else ", "
    return Reading(joint.join(dict.fromkeys(parts)))


def frame_of(
    rows: Sequence[Sequence[Cell]],
    first_row: int,
    fields: Mapping[str, int],
    policy: Policy,
    more: Mapping[str, Sequence[int]] = MappingProxyType({}),
    beside: Beside = NOTHING_BESIDE,
) -> tuple[pd.DataFrame, tuple[Faulty, ...]]:
    """Type the rows below a heading, and name the team's cells that cannot be read.

    The frame has `row` (the sheet's number) and every field of the policy; one that the tab lacks
    is a column of nothing. `first_row` is the sheet's number of `rows[0]`. Fields of one column
    share its cells. `more` names further columns of a field: its value is that of the first of its
    cells that can be read; a person's name is put together of all of them. `beside`: what else the
    tab says of its amounts and phones.
    """
    numbers = range(first_row, first_row + len(rows))
    index = pd.RangeIndex(len(rows))
    frame: dict[str, pd.Series[Any]] = {
        "row": pd.Series(numbers, index, dtype="int64")
    }
    columns_by_field = _columns_by_field(fields, more, policy)
    fields_by_column = _fields_by_column(columns_by_field)
    cells = _cells_of_columns(rows, fields_by_column)
    read_as = _with_what_stands_beside(
        rows, cells, fields_by_column, policy, beside
    )
    readings = _readings(read_as, fields_by_column, policy, beside.units)
    nothing = ReadColumn([None] * len(rows), {None: None}, {})
    faulty: list[Faulty] = []
    for column in policy.columns:
        name = column.field
        places = columns_by_field.get(name, ())
        of_places = [readings[name, place] for place in places] or [nothing]
        read = _put_together(name, of_places)
        frame[name] = typed(read, column, index)
        if column.owner == "team":
            for place, of_place in zip(places, of_places, strict=False):
                elsewhere = read if name == "state" else nothing
                faulty.extend(
                    _faulty(
                        first_row, name, read_as[place], of_place, elsewhere
                    )
                )
    return pd.DataFrame(frame, index), tuple(faulty)


def _with_what_stands_beside(
    rows: Sequence[Sequence[Cell]],
    cells: Mapping[int, Sequence[Cell]],
    fields: Mapping[int, Sequence[str]],
    policy: Policy,
    beside: Beside,
) -> dict[int, Sequence[Cell]]:
    """Return the cells as they are read: amounts with their currency, phones with their country."""
    read_as = dict(cells)
    for place, names in fields.items():
        kinds = {policy.column[name].type for name in names}
        if "amount" in kinds and beside.currency is not None:
            named = _cells_of_columns(rows, [beside.currency])[beside.currency]
            unit = beside.units.get(place, 1)
            read_as[place] = with_currencies(cells[place], named, unit)
        if "phone" in kinds and beside.countries:
            read_as[place] = with_countries(
                cells[place], beside.countries, beside.unless
            )
    return read_as


def _cells_of_columns(
    rows: Sequence[Sequence[Cell]], columns: Iterable[int]
) -> dict[int, Sequence[Cell]]:
    """Return the cells of some columns; a row that ends before one holds nothing there."""
    by_column = dict(enumerate(zip_longest(*rows)))
    nothing = [None] * len(rows)
    return {column: by_column.get(column, nothing) for column in columns}


def money(amount: float, policy: Policy, language: Language) -> str:
    """Write a sum in whole units, with the currency of the book's format."""
    return language.number(round(amount)) + policy.words.amount_format.lstrip(
        "#,0."
    )


def accepted(kind: str, policy: Policy) -> str:
    """List the words that a column of a dictionary type accepts."""
    words = DICTIONARIES[kind]
    return ", ".join(
        policy.words.name(words, code) for code in policy.codes(words)
    )


_FAULTS = {
    "not_a_date": (
        marked("{column}: “{value}” is not a date."),
        marked("Write it as 31.12.2025."),
    ),
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
    "other_currency": (
        marked(
            "{column}: “{value}” is in another currency and counts in no sum."
        ),
        marked(
            "Type the rate on the Settings tab, or the amount in your own currency."
        ),
    ),
    "not_a_share": (
        marked("{column}: “{value}” is not a probability."),
        marked("Write a percentage from 0 to 100."),
    ),
    "not_a_phone": (
        marked("{column}: “{value}” is not a phone number."),
        marked("Write it with the code, such as {example}."),
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
# Where no number of the country is known.
_PHONE = "+49 30 123456"
# Signs of a cell that a sentence quotes at most.
_LONGEST_QUOTED = 60


def client(record: Mapping[str, Any]) -> Client:
    """Return a row of a frame (a record by field) as the contract sees it; what is missing is None.

    Raises pydantic's ValidationError for a row without a company or a readable state.
    """
    held = [name for name in Client.model_fields if name in record]
    return Client.model_validate({name: _plain(record[name]) for name in held})


def _plain(value: Any) -> Any:
    """Return a cell of a frame as pydantic takes it."""
    if pd.isna(value):
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def _to_add(policy: Policy, language: Language) -> str:
    """Say how the team adds a category of its own."""
    return language.text(
        "A new one is added on the tab “{tab}”, block “{block}”.",
        tab=policy.words.tabs["settings"],
        block=language.text("Categories"),
    )


def explain(
    faulty: Faulty, heading: str, policy: Policy, language: Language
) -> tuple[str, str]:
    """Say in words what is wrong with a cell and what to do: (message, fix)."""
    value = clean(faulty.raw)[:_LONGEST_QUOTED]
    if faulty.fault.code == "unknown_word":
        message = language.text(
            "{column}: “{value}” is not a known word.",
            column=heading,
            value=value,
        )
        return message, _known_words(faulty, policy, language)
    if faulty.fault.code in ("unknown_manager", "several_managers"):
        return _of_manager(faulty, heading, value, policy, language)
    message, fix = _FAULTS[faulty.fault.code]
    example = faulty.fault.suggestion or _PHONE
    return language.text(message, column=heading, value=value), language.text(
        fix, example=example
    )


def _of_manager(
    faulty: Faulty, heading: str, value: str, policy: Policy, language: Language
) -> tuple[str, str]:
    """Say that a cell names nobody who is known, or several people."""
    text = language.text
    suggested = faulty.fault.suggestion
    if faulty.fault.code == "several_managers":
        message = text(
            "{column}: “{value}” names several people; the first, {manager}, counts.",
            column=heading,
            value=value,
            manager=suggested,
        )
        return message, text(
            "Leave one name here, and write the others into the comment."
        )
    message = text(
        "{column}: nobody on the tab “{tab}” is called “{value}”.",
        column=heading,
        tab=policy.words.tabs["settings"],
        value=value,
    )
    added = text(
        "A new manager is added there, block “{block}”.",
        block=text("Managers"),
    )
    if not suggested:
        return message, added
    return message, f"{text('Perhaps “{word}”?', word=suggested)} {added}"


def _known_words(faulty: Faulty, policy: Policy, language: Language) -> str:
    """Say which word may have been meant, or which are accepted, and how one is added."""
    kind = policy.column[faulty.field].type
    if faulty.fault.suggestion:
        fix = language.text("Perhaps “{word}”?", word=faulty.fault.suggestion)
    else:
        fix = language.text("Accepted: {words}.", words=accepted(kind, policy))
    if kind != "category":
        return fix
    return f"{fix} {_to_add(policy, language)}"
