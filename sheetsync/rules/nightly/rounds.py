"""A new round with a company: what the round before left in the row is cleared, and journalled.

METHOD "The row": reason of refusal and return date of an earlier round contradict nothing later. A
row that is carried into an archive takes a new return date where an old one stands.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from sheetsync.method.codes import SectionCode
from sheetsync.rules.deadlines.clocks import aligned
from sheetsync.rules.draft.changes import Changes, gathered
from sheetsync.rules.draft.night import Night
from sheetsync.rules.draft.plan_draft import PlanDraft
from sheetsync.rules.routing.moves import plan_edit
from sheetsync.rules.routing.routes import OF_A_ROUND
from sheetsync.values import to_serial

if TYPE_CHECKING:
    import pandas as pd


def new_rounds(draft: PlanDraft) -> Changes:
    """Clear what is of the round before in rows that people have carried from tab to tab."""
    night = draft.night
    before = aligned(night.base, night.snapshot.state)["section"]
    free = ~night.unmovable & ~draft.is_settled & before.notna()
    return gathered(
        [*_back_at_work(night, before, free), *_put_away(night, before, free)]
    )


def _back_at_work(
    night: Night, before: "pd.Series[str]", free: "pd.Series[bool]"
) -> Iterator[Changes]:
    base = night.base
    archives = [
        section.code for section in night.policy.sections if section.archive
    ]
    in_list = base["section"] == SectionCode.WORKING
    in_work = base["state"].isin(night.policy.states_where("in_work"))
    back = free & before.isin(archives) & in_list & in_work
    why = night.language.text("of the round before")
    for field in OF_A_ROUND:
        for _, row in night.records(back & base[field].notna()):
            yield plan_edit(night, row, field, None, why)


def _put_away(
    night: Night, before: "pd.Series[str]", free: "pd.Series[bool]"
) -> Iterator[Changes]:
    base = night.base
    why = night.language.text("a new wait in the archive")
    for section in night.policy.sections:
        if section.return_days is None:
            continue
        here = base["section"] == section.code
        came = free & here & (before != section.code)
        # A day that is yet to come was typed for this wait.
        stale = base["return_on"] <= night.now
        day = night.today + timedelta(days=section.return_days)
        for _, row in night.records(came & stale):
            yield plan_edit(night, row, "return_on", to_serial(day), why)
