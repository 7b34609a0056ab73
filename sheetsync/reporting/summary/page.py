"""The summary of the department: its top, what waits for the head of sales, sections, what moved this night (METHOD point 10).

The other blocks have modules of their own; which rows are due is `reports_facts`', how they look is `look`'s.
"""

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.reporting.layout import theme as look
from sheetsync.reporting.layout.chart_band import band
from sheetsync.reporting.layout.model import (
    ReportCell,
    ReportLine,
    ReportSheet,
    company_cell,
    date_cell,
    named,
    padded,
    unique_keys,
    words_of,
)
from sheetsync.reporting.metrics import Figures, explained
from sheetsync.reporting.metrics.facts import PASSING, URGENT, Facts
from sheetsync.reporting.summary.charts import all_charts, working_states
from sheetsync.reporting.summary.findings import finding_lines
from sheetsync.reporting.summary.forecast_block import ForecastBlocks
from sheetsync.reporting.summary.offers import heading, label_lines, offer_lines
from sheetsync.reporting.summary.period_blocks import PeriodBlocks
from sheetsync.reporting.summary.scores_block import score_lines
from sheetsync.reporting.summary.state_changes import came_lines
from sheetsync.reporting.summary.team import MARKS, TeamBlocks
from sheetsync.reporting.summary.tiles import tile_lines
from sheetsync.reporting.tabs.companies_behind_figures import FigureLists
from sheetsync.reporting.tabs.decision_column import head_lines
from sheetsync.reporting.tabs.violations import counted_lines
from sheetsync.schema import Severity
from sheetsync.workbook.journal import JournalLine
from sheetsync.workbook.snapshot import own_title

MOVES_SHOWN = 200
"""Moves listed on the summary; the rest are in the Journal."""

TEXT_WIDTHS, NUMBER_WIDTH = (250, 110, 150), 88


class _Summary:
    """Words the summary, block by block."""

    def __init__(self, facts: Facts, language: Language, titles: dict[str, str]) -> None:
        self.facts, self.policy, self.language, self.titles = facts, facts.policy, language, titles
        self.states = working_states(self.policy)
        self.width = len(TEXT_WIDTHS) + len(self.states) + len(MARKS)

    def top(self) -> list[ReportLine]:
        """Title, and the day in one line."""
        text, facts, number = self.language.text, self.facts, self.language.number
        day = f"{self.language.date(facts.today)}, {self.language.weekday(facts.today)}"
        moved = text("moved this night {n}", n=number(len(facts.moved)))
        errors = (
            text("errors to mend {n}", n=number(facts.errors))
            if facts.errors
            else text("no errors")
        )
        return [
            ReportLine("title", (ReportCell(text("Sales department summary"), "title"),), 34),
            ReportLine("subtitle", (ReportCell(f"{day} · {moved} · {errors}", "subtitle"),)),
            ReportLine("gap:tiles", (), 12),
        ]

    def structure(self) -> list[ReportLine]:
        """Return what is amiss with whole tabs and columns, which the head of sales settles."""
        text, told = (
            self.language.text,
            [p for p in self.facts.projection.plan.problems if not p.row or p.code == "settings"],
        )
        shown = [
            p
            for p in told
            if p.severity is not Severity.NOTICE and p.code not in ("over_cap", *PASSING)
        ]
        if not shown:
            return []
        lines = [
            ReportLine(
                f"structure:{problem.code}:{problem.tab}:{problem.row}:{problem.column}",
                (
                    ReportCell(problem.tab, "text"),
                    ReportCell(problem.column or problem.row or None, "text"),
                    ReportCell(None, "text"),
                    ReportCell(f"{problem.message} {problem.fix}".strip(), "text_amber"),
                ),
            )
            for problem in shown
        ]
        return [*self._heading("structure", text("Tabs and columns to settle")), *lines]

    def unattended(self) -> list[ReportLine]:
        """Return the urgent rows of managers who are away without anybody to stand in: the head of sales has them."""
        text = self.language.text
        due = {
            "overdue": text("Overdue steps"),
            "closing": text("Deadline is near"),
            "call": text("Calls due from the archives"),
        }
        days = {"overdue": "next_on", "closing": "due", "call": "call_on"}
        lines = []
        for name, absence in self.facts.away.items():
            if absence.substitute is not None:
                continue
            rows = self.facts.by_manager[name]
            until = text("on leave until {date}", date=self.language.day(absence.until))
            for key in URGENT:
                for row in rows[rows[key]].sort_values([days[key], "row"]).to_dict("records"):
                    cells = (
                        company_cell(row, self.language),
                        ReportCell(name, "text"),
                        ReportCell(due[key], "text_amber"),
                        date_cell(row[days[key]]),
                        ReportCell(None, "text"),
                        ReportCell(until, "note"),
                    )
                    lines.append(
                        ReportLine(
                            f"unattended:{key}:{row['id']}", padded(cells, self.width, "text")
                        )
                    )
        if not lines:
            return []
        more = (
            [ReportLine("unattended:more", (ReportCell(text("and more"), "plain"),))]
            if len(lines) > MOVES_SHOWN
            else []
        )
        return [
            *self._heading("unattended", text("On leave, and nobody stands in")),
            *lines[:MOVES_SHOWN],
            *more,
        ]

    def _heading(self, key: str, title: str, note: str = "") -> list[ReportLine]:
        return heading(key, title, note)

    def sections(self) -> list[ReportLine]:
        """Return how many rows stand in each section, and their share of the base."""
        text, rows = self.language.text, self.facts.rows
        counts, whole = rows["section"].value_counts(), max(len(rows), 1)
        heads = (
            ReportCell(text("Section"), "head"),
            ReportCell(
                text("Companies"), "head_right", None, explained("in_section", self.language)
            ),
            ReportCell(text("Share"), "head_right", None, explained("share", self.language)),
        )
        lines = [
            *self._heading("sections", text("The base by section")),
            ReportLine("columns:sections", heads),
        ]
        for code in sorted(self.facts.projection.snapshot.tab, key=self.policy.rank):
            count = int(counts.get(code, 0))
            name = ReportCell(self.policy.words.name("sections", code), "link", (code, 1))
            cells = (
                name,
                ReportCell(count, "number", (code, 1)),
                ReportCell(count / whole, "percent"),
            )
            lines.append(ReportLine(f"sections:{code}", cells))
        total = (
            ReportCell(text("Total"), "total"),
            ReportCell(len(rows), "total_number"),
            ReportCell(None, "total"),
        )
        return [*lines, ReportLine("sections:total", total)]

    def moves(self) -> list[ReportLine]:
        """Return what moved this night, as the Journal has it: where from, where to and why."""
        text, moved = self.language.text, self.facts.moved
        title = self._heading("moves", text("Moved this night"))
        if not moved:
            return [
                *title,
                ReportLine("moves:none", (ReportCell(text("Nothing was moved."), "plain"),)),
            ]
        words = (
            self.policy.words.name("columns", "company"),
            self.policy.words.name("columns", "manager"),
        )
        heads = (*words, text("From"), text("To"), None, None, text("Why"))
        lines = [
            ReportLine(
                "columns:moves",
                padded((ReportCell(head, "head") for head in heads), self.width, "head"),
            )
        ]
        base = self.facts.rows.drop_duplicates("id").set_index("id")
        lines += [self._move(line, base) for line in moved[:MOVES_SHOWN]]
        if len(moved) > MOVES_SHOWN:
            journal, more = self.policy.words.tabs["journal"], len(moved) - MOVES_SHOWN
            rest = self.language.plural(
                "and {n} more, see “{tab}”", "and {n} more, see “{tab}”", more, tab=journal
            )
            lines.append(ReportLine("moves:more", (ReportCell(rest, "plain"),)))
        return [*title, *lines]

    def _move(self, line: JournalLine, base: pd.DataFrame) -> ReportLine:
        stands = (
            (str(base.at[line.id, "section"]), int(base.at[line.id, "row"]))
            if line.id in base.index
            else None
        )
        company = words_of(line.company) or self.language.text("(no name)")
        blank = ReportCell(None, "text")
        cells = (
            ReportCell(company, "link" if stands else "text", stands),
            ReportCell(line.manager or None, "text"),
            ReportCell(named("sections", line.before, self.policy), "text"),
            ReportCell(named("sections", line.after, self.policy), "text"),
            blank,
            blank,
            ReportCell(line.why or None, "note"),
        )
        return ReportLine(f"moves:{line.id}", padded(cells, self.width, "text"))


def summary_sheet(
    figures: Figures, language: Language, titles: dict[str, str], lists: FigureLists
) -> ReportSheet:
    """Return the summary; `titles` names each manager's tab, `lists` gathers where its figures lead."""
    facts = figures.facts
    made = _Summary(facts, language, titles)
    widths = (*TEXT_WIDTHS, *(NUMBER_WIDTH,) * (made.width - len(TEXT_WIDTHS)))
    lines = [*made.top(), *tile_lines(facts, language, titles, lists)]
    free, placed = band(all_charts(figures, language), widths, len(lines))
    team, meeting = (
        TeamBlocks(figures, language, titles, made.states, lists),
        PeriodBlocks(figures, language, lists),
    )
    outlook = ForecastBlocks(figures, language, lists)
    blocks = (
        made.structure(),
        made.unattended(),
        head_lines(facts, language),
        team.managers(),
        team.ages(),
        meeting.flows(),
        meeting.then(),
        meeting.funnel(),
        meeting.reasons(),
        outlook.plan(),
        outlook.forecast(),
        outlook.lengths(),
        score_lines(figures, language),
        offer_lines(facts, language),
        finding_lines(facts, language),
        label_lines(facts, language),
        counted_lines(facts, language, made.width),
        came_lines(figures, language, made.width, lists),
        made.sections(),
        made.moves(),
    )
    lines += [*free, *(line for block in blocks for line in block)]
    title = own_title(facts.projection.snapshot.book, facts.policy, "summary")
    return ReportSheet("summary", title, widths, unique_keys(lines), 2, look.BLUE, placed)
