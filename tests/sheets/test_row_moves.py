"""A row that moves between tabs of different shapes: its cells, formulas, notes and looks, and nobody else's.

Columns go by heading; a formula that speaks of its own row speaks of it afterwards too.
"""

import itertools
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from sheetsync.services import commit as committing
from sheetsync.sheets.read import tab_cells
from tests.builders.bench import (
    HEADINGS,
    TITLES,
    Shell,
    cells,
    client,
    companies,
    day,
    small_base,
    write_base,
)
from tests.builders.cloud import ADDRESS, Cloud
from tests.builders.desk import COLUMNS, NOTE, OWNER, Desk

TODAY = "2026-03-02"
WORKING, STRATEGIC, CLIENTS = TITLES["working"], TITLES["strategic"], TITLES["clients"]
FROM = [
    "Company",
    "Label",
    "State",
    "Manager",
    "Work began",
    "Last contact",
    "Cake",
    "Phone",
    "Formula",
    "Cake",
]
TO = ["Manager", "State", "Company", "Phone", "Last contact", "Label", "Work began"]
LATE = [
    "Moving",
    "Small",
    "Contact 2",
    "Ann",
    day("2026-02-01"),
    day("2026-02-10"),
    "honey",
    "+1 202-555-0101",
    None,
    "second",
]
STAYS = [
    "Staying",
    "Small",
    "Contact 2",
    "Ann",
    day("2026-02-28"),
    day("2026-03-01"),
    "apple",
    "+1 202-555-0102",
    None,
    None,
]
BELOW = [
    "Below",
    "Small",
    "Contact 2",
    "Ann",
    day("2026-02-28"),
    day("2026-03-01"),
    "plum",
    "+1 202-555-0103",
    None,
    None,
]
THERE = ["Ann", "Strategic reserve", "Resting", "+1 202-555-0104", day("2026-02-20"), "Small", None]


def _two_tabs(path: Path, formula: object = None) -> Path:
    """Write a base where row 3 of the working list is late; its formula stands in column I."""
    late: list[Any] = [*LATE]
    late[8] = formula
    return write_base(
        path, {WORKING: [FROM, STAYS, late, BELOW], STRATEGIC: [TO, THERE], CLIENTS: [HEADINGS]}
    )


def test_a_row_with_a_failing_formula_moves_all_the_same(sheetsync: Shell, tmp_path: Path) -> None:
    late = [*LATE]
    late[7] = "=1/0"
    path = write_base(
        tmp_path / "base.xlsx",
        {WORKING: [FROM, STAYS, late, BELOW], STRATEGIC: [TO, THERE], CLIENTS: [HEADINGS]},
    )
    _run(sheetsync, path)
    assert [row[0] for row in cells(path)[WORKING][1:]] == ["Staying", "Below"]


def _moved(path: Path) -> dict[str, Any]:
    """Return the row that has moved: heading -> cell, the second of two equal headings under `heading 2`."""
    workbook = openpyxl.load_workbook(path)
    sheet = workbook[STRATEGIC]
    found: dict[str, Any] = {}
    for heading, cell in zip(sheet[1], sheet[3], strict=True):
        if heading.value:
            name = str(heading.value)
            found[name if name not in found else f"{name} 2"] = cell
    assert found["Company"].value == "Moving"
    return found


def _run(sheetsync: Shell, path: Path | str) -> None:
    told = sheetsync("run", path, "--today", TODAY, "--force", "--json", "--lang", "en")
    assert told.code == 0, told.err
    assert [move["company"] for move in told.json["moves"]] == ["Moving"]
    again = sheetsync("run", path, "--today", TODAY, "--json", "--lang", "en")
    assert (again.code, again.json["moves"], again.json["edits"]) == (0, [], [])


def test_cells_go_under_their_own_headings(sheetsync: Shell, tmp_path: Path) -> None:
    path = _two_tabs(tmp_path / "base.xlsx")
    _run(sheetsync, path)
    row = {heading: cell.value for heading, cell in _moved(path).items()}
    expected = {
        "Manager": "Ann",
        "State": "Strategic reserve",
        "Phone": "+1 202-555-0101",
        "Label": "Small",
    }
    assert expected.items() <= row.items()
    assert (str(row["Last contact"])[:10], str(row["Work began"])[:10]) == (
        "2026-02-10",
        "2026-02-01",
    )
    found = cells(path)
    assert found[STRATEGIC][0][: len(TO)] == tuple(TO)
    assert found[STRATEGIC][1][: len(TO)] == tuple(THERE)
    assert [row[: len(FROM)] for row in found[WORKING]] == [tuple(FROM), tuple(STAYS), tuple(BELOW)]


def test_a_column_that_the_destination_lacks_is_added_there(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = _two_tabs(tmp_path / "base.xlsx")
    _run(sheetsync, path)
    row = _moved(path)
    assert (row["Cake"].value, row["Cake 2"].value) == ("honey", "second")
    assert "Formula" not in row


def test_notes_and_looks_travel(sheetsync: Shell, tmp_path: Path) -> None:
    path = _two_tabs(tmp_path / "base.xlsx")
    workbook = openpyxl.load_workbook(path)
    cell = workbook[WORKING]["A3"]
    cell.comment = Comment("calls back himself", "Ann")
    cell.fill = PatternFill("solid", fgColor="FFFFC000")
    cell.font = Font(bold=True, italic=True)
    workbook[WORKING]["G3"].comment = Comment("no nuts", "Ann")
    workbook.save(path)
    workbook.close()
    _run(sheetsync, path)
    row = _moved(path)
    assert row["Company"].comment.text == "calls back himself"
    assert row["Company"].fill.fgColor.rgb[-6:] == "FFC000"
    assert (row["Company"].font.b, row["Company"].font.i) == (True, True)
    assert row["Cake"].comment.text == "no nuts"
    workbook = openpyxl.load_workbook(path)
    assert [c.coordinate for line in workbook[WORKING].iter_rows() for c in line if c.comment] == []
    workbook.close()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("=TODAY()-F3", "=TODAY()-E3"),
        ("=$F3+1", "=$E3+1"),
        ("=$F$3+1", "=$E$3+1"),
        ('=F$1&": "&F3', '=E$1&": "&E3'),
        ('=IF(C3="Contact 2",H3,"F3")', '=IF(B3="Contact 2",D3,"F3")'),
        ("=F2+1", "='Working list'!F2+1"),
        ("=F4+1", "='Working list'!F3+1"),
        ("=SUM(F2:F4)", "=SUM('Working list'!F2:F3)"),
        ("=Clients!A1", "=Clients!A1"),
        ("='Strategic archive'!C2", "='Strategic archive'!C2"),
        ("=1+2", "=1+2"),
        ('="F3"', '="F3"'),
        ("=COUNTIF(D:D,D3)", "=COUNTIF(A:A,A3)"),
    ],
)
def test_a_formula_is_aimed_anew(sheetsync: Shell, cloud: Cloud, before: str, after: str) -> None:
    cloud.lay_out(
        {WORKING: [FROM, STAYS, LATE, BELOW], STRATEGIC: [TO, THERE], CLIENTS: [HEADINGS]}
    )
    place = {"sheetId": 0, "rowIndex": 2, "columnIndex": FROM.index("Formula")}
    cell = {"userEnteredValue": {"formulaValue": before}}
    cloud.owner(
        {
            "updateCells": {
                "start": place,
                "rows": [{"values": [cell]}],
                "fields": "userEnteredValue",
            }
        }
    )
    _run(sheetsync, ADDRESS)
    headings, _, row = cloud.cells("FORMULA")[STRATEGIC]
    assert (row[headings.index("Company")], row[headings.index("Formula")]) == ("Moving", after)


def test_formulas_of_rows_that_stay_follow_their_cells(sheetsync: Shell, tmp_path: Path) -> None:
    path = _two_tabs(tmp_path / "base.xlsx")
    workbook = openpyxl.load_workbook(path)
    workbook[WORKING]["I2"], workbook[WORKING]["I4"] = "=F2+F4", "=F4"
    workbook.save(path)
    workbook.close()
    _run(sheetsync, path)
    found = cells(path)[WORKING]
    assert (found[1][8], found[2][8]) == ("=F2+F3", "=F3")


ODD = ("=1+1", "=HYPERLINK(0)", "+7 (912) 000", "-5", "@you", "'quoted", "00123", "1/2", "TRUE")


def test_text_that_looks_like_a_formula_stays_text(sheetsync: Shell, tmp_path: Path) -> None:
    path = small_base(tmp_path / "base.xlsx", clients=len(ODD), resting=90)
    workbook = openpyxl.load_workbook(path)
    for row, text in enumerate(ODD, start=2):
        for column in "AF":  # the company, and the manager a report is named after
            cell = workbook[WORKING][f"{column}{row}"]
            cell.value, cell.data_type = text, "s"
    workbook.save(path)
    workbook.close()
    told = sheetsync("run", path, "--today", TODAY, "--force", "--json")
    assert (told.code, [move["company"] for move in told.json["moves"]]) == (0, [*ODD]), told.err
    workbook = openpyxl.load_workbook(path)
    found: Counter[tuple[str, str]] = Counter()
    for sheet in workbook.worksheets:
        for cell in itertools.chain.from_iterable(sheet.iter_rows()):
            if cell.value in ODD:
                found[str(cell.value), cell.data_type] += 1
            assert cell.data_type != "f", (sheet.title, cell.coordinate, cell.value)
    workbook.close()
    assert {kind for _, kind in found} == {"s"}
    assert all(found[text, "s"] >= 4 for text in ODD)
    assert companies(path)[STRATEGIC] == [*ODD]
    assert sheetsync("run", path, "--today", TODAY, "--json").json["requests"]["write"] == 0


def test_a_row_touched_between_reading_and_writing_is_decided_anew(
    sheetsync: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, read_rows = small_base(tmp_path / "base.xlsx"), tab_cells.read_rows
    edits = [["E2", "Client"]]

    def meanwhile(line: Any, places: Any, *more: Any) -> Any:
        for place, value in [edits.pop()] if edits else []:
            _type(line, WORKING, place, value)
        return read_rows(line, places, *more)

    monkeypatch.setattr(committing, "read_rows", meanwhile)
    told = sheetsync("run", path, "--today", TODAY, "--force", "--json")
    assert told.code == 0, told.err
    assert {move["company"]: move["to"] for move in told.json["moves"]} == {
        "Company 0": "clients",
        "Company 1": "strategic",
        "Company 2": "strategic",
    }
    assert "Company 0" in companies(path)[CLIENTS]


def test_a_base_that_is_edited_all_the_time_is_left_for_later(
    sheetsync: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, read_rows, edits = (
        small_base(tmp_path / "base.xlsx"),
        tab_cells.read_rows,
        itertools.count(),
    )

    def meanwhile(line: Any, places: Any, *more: Any) -> Any:
        _type(line, WORKING, "C2", f"+1 202-555-01{next(edits):02}")
        return read_rows(line, places, *more)

    monkeypatch.setattr(committing, "read_rows", meanwhile)
    told = sheetsync("run", path, "--today", TODAY, "--force")
    told.complains(1)
    assert "in a few minutes" in told.err
    assert next(edits) == 3
    assert len(companies(path)[WORKING]) == 3
    assert "Journal" not in cells(path)


def test_an_edit_of_a_row_that_does_not_move_is_not_lost(
    sheetsync: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, read_rows = small_base(tmp_path / "base.xlsx"), tab_cells.read_rows
    assert sheetsync("run", path, "--today", "2026-02-03", "--force").code == 0

    def meanwhile(line: Any, places: Any, *more: Any) -> Any:
        _type(line, CLIENTS, "C5", "+1 202-555-0199")
        return read_rows(line, places, *more)

    monkeypatch.setattr(committing, "read_rows", meanwhile)
    told = sheetsync("run", path, "--today", TODAY, "--force", "--json")
    assert (told.code, len(told.json["moves"])) == (0, 3), told.err
    assert cells(path)[CLIENTS][4][2] == "+1 202-555-0199"


def _type(line: Any, tab: str, place: str, value: str) -> None:
    """Type into a cell as another person would, past the program."""
    url = f"https://sheets.googleapis.com/v4/spreadsheets/base/values/'{tab}'!{place}"
    line._http.request("put", url, params={"valueInputOption": "RAW"}, json={"values": [[value]]})  # noqa: SLF001  # the same transport


@pytest.mark.parametrize("seed", range(4))
def test_rows_that_go_every_way_at_once_stand_once(
    sheetsync: Shell, cloud: Cloud, seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311  # a game
    states = [
        "New",
        "Contact 1",
        "Contact 2",
        "Refusal",
        "Strategic reserve",
        "Call round",
        "Client",
        "Deal",
        "odd",
    ]
    tabs: dict[str, list[Any]] = {}
    number = 0
    for title in TITLES.values():
        order = dice.sample(range(len(HEADINGS)), len(HEADINGS))
        tabs[title] = [[*(HEADINGS[at] for at in order), f"Own of {title[:4]}", "Number"]]
        for _ in range(dice.choice([0, 1, 12])):
            number += 1
            row = client(
                number,
                State=dice.choice(states),
                **{"Work began": dice.choice(["2026-02-01", "2026-02-27"])},
            )
            tabs[title].append([*(row[at] for at in order), f"mine {number}", number])
    cloud.lay_out(tabs)
    told = sheetsync("run", ADDRESS, "--today", TODAY, "--force", "--json")
    assert told.code == 0, told.err
    after = cloud.cells()
    found = []
    for title in TITLES.values():
        headings = after[title][0]
        for line in after[title][1:]:
            stands = dict(zip(headings, line, strict=True))
            if stands.get("Company"):
                found.append(stands["Company"])
                own = [
                    value
                    for heading, value in stands.items()
                    if str(heading).startswith("Own of") and value
                ]
                assert own == [f"mine {stands['Number']}"]
                assert stands["Company"] == f"Company {stands['Number']}"
                assert stands["Tax number"] == str(1000000000 + stands["Number"])
    assert Counter(found) == Counter(f"Company {n}" for n in range(1, number + 1))
    again = sheetsync("run", ADDRESS, "--today", TODAY, "--json")
    assert (again.code, again.json["moves"], again.json["edits"]) == (0, [], []), again.err
    assert again.json["requests"]["write"] == 0


def test_a_field_that_comes_with_a_row_asks_nothing_new_the_next_time(
    sheetsync: Shell, tmp_path: Path
) -> None:
    amount = [*HEADINGS, "Deal amount", "Person"]
    tabs: dict[str, list[Any]] = {title: [HEADINGS] for title in TITLES.values()}
    tabs[WORKING] += [client(n, **{"Work began": "2026-02-27"}) for n in range(3)]
    tabs[TITLES["rework"]] = [amount, [*client(9, **{"Work began": "2026-02-27"}), 5000, "Ann"]]
    path = write_base(tmp_path / "base.xlsx", tabs)
    told = sheetsync("run", path, "--today", TODAY, "--force", "--json")
    assert [(move["company"], move["to"]) for move in told.json["moves"]] == [
        ("Company 9", "working")
    ]
    again = sheetsync("run", path, "--today", TODAY, "--json")
    assert (again.json["moves"], again.json["edits"]) == ([], [])
    assert again.json["requests"]["write"] == 0


RICH: dict[str, Any] = {
    "userEnteredValue": {"stringValue": "see our site"},
    "note": "ask Ann first",
    "textFormatRuns": [
        {"format": {"bold": True}},
        {"startIndex": 4, "format": {"link": {"uri": "https://example.org/"}}},
    ],
    "userEnteredFormat": {
        "backgroundColor": {"red": 1},
        "numberFormat": {"type": "TEXT", "pattern": "@"},
    },
}
PRICE: dict[str, Any] = {
    "userEnteredValue": {"numberValue": 1200.5},
    "userEnteredFormat": {
        "numberFormat": {"type": "CURRENCY", "pattern": "#,##0.00 ₽"},
        "textFormat": {"italic": True},
    },
}
CHECKED: dict[str, Any] = {
    "userEnteredValue": {"boolValue": True},
    "dataValidation": {"condition": {"type": "BOOLEAN"}, "strict": True},
}
LISTED: dict[str, Any] = {
    "userEnteredValue": {"stringValue": "post"},
    "dataValidation": {
        "condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "post"}]},
        "showCustomUi": True,
    },
}
LINKED: dict[str, Any] = {
    "userEnteredValue": {"formulaValue": '=HYPERLINK("https://example.org/", "site")'},
    "hyperlink": "https://example.org/",
}
DRESS = (RICH, PRICE, CHECKED, LISTED, LINKED)
OWNS = ("Rich", "Price", "Paid", "Sent by", "Site")
FIELDS = "userEnteredValue,note,textFormatRuns,userEnteredFormat,dataValidation"


def _dress(
    desk: Desk, title: str, row: int, cells: Sequence[Any], column: int = len(COLUMNS)
) -> None:
    """Write cells as they are, looks and all."""
    bare = [{name: part for name, part in cell.items() if name != "hyperlink"} for cell in cells]
    start = {"sheetId": desk.sheet_id(title), "rowIndex": row, "columnIndex": column}
    desk.batch(
        OWNER, {"updateCells": {"start": start, "rows": [{"values": bare}], "fields": FIELDS}}
    )


def _worn(desk: Desk, title: str, row: int, column: int) -> list[Any]:
    """Return five cells with all that a person sees of them."""
    told = desk.call(OWNER, "GET", f"?includeGridData=true&ranges={quote(title)}")
    cells = told["sheets"][0]["data"][0]["rowData"][row]["values"][column : column + len(DRESS)]
    return [
        {name: part for name, part in cell.items() if name in {*FIELDS.split(","), "hyperlink"}}
        for cell in cells
    ]


@pytest.mark.parametrize("resting", [0, 1], ids=["to an empty tab", "below a row that rests there"])
def test_everything_a_cell_wears_travels(resting: int) -> None:
    desk = Desk()
    for began in ("2026-01-10", "2026-02-28"):
        desk.add(WORKING, "Contact 2", began)
    for _ in range(resting):
        desk.add(STRATEGIC, "Strategic reserve", "2026-01-10")
    wider = {
        "appendDimension": {
            "sheetId": desk.sheet_id(WORKING),
            "dimension": "COLUMNS",
            "length": len(OWNS),
        }
    }
    desk.batch(OWNER, wider)
    desk.write(OWNER, WORKING, 0, list(OWNS), len(COLUMNS))
    _dress(desk, WORKING, 1, DRESS)
    before = _worn(desk, WORKING, 1, len(COLUMNS))
    for cell, meant in zip(before, DRESS, strict=True):
        assert meant.keys() <= cell.keys()
    desk.daemon().run()
    place, row = desk.place("N1")
    assert place == STRATEGIC
    assert _worn(desk, STRATEGIC, row, desk.tabs()[STRATEGIC][0].index(OWNS[0])) == before
    assert desk.tabs()[WORKING][0][len(COLUMNS) : len(COLUMNS) + len(OWNS)] == list(OWNS)


def test_a_rule_of_the_new_tab_holds_for_what_comes_there() -> None:
    desk = Desk()
    desk.add(WORKING, "Contact 2", "2026-01-10")
    desk.add(WORKING, "Contact 2", "2026-02-28")
    desk.add(STRATEGIC, "Strategic reserve", "2026-01-10")
    column = COLUMNS.index(NOTE)
    _dress(desk, WORKING, 1, [LISTED], column)
    _dress(desk, STRATEGIC, 1, [CHECKED], column)
    desk.daemon().run()
    (cell, *_) = _worn(desk, STRATEGIC, 2, column)
    assert cell["userEnteredValue"] == LISTED["userEnteredValue"]
    assert cell["dataValidation"]["condition"] == {"type": "BOOLEAN"}


@pytest.mark.parametrize("frozen", [0, 1, 2])
def test_a_tab_that_every_row_leaves_on_a_sheet_without_a_spare_row_is_left_with_an_empty_one(
    frozen: int,
) -> None:
    desk = Desk()
    for _ in range(2):
        desk.add(WORKING, "Contact 2", "2026-01-05")
    sheet = desk.sheet_id(WORKING)
    grid = {"rowCount": 3, "columnCount": 20, "frozenRowCount": frozen}
    properties = {"sheetId": sheet, "gridProperties": grid}
    fields = "gridProperties(rowCount,columnCount,frozenRowCount)"
    desk.batch(OWNER, {"updateSheetProperties": {"properties": properties, "fields": fields}})
    desk.daemon().run()
    assert {rows[0][0] for rows in desk.standing().values()} == {STRATEGIC}
    assert [row for row in desk.tabs()[WORKING][1:] if any(row)] == []
    assert not desk.daemon().run().wrote
