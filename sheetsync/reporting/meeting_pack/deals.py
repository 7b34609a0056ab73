"""Deals that are open, with their amounts, and what deals are like: average, length, how lengths are distributed."""

from typing import Any

from sheetsync.reporting.layout.model import words_of
from sheetsync.reporting.meeting_pack.context import DASH, Writing, amount_of, seen
from sheetsync.reporting.meeting_pack.model import Block, Cell, Head, Table
from sheetsync.workbook.snapshot import as_date

SHOWN = 20
"""Open deals listed at most, the largest first."""


def deals(w: Writing) -> Block:
    """Tell the open deals, then what the deals of the period were like."""
    rows = w.facts.rows
    found = rows[rows["working"] & (rows["state"] == "deal")]
    found = found.sort_values(
        ["amount", "company", "row"], ascending=[False, True, True], na_position="last"
    )
    text, title = w.language.text, w.language.text("Deals")
    said = () if len(found) else (text("No deal is open."),)
    tables = (_open(w, found.head(SHOWN).to_dict("records"), len(found)),) if len(found) else ()
    more = (_like(w), *_lengths(w)) if w.figures.history.covers(w.period.now.first) else ()
    return Block("deals", title, text("invoice issued, not paid yet"), (*tables, *more), said)


def _open(w: Writing, rows: list[dict[str, Any]], count: int) -> Table:
    text = w.language.text
    heads = (
        Head(w.heading("company")),
        Head(w.heading("manager")),
        w.head(w.heading("amount")),
        Head(w.heading("invoice_on")),
        w.head(text("Days in this state")),
        Head(w.heading("next_step")),
    )
    rest = w.language.plural("and {n} more", "and {n} more", count - SHOWN) if count > SHOWN else ""
    return Table(
        text("Open deals"), heads, tuple(_deal(w, row) for row in rows), rest=rest, shown=True
    )


def _deal(w: Writing, row: dict[str, Any]) -> tuple[Cell, ...]:
    amount, since = amount_of(row["amount"]), as_date(row["state_since"])
    worth = (
        Cell(w.money(amount))
        if amount is not None
        else Cell(w.language.text("the amount is empty"), "amber")
    )
    step = seen(words_of(row["next_step"]))
    when = w.day(row["next_on"])
    due = Cell(step or DASH, "red" if row["overdue"] else "", small=when)
    begins = w.figures.history.begins
    # What stood so on the first day that is known has stood so for longer.
    known = since is not None and begins is not None and since > begins
    days = Cell(w.number((w.facts.today - since).days) if since is not None and known else DASH)
    return (
        w.company(row),
        w.manager(row["manager"]),
        worth,
        Cell(w.day(row["invoice_on"]) or DASH),
        days,
        due,
    )


def _like(w: Writing) -> Table:
    """Tell average, middle, length and days to the deal, of the period and of the one before."""
    text, (now, before), of = w.language.text, w.names, w.figures.deals
    told = (
        (text("Average deal"), of.average(w.period)),
        (text("Middle deal"), of.middle(w.period)),
        (text("Deal length, days"), of.length(w.period)),
        (text("Days to a deal"), of.days_to_deal(w.period)),
    )
    rows = tuple(
        (
            Cell(name, note=w.note(figure)),
            w.cell(figure),
            Cell(w.value(figure, figure.before), "grey"),
        )
        for name, figure in told
    )
    heads = (Head(text("Figure")), w.head(now), w.head(before))
    return Table(text("What deals are like"), heads, rows, shown=True)


def _lengths(w: Writing) -> tuple[Table, ...]:
    """Tell how many sales took how long; nothing where nothing was sold."""
    buckets = w.figures.deals.distribution(w.period)
    most = max(bucket.figure.value or 0 for bucket in buckets)
    if not most:
        return ()
    text = w.language.text
    rows = tuple(
        (
            Cell(_between(w, bucket.least, bucket.most)),
            w.cell(bucket.figure)._replace(share=(bucket.figure.value or 0) / most),
        )
        for bucket in buckets
    )
    heads = (Head(text("Days")), w.head(text("Sold"), buckets[0].figure))
    return (Table(text("How long the sales took"), heads, rows, shown=True),)


def _between(w: Writing, least: int, most: int | None) -> str:
    return w.language.text("more than {n}", n=least - 1) if most is None else f"{least}–{most}"
