"""The summary's charts: drawn from ranges of a hidden tab of the program's own, and left as people put them."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from tests.builders.bench import HEADINGS, TITLES, Shell, cells, client, write_base
from tests.builders.desk import EDITOR, OWNER, START, Desk

TODAY = "2026-03-02"
NUMBERS = "sheetsync · charts"
CHARTS = ["Load against the limit", "Working list by state"]


@pytest.fixture
def desk() -> Desk:
    return _first_night().copy()


@cache
def _first_night() -> Desk:
    """Return a base after its first night: two managers with two clients each."""
    desk = Desk()
    for _ in range(4):
        desk.add(TITLES["working"], "Contact 2", "2026-02-25", label="Large")
    desk.clients.clear()
    run(desk)
    return desk


def run(desk: Desk) -> list[dict[str, Any]]:
    """Run one night; return the requests of its writing batch, none where nothing was written."""
    daemon = desk.daemon()
    sent: list[dict[str, Any]] = []
    send = daemon.opened.line.write

    def write(body: Mapping[str, Any], fields: str) -> Any:
        sent.append(dict(body))
        return send(body, fields)

    daemon.opened.line.write = write  # type: ignore[method-assign]  # to see what goes by
    done = daemon.run()
    assert sum(done.requests.values()) == (5 if done.wrote else 2)
    return sent[-1]["requests"] if done.wrote else []


def of(desk: Desk, title: str) -> Any:
    """Return a tab with its charts."""
    told = desk.call(OWNER, "GET", "?fields=sheets(properties,charts,protectedRanges)")
    return next(sheet for sheet in told["sheets"] if sheet["properties"]["title"] == title)


def chart(desk: Desk, title: str) -> Any:
    return next(c for c in of(desk, "Summary")["charts"] if c["spec"]["title"] == title)


def titles(desk: Desk) -> list[str]:
    return [c["spec"]["title"] for c in of(desk, "Summary").get("charts", ())]


def kinds(requests: list[dict[str, Any]], *wanted: str) -> list[str]:
    """Return the requests on charts among some."""
    about = (
        "addChart",
        "updateChartSpec",
        "updateEmbeddedObjectPosition",
        "deleteEmbeddedObject",
        *wanted,
    )
    return [kind for request in requests for kind in request if kind in about]


def numbers(desk: Desk) -> list[list[Any]]:
    """Return the cells of the hidden tab."""
    told = desk.call(OWNER, "GET", f"/values/{NUMBERS}?valueRenderOption=UNFORMATTED_VALUE")
    rows: list[list[Any]] = told["values"]
    return rows


def drawn(desk: Desk, title: str) -> dict[str, list[Any]]:
    """Return what a chart draws: its categories under "", each series under its name."""
    basic, held = chart(desk, title)["spec"]["basicChart"], numbers(desk)
    (source,) = basic["domains"][0]["domain"]["sourceRange"]["sources"]
    found = {"": column(held, source)[1:]}
    for series in basic["series"]:
        (source,) = series["series"]["sourceRange"]["sources"]
        name, *values = column(held, source)
        found[name] = values
    return found


def column(held: list[list[Any]], source: dict[str, int]) -> list[Any]:
    at = source["startColumnIndex"]
    return [
        row[at] if at < len(row) else ""
        for row in held[source["startRowIndex"] : source["endRowIndex"]]
    ]


def test_the_first_run_draws_the_summarys_charts_from_a_hidden_protected_tab(desk: Desk) -> None:
    assert titles(desk) == CHARTS
    tab = of(desk, NUMBERS)
    assert tab["properties"]["hidden"] is True
    (protection,) = tab["protectedRanges"]
    assert EDITOR not in protection["editors"]["users"]
    assert "warningOnly" not in protection
    for one in of(desk, "Summary")["charts"]:
        assert one["spec"]["hiddenDimensionStrategy"] == "SHOW_ALL"
        sources = [
            s["series"]["sourceRange"]["sources"][0] for s in one["spec"]["basicChart"]["series"]
        ]
        assert {source["sheetId"] for source in sources} == {tab["properties"]["sheetId"]}
    load = drawn(desk, CHARTS[0])
    assert load == {
        "": ["Manager 0", "Manager 1", "Manager 2"],
        "Load": [1, 2, 1],
        "Limit": [90, 90, 90],
    }
    states = drawn(desk, CHARTS[1])
    assert dict(zip(states[""], states["Companies"], strict=True)) == {
        "New": 0,
        "Contact 1": 0,
        "Contact 2": 4,
        "Contact 3": 0,
        "Deal": 0,
        "Deal support": 0,
    }


def test_a_second_run_finds_nothing_to_write(desk: Desk) -> None:
    assert run(desk) == []


MOVED_DOWN = ("updateEmbeddedObjectPosition", "updateEmbeddedObjectPosition")
"""The charts stand below the managers: one more manager, and they move down by a line."""


def test_a_new_manager_widens_the_ranges_by_one_request(desk: Desk) -> None:
    number = desk.add(TITLES["working"], "Contact 2", "2026-02-25", label="Large")
    desk.type(OWNER, number, "Manager", "Xenia")
    assert kinds(run(desk), "addSheet") == [
        "addSheet",
        "updateChartSpec",
        *MOVED_DOWN,
    ]  # the tab is the new manager's
    assert drawn(desk, CHARTS[0])[""] == ["Manager 0", "Manager 1", "Manager 2", "Xenia"]
    assert drawn(desk, CHARTS[0])["Load"] == [1, 2, 1, 1]
    assert run(desk) == []


def test_where_only_numbers_change_no_chart_is_written(desk: Desk) -> None:
    desk.add(TITLES["working"], "Contact 3", "2026-02-25", label="Large")
    sent = run(desk)
    assert kinds(sent) == []
    assert drawn(desk, CHARTS[0])["Load"] == [1, 2, 2]
    tab = of(desk, NUMBERS)["properties"]["sheetId"]
    rewritten = [
        r["updateCells"]
        for r in sent
        if r.get("updateCells", {}).get("start", {}).get("sheetId") == tab
    ]
    assert (
        sum(len(row["values"]) for cell in rewritten for row in cell["rows"]) == 2
    )  # a manager's load, a state
    assert run(desk) == []


def place(desk: Desk, title: str, fields: str, **changed: Any) -> None:
    move = {
        "objectId": chart(desk, title)["chartId"],
        "newPosition": {"overlayPosition": changed},
        "fields": fields,
    }
    desk.batch(EDITOR, {"updateEmbeddedObjectPosition": move})


def many(desk: Desk, count: int) -> None:
    """Give the base so many more managers that the chart of their load takes more room, and moves the others."""
    rows = [
        client(100 + n, Manager=f"Person {n:02}", Label="Large", **{"Work began": "2026-02-25"})
        for n in range(count)
    ]
    desk.write_rows(OWNER, TITLES["working"], len(desk.tabs()[TITLES["working"]]), rows)


def test_a_chart_that_somebody_moved_or_resized_stays_so_while_the_others_make_room(
    desk: Desk,
) -> None:
    place(
        desk,
        CHARTS[0],
        "anchorCell.rowIndex,anchorCell.columnIndex",
        anchorCell={"rowIndex": 40, "columnIndex": 3},
    )
    place(desk, CHARTS[0], "widthPixels", widthPixels=900)
    here = chart(desk, CHARTS[0])["position"]
    assert run(desk) == []
    many(desk, 20)
    before = chart(desk, CHARTS[1])["position"]
    assert sorted(kinds(run(desk))) == ["updateChartSpec", "updateEmbeddedObjectPosition"]
    assert chart(desk, CHARTS[0])["position"] == here
    assert len(drawn(desk, CHARTS[0])["Load"]) == 23
    assert chart(desk, CHARTS[1])["position"] != before
    assert run(desk) == []


def test_of_a_chart_that_somebody_restyled_only_the_ranges_are_ours(desk: Desk) -> None:
    mine = chart(desk, CHARTS[0])
    spec = mine["spec"] | {"title": "How full we are", "subtitle": "of ninety"}
    spec["basicChart"] = spec["basicChart"] | {"chartType": "LINE", "legendPosition": "TOP_LEGEND"}
    desk.batch(EDITOR, {"updateChartSpec": {"chartId": mine["chartId"], "spec": spec}})
    assert run(desk) == []
    number = desk.add(TITLES["working"], "Contact 2", "2026-02-25", label="Large")
    desk.type(OWNER, number, "Manager", "Xenia")
    assert kinds(run(desk)) == ["updateChartSpec", *MOVED_DOWN]
    kept = chart(desk, "How full we are")["spec"]
    assert (kept["subtitle"], kept["basicChart"]["chartType"]) == ("of ninety", "LINE")
    assert drawn(desk, "How full we are")[""] == ["Manager 0", "Manager 1", "Manager 2", "Xenia"]
    assert run(desk) == []


def test_a_chart_of_somebodys_own_is_not_touched(desk: Desk) -> None:
    source = {"sheetId": desk.sheet_id(TITLES["working"]), "startRowIndex": 0, "endRowIndex": 5}
    data = {"sourceRange": {"sources": [source | {"startColumnIndex": 0, "endColumnIndex": 1}]}}
    spec = {"title": "Mine", "basicChart": {"chartType": "COLUMN", "series": [{"series": data}]}}
    corner = {
        "sheetId": of(desk, "Summary")["properties"]["sheetId"],
        "rowIndex": 2,
        "columnIndex": 15,
    }
    mine = {"spec": spec, "position": {"overlayPosition": {"anchorCell": corner}}}
    desk.batch(EDITOR, {"addChart": {"chart": mine}})
    before = chart(desk, "Mine")
    many(desk, 20)
    run(desk)
    assert chart(desk, "Mine") == before
    assert titles(desk) == [*CHARTS, "Mine"]
    assert run(desk) == []


def test_a_chart_that_somebody_deleted_comes_back(desk: Desk) -> None:
    before = of(desk, "Summary")["charts"]
    desk.batch(EDITOR, {"deleteEmbeddedObject": {"objectId": before[0]["chartId"]}})
    assert kinds(run(desk)) == ["addChart"]
    assert {c["chartId"]: c for c in of(desk, "Summary")["charts"]} == {
        c["chartId"]: c for c in before
    }
    assert run(desk) == []


def test_a_deleted_tab_of_numbers_comes_back_and_the_charts_draw_it_again(desk: Desk) -> None:
    before = {title: drawn(desk, title) for title in CHARTS}
    desk.batch(OWNER, {"deleteSheet": {"sheetId": of(desk, NUMBERS)["properties"]["sheetId"]}})
    run(desk)
    assert sorted(titles(desk)) == sorted(CHARTS)
    assert {title: drawn(desk, title) for title in CHARTS} == before
    assert run(desk) == []


def test_a_deleted_summary_comes_back_with_its_charts(desk: Desk) -> None:
    desk.batch(OWNER, {"deleteSheet": {"sheetId": of(desk, "Summary")["properties"]["sheetId"]}})
    run(desk)
    assert titles(desk) == CHARTS
    assert run(desk) == []


def test_a_renamed_summary_keeps_its_charts_and_the_new_one_has_its_own(desk: Desk) -> None:
    renamed = {"sheetId": of(desk, "Summary")["properties"]["sheetId"], "title": "February"}
    desk.batch(OWNER, {"updateSheetProperties": {"properties": renamed, "fields": "title"}})
    old = of(desk, "February")["charts"]
    run(desk)
    assert titles(desk) == CHARTS
    assert of(desk, "February")["charts"] == old
    assert run(desk) == []


def test_a_book_whose_charts_have_other_ids_knows_them_by_what_they_draw(desk: Desk) -> None:
    for one in of(desk, "Summary")["charts"]:  # as a file taken over by another service
        again = {"spec": one["spec"], "position": one["position"]}
        desk.batch(
            OWNER,
            {"deleteEmbeddedObject": {"objectId": one["chartId"]}},
            {"addChart": {"chart": again}},
        )
    ids = {c["chartId"] for c in of(desk, "Summary")["charts"]}
    assert kinds(run(desk)) == []
    assert {c["chartId"] for c in of(desk, "Summary")["charts"]} == ids
    assert run(desk) == []


def test_a_chart_with_nothing_to_show_gives_way_to_a_sentence(desk: Desk) -> None:
    rows = desk.tabs()[TITLES["working"]]
    for at in range(1, len(rows)):
        desk.write(OWNER, TITLES["working"], at, ["Client"], HEADINGS.index("State"))
    run(desk)
    assert "Working list by state" not in titles(desk)
    shown = [cell for row in of_cells(desk, "Summary") for cell in row]
    assert shown.count("The working list is empty.") == 1
    assert run(desk) == []


def of_cells(desk: Desk, title: str) -> list[list[Any]]:
    rows: list[list[Any]] = desk.call(OWNER, "GET", f"/values/{title}").get("values", [])
    return rows


def test_moves_are_drawn_week_by_week_once_there_are_two_weeks(desk: Desk) -> None:
    shown = [cell for row in of_cells(desk, "Summary") for cell in row]
    assert "Not enough history yet." in shown
    desk.add(TITLES["working"], "Contact 2", "2026-01-10", label="Small")
    run(desk)
    desk.today = START + timedelta(days=14)
    assert "addChart" in kinds(run(desk))
    moved = drawn(desk, "Moved by week")
    assert moved[""] == ["2 Mar", "9 Mar", "16 Mar"]
    assert moved["Out of the working list"] == [1, 0, 0]
    assert run(desk) == []


def test_charts_cover_no_line_that_people_read_and_no_note_at_the_right(desk: Desk) -> None:
    many(desk, 37)
    run(desk)
    told = desk.call(OWNER, "GET", "?ranges=Summary&includeGridData=true&fields=sheets(data)")[
        "sheets"
    ][0]["data"][0]
    widths = [0 if c.get("hiddenByUser") else c["pixelSize"] for c in told["columnMetadata"]]
    heights = [r["pixelSize"] for r in told["rowMetadata"]]
    areas = []
    for one in of(desk, "Summary")["charts"]:
        spot = one["position"]["overlayPosition"]
        left = sum(widths[: spot["anchorCell"]["columnIndex"]])
        top = sum(heights[: spot["anchorCell"]["rowIndex"]])
        areas.append((left, top, left + spot["widthPixels"], top + spot["heightPixels"]))
    edge = sum(widths[:16])  # a hidden column, then fifteen of the summary's
    assert all(right <= edge for _, _, right, _ in areas)
    for at, row in enumerate(told["rowData"]):
        top, left = sum(heights[:at]), 0
        for column_, cell in enumerate(row.get("values", [])):
            if column_ and "formattedValue" in cell:
                inside = [a for a in areas if a[0] <= left + 1 < a[2] and a[1] <= top + 1 < a[3]]
                assert not inside, (at, column_, cell["formattedValue"])
            left += widths[column_]
    overlapping = [
        (a, b)
        for a in areas
        for b in areas
        if a < b and a[2] > b[0] and a[3] > b[1] and b[3] > a[1]
    ]
    assert not overlapping


STRANGE = ('ООО "Кавычки"', "=SUM(A1)", "🦊 Fox", "O'Neil", "+7 912", "'quoted", "007")


def base_of(path: Path, people: list[str]) -> Path:
    tabs: dict[str, list[Any]] = {title: [HEADINGS] for title in TITLES.values()}
    tabs[TITLES["working"]] += [
        client(n, Manager=name, Label="Large", **{"Work began": "2026-02-25"})
        for n, name in enumerate(people)
    ]
    tabs[TITLES["clients"]] += [
        client(900, State="Client", **{"Work began": None, "Manager": None})
    ]
    write_base(path, tabs)
    workbook = openpyxl.load_workbook(path)
    for row, name in enumerate(people, start=2):  # openpyxl takes `=` for a formula
        cell = workbook[TITLES["working"]].cell(row, HEADINGS.index("Manager") + 1)
        cell.value, cell.data_type = name, "s"
    workbook.save(path)
    workbook.close()
    return path


def file_charts(path: Path, tab: str) -> Iterator[tuple[str, list[Any], dict[str, list[Any]], Any]]:
    """Return a workbook's charts: title, categories, numbers by series, and the chart as openpyxl has it."""
    workbook = openpyxl.load_workbook(path)

    def values(reference: str) -> list[Any]:
        title, _, area = reference.rpartition("!")
        left, top, right, bottom = (int(side or 0) for side in range_boundaries(area))
        sheet = workbook[title.strip("'").replace("''", "'")]
        return [
            sheet.cell(row, at).value
            for row in range(top, bottom + 1)
            for at in range(left, right + 1)
        ]

    sheet: Any = workbook[tab]
    for one in sheet._charts:  # noqa: SLF001  # openpyxl has no public list
        title = "".join(run.t for paragraph in one.title.tx.rich.p for run in paragraph.r)
        categories = values(one.ser[0].cat.strRef.f)
        series = {values(s.tx.strRef.f)[0]: values(s.val.numRef.f) for s in one.ser}
        yield title, categories, series, one
    workbook.close()


@pytest.mark.parametrize(
    ("code", "tab", "load"), [("en", "Summary", "Load"), ("ru", "Сводка", "Загрузка")]
)
@pytest.mark.parametrize(
    "people", [list(STRANGE), [f"Manager {n:02}" for n in range(40)], ["Solo"]]
)
def test_a_saved_file_holds_real_charts_whose_numbers_are_the_reports(
    sheetsync: Shell, tmp_path: Path, code: str, tab: str, load: str, people: list[str]
) -> None:
    path = base_of(tmp_path / "base.xlsx", people)
    assert sheetsync("run", path, "--today", TODAY, "--lang", code, "--force").code == 0
    charts = {title: rest for title, *rest in file_charts(path, tab)}
    assert len(charts) == 2
    (names, series, drawing), (_, stock, bars) = charts.values()
    assert (type(drawing).__name__, drawing.barDir, bars.barDir) == ("BarChart", "col", "bar")
    assert not drawing.visible_cells_only  # the numbers stand on a hidden tab
    told = {str(row[1]): row[2] for row in cells(path)[tab] if str(row[0]).startswith("managers:")}
    assert sorted(names) == sorted(people)
    assert (
        dict(zip(names, series[load], strict=True))
        == {name: told[name] for name in names}
        == dict.fromkeys(people, 1)
    )
    assert sum(*stock.values()) == len(people)
    quiet = sheetsync("run", path, "--today", TODAY, "--json")
    assert quiet.json["requests"] == {"read": 2, "write": 0}


def test_a_base_without_managers_has_sentences_in_place_of_charts(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = base_of(tmp_path / "base.xlsx", [])
    assert sheetsync("run", path, "--today", TODAY, "--force").code == 0
    assert list(file_charts(path, "Summary")) == []
    said = [cell for row in cells(path)["Summary"] for cell in row]
    assert "No manager has a company yet." in said
    assert sheetsync("run", path, "--today", TODAY, "--json").json["requests"] == {
        "read": 2,
        "write": 0,
    }


def test_a_tab_of_the_teams_that_bears_the_charts_name_is_not_written_over(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = base_of(tmp_path / "base.xlsx", ["Ann"])
    workbook = openpyxl.load_workbook(path)
    workbook.create_sheet(NUMBERS)["A1"] = "my charts"
    workbook.save(path)
    workbook.close()
    assert sheetsync("run", path, "--today", TODAY, "--force").code == 0
    assert cells(path)[NUMBERS] == [("my charts",)]
    assert f"{NUMBERS} · sheetsync" in cells(path)
    assert sheetsync("run", path, "--today", TODAY, "--json").json["requests"] == {
        "read": 2,
        "write": 0,
    }


def test_reports_alone_draw_the_charts_too(sheetsync: Shell, tmp_path: Path) -> None:
    path = base_of(tmp_path / "base.xlsx", ["Ann", "Bob"])
    assert sheetsync("report", path, "--today", TODAY).code == 0
    assert [title for title, *_ in file_charts(path, "Summary")] == CHARTS
