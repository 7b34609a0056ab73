"""Blocks of the summary for the planning meeting: what happened, against the time before.

Then the stocks as they were, the way of those who were taken into work together, and why companies
refused. The figures are `metrics`', each with how it is counted as the note on its heading.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from sheetsync.i18n import Language, marked
from sheetsync.method.codes import SectionCode
from sheetsync.reporting.layout.lines import TWO_LINES, heading_lines, sentence
from sheetsync.reporting.layout.model import (
    Anchor,
    Link,
    ReportCell,
    ReportLine,
    named,
)
from sheetsync.reporting.metrics import NOT_ENOUGH, Figure, Figures, explained
from sheetsync.reporting.metrics.funnel import FunnelStage
from sheetsync.reporting.metrics.periods import Period, meeting_periods
from sheetsync.reporting.summary.events import (
    FLOWS,
    SALES,
    EventLists,
    SpanColumn,
    happened,
    span_columns,
)
from sheetsync.reporting.summary.figure_table import (
    figure_cell,
    figure_head,
    name_cell,
    name_head,
)
from sheetsync.reporting.tabs.companies_behind_figures import (
    FigureLists,
    RowDetails,
    row_refs,
)

STOCKS = {
    "load": marked("Load"),
    "overdue": marked("Overdue steps"),
    "no_step": marked("No next step"),
    "calls": marked("Calls due"),
    "open_amount": marked("Amount in work"),
    "forecast": marked("Forecast"),
}
"""What is told of the stocks: the code as it is counted, and the name."""


class _Refusals(NamedTuple):
    """The refusals of a span, by reason. `known`: whether the Journal reaches back so far."""

    column: SpanColumn
    by_reason: Mapping[str, Figure]
    details: Mapping[str, RowDetails]
    known: bool

    def ids(self, reason: str) -> tuple[str, ...]:
        """Return the companies that refused for a reason, the last of them first."""
        figure = self.by_reason.get(reason)
        return figure.ids[::-1] if figure else ()

    def value(self, reason: str) -> int | None:
        """Return how many companies refused for a reason."""
        return len(self.ids(reason)) if self.known else None


class PeriodBlocks:
    """Words the blocks one after the other."""

    def __init__(
        self, figures: Figures, language: Language, lists: FigureLists
    ) -> None:
        self.figures = figures
        self.facts = figures.facts
        self.policy = figures.facts.policy
        self.language = language
        self.text = language.text
        self.lists = lists
        self.event_lists = EventLists(figures, language, lists)
        self.periods = meeting_periods(figures.facts.today)
        self.columns = tuple(span_columns(self.periods, language))

    def _explained(self, code: str) -> str:
        return explained(code, self.language)

    def flows(self) -> Iterator[ReportLine]:
        """Tell what happened, each beside as many days of the period before."""
        text = self.text
        figures_by_code = {code: self._happened(code) for code, _ in FLOWS}
        title = text("What happened")
        note = text("each beside as many days of the one before")
        if not all(map(_enough, figures_by_code.values())):
            note = f"{note}; — {text(NOT_ENOUGH)}"
        yield from heading_lines("periods", title, note)
        heads = (figure_head(column.name) for column in self.columns)
        yield ReportLine(
            "columns:periods", (name_head(text("Figure")), *heads), TWO_LINES
        )
        self.lists.group("periods", title)
        for code, name in FLOWS:
            yield self._flow_line(code, text(name), figures_by_code[code])

    def _happened(self, code: str) -> list[Figure]:
        return [happened(self.figures, code, period) for period in self.periods]

    def _flow_line(
        self, code: str, name: str, figures: Sequence[Figure]
    ) -> ReportLine:
        # What the sold came to leads to those sold.
        event = "sold" if code in SALES else code
        values = [
            value
            for figure in figures
            for value in (figure.value, figure.before)
        ]
        cells = list[ReportCell]()
        last_link = None
        for column, value in zip(self.columns, values, strict=True):
            link = self.event_lists.of(event, column.name, column.span)
            last_link = link or last_link
            cells.append(figure_cell(value, column.style, link))
        first = name_cell(name, last_link, self._explained(code))
        return ReportLine(f"periods:{code}", (first, *cells))

    def then(self) -> Iterator[ReportLine]:
        """Tell what stands, and what stood a day, a week and a month ago."""
        text = self.text
        counts = self.figures.counts
        days = [counts.last(period.before) for period in self.periods]
        note = text("as it was counted on that day")
        if None in days:
            note = text("as it was counted on that day; — was not counted then")
        yield from heading_lines(
            "then", text("What stands, then and now"), note
        )
        ago = (
            text("Today"),
            text("Yesterday"),
            text("A week ago"),
            text("A month ago"),
        )
        heads = (name_head(text("Figure")), *map(figure_head, ago))
        yield ReportLine("columns:then", heads, TWO_LINES)
        now = self._stocks_now()
        for code, name in STOCKS.items():
            link = self._stock_link(code)
            name_link = link if now[code] else None
            first = name_cell(text(name), name_link, self._explained(code))
            cells = [figure_cell(now[code], "number", link)]
            for day in days:
                past = None if day is None else counts.on(day, code)
                cells.append(figure_cell(past, "number_past"))
            yield ReportLine(f"then:{code}", (first, *cells))

    def _stocks_now(self) -> dict[str, float | None]:
        open_amount = self.figures.stocks.open_amount().value
        forecast = self.figures.forecast.total().value
        numbers = self.figures.stocks.numbers()
        return {**numbers, "open_amount": open_amount, "forecast": forecast}

    def _stock_link(self, code: str) -> Link | Anchor | None:
        """Return where a stock leads: to its section or list, or where it is told in parts."""
        # Stocks of a whole section lead to the section: a list of them would be as long.
        match code:
            case "load":
                return (SectionCode.WORKING, 1)
            case "forecast":
                return Anchor("summary", "head:forecast")
            case "overdue":
                return Anchor("figures", "group:overdue")
            case "no_step":
                return Anchor("figures", "head:no_step")
            case "calls":
                return self._calls_list()
            case _:
                return self._amounts_list(code)

    def _stock_rows(self, code: str) -> pd.DataFrame:
        return self.facts.rows[self.figures.stocks.marks[code]]

    def _calls_list(self) -> Anchor | None:
        rows = self._stock_rows("calls")
        rows = rows.sort_values(
            ["call_on", "company", "id"], na_position="first"
        )
        name = self.text(STOCKS["calls"])
        how = self._explained("calls")
        refs = row_refs(rows)
        return self.lists.to("calls", name, refs, how, self.lists.call)

    def _amounts_list(self, code: str) -> Anchor | None:
        rows = self._stock_rows(code)
        rows = rows[rows["amount"].notna()]
        rows = rows.sort_values(["amount", "id"], ascending=[False, True])
        name = self.text(STOCKS[code])
        how = self._explained(code)
        return self.lists.to(code, name, row_refs(rows), how)

    def funnel(self) -> Iterator[ReportLine]:
        """Tell how far those have come who were taken into work together."""
        text = self.text
        period, stages = self.figures.cohort
        title = text("Funnel")
        note = text(
            "of those taken into work in the last {n} days", n=period.now.days
        )
        yield from heading_lines("funnel", title, note)
        if not all(stage.reached.enough for stage in stages):
            yield sentence("funnel:none", text("Not enough history yet."))
            return
        before = text("{n} days before", n=period.now.days)
        heads = (
            name_head(self.policy.words.name("columns", "state")),
            figure_head(text("Reached"), self._explained("reached")),
            figure_head(before, self._explained("reached")),
            figure_head(
                text("Of the step before"), self._explained("conversion")
            ),
            figure_head(before, self._explained("conversion")),
            figure_head(text("Days to go on"), self._explained("step_days")),
            figure_head(text("Still there"), self._explained("still_open")),
        )
        yield ReportLine("columns:funnel", heads, TWO_LINES)
        self.lists.group("funnel", f"{title} · {note}")
        # As a window of its own: figures have the rows of their own period alone.
        window_before = Period("before", period.before, period.before)
        past = self.figures.funnel.stages(window_before)
        for stage, earlier in zip(stages, past, strict=True):
            yield self._stage_line(stage, earlier, before)

    def _stage_line(
        self, stage: FunnelStage, earlier: FunnelStage, before: str
    ) -> ReportLine:
        reached = self.text("Reached")
        came = self._stage_list("reached", stage.state, reached, stage.reached)
        were = self._stage_list(
            "reached before",
            stage.state,
            f"{reached} · {before}",
            earlier.reached,
        )
        still = self._stage_list(
            "open", stage.state, self.text("Still there"), stage.still_open
        )
        cells = (
            name_cell(named("states", stage.state, self.policy), came),
            figure_cell(stage.reached.value, "number", came),
            figure_cell(stage.reached.before, "number_past", were),
            figure_cell(stage.conversion.value, "percent", came),
            figure_cell(stage.conversion.before, "percent", were),
            figure_cell(stage.days.value, "number", came),
            figure_cell(stage.still_open.value, "number", still),
        )
        return ReportLine(f"funnel:{stage.state}", cells)

    def _stage_list(
        self, code: str, state: str, words: str, figure: Figure
    ) -> Anchor | None:
        title = f"{named('states', state, self.policy)} · {words}"
        return self.lists.to(
            f"{code}:{state}", title, figure.ids, self._explained(figure.code)
        )

    def reasons(self) -> Iterator[ReportLine]:
        """Tell why companies refused, in each period and in the one before."""
        refusals = [*map(self._refusals, self.columns)]
        reasons = _most_frequent_first(refusals)
        if not reasons:
            return
        title = self.text("Why they refused")
        how = self._explained("refused")
        yield from heading_lines("reasons", title)
        column = self.policy.words.name("columns", "refusal_reason")
        heads = [figure_head(each.column.name, how) for each in refusals]
        yield ReportLine(
            "columns:reasons", (name_head(column), *heads), TWO_LINES
        )
        self.lists.group("reasons", title)
        for reason in reasons:
            yield self._reason_line(reason, refusals)

    def _refusals(self, column: SpanColumn) -> _Refusals:
        # A span as a period of its own: figures have the rows of their own period alone.
        period = Period("", column.span, column.span)
        events = self.figures.flows.within("refused", column.span)
        return _Refusals(
            column,
            self.figures.flows.reasons(period),
            {
                event.id: RowDetails(event.day, "", event.manager)
                for event in events
            },
            self.figures.history.covers(column.span.first),
        )

    def _reason_line(
        self, reason: str, refusals: Sequence[_Refusals]
    ) -> ReportLine:
        name = named("reasons", reason, self.policy) or self.text(
            "no reason given"
        )
        cells = list[ReportCell]()
        last_link = None
        for each in refusals:
            column = each.column
            key = f"reason:{reason}:{column.span.first}:{column.span.last}"
            title = f"{name} · {column.name}"
            how = self._explained("refused")
            link = self.lists.to(
                key, title, each.ids(reason), how, each.details
            )
            last_link = link or last_link
            cells.append(figure_cell(each.value(reason), column.style, link))
        return ReportLine(
            f"reasons:{reason}", (name_cell(name, last_link), *cells)
        )


def _enough(figures: Sequence[Figure]) -> bool:
    return all(figure.enough for figure in figures)


def _most_frequent_first(refusals: Sequence[_Refusals]) -> list[str]:
    """Return the reasons in order, by the last span first; equally frequent ones by their code."""

    def frequency(reason: str) -> tuple[list[int], str]:
        return [-len(each.ids(reason)) for each in reversed(refusals)], reason

    reasons = {reason for each in refusals for reason in each.by_reason}
    return sorted(reasons, key=frequency)
