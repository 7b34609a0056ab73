"""Three weeks of nights on a file: actions are drawn, the head scores them, scores outlive the week, and nothing is lost."""

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import openpyxl
import pytest

from sheetsync.method.policy import template
from sheetsync.method.terms import Person
from sheetsync.services import run as runner
from tests.builders.bench import TITLES, Shell, cells, made_once, phone, write_base
from tests.builders.bench import day as sheet_day
from tests.builders.desk import EDITOR, OWNER, Desk
from tests.builders.policies import changed

MONDAY = date(2026, 3, 2)
HEADINGS = (
    "Company",
    "Phone",
    "Label",
    "State",
    "Manager",
    "Work began",
    "Last contact",
    "Contact result",
    "Next step",
    "Next step on",
    "Refusal reason",
)
SAMPLE, SCORE, REMARK = "Revision of actions", 5, 6
"""The tab, and its columns, 0 being the hidden one."""
ANN, BOB = 8, 2
"""How many companies each manager has."""


class Asked(NamedTuple):
    """A line of the tab: its row of the sheet, and what it shows."""

    row: int
    company: str
    day: Any
    done: str
    next: str
    score: Any
    remark: Any
    amiss: Any


def night(sheetsync: Shell, path: Path, day: date, command: str = "run") -> Any:
    told = sheetsync(
        command,
        path,
        "--today",
        day.isoformat(),
        *(["--force"] if command == "run" else []),
        "--json",
    )
    assert told.code == 0, told.err
    return told.json


def edit(path: Path, change: Callable[[Any], None]) -> None:
    """Change a workbook as Excel does."""
    workbook = openpyxl.load_workbook(path)
    change(workbook)
    workbook.save(path)
    workbook.close()


def fill(path: Path, **cells_by_company: dict[str, Any]) -> None:
    """Type into the working list: company (A1, B2 …) -> heading -> value."""

    def typed(workbook: Any) -> None:
        sheet = workbook[TITLES["working"]]
        columns = {cell.value: cell.column for cell in sheet[1]}
        for row in sheet.iter_rows(min_row=2):
            for heading, value in cells_by_company.get(str(row[0].value), {}).items():
                sheet.cell(row[0].row, columns[heading]).value = value

    edit(path, typed)


def met(day: date, **more: Any) -> dict[str, Any]:
    return {"Last contact": sheet_day(day.isoformat()), **more}


def lines(path: Path, title: str = SAMPLE) -> dict[tuple[str, str], Asked]:
    """Return the lines that ask for a score: (company, the action's week) -> what stands there."""
    found = {}
    for at, row in enumerate(cells(path)[title], start=1):
        if str(row[0]).startswith("act:"):
            found[str(row[1]), str(row[0])[4:14]] = Asked(at, *row[1:8])
    return found


def answer(path: Path, company: str, score: Any = None, remark: Any = None) -> None:
    (asked,) = (one for (name, _), one in lines(path).items() if name == company)

    def typed(workbook: Any) -> None:
        workbook[SAMPLE].cell(asked.row, SCORE + 1).value = score
        workbook[SAMPLE].cell(asked.row, REMARK + 1).value = remark

    edit(path, typed)


def scored(path: Path) -> list[dict[str, Any]]:
    """Return the Journal's scores, the newest first."""
    return [
        {
            "company": row[3],
            "manager": row[4],
            "from": row[6],
            "to": row[7],
            "why": row[8],
            **json.loads(row[9]),
        }
        for row in cells(path)["Journal"]
        if row[5] == "scored"
    ]


def text(path: Path, title: str = SAMPLE) -> str:
    return "\n".join(
        " | ".join(str(cell) for cell in row[1:] if cell is not None) for row in cells(path)[title]
    )


def base_of(path: Path) -> Path:
    tabs: dict[str, list[Any]] = {title: [HEADINGS] for title in TITLES.values()}
    for n, (name, who) in enumerate(
        [
            *((f"A{n}", "Ann") for n in range(ANN)),
            *((f"B{n}", "Bob") for n in range(BOB)),
            ("C0", "Cid"),
        ]
    ):
        began = sheet_day("2026-02-27")
        tabs[TITLES["working"]].append(
            [
                name,
                phone(n),
                "Large",
                "Contact 1",
                who,
                began,
                began,
                None,
                "call",
                sheet_day("2026-03-30"),
                None,
            ]
        )
    tabs[TITLES["clients"]] += [
        [f"Z{n}", phone(100 + n), "Large", "Client", "Ann"] for n in range(30)
    ]
    return write_base(path, tabs)


def week(
    sheetsync: Shell, path: Path, monday: date, companies: Iterator[str] | None = None
) -> None:
    """Let managers work a week: on Tuesday everybody's companies are called, the run sees it on Wednesday night."""
    night(sheetsync, path, monday)
    names = companies or (
        f"{letter}{n}" for letter, count in (("A", ANN), ("B", BOB)) for n in range(count)
    )
    tuesday = monday + timedelta(1)
    fill(path, **{name: met(tuesday, **{"Contact result": f"said {name}"}) for name in names})
    night(sheetsync, path, monday + timedelta(2))


@pytest.fixture
def base(sheetsync: Shell, tmp_path: Path) -> Path:
    """Give a base whose first week has been worked, and in which the first run of the second week has drawn the sample."""

    def make(path: Path) -> None:
        base_of(path)
        week(sheetsync, path, MONDAY)
        night(sheetsync, path, MONDAY + timedelta(7))

    return made_once("sample", tmp_path / "base.xlsx", make)


SECOND, THIRD = MONDAY + timedelta(7), MONDAY + timedelta(14)


def test_the_first_run_of_a_week_draws_the_week_that_ended_and_later_runs_the_same(
    sheetsync: Shell, base: Path
) -> None:
    first = lines(base)
    assert [sum(name.startswith(letter) for name, _ in first) for letter in "ABC"] == [5, 2, 0]
    assert {monday for _, monday in first} == {MONDAY.isoformat()}
    (asked,) = (one for (name, _), one in first.items() if name == "B0")
    assert (asked.done, asked.next, asked.score) == (
        "Contact 27 Feb → 3 Mar — said B0",
        "call · 30 Mar",
        None,
    )
    assert asked.day == sheet_day("2026-03-03")
    shown = text(base)
    assert "2 March – 8 March" in shown
    assert "15 March" in shown
    assert "5 of 8 actions found" in shown
    assert "all that was found: 2 actions" in shown
    assert "Cid | no actions were found in that week" in shown
    assert night(sheetsync, base, SECOND)["wrote"] is False
    fill(base, A0=met(SECOND), A1={"State": "Contact 2"})
    for day in range(1, 7):
        night(sheetsync, base, SECOND + timedelta(day))
        assert lines(base).keys() == first.keys()


def test_another_machine_draws_the_same(sheetsync: Shell, base: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    copy = elsewhere / base.name
    copy.write_bytes(base.read_bytes())
    edit(copy, lambda workbook: workbook.remove(workbook[SAMPLE]))
    night(sheetsync, copy, SECOND + timedelta(1))
    assert lines(copy).keys() == lines(base).keys()


def test_a_score_is_journalled_once_and_stays_and_a_second_run_finds_nothing_new(
    sheetsync: Shell, base: Path
) -> None:
    answer(base, "B0", 4, "did not ask for the budget")
    assert night(sheetsync, base, SECOND)["wrote"] is True
    (told,) = scored(base)
    assert {
        name: told[name]
        for name in ("company", "manager", "from", "to", "points", "remark", "week", "day")
    } == {
        "company": "B0",
        "manager": "Bob",
        "from": None,
        "to": "4",
        "points": 4,
        "remark": "did not ask for the budget",
        "week": "2026-03-02",
        "day": "2026-03-03",
    }
    assert told["why"] == "revision of actions, 2 March – 8 March · did not ask for the budget"
    assert night(sheetsync, base, SECOND)["wrote"] is False
    answer(base, "B0", 2, "did not ask for the budget")
    night(sheetsync, base, SECOND)
    answer(base, "B0", None, None)
    night(sheetsync, base, SECOND)
    assert [(one["before"], one["after"], one["points"]) for one in scored(base)] == [
        ("2", "", None),
        ("4", "2", 2),
        ("", "4", 4),
    ]
    (asked,) = (one for (name, _), one in lines(base).items() if name == "B0")
    assert (asked.score, asked.remark) == (None, None)
    assert night(sheetsync, base, SECOND)["wrote"] is False


@pytest.mark.parametrize("typed", ["7", "good", 0, 4.5, 7])
def test_a_score_that_is_not_of_the_scale_is_told_beside_itself_stays_and_is_not_counted(
    sheetsync: Shell, base: Path, typed: Any
) -> None:
    answer(base, "B0", typed)
    night(sheetsync, base, SECOND)
    (asked,) = (one for (name, _), one in lines(base).items() if name == "B0")
    assert asked.score == typed
    assert asked.amiss == f"“{typed}” is not counted: a whole number from 1 to 5."
    assert [one["points"] for one in scored(base)] == [None]
    assert "0 of 2" in text(base, "Summary")
    assert night(sheetsync, base, SECOND)["wrote"] is False
    answer(base, "B0", 5)
    night(sheetsync, base, SECOND)
    assert next(one for (name, _), one in lines(base).items() if name == "B0").amiss is None


def test_the_next_week_asks_anew_and_a_score_of_the_last_minute_is_kept(
    sheetsync: Shell, base: Path
) -> None:
    answer(base, "B0", 3, "late")
    week(sheetsync, base, SECOND)
    answer(base, "B1", 5)
    night(sheetsync, base, THIRD)
    assert {monday for _, monday in lines(base)} == {SECOND.isoformat()}
    assert [(one["company"], one["points"], one["week"]) for one in scored(base)] == [
        ("B1", 5, "2026-03-02"),
        ("B0", 3, "2026-03-02"),
    ]
    assert all(one.score is None for one in lines(base).values())
    answer(base, "B0", 5)
    night(sheetsync, base, THIRD)
    (summary,) = (
        row for row in cells(base)["Summary"] if row[0] and str(row[0]).startswith("scores:Bob")
    )
    assert summary[1:6] == ("Bob", "1 of 2", 5, 4, "—")
    assert "not enough history yet" in text(base, "Summary")


def test_the_summary_tells_how_much_is_scored_and_what_the_lowest_was_for(
    sheetsync: Shell, base: Path
) -> None:
    (worst, *others) = sorted(name for name, _ in lines(base) if name.startswith("A"))
    answer(base, worst, 1, "shouted")
    answer(base, others[0], 4, "well done")
    answer(base, others[1], 4)
    night(sheetsync, base, SECOND)
    (summary,) = (
        row for row in cells(base)["Summary"] if row[0] and str(row[0]).startswith("scores:Ann")
    )
    assert summary[1:7] == ("Ann", "3 of 5", 3, "—", "—", f"1 · {worst}: shouted")
    (total,) = (
        row for row in cells(base)["Summary"] if row[0] and str(row[0]).startswith("total:scores")
    )
    assert total[1:4] == ("Total", "3 of 7", 3)


def test_a_tab_that_was_deleted_comes_back_with_its_scores(sheetsync: Shell, base: Path) -> None:
    answer(base, "B0", 4, "good")
    night(sheetsync, base, SECOND)
    before = lines(base)
    edit(base, lambda workbook: workbook.remove(workbook[SAMPLE]))
    night(sheetsync, base, SECOND)
    assert lines(base) == before
    assert len(scored(base)) == 1
    assert night(sheetsync, base, SECOND)["wrote"] is False


def test_a_line_that_was_deleted_comes_back_with_its_score(sheetsync: Shell, base: Path) -> None:
    answer(base, "B0", 4, "good")
    night(sheetsync, base, SECOND)
    before = lines(base)
    edit(base, lambda workbook: workbook[SAMPLE].delete_rows(before["B0", MONDAY.isoformat()].row))
    night(sheetsync, base, SECOND)
    assert lines(base) == before
    assert len(scored(base)) == 1


def test_an_undo_and_a_report_leave_scores_alone(sheetsync: Shell, base: Path) -> None:
    fill(base, A0={"State": "Refusal", "Refusal reason": "No money"})
    answer(base, "B0", 4, "good")
    night(sheetsync, base, SECOND)
    answer(base, "B1", 2)
    night(sheetsync, base, SECOND, "report")
    assert lines(base)["B1", MONDAY.isoformat()].score == 2
    assert len(scored(base)) == 1
    told = sheetsync("undo", base, "--today", SECOND.isoformat(), "--json")
    assert told.code == 0, told.err
    assert "A0" in [row[0] for row in cells(base)[TITLES["working"]]]
    found = lines(base)
    assert (found["B0", MONDAY.isoformat()].score, found["B1", MONDAY.isoformat()].score) == (4, 2)
    assert sorted(one["company"] for one in scored(base)) == ["B0", "B1"]
    night(sheetsync, base, SECOND)
    assert len(scored(base)) == 2
    assert night(sheetsync, base, SECOND)["wrote"] is False


def test_a_run_that_found_only_scores_is_nothing_to_undo(sheetsync: Shell, base: Path) -> None:
    answer(base, "B0", 4)
    night(sheetsync, base, SECOND)
    told = sheetsync("undo", base, "--today", SECOND.isoformat())
    assert "Nothing was written" in told.out
    assert lines(base)["B0", MONDAY.isoformat()].score == 4


def test_links_follow_a_company_that_has_moved_and_who_lost_its_row_says_so(
    sheetsync: Shell, base: Path
) -> None:
    asked = next(name for name, _ in lines(base) if name.startswith("A"))
    fill(base, **{asked: {"State": "Refusal", "Refusal reason": "No money"}})
    fill(base, B0={"State": "Refusal", "Refusal reason": "No money"})
    night(sheetsync, base, SECOND)
    night(sheetsync, base, SECOND)
    workbook = openpyxl.load_workbook(base)
    link = workbook[SAMPLE].cell(lines(base)[asked, MONDAY.isoformat()].row, 2).hyperlink
    assert link is not None
    (target,) = (row for row in workbook[TITLES["rework"]].iter_rows() if row[0].value == asked)
    workbook.close()
    place = str(link.location or link.target).replace("$", "")
    assert f"!A{target[0].row}" in place
    assert TITLES["rework"] in place
    edit(base, lambda workbook: workbook[TITLES["rework"]].delete_rows(target[0].row))
    night(sheetsync, base, SECOND + timedelta(1))
    assert lines(base)[asked, MONDAY.isoformat()].next == "the row is no longer in the base"


def test_nought_on_the_settings_tab_asks_nothing_and_fewer_keep_what_was_answered(
    sheetsync: Shell, base: Path
) -> None:
    def setting(value: int) -> None:
        def typed(workbook: Any) -> None:
            (row,) = (
                row
                for row in workbook["Settings"].iter_rows()
                for cell in row
                if str(cell.value).startswith("Actions of each manager")
            )
            at = next(cell for cell in row if str(cell.value).startswith("Actions of each manager"))
            workbook["Settings"].cell(at.row, at.column + 1).value = value

        edit(base, typed)

    assert sheetsync("init", base).code == 0
    asked = [name for name, _ in lines(base) if name.startswith("A")]
    answer(base, asked[3], 4)
    answer(base, asked[4], 4)
    setting(2)
    night(sheetsync, base, SECOND)
    assert {name for name, _ in lines(base)} == {asked[3], asked[4], "B0", "B1"}
    setting(0)
    night(sheetsync, base, SECOND)
    assert lines(base) == {}
    assert "no actions are drawn" in text(base)
    assert night(sheetsync, base, SECOND)["wrote"] is False
    setting(5)
    night(sheetsync, base, SECOND)
    assert [name for name, _ in lines(base) if name.startswith("A")] == asked
    assert lines(base)[asked[4], MONDAY.isoformat()].score == 4


def test_each_line_has_a_list_of_scores_that_lets_other_words_through(
    sheetsync: Shell,  # noqa: ARG001
    base: Path,
) -> None:
    workbook = openpyxl.load_workbook(base)
    rules = workbook[SAMPLE].data_validations.dataValidation
    found = {
        cell for rule in rules for area in rule.sqref.ranges for row in area.rows for cell in row
    }
    assert found == {(one.row, SCORE + 1) for one in lines(base).values()}
    assert {
        (rule.type, rule.formula1, rule.errorStyle or "stop", bool(rule.showErrorMessage))
        for rule in rules
    } <= {
        ("list", '"1,2,3,4,5"', "warning", True),
        ("list", '"1,2,3,4,5"', "stop", False),
        ("list", '"1,2,3,4,5"', "warning", False),
    }
    workbook.close()


@pytest.fixture
def desk() -> Desk:
    return _second_week().copy()


@cache
def _second_week() -> Desk:
    """Return a shared spreadsheet whose first week has been worked and sampled."""
    made = Desk()
    for _ in range(3):
        made.add(TITLES["working"], "Contact 1", "2026-03-01", label="Large")
    for _ in range(30):
        made.add(TITLES["clients"], "Client", "2026-03-01")
    made.daemon().run()
    made.today = date(2026, 3, 4)
    for number in ("N1", "N2", "N3"):
        made.type(EDITOR, number, "Last contact", "2026-03-03")
    made.daemon().run()
    made.today = SECOND
    made.daemon().run()
    return made


def shared(desk: Desk) -> dict[str, tuple[int, list[Any]]]:
    """Return the first line of each company: (0-based row, cells)."""
    rows = desk.call(
        OWNER, "GET", f"/values/{quote(SAMPLE)}?valueRenderOption=UNFORMATTED_VALUE"
    ).get("values", [])
    asked = [(at, row) for at, row in enumerate(rows) if row and str(row[0]).startswith("act:")]
    return {str(row[1]): (at, row) for at, row in reversed(asked)}


def test_a_score_typed_in_the_second_in_which_a_run_writes_is_not_lost(desk: Desk) -> None:
    at, _ = shared(desk)["Company 1"]
    desk.type(EDITOR, "N2", "State", "Refusal")
    daemon = desk.daemon()
    daemon.wire.before[3] = lambda: desk.write(OWNER, SAMPLE, at, [4, "in time"], SCORE)
    daemon.run()
    assert shared(desk)["Company 1"][1][SCORE : REMARK + 1] == [4, "in time"]
    assert [
        (line["Company"], line["To"]) for line in desk.journal() if line["What"] == "scored"
    ] == [("Company 1", "4")]
    assert not desk.daemon().run().wrote


def test_where_the_heads_address_is_known_nobody_else_scores(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = changed(template("en"), head=Person(name="Eve", email="head@localhost"))
    monkeypatch.setattr("sheetsync.sheets.read.reader.choose_policy", lambda *_: policy)
    desk.today += timedelta(days=1)
    assert desk.daemon().run().wrote
    at, _ = shared(desk)["Company 1"]
    for column in (SCORE, REMARK):
        with pytest.raises(PermissionError):
            desk.write(EDITOR, SAMPLE, at, [5], column)
    desk.write("head@localhost", SAMPLE, at, [3, "hers"], SCORE)
    assert desk.daemon().run().wrote
    assert shared(desk)["Company 1"][1][SCORE : REMARK + 1] == [3, "hers"]
    assert not desk.daemon().run().wrote


def test_a_report_writes_over_no_score_that_is_typed_in_its_second(desk: Desk) -> None:
    at, _ = shared(desk)["Company 1"]
    desk.type(EDITOR, "N1", "State", "Contact 2")
    daemon = desk.daemon()
    daemon.wire.before[3] = lambda: desk.write(OWNER, SAMPLE, at, [4, "in time"], SCORE)
    assert runner.report(daemon.opened, daemon.options).wrote
    assert shared(desk)["Company 1"][1][SCORE : REMARK + 1] == [4, "in time"]
    again = desk.daemon()
    assert not runner.report(again.opened, again.options).wrote
