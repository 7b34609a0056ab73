"""The figures of the period: what happened, by whom, the funnel, reasons, plan and fact, forecast.

The same figures under the same names as on the summary (`summary.period_blocks`), for one period.
"""

from collections.abc import Iterator

from sheetsync.i18n import marked
from sheetsync.reporting.layout.model import capitalised, named
from sheetsync.reporting.meeting_pack.model import (
    Cells,
    ColumnHead,
    PageBlock,
    PageCell,
    Table,
    Tone,
)
from sheetsync.reporting.meeting_pack.writer import PageWriter, largest
from sheetsync.reporting.metrics import Figure
from sheetsync.reporting.metrics.forecast import Chance
from sheetsync.reporting.metrics.funnel import FunnelStage
from sheetsync.reporting.metrics.targets import PlanAgainstFact
from sheetsync.reporting.summary.events import FLOWS, happened
from sheetsync.reporting.summary.plan_block import PLANS

MOVES = (
    ("returned", marked("Came back from an archive")),
    ("lost", marked("Left the work unsold")),
    ("moved_in", marked("Came to the working list")),
    ("moved_out", marked("Left the working list")),
)
"""What is told of a period beside the summary's figures."""
OF_MANAGERS = (
    "taken",
    "advanced",
    "invoiced",
    "sold",
    "sold_amount",
    "by_deadline",
    "refused",
)
"""What is told of each manager."""
RANKED_BY = ("sold_amount", "sold", "invoiced", "taken")
"""By which of these figures managers are ranked, the first that differs."""


def results_block(writer: PageWriter) -> PageBlock:
    """Tell what happened in the period, each figure beside the one before."""
    text = writer.language.text
    title = text("What happened")
    note = writer.compared()
    if not writer.period_is_known:
        unknown = text("Not enough history yet.")
        return PageBlock("results", title, note, sentences=(unknown,))
    tables = (_happened(writer), *_by_manager(writer))
    return PageBlock("results", title, note, tables)


def _happened(writer: PageWriter) -> Table:
    text = writer.language.text
    now, before = writer.names
    heads = (
        ColumnHead(text("Figure")),
        writer.head(now),
        writer.head(before),
        writer.head(text("Change")),
    )
    rows = []
    for code, name in (*FLOWS, *MOVES):
        figure = happened(writer.figures, code, writer.period)
        name_cell = PageCell(text(name), note=writer.note(figure))
        before_cell = writer.before_cell(figure)
        change = PageCell(writer.change(figure))
        rows.append((name_cell, writer.cell(figure), before_cell, change))
    return Table(text("What happened"), heads, tuple(rows))


def _by_manager(writer: PageWriter) -> Iterator[Table]:
    """Tell what each manager did, those who sold most first; nothing where nobody did anything."""
    text = writer.language.text
    period = writer.period
    by_name = {}
    for name in writer.figures.flows.managers(period.now):
        if name:
            by_name[name] = _figures_of(writer, name)
    if not by_name:
        return

    def best_first(name: str) -> tuple[tuple[float, ...], str]:
        ranks = [-(by_name[name][code].value or 0) for code in RANKED_BY]
        return tuple(ranks), name

    names = dict(FLOWS)
    column_names = [text(names[code]) for code in OF_MANAGERS]
    heads = [ColumnHead(writer.heading("manager"))]
    heads += map(writer.head, column_names)
    rows = []
    for name in sorted(by_name, key=best_first):
        cells = map(writer.cell, by_name[name].values())
        rows.append((writer.manager(name), *cells))
    # No sums of the lines: a company that changed hands counts once.
    sums = map(writer.cell, _figures_of(writer, None).values())
    total = (PageCell(text("Total")), *sums)
    yield Table(
        text("By manager"), tuple(heads), tuple(rows), total, shown=True
    )


def _figures_of(writer: PageWriter, manager: str | None) -> dict[str, Figure]:
    figures = writer.figures
    period = writer.period
    return {
        code: happened(figures, code, period, manager) for code in OF_MANAGERS
    }


def funnel_block(writer: PageWriter) -> PageBlock:
    """Tell how far those have come who were taken into work together."""
    text = writer.language.text
    period, stages = writer.figures.cohort
    title = text("Funnel")
    note = text(
        "of those taken into work in the last {n} days", n=period.now.days
    )
    if not all(stage.reached.enough for stage in stages):
        unknown = text("Not enough history yet.")
        return PageBlock("funnel", title, note, sentences=(unknown,))
    if not any(stage.reached.value for stage in stages):
        nobody = text("Nobody was taken into work in these days.")
        return PageBlock("funnel", title, note, sentences=(nobody,))
    first = stages[0]
    heads = (
        ColumnHead(writer.heading("state")),
        writer.head(text("Reached"), first.reached),
        writer.head(text("Of the step before"), first.conversion),
        writer.head(text("The {n} days before", n=period.now.days)),
        writer.head(text("Days to go on"), first.days),
        writer.head(text("Still there"), first.still_open),
    )
    most = largest(stage.reached for stage in stages)
    rows = tuple(_stage(writer, stage, most) for stage in stages)
    return PageBlock("funnel", title, note, (Table(title, heads, rows),))


def _stage(writer: PageWriter, stage: FunnelStage, most: float) -> Cells:
    return (
        PageCell(named("states", stage.state, writer.policy)),
        writer.bar_cell(stage.reached, most),
        writer.cell(stage.conversion),
        writer.before_cell(stage.conversion),
        writer.cell(stage.days),
        writer.cell(stage.still_open),
    )


def reasons_block(writer: PageWriter) -> PageBlock:
    """Tell why companies refused in the period, the most frequent reason first."""
    text = writer.language.text
    flows = writer.figures.flows
    title = text("Reasons of refusal")
    note = writer.compared()
    refused = flows.figure("refused", writer.period)
    if not refused.enough:
        unknown = text("Not enough history yet.")
        return PageBlock("reasons", title, note, sentences=(unknown,))
    by_reason = {}
    for code, figure in flows.reasons(writer.period).items():
        if figure.value or figure.before:
            by_reason[code] = figure
    if not by_reason:
        nobody = text("Nobody has refused.")
        return PageBlock("reasons", title, note, sentences=(nobody,))
    most = largest(by_reason.values())
    rows = []
    for code, figure in sorted(by_reason.items(), key=_most_frequent_first):
        bar = writer.bar_cell(figure, most)
        before_cell = writer.before_cell(figure)
        rows.append((_reason(writer, code), bar, before_cell))
    now, before = writer.names
    heads = (
        ColumnHead(writer.heading("refusal_reason")),
        writer.head(now, refused),
        writer.head(before),
    )
    table = Table(title, heads, tuple(rows))
    return PageBlock("reasons", title, note, (table,))


def _most_frequent_first(
    of_reason: tuple[str, Figure],
) -> tuple[float, float, str]:
    code, figure = of_reason
    now = figure.value or 0
    before = figure.before or 0
    return -now, -before, code


def _reason(writer: PageWriter, code: str) -> PageCell:
    name = named("reasons", code, writer.policy)
    if not code:
        return PageCell(
            name or writer.language.text("no reason given"), "amber"
        )
    return PageCell(name)


def plan_block(writer: PageWriter) -> PageBlock | None:
    """Tell the month's plan against what is done, of all and of each who has one.

    Nothing where nothing is planned.
    """
    text = writer.language.text
    targets = writer.figures.targets
    planned = []
    for manager in (None, *targets.managers):
        for measure, name in PLANS:
            against = targets.against(measure, manager)
            if against.plan is not None:
                planned.append((text(name), against))
    if not planned:
        return None
    title = text("Plan of the month and fact")
    heads = (
        ColumnHead(writer.heading("manager")),
        ColumnHead(text("Figure")),
        writer.head(text("Plan")),
        writer.head(text("Fact")),
        writer.head(text("Done")),
    )
    rows = tuple(_against(writer, name, against) for name, against in planned)
    _, first = planned[0]
    passed = text(
        "{share}% of the month has passed", share=round(first.elapsed * 100)
    )
    note = f"{writer.month(writer.facts.today)}: {passed}"
    # All facts are of the same month: what is not known of one is known of none.
    sentences = []
    unknown = writer.enough(first.fact)
    if unknown:
        sentences.append(f"{capitalised(unknown)}.")
    table = Table(title, heads, rows)
    return PageBlock("plan", title, note, (table,), tuple(sentences))


def _against(writer: PageWriter, name: str, against: PlanAgainstFact) -> Cells:
    fact = against.fact
    manager = PageCell(writer.language.text("all"))
    if against.manager:
        manager = writer.manager(against.manager)
    return (
        manager,
        PageCell(name, note=writer.note(fact)),
        PageCell(writer.value(fact, against.plan)),
        PageCell(writer.value(fact, fact.value)),
        _done(writer, against),
    )


def _done(writer: PageWriter, against: PlanAgainstFact) -> PageCell:
    done = writer.share(against.done)
    if against.done is None:
        return PageCell(done, "grey", mark=against.elapsed)
    share = min(against.done, 1.0)
    tone: Tone = "green" if share else "grey"
    # Less is done than of the month has passed: amber, before it is too late.
    if against.on_course is False:
        tone = "amber"
    return PageCell(done, tone, share=share, mark=against.elapsed)


def forecast_block(writer: PageWriter) -> PageBlock:
    """Tell what the companies in work may bring: by month, by manager, and how likely a sale is."""
    text = writer.language.text
    forecast = writer.figures.forecast
    title = text("Forecast")
    total = forecast.total()
    if not total.ids:
        nothing = text(
            "No company in work has an amount: there is nothing to forecast from."
        )
        footnote = writer.note(total)
        return PageBlock(
            "forecast", title, sentences=(nothing,), footnote=footnote
        )
    tables = (
        _by_month(writer, total),
        _forecast_by_manager(writer),
        _chances(writer),
    )
    sentences = []
    unpriced = forecast.unpriced().value
    if unpriced:
        sentence = writer.language.plural(
            "{n} company in work has no amount: the forecast lacks it.",
            "{n} companies in work have no amount: the forecast lacks them.",
            int(unpriced),
        )
        sentences.append(sentence)
    note = writer.money(total.value)
    footnote = writer.note(total)
    return PageBlock(
        "forecast", title, note, tables, tuple(sentences), footnote
    )


def _by_month(writer: PageWriter, total: Figure) -> Table:
    text = writer.language.text
    by_month = writer.figures.forecast.by_month()
    most = largest(by_month.values())
    rows = []
    for first_day, figure in by_month.items():
        month = (
            text("no date") if first_day is None else writer.month(first_day)
        )
        bar = writer.bar_cell(figure, most)
        rows.append((PageCell(month), bar))
    heads = (
        ColumnHead(text("Month")),
        writer.head(text("Amount")),
    )
    sums = (PageCell(text("Total")), writer.cell(total))
    return Table(text("By month"), heads, tuple(rows), sums, shown=True)


def _forecast_by_manager(writer: PageWriter) -> Table:
    text = writer.language.text
    forecast = writer.figures.forecast
    by_name = {}
    for name in writer.figures.stocks.managers:
        figure = forecast.total(name)
        if figure.value:
            by_name[name] = figure

    def most_first(name: str) -> tuple[float, str]:
        return -(by_name[name].value or 0), name

    most = largest(by_name.values())
    rows = []
    for name in sorted(by_name, key=most_first):
        bar = writer.bar_cell(by_name[name], most)
        rows.append((writer.manager(name), bar))
    heads = (
        ColumnHead(writer.heading("manager")),
        writer.head(text("Amount")),
    )
    return Table(text("By manager"), heads, tuple(rows), shown=True)


def _chances(writer: PageWriter) -> Table:
    """Tell how likely a sale is from each state, and what says so."""
    text = writer.language.text
    chances = [*writer.figures.forecast.chances.values()]
    rows = []
    for chance in chances:
        state = PageCell(named("states", chance.state, writer.policy))
        source = PageCell(_source(writer, chance), "grey")
        rows.append((state, writer.cell(chance.figure), source))
    first = chances[0].figure if chances else None
    heads = (
        ColumnHead(writer.heading("state")),
        writer.head(text("Chance of a sale"), first),
        ColumnHead(text("Where from")),
    )
    return Table(text("Chance of a sale"), heads, tuple(rows), shown=True)


def _source(writer: PageWriter, chance: Chance) -> str:
    text = writer.language.text
    number = writer.number
    if not chance.measured:
        return text("from the settings")
    return text(
        "from the base's own history: {won} of {over}",
        won=number(chance.won),
        over=number(chance.over),
    )
