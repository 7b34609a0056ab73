"""Rows whose day has come where they stand: calls that are due again, repeat sales out of time.

METHOD point 8: on its return date a refused company is due to be called; a repeat sale whose time
is up rests again, and never expires into a refusal.
"""

from collections.abc import Iterator

import pandas as pd

from sheetsync.method.codes import SectionCode, StateCode
from sheetsync.rules.checks.contradictions import contradiction
from sheetsync.rules.draft.changes import Changes, gathered
from sheetsync.rules.draft.night import ClockedRow, Night
from sheetsync.rules.draft.plan_draft import PlanDraft
from sheetsync.rules.routing.moves import plan_edit, problem_of_unsettled


def returns(draft: PlanDraft) -> Changes:
    """Let rows of `rework` be called again, and repeat sales out of time rest again."""
    night = draft.night
    # Whose return date is written tonight waits for that one.
    waits = night.marked(
        night.snapshot.locate(edit.section, edit.row)
        for edit in draft.edits
        if edit.field == "return_on"
    )
    free = ~draft.is_settled & ~night.unmovable & ~waits
    return gathered(
        [*_calls_due(draft.night, free), *_repeat_sales_over(draft.night, free)]
    )


def _calls_due(night: Night, free: "pd.Series[bool]") -> Iterator[Changes]:
    base = night.base
    why = night.language.text("the return date has come")
    # Calendar days, whatever deadlines are counted in: a return date stands in people's diaries.
    days = pd.Timedelta(
        days=night.policy.section[SectionCode.REWORK].return_days or 0
    )
    return_on = base["return_on"].where(
        base["return_on"].notna(), base["section_since"] + days
    )
    refused = (base["section"] == SectionCode.REWORK) & (
        base["state"] == StateCode.REFUSAL
    )
    due = (
        # A date that cannot be read is not empty: the section's own days do not stand in for it.
        free & refused & (return_on <= night.now) & ~night.faults(["return_on"])
    )
    for _, row in night.records(due):
        yield _with_state(night, row, StateCode.CALL_ROUND, why)


def _repeat_sales_over(
    night: Night, free: "pd.Series[bool]"
) -> Iterator[Changes]:
    base = night.base
    why = night.language.text("the time of the repeat sale is up")
    is_late = base["due"].notna() & (base["due"] < night.now)
    over = free & (base["section"] == SectionCode.CLIENTS) & is_late
    has_reason = base["refusal_reason"].notna()
    # Setting the state would settle the contradiction for the person who is to decide.
    for index, row in night.records(over & has_reason):
        yield contradiction(night, index, row)
    for _, row in night.records(
        over & ~has_reason & (base["state"] != StateCode.CLIENT)
    ):
        yield _with_state(night, row, StateCode.CLIENT, why)


def _with_state(night: Night, row: ClockedRow, state: str, why: str) -> Changes:
    """Return the edit of a row's state, or what is in its way."""
    name = night.policy.words.name("states", state)
    unsettled = problem_of_unsettled(
        night, row, row["section"], [("state", name)]
    )
    # A team's own rules may send the row on by its new state: the next run would not be quiet then.
    if unsettled is not None:
        return Changes(problems=(unsettled,))
    return plan_edit(night, row, "state", name, why)
