"""The hidden first cell of a report's line: its key, a sum of each of its cells, and a digest.

Which columns and lines of a tab are the report's, as these tell, is worked out in report_lines.py.
"""

import re
import zlib
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

from sheetsync.values import Cell
from sheetsync.workbook.answers import MARK

# The digest of how all of a line looks, links and colours included, tells which lines changed: only
# those are written. The sums tell, when the tab is read again, how wide the report was, which
# columns are people's, and whose row it is after a sort without that column.

DIGEST = 12
"""Hexadecimal signs of a digest, after two for each sum."""
_SUM = 2
EMPTY = "00"
"""The sum of a cell that tells nothing: an empty one, a box to tick, one that people answer in."""
_SUMS_AND_DIGEST = re.compile(rf"(?:[0-9a-f]{{{_SUM}}})*[0-9a-f]{{{DIGEST}}}")


class LineToken(NamedTuple):
    """A line's key, and the sum of each cell of its report; none in tokens of old versions."""

    key: str
    sums: tuple[str, ...] = ()


# Typed, as for a cache True is 1.
@lru_cache(maxsize=200_000, typed=True)
def sum_of(value: Cell) -> str:
    """Return two hexadecimal digits for what a cell holds.

    They are the same for a number however many of its digits a file keeps.
    """
    if value is None or value == "" or isinstance(value, bool):
        return EMPTY
    text = (
        f"n{float(value):.12g}"
        if isinstance(value, int | float)
        else f"t{value}"
    )
    checksum = zlib.crc32(text.encode("utf-8", "surrogatepass"))
    # Never 00, which is the sum of a cell that tells nothing.
    return f"{checksum % 255 + 1:02x}"


def written(
    key: str, values: Sequence[Cell], answered: Collection[int], digest: str
) -> str:
    """Return the token of a line.

    `answered`: the cells (0 being the report's first) that people change.
    """
    sums = without_answers([sum_of(value) for value in values], answered)
    return f"{key}{MARK}{''.join(sums)}{digest[:DIGEST]}"


def without_answers(
    sums: Sequence[str], answered: Collection[int]
) -> tuple[str, ...]:
    """Return a line's sums as they are written: cells that people change tell nothing."""
    telling = list(sums)
    for column in answered:
        if column < len(telling):
            telling[column] = EMPTY
    return tuple(telling)


def token_in(cell: Cell) -> LineToken | None:
    """Read a token; None where the cell holds none."""
    if not isinstance(cell, str):
        return None
    key, _, signs = cell.rpartition(MARK)
    if not key or not _SUMS_AND_DIGEST.fullmatch(signs):
        return None
    sums = signs[:-DIGEST]
    return LineToken(
        key,
        tuple(
            sums[start : start + _SUM] for start in range(0, len(sums), _SUM)
        ),
    )
