"""Deals that are open, with their amounts, and what deals are like: average, length, their spread.

What is counted of them is the metrics'.
"""

from typing import Any

from sheetsync.method.codes import StateCode
from sheetsync.reporting.layout.model import words_of
from sheetsync.reporting.meeting_pack.model import (
    Cells,
    ColumnHead,
    PageBlock,
    PageCell,
    Table,
    Tone,
)
from sheetsync.reporting.meeting_pack.writer import (
    DASH,
    PageWriter,
    amount_of,
    largest,
)
from sheetsync.reporting.messages.harmless_text import visible
from sheetsync.workbook.snapshot import as_date

SHOWN = 20
"""Open deals listed at most, the largest first."""


def deals_block(writer: PageWriter) -> PageBlock:
    """Tell the open deals, then what the deals of the period were like."""
    text = writer.language.text
    rows = writer.facts.rows
    is_deal = rows["state"] == StateCode.DEAL
    deals = rows[rows["working"] & is_deal]
    deals = deals.sort_values(
        ["amount", "company", "id"],
        ascending=[False, True, True],
        na_position="last",
    )
    tables = []
    sentences = []
    # Bounded, so that a page stays one that people hold a meeting with.
    if len(deals):
        records = deals.head(SHOWN).to_dict("records")
        tables.append(_open_deals(writer, records, len(deals)))
    else:
        sentences.append(text("No deal is open."))
    if writer.period_is_known:
        tables += [_like(writer), *_lengths(writer)]
    note = text("invoice issued, not paid yet")
    return PageBlock(
        "deals", text("Deals"), note, tuple(tables), tuple(sentences)
    )


def _open_deals(
    writer: PageWriter, records: list[dict[str, Any]], count: int
) -> Table:
    text = writer.language.text
    plural = writer.language.plural
    heads = (
        ColumnHead(writer.heading("company")),
        ColumnHead(writer.heading("manager")),
        writer.head(writer.heading("amount")),
        ColumnHead(writer.heading("invoice_on")),
        writer.head(text("Days in this state")),
        ColumnHead(writer.heading("next_step")),
    )
    rows = tuple(_deal(writer, record) for record in records)
    more = count - len(records)
    rest = plural("and {n} more", "and {n} more", more) if more else ""
    return Table(text("Open deals"), heads, rows, rest=rest, shown=True)


def _deal(writer: PageWriter, record: dict[str, Any]) -> Cells:
    return (
        writer.company(record),
        writer.manager(record["manager"]),
        _amount(writer, record),
        PageCell(writer.day(record["invoice_on"]) or DASH),
        _days_in_state(writer, record),
        _next_step(writer, record),
    )


def _amount(writer: PageWriter, record: dict[str, Any]) -> PageCell:
    amount = amount_of(record["amount"])
    if amount is None:
        return PageCell(writer.language.text("the amount is empty"), "amber")
    return PageCell(writer.money(amount))


def _days_in_state(writer: PageWriter, record: dict[str, Any]) -> PageCell:
    since = as_date(record["state_since"])
    begins = writer.figures.history.begins
    # What stood so on the first day that is known has stood so for longer.
    if since is None or begins is None or since <= begins:
        return PageCell(DASH)
    days = (writer.facts.today - since).days
    return PageCell(writer.number(days))


def _next_step(writer: PageWriter, record: dict[str, Any]) -> PageCell:
    step = visible(words_of(record["next_step"]))
    day = writer.day(record["next_on"])
    tone: Tone = "red" if record["overdue"] else ""
    return PageCell(step or DASH, tone, small=day)


def _like(writer: PageWriter) -> Table:
    """Tell average, middle, length and days to the deal, of the period and of the one before."""
    text = writer.language.text
    deals = writer.figures.deals
    period = writer.period
    now, before = writer.names
    figures = (
        (text("Average deal"), deals.average(period)),
        (text("Middle deal"), deals.middle(period)),
        (text("Deal length, days"), deals.length(period)),
        (text("Days to a deal"), deals.days_to_deal(period)),
    )
    rows = []
    for name, figure in figures:
        name_cell = PageCell(name, note=writer.note(figure))
        before_cell = writer.before_cell(figure)
        rows.append((name_cell, writer.cell(figure), before_cell))
    heads = (
        ColumnHead(text("Figure")),
        writer.head(now),
        writer.head(before),
    )
    return Table(text("What deals are like"), heads, tuple(rows), shown=True)


def _lengths(writer: PageWriter) -> tuple[Table, ...]:
    """Tell how many sales took how long; nothing where nothing was sold."""
    text = writer.language.text
    buckets = writer.figures.deals.distribution(writer.period)
    figures = [bucket.figure for bucket in buckets]
    if not any(figure.value for figure in figures):
        return ()
    most = largest(figures)
    rows = []
    for bucket in buckets:
        days = PageCell(writer.days_between(bucket.least, bucket.most))
        rows.append((days, writer.bar_cell(bucket.figure, most)))
    heads = (
        ColumnHead(text("Days")),
        writer.head(text("Sold"), figures[0]),
    )
    caption = text("How long the sales took")
    return (Table(caption, heads, tuple(rows), shown=True),)
