"""What the rows of the base say of a client, by id; of rows that are gone, what is remembered.

A look-up for figures that the Journal alone cannot give; counts nothing itself.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from sheetsync.reporting.metrics.client_paths import Paths
from sheetsync.rules.draft.projection import Projection
from sheetsync.values import to_serial
from sheetsync.workbook import last_run_state

FIELDS = ("amount", "refusal_reason", "began", "work_since")
"""What figures ask of a row."""


@dataclass(frozen=True)
class ClientRows:
    """The base by id, after the run; and the paths, which tell what was there before."""

    projection: Projection
    paths: Paths

    @cached_property
    def here(self) -> frozenset[str]:
        """The ids that stand in the base."""
        return frozenset(self.projection.base["id"].dropna())

    @cached_property
    def by_id(self) -> dict[str, dict[str, Any]]:
        """The fields of `FIELDS` of each id that the Journal tells of, None where they are empty.

        Of an id that stands twice, the first row's.
        """
        base = self.projection.base
        told_of = self.paths.history.entries["id"].unique()
        rows = base[base["id"].isin(told_of)]
        rows = rows.drop_duplicates("id")
        fields = rows.reindex(columns=[*FIELDS]).astype(object)
        known = fields.notna()
        records = fields.where(known, None).to_dict("records")
        return dict(zip(rows["id"], records, strict=True))

    def value(self, row_id: str, name: str) -> Any:
        """Return what a field of a row holds, None where nothing is known."""
        record = self.by_id.get(row_id)
        if record is None:
            record = self._remembered(row_id)
        value = record.get(name)
        if value is None or pd.isna(value):
            return None
        return value

    def _remembered(self, row_id: str) -> dict[str, Any]:
        state = self.projection.state
        if row_id not in state.index:
            return {}
        # A row that was deleted is still sold: the last run knows what stood in it.
        row = state.loc[row_id]
        return {
            **last_run_state.remembered(row),
            "work_since": row["work_since"],
        }

    def amount(self, row_id: str, number: int) -> float | None:
        """Return what the sale of a round was worth, in the book's currency.

        As the row has it, or had it when the next round began.
        """
        # What the row says now is of its last round: what an earlier one was worth is what stood
        # there until the amount was changed in a later round.
        next_began = self._began.get((row_id, number + 1))
        if next_began is not None:
            for when, before in self._amounts.get(row_id, ()):
                if when >= next_began:
                    return before
        amount = self.value(row_id, "amount")
        if not isinstance(amount, int | float):
            return None
        return float(amount)

    @cached_property
    def _began(self) -> dict[tuple[str, int], float]:
        """When each round (id, number) began, as a serial moment."""
        began = self.paths.rounds["began"].dropna()
        moments: dict[tuple[str, int], float] = began.to_dict()
        return moments

    @cached_property
    def _amounts(self) -> dict[str, list[tuple[float, float | None]]]:
        """By id, when its amount was changed and what it was before; the oldest change first."""
        entries = self.paths.history.entries
        changes = entries[entries["kind"] == "amount"]
        amounts: dict[str, list[tuple[float, float | None]]] = {}
        columns = changes[["id", "when", "before"]]
        for row_id, when, value in columns.itertuples(index=False):
            before = None if pd.isna(value) else value
            amounts.setdefault(row_id, []).append((when, before))
        return amounts

    def began(self, row_id: str, number: int) -> float | None:
        """Return when the work of a round began, as a serial day.

        By its clock where it is the last round, by the Journal, or for round 0 as typed.
        """
        is_last = (row_id, number + 1) not in self._began
        if is_last:
            clock = _serial(self.value(row_id, "work_since"))
            if clock is not None:
                return clock
        journalled = self._began.get((row_id, number))
        # Nobody knows when a round began that the Journal does not reach back to, but the team.
        if journalled is None and not number:
            return _serial(self.value(row_id, "began"))
        return journalled


def _serial(day: object) -> float | None:
    if pd.isna(day):
        return None
    try:
        return float(to_serial(pd.Timestamp(day).date()))
    except (ValueError, TypeError):
        return None
