"""Refusals without a reason: after some days they go to rework all the same (METHOD point 8).

A reason that cannot be read is none that is missing.
"""

import pandas as pd

from sheetsync.method.codes import SectionCode, StateCode
from sheetsync.method.terms import Rule
from sheetsync.rules.deadlines.clocks import is_placed
from sheetsync.rules.draft.changes import Changes, Route, gathered
from sheetsync.rules.draft.night import Night
from sheetsync.rules.draft.plan_draft import PlanDraft
from sheetsync.rules.routing.moves import plan_move
from sheetsync.rules.routing.routes import NOT_GIVEN

WITHOUT_REASON = Rule(
    name="no_reason_given",
    to=SectionCode.REWORK.value,
    state=StateCode.REFUSAL.value,
    reason=NOT_GIVEN,
)
"""The rule of refusals without a reason."""


def refusals_without_reason(draft: PlanDraft) -> Changes:
    """Send to rework the refusals that have lacked their reason for too long."""
    night = draft.night
    days = night.policy.time.refusal_without_reason_days
    if NOT_GIVEN not in night.policy.reason:
        return Changes()
    why = night.language.plural(
        "a refusal without a reason for {n} day",
        "a refusal without a reason for {n} days",
        days,
    )
    route = Route(WITHOUT_REASON, WITHOUT_REASON.to, why)
    free = _lacks_reason(night, days) & ~night.held & ~draft.is_settled
    return gathered(
        plan_move(night, index, row, route)
        for index, row in night.records(free & ~night.unmovable)
    )


def _lacks_reason(night: Night, days: int) -> "pd.Series[bool]":
    base = night.base
    stood = base["state_since"] + pd.Timedelta(days=days) <= night.now
    is_refusal = base["state"] == StateCode.REFUSAL
    lacks = base["refusal_reason"].isna() & stood & base["known"]
    return is_placed(base) & is_refusal & lacks
