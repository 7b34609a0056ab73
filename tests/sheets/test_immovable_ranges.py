"""What on a tab keeps rows from moving: each such row is left alone with a problem that says why; all others go."""

from collections.abc import Callable
from typing import Any

import pytest

from sheetsync.errors import PlanRefused
from sheetsync.services.run import apply, preview
from tests.builders.bench import TITLES
from tests.builders.desk import COLUMNS, NOTE, OWN, OWNER, Desk

WORKING, STRATEGIC = TITLES["working"], TITLES["strategic"]


@pytest.fixture
def desk() -> Desk:
    """Give a base in which N1, N2 and N3 are due to leave the working list, and N4 and N5 stay."""
    made = Desk()
    for began in ("2026-01-10", "2026-01-11", "2026-01-12", "2026-02-28", "2026-02-28"):
        made.add(WORKING, "Contact 2", began)
    made.add(STRATEGIC, "Strategic reserve", "2026-01-01")
    return made


def _area(
    desk: Desk, title: str, rows: tuple[int, int], columns: tuple[int, int] = (0, len(COLUMNS))
) -> dict[str, int]:
    return {
        "sheetId": desk.sheet_id(title),
        "startRowIndex": rows[0],
        "endRowIndex": rows[1],
        "startColumnIndex": columns[0],
        "endColumnIndex": columns[1],
    }


def _merge(desk: Desk, rows: tuple[int, int], title: str = WORKING) -> dict[str, Any]:
    column = COLUMNS.index(NOTE)
    return {
        "mergeCells": {
            "range": _area(desk, title, rows, (column, column + 1)),
            "mergeType": "MERGE_ALL",
        }
    }


def _protect(desk: Desk, title: str, rows: tuple[int, int]) -> dict[str, Any]:
    return {
        "addProtectedRange": {
            "protectedRange": {"range": _area(desk, title, rows), "editors": {"users": [OWNER]}}
        }
    }


def _formula(desk: Desk, row: int) -> dict[str, Any]:
    start = {"sheetId": desk.sheet_id(WORKING), "rowIndex": row, "columnIndex": len(COLUMNS)}
    cell = {"userEnteredValue": {"formulaValue": "=ARRAYFORMULA(A2:A4)"}}
    return {
        "updateCells": {"start": start, "rows": [{"values": [cell]}], "fields": "userEnteredValue"}
    }


def _table(desk: Desk) -> dict[str, Any]:
    return {"addTable": {"table": {"name": "Archive", "range": _area(desk, STRATEGIC, (0, 2))}}}


CASES: dict[str, tuple[Callable[[Desk], dict[str, Any]], set[str], str]] = {
    "cells merged with the row below": (lambda desk: _merge(desk, (2, 4)), {"N2", "N3"}, "merged"),
    "a range that the owner keeps for himself": (
        lambda desk: _protect(desk, WORKING, (1, 2)),
        {"N1"},
        "protected",
    ),
    "an array formula in the row": (lambda desk: _formula(desk, 1), {"N1"}, "array"),
    "a table where rows arrive": (_table, {"N1", "N2", "N3"}, "table"),
    "a protected end where rows arrive": (
        lambda desk: _protect(desk, STRATEGIC, (1, 9)),
        {"N1", "N2", "N3"},
        "protected",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_row_that_cannot_move_stays_with_a_problem_and_the_others_go(
    desk: Desk, name: str
) -> None:
    request, kept, code = CASES[name]
    desk.batch(
        OWNER,
        {
            "appendDimension": {
                "sheetId": desk.sheet_id(WORKING),
                "dimension": "COLUMNS",
                "length": 2,
            }
        },
        request(desk),
    )
    done = desk.daemon().run()
    where = {number: found[0][0] for number, found in desk.standing().items()}
    assert {number for number in ("N1", "N2", "N3") if where[number] == WORKING} == kept
    assert where["N4"] == where["N5"] == WORKING
    assert {p.row for p in done.planned.plan.problems if p.code == code and p.tab == WORKING} == {
        int(n[1]) + 1 for n in kept
    }
    assert not desk.daemon(holder="here:2").run().wrote


@pytest.mark.parametrize("name", ["hidden by hand", "hidden by a filter", "grouped", "frozen"])
def test_rows_that_people_do_not_see_move_as_others_do(desk: Desk, name: str) -> None:
    rows = desk.rows(WORKING, 1, 3)
    whole = _area(desk, WORKING, (0, 6))
    hidden = {
        "filterSpecs": [
            {"columnIndex": COLUMNS.index(OWN), "filterCriteria": {"hiddenValues": ["N1", "N4"]}}
        ]
    }
    deeds: dict[str, dict[str, Any]] = {
        "hidden by hand": {
            "updateDimensionProperties": {
                "range": rows,
                "properties": {"hiddenByUser": True},
                "fields": "hiddenByUser",
            }
        },
        "hidden by a filter": {"setBasicFilter": {"filter": {"range": whole, **hidden}}},
        "grouped": {"addDimensionGroup": {"range": rows}},
        "frozen": {
            "updateSheetProperties": {
                "properties": {
                    "sheetId": desk.sheet_id(WORKING),
                    "gridProperties": {"frozenRowCount": 3},
                },
                "fields": "gridProperties.frozenRowCount",
            }
        },
    }
    desk.batch(OWNER, deeds[name])
    assert len(desk.daemon().run().planned.plan.moves) == 3
    where = {number: (len(found), found[0][0]) for number, found in desk.standing().items()}
    assert {where[number] for number in ("N1", "N2", "N3")} == {(1, STRATEGIC)}
    if name == "hidden by a filter":
        sheet = next(
            s for s in desk.call(OWNER, "GET", "")["sheets"] if s["properties"]["title"] == WORKING
        )
        assert sheet["basicFilter"]["filterSpecs"][0]["filterCriteria"] == {
            "hiddenValues": ["N1", "N4"]
        }
    assert not desk.daemon(holder="here:2").run().wrote


def _with_an_array_formula(desk: Desk) -> None:
    wider = {
        "appendDimension": {"sheetId": desk.sheet_id(WORKING), "dimension": "COLUMNS", "length": 2}
    }
    desk.batch(OWNER, wider, _formula(desk, 1))


def test_a_row_with_an_array_formula_locks_nobody_out_after_the_first_night(desk: Desk) -> None:
    _with_an_array_formula(desk)
    desk.daemon().run()
    done = desk.daemon(holder="here:2").run()
    assert (dict(done.requests), done.wrote) == ({"read": 3, "write": 0}, False)
    assert {p.code for p in done.planned.plan.problems} >= {"array"}


def test_a_row_moves_once_its_array_formula_is_gone(desk: Desk) -> None:
    _with_an_array_formula(desk)
    desk.daemon().run()
    column = {
        "sheetId": desk.sheet_id(WORKING),
        "dimension": "COLUMNS",
        "startIndex": len(COLUMNS),
        "endIndex": len(COLUMNS) + 1,
    }
    desk.batch(OWNER, {"deleteDimension": {"range": column}})
    done = desk.daemon(holder="here:2").run()
    assert [move.company for move in done.planned.plan.moves] == ["Company 1"]
    assert dict(done.requests) == {"read": 4, "write": 2}


def test_an_undo_leaves_a_row_with_an_array_formula_where_it_is(desk: Desk) -> None:
    desk.daemon().run()
    start = {
        "sheetId": desk.sheet_id(STRATEGIC),
        "rowIndex": desk.place("N1")[1],
        "columnIndex": COLUMNS.index(NOTE),
    }
    cell = {"userEnteredValue": {"formulaValue": "=ARRAYFORMULA(A2)"}}
    desk.batch(
        OWNER,
        {
            "updateCells": {
                "start": start,
                "rows": [{"values": [cell]}],
                "fields": "userEnteredValue",
            }
        },
    )
    done = desk.daemon(holder="here:2").undo()
    assert [move.company for move in done.planned.plan.moves] == ["Company 2", "Company 3"]
    assert {number: desk.place(number)[0] for number in ("N1", "N2")} == {
        "N1": STRATEGIC,
        "N2": WORKING,
    }


def test_a_saved_plan_for_a_row_with_an_array_formula_is_refused(desk: Desk) -> None:
    planned = preview(desk.daemon().opened, desk.daemon().options)
    _with_an_array_formula(desk)
    daemon = desk.daemon()
    with pytest.raises(PlanRefused, match=f"{WORKING}, 2"):
        apply(daemon.opened, planned.plan, daemon.options)
    assert len(desk.tabs()[STRATEGIC]) == 2
