"""What is due with a row, in words: steps, deadlines, calls, moves, and cells that are missing.

Which rows are due is the facts'; here each thing gets its key, its sentence and its urgency.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from enum import IntEnum
from functools import cached_property, partial
from typing import Any, NamedTuple

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.method.policy import Policy
from sheetsync.reporting.layout.model import named, phone, words_of
from sheetsync.reporting.messages.harmless_text import plain
from sheetsync.reporting.messages.message import NAME, STEP
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.values import fold, to_serial
from sheetsync.workbook.frame_rows import records_of
from sheetsync.workbook.journal import RULED, JournalLine
from sheetsync.workbook.snapshot import as_date

KINDS = ("closing", "overdue", "today", "call", "no_step", "fill")
"""Marks of the facts that messages tell of."""
SHOWN = (
    "id",
    "company",
    "phone",
    "section",
    "left",
    "due",
    "next_on",
    "next_step",
    "late",
    "call_on",
    "last_contact",
    *KINDS,
)
"""Columns of the facts that are needed to find and word what is due."""
LONG_AGO = 300
"""Days after which a day is told with its year."""
FIELDS = 4
"""How many empty cells of a row are named."""
WEEK = 7
"""Days after which a move is no news any more."""

Row = dict[str, Any]


class Urgency(IntEnum):
    """How urgent a thing is, the most urgent first."""

    LAST_DAY = 0
    LATE_STEP = 1
    TODAY = 2
    NEAR_DEADLINE = 3
    CALL = 4
    NO_STEP = 5
    FAR_DEADLINE = 6
    EMPTY_CELLS = 7
    MOVED = 8
    """News, about which nothing is to be done: they come last."""


class DueItem(NamedTuple):
    """One thing due with one row.

    `order`: within its urgency, smallest first. `say`: words it, once it is shown.
    """

    key: str
    row: Row
    urgency: Urgency
    order: float
    say: Callable[[], str]

    @property
    def row_id(self) -> str:
        """The row's id."""
        return str(self.row["id"])


class _Due(NamedTuple):
    """What is due, of a kind and a row that are known; `mark`: what follows them in its key.

    The mark changes where the thing becomes another one: a step that was set anew, a nearer day.
    """

    mark: str
    urgency: Urgency
    order: float
    say: Callable[[], str]


class DueItems:
    """Finds and words everything that is due with the rows of one base."""

    def __init__(self, facts: Facts, language: Language) -> None:
        self.facts = facts
        self.policy = facts.policy
        self.language = language

    def day(self, day: date) -> str:
        """Write a day, with its year where it is long ago."""
        distance = abs((self.facts.today - day).days)
        if distance > LONG_AGO:
            return self.language.date(day)
        return self.language.day(day)

    def company(self, row: Row) -> str:
        """Name a row's company."""
        name = plain(words_of(row["company"]), NAME)
        return name or self.language.text("(no name)")

    @staticmethod
    def phone(row: Row) -> str:
        """Write a row's phone, "" where there is none."""
        number = words_of(row["phone"])
        return plain(phone(number), STEP) if number else ""

    def of_rows(self, rows: pd.DataFrame) -> Iterator[DueItem]:
        """Tell all that is due with some rows of the facts; `row` has its label as `index` too."""
        is_due = rows[[*KINDS]].any(axis=1)
        touched = rows.loc[is_due, [*SHOWN]]
        readings: dict[str, Callable[[Row], _Due]] = {
            "closing": self._closing,
            "overdue": self._overdue,
            "today": self._today,
            "call": self._call,
            "no_step": self._no_step,
            "fill": self._fill,
        }
        for index, cells in records_of(touched):
            row = {**cells, "index": index}
            for kind, read in readings.items():
                if row[kind]:
                    due = read(row)
                    key = f"{kind}:{row['id']}{due.mark}"
                    yield DueItem(key, row, due.urgency, due.order, due.say)

    def _closing(self, row: Row) -> _Due:
        left = int(row["left"])
        say = partial(self._time, left, as_date(row["due"]))
        warn_days = self.facts.warn_days
        # A key for each day of warning: the same deadline is told at seven, three and one days.
        warned = next(
            (days for days in warn_days if left <= days), warn_days[-1]
        )
        return _Due(f":{warned}", self._nearness(left), left, say)

    def _nearness(self, left: int) -> Urgency:
        if left <= self.facts.warn_days[0]:
            return Urgency.LAST_DAY
        if left <= self.facts.near_days:
            return Urgency.NEAR_DEADLINE
        return Urgency.FAR_DEADLINE

    def _time(self, left: int, due: date | None) -> str:
        text = self.language.text
        if left < 0:
            return text("its time is up")
        if left == 0:
            return text("its time is up today")
        days = self.language.plural("{n} day left", "{n} days left", left)
        if due is None:
            return days
        until = text("deadline {day}", day=self.day(due))
        return f"{until}, {days}"

    def _overdue(self, row: Row) -> _Due:
        since = as_date(row["next_on"]) or self.facts.today
        late = int(row["late"])
        say = partial(self._late_step, row["next_step"], since, late)
        # With its day: a step that was set anew and missed again is another thing.
        return _Due(f":{since}", Urgency.LATE_STEP, -late, say)

    def _late_step(self, next_step: object, since: date, late: int) -> str:
        days = self.language.plural("{n} day", "{n} days", late)
        text = self.language.text
        overdue = text(
            "step overdue since {day} ({days})", day=self.day(since), days=days
        )
        step = plain(words_of(next_step), STEP)
        return f"{overdue}: {step}" if step else overdue

    def _today(self, row: Row) -> _Due:
        say = partial(self._step_of_today, row["next_step"])
        # What ends sooner comes first; what has no end comes last.
        left = math.inf if pd.isna(row["left"]) else float(row["left"])
        return _Due(f":{self.facts.today}", Urgency.TODAY, left, say)

    def _step_of_today(self, next_step: object) -> str:
        text = self.language.text
        step = plain(words_of(next_step), STEP)
        if not step:
            return text("step due today")
        return text("today: {step}", step=step)

    def _call(self, row: Row) -> _Due:
        since = as_date(row["call_on"])
        waits = (self.facts.today - since).days if since else 0
        say = partial(self._waiting_call, since, waits)
        return _Due(f":{since}", Urgency.CALL, -waits, say)

    def _waiting_call(self, since: date | None, waits: int) -> str:
        text = self.language.text
        if since is None:
            return text("to be called")
        if not waits:
            return text("to be called today")
        return text("to be called since {day}", day=self.day(since))

    def _no_step(self, row: Row) -> _Due:
        last_contact = as_date(row["last_contact"])
        # Whoever was never spoken to comes first, then who was not for the longest time.
        order = -math.inf
        if last_contact is not None:
            order = (last_contact - self.facts.today).days
        say = partial(self._missing_step, row["next_step"], last_contact)
        return _Due("", Urgency.NO_STEP, order, say)

    def _missing_step(
        self, next_step: object, last_contact: date | None
    ) -> str:
        text = self.language.text
        missing = text("no next step")
        if words_of(next_step):
            missing = text("no date for the next step")
        if last_contact is None:
            return missing
        contact = text("last contact {day}", day=self.day(last_contact))
        return f"{missing}, {contact}"

    def _fill(self, row: Row) -> _Due:
        fields = self.facts.missing_fields[row["index"]]
        say = partial(self._empty_cells, row["section"], fields)
        return _Due("", Urgency.EMPTY_CELLS, -len(fields), say)

    def _empty_cells(self, section: str, fields: Sequence[str]) -> str:
        tab = self.facts.projection.snapshot.tab[section]
        headings = [tab.heading(name, self.policy) for name in fields[:FIELDS]]
        columns = ", ".join(plain(heading, NAME) for heading in headings)
        if len(fields) > FIELDS:
            columns += " …"
        return self.language.text("not filled in: {columns}", columns=columns)

    def moves(self, lines: list[JournalLine]) -> Iterator[DueItem]:
        """Tell moves, as far as the rows still stand where they came: the last one of each row.

        `lines`: the newest first.
        """
        passed = set[str]()
        for line in lines:
            row = self._moved_rows.get(line.id)
            # What somebody has carried on since, or brought back, is no news any more.
            still_there = row is not None and row["section"] == line.after
            if row is not None and still_there and line.id not in passed:
                say = partial(self._moved, line)
                yield DueItem(
                    move_key(line), row, Urgency.MOVED, line.when, say
                )
            # Passed even where it is no news: an older move of the same row is none either.
            passed.add(line.id)

    def _moved(self, line: JournalLine) -> str:
        section = named("sections", line.after, self.policy)
        moved = self.language.text("moved to “{section}”", section=section)
        reason, _, _ = line.why.partition(RULED)
        why = plain(reason, STEP)
        return f"{moved}: {why}" if why else moved

    @cached_property
    def _moved_rows(self) -> dict[str, Row]:
        """The rows that the Journal says were moved, by id."""
        rows = self.facts.rows
        moved = {line.id for line in self.facts.moves}
        touched = rows[rows["id"].isin(moved)]
        records = touched[["id", "company", "phone", "section"]].to_dict(
            "records"
        )
        return {str(row["id"]): row for row in records}


def move_key(line: JournalLine) -> str:
    """Return the key of a move."""
    return f"moved:{line.id}:{line.run}"


def moves_since(
    facts: Facts, since: float | None, manager: str | None = None
) -> list[JournalLine]:
    """Return the moves since a serial moment, the newest first.

    At most those of a week; where there is no such moment, today's. `manager` None: of everybody.
    """
    today = to_serial(facts.today)
    news = [line for line in facts.moves if _is_news(line.when, today, since)]
    if manager is None:
        return news
    return [line for line in news if _manager_of(line, facts.policy) == manager]


def _is_news(when: float, today: int, since: float | None) -> bool:
    # Lines of days to come are people's doing, or that of a clock that was wrong.
    if when >= today + 1:
        return False
    if since is None:
        return when >= today
    return when > max(since, today - WEEK)


def _manager_of(line: JournalLine, policy: Policy) -> str:
    """Return the manager of a move as they are spelt now."""
    return policy.managers.get(fold(line.manager), line.manager)
