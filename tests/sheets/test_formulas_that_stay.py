"""Formulas on other tabs that point at a row which moves: they follow it there and back, and nothing else is touched."""

from functools import partial
from typing import Any
from urllib.parse import quote

import pytest

from sheetsync.services.run import past_runs
from tests.builders.bench import HEADINGS, TITLES
from tests.builders.desk import EDITOR, NOTE, OWN, OWNER, Desk

WORKING, STRATEGIC = TITLES["working"], TITLES["strategic"]
PLAN = 77
LAST = HEADINGS.index("Last contact")


@pytest.fixture
def desk() -> Desk:
    """Give a base whose N1 and N3 are due to move, N2 and N4 stay; and a tab of the owner's."""
    made = Desk()
    for began in ("2026-01-10", "2026-02-28", "2026-01-12", "2026-02-28"):
        made.add(WORKING, "Contact 2", began)
    made.add(STRATEGIC, "Strategic reserve", "2026-01-01")
    made.batch(OWNER, {"addSheet": {"properties": {"title": "Owner's plan", "sheetId": PLAN}}})
    return made


def _put(desk: Desk, *formulas: str, sheet_id: int = PLAN, row: int = 0, column: int = 0) -> None:
    cells = [{"values": [{"userEnteredValue": {"formulaValue": formula}}]} for formula in formulas]
    start = {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column}
    desk.batch(
        OWNER, {"updateCells": {"start": start, "rows": cells, "fields": "userEnteredValue"}}
    )


def _read(desk: Desk, render: str, place: str = "'Owner''s plan'!A1:A20") -> list[Any]:
    told = desk.call(OWNER, "GET", f"/values/{quote(place)}?valueRenderOption={render}")
    return [row[0] if row else None for row in told.get("values", [])]


FOLLOWING = {
    "quoted": (f"='{WORKING}'!A2", f"='{STRATEGIC}'!A3"),
    "fixed": (f"='{WORKING}'!$A$2", f"='{STRATEGIC}'!$A$3"),
    "half fixed, small letters": (f"='{WORKING.lower()}'!a$2", f"='{STRATEGIC}'!A$3"),
    "in an expression": (
        f"=IF('{WORKING}'!A2='{WORKING}'!A3,1,2)&\"'{WORKING}'!A2\"",
        f"=IF('{STRATEGIC}'!A3='{WORKING}'!A2,1,2)&\"'{WORKING}'!A2\"",
    ),
    "two rows that move": (
        f"='{WORKING}'!A2&'{WORKING}'!A4",
        f"='{STRATEGIC}'!A3&'{STRATEGIC}'!A4",
    ),
    "cells of the row side by side": (
        f"=COUNTA('{WORKING}'!A2:C2)",
        f"=COUNTA('{STRATEGIC}'!A3:C3)",
    ),
    "with a cell below the place of arrival": (
        f"='{WORKING}'!A2&'{STRATEGIC}'!A9&SUM('{STRATEGIC}'!A9:A10)",
        f"='{STRATEGIC}'!A3&'{STRATEGIC}'!A11&SUM('{STRATEGIC}'!A11:A12)",
    ),
}
STAYING = {
    "a row that stays": (f"='{WORKING}'!A3", f"='{WORKING}'!A2"),
    "text": (f"=\"'{WORKING}'!A2\"", f"=\"'{WORKING}'!A2\""),
    "a cell of its own": ("=B2", "=B2"),
    "rows together": (f"=COUNTA('{WORKING}'!A2:A5)", f"=COUNTA('{WORKING}'!A2:A3)"),
    "the headings": (f"='{WORKING}'!A1", f"='{WORKING}'!A1"),
    "another place of arrival": (
        f"='{STRATEGIC}'!A2&'{STRATEGIC}'!A9",
        f"='{STRATEGIC}'!A2&'{STRATEGIC}'!A11",
    ),
}


@pytest.mark.parametrize("name", [*FOLLOWING, *STAYING])
def test_a_formula_of_another_tab_reads_the_same_client_after_the_night(
    desk: Desk, name: str
) -> None:
    before, after = {**FOLLOWING, **STAYING}[name]
    _put(desk, before)
    value = _read(desk, "UNFORMATTED_VALUE")
    done = desk.daemon().run()
    assert dict(done.requests) == {"read": 3, "write": 2}
    assert _read(desk, "FORMULA") == [after]
    if name != "rows together":
        assert _read(desk, "UNFORMATTED_VALUE") == value
    assert not desk.daemon(holder="here:2").run().wrote


def test_a_night_and_its_undo_leave_formulas_that_read_the_same_client(desk: Desk) -> None:
    _put(desk, f"='{WORKING}'!A2", f"='{WORKING}'!A4", f"='{WORKING}'!A3", "=1+1")
    value = _read(desk, "UNFORMATTED_VALUE")
    assert value == ["Company 1", "Company 3", "Company 2", 2]
    desk.daemon().run()
    assert _read(desk, "UNFORMATTED_VALUE") == value
    desk.daemon(holder="here:2").undo()
    assert _read(desk, "UNFORMATTED_VALUE") == value
    assert {desk.place(n)[0] for n in ("N1", "N3")} == {WORKING}
    assert all(WORKING in formula for formula in _read(desk, "FORMULA")[:3])


def test_the_journal_has_a_line_for_every_formula_that_was_aimed_anew(desk: Desk) -> None:
    _put(desk, f"='{WORKING}'!A2", f"='{WORKING}'!A3", f"='{WORKING}'!A2&'{WORKING}'!B4")
    daemon = desk.daemon()
    daemon.run()
    runs, _ = past_runs(daemon.opened, daemon.options)
    lines = [line for line in runs[0].lines if line.what == "aimed"]
    assert [(line.company, line.before, line.after) for line in lines] == [
        ("Company 1", f"'{WORKING}'!A2", f"'{STRATEGIC}'!A3"),
        ("Company 1", f"'{WORKING}'!A2; '{WORKING}'!B4", f"'{STRATEGIC}'!A3; '{STRATEGIC}'!B4"),
    ]
    assert "'Owner''s plan'!A1" in lines[0].why


def test_columns_go_by_heading_and_one_without_a_counterpart_is_left(desk: Desk) -> None:
    column = {
        "sheetId": desk.sheet_id(STRATEGIC),
        "dimension": "COLUMNS",
        "startIndex": 0,
        "endIndex": 1,
    }
    desk.batch(OWNER, {"moveDimension": {"source": column, "destinationIndex": 5}})
    _put(desk, f"='{WORKING}'!A2", f"='{WORKING}'!Z2", f"=COUNTA('{WORKING}'!A2:B2)")
    desk.daemon().run()
    assert _read(desk, "FORMULA") == [f"='{STRATEGIC}'!E3", "=#REF!", "=COUNTA(#REF!)"]
    assert _read(desk, "UNFORMATTED_VALUE")[0] == "Company 1"


def test_formulas_in_rows_that_move_follow_other_rows_that_move(desk: Desk) -> None:
    _put(
        desk,
        f"='{WORKING}'!A4",
        "=A4",
        "=A2",
        sheet_id=desk.sheet_id(WORKING),
        row=1,
        column=HEADINGS.index("Phone"),
    )
    desk.daemon().run()
    found = _read(desk, "FORMULA", f"'{STRATEGIC}'!C3:C4")
    assert found[0] == f"='{STRATEGIC}'!A4"
    assert found[1] == f"='{STRATEGIC}'!A3"


def test_nobody_types_into_another_tab_while_its_formulas_are_written(desk: Desk) -> None:
    _put(desk, f"='{WORKING}'!A2")
    daemon, refused = desk.daemon(), list[int]()
    desk.busy = True

    def deed(at: int) -> None:
        try:
            desk.write(EDITOR, "Owner''s plan", 5, [f"at {at}"])
        except PermissionError:
            refused.append(at)

    daemon.wire.before = {at: partial(deed, at) for at in (1, 2, 3, 4, 5)}
    daemon.run()
    assert refused == [4, 5]
    desk.write(EDITOR, "Owner''s plan", 5, ["afterwards"])


@pytest.mark.parametrize("name", ["guarded", "huge"])
def test_a_tab_that_may_not_be_written_or_is_huge_is_left_alone(desk: Desk, name: str) -> None:
    _put(desk, f"='{WORKING}'!A2")
    deeds: dict[str, dict[str, Any]] = {
        "guarded": {
            "addProtectedRange": {
                "protectedRange": {"range": {"sheetId": PLAN}, "editors": {"users": [OWNER]}}
            }
        },
        "huge": {"appendDimension": {"sheetId": PLAN, "dimension": "ROWS", "length": 8000}},
    }
    desk.batch(OWNER, deeds[name])
    assert len(desk.daemon().run().planned.plan.moves) == 2
    assert _read(desk, "FORMULA") == ["=#REF!"]


def test_formulas_that_speak_of_the_journal_keep_their_line(desk: Desk) -> None:
    desk.daemon().run()
    desk.type(EDITOR, "N2", "Work began", "2026-01-01")
    desk.type(EDITOR, "N2", NOTE, "due too")
    row = desk.place("N2")[1] + 1
    _put(desk, f"=Journal!D2&'{WORKING}'!A{row}")
    value = _read(desk, "UNFORMATTED_VALUE")
    desk.today = desk.today.replace(day=20)
    desk.type(EDITOR, "N2", OWN, "N2")
    done = desk.daemon(holder="here:2").run()
    assert [move.company for move in done.planned.plan.moves] == ["Company 2", "Company 4"]
    assert _read(desk, "UNFORMATTED_VALUE") == value
