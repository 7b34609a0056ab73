"""Which column holds which field: by heading, as the policy's words and the team's own mapping know it, and by memory.

Where a tab's heading row is, and what a renamed or a deleted column is taken for. Reading cells is left to schema.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import NamedTuple

from sheetsync.layout import Seat
from sheetsync.policy import Policy
from sheetsync.schema import vocabulary
from sheetsync.values import Cell, clean, fold

HEADING_ROWS = 15
"""How many rows from the top a heading row is looked for in."""
ENOUGH = 3
"""Known headings that make a row the heading row of a tab nobody has seen before."""
SEVERAL = ("phone", "email")
"""Fields of which a client has more than one: a second column of the same heading is read too."""


@dataclass(frozen=True)
class Headings:
    """A heading row: its 0-based index, the first column of each field, and further ones where a field has several.

    `doubled`: fields that stand there twice and may not; only the first is read.
    """

    at: int
    fields: Mapping[str, int]
    doubled: tuple[str, ...] = ()
    more: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@lru_cache(maxsize=16)
def _words(policy_words: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[str, str]:
    """Return folded heading -> field."""
    return vocabulary(policy_words).spellings


class Lookup:
    """Knows headings of one tab: first the team's own mapping, then the words of the method in every language."""

    def __init__(self, policy: Policy, title: str = "") -> None:
        spoken = (policy.words, *policy.other_words)
        self._words = _words(tuple((name, words) for one in spoken for name, words in one.columns.items()))
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


def headings_in(cells: Sequence[Cell], at: int, lookup: Lookup, seats: Mapping[str, Seat] | None = None) -> Headings:
    """Match one row (0-based `at`) against the known headings. `seats`: where fields stood under which heading.

    A column that still bears the heading it was known by goes before another one that is spelled alike.
    """
    fields, more, doubled = dict[str, int](), dict[str, tuple[int, ...]](), list[str]()
    known = {name: at for name, at in _seated(cells, seats or {}).items() if lookup.allows(cells[at], name)}
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
        places = [at for at, cell in enumerate(cells) if cell is not None and clean(cell) == seat.heading]
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

    In a tab whose headings are remembered one is enough.
    """
    best: Headings | None = None
    for at, cells in enumerate(rows[:HEADING_ROWS]):
        found = headings_in(cells, at, lookup, seats)
        if len(found.fields) >= (1 if seats else ENOUGH) and (best is None or len(found.fields) > len(best.fields)):
            best = found
    return best


def repeated_heading(rows: Sequence[Sequence[Cell]], headings: Headings, lookup: Lookup) -> int | None:
    """Return the 0-based index of a second row that holds the same headings, if there is one."""
    width = max(headings.fields.values()) + 1
    for index, cells in enumerate(rows):
        if index == headings.at or not any(isinstance(cell, str) for cell in cells[:width]):
            continue
        again = headings_in(cells[:width], index, lookup).fields
        if len(again) >= ENOUGH and len(again) >= len(headings.fields) * 0.8:
            return index
    return None


class Renamed(NamedTuple):
    """A column that is recognised by what it holds: its field, the heading it was known by, and its heading now."""

    field: str
    before: str
    now: str


class Missing(NamedTuple):
    """A column that the last run read and this one does not find: its field, and the heading it was known by."""

    field: str
    before: str
