"""Whose label's time counts: a higher one in work lengthens nothing by itself (METHOD point 8).

It does only where its threshold bears it out with an amount that stood before work began; the head
of sales gives more in the column of extensions.
"""

from typing import Any

import numpy as np
import pandas as pd

from sheetsync.method.policy import Policy
from sheetsync.method.terms import Label
from sheetsync.workbook.frame_rows import Mask
from sheetsync.workbook.last_run_state import recall


def days_by_label(policy: Policy) -> dict[str, float]:
    """Return the days that each label allows."""
    return {label.code: float(label.deadline_days) for label in policy.labels}


def allowed_days(base: pd.DataFrame, policy: Policy) -> "np.ndarray[Any, Any]":
    """Return the days that each row's label allows, as far as it counts.

    `base` bears `last_label`, `label_then` and `label_borne`, as `clocks` returns them.
    """
    own = _days(base["last_label"], policy)
    then = _days(base["label_then"], policy)
    borne = _days(base["label_borne"], policy)
    # Without a label of then nothing was raised.
    most = np.fmax(np.where(np.isnan(then), np.inf, then), borne)
    unlabelled = float(policy.time.unlabelled_days)
    days: np.ndarray[Any, Any] = np.where(np.isnan(own), unlabelled, own)
    shorter: np.ndarray[Any, Any] = np.minimum(days, most)
    return shorter


def is_raised(base: pd.DataFrame, policy: Policy) -> "pd.Series[bool]":
    """Mark the rows whose label was raised in work, and buys no time."""
    own = _days(base["last_label"], policy)
    if policy.time.one_deadline_days is not None:
        own = np.full(len(base), np.nan)
    return pd.Series(own > allowed_days(base, policy), base.index)


def _days(labels: "pd.Series[Any]", policy: Policy) -> "np.ndarray[Any, Any]":
    days = days_by_label(policy)
    allowed = [days.get(label, np.nan) for label in labels.tolist()]
    return np.array(allowed, dtype="float64")


def labels_then(
    base: pd.DataFrame, before: pd.DataFrame, goes_on: Mask
) -> "pd.Series[Any]":
    """Return the label with which each row's work began; of what is not worked, its own.

    `goes_on`: the rows whose work had begun by the last run.
    """
    kept = before["label_then"].where(goes_on)
    return kept.where(kept.notna(), base["last_label"])


def labels_borne(
    base: pd.DataFrame, before: pd.DataFrame, goes_on: Mask, policy: Policy
) -> "pd.Series[Any]":
    """Return the label that the amount of before each row's work tells; None where none does."""
    if not any(label.at_least is not None for label in policy.labels):
        return pd.Series(None, base.index, dtype=object)
    own = pd.to_numeric(base["measure"], errors="coerce")
    amounts = own
    if policy.label_by == "amount":
        last_seen = recall(before)["amount"]
        # Of a row that is new, the amount that came with it stood there before.
        amounts = own.where(before["company"].isna(), last_seen)
    told = [_code(fitting(amount, policy)) for amount in amounts.tolist()]
    borne = pd.Series(told, base.index, dtype=object)
    return before["label_borne"].where(goes_on, borne)


def steps(policy: Policy) -> list[Label]:
    """Return the labels that have a threshold, the lowest first."""
    measured = [label for label in policy.labels if label.at_least is not None]
    return sorted(measured, key=threshold)


def threshold(label: Label) -> float:
    """Return the amount from which on a client is of a label."""
    return label.at_least or 0


def fitting(amount: float, policy: Policy) -> Label | None:
    """Return the label that an amount tells: the one with the highest threshold that it reaches."""
    reached = [label for label in steps(policy) if amount >= threshold(label)]
    return max(reached, key=threshold, default=None)


def _code(label: Label | None) -> str | None:
    return None if label is None else label.code
