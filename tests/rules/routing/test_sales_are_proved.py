"""METHOD point 6: a company becomes a client by a payment or by the head's word, and by nothing else."""

from typing import TYPE_CHECKING

from sheetsync.method.policy import template
from sheetsync.reporting.metrics import Figures
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.metrics.periods import window
from sheetsync.workbook.answers import Answer
from tests.builders.policies import changed

if TYPE_CHECKING:
    from tests.builders.base import Base, Night

EN = template("en")
DAY, NEXT, LATER = "2026-03-02", "2026-03-03", "2026-03-20"
ACME = """
    section | company | phone           | state     | label | manager | paid_on | amount | on_expiry | began      | return_on | refusal_reason
    working | Acme    | +44 20 79460001 | Contact 2 | small | Ann     |         | 500    |           | 2026-03-02 |           |
"""


def sold_in(base: "Base", night: "Night", days: int = 1) -> tuple[float | None, float | None]:
    """Return how many sales the figures count in the last days, and their amount."""
    flows = Figures(Facts(night.projection, base.policy, base.journal)).flows
    period = window(night.plan.today, days)
    return flows.figure("sold", period).value, flows.amount(period).value


def test_a_choice_of_clients_on_expiry_is_none_and_is_told(play: "type[Base]") -> None:
    base = play(ACME)
    base.row("Acme")["on_expiry"] = "Clients"
    night = base.night(DAY)
    assert night.told("Acme", "wrong_on_expiry") == (
        "“Clients” is no choice for the end of the time: it counts as empty."
    )
    base.becomes(
        LATER,
        """
        section   | company | state             | rule
        strategic | Acme    | Strategic reserve | expired_warm
        """,
    )


def test_a_row_cut_into_clients_is_told_takes_its_place_and_runs_out_of_time(
    play: "type[Base]",
) -> None:
    base = play(ACME)
    base.night(DAY)
    base.row("Acme")["section"] = "clients"
    night = base.becomes(
        NEXT,
        """
        section | company | state     | deadline   | rule | found
        clients | Acme    | Contact 2 | 2026-03-16 |      | sold_unproved
        """,
    )
    facts = Facts(night.projection, base.policy, base.journal)
    assert facts.rows["load"].tolist() == [True]
    assert base.night(LATER).plan.moves[0].rule == "expired_warm"
    assert base.row("Acme")["section"] == "strategic"


def test_the_state_client_without_a_payment_stays_is_told_and_sold_nowhere(
    play: "type[Base]",
) -> None:
    base = play(ACME)
    base.night(DAY)
    base.row("Acme")["state"] = "Client"
    night = base.becomes(
        NEXT,
        """
        section | company | state  | deadline   | found
        working | Acme    | Client | 2026-03-16 | skipped_step, sold_unproved
        """,
    )
    assert sold_in(base, night) == (0, 0)
    base.row("Acme")["paid_on"] = "2026-03-04"
    night = base.becomes(
        "2026-03-05",
        """
        section | company | state  | deadline | found
        clients | Acme    | Client |          | skipped_step
        """,
    )
    assert sold_in(base, night, days=2) == (1, 500)


def test_a_sale_counts_from_its_payment_on(play: "type[Base]") -> None:
    base = play(ACME)
    base.night(DAY)
    base.row("Acme").update(state="Deal support")
    assert sold_in(base, base.night(NEXT)) == (0, 0)
    base.row("Acme").update(paid_on="2026-03-19")
    assert sold_in(base, base.night(LATER), days=7) == (1, 500)


def test_a_payment_that_is_yet_to_come_proves_nothing(play: "type[Base]") -> None:
    base = play(ACME)
    base.night(DAY)
    base.row("Acme").update(state="Client", paid_on="2026-12-01")
    assert base.night(NEXT).codes["sold_unproved"] == 1
    assert base.row("Acme")["section"] == "working"


def test_the_head_says_that_it_is_sold(play: "type[Base]") -> None:
    """A decision on the summary, journalled; of the manager's own it is none."""
    base = play(ACME)
    base.night(DAY)
    base.row("Acme")["section"] = "clients"
    base.night(NEXT)
    row_id = base.row("Acme")["id"]
    base.decisions = (Answer("manager:Ann", f"overdue:{row_id}", "decision", "count as sold"),)
    assert [pending.why for pending in base.night(NEXT).plan.pending] == [
        "only the head of sales counts a sale without a payment, on the tab “Summary”"
    ]
    base.decisions = (Answer("summary", f"decide:{row_id}", "decision", "count as sold"),)
    night = base.night("2026-03-04")
    assert night.plan.sold == {row_id}
    assert "sold_unproved" not in night.codes
    base.decisions = ()
    base.becomes(
        "2026-03-05",
        """
        section | company | state  | deadline | found
        clients | Acme    | Client |          |
        """,
    )
    assert "sold, by the word of the head of sales" in [line.why for line in base.journal]


def test_what_stands_among_clients_when_a_base_is_first_run_is_sold(play: "type[Base]") -> None:
    """In one line, without a finding; so is what an export says is won."""
    base = play("""
        section   | company | state  | manager | paid_on
        clients   | Acme    | Client | Ann     |
        clients   | Beta    | Client | Ann     |
        call_base | Gamma   | Client | Ann     |
    """)
    night = base.becomes(
        DAY,
        """
        section | company | state  | found
        clients | Acme    | Client |
        clients | Beta    | Client |
        clients | Gamma   | Client |
        """,
    )
    [told] = [p.message for p in night.plan.problems if p.code == "sold_before"]
    assert told == "3 companies stood among clients and count as sold"
    assert told in [line.why for line in base.journal]
    assert "sold_unproved" not in base.night(LATER).codes


def test_a_base_without_a_column_of_payments_is_asked_what_proves_a_sale(
    play: "type[Base]",
) -> None:
    text = """
        section | company | state  | manager
        working | Acme    | Deal   | Ann
    """
    base = play(text)
    assert "no_sale_proof" not in base.night(DAY).codes
    base.row("Acme")["state"] = "Client"
    assert base.night(NEXT).codes["no_sale_proof"] == 1
    assert base.row("Acme")["section"] == "clients"
    base.policy = changed(EN, sale_proof="state")
    assert "no_sale_proof" not in base.night(LATER).codes
