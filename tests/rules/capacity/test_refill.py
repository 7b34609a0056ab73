"""METHOD point 7: who gets which company of the call base when a working list is short, and what a tick does."""

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheetsync.i18n import language
from sheetsync.method.policy import template
from sheetsync.method.terms import Leave, Manager
from sheetsync.reports import reports
from sheetsync.rules.capacity.refill import line_of, share_out
from sheetsync.workbook.answers import Answer, decisions_of
from sheetsync.workbook.plan import from_json, to_json
from tests.builders.base import Base, Night
from tests.builders.policies import capped, changed

if TYPE_CHECKING:
    from sheetsync.reporting.layout.model import ReportLine

TODAY = "2026-03-02"
EN, RU = template("en"), template("ru")
AWAY = (Leave(first=date(2026, 3, 1), last=date(2026, 3, 2)),)

CALLS = """
    section   | company     | state     | label  | manager | city   | created_on
    call_base | small old   | New       | small  |         | Omsk   | 2025-01-01
    call_base | medium      | New       | medium |         |        | 2025-06-01
    call_base | large young | New       | large  |         | Perm   | 2026-02-01
    call_base | large old   | New       | large  |         | Tver   | 2025-03-01
    call_base | no label    | New       |        |         |        | 2024-01-01
    call_base | off         | New       | off-profile |    |        | 2024-01-01
    call_base | called      | Refusal   | large  |         |        | 2024-01-01
    working   | hers        | Contact 1 | large  | Ann     |        |
    working   | his         | Contact 1 | large  | Bob     |        |
    working   | his too     | Contact 1 | large  | Bob     |        |
"""


def given_out(night: Night) -> dict[str, str]:
    """Return who was given what by the night's moves."""
    return {m.company: m.manager for m in night.plan.moves if m.rule == "refill"}


def offered(night: Night) -> list[tuple[str, str]]:
    return [(offer.company, offer.manager) for offer in night.plan.offers]


# Who gets what


def test_the_largest_and_oldest_go_to_whoever_has_fewest_then_in_turn(play: "type[Base]") -> None:
    night = play(CALLS, policy=capped(EN, 4, 9, "assign")).becomes(
        TODAY,
        """
        section   | company     | manager | rule
        working   | large old   | Ann     | refill
        working   | large young | Ann     | refill
        working   | medium      | Bob     | refill
        working   | small old   | Ann     | refill
        working   | no label    | Bob     | refill
        call_base | off         |         |
        call_base | called      |         |
        working   | hers        | Ann     |
        working   | his         | Bob     |
        working   | his too     | Bob     |
        """,
    )
    assert night.why("large old") == "taken to fill Ann's list (2 of 4)"
    assert night.why("no label") == "taken to fill Bob's list (4 of 4)"


def test_a_list_is_filled_to_the_lower_end_and_no_further(play: "type[Base]") -> None:
    """The room from there to the limit is for what comes by itself."""
    assert Counter(
        given_out(play(CALLS, policy=capped(EN, 2, 9, "assign")).night(TODAY)).values()
    ) == {"Ann": 1}


@pytest.mark.parametrize(
    ("ann", "expected"),
    [
        (Manager(name="Ann"), {"Ann": 3, "Bob": 2}),
        (Manager(name="Ann", cap=2), {"Ann": 1, "Bob": 2}),
        (Manager(name="Ann", ramp_cap=1, ramp_until=date(2026, 5, 1)), {"Bob": 2}),
        (Manager(name="Ann", leave=AWAY), {"Bob": 2}),
    ],
    ids=["as all", "a lower limit of her own", "the first weeks", "on leave"],
)
def test_nobody_gets_more_than_their_own_limit_and_nobody_on_leave(
    play: "type[Base]", ann: Manager, expected: dict[str, int]
) -> None:
    policy = capped(EN, 4, 9, "assign", team=(ann, Manager(name="Bob")))
    assert Counter(given_out(play(CALLS, policy=policy).night(TODAY)).values()) == expected


def test_after_the_leave_the_list_is_filled(play: "type[Base]") -> None:
    policy = capped(
        EN, 4, 9, "assign", team=(Manager(name="Ann", leave=AWAY), Manager(name="Bob", cap=2))
    )
    base = play(CALLS, policy=policy)
    assert given_out(base.night(TODAY)) == {}
    assert Counter(given_out(base.night("2026-03-03")).values()) == {"Ann": 3}


@pytest.mark.parametrize(
    ("parts", "names"),
    [
        ({}, {"Ann", "Bob"}),
        ({"managers": {"ann": "Ann", "eve": "Eve"}}, {"Ann", "Eve"}),
        ({"team": (Manager(name="Eve"),), "managers": {"ann": "Ann"}}, {"Eve"}),
    ],
    ids=["whoever has a working list", "the list of the Settings tab", "the team"],
)
def test_only_known_managers_get_companies(
    play: "type[Base]", parts: dict[str, Any], names: set[str]
) -> None:
    policy = capped(EN, 4, 9, "assign", **parts)
    assert {*given_out(play(CALLS, policy=policy).night(TODAY)).values()} == names


def test_a_client_who_stands_elsewhere_too_is_not_given_out(play: "type[Base]") -> None:
    """The same phone, number or address in another row; of two in the call base the first in order is good."""
    base = play(
        """
        section   | company  | state     | label | manager | phone        | tax_number | email
        call_base | worked   | New       | large |         | +79120000001 |            |
        call_base | refused  | New       | large |         |              | 7707083893 |
        call_base | twin 1   | New       | large |         |              |            | a@example.com
        call_base | twin 2   | New       | large |         |              |            | a@example.com
        call_base | alone    | New       | small |         | +79120000009 |            |
        working   | hers     | Contact 1 | large | Ann     | +79120000001 |            |
        rework    | theirs   | Call round | large | Ann    |              | 7707083893 |
        """,
        policy=capped(EN, 9, 9, "assign"),
    )
    assert given_out(base.night(TODAY)) == {"twin 1": "Ann", "alone": "Ann"}
    base.rests(TODAY)


def test_a_row_with_a_fault_is_not_given_out(play: "type[Base]") -> None:
    base = play(
        """
        section   | company  | state     | label   | manager
        call_base | unclear  | New       | enormus |
        call_base |          | New       | large   |
        call_base | good     | New       | small   |
        working   | hers     | Contact 1 | large   | Ann
        """,
        policy=capped(EN, 9, 9, "assign"),
    )
    assert given_out(base.night(TODAY)) == {"good": "Ann"}


def test_what_has_left_the_working_list_today_is_not_taken_back_today(play: "type[Base]") -> None:
    time = EN.time.model_copy(update={"new_in_working": "send_back"})
    base = play(
        """
        section | company | state     | label | manager | began
        working | Acme    | New       | small | Ann     |
        working | Beta    | Contact 1 | large | Ann     | 2026-02-20
        """,
        policy=capped(EN, 2, 9, "assign", time=time),
    )
    base.night("2026-02-26")
    base.becomes(
        TODAY,
        """
        section   | company | manager | rule
        call_base | Acme    |         | new_too_long
        working   | Beta    | Ann     |
        """,
    )
    assert given_out(base.night("2026-03-03")) == {"Acme": "Ann"}


def test_off_means_that_nothing_is_given_or_proposed(play: "type[Base]") -> None:
    night = play(CALLS, policy=capped(EN, 4, 9, "off")).night(TODAY)
    assert (given_out(night), night.plan.offers) == ({}, ())


# Proposals


def test_by_default_nothing_moves_and_the_same_is_proposed(play: "type[Base]") -> None:
    base = play(CALLS, policy=capped(EN, 4, 9, "propose"))
    night = base.night(TODAY)
    assert night.plan.moves == ()
    assert offered(night) == [
        ("large old", "Ann"),
        ("large young", "Ann"),
        ("medium", "Bob"),
        ("small old", "Ann"),
        ("no label", "Bob"),
    ]
    assert base.decide(TODAY).offers == night.plan.offers


def test_rows_that_come_to_the_call_base_tonight_are_proposed_tonight(play: "type[Base]") -> None:
    """So that a second run finds the same list."""
    base = play(
        """
        section | company | state     | label | manager | began      | on_expiry
        working | hers    | Contact 1 | large | Ann     | 2026-03-01 |
        rework  | sent on | Contact 1 | large |         |            |
        """,
        policy=capped(EN, 4, 9, "propose"),
    )
    night = base.night(TODAY)
    assert base.decide(TODAY).offers == night.plan.offers


def offer_lines(night: Night, policy: Any) -> list["ReportLine"]:
    summary = reports(night.projection, policy, language(policy.words.language), ())[0]
    return [line for line in summary.lines if "offer" in line.key]


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        (
            RU,
            [
                "Кому что можно дать",
                "поставьте галочку — следующий прогон перенесёт",
                "Крупный клиент · Tver",
                "и ещё 5 для: Ann",
            ],
        ),
        (
            EN,
            [
                "Who could get what",
                "tick the box; the next run carries it out",
                "Large client · Tver",
                "and 5 more for Ann",
            ],
        ),
    ],
)
def test_the_summary_has_a_line_with_a_box_for_each_and_counts_the_rest(
    play: "type[Base]", policy: Any, words: list[str]
) -> None:
    rest = "\n".join(
        f"call_base | more {n:02} | New | small |  | Omsk | 2026-01-01" for n in range(30)
    )
    lines = offer_lines(
        night := play(CALLS + rest, policy=(own := capped(policy, 40, 90))).night(TODAY), own
    )
    assert lines == []
    own = changed(
        own, cap=own.cap.model_copy(update={"refill": "propose"}), team=(Manager(name="Ann"),)
    )
    night = play(CALLS + rest, policy=own).night(TODAY)
    lines = offer_lines(night, own)
    told = [str(cell.value) for line in lines for cell in line.cells if cell.value is not None]
    assert all(any(word in said for said in told) for word in words)
    boxes = [line for line in lines if line.key.startswith("offer:")]
    assert len(boxes) == 30
    assert {(cell.value, cell.style, cell.link) for cell in (line.cells[3] for line in boxes)} == {
        (False, "tick", None)
    }
    assert boxes[0].cells[0].link == ("call_base", 5)


# Ticks


def tick(base: Base, company: str, manager: str, value: Any = "yes") -> Answer:
    return Answer("summary", line_of(str(base.row(company)["id"]), manager), "tick", value)


@pytest.mark.parametrize("value", [True, "да", "x", "TRUE", "yes", "+"])
def test_a_tick_is_carried_out_by_the_next_run(play: "type[Base]", value: Any) -> None:
    base = play(CALLS, policy=capped(EN, 4, 9, "propose"))
    base.night(TODAY)
    base.decisions = (tick(base, "medium", "Bob", value),)
    night = base.night("2026-03-03")
    assert given_out(night) == {"medium": "Bob"}
    assert night.why("medium") == "ticked on the summary for Bob by an unnamed editor"
    assert ("medium", "Bob") not in offered(night)
    assert base.row("medium")["manager"] == "Bob"


@pytest.mark.parametrize("value", ["нет", "no", "?", "later"])
def test_a_word_that_is_no_yes_is_no_tick(play: "type[Base]", value: Any) -> None:
    base = play(CALLS, policy=capped(EN, 4, 9, "propose"))
    base.night(TODAY)
    base.decisions = (tick(base, "medium", "Bob", value),)
    assert given_out(base.night("2026-03-03")) == {}


@pytest.mark.parametrize(
    ("changes", "english", "russian"),
    [
        ({"manager": "Cid"}, "has a manager now: Cid", "назначен менеджер: Cid"),
        (
            {"section": "strategic", "state": "Strategic reserve"},
            "now stands in “Strategic archive”",
            "уже стоит на листе «Стратегический архив»",
        ),
        ({"state": "Contact 1"}, "its state is “Contact 1” now", "состояние уже «1 контакт»"),
        ({"label": "what"}, "its row must be put right first", "сначала нужно исправить строку"),
    ],
    ids=["somebody has it", "it has moved", "it is worked", "it cannot be read"],
)
@pytest.mark.parametrize("policy", [EN, RU], ids=["en", "ru"])
def test_a_tick_that_cannot_be_carried_out_says_why_beside_itself(
    play: "type[Base]", policy: Any, changes: dict[str, str], english: str, russian: str
) -> None:
    own = capped(
        policy,
        4,
        4,
        "propose",
        team=(Manager(name="Ann", cap=1), Manager(name="Bob"), Manager(name="Cid", cap=0)),
    )
    base = play(CALLS, policy=own)
    base.night(TODAY)
    base.decisions = (tick(base, "medium", "Bob"),)
    base.row("medium").update(changes)
    night = base.night("2026-03-03")
    assert given_out(night) == {}
    (refused,) = [offer for offer in night.plan.offers if offer.ticked]
    said = english if policy is EN else russian
    assert said in refused.why
    line = next(line for line in offer_lines(night, own) if line.key == line_of(refused.id, "Bob"))
    assert (line.cells[3].value, line.cells[4].value) == (True, refused.why)
    assert base.decide("2026-03-03").offers == night.plan.offers


@pytest.mark.parametrize(
    ("bob", "why"),
    [
        (Manager(name="Bob", cap=2), "Bob's list is full: 2 of 2"),
        (Manager(name="Bob", leave=AWAY), "Bob is on leave"),
        (Manager(name="Robert"), "Bob is not among the managers"),
    ],
)
def test_a_tick_for_whom_cannot_take_it_says_so(play: "type[Base]", bob: Manager, why: str) -> None:
    base = play(CALLS, policy=capped(EN, 4, 9, "propose", team=(bob,)))
    base.night("2026-02-28")
    base.decisions = (tick(base, "medium", "Bob"),)
    night = base.night(TODAY)
    assert given_out(night) == {}
    assert [offer.why for offer in night.plan.offers if offer.ticked] == [why]


def test_a_tick_may_fill_a_list_beyond_its_lower_end_but_not_over_the_limit(
    play: "type[Base]",
) -> None:
    base = play(CALLS, policy=capped(EN, 2, 3, "propose"))
    base.night(TODAY)
    base.decisions = tuple(tick(base, name, "Bob") for name in ("medium", "small old"))
    night = base.night("2026-03-03")
    assert given_out(night) == {"medium": "Bob"}
    assert [(o.company, o.why) for o in night.plan.offers if o.ticked] == [
        ("small old", "Bob's list is full: 3 of 3")
    ]


def test_of_two_ticks_on_one_company_the_first_is_carried_out(play: "type[Base]") -> None:
    base = play(CALLS, policy=capped(EN, 4, 9, "propose"))
    base.night(TODAY)
    base.decisions = (tick(base, "medium", "Bob"), tick(base, "medium", "Ann"))
    night = base.night("2026-03-03")
    assert given_out(night) == {"medium": "Bob"}
    assert [o.why for o in night.plan.offers if o.ticked] == ["now stands in “Working list”"]


def test_a_tick_on_what_is_being_sent_back_waits_until_tomorrow(play: "type[Base]") -> None:
    time = EN.time.model_copy(update={"new_in_working": "send_back"})
    base = play(CALLS, policy=capped(EN, 4, 9, "propose", time=time))
    base.row("medium").update(section="working", manager="Bob")
    base.night("2026-02-26")
    base.decisions = (tick(base, "medium", "Ann"),)
    night = base.night(TODAY)
    # What the team refused without a word of why has its reason by now.
    assert [move.rule for move in night.plan.moves] == ["new_too_long", "no_reason_given"]
    assert [o.why for o in night.plan.offers if o.ticked] == ["left the working list today"]
    base.rests(TODAY)
    assert given_out(base.night("2026-03-03")) == {"medium": "Ann"}


def test_a_tick_on_a_company_that_is_gone_says_so_by_its_name(play: "type[Base]") -> None:
    base = play(CALLS, policy=capped(EN, 4, 9, "propose"))
    base.night(TODAY)
    base.decisions = (tick(base, "medium", "Bob"),)
    base.rows.remove(base.row("medium"))
    plan = base.decide("2026-03-03")
    assert [(o.company, o.why) for o in plan.offers if o.ticked] == [
        ("medium", "the company is no longer in the base")
    ]


def test_a_saved_plan_keeps_its_proposals(play: "type[Base]") -> None:
    plan = play(CALLS, policy=capped(EN, 4, 9, "propose")).decide(TODAY)
    assert from_json(to_json(plan), "no").offers == plan.offers


def test_answers_are_read_by_the_hidden_key_of_their_line() -> None:
    rows: list[list[Any]] = [
        ["title·0123456789ab", "Summary"],
        ["offer:A1:Ann·0123456789ab", "Acme", "Ann", None, True],
        ["offer:B2:Bob: the 2nd·0123456789ab", "Beta", "Bob: the 2nd", None, "да"],
        ["offer:C3:Ann·0123456789ab", "Cees", "Ann", None, False],
        ["managers:Ann·0123456789ab", "Ann", 4, None, True],
        [None, None, None, None, True],
        [],
    ]
    assert [*decisions_of("summary", rows)] == [
        Answer("summary", "offer:A1:Ann", "tick", value=True),
        Answer("summary", "offer:B2:Bob: the 2nd", "tick", "да"),
    ]
    assert [*decisions_of("revision", rows)] == []


# Fair, whatever there is


@settings(max_examples=200, deadline=None)
@given(
    loads=st.dictionaries(
        st.sampled_from("ABCDEF"), st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1
    ),
    rows=st.integers(0, 60),
)
def test_whoever_has_room_left_has_as_many_as_the_others_or_one_less(
    loads: dict[str, tuple[int, int]], rows: int
) -> None:
    """Nobody gets more than asked for; a row is given once; who could have taken more has not fewer than who got one, less one."""
    short = {name: places for name, (_, places) in loads.items() if places}
    load = {name: has for name, (has, _) in loads.items()}
    shared = share_out(range(rows), short, load, lambda at: at % 7 != 3)
    got = Counter(name for _, name in shared)
    assert len({at for at, _ in shared}) == len(shared)
    assert all(got[name] <= short[name] for name in got)
    assert len(shared) == min(sum(short.values()), len([at for at in range(rows) if at % 7 != 3]))
    final = {name: load[name] + got[name] for name in short}
    open_ = [final[name] for name in short if got[name] < short[name]]
    assert all(final[name] <= least + 1 for least in open_ for name in got)
