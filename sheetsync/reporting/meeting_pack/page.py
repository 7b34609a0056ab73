"""The page of a planning meeting put together: all that a head of sales needs to hold it, in the order of the meeting."""

from datetime import date
from typing import Literal

from sheetsync.i18n import Language, marked
from sheetsync.reporting.meeting_pack.chart_figures import figured
from sheetsync.reporting.meeting_pack.context import Places, Writing, seen
from sheetsync.reporting.meeting_pack.deals import deals
from sheetsync.reporting.meeting_pack.managers import managers, overdue, urgent
from sheetsync.reporting.meeting_pack.model import Page
from sheetsync.reporting.meeting_pack.movements import amiss, moves, offers, sections, settle
from sheetsync.reporting.meeting_pack.period_figures import forecast, funnel, plan, reasons, results
from sheetsync.reporting.meeting_pack.tiles import tiles
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


def period_of(pack: Pack, today: date) -> Period:
    """Return the period of a pack: today, this week, this month, with as much of the one before."""
    return {"day": today_only, "week": week, "month": month}[pack](today)


def page_of(
    facts: Facts,
    language: Language,
    pack: Pack,
    root: str = "",
    alarms: tuple[str, ...] = (),
    book: str = "",
) -> Page:
    """Return the page of a base as it stands.

    `root`: the address of the spreadsheet, "" for one that nobody can open by an address. `alarms`: limits of safety that the next run would wait
    for, in words. `book`: what people call the spreadsheet. The same arguments always give the same page.
    """
    snapshot = facts.projection.snapshot
    places = Places(snapshot, facts.policy, language, root)
    w = Writing(Figures(facts), period_of(pack, facts.today), language, places)
    text = language.text
    day = f"{language.date(facts.today)}, {language.weekday(facts.today)}"
    compared = text(
        "{now}; compared with {before}",
        now=w.span(w.period.now, year=True),
        before=w.span(w.period.before),
    )
    top, charts = tiles(w), figured(w)
    blocks = (
        results(w),
        plan(w),
        funnel(w),
        deals(w),
        forecast(w),
        reasons(w),
        managers(w),
        overdue(w),
        urgent(w),
        offers(w),
        moves(w),
        sections(w),
        amiss(w),
    )
    return Page(
        language.code,
        text(PACKS[pack]),
        seen(book or snapshot.book.title),
        day,
        compared,
        settle(w, alarms),
        top,
        charts,
        tuple(block for block in blocks if block is not None),
        w.footnotes.explained(),
    )
