"""Rows move by their state, as somebody has set it by hand (METHOD point 8, last part).

Which section a state means is routing/'s.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from sheetsync.method.codes import SectionCode
from sheetsync.method.terms import Rule
from sheetsync.rules.checks.time_warnings import awaits_consent
from sheetsync.rules.deadlines.clocks import unconsented
from sheetsync.rules.draft.changes import Changes, gathered
from sheetsync.rules.draft.night import ClockedRow, Night, place_of
from sheetsync.rules.draft.plan_draft import PlanDraft
from sheetsync.rules.nightly.sending import sent
from sheetsync.rules.routing.routes import Marks, state_route
from sheetsync.schema import Problem, Severity
from sheetsync.workbook.frame_rows import Mask

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd


def by_state(draft: PlanDraft) -> Changes:
    """Move rows by their state, but for those that are bound for the working list already."""
    night = draft.night
    # A rule on expiry may have sent a row to the working list, where it still waits for room: that
    # is no move yet, so `is_settled` does not know it.
    comes = night.marked(arrival.row_index for arrival in draft.arrivals)
    free = ~night.unmovable & ~night.held & ~draft.is_settled & ~comes
    return gathered(_moved(night, free & night.base["state"].notna()))


def _moved(night: Night, free: "pd.Series[bool]") -> Iterator[Changes]:
    rules = Marks(night.base).first(night.policy.by_state)
    leaving = free & _leaves(night, rules)
    rule_numbers = rules[leaving].tolist()
    needs_consent = _needs_consent(night)[leaving].tolist()
    for number, (index, row) in enumerate(night.records(leaving)):
        rule = night.policy.by_state[rule_numbers[number]]
        route = state_route(rule, row, night.policy, night.language)
        if route.target == SectionCode.WORKING and needs_consent[number]:
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


def _leaves(night: Night, rules: "npt.NDArray[np.intp]") -> Mask:
    """Mark the rows that a rule sends elsewhere. `rules`: the number of each row's, -1 for none."""
    section = night.base["section"]
    leaves = np.zeros(len(section), dtype=bool)
    for number, rule in enumerate(night.policy.by_state):
        if rule.to != "stay":
            targets = _targets(rule, night)
            elsewhere = (section != targets).to_numpy() & ~_kept(night, targets)
            leaves |= (rules == number) & elsewhere & ~_unproved(rule, night)
    return leaves


def _kept(night: Night, targets: "str | pd.Series[Any]") -> Mask:
    """Mark the rows of a base that is kept whole which would leave for another tab than an archive.

    `targets`: where a rule sends them.
    """
    here = night.base["section"] == SectionCode.WORKING
    is_archive = not isinstance(targets, str) or targets not in NOT_ARCHIVES
    if night.policy.split_one_tab or is_archive:
        return np.zeros(len(here), dtype=bool)
    marks: Mask = here.to_numpy()
    return marks


def _unproved(rule: Rule, night: Night) -> Mask:
    """Mark the rows that a rule would make clients, and that nothing proves to be sold."""
    to_clients = rule.to == SectionCode.CLIENTS
    unproved: Mask = (night.base["proof"].isna() & to_clients).to_numpy()
    return unproved


NOT_ARCHIVES = (SectionCode.CALL_BASE, SectionCode.CLIENTS)
"""Where rows go that are not put away; those of a base that is kept whole stay in it."""


def _targets(rule: Rule, night: Night) -> "str | pd.Series[Any]":
    """Return where a rule sends rows, or a word that is no section's."""
    if rule.to != "reason":
        return rule.to
    reasons = night.policy.reason
    sections = {code: reason.section for code, reason in reasons.items()}
    return night.base["refusal_reason"].map(sections)
