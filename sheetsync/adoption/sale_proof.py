"""What proves a sale in a base that has no column of payments: asked once (METHOD point 8)."""

from dataclasses import replace

from sheetsync.adoption.proposal import Proposal
from sheetsync.adoption.questions import AnswerChoice, Question
from sheetsync.i18n import Language
from sheetsync.method.codes import SectionCode, StateCode
from sheetsync.method.settings_tab.scalars import SALE_PROOFS

SALE_STATES = (StateCode.DEAL_SUPPORT, StateCode.CLIENT)


def proof_question(proposal: Proposal, language: Language) -> Question | None:
    """Return the question; None where a column answers it, somebody has, or nothing is sold yet."""
    fields = _fields(proposal)
    if proposal.proof_told or "paid_on" in fields or not _has_sales(proposal):
        return None
    proofs = ["state", "paid_on"]
    if "invoice_on" in fields:
        proofs.insert(0, "invoice_on")
    choices = []
    for proof in proofs:
        label = language.text(SALE_PROOFS[proof])
        if proof == "paid_on":
            label = language.text(
                "{proof}: we shall add a column for it", proof=label
            )
        choices.append(AnswerChoice(label, (proof,)))
    text = language.text(
        "No column says when a client has paid. What proves that something is sold?"
    )
    return Question("sale_proof", (), text, tuple(choices))


def with_proof(proposal: Proposal, proof: str) -> Proposal:
    """Return the proposal of a team that proves its sales so (`policy.sale_proof`)."""
    policy = proposal.policy.model_copy(update={"sale_proof": proof})
    return replace(proposal, policy=policy, proof_told=True)


def _fields(proposal: Proposal) -> set[str]:
    """Return the fields of which some tab has a column; one that is unsure is asked about."""
    return {
        field
        for tab in proposal.tabs
        for column in tab.columns
        for field in column.fields
    }


def _has_sales(proposal: Proposal) -> bool:
    """Tell whether clients stand in the base, or rows that are called so."""
    clients = SectionCode.CLIENTS
    if any(tab.section == clients and tab.rows for tab in proposal.tabs):
        return True
    return any(
        word.kind == "states" and word.code in SALE_STATES
        for word in proposal.words
    )
