"""Since when: the work clock, the state's and the section's (METHOD point 8).

A clock starts once and is remembered in the state tab; a date rewritten later changes no clock. Until when is deadlines.py's.
"""

from datetime import date
from typing import Any

import pandas as pd

from sheetsync.method.policy import Policy
from sheetsync.method.terms import MIXED, kind_of
from sheetsync.workbook.last_run_state import recall

Dates = "pd.Series[Any]"


def aligned(base: pd.DataFrame, state: pd.DataFrame) -> pd.DataFrame:
    """Return what the state tab remembers of each row of `base` (column `id`), on the index of `base`."""
    remembered = state.reindex(base["id"])
    remembered.index = base.index
    return remembered


def _fresh_start(
    base: pd.DataFrame, before: pd.DataFrame, policy: Policy, today: date
) -> "pd.Series[bool]":
    """Rows whose work begins anew: waiting in an archive to be let in, carried by hand out of it, or a repeat sale.

    Who is carried back too soon has no new clock: the old one goes on.
    """
    in_work = base["state"].isin(policy.states_where("in_work"))
    archives = [section.code for section in policy.sections if section.archive]
    was_in_work = (
        before["state"].isin(policy.states_where("in_work")) & before["work_since"].notna()
    )
    resting = (base["section"] == "clients") | (before["section"] == "clients")
    out = before["section"].isin(archives)
    seen = base[["extended_to"]].assign(left_on=before["left_on"], extended=before["extended"])
    barred = at_work(base) & before["work_since"].notna() & unconsented(seen, policy, today)
    return in_work & (
        base["section"].isin(archives) | (out & ~barred) | (resting & ~out & ~was_in_work)
    )


def unconsented(rows: pd.DataFrame, policy: Policy, today: date) -> "pd.Series[bool]":
    """Mark the rows that have left the working list so lately that a new clock needs the head's consent (METHOD point 8).

    The head consents by a day in `extended_to`, not before today, other than the one that stood there then (`extended`).
    """
    now = pd.Timestamp(today)
    recent = rows["left_on"].notna() & ((now - rows["left_on"]).dt.days < policy.time.consent_days)
    given = (rows["extended_to"] >= now) & (rows["extended_to"] != rows["extended"])
    return recent & ~given


def _seed(base: pd.DataFrame, today: pd.Timestamp) -> "pd.Series[Any]":
    """Return the day work began where nothing is remembered: as typed, but not later than today; today where nothing is."""
    began = base["began"]
    return began.where(began.notna() & (began <= today), today)


def clocks(base: pd.DataFrame, state: pd.DataFrame, policy: Policy, today: date) -> pd.DataFrame:
    """Return per row since when and until when, what it reached, and what is counted of it. `base` must bear ids."""
    now = pd.Timestamp(today).as_unit("s")
    before = aligned(base, state)
    known = base["id"].isin(state.index)
    fresh = _fresh_start(base, before, policy, today)
    working = base["state"].isin([*policy.states_where("in_work"), "deal_support"])
    work = before["work_since"].where(before["work_since"].notna(), _seed(base, now))
    work = work.where(~fresh, now).where(working)
    if (
        "began_unread" in base
    ):  # what cannot be read starts no clock, so that the corrected date still counts
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
            "section_since": before["section_since"]
            .where(same_section, now)
            .astype("datetime64[s]"),
            "held_until": before["held_until"],
            # An older version kept no state of a hold: then it is the one that the last run saw.
            "held_state": before["held_state"].where(before["held_state"].notna(), before["state"]),
            "reached": _reached(base, before, fresh, policy),
            "worked": before["work_since"],
            "left_on": before["left_on"]
            .where(~_carried(base, before), now)
            .astype("datetime64[s]"),
            "extended": before["extended"]
            .where(~_carried(base, before), base["extended_to"])
            .astype("datetime64[s]"),
            "extensions": before["extensions"].where(~fresh).fillna(0).astype("int64"),
            "pushes": _pushes(base, before, policy).where(~fresh, 0),
        },
        index=base.index,
    )


def _carried(base: pd.DataFrame, before: pd.DataFrame) -> "pd.Series[bool]":
    """Mark the rows that somebody has carried out of the working list since the last run."""
    return (before["section"] == "working") & (base["section"] != "working")


def advanced(base: pd.DataFrame, before: pd.DataFrame, policy: Policy) -> "pd.Series[bool]":
    """Rows whose state is further on in the funnel than the last run saw it."""
    order = {code: rank for rank, code in enumerate(policy.state)}
    return base["state"].map(order).astype("float64") > before["state"].map(order).astype("float64")


def put_off(
    base: pd.DataFrame, before: pd.DataFrame, was: pd.DataFrame, policy: Policy
) -> "pd.Series[bool]":
    """Rows whose next step was put off since the last run: a later day stands there, whether or not the old one had come.

    Where a contact was made meanwhile, or the state advanced, the step is another one. `was`: the last-seen days (`state.recall`).
    """
    in_work = policy.states_where("in_work")
    met = base["last_contact"].notna() & ~(base["last_contact"] <= was["last_contact"])
    working = base["state"].isin(in_work) & before["state"].isin(in_work) & before["gone_on"].isna()
    return working & (base["next_on"] > was["next_on"]) & ~met & ~advanced(base, before, policy)


def _pushes(base: pd.DataFrame, before: pd.DataFrame, policy: Policy) -> "pd.Series[Any]":
    """Count how often each row's next step was put off since its state last advanced."""
    counted = before["pushes"].fillna(0).astype("int64") + put_off(
        base, before, recall(before), policy
    )
    return counted.where(~advanced(base, before, policy), 0).astype("int64")


def restarted(after: pd.DataFrame, policy: Policy, today: date) -> "pd.Series[Any]":
    """Return the work clock of the base as changes leave it: a row that an undo brings back has its old one again."""
    working = (
        after["state"].isin([*policy.states_where("in_work"), "deal_support"])
        & after["work_since"].isna()
    )
    if "began_unread" in after:
        working &= ~after["began_unread"] | after["worked"].notna()
    again = after["worked"].where(
        after["worked"].notna(), _seed(after, pd.Timestamp(today).as_unit("s"))
    )
    return after["work_since"].where(~working, again).astype("datetime64[s]")


def _reached(
    base: pd.DataFrame, before: pd.DataFrame, fresh: "pd.Series[bool]", policy: Policy
) -> "pd.Series[Any]":
    """Return the furthest clocked state since work began."""
    order = {code: rank for rank, code in enumerate(policy.states_where("clocked"), start=1)}
    back = {rank: code for code, rank in order.items()}
    then = before["reached"].map(order).fillna(0).where(~fresh, 0)
    rank = base["state"].map(order).fillna(0).combine(then, max)
    return rank.map(back).astype(object).where(rank > 0, None)


def at_work(base: pd.DataFrame) -> "pd.Series[bool]":
    """Mark the rows that stand where companies are worked, or where that is not settled yet."""
    return base["section"].isin(["working", "call_base"]) | kinds(base).eq(MIXED)


def kinds(base: pd.DataFrame) -> "pd.Series[Any]":
    """Return what kind of section each row stands in: `mixed` for every tab of several sections."""
    sections = base["section"].tolist()
    known = {section: kind_of(section) for section in {*sections}}
    return pd.Series([known[section] for section in sections], index=base.index, dtype=object)
