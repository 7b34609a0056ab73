"""How a DeveloperMetadataLookup finds entries.

By id, key, value, visibility, and by where they hang.

Which calls take lookups is left to filters.py and metadata.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sheetsync.emulator.errors import bad
from sheetsync.emulator.model.rects import OPEN, Rect

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Json

_WORDS = ("metadataId", "metadataKey", "metadataValue", "visibility")


class Spot(NamedTuple):
    """Where an entry hangs: SPREADSHEET, SHEET, ROW or COLUMN; the tab; the cells it stands for."""

    kind: str
    sheet_id: int
    rect: Rect

    def meets(self, other: Spot) -> bool:
        """Whether the two share cells. The spreadsheet as a whole shares none with its parts."""
        if "SPREADSHEET" in (self.kind, other.kind):
            return self.kind == other.kind
        return (
            self.sheet_id == other.sheet_id
            and self.rect.meets(other.rect) is not None
        )


def spot(location: Json) -> Spot:
    """Give the place of a DeveloperMetadataLocation."""
    line = location.get("dimensionRange")
    if line is not None:
        start, end = line.get("startIndex", 0), line.get("endIndex", OPEN)
        rows = line.get("dimension", "ROWS") == "ROWS"
        rect = Rect(start, end, 0, OPEN) if rows else Rect(0, OPEN, start, end)
        return Spot("ROW" if rows else "COLUMN", line.get("sheetId", 0), rect)
    if "sheetId" in location:
        return Spot("SHEET", location["sheetId"], Rect())
    return Spot("SPREADSHEET", 0, Rect())


def matches(entry: Json, lookup: Json) -> bool:
    """Whether a metadata entry is among what a DeveloperMetadataLookup asks for.

    ApiError 400 for contradictions.
    """
    _check(lookup)
    if any(
        name in lookup and lookup[name] != entry.get(name) for name in _WORDS
    ):
        return False
    own, kind = spot(entry.get("location", {})), lookup.get("locationType")
    if kind is not None and own.kind != kind:
        return False
    location = lookup.get("metadataLocation")
    if location is None:
        return True
    wanted = spot(location)
    return (
        own == wanted
        if lookup.get("locationMatchingStrategy") == "EXACT_LOCATION"
        else own.meets(wanted)
    )


def _check(lookup: Json) -> None:
    strategy, kind = (
        lookup.get("locationMatchingStrategy"),
        lookup.get("locationType"),
    )
    location = lookup.get("metadataLocation")
    if strategy is not None and location is None:
        raise bad(
            "developerMetadataLookup.metadataLocation must be specified with a "
            "locationMatchingStrategy"
        )
    if kind is not None and strategy == "EXACT_LOCATION":
        raise bad(
            "developerMetadataLookup.locationType must not be specified with EXACT_LOCATION"
        )
    other = location is not None and spot(location).kind != "SPREADSHEET"
    if kind == "SPREADSHEET" and (strategy == "INTERSECTING_LOCATION" or other):
        raise bad(
            "developerMetadataLookup.locationType must not be SPREADSHEET with that location"
        )
