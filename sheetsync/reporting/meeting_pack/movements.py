"""What moved in the period and why, how the base is divided, and what is amiss with it."""

from collections import Counter
from datetime import timedelta
from typing import Any

from sheetsync.reporting.layout.model import named
from sheetsync.reporting.meeting_pack.context import Writing, seen
from sheetsync.reporting.meeting_pack.model import Block, Cell, Head, Table
from sheetsync.reporting.meeting_pack.tables import tables
from sheetsync.reporting.metrics.facts import PASSING
from sheetsync.reporting.metrics.periods import Span
from sheetsync.reporting.summary.labels import label_lines
from sheetsync.reporting.summary.offers import offer_lines
from sheetsync.reporting.tabs.violations import violation_counts
from sheetsync.rules.duplicates import find
from sheetsync.schema import Severity
from sheetsync.values import EPOCH, to_serial
from sheetsync.workbook.journal import RULED, JournalLine
from sheetsync.workbook.snapshot import own_title

MOVES_SHOWN, SETTLED = 60, 8
"""Moves listed at most, the newest first; things to settle said in full."""


def moved(w: Writing, span: Span) -> list[JournalLine]:
    """Return the Journal's moves in a span of days, the newest first."""
    first, end = to_serial(span.first), to_serial(span.last) + 1
    return [line for line in w.facts.journal if line.what == "moved" and first <= line.when < end]


def moves(w: Writing) -> Block:
    """Tell what moved: how many from where to where, then each with its reason."""
    text, title = w.language.text, w.language.text("Moves of the period")
    note = w.span(w.period.now)
    found = moved(w, w.period.now)
    covered = w.figures.history.covers(w.period.now.first)
    young = (
        ()
        if covered
        else (text("Not enough history yet: earlier days of the period are not known."),)
    )
    if not found:
        return Block("moves", title, note, said=young or (text("Nothing was moved."),))
    return Block("moves", title, note, (_ways(w, found), _each(w, found)), young)


def _ways(w: Writing, found: list[JournalLine]) -> Table:
    text, counts = w.language.text, Counter((line.before, line.after) for line in found)
    most = max(counts.values())
    rows = tuple(
        (
            Cell(named("sections", before, w.policy)),
            Cell(named("sections", after, w.policy)),
            w.count(count)._replace(share=count / most),
        )
        for (before, after), count in sorted(
            counts.items(), key=lambda entry: (-entry[1], entry[0])
        )
    )
    heads = (Head(text("From")), Head(text("To")), w.head(text("Companies")))
    total = (Cell(text("Total")), Cell(""), w.count(len(found)))
    return Table(text("Where from and where to"), heads, rows, total, shown=True)


def _each(w: Writing, found: list[JournalLine]) -> Table:
    text, base = w.language.text, w.facts.rows.drop_duplicates("id").set_index("id")
    heads = (
        Head(w.heading("company")),
        Head(text("Day"), whole=True),
        Head(w.heading("manager")),
        Head(text("Where to")),
        Head(text("Why")),
    )
    rows = tuple(_move(w, line, base) for line in found[:MOVES_SHOWN])
    journal = own_title(w.facts.projection.snapshot.book, w.policy, "journal")
    more = len(found) - MOVES_SHOWN
    rest = (
        w.language.plural(
            "and {n} more, see “{tab}”", "and {n} more, see “{tab}”", more, tab=journal
        )
        if more > 0
        else ""
    )
    return Table(text("Company by company"), heads, rows, rest=rest, shown=True)


def _move(w: Writing, line: JournalLine, base: Any) -> tuple[Cell, ...]:
    place = None
    if line.id in base.index:
        place = w.places.of(str(base.at[line.id, "section"]), int(base.at[line.id, "row"]))
    why, _, rule = line.why.partition(RULED)
    return (
        Cell(seen(line.company) or w.language.text("(no name)"), place=place),
        Cell(w.day(EPOCH + timedelta(days=int(line.when)))),
        w.manager(line.manager),
        Cell(named("sections", line.after, w.policy)),
        Cell(seen(why), small=seen(rule)),
    )


def sections(w: Writing) -> Block:
    """Tell how many companies stand in each section, beside what it was at the end of the period before."""
    text, stocks, rows = w.language.text, w.figures.stocks, w.facts.rows
    title, before = text("The base by section"), w.names[1]
    codes = sorted(w.facts.projection.snapshot.tab, key=w.policy.rank)
    found = [(code, stocks.part("section", code, w.period)) for code in codes]
    whole = max(len(rows), 1)
    told = tuple(
        (
            Cell(named("sections", code, w.policy)),
            w.cell(one)._replace(share=(one.value or 0) / whole),
            Cell(w.value(one, one.before), "grey"),
        )
        for code, one in found
    )
    heads = (
        Head(text("Section")),
        w.head(text("Companies"), found[0][1] if found else None),
        w.head(before),
    )
    total = (Cell(text("Total")), w.count(len(rows)), Cell(""))
    return Block("sections", title, tables=(Table(title, heads, told, total),))


def offers(w: Writing) -> Block | None:
    """Tell who could get what; nothing where nothing is offered."""
    found = tables(offer_lines(w.facts, w.language), w)
    if not found:
        return None
    note = w.language.text(
        "tick the box on the tab {tab}; the next run carries it out", tab=_tab(w, "summary")
    )
    whole = tuple(table._replace(shown=False, intro="") for table in found)
    return Block("offers", w.language.text("Who could get what"), note, whole)


def amiss(w: Writing) -> Block:
    """Count what is wrong with rows, who may stand twice, and what is against the method; where it is listed says the note."""
    text, plan = w.language.text, w.facts.projection.plan
    remarks = sum(p.severity is not Severity.ERROR for p in plan.problems)
    twice, whole = len(find(w.facts.projection.base)), text("What is amiss")
    counts = (
        (text("Errors to mend"), w.facts.errors, "red"),
        (text("Remarks"), remarks, ""),
        (text("Possible duplicates"), twice, "amber"),
        (text("Incomplete rows"), int(w.facts.rows["fill"].sum()), "amber"),
    )
    heads = (Head(text("What is wrong")), w.head(text("How many")))
    table = Table(
        whole, heads, tuple((Cell(name), w.count(count, tone)) for name, count, tone in counts)
    )
    more = (*label_lines(w.facts, w.language), *violation_counts(w.facts, w.language, 3))
    note = text("each with its row on the tab {tab}", tab=_tab(w, "revision"))
    return Block("amiss", whole, note, (table, *tables(more, w)))


def _tab(w: Writing, key: str) -> str:
    return w.language.quoted(own_title(w.facts.projection.snapshot.book, w.policy, key))


def settle(w: Writing, alarms: tuple[str, ...]) -> tuple[str, ...]:
    """Say what a person has to settle: why the next run would stop, and what is amiss with whole tabs and columns."""
    text = w.language.text
    said = [text("The next run stops for safety: {why}", why=seen(alarm)) for alarm in alarms]
    problems = [p for p in w.facts.projection.plan.problems if not p.row or p.code == "settings"]
    found = [
        p
        for p in problems
        if p.severity is not Severity.NOTICE and p.code not in ("over_cap", *PASSING)
    ]
    for problem in found[:SETTLED]:
        where = (
            w.places.language.text("{tab}, row {row}", tab=problem.tab, row=problem.row)
            if problem.row
            else problem.tab
        )
        said.append(f"{seen(where)}: {seen(f'{problem.message} {problem.fix}')}")
    if len(found) > SETTLED:
        more = len(found) - SETTLED
        said.append(
            w.language.plural(
                "… and {n} more thing to settle", "… and {n} more things to settle", more
            )
        )
    return tuple(said)
