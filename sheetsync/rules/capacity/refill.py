"""Who could get what: how many companies a working list lacks, which of the call base come first, and who gets each.

METHOD point 7. A list is filled up to `cap.min`, the lower end of what a manager can work on, and no further: the room from
there to the limit is for what comes by itself, the manager's own finds and companies that return from an archive. Pure; who
moves is decided in taking.py.
"""

import heapq
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from sheetsync.method.policy import Policy
from sheetsync.workbook.answers import Answer

KEYS = ("tax_number", "phone", "email")
"""What shows at a glance that two rows are one client."""
OFFER = "offer"
"""The block of the summary, and the beginning of its lines' keys."""


def known_managers(policy: Policy, base: pd.DataFrame) -> tuple[str, ...]:
    """Return who may get companies: the team, or those of the Settings tab, or everybody who has a working list now."""
    if policy.team:
        names = {manager.name for manager in policy.team}
    elif policy.managers:
        names = {*policy.managers.values()}
    else:
        names = {str(name) for name in base.loc[base["section"] == "working", "manager"].dropna()}
    return tuple(sorted(name for name in names if name))


def away(policy: Policy, manager: str, day: date) -> bool:
    """Tell whether a manager is on leave that day."""
    known = policy.member.get(manager)
    return known is not None and known.away(day)


def lacking(
    policy: Policy, names: Iterable[str], load: Mapping[str, int], day: date
) -> dict[str, int]:
    """Return how many companies each manager's list is short of, those who are away left out."""
    short = {
        name: goal(policy, name, day) - load.get(name, 0)
        for name in names
        if not away(policy, name, day)
    }
    return {name: places for name, places in short.items() if places > 0}


def goal(policy: Policy, manager: str, day: date) -> int:
    """Return up to how many companies a list is filled: the method's minimum, or the manager's own limit if that is lower."""
    return min(policy.cap.min, policy.limit(manager, day))


def in_order(
    after: pd.DataFrame, free: "pd.Series[bool]", arrived: "pd.Series[bool]", policy: Policy
) -> list[int]:
    """Return the marked rows as they are given out: the largest label first, then the oldest, no client twice.

    `after`: the base as the moves leave it, `arrived`: what has come to its tab by them. Unlabelled rows come last. A row is
    as old as its `created_on`, or, where nobody has filled that in, as its time in the call base.
    """
    ranks = {label.code: rank for rank, label in enumerate(policy.labels)}
    found = after[free]
    age = found["created_on"].where(found["created_on"].notna(), found["section_since"])
    order = found.assign(
        rank=found["label"].map(ranks).fillna(len(ranks)),
        age=age,
        late=arrived[free],
        at=found.index,
    )
    order = order.sort_values(["rank", "age", "late", "at"], na_position="last")
    return [int(at) for at in order.index[~_twins(order, after[~free])]]


def _twins(found: pd.DataFrame, others: pd.DataFrame) -> "pd.Series[Any]":
    """Mark the rows whose number, phone or address stands in another row too: of several in the call base, the first is good."""
    twins = pd.Series(data=False, index=found.index)
    for key in KEYS:
        given = found[key].notna()
        twins |= given & (found[key].isin(others[key].dropna()) | found[key].duplicated())
    return twins


def share_out(
    rows: Sequence[int],
    short: Mapping[str, int],
    load: Mapping[str, int],
    fits: Callable[[int], bool],
) -> list[tuple[int, str]]:
    """Give rows out, in their order: each to whoever has the fewest companies by then; among equals, in turn by name.

    `fits` tells of a row whether it can be moved at all.
    """
    waiting = [(load.get(name, 0), name) for name in short]
    heapq.heapify(waiting)
    left, given = dict(short), list[tuple[int, str]]()
    for at in rows:
        if not waiting:
            break
        if not fits(at):
            continue
        has, name = heapq.heappop(waiting)
        given.append((at, name))
        left[name] -= 1
        if left[name]:
            heapq.heappush(waiting, (has + 1, name))
    return given


def line_of(row_id: str, manager: str) -> str:
    """Return the key of the summary's line that offers a company to a manager."""
    return f"{OFFER}:{row_id}:{manager}"


def ticked(decisions: Iterable[Answer]) -> tuple[tuple[str, str], ...]:
    """Return what people have ticked on the summary, from the top: (id of the row, manager)."""
    found = {}
    for decision in decisions:
        block, _, rest = decision.line.partition(":")
        row_id, _, manager = rest.partition(":")
        if (
            (decision.sheet, block, decision.column) == ("summary", OFFER, "tick")
            and decision.yes
            and manager
        ):
            found[row_id, manager] = True
    return tuple(found)
