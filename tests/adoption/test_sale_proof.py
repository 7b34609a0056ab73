"""What proves a sale is asked once, and only where no column of the base says it."""

import pytest

from sheetsync.adoption.sale_proof import proof_question, with_proof
from sheetsync.i18n import language
from tests.builders.adopted import proposed

EN = language("en")
ROWS = """
Company | Phone | Status | Manager{more}
Acme Ltd | +1 202 555 0101 | Contact 1 | Baker{date}
Birch Ltd | +1 202 555 0102 | {state} | Baker{date}
Cedar Ltd | +1 202 555 0103 | Contact 2 | Baker{date}
"""


def base(state: str, heading: str = "") -> str:
    more, date = (f" | {heading}", " | 2026-02-03") if heading else ("", "")
    return ROWS.format(more=more, date=date, state=state)


@pytest.mark.parametrize(
    ("rows", "choices"),
    [
        (base("Client"), ["state", "paid_on"]),
        (base("Client", "Invoice date"), ["invoice_on", "state", "paid_on"]),
        (base("Client", "Payment date"), None),
        (base("Contact 3"), None),
    ],
)
def test_it_is_asked_where_something_is_sold_and_no_column_tells_of_payments(
    rows: str, choices: list[str] | None
) -> None:
    question = proof_question(proposed(Work=rows), EN)
    assert (question and [choice.value[0] for choice in question.choices]) == choices


def test_an_answer_is_in_the_settings_and_nobody_is_asked_again() -> None:
    proposal = with_proof(proposed(Work=base("Client")), "state")
    assert proposal.policy.sale_proof == "state"
    assert proof_question(proposal, EN) is None
