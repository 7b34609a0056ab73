"""The forecast: the amount of each company in work times the probability of a sale from its state.

Which companies are in work is `current_load`'s. The probability is the policy's number until the
base's own history has enough rounds that went through the state and are over; then it is the share
of them that was sold. Paid deals are no forecast.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd

from sheetsync.method.policy import Policy
from sheetsync.reporting.metrics.client_paths import ROUND_KEY, Paths
from sheetsync.reporting.metrics.current_load import Stocks
from sheetsync.reporting.metrics.figure import Figure, Whose

ENOUGH = 30
"""Rounds that are over from which on the history is believed.

The share is taken as it is, so that it can be counted on one's fingers.
"""


class Chance(NamedTuple):
    """How likely a sale from a state is.

    `won` of `over` rounds were sold; `measured`: whether that gave the number.
    """

    state: str
    figure: Figure
    won: int
    over: int
    measured: bool


def chances(paths: Paths, policy: Policy) -> dict[str, Chance]:
    """Return the probability of a sale from each state of work, by the state's code."""
    rounds = paths.rounds
    # Repeat sales go by their own algorithm, and say nothing of a first one.
    first_sales = rounds[~rounds["repeat"]]
    stood = paths.stood.drop_duplicates([*ROUND_KEY, "state"])
    stood = stood.join(first_sales[["won", "over"]], on=ROUND_KEY, how="inner")
    is_over = stood["over"].astype(bool)
    finished = stood[is_over]
    by_state = {}
    for code in paths.stages.in_work:
        through = finished[finished["state"] == code]
        won = int(through["won"].sum())
        over = len(through)
        measured = over >= ENOUGH
        if measured:
            # The bare share, not smoothed: it can be counted by hand.
            ids = tuple(through["id"].unique())
            figure = Figure("probability", won / over, ids=ids)
        else:
            figure = Figure("probability", policy.state[code].probability)
        by_state[code] = Chance(code, figure, won, over, measured)
    return by_state


@dataclass(frozen=True)
class Forecast:
    """What the companies in work may bring."""

    stocks: Stocks
    paths: Paths

    @cached_property
    def chances(self) -> dict[str, Chance]:
        """The probability of a sale by state."""
        return chances(self.paths, self.stocks.facts.policy)

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The companies in work: `id, manager, state, amount, worth, month`.

        `month`: its first day, NaT: not known; `worth`: NaN without an amount or a probability.
        """
        marks = self.stocks.marks
        in_work = marks[marks["open_amount"]]
        rows = in_work[["id", "manager", "state", "amount"]]
        chances = self.chances.values()
        probabilities = {
            chance.state: chance.figure.value for chance in chances
        }
        probability = rows["state"].map(probabilities).astype("float64")
        worth = rows["amount"] * probability
        month = self._months(rows.index)
        return rows.assign(worth=worth, month=month)

    def _months(self, rows: "pd.Index[int]") -> "pd.Series[Any]":
        """Return the month of the invoice, or of the next step where there is no invoice."""
        facts = self.stocks.facts
        today = pd.Timestamp(facts.today)
        base = facts.rows.loc[rows]
        invoiced = base["invoice_on"].notna()
        expected = base["invoice_on"].where(invoiced, base["next_on"])
        # What is overdue is hoped for this month still.
        in_time = expected.isna() | (expected >= today)
        expected = expected.where(in_time, today)
        days_before = expected.dt.day - 1
        return expected - pd.to_timedelta(days_before, unit="D")

    def total(self, manager: Whose = None) -> Figure:
        """Return the forecast of a manager, of nobody (""), of all (None)."""
        return _sum(self._of(manager))

    def unpriced(self, manager: Whose = None) -> Figure:
        """Return the companies that the forecast lacks."""
        rows = self._of(manager)
        unpriced = rows[rows["worth"].isna()]
        ids = tuple(unpriced["id"])
        return Figure("forecast_unpriced", len(ids), ids=ids)

    def by_month(self, manager: Whose = None) -> dict[date | None, Figure]:
        """Return the forecast by month (its first day), the nearest first.

        None: neither an invoice nor a next step is dated.
        """
        rows = self._of(manager)
        by_month: dict[date | None, Figure] = {}
        for first_day, expected in rows.groupby("month"):
            by_month[first_day.date()] = _sum(expected)
        undated = rows[rows["month"].isna()]
        if len(undated):
            by_month[None] = _sum(undated)
        return by_month

    def _of(self, manager: Whose) -> pd.DataFrame:
        if manager is None:
            return self.rows
        return self._by_manager.get(manager, self.rows[:0])

    @cached_property
    def _by_manager(self) -> dict[str, pd.DataFrame]:
        groups = self.rows.groupby("manager", sort=False)
        return {str(name): rows for name, rows in groups}


def _sum(rows: pd.DataFrame) -> Figure:
    priced = rows[rows["worth"].notna()]
    ids = tuple(map(str, priced["id"]))
    # Of rows without any amount nothing is known; without rows there is nothing to come.
    if len(rows) and not ids:
        return Figure("forecast", None)
    worth = float(rows["worth"].sum())
    return Figure("forecast", worth, ids=ids)
