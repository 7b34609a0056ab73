"""What a decision about a row rests on, condensed, so that a change is seen when it is read again.

When that is, and what then, is the services'.
"""

import hashlib
import json

from sheetsync.workbook.plan import DERIVED
from sheetsync.workbook.snapshot import Tab


def fingerprint(tab: Tab, row: int) -> str:
    """Condense what a decision about a row rests on: its fields of the method.

    `row`: the sheet's own number, 1 is the top.
    """
    cells = []
    # Not a team's own columns: a move copies them as they stand by then, and a formula of theirs
    # with TODAY() changes every midnight.
    for field, column in sorted(tab.fields.items()):
        if field not in DERIVED:
            cell = tab.grid.cell(row - 1, column)
            cells.append(None if cell == "" else cell)
    essence = json.dumps(cells, ensure_ascii=False)
    return hashlib.blake2b(essence.encode(), digest_size=8).hexdigest()
