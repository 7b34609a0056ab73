"""Until when: the deadline of each row, and what the head of sales has added to it.

METHOD point 8. A deadline is the last day in time: what moves at the first run after it is left to
routing.
"""

from datetime import date
from typing import Any

import pandas as pd

from sheetsync.method.codes import SectionCode
from sheetsync.method.policy import Policy
from sheetsync.rules.deadlines.clocks import Dates, Flags, at_work
from sheetsync.rules.deadlines.working_days import Counting, counting
from sheetsync.values import LAST_DAY


def times(base: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Return per row `due` (the last day in time, NaT where no clock runs) and what extends it.

    `base` must bear `work_since`, `held_until`, `fresh`, and what is remembered: `extended`,
    `extensions`. Returned are also those two as they are to be remembered, `until` (the deadline
    without the day that is typed now) and, where that day does not count, `refused`: "times" or
    "days", for the limit it breaks. Days are datetime64[s].
    """
    days = counting(policy)
    runs = running(base, policy)
    natural = _natural(base, days, policy).where(runs)
    # An extension is judged once and remembered: what was lawful stays so, what was not is judged
    # anew every night, so that another limit on the Settings tab holds at once.
    granted = base["extended"].where(runs & ~base["fresh"])
    until = _later(natural, granted)
    typed = base["extended_to"].where(runs)
    asks = typed > until
    too_often = asks & (base["extensions"] >= policy.time.extensions)
    furthest = days.after(until, _constant(base, policy.time.extension_days))
    too_far = asks & ~too_often & (typed > furthest)
    refused = pd.Series(None, index=base.index, dtype=object)
    lawful = asks & ~too_often & ~too_far
    # A day before the last lawful one is the head's too: it shortens what was added, not what the
    # label gives.
    effective = typed.where(~(too_often | too_far), granted)
    due = _later(natural, effective)
    # A hold is time as well: what an undo brought back would go again on the next night.
    due = due.where(~(runs & (base["held_until"] > due)), base["held_until"])
    # Where no clock runs nothing is judged: a later consent is told from the day that stays here.
    extended = base["extended"].where(~runs, granted.where(~lawful, typed))
    return pd.DataFrame(
        {
            # No later day is read: the program would not understand its own column.
            "due": due.clip(upper=pd.Timestamp(LAST_DAY)).astype(
                "datetime64[s]"
            ),
            "until": until.astype("datetime64[s]"),
            "refused": refused.mask(too_often, "times").mask(too_far, "days"),
            "extended": extended.astype("datetime64[s]"),
            "extensions": (base["extensions"] + lawful).astype("int64"),
        },
        index=base.index,
    )


def _later(natural: Dates, extended: Dates) -> Dates:
    """Return the day that the label gives, or the one it is extended to where that is later."""
    return natural.where(~(extended > natural), extended)


def running(base: pd.DataFrame, policy: Policy) -> Flags:
    """Mark the rows whose work clock runs and may run out."""
    placed = at_work(base) | (base["section"] == SectionCode.CLIENTS)
    return (
        base["state"].isin(policy.states_where("clocked"))
        & placed
        & base["work_since"].notna()
    )


def _natural(base: pd.DataFrame, days: Counting, policy: Policy) -> Dates:
    """Return the deadline that the label gives, or the one number for all.

    A row without a label gets the middle deadline. Repeat sales have a time of their own.
    """
    time = policy.time
    if time.one_deadline_days is not None:
        allowed = _constant(base, time.one_deadline_days)
    else:
        days_by_label = {
            label.code: label.deadline_days for label in policy.labels
        }
        allowed = (
            base["label"]
            .map(days_by_label)
            .astype("float64")
            # A first contact may have no label: one is asked for from the second on.
            .fillna(time.unlabelled_days)
        )
    allowed = allowed.where(
        base["section"] != SectionCode.CLIENTS, time.repeat_sale_days
    )
    return days.after(base["work_since"], allowed)


def _constant(base: pd.DataFrame, number: int) -> "pd.Series[Any]":
    return pd.Series(float(number), index=base.index)


def left_until(due: Dates, policy: Policy, today: date) -> "pd.Series[Any]":
    """Return the counted days from today to each deadline.

    0 is today, negative is past, NaN where there is none.
    """
    now = pd.Series(pd.Timestamp(today).as_unit("s"), index=due.index)
    return counting(policy).between(now, due)
