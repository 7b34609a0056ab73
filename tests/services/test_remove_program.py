"""The program is taken out of a base whole, and nothing of the team's with it; shown first, and once only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl

from sheetsync.workbook.snapshot import OWN
from tests.builders.bench import HEADINGS, TITLES, TODAY, Shell, cells, companies, small_base
from tests.builders.cloud import ADDRESS, Cloud

if TYPE_CHECKING:
    from pathlib import Path


def test_a_base_is_rid_of_the_program_and_keeps_its_rows(sheetsync: Shell, tmp_path: Path) -> None:
    path = small_base(tmp_path / "base.xlsx")
    assert sheetsync("run", path, "--today", TODAY, "--force").code == 0
    before, rows = path.read_bytes(), companies(path)
    shown = sheetsync("remove", path)
    shown.complains(2)
    assert "Summary" in shown.out
    assert "Working list, I: Deadline" in shown.out
    assert path.read_bytes() == before, "it was only shown"
    assert sheetsync("remove", path, "--yes").code == 0
    assert [*cells(path)] == [*TITLES.values()]
    assert companies(path) == rows
    for lines in cells(path).values():
        headings = [cell for cell in lines[0] if cell]
        assert headings[: len(HEADINGS)] == [*HEADINGS]
        # What came along with a row is known of the client, and stays.
        assert {*headings[len(HEADINGS) :]} <= {"Return on"}
    book = openpyxl.load_workbook(path)
    for sheet in book:
        assert not sheet.conditional_formatting
        read = [rule.formula1 or "" for rule in sheet.data_validations.dataValidation]
        assert not any("!" in formula for formula in read)
    again = sheetsync("remove", path, "--yes", "--json")
    assert (again.code, again.json["wrote"]) == (0, False)
    first = sheetsync("run", path, "--today", TODAY)
    assert "first run on this base" in first.err or first.code == 0


def test_nothing_of_the_program_is_left_at_google(sheetsync: Shell, cloud: Cloud) -> None:
    assert sheetsync("run", ADDRESS, "--today", TODAY, "--force").code == 0
    rows = cloud.companies()
    told = sheetsync("remove", ADDRESS, "--yes", "--json")
    assert (told.code, told.json["wrote"]) == (0, True)
    assert len(told.json["tabs"]) > len(OWN) - 5
    assert [*cloud.cells()] == [*TITLES.values()]
    assert cloud.companies() == rows
    assert cloud.kept() == []


def test_a_base_that_changes_while_it_is_looked_at_is_left_alone(
    sheetsync: Shell, cloud: Cloud
) -> None:
    assert sheetsync("run", ADDRESS, "--today", TODAY, "--force").code == 0
    tabs = [*cloud.cells()]
    asked = cloud.count("read") + cloud.count("write")
    # After it was shown, and before the lock: a column comes in front of ours.
    column = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
    cloud.meanwhile[asked + 5] = [{"insertDimension": {"range": column}}]
    sheetsync("remove", ADDRESS, "--yes").complains(1)
    assert [*cloud.cells()] == tabs
