"""How a report tab was found: which of its columns are the report's, and which line each row is.

What a line's hidden cell holds is report_keys.py's; what is written anew, the sheets room's. Pure.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from sheetsync.values import Cell
from sheetsync.workbook.answers import MARK, columns_asked, kind_of_report
from sheetsync.workbook.report_keys import EMPTY, LineToken, sum_of, token_in
from sheetsync.workbook.snapshot import Row

# People insert and delete columns and rows, and sort, on tabs that are the program's; what they
# have typed there has to be told from the report before it is written anew.

LOST = "lost"
"""The key of a row whose own key turned out to be another row's."""
_WIDTHS = {"manager": 6, "left": 6, "revision": 5}
"""How wide reports were before their lines remembered it."""
_SPARE = 26
"""Columns by which those of a report may have gone astray at most."""

Sums = tuple[str, ...]
"""A sum for each of a report's columns."""


class ReportTab(NamedTuple):
    """A report tab as people left it.

    `columns`: where each column of the report stands, 0 being A, None where it is gone. `keys`:
    each row's line, "" for a row that is none of the report's. `mixed`: rows hold what belongs to
    another's hidden cell, as after a sort that left it behind.
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
        return self.columns == _in_place(self.width)

    def theirs(self, columns: int) -> tuple[int, ...]:
        """Return the people's own columns among the first `columns` of the tab."""
        return tuple(column for column in range(1, columns) if column not in self.columns)

    def cells(self, row: Row) -> list[Cell]:
        """Return a row's cells as the report has them: the hidden one, then its own in order."""
        return [_item(row, column) for column in (0, *self.columns)]


def _item(row: Row, column: int | None) -> Cell:
    if column is None or column >= len(row):
        return None
    return row[column]


class _ReadLine(NamedTuple):
    """A row whose token tells of each of the report's columns: where it stands, what it holds now.

    `row` is 0-based; `held`: the sums of its cells, that of column A first.
    """

    row: int
    token: LineToken
    held: Sequence[str]

    def content(self, columns: Sequence[int | None]) -> Sums:
        """Return the sum of what it holds in each of the report's columns."""
        return tuple(str(_item(self.held, column) or EMPTY) for column in columns)


def recognise_report(rows: Sequence[Row], kind: str, width_now: int) -> ReportTab:
    """Look at a tab as it was read.

    `kind`: `manager`, `summary` …; `width_now`: the columns that the report is to have.
    """
    tokens = [token_in(row[0]) if row else None for row in rows]
    width = _width(rows, tokens, kind, width_now)
    sums = [[sum_of(cell) for cell in row[: width + 1 + _SPARE]] for row in rows]
    lines = [
        _ReadLine(row, token, held)
        for row, (token, held) in enumerate(zip(tokens, sums, strict=True))
        if token and len(token.sums) == width
    ]
    columns = _columns(lines, sums, width)
    keys = _keys(tokens, lines, columns, columns_asked(kind))
    return ReportTab(columns, keys, _is_mixed(tokens, keys))


def report_tab(rows: Sequence[Row], report: str) -> ReportTab:
    """Look at a report that was read, by its key, wherever it is to be written next."""
    widest = max((len(row) for row in rows), default=1)
    return recognise_report(rows, kind_of_report(report), widest - 1)


def in_order(rows: Sequence[Row], report: str) -> list[list[Cell]]:
    """Return a report's rows as the report has them.

    It does not matter what people have inserted between its columns, or sorted. The hidden cell
    tells whose row it is by now, though a sort has left it behind; it tells nothing where that is
    not certain, so that no answer is taken for one about another company.
    """
    tab = report_tab(rows, report)
    ordered = [tab.cells(row) for row in rows]
    for cells, key in zip(ordered, tab.keys, strict=True):
        token = token_in(cells[0])
        if token is None:
            continue
        if token.key != key:
            cells[0] = f"{key}{MARK}" if key != LOST else None
        elif tab.mixed and token.sums and not _agrees(token, tuple(map(sum_of, cells[1:]))):
            cells[0] = None
    return ordered


def _is_mixed(tokens: Sequence[LineToken | None], keys: Sequence[str]) -> bool:
    pairs = zip(tokens, keys, strict=True)
    return any(token is not None and token.key != key for token, key in pairs)


def _in_place(width: int) -> tuple[int, ...]:
    return tuple(range(1, width + 1))


def _width(
    rows: Sequence[Row], tokens: Sequence[LineToken | None], kind: str, width_now: int
) -> int:
    """Return how many columns the report had when it was written."""
    widths = Counter(len(token.sums) for token in tokens if token and token.sums)
    if widths:
        return widths.most_common(1)[0][0]
    if kind in _WIDTHS:
        return _WIDTHS[kind]
    for row, token in zip(rows, tokens, strict=True):
        if token and token.key == "columns:managers":
            return min(_filled_cells(row[1:]), width_now)
    return width_now


def _filled_cells(cells: Row) -> int:
    """Count the cells before the first empty one."""
    for index, cell in enumerate(cells):
        if cell in (None, ""):
            return index
    return len(cells)


def _columns(
    lines: Sequence[_ReadLine], sums: Sequence[Sequence[str]], width: int
) -> tuple[int | None, ...]:
    """Find each of the report's columns, in their order, by what was written into it."""
    own_columns = range(width)
    written = [sum(line.token.sums[own] != EMPTY for line in lines) for own in own_columns]
    if all(2 * _hits(lines, own, own + 1) >= written[own] for own in own_columns):
        return _in_place(width)
    reach = range(max((len(line.held) for line in lines), default=1))
    votes = [[_hits(lines, own, column) for column in reach] for own in own_columns]
    matched = {
        own: column for own, column in _aligned(votes) if 2 * votes[own][column] >= written[own] > 0
    }
    if 2 * len(matched) < sum(map(bool, written)):
        # Sorted without the hidden column, or written over: the columns tell nothing.
        return _in_place(width)
    return _seated(matched, written, sums)


def _hits(lines: Iterable[_ReadLine], own: int, column: int) -> int:
    """Count the rows that hold in a column of the tab what was written into one of the report's."""
    hits = 0
    for line in lines:
        wrote = line.token.sums[own]
        if wrote != EMPTY and column < len(line.held) and line.held[column] == wrote:
            hits += 1
    return hits


def _aligned(votes: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """Pair columns of the report with those of the tab, so that most cells agree.

    Neither order is changed; A is never one. `votes`: by the report's column and the tab's.
    """
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


def _best_scores(votes: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return how many cells agree at most from each pair of columns on to the right."""
    across = len(votes[0]) if votes else 0
    scores = [[0] * (across + 1) for _ in range(len(votes) + 1)]
    for own in reversed(range(len(votes))):
        for column in reversed(range(1, across)):
            paired = votes[own][column] + scores[own + 1][column + 1]
            scores[own][column] = max(scores[own + 1][column], scores[own][column + 1], paired)
    return scores


def _seated(
    matched: Mapping[int, int], written: Sequence[int], sums: Sequence[Sequence[str]]
) -> tuple[int | None, ...]:
    """Seat the columns that were not found by what is written between those that were.

    Where just as many stand there, they are those, written over; else one of which nothing is
    written takes an empty one. `written`: how many cells of each column of the report say anything.
    """
    seats: dict[int, int | None] = dict(matched)
    bounds = [-1, *sorted(matched), len(written)]
    for before, after in pairwise(bounds):
        gap = range(before + 1, after)
        left = matched.get(before, 0)
        right = matched.get(after)
        if right is not None and right - left - 1 == len(gap):
            seats.update(zip(gap, range(left + 1, right), strict=True))
            continue
        reach = range(left + 1, left + 1 + _SPARE if right is None else right)
        blanks = (column for column in reach if _is_blank(column, sums))
        for own in gap:
            seats[own] = None if written[own] else next(blanks, None)
    return tuple(seats[own] for own in range(len(written)))


def _is_blank(column: int, sums: Iterable[Sequence[str]]) -> bool:
    return all(column >= len(held) or held[column] == EMPTY for held in sums)


def _keys(
    tokens: Sequence[LineToken | None],
    lines: Sequence[_ReadLine],
    columns: Sequence[int | None],
    answers: Collection[int],
) -> tuple[str, ...]:
    """Tell which line each row is, "" where it is none.

    It is as its hidden cell says, unless another's says word for word what stands in the row: so it
    is after a sort that has left the hidden column behind. `answers`: the columns in which people
    may have answered.
    """
    keys = ["" if token is None else token.key for token in tokens]
    odd_lines = [line for line in lines if not _agrees(line.token, line.content(columns))]
    contents = {line.row: line.content(columns) for line in odd_lines}
    keys_by_content = _keys_after_sort(contents, _owners(odd_lines), answers)
    claimed = set(keys_by_content.values())
    for row in contents:
        if row in keys_by_content:
            keys[row] = keys_by_content[row]
        elif keys[row] in claimed:
            keys[row] = LOST
    return tuple(keys)


def _owners(lines: Sequence[_ReadLine]) -> dict[Sums, str]:
    """Return the key of the one line that was written with such sums."""
    alike = Counter(line.token.sums for line in lines)
    return {line.token.sums: line.token.key for line in lines if alike[line.token.sums] == 1}


def _keys_after_sort(
    contents: Mapping[int, Sums], owners: Mapping[Sums, str], answers: Collection[int]
) -> dict[int, str]:
    """Return the keys of rows that hold what another line's token says.

    Rows that hold it word for word come first; then those that do but for what people answered.
    """
    keys = _keys_by_content(contents, owners)
    claimed = set(keys.values())
    unclaimed = {sums: key for sums, key in owners.items() if key not in claimed}
    without_answers: dict[int, Sums] = {}
    for row, content in contents.items():
        if row not in keys:
            without_answers[row] = _without(content, answers)
    return keys | _keys_by_content(without_answers, unclaimed)


def _keys_by_content(contents: Mapping[int, Sums], owners: Mapping[Sums, str]) -> dict[int, str]:
    """Return the keys of the rows of which no other holds the same."""
    alike = Counter(contents.values())
    return {
        row: owners[content]
        for row, content in contents.items()
        if content in owners and alike[content] == 1
    }


def _without(content: Sums, answers: Collection[int]) -> Sums:
    sums = list(content)
    for column in answers:
        if column < len(sums):
            sums[column] = EMPTY
    return tuple(sums)


def _agrees(token: LineToken, content: Sums) -> bool:
    """Tell whether a row holds what its token says.

    A line without words, which any row would suit, does so only where the row is empty.
    """
    if all(wrote == EMPTY for wrote in token.sums):
        return all(held == EMPTY for held in content)
    return all(wrote in (EMPTY, held) for wrote, held in zip(token.sums, content, strict=True))
