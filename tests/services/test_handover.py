"""A manager leaves: the companies are handed over by a command, shown first, journalled, and taken back by an undo."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sheetsync.emulator import Crashed, Fault, Faults
from sheetsync.errors import BookLocked
from sheetsync.rules.capacity.handover import HandoverRequest
from sheetsync.services import run as runner
from tests.builders.bench import HEADINGS, TITLES, Shell, cells, client, made_once, write_base
from tests.builders.desk import Desk

TODAY = "2026-03-02"
WORKING, CLIENTS, REWORK = (TITLES[code] for code in ("working", "clients", "rework"))
WRITE = 6
"""The number of the request that writes: two read, one looks for formulas, one locks, one reads again."""
FRESH = {"Work began": TODAY, "Last contact": TODAY}


@pytest.fixture
def base(sheetsync: Shell, tmp_path: Path) -> Path:
    """Give a base that a run has seen: Ann leads six rows, Bob two, Cid one."""
    return made_once("handover", tmp_path / "base.xlsx", lambda path: _lay_out(sheetsync, path))


def _lay_out(sheetsync: Shell, path: Path) -> None:
    tabs: dict[str, list[Any]] = {title: [HEADINGS] for title in TITLES.values()}
    leads = ["Ann", "Ann", "Ann", "Ann", "Bob", "Bob", "Cid"]
    tabs[WORKING] += [client(n, Manager=name, **FRESH) for n, name in enumerate(leads)]
    tabs[CLIENTS] += [
        client(20 + n, Manager="Ann", State="Client", **{"Work began": None}) for n in range(2)
    ]
    assert sheetsync("run", write_base(path, tabs), "--today", TODAY, "--force").code == 0


def _managers(path: Path) -> dict[str, Any]:
    """Return who leads each company."""
    at = HEADINGS.index("Manager")
    return {
        str(row[0]): row[at]
        for title in (WORKING, CLIENTS)
        for row in cells(path)[title][1:]
        if row[0]
    }


def _typed(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return all cells of every section, the program's own columns too."""
    return {title: rows for title, rows in cells(path).items() if title in TITLES.values()}


def _rest(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return the same without the manager's column."""
    at = HEADINGS.index("Manager")
    return {
        title: [row[:at] + row[at + 1 :] for row in rows] for title, rows in _typed(path).items()
    }


def test_a_handover_changes_the_managers_cell_and_nothing_else(
    sheetsync: Shell, base: Path
) -> None:
    before = _rest(base)
    told = sheetsync("handover", base, "ann", "Bob", "Cid", "--today", TODAY, "--json")
    assert told.code == 0, told.err
    found = told.json
    assert (
        found["wrote"],
        found["moves"],
        found["handover"]["from"],
        found["handover"]["left"],
    ) == (
        True,
        [],
        "Ann",
        [],
    )
    assert found["handover"]["to"] == [
        {"manager": "Bob", "rows": 3, "before": 2, "after": 4, "limit": 90},
        {"manager": "Cid", "rows": 3, "before": 1, "after": 3, "limit": 90},
    ]
    assert {edit["field"] for edit in found["edits"]} == {"manager"}
    assert "Ann" not in _managers(base).values()
    assert _rest(base) == before
    lines = [row for row in cells(base)["Journal"] if row[5] == "edited"]
    assert len(lines) == 6
    assert {row[6] for row in lines} == {"Ann"}
    assert {row[8] for row in lines} == {"Manager: handover from Ann"}


def test_a_night_after_it_has_nothing_to_do_and_notices_nothing(
    sheetsync: Shell, base: Path
) -> None:
    assert sheetsync("handover", base, "Ann", "Bob", "Cid", "--today", TODAY).code == 0
    told = sheetsync("run", base, "--today", TODAY, "--json")
    assert (told.json["moves"], told.json["edits"], told.json["wrote"]) == ([], [], False)
    noticed = [str(line) for line in cells(base)["Journal"] if "noticed" in line]
    assert [line for line in noticed if '"sold"' not in line] == []


def test_an_undo_gives_the_same_base(sheetsync: Shell, base: Path) -> None:
    before, lists = _typed(base), cells(base)["Overdue · Ann"]
    assert sheetsync("handover", base, "Ann", "Bob", "Cid", "--today", TODAY).code == 0
    assert _typed(base) != before
    told = sheetsync("undo", base, "--today", TODAY, "--json")
    assert (told.code, told.json["left"]) == (0, []), told.err
    assert _typed(base) == before
    assert cells(base)["Overdue · Ann"] == lists


def test_the_tab_of_the_one_who_left_is_no_list_of_work_any_more(
    sheetsync: Shell, base: Path
) -> None:
    assert "Overdue · Ann" in cells(base)
    assert sheetsync("handover", base, "Ann", "Bob", "Cid", "--today", TODAY).code == 0
    held = [cell for row in cells(base)["Overdue · Ann"] for cell in row[1:] if cell]
    assert held == [
        "Overdue · Ann",
        "No company in work or in an archive is with this manager. The tab may be deleted.",
    ]
    assert "Ann" not in str(cells(base)["Summary"])


def test_the_tab_stays_as_long_as_something_is_left(sheetsync: Shell, base: Path) -> None:
    workbook = openpyxl.load_workbook(base)
    workbook[REWORK].append([None])
    workbook[REWORK].append(
        [*(client(30, Manager="Ann", State="Call round", **{"Work began": None}))]
    )
    workbook.save(base)
    workbook.close()
    assert (
        sheetsync("handover", base, "Ann", "Bob", "--only", "working", "--today", TODAY).code == 0
    )
    assert "Company 30" in str(cells(base)["Overdue · Ann"])


def test_it_is_shown_in_words_before_anything_is_written(sheetsync: Shell, base: Path) -> None:
    bytes_ = base.read_bytes()
    told = sheetsync("handover", base, "Ann", "Bob", "Cid", "--dry-run", "--today", TODAY)
    assert told.code == 2
    assert base.read_bytes() == bytes_
    assert "6 companies of Ann's go to others" in told.out
    assert f"{WORKING}, 2: Company 0 → " in told.out
    assert "Nothing was written." in told.out


def test_a_saved_handover_is_carried_out_by_apply(
    sheetsync: Shell, base: Path, tmp_path: Path
) -> None:
    file, bytes_ = tmp_path / "plan.json", base.read_bytes()
    assert sheetsync("handover", base, "Ann", "Bob", "-o", file, "--today", TODAY).code == 2
    assert base.read_bytes() == bytes_
    assert sheetsync("apply", file).code == 0
    assert "Ann" not in _managers(base).values()


def test_a_saved_handover_is_refused_once_a_row_has_changed(
    sheetsync: Shell, base: Path, tmp_path: Path
) -> None:
    file = tmp_path / "plan.json"
    assert sheetsync("handover", base, "Ann", "Bob", "-o", file, "--today", TODAY).code == 2
    workbook = openpyxl.load_workbook(base)
    workbook[WORKING].cell(2, HEADINGS.index("State") + 1).value = "Deal"
    workbook.save(base)
    workbook.close()
    sheetsync("apply", file).complains(1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("Anm", "Bob"), "Perhaps “Ann”?"),
        (("Ann", "Boob"), "Perhaps “Bob”?"),
        (("Ann", "Ann", "Bob"), "Ann cannot take over their own companies."),
    ],
)
def test_a_slip_of_the_pen_is_told_and_nothing_is_written(
    sheetsync: Shell, base: Path, arguments: tuple[str, ...], said: str
) -> None:
    bytes_ = base.read_bytes()
    told = sheetsync("handover", base, *arguments)
    told.complains(1)
    assert said in told.err
    assert base.read_bytes() == bytes_


def test_a_manager_without_a_row_hands_nothing_over(sheetsync: Shell, base: Path) -> None:
    assert sheetsync("handover", base, "Ann", "Bob", "--today", TODAY).code == 0
    assert sheetsync("handover", base, "Bob", "Dan", "--new", "--today", TODAY).code == 0
    told = sheetsync(
        "handover", base, "Dan", "Cid", "--only", "working", "--today", TODAY, "--json"
    )
    assert told.code == 0
    bytes_ = base.read_bytes()
    told = sheetsync(
        "handover", base, "Dan", "Cid", "--only", "working", "--today", TODAY, "--json"
    )
    assert (told.code, told.json["wrote"]) == (0, False)
    assert base.read_bytes() == bytes_


def test_on_a_base_that_no_run_has_seen_it_waits_for_a_persons_word(
    sheetsync: Shell, tmp_path: Path
) -> None:
    tabs: dict[str, list[Any]] = {title: [HEADINGS] for title in TITLES.values()}
    tabs[WORKING] += [client(n, Manager=("Ann", "Bob")[n % 2], **FRESH) for n in range(4)]
    path = write_base(tmp_path / "new.xlsx", tabs)
    bytes_ = path.read_bytes()
    told = sheetsync("handover", path, "Ann", "Bob", "--today", TODAY, "--json")
    assert (told.code, told.json["wrote"]) == (2, False)
    assert path.read_bytes() == bytes_
    assert sheetsync("handover", path, "Ann", "Bob", "--today", TODAY, "--force").code == 0
    assert set(_managers(path).values()) == {"Bob"}


def test_what_is_a_formula_stays_and_is_told(sheetsync: Shell, base: Path) -> None:
    at = HEADINGS.index("Manager") + 1
    workbook = openpyxl.load_workbook(base)
    workbook[WORKING].cell(2, at).value = '="Ann"'
    workbook.save(base)
    workbook.close()
    told = sheetsync("handover", base, "Ann", "Bob", "--today", TODAY, "--json")
    assert told.code == 0, told.err
    assert [(one["company"], one["why"]) for one in told.json["handover"]["left"]] == [
        ("Company 0", "“Manager” is a formula, and stays.")
    ]
    workbook = openpyxl.load_workbook(base)
    assert workbook[WORKING].cell(2, at).value == '="Ann"'
    workbook.close()


def _desk() -> Desk:
    desk = Desk()
    for _ in range(6):
        desk.add("Working list", "Contact 1", "2026-03-01")
    desk.daemon().run()
    return desk


def test_a_base_that_another_run_holds_is_left_alone() -> None:
    desk = _desk()
    dead = desk.daemon(
        Faults((Fault("crash", point="before-call", nth=WRITE, times=1),)), holder="elsewhere:7"
    )
    with pytest.raises(Crashed):
        runner.handover(
            dead.opened,
            dead.options,
            HandoverRequest("Manager 1", ("Manager 2",)),
            None,
            only_plan=False,
        )
    before = desk.tabs()
    late = desk.daemon()
    with pytest.raises(BookLocked):
        runner.handover(
            late.opened,
            late.options,
            HandoverRequest("Manager 1", ("Manager 2",)),
            None,
            only_plan=False,
        )
    assert desk.tabs() == before
