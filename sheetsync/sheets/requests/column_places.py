"""Where each column of a tab stands, which are to be added, and how the columns of two tabs correspond.

Columns correspond by field, then by heading; added ones go to the right of everything that is there.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from openpyxl.utils import get_column_letter

from sheetsync.method.policy import Policy
from sheetsync.values import clean, fold
from sheetsync.workbook.snapshot import Tab


def letter(at: int) -> str:
    """Return a 0-based column as people see it: `A`, `AB`."""
    return str(get_column_letter(at + 1))


Key = tuple[str, str, int]
"""A column's name across tabs: (`field`, name, 0), (`own`, folded heading, which of that name), (`blank`, "", column)."""


class Added(NamedTuple):
    """A column to add: its 0-based place, its heading, and its field where the method knows it."""

    at: int
    heading: str
    field: str | None


class Columns:
    """The columns of one tab, as they are and as they will be once the added ones are there."""

    def __init__(self, tab: Tab, policy: Policy) -> None:
        self.tab, self._policy = tab, policy
        self.keys: dict[Key, int] = {}
        self._sharing = dict(tab.fields)
        self.added: list[Added] = []
        width = max((len(row) for row in tab.grid.cells), default=0)
        fields = {at: name for name, at in reversed([*tab.fields.items()])}
        seen: Counter[str] = Counter()
        for at in range(max(width, len(tab.headings))):
            heading = clean(tab.headings[at]) if at < len(tab.headings) else ""
            self.keys[self._key(at, heading, fields, seen)] = at
        self.width = len(self.keys)

    @staticmethod
    def _key(at: int, heading: str, fields: Mapping[int, str], seen: "Counter[str]") -> Key:
        if at in fields:
            return "field", fields[at], 0
        if not heading:
            return "blank", "", at
        folded = fold(heading) or heading
        seen[folded] += 1
        return "own", folded, seen[folded]

    def place(self, key: Key, heading: str) -> int:
        """Return the column of `key`, adding it at the right under `heading` if it is not there yet."""
        if key not in self.keys and key[0] == "field" and key[1] in self._sharing:
            return self._sharing[
                key[1]
            ]  # a column that holds several fields stands under the first of them
        if key not in self.keys:
            self.keys[key] = self.width
            self.added.append(Added(self.width, heading, key[1] if key[0] == "field" else None))
            self.width += 1
        return self.keys[key]

    def field(self, name: str) -> int:
        """Return the column of a field, adding it if need be."""
        return self.place(("field", name, 0), self.free_heading(name))

    def free_heading(self, name: str) -> str:
        """Return the first spelling of a field's heading that no column of the team's bears."""
        taken = {fold(clean(heading)) for heading in self.tab.headings}
        spellings = self._policy.words.columns[name]
        marked = f"{spellings[0]} · sheetsync"
        return next((word for word in (*spellings, marked) if fold(word) not in taken), marked)

    def heading(self, at: int) -> str:
        """Return the heading of an existing column as it is written."""
        return self.tab.headings[at] if at < len(self.tab.headings) else ""


def correspond(source: Columns, target: Columns, used: Iterable[int]) -> dict[int, int]:
    """Map the source's columns to the target's; those in `used` that the target lacks are added there."""
    wanted, found = set(used), dict[int, int]()
    for key, at in list(source.keys.items()):
        if at in wanted or key in target.keys:
            place = target.place(key, source.heading(at))
            # Where the target keeps two of them in one cell, the second comes beside, under its own heading.
            number = 1
            while place in found.values():
                heading = source.heading(at)
                place = target.place(("own", fold(heading) or heading, number), heading)
                number += 1
            found[at] = place
    return found


def segments(mapping: Mapping[int, int]) -> list[tuple[int, int, int]]:
    """Cut a column mapping into runs that keep their distance: (source start, source end, target start)."""
    cut: list[tuple[int, int, int]] = []
    for source, target in sorted(mapping.items()):
        if cut and cut[-1][1] == source and cut[-1][2] + (source - cut[-1][0]) == target:
            cut[-1] = (cut[-1][0], source + 1, cut[-1][2])
        else:
            cut.append((source, source + 1, target))
    return cut
