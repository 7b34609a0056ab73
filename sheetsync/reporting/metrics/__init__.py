"""The figures of the planning meeting as data (METHOD point 10): what happened, what stands, what is to be expected.

Pure arithmetic over the base after a run and its Journal. Which of them a tab shows, and in what words, is the reports'.
"""

from dataclasses import dataclass
from functools import cached_property

from sheetsync.reporting.metrics.action_scores import Scores
from sheetsync.reporting.metrics.client_paths import Paths
from sheetsync.reporting.metrics.client_rows import ClientRows
from sheetsync.reporting.metrics.current_load import Stocks
from sheetsync.reporting.metrics.daily_counts import ALL, Counted, Counts, packed
from sheetsync.reporting.metrics.deals import Bucket, Deals
from sheetsync.reporting.metrics.events import Flows
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.metrics.figure import HOW, NOT_ENOUGH, Figure, explained
from sheetsync.reporting.metrics.forecast import Forecast
from sheetsync.reporting.metrics.funnel import Funnel, FunnelStage
from sheetsync.reporting.metrics.journal_frame import History
from sheetsync.reporting.metrics.periods import Period, Span, window
from sheetsync.reporting.metrics.state_entries import StateEntries
from sheetsync.reporting.metrics.targets import Targets

YEAR = 365
"""Days of which the lengths of deals are told at most."""

__all__ = [
    "HOW",
    "NOT_ENOUGH",
    "Counts",
    "Figure",
    "Figures",
    "Period",
    "Span",
    "explained",
    "packed",
]


@dataclass(frozen=True)
class Figures:
    """All figures of one run, each worked out when it is first asked for."""

    facts: Facts

    @cached_property
    def history(self) -> History:
        """The Journal as far as it was read."""
        return History(
            self.facts.journal, self.facts.policy, self.facts.projection.snapshot.journal_whole
        )

    @cached_property
    def paths(self) -> Paths:
        """Each client's way through the states."""
        return Paths(self.history)

    @cached_property
    def client_rows(self) -> ClientRows:
        """What the base says of a client."""
        return ClientRows(self.facts.projection, self.paths)

    @cached_property
    def flows(self) -> Flows:
        """What happened in a period."""
        return Flows(self.paths, self.client_rows)

    @cached_property
    def state_entries(self) -> StateEntries:
        """Who came into which state."""
        return StateEntries(self.paths)

    @cached_property
    def funnel(self) -> Funnel:
        """How far those came who were taken into work together."""
        return Funnel(self.paths, self.client_rows.here)

    @cached_property
    def cohort(self) -> tuple[Period, tuple[FunnelStage, ...]]:
        """The window that the funnel of the day is told of, and its stages."""
        period = self.funnel.longest(self.facts.today)
        return period, self.funnel.stages(period)

    @cached_property
    def deals(self) -> Deals:
        """What deals are like."""
        return Deals(self.flows)

    @cached_property
    def sales(self) -> tuple[Period, tuple[Bucket, ...]]:
        """The days whose sales are told by their length: a year, or as many as the Journal has; and the buckets."""
        begins, today = self.history.begins, self.facts.today
        known = (today - begins).days + 1 if begins is not None else 1
        period = window(today, max(1, min(YEAR, known)))
        return period, self.deals.distribution(period, ends=self.deals.scale(period))

    @cached_property
    def counts(self) -> Counts:
        """What was counted day by day."""
        return Counts(self.facts.journal)

    @cached_property
    def stocks(self) -> Stocks:
        """What stands in the base now."""
        return Stocks(self.facts, self.counts)

    @cached_property
    def forecast(self) -> Forecast:
        """What the companies in work may bring."""
        return Forecast(self.stocks, self.paths)

    @cached_property
    def targets(self) -> Targets:
        """Plan against fact of this month."""
        return Targets(self.flows, self.facts.today)

    @cached_property
    def scores(self) -> Scores:
        """What the head's scores of actions come to."""
        return Scores(self.history, self.facts.sample)

    def counted(self) -> Counted:
        """Return the stocks as they are kept in the Journal: what is not known is left out."""
        marks = self.stocks.marks
        parts = {
            f"{kind}s": {str(code): int(n) for code, n in marks[kind].value_counts().items()}
            for kind in ("state", "section")
        }
        managers = {name: self._of(name) for name in self.stocks.managers}
        return {ALL: self._of(None), "managers": managers, **parts}

    def _of(self, manager: str | None) -> dict[str, float]:
        stocks = self.stocks
        found: dict[str, float | None] = {**stocks.numbers(manager)}
        found |= {
            "cap": stocks.limit(manager).value,
            "open_amount": stocks.open_amount(manager).value,
        }
        found |= {"forecast": self.forecast.total(manager).value}
        return {code: round(value, 2) for code, value in found.items() if value is not None}
