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
    # What was taken back stays so, until the row leaves the tab that says whose it is.
    told = sheetsync("run", path, "--force", "--today", TODAY, "--json")
    assert told.json["moves"] == []
    assert set(owners(path).values()) == {None}
    later = sheetsync("run", path, "--force", "--today", "2026-03-12", "--json").json
    gone = {move["company"] for move in later["moves"]}
    assert len(gone) > 20
    for number in range(24):
        company = f"ООО «Кедр {number}»"
        assert owners(path)[company] == (wanted[number] if company in gone else None)


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


def running(sheetsync: Shell, tmp_path: Path) -> Path:
    """Make a base whose Settings tab knows Иванов and Петрова, after its first night."""
    lines = [[*row(number)[:2], "1 контакт", "Иванов", None] for number in range(4)]
    lines += [[*row(number)[:2], "1 контакт", "Петрова", None] for number in range(4, 8)]
    path = write_base(tmp_path / "base.xlsx", {WORKING: [MANAGED, *lines]})
    adopted(sheetsync, path)
    run(sheetsync, path)
    return path


def with_managers(path: Path, *names: str) -> None:
    """Add a client for each name, as somebody types it."""
    workbook = openpyxl.load_workbook(path)
    head = [cell.value for cell in workbook[WORKING][1]]
    for number, name in enumerate(names, start=40):
        cells = {**dict(zip(MANAGED, [*row(number)[:2], "1 контакт", name, None], strict=True))}
        workbook[WORKING].append([cells.get(str(heading)) for heading in head])
    workbook.save(path)


def test_a_mistyped_manager_is_a_finding_with_a_suggestion_and_no_new_manager(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = running(sheetsync, tmp_path)
    with_managers(path, "Ивонов", "Иванов, Петрова")
    told = run(sheetsync, path)
    findings = {
        problem["code"]: (problem["message"], problem["fix"])
        for problem in told["problems"]
        if problem["code"] in ("unknown_manager", "several_managers")
    }
    assert findings == {
        "unknown_manager": (
            "«Менеджер»: менеджера «Ивонов» на листе «Настройки» нет.",
            "Возможно, «Иванов»? Нового менеджера добавьте там, в блок «Менеджеры».",
        ),
        "several_managers": (
            "«Менеджер»: «Иванов, Петрова» — несколько имён; считается первое: Иванов.",
            "Оставьте одно имя, остальные запишите в комментарий.",
        ),
    }
    assert {title for title in cells(path) if title.startswith("Просрочено")} == {
        "Просрочено · Иванов",
        "Просрочено · Петрова",
    }
    assert (owners(path)["ООО «Кедр 40»"], owners(path)["ООО «Кедр 41»"]) == (
        "Ивонов",
        "Иванов, Петрова",
    )
    assert run(sheetsync, path)["wrote"] is False


@pytest.mark.parametrize(("rows", "is_manager"), [(2, False), (3, True)])
def test_so_many_rows_make_a_manager_of_a_new_name(
    sheetsync: Shell, tmp_path: Path, *, rows: int, is_manager: bool
) -> None:
    path = running(sheetsync, tmp_path)
    with_managers(path, *["Сидоренко"] * rows)
    told = run(sheetsync, path)
    codes = [problem["code"] for problem in told["problems"]]
    assert ("unknown_manager" in codes) is not is_manager
    assert ("Просрочено · Сидоренко" in cells(path)) is is_manager


def test_a_manager_who_was_known_goes_on_counting_below_a_slip(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = running(sheetsync, tmp_path)
    workbook = openpyxl.load_workbook(path)
    column = [cell.value for cell in workbook[WORKING][1]].index("Менеджер") + 1
    workbook[WORKING].cell(2, column, "Ивано")
    workbook.save(path)
    told = run(sheetsync, path)
    assert "manager_changed" not in {problem["code"] for problem in told["problems"]}
    summary = [line for line in cells(path)["Сводка"] if line and line[1] == "Иванов"]
    assert next(line[2] for line in summary) == 4


def test_cells_of_several_names_are_asked_about_and_the_first_is_the_owner(
    sheetsync: Shell, tmp_path: Path
) -> None:
    names = ["Иванов", "Иванов, Петрова", "Петрова", "Петрова / Иванов"]
    states = ["1 контакт", "1 контакт, КП отправлено", "2 контакт", "КП отправлено, 1 контакт"]
    lines = [[*row(n)[:2], states[n % 4], names[n % 4], None] for n in range(12)]
    path = write_base(tmp_path / "base.xlsx", {WORKING: [MANAGED, *lines]})
    told = adopted(sheetsync, path)
    assert [manager["name"] for manager in told["managers"]] == ["Иванов", "Петрова"]
    assert [(cell["cell"], cell["owner"], cell["sure"]) for cell in told["several"]] == [
        ("Иванов, Петрова", "Иванов", False),
        ("Петрова / Иванов", "Петрова", False),
    ]
    meant = {word["word"]: (word["code"], word["sure"]) for word in told["words"]}
    assert meant["1 контакт, КП отправлено"] == ("contact_1", False)
    assert meant["КП отправлено, 1 контакт"] == ("contact_2", False)
    run(sheetsync, path)
    assert [owners(path)[f"ООО «Кедр {number}»"] for number in range(4)] == names
    assert {title for title in cells(path) if title.startswith("Просрочено")} == {
        "Просрочено · Иванов",
        "Просрочено · Петрова",
    }


def test_a_row_that_says_it_is_nobodys_is_not_given_to_whose_tab_it_stands_on(
    sheetsync: Shell, tmp_path: Path
) -> None:
    headings = [*HEADINGS, "Менеджер"]
    rows = [[*row(number), None] for number in range(6)]
    rows[2][-1] = "Не назначен"
    other = [[*row(number), "Иванов"] for number in range(10, 16)]
    tabs = {"Иванов": [headings, *rows], "Рабочая": [headings, *other]}
    path = write_base(tmp_path / "base.xlsx", tabs)
    adopted(sheetsync, path)
    run(sheetsync, path)
    after = owners(path)
    assert after["ООО «Кедр 2»"] == "Не назначен"
    assert {after[f"ООО «Кедр {number}»"] for number in (0, 1, 3, 4, 5)} == {"Иванов"}
    told = sheetsync("check", path, "--today", TODAY, "--json")
    assert "Не назначен" not in str([p for p in told.json["problems"] if "manager" in p["code"]])
