"""METHOD points 7 and 12: how many companies a working list may hold, whoever's it is, and that no rule goes over that."""

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheetsync.enforcer import carry, decide
from sheetsync.i18n import language
from sheetsync.method.policy import Policy, template
from sheetsync.method.terms import Condition, Leave, Manager, Rule, Time
from sheetsync.reports import reports
from sheetsync.rules.capacity.refill import line_of
from sheetsync.rules.corrections.undo import last_deed, reverse, runs
from sheetsync.rules.draft.capacity import load
from sheetsync.workbook.answers import Answer
from sheetsync.workbook.recognition import recognise
from tests.builders.base import Base, book_of, grid_of
from tests.builders.draws import draws
from tests.builders.policies import capped, changed

if TYPE_CHECKING:
    from sheetsync.reporting.layout.model import ReportCell
    from sheetsync.values import Cell

TODAY = "2026-03-02"
EN, RU = template("en"), template("ru")
DAY = date(2026, 3, 2)


def team(*managers: Manager) -> dict[str, Any]:
    return {"team": managers}


# Whose limit it is


@pytest.mark.parametrize(
    ("manager", "day", "limit"),
    [
        (Manager(name="Ann"), "2026-03-02", 90),
        (Manager(name="Ann", cap=60), "2026-03-02", 60),
        (Manager(name="Ann", ramp_cap=20, ramp_until=date(2026, 3, 2)), "2026-03-02", 20),
        (Manager(name="Ann", ramp_cap=20, ramp_until=date(2026, 3, 2)), "2026-03-03", 90),
        (Manager(name="Ann", cap=60, ramp_cap=20, ramp_until=date(2026, 3, 2)), "2026-03-03", 60),
        (Manager(name="Ann", cap=0), "2026-03-02", 0),
        (Manager(name="Bob", cap=10), "2026-03-02", 90),
    ],
)
def test_the_limit_is_the_methods_the_managers_own_or_that_of_the_first_weeks(
    manager: Manager, day: str, limit: int
) -> None:
    assert changed(EN, **team(manager)).limit("Ann", date.fromisoformat(day)) == limit


RETURNS = """
    section   | company | state     | label | manager | last_contact
    working   | here    | Contact 1 | small | Ann     |
    rework    | first   | Contact 1 | small | Ann     | 2026-02-01
    rework    | second  | Contact 1 | small | Ann     | 2026-02-02
    call_base | third   | New       | small | Ann     | 2026-02-03
    rework    | other   | Contact 1 | small | Bob     | 2026-02-04
"""


def test_rows_come_back_up_to_the_managers_own_limit(play: "type[Base]") -> None:
    policy = capped(EN, 0, 90, **team(Manager(name="Ann", cap=2), Manager(name="Bob")))
    night = play(RETURNS, policy=policy).becomes(
        TODAY,
        """
        section   | company | rule
        working   | here    |
        working   | first   | back_to_work
        rework    | second  |
        call_base | third   |
        working   | other   | back_to_work
        """,
    )
    said = [problem.message for problem in night.plan.problems if problem.code == "cap"]
    assert said == ["Ann's working list is full (2 of 2): the row stays here."] * 2


def test_a_new_managers_list_grows_the_day_after_the_ramp(play: "type[Base]") -> None:
    policy = capped(EN, 0, 90, **team(Manager(name="Ann", ramp_cap=1, ramp_until=DAY)))
    base = play(RETURNS, policy=policy)
    assert [move.company for move in base.night(TODAY).plan.moves] == ["other"]
    assert len(base.night("2026-03-03").plan.moves) == 3


def test_a_list_over_its_own_limit_is_reported_as_the_moves_leave_it(play: "type[Base]") -> None:
    """The one whose time is up makes room in the same night, so nothing is said of Bob."""
    policy = capped(EN, 0, 90, **team(Manager(name="Ann", cap=1), Manager(name="Bob", cap=1)))
    base = play(
        """
        section | company | state     | label | manager | began
        working | one     | Contact 1 | large | Ann     | 2026-03-01
        working | two     | Contact 1 | large | Ann     | 2026-03-01
        working | three   | Contact 1 | large | Bob     | 2026-03-01
        working | four    | Contact 1 | large | Bob     | 2025-01-01
        """,
        policy=policy,
    )
    said = [
        problem.message for problem in base.night(TODAY).plan.problems if problem.code == "over_cap"
    ]
    assert said == ["Ann: 2 companies in the working list, the limit is 1."]
    base.rests(TODAY)


def test_a_tab_of_several_sections_is_split_up_to_the_limit() -> None:
    policy = capped(EN, 0, 2, team=(Manager(name="Ann"), Manager(name="Bob", cap=1)))
    heads: list[Cell] = ["Company", "State", "Manager"]
    rows: list[list[Cell]] = [
        [f"Company {n}", "Contact 1", name]
        for n, name in enumerate(["Ann", "Ann", "Ann", "Bob", "Bob"])
    ]
    grids = [
        grid_of([heads, ["Here", "Contact 1", "Ann"]], "Working list"),
        grid_of([heads, *rows], "Several sections", 1),
    ]
    plan = decide(recognise(book_of(grids), policy, language("en")), policy, DAY)
    assert [(move.source, move.company) for move in plan.moves] == [
        ("mixed", "Company 0"),
        ("mixed", "Company 3"),
    ]
    assert sum(problem.code == "cap" for problem in plan.problems) == 3


def test_a_rule_on_expiry_that_leads_to_the_working_list_waits_for_room_too(
    play: "type[Base]",
) -> None:
    """Rows at work in the call base whose time is up: the team's rule takes them on, as far as there is room."""
    takes = Rule(name="Once more", when=Condition(section=("call_base",)), to="working")
    policy = capped(EN, 0, 1, on_expiry=(takes, *EN.on_expiry))
    base = play(
        """
        section   | company | state     | label | manager | began      | last_contact
        call_base | one     | Contact 1 | small | Ann     | 2026-02-01 | 2026-02-01
        call_base | two     | Contact 1 | small | Ann     | 2026-02-01 | 2026-02-02
        """,
        policy=policy,
    )
    base.night(TODAY)
    base.shows("""
        section   | company | rule
        working   | one     | Once more
        call_base | two     |
    """)


# New rows that nobody calls


def waiting(mode: str, **parts: Any) -> Policy:
    time = EN.time.model_dump() | {"new_in_working": mode}
    return capped(EN, 0, 90, time=Time.model_validate(time), **parts)


NEW = """
    section | company | state | label | manager
    working | waits   | New   | small | Ann
    working | nobody  | New   | small |
"""


def test_a_new_row_that_waits_too_long_is_reported_by_default(play: "type[Base]") -> None:
    base = play(NEW, policy=waiting("report"))
    base.night("2026-02-26")
    night = base.night(TODAY)
    assert (night.plan.moves, night.codes["new_too_long"]) == ((), 2)


def test_or_sent_back_to_the_call_base_without_its_manager(play: "type[Base]") -> None:
    base = play(NEW, policy=waiting("send_back"))
    base.night("2026-02-26")
    assert base.night("2026-03-01").plan.moves == ()
    night = base.becomes(
        TODAY,
        """
        section   | company | state | manager | rule
        call_base | waits   | New   |         | new_too_long
        call_base | nobody  | New   |         | new_too_long
        """,
    )
    assert night.why("waits") == "nobody has called for more than 3 days"
    assert "new_too_long" not in night.codes


def test_the_place_of_a_row_that_was_sent_back_is_free_the_same_night(play: "type[Base]") -> None:
    base = play(
        """
        section | company | state     | label | manager
        working | waits   | New       | small | Ann
        rework  | returns | Contact 1 | small | Ann
        """,
        policy=capped(waiting("send_back"), 0, 1),
    )
    base.night("2026-02-26")
    base.becomes(
        TODAY,
        """
        section   | company | rule
        call_base | waits   | new_too_long
        working   | returns | back_to_work
        """,
    )


def test_a_row_that_an_undo_brought_back_is_not_sent_away_again_while_it_is_held(
    play: "type[Base]",
) -> None:
    base = play(NEW, policy=waiting("send_back"))
    base.night("2026-02-26")
    base.state["held_until"] = date(2026, 3, 5)
    base.state["held_until"] = base.state["held_until"].astype("datetime64[s]")
    night = base.night(TODAY)
    assert (night.plan.moves, night.codes["new_too_long"]) == ((), 2)
    assert len(base.night("2026-03-06").plan.moves) == 2


# What people see of it


@pytest.mark.parametrize(
    ("policy", "head", "bars", "note"),
    [
        (RU, "из 90", ["█░░░░░░░░░", "█░░░░░░░░░"], "2 менеджера, до 90 на каждого"),
        (EN, "of 90", ["█░░░░░░░░░", "█░░░░░░░░░"], "2 managers, up to 90 each"),
        (
            changed(RU, team=(Manager(name="Ann", cap=2),)),
            "от предела",
            ["█████░░░░░ 2", "█░░░░░░░░░ 90"],
            "2 менеджера, всего мест 92",
        ),
        (
            changed(EN, team=(Manager(name="Ann", cap=2),)),
            "of the limit",
            ["█████░░░░░ 2", "█░░░░░░░░░ 90"],
            "2 managers, 92 places in all",
        ),
    ],
)
def test_load_and_bars_stand_against_each_ones_own_limit(
    play: "type[Base]", policy: Policy, head: str, bars: list[str], note: str
) -> None:
    rows = """
        section | company | state     | manager
        working | one     | Contact 1 | Ann
        working | two     | Contact 1 | Bob
    """
    night = play(rows, policy=policy).night(TODAY)
    summary, ann, *_ = reports(night.projection, policy, language(policy.words.language), ())
    cells: dict[str, tuple[ReportCell, ...]] = {line.key: line.cells for line in summary.lines}
    assert cells["columns:managers"][2].value == head
    assert [cells[f"managers:{name}"][2].value for name in ("Ann", "Bob")] == bars
    assert cells["tiles:note"][0].value == note
    limit = policy.limit("Ann", DAY)
    assert str(limit) in str(
        next(line for line in ann.lines if line.key == "tiles:note").cells[0].value
    )


# Whatever stands in the base


PEOPLE = ("Ann", "Bob", "Cid")
STATES = (
    "New",
    "Contact 1",
    "Contact 2",
    "Deal",
    "Deal support",
    "Refusal",
    "Strategic reserve",
    "Call round",
    "Client",
)
SECTIONS = ("working", "call_base", "rework", "strategic", "clients")

rows = st.lists(
    st.tuples(
        st.sampled_from(SECTIONS),
        st.sampled_from(STATES),
        st.sampled_from(("", *PEOPLE)),
        st.sampled_from(("large", "small", "off-profile", "")),
        st.sampled_from(("", "2025-12-01", "2026-02-27")),
    ),
    min_size=1,
    max_size=14,
)
limits = st.fixed_dictionaries({name: st.one_of(st.none(), st.integers(0, 4)) for name in PEOPLE})
leave = st.sets(st.sampled_from(PEOPLE))


@settings(max_examples=draws(8), deadline=None)
@given(
    rows=rows,
    own=limits,
    gone=leave,
    common=st.tuples(st.integers(0, 3), st.integers(1, 4)),
    mode=st.sampled_from(("off", "propose", "assign")),
    ticks=st.lists(st.tuples(st.integers(0, 13), st.sampled_from(PEOPLE)), max_size=4),
    back=st.sampled_from(("report", "send_back")),
)
def test_no_list_grows_over_its_limit_and_no_row_stands_twice(  # a night has many sides
    rows: list[tuple[str, ...]],
    own: dict[str, int | None],
    gone: set[str],
    common: tuple[int, int],
    mode: str,
    ticks: list[tuple[int, str]],
    back: str,
) -> None:
    low, high = min(common), max(common)
    away = (Leave(first=date(2026, 2, 1), last=date(2026, 4, 1)),)
    people = tuple(
        Manager(name=name, cap=cap, leave=away if name in gone else ()) for name, cap in own.items()
    )
    time = Time.model_validate(EN.time.model_dump() | {"new_in_working": back})
    policy = capped(EN, low, high, mode, team=people, time=time)
    heads = (
        "section | company | state | manager | label | began | refusal_reason | return_on | amount"
    )
    lines = [
        " | ".join((s, f"Company {n}", *rest, "", "", "")) for n, (s, *rest) in enumerate(rows)
    ]
    base = Base("\n".join([heads, *lines]), policy=policy)
    for day in ("2026-03-02", "2026-03-07"):
        base.decisions = tuple(
            Answer("summary", line_of(str(base.rows[at].get("id")), name), "tick", value=True)
            for at, name in ticks
            if at < len(base.rows)
        )
        night = base.night(day)  # asserts that every row stands once
        before = load(night.as_read, policy)
        after = load(night.projection.base, policy)
        today = date.fromisoformat(day)
        assert all(
            count <= max(policy.limit(name, today), before[name]) for name, count in after.items()
        )
        given_out = {
            str(dict(move.sets)["manager"]) for move in night.plan.moves if move.rule == "refill"
        }
        assert not given_out & gone
        base.rests(day)


def test_a_list_that_an_undo_fills_is_full_for_those_that_wait() -> None:
    policy = capped(EN, 0, 90, team=(Manager(name="Ann", cap=1), Manager(name="Bob")))
    base = Base(
        """
        section   | company | state             | label | manager | last_contact | began
        working   | here    | Contact 1         | small | Ann     | 2026-01-10   | 2026-01-01
        strategic | rest    | strategic reserve | small | Bob     | 2026-01-10   | 2026-01-01
        """,
        policy=policy,
    )
    assert [move.company for move in base.night("2026-03-02").plan.moves] == ["here"]
    base.rows.append(
        {
            "section": "strategic",
            "company": "late",
            "state": "Contact 1",
            "label": "small",
            "manager": "Ann",
        }
    )
    seen = base.snapshot()
    run = last_deed(runs(seen.journal))
    assert run is not None
    back = carry(seen, policy, DAY, reverse(seen, policy, run, DAY).correction)
    assert [move.company for move in back.moves] == ["here"]
    full = [problem.message for problem in back.problems if problem.code == "cap"]
    assert full == ["Ann's working list is full (1 of 1): the row stays here."]
