"""The charts of the summary as plain data, and the band of empty lines that is kept free for them (METHOD point 10).

A further chart is one more function that gives a `Chart`; how it is drawn in a workbook is `sheets.charts`'.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import accumulate

from sheetsync.i18n import Language
from sheetsync.reporting.layout import theme as look
from sheetsync.reporting.layout.model import (
    ChartKind,
    PlacedChart,
    ReportCell,
    ReportChart,
    ReportLine,
    Series,
    named,
)
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.values import EPOCH, to_serial
from sheetsync.workbook.journal import JOURNAL_LINES, JournalLine

WEEKS = 12
"""Weeks that a chart over time shows at most, the present one included."""
BAND, TALL, LINE_HEIGHT, GAP = 12, 18, 21, 16
"""Lines that a row of charts takes, and one with names aslant; their height, and the space between two charts, in pixels."""
THIRDS = 3
_WIDE = (8, 18)
"""Categories above which a chart of columns takes two thirds, and three."""
WEEK = timedelta(days=7)


def charts(facts: Facts, language: Language) -> tuple[ReportChart, ...]:
    """Return the summary's charts in the order in which they stand. The same facts always give the same ones."""
    return (_load(facts, language), _states(facts, language), _moves(facts, language))


def _load(facts: Facts, language: Language) -> ReportChart:
    """Draw each manager's load against their limit of that day (METHOD point 7)."""
    text, managers = language.text, facts.managers
    loads = facts.rows.groupby("manager")["load"].sum()
    limits = [facts.policy.limit(name, facts.today) for name in managers]
    series = (
        Series(text("Load"), tuple(int(loads.get(name, 0)) for name in managers), look.BLUE),
        Series(text("Limit"), tuple(limits), look.RULE_STRONG),
    )
    return ReportChart(
        "load",
        "column",
        text("Load against the limit"),
        facts.policy.words.name("columns", "manager"),
        managers,
        series if managers else (),
        text("No manager has a company yet."),
        width=1 + sum(len(managers) > most for most in _WIDE),
    )


def _states(facts: Facts, language: Language) -> ReportChart:
    """Draw how many companies of the working list stand in each state, in the order of the funnel."""
    text, policy = language.text, facts.policy
    codes = [s.code for s in policy.states if s.counts_to_cap or s.code == "deal_support"]
    counts = facts.rows.loc[facts.rows["working"], "state"].value_counts()
    series = Series(text("Companies"), tuple(int(counts.get(code, 0)) for code in codes), look.BLUE)
    names = tuple(named("states", code, policy) for code in codes)
    title, axis = text("Working list by state"), policy.words.name("columns", "state")
    return ReportChart(
        "states",
        "bar",
        title,
        axis,
        names,
        (series,),
        text("The working list is empty."),
        labels=True,
    )


def _moves(facts: Facts, language: Language) -> ReportChart:
    """Draw how many companies came into the working list and left it, week by week, as the Journal has it."""
    text = language.text
    weeks, counts = moves_by_week(facts.journal, facts.today)
    series = (
        Series(text("Into the working list"), counts["in"], look.BLUE),
        Series(text("Out of the working list"), counts["out"], look.FAINT),
        Series(text("Between other sections"), counts["else"], look.RULE_STRONG),
    )
    return over_time("moves", "stacked", text("Moved by week"), weeks, series, language)


def moves_by_week(
    journal: Sequence[JournalLine], today: date
) -> tuple[tuple[date, ...], dict[str, tuple[int, ...]]]:
    """Count the Journal's moves by week: Mondays up to this week's, and how many went `in`, `out`, and `else`where.

    Only weeks of which every line is known are counted: a run reads no more than the newest JOURNAL_LINES, and what it adds
    itself must not make its own figures others than those of the next one.
    """
    lines = [line for line in journal[:JOURNAL_LINES] if 1 <= line.when < to_serial(today) + 1]
    last = today - timedelta(days=today.weekday())
    first = max(
        _week(min((line.when for line in lines), default=to_serial(today))),
        last - (WEEKS - 1) * WEEK,
    )
    if len(journal) >= JOURNAL_LINES:
        first = max(first, _week(min(line.when for line in lines)) + WEEK) if lines else last
    weeks = tuple(first + n * WEEK for n in range((last - first).days // 7 + 1))
    counts = {name: dict.fromkeys(weeks, 0) for name in ("in", "out", "else")}
    for line in lines:
        week = _week(line.when)
        if line.what == "moved" and first <= week <= last:
            way = "in" if line.after == "working" else "out" if line.before == "working" else "else"
            counts[way][week] += 1
    return weeks, {name: tuple(by.values()) for name, by in counts.items()}


def _week(when: float) -> date:
    """Return the Monday of a serial day's week."""
    day = EPOCH + timedelta(days=int(when))
    return day - timedelta(days=day.weekday())


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


def band(
    found: Iterable[ReportChart], widths: Sequence[int], start: int
) -> tuple[list[ReportLine], tuple[PlacedChart, ...]]:
    """Return the lines that are kept free for charts, and the charts at their places over them.

    `widths`: of the report's columns, in pixels; `start`: the number of lines above. A chart begins where a column does, so
    that it stands the same whatever a program makes of a width, and ends within the report: to the right are people's notes.
    """
    edges = [0, *accumulate(widths)]
    corners = [_nearest(edges, n * edges[-1] / THIRDS) for n in range(THIRDS + 1)]
    lines, placed = list[ReportLine](), list[PlacedChart]()
    for number, row in enumerate(_rows(found)):
        lines.append(ReportLine(f"gap:charts:{number}", (), 18))
        top, height = (
            start + len(lines),
            TALL if any(chart.width == THIRDS for _, chart in row) else BAND,
        )
        texts: dict[int, tuple[str, str]] = {}
        for third, chart in row:
            left, right = corners[third], corners[third + chart.width]
            width = edges[right] - edges[left] - (GAP if right < len(widths) else 0)
            if chart.drawn:
                placed.append(PlacedChart(chart, top, left, width, height * LINE_HEIGHT - 4))
            else:
                texts[left] = (chart.title, chart.empty)
        lines += _kept(number, texts, height if len(texts) < len(row) else 2)
    return lines, tuple(placed)


def _nearest(edges: Sequence[int], place: float) -> int:
    return min(range(len(edges)), key=lambda at: abs(edges[at] - place))


def _rows(found: Iterable[ReportChart]) -> Iterator[list[tuple[int, ReportChart]]]:
    """Put charts side by side while they fit: (the third in which it begins, chart), row by row."""
    row, used = list[tuple[int, ReportChart]](), 0
    for chart in found:
        if used + chart.width > THIRDS:
            yield row
            row, used = [], 0
        row.append((used, chart))
        used += chart.width
    if row:
        yield row


def _kept(number: int, texts: dict[int, tuple[str, str]], count: int) -> Iterator[ReportLine]:
    """Give `count` lines, in the first two of which is said what cannot be drawn yet."""
    for at in range(count):
        cells = [ReportCell(None, "blank")] * (max(texts) + 1 if texts and at < 2 else 0)  # noqa: PLR2004  # title, sentence
        for column, told in texts.items() if cells else ():
            cells[column] = ReportCell(told[at], ("chart_title", "plain")[at])
        yield ReportLine(f"charts:{number}:{at}", tuple(cells), LINE_HEIGHT)
