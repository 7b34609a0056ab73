"""What is against the method in how people lead their clients: told with evidence, never taken back."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from sheetsync.method.policy import template
from sheetsync.rules.checks.method_violations import CODES
from sheetsync.rules.routing.state_graph import judged, resting

if TYPE_CHECKING:
    from tests.builders.base import Base, Night, Row

EN = template("en")
FIRST, NEXT, THIRD = "2026-03-02", "2026-03-03", "2026-03-04"
ROW = """
    section | company | state     | label | manager | began      | last_contact | next_on    | phone
    working | Acme    | Contact 1 | large | Ann     | 2026-03-01 | 2026-03-01   | 2026-03-05 | +7 912 123-45-67
"""


def history(base: "Base", kind: str | None = None) -> list[dict[str, Any]]:
    """Return what the Journal has of people's doings, the newest first."""
    found = [json.loads(line.data) for line in base.journal if line.what == "noticed"]
    return [one for one in found if kind in (None, one["kind"])]


def found(night: "Night") -> dict[str, int]:
    """Return how often each thing against the method was found."""
    return {code: count for code, count in night.codes.items() if code in CODES}


# Steps


@pytest.mark.parametrize(
    ("before", "after", "finding"),
    [
        ("New", "Contact 1", None),
        ("Contact 1", "Contact 2", None),
        ("Contact 2", "Contact 3", None),
        ("Contact 1", "Deal", None),
        ("Contact 3", "Deal", None),
        ("Deal", "Deal support", None),
        ("Deal support", "Client", None),
        ("Contact 2", "Refusal", None),
        ("Deal", "Strategic reserve", None),
        ("Call round", "Contact 1", None),
        ("Strategic reserve", "Contact 1", None),
        ("Client", "Contact 1", None),
        ("New", "Contact 2", "skipped_step"),
        ("New", "Deal", "skipped_step"),
        ("Contact 1", "Contact 3", "skipped_step"),
        ("Contact 1", "Client", "skipped_step"),
        ("Refusal", "Contact 1", "skipped_step"),
        ("Refusal", "Deal", "skipped_step"),
        ("Strategic reserve", "Contact 3", "skipped_step"),
        ("Contact 3", "Contact 1", "backward_step"),
        ("Contact 1", "New", "backward_step"),
        ("Refusal", "New", "backward_step"),
        ("Deal", "Contact 3", "backward_step"),
        ("Client", "Deal", "backward_step"),
        ("Deal support", "Refusal", "backward_step"),
    ],
)
def test_every_step_is_judged_by_the_matrix_of_states(
    before: str, after: str, finding: str | None
) -> None:
    codes = {EN.words.name("states", code): code for code in EN.state}
    assert judged(codes[before], codes[after], "working", EN) == finding


def test_a_repeat_sale_that_came_to_nothing_may_end_where_it_began() -> None:
    assert judged("contact_2", "client", "clients", EN) is None
    assert judged("contact_2", "client", "working", EN) == "skipped_step"


def test_the_matrix_is_the_policys() -> None:
    states = tuple(
        s.model_copy(update={"next": (*s.next, "contact_3")}) if s.code == "contact_1" else s
        for s in EN.states
    )
    assert (
        judged(
            "contact_1",
            "contact_3",
            "working",
            EN.model_construct(**{**dict(EN), "states": states}),
        )
        is None
    )


def test_states_of_the_archives_are_those_that_rest() -> None:
    assert resting(EN) == {"refusal", "strategic_reserve", "call_round"}


def test_a_skipped_step_is_told_with_both_states_the_day_the_manager_and_what_is_allowed(
    play: "type[Base]",
) -> None:
    base = play(ROW)
    base.night(FIRST)
    base.row("Acme").update(state="Contact 3", last_contact="2026-03-03")
    night = base.night(NEXT)
    assert found(night) == {"skipped_step": 1}
    assert night.told("Acme", "skipped_step") == (
        "Ann, 3 March: “Contact 1” → “Contact 3”, a step is skipped. "
        "After “Contact 1” the method allows: Contact 2, Deal, Refusal, Strategic reserve."
    )
    assert (base.row("Acme")["section"], base.row("Acme")["state"]) == ("working", "Contact 3")
    base.rests(NEXT)


def test_a_step_stays_told_for_thirty_days_whoever_leads_the_row_by_then(
    play: "type[Base]",
) -> None:
    base = play(ROW)
    base.night(FIRST)
    base.row("Acme").update(state="Contact 3", last_contact="2026-03-03")
    base.night(NEXT)
    base.row("Acme").update(manager="Bob")
    assert base.night("2026-04-02").told("Acme", "skipped_step").startswith("Ann, 3 March")
    assert found(base.night("2026-04-03")) == {}


def test_a_step_that_is_put_right_again_stands_as_one_that_was(play: "type[Base]") -> None:
    base = play(ROW)
    base.night(FIRST)
    base.row("Acme").update(state="Contact 3", last_contact="2026-03-03")
    assert found(base.night(NEXT)) == {"skipped_step": 1}
    base.row("Acme").update(state="Contact 1")
    night = base.night(THIRD)
    assert found(night) == {"skipped_step": 1}
    assert night.told("Acme", "skipped_step").endswith("Put right on 4 March.")
    base.rests(THIRD)


def test_what_repeats_itself_counts_up(play: "type[Base]") -> None:
    base = play(ROW)
    night = base.night("2026-03-02")
    steps = ("Contact 3", "Contact 1", "Contact 3", "Contact 1", "Contact 3")
    for day, state in enumerate(steps, start=3):
        base.row("Acme").update(state=state, last_contact=f"2026-03-{day:02}")
        night = base.night(f"2026-03-{day:02}")
    told = [p.message for p in night.plan.problems if p.code == "skipped_step"]
    assert [message.count("Time 3 within 30 days.") for message in sorted(told)] == [0, 0, 1]
    assert found(night) == {"skipped_step": 3}


def test_a_step_back_stands_though_the_state_has_gone_on_since(play: "type[Base]") -> None:
    base = play(ROW.replace("Contact 1", "Contact 2"))
    night = base.night("2026-03-02")
    for day, state in ((3, "Contact 1"), (4, "Contact 2"), (5, "Contact 3"), (6, "Deal")):
        base.row("Acme").update(state=state, last_contact=f"2026-03-{day:02}", amount="100")
        night = base.night(f"2026-03-{day:02}")
    assert found(night) == {"backward_step": 1}


def test_a_step_put_off_stands_after_the_state_has_advanced(play: "type[Base]") -> None:
    base = play(ROW)
    night = base.night("2026-03-02")
    for day, later in ((3, "2026-03-09"), (4, "2026-03-12"), (5, "2026-03-20")):
        base.row("Acme").update(next_on=later)
        night = base.night(f"2026-03-{day:02}")
    assert found(night) == {"pushed": 1}
    base.row("Acme").update(state="Contact 2", last_contact="2026-03-06")
    night = base.night("2026-03-06")
    assert found(night) == {"pushed": 1}
    assert "put off 3 times" in night.told("Acme", "pushed")
    assert "put off" not in str(base.row("Acme")["problems"])
    base.rests("2026-03-06")
    assert found(base.night("2026-04-05")) == {}


def test_how_long_findings_stand_is_a_setting(play: "type[Base]") -> None:
    time = EN.time.model_copy(update={"findings_days": 10})
    base = play(ROW, EN.model_copy(update={"time": time}))
    base.night(FIRST)
    base.row("Acme").update(state="Contact 3", last_contact="2026-03-03")
    base.night(NEXT)
    assert found(base.night("2026-03-13")) == {"skipped_step": 1}
    assert found(base.night("2026-03-14")) == {}


def test_an_empty_cell_for_a_night_hides_no_step(play: "type[Base]") -> None:
    base = play(ROW)
    base.night(FIRST)
    base.row("Acme").update(state=None)
    base.night(NEXT)
    base.row("Acme").update(state="Contact 3", last_contact="2026-03-04")
    assert "“Contact 1” → “Contact 3”" in base.night(THIRD).told("Acme", "skipped_step")


def test_a_word_that_cannot_be_read_is_no_change_of_state(play: "type[Base]") -> None:
    base = play(ROW)
    base.night(FIRST)
    base.row("Acme").update(state="Qwerty")
    base.night(NEXT)
    assert history(base) == []


def test_what_the_run_itself_sets_is_nobodys_step(play: "type[Base]") -> None:
    """It expires into a refusal; the night after, the run has nothing to notice."""
    base = play("""
        section | company | state     | label | manager | began      | last_contact
        working | Acme    | Contact 1 | small | Ann     | 2026-02-17 | 2026-02-20
    """)
    base.night(FIRST)
    base.night(THIRD)
    assert base.row("Acme")["section"] == "rework"
    base.night("2026-03-05")
    assert history(base) == []


# States without a contact


@pytest.mark.parametrize(
    ("state", "last_contact", "finding"),
    [
        ("Contact 2", "2026-03-01", True),  # as it was
        ("Contact 2", None, True),
        ("Contact 2", "2026-02-25", True),  # before the state was set
        ("Contact 2", "2026-03-03", False),
        ("Contact 2", "2026-03-02", False),  # the day the state before was seen, written down since
        ("Deal", "2026-03-01", True),
        ("Refusal", "2026-03-01", False),  # putting a company away takes no contact
    ],
)
def test_a_state_set_without_a_contact(
    play: "type[Base]", state: str, last_contact: str | None, *, finding: bool
) -> None:
    base = play(ROW)
    base.night(FIRST)
    base.row("Acme").update(state=state, last_contact=last_contact)
    night = base.night(NEXT)
    assert found(night) == ({"no_contact_made": 1} if finding else {})
    base.rests(NEXT)


def test_a_contact_written_down_one_night_stands_behind_a_state_set_the_next(
    play: "type[Base]",
) -> None:
    base = play(ROW)
    base.night(FIRST)
    base.row("Acme").update(last_contact="2026-03-03")
    base.night(NEXT)
    base.row("Acme").update(state="Contact 2")
    assert found(base.night(THIRD)) == {}


def test_a_manager_reads_it_in_the_row_and_mends_it(play: "type[Base]") -> None:
    base = play(ROW)
    base.night(FIRST)
    base.row("Acme").update(state="Contact 2")
    night = base.night(NEXT)
    assert night.told("Acme", "no_contact_made") == (
        "Ann, 3 March: “Contact 2” is set without a contact; the last one was on 1 March."
    )
    assert "set without a contact" in str(base.row("Acme")["problems"])
    base.row("Acme").update(last_contact="2026-03-03")
    assert found(base.night(THIRD)) == {}
    assert "set without a contact" not in str(base.row("Acme")["problems"])


def test_a_base_that_writes_no_contacts_down_is_not_asked_for_them(play: "type[Base]") -> None:
    base = play("""
        section | company | state     | manager | began
        working | Acme    | Contact 1 | Ann     | 2026-03-01
    """)
    base.night(FIRST)
    base.row("Acme").update(state="Contact 2")
    assert found(base.night(NEXT)) == {}


# Steps put off


def test_a_next_step_put_off_for_the_third_time_is_told(play: "type[Base]") -> None:
    """Whether its day had come or not; the third is the policy's number."""
    base = play(ROW)
    night = base.night("2026-03-02")
    for day, later, told in (
        ("2026-03-03", "2026-03-09", {}),
        ("2026-03-10", "2026-03-12", {}),
        ("2026-03-11", "2026-03-20", {"pushed": 1}),
    ):
        base.row("Acme").update(next_on=later)
        night = base.night(day)
        assert found(night) == told
        base.rests(day)
    assert night.told("Acme", "pushed") == (
        "The next step was put off 3 times without a contact. Last: 12 March → 20 March (Ann, 11 March)."
    )
    assert "put off 3 times" in str(base.row("Acme")["problems"])
    assert [one["after"] for one in history(base, "next_on")] == [
        "2026-03-20",
        "2026-03-12",
        "2026-03-09",
    ]


@pytest.mark.parametrize(
    ("change", "pushes"),
    [
        ({"next_on": "2026-03-20"}, 3),
        (
            {"next_on": "2026-03-20", "last_contact": "2026-03-04"},
            2,
        ),  # a contact: the next step is another one
        ({"next_on": "2026-03-04"}, 2),  # earlier is not put off
        ({"next_on": None}, 2),
        ({"next_on": "soon"}, 2),
        (
            {"state": "Contact 2", "last_contact": "2026-03-04", "next_on": "2026-03-20"},
            0,
        ),  # got further
        ({"state": "Refusal", "next_on": "2026-03-20"}, 0),
    ],
)
def test_how_often_a_step_was_put_off_is_counted(
    play: "type[Base]", change: dict[str, str], pushes: int
) -> None:
    base = play(ROW)
    base.night("2026-03-02")
    for day, later in (("2026-03-02", "2026-03-06"), ("2026-03-03", "2026-03-08")):
        base.row("Acme").update(next_on=later)
        base.night(day)
    base.row("Acme").update(change)
    base.night("2026-03-04")
    assert int(base.state["pushes"].iloc[0]) == pushes


# The start date


def test_a_start_date_rewritten_changes_no_clock_and_is_told(play: "type[Base]") -> None:
    base = play(ROW)
    base.night(FIRST)
    before = base.row("Acme")["deadline"]
    base.row("Acme").update(began="2026-03-20")
    night = base.night(NEXT)
    assert base.row("Acme")["deadline"] == before
    assert found(night) == {"began_rewritten": 1}
    assert night.told("Acme", "began_rewritten") == (
        "Ann, 3 March: the start date was rewritten, 1 March → 20 March. The clock counts from 1 March as before."
    )
    assert history(base) == [
        {"kind": "began", "before": "2026-03-01", "after": "2026-03-20", "since": "2026-03-01"}
    ]
    base.rests(NEXT)
    base.row("Acme").update(began="2026-03-01")
    assert found(base.night(THIRD)) == {}


def test_a_start_date_cleared_is_told_too(play: "type[Base]") -> None:
    base = play(ROW)
    base.night(FIRST)
    base.row("Acme").update(began=None)
    assert "the start date was cleared, it was 1 March" in base.night(NEXT).told(
        "Acme", "began_rewritten"
    )


def test_a_start_date_typed_for_the_first_time_is_not_rewritten(play: "type[Base]") -> None:
    base = play(ROW.replace("2026-03-01 |", "           |", 1))
    base.night(FIRST)
    base.row("Acme").update(began="2026-02-20")
    assert found(base.night(NEXT)) == {}


# Quick returns


def test_a_row_let_in_with_the_heads_consent_is_nobodys_gain(play: "type[Base]") -> None:
    """It left by its deadline on 4 March; the head's day in “Extended to” lets it in on the 10th with a new clock."""
    base = play("""
        section | company | state     | label | manager | began      | last_contact | extended_to
        working | Acme    | Contact 1 | small | Ann     | 2026-02-17 | 2026-02-20   |
    """)
    base.night("2026-03-02")
    base.night("2026-03-04")
    base.row("Acme").update(
        state="Contact 1", refusal_reason=None, last_contact="2026-03-10", extended_to="2026-03-20"
    )
    night = base.night("2026-03-10")
    assert base.row("Acme")["section"] == "working"
    assert found(night) == {"skipped_step": 1}
    assert history(base, "returned") == [
        {
            "kind": "returned",
            "before": "rework",
            "after": "working",
            "left_on": "2026-03-04",
            "since": "2026-03-10",
        }
    ]
    base.rests("2026-03-10")


def test_a_row_carried_to_an_archive_and_back_by_hand_is_told_and_its_clock_goes_on(
    play: "type[Base]",
) -> None:
    base = play(ROW)
    base.night("2026-03-02")
    base.row("Acme").update(section="strategic", state="Strategic reserve")
    base.night("2026-03-09")
    base.row("Acme").update(section="working", state="Contact 1", last_contact="2026-03-12")
    night = base.night("2026-03-12")
    assert night.told("Acme", "quick_return") == (
        "Ann: left the working list on 9 March and was put back by 12 March without the head's consent; "
        "the clock goes on from 1 March."
    )
    assert [(one["before"], one["after"]) for one in history(base, "section")] == [
        ("strategic", "working"),
        ("working", "strategic"),
    ]
    base.rests("2026-03-12")


@pytest.mark.parametrize(("back", "finding"), [("2026-04-02", True), ("2026-04-03", False)])
def test_a_return_after_the_days_of_consent_is_nobodys_business(
    play: "type[Base]", back: str, *, finding: bool
) -> None:
    base = play("""
        section | company | state     | label | manager | began      | last_contact
        working | Acme    | Contact 2 | large | Ann     | 2026-02-27 | 2026-02-28
    """)
    base.night("2026-03-02")
    base.row("Acme").update(section="strategic", state="Strategic reserve")
    base.night("2026-03-04")
    base.row("Acme").update(section="working", state="Contact 1", last_contact=back)
    assert found(base.night(back)) == ({"quick_return": 1} if finding else {})


def test_a_client_who_is_worked_again_is_no_quick_return(play: "type[Base]") -> None:
    base = play(ROW.replace("Contact 1", "Deal support"))
    base.night("2026-03-02")
    base.row("Acme").update(state="Client")
    base.night("2026-03-03")
    assert base.row("Acme")["section"] == "clients"
    base.row("Acme").update(section="working", state="Contact 1", last_contact="2026-03-05")
    assert found(base.night("2026-03-05")) == {}


# Deleted and added again

TWO = """
    section | company | state     | manager | phone       | tax_number | last_contact
    working | Acme    | Contact 1 | Ann     | +7 912 123-45-67 | 7707083893 | 2026-03-01
    working | Other   | Contact 1 | Bob     | +7 912 123-45-68 |            | 2026-03-01
"""


def gone(base: "Base", company: str) -> dict[str, Any]:
    """Delete a row as people do; return what it held."""
    row = base.row(company)
    base.rows = [other for other in base.rows if other is not row]
    return {
        name: cell
        for name, cell in row.items()
        if name not in ("id", "deadline", "days_left", "problems")
    }


def test_a_row_deleted_and_added_again_under_another_manager_some_days_later(
    play: "type[Base]",
) -> None:
    base = play(TWO)
    base.night(FIRST)
    id_ = base.row("Acme")["id"]
    row = gone(base, "Acme")
    base.night(NEXT)
    base.rows.append({**row, "manager": "Bob"})
    night = base.night(THIRD)
    assert night.told("Acme", "readded") == (
        f"Deleted under Ann, seen on 3 March; added again under Bob, seen on 4 March (ID {id_})."
    )
    assert history(base, "readded") == [
        {
            "kind": "readded",
            "before": "Ann",
            "after": "Bob",
            "gone_on": "2026-03-03",
            "section": "working",
        }
    ]
    assert history(base, "manager") == []
    base.rests(THIRD)


def test_within_one_day_it_is_known_by_the_id_that_it_lacks(play: "type[Base]") -> None:
    base = play(TWO)
    base.night(FIRST)
    row = gone(base, "Acme")
    base.rows.append({**row, "manager": "Bob"})
    assert "Deleted under Ann and added again under Bob, seen on 3 March" in base.night(NEXT).told(
        "Acme", "readded"
    )
    base.rests(NEXT)


def test_a_manager_changed_in_the_cell_is_a_handover_and_no_finding(play: "type[Base]") -> None:
    base = play(TWO)
    base.night(FIRST)
    base.row("Acme").update(manager="Bob")
    assert found(base.night(NEXT)) == {}
    assert history(base) == [{"kind": "manager", "before": "Ann", "after": "Bob"}]


@pytest.mark.parametrize(
    ("typed", "finding"),
    [
        ({"company": "Akme Ltd", "tax_number": "7707083893", "phone": None}, "Tax number"),
        ({"company": "Brand new", "tax_number": None, "phone": "+7 912 123-45-67"}, "Phone"),
        ({"company": "ООО Acme", "tax_number": None, "phone": None}, "Company"),
        ({"company": "Acme", "tax_number": "5047118550", "phone": None}, None),  # of the same name
        ({"company": "Brand new", "tax_number": None, "phone": "+7 912 123-45-69"}, None),
        ({"company": "Acme", "tax_number": "7707083893", "phone": None, "manager": "Ann"}, None),
    ],
)
def test_a_second_row_typed_before_the_first_is_deleted_is_known_by_what_it_holds(
    play: "type[Base]", typed: dict[str, str], finding: str | None
) -> None:
    """It bears an ID of its own, as the first one stood there still; both are named."""
    base = play(TWO)
    base.night(FIRST)
    old = base.row("Acme")["id"]
    new: Row = {"section": "working", "state": "New", "manager": "Bob", **typed}
    base.rows.append(new)
    base.night(NEXT)
    base.rows = [row for row in base.rows if row["id"] != old]
    night = base.night(THIRD)
    assert found(night) == ({"readded": 1} if finding else {})
    if finding:
        assert night.told(str(typed["company"]), "readded") == (
            f"Added under Bob, seen on 3 March (ID {new['id']}); a row with the same “{finding}” vanished under Ann, "
            f"seen on 4 March (ID {old})."
        )
    base.rests(THIRD)


# What is noticed


def test_the_first_night_notices_nothing_and_a_later_one_what_has_changed(
    play: "type[Base]",
) -> None:
    base = play(ROW.replace("phone", "amount").replace("+7 912 123-45-67", "1000"))
    base.night(FIRST)
    assert history(base) == []
    base.row("Acme").update(amount=2500.5, manager="Bob")
    base.rows.append(
        {"section": "call_base", "company": "Newcomer", "state": "New", "manager": None}
    )
    base.night(NEXT)
    assert sorted(history(base), key=str) == [
        {
            "kind": "added",
            "section": "call_base",
            "state": "new",
            "manager": None,
            "label": None,
            "amount": None,
            "contact": None,
            "result": None,
        },
        {"kind": "amount", "before": 1000.0, "after": 2500.5},
        {"kind": "manager", "before": "Ann", "after": "Bob"},
    ]
    base.rests(NEXT)


def test_a_state_by_which_the_row_moves_that_night_is_noticed_too(play: "type[Base]") -> None:
    base = play(ROW)
    base.night(FIRST)
    base.row("Acme").update(state="Refusal", refusal_reason="No money")
    base.night(NEXT)
    assert base.row("Acme")["section"] == "rework"
    assert [line.what for line in base.journal if line.run == base.journal[0].run] == [
        "moved",
        "noticed",
        "edited",
    ]
    assert history(base) == [
        {
            "kind": "state",
            "before": "contact_1",
            "after": "refusal",
            "since": "2026-03-02",
            "contact": "2026-03-01",
            "section": "working",
        }
    ]
    base.rests(NEXT)


def test_another_spelling_of_a_manager_is_no_other_manager(play: "type[Base]") -> None:
    base = play(TWO.replace("Bob", "Ann"))
    base.night(FIRST)
    for row in base.rows:
        row["manager"] = "ANN "
    base.night(NEXT)
    assert history(base) == []


def test_a_row_that_stands_in_the_base_again_is_noticed_as_such(play: "type[Base]") -> None:
    base = play(TWO)
    base.night(FIRST)
    row = gone(base, "Acme")
    base.night(NEXT)
    base.rows.append(row)
    base.night(THIRD)
    assert history(base) == [{"kind": "reappeared", "section": "working", "gone_on": "2026-03-03"}]


def test_a_column_that_is_gone_is_no_change_of_every_row(play: "type[Base]") -> None:
    base = play(ROW)
    base.night(FIRST)
    for row in base.rows:
        del row["next_on"], row["began"], row["manager"]
    base.night(NEXT)
    assert history(base) == []
