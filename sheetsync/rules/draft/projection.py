"""What a plan makes of a snapshot: where each row comes to stand, its clocks, the state tab.

Pure arithmetic; what is decided is the enforcer's, sending it the writer's.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from sheetsync.method.codes import SectionCode
from sheetsync.method.policy import Policy
from sheetsync.rules.changes.manual_changes import ManualChange, manual_changes
from sheetsync.rules.deadlines.base_marks import with_marks
from sheetsync.rules.deadlines.clocks import aligned, clocks
from sheetsync.rules.deadlines.due_dates import left_until, times
from sheetsync.rules.draft.after_changes import (
    after_moves,
    arriving_headings,
    coming_columns,
    with_clocks,
)
from sheetsync.workbook import last_run_state as state_tab
from sheetsync.workbook.frame_rows import records_of
from sheetsync.workbook.plan import Move, Plan
from sheetsync.workbook.row_identity import (
    PEOPLE,
    TELLING,
    company_key,
    same_people,
)
from sheetsync.workbook.snapshot import Snapshot, as_text
from sheetsync.workbook.trial_record import (
    TrialRecord,
    WouldMark,
    would_mark,
)

SEEN = (
    "tax_number",
    "city",
    "person",
    "role",
    "email",
    "label",
    "category",
    "source",
    "began",
    "last_contact",
    "next_step",
    "next_on",
    "amount",
    "refusal_reason",
    "return_on",
    "extended_to",
    "comment",
    "paid_on",
)
"""Fields kept in the state tab's JSON cell, beside those with a column of their own."""
BACKWARDS = ("undo", "mend")
"""Rules of moves that only put a row back where it was."""


class Projection:
    """What a plan makes of a snapshot: `base`, every row placed, and `state`, the tab to write.

    `part`: the rows (section, the sheet's number) that the plan is about where it is a part of a
    night (`draft.parts`); None: all of them.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        plan: Plan,
        policy: Policy,
        part: Collection[tuple[str, int]] | None = None,
    ) -> None:
        self.snapshot = snapshot.without(plan.removed_places)
        self.plan = plan
        self.policy = policy
        self.part = part

    @property
    def today(self) -> date:
        """The day the plan was made for."""
        return self.plan.today

    @cached_property
    def fields(self) -> dict[str, frozenset[str]]:
        """The fields that each section's tab has a column for, once the plan is carried out."""
        coming = coming_columns(self.snapshot, self.plan.moves, self.plan.edits)
        return {
            section: coming[section].union(tab.fields)
            for section, tab in self.snapshot.tab.items()
        }

    def heading(self, section: str, field: str) -> str:
        """Return a field's heading on a section's tab, once the plan is carried out."""
        tab = self.snapshot.tab[section]
        if field not in tab.fields and field in self.fields[section]:
            arriving = arriving_headings(
                self.snapshot, self.plan.moves, section, self.policy
            )
            if field in arriving:
                return arriving[field]
        return tab.heading(field, self.policy)

    @cached_property
    def noticed(self) -> tuple[ManualChange, ...]:
        """What people did since the last run, before this one."""
        return manual_changes(
            self.with_ids, self.snapshot, self.policy, self.today
        )

    @cached_property
    def returned(self) -> "pd.Series[bool]":
        """Rows of `base` that are back in the working list with this run, but not by an undo."""
        base = self.base
        was_in = aligned(base, self.snapshot.state)["section"]
        put_back = {
            move.id for move in self.plan.moves if move.rule in BACKWARDS
        }
        had_left = (
            was_in.notna()
            & (was_in != SectionCode.WORKING)
            & base["left_on"].notna()
        )
        is_in = (base["section"] == SectionCode.WORKING) & ~base["id"].isin(
            put_back
        )
        return had_left & is_in & self.snapshot.noticing

    @cached_property
    def _moved(self) -> dict[int, Move]:
        locate = self.snapshot.locate
        return {locate(move.source, move.row): move for move in self.plan.moves}

    @cached_property
    def with_ids(self) -> pd.DataFrame:
        """Every row as it was read, with the id that the plan gives it."""
        base = self.snapshot.base
        ids = base["id"].to_numpy(dtype=object, copy=True)
        for edit in self.plan.edits:
            if edit.field == "id":
                ids[self.snapshot.locate(edit.section, edit.row)] = edit.after
        return base.assign(
            id=pd.Series(ids, base.index, dtype=base["id"].dtype)
        )

    @cached_property
    def base(self) -> pd.DataFrame:
        """Every row after the plan: section, `row`, clocks, `due` (deadline) and `left` (days)."""
        rows = with_marks(
            self.with_ids, self.snapshot, self.policy, self.plan.sold
        )
        clock = clocks(rows, self.snapshot.state, self.policy, self.today)
        people_columns = rows.drop(
            columns=["deadline", "days_left", "problems"]
        )
        before = pd.concat([people_columns, clock], axis=1)
        moved = self._moved
        plan = self.plan
        after = after_moves(
            self.snapshot, before, moved, plan.edits, self.policy
        )
        after = with_clocks(
            after, before, moved, plan.holds, self.policy, self.today
        )
        spans = times(after, self.policy)
        after[["due", "extended", "extensions"]] = spans[
            ["due", "extended", "extensions"]
        ]
        after["left"] = left_until(after["due"], self.policy, self.today)
        after["row"] = self._rows_after(before)
        return after

    def _rows_after(self, before: pd.DataFrame) -> "pd.Series[Any]":
        """Return each row's final number.

        Departures close up, arrivals follow the last client, and rows that an undo brings back
        stand where they stood.
        """
        sections = before["section"].tolist()
        rows = before["row"].tolist()
        gone = self._rows_gone()
        back = self._rows_back()
        numbers = []
        for section, row in zip(sections, rows, strict=True):
            come = bisect_right(back[section], row)
            numbers.append(row - bisect_left(gone[section], row) + come)
        next_row = {}
        for section, tab in self.snapshot.tab.items():
            left = tab.end + 1 - bisect_left(gone[section], tab.end + 1)
            next_row[section] = left + len(back[section])
        places = {place.id: place.before for place in self.plan.back}
        come_back = Counter[str]()
        indexes = self._moved_by_id()
        for place in self.plan.back:
            section = self._moved[indexes[place.id]].target
            closed_up = bisect_left(gone[section], place.before)
            number = place.before - closed_up + come_back[section]
            numbers[indexes[place.id]] = number
            come_back[section] += 1
        for index, move in sorted(self._moved.items()):
            if move.id not in places:
                numbers[index] = next_row[move.target]
                next_row[move.target] += 1
        return pd.Series(numbers, index=before.index, dtype="int64")

    def _moved_by_id(self) -> dict[str, int]:
        """Return the labels of the rows that move, by their ids."""
        return {move.id: index for index, move in self._moved.items()}

    def _rows_back(self) -> dict[str, list[int]]:
        """Return before which rows of each section rows come back, from the top."""
        targets = {move.id: move.target for move in self.plan.moves}
        back: dict[str, list[int]] = {
            section: [] for section in self.snapshot.tab
        }
        for place in self.plan.back:
            back[targets[place.id]].append(place.before)
        return back

    def _rows_gone(self) -> dict[str, list[int]]:
        """Return the numbers of the rows that leave each section's sheet, from the top."""
        gone = defaultdict[str, list[int]](list)
        for section, row in (*self.plan.blanks, *self.plan.removed_places):
            gone[section].append(row)
        for move in self.plan.moves:
            gone[move.source].append(move.row)
        return {section: sorted(gone[section]) for section in self.snapshot.tab}

    @cached_property
    def trial(self) -> TrialRecord | None:
        """The trial of the model as it is noted after the plan, None where there never was one."""
        return self.plan.trial or self.snapshot.trial

    @cached_property
    def would(self) -> dict[str, WouldMark]:
        """Rows that would have moved in the trial of which was last noted, by id."""
        trial = self.trial
        if trial is None:
            return {}
        moved = {move.id for move in self.plan.moves}
        marks: dict[str, WouldMark] = {}
        for row_id, cell in self.snapshot.state["would"].dropna().items():
            mark = would_mark(cell)
            if mark is not None and mark.trial == trial.begins:
                gone = mark.moved or str(row_id) in moved
                marks[str(row_id)] = mark._replace(moved=gone)
        for move in self.plan.would:
            marks[move.id] = self._would_of(move, marks.get(move.id))
        return marks

    def _would_of(self, move: Move, before: WouldMark | None) -> WouldMark:
        """Return the mark of a row that a trial holds tonight. `before`: of an earlier night."""
        # What became of the row since it would first have left is what the trial is to tell.
        since = self.today if before is None else before.on
        begins = self.today if self.trial is None else self.trial.begins
        index = self.snapshot.locate(move.source, move.row)
        state = as_text(self.snapshot.base.at[index, "state"]) or None
        return WouldMark(
            begins, since, move.source, move.target, move.rule, state
        )

    @cached_property
    def newly_would(self) -> tuple[Move, ...]:
        """What a trial holds tonight and has not held before, or for another section or rule."""
        known = self.snapshot.state["would"]
        return tuple(
            move
            for move in self.plan.would
            if not self._is_held_already(move, would_mark(known.get(move.id)))
        )

    def _is_held_already(self, move: Move, mark: WouldMark | None) -> bool:
        trial = self.trial
        if mark is None or trial is None:
            return False
        told = (mark.trial, mark.target, mark.rule)
        return told == (trial.begins, move.target, move.rule)

    @cached_property
    def ids_in_part(self) -> frozenset[str]:
        """The ids of the rows that a part of a night is about."""
        places = [self.snapshot.locate(*place) for place in self.part or ()]
        return frozenset(map(str, self.base.loc[places, "id"]))

    def concerns(self, row_id: str) -> bool:
        """Tell whether the plan is about a row: it is, unless it is a part without the row."""
        return self.part is None or row_id in self.ids_in_part

    @cached_property
    def state(self) -> pd.DataFrame:
        """The state tab after the run: the rows of the base, and those that vanished, dated.

        After a part of a night what is remembered of the other rows is what was.
        """
        after = self._state_of_all
        if self.part is None:
            return after
        before = self.snapshot.state
        kept = before[~before.index.isin(self.ids_in_part)]
        written = after[after.index.isin(self.ids_in_part)]
        added = written.index[~written.index.isin(before.index)]
        merged = pd.concat([part for part in (kept, written) if len(part)])
        return merged.loc[[*before.index, *added]]

    @cached_property
    def _state_of_all(self) -> pd.DataFrame:
        before = self.snapshot.state
        now = self._state_of_rows()
        if not len(before):
            return now
        unclear = self._foreign(before, now)
        standing = before.index.isin(now.index) & ~before.index.isin(unclear)
        kept = _with_words(now.loc[before.index[standing]], before)
        gone = self._marked_gone(before[~standing])
        added = now[~now.index.isin(before.index)]
        merged = pd.concat([part for part in (kept, gone, added) if len(part)])
        return merged.loc[[*before.index, *added.index]]

    def _state_of_rows(self) -> pd.DataFrame:
        """Return what is to be remembered of the rows of the base."""
        rows = self.base.drop_duplicates("id").set_index("id")
        values = [
            state_tab.values_json(record)
            for _, record in records_of(rows, names=SEEN)
        ]
        remembered = rows.assign(
            gone_on=pd.NaT,
            # The old clock outlives an archive: `worked` keeps it while the row waits there.
            work_since=rows["worked"],
            values=values,
            would=[self._would_cell(str(row_id)) for row_id in rows.index],
        )
        return remembered[list(state_tab.COLUMNS[1:])]

    def _would_cell(self, row_id: str) -> str | None:
        mark = self.would.get(row_id)
        return None if mark is None else mark.packed()

    def _marked_gone(self, vanished: pd.DataFrame) -> pd.DataFrame:
        """Return remembered rows that stand nowhere, with the day on which they were missed."""
        if not len(vanished):
            return vanished
        # Of the rows of a tab that is there and cannot be read, nothing is known.
        known = vanished["gone_on"].notna() | vanished["section"].isin(
            [*self.snapshot.unread]
        )
        today = pd.Timestamp(self.today).as_unit("s")
        return vanished.assign(gone_on=vanished["gone_on"].where(known, today))

    @staticmethod
    def _foreign(before: pd.DataFrame, now: pd.DataFrame) -> Collection[str]:
        """Return the ids whose row holds nothing of what was remembered for it.

        A blank row is nobody else's.
        """
        telling = ["tax_number", "phone", "company"]
        known = before.index.intersection(now.index)
        remembered = before.loc[known, telling]
        stands = now.loc[known, telling]
        alike = (stands.notna() & (stands == remembered)).any(axis=1)
        # A row that says nothing of itself any more is still the one that stood there.
        blank = stands.isna().all(axis=1)
        names = remembered.loc[
            remembered.notna().any(axis=1) & ~alike & ~blank, "company"
        ]
        return [
            row_id
            for row_id, name in names.items()
            if company_key(stands.at[row_id, "company"]) != company_key(name)
            and not same_people(
                {**dict.fromkeys(PEOPLE), **_values(now, row_id)},
                _values(before, row_id),
            )
        ]


def _with_words(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Return what is remembered of rows; of one that says nothing of itself, what it last said."""
    telling = [*TELLING]
    blank = now[telling].isna().all(axis=1)
    if not blank.any():
        return now
    words = now[telling].where(~blank, before.loc[now.index, telling])
    return now.assign(**{name: words[name] for name in telling})


def _values(state: pd.DataFrame, row_id: Any) -> dict[str, Any]:
    """Return what the state tab remembers of a row's cells."""
    return state_tab.unpacked(state.at[row_id, "values"])
