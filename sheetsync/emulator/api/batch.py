"""spreadsheets.batchUpdate: each request in order on one copy of the book.

The first invalid one drops them all.

The kinds are in the kinds_*.py modules; saving is left to workspace.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetsync.emulator.api.requests import banding as kinds_banding
from sheetsync.emulator.api.requests import cells as kinds_cells
from sheetsync.emulator.api.requests import charts as kinds_charts
from sheetsync.emulator.api.requests import dimensions as kinds_lines
from sheetsync.emulator.api.requests import filters as kinds_filters
from sheetsync.emulator.api.requests import groups as kinds_groups
from sheetsync.emulator.api.requests import (
    merges_validation_formats as kinds_rules,
)
from sheetsync.emulator.api.requests import pasting as kinds_pasting
from sheetsync.emulator.api.requests import (
    protection_metadata_names as kinds_guard,
)
from sheetsync.emulator.api.requests import ranges as kinds_ranges
from sheetsync.emulator.api.requests import replacing as kinds_replacing
from sheetsync.emulator.api.requests import sheets as kinds_tabs
from sheetsync.emulator.api.requests import sorting as kinds_sorting
from sheetsync.emulator.api.requests import tables as kinds_tables
from sheetsync.emulator.errors import ApiError, bad, violations
from sheetsync.emulator.model.structure import settle

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.api.calls import Call
    from sheetsync.emulator.model.grid import Book, Json

KINDS: dict[str, Callable[[Book, str, Json], Json | None]] = {
    **kinds_tabs.KINDS,
    **kinds_lines.KINDS,
    **kinds_cells.KINDS,
    **kinds_rules.KINDS,
    **kinds_filters.KINDS,
    **kinds_banding.KINDS,
    **kinds_tables.KINDS,
    **kinds_charts.KINDS,
    **kinds_guard.KINDS,
    **kinds_sorting.KINDS,
    **kinds_replacing.KINDS,
    **kinds_ranges.KINDS,
    **kinds_pasting.KINDS,
    **kinds_groups.KINDS,
}
# these may leave formulas to be settled later
_LATE = (
    "insertDimension",
    "deleteDimension",
    "moveDimension",
    "insertRange",
    "deleteRange",
)


MOST_REQUESTS = 100_000
"""Requests of one batch that are taken (API fact)."""
# That more are refused is known, in which words is not (docs/google-unknowns.md).
_TOO_MANY = f"Invalid requests: at most {MOST_REQUESTS} are allowed in a batch."


def run(call: Call) -> list[Json]:
    """Apply the requests of the body to the call's book; the replies, one a request."""
    requests = call.body.get("requests", [])
    if not requests:
        raise bad("Must specify at least one request.")
    for index, request in enumerate(requests):
        _check_one(index, request)
    replies = [
        _apply(call, index, request) for index, request in enumerate(requests)
    ]
    settle(call.book)
    return replies


def check_count(body: Json) -> None:
    """Refuse a batch of more requests than are taken."""
    if len(body.get("requests", ())) > MOST_REQUESTS:
        raise bad(_TOO_MANY)


def _check_one(index: int, request: Json) -> None:
    kinds = list(request)
    if not kinds:
        raise bad(f"Invalid requests[{index}]: No request set.")
    if len(kinds) > 1:
        path = f"requests[{index}]"
        already = f"Invalid value at '{path}' (oneof), oneof field 'kind' is already set."
        text = f"{already} Cannot set '{kinds[1]}'"
        raise violations([(path, text)])
    if kinds[0] not in KINDS:
        raise bad(
            f"Invalid requests[{index}].{kinds[0]}: not emulated: {kinds[0]}"
        )


def _apply(call: Call, index: int, request: Json) -> Json:
    kind, params = next(iter(request.items()))
    if kind not in _LATE:
        settle(call.book)
    try:
        reply = KINDS[kind](call.book, call.user, params)
    except ApiError as error:
        if error.details is None:
            error.message = f"Invalid requests[{index}].{kind}: {error.message}"
        raise
    return {} if reply is None else {kind: reply}
