"""What a line of the Journal holds as data, where it can be read.

What the data of each kind of line mean is said where they are written (`reporting.journal`).
"""

import json
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from sheetsync.workbook.journal import JournalLine

Data = Mapping[str, Any]


def data_of(line: JournalLine, *names: str) -> Data | None:
    """Return a line's data; None where it has none, or not all of `names`."""
    try:
        data = json.loads(line.data)
    except (ValueError, RecursionError):
        # People can reach the Journal: what is no JSON object of ours counts as nothing.
        return None
    if not isinstance(data, dict) or not data.keys() >= set(names):
        return None
    return data


def mark_of(key: str) -> str:
    """Shorten the key of what was told: the Journal need not say again what it is about."""
    # People may have typed halves of pairs, which no encoding has.
    data = key.encode("utf-8", "replace")
    return blake2b(data, digest_size=6).hexdigest()
