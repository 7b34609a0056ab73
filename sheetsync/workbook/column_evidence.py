"""What a column holds, as a witness to which field it is.

Used where a heading has changed; where it has not, the heading speaks (`headings`).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from sheetsync.method.policy import Policy
from sheetsync.schema import read_column
from sheetsync.values import Cell, clean
from sheetsync.workbook.last_run_state import remembered

ENOUGH = 0.7
"""The share of rows that must hold what they held, for a column to be taken for the same."""


def held_by(
    columns: Mapping[int, Sequence[Cell]],
    ids: Sequence[str],
    name: str,
    state: pd.DataFrame,
    policy: Policy,
) -> int | None:
    """Return the column that holds what was remembered of a field; None where none does, or two do.

    `columns`: cells by 0-based column; `ids`: the id of each row, "" where it has none.
    """
    expected = [_remembered_text(row_id, name, state) for row_id in ids]
    best: list[int] = []
    best_score = ENOUGH
    for column, cells in columns.items():
        score = _agreement(cells, expected, name, policy)
        if score > best_score:
            best = [column]
            best_score = score
        elif score == best_score:
            best.append(column)
    return best[0] if len(best) == 1 else None


def _remembered_text(row_id: str, name: str, state: pd.DataFrame) -> str:
    if row_id not in state.index:
        return ""
    return _plain(remembered(state.loc[row_id]).get(name))


def _agreement(
    cells: Sequence[Cell], expected: Sequence[str], name: str, policy: Policy
) -> float:
    """Return the share of rows that hold what is remembered, of those of which anything is."""
    readings = read_column(cells, policy.column[name], policy)
    agreeing = known = 0
    for reading, before in zip(readings, expected, strict=True):
        # A cell that was empty may have been filled since, so it speaks for no column.
        if before:
            known += 1
            agreeing += _plain(reading.value) == before
    return agreeing / known if known else 0.0


def _plain(value: Any) -> str:
    """Write a value as it is compared: as it is read, or as it is remembered."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()[: len("2026-03-02")]
    return clean(value)
