"""A box ticked on the summary is carried out by the next run; what cannot be says why; ticks follow their lines."""

from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from sheetsync.method.policy import template
from sheetsync.method.terms import Person
from tests.builders.bench import HEADINGS, TITLES, Shell, cells, client, companies, write_base
from tests.builders.desk import EDITOR, OWNER, Desk
from tests.builders.policies import changed

TODAY, TOMORROW, LATER = "2026-03-02", "2026-03-03", "2026-03-04"
WORKING, CALLS = TITLES["working"], TITLES["call_base"]
COMPANY, MANAGER, BOX, WHY = 1, 2, 4, 5
"""Columns of the block, 0 being the hidden one."""


def fresh(number: int, label: str = "Small", **fields: str | None) -> list[Any]:
    """Make a row of the call base that nobody leads."""
    return client(
        number,
        Label=label,
        State="New",
        Manager=None,
        **{"Work began": None, "Last contact": None, **fields},
    )


def base_of(path: Path, calls: Sequence[Sequence[Any]]) -> Path:
    """Write a base in which two managers have little to do."""
    tabs: dict[str, list[Any]] = {title: [HEADINGS] for title in TITLES.values()}
    work = {
        "Label": "Large",
        "State": "Contact 2",
        "Work began": "2026-03-01",
        "Last contact": "2026-03-01",
    }
    tabs[WORKING] += [
        client(n, Manager=name, **work) for n, name in enumerate(("Ann", "Bob", "Bob"), start=100)
    ]
    tabs[CALLS] += calls
    tabs[TITLES["clients"]] += [
        client(5000 + n, State="Client", **{"Work began": None}) for n in range(30)
    ]
    return write_base(path, tabs)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Give a base with four companies that nobody leads."""
    return base_of(
        tmp_path / "base.xlsx", [fresh(1), fresh(2, "Large"), fresh(3, "Medium"), fresh(4)]
    )


def night(sheetsync: Shell, path: Path, day: str = TODAY, command: str = "run") -> Any:
    told = sheetsync(
        command, path, "--today", day, *(["--force"] if command == "run" else []), "--json"
    )
    assert told.code in (0, 2), told.err
    return told.json


def block(path: Path) -> dict[tuple[str, str], tuple[int, Any, Any]]:
    """Return the block's lines: (company, manager) -> (row of the sheet, box, why)."""
    rows = enumerate(cells(path)["Summary"], start=1)
    return {
        (str(row[COMPANY]), str(row[MANAGER])): (at, row[BOX], row[WHY])
        for at, row in rows
        if str(row[0]).startswith("offer:")
    }


def edit(path: Path, title: str, row: int, column: int, value: Any) -> None:
    """Type into a cell, as Excel does (rows and columns from 1)."""
    workbook = openpyxl.load_workbook(path)
    workbook[title].cell(row, column).value = value
    workbook.save(path)
    workbook.close()


def tick(path: Path, company: str, manager: str, value: Any = "yes") -> None:
    edit(path, "Summary", block(path)[company, manager][0], BOX + 1, value)


def test_nothing_moves_until_somebody_ticks(sheetsync: Shell, base: Path) -> None:
    told = night(sheetsync, base)
    assert told["moves"] == []
    assert sorted((offer["company"], offer["manager"]) for offer in told["offers"]) == sorted(
        block(base)
    )
    assert {box for _, box, _ in block(base).values()} == {False}
    assert night(sheetsync, base)["wrote"] is False


def boxes(path: Path) -> set[str]:
    """Return the cells of the summary that may hold true or false and nothing else, which Google Sheets draws as boxes."""
    workbook = openpyxl.load_workbook(path)
    rules = workbook["Summary"].data_validations.dataValidation
    found = {
        cell for rule in rules for area in rule.sqref.ranges for row in area.rows for cell in row
    }
    workbook.close()
    return {f"{get_column_letter(column)}{row}" for row, column in found}


def test_each_line_has_a_box_and_nothing_else_has(sheetsync: Shell, base: Path) -> None:
    night(sheetsync, base)
    assert boxes(base) == {f"E{at}" for at, _, _ in block(base).values()} != set()
    tick(base, *next(iter(block(base))))
    night(sheetsync, base, TOMORROW)
    assert boxes(base) == {f"E{at}" for at, _, _ in block(base).values()} != set()


@pytest.mark.parametrize("value", [True, "да", "x"])
def test_a_tick_is_carried_out_by_the_next_run(sheetsync: Shell, base: Path, value: Any) -> None:
    night(sheetsync, base)
    (company, manager), *rest = block(base)
    tick(base, company, manager, value)
    (move,) = night(sheetsync, base, TOMORROW, "plan")["moves"]
    assert (move["company"], move["manager"], move["rule"]) == (company, manager, "refill")
    assert move["reason"] == f"ticked on the summary for {manager} by an unnamed editor"
    assert night(sheetsync, base, TOMORROW)["moves"] == [move]
    assert company in companies(base)[WORKING]
    assert (company, manager) not in block(base)
    assert {name for name, _ in block(base)} == {name for name, _ in rest}
    assert night(sheetsync, base, TOMORROW)["wrote"] is False
    (line,) = [row for row in cells(base)["Journal"][1:] if row[5] == "moved"]
    assert (
        line[8]
        == f"ticked on the summary for {manager} by an unnamed editor · refill: the list is short of companies"
    )


def test_what_a_tick_did_can_be_undone_and_is_not_offered_again_at_once(
    sheetsync: Shell, base: Path
) -> None:
    night(sheetsync, base)
    company, manager = next(iter(block(base)))
    tick(base, company, manager)
    night(sheetsync, base, TOMORROW)
    assert sheetsync("undo", base, "--today", TOMORROW).code == 0
    assert company in companies(base)[CALLS]
    held = {str(row[0]): row[HEADINGS.index("Manager")] for row in cells(base)[CALLS][1:]}
    assert held[company] in (None, "")
    assert company not in {name for name, _ in block(base)}
    assert night(sheetsync, base, TOMORROW)["wrote"] is False
    night(sheetsync, base, "2026-03-12")
    assert company in {name for name, _ in block(base)}


def test_a_tick_on_a_row_that_changed_meanwhile_says_why_and_stays_until_it_is_taken_off(
    sheetsync: Shell, base: Path
) -> None:
    night(sheetsync, base)
    company, manager = next(iter(block(base)))
    tick(base, company, manager)
    row = 1 + companies(base)[CALLS].index(company) + 1
    edit(base, CALLS, row, HEADINGS.index("State") + 1, "Call round")
    moves = night(sheetsync, base, TOMORROW)["moves"]
    assert [move["rule"] for move in moves] == ["to_call_round"]
    _, box, why = block(base)[company, manager]
    assert (box, why) == (True, "now stands in “Refusal, to rework”")
    assert night(sheetsync, base, TOMORROW)["wrote"] is False
    tick(base, company, manager, value=False)
    night(sheetsync, base, LATER)
    assert company not in {name for name, _ in block(base)}


def test_a_tick_follows_its_line_when_the_order_changes(sheetsync: Shell, base: Path) -> None:
    """Two larger companies come to the call base by the day it is carried out: other lines stand where the ticked one was."""
    night(sheetsync, base)
    company, manager = [*block(base)][-1]
    was = block(base)[company, manager][0]
    tick(base, company, manager)
    workbook = openpyxl.load_workbook(base)
    for number in (21, 22):
        workbook[CALLS].append(fresh(number, "Large"))
    workbook.save(base)
    workbook.close()
    assert sheetsync("report", base, "--today", TOMORROW).code == 0
    now, box, why = block(base)[company, manager]
    assert (box, why) == (True, None)
    assert now != was or len(block(base)) > 4
    assert [box for _, box, _ in block(base).values()].count(True) == 1
    (move,) = night(sheetsync, base, TOMORROW)["moves"]
    assert (move["company"], move["manager"]) == (company, manager)
    assert [box for _, box, _ in block(base).values()].count(True) == 0


def test_several_ticks_of_one_evening(sheetsync: Shell, base: Path) -> None:
    night(sheetsync, base)
    wanted = [*block(base)][:3]
    for pair in wanted:
        tick(base, *pair)
    moves = night(sheetsync, base, TOMORROW)["moves"]
    assert sorted((move["company"], move["manager"]) for move in moves) == sorted(wanted)
    assert night(sheetsync, base, TOMORROW)["wrote"] is False


def test_a_plan_that_was_saved_carries_out_the_ticks_of_its_day(
    sheetsync: Shell, base: Path, tmp_path: Path
) -> None:
    night(sheetsync, base)
    company, manager = next(iter(block(base)))
    tick(base, company, manager)
    saved = tmp_path / "plan.json"
    assert sheetsync("plan", base, "--today", TOMORROW, "-o", saved).code == 2
    assert sheetsync("apply", saved).code == 0
    assert company in companies(base)[WORKING]
    assert (company, manager) not in block(base)
    assert night(sheetsync, base, TOMORROW)["wrote"] is False


def test_the_terminal_says_how_many_and_where(sheetsync: Shell, base: Path) -> None:
    told = sheetsync("plan", base, "--today", TODAY)
    assert "4 companies could be taken into working lists: tick them on “Summary”." in told.out


# On a shared spreadsheet


def _summary(desk: Desk) -> list[list[Any]]:
    answer = desk.call(OWNER, "GET", "/values/Summary?valueRenderOption=UNFORMATTED_VALUE")
    rows: list[list[Any]] = answer.get("values", [])
    return rows


def _offered(desk: Desk) -> list[tuple[int, list[Any]]]:
    return [
        (at, row)
        for at, row in enumerate(_summary(desk))
        if row and str(row[0]).startswith("offer:")
    ]


@pytest.fixture
def desk() -> Desk:
    return _first_night().copy()


@cache
def _first_night() -> Desk:
    """Return a spreadsheet with a short list and companies to call, after its first night."""
    desk = Desk()
    desk.add(WORKING, "Contact 2", "2026-03-01", "Large")
    for _ in range(3):
        number = desk.add(CALLS, "New", "")
        desk.type(OWNER, number, "Manager", "")
    desk.daemon().run()
    return desk


def _ticks(desk: Desk, user: str, at: int) -> None:
    desk.write(user, "Summary", at, [True], BOX)


def test_whoever_may_edit_the_summary_may_tick(desk: Desk) -> None:
    (at, row), *_ = _offered(desk)
    _ticks(desk, EDITOR, at)
    done = desk.daemon().run()
    assert [(move.company, move.manager) for move in done.planned.plan.moves] == [
        (row[COMPANY], row[MANAGER])
    ]


def test_a_tick_of_the_second_in_which_a_run_writes_is_not_lost(desk: Desk) -> None:
    """It comes between reading and the lock: the run sees it when it reads again, and decides anew."""
    number = desk.add(CALLS, "New", "", "Large")
    desk.type(OWNER, number, "Manager", "")
    (at, row), *_ = _offered(desk)
    daemon = desk.daemon()
    daemon.wire.before[3] = lambda: _ticks(desk, OWNER, at)
    done = daemon.run()
    assert [move.company for move in done.planned.plan.moves] == [row[COMPANY]]
    assert row[COMPANY] not in [line[COMPANY] for _, line in _offered(desk)]


HEAD = "head@localhost"


def _headed(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """Let the policy know the address of the head of sales."""
    policy = changed(template("en"), head=Person(name="Eve", email=address))
    monkeypatch.setattr("sheetsync.sheets.read.reader.choose_policy", lambda *_: policy)


def test_where_the_heads_address_is_known_nobody_else_ticks(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _headed(monkeypatch, HEAD)
    desk.today += timedelta(days=1)
    assert desk.daemon().run().wrote
    assert not desk.daemon().run().wrote
    (at, row), *_ = _offered(desk)
    with pytest.raises(PermissionError):
        _ticks(desk, EDITOR, at)
    desk.write(EDITOR, "Summary", at, ["a note of hers"], 15)
    _ticks(desk, HEAD, at)
    done = desk.daemon().run()
    assert [move.company for move in done.planned.plan.moves] == [row[COMPANY]]


def test_a_new_head_ticks_in_the_old_ones_stead(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for address in (HEAD, "next@localhost"):
        _headed(monkeypatch, address)
        desk.today += timedelta(days=1)
        desk.daemon().run()
    (at, _), *_ = _offered(desk)
    with pytest.raises(PermissionError):
        _ticks(desk, HEAD, at)
    _ticks(desk, "next@localhost", at)
    _headed(monkeypatch, "")
    desk.today += timedelta(days=1)
    desk.daemon().run()
    (at, _), *_ = _offered(desk)
    _ticks(desk, EDITOR, at)


def test_an_address_that_the_service_refuses_stops_no_night(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _headed(monkeypatch, HEAD)
    desk.today += timedelta(days=1)
    (at, row), *_ = _offered(desk)
    _ticks(desk, EDITOR, at)
    refused = [{"addProtectedRange": {"protectedRange": {"range": {"sheetId": 987654}}}}]
    monkeypatch.setattr("sheetsync.sheets.batch.own_tabs.answer_protections", lambda *_: refused)
    done = desk.daemon().run()
    assert [move.company for move in done.planned.plan.moves] == [row[COMPANY]]
    assert done.wrote
