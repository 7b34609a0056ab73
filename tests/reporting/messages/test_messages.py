"""The messages of a morning: who gets what, in which words, the most urgent first, and nothing too often."""

import json
import unicodedata
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheetsync.i18n import language
from sheetsync.method.policy import Policy, template
from sheetsync.method.terms import Calendar, Location, Manager, Notices, Person, Target
from sheetsync.reporting.messages import (
    DailyMessages,
    Message,
    SentLog,
    journal_line_of,
    messages_of_day,
    plain,
    sentence_key,
    stopped_message,
)
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.rules.deadlines.working_days import is_working
from sheetsync.values import to_serial
from sheetsync.workbook.journal import JournalLine, LineKind, from_row, to_row
from tests.builders.base import Base
from tests.builders.journals import journal

DAY = "2026-03-02"
"""A Monday."""


def policy(code: str = "en", **changes: Any) -> Policy:
    """Return the template's policy with other people or numbers."""
    held = template(code)
    return Policy.model_construct(
        **{**{name: getattr(held, name) for name in Policy.model_fields}, **changes}
    )


def team(*people: dict[str, Any]) -> tuple[Manager, ...]:
    return tuple(Manager.model_validate(one) for one in people)


def leave(first: str, last: str) -> dict[str, str]:
    return {"first": first, "last": last}


def told(
    rows: str,
    today: str = DAY,
    lines: tuple[JournalLine, ...] = (),
    of: Policy | None = None,
    alarms: tuple[str, ...] = (),
    links: dict[str, str] | None = None,
) -> DailyMessages:
    """Return the messages of a base on a day, with this Journal; nothing of it is moved first."""
    known = of or policy()
    night = Base(rows, known).night(today)
    spoken = language(known.words.language)
    return messages_of_day(Facts(night.projection, known, lines), spoken, alarms, links or {})


def of(found: DailyMessages, name: str) -> Message | None:
    """Return one person's message; `head`: the head's."""
    to = "head" if name == "head" else f"manager:{name}"
    return next((digest for digest in found.messages if digest.recipient == to), None)


def lines(found: DailyMessages, name: str) -> list[str]:
    """Return the lines of somebody's message, of a manager's those below the figures."""
    digest = of(found, name)
    all_lines = () if digest is None else digest.lines
    return [line for line in all_lines if not line.startswith("Steps: ")]


ANNS = """
    section | id     | company | state     | manager | phone        | label  | began      | person | last_contact | next_step | next_on    | category | amount
    working | AAAAAA | Calm    | Contact 1 | Ann     | +12025550101 | Large  | 2026-02-25 | Jo     | 2026-02-25   | call      | 2026-03-09 |          |
    working | BBBBBB | Filler  | Contact 2 | Ann     | +12025550102 | Large  | 2026-02-25 | Jo     | 2026-02-25   | call      | 2026-03-09 | Trade    |
    working | CCCCCC | Far     | Contact 1 | Ann     | +12025550103 | Small  | 2026-02-22 | Jo     | 2026-02-25   | call      | 2026-03-09 |          |
    working | DDDDDD | Idle    | Contact 1 | Ann     | +12025550104 | Large  | 2026-02-25 | Jo     | 2026-02-20   |           |            |          |
    working | EEEEEE | Near    | Contact 1 | Ann     | +12025550105 | Small  | 2026-02-19 | Jo     | 2026-02-25   | call      | 2026-03-09 |          |
    working | FFFFFF | Late    | Contact 1 | Ann     | +12025550106 | Large  | 2026-02-25 | Jo     | 2026-02-25   | send it   | 2026-02-27 |          |
    working | GGGGGG | Last    | Contact 1 | Ann     | +12025550107 | Small  | 2026-02-16 | Jo     | 2026-02-25   | call      | 2026-03-09 |          |
    working | HHHHHH | Later   | Contact 1 | Ann     | +12025550108 | Large  | 2026-02-25 | Jo     | 2026-02-25   |           | 2026-02-23 |          |
"""


def test_a_manager_reads_the_most_urgent_first_each_with_what_since_when_and_the_phone() -> None:
    digest = of(told(ANNS), "Ann")
    assert digest is not None
    assert digest.title == "To do on 2 March: 7 companies"
    assert list(digest.lines) == [
        "Steps: 2 overdue, 0 today, 0 later this week",
        "• Last — its time is up today · +1 202-555-0107",
        "• Later — step overdue since 23 February (7 days); no next step, last contact 25 February · +1 202-555-0108",
        "• Late — step overdue since 27 February (3 days): send it · +1 202-555-0106",
        "• Near — deadline 5 March, 3 days left · +1 202-555-0105",
        "• Idle — no next step, last contact 20 February · +1 202-555-0104",
        "• Far — deadline 8 March, 6 days left · +1 202-555-0103",
        "• Filler — not filled in: Deal amount · +1 202-555-0102",
    ]


def test_a_base_in_russian_is_told_in_russian() -> None:
    rows = """
        section | id     | company | state     | manager | phone        | label     | began      | person | last_contact | next_step | next_on
        working | AAAAAA | Вектор  | 1 контакт | Анна    | +79123456789 | Маленький | 2026-02-21 | Лев    | 2026-02-20   | позвонить | 2026-02-09
        working | BBBBBB | Лютик   | 1 контакт | Анна    | +79123456780 | Крупный   | 2026-02-25 | Лев    | 2025-02-20   |           |
    """
    digest = of(told(rows, of=policy("ru")), "Анна")
    assert digest is not None
    assert digest.title == "Дела на 2 марта: 2 компании"
    assert list(digest.lines) == [
        "Шаги: просрочено 1, на сегодня 0, до конца недели 0",
        "• Вектор — шаг просрочен с 9 февраля (21 день): позвонить; срок 7 марта, осталось 5 дней · +7 912 345-67-89",
        "• Лютик — нет следующего шага, последний контакт 20 февраля 2025 · +7 912 345-67-80",
    ]


WEEK = """
    section | id     | company | state     | manager | phone        | label  | began      | person | last_contact | next_step | next_on
    working | AAAAAA | Today   | Contact 1 | Ann     | +12025550101 | Large  | 2026-02-25 | Jo     | 2026-02-25   | call      | 2026-03-02
    working | BBBBBB | Urgent  | Contact 1 | Ann     | +12025550102 | Small  | 2026-02-18 | Jo     | 2026-02-25   | visit     | 2026-03-02
    working | CCCCCC | Late    | Contact 1 | Ann     | +12025550103 | Large  | 2026-02-25 | Jo     | 2026-02-25   | call      | 2026-03-01
    working | DDDDDD | Sunday  | Contact 1 | Ann     | +12025550104 | Large  | 2026-02-25 | Jo     | 2026-02-25   | call      | 2026-03-08
    working | EEEEEE | Monday  | Contact 1 | Ann     | +12025550105 | Large  | 2026-02-25 | Jo     | 2026-02-25   | call      | 2026-03-09
"""


def test_what_is_due_today_is_told_today_and_what_comes_later_this_week_is_a_figure() -> None:
    digest = of(told(WEEK), "Ann")
    assert digest is not None
    assert digest.title == "To do on 2 March: 3 companies"
    assert list(digest.lines) == [
        "Steps: 1 overdue, 2 today, 1 later this week",
        "• Late — step overdue since 1 March (1 day): call · +1 202-555-0103",
        "• Urgent — today: visit; deadline 4 March, 2 days left · +1 202-555-0102",
        "• Today — today: call · +1 202-555-0101",
    ]


def test_who_has_nothing_to_do_gets_no_message_and_neither_does_a_head_to_whom_nothing_has_happened() -> (
    None
):
    assert told("\n".join(ANNS.splitlines()[:3])).messages == ()


def many(count: int, *, late: str = "2026-02-20", manager: str = "Ann") -> str:
    head = "section | id | company | state | manager | phone | label | began | person | last_contact | next_step | next_on"
    rows = [
        f"working | {n:06d} | Company {n} | Contact 1 | {manager} | +1202555{n:04d} | Large | 2026-02-25 | Jo | 2026-02-25 | call | {late}"
        for n in range(count)
    ]
    return "\n".join([head, *rows])


@pytest.mark.parametrize(
    ("count", "more"), [(15, None), (16, "… and 1 more company"), (40, "… and 25 more companies")]
)
def test_fifteen_companies_are_named_and_the_rest_is_a_number(count: int, more: str | None) -> None:
    digest = of(told(many(count)), "Ann")
    assert digest is not None
    companies = [line.startswith("• ") for line in digest.lines[1:]]
    assert companies == [True] * 15 + [False] * (more is not None)
    assert more is None or digest.lines[-1] == more
    assert (digest.count, len(digest.keys)) == (count, 15)


def test_what_was_left_out_of_a_message_is_not_taken_for_told() -> None:
    week = policy(notices=Notices(repeat_days=7))
    first = of(told(many(20), of=week), "Ann")
    assert first is not None
    line = journal_line_of(first, ["mailto"], to_serial(date(2026, 3, 2)) + 0.4, language("en"))
    second = of(told(many(20), "2026-03-03", (line,), week), "Ann")
    assert second is not None
    told_anew = {text.split(" —")[0] for text in second.lines[1:]}
    assert (len(told_anew), second.count) == (5, 5)
    assert not told_anew & {text.split(" —")[0] for text in first.lines}


@pytest.mark.parametrize(
    ("repeat", "day", "again"),
    [
        (1, "2026-03-03", True),
        (2, "2026-03-03", False),
        (2, "2026-03-04", True),
        (7, "2026-03-08", False),
        (7, "2026-03-09", True),
    ],
)
def test_the_same_thing_is_told_again_only_after_so_many_days(
    repeat: int,
    day: str,
    again: bool,  # noqa: FBT001  # a case
) -> None:
    known = policy(notices=Notices(repeat_days=repeat))
    first = of(told(many(1), of=known), "Ann")
    assert first is not None
    line = journal_line_of(first, ["mailto"], to_serial(date(2026, 3, 2)) + 0.4, language("en"))
    assert (of(told(many(1), day, (line,), known), "Ann") is not None) is again


def test_a_step_that_was_set_anew_and_missed_again_is_another_thing() -> None:
    known = policy(notices=Notices(repeat_days=30))
    first = of(told(many(1), of=known), "Ann")
    assert first is not None
    line = journal_line_of(first, ["mailto"], to_serial(date(2026, 3, 2)) + 0.4, language("en"))
    assert lines(told(many(1, late="2026-03-03"), "2026-03-04", (line,), known), "Ann") == [
        "• Company 0 — step overdue since 3 March (1 day): call · +1 202-555-0000"
    ]


NEAR = """
    section | id     | company | state     | manager | phone        | label | began      | person | last_contact | next_step | next_on
    working | AAAAAA | Near    | Contact 1 | Ann     | +12025550101 | Small | 2026-03-01 | Jo     | 2026-03-01   | call      | 2026-03-20
"""


def test_a_deadline_is_told_at_seven_three_and_one_days_however_seldom_the_rest() -> None:
    known, said, seen = (
        policy(notices=Notices(repeat_days=30)),
        tuple[JournalLine, ...](),
        list[str](),
    )
    for day in range(6, 16):
        found = of(told(NEAR, f"2026-03-{day:02d}", said, known), "Ann")
        if found is not None:
            seen.append(f"{day}: {found.lines[1].split(' — ')[1].split(' · ')[0]}")
            said = (
                journal_line_of(
                    found, ["mailto"], to_serial(date(2026, 3, day)) + 0.4, language("en")
                ),
                *said,
            )
    assert seen == [
        "8: deadline 15 March, 7 days left",
        "12: deadline 15 March, 3 days left",
        "14: deadline 15 March, 1 day left",
    ]


def two(**more: Any) -> tuple[Manager, ...]:
    return team(
        {"name": "Ann", "leave": [leave("2026-03-01", "2026-03-05")], **more},
        {"name": "Ben"},
        {"name": "Cid"},
    )


BOTH = many(1) + "\n" + many(2, late="2026-02-27", manager="Ben").splitlines()[2]


def test_who_is_on_leave_gets_nothing_and_the_substitute_gets_theirs_under_a_heading() -> None:
    found = told(BOTH, of=policy(team=two(substitute="Ben")))
    assert of(found, "Ann") is None
    assert lines(found, "Ben") == [
        "• Company 1 — step overdue since 27 February (3 days): call · +1 202-555-0001",
        "Ann is on leave until 5 March, you stand in:",
        "• Company 0 — step overdue since 20 February (10 days): call · +1 202-555-0000",
    ]
    digest = of(found, "Ben")
    assert digest is not None
    assert digest.title == "To do on 2 March: 2 companies"


def test_a_substitute_without_a_row_of_their_own_is_told_too() -> None:
    found = told(many(1), of=policy(team=two(substitute="cid")))
    assert [line.startswith("•") for line in lines(found, "Cid")] == [False, True]


def test_a_substitute_whom_the_settings_name_and_no_row_is_told_too() -> None:
    found = told(
        many(1), of=policy(team=two(substitute="dora"), managers={"ann": "Ann", "dora": "Dora"})
    )
    assert len(lines(found, "Dora")) == 2


def test_who_has_only_clients_left_hears_of_the_last_one_that_moved() -> None:
    moves = journal("2026-03-02 | BBBBBB | Ann | moved working > clients became_client")
    rows = "\n".join(line for line in MOVED.splitlines() if "Gone" not in line)
    assert lines(told(rows, lines=moves, of=policy(team=team({"name": "Ann"}))), "Ann") == [
        "• Sold — moved to “Clients” · +1 202-555-0102"
    ]


def test_on_the_day_after_a_leave_the_manager_is_told_again() -> None:
    found = told(BOTH, "2026-03-06", of=policy(team=two(substitute="Ben")))
    assert len(lines(found, "Ann")) == 1
    assert len(lines(found, "Ben")) == 1


@pytest.mark.parametrize(
    "people",
    [
        two(),
        two(substitute="Nobody"),
        two(substitute="Ann"),
        team(
            {"name": "Ann", "leave": [leave("2026-03-01", "2026-03-05")], "substitute": "Ben"},
            {"name": "Ben", "leave": [leave("2026-03-02", "2026-03-02")], "substitute": "Ann"},
        ),
    ],
    ids=["none named", "no such person", "themselves", "a ring"],
)
def test_where_nobody_stands_in_the_head_hears_of_it(people: tuple[Manager, ...]) -> None:
    found = told(many(3), of=policy(team=people))
    assert [digest.recipient for digest in found.messages] == ["head"]
    assert "• Ann is on leave until 5 March, nobody stands in: 3 companies wait" in lines(
        found, "head"
    )


def test_a_substitute_who_is_away_too_hands_on() -> None:
    people = team(
        {"name": "Ann", "leave": [leave("2026-03-01", "2026-03-05")], "substitute": "Ben"},
        {
            "name": "Ben",
            "leave": [leave("2026-03-01", "2026-03-02"), leave("2026-03-03", "2026-03-09")],
            "substitute": "Cid",
        },
        {"name": "Cid"},
    )
    found = told(BOTH, of=policy(team=people))
    assert [digest.recipient for digest in found.messages if digest.role == "manager"] == [
        "manager:Cid"
    ]
    assert [line for line in lines(found, "Cid") if line.startswith("Ben")] == [
        "Ben is on leave until 9 March, you stand in:"
    ]


MOVED = """
    section   | id     | company | state             | manager | phone        | return_on
    strategic | AAAAAA | Gone    | Strategic reserve | Ann     | +12025550101 | 2026-09-01
    clients   | BBBBBB | Sold    | Client            | Ann     | +12025550102 |
"""


def test_what_a_run_has_moved_is_news_once_to_the_manager_and_to_the_head() -> None:
    moves = journal(
        """
        2026-03-02 | AAAAAA | Ann | moved working > strategic expired_warm
        2026-03-02 | BBBBBB | Ann | moved working > rework expired
        """
    )
    found = told(MOVED, lines=moves)
    digest = of(found, "Ann")
    assert digest is not None
    assert (digest.title, digest.lines) == (
        "2 March: 1 of your companies has moved",
        ("• Gone — moved to “Strategic archive” · +1 202-555-0101",),
    ), "a row that stands elsewhere by now is not told of"
    assert lines(found, "head")[-2:] == [
        "Moved: 1 company, by deadline 1:",
        "• Gone (Ann): moved to “Strategic archive”",
    ]
    later = tuple(
        journal_line_of(one, ["mailto"], to_serial(date(2026, 3, 2)) + 0.4, language("en"))
        for one in found.messages
    )
    assert told(MOVED, "2026-03-03", (*later, *moves)).messages == ()


@pytest.mark.parametrize(
    ("last", "hears"), [("2026-02-27", True), ("2026-02-10", True), ("2026-03-01", False)]
)
def test_moves_of_days_without_a_message_are_told_with_the_next(last: str, hears: bool) -> None:  # noqa: FBT001  # a case
    moves = journal("2026-02-28 | AAAAAA | Ann | moved working > strategic expired_warm")
    before = Message("manager", Person(name="Ann"), "", (), ("x",), 1)
    said = journal_line_of(
        before, ["mailto"], to_serial(date.fromisoformat(last)) + 0.4, language("en")
    )
    assert (of(told(MOVED, lines=(said, *moves)), "Ann") is not None) is hears


def test_the_head_reads_what_to_settle_then_figures_loads_against_each_limit_and_moves() -> None:
    rows = (
        many(3)
        + "\nworking | ZZZZZZ | Unowned | Contact 1 | | +12025559999 | Large | 2026-02-25 | Jo | 2026-02-25 | call | 2026-03-09"
    )
    people = team({"name": "Ann", "ramp_cap": 2, "ramp_until": "2026-03-31"})
    targets = (Target(month=date(2026, 3, 1), manager="", amount=1000.0),)
    found = of(
        told(rows, of=policy(team=people, targets=targets), alarms=("40% would move.",)), "head"
    )
    assert found is not None
    assert found.title == "Sales on 2 March: 3 steps overdue"
    assert list(found.lines) == [
        "⚠ The next run stops for safety: 40% would move.",
        "• 1 error to fix",
        "• 1 company of the working list has no manager",
        "Now: in work 4 of 2, overdue 3, today 0, later this week 0, no next step 0, calls due 0, deadline within 3 days 0",
        "Ann: in work 3 of 2 ⚠, overdue 3",
    ]


def test_the_head_reads_what_no_sum_of_the_message_holds() -> None:
    rows = """
        section | id     | company | state     | manager | phone        | label | began      | amount
        working | AAAAAA | Acme    | Contact 1 | Ann     | +12025550101 | Large | 2026-02-25 | 700
        working | BBBBBB | Globex  | Contact 1 | Ann     | +12025550102 | Large | 2026-02-25 | 500 EUR
        working | CCCCCC | Initech | Contact 1 |         | +12025550103 | Large | 2026-02-25 | € 20
    """
    found = of(told(rows, of=policy(location=Location(currency="USD"))), "head")
    assert found is not None
    words = "In none of the sums: + 520 €. Rates are typed on the settings tab."
    assert found.lines.count(words) == 1


def test_the_heads_own_address_is_taken_and_the_summary_linked() -> None:
    boss = Person(name="Eve", email="eve@firm.com")
    found = of(
        told(
            many(1),
            of=policy(head=boss),
            links={"head": "https://book#gid=1", "Ann": "https://book#gid=2"},
        ),
        "head",
    )
    assert found is not None
    assert (found.person, found.body().splitlines()[-1]) == (boss, "https://book#gid=1")


def test_a_column_that_is_to_be_settled_is_told_to_the_head_and_not_too_often() -> None:
    rows = "section | id | company | state | manager\nclients | AAAAAA | One | Client | Ann"
    found = of(told(rows), "head")
    assert found is not None
    assert any("Clients" in line for line in found.lines[:5])
    said = journal_line_of(found, ["mailto"], to_serial(date(2026, 3, 2)) + 0.4, language("en"))
    assert (
        of(told(rows, "2026-03-03", (said,), policy(notices=Notices(repeat_days=3))), "head")
        is None
    )


@pytest.mark.parametrize(
    ("day", "calendar", "off"),
    [
        ("2026-03-02", Calendar(country="RU"), False),
        ("2026-02-28", Calendar(country="RU"), True),
        ("2026-03-01", Calendar(country="RU"), True),
        ("2026-03-09", Calendar(country="RU"), True),  # instead of Sunday, 8 March
        ("2026-03-02", Calendar(country="RU", days_off=frozenset({date(2026, 3, 2)})), True),
        ("2026-02-28", Calendar(country="RU", working_days=frozenset({date(2026, 2, 28)})), False),
    ],
)
def test_days_off(day: str, calendar: Calendar, off: bool) -> None:  # noqa: FBT001  # a case
    assert is_working(date.fromisoformat(day), calendar) is not off


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Two\nlines\r\n\tSubject: x", "Two lines Subject: x"),
        ("left\u202egnp.exe", "leftgnp.exe"),
        ("a\u200b\u2060b\ufeff", "ab"),
        ("bad \ud800 half", "bad half"),
        ("@everyone and @anna", "@\u200beveryone and @\u200banna"),
        ("write to a@b.ru", "write to a@b.ru"),
        ("x" * 500, "x" * 299 + "…"),
        ("👨‍👩‍👧 Семья", "👨‍👩‍👧 Семья"),
    ],
)
def test_a_text_of_a_row_becomes_one_harmless_line(typed: str, shown: str) -> None:
    assert plain(typed) == shown


TWO = told(many(2))


@settings(max_examples=40)
@given(st.text(), st.text(), st.text())
def test_whatever_stands_in_a_row_every_company_has_its_one_line(
    company: str, step: str, why: str
) -> None:
    facts = Facts(TWO.facts.projection, TWO.facts.policy, ())
    facts.rows["company"], facts.rows["next_step"] = company or None, step
    made = messages_of_day(facts, language("en"), (why,), {})
    for digest in made.messages:
        for line in digest.lines:
            assert len(line) <= 320
            assert not any(unicodedata.category(sign) in ("Cc", "Cs") for sign in line)
        assert len(digest.body().splitlines()) == len(digest.lines)


def test_signs_of_markdown_are_escaped_where_a_service_reads_it() -> None:
    digest = Message(
        "manager",
        Person(),
        "t",
        ("• **Bold** [a](http://b) <@1> `x` ~y~",),
        (),
        1,
        "https://docs/a_b",
    )
    assert (
        digest.body(markup=True)
        == "• \\*\\*Bold\\*\\* \\[a\\](http://b) \\<@1\\> \\`x\\` \\~y\\~\nhttps://docs/a_b"
    )


def test_a_line_of_the_journal_tells_who_was_told_and_is_read_back_in_either_language() -> None:
    digest = Message(
        "manager", Person(name="Анна"), "Дела на 2 марта: 1 компания", ("x",), ("overdue:1",), 1
    )
    for code in ("ru", "en"):
        known = policy(code)
        line = journal_line_of(digest, ["tgram", "mailto"], 46083.375, language(code))
        row = to_row(line, known)
        assert row[4:9] == [
            "Анна",
            "сообщено" if code == "ru" else "told",
            "",
            "mailto, tgram",
            "Дела на 2 марта: 1 компания",
        ]
        back = from_row(row, policy("en"))
        assert (back.what, back.run) == (LineKind.TOLD, "")
        assert SentLog((back,), 46083).sent("manager:Анна") == {"mailto", "tgram"}
        assert SentLog((back,), 46084).sent("manager:Анна") == frozenset()
        assert SentLog((back,), 46084, 2).rests("manager:Анна", "overdue:1")


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["to", "by", "items", "alarm"]), inner)
    ),
)


LIKE = st.fixed_dictionaries({"to": JSON, "by": JSON, "items": JSON, "alarm": JSON})


@given(st.floats(), LIKE | JSON | st.text().map(lambda text: "{" + text))
def test_lines_that_people_have_spoilt_harm_nothing(when: float, data: Any) -> None:
    text = data if isinstance(data, str) else json.dumps(data)
    memory = SentLog(
        (JournalLine(when, "", "", "", "", LineKind.TOLD, "", "", "", text),), 46083, 3
    )
    memory.sent("head")
    assert memory.rests("head", "a") is False
    memory.since("head")


def test_an_alarm_is_the_same_however_its_numbers_change() -> None:
    assert sentence_key("stopped", "20 of 33 rows are gone.") == sentence_key(
        "stopped", "21 of 33 rows are gone."
    )
    digest = stopped_message(
        "head", Person(), "Base\r\nX", ["20 of 33 rows\nare gone."], "Look.", language("en")
    )
    assert digest.title == "“Base X”: the run has stopped"
    assert digest.lines == ("• 20 of 33 rows are gone.", "→ Look.")
    line = journal_line_of(digest, ["mailto"], 46083.1, language("en"))
    memory = SentLog((line,), 46083)
    later = stopped_message(
        "head", Person(), "Base", ["21 of 33 rows are gone."], "Look.", language("en")
    )
    other = stopped_message(
        "head",
        Person(),
        "Base",
        ["21 of 33 rows are gone.", "A column is gone."],
        "Look.",
        language("en"),
    )
    assert memory.alarmed(later) == {"mailto"}
    assert memory.alarmed(other) == frozenset()
    assert memory.sent("head") == frozenset()
    assert SentLog((line,), 46084).alarmed(later) == frozenset()
