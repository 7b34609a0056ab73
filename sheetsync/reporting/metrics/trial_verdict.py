"""What a trial of the model comes to (METHOD point 9): keep the model, or change a number.

Pure arithmetic. It rests on the sales of the trial alone, and says nothing where these are few.
"""

import math
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

ENOUGH = 30
"""Of fewer companies that would have left nothing is said, as everywhere."""
TOLERABLE = 0.2
"""The share of sales that a limit may come too early for: a fifth. Beyond it change a number."""
COVERED = 0.8
"""The share of its own sales that a new limit is to leave time for."""
_Z = 1.959964
"""Half the width of a range of 95 % in standard errors."""


class Verdict(StrEnum):
    """What is recommended."""

    TOO_FEW = "too_few"
    KEEP = "keep"
    CHANGE = "change"
    UNCERTAIN = "uncertain"


class TrialSale(NamedTuple):
    """A sale of the trial.

    `label`: its code, "" for none; `days`: in work until it was paid, None where nobody knows;
    `late`: whether the company would have left before.
    """

    label: str
    days: int | None
    late: bool


class Recommendation(NamedTuple):
    """What is recommended, and on what it rests.

    `late` of `sales` came from companies that would have left; `low` and `high`: between which
    shares that lies, 95 times of 100. `label` and `days`: which limit to change, and to what.
    """

    verdict: Verdict
    left: int
    late: int
    sales: int
    low: float
    high: float
    label: str = ""
    days: int = 0


def recommendation(left: int, sales: Sequence[TrialSale]) -> Recommendation:
    """Return what a trial comes to. `left`: how many companies would have left."""
    late = [sale for sale in sales if sale.late]
    low, high = share_range(len(late), len(sales))
    rests_on = (left, len(late), len(sales), low, high)
    if left < ENOUGH or not sales:
        return Recommendation(Verdict.TOO_FEW, *rests_on)
    if high <= TOLERABLE:
        return Recommendation(Verdict.KEEP, *rests_on)
    if low < TOLERABLE:
        return Recommendation(Verdict.UNCERTAIN, *rests_on)
    labels = sorted({sale.label for sale in late})
    label = max(labels, key=lambda code: sum(s.label == code for s in late))
    lengths = [
        sale.days
        for sale in sales
        if sale.label == label and sale.days is not None
    ]
    return Recommendation(
        Verdict.CHANGE, *rests_on, label, _days_that_cover(lengths)
    )


def share_range(part: int, whole: int) -> tuple[float, float]:
    """Return between which shares the true one lies, 95 times of 100 (Wilson 1927)."""
    if not whole:
        return 0.0, 1.0
    share = part / whole
    squared = _Z * _Z / whole
    middle = share + squared / 2
    half = _Z * math.sqrt(share * (1 - share) / whole + squared / whole / 4)
    return (
        max(0.0, (middle - half) / (1 + squared)),
        min(1.0, (middle + half) / (1 + squared)),
    )


def _days_that_cover(lengths: Sequence[int]) -> int:
    """Return within how many days so many sales came as a limit is to leave time for; 0: none."""
    if not lengths:
        return 0
    in_order = sorted(lengths)
    last = math.ceil(len(in_order) * COVERED) - 1
    return max(1, in_order[last])
