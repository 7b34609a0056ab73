"""What of the team's own reads rows that a plan moves: formulas, names, charts, pivots, rules.

What becomes of each is found by the sheets room (sheets/batch/touched.py).
"""

from enum import StrEnum
from typing import Any, NamedTuple


class RangeKind(StrEnum):
    """What reads rows of clients."""

    FORMULA = "formula"
    NAME = "name"
    CHART = "chart"
    PIVOT = "pivot"
    FORMAT = "format"
    DROPDOWN = "dropdown"


class TouchedRange(NamedTuple):
    """Something of the team's that reads rows of clients which a plan moves.

    `where`: its cell, or its name or title, as people see it; `before` and `after`: what it reads.
    `why`: why its meaning cannot be kept, in words; "" where it is kept. What is not kept is left
    to the spreadsheet.
    """

    kind: RangeKind
    where: str
    before: str
    after: str
    why: str = ""


def to_json(touched: TouchedRange) -> dict[str, Any]:
    """Return it as JSON data."""
    return {**touched._asdict(), "kept": not touched.why}
