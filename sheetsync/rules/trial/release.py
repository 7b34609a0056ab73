"""What has gathered in a trial is let go in parts, each of them small enough for one night.

A part is of one manager. The head ticks it on the tab of the trial; the companies that stand below
it there are then released, and no others.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple

from sheetsync.method.policy import Policy
from sheetsync.method.terms import Safety
from sheetsync.workbook.answers import GATHERED, PART, TRIAL, line_key, row_of
from sheetsync.workbook.plan import Move
from sheetsync.workbook.snapshot import Snapshot, own_titles

SMALLEST_PART = 10
"""However small the limits of a night are: a part of one company each would be no help."""


class Part(NamedTuple):
    """Companies of one manager that are let go together. `number`: from 1, of `parts` of theirs."""

    key: str
    manager: str
    number: int
    parts: int
    moves: tuple[Move, ...]

    @property
    def line(self) -> str:
        """The key of the line that has the box."""
        return f"{PART}:{self.key}"

    def line_of(self, move: Move) -> str:
        """Return the key of the line of one of its companies."""
        return f"{GATHERED}:{self.key}:{move.id}"


def parts_of(moves: Sequence[Move], most: int) -> tuple[Part, ...]:
    """Return what has gathered in parts of at most so many companies, by manager."""
    by_manager: dict[str, list[Move]] = {}
    for move in moves:
        by_manager.setdefault(move.manager, []).append(move)
    parts: list[Part] = []
    for manager in sorted(by_manager):
        theirs = by_manager[manager]
        count = -(-len(theirs) // most)
        name = blake2b(manager.encode(), digest_size=6).hexdigest()
        for number in range(1, count + 1):
            last = number * most
            some = tuple(theirs[last - most : last])
            parts.append(Part(f"{name}.{number}", manager, number, count, some))
    return tuple(parts)


def most_of_one_night(rows: int, safety: Safety) -> int:
    """Return how many rows may move in one night: a share of a base and a number, what is more.

    `rows`: of the base.
    """
    free = min(safety.free_moved_rows, rows // 2)
    share = int(rows * safety.max_moved_share)
    return min(max(free, share), safety.max_moved_rows)


def most_of_a_part(rows: int, safety: Safety) -> int:
    """Return how many companies a part may have: as many as may move in one night."""
    return max(SMALLEST_PART, most_of_one_night(rows, safety))


def ticked_parts(snapshot: Snapshot) -> frozenset[str]:
    """Return the keys of the parts that the head has ticked."""
    return frozenset(
        answer.line.partition(":")[2]
        for answer in snapshot.decisions
        if answer.sheet == TRIAL
        and answer.line.startswith(f"{PART}:")
        and answer.yes
    )


def released_ids(snapshot: Snapshot, policy: Policy) -> frozenset[str]:
    """Return the ids of the companies that stand below a ticked part, as its tab was read."""
    parts = ticked_parts(snapshot)
    grid = snapshot.book.titled(*own_titles(policy, TRIAL))
    if not parts or grid is None:
        return frozenset()
    ids = set()
    for row in grid.cells:
        line = line_key(row[0]) if row else ""
        block, _, rest = line.partition(":")
        if block == GATHERED and rest.partition(":")[0] in parts:
            ids.add(row_of(line))
    return frozenset(ids)
