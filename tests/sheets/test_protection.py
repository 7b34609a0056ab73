"""The column «Extended to» is the head's: managers are stopped or warned there, and nobody anywhere else.

People are known by their tokens; what is refused to them is the service's word, not ours.
"""

from typing import Any

import pytest

from sheetsync.errors import RequestRefused
from sheetsync.method.policy import Policy
from sheetsync.method.terms import Person
from sheetsync.services import read_and_decide as planning
from sheetsync.services.read_and_decide import RunResult
from sheetsync.sheets.read import reader
from sheetsync.sheets.session import lock
from sheetsync.workbook.snapshot import Snapshot
from tests.builders.bench import TITLES
from tests.builders.desk import COLUMNS, EDITOR, NOTE, OWN, OWNER, Desk

HEAD, NEXT_HEAD = "head@localhost", "olga@localhost"
WORKING, STRATEGIC = TITLES["working"], TITLES["strategic"]
AT = len(COLUMNS)
"""Where the column stands that the owner has added at the right."""


@pytest.fixture
def desk() -> Desk:
    """Give a base with the head's column on every tab: one row's time is up, two are worked."""
    made = Desk()
    for title in TITLES.values():
        wider = {"sheetId": made.sheet_id(title), "dimension": "COLUMNS", "length": 8}
        made.batch(OWNER, {"appendDimension": wider})
        made.write(OWNER, title, 0, ["Extended to"], AT)
    for began in ("2026-01-10", "2026-02-28", "2026-02-28"):
        made.add(WORKING, "Contact 2", began)
    made.add(STRATEGIC, "Strategic reserve", "2026-01-01")
    return made


class Office:
    """The base under one head after the other."""

    def __init__(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        self.desk, self.email, self.runs = desk, "", 0
        read = reader.read_book

        def told(*arguments: Any) -> tuple[Snapshot, Policy]:
            snapshot, policy = read(*arguments)
            return snapshot, policy.model_copy(
                update={"head": Person(name="Eva", email=self.email)}
            )

        monkeypatch.setattr(planning, "read_book", told)

    def night(self, head: str) -> RunResult:
        """Run under a head with this address."""
        self.email, self.runs = head, self.runs + 1
        return self.desk.daemon(holder=f"here:{self.runs}").run()

    def kept(self, title: str = WORKING) -> list[dict[str, Any]]:
        """Return the protections of the head's column, as the owner sees them."""
        sheets = self.desk.call(OWNER, "GET", "")["sheets"]
        (sheet,) = (sheet for sheet in sheets if sheet["properties"]["title"] == title)
        return [
            p
            for p in sheet.get("protectedRanges", ())
            if "moves a deadline" in p.get("description", "")
        ]

    def extends(self, user: str, number: str = "N2") -> bool:
        """Tell whether a person may type a day into the head's column."""
        title, row = self.desk.place(number)
        column = self.desk.tabs()[title][0].index("Extended to")
        try:
            self.desk.write(user, title, row, ["2026-03-20"], column)
        except PermissionError:
            return False
        return True


@pytest.fixture
def office(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Office:
    return Office(desk, monkeypatch)


def test_without_an_address_of_the_head_the_column_only_warns(office: Office) -> None:
    office.night("")
    (kept,) = office.kept()
    assert kept["warningOnly"]
    assert office.extends(EDITOR)
    assert not office.night("").planned.plan.moves
    assert len(office.kept()) == 1


def test_only_the_head_extends_a_deadline(office: Office, desk: Desk) -> None:
    assert office.night(HEAD).wrote
    (kept,) = office.kept()
    assert {HEAD, "sheetsync@localhost"} <= {*kept["editors"]["users"]}
    assert (kept["range"]["startColumnIndex"], kept["range"]["endColumnIndex"]) == (AT, AT + 1)
    assert "startRowIndex" not in kept["range"]
    assert not office.extends(EDITOR)
    assert office.extends(HEAD)
    desk.type(EDITOR, "N2", NOTE, "everything else is the managers'")
    desk.write(
        EDITOR, WORKING, len(desk.tabs()[WORKING]), ["A new company", None, "+7 912 000-00-99"]
    )


def test_its_price_is_that_managers_delete_and_sort_no_whole_rows(
    office: Office, desk: Desk
) -> None:
    office.night(HEAD)
    title, row = desk.place("N2")
    with pytest.raises(PermissionError, match="protected"):
        desk.batch(EDITOR, {"deleteDimension": {"range": desk.rows(title, row, row + 1)}})
    area = {
        "sheetId": desk.sheet_id(title),
        "startRowIndex": 1,
        "endRowIndex": 9,
        "startColumnIndex": 0,
        "endColumnIndex": 30,
    }
    sort = {
        "sortRange": {
            "range": area,
            "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "DESCENDING"}],
        }
    }
    with pytest.raises(PermissionError, match="protected"):
        desk.batch(EDITOR, sort)
    desk.batch(HEAD, sort)


def test_runs_live_with_the_protection_and_make_it_once(office: Office, desk: Desk) -> None:
    office.night(HEAD)
    quiet = office.night(HEAD)
    assert (quiet.wrote, dict(quiet.requests)) == (False, {"read": 2, "write": 0})
    desk.today = desk.today.replace(day=16)
    done = office.night(HEAD)  # rows leave and come under protections of both tabs
    assert {move.id for move in done.planned.plan.moves}
    assert {desk.place(number)[0] for number in ("N2", "N3")} == {STRATEGIC}
    assert [len(office.kept(title)) for title in TITLES.values()] == [1] * 6
    assert not office.night(HEAD).wrote
    assert not office.extends(EDITOR, "N2")


def test_a_new_head_takes_the_column_over(office: Office) -> None:
    office.night(HEAD)
    assert office.night(NEXT_HEAD).wrote
    assert (len(office.kept()), office.extends(HEAD), office.extends(NEXT_HEAD)) == (1, False, True)
    assert not office.night(NEXT_HEAD).planned.plan.moves
    office.night("")
    assert (len(office.kept()), office.extends(EDITOR)) == (1, True)


def test_the_protection_follows_its_column(office: Office, desk: Desk) -> None:
    office.night(HEAD)
    place = {
        "sheetId": desk.sheet_id(WORKING),
        "dimension": "COLUMNS",
        "startIndex": AT,
        "endIndex": AT + 1,
    }
    desk.batch(OWNER, {"moveDimension": {"source": place, "destinationIndex": 2}})
    office.night(HEAD)
    assert not office.extends(EDITOR)
    assert desk.tabs()[WORKING][0].index("Extended to") == 2
    desk.type(EDITOR, "N2", OWN, "N2")


def test_what_somebody_else_protects_there_is_left_alone(office: Office, desk: Desk) -> None:
    area = {"sheetId": desk.sheet_id(WORKING), "startColumnIndex": AT, "endColumnIndex": AT + 1}
    desk.batch(
        OWNER,
        {"addProtectedRange": {"protectedRange": {"range": area, "editors": {"users": [OWNER]}}}},
    )
    office.night(HEAD)
    assert office.kept(WORKING) == []
    assert len(office.kept(STRATEGIC)) == 1


def test_an_address_of_nobody_stops_no_night(
    office: Office, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether Google refuses an address that it does not know is not documented; the night goes on either way."""
    send = lock.send

    def strict(line: Any, body: Any, *more: Any, **options: Any) -> Any:
        named = [
            r["addProtectedRange"]["protectedRange"].get("editors", {})
            for r in body["requests"]
            if "addProtectedRange" in r
        ]
        if any("nobody@localhost" in editors.get("users", ()) for editors in named):
            raise RequestRefused("no such user", fix="")
        return send(line, body, *more, **options)

    monkeypatch.setattr(lock, "send", strict)
    done = office.night("nobody@localhost")
    assert desk.place("N1")[0] == STRATEGIC
    assert "nobody@localhost" in " ".join(done.notes)
    assert office.kept() == []
    desk.type(EDITOR, "N2", NOTE, "no lock is left behind")


@pytest.mark.parametrize("typed", ["", "  ", "Eva", "eva at firm.ru", "a@b, c@d"])
def test_what_is_no_address_names_nobody(office: Office, typed: str) -> None:
    office.night(typed)
    assert office.kept()[0]["warningOnly"]


def test_a_base_that_was_laid_out_before_gets_the_protection_and_a_wider_state_tab(
    office: Office, desk: Desk
) -> None:
    office.night("")
    state = "sheetsync · state"
    number = next(
        s["properties"]["sheetId"]
        for s in desk.call(OWNER, "GET", "")["sheets"]
        if s["properties"]["title"] == state
    )
    rows = desk.call(OWNER, "GET", f"/values/'{state}'?valueRenderOption=UNFORMATTED_VALUE")[
        "values"
    ]
    old = [row[:-4] for row in rows]  # the tab as it was before there were extensions
    narrow = {
        "sheetId": number,
        "dimension": "COLUMNS",
        "startIndex": len(old[0]),
        "endIndex": len(rows[0]),
    }
    gone = [
        {"deleteProtectedRange": {"protectedRangeId": office.kept(title)[0]["protectedRangeId"]}}
        for title in TITLES.values()
    ]
    desk.batch(OWNER, {"deleteDimension": {"range": narrow}}, *gone)
    assert office.night(HEAD).wrote
    again = desk.call(OWNER, "GET", f"/values/'{state}'?valueRenderOption=UNFORMATTED_VALUE")[
        "values"
    ]
    assert again[0] == rows[0]
    assert [row[:2] for row in again] == [row[:2] for row in rows]
    assert not office.extends(EDITOR)
    assert not office.night(HEAD).wrote
