"""The charts that figures over time make: the funnel of a cohort, overdue steps by week, how long deals take.

While the Journal does not tell enough, each says in words what it waits for.
"""

from datetime import date, timedelta

from sheetsync.i18n import Language
from sheetsync.reporting.layout import theme as look
from sheetsync.reporting.layout.chart_model import WEEKS, charts, over_time
from sheetsync.reporting.layout.model import ReportChart, Series, named
from sheetsync.reporting.metrics import Figures
from sheetsync.reporting.metrics.funnel import COHORTS
from sheetsync.reporting.metrics.trends import Point, weekly
from sheetsync.reporting.summary.forecast_block import bucket_name

DEALS_NEEDED = 5
"""Deals from which on their lengths are a distribution."""
OLD = ("overdue_8", "overdue_31")
"""Ages of overdue steps that are drawn beside all of them: more than a week."""


def all_charts(figures: Figures, language: Language) -> tuple[ReportChart, ...]:
    """Return the summary's six charts in the order in which they stand: what is there, then what has changed."""
    load, states, moves = charts(figures.facts, language)
    return (
        load,
        states,
        _funnel(figures, language),
        _overdue(figures, language),
        moves,
        _lengths(figures, language),
    )


def _funnel(figures: Figures, language: Language) -> ReportChart:
    """Draw how far those came who were taken into work together."""
    text, policy, (period, steps) = language.text, figures.facts.policy, figures.cohort
    enough = all(step.reached.enough for step in steps)
    title = (
        text("Funnel: taken into work in {n} days", n=period.now.days) if enough else text("Funnel")
    )
    empty = text("Nobody was taken into work in the last {n} days.", n=period.now.days)
    if not enough:
        empty = _waits(figures, language, COHORTS[-1])
    names = tuple(named("states", step.state, policy) for step in steps) if enough else ()
    series = Series(text("Reached"), tuple(step.reached.value for step in steps), look.BLUE)
    return ReportChart(
        "funnel",
        "bar",
        title,
        policy.words.name("columns", "state"),
        names,
        (series,),
        empty,
        labels=True,
    )


def _waits(figures: Figures, language: Language, days: int) -> str:
    """Say from which day on there is enough history for a window of so many days."""
    begins = figures.history.begins
    if begins is None:
        return language.text("Not enough history yet.")
    ready = begins + timedelta(days=days - 1)
    return language.text(
        "Not enough history yet: to be seen from {date} on.", date=language.day(ready)
    )


def _overdue(figures: Figures, language: Language) -> ReportChart:
    """Draw the overdue steps as they were counted, week by week; this week's number is today's."""
    text, counts, today = language.text, figures.counts, figures.facts.today
    numbers = figures.stocks.numbers()
    every = _known(weekly(counts, "overdue", today, WEEKS), numbers["overdue"])
    parts = [_known(weekly(counts, code, today, WEEKS), numbers[code]) for code in OLD]
    weeks = [
        day
        for day in sorted(every)
        if day >= min(day for day, value in every.items() if value is not None)
    ]
    old = {day: _added([part[day] for part in parts]) for day in weeks}
    series = (
        Series(text("Overdue"), tuple(every[day] for day in weeks), look.RED),
        Series(text("More than a week"), tuple(old[day] for day in weeks), look.AMBER),
    )
    told = sum(every[day] is not None for day in weeks) > 1
    drawn = over_time(
        "overdue", "line", text("Overdue steps by week"), weeks if told else (), series, language
    )
    calm = told and not any(value for one in series for value in one.numbers)
    return drawn._replace(empty=text("Nothing was overdue in these weeks.")) if calm else drawn


def _known(points: tuple[Point, ...], now: int) -> dict[date, float | None]:
    found = {point.day: point.value for point in points}
    return found | {points[-1].day: now}


def _added(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def _lengths(figures: Figures, language: Language) -> ReportChart:
    """Draw how the lengths of deals are distributed, once there are enough of them."""
    text, (_, buckets) = language.text, figures.sales
    numbers = tuple(bucket.figure.value for bucket in buckets)
    count = int(sum(number for number in numbers if number is not None))
    enough = count >= DEALS_NEEDED
    empty = text(
        "Not enough history yet: deals so far {n}, needed {least}.", n=count, least=DEALS_NEEDED
    )
    names = tuple(bucket_name(bucket, language) for bucket in buckets) if enough else ()
    series = Series(text("Deals"), numbers, look.GREEN)
    title = text("How long deals take")
    return ReportChart(
        "lengths", "column", title, text("Days"), names, (series,), empty, labels=True
    )
