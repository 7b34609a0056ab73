"""What lies on a book's cells by ranges of its own: named ranges, rules, filters, charts, groups.

Each is kept as the API has it. What becomes of the ranges is range_notes.py's.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

GridRange = Mapping[str, int]


class NoteKind(StrEnum):
    """What a note is about, by its code."""

    FORMULA = "formula"
    NAME = "name"
    FORMAT = "format"
    FILTER = "filter"
    VIEW = "view"
    BANDING = "banding"
    CHART = "chart"
    PROTECTION = "protection"
    GROUP = "group"
    EMPTIED = "emptied"


class RangeOwner(NamedTuple):
    """What lies on a book's cells by ranges of its own, as the API has it.

    `sheet_id`: the tab that it belongs to, -1 for what belongs to the book; `key`: its id, or its
    place in a list; `body`: all of it, with its ranges anywhere in it.
    """

    kind: NoteKind
    sheet_id: int
    key: str
    body: Mapping[str, Any]

    @property
    def likeness(self) -> str:
        """What tells it from others, whatever its ranges are."""
        text = json.dumps(with_ranges(self.body, ()), sort_keys=True)
        return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def is_range(node: Any) -> bool:
    """Tell whether a part of a body is a GridRange."""
    return isinstance(node, Mapping) and bool(node) and node.keys() <= _SIDES


_SIDES = {
    "sheetId",
    "startRowIndex",
    "endRowIndex",
    "startColumnIndex",
    "endColumnIndex",
}


def ranges_in(node: Any) -> Iterator[GridRange]:
    """Go through the ranges in a body, in the order of their names and places."""
    if is_range(node):
        yield node
    elif isinstance(node, Mapping):
        for name in sorted(node):
            yield from ranges_in(node[name])
    elif isinstance(node, list | tuple):
        for item in node:
            yield from ranges_in(item)


def with_ranges(node: Any, ranges: Sequence[GridRange]) -> Any:
    """Return a body with other ranges in the places of its own; nothing where there are fewer."""
    return _replaced(node, iter(ranges))


def _replaced(node: Any, ranges: Iterator[GridRange]) -> Any:
    if is_range(node):
        return next(ranges, None)
    if isinstance(node, Mapping):
        return {name: _replaced(node[name], ranges) for name in sorted(node)}
    if isinstance(node, list | tuple):
        return [_replaced(item, ranges) for item in node]
    return node
