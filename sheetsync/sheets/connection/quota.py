"""Google's quota, kept by all lines of a process together, and shared out fairly among books.

60 reads and 60 writes a minute for an account, 300 of each for a project (API fact). How fast one
spreadsheet may be asked is `client.RequestPace`'s. pyrate-limiter keeps such windows too, but lets
whoever asks first go first: a book with many requests would keep all others waiting.
"""

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from types import MappingProxyType
from typing import Any

MINUTE = 60.0
PER_ACCOUNT = 60
PER_PROJECT = 300
KINDS = ("read", "write")


class Window:
    """At most `most` requests in any span of `seconds`."""

    def __init__(self, most: int, seconds: float) -> None:
        self._seconds = seconds
        self._taken: deque[float] = deque(maxlen=most)

    def pause(self, now: float) -> float:
        """Return in how many seconds the next request may be sent; 0 at once."""
        if len(self._taken) < (self._taken.maxlen or 0):
            return 0.0
        return max(0.0, self._taken[0] + self._seconds - now)

    def take(self, now: float) -> None:
        """Note a request."""
        self._taken.append(now)


@dataclass
class Turns:
    """Whose request is next: the book's that was served longest ago, then who came first."""

    _served: dict[str, int] = field(default_factory=dict)
    _waiting: list[tuple[str, int]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def join(self, book: str) -> tuple[str, int]:
        """Stand in the queue; return the ticket."""
        ticket = (book, next(self._numbers))
        self._waiting.append(ticket)
        return ticket

    def is_next(self, ticket: tuple[str, int]) -> bool:
        """Tell whether it is this ticket's turn."""
        return ticket == min(self._waiting, key=self._rank)

    def _rank(self, ticket: tuple[str, int]) -> tuple[int, int]:
        book, number = ticket
        return self._served.get(book, 0), number

    def serve(self, ticket: tuple[str, int]) -> None:
        """Note that a ticket's book was served."""
        self._served[ticket[0]] = next(self._numbers)

    def leave(self, ticket: tuple[str, int]) -> None:
        """Leave the queue."""
        self._waiting.remove(ticket)


Sleep = Callable[[threading.Condition, float | None], object]
"""Waits until others have moved on, or for so many seconds."""


class Quota:
    """What one account may send, of one kind; `project`: a window that accounts share."""

    def __init__(
        self,
        account: Window,
        project: Window,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Sleep = threading.Condition.wait,
    ) -> None:
        self.project = project
        self._windows = (account, project)
        self._clock = clock
        self._sleep = sleep
        self._turns = Turns()
        self._changed = threading.Condition()

    def wait(self, book: str) -> None:
        """Return when a request of a book may be sent; books take turns where they must wait."""
        with self._changed:
            ticket = self._turns.join(book)
            try:
                self._wait_for(ticket)
                self._turns.serve(ticket)
            # One that is broken off while it waits must not keep its place for ever.
            finally:
                self._turns.leave(ticket)
                self._changed.notify_all()

    def wake(self) -> None:
        """Have those who wait look at the clock again."""
        with self._changed:
            self._changed.notify_all()

    def _wait_for(self, ticket: tuple[str, int]) -> None:
        """Take a place in all windows once it is this ticket's turn and there is one."""
        while True:
            now = self._clock()
            pause = max(window.pause(now) for window in self._windows)
            if pause <= 0 and self._turns.is_next(ticket):
                break
            # Whoever has been served wakes the others; a minute that goes by wakes nobody.
            self._sleep(self._changed, pause if pause > 0 else None)
        for window in self._windows:
            window.take(now)


Quotas = Mapping[str, Quota]
"""What an account may send, by kind: `read`, `write`."""


class QuotaKeeper:
    """The quotas of all accounts of a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._projects: defaultdict[tuple[str, str], Window] = defaultdict(
            lambda: Window(PER_PROJECT, MINUTE)
        )
        self._quotas: dict[str, Quotas] = {}

    def of(self, credentials: Any, account: str | None) -> Quotas:
        """Return the quotas of an account.

        A user's own, which tells no address, is one account; a project that is not told is one.
        """
        name = account or ""
        project = str(getattr(credentials, "project_id", "") or "")
        with self._lock:
            if name not in self._quotas:
                self._quotas[name] = MappingProxyType(
                    {kind: self._new(kind, project) for kind in KINDS}
                )
            return self._quotas[name]

    def _new(self, kind: str, project: str) -> Quota:
        return Quota(Window(PER_ACCOUNT, MINUTE), self._projects[project, kind])


OF_PROCESS = QuotaKeeper()
"""The quotas of this process: whatever threads run books, they share one account's minute."""
