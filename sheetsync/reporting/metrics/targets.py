"""Plan against fact for a month (METHOD point 10): amount sold, deals, companies taken into work; by manager and for all."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from sheetsync.method.terms import Target
from sheetsync.reporting.metrics.events import Flows
from sheetsync.reporting.metrics.figure import Figure
from sheetsync.reporting.metrics.periods import elapsed, month

Measure = Literal["amount", "deals", "taken"]
MEASURES: tuple[Measure, ...] = ("amount", "deals", "taken")


class PlanAgainstFact(NamedTuple):
    """A plan and what has become of it. `elapsed`: the share of the month that has passed, today included."""

    measure: Measure
    manager: str | None
    plan: float | None
    fact: Figure
    elapsed: float

    @property
    def done(self) -> float | None:
        """The share of the plan that is done; None without a plan, or where the fact is not known."""
        return self.fact.value / self.plan if self.plan and self.fact.value is not None else None

    @property
    def on_course(self) -> bool | None:
        """Whether as much of the plan is done as of the month has passed."""
        return None if self.done is None else self.done >= self.elapsed


@dataclass(frozen=True)
class Targets:
    """The plan of the month that `today` is in. A department without a plan of its own has the sum of its managers'."""

    flows: Flows
    today: date

    @property
    def _this_month(self) -> tuple[Target, ...]:
        targets = self.flows.history.policy.targets
        return tuple(
            target for target in targets if target.month.replace(day=1) == self.today.replace(day=1)
        )

    @property
    def managers(self) -> tuple[str, ...]:
        """Those who have a plan, in the order of the alphabet."""
        return tuple(sorted({target.manager for target in self._this_month if target.manager}))

    def plan(self, measure: Measure, manager: str | None = None) -> float | None:
        """Return what is planned, None where nothing is; `manager` None: by all."""
        wanted = "" if manager is None else manager
        told = [(target.manager, getattr(target, measure)) for target in self._this_month]
        given = [value for name, value in told if value is not None and name == wanted]
        if not given and manager is None:
            given = (
                [sum(values)]
                if (values := [value for name, value in told if name and value is not None])
                else []
            )
        return given[-1] if given else None

    def against(self, measure: Measure, manager: str | None = None) -> PlanAgainstFact:
        """Return a plan with its fact."""
        period = month(self.today)
        if measure == "amount":
            fact = self.flows.amount(period, manager)
        else:
            fact = self.flows.figure("sold" if measure == "deals" else "taken", period, manager)
        return PlanAgainstFact(
            measure, manager, self.plan(measure, manager), fact, elapsed(self.today)
        )
