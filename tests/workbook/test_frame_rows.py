"""Rows of frames become the records that pandas would make of them, and columns the same arrays."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sheetsync.workbook.frame_rows import (
    FEW,
    MANY,
    cells_of,
    days_of,
    is_among,
    is_same,
    records_of,
)

DAYS = ["2026-03-02", None, "1950-01-01", "2199-12-31"]


def frame(rows: int) -> pd.DataFrame:
    """Make a frame with every type of column that a base has; its labels are no places."""
    columns: dict[str, Any] = {
        "text": pd.Series(["a", None, "", "я"] * rows, dtype=object),
        "name": pd.Series(["Ann", None, "Bob", None] * rows, dtype="str"),
        "day": pd.Series(pd.to_datetime(DAYS * rows)).astype("datetime64[s]"),
        "number": pd.Series([1.5, np.nan, 0.0, -2.0] * rows),
        "count": pd.Series([1, 0, 7, 2**40] * rows),
        "mark": pd.Series([True, False] * 2 * rows),
    }
    return pd.DataFrame(columns).set_axis(range(10, 10 + 4 * rows))


@pytest.mark.parametrize("rows", [1, FEW])
def test_records_are_those_of_pandas(rows: int) -> None:
    whole = frame(rows)
    records = [record for _, record in records_of(whole)]
    assert [*map(repr, records)] == [*map(repr, whole.to_dict("records"))]
    assert [label for label, _ in records_of(whole)] == whole.index.tolist()


@pytest.mark.parametrize("rows", [1, FEW])
def test_only_the_rows_and_columns_that_are_wanted_are_made(rows: int) -> None:
    whole = frame(rows)
    wanted = whole["mark"]
    chosen = whole.loc[wanted, ["day", "name"]]
    found = dict(records_of(whole, wanted, ("day", "name")))
    assert [*found] == chosen.index.tolist()
    assert [*map(repr, found.values())] == [*map(repr, chosen.to_dict("records"))]
    assert [*records_of(whole, ~wanted & wanted)] == []


def test_a_day_is_in_seconds_as_in_the_frame() -> None:
    few = cells_of(frame(1)["day"])
    many = cells_of(frame(FEW)["day"])
    assert [day.unit for day in (few[0], many[0])] == ["s", "s"]
    assert few[1] is many[1] is pd.NaT


@pytest.mark.parametrize("rows", [1, MANY])
def test_codes_are_looked_for_in_short_and_long_columns_alike(rows: int) -> None:
    texts = frame(rows)["text"]
    assert is_among(texts, ("a", "я")).tolist() == [True, False, False, True] * rows
    assert is_among(texts, ()).tolist() == [False] * 4 * rows


def test_nothing_is_the_same_as_nothing() -> None:
    texts = frame(1)["text"]
    assert is_same(texts, texts).tolist() == [True, False, True, True]


def test_a_column_without_days_is_one_of_no_days() -> None:
    nothing = pd.Series([None, None], dtype=object)
    assert np.isnat(days_of(nothing)).all()
