"""The program's own tabs: the Journal grows from the top, the state stays hidden, people's notes by a report stay."""

from pathlib import Path

import openpyxl
import pytest
import requests

from sheetsync.emulator import LocalAdapter, Workspace
from tests.builders.bench import TITLES, Shell, cells, client, small_base

TODAY = "2026-03-02"
STATE = "sheetsync · state"


@pytest.fixture
def base(sheetsync: Shell, tmp_path: Path) -> Path:
    path = small_base(tmp_path / "base.xlsx")
    assert sheetsync("run", path, "--today", TODAY, "--force").code == 0
    return path


def _add_late(path: Path, number: int) -> None:
    workbook = openpyxl.load_workbook(path)
    sheet = workbook[TITLES["working"]]
    for at, value in enumerate(client(number), start=1):
        sheet.cell(2, at).value = value
    workbook.save(path)
    workbook.close()


def test_the_newest_lines_of_the_journal_stand_on_top(sheetsync: Shell, base: Path) -> None:
    first = [row[3] for row in cells(base)["Journal"][1:4]]
    assert sorted(first) == ["Company 0", "Company 1", "Company 2"]
    _add_late(base, 7)
    assert sheetsync("run", base, "--today", "2026-03-03").code == 0
    lines = cells(base)["Journal"]
    assert lines[1][3:8] == (
        "Company 7",
        "Manager 1",
        "moved",
        TITLES["working"],
        TITLES["strategic"],
    )
    assert [row[3] for row in lines if row[3] in first and row[5] == "moved"] == first
    assert lines[0][3] == "Company"


def test_what_people_write_beside_a_report_stays(sheetsync: Shell, base: Path) -> None:
    workbook = openpyxl.load_workbook(base)
    place = workbook["Summary"].cell(4, workbook["Summary"].max_column + 2).coordinate
    workbook["Summary"][place] = "ask Ann"
    workbook.save(base)
    workbook.close()
    _add_late(base, 7)
    assert sheetsync("run", base, "--today", "2026-03-03").code == 0
    workbook = openpyxl.load_workbook(base)
    assert workbook["Summary"][place].value == "ask Ann"
    workbook.close()


def test_a_report_that_people_have_damaged_is_put_right(sheetsync: Shell, base: Path) -> None:
    before = cells(base)["Summary"]
    workbook = openpyxl.load_workbook(base)
    workbook["Summary"]["B1"] = "Ann was here"
    workbook.save(base)
    workbook.close()
    assert sheetsync("report", base, "--today", TODAY).code == 0
    assert cells(base)["Summary"] == before


def test_a_deleted_report_comes_back(sheetsync: Shell, base: Path) -> None:
    before = cells(base)["Summary"]
    workbook = openpyxl.load_workbook(base)
    workbook.remove(workbook["Summary"])
    workbook.save(base)
    workbook.close()
    assert sheetsync("run", base, "--today", TODAY).code == 0
    assert cells(base)["Summary"] == before


def test_without_its_memory_the_program_asks_again(sheetsync: Shell, base: Path) -> None:
    workbook = openpyxl.load_workbook(base)
    workbook.remove(workbook[STATE])
    workbook.save(base)
    workbook.close()
    _add_late(base, 7)
    bytes_ = base.read_bytes()
    sheetsync("run", base, "--today", TODAY).complains(2)
    assert base.read_bytes() == bytes_


def test_the_programs_columns_warn_and_stop_nobody_and_its_own_tabs_stop_others(
    sheetsync: Shell, base: Path
) -> None:
    session = requests.Session()
    session.mount("https://", LocalAdapter(Workspace.of_file(base), user="ann@example.com"))
    url = "https://sheets.googleapis.com/v4/spreadsheets/base/values/"
    letter = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[cells(base)[TITLES["clients"]][0].index("Problems")]
    options = {"valueInputOption": "RAW"}
    # A column that stops people would stop them from deleting and sorting rows, too.
    for place in (f"{letter}2", "C2"):
        typed = session.put(
            f"{url}'{TITLES['clients']}'!{place}", params=options, json={"values": [["+1"]]}
        )
        assert typed.status_code == 200
    protections = session.get(
        url.removesuffix("/values/"), params={"fields": "sheets.protectedRanges"}
    ).json()
    assert any(
        p.get("warningOnly")
        for sheet in protections["sheets"]
        for p in sheet.get("protectedRanges", ())
    )
    for title in ("Journal", "sheetsync · state"):
        stopped = session.put(f"{url}'{title}'!A2", params=options, json={"values": [["MINE"]]})
        assert stopped.status_code == 400
        assert "protected" in stopped.text
    session.close()
    assert sheetsync("run", base, "--today", "2026-03-03").code == 0
