"""What no plan of this program says: a plan out of a file is held to it, as anybody may write one.

Whether a row still holds what the plan rests on is told by its fingerprint; here is told whether
the plan speaks of rows, fields and ids as a plan does. Read back it is by workbook/plan.py.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import pandas as pd

from sheetsync.method.policy import Policy
from sheetsync.workbook.plan import DERIVED, Edit, Plan
from sheetsync.workbook.snapshot import Snapshot

_Thing = TypeVar("_Thing", bound=Hashable)
Place = tuple[str, int]
"""A row: its section, and the sheet's number."""


def out_of_place(
    snapshot: Snapshot, plan: Plan, policy: Policy
) -> tuple[Place, ...]:
    """Return the rows of which a plan says what no plan of this program does.

    They are no clients or bear another id; they would move twice, or nowhere; a cell would be
    written twice, or as the program's own where it is the team's; an id would stand twice. Where it
    is about an id that stands nowhere, the place is ("", 0).
    """
    reading = _Reading(snapshot, plan, policy)
    return tuple(dict.fromkeys(reading.wrong_places()))


@dataclass(frozen=True)
class _Reading:
    snapshot: Snapshot
    plan: Plan
    policy: Policy

    @cached_property
    def ids(self) -> dict[Place, str]:
        """The id of each client's row, "" where it has none yet."""
        base = self.snapshot.base
        rows = zip(base["section"], base["row"], base["id"], strict=True)
        return {
            (str(section), int(row)): "" if pd.isna(row_id) else str(row_id)
            for section, row, row_id in rows
        }

    @cached_property
    def given(self) -> dict[Place, str]:
        """The ids that the plan itself gives."""
        return {
            (edit.section, edit.row): str(edit.after)
            for edit in self.plan.edits
            if edit.field == "id"
        }

    @cached_property
    def known(self) -> frozenset[str]:
        """All ids that the base has once the plan is carried out, or had before."""
        return frozenset((*self.ids.values(), *self.given.values())) - {""}

    def wrong_places(self) -> Iterator[Place]:
        yield from self._strangers()
        yield from self._moves()
        yield from self._edits()
        yield from self._removals()
        yield from self._ids_twice()
        named = {*self.plan.sold, *(row_id for row_id, _ in self.plan.holds)}
        if not named <= self.known:
            yield "", 0

    def _strangers(self) -> Iterator[Place]:
        """Go through rows that are no clients, or not those that the plan takes them for."""
        plan = self.plan
        spoken_of = [
            *((move.source, move.row, move.id) for move in plan.moves),
            *((edit.section, edit.row, edit.id) for edit in plan.edits),
            *((row.section, row.row, row.id) for row in plan.removals),
        ]
        for section, row, row_id in spoken_of:
            place = (section, row)
            own = self.given.get(place) or self.ids.get(place, "")
            if place not in self.ids or own != row_id:
                yield place

    def _moves(self) -> Iterator[Place]:
        moves = self.plan.moves
        yield from _twice((move.source, move.row) for move in moves)
        for move in moves:
            fields = [field for field, _ in move.sets]
            is_ours = all(map(self._is_teams, fields))
            if move.source == move.target or not is_ours:
                yield move.source, move.row

    def _edits(self) -> Iterator[Place]:
        cells = [
            (edit.section, edit.row, edit.field) for edit in self.plan.edits
        ]
        for section, row, _ in _twice(cells):
            yield section, row
        for edit in self.plan.edits:
            if not self._is_rightly_called(edit):
                yield edit.section, edit.row

    def _is_rightly_called(self, edit: Edit) -> bool:
        """Tell whether an edit that is called the program's own is, and no other."""
        if edit.derived:
            return edit.field in DERIVED
        return self._is_teams(edit.field)

    def _is_teams(self, field: str) -> bool:
        known = {column.field for column in self.policy.columns}
        return field in known and field not in DERIVED

    def _removals(self) -> Iterator[Place]:
        removals = self.plan.removals
        places = [(row.section, row.row) for row in removals]
        yield from _twice(places)
        yield from {
            (move.source, move.row) for move in self.plan.moves
        }.intersection(places)
        gone = {row.id for row in removals}
        for row in removals:
            if row.into and (row.into in gone or row.into not in self.known):
                yield row.section, row.row

    def _ids_twice(self) -> Iterator[Place]:
        """Go through rows that would come to bear another row's id."""
        after = Counter({**self.ids, **self.given}.values())
        for place, row_id in self.given.items():
            if not row_id or after[row_id] > 1:
                yield place


def _twice(things: Iterable[_Thing]) -> Iterator[_Thing]:
    for thing, times in Counter(things).items():
        if times > 1:
            yield thing
