"""What a plan says of rows that nobody sees and of tabs on which nobody types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from openpyxl.worksheet.filters import FilterColumn, Filters

from tests.builders.bench import HEADINGS, TITLES, TODAY, Shell, client, companies, write_base

if TYPE_CHECKING:
    from pathlib import Path

LATE = {"Work began": "2026-01-05"}
WORKING = TITLES["working"]


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Give a base of which five rows of the working list are late, and all sections have tabs."""
    rows = [client(number, **LATE) for number in range(1, 6)]
    tabs: dict[str, list[Any]] = {title: [HEADINGS] for title in TITLES.values()}
    return write_base(tmp_path / "base.xlsx", {**tabs, WORKING: [HEADINGS, *rows]})


def set_up(path: Path, *, filtered: tuple[int, ...], hidden: tuple[int, ...], locked: bool) -> None:
    workbook = openpyxl.load_workbook(path)
    tab = workbook[WORKING]
    if filtered:
        tab.auto_filter.ref = "A1:C4"
        shown = Filters(filter=["nobody"])
        tab.auto_filter.filterColumn = [FilterColumn(colId=0, filters=shown)]
    for row in (*filtered, *hidden):
        tab.row_dimensions[row].hidden = True
    if locked:
        tab.protection.enable()
        tab.protection.password = "secret"
    workbook.save(path)
    workbook.close()


def planned(sheetsync: Shell, path: Path) -> Any:
    return sheetsync("plan", path, "--today", TODAY, "--json").json


def test_rows_that_nobody_sees_are_moved_with_a_word(sheetsync: Shell, base: Path) -> None:
    set_up(base, filtered=(2, 3, 4), hidden=(5,), locked=False)
    plan = planned(sheetsync, base)
    assert len(plan["moves"]) == 5
    assert plan["unseen"] == [{"tab": WORKING, "filtered": 3, "hidden": 1}]
    assert plan["protected_tabs"] == []
    english = sheetsync("plan", base, "--today", TODAY).out
    assert f"“{WORKING}”: 3 rows of these are filtered out" in english
    assert f"“{WORKING}”: 1 row of these is hidden" in english
    russian = sheetsync("plan", base, "--today", TODAY, "--lang", "ru").out
    assert f"«{WORKING}»: из них 3 строки скрыты фильтром" in russian
    assert f"«{WORKING}»: из них 1 строка скрыта" in russian


def test_a_protected_tab_is_named_and_stays_protected(sheetsync: Shell, base: Path) -> None:
    set_up(base, filtered=(), hidden=(), locked=True)
    plan = planned(sheetsync, base)
    assert (plan["protected_tabs"], plan["unseen"]) == ([WORKING], [])
    told = sheetsync("run", base, "--today", TODAY, "--force")
    assert f"“{WORKING}” is protected against typing" in told.out
    assert companies(base)[WORKING] == []
    workbook = openpyxl.load_workbook(base)
    protection = workbook[WORKING].protection
    assert (protection.sheet, bool(protection.password)) == (True, True)
    workbook.close()


def test_of_what_people_see_nothing_is_said(sheetsync: Shell, base: Path) -> None:
    plan = planned(sheetsync, base)
    assert len(plan["moves"]) == 5
    assert (plan["unseen"], plan["protected_tabs"]) == ([], [])
