"""The share won, lost and still open by each day of work: the Aalen-Johansen estimate.

Won and lost are competing ends: who is lost can be won no more, so a loss is no mere end of
watching (Kaplan-Meier with losses censored says .2521 where .2271 is right, on the public pipeline
of the tests). Courses may enter late, as those that were in work already when watching began.

Own code, and a few lines: no library that is kept today knows competing ends and late entry
together without a stack of its own (docs/adr/0018). The tests hold it against a hand-worked set.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np

FROM_THE_START = -1
"""The day of entry of a course that was watched from its first day on, day 0 included."""

CONFIDENCE = 0.95

Days = np.ndarray[Any, np.dtype[np.int64]]
Shares = np.ndarray[Any, np.dtype[np.float64]]
Marks = np.ndarray[Any, np.dtype[np.bool_]]


class Band(NamedTuple):
    """Between which shares the truth lies, with `CONFIDENCE`."""

    low: float
    high: float


class DayShares(NamedTuple):
    """Shares by the end of a day of work, which sum to 1, and how many were being watched then."""

    day: int
    won: float
    lost: float
    open: float
    at_risk: int
    won_band: Band
    lost_band: Band


@dataclass(frozen=True)
class Watched:
    """Courses as they were watched, in whole days of work; arrays of one length.

    `entered`: the day after which a course was under watch, `FROM_THE_START` or later. `left`: its
    last day. `won`, `lost`: how it ended; neither: it was still open.
    """

    entered: Days
    left: Days
    won: Marks
    lost: Marks

    @property
    def size(self) -> int:
        """How many courses there are."""
        return len(self.left)

    def among(self, marks: Marks) -> "Watched":
        """Return those that are marked."""
        return Watched(
            self.entered[marks],
            self.left[marks],
            self.won[marks],
            self.lost[marks],
        )


@dataclass(frozen=True)
class Incidence:
    """The estimate of a group of courses, a step at each day on which one ended."""

    watched: Watched

    @cached_property
    def _entries(self) -> Days:
        return np.sort(self.watched.entered)

    @cached_property
    def _exits(self) -> Days:
        return np.sort(self.watched.left)

    def at_risk(self, days: Days) -> Days:
        """Return how many were under watch on each day: entered before it, not yet gone."""
        entered = np.searchsorted(self._entries, days, side="left")
        gone = np.searchsorted(self._exits, days, side="left")
        return (entered - gone).astype(np.int64)

    @cached_property
    def steps(self) -> "_Steps":
        """The days on which courses ended, and what had come of all by then."""
        watched = self.watched
        ended = watched.won | watched.lost
        days = np.unique(watched.left[ended])
        won = _counts(watched.left[watched.won], days)
        lost = _counts(watched.left[watched.lost], days)
        at_risk = self.at_risk(days)
        staying = 1 - (won + lost) / at_risk
        open_after: Shares = np.cumprod(staying, dtype=np.float64)
        open_before = np.concatenate(([1.0], open_after[:-1]))
        return _Steps(
            days,
            at_risk,
            ended=won + lost,
            open_before=open_before,
            open_after=open_after,
            won=_Risk.of(won, at_risk, open_before),
            lost=_Risk.of(lost, at_risk, open_before),
        )

    @cached_property
    def last_day(self) -> int:
        """The last day of work of which anything is known; -1 where there are no courses."""
        return int(self._exits[-1]) if self.watched.size else -1

    def by(self, day: int) -> DayShares:
        """Return the shares by the end of a day of work."""
        steps = self.steps
        place = int(np.searchsorted(steps.days, day, side="right")) - 1
        at_risk = int(self.at_risk(np.array([day], dtype=np.int64))[0])
        if place < 0:
            none_ended = Band(0.0, _most_where_none(at_risk))
            return DayShares(
                day, 0.0, 0.0, 1.0, at_risk, none_ended, none_ended
            )
        return DayShares(
            day,
            float(steps.won.incidence[place]),
            float(steps.lost.incidence[place]),
            float(steps.open_after[place]),
            at_risk,
            self._band(steps.won, place),
            self._band(steps.lost, place),
        )

    def by_each(self, days: Sequence[int]) -> tuple[DayShares, ...]:
        """Return the shares by the end of each of some days."""
        return tuple(self.by(day) for day in days)

    def deviation(self, day: int) -> float:
        """Return the standard error of the share won by the end of a day."""
        place = int(np.searchsorted(self.steps.days, day, side="right")) - 1
        if place < 0:
            return 0.0
        return math.sqrt(self._variance(self.steps.won, place))

    def won_after(self, day: int) -> float | None:
        """Return the share of all wins that came after a day, by the estimate.

        None where nothing was won. Of the wins up to `last_day`: of later ones nobody knows.
        """
        all_won = self.by(self.last_day).won
        if not all_won:
            return None
        return 1 - self.by(day).won / all_won

    def _band(self, risk: "_Risk", place: int) -> Band:
        share = float(risk.incidence[place])
        if share <= 0:
            at_risk = int(self.steps.at_risk[: place + 1].min())
            return Band(0.0, _most_where_none(at_risk))
        if share >= 1:
            return Band(share, 1.0)
        error = math.sqrt(self._variance(risk, place))
        # On the scale of log(-log), where a band stays between nothing and all.
        width = _QUANTILE * error / (share * math.log(share))
        ends = share ** math.exp(-width), share ** math.exp(width)
        return Band(min(ends), max(ends))

    def _variance(self, risk: "_Risk", place: int) -> float:
        """Return the variance of an incidence by the delta method (Dinse and Larson, 1986)."""
        upto = slice(0, place + 1)
        steps = self.steps
        at_risk = steps.at_risk[upto].astype(np.float64)
        ended = steps.ended[upto]
        risk_ended = risk.ended[upto]
        still_to_come = risk.incidence[place] - risk.incidence[upto]
        open_before = steps.open_before[upto]
        staying = at_risk - ended
        # Where all ended on a day nothing comes after it: what would be infinite is nothing.
        some_stay = staying > 0
        growth = np.zeros(place + 1)
        growth[some_stay] = ended[some_stay] / (
            at_risk[some_stay] * staying[some_stay]
        )
        own = open_before**2 * risk_ended * (at_risk - risk_ended) / at_risk**3
        shared = still_to_come * open_before * risk_ended / at_risk**2
        variance = np.sum(still_to_come**2 * growth + own - 2 * shared)
        return max(float(variance), 0.0)


class _Risk(NamedTuple):
    """One of the two ends: how many ended so on each day, and the share by then."""

    ended: Days
    incidence: Shares

    @classmethod
    def of(cls, ended: Days, at_risk: Days, open_before: Shares) -> "_Risk":
        return cls(ended, np.cumsum(open_before * ended / at_risk))


class _Steps(NamedTuple):
    """The days on which courses ended; arrays of one length."""

    days: Days
    at_risk: Days
    ended: Days
    open_before: Shares
    open_after: Shares
    won: _Risk
    lost: _Risk


_QUANTILE = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)


def _counts(days: Days, among: Days) -> Days:
    """Return how often each of some days, which ascend, stands among others."""
    places = np.searchsorted(among, days)
    return np.bincount(places, minlength=len(among)).astype(np.int64)


def _most_where_none(at_risk: int) -> float:
    """Return the largest share that is still believable where none of so many ended so."""
    if at_risk <= 0:
        return 1.0
    return float(1 - ((1 - CONFIDENCE) / 2) ** (1 / at_risk))
