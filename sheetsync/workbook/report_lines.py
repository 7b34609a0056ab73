"""How a report tab was found: which line each of its rows is.

Which of its columns are the report's is report_columns.py's; what a line's hidden cell holds,
report_keys.py's; what is written anew, the sheets room's. Pure.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sheetsync.values import Cell
from sheetsync.workbook.answers import MARK, columns_asked, kind_of_report
from sheetsync.workbook.report_columns import (
    SPARE,
    Columns,
    ReadLine,
    Sums,
    cells_in,
    in_place,
    report_columns,
)
from sheetsync.workbook.report_keys import (
    EMPTY,
    LineToken,
    sum_of,
    token_in,
    without_answers,
)
from sheetsync.workbook.snapshot import Row

# People insert and delete columns and rows, and sort, on tabs that are the program's; what they
# have typed there has to be told from the report before it is written anew.

LOST = "lost"
"""The key of a row whose own key turned out to be another row's."""
NO_LINE = LineToken("")
"""The token of a row that is none of the report's."""
# How wide reports were before their lines remembered it.
_WIDTHS = {"manager": 6, "left": 6, "revision": 5}


class ReportTab(NamedTuple):
    """A report tab as people left it.

    `columns`: where each column of the report stands, 0 being A, None where it is gone. `keys`:
    each row's line, "" for a row that is none of the report's. `mixed`: rows hold what belongs to
    another's hidden cell, as after a sort that left it behind.
    """

    columns: Columns
    keys: tuple[str, ...]
    mixed: bool = False

    @property
    def width(self) -> int:
        """How many columns the report had when it was written."""
        return len(self.columns)

    @property
    def in_place(self) -> bool:
        """Whether the report's columns stand where they were written."""
        return self.columns == in_place(self.width)

    def theirs(self, columns: int) -> tuple[int, ...]:
        """Return the people's own columns among the first `columns` of the tab."""
        return tuple(
            column for column in range(1, columns) if column not in self.columns
        )

    def cells(self, row: Row) -> list[Cell]:
        """Return a row's cells as the report has them: the hidden one, then its own in order."""
        return [row[0] if row else None, *cells_in(row, self.columns)]


def recognise_report(
    rows: Sequence[Row], kind: str, width_now: int
) -> ReportTab:
    """Look at a tab as it was read.

    `kind`: `manager`, `summary` …; `width_now`: the columns that the report is to have.
    """
    tokens = [_token_of(row) for row in rows]
    width = _width(rows, tokens, kind, width_now)
    sums = [tuple(map(sum_of, row[: width + 1 + SPARE])) for row in rows]
    lines = []
    for row, (token, held) in enumerate(zip(tokens, sums, strict=True)):
        if token.key and len(token.sums) == width:
            lines.append(ReadLine(row, token, held))
    columns = report_columns(lines, sums, width)
    keys = _keys(tokens, lines, columns, columns_asked(kind))
    mixed = keys != tuple(token.key for token in tokens)
    return ReportTab(columns, keys, mixed)


def _token_of(row: Row) -> LineToken:
    """Return the token of a row's hidden cell; that of no line where it has none."""
    cells = row[:1] or [None]
    return token_in(cells[0]) or NO_LINE


def report_tab(rows: Sequence[Row], report: str) -> ReportTab:
    """Look at a report that was read, by its key, wherever it is to be written next."""
    widest = max((len(row) for row in rows), default=1)
    return recognise_report(rows, kind_of_report(report), widest - 1)


def in_order(rows: Sequence[Row], report: str) -> list[list[Cell]]:
    """Return a report's rows as the report has them.

    It does not matter what people have inserted between its columns, or sorted. The hidden cell
    tells whose row it is by now, though a sort has left it behind; it tells nothing where that is
    not certain.
    """
    tab = report_tab(rows, report)
    ordered = [tab.cells(row) for row in rows]
    for cells, key in zip(ordered, tab.keys, strict=True):
        token = _token_of(cells)
        if token.key != key:
            cells[0] = f"{key}{MARK}" if key != LOST else None
        # No answer may be taken for one about another company.
        elif (
            tab.mixed
            and token.sums
            and not _agrees(token, tuple(map(sum_of, cells[1:])))
        ):
            cells[0] = None
    return ordered


def _width(
    rows: Sequence[Row], tokens: Sequence[LineToken], kind: str, width_now: int
) -> int:
    """Return how many columns the report had when it was written."""
    widths = Counter(len(token.sums) for token in tokens if token.sums)
    if widths:
        return widths.most_common(1)[0][0]
    if kind in _WIDTHS:
        return _WIDTHS[kind]
    for row, token in zip(rows, tokens, strict=True):
        if token.key == "columns:managers":
            return min(_filled_cells(row[1:]), width_now)
    return width_now


def _filled_cells(cells: Row) -> int:
    """Count the cells before the first empty one."""
    for index, cell in enumerate(cells):
        if cell in (None, ""):
            return index
    return len(cells)


def _keys(
    tokens: Sequence[LineToken],
    lines: Sequence[ReadLine],
    columns: Columns,
    answers: Collection[int],
) -> tuple[str, ...]:
    """Tell which line each row is, "" where it is none.

    It is as its hidden cell says, unless another's says word for word what stands in the row: so it
    is after a sort that has left the hidden column behind. `answers`: the columns in which people
    may have answered.
    """
    keys = [token.key for token in tokens]
    odd_lines = [
        line for line in lines if not _agrees(line.token, line.content(columns))
    ]
    contents = {line.row: line.content(columns) for line in odd_lines}
    keys_by_content = _keys_after_sort(contents, _owners(odd_lines), answers)
    claimed = set(keys_by_content.values())
    for row in contents:
        if row in keys_by_content:
            keys[row] = keys_by_content[row]
        elif keys[row] in claimed:
            keys[row] = LOST
    return tuple(keys)


def _owners(lines: Sequence[ReadLine]) -> dict[Sums, str]:
    """Return the key of the one line that was written with such sums."""
    # Lines that were written alike cannot be told apart by what they hold.
    alike = Counter(line.token.sums for line in lines)
    return {
        line.token.sums: line.token.key
        for line in lines
        if alike[line.token.sums] == 1
    }


def _keys_after_sort(
    contents: Mapping[int, Sums],
    owners: Mapping[Sums, str],
    answers: Collection[int],
) -> dict[int, str]:
    """Return the keys of rows that hold what another line's token says.

    Rows that hold it word for word come first; then those that do but for what people answered.
    """
    keys = _keys_by_content(contents, owners)
    claimed = set(keys.values())
    unclaimed = {
        sums: key for sums, key in owners.items() if key not in claimed
    }
    bare_contents = {}
    for row, content in contents.items():
        if row not in keys:
            bare_contents[row] = without_answers(content, answers)
    return keys | _keys_by_content(bare_contents, unclaimed)


def _keys_by_content(
    contents: Mapping[int, Sums], owners: Mapping[Sums, str]
) -> dict[int, str]:
    """Return the keys of the rows of which no other holds the same."""
    alike = Counter(contents.values())
    return {
        row: owners[content]
        for row, content in contents.items()
        if content in owners and alike[content] == 1
    }


def _agrees(token: LineToken, content: Sums) -> bool:
    """Tell whether a row holds what its token says.

    A line without words, which any row would suit, does so only where the row is empty.
    """
    if all(wrote == EMPTY for wrote in token.sums):
        return all(held == EMPTY for held in content)
    return all(
        wrote in (EMPTY, held)
        for wrote, held in zip(token.sums, content, strict=True)
    )
