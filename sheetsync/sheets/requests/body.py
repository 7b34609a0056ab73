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
that it takes over a batch (docs/google-unknowns.md). What turns out too slow is halved."""
SHORTEST = 100_000
"""Bytes of a batch that is not halved any more: what is slow then is not its length."""
MOST_CELLS = 10_000_000
"""Cells that all tabs of a spreadsheet have together at most, empty ones too (API fact)."""
MOST_COLUMNS = 18_278
"""Columns of a tab at most (API fact)."""
SPARE = 0.95
"""How much of that is used at most: the lock's own requests come to what was measured."""


class BatchRoom(NamedTuple):
    """How much one batch may hold.

    `size` (bytes) and `requests`: what the service refuses beyond. `moves` (rows) and `swift`
    (bytes): what it is thought to carry out in its time; a single row or report may be longer.
    `cells`: of all tabs of the book together, what it has room for.
    """

    size: int = LARGEST
    requests: int = MOST_REQUESTS
    moves: int = MOST_MOVES
    swift: int = LARGEST
    cells: int = MOST_CELLS

    def load(self, body: Mapping[str, Any], moves: int) -> float:
        """Return how much of a batch's room a body takes: above 1 it does not fit.

        `moves`: how many rows it moves.
        """
        size = len(encoded(body))
        return max(
            self._refused(body, size), size / self.swift, moves / self.moves
        )

    def takes(self, body: Mapping[str, Any]) -> bool:
        """Tell whether a body is not too large for the service, be it slow."""
        return self._refused(body, len(encoded(body))) <= 1

    def _refused(self, body: Mapping[str, Any], size: int) -> float:
        """Return how near a body of that many bytes is to what is refused, at 1."""
        count = len(body["requests"]) / (self.requests * SPARE)
        return max(size / (self.size * SPARE), count)

    def halved(self, body: Mapping[str, Any], moves: int) -> "BatchRoom":
        """Return the room for half of a body that was too slow.

        The room itself where less would not help. `moves`: how many rows it moves.
        """
        size = min(self.swift, len(encoded(body)))
        room = self
        if size > SHORTEST:
            room = room._replace(swift=max(size // 2, SHORTEST))
        if moves > 1:
            room = room._replace(moves=min(self.moves, moves) // 2)
        return room


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
