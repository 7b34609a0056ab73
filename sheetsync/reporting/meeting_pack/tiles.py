"""The large figures at the top of the page: what stands, what is late, what is near, what is won, what is to come."""

import pandas as pd

from sheetsync.reporting.meeting_pack.context import Writing
from sheetsync.reporting.meeting_pack.model import Tile
from sheetsync.reporting.meeting_pack.movements import moved
from sheetsync.reporting.metrics import Figure


def tiles(w: Writing) -> tuple[Tile, ...]:
    """Return the tiles in their order."""
    found = (
        _load(w),
        _overdue(w),
        _near(w),
        _calls(w),
        _deals(w),
        _moved(w),
        _sold(w),
        _plan(w),
        _forecast(w),
    )
    return tuple(tile for tile in found if tile is not None)


def _was(w: Writing, figure: Figure) -> str:
    """Say what a figure was, where that is known."""
    if figure.before is None:
        return ""
    return w.language.text("was {n}", n=w.value(figure, figure.before))


def _load(w: Writing) -> Tile:
    stocks, text = w.figures.stocks, w.language.text
    figure, limit = stocks.figure("load", period=w.period), stocks.limit().value
    count = len(stocks.managers)
    note = (
        w.language.plural(
            "{n} manager, {max} places in all",
            "{n} managers, {max} places in all",
            count,
            max=w.number(limit),
        )
        if count
        else ""
    )
    return Tile(
        "blue", text("In work"), w.number(figure.value), note, _was(w, figure), w.note(figure)
    )


def _overdue(w: Writing) -> Tile:
    figure, rows = w.figures.stocks.figure("overdue", period=w.period), w.facts.rows
    late = rows.loc[rows["overdue"], "late"]
    oldest = (
        w.language.plural(
            "the oldest is {n} day late", "the oldest is {n} days late", int(late.max())
        )
        if len(late)
        else ""
    )
    tone = "red" if figure.value else "green"
    return Tile(
        tone,  # type: ignore[arg-type]  # one of the tones
        w.language.text("Overdue steps"),
        w.number(figure.value),
        oldest,
        _was(w, figure),
        w.note(figure),
    )


def _near(w: Writing) -> Tile:
    text, rows = w.language.text, w.facts.rows
    near = rows[rows["near"]]
    large = text("large clients among them {n}", n=w.number(int((near["label"] == "large").sum())))
    told = large if len(near) and "large" in w.policy.label else ""
    how = w.footnotes.of(
        text(
            "Companies of the working list whose deadline is no more than {n} days away.",
            n=w.facts.near_days,
        )
    )
    return Tile(
        "amber",
        text("Deadline ≤ {n} days", n=w.facts.near_days),
        w.number(len(near)),
        told,
        footnote=how,
    )


def _calls(w: Writing) -> Tile:
    figure = w.figures.stocks.figure("calls", period=w.period)
    return Tile(
        "blue",
        w.language.text("Calls due"),
        w.number(figure.value),
        w.language.text("from the archives"),
        _was(w, figure),
        w.note(figure),
    )


def _deals(w: Writing) -> Tile:
    text, rows = w.language.text, w.facts.rows
    found = rows[rows["working"] & (rows["state"] == "deal")]
    amount = float(pd.to_numeric(found["amount"]).sum())
    worth = w.money(amount) if amount else text("no amounts filled in") if len(found) else ""
    day = w.figures.counts.last(w.period.before)
    before = None if day is None else w.figures.counts.part(day, "states", "deal")
    how = w.footnotes.of(
        text("Companies of the working list in the state of a deal, with the sum of their amounts.")
    )
    was = "" if before is None else text("was {n}", n=w.number(before))
    return Tile("green", text("Open deals"), w.number(len(found)), worth, was, how)


def _moved(w: Writing) -> Tile:
    text, found = w.language.text, moved(w, w.period.now)
    left = sum(line.before == "working" for line in found)
    covers = w.figures.history.covers
    known = covers(w.period.now.first)
    before = (
        text("was {n}", n=w.number(len(moved(w, w.period.before))))
        if covers(w.period.before.first)
        else ""
    )
    note = (
        text("out of the working list {n}", n=w.number(left))
        if known
        else w.language.text("not enough history yet")
    )
    how = w.footnotes.of(text("Moves of the period as the Journal has them, taken back or not."))
    return Tile("grey", text("Moved"), w.number(len(found) if known else None), note, before, how)


def _sold(w: Writing) -> Tile:
    sold, amount = w.figures.flows.figure("sold", w.period), w.figures.flows.amount(w.period)
    note = w.enough(sold) or (w.money(amount.value) if amount.value else "")
    return Tile(
        "green", w.language.text("Sold"), w.number(sold.value), note, _was(w, sold), w.note(sold)
    )


def _plan(w: Writing) -> Tile | None:
    against = w.figures.targets.against("amount")
    if not against.plan:
        return None
    text = w.language.text
    tone = "grey" if against.on_course is None else "green" if against.on_course else "amber"
    passed = text("{share}% of the month has passed", share=round(against.elapsed * 100))
    note = w.enough(against.fact) or text("of {sum}", sum=w.money(against.plan))
    return Tile(
        tone,  # type: ignore[arg-type]  # one of the tones
        text("Plan of the month"),
        w.share(against.done),
        note,
        passed,
        w.note(against.fact),
    )


def _forecast(w: Writing) -> Tile:
    figure = w.figures.forecast.total()
    open_amount = w.figures.stocks.open_amount()
    note = (
        w.language.text("of {sum} in work", sum=w.money(open_amount.value))
        if open_amount.value
        else ""
    )
    return Tile(
        "grey",
        w.language.text("Forecast"),
        w.money(figure.value if figure.ids else None),
        note,
        footnote=w.note(figure),
    )
