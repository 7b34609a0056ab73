"""What comes of a rule that sends a row somewhere: a move, an arrival, or a person's decision.

Which rule holds is routing/'s; whether an arrival finds room, capacity/'s.
"""

from sheetsync.method.codes import SectionCode
from sheetsync.rules.checks.contradictions import contradiction
from sheetsync.rules.draft.changes import Arrival, Changes, Route
from sheetsync.rules.draft.night import ClockedRow, Night
from sheetsync.rules.routing.moves import plan_move


def sent(night: Night, index: int, row: ClockedRow, route: Route) -> Changes:
    """Return what comes of a rule that holds of a row."""
    if route.target is None:
        return contradiction(night, index, row, route.rule)
    if comes_to_list(row, route):
        # Who comes first into a full list is told only when all arrivals of the night are known.
        return Changes(arrivals=(Arrival(index, row, route),))
    return plan_move(night, index, row, route)


def comes_to_list(row: ClockedRow, route: Route) -> bool:
    """Tell whether a row is sent to the working list from elsewhere, and needs room there."""
    return route.target == SectionCode.WORKING != row["section"]
