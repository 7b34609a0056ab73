"""METHOD point 8, "nothing that is typed stops the time": each way around the clock, before → after.

A small client that began on 2 March has its last day on 16 March and moves in the night of the 17th.
"""

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from sheetsync.method.policy import template
from tests.builders.policies import changed, measured

if TYPE_CHECKING:
    from tests.builders.base import Base, Night

EN = template("en")
BEGAN = date(2026, 3, 2)
SMALL = """
    section | company | phone           | state     | label | manager | paid_on | amount | refusal_reason | on_expiry | began | extended_to | return_on
    working | Acme    | +44 20 79460001 | Contact 1 | small | Ann     |         |        |                |           |       |             |
"""


def on(day: int) -> str:
    """Return the day so many days after work began."""
    return (BEGAN + timedelta(days=day)).isoformat()


def leaves(base: "Base", company: str, day: int) -> bool:
    """Play the night of a day and the one before; tell whether the company leaves on that day."""
    base.night(on(day - 1))
    stays = base.row(company)["section"] in ("working", "call_base", "clients")
    base.night(on(day))
    return stays and base.row(company)["section"] in ("rework", "strategic", "hard_refusal")


@pytest.fixture
def acme(play: "type[Base]") -> "Base":
    """Return a small client on the third day of its work."""
    base = play(SMALL)
    base.night(on(0))
    base.night(on(3))
    return base


def test_a_night_as_new_gives_no_new_clock(acme: "Base") -> None:
    acme.row("Acme")["state"] = "New"
    acme.night(on(4))
    acme.row("Acme")["state"] = "Contact 1"
    assert leaves(acme, "Acme", 15)


def test_what_stays_new_runs_out_of_time_all_the_same(acme: "Base") -> None:
    acme.row("Acme")["state"] = "New"
    assert leaves(acme, "Acme", 15)


def test_the_call_base_stops_no_clock(acme: "Base") -> None:
    acme.row("Acme").update(section="call_base", state="New", manager=None)
    assert leaves(acme, "Acme", 15)


def test_an_id_deleted_gives_no_new_clock(acme: "Base") -> None:
    acme.row("Acme")["id"] = None
    assert leaves(acme, "Acme", 15)


def test_one_word_renamed_after_the_other_gives_no_new_clock(acme: "Base") -> None:
    acme.row("Acme")["company"] = "Beta"
    acme.night(on(4))
    acme.row("Beta")["phone"] = "+44 20 79460002"
    acme.night(on(5))
    acme.row("Beta")["id"] = None
    assert leaves(acme, "Beta", 15)


def test_words_blanked_for_a_night_give_no_new_clock(acme: "Base") -> None:
    row = acme.row("Acme")
    row.update(company=None, phone=None)
    acme.night(on(4))
    row = next(row for row in acme.rows if row["section"] == "working")
    row.update(company="Acme", phone="+44 20 79460001")
    assert leaves(acme, "Acme", 15)


def test_every_known_word_renamed_is_another_company(acme: "Base") -> None:
    """It goes to the call base as new; the old one is told as vanished, and may be brought back."""
    before = acme.row("Acme")["id"]
    acme.row("Acme").update(company="Beta", phone="+44 20 79460002")
    night = acme.becomes(
        on(4),
        """
        section   | company | state | manager | rule
        call_base | Beta    | New   |         | renamed
        """,
    )
    assert acme.row("Beta")["id"] != before
    assert [line.id for line in acme.journal if line.what == "vanished"] == [before]
    assert night.why("Beta") == (
        f"every known word of “Acme” (ID {before}) was changed: this is another company"
    )


def test_a_row_deleted_and_typed_again_gives_no_new_clock(acme: "Base") -> None:
    row = dict(acme.row("Acme"))
    acme.rows = [dict.fromkeys(row)]
    acme.rows[0].update(section="call_base", company="Other", state="New")
    acme.night(on(5))
    acme.rows.append({**row, "id": None, "began": None})
    assert leaves(acme, "Acme", 15)


def test_a_copy_under_another_manager_has_the_clock_of_the_first(acme: "Base") -> None:
    """Also when the first is deleted later on."""
    acme.rows.append({**acme.row("Acme"), "id": None, "manager": "Bob"})
    acme.night(on(6))
    acme.rows = [row for row in acme.rows if row["manager"] == "Bob"]
    assert leaves(acme, "Acme", 15)


def test_the_programs_own_columns_are_written_over(acme: "Base") -> None:
    acme.row("Acme").update(deadline="2027-01-01", days_left=300)
    assert leaves(acme, "Acme", 15)


def test_an_archive_for_a_few_days_gives_no_new_clock(acme: "Base") -> None:
    acme.row("Acme").update(section="strategic", state="Strategic reserve")
    acme.night(on(5))
    acme.row("Acme").update(section="working", state="New")
    acme.night(on(9))
    acme.row("Acme")["state"] = "Contact 1"
    assert leaves(acme, "Acme", 15)


def test_out_of_an_archive_after_long_work_begins_anew(acme: "Base") -> None:
    acme.row("Acme").update(section="strategic", state="Strategic reserve")
    acme.night(on(5))
    acme.row("Acme").update(section="working", state="Contact 1")
    acme.night(on(50))
    assert leaves(acme, "Acme", 65)


def test_the_clock_stands_still_in_a_deal_and_goes_on_without_a_payment(acme: "Base") -> None:
    """Four days as a deal are four days more, and no others."""
    acme.row("Acme").update(state="Deal", amount=100)
    acme.night(on(5))
    acme.row("Acme").update(state="Contact 3")
    acme.night(on(9))
    assert leaves(acme, "Acme", 19)


def test_a_payment_ends_the_clock(acme: "Base") -> None:
    acme.row("Acme").update(state="Deal", amount=100)
    acme.night(on(5))
    acme.row("Acme").update(state="Deal support", paid_on=on(8))
    acme.night(on(9))
    acme.row("Acme").update(state="Contact 1")
    acme.night(on(10))
    assert leaves(acme, "Acme", 25)


def test_a_payment_of_before_ends_no_clock_twice(acme: "Base") -> None:
    acme.row("Acme").update(state="Deal support", paid_on=on(4), amount=100)
    acme.night(on(5))
    acme.row("Acme").update(state="Contact 1")
    acme.night(on(6))
    acme.row("Acme").update(state="Deal support")
    acme.night(on(8))
    acme.row("Acme").update(state="Contact 1")
    # Fourteen days from the sixth on, and those in which it stood still until the next night.
    acme.night(on(9))
    assert leaves(acme, "Acme", 22)


# What cannot be read


@pytest.mark.parametrize(
    "typed",
    [
        {"state": "жду ответа от директора"},
        {"state": None},
        {"label": "giant"},
        {"label": None},
        {"began": "last spring"},
        {"manager": None},
        {"manager": "nobody knows"},
        {"extended_to": "till summer"},
        {"on_expiry": "somewhere"},
    ],
)
def test_what_cannot_be_read_stops_no_deadline(acme: "Base", typed: dict[str, str]) -> None:
    acme.row("Acme").update(typed)
    acme.night(on(4))
    assert leaves(acme, "Acme", 15)


def test_the_finding_names_the_day_and_stands_three_nights(acme: "Base") -> None:
    """Turned unreadable the day before the last: it moves when the finding has stood three nights."""
    acme.night(on(12))
    acme.row("Acme")["state"] = "waiting"
    night = acme.night(on(13))
    assert "the row moves on 18 March all the same" in night.told("Acme", "unread_goes_on")
    acme.rests(on(13))
    assert leaves(acme, "Acme", 16)
    assert (acme.row("Acme")["section"], acme.row("Acme")["state"]) == ("rework", "Refusal")
    acme.rests(on(16))


def test_it_moves_by_the_rule_of_the_last_known_state(acme: "Base") -> None:
    acme.row("Acme")["state"] = "Contact 2"
    acme.night(on(4))
    acme.row("Acme")["state"] = "???"
    acme.night(on(5))
    assert leaves(acme, "Acme", 15)
    assert acme.row("Acme")["section"] == "strategic"


def test_what_was_never_read_stays_and_the_head_is_asked_after_the_longest_time(
    play: "type[Base]",
) -> None:
    base = play("""
        section | company | state   | label | manager
        working | Acme    | waiting | small | Ann
    """)
    base.night(on(0))
    assert "never_read" not in base.night(on(40)).codes
    assert base.night(on(41)).codes["never_read"] == 1
    assert base.row("Acme")["section"] == "working"


def test_a_column_pasted_over_is_an_accident_and_moves_nobody(play: "type[Base]") -> None:
    rows = [
        f"working | Firm {number} | Contact 1 | small | Ann | 2026-03-02" for number in range(30)
    ]
    base = play("\n".join(["section | company | state | label | manager | began", *rows]))
    base.night(on(10))
    for row in base.rows[:4]:
        row["state"] = "pasted"
    base.night(on(11))
    night = base.night(on(20))
    stayed = [row["company"] for row in base.rows if row["section"] == "working"]
    assert stayed == ["Firm 0", "Firm 1", "Firm 2", "Firm 3"]
    assert night.codes["held_by_fault"] == 4


# A refusal without a reason


def test_a_refusal_without_a_reason_goes_to_rework_after_three_days(acme: "Base") -> None:
    acme.row("Acme")["state"] = "Refusal"
    acme.night(on(4))
    assert leaves(acme, "Acme", 7)
    acme.shows("""
        section | company | state   | refusal_reason | rule
        rework  | Acme    | Refusal | not given      | no_reason_given
    """)


def test_a_refusal_without_a_reason_keeps_its_deadline(play: "type[Base]") -> None:
    base = play(SMALL)
    base.night(on(0))
    base.night(on(12))
    base.row("Acme")["state"] = "Refusal"
    night = base.night(on(13))
    assert str(base.shown(base.row("Acme"), "deadline")) == on(14)
    assert night.plan.moves == ()


# Labels


def test_a_label_raised_in_work_buys_no_time(acme: "Base") -> None:
    acme.row("Acme").update(label="large", amount=9_000_000)
    night = acme.night(on(10))
    assert night.told("Acme", "label_raised") == (
        "The label was raised in work, from “Small client” to “Large client”: "
        "the time of the first goes on, until 16 March."
    )
    assert leaves(acme, "Acme", 15)


@pytest.mark.parametrize(("before", "day"), [(9_000_000, 41), (None, 15)])
def test_a_higher_label_counts_where_the_amount_of_before_bears_it_out(
    play: "type[Base]", before: int | None, day: int
) -> None:
    """An amount that is raised in work lengthens nothing."""
    policy = measured(EN, {"large": 1_000_000})
    base = play(SMALL.replace("small", "small"), policy=policy)
    base.row("Acme")["amount"] = before
    base.night(on(0))
    base.row("Acme").update(label="large", amount=9_000_000)
    base.night(on(10))
    assert leaves(base, "Acme", day)


def test_what_lengthens_time_is_journalled_with_before_and_after(acme: "Base") -> None:
    acme.row("Acme").update(label="medium", amount=500, extended_to=on(20))
    acme.becomes(on(4), "section | company \n working | Acme")
    told = {
        (line.why, line.before, line.after)
        for line in acme.journal
        if line.what == "noticed" and line.id == acme.row("Acme")["id"]
    }
    assert told >= {
        ("the label was changed", "Small client", "Medium client"),
        ("the amount was changed", "", "500"),
        ("the extension was changed", "", "2026-03-22"),
    }


def test_the_head_gives_a_raised_label_its_time(acme: "Base") -> None:
    acme.row("Acme").update(label="large", extended_to=on(30))
    acme.night(on(10))
    assert leaves(acme, "Acme", 31)


def test_a_label_cleared_leaves_the_time_of_the_last_one(acme: "Base") -> None:
    acme.row("Acme")["label"] = None
    assert leaves(acme, "Acme", 15)


def test_a_first_label_counts_whatever_it_is(play: "type[Base]") -> None:
    base = play(SMALL.replace("small", "     "))
    base.night(on(0))
    base.row("Acme")["label"] = "large"
    assert leaves(base, "Acme", 41)


def test_one_number_for_all_asks_no_label(play: "type[Base]") -> None:
    time = EN.time.model_copy(update={"one_deadline_days": 20})
    base = play(SMALL, policy=changed(EN, time=time))
    base.night(on(0))
    base.row("Acme")["label"] = "large"
    night: Night = base.night(on(10))
    assert "label_raised" not in night.codes
    assert leaves(base, "Acme", 21)
