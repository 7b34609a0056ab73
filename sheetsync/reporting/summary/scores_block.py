"""The summary's block of the revision of actions (METHOD point 10): what the head's scores come to.

Words and order, manager by manager; the averages are `metrics.action_scores`'.
"""

from collections.abc import Iterator, Sequence

from sheetsync.i18n import Language
from sheetsync.reporting.layout.lines import TWO_LINES, heading_lines
from sheetsync.reporting.layout.model import ReportCell, ReportLine
from sheetsync.reporting.metrics import NOT_ENOUGH, Figure, Figures
from sheetsync.reporting.metrics.action_scores import WEEKS
from sheetsync.reporting.summary.figure_table import (
    UNKNOWN,
    figure_head,
    name_head,
)
from sheetsync.reporting.tabs.action_review import people_of
from sheetsync.rules.action_scoring.scoring import SCALE, SHEET, week_named
from sheetsync.workbook.snapshot import own_title

LOWEST_SHOWN = 2
"""Remarks told of one manager at most."""
LOW = 3
"""The score up to which a second remark is told."""
LONGEST = 90
"""Characters of a remark."""


def score_lines(figures: Figures, language: Language) -> Iterator[ReportLine]:
    """Go through the block: averages, how much is scored, what the lowest scores were for.

    Nothing where nothing is asked or was scored.
    """
    block = _ScoresBlock(figures, language)
    managers = [
        name for name in people_of(figures.facts) if block.has_scores(name)
    ]
    if managers:
        yield from block.heading()
        for name in managers:
            yield block.manager_line(name)
        yield block.total_line(managers)


class _ScoresBlock:
    """Words the block."""

    def __init__(self, figures: Figures, language: Language) -> None:
        self.facts = figures.facts
        self.scores = figures.scores
        self.language = language
        self.text = language.text

    def has_scores(self, name: str) -> bool:
        """Tell whether anything is asked of a manager this week, or was scored lately."""
        _, asked = self.scores.scored_actions(name)
        return bool(asked or self.scores.lately(name).ids)

    def heading(self) -> Iterator[ReportLine]:
        """Go through the heading and the names of the columns."""
        text = self.text
        note = text(
            "the head's scores, {least} to {most}; the week of {week}",
            least=SCALE[0],
            most=SCALE[-1],
            week=week_named(self.scores.week, self.language),
        )
        if not self.scores.lately().enough:
            note = f"{note}; — {text(NOT_ENOUGH)}"
        yield from heading_lines("scores", text("Revision of actions"), note)
        heads = (
            name_head(self.facts.policy.words.name("columns", "manager")),
            figure_head(text("Scored")),
            figure_head(text("Average")),
            figure_head(text("Week before")),
            figure_head(text("Last {n} weeks", n=WEEKS)),
            name_head(text("Lowest, with a remark")),
        )
        yield ReportLine("columns:scores", heads, TWO_LINES)

    def manager_line(self, name: str) -> ReportLine:
        """Return the line of one manager."""
        title = own_title(
            self.facts.projection.snapshot.book, self.facts.policy, SHEET
        )
        scored, asked = self.scores.scored_actions(name)
        average = self.scores.average(name)
        lately = self.scores.lately(name)
        cells = (
            ReportCell(name, "link", (f"tab:{title}", 1)),
            ReportCell(self._of(scored, asked), "count"),
            *_average_cells(average, lately, "average"),
            ReportCell(self._lowest(name) or None, "note"),
        )
        return ReportLine(f"scores:{name}", cells)

    def total_line(self, managers: Sequence[str]) -> ReportLine:
        """Return the line of all together."""
        counts = [self.scores.scored_actions(name) for name in managers]
        scored, asked = (sum(numbers) for numbers in zip(*counts, strict=True))
        average = self.scores.average()
        lately = self.scores.lately()
        cells = (
            ReportCell(self.text("Total"), "total"),
            ReportCell(self._of(scored, asked), "total_count"),
            *_average_cells(average, lately, "total_average"),
        )
        return ReportLine("total:scores", cells)

    def _of(self, scored: int, asked: int) -> str:
        number = self.language.number
        return self.text("{n} of {m}", n=number(scored), m=number(asked))

    def _lowest(self, name: str) -> str:
        """Tell what the lowest score was for, and the next one where that is low too."""
        remarks: list[str] = []
        for mark in self.scores.lowest(name)[:LOWEST_SHOWN]:
            low = (mark.answer.points or 0) <= LOW
            if low or not remarks:
                score, remark = mark.answer.words
                remarks.append(f"{score} · {mark.company}: {remark[:LONGEST]}")
        return "; ".join(remarks)


def _average_cells(
    average: Figure, lately: Figure, style: str
) -> list[ReportCell]:
    """Write the week's average, that of the week before, and that of the last weeks."""
    values = (average.value, average.before, lately.value)
    return [_average_cell(value, style) for value in values]


def _average_cell(value: float | None, style: str) -> ReportCell:
    if value is None:
        return ReportCell(UNKNOWN, "number_zero")
    return ReportCell(round(value, 2), style)
