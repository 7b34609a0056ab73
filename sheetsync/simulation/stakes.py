"""What a limit of so many days puts at stake, and what the places that it frees are worth.

Never one number: none of the companies that are put away may come back, or all of them may, and
nothing in a base tells which. Rates are of 30 days.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from sheetsync.simulation.competing_risks import Days, Incidence
from sheetsync.simulation.courses import Courses, Ending
from sheetsync.values import to_serial

MONTH = 30
"""Days over which rates are told."""


class Wins(NamedTuple):
    """Wins over `MONTH` days, and what they were worth in the book's currency."""

    number: float
    amount: float


@dataclass(frozen=True)
class Stake:
    """What a limit of `limit` days means for the courses that were watched.

    `estimated`, `observed`: the share of wins that came after that day, by the estimate, in which
    open courses count, and of the wins that were seen; None without a win. `most`: what is lost
    where nobody who is put away comes back (where all come back nothing is). `load`, `load_then`:
    companies in work at once, as it was and under the limit. `worth`: what the places that come
    free would win at the team's own rate.
    """

    limit: int
    estimated: float | None
    observed: float | None
    most: Wins
    load: float
    load_then: float
    worth: Wins

    @property
    def freed(self) -> float:
        """Places of the working lists that come free."""
        return self.load - self.load_then


def stake_of(
    courses: Courses, incidence: Incidence, limit: int, today: int
) -> Stake:
    """Return what a limit puts at stake. `today`: the serial day until which was watched."""
    watched = courses.watched
    frame = courses.frame
    won = frame["ending"].to_numpy(dtype=object) == Ending.WON
    amounts = np.nan_to_num(frame["amount"].to_numpy(dtype=np.float64))
    late = won & (watched.left > limit)
    wins = int(won.sum())
    months = _days_watched(courses, today) / MONTH
    in_time = _days_in_work(courses, limit)
    in_all = _days_in_work(courses, incidence.last_day)
    won_in_time = won & ~late
    rate = _Rate(int(in_time.sum()), months)
    return Stake(
        limit,
        incidence.won_after(limit),
        int(late.sum()) / wins if wins else None,
        _wins(late, amounts, months),
        load=float(in_all.sum()) / (months * MONTH),
        load_then=float(in_time.sum()) / (months * MONTH),
        worth=rate.of_freed(
            int(in_all.sum() - in_time.sum()), won_in_time, amounts
        ),
    )


class _Rate(NamedTuple):
    """Days in work within a limit, and the months over which they were watched."""

    days: int
    months: float

    def of_freed(
        self,
        days: int,
        won: "np.ndarray[Any, Any]",
        amounts: "np.ndarray[Any, Any]",
    ) -> Wins:
        """Return what so many more days in work win, at the rate of those within the limit."""
        if not self.days:
            return Wins(0.0, 0.0)
        share = days / self.days / self.months
        return Wins(float(won.sum()) * share, float(amounts[won].sum()) * share)


def _wins(
    marks: "np.ndarray[Any, Any]",
    amounts: "np.ndarray[Any, Any]",
    months: float,
) -> Wins:
    return Wins(
        float(marks.sum()) / months, float(amounts[marks].sum()) / months
    )


def _days_watched(courses: Courses, today: int) -> int:
    """Return over how many days the courses were watched; at least one."""
    first = int(courses.frame["began"].min())
    if courses.known_from is not None:
        first = max(first, to_serial(courses.known_from))
    return max(today - first, 1)


def _days_in_work(courses: Courses, limit: int) -> Days:
    """Return how many days each course was watched in work, up to a limit."""
    watched = courses.watched
    entered = np.maximum(watched.entered, 0)
    left = np.minimum(watched.left, limit)
    days: Days = np.maximum(left - entered, 0)
    return days
