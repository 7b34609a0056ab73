"""Fixtures of all tests: the builder of small bases, and the sample bases."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sheetsync.i18n import language
from sheetsync.method.policy import template
from sheetsync.values import to_cell
from sheetsync.workbook import last_run_state as state_tab
from sheetsync.workbook.recognition import recognise
from sheetsync.workbook.snapshot import Book, Grid, Snapshot
from tests.builders.base import Base
from tests.places import DATA


@pytest.fixture(scope="session")
def play() -> type[Base]:
    """Give the builder: `play(TABLE)` makes a base whose nights can be played."""
    return Base


@pytest.fixture(scope="session")
def data() -> Path:
    """Give the folder of the sample bases."""
    return DATA


@pytest.fixture(scope="session")
def six_tabs(data: Path) -> Snapshot:
    """Give the sample base of 630 rows as it is read before its first night."""
    workbook = openpyxl.load_workbook(data / "six-tabs.xlsx", read_only=True)
    grids = tuple(
        Grid(
            at,
            tab.title,
            at,
            1000,
            26,
            [[_cell(cell) for cell in row] for row in tab.iter_rows(values_only=True)],
        )
        for at, tab in enumerate(workbook)
    )
    workbook.close()
    book = Book("six-tabs", "six-tabs", "ru_RU", "Europe/Moscow", grids)
    return replace(recognise(book, template("ru"), language("ru")), state=state_tab.empty())


def _cell(value: Any) -> Any:
    return to_cell(value) if isinstance(value, datetime) else value
