"""Shares won, lost and open by day: a set worked by hand, another program's word, and bands."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sksurv.nonparametric import cumulative_incidence_competing_risks

from sheetsync.simulation.competing_risks import (
    FROM_THE_START,
    Incidence,
    Watched,
)

TWELVE = "1w 2w 2l 3o 4w 4l 5o 6w 7l 8w 9o 9o"
"""Deals by the day they ended: won, lost, still open."""
TWO_LATE = "1w 2w 2l 3o 4w 4l 5o 6w 7l 8w 5+9o 5+9o"
"""The same, of which two were in work already and came under watch on day 5."""


def watched(text: str) -> Watched:
    entered, left, ends = [], [], []
    for course in text.split():
        late, _, day = course.rpartition("+")
        entered.append(int(late) if late else FROM_THE_START)
        left.append(int(day[:-1]))
        ends.append(day[-1])
    return Watched(
        np.array(entered, dtype=np.int64),
        np.array(left, dtype=np.int64),
        np.array([end == "w" for end in ends], dtype=bool),
        np.array([end == "l" for end in ends], dtype=bool),
    )


@pytest.mark.parametrize(
    ("deals", "day", "won", "lost", "still_open", "at_risk"),
    [
        # Nobody ends before day 1; then 1 of 12, and 2 of 11 on day 2.
        (TWELVE, 0, 0, 0, 1, 12),
        (TWELVE, 1, 1 / 12, 0, 11 / 12, 12),
        (TWELVE, 2, 2 / 12, 1 / 12, 9 / 12, 11),
        # One was lost sight of on day 3: of 8 one is won on day 4 and one lost, 9/12 x 1/8 each.
        (TWELVE, 4, 25 / 96, 17 / 96, 54 / 96, 8),
        # Of 5 one on day 6, of 4 one on day 7, of 3 one on day 8.
        (TWELVE, 6, 25 / 96 + 54 / 480, 17 / 96, 0.45, 5),
        (TWELVE, 7, 25 / 96 + 54 / 480, 17 / 96 + 0.1125, 0.3375, 4),
        (TWELVE, 8, 25 / 96 + 54 / 480 + 0.1125, 17 / 96 + 0.1125, 0.225, 3),
        (TWELVE, 9, 25 / 96 + 54 / 480 + 0.1125, 17 / 96 + 0.1125, 0.225, 2),
        # Two enter on day 5: before it they could not have been missed.
        (TWO_LATE, 1, 0.1, 0, 0.9, 10),
        (TWO_LATE, 2, 0.2, 0.1, 0.7, 9),
        (TWO_LATE, 4, 0.2 + 0.7 / 6, 0.1 + 0.7 / 6, 0.7 * 4 / 6, 6),
        (TWO_LATE, 5, 0.2 + 0.7 / 6, 0.1 + 0.7 / 6, 0.7 * 4 / 6, 4),
        (TWO_LATE, 6, 0.41, 0.1 + 0.7 / 6, 0.7 * 4 / 6 * 0.8, 5),
    ],
)
def test_twelve_deals_worked_by_hand(
    deals: str, day: int, won: float, lost: float, still_open: float, at_risk: int
) -> None:
    shares = Incidence(watched(deals)).by(day)
    assert shares.won == pytest.approx(won)
    assert shares.lost == pytest.approx(lost)
    assert shares.open == pytest.approx(still_open)
    assert shares.at_risk == at_risk


def test_the_share_of_wins_after_a_day_counts_what_is_still_open() -> None:
    incidence = Incidence(watched(TWELVE))
    by_two = 2 / 12
    by_all = 25 / 96 + 54 / 480 + 0.1125
    assert incidence.won_after(2) == pytest.approx(1 - by_two / by_all)
    assert Incidence(watched("3l 4o")).won_after(2) is None


def test_nothing_at_all_is_all_open_and_nothing_is_sure() -> None:
    shares = Incidence(watched("")).by(14)
    assert (shares.won, shares.lost, shares.open) == (0, 0, 1)
    assert shares.won_band == (0, 1)


def drawn(seed: int, deals: int) -> Watched:
    """Draw deals whose ends come by chance: 1 % a day won, 2 % lost; some out of sight sooner."""
    chance = np.random.default_rng(seed)
    end = np.ceil(chance.exponential(1 / 0.03, deals)).astype(np.int64)
    unseen = chance.integers(5, 120, deals)
    seen = end <= unseen
    won = seen & (chance.random(deals) < 1 / 3)
    left = np.minimum(end, unseen)
    entered = np.full(deals, FROM_THE_START, dtype=np.int64)
    return Watched(entered, left, won, seen & ~won)


def truth(day: int) -> float:
    """Return the share won by a day of the deals of `drawn`."""
    return (1 - math.exp(-0.03 * day)) / 3


def test_bands_hold_the_truth_as_often_as_they_say() -> None:
    days = (14, 30, 60)
    held = dict.fromkeys(days, 0)
    for seed in range(500):
        for shares in Incidence(drawn(seed, 150)).by_each(days):
            low, high = shares.won_band
            held[shares.day] += low <= truth(shares.day) <= high
    # 95 of 100, and what chance leaves of 500 draws.
    for times in held.values():
        assert 0.92 <= times / 500 <= 0.98


@pytest.mark.parametrize("seed", range(5))
def test_shares_and_bands_are_those_of_scikit_survival(seed: int) -> None:
    deals = drawn(seed, 400)
    event = np.where(deals.won, 1, np.where(deals.lost, 2, 0))
    days, shares, bands = cumulative_incidence_competing_risks(
        event, deals.left, conf_type="log-log", var_type="Dinse_Approx"
    )
    incidence = Incidence(deals)
    for place, day in enumerate(days):
        by_day = incidence.by(int(day))
        assert by_day.won == pytest.approx(shares[1][place])
        assert by_day.lost == pytest.approx(shares[2][place])
        if by_day.won > 0:
            assert by_day.won_band == pytest.approx(tuple(bands[1][:, place]))


COURSES = st.lists(
    st.tuples(st.integers(-1, 60), st.integers(0, 90), st.sampled_from("wlo")),
    max_size=60,
)


@given(COURSES)
def test_shares_sum_to_one_never_fall_and_lie_in_their_bands(
    courses: list[tuple[int, int, str]],
) -> None:
    kept = [course for course in courses if course[0] < course[1]]
    incidence = Incidence(
        Watched(
            np.array([course[0] for course in kept], dtype=np.int64),
            np.array([course[1] for course in kept], dtype=np.int64),
            np.array([course[2] == "w" for course in kept], dtype=bool),
            np.array([course[2] == "l" for course in kept], dtype=bool),
        )
    )
    before = 0.0
    for shares in incidence.by_each(range(91)):
        assert shares.won + shares.lost + shares.open == pytest.approx(1)
        assert shares.won_band.low - 1e-9 <= shares.won <= shares.won_band.high + 1e-9
        assert shares.lost_band.low - 1e-9 <= shares.lost <= shares.lost_band.high + 1e-9
        assert shares.won >= before - 1e-9
        before = shares.won
