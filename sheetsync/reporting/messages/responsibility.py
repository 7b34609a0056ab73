"""Who has whose companies today: everybody their own, and those of whom they stand in for.

METHOD point 8. What is told to whom follows from it elsewhere.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sheetsync.method.policy import Policy
from sheetsync.method.terms import Manager
from sheetsync.rules.deadlines.absences import absences


class Away(NamedTuple):
    """A manager on leave, the last day of it, and who stands in; None: nobody who is there."""

    name: str
    until: date
    substitute: str | None


def away(policy: Policy, names: Iterable[str], day: date) -> dict[str, Away]:
    """Return who of `names` is on leave that day."""
    known = [*dict.fromkeys(names)]
    on_leave = absences(policy, day, known)
    away = {}
    for name in known:
        absence = on_leave.get(name)
        if absence is not None:
            away[name] = Away(name, absence.until, absence.substitute)
    return away


def person(policy: Policy, name: str) -> Manager:
    """Return what is known of a manager, at least the name."""
    return policy.member.get(name) or Manager(name=name)
