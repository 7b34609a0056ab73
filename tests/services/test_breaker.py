"""A run that breaks a limit of safety writes nothing but its notice, once, and goes ahead when a person says so."""

from pathlib import Path

import openpyxl
import pytest

from tests.builders.bench import TITLES, Shell, cells, small_base

TODAY, NEXT = "2026-02-03", "2026-02-04"
CLIENTS = TITLES["clients"]


@pytest.fixture
def base(sheetsync: Shell, tmp_path: Path) -> Path:
    """Give a base after its first night, from which somebody has deleted half of the rows."""
    path = small_base(tmp_path / "base.xlsx")
    assert sheetsync("run", path, "--today", TODAY, "--force").code == 0
    workbook = openpyxl.load_workbook(path)
    workbook[CLIENTS].delete_rows(2, 20)
    workbook.save(path)
    workbook.close()
    return path


def test_a_run_that_finds_half_of_the_base_gone_says_so_on_the_summary_and_nothing_else(
    sheetsync: Shell, base: Path
) -> None:
    before = cells(base)
    told = sheetsync("run", base, "--today", NEXT)
    told.complains(2)
    after = cells(base)
    notice = str(after["Summary"][1][1])
    assert "20 of 33 rows that the last run knew are gone" in notice
    assert "run --force" in notice
    assert {title: rows for title, rows in after.items() if title != "Summary"} == {
        title: rows for title, rows in before.items() if title != "Summary"
    }
    assert [row for at, row in enumerate(after["Summary"]) if at != 1] == [
        row for at, row in enumerate(before["Summary"]) if at != 1
    ]


def test_a_notice_is_written_once(sheetsync: Shell, base: Path) -> None:
    assert sheetsync("run", base, "--today", NEXT).code == 2
    bytes_ = base.read_bytes()
    assert sheetsync("run", base, "--today", NEXT).code == 2
    assert base.read_bytes() == bytes_


def test_a_notice_goes_when_a_person_has_said_yes(sheetsync: Shell, base: Path) -> None:
    assert sheetsync("run", base, "--today", NEXT).code == 2
    assert sheetsync("run", base, "--today", NEXT, "--force").code == 0
    assert "safety" not in str(cells(base)["Summary"][1][1])
    assert sheetsync("run", base, "--today", NEXT, "--json").json["wrote"] is False


def test_a_plan_that_would_wait_for_a_person_says_so_with_its_exit_code(
    sheetsync: Shell, base: Path
) -> None:
    told = sheetsync("plan", base, "--today", NEXT)
    assert (told.code, "20 of 33 rows that the last run knew are gone" in told.out) == (2, True)
