"""What proves the sales of a base: the payments in its rows, and the head's word (METHOD point 6).

Of rows that are gone, what the last run remembers of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from sheetsync.rules.draft.projection import Projection
from sheetsync.values import to_serial
from sheetsync.workbook import last_run_state
from sheetsync.workbook.frame_rows import records_of
from sheetsync.workbook.last_run_state import HEADS_WORD


@dataclass(frozen=True)
class Payments:
    """The payments of a base, as a plan leaves it."""

    projection: Projection

    @cached_property
    def paid_on(self) -> Mapping[str, int]:
        """The serial day of each payment that has come, by the row's id."""
        base = self.projection.base
        today = pd.Timestamp(self.projection.today)
        days: dict[str, int] = {}
        for _, row in records_of(base, base["paid"] <= today, ("id", "paid")):
            days[str(row["id"])] = to_serial(row["paid"].date())
        return days

    @cached_property
    def unproved(self) -> frozenset[str]:
        """The ids of the rows that neither a payment nor the head's word proves to be sold.

        Nothing where no column tells of payments: then the state alone counts.
        """
        base = self.projection.base
        if not len(base) or bool(base["by_state"].iloc[0]):
            return frozenset()
        state = self.projection.state
        by_head = state.index[state["proof"] == HEADS_WORD]
        proved = {*self.paid_on, *map(str, by_head), *self._paid_and_gone}
        return frozenset(map(str, state.index)) - proved

    @property
    def _paid_and_gone(self) -> list[str]:
        """The ids of rows that are gone, and had paid."""
        state = self.projection.state
        gone: Any = state[state["gone_on"].notna()]
        field = self.projection.policy.sale_proof
        return [
            str(row_id)
            for row_id, row in gone.iterrows()
            if last_run_state.remembered(row).get(field)
        ]
