"""The figures of the period: what happened, by whom, the funnel, reasons of refusal, plan and fact, the forecast.

The same figures under the same names as on the summary (`reports_periods`), for one period.
"""

from collections.abc import Iterator, Sequence

from sheetsync.i18n import marked
from sheetsync.reporting.layout.model import named
from sheetsync.reporting.meeting_pack.context import Writing
from sheetsync.reporting.meeting_pack.model import Block, Cell, Head, Table
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
OF_MANAGERS = ("taken", "advanced", "invoiced", "sold", "sold_amount", "by_deadline", "refused")
"""What is told of each manager."""


def results(w: Writing) -> Block:
    """Tell what happened in the period, each figure beside the one before."""
    text, (now, before) = w.language.text, w.names
    told = [(name, happened(w.figures, code, w.period)) for code, name in (*FLOWS, *MOVES)]
    if not w.figures.history.covers(w.period.now.first):
        return Block(
            "results", text("What happened"), _beside(w), said=(text("Not enough history yet."),)
        )
    heads = (Head(text("Figure")), w.head(now), w.head(before), w.head(text("Change")))
    rows = tuple(
        (
            Cell(text(name), note=w.note(figure)),
            w.cell(figure),
            Cell(w.value(figure, figure.before), "grey"),
            Cell(w.change(figure)),
        )
        for name, figure in told
    )
    caption = text("What happened")
    return Block("results", caption, _beside(w), (Table(caption, heads, rows), *_by_manager(w)))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _beside(w: Writing) -> str:
    return w.language.text(
        "{now}; compared with {before}", now=w.span(w.period.now), before=w.span(w.period.before)
    )


def _by_manager(w: Writing) -> Iterator[Table]:
    """Tell what each manager did, those who sold most first; nothing where the Journal does not tell."""
    names = [name for name in w.figures.flows.managers(w.period.now) if name]
    if not names or not w.figures.history.covers(w.period.now.first):
        return
    text, words = w.language.text, dict(FLOWS)
    found = {
        name: [happened(w.figures, code, w.period, name) for code in OF_MANAGERS] for name in names
    }
    heads = (Head(w.heading("manager")), *(w.head(text(words[code])) for code in OF_MANAGERS))
    at = {code: place for place, code in enumerate(OF_MANAGERS)}

    def rank(name: str) -> tuple[float, ...]:
        figures = found[name]
        return tuple(
            -(figures[at[code]].value or 0) for code in ("sold_amount", "sold", "invoiced", "taken")
        )

    ranked = sorted(names, key=lambda name: (*rank(name), name))
    rows = tuple((w.manager(name), *(w.cell(figure) for figure in found[name])) for name in ranked)
    whole = (
        Cell(text("Total")),
        *(w.cell(happened(w.figures, code, w.period)) for code in OF_MANAGERS),
    )
    yield Table(text("By manager"), heads, rows, whole, shown=True)


def funnel(w: Writing) -> Block:
    """Tell how far those have come who were taken into work together."""
    text, (period, steps) = w.language.text, w.figures.cohort
    title, note = (
        text("Funnel"),
        text("of those taken into work in the last {n} days", n=period.now.days),
    )
    if not all(step.reached.enough for step in steps):
        return Block("funnel", title, note, said=(text("Not enough history yet."),))
    if not any(step.reached.value for step in steps):
        return Block(
            "funnel", title, note, said=(text("Nobody was taken into work in these days."),)
        )
    first = steps[0]
    heads = (
        Head(w.heading("state")),
        w.head(text("Reached"), first.reached),
        w.head(text("Of the step before"), first.conversion),
        w.head(text("The {n} days before", n=period.now.days)),
        w.head(text("Days to go on"), first.days),
        w.head(text("Still there"), first.still_open),
    )
    most = max(step.reached.value or 0 for step in steps) or 1
    return Block(
        "funnel", title, note, (Table(title, heads, tuple(_step(w, step, most) for step in steps)),)
    )


def _step(w: Writing, step: FunnelStage, most: float) -> tuple[Cell, ...]:
    reached = w.cell(step.reached)._replace(share=(step.reached.value or 0) / most)
    before = Cell(w.share(step.conversion.before), "grey")
    name = Cell(named("states", step.state, w.policy))
    return (
        name,
        reached,
        w.cell(step.conversion),
        before,
        w.cell(step.days),
        w.cell(step.still_open),
    )


def reasons(w: Writing) -> Block:
    """Tell why companies refused in the period, the most frequent reason first."""
    text, (now, before), title = w.language.text, w.names, w.language.text("Reasons of refusal")
    figure = w.figures.flows.figure("refused", w.period)
    if not figure.enough:
        return Block("reasons", title, _beside(w), said=(text("Not enough history yet."),))
    found = [
        (code, one)
        for code, one in w.figures.flows.reasons(w.period).items()
        if one.value or one.before
    ]
    if not found:
        return Block("reasons", title, _beside(w), said=(text("Nobody has refused."),))
    found.sort(key=lambda pair: (-(pair[1].value or 0), -(pair[1].before or 0), pair[0]))
    most = max((one.value or 0 for _, one in found), default=0) or 1
    rows = tuple(
        (
            Cell(
                named("reasons", code, w.policy) or text("no reason given"), "" if code else "amber"
            ),
            w.cell(one)._replace(share=(one.value or 0) / most),
            Cell(w.value(one, one.before), "grey"),
        )
        for code, one in found
    )
    heads = (Head(w.heading("refusal_reason")), w.head(now, figure), w.head(before))
    return Block("reasons", title, _beside(w), (Table(title, heads, rows),))


def plan(w: Writing) -> Block | None:
    """Tell the month's plan against what is done, of all and of each who has one; nothing where nothing is planned."""
    text, targets = w.language.text, w.figures.targets
    found = [
        (name, targets.against(measure, who))
        for who in (None, *targets.managers)
        for measure, name in PLANS
    ]
    planned = [(name, against) for name, against in found if against.plan is not None]
    if not planned:
        return None
    title = text("Plan of the month and fact")
    passed = text("{share}% of the month has passed", share=round(planned[0][1].elapsed * 100))
    heads = (
        Head(w.heading("manager")),
        Head(text("Figure")),
        *(w.head(text(word)) for word in (marked("Plan"), marked("Fact"), marked("Done"))),
    )
    rows = tuple(_against(w, name, against) for name, against in planned)
    young = next((sentence for _, against in planned if (sentence := w.enough(against.fact))), "")
    said = (_sentence(young),) if young else ()
    return Block(
        "plan", title, f"{w.month(w.facts.today)}: {passed}", (Table(title, heads, rows),), said
    )


def _against(w: Writing, name: str, against: PlanAgainstFact) -> tuple[Cell, ...]:
    text, behind = w.language.text, against.on_course is False
    share = None if against.done is None else min(against.done, 1.0)
    done = Cell(
        w.share(against.done),
        "amber" if behind else "green" if share else "grey",
        share=share,
        mark=against.elapsed,
    )
    whose = w.manager(against.manager) if against.manager else Cell(text("all"))
    named_ = Cell(text(name), note=w.note(against.fact))
    return (
        whose,
        named_,
        Cell(w.value(against.fact, against.plan)),
        Cell(w.value(against.fact, against.fact.value)),
        done,
    )


def forecast(w: Writing) -> Block:
    """Tell what the companies in work may bring: by month, by manager, and how likely a sale is from each state."""
    text, found = w.language.text, w.figures.forecast
    title, total, unpriced = text("Forecast"), found.total(), found.unpriced()
    if not total.ids:
        nothing = text("No company in work has an amount: there is nothing to forecast from.")
        return Block("forecast", title, said=(nothing,), footnote=w.note(total))
    months = [
        (text("no date") if first is None else w.month(first), one)
        for first, one in found.by_month().items()
    ]
    theirs = [(name, found.total(name)) for name in w.figures.stocks.managers]
    theirs = sorted(
        ((name, one) for name, one in theirs if one.value),
        key=lambda pair: (-(pair[1].value or 0), pair[0]),
    )
    by_month = _sums(
        w, text("By month"), text("Month"), [(Cell(name), one) for name, one in months], total
    )
    by_manager = _sums(
        w,
        text("By manager"),
        w.heading("manager"),
        [(w.manager(name), one) for name, one in theirs],
    )
    lacks = w.language.plural(
        "{n} company in work has no amount: the forecast lacks it.",
        "{n} companies in work have no amount: the forecast lacks them.",
        int(unpriced.value or 0),
    )
    said = (lacks,) if unpriced.value else ()
    return Block(
        "forecast",
        title,
        w.money(total.value),
        (by_month, by_manager, _chances(w)),
        said,
        w.note(total),
    )


def _sums(
    w: Writing,
    caption: str,
    head: str,
    found: Sequence[tuple[Cell, Figure]],
    total: Figure | None = None,
) -> Table:
    most = max((one.value or 0 for _, one in found), default=0) or 1
    rows = tuple((name, w.cell(one)._replace(share=(one.value or 0) / most)) for name, one in found)
    whole = (Cell(w.language.text("Total")), w.cell(total)) if total is not None else ()
    return Table(caption, (Head(head), w.head(w.language.text("Amount"))), rows, whole, shown=True)


def _chances(w: Writing) -> Table:
    """Tell how likely a sale is from each state, and whether the policy says so or the base's own history."""
    text, chances = w.language.text, [*w.figures.forecast.chances.values()]
    rows = tuple(
        (
            Cell(named("states", one.state, w.policy)),
            w.cell(one.figure),
            Cell(_source(w, one), "grey"),
        )
        for one in chances
    )
    heads = (
        Head(w.heading("state")),
        w.head(text("Chance of a sale"), chances[0].figure if chances else None),
        Head(text("Where from")),
    )
    return Table(text("Chance of a sale"), heads, rows, shown=True)


def _source(w: Writing, chance: Chance) -> str:
    if not chance.measured:
        return w.language.text("from the settings")
    return w.language.text(
        "from the base's own history: {won} of {over}",
        won=w.number(chance.won),
        over=w.number(chance.over),
    )
