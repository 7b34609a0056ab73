"""Who could get what: how many companies a list lacks, which come first, who gets each.

METHOD point 7. A list is filled up to `cap.min`, the lower end of what a manager can work on, and
no further. Who moves is decided in giving_out.py.
"""

import heapq
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from sheetsync.method.codes import SectionCode
from sheetsync.method.policy import Policy
from sheetsync.workbook.answers import Answer

KEYS = ("tax_number", "phone", "email")
"""What shows at a glance that two rows are one client."""
OFFER = "offer"
"""The block of the summary, and the beginning of its lines' keys."""


def known_managers(policy: Policy, base: pd.DataFrame) -> tuple[str, ...]:
    """Return who may get companies, in order.

    The team, or those of the Settings tab, or everybody who has a working list now.
    """
    if policy.team:
        names = {manager.name for manager in policy.team}
    elif policy.managers:
        names = {*policy.managers.values()}
    else:
        leading = base.loc[base["section"] == SectionCode.WORKING, "manager"]
        names = {str(name) for name in leading.dropna()}
    return tuple(sorted(name for name in names if name))


def away(policy: Policy, manager: str, day: date) -> bool:
    """Tell whether a manager is on leave that day."""
    known = policy.member.get(manager)
    return known is not None and known.away(day)


def lacking(
    policy: Policy, names: Iterable[str], load: Mapping[str, int], day: date
) -> dict[str, int]:
    """Return how many companies each manager's list is short of, those who are away left out."""
    short = {}
    for name in names:
        places = goal(policy, name, day) - load.get(name, 0)
        if places > 0 and not away(policy, name, day):
            short[name] = places
    return short


def goal(policy: Policy, manager: str, day: date) -> int:
    """Return up to how many companies a list is filled.

    It is the method's minimum, or the manager's own limit if that is lower.
    """
    # The room from there to the limit is for what comes by itself: the manager's own finds, and
    # companies that return from an archive.
    return min(policy.cap.min, policy.limit(manager, day))


def in_order(
    after: pd.DataFrame,
    free: "pd.Series[bool]",
    arrived: "pd.Series[bool]",
    policy: Policy,
) -> list[int]:
    """Return the marked rows as they are given out: the largest label first, then the oldest.

    No client comes twice, and unlabelled rows come last. A row is as old as its `created_on`, or,
    where nobody has filled that in, as its time in the call base. `after`: the base as the moves
    leave it, `arrived`: what has come to its tab by them.
    """
    ranks = {label.code: rank for rank, label in enumerate(policy.labels)}
    waiting = after[free]
    order = pd.DataFrame(
        {
            "rank": waiting["label"].map(ranks).fillna(len(ranks)),
            "age": waiting["created_on"].fillna(waiting["section_since"]),
            "late": arrived[free],
            # The row's place breaks ties, so that a second run proposes the same.
            "index": waiting.index,
        }
    )
    order = order.sort_values([*order.columns], na_position="last")
    waiting = waiting.loc[order.index]
    twins = _twins(waiting, after[~free])
    return [int(index) for index in waiting.index[~twins]]


def _twins(rows: pd.DataFrame, others: pd.DataFrame) -> "pd.Series[Any]":
    """Mark the rows whose number, phone or address stands in another row too.

    Of several in the call base, the first is good.
    """
    twins = pd.Series(data=False, index=rows.index)
    for key in KEYS:
        stands_twice = (
            rows[key].isin(others[key].dropna()) | rows[key].duplicated()
        )
        twins |= rows[key].notna() & stands_twice
    return twins


class Allotment(NamedTuple):
    """Who is to get a row, by its label in the base."""

    row_index: int
    manager: str


def share_out(
    rows: Sequence[int],
    short: Mapping[str, int],
    load: Mapping[str, int],
    fits: Callable[[int], bool],
) -> list[Allotment]:
    """Give rows out, in their order: each to whoever has the fewest companies by then.

    Among equals, in turn by name. `fits` tells of a row whether it can be moved at all.
    """
    waiting = [(load.get(name, 0), name) for name in short]
    heapq.heapify(waiting)
    places = dict(short)
    allotments: list[Allotment] = []
    for index in rows:
        if not waiting:
            break
        if fits(index):
            held, name = heapq.heappop(waiting)
            allotments.append(Allotment(index, name))
            places[name] -= 1
            if places[name]:
                heapq.heappush(waiting, (held + 1, name))
    return allotments


class OfferLine(NamedTuple):
    """What a line of the summary offers: a company, by its id, to a manager."""

    row_id: str
    manager: str


def line_of(row_id: str, manager: str) -> str:
    """Return the key of the summary's line that offers a company to a manager."""
    return f"{OFFER}:{row_id}:{manager}"


def ticked(answers: Iterable[Answer]) -> tuple[OfferLine, ...]:
    """Return what people have ticked on the summary, each once, from the top."""
    lines = dict.fromkeys(
        _offered(answer) for answer in answers if _is_tick(answer)
    )
    return tuple(line for line in lines if line.manager)


def _is_tick(answer: Answer) -> bool:
    return (answer.sheet, answer.column) == ("summary", "tick") and answer.yes


def _offered(answer: Answer) -> OfferLine:
    """Return what an answer's line offers; to nobody where it is no line of an offer."""
    block, _, rest = answer.line.partition(":")
    row_id, _, manager = rest.partition(":")
    return OfferLine(row_id, manager if block == OFFER else "")
