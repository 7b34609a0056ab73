"""What the head of sales has to see to: whole tabs and columns, and rows of who is on leave.

What is decided in a cell of the summary is `tabs.decision_column`'s.
"""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from sheetsync.i18n import Language, marked
from sheetsync.reporting.layout.lines import heading_lines, sentence
from sheetsync.reporting.layout.model import (
    BLANK,
    ReportCell,
    ReportLine,
    company_cell,
    date_cell,
    padded,
)
from sheetsync.reporting.metrics.facts import PASSING, URGENT, Facts
from sheetsync.schema import Problem, Severity

UNATTENDED_SHOWN = 200
"""Urgent rows of managers on leave that are listed at most."""
OVER_CAP = "over_cap"
"""The code of a list that is over its limit: the table of managers shows it."""


class _Urgent(NamedTuple):
    """What is said of urgent rows, and the day by which they are sorted."""

    words: str
    day: str


_URGENT = {
    "overdue": _Urgent(marked("Overdue steps"), "next_on"),
    "today": _Urgent(marked("Steps due today"), "next_on"),
    "closing": _Urgent(marked("Deadline is near"), "due"),
    "call": _Urgent(marked("Calls due from the archives"), "call_on"),
}


def structure_lines(facts: Facts, language: Language) -> Iterator[ReportLine]:
    """Go through what is amiss with whole tabs, columns and settings; nothing where all is well."""
    problems = [
        problem
        for problem in facts.projection.plan.problems
        if _to_settle(problem)
    ]
    if not problems:
        return
    yield from heading_lines(
        "structure", language.text("Tabs and columns to settle")
    )
    for problem in problems:
        place = f"{problem.tab}:{problem.row}:{problem.column}"
        cells = (
            ReportCell(problem.tab, "text"),
            ReportCell(problem.column or problem.row or None, "text"),
            BLANK,
            ReportCell(
                f"{problem.message} {problem.fix}".strip(), "text_amber"
            ),
        )
        yield ReportLine(f"structure:{problem.code}:{place}", cells)


def _to_settle(problem: Problem) -> bool:
    if problem.row and problem.code != "settings":
        return False
    lasting = problem.code not in (OVER_CAP, *PASSING)
    return lasting and problem.severity is not Severity.NOTICE


def unattended_lines(
    facts: Facts, language: Language, width: int
) -> Iterator[ReportLine]:
    """Go through the urgent rows of managers who are away without anybody to stand in.

    The head of sales has them. `width`: the report's columns.
    """
    # One more than is shown tells that there are more, without wording them all.
    lines = [*islice(_unattended(facts, language, width), UNATTENDED_SHOWN + 1)]
    if not lines:
        return
    yield from heading_lines(
        "unattended", language.text("On leave, and nobody stands in")
    )
    yield from lines[:UNATTENDED_SHOWN]
    if len(lines) > UNATTENDED_SHOWN:
        yield sentence("unattended:more", language.text("and more"))


def _unattended(
    facts: Facts, language: Language, width: int
) -> Iterator[ReportLine]:
    for name, absence in facts.away.items():
        if absence.substitute is not None:
            continue
        until = language.text(
            "on leave until {date}", date=language.day(absence.until)
        )
        rows = facts.by_manager[name]
        for mark in URGENT:
            words, day = _URGENT[mark]
            due = rows[rows[mark]].sort_values([day, "company", "id"])
            # A company stands once, with what is most urgent.
            rows = rows[~rows[mark]]
            for row in due.to_dict("records"):
                cells = (
                    company_cell(row, language),
                    ReportCell(name, "text"),
                    ReportCell(language.text(words), "text_amber"),
                    date_cell(row[day]),
                    BLANK,
                    ReportCell(until, "note"),
                )
                yield ReportLine(
                    f"unattended:{mark}:{row['id']}",
                    padded(cells, width, "text"),
                )
