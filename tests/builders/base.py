"""A small base written as text, and its nights: tables become grids, grids a snapshot, a plan the next evening's base.

A table's first line names the fields; `section` says on which tab a row stands. In what is expected, two more columns
may stand: `rule` (by which the row moved) and `found` (codes of the row's problems).
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

import pandas as pd

from sheetsync.enforcer import decide
from sheetsync.i18n import language
from sheetsync.method.policy import Policy, template
from sheetsync.reporting.journal import lines_of
from sheetsync.rules.checks.method_violations import CODES
from sheetsync.rules.draft import night as draft_night
from sheetsync.rules.draft.projection import Projection
from sheetsync.values import Cell, clean, reader
from sheetsync.workbook import last_run_state as state_tab
from sheetsync.workbook.answers import Answer
from sheetsync.workbook.journal import JournalLine
from sheetsync.workbook.plan import Plan
from sheetsync.workbook.recognition import recognise
from sheetsync.workbook.snapshot import Book, Grid, Snapshot
from sheetsync.workbook.trial_record import TrialRecord

Row = dict[str, Cell]
DAEMON = ("id", "deadline", "days_left", "problems")
TOP = 2
"""The sheet's number of the first row below the headings."""


def table(text: str) -> list[Row]:
    """Read a table: fields in its first line, cells between bars, nothing where a cell is empty."""
    names, *rows = [
        [cell.strip() for cell in line.split("|")]
        for line in text.strip().splitlines()
        if line.strip()
    ]
    return [dict(zip(names, (cell or None for cell in cells), strict=True)) for cells in rows]


def grid_of(rows: list[list[Cell]], title: str, index: int = 0) -> Grid:
    """Make a tab of raw rows."""
    return Grid(index, title, index, 1000, 40, rows)


def book_of(grids: list[Grid]) -> Book:
    """Make a book of tabs."""
    return Book("book", "Base", "en_US", "UTC", tuple(grids))


def against_method(plan: Plan) -> list[tuple[str, str, str]]:
    """Return what was found against the method: code, column and words."""
    return sorted((p.code, p.column, p.message) for p in plan.problems if p.code in CODES)


@dataclass(frozen=True)
class Night:
    """One run: what was read, what was decided, what it makes of the base."""

    snapshot: Snapshot
    plan: Plan
    projection: Projection

    @property
    def as_read(self) -> pd.DataFrame:
        """The base with its clocks, before the plan."""
        policy = self.projection.policy
        spoken = language(policy.words.language)
        return draft_night.Night(self.snapshot, policy, self.plan.today, spoken).base

    @property
    def codes(self) -> dict[str, int]:
        """How often each problem was found."""
        found: defaultdict[str, int] = defaultdict(int)
        for problem in self.plan.problems:
            found[problem.code] += 1
        return dict(found)

    def found(self, section: str, row: int) -> str | None:
        """Return the codes of one row's problems as they stood before the run."""
        title = self.snapshot.tab[section].title
        codes = {
            problem.code
            for problem in self.plan.problems
            if (problem.tab, problem.row) == (title, row)
        }
        return ", ".join(sorted(codes)) or None

    def told(self, company: str, code: str) -> str:
        """Return the words of one finding of a company's row, as it stood before the run."""
        places = zip(
            self.snapshot.base["section"],
            self.snapshot.base["row"],
            self.snapshot.base["company"],
            strict=True,
        )
        rows = {
            (self.snapshot.tab[section].title, int(row))
            for section, row, name in places
            if name == company
        }
        (found,) = (
            p.message for p in self.plan.problems if p.code == code and (p.tab, p.row) in rows
        )
        return found

    def why(self, company: str) -> str:
        """Return the reason given for a company's move."""
        return next(move.reason for move in self.plan.moves if move.company == company)


@dataclass
class Base:
    """The base as people see it between two nights; `rows` may be changed as people would."""

    text: str
    policy: Policy = field(default_factory=lambda: template("en"))
    without: tuple[str, ...] = ()
    decisions: tuple[Answer, ...] = ()
    rows: list[Row] = field(init=False)
    state: pd.DataFrame = field(init=False)
    journal: tuple[JournalLine, ...] = field(init=False, default=())
    trial: TrialRecord | None = field(init=False, default=None)
    rules: dict[int, str] = field(init=False, default_factory=dict)
    nights: list[Night] = field(init=False, default_factory=list)
    codes_found: dict[int, str | None] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Read the text."""
        self.rows = table(self.text)
        self.state = state_tab.empty()

    def fields(self) -> list[str]:
        """Return the columns that every tab has now."""
        names = dict.fromkeys(name for row in self.rows for name in row if name != "section")
        return [
            *(name for name in names if name not in DAEMON),
            *(name for name in DAEMON if name in names),
        ]

    def on(self, section: str) -> list[Row]:
        """Return the rows of one tab, from the top."""
        return [row for row in self.rows if row["section"] == section]

    def row(self, company: str) -> Row:
        """Return the first row of a company."""
        return next(row for row in self.rows if row["company"] == company)

    def snapshot(self) -> Snapshot:
        """Read the base as a run would."""
        words, names = self.policy.words, self.fields()
        headings: list[Cell] = [
            words.name("columns", name) if name in words.columns else name for name in names
        ]
        grids = [
            grid_of(
                [headings, *([row.get(name) for name in names] for row in self.on(section))],
                words.name("sections", section),
                index,
            )
            for index, section in enumerate(self.policy.codes("sections"))
            if section not in self.without
        ]
        read = recognise(book_of(grids), self.policy, language(words.language), self.state)
        return replace(
            read,
            first_run=self.state.empty,
            journal=self.journal,
            decisions=self.decisions,
            trial=self.trial,
        )

    def decide(self, today: str) -> Plan:
        """Decide without carrying anything out."""
        return decide(self.snapshot(), self.policy, date.fromisoformat(today))

    def night(self, today: str) -> Night:
        """Decide, carry the plan out cell by cell, and check that the projection foresaw exactly that."""
        snapshot = self.snapshot()
        plan = decide(snapshot, self.policy, date.fromisoformat(today))
        night = Night(snapshot, plan, Projection(snapshot, plan, self.policy))
        before = len(self.rows)
        self.journal = (
            *lines_of(night.projection, datetime.combine(plan.today, time(2))),
            *self.journal,
        )
        self._carry_out(night)
        self.state = state_tab.read(state_tab.rows_of(night.projection.state))
        self.trial = night.projection.trial
        foreseen = sorted(
            zip(*(night.projection.base[name] for name in ("section", "row", "id")), strict=True)
        )
        stands = sorted(
            (str(section), at + TOP, str(row["id"]))
            for section in self.policy.codes("sections")
            for at, row in enumerate(self.on(section))
        )
        assert stands == foreseen
        assert (
            len(self.rows) == before - len(plan.removals) == len({row["id"] for row in self.rows})
        )
        self.nights.append(night)
        return night

    def _carry_out(self, night: Night) -> None:
        places = {
            (str(s), at + TOP): row
            for s in self.policy.codes("sections")
            for at, row in enumerate(self.on(s))
        }
        self.codes_found = {id(row): night.found(*place) for place, row in places.items()}
        self.rules = {}
        moving = {
            (move.source, move.row, name) for move in night.plan.moves for name, _ in move.sets
        }
        assert not moving & {(edit.section, edit.row, edit.field) for edit in night.plan.edits}
        for edit in night.plan.edits:
            places[edit.section, edit.row][edit.field] = edit.after
        for move in night.plan.moves:
            row = places[move.source, move.row]
            row.update(dict(move.sets), section=move.target)
            self.rules[id(row)] = move.rule
            self.rows = [other for other in self.rows if other is not row] + [row]
        gone = [places[removal.section, removal.row] for removal in night.plan.removals]
        self.rows = [row for row in self.rows if not any(row is each for each in gone)]

    def shown(self, row: Row, name: str) -> Cell:
        """Return a cell as an expected table writes it: dates as 2026-03-02, numbers as text."""
        if name == "rule":
            return self.rules.get(id(row))
        if name == "found":
            return self.codes_found.get(id(row))
        cell = row.get(name)
        if name in self.policy.column and self.policy.column[name].type == "date":
            read = reader("date", "", None)(cell)
            return str(read.value) if read.value is not None else (clean(cell) or None)
        return clean(cell) or None

    def shows(self, text: str) -> None:
        """Assert that the base holds what the table says, in its columns; rows in any order."""
        expected = table(text)
        found = [{name: self.shown(row, name) for name in expected[0]} for row in self.rows]
        assert sorted(found, key=str) == sorted(expected, key=str)

    def becomes(self, today: str, text: str) -> Night:
        """Play a night and assert what the base looks like the morning after; then that a second run has nothing to do."""
        night = self.night(today)
        self.shows(text)
        self.rests(today)
        return night

    def rests(self, today: str) -> None:
        """Assert that another run on the same day would do nothing, notice nothing, and find what was found."""
        snapshot = self.snapshot()
        again = decide(snapshot, self.policy, date.fromisoformat(today))
        assert (again.moves, again.edits) == ((), ())
        assert Projection(snapshot, again, self.policy).noticed == ()
        if self.nights:
            assert against_method(again) == against_method(self.nights[-1].plan)
