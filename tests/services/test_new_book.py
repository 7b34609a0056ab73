"""A book laid out by `init`, after its first night: what is opened first stands first, and prints; a team's own order stays."""

from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from tests.builders.bench import Shell, small_tabs, write_base

TODAY = ("--today", "2026-03-02", "--lang", "en")
SECTIONS = [
    "Working list",
    "Cold-call base",
    "Refusal, to rework",
    "Strategic archive",
    "Hard refusal, off-profile",
    "Clients",
]


@pytest.fixture
def book(sheetsync: Shell, tmp_path: Path) -> Workbook:
    """Give a new book of Ann's with one company, after a night."""
    path = tmp_path / "new.xlsx"
    assert sheetsync("init", path, "--lang", "en", "--manager", "Ann").code == 0
    workbook = openpyxl.load_workbook(path)
    tab = workbook["Working list"]
    headings = [cell.value for cell in tab[1]]
    row = {"Company": "Acme", "State": "Contact 1", "Manager": "Ann", "Phone": "+12025550101"}
    for heading, value in row.items():
        tab.cell(2, headings.index(heading) + 1, value)
    workbook.save(path)
    assert sheetsync("run", path, *TODAY, "--force").code == 0
    return openpyxl.load_workbook(path)


def test_a_new_book_has_summary_and_managers_first_and_opens_there(book: Workbook) -> None:
    shown = [tab.title for tab in book.worksheets if tab.sheet_state == "visible"]
    assert shown[:8] == ["Summary", "Overdue · Ann", *SECTIONS]
    assert shown.index("Revision") < shown.index("Figures by row") < shown.index("Settings")
    summary = book["Summary"]
    assert (summary.page_setup.orientation, summary.page_setup.fitToHeight) == ("landscape", 0)
    page = summary.sheet_properties.pageSetUpPr
    assert page is not None
    assert page.fitToPage


def test_the_headings_of_a_section_stand_as_their_values_do(book: Workbook) -> None:
    tab = book["Working list"]
    found = {}
    for number, cell in enumerate(tab[1], start=1):
        found[cell.value] = (cell.alignment.horizontal, tab.cell(3, number).alignment.horizontal)
    assert found["Next step on"] == found["Days left"] == ("center", "center")
    assert found["Deal amount"] == ("right", "right")
    assert [heading for heading, (above, below) in found.items() if above != below] == []
    # What decides the day comes first, and the company's problems are near its name.
    assert [*found][:4] == ["Company", "State", "Next step", "Next step on"]
    assert [*found].index("Problems") < [*found].index("Manager")


def test_a_book_of_a_teams_own_keeps_its_order(sheetsync: Shell, tmp_path: Path) -> None:
    tabs = {"Notes": [["What we do"]], **small_tabs()}
    path = write_base(tmp_path / "theirs.xlsx", tabs)
    before = openpyxl.load_workbook(path).sheetnames
    assert sheetsync("run", path, *TODAY, "--force").code == 0
    after = openpyxl.load_workbook(path)
    assert after.sheetnames[: len(before)] == before


def test_an_adopted_base_keeps_its_tabs_first_though_they_bear_the_methods_names(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = write_base(tmp_path / "base.xlsx", small_tabs())
    assert sheetsync("adopt", path, *TODAY, "--yes").code == 0
    assert sheetsync("run", path, *TODAY, "--force").code == 0
    workbook = openpyxl.load_workbook(path)
    assert workbook.sheetnames[: len(SECTIONS)] == SECTIONS
    assert workbook.active is not None
    assert workbook.active.title == SECTIONS[0]
