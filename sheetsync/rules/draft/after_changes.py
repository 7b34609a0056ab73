"""The base as moves and edits leave it: sections, cells as they read then, and clocks.

Pure arithmetic over frames. What is to change is decided elsewhere; where each row comes to stand
is projection.py's.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from sheetsync.method.codes import SectionCode, StateCode
from sheetsync.method.policy import Policy
from sheetsync.method.terms import Column
from sheetsync.method.vocabulary import DICTIONARIES, dictionary
from sheetsync.rules.deadlines.clocks import (
    is_placed,
    is_worked,
    left_work,
    restarted,
)
from sheetsync.rules.deadlines.last_readable import COUNTING, still_unread_since
from sheetsync.rules.deadlines.sale_proofs import proofs_after
from sheetsync.schema import read_column
from sheetsync.values import EPOCH, Cell, fold
from sheetsync.workbook.plan import Edit, Move
from sheetsync.workbook.snapshot import DECIDING, Snapshot

DECIDED = "decision"
"""The rule of moves that somebody has decided upon."""


def frame_value(field: str, cell: Cell, policy: Policy) -> Any:
    """Return what a written cell reads as in the frame: a code, a day, a value, or None."""
    column = policy.column[field]
    if column.type == "date":
        return _day(cell, column, policy)
    if cell is None:
        return None
    if column.type in DICTIONARIES:
        return dictionary(policy, column.type).spellings.get(fold(str(cell)))
    return read_column([cell], column, policy)[0].value


def _day(cell: Cell, column: Column, policy: Policy) -> pd.Timestamp:
    """Return a written day; NaT where there is none, or what somebody had typed there is no day."""
    if isinstance(cell, int | float):
        return pd.Timestamp(EPOCH) + pd.Timedelta(days=float(cell))
    # An undo gives a cell back as somebody had typed it, which may be text.
    value = (
        None if cell is None else read_column([cell], column, policy)[0].value
    )
    return pd.NaT if value is None else pd.Timestamp(value)


def after_moves(
    snapshot: Snapshot,
    base: pd.DataFrame,
    moves: Mapping[int, Move],
    edits: Iterable[Edit],
    policy: Policy,
) -> pd.DataFrame:
    """Return the base (the snapshot's rows) with each move and each edit of team columns made.

    Repairs change no value. Its `row` is still the one that was read.
    """
    written: defaultdict[str, dict[int, Cell]] = defaultdict(dict)
    for index, move in moves.items():
        for field, cell in move.sets:
            written[field][index] = cell
    for edit in edits:
        if not edit.derived and not edit.repair:
            written[edit.field][snapshot.locate(edit.section, edit.row)] = (
                edit.after
            )
    # Shallow, as `_put` sets whole new columns and touches none of the base's own.
    after = base.copy(deep=False)
    _put(
        after, "section", {index: move.target for index, move in moves.items()}
    )
    for field, cells in written.items():
        values = {
            cell: frame_value(field, cell, policy) for cell in {*cells.values()}
        }
        _put(
            after, field, {index: values[cell] for index, cell in cells.items()}
        )
    for name, fields in (("unread", DECIDING), ("began_unread", ("began",))):
        if after[name].any():
            after[name] = _still_unread(after, snapshot, written, fields)
    return after


def _still_unread(
    after: pd.DataFrame,
    snapshot: Snapshot,
    written: Mapping[str, Mapping[int, Cell]],
    fields: Collection[str],
) -> "pd.Series[bool]":
    """Mark the rows in which one of these cells cannot be read after all that is written over."""
    unread = set[int]()
    for tab in snapshot.tabs:
        for faulty in tab.faulty:
            if faulty.field not in fields:
                continue
            index = snapshot.locate(tab.section, faulty.row)
            cells = written.get(faulty.field, {})
            is_emptied = cells.get(index, "") is None
            # What an undo gives back may be as unreadable as it was.
            is_readable = pd.notna(after[faulty.field].loc[index])
            if index not in cells or not (is_emptied or is_readable):
                unread.add(index)
    return pd.Series(after.index.isin(unread), after.index)


def _put(frame: pd.DataFrame, field: str, values: Mapping[int, Any]) -> None:
    """Set many cells of a column."""
    if values:
        column = frame[field].copy()
        # At once: one cell after another takes a hundred times as long.
        column.loc[[*values]] = pd.Series(
            [*values.values()], index=[*values], dtype=column.dtype
        )
        frame[field] = column


def held_until(
    base: pd.DataFrame, moved: Iterable[int], holds: Iterable[tuple[str, date]]
) -> "pd.Series[Any]":
    """Return until when each row is held (datetime64[s]): as remembered, or longer by `holds`."""
    days = {row_id: pd.Timestamp(day).as_unit("s") for row_id, day in holds}
    asked = base["id"].map(days).astype("datetime64[s]")
    remembered = base["held_until"]
    until = remembered.where(asked.isna() | (remembered > asked), asked)
    # A move by a rule ends a hold; the move back that asks for the hold does not.
    return until.where(~base.index.isin([*moved]) | base["id"].isin([*days]))


def with_clocks(
    after: pd.DataFrame,
    before: pd.DataFrame,
    moved: Mapping[int, Move],
    holds: Iterable[tuple[str, date]],
    policy: Policy,
    today: date,
) -> pd.DataFrame:
    """Return the base as changes leave it, with its clocks: since when a row stands, is worked.

    `moved`: the moves, by the row's label; `holds`: what an undo brings back.
    """
    now = pd.Timestamp(today).as_unit("s")
    holds = [*holds]
    elsewhere = after["section"] != before["section"]
    # An undo is no leaving of the working list, and no coming back.
    undone = after["id"].isin([row_id for row_id, _ in holds])
    was_there = before["section"] == SectionCode.WORKING
    left = elsewhere & (was_there | left_work(before, after)) & ~undone
    put_back = undone & (after["section"] == SectionCode.WORKING)
    after = _with_last_read(after)
    after = after.assign(proof=proofs_after(after, today))
    is_set = after["last_state"] != before["last_state"]
    is_set &= after["last_state"].notna()
    clocked = after.assign(
        section_since=after["section_since"].mask(elsewhere, now),
        state_since=after["state_since"].mask(is_set, now),
        unread_since=still_unread_since(after),
        left_on=after["left_on"].mask(left, now).mask(put_back, pd.NaT),
        # The day that stood there when a row left is no consent to its return.
        extended=after["extended"].mask(left, after["extended_to"]),
        held_until=held_until(after, moved, holds),
    )
    held_state = after["held_state"].where(~undone, after["state"])
    clocked["held_state"] = held_state.where(
        clocked["held_until"].notna(), None
    )
    return _with_work_clock(
        _begun(clocked, before, moved, policy, now), policy, today
    )


def _with_last_read(after: pd.DataFrame) -> pd.DataFrame:
    """Return the base with what can last be read of it, as changes leave its cells."""
    read = {}
    for name in COUNTING:
        own = after[name].astype(object)
        last = own.where(own.notna(), after[f"last_{name}"])
        read[f"last_{name}"] = last.where(last.notna(), None)
    return after.assign(**read)


def _begun(
    after: pd.DataFrame,
    before: pd.DataFrame,
    moved: Mapping[int, Move],
    policy: Policy,
    now: Any,
) -> pd.DataFrame:
    """Return the base with new clocks for rows that somebody has decided to take into work."""
    taken = []
    for index, move in moved.items():
        if (move.rule, move.target) == (DECIDED, SectionCode.WORKING):
            taken.append(index)
    begins = before.index.isin(taken) & before["work_since"].isna()
    # Nobody has called a new one yet: it has no work clock.
    begins &= after["state"] != StateCode.NEW
    if not begins.any():
        return after
    clocked = after["state"].isin(policy.states_where("clocked"))
    return after.assign(
        work_since=after["work_since"].mask(begins, now),
        extensions=after["extensions"].mask(begins, 0),
        pushes=after["pushes"].mask(begins, 0),
        reached=after["reached"].where(
            ~begins, after["state"].where(clocked, None)
        ),
    )


def _with_work_clock(
    after: pd.DataFrame, policy: Policy, today: date
) -> pd.DataFrame:
    """Return the base with `work_since`, and `worked`, which a row keeps while it waits."""
    since = restarted(after, policy, today)
    archives = [section.code for section in policy.sections if section.archive]
    waits = after["section"].isin(archives)
    # The old clock outlives an archive: an undo gives it back, and a row that is carried back by
    # hand without the head's consent gains no time.
    worked = since.where(since.notna() & ~waits, after["worked"])
    runs = is_worked(after, policy) | is_placed(after)
    return after.assign(
        worked=worked.astype("datetime64[s]"),
        work_since=since.where(pd.Series(runs, after.index)),
    )


def arriving_headings(
    snapshot: Snapshot, moves: Iterable[Move], section: str, policy: Policy
) -> dict[str, str]:
    """Return the headings under which fields that a section's tab lacks come to it with rows."""
    sources = {move.source for move in moves if move.target == section}
    headings: dict[str, str] = {}
    for tab in snapshot.tabs:
        if tab.section in sources:
            for name in tab.fields:
                headings.setdefault(name, tab.heading(name, policy))
    return headings


def coming_columns(
    snapshot: Snapshot, moves: Iterable[Move], edits: Iterable[Edit] = ()
) -> dict[str, frozenset[str]]:
    """Return the fields whose columns moves and edits add to the tab of each section.

    They are written, on arrival or where the row stands, or in use where a row was.
    """
    coming = {section: set[str]() for section in snapshot.tab}
    ways = set[tuple[str, str]]()
    targets: dict[tuple[str, int], str] = {}
    for move in moves:
        targets[move.source, move.row] = move.target
        ways.add((move.source, move.target))
        coming[move.target].update(field for field, _ in move.sets)
    for edit in edits:
        if not edit.derived:
            stands = targets.get((edit.section, edit.row), edit.section)
            coming[stands].add(edit.field)
    # Also those in which the row has nothing: an owner's edit in that very second may make another
    # one move in its stead, and no cell of it may be lost.
    for source, target in ways:
        tab = snapshot.tab[source]
        coming[target].update(
            field for field, column in tab.fields.items() if column in tab.used
        )
    return {
        section: frozenset(fields - snapshot.tab[section].fields.keys())
        for section, fields in coming.items()
    }
