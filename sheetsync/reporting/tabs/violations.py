"""What is against the method in how people lead their clients (METHOD point 10).

The revision lists it, each line leading to the cell that it speaks of; the summary counts it. Words
and order; what is found is `rules.checks.method_violations`'.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from sheetsync.i18n import Language, marked
from sheetsync.reporting.layout.lines import (
    Allowance,
    BlockHeading,
    head_cells,
    heading_lines,
    more_line,
)
from sheetsync.reporting.layout.model import (
    Anchor,
    ReportCell,
    ReportLine,
    company_cell,
    note_cell,
    padded,
    words_of,
)
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.rules.checks.method_violations import CODES, Violation
from sheetsync.schema import Severity
from sheetsync.workbook.snapshot import own_title

SHOWN = 1000
"""Violations listed at most."""
MANAGERS_SHOWN = 5
"""Managers named beside a kind of violation at most: as many as are read at a glance."""
WIDTH = 5
"""Company, tab, column, what was seen, what to do."""
COUNTED = marked(
    "What people's changes of the last {days} days show against the method; "
    "each is evidence, and nothing is undone."
)
"""How the summary counts them."""
NAMES: Mapping[str, str] = MappingProxyType(
    {
        "skipped_step": marked("steps skipped"),
        "backward_step": marked("steps back"),
        "no_contact_made": marked("states set without a contact"),
        "pushed": marked("next steps put off again and again"),
        "began_rewritten": marked("start dates rewritten"),
        "quick_return": marked("quick returns into work"),
        "readded": marked("rows deleted and added again"),
    }
)
"""What each code is called on the summary."""


def violation_lines(facts: Facts, language: Language) -> Iterator[ReportLine]:
    """Go through the revision's blocks, one a manager: whoever has most first.

    Within a block the gravest stand first.
    """
    # A large base writes no large tab; how many more there are is said.
    allowance = Allowance(SHOWN)
    for manager, violations in _by_manager(facts).items():
        yield from _heads(manager, len(violations), facts, language)
        listed = allowance.take(violations)
        for violation in listed:
            yield _line(violation, facts, language)
        more = len(violations) - len(listed)
        if more:
            yield more_line(f"more:against:{manager}", more, language)


def _by_manager(facts: Facts) -> dict[str, list[Violation]]:
    by_manager: dict[str, list[Violation]] = {}
    rows = facts.projection.base

    def gravest_first(violation: Violation) -> tuple[Any, ...]:
        # By what a row holds and never by its place, which is another one after a move.
        return (
            [*Severity].index(violation.severity),
            CODES.index(violation.code),
            words_of(rows.at[violation.row_index, "company"]),
            words_of(rows.at[violation.row_index, "id"]),
            violation.message,
        )

    for violation in sorted(facts.violations, key=gravest_first):
        by_manager.setdefault(violation.manager, []).append(violation)

    def most_first(manager: str) -> tuple[int, str]:
        return -len(by_manager[manager]), manager

    return {
        manager: by_manager[manager]
        for manager in sorted(by_manager, key=most_first)
    }


def _heads(
    manager: str, count: int, facts: Facts, language: Language
) -> Iterator[ReportLine]:
    text = language.text
    key = f"against:{manager}"
    title = text(
        "{manager}: steps and dates", manager=manager or text("— no manager —")
    )
    remarks = language.plural("{n} remark", "{n} remarks", count)
    told = text("told to the head of sales, never undone")
    heading = BlockHeading(key, "amber", title, f"{remarks} · {told}")
    yield from heading.lines(WIDTH, note_column=1)
    words = (
        facts.policy.words.name("columns", "company"),
        text("Tab"),
        text("Column"),
        text("What was seen"),
        text("What to do"),
    )
    yield ReportLine(f"columns:{key}", head_cells(words))


def _line(violation: Violation, facts: Facts, language: Language) -> ReportLine:
    row: dict[str, Any] = facts.projection.base.loc[
        violation.row_index
    ].to_dict()
    tab = facts.projection.snapshot.tab[str(row["section"])]
    heading = tab.heading(violation.field, facts.policy)
    grave = violation.severity is Severity.WARNING
    cells = (
        company_cell(row, language),
        ReportCell(tab.title, "text"),
        ReportCell(heading, "link", (tab.section, int(row["row"]), heading)),
        ReportCell(violation.message, "text_amber" if grave else "text"),
        note_cell(violation.fix),
    )
    return ReportLine(f"against:{row['id']}:{violation.code}", cells)


def violation_counts(
    facts: Facts, language: Language, width: int
) -> Iterator[ReportLine]:
    """Go through the summary's block: how often each thing was seen, and with whom most.

    Nothing where nothing was. `width`: the report's columns.
    """
    if not facts.violations:
        return
    text = language.text
    revision = own_title(
        facts.projection.snapshot.book, facts.policy, "revision"
    )
    days = facts.policy.time.findings_days
    note = text(
        "of the last {days} days; the evidence stands on the tab “{tab}”",
        days=days,
        tab=revision,
    )
    yield from heading_lines("against", text("Against the method"), note)
    heads = (
        ReportCell(text("What was seen"), "head"),
        ReportCell(
            text("How often"), "head_right", None, text(COUNTED, days=days)
        ),
        ReportCell(text("This week and the week before"), "head"),
        ReportCell(text("With whom"), "head"),
    )
    yield ReportLine("columns:against", padded(heads, width, "head"))
    for code in CODES:
        # A kind that was not seen has no line: the block is as long as there is cause.
        of_kind = [each for each in facts.violations if each.code == code]
        if not of_kind:
            continue
        managers = Counter(each.manager for each in of_kind)
        evidence = Anchor("revision", f"found:{code}")
        cells = (
            ReportCell(text(NAMES[code]), "link", evidence),
            ReportCell(len(of_kind), "number", evidence),
            ReportCell(_trend(of_kind, facts.today, language), "text"),
            ReportCell(
                most_frequent(managers, MANAGERS_SHOWN, language), "text"
            ),
        )
        yield ReportLine(f"against:{code}", padded(cells, width, "text"))
    yield from _by_manager_lines(facts, language, width)


def _by_manager_lines(
    facts: Facts, language: Language, width: int
) -> Iterator[ReportLine]:
    """Go through the managers with their findings: how many, and whether there are more of late."""
    text = language.text
    for manager, found in _by_manager(facts).items():
        kinds = Counter(each.code for each in found)
        shown = [
            f"{text(NAMES[code])} {language.number(kinds[code])}"
            for code in CODES
            if kinds[code]
        ]
        cells = (
            ReportCell(manager or text("— no manager —"), "text"),
            ReportCell(len(found), "number"),
            ReportCell(_trend(found, facts.today, language), "text"),
            ReportCell("; ".join(shown), "text"),
        )
        yield ReportLine(f"against:of:{manager}", padded(cells, width, "text"))


def _trend(found: Iterable[Violation], today: date, language: Language) -> str:
    """Say how many were seen this week and the week before, and which way that goes."""
    monday = today - timedelta(days=today.weekday())
    week = timedelta(days=7)
    days = [each.day for each in found if each.day is not None]
    now = sum(day >= monday for day in days)
    before = sum(monday - week <= day < monday for day in days)
    arrow = "→"
    if now != before:
        arrow = "↑" if now > before else "↓"
    number = language.number
    return f"{number(now)} · {number(before)} {arrow}"


def most_frequent(
    managers: Counter[str], count: int, language: Language
) -> str:
    """Name the managers with whom something is found most often, `count` of them at most."""
    order = sorted(managers, key=lambda name: (-managers[name], name))
    names = [
        _with_number(name, managers[name], language) for name in order[:count]
    ]
    rest = " …" if len(order) > count else ""
    return ", ".join(names) + rest


def _with_number(manager: str, number: int, language: Language) -> str:
    name = manager or language.text("— no manager —")
    return f"{name} {language.number(number)}"
