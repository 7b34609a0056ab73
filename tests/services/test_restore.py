"""A row that somebody has deleted by hand is noticed the next night, told, and can be brought back."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.builders.bench import HEADINGS, TITLES, Shell, cells, companies, small_base

TODAY, NEXT = "2026-02-03", "2026-02-04"
CLIENTS, WORKING = TITLES["clients"], TITLES["working"]


def _delete(path: Path, tab: str, row: int) -> list[Any]:
    workbook = openpyxl.load_workbook(path)
    held = [cell.value for cell in workbook[tab][row]]
    workbook[tab].delete_rows(row)
    workbook.save(path)
    workbook.close()
    return held


def _lost(
    sheetsync: Shell, path: Path, tab: str = WORKING, row: int = 3
) -> tuple[list[object], str]:
    """Run a night, delete a row by hand, run the next night; return what it held, and its id."""
    assert sheetsync("run", path, "--today", TODAY, "--force").code == 0
    held = _delete(path, tab, row)
    assert sheetsync("run", path, "--today", NEXT).code == 0
    told = sheetsync("history", path, "--company", held[0], "--json").json["lines"]
    return held, next(line["id"] for line in told if line["what"] == "vanished")


def test_a_deleted_row_is_told_once_with_how_to_bring_it_back(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = small_base(tmp_path / "base.xlsx")
    held, row_id = _lost(sheetsync, path)
    lines = [row for row in cells(path)["Journal"] if "vanished" in row]
    assert [(row[2], row[3], row[6]) for row in lines] == [(row_id, held[0], WORKING)]
    assert f"sheetsync restore BOOK {row_id}" in str(lines[0][8])
    bytes_ = path.read_bytes()
    assert sheetsync("run", path, "--today", NEXT).code == 0
    assert path.read_bytes() == bytes_


@pytest.mark.parametrize(("tab", "row"), [(WORKING, 3), (CLIENTS, 2)])
def test_a_deleted_row_comes_back_as_it_was_seen(
    sheetsync: Shell, tmp_path: Path, tab: str, row: int
) -> None:
    path = small_base(tmp_path / "base.xlsx")
    held, row_id = _lost(sheetsync, path, tab, row)
    before = companies(path)
    told = sheetsync("restore", path, row_id, "--today", NEXT)
    assert told.code == 0, told.err
    assert companies(path) == {**before, tab: [*before[tab], held[0]]}
    back = cells(path)[tab][-1]
    # A word of the method comes back in the spelling that the method writes.
    held = ["Small client" if cell == "Small" else cell for cell in held]
    shown = [str(cell)[:10] if cell is not None else None for cell in back[: len(HEADINGS)]]
    assert shown == [str(cell)[:10] if cell is not None else None for cell in held[: len(HEADINGS)]]
    assert sheetsync("run", path, "--today", NEXT).code == 0
    assert sheetsync("run", path, "--today", NEXT, "--json").json["wrote"] is False
    assert [row[2] for row in cells(path)["Journal"] if "restored" in row] == [row_id]


@pytest.mark.parametrize("name", ["", "ZZZZZZ"])
def test_what_is_not_lost_is_not_restored(sheetsync: Shell, tmp_path: Path, name: str) -> None:
    path = small_base(tmp_path / "base.xlsx")
    assert sheetsync("run", path, "--today", TODAY, "--force").code == 0
    wanted = name or str(cells(path)[WORKING][1][cells(path)[WORKING][0].index("ID")])
    bytes_ = path.read_bytes()
    sheetsync("restore", path, wanted, "--today", TODAY).complains(1)
    assert path.read_bytes() == bytes_


def test_plan_and_run_name_the_rows_that_were_deleted(sheetsync: Shell, tmp_path: Path) -> None:
    path = small_base(tmp_path / "base.xlsx")
    assert sheetsync("run", path, "--today", TODAY, "--force").code == 0
    held = _delete(path, WORKING, 3)
    (gone,) = sheetsync("plan", path, "--today", NEXT, "--json").json["vanished"]
    assert gone["company"] == held[0]
    for command in ("plan", "run"):
        told = sheetsync(command, path, "--today", NEXT)
        assert f"1 row that the last run knew is gone: {held[0]} ({gone['id']})." in told.out
        assert "sheetsync restore BOOK ID" in told.out
    assert "is gone" not in sheetsync("run", path, "--today", NEXT).out


def test_an_id_may_be_typed_in_small_letters(sheetsync: Shell, tmp_path: Path) -> None:
    path = small_base(tmp_path / "base.xlsx")
    held, row_id = _lost(sheetsync, path)
    assert sheetsync("restore", path, f" {row_id.lower()} ", "--today", NEXT).code == 0
    assert held[0] in companies(path)[WORKING]


def test_a_restore_is_not_undone_and_says_so(sheetsync: Shell, tmp_path: Path) -> None:
    path = small_base(tmp_path / "base.xlsx")
    held, row_id = _lost(sheetsync, path)
    assert sheetsync("restore", path, row_id, "--today", NEXT).code == 0
    bytes_ = path.read_bytes()
    told = sheetsync("undo", path, "--today", NEXT)
    told.complains(1)
    assert "brought a deleted row back" in told.err
    assert path.read_bytes() == bytes_
    assert held[0] in companies(path)[WORKING]


def test_an_id_of_the_teams_own_is_known_in_the_letters_it_was_typed_in(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = small_base(tmp_path / "base.xlsx")
    assert sheetsync("run", path, "--today", TODAY, "--force").code == 0
    workbook = openpyxl.load_workbook(path)
    at = [cell.value for cell in workbook[WORKING][1]].index("ID") + 1
    workbook[WORKING].cell(3, at).value = "crm-77"
    workbook.save(path)
    workbook.close()
    assert sheetsync("run", path, "--today", TODAY).code == 0
    held = _delete(path, WORKING, 3)
    told = sheetsync("restore", path, "crm-77", "--today", NEXT, "--json").json
    assert (told["restored"], told["vanished"]) == ("crm-77", [])
    assert held[0] in companies(path)[WORKING]


def test_a_row_that_is_called_total_and_has_an_id_stands_in_the_base(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = small_base(tmp_path / "base.xlsx")
    assert sheetsync("run", path, "--today", TODAY, "--force").code == 0
    workbook = openpyxl.load_workbook(path)
    sheet = workbook[WORKING]
    row_id = sheet.cell(3, [cell.value for cell in sheet[1]].index("ID") + 1).value
    for column in range(1, len(HEADINGS) + 1):
        sheet.cell(3, column, None)
    sheet.cell(3, HEADINGS.index("Company") + 1, "Total")
    workbook.save(path)
    workbook.close()
    assert sheetsync("run", path, "--today", NEXT, "--force").code == 0
    told = sheetsync("restore", path, row_id, "--today", NEXT)
    assert (told.code, f"{row_id} stands in the base" in told.err) == (1, True)
    ids = [cell for line in cells(path)[WORKING] for cell in line if cell == row_id]
    assert ids == [row_id]


def test_a_row_that_stands_on_a_second_tab_of_its_section_is_not_restored(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = small_base(tmp_path / "base.xlsx")
    assert sheetsync("run", path, "--today", TODAY, "--force").code == 0
    workbook = openpyxl.load_workbook(path)
    sheet = workbook[WORKING]
    held = [cell.value for cell in sheet[3]]
    row_id = held[[cell.value for cell in sheet[1]].index("ID")]
    second = workbook.create_sheet("Pipeline")
    second.append([cell.value for cell in sheet[1]])
    second.append(held)
    sheet.delete_rows(3)
    workbook.save(path)
    workbook.close()
    assert sheetsync("run", path, "--today", NEXT, "--force").code == 0
    told = sheetsync("restore", path, row_id, "--today", NEXT)
    assert (told.code, f"{row_id} stands in the base: Pipeline, row 2." in told.err) == (1, True)
