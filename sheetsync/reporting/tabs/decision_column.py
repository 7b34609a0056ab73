"""Where people decide: the column of a manager's sheet, the head of sales' block on the summary.

A decision that could not be carried out stays in its cell, with what is in its way beside it; one
whose line is gone is listed on its own. What a decision does is told by `rules.decisions`.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.reporting.layout.lines import (
    BlockHeading,
    heading_lines,
    more_line,
)
from sheetsync.reporting.layout.model import (
    BLANK,
    ReportCell,
    ReportLine,
    company_cell,
    company_name_cell,
    date_cell,
    padded,
    text_cell,
    unique_keys,
    words_of,
)
from sheetsync.reporting.metrics.facts import Facts, destination
from sheetsync.workbook.answers import ASKED, DECISION, UNMET, asked, row_of
from sheetsync.workbook.frame_rows import records_of
from sheetsync.workbook.plan import Pending

DECISION_AT = ASKED["manager", "overdue"][DECISION]
"""The column of a manager's sheet in which is decided; the next one says what is in the way."""
AWAITING = ("needs_consent", "contradiction", "sold_unproved", "never_read")
"""Findings that only the head settles, in the order in which they are listed."""
SHOWN = 30
"""Companies that await a decision of the head, listed at most; those that have one always are."""
WIDTH = 11
"""Columns of the head's block.

Company, manager, decision, what awaits it (over four), the deadline, what is in the way (over
three).
"""


def decision_heads(
    heads: Sequence[str], language: Language
) -> tuple[ReportCell, ...]:
    """Return the headings of a block of a manager's sheet, those of the decision after them."""
    words = (
        *heads,
        language.text("Decision"),
        language.text("What is in the way"),
    )
    return tuple(ReportCell(word or None, "head") for word in words)


def with_decisions(
    lines: Sequence[ReportLine],
    pending: Sequence[Pending],
    facts: Facts,
    language: Language,
) -> tuple[ReportLine, ...]:
    """Return a manager's sheet with its cells to decide in.

    `pending`: the decisions that wait; each stays on its line, or goes to another of its company.
    """
    column = _DecisionColumn(lines, pending)
    decided = [*column.lines()]
    if column.unmet:
        top = _first_gap(decided)
        decided[top:top] = _unmet_block(column.unmet, facts, language)
    return unique_keys(decided)


def _first_gap(lines: Sequence[ReportLine]) -> int:
    for index, line in enumerate(lines):
        if line.key.startswith("gap:"):
            return index
    return len(lines)


class _DecisionColumn:
    """The decisions of one sheet: `by_line`, by the line on which they wait; `unmet`: on none."""

    def __init__(
        self, lines: Sequence[ReportLine], pending: Sequence[Pending]
    ) -> None:
        self.sheet_lines = lines
        # By key, in the order of the sheet.
        self.asking = {
            line.key: row_of(line.key)
            for line in lines
            if asked("manager", line.key)
        }
        self.by_line: dict[str, Pending] = {}
        self.unmet: list[Pending] = []
        # Those whose own line is there come first, so that no other takes it.
        elsewhere = []
        for decision in pending:
            if decision.line in self.asking:
                self.by_line.setdefault(decision.line, decision)
            else:
                elsewhere.append(decision)
        for decision in elsewhere:
            self._place(decision)

    def _place(self, decision: Pending) -> None:
        """Place a decision whose line is gone on the first other line of its company."""
        for key, row_id in self.asking.items():
            if row_id == decision.id and key not in self.by_line:
                self.by_line[key] = decision
                return
        self.unmet.append(decision)

    def lines(self) -> Iterator[ReportLine]:
        """Go through the sheet's lines, those on which is asked with the cells of the decision."""
        for line in self.sheet_lines:
            if line.key in self.asking:
                yield _answered(line, self.by_line.get(line.key))
            else:
                yield line


def _answered(line: ReportLine, pending: Pending | None) -> ReportLine:
    cells = padded(line.cells, DECISION_AT, "text")[:DECISION_AT]
    decision = _decision_cell(pending, "decision")
    return line._replace(cells=(*cells, decision, _in_the_way_cell(pending)))


def _decision_cell(pending: Pending | None, style: str) -> ReportCell:
    return ReportCell(pending.value if pending else None, style)


def _in_the_way_cell(pending: Pending | None) -> ReportCell:
    why = pending.why if pending else ""
    return ReportCell(why or None, "text_red")


def _unmet_block(
    unmet: Iterable[Pending], facts: Facts, language: Language
) -> Iterator[ReportLine]:
    """Go through the block of decisions that were not carried out, their company not listed."""
    title = language.text("Decisions that were not carried out")
    note = language.text("correct or clear them")
    yield from BlockHeading(UNMET, "red", title, note).lines(
        DECISION_AT + 2, above=16
    )
    heads = (facts.policy.words.name("columns", "company"), "", "", "", "", "")
    yield ReportLine(f"columns:{UNMET}", decision_heads(heads, language))
    for decision in unmet:
        place = facts.places.get(decision.id)
        name = company_name_cell(decision.company, place, language)
        yield _answered(ReportLine(f"{UNMET}:{decision.id}", (name,)), decision)


def head_lines(facts: Facts, language: Language) -> list[ReportLine]:
    """Return the summary's block in which the head of sales decides.

    It lists what awaits the head, and what was decided and could not be done.
    """
    block = _HeadBlock(facts, language)
    rows = [*block.rows()]
    if not rows:
        return []
    title = language.text("The head of sales decides")
    note = language.text(
        "chosen in the yellow cell, carried out by the next run"
    )
    heads = ReportLine("columns:decide", block.heads())
    return [*heading_lines("decide", title, note), heads, *rows]


class _HeadBlock:
    """Words the head's block; `by_company`: one decision on each."""

    def __init__(self, facts: Facts, language: Language) -> None:
        self.facts = facts
        self.language = language
        self.pending = facts.pending("summary")
        # From the last one back, so that of several decisions on a company the first stays.
        self.by_company = {
            decision.id: decision for decision in reversed(self.pending)
        }

    def heads(self) -> tuple[ReportCell, ...]:
        """Return the headings of its columns."""
        text = self.language.text
        columns = self.facts.policy.words.columns
        words = (
            columns["company"][0],
            columns["manager"][0],
            text("Decision"),
            text("What it is about"),
            "",
            "",
            "",
            columns["deadline"][0],
            text("What is in the way"),
            "",
            "",
        )
        return tuple(ReportCell(word or None, "head") for word in words)

    def rows(self) -> Iterator[ReportLine]:
        """Go through rows that are decided upon, the gravest others, decisions without a row."""
        undecided: dict[int, str] = {}
        awaiting = self._awaiting()
        rows = dict(records_of(self.facts.rows.loc[[*awaiting]]))
        listed: set[Pending] = set()
        for index, about in awaiting.items():
            decision = self.by_company.get(rows[index]["id"])
            if decision is None:
                undecided[index] = about
            else:
                listed.add(decision)
                yield self._line_of_row(rows[index], about, decision)
        for index in [*undecided][:SHOWN]:
            yield self._line_of_row(rows[index], undecided[index], None)
        # A decision stays where it was typed until a person clears it, whatever became of the row.
        for decision in self.pending:
            if decision not in listed:
                yield self._line_of_id(decision)
        if len(undecided) > SHOWN:
            yield more_line(
                "more:decide", len(undecided) - SHOWN, self.language
            )

    def _awaiting(self) -> dict[int, str]:
        """Return the rows that only the head settles, by index, with what is to be settled.

        The gravest first (`AWAITING`), then rows whose time is up by the next night, then those
        that are longer in their state than it allows.
        """
        about: dict[int, str] = {}
        for code in AWAITING:
            about |= self._messages(code)
        last = self._last_days()
        for index, row in records_of(last):
            section = destination(row, self.facts, self.language)
            words = self.language.text(
                "its time is up; then: {section}", section=section
            )
            about.setdefault(int(index), words)
        for index, message in self._messages("stays_too_long").items():
            about.setdefault(index, message)
        return about

    def _messages(self, code: str) -> dict[int, str]:
        """Return what a kind of problem says of rows, by their index, companies by name."""
        messages = self.facts.problem_messages(code)
        rows = self.facts.rows.loc[[*messages], ["company", "id"]]
        by_name = rows.sort_values(["company", "id"]).index.tolist()
        return {index: messages[index] for index in by_name}

    def _last_days(self) -> pd.DataFrame:
        """Return the rows whose time is up by the next night: great labels and sums first."""
        base = self.facts.rows
        near = base["left"] <= self.facts.warn_days[0]
        last = base[base["working"] & near]
        rank_by_label = {
            label: rank for rank, label in enumerate(self.facts.policy.label)
        }
        rank = last["label"].map(rank_by_label).fillna(len(rank_by_label))
        worth = -pd.to_numeric(last["amount"])
        last = last.assign(rank=rank, worth=worth)
        return last.sort_values(["left", "rank", "worth", "company", "id"])

    def _line_of_row(
        self, row: dict[str, Any], about: str, pending: Pending | None
    ) -> ReportLine:
        cells = (
            company_cell(row, self.language),
            text_cell(words_of(row["manager"])),
            _decision_cell(pending, "ruling"),
            text_cell(about),
            BLANK,
            BLANK,
            BLANK,
            BLANK if pd.isna(row["due"]) else date_cell(row["due"]),
            _in_the_way_cell(pending),
        )
        return ReportLine(f"decide:{row['id']}", padded(cells, WIDTH, "text"))

    def _line_of_id(self, pending: Pending) -> ReportLine:
        """Return the line of a decision whose company awaits none, or is gone."""
        place = self.facts.places.get(pending.id)
        name = company_name_cell(pending.company, place, self.language)
        cells = [name, BLANK, _decision_cell(pending, "ruling"), *[BLANK] * 5]
        cells.append(_in_the_way_cell(pending))
        return ReportLine(f"decide:{pending.id}", padded(cells, WIDTH, "text"))
