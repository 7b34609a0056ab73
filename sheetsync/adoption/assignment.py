"""Fields are given to columns so that the sum of their scores is the highest: the Hungarian method, in whole."""

import math
from collections.abc import Sequence


def pair(scores: Sequence[Sequence[float]]) -> dict[int, int]:
    """Return row -> column with the highest total; pairs of no score are left out."""
    if not scores or not scores[0]:
        return {}
    width = max(len(scores), len(scores[0]))
    costs = [[-value for value in row] + [0.0] * (width - len(row)) for row in scores]
    owner = _owners(costs, width)
    return {
        row: column
        for column, row in owner.items()
        if column < len(scores[0]) and scores[row][column] > 0
    }


def _owners(costs: Sequence[Sequence[float]], width: int) -> dict[int, int]:
    """Give each row its column, row by row, moving earlier rows along the cheapest path."""
    by_row, by_column = [0.0] * len(costs), [0.0] * width
    owner: dict[int, int] = {}
    for row in range(len(costs)):
        _place(row, costs, by_row, by_column, owner)
    return owner


def _place(
    row: int,
    costs: Sequence[Sequence[float]],
    by_row: list[float],
    by_column: list[float],
    owner: dict[int, int],
) -> None:
    """Place one more row: Dijkstra over the reduced costs, until a free column is reached."""
    width = len(by_column)
    least, came, done = [math.inf] * width, [-1] * width, [False] * width
    at, here = -1, row
    while True:
        step, nearest = math.inf, -1
        for column in range(width):
            if done[column]:
                continue
            cost = costs[here][column] - by_row[here] - by_column[column]
            if cost < least[column]:
                least[column], came[column] = cost, at
            if least[column] < step:
                step, nearest = least[column], column
        by_row[row] += step
        for column in range(width):
            if done[column]:
                by_row[owner[column]] += step
                by_column[column] -= step
            else:
                least[column] -= step
        done[nearest], at = True, nearest
        if at not in owner:
            break
        here = owner[at]
    while at >= 0:
        before = came[at]
        owner[at] = row if before < 0 else owner[before]
        at = before
