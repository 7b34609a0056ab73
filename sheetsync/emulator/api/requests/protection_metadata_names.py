"""Requests on protections, developer metadata and named ranges.

Whom a protection stops is decided in protections.py; how lookups match is in lookups.py.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sheetsync.emulator.api import metadata
from sheetsync.emulator.api.answers import (
    location_tab,
    metadata_json,
    name_json,
)
from sheetsync.emulator.api.locations import grid_range, line_range, tab
from sheetsync.emulator.errors import bad
from sheetsync.emulator.model import a1
from sheetsync.emulator.model.grid import Name
from sheetsync.emulator.model.ids import fresh_id
from sheetsync.emulator.model.protections import (
    REFUSED,
    guard_sheet,
    may_edit,
    of_request,
    to_answer,
)
from sheetsync.emulator.model.rects import to_json
from sheetsync.emulator.wire.masks import merge, of_edit

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Book, Json, Protection, Sheet

_NAME = re.compile(r"[^\W\d][\w.]{0,249}")
# Where a book remembers what is known of its metadata; tabs' ids are not negative
_METADATA = -1
_METADATA_LIMIT = 30_000  # characters a tab, and in the spreadsheet as a whole


def add_protection(book: Book, user: str, params: Json) -> Json:
    """addProtectedRange; the id is the emulator's own unless a free one is asked for."""
    data = params.get("protectedRange", {})
    sheet, rect = _protected_place(book, data)
    taken = [p.id for p in book.protections]
    wanted = data.get("protectedRangeId")
    if wanted in taken:
        raise bad(f"Protected range with id {wanted} already exists.")
    guard_sheet(book, user, sheet)
    number = wanted or fresh_id(taken)
    protection = of_request(book, data, number, (sheet.id, rect), user)
    book.protections.append(protection)
    return {
        "protectedRange": _recorded(
            to_answer(book, protection, user), protection
        )
    }


def _recorded(answer: Json, protection: Protection) -> Json:
    """Show no editors in the reply to an add where none were named (recorded).

    A later read does.
    """
    return (
        {**answer, "editors": {}}
        if protection.editors is None and "editors" in answer
        else answer
    )


def _protected_place(book: Book, data: Json) -> tuple[Sheet, Any]:
    if "namedRangeId" in data:
        name = next(
            (name for name in book.names if name.id == data["namedRangeId"]),
            None,
        )
        if name is None:
            raise bad(f"No named range with id: {data['namedRangeId']}")
        return tab(book, name.sheet_id), name.rect
    if "range" not in data:
        raise bad("protectedRange must have a range or a namedRangeId")
    return grid_range(book, data["range"], "protectedRange.range")


def _protection(book: Book, number: int) -> int:
    for index, protection in enumerate(book.protections):
        if protection.id == number:
            return index
    raise bad(f"No protected range with ID: {number}")


def update_protection(book: Book, user: str, params: Json) -> None:
    """Answer updateProtectedRange."""
    tree = of_edit(params.get("fields"), "ProtectedRange")
    data = params.get("protectedRange", {})
    index = _protection(book, data.get("protectedRangeId", 0))
    old = book.protections[index]
    if not may_edit(book, old, user):
        raise bad(REFUSED)
    told = {**old.json, "range": to_json(old.rect, old.sheet_id)}
    if old.editors is not None:
        told["editors"] = {
            **old.json.get("editors", {}),
            "users": list(old.editors),
        }
    told["unprotectedRanges"] = [
        to_json(rect, old.sheet_id) for rect in old.free
    ]
    new = merge(told, data, tree)
    sheet, rect = _protected_place(book, new)
    book.protections[index] = of_request(
        book, new, old.id, (sheet.id, rect), user
    )


def delete_protection(book: Book, user: str, params: Json) -> None:
    """deleteProtectedRange: an id that is gone fails the batch."""
    index = _protection(book, params.get("protectedRangeId", 0))
    if not may_edit(book, book.protections[index], user):
        raise bad(REFUSED)
    del book.protections[index]


def create_metadata(book: Book, _user: str, params: Json) -> Json:
    """createDeveloperMetadata: an id in use fails the batch."""
    data = params.get("developerMetadata", {})
    for name in ("metadataKey", "visibility", "location"):
        if name not in data:
            raise bad(f"developerMetadata.{name} is required")
    known = _Known.of(book)
    wanted = data.get("metadataId")
    if wanted in known.ids:
        known_as = f"developer metadata with ID [{wanted}]"
        raise bad(
            f"Cannot add {known_as} because developer metadata with that ID already exists."
        )
    entry = {
        **data,
        "metadataId": wanted or fresh_id(known.ids),
        "location": _location(book, data["location"]),
    }
    book.metadata.append(entry)
    known.add(entry)
    _check_room(known.sizes[location_tab(entry)[0]])
    return {"developerMetadata": metadata_json(entry)}


def _location(book: Book, data: Json) -> Json:
    given = [
        name
        for name in ("spreadsheet", "sheetId", "dimensionRange")
        if name in data and data[name] is not False
    ]
    if len(given) != 1:
        raise bad(
            "developerMetadata.location must name exactly one of spreadsheet, sheetId, "
            "dimensionRange"
        )
    if given[0] == "sheetId":
        return {"sheetId": tab(book, data["sheetId"]).id}
    if given[0] == "spreadsheet":
        return {"spreadsheet": True}
    sheet, rows, start, end = line_range(book, data["dimensionRange"])
    if end - start != 1 or end > (
        sheet.row_count if rows else sheet.column_count
    ):
        raise bad(
            "developerMetadata.location.dimensionRange must be one row or one column of the sheet"
        )
    line = {"sheetId": sheet.id} if sheet.id else {}
    dimension = "ROWS" if rows else "COLUMNS"
    return {
        "dimensionRange": {
            **line,
            "dimension": dimension,
            "startIndex": start,
            "endIndex": end,
        }
    }


class _Known:
    """Ids of metadata and the characters kept a tab, counted once for a batch that only adds."""

    def __init__(self) -> None:
        self.ids: set[int] = set()
        self.sizes: Counter[int | None] = Counter()
        self.entries: list[Json] = []

    @classmethod
    def of(cls, book: Book) -> _Known:
        """Give what is known of the book's list as it is now."""
        kept = book.memo.get(_METADATA)
        if (
            isinstance(kept, cls)
            and kept.entries is book.metadata
            and len(kept.ids) == len(book.metadata)
        ):
            return kept
        known = book.memo[_METADATA] = cls()
        known.entries = book.metadata
        for entry in book.metadata:
            known.add(entry)
        return known

    def add(self, entry: Json) -> None:
        """Count one more entry."""
        self.ids.add(entry["metadataId"])
        self.sizes[location_tab(entry)[0]] += len(
            entry.get("metadataKey", "")
        ) + len(entry.get("metadataValue", ""))


def _check_room(size: int) -> None:
    if size > _METADATA_LIMIT:
        raise bad(
            f"Developer metadata exceeds the limit of {_METADATA_LIMIT} characters."
        )


def _found(book: Book, data_filters: list[Json]) -> list[Json]:
    if not data_filters:
        raise bad("Must specify at least one data filter.")
    return [
        entry
        for data_filter in data_filters
        for entry in metadata.found(book, data_filter)
    ]


def update_metadata(book: Book, _user: str, params: Json) -> Json:
    """updateDeveloperMetadata: all that the filters find."""
    tree = of_edit(params.get("fields"), "DeveloperMetadata")
    found = _found(book, params.get("dataFilters", []))
    changed = []
    for index, entry in enumerate(book.metadata):
        if not any(entry is other for other in found):
            continue
        new = merge(entry, params.get("developerMetadata", {}), tree)
        new["metadataId"] = entry["metadataId"]
        new["location"] = _location(book, new.get("location", {}))
        book.metadata = [
            *book.metadata[:index],
            new,
            *book.metadata[index + 1 :],
        ]
        _check_room(_Known.of(book).sizes[location_tab(new)[0]])
        changed.append(metadata_json(new))
    return {"developerMetadata": changed} if changed else {}


def delete_metadata(book: Book, _user: str, params: Json) -> Json:
    """deleteDeveloperMetadata: all that the filter finds; none is no error."""
    found = _found(book, [params.get("dataFilter", {})])
    book.metadata = [
        entry
        for entry in book.metadata
        if not any(entry is other for other in found)
    ]
    return (
        {"deletedDeveloperMetadata": [metadata_json(entry) for entry in found]}
        if found
        else {}
    )


def _check_name(book: Book, name: str, own: str = "") -> str:
    if not _NAME.fullmatch(name) or a1.read_cells(name) is not None:
        raise bad(f"Invalid named range name: {name!r}")
    if any(
        other.name.casefold() == name.casefold() and other.id != own
        for other in book.names
    ):
        raise bad(
            f"Cannot add named range with name {name}, a named range with that name already exists."
        )
    return name


def add_name(book: Book, _user: str, params: Json) -> Json:
    """Answer addNamedRange."""
    data = params.get("namedRange", {})
    taken = [name.id for name in book.names]
    wanted = data.get("namedRangeId")
    if wanted in taken:
        raise bad(f"A named range with the id {wanted!r} already exists.")
    if "range" not in data:
        raise bad("namedRange.range is required")
    sheet, rect = grid_range(book, data["range"], "namedRange.range")
    number = wanted or str(fresh_id([int(i) for i in taken if i.isdigit()]))
    name = Name(number, _check_name(book, data.get("name", "")), sheet.id, rect)
    book.names.append(name)
    return {"namedRange": name_json(book, name)}


def _name(book: Book, number: str) -> int:
    for index, name in enumerate(book.names):
        if name.id == number:
            return index
    raise bad(f"No named range with id: {number}")


def update_name(book: Book, _user: str, params: Json) -> None:
    """Answer updateNamedRange."""
    tree = of_edit(params.get("fields"), "NamedRange")
    data = params.get("namedRange", {})
    index = _name(book, data.get("namedRangeId", ""))
    old = book.names[index]
    told = {"name": old.name, "range": to_json(old.rect, old.sheet_id)}
    new = merge(told, data, tree)
    sheet, rect = grid_range(book, new.get("range", {}), "namedRange.range")
    name = _check_name(book, new.get("name", ""), old.id)
    book.names[index] = replace(old, name=name, sheet_id=sheet.id, rect=rect)


def delete_name(book: Book, _user: str, params: Json) -> None:
    """Answer deleteNamedRange."""
    del book.names[_name(book, params.get("namedRangeId", ""))]


KINDS = {
    "addProtectedRange": add_protection,
    "updateProtectedRange": update_protection,
    "deleteProtectedRange": delete_protection,
    "createDeveloperMetadata": create_metadata,
    "updateDeveloperMetadata": update_metadata,
    "deleteDeveloperMetadata": delete_metadata,
    "addNamedRange": add_name,
    "updateNamedRange": update_name,
    "deleteNamedRange": delete_name,
}
