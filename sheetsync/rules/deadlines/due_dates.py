"""Until when: the deadline of each row, and what the head of sales has added to it (METHOD point 8).

An extension counts where it is lawful; the last lawful one is remembered, so that a night's verdict stands the next night.
"""

from datetime import date
from typing import Any

import pandas as pd

from sheetsync.method.policy import Policy
from sheetsync.rules.deadlines.clocks import at_work
from sheetsync.rules.deadlines.working_days import Counting, counting
from sheetsync.values import LAST_DAY


def times(base: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Return per row `due` (the last day in time, NaT where no clock runs) and what became of its extension.

    `base` must bear `work_since`, `held_until`, `fresh`, and what is remembered: `extended`, `extensions`. Returned are also
    those two as they are to be remembered, `until` (the deadline without the day that is typed now) and, where that day does
    not count, `refused`: "times" or "days", for the limit it breaks.
    """
    days, runs = counting(policy), running(base, policy)
    natural = _natural(base, days, policy).where(runs)
    granted = base["extended"].where(runs & ~base["fresh"])
    until = natural.where(~(granted > natural), granted)
    typed = base["extended_to"].where(runs)
    asks = typed > until
    often = asks & (base["extensions"] >= policy.time.extensions)
    far = asks & ~often & (typed > days.after(until, _constant(base, policy.time.extension_days)))
    lawful = asks & ~often & ~far
    # A day before the last lawful one is the head's too: it shortens what was added, not what the label gives.
    effective = typed.where(~(often | far), granted)
    due = natural.where(~(effective > natural), effective)
    due = due.where(~(runs & (base["held_until"] > due)), base["held_until"])
    refused = pd.Series(None, index=base.index, dtype=object).mask(often, "times").mask(far, "days")
    return pd.DataFrame(
        {
            "due": due.clip(upper=pd.Timestamp(LAST_DAY)).astype("datetime64[s]"),
            "until": until.astype("datetime64[s]"),
            "refused": refused,
            "extended": base["extended"]
            .where(~runs, granted.where(~lawful, typed))
            .astype("datetime64[s]"),
            "extensions": (base["extensions"] + lawful).astype("int64"),
        },
        index=base.index,
    )


def running(base: pd.DataFrame, policy: Policy) -> "pd.Series[bool]":
    """Mark the rows whose work clock runs and may run out."""
    placed = at_work(base) | (base["section"] == "clients")
    return base["state"].isin(policy.states_where("clocked")) & placed & base["work_since"].notna()


def _natural(base: pd.DataFrame, days: Counting, policy: Policy) -> "pd.Series[Any]":
    """Return the deadline that the label gives, or the one number for all; repeat sales have a time of their own."""
    time = policy.time
    if time.one_deadline_days is not None:
        allowed = _constant(base, time.one_deadline_days)
    else:
        allowed = base["label"].map({label.code: label.deadline_days for label in policy.labels})
        allowed = allowed.astype("float64").fillna(time.unlabelled_days)
    allowed = allowed.where(base["section"] != "clients", time.repeat_sale_days)
    return days.after(base["work_since"], allowed)


def _constant(base: pd.DataFrame, number: int) -> "pd.Series[Any]":
    return pd.Series(float(number), index=base.index)


def left_until(due: "pd.Series[Any]", policy: Policy, today: date) -> "pd.Series[Any]":
    """Return the counted days from today to each deadline: 0 is today, negative is past, NaN where there is none."""
    now = pd.Series(pd.Timestamp(today).as_unit("s"), index=due.index)
    return counting(policy).between(now, due)
