"""What a trial comes to: tables of sales, and what is recommended of them."""

import pytest

from sheetsync.reporting.metrics.trial_verdict import (
    TrialSale,
    Verdict,
    recommendation,
    share_range,
)


def sales(in_time: int, late: int, label: str = "small") -> list[TrialSale]:
    """Return sales after 10 days, and late ones after 21, 22, … days."""
    return [
        *(TrialSale(label, 10, late=False) for _ in range(in_time)),
        *(TrialSale(label, 21 + n, late=True) for n in range(late)),
    ]


@pytest.mark.parametrize(
    ("left", "in_time", "late", "verdict"),
    [
        (0, 0, 0, Verdict.TOO_FEW),
        (29, 100, 0, Verdict.TOO_FEW),
        (60, 0, 0, Verdict.TOO_FEW),
        (60, 100, 2, Verdict.KEEP),
        (60, 8, 1, Verdict.UNCERTAIN),
        (60, 80, 20, Verdict.UNCERTAIN),
        (60, 40, 40, Verdict.CHANGE),
        (60, 0, 10, Verdict.CHANGE),
    ],
)
def test_the_model_is_kept_while_few_sales_come_too_late(
    left: int, in_time: int, late: int, verdict: Verdict
) -> None:
    assert recommendation(left, sales(in_time, late)).verdict is verdict


def test_the_limit_to_change_is_of_the_label_with_most_late_sales() -> None:
    told = recommendation(60, [*sales(2, 20, "large"), *sales(2, 5, "small")])
    # Of the 22 sales of large clients the 18th came on day 21 + 15.
    assert (told.verdict, told.label, told.days) == (Verdict.CHANGE, "large", 36)
    assert (told.late, told.sales) == (25, 29)


def test_sales_of_which_nobody_knows_how_long_they_took_give_no_number() -> None:
    late = [TrialSale("large", None, late=True) for _ in range(20)]
    assert recommendation(60, late).days == 0


def test_the_range_of_a_share_is_wilsons() -> None:
    assert share_range(0, 0) == (0.0, 1.0)
    # 20 of 100, as statistical tables have it.
    low, high = share_range(20, 100)
    assert (round(low, 4), round(high, 4)) == (0.1334, 0.2888)
    assert share_range(10, 10)[1] == pytest.approx(1)
