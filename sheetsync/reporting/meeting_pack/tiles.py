"""The large figures at the top of the page: what stands, is late, is near, is won, is to come.

What is counted is the metrics'.
"""

import pandas as pd

from sheetsync.method.codes import SectionCode, StateCode
from sheetsync.reporting.meeting_pack.model import Tile, Tone
from sheetsync.reporting.meeting_pack.movements import moves_within
from sheetsync.reporting.meeting_pack.writer import PageWriter
from sheetsync.reporting.metrics.targets import PlanAgainstFact

LARGE = "large"
"""The label whose companies are told apart, where the policy has it."""


def page_tiles(writer: PageWriter) -> tuple[Tile, ...]:
    """Return the tiles in their order."""
    tiles = [
        _load(writer),
        _overdue(writer),
        _near(writer),
        _calls(writer),
        _deals(writer),
        _moved(writer),
        _sold(writer),
        _plan(writer),
        _forecast(writer),
    ]
    return tuple(tile for tile in tiles if tile is not None)


def _load(writer: PageWriter) -> Tile:
    text = writer.language.text
    stocks = writer.figures.stocks
    load = stocks.figure("load", period=writer.period)
    note = ""
    managers = len(stocks.managers)
    if managers:
        note = writer.language.plural(
            "{n} manager, {max} places in all",
            "{n} managers, {max} places in all",
            managers,
            max=writer.number(stocks.limit().value),
        )
    return Tile(
        "blue",
        text("In work"),
        writer.number(load.value),
        note,
        writer.was(load),
        writer.note(load),
    )


def _overdue(writer: PageWriter) -> Tile:
    text = writer.language.text
    plural = writer.language.plural
    overdue = writer.figures.stocks.figure("overdue", period=writer.period)
    rows = writer.facts.rows
    days_late = rows.loc[rows["overdue"], "late"]
    oldest = ""
    if len(days_late):
        most = int(days_late.max())
        oldest = plural(
            "the oldest is {n} day late", "the oldest is {n} days late", most
        )
    return Tile(
        "red" if overdue.value else "green",
        text("Overdue steps"),
        writer.number(overdue.value),
        oldest,
        writer.was(overdue),
        writer.note(overdue),
    )


def _near(writer: PageWriter) -> Tile:
    text = writer.language.text
    rows = writer.facts.rows
    days = writer.facts.near_days
    near = rows[rows["near"]]
    note = ""
    # A team may have labels of its own: then nothing is told apart.
    if len(near) and LARGE in writer.policy.label:
        large = int((near["label"] == LARGE).sum())
        note = text("large clients among them {n}", n=writer.number(large))
    how = text(
        "Companies of the working list whose deadline is no more than {n} days away.",
        n=days,
    )
    return Tile(
        "amber",
        text("Deadline ≤ {n} days", n=days),
        writer.number(len(near)),
        note,
        footnote=writer.footnotes.number_of(how),
    )


def _calls(writer: PageWriter) -> Tile:
    text = writer.language.text
    calls = writer.figures.stocks.figure("calls", period=writer.period)
    return Tile(
        "blue",
        text("Calls due"),
        writer.number(calls.value),
        text("from the archives"),
        writer.was(calls),
        writer.note(calls),
    )


def _deals(writer: PageWriter) -> Tile:
    text = writer.language.text
    rows = writer.facts.rows
    is_deal = rows["state"] == StateCode.DEAL
    deals = rows[rows["working"] & is_deal]
    how = text(
        "Companies of the working list in the state of a deal, with the sum of their amounts."
    )
    return Tile(
        "green",
        text("Open deals"),
        writer.number(len(deals)),
        _worth(writer, deals),
        _deals_before(writer),
        writer.footnotes.number_of(how),
    )


def _worth(writer: PageWriter, deals: pd.DataFrame) -> str:
    amount = float(pd.to_numeric(deals["amount"]).sum())
    if amount:
        return writer.money(amount)
    return writer.language.text("no amounts filled in") if len(deals) else ""


def _deals_before(writer: PageWriter) -> str:
    """Say how many deals were counted at the end of the period before."""
    counts = writer.figures.counts
    day = counts.last(writer.period.before)
    if day is None:
        return ""
    before = counts.part(day, "states", StateCode.DEAL)
    if before is None:
        return ""
    return writer.language.text("was {n}", n=writer.number(before))


def _moved(writer: PageWriter) -> Tile:
    text = writer.language.text
    moves = moves_within(writer, writer.period.now)
    count = None
    note = text("not enough history yet")
    if writer.period_is_known:
        count = len(moves)
        left = sum(line.before == SectionCode.WORKING for line in moves)
        note = text("out of the working list {n}", n=writer.number(left))
    before = ""
    if writer.past_is_known:
        past = moves_within(writer, writer.period.before)
        before = text("was {n}", n=writer.number(len(past)))
    # Here an undone move is a move: the page tells what happened to the base, not to the sales.
    how = text(
        "Moves of the period as the Journal has them, taken back or not."
    )
    return Tile(
        "grey",
        text("Moved"),
        writer.number(count),
        note,
        before,
        writer.footnotes.number_of(how),
    )


def _sold(writer: PageWriter) -> Tile:
    flows = writer.figures.flows
    period = writer.period
    sold = flows.figure("sold", period)
    note = writer.enough(sold)
    amount = flows.amount(period).value
    if not note and amount:
        note = writer.money(amount)
    return Tile(
        "green",
        writer.language.text("Sold"),
        writer.number(sold.value),
        note,
        writer.was(sold),
        writer.note(sold),
    )


def _plan(writer: PageWriter) -> Tile | None:
    text = writer.language.text
    against = writer.figures.targets.against("amount")
    if not against.plan:
        return None
    passed = text(
        "{share}% of the month has passed", share=round(against.elapsed * 100)
    )
    planned = text("of {sum}", sum=writer.money(against.plan))
    return Tile(
        _course(against),
        text("Plan of the month"),
        writer.share(against.done),
        writer.enough(against.fact) or planned,
        passed,
        writer.note(against.fact),
    )


def _course(against: PlanAgainstFact) -> Tone:
    if against.on_course is None:
        return "grey"
    return "green" if against.on_course else "amber"


def _forecast(writer: PageWriter) -> Tile:
    text = writer.language.text
    forecast = writer.figures.forecast.total()
    note = ""
    in_work = writer.figures.stocks.open_amount().value
    if in_work:
        note = text("of {sum} in work", sum=writer.money(in_work))
    return Tile(
        "grey",
        text("Forecast"),
        # Without any amount there is nothing to forecast from: not known is no zero.
        writer.money(forecast.value if forecast.ids else None),
        note,
        footnote=writer.note(forecast),
    )
