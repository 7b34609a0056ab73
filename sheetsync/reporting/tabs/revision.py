"""The revision (METHOD point 10): every problem of the base with a link to its cell, by manager, and who stands there twice.

Between them stands what is against the method in how people lead their clients (`reports_against`). Words and order; what is wrong with a row is said by the findings, who stands twice by duplicates.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.reporting.layout import theme as look
from sheetsync.reporting.layout.model import (
    ReportCell,
    ReportLine,
    ReportSheet,
    company_cell,
    padded,
    unique_keys,
    words_of,
)
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.tabs.violations import against_lines
from sheetsync.rules.duplicates import Pair, reason_text
from sheetsync.schema import Problem, Severity
from sheetsync.workbook.snapshot import own_title

WIDTHS = (250, 190, 190, 430, 330)
"""Company, tab, column, what is wrong, what to do."""
SHOWN = 2000
"""Problems listed at most, the worst of each manager first."""
PAIRS_SHOWN = 300
"""Pairs listed at most."""

Row = dict[str, Any]


class _Found(NamedTuple):
    """A problem of a row, with the row as it stands after the run."""

    problem: Problem
    row: Row


class _Revision:
    """Words the revision, block by block."""

    def __init__(self, facts: Facts, language: Language) -> None:
        self.facts, self.policy, self.language = facts, facts.policy, language
        self.titles = {code: tab.title for code, tab in facts.projection.snapshot.tab.items()}
        self.problems = facts.problems

    def found(self) -> dict[str, list[_Found]]:
        """Return the problems of rows by manager: the manager with most errors first, within one the worst first."""
        base = self.facts.projection.base
        snapshot = self.facts.projection.snapshot
        sections = {tab.title: tab.section for tab in snapshot.tabs}
        records: dict[int, Row] = {}
        by_manager: dict[str, list[_Found]] = {}
        for problem in self.problems:
            place = (sections.get(problem.tab, ""), problem.row)
            index = snapshot.index_by_place.get(place)
            if index is not None:
                row = records.setdefault(index, base.loc[index].to_dict())
                by_manager.setdefault(words_of(row["manager"]), []).append(_Found(problem, row))
        order = list(Severity)
        for told in by_manager.values():
            told.sort(
                key=lambda one: (
                    order.index(one.problem.severity),
                    self.policy.rank(one.row["section"]),
                    one.row["row"],
                    one.problem.code,
                    one.problem.column,
                )
            )
        return dict(
            sorted(
                by_manager.items(), key=lambda entry: (-_errors(entry[1]), -len(entry[1]), entry[0])
            )
        )

    def top(self) -> list[ReportLine]:
        """Title, and how much there is in one line."""
        language, day = self.language, self.language.date(self.facts.today)
        errors = sum(problem.severity is Severity.ERROR for problem in self.problems)
        said = language.plural("{n} error", "{n} errors", errors)
        rest = language.plural("{n} remark", "{n} remarks", len(self.problems) - errors)
        return [
            ReportLine("title", (ReportCell(language.text("Revision"), "title"),), 34),
            ReportLine("subtitle", (ReportCell(f"{day} · {said} · {rest}", "subtitle"),)),
        ]

    def _block(self, key: str, colour: str, title: str, note: str) -> list[ReportLine]:
        cells = (ReportCell(title, f"block_{colour}"), ReportCell(note, f"block_{colour}_note"))
        return [
            ReportLine(f"gap:{key}", (), 14),
            ReportLine(f"head:{key}", padded(cells, len(WIDTHS), f"block_{colour}"), 26),
        ]

    def _heads(self, key: str, *names: str) -> ReportLine:
        return ReportLine(f"columns:{key}", tuple(ReportCell(name, "head") for name in names))

    def structure(self) -> list[ReportLine]:
        """Return what is amiss with whole tabs and columns."""
        text, told = self.language.text, [problem for problem in self.problems if not problem.row]
        if not told:
            return []
        heads = self._heads(
            "structure", "", text("Tab"), text("Column"), text("What is wrong"), text("What to do")
        )
        lines = [
            ReportLine(
                f"structure:{problem.code}:{problem.tab}:{problem.column}",
                (
                    ReportCell(text("the whole tab"), "note"),
                    ReportCell(problem.tab, "text"),
                    ReportCell(problem.column or None, "text"),
                    *self._said(problem),
                ),
            )
            for problem in told
        ]
        return [*self._block("structure", "amber", text("Tabs and columns"), ""), heads, *lines]

    def _said(self, problem: Problem) -> tuple[ReportCell, ReportCell]:
        red = problem.severity is Severity.ERROR
        return ReportCell(problem.message, "text_red" if red else "text"), ReportCell(
            problem.fix or None, "note"
        )

    def managers(self) -> Iterator[ReportLine]:
        """Go through the problems of rows, manager by manager."""
        text, left = self.language.text, SHOWN
        names = (
            self.policy.words.name("columns", "company"),
            text("Tab"),
            text("Column"),
            text("What is wrong"),
            text("What to do"),
        )
        for manager, told in self.found().items():
            errors = _errors(told)
            note = (
                self.language.plural("{n} error", "{n} errors", errors)
                + " · "
                + self.language.plural("{n} remark", "{n} remarks", len(told) - errors)
            )
            yield from self._block(
                f"of:{manager}",
                "red" if errors else "grey",
                manager or text("— no manager —"),
                note,
            )
            yield self._heads(f"of:{manager}", *names)
            for one in told[: max(left, 0)]:
                yield self._line(one)
            if len(told) > max(left, 0):
                rest = self.language.plural(
                    "and {n} more", "and {n} more", len(told) - max(left, 0)
                )
                yield ReportLine(f"more:{manager}", (ReportCell(rest, "plain"),))
            left -= len(told)

    def _line(self, one: _Found) -> ReportLine:
        problem, row = one
        place = (str(row["section"]), int(row["row"]))
        cells = (
            company_cell(row, self.language),
            ReportCell(self.titles.get(place[0]), "text"),
            ReportCell(problem.column or None, "link", (*place, problem.column)),
            *self._said(problem),
        )
        return ReportLine(f"problem:{row['id']}:{problem.code}:{problem.column}", cells)

    def twice(self) -> list[ReportLine]:
        """Return the pairs of rows that may be one client."""
        text, ordered, pairs = self.language.text, self.facts.base_in_order, self.facts.pairs
        if not pairs:
            return []
        note = text("nothing is merged by itself; keep one row, delete the other")
        company = self.policy.words.name("columns", "company")
        heads = self._heads(
            "twice",
            company,
            text("Where"),
            text("And where"),
            text("The same company?"),
            text("Why"),
        )
        title = self.language.plural(
            "{n} possible duplicate", "{n} possible duplicates", len(pairs)
        )
        lines = [self._pair(pair, ordered) for pair in pairs[:PAIRS_SHOWN]]
        if len(pairs) > PAIRS_SHOWN:
            rest = self.language.plural("and {n} more", "and {n} more", len(pairs) - PAIRS_SHOWN)
            lines.append(ReportLine("more:twice", (ReportCell(rest, "plain"),)))
        return [*self._block("twice", "blue", title, note), heads, *lines]

    def _pair(self, pair: Pair, base: pd.DataFrame) -> ReportLine:
        first, second = base.loc[pair.first].to_dict(), base.loc[pair.second].to_dict()
        cells = (
            company_cell(first, self.language),
            ReportCell(self._where(first), "note"),
            ReportCell(self._where(second), "note"),
            company_cell(second, self.language),
            ReportCell(reason_text(pair, self.language), "text"),
        )
        return ReportLine(f"twice:{first['id']}:{second['id']}", cells)

    def _where(self, row: Row) -> str:
        return " · ".join(
            part
            for part in (self.titles.get(str(row["section"]), ""), words_of(row["manager"]))
            if part
        )

    def nothing(self) -> list[ReportLine]:
        """Say that all is well, where it is."""
        if self.problems or self.facts.violations:
            return []
        return [
            ReportLine("gap:nothing", (), 14),
            ReportLine("nothing", (ReportCell(self.language.text("No problems."), "plain"),)),
        ]


def _errors(told: list[_Found]) -> int:
    return sum(one.problem.severity is Severity.ERROR for one in told)


def revision_sheet(facts: Facts, language: Language) -> ReportSheet:
    """Return the revision of a base."""
    made = _Revision(facts, language)
    against = against_lines(facts, language)
    lines = [
        *made.top(),
        *made.nothing(),
        *made.structure(),
        *made.managers(),
        *against,
        *made.twice(),
    ]
    title = own_title(facts.projection.snapshot.book, facts.policy, "revision")
    return ReportSheet("revision", title, WIDTHS, unique_keys(lines), 2, look.AMBER)
