"""The Settings tab as a head of sales uses it: changed there, the next run obeys; a mistake or a loss there changes nothing."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sheetsync.config import Settings
from sheetsync.i18n import language
from sheetsync.method.policy import Policy
from sheetsync.method.settings_tab.blocks import BLOCK
from sheetsync.method.settings_tab.locate import locate
from sheetsync.method.settings_tab.locate import settings as single
from sheetsync.sheets.connection.open_book import open_book
from sheetsync.sheets.read.reader import read_book
from tests.builders.bench import (
    TODAY,
    Shell,
    cells,
    client,
    companies,
    made_once,
    phone,
    write_base,
)

SETTINGS, WORKING = "Settings", "Working list"


def change(path: Path, block: str, which: str | None, /, **new: Any) -> None:
    """Type into a line of the Settings tab as its owner does; a new one where no name is given."""
    workbook = openpyxl.load_workbook(path)
    sheet = workbook[SETTINGS]
    tab = locate([[as_cell(cell.value) for cell in row] for row in sheet.iter_rows()])
    if block == "rules":
        row = single(tab)[str(which)].row
    else:
        lines = tab.blocks[block].lines
        row = (
            tab.blocks[block].end
            if which is None
            else next(line.row for line in lines if line.cells["name"] == which)
        )
    for key, cell in new.items():
        sheet.cell(row + 1, tab.blocks[block].columns[key] + 1).value = cell
    workbook.save(path)
    workbook.close()


def as_cell(value: Any) -> Any:
    return value


def policy_of(path: Path) -> Policy:
    return read_book(open_book(str(path), Settings(), language("en")).line, path.name, None)[1]


@pytest.fixture
def base(sheetsync: Shell, tmp_path: Path) -> Path:
    """Give a base as `init` lays it out, with two companies of Ann's at work since the first of February."""
    return made_once("settings", tmp_path / "base.xlsx", lambda path: _lay_out(sheetsync, path))


def _lay_out(sheetsync: Shell, path: Path) -> None:
    assert sheetsync("init", path, "--lang", "en", "--manager", "Ann").code == 0
    workbook = openpyxl.load_workbook(path)
    sheet = workbook[WORKING]
    at: dict[str, Any] = {str(cell.value): cell.column for cell in sheet[1]}
    for row, (label, state) in enumerate(
        (("Small client", "Contact 1"), ("Large client", "Contact 2")), start=2
    ):
        filled = {
            "Company": f"Company {row}",
            "State": state,
            "Manager": "Ann",
            "Label": label,
            "Phone": phone(row),
            "Work began": "2026-02-16",
            "Last contact": "2026-02-20",
        }
        for heading, cell in filled.items():
            sheet.cell(row, at[heading]).value = cell
    workbook.save(path)
    workbook.close()
    assert sheetsync("run", path, "--today", TODAY, "--force").code == 0


def test_a_deadline_changed_on_the_tab_moves_a_row_at_the_next_run(
    sheetsync: Shell, base: Path
) -> None:
    assert sheetsync("run", base, "--today", TODAY, "--json").json["wrote"] is False
    change(base, "labels", "Small client", deadline_days=10)
    told = sheetsync("run", base, "--today", TODAY, "--force", "--json").json
    assert [(move["company"], move["rule"]) for move in told["moves"]] == [("Company 2", "expired")]


def test_a_word_changed_on_the_tab_is_what_the_next_move_writes_and_rows_of_the_old_one_are_understood(
    sheetsync: Shell, base: Path
) -> None:
    change(base, "states", "Refusal", name="Turned down")
    change(base, "reasons", "Out of time", name="Too slow")
    change(base, "states", "Contact 1", name="Acquainted")
    change(base, "labels", "Small client", deadline_days=10)
    assert sheetsync("run", base, "--today", TODAY, "--force").code == 0
    (row,) = [row for row in cells(base)["Refusal, to rework"][1:] if row[0]]
    assert {"Turned down", "Too slow"} <= {*row}
    assert sheetsync("run", base, "--today", TODAY, "--json").json["wrote"] is False


def test_a_mistake_is_explained_beside_the_cell_and_what_was_good_holds_for_three_nights(
    sheetsync: Shell, base: Path
) -> None:
    change(base, "labels", "Large client", deadline_days=10)
    assert sheetsync("run", base, "--today", "2026-02-17", "--force").code == 0
    change(base, "labels", "Large client", deadline_days="as long as it takes")
    for day in ("2026-02-18", "2026-02-19", "2026-02-20"):
        assert sheetsync("run", base, "--today", day).code == 0
        assert policy_of(base).label["large"].deadline_days == 10
    assert any(
        "as long as it takes" in str(cell)
        for row in cells(base)[SETTINGS]
        for cell in row
        if "does not fit" in str(cell)
    )
    assert "as long as it takes" in str(cells(base)["Summary"])
    assert sheetsync("run", base, "--today", "2026-02-20", "--json").json["wrote"] is False
    change(base, "labels", "Large client", deadline_days=50)
    assert sheetsync("run", base, "--today", "2026-02-20").code == 0
    assert "does not fit" not in str(cells(base)[SETTINGS])
    assert policy_of(base).label["large"].deadline_days == 50


def test_a_tab_that_is_gone_is_told_what_it_said_holds_and_init_lays_it_out_again(
    sheetsync: Shell, base: Path
) -> None:
    change(base, "labels", "Large client", deadline_days=77)
    change(base, "categories", "Trade", name="Shops")
    change(base, "managers", "Ann", cap=5, email="ann@firm.com")
    change(base, "columns", None, heading="Cake", field="Role")
    assert sheetsync("run", base, "--today", TODAY).code == 0
    before = policy_of(base)
    workbook = openpyxl.load_workbook(base)
    workbook.remove(workbook[SETTINGS])
    workbook.save(base)
    workbook.close()
    assert policy_of(base) == before
    told = sheetsync("run", base, "--today", TODAY, "--json").json
    assert [p["row"] for p in told["problems"] if p["code"] == "settings"] == [0]
    assert "Settings" in str(cells(base)["Summary"])
    assert sheetsync("init", base, "--lang", "en").code == 0
    assert policy_of(base) == before
    assert sheetsync("run", base, "--today", TODAY).code == 0
    assert policy_of(base) == before


def test_the_lists_feed_the_dropdowns_of_the_sections_without_an_end(base: Path) -> None:
    workbook = openpyxl.load_workbook(base)
    sheet = workbook[WORKING]
    headings = {cell.column: str(cell.value) for cell in sheet[1]}
    found = {
        headings[area.min_col]: str(rule.formula1)
        for rule in sheet.data_validations.dataValidation
        for area in rule.sqref.ranges
    }
    workbook.close()
    wanted = {
        "State": "states",
        "Label": "labels",
        "Category": "categories",
        "Refusal reason": "reasons",
        "Manager": "managers",
    }
    tab = locate(cells(base)[SETTINGS])
    for heading, block in wanted.items():
        letter = openpyxl.utils.get_column_letter(tab.blocks[block].columns["name"] + 1)
        assert found[heading].startswith(f"'{SETTINGS}'!${letter}$4:${letter}") or found[
            heading
        ].startswith(f"{SETTINGS}!${letter}$4:${letter}"), found[heading]


def test_a_base_of_before_gets_the_blocks_it_lacks_and_keeps_what_it_says(
    sheetsync: Shell, tmp_path: Path
) -> None:
    old: list[list[Any]] = [[None] * 20 for _ in range(6)]
    laid: dict[int, list[tuple[str, ...]]] = {
        0: [("Managers",), ("help",), ("Manager",), ("Ann",), ("Bob",)],
        2: [("Tabs",), ("help",), ("Tab", "Section", "Remark"), ("My clients", "Clients")],
        6: [("Columns",), ("help",), ("Tab", "Heading", "Field", "Remark")],
        11: [
            ("Words",),
            ("help",),
            ("Of what", "Word", "Meaning", "Remark"),
            ("State", "Thinking hard", "Contact 2"),
        ],
        16: [
            ("Rules",),
            ("help",),
            ("Rule", "Answer", "Remark"),
            ("Tidy cells: spaces, phones, dates, tax numbers", "no"),
        ],
    }
    for left, lines in laid.items():
        for row, line in enumerate(lines):
            old[row][left : left + len(line)] = line
    stay = [client(n, State="Client", **{"Work began": None}) for n in range(3)]
    headings = (
        "Company",
        "Tax number",
        "Phone",
        "Label",
        "State",
        "Manager",
        "Work began",
        "Last contact",
    )
    path = write_base(
        tmp_path / "old.xlsx",
        {WORKING: [headings, client(9)], "My clients": [headings, *stay], SETTINGS: old},
    )
    assert sheetsync("run", path, "--today", "2026-02-03", "--force").code == 0
    before = policy_of(path)
    assert (before.repairs, before.words.name("states", "contact_2")) == (False, "Thinking hard")
    assert sheetsync("init", path, "--lang", "en").code == 0
    tab = locate(cells(path)[SETTINGS])
    assert tab.blocks.keys() == BLOCK.keys()
    assert {*BLOCK["managers"].keys} == {*tab.blocks["managers"].columns}
    after = policy_of(path)
    assert after.words.name("states", "contact_2") == "Thinking hard"
    assert after.model_copy(update={"words": before.words, "team": before.team}) == before
    assert sheetsync("run", path, "--today", "2026-02-03", "--json").code == 0
    assert sheetsync("run", path, "--today", "2026-02-03", "--json").json["wrote"] is False
    assert sheetsync("init", path, "--lang", "en").out.startswith("Everything")


def test_init_says_that_the_settings_tab_got_what_it_lacked(sheetsync: Shell, base: Path) -> None:
    workbook = openpyxl.load_workbook(base)
    tab = workbook[SETTINGS]
    at = next(cell.column for cell in tab[1] if cell.value == "Plan")
    tab.cell(1, at).value = None
    workbook.save(base)
    workbook.close()
    told = sheetsync("init", base, "--lang", "en", "--json").json
    assert (told["added"], told["completed"]) == ([], SETTINGS)
    assert locate(cells(base)[SETTINGS]).blocks.keys() == BLOCK.keys()
    assert sheetsync("init", base, "--lang", "en", "--json").json["completed"] is None


def test_settings_are_exported_and_imported_and_an_export_changes_nothing(
    sheetsync: Shell, base: Path, tmp_path: Path
) -> None:
    change(base, "labels", "Large client", deadline_days=77)
    change(base, "reasons", None, name="Too far", section="Refusal, to rework")
    assert sheetsync("run", base, "--today", TODAY).code == 0
    file, bytes_ = tmp_path / "policy.toml", base.read_bytes()
    assert sheetsync("settings", base, "--export", file).code == 0
    told = sheetsync("settings", base, "--import", file, "--json").json
    assert (told["wrote"], told["changes"], base.read_bytes() == bytes_) == (False, [], True)
    other = tmp_path / "other.xlsx"
    assert sheetsync("init", other, "--lang", "en").code == 0
    assert sheetsync("settings", other, "--import", file, "--json").json["wrote"] is True
    again = tmp_path / "again.toml"
    assert sheetsync("settings", other, "--export", again).code == 0
    assert again.read_text(encoding="utf-8") == file.read_text(encoding="utf-8")
    assert sheetsync("settings", other, "--import", file, "--json").json["wrote"] is False


def test_a_file_with_mistakes_is_refused_whole_with_each_of_them(
    sheetsync: Shell, base: Path, tmp_path: Path
) -> None:
    file, bytes_ = tmp_path / "policy.toml", base.read_bytes()
    file.write_text(
        'lable_by = "amount"\n[cap]\nmaxx = 7\nmin = "x"\n[[labels]]\nname = "Small client"\ncode = "small"\ndeadline_days = 0\n'
        "[[states]]\nnam = 5\n[notice]\n[time]\nwarn_days = []\n",
        encoding="utf-8",
    )
    told = sheetsync("settings", base, "--import", file)
    told.complains(1)
    for said in (
        "lable_by",
        "label_by",
        "cap.maxx",
        "cap.min",
        "labels[1].deadline_days",
        "states[1]",
        "notice",
        "time.warn_days",
    ):
        assert said in told.err
    assert base.read_bytes() == bytes_


def test_settings_show_what_is_not_the_methods_own_and_what_is_mistaken(
    sheetsync: Shell, base: Path
) -> None:
    change(base, "labels", "Large client", deadline_days=77)
    change(base, "states", "Deal", stay_days="ages")
    told = sheetsync("settings", base, "--json").json
    assert ("Labels", "Large client", "40", "77") in {
        (d["block"], d["name"], d["before"], d["after"]) for d in told["differs"]
    }
    assert ["ages" in mistake["message"] for mistake in told["mistakes"]] == [True]
    assert "77" in sheetsync("settings", base).out


def test_an_import_lays_out_the_tab_where_there_is_none(
    sheetsync: Shell, base: Path, tmp_path: Path
) -> None:
    file = tmp_path / "policy.toml"
    file.write_text("[cap]\nmax = 12\nmin = 3\n", encoding="utf-8")
    workbook = openpyxl.load_workbook(base)
    workbook.remove(workbook[SETTINGS])
    workbook.save(base)
    workbook.close()
    assert sheetsync("settings", base, "--import", file, "--json").json["wrote"] is True
    assert (policy_of(base).cap.max, policy_of(base).cap.min) == (12, 3)
    assert companies(base)[WORKING] == ["Company 2", "Company 3"]


def test_columns_put_between_rows_put_above_and_a_new_title_keep_the_dropdowns_and_the_reading(
    sheetsync: Shell, base: Path
) -> None:
    change(base, "labels", "Large client", deadline_days=77)
    opened = open_book(str(base), Settings(), language("en"))
    sheets = opened.line.read("get", "", params={"fields": "sheets(properties(sheetId,title))"})[
        "sheets"
    ]
    sheet_id = next(
        s["properties"]["sheetId"] for s in sheets if s["properties"]["title"] == SETTINGS
    )
    inside = locate(cells(base)[SETTINGS]).blocks["labels"].columns["deadline_days"]
    for dimension, at in (("COLUMNS", inside), ("COLUMNS", 0), ("ROWS", 0)):
        place = {"sheetId": sheet_id, "dimension": dimension, "startIndex": at, "endIndex": at + 1}
        opened.line.write(
            {"requests": [{"insertDimension": {"range": place, "inheritFromBefore": False}}]},
            "spreadsheetId",
        )
    assert policy_of(base).label["large"].deadline_days == 77
    workbook = openpyxl.load_workbook(base)
    rules = [str(rule.formula1) for rule in workbook[WORKING].data_validations.dataValidation]
    column = openpyxl.utils.get_column_letter(
        locate(cells(base)[SETTINGS]).blocks["labels"].columns["name"] + 1
    )
    assert any(f"${column}$5:${column}" in rule for rule in rules), rules
    workbook.close()
    assert sheetsync("run", base, "--today", TODAY, "--json").json["moves"] == []
