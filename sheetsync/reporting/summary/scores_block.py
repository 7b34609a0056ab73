"""The summary's block of the revision of actions (METHOD point 10): what the head's scores come to, manager by manager.

Words and order; the averages are `figures.scores`'.
"""

from collections.abc import Sequence

from sheetsync.i18n import Language
from sheetsync.reporting.layout.model import ReportCell, ReportLine
from sheetsync.reporting.metrics import NOT_ENOUGH, Figures
from sheetsync.reporting.metrics.action_scores import WEEKS
from sheetsync.reporting.summary.offers import heading
from sheetsync.reporting.tabs.action_review import people_of
from sheetsync.rules.action_scoring.scoring import SCALE, SHEET, week_named
from sheetsync.workbook.snapshot import own_title

LOWEST_SHOWN, LOW, LONGEST = 2, 3, 90
"""Remarks told of one manager; the score up to which a second one is; characters of each."""


def score_lines(figures: Figures, language: Language) -> list[ReportLine]:
    """Return the summary's block: each manager's average, how much is scored, and what the lowest scores were for."""
    facts, scores, text = figures.facts, figures.scores, language.text
    shown = [name for name in people_of(facts) if scores.given(name)[1] or scores.lately(name).ids]
    if not shown:
        return []
    enough = scores.lately().enough
    note = text(
        "the head's scores, {least} to {most}; the week of {week}",
        least=SCALE[0],
        most=SCALE[-1],
        week=week_named(scores.week, language),
    )
    lines = heading(
        "scores", text("Revision of actions"), note if enough else f"{note}; — {text(NOT_ENOUGH)}"
    )
    heads = (text("Scored"), text("Average"), text("Week before"), text("Last {n} weeks", n=WEEKS))
    first = ReportCell(facts.policy.words.name("columns", "manager"), "head")
    cells = (
        first,
        *(ReportCell(word, "head_right") for word in heads),
        ReportCell(text("Lowest, with a remark"), "head"),
    )
    lines.append(ReportLine("columns:scores", cells, 34))
    lines += [ReportLine(f"scores:{name}", _scores(figures, name, language)) for name in shown]
    return [*lines, ReportLine("total:scores", _everybody(figures, shown, language))]


def _scores(figures: Figures, name: str, language: Language) -> tuple[ReportCell, ...]:
    """Return the line of one manager."""
    facts, scores = figures.facts, figures.scores
    n, m = (language.number(count) for count in scores.given(name))
    title = own_title(facts.projection.snapshot.book, facts.policy, SHEET)
    average, lately = scores.average(name), scores.lately(name)
    return (
        ReportCell(name, "link", (f"tab:{title}", 1)),
        ReportCell(language.text("{n} of {m}", n=n, m=m), "count"),
        *(_average(value, "average") for value in (average.value, average.before, lately.value)),
        ReportCell(_lowest(figures, name), "note"),
    )


def _everybody(
    figures: Figures, shown: Sequence[str], language: Language
) -> tuple[ReportCell, ...]:
    """Return the line of all together."""
    scores = figures.scores
    n, m = (language.number(sum(scores.given(name)[at] for name in shown)) for at in (0, 1))
    average, lately = scores.average(), scores.lately()
    return (
        ReportCell(language.text("Total"), "total"),
        ReportCell(language.text("{n} of {m}", n=n, m=m), "total_count"),
        *(
            _average(value, "total_average")
            for value in (average.value, average.before, lately.value)
        ),
    )


def _average(value: float | None, style: str) -> ReportCell:
    return ReportCell("—", "number_zero") if value is None else ReportCell(round(value, 2), style)


def _lowest(figures: Figures, name: str) -> str | None:
    """Tell what the lowest score was for, and the next one where that is low too."""
    lowest = figures.scores.lowest(name)
    shown = [
        mark
        for at, mark in enumerate(lowest[:LOWEST_SHOWN])
        if at == 0 or (mark.answer.points or 0) <= LOW
    ]
    told = [
        f"{score} · {mark.company}: {remark[:LONGEST]}"
        for mark in shown
        for score, remark in [mark.answer.words]
    ]
    return "; ".join(told) or None
