"""Whose a client is: by a tab's title, a name above rows, one name of several; never lost, never made up."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.builders.bench import Shell, cells, day, write_base

TODAY = "2026-03-02"
HEADINGS = ["Компания", "Телефон", "Статус", "Дата контакта", "Комментарий"]
MANAGED = ["Компания", "Телефон", "Статус", "Менеджер", "Дата контакта"]
STATES = ["Новый", "1 контакт", "2 контакт", "Отказ"]
WORKING, REWORK = "Рабочий список", "Отказ с проработкой"


def row(number: int) -> list[Any]:
    phone = f"+7 912 1{number:02}-07-13"
    state = STATES[number % len(STATES)]
    return [f"ООО «Кедр {number}»", phone, state, day("2026-03-01"), None]


def adopted(sheetsync: Shell, path: Path) -> Any:
    told = sheetsync("adopt", path, "--yes", "--today", TODAY, "--json")
    assert told.code == 0, told.err
    return told.json


def run(sheetsync: Shell, path: Path) -> Any:
    told = sheetsync("run", path, "--force", "--today", TODAY, "--json")
    assert told.code == 0, told.err
    return told.json


def owners(path: Path) -> dict[str, str | None]:
    """Return company -> manager, of every row of the tabs that have columns of a base."""
    found: dict[str, str | None] = {}
    for lines in cells(path).values():
        head = next((line for line in lines if {*HEADINGS[:4]} <= {*line}), None)
        if head is None:
            continue
        company = head.index("Компания")
        manager = head.index("Менеджер") if "Менеджер" in head else None
        for line in lines[lines.index(head) + 1 :]:
            if line[company] and str(line[company]).startswith("ООО"):
                found[str(line[company])] = None if manager is None else line[manager]
    return found


def per_manager(tmp_path: Path, *titles: str) -> Path:
    tabs: dict[str, list[list[Any]]] = {}
    for place, title in enumerate(titles):
        tabs[title] = [HEADINGS, *(row(place * 8 + number) for number in range(8))]
    return write_base(tmp_path / "base.xlsx", tabs)


def test_a_tab_per_manager_gives_each_client_its_manager_before_it_moves(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = per_manager(tmp_path, "Иванов", "Петрова", "Ким")
    before = {title: cells(path)[title] for title in ("Иванов", "Петрова", "Ким")}
    told = adopted(sheetsync, path)
    assert [tab["owner"] for tab in told["tabs"]] == ["Иванов", "Петрова", "Ким"]
    plan = sheetsync("plan", path, "--today", TODAY, "--json").json
    named = [edit for edit in plan["edits"] if edit["field"] == "manager"]
    assert len(named) == 24
    assert {edit["why"] for edit in named} == {
        "стоит на листе «Иванов»",
        "стоит на листе «Петрова»",
        "стоит на листе «Ким»",
    }
    run(sheetsync, path)
    wanted = ["Иванов"] * 8 + ["Петрова"] * 8 + ["Ким"] * 8
    assert [owners(path)[f"ООО «Кедр {number}»"] for number in range(24)] == wanted
    assert run(sheetsync, path)["wrote"] is False
    assert sheetsync("undo", path, "--today", TODAY).code == 0
    undone = cells(path)
    for title, lines in before.items():
        # Undone rows come back at the end of their tab.
        now = [line[:5] for line in undone[title][: len(lines)]]
        assert sorted(now, key=str) == sorted((line[:5] for line in lines), key=str)
    assert set(owners(path).values()) == {None}


def test_a_client_typed_later_on_a_managers_tab_is_theirs(sheetsync: Shell, tmp_path: Path) -> None:
    path = per_manager(tmp_path, "Иванов", "Петрова")
    adopted(sheetsync, path)
    run(sheetsync, path)
    workbook = openpyxl.load_workbook(path)
    workbook["Петрова"].append(row(70))
    workbook.save(path)
    run(sheetsync, path)
    assert owners(path)["ООО «Кедр 70»"] == "Петрова"


@pytest.mark.parametrize("merged", [True, False])
def test_a_name_above_clients_is_their_manager_and_no_client(
    sheetsync: Shell, tmp_path: Path, *, merged: bool
) -> None:
    lines: list[list[Any]] = [HEADINGS]
    for place, name in enumerate(["Иванов Пётр", "Петрова Анна"]):
        lines.append([name])
        lines += [row(place * 8 + number) for number in range(8)]
        lines.append([f"Итого по {name}", None, None, None, 8])
    path = write_base(tmp_path / "base.xlsx", {"Продажи": lines})
    if merged:
        workbook = openpyxl.load_workbook(path)
        for line in (2, 12):
            workbook["Продажи"].merge_cells(
                start_row=line, end_row=line, start_column=1, end_column=5
            )
        workbook.save(path)
    told = adopted(sheetsync, path)
    assert [tab["rows"] for tab in told["tabs"]] == [16]
    assert [passed["reason"] for passed in told["tabs"][0]["passed"]] == [
        "manager",
        "total",
        "manager",
        "total",
    ]
    run(sheetsync, path)
    wanted = ["Иванов Пётр"] * 8 + ["Петрова Анна"] * 8
    assert [owners(path)[f"ООО «Кедр {number}»"] for number in range(16)] == wanted
    again = run(sheetsync, path)
    assert again["wrote"] is False
    assert [problem["message"] for problem in again["problems"] if problem["code"] == "passed_over"]


def test_a_title_that_is_a_section_and_a_name_is_the_section(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = write_base(
        tmp_path / "base.xlsx",
        {
            "Клиенты": [HEADINGS, *(row(number) for number in range(8))],
            WORKING: [
                MANAGED,
                *([*row(number)[:3], "Клиенты", None] for number in range(10, 18)),
            ],
        },
    )
    told = adopted(sheetsync, path)
    assert [(tab["title"], tab["owner"]) for tab in told["tabs"]] == [
        ("Клиенты", None),
        (WORKING, None),
    ]
    run(sheetsync, path)
    assert owners(path)["ООО «Кедр 1»"] is None


def test_a_title_that_only_may_be_a_name_is_asked_about_and_its_rows_stay(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = per_manager(tmp_path, "Клиенты Иванова", "Клиенты Петровой", "Лиды 2026")
    told = adopted(sheetsync, path)
    assert (
        "Are the clients of the tab “Клиенты Иванова” (8 rows) those of the manager Иванова?"
        in (told["left"])
    )
    run(sheetsync, path)
    assert len(cells(path)["Клиенты Иванова"]) == 9
