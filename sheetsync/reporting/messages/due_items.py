"""What is due with a row, in words: overdue steps, deadlines, steps and cells that are missing, calls, moves.

Which rows are due is `reports_facts`'; here each thing gets its key, its sentence and its urgency.
"""

from collections.abc import Callable, Iterator
from datetime import date
from functools import cached_property, partial
from typing import Any, NamedTuple

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.reporting.layout.model import named, phone, words_of
from sheetsync.reporting.messages.message import NAME, STEP, plain
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.values import fold, to_serial
from sheetsync.workbook.journal import RULED, JournalLine
from sheetsync.workbook.snapshot import as_date

KINDS = ("closing", "overdue", "call", "no_step", "fill")
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
LAST, LATE, NEAR, CALL, STEPLESS, FAR, GAPS, MOVED = range(8)
"""Urgency, the most urgent first: the last day, late steps, a near deadline, calls, no step, a far deadline, gaps, moves."""
LONG_AGO = 300
"""Days after which a day is told with its year."""
FIELDS = 4
"""How many empty cells of a row are named."""

WEEK = 7
"""Days after which a move is no news any more."""

Row = dict[str, Any]


class DueItem(NamedTuple):
    """One thing due with one row: `urgency` and, within it, `order`, both smallest first. `say`: words it, once it is shown."""

    key: str
    row: Row
    urgency: int
    order: float
    say: Callable[[], str]

    @property
    def row_id(self) -> str:
        """The row's id."""
        return str(self.row["id"])


_Due = tuple[str, int, float, Callable[[], str]]
"""What follows a kind in a key, urgency, order, words."""


class DueItems:
    """Finds and words everything that is due with the rows of one base."""

    def __init__(self, facts: Facts, language: Language) -> None:
        self.facts, self.policy, self.language = facts, facts.policy, language

    def day(self, day: date) -> str:
        """Write a day, with its year where it is long ago."""
        distant = abs((self.facts.today - day).days) > LONG_AGO
        return self.language.date(day) if distant else self.language.day(day)

    def company(self, row: Row) -> str:
        """Name a row's company."""
        return plain(words_of(row["company"]), NAME) or self.language.text("(no name)")

    @staticmethod
    def phone(row: Row) -> str:
        """Write a row's phone, "" where there is none."""
        number = words_of(row["phone"])
        return plain(phone(number), STEP) if number else ""

    def of_rows(self, rows: pd.DataFrame) -> Iterator[DueItem]:
        """Tell all that is due with some rows of the facts."""
        touched = rows.loc[rows[[*KINDS]].any(axis=1), [*SHOWN]]
        finds: dict[str, Callable[[Row], _Due]] = {
            "closing": self._closing,
            "overdue": self._overdue,
            "call": self._call,
            "no_step": self._no_step,
            "fill": self._fill,
        }
        for row in touched.assign(at=touched.index).to_dict("records"):
            for kind, find in finds.items():
                if row[kind]:
                    key, urgency, order, say = find(row)
                    yield DueItem(f"{kind}:{row['id']}{key}", row, urgency, order, say)

    def _closing(self, row: Row) -> _Due:
        left, warn = int(row["left"]), self.facts.warn_days
        warned = next((days for days in warn if left <= days), warn[-1])
        urgency = LAST if left <= warn[0] else NEAR if left <= self.facts.near_days else FAR
        return f":{warned}", urgency, left, lambda: self._time(left, as_date(row["due"]))

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

        def say() -> str:
            days = self.language.plural("{n} day", "{n} days", late)
            said = self.language.text(
                "step overdue since {day} ({days})", day=self.day(since), days=days
            )
            step = plain(words_of(row["next_step"]), STEP)
            return f"{said}: {step}" if step else said

        return f":{since}", LATE, -late, say

    def _call(self, row: Row) -> _Due:
        text, since = self.language.text, as_date(row["call_on"])
        waits = (self.facts.today - since).days if since else 0

        def say() -> str:
            if since is None:
                return text("to be called")
            return (
                text("to be called since {day}", day=self.day(since))
                if waits
                else text("to be called today")
            )

        return f":{since}", CALL, -waits, say

    def _no_step(self, row: Row) -> _Due:
        last = as_date(row["last_contact"])

        def say() -> str:
            text = self.language.text
            said = (
                text("no date for the next step")
                if words_of(row["next_step"])
                else text("no next step")
            )
            if last is None:
                return said
            contact = text("last contact {day}", day=self.day(last))
            return f"{said}, {contact}"

        return "", STEPLESS, -float("inf") if last is None else (last - self.facts.today).days, say

    def _fill(self, row: Row) -> _Due:
        lacks = self.facts.missing_cells.loc[row["at"]]
        missing = lacks.index[lacks]

        def say() -> str:
            tab = self.facts.projection.snapshot.tab[row["section"]]
            names = [plain(tab.heading(str(name), self.policy), NAME) for name in missing]
            shown = ", ".join(names[:FIELDS]) + (" …" if len(names) > FIELDS else "")
            return self.language.text("not filled in: {columns}", columns=shown)

        return "", GAPS, -len(missing), say

    def moves(self, lines: list[JournalLine]) -> Iterator[DueItem]:
        """Tell moves, as far as the rows still stand where they came: the last one of each row."""
        told: set[str] = set()
        for line in lines:
            row = self._stands.get(line.id)
            if line.id not in told and row is not None and row["section"] == line.after:
                # The newest come last: they are news, and nothing is to be done about them.
                yield DueItem(move_key(line), row, MOVED, line.when, partial(self._moved, line))
            told.add(line.id)

    def _moved(self, line: JournalLine) -> str:
        section = named("sections", line.after, self.policy)
        said, why = (
            self.language.text("moved to “{section}”", section=section),
            plain(line.why.partition(RULED)[0], STEP),
        )
        return f"{said}: {why}" if why else said

    @cached_property
    def _stands(self) -> dict[str, Row]:
        rows = self.facts.rows
        moved = {line.id for line in self.facts.journal if line.what == "moved"}
        touched = rows[rows["id"].isin(moved)]
        return {
            str(row["id"]): row
            for row in touched[["id", "company", "phone", "section"]].to_dict("records")
        }


def move_key(line: JournalLine) -> str:
    """Return the key of a move."""
    return f"moved:{line.id}:{line.run}"


def moved_since(facts: Facts, since: float | None, manager: str | None = None) -> list[JournalLine]:
    """Return the moves since a moment, at most of a week, the newest first; of today where there is none.

    `manager` None: of everybody.
    """
    today = to_serial(facts.today)

    def counts(line: JournalLine) -> bool:
        recent = line.when >= today if since is None else line.when > max(since, today - WEEK)
        return (
            line.what == "moved"
            and recent
            and line.when < today + 1
            and (manager is None or whose(line) == manager)
        )

    def whose(line: JournalLine) -> str:
        return facts.policy.managers.get(fold(line.manager), line.manager)

    return [line for line in facts.journal if counts(line)]
