"""What the team's own formulas, names, charts and rules read after a night: all clients where a tab is split up, a section's list where rows leave and come."""

import shutil
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from sheetsync.config import Settings
from sheetsync.i18n import language
from sheetsync.sheets.connection.open_book import open_book
from tests.builders.bench import HEADINGS, TITLES, Shell, cells, client, companies, write_base

TODAY = "2026-03-02"
HEADS = (*HEADINGS, "Deal amount", "Share")
WORKING, REWORK, STRATEGIC, CLIENTS = (
    TITLES[code] for code in ("working", "rework", "strategic", "clients")
)
ONE_TAB = "Several sections"
STATES = ("Contact 1", "Refusal", "Client", "Deal", "Contact 2", "Strategic reserve")


def _row(number: int, state: str, amount: float, began: str | None = TODAY) -> list[Any]:
    return [*client(number, State=state, **{"Work began": began, "Last contact": TODAY}), amount]


# Of formulas that are carried over: what they read is the same before and after.
KEPT = {
    "A1": f"=COUNTIF('{ONE_TAB}'!E2:E7,\"Refusal\")",
    "A2": f"=COUNTIF('{ONE_TAB}'!$E$2:$E$7,\"Contact 1\")*10",
    "A3": f"=SUM('{ONE_TAB}'!I2:I7)",
    "A4": f"=COUNTA('{ONE_TAB}'!A2:A7)",
    "A5": f"=SUMIFS('{ONE_TAB}'!I:I,'{ONE_TAB}'!E:E,\"Client\")",
    "A6": f"=AVERAGE('{ONE_TAB}'!I2:I7)",
    "A7": f"='{ONE_TAB}'!A5",
    "A8": f"=VLOOKUP(\"Company 6\",'{ONE_TAB}'!A2:I7,9,FALSE)",
    "A9": "=SUM(Sums)/2",
    "A10": f"='{ONE_TAB}'!I9",
    "A11": f"=SUMPRODUCT(('{ONE_TAB}'!E2:E7=\"Deal\")*'{ONE_TAB}'!I2:I7)",
}
# Of those that are not: part of the clients, one range alone, a text, a formula too long.
LOST = {
    "C1": f"=SUM('{ONE_TAB}'!I2:I4)",
    "C2": f"=SUM(INDIRECT(\"'{ONE_TAB}'!I2:I7\"))",
    "C3": f"=AVERAGEIF('{ONE_TAB}'!E2:E7,\"Client\",'{ONE_TAB}'!I2:I7)",
    "C4": f"=SUM('{ONE_TAB}'!I2:I7)" + "+0" * 3_950,
    "C5": f"=ROWS(OFFSET('{ONE_TAB}'!A1,1,0,COUNTA('{ONE_TAB}'!A2:A7)))",
}
# Neither reads the clients, and neither may stop a night.
OTHERS = {"E1": "=E2", "E2": "=E1", "E3": "='[Old.xlsx]Base'!A2", "E4": "=1+1"}


def _one_tab(path: Path) -> Path:
    rows = [
        [*_row(n, state, 100 * n), f"=I{n + 1}/SUM(I$2:I$7)"]
        for n, state in enumerate(STATES, start=1)
    ]
    total = ["Total", *[None] * (len(HEADINGS) - 1), "=SUM(I2:I7)"]
    tabs: dict[str, Any] = {ONE_TAB: [HEADS, *rows, [None], total]}
    tabs |= {title: [HEADS] for title in TITLES.values()}
    write_base(path, {**tabs, "Board": []})
    workbook = openpyxl.load_workbook(path)
    board: Any = workbook["Board"]
    for place, formula in (KEPT | LOST | OTHERS).items():
        board[place] = formula
    chart = BarChart()
    chart.title = "Amounts"
    chart.add_data(Reference(workbook[ONE_TAB], min_col=9, min_row=2, max_row=7))
    board.add_chart(chart, "H1")
    rule = DataValidation("list", formula1=f"'{ONE_TAB}'!$A$2:$A$7")
    rule.add("G1:G3")
    board.add_data_validation(rule)
    workbook.defined_names["Sums"] = DefinedName("Sums", attr_text=f"'{ONE_TAB}'!$I$2:$I$7")
    workbook.save(path)
    workbook.close()
    return path


def _figures(path: Path, *places: str, tab: str = "Board") -> dict[str, Any]:
    """Read what cells show, computed anew by the emulator."""
    opened = open_book(str(path), Settings(), language("en"))
    figures = {}
    for place in places:
        told = opened.line.read(
            "get",
            "/values:batchGet",
            params={
                "ranges": f"'{tab}'!{place}",
                "valueRenderOption": "UNFORMATTED_VALUE",
            },
        )
        figures[place] = told["valueRanges"][0].get("values", [[None]])[0][0]
    return figures


def _formula(path: Path, place: str, tab: str = "Board") -> Any:
    workbook = openpyxl.load_workbook(path)
    formula = workbook[tab][place].value
    workbook.close()
    return formula


class Night(NamedTuple):
    """One first night of a base that is kept in one tab: the file before and after, what was said."""

    before: Path
    plan: Any
    asked: Any
    after: Path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder for the files of the one night."""
    return tmp_path_factory.mktemp("one-tab")


_NIGHTS: dict[Path, Night] = {}


@pytest.fixture
def night(sheetsync: Shell, folder: Path) -> Night:
    """Split one tab up, once for all tests of this file."""
    if folder not in _NIGHTS:
        before = _one_tab(folder / "before.xlsx")
        plan = sheetsync("plan", before, "--today", TODAY, "--json").json
        asked = sheetsync("run", before, "--today", TODAY)
        after = folder / "after.xlsx"
        shutil.copy(before, after)
        told = sheetsync("run", after, "--today", TODAY, "--force", "--json")
        assert told.code == 0, told.err
        assert len(told.json["moves"]) == len(STATES)
        _NIGHTS[folder] = Night(before, plan, asked, after)
    return _NIGHTS[folder]


def test_every_figure_over_all_clients_is_what_it_was_before_the_tab_was_split_up(
    night: Night,
) -> None:
    before = _figures(night.before, *KEPT)
    assert before["A3"] == 2100
    assert before["A7"] == "Company 4"
    assert _figures(night.after, *KEPT) == before


def test_a_clients_own_share_of_all_goes_along_with_them(night: Night) -> None:
    shares = _figures(night.after, "J2", "J3", "J4", tab=WORKING)
    assert list(shares.values()) == pytest.approx([100 / 2100, 400 / 2100, 500 / 2100])


def test_libreoffice_reads_the_same_figures(night: Night, tmp_path: Path) -> None:
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    figures = []
    for path in (night.before, night.after):
        computed = recalculated(program, path, tmp_path / path.stem)
        board = openpyxl.load_workbook(computed, data_only=True)["Board"]
        figures.append({place: board[place].value for place in KEPT})
    assert figures[0]["A3"] == 2100
    assert figures[1] == figures[0]


def recalculated(program: str, path: Path, folder: Path) -> Path:
    """Have LibreOffice compute a workbook anew. `program`: its command."""
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = [program, "--headless", profile, "--convert-to", "xlsx", "--outdir", str(folder)]
    subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=300)
    return folder / path.name


def test_the_plan_names_all_that_reads_the_rows_and_says_what_becomes_of_it(night: Night) -> None:
    touched = {(one["kind"], one["where"]): one for one in night.plan["touches"]}
    kept = {place for (_, place), one in touched.items() if one["kept"]}
    own = {f"'{ONE_TAB}'!I9", f"'{ONE_TAB}'!J2"}
    assert kept == {f"'Board'!{place}" for place in KEPT if place != "A10"} | own
    lost = {place: one["why"] for place, one in touched.items() if not one["kept"]}
    assert set(lost) == {("formula", f"'Board'!{place}") for place in LOST} | {
        ("name", "Sums"),
        ("chart", "Board: Amounts"),
        ("dropdown", "'Board'!G1"),
    }
    assert all(lost.values())
    first = touched["formula", "'Board'!A1"]
    assert first["before"] == KEPT["A1"]
    assert first["after"].startswith(KEPT["A1"] + f"+COUNTIF('{WORKING}'!E2:E,")
    assert touched["formula", "'Board'!A7"]["after"] == f"='{WORKING}'!A3"


def test_a_run_that_nobody_has_agreed_to_names_them_and_writes_nothing(night: Night) -> None:
    night.asked.complains(2)
    for name in ("'Board'!A1", "'Board'!C2", "Board: Amounts", "Sums"):
        assert name in night.asked.err
    assert "Send the rows of a tab of several sections" in night.asked.err
    assert len([row for row in cells(night.before)[ONE_TAB][1:7] if row[0]]) == len(STATES)


def test_what_cannot_be_carried_over_stays_as_it_was_typed_and_breaks_nothing(
    night: Night,
) -> None:
    assert _formula(night.after, "C2") == LOST["C2"]
    assert _formula(night.after, "E4") == "=1+1"
    for place in LOST | OTHERS:
        assert "#REF!" not in str(_formula(night.after, place))


def test_the_figures_go_on_being_right_on_later_nights(
    sheetsync: Shell, night: Night, tmp_path: Path
) -> None:
    path = tmp_path / "base.xlsx"
    shutil.copy(night.after, path)
    workbook = openpyxl.load_workbook(path)
    # Typed on the one tab, as ever; typed below the working list; and one that is refused now.
    for column, value in enumerate(_row(7, "Contact 1", 700), start=1):
        workbook[ONE_TAB].cell(2, column, value)
    end = len(companies(path)[WORKING]) + 2
    for column, value in enumerate(_row(8, "Contact 1", 800), start=1):
        workbook[WORKING].cell(end, column, value)
    workbook[WORKING].cell(2, HEADS.index("State") + 1, "Refusal")
    workbook.save(path)
    workbook.close()
    for day in ("2026-03-03", "2026-04-20", "2026-06-20"):
        told = sheetsync("run", path, "--today", day, "--force", "--json")
        assert told.code == 0, told.err
        figures = _figures(path, "A3", "A4", "A8")
        assert figures == {"A3": 3600, "A4": 8, "A8": 600}, day
    assert not companies(path)[WORKING][3:]


def test_the_figures_are_right_after_an_undo_too(
    sheetsync: Shell, night: Night, tmp_path: Path
) -> None:
    path = tmp_path / "base.xlsx"
    shutil.copy(night.after, path)
    assert sheetsync("undo", path, "--today", TODAY).code == 0
    assert len([row for row in cells(path)[ONE_TAB][1:] if row[0]]) == len(STATES) + 1
    assert _figures(path, *KEPT) == _figures(night.before, *KEPT)


def test_a_tab_that_is_to_stay_whole_stays_so_and_only_the_archives_take_from_it(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = _one_tab(tmp_path / "base.xlsx")
    before = _figures(path, *KEPT)
    workbook = openpyxl.load_workbook(path)
    settings = workbook.create_sheet("Settings")
    settings["A1"] = "Rules"
    settings["A4"] = "Send the rows of a tab of several sections to their tabs"
    settings["B4"] = "no"
    workbook.save(path)
    workbook.close()
    told = sheetsync("run", path, "--today", TODAY, "--force", "--json")
    assert told.code == 0, told.err
    assert {(move["company"], move["to"]) for move in told.json["moves"]} == {
        ("Company 6", "strategic")
    }
    stay = [row[0] for row in cells(path)[ONE_TAB][1:] if row[0]]
    assert stay == [*(f"Company {n}" for n in range(1, 6)), "Total"]
    assert _figures(path, "A1", "A2", "A7") == {
        place: before[place] for place in ("A1", "A2", "A7")
    }
    again = sheetsync("run", path, "--today", TODAY, "--json")
    assert (again.json["moves"], again.json["wrote"]) == ([], False)
    # What is typed on the tab that the method would have them on comes to the one that is whole.
    workbook = openpyxl.load_workbook(path)
    for column, value in enumerate(_row(9, "Contact 1", 900), start=1):
        workbook[WORKING].cell(2, column, value)
    workbook.save(path)
    workbook.close()
    told = sheetsync("run", path, "--today", TODAY, "--force", "--json")
    assert [move["company"] for move in told.json["moves"]] == ["Company 9"]
    assert "Company 9" in [row[0] for row in cells(path)[ONE_TAB][1:]]


LISTED = {
    "A1": f"=COUNTA('{WORKING}'!A2:A7)",
    "A2": f"=SUM('{WORKING}'!$I$2:$I$7)",
    "A3": f"=COUNTA('{STRATEGIC}'!A2:A2)",
    "A4": f"=COUNTA('{STRATEGIC}'!A2:A)",
    "A5": "=SUM(Sums)",
    "A6": f"=SUM('{WORKING}'!I5:I6)",
    "A7": f"='{WORKING}'!I9",
}


def _six_tabs(path: Path) -> Path:
    """Write six tabs: of the working list's six the first and the last are late, and the two of a group."""
    late = "2026-01-10"
    began = [late, TODAY, TODAY, late, late, late]
    rows = [_row(n, "Contact 2", 100 * n, day) for n, day in enumerate(began, start=1)]
    tabs: dict[str, Any] = {title: [HEADS] for title in TITLES.values()}
    total = ["Total", *[None] * (len(HEADINGS) - 1), "=SUM(I2:I7)"]
    tabs[WORKING] += [*rows, [None], total]
    back = _row(20, "Contact 1", 1000, None)
    tabs[REWORK].append(back)
    tabs[CLIENTS] += [_row(50 + n, "Client", 1, None) for n in range(20)]
    write_base(path, {**tabs, "Board": []})
    workbook = openpyxl.load_workbook(path)
    for place, formula in LISTED.items():
        workbook["Board"][place] = formula
    workbook.defined_names["Sums"] = DefinedName("Sums", attr_text=f"'{WORKING}'!$I$2:$I$7")
    workbook.save(path)
    workbook.close()
    return path


def test_a_figure_over_a_sections_list_goes_on_reading_that_list_whoever_leaves_and_comes(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = _six_tabs(tmp_path / "base.xlsx")
    plan = sheetsync("plan", path, "--today", TODAY, "--json").json
    told = sheetsync("run", path, "--today", TODAY, "--force", "--json")
    assert told.code == 0, told.err
    assert companies(path)[WORKING][:3] == ["Company 2", "Company 3", "Company 20"]
    figures = _figures(path, *LISTED)
    assert figures == {
        "A1": 3,
        "A2": 1500,
        "A3": 4,
        "A4": 4,
        "A5": 1500,
        "A6": 0,
        "A7": 1500,
    }
    touched = {one["where"]: one for one in plan["touches"]}
    assert touched["'Board'!A1"]["kept"]
    assert touched["Sums"]["kind"] == "name"
    assert "#REF!" not in str(_formula(path, "A6"))
    # A client typed below the list is of it from the next night on.
    workbook = openpyxl.load_workbook(path)
    sheet = workbook[WORKING]
    free = next(row for row in range(2, 20) if sheet.cell(row, 1).value in (None, "Total"))
    sheet.insert_rows(free)
    for column, value in enumerate(_row(30, "Contact 1", 5000), start=1):
        sheet.cell(free, column, value)
    workbook.save(path)
    workbook.close()
    assert sheetsync("run", path, "--today", "2026-03-03", "--force").code == 0
    assert _figures(path, "A1", "A2") == {"A1": 4, "A2": 6500}


def _drawn(path: Path) -> dict[str, str]:
    """Return which cells each chart of the dashboard draws, by its title."""
    workbook = openpyxl.load_workbook(path)
    drawn = {}
    board: Any = workbook["Board"]
    for chart in board._charts:  # noqa: SLF001  # openpyxl has no other name for them
        drawn[chart.title.tx.rich.p[0].r[0].t] = chart.series[0].val.numRef.f.replace("$", "")
    workbook.close()
    return drawn


def test_a_chart_of_a_sections_list_draws_that_list_whoever_leaves_and_comes_and_undo_gives_it_back(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = _six_tabs(tmp_path / "base.xlsx")
    workbook = openpyxl.load_workbook(path)
    board: Any = workbook["Board"]
    for title, tab, rows in (("Work", WORKING, (2, 7)), ("Sold", CLIENTS, (2, 21))):
        chart = BarChart()
        chart.title = title
        amounts = Reference(workbook[tab], min_col=9, min_row=rows[0], max_row=rows[1])
        chart.add_data(amounts)
        board.add_chart(chart, "H1")
    workbook.save(path)
    workbook.close()
    before = _drawn(path)
    plan = sheetsync("plan", path, "--today", TODAY, "--json").json
    charts = [touched for touched in plan["touches"] if touched["kind"] == "chart"]
    assert [(one["where"], one["after"], one["kept"]) for one in charts] == [
        ("Board: Work", f"'{WORKING}'!I2:I4", True)
    ]
    assert sheetsync("run", path, "--today", TODAY, "--force").code == 0
    assert _drawn(path) == {**before, "Work": f"'{WORKING}'!I2:I4"}
    assert sheetsync("undo", path, "--today", TODAY).code == 0
    assert _drawn(path) == before
