"""Where each column of a tab stands, which are to be added, and which answer those of another tab.

Columns correspond by field, then by heading; added ones go to the right of everything that is
there.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sheetsync.method.policy import Policy
from sheetsync.values import clean, fold
from sheetsync.workbook.snapshot import Tab


class ColumnKey(NamedTuple):
    """A column's name across tabs.

    (`field`, its name, 0), (`own`, its folded heading, which of that heading), (`blank`, "", its
    place).
    """

    kind: str
    name: str
    number: int


def field_key(name: str) -> ColumnKey:
    """Return the key of a field's column."""
    return ColumnKey("field", name, 0)


class AddedColumn(NamedTuple):
    """A column to add: its 0-based place, its heading, and its field where the method knows it."""

    place: int
    heading: str
    field: str | None


class Columns:
    """The columns of one tab, as they are and as they will be once the added ones are there."""

    def __init__(self, tab: Tab, policy: Policy) -> None:
        self.tab, self._policy = tab, policy
        self.keys = _keys_of(tab)
        self.width = len(self.keys)
        self.added: list[AddedColumn] = []

    def field(self, name: str) -> int:
        """Return the column of a field that the tab has, or that was added.

        Raises KeyError for any other: asking adds nothing.
        """
        column = self.find(field_key(name))
        if column is None:
            raise KeyError(name)
        return column

    def find(self, key: ColumnKey) -> int | None:
        """Return the column of a key, None where there is none."""
        if key in self.keys:
            return self.keys[key]
        # A column that holds several fields stands under the first of them.
        return self.tab.fields.get(key.name) if key.kind == "field" else None

    def ensure_field(self, name: str) -> int:
        """Return the column of a field, adding it if need be."""
        return self.ensure(field_key(name), self.free_heading(name))

    def ensure(self, key: ColumnKey, heading: str) -> int:
        """Return the column of a key, adding it at the right under `heading` if it is not there."""
        column = self.find(key)
        if column is not None:
            return column
        place = self.width
        self.keys[key] = place
        self.added.append(AddedColumn(place, heading, key.name if key.kind == "field" else None))
        self.width += 1
        return place

    def free_heading(self, name: str) -> str:
        """Return the first spelling of a field's heading that no column of the team's bears."""
        taken = {fold(clean(heading)) for heading in self.tab.headings}
        spellings = self._policy.words.columns[name]
        marked = f"{spellings[0]} · sheetsync"
        return next((word for word in (*spellings, marked) if fold(word) not in taken), marked)

    def heading(self, column: int) -> str:
        """Return the heading of an existing column as it is written."""
        return self.tab.headings[column] if column < len(self.tab.headings) else ""


def _keys_of(tab: Tab) -> dict[ColumnKey, int]:
    """Name the columns of a tab that are in use: by field, by heading, by place."""
    width = max((len(row) for row in tab.grid.cells), default=0)
    # Of the fields that share a column, the first names it.
    fields = {column: name for name, column in reversed([*tab.fields.items()])}
    alike: Counter[str] = Counter()
    keys: dict[ColumnKey, int] = {}
    for column in range(max(width, len(tab.headings))):
        heading = clean(tab.headings[column]) if column < len(tab.headings) else ""
        if column in fields:
            key = field_key(fields[column])
        elif not heading:
            key = ColumnKey("blank", "", column)
        else:
            folded = fold(heading) or heading
            alike[folded] += 1
            key = ColumnKey("own", folded, alike[folded])
        keys[key] = column
    return keys


def correspond(source: Columns, target: Columns, used: Iterable[int]) -> dict[int, int]:
    """Map the source's columns to the target's, adding to it those in `used` that it lacks."""
    wanted = set(used)
    mapping: dict[int, int] = {}
    for key, column in list(source.keys.items()):
        if column not in wanted and key not in target.keys:
            continue
        heading = source.heading(column)
        place = target.ensure(key, heading)
        # Where the target keeps two of them in one cell, the second comes beside, under its own
        # heading.
        number = 1
        while place in mapping.values():
            own_key = ColumnKey("own", fold(heading) or heading, number)
            place = target.ensure(own_key, heading)
            number += 1
        mapping[column] = place
    return mapping


class Segment(NamedTuple):
    """Neighbouring columns that stay so: [start, end) of the source go to `target` and on."""

    start: int
    end: int
    target: int


def segments(mapping: Mapping[int, int]) -> list[Segment]:
    """Cut a column mapping into segments, from the left."""
    cut: list[Segment] = []
    for source, target in sorted(mapping.items()):
        last = cut[-1] if cut else None
        if last and last.end == source and last.target + (source - last.start) == target:
            cut[-1] = last._replace(end=source + 1)
        else:
            cut.append(Segment(source, source + 1, target))
    return cut
