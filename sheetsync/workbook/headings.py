"""Which column holds which field: by heading, as the policy's words and the team's own mapping know it, and by memory.

Where a tab's heading row is, and what a renamed or a deleted column is taken for. Reading cells is left to schema.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import NamedTuple

from sheetsync.method.policy import Policy
from sheetsync.method.vocabulary import vocabulary_of
from sheetsync.values import Cell, clean, fold
from sheetsync.workbook.layout import Seat

HEADING_ROWS = 15
"""How many rows from the top a heading row is looked for in."""
ENOUGH = 3
"""Known headings that make a row the heading row of a tab nobody has seen before."""
SEVERAL = ("phone", "email")
"""Fields of which a client has more than one: a second column of the same heading is read too."""


@dataclass(frozen=True)
class Headings:
    """A heading row: its 0-based index, the first column of each field, and further ones where a field has several.

    `doubled`: fields that stand there twice and may not; only the first is read. `named`: the headings as they are read.
    """

    at: int
    fields: Mapping[str, int]
    doubled: tuple[str, ...] = ()
    more: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    named: tuple[str, ...] = ()


@lru_cache(maxsize=16)
def _words(policy_words: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[str, str]:
    """Return folded heading -> field."""
    return vocabulary_of(policy_words).spellings


class Lookup:
    """Knows headings of one tab: first the team's own mapping, then the words of the method in every language."""

    def __init__(self, policy: Policy, title: str = "") -> None:
        spoken = (policy.words, *policy.other_words)
        self._words = _words(
            tuple((name, words) for one in spoken for name, words in one.columns.items())
        )
        self._own: dict[str, tuple[str, ...]] = {}
        for mapped in sorted(policy.mapped.columns, key=lambda column: column.tab != ""):
            if mapped.tab in ("", title):
                self._own[fold(mapped.heading) or mapped.heading] = mapped.fields

    def allows(self, heading: Cell, name: str) -> bool:
        """Tell whether a column that was known as a field may still be it: unless the team says now that it is another."""
        key = fold(clean(heading)) or clean(heading)
        return key not in self._own or name in self._own[key]

    def fields(self, heading: Cell) -> tuple[str, ...]:
        """Return the fields that a column of this heading holds; none where it is the team's own."""
        if not isinstance(heading, str) or not heading.strip():
            return ()
        key = fold(heading) or heading
        if key in self._own:
            return self._own[key]
        known = self._words.get(key)
        return () if known is None else (known,)


def named(rows: Sequence[Sequence[Cell]], at: int) -> list[Cell]:
    """Read a heading row; where it has nothing, the row above may have it, as in headings of two rows."""
    row, over = [*rows[at]], rows[at - 1] if at else ()
    said = [cell for cell in over if cell not in (None, "")]
    if len(said) < 2 or not all(isinstance(cell, str) for cell in said):  # noqa: PLR2004  # one cell is a title
        return row
    row += [None] * (len(over) - len(row))
    return [
        over[at] if cell in (None, "") and at < len(over) else cell for at, cell in enumerate(row)
    ]


def headings_in(
    cells: Sequence[Cell], at: int, lookup: Lookup, seats: Mapping[str, Seat] | None = None
) -> Headings:
    """Match one row (0-based `at`) against the known headings. `seats`: where fields stood under which heading.

    A column that still bears the heading it was known by goes before another one that is spelled alike.
    """
    fields, more, doubled = dict[str, int](), dict[str, tuple[int, ...]](), list[str]()
    known = {
        name: at
        for name, at in _seated(cells, seats or {}).items()
        if lookup.allows(cells[at], name)
    }
    fields.update(known)
    for column, cell in enumerate(cells):
        for name in lookup.fields(cell):
            if known.get(name) == column:
                continue
            if name not in fields:
                fields[name] = column
            elif name in SEVERAL:
                more[name] = (*more.get(name, ()), column)
            else:
                doubled.append(name)
    return Headings(at, fields, tuple(doubled), more)


def _seated(cells: Sequence[Cell], seats: Mapping[str, Seat]) -> dict[str, int]:
    """Return the columns that still bear the heading they were known by; the one nearest to its last place."""
    found: dict[str, int] = {}
    for name, seat in seats.items():
        places = [
            at for at, cell in enumerate(cells) if cell is not None and clean(cell) == seat.heading
        ]
        if places:
            found[name] = min(places, key=partial(_far, seat.at))
    return found


def _far(seat: int, at: int) -> tuple[int, int]:
    """Return how far a column is from its last place; of two as near, the one at the right is nearer."""
    return abs(at - seat), -at


def find_headings(
    rows: Sequence[Sequence[Cell]], lookup: Lookup, seats: Mapping[str, Seat] | None = None
) -> Headings | None:
    """Find the heading row: the one among the first rows with most known headings, and at least three.

    In a tab whose headings are remembered, two of those are enough.
    """
    best: Headings | None = None
    for at in range(len(rows[:HEADING_ROWS])):
        cells = named(rows, at)
        found = replace(
            headings_in(cells, at, lookup, seats), named=tuple(clean(cell) for cell in cells)
        )
        known = len(_seated(cells, seats or {}))
        if (len(found.fields) >= ENOUGH or (seats and known >= min(2, len(seats)))) and (
            best is None or len(found.fields) > len(best.fields)
        ):
            best = found
    return best


def repeated_headings(
    rows: Sequence[Sequence[Cell]], headings: Headings, lookup: Lookup
) -> tuple[int, ...]:
    """Return the 0-based rows below that hold the same headings again, as lists do that were made to be printed."""
    again: list[int] = []
    width = max(headings.fields.values()) + 1
    for index, cells in enumerate(rows):
        if index <= headings.at or not any(isinstance(cell, str) for cell in cells[:width]):
            continue
        found = headings_in(cells[:width], index, lookup).fields
        same = sum(
            clean(cell) == headings.named[at]
            for at, cell in enumerate(cells[:width])
            if cell not in (None, "")
        )
        if len(found) >= ENOUGH and max(len(found), same) >= len(headings.fields) * 0.8:
            again.append(index)
    return tuple(again)


class Renamed(NamedTuple):
    """A column that is recognised by what it holds: its field, the heading it was known by, and its heading now."""

    field: str
    before: str
    now: str


class Missing(NamedTuple):
    """A column that the last run read and this one does not find: its field, and the heading it was known by."""

    field: str
    before: str
