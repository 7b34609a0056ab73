"""What was counted once a day and kept in the Journal: the stocks by manager, state and section.

What is counted is `current_load`'s. Stocks cannot be worked out backwards; so the first run of a
day that writes anything counts them.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from sheetsync.reporting.metrics.figure import Whose
from sheetsync.reporting.metrics.journal_frame import dated
from sheetsync.reporting.metrics.periods import Span
from sheetsync.values import EPOCH
from sheetsync.values.text import in_cell
from sheetsync.workbook.journal import JournalLine, LineKind

ALL = "all"

Counted = Mapping[str, Mapping[str, Any]]
"""Parts `all`, `states`, `sections`: code -> number; `managers`: name -> code -> number."""


def packed(counted: Counted) -> str:
    """Return what was counted as the JSON of one cell.

    Where it is too long, the managers with the least load are left out.
    """
    by_load = sorted(counted["managers"].items(), key=_load, reverse=True)
    # Of a very large department the busiest are kept.
    while True:
        data = {**counted, "managers": dict(by_load)}
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        if in_cell(text) or not by_load:
            return text
        by_load = by_load[: len(by_load) // 2]


def _load(of_manager: tuple[str, Mapping[str, float]]) -> float:
    _, numbers = of_manager
    return numbers.get("load") or 0


@dataclass(frozen=True)
class Counts:
    """The Journal's counted lines, its newest lines first."""

    journal: Sequence[JournalLine]

    @cached_property
    def by_day(self) -> dict[date, Counted]:
        """What was counted on each day; where a day has it twice, what was counted first."""
        counted: dict[date, Counted] = {}
        for line in self.journal:
            if line.what != LineKind.COUNTED or not dated(line):
                continue
            day = EPOCH + timedelta(days=int(line.when))
            data = _read(line.data)
            if data is not None:
                # The newest line comes first, so that the first count of a day stays.
                counted[day] = data
        return counted

    def on(self, day: date, code: str, manager: Whose = None) -> float | None:
        """Return what a stock was on a day, of a manager or of all; None: it was not counted."""
        counted = self.by_day.get(day, {})
        if manager is None:
            return number(counted.get(ALL), code)
        managers = counted.get("managers", {})
        return number(managers.get(manager), code)

    def part(self, day: date, part: str, code: str) -> float | None:
        """Return what was counted in a state (part `states`) or in a section (`sections`).

        One that was not there is 0.
        """
        counted = self.by_day.get(day, {})
        numbers = counted.get(part)
        if not isinstance(numbers, dict):
            return None
        # A count names only what has rows: what it does not name had none.
        if code not in numbers:
            return 0
        return number(numbers, code)

    def last(self, span: Span) -> date | None:
        """Return the last day of a span on which anything was counted."""
        days = [day for day in self.by_day if span.first <= day <= span.last]
        return max(days, default=None)


def number(part: object, code: str) -> float | None:
    """Return a number out of what was read, None where there is none."""
    if not isinstance(part, dict):
        return None
    value = part.get(code)
    # To Python yes and no are numbers; to people who have changed a line they are none.
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if math.isfinite(value) else None


def _read(text: str) -> Counted | None:
    """Read the data of a line; None where a person has made something else of it."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict):
        return None
    readable = all(isinstance(part, dict) for part in data.values())
    return data if readable else None
