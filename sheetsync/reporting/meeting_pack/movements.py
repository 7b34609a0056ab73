"""What moved in the period and why, how the base is divided, and who could get what.

Moves are the Journal's, offers the summary's.
"""

from collections import Counter
from datetime import timedelta

import pandas as pd

from sheetsync.reporting.layout.model import named
from sheetsync.reporting.meeting_pack.model import (
    BookPlace,
    Cells,
    ColumnHead,
    PageBlock,
    PageCell,
    Table,
)
from sheetsync.reporting.meeting_pack.summary_tables import summary_tables
from sheetsync.reporting.meeting_pack.writer import PageWriter
from sheetsync.reporting.messages.harmless_text import visible
from sheetsync.reporting.metrics.periods import Span
from sheetsync.reporting.summary.offers import offer_lines
from sheetsync.values import EPOCH
from sheetsync.workbook.journal import RULED, JournalLine
from sheetsync.workbook.snapshot import own_title

Way = tuple[str, str]
"""The sections, by their codes, from which and to which a company was moved."""
SHOWN = 60
"""Moves listed at most, the newest first."""


def moves_within(writer: PageWriter, span: Span) -> list[JournalLine]:
    """Return the Journal's moves in a span of days, the newest first."""
    first, last = span.serials
    moves = writer.facts.moves
    return [line for line in moves if first <= line.when < last + 1]


def moves_block(writer: PageWriter) -> PageBlock:
    """Tell what moved: how many from where to where, then each with its reason."""
    text = writer.language.text
    title = text("Moves of the period")
    note = writer.span(writer.period.now)
    moves = moves_within(writer, writer.period.now)
    sentences = []
    # Moves are lines of the Journal: those of days before it are not known, others are told.
    if not writer.period_is_known:
        sentence = text(
            "Not enough history yet: earlier days of the period are not known."
        )
        sentences.append(sentence)
    elif not moves:
        sentences.append(text("Nothing was moved."))
    tables = []
    if moves:
        tables += [_ways(writer, moves), _company_by_company(writer, moves)]
    return PageBlock("moves", title, note, tuple(tables), tuple(sentences))


def _ways(writer: PageWriter, moves: list[JournalLine]) -> Table:
    text = writer.language.text
    counts = Counter((line.before, line.after) for line in moves)
    most = max(counts.values())
    rows = []
    for way, count in sorted(counts.items(), key=_most_frequent_first):
        sections = [_section(writer, code) for code in way]
        bar = writer.count(count)._replace(share=count / most)
        rows.append((*sections, bar))
    heads = (
        ColumnHead(text("From")),
        ColumnHead(text("To")),
        writer.head(text("Companies")),
    )
    total = (
        PageCell(text("Total")),
        PageCell(""),
        writer.count(len(moves)),
    )
    caption = text("Where from and where to")
    return Table(caption, heads, tuple(rows), total, shown=True)


def _most_frequent_first(counted: tuple[Way, int]) -> tuple[int, Way]:
    way, count = counted
    return -count, way


def _section(writer: PageWriter, code: str) -> PageCell:
    return PageCell(named("sections", code, writer.policy))


def _company_by_company(writer: PageWriter, moves: list[JournalLine]) -> Table:
    text = writer.language.text
    plural = writer.language.plural
    heads = (
        ColumnHead(writer.heading("company")),
        ColumnHead(text("Day"), whole=True),
        ColumnHead(writer.heading("manager")),
        ColumnHead(text("Where to")),
        ColumnHead(text("Why")),
    )
    base = writer.facts.rows.drop_duplicates("id").set_index("id")
    rows = tuple(_move(writer, line, base) for line in moves[:SHOWN])
    rest = ""
    more = len(moves) - SHOWN
    if more > 0:
        journal = _own_title(writer, "journal")
        rest = plural(
            "and {n} more, see “{tab}”",
            "and {n} more, see “{tab}”",
            more,
            tab=journal,
        )
    return Table(text("Company by company"), heads, rows, rest=rest, shown=True)


def _move(writer: PageWriter, line: JournalLine, base: pd.DataFrame) -> Cells:
    """Tell one move; `base`: the rows by id."""
    name = visible(line.company) or writer.language.text("(no name)")
    day = EPOCH + timedelta(days=int(line.when))
    why, _, rule = line.why.partition(RULED)
    return (
        PageCell(name, place=_place(writer, line.id, base)),
        PageCell(writer.day(day)),
        writer.manager(line.manager),
        _section(writer, line.after),
        PageCell(visible(why), small=visible(rule)),
    )


def _place(
    writer: PageWriter, row_id: str, base: pd.DataFrame
) -> BookPlace | None:
    """Return where a company stands by now, None where it is gone."""
    if row_id not in base.index:
        return None
    section = base.at[row_id, "section"]
    row = base.at[row_id, "row"]
    return writer.places.row(str(section), int(row))


def sections_block(writer: PageWriter) -> PageBlock:
    """Tell how many companies stand in each section.

    Beside what it was at the end of the period before.
    """
    text = writer.language.text
    stocks = writer.figures.stocks
    title = text("The base by section")
    tabs = writer.facts.projection.snapshot.tab
    codes = sorted(tabs, key=writer.policy.rank)
    figures = {
        code: stocks.part("section", code, writer.period) for code in codes
    }
    count = len(writer.facts.rows)
    rows = []
    for code, figure in figures.items():
        bar = writer.bar_cell(figure, max(count, 1))
        before_cell = writer.before_cell(figure)
        rows.append((_section(writer, code), bar, before_cell))
    _, before = writer.names
    first = next(iter(figures.values()), None)
    heads = (
        ColumnHead(text("Section")),
        writer.head(text("Companies"), first),
        writer.head(before),
    )
    total = (
        PageCell(text("Total")),
        writer.count(count),
        PageCell(""),
    )
    table = Table(title, heads, tuple(rows), total)
    return PageBlock("sections", title, tables=(table,))


def offers_block(writer: PageWriter) -> PageBlock | None:
    """Tell who could get what; nothing where nothing is offered."""
    text = writer.language.text
    tables = summary_tables(offer_lines(writer.facts, writer.language), writer)
    if not tables:
        return None
    summary = writer.language.quoted(_own_title(writer, "summary"))
    note = text(
        "tick the box on the tab {tab}; the next run carries it out",
        tab=summary,
    )
    # The block has its own heading and note here.
    bare = [table._replace(shown=False, intro="") for table in tables]
    return PageBlock("offers", text("Who could get what"), note, tuple(bare))


def _own_title(writer: PageWriter, tab: str) -> str:
    return own_title(writer.facts.projection.snapshot.book, writer.policy, tab)
