"""The funnel of a cohort: those taken into work in a window, and how far the very same companies have come.

Not by dividing what stands in one state by what stands in another. Each cohort is looked at as it stood on the last day of its
own window, so that an older one has not had more time; who is still being worked on is counted beside.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import NamedTuple

import pandas as pd

from sheetsync.reporting.metrics.client_paths import KEY, Paths
from sheetsync.reporting.metrics.figure import Figure
from sheetsync.reporting.metrics.periods import Period, Span, window
from sheetsync.values import to_serial

COHORTS = (90, 60, 30)
"""Days that a cohort may reach back: as many of them as the Journal tells of; one of fewer says nothing yet."""


class FunnelStage(NamedTuple):
    """A stage of the funnel: who reached it, the share of those before, days until a further stage, who may still go on."""

    state: str
    reached: Figure
    conversion: Figure
    days: Figure
    still_open: Figure


@dataclass(frozen=True)
class _Cohort:
    """What became of the companies of one window, by its end: `furthest` rank and `open` by id, middle days by state."""

    furthest: "pd.Series[int]"
    open: "pd.Series[bool]"
    days: dict[str, float | None]

    def reached(self, rank: int) -> tuple[str, ...]:
        return tuple(self.furthest.index[self.furthest >= rank])

    def conversion(self, rank: int) -> float | None:
        came = len(self.reached(rank - 1)) if rank else 0
        return len(self.reached(rank)) / came if came else None

    def still_open(self, rank: int) -> tuple[str, ...]:
        return tuple(self.furthest.index[(self.furthest == rank) & self.open])


@dataclass(frozen=True)
class Funnel:
    """Cohorts of the paths. `here`: the ids that stand in the base; a row that is gone is not worked on."""

    paths: Paths
    here: frozenset[str]

    def stages(self, period: Period, manager: str | None = None) -> tuple[FunnelStage, ...]:
        """Return the stages from the first contact to the client; `manager`: of those whom they took into work."""
        history = self.paths.history
        enough = history.covers(period.now.first)
        now = self._cohort(period.now, manager)
        past = self._cohort(period.before, manager) if history.covers(period.before.first) else None
        return tuple(
            _step(state, rank, now if enough else None, past)
            for rank, state in enumerate(self.paths.stages.funnel)
        )

    def longest(self, today: date) -> Period:
        """Return the longest window of `COHORTS` that the Journal covers, the shortest where it covers none."""
        found = [window(today, days) for days in COHORTS]
        return next((one for one in found if self.paths.history.covers(one.now.first)), found[-1])

    def _cohort(self, span: Span, manager: str | None) -> _Cohort:
        steps, stages = self.paths.steps, self.paths.stages
        first, last = to_serial(span.first), to_serial(span.last)
        mine = steps["taken"] & steps["day"].between(first, last)
        if manager is not None:
            mine &= steps["manager"] == manager
        rounds = pd.MultiIndex.from_frame(steps.loc[mine, KEY])
        theirs = pd.MultiIndex.from_frame(steps[KEY]).isin(rounds) & (steps["day"] <= last)
        stood = steps.loc[theirs, ["id", "round", "after", "when"]].assign(
            rank=steps["after"].map(stages.rank)
        )
        furthest = stood.groupby("id", sort=False)["rank"].max().astype("int64")
        state = stood.groupby("id", sort=False)["after"].last()
        still = state.isin(stages.in_work) & state.index.isin([*self.here])
        return _Cohort(furthest, still, self._days(stood))

    def _days(self, stood: pd.DataFrame) -> dict[str, float | None]:
        """Return by state the middle one of the days from coming to it to coming further, over those who did both."""
        first: defaultdict[int, dict[tuple[str, int], float]] = defaultdict(dict)
        known = stood[stood["rank"].notna()]  # put away is no stage
        for row_id, number, rank, when in zip(
            *(known[name].tolist() for name in (*KEY, "rank", "when")), strict=True
        ):
            came = first[rank]
            came[row_id, number] = min(when, came.get((row_id, number), when))
        onward: dict[tuple[str, int], float] = {}
        found: dict[int, float | None] = {}
        for rank in sorted(first, reverse=True):
            days = [onward[key] - when for key, when in first[rank].items() if key in onward]
            lasted = [number for number in days if number >= 0]
            found[rank] = float(median(lasted)) if lasted else None
            onward |= {key: min(when, onward.get(key, when)) for key, when in first[rank].items()}
        return {
            state: found.get(self.paths.stages.rank[state]) for state in self.paths.stages.funnel
        }


def _step(state: str, rank: int, now: _Cohort | None, past: _Cohort | None) -> FunnelStage:
    if now is None:
        blank = [
            Figure(code, None, enough=False)
            for code in ("reached", "conversion", "step_days", "still_open")
        ]
        return FunnelStage(state, *blank)
    came, still = now.reached(rank), now.still_open(rank)
    return FunnelStage(
        state,
        Figure("reached", len(came), len(past.reached(rank)) if past else None, came),
        Figure("conversion", now.conversion(rank), past.conversion(rank) if past else None, came),
        Figure("step_days", now.days[state], past.days[state] if past else None, came),
        Figure("still_open", len(still), len(past.still_open(rank)) if past else None, still),
    )
