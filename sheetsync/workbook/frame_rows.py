"""Rows of a frame as plain records, and its columns as bare arrays: several times faster.

What stands in records is what pandas would put there: Timestamps, NaT, Python's own numbers. Of a
base of some hundred rows the frames themselves are what takes long; arrays have no such cost.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import numpy.typing as npt


Mask: TypeAlias = "npt.NDArray[np.bool_]"
"""Of each row of a frame, in its order, whether something holds."""
NO_DAY = np.datetime64("NaT", "s")

FEW = 32
"""So many days are made one by one; of more each distinct one is made once."""


def cells_of(
    column: "pd.Series[Any]", places: "npt.NDArray[Any] | None" = None
) -> list[Any]:
    """Return the cells of a column, or those at some 0-based places."""
    values = column.to_numpy()
    if places is not None:
        values = values[places]
    if values.dtype.kind != "M":
        cells: list[Any] = values.tolist()
        return cells
    if len(values) <= FEW:
        return [*map(pd.Timestamp, values)]
    # A column of days holds few different ones, and a Timestamp takes long to make.
    codes, days = pd.factorize(values)
    known = np.array([*map(pd.Timestamp, days), pd.NaT], dtype=object)
    taken: list[Any] = known[codes].tolist()
    return taken


def records_of(
    frame: pd.DataFrame,
    mask: "pd.Series[bool] | npt.NDArray[np.bool_] | None" = None,
    names: Sequence[str] | None = None,
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Go through the rows of a frame, each with its label, as `to_dict("records")` has them.

    `mask`: the rows that are wanted, `names`: their columns; None: all.
    """
    places = None if mask is None else np.flatnonzero(np.asarray(mask))
    if not len(frame) or (places is not None and not len(places)):
        return
    labels = frame.index if places is None else frame.index[places]
    wanted = [*(frame.columns if names is None else names)]
    columns = [cells_of(frame[name], places) for name in wanted]
    rows = zip(*columns, strict=True)
    for label, row in zip(labels.tolist(), rows, strict=True):
        yield label, dict(zip(wanted, row, strict=True))


def days_of(column: "pd.Series[Any]") -> "npt.NDArray[np.datetime64]":
    """Return a column of days as an array (datetime64[s]), NaT where there is none."""
    if column.dtype.kind != "M":
        column = column.astype("datetime64[s]")
    days: npt.NDArray[np.datetime64] = column.to_numpy().astype(
        "datetime64[s]", copy=False
    )
    return days


def is_among(column: "pd.Series[Any]", codes: Collection[str]) -> Mask:
    """Mark the rows in which one of some codes stands."""
    wanted = frozenset(codes)
    if len(column) > MANY:
        marks: Mask = column.isin(wanted).to_numpy()
        return marks
    cells = column.tolist()
    return np.fromiter((cell in wanted for cell in cells), bool, len(cells))


MANY = 2_000
"""Above so many rows a table of codes is quicker than a look at each."""


def is_same(left: "pd.Series[Any]", right: "pd.Series[Any]") -> Mask:
    """Mark the rows in which two columns hold the same; where nothing stands, nothing is."""
    ours = left.to_numpy(dtype=object)
    theirs = right.to_numpy(dtype=object)
    same: Mask = (ours == theirs).astype(bool) & ~pd.isna(ours)
    return same
