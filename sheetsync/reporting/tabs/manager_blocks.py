"""The blocks of a manager's sheet: what each is about, its columns, how its rows are sorted.

Which rows are due is `metrics.facts`', in what order the blocks stand `manager`'s.
"""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, ClassVar

import pandas as pd

from sheetsync.i18n import Language, marked
from sheetsync.reporting.layout.lines import BlockHeading
from sheetsync.reporting.layout.model import (
    BLANK,
    ReportCell,
    ReportLine,
    company_cell,
    date_cell,
    named,
    note_cell,
    phone,
    text_cell,
    words_of,
)
from sheetsync.reporting.metrics import explained
from sheetsync.reporting.metrics.facts import Facts, destination
from sheetsync.reporting.tabs.decision_column import decision_heads
from sheetsync.rules.checks.playbook import LATE, SUGGESTED
from sheetsync.rules.checks.repeated import REPEATED
from sheetsync.rules.checks.time_warnings import ROUTED
from sheetsync.workbook.frame_rows import records_of

WIDTHS = (250, 150, 230, 95, 90, 145, 190, 220)
"""Company, state, what it is about, a date, days, phone, the decision, what is in its way.

The same columns for every block.
"""

Row = dict[str, Any]

SHOWN = dict.fromkeys(
    (
        *ROUTED,
        "id",
        "row",
        "company",
        "phone",
        "next_step",
        "next_on",
        "late",
        "last_contact",
        "left",
        "due",
        "call_on",
    )
)
"""The columns of the facts that blocks show, or sort by."""


class ManagerBlock(ABC):
    """A block of a manager's sheet: the rows that bear a mark of the facts.

    `key`: the mark; `explained_as`: the code of how it is counted; `order`: the columns by which
    its rows are sorted.
    """

    key: ClassVar[str]
    explained_as: ClassVar[str]
    colour: ClassVar[str]
    order: ClassVar[tuple[str, ...]]
    title: ClassVar[str]
    note: ClassVar[str]

    def __init__(self, facts: Facts, language: Language) -> None:
        self.facts = facts
        self.policy = facts.policy
        self.language = language

    def lines(self, manager: str) -> Iterator[ReportLine]:
        """Go through a manager's block: its heading with the count, its columns, its rows.

        Nothing where no row of theirs bears the mark.
        """
        due = self._due.get(manager)
        if not due:
            return
        yield from self._heading(len(due)).lines(len(WIDTHS), above=16)
        heads = decision_heads(self._all_heads(), self.language)
        yield ReportLine(f"columns:{self.key}", heads)
        for row in due:
            yield ReportLine(f"{self.key}:{row['id']}", self._cells(row))

    @cached_property
    def _due(self) -> Mapping[str, list[Row]]:
        """The rows of each manager that bear the mark, in the order of the block.

        `index`: of the row in the base; `rank`: of its state, the smaller the further.
        """
        rank_by_state = {
            state: -rank for rank, state in enumerate(self.policy.state)
        }
        rows = self.facts.rows
        rows = rows.loc[rows[self.key] & rows["manager"].notna(), [*SHOWN]]
        if not len(rows):
            return {}
        rows = rows.assign(rank=rows["state"].map(rank_by_state))
        # What has no date comes first: nobody has called there yet.
        rows = rows.sort_values([*self.order, "id"], na_position="first")
        due = defaultdict[str, list[Row]](list)
        # Sorted for everybody at once: a frame for each manager and block would take long.
        for index, row in records_of(rows):
            due[str(row["manager"])].append({**row, "index": index})
        return due

    def _heading(self, count: int) -> BlockHeading:
        title = (
            f"{self.language.text(self.title)} · {self.language.number(count)}"
        )
        note = self.language.text(self.note)
        how = explained(self.explained_as, self.language)
        return BlockHeading(self.key, self.colour, title, note, how)

    def _all_heads(self) -> tuple[str, ...]:
        company = self._column("company")
        phone_number = self._column("phone")
        return (company, self._second_head(), *self._heads(), phone_number)

    def _cells(self, row: Row) -> tuple[ReportCell, ...]:
        # An empty number is not parsed: that would load a library for numbers from abroad.
        number = words_of(row["phone"])
        return (
            company_cell(row, self.language),
            ReportCell(self._second(row), "text"),
            self._about(row),
            self._date(row),
            self._days(row),
            text_cell(phone(number) if number else ""),
        )

    def _column(self, field: str) -> str:
        return self.policy.words.name("columns", field)

    def _second_head(self) -> str:
        return self._column("state")

    def _second(self, row: Row) -> str:
        return named("states", row["state"], self.policy)

    @abstractmethod
    def _heads(self) -> tuple[str, str, str]:
        """Name what stands between state and phone: what a row is about, a date, days."""

    @abstractmethod
    def _about(self, row: Row) -> ReportCell: ...

    def _date(self, _: Row) -> ReportCell:
        return BLANK

    def _days(self, _: Row) -> ReportCell:
        return BLANK


class OverdueSteps(ManagerBlock):
    """Steps whose day is past."""

    key = explained_as = "overdue"
    colour = "red"
    order = ("next_on", "company")
    title = marked("Overdue steps")
    note = marked("the oldest first; do it or set a new date")

    def _heads(self) -> tuple[str, str, str]:
        text = self.language.text
        return self._column("next_step"), text("Planned for"), text("Days late")

    def _about(self, row: Row) -> ReportCell:
        return text_cell(words_of(row["next_step"]))

    def _date(self, row: Row) -> ReportCell:
        return date_cell(row["next_on"])

    def _days(self, row: Row) -> ReportCell:
        return ReportCell(int(row["late"]), "days_red")


class NearDeadlines(ManagerBlock):
    """Rows that will move by themselves before long (METHOD point 8)."""

    key = explained_as = "closing"
    colour = "amber"
    order = ("left", "company")
    title = marked("Deadline is near")
    note = marked("moves by itself unless it becomes a deal")

    def _heads(self) -> tuple[str, str, str]:
        text = self.language.text
        return (
            text("Where it will go"),
            self._column("deadline"),
            text("Time left"),
        )

    def _about(self, row: Row) -> ReportCell:
        return ReportCell(destination(row, self.facts, self.language), "text")

    def _date(self, row: Row) -> ReportCell:
        return date_cell(row["due"])

    def _days(self, row: Row) -> ReportCell:
        """Write the days that are left, in words; red from the last warning on."""
        days = int(row["left"])
        if days < 0:
            return ReportCell(self.language.text("time is up"), "text_red")
        last_warning = days <= self.facts.warn_days[0]
        style = "text_red" if last_warning else "text_amber"
        if days == 0:
            return ReportCell(self.language.text("today"), style)
        return ReportCell(
            self.language.plural("{n} day", "{n} days", days), style
        )


class NoNextStep(ManagerBlock):
    """Rows in work without a step, or without its day."""

    key = explained_as = "no_step"
    colour = "grey"
    order = ("last_contact", "company")
    title = marked("No next step")
    note = marked("set a step and its date")

    def _heads(self) -> tuple[str, str, str]:
        return (
            self.language.text("What is missing"),
            self._column("last_contact"),
            "",
        )

    def _about(self, row: Row) -> ReportCell:
        words = self._missing(row)
        suggested = self.suggested.get(row["index"])
        return ReportCell(
            f"{words}. {suggested}" if suggested else words, "text"
        )

    @cached_property
    def suggested(self) -> Mapping[int, str]:
        """What the algorithm says comes next, by the row's index."""
        late = self.facts.problem_messages(LATE)
        return {**self.facts.problem_messages(SUGGESTED), **late}

    def _missing(self, row: Row) -> str:
        text = self.language.text
        step = words_of(row["next_step"])
        if not step and pd.isna(row["next_on"]):
            return text("the step and its date")
        if not step:
            return text("the step")
        if (row["index"], "next_on") in self.facts.unreadable_cells:
            return text("a date that can be read, for: {step}", step=step)
        return text("the date, for: {step}", step=step)

    def _date(self, row: Row) -> ReportCell:
        return date_cell(row["last_contact"])


class DueCalls(ManagerBlock):
    """Rows of archives whose return date has come (METHOD point 8, "coming back")."""

    key = "call"
    explained_as = "calls"
    colour = "blue"
    order = ("call_on", "company")
    title = marked("Calls due from the archives")
    note = marked(
        "the return date has come: take it into work or set a new date"
    )

    def _heads(self) -> tuple[str, str, str]:
        text = self.language.text
        return text("Why it is there"), text("Call on"), text("Waiting")

    def _second_head(self) -> str:
        return self.language.text("Section")

    def _second(self, row: Row) -> str:
        return named("sections", row["section"], self.policy)

    def _about(self, row: Row) -> ReportCell:
        reason = named("reasons", row["refusal_reason"], self.policy)
        return ReportCell(
            reason or named("states", row["state"], self.policy), "text"
        )

    def _date(self, row: Row) -> ReportCell:
        return date_cell(row["call_on"])

    def _days(self, row: Row) -> ReportCell:
        days = 0
        if pd.notna(row["call_on"]):
            days = (pd.Timestamp(self.facts.today) - row["call_on"]).days
        return note_cell(
            self.language.plural("{n} day", "{n} days", days)
            if days > 0
            else ""
        )


class Contradictions(ManagerBlock):
    """Rows that say two things at once: a person decides."""

    key = explained_as = "contrary"
    colour = "amber"
    order = ("rank", "company")
    title = marked("Contradictions")
    note = marked("no rule moves such a company until somebody puts it right")

    def __init__(self, facts: Facts, language: Language) -> None:
        super().__init__(facts, language)
        self.messages = facts.problem_messages("contradiction")

    def _heads(self) -> tuple[str, str, str]:
        return self.language.text("What contradicts itself"), "", ""

    def _about(self, row: Row) -> ReportCell:
        return ReportCell(self.messages[row["index"]], "text_amber")


class CellsToFill(ManagerBlock):
    """Rows without something that their state asks for."""

    key = explained_as = "fill"
    colour = "grey"
    order = ("rank", "company")
    title = marked("To fill in")
    note = marked("the state of the company asks for this")

    def _heads(self) -> tuple[str, str, str]:
        return self.language.text("What to fill in"), "", ""

    def _about(self, row: Row) -> ReportCell:
        # Columns are named as the team's own tab names them.
        fields = self.facts.missing_fields[row["index"]]
        headings = [self._heading_of(field, row) for field in fields]
        return ReportCell(", ".join(headings), "text")

    def _heading_of(self, field: str, row: Row) -> str:
        """Name a column as the tab's own heading has it."""
        heading = self.facts.projection.heading(row["section"], field)
        if (row["index"], field) in self.facts.unreadable_cells:
            return self.language.text(
                "{column} (cannot be read)", column=heading
            )
        return heading


class RepeatedCompanies(ManagerBlock):
    """Rows whose client may stand in another row too, whoever's that is."""

    key = explained_as = "twice"
    colour = "blue"
    order = ("company",)
    title = marked("Perhaps the same client twice")
    note = marked("one client: decide “same as …”; two clients: leave them")

    def __init__(self, facts: Facts, language: Language) -> None:
        super().__init__(facts, language)
        self.messages = facts.problem_messages(REPEATED)

    def _heads(self) -> tuple[str, str, str]:
        return self.language.text("Where else, and why"), "", ""

    def _about(self, row: Row) -> ReportCell:
        return ReportCell(self.messages[row["index"]], "text")


def manager_blocks(
    facts: Facts, language: Language
) -> tuple[ManagerBlock, ...]:
    """Return the blocks of every manager's sheet, the most urgent first."""
    return (
        OverdueSteps(facts, language),
        NearDeadlines(facts, language),
        NoNextStep(facts, language),
        DueCalls(facts, language),
        Contradictions(facts, language),
        CellsToFill(facts, language),
        RepeatedCompanies(facts, language),
    )
