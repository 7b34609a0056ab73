"""Formulas that fill other rows than their own: columns filled from the heading, whole tabs filled by QUERY."""

from typing import Any

import pytest

from sheetsync.sheets.requests.cells import fills_others
from tests.builders.desk import COLUMNS, OWNER, Desk

WORKING, STRATEGIC = "Working list", "Strategic archive"
EXTRA = len(COLUMNS)


@pytest.fixture
def desk() -> Desk:
    """Three clients who are due, one who is not, and one in the archive they go to."""
    desk = Desk()
    for began in ("2026-01-05", "2026-01-05", "2026-01-05", "2026-02-28"):
        desk.add(WORKING, "Contact 2", began)
    desk.add(STRATEGIC, "Strategic reserve", "2026-01-10")
    return desk


def enter(desk: Desk, title: str, row: int, column: int, formula: str) -> None:
    cell = {"userEnteredValue": {"formulaValue": formula}}
    start = {"sheetId": desk.sheet_id(title), "rowIndex": row, "columnIndex": column}
    update = {"start": start, "rows": [{"values": [cell]}], "fields": "userEnteredValue"}
    desk.batch(OWNER, {"updateCells": update})


def column(desk: Desk, title: str, place: int) -> list[Any]:
    """Return a column of a tab as it shows, beside each client's number."""
    return [
        row[place] if place < len(row) else ""
        for row in desk.tabs()[title][1:]
        if len(row) > place - 2 and row[0]
    ]


def filled_from_the_heading(desk: Desk, title: str) -> None:
    """Have the extra column show every tax number, by one formula in the heading row."""
    enter(desk, title, 0, EXTRA, "=ARRAYFORMULA(B1:B20)")


def entered(desk: Desk, title: str, place: int) -> list[str]:
    """Return what kind of thing stands in each cell of a column below the heading."""
    fields = "sheets.data.rowData.values(userEnteredValue)"
    title = title.replace(" ", "%20")
    (sheet,) = desk.call(OWNER, "GET", f"?includeGridData=true&ranges={title}&fields={fields}")[
        "sheets"
    ]
    kinds = []
    for row in sheet["data"][0]["rowData"][1:]:
        cells = row.get("values", [])
        value = cells[place].get("userEnteredValue", {}) if place < len(cells) else {}
        kinds.append(next(iter(value), ""))
    return kinds


def test_a_column_that_both_headings_fill_goes_on_being_filled(desk: Desk) -> None:
    filled_from_the_heading(desk, WORKING)
    filled_from_the_heading(desk, STRATEGIC)
    desk.daemon().run()
    numbers = [cells["Tax number"] for ((_, _, cells),) in desk.standing().values()]
    assert sorted(column(desk, STRATEGIC, EXTRA) + column(desk, WORKING, EXTRA)) == sorted(numbers)
    # A value in the way would break the formula in the heading, for all rows.
    assert not any(entered(desk, STRATEGIC, EXTRA))
    assert not desk.daemon().run().wrote


def test_what_a_heading_filled_in_stays_with_the_rows_where_none_fills_it_anew(
    desk: Desk,
) -> None:
    enter(desk, WORKING, 0, EXTRA, '=ARRAYFORMULA(J1:J5&" again")')
    shown = dict(zip(desk.clients, column(desk, WORKING, EXTRA), strict=False))
    assert shown["N1"] == "remark of 1 again"
    desk.daemon().run()
    for number, ((tab, _, cells),) in desk.standing().items():
        if number != "N5":
            assert cells["Remark again"] == shown[number], (tab, number)
    assert not desk.daemon().run().wrote


def test_rows_that_a_query_fills_in_are_not_moved_as_it_would_fill_them_in_again(
    desk: Desk,
) -> None:
    # A tab of the team's own feeds the first cells of the working list: company and tax number.
    desk.batch(OWNER, {"addSheet": {"properties": {"title": "Feed", "sheetId": 77}}})
    for row in range(4):
        desk.write(OWNER, "Feed", row, [f"Company {row + 1}"])
        desk.write(OWNER, WORKING, row + 1, [""], 0)
    enter(desk, WORKING, 1, 0, "=ARRAYFORMULA(Feed!A1:A4)")
    before = desk.standing().keys()
    desk.daemon().run()
    assert desk.standing().keys() == before
    assert {tab for ((tab, _, _),) in desk.standing().values()} == {WORKING, STRATEGIC}
    assert [row[0] for row in desk.tabs()[WORKING][1:5]] == [f"Company {n}" for n in range(1, 5)]
    problems = [cells.get("Problems", "") for ((_, _, cells),) in desk.standing().values()]
    assert sum("a formula that fills other rows" in text for text in problems) == 3
    assert not desk.daemon().run().wrote


@pytest.mark.parametrize(
    "formula",
    [
        "=ARRAYFORMULA(A2:A)",
        '=query(Feed!A:F; "select A")',
        '=IFERROR( IMPORTRANGE("key", "Base!A2:F"), "")',
        "={Feed!A2:F}",
        "=SORT(Feed!A2:F, 1, TRUE)",
        '=IF(A1="", "", ARRAYFORMULA(B2:B))',
    ],
)
def test_a_formula_that_fills_other_rows_is_known(formula: str) -> None:
    assert fills_others({"userEnteredValue": {"formulaValue": formula}})


@pytest.mark.parametrize(
    "formula",
    ["=A2*2", "=SUM(FILTER(B:B, A:A=A2))", '=JOIN(",", UNIQUE(A2:F2))', "=COUNTA(SORT(A:A))", ""],
)
def test_one_that_only_reads_many_cells_is_not_taken_for_one(formula: str) -> None:
    assert not fills_others({"userEnteredValue": {"formulaValue": formula}})
