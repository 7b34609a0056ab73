"""How work grows with what it works on: a ratio of processor time, for seconds say more of the machine than of the code."""

import time
from collections.abc import Callable

# Below this a clock tells of itself: times are counted as at least so long.
_SHORTEST = 0.005


def _seconds(work: Callable[[], object], attempts: int) -> float:
    """Processor time of the quickest attempt: other work on the machine only ever makes one longer."""
    taken = []
    for _ in range(attempts):
        started = time.process_time()
        work()
        taken.append(time.process_time() - started)
    return max(min(taken), _SHORTEST)


def growth(small: Callable[[], object], large: Callable[[], object], attempts: int = 3) -> float:
    """How many times as long the larger work takes."""
    shorter = _seconds(small, attempts)
    return _seconds(large, attempts) / shorter
