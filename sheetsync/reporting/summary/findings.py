"""The summary's block of what is to be looked at, by kind: duplicates, the revision's findings.

Each leads to where they are listed. What is against the method in people's ways, and what is amiss
with labels, have blocks of their own.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sheetsync.i18n import Language, marked
from sheetsync.reporting.layout.finding_names import KINDS, UNREADABLE
from sheetsync.reporting.layout.lines import heading_lines
from sheetsync.reporting.layout.model import (
    BLANK,
    Anchor,
    ReportCell,
    ReportLine,
    words_of,
)
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.summary.figure_table import figure_head, name_head
from sheetsync.reporting.tabs.violations import most_frequent
from sheetsync.rules.checks.labels import CODES as LABEL_CODES
from sheetsync.schema import Problem, Severity

COUNTED = marked(
    "What is found in the rows of the base, now: a row counts once for each thing found in it."
)
ERRORS = marked(
    "Those without which a row cannot be led by the rules until a person mends it."
)
"""How the two figures are counted."""
MANAGERS_SHOWN = 3
"""Managers named beside a kind at most."""
ELSEWHERE = (*LABEL_CODES, "settings")
"""Findings of rows that are told in other blocks."""


def finding_lines(facts: Facts, language: Language) -> Iterator[ReportLine]:
    """Go through the block: a line for duplicates, one for each kind of finding.

    The gravest first; nothing where all is well.
    """
    kinds = _by_kind(facts)
    if not kinds and not facts.pairs:
        return
    text = language.text
    note = text("each leads to the tab on which it is listed")
    yield from heading_lines("findings", text("Duplicates and findings"), note)
    heads = (
        name_head(text("What was found")),
        figure_head(text("How many"), text(COUNTED)),
        figure_head(text("Errors"), text(ERRORS)),
        ReportCell(None, "head"),
        name_head(text("With whom")),
    )
    yield ReportLine("columns:findings", heads)
    if facts.pairs:
        yield _duplicates_line(len(facts.pairs), language)
    managers = _manager_by_place(facts)
    for kind, problems in kinds.items():
        yield _kind_line(kind, problems, managers, language)


def _by_kind(facts: Facts) -> dict[str, list[Problem]]:
    """Return the problems of rows by what they are called: those with most errors first."""
    by_kind: dict[str, list[Problem]] = {}
    for problem in facts.problems:
        if problem.row and problem.code not in ELSEWHERE:
            by_kind.setdefault(KINDS.get(problem.code, UNREADABLE), []).append(
                problem
            )

    def most_errors_first(kind: str) -> tuple[int, int, str]:
        return -_errors(by_kind[kind]), -len(by_kind[kind]), kind

    return {
        kind: by_kind[kind] for kind in sorted(by_kind, key=most_errors_first)
    }


def _errors(problems: Iterable[Problem]) -> int:
    return sum(problem.severity is Severity.ERROR for problem in problems)


def _duplicates_line(count: int, language: Language) -> ReportLine:
    link = Anchor("revision", "head:twice")
    cells = (
        ReportCell(language.text("possible duplicates"), "link", link),
        ReportCell(count, "number", link),
        ReportCell(0, "number_zero"),
    )
    return ReportLine("findings:twice", cells)


def _manager_by_place(facts: Facts) -> dict[tuple[str, int], str]:
    """Return whose each row is, by the title of its tab and its number before the run."""
    # Findings speak of rows where they were read, before the run has moved any.
    before = facts.projection.snapshot.base
    managers = facts.projection.base.loc[before.index, "manager"]
    titles = {tab.section: tab.title for tab in facts.projection.snapshot.tabs}
    tabs = before["section"].map(titles)
    places = zip(tabs, map(int, before["row"]), strict=True)
    return dict(zip(places, map(words_of, managers), strict=True))


def _kind_line(
    kind: str,
    problems: Sequence[Problem],
    managers: Mapping[tuple[str, int], str],
    language: Language,
) -> ReportLine:
    code = _most_frequent_code(problems)
    link = Anchor("revision", f"found:{code}")
    errors = _errors(problems)
    whose = Counter(
        managers.get((problem.tab, problem.row), "") for problem in problems
    )
    no_errors = ReportCell(0, "number_zero")
    cells = (
        ReportCell(language.text(kind), "link", link),
        ReportCell(len(problems), "number", link),
        ReportCell(errors, "number_red", link) if errors else no_errors,
        BLANK,
        ReportCell(most_frequent(whose, MANAGERS_SHOWN, language), "note"),
    )
    return ReportLine(
        f"findings:{'unreadable' if kind == UNREADABLE else code}", cells
    )


def _most_frequent_code(problems: Iterable[Problem]) -> str:
    """Return the code that stands for a kind."""
    counts = Counter(problem.code for problem in problems)
    # Of equally frequent ones the first by name, in whatever order rows stand by now.
    return min(counts, key=lambda code: (-counts[code], code))
