"""Which row is a client: one with a client's own data, and no total, banner, heading or note."""

from dataclasses import replace

import pytest

from sheetsync.i18n import language
from sheetsync.method.policy import Policy, template
from sheetsync.values import Cell
from sheetsync.workbook.recognition import recognise
from sheetsync.workbook.snapshot import Book, CellArea, Grid, PassedReason, Tab

EN = template("en").model_copy(update={"managers": {"baker": "Baker", "иванпетров": "Иван Петров"}})
HEADINGS: list[Cell] = ["Company", "Phone", "State", "Manager", "Deal amount", "ID"]
ACME: list[Cell] = ["Acme", "+1 202 555 0101", "New", "Baker", 100, None]


def tab_of(*rows: list[Cell], merges: tuple[CellArea, ...] = (), policy: Policy = EN) -> Tab:
    grid = Grid(1, "Working list", 0, 100, 6, (HEADINGS, *rows), merges=merges)
    book = Book("book", "Base", "en_US", "UTC", (grid,))
    return recognise(book, policy, language("en")).tab["working"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["Total", None, None, None, 300], "total"),
        (["Итого:", 18, None, None, 300], "total"),
        (["Всего клиентов:", 18], "total"),
        (["Total for Baker", None, None, None, 300], "total"),
        (["Baker Total", None, None, None, 300], "total"),
        (["Итого по Сидоровой", None, None, None, 300], "total"),
        ([None, None, None, "Итого Иванов", 300], "total"),
        (["Gesamtsumme", None, None, None, 300], "total"),
        (["Total", None, None, "Baker", 300], "total"),
        (["Total", None, None, None, "#REF!"], "total"),
        ([None, None, None, None, 300], "sums"),
        ([None, None, None, None, "#REF!"], "sums"),
        (["Baker", None, None, None, None], "manager"),
        (["Baker", None, None, None, 300], "manager"),
        (["Менеджер: Иван Петров (8)", None, None, None, None], "manager"),
        (["Manager", "Baker", None, None, None], "manager"),
        ([None, None, None, "Иван Петров", None], "manager"),
        (["Refusals", None, None, None, None], "group"),
        (["© 2026 Acme Ltd. All rights reserved", None], "note"),
        (["Insert new rows above this line", None], "note"),
        (["Отчёт составил: Иванов", None], "note"),
        (["Стр. 2 из 3", None], "note"),
        (["Confidential Information - Do Not Distribute", None], "note"),
        (["------", None], "note"),
    ],
)
def test_a_row_that_says_nothing_of_a_client_is_passed_over_with_its_reason(
    row: list[Cell], reason: str
) -> None:
    tab = tab_of(ACME, row, ACME)
    assert tab.frame["row"].tolist() == [2, 4]
    assert [(passed.row, passed.reason) for passed in tab.passed] == [(3, PassedReason(reason))]


@pytest.mark.parametrize(
    "row",
    [
        ["Total", "+1 202 555 0102", None, None, None],
        ["Итог", None, "Contact 1", "Baker", 100],
        ["Всего", "+7 912 101-07-13", None, None, None],
        ["Total", None, None, None, None, "RVK2N2"],  # an id
        ["Total Oil", None, None, None, None],
        ["Sum of Parts Ltd", None, "New", None, None],
        ["Page Industries", None, None, None, None],
        ["Baker", "+1 202 555 0103", None, None, None],
        ["Bakery", None, None, None, None],
        ["Acme", None, None, None, None],
        ["Copyright", "call 202 555 01 04 x", None, None, None],
    ],
)
def test_a_row_with_a_clients_own_data_is_a_client_whatever_it_is_called(row: list[Cell]) -> None:
    tab = tab_of(ACME, row)
    assert tab.frame["row"].tolist() == [2, 3]
    assert tab.passed == ()


def test_a_heading_over_merged_cells_is_no_client() -> None:
    tab = tab_of(["North"], ACME, merges=(CellArea(1, 2, 0, 6),))
    assert tab.frame["row"].tolist() == [3]
    assert [passed.reason for passed in tab.passed] == [PassedReason.GROUP]


def test_a_blank_row_is_passed_over_without_a_word() -> None:
    tab = tab_of(ACME, [None], ["", None], ACME)
    assert tab.frame["row"].tolist() == [2, 5]
    assert tab.passed == ()


def test_each_reason_is_told_once_with_what_the_rows_are_called() -> None:
    grid = Grid(1, "Working list", 0, 100, 6, (HEADINGS, ACME, ["Total", None], ["Total: 2"]))
    book = Book("book", "Base", "en_US", "UTC", (grid,))
    problems = recognise(book, EN, language("en")).problems
    assert [(problem.code, problem.row, problem.message) for problem in problems] == [
        (
            "passed_over",
            0,
            "2 rows add up others and are no clients: “Total”, “Total: 2”.",
        )
    ]
    replaced = replace(book, grids=(replace(grid, cells=(HEADINGS, ACME)),))
    assert recognise(replaced, EN, language("en")).problems == ()
