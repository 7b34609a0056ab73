"""Who has whose companies today: everybody their own, and those of whoever is on leave and named them (METHOD point 8)."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from sheetsync.policy import Policy
from sheetsync.terms import Manager
from sheetsync.values import fold


class Away(NamedTuple):
    """A manager on leave, the last day of it, and who stands in; None: nobody who is there."""

    name: str
    until: date
    substitute: str | None


def away(policy: Policy, names: Iterable[str], day: date) -> dict[str, Away]:
    """Return who of `names` is on leave that day."""
    here = [*dict.fromkeys((*names, *policy.member))]
    return {
        name: Away(name, _last_day(manager, day), _stands_in(policy, name, here, day))
        for name in names
        if (manager := policy.member.get(name)) is not None and manager.away(day)
    }


def _last_day(manager: Manager, day: date) -> date:
    """Return the last day of an absence, over leaves that follow each other."""
    until = day
    while until < date.max and manager.away(until + timedelta(days=1)):
        until = max(leave.last for leave in manager.leave if leave.first <= until + timedelta(days=1) <= leave.last)
    return until


def _stands_in(policy: Policy, name: str, here: Iterable[str], day: date) -> str | None:
    """Follow the substitutes to the first who is there; None where there is none, or they go round in a ring."""
    known, seen = {fold(one): one for one in here}, {fold(name)}
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


def person(policy: Policy, name: str) -> Manager:
    """Return what is known of a manager, at least the name."""
    return policy.member.get(name) or Manager(name=name)
