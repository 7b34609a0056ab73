"""Whether a row would rest where a change puts it: a team's rules may send it on, and round.

A change after which the next run would move the row again, or call it contradictory, is not made:
the row stays, and is told of. Otherwise a second run would not be quiet.
"""

from collections.abc import Iterable
from enum import Enum
from typing import cast

import pandas as pd

from sheetsync.method.codes import SectionCode
from sheetsync.method.terms import MIXED, kind_of
from sheetsync.rules.deadlines.due_dates import times
from sheetsync.rules.draft.night import ClockedRow, Night
from sheetsync.rules.routing.routes import first_rule, target_section
from sheetsync.values import Cell

AT_WORK = (SectionCode.WORKING, SectionCode.CALL_BASE)


class Stop(Enum):
    """What becomes of a row that no rule sends on to another section."""

    RESTS = "it stays where it is"
    PERSON_DECIDES = "a person would have to decide"


def next_section(
    night: Night,
    row: ClockedRow,
    section: str,
    cells: Iterable[tuple[str, Cell]],
) -> str | Stop:
    """Return where the rules would send a row on that stands in `section` with these cells set."""
    policy = night.policy
    values = {field: night.value_written(field, cell) for field, cell in cells}
    then = cast("ClockedRow", {**row, "section": section, **values})
    rule = first_rule(policy.by_state, then)
    target = section if rule is None else target_section(rule, then, policy)
    if target is None:
        return Stop.PERSON_DECIDES
    if target == section or _waits(then, target):
        return _if_late(night, then, row["section"])
    return target


def _waits(then: ClockedRow, target: str) -> bool:
    """Tell whether a row stays until somebody puts something right.

    Outside the working list it waits for a manager; among clients it comes with a proof alone.
    """
    if target == SectionCode.CLIENTS:
        return bool(pd.isna(then["proof"]))
    return target == SectionCode.WORKING and bool(pd.isna(then["manager"]))


def _if_late(night: Night, then: ClockedRow, source: str) -> str | Stop:
    """Return where a row goes that would arrive at work with its time already up."""
    section = then["section"]
    # Its time is known not to be up.
    comes_from_work = kind_of(source) in (*AT_WORK, MIXED)
    if section not in AT_WORK or comes_from_work or not _is_late(night, then):
        return Stop.RESTS
    rule = first_rule(night.policy.on_expiry, then)
    target = (
        section if rule is None else target_section(rule, then, night.policy)
    )
    if target is None:
        return Stop.PERSON_DECIDES
    return Stop.RESTS if target == section else target


def _is_late(night: Night, then: ClockedRow) -> bool:
    if then["fresh"] or pd.isna(then["work_since"]):
        return False
    due = times(pd.DataFrame([then]), night.policy)["due"].iloc[0]
    return bool(pd.notna(due) and due < night.now)
