"""The amount that each row's label is told by (METHOD point 4)."""

import pandas as pd

from sheetsync.method.policy import Policy
from sheetsync.method.terms import Column
from sheetsync.schema import read_column
from sheetsync.values import fold
from sheetsync.workbook.snapshot import Tab


def measures(tabs: tuple[Tab, ...], policy: Policy) -> "pd.Series[float]":
    """Return the amount that each row's label is told by, on the index of the base.

    NaN where none can be read.
    """
    parts = [_measured(tab, policy) for tab in tabs]
    return (
        pd.concat(parts, ignore_index=True)
        if parts
        else pd.Series(dtype="float64")
    )


def _measured(tab: Tab, policy: Policy) -> "pd.Series[float]":
    if policy.label_by in policy.column:
        amounts = pd.to_numeric(tab.frame[policy.label_by], errors="coerce")
        return amounts.astype("float64")
    column = _column_headed(policy.label_by, tab)
    if column is None:
        return pd.Series(float("nan"), index=tab.frame.index, dtype="float64")
    cells = [tab.grid.cell(int(row) - 1, column) for row in tab.frame["row"]]
    readings = read_column(
        cells, Column(field=policy.label_by, type="amount"), policy
    )
    values = [reading.value for reading in readings]
    return pd.Series(values, index=tab.frame.index, dtype="float64")


def _column_headed(heading: str, tab: Tab) -> int | None:
    wanted = fold(heading)
    for column, own in enumerate(tab.headings):
        if fold(own) == wanted:
            return column
    return None
