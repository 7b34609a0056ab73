"""The courses of work that a simulation counts: from its beginning to a deal, a refusal, or today.

A course is one round of work with one company. Its event is the day on which the row became a deal
(METHOD point 6): won if a payment follows, lost on the day of its refusal; a deal that is neither
yet is watched until that day. Where only the day of closing is known, as in an export, that day is
the event. A row that was put away, by its deadline or into the reserve, was watched until then and
is never lost. What the Journal tells of a course goes before the days typed in its row.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sheetsync.method.codes import StateCode
from sheetsync.method.policy import Policy
from sheetsync.reporting.metrics import Figures
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.metrics.stages import Stages
from sheetsync.simulation.competing_risks import FROM_THE_START, Watched
from sheetsync.values import EPOCH, to_serial

GROUPS = ("label", "manager", "category", "source")
"""The fields by which courses are told apart."""

FIRST_YEAR = 2000
"""A date before it is a slip of the hand: spreadsheets begin in 1899."""

OUT_OF_TIME = "out_of_time"
"""The reason of a refusal that a deadline gives, not a person."""


class Ending(StrEnum):
    """How a course ended, as far as anybody knows."""

    WON = "won"
    LOST = "lost"
    PUT_AWAY = "put_away"
    OPEN = "open"


class LeftOut(StrEnum):
    """Why a row is no course."""

    NO_BEGINNING = "no_beginning"
    NO_END = "no_end"
    ODD_DAYS = "odd_days"
    BEFORE_KNOWN = "before_known"


class Course(NamedTuple):
    """One round of work with one company.

    `began` and `ended` are serial days. `returned`: the company had been away, or is a client's
    repeat sale.
    `amount` in the book's currency, NaN where there is none.
    """

    id: str
    began: int
    ended: int
    ending: Ending
    returned: bool
    amount: float
    label: str
    manager: str
    category: str
    source: str


@dataclass(frozen=True)
class Courses:
    """The courses of a base, as a frame of the fields of `Course`, and what was left out and why.

    `known_from`: the day from which on the base tells of all that ended, None: it tells of all.
    """

    frame: pd.DataFrame
    left_out: Mapping[LeftOut, int]
    known_from: date | None = None

    @cached_property
    def watched(self) -> Watched:
        """The courses in days of work, those late that had begun before they were known."""
        frame = self.frame
        began = frame["began"].to_numpy(dtype=np.int64)
        ended = frame["ended"].to_numpy(dtype=np.int64)
        ending = frame["ending"].to_numpy(dtype=object)
        entered = np.full(len(frame), FROM_THE_START, dtype=np.int64)
        if self.known_from is not None:
            late_by = to_serial(self.known_from) - began
            entered = np.where(late_by > 0, late_by, FROM_THE_START)
        return Watched(
            entered.astype(np.int64),
            ended - began,
            won=ending == Ending.WON,
            lost=ending == Ending.LOST,
        )

    def among(self, marks: "pd.Series[bool]") -> "Courses":
        """Return the marked ones; what was left out is the whole's alone."""
        return Courses(self.frame[marks], {}, self.known_from)

    @property
    def first_rounds(self) -> "Courses":
        """Those of companies that were new."""
        return self.among(~self.frame["returned"])

    @property
    def later_rounds(self) -> "Courses":
        """Those of companies that had been away before."""
        return self.among(self.frame["returned"])

    def by(self, group: str) -> Iterator[tuple[str, "Courses"]]:
        """Return the courses of each value of a field of `GROUPS`, the largest group first."""
        sizes = self.frame[group].value_counts()
        names = sorted(sizes.index, key=lambda name: (-sizes[name], name))
        for name in names:
            yield name, self.among(self.frame[group] == name)


def courses_of(facts: Facts, known_from: date | None = None) -> Courses:
    """Return the courses of a base as it stands.

    `known_from`: from when on its endings are known, where a person says so; else from the first
    day of its Journal, unless endings of before stand in it with their days.
    """
    figures = Figures(facts)
    reader = _CourseReader(facts, figures)
    courses = [*reader.courses()]
    known = known_from or _known_from(courses, figures.history.begins)
    left_out = Counter(reader.left_out)
    if known is not None:
        first = to_serial(known)
        kept = [course for course in courses if course.ended > first]
        left_out[LeftOut.BEFORE_KNOWN] += len(courses) - len(kept)
        courses = kept
    frame = pd.DataFrame(courses, columns=[*Course._fields])
    # An empty base has no values to tell the types by.
    types = {"began": "int64", "ended": "int64", "returned": "bool"}
    return Courses(frame.astype(types), dict(+left_out), known)


def _known_from(courses: Iterable[Course], begins: date | None) -> date | None:
    """Return the day from which on endings are known, None where all are."""
    if begins is None:
        return None
    first = to_serial(begins)
    dated_before = any(
        course.ended < first and course.ending in (Ending.WON, Ending.LOST)
        for course in courses
    )
    return None if dated_before else begins


class _Journalled(NamedTuple):
    """What the Journal tells of one round: serial days, None of what it does not tell."""

    began: float | None = None
    deal: int | None = None
    paid: int | None = None
    refused: int | None = None
    put_away: int | None = None
    returned: bool = False


class _CourseReader:
    """Makes the courses of each row of the base, and counts the rows that are none."""

    def __init__(self, facts: Facts, figures: Figures) -> None:
        self.left_out = Counter[LeftOut]()
        self._policy = facts.policy
        self._today = to_serial(facts.today)
        self._stages = Stages(facts.policy)
        self._client_rows = figures.client_rows
        base = facts.projection.base
        # Before the first run no row has an ID; of one that stands twice the first row speaks.
        self._base = base[base["id"].isna() | ~base["id"].duplicated()]
        self._rounds = _JournalRounds(figures).by_id

    def courses(self) -> Iterator[Course]:
        """Return the courses of all rows, in the order of the base."""
        rows = self._base.to_dict("records")
        for row in rows:
            yield from self._of_row(row)

    def _of_row(self, row: Mapping[Any, Any]) -> Iterator[Course]:
        rounds = self._rounds.get(str(row["id"]), {})
        last = max(rounds, default=0)
        for number in range(last + 1):
            journalled = rounds.get(number, _Journalled())
            if number < last:
                course = self._course_before(row, number, journalled)
            else:
                course = self._last_course(row, number, journalled)
            if course is not None:
                yield course

    def _course_before(
        self, row: Mapping[Any, Any], number: int, journalled: _Journalled
    ) -> Course | None:
        """Return a round that a later one followed: of it only the Journal tells."""
        end = _journalled_end(journalled)
        if journalled.began is None or end is None:
            return None
        span = _Span(int(journalled.began), end)
        return self._course(row, number, journalled, span)

    def _last_course(
        self, row: Mapping[Any, Any], number: int, journalled: _Journalled
    ) -> Course | None:
        state = row["state"]
        if not number and not self._was_worked(row, journalled):
            return None
        began = self._client_rows.began(str(row["id"]), number)
        if began is None:
            began = _serial(row["began"])
        if began is None:
            self.left_out[LeftOut.NO_BEGINNING] += 1
            return None
        end = _journalled_end(journalled) or self._end_by_days(row, str(state))
        if end is None:
            self.left_out[LeftOut.NO_END] += 1
            return None
        return self._course(row, number, journalled, _Span(int(began), end))

    def _was_worked(
        self, row: Mapping[Any, Any], journalled: _Journalled
    ) -> bool:
        """Tell whether work with a company of no known round ever began."""
        if pd.isna(row["state"]):
            return False
        worked_now = row["state"] in self._stages.funnel
        in_journal = journalled != _Journalled()
        return worked_now or in_journal or not pd.isna(row["began"])

    def _end_by_days(self, row: Mapping[Any, Any], state: str) -> "_End | None":
        """Return how a course ended by the days typed in its row; None: nobody knows when."""
        if state in self._stages.contacts:
            return _End(self._today, Ending.OPEN)
        if state in self._stages.deals:
            return _first_known(row, ("invoice_on",), Ending.OPEN)
        if state in self._stages.paid:
            days = ("invoice_on", "closed_on", "paid_on")
            return _first_known(row, days, Ending.WON)
        if state == StateCode.REFUSAL and row["refusal_reason"] != OUT_OF_TIME:
            return _first_known(row, ("closed_on",), Ending.LOST)
        return _first_known(row, ("closed_on", "left_on"), Ending.PUT_AWAY)

    def _course(
        self,
        row: Mapping[Any, Any],
        number: int,
        journalled: _Journalled,
        span: "_Span",
    ) -> Course | None:
        began = span.began
        ended = span.end.day
        first_day = to_serial(date(FIRST_YEAR, 1, 1))
        if not first_day <= began <= ended <= self._today:
            self.left_out[LeftOut.ODD_DAYS] += 1
            return None
        amount = self._client_rows.amount(str(row["id"]), number)
        if amount is None and not pd.isna(row["amount"]):
            amount = float(row["amount"])
        groups = {name: _text(row[name]) for name in GROUPS}
        return Course(
            str(row["id"]),
            began,
            ended,
            span.end.ending,
            returned=journalled.returned,
            amount=float("nan") if amount is None else amount,
            **groups,
        )


class _End(NamedTuple):
    """The serial day of an end, and what it was."""

    day: int
    ending: Ending


class _Span(NamedTuple):
    """When a course began, as a serial day, and its end."""

    began: int
    end: _End


def _journalled_end(journalled: _Journalled) -> _End | None:
    """Return how a round ended by what the Journal tells; None where it tells of no end."""
    if journalled.paid is not None:
        # Paid at once, it became a deal on the same day.
        return _End(journalled.deal or journalled.paid, Ending.WON)
    if journalled.refused is not None:
        return _End(journalled.refused, Ending.LOST)
    if journalled.put_away is not None:
        return _End(journalled.put_away, Ending.PUT_AWAY)
    if journalled.deal is not None:
        return _End(journalled.deal, Ending.OPEN)
    return None


def _first_known(
    row: Mapping[Any, Any], fields: Iterable[str], ending: Ending
) -> _End | None:
    """Return an end on the first of some days that a row holds."""
    for field in fields:
        day = _serial(row.get(field))
        if day is not None:
            return _End(day, ending)
    return None


_OF_STEP = ("when", "day", "run", "after", "taken", "returned", "repeat")


class _JournalRounds:
    """What the Journal tells of each round of work, by id and number."""

    def __init__(self, figures: Figures) -> None:
        self._paths = figures.paths
        self._stages = figures.paths.stages
        self._by_deadline = self._runs_of_deadlines(figures)

    @staticmethod
    def _runs_of_deadlines(figures: Figures) -> frozenset[tuple[str, str]]:
        """Return the runs and ids of moves by a deadline, whose refusal is nobody's word."""
        entries = figures.history.entries
        rules = [rule.name for rule in figures.history.policy.on_expiry]
        moves = entries[entries["rule"].isin(rules)]
        return frozenset(zip(moves["run"], moves["id"], strict=True))

    @cached_property
    def by_id(self) -> dict[str, dict[int, _Journalled]]:
        """The rounds of each id, by number."""
        by_id: dict[str, dict[int, _Journalled]] = {}
        steps = self._paths.steps
        columns = ["id", "round", *_OF_STEP]
        for step in steps[columns].itertuples(index=False):
            rounds = by_id.setdefault(str(step.id), {})
            number = int(step.round)
            known = rounds.get(number, _Journalled())
            rounds[number] = self._with_step(known, step)
        return by_id

    def _with_step(self, journalled: _Journalled, step: Any) -> _Journalled:
        """Return what is known of a round with one more step of it."""
        state = step.after
        day = int(step.day)
        if step.taken or step.repeat:
            returned = bool(step.repeat or step.returned)
            began = float(step.when)
            journalled = journalled._replace(began=began, returned=returned)
        if state in self._stages.deals and journalled.deal is None:
            return journalled._replace(deal=day)
        if state in self._stages.paid and journalled.paid is None:
            return journalled._replace(paid=day)
        if state not in self._stages.away:
            # Back at a contact, a deal that came to nothing is none.
            is_contact = state in self._stages.contacts
            return journalled._replace(deal=None) if is_contact else journalled
        return self._put_away(journalled, step, day)

    def _put_away(
        self, journalled: _Journalled, step: Any, day: int
    ) -> _Journalled:
        if journalled.refused is not None or journalled.put_away is not None:
            return journalled
        by_deadline = (step.run, step.id) in self._by_deadline
        if step.after == StateCode.REFUSAL and not by_deadline:
            return journalled._replace(refused=day)
        return journalled._replace(put_away=day)


def longest_deadline(policy: Policy) -> int:
    """Return the longest time that any label has in work, in days."""
    if policy.time.one_deadline_days is not None:
        return policy.time.one_deadline_days
    days = [label.deadline_days for label in policy.labels]
    return max([*days, policy.time.unlabelled_days])


def _serial(day: Any) -> int | None:
    if day is None or pd.isna(day):
        return None
    return to_serial(pd.Timestamp(day).date())


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def day_of(serial: int) -> date:
    """Return a serial day as a date."""
    return date.fromordinal(EPOCH.toordinal() + serial)
