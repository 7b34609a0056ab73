"""Which column holds which field: by heading, as words, mapping or memory know it.

Where a tab's heading row is, and what a renamed or a deleted column is taken for. Reading cells is
left to schema.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import ceil
from types import MappingProxyType
from typing import NamedTuple

from sheetsync.method.policy import Policy
from sheetsync.method.vocabulary import vocabulary_of
from sheetsync.values import Cell, clean, fold
from sheetsync.workbook.layout import Seat

HEADING_ROWS = 15
"""How many rows from the top a heading row is looked for in."""
ENOUGH = 3
"""Known headings that make a row the heading row of a tab nobody has seen before."""
ENOUGH_REMEMBERED = 2
"""Remembered headings that make a row the heading row of a tab that was seen before.

As many of which the team has said what they mean do so in any tab.
"""
REPEATED = 0.8
"""The share of a tab's headings that make a row below them the same headings again."""
SEVERAL = ("phone", "email", "person", "state")
"""Fields that may stand in more than one column: phones, parts of a name, an outcome and a stage.

A second column of the same heading is read too.
"""

Seats = Mapping[str, Seat]
"""Field -> where it stood when the last run saw it, and under which heading."""
NO_SEATS: Seats = MappingProxyType({})


class UnreadColumn(NamedTuple):
    """A column that is read as nothing, as its field has another one; `column` is 0-based."""

    field: str
    column: int


@dataclass(frozen=True)
class Headings:
    """A heading row: its 0-based index, the first column of each field, and further ones.

    `doubled`: columns of fields that stand there twice and may not; only the first is read.
    `more`: further columns of fields that may have several. `named`: the headings as they are read.
    """

    row: int
    fields: Mapping[str, int]
    doubled: tuple[UnreadColumn, ...] = ()
    more: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    named: tuple[str, ...] = ()

    def name_of(self, column: int) -> str:
        """Return the heading of a column; "" beyond the last one."""
        return self.named[column] if column < len(self.named) else ""


class RenamedColumn(NamedTuple):
    """A column recognised by what it holds: its field, its heading before, and its heading now."""

    field: str
    before: str
    now: str


class MissingColumn(NamedTuple):
    """A column that the last run read and this one does not find: its field, its heading then."""

    field: str
    before: str


@lru_cache(maxsize=16)
def _fields_by_heading(
    headings: tuple[tuple[str, tuple[str, ...]], ...],
) -> Mapping[str, str]:
    """Return folded heading -> field, of the headings that each field may have."""
    return vocabulary_of(headings).spellings


def _key(heading: str) -> str:
    """Return what a heading is known by, whatever its spelling: one of signs alone, as it is."""
    # Folding leaves nothing of “#” or “%”, and would make one heading of all such.
    return fold(heading) or heading


class Lookup:
    """Knows headings of one tab: the team's own mapping first, then the method's words.

    The method's are known in every language.
    """

    def __init__(self, policy: Policy, title: str = "") -> None:
        languages = (policy.words, *policy.other_words)
        headings = [
            item for words in languages for item in words.columns.items()
        ]
        self._fields = _fields_by_heading(tuple(headings))
        self._mapped: dict[str, tuple[str, ...]] = {}
        # What the team says of this very tab goes before what it says of all.
        for mapped in sorted(
            policy.mapped.columns, key=lambda column: column.tab != ""
        ):
            if mapped.tab in ("", title):
                self._mapped[_key(mapped.heading)] = mapped.fields
        self._ranks = {
            heading: rank for rank, heading in enumerate(self._mapped)
        }
        self.most = max([1, *map(len, self._mapped.values())])
        """How many fields one heading names at most."""

    def allows(self, heading: Cell, name: str) -> bool:
        """Tell whether a column that was known as a field may still be it.

        It may unless the team says now that it is another.
        """
        key = _key(clean(heading))
        return key not in self._mapped or name in self._mapped[key]

    def rank(self, heading: Cell) -> int:
        """Return where a heading comes among those of which the team has said what they mean."""
        unranked = len(self._ranks)
        if not isinstance(heading, str):
            return unranked
        return self._ranks.get(_key(heading), unranked)

    def is_told(self, heading: Cell) -> bool:
        """Tell whether the team has said that a column of this heading is a field."""
        if not isinstance(heading, str):
            return False
        return bool(self._mapped.get(_key(heading)))

    def fields(self, heading: Cell) -> tuple[str, ...]:
        """Return the fields that a column of this heading holds; none where it is of the team."""
        if not isinstance(heading, str) or not heading.strip():
            return ()
        key = _key(heading)
        if key in self._mapped:
            return self._mapped[key]
        if key in self._fields:
            return (self._fields[key],)
        return ()


def heading_cells(rows: Sequence[Sequence[Cell]], row: int) -> list[Cell]:
    """Read a heading row (0-based); where it has nothing, the row above may have it.

    Headings of two rows are known by the upper one having several cells, all of them texts.
    """
    cells = list(rows[row])
    above = rows[row - 1] if row else ()
    upper = [cell for cell in above if cell not in (None, "")]
    # A single cell is the title of the tab.
    several = len(upper) > 1
    if not several or not all(isinstance(cell, str) for cell in upper):
        return cells
    cells += [None] * (len(above) - len(cells))
    for column, cell in enumerate(above):
        if cells[column] in (None, ""):
            cells[column] = cell
    return cells


def headings_in(
    cells: Sequence[Cell], row: int, lookup: Lookup, seats: Seats = NO_SEATS
) -> Headings:
    """Match one row (0-based `row`) against the known headings."""
    # A known column goes before another spelled alike, and what the team says now before both.
    seated = {
        name: column
        for name, column in _seated(cells, seats).items()
        if lookup.allows(cells[column], name)
    }
    fields = dict(seated)
    more = dict[str, tuple[int, ...]]()
    doubled = list[UnreadColumn]()
    for column, cell in enumerate(cells):
        for name in lookup.fields(cell):
            if seated.get(name) == column:
                continue
            if name not in fields:
                fields[name] = column
            elif name in SEVERAL:
                more[name] = (*more.get(name, ()), column)
            else:
                doubled.append(UnreadColumn(name, column))
    if "state" in more and "state" not in seated:
        # Of an outcome and a stage the one that the team names first is read first, and written.
        places = sorted(
            (fields["state"], *more["state"]),
            key=lambda column: lookup.rank(cells[column]),
        )
        fields["state"], *others = places
        more["state"] = tuple(others)
    # A heading may name several fields, each with a column: what is read for one of them is read.
    unread = [each for each in doubled if each.column not in fields.values()]
    return Headings(row, fields, tuple(unread), more)


def _seated(cells: Sequence[Cell], seats: Seats) -> dict[str, int]:
    """Return the columns that still bear the heading they were known by, the nearest of each."""
    columns: dict[str, int] = {}
    for name, seat in seats.items():
        same = _columns_headed(cells, seat.heading)
        if same:
            columns[name] = _nearest(same, seat.column)
    return columns


def _columns_headed(cells: Sequence[Cell], heading: str) -> list[int]:
    return [
        column
        for column, cell in enumerate(cells)
        if cell is not None and clean(cell) == heading
    ]


def _nearest(columns: Iterable[int], place: int) -> int:
    """Return the column nearest to a place; of two as near, the one at the right."""
    # A column that is put in at the left moves the known one to the right.
    return min(columns, key=lambda column: (abs(column - place), -column))


def find_headings(
    rows: Sequence[Sequence[Cell]], lookup: Lookup, seats: Seats = NO_SEATS
) -> Headings | None:
    """Find the heading row: of the first rows that with most known headings, at least three.

    In a tab whose headings are remembered, two of those are enough.
    """
    best: Headings | None = None
    for row in range(len(rows[:HEADING_ROWS])):
        cells = heading_cells(rows, row)
        headings = headings_in(cells, row, lookup, seats)
        mapped = len(set(map(clean, filter(lookup.is_told, cells))))
        if not _is_heading_row(headings, cells, seats, mapped):
            continue
        # Headings that stand again further down name as many fields, and are not the first.
        if best is None or len(headings.fields) > len(best.fields):
            best = replace(headings, named=tuple(map(clean, cells)))
    return best


def _is_heading_row(
    headings: Headings, cells: Sequence[Cell], seats: Seats, mapped: int
) -> bool:
    if len(headings.fields) >= ENOUGH or mapped >= ENOUGH_REMEMBERED:
        return True
    if not seats:
        return False
    # A tab may have had fewer columns than that.
    return len(_seated(cells, seats)) >= min(ENOUGH_REMEMBERED, len(seats))


def repeated_headings(
    rows: Sequence[Sequence[Cell]], headings: Headings, lookup: Lookup
) -> tuple[int, ...]:
    """Return the 0-based rows below that hold the same headings again.

    Lists have these that were made to be printed.
    """
    width = max(headings.fields.values()) + 1
    fewest = _fewest_texts(headings, width, lookup)
    repeated = []
    for row in range(headings.row + 1, len(rows)):
        cells = rows[row][:width]
        if _has_headings(cells, headings, lookup, fewest) and _is_repeated(
            cells, headings, lookup
        ):
            repeated.append(row)
    return tuple(repeated)


def _fewest_texts(headings: Headings, width: int, lookup: Lookup) -> int:
    """Return how many of a row's texts are headings at least where it holds the headings again."""
    wanted = ceil(len(headings.fields) * REPEATED)
    numbers = sum(map(_may_be_number, headings.named[:width]))
    known = ceil(ENOUGH / lookup.most)
    return max(known, min(ceil(wanted / lookup.most), wanted - numbers))


def _may_be_number(heading: str) -> bool:
    """Tell whether a cell that is no text may read as this heading."""
    try:
        float(heading)
    except ValueError:
        return heading in ("TRUE", "FALSE")
    return True


def _has_headings(
    cells: Sequence[Cell], headings: Headings, lookup: Lookup, fewest: int
) -> bool:
    """Tell whether so many of a row's texts are headings; of most rows few cells are looked at."""
    texts = [place for place in enumerate(cells) if isinstance(place[1], str)]
    spare = len(texts) - fewest
    for column, cell in texts:
        if spare < 0:
            return False
        if not lookup.fields(cell) and clean(cell) != headings.name_of(column):
            spare -= 1
    return spare >= 0


def _is_repeated(
    cells: Sequence[Cell], headings: Headings, lookup: Lookup
) -> bool:
    if not any(isinstance(cell, str) for cell in cells):
        return False
    known = len(headings_in(cells, 0, lookup).fields)
    if known < ENOUGH:
        return False
    same = sum(
        clean(cell) == headings.name_of(column)
        for column, cell in enumerate(cells)
        if cell not in (None, "")
    )
    return max(known, same) >= len(headings.fields) * REPEATED
