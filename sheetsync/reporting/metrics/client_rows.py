"""What the rows of the base say of a client, by id; of rows that are gone, what the last run remembers of them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from sheetsync.reporting.metrics.client_paths import Paths
from sheetsync.rules.draft.projection import Projection
from sheetsync.values import to_serial
from sheetsync.workbook import last_run_state as state_tab

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
        """Of the ids that the Journal tells of, the fields of `FIELDS` that the first row holds, None where it holds nothing."""
        base = self.projection.base
        rows = base[base["id"].isin(self.paths.history.entries["id"].unique())].drop_duplicates(
            "id"
        )
        held = rows.reindex(columns=[*FIELDS]).astype(object)
        records = held.where(held.notna(), None).itertuples(index=False, name=None)
        return {
            str(i): dict(zip(FIELDS, record, strict=True))
            for i, record in zip(rows["id"], records, strict=True)
        }

    def value(self, row_id: str, name: str) -> Any:
        """Return what a field of a row holds, None where nothing is known."""
        held = self.by_id.get(row_id)
        found = self._remembered(row_id).get(name) if held is None else held[name]
        return None if found is None or pd.isna(found) else found

    def _remembered(self, row_id: str) -> dict[str, Any]:
        state = self.projection.state
        if row_id not in state.index:
            return {}
        seen = state.loc[row_id]
        return {**state_tab.remembered(seen), "work_since": seen["work_since"]}

    def amount(self, row_id: str, number: int) -> float | None:
        """Return what the sale of a round was worth: as the row has it, or had it when the next round began."""
        later = self._begun.get((row_id, number + 1))
        if later is not None:
            for when, before in self._amounts.get(row_id, ()):
                if when >= later:
                    return before
        found = self.value(row_id, "amount")
        return float(found) if isinstance(found, int | float) else None

    @cached_property
    def _begun(self) -> dict[tuple[str, int], float]:
        began = self.paths.rounds["began"].dropna()
        return {(str(row_id), int(number)): float(when) for (row_id, number), when in began.items()}

    @cached_property
    def _amounts(self) -> dict[str, list[tuple[float, float | None]]]:
        """By id, when its amount was changed and what it was until then; the oldest change first."""
        told = self.paths.history.entries
        found: dict[str, list[tuple[float, float | None]]] = {}
        for row_id, when, before in told.loc[
            told["kind"] == "amount", ["id", "when", "before"]
        ].itertuples(index=False):
            found.setdefault(row_id, []).append(
                (when, None if before is None or pd.isna(before) else before)
            )
        return found

    def began(self, row_id: str, number: int) -> float | None:
        """Return when the work of a round began, as a serial day: by its clock, by the Journal, or as typed."""
        if (row_id, number + 1) not in self._begun and (
            clock := _serial(self.value(row_id, "work_since"))
        ) is not None:
            return clock
        told = self._begun.get((row_id, number))
        return told if told is not None or number else _serial(self.value(row_id, "began"))


def _serial(day: object) -> float | None:
    if day is None or pd.isna(day):  # type: ignore[call-overload,unused-ignore]  # a scalar of a frame
        return None
    try:
        return float(to_serial(pd.Timestamp(day).date()))
    except (ValueError, TypeError):
        return None
