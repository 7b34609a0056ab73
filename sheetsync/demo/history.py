"""The demonstration's past: some weeks of a team's work and of nights on it, played in memory by the rules themselves.

Every night decides as a run does, and what it leaves is carried out on the rows cell by cell; the state and the Journal are the
ones that a run would have written. So the night that follows, on the workbook, finds nothing but what the team did since.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import NamedTuple

import pandas as pd

from sheetsync.demo.team import DAY, Row, Team
from sheetsync.enforcer import decide
from sheetsync.i18n import language
from sheetsync.method.policy import Policy
from sheetsync.reporting.journal import lines_of
from sheetsync.rules.action_scoring.sampling import Action, monday
from sheetsync.rules.action_scoring.scoring import SHEET, sample
from sheetsync.rules.draft.projection import Projection
from sheetsync.values import Cell
from sheetsync.workbook import last_run_state as state_tab
from sheetsync.workbook.answers import MARK, asked
from sheetsync.workbook.journal import JournalLine
from sheetsync.workbook.plan import Plan
from sheetsync.workbook.recognition import recognise
from sheetsync.workbook.snapshot import Book, Grid, Snapshot

WEEKS = 14
MONDAY, SATURDAY = 0, 5
BUSY = 5
"""The last of them, in which the team takes more companies into work than before."""
TOP = 2
"""The sheet's number of the first row below the headings."""
SCORED = 3
"""How many of each manager's drawn actions the head of sales comes to score in a week."""
SCORES = (3, 4, 5, 4, 2, 4, 3, 5, 4, 3)
"""The scores, in turn."""


class Past(NamedTuple):
    """What is left of the weeks: rows by section as they stand on the last evening, the state, the Journal's lines, the newest first."""

    rows: Mapping[str, list[Row]]
    state: pd.DataFrame
    journal: tuple[JournalLine, ...]


def begins(today: date) -> date:
    """Return the day of the first night: the Monday that many weeks before this week's."""
    return monday(today) - WEEKS * 7 * DAY


def play(
    rows: Mapping[str, Sequence[Row]], policy: Policy, managers: Sequence[str], today: date
) -> Past:
    """Play the weeks up to the evening before `today`. `rows`: by section, as they stood before the first night."""
    lot = random.Random(f"sheetsync {policy.words.language}")  # noqa: S311  # the same team every time
    base = _Base(
        policy, [{**row, "section": section} for section, found in rows.items() for row in found]
    )
    busy = monday(today) - BUSY * 7 * DAY
    team = Team(policy, base.rows, managers, lot, busy)
    day = begins(today)
    while day < today:
        if day.weekday() in _nights(day, today):
            base.night(day, team.remarks)
            team.seen()
        if day.weekday() < SATURDAY:
            team.work(day)
        day += DAY
    team.slips(day - DAY)
    return Past(
        {section: base.on(section) for section in policy.codes("sections")},
        base.state,
        base.journal,
    )


def _nights(day: date, today: date) -> set[int]:
    """Return the days of a day's week before which there was a night: Monday, and what today and this week are compared with."""
    weeks, now = (monday(today) - monday(day)).days // 7, today.weekday()
    return {MONDAY, now - 2, now - 1} if weeks == 0 else {MONDAY, now} if weeks == 1 else {MONDAY}


@dataclass
class _Base:
    """The base between two nights."""

    policy: Policy
    rows: list[Row]
    state: pd.DataFrame = field(default_factory=state_tab.empty)
    journal: tuple[JournalLine, ...] = ()
    scored: int = 0
    reviewed: date = date.min

    def on(self, section: str) -> list[Row]:
        """Return the rows of one tab, from the top."""
        return [row for row in self.rows if row["section"] == section]

    def night(self, day: date, remarks: Mapping[str, Sequence[str]]) -> None:
        """Decide as a run does, carry the plan out, and remember."""
        snapshot = self._answered(self._snapshot(), day, remarks)
        plan = decide(snapshot, self.policy, day)
        projection = Projection(snapshot, plan, self.policy)
        self.journal = (*lines_of(projection, datetime.combine(day, time(2))), *self.journal)
        self._carry_out(plan)
        self.state = state_tab.read(state_tab.rows_of(projection.state))

    def _snapshot(self) -> Snapshot:
        words, fields = self.policy.words, [*self.policy.column]
        headings: list[Cell] = [words.name("columns", name) for name in fields]
        grids = [
            _grid(
                at,
                words.name("sections", section),
                [headings, *([row.get(f) for f in fields] for row in self.on(section))],
            )
            for at, section in enumerate(self.policy.codes("sections"))
        ]
        book = Book("sheetsync-demo", "", words.locale, words.time_zone, tuple(grids))
        read = recognise(book, self.policy, language(words.language), self.state)
        return replace(read, first_run=self.state.empty, journal=self.journal)

    def _carry_out(self, plan: Plan) -> None:
        """Put the plan's cells and moves onto the rows; who arrives on a tab comes to stand below the others."""
        codes = self.policy.codes("sections")
        places = {
            (section, at): row
            for section in codes
            for at, row in enumerate(self.on(section), start=TOP)
        }
        for edit in plan.edits:
            places[edit.section, edit.row][edit.field] = edit.after
        moved = [(places[move.source, move.row], move) for move in plan.moves]
        for row, move in moved:
            row |= {**dict(move.sets), "section": move.target}
        gone = {id(row) for row, _ in moved}
        self.rows[:] = [
            *(row for row in self.rows if id(row) not in gone),
            *(row for row, _ in moved),
        ]

    def _answered(
        self, read: Snapshot, day: date, remarks: Mapping[str, Sequence[str]]
    ) -> Snapshot:
        """Return the base with the revision of actions as it stood the day before, answered by the head; each week's once."""
        found = sample(read, self.policy, self.journal, day - DAY)
        if found.week == self.reviewed:
            return read
        self.reviewed = found.week
        drawn = [action for share in found.shares.values() for action in share.drawn[:SCORED]]
        rows = [*self._answers(drawn, remarks)]
        if not rows:
            return read
        tab = _grid(len(read.book.grids), self.policy.words.tabs[SHEET], rows)
        return replace(read, book=replace(read.book, grids=(*read.book.grids, tab)))

    def _answers(
        self, actions: Sequence[Action], remarks: Mapping[str, Sequence[str]]
    ) -> Iterator[list[Cell]]:
        columns = asked(SHEET, "act:")
        for action in actions:
            score, said = SCORES[self.scored % len(SCORES)], self.scored // 2
            known = remarks[str(score)]
            line: list[Cell] = [
                f"{action.key}{MARK}",
                action.company,
                *[None] * max(columns.values()),
            ]
            line[columns["score"] + 1] = score
            line[columns["remark"] + 1] = known[said % len(known)] if self.scored % 2 else None
            self.scored += 1
            yield line


def _grid(at: int, title: str, cells: list[list[Cell]]) -> Grid:
    return Grid(at, title, at, len(cells), max(map(len, cells)), cells)
