"""The summary of the department (METHOD point 10): its top, and the order of its blocks.

The blocks have modules of their own; which rows are due is `metrics.facts`', how cells look is
`layout.theme`'s.
"""

from collections.abc import Iterator

from sheetsync.i18n import Language
from sheetsync.reporting.layout import theme
from sheetsync.reporting.layout.chart_band import band
from sheetsync.reporting.layout.lines import (
    gap,
    sentence,
    subtitle_line,
    title_line,
)
from sheetsync.reporting.layout.model import (
    Anchor,
    ReportCell,
    ReportLine,
    ReportSheet,
    unique_keys,
)
from sheetsync.reporting.layout.other_money import beside_the_sums
from sheetsync.reporting.metrics import Figures
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.summary.ages import AgesBlock
from sheetsync.reporting.summary.attention import (
    structure_lines,
    unattended_lines,
)
from sheetsync.reporting.summary.authority import authority_lines
from sheetsync.reporting.summary.charts import all_charts, working_states
from sheetsync.reporting.summary.findings import finding_lines
from sheetsync.reporting.summary.forecast_block import ForecastBlock
from sheetsync.reporting.summary.labels import label_lines
from sheetsync.reporting.summary.launch import launch_lines, objection_lines
from sheetsync.reporting.summary.lengths_block import length_lines
from sheetsync.reporting.summary.offers import offer_lines
from sheetsync.reporting.summary.period_blocks import PeriodBlocks
from sheetsync.reporting.summary.plan_block import plan_lines
from sheetsync.reporting.summary.scores_block import score_lines
from sheetsync.reporting.summary.sections import move_lines, section_lines
from sheetsync.reporting.summary.state_changes import came_lines
from sheetsync.reporting.summary.stop import stop_lines
from sheetsync.reporting.summary.team import MARKS, ManagersBlock, TeamRows
from sheetsync.reporting.summary.tiles import tile_lines
from sheetsync.reporting.tabs.companies_behind_figures import FigureLists
from sheetsync.reporting.tabs.decision_column import head_lines
from sheetsync.reporting.tabs.violations import violation_counts
from sheetsync.rules.safeguards import stop_notice
from sheetsync.rules.trial.words import held_words
from sheetsync.workbook.answers import TRIAL
from sheetsync.workbook.snapshot import own_title

SUMMARY = "summary"
"""The key of the tab."""
TEXT_WIDTHS = (200, 90, 140)
MARK_WIDTH = 76
STATE_WIDTH = 88
"""Pixels of the columns: three of words, then figures: one for each mark and each state."""
TILE_COLUMNS = 14
"""Columns that the large figures take."""


def summary_sheet(
    figures: Figures,
    language: Language,
    titles: dict[str, str],
    lists: FigureLists,
) -> ReportSheet:
    """Return the summary.

    `titles`: of each manager's tab; `lists`: gathers where the figures lead.
    """
    facts = figures.facts
    states = working_states(facts.policy)
    widths = _widths(len(states))
    team = TeamRows(facts, language, titles, states, lists)
    # What a meeting begins with stands above the charts, on the first screen.
    top = [
        *_top(facts, language),
        *tile_lines(facts, language, titles, lists),
        *_other_money(facts, language),
        *stop_lines(facts, language),
        *ManagersBlock(team).lines(),
        *_to_settle(facts, language, len(widths)),
        gap("charts", 18),
    ]
    free_lines, charts = band(all_charts(figures, language), widths, len(top))
    lines = [*top, *free_lines, *_blocks(figures, team, len(widths))]
    title = own_title(facts.projection.snapshot.book, facts.policy, SUMMARY)
    return ReportSheet(
        SUMMARY, title, widths, unique_keys(lines), 2, theme.BLUE, charts
    )


def _widths(states: int) -> tuple[int, ...]:
    figures = [MARK_WIDTH] * len(MARKS) + [STATE_WIDTH] * states
    missing = TILE_COLUMNS - len(TEXT_WIDTHS) - len(figures)
    return (*TEXT_WIDTHS, *figures, *[STATE_WIDTH] * max(0, missing))


def _to_settle(
    facts: Facts, language: Language, width: int
) -> Iterator[ReportLine]:
    """Go through what waits for the head of sales."""
    yield from head_lines(facts, language)
    yield from structure_lines(facts, language)
    yield from authority_lines(facts, language)
    yield from unattended_lines(facts, language, width)
    yield from launch_lines(facts, language)


def _other_money(facts: Facts, language: Language) -> Iterator[ReportLine]:
    """Say what stands beside all sums, in other currencies; nothing where there is none."""
    words = beside_the_sums(facts, language)
    if words:
        yield sentence("other_money", words, "note")


def _top(facts: Facts, language: Language) -> Iterator[ReportLine]:
    """Go through the title, and the day in one line."""
    text = language.text
    number = language.number
    yield title_line(text("Sales department summary"))
    if facts.stop is not None and not facts.stop.released:
        yield sentence("subtitle", stop_notice(facts.stop, language), "notice")
        yield gap("tiles", 12)
        return
    day = f"{language.date(facts.today)}, {language.weekday(facts.today)}"
    moved = text("moved this night {n}", n=number(len(facts.moved)))
    errors = text("no errors")
    if facts.errors:
        errors = text("errors to fix {n}", n=number(facts.errors))
    yield subtitle_line(f"{day} · {moved} · {errors}")
    yield from _trial(facts, language)
    yield gap("tiles", 12)


def _trial(facts: Facts, language: Language) -> Iterator[ReportLine]:
    """Say what a trial of the model holds; nothing where it holds nothing."""
    projection = facts.projection
    tab = own_title(projection.snapshot.book, facts.policy, TRIAL)
    held = len(projection.plan.would)
    for words in held_words(held, projection.trial, tab, language):
        link = Anchor(TRIAL, "title")
        yield ReportLine("trial", (ReportCell(words, "link", link),))


def _blocks(
    figures: Figures, team: TeamRows, width: int
) -> Iterator[ReportLine]:
    """Go through the blocks below the charts. `width`: the report's columns."""
    facts = figures.facts
    language = team.language
    lists = team.lists
    # The department as it stands.
    yield from AgesBlock(figures, team).lines()
    # What happened.
    periods = PeriodBlocks(figures, language, lists)
    yield from periods.flows()
    yield from periods.then()
    yield from periods.funnel()
    yield from periods.reasons()
    yield from objection_lines(facts, language)
    # What is to be expected.
    yield from plan_lines(figures, language, lists)
    yield from ForecastBlock(figures, language, lists).lines()
    yield from length_lines(figures, language, lists)
    # What is to be looked at.
    yield from score_lines(figures, language)
    yield from offer_lines(facts, language)
    yield from finding_lines(facts, language)
    yield from label_lines(facts, language)
    yield from violation_counts(facts, language, width)
    yield from came_lines(figures, language, width, lists)
    yield from section_lines(facts, language)
    yield from move_lines(facts, language, width)
