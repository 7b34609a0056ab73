"""How a report tab was found: which of its columns are the report's, and which line each of its rows is.

People insert and delete columns and rows, and sort, on tabs that are the program's; what they have typed there has to be told
from the report before it is written anew. SettingsReading by the sums of each line's token (see report_tokens.py). Pure.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import NamedTuple

from sheetsync.values import Cell
from sheetsync.workbook.answers import MARK, columns_asked
from sheetsync.workbook.report_keys import EMPTY, Token, sum_of, token_in

Row = Sequence[Cell]
LOST = "lost"
"""The key of a row whose own key turned out to be another row's."""
_WIDTHS = {"manager": 6, "left": 6, "revision": 5}
"""How wide reports were before their lines remembered it."""
_SPARE = 26
"""Columns by which those of a report may have gone astray at most."""


class Found(NamedTuple):
    """A report tab as people left it.

    `columns`: where each column of the report stands, 0 being A, None where it is gone. `keys`: each row's line, "" for a row
    that is none of the report's. `mixed`: rows hold what belongs to another's hidden cell, as after a sort that left it behind.
    """

    columns: tuple[int | None, ...]
    keys: tuple[str, ...]
    mixed: bool = False

    @property
    def width(self) -> int:
        """How many columns the report had when it was written."""
        return len(self.columns)

    @property
    def in_place(self) -> bool:
        """Whether the report's columns stand where they were written."""
        return self.columns == tuple(range(1, self.width + 1))

    def theirs(self, columns: int) -> tuple[int, ...]:
        """Return the people's own columns among the first `columns` of the tab."""
        return tuple(at for at in range(1, columns) if at not in self.columns)

    def cells(self, row: Row) -> list[Cell]:
        """Return a row's cells as the report has them: the hidden one, then its own in their order."""
        seats = (0, *self.columns)
        return [row[at] if at is not None and at < len(row) else None for at in seats]


def found(rows: Sequence[Row], kind: str, wide: int) -> Found:
    """Look at a tab as it was read. `kind`: `manager`, `summary` …; `wide`: the columns that the report has now."""
    tokens = [token_in(row[0]) if row else None for row in rows]
    width = _width(rows, tokens, kind, wide)
    sums = [[sum_of(cell) for cell in row[: width + 1 + _SPARE]] for row in rows]
    sure = [at for at, token in enumerate(tokens) if token and len(token.sums) == width]
    columns = _columns(tokens, sums, sure, width)
    keys = _keys(tokens, sums, sure, columns, columns_asked(kind))
    mixed = any(
        token is not None and token.key != key for token, key in zip(tokens, keys, strict=True)
    )
    return Found(columns, keys, mixed)


def _width(rows: Sequence[Row], tokens: Sequence[Token | None], kind: str, wide: int) -> int:
    told = Counter(len(token.sums) for token in tokens if token and token.sums)
    if told:
        return told.most_common(1)[0][0]
    if kind in _WIDTHS:
        return _WIDTHS[kind]
    for row, token in zip(rows, tokens, strict=True):
        if token and token.key == "columns:managers":
            full = next((at for at, cell in enumerate(row[1:]) if cell in (None, "")), len(row) - 1)
            return min(full, wide)
    return wide


def _columns(
    tokens: Sequence[Token | None], sums: Sequence[Sequence[str]], sure: Sequence[int], width: int
) -> tuple[int | None, ...]:
    """Find each of the report's columns, in their order, by what was written into it, line by line."""
    in_place = tuple(range(1, width + 1))
    told = [(token.sums, sums[at]) for at in sure if (token := tokens[at])]
    total = [sum(wrote[c] != EMPTY for wrote, _ in told) for c in range(width)]

    def hits(c: int, at: int) -> int:
        return sum(
            wrote[c] != EMPTY and at < len(held) and held[at] == wrote[c] for wrote, held in told
        )

    if all(2 * hits(c, c + 1) >= total[c] for c in range(width)):
        return in_place
    reach = max((len(held) for _, held in told), default=1)
    votes = [[hits(c, at) for at in range(reach)] for c in range(width)]
    matched = {c: at for c, at in _aligned(votes) if 2 * votes[c][at] >= total[c] > 0}
    known = sum(count > 0 for count in total)
    if 2 * len(matched) < known:
        return (
            in_place  # sorted without the hidden column, or written over: the columns tell nothing
        )
    return _seated(matched, total, sums)


def _aligned(votes: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """Pair columns of the report with those of the tab, neither order changed, so that most cells agree; A is never one."""
    across = len(votes[0]) if votes else 0
    best = [[0] * (across + 1) for _ in range(len(votes) + 1)]
    for c in reversed(range(len(votes))):
        for at in reversed(range(1, across)):
            best[c][at] = max(best[c + 1][at], best[c][at + 1], votes[c][at] + best[c + 1][at + 1])
    pairs, c, at = list[tuple[int, int]](), 0, 1
    while c < len(votes) and at < across:
        if votes[c][at] and best[c][at] == votes[c][at] + best[c + 1][at + 1]:
            pairs.append((c, at))
            c, at = c + 1, at + 1
        elif best[c][at] == best[c + 1][at]:
            c += 1
        else:
            at += 1
    return pairs


def _seated(
    matched: dict[int, int], total: Sequence[int], sums: Sequence[Sequence[str]]
) -> tuple[int | None, ...]:
    """Seat the columns that were not found by what is written in them between those that were.

    Where just as many stand there, they are those, written over; else one of which nothing is written takes an empty one.
    """
    seats: dict[int, int | None] = {**matched}
    fixed = [-1, *sorted(matched), len(total)]
    for before, after in pairwise(fixed):
        left, right = matched.get(before, 0), matched.get(after)
        group = range(before + 1, after)
        if right is not None and right - left - 1 == len(group):
            seats |= zip(group, range(left + 1, right), strict=True)
            continue
        reach = range(left + 1, left + 1 + _SPARE if right is None else right)
        blank = (at for at in reach if all(at >= len(row) or row[at] == EMPTY for row in sums))
        seats |= {c: None if total[c] else next(blank, None) for c in group}
    return tuple(seats[c] for c in range(len(total)))


def _keys(
    tokens: Sequence[Token | None],
    sums: Sequence[Sequence[str]],
    sure: Sequence[int],
    columns: Sequence[int | None],
    answers: Collection[int],
) -> tuple[str, ...]:
    """Tell which line each row is: as its hidden cell says, unless another's says word for word what stands in the row.

    So it is after a sort that has left the hidden column behind. `answers`: the columns in which people may have answered.
    """
    keys = ["" if token is None else token.key for token in tokens]
    content = {at: tuple(_held(sums[at], seat) for seat in columns) for at in sure}
    odd = [at for at in sure if (token := tokens[at]) and not _agrees(token, content[at])]
    said = Counter(token.sums for at in odd if (token := tokens[at]))
    owner = {token.sums: token.key for at in odd if (token := tokens[at]) and said[token.sums] == 1}
    holds = Counter(content[at] for at in odd)
    sorted_ = {
        at: owner[content[at]] for at in odd if content[at] in owner and holds[content[at]] == 1
    }
    rest = [at for at in odd if at not in sorted_]
    bare = {
        at: tuple(EMPTY if c in answers else one for c, one in enumerate(content[at]))
        for at in rest
    }
    alike = Counter(bare.values())
    free = {told: key for told, key in owner.items() if key not in sorted_.values()}
    sorted_ |= {at: free[bare[at]] for at in rest if bare[at] in free and alike[bare[at]] == 1}
    taken = {*sorted_.values()}
    for at in odd:
        keys[at] = sorted_.get(at) or (LOST if keys[at] in taken else keys[at])
    return tuple(keys)


def _held(sums: Sequence[str], seat: int | None) -> str:
    return sums[seat] if seat is not None and seat < len(sums) else EMPTY


def _agrees(token: Token, content: Sequence[str]) -> bool:
    """Tell whether a row holds what its token says; a line without words, which any row would suit, only where it is empty."""
    if not any(one != EMPTY for one in token.sums):
        return not any(one != EMPTY for one in content)
    return all(one in (EMPTY, other) for one, other in zip(token.sums, content, strict=True))


def seen(rows: Sequence[Row], sheet: str) -> Found:
    """Look at a report that was read, by its key, wherever it is to be written next."""
    return found(rows, sheet.partition(":")[0], max((len(row) for row in rows), default=1) - 1)


def in_order(rows: Sequence[Row], sheet: str) -> list[list[Cell]]:
    """Return a report's rows as the report has them, whatever people have inserted between its columns or sorted.

    The hidden cell tells whose row it is by now, though a sort has left it behind; it tells nothing where that is not certain,
    so that no answer is taken for one about another company.
    """
    where = seen(rows, sheet)
    told = [where.cells(row) for row in rows]
    for cells, key, row in zip(told, where.keys, rows, strict=True):
        token = token_in(row[0]) if row else None
        if token is None:
            continue
        if token.key != key:
            cells[0] = f"{key}{MARK}" if key and key != LOST else None
        elif where.mixed and token.sums and not _agrees(token, _content(cells)):
            cells[0] = None
    return told


def _content(cells: Sequence[Cell]) -> list[str]:
    return [sum_of(cell) for cell in cells[1:]]
