"""Since when: the work clock, the state's and the section's, and the deadline they give (METHOD point 8).

A clock starts once and is remembered in the state tab; a date rewritten later changes no clock.
"""

from datetime import date
from typing import Any

import pandas as pd

from sheetsync.policy import Policy
from sheetsync.state import COUNTS
from sheetsync.terms import MIXED, kind_of

Dates = "pd.Series[Any]"


def aligned(base: pd.DataFrame, state: pd.DataFrame) -> pd.DataFrame:
    """Return what the state tab remembers of each row of `base` (column `id`), on the index of `base`."""
    remembered = state.reindex(base["id"])
    remembered.index = base.index
    return remembered


def _fresh_start(base: pd.DataFrame, before: pd.DataFrame, policy: Policy) -> "pd.Series[bool]":
    """Rows whose work begins anew: waiting in an archive to be let in, carried by hand out of it, or a repeat sale."""
    in_work = base["state"].isin(policy.states_where("in_work"))
    archives = [section.code for section in policy.sections if section.archive]
    was_in_work = before["state"].isin(policy.states_where("in_work")) & before["work_since"].notna()
    resting = (base["section"] == "clients") | before["section"].isin([*archives, "clients"])
    return in_work & (base["section"].isin(archives) | (resting & ~was_in_work))


def _seed(base: pd.DataFrame, today: pd.Timestamp) -> "pd.Series[Any]":
    """Return the day work began where nothing is remembered: as typed, but not later than today; today where nothing is."""
    began = base["began"]
    return began.where(began.notna() & (began <= today), today)


def clocks(base: pd.DataFrame, state: pd.DataFrame, policy: Policy, today: date) -> pd.DataFrame:
    """Return per row since when and until when, what it reached, and what is counted of it. `base` must bear ids."""
    now = pd.Timestamp(today).as_unit("s")
    before = aligned(base, state)
    known = base["id"].isin(state.index)
    fresh = _fresh_start(base, before, policy)
    working = base["state"].isin([*policy.states_where("in_work"), "deal_support"])
    work = before["work_since"].where(before["work_since"].notna(), _seed(base, now))
    work = work.where(~fresh, now).where(working)
    if "began_unread" in base:  # what cannot be read starts no clock, so that the corrected date still counts
        work = work.where(~base["began_unread"] | before["work_since"].notna() | fresh)
    same_state = known & (before["state"] == base["state"])
    same_section = known & (before["section"] == base["section"])
    return pd.DataFrame(
        {
            "known": known,
            "fresh": fresh,
            "remembered": before["work_since"].notna() & ~fresh,
            "work_since": work.astype("datetime64[s]"),
            "state_since": before["state_since"].where(same_state, now).astype("datetime64[s]"),
            "section_since": before["section_since"].where(same_section, now).astype("datetime64[s]"),
            "held_until": before["held_until"],
            "reached": _reached(base, before, fresh, policy),
            "left_on": _left(base, before, now),
            **{name: before[name].where(~fresh).fillna(0).astype("int64") for name in COUNTS},
        },
        index=base.index,
    )


def _left(base: pd.DataFrame, before: pd.DataFrame, now: pd.Timestamp) -> "pd.Series[Any]":
    """Return when each row last left the working list: today where somebody has carried it out of there."""
    carried = (before["section"] == "working") & (base["section"] != "working")
    return before["left_on"].where(~carried, now).astype("datetime64[s]")


def restarted(after: pd.DataFrame, policy: Policy, today: date) -> "pd.Series[Any]":
    """Return the work clock of the base as changes leave it: a row that comes back into work has one again, as if seen anew."""
    working = after["state"].isin([*policy.states_where("in_work"), "deal_support"]) & after["work_since"].isna()
    if "began_unread" in after:
        working &= ~after["began_unread"]
    return after["work_since"].where(~working, _seed(after, pd.Timestamp(today).as_unit("s"))).astype("datetime64[s]")


def _reached(base: pd.DataFrame, before: pd.DataFrame, fresh: "pd.Series[bool]", policy: Policy) -> "pd.Series[Any]":
    """Return the furthest clocked state since work began."""
    order = {code: rank for rank, code in enumerate(policy.states_where("clocked"), start=1)}
    back = {rank: code for code, rank in order.items()}
    then = before["reached"].map(order).fillna(0).where(~fresh, 0)
    rank = base["state"].map(order).fillna(0).combine(then, max)
    return rank.map(back).astype(object).where(rank > 0, None)


def deadlines(base: pd.DataFrame, clock: pd.DataFrame, policy: Policy) -> "pd.Series[Any]":
    """Return each row's deadline (datetime64[s], NaT where no clock runs): the last day that is still in time."""
    days = base["label"].map({label.code: label.deadline_days for label in policy.labels})
    days = days.astype("float64").fillna(policy.time.unlabelled_days)
    days = days.where(base["section"] != "clients", policy.time.repeat_sale_days)
    runs = base["state"].isin(policy.states_where("clocked")) & (at_work(base) | (base["section"] == "clients"))
    due = (clock["work_since"] + pd.to_timedelta(days, unit="D")).where(runs)
    for later in (base["extended_to"], clock["held_until"]):
        due = due.where(~(runs & later.notna() & (later > due)), later)
    return due.astype("datetime64[s]")


def at_work(base: pd.DataFrame) -> "pd.Series[bool]":
    """Mark the rows that stand where companies are worked, or where that is not settled yet."""
    return base["section"].isin(["working", "call_base"]) | kinds(base).eq(MIXED)


def kinds(base: pd.DataFrame) -> "pd.Series[Any]":
    """Return what kind of section each row stands in: `mixed` for every tab of several sections."""
    return base["section"].map({section: kind_of(section) for section in base["section"].unique()})


def days_until(when: "pd.Series[Any]", today: date) -> "pd.Series[Any]":
    """Return whole days from today to each date: 0 is today, negative is past, NaN where there is no date."""
    return (when - pd.Timestamp(today)).dt.days.astype("float64")
