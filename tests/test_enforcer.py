"""What a night does to a base: tables of rows as they stood and as they stand the morning after, rule by rule."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from sheetsync.method.policy import Policy, template
from sheetsync.rules.safeguards import plan_ids, tripped
from sheetsync.schema import Severity

if TYPE_CHECKING:
    from tests.builders.base import Base

EN = template("en")
TODAY = "2026-03-02"


def capped(most: int) -> Policy:
    """Return the policy with a small working list."""
    return EN.model_copy(update={"cap": EN.cap.model_copy(update={"min": 0, "max": most})})


# Time is up


def test_a_row_expires_the_day_after_its_label_allows(play: "type[Base]") -> None:
    """14, 30 and 40 days; the last day itself is still in time; 30 where nobody has set a label."""
    night = play("""
        section | company      | state     | label       | manager | began
        working | small 14     | Contact 1 | small       | Ann     | 2026-02-16
        working | small 15     | Contact 1 | small       | Ann     | 2026-02-15
        working | medium 30    | Contact 1 | medium      | Ann     | 2026-01-31
        working | medium 31    | Contact 1 | medium      | Ann     | 2026-01-30
        working | large 40     | Contact 1 | large       | Ann     | 2026-01-21
        working | large 41     | Contact 1 | large       | Ann     | 2026-01-20
        working | no label 30  | Contact 1 |             | Ann     | 2026-01-31
        working | no label 31  | Contact 1 |             | Ann     | 2026-01-30
    """).becomes(
        TODAY,
        """
        section | company      | state     | rule    | refusal_reason | return_on  | deadline   | days_left
        working | small 14     | Contact 1 |         |                |            | 2026-03-02 | 0
        rework  | small 15     | Refusal   | expired | Out of time    | 2026-05-31 |            |
        working | medium 30    | Contact 1 |         |                |            | 2026-03-02 | 0
        rework  | medium 31    | Refusal   | expired | Out of time    | 2026-05-31 |            |
        working | large 40     | Contact 1 |         |                |            | 2026-03-02 | 0
        rework  | large 41     | Refusal   | expired | Out of time    | 2026-05-31 |            |
        working | no label 30  | Contact 1 |         |                |            | 2026-03-02 | 0
        rework  | no label 31  | Refusal   | expired | Out of time    | 2026-05-31 |            |
        """,
    )
    assert night.why("large 41") == "40 days were up on 1 March; got no further than “Contact 1”"


def test_where_a_row_goes_whose_time_is_up(play: "type[Base]") -> None:
    """Off-profile first, then the manager's choice, then how far it got."""
    night = play("""
        section | company          | state     | label       | manager | began      | on_expiry          | refusal_reason
        working | off, warm        | Contact 3 | off-profile | Ann     | 2026-02-01 | Strategic          |
        working | chose strategic  | Contact 1 | small       | Ann     | 2026-02-01 | Strategic archive  |
        working | chose rework     | Contact 3 | small       | Ann     | 2026-02-01 | Rework             |
        working | chose rework, no | Contact 3 | small       | Ann     | 2026-02-01 | Rework             | No money
        working | chose refusal    | Contact 2 | small       | Ann     | 2026-02-01 | Blacklist          |
        working | chose call base  | Contact 2 | small       | Ann     | 2026-02-01 | Call base          |
        working | chose to stay    | Contact 1 | small       | Ann     | 2026-02-01 | Working list       |
        working | warm 2           | Contact 2 | small       | Ann     | 2026-02-01 |                    |
        working | warm 3           | Contact 3 | small       | Ann     | 2026-02-01 |                    |
        working | cold             | Contact 1 | small       | Ann     | 2026-02-01 |                    |
        working | cold, no money   | Contact 1 | small       | Ann     | 2026-02-01 |                    | No money
        working | cold, angry      | Contact 1 | small       | Ann     | 2026-02-01 |                    | Negative
    """).becomes(
        TODAY,
        """
        section      | company          | state             | manager | rule                | refusal_reason | return_on
        hard_refusal | off, warm        | Refusal           | Ann     | expired_off_profile | Off-profile    |
        strategic    | chose strategic  | Strategic reserve | Ann     | expired_chosen      |                | 2026-08-29
        rework       | chose rework     | Refusal           | Ann     | expired_chosen      | Out of time    | 2026-05-31
        rework       | chose rework, no | Refusal           | Ann     | expired_chosen      | No money       | 2026-05-31
        hard_refusal | chose refusal    | Refusal           | Ann     | expired_chosen      |                |
        strategic    | chose call base  | Strategic reserve | Ann     | expired_warm        |                | 2026-08-29
        rework       | chose to stay    | Refusal           | Ann     | expired             | Out of time    | 2026-05-31
        strategic    | warm 2           | Strategic reserve | Ann     | expired_warm        |                | 2026-08-29
        strategic    | warm 3           | Strategic reserve | Ann     | expired_warm        |                | 2026-08-29
        rework       | cold             | Refusal           | Ann     | expired             | Out of time    | 2026-05-31
        rework       | cold, no money   | Refusal           | Ann     | expired             | No money       | 2026-05-31
        hard_refusal | cold, angry      | Refusal           | Ann     | expired             | Negative       |
        """,
    )
    assert night.why("off, warm") == "14 days were up on 15 February; label “Off-profile client”"
    assert (
        night.why("chose rework")
        == "14 days were up on 15 February; the manager chose “Refusal, to rework”"
    )
    assert night.why("warm 2") == "14 days were up on 15 February; reached “Contact 2”"
    assert (
        night.why("cold, angry")
        == "14 days were up on 15 February; state “Contact 1”, reason “Negative”"
    )


def test_a_choice_to_become_a_client_counts_as_empty(play: "type[Base]") -> None:
    play("""
        section | company | state     | label | manager | began      | on_expiry | refusal_reason
        working | Acme    | Contact 1 | small | Ann     | 2026-02-01 | Clients   | No money
        working | Beta    | Contact 1 | small | Ann     | 2026-02-01 | Clients   |
    """).becomes(
        TODAY,
        """
        section | company | state   | rule    | refusal_reason
        rework  | Acme    | Refusal | expired | No money
        rework  | Beta    | Refusal | expired | Out of time
        """,
    )


def test_how_far_a_row_got_is_remembered_when_its_state_is_put_back(play: "type[Base]") -> None:
    base = play("""
        section | company | state     | label | manager | began
        working | Acme    | Contact 2 | small | Ann     | 2026-02-16
    """)
    base.night("2026-03-01")
    base.row("Acme")["state"] = "Contact 1"
    night = base.becomes(
        "2026-03-03",
        """
        section   | company | state             | rule
        strategic | Acme    | Strategic reserve | expired_warm
        """,
    )
    assert night.why("Acme") == "14 days were up on 2 March; reached “Contact 2”"


def test_an_old_return_date_does_not_send_a_row_straight_back(play: "type[Base]") -> None:
    """It came back from an archive once, and its return date of then still stands there."""
    play("""
        section | company | state     | label | manager | began      | return_on
        working | past    | Contact 1 | small | Ann     | 2026-02-01 | 2026-01-10
        working | today   | Contact 1 | small | Ann     | 2026-02-01 | 2026-03-02
        working | ahead   | Contact 2 | small | Ann     | 2026-02-01 | 2026-04-01
    """).becomes(
        TODAY,
        """
        section   | company | state             | return_on
        rework    | past    | Refusal           | 2026-05-31
        rework    | today   | Refusal           | 2026-05-31
        strategic | ahead   | Strategic reserve | 2026-04-01
        """,
    )


def test_who_has_no_deadline(play: "type[Base]") -> None:
    """A deal and what follows it, a new client, and whoever stands in an archive."""
    play("""
        section   | company  | state             | label | manager | began      | invoice_on | paid_on    | amount
        working   | deal     | Deal              | small | Ann     | 2025-01-01 | 2026-01-01 |            | 5
        working   | support  | Deal support      | small | Ann     | 2025-01-01 | 2026-01-01 | 2026-01-02 | 5
        working   | new      | New               | small | Ann     | 2025-01-01 |            |            |
        clients   | client   | Client            | small | Ann     | 2025-01-01 |            |            |
        strategic | reserve  | Strategic reserve | small | Ann     | 2025-01-01 |            |            |
        rework    | calls    | Call round        | small | Ann     | 2025-01-01 |            |            |
        call_base | nobody's | New               | small |         | 2025-01-01 |            |            |
    """).becomes(
        TODAY,
        """
        section   | company  | state             | rule | deadline | days_left
        working   | deal     | Deal              |      |          |
        working   | support  | Deal support      |      |          |
        working   | new      | New               |      |          |
        clients   | client   | Client            |      |          |
        strategic | reserve  | Strategic reserve |      |          |
        rework    | calls    | Call round        |      |          |
        call_base | nobody's | New               |      |          |
        """,
    )


def test_extended_to_moves_the_deadline_and_never_shortens_it(play: "type[Base]") -> None:
    base = play("""
        section | company | state     | label | manager | began      | extended_to
        working | longer  | Contact 1 | small | Ann     | 2026-02-01 | 2026-03-03
        working | shorter | Contact 1 | small | Ann     | 2026-02-20 | 2026-02-25
        working | over    | Contact 1 | small | Ann     | 2026-02-01 | 2026-03-01
    """)
    base.becomes(
        TODAY,
        """
        section | company | deadline   | days_left
        working | longer  | 2026-03-03 | 1
        working | shorter | 2026-03-06 | 4
        rework  | over    |            |
        """,
    )
    night = base.becomes(
        "2026-03-04",
        """
        section | company
        rework  | longer
        working | shorter
        rework  | over
        """,
    )
    assert night.why("longer") == "30 days were up on 3 March; got no further than “Contact 1”"


# The clock


def test_a_row_without_a_beginning_begins_the_day_it_is_first_seen(play: "type[Base]") -> None:
    base = play("""
        section | company | state     | label | manager | began
        working | none    | Contact 1 | small | Ann     |
        working | future  | Contact 1 | small | Ann     | 2026-09-01
    """)
    base.becomes(
        TODAY,
        """
        company | section | deadline   | found
        none    | working | 2026-03-16 |
        future  | working | 2026-03-16 | future_date
        """,
    )
    base.becomes("2026-03-16", "section | company \n working | none \n working | future")
    base.becomes("2026-03-17", "section | company \n rework | none \n rework | future")


def test_a_beginning_rewritten_later_changes_no_clock(play: "type[Base]") -> None:
    base = play("""
        section | company   | state     | label | manager | began
        working | rewritten | Contact 1 | small | Ann     | 2026-02-20
        working | cleared   | Contact 1 | small | Ann     | 2026-02-20
        working | spoilt    | Contact 1 | small | Ann     | 2026-02-20
    """)
    base.night(TODAY)
    base.row("rewritten")["began"] = "2026-03-01"
    base.row("cleared")["began"] = None
    base.row("spoilt")["began"] = "yesterday"
    base.becomes(
        "2026-03-06",
        """
        section | company   | deadline
        working | rewritten | 2026-03-06
        working | cleared   | 2026-03-06
        working | spoilt    | 2026-03-06
        """,
    )
    base.becomes(
        "2026-03-07",
        """
        section | company   | rule
        rework  | rewritten | expired
        rework  | cleared   | expired
        rework  | spoilt    | expired
        """,
    )


def test_a_beginning_that_cannot_be_read_stops_the_row_until_it_is_put_right(
    play: "type[Base]",
) -> None:
    base = play("""
        section | company | state     | label | manager | began
        working | Acme    | Contact 1 | small | Ann     | once upon a time
    """)
    for day, found in ((TODAY, "not_a_date"), ("2026-06-01", "never_read, not_a_date")):
        night = base.becomes(
            day, f"section | company | deadline | found \n working | Acme | | {found}"
        )
        of_row = [problem for problem in night.plan.problems if problem.row]
        assert of_row[0].severity is Severity.ERROR
    base.row("Acme")["began"] = "2026-05-30"
    base.becomes(
        "2026-06-02", "section | company | deadline | found \n working | Acme | 2026-06-13 | "
    )


def test_a_call_base_row_that_is_being_worked_is_on_the_clock(play: "type[Base]") -> None:
    play("""
        section   | company   | state     | label | manager | began
        call_base | in time   | Contact 1 | small | Ann     | 2026-02-20
        call_base | too late  | Contact 2 | small | Ann     | 2026-01-01
        call_base | nobody's  | Contact 1 | small |         | 2026-02-20
    """).becomes(
        TODAY,
        """
        section   | company   | state             | rule          | deadline
        working   | in time   | Contact 1         | taken_to_work | 2026-03-06
        strategic | too late  | Strategic reserve | expired_warm  |
        call_base | nobody's  | Contact 1         |               | 2026-03-06
        """,
    )


# A state set by hand


@pytest.mark.parametrize(
    "source", ["working", "call_base", "rework", "strategic", "hard_refusal", "clients"]
)
def test_a_refusal_goes_where_its_reason_belongs(play: "type[Base]", source: str) -> None:
    base = play(
        """
        section | company    | state   | label       | manager | refusal_reason
        HERE    | off        | Refusal | small       | Ann     | Off-profile
        HERE    | negative   | Refusal | small       | Ann     | Negative
        HERE    | closed     | Refusal | small       | Ann     | Closed down
        HERE    | money      | Refusal | small       | Ann     | No money
        HERE    | crisis     | Refusal | small       | Ann     | Crisis
        HERE    | competitor | Refusal | small       | Ann     | Works with a competitor
        HERE    | not now    | Refusal | small       | Ann     | Not now
        HERE    | time       | Refusal | small       | Ann     | Out of time
        HERE    | off label  | Refusal | off-profile | Ann     | No money
        HERE    | no reason  | Refusal | off-profile | Ann     |
    """.replace("HERE", source)
    )
    base.becomes(
        TODAY,
        """
        company    | section
        off        | hard_refusal
        negative   | hard_refusal
        closed     | hard_refusal
        money      | rework
        crisis     | rework
        competitor | rework
        not now    | rework
        time       | rework
        off label  | hard_refusal
        no reason  | hard_refusal
        """,
    )
    assert set(base.rules.values()) <= {"refused", "refused_off_profile"}
    assert all(row.get("return_on") for row in base.rows if row["section"] == "rework" != source)


def test_a_refusal_without_a_reason_stays_and_is_reported(play: "type[Base]") -> None:
    night = play("""
        section | company | state   | label | manager | refusal_reason
        working | Acme    | Refusal | small | Ann     |
        working | Beta    | Refusal | small | Ann     | a whim
    """).becomes(
        TODAY,
        """
        section | company | state   | rule | found
        working | Acme    | Refusal |      | incomplete
        working | Beta    | Refusal |      | unknown_refusal_reason
        """,
    )
    assert {problem.message for problem in night.plan.problems if problem.row == 2} == {
        "For the state “Refusal” fill in: “Refusal reason”."
    }


def test_where_a_state_set_by_hand_sends_its_row(play: "type[Base]") -> None:
    night = play("""
        section   | company   | state             | label | manager | began      | phone
        working   | reserve   | Strategic reserve | small | Ann     | 2026-02-20 | +1 202 555 0101
        working   | client    | Client            | small | Ann     | 2026-02-20 | +1 202 555 0102
        working   | call      | Call round        | small | Ann     | 2026-02-20 | +1 202 555 0103
        strategic | call 2    | Call round        | small | Ann     | 2026-02-20 | +1 202 555 0104
        rework    | reserve 2 | Strategic reserve | small | Ann     | 2026-02-20 | +1 202 555 0105
        call_base | taken     | Contact 1         | small | Ann     | 2026-02-20 | +1 202 555 0106
        call_base | assigned  | New               | small | Ann     |            | +1 202 555 0107
        call_base | waiting   | New               | small |         |            | +1 202 555 0108
    """).becomes(
        TODAY,
        """
        section   | company   | state             | rule          | return_on
        strategic | reserve   | Strategic reserve | reserved      | 2026-08-29
        clients   | client    | Client            | became_client |
        rework    | call      | Call round        | to_call_round | 2026-05-31
        rework    | call 2    | Call round        | to_call_round | 2026-05-31
        strategic | reserve 2 | Strategic reserve | reserved      | 2026-08-29
        working   | taken     | Contact 1         | taken_to_work |
        working   | assigned  | New               | assigned      |
        call_base | waiting   | New               |               |
        """,
    )
    assert night.why("assigned") == "has a manager now: Ann"
    assert night.why("client") == "state “Client”"


def test_a_state_set_since_the_last_run_is_dated_by_it(play: "type[Base]") -> None:
    base = play("""
        section | company | state     | label | manager | began
        working | Acme    | Contact 1 | small | Ann     | 2026-02-25
    """)
    base.night(TODAY)
    base.row("Acme")["state"] = "Client"
    assert base.night("2026-03-03").why("Acme") == "state “Client” set by 3 March"


def test_work_taken_up_in_an_archive_comes_back_with_a_new_clock(play: "type[Base]") -> None:
    base = play("""
        section   | company | state             | label | manager | began
        rework    | Acme    | Refusal           | small | Ann     | 2025-01-01
        strategic | Beta    | Strategic reserve | small | Ann     | 2025-01-01
        strategic | Gamma   | Contact 1         | small | Ann     | 2025-01-01
    """)
    base.night("2026-02-28")
    for company in ("Acme", "Beta"):
        base.row(company)["state"] = "Contact 1"
    base.becomes(
        TODAY,
        """
        section | company | state     | deadline
        working | Acme    | Contact 1 | 2026-03-16
        working | Beta    | Contact 1 | 2026-03-16
        working | Gamma   | Contact 1 | 2026-03-14
        """,
    )
    assert sorted(base.rules.values()) == ["back_to_work", "back_to_work"]
    base.night("2026-03-16")
    assert base.rules == {id(base.row("Gamma")): "expired"}


def test_a_row_carried_back_to_work_by_hand_has_a_new_clock_too(play: "type[Base]") -> None:
    base = play("""
        section | company | state      | label | manager | began
        rework  | Acme    | Call round | small | Ann     | 2025-01-01
    """)
    base.night("2026-02-28")
    base.row("Acme").update(section="working", state="Contact 1")
    base.becomes(TODAY, "section | company | deadline \n working | Acme | 2026-03-16")


def test_how_far_it_got_before_the_archive_does_not_count_after_it(play: "type[Base]") -> None:
    base = play("""
        section | company | state     | label | manager | began
        working | Acme    | Contact 3 | small | Ann     | 2026-02-01
    """)
    base.becomes(TODAY, "section | company \n strategic | Acme")
    base.row("Acme")["state"] = "Contact 1"
    base.becomes("2026-04-01", "section | company | deadline \n working | Acme | 2026-04-15")
    base.becomes("2026-04-16", "section | company | rule \n rework | Acme | expired")


def test_what_contradicts_itself_is_left_to_a_person(play: "type[Base]") -> None:
    night = play("""
        section      | company          | state        | label | manager | refusal_reason
        hard_refusal | work in refusal  | Contact 2    | small | Ann     |
        hard_refusal | deal in refusal  | Deal support | small | Ann     |
        working      | client, refused  | Client       | small | Ann     | No money
        clients      | client, refused2 | Client       | small | Ann     | No money
    """).becomes(
        TODAY,
        """
        section      | company          | rule
        hard_refusal | work in refusal  |
        hard_refusal | deal in refusal  |
        working      | client, refused  |
        clients      | client, refused2 |
        """,
    )
    assert night.codes["contradiction"] == 4
    said = {problem.message for problem in night.plan.problems if problem.code == "contradiction"}
    assert said == {
        "Contradictory: state “Contact 2” in “Hard refusal, off-profile”. A person decides.",
        "Contradictory: state “Deal support” in “Hard refusal, off-profile”. A person decides.",
        "Contradictory: state “Client” with a reason of refusal. A person decides.",
    }


def test_a_cell_that_a_decision_needs_and_cannot_read_stops_the_row(play: "type[Base]") -> None:
    night = play("""
        section | company     | state     | label   | manager | began      | refusal_reason | on_expiry | extended_to
        working | state       | whatever  | small   | Ann     | 2026-02-01 |                |           |
        working | label       | Contact 1 | mammoth | Ann     | 2026-01-01 |                |           |
        working | reason      | Refusal   | small   | Ann     | 2026-02-01 | a whim         |           |
        working | choice      | Contact 1 | small   | Ann     | 2026-02-01 |                | the attic |
        working | extension   | Contact 1 | small   | Ann     | 2026-02-01 |                |           | soon
        working | label, new  | Client    | mammoth | Ann     |            |                |           |
        working | comment     | Client    | small   | Ann     | 2026-02-01 |                |           |
    """).becomes(
        TODAY,
        """
        section | company     | rule          | found
        working | state       |               | unknown_state
        working | label       |               | held_by_fault, unknown_label
        working | reason      |               | unknown_refusal_reason
        working | choice      |               | held_by_fault, unknown_on_expiry
        working | extension   |               | held_by_fault, not_a_date
        working | label, new  |               | unknown_label
        clients | comment     | became_client |
        """,
    )
    errors = [
        problem
        for problem in night.plan.problems
        if problem.row and problem.severity is Severity.ERROR
    ]
    assert len(errors) == 9


def test_a_destination_without_a_tab_is_reported_and_the_row_stays(play: "type[Base]") -> None:
    base = play(
        """
        section | company | state     | label | manager | began
        working | cold    | Contact 1 | small | Ann     | 2026-02-01
        working | warm    | Contact 2 | small | Ann     | 2026-02-01
        working | client  | Client    | small | Ann     | 2026-02-01
        """,
        without=("rework", "clients"),
    )
    night = base.becomes(
        TODAY,
        """
        section   | company | found
        working   | cold    | no_section
        strategic | warm    |
        working   | client  | no_section
        """,
    )
    said = [(p.message, p.fix) for p in night.plan.problems if p.code == "no_section"]
    assert said[0] == (
        "Belongs in “Refusal, to rework”, and the base has no such tab.",
        "Add the tab, or let `sheetsync init BOOK` do it.",
    )


# Coming back, and repeat sales


def test_a_refusal_whose_return_date_has_come_is_to_be_called_again(play: "type[Base]") -> None:
    night = play("""
        section   | company   | state             | manager | refusal_reason | return_on
        rework    | yesterday | Refusal           | Ann     | No money       | 2026-03-01
        rework    | today     | Refusal           | Ann     | No money       | 2026-03-02
        rework    | tomorrow  | Refusal           | Ann     | No money       | 2026-03-03
        rework    | none      | Refusal           | Ann     | No money       |
        rework    | junk      | Refusal           | Ann     | No money       | in spring
        strategic | reserve   | Strategic reserve | Ann     |                | 2026-03-01
    """).becomes(
        TODAY,
        """
        section   | company   | state
        rework    | yesterday | Call round
        rework    | today     | Call round
        rework    | tomorrow  | Refusal
        rework    | none      | Refusal
        rework    | junk      | Refusal
        strategic | reserve   | Strategic reserve
        """,
    )
    edits = [edit for edit in night.plan.edits if not edit.derived and not edit.repair]
    assert {(edit.field, edit.before, edit.after, edit.why) for edit in edits} == {
        ("state", "Refusal", "Call round", "the return date has come")
    }


def test_a_refusal_without_a_return_date_is_called_again_after_ninety_days(
    play: "type[Base]",
) -> None:
    base = play("""
        section | company | state   | manager | refusal_reason | return_on
        rework  | Acme    | Refusal | Ann     | No money       |
    """)
    base.night("2026-03-02")
    base.becomes("2026-05-30", "company | state \n Acme | Refusal")
    base.becomes("2026-05-31", "company | state \n Acme | Call round")


def test_a_repeat_sale_stays_with_the_clients_and_goes_by_its_own_time(play: "type[Base]") -> None:
    base = play("""
        section | company | state  | label | manager | began      | refusal_reason
        clients | Acme    | Client | small | Ann     | 2025-01-01 |
        clients | Beta    | Client | small | Ann     | 2025-01-01 |
        clients | Gamma   | Client | small | Ann     | 2025-01-01 |
    """)
    base.night("2026-03-01")
    base.row("Acme")["state"] = "Contact 1"
    base.row("Beta")["state"] = "Deal"
    base.row("Gamma").update(state="Contact 3", refusal_reason="Negative")
    base.becomes(
        TODAY,
        """
        section | company | state     | deadline   | days_left
        clients | Acme    | Contact 1 | 2026-05-31 | 90
        clients | Beta    | Deal      |            |
        clients | Gamma   | Contact 3 | 2026-05-31 | 90
        """,
    )
    base.becomes(
        "2026-05-31", "company | state \n Acme | Contact 1 \n Beta | Deal \n Gamma | Contact 3"
    )
    night = base.becomes(
        "2026-06-01", "company | state \n Acme | Client \n Beta | Deal \n Gamma | Contact 3"
    )
    assert night.codes["contradiction"] == 1


# The cap


def test_the_cap_is_never_exceeded_by_an_arrival(play: "type[Base]") -> None:
    """Ann may have three; support does not count; who was contacted longest ago comes first."""
    base = play(
        """
        section   | company  | state        | label | manager | began      | last_contact | paid_on
        working   | one      | Contact 1    | large | Ann     | 2026-03-01 | 2026-03-01   |
        working   | two      | New          | large | Ann     |            |              |
        working   | three    | Deal support | large | Ann     | 2026-03-01 | 2026-03-01   | 2026-03-01
        call_base | newer    | Contact 1    | large | Ann     | 2026-03-01 | 2026-02-20   |
        rework    | older    | Contact 1    | large | Ann     | 2026-03-01 | 2026-01-20   |
        call_base | assigned | New          | large | Ann     |            |              |
        strategic | paid     | Deal support | large | Ann     | 2026-03-01 |              | 2026-03-01
        call_base | Bob's    | New          | large | Bob     |            |              |
        call_base | nobody's | Contact 1    | large |         | 2026-03-01 |              |
        """,
        capped(3),
    )
    night = base.becomes(
        TODAY,
        """
        section   | company  | rule
        working   | one      |
        working   | two      |
        working   | three    |
        call_base | newer    |
        working   | older    | back_to_work
        call_base | assigned |
        working   | paid     | back_to_work
        working   | Bob's    | assigned
        call_base | nobody's |
        """,
    )
    assert (night.codes["cap"], night.codes["no_manager"]) == (2, 1)
    assert {problem.message for problem in night.plan.problems if problem.code == "cap"} == {
        "Ann's working list is full (3 of 3): the row stays here."
    }


def test_a_place_freed_this_night_is_given_away_this_night(play: "type[Base]") -> None:
    play(
        """
        section   | company | state     | label | manager | began
        working   | leaves  | Contact 1 | small | Ann     | 2026-01-01
        working   | stays   | Contact 1 | small | Ann     | 2026-03-01
        call_base | comes   | New       | small | Ann     |
        call_base | waits   | New       | small | Ann     |
        """,
        capped(2),
    ).becomes(
        TODAY,
        """
        section   | company
        rework    | leaves
        working   | stays
        working   | comes
        call_base | waits
        """,
    )


def test_a_row_that_waits_for_a_place_begins_when_it_gets_one(play: "type[Base]") -> None:
    base = play(
        """
        section | company | state     | label | manager | began
        working | first   | Contact 1 | large | Ann     | 2026-03-01
        rework  | second  | Contact 1 | small | Ann     | 2025-01-01
        """,
        capped(1),
    )
    base.becomes(TODAY, "section | company | found \n working | first | \n rework | second | cap")
    base.becomes(
        "2026-04-01", "section | company | found \n working | first | \n rework | second | cap"
    )
    base.row("first")["state"] = "Client"
    base.becomes(
        "2026-04-02",
        "section | company | deadline \n clients | first | \n working | second | 2026-04-16",
    )


def test_a_list_that_is_over_the_cap_already_is_reported_and_left(play: "type[Base]") -> None:
    night = play(
        """
        section | company | state | label | manager
        working | one     | New   | small | Ann
        working | two     | New   | small | Ann
        """,
        capped(1),
    ).becomes(TODAY, "section | company \n working | one \n working | two")
    [problem] = [found for found in night.plan.problems if found.code == "over_cap"]
    assert problem.message == "Ann: 2 companies in the working list, the limit is 1."


def test_a_new_client_whom_nobody_calls_is_reported_after_three_days(play: "type[Base]") -> None:
    base = play("""
        section   | company | state | label | manager
        working   | Acme    | New   | small | Ann
        call_base | Beta    | New   | small |
    """)
    for day, found in (("2026-03-02", ""), ("2026-03-05", ""), ("2026-03-06", "new_too_long")):
        base.becomes(
            day, f"section | company | found \n working | Acme | {found} \n call_base | Beta |"
        )


# Safety, and what is written


def people(count: int, *moving: str, filler: str = "New") -> str:
    """Return a base of `count` rows; `moving` are the states of the first ones."""
    states = [*moving, *[filler] * (count - len(moving))]
    return "section | company | state | label | phone\n" + "\n".join(
        f"call_base | Co {at} | {state} | small | +1 202 555 {at:04}"
        for at, state in enumerate(states)
    )


def test_a_night_that_moves_too_much_waits_for_a_person(play: "type[Base]") -> None:
    """A share of the base and a number of rows, whichever is more, up to half of a small base."""
    for count, moved, stops in (
        (19, 19, False),
        (20, 10, False),
        (20, 11, True),
        (86, 20, False),
        (86, 25, False),
        (86, 26, True),
        (300, 60, False),
        (300, 61, True),
    ):
        base = play(people(count, *["Client"] * moved))
        night = base.night(TODAY)
        assert len(night.plan.moves) == moved
        assert bool(tripped(night.snapshot, night.plan, EN)) is stops
    few = EN.model_copy(update={"safety": EN.safety.model_copy(update={"max_moved_rows": 1})})
    night = play(people(5, "Client", "Client"), few).night(TODAY)
    assert tripped(night.snapshot, night.plan, few) == (
        "2 of 5 rows would move; up to 1 may in one night.",
    )


def worked(since: list[str]) -> str:
    """Return a base of which each row's work began on a day: small clients, and large ones since March."""
    return "section | company | state | label | manager | phone | began\n" + "\n".join(
        f"working | Co {at} | Contact 1 | {'large' if day >= '2026-03' else 'small'} | Ann "
        f"| +1 202 555 {at:04} | {day}"
        for at, day in enumerate(since)
    )


def test_what_came_due_over_a_pause_is_no_accident_and_what_comes_due_at_once_is_one(
    play: "type[Base]",
) -> None:
    """Forty of sixty rows: four on each of ten days without a run, or all forty tonight."""
    spread = [f"2026-02-{16 + at // 4:02}" for at in range(40)]
    base = play(worked([*spread, *["2026-03-01"] * 20]))
    base.night("2026-03-01")
    night = base.decide("2026-03-12")
    assert len(night.moves) == 40
    assert tripped(base.snapshot(), night, EN) == ()
    short = tuple(
        label.model_copy(update={"deadline_days": 1}) if label.code == "small" else label
        for label in EN.labels
    )
    hasty = play(worked(["2026-02-27"] * 40 + ["2026-03-01"] * 20))
    hasty.night("2026-03-05")
    hasty.policy = EN.model_copy(update={"labels": short})
    night = hasty.decide("2026-03-07")
    assert len(night.moves) == 40
    assert tripped(hasty.snapshot(), night, hasty.policy) == (
        "40 of 60 rows would move; up to 25 may in one night.",
    )


def test_a_base_that_lost_its_rows_waits_for_a_person(play: "type[Base]") -> None:
    for lost, told in ((6, ()), (7, ("7 of 20 rows that the last run knew are gone.",))):
        base = play(people(20))
        base.night("2026-03-01")
        base.rows = base.rows[lost:]
        assert tripped(base.snapshot(), base.decide(TODAY), EN) == told
        base.night(TODAY)  # a person said yes
        assert tripped(base.snapshot(), base.decide("2026-03-03"), EN) == ()


def test_a_column_that_decides_and_is_gone_waits_for_a_person(play: "type[Base]") -> None:
    base = play(people(20))
    base.night("2026-03-01")
    whole = base.snapshot()
    (tab,) = (tab for tab in whole.tabs if tab.section == "call_base")
    fields = {name: at for name, at in tab.fields.items() if name != "state"}
    bare = replace(
        whole, tabs=tuple(replace(t, fields=fields) if t is tab else t for t in whole.tabs)
    )
    told = ("The column “State” of “Cold-call base” is gone.",)
    assert tripped(bare, base.decide(TODAY), EN) == told
    assert tripped(whole, base.decide(TODAY), EN) == ()


def test_ids_that_were_written_over_wait_for_a_person(play: "type[Base]") -> None:
    for count, told in ((6, ()), (7, ("7 of 20 rows bear an ID that is not theirs.",))):
        base = play(people(20))
        base.night("2026-03-01")
        first = base.rows[0]["id"]
        for row in base.rows[1 : 1 + count]:
            row["id"] = first
        night = base.night(TODAY)
        assert tripped(night.snapshot, night.plan, EN) == told


def test_a_section_that_is_gone_waits_for_a_person_once(play: "type[Base]") -> None:
    base = play("""
        section | company | state  | manager
        clients | Acme    | Client | Ann
        working | Beta    | New    | Ann
    """)
    base.night("2026-03-01")
    base.rows, base.without = base.rows[1:], ("clients",)
    assert tripped(base.snapshot(), base.decide(TODAY), EN) == (
        "The tab of the section “Clients” is gone or unreadable.",
    )
    base.night(TODAY)  # a person said yes
    assert tripped(base.snapshot(), base.decide("2026-03-03"), EN) == ()


def test_the_programs_columns_are_mended_where_people_wrote_into_them(play: "type[Base]") -> None:
    base = play("""
        section | company | state     | label | manager | began      | phone           | email
        working | Acme    | Contact 1 | small | Ann     | 2026-03-01 | +1 202 555 0101 | ask
    """)
    base.night(TODAY)
    given = dict(base.row("Acme"))
    base.row("Acme").update(deadline="2027-01-01", days_left=300, problems="none at all")
    base.night(TODAY)
    assert base.row("Acme") == given
    assert (
        given["problems"] == "E-mail: “ask” is not an e-mail address. Write it as name@company.com."
    )
    base.row("Acme")["email"] = "a@b.com"
    base.becomes(TODAY, "company | problems \n Acme | ")


def test_the_problems_cell_shows_the_worst_three_and_counts_the_rest(play: "type[Base]") -> None:
    base = play("""
        section | company | state | label | manager | phone | email | amount | probability
        working | Acme    | Newt  | small | Ann     | ask   | ask   | lots   | high
    """)
    base.night(TODAY)
    text = str(base.row("Acme")["problems"])
    assert text.startswith("State: “Newt” is not a known word. Perhaps “New”?")
    assert text.endswith("(+2)")


def test_a_row_that_moves_is_checked_by_what_its_new_place_asks(play: "type[Base]") -> None:
    base = play("""
        section   | company | state     | label | manager | began      | phone           | person | last_contact | next_step | next_on | amount | category
        working   | Acme    | Contact 2 | small | Ann     | 2026-01-01 | +1 202 555 0101 |        |              |           |         | lots   |
        call_base | Beta    | Contact 1 | small | Ann     | 2026-03-01 | +1 202 555 0102 |        |              |           |         |        |
    """)
    base.becomes(
        TODAY,
        """
        section   | company | problems
        strategic | Acme    | Deal amount: “lots” is not a sum of money. Write a number, such as 120000.
        working   | Beta    | For the state “Contact 1” fill in: “Contact person”, “Last contact”, “Next step”, “Next step on”.
        """,
    )


def test_users_own_columns_travel_and_are_not_touched(play: "type[Base]") -> None:
    play("""
        section | company | cake     | state     | label | manager | began
        working | Acme    | medovik  | Contact 1 | small | Ann     | 2026-01-01
        rework  | Beta    | napoleon | Refusal   | small | Ann     | 2026-01-01
    """).becomes(
        TODAY, "section | company | cake \n rework | Acme | medovik \n rework | Beta | napoleon"
    )


def test_a_plan_marks_every_row_it_depends_on(play: "type[Base]") -> None:
    base = play("""
        section | company | state     | label | manager | began      | comment
        working | moves   | Contact 1 | small | Ann     | 2026-01-01 |
        working | stays   | New       | small | Ann     |            |
    """)
    base.night("2026-01-02")
    marks = base.decide(TODAY).fingerprints
    assert marks is not None
    assert list(marks) == [("working", 2)]
    base.row("moves")["days_left"] = 5
    base.row("stays")["comment"] = "hello"
    assert base.decide(TODAY).fingerprints == marks
    base.row("moves")["comment"] = "wait, they are buying!"
    assert base.decide(TODAY).fingerprints != marks


def test_the_ids_of_a_plan_are_those_of_the_outcome(play: "type[Base]") -> None:
    night = play(people(6, "Client")).night(TODAY)
    assert plan_ids(night.snapshot, night.plan) == list(night.projection.base["id"])
    assert sorted(night.projection.state.index) == sorted(plan_ids(night.snapshot, night.plan))


def test_deciding_changes_nothing_of_what_was_read(play: "type[Base]") -> None:
    base = play(people(6, "Client"))
    base.night("2026-03-01")
    snapshot = base.snapshot()
    kept = replace(snapshot, state=snapshot.state.copy())
    base.night(TODAY)
    pd.testing.assert_frame_equal(snapshot.state, kept.state)
