"""The summary's block of the month's plan and what has become of it, by all and by manager.

What is planned and done is told by `metrics.targets`.
"""

from collections.abc import Iterator
from typing import NamedTuple

from sheetsync.i18n import Language, marked
from sheetsync.reporting.layout.lines import heading_lines
from sheetsync.reporting.layout.model import ReportCell, ReportLine
from sheetsync.reporting.metrics import Figures, explained
from sheetsync.reporting.metrics.periods import month
from sheetsync.reporting.metrics.targets import Measure, PlanAgainstFact
from sheetsync.reporting.summary.events import EventLists
from sheetsync.reporting.summary.figure_table import (
    figure_cell,
    figure_head,
    name_cell,
    name_head,
)
from sheetsync.reporting.tabs.companies_behind_figures import FigureLists

PLANS: tuple[tuple[Measure, str], ...] = (
    ("amount", marked("Amount sold")),
    ("deals", marked("Sold")),
    ("taken", marked("Taken into work")),
)
"""What is planned for a month: the measure and its name."""


class _Planned(NamedTuple):
    """A plan with its fact: of whom (None: of all), and what the measure is called."""

    manager: str | None
    name: str
    against: PlanAgainstFact


def plan_lines(
    figures: Figures, language: Language, lists: FigureLists
) -> Iterator[ReportLine]:
    """Go through the block; nothing where nothing is planned."""
    plans = [plan for plan in _plans(figures) if plan.against.plan is not None]
    if not plans:
        return
    text = language.text
    share = round(plans[0].against.elapsed * 100)
    passed = text("{share}% of the month has passed", share=share)
    yield from heading_lines("plan", text("Plan of the month and fact"), passed)
    heads = (
        name_head(text("Figure")),
        figure_head(figures.facts.policy.words.name("columns", "manager")),
        figure_head(text("Plan"), explained("plan", language)),
        figure_head(text("Fact")),
        figure_head(text("Done"), explained("done", language)),
    )
    yield ReportLine("columns:plan", heads)
    event_lists = EventLists(figures, language, lists)
    for plan in plans:
        key = f"plan:{plan.manager or ''}:{plan.against.measure}"
        yield ReportLine(key, _cells(plan, event_lists, language))


def _plans(figures: Figures) -> Iterator[_Planned]:
    targets = figures.targets
    for manager in (None, *targets.managers):
        for measure, name in PLANS:
            yield _Planned(manager, name, targets.against(measure, manager))


def _cells(
    plan: _Planned, event_lists: EventLists, language: Language
) -> tuple[ReportCell, ...]:
    text = language.text
    against = plan.against
    event = "taken" if against.measure == "taken" else "sold"
    this_month = month(event_lists.figures.facts.today).now
    link = event_lists.of(event, text("Month"), this_month, plan.manager)
    # None means that the fact is not known, which is no lagging behind.
    behind = against.on_course is False
    fact = against.fact.value
    return (
        name_cell(
            text(plan.name), link if fact else None, text(against.fact.how)
        ),
        ReportCell(plan.manager or text("all"), "text"),
        figure_cell(against.plan),
        figure_cell(fact, "number_amber" if behind else "number", link),
        figure_cell(against.done, "percent", link),
    )
