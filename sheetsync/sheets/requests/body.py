"""A batch as it travels: its JSON, as short as it can be said, and what the service takes of it."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

LARGEST = 10_485_760
"""Bytes of a body that Google takes; it advises two million (API fact)."""
MOST_REQUESTS = 100_000
"""Requests of one batch that Google takes (API fact)."""
MOST_MOVES = 5_000
"""Rows that one batch moves: how long Google takes over one is not known, and 180 seconds are all
that it takes over a batch (docs/google-unknowns.md)."""
SPARE = 0.95
"""How much of that is used at most: the lock's own requests come to what was measured."""


class BatchRoom(NamedTuple):
    """How much one batch may hold."""

    size: int = LARGEST
    requests: int = MOST_REQUESTS
    moves: int = MOST_MOVES

    def load(self, body: Mapping[str, Any], moves: int) -> float:
        """Return how much of a batch's room a body takes: above 1 it does not fit.

        `moves`: how many rows it moves.
        """
        size = len(encoded(body)) / (self.size * SPARE)
        count = len(body["requests"]) / (self.requests * SPARE)
        return max(size, count, moves / self.moves)


def encoded(body: Mapping[str, Any]) -> bytes:
    """Return the JSON of a body without spaces, letters as they are.

    Escaped, a Cyrillic letter is three times as long.
    """
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError:
        # A lone surrogate, as a damaged cell may hold one, has no UTF-8: it travels escaped.
        return json.dumps(body, separators=(",", ":")).encode()
