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
from sheetsync.rules.deadlines.inherited_clocks import with_inherited
from sheetsync.rules.deadlines.label_time import labels_borne, labels_then
from sheetsync.rules.deadlines.last_readable import last_read, unread_since
from sheetsync.rules.deadlines.sale_proofs import (
    PAYING,
    proofs,
    unproved_clients,
)
from sheetsync.rules.deadlines.working_days import counting
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
STILL = (StateCode.DEAL, StateCode.DEAL_SUPPORT)
"""The states in which the clock stands still; it goes on if a row leaves them unpaid."""
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

    `base` must bear ids, and what `base_marks.with_marks` adds. Dates are datetime64[s], counts
    int64.
    """
    now = np.datetime64(today, "s")
    seen = aligned(base, state)
    known = base["id"].isin(state.index).to_numpy()
    before = with_inherited(seen, base, state)
    read = last_read(base, before)
    proof = proofs(base, before, known, today)
    standing = base.assign(**read, proof=proof)
    days = {name: days_of(before[name]) for name in _REMEMBERED}
    was_worked = ~np.isnat(days["work_since"])
    fresh = _begins_anew(standing, before, policy, today).to_numpy()
    over = fresh | _is_over(standing, before, policy, today).to_numpy()
    goes_on = was_worked & ~over
    carried_out = _carried_out(standing, before).to_numpy()
    same_state = known & is_same(_last_state(seen), read["last_state"])
    same_section = known & is_same(seen["section"], base["section"])
    # What is over is remembered no more, so that no later day brings it back.
    worked = np.where(over & ~fresh, NO_DAY, days["work_since"])
    columns = {
        "known": known,
        "fresh": fresh,
        "remembered": goes_on,
        "work_since": _work_since(standing, worked, fresh, policy, now),
        "state_since": np.where(same_state, days["state_since"], now),
        "section_since": np.where(same_section, days["section_since"], now),
        "held_until": days["held_until"],
        # An older version kept no state of a hold: then it is the one that the last run saw.
        "held_state": before["held_state"].where(
            before["held_state"].notna(), before["state"]
        ),
        "reached": _reached(standing, before, over, policy),
        "worked": worked,
        "left_on": np.where(carried_out, now, days["left_on"]),
        # The day that stands there when a row is carried out is no consent to its return.
        "extended": np.where(
            carried_out, days_of(base["extended_to"]), days["extended"]
        ),
        "extensions": np.where(over, 0, _counts(before["extensions"])),
        "pushes": np.where(over, 0, _pushes(base, before, policy)),
        **read,
        # A clock that begins tonight hangs on no start date either.
        "unread_since": unread_since(base, before, goes_on | fresh, now),
        "label_then": labels_then(standing, before, goes_on),
        "label_borne": labels_borne(base, before, goes_on, policy),
        "stood_still": np.where(
            over, 0, _stood_still(standing, before, policy, now)
        ),
        "proof": proof,
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


def _last_state(before: pd.DataFrame) -> "pd.Series[Any]":
    """Return the state that could last be read; an older version remembered it as it was seen."""
    last = before["last_state"]
    return last.where(last.notna(), before["state"])


def _stood_still(
    standing: pd.DataFrame,
    before: pd.DataFrame,
    policy: Policy,
    now: np.datetime64,
) -> Any:
    """Return the counted days in which each row's clock stood still, as it was a deal."""
    was_deal = is_among(_last_state(before), STILL)
    same = is_same(_last_state(before), standing["last_state"])
    today = pd.Series(now, standing.index)
    spent = counting(policy).between(before["state_since"], today)
    more = np.where(was_deal & ~same, np.nan_to_num(spent.to_numpy()), 0)
    return _counts(before["stood_still"]) + more.astype("int64")


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
    # Whatever is typed, a clock that has begun goes on as long as the row stands there.
    runs = is_worked(base, policy) | (was_worked & is_placed(base))
    # What cannot be read starts no clock, so that the corrected date still counts.
    unread = base["began_unread"].to_numpy(dtype=bool)
    runs = runs & (~unread | was_worked | fresh)
    return np.where(runs, since, NO_DAY)


def _start(base: pd.DataFrame, today: np.datetime64) -> Any:
    """Return the day work began where nothing is remembered: as typed, else today."""
    began = days_of(base["began"])
    # A day that is yet to come would give more time than the label does: it counts as today.
    return np.where(began <= today, began, today)


def is_worked(rows: pd.DataFrame, policy: Policy) -> Mask:
    """Mark the rows whose state, as it could last be read, is one of work."""
    codes = [*policy.states_where("in_work"), StateCode.DEAL_SUPPORT]
    return is_among(rows["last_state"], codes)


def is_placed(rows: pd.DataFrame) -> Mask:
    """Mark the rows that stand where a clock goes on, whatever their state says.

    That is where companies are worked, and among clients as long as nothing proves a sale.
    """
    placed: Mask = (at_work(rows) | unproved_clients(rows)).to_numpy()
    return placed


def _begins_anew(
    base: pd.DataFrame, before: pd.DataFrame, policy: Policy, today: date
) -> Flags:
    """Mark the rows whose work begins anew.

    They wait in an archive to be let in, were carried by hand out of it, are a repeat sale, or
    have paid.
    """
    archives = [section.code for section in policy.sections if section.archive]
    # A row that waits there for a place begins when it gets one.
    in_archive = base["section"].isin(archives) & _in_work(base, policy)
    ended = _is_over(base, before, policy, today) & is_worked(base, policy)
    return (
        in_archive
        | (ended & ~is_among(base["last_state"], STILL))
        | _repeat_sale(base, before, policy)
    )


def _is_over(
    base: pd.DataFrame, before: pd.DataFrame, policy: Policy, today: date
) -> Flags:
    """Mark the rows at work whose earlier clock is over: by an archive, or by a payment."""
    out_of_archive = before["section"].isin(_away(policy)) & at_work(base)
    # Who is carried back too soon has no new clock: the old one goes on.
    returned = out_of_archive & ~_returned_too_soon(base, before, policy, today)
    was_sold = is_among(_last_state(before), PAYING)
    leaves = was_sold & ~is_among(base["state"], PAYING)
    since = before["work_since"]
    # A payment of before the clock began has ended the one before it, and not this one.
    paid = (base["paid"] >= since) & (base["paid"] <= pd.Timestamp(today))
    gone_days = (pd.Timestamp(today) - before["gone_on"]).dt.days
    # A row that is missed for so long was worked by nobody, as if it lay in an archive.
    was_away = gone_days > max(policy.time.consent_days, 1)
    return returned | (at_work(base) & ((leaves & paid) | was_away))


def _away(policy: Policy) -> list[str]:
    """Return the sections in which nobody works a company: the archives, and hard refusals."""
    archives = [section.code for section in policy.sections if section.archive]
    return [*archives, SectionCode.HARD_REFUSAL]


def _in_work(rows: pd.DataFrame, policy: Policy) -> Flags:
    codes = policy.states_where("in_work")
    return pd.Series(is_among(rows["state"], codes), rows.index)


def _repeat_sale(
    base: pd.DataFrame, before: pd.DataFrame, policy: Policy
) -> Flags:
    """Mark the rows of clients, proved to be such, that the last run did not see in work."""
    in_clients = base["section"] == SectionCode.CLIENTS
    was_client = before["section"] == SectionCode.CLIENTS
    was_sold = before["proof"].notna()
    sold = (in_clients & base["proof"].notna()) | (was_client & was_sold)
    was_in_work = _in_work(before, policy) & before["work_since"].notna()
    # A round that ended without a sale has a clock that goes on elsewhere.
    begins = ~was_in_work | (in_clients & ~was_client)
    was_away = before["section"].isin(_away(policy))
    return _in_work(base, policy) & sold & begins & ~was_away


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
    """Mark the rows that somebody has carried out of where they were worked since the last run."""
    was_there = before["section"] == SectionCode.WORKING
    left_list = was_there & (base["section"] != SectionCode.WORKING)
    return left_list | left_work(before, base)


def left_work(before: pd.DataFrame, after: pd.DataFrame) -> Flags:
    """Mark the rows that have left the places where a clock goes on, and had one.

    `before` and `after` bear `section` and `proof`, `before` also `work_since`.
    """
    was_placed = is_placed(before) & before["work_since"].notna().to_numpy()
    is_elsewhere = ~is_placed(after) & after["proof"].isna().to_numpy()
    return pd.Series(was_placed & is_elsewhere, after.index)


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
    runs = is_worked(after, policy) | (was_worked & is_placed(after))
    unread = after["began_unread"].to_numpy(dtype=bool)
    stopped = runs & np.isnat(since) & (~unread | was_worked)
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
        base["last_state"].tolist(),
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
    # Of a row that is new, no section is remembered.
    of_rows[:] = [
        kind_of(section) if isinstance(section, str) else None
        for section in base["section"].tolist()
    ]
    return pd.Series(of_rows, base.index, dtype=object)
