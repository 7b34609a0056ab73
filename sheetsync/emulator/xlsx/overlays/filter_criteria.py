"""Reads one column of a file's autofilter as Google's FilterCriteria.

None where Google has no words for it.

Writing is left to filters.py.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sheetsync.emulator.model.filtering import Seen
    from sheetsync.emulator.model.grid import Json
    from sheetsync.emulator.model.rects import Rect

# Serials have no zone: the book's own applies.
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001
_NUMBERS = {
    "greaterThan": "NUMBER_GREATER",
    "greaterThanOrEqual": "NUMBER_GREATER_THAN_EQ",
    "lessThan": "NUMBER_LESS",
    "lessThanOrEqual": "NUMBER_LESS_THAN_EQ",
    "equal": "NUMBER_EQ",
    "notEqual": "NUMBER_NOT_EQ",
}
_UNITS = ("year", "month", "day", "hour", "minute", "second")


def criteria_of(column: Any, seen: Seen, rect: Rect, index: int) -> Json | None:
    """Give the criteria; a list of values that are shown becomes the values that are hidden."""
    if column.customFilters is not None:
        condition = _condition(column.customFilters)
        return None if condition is None else {"condition": condition}
    if column.filters is None:
        return None
    shown = {str(text) for text in column.filters.filter}
    dates = list(column.filters.dateGroupItem)
    hidden: dict[str, None] = {}
    for row in range(
        rect.top + 1, min(rect.bottom, max(len(seen.sheet.rows), rect.top + 1))
    ):
        text = seen.text(row, index)
        listed = (
            text in shown or _plain(seen.value(row, index)) in shown
            if text
            else bool(column.filters.blank)
        )
        if not listed and not any(
            _dated(seen.value(row, index), date) for date in dates
        ):
            hidden[text] = None
    return {"hiddenValues": list(hidden)}


def _plain(value: Any) -> str:
    """Give a number as other programs list it, who may leave its format out."""
    return (
        str(value)
        if isinstance(value, (int, float)) and not isinstance(value, bool)
        else ""
    )


def _dated(value: Any, item: Any) -> bool:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return False
    try:
        moment = _EPOCH + dt.timedelta(days=value)
    except OverflowError:
        return False
    units = _UNITS[: _UNITS.index(str(item.dateTimeGrouping)) + 1]
    return all(
        getattr(item, unit) in (None, getattr(moment, unit)) for unit in units
    )


def _condition(custom: Any) -> Json | None:
    filters = list(custom.customFilter)
    if len(filters) == 1:
        return _one(
            str(filters[0].operator),
            str(filters[0].val if filters[0].val is not None else ""),
        )
    pair = tuple(str(each.operator) for each in filters)
    kinds: dict[Any, str] = {
        (("greaterThanOrEqual", "lessThanOrEqual"), True): "NUMBER_BETWEEN",
        (("lessThan", "greaterThan"), False): "NUMBER_NOT_BETWEEN",
    }
    # openpyxl's name for the attribute "and".
    kind = kinds.get((pair, bool(custom._and)))  # noqa: SLF001
    numbers = [str(each.val) for each in filters]
    if kind is None or not all(_is_number(number) for number in numbers):
        return None
    return {
        "type": kind,
        "values": [{"userEnteredValue": number} for number in numbers],
    }


def _one(operator: str, text: str) -> Json | None:
    if text.strip() == "" and operator in ("equal", "notEqual"):
        return {"type": "BLANK" if operator == "equal" else "NOT_BLANK"}
    if _is_number(text):
        return {
            "type": _NUMBERS[operator],
            "values": [{"userEnteredValue": text}],
        }
    if operator not in ("equal", "notEqual"):
        return None
    return _worded(text, no=operator == "notEqual")


def _worded(text: str, *, no: bool) -> Json | None:
    """Read the wildcards of a text.

    Those at its ends tell the kind, others only "contains" can have.
    """
    starts, ends = (
        text.startswith("*"),
        text.endswith("*") and not text.endswith("~*"),
    )
    inner = text[starts : len(text) - ends] if len(text) > 1 else ""
    kind = {
        (True, True): "CONTAINS",
        (False, True): "STARTS_WITH",
        (True, False): "ENDS_WITH",
    }.get((starts, ends), "EQ")
    bare = inner.replace("~*", "").replace("~?", "")
    if (
        not inner
        or (no and kind not in ("CONTAINS", "EQ"))
        or (kind != "CONTAINS" and ("*" in bare or "?" in bare))
    ):
        return None
    if kind != "CONTAINS":
        inner = inner.replace("~*", "*").replace("~?", "?").replace("~~", "~")
    word = f"NOT_{kind}" if no else kind
    return {"type": f"TEXT_{word}", "values": [{"userEnteredValue": inner}]}


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
