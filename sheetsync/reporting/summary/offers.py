"""The summary's block of proposals: who could get what, with a box to tick.

Which companies are offered is decided by `rules.capacity`.
"""

from collections.abc import Iterator, Sequence

from sheetsync.i18n import Language
from sheetsync.reporting.layout.lines import head_cells, heading_lines, sentence
from sheetsync.reporting.layout.model import (
    ReportCell,
    ReportLine,
    company_name_cell,
    named,
    text_cell,
)
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.rules.capacity.refill import line_of
from sheetsync.workbook.plan import Offer

SHOWN = 30
"""Proposals listed for one manager at most; what is ticked is always listed."""


def offer_lines(facts: Facts, language: Language) -> Iterator[ReportLine]:
    """Go through the block: a line per proposal, those of one manager together.

    Managers stand in the order of the alphabet; nothing where nothing is offered.
    """
    by_manager: dict[str, list[Offer]] = {}
    for offer in facts.projection.plan.offers:
        by_manager.setdefault(offer.manager, []).append(offer)
    if not by_manager:
        return
    text = language.text
    note = text("tick the box; the next run carries it out")
    yield from heading_lines("offers", text("Who could get what"), note)
    yield ReportLine("columns:offers", _heads(facts, language))
    for manager in sorted(by_manager):
        yield from _offers_of(manager, by_manager[manager], facts, language)


def _heads(facts: Facts, language: Language) -> tuple[ReportCell, ...]:
    columns = facts.policy.words.columns
    about = f"{columns['label'][0]} · {columns['city'][0]}"
    words = (columns["company"][0], columns["manager"][0], about)
    box = ReportCell(language.text("Take"), "head_center")
    return (*head_cells(words), box)


def _offers_of(
    manager: str, offers: Sequence[Offer], facts: Facts, language: Language
) -> Iterator[ReportLine]:
    """Go through a manager's proposals: ticked ones first, then as many others as are shown."""
    ticked = [offer for offer in offers if offer.ticked]
    fresh = [offer for offer in offers if not offer.ticked]
    # A tick that waits stays on the tab, however long the list is.
    for offer in (*ticked, *fresh[:SHOWN]):
        cells = _offer_cells(offer, facts, language)
        yield ReportLine(line_of(offer.id, manager), cells)
    if len(fresh) > SHOWN:
        more = language.plural(
            "and {n} more for {manager}",
            "and {n} more for {manager}",
            len(fresh) - SHOWN,
            manager=manager,
        )
        yield sentence(f"more:offers:{manager}", more)


def _offer_cells(
    offer: Offer, facts: Facts, language: Language
) -> tuple[ReportCell, ...]:
    about = (named("labels", offer.label, facts.policy), offer.city)
    return (
        company_name_cell(offer.company, facts.places.get(offer.id), language),
        ReportCell(offer.manager, "text"),
        text_cell(" · ".join(part for part in about if part)),
        ReportCell(offer.ticked, "tick"),
        ReportCell(offer.why or None, "text_red"),
    )
