"""The revision (METHOD point 10): every problem of the base with a link to its cell, by manager.

After them stand violations of the method (`violations`) and rows that may be one client. Words and
order; what is wrong with a row is said by `rules.checks`, who stands twice by `rules.duplicates`.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sheetsync.i18n import Language
from sheetsync.reporting.layout import theme
from sheetsync.reporting.layout.lines import (
    Allowance,
    BlockHeading,
    gap,
    head_cells,
    more_line,
    sentence,
    subtitle_line,
    title_line,
)
from sheetsync.reporting.layout.model import (
    ReportCell,
    ReportLine,
    ReportSheet,
    company_cell,
    note_cell,
    text_cell,
    unique_keys,
    words_of,
)
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.tabs.violations import violation_lines
from sheetsync.rules.checks.sales import UNPROVED
from sheetsync.rules.duplicates import Pair, reason_text
from sheetsync.schema import Problem, Severity
from sheetsync.workbook.frame_rows import records_of
from sheetsync.workbook.snapshot import own_title

REVISION = "revision"
"""The key of the tab."""
WIDTHS = (250, 190, 190, 430, 330)
"""Company, tab, column, what is wrong, what to do."""
SHOWN = 2000
"""Problems listed at most, the worst of each manager first."""
PAIRS_SHOWN = 300
"""Pairs listed at most."""

Row = dict[str, Any]


class _RowProblem(NamedTuple):
    """A problem of a row, with the row as it stands after the run."""

    problem: Problem
    row: Row


def revision_sheet(facts: Facts, language: Language) -> ReportSheet:
    """Return the revision of a base."""
    revision = _Revision(facts, language)
    # Errors come before evidence, evidence before what only may be wrong.
    lines = (
        *revision.top(),
        *revision.nothing(),
        *revision.structure(),
        *revision.unproved(),
        *revision.managers(),
        *violation_lines(facts, language),
        *revision.duplicates(),
    )
    title = own_title(facts.projection.snapshot.book, facts.policy, REVISION)
    return ReportSheet(
        REVISION, title, WIDTHS, unique_keys(lines), 2, theme.AMBER
    )


class _Revision:
    """Words the revision, block by block."""

    def __init__(self, facts: Facts, language: Language) -> None:
        self.facts = facts
        self.policy = facts.policy
        self.language = language
        self.text = language.text
        self.base = facts.projection.base
        self.snapshot = facts.projection.snapshot

    def top(self) -> Iterator[ReportLine]:
        """Go through the title, and how much there is in one line."""
        yield title_line(self.text("Revision"))
        day = self.language.date(self.facts.today)
        yield subtitle_line(f"{day} · {self._counts(self.facts.problems)}")

    def _counts(self, problems: Sequence[Problem]) -> str:
        errors = _errors(problems)
        remarks = len(problems) - errors
        plural = self.language.plural
        return (
            plural("{n} error", "{n} errors", errors)
            + " · "
            + plural("{n} remark", "{n} remarks", remarks)
        )

    def nothing(self) -> Iterator[ReportLine]:
        """Say that all is well, where it is."""
        if not self.facts.problems and not self.facts.violations:
            yield gap("nothing", 14)
            yield sentence("nothing", self.text("No problems."))

    def structure(self) -> Iterator[ReportLine]:
        """Go through what is amiss with whole tabs and columns."""
        # What is amiss with a whole tab stands in no row.
        problems = [
            problem for problem in self.facts.problems if not problem.row
        ]
        if not problems:
            return
        text = self.text
        title = text("Tabs and columns")
        yield from self._heading("structure", "amber", title, "")
        words = (
            "",
            text("Tab"),
            text("Column"),
            text("What is wrong"),
            text("What to do"),
        )
        yield ReportLine("columns:structure", head_cells(words))
        for problem in problems:
            key = f"structure:{problem.code}:{problem.tab}:{problem.column}"
            cells = (
                ReportCell(text("the whole tab"), "note"),
                ReportCell(problem.tab, "text"),
                text_cell(problem.column),
                *_message_cells(problem),
            )
            yield ReportLine(key, cells)

    def _heading(
        self, key: str, colour: str, title: str, note: str
    ) -> list[ReportLine]:
        return BlockHeading(key, colour, title, note).lines(
            len(WIDTHS), note_column=1
        )

    def unproved(self) -> Iterator[ReportLine]:
        """Go through the companies that are called sold without a proof."""
        found = [
            each
            for each in self._row_problems()
            if each.problem.code == UNPROVED
        ]
        if not found:
            return
        text = self.text
        title = self.language.plural(
            "{n} company sold without proof",
            "{n} companies sold without proof",
            len(found),
        )
        note = text("counted as sold nowhere; time and places go on")
        yield from self._heading("unproved", "red", title, note)
        name = self.policy.words.name
        words = (
            name("columns", "company"),
            text("Tab"),
            name("columns", "manager"),
            text("What is wrong"),
            text("What to do"),
        )
        yield ReportLine("columns:unproved", head_cells(words))
        for problem, row in sorted(found, key=self._severity_first):
            cells = (
                company_cell(row, self.language),
                ReportCell(self._tab_title(str(row["section"])), "text"),
                text_cell(words_of(row["manager"])),
                *_message_cells(problem),
            )
            yield ReportLine(f"unproved:{row['id']}", cells)

    def managers(self) -> Iterator[ReportLine]:
        """Go through the problems of rows, manager by manager."""
        text = self.text
        allowance = Allowance(SHOWN)
        company = self.policy.words.name("columns", "company")
        words = (
            company,
            text("Tab"),
            text("Column"),
            text("What is wrong"),
            text("What to do"),
        )
        for manager, found in self._by_manager().items():
            problems = [each.problem for each in found]
            colour = "red" if _errors(problems) else "grey"
            name = manager or text("— no manager —")
            yield from self._heading(
                f"of:{manager}", colour, name, self._counts(problems)
            )
            yield ReportLine(f"columns:of:{manager}", head_cells(words))
            listed = allowance.take(found)
            for each in listed:
                yield self._problem_line(each)
            more = len(found) - len(listed)
            if more:
                yield more_line(f"more:{manager}", more, self.language)

    def _by_manager(self) -> dict[str, list[_RowProblem]]:
        """Return the problems of rows by manager: whoever has most errors first.

        Within one manager the worst stand first.
        """
        by_manager: dict[str, list[_RowProblem]] = {}
        for each in sorted(self._row_problems(), key=self._severity_first):
            by_manager.setdefault(words_of(each.row["manager"]), []).append(
                each
            )

        def most_errors_first(manager: str) -> tuple[int, int, str]:
            found = by_manager[manager]
            return (
                -_errors(each.problem for each in found),
                -len(found),
                manager,
            )

        return {
            manager: by_manager[manager]
            for manager in sorted(by_manager, key=most_errors_first)
        }

    def _row_problems(self) -> Iterator[_RowProblem]:
        """Go through the problems of rows that were read."""
        sections = {tab.title: tab.section for tab in self.snapshot.tabs}
        placed: list[tuple[Problem, int]] = []
        for problem in self.facts.problems:
            # Problems speak of rows where they were read; the row itself is shown as it stands
            # after the run.
            place = (sections.get(problem.tab, ""), problem.row)
            index = self.snapshot.index_by_place.get(place)
            if index is not None:
                placed.append((problem, index))
        indexes = dict.fromkeys(index for _, index in placed)
        records = dict(records_of(self.base.loc[[*indexes]]))
        for problem, index in placed:
            yield _RowProblem(problem, records[index])

    def _severity_first(self, each: _RowProblem) -> tuple[Any, ...]:
        problem, row = each
        # By what a row holds and never by its place: a move or a sort changes no line's.
        return (
            [*Severity].index(problem.severity),
            self.policy.rank(row["section"]),
            words_of(row["company"]),
            words_of(row["id"]),
            problem.code,
            problem.column,
            problem.message,
        )

    def _problem_line(self, each: _RowProblem) -> ReportLine:
        problem, row = each
        section = str(row["section"])
        number = int(row["row"])
        cells = (
            company_cell(row, self.language),
            ReportCell(self._tab_title(section), "text"),
            ReportCell(
                problem.column or None,
                "link",
                (section, number, problem.column),
            ),
            *_message_cells(problem),
        )
        return ReportLine(
            f"problem:{row['id']}:{problem.code}:{problem.column}", cells
        )

    def _tab_title(self, section: str) -> str | None:
        tab = self.snapshot.tab.get(section)
        return tab.title if tab else None

    def duplicates(self) -> Iterator[ReportLine]:
        """Go through the pairs of rows that may be one client."""
        text = self.text
        pairs = self.facts.pairs
        if not pairs:
            return
        title = self.language.plural(
            "{n} possible duplicate", "{n} possible duplicates", len(pairs)
        )
        note = text(
            "nothing is merged by itself; keep one row, delete the other"
        )
        yield from self._heading("twice", "blue", title, note)
        words = (
            self.policy.words.name("columns", "company"),
            text("Where"),
            text("And where"),
            text("The same company?"),
            text("Why"),
        )
        yield ReportLine("columns:twice", head_cells(words))
        for pair in pairs[:PAIRS_SHOWN]:
            yield self._pair_line(pair)
        if len(pairs) > PAIRS_SHOWN:
            yield more_line(
                "more:twice", len(pairs) - PAIRS_SHOWN, self.language
            )

    def _pair_line(self, pair: Pair) -> ReportLine:
        base = self.facts.base_in_order
        first = base.loc[pair.first].to_dict()
        second = base.loc[pair.second].to_dict()
        cells = (
            company_cell(first, self.language),
            ReportCell(self._where(first), "note"),
            ReportCell(self._where(second), "note"),
            company_cell(second, self.language),
            ReportCell(reason_text(pair, self.language), "text"),
        )
        return ReportLine(f"twice:{first['id']}:{second['id']}", cells)

    def _where(self, row: Row) -> str:
        """Name a row's tab and manager."""
        title = self._tab_title(str(row["section"]))
        manager = words_of(row["manager"])
        return " · ".join(part for part in (title, manager) if part)


def _message_cells(problem: Problem) -> tuple[ReportCell, ReportCell]:
    style = "text_red" if problem.severity is Severity.ERROR else "text"
    return ReportCell(problem.message, style), note_cell(problem.fix)


def _errors(problems: Iterable[Problem]) -> int:
    return sum(problem.severity is Severity.ERROR for problem in problems)
