"""A list of leads comes into the call base as one run: what stands there already is shown first, and an undo takes it back."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.builders.bench import (
    HEADINGS,
    TITLES,
    Shell,
    cells,
    client,
    phone,
    write_base,
)

TODAY = "2026-03-02"
CALL_BASE, WORKING = TITLES["call_base"], TITLES["working"]
LIST = """\
Company name,First name,Last name,Mobile,E-mail,Lead source,Lead owner,Cake
Northwind Ltd,Pat,Smith,+1 202 555 0199,pat@northwind.com,Trade fair,Ann,medovik
Zed Works,Zoe,Lane,,zoe@zedworks.io,Web,Bob,pavlova
"""


@pytest.fixture
def base(sheetsync: Shell, tmp_path: Path) -> Path:
    """Give a base that has been run once, with two clients in work and one in the call base."""
    tabs: dict[str, list[Any]] = {title: [HEADINGS] for title in TITLES.values()}
    # The call base knows a source and a comment; the others have not these columns.
    tabs[CALL_BASE] = [(*HEADINGS, "Source", "E-mail", "Comment")]
    tabs[WORKING] += [client(number, **{"Work began": "2026-02-25"}) for number in (1, 2)]
    tabs[CALL_BASE] += [
        (*client(3, State="New", Manager=None, **{"Work began": None}), "Web", "", "")
    ]
    path = write_base(tmp_path / "base.xlsx", tabs)
    assert sheetsync("run", path, "--today", TODAY, "--force").code == 0
    return path


def listed(
    tmp_path: Path, text: str = LIST, name: str = "leads.csv", encoding: str = "utf-8"
) -> Path:
    path = tmp_path / name
    path.write_text(text, encoding=encoding)
    return path


def rows(path: Path, title: str = CALL_BASE) -> list[dict[str, Any]]:
    """Return the rows of a tab by heading."""
    headings, *lines = cells(path)[title]
    return [dict(zip(map(str, headings), line, strict=False)) for line in lines]


def brought(sheetsync: Shell, base: Path, leads: Path, *options: str) -> Any:
    told = sheetsync("import", base, leads, "--today", TODAY, "--json", *options)
    assert told.code == 0, told.err
    return told.json


def typed(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    return {title: rows for title, rows in cells(path).items() if title in TITLES.values()}


def test_a_list_comes_into_the_call_base_with_its_owners_and_sources(
    sheetsync: Shell, base: Path, tmp_path: Path
) -> None:
    told = brought(sheetsync, base, listed(tmp_path), "--yes")
    assert [row["company"] for row in told["imported"]["added"]] == ["Northwind Ltd", "Zed Works"]
    northwind, zed = rows(base)[1:]
    assert {
        name: northwind[name]
        for name in ("Company", "Phone", "State", "Manager", "Source", "E-mail")
    } == {
        "Company": "Northwind Ltd",
        "Phone": "+1 202 555 0199",
        "State": "New",
        "Manager": "Ann",
        "Source": "Trade fair",
        "E-mail": "pat@northwind.com",
    }
    assert northwind["Contact person"] == "Pat Smith"  # a column that the tab did not have
    assert northwind["Comment"] == "Cake: medovik"  # nobody's field, and no column of the base
    assert (zed["Manager"], zed["Source"]) == ("Bob", "Web")
    assert all(row["ID"] for row in (northwind, zed))


def test_an_undo_takes_the_whole_list_back(sheetsync: Shell, base: Path, tmp_path: Path) -> None:
    before = [row["Company"] for row in rows(base)]
    brought(sheetsync, base, listed(tmp_path), "--yes")
    told = sheetsync("undo", base, "--today", TODAY, "--json")
    assert (told.code, told.json["left"]) == (0, []), told.err
    assert [row["Company"] for row in rows(base)] == before
    # Nobody misses them on the next night.
    night = sheetsync("run", base, "--today", "2026-03-03", "--json").json
    assert (night["vanished"], night["moves"]) == ([], [])


def test_a_lead_that_somebody_has_worked_on_since_stays(
    sheetsync: Shell, base: Path, tmp_path: Path
) -> None:
    brought(sheetsync, base, listed(tmp_path), "--yes")
    book = openpyxl.load_workbook(base)
    sheet = book[CALL_BASE]
    column = [cell.value for cell in sheet[1]].index("Manager") + 1
    sheet.cell(3, column, "Cid")
    book.save(base)
    told = sheetsync("undo", base, "--today", TODAY, "--json").json
    assert told["left"] == ["Northwind Ltd: has been worked on since, and stays."]
    assert [row["Company"] for row in rows(base)][1:] == ["Northwind Ltd"]


def test_a_second_import_and_a_run_after_it_bring_nothing(
    sheetsync: Shell, base: Path, tmp_path: Path
) -> None:
    leads = listed(tmp_path)
    brought(sheetsync, base, leads, "--yes")
    again = brought(sheetsync, base, leads, "--yes")
    assert (again["wrote"], {each["done"] for each in again["imported"]["repeated"]}) == (
        False,
        {"skip"},
    )
    assert len(rows(base)) == 3


def test_what_stands_anywhere_in_the_base_is_skipped_joined_or_brought_in(
    sheetsync: Shell, base: Path, tmp_path: Path
) -> None:
    known = rows(base, WORKING)[0]
    text = f"Company,Phone,E-mail,Tax number\nAnother name,{phone(1)},boss@one.com,\n"
    leads = listed(tmp_path, text)
    skipped = sheetsync("import", base, leads, "--today", TODAY, "--dry-run", "--json")
    [repeated] = skipped.json["imported"]["repeated"]
    assert (skipped.code, repeated["done"], repeated["reasons"]) == (0, "skip", ["phone"])
    assert repeated["stands"].startswith(f"Working list, 2 · {known['Company']}")
    before = typed(base)
    joined = brought(sheetsync, base, leads, "--yes", "--repeated", "join")
    assert joined["wrote"]
    row = next(row for row in rows(base, WORKING) if row["ID"] == known["ID"])
    assert row["E-mail"] == "boss@one.com"
    assert "from the list “leads.csv”." in row["Comment"]
    assert len(rows(base)) == 1
    undone = sheetsync("undo", base, "--today", TODAY, "--json").json
    assert undone["left"] == []
    row = next(row for row in rows(base, WORKING) if row["ID"] == known["ID"])
    assert (row["E-mail"], row["Comment"]) == (None, None)
    assert [line[: len(HEADINGS)] for line in typed(base)[WORKING]] == [
        line[: len(HEADINGS)] for line in before[WORKING]
    ]
    brought(sheetsync, base, leads, "--yes", "--repeated", "bring")
    assert [row["Company"] for row in rows(base)][1:] == ["Another name"]


def test_a_company_twice_in_the_list_comes_once(
    sheetsync: Shell, base: Path, tmp_path: Path
) -> None:
    text = "Company,Phone\nNorthwind LLC,+1 202 555 0199\nNorthwind,+1 202 555 0199\n"
    told = brought(sheetsync, base, listed(tmp_path, text), "--yes")
    [repeated] = told["imported"]["repeated"]
    assert (repeated["stands"], repeated["done"]) == ("row 2 of the list", "skip")
    assert len(told["imported"]["added"]) == 1


def test_nothing_is_written_before_somebody_agrees(
    sheetsync: Shell, base: Path, tmp_path: Path
) -> None:
    before = base.read_bytes()
    told = sheetsync("import", base, listed(tmp_path), "--today", TODAY, "--json")
    assert (told.code, told.json["wrote"], len(told.json["imported"]["added"])) == (2, False, 2)
    dry = sheetsync("import", base, listed(tmp_path), "--today", TODAY, "--dry-run")
    assert (dry.code, "2 leads come into “Cold-call base”." in dry.out) == (2, True)
    assert base.read_bytes() == before


def test_the_base_itself_is_told_and_brings_nothing(
    sheetsync: Shell, base: Path, tmp_path: Path
) -> None:
    same = sheetsync("import", base, base, "--today", TODAY, "--yes")
    assert (same.code, "is the base itself" in same.err) == (1, True)
    copy = tmp_path / "copy.xlsx"
    copy.write_bytes(base.read_bytes())
    told = brought(sheetsync, base, copy, "--yes")
    assert (told["imported"]["base_itself"], told["wrote"]) == (True, False)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1251"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_list_is_read_in_the_encodings_and_separators_of_adopt(
    sheetsync: Shell, base: Path, tmp_path: Path, encoding: str, separator: str
) -> None:
    lines = [
        ("Компания", "Телефон", "Город", "Источник"),
        ("ООО «Ромашка»", "+7 912 345-67-89", "Казань", "Выставка"),
        ("ООО «Лютик»", "+7 912 345-67-90", "Самара", "Сайт"),
    ]
    text = "".join(separator.join(line) + "\n" for line in lines)
    brought(sheetsync, base, listed(tmp_path, text, encoding=encoding), "--yes")
    assert [(row["Company"], row["Source"]) for row in rows(base)][1:] == [
        ("ООО «Ромашка»", "Выставка"),
        ("ООО «Лютик»", "Сайт"),
    ]


def test_a_workbook_is_a_list_too_and_totals_are_passed_over(
    sheetsync: Shell, base: Path, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (
        ("Company", "Phone", "Status"),
        ("Northwind", "+1 202 555 0199", "Lost"),
        ("Total", None, None),
        ("Zed Works", "+1 202 555 0155", "New"),
    ):
        sheet.append(line)
    path = tmp_path / "leads.xlsx"
    book.save(path)
    told = brought(sheetsync, base, path, "--yes")
    assert [each["row"] for each in told["imported"]["passed_over"]] == [3]
    # A lost lead is no new one.
    assert [(row["Company"], row["State"]) for row in rows(base)][1:] == [
        ("Northwind", "Lost"),
        ("Zed Works", "New"),
    ]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "is empty"),
        ("Weather,Temperature\nsunny,20\nrainy,5\nfoggy,7\n", "No lead was found"),
        ("Company,Phone\n", "No lead was found"),
    ],
)
def test_what_is_no_list_is_told_and_changes_nothing(
    sheetsync: Shell, base: Path, tmp_path: Path, text: str, word: str
) -> None:
    before = base.read_bytes()
    told = sheetsync("import", base, listed(tmp_path, text), "--today", TODAY, "--yes")
    assert (told.code, word in told.err) == (1, True), told.err
    assert base.read_bytes() == before


def test_a_base_that_no_run_has_seen_is_run_first(sheetsync: Shell, tmp_path: Path) -> None:
    tabs: dict[str, list[Any]] = {title: [HEADINGS] for title in TITLES.values()}
    tabs[WORKING] += [client(1)]
    path = write_base(tmp_path / "fresh.xlsx", tabs)
    told = sheetsync("import", path, listed(tmp_path), "--today", TODAY, "--yes")
    assert (told.code, "No run has worked on this base yet." in told.err) == (1, True)


def test_a_client_called_total_costs_no_row_its_place(
    sheetsync: Shell, base: Path, tmp_path: Path
) -> None:
    text = "Company,Phone\nNorthwind,+1 202 555 0199\nTotal,+1 202 555 0155\n"
    told = brought(sheetsync, base, listed(tmp_path, text), "--yes")
    names = [row["Company"] for row in rows(base)]
    assert names[:2] == ["Company 3", "Northwind"]
    # Brought in, or passed over with its reason: never written where it would not be read.
    passed = [each["why"] for each in told["imported"]["passed_over"]]
    assert (names[2:], passed) in ((["Total"], []), ([], ["unread"]))


def test_a_column_of_a_name_and_a_phone_gives_each_its_own(
    sheetsync: Shell, base: Path, tmp_path: Path
) -> None:
    lines = "".join(
        f"Firm {name},Boston,Ann,{name} Fox +1 202 555 01{number}\n"
        for number, name in enumerate(("Al", "Bo", "Cy", "Di", "Ed"), start=41)
    )
    text = f"Company,City,Manager,Contact person and phone\n{lines}"
    brought(sheetsync, base, listed(tmp_path, text), "--yes")
    first = rows(base)[1]
    assert (first["Company"], first["Contact person"]) == ("Firm Al", "Al Fox")
    assert "555 0141" in str(first["Phone"])


def test_an_export_of_deals_takes_no_number_of_a_record_for_a_phone(
    sheetsync: Shell, base: Path, tmp_path: Path
) -> None:
    text = (
        "Record ID,Company name,E-mail,Pipeline\n"
        "10045178231,Northwind,pat@northwind.com,Sales Pipeline\n"
        "10045178232,Zed Works,zoe@zedworks.io,Sales Pipeline\n"
    )
    brought(sheetsync, base, listed(tmp_path, text), "--yes")
    northwind, zed = rows(base)[1:]
    assert (northwind["Phone"], zed["Phone"]) == (None, None)
    assert "Record ID: 10045178231" in northwind["Comment"]


def test_a_list_without_headings_is_read_by_what_its_columns_hold(
    sheetsync: Shell, base: Path, tmp_path: Path
) -> None:
    text = "".join(
        f"{name} Fox,+1 202 555 01{number}\n"
        for number, name in enumerate(("Al", "Bo", "Cy", "Di", "Ed"), start=41)
    )
    told = brought(sheetsync, base, listed(tmp_path, text), "--yes")
    assert [row["company"] for row in told["imported"]["added"]][:2] == ["Al Fox", "Bo Fox"]
    assert "555 0141" in str(rows(base)[1]["Phone"])
