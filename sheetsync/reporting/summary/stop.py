"""A stop for safety that the head may release: a box, beside the list of what would move."""

from collections.abc import Iterator

from sheetsync.i18n import Language
from sheetsync.reporting.layout.lines import head_cells, heading_lines
from sheetsync.reporting.layout.model import (
    BLANK,
    ReportCell,
    ReportLine,
    company_name_cell,
    named,
    note_cell,
    text_cell,
)
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.rules.safeguards import key_of_move
from sheetsync.workbook.answers import RELEASE
from sheetsync.workbook.plan import Move


def stop_lines(facts: Facts, language: Language) -> Iterator[ReportLine]:
    """Go through why a run has stopped, the box, and all that would move; nothing for no stop."""
    stop = facts.stop
    if stop is None:
        return
    text = language.text
    words = facts.policy.words
    yield from heading_lines("stop", text("Stopped for safety"))
    release = (
        ReportCell(text("Move all of these"), "text_amber"),
        BLANK,
        BLANK,
        ReportCell(stop.released, "tick"),
        ReportCell(
            text(
                "{why} Tick the box, and the next run moves the companies below, once.",
                why=" ".join(stop.alarms),
            ),
            "text_amber",
        ),
    )
    yield ReportLine(RELEASE, release)
    heads = (
        words.name("columns", "company"),
        words.name("columns", "manager"),
        text("To"),
        "",
        text("Why"),
    )
    yield ReportLine("columns:stop", head_cells(heads))
    for move in stop.moves:
        yield ReportLine(key_of_move(move), _cells(move, facts, language))


def _cells(
    move: Move, facts: Facts, language: Language
) -> tuple[ReportCell, ...]:
    place = facts.places.get(move.id)
    return (
        company_name_cell(move.company, place, language),
        text_cell(move.manager),
        ReportCell(named("sections", move.target, facts.policy), "text"),
        BLANK,
        note_cell(move.reason),
    )
