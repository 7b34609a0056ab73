"""Requests that give what lies on cells other ranges, or put it there again."""

from collections.abc import Mapping
from typing import Any

from sheetsync.sheets.requests.cells import Request
from sheetsync.sheets.requests.tab_requests import dimension_range
from sheetsync.workbook.range_owners import NoteKind

Body = Mapping[str, Any]

_CONDITIONS = ("range", "sortSpecs", "filterSpecs", "criteria")
"""What of a filter may be written."""


def with_range_of(
    kind: str, sheet_id: int, key: str, body: Body
) -> Request | None:
    """Return what gives something that is there the ranges of `body`; None for other kinds."""
    match kind:
        case NoteKind.NAME:
            return {"updateNamedRange": {"namedRange": body, "fields": "range"}}
        case NoteKind.FORMAT:
            return {
                "updateConditionalFormatRule": {
                    "index": int(key),
                    "sheetId": sheet_id,
                    "rule": body,
                }
            }
        case NoteKind.FILTER:
            return {"setBasicFilter": {"filter": _conditions(body)}}
        case NoteKind.VIEW:
            return {"updateFilterView": {"filter": body, "fields": "range"}}
        case NoteKind.BANDING:
            return {"updateBanding": {"bandedRange": body, "fields": "range"}}
        case NoteKind.PROTECTION:
            return {
                "updateProtectedRange": {
                    "protectedRange": body,
                    "fields": "range",
                }
            }
        case NoteKind.CHART:
            return {
                "updateChartSpec": {"chartId": int(key), "spec": body["spec"]}
            }
    return None


def added_anew(kind: str, key: str, body: Body) -> Request | None:
    """Return what puts something there again that is gone; None where that is not possible."""
    match kind:
        case NoteKind.NAME:
            return {"addNamedRange": {"namedRange": body}}
        case NoteKind.FORMAT:
            return {
                "addConditionalFormatRule": {"index": int(key), "rule": body}
            }
        case NoteKind.FILTER:
            return {"setBasicFilter": {"filter": _conditions(body)}}
        case NoteKind.VIEW:
            return {"addFilterView": {"filter": body}}
        case NoteKind.BANDING:
            return {"addBanding": {"bandedRange": body}}
    return None


def _conditions(body: Body) -> dict[str, Any]:
    held = {name: body[name] for name in _CONDITIONS if name in body}
    if "filterSpecs" in held:
        # The service tells the older form of the same beside it.
        held.pop("criteria", None)
    return held


def grouped(sheet_id: int, start: int, end: int) -> Request:
    """Return what puts rows [start, end) into a group."""
    return {
        "addDimensionGroup": {
            "range": dimension_range(sheet_id, "ROWS", start, end)
        }
    }
