"""Whether a row would rest where a change puts it: rules that a person has set may send it on at once, and round in a circle.

A change after which the next run would move the row again, or call it contradictory, is not made: the row stays, and is told of.
"""

from collections.abc import Iterable

import pandas as pd

from sheetsync.method.terms import MIXED, kind_of
from sheetsync.rules.deadlines.due_dates import times
from sheetsync.rules.draft.plan_draft import PlanDraft
from sheetsync.rules.draft.projection import after_cell
from sheetsync.rules.routing.routes import first, target
from sheetsync.values import Cell
from sheetsync.workbook.snapshot import Record


def onward(
    draft: PlanDraft, row: Record, section: str, sets: Iterable[tuple[str, Cell]]
) -> str | None:
    """Return the section to which the rules would send a row on that stands in `section` with these cells set.

    "" where a person would have to decide; None where it rests.
    """
    policy = draft.policy
    then = {
        **row,
        "section": section,
        **{name: after_cell(name, cell, policy) for name, cell in sets},
    }
    rule = first(policy.by_state, then)
    sent = section if rule is None else target(rule, then, policy)
    if sent is None:
        return ""
    if sent != section and not _kept_out(then, sent):
        return sent
    return _late(draft, then, row["section"])


def _kept_out(then: Record, section: str) -> bool:
    """Tell whether a row waits outside the working list for a manager: nobody moves it until it has one."""
    return section == "working" and pd.isna(then["manager"])


def _late(draft: PlanDraft, then: Record, came: str) -> str | None:
    """Return where a row goes that would arrive at work with its time already up; one that comes from there is known not to be."""
    policy, at_work = draft.policy, ("working", "call_base")
    if then["section"] not in at_work or kind_of(came) in (*at_work, MIXED):
        return None
    if then["fresh"] or pd.isna(then["work_since"]):
        return None
    frame = pd.DataFrame([then])
    due = times(frame, policy)["due"].iloc[0]
    if pd.isna(due) or due >= pd.Timestamp(draft.today):
        return None
    rule = first(policy.on_expiry, then)
    sent = then["section"] if rule is None else target(rule, then, policy)
    return None if sent == then["section"] else sent or ""
