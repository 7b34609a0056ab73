"""The summary's charts of what has changed over time, drawn from the Journal.

While it does not tell enough, each says in words what it waits for. In which order they stand is
`charts`'.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from sheetsync.i18n import Language
from sheetsync.method.codes import SectionCode
from sheetsync.reporting.layout import theme
from sheetsync.reporting.layout.model import (
    ChartKind,
    ReportChart,
    Series,
    named,
)
from sheetsync.reporting.metrics import Figures
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.metrics.funnel import COHORTS
from sheetsync.reporting.metrics.trends import weekly
from sheetsync.reporting.summary.lengths_block import bucket_name
from sheetsync.values import EPOCH, to_serial
from sheetsync.workbook.journal import JOURNAL_LINES, JournalLine, LineKind

WEEKS = 12
"""Weeks that a chart over time shows at most, the present one included."""
WEEK = timedelta(days=7)
DEALS_NEEDED = 5
"""Deals from which on their lengths are a distribution."""
LONG_OVERDUE = ("overdue_8", "overdue_31")
"""Ages of overdue steps that are drawn beside all of them: more than a week."""

NumbersByWeek = Mapping[date, float | None]
"""By the Monday; None: not known."""


def funnel_chart(figures: Figures, language: Language) -> ReportChart:
    """Draw how far those came who were taken into work together."""
    text = language.text
    policy = figures.facts.policy
    period, stages = figures.cohort
    axis = policy.words.name("columns", "state")
    reached = [stage.reached for stage in stages]
    numbers = tuple(figure.value for figure in reached)
    series = (Series(text("Reached"), numbers, theme.CHART_COMPANIES),)
    # A funnel of half a history would be read as a poor one.
    if not all(figure.enough for figure in reached):
        empty = _waits(figures, language, COHORTS[-1])
        return ReportChart(
            "funnel",
            "bar",
            text("Funnel"),
            axis,
            (),
            series,
            empty,
            labels=True,
        )
    return ReportChart(
        "funnel",
        "bar",
        text("Funnel: taken into work in {n} days", n=period.now.days),
        axis,
        tuple(named("states", stage.state, policy) for stage in stages),
        series,
        text(
            "Nobody was taken into work in the last {n} days.",
            n=period.now.days,
        ),
        labels=True,
    )


def _waits(figures: Figures, language: Language, days: int) -> str:
    """Say from which day on there is enough history for a window of so many days."""
    begins = figures.history.begins
    if begins is None:
        return language.text("Not enough history yet.")
    ready = begins + timedelta(days=days - 1)
    return language.text(
        "Not enough history yet: to be seen from {date} on.",
        date=language.day(ready),
    )


def overdue_chart(figures: Figures, language: Language) -> ReportChart:
    """Draw the overdue steps as they were counted, week by week, from the first counted on."""
    text = language.text
    overdue = _overdue_by_week(figures, ["overdue"])
    long_overdue = _overdue_by_week(figures, LONG_OVERDUE)
    counted = [week for week in overdue if overdue[week] is not None]
    # A week that was not counted is a gap, and no zero.
    weeks = [week for week in sorted(overdue) if week >= min(counted)]
    series = (
        Series(text("Overdue"), _of(weeks, overdue), theme.CHART_OVERDUE),
        Series(
            text("More than a week"),
            _of(weeks, long_overdue),
            theme.CHART_OVERDUE_LONG,
        ),
    )
    enough = len(counted) > 1
    title = text("Overdue steps by week")
    chart = over_time(
        "overdue", "line", title, weeks if enough else (), series, language
    )
    # Weeks in which nothing was overdue are no lack of history.
    if enough and not any(any(each.numbers) for each in series):
        return chart._replace(empty=text("Nothing was overdue in these weeks."))
    return chart


def _overdue_by_week(figures: Figures, codes: Sequence[str]) -> NumbersByWeek:
    """Return the overdue steps of some ages together; None where one of them is not known."""
    today = figures.facts.today
    totals: dict[date, float | None] = {}
    for code in codes:
        for week, number in weekly(figures.counts, code, today, WEEKS):
            total = totals.setdefault(week, 0)
            if total is None or number is None:
                totals[week] = None
            else:
                totals[week] = total + number
    # This week's number is that of now, not what was counted: what a quiet day did not count
    # changes no chart.
    numbers = figures.stocks.numbers()
    totals[_monday(today)] = sum(numbers[code] for code in codes)
    return totals


def _of(
    weeks: Iterable[date], numbers: NumbersByWeek
) -> tuple[float | None, ...]:
    return tuple(numbers[week] for week in weeks)


def moves_chart(facts: Facts, language: Language) -> ReportChart:
    """Draw how many companies came into the working list and left it, week by week."""
    text = language.text
    weeks, counts = moves_by_week(facts.journal, facts.today)
    series = (
        Series(
            text("Into the working list"), counts["in"], theme.CHART_COMPANIES
        ),
        Series(text("Out of the working list"), counts["out"], theme.CHART_OUT),
        Series(
            text("Between other sections"),
            counts["else"],
            theme.CHART_ELSEWHERE,
        ),
    )
    return over_time(
        "moves", "stacked", text("Moved by week"), weeks, series, language
    )


def moves_by_week(
    journal: Sequence[JournalLine], today: date
) -> tuple[tuple[date, ...], dict[str, tuple[int, ...]]]:
    """Count the Journal's moves by week: Mondays up to this week's, and how many went which way.

    The ways: `in` and `out` of the working list, and `else`where.
    """
    # Lines of days to come, or without a day that can be read, are people's doing.
    tomorrow = to_serial(today) + 1
    lines = [
        line for line in journal[:JOURNAL_LINES] if 1 <= line.when < tomorrow
    ]
    last = _monday(today)
    farthest = last - (WEEKS - 1) * WEEK
    first = max(_first_known_week(lines, journal, last), farthest)
    count = (last - first) // WEEK + 1
    weeks = tuple(first + number * WEEK for number in range(count))
    moves = Counter[tuple[str, date]]()
    for line in lines:
        if line.what == LineKind.MOVED:
            moves[_way(line), _week(line.when)] += 1
    ways = ("in", "out", "else")
    return weeks, {
        way: tuple(moves[way, week] for week in weeks) for way in ways
    }


def _first_known_week(
    lines: Sequence[JournalLine], journal: Sequence[JournalLine], last: date
) -> date:
    """Return the first week of which the Journal tells the whole."""
    if not lines:
        return last
    oldest = _week(min(line.when for line in lines))
    # A run reads no more than the newest lines, and what it adds itself must not make its own
    # figures others than those of the next one.
    cut_off = len(journal) >= JOURNAL_LINES
    return oldest + WEEK if cut_off else oldest


def _way(line: JournalLine) -> str:
    if line.after == SectionCode.WORKING:
        return "in"
    return "out" if line.before == SectionCode.WORKING else "else"


def _week(when: float) -> date:
    """Return the Monday of a serial day's week."""
    return _monday(EPOCH + timedelta(days=int(when)))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def lengths_chart(figures: Figures, language: Language) -> ReportChart:
    """Draw how the lengths of deals are distributed, once there are enough of them."""
    text = language.text
    _, buckets = figures.sales
    numbers = tuple(bucket.figure.value for bucket in buckets)
    count = int(sum(number for number in numbers if number is not None))
    names = tuple(bucket_name(bucket, language) for bucket in buckets)
    return ReportChart(
        "lengths",
        "column",
        text("How long deals take"),
        text("Days"),
        names if count >= DEALS_NEEDED else (),
        (Series(text("Deals"), numbers, theme.CHART_SOLD),),
        text(
            "Not enough history yet: deals so far {n}, needed {least}.",
            n=count,
            least=DEALS_NEEDED,
        ),
        labels=True,
    )


def over_time(
    key: str,
    kind: ChartKind,
    title: str,
    days: Sequence[date],
    series: Sequence[Series],
    language: Language,
) -> ReportChart:
    """Return a chart over days or weeks, the oldest first, a value of each series for each of them.

    Two of them are the least that shows anything: until then a sentence stands in its place.
    """
    enough = len(days) > 1
    return ReportChart(
        key,
        kind,
        title,
        language.text("Week of"),
        tuple(language.short_day(day) for day in days) if enough else (),
        tuple(series) if enough else (),
        language.text("Not enough history yet."),
    )
