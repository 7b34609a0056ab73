"""What stands in the base now: load against the limit, overdue by age, calls, rows without a step; states by manager.

What it was before is what was counted then (`counts`). Which rows are due is `reports_facts`'.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from sheetsync.reporting.metrics.daily_counts import Counts
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.metrics.figure import Figure
from sheetsync.reporting.metrics.periods import Period
from sheetsync.reporting.metrics.stages import Stages

AGES = ((1, 3), (4, 7), (8, 30), (31, None))
"""Ages of what is overdue, in days, both ends included."""
AGE_CODES = tuple(f"overdue_{least}" for least, _ in AGES)
CODES = ("load", "overdue", *AGE_CODES, "no_step", "calls")
"""Stocks that are a number of rows, in the order in which they are counted."""


@dataclass(frozen=True)
class Stocks:
    """The stocks after a run; `counts`: those of the days before."""

    facts: Facts
    counts: Counts

    @cached_property
    def marks(self) -> pd.DataFrame:
        """Per row of the base, with `id`, `manager` ("": nobody), `state`, `section`: whether it belongs to each stock."""
        rows = self.facts.rows
        ages = {
            code: rows["overdue"]
            & (rows["late"] >= least)
            & (True if most is None else rows["late"] <= most)
            for code, (least, most) in zip(AGE_CODES, AGES, strict=True)
        }
        works = rows["state"].isin(Stages(self.facts.policy).in_work)
        return pd.DataFrame(
            {
                **{name: rows[name] for name in ("id", "state", "section", "amount")},
                "manager": rows["manager"].where(rows["manager"].notna(), ""),
                **{code: rows[code] for code in ("load", "overdue", "no_step")},
                "calls": rows["call"],
                "open_amount": works & (rows["section"] != "hard_refusal"),
                **ages,
            }
        )

    @property
    def managers(self) -> tuple[str, ...]:
        """Everyone who has a row in the working list or an archive, and everyone of the team."""
        return tuple(sorted({*self.facts.managers, *self.facts.policy.member} - {""}))

    def _of(self, manager: str | None) -> pd.DataFrame:
        return self.marks if manager is None else self._by_manager.get(manager, self.marks[:0])

    @cached_property
    def _by_manager(self) -> dict[str, pd.DataFrame]:
        return {str(name): rows for name, rows in self.marks.groupby("manager", sort=False)}

    def figure(self, code: str, manager: str | None = None, period: Period | None = None) -> Figure:
        """Return a stock, a code of `CODES`: of a manager, of nobody (""), of all (None); `period`: against its end before."""
        held = self._of(manager)
        ids = _ids(held[held[code]])
        shown = "overdue" if code in AGE_CODES else code
        return Figure(shown, len(ids), self._before(code, manager, period), ids)

    def numbers(self, manager: str | None = None) -> dict[str, int]:
        """Return the stocks of `CODES` as bare numbers."""
        counted = self._whole if manager is None else self._counted.get(manager, {})
        return {code: int(counted.get(code, 0)) for code in CODES}

    @cached_property
    def _whole(self) -> dict[str, int]:
        found: dict[str, int] = self.marks[[*CODES]].sum().to_dict()
        return found

    @cached_property
    def _counted(self) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = (
            self.marks.groupby("manager")[[*CODES]].sum().to_dict("index")
        )
        return found

    def limit(self, manager: str | None = None) -> Figure:
        """Return how many companies a working list may hold today; of all: the limits of all managers together."""
        policy, today = self.facts.policy, self.facts.today
        names = self.managers if manager is None else (manager,) if manager else ()
        return Figure("cap", sum(policy.limit(name, today) for name in names) if names else None)

    def open_amount(self, manager: str | None = None, period: Period | None = None) -> Figure:
        """Return the amount of what is worked on and not paid; None where no row of it has an amount."""
        held = self._of(manager)
        held = held[held["open_amount"]]
        value = (
            float(held["amount"].sum()) if held["amount"].notna().any() or not len(held) else None
        )
        return Figure(
            "open_amount", value, self._before("open_amount", manager, period), _ids(held)
        )

    def _before(self, code: str, manager: str | None, period: Period | None) -> float | None:
        day = self.counts.last(period.before) if period is not None else None
        return None if day is None else self.counts.on(day, code, manager)

    @cached_property
    def by_state(self) -> dict[tuple[str, str], Figure]:
        """Rows of each manager ("": nobody) in each state, where there are any."""
        return _grouped("in_state", self.marks, ["manager", "state"])

    def part(self, kind: str, code: str, period: Period | None = None) -> Figure:
        """Return the rows in one state (`kind` "state") or in one section ("section")."""
        ids = _ids(self.marks[self.marks[kind] == code])
        day = self.counts.last(period.before) if period is not None else None
        before = None if day is None else self.counts.part(day, f"{kind}s", code)
        return Figure(f"in_{kind}", len(ids), before, ids)


def _ids(rows: pd.DataFrame) -> tuple[str, ...]:
    return tuple(str(row_id) for row_id in rows["id"])


def _grouped(code: str, rows: pd.DataFrame, names: list[str]) -> dict[tuple[str, str], Figure]:
    found: dict[Any, pd.DataFrame] = dict(iter(rows.groupby(names, sort=False)))
    return {
        (str(one), str(two)): Figure(code, len(held), None, _ids(held))
        for (one, two), held in found.items()
    }
