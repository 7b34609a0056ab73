"""Since when: the work clock, the state's and the section's (METHOD point 8).

Until when is due_dates.py's.
"""

# A clock starts once and is remembered in the state tab; a date rewritten later changes no clock.

from datetime import date
from typing import Any, TypeAlias

import pandas as pd

from sheetsync.method.codes import SectionCode, StateCode
from sheetsync.method.policy import Policy
from sheetsync.method.terms import MIXED, kind_of
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
    now = pd.Timestamp(today).as_unit("s")
    before = aligned(base, state)
    known = base["id"].isin(state.index)
    fresh = _begins_anew(base, before, policy, today)
    carried_out = _carried_out(base, before)
    same_state = known & (before["state"] == base["state"])
    same_section = known & (before["section"] == base["section"])
    was_worked = before["work_since"].notna()
    columns = {
        "known": known,
        "fresh": fresh,
        "remembered": was_worked & ~fresh,
        "work_since": _work_since(base, before, fresh, policy, now),
        "state_since": before["state_since"].where(same_state, now),
        "section_since": before["section_since"].where(same_section, now),
        "held_until": before["held_until"],
        # An older version kept no state of a hold: then it is the one that the last run saw.
        "held_state": before["held_state"].where(
            before["held_state"].notna(), before["state"]
        ),
        "reached": _reached(base, before, fresh, policy),
        "worked": before["work_since"],
        "left_on": before["left_on"].where(~carried_out, now),
        # The day that stands there when a row is carried out is no consent to its return.
        "extended": before["extended"].where(~carried_out, base["extended_to"]),
        "extensions": before["extensions"]
        .where(~fresh)
        .fillna(0)
        .astype("int64"),
        "pushes": _pushes(base, before, policy).where(~fresh, 0),
    }
    for name in (
        "work_since",
        "state_since",
        "section_since",
        "left_on",
        "extended",
    ):
        columns[name] = columns[name].astype("datetime64[s]")
    return pd.DataFrame(columns, index=base.index)


def _work_since(
    base: pd.DataFrame,
    before: pd.DataFrame,
    fresh: Flags,
    policy: Policy,
    now: pd.Timestamp,
) -> Dates:
    """Return the work clock: as remembered, or as it starts; NaT where nothing is worked."""
    was_worked = before["work_since"].notna()
    since = before["work_since"].where(was_worked, _start(base, now))
    since = since.where(~fresh, now).where(_is_worked(base, policy))
    if "began_unread" in base:
        # What cannot be read starts no clock, so that the corrected date still counts.
        since = since.where(~base["began_unread"] | was_worked | fresh)
    return since


def _start(base: pd.DataFrame, today: pd.Timestamp) -> Dates:
    """Return the day work began where nothing is remembered: as typed, else today."""
    began = base["began"]
    # A day that is yet to come would give more time than the label does: it counts as today.
    return began.where(began.notna() & (began <= today), today)


def _is_worked(base: pd.DataFrame, policy: Policy) -> Flags:
    return base["state"].isin(
        [*policy.states_where("in_work"), StateCode.DEAL_SUPPORT]
    )


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
    return rows["state"].isin(policy.states_where("in_work"))


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
    ranks = {code: rank for rank, code in enumerate(policy.state)}
    return rows["state"].map(ranks).astype("float64")


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
    counted_before = before["pushes"].fillna(0).astype("int64")
    counted = counted_before + put_off(base, before, recall(before), policy)
    return counted.where(~advanced(base, before, policy), 0).astype("int64")


def restarted(after: pd.DataFrame, policy: Policy, today: date) -> Dates:
    """Return the work clock of the base as changes leave it."""
    stopped = _is_worked(after, policy) & after["work_since"].isna()
    was_worked = after["worked"].notna()
    if "began_unread" in after:
        stopped &= ~after["began_unread"] | was_worked
    # A row that an undo brings back has its old clock again, as that outlives an archive.
    again = after["worked"].where(
        was_worked, _start(after, pd.Timestamp(today).as_unit("s"))
    )
    return after["work_since"].where(~stopped, again).astype("datetime64[s]")


def _reached(
    base: pd.DataFrame, before: pd.DataFrame, fresh: Flags, policy: Policy
) -> "pd.Series[Any]":
    """Return the furthest clocked state since work began."""
    clocked = policy.states_where("clocked")
    ranks = {code: rank for rank, code in enumerate(clocked, start=1)}
    # How far a row got before an archive does not count after it.
    then = before["reached"].map(ranks).fillna(0).where(~fresh, 0)
    # A state that is put back takes nothing back of how far the row got.
    furthest = base["state"].map(ranks).fillna(0).combine(then, max)
    codes = dict(enumerate(clocked, start=1))
    return furthest.map(codes).astype(object).where(furthest > 0, None)


def at_work(base: pd.DataFrame) -> Flags:
    """Mark the rows that stand where companies are worked, or where that is not settled yet."""
    places = [SectionCode.WORKING, SectionCode.CALL_BASE]
    return base["section"].isin(places) | kinds(base).eq(MIXED)


def kinds(base: pd.DataFrame) -> "pd.Series[Any]":
    """Return what kind of section each row stands in: `mixed` for every tab of several sections."""
    sections = base["section"].tolist()
    kind_by_section = {section: kind_of(section) for section in set(sections)}
    kinds_of_rows = [kind_by_section[section] for section in sections]
    return pd.Series(kinds_of_rows, index=base.index, dtype=object)
