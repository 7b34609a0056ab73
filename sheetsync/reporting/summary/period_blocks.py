"""Blocks of the summary for the planning meeting: what happened today, this week, this month, each against the one before.

Then the stocks as they were, the way of those who were taken into work together, and why companies refused. The figures are
`figures`', each with the sentence that says how it is counted as the note on its heading.
"""

from collections.abc import Iterator

from sheetsync.i18n import Language, marked
from sheetsync.reporting.layout.model import Anchor, ReportCell, ReportLine, named
from sheetsync.reporting.metrics import NOT_ENOUGH, Figure, Figures, explained
from sheetsync.reporting.metrics.events import Event
from sheetsync.reporting.metrics.funnel import COHORTS
from sheetsync.reporting.metrics.periods import Period, Span, meeting_periods
from sheetsync.reporting.metrics.targets import Measure
from sheetsync.reporting.summary.offers import figure_cell, heading, heads, name_cell
from sheetsync.reporting.summary.state_changes import NAMES
from sheetsync.reporting.tabs.companies_behind_figures import (
    FigureLists,
    RowDetails,
    RowRef,
    row_refs,
)

TALL = 34
"""Pixels of a line of headings that take two lines."""
COHORT_DAYS = COHORTS[0]
"""How far back those reach at most whose way is told."""
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
PLANS: tuple[tuple[Measure, str], ...] = (
    ("amount", marked("Amount sold")),
    ("deals", marked("Sold")),
    ("taken", marked("Taken into work")),
)
"""What is planned for a month: the measure and its name."""
_STOCKS = (
    ("load", marked("Load")),
    ("overdue", marked("Overdue steps")),
    ("no_step", marked("No next step")),
    ("calls", marked("Calls due")),
    ("open_amount", marked("Amount in work")),
    ("forecast", marked("Forecast")),
)
"""What is told of the stocks: the code as it is counted, and the name."""


def happened(figures: Figures, code: str, period: Period, manager: str | None = None) -> Figure:
    """Return one of the figures of `FLOWS`, of a manager or of all (None)."""
    special = {
        "sold_amount": figures.flows.amount,
        "average_deal": figures.deals.average,
        "deal_length": figures.deals.length,
    }
    of = special.get(code)
    return figures.flows.figure(code, period, manager) if of is None else of(period, manager)


def list_events(
    figures: Figures,
    language: Language,
    lists: FigureLists,
    code: str,
    where: tuple[str, Span],
    manager: str | None = None,
) -> Anchor | None:
    """List the companies of an event, the newest first; `where`: what the span is called, and the span.

    None where the Journal does not reach back so far, or nothing happened.
    """
    name, span = where
    if not figures.history.covers(span.first):
        return None
    events = sorted(
        figures.flows.within(code, span, manager), key=lambda event: (-event.day, event.id)
    )
    days = figures.deals.lengths("sold", span, manager) if code == "sold" else {}

    def said(event: Event) -> RowDetails:
        took = days.get(event.id)
        about = (
            ""
            if took is None
            else language.plural(
                "{n} day from the beginning of work",
                "{n} days from the beginning of work",
                int(took),
            )
        )
        return RowDetails(event.day, about, event.manager)

    told: dict[RowRef, RowDetails] = {event.id: said(event) for event in events}
    title = " · ".join(part for part in (language.text(dict(FLOWS)[code]), name, manager) if part)
    return lists.to(
        f"{code}:{span.first}:{span.last}:{manager or ''}",
        title,
        told,
        explained(code, language),
        told,
    )


class PeriodBlocks:
    """Words the blocks one after the other."""

    def __init__(self, figures: Figures, language: Language, lists: FigureLists) -> None:
        self.figures, self.language, self.lists, self.policy = (
            figures,
            language,
            lists,
            figures.facts.policy,
        )
        self.text = language.text
        self.today = figures.facts.today

    def flows(self) -> Iterator[ReportLine]:
        """Tell what happened."""
        text, told = self.text, meeting_periods(self.today)
        found = {
            code: [happened(self.figures, code, period) for period in told] for code, _ in FLOWS
        }
        young = not all(figure.enough for figures in found.values() for figure in figures)
        title, note = text("What happened"), text("each beside as many days of the one before")
        yield from heading("periods", title, f"{note}; — {text(NOT_ENOUGH)}" if young else note)
        names = [text(word) for period in told for word in NAMES[period.code]]
        yield ReportLine("columns:periods", heads(text("Figure"), *names), TALL)
        self.lists.group("periods", title)
        for code, name in FLOWS:
            event = "sold" if code in SALES else code
            spans = [
                (word, span)
                for period in told
                for word, span in zip(NAMES[period.code], period[1:], strict=True)
            ]
            links = [
                list_events(self.figures, self.language, self.lists, event, (text(word), span))
                for word, span in spans
            ]
            values = [value for figure in found[code] for value in (figure.value, figure.before)]
            looks = ("number", "number_past") * len(told)
            cells = (
                figure_cell(value, look, link)
                for value, look, link in zip(values, looks, links, strict=True)
            )
            named_ = name_cell(
                text(name),
                next((link for link in reversed(links) if link), None),
                explained(code, self.language),
            )
            yield ReportLine(f"periods:{code}", (named_, *cells))

    def then(self) -> Iterator[ReportLine]:
        """Tell what stands, and what stood a day, a week and a month ago."""
        text, counts = self.text, self.figures.counts
        days = [counts.last(period.before) for period in meeting_periods(self.today)]
        note = (
            text("as it was counted on that day; — was not counted then")
            if None in days
            else text("as it was counted on that day")
        )
        yield from heading("then", text("What stands, then and now"), note)
        words = (
            text("Figure"),
            text("Today"),
            text("Yesterday"),
            text("A week ago"),
            text("A month ago"),
        )
        yield ReportLine("columns:then", heads(*words), TALL)
        now = {
            **self.figures.stocks.numbers(),
            "open_amount": self.figures.stocks.open_amount().value,
        }
        now["forecast"] = self.figures.forecast.total().value
        for code, name in _STOCKS:
            past = (None if day is None else counts.on(day, code) for day in days)
            link = self._stock(code)
            named_ = name_cell(
                text(name), link if now[code] else None, explained(code, self.language)
            )
            cells = (
                figure_cell(now[code], "number", link),
                *(figure_cell(v, "number_past") for v in past),
            )
            yield ReportLine(f"then:{code}", (named_, *cells))

    def _stock(self, code: str) -> Anchor | tuple[str, int] | None:
        """Return where a stock leads: to its list, or where it is told in parts."""
        if code in ("load", "forecast"):
            return ("working", 1) if code == "load" else Anchor("summary", "head:forecast")
        if code in ("overdue", "no_step"):
            return Anchor("figures", "group:overdue" if code == "overdue" else "head:no_step")
        marks, name = self.figures.stocks.marks, self.text(dict(_STOCKS)[code])
        rows = self.figures.facts.rows[marks[code]]
        if code == "calls":
            rows, say = (
                rows.sort_values(["call_on", "company", "id"], na_position="first"),
                self.lists.call,
            )
            return self.lists.to(code, name, row_refs(rows), explained(code, self.language), say)
        rows = rows[rows["amount"].notna()].sort_values(["amount", "id"], ascending=[False, True])
        return self.lists.to(code, name, row_refs(rows), explained(code, self.language))

    def funnel(self) -> Iterator[ReportLine]:
        """Tell how far those have come who were taken into work together."""
        text, (period, steps) = self.text, self.figures.cohort
        title, note = (
            text("Funnel"),
            text("of those taken into work in the last {n} days", n=period.now.days),
        )
        yield from heading("funnel", title, note)
        if not all(step.reached.enough for step in steps):
            yield ReportLine("funnel:none", (ReportCell(text("Not enough history yet."), "plain"),))
            return
        before = text("{n} days before", n=period.now.days)
        words = (
            ("reached", text("Reached")),
            ("reached", before),
            ("conversion", text("Of the step before")),
            ("conversion", before),
            ("step_days", text("Days to go on")),
            ("still_open", text("Still there")),
        )
        state = self.policy.words.name("columns", "state")
        yield ReportLine(
            "columns:funnel",
            heads(state, *((word, explained(code, self.language)) for code, word in words)),
            TALL,
        )
        self.lists.group("funnel", f"{title} · {note}")
        past = self.figures.funnel.stages(Period("before", period.before, period.before))
        for step, earlier in zip(steps, past, strict=True):
            name = named("states", step.state, self.policy)
            came, were, still = (
                self.lists.to(
                    f"{code}:{step.state}",
                    f"{name} · {word}",
                    figure.ids,
                    explained(figure.code, self.language),
                )
                for code, word, figure in (
                    ("reached", text("Reached"), step.reached),
                    ("reached before", f"{text('Reached')} · {before}", earlier.reached),
                    ("open", text("Still there"), step.still_open),
                )
            )
            cells = (
                figure_cell(step.reached.value, "number", came),
                figure_cell(step.reached.before, "number_past", were),
                figure_cell(step.conversion.value, "percent", came),
                figure_cell(step.conversion.before, "percent", were),
                figure_cell(step.days.value, "number", came),
                figure_cell(step.still_open.value, "number", still),
            )
            yield ReportLine(f"funnel:{step.state}", (name_cell(name, came), *cells))

    def reasons(self) -> Iterator[ReportLine]:
        """Tell why companies refused, in each period and in the one before."""
        text, told = self.text, meeting_periods(self.today)
        spans = [
            (text(word), span)
            for period in told
            for word, span in zip(NAMES[period.code], period[1:], strict=True)
        ]
        # A span as a period of its own: figures have the rows of their own period alone.
        found = [self.figures.flows.reasons(Period("", span, span)) for _, span in spans]
        codes = sorted(
            {code for each in found for code in each},
            key=lambda code: (
                [-len(each[code].ids) if code in each else 0 for each in found[::-1]],
                code,
            ),
        )
        if not codes:
            return
        title, how = text("Why they refused"), explained("refused", self.language)
        yield from heading("reasons", title)
        column = self.policy.words.name("columns", "refusal_reason")
        yield ReportLine(
            "columns:reasons", heads(column, *((name, how) for name, _ in spans)), TALL
        )
        self.lists.group("reasons", title)
        known = [self.figures.history.covers(span.first) for _, span in spans]
        for code in codes:
            reason = named("reasons", code, self.policy) or text("no reason given")
            links, values = list[Anchor | None](), list[int | None]()
            for (name, span), each, enough in zip(spans, found, known, strict=True):
                ids = each[code].ids[::-1] if code in each else ()
                said = {
                    e.id: RowDetails(e.day, "", e.manager)
                    for e in self.figures.flows.within("refused", span)
                }
                key, full = f"reason:{code}:{span.first}:{span.last}", f"{reason} · {name}"
                links.append(self.lists.to(key, full, ids, how, said))
                values.append(len(ids) if enough else None)
            looks = ("number", "number_past") * len(told)
            cells = (
                figure_cell(value, look, link)
                for value, look, link in zip(values, looks, links, strict=True)
            )
            yield ReportLine(
                f"reasons:{code}",
                (name_cell(reason, next((n for n in reversed(links) if n), None)), *cells),
            )
