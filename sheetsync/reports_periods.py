"""Blocks of the summary for the planning meeting: what happened today, this week, this month, each against the one before.

Then the way of those who were taken into work together, the month's plan, and what is to be expected. The figures are
`figures`', each with the sentence that says how it is counted.
"""

from collections.abc import Iterator

from sheetsync.figures import NOT_ENOUGH, Figure, Figures
from sheetsync.figures.periods import Period, month, periods, window
from sheetsync.figures.targets import Against, Measure
from sheetsync.i18n import Language, marked
from sheetsync.reports_blocks import heading
from sheetsync.reports_parts import Line, ReportCell, named

TALL = 34
"""Pixels of a line of headings that take two lines."""
COHORT_DAYS = 90
"""How far back those reach whose way is told."""
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
PLANS: tuple[tuple[Measure, str], ...] = (("amount", marked("Amount sold")), ("deals", marked("Sold")), ("taken", marked("Taken into work")))  # fmt: skip
"""What is planned for a month: the measure and its name."""


def happened(figures: Figures, code: str, period: Period, manager: str | None = None) -> Figure:
    """Return one of the figures of `FLOWS`, of a manager or of all (None)."""
    special = {
        "sold_amount": figures.flows.amount,
        "average_deal": figures.deals.average,
        "deal_length": figures.deals.length,
    }
    of = special.get(code)
    return figures.flows.figure(code, period, manager) if of is None else of(period, manager)


def _cell(value: float | None, look: str = "number") -> ReportCell:
    """Write a figure; a dash where it is not known."""
    if value is None:
        return ReportCell("—", "number_zero")
    rounded = value if look == "percent" else round(value)
    return ReportCell(rounded, look if value else "number_zero")


def _head(*words: str) -> tuple[ReportCell, ...]:
    first, *rest = words
    return (ReportCell(first, "head"), *(ReportCell(word, "head_right") for word in rest))


class _Meeting:
    """Words the blocks one after the other."""

    def __init__(self, figures: Figures, language: Language) -> None:
        self.figures, self.language, self.policy = figures, language, figures.facts.policy
        self.text = language.text
        self.today = figures.facts.today

    def flows(self) -> Iterator[Line]:
        """Tell what happened."""
        text, told = self.text, periods(self.today)
        found = {code: [happened(self.figures, code, period) for period in told] for code, _ in FLOWS}
        young = not all(figure.enough for figures in found.values() for figure in figures)
        note = text("each beside as many days of the one before")
        yield from heading("periods", text("What happened"), f"{note}; — {text(NOT_ENOUGH)}" if young else note)
        heads = (text("Figure"), text("Today"), text("Yesterday"), text("Week"), text("Last week"), text("Month"), text("Last month"))  # fmt: skip
        yield Line("columns:periods", (*_head(*heads), ReportCell(text("How it is counted"), "head")), TALL)
        for code, name in FLOWS:
            numbers = [_cell(value) for figure in found[code] for value in (figure.value, figure.before)]
            how = ReportCell(text(found[code][0].how), "note")
            yield Line(f"periods:{code}", (ReportCell(text(name), "text"), *numbers, how))

    def funnel(self) -> Iterator[Line]:
        """Tell how far those have come who were taken into work together."""
        text, steps = self.text, self.figures.funnel.steps(window(self.today, COHORT_DAYS))
        note = text("of those taken into work in the last {n} days", n=COHORT_DAYS)
        if not all(step.reached.enough for step in steps):
            yield from heading("funnel", text("Funnel"), note)
            yield Line("funnel:none", (ReportCell(text("Not enough history yet."), "plain"),))
            return
        yield from heading("funnel", text("Funnel"), note)
        heads = (self.policy.words.name("columns", "state"), text("Reached"), text("Of the step before"), text("Days to go on"), text("Still there"))  # fmt: skip
        yield Line("columns:funnel", _head(*heads), TALL)
        for step in steps:
            name = ReportCell(named("states", step.state, self.policy), "text")
            share = _cell(step.conversion.value, "percent")
            cells = (name, _cell(step.reached.value), share, _cell(step.days.value), _cell(step.still_open.value))
            yield Line(f"funnel:{step.state}", cells)

    def plan(self) -> Iterator[Line]:
        """Tell the month's plan against what is done, by all and by each who has one."""
        text, targets = self.text, self.figures.targets
        whom = (None, *targets.managers)
        found = [(who, name, targets.against(measure, who)) for who in whom for measure, name in PLANS]
        planned = [(who, name, against) for who, name, against in found if against.plan is not None]
        if not planned:
            return
        passed = text("{share}% of the month has passed", share=round(planned[0][2].elapsed * 100))
        yield from heading("plan", text("Plan of the month and fact"), passed)
        heads = (text("Figure"), self.policy.words.name("columns", "manager"), text("Plan"), text("Fact"), text("Done"))
        yield Line("columns:plan", _head(*heads))
        for who, name, against in planned:
            yield Line(f"plan:{who or ''}:{against.measure}", self._against(who, name, against))

    def _against(self, who: str | None, name: str, against: Against) -> tuple[ReportCell, ...]:
        behind = "number_amber" if against.on_course is False else "number"
        whose = ReportCell(who or self.text("all"), "text")
        done = _cell(against.done, "percent")
        return ReportCell(self.text(name), "text"), whose, _cell(against.plan), _cell(against.fact.value, behind), done

    def reasons(self) -> Iterator[Line]:
        """Tell why companies refused this month."""
        found = self.figures.flows.reasons(month(self.today))
        shown = [(code, figure) for code, figure in found.items() if figure.value]
        if not shown:
            return
        yield from heading("reasons", self.text("Why they refused, this month"))
        heads = (self.policy.words.name("columns", "refusal_reason"), self.text("Companies"), self.text("Last month"))
        yield Line("columns:reasons", _head(*heads))
        for code, figure in sorted(shown, key=lambda pair: (-(pair[1].value or 0), pair[0])):
            name = named("reasons", code, self.policy) or self.text("no reason given")
            cells = (ReportCell(name, "text"), _cell(figure.value), _cell(figure.before))
            yield Line(f"reasons:{code}", cells)

    def forecast(self) -> Iterator[Line]:
        """Tell what the companies in work may bring, by month."""
        text, forecast = self.text, self.figures.forecast
        total = forecast.total()
        if not total.value:
            return
        yield from heading("forecast", text("Forecast"), text(total.how))
        yield Line("columns:forecast", _head(text("Month"), text("Amount")))
        for first, figure in forecast.by_month().items():
            name = text("no date") if first is None else self.language.month(first)
            yield Line(f"forecast:{first or ''}", (ReportCell(name, "text"), _cell(figure.value)))
        whole = (ReportCell(text("Total"), "total"), ReportCell(round(total.value), "total_number"))
        yield Line("forecast:total", whole)


def meeting_lines(figures: Figures, language: Language) -> list[Line]:
    """Return the blocks of the planning meeting (METHOD point 10)."""
    meeting = _Meeting(figures, language)
    blocks = (meeting.flows, meeting.funnel, meeting.reasons, meeting.plan, meeting.forecast)
    return [line for block in blocks for line in block()]
