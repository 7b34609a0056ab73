"""What a decision about a row rests on, condensed, so that a change is seen when it is read again.

When that is, and what then, is the services'.
"""

import json
from collections.abc import Iterable, Iterator
from hashlib import blake2b

from sheetsync.workbook.plan import DERIVED
from sheetsync.workbook.snapshot import Tab

# Made once: `json.dumps` makes one for each call that is not its plainest.
_written = json.JSONEncoder(ensure_ascii=False).encode


def fingerprint(tab: Tab, row: int) -> str:
    """Condense what a decision about a row rests on: its fields of the method.

    `row`: the sheet's own number, 1 is the top.
    """
    return next(fingerprints(tab, [row]))


def fingerprints(tab: Tab, rows: Iterable[int]) -> Iterator[str]:
    """Go through the fingerprints of some rows of a tab (the sheet's own numbers)."""
    # Not a team's own columns: a move copies them as they stand by then, and a formula of theirs
    # with TODAY() changes every midnight.
    columns = [
        column
        for field, column in sorted(tab.fields.items())
        if field not in DERIVED
    ]
    width = max(columns, default=-1) + 1
    lines = tab.grid.cells
    for row in rows:
        cells = lines[row - 1] if row <= len(lines) else ()
        if len(cells) < width:
            cells = [*cells, *[None] * (width - len(cells))]
        told = [
            None if (cell := cells[column]) == "" else cell
            for column in columns
        ]
        yield blake2b(_written(told).encode(), digest_size=8).hexdigest()
