"""References as formulas have them: cells, columns, and the tabs that they name."""

import re
from collections.abc import Sequence

from openpyxl.utils.cell import column_index_from_string

CELL = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)(\d+)")
COLUMN = re.compile(r"(\$?)([A-Za-z]{1,3})")
_TITLED = re.compile(r"('(?:[^']|'')+'|[^'!]+)!([^!]+)")


def column_of(letters: str) -> int:
    """Return the 0-based column of its letters."""
    return column_index_from_string(letters.upper()) - 1


def titled_cells(reference: str) -> tuple[str | None, str]:
    """Cut a reference into its tab, as formulas have it, and its cells; None: it names no tab."""
    titled = _TITLED.fullmatch(reference)
    return (None, reference) if titled is None else (titled[1], titled[2])


def plain_title(title: str) -> str:
    """Return a tab's title out of a formula."""
    if not title.startswith("'"):
        return title
    return title[1:-1].replace("''", "'")


def side_by_side(columns: Sequence[int | None]) -> bool:
    """Tell whether these columns are there and follow one another."""
    first = columns[0]
    return first is not None and [*columns] == [
        *range(first, first + len(columns))
    ]
