"""What proves that a company is a client: a payment, or the head's word (METHOD point 6).

Nothing else does: neither a state nor the tab where a row stands, as everybody may type and carry.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from sheetsync.method.codes import SectionCode, StateCode
from sheetsync.method.policy import Policy
from sheetsync.workbook.frame_rows import Mask, days_of, is_among
from sheetsync.workbook.last_run_state import HEADS_WORD, PAYMENT
from sheetsync.workbook.snapshot import Snapshot

SOLD = (StateCode.DEAL_SUPPORT, StateCode.CLIENT)
"""The states that say that a company has paid."""
PAYING = (StateCode.DEAL, *SOLD)
"""The states in which a payment may stand."""
BY_STATE = "state"
"""The team keeps no date of payments: the state alone tells of a sale."""


def with_proof_marks(
    base: pd.DataFrame,
    snapshot: Snapshot,
    policy: Policy,
    by_head: Collection[str] = (),
) -> pd.DataFrame:
    """Return the base with the day that proves a sale (`paid`), and what the head has said.

    `by_head` marks ids of which the head of sales has said that they are sold; `by_state` is
    whether the state alone tells, as there is no column of payments.
    """
    field = policy.sale_proof
    tabs = snapshot.tabs if field != BY_STATE else ()
    has_column = any(field in tab.fields for tab in tabs)
    nothing = pd.Series(pd.NaT, base.index, dtype="datetime64[s]")
    return base.assign(
        paid=base[field] if has_column else nothing,
        by_state=not has_column,
        by_head=base["id"].isin([*by_head]),
    )


def asks_for_column(snapshot: Snapshot, policy: Policy) -> bool:
    """Tell whether the team is to be asked which date proves a sale: it keeps none so far."""
    if policy.sale_proof == BY_STATE:
        return False
    return not any(policy.sale_proof in tab.fields for tab in snapshot.tabs)


def proofs(
    base: pd.DataFrame, before: pd.DataFrame, known: Mask, today: date
) -> "pd.Series[Any]":
    """Return per row what proves the sale: `payment`, `head` or None.

    `base` as `with_proof_marks` leaves it; `before`: what is remembered of its rows.
    """
    in_clients = is_among(base["section"], [SectionCode.CLIENTS])
    paid = days_of(base["paid"]) <= np.datetime64(today, "s")
    paid &= in_clients | is_among(base["state"], PAYING)
    sold = is_among(base["state"], SOLD)
    paid |= base["by_state"].to_numpy(dtype=bool) & sold
    # What stood there when the base was first run, or came with a list, is the team's own word.
    trusted = base["trusted"].to_numpy(dtype=bool) & ~known
    trusted &= in_clients | sold
    by_head = trusted | base["by_head"].to_numpy(dtype=bool)
    by_head |= (before["proof"] == HEADS_WORD).to_numpy()
    return _worded(base.index, by_head, paid)


def proofs_after(after: pd.DataFrame, today: date) -> "pd.Series[Any]":
    """Return what proves each sale as changes leave the rows; the head's word stays."""
    paid = days_of(after["paid"]) <= np.datetime64(today, "s")
    in_clients = is_among(after["section"], [SectionCode.CLIENTS])
    paid &= in_clients | is_among(after["state"], PAYING)
    by_state = after["by_state"].to_numpy(dtype=bool)
    paid |= by_state & is_among(after["state"], SOLD)
    by_head = (after["proof"] == HEADS_WORD).to_numpy()
    return _worded(after.index, by_head, paid)


def _worded(
    index: "pd.Index[Any]", by_head: Mask, paid: Mask
) -> "pd.Series[Any]":
    """Return the proof of each row; the head's word comes before a payment."""
    proof = np.full(len(index), None, dtype=object)
    proof[paid] = PAYMENT
    proof[by_head] = HEADS_WORD
    return pd.Series(proof, index, dtype=object)


def unproved_clients(base: pd.DataFrame) -> "pd.Series[bool]":
    """Mark the rows that stand among clients, and that nothing proves to be sold."""
    return (base["section"] == SectionCode.CLIENTS) & base["proof"].isna()
