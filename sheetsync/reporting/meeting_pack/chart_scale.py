"""Numbers of a chart as they can be drawn, the round values beside them, and values onto pixels.

Where the shapes lie is `chart_layout`'s. What is shown never depends on the order of runs.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from sheetsync.reporting.layout.model import ReportChart

LARGEST = 1e15
"""What is larger is no figure of a sales team, and is left out as a gap."""
SMALLEST = 1e-9
"""What is smaller is nothing."""
STEPS = (1, 2, 2.5, 5, 10)
"""Steps between round values, times a power of ten."""
MARKS = 4
"""Steps between the lowest and the highest round value, about."""
ERROR = 1e-9
"""What two numbers may differ by that are the same but for the rounding of floats."""

Numbers = Sequence[Sequence[float | None]]
"""Of each series its number in each category, None where there is none that can be drawn."""


class Scale(NamedTuple):
    """Values onto pixels: `low` and `high` lie at `start` and `end`."""

    low: float
    high: float
    start: float
    end: float

    def pixel(self, value: float) -> float:
        """Return where a value lies."""
        share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def numbers_of(chart: ReportChart) -> Numbers:
    """Return the numbers of a chart, as many in each series as it has categories."""
    count = len(chart.categories)
    gaps = [None] * count
    numbers = []
    for series in chart.series:
        padded = (*series.numbers, *gaps)[:count]
        numbers.append([*map(_drawable, padded)])
    return numbers


def _drawable(number: float | None) -> float | None:
    """Return a number that can be drawn, None for a gap."""
    if number is None or not math.isfinite(number) or abs(number) > LARGEST:
        return None
    return 0.0 if abs(number) < SMALLEST else float(number)


def ticks(low: float, high: float) -> list[float]:
    """Return some four round values from `low` to `high` or just beyond.

    0 is among them where it lies between.
    """
    rough = (high - low) / MARKS
    power = 10.0 ** math.floor(math.log10(rough))
    # A step that would do but for the rounding of floats does.
    enough = rough * (1 - ERROR)
    step = next(power * nice for nice in STEPS if power * nice >= enough)
    first = math.floor(low / step + ERROR)
    last = math.ceil(high / step - ERROR)
    return [number * step for number in range(first, last + 1)]


def value_range(
    numbers: Numbers, *, stacked: bool, whole: bool
) -> tuple[float, float]:
    """Return between what the values lie, 0 included; never nothing.

    `stacked`: the series of a category stand on top of each other. `whole`: the numbers are whole.
    """
    values = [0.0]
    for category in zip(*numbers, strict=True):
        known = [number for number in category if number is not None]
        if stacked:
            upwards = sum(number for number in known if number > 0)
            downwards = sum(number for number in known if number < 0)
            known = [upwards, downwards]
        values += known
    low = min(values)
    high = max(values)
    if whole:
        # Beside whole numbers stand whole marks: there must be room for a step between them.
        return low, max(high, low + MARKS)
    if high - low < SMALLEST:
        return low, low + 1.0
    return low, high


def are_whole(numbers: Numbers) -> bool:
    """Tell whether all numbers are whole ones."""
    known = [
        number for series in numbers for number in series if number is not None
    ]
    return all(number == int(number) for number in known)
