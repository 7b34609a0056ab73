"""What calls cost as a book grows: counted in function calls, so that a busy machine changes nothing.

What the calls answer is tested elsewhere.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import gspread
import pytest
from google.auth.credentials import AnonymousCredentials

from sheetsync.emulator import LocalAdapter, Workspace
from sheetsync.emulator.model.grid import Cell, Formula, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def worksheet() -> Iterator[Any]:
    workspace = Workspace.in_memory()
    number = workspace.create("Book").id
    client = gspread.Client(auth=AnonymousCredentials())  # type: ignore[no-untyped-call]  # google-auth has no types
    client.http_client.session.mount("https://", LocalAdapter(workspace))
    yield client.open_by_key(number).sheet1
    client.http_client.session.close()


def cost(work: Callable[[], Any]) -> int:
    """Count the calls of functions, Python's own included."""
    calls = 0

    def count(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return calls


def test_a_thousand_appends_cost_each_as_much_as_the_first(worksheet: Any) -> None:
    def fill(rows: int) -> None:
        for number in range(rows):
            worksheet.append_row([f"name {number}", number, "x", "y"])

    fill(1)
    first = cost(lambda: fill(20))
    fill(959)
    last = cost(lambda: fill(20))
    assert worksheet.row_values(1000) == ["name 19", "19", "x", "y"]
    assert last < first * 1.2


@pytest.mark.parametrize("option", ["UNFORMATTED_VALUE", "FORMATTED_VALUE"])
def test_reading_costs_a_few_calls_a_cell(worksheet: Any, option: str) -> None:
    worksheet.update(
        [[row * 1.5, f"text {row}", row, row % 2 == 0] * 5 for row in range(200)], "A1:T200"
    )
    worksheet.format("A1:A200", {"numberFormat": {"type": "CURRENCY"}})
    worksheet.format("C1:C200", {"numberFormat": {"type": "DATE"}})
    spent = cost(lambda: worksheet.get("A1:T200", value_render_option=option))
    assert spent < 200 * 20 * 25


def test_formulas_are_not_worked_out_again_where_nothing_changed(worksheet: Any) -> None:
    worksheet.update(
        [[number, f"=A{number + 1}*2"] for number in range(1000)], "A1:B1000", raw=False
    )
    first = cost(lambda: worksheet.get("B1:B2"))
    assert cost(lambda: worksheet.get("B1:B2")) < first / 5
    worksheet.update([[7]], "A1")
    assert worksheet.get("B1:B2") == [["14"], ["2"]]


def test_formulas_are_looked_for_once_in_each_row() -> None:
    sheet = Sheet(0, "Tab", rows=[{0: Cell("text"), 1: Cell(number)} for number in range(500)])
    sheet.put(7, 2, Cell(Formula("=B8")))
    first = cost(lambda: list(sheet.formulas()))
    again = cost(lambda: list(sheet.formulas()))
    copy = sheet.copy()
    copy.put(400, 2, Cell(Formula("=B401")))
    del copy.rows[3]
    changed = cost(lambda: list(copy.formulas()))
    assert again < first / 50
    assert changed < first / 2
    assert [(row, column) for row, column, _ in copy.formulas()] == [(6, 2), (399, 2)]
    assert [(row, column) for row, column, _ in sheet.formulas()] == [(7, 2)]
    copy.put(6, 2, Cell("text"))
    copy.rows.insert(0, {})
    assert [(row, column) for row, column, _ in copy.formulas()] == [(400, 2)]
