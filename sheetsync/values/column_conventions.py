"""What a whole column tells about each of its cells.

How that is found out is `column`'s.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True)
class Hint:
    """How the cells of one column are to be read.

    `month_first`: dates are written month first. `around`: the column's middle day, nearest to
    which a date without a year is taken. `part`: a cell holds this value among others. `order`:
    what `month_first` rests on: nothing (`default`), dates that can be read in one way only
    (`seen`), or such dates of both orders (`mixed`).
    """

    month_first: bool = False
    around: date | None = None
    part: bool = False
    order: Literal["default", "seen", "mixed"] = "default"


PLAIN = Hint()
"""The hint of a column of which nothing is known."""
