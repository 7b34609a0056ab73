"""New ids, as Google gives them: random positive int32 that nobody has yet.

Ids that must be the same in every run are made in stored_state.py.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Iterable


def fresh_id(taken: Iterable[int]) -> int:
    """Give a positive int32 that is not among `taken`."""
    used = taken if isinstance(taken, (set, frozenset)) else set(taken)
    while True:
        number = secrets.randbelow(2**31 - 1) + 1
        if number not in used:
            return number


def fresh_book_id(taken: Container[str]) -> str:
    """Give a spreadsheet id as Google makes them: 44 letters, digits, - and _."""
    while True:
        number = "1" + secrets.token_urlsafe(33)[:43]
        if number not in taken:
            return number
