"""The developerMetadata calls, get and search, and what data filters find among the entries.

Requests that create, change and delete entries are in kinds/protection_metadata_names.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetsync.emulator.api.answers import metadata_json
from sheetsync.emulator.api.locations import grid_range
from sheetsync.emulator.api.lookups import Spot, matches, spot
from sheetsync.emulator.errors import ApiError, bad, violations
from sheetsync.emulator.model import a1

if TYPE_CHECKING:
    from sheetsync.emulator.api.calls import Call
    from sheetsync.emulator.model.grid import Book, Json

_FILTERS = ("a1Range", "developerMetadataLookup", "gridRange")
_INT32 = 2**31


def found(book: Book, data_filter: Json) -> list[Json]:
    """Give the entries that a DataFilter selects.

    By its lookup, or those that hang on cells of its range.
    """
    given = [name for name in _FILTERS if name in data_filter]
    if len(given) != 1:
        raise bad(
            "A data filter must name exactly one of a1Range, gridRange, developerMetadataLookup"
        )
    if given[0] == "developerMetadataLookup":
        return [
            entry
            for entry in book.metadata
            if matches(entry, data_filter["developerMetadataLookup"])
        ]
    if given[0] == "a1Range":
        sheet, rect = a1.read(data_filter["a1Range"], book)
    else:
        sheet, rect = grid_range(
            book, data_filter["gridRange"], "dataFilter.gridRange"
        )
    area = Spot("SHEET", sheet.id, rect)
    return [
        entry
        for entry in book.metadata
        if spot(entry.get("location", {})).meets(area)
    ]


def search(call: Call) -> Json:
    """spreadsheets.developerMetadata.search: each entry once, with the filters that found it."""
    filters = call.body.get("dataFilters", [])
    if not filters:
        raise bad("Must specify at least one data filter.")
    by_filter = [
        (item, {entry["metadataId"] for entry in found(call.book, item)})
        for item in filters
    ]
    out = []
    for entry in call.book.metadata:
        own = [item for item, ids in by_filter if entry["metadataId"] in ids]
        if own:
            out.append(
                {"developerMetadata": metadata_json(entry), "dataFilters": own}
            )
    return {"matchedDeveloperMetadata": out} if out else {}


def get(call: Call) -> Json:
    """spreadsheets.developerMetadata.get."""
    number = call.range
    if not number.isdecimal() or not number.isascii() or int(number) >= _INT32:
        field = "metadata_id"
        raise violations(
            [(field, f"Invalid value at '{field}' (TYPE_INT32), \"{number}\"")]
        )
    for entry in call.book.metadata:
        if entry["metadataId"] == int(number):
            return metadata_json(entry)
    raise ApiError(404, "Requested entity was not found.")
