"""What is decided beside a company is carried out by the next run and cleared; what cannot be says why, beside itself."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from sheetsync.emulator.transport.server import Server
from sheetsync.i18n import language
from sheetsync.method.policy import template
from sheetsync.method.terms import Person
from sheetsync.services import run as runner
from sheetsync.services.run import Options, RunResult
from sheetsync.sheets.connection import credentials
from sheetsync.sheets.connection.client import PacedClient, SheetsConnection
from sheetsync.sheets.connection.open_book import Opened
from tests.builders.bench import TITLES
from tests.builders.desk import EDITOR, OWNER, Desk
from tests.builders.policies import changed

WORKING, STRATEGIC, REWORK = TITLES["working"], TITLES["strategic"], TITLES["rework"]
COMPANY, DECISION, WHY = 1, 7, 8
"""Columns of a manager's sheet, 0 being the hidden one."""
HEADS, HEADS_WHY = 3, 9
"""The head's column on the summary, and what is in the way beside it."""


class Forward(HTTPAdapter):
    """Sends what is meant for Google to an emulator that is served on loopback."""

    def __init__(self, root: str) -> None:
        super().__init__()
        self.root = root

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        """Send it there."""
        parts = urlsplit(str(request.url))
        request.url = f"{self.root}{parts.path}?{parts.query}"
        return super().send(request, *args, **options)


@pytest.fixture
def served() -> Iterator[tuple[Desk, str]]:
    """Give a spreadsheet, and where it is served."""
    desk = Desk()
    with Server(desk.workspace) as server:
        yield desk, server.url


def run(desk: Desk, root: str = "") -> RunResult:
    """Run a night; where a root is given, over the wire."""
    if not root:
        return desk.daemon().run()
    http = PacedClient(credentials.local())
    http.session.mount("https://", Forward(root))
    http.set_timeout((10, 60))
    opened = Opened(
        SheetsConnection(http, desk.id, language("en"), attempts=3),
        "Base",
        account=credentials.LOCAL_USER,
    )
    return runner.run(opened, Options(desk.today, force=True, language="en", holder="here:1"))


def sheet(desk: Desk, title: str) -> list[list[Any]]:
    """Return a report's rows."""
    answer = desk.call(OWNER, "GET", f"/values/{quote(title)}?valueRenderOption=UNFORMATTED_VALUE")
    rows: list[list[Any]] = answer.get("values", [])
    return rows


def lines(desk: Desk, title: str, company: str) -> list[int]:
    """Return the rows of a report in which may be decided about a company."""
    blocks = ("overdue:", "closing:", "no_step:", "call:", "fill:", "unmet:", "decide:")
    rows = sheet(desk, title)
    return [
        at
        for at, row in enumerate(rows)
        if str(row[0] if row else "").startswith(blocks) and row[COMPANY] == company
    ]


def decide(desk: Desk, title: str, company: str, said: str, user: str = EDITOR) -> None:
    """Type a decision beside a company."""
    at, *_ = lines(desk, title, company)
    desk.write(user, title, at, [said], HEADS if title == "Summary" else DECISION)


def cell(row: list[Any], at: int) -> Any:
    """Return a cell of a row that may be shorter."""
    return row[at] if at < len(row) else ""


def beside(desk: Desk, title: str, company: str) -> tuple[Any, Any]:
    """Return what stands in the cell to decide in, and beside it."""
    at, *_ = lines(desk, title, company)
    decided, why = (HEADS, HEADS_WHY) if title == "Summary" else (DECISION, WHY)
    row = sheet(desk, title)[at]
    return cell(row, decided), cell(row, why)


def words(desk: Desk) -> list[str]:
    """Return what the dropdowns offer, in order: the head's first."""
    return [str(row[0]) for row in sheet(desk, "sheetsync · charts")[1:] if row and row[0]]


def stands(desk: Desk, number: str) -> tuple[str, str, str]:
    """Return where a client stands, its state and its manager."""
    ((title, _, cells),) = desk.standing()[number]
    return title, cells["State"], cells["Manager"]


def busy(
    desk: Desk,
    count: int,
    manager: str = "Ann",
    state: str = "Contact 1",
    began: str = "2026-02-25",
) -> list[str]:
    """Add clients in work, who have no next step."""
    made = [desk.add(WORKING, state, began, "Large") for _ in range(count)]
    for number in made:
        desk.type(OWNER, number, "Manager", manager)
    return made


ANN, SUMMARY = "Overdue · Ann", "Summary"


def test_everything_that_the_dropdowns_offer_is_carried_out_on_a_served_emulator(
    served: tuple[Desk, str],
) -> None:
    desk, root = served
    ends, spare = busy(desk, 4, began="2026-01-22"), busy(desk, 14)
    busy(desk, 1, "Bob")
    twin, kept = busy(desk, 2)
    for number in (twin, kept):
        desk.type(OWNER, number, "Tax number", "")
        desk.type(OWNER, number, "Phone", "+12025550177")
    rests = desk.add(REWORK, "Call round", "", "Large")
    desk.type(OWNER, rests, "Manager", "Ann")
    run(desk, root)
    # What only the head says, and only of clients without a payment, is tested with the proofs.
    offered = [word for word in words(desk) if word != "count as sold"]
    assert offered[:6] == [
        "extend by 3 days",
        "extend by 7 days",
        "extend by 14 days",
        "extend by 30 days",
        "take into work",
        "to: Strategic archive",
    ]
    assert offered[-3:] == ["hand to: Ann", "hand to: Bob", "same as the row found"]
    decide(desk, ANN, desk.clients[twin].typed["Company"], offered[-1])
    typed = {}
    for said in offered[:-1]:
        if said == "hand to: Ann":  # whose they all are
            continue
        number = (
            ends.pop()
            if said.startswith("extend")
            else rests
            if said == "take into work"
            else spare.pop()
        )
        company = desk.clients[number].typed["Company"]
        decide(desk, SUMMARY if said.startswith("extend") else ANN, company, said)
        typed[said] = (number, company)
    done = run(desk, root)
    assert done.planned.plan.pending == ()
    found = {said: stands(desk, number) for said, (number, _) in typed.items()}
    soft, hard = (REWORK, "Refusal", "Ann"), (TITLES["hard_refusal"], "Refusal", "Ann")
    assert found == {
        **dict.fromkeys(offered[:4], (WORKING, "Contact 1", "Ann")),
        "take into work": (WORKING, "Contact 1", "Ann"),
        "to: Strategic archive": (STRATEGIC, "Strategic reserve", "Ann"),
        **dict.fromkeys(("refuse: Off-profile", "refuse: Negative", "refuse: Closed down"), hard),
        **dict.fromkeys((word for word in offered if word.startswith("to rework: ")), soft),
        "hand to: Bob": (WORKING, "Contact 1", "Bob"),
    }
    assert twin not in desk.standing()
    told = {line["ID"] for line in desk.journal() if "decided" in line["Why"]}
    assert len(told) == len(typed)
    for title in (ANN, SUMMARY):
        assert not [row for row in sheet(desk, title) if any(said in row for said in offered)]
    assert not run(desk, root).wrote


def test_it_says_why_not_beside_itself_until_it_is_possible_or_taken_back(desk: Desk) -> None:
    (first, second), company = busy(desk, 2), desk.clients
    busy(desk, 1, "Bob")
    run(desk)
    name = company[first].typed["Company"]
    decide(desk, ANN, name, "extend by 7 days")
    run(desk)
    assert beside(desk, ANN, name) == (
        "extend by 7 days",
        "only the head of sales gives more time, on the tab “Summary”",
    )
    assert not run(desk).wrote
    decide(desk, ANN, name, "")
    other = company[second].typed["Company"]
    decide(desk, ANN, other, "hand to: Bob")
    run(desk)
    assert beside(desk, ANN, name) == ("", "")
    assert stands(desk, second) == (WORKING, "Contact 1", "Bob")
    assert not run(desk).wrote


def test_a_decision_whose_line_is_gone_is_listed_with_what_is_in_its_way(desk: Desk) -> None:
    (number,) = busy(desk, 1)
    busy(desk, 1, "Bob")
    run(desk)
    name = desk.clients[number].typed["Company"]
    decide(desk, ANN, name, "=1+1 call them")
    desk.type(OWNER, number, "State", "Client")
    run(desk)
    (at,) = lines(desk, ANN, name)
    assert str(sheet(desk, ANN)[at][0]).startswith("unmet:")
    assert beside(desk, ANN, name) == ("=1+1 call them", "not understood: choose from the list")
    assert not run(desk).wrote
    decide(desk, ANN, name, "")
    run(desk)
    assert lines(desk, ANN, name) == []


def test_a_decision_of_the_second_in_which_a_run_writes_is_not_lost(desk: Desk) -> None:
    (number, _), bob = busy(desk, 2), busy(desk, 1, "Bob")
    run(desk)
    desk.type(OWNER, bob[0], "State", "Client")  # so that there is something to write
    name = desk.clients[number].typed["Company"]
    daemon = desk.daemon()
    daemon.wire.before[3] = lambda: decide(desk, ANN, name, "refuse: crisis", OWNER)
    daemon.run()
    assert stands(desk, number)[:2] == (REWORK, "Refusal")


def test_a_report_written_meanwhile_keeps_what_is_decided(desk: Desk) -> None:
    (number,), _ = busy(desk, 1), busy(desk, 1, "Bob")
    run(desk)
    name = desk.clients[number].typed["Company"]
    desk.type(OWNER, number, "State", "Contact 2")  # so that the very line is written anew
    daemon = desk.daemon()
    daemon.wire.before[4] = lambda: decide(desk, ANN, name, "refuse: crisis", OWNER)
    runner.report(daemon.opened, daemon.options)
    assert beside(desk, ANN, name)[0] == "refuse: crisis"
    run(desk)
    assert stands(desk, number)[:2] == (REWORK, "Refusal")


def test_what_was_decided_can_be_taken_back(desk: Desk) -> None:
    (away, handed), _ = busy(desk, 2), busy(desk, 1, "Bob")
    run(desk)
    for number, said in (
        (away, "to: strategic archive"),
        (handed, "hand to: Bob — they know each other"),
    ):
        decide(desk, ANN, desk.clients[number].typed["Company"], said)
    run(desk)
    assert (stands(desk, away)[0], stands(desk, handed)[2]) == (STRATEGIC, "Bob")
    desk.daemon().undo()
    assert (stands(desk, away), stands(desk, handed)) == (
        (WORKING, "Contact 1", "Ann"),
        (WORKING, "Contact 1", "Ann"),
    )
    assert not run(desk).planned.plan.moves


def test_where_the_heads_address_is_known_only_the_head_decides_on_the_summary(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = changed(template("en"), head=Person(name="Eve", email="head@localhost"))
    monkeypatch.setattr("sheetsync.sheets.read.reader.choose_policy", lambda *_: policy)
    (number,), _ = busy(desk, 1, began="2026-01-22"), busy(desk, 1, "Bob")
    run(desk)
    name = desk.clients[number].typed["Company"]
    with pytest.raises(PermissionError):
        decide(desk, SUMMARY, name, "extend by 30 days")
    decide(desk, SUMMARY, name, "extend by 30 days", "head@localhost")
    decide(desk, ANN, name, "refuse: crisis")  # overruled
    run(desk)
    assert stands(desk, number)[0] == WORKING
    assert not lines(desk, ANN, name) or beside(desk, ANN, name) == ("", "")
    assert not run(desk).wrote


@pytest.fixture
def desk() -> Desk:
    """Give an empty spreadsheet."""
    return Desk()


def test_a_sort_that_leaves_the_hidden_column_behind_hands_no_decision_to_another_company(
    desk: Desk,
) -> None:
    numbers, _ = busy(desk, 4), busy(desk, 1, "Bob")
    run(desk)
    names = [desk.clients[number].typed["Company"] for number in numbers]
    decide(desk, ANN, names[0], "refuse: crisis")
    decide(desk, ANN, names[1], "nonsense")
    sheets = {
        s["properties"]["title"]: s["properties"]["sheetId"]
        for s in desk.call(OWNER, "GET", "")["sheets"]
    }
    area = {
        "sheetId": sheets[ANN],
        "startRowIndex": 2,
        "endRowIndex": len(sheet(desk, ANN)),
        "startColumnIndex": 1,
        "endColumnIndex": 12,
    }
    desk.batch(
        EDITOR,
        {
            "sortRange": {
                "range": area,
                "sortSpecs": [{"dimensionIndex": 1, "sortOrder": "DESCENDING"}],
            }
        },
    )
    run(desk)
    assert [stands(desk, number)[0] for number in numbers] == [REWORK, WORKING, WORKING, WORKING]
    assert beside(desk, ANN, names[1]) == ("nonsense", "not understood: choose from the list")
    assert {name: beside(desk, ANN, name)[0] for name in names[2:]} == dict.fromkeys(names[2:], "")
