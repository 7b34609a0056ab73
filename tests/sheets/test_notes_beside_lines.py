"""People's notes beside the lines of a report follow their company, whatever happens to the lines and to the tab."""

from collections.abc import Callable
from copy import copy
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from sheetsync.reporting.tabs.manager_blocks import WIDTHS
from sheetsync.services import run as runner
from sheetsync.values import to_cell
from tests.builders.bench import HEADINGS, TITLES, Shell, client, write_base
from tests.builders.desk import EDITOR, OWNER, Desk

WORKING = TITLES["working"]
TAB = "Overdue · Ann"
NOTES = 1 + len(WIDTHS)
"""The first column to the right of a manager's sheet, 0 being the hidden one."""
BLUE = {"backgroundColorStyle": {"rgbColor": {"blue": 1}}}
MORE = ("Next step", "Next step on")


class Office:
    """A team of one manager with four companies whose steps are overdue, after its first night."""

    def __init__(self) -> None:
        self.desk = Desk()
        for title in TITLES.values():
            headings = self.desk.tabs()[title][0]
            self.desk.write(OWNER, title, 0, MORE, len(headings))
        self.numbers = [self._add(number) for number in range(4)]
        self.night()

    def _add(self, days: int) -> str:
        number = self.desk.add(WORKING, "Contact 2", "2026-03-01", "Large")
        self.desk.type(OWNER, number, "Manager", "Ann")
        self.desk.type(OWNER, number, "Next step", "call")
        self.step(number, date(2026, 2, 10 + days))
        return number

    def step(self, number: str, day: date) -> None:
        """Plan a client's next step for a day."""
        title, row = self.desk.place(number)
        self.desk.write(
            OWNER, title, row, [to_cell(day)], self.desk.tabs()[title][0].index("Next step on")
        )

    def night(self, days: int = 1, *, again: bool = True) -> Any:
        """Run, and once more, which must write nothing."""
        self.desk.today += timedelta(days=days)
        done = self.desk.daemon().run()
        if again:
            assert self.desk.daemon().run().wrote is False
        return done

    def report(self) -> Any:
        daemon = self.desk.daemon()
        return runner.report(daemon.opened, daemon.options)

    def company(self, number: str) -> str:
        return self.desk.clients[number].typed["Company"]

    @property
    def sheet_id(self) -> int:
        """The id of the manager's tab."""
        return int(self._properties(TAB)["sheetId"])

    def _properties(self, title: str) -> Any:
        sheets = self.desk.call(OWNER, "GET", "?fields=sheets.properties")["sheets"]
        return next(
            sheet["properties"] for sheet in sheets if sheet["properties"]["title"] == title
        )

    def hidden(self, title: str = TAB) -> bool:
        return bool(self._properties(title).get("hidden", False))

    def rows(self, title: str = TAB) -> list[list[Any]]:
        """Return the tab's values, the hidden column first."""
        answer = self.desk.call(
            OWNER, "GET", f"/values/{quote(title)}?valueRenderOption=UNFORMATTED_VALUE"
        )
        rows: list[list[Any]] = answer.get("values", [])
        return rows

    def at(self, name: str) -> int:
        """Return the 0-based row that a company, or a heading, stands in."""
        (row,) = [at for at, row in enumerate(self.rows()) if row[1:2] == [name]]
        return row

    def beside(self) -> dict[str, Any]:
        """Tell what stands beside each company or heading: value, or its note in brackets, or its colour."""
        asked = quote(
            "sheets(data(rowData(values(effectiveValue,note,userEnteredFormat(backgroundColorStyle)))))"
        )
        told = self.desk.call(OWNER, "GET", f"?ranges={quote(TAB)}&fields={asked}")
        found = {}
        for row in told["sheets"][0]["data"][0].get("rowData", ()):
            cells = row.get("values", [])
            name = (
                next(iter(cells[1].get("effectiveValue", {"": ""}).values()), "")
                if len(cells) > 1
                else ""
            )
            for cell in cells[NOTES:]:
                value = next(iter(cell.get("effectiveValue", {}).values()), None)
                mark = value or (f"[{cell['note']}]" if "note" in cell else None)
                mark = mark or ("blue" if cell.get("userEnteredFormat") == BLUE else None)
                if mark:
                    assert name not in found
                    found[name] = mark
        return found

    def note(self, name: str, text: str | float, column: int = NOTES, user: str = EDITOR) -> None:
        """Type beside a company or a heading."""
        self.desk.write(user, TAB, self.at(name), [text], column)

    def cell(self, name: str, fields: str, data: dict[str, Any], column: int = NOTES) -> None:
        """Change something else of the cell beside a company."""
        start = {"sheetId": self.sheet_id, "rowIndex": self.at(name), "columnIndex": column}
        self.desk.batch(
            EDITOR,
            {"updateCells": {"start": start, "rows": [{"values": [data]}], "fields": fields}},
        )

    def columns(self, start: int, end: int) -> dict[str, Any]:
        return {
            "sheetId": self.sheet_id,
            "dimension": "COLUMNS",
            "startIndex": start,
            "endIndex": end,
        }

    def lines(self, start: int, end: int) -> dict[str, Any]:
        return {"sheetId": self.sheet_id, "dimension": "ROWS", "startIndex": start, "endIndex": end}

    def report_alone(self) -> list[list[Any]]:
        """Return the report's own columns, without the block of notes and what stands below."""
        rows = [row[1:NOTES] for row in self.rows() if row and row[0]]
        end = next((at for at, row in enumerate(rows) if row[:1] == [BLOCK]), None)
        rows = rows if end is None else rows[: end - 1]
        return [[*row, *[""] * (NOTES - 1 - len(row))] for row in rows]


BLOCK = "Notes on companies that are no longer listed"


@cache
def _first_night() -> Office:
    return Office()


def _office() -> Office:
    """Return the team after its first night, which is played once for all tests."""
    made = copy(_first_night())
    made.desk, made.numbers = made.desk.copy(), [*made.numbers]
    return made


@pytest.fixture
def office() -> Office:
    return _office()


def test_every_kind_of_note_follows_its_company_when_the_order_changes(office: Office) -> None:
    first, second, third, fourth = (office.company(number) for number in office.numbers)
    office.note(first, "ask his wife")
    office.cell(second, "note", {"note": "prefers mornings"})
    office.cell(third, "userEnteredFormat", {"userEnteredFormat": BLUE})
    office.cell(
        fourth,
        "userEnteredValue",
        {"userEnteredValue": {"formulaValue": f'=B{office.at(fourth) + 1}&"!"'}},
    )
    before = [row[1] for row in office.rows() if len(row) > 1]
    for number, day in zip(office.numbers, (20, 18, 16, 14), strict=True):
        office.step(number, date(2026, 2, day))
    office.night()
    after = [row[1] for row in office.rows() if len(row) > 1]
    names = [first, second, third, fourth]
    assert [name for name in before if name in names] == names
    assert [name for name in after if name in names] == names[::-1]
    assert office.beside() == {
        first: "ask his wife",
        second: "[prefers mornings]",
        third: "blue",
        fourth: f"{fourth}!",
    }


def test_a_note_waits_at_the_end_until_its_company_is_listed_again(office: Office) -> None:
    number = office.numbers[1]
    name = office.company(number)
    office.note(name, "ask his wife")
    office.note(office.company(office.numbers[2]), "stays")
    office.step(number, date(2026, 4, 20))
    office.night()
    rows = office.rows()
    end = [row[1:2] for row in rows].index([BLOCK])
    assert rows[end + 1][1] == name
    assert rows[end + 1][NOTES] == "ask his wife"
    assert len(rows) == end + 2
    assert office.beside() == {name: "ask his wife", office.company(office.numbers[2]): "stays"}
    office.step(number, date(2026, 2, 1))
    office.night()
    assert [row[1:2] for row in office.rows()].count([BLOCK]) == 0
    assert office.rows()[office.at(name)][0].startswith("overdue:")
    assert office.beside() == {name: "ask his wife", office.company(office.numbers[2]): "stays"}


@pytest.mark.parametrize("kind", ["value", "note"])
def test_the_line_at_the_end_goes_when_somebody_clears_its_note(office: Office, kind: str) -> None:
    number = office.numbers[1]
    name = office.company(number)
    if kind == "value":
        office.note(name, "ask his wife")
    else:
        office.cell(name, "note", {"note": "ask his wife"})
    office.step(number, date(2026, 4, 20))
    office.night()
    assert name in [row[1] for row in office.rows() if len(row) > 1]
    office.cell(name, "userEnteredValue,note", {})
    office.night()
    assert not {name, BLOCK} & {row[1] for row in office.rows() if len(row) > 1}
    assert office.beside() == {}


def test_the_note_goes_to_another_line_of_the_same_company(office: Office) -> None:
    number = office.numbers[1]
    name = office.company(number)
    office.note(name, "ask his wife")
    title, row = office.desk.place(number)
    headings = office.desk.tabs()[title][0]
    for heading in MORE:
        office.desk.write(OWNER, title, row, [""], headings.index(heading))
    office.night()
    told = office.rows()[office.at(name)]
    assert (told[0].partition(":")[0], told[NOTES]) == ("no_step", "ask his wife")


def test_a_report_command_and_an_undo_keep_notes_beside_their_companies(office: Office) -> None:
    names = [office.company(number) for number in office.numbers]
    for name in names:
        office.note(name, f"about {name}")
    for number, day in zip(office.numbers, (20, 18, 16, 14), strict=True):
        office.step(number, date(2026, 2, day))
    assert dict(office.report().requests) == {"read": 3, "write": 2}
    assert office.report().wrote is False
    assert office.beside() == {name: f"about {name}" for name in names}
    for number in office.numbers[:2]:
        office.desk.type(OWNER, number, "State", "Strategic reserve")
    done = office.night()
    assert (len(done.planned.plan.moves), dict(done.requests)) == (2, {"read": 3, "write": 2})
    assert office.beside() == {name: f"about {name}" for name in names}
    assert office.desk.daemon().undo().wrote
    assert office.beside() == {name: f"about {name}" for name in names}
    assert BLOCK not in {row[1] for row in office.rows() if len(row) > 1}


def test_a_quiet_night_is_two_requests_with_notes_too(office: Office) -> None:
    office.note(office.company(office.numbers[0]), "ask his wife")
    done = office.desk.daemon().run()
    assert (done.wrote, dict(done.requests)) == (False, {"read": 2, "write": 0})


def _sorted(office: Office, first: int) -> dict[str, Any]:
    area = {
        "sheetId": office.sheet_id,
        "startRowIndex": 2,
        "endRowIndex": len(office.rows()),
        "startColumnIndex": first,
        "endColumnIndex": NOTES + 2,
    }
    return {
        "sortRange": {
            "range": area,
            "sortSpecs": [{"dimensionIndex": 1, "sortOrder": "DESCENDING"}],
        }
    }


def _filtered(office: Office) -> dict[str, Any]:
    area = {
        "sheetId": office.sheet_id,
        "startRowIndex": 4,
        "endRowIndex": len(office.rows()),
        "startColumnIndex": 0,
        "endColumnIndex": NOTES + 2,
    }
    specs = [
        {"columnIndex": 1, "filterCriteria": {"hiddenValues": [office.company(office.numbers[0])]}}
    ]
    return {"setBasicFilter": {"filter": {"range": area, "filterSpecs": specs}}}


def _merged(office: Office) -> dict[str, Any]:
    top = office.at(office.company(office.numbers[1]))
    area = {
        "sheetId": office.sheet_id,
        "startRowIndex": top,
        "endRowIndex": top + 2,
        "startColumnIndex": NOTES + 1,
        "endColumnIndex": NOTES + 3,
    }
    return {"mergeCells": {"range": area, "mergeType": "MERGE_ALL"}}


DEEDS: dict[str, Callable[[Office], dict[str, Any]]] = {
    "sorted with the hidden column": lambda office: _sorted(office, 0),
    "sorted without the hidden column": lambda office: _sorted(office, 1),
    "filtered": _filtered,
    "a column inserted": lambda office: {"insertDimension": {"range": office.columns(3, 4)}},
    "two columns inserted": lambda office: {"insertDimension": {"range": office.columns(2, 4)}},
    "a column inserted before the first": lambda office: {
        "insertDimension": {"range": office.columns(1, 2)}
    },
    "a column deleted": lambda office: {"deleteDimension": {"range": office.columns(3, 4)}},
    "the last column deleted": lambda office: {
        "deleteDimension": {"range": office.columns(NOTES - 1, NOTES)}
    },
    "the free columns deleted": lambda office: {
        "deleteDimension": {"range": office.columns(NOTES + 1, NOTES + 3)}
    },
    "the title deleted": lambda office: {"deleteDimension": {"range": office.lines(0, 1)}},
    "rows inserted above the title": lambda office: {
        "insertDimension": {"range": office.lines(0, 2)}
    },
    "rows inserted in the middle": lambda office: {
        "insertDimension": {"range": office.lines(6, 8)}
    },
    "headings deleted": lambda office: {"deleteDimension": {"range": office.lines(3, 5)}},
    "cells merged": _merged,
}


@pytest.mark.parametrize(
    "changed", [False, True], ids=["the same day", "when the order changes too"]
)
@pytest.mark.parametrize("deed", DEEDS)
def test_what_people_do_to_the_tab_costs_no_note(office: Office, deed: str, changed: bool) -> None:  # noqa: FBT001  # a case
    names = [office.company(number) for number in office.numbers]
    for name in names:
        office.note(name, f"about {name}")
    if changed:
        for number, day in zip(office.numbers, (20, 18, 16, 14), strict=True):
            office.step(number, date(2026, 2, day))
    expected = _office()
    expected.desk.today = office.desk.today
    if changed:
        for number, day in zip(expected.numbers, (20, 18, 16, 14), strict=True):
            expected.step(number, date(2026, 2, day))
    expected.report()
    office.desk.batch(EDITOR, DEEDS[deed](office))
    office.report()
    assert office.report_alone() == expected.report_alone()
    assert office.beside() == {name: f"about {name}" for name in names}
    assert office.report().wrote is False
    assert office.night().wrote


def test_what_was_typed_into_an_inserted_column_is_beside_its_line_afterwards(
    office: Office,
) -> None:
    name = office.company(office.numbers[2])
    office.desk.batch(EDITOR, {"insertDimension": {"range": office.columns(3, 4)}})
    office.desk.write(EDITOR, TAB, office.at(name), ["ask his wife"], 3)
    office.report()
    assert office.beside() == {name: "ask his wife"}


def test_rows_of_peoples_own_stay_below_the_report(office: Office) -> None:
    row = office.at(office.company(office.numbers[1]))
    office.desk.batch(EDITOR, {"insertDimension": {"range": office.lines(row, row + 1)}})
    office.desk.write(EDITOR, TAB, row, ["my plan", "for today"], 1)
    end = len(office.rows())
    office.desk.write(EDITOR, TAB, end + 3, ["a total"], 3)
    before = office.report_alone()
    office.report()
    assert office.report_alone() == before
    rows = office.rows()
    assert [row for row in rows if row[:1] != [""] and row[:1]] == rows[: len(before)]
    assert [[cell for cell in row if cell] for row in rows[len(before) :] if row] == [
        ["my plan", "for today"],
        ["a total"],
    ]
    office.night()
    assert [cell for row in office.rows() for cell in row].count("a total") == 1


def test_a_ticked_box_is_a_note_and_one_left_open_is_none(office: Office) -> None:
    box = {"dataValidation": {"condition": {"type": "BOOLEAN"}, "strict": True}}
    for number, ticked in zip(office.numbers, (True, False, True, False), strict=True):
        data = {"userEnteredValue": {"boolValue": ticked}, **box}
        office.cell(office.company(number), "userEnteredValue,dataValidation", data)
    for number in office.numbers:
        office.step(number, date(2026, 4, 20))
    office.night()
    listed = [row[1] for row in office.rows() if row and str(row[0]).startswith("kept:")]
    assert sorted(listed) == sorted(office.company(number) for number in office.numbers[::2])


def test_a_column_of_one_colour_is_no_note(office: Office) -> None:
    area = {"sheetId": office.sheet_id, "startColumnIndex": NOTES, "endColumnIndex": NOTES + 1}
    office.desk.batch(
        EDITOR,
        {
            "repeatCell": {
                "range": area,
                "cell": {"userEnteredFormat": BLUE},
                "fields": "userEnteredFormat",
            }
        },
    )
    name = office.company(office.numbers[0])
    office.note(name, "ask his wife")
    for number, day in zip(office.numbers, (20, 18, 16, 14), strict=True):
        office.step(number, date(2026, 2, day))
    office.night()
    assert office.rows()[office.at(name)][NOTES] == "ask his wife"
    office.step(office.numbers[1], date(2026, 4, 20))
    office.night()
    assert BLOCK not in {row[1] for row in office.rows() if len(row) > 1}


def test_the_colour_of_a_line_that_is_gone_stands_beside_no_other(office: Office) -> None:
    name = office.company(office.numbers[0])
    office.cell(name, "userEnteredFormat", {"userEnteredFormat": BLUE})
    office.step(office.numbers[0], date(2026, 4, 20))
    office.night()
    assert office.beside() == {}


def test_where_others_protect_the_notes_the_report_is_written_all_the_same(office: Office) -> None:
    name = office.company(office.numbers[0])
    office.note(name, "ask his wife")
    area = {"sheetId": office.sheet_id, "startColumnIndex": NOTES, "endColumnIndex": NOTES + 1}
    protection = {"range": area, "editors": {"users": [EDITOR]}}
    office.desk.batch(OWNER, {"addProtectedRange": {"protectedRange": protection}})
    for number, day in zip(office.numbers, (20, 18, 16, 14), strict=True):
        office.step(number, date(2026, 2, day))
    office.night()
    assert [row[NOTES] for row in office.rows() if len(row) > NOTES] == ["ask his wife"]


def test_a_note_typed_between_reading_and_writing_follows_its_company(office: Office) -> None:
    name, other = (office.company(office.numbers[at]) for at in (0, 3))
    office.note(other, "known before")
    for number, day in zip(office.numbers, (20, 18, 16, 14), strict=True):
        office.step(number, date(2026, 2, day))
    office.desk.today += timedelta(days=1)
    daemon = office.desk.daemon()
    daemon.wire.before[3] = lambda: office.note(name, "ask his wife")
    daemon.run()
    assert office.beside() == {name: "ask his wife", other: "known before"}
    assert office.desk.daemon().run().wrote is False


def test_rows_inserted_between_reading_and_writing_lead_no_note_astray(office: Office) -> None:
    names = [office.company(number) for number in office.numbers]
    for name in names:
        office.note(name, f"about {name}")
    for number, day in zip(office.numbers, (20, 18, 16, 14), strict=True):
        office.step(number, date(2026, 2, day))
    office.desk.today += timedelta(days=1)
    daemon = office.desk.daemon()
    place = office.lines(6, 8)
    daemon.wire.before[3] = lambda: office.desk.batch(EDITOR, {"insertDimension": {"range": place}})
    daemon.run()
    assert office.beside() == {name: f"about {name}" for name in names}
    assert office.desk.daemon().run().wrote is False


def test_nobody_types_notes_while_they_are_moved(office: Office) -> None:
    name = office.company(office.numbers[0])
    office.note(name, "ask his wife")
    for number, day in zip(office.numbers, (20, 18, 16, 14), strict=True):
        office.step(number, date(2026, 2, day))
    office.desk.today += timedelta(days=1)
    daemon, stopped = office.desk.daemon(), list[str]()

    def late() -> None:
        office.desk.busy = True
        try:
            office.note(name, "too late")
        except PermissionError as refused:
            stopped.append(str(refused))
        office.desk.busy = False

    daemon.wire.before[5] = late
    daemon.run()
    assert len(stopped) == 1
    assert office.beside() == {name: "ask his wife"}


def _leave(office: Office) -> None:
    for number in office.numbers:
        office.desk.type(OWNER, number, "Manager", "Bob")


def _back(office: Office) -> None:
    for number in office.numbers:
        office.desk.type(OWNER, number, "Manager", "Ann")


def _hide(office: Office, *, hidden: bool) -> None:
    properties = {"sheetId": office.sheet_id, "hidden": hidden}
    office.desk.batch(
        OWNER, {"updateSheetProperties": {"properties": properties, "fields": "hidden"}}
    )


def test_the_tab_of_a_manager_without_a_company_is_hidden_until_there_is_one_again(
    office: Office,
) -> None:
    name = office.company(office.numbers[0])
    office.note(name, "ask his wife")
    assert not office.hidden()
    _leave(office)
    office.night()
    assert office.hidden()
    assert office.beside() == {name: "ask his wife"}
    office.night()
    assert office.hidden()
    _back(office)
    office.night()
    assert not office.hidden()
    assert office.rows()[office.at(name)][0].startswith("overdue:")
    assert office.beside() == {name: "ask his wife"}


def test_a_tab_that_somebody_shows_or_hides_stays_so(office: Office) -> None:
    _hide(office, hidden=True)
    office.night()
    assert office.hidden()
    _leave(office)
    office.night()
    _hide(office, hidden=False)
    office.night()
    assert not office.hidden()
    assert office.hidden("Overdue · Bob") is False


def test_the_last_tab_that_can_be_seen_is_not_hidden(office: Office) -> None:
    sheets = office.desk.call(OWNER, "GET", "?fields=sheets.properties")["sheets"]
    for sheet in sheets:
        properties = {"sheetId": sheet["properties"]["sheetId"], "hidden": True}
        if sheet["properties"]["title"] != TAB:
            office.desk.batch(
                OWNER, {"updateSheetProperties": {"properties": properties, "fields": "hidden"}}
            )
    _leave(office)
    office.night()
    assert not office.hidden()


# Where the report itself becomes wider or narrower


OLD = (270, 155, 250, 100, 100, 150)


def _as_before(office: Office) -> None:
    """Make the hidden cells what the program wrote before it remembered how wide a report is."""
    for at, row in enumerate(office.rows()):
        if row and row[0]:
            office.desk.write(OWNER, TAB, at, [row[0][: row[0].rindex("·") + 1] + row[0][-12:]])


@pytest.mark.parametrize("before", [False, True], ids=["remembered", "of an older version"])
@pytest.mark.parametrize("widths", [WIDTHS, (*OLD, 120), (*(100,) * 9,), OLD[:-1]])
def test_a_report_of_another_width_covers_no_note(
    monkeypatch: pytest.MonkeyPatch, widths: tuple[int, ...], *, before: bool
) -> None:
    monkeypatch.setattr("sheetsync.reporting.tabs.manager.WIDTHS", OLD)
    office = Office()
    names = [office.company(number) for number in office.numbers]
    for name in names:
        office.note(name, "refused", 1 + len(OLD))  # where a decision will stand: it is none
        office.note(name, f"more about {name}", 3 + len(OLD))
    if before:
        _as_before(office)
    monkeypatch.setattr("sheetsync.reporting.tabs.manager.WIDTHS", widths)
    for number, day in zip(office.numbers, (20, 18, 16, 14), strict=True):
        office.step(number, date(2026, 2, day))
    done = office.night()
    assert not done.planned.plan.moves
    for name in names:
        row = office.rows()[office.at(name)]
        assert row[1 + len(widths) :] == ["refused", "", f"more about {name}"]


# On the summary, which has boxes to tick and charts


def _charts(office: Office) -> dict[int, Any]:
    fields = quote("sheets(charts(chartId,position(overlayPosition)))")
    sheets = office.desk.call(OWNER, "GET", f"?fields={fields}")["sheets"]
    return {
        c["chartId"]: c["position"]["overlayPosition"]
        for sheet in sheets
        for c in sheet.get("charts", ())
    }


def _summary(office: Office) -> list[list[Any]]:
    return [[*row, *[""] * (30 - len(row))] for row in office.rows("Summary")]


def _offers(office: Office) -> dict[str, list[Any]]:
    return {row[1]: row for row in _summary(office) if str(row[0]).startswith("offer:")}


def test_on_the_summary_notes_follow_their_lines_and_charts_stay() -> None:
    office = _office()
    calls = [office.desk.add(TITLES["call_base"], "New", "", "Small") for _ in range(3)]
    for number in calls:
        office.desk.type(OWNER, number, "Manager", "")
    office.night()
    rows, names = _summary(office), [office.company(number) for number in calls]
    right = max(len(row) for row in office.rows("Summary")) + 1
    for at, row in enumerate(rows):
        if row[1] in names and str(row[0]).startswith("offer:"):
            office.desk.write(EDITOR, "Summary", at, [f"about {row[1]}"], right)
    charts = _charts(office)
    assert charts
    large = office.desk.add(TITLES["call_base"], "New", "", "Large")  # offered before all others
    office.desk.type(OWNER, large, "Manager", "")
    office.report()
    assert next(iter(_offers(office))) == office.company(large)
    assert {name: row[right] for name, row in _offers(office).items() if row[right]} == {
        name: f"about {name}" for name in names
    }
    assert _charts(office) == charts
    assert office.report().wrote is False
    area = {
        "sheetId": _sheet_id(office, "Summary"),
        "startRowIndex": 2,
        "endRowIndex": len(rows) + 1,
    }
    office.desk.batch(
        EDITOR,
        {
            "sortRange": {
                "range": area,
                "sortSpecs": [{"dimensionIndex": right, "sortOrder": "ASCENDING"}],
            }
        },
    )
    office.report()
    assert {name: row[right] for name, row in _offers(office).items() if row[right]} == {
        name: f"about {name}" for name in names
    }
    assert _charts(office) == charts
    assert office.report().wrote is False


def _sheet_id(office: Office, title: str) -> int:
    sheets = office.desk.call(OWNER, "GET", "?fields=sheets.properties")["sheets"]
    return next(
        int(sheet["properties"]["sheetId"])
        for sheet in sheets
        if sheet["properties"]["title"] == title
    )


def test_a_box_is_found_beside_a_column_that_somebody_has_inserted() -> None:
    office = _office()
    for label in ("Small", "Large"):
        office.desk.type(
            OWNER, office.desk.add(TITLES["call_base"], "New", "", label), "Manager", ""
        )
    office.night()
    names = [*_offers(office)]
    columns = {
        "sheetId": _sheet_id(office, "Summary"),
        "dimension": "COLUMNS",
        "startIndex": 4,
        "endIndex": 5,
    }
    office.desk.batch(EDITOR, {"insertDimension": {"range": columns}})
    rows = _summary(office)
    at = {row[1]: number for number, row in enumerate(rows) if str(row[0]).startswith("offer:")}
    office.desk.write(
        EDITOR, "Summary", at[names[0]], ["yes"], 4
    )  # a word in a column of somebody's own
    office.desk.write(EDITOR, "Summary", at[names[1]], [True], 5)
    done = office.night()
    assert [move.company for move in done.planned.plan.moves] == [names[1]]


def test_in_a_file_too_a_note_follows_its_company(sheetsync: Shell, tmp_path: Path) -> None:
    def row(number: int, day: int) -> list[Any]:
        more = {"Label": "Large", "State": "Contact 2", "Work began": "2026-03-01"}
        return client(number, Manager="Ann", **more, **{"Last contact": f"2026-02-{day:02}"})

    tabs: dict[str, list[Any]] = {title: [HEADINGS] for title in TITLES.values()}
    tabs[WORKING] += [row(number, 10 + number) for number in range(4)]
    path = write_base(tmp_path / "base.xlsx", tabs)
    assert sheetsync("run", path, "--today", "2026-03-02", "--force").code == 0
    workbook: Any = openpyxl.load_workbook(path)
    sheet = workbook[TAB]
    (line,) = [cells[0].row for cells in sheet.iter_rows() if cells[1].value == "Company 3"]
    beside = sheet.cell(line, NOTES + 1)
    beside.value, beside.comment = "ask his wife", Comment("prefers mornings", "Ann")
    beside.fill = PatternFill("solid", "FF00FF00")
    held = workbook[WORKING]
    held.cell(5, HEADINGS.index("Last contact") + 1).value = datetime(2026, 2, 1)  # noqa: DTZ001  # as a file keeps days
    workbook.save(path)
    workbook.close()
    assert sheetsync("run", path, "--today", "2026-03-03").code == 0
    workbook = openpyxl.load_workbook(path)
    sheet = workbook[TAB]
    (now,) = [cells[0].row for cells in sheet.iter_rows() if cells[1].value == "Company 3"]
    found = sheet.cell(now, NOTES + 1)
    assert now < line
    assert (found.value, found.comment.text, found.fill.fgColor.rgb) == (
        "ask his wife",
        "prefers mornings",
        "FF00FF00",
    )
    assert sheet.cell(line, NOTES + 1).value is None
    workbook.close()
    before = path.read_bytes()
    assert sheetsync("run", path, "--today", "2026-03-03").code == 0
    assert path.read_bytes() == before
