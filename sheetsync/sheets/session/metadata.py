"""What a book keeps for the program out of people's sight: developer metadata on the spreadsheet.

Its ids are fixed. What it means is lock.py's and workbook/layout.py's.
"""

from collections.abc import Mapping
from typing import Any

from sheetsync.sheets.requests.cells import Request
from sheetsync.workbook.layout import UNKNOWN, Layout, of_text

LOCK_ID = 1_936_222_067
"""The mutex' metadata id: fixed, so that two runs cannot both create it."""
LAST_ID = 1_936_222_068
"""The metadata that names the last run that wrote: it tells whether a write was applied."""
LAYOUT_ID = 1_936_222_069
"""The metadata that holds the book's structure as it was last seen."""
KEYS = {
    LOCK_ID: "sheetsync.lock",
    LAST_ID: "sheetsync.last",
    LAYOUT_ID: "sheetsync.layout",
}


def forget(number: int, value: str | None = None) -> Request:
    """Delete what is kept under an id; with `value`, only that very one."""
    lookup: dict[str, Any] = {"metadataId": number}
    if value is not None:
        lookup["metadataValue"] = value
    return {
        "deleteDeveloperMetadata": {
            "dataFilter": {"developerMetadataLookup": lookup}
        }
    }


def remember(number: int, value: str) -> Request:
    """Keep a value under an id that is free: the whole batch fails where it is not."""
    metadata = {
        "metadataId": number,
        "metadataKey": KEYS[number],
        "metadataValue": value,
        "location": {"spreadsheet": True},
        "visibility": "DOCUMENT",
    }
    return {"createDeveloperMetadata": {"developerMetadata": metadata}}


def kept(answer: Mapping[str, Any]) -> dict[int, str]:
    """Read what a Spreadsheet keeps, by id."""
    return {
        metadata.get("metadataId"): str(metadata.get("metadataValue", ""))
        for metadata in answer.get("developerMetadata", ())
    }


def layout_of(answer: Mapping[str, Any]) -> Layout:
    """Read the structure of a book as it was last seen."""
    # Whether a copy of the spreadsheet has it too is no matter (docs/google-unknowns.md): it names
    # tabs by id, and a copy's have others.
    values = kept(answer)
    return of_text(values[LAYOUT_ID]) if LAYOUT_ID in values else UNKNOWN


def keep_layout(before: Layout, now: Layout) -> list[Request]:
    """Return the requests that keep a book's structure, where it has changed."""
    if now.text() == before.text():
        return []
    return [forget(LAYOUT_ID), remember(LAYOUT_ID, now.text())]
