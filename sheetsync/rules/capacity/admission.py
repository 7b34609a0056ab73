"""What the rules send into the working lists is let in while there is room (METHOD point 7).

Whatever the program itself does, a list never holds more than `Policy.limit` allows that day; only
an undo, which puts back what was, may, and says so. Refill is giving_out.py's.
"""

import pandas as pd

from sheetsync.method.codes import SectionCode
from sheetsync.rules.draft.capacity import Capacity
from sheetsync.rules.draft.changes import Arrival, Changes, gathered
from sheetsync.rules.draft.night import Night, place_of
from sheetsync.rules.draft.plan_draft import PlanDraft
from sheetsync.rules.routing.moves import plan_move
from sheetsync.rules.routing.routes import written_codes
from sheetsync.schema import Problem, Severity

_NO_DAY = pd.Timestamp(0)


def admission(draft: PlanDraft) -> Changes:
    """Let arrivals in while their list has room, oldest contact first; report the others."""
    capacity = draft.capacity.copy()
    parts = []
    for arrival in sorted(draft.arrivals, key=_oldest_contact):
        admitted = _admitted(draft.night, arrival, capacity)
        # Counted at once, so that the next arrival finds the place taken.
        capacity.count(admitted)
        parts.append(admitted)
    return gathered(parts)


def _oldest_contact(arrival: Arrival) -> tuple[bool, pd.Timestamp, int]:
    last = arrival.row["last_contact"]
    # Who was never contacted comes last, in the order of the base.
    never = bool(pd.isna(last))
    return never, _NO_DAY if never else last, arrival.row_index


def _admitted(night: Night, arrival: Arrival, capacity: Capacity) -> Changes:
    """Return the move of one arrival, or what keeps it where it is."""
    row = arrival.row
    route = arrival.route
    if pd.isna(row["manager"]):
        return Changes(problems=(_no_manager(night, arrival),))
    state = (
        written_codes(route.rule, SectionCode.WORKING, row).state
        or row["state"]
    )
    if state in capacity.counted and capacity.is_full(str(row["manager"])):
        return Changes(problems=(_list_full(night, arrival, capacity),))
    return plan_move(night, arrival.row_index, row, route)


def _no_manager(night: Night, arrival: Arrival) -> Problem:
    text = night.language.text
    message = text("Cannot be taken into work without a manager.")
    texts = (message, text("Put a name into the manager's column."))
    place = place_of(arrival.row)
    return night.problem("no_manager", Severity.ERROR, place, "manager", texts)


def _list_full(night: Night, arrival: Arrival, capacity: Capacity) -> Problem:
    text = night.language.text
    manager = str(arrival.row["manager"])
    message = text(
        "{manager}'s working list is full ({n} of {max}): the row stays here.",
        manager=manager,
        n=capacity.loads[manager],
        max=capacity.limit(manager),
    )
    texts = (message, text("Free a place or choose another manager."))
    return night.problem(
        "cap", Severity.ERROR, place_of(arrival.row), "manager", texts
    )
