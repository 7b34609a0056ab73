"""A base whose structure people change: a renamed tab, a moved, renamed or deleted column, a column of their own called ID."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sheetsync.config import Settings
from sheetsync.i18n import language
from sheetsync.sheets.connection.open_book import open_book
from sheetsync.sheets.read.book_structure import read_structure
from tests.builders.bench import (
    HEADINGS,
    TITLES,
    Shell,
    cells,
    client,
    companies,
    made_once,
    small_base,
    write_base,
)

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

    def make(path: Path) -> None:
        assert sheetsync("run", small_base(path), "--today", FIRST, "--force").code == 0

    return made_once("structure", tmp_path / "base.xlsx", make)


def _rename(path: Path, before: str, now: str) -> None:
    """Rename a tab as a person does in a served spreadsheet: its id stays."""
    opened = open_book(str(path), Settings(), language("en"))
    grid = read_structure(opened.line, "base").titled(before)
    assert grid is not None
    changed = {"properties": {"sheetId": grid.sheet_id, "title": now}, "fields": "title"}
    opened.line.write({"requests": [{"updateSheetProperties": changed}]}, "spreadsheetId")


@pytest.mark.parametrize("now", ["Our hot ones", "Archive", "Рабочая база"])
def test_a_renamed_tab_is_followed_whatever_it_is_called_now(
    sheetsync: Shell, base: Path, now: str
) -> None:
    _rename(base, WORKING, now)
    told = sheetsync("run", base, "--today", TODAY, "--force", "--json")
    assert told.code == 0, told.err
    assert [move["from"] for move in told.json["moves"]] == ["working"] * 3
    assert [
        (p["tab"], p["severity"]) for p in told.json["problems"] if p["code"] == "tab_renamed"
    ] == [(now, "notice")]
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
    assert not {"column_gone", "column_renamed"} & {
        problem["code"] for problem in told.json["problems"]
    }


def test_a_renamed_heading_is_known_by_its_values_and_asked_about_every_night(
    sheetsync: Shell, base: Path
) -> None:
    _edited(
        base,
        lambda workbook: workbook[WORKING].cell(1, HEADINGS.index("State") + 1, "Where we are"),
    )
    for _ in range(2):
        told = sheetsync("run", base, "--today", FIRST, "--json")
        assert told.code == 0, told.err
        (asked,) = [
            problem for problem in told.json["problems"] if problem["code"] == "column_renamed"
        ]
        assert (asked["tab"], asked["column"]) == (WORKING, "Where we are")
        assert "“State”" in asked["message"]
        assert "Settings" in asked["fix"]
    assert len(sheetsync("run", base, "--today", TODAY, "--force", "--json").json["moves"]) == 3


def test_a_deleted_column_makes_the_base_read_only_until_a_person_says_yes(
    sheetsync: Shell, base: Path
) -> None:
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
    stay = [
        [*client(5000 + n, State="Client", **{"Work began": None}), f"C{n}", None]
        for n in range(10)
    ]
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


def test_a_tab_of_several_sections_is_sorted_by_its_states(
    sheetsync: Shell, tmp_path: Path
) -> None:
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


def _column_of(path: Path, tab: str, heading: str) -> list[Any]:
    headings, *rows = cells(path)[tab]
    at = headings.index(heading)
    return [row[at] for row in rows if any(cell is not None for cell in row)]


@pytest.mark.parametrize(
    "now",
    [
        "Summary",
        "Journal",
        "sheetsync · state",
        "Settings",
        "Revision",
        "Revision of actions",
        "Overdue · Ann",
    ],
)
def test_a_section_that_is_renamed_to_the_name_of_one_of_our_tabs_is_never_written_over(
    sheetsync: Shell, base: Path, now: str
) -> None:
    if now in cells(base):
        _edited(base, lambda workbook: workbook.remove(workbook[now]))
    state = "sheetsync · state" in cells(base)
    _rename(base, WORKING, now)
    told = sheetsync("run", base, "--today", TODAY, "--force", "--json")
    assert told.code == 0, told.err
    everybody = [
        str(row[0])
        for rows in cells(base).values()
        for row in rows[1:]
        if str(row[0]).startswith("Company ")
    ]
    assert sorted(everybody) == sorted({*everybody})
    assert len(everybody) == 33
    assert not state or len(told.json["moves"]) == 3
    assert sheetsync("run", base, "--today", TODAY, "--json").json["wrote"] is False


@pytest.mark.parametrize(
    "title", ["Summary", "Journal", "Settings", "Revision", "Revision of actions"]
)
def test_a_teams_own_tab_of_one_of_our_names_stays_as_it_is(
    sheetsync: Shell, tmp_path: Path, title: str
) -> None:
    stay = [client(n, State="Client", **{"Work began": None}) for n in range(5)]
    tabs: dict[str, Any] = {section: [HEADINGS] for section in TITLES.values()}
    tabs[CLIENTS] += stay
    path = write_base(
        tmp_path / "base.xlsx", {title: [("Plan for May", 5), ("Call Ann", None)], **tabs}
    )
    assert sheetsync("run", path, "--today", TODAY, "--force").code == 0
    found = cells(path)
    assert found[title] == [("Plan for May", 5), ("Call Ann", None)]
    assert title == "Settings" or f"{title} · sheetsync" in found
    assert sheetsync("run", path, "--today", TODAY, "--json").json["wrote"] is False


def test_a_base_whose_tab_is_gone_stops_even_where_nothing_else_is_to_be_done(
    sheetsync: Shell, base: Path
) -> None:
    _edited(base, lambda workbook: workbook.remove(workbook[CLIENTS]))
    before = cells(base)
    sheetsync("run", base, "--today", FIRST).complains(2)
    assert {t: rows for t, rows in cells(base).items() if t != "Summary"} == {
        t: rows for t, rows in before.items() if t != "Summary"
    }


def test_of_the_rows_of_a_tab_that_cannot_be_read_nothing_is_known_and_none_is_restored(
    sheetsync: Shell, base: Path
) -> None:
    ids = _column_of(base, CLIENTS, "ID")
    headings = cells(base)[CLIENTS][0]

    def head(words: Any) -> None:
        def write(workbook: Any) -> None:
            for at, word in enumerate(words, start=1):
                workbook[CLIENTS].cell(1, at, word)

        _edited(base, write)

    head(["x"] * len(headings))
    sheetsync("run", base, "--today", FIRST).complains(2)
    assert sheetsync("run", base, "--today", FIRST, "--force").code == 0
    assert "vanished" not in str(cells(base)["Journal"])
    sheetsync("restore", base, ids[0], "--today", FIRST).complains(1)
    head(headings)
    assert sheetsync("run", base, "--today", FIRST).code == 0
    assert _column_of(base, CLIENTS, "ID") == ids
    assert len(companies(base)[CLIENTS]) == 30


@pytest.mark.parametrize("heading", ["ID", "Deadline", "Problems", "Days left"])
def test_a_new_column_at_the_left_that_is_headed_like_ours_stays_the_teams(
    sheetsync: Shell, base: Path, heading: str
) -> None:
    def left(workbook: Any) -> None:
        sheet = workbook[CLIENTS]
        sheet.insert_cols(1)
        for row in range(1, sheet.max_row + 1):
            sheet.cell(row, 1, heading if row == 1 else f"K{row}")

    ids = _column_of(base, CLIENTS, "ID")
    _edited(base, left)
    assert sheetsync("run", base, "--today", FIRST).code == 0
    rows = cells(base)[CLIENTS]
    assert [row[0] for row in rows[1:31]] == [f"K{row}" for row in range(2, 32)]
    at = max(n for n, name in enumerate(rows[0]) if name == "ID")
    assert [row[at] for row in rows[1:31]] == ids


def _settings(path: Path, **lines: list[tuple[str, ...]]) -> None:
    """Add a Settings tab with these blocks, as a person might lay it out."""

    def add(workbook: Any) -> None:
        sheet, left = workbook.create_sheet("Settings"), 1
        for block, entries in lines.items():
            sheet.cell(1, left, block.capitalize())
            for row, entry in enumerate(entries, start=4):
                for at, text in enumerate(entry):
                    sheet.cell(row, left + at, text)
            left += 6

    _edited(path, add)


def test_what_the_settings_say_of_a_column_goes_before_what_it_was(
    sheetsync: Shell, base: Path
) -> None:
    _settings(base, columns=[("", "Phone", "our own")])
    _edited(
        base,
        lambda workbook: workbook[CLIENTS].cell(2, HEADINGS.index("Phone") + 1, "+79121234567"),
    )
    assert sheetsync("run", base, "--today", FIRST, "--force").code == 0
    assert cells(base)[CLIENTS][1][HEADINGS.index("Phone")] == "+79121234567"


def test_a_move_into_a_tab_that_keeps_two_fields_in_one_cell_loses_neither(
    sheetsync: Shell, tmp_path: Path
) -> None:
    late = [*client(1), "ann@company.com"]
    tabs: dict[str, Any] = {title: [(*HEADINGS, "E-mail")] for title in TITLES.values()}
    tabs[WORKING].append(late)
    tabs[STRATEGIC] = [("Company", "State", "Manager", "Contacts")]
    path = write_base(tmp_path / "base.xlsx", tabs)
    _settings(path, columns=[("", "Contacts", "Phone, E-mail")])
    assert sheetsync("run", path, "--today", TODAY, "--force").code == 0
    moved = cells(path)[STRATEGIC][1]
    assert {late[HEADINGS.index("Phone")], "ann@company.com"} <= set(moved)
    assert sheetsync("run", path, "--today", TODAY, "--json").json["wrote"] is False


def test_a_cell_of_several_fields_is_never_written_by_the_program(
    sheetsync: Shell, tmp_path: Path
) -> None:
    heads = ["Status" if name == "State" else name for name in HEADINGS]
    late = client(1)
    late[HEADINGS.index("State")] = "Contact 2, wants a discount on Friday"
    tabs: dict[str, Any] = {title: [heads] for title in TITLES.values()}
    tabs[WORKING].append(late)
    path = write_base(tmp_path / "base.xlsx", tabs)
    _settings(path, columns=[("", "Status", "State, Comment")])
    told = sheetsync("run", path, "--today", TODAY, "--force", "--json")
    assert told.code == 0, told.err
    assert told.json["moves"] == []
    assert "shared_column" in {problem["code"] for problem in told.json["problems"]}
    assert (
        cells(path)[WORKING][1][HEADINGS.index("State")] == "Contact 2, wants a discount on Friday"
    )


def test_an_undo_of_a_word_that_means_nothing_any_more_writes_it_back(
    sheetsync: Shell, tmp_path: Path
) -> None:
    tabs: dict[str, Any] = {title: [(*HEADINGS, "Return on")] for title in TITLES.values()}
    tabs[TITLES["rework"]].append([*client(1, State="Cold shower", **{"Work began": None}), None])
    path = write_base(tmp_path / "base.xlsx", tabs)
    _settings(path, words=[("State", "Cold shower", "Refusal")])
    assert sheetsync("run", path, "--today", "2026-01-01", "--force").code == 0
    assert sheetsync("run", path, "--today", "2026-06-01", "--force").code == 0
    assert _column_of(path, TITLES["rework"], "State") == ["Call round"]
    _edited(path, lambda workbook: workbook.remove(workbook["Settings"]))
    assert sheetsync("undo", path, "--today", "2026-06-01").code == 0
    assert _column_of(path, TITLES["rework"], "State") == ["Cold shower"]


def test_headings_that_stand_again_and_sums_are_no_clients(
    sheetsync: Shell, tmp_path: Path
) -> None:
    stay = [client(n, State="Client", **{"Work began": None}) for n in range(6)]
    total = ["Total", 6, *[None] * (len(HEADINGS) - 2)]
    tabs: dict[str, Any] = {title: [HEADINGS] for title in TITLES.values()}
    tabs[CLIENTS] += [*stay[:3], HEADINGS, *stay[3:], total]
    path = write_base(tmp_path / "base.xlsx", tabs)
    told = sheetsync("run", path, "--today", TODAY, "--force", "--json")
    assert told.code == 0, told.err
    assert len({edit["id"] for edit in told.json["edits"]}) == 6
    assert ("headings_twice", CLIENTS) in {(p["code"], p["tab"]) for p in told.json["problems"]}
    assert cells(path)[CLIENTS][4][: len(HEADINGS)] == HEADINGS


def test_headings_of_two_rows_are_read_as_adopting_reads_them(
    sheetsync: Shell, tmp_path: Path
) -> None:
    above = ("Firm", "Stage", "Rep", "Contacts", None, None)
    below = (None, None, None, "Name", "Phone", "E-mail")
    rows = [
        (
            f"Company {n}",
            "won" if n % 2 else "lost",
            "Ann",
            f"Bob Miller {n}",
            f"+1 212-555-01{n:02}",
            f"b{n}@c{n}.com",
        )
        for n in range(10)
    ]
    path = write_base(tmp_path / "base.xlsx", {"Deals": [above, below, *rows]})
    assert sheetsync("adopt", path, "--yes", "--today", TODAY, "--json").code == 0
    told = sheetsync("check", path, "--today", TODAY, "--json").json
    assert not [
        problem
        for problem in told["problems"]
        if (problem["code"], problem["severity"]) == ("no_column", "error")
    ]
    assert len(sheetsync("plan", path, "--today", TODAY, "--json").json["moves"]) == 10


def test_colours_reach_rows_that_arrive_in_an_empty_tab_and_formulas_survive_one_that_empties(
    sheetsync: Shell, tmp_path: Path
) -> None:
    rows = [
        (f"Company {n}", "won" if n < 4 else "lost", "Ann", f"+1 212-555-01{n:02}")
        for n in range(6)
    ]
    tabs: dict[str, Any] = {
        "Deals": [("Firm", "Stage", "Rep", "Phone"), *rows],
        "Report": [('=COUNTIF(Deals!B2:B7,"won")',)],
    }
    path = write_base(tmp_path / "base.xlsx", tabs)
    assert sheetsync("adopt", path, "--yes", "--today", TODAY, "--json").code == 0
    assert sheetsync("run", path, "--today", TODAY, "--force").code == 0
    assert [row[0] for row in cells(path)["Clients"][1:5]] == [f"Company {n}" for n in range(4)]
    assert "#REF!" not in str(cells(path)["Report"])
    workbook = openpyxl.load_workbook(path)
    for title in ("Deals", "Clients"):
        for area in workbook[title].conditional_formatting:
            assert "#REF!" not in str([rule.formula for rule in area.rules])
            assert str(area.sqref).split(":")[0].endswith("1")
    workbook.close()
    assert sheetsync("undo", path, "--today", TODAY).code == 0
    assert sorted(row[0] for row in cells(path)["Deals"][1:] if row[0]) == [
        f"Company {n}" for n in range(6)
    ]
