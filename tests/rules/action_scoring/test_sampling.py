"""Which actions are drawn for the head of sales, whose they are and to which week they count; what a score is."""

import json
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetsync.i18n import language
from sheetsync.method.policy import Policy, template
from sheetsync.method.terms import Leave, Manager, Review
from sheetsync.reporting.layout.model import ReportSheet
from sheetsync.reporting.layout.theme import CELL_STYLES
from sheetsync.reporting.messages.meeting_lines import meeting_figures
from sheetsync.reporting.metrics import Figures
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.tabs.action_review import sample_sheets
from sheetsync.rules.action_scoring.sampling import (
    Action,
    actions,
    draw,
    ident_of,
    is_action,
    lot,
    reviewed,
    who,
)
from sheetsync.rules.action_scoring.scoring import ScoreAnswer, score_of
from sheetsync.values import Cell, to_serial
from sheetsync.workbook.journal import JournalLine
from tests.builders.base import Base
from tests.builders.journals import EN, line
from tests.builders.policies import changed

WEEK, TODAY = date(2026, 3, 2), date(2026, 3, 11)
"""The Monday of the week that is reviewed, and the Wednesday of the next one."""
NIGHT = 0.125


def per(most: int) -> Policy:
    """Return the method with so many actions a manager."""
    return changed(EN, review=Review(actions=most))


def noticed(
    day: str, data: dict[str, Any], row_id: str = "A", manager: str = "Ann", when: float = NIGHT
) -> JournalLine:
    """Make what a run noticed on the night of a day."""
    run = f"{day}{when}"
    return line(
        to_serial(date.fromisoformat(day)) + when, run, row_id, "noticed", data, manager=manager
    )


def state(before: str | None, after: str) -> dict[str, Any]:
    return {"kind": "state", "before": before, "after": after}


def contact(after: str, before: str | None = None) -> dict[str, Any]:
    return {"kind": "contact", "before": before, "after": after, "result": None}


def found(
    *lines: JournalLine, week: date = WEEK, today: date = TODAY, policy: Policy = EN
) -> list[tuple[str, str, str]]:
    """Return the week's actions as (manager, company's id, day); the lines are given oldest first."""
    told = actions([*reversed(lines)], policy, week, today)
    return [(action.name, action.id, action.day.isoformat()) for action in told]


@pytest.mark.parametrize(
    ("data", "scored"),
    [
        (contact("2026-03-03"), True),
        (contact("never"), False),
        (state("new", "contact_1"), True),
        (state(None, "contact_1"), True),
        (state("contact_1", "contact_2"), True),
        (state("contact_1", "deal"), True),
        (state("deal", "deal_support"), True),
        (state("deal_support", "client"), True),
        (state("contact_2", "contact_1"), False),
        (state("contact_1", "new"), False),
        (state("contact_1", "refusal"), True),
        (state("contact_3", "strategic_reserve"), True),
        (state("refusal", "strategic_reserve"), False),
        (state("refusal", "call_round"), False),
        (state("call_round", "contact_1"), True),
        (state("call_round", "refusal"), True),
        (state("strategic_reserve", "contact_1"), True),
        (state("client", "contact_1"), True),
        (state("contact_1", "nonsense"), False),
        ({"kind": "section", "before": "working", "after": "rework"}, True),
        ({"kind": "section", "before": "call_base", "after": "hard_refusal"}, True),
        ({"kind": "section", "before": "rework", "after": "working"}, False),
        ({"kind": "section", "before": "working", "after": "mixed"}, False),
        ({"kind": "added", "state": "contact_1", "contact": "2026-03-02"}, True),
        ({"kind": "added", "state": "contact_1", "contact": "2025-03-02"}, False),
        ({"kind": "added", "state": "new", "contact": None}, False),
        ({"kind": "manager", "before": "Ann", "after": "Bob"}, False),
        ({"kind": "next_on", "before": "2026-03-03", "after": "2026-03-09"}, False),
        ({"kind": "began", "before": "2026-03-03", "after": "2026-03-09", "since": None}, False),
        ({"kind": "amount", "before": 1, "after": 2}, False),
        ({"kind": "what"}, False),
    ],
)
def test_a_contact_a_step_forward_and_a_refusal_can_be_scored_and_nothing_else(
    data: dict[str, Any], *, scored: bool
) -> None:
    assert is_action(data, EN, date(2026, 3, 4)) is scored


def test_what_is_done_with_one_company_on_one_day_is_one_action() -> None:
    both = [
        noticed("2026-03-04", state("contact_1", "contact_2")),
        noticed("2026-03-04", contact("2026-03-03")),
    ]
    assert found(*both) == [("Ann", "A", "2026-03-03")]
    again = noticed("2026-03-04", contact("2026-03-04", "2026-03-03"), when=0.9)
    assert found(*both, again) == [("Ann", "A", "2026-03-03"), ("Ann", "A", "2026-03-04")]
    same_day = noticed("2026-03-04", contact("2026-03-03", "2026-03-01"), when=0.9)
    (action,) = actions([same_day, *reversed(both)], EN, WEEK, TODAY)
    assert [record["kind"] for record in action.done] == ["state", "contact", "contact"]


def test_a_week_is_from_its_first_run_to_the_first_of_the_next_which_finds_what_was_done_at_its_end() -> (
    None
):
    lines = [
        noticed("2026-03-02", state("new", "contact_1"), "BEFORE"),
        noticed("2026-03-03", state("new", "contact_1"), "TUESDAY"),
        noticed("2026-03-09", state("new", "contact_1"), "SUNDAY"),
        noticed("2026-03-09", contact("2026-03-06"), "FRIDAY"),
        noticed("2026-03-09", contact("2026-03-09"), "MONDAY"),
        noticed("2026-03-10", contact("2026-03-05"), "LATE"),
    ]
    assert {row_id for _, row_id, _ in found(*lines)} == {"TUESDAY", "SUNDAY", "FRIDAY"}
    assert {
        row_id for _, row_id, _ in found(*lines, week=WEEK + timedelta(7), today=date(2026, 3, 17))
    } == {"MONDAY", "LATE"}


def test_of_two_runs_in_one_minute_only_the_first_one_closes_the_week() -> None:
    first, second = (
        noticed("2026-03-09", state("new", "contact_1"), row_id) for row_id in ("FIRST", "SECOND")
    )
    assert [row_id for _, row_id, _ in found(first, second._replace(run="another"))] == ["FIRST"]


def test_where_no_run_was_in_a_week_the_next_one_finds_it() -> None:
    assert found(noticed("2026-03-11", contact("2026-03-06"))) == [("Ann", "A", "2026-03-06")]


def test_messages_and_figures_that_are_counted_do_not_hide_the_first_run() -> None:
    message = line(to_serial(date(2026, 3, 9)) + 0.01, "", "", "told", "{}")
    friday = noticed("2026-03-09", contact("2026-03-06"))
    assert found(message, friday) == [("Ann", "A", "2026-03-06")]
    counted = line(to_serial(date(2026, 3, 9)) + 0.05, "", "", "counted", "{}")
    assert found(counted, friday) == []


def test_a_contact_that_is_dated_back_or_ahead_does_not_escape() -> None:
    lines = [
        noticed("2026-03-02", {"kind": "amount"}, "OTHER"),
        noticed("2026-03-04", contact("2026-01-15"), "BACK"),
        noticed("2026-03-05", contact("2027-01-15"), "AHEAD"),
    ]
    assert found(*lines) == [("Ann", "BACK", "2026-01-15"), ("Ann", "AHEAD", "2026-03-05")]


def test_rows_of_nobody_lines_of_another_time_and_broken_lines_are_nobodys_actions() -> None:
    broken = noticed("2026-03-04", {})._replace(data="{not json")
    lines = [
        noticed("2026-03-04", state("new", "contact_1"), manager=""),
        noticed("2026-03-04", state("new", "contact_1"), row_id=""),
        broken,
        broken._replace(data="[]"),
        broken._replace(when=float("nan"), data=json.dumps(state("new", "contact_1"))),
        noticed("2026-03-12", contact("2026-03-05"), "FUTURE"),
    ]
    assert found(*lines) == []


@pytest.mark.parametrize(
    ("today", "monday"),
    [
        ("2026-03-09", "2026-03-02"),
        ("2026-03-15", "2026-03-02"),
        ("2026-03-16", "2026-03-09"),
        ("2026-01-01", "2025-12-22"),
    ],
)
def test_the_week_that_ended_last_is_reviewed(today: str, monday: str) -> None:
    assert reviewed(date.fromisoformat(today)) == date.fromisoformat(monday)


def done(count: int, manager: str = "Ann", first: int = 0) -> list[Action]:
    """Make so many actions of one manager, each with a company of its own."""
    return [
        Action(WEEK, manager, f"C{n}", WEEK + timedelta(n % 7), f"Company {n}")
        for n in range(first, first + count)
    ]


def drawn(
    told: list[Action], most: int = 5, book: str = "book", kept: Any = ()
) -> dict[str, list[str]]:
    shares = draw(told, per(most), book, kept)
    return {share.name: [action.id for action in share.drawn] for share in shares.values()}


def test_each_manager_gets_as_many_as_the_setting_says_and_who_did_less_has_less() -> None:
    told = [*done(12), *done(3, "Bob", 50)]
    shares = draw(told, per(5), "book")
    assert {share.name: (share.total, len(share.drawn)) for share in shares.values()} == {
        "Ann": (12, 5),
        "Bob": (3, 3),
    }


def test_forty_managers_with_odd_names_are_drawn_each_for_themselves() -> None:
    names = [f"Manager {n}" for n in range(34)] + ["—", "!!!", "🙂", "a:b:c", "x·y", "=1+1"]
    shares = draw([action for name in names for action in done(7, name)], per(5), "book")
    assert {share.name: len(share.drawn) for share in shares.values()} == dict.fromkeys(names, 5)
    keys = [action.key for share in shares.values() for action in share.drawn]
    assert [ident_of(key) for key in keys] == [
        (action.ident, action.name) for share in shares.values() for action in share.drawn
    ]


def test_one_manager_spelt_in_two_ways_is_one() -> None:
    told = [*done(4, "Ann Lee"), *done(4, "ann  lee", 10)]
    assert [(share.total, len(share.drawn)) for share in draw(told, per(5), "book").values()] == [
        (8, 5)
    ]
    renamed = changed(per(5), managers={"annlee": "Anna Stone", "annastone": "Anna Stone"})
    (share,) = draw([*told, *done(2, "Anna Stone", 20)], renamed, "book").values()
    assert (share.name, share.total) == ("Anna Stone", 10)


def test_what_was_answered_stays_and_takes_a_place() -> None:
    told = done(12)
    first = drawn(told, 3)["Ann"]
    other = next(action for action in told if action.id not in first)
    again = drawn(told, 3, kept={other.ident})["Ann"]
    assert other.id in again
    assert len(again) == 3
    assert set(again) - {other.id} < set(first)
    answered = {action.ident for action in told[:4]}
    assert drawn(told, 3, kept=answered)["Ann"] == [action.id for action in told[:4]]


names = st.sampled_from(["Ann", "Bob", "ann", "Олег", "—", "x·y:z"])
made = st.builds(
    Action,
    st.just(WEEK),
    names,
    st.text("AB:·1", min_size=1, max_size=3),
    st.integers(0, 6).map(lambda n: WEEK + timedelta(n)),
    st.just("Company"),
    st.just(()),
    st.just(""),
)
some = st.lists(made, max_size=40, unique_by=lambda action: action.ident)


@given(some, st.integers(0, 8), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing_and_nobody_has_too_many(
    told: list[Action], most: int, chance: Any
) -> None:
    shuffled = [*told]
    chance.shuffle(shuffled)
    shares, again = draw(told, per(most), "book"), draw(shuffled, per(most), "book")
    assert {one: {a.ident for a in share.drawn} for one, share in shares.items()} == {
        one: {a.ident for a in share.drawn} for one, share in again.items()
    }
    for one, share in shares.items():
        mine = [action for action in told if who(action.name) == one]
        assert (
            len(share.drawn)
            == min(most, len(mine))
            == len({action.ident for action in share.drawn})
        )
        assert share.total == len(mine)


@given(some, made, st.integers(1, 8))
def test_one_action_more_changes_nobody_elses_share_and_pushes_out_one_at_most(
    told: list[Action], more: Action, most: int
) -> None:
    if any(action.ident == more.ident for action in told):
        return
    before, after = (draw(actions_, per(most), "book") for actions_ in (told, [*told, more]))
    for one, share in before.items():
        lost = {action.ident for action in share.drawn} - {
            action.ident for action in after[one].drawn
        }
        assert len(lost) <= (who(more.name) == one)


@given(made)
def test_a_lines_key_is_read_back(action: Action) -> None:
    if ":" not in action.id:
        assert ident_of(action.key) == (action.ident, action.name)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "act",
        "act:2026-03-02",
        "act:x:y:A:Ann",
        "offer:A:Ann",
        "act:2026-03-02:2026-13-01:A:Ann",
    ],
)
def test_a_line_of_anything_else_asks_nothing(key: str) -> None:
    assert ident_of(key) is None


def test_every_action_is_drawn_about_as_often_as_any_other() -> None:
    told, books = done(20), [f"book {n}" for n in range(400)]
    counts = Counter(row_id for book in books for row_id in drawn(told, 5, book)["Ann"])
    expected = len(books) * 5 / 20
    chi_square = sum((counts[action.id] - expected) ** 2 / expected for action in told)
    assert set(counts) == {action.id for action in told}
    assert (
        chi_square < 36.2
    )  # 19 degrees of freedom: above it by chance once in a hundred times; the books are fixed


def test_another_week_and_another_book_are_drawn_otherwise() -> None:
    told = done(20)
    later = [
        action._replace(week=WEEK + timedelta(7), day=action.day + timedelta(7)) for action in told
    ]
    assert (
        len(
            {
                tuple(each)
                for each in (
                    drawn(told)["Ann"],
                    drawn(later)["Ann"],
                    drawn(told, book="other")["Ann"],
                )
            }
        )
        == 3
    )
    assert lot("book", told[0].ident) == lot("book", done(20)[0].ident)


@pytest.mark.parametrize(
    ("typed", "points"),
    [
        (4, 4),
        (4.0, 4),
        ("4", 4),
        (" 5 ", 5),
        ("3,0", 3),
        ("1.00", 1),
        (0, None),
        (6, None),
        ("7", None),
        (4.5, None),
        ("4,5", None),
        ("good", None),
        ("", None),
        (None, None),
        (True, None),
        ("5!", None),
        ("-3", None),
        ("45", None),
        ("#REF!", None),
    ],
)
def test_a_score_is_a_whole_number_from_1_to_5(typed: Cell, points: int | None) -> None:
    assert score_of(typed) == points


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (ScoreAnswer(4, None), ScoreAnswer("4", ""), True),
        (ScoreAnswer(4, "a  b"), ScoreAnswer(4, "a b"), True),
        (ScoreAnswer(4, "a"), ScoreAnswer(4, "b"), False),
        (ScoreAnswer("7"), ScoreAnswer(None), False),
        (ScoreAnswer(0), ScoreAnswer(None), False),
    ],
)
def test_an_answer_is_another_one_only_if_it_says_something_else(
    first: ScoreAnswer, second: ScoreAnswer, *, same: bool
) -> None:
    assert (first.words == second.words) is same


def test_a_contact_is_noticed_once_with_what_came_of_it() -> None:

    base = Base("""
        section | company | state     | manager | phone        | began      | last_contact | contact_result | next_step | next_on    | person
        working | Alpha   | Contact 1 | Ann     | +12025550101 | 2026-03-01 | 2026-03-01   |                | call      | 2026-03-20 | Kim
        working | Beta    | Contact 1 | Ann     | +12025550102 | 2026-03-01 | 2026-03-01   |                | call      | 2026-03-20 | Lee
        working | Gamma   | Contact 1 | Ann     | +12025550103 | 2026-03-01 | 2026-03-01   |                | call      | 2026-03-20 | Lee
    """)
    base.night("2026-03-02")
    base.row("Alpha").update(last_contact="2026-03-03", contact_result="wants a price")
    base.row("Beta").update(last_contact=None)
    base.row("Gamma").update(last_contact="2026-02-20")
    base.night("2026-03-03")
    told = [json.loads(line.data) for line in base.journal if line.what == "noticed"]
    assert told == [
        {
            "kind": "contact",
            "before": "2026-03-01",
            "after": "2026-03-03",
            "result": "wants a price",
        }
    ]
    base.rests("2026-03-03")
    base.row("Beta").update(last_contact="2026-03-04")
    base.night("2026-03-04")
    assert json.loads(base.journal[0].data) == {
        "kind": "contact",
        "before": None,
        "after": "2026-03-04",
        "result": None,
    }


ROWS = """
    section | id | company | state     | manager | phone        | next_step | next_on    | last_contact | person
    working | AAAAAA | Alpha   | Contact 1 | Ann     | +12025550101 | call      | 2026-03-20 | 2026-03-01   | Kim
"""


def tab(lines: list[JournalLine], policy: Policy = EN, today: str = "2026-03-11") -> ReportSheet:
    """Return the tab of a base with this Journal."""
    projection = Base(ROWS, policy).night(today).projection
    (sheet,) = sample_sheets(
        Facts(projection, policy, [*reversed(lines)]), language(policy.words.language)
    )
    return sheet


def shown(sheet: ReportSheet, start: str) -> list[str]:
    """Return the lines whose key begins so, as text."""
    return [
        " | ".join(str(cell.value) for cell in line.cells if cell.value is not None)
        for line in sheet.lines
        if line.key.startswith(start)
    ]


def test_who_was_on_leave_and_who_did_nothing_is_said() -> None:
    away = Manager(
        name="Bob", leave=(Leave(first=date(2026, 2, 20), last=date(2026, 3, 4)),), substitute="Ann"
    )
    later = Manager(name="Cid", leave=(Leave(first=date(2026, 3, 10), last=date(2026, 3, 14)),))
    policy = changed(EN, team=(away, later))
    sheet = tab([noticed("2026-03-04", contact("2026-03-03"))], policy)
    assert shown(sheet, "head:") == [
        "Ann | all that was found: 1 action",
        "Bob | no actions were found in that week · on leave 2 March – 4 March, Ann stood in",
        "Cid | no actions were found in that week",
    ]


def test_a_young_journal_and_a_week_of_nothing_are_said() -> None:
    sheet = tab([])
    assert shown(sheet, "none") == ["No contact, step forward or refusal was found in that week."]
    assert shown(sheet, "young") == ["The Journal tells of actions from 11 March 2026 on only."]


@pytest.mark.parametrize("code", ["en", "ru"])
def test_forty_managers_with_odd_names_have_a_block_each_and_every_line_a_key_of_its_own(
    code: str,
) -> None:
    names_ = [f"Manager {n}" for n in range(35)] + ["none", "columns", "a:b:c", "x·y", "=1+1"]
    lines = [noticed("2026-03-02", {"kind": "amount"})]
    lines += [
        noticed("2026-03-04", contact("2026-03-03"), f"{name}{n}".replace(":", ""), name)
        for name in names_
        for n in range(7)
    ]
    sheet = tab(lines, changed(template(code), review=Review(actions=5)))
    assert len([line for line in sheet.lines if line.key.startswith("act:")]) == 200
    assert len({line.key for line in sheet.lines}) == len(sheet.lines)
    assert {cell.style for line in sheet.lines for cell in line.cells} <= CELL_STYLES.keys()
    assert all(len(line.cells) <= len(sheet.widths) for line in sheet.lines)
    assert all(ident_of(line.key) for line in sheet.lines if line.key.startswith("act:"))


def test_what_was_done_is_told_before_and_after_in_words() -> None:
    told = {**contact("2026-03-03", "2026-02-27"), "result": "wants a price"}
    both = [
        noticed("2026-03-04", each, "AAAAAA") for each in (told, state("contact_1", "contact_2"))
    ]
    sheet = tab(both)
    (line,) = shown(sheet, "act:")
    assert (
        line
        == "Alpha | 46084 | Contact 27 Feb → 3 Mar — wants a price; Contact 1 → Contact 2 | call · 20 Mar"
    )


def test_a_base_that_draws_none_has_no_such_tab() -> None:
    projection = Base(ROWS, per(0)).night("2026-03-11").projection
    assert sample_sheets(Facts(projection, per(0), []), language("en")) == ()


def test_the_heads_message_tells_how_much_is_scored() -> None:
    lines = [
        noticed("2026-03-02", {"kind": "amount"}),
        noticed("2026-03-04", contact("2026-03-03"), "AAAAAA"),
    ]
    data = {
        "week": "2026-03-02",
        "day": "2026-03-03",
        "by": "Ann",
        "points": 4,
        "after": "4",
        "remark": "",
    }
    mark = line(to_serial(TODAY) + NIGHT, "r", "AAAAAA", "scored", data, manager="Ann")
    projection = Base(ROWS).night("2026-03-11").projection
    for told, said in (([], "scored 0 of 1"), ([mark], "scored 1 of 1, average 4")):
        figures = Figures(Facts(projection, EN, [*told, *reversed(lines)]))
        assert meeting_figures(figures, language("en"))[-1] == f"Revision of actions: {said}"
