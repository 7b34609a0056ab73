"""Whose working list has room, kept up to date row by row as changes are merged or tried.

Which rows come is told by the rooms that ask (METHOD point 7).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import pandas as pd

from sheetsync.method.codes import SectionCode, StateCode
from sheetsync.method.policy import Policy
from sheetsync.rules.deadlines.sale_proofs import unproved_clients
from sheetsync.rules.draft.changes import Changes
from sheetsync.rules.draft.night import Night
from sheetsync.values import Cell


def load(base: pd.DataFrame, policy: Policy) -> Counter[str]:
    """Count each manager's companies in the working list that count to the cap (METHOD point 7)."""
    names = _counting(base, "manager")[in_load(base, policy)]
    return Counter(str(name) for name in names.dropna())


def _counting(base: pd.DataFrame, field_name: str) -> "pd.Series[Any]":
    """Return what counts in a field: what stands there, or could last be read."""
    own = base[field_name].astype(object)
    return own.where(own.notna(), base[f"last_{field_name}"])


def in_load(base: pd.DataFrame, policy: Policy) -> "pd.Series[bool]":
    """Mark the rows that count to the cap, by the state and the manager that could last be read.

    Who stands among clients without a payment counts until that is settled, and so does whatever
    is called a client in the working list.
    """
    in_list = base["section"] == SectionCode.WORKING
    states = _counting(base, "state")
    counts = states.isin(policy.states_where("counts_to_cap"))
    unproved = (states == StateCode.CLIENT) & base["proof"].isna()
    return (in_list & (counts | unproved)) | unproved_clients(base)


class RowStanding(NamedTuple):
    """What tells whether a row takes a place in a list, and in whose: codes, a name.

    `proved`: whether the company is known to have paid.
    """

    section: str
    state: str | None
    manager: str | None
    proved: bool = False


STANDING = ("section", "state", "manager")
"""What changes of a plan write of it."""


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
        base = night.base
        columns = {
            "section": base["section"].tolist(),
            "state": _counting(base, "state").tolist(),
            "manager": _counting(base, "manager").tolist(),
            "proved": base["proof"].notna().tolist(),
        }
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
        names = RowStanding._fields
        return RowStanding(*(self.columns[name][index] for name in names))

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
        if self._takes_place(standing) and pd.notna(standing.manager):
            self.loads[str(standing.manager)] += places

    def _takes_place(self, standing: RowStanding) -> bool:
        """Tell whether a row counts to the cap (`in_load`)."""
        if standing.section == SectionCode.CLIENTS:
            return not standing.proved
        if standing.section != SectionCode.WORKING:
            return False
        is_unproved = standing.state == StateCode.CLIENT and not standing.proved
        return standing.state in self.counted or is_unproved
