"""What stands in the base now: load against the limit, overdue by age, calls, rows without a step.

What it was before is what was counted then (`daily_counts`); which rows are due is the facts'.
"""

import math
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from sheetsync.method.codes import SectionCode
from sheetsync.reporting.metrics.daily_counts import Counts
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.metrics.figure import Figure, Whose
from sheetsync.reporting.metrics.periods import Period
from sheetsync.reporting.metrics.stages import Stages

AGES = ((1, 3), (4, 7), (8, 30), (31, None))
"""Ages of what is overdue, in days, both ends included."""
AGE_CODES = tuple(f"overdue_{least}" for least, _ in AGES)
CODES = ("load", "overdue", *AGE_CODES, "no_step", "calls")
"""Stocks that are a number of rows, in the order in which they are counted."""
STEPS = ("overdue", "today", "week")
"""The steps of a day as everybody is told of them: late, due today, due until Sunday."""
SHOWN = (*dict.fromkeys((*CODES, *STEPS)),)
"""The stocks that are shown; those of the plan of a day are not kept for later days."""


@dataclass(frozen=True)
class Stocks:
    """The stocks after a run; `counts`: those of the days before."""

    facts: Facts
    counts: Counts

    @cached_property
    def marks(self) -> pd.DataFrame:
        """Per row of the base, with `id, manager, state, section`: whether it belongs to a stock.

        `manager` "": nobody. Besides those of `SHOWN`: `open_amount`, worked on and not paid.
        """
        rows = self.facts.rows
        has_manager = rows["manager"].notna()
        marks = rows[["id", "state", "section", "amount"]].assign(
            # Groups leave out what is NaN, and nobody's rows with it.
            manager=rows["manager"].where(has_manager, ""),
            load=rows["load"],
            overdue=rows["overdue"],
            today=rows["today"],
            week=rows["week"],
            no_step=rows["no_step"],
            calls=rows["call"],
            open_amount=self._unpaid_work,
        )
        for code, (least, most) in zip(AGE_CODES, AGES, strict=True):
            end = math.inf if most is None else most
            of_age = rows["late"].between(least, end)
            marks[code] = rows["overdue"] & of_age
        return marks

    @property
    def _unpaid_work(self) -> "pd.Series[bool]":
        rows = self.facts.rows
        stages = Stages(self.facts.policy)
        in_work = rows["state"].isin(stages.in_work)
        # Work there is a contradiction, which a person decides: no amount is hoped for from it.
        refused = rows["section"] == SectionCode.HARD_REFUSAL
        return in_work & ~refused

    @property
    def managers(self) -> tuple[str, ...]:
        """Everyone who has a row in the working list or an archive, and everyone of the team."""
        names = {*self.facts.managers, *self.facts.policy.member}
        names.discard("")
        return tuple(sorted(names))

    def _of(self, manager: Whose) -> pd.DataFrame:
        if manager is None:
            return self.marks
        return self._by_manager.get(manager, self.marks[:0])

    @cached_property
    def _by_manager(self) -> dict[str, pd.DataFrame]:
        groups = self.marks.groupby("manager", sort=False)
        return {str(name): rows for name, rows in groups}

    def figure(
        self, code: str, manager: Whose = None, period: Period | None = None
    ) -> Figure:
        """Return a stock, a code of `SHOWN`: of a manager, of nobody (""), of all (None).

        `period`: against what it was at the end of the period before.
        """
        rows = self._of(manager)
        rows = rows[rows[code]]
        ids = _ids(rows)
        before = self._before(code, manager, period)
        # What is overdue is counted in one way, however old it is.
        explained_as = "overdue" if code in AGE_CODES else code
        return Figure(explained_as, len(ids), before, ids)

    def numbers(self, manager: Whose = None) -> dict[str, int]:
        """Return the stocks of `SHOWN` as bare numbers."""
        numbers = self._numbers_of_all
        if manager is not None:
            numbers = self._numbers_by_manager.get(manager, {})
        return {code: int(numbers.get(code, 0)) for code in SHOWN}

    @cached_property
    def _numbers_of_all(self) -> dict[str, int]:
        sums = self.marks[[*SHOWN]].sum()
        numbers: dict[str, int] = sums.to_dict()
        return numbers

    @cached_property
    def _numbers_by_manager(self) -> dict[str, dict[str, int]]:
        by_manager = self.marks.groupby("manager")
        sums = by_manager[[*SHOWN]].sum()
        numbers: dict[str, dict[str, int]] = sums.to_dict("index")
        return numbers

    def limit(self, manager: Whose = None) -> Figure:
        """Return how many companies a working list may hold today.

        Of all (None): the limits of all managers together; None of nobody ("").
        """
        # Nobody's rows are in no list, and have no limit.
        names = self.managers if manager is None else (manager,)
        limits = [self.facts.limit(name) for name in names if name]
        return Figure("cap", sum(limits) if limits else None)

    def open_amount(
        self, manager: Whose = None, period: Period | None = None
    ) -> Figure:
        """Return the amount of what is worked on and not paid, in the book's currency.

        None where no row of it has an amount.
        """
        rows = self._of(manager)
        rows = rows[rows["open_amount"]]
        amounts = rows["amount"]
        value = None
        # Without rows there is nothing, which is 0; of rows without any amount nothing is known.
        if not len(rows) or amounts.notna().any():
            value = float(amounts.sum())
        before = self._before("open_amount", manager, period)
        return Figure("open_amount", value, before, _ids(rows))

    def _before(
        self, code: str, manager: Whose, period: Period | None
    ) -> float | None:
        day = self._counted_before(period)
        if day is None:
            return None
        return self.counts.on(day, code, manager)

    def _counted_before(self, period: Period | None) -> date | None:
        """Return the last day of the period before on which anything was counted."""
        if period is None:
            return None
        return self.counts.last(period.before)

    def part(
        self, kind: str, code: str, period: Period | None = None
    ) -> Figure:
        """Return the rows in one state (`kind` "state") or in one section ("section")."""
        marks = self.marks
        ids = _ids(marks[marks[kind] == code])
        before = None
        day = self._counted_before(period)
        if day is not None:
            before = self.counts.part(day, f"{kind}s", code)
        return Figure(f"in_{kind}", len(ids), before, ids)


def _ids(rows: pd.DataFrame) -> tuple[str, ...]:
    return tuple(map(str, rows["id"]))
