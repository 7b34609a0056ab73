"""Today, this week, this month and what each is compared with: weekdays, ends of months and years, the leap day."""

from datetime import date

import pytest

from sheetsync.reporting.metrics.periods import (
    Span,
    elapsed,
    meeting_periods,
    month,
    today_only,
    week,
    weeks,
    window,
)


def span(first: str, last: str) -> Span:
    return Span(date.fromisoformat(first), date.fromisoformat(last))


def test_a_week_is_compared_with_the_same_part_of_the_last_one() -> None:
    """2026-03-05 is a Thursday: four days against four."""
    assert week(date(2026, 3, 5)) == (
        "week",
        span("2026-03-02", "2026-03-05"),
        span("2026-02-23", "2026-02-26"),
    )
    assert week(date(2026, 3, 2)).now == span("2026-03-02", "2026-03-02")
    assert week(date(2026, 3, 8)).before == span("2026-02-23", "2026-03-01")


def test_a_week_goes_over_the_turn_of_the_year() -> None:
    assert week(date(2026, 1, 1)) == (
        "week",
        span("2025-12-29", "2026-01-01"),
        span("2025-12-22", "2025-12-25"),
    )


@pytest.mark.parametrize(
    ("today", "before"),
    [
        ("2026-03-10", ("2026-02-01", "2026-02-10")),
        ("2026-03-31", ("2026-02-01", "2026-02-28")),  # a shorter month is compared whole
        ("2024-03-30", ("2024-02-01", "2024-02-29")),
        ("2024-02-29", ("2024-01-01", "2024-01-29")),
        ("2026-01-01", ("2025-12-01", "2025-12-01")),
        ("2026-02-28", ("2026-01-01", "2026-01-28")),
    ],
)
def test_a_month_is_compared_with_the_same_days_of_the_last_one(
    today: str, before: tuple[str, str]
) -> None:
    found = month(date.fromisoformat(today))
    assert (found.now.first.day, found.now.last, found.before) == (
        1,
        date.fromisoformat(today),
        span(*before),
    )


def test_today_is_compared_with_yesterday_even_over_the_leap_day() -> None:
    assert today_only(date(2024, 3, 1)).before == span("2024-02-29", "2024-02-29")


def test_a_window_is_compared_with_as_many_days_before_it() -> None:
    found = window(date(2026, 3, 2), 30)
    assert (found.now, found.before) == (
        span("2026-02-01", "2026-03-02"),
        span("2026-01-02", "2026-01-31"),
    )
    assert found.now.days == found.before.days == 30


def test_weeks_follow_each_other_and_the_last_one_ends_today() -> None:
    assert weeks(date(2026, 3, 4), 3) == (
        span("2026-02-16", "2026-02-22"),
        span("2026-02-23", "2026-03-01"),
        span("2026-03-02", "2026-03-04"),
    )


def test_the_share_of_a_month_counts_today() -> None:
    assert (elapsed(date(2024, 2, 29)), elapsed(date(2026, 4, 15))) == (1, 0.5)


@pytest.mark.parametrize(
    "today", [date(2024, 2, 29), date(2025, 12, 31), date(2026, 1, 1), date(2026, 3, 1)]
)
def test_no_period_touches_the_one_before_it(today: date) -> None:
    for period in meeting_periods(today):
        assert (
            period.before.first <= period.before.last < period.now.first <= period.now.last == today
        )
        assert period.before.days <= period.now.days
