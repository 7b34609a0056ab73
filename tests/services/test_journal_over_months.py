"""A base over half a year: after the first months its Journal is no longer, and a night no larger, than before.

A night every three weeks, the Journal's lines of the nights between typed in; with SOAK set, each of 180 nights is run.
"""

import os
from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest
from requests import PreparedRequest, Response

from sheetsync.method.policy import Policy
from sheetsync.method.terms import JournalKeeping
from sheetsync.sheets.read import reader
from sheetsync.workbook.journal_volumes import KEPT_DAYS
from sheetsync.workbook.snapshot import Book
from tests.builders.desk import EDITOR, OWNER, Daemon, Desk, Wire

BEGIN = date(2026, 1, 1)
LINES = 3
"""Lines of a night: two contacts, and what there is of everything."""
STEP, NIGHTS = (1, 180) if os.environ.get("SOAK") else (21, 12)
FULL = KEPT_DAYS + 31
"""The day from which on the Journal holds as much as it ever does: a month goes when the next one is over for so long."""


class Scales(Wire):
    """Weighs what a daemon writes, in bytes."""

    written = 0

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        """Weigh and send."""
        if ":batchUpdate" in str(request.url):
            self.written += len(request.body or b"")
        return super().send(request, *args, **options)


class Weighed(NamedTuple):
    """A night: its day from the first one on, the Journal's lines after it, its requests and the bytes that it wrote."""

    day: int
    lines: int
    requests: dict[str, int]
    written: int


def by_month(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = reader.choose_policy

    def choose(book: Book, wanted: str | None) -> Policy:
        keeping = JournalKeeping(volumes="month")
        return chosen(book, wanted).model_copy(update={"journal": keeping})

    monkeypatch.setattr(reader, "choose_policy", choose)


def base() -> Desk:
    desk = Desk()
    desk.today = BEGIN
    for _ in range(4):
        desk.add("Clients", "Client", "")
    return desk


def let_nights_pass(desk: Desk, until: date) -> None:
    """Put on top of the Journal what the nights of a stretch would have written there."""
    rows = []
    for ago in range(1, STEP):
        on = (until - timedelta(days=ago) - date(1899, 12, 30)).days + 0.1
        rows += [[on, f"r{on}", "X", f"Company {line}"] for line in range(LINES)]
    sheets = desk.call(OWNER, "GET", "")["sheets"]
    (journal,) = (each for each in sheets if each["properties"]["title"] == "Journal")
    place = {
        "sheetId": journal["properties"]["sheetId"],
        "dimension": "ROWS",
        "startIndex": 1,
        "endIndex": 1 + len(rows),
    }
    desk.batch(OWNER, {"insertDimension": {"range": place, "inheritFromBefore": False}})
    path = "/values/Journal!A2?valueInputOption=RAW"
    desk.call(OWNER, "PUT", path, {"values": rows})


def night(desk: Desk, day: int) -> Weighed:
    desk.today = BEGIN + timedelta(days=day)
    if day and STEP > 1:
        let_nights_pass(desk, desk.today)
    for number in [*desk.clients][:2]:
        desk.type(EDITOR, number, "Last contact", str(desk.today - timedelta(days=1)))
    wire = Scales(desk.workspace)
    daemon = Daemon(desk, wire, "here:1")
    daemon.run()
    return Weighed(
        day, len(desk.values("Journal")) - 1, dict(daemon.opened.line.sent), wire.written
    )


@pytest.mark.long
def test_after_the_first_months_the_journal_and_a_night_grow_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    by_month(monkeypatch)
    desk = base()
    nights = [night(desk, number * STEP) for number in range(NIGHTS)]
    young = [each for each in nights if 2 * STEP <= each.day < FULL]
    old = [each for each in nights if each.day >= FULL]
    assert len(old) > 5
    # At most what is kept, the month that goes next, and what a stretch of nights brings at once.
    assert max(each.lines for each in old) <= (FULL + STEP) * LINES
    assert min(each.lines for each in old) >= KEPT_DAYS * LINES - LINES * STEP
    assert {tuple(each.requests.items()) for each in nights[1:]} == {(("read", 4), ("write", 2))}
    largest = max(each.written for each in young)
    assert max(each.written for each in old) < largest * 1.1
    volumes = [title for title in desk.sheets() if title.startswith("Journal · ")]
    assert (
        volumes[:3]
        == [
            "Journal · January 2026",
            "Journal · February 2026",
            "Journal · March 2026",
        ][: len(volumes)]
    )
    kept = sum(len(desk.values(title)) - 1 for title in ("Journal", *volumes))
    assert kept >= (NIGHTS * STEP - STEP) * LINES - LINES  # none is lost on the way
