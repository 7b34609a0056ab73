"""Rows whose time is up move, or are told of where they cannot be moved (METHOD point 8)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sheetsync.rules.deadlines.clocks import at_work
from sheetsync.rules.deadlines.due_dates import times
from sheetsync.rules.deadlines.working_days import counting
from sheetsync.rules.draft.changes import Changes, gathered
from sheetsync.rules.draft.night import ClockedRow, Night, place_of
from sheetsync.rules.draft.plan_draft import PlanDraft
from sheetsync.rules.nightly.sending import sent
from sheetsync.rules.routing.routes import Expiry, expiry_route
from sheetsync.schema import Problem, Severity

if TYPE_CHECKING:
    import pandas as pd


def expiries(draft: PlanDraft) -> Changes:
    """Move the rows whose time is up; say so of those that nothing may move."""
    night = draft.night
    # A decision comes before the rules of the night: what the head has extended does not expire.
    expired = _is_expired(night) & ~draft.is_settled
    parts = [*_moved(night, expired & ~night.unmovable)]
    held = tuple(
        _held_by_fault(night, row)
        for _, row in night.records(expired & night.unmovable)
    )
    return gathered([*parts, Changes(problems=held)])


def _is_expired(night: Night) -> "pd.Series[bool]":
    base = night.base
    # A deadline is the last day in time: the row moves at the first run after it. A hold needs no
    # mask here, as it lies in `due`.
    return at_work(base) & base["due"].notna() & (base["due"] < night.now)


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
        route = expiry_route(row, expiry, night.policy, night.language)
        if route is not None:
            yield sent(night, index, row, route)


def _held_by_fault(night: Night, row: ClockedRow) -> Problem:
    message = night.language.text(
        "The time was up on {date}, but the row is not moved until this is put right.",
        date=night.language.day(row["due"].date()),
    )
    place = place_of(row)
    texts = (message, "")
    return night.problem(
        "held_by_fault", Severity.ERROR, place, "deadline", texts
    )
