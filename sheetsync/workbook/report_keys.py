"""The hidden first cell of a report's line: the line's key, a sum of each of its cells, and a digest of how all of it looks.

The sums tell, when the tab is read again, which of its columns are the report's and which line a row is, whatever people have
inserted, deleted or sorted meanwhile. Sums and digest are written in hexadecimal: two signs a cell, then twelve.
"""

import re
import zlib
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

from sheetsync.values import Cell
from sheetsync.workbook.answers import MARK

DIGEST = 12
EMPTY = "00"
"""The sum of a cell that tells nothing: an empty one, a box to tick, one that people answer in."""
_HEX = re.compile(rf"(?:[0-9a-f]{{2}})*[0-9a-f]{{{DIGEST}}}")


class Token(NamedTuple):
    """A line's key, and the sum of each cell of its report; no sums where an older version wrote it."""

    key: str
    sums: tuple[str, ...] = ()


@lru_cache(maxsize=200_000, typed=True)
def sum_of(value: Cell) -> str:
    """Return two hexadecimal digits for what a cell holds, the same for a number however many digits a file keeps of it."""
    if value is None or value == "" or isinstance(value, bool):
        return EMPTY
    text = f"n{float(value):.12g}" if isinstance(value, int | float) else f"t{value}"
    return f"{zlib.crc32(text.encode('utf-8', 'surrogatepass')) % 255 + 1:02x}"


def written(key: str, values: Sequence[Cell], answered: Collection[int], digest: str) -> str:
    """Return the token of a line. `answered`: the cells (0 being the report's first) that people change."""
    sums = (EMPTY if at in answered else sum_of(value) for at, value in enumerate(values))
    return f"{key}{MARK}{''.join(sums)}{digest[:DIGEST]}"


def token_in(cell: Cell) -> Token | None:
    """Read a token; None where the cell holds none."""
    if not isinstance(cell, str):
        return None
    key, mark, told = cell.rpartition(MARK)
    if not mark or not key or not _HEX.fullmatch(told):
        return None
    sums = told[:-DIGEST]
    return Token(key, tuple(sums[at : at + 2] for at in range(0, len(sums), 2)))
