"""Rows that were given out and that nobody has called go back to the call base.

Where the policy says so (METHOD point 8); how long they may wait is told in checks/uncalled.py.
"""

from sheetsync.method.codes import SectionCode
from sheetsync.method.terms import Rule
from sheetsync.rules.checks.uncalled import uncalled_too_long
from sheetsync.rules.draft.changes import Changes, Route, gathered
from sheetsync.rules.draft.plan_draft import PlanDraft
from sheetsync.rules.routing.moves import plan_move

SENT_BACK = Rule(name="new_too_long", to=SectionCode.CALL_BASE.value)
"""The rule of rows that are sent back."""


def sent_back(draft: PlanDraft) -> Changes:
    """Send `new` rows that nobody has called for too long back to the call base."""
    night = draft.night
    time = draft.night.policy.time
    if time.new_in_working != "send_back":
        return Changes()
    why = night.language.plural(
        "nobody has called for more than {n} day",
        "nobody has called for more than {n} days",
        time.new_in_working_days,
    )
    route = Route(SENT_BACK, SENT_BACK.to, why)
    # Without the hold, the undo of a row that was sent back would last no longer than a day.
    free = ~night.unmovable & ~night.held & ~draft.is_settled
    return gathered(
        plan_move(night, index, row, route)
        for index, row in night.records(uncalled_too_long(night) & free)
    )
