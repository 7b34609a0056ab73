"""Who is away, until when, and who has their warnings meanwhile.

METHOD point 8: leave stops nothing. What is shown to whom is left to the reports.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from sheetsync.method.policy import Policy
from sheetsync.method.terms import Manager
from sheetsync.values import fold

A_DAY = timedelta(days=1)


class Absence(NamedTuple):
    """A manager's absence: its last day, and who stands in.

    `substitute` None: nobody does, so that the head of sales is told.
    """

    until: date
    substitute: str | None


def absences(
    policy: Policy, day: date, working: Iterable[str]
) -> dict[str, Absence]:
    """Return the absence of each manager who is away that day.

    `working`: names that the base knows, beside the team's.
    """
    names = {fold(name): name for name in (*policy.member, *working)}
    away: dict[str, Absence] = {}
    for name, manager in policy.member.items():
        if manager.away(day):
            substitute = _substitute(policy, name, day, names)
            away[name] = Absence(last_day(policy, name, day), substitute)
    return away


def last_day(policy: Policy, name: str, day: date) -> date:
    """Return the last day of an absence, over leaves that follow each other."""
    manager = policy.member[name]
    until = _end_of_leave(manager, day)
    # A leave without an end may run to the last day there is, after which no day comes.
    while until < date.max and manager.away(until + A_DAY):
        until = _end_of_leave(manager, until + A_DAY)
    return until


def _end_of_leave(manager: Manager, day: date) -> date:
    return max(
        leave.last
        for leave in manager.leave
        if leave.first <= day <= leave.last
    )


def _substitute(
    policy: Policy, name: str, day: date, names: Mapping[str, str]
) -> str | None:
    """Follow the substitutes to the first who is there.

    None where nobody is, or they go round in a ring: then it is the head of sales. `names`: each
    known name by its folded spelling.
    """
    asked = {fold(name)}
    substitute = policy.member[name].substitute
    while substitute and fold(substitute) not in asked:
        key = fold(substitute)
        asked.add(key)
        candidate = policy.managers.get(key) or names.get(key)
        if candidate is None:
            return None
        manager = policy.member.get(candidate)
        if manager is None or not manager.away(day):
            return candidate if fold(candidate) != fold(name) else None
        substitute = manager.substitute
    return None
