"""The charts over time as data: what they draw agrees with the Journal, and while it is young each says what it waits for."""

import json
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from sheetsync.i18n import language
from sheetsync.reporting.layout.model import ReportChart, ReportLine
from sheetsync.reporting.metrics.deals import SCALES
from sheetsync.reporting.metrics.funnel import COHORTS
from sheetsync.reporting.summary.charts import all_charts
from sheetsync.reporting.summary.period_blocks import PeriodBlocks
from sheetsync.reporting.summary.trend_charts import DEALS_NEEDED
from sheetsync.reporting.tabs.companies_behind_figures import FigureLists
from sheetsync.values import to_serial
from sheetsync.workbook.journal import JournalLine, LineKind
from tests.builders.journals import figures, journal, line

TODAY = date(2026, 3, 19)
LATE = """
    section | id     | company | state     | manager | next_step | next_on    | began      | label | phone
    working | AAAAAA | Alpha   | Contact 1 | Ann     | call      | 2026-03-01 | 2026-03-01 | large | +12025550101
    working | BBBBBB | Beta    | Contact 2 | Ann     | call      | 2026-03-18 | 2026-03-01 | large | +12025550102
"""


def drawn(told: Any, key: str) -> ReportChart:
    return next(chart for chart in all_charts(told, language("en")) if chart.key == key)


def count(day: date, **numbers: int) -> JournalLine:
    return line(
        to_serial(day) + 0.1, "", "", LineKind.COUNTED, json.dumps({"all": numbers, "managers": {}})
    )


def back(days: int) -> str:
    return (TODAY - timedelta(days=days)).isoformat()


def test_there_are_six_charts_in_two_rows() -> None:
    keys = [chart.key for chart in all_charts(figures((), TODAY.isoformat()), language("en"))]
    assert keys == ["load", "states", "funnel", "overdue", "moves", "lengths"]


def test_overdue_steps_are_drawn_by_week_as_they_were_last_counted_and_this_week_as_they_are() -> (
    None
):
    lines = (
        count(date(2026, 3, 17), overdue=99, overdue_8=9, overdue_31=0),
        count(date(2026, 3, 15), overdue=7, overdue_8=3, overdue_31=1),
        count(date(2026, 3, 9), overdue=50, overdue_8=3, overdue_31=1),
        count(date(2026, 2, 24), overdue=4, overdue_8=0, overdue_31=0),
    )
    chart = drawn(figures(lines, TODAY.isoformat(), LATE), "overdue")
    assert chart.categories == ("23 Feb", "2 Mar", "9 Mar", "16 Mar")
    assert [series.numbers for series in chart.series] == [(4, None, 7, 2), (0, None, 4, 1)]


def test_one_week_of_overdue_steps_is_not_drawn() -> None:
    chart = drawn(
        figures((count(date(2026, 3, 17), overdue=9),), TODAY.isoformat(), LATE), "overdue"
    )
    assert (chart.drawn, chart.empty) == (False, "Not enough history yet.")


def test_weeks_in_which_nothing_was_overdue_say_so() -> None:
    lines = tuple(
        count(TODAY - timedelta(days=7 * n), overdue=0, overdue_8=0, overdue_31=0) for n in range(3)
    )
    chart = drawn(figures(lines, TODAY.isoformat()), "overdue")
    assert (chart.drawn, chart.empty) == (False, "Nothing was overdue in these weeks.")


@pytest.mark.parametrize(("history", "told"), [(200, 90), (89, 90), (88, 60), (59, 60), (29, 30)])
def test_the_funnel_is_of_the_longest_cohort_that_the_journal_covers(
    history: int, told: int
) -> None:
    text = f"""
    {back(history)} | Z      | Ann | section working > rework
    {back(20)} | AAAAAA | Ann | new > contact_1
    {back(20)} | BBBBBB | Ann | new > contact_1
    {back(10)} | AAAAAA | Ann | contact_1 > deal
    """
    chart = drawn(figures(text, TODAY.isoformat()), "funnel")
    assert chart.title == f"Funnel: taken into work in {told} days"
    assert [*chart.series[0].numbers] == [2, 1, 1, 1, 0, 0]
    assert len(chart.categories) == 6


def test_a_journal_too_young_for_any_cohort_says_from_when_there_is_one() -> None:
    chart = drawn(figures(f"{back(3)} | A | Ann | new > contact_1", TODAY.isoformat()), "funnel")
    assert chart.categories == ()
    ready = date(2026, 3, 16) + timedelta(days=COHORTS[-1] - 1)
    assert chart.empty == f"Not enough history yet: to be seen from {ready.day} April on."
    assert drawn(
        figures(f"{back(3)} | A | Ann | new > contact_1", ready.isoformat()), "funnel"
    ).drawn
    assert drawn(figures((), TODAY.isoformat()), "funnel").empty == "Not enough history yet."


def sales(lengths: list[int]) -> str:
    """Tell of deals of so many days each."""
    lines = [f"{back(300)} | Z | Ann | section working > rework"]
    for at, days in enumerate(lengths):
        lines += [
            f"{back(days + 1)} | R{at:05} | Ann | new > contact_1",
            f"{back(1)} | R{at:05} | Ann | contact_1 > deal_support",
        ]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("lengths", "scale"),
    [
        ([3, 9, 20, 35, 50, 50, 70, 200], SCALES[0]),
        ([95, 110, 130, 150, 170, 190, 250], SCALES[1]),
        ([0, 1, 2, 3, 4, 5, 6], SCALES[2]),
    ],
)
def test_deals_are_distributed_over_the_buckets_that_suit_them(
    lengths: list[int], scale: tuple[int, ...]
) -> None:
    told = figures(sales(lengths), TODAY.isoformat())
    chart = drawn(told, "lengths")
    cut = pd.cut(pd.Series(lengths), [-1, *scale, 10**6])
    assert chart.series[0].numbers == tuple(cut.value_counts(sort=False))
    assert len(chart.categories) == len(scale) + 1
    assert chart.categories[-1] == f"more than {scale[-1]} days"


def test_fewer_deals_than_a_distribution_needs_are_counted_in_words() -> None:
    chart = drawn(figures(sales([3] * (DEALS_NEEDED - 1)), TODAY.isoformat()), "lengths")
    assert (chart.drawn, chart.empty) == (
        False,
        "Not enough history yet: deals so far 4, needed 5.",
    )
    assert drawn(figures(sales([3] * DEALS_NEEDED), TODAY.isoformat()), "lengths").drawn


def test_stocks_stand_beside_what_was_counted_a_day_a_week_and_a_month_ago() -> None:
    lines = (
        count(date(2026, 3, 18), overdue=9, load=30),
        count(date(2026, 3, 12), overdue=8, load=20),
        count(date(2026, 2, 19), overdue=7),
    )
    told = figures(
        (*lines, *journal(f"{back(60)} | A | Ann | new > contact_1")), TODAY.isoformat(), LATE
    )
    found: dict[str, ReportLine] = {
        line.key: line
        for line in PeriodBlocks(
            told, language("en"), FigureLists(told.facts, language("en"))
        ).then()
    }
    assert [cell.value for cell in found["then:overdue"].cells] == ["Overdue steps", 2, 9, 8, 7]
    assert [cell.value for cell in found["then:load"].cells] == ["Load", 2, 30, 20, "—"]
