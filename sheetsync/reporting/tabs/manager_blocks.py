"""The blocks of a manager's sheet: what each is about, its columns, how its rows are sorted.

Which rows are due is `metrics.facts`'. A company stands once, in its most urgent block; what else
is to be said of it stands at the end of its line.
"""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from sheetsync.i18n import Language, marked
from sheetsync.reporting.layout.lines import BlockHeading
from sheetsync.reporting.layout.model import (
    BLANK,
    ReportCell,
    ReportLine,
    capitalised,
    company_cell,
    date_cell,
    named,
    note_cell,
    padded,
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

WIDTHS = (220, 125, 215, 90, 90, 130, 170, 280)
"""Company, state, what it is about, a date, days, phone, the decision, what else there is to say.

The same columns for every block; together as wide as a small screen.
"""
NAMED = 8
"""Companies of a day of this week that are named at most."""

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


class _Standing:
    """In which block each company stands, and what else is said of it there.

    `blocks`: the most urgent first.
    """

    def __init__(
        self, facts: Facts, blocks: Sequence["ManagerBlock"], language: Language
    ) -> None:
        self.facts = facts
        self.blocks = blocks
        self.language = language

    @cached_property
    def block_of(self) -> "pd.Series[str]":
        """The key of the block of each row, "" for a row with which nothing is due."""
        keys = [block.key for block in self.blocks]
        marks = [self.facts.rows[key].to_numpy(dtype=bool) for key in keys]
        most_urgent = np.select(marks, keys, default="")
        return pd.Series(most_urgent, index=self.facts.rows.index, dtype=object)

    def also(self, row: Row) -> str:
        """Say of a row what the block in which it stands does not."""
        stands_in = self.block_of[row["index"]]
        said = [
            block.also(row)
            for block in self.blocks
            if row[block.key] and block.key != stands_in
        ]
        return capitalised("; ".join(said))


class ManagerBlock(ABC):
    """A block of a manager's sheet: the rows that bear a mark of the facts.

    `key`: the mark; `explained_as`: the code of how it is counted; `order`: the columns by which
    its rows are sorted.
    """

    standing: "_Standing"
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

        Nothing where no row of theirs bears the mark. The count is the one that the summary has:
        of companies, too, that stand in a more urgent block.
        """
        due = self._due.get(manager, ())
        count = self._counts.get(manager, 0)
        if not count:
            return
        above = count - len(due)
        yield from self._heading(count, above).lines(len(WIDTHS), above=16)
        if not due:
            return
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
        stands_here = self.standing.block_of == self.key
        has_manager = self.facts.rows["manager"].notna()
        marks = [block.key for block in self.standing.blocks]
        rows = self.facts.rows.loc[stands_here & has_manager, [*SHOWN, *marks]]
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

    @cached_property
    def _counts(self) -> Mapping[str, int]:
        """How many rows of each manager bear the mark."""
        rows = self.facts.rows
        counts = rows.loc[rows[self.key], "manager"].value_counts()
        return {str(name): int(count) for name, count in counts.items()}

    def _heading(self, count: int, above: int) -> BlockHeading:
        """Return the heading; `above`: of `count`, those that stand in a more urgent block."""
        title = (
            f"{self.language.text(self.title)} · {self.language.number(count)}"
        )
        note = self.language.text(self.note)
        if above:
            note = f"{note} · {self._above(above)}"
        how = explained(self.explained_as, self.language)
        return BlockHeading(self.key, self.colour, title, note, how)

    def _above(self, count: int) -> str:
        return self.language.plural(
            "{n} of them stands above", "{n} of them stand above", count
        )

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
            BLANK,
            text_cell(self.standing.also(row)),
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

    def also(self, row: Row) -> str:
        """Say of a row that stands in another block what this one would, in a few words."""
        return self._also(row)

    @abstractmethod
    def _also(self, row: Row) -> str: ...

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

    def _also(self, row: Row) -> str:
        return self.language.plural(
            "the step is {n} day late",
            "the step is {n} days late",
            int(row["late"]),
        )


class StepsOfToday(ManagerBlock):
    """Steps that are to be done today (METHOD point 10)."""

    key = explained_as = "today"
    colour = "blue"
    order = ("left", "company")
    title = marked("Today")
    note = marked("steps due today; afterwards set the next step and its date")

    def _heads(self) -> tuple[str, str, str]:
        text = self.language.text
        return self._column("next_step"), text("Planned for"), ""

    def _about(self, row: Row) -> ReportCell:
        return text_cell(words_of(row["next_step"]))

    def _date(self, row: Row) -> ReportCell:
        return date_cell(row["next_on"])

    def _also(self, _: Row) -> str:
        return self.language.text("the step is due today")


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

    def _also(self, row: Row) -> str:
        text = self.language.text
        section = destination(row, self.facts, self.language)
        days = int(row["left"])
        if days < 0:
            return text("time is up, then: {section}", section=section)
        if days == 0:
            return text("time is up today, then: {section}", section=section)
        return self.language.plural(
            "{n} day until the deadline, then: {section}",
            "{n} days until the deadline, then: {section}",
            days,
            section=section,
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

    def _also(self, row: Row) -> str:
        return self.language.text("missing: {what}", what=self._missing(row))


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

    def _also(self, _: Row) -> str:
        return self.language.text("to be called")


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
        return ReportCell(self._also(row), "text_amber")

    def _also(self, row: Row) -> str:
        return self.messages[row["index"]]


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
        return ReportCell(self._empty(row), "text")

    def _empty(self, row: Row) -> str:
        # Columns are named as the team's own tab names them.
        fields = self.facts.missing_fields[row["index"]]
        return ", ".join(self._heading_of(field, row) for field in fields)

    def _also(self, row: Row) -> str:
        return self.language.text(
            "fill in: {columns}", columns=self._empty(row)
        )

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
        return ReportCell(self._also(row), "text")

    def _also(self, row: Row) -> str:
        return self.messages[row["index"]]


class StepsOfWeek(ManagerBlock):
    """Steps of the days until Sunday: a line a day, as nothing is to be done yet."""

    key = explained_as = "week"
    colour = "grey"
    order = ("next_on", "company")
    title = marked("This week")
    note = marked("the steps of the days until Sunday")

    def lines(self, manager: str) -> Iterator[ReportLine]:
        """Go through the days that have steps: how many, and whose, so far as not named above."""
        rows = self.facts.by_manager[manager]
        steps = rows.loc[rows["week"], "next_on"]
        if not len(steps):
            return
        yield from self._heading(len(steps), 0).lines(len(WIDTHS), above=16)
        heads = (self.language.text("Day"), *self._heads())
        cells = [ReportCell(head, "head") for head in heads]
        yield ReportLine(
            f"columns:{self.key}", padded(cells, len(WIDTHS), "head")
        )
        names = defaultdict[pd.Timestamp, list[str]](list)
        for row in self._due.get(manager, ()):
            names[row["next_on"]].append(words_of(row["company"]))
        for day, count in steps.value_counts().sort_index().items():
            yield self._day_line(pd.Timestamp(day), count, names[day])

    def _day_line(
        self, day: pd.Timestamp, count: int, names: list[str]
    ) -> ReportLine:
        language = self.language
        weekday = language.weekday(day.date())
        cells = (
            ReportCell(f"{language.day(day.date())}, {weekday}", "text"),
            ReportCell(count, "days"),
            note_cell(self._names(names, count - len(names))),
        )
        key = f"{self.key}:{day.date()}"
        return ReportLine(key, padded(cells, len(WIDTHS), "text"))

    def _names(self, names: list[str], above: int) -> str:
        plural = self.language.plural
        named = [", ".join(names[:NAMED])] if names else []
        more = len(names) - NAMED
        if more > 0:
            named.append(plural("and {n} more", "and {n} more", more))
        if above:
            named.append(self._above(above))
        return " · ".join(named)

    def _heads(self) -> tuple[str, str, str]:
        text = self.language.text
        return text("Steps"), text("Companies"), ""

    def _about(self, row: Row) -> ReportCell:
        return text_cell(words_of(row["next_step"]))

    def _also(self, row: Row) -> str:
        day = self.language.day(row["next_on"].date())
        step = words_of(row["next_step"])
        if not step:
            return self.language.text("the step is due on {day}", day=day)
        return f"{day}: {step}"


def manager_blocks(
    facts: Facts, language: Language
) -> tuple[ManagerBlock, ...]:
    """Return the blocks of every manager's sheet, the most urgent first."""
    blocks: tuple[ManagerBlock, ...] = (
        OverdueSteps(facts, language),
        StepsOfToday(facts, language),
        NearDeadlines(facts, language),
        DueCalls(facts, language),
        NoNextStep(facts, language),
        Contradictions(facts, language),
        CellsToFill(facts, language),
        RepeatedCompanies(facts, language),
        StepsOfWeek(facts, language),
    )
    standing = _Standing(facts, blocks, language)
    for block in blocks:
        block.standing = standing
    return blocks
