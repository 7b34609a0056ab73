"""Rows move by their state, as somebody has set it by hand (METHOD point 8, last part).

Which section a state means is routing/'s.
"""

from collections.abc import Iterator

import pandas as pd

from sheetsync.method.codes import SectionCode
from sheetsync.rules.checks.time_warnings import awaits_consent
from sheetsync.rules.deadlines.clocks import unconsented
from sheetsync.rules.draft.changes import Changes, gathered
from sheetsync.rules.draft.night import ClockedRow, Night, place_of
from sheetsync.rules.draft.plan_draft import PlanDraft
from sheetsync.rules.nightly.sending import sent
from sheetsync.rules.routing.routes import marked_by, state_route
from sheetsync.schema import Problem, Severity


def by_state(draft: PlanDraft) -> Changes:
    """Move rows by their state, but for those that are bound for the working list already."""
    night = draft.night
    # A rule on expiry may have sent a row to the working list, where it still waits for room: that
    # is no move yet, so `is_settled` does not know it.
    comes = night.marked(arrival.row_index for arrival in draft.arrivals)
    free = ~night.unmovable & ~night.held & ~draft.is_settled & ~comes
    return gathered(
        _moved(night, free & night.base["state"].notna() & _may_leave(night))
    )


def _moved(night: Night, free: "pd.Series[bool]") -> Iterator[Changes]:
    needs_consent = _needs_consent(night)
    for index, row in night.records(free):
        route = state_route(row, night.policy, night.language)
        if route is None:
            continue
        if route.target == SectionCode.WORKING and needs_consent.at[index]:
            yield Changes(problems=(_awaiting_consent(night, row),))
        else:
            yield sent(night, index, row, route)


def _needs_consent(night: Night) -> "pd.Series[bool]":
    """Mark the rows of archives that come back to the working list only with the head's consent."""
    archives = [
        section.code for section in night.policy.sections if section.archive
    ]
    # Outside the archives a clock goes on, so only a return from one would gain time.
    in_archive = night.base["section"].isin(archives)
    return in_archive & unconsented(night.base, night.policy, night.today)


def _awaiting_consent(night: Night, row: ClockedRow) -> Problem:
    texts = awaits_consent(row, night.policy, night.language)
    return night.problem(
        "needs_consent", Severity.WARNING, place_of(row), "extended_to", texts
    )


def _may_leave(night: Night) -> "pd.Series[bool]":
    """Mark the rows that some rule by state speaks of."""
    base = night.base
    # A shortcut past the many rows that stay; whether an earlier rule keeps one is asked later.
    named = pd.Series(data=False, index=base.index)
    for rule in night.policy.by_state:
        if rule.to != "stay":
            named |= marked_by(rule.when, base) & (base["section"] != rule.to)
    return named
