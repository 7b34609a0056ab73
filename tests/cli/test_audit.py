"""`audit` as it is called: a period, tables or one object, the base's language."""

from pathlib import Path

import openpyxl

from tests.builders.bench import TITLES, Shell, small_base


def test_an_audit_names_the_row_that_got_more_time_and_says_that_a_file_is_unguarded(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = small_base(tmp_path / "base.xlsx", clients=1, resting=1)
    workbook = openpyxl.load_workbook(path)
    sheet = workbook[TITLES["working"]]
    column = sheet.max_column + 1
    sheet.cell(1, column).value = "Extended to"
    sheet.cell(2, column).value = "2026-03-01"
    workbook.save(path)
    workbook.close()
    assert sheetsync("run", path, "--today", "2026-02-10", "--force").code == 0
    told = sheetsync("audit", path, "--today", "2026-02-20", "--json").json
    assert (told["from"], told["to"], told["guarded"]) == ("2026-01-22", "2026-02-20", False)
    (line,) = told["more_time"]
    assert line["company"] == "Company 0"
    shown = sheetsync("audit", path, "--from", "2026-02-01", "--to", "2026-02-20")
    assert "Authority is unguarded" in " ".join(shown.out.split())
