"""Whether the share won changes with time: by the quarter in which work began.

A limit is judged by the past; where the past differs from quarter to quarter, that is said.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import NamedTuple

from sheetsync.simulation.competing_risks import DayShares, Incidence
from sheetsync.simulation.courses import Courses, day_of

LEAST_AT_RISK = 30
"""Of fewer courses under watch no sentence is said."""

SURE = 0.99
"""How sure it must be that rates differ before it is said that they do."""


class Quarter(NamedTuple):
    """A quarter of a year, in which the work of some courses began. `number`: 1 to 4."""

    year: int
    number: int


@dataclass(frozen=True)
class QuarterShares:
    """What came of the courses of one quarter by a day."""

    quarter: Quarter
    courses: int
    shares: DayShares
    deviation: float

    @property
    def enough(self) -> bool:
        """Whether so many were under watch that something may be said."""
        return self.shares.at_risk >= LEAST_AT_RISK


@dataclass(frozen=True)
class Drift:
    """The shares by quarter, the oldest first, and whether they differ by more than chance."""

    day: int
    quarters: tuple[QuarterShares, ...]

    @property
    def differs(self) -> bool:
        """Tell whether the shares won differ by more than chance, with `SURE`."""
        known = [quarter for quarter in self.quarters if quarter.enough]
        known = [quarter for quarter in known if quarter.deviation > 0]
        others = len(known) - 1
        if others < 1:
            return False
        spread = _spread(known)
        return spread > _chi_square(others, SURE)


def drift_of(courses: Courses, day: int) -> Drift:
    """Return what came of courses by a day of work, by the quarter of their beginning."""
    quarters = courses.frame["began"].map(_quarter_of)
    shares = []
    for quarter in sorted(set(quarters)):
        of_quarter = courses.among(quarters == quarter)
        incidence = Incidence(of_quarter.watched)
        shares.append(
            QuarterShares(
                quarter,
                len(of_quarter.frame),
                incidence.by(day),
                incidence.deviation(day),
            )
        )
    return Drift(day, tuple(shares))


def _quarter_of(serial: int) -> Quarter:
    day = day_of(serial)
    return Quarter(day.year, (day.month + 2) // 3)


def _spread(quarters: Sequence[QuarterShares]) -> float:
    """Return Cochran's Q: how far the shares lie from their mean, in standard errors squared."""
    weights = [1 / quarter.deviation**2 for quarter in quarters]
    shares = [quarter.shares.won for quarter in quarters]
    pairs = [*zip(weights, shares, strict=True)]
    mean = math.fsum(w * share for w, share in pairs) / math.fsum(weights)
    return math.fsum(w * (share - mean) ** 2 for w, share in pairs)


def _chi_square(freedom: int, share: float) -> float:
    """Return a quantile of the chi-square distribution, as Wilson and Hilferty approach it."""
    ninth = 2 / (9 * freedom)
    normal = NormalDist().inv_cdf(share)
    return float(freedom * (1 - ninth + normal * math.sqrt(ninth)) ** 3)
