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
        self.tab = tab
        self._policy = policy
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
        if key.kind != "field":
            return None
        # A column that holds several fields stands under the first of them.
        return self.tab.fields.get(key.name)

    def ensure_field(self, name: str) -> int:
        """Return the column of a field, adding it if need be."""
        return self.ensure(field_key(name), self.free_heading(name))

    def ensure(self, key: ColumnKey, heading: str) -> int:
        """Return the column of a key, adding it at the right under `heading` if it is not there."""
        column = self.find(key)
        if column is not None:
            return column
        # At the right of everything: in between it would shift what people's formulas speak of.
        place = self.width
        name = key.name if key.kind == "field" else None
        self.keys[key] = place
        self.added.append(AddedColumn(place, heading, name))
        self.width += 1
        return place

    def free_heading(self, name: str) -> str:
        """Return the first spelling of a field's heading that no column of the team's bears."""
        taken = {fold(clean(heading)) for heading in self.tab.headings}
        spellings = self._policy.words.columns[name]
        for spelling in spellings:
            if fold(spelling) not in taken:
                return spelling
        return f"{spellings[0]} · sheetsync"

    def heading(self, column: int) -> str:
        """Return the heading of an existing column as it is written."""
        return _heading(self.tab, column)


def _heading(tab: Tab, column: int) -> str:
    return tab.headings[column] if column < len(tab.headings) else ""


def _keys_of(tab: Tab) -> dict[ColumnKey, int]:
    """Name the columns of a tab that are in use: by field, by heading, by place."""
    fields: dict[int, str] = {}
    for name, column in tab.fields.items():
        # Several fields may share a column: the first of them names it.
        fields.setdefault(column, name)
    widest = max(map(len, tab.grid.cells), default=0)
    alike: Counter[str] = Counter()
    keys: dict[ColumnKey, int] = {}
    for column in range(max(widest, len(tab.headings))):
        heading = clean(_heading(tab, column))
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


def correspond(
    source: Columns, target: Columns, used: Iterable[int]
) -> dict[int, int]:
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

    @property
    def target_end(self) -> int:
        """The column of the target after the last one."""
        return self.target + self.end - self.start

    def goes_on_with(self, source: int, target: int) -> bool:
        """Tell whether a column, and where it goes, is the next one of both."""
        return (source, target) == (self.end, self.target_end)


def segments(mapping: Mapping[int, int]) -> list[Segment]:
    """Cut a column mapping into segments, from the left."""
    cut: list[Segment] = []
    for source, target in sorted(mapping.items()):
        if cut and cut[-1].goes_on_with(source, target):
            cut[-1] = cut[-1]._replace(end=source + 1)
        else:
            cut.append(Segment(source, source + 1, target))
    return cut
