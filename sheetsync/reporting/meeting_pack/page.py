"""The page of a planning meeting put together, in the order of the meeting.

It has all that a head of sales needs to hold one; how it is drawn is `html`'s.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Literal

from sheetsync.i18n import Language, marked
from sheetsync.reporting.layout.model import ReportChart
from sheetsync.reporting.meeting_pack.charts import page_charts
from sheetsync.reporting.meeting_pack.deals import deals_block
from sheetsync.reporting.meeting_pack.managers import (
    managers_block,
    overdue_block,
)
from sheetsync.reporting.meeting_pack.model import Page, PageBlock
from sheetsync.reporting.meeting_pack.movements import (
    moves_block,
    offers_block,
    sections_block,
)
from sheetsync.reporting.meeting_pack.period_figures import (
    forecast_block,
    funnel_block,
    plan_block,
    reasons_block,
    results_block,
)
from sheetsync.reporting.meeting_pack.places import BookPlaces
from sheetsync.reporting.meeting_pack.problems import notices, problems_block
from sheetsync.reporting.meeting_pack.tiles import page_tiles
from sheetsync.reporting.meeting_pack.urgent import urgent_block
from sheetsync.reporting.meeting_pack.writer import PageWriter
from sheetsync.reporting.messages.harmless_text import visible
from sheetsync.reporting.metrics import Figures, Period
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.metrics.periods import month, today_only, week

Pack = Literal["day", "week", "month"]
PACKS: dict[Pack, str] = {
    "day": marked("Planning meeting of the day"),
    "week": marked("Planning meeting of the week"),
    "month": marked("Planning meeting of the month"),
}
"""The periods that a pack can be made for, and what the page is called then."""
BLOCKS: tuple[Callable[[PageWriter], PageBlock | None], ...] = (
    results_block,
    plan_block,
    funnel_block,
    deals_block,
    forecast_block,
    reasons_block,
    managers_block,
    overdue_block,
    urgent_block,
    offers_block,
    moves_block,
    sections_block,
    problems_block,
)
"""The parts of the page below the charts, in their order; one that is None is left out."""


def period_of(pack: Pack, today: date) -> Period:
    """Return the period of a pack: today, this week, this month, with as much of the one before."""
    if pack == "day":
        return today_only(today)
    if pack == "week":
        return week(today)
    return month(today)


def page_of(
    facts: Facts,
    language: Language,
    pack: Pack,
    root: str = "",
    alarms: tuple[str, ...] = (),
    book: str = "",
    more: Sequence[ReportChart] = (),
) -> Page:
    """Return the page of a base as it stands; the same arguments always give the same page.

    `root`: the address of the spreadsheet, "" for one that nobody can open by an address. `alarms`:
    limits of safety that the next run would wait for, in words. `book`: what people call it.
    `more`: charts beside the summary's own, which stand after them.
    """
    snapshot = facts.projection.snapshot
    places = BookPlaces(snapshot, facts.policy, language, root)
    period = period_of(pack, facts.today)
    writer = PageWriter(Figures(facts), period, language, places)
    # Footnotes are numbered as they are called for: from the top of the page down.
    tiles = page_tiles(writer)
    charts = page_charts(writer, more)
    # A block gives None where its heading alone would say nothing: no plan, no offers.
    blocks = [block_of(writer) for block_of in BLOCKS]
    return Page(
        language.code,
        language.text(PACKS[pack]),
        visible(book or snapshot.book.title),
        f"{language.date(facts.today)}, {language.weekday(facts.today)}",
        writer.compared(year=True),
        notices(writer, alarms),
        tiles,
        charts,
        tuple(block for block in blocks if block is not None),
        writer.footnotes.in_order(),
    )
