"""What the head of sales alone may change: the service stops others, every change is journalled and told."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from sheetsync.i18n import language
from sheetsync.method.policy import template
from sheetsync.method.settings_tab.document import SettingsDocument, default, policy_of
from sheetsync.method.settings_tab.mapping import SettingsReading
from sheetsync.reporting.messages import journal_line_of, messages_of_day
from sheetsync.reporting.messages.message import Message
from sheetsync.rules.changes.authority import is_guarded
from sheetsync.rules.changes.settings_changes import under_known_head
from sheetsync.services.notify import facts_of
from sheetsync.services.run import RunResult
from sheetsync.values import to_serial
from sheetsync.workbook.journal import JournalLine, LineKind
from sheetsync.workbook.snapshot import Book, Snapshot
from tests.builders.desk import EDITOR, OWNER, Desk

HEAD, NEXT, DEPUTY = "head@firm.com", "next@firm.com", "dan@firm.com"
SETTINGS, SHEET = "Settings", 50
ROWS: dict[str, Any] = {
    "E-mail of the head": None,
    "E-mail of the deputy": None,
    "Deputy from": None,
    "Deputy until": None,
    "Companies at most: never exceeded": 90,
    "A deadline may be extended so often": 2,
}


def led_by(head: str | None, **more: Any) -> Desk:
    """Give a base with one company at work and settings, after its first night."""
    desk = Desk()
    desk.add("Working list", "Contact 2", "2026-02-28")
    tab = {"addSheet": {"properties": {"title": SETTINGS, "sheetId": SHEET}}}
    desk.batch(OWNER, tab)
    rows = {**ROWS, "E-mail of the head": head, **more}
    lines: list[list[Any]] = [["Rules", None], [None, None], ["Rule", "Value"]]
    lines += [[*row] for row in rows.items()]
    for number, line in enumerate(lines):
        desk.write(OWNER, SETTINGS, number, line)
    desk.daemon().run()
    return desk


@pytest.fixture(scope="module")
def guarded() -> Desk:
    return led_by(HEAD)


@pytest.fixture(scope="module")
def open_to_all() -> Desk:
    return led_by(None)


def change(desk: Desk, user: str, setting: str, value: Any) -> None:
    """Type into the value of a setting."""
    desk.write(user, SETTINGS, 3 + [*ROWS].index(setting), [value], 1)


def night(desk: Desk, day: str) -> RunResult:
    desk.today = date.fromisoformat(day)
    return desk.daemon(holder=f"here:{day}").run()


def told(desk: Desk) -> list[dict[str, Any]]:
    return [line for line in desk.journal() if line["What"] == "setting changed"]


def summary(desk: Desk) -> str:
    rows = desk.values("Summary")
    return "\n".join(" | ".join(map(str, row[1:])) for row in rows)


def may(desk: Desk, user: str) -> bool:
    """Tell whether somebody may type into the settings."""
    try:
        change(desk, user, "A deadline may be extended so often", 5)
    except PermissionError:
        return False
    return True


def test_with_an_address_of_the_head_nobody_else_changes_the_settings(guarded: Desk) -> None:
    desk = guarded.copy()
    assert [may(desk, user) for user in (EDITOR, HEAD, OWNER)] == [False, True, True]
    assert "unguarded" not in summary(desk)


def test_without_one_the_settings_only_warn_and_the_summary_says_so(open_to_all: Desk) -> None:
    desk = open_to_all.copy()
    sheets = desk.call(OWNER, "GET", "")["sheets"]
    (tab,) = (sheet for sheet in sheets if sheet["properties"]["title"] == SETTINGS)
    assert [kept["warningOnly"] for kept in tab["protectedRanges"]] == [True]
    assert may(desk, EDITOR)
    assert "Authority is unguarded" in summary(desk)


def test_the_protection_is_made_once(guarded: Desk) -> None:
    desk = guarded.copy()
    quiet = night(desk, "2026-03-02")
    assert (quiet.wrote, dict(quiet.requests)) == (False, {"read": 2, "write": 0})


def test_a_loosened_setting_is_journalled_and_stands_on_the_summary_for_a_week(
    guarded: Desk,
) -> None:
    desk = guarded.copy()
    change(desk, HEAD, "A deadline may be extended so often", 3)
    change(desk, HEAD, "Companies at most: never exceeded", 80)
    night(desk, "2026-03-03")
    looser = next(line for line in told(desk) if "extended" in line["Why"])
    stricter = next(line for line in told(desk) if "at most" in line["Why"])
    assert [str(looser["From"]), str(looser["To"])] == ["2", "3"]
    assert "loosens the method" in looser["Why"]
    assert "loosens the method" not in stricter["Why"]
    assert "by the head of sales, a deputy or the owner" in looser["Why"]
    shown = summary(desk)
    assert shown.index("2 → 3") < shown.index("90 → 80")
    night(desk, "2026-03-09")
    assert "2 → 3" in summary(desk)
    night(desk, "2026-03-10")
    assert "2 → 3" not in summary(desk)
    assert len(told(desk)) == 2


def test_without_an_address_a_change_is_an_unnamed_editors(open_to_all: Desk) -> None:
    desk = open_to_all.copy()
    change(desk, EDITOR, "A deadline may be extended so often", 9)
    night(desk, "2026-03-03")
    (line,) = told(desk)
    assert "by an unnamed editor" in line["Why"]


def test_a_change_is_told_to_the_head_once(guarded: Desk) -> None:
    desk = guarded.copy()
    change(desk, HEAD, "A deadline may be extended so often", 3)
    planned = night(desk, "2026-03-03").planned
    again = night(desk, "2026-03-04").planned
    facts = facts_of(again)
    day = messages_of_day(facts, language("en"), (), {})
    (message,) = (message for message in day.messages if message.role == "head")
    assert any("extended so often" in line and "2 → 3" in line for line in message.lines)
    sent = journal_line_of(message, ["mail"], to_serial(planned.plan.today) + 0.5, language("en"))
    later = replace(facts, journal=(sent, *facts.journal))
    messages = messages_of_day(later, language("en"), (), {}).messages
    assert not [line for other in messages for line in other.lines if "2 → 3" in line]


def test_a_deputy_has_the_heads_rights_on_their_days_and_is_told_the_same() -> None:
    desk = led_by(
        HEAD,
        **{
            "E-mail of the deputy": DEPUTY,
            "Deputy from": "2026-03-03",
            "Deputy until": "2026-03-05",
        },
    )
    assert not may(desk, DEPUTY)
    night(desk, "2026-03-03")
    assert [may(desk, user) for user in (EDITOR, DEPUTY, HEAD)] == [False, True, True]
    night(desk, "2026-03-04")
    planned = night(desk, "2026-03-05").planned
    messages = messages_of_day(facts_of(planned), language("en"), (), {}).messages
    told_to = {message.role: message.lines for message in messages}
    assert told_to["head"] == told_to["deputy"]
    assert any("2 → 5" in line for line in told_to["deputy"])
    night(desk, "2026-03-06")
    assert [may(desk, user) for user in (DEPUTY, HEAD)] == [False, True]


# The head's own address


def with_head(email: str | None, doc: SettingsDocument) -> SettingsDocument:
    return doc._replace(scalars={**doc.scalars, "head.email": email})


def base_of(typed: str | None, *journal: JournalLine, before: str | None = HEAD) -> Snapshot:
    """Give a base whose settings named one head at the last run and another one now."""
    usual = default(template("en"))
    reading = SettingsReading(before=with_head(before, usual), method=with_head(typed, usual))
    book = Book("book", "Base", "en_US", "UTC")
    return Snapshot(book, (), settings_reading=reading, journal=tuple(journal), first_run=False)


def in_force(base: Snapshot, today: str) -> str:
    """Return who is the head on a day."""
    method = base.settings_reading.method
    assert method is not None
    policy = policy_of(template("en"), method)
    return under_known_head(base, policy, date.fromisoformat(today))[1].head.email


WAITS = JournalLine(
    to_serial(date(2026, 3, 2)) + 0.1,
    "run",
    "",
    "",
    "",
    LineKind.SETTING,
    HEAD,
    NEXT,
    "",
    '{"path": "head.email", "place": "Rules", "looser": true, "held": true, "named": true}',
)


def told_head(day: str) -> JournalLine:
    """Return the line of a message that told the head of before."""
    key = f"setting:run:Rules:{HEAD}:{NEXT}"
    head = template("en").head
    message = Message("head", head, "", (), (key,), 1)
    return journal_line_of(
        message, ["mail"], to_serial(date.fromisoformat(day)) + 0.4, language("en")
    )


@pytest.mark.parametrize(
    ("lines", "today", "head"),
    [
        ((), "2026-03-02", HEAD),
        ((WAITS,), "2026-03-03", HEAD),
        ((told_head("2026-03-03"), WAITS), "2026-03-03", HEAD),
        ((told_head("2026-03-03"), WAITS), "2026-03-04", NEXT),
        ((WAITS,), "2026-03-08", HEAD),
        ((WAITS,), "2026-03-09", NEXT),
    ],
    ids=["found", "untold", "no night yet", "told and slept", "six days", "a week on the summary"],
)
def test_another_address_of_the_head_waits_until_the_old_one_was_told_and_a_night_has_passed(
    lines: tuple[JournalLine, ...], today: str, head: str
) -> None:
    assert in_force(base_of(NEXT, *lines), today) == head


def test_taking_the_address_away_waits_too_and_giving_the_first_one_does_not() -> None:
    assert in_force(base_of(None), "2026-03-02") == HEAD
    assert in_force(base_of(HEAD, before=None), "2026-03-02") == HEAD


def test_the_old_head_keeps_the_settings_while_the_new_one_waits(guarded: Desk) -> None:
    desk = guarded.copy()
    change(desk, OWNER, "E-mail of the head", NEXT)
    done = night(desk, "2026-03-03")
    assert done.planned.policy.head.email == HEAD
    (line,) = told(desk)
    assert "comes into force once" in line["Why"]
    assert [may(desk, user) for user in (NEXT, HEAD)] == [False, True]
    night(desk, "2026-03-04")
    assert len([line for line in told(desk) if line["To"] == NEXT]) == 1


def test_an_address_that_was_taken_back_waits_anew() -> None:
    start = date(2026, 3, 2)
    desk = led_by(HEAD)
    typed = (NEXT, HEAD, NEXT, NEXT)
    heads = []
    for days, email in enumerate(typed, start=1):
        change(desk, OWNER, "E-mail of the head", email)
        done = night(desk, (start + timedelta(days=days)).isoformat())
        heads.append(done.planned.policy.head.email)
    assert heads == [HEAD] * 4
    assert [line["To"] for line in reversed(told(desk))] == [NEXT, HEAD, NEXT]


@pytest.mark.parametrize(
    ("email", "local", "guards"),
    [(HEAD, False, True), (HEAD, True, False), ("", False, False), ("Eva", False, False)],
)
def test_authority_is_guarded_by_an_address_and_not_in_a_file(
    *, email: str, local: bool, guards: bool
) -> None:
    policy = template("en")
    policy = policy.model_copy(update={"head": policy.head.model_copy(update={"email": email})})
    assert is_guarded(replace(base_of(None), local=local), policy) is guards
