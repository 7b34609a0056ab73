"""What is amiss with the base, and what a person has to settle before anything else.

Findings are the rules' and the facts'; where each row is listed, the revision.
"""

from sheetsync.reporting.layout.other_money import beside_the_sums
from sheetsync.reporting.meeting_pack.model import (
    ColumnHead,
    PageBlock,
    PageCell,
    Table,
)
from sheetsync.reporting.meeting_pack.summary_tables import summary_tables
from sheetsync.reporting.meeting_pack.writer import PageWriter
from sheetsync.reporting.messages.harmless_text import visible
from sheetsync.reporting.summary.labels import label_lines
from sheetsync.reporting.tabs.violations import violation_counts
from sheetsync.schema import Problem, Severity
from sheetsync.workbook.snapshot import own_title

SETTLED = 8
"""Things to settle said in full."""
COLUMNS = 4
"""Columns of the summary's block of violations."""


def problems_block(writer: PageWriter) -> PageBlock:
    """Count what is wrong with rows, who may stand twice, and what is against the method."""
    text = writer.language.text
    facts = writer.facts
    title = text("What is wrong")
    incomplete = facts.rows["fill"].sum()
    heads = (
        ColumnHead(text("What is wrong")),
        writer.head(text("How many")),
    )
    rows = (
        (PageCell(text("Errors to fix")), writer.count(facts.errors, "red")),
        (PageCell(text("Remarks")), writer.count(_remarks(writer))),
        (
            PageCell(text("Possible duplicates")),
            writer.count(len(facts.pairs), "amber"),
        ),
        (
            PageCell(text("Incomplete rows")),
            writer.count(int(incomplete), "amber"),
        ),
    )
    lines = [
        *label_lines(facts, writer.language),
        *violation_counts(facts, writer.language, COLUMNS),
    ]
    tables = (Table(title, heads, rows), *summary_tables(lines, writer))
    book = facts.projection.snapshot.book
    revision = writer.language.quoted(
        own_title(book, writer.policy, "revision")
    )
    note = text("each with its row on the tab {tab}", tab=revision)
    return PageBlock("amiss", title, note, tables)


def _remarks(writer: PageWriter) -> int:
    problems = writer.facts.projection.plan.problems
    return sum(problem.severity is not Severity.ERROR for problem in problems)


def notices(writer: PageWriter, alarms: tuple[str, ...]) -> tuple[str, ...]:
    """Say what a person has to settle, in sentences.

    Why the next run would stop (`alarms`), what is amiss with whole tabs and columns, and what no
    sum of the page holds.
    """
    text = writer.language.text
    plural = writer.language.plural
    sentences = []
    for alarm in alarms:
        sentence = text(
            "The next run stops for safety: {why}", why=visible(alarm)
        )
        sentences.append(sentence)
    problems = writer.facts.to_settle
    sentences += [_sentence(writer, problem) for problem in problems[:SETTLED]]
    more = len(problems) - SETTLED
    if more > 0:
        sentences.append(
            plural(
                "… and {n} more thing to settle",
                "… and {n} more things to settle",
                more,
            )
        )
    beside = beside_the_sums(writer.facts, writer.language)
    if beside:
        sentences.append(beside)
    return tuple(sentences)


def _sentence(writer: PageWriter, problem: Problem) -> str:
    place = problem.tab
    # A mistake on the Settings tab has a row; what is amiss with a whole tab has none.
    if problem.row:
        text = writer.language.text
        place = text("{tab}, row {row}", tab=problem.tab, row=problem.row)
    what = visible(f"{problem.message} {problem.fix}")
    return f"{visible(place)}: {what}"
