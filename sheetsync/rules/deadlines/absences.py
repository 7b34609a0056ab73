"""Who is away, until when, and who has their warnings meanwhile (METHOD point 8: leave stops nothing).

The substitute is a substitute's substitute where that one is away too; where the chain ends, it is the head of sales.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from sheetsync.method.policy import Policy
from sheetsync.values import fold


class Absence(NamedTuple):
    """A manager's absence: its last day, and who stands in; None: nobody, so that the head of sales is told."""

    until: date
    substitute: str | None


def absences(policy: Policy, day: date, working: Iterable[str]) -> dict[str, Absence]:
    """Return the absence of each manager who is away that day. `working`: names that the base knows, beside the team's."""
    known = {fold(name): name for name in (*policy.member, *working)}
    return {
        name: Absence(last_day(policy, name, day), _stands_in(policy, name, day, known))
        for name, manager in policy.member.items()
        if manager.away(day)
    }


def last_day(policy: Policy, name: str, day: date) -> date:
    """Return the last day of an absence, over leaves that follow each other."""
    manager = policy.member[name]
    until = max(leave.last for leave in manager.leave if leave.first <= day <= leave.last)
    while until < date.max and manager.away(until + timedelta(days=1)):
        until = max(
            leave.last
            for leave in manager.leave
            if leave.first <= until + timedelta(days=1) <= leave.last
        )
    return until


def _stands_in(policy: Policy, name: str, day: date, known: dict[str, str]) -> str | None:
    """Follow the substitutes to the first who is there; None where nobody is, or they go round in a ring."""
    seen = {fold(name)}
    at = policy.member[name].substitute
    while at and fold(at) not in seen:
        seen.add(fold(at))
        found = policy.managers.get(fold(at)) or known.get(fold(at))
        if found is None:
            return None
        manager = policy.member.get(found)
        if manager is None or not manager.away(day):
            return None if fold(found) == fold(name) else found
        at = manager.substitute
    return None
