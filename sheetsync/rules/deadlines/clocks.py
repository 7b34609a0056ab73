"""Since when: the work clock, the state's and the section's (METHOD point 8).

Until when is due_dates.py's.
"""

# A clock starts once and is remembered in the state tab; a date rewritten later changes no clock.

from datetime import date
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from sheetsync.method.codes import SectionCode, StateCode
from sheetsync.method.policy import Policy
from sheetsync.method.terms import MIXED, kind_of
from sheetsync.workbook.frame_rows import (
    NO_DAY,
    Mask,
    days_of,
    is_among,
    is_same,
)
from sheetsync.workbook.last_run_state import recall

Flags: TypeAlias = "pd.Series[bool]"
"""Of each row, whether something holds."""
Dates: TypeAlias = "pd.Series[Any]"
"""A day of each row (datetime64[s]), NaT where there is none."""


def aligned(base: pd.DataFrame, state: pd.DataFrame) -> pd.DataFrame:
    """Return what the state tab remembers of each row of `base` (column `id`), on its index."""
    remembered = state.reindex(base["id"])
    remembered.index = base.index
    return remembered


def clocks(
    base: pd.DataFrame, state: pd.DataFrame, policy: Policy, today: date
) -> pd.DataFrame:
    """Return per row since when and until when, what it reached, and what is counted of it.

    `base` must bear ids. Dates are datetime64[s], counts int64.
    """
    now = np.datetime64(today, "s")
    before = aligned(base, state)
    known = base["id"].isin(state.index).to_numpy()
    fresh = _begins_anew(base, before, policy, today).to_numpy()
    carried_out = _carried_out(base, before).to_numpy()
    same_state = known & is_same(before["state"], base["state"])
    same_section = known & is_same(before["section"], base["section"])
    days = {name: days_of(before[name]) for name in _REMEMBERED}
    was_worked = ~np.isnat(days["work_since"])
    columns = {
        "known": known,
        "fresh": fresh,
        "remembered": was_worked & ~fresh,
        "work_since": _work_since(base, days["work_since"], fresh, policy, now),
        "state_since": np.where(same_state, days["state_since"], now),
        "section_since": np.where(same_section, days["section_since"], now),
        "held_until": days["held_until"],
        # An older version kept no state of a hold: then it is the one that the last run saw.
        "held_state": before["held_state"].where(
            before["held_state"].notna(), before["state"]
        ),
        "reached": _reached(base, before, fresh, policy),
        "worked": days["work_since"],
        "left_on": np.where(carried_out, now, days["left_on"]),
        # The day that stands there when a row is carried out is no consent to its return.
        "extended": np.where(
            carried_out, days_of(base["extended_to"]), days["extended"]
        ),
        "extensions": np.where(fresh, 0, _counts(before["extensions"])),
        "pushes": np.where(fresh, 0, _pushes(base, before, policy)),
    }
    return pd.DataFrame(columns, index=base.index)


_REMEMBERED = (
    "work_since",
    "state_since",
    "section_since",
    "held_until",
    "left_on",
    "extended",
)


def _counts(remembered: "pd.Series[Any]") -> Any:
    """Return counts as an array (int64), 0 of rows of which nothing is remembered."""
    return np.nan_to_num(remembered.to_numpy(dtype="float64")).astype("int64")


def _work_since(
    base: pd.DataFrame,
    remembered: Any,
    fresh: Mask,
    policy: Policy,
    now: np.datetime64,
) -> Any:
    """Return the work clock: as remembered, or as it starts; NaT where nothing is worked."""
    was_worked = ~np.isnat(remembered)
    since = np.where(was_worked, remembered, _start(base, now))
    since = np.where(fresh, now, since)
    runs = _is_worked(base, policy)
    if "began_unread" in base:
        # What cannot be read starts no clock, so that the corrected date still counts.
        unread = base["began_unread"].to_numpy(dtype=bool)
        runs = runs & (~unread | was_worked | fresh)
    return np.where(runs, since, NO_DAY)


def _start(base: pd.DataFrame, today: np.datetime64) -> Any:
    """Return the day work began where nothing is remembered: as typed, else today."""
    began = days_of(base["began"])
    # A day that is yet to come would give more time than the label does: it counts as today.
    return np.where(began <= today, began, today)


def _is_worked(base: pd.DataFrame, policy: Policy) -> Mask:
    codes = [*policy.states_where("in_work"), StateCode.DEAL_SUPPORT]
    return is_among(base["state"], codes)


def _begins_anew(
    base: pd.DataFrame, before: pd.DataFrame, policy: Policy, today: date
) -> Flags:
    """Mark the rows whose work begins anew.

    They wait in an archive to be let in, were carried by hand out of it, or are a repeat sale.
    """
    archives = [section.code for section in policy.sections if section.archive]
    # A row that waits there for a place begins when it gets one.
    in_archive = base["section"].isin(archives)
    out_of_archive = before["section"].isin(archives)
    # Who is carried back too soon has no new clock: the old one goes on.
    returned = out_of_archive & ~_returned_too_soon(base, before, policy, today)
    return _in_work(base, policy) & (
        in_archive
        | returned
        | (_repeat_sale(base, before, policy) & ~out_of_archive)
    )


def _in_work(rows: pd.DataFrame, policy: Policy) -> Flags:
    codes = policy.states_where("in_work")
    return pd.Series(is_among(rows["state"], codes), rows.index)


def _repeat_sale(
    base: pd.DataFrame, before: pd.DataFrame, policy: Policy
) -> Flags:
    """Mark the rows of clients that the last run did not see in work."""
    clients = (base["section"] == SectionCode.CLIENTS) | (
        before["section"] == SectionCode.CLIENTS
    )
    was_in_work = _in_work(before, policy) & before["work_since"].notna()
    return clients & ~was_in_work


def _returned_too_soon(
    base: pd.DataFrame, before: pd.DataFrame, policy: Policy, today: date
) -> Flags:
    rows = before[["left_on", "extended"]].assign(
        extended_to=base["extended_to"]
    )
    was_worked = before["work_since"].notna()
    return at_work(base) & was_worked & unconsented(rows, policy, today)


def unconsented(rows: pd.DataFrame, policy: Policy, today: date) -> Flags:
    """Mark the rows that left the working list too lately for a new clock (METHOD point 8).

    It needs the head's consent, which is a day in `extended_to`, not before today, other than the
    one that stood there then (`extended`). `rows` also bears `left_on`.
    """
    now = pd.Timestamp(today)
    days_since = (now - rows["left_on"]).dt.days
    recent = rows["left_on"].notna() & (days_since < policy.time.consent_days)
    consented = (rows["extended_to"] >= now) & (
        rows["extended_to"] != rows["extended"]
    )
    return recent & ~consented


def _carried_out(base: pd.DataFrame, before: pd.DataFrame) -> Flags:
    """Mark the rows that somebody has carried out of the working list since the last run."""
    was_there = before["section"] == SectionCode.WORKING
    return was_there & (base["section"] != SectionCode.WORKING)


def advanced(base: pd.DataFrame, before: pd.DataFrame, policy: Policy) -> Flags:
    """Mark the rows whose state is further on in the funnel than the last run saw it."""
    return _rank_in_funnel(base, policy) > _rank_in_funnel(before, policy)


def _rank_in_funnel(rows: pd.DataFrame, policy: Policy) -> "pd.Series[float]":
    ranks = {code: float(rank) for rank, code in enumerate(policy.state)}
    states = rows["state"].tolist()
    of_rows = np.array(
        [ranks.get(state, np.nan) for state in states], "float64"
    )
    return pd.Series(of_rows, rows.index)


def put_off(
    base: pd.DataFrame, before: pd.DataFrame, was: pd.DataFrame, policy: Policy
) -> Flags:
    """Mark the rows whose next step was put off since the last run.

    A later day stands there, whether or not the old one had come. `was`: the last-seen days
    (`last_run_state.recall`).
    """
    still_here = before["gone_on"].isna()
    in_work = _in_work(base, policy) & _in_work(before, policy) & still_here
    # Negated, as NaT compares as false: a contact where none stood before counts too.
    met = base["last_contact"].notna() & ~(
        base["last_contact"] <= was["last_contact"]
    )
    later = base["next_on"] > was["next_on"]
    # After a contact, or in a further state, the step is another one and was not put off.
    return in_work & later & ~met & ~advanced(base, before, policy)


def _pushes(
    base: pd.DataFrame, before: pd.DataFrame, policy: Policy
) -> "pd.Series[int]":
    """Count how often each row's next step was put off since its state last advanced."""
    counted = put_off(base, before, recall(before), policy) + _counts(
        before["pushes"]
    )
    return counted.where(~advanced(base, before, policy), 0).astype("int64")


def restarted(after: pd.DataFrame, policy: Policy, today: date) -> Dates:
    """Return the work clock of the base as changes leave it."""
    since = days_of(after["work_since"])
    worked = days_of(after["worked"])
    was_worked = ~np.isnat(worked)
    stopped = _is_worked(after, policy) & np.isnat(since)
    if "began_unread" in after:
        unread = after["began_unread"].to_numpy(dtype=bool)
        stopped &= ~unread | was_worked
    # A row that an undo brings back has its old clock again, as that outlives an archive.
    start = _start(after, np.datetime64(today, "s"))
    again = np.where(was_worked, worked, start)
    return pd.Series(np.where(stopped, again, since), after.index)


def _reached(
    base: pd.DataFrame, before: pd.DataFrame, fresh: Mask, policy: Policy
) -> "pd.Series[Any]":
    """Return the furthest clocked state since work began."""
    clocked = policy.states_where("clocked")
    ranks = {code: rank for rank, code in enumerate(clocked, start=1)}
    codes = (None, *clocked)
    furthest = []
    rows = zip(
        base["state"].tolist(),
        before["reached"].tolist(),
        fresh.tolist(),
        strict=True,
    )
    for state, reached, is_fresh in rows:
        # How far a row got before an archive does not count after it.
        then = 0 if is_fresh else ranks.get(reached, 0)
        # A state that is put back takes nothing back of how far the row got.
        furthest.append(codes[max(ranks.get(state, 0), then)])
    return pd.Series(furthest, base.index, dtype=object)


def at_work(base: pd.DataFrame) -> Flags:
    """Mark the rows that stand where companies are worked, or where that is not settled yet."""
    kinds_at_work = (SectionCode.WORKING, SectionCode.CALL_BASE, MIXED)
    return pd.Series(is_among(kinds(base), kinds_at_work), base.index)


def kinds(base: pd.DataFrame) -> "pd.Series[Any]":
    """Return what kind of section each row stands in: `mixed` for every tab of several sections."""
    of_rows = np.empty(len(base), dtype=object)
    of_rows[:] = [*map(kind_of, base["section"].tolist())]
    return pd.Series(of_rows, base.index, dtype=object)
