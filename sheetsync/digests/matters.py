"""What is due with a row, in words: overdue steps, deadlines, steps and cells that are missing, calls, moves.

Which rows are due is `reports_facts`'; here each thing gets its key, its sentence and its urgency.
"""

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd

from sheetsync.digests.digest import NAME, STEP, plain
from sheetsync.i18n import Language
from sheetsync.reports_facts import Facts
from sheetsync.reports_parts import named, phone, words_of
from sheetsync.snapshot import JournalLine, as_date
from sheetsync.values import fold, to_serial

KINDS = ("closing", "overdue", "call", "no_step", "fill")
"""Marks of the facts that messages tell of."""
LAST, LATE, NEAR, CALL, STEPLESS, FAR, GAPS, MOVED = range(8)
"""Urgency, the most urgent first: the last day, late steps, a near deadline, calls, no step, a far deadline, gaps, moves."""
LONG_AGO = 300
"""Days after which a day is told with its year."""
FIELDS = 4
"""How many empty cells of a row are named."""

WEEK = 7
"""Days after which a move is no news any more."""

Row = dict[str, Any]


class Matter(NamedTuple):
    """One thing due with one row: `urgency` and, within it, `order`, both smallest first."""

    key: str
    row_id: str
    company: str
    phone: str
    said: str
    urgency: int
    order: float


class Matters:
    """Words everything that is due with the rows of one base."""

    def __init__(self, facts: Facts, language: Language) -> None:
        self.facts, self.policy, self.language = facts, facts.policy, language

    def day(self, day: date) -> str:
        """Write a day, with its year where it is long ago."""
        distant = abs((self.facts.today - day).days) > LONG_AGO
        return self.language.date(day) if distant else self.language.day(day)

    def of_rows(self, rows: pd.DataFrame) -> Iterator[Matter]:
        """Tell all that is due with some rows of the facts."""
        touched = rows[rows[[*KINDS]].any(axis=1)]
        for row in touched.assign(at=touched.index).to_dict("records"):
            named_ = self._row(row)
            for kind in KINDS:
                if row[kind]:
                    key, said, urgency, order = getattr(self, f"_{kind}")(row)
                    yield Matter(f"{kind}:{key}", *named_, said, urgency, order)

    def _row(self, row: Row) -> tuple[str, str, str]:
        number = words_of(row["phone"])
        company = plain(words_of(row["company"]), NAME) or self.language.text("(no name)")
        return str(row["id"]), company, plain(phone(number), STEP) if number else ""

    def _closing(self, row: Row) -> tuple[str, str, int, float]:
        text, left, warn = self.language.text, int(row["left"]), self.facts.warn
        warned = next((days for days in warn if left <= days), warn[-1])
        if left < 0:
            said = text("its time is up")
        elif left == 0:
            said = text("its time is up today")
        else:
            days = self.language.plural("{n} day left", "{n} days left", left)
            due = as_date(row["due"])
            until = text("deadline {day}", day=self.day(due)) if due else ""
            said = f"{until}, {days}" if until else days
        urgency = LAST if left <= warn[0] else NEAR if left <= self.facts.near else FAR
        return f"{row['id']}:{warned}", said, urgency, left

    def _overdue(self, row: Row) -> tuple[str, str, int, float]:
        since = as_date(row["next_on"]) or self.facts.today
        days = self.language.plural("{n} day", "{n} days", int(row["late"]))
        said = self.language.text("step overdue since {day} ({days})", day=self.day(since), days=days)
        step = plain(words_of(row["next_step"]), STEP)
        return f"{row['id']}:{since}", f"{said}: {step}" if step else said, LATE, -int(row["late"])

    def _call(self, row: Row) -> tuple[str, str, int, float]:
        text, since = self.language.text, as_date(row["call_on"])
        waits = (self.facts.today - since).days if since else 0
        if since is None:
            said = text("to be called")
        else:
            said = text("to be called today") if waits == 0 else text("to be called since {day}", day=self.day(since))
        return f"{row['id']}:{since}", said, CALL, -waits

    def _no_step(self, row: Row) -> tuple[str, str, int, float]:
        text, last = self.language.text, as_date(row["last_contact"])
        said = text("no next step")
        if words_of(row["next_step"]):
            said = text("no date for the next step")
        if last is None:
            return str(row["id"]), said, STEPLESS, -float("inf")
        contact = text("last contact {day}", day=self.day(last))
        return str(row["id"]), f"{said}, {contact}", STEPLESS, (last - self.facts.today).days

    def _fill(self, row: Row) -> tuple[str, str, int, float]:
        lacks, tab = self.facts.lacks.loc[row["at"]], self.facts.outcome.snapshot.tab[row["section"]]
        names = [plain(tab.heading(str(name), self.policy), NAME) for name in lacks.index[lacks]]
        shown = ", ".join(names[:FIELDS]) + (" …" if len(names) > FIELDS else "")
        return str(row["id"]), self.language.text("not filled in: {columns}", columns=shown), GAPS, -len(names)

    def moves(self, lines: list[JournalLine]) -> Iterator[Matter]:
        """Tell moves, as far as the rows still stand where they came: the last one of each row."""
        stands = self._stands
        told: set[str] = set()
        for line in lines:
            row = stands.get(line.id)
            if line.id not in told and row is not None and row["section"] == line.after:
                section = named("sections", line.after, self.policy)
                said = self.language.text("moved to “{section}”", section=section)
                why = plain(line.why, STEP)
                # The newest come last: they are news, and nothing is to be done about them.
                yield Matter(move_key(line), *self._row(row), f"{said}: {why}" if why else said, MOVED, line.when)
            told.add(line.id)

    @cached_property
    def _stands(self) -> dict[str, Row]:
        rows = self.facts.rows
        moved = {line.id for line in self.facts.journal if line.what == "moved"}
        touched = rows[rows["id"].isin(moved)]
        return {str(row["id"]): row for row in touched[["id", "company", "phone", "section"]].to_dict("records")}


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
        return line.what == "moved" and recent and line.when < today + 1 and (manager is None or whose(line) == manager)

    def whose(line: JournalLine) -> str:
        return facts.policy.managers.get(fold(line.manager), line.manager)

    return [line for line in facts.journal if counts(line)]
