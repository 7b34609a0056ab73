"""Plan against fact of a month (METHOD point 10): amount sold, deals, companies taken into work.

By manager and for all. Plans are the policy's, facts are `events`'.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from sheetsync.method.terms import Target
from sheetsync.reporting.metrics.events import Flows
from sheetsync.reporting.metrics.figure import Figure, Whose
from sheetsync.reporting.metrics.periods import elapsed, month

Measure = Literal["amount", "deals", "taken"]


class PlanAgainstFact(NamedTuple):
    """A plan and what has become of it; `manager` None: of all.

    `elapsed`: the share of the month that has passed, today included.
    """

    measure: Measure
    manager: Whose
    plan: float | None
    fact: Figure
    elapsed: float

    @property
    def done(self) -> float | None:
        """The share of the plan that is done; None without a plan, or while the fact is unknown."""
        # Of a plan of 0 nothing is a share either.
        if not self.plan or self.fact.value is None:
            return None
        return self.fact.value / self.plan

    @property
    def on_course(self) -> bool | None:
        """Whether as much of the plan is done as of the month has passed."""
        if self.done is None:
            return None
        return self.done >= self.elapsed


@dataclass(frozen=True)
class Targets:
    """The plan of the month that `today` is in."""

    flows: Flows
    today: date

    @property
    def _this_month(self) -> tuple[Target, ...]:
        targets = self.flows.history.policy.targets
        # Whatever day of it people have typed: the month counts.
        this_month = (self.today.year, self.today.month)
        return tuple(
            target
            for target in targets
            if (target.month.year, target.month.month) == this_month
        )

    @property
    def managers(self) -> tuple[str, ...]:
        """Those who have a plan, in the order of the alphabet."""
        names = {target.manager for target in self._this_month}
        names.discard("")
        return tuple(sorted(names))

    def plan(self, measure: Measure, manager: Whose = None) -> float | None:
        """Return what is planned, None where nothing is; `manager` None: by all.

        A department without a plan of its own has the sum of its managers'.
        """
        if manager is not None:
            return self._own_plan(measure, manager)
        of_department = self._own_plan(measure, "")
        if of_department is None:
            return self._sum_of_managers(measure)
        return of_department

    def _own_plan(self, measure: Measure, manager: str) -> float | None:
        """Return the plan of a manager, or of the department ("")."""
        # The settings may have two lines for one month: the later one holds.
        own = None
        for target in self._this_month:
            value: float | None = getattr(target, measure)
            if target.manager == manager and value is not None:
                own = value
        return own

    def _sum_of_managers(self, measure: Measure) -> float | None:
        plans = []
        for target in self._this_month:
            plan: float | None = getattr(target, measure)
            if target.manager and plan is not None:
                plans.append(plan)
        return sum(plans) if plans else None

    def against(
        self, measure: Measure, manager: Whose = None
    ) -> PlanAgainstFact:
        """Return a plan with its fact."""
        fact = self._fact(measure, manager)
        plan = self.plan(measure, manager)
        return PlanAgainstFact(
            measure, manager, plan, fact, elapsed(self.today)
        )

    def _fact(self, measure: Measure, manager: Whose) -> Figure:
        period = month(self.today)
        if measure == "amount":
            return self.flows.amount(period, manager)
        event = "sold" if measure == "deals" else "taken"
        return self.flows.figure(event, period, manager)
