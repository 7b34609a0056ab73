"""What could last be read of a row: that goes on counting while a cell cannot be (METHOD point 8).

Nothing that is typed stops the time. What is said of such a row, and when it moves, is the rules'.
"""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from sheetsync.method.codes import SectionCode
from sheetsync.method.policy import Policy
from sheetsync.workbook.frame_rows import NO_DAY, Mask, days_of

COUNTING = ("state", "label", "manager")
"""Fields of which the last readable value goes on counting."""
FEWEST = 3
"""Fewer rows than this that turn unreadable in one night are no accident, however small the tab."""


def last_read(
    base: pd.DataFrame, before: pd.DataFrame
) -> dict[str, "pd.Series[Any]"]:
    """Return by `last_state`, `last_label`, `last_manager` what stands there, or last did."""
    columns: dict[str, pd.Series[Any]] = {}
    for name in COUNTING:
        remembered = before[f"last_{name}"]
        # An older version remembered these two as they were seen.
        if name in ("state", "manager"):
            remembered = remembered.where(remembered.notna(), before[name])
        own = base[name].astype(object)
        read = own.where(own.notna(), remembered)
        columns[f"last_{name}"] = read.where(read.notna(), None)
    return columns


def unread_since(
    base: pd.DataFrame, before: pd.DataFrame, was_worked: Mask, now: Any
) -> "np.ndarray[Any, Any]":
    """Return since which night a cell that decides cannot be read (datetime64[s]), NaT: it can.

    An empty state counts as one where there was a state before, or where the row is worked.
    """
    unread = base["unread"].to_numpy(dtype=bool).copy()
    # Once a clock is remembered, a start date that becomes unreadable changes nothing.
    unread |= base["began_unread"].to_numpy(dtype=bool) & ~was_worked
    is_empty = base["state"].isna().to_numpy()
    had_state = before["last_state"].notna() | before["state"].notna()
    in_list = base["section"] == SectionCode.WORKING
    unread |= is_empty & (had_state | in_list).to_numpy()
    since = days_of(before["unread_since"])
    since = np.where(np.isnat(since), now, since)
    return np.where(unread, since, NO_DAY)


def still_unread_since(after: pd.DataFrame) -> "pd.Series[Any]":
    """Return `unread_since` of the base as changes leave it: NaT where they wrote the cell over."""
    was_worked = after["remembered"] | after["fresh"]
    unread = after["unread"] | (after["began_unread"] & ~was_worked)
    return after["unread_since"].where(unread | after["state"].isna())


def turned_at_once(base: pd.DataFrame, policy: Policy) -> "pd.Series[bool]":
    """Mark the rows that turned unreadable with so many of their tab that it was an accident.

    `base` bears `unread_since`.
    """
    keys = [base["section"], base["unread_since"]]
    at_once = base.groupby(keys)["row"].transform("size")
    rows = base.groupby("section")["row"].transform("size")
    share = policy.safety.max_unread_share
    too_many = (at_once > rows * share) & (at_once >= FEWEST)
    return base["unread_since"].notna() & too_many


def moves_anyway(
    base: pd.DataFrame, policy: Policy, today: date
) -> "pd.Series[bool]":
    """Mark the unreadable rows that move all the same once their time is up.

    Their finding has stood for as many nights as the policy says.
    """
    nights = pd.Timedelta(days=policy.time.unread_nights)
    stood = base["unread_since"] + nights <= pd.Timestamp(today)
    return stood & ~turned_at_once(base, policy)
