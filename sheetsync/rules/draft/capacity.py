"""Whose working list has room, kept up to date row by row as changes are merged or tried.

Which rows come is told by the rooms that ask (METHOD point 7).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import pandas as pd

from sheetsync.method.codes import SectionCode
from sheetsync.method.policy import Policy
from sheetsync.rules.draft.changes import Changes
from sheetsync.rules.draft.night import Night
from sheetsync.values import Cell


def load(base: pd.DataFrame, policy: Policy) -> Counter[str]:
    """Count each manager's companies in the working list that count to the cap (METHOD point 7)."""
    in_list = base["section"] == SectionCode.WORKING
    counted = base[
        in_list & base["state"].isin(policy.states_where("counts_to_cap"))
    ]
    return Counter(str(name) for name in counted["manager"].dropna())


class RowStanding(NamedTuple):
    """What tells whether a row takes a place in a list, and in whose: codes, a name."""

    section: str
    state: str | None
    manager: str | None


STANDING = RowStanding._fields


@dataclass
class Capacity:
    """Each manager's load as the changes counted so far leave it, and where rows stand."""

    night: Night
    loads: Counter[str]
    columns: Mapping[str, Any]
    """The columns of a `RowStanding` as they were read."""
    counted: frozenset[str]
    """States that take a place in a list."""
    touched: dict[int, RowStanding] = field(default_factory=dict)

    @classmethod
    def of(cls, night: Night) -> "Capacity":
        """Return the capacity of a base in which nothing has been decided yet."""
        # Lists, and never a copy of the frame: a hundred decisions ask a hundred times.
        columns = {name: night.base[name].tolist() for name in STANDING}
        counted = frozenset(night.policy.states_where("counts_to_cap"))
        return cls(night, load(night.base, night.policy), columns, counted)

    def copy(self) -> "Capacity":
        """Return one for a stage to try its changes in."""
        return replace(
            self, loads=self.loads.copy(), touched=self.touched.copy()
        )

    def standing(self, index: int) -> RowStanding:
        """Return where a row stands by now."""
        if index in self.touched:
            return self.touched[index]
        return RowStanding(*(self.columns[name][index] for name in STANDING))

    def limit(self, manager: str) -> int:
        """Return how many companies a manager's list may hold today."""
        return self.night.policy.limit(manager, self.night.today)

    def is_full(self, manager: str) -> bool:
        """Tell whether a manager's list holds all it may."""
        return self.loads[manager] >= self.limit(manager)

    def no_room(self, manager: str) -> str:
        """Say that a manager's list is full; "" where it has room."""
        if not self.is_full(manager):
            return ""
        return self.night.language.text(
            "{manager}'s list is full: {n} of {max}",
            manager=manager,
            n=self.loads[manager],
            max=self.limit(manager),
        )

    def reserve(self, manager: str) -> None:
        """Take a place of a manager's list for a company, whatever its state counts for."""
        self.loads[manager] += 1

    def count(self, changes: Changes) -> None:
        """Count what changes do to the lists; of a cell written twice the later one holds."""
        for index, move in changes.moves.items():
            cells = {name: cell for name, cell in move.sets if name in STANDING}
            self._stand(index, {**self._read(cells), "section": move.target})
        for edit in changes.edits:
            # A repair changes how a cell is written, never what it says.
            if edit.field in STANDING and not edit.repair:
                index = self.night.snapshot.locate(edit.section, edit.row)
                self._stand(index, self._read({edit.field: edit.after}))

    def _read(self, cells: Mapping[str, Cell]) -> dict[str, Any]:
        read = self.night.value_written
        return {name: read(name, cell) for name, cell in cells.items()}

    def _stand(self, index: int, parts: Mapping[str, Any]) -> None:
        before = self.standing(index)
        after = before._replace(**parts)
        self.touched[index] = after
        self._tally(before, -1)
        self._tally(after, 1)

    def _tally(self, standing: RowStanding, places: int) -> None:
        in_list = (
            standing.section == SectionCode.WORKING
            and standing.state in self.counted
        )
        if in_list and pd.notna(standing.manager):
            self.loads[str(standing.manager)] += places
