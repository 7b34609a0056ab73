"""Sales without a proof, and choices for the end of the time that nobody has (METHOD points 6, 8).

A company becomes a client by a payment or by the head's word. Until one of them stands there it is
counted as sold nowhere, and its time goes on. Found in the picture after the moves.
"""

from collections.abc import Iterator

import pandas as pd

from sheetsync.method.codes import SectionCode, StateCode
from sheetsync.rules.deadlines.clocks import is_placed
from sheetsync.rules.deadlines.sale_proofs import (
    SOLD,
    asks_for_column,
    unproved_clients,
)
from sheetsync.rules.draft.changes import Changes
from sheetsync.rules.draft.night import RowPlace, records
from sheetsync.rules.draft.plan_draft import PlanDraft
from sheetsync.rules.routing.routes import NEVER_CHOSEN
from sheetsync.schema import Problem, Severity
from sheetsync.workbook.last_run_state import HEADS_WORD
from sheetsync.workbook.snapshot import own_title

UNPROVED = "sold_unproved"
"""The code of rows that are called clients, and that nothing proves to be sold."""


def sale_findings(draft: PlanDraft) -> Changes:
    """Report sales without a proof, and once that no column tells of payments."""
    return Changes(
        problems=(
            *_without_proof(draft),
            *_wrong_choices(draft),
            *_without_column(draft),
            *_sold_before(draft),
        )
    )


def without_proof(base: pd.DataFrame) -> "pd.Series[bool]":
    """Mark the rows that are called clients, or stand among them, without a proof."""
    called = base["last_state"] == StateCode.CLIENT
    return unproved_clients(base) | (called & base["proof"].isna())


def _without_proof(draft: PlanDraft) -> Iterator[Problem]:
    night = draft.night
    after = draft.after.clocked
    text = night.language.text
    column = night.policy.words.name("columns", night.policy.sale_proof)
    message = text(
        "Sold without proof: “{column}” is empty. It counts as sold nowhere, and takes a place "
        "in the list.",
        column=column,
    )
    fix = text(
        "Write the day of the payment, take the company back to work, "
        "or let the head of sales decide on the summary."
    )
    for index, row in records(after, without_proof(after)):
        place = RowPlace(night.sections[index], int(row["row"]))
        yield night.problem(
            UNPROVED, Severity.ERROR, place, "state", (message, fix)
        )


def _wrong_choices(draft: PlanDraft) -> Iterator[Problem]:
    night = draft.night
    after = draft.after.clocked
    text = night.language.text
    wrong = after["on_expiry"].isin(NEVER_CHOSEN) & is_placed(after)
    for index, row in records(after, wrong):
        place = RowPlace(night.sections[index], int(row["row"]))
        section = night.policy.words.name("sections", str(row["on_expiry"]))
        message = text(
            "“{section}” is no choice for the end of the time: it counts as empty.",
            section=section,
        )
        texts = (message, text("Choose one of the archives."))
        yield night.problem(
            "wrong_on_expiry", Severity.WARNING, place, "on_expiry", texts
        )


def _without_column(draft: PlanDraft) -> Iterator[Problem]:
    night = draft.night
    snapshot = night.snapshot
    if not asks_for_column(snapshot, night.policy):
        return
    # Nobody is asked before there is a sale to be proved.
    is_client = snapshot.base["section"] == SectionCode.CLIENTS
    if not (is_client | snapshot.base["state"].isin(SOLD)).any():
        return
    text = night.language.text
    words = night.policy.words
    column = words.name("columns", night.policy.sale_proof)
    title = own_title(snapshot.book, night.policy, "settings")
    message = text(
        "No tab has a column “{column}”: until there is one, the state alone tells of a sale.",
        column=column,
    )
    fix = text(
        "Add the column, or say on the tab “{tab}” what proves that something is sold.",
        tab=title,
    )
    yield Problem(
        "no_sale_proof", Severity.NOTICE, title, 0, column, message, fix
    )


def _sold_before(draft: PlanDraft) -> Iterator[Problem]:
    """Say once how many companies of a new base count as sold by the team's own word."""
    night = draft.night
    clients = night.snapshot.tab.get(SectionCode.CLIENTS)
    rows = int((night.base["proof"] == HEADS_WORD).sum())
    if not night.snapshot.first_run or not rows or clients is None:
        return
    message = night.language.plural(
        "{n} company stood among clients and counts as sold",
        "{n} companies stood among clients and count as sold",
        rows,
    )
    yield Problem(
        "sold_before", Severity.NOTICE, clients.title, 0, "", message, ""
    )
