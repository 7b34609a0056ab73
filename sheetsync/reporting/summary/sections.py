"""The end of the summary: how many rows stand in each section, and what moved this night.

Why a row moves is decided by `rules.routing`.
"""

from collections.abc import Iterator

from sheetsync.i18n import Language
from sheetsync.reporting.layout.lines import heading_lines, sentence
from sheetsync.reporting.layout.model import (
    BLANK,
    ReportCell,
    ReportLine,
    company_name_cell,
    named,
    note_cell,
    padded,
    text_cell,
    words_of,
)
from sheetsync.reporting.metrics import explained
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.summary.figure_table import figure_head, name_head
from sheetsync.workbook.journal import JournalLine

MOVES_SHOWN = 200
"""Moves listed on the summary; the rest are in the Journal."""


def section_lines(facts: Facts, language: Language) -> Iterator[ReportLine]:
    """Go through the sections: how many rows stand in each, and their share of the base."""
    text = language.text
    policy = facts.policy
    yield from heading_lines("sections", text("The base by section"))
    heads = (
        name_head(text("Section")),
        figure_head(text("Companies"), explained("in_section", language)),
        figure_head(text("Share"), explained("share", language)),
    )
    yield ReportLine("columns:sections", heads)
    counts = facts.rows["section"].value_counts()
    whole = len(facts.rows)
    for code in sorted(facts.projection.snapshot.tab, key=policy.rank):
        count = int(counts.get(code, 0))
        top = (code, 1)
        cells = (
            ReportCell(policy.words.name("sections", code), "link", top),
            ReportCell(count, "number", top),
            ReportCell(count / max(whole, 1), "percent"),
        )
        yield ReportLine(f"sections:{code}", cells)
    total = (
        ReportCell(text("Total"), "total"),
        ReportCell(whole, "total_number"),
        ReportCell(None, "total"),
    )
    yield ReportLine("sections:total", total)


def move_lines(
    facts: Facts, language: Language, width: int
) -> Iterator[ReportLine]:
    """Go through what moved this night, as the Journal has it: where from, where to and why.

    `width`: the report's columns.
    """
    text = language.text
    moves = facts.moved
    words = facts.policy.words
    yield from heading_lines("moves", text("Moved this night"))
    if not moves:
        yield sentence("moves:none", text("Nothing was moved."))
        return
    heads = (
        words.name("columns", "company"),
        words.name("columns", "manager"),
        text("From"),
        text("To"),
        None,
        None,
        text("Why"),
    )
    cells = padded((ReportCell(head, "head") for head in heads), width, "head")
    yield ReportLine("columns:moves", cells)
    for move in moves[:MOVES_SHOWN]:
        yield ReportLine(
            f"moves:{move.id}", _move_cells(move, facts, language, width)
        )
    if len(moves) > MOVES_SHOWN:
        more = language.plural(
            "and {n} more, see “{tab}”",
            "and {n} more, see “{tab}”",
            len(moves) - MOVES_SHOWN,
            tab=words.tabs["journal"],
        )
        yield sentence("moves:more", more)


def _move_cells(
    move: JournalLine, facts: Facts, language: Language, width: int
) -> tuple[ReportCell, ...]:
    cells = (
        company_name_cell(
            words_of(move.company), facts.places.get(move.id), language
        ),
        text_cell(move.manager),
        ReportCell(named("sections", move.before, facts.policy), "text"),
        ReportCell(named("sections", move.after, facts.policy), "text"),
        BLANK,
        BLANK,
        note_cell(move.why),
    )
    return padded(cells, width, "text")
