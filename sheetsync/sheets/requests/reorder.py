"""Rows or columns brought into an order by moving neighbours together, in few moves. Pure.

What the order is for, and how a move is told to a spreadsheet, is row_order.py's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeVar

T = TypeVar("T")


class BlockMove(NamedTuple):
    """Those at [start, end) go to `to`, before them; what stood between goes behind. 0-based."""

    start: int
    end: int
    to: int


@dataclass(frozen=True)
class _WantedOrder:
    """What is wanted at each place; None: anything that is wanted nowhere."""

    places: Sequence[int | None]

    @cached_property
    def named(self) -> frozenset[int]:
        """All that is wanted somewhere."""
        return frozenset(item for item in self.places if item is not None)

    def fits(self, item: int, place: int) -> bool:
        """Tell whether an item may stand at a place; beyond the last one anything may."""
        if place >= len(self.places):
            return True
        wanted = self.places[place]
        if wanted is None:
            return item not in self.named
        return item == wanted

    def gap(self, place: int) -> int:
        """Return how many places from this one on take anything that is wanted nowhere."""
        end = place
        while end < len(self.places) and self.places[end] is None:
            end += 1
        return end - place


def block_moves(wanted: Sequence[int | None], count: int) -> list[BlockMove]:
    """Return the moves, one after the other, that bring what was at `wanted[n]` to place n.

    None: by anything that is wanted nowhere. `count`: how many places there are, at least as many
    as are wanted.
    """
    goal = _WantedOrder(wanted)
    order = [*range(count)]
    moves: list[BlockMove] = []
    place = 0
    while place < len(wanted):
        if goal.fits(order[place], place):
            place += 1
            continue
        start, end = _block_for(place, order, goal)
        moves.append(BlockMove(start, end, place))
        order = reordered(order, moves[-1:])
        place += end - start
    return moves


def _block_for(
    place: int, order: Sequence[int], goal: _WantedOrder
) -> tuple[int, int]:
    """Return the neighbours [start, end) that are to come to a place."""
    wanted = goal.places[place]
    if wanted is None:
        return _spare(place, order, goal)
    start = order.index(wanted, place)
    end = start + 1
    while end < len(order) and _goes_along(
        end, place + end - start, order, goal
    ):
        end += 1
    return start, end


def _goes_along(
    index: int, place: int, order: Sequence[int], goal: _WantedOrder
) -> bool:
    return place < len(goal.places) and goal.fits(order[index], place)


def _spare(
    place: int, order: Sequence[int], goal: _WantedOrder
) -> tuple[int, int]:
    """Choose which of those that are wanted nowhere come to a place, as [start, end).

    Best are those behind all that should go down by so many: then these go down as one.
    """
    gap = goal.gap(place)
    down = goal.places.index(order[place], place) - place
    for size in dict.fromkeys((min(down, gap), 1)):
        start = _behind_those_that_slide(place, size, order, goal)
        if start is not None:
            return start, start + size
    return _nearest_free(place, gap, order, goal)


def _behind_those_that_slide(
    place: int, size: int, order: Sequence[int], goal: _WantedOrder
) -> int | None:
    """Find `size` free neighbours behind items that all fit so many places lower; the last such."""
    start = None
    for index in range(place, len(order) - size):
        if not goal.fits(order[index], index + size):
            break
        following = order[index + 1 : index + 1 + size]
        if not goal.named.isdisjoint(following):
            continue
        start = index + 1
        if start >= len(goal.places):
            break
    return start


def _nearest_free(
    place: int, most: int, order: Sequence[int], goal: _WantedOrder
) -> tuple[int, int]:
    """Return the next free neighbours from a place on, `most` of them at most."""
    start = place
    while order[start] in goal.named:
        start += 1
    end = start + 1
    for item in order[start + 1 : start + most]:
        if item in goal.named:
            break
        end += 1
    return start, end


def reordered(items: Sequence[T], moves: Iterable[BlockMove]) -> list[T]:
    """Return items in the order that moves leave."""
    order = [*items]
    for start, end, to in moves:
        block = order[start:end]
        del order[start:end]
        order[to:to] = block
    return order
