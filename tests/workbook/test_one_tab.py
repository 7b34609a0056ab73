"""A base of one tab in which everything lies together: what its cells are read as, against what their author meant."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from sheetsync.method.policy import template
from sheetsync.schema import frame_of
from sheetsync.values import Home, canonical, hint_of, to_cell
from tests.builders.reading import read

RU = template("ru")
FIELDS = {
    "company": 1,
    "tax_number": 2,
    "person": 3,
    "phone": 4,
    "email": 5,
    "state": 6,
    "manager": 7,
    "began": 8,
    "last_contact": 9,
    "next_step": 10,
    "next_on": 11,
    "amount": 12,
    "comment": 13,
}
FIRST = 4
"""The sheet's number of the first row below the headings."""


@pytest.fixture(scope="module")
def truth(data: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(
        (data / "one-tab.truth.json").read_text(encoding="utf-8")
    )["rows"]
    return rows


def as_cell(cell: Any) -> Any:
    """Give a cell as the API would: days as serial numbers."""
    return to_cell(cell) if isinstance(cell, datetime) else cell


@pytest.fixture(scope="module")
def rows(data: Path) -> list[list[Any]]:
    workbook = openpyxl.load_workbook(data / "one-tab.xlsx", read_only=True)
    cells = [
        [as_cell(cell) for cell in row]
        for row in workbook["Лист1"].iter_rows(min_row=FIRST, values_only=True)
    ]
    workbook.close()
    return cells


@pytest.mark.parametrize(
    "field",
    [
        "state",
        "phone",
        "tax_number",
        "email",
        "began",
        "last_contact",
        "next_on",
        "manager",
        "person",
    ],
)
def test_every_cell_is_read_as_its_author_meant_it(
    rows: list[list[Any]], truth: list[dict[str, Any]], field: str
) -> None:
    frame, _ = frame_of(rows, FIRST, {field: FIELDS[field]}, RU)
    found = dict(zip(frame["row"], frame[field], strict=True))
    off = [row["row"] for row in truth if as_written(found[row["row"]]) != row[field]]
    assert off == []


def as_written(value: Any) -> Any:
    """Return a frame's value as the truth file has it."""
    if isinstance(value, str):
        return value
    return None if pd.isna(value) else str(value.date())


def test_nothing_that_stands_there_is_a_fault(
    rows: list[list[Any]], truth: list[dict[str, Any]]
) -> None:
    _, faulty = frame_of(rows, FIRST, FIELDS, RU)
    known = {row["row"] for row in truth}
    assert [fault for fault in faulty if fault.row in known] == []


@pytest.mark.parametrize(
    "field", ["phone", "tax_number", "began", "last_contact", "next_on", "company", "email"]
)
def test_every_safe_repair_leaves_the_meaning(rows: list[list[Any]], field: str) -> None:
    cells = [row[FIELDS[field]] for row in rows]
    kind = RU.column[field].type
    hint = hint_of(kind, cells, Home("RU"))
    readings = [read(kind, cell, hint=hint) for cell in cells]
    written = [
        canonical(kind, cell, reading, hint) for cell, reading in zip(cells, readings, strict=True)
    ]
    after = [cell if new is None else new for cell, new in zip(cells, written, strict=True)]
    assert any(new is not None for new in written)
    assert [read(kind, cell, hint=hint) for cell in after] == readings
    assert {type(cell) for cell in after} <= (
        {int, type(None)} if kind == "date" else {str, type(None)}
    )


def test_the_middle_of_its_dates_is_near_the_day_it_was_made(rows: list[list[Any]]) -> None:
    around = hint_of("date", [row[FIELDS["last_contact"]] for row in rows], Home("RU")).around
    assert around is not None
    assert abs(around - date(2026, 2, 1)).days < 60
