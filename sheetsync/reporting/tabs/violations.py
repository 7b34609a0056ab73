"""What is against the method in how people lead their clients, as the revision lists it and the summary counts it.

Words and order; what is found is `transitions`'. Each line leads to the cell that it speaks of.
"""

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sheetsync.i18n import Language, marked
from sheetsync.reporting.layout.model import Anchor, ReportCell, ReportLine, company_cell, padded
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.rules.checks.method_violations import CODES, Violation
from sheetsync.schema import Severity
from sheetsync.workbook.snapshot import own_title

SHOWN = 1000
"""Findings listed at most."""
WIDTH = 5
"""Company, tab, column, what was seen, what to do."""
COUNTED = marked(
    "What people's changes of the last 30 days show against the method; each is evidence, and nothing is undone."
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


def against_lines(facts: Facts, language: Language) -> list[ReportLine]:
    """Return the revision's blocks, one a manager: whoever has most first, within one the gravest first."""
    by_manager: dict[str, list[Violation]] = {}
    for one in facts.violations:
        by_manager.setdefault(one.manager, []).append(one)
    order, lines, left = list(Severity), list[ReportLine](), SHOWN
    for manager, told in sorted(by_manager.items(), key=lambda entry: (-len(entry[1]), entry[0])):
        told.sort(key=lambda one: (order.index(one.severity), CODES.index(one.code)))
        lines += _heads(manager, len(told), facts, language)
        lines += [_line(one, facts, language) for one in told[: max(left, 0)]]
        if len(told) > max(left, 0):
            rest = language.plural("and {n} more", "and {n} more", len(told) - max(left, 0))
            lines.append(ReportLine(f"more:against:{manager}", (ReportCell(rest, "plain"),)))
        left -= len(told)
    return lines


def _heads(manager: str, count: int, facts: Facts, language: Language) -> list[ReportLine]:
    text, key = language.text, f"against:{manager}"
    title = text("{manager}: steps and dates", manager=manager or text("— no manager —"))
    note = (
        language.plural("{n} remark", "{n} remarks", count)
        + " · "
        + text("told to the head of sales, never undone")
    )
    cells = (ReportCell(title, "block_amber"), ReportCell(note, "block_amber_note"))
    names = (
        facts.policy.words.name("columns", "company"),
        text("Tab"),
        text("Column"),
        text("What was seen"),
        text("What to do"),
    )
    return [
        ReportLine(f"gap:{key}", (), 14),
        ReportLine(f"head:{key}", padded(cells, WIDTH, "block_amber"), 26),
        ReportLine(f"columns:{key}", tuple(ReportCell(name, "head") for name in names)),
    ]


def _line(one: Violation, facts: Facts, language: Language) -> ReportLine:
    row: dict[str, Any] = facts.projection.base.loc[one.row_index].to_dict()
    tab = facts.projection.snapshot.tab[str(row["section"])]
    heading = tab.heading(one.field, facts.policy)
    cells = (
        company_cell(row, language),
        ReportCell(tab.title, "text"),
        ReportCell(heading, "link", (tab.section, int(row["row"]), heading)),
        ReportCell(one.message, "text_amber" if one.severity is Severity.WARNING else "text"),
        ReportCell(one.fix or None, "note"),
    )
    return ReportLine(f"against:{row['id']}:{one.code}", cells)


def counted_lines(facts: Facts, language: Language, width: int) -> list[ReportLine]:
    """Return the summary's block: how often each thing was found, and with whom most; nothing where nothing is."""
    if not facts.violations:
        return []
    text, revision = (
        language.text,
        own_title(facts.projection.snapshot.book, facts.policy, "revision"),
    )
    heading = (
        ReportCell(text("Against the method"), "heading"),
        ReportCell(None, "blank"),
        ReportCell(
            text("of the last 30 days; the evidence stands on the tab “{tab}”", tab=revision),
            "heading_note",
        ),
    )
    heads = (
        ReportCell(text("What was seen"), "head"),
        ReportCell(text("How often"), "head_right", None, text(COUNTED)),
        ReportCell(text("With whom"), "head"),
    )
    lines = [
        ReportLine("gap:against", (), 18),
        ReportLine("head:against", heading, 26),
        ReportLine("columns:against", padded(heads, width, "head")),
    ]
    for code in CODES:
        who = Counter(one.manager for one in facts.violations if one.code == code)
        if not who:
            continue
        most = sorted(who.items(), key=lambda entry: (-entry[1], entry[0]))
        names = ", ".join(
            f"{name or text('— no manager —')} {language.number(count)}" for name, count in most[:5]
        )
        rest = "" if len(most) <= 5 else " …"  # noqa: PLR2004  # as many as are read at a glance
        cells = (
            ReportCell(text(NAMES[code]), "link", Anchor("revision", f"found:{code}")),
            ReportCell(who.total(), "number", Anchor("revision", f"found:{code}")),
            ReportCell(names + rest, "text"),
        )
        lines.append(ReportLine(f"against:{code}", padded(cells, width, "text")))
    return lines
