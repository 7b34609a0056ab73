"""A simulation whole: shares by day, of all and by group, with what each limit puts at stake.

Says nothing itself; which words stand where is the command's and the report's.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from sheetsync.method.policy import Policy
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.simulation.competing_risks import DayShares, Incidence
from sheetsync.simulation.courses import (
    Courses,
    Ending,
    courses_of,
    longest_deadline,
)
from sheetsync.simulation.drift import LEAST_AT_RISK, Drift, drift_of
from sheetsync.simulation.stakes import Stake, stake_of
from sheetsync.simulation.win_score import Judgement, ended_deals, judge
from sheetsync.values import to_serial

LIMITS = (14, 30, 40)
"""The limits that the method names (METHOD point 8), in days."""

CURVE_DAYS = 120
"""So many days at most are drawn."""


@dataclass(frozen=True)
class GroupShares:
    """One group of courses: the name of a label, a manager …, "" of none; and its shares."""

    name: str
    courses: int
    shares: tuple[DayShares, ...]


@dataclass(frozen=True)
class Simulation:
    """What a base tells of its limits. `limits` in days, ascending; `by`: a field of `GROUPS`."""

    courses: Courses
    policy: Policy
    today: date
    limits: tuple[int, ...] = LIMITS
    by: str | None = None

    @cached_property
    def first_rounds(self) -> Courses:
        """The courses of new companies, of which the shares tell."""
        return self.courses.first_rounds

    @cached_property
    def incidence(self) -> Incidence:
        """The estimate of all of them."""
        return Incidence(self.first_rounds.watched)

    @cached_property
    def horizon(self) -> int | None:
        """The last day of which anything may be said; None: any.

        Beyond the longest limit in force those are missing whom it put away, and they were no
        chance sample.
        """
        frame = self.first_rounds.frame
        put_away = frame["ending"] == Ending.PUT_AWAY
        if not put_away.any():
            return None
        away = frame[put_away]
        last_put_away = int((away["ended"] - away["began"]).max())
        return max(last_put_away, longest_deadline(self.policy))

    def may_tell(self, shares: DayShares) -> bool:
        """Tell whether a sentence may be said of a day."""
        within = self.horizon is None or shares.day <= self.horizon
        return within and shares.at_risk >= LEAST_AT_RISK

    @cached_property
    def shares(self) -> tuple[DayShares, ...]:
        """The shares by the end of each limit."""
        return self.incidence.by_each(self.limits)

    @cached_property
    def returned(self) -> tuple[DayShares, ...]:
        """The same of companies that had been away before; nothing where there are none."""
        later = self.courses.later_rounds
        if later.frame.empty:
            return ()
        return Incidence(later.watched).by_each(self.limits)

    @cached_property
    def groups(self) -> tuple[GroupShares, ...]:
        """The shares of each group, the largest first."""
        if self.by is None:
            return ()
        groups = []
        for name, courses in self.first_rounds.by(self.by):
            shares = Incidence(courses.watched).by_each(self.limits)
            groups.append(GroupShares(name, len(courses.frame), shares))
        return tuple(groups)

    @cached_property
    def stakes(self) -> tuple[Stake, ...]:
        """What each limit puts at stake; nothing where there is no course."""
        courses = self.first_rounds
        if courses.frame.empty:
            return ()
        today = to_serial(self.today)
        return tuple(
            stake_of(courses, self.incidence, limit, today)
            for limit in self.limits
        )

    @cached_property
    def drift(self) -> Drift:
        """The shares by quarter of the beginning, by the end of the longest limit."""
        return drift_of(self.first_rounds, self.limits[-1])

    @cached_property
    def score(self) -> Judgement | None:
        """Whether deals can be foretold; None where too few have ended."""
        return judge(ended_deals(self.first_rounds))

    @cached_property
    def curve(self) -> tuple[DayShares, ...]:
        """The shares by each day that may be told of, from 0."""
        last = min(self.incidence.last_day, CURVE_DAYS)
        if self.horizon is not None:
            last = min(last, self.horizon)
        days = np.arange(last + 1, dtype=np.int64)
        enough = self.incidence.at_risk(days) >= LEAST_AT_RISK
        # Late entry may leave too few at the beginning, and more later on.
        return self.incidence.by_each([int(day) for day in days[enough]])


def simulation_of(
    facts: Facts,
    limits: tuple[int, ...] = LIMITS,
    by: str | None = None,
    known_from: date | None = None,
) -> Simulation:
    """Return the simulation of a base as it stands on the day of its facts.

    `known_from`: from when on the base tells of all that ended, see `courses_of`.
    """
    courses = courses_of(facts, known_from)
    return Simulation(
        courses, facts.policy, facts.today, tuple(sorted(set(limits))), by
    )
