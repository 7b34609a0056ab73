"""A run that breaks a limit of safety writes nothing but its notice, once, and goes ahead when a person says so."""

from pathlib import Path

import openpyxl
import pytest

from tests.builders.bench import TITLES, Shell, cells, client, made_once, small_base

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


RELEASE = "Move all of these"


@pytest.fixture
def stopped(sheetsync: Shell, tmp_path: Path) -> Path:
    """Give a base whose night has stopped, as all of its companies would move at once."""
    return made_once("stopped", tmp_path / "base.xlsx", lambda path: stop(sheetsync, path))


def stop(sheetsync: Shell, path: Path) -> None:
    small_base(path, clients=40, resting=0)
    assert sheetsync("run", path, "--today", "2026-02-10", "--force").code == 0
    assert sheetsync("run", path, "--today", OVER).code == 2


OVER = "2026-03-20"


def tick(path: Path) -> None:
    """Tick the box that releases a stop."""
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["Summary"]
    (row,) = [row for row in sheet.iter_rows() if row[1].value == RELEASE]
    row[4].value = True
    workbook.save(path)
    workbook.close()


def moved(path: Path) -> int:
    return sum(row[5] == "moved" for row in cells(path)["Journal"])


def test_a_stop_lists_what_would_move_beside_a_box_and_writes_it_once(
    sheetsync: Shell, stopped: Path
) -> None:
    rows = cells(stopped)["Summary"]
    assert "40 of 40 rows would move; up to 20 may in one night." in str(rows[1][1])
    (box,) = [row for row in rows if row[1] == RELEASE]
    assert box[4] is False
    assert sum(str(row[0]).startswith("would:") for row in rows) == 40
    assert moved(stopped) == 0
    before = stopped.read_bytes()
    assert sheetsync("run", stopped, "--today", OVER).code == 2
    assert stopped.read_bytes() == before


def test_a_ticked_box_releases_the_stop_once_and_the_journal_says_so(
    sheetsync: Shell, stopped: Path
) -> None:
    tick(stopped)
    assert sheetsync("run", stopped, "--today", OVER).code == 0
    assert moved(stopped) == 40
    journal = cells(stopped)["Journal"]
    (line,) = [row for row in journal if row[5] == "stop released"]
    assert "40 of 40 rows would move" in str(line[8])
    assert "by an unnamed editor" in str(line[8])
    assert [row for row in cells(stopped)["Summary"] if row[1] == RELEASE] == []
    assert sheetsync("run", stopped, "--today", OVER, "--json").json["wrote"] is False


def test_a_ticked_box_releases_no_rows_but_those_that_were_listed(
    sheetsync: Shell, stopped: Path
) -> None:
    tick(stopped)
    workbook = openpyxl.load_workbook(stopped)
    sheet = workbook[TITLES["call_base"]]
    for number in range(100, 200):
        sheet.append(client(number, State="Client"))
    workbook.save(stopped)
    workbook.close()
    assert sheetsync("run", stopped, "--today", OVER).code == 2
    assert moved(stopped) == 0
    (box,) = [row for row in cells(stopped)["Summary"] if row[1] == RELEASE]
    assert box[4] is False
