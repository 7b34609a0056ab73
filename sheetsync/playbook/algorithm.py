"""The algorithm of selling (METHOD point 3a) as its tab says it: what to do in a state, and when.

It suggests; nothing moves by it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sheetsync.playbook.reading import PlaybookRow, TabReading

ALGORITHM = "algorithm"
"""The key of the tab."""
STEPS = "steps"
"""The key of its table."""
LONGEST_DAYS = 366
"""Days between two steps at most: what is more is no step but an archive."""
LONGEST_STEP = 200
"""Signs of a step that are told."""


class AlgorithmStep(NamedTuple):
    """What comes next in a state. `days`: from the last contact on, None where no number stands."""

    action: str
    days: int | None


class Suggestion(NamedTuple):
    """What the algorithm suggests for a company: what to do, until which day (None: no day)."""

    action: str
    until: date | None


@dataclass(frozen=True)
class Algorithm:
    """The steps, by the code of the state that they are taken in."""

    steps: Mapping[str, AlgorithmStep]

    def suggestion(
        self, state: str | None, last_contact: date | None
    ) -> Suggestion | None:
        """Return what comes next in a state, counted in calendar days; None where nothing does."""
        step = self.steps.get(state or "")
        if step is None:
            return None
        until = None
        if last_contact is not None and step.days is not None:
            until = _later(last_contact, step.days)
        return Suggestion(step.action, until)


def _later(day: date, days: int) -> date | None:
    """Return a day so many days later, None beyond the end of the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


NO_ALGORITHM = Algorithm({})
"""That of a base without the tab."""


def algorithm_of(readings: Sequence[TabReading]) -> Algorithm:
    """Return the algorithm that the playbook's tabs say; an empty one where none does."""
    for reading in readings:
        table = reading.section(STEPS)
        if reading.tab.key == ALGORITHM and table is not None:
            steps: dict[str, AlgorithmStep] = {}
            for row in table.rows:
                state = row.cell("state").value
                step = _step_of(row)
                # Of two rows for a state the first counts.
                if isinstance(state, str) and step is not None:
                    steps.setdefault(state, step)
            return Algorithm(steps)
    return NO_ALGORITHM


def _step_of(row: PlaybookRow) -> AlgorithmStep | None:
    """Return the step of a row, None where it says none."""
    action = row.cell("action").raw[:LONGEST_STEP].strip().rstrip(".")
    if not action:
        return None
    days = row.cell("days").value
    if not isinstance(days, int | float) or isinstance(days, bool):
        return AlgorithmStep(action, None)
    in_reach = 0 <= days <= LONGEST_DAYS
    return AlgorithmStep(action, int(days) if in_reach else None)
