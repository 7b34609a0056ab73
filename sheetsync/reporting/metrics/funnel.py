"""The funnel of a cohort: those taken into work in a window, and how far the same ones have come.

The steps are `client_paths`'. It is not got by dividing what stands in one state by what stands in
another. Each cohort is looked at as it stood on the last day of its own window, so that an older
one has not had more time; who is still being worked on is counted beside.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import NamedTuple

import pandas as pd

from sheetsync.reporting.metrics.client_paths import ROUND_KEY, Paths
from sheetsync.reporting.metrics.figure import Figure, Whose, unknown
from sheetsync.reporting.metrics.periods import Period, Span, window

COHORTS = (90, 60, 30)
"""Days that a cohort may reach back: as many of them as the Journal tells of.

One of fewer says nothing yet.
"""

Arrivals = dict[tuple[str, int], float]
"""When each round (id, number) came to a stage, as a serial moment."""


class FunnelStage(NamedTuple):
    """A stage of the funnel, each figure over the companies that reached it.

    `conversion`: the share of those before; `days` until a further stage; `still_open`: who stands
    there and may still go on.
    """

    state: str
    reached: Figure
    conversion: Figure
    days: Figure
    still_open: Figure


class _StageNumbers(NamedTuple):
    """What a cohort comes to at one stage; None: not known."""

    reached: int | None = None
    conversion: float | None = None
    days: float | None = None
    still_open: int | None = None


@dataclass(frozen=True)
class _Cohort:
    """What became of the companies of one window, by its end.

    `furthest` rank and `open` by id, middle days to go on by state.
    """

    furthest: "pd.Series[int]"
    open: "pd.Series[bool]"
    days: dict[str, float | None]

    def reached(self, rank: int) -> tuple[str, ...]:
        came = self.furthest >= rank
        return tuple(self.furthest.index[came])

    def still_open(self, rank: int) -> tuple[str, ...]:
        stands_there = self.furthest == rank
        return tuple(self.furthest.index[stands_there & self.open])

    def numbers(self, rank: int, state: str) -> _StageNumbers:
        reached = len(self.reached(rank))
        still_open = len(self.still_open(rank))
        conversion = None
        # The first stage has none before it of which it could be a share.
        if rank:
            stage_before = len(self.reached(rank - 1))
            conversion = reached / stage_before if stage_before else None
        return _StageNumbers(reached, conversion, self.days[state], still_open)


@dataclass(frozen=True)
class Funnel:
    """Cohorts of the paths. `here`: the ids in the base; a row that is gone is not worked on."""

    paths: Paths
    here: frozenset[str]

    def stages(
        self, period: Period, manager: Whose = None
    ) -> tuple[FunnelStage, ...]:
        """Return the stages from the first contact to the client.

        `manager`: of those whom they took into work.
        """
        covers = self.paths.history.covers
        states = self.paths.stages.funnel
        if not covers(period.now.first):
            return tuple(_unknown_stage(state) for state in states)
        now = self._cohort(period.now, manager)
        past = None
        if covers(period.before.first):
            past = self._cohort(period.before, manager)
        return tuple(
            _stage(state, rank, now, past) for rank, state in enumerate(states)
        )

    def longest(self, today: date) -> Period:
        """Return the longest window of `COHORTS` that the Journal covers.

        The shortest where it covers none.
        """
        covers = self.paths.history.covers
        windows = [window(today, days) for days in COHORTS]
        for period in windows:
            if covers(period.now.first):
                return period
        return windows[-1]

    def _cohort(self, span: Span, manager: Whose) -> _Cohort:
        steps = self.paths.steps
        stages = self.paths.stages
        first, last = span.serials
        taken = steps["taken"] & steps["day"].between(first, last)
        if manager is not None:
            taken &= steps["manager"] == manager
        all_rounds = pd.MultiIndex.from_frame(steps[ROUND_KEY])
        theirs = all_rounds.isin(all_rounds[taken])
        # What came after the window is left out, so that an older cohort has had no more time.
        in_time = steps["day"] <= last
        stood = steps.loc[theirs & in_time, ["id", "round", "after", "when"]]
        stood = stood.assign(rank=stood["after"].map(stages.rank))
        by_company = stood.groupby("id", sort=False)
        furthest = by_company["rank"].max().astype("int64")
        state = by_company["after"].last()
        in_work = state.isin(stages.in_work)
        in_base = state.index.isin([*self.here])
        return _Cohort(furthest, in_work & in_base, self._days_to_go_on(stood))

    def _days_to_go_on(self, stood: pd.DataFrame) -> dict[str, float | None]:
        """Return by state the middle one of the days from coming to it to coming further.

        Over those who did both.
        """
        by_rank = _first_arrivals(stood)
        # From the last stage back: when each round first came to any of the stages passed so far.
        further = Arrivals()
        days: dict[int, float | None] = {}
        for rank in sorted(by_rank, reverse=True):
            arrivals = by_rank[rank]
            days[rank] = _middle_days(arrivals, further)
            for key, when in arrivals.items():
                earlier = further.get(key, when)
                further[key] = min(when, earlier)
        ranks = self.paths.stages.rank
        return {state: days.get(rank) for state, rank in ranks.items()}


def _first_arrivals(stood: pd.DataFrame) -> dict[int, Arrivals]:
    """Return by rank of the stage when each round first came there."""
    # Put away is no stage, and has no rank.
    known = stood[stood["rank"].notna()]
    columns = known[[*ROUND_KEY, "rank", "when"]]
    by_rank: defaultdict[int, Arrivals] = defaultdict(Arrivals)
    for row_id, number, rank, when in columns.itertuples(
        index=False, name=None
    ):
        arrivals = by_rank[rank]
        earlier = arrivals.get((row_id, number), when)
        arrivals[row_id, number] = min(when, earlier)
    return by_rank


def _middle_days(arrivals: Arrivals, further: Arrivals) -> float | None:
    lasted = []
    for key, when in arrivals.items():
        went_on = further.get(key)
        if went_on is not None and went_on >= when:
            lasted.append(went_on - when)
    if not lasted:
        return None
    return float(median(lasted))


def _unknown_stage(state: str) -> FunnelStage:
    return FunnelStage(
        state,
        unknown("reached"),
        unknown("conversion"),
        unknown("step_days"),
        unknown("still_open"),
    )


def _stage(
    state: str, rank: int, now: _Cohort, past: _Cohort | None
) -> FunnelStage:
    numbers = now.numbers(rank, state)
    before = _StageNumbers()
    if past is not None:
        before = past.numbers(rank, state)
    came = now.reached(rank)
    still = now.still_open(rank)
    return FunnelStage(
        state,
        Figure("reached", numbers.reached, before.reached, came),
        Figure("conversion", numbers.conversion, before.conversion, came),
        Figure("step_days", numbers.days, before.days, came),
        Figure("still_open", numbers.still_open, before.still_open, still),
    )
