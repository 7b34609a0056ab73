"""The summary's charts in their order, and those of what is there now (METHOD point 10).

What has changed over time is `trend_charts`'. A further chart is one more function that gives a
`ReportChart`; how it is drawn in a workbook is `sheets.requests.chart_specs`'.
"""

from sheetsync.i18n import Language
from sheetsync.method.codes import StateCode
from sheetsync.method.policy import Policy
from sheetsync.reporting.layout import theme
from sheetsync.reporting.layout.model import ReportChart, Series, named
from sheetsync.reporting.metrics import Figures
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.summary.trend_charts import (
    funnel_chart,
    lengths_chart,
    moves_chart,
    overdue_chart,
)

WIDE = (8, 18)
"""Categories above which a chart of columns takes two thirds of the report, and three."""


def all_charts(figures: Figures, language: Language) -> tuple[ReportChart, ...]:
    """Return the summary's six charts in the order in which they stand.

    The same figures always give the same ones.
    """
    return (
        load_chart(figures.facts, language),
        states_chart(figures.facts, language),
        funnel_chart(figures, language),
        overdue_chart(figures, language),
        moves_chart(figures.facts, language),
        lengths_chart(figures, language),
    )


def working_states(policy: Policy) -> list[str]:
    """Return the states of the working list, by code, in the order of the funnel."""
    return [
        state.code
        for state in policy.states
        if state.counts_to_cap or state.code == StateCode.DEAL_SUPPORT
    ]


def load_chart(facts: Facts, language: Language) -> ReportChart:
    """Draw each manager's load against their limit of that day (METHOD point 7)."""
    text = language.text
    managers = facts.managers
    load_by_manager = facts.rows.groupby("manager")["load"].sum()
    loads = tuple(int(load_by_manager.get(name, 0)) for name in managers)
    limits = tuple(facts.limit(name) for name in managers)
    series = (
        Series(text("Load"), loads, theme.CHART_COMPANIES),
        Series(text("Limit"), limits, theme.CHART_LIMIT),
    )
    return ReportChart(
        "load",
        "column",
        text("Load against the limit"),
        facts.policy.words.name("columns", "manager"),
        managers,
        series if managers else (),
        text("No manager has a company yet."),
        width=1 + sum(len(managers) > most for most in WIDE),
    )


def states_chart(facts: Facts, language: Language) -> ReportChart:
    """Draw how many companies of the working list stand in each state."""
    text = language.text
    policy = facts.policy
    states = working_states(policy)
    counts = facts.rows.loc[facts.rows["working"], "state"].value_counts()
    numbers = tuple(int(counts.get(code, 0)) for code in states)
    return ReportChart(
        "states",
        "bar",
        text("Working list by state"),
        policy.words.name("columns", "state"),
        tuple(named("states", code, policy) for code in states),
        (Series(text("Companies"), numbers, theme.CHART_COMPANIES),),
        text("The working list is empty."),
        labels=True,
    )
