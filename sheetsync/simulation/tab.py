"""The tab of the simulation, and its chart: what the team's own deals say of 14, 30 and 40 days.

Reckoned from as much of the Journal as a night reads; the command reads all of it. What is said is
wording.py's.
"""

from collections.abc import Iterator

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.reporting.layout import theme
from sheetsync.reporting.layout.chart_band import band
from sheetsync.reporting.layout.lines import (
    head_cells,
    heading_lines,
    sentence,
    subtitle_line,
    title_line,
)
from sheetsync.reporting.layout.model import (
    ReportCell,
    ReportChart,
    ReportLine,
    ReportSheet,
    Series,
    unique_keys,
)
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.simulation.competing_risks import DayShares
from sheetsync.simulation.drift import LEAST_AT_RISK
from sheetsync.simulation.simulation import Simulation, simulation_of
from sheetsync.simulation.wording import Wording
from sheetsync.workbook.snapshot import own_title, own_titles

SIMULATION = "simulation"
"""The key of the tab."""
WIDTHS = (130, 130, 170, 130, 130, 170, 170)
FROZEN = 2
MOST_ROWS = 3_000
"""Rows of a base of which every night reckons; of more the command does, when it is asked."""
MOST_POINTS = 61
"""Days that the chart has at most: of a longer curve every second or third is drawn."""


def simulation_sheets(
    facts: Facts, language: Language
) -> tuple[ReportSheet, ...]:
    """Return the tab, once enough companies were in work to say anything of a limit.

    A tab that is there already says why nothing is said any more. A base of more than `MOST_ROWS`
    has none: it would take a night as long as all the rest of it.
    """
    book = facts.projection.snapshot.book
    there = book.titled(*own_titles(facts.policy, SIMULATION)) is not None
    rows = facts.projection.base
    if len(rows) > MOST_ROWS or not (there or _is_worth_it(rows)):
        return ()
    simulation = simulation_of(facts)
    if not there and not _tells(simulation):
        return ()
    words = Wording(simulation, language)
    top = [
        title_line(language.text("14, 30 or 40 days: what your own deals say")),
        subtitle_line(" · ".join(words.counted())),
    ]
    free, charts = band([_chart(simulation, language)], WIDTHS, len(top))
    lines = [*top, *free, *_table(simulation, words, language)]
    lines += _sentences(words, language)
    title = own_title(book, facts.policy, SIMULATION)
    return (
        ReportSheet(
            SIMULATION,
            title,
            WIDTHS,
            unique_keys(lines),
            FROZEN,
            theme.BLUE,
            charts,
        ),
    )


def simulation_charts(
    facts: Facts, language: Language
) -> tuple[ReportChart, ...]:
    """Return the chart of the tab for the pack; nothing where nothing can be said."""
    simulation = simulation_of(facts)
    return (_chart(simulation, language),) if _tells(simulation) else ()


def _is_worth_it(rows: pd.DataFrame) -> bool:
    """Tell whether so many companies were ever in work that something might be said."""
    begun = rows["began"].notna() | rows["worked"].notna()
    return int(begun.sum()) >= LEAST_AT_RISK


def _tells(simulation: Simulation) -> bool:
    if simulation.first_rounds.frame.empty:
        return False
    return any(map(simulation.may_tell, simulation.shares))


def _chart(simulation: Simulation, language: Language) -> ReportChart:
    """Draw what has become of companies by each day in work."""
    text = language.text
    curve = _thinned(_curve(simulation))
    series = (
        Series(text("Won"), tuple(day.won for day in curve), theme.CHART_SOLD),
        Series(
            text("Lost"), tuple(day.lost for day in curve), theme.CHART_OVERDUE
        ),
        Series(
            text("Still open"),
            tuple(day.open for day in curve),
            theme.CHART_COMPANIES,
        ),
    )
    return ReportChart(
        SIMULATION,
        "line",
        text("What became of companies, by the day in work"),
        text("Day"),
        tuple(str(day.day) for day in curve),
        series,
        text("Too few companies were in work to say anything."),
        width=3,
        number_format="0%",
    )


def _curve(simulation: Simulation) -> tuple[DayShares, ...]:
    if simulation.first_rounds.frame.empty:
        return ()
    return simulation.curve


def _thinned(curve: tuple[DayShares, ...]) -> tuple[DayShares, ...]:
    step = -(-len(curve) // MOST_POINTS)
    return curve[::step] if step > 1 else curve


def _table(
    simulation: Simulation, words: Wording, language: Language
) -> Iterator[ReportLine]:
    title = language.text("By the end of the day")
    note = language.text("a question mark: too few to say anything")
    yield from heading_lines("days", title, note)
    first, *others = words.heads()
    heads = [ReportCell(word, "head_right") for word in others]
    yield ReportLine("columns:days", (*head_cells([first]), *heads))
    if simulation.first_rounds.frame.empty:
        return
    for shares in simulation.shares:
        first, *others = words.cells(shares)
        figures = [ReportCell(word or None, "count") for word in others]
        cells = (ReportCell(first, "text"), *figures)
        yield ReportLine(f"day:{shares.day}", cells)


def _sentences(words: Wording, language: Language) -> Iterator[ReportLine]:
    """Go through what is at stake, and what is not said and why."""
    if words.simulation.first_rounds.frame.empty:
        return
    yield from heading_lines(
        "stakes", language.text("What a limit puts at stake")
    )
    said = [*words.at_stake(), *words.drift(), *words.score()]
    for number, each in enumerate(said):
        yield sentence(f"said:{number}", each)
    how = language.text(
        "How it is reckoned, and what is not said: docs/simulate.md. `sheetsync simulate` tells the"
        " same by manager, label, category and source, from the whole Journal."
    )
    yield sentence("said:how", how, "note")
