"""A base whose structure people change: a renamed tab, a moved, renamed or deleted column, a column of their own called ID."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sheetsync.i18n import language
from sheetsync.settings import Settings
from sheetsync.sheets.address import open_book
from sheetsync.sheets.reader import read_structure
from tests.shell.bench import HEADINGS, TITLES, Shell, cells, client, companies, small_base, write_base

FIRST, TODAY = "2026-02-03", "2026-03-02"
WORKING, STRATEGIC, CLIENTS = (TITLES[code] for code in ("working", "strategic", "clients"))


def _edited(path: Path, edit: Any) -> None:
    workbook = openpyxl.load_workbook(path)
    edit(workbook)
    workbook.save(path)
    workbook.close()


@pytest.fixture
def base(sheetsync: Shell, tmp_path: Path) -> Path:
    """Give a base after its first night."""
    path = small_base(tmp_path / "base.xlsx")
    assert sheetsync("run", path, "--today", FIRST, "--force").code == 0
    return path


def _rename(path: Path, before: str, now: str) -> None:
    """Rename a tab as a person does in a served spreadsheet: its id stays."""
    opened = open_book(str(path), Settings(), language("en"))
    grid = read_structure(opened.line, "base").titled(before)
    assert grid is not None
    changed = {"properties": {"sheetId": grid.sheet_id, "title": now}, "fields": "title"}
    opened.line.write({"requests": [{"updateSheetProperties": changed}]}, "spreadsheetId")


@pytest.mark.parametrize("now", ["Our hot ones", "Archive", "Рабочая база"])
def test_a_renamed_tab_is_followed_whatever_it_is_called_now(sheetsync: Shell, base: Path, now: str) -> None:
    _rename(base, WORKING, now)
    told = sheetsync("run", base, "--today", TODAY, "--force", "--json")
    assert told.code == 0, told.err
    assert [move["from"] for move in told.json["moves"]] == ["working"] * 3
    assert [(p["tab"], p["severity"]) for p in told.json["problems"] if p["code"] == "tab_renamed"] == [(now, "notice")]
    assert companies(base) if now == WORKING else now in cells(base)
    again = sheetsync("run", base, "--today", TODAY, "--json")
    assert (again.json["moves"], again.json["wrote"]) == ([], False)
    assert not [p for p in again.json["problems"] if p["code"] == "tab_renamed"]


def test_a_moved_column_is_followed(sheetsync: Shell, base: Path) -> None:
    state = HEADINGS.index("State") + 1

    def last(workbook: Any) -> None:
        sheet = workbook[WORKING]
        column = [sheet.cell(row, state).value for row in range(1, sheet.max_row + 1)]
        end = sheet.max_column + 1
        for row, value in enumerate(column, start=1):
            sheet.cell(row, end, value)
        sheet.delete_cols(state)

    _edited(base, last)
    told = sheetsync("run", base, "--today", TODAY, "--force", "--json")
    assert len(told.json["moves"]) == 3
    assert not {"column_gone", "column_renamed"} & {problem["code"] for problem in told.json["problems"]}


def test_a_renamed_heading_is_known_by_its_values_and_asked_about_every_night(sheetsync: Shell, base: Path) -> None:
    _edited(base, lambda workbook: workbook[WORKING].cell(1, HEADINGS.index("State") + 1, "Where we are"))
    for _ in range(2):
        told = sheetsync("run", base, "--today", FIRST, "--json")
        assert told.code == 0, told.err
        (asked,) = [problem for problem in told.json["problems"] if problem["code"] == "column_renamed"]
        assert (asked["tab"], asked["column"]) == (WORKING, "Where we are")
        assert "“State”" in asked["message"]
        assert "Settings" in asked["fix"]
    assert len(sheetsync("run", base, "--today", TODAY, "--force", "--json").json["moves"]) == 3


def test_a_deleted_column_makes_the_base_read_only_until_a_person_says_yes(sheetsync: Shell, base: Path) -> None:
    _edited(base, lambda workbook: workbook[CLIENTS].delete_cols(HEADINGS.index("Phone") + 1))
    before = cells(base)
    told = sheetsync("run", base, "--today", TODAY)
    told.complains(2)
    assert "Phone" in told.err
    after = cells(base)
    assert "Phone" in str(after["Summary"][1][1])
    assert {title: rows for title, rows in after.items() if title != "Summary"} == {
        title: rows for title, rows in before.items() if title != "Summary"
    }
    assert sheetsync("run", base, "--today", TODAY, "--force").code == 0
    assert sheetsync("run", base, "--today", TODAY, "--json").json["wrote"] is False


def test_a_deleted_column_that_held_nothing_is_no_matter(sheetsync: Shell, base: Path) -> None:
    _edited(base, lambda workbook: workbook[STRATEGIC].delete_cols(HEADINGS.index("Phone") + 1))
    assert sheetsync("run", base, "--today", FIRST).code == 0


def test_a_teams_own_column_called_id_stays_theirs(sheetsync: Shell, tmp_path: Path) -> None:
    headings = (*HEADINGS, "ID", "Deadline")
    rows = [[*client(n), f"CRM-{n}", "by Friday"] for n in range(3)]
    stay = [[*client(5000 + n, State="Client", **{"Work began": None}), f"C{n}", None] for n in range(10)]
    tabs: dict[str, Any] = {title: [headings] for title in TITLES.values()}
    tabs[WORKING] += rows
    tabs[CLIENTS] += stay
    path = write_base(tmp_path / "base.xlsx", tabs)
    assert sheetsync("run", path, "--today", TODAY, "--force").code == 0
    found = cells(path)
    moved = {row[0]: row for row in found[STRATEGIC][1:]}
    assert {row[len(HEADINGS)] for row in moved.values()} == {"CRM-0", "CRM-1", "CRM-2"}
    assert {row[len(HEADINGS) + 1] for row in moved.values()} == {"by Friday"}
    added = found[CLIENTS][0][len(headings) :]
    assert added == ("Last day", "Days left", "Problems", "Row ID")
    assert sheetsync("run", path, "--today", TODAY, "--json").json["wrote"] is False


def test_a_tab_of_several_sections_is_sorted_by_its_states(sheetsync: Shell, tmp_path: Path) -> None:
    rows = [
        client(1, **{"Work began": TODAY}),
        client(2, State="Client", **{"Work began": None}),
        client(3, State="Refusal", **{"Work began": None}),
        client(4, State="New", Manager=None, **{"Work began": None}),
        client(5, State="New", **{"Work began": None}),
        client(6, State="nonsense"),
        client(7, **{"Work began": "2026-01-01"}),
    ]
    tabs: dict[str, Any] = {title: [HEADINGS] for title in TITLES.values()}
    path = write_base(tmp_path / "base.xlsx", {"Several sections": [HEADINGS, *rows], **tabs})
    told = sheetsync("run", path, "--today", TODAY, "--force", "--json")
    assert told.code == 0, told.err
    assert {(move["company"], move["from"], move["to"]) for move in told.json["moves"]} == {
        ("Company 1", "mixed", "working"),
        ("Company 2", "mixed", "clients"),
        ("Company 3", "mixed", "rework"),
        ("Company 4", "mixed", "call_base"),
        ("Company 5", "mixed", "working"),
        ("Company 7", "mixed", "strategic"),
    }
    assert [row[0] for row in cells(path)["Several sections"][1:] if row[0]] == ["Company 6"]
    again = sheetsync("run", path, "--today", TODAY, "--json")
    assert (again.json["moves"], again.json["wrote"]) == ([], False)
    assert sheetsync("undo", path, "--today", TODAY).code == 0
    assert sorted(row[0] for row in cells(path)["Several sections"][1:] if row[0]) == [
        f"Company {n}" for n in range(1, 8)
    ]
