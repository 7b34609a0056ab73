"""What a column holds, as a witness to which field it is: compared with what the last run saw of the same rows.

Used where a heading has changed; where it has not, the heading speaks.
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
    """Return the column that holds what was remembered of a field, or None where none does, or two do.

    `columns`: cells by 0-based column; `ids`: the id of each row, "" where it has none.
    """
    known = {
        row_id: _plain(remembered(state.loc[row_id]).get(name))
        for row_id in ids
        if row_id in state.index
    }
    wanted = [known.get(row_id, "") for row_id in ids]
    scores = {at: _agreement(cells, wanted, name, policy) for at, cells in columns.items()}
    best = [at for at, score in scores.items() if score >= ENOUGH and score == max(scores.values())]
    return best[0] if len(best) == 1 else None


def _agreement(cells: Sequence[Cell], wanted: Sequence[str], name: str, policy: Policy) -> float:
    read = [_plain(reading.value) for reading in read_column(cells, policy.column[name], policy)]
    known = [(found, held) for found, held in zip(read, wanted, strict=True) if held]
    return sum(found == held for found, held in known) / len(known) if known else 0.0


def _plain(value: Any) -> str:
    """Write a value as it is compared: as it is read, or as it is remembered."""
    if value is None:
        return ""
    return value.isoformat()[:10] if isinstance(value, date) else clean(value)
