"""The named points that a save passes, so that a test can let a process die at any of them.

What happens at a point is left to whoever waits for it (transport/gate.py); else nothing does.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# In the order in which a save passes them. A workbook in memory passes the first and last alone.
POINTS = (
    "before-commit",
    "before-save",
    "before-replace",
    "half-written",
    "before-rename",
    "checked",
    "exchanged",
    "after-replace",
    "after-commit",
)


def _nothing(_name: str) -> None:
    """Nobody waits."""


_waiting: ContextVar[Callable[[str], None]] = ContextVar(
    "waiting", default=_nothing
)


def passed(name: str) -> None:
    """Tell who waits in this thread that the point is reached.

    What they raise ends the save there.
    """
    _waiting.get()(name)


@contextmanager
def waiting(told: Callable[[str], None]) -> Iterator[None]:
    """Have `told` called with each point that this thread passes meanwhile."""
    token = _waiting.set(told)
    try:
        yield
    finally:
        _waiting.reset(token)
