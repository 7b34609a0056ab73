"""What grows with a base and what does not: requests never, time as the rows do. Ratios alone are asserted, never seconds."""

import os

import pytest

from benchmarks.decide import TODAY, cells_of, timed, typed
from benchmarks.opponent import calm, ours, seconds
from benchmarks.scripts import row_by_row
from sheetsync.enforcer import decide
from sheetsync.method.policy import template

MANY = 1_000
GROWTH = os.environ.get("GROWTH")


def night_seconds(rows: int) -> float:
    """Return the processor seconds of typing and deciding the first night of a base."""
    policy = template("ru")
    book = cells_of(rows, policy)
    read, snapshot = timed(lambda: typed(book, policy))
    took, plan = timed(lambda: decide(snapshot, policy, TODAY))
    assert plan.moves
    return read + took


def test_a_thousand_moves_take_as_many_requests_as_one() -> None:
    assert calm(ours, MANY) == calm(ours, 1) == (2, 3)


def test_a_thousand_moves_take_a_thousandth_of_the_time_that_rows_take_one_by_one() -> None:
    # Writes and reads as counted, a fifth of a second each, and sixty of a kind a minute.
    few = 10
    writes, reads = calm(row_by_row, few)
    assert (writes, reads) == (2 * few, 1)
    one_by_one = seconds(writes * MANY // few, reads)
    assert one_by_one >= 1_000 * seconds(*calm(ours, MANY))


@pytest.mark.skipif(not GROWTH, reason="minutes of a processor: `make growth`")
def test_six_times_the_rows_take_no_more_than_seven_times_the_time() -> None:
    fifty = min(night_seconds(50_000) for _ in range(2))
    assert night_seconds(300_000) <= 7 * fifty
