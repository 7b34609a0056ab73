"""What is due in a base after a run: one frame of yes and no per row, and the counts that follow from it.

Vectorised and pure; METHOD point 10, "daily". In what words and order it is shown is the reports'.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from sheetsync.i18n import Language, language
from sheetsync.method.policy import Policy
from sheetsync.rules.action_scoring.scoring import Sample, sample
from sheetsync.rules.changes.change_history import missing_rows, noticed_changes
from sheetsync.rules.checks.labels import CODES
from sheetsync.rules.checks.method_violations import CODES as AGAINST
from sheetsync.rules.checks.method_violations import BaseHistory, Violation, violations
from sheetsync.rules.checks.time_warnings import REMINDERS
from sheetsync.rules.deadlines.absences import Absence, absences
from sheetsync.rules.draft.projection import Projection
from sheetsync.rules.duplicates import Pair, find
from sheetsync.rules.routing.routes import section_after_expiry
from sheetsync.schema import Problem, Severity
from sheetsync.values import to_serial
from sheetsync.workbook.journal import JOURNAL_LINES, JournalLine
from sheetsync.workbook.plan import Move, Pending

if TYPE_CHECKING:
    from sheetsync.rules.draft.night import ClockedRow

MANAGED = ("working", "rework", "strategic")
"""Sections whose rows give a manager a sheet of their own."""

PASSING = ("tab_renamed", "column_gone")
"""Findings of one night: said by the run that meets them, and settled by it; a second run would not find them."""

STEP = ("next_step", "next_on")

URGENT = ("overdue", "closing", "call")
"""What cannot wait until a manager is back from leave."""


@dataclass(frozen=True)
class Facts:
    """What is known after a run: the projection, and the Journal with the newest lines first."""

    projection: Projection
    policy: Policy
    journal: Sequence[JournalLine]

    @property
    def today(self) -> date:
        """The day of the report."""
        return self.projection.today

    @cached_property
    def warn_days(self) -> tuple[int, ...]:
        """Days before a deadline at which it is shown, from the last to the first: 1, 3, 7."""
        return tuple(sorted(self.policy.time.warn_days)) or (0,)

    @property
    def near_days(self) -> int:
        """The middle one of `warn_days`: the days the summary's tile counts by."""
        return self.warn_days[len(self.warn_days) // 2]

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Every row with `load`, `overdue`, `late`, `no_step`, `closing`, `near`, `call`, `call_on`, `fill`, `contrary`."""
        base, now = self.projection.base, pd.Timestamp(self.today)
        working = base["section"] == "working"
        in_work = base["state"].isin(self.policy.states_where("in_work"))
        closing = working & base["left"].notna()
        return base.assign(
            working=working,
            load=working & base["state"].isin(self.policy.states_where("counts_to_cap")),
            overdue=working & base["next_on"].notna() & (base["next_on"] < now),
            late=(now - base["next_on"]).dt.days,
            no_step=working & in_work & base[list(STEP)].isna().any(axis=1),
            closing=closing & (base["left"] <= self.warn_days[-1]),
            near=closing & (base["left"] <= self.near_days),
            call_on=self._call_on,
            call=self._calls,
            fill=self.missing_cells.any(axis=1),
            contrary=base.index.isin([*self.problem_messages("contradiction")]),
        )

    def problem_messages(self, code: str) -> dict[int, str]:
        """Return what a kind of problem says of rows, by their index: the first one of each."""
        snapshot, messages = self.projection.snapshot, dict[int, str]()
        sections = {tab.title: tab.section for tab in snapshot.tabs}
        for problem in self.projection.plan.problems:
            if problem.code == code:
                place = (sections.get(problem.tab, ""), problem.row)
                index = snapshot.index_by_place.get(place)
                if index is not None:
                    messages.setdefault(index, problem.message)
        return messages

    @cached_property
    def _call_on(self) -> "pd.Series[Any]":
        """The day an archived row was to be called again, as given or so long after it came there; none if yet to come."""
        base = self.projection.base
        days = {
            section.code: section.return_days for section in self.policy.sections if section.archive
        }
        wait = pd.to_timedelta(base["section"].map(days).astype("float64"), unit="D")
        given = base["return_on"].where(base["return_on"].notna(), base["section_since"] + wait)
        return given.where(given <= pd.Timestamp(self.today))

    @property
    def _calls(self) -> "pd.Series[bool]":
        base = self.projection.base
        archives = [section.code for section in self.policy.sections if section.archive]
        round_ = (base["section"] == "rework") & (base["state"] == "call_round")
        return round_ | (base["section"].isin(archives) & self._call_on.notna())

    @cached_property
    def missing_cells(self) -> pd.DataFrame:
        """Per row and field: whether the row's state asks for it, its tab has the column, and the cell is empty."""
        base = self.projection.base
        team = [column.field for column in self.policy.columns if column.owner == "team"]
        asked = {
            field: [state.code for state in self.policy.states if field in state.requires]
            for field in team
        }
        missing = {field: pd.Series(data=False, index=base.index) for field in team}
        for field, states in asked.items():
            having = [code for code in MANAGED if field in self.projection.fields.get(code, ())]
            everyone = field in ("company", "state")
            if having and (states or everyone):
                wanted = True if everyone else base["state"].isin(states)
                missing[field] = base["section"].isin(having) & wanted & base[field].isna()
        in_work = (base["section"] == "working") & base["state"].isin(
            self.policy.states_where("in_work")
        )
        for field in STEP:  # a block of their own
            missing[field] &= ~in_work
        return pd.DataFrame(missing, index=base.index)

    @cached_property
    def unreadable_cells(self) -> frozenset[tuple[int, str]]:
        """Cells that hold something nobody can read: (index of the row, field)."""
        snapshot = self.projection.snapshot
        return frozenset(
            (snapshot.locate(tab.section, faulty.row), faulty.field)
            for tab in snapshot.tabs
            for faulty in tab.faulty
        )

    @cached_property
    def managers(self) -> tuple[str, ...]:
        """Everyone who has a row in the working list or an archive, or stands in for them, in the order of the alphabet."""
        return tuple(
            sorted({*self._leading, *(a.substitute for a in self.away.values() if a.substitute)})
        )

    @cached_property
    def _leading(self) -> frozenset[str]:
        base = self.projection.base
        names = base.loc[base["section"].isin(MANAGED), "manager"].dropna().unique()
        return frozenset(str(name) for name in names)

    @cached_property
    def away(self) -> dict[str, Absence]:
        """The absence of each manager who has rows and is on leave today."""
        found = absences(self.policy, self.today, self._leading)
        return {name: absence for name, absence in found.items() if name in self._leading}

    @cached_property
    def by_manager(self) -> dict[str, pd.DataFrame]:
        """Rows of each manager; nobody's rows of who only stands in."""
        none = self.rows.iloc[:0]
        found = {str(name): group for name, group in self.rows.groupby("manager", sort=False)}
        return {**dict.fromkeys(self.managers, none), **found}

    @cached_property
    def moved(self) -> tuple[JournalLine, ...]:
        """Moves that the Journal dates today; a second run on the same day sees the same ones."""
        day = to_serial(self.today)
        return tuple(
            line for line in self.journal if line.what == "moved" and int(line.when) == day
        )

    def limit(self, manager: str) -> int:
        """Return how many companies a manager's working list may hold today."""
        return self.policy.limit(manager, self.today)

    @cached_property
    def one_limit(self) -> int | None:
        """The limit of every list, where all have the same."""
        limits = {self.limit(name) for name in self.managers} or {self.policy.cap.max}
        return next(iter(limits)) if len(limits) == 1 else None

    @cached_property
    def label_counts(self) -> Counter[str]:
        """How often each finding about labels and categories was made, by its code."""
        return Counter(p.code for p in self.projection.plan.problems if p.code in CODES)

    @cached_property
    def sample(self) -> Sample:
        """The actions that the head of sales is asked to score, and what was answered."""
        return sample(self.projection.snapshot, self.policy, self.newest, self.today)

    @property
    def newest(self) -> Sequence[JournalLine]:
        """The Journal as far as the next run will read it, so that this one draws nothing that would be gone then."""
        return self.journal[:JOURNAL_LINES]

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """What is against the method in what people did: the same on a second run of the day, which finds it in the Journal."""
        projection, today = self.projection, self.today
        gone = missing_rows(
            projection.base, projection.snapshot.state, projection.snapshot.unread, today
        )
        seen = BaseHistory(
            projection.base,
            gone,
            noticed_changes(self.journal, (), today),
            projection.fields,
            today,
        )
        return violations(seen, self.policy, language(self.policy.words.language))

    @cached_property
    def base_in_order(self) -> pd.DataFrame:
        """The base in the order in which the next run will read it, so that it finds the same pairs the same way round."""
        base, policy = self.projection.base, self.policy
        ranks = base["section"].map({code: policy.rank(code) for code in base["section"].unique()})
        return (
            base.assign(rank=ranks)
            .sort_values(["rank", "row"], kind="stable")
            .reset_index(drop=True)
        )

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The rows that may be one client, by their labels in `base_in_order`."""
        return find(self.base_in_order)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What the revision lists of the base and its tabs: no reminders, nothing of this night alone, nothing of people's ways."""
        passing = {*PASSING, *AGAINST, *REMINDERS}
        return tuple(
            problem for problem in self.projection.plan.problems if problem.code not in passing
        )

    @cached_property
    def errors(self) -> int:
        """How many errors a person has to mend, as of after the moves."""
        titles = {section: tab.title for section, tab in self.projection.snapshot.tab.items()}
        gone = {(titles[move.source], move.row) for move in self.projection.plan.moves}
        found = [
            p
            for p in self.projection.plan.problems
            if p.severity is Severity.ERROR and p.code not in PASSING
        ]
        kept = [p for p in found if p.code != "no_manager" or (p.tab, p.row) not in gone]
        return len(kept) + sum(map(self._unowned, self.projection.plan.moves))

    def pending(self, sheet: str) -> list[Pending]:
        """Return the decisions that stay where they were typed, on one report, from the top."""
        return [one for one in self.projection.plan.pending if one.sheet == sheet]

    @cached_property
    def places(self) -> dict[str, tuple[str, int]]:
        """Where each company stands: (section, row of its tab) by id; of ids that stand twice, the first."""
        rows = self.rows.drop_duplicates("id")
        return {
            str(i): (str(s), int(r))
            for i, s, r in zip(rows["id"], rows["section"], rows["row"], strict=True)
        }

    def _unowned(self, move: Move) -> bool:
        """Tell whether a row comes without a manager to where one is asked for."""
        tab = self.projection.snapshot.tab[move.target]
        return (
            not move.manager and move.target in ("working", "clients") and "manager" in tab.fields
        )


def destination(row: Mapping[str, Any], policy: Policy, language: Language) -> str:
    """Name the section where a row goes when its time is up (METHOD point 8)."""
    goes = section_after_expiry(cast("ClockedRow", row), policy)
    return (
        policy.words.name("sections", goes) if goes else language.text("the head of sales decides")
    )
