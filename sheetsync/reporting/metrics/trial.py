"""The figures of a trial of the model: what would have left, and what became of it.

Counted from the marks of the state tab and the base as it stands, not from the Journal, so that
they do not hang on how much of it is read.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd

from sheetsync.method.codes import SectionCode, StateCode
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.metrics.trial_verdict import (
    Recommendation,
    TrialSale,
    recommendation,
)
from sheetsync.rules.draft.trial import TrialPhase, phase_of
from sheetsync.workbook.snapshot import as_date, as_text
from sheetsync.workbook.trial_record import TrialRecord, WouldMark

AWAY = (
    SectionCode.REWORK,
    SectionCode.STRATEGIC,
    SectionCode.HARD_REFUSAL,
)
"""Sections to which a company leaves; what goes to clients or comes into work is none of it."""


class TriedRow(NamedTuple):
    """A company that a rule would have moved, as it stands now.

    `sold`: whether it was sold on that night or later; `stands`: whether it is in the base still.
    """

    id: str
    mark: WouldMark
    company: str
    manager: str
    label: str
    state: str
    section: str
    amount: float | None
    sold: bool
    stands: bool

    @property
    def away(self) -> bool:
        """Whether it would have left its list for an archive."""
        return self.mark.target in AWAY


class RuleCount(NamedTuple):
    """A rule of the night, how many companies it would have moved, and how many were sold later."""

    rule: str
    target: str
    rows: int
    sold: int


class TriedLoad(NamedTuple):
    """A manager's list as it is, and without the companies that would have left it."""

    manager: str
    now: int
    without: int
    limit: int


@dataclass(frozen=True)
class TrialFigures:
    """All that is counted of the trial that was last noted."""

    facts: Facts
    record: TrialRecord

    @property
    def phase(self) -> TrialPhase:
        """Where it stands after the run."""
        return phase_of(self.record, self.facts.today)

    @cached_property
    def last_day(self) -> date:
        """The last day of which it tells."""
        return min(self.record.ended or self.facts.today, self.facts.today)

    @cached_property
    def rows(self) -> tuple[TriedRow, ...]:
        """The companies that would have moved, those first of which it was said first."""
        marks = self.facts.projection.would
        base = self.facts.projection.base
        standing = base[base["id"].isin([*marks])].drop_duplicates("id")
        by_id = {str(row["id"]): row for row in standing.to_dict("records")}
        rows = [
            self._tried(row_id, mark, by_id.get(row_id))
            for row_id, mark in marks.items()
        ]
        return tuple(sorted(rows, key=lambda row: (row.mark.on, row.id)))

    def _tried(
        self, row_id: str, mark: WouldMark, row: dict[str, Any] | None
    ) -> TriedRow:
        if row is None:
            return TriedRow(
                row_id,
                mark,
                *self._remembered(row_id),
                "",
                "",
                "",
                None,
                sold=False,
                stands=False,
            )
        amount = row["amount"]
        return TriedRow(
            row_id,
            mark,
            as_text(row["company"]),
            as_text(row["manager"]),
            as_text(row["label"]),
            as_text(row["state"]),
            as_text(row["section"]),
            None if pd.isna(amount) else float(amount),
            sold=self._sold_since(row, mark.on),
            stands=True,
        )

    def _remembered(self, row_id: str) -> tuple[str, str]:
        """Return the company and the manager of a row that is gone from the base."""
        state = self.facts.projection.snapshot.state
        if row_id not in state.index:
            return "", ""
        return (
            as_text(state.at[row_id, "company"]),
            as_text(state.at[row_id, "manager"]),
        )

    @staticmethod
    def _sold_since(row: dict[str, Any], since: date) -> bool:
        if pd.isna(row["proof"]):
            return False
        paid = as_date(row["paid_on"])
        # What counts by the head's word has no day, and was none when it would have moved.
        return paid is None or paid >= since

    @cached_property
    def left(self) -> tuple[TriedRow, ...]:
        """Those that would have left their list."""
        return tuple(row for row in self.rows if row.away)

    @cached_property
    def sold(self) -> tuple[TriedRow, ...]:
        """Those of them that were sold afterwards."""
        return tuple(row for row in self.left if row.sold)

    @staticmethod
    def fate(row: TriedRow) -> str:
        """Return what became of a company: sold, gone, put_away, deal, in_work."""
        if row.sold:
            return "sold"
        if not row.stands:
            return "gone"
        if row.section in AWAY or row.state == StateCode.REFUSAL:
            return "put_away"
        if row.state in (StateCode.DEAL, StateCode.DEAL_SUPPORT):
            return "deal"
        return "in_work"

    @cached_property
    def rules(self) -> tuple[RuleCount, ...]:
        """The rules that would have moved anything, the busiest first."""
        rows = Counter((row.mark.rule, row.mark.target) for row in self.rows)
        sold = Counter(
            (row.mark.rule, row.mark.target) for row in self.rows if row.sold
        )
        counts = [
            RuleCount(*key, number, sold[key]) for key, number in rows.items()
        ]
        return tuple(sorted(counts, key=lambda count: (-count.rows, count[:2])))

    @cached_property
    def loads(self) -> tuple[TriedLoad, ...]:
        """Each manager's list, with and without what would have left it."""
        gone = {row.id for row in self.left if not row.mark.moved}
        rows = self.facts.rows
        counted = rows[rows["load"] & rows["manager"].notna()]
        now = Counter(map(str, counted["manager"]))
        kept = counted[~counted["id"].isin(gone)]
        without = Counter(map(str, kept["manager"]))
        return tuple(
            TriedLoad(name, now[name], without[name], self.facts.limit(name))
            for name in sorted(now)
        )

    @cached_property
    def sales(self) -> tuple[TrialSale, ...]:
        """What was paid in the days of the trial."""
        late = {row.id for row in self.sold}
        base = self.facts.projection.base
        first = pd.Timestamp(self.record.began)
        last = pd.Timestamp(self.last_day)
        paid = base["paid_on"].between(first, last) & base["proof"].notna()
        by_word = base["id"].isin(late) & base["paid_on"].isna()
        rows = base[paid | by_word].to_dict("records")
        return tuple(self._sale(row, late) for row in rows)

    def _sale(self, row: dict[str, Any], late: Iterable[str]) -> TrialSale:
        label = as_text(row["label"])
        is_late = str(row["id"]) in late
        began = as_date(row["worked"]) or as_date(row["began"])
        paid = as_date(row["paid_on"]) or self.last_day
        days = None if began is None else max(0, (paid - began).days)
        if is_late and days is None:
            # A payment ends the clock; when it would have left, its limit was used up.
            mark = self.facts.projection.would[str(row["id"])]
            days = self._limit_of(label) + (paid - mark.on).days
        return TrialSale(label, days, is_late)

    def _limit_of(self, label: str) -> int:
        policy = self.facts.policy
        if policy.time.one_deadline_days is not None:
            return policy.time.one_deadline_days
        if label in policy.label:
            return policy.label[label].deadline_days
        return policy.time.unlabelled_days

    @cached_property
    def verdict(self) -> Recommendation:
        """What the trial comes to."""
        return recommendation(len(self.left), self.sales)


def trial_figures(facts: Facts) -> TrialFigures | None:
    """Return the figures of the trial that was last noted; None where there never was one."""
    record = facts.projection.trial
    return None if record is None else TrialFigures(facts, record)
