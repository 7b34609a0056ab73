"""The figures of the planning meeting as data (METHOD point 10): what happened, what stands.

Pure arithmetic over the base after a run and its Journal. Which of them a tab shows, and in what
words, is the reports'.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from sheetsync.reporting.metrics.action_scores import Scores
from sheetsync.reporting.metrics.client_paths import Paths
from sheetsync.reporting.metrics.client_rows import ClientRows
from sheetsync.reporting.metrics.current_load import CODES, Stocks
from sheetsync.reporting.metrics.daily_counts import (
    ALL,
    Counted,
    Counts,
    packed,
)
from sheetsync.reporting.metrics.deals import Bucket, Deals
from sheetsync.reporting.metrics.events import Flows
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.metrics.figure import (
    HOW,
    NOT_ENOUGH,
    Figure,
    explained,
)
from sheetsync.reporting.metrics.forecast import Forecast
from sheetsync.reporting.metrics.funnel import Funnel, FunnelStage
from sheetsync.reporting.metrics.journal_frame import History
from sheetsync.reporting.metrics.payments import Payments
from sheetsync.reporting.metrics.periods import Period, Span, window
from sheetsync.reporting.metrics.state_entries import StateEntries
from sheetsync.reporting.metrics.targets import Targets
from sheetsync.workbook.journal import JournalLine

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


class WindowFunnel(NamedTuple):
    """A window of days, and how far those came who were taken into work in it."""

    period: Period
    stages: tuple[FunnelStage, ...]


class WindowSales(NamedTuple):
    """A window of days, and its sales by how long they took."""

    period: Period
    buckets: tuple[Bucket, ...]


@dataclass(frozen=True)
class Figures:
    """All figures of one run, each worked out when it is first asked for."""

    facts: Facts

    def beside(self, journal: Sequence[JournalLine]) -> "Figures":
        """Return the figures of the same night beside a Journal that tells the same of clients.

        What hangs on nothing else, such as each client's path, is not worked out again.
        """
        figures = Figures(self.facts.beside(journal))
        vars(figures)["paths"] = self.paths.beside(journal)
        return figures

    @cached_property
    def history(self) -> History:
        """The Journal as far as it was read."""
        whole = self.facts.projection.snapshot.journal_whole
        return History(self.facts.journal, self.facts.policy, whole)

    @cached_property
    def paths(self) -> Paths:
        """Each client's way through the states."""
        return Paths(self.history, self.payments.unproved)

    @cached_property
    def payments(self) -> Payments:
        """What proves the sales."""
        return Payments(self.facts.projection)

    @cached_property
    def client_rows(self) -> ClientRows:
        """What the base says of a client."""
        return ClientRows(self.facts.projection, self.paths)

    @cached_property
    def flows(self) -> Flows:
        """What happened in a period."""
        return Flows(self.paths, self.client_rows, self.payments.paid_on)

    @cached_property
    def state_entries(self) -> StateEntries:
        """Who came into which state."""
        return StateEntries(self.paths)

    @cached_property
    def funnel(self) -> Funnel:
        """How far those came who were taken into work together."""
        return Funnel(self.paths, self.client_rows.here)

    @cached_property
    def cohort(self) -> WindowFunnel:
        """The funnel of the day: of the longest window that the Journal covers."""
        period = self.funnel.longest(self.facts.today)
        return WindowFunnel(period, self.funnel.stages(period))

    @cached_property
    def deals(self) -> Deals:
        """What deals are like."""
        return Deals(self.flows)

    @cached_property
    def sales(self) -> WindowSales:
        """The sales of a year, or of as many days as the Journal has, by their length."""
        period = window(self.facts.today, self._days_of_sales)
        scale = self.deals.scale(period)
        return WindowSales(period, self.deals.distribution(period, ends=scale))

    @property
    def _days_of_sales(self) -> int:
        begins = self.history.begins
        if begins is None:
            return 1
        known = (self.facts.today - begins).days + 1
        # A window has a day at least: the first line may be of this very night, or of later ones.
        return max(1, min(YEAR, known))

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
        managers = {
            name: self._counted_of(name) for name in self.stocks.managers
        }
        return {
            ALL: self._counted_of(None),
            "managers": managers,
            "states": self._rows_by("state"),
            "sections": self._rows_by("section"),
        }

    def _rows_by(self, kind: str) -> dict[str, int]:
        counts = self.stocks.marks[kind].value_counts()
        return {str(code): int(count) for code, count in counts.items()}

    def _counted_of(self, manager: str | None) -> dict[str, float]:
        stocks = self.stocks
        shown = stocks.numbers(manager)
        numbers: dict[str, float | None] = {
            **{code: shown[code] for code in CODES},
            "cap": stocks.limit(manager).value,
            "open_amount": stocks.open_amount(manager).value,
            "forecast": self.forecast.total(manager).value,
        }
        known = {
            code: value for code, value in numbers.items() if value is not None
        }
        return {code: round(value, 2) for code, value in known.items()}
