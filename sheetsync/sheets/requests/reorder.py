"""Rows or columns brought into an order by moving neighbours together, as few times as is easily found. Pure."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeVar

T = TypeVar("T")


class BlockMove(NamedTuple):
    """Those at [start, end) go to `to`, which is before them; what stood between goes behind them. 0-based."""

    start: int
    end: int
    to: int


def block_moves(wanted: Sequence[int | None], count: int) -> list[BlockMove]:
    """Return the moves after which place n is held by what was at `wanted[n]`, one after the other.

    None: by anything that is wanted nowhere. `count`: how many places there are, at least as many as are wanted.
    """
    named = {at for at in wanted if at is not None}
    order, made = [*range(count)], list[BlockMove]()

    def fits(row: int, place: int) -> bool:
        if place >= len(wanted):
            return True
        want = wanted[place]
        return row == want if want is not None else row not in named

    place = 0
    while place < len(wanted):
        if fits(order[place], place):
            place += 1
            continue
        if wanted[place] is None:
            start, end = _spare(order, place, wanted, named, fits)
        else:
            start = order.index(wanted[place], place)
            end = start + 1
            while (
                end < count
                and place + end - start < len(wanted)
                and fits(order[end], place + end - start)
            ):
                end += 1
        made.append(BlockMove(start, end, place))
        order = reordered(order, made[-1:])
        place += end - start
    return made


def _spare(
    order: Sequence[int],
    place: int,
    wanted: Sequence[int | None],
    named: Iterable[int],
    fits: Callable[[int, int], bool],
) -> tuple[int, int]:
    """Choose which of the rows that are wanted nowhere come to a place: those behind all that should go down by so many."""
    kept = {*named}
    free = [row not in kept for row in order]
    empty = (
        next((at for at in range(place, len(wanted)) if wanted[at] is not None), len(wanted))
        - place
    )
    down = min(wanted.index(order[place], place) - place, empty)
    for size in {down: 0, 1: 0}:
        chosen = 0
        for at in range(place, len(order) - size):
            if not fits(order[at], at + size):
                break
            if all(free[at + 1 : at + 1 + size]):
                chosen = at + 1
                if chosen >= len(wanted):
                    break
        if chosen:
            return chosen, chosen + size
    first = end = next(at for at in range(place, len(order)) if free[at])
    while end < len(order) and free[end] and end - first < empty:
        end += 1
    return first, end


def reordered(items: Sequence[T], made: Iterable[BlockMove]) -> list[T]:
    """Return items in the order that moves leave."""
    order = [*items]
    for start, end, to in made:
        block = order[start:end]
        del order[start:end]
        order[to:to] = block
    return order
