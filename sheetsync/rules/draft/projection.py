"""The base as a plan leaves it: rows in their new sections, the state tab to be written, where each row comes to stand.

Pure arithmetic over a snapshot and a plan; draft is the enforcer's, sending is the writer's.
"""

import hashlib
import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from sheetsync.method.policy import Policy
from sheetsync.method.vocabulary import DICTIONARIES, dictionary
from sheetsync.rules.changes.manual_changes import ManualChange, manual_changes
from sheetsync.rules.deadlines.clocks import aligned, clocks, restarted
from sheetsync.rules.deadlines.due_dates import left_until, times
from sheetsync.schema import read_column
from sheetsync.values import EPOCH, Cell, fold
from sheetsync.workbook import last_run_state as state_tab
from sheetsync.workbook.plan import Edit, Move, Plan
from sheetsync.workbook.row_identity import company_key
from sheetsync.workbook.snapshot import Snapshot, Tab

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
)
"""Fields kept in the state tab's JSON cell, beside those with a column of their own."""
DECIDED = "decision"
"""The rule of moves that somebody has decided upon."""
BACKWARDS = ("undo", "mend")
"""Rules of moves that only put a row back where it was."""


def fingerprint(tab: Tab, row: int) -> str:
    """Condense what a decision about a row (the sheet's number) rests on: the team's columns of the method.

    A team's own columns are left out: a move copies them as they stand by then, and their formulas change by
    themselves, as one with TODAY() does every midnight.
    """
    derived = ("id", "deadline", "days_left", "problems")
    cells = [
        tab.grid.cell(row - 1, at) for name, at in sorted(tab.fields.items()) if name not in derived
    ]
    held = [None if cell == "" else cell for cell in cells]
    return hashlib.blake2b(json.dumps(held, ensure_ascii=False).encode(), digest_size=8).hexdigest()


def after_cell(name: str, cell: Cell, policy: Policy) -> Any:
    """Return what a cell that a plan sets reads as in the frame."""
    column = policy.column[name]
    if cell is None:
        return pd.NaT if column.type == "date" else None
    if column.type in DICTIONARIES:
        return dictionary(policy, column.type).spellings.get(fold(str(cell)))
    if column.type == "date" and isinstance(cell, int | float):
        return pd.Timestamp(EPOCH) + pd.Timedelta(days=float(cell))
    value = read_column([cell], column, policy)[
        0
    ].value  # as somebody typed it, when it is given back
    return (
        pd.NaT
        if column.type == "date" and value is None
        else pd.Timestamp(value)
        if column.type == "date"
        else value
    )


def after_moves(
    snapshot: Snapshot,
    base: pd.DataFrame,
    moves: Mapping[int, Move],
    edits: Iterable[Edit],
    policy: Policy,
) -> pd.DataFrame:
    """Return the base (the snapshot's rows) with each move and team-column edit carried out; its `row` is still the one that was read."""
    changed: defaultdict[str, dict[int, Cell]] = defaultdict(dict)
    for at, move in moves.items():
        for name, cell in move.sets:
            changed[name][at] = cell
    for edit in edits:
        if not edit.derived and not edit.repair:
            changed[edit.field][snapshot.locate(edit.section, edit.row)] = edit.after
    after = _put(base.copy(), "section", {at: move.target for at, move in moves.items()})
    for name, cells in changed.items():
        known = {cell: after_cell(name, cell, policy) for cell in {*cells.values()}}
        after = _put(after, name, {at: known[cell] for at, cell in cells.items()})
    return after


def _put(frame: pd.DataFrame, name: str, values: Mapping[int, Any]) -> pd.DataFrame:
    """Set many cells of a column at once: one by one takes a hundred times as long."""
    if values:
        column = frame[name].copy()
        column.loc[[*values]] = pd.Series([*values.values()], index=[*values], dtype=column.dtype)
        frame[name] = column
    return frame


def held(
    base: pd.DataFrame, moved: Iterable[int], holds: Iterable[tuple[str, date]]
) -> "pd.Series[Any]":
    """Return until when each row is held: as remembered, or longer where `holds` says so; a move by a rule ends a hold."""
    days = dict(holds)
    wanted = (
        base["id"]
        .map({row_id: pd.Timestamp(day).as_unit("s") for row_id, day in days.items()})
        .astype("datetime64[s]")
    )
    until = base["held_until"].where(wanted.isna() | (base["held_until"] > wanted), wanted)
    return until.where(~base.index.isin([*moved]) | base["id"].isin([*days]))


def with_clocks(
    after: pd.DataFrame,
    before: pd.DataFrame,
    moved: Mapping[int, Move],
    holds: Iterable[tuple[str, date]],
    policy: Policy,
    today: date,
) -> pd.DataFrame:
    """Return the base as changes leave it, its clocks brought up to date: since when each row stands, is worked, is held.

    `moved`: the moves, by the row's index. An undo (`holds`) is no leaving of the working list, and no coming back.
    """
    now, holds = pd.Timestamp(today).as_unit("s"), [*holds]
    found, undone = after.copy(), after["id"].isin([row_id for row_id, _ in holds])
    elsewhere = after["section"] != before["section"]
    found.loc[elsewhere, "section_since"] = now
    found.loc[after["state"] != before["state"], "state_since"] = now
    found = _begun(found, before, moved, policy, now)
    gone = elsewhere & (before["section"] == "working") & ~undone
    found.loc[gone, "left_on"] = now
    found.loc[gone, "extended"] = after.loc[gone, "extended_to"]
    found.loc[undone & (after["section"] == "working"), "left_on"] = pd.NaT
    found["held_until"] = held(after, moved, holds)
    found["held_state"] = (
        after["held_state"].where(~undone, after["state"]).where(found["held_until"].notna(), None)
    )
    since = restarted(found, policy, today)
    working = after["state"].isin([*policy.states_where("in_work"), "deal_support"])
    waits = after["section"].isin([section.code for section in policy.sections if section.archive])
    last = since.where(since.notna() & ~waits, after["worked"])
    # Since when it was worked is forgotten with the state `new`, when nobody has called yet.
    found["worked"] = last.where(after["state"] != "new").astype("datetime64[s]")
    found["work_since"] = since.where(working)
    return found


def _begun(
    after: pd.DataFrame, before: pd.DataFrame, moved: Mapping[int, Move], policy: Policy, now: Any
) -> pd.DataFrame:
    """Return the base with the new clocks of rows whose work begins anew, as somebody has decided to take them out of an archive."""
    taken = [at for at, move in moved.items() if (move.rule, move.target) == (DECIDED, "working")]
    new = before.index.isin(taken) & before["work_since"].isna() & (after["state"] != "new")
    if new.any():
        clocked = policy.states_where("clocked")
        after.loc[new, "work_since"] = now
        after.loc[new, ["extensions", "pushes"]] = 0
        after["reached"] = after["reached"].where(
            ~new, after["state"].where(after["state"].isin(clocked), None)
        )
    return after


def coming_columns(snapshot: Snapshot, section: str, moves: Iterable[Move]) -> set[str]:
    """Return the fields whose columns moves add to a tab: written on arrival, or in use where a row was."""
    coming: set[str] = set()
    for move in (move for move in moves if move.target == section):
        source = snapshot.tab[move.source]
        coming |= {name for name, _ in move.sets}
        coming |= {name for name, at in source.fields.items() if at in source.used}
    return coming - snapshot.tab[section].fields.keys()


class Projection:
    """What a plan makes of a snapshot: `base` (every row, placed), `state` (the tab to be written)."""

    def __init__(self, snapshot: Snapshot, plan: Plan, policy: Policy) -> None:
        self.snapshot, self.plan, self.policy = snapshot, plan, policy

    @property
    def today(self) -> date:
        """The day the plan was made for."""
        return self.plan.today

    @cached_property
    def fields(self) -> dict[str, frozenset[str]]:
        """The fields that each section's tab has a column for, once the plan is carried out."""
        moves, tabs = self.plan.moves, self.snapshot.tab
        return {
            code: frozenset({*tab.fields, *coming_columns(self.snapshot, code, moves)})
            for code, tab in tabs.items()
        }

    @cached_property
    def noticed(self) -> tuple[ManualChange, ...]:
        """What people did since the last run, before this one."""
        return manual_changes(self.with_ids, self.snapshot, self.policy, self.today)

    @cached_property
    def returned(self) -> "pd.Series[bool]":
        """Rows of `base` that are back in the working list with this run, however they came there; not by an undo."""
        base, was = self.base, aligned(self.base, self.snapshot.state)
        put_back = {move.id for move in self.plan.moves if move.rule in BACKWARDS}
        known = was["section"].notna() & (was["section"] != "working") & base["left_on"].notna()
        return (
            known
            & (base["section"] == "working")
            & ~base["id"].isin(put_back)
            & self.snapshot.noticing
        )

    @cached_property
    def _moved(self) -> dict[int, Move]:
        locate = self.snapshot.locate
        return {locate(move.source, move.row): move for move in self.plan.moves}

    @cached_property
    def with_ids(self) -> pd.DataFrame:
        """Every row as it was read, with the id that the plan gives it."""
        base = self.snapshot.base.copy()
        for edit in self.plan.edits:
            if edit.field == "id":
                base.at[self.snapshot.locate(edit.section, edit.row), "id"] = edit.after
        return base

    @cached_property
    def base(self) -> pd.DataFrame:
        """Every row after the plan: section, final `row`, clocks, `due` (deadline) and `left` (days)."""
        before = self.with_ids
        clock = clocks(before, self.snapshot.state, self.policy, self.today)
        joined = pd.concat(
            [before.drop(columns=["deadline", "days_left", "problems"]), clock], axis=1
        )
        after = after_moves(self.snapshot, joined, self._moved, self.plan.edits, self.policy)
        after = with_clocks(after, joined, self._moved, self.plan.holds, self.policy, self.today)
        found = times(after, self.policy)
        after[["due", "extended", "extensions"]] = found[["due", "extended", "extensions"]]
        after["left"] = left_until(after["due"], self.policy, self.today)
        after["row"] = self._places(joined)
        return after

    def _places(self, before: pd.DataFrame) -> "pd.Series[Any]":
        """Return each row's final number in its sheet: departures close up, arrivals follow the last client."""
        rows = [*zip(before["section"].tolist(), before["row"].tolist(), strict=True)]
        gone = {
            section: [row for where, row in self.plan.blanks if where == section]
            for section in self.snapshot.tab
        }
        for at in self._moved:
            gone[rows[at][0]].append(rows[at][1])
        gone = {section: sorted(numbers) for section, numbers in gone.items()}
        places = [row - bisect_left(gone[section], row) for section, row in rows]
        ends = {
            code: tab.end + 1 - bisect_left(gone[code], tab.end + 1)
            for code, tab in self.snapshot.tab.items()
        }
        for at, move in sorted(self._moved.items()):
            places[at] = ends[move.target]
            ends[move.target] += 1
        return pd.Series(places, index=before.index, dtype="int64")

    @cached_property
    def state(self) -> pd.DataFrame:
        """The state tab after the run: every row of the base, and those that have vanished, marked with the day."""
        base, columns = self.base, list(state_tab.COLUMNS[1:])
        fresh = base.drop_duplicates("id").set_index("id")
        now = fresh.assign(gone_on=pd.NaT, work_since=fresh["worked"], values=self._values(fresh))[
            columns
        ]
        before = self.snapshot.state
        unclear = self._foreign(before, now)
        gone = before.loc[[i for i in before.index if i not in now.index or i in unclear]].copy()
        if len(gone):
            # Of the rows of a tab that is there and cannot be read, nothing is known.
            known = gone["gone_on"].notna() | gone["section"].isin([*self.snapshot.unread])
            gone["gone_on"] = gone["gone_on"].where(known, pd.Timestamp(self.today).as_unit("s"))
        if not len(before):
            return now
        kept = [i for i in before.index if i in now.index and i not in unclear]
        added = [i for i in now.index if i not in before.index]
        merged = pd.concat([part for part in (now.loc[kept], gone, now.loc[added]) if len(part)])
        order = [*before.index, *added]
        return merged.loc[order]

    @staticmethod
    def _foreign(before: pd.DataFrame, now: pd.DataFrame) -> frozenset[str]:
        """Return the ids whose row holds nothing of what was remembered for it; a blank row is nobody else's."""
        telling, known = ["tax_number", "phone", "company"], before.index.intersection(now.index)
        then, seen = before.loc[known, telling], now.loc[known, telling]
        same = (seen.notna() & (seen == then)).any(axis=1)
        names = then.loc[then.notna().any(axis=1) & ~same, "company"]
        return frozenset(
            i
            for i, name in names.items()
            if company_key(seen.at[i, "company"]) != company_key(name)
        )

    @staticmethod
    def _values(frame: pd.DataFrame) -> list[str]:
        return [state_tab.values_json(record) for record in frame[list(SEEN)].to_dict("records")]
