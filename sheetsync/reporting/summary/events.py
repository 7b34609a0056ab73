"""What happened in a period, for the summary's blocks: figures, their names, lists of companies.

What an event is, is said by `metrics.events`.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sheetsync.i18n import Language, marked
from sheetsync.reporting.layout.model import Anchor
from sheetsync.reporting.metrics import Figure, Figures, explained
from sheetsync.reporting.metrics.events import Event
from sheetsync.reporting.metrics.periods import Period, Span
from sheetsync.reporting.tabs.companies_behind_figures import (
    FigureLists,
    RowDetails,
    RowRef,
)

FLOWS = (
    ("taken", marked("Taken into work")),
    ("advanced", marked("Advanced")),
    ("invoiced", marked("Came to a deal")),
    ("sold", marked("Sold")),
    ("sold_amount", marked("Amount sold")),
    ("by_deadline", marked("Moved by deadline")),
    ("refused", marked("Refused")),
    ("average_deal", marked("Average deal")),
    ("deal_length", marked("Deal length, days")),
)
"""What is told of each period: the figure's code and its name."""
SALES = ("sold_amount", "average_deal", "deal_length")
"""Figures of those sold: their companies are the same."""
PERIOD_NAMES = {
    "today": (marked("Today"), marked("Yesterday")),
    "week": (marked("Week"), marked("Last week")),
    "last_week": (marked("Last week"), marked("The week before")),
    "last_month": (marked("Last month"), marked("The month before")),
    "month": (marked("Month"), marked("Last month")),
}
"""What a period is called, and the one before it."""


class SpanColumn(NamedTuple):
    """A column of a table over time: what its days are called, and the style of its figures."""

    name: str
    span: Span
    style: str


def span_columns(
    periods: Sequence[Period], language: Language
) -> Iterator[SpanColumn]:
    """Go through the columns of periods: each, and in grey the one before it."""
    for period in periods:
        now, before = PERIOD_NAMES[period.code]
        yield SpanColumn(language.text(now), period.now, "number")
        yield SpanColumn(language.text(before), period.before, "number_past")


def happened(
    figures: Figures, code: str, period: Period, manager: str | None = None
) -> Figure:
    """Return one of the figures of `FLOWS`, of a manager or of all (None)."""
    match code:
        case "sold_amount":
            return figures.flows.amount(period, manager)
        case "average_deal":
            return figures.deals.average(period, manager)
        case "deal_length":
            return figures.deals.length(period, manager)
        case _:
            return figures.flows.figure(code, period, manager)


class EventLists:
    """Lists the companies of events, so that figures lead to them."""

    def __init__(
        self, figures: Figures, language: Language, lists: FigureLists
    ) -> None:
        self.figures = figures
        self.language = language
        self.lists = lists

    def of(
        self, code: str, name: str, span: Span, manager: str | None = None
    ) -> Anchor | None:
        """List the companies of an event, the newest first; `name`: what the span is called.

        None where the Journal does not reach back so far, or nothing happened.
        """
        if not self.figures.history.covers(span.first):
            return None
        event_name = self.language.text(dict(FLOWS)[code])
        title = " · ".join(part for part in (event_name, name, manager) if part)
        key = f"{code}:{span.first}:{span.last}:{manager or ''}"
        details = self._details(code, span, manager)
        return self.lists.to(
            key, title, details, explained(code, self.language), details
        )

    def _details(
        self, code: str, span: Span, manager: str | None
    ) -> dict[RowRef, RowDetails]:
        events = self.figures.flows.within(code, span, manager)
        days = (
            self.figures.deals.lengths("sold", span, manager)
            if code == "sold"
            else {}
        )
        details: dict[RowRef, RowDetails] = {}
        for event in sorted(events, key=_newest_first):
            took = days.get(event.id)
            about = "" if took is None else length_words(took, self.language)
            details[event.id] = RowDetails(event.day, about, event.manager)
        return details


def _newest_first(event: Event) -> tuple[int, str]:
    return -event.day, event.id


def length_words(days: float, language: Language) -> str:
    """Say how long a deal took."""
    return language.plural(
        "{n} day from the beginning of work",
        "{n} days from the beginning of work",
        int(days),
    )
