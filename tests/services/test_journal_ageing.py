"""Old lines of the Journal go into volumes, tabs of their own: each line stands once, and everything finds it there."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from requests.exceptions import ConnectionError as LostConnection
from requests.exceptions import ReadTimeout

from sheetsync.emulator import Crashed, Fault, Faults
from sheetsync.emulator.transport.server import Server
from sheetsync.errors import SheetsyncError
from sheetsync.services import run as runner
from sheetsync.services.run import RunResult
from sheetsync.sheets.requests.body import BatchRoom
from tests.builders.bench import Shell, cells, small_base
from tests.builders.desk import EDITOR, OWNER, Daemon, Desk

WORKING, STRATEGIC = "Working list", "Strategic archive"
FIRST, LATER = date(2026, 2, 20), date(2026, 5, 10)
LAST_WHOLE, TURN = date(2026, 7, 1), date(2026, 7, 2)
"""The last day on which the first quarter stays in the Journal, and the one on which it goes."""
JOURNAL, Q1, Q2 = "Journal", "Journal · Q1 2026", "Journal · Q2 2026"
LOCK, WRITE = 1, 2
"""Batches of a night."""
Line = tuple[Any, ...]


def night(desk: Desk, on: date, faults: Faults | None = None) -> tuple[Daemon, RunResult]:
    """Run a night in which there is something to write: two contacts of the day before."""
    at_work(desk, on)
    daemon = desk.daemon(faults)
    return daemon, daemon.run()


def at_work(desk: Desk, on: date) -> None:
    desk.today = on
    for number in [*desk.clients][-2:]:
        desk.type(EDITOR, number, "Last contact", str(on - timedelta(days=1)))


@cache
def _worked() -> Desk:
    desk = Desk()
    desk.today = FIRST
    for _ in range(3):
        desk.add(WORKING, "Contact 2", "2026-01-05")
    for _ in range(2):
        desk.add("Clients", "Client", "")
    for on in (FIRST, date(2026, 3, 20), LATER):
        night(desk, on)
    return desk


@pytest.fixture
def desk() -> Desk:
    """Give a base with runs in the first quarter and in the second."""
    return _worked().copy()


@cache
def _aged() -> Desk:
    desk = _worked().copy()
    night(desk, TURN)
    return desk


@pytest.fixture
def aged() -> Desk:
    """Give a base whose first quarter has gone into a volume."""
    return _aged().copy()


def lines(desk: Desk, *titles: str) -> list[Line]:
    """Return the lines of some tabs as they stand, the Journal's and its volumes' for none."""
    wanted = titles or [title for title in desk.sheets() if title.startswith(JOURNAL)]
    return [tuple(row) for title in wanted for row in desk.values(title)[1:] if row]


def days(rows: Iterable[Line]) -> list[int]:
    return [int(row[0]) for row in rows]


def serial(day: date) -> int:
    return (day - date(1899, 12, 30)).days


def sheet(desk: Desk, title: str) -> dict[str, Any]:
    """Return a tab's structure."""
    sheets = desk.call(OWNER, "GET", "")["sheets"]
    (found,) = (each for each in sheets if each["properties"]["title"] == title)
    return dict(found)


def quiet(desk: Desk) -> bool:
    return not desk.daemon().run().wrote


def test_a_quarter_goes_into_a_volume_three_months_after_its_end_and_not_before(
    desk: Desk,
) -> None:
    before = lines(desk)
    night(desk, LAST_WHOLE)
    assert Q1 not in desk.sheets()
    night(desk, TURN)
    old = [row for row in before if row[0] < serial(date(2026, 4, 1))]
    assert lines(desk, Q1) == old  # in their order, and as they were
    assert min(days(lines(desk, JOURNAL))) == serial(LATER)
    assert Counter(before) <= Counter(lines(desk))
    assert len(set(lines(desk))) == len(lines(desk))
    assert quiet(desk)


def test_a_volume_looks_like_the_journal_and_is_protected_as_it_is(aged: Desk) -> None:
    journal, volume = sheet(aged, JOURNAL), sheet(aged, Q1)
    assert aged.values(Q1)[0] == aged.values(JOURNAL)[0]
    assert volume["properties"]["gridProperties"]["frozenRowCount"] == 1
    assert volume["properties"]["gridProperties"]["rowCount"] == 1 + len(lines(aged, Q1))
    (guard,), (like,) = volume["protectedRanges"], journal["protectedRanges"]
    assert guard["editors"] == like["editors"]
    with pytest.raises(PermissionError, match="protected"):
        aged.write(EDITOR, Q1, 1, ["mine"])
    fields = "sheets(properties(title),data(rowData(values(userEnteredFormat)),columnMetadata))"
    shown = aged.call(OWNER, "GET", f"?includeGridData=true&fields={fields}")["sheets"]
    looks = {
        each["properties"]["title"]: (
            each["data"][0]["rowData"][1],
            [
                (column["pixelSize"], column.get("hiddenByUser"))
                for column in each["data"][0]["columnMetadata"]
            ],
        )
        for each in shown
        if each["properties"]["title"] in (JOURNAL, Q1)
    }
    assert looks[JOURNAL] == looks[Q1]


def test_a_night_that_takes_nothing_into_a_volume_sends_no_request_more(desk: Desk) -> None:
    quiet_before, _ = night(desk, LAST_WHOLE)
    turning, _ = night(desk, TURN)
    quiet_after, _ = night(desk, TURN + timedelta(days=1))
    assert quiet_before.opened.line.sent == turning.opened.line.sent == quiet_after.opened.line.sent


def test_a_night_in_which_nothing_else_is_written_takes_nothing_into_a_volume(desk: Desk) -> None:
    night(desk, LAST_WHOLE)
    desk.today = TURN
    desk.daemon().run()  # brings the day's reports up to date
    before = desk.sheets()
    assert quiet(desk)
    assert desk.sheets() == before


@pytest.mark.parametrize("nth", [LOCK, WRITE])
@pytest.mark.parametrize("kind", ["refused", "lost", "deadline", "crash before", "crash after"])
def test_no_fault_loses_or_doubles_a_line(desk: Desk, kind: str, nth: int) -> None:
    fault = {
        "refused": Fault("error", status=503, call="batchUpdate", nth=nth, times=1),
        "lost": Fault("drop", after=True, call="batchUpdate", nth=nth, times=1),
        "deadline": Fault("deadline", seconds=0, call="batchUpdate", nth=nth, times=1),
        "crash before": Fault("crash", point="before-call", call="batchUpdate", nth=nth, times=1),
        "crash after": Fault("crash", point="before-answer", call="batchUpdate", nth=nth, times=1),
    }[kind]
    before = Counter(lines(desk))
    try:
        night(desk, TURN, Faults((fault,)))
    except (Crashed, SheetsyncError, LostConnection, ReadTimeout):
        assert before <= Counter(lines(desk))
    assert max(Counter(lines(desk)).values()) == 1
    desk.free()
    night(desk, TURN)
    assert before <= Counter(lines(desk))
    assert max(Counter(lines(desk)).values()) == 1
    assert max(days(lines(desk, Q1))) < serial(date(2026, 4, 1)) <= min(days(lines(desk, JOURNAL)))
    assert quiet(desk)


@pytest.mark.parametrize("deed", ["a row comes in on top", "a row goes", "many rows go"])
def test_what_the_owner_does_to_the_journal_in_that_second_loses_no_line(
    desk: Desk, deed: str
) -> None:
    """The owner types through any protection: just before the write rows of the Journal change their places."""
    number = sheet(desk, JOURNAL)["properties"]["sheetId"]
    rows = {"sheetId": number, "dimension": "ROWS", "startIndex": 1}
    inserted = {"range": {**rows, "endIndex": 2}, "inheritFromBefore": False}
    changes: dict[str, tuple[dict[str, Any], int]] = {
        "a row comes in on top": ({"insertDimension": inserted}, 0),
        "a row goes": ({"deleteDimension": {"range": {**rows, "endIndex": 2}}}, 1),
        "many rows go": ({"deleteDimension": {"range": {**rows, "endIndex": 6}}}, 5),
    }
    change, gone = changes[deed]
    left = Counter(lines(desk, JOURNAL)[gone:])
    at_work(desk, TURN)
    daemon = desk.daemon()
    daemon.wire.before[6] = lambda: desk.batch(OWNER, change)
    daemon.run()
    assert left <= Counter(lines(desk))
    assert max(Counter(lines(desk)).values()) == 1
    night(desk, TURN + timedelta(days=1))
    assert left <= Counter(lines(desk))
    assert max(Counter(lines(desk)).values()) == 1
    assert min(days(lines(desk, JOURNAL))) >= serial(date(2026, 4, 1))


def test_a_run_is_taken_back_though_its_lines_are_in_a_volume(aged: Desk) -> None:
    moved = [row for row in lines(aged, Q1) if row[5] == "moved"]
    assert len(moved) == 3
    daemon = aged.daemon()
    runner.undo(daemon.opened, daemon.options, moved[0][1], lambda *_: None)
    places = {
        rows[0][0] for number, rows in aged.standing().items() if number in [*aged.clients][:3]
    }
    assert places == {WORKING}
    (undone,) = {row[1] for row in lines(aged, JOURNAL) if row[5] == "moved"}
    known, _ = runner.past_runs(aged.daemon().opened, aged.daemon().options)
    assert known[0].run == undone
    assert known[-1].run == moved[0][1]


def test_history_tells_the_lines_of_all_tabs_the_newest_first(desk: Desk) -> None:
    whole, _ = runner.past_runs(desk.daemon().opened, desk.daemon().options)
    night(desk, TURN)
    known, _ = runner.past_runs(desk.daemon().opened, desk.daemon().options)
    assert known[1:] == whole
    moments = [line.when for run in known for line in run.lines]
    assert moments == sorted(moments, reverse=True)


def test_reports_are_those_of_a_journal_that_never_ages(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = desk.copy()
    for on in (TURN, TURN + timedelta(days=1)):
        night(desk, on)
    monkeypatch.setattr("sheetsync.workbook.journal_volumes.KEPT_DAYS", 10_000)
    for on in (TURN, TURN + timedelta(days=1)):
        night(whole, on)
    assert Counter(lines(desk)) == Counter(lines(whole, JOURNAL))
    reports = [title for title in whole.sheets() if not title.startswith(JOURNAL)]
    assert len(reports) > 8
    for title in reports:
        assert desk.values(title) == whole.values(title), title


@pytest.mark.parametrize("title", ["old stuff", "Summary of old", "Refusal, to rework (old)"])
def test_a_volume_that_is_renamed_and_moved_goes_on_as_before(aged: Desk, title: str) -> None:
    known, _ = runner.past_runs(aged.daemon().opened, aged.daemon().options)
    number = sheet(aged, Q1)["properties"]["sheetId"]
    place = {"sheetId": number, "title": title, "index": 0}
    aged.batch(OWNER, {"updateSheetProperties": {"properties": place, "fields": "title,index"}})
    _, result = night(aged, TURN + timedelta(days=1))
    problems = {problem.code for problem in result.planned.plan.problems}
    assert "journal_volume_gone" not in problems
    later, _ = runner.past_runs(aged.daemon().opened, aged.daemon().options)
    assert later[1:] == known
    assert aged.sheets().count(title) == 1
    assert quiet(aged)


def test_a_volume_that_is_called_as_a_report_is_not_written_over(aged: Desk) -> None:
    before = lines(aged, Q1)
    number, summary = (sheet(aged, title)["properties"]["sheetId"] for title in (Q1, "Summary"))
    place = {"sheetId": number, "title": "Summary"}
    aged.batch(
        OWNER,
        {"deleteSheet": {"sheetId": summary}},
        {"updateSheetProperties": {"properties": place, "fields": "title"}},
    )
    night(aged, TURN + timedelta(days=1))
    assert lines(aged, "Summary") == before
    assert "Summary · sheetsync" in aged.sheets()
    assert quiet(aged)


def test_a_volume_that_is_deleted_is_said_for_some_weeks_and_all_else_goes_on(aged: Desk) -> None:
    number = sheet(aged, Q1)["properties"]["sheetId"]
    aged.batch(OWNER, {"deleteSheet": {"sheetId": number}})
    _, result = night(aged, TURN + timedelta(days=1))

    def said(result: RunResult) -> list[str]:
        problems = result.planned.plan.problems
        return [each.message for each in problems if each.code == "journal_volume_gone"]

    (sentence,) = said(result)
    assert f"“{Q1}” is gone" in sentence
    assert any(Q1 in str(cell) for row in aged.values("Summary") for cell in row)
    assert quiet(aged)
    assert said(aged.daemon().run()) == [sentence]
    _, result = night(aged, TURN + timedelta(days=30))
    assert said(result)
    _, result = night(aged, TURN + timedelta(days=31))
    assert not said(result)
    assert not result.planned.snapshot.journal_whole  # figures never take it for the beginning
    assert quiet(aged)


def test_a_volume_brought_back_under_its_name_is_read_again(aged: Desk) -> None:
    known, _ = runner.past_runs(aged.daemon().opened, aged.daemon().options)
    number = sheet(aged, Q1)["properties"]["sheetId"]
    copied = {"sourceSheetId": number, "newSheetId": 777, "newSheetName": "copy"}
    aged.batch(OWNER, {"duplicateSheet": copied})
    # Beside the one that is known a copy is nobody's, and its lines are not told twice.
    assert runner.past_runs(aged.daemon().opened, aged.daemon().options)[0] == known
    aged.batch(
        OWNER,
        {"deleteSheet": {"sheetId": number}},
        {"updateSheetProperties": {"properties": {"sheetId": 777, "title": Q1}, "fields": "title"}},
    )
    _, result = night(aged, TURN + timedelta(days=1))
    assert not [p for p in result.planned.plan.problems if p.code == "journal_volume_gone"]
    assert runner.past_runs(aged.daemon().opened, aged.daemon().options)[0][1:] == known


def test_a_tab_of_the_teams_own_under_that_title_is_left_alone(desk: Desk) -> None:
    desk.batch(OWNER, {"addSheet": {"properties": {"title": Q1, "sheetId": 900}}})
    desk.write(OWNER, Q1, 0, ["Deals of the quarter", "Sum"])
    night(desk, TURN)
    assert desk.values(Q1) == [["Deals of the quarter", "Sum"]]
    assert max(days(lines(desk, f"{Q1} · sheetsync"))) < serial(date(2026, 4, 1))
    assert quiet(desk)


def test_what_people_have_beside_a_line_goes_along(desk: Desk) -> None:
    row = len(desk.values(JOURNAL)) - 1
    number = sheet(desk, JOURNAL)["properties"]["sheetId"]
    noted = {"rows": [{"values": [{"note": "ask Ann"}]}], "fields": "note"}
    at = {"sheetId": number, "rowIndex": row, "columnIndex": 3}
    desk.batch(OWNER, {"updateCells": {**noted, "start": at}})
    desk.batch(OWNER, {"addSheet": {"properties": {"title": "Team", "sheetId": 901}}})
    formula = {"userEnteredValue": {"formulaValue": f"=Journal!D{row + 1}"}}
    team = {"sheetId": 901, "rowIndex": 0, "columnIndex": 0}
    desk.batch(
        OWNER,
        {
            "updateCells": {
                "rows": [{"values": [formula]}],
                "fields": "userEnteredValue",
                "start": team,
            }
        },
    )
    shown = desk.values("Team")
    night(desk, TURN)
    assert desk.values("Team") == shown
    notes = desk.call(
        OWNER, "GET", f"?includeGridData=true&ranges={Q1}&fields=sheets.data.rowData.values.note"
    )
    assert "ask Ann" in str(notes)


def test_a_night_in_parts_takes_them_into_the_volume_once(desk: Desk) -> None:
    before = Counter(lines(desk))
    for _ in range(9):
        desk.add(WORKING, "Contact 2", "2026-01-05")
    at_work(desk, TURN)
    daemon = desk.daemon()
    daemon.opened.line.room = BatchRoom(size=260_000, moves=4)
    daemon.run()
    assert daemon.opened.line.sent["write"] > 4
    after = Counter(lines(desk))
    assert {after[row] for row in before} == {1}
    assert min(days(lines(desk, JOURNAL))) == serial(LATER)


def test_a_spreadsheet_that_takes_no_further_tab_stops_no_night(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sheetsync.sheets.batch.journal_ageing.new_sheet_id", lambda *_: 10)
    before = Counter(lines(desk))
    _, result = night(desk, TURN)
    assert result.wrote
    (note,) = result.notes
    assert f"could not go into “{Q1}”" in note
    assert before <= Counter(lines(desk))
    assert Q1 not in desk.sheets()


def test_a_journal_of_years_is_caught_up_with_night_by_night(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More lines than a night reads, and than it moves: the oldest go first, each into its quarter."""
    monkeypatch.setattr("sheetsync.workbook.journal_volumes.MOST_LINES", 8)
    monkeypatch.setattr("sheetsync.sheets.read.reader.MOST_LINES", 8)
    end = len(desk.values(JOURNAL))
    days_of_old = [date(2025, 11, 20) - timedelta(days=10 * number) for number in range(20)]
    old: list[list[str | float | None]] = [
        [serial(day) + 0.25, f"r{day}", f"X{day}", "Old"] for day in days_of_old
    ]
    number = sheet(desk, JOURNAL)["properties"]["sheetId"]
    longer = {"sheetId": number, "dimension": "ROWS", "length": len(old)}
    desk.batch(OWNER, {"appendDimension": longer})
    for at, row in enumerate(old):
        desk.write(OWNER, JOURNAL, end + at, row)
    before = Counter(lines(desk))
    sizes = []
    for after in range(9):
        at_work(desk, TURN + timedelta(days=after))
        daemon = desk.daemon()
        daemon.options = replace(daemon.options, journal=12)
        daemon.run()
        sizes.append(len(lines(desk, JOURNAL)))
    assert before <= Counter(lines(desk))
    assert max(Counter(lines(desk)).values()) == 1
    volumes = {title: lines(desk, title) for title in desk.sheets() if " · Q" in title}
    assert sorted(volumes) == [
        "Journal · Q1 2026",
        "Journal · Q2 2025",
        "Journal · Q3 2025",
        "Journal · Q4 2025",
    ]
    assert all(days(rows) == sorted(days(rows), reverse=True) for rows in volumes.values())
    assert min(days(lines(desk, JOURNAL))) == serial(LATER)
    known, _ = runner.past_runs(desk.daemon().opened, desk.daemon().options)
    moments = [run.when for run in known]
    assert moments == sorted(moments, reverse=True)


def run(sheetsync: Shell, path: Path, day: str, *more: str) -> Any:
    told = sheetsync("run", path, "--today", day, "--force", "--json", *more)
    assert told.code == 0, told.err
    return told.json


def typed(path: Path, title: str, cells: Mapping[str, str]) -> None:
    """Type a row under the last one, by headings, as a person does in Excel: what the program keeps in a file is gone then."""
    workbook = openpyxl.load_workbook(path)
    tab = workbook[title]
    headings = [cell.value for cell in tab[1]]
    row = 1 + sum(1 for cell in tab["A"] if cell.value)
    for heading, value in cells.items():
        tab.cell(row, headings.index(heading) + 1).value = value
    workbook.save(path)
    workbook.close()


def set_to(path: Path, label: str, word: str) -> str:
    """Set a line of the Settings tab; return what stood there."""
    workbook = openpyxl.load_workbook(path)
    tab = workbook["Настройки"]
    (place,) = (cell for row in tab for cell in row if cell.value == label)
    setting = tab.cell(place.row, place.column + 1)
    before = str(setting.value)
    setting.value = word
    workbook.save(path)
    workbook.close()
    return before


def test_a_file_that_another_program_has_saved_still_knows_its_volumes(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = small_base(tmp_path / "base.xlsx")
    first = run(sheetsync, path, "2026-03-02")
    assert len(first["moves"]) == 3
    before = cells(path)[JOURNAL][1:]
    run(sheetsync, path, "2026-07-02")
    assert cells(path)[Q1][1:] == before
    workbook = openpyxl.load_workbook(path)
    workbook["Clients"].cell(2, 1).value = "Company 5000 Ltd"
    workbook.save(path)
    workbook.close()
    assert run(sheetsync, path, "2026-07-03")["wrote"]
    assert cells(path)[Q1][1:] == before
    company = sheetsync("history", path, "--company", "Company 1", "--json").json["lines"]
    stamps = [line["date"] for line in company]
    assert stamps == sorted(stamps, reverse=True)
    assert "2026-03-02" in stamps
    name = sheetsync("history", path, "--json").json["runs"][-1]["run"]
    undone = sheetsync("undo", path, name, "--today", "2026-07-03", "--json")
    assert undone.code == 0, undone.err
    assert len(undone.json["moves"]) == 3
    run(sheetsync, path, "2026-07-03")
    assert not run(sheetsync, path, "2026-07-03")["wrote"]


def test_a_volume_is_nothing_to_adopt(sheetsync: Shell, tmp_path: Path) -> None:
    path = small_base(tmp_path / "base.xlsx")
    run(sheetsync, path, "2026-03-02")
    run(sheetsync, path, "2026-07-02")
    workbook = openpyxl.load_workbook(path)
    workbook[Q1].title = "Deals"
    workbook.save(path)
    workbook.close()
    told = sheetsync("adopt", path, "--json")
    skipped = {each["title"]: each["reason"] for each in told.json["skipped"]}
    assert skipped["Deals"] == "own_tab"


def test_a_served_base_ages_as_any_other(
    sheetsync: Shell, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [row for row in lines(desk) if row[0] < serial(date(2026, 4, 1))]
    at_work(desk, TURN)
    with Server(desk.workspace) as server:
        monkeypatch.setenv("SHEETSYNC_API_ENDPOINT", server.url)
        told = sheetsync("run", desk.id, "--today", TURN, "--force", "--lang", "en", "--json")
        assert told.code == 0, told.err
        assert lines(desk, Q1) == before
        moved = next(row for row in before if row[5] == "moved")
        found = sheetsync("history", desk.id, "--company", moved[3], "--json").json["lines"]
        assert moved[1] in {line["run"] for line in found}
        undone = sheetsync("undo", desk.id, moved[1], "--today", TURN, "--json")
        assert undone.code == 0, undone.err
        assert len(undone.json["moves"]) == 3


@pytest.mark.parametrize(
    ("word", "volumes"),
    [
        ("по кварталам", ["Журнал · 1 квартал 2026"]),
        ("по месяцам", ["Журнал · февраль 2026"]),
    ],
)
def test_a_russian_base_has_its_words_and_the_settings_tab_decides(
    sheetsync: Shell, tmp_path: Path, word: str, volumes: list[str]
) -> None:
    path = tmp_path / "base.xlsx"
    assert sheetsync("init", path, "--lang", "ru").code == 0
    label = "Строки старше трёх месяцев переносить на отдельные листы"
    assert set_to(path, label, word) == "по кварталам"
    for number, day in enumerate(("2026-02-27", "2026-03-20", "2026-07-02")):
        client = {
            "Компания": f"Завод {number}",
            "Телефон": f"+7 912 000-00-0{number}",
            "Состояние": "Новый клиент",
        }
        typed(path, "База для прозвона", client)
        run(sheetsync, path, day)
    titles = [title for title in cells(path) if title.startswith("Журнал · ")]
    assert titles == volumes
    headings = {cells(path)[title][0][:4] for title in ("Журнал", *titles)}
    assert headings == {("Когда", "Прогон", "ID", "Компания")}
