"""What was counted, once a day, and kept in the Journal: the stocks as they were, by manager, by state and by section.

Stocks cannot be worked out backwards; so the first run of a day that writes anything counts them.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from sheetsync.reporting.metrics.journal_frame import dated
from sheetsync.reporting.metrics.periods import Span
from sheetsync.values import EPOCH
from sheetsync.workbook.journal import JournalLine, LineKind
from sheetsync.workbook.last_run_state import ROOM

ALL = "all"

Counted = Mapping[str, Mapping[str, Any]]
"""Parts `all`, `states`, `sections`: code -> number; `managers`: name -> code -> number."""


def packed(data: Counted) -> str:
    """Return what was counted as the JSON of one cell; where it is too long, the managers with the least load are left out."""
    managers = dict(
        sorted(data["managers"].items(), key=lambda entry: -(entry[1].get("load") or 0))
    )
    while True:
        text = json.dumps({**data, "managers": managers}, ensure_ascii=False, separators=(",", ":"))
        if len(text) <= ROOM or not managers:
            return text
        managers = dict([*managers.items()][: len(managers) // 2])


@dataclass(frozen=True)
class Counts:
    """The Journal's counted lines, its newest lines first."""

    journal: Sequence[JournalLine]

    @cached_property
    def by_day(self) -> dict[date, Counted]:
        """What was counted on each day; where a day has it twice, what was counted first."""
        found = {}
        for line in self.journal:
            if (
                line.what == LineKind.COUNTED
                and dated(line)
                and (data := _read(line.data)) is not None
            ):
                found[EPOCH + timedelta(days=int(line.when))] = data
        return found

    def on(self, day: date, code: str, manager: str | None = None) -> float | None:
        """Return what a stock was on a day, of a manager or of all; None where it was not counted."""
        data = self.by_day.get(day, {})
        part = data.get(ALL) if manager is None else data.get("managers", {}).get(manager)
        return number(part, code)

    def part(self, day: date, part: str, code: str) -> float | None:
        """Return what was counted in a state (part `states`) or in a section (`sections`); one that was not there is 0."""
        held = self.by_day.get(day, {}).get(part)
        if not isinstance(held, dict):
            return None
        return number(held, code) if code in held else 0

    def last(self, span: Span) -> date | None:
        """Return the last day of a span on which anything was counted."""
        return max((day for day in self.by_day if span.first <= day <= span.last), default=None)


def number(part: object, code: str) -> float | None:
    """Return a number out of what was read, None where there is none."""
    found = part.get(code) if isinstance(part, dict) else None
    if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found):
        return None
    return found


def _read(text: str) -> Counted | None:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return (
        data
        if isinstance(data, dict) and all(isinstance(part, dict) for part in data.values())
        else None
    )
