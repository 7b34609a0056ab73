"""Rows whose time is up move, also where a cell of theirs cannot be read (METHOD point 8).

What is said of those that cannot be read is checks/time_warnings.py's.
"""

from collections.abc import Iterator

import pandas as pd

from sheetsync.method.codes import StateCode
from sheetsync.rules.deadlines.clocks import is_placed
from sheetsync.rules.deadlines.due_dates import times
from sheetsync.rules.deadlines.working_days import counting
from sheetsync.rules.draft.changes import Changes, gathered
from sheetsync.rules.draft.night import ClockedRow, Night
from sheetsync.rules.draft.plan_draft import PlanDraft
from sheetsync.rules.nightly.sending import sent
from sheetsync.rules.routing.routes import Expiry, expiry_route
from sheetsync.rules.routing.state_graph import resting


def expiries(draft: PlanDraft) -> Changes:
    """Move the rows whose time is up; those that cannot be read, by what was read last."""
    night = draft.night
    # A decision comes before the rules of the night: what the head has extended does not expire.
    expired = _is_expired(night) & ~draft.is_settled
    unread = night.base["unread_since"].notna()
    readable = [*_moved(night, expired & ~unread)]
    # What could last be read goes on counting, once the finding has stood long enough.
    by_last_read = [*_moved(night, expired & unread & night.moves_anyway)]
    return gathered([*readable, *by_last_read])


def _is_expired(night: Night) -> "pd.Series[bool]":
    base = night.base
    # A deadline is the last day in time: the row moves at the first run after it. A hold needs no
    # mask here, as it lies in `due`.
    is_late = base["due"].notna() & (base["due"] < night.now)
    # What a state by itself sends to its section goes there, and not where the time would.
    return is_placed(base) & is_late & ~_sent_by_state(night)


def _sent_by_state(night: Night) -> "pd.Series[bool]":
    """Mark the rows whose state puts them away tonight."""
    away = resting(night.policy)
    readable = night.base["unread_since"].isna()
    lacks_reason = night.base["refusal_reason"].isna() & (
        night.base["state"] == StateCode.REFUSAL
    )
    return night.base["state"].isin(away) & readable & ~lacks_reason


def _moved(night: Night, expired: "pd.Series[bool]") -> Iterator[Changes]:
    # Most nights nothing expires, and nothing need be counted anew.
    if not expired.any():
        return
    counted = counting(night.policy)
    # The days in time are told: a hold after an undo is none of them.
    in_time = times(night.base, night.policy)["in_time"]
    # An extension may have made them more days than the label gives, so those that passed are told.
    spent = counted.between(night.base["work_since"], in_time)
    for index, row in night.records(expired):
        expiry = Expiry(
            int(spent[index]), in_time[index].date(), working=counted.working
        )
        read = as_last_read(row)
        route = expiry_route(read, expiry, night.policy, night.language)
        if route is not None:
            yield sent(night, index, read, route)


def as_last_read(row: ClockedRow) -> ClockedRow:
    """Return a row with the state and the label that could last be read of it."""
    if pd.isna(row["unread_since"]):
        return row
    read = row.copy()
    read["state"] = row["last_state"]
    read["label"] = row["last_label"]
    return read
