"""Which columns of a tab are the report's, wherever people have moved them. Pure.

Which line each row is, is report_lines.py's.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from sheetsync.values import Cell
from sheetsync.workbook.report_keys import EMPTY, LineToken

SPARE = 26
"""Columns by which those of a report may have gone astray at most."""

Sums = tuple[str, ...]
"""A sum for each of a report's columns, or for each cell of a row."""
Columns = tuple[int | None, ...]
"""Where each of a report's columns stands, 0 being A; None where it is gone."""
Votes = Sequence[Sequence[int]]
"""By the report's column and the tab's: how many rows hold there what was written there."""


class ReadLine(NamedTuple):
    """A row whose token tells of each of the report's columns: where it stands, what it holds now.

    `row` is 0-based; `held`: the sums of its cells, that of column A first.
    """

    row: int
    token: LineToken
    held: Sums

    def content(self, columns: Columns) -> Sums:
        """Return the sum of what it holds in each of the report's columns."""
        return tuple(
            str(held or EMPTY) for held in cells_in(self.held, columns)
        )


def cells_in(row: Sequence[Cell], columns: Columns) -> Iterator[Cell]:
    """Go through what a row holds in some columns; None beyond its end, and where one is gone."""
    for column in columns:
        if column is None or column >= len(row):
            yield None
        else:
            yield row[column]


def in_place(width: int) -> tuple[int, ...]:
    """Return the columns in which a report of such a width is written."""
    return tuple(range(1, width + 1))


def report_columns(
    lines: Sequence[ReadLine], sums: Sequence[Sums], width: int
) -> Columns:
    """Find each of the report's columns, in their order, by what was written into it.

    `sums`: of every row of the tab, that of column A first.
    """
    written = [_count_written(lines, own) for own in range(width)]
    in_their_place = (_hits(lines, own, own + 1) for own in range(width))
    # Where half of a column is as it was written, the rest was typed over, and no column moved.
    if all(
        2 * hits >= count
        for hits, count in zip(in_their_place, written, strict=True)
    ):
        return in_place(width)
    votes = [_votes(lines, own) for own in range(width)]
    # Some cells of a column may have been written over, but not most.
    matched = {}
    for own, column in _aligned(votes):
        if 2 * votes[own][column] >= written[own]:
            matched[own] = column
    if 2 * len(matched) < width - written.count(0):
        # Sorted without the hidden column, or written over: the columns tell nothing.
        return in_place(width)
    return _seated(matched, written, sums)


def _count_written(lines: Sequence[ReadLine], own: int) -> int:
    """Count the lines of which a column of the report says anything."""
    return sum(line.token.sums[own] != EMPTY for line in lines)


def _votes(lines: Sequence[ReadLine], own: int) -> list[int]:
    reach = max((len(line.held) for line in lines), default=1)
    return [_hits(lines, own, column) for column in range(reach)]


def _hits(lines: Sequence[ReadLine], own: int, column: int) -> int:
    """Count the rows that hold in a column of the tab what was written into one of the report's."""
    hits = 0
    for line in lines:
        wrote = line.token.sums[own]
        if wrote != EMPTY and _sum_in(line.held, column) == wrote:
            hits += 1
    return hits


def _sum_in(held: Sums, column: int) -> str:
    return held[column] if column < len(held) else EMPTY


def _aligned(votes: Votes) -> list[tuple[int, int]]:
    """Pair columns of the report with those of the tab, so that most cells agree.

    Neither order is changed; A is never one.
    """
    # People put columns in and take them out, which leaves the order of the others as it was.
    scores = _best_scores(votes)
    pairs = list[tuple[int, int]]()
    own = 0
    column = 1
    while own < len(votes) and column < len(votes[0]):
        here = votes[own][column]
        if here and scores[own][column] == here + scores[own + 1][column + 1]:
            pairs.append((own, column))
            own += 1
            column += 1
        elif scores[own][column] == scores[own + 1][column]:
            own += 1
        else:
            column += 1
    return pairs


def _best_scores(votes: Votes) -> list[list[int]]:
    """Return how many cells agree at most from each pair of columns on to the right."""
    across = len(votes[0]) if votes else 0
    scores = [[0] * (across + 1)]
    for row in reversed(votes):
        below = scores[0]
        best = [0] * (across + 1)
        for column in reversed(range(1, across)):
            paired = row[column] + below[column + 1]
            best[column] = max(below[column], best[column + 1], paired)
        scores.insert(0, best)
    return scores


def _seated(
    matched: Mapping[int, int], written: Sequence[int], sums: Sequence[Sums]
) -> Columns:
    """Seat the columns that were not found by what is written between those that were.

    Where just as many stand there, they are those, written over; else one of which nothing is
    written takes an empty one. `written`: how many cells of each column of the report say anything.
    """
    seats: dict[int, int | None] = dict(matched)
    bounds = [-1, *sorted(matched), len(written)]
    for before, after in pairwise(bounds):
        gap = range(before + 1, after)
        left = matched.get(before, 0) + 1
        right = matched.get(after)
        if right is not None and right - left == len(gap):
            seats.update(zip(gap, range(left, right), strict=True))
            continue
        reach = range(left, left + SPARE if right is None else right)
        blanks = (column for column in reach if _is_blank(column, sums))
        for own in gap:
            seats[own] = None if written[own] else next(blanks, None)
    return tuple(seats[own] for own in range(len(written)))


def _is_blank(column: int, sums: Sequence[Sums]) -> bool:
    return all(_sum_in(held, column) == EMPTY for held in sums)
