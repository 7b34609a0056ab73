"""Threads for books: so many at a time, one for a book, and one that hangs takes no place.

A thread cannot be ended from without. One that has been at work too long is therefore not counted
any more, so that the others go on; its book waits until it has ended, so that no book is ever run
twice at a time, and there are never more such threads than books. Python's own pool counts a
hanging thread for good, and waits for it at the end of the program.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

PAUSE = 0.05
"""Seconds between two looks at whether all threads have ended."""


@dataclass
class _Worker:
    name: str
    thread: threading.Thread
    began: float
    hangs: bool = False


class Workers:
    """At most `most` threads that do not hang. All calls come from one thread."""

    def __init__(
        self,
        most: int,
        longest: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.most = most
        self.longest = longest
        self._clock = clock
        self._workers: dict[str, _Worker] = {}

    def start(self, key: str, name: str, work: Callable[[], None]) -> bool:
        """Begin a work in a thread of its own; False where its key is at work, or none is free."""
        self._forget_ended()
        counted = [w for w in self._workers.values() if not w.hangs]
        if key in self._workers or len(counted) >= self.most:
            return False
        # The program does not wait for it at its end: a hanging thread would never let it go.
        thread = threading.Thread(target=work, name=name, daemon=True)
        self._workers[key] = _Worker(name, thread, self._clock())
        thread.start()
        return True

    def _forget_ended(self) -> None:
        for key, worker in [*self._workers.items()]:
            if not worker.thread.is_alive():
                del self._workers[key]

    def at_work(self) -> tuple[str, ...]:
        """Return the names of those that have not ended."""
        self._forget_ended()
        return tuple(worker.name for worker in self._workers.values())

    def newly_hanging(self) -> tuple[str, ...]:
        """Return the names of those that have been at work too long since the last question."""
        self._forget_ended()
        names = []
        for worker in self._workers.values():
            too_long = self._clock() - worker.began > self.longest
            if too_long and not worker.hangs:
                worker.hangs = True
                names.append(worker.name)
        return tuple(names)

    def wait(self, seconds: float) -> tuple[str, ...]:
        """Wait until all have ended, so long at most; return the names of those that have not."""
        until = self._clock() + seconds
        while self.at_work() and self._clock() < until:
            time.sleep(PAUSE)
        return self.at_work()
