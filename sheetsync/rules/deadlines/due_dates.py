"""Until when: the deadline of each row, and what the head of sales has added to it.

METHOD point 8. A deadline is the last day in time: what moves at the first run after it is left to
routing.
"""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from sheetsync.method.codes import SectionCode, StateCode
from sheetsync.method.policy import Policy
from sheetsync.rules.deadlines.clocks import Dates, Flags, is_placed
from sheetsync.rules.deadlines.label_time import allowed_days
from sheetsync.rules.deadlines.working_days import Counting, Days, counting
from sheetsync.values import LAST_DAY
from sheetsync.workbook.frame_rows import NO_DAY, days_of, is_among


def times(base: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Return per row `due` (the last day in time, NaT where no clock runs) and what extends it.

    `base` must bear `work_since`, `held_until`, `fresh`, and what is remembered: `extended`,
    `extensions`. Returned are also those two as they are to be remembered, `until` (the deadline
    without the day that is typed now), `in_time` (`due` without a hold) and, where that day does
    not count, `refused`: "times" or "days", for the limit it breaks. Days are datetime64[s].
    """
    days = counting(policy)
    runs = running(base, policy).to_numpy()
    natural = np.where(runs, _natural(base, days, policy), NO_DAY)
    # An extension is judged once and remembered: what was lawful stays so, what was not is judged
    # anew every night, so that another limit on the Settings tab holds at once.
    extended = days_of(base["extended"])
    is_fresh = base["fresh"].to_numpy(dtype=bool)
    granted = np.where(runs & ~is_fresh, extended, NO_DAY)
    until = _later(natural, granted)
    # A day that cannot be read takes nothing away of what was given.
    unread = base["extended_unread"].to_numpy(dtype=bool)
    stands = np.where(unread, extended, days_of(base["extended_to"]))
    typed = np.where(runs, stands, NO_DAY)
    asks = typed > until
    times_before = base["extensions"].to_numpy()
    too_often = asks & (times_before >= policy.time.extensions)
    most = np.full(len(base), float(policy.time.extension_days))
    too_far = asks & ~too_often & (typed > days.days_after(until, most))
    lawful = asks & ~too_often & ~too_far
    # A day before the last lawful one is the head's too: it shortens what was added, not what the
    # label gives.
    effective = np.where(too_often | too_far, granted, typed)
    due = _later(natural, effective)
    in_time = due
    # A hold is time as well: what an undo brought back would go again on the next night.
    held = days_of(base["held_until"])
    due = np.where(runs & (held > due), held, due)
    remembered = np.where(lawful, typed, granted)
    refused = np.full(len(base), None, dtype=object)
    refused[too_often] = "times"
    refused[too_far] = "days"
    return pd.DataFrame(
        {
            "due": np.minimum(due, _LATEST),
            "until": until,
            "in_time": np.minimum(in_time, _LATEST),
            "refused": pd.Series(refused, base.index, dtype=object),
            # Where no clock runs nothing is judged: a later consent is told from the day that
            # stays here.
            "extended": np.where(runs, remembered, extended),
            "extensions": (times_before + lawful).astype("int64"),
        },
        index=base.index,
    )


# No later day is read: the program would not understand its own column.
_LATEST = np.datetime64(LAST_DAY, "s")


def _later(natural: Days, extended: Days) -> Days:
    """Return the day that the label gives, or the one it is extended to where that is later."""
    return np.where(extended > natural, extended, natural)


def running(base: pd.DataFrame, policy: Policy) -> Flags:
    """Mark the rows whose work clock runs and may run out.

    Whatever else is typed as a state, only a deal stops it, and what follows one.
    """
    is_client = is_among(base["section"], [SectionCode.CLIENTS])
    is_sold = base["proof"].notna().to_numpy()
    clocked = is_among(base["last_state"], policy.states_where("clocked"))
    exempt = [
        code
        for code in (*policy.states_where("in_work"), StateCode.DEAL_SUPPORT)
        if not policy.state[code].clocked
    ]
    stands = is_among(base["last_state"], exempt)
    waits = is_sold & is_among(base["last_state"], [StateCode.CLIENT])
    goes_on = is_placed(base) & ~stands & ~waits
    repeat_sale = is_client & is_sold & clocked
    runs = (goes_on | repeat_sale) & base["work_since"].notna().to_numpy()
    return pd.Series(runs, base.index)


def _natural(base: pd.DataFrame, days: Counting, policy: Policy) -> Days:
    """Return the deadline that the label gives, or the one number for all.

    A row without a label gets the middle deadline. Repeat sales have a time of their own. Days in
    which the clock stood still are added.
    """
    time = policy.time
    if time.one_deadline_days is not None:
        allowed = np.full(len(base), float(time.one_deadline_days))
    else:
        allowed = allowed_days(base, policy)
    allowed = allowed + base["stood_still"].to_numpy(dtype="float64")
    is_client = is_among(base["section"], [SectionCode.CLIENTS])
    is_sold = base["proof"].notna().to_numpy()
    allowed[is_client & is_sold] = time.repeat_sale_days
    return days.days_after(days_of(base["work_since"]), allowed)


def left_until(due: Dates, policy: Policy, today: date) -> "pd.Series[Any]":
    """Return the counted days from today to each deadline.

    0 is today, negative is past, NaN where there is none.
    """
    now = pd.Series(pd.Timestamp(today).as_unit("s"), index=due.index)
    return counting(policy).between(now, due)
