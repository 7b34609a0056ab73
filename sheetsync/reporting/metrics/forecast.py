"""The forecast: of every company in work its amount times the probability of a sale from its state.

The probability is the policy's number until the base's own history has enough rounds that went through the state and are over;
then it is the share of them that was sold, as it is, so that it can be counted on one's fingers. Paid deals are no forecast.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd

from sheetsync.method.policy import Policy
from sheetsync.reporting.metrics.client_paths import KEY, Paths
from sheetsync.reporting.metrics.current_load import Stocks
from sheetsync.reporting.metrics.figure import Figure

ENOUGH = 30
"""Rounds that are over from which on the history is believed."""


class Chance(NamedTuple):
    """How likely a sale from a state is. `won` of `over` rounds were sold; `measured`: whether that gave the number."""

    state: str
    figure: Figure
    won: int
    over: int
    measured: bool


def chances(paths: Paths, policy: Policy) -> dict[str, Chance]:
    """Return the probability of a sale from each state of work. Repeat sales go by their own algorithm, and are left out."""
    rounds = paths.rounds[~paths.rounds["repeat"]]
    stood = paths.stood.drop_duplicates([*KEY, "state"]).join(
        rounds[["won", "over"]], on=KEY, how="inner"
    )
    stood = stood[stood["over"].astype(bool)]
    found = {}
    for code in paths.stages.in_work:
        through = stood[stood["state"] == code]
        won, over = int(through["won"].sum()), len(through)
        measured = over >= ENOUGH
        value = won / over if measured else policy.state[code].probability
        ids = tuple(through["id"].unique()) if measured else ()
        found[code] = Chance(code, Figure("probability", value, ids=ids), won, over, measured)
    return found


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
        """The companies in work: `id, manager, state, amount, month` (its first day, NaT: not known), `worth`."""
        marks = self.stocks.marks
        rows = marks.loc[marks["open_amount"], ["id", "manager", "state", "amount"]].copy()
        probability = rows["state"].map(
            {code: chance.figure.value for code, chance in self.chances.items()}
        )
        rows["worth"] = rows["amount"] * probability.astype("float64")
        rows["month"] = self._months(rows.index)
        return rows

    def _months(self, rows: "pd.Index[int]") -> "pd.Series[Any]":
        """Return the month of the invoice, or of the next step where there is no invoice; one that is over counts as this one."""
        base, now = self.stocks.facts.rows.loc[rows], pd.Timestamp(self.stocks.facts.today)
        when = base["invoice_on"].where(base["invoice_on"].notna(), base["next_on"])
        when = when.where(when.isna() | (when >= now), now)
        return when - pd.to_timedelta(when.dt.day - 1, unit="D")

    def total(self, manager: str | None = None) -> Figure:
        """Return the forecast of a manager, of nobody (""), of all (None)."""
        return _sum(self._of(manager))

    def unpriced(self, manager: str | None = None) -> Figure:
        """Return the companies that the forecast lacks."""
        rows = self._of(manager)
        ids = tuple(rows.loc[rows["worth"].isna(), "id"])
        return Figure("forecast_unpriced", len(ids), ids=ids)

    def by_month(self, manager: str | None = None) -> dict[date | None, Figure]:
        """Return the forecast by month (its first day), the nearest first; None: neither an invoice nor a next step is dated."""
        rows = self._of(manager)
        dated: dict[Any, pd.DataFrame] = dict(iter(rows.groupby("month")))
        months: dict[date | None, Figure] = {
            month.date(): _sum(held) for month, held in dated.items()
        }
        undated = rows[rows["month"].isna()]
        return {**months, **({None: _sum(undated)} if len(undated) else {})}

    def _of(self, manager: str | None) -> pd.DataFrame:
        return self.rows if manager is None else self._by_manager.get(manager, self.rows[:0])

    @cached_property
    def _by_manager(self) -> dict[str, pd.DataFrame]:
        return {str(name): rows for name, rows in self.rows.groupby("manager", sort=False)}


def _sum(rows: pd.DataFrame) -> Figure:
    known = rows["worth"].notna()
    value = float(rows["worth"].sum()) if known.any() or not len(rows) else None
    return Figure("forecast", value, ids=tuple(str(row_id) for row_id in rows.loc[known, "id"]))
