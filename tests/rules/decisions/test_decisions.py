"""METHOD points 7, 8 and 10: what people decide beside a company is carried out by the next run, or says why it cannot be."""

from typing import Any, Literal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheetsync.i18n import language
from sheetsync.method.policy import Policy, template
from sheetsync.method.terms import Leave, Manager
from sheetsync.reporting.layout.model import unique_keys
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.tabs.decision_column import head_lines
from sheetsync.rules.decisions.decision_words import read_decision
from sheetsync.rules.draft import base_after
from sheetsync.rules.draft.after_changes import after_moves
from sheetsync.rules.draft.capacity import load
from sheetsync.workbook.answers import Answer
from sheetsync.workbook.plan import from_json, to_json
from tests.builders.base import Base, Night
from tests.builders.draws import draws
from tests.builders.policies import capped, changed

TODAY = "2026-03-02"
YESTERDAY = "2026-03-01"
EN, RU = template("en"), template("ru")

WORK = """
    section   | company | state      | manager | label  | began      | refusal_reason | extended_to
    working   | alpha   | Contact 1  | Ann     | medium | 2026-02-20 |                |
    working   | beta    | Contact 2  | Ann     | medium | 2026-02-01 |                |
    working   | gamma   | Contact 1  | Bob     | large  | 2026-02-20 |                |
    working   | delta   | New        | Bob     | large  |            |                |
    rework    | epsilon | Call round | Ann     | large  |            | No money       |
    strategic | zeta    | Strategic reserve | Bob | large |          |                |
    call_base | eta     | New        |         | large  |            |                |
    clients   | theta   | Client     | Bob     | large  |            |                |
"""
SAID = tuple[str, str, str]
"""Whose sheet ("head": the summary), the company, what is typed beside it."""


def on(base: Base, sheet: str, company: str, value: str) -> Answer:
    """Type a decision on a manager's sheet, or on the summary."""
    row_id = str(base.row(company)["id"])
    if sheet == "head":
        return Answer("summary", f"decide:{row_id}", "decision", value)
    return Answer(f"manager:{sheet}", f"overdue:{row_id}", "decision", value)


def played(
    play: "type[Base]", *said: SAID, policy: Policy = EN, text: str = WORK, seen: str = YESTERDAY
) -> tuple[Base, Night]:
    """Play a quiet night, then one with decisions, and see that a run after it has nothing to do."""
    base = play(text, policy=policy)
    base.night(seen)
    if "epsilon" in text:
        base.row("epsilon")["return_on"] = None
    base.decisions = tuple(on(base, *one) for one in said)
    night = base.night(TODAY)
    typed = {(one.sheet, one.line) for one in night.plan.pending}
    base.decisions = tuple(one for one in base.decisions if (one.sheet, one.line) in typed)
    base.rests(TODAY)
    assert base.decide(TODAY).pending == night.plan.pending
    return base, night


def of(base: Base, company: str, *names: str) -> tuple[str | None, ...]:
    """Return some cells of a company as people see them."""
    return tuple(
        str(shown) if (shown := base.shown(base.row(company), name)) else None for name in names
    )


@pytest.mark.parametrize(
    ("company", "said", "becomes"),
    [
        ("alpha", "to: Strategic archive", ("strategic", "Strategic reserve", None, "2026-08-29")),
        ("alpha", "to rework: No money", ("rework", "Refusal", "No money", "2026-05-31")),
        (
            "alpha",
            "to: Refusal, to rework: crisis",
            ("rework", "Refusal", "Crisis", "2026-05-31"),
        ),
        ("alpha", "rework — no money", ("rework", "Refusal", "No money", "2026-05-31")),
        ("epsilon", "to rework", ("rework", "Refusal", "No money", "2026-05-31")),
        ("alpha", "refuse: No money", ("rework", "Refusal", "No money", "2026-05-31")),
        ("alpha", "refuse: Off-profile", ("hard_refusal", "Refusal", "Off-profile", None)),
        ("epsilon", "refuse", ("rework", "Refusal", "No money", "2026-05-31")),
        ("epsilon", "refuse: Crisis", ("rework", "Refusal", "Crisis", "2026-05-31")),
        ("epsilon", "take into work", ("working", "Contact 1", None, None)),
        ("zeta", "take into work", ("working", "Contact 1", None, None)),
        ("zeta", "to: strategic", ("strategic", "Strategic reserve", None, "2026-08-29")),
    ],
)
def test_a_decision_is_carried_out_by_the_next_run(
    play: "type[Base]", company: str, said: str, becomes: tuple[str | None, ...]
) -> None:
    base, night = played(play, ("Ann", company, said))
    assert night.plan.pending == ()
    assert of(base, company, "section", "state", "refusal_reason", "return_on") == becomes
    assert [
        line
        for line in base.journal
        if line.company == company and "decided on the manager's sheet" in line.why
    ]


def test_who_is_handed_over_stands_with_the_other_manager(play: "type[Base]") -> None:
    base, night = played(
        play,
        ("Ann", "alpha", "hand to: Bob — he knows the director"),
        ("Bob", "zeta", "hand to Ann"),
    )
    assert night.plan.pending == ()
    assert (of(base, "alpha", "section", "manager"), of(base, "zeta", "section", "manager")) == (
        ("working", "Bob"),
        ("strategic", "Ann"),
    )
    (line,) = [
        line
        for line in base.journal
        if line.company == "alpha" and line.what == "edited" and line.after == "Bob"
    ]
    assert line.why == "Manager: decided on the manager's sheet: he knows the director"


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ("extend by 7 days", "2026-03-10"),
        ("продлить на 7 дней", "2026-03-10"),
        ("extend by 30 days", "2026-04-02"),
    ],
)
def test_the_head_gives_more_time_counted_from_the_deadline(
    play: "type[Base]", said: str, until: str
) -> None:
    """Its 30 days are up on 3 March."""
    base, night = played(play, ("head", "beta", said))
    assert night.plan.pending == ()
    assert of(base, "beta", "section", "extended_to", "deadline") == ("working", until, until)


def test_a_decision_comes_before_the_rules_of_the_night(play: "type[Base]") -> None:
    """The time of both was up yesterday; without a word they would have gone to the rework."""
    text = """
        section | company | state     | manager | label | began      | extended_to
        working | late    | Contact 1 | Ann     | small | 2026-02-15 |
        working | later   | Contact 1 | Ann     | small | 2026-02-15 |
        working | last    | Contact 1 | Ann     | small | 2026-02-15 |
    """
    said = (("head", "late", "extend by 3 days"), ("Ann", "later", "refuse: negative"))
    base, night = played(play, *said, text=text, seen="2026-02-28")
    assert night.plan.pending == ()
    assert of(base, "late", "section", "deadline") == ("working", "2026-03-04")
    assert of(base, "later", "section", "refusal_reason") == ("hard_refusal", "Negative")
    assert of(base, "last", "section", "refusal_reason") == ("rework", "Out of time")


def left(night: Night) -> dict[str, str]:
    """Return why each decision was not carried out, by the company."""
    return {one.company: one.why for one in night.plan.pending}


@pytest.mark.parametrize(
    ("sheet", "company", "said", "why"),
    [
        ("Ann", "alpha", "call them", "not understood: choose from the list"),
        ("Ann", "alpha", "refuse: no reason that is known", "not understood: choose from the list"),
        (
            "Ann",
            "alpha",
            "to: Refusal, to rework",
            "to rework a company goes with its reason: choose one from the list",
        ),
        (
            "Ann",
            "alpha",
            "to rework: off-profile",
            "“Off-profile” is no reason to rework: with it a company goes to “Hard refusal, off-profile”",
        ),
        ("Ann", "alpha", "refuse", "a refusal needs its reason: choose one from the list"),
        (
            "Ann",
            "alpha",
            "extend by 7 days",
            "only the head of sales gives more time, on the tab “Summary”",
        ),
        ("head", "alpha", "extend by 31 days", "22 April 2026 …"),
        (
            "head",
            "zeta",
            "extend by 7 days",
            "no deadline runs for it: “Strategic archive”, “Strategic reserve”",
        ),
        ("Ann", "alpha", "take into work", "is in the working list already"),
        ("Bob", "theta", "take into work", "from “Clients” a company is taken by hand"),
        ("Ann", "eta", "take into work", "has no manager: put a name into its row first"),
        ("Ann", "eta", "hand to: Ann", "nobody leads companies in “Cold-call base”"),
        ("Ann", "alpha", "hand to: Ann", "is with Ann already"),
        ("Ann", "alpha", "hand to: Cid", "“Cid” is not among the managers"),
    ],
)
def test_what_cannot_be_carried_out_says_why_and_stays(
    play: "type[Base]", sheet: str, company: str, said: str, why: str
) -> None:
    _, night = played(play, (sheet, company, said))
    (one,) = night.plan.pending
    assert (one.company, one.value) == (company, said)
    if "…" in why:
        assert one.why.startswith(
            "22 April 2026 does not count: a deadline is moved by 30 days at most. The head"
        )
    else:
        assert one.why == why
    assert not [move for move in night.plan.moves if move.rule == "decision"]
    assert not [edit for edit in night.plan.edits if "decided" in edit.why]


def test_nobodys_list_grows_over_its_limit_and_who_goes_makes_room(play: "type[Base]") -> None:
    """Both lists hold two, and two is the limit: what Ann hands on finds no room at Bob's, and her own gets none."""
    policy = capped(EN, 1, 2, "off")
    _, night = played(
        play, ("Ann", "epsilon", "take into work"), ("Ann", "alpha", "hand to: Bob"), policy=policy
    )
    assert left(night) == {
        "epsilon": "Ann's list is full: 2 of 2",
        "alpha": "Bob's list is full: 2 of 2",
    }
    freed = (
        *(("Bob", name, "to: strategic") for name in ("gamma",)),
        ("Ann", "epsilon", "в работу"),
        ("Ann", "alpha", "hand to: Bob"),
    )
    base, night = played(play, *freed, policy=policy)
    assert left(night) == {}
    assert (of(base, "alpha", "manager"), of(base, "epsilon", "section")) == (
        ("Bob",),
        ("working",),
    )


BACK = """
    section   | company | state             | manager | label | began
    working   | soon    | Contact 1         | Ann     | large | 2026-02-25
    working   | other   | Contact 1         | Ann     | large | 2026-02-25
"""


def test_who_left_the_list_lately_comes_back_by_the_head_alone_and_with_a_new_clock(
    play: "type[Base]",
) -> None:
    base = play(BACK)
    base.night("2026-02-26")
    base.row("soon")["state"] = "Strategic reserve"
    base.night("2026-02-27")
    assert of(base, "soon", "section") == ("strategic",)
    base.decisions = (on(base, "Ann", "soon", "take into work"),)
    (one,) = base.night("2026-02-28").plan.pending
    assert one.why == "before 29 March only the head of sales takes it back, on the tab “Summary”"
    base.decisions = (
        on(base, "head", "soon", "take into work"),
        on(base, "Ann", "soon", "refuse: crisis"),
    )
    night = base.night(TODAY)
    assert (night.plan.pending, of(base, "soon", "section", "state", "deadline")) == (
        (),
        ("working", "Contact 1", "2026-04-11"),
    )
    base.decisions = ()
    base.rests(TODAY)
    assert [p.code for p in night.plan.problems if p.code == "needs_consent"] == []
    base.night("2026-03-03")
    assert of(base, "soon", "deadline") == ("2026-04-11",)


def test_the_heads_word_comes_first_and_contradicting_words_decide_nothing(
    play: "type[Base]",
) -> None:
    base, night = played(
        play, ("Ann", "alpha", "to: strategic"), ("head", "alpha", "refuse: crisis")
    )
    assert (left(night), of(base, "alpha", "section")) == ({}, ("rework",))
    base, night = played(
        play, ("Ann", "alpha", "to: strategic"), ("head", "alpha", "extend by 99 days")
    )
    assert {one.sheet: one.why.partition(":")[0] for one in night.plan.pending} == {
        "manager:Ann": "the decision of the head of sales on the summary comes first",
        "summary": "29 June 2026 does not count",
    }
    base = play(WORK)
    base.night(YESTERDAY)
    one, other = (
        on(base, "Ann", "alpha", "refuse: crisis"),
        on(base, "Ann", "alpha", "to: strategic"),
    )
    base.decisions = (one, other._replace(line=other.line.replace("overdue", "closing")))
    told = base.night(TODAY).plan.pending
    assert [p.why for p in told] == [
        "two different decisions stand for this company: leave one of them"
    ] * 2
    base.decisions = (one, one._replace(line=one.line.replace("overdue", "fill")))
    assert base.night(TODAY).plan.pending == ()
    assert of(base, "alpha", "refusal_reason") == ("Crisis",)


def test_who_is_on_leave_gets_nothing(play: "type[Base]") -> None:
    away = (Leave.model_validate({"first": TODAY, "last": TODAY}),)
    policy = changed(EN, team=(Manager(name="Ann"), Manager(name="Bob", leave=away)))
    _, night = played(play, ("Ann", "alpha", "hand to: Bob"), policy=policy)
    assert left(night) == {"alpha": "Bob is on leave"}


def test_a_company_that_is_gone_or_stands_twice_is_told(play: "type[Base]") -> None:
    base = play(WORK)
    base.night(YESTERDAY)
    base.decisions = (on(base, "Ann", "alpha", "to: strategic"),)
    base.rows = [row for row in base.rows if row["company"] != "alpha"]
    (one,) = base.decide(TODAY).pending
    assert (one.company, one.why) == ("alpha", "the company is no longer in the base")


def test_without_the_tab_that_it_needs_a_decision_says_so(play: "type[Base]") -> None:
    base = play(WORK.replace("strategic |", "rework    |", 1), without=("strategic",))
    base.night(YESTERDAY)
    base.decisions = (on(base, "Ann", "alpha", "to: strategic"),)
    night = base.night(TODAY)
    assert left(night) == {"alpha": "Belongs in “Strategic archive”, and the base has no such tab."}


def test_a_plan_with_decisions_that_wait_is_saved_and_read_back(play: "type[Base]") -> None:
    _, night = played(play, ("Ann", "alpha", "call them"), ("Ann", "epsilon", "take into work"))
    assert from_json(to_json(night.plan), "") == night.plan


def test_russian_words_decide_in_a_russian_base(play: "type[Base]") -> None:
    text = """
        section | company | state     | manager | label   | began
        working | альфа   | 1 контакт | Анна    | средний | 2026-02-20
        working | бета    | 1 контакт | Борис   | средний | 2026-02-20
    """
    said = (
        ("Анна", "альфа", "отказ: нет денег — ждут бюджета"),
        ("head", "бета", "продлить на 7 дней"),
    )
    base, night = played(play, *said, policy=RU, text=text)
    assert (night.plan.pending, of(base, "альфа", "section", "refusal_reason")) == (
        (),
        ("rework", "Нет денег"),
    )
    assert night.why("альфа") == "решено на листе менеджера: ждут бюджета"
    assert of(base, "бета", "deadline") == ("2026-03-29",)


DUE = """
    section | company | state     | manager | label  | began      | refusal_reason | return_on  | extended_to
    rework  | one     | Refusal   | Ann     | large  |            | No money       | 2026-03-02 |
    rework  | two     | Refusal   | Ann     | large  |            | No money       | 2026-03-02 |
    working | late    | Contact 1 | Ann     | small  | 2026-02-15 |                |            |
    working | last    | Contact 1 | Bob     | small  | 2026-02-15 |                |            |
    working | busy    | Contact 1 | Ann     | large  | 2026-02-27 |                |            |
"""


def test_a_call_that_falls_due_in_the_night_is_taken_into_work_within_the_limit(
    play: "type[Base]",
) -> None:
    said = (("Ann", "one", "take into work"), ("Ann", "two", "take into work"))
    base, night = played(play, *said, policy=capped(EN, 1, 2, "off"), text=DUE, seen="2026-02-28")
    assert (of(base, "one", "section", "state"), of(base, "two", "section", "state")) == (
        ("working", "Contact 1"),
        ("rework", "Call round"),
    )
    assert left(night) == {"two": "Ann's list is full: 2 of 2"}


@pytest.mark.parametrize("sheet", ["Ann", "head"])
def test_a_company_whose_time_is_up_tonight_is_not_kept_by_being_taken_into_work(
    play: "type[Base]", sheet: str
) -> None:
    base, night = played(play, (sheet, "late", "take into work"), text=DUE, seen="2026-02-28")
    assert (of(base, "late", "section"), left(night)) == (
        ("rework",),
        {"late": "left the working list today"},
    )


def test_all_the_days_that_are_allowed_may_be_given_on_the_last_day(play: "type[Base]") -> None:
    base, night = played(play, ("head", "late", "extend by 30 days"), text=DUE, seen="2026-02-28")
    assert (left(night), of(base, "late", "section", "deadline")) == ({}, ("working", "2026-03-31"))


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("продлить на 2 недели", ("extend", "14")),
        ("ещё 10 дней", ("extend", "10")),
        ("+7", ("extend", "7")),
        ("Продлить на 5 рабочих дней — ждут бюджет", ("extend", "5")),
        ("продлить на 1 месяц", ("", "")),
        ("продлить до 30 ноября", ("", "")),
        ("Продление не нужно: 3 отказа", ("", "")),
        ("extend by 0 days", ("", "")),
        (7, ("", "")),
        ("Отказ: нет денег, звонить весной", ("refuse", "no_money")),
        ("передать Зеду", ("hand", "Зеду")),
        ("в архив!", ("strategic", "")),
        ("взять в работу", ("work", "")),
    ],
)
def test_decisions_are_read_as_people_write_them(said: str | int, read: tuple[str, str]) -> None:
    found = read_decision(said, RU, {"анна": "Анна"})
    assert (found.kind, found.what) == read


def test_two_answers_on_a_copied_line_of_the_head_both_stay(play: "type[Base]") -> None:
    base = play(WORK)
    base.night(YESTERDAY)
    first = on(base, "head", "beta", "refuse: crisis")
    base.decisions = (first, first._replace(line=f"{first.line}#2", value="to: strategic"))
    night = base.night(TODAY)
    facts = Facts(night.projection, EN, base.journal)
    lines = unique_keys(head_lines(facts, language("en")))
    told = [
        (line.key, line.cells[2].value)
        for line in lines
        if line.key.startswith("decide:") and line.cells[2].value
    ]
    assert told == [(first.line, "refuse: crisis"), (f"{first.line}#2", "to: strategic")]


def test_however_many_decisions_wait_the_whole_base_is_carried_out_as_often(
    play: "type[Base]", monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = []

    def counted(*args: Any) -> pd.DataFrame:
        copies.append(1)
        return after_moves(*args)

    monkeypatch.setattr(base_after, "after_moves", counted)
    made_for = []
    for companies in (("epsilon",), ("epsilon", "zeta", "eta", "alpha", "beta", "gamma")):
        base = play(WORK)
        base.night(YESTERDAY)
        base.decisions = tuple(
            on(base, "head", company, "take into work" if company[0] in "ez" else "hand to: Bob")
            for company in companies
        )
        copies.clear()
        base.decide(TODAY)
        made_for.append(len(copies))
    assert made_for[0] == made_for[1] > 0


COMPANIES = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta")
WORDS = (
    "take into work",
    "to: strategic",
    "to rework: no money",
    "to: Refusal, to rework",
    "refuse: crisis",
    "refuse: off-profile",
    "refuse",
    "hand to: Ann",
    "hand to: Bob",
    "extend by 7 days",
    "extend by 99 days",
    "nonsense",
    "",
)


@settings(max_examples=draws(15), deadline=None)
@given(
    said=st.lists(
        st.tuples(
            st.sampled_from(("Ann", "Bob", "head")),
            st.sampled_from(COMPANIES),
            st.sampled_from(WORDS),
        ),
        max_size=6,
        unique_by=lambda one: (one[0], one[1]),
    ),
    limit=st.integers(1, 4),
    refill=st.sampled_from(("off", "propose", "assign")),
)
def test_whatever_is_decided_nobody_is_lost_no_limit_is_broken_and_a_second_run_rests(
    play: "type[Base]", said: list[SAID], limit: int, refill: Literal["off", "propose", "assign"]
) -> None:
    """`Base.night` itself sees to it that every row stands once, where the plan has foreseen it."""
    policy = capped(EN, 1, limit, refill)
    base = play(WORK, policy=policy)
    base.night(YESTERDAY)
    before = load(base.nights[-1].projection.base, policy)
    base, night = played(play, *said, policy=policy)
    after = load(night.projection.base, policy)
    assert all(after[name] <= max(limit, before[name]) for name in after)
    assert {row["company"] for row in base.rows} == set(COMPANIES)
