"""What is due in a base after a run: one frame of yes and no per row, and the counts of it.

Vectorised and pure; METHOD point 10, "daily". In what words and order it is shown is the reports'.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from sheetsync.i18n import Language, language
from sheetsync.method.codes import SectionCode, StateCode
from sheetsync.method.policy import Policy
from sheetsync.method.terms import Section
from sheetsync.rules.action_scoring.scoring import Sample, sample
from sheetsync.rules.changes.change_history import (
    missing_rows,
    noticed_changes,
    taken_out,
)
from sheetsync.rules.changes.settings_changes import (
    TOLD_DAYS,
    JournalledSetting,
    journalled_settings,
)
from sheetsync.rules.checks.labels import CODES as LABEL_CODES
from sheetsync.rules.checks.method_violations import CODES as VIOLATION_CODES
from sheetsync.rules.checks.method_violations import (
    BaseHistory,
    Violation,
    violations,
)
from sheetsync.rules.checks.repeated import REPEATED
from sheetsync.rules.checks.time_warnings import REMINDERS
from sheetsync.rules.deadlines.absences import Absence, absences
from sheetsync.rules.draft.capacity import in_load
from sheetsync.rules.draft.projection import Projection
from sheetsync.rules.draft.trial import TrialPhase, phase_of
from sheetsync.rules.duplicates import Pair, find
from sheetsync.rules.routing.routes import section_after_expiry
from sheetsync.rules.safeguards import Stop
from sheetsync.rules.trial.held_back import CODES as TRIAL_CODES
from sheetsync.schema import Problem, Severity
from sheetsync.values import read_money, to_serial
from sheetsync.workbook.frame_rows import Mask, is_among
from sheetsync.workbook.journal import JOURNAL_LINES, JournalLine, LineKind
from sheetsync.workbook.plan import Move, Pending

if TYPE_CHECKING:
    from sheetsync.rules.draft.night import ClockedRow

MANAGED = (SectionCode.WORKING, SectionCode.REWORK, SectionCode.STRATEGIC)
"""Sections whose rows give a manager a sheet of their own."""

OWNED = (SectionCode.WORKING, SectionCode.CLIENTS)
"""Sections whose rows are to have a manager."""

PASSING = ("tab_renamed", "column_gone", "sold_before")
"""Findings of one night: said by the run that meets them, and settled by it.

A second run would not find them.
"""

STEP = ("next_step", "next_on")

ASKED_OF_ALL = ("company", "state")
"""Fields that every row is to have, whatever its state."""

URGENT = ("overdue", "closing", "call")
"""What cannot wait until a manager is back from leave."""


@dataclass(frozen=True)
class Facts:
    """What is known after a run: the projection, and the Journal with the newest lines first.

    `stop`: a stop for safety that waits for the head's word, and is shown.
    """

    projection: Projection
    policy: Policy
    journal: Sequence[JournalLine]
    stop: Stop | None = None

    @property
    def today(self) -> date:
        """The day of the report."""
        return self.projection.today

    def beside(self, journal: Sequence[JournalLine]) -> "Facts":
        """Return what is known of the same night beside another Journal."""
        facts = replace(self, journal=journal)
        # No line of the Journal says what is due.
        vars(facts)["rows"] = self.rows
        return facts

    @cached_property
    def warn_days(self) -> tuple[int, ...]:
        """Days before a deadline at which it is shown, from the last to the first: 1, 3, 7."""
        # A policy without warnings still warns on the last day.
        return tuple(sorted(self.policy.time.warn_days)) or (0,)

    @cached_property
    def settings_changed(self) -> tuple[JournalledSetting, ...]:
        """What has changed of the settings in a week: what loosens first, then the newest."""
        first = self.today - timedelta(days=TOLD_DAYS - 1)
        lately = [
            setting
            for setting in journalled_settings(self.journal)
            if first <= setting.day <= self.today
        ]
        # Sorting is stable: within each half the newest stay first.
        return tuple(sorted(lately, key=lambda setting: not setting.looser))

    @property
    def near_days(self) -> int:
        """The middle one of `warn_days`: the days the summary's tile counts by."""
        return self.warn_days[len(self.warn_days) // 2]

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Every row of the base, with what is due with it.

        Columns of yes and no: `working, load, overdue, no_step, closing, near, call, fill,
        contrary, twice`; `late` in days; `call_on`, the day since when it is to be called.
        """
        base = self.projection.base
        today = pd.Timestamp(self.today)
        working = base["section"] == SectionCode.WORKING
        in_work = base["state"].isin(self.policy.states_where("in_work"))
        step_was_due = base["next_on"].notna() & (base["next_on"] < today)
        step_is_missing = base[[*STEP]].isna().any(axis=1)
        has_deadline = working & base["left"].notna()
        contrary = [*self.problem_messages("contradiction")]
        rows = base.assign(
            working=working,
            load=in_load(base, self.policy),
            overdue=working & step_was_due,
            late=(today - base["next_on"]).dt.days,
            no_step=working & in_work & step_is_missing,
            closing=has_deadline & (base["left"] <= self.warn_days[-1]),
            near=has_deadline & (base["left"] <= self.near_days),
            call_on=self._call_on,
            call=self._calls,
            fill=self.missing_cells.any(axis=1),
            contrary=base.index.isin(contrary),
            twice=base.index.isin([*self.problem_messages(REPEATED)]),
        )
        # In one piece: rows are taken from it by the dozen, and each column apart takes as long.
        return rows.copy()

    def problem_messages(self, code: str) -> dict[int, str]:
        """Return what a kind of problem says of rows, by their index: the first one of each."""
        messages: dict[int, str] = {}
        problems = [p for p in self.projection.plan.problems if p.code == code]
        # The index of places is as long as the base: most nights do not need it.
        if not problems:
            return messages
        snapshot = self.projection.snapshot
        sections = {tab.title: tab.section for tab in snapshot.tabs}
        for problem in problems:
            place = (sections.get(problem.tab, ""), problem.row)
            index = snapshot.index_by_place.get(place)
            if index is not None:
                messages.setdefault(index, problem.message)
        return messages

    @property
    def _archives(self) -> list[Section]:
        return [section for section in self.policy.sections if section.archive]

    @cached_property
    def _call_on(self) -> "pd.Series[Any]":
        """The day an archived row was to be called again; none if that is yet to come."""
        base = self.projection.base
        days = {section.code: section.return_days for section in self._archives}
        wait_days = base["section"].map(days).astype("float64")
        # Without a date of return a row is called again so long after it came there.
        by_section = base["section_since"] + pd.to_timedelta(
            wait_days, unit="D"
        )
        has_date = base["return_on"].notna()
        call_on = base["return_on"].where(has_date, by_section)
        return call_on.where(call_on <= pd.Timestamp(self.today))

    @property
    def _calls(self) -> "pd.Series[bool]":
        base = self.projection.base
        in_rework = base["section"] == SectionCode.REWORK
        in_round = base["state"] == StateCode.CALL_ROUND
        archived = base["section"].isin(
            [section.code for section in self._archives]
        )
        is_due = self._call_on.notna()
        return (in_rework & in_round) | (archived & is_due)

    @cached_property
    def missing_cells(self) -> pd.DataFrame:
        """Per row and field of the team's: whether something is missing there.

        The row's state asks for it, its tab has the column, and the cell is empty. Steps of rows
        in work are left out.
        """
        base = self.projection.base
        columns = [
            column for column in self.policy.columns if column.owner == "team"
        ]
        missing = {
            column.field: self._missing(column.field) for column in columns
        }
        working = is_among(base["section"], (SectionCode.WORKING,))
        in_work = is_among(base["state"], self.policy.states_where("in_work"))
        # A step that is missing in work has a block of its own.
        for field in STEP:
            missing[field] = missing[field] & ~(working & in_work)
        return pd.DataFrame(missing, index=base.index)

    @cached_property
    def missing_fields(self) -> Mapping[int, Sequence[str]]:
        """The fields of `missing_cells` that are missing in each row, by its label."""
        cells = self.missing_cells
        names = [*map(str, cells.columns)]
        labels = cells.index.tolist()
        missing = defaultdict[int, list[str]](list)
        for row, column in np.argwhere(cells.to_numpy()).tolist():
            missing[labels[row]].append(names[column])
        return missing

    def _missing(self, field: str) -> Mask:
        base = self.projection.base
        fields = self.projection.fields
        sections = [code for code in MANAGED if field in fields.get(code, ())]
        states = [
            state.code
            for state in self.policy.states
            if field in state.requires
        ]
        asked_of_all = field in ASKED_OF_ALL
        asked_of_some = asked_of_all or bool(states)
        # Of a tab without the column nothing is known.
        if not sections or not asked_of_some:
            return np.zeros(len(base), dtype=bool)
        asked = is_among(base["section"], sections)
        if not asked_of_all:
            asked = asked & is_among(base["state"], states)
        empty: Mask = asked & base[field].isna().to_numpy()
        return empty

    @cached_property
    def unreadable_cells(self) -> frozenset[tuple[int, str]]:
        """Cells that hold something nobody can read: (index of the row, field)."""
        snapshot = self.projection.snapshot
        cells = set()
        for tab in snapshot.tabs:
            for faulty in tab.faulty:
                # A cell may be at fault in a row that is no client's.
                index = snapshot.index_by_place.get((tab.section, faulty.row))
                if index is not None:
                    cells.add((index, faulty.field))
        return frozenset(cells)

    @cached_property
    def other_money(self) -> Mapping[str, float]:
        """What the amounts in other currencies come to, by ISO 4217 code: no sum has them.

        Of all rows of the base whose amount names a currency that no rate is known of.
        """
        sums = defaultdict[str, float](float)
        for tab in self.projection.snapshot.tabs:
            for faulty in tab.faulty:
                if faulty.fault.code != "other_currency":
                    continue
                money = read_money(faulty.raw)
                if faulty.field == "amount" and money is not None:
                    sums[money.currency] += money.amount
        return dict(sorted(sums.items()))

    @cached_property
    def managers(self) -> tuple[str, ...]:
        """Everyone on the Settings tab, who has a row to lead, or stands in for such a one.

        In the order of the alphabet. Rows to lead are those of the working list and the archives.
        """
        # Who has no company yet is on the list all the same: nought is a figure too.
        names = {*self._leading, *self.policy.member} - {""}
        for absence in self.away.values():
            if absence.substitute:
                names.add(absence.substitute)
        return tuple(sorted(names))

    @cached_property
    def _leading(self) -> frozenset[str]:
        base = self.projection.base
        managed = base["section"].isin(MANAGED)
        names = base.loc[managed, "manager"].dropna()
        return frozenset(map(str, names.unique()))

    @cached_property
    def away(self) -> dict[str, Absence]:
        """The absence of each manager who has rows and is on leave today."""
        leading = self._leading
        away = absences(self.policy, self.today, leading)
        return {
            name: absence for name, absence in away.items() if name in leading
        }

    @cached_property
    def by_manager(self) -> dict[str, pd.DataFrame]:
        """Rows of each manager; nobody's rows of who only stands in."""
        no_rows = self.rows.iloc[:0]
        by_manager = dict.fromkeys(self.managers, no_rows)
        groups = self.rows.groupby("manager", sort=False)
        by_manager |= {str(name): rows for name, rows in groups}
        return by_manager

    @cached_property
    def moves(self) -> tuple[JournalLine, ...]:
        """The Journal's moves, the newest first."""
        return tuple(
            line for line in self.journal if line.what == LineKind.MOVED
        )

    @cached_property
    def moved(self) -> tuple[JournalLine, ...]:
        """Moves that the Journal dates today."""
        # By the day and not by the run, so that a second run on the same day sees the same ones.
        today = to_serial(self.today)
        return tuple(line for line in self.moves if int(line.when) == today)

    def limit(self, manager: str) -> int:
        """Return how many companies a manager's working list may hold today."""
        return self.policy.limit(manager, self.today)

    @cached_property
    def one_limit(self) -> int | None:
        """The limit of every list, where all have the same."""
        limits = set(map(self.limit, self.managers))
        if not limits:
            return self.policy.cap.max
        return limits.pop() if len(limits) == 1 else None

    @cached_property
    def label_counts(self) -> Counter[str]:
        """How often each finding about labels and categories was made, by its code."""
        codes = [problem.code for problem in self.projection.plan.problems]
        return Counter(code for code in codes if code in LABEL_CODES)

    @cached_property
    def sample(self) -> Sample:
        """The actions that the head of sales is asked to score, and what was answered."""
        return sample(
            self.projection.snapshot, self.policy, self.newest, self.today
        )

    @property
    def newest(self) -> Sequence[JournalLine]:
        """The Journal as far as the next run will read it."""
        # This run draws nothing out of lines that would be gone then.
        return self.journal[:JOURNAL_LINES]

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """What is against the method in what people did."""
        # Out of the Journal, with this run's lines in it: a second run of the day finds the same.
        projection = self.projection
        snapshot = self.projection.snapshot
        missing = missing_rows(
            projection.base,
            snapshot.state,
            snapshot.unread,
            self.today,
            taken_out(self.journal),
        )
        changes = noticed_changes(
            self.journal, (), self.today, self.policy.time.findings_days
        )
        history = BaseHistory(
            projection.base, missing, changes, projection.fields, self.today
        )
        words = language(self.policy.words.language)
        return violations(history, self.policy, words)

    @cached_property
    def base_in_order(self) -> pd.DataFrame:
        """The base by section, company and id: an order that is not the rows'."""
        # Every run then finds the same pairs the same way round, wherever their rows stand.
        base = self.projection.base
        policy = self.policy
        ranks = {code: policy.rank(code) for code in base["section"].unique()}
        ranked = base.assign(rank=base["section"].map(ranks))
        ordered = ranked.sort_values(["rank", "company", "id", "row"])
        return ordered.reset_index(drop=True)

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The rows that may be one client, by their labels in `base_in_order`."""
        return find(self.base_in_order)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What the revision lists of the base and its tabs.

        No reminders, nothing of this night alone, nothing of people's ways.
        """
        # Rows that may be one client stand in pairs, in a block of their own.
        reminders = {*REMINDERS, *TRIAL_CODES}
        left_out = {*PASSING, *VIOLATION_CODES, *reminders, REPEATED}
        problems = self.projection.plan.problems
        return tuple(
            problem for problem in problems if problem.code not in left_out
        )

    @cached_property
    def to_settle(self) -> tuple[Problem, ...]:
        """What is amiss with whole tabs and columns, and with the settings: not with single rows.

        Reminders are left out, and what settles itself.
        """
        problems = self.projection.plan.problems
        of_tabs = [
            problem
            for problem in problems
            if not problem.row or problem.code == "settings"
        ]
        grave = [
            problem
            for problem in of_tabs
            if problem.severity is not Severity.NOTICE
        ]
        return tuple(
            problem
            for problem in grave
            # A list over its limit is told with the manager's load.
            if problem.code not in ("over_cap", *PASSING)
        )

    @cached_property
    def unowned(self) -> int:
        """How many companies of the working list have no manager."""
        rows = self.rows
        unowned = rows["working"] & rows["manager"].isna()
        return int(unowned.sum())

    @cached_property
    def errors(self) -> int:
        """How many errors a person has to mend, as of after the moves."""
        snapshot = self.projection.snapshot
        plan = self.projection.plan
        moved = set[tuple[str, int]]()
        for move in plan.moves:
            source = snapshot.tab[move.source]
            moved.add((source.title, move.row))
        count = sum(map(self._arrives_unowned, plan.moves))
        for problem in plan.problems:
            if (
                problem.severity is not Severity.ERROR
                or problem.code in PASSING
            ):
                continue
            # A row without a manager that moves is counted where it arrives.
            if (
                problem.code != "no_manager"
                or (problem.tab, problem.row) not in moved
            ):
                count += 1
        return count

    def _arrives_unowned(self, move: Move) -> bool:
        """Tell whether a row comes without a manager to where one is asked for."""
        fields = self.projection.snapshot.tab[move.target].fields
        return not move.manager and move.target in OWNED and "manager" in fields

    def pending(self, sheet: str) -> list[Pending]:
        """Return the decisions that stay where they were typed, on one report, from the top."""
        pending = self.projection.plan.pending
        return [decision for decision in pending if decision.sheet == sheet]

    @property
    def on_trial(self) -> bool:
        """Whether a trial of the model keeps every row where it is."""
        phase = phase_of(self.projection.trial, self.today)
        return phase in (TrialPhase.UNDER_WAY, TrialPhase.AWAITED)

    @cached_property
    def places(self) -> dict[str, tuple[str, int]]:
        """Where each company stands: (section, row of its tab) by id.

        Of ids that stand twice, the first.
        """
        rows = self.rows.drop_duplicates("id")
        sections = rows["section"].astype(str)
        places = zip(sections, rows["row"].tolist(), strict=True)
        ids = map(str, rows["id"])
        return dict(zip(ids, places, strict=True))


def destination(
    row: Mapping[str, Any], facts: Facts, language: Language
) -> str:
    """Name the section where a row goes when its time is up (METHOD point 8).

    In a trial of the model that is where it would go.
    """
    policy = facts.policy
    section = section_after_expiry(cast("ClockedRow", row), policy)
    if not section:
        return language.text("the head of sales decides")
    name = policy.words.name("sections", section)
    if facts.on_trial:
        return language.text("{section} (trial: it would)", section=name)
    return name
