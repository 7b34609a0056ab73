"""Rows of the working list that were given out as `new` and that nobody has called.

They have no work clock, so they have a limit of their own (METHOD point 8). Whether they are sent
back to the call base is told in nightly/.
"""

from typing import TYPE_CHECKING

from sheetsync.method.codes import SectionCode, StateCode
from sheetsync.rules.deadlines.due_dates import left_until
from sheetsync.rules.draft.changes import Changes
from sheetsync.rules.draft.night import Night, place_of
from sheetsync.rules.draft.plan_draft import PlanDraft
from sheetsync.schema import Severity

if TYPE_CHECKING:
    import pandas as pd


def uncalled_too_long(night: Night) -> "pd.Series[bool]":
    """Mark the `new` rows of the working list that have waited for longer than they may."""
    base = night.base
    waiting = (base["section"] == SectionCode.WORKING) & (
        base["state"] == StateCode.NEW
    )
    state_since = base["state_since"]
    section_since = base["section_since"]
    # Months as `new` in the call base do not count: a row waits only since it was given out.
    since = state_since.where(state_since > section_since, section_since)
    waited = -left_until(since, night.policy, night.today)
    # Where a clock goes on, the row's time runs out by that.
    waiting &= base["work_since"].isna()
    return (
        waiting
        & base["known"]
        & (waited > night.policy.time.new_in_working_days)
    )


def uncalled_findings(draft: PlanDraft) -> Changes:
    """Report the rows that nobody has called for too long, but for those that move."""
    night = draft.night
    text = draft.night.language.text
    days = night.policy.time.new_in_working_days
    message = text("New for more than {n} days, and nobody has called.", n=days)
    texts = (message, text("Call, or send it back."))
    stays = ~night.marked(draft.moves)
    return Changes(
        problems=tuple(
            night.problem(
                "new_too_long", Severity.WARNING, place_of(row), "state", texts
            )
            for _, row in night.records(uncalled_too_long(night) & stays)
        )
    )
