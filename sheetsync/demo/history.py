"""The demonstration's past: weeks of a team's work and of nights on it, played in memory.

Every night decides as a run does, and what it leaves is carried out on the rows cell by cell; the
state and the Journal are the ones that a run would have written. So the night that follows, on the
workbook, finds nothing but what the team did since. What the team does by day is left to `team`.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import NamedTuple

import pandas as pd

from sheetsync.demo.team import DAY, SATURDAY, DemoTeam, SampleRow
from sheetsync.enforcer import decide
from sheetsync.i18n import language
from sheetsync.method.policy import Policy
from sheetsync.reporting.journal import lines_of
from sheetsync.rules.action_scoring.sampling import Action, monday
from sheetsync.rules.action_scoring.scoring import SHEET, sample
from sheetsync.rules.draft.projection import Projection
from sheetsync.rules.draft.trial import TrialPhase, trial_tonight
from sheetsync.values import Cell
from sheetsync.workbook import last_run_state as state_tab
from sheetsync.workbook.answers import (
    END_TRIAL,
    MARK,
    TRIAL,
    Answer,
    asked,
)
from sheetsync.workbook.journal import JournalLine
from sheetsync.workbook.plan import Plan
from sheetsync.workbook.recognition import recognise
from sheetsync.workbook.snapshot import Book, Grid, Snapshot
from sheetsync.workbook.trial_record import TrialRecord

WEEKS = 14
MONDAY = 0
BUSY_WEEKS = 5
"""The last of them, in which the team takes more companies into work than before."""
NIGHT = time(2)
FIRST_ROW = 2
"""The sheet's number of the first row below the headings."""
SCORED = 3
"""How many of each manager's drawn actions the head of sales comes to score in a week."""
SCORES = (3, 4, 5, 4, 2, 4, 3, 5, 4, 3)
"""The scores, in turn."""


class Past(NamedTuple):
    """What is left of the weeks on the last evening.

    Rows by section as they stand, the state, the Journal's lines, the newest first, and what is
    noted of a trial.
    """

    rows: Mapping[str, list[SampleRow]]
    state: pd.DataFrame
    journal: tuple[JournalLine, ...]
    trial: TrialRecord | None = None


def begins(today: date) -> date:
    """Return the day of the first night: the Monday that many weeks before this week's."""
    return monday(today) - WEEKS * 7 * DAY


def play(
    rows: Mapping[str, Sequence[SampleRow]],
    policy: Policy,
    managers: Sequence[str],
    today: date,
) -> Past:
    """Play the weeks up to the evening before `today`.

    `rows`: by section, as they stood before the first night.
    """
    base = _Base(policy, _with_sections(rows))
    seed = f"sheetsync {policy.words.language}"
    lot = random.Random(seed)  # noqa: S311  # the same team every time
    busy = monday(today) - BUSY_WEEKS * 7 * DAY
    team = DemoTeam(policy, base.rows, managers, lot, busy)
    day = begins(today)
    while day < today:
        # The night comes before the day's work: it finds what was done until the evening before.
        if day.weekday() in _nights(day, today):
            base.night(day, team.remarks)
            team.seen_by_night()
        if day.weekday() < SATURDAY:
            team.work(day)
        day += DAY
    team.slip(day - DAY)
    by_section = {
        section: base.rows_of(section) for section in policy.codes("sections")
    }
    return Past(by_section, base.state, base.journal, base.trial)


def _with_sections(rows: Mapping[str, Sequence[SampleRow]]) -> list[SampleRow]:
    """Return the rows of all sections, each with its section, as they are changed from then on."""
    all_rows: list[SampleRow] = []
    for section, of_section in rows.items():
        all_rows += [{**row, "section": section} for row in of_section]
    return all_rows


def _nights(day: date, today: date) -> set[int]:
    """Return the weekdays of a day's week before which there was a night."""
    # A night of each day would take too long: Mondays, and the days that figures compare, will do.
    weeks_ago = (monday(today) - monday(day)).days // 7
    weekday = today.weekday()
    if weeks_ago == 0:
        return {MONDAY, weekday - 2, weekday - 1}
    if weeks_ago == 1:
        return {MONDAY, weekday}
    return {MONDAY}


@dataclass
class _Base:
    """The base between two nights. `rows`: all of it, those of a section from the top.

    `scored`: how many actions the head has scored; `reviewed`: the week that he did last.
    """

    policy: Policy
    rows: list[SampleRow]
    state: pd.DataFrame = field(default_factory=state_tab.empty)
    journal: tuple[JournalLine, ...] = ()
    trial: TrialRecord | None = None
    scored: int = 0
    reviewed: date = date.min

    def rows_of(self, section: str) -> list[SampleRow]:
        """Return the rows of one tab, from the top."""
        return [row for row in self.rows if row["section"] == section]

    def night(self, day: date, remarks: Mapping[str, Sequence[str]]) -> None:
        """Decide as a run does, carry the plan out, and remember."""
        snapshot = self._answered(self._snapshot(), day, remarks)
        snapshot = self._with_heads_word(snapshot, day)
        plan = decide(snapshot, self.policy, day)
        projection = Projection(snapshot, plan, self.policy)
        lines = lines_of(projection, datetime.combine(day, NIGHT))
        self.journal = (*lines, *self.journal)
        self._carry_out(plan)
        # By way of the tab's cells, as a later run would know it from the workbook.
        self.state = state_tab.read(state_tab.rows_of(projection.state))
        self.trial = projection.trial

    def _with_heads_word(self, snapshot: Snapshot, day: date) -> Snapshot:
        """Return the base with the head's tick that ends a trial whose days are over."""
        trial = trial_tonight(snapshot, self.policy, day)
        if trial.phase is not TrialPhase.AWAITED:
            return snapshot
        end = Answer(TRIAL, END_TRIAL, "tick", value=True)
        return replace(snapshot, decisions=(end,))

    def _snapshot(self) -> Snapshot:
        words = self.policy.words
        sections = self.policy.codes("sections")
        grids = [
            self._section_grid(index, section)
            for index, section in enumerate(sections)
        ]
        book = Book(
            "sheetsync-demo", "", words.locale, words.time_zone, tuple(grids)
        )
        snapshot = recognise(
            book, self.policy, language(words.language), self.state
        )
        return replace(
            snapshot,
            first_run=self.state.empty,
            journal=self.journal,
            trial=self.trial,
        )

    def _section_grid(self, index: int, section: str) -> Grid:
        words = self.policy.words
        fields = [*self.policy.column]
        headings: list[Cell] = [
            words.name("columns", field) for field in fields
        ]
        rows = [_cells_of(row, fields) for row in self.rows_of(section)]
        return _grid(index, words.name("sections", section), [headings, *rows])

    def _carry_out(self, plan: Plan) -> None:
        """Put the plan's cells and moves onto the rows.

        Who arrives on a tab comes to stand below the others.
        """
        by_place = self._rows_by_place()
        for edit in plan.edits:
            by_place[edit.section, edit.row][edit.field] = edit.after
        arrived = []
        for move in plan.moves:
            row = by_place[move.source, move.row]
            row |= {**dict(move.sets), "section": move.target}
            arrived.append(row)
        # Told by identity, as two rows may hold the same.
        arrived_ids = {id(row) for row in arrived}
        staying = [row for row in self.rows if id(row) not in arrived_ids]
        # In place: the team works on the same list.
        self.rows[:] = [*staying, *arrived]

    def _rows_by_place(self) -> dict[tuple[str, int], SampleRow]:
        """Return rows by section and the sheet's number."""
        places: dict[tuple[str, int], SampleRow] = {}
        for section in self.policy.codes("sections"):
            for number, row in enumerate(
                self.rows_of(section), start=FIRST_ROW
            ):
                places[section, number] = row
        return places

    def _answered(
        self,
        snapshot: Snapshot,
        day: date,
        remarks: Mapping[str, Sequence[str]],
    ) -> Snapshot:
        """Return the base with the revision of actions of the day before, answered by the head.

        Each week's is answered once.
        """
        sample_of_week = sample(snapshot, self.policy, self.journal, day - DAY)
        if sample_of_week.week == self.reviewed:
            return snapshot
        self.reviewed = sample_of_week.week
        rows = []
        for share in sample_of_week.shares.values():
            rows += [
                self._answer(action, remarks) for action in share.drawn[:SCORED]
            ]
        if not rows:
            return snapshot
        grids = snapshot.book.grids
        tab = _grid(len(grids), self.policy.words.tabs[SHEET], rows)
        return replace(
            snapshot, book=replace(snapshot.book, grids=(*grids, tab))
        )

    def _answer(
        self, action: Action, remarks: Mapping[str, Sequence[str]]
    ) -> list[Cell]:
        """Return the line of an action with a score, and with a remark beside every second one."""
        columns = asked(SHEET, "act:")
        score = SCORES[self.scored % len(SCORES)]
        of_score = remarks[str(score)]
        remark = (
            of_score[self.scored // 2 % len(of_score)]
            if self.scored % 2
            else None
        )
        empty: list[Cell] = [None] * max(columns.values())
        line = [f"{action.key}{MARK}", action.company, *empty]
        line[columns["score"] + 1] = score
        line[columns["remark"] + 1] = remark
        self.scored += 1
        return line


def _cells_of(row: SampleRow, fields: Sequence[str]) -> list[Cell]:
    return [row.get(field) for field in fields]


def _grid(index: int, title: str, cells: list[list[Cell]]) -> Grid:
    return Grid(index, title, index, len(cells), max(map(len, cells)), cells)
