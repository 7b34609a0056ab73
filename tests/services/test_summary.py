"""The summary in a workbook: notes on its headings, figures that lead to their rows, and nothing of people's touched."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest

from sheetsync.reporting.metrics.figure import HOW
from tests.builders.bench import TITLES, Shell, cells, client, small_base, small_tabs, write_base
from tests.builders.desk import EDITOR, OWNER, Desk

TODAY = "2026-03-02"
SUMMARY, FIGURES = "Summary", "Figures by row"


@pytest.fixture
def desk() -> Desk:
    """Give a base after its first night: managers with two companies each, all of them overdue."""
    desk = Desk()
    for _ in range(6):
        desk.add(TITLES["working"], "Contact 2", "2026-02-25", label="Large")
    desk.clients.clear()
    assert desk.daemon().run().wrote
    return desk


def quiet(desk: Desk) -> bool:
    done = desk.daemon().run()
    return not done.wrote and sum(done.requests.values()) == 2


def grid(desk: Desk, title: str) -> list[list[dict[str, Any]]]:
    """Return a tab's cells, as CellData."""
    told = desk.call(
        OWNER,
        "GET",
        f"?ranges={quote(title)}&includeGridData=true&fields=sheets(data(rowData(values)))",
    )
    return [row.get("values", []) for row in told["sheets"][0]["data"][0]["rowData"]]


def value(cell: dict[str, Any]) -> Any:
    return next(iter(cell.get("effectiveValue", {}).values()), None)


def line(desk: Desk, title: str, key: str) -> list[dict[str, Any]]:
    """Return the cells of a report's line, by the key in its hidden column."""
    return next(
        row for row in grid(desk, title) if row and str(value(row[0])).rpartition("·")[0] == key
    )


def test_headings_bear_notes_on_how_a_figure_is_counted(desk: Desk) -> None:
    heads = {value(cell): cell.get("note") for cell in line(desk, SUMMARY, "columns:managers")}
    assert heads["Load"] == HOW["load"]
    assert heads["Overdue"] == HOW["overdue"]
    assert line(desk, SUMMARY, "periods:sold")[1]["note"] == HOW["sold"]
    assert quiet(desk)


def test_a_heading_of_which_only_the_note_changes_is_written_and_nothing_after_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "sheetsync.reporting.metrics.figure.HOW", {**HOW, "load": "Counted otherwise."}
    )
    daemon = desk.daemon()
    assert daemon.run().wrote
    heads = {value(cell): cell.get("note") for cell in line(desk, SUMMARY, "columns:managers")}
    assert heads["Load"] == "Counted otherwise."
    assert quiet(desk)


def test_a_note_that_somebody_set_on_a_companys_line_outlives_its_rewriting(desk: Desk) -> None:
    title = "Overdue · Manager 1"
    tab = next(
        s["properties"]["sheetId"]
        for s in desk.call(OWNER, "GET", "")["sheets"]
        if s["properties"]["title"] == title
    )
    row = next(
        at
        for at, cells_ in enumerate(grid(desk, title))
        if cells_ and str(value(cells_[0])).startswith("no_step:")
    )
    for column in (1, 9):
        start = {"sheetId": tab, "rowIndex": row, "columnIndex": column}
        mine = {
            "updateCells": {
                "start": start,
                "rows": [{"values": [{"note": "ask Ann"}]}],
                "fields": "note",
            }
        }
        if column == 9:  # beyond the report
            desk.batch(
                OWNER, {"appendDimension": {"sheetId": tab, "dimension": "COLUMNS", "length": 5}}
            )
        desk.batch(EDITOR, mine)
    company = value(grid(desk, title)[row][1])
    number = next(n for n, places in desk.standing().items() if places[0][2]["Company"] == company)
    desk.write(EDITOR, TITLES["working"], desk.place(number)[1], ["+7 912 000-99-99"], 2)
    assert desk.daemon().run().wrote
    again = grid(desk, title)[row]
    assert (value(again[1]), value(again[6])) == (company, "+7 912 000-99-99")
    assert [again[at].get("note") for at in (1, 9)] == ["ask Ann", "ask Ann"]


def links(path: Path, title: str) -> dict[str, str]:
    """Return where the cells of a saved tab lead: coordinate -> location."""
    workbook = openpyxl.load_workbook(path)
    sheet: Any = workbook[title]
    found = {
        cell.coordinate: cell.hyperlink.location
        for row in sheet.iter_rows()
        for cell in row
        if cell.hyperlink
    }
    workbook.close()
    return found


def target(path: Path, location: str) -> str:
    """Return the text of the cell that a location names."""
    workbook = openpyxl.load_workbook(path)
    title, _, place = location.rpartition("!")
    sheet: Any = workbook[title.strip("'").replace("''", "'")]
    text = str(sheet[place].value)
    workbook.close()
    return text


@pytest.mark.parametrize(
    ("code", "tab", "rows"), [("en", SUMMARY, FIGURES), ("ru", "Сводка", "Цифры по строкам")]
)
def test_in_a_saved_file_figures_lead_to_their_rows_and_headings_bear_notes(
    sheetsync: Shell, tmp_path: Path, code: str, tab: str, rows: str
) -> None:
    path = small_base(tmp_path / "base.xlsx", clients=5)
    workbook = openpyxl.load_workbook(path)
    for n in range(4):
        workbook[TITLES["working"]].append(
            client(100 + n, Label="Large", **{"Work began": "2026-02-28"})
        )
    workbook.save(path)
    workbook.close()
    assert sheetsync("run", path, "--today", TODAY, "--lang", code, "--force").code == 0
    assert sheetsync("run", path, "--today", TODAY, "--json").json["requests"] == {
        "read": 2,
        "write": 0,
    }
    workbook = openpyxl.load_workbook(path)
    assert {cell.comment.text for row in workbook[tab].iter_rows() for cell in row if cell.comment}
    deadline = next(
        row
        for row in workbook[tab].iter_rows()
        if str(row[0].value).startswith("periods:by_deadline")
    )
    today = deadline[2]
    workbook.close()
    assert today.value == 5
    location = links(path, tab)[today.coordinate]
    assert location.startswith(f"'{rows}'!B")
    assert target(path, location).endswith(" · 5")
    first = links(path, rows)[f"B{int(location.rpartition('B')[2]) + 1}"]
    assert target(path, first).startswith("Company ")


def test_a_tab_of_the_teams_that_is_called_like_the_figures_is_not_written_over(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = write_base(
        tmp_path / "base.xlsx", {**small_tabs(), FIGURES: [["mine", "and only mine"]]}
    )
    assert sheetsync("run", path, "--today", TODAY, "--force").code == 0
    assert cells(path)[FIGURES] == [("mine", "and only mine")]
    assert f"{FIGURES} · sheetsync" in cells(path)
    assert sheetsync("run", path, "--today", TODAY, "--json").json["requests"] == {
        "read": 2,
        "write": 0,
    }


def test_reports_alone_list_rows_that_have_no_id_yet(sheetsync: Shell, tmp_path: Path) -> None:
    path = small_base(tmp_path / "base.xlsx", clients=5)
    assert sheetsync("report", path, "--today", TODAY).code == 0
    listed = [row for row in cells(path)[FIGURES] if str(row[0]).startswith("row:state:")]
    assert sorted(str(row[1]) for row in listed) == [f"Company {n}" for n in range(5)]
    before = path.read_bytes()
    assert sheetsync("report", path, "--today", TODAY).code == 0
    assert path.read_bytes() == before


def test_an_undone_night_leaves_the_figures_as_a_run_would(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = small_base(tmp_path / "base.xlsx", clients=5)
    assert sheetsync("run", path, "--today", TODAY, "--force").code == 0
    assert sheetsync("undo", path, "--today", TODAY).code == 0
    told = [row for row in cells(path)[SUMMARY] if str(row[0]).startswith("periods:by_deadline")]
    assert told[0][2] == 0
    assert not [row for row in cells(path)[FIGURES] if str(row[0]).startswith("head:by_deadline")]
    assert sheetsync("run", path, "--today", TODAY, "--json").json["requests"] == {
        "read": 2,
        "write": 0,
    }


def test_findings_lead_to_the_same_place_wherever_rows_have_moved() -> None:
    desk = Desk()
    for title, state, heading, text in (
        ("Refusal, to rework", "Refusal", "Last contact", "x"),
        ("Hard refusal, off-profile", "Strategic reserve", "Phone", "'2"),
        ("Strategic archive", "Strategic reserve", "Phone", "1"),
    ):
        desk.type(EDITOR, desk.add(title, state, "2026-01-10"), heading, text)
    done = desk.daemon().run()
    assert [(move.source, move.target) for move in done.planned.plan.moves] == [
        ("hard_refusal", "strategic")
    ]
    assert not desk.daemon().run().wrote
