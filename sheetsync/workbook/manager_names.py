"""The managers whom rows name: one spelling for each, and what is no name of a known one.

A name that the Settings tab does not know is a cell that cannot be read, until so many rows bear it
that it is no slip; of several names in one cell the first counts.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from sheetsync.method.policy import Policy
from sheetsync.schema import Faulty
from sheetsync.values import CellFault, Vocabulary, fold, suggest
from sheetsync.workbook.snapshot import Tab

_BETWEEN = re.compile(r"\s*[,;/&+|\n]\s*|\s+(?:и|and)\s+")
"""What stands between the names of several people."""
_LIKENESS, _LONGEST_ENDING = 85, 2
"""Likeness, in per cent, of a mistyped name; letters by which two real names may differ."""


@dataclass(frozen=True)
class NameReading:
    """What a cell of the managers' column means: the manager, None for nobody who is known."""

    manager: str | None
    fault: CellFault | None = None


def with_managers_named(
    tabs: Sequence[Tab], policy: Policy, state: pd.DataFrame
) -> tuple[Tab, ...]:
    """Give every manager one spelling, and name the cells that name none.

    `state`: what the last run saw; of a cell that cannot be read its manager goes on counting.
    """
    before = {_key(str(name)) for name in state["manager"].dropna().unique()}
    names = _Names(policy, _counts(tabs), frozenset(before))
    return tuple(_named(tab, names, state) for tab in tabs)


def _counts(tabs: Iterable[Tab]) -> Counter[str]:
    counts = Counter[str]()
    for tab in tabs:
        counts.update(map(str, tab.frame["manager"].dropna()))
    return counts


@dataclass(frozen=True)
class _Names:
    """The names of one base. `counts`: how many rows bear each, as it is written.

    `before`: folded names of the managers of the last run.
    """

    policy: Policy
    counts: Counter[str]
    before: frozenset[str]

    @cached_property
    def spellings(self) -> Mapping[str, str]:
        """Folded spelling -> the name that is used: the team's own, or the commonest."""
        names = dict(self.policy.managers)
        # By name where two are as common, so that every night spells a manager alike.
        for name in sorted(
            self.counts, key=lambda name: (-self.counts[name], name)
        ):
            names.setdefault(_key(name), name)
        return names

    @cached_property
    def readings(self) -> Mapping[str, NameReading]:
        """What each cell means, as it is written."""
        return {cell: self._reading(cell) for cell in self.counts}

    @cached_property
    def _rows(self) -> Counter[str]:
        """How many rows bear each name, whatever its spelling."""
        rows = Counter[str]()
        for cell, count in self.counts.items():
            rows[_key(cell)] += count
        return rows

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        known = self.policy.managers
        return Vocabulary(known, {name: name for name in known.values()})

    def _reading(self, cell: str) -> NameReading:
        known = self.policy.managers
        key = _key(cell)
        # Where the team has no list, whoever stands in the base is a manager; and so is whoever was
        # one at the last run, as somebody new to whom companies were handed over.
        if not known or key in known or key in self.before:
            return NameReading(self.spellings[key])
        parts = [part for part in _BETWEEN.split(cell) if part]
        if len(parts) > 1 and fold(parts[0]) in known:
            manager = known[fold(parts[0])]
            return NameReading(manager, CellFault("several_managers", manager))
        named = [known[fold(part)] for part in parts if fold(part) in known]
        nearest = named[0] if named else suggest(cell, self._vocabulary)
        is_single = len(parts) == 1 and not self._is_slip(cell)
        if is_single and self._rows[key] >= self.policy.new_manager_rows:
            return NameReading(self.spellings[key])
        return NameReading(None, CellFault("unknown_manager", nearest))

    def spelling_of(self, name: str) -> str:
        """Return how a manager of the last run is spelt now."""
        return self.spellings.get(_key(name), name)

    def _is_slip(self, cell: str) -> bool:
        """Tell whether a name is a known one with a letter mistyped; another ending is no slip."""
        # Loaded here, as it is needed only where a name is not known.
        from rapidfuzz import fuzz  # noqa: PLC0415

        key = fold(cell)
        for known in self.policy.managers:
            shorter, longer = sorted((key, known), key=len)
            is_ending = (
                longer.startswith(shorter)
                and len(longer) - len(shorter) <= _LONGEST_ENDING
            )
            if not is_ending and fuzz.ratio(key, known) >= _LIKENESS:
                return True
        return False


def _key(name: str) -> str:
    return fold(name) or name


def _named(tab: Tab, names: _Names, state: pd.DataFrame) -> Tab:
    read = names.readings
    cells = tab.frame["manager"]

    def meant(cell: str) -> str | None:
        return read[cell].manager

    managers = cells.map(meant, na_action="ignore").astype(object)
    faulty: list[Faulty] = []
    unread: list[int] = []
    at_fault = {cell for cell, reading in read.items() if reading.fault}
    for index in cells.index[cells.isin(at_fault)]:
        reading = read[str(cells[index])]
        if reading.fault is not None:
            row = int(tab.frame.at[index, "row"])
            faulty.append(
                Faulty(row, "manager", str(cells[index]), reading.fault)
            )
        if reading.manager is None:
            unread.append(index)
    for index in unread:
        managers[index] = _remembered(tab.frame.at[index, "id"], names, state)
    return replace(
        tab,
        frame=tab.frame.assign(manager=managers),
        faulty=(*tab.faulty, *faulty),
    )


def _remembered(row_id: Any, names: _Names, state: pd.DataFrame) -> str | None:
    """Return the manager that the last run knew a row by, None where it knew none."""
    if pd.isna(row_id) or row_id not in state.index:
        return None
    before = state.at[row_id, "manager"]
    if pd.isna(before):
        return None
    return names.spelling_of(str(before))
