"""METHOD, the row: what an earlier round left there contradicts nothing later."""

from typing import TYPE_CHECKING

import pytest

from sheetsync.method.policy import template
from sheetsync.rules.decisions.decision_words import Decision, DecisionKind, read_decision

if TYPE_CHECKING:
    from tests.builders.base import Base

DAY, NEXT, LATER = "2026-03-02", "2026-03-03", "2026-03-20"
RESTS = """
    section | company | state   | label | manager | refusal_reason | return_on  | began
    rework  | Acme    | Refusal | small | Ann     | No money       | 2026-06-01 |
"""


def test_a_return_by_its_state_clears_reason_and_return_date(play: "type[Base]") -> None:
    """What stood there is in the Journal; when the time is up again, the reason is a new one."""
    base = play(RESTS)
    base.night(DAY)
    base.row("Acme")["state"] = "Contact 1"
    base.becomes(
        NEXT,
        """
        section | company | state     | refusal_reason | return_on | rule
        working | Acme    | Contact 1 |                |           | back_to_work
        """,
    )
    cleared = [line.before for line in base.journal if line.what == "edited"]
    assert "No money" in cleared
    base.becomes(
        LATER,
        """
        section | company | refusal_reason | rule
        rework  | Acme    | Out of time    | expired
        """,
    )


def test_a_return_by_hand_clears_them_too(play: "type[Base]") -> None:
    base = play(RESTS)
    base.night(DAY)
    base.row("Acme").update(section="working", state="Contact 1")
    base.becomes(
        NEXT,
        """
        section | company | state     | refusal_reason | return_on
        working | Acme    | Contact 1 |                |
        """,
    )


def test_who_is_carried_into_an_archive_takes_a_new_return_date(play: "type[Base]") -> None:
    """An old one would send the row straight back; one that is yet to come was meant."""
    base = play("""
        section | company | state     | label | manager | refusal_reason | return_on  | began
        working | Acme    | Contact 1 | small | Ann     |                | 2026-01-01 | 2026-03-01
        working | Beta    | Contact 1 | small | Ann     |                | 2026-04-01 | 2026-03-01
    """)
    base.night(DAY)
    for company in ("Acme", "Beta"):
        base.row(company).update(section="rework", state="Refusal", refusal_reason="Crisis")
    base.becomes(
        NEXT,
        """
        section | company | state   | return_on
        rework  | Acme    | Refusal | 2026-06-01
        rework  | Beta    | Refusal | 2026-04-01
        """,
    )


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("на неделю", "7"),
        ("продлить на неделю", "7"),
        ("две недели", "14"),
        ("на месяц", "30"),
        ("до пятницы", "weekday:4"),
        ("продлить до среды", "weekday:2"),
        ("a week", "7"),
        ("extend by two weeks", "14"),
        ("until Friday", "weekday:4"),
        ("ещё на 2 недели", "14"),
    ],
)
def test_more_time_in_peoples_own_words(words: str, what: str) -> None:
    assert read_decision(words, template("ru"), {}) == Decision(DecisionKind.EXTEND, what)
