"""The basic filter between Google's criteria and a file's autofilter, with the rows that it hides.

A file lists the values that are shown, Google those that are hidden. A condition that no file can
say is written as the list of values that it shows now, where that says the same; Google's own words
for all of it are in the stored state.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from openpyxl.worksheet.filters import (
    AutoFilter,
    CustomFilter,
    CustomFilters,
    FilterColumn,
    Filters,
)

from sheetsync.emulator.model import a1
from sheetsync.emulator.model.cells import condition_values
from sheetsync.emulator.model.filtering import Seen, failing, normal
from sheetsync.emulator.model.grid import Filter, Line
from sheetsync.emulator.model.user_entered import read as read_typed
from sheetsync.emulator.xlsx.overlays.filter_criteria import criteria_of
from sheetsync.emulator.xlsx.package.xml_text import xml_of

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Json, Sheet
    from sheetsync.emulator.model.rects import Rect

OPERATORS: dict[str, Any] = {
    "NUMBER_GREATER": "greaterThan",
    "NUMBER_GREATER_THAN_EQ": "greaterThanOrEqual",
    "NUMBER_LESS": "lessThan",
    "NUMBER_LESS_THAN_EQ": "lessThanOrEqual",
    "NUMBER_EQ": "equal",
    "NUMBER_NOT_EQ": "notEqual",
    "DATE_AFTER": "greaterThan",
    "DATE_BEFORE": "lessThan",
    "DATE_ON_OR_AFTER": "greaterThanOrEqual",
    "DATE_ON_OR_BEFORE": "lessThanOrEqual",
}
TEXTS: dict[str, tuple[Any, str]] = {
    "TEXT_CONTAINS": ("equal", "*{}*"),
    "TEXT_NOT_CONTAINS": ("notEqual", "*{}*"),
    "TEXT_STARTS_WITH": ("equal", "{}*"),
    "TEXT_ENDS_WITH": ("equal", "*{}"),
    "TEXT_EQ": ("equal", "{}"),
    "TEXT_NOT_EQ": ("notEqual", "{}"),
}
_BY_HAND = (
    "hiddenByUser",
    "hiddenTwice",
)  # rows that a person hid: under the filter alone, and besides it
BLANK = " "  # what a file compares with where it asks for blank cells


def read(sheet: Sheet, tab: Any, seen: Seen) -> None:
    """Take the worksheet's autofilter as the basic filter.

    The hidden rows under it are hidden by it.
    """
    source = tab.auto_filter
    rect = (
        a1.read_cells(str(source.ref).replace("$", "")) if source.ref else None
    )
    if rect is None:
        return
    specs = _specs_of(source, seen, rect)
    sheet.filter = Filter(rect, {"filterSpecs": specs} if specs else {}, source)
    if source.filterColumn:
        _hidden_by_filter(sheet, rect.top + 1, rect.bottom)


def _specs_of(source: Any, seen: Seen, rect: Rect) -> list[Json]:
    """Give what the columns of a file's autofilter ask for, as far as Google has words for it."""
    specs = []
    for column in source.filterColumn:
        index = rect.left + int(column.colId)
        criteria = criteria_of(column, seen, rect, index)
        if criteria is not None:
            specs.append({"columnIndex": index, "filterCriteria": criteria})
    return specs


def laid_anew(seen: Seen, rect: Rect, json: Json) -> Filter | None:
    """Give the tab's filter over other cells, where `json` asks for what it asks for already.

    The file's own words stay: a list of values that are shown takes in none that came with a row
    since, and what Google has no words for is kept. None where the filter is another one, or has
    no words of a file's.
    """
    kept = seen.sheet.filter
    if kept is None or kept.source is None or kept.rect.left != rect.left:
        return None
    if json.get("filterSpecs", []) != kept.json.get("filterSpecs", []):
        return None
    specs = _specs_of(kept.source, seen, rect)
    words = {"filterSpecs": specs} if specs else {}
    return Filter(rect, {**json, **words}, kept.source)


def failing_in_file(seen: Seen, kept: Filter) -> set[int]:
    """Give the rows that a file's filter hides.

    What it asks for beyond Google's words decides nothing anew: the rows that it hid stay hidden.
    """
    rows = failing(seen, kept.rect, kept.json)
    if len(kept.json.get("filterSpecs", [])) < len(kept.source.filterColumn):
        lines = seen.sheet.row_lines.items()
        rows |= {row for row, line in lines if line.filtered}
    return rows


def _hidden_by_filter(sheet: Sheet, top: int, bottom: int) -> None:
    for row, line in list(sheet.row_lines.items()):
        if top <= row < bottom and line.hidden:
            sheet.row_lines[row] = replace(line, hidden=False, filtered=True)


def restore(sheet: Sheet, stored: Json) -> None:
    """Give the basic filter its stored words, unless another program changed the file's own."""
    kept = sheet.filter
    if kept is None:
        return
    words = normal(stored.get("filter") or {})
    known = stored.get("filterMark", _mark(kept.source) if words else None)
    # A file's own words are read anew: rows have come since, whose values they show or hide.
    if known == _mark(kept.source) and stored.get("filterMade", True):
        sheet.filter = replace(kept, json=words, source=None)
    else:
        sorts: Json = {
            name: words[name]
            for name in ("sortSpecs", "tableId")
            if name in words
        }
        sheet.filter = replace(kept, json={**kept.json, **sorts})
    for name in _BY_HAND:
        for row in stored.get(name) or []:
            line = sheet.row_lines.get(row, Line())
            if line.filtered:
                sheet.row_lines[row] = replace(
                    line, hidden=True, filtered=name == "hiddenTwice"
                )


def _mark(source: Any) -> str:
    """Tell what tells this state of an autofilter from others, wherever it lies."""
    plain = AutoFilter(
        filterColumn=source.filterColumn, sortState=source.sortState
    )
    return xml_of(plain.to_tree())


def write(seen: Seen, tab: Any) -> Json:
    """Put the basic filter into the worksheet.

    What the state must keep so that it is known again.
    """
    sheet = seen.sheet
    kept = sheet.filter
    tab.auto_filter = AutoFilter()
    if kept is None:
        return {}
    rect = kept.rect.clip(sheet.row_count, sheet.column_count)
    if kept.source is not None:
        tab.auto_filter = AutoFilter(
            filterColumn=list(kept.source.filterColumn),
            sortState=kept.source.sortState,
        )
    else:
        tab.auto_filter = AutoFilter(filterColumn=_columns(seen, kept))
    tab.auto_filter.ref = a1.cells(rect)
    out: Json = {
        "filterMark": _mark(tab.auto_filter),
        "filterMade": kept.source is None,
    }
    for name in _BY_HAND:
        lines = sheet.row_lines.items()
        rows = [
            row
            for row, line in lines
            if line.hidden and line.filtered == (name == "hiddenTwice")
        ]
        out.update({name: sorted(rows)} if rows else {})
    return out


def _columns(seen: Seen, kept: Filter) -> list[FilterColumn]:
    out = []
    for spec in kept.json.get("filterSpecs", []):
        index, criteria = spec["columnIndex"], spec["filterCriteria"]
        if not kept.rect.left <= index < kept.rect.right or not criteria:
            continue
        column: Any = FilterColumn(colId=index - kept.rect.left)
        only = set(criteria) <= {"condition"}
        custom = (
            _custom(criteria["condition"], seen.book.locale)
            if only and "condition" in criteria
            else None
        )
        if custom is not None:
            column.customFilters = custom
        elif criteria.get("condition") == {"type": "BLANK"} and only:
            column.filters = Filters(blank=True)
        else:
            column.filters = _listed(seen, kept, spec)
        if column.filters is not None or column.customFilters is not None:
            out.append(column)
    return out


def _custom(condition: Json, locale: str) -> CustomFilters | None:
    """Give a condition as a file says it; None where no file can."""
    kind, values = str(condition.get("type")), condition_values(condition)
    if kind == "NOT_BLANK":
        return CustomFilters(customFilter=[CustomFilter("notEqual", BLANK)])
    if (
        kind in TEXTS
        and len(values) == 1
        and values[0]
        and not values[0].startswith("=")
    ):
        operator, pattern = TEXTS[kind]
        return CustomFilters(
            customFilter=[
                CustomFilter(
                    operator, pattern.format(_literal(kind, values[0]))
                )
            ]
        )
    numbers = [_number(value, locale) for value in values]
    if not numbers or None in numbers:
        return None
    if kind in OPERATORS:
        return CustomFilters(
            customFilter=[CustomFilter(OPERATORS[kind], numbers[0])]
        )
    between: dict[str, tuple[Any, Any]] = {
        "NUMBER_BETWEEN": ("greaterThanOrEqual", "lessThanOrEqual"),
        "NUMBER_NOT_BETWEEN": ("lessThan", "greaterThan"),
    }
    if kind in between and len(numbers) == len(between[kind]):
        pairs = zip(between[kind], numbers, strict=True)
        both = [CustomFilter(operator, number) for operator, number in pairs]
        return CustomFilters(
            _and=kind == "NUMBER_BETWEEN" or None, customFilter=both
        )
    return None


def _literal(kind: str, text: str) -> str:
    """Google knows wildcards in "contains" alone.

    A file knows them everywhere, unless a ~ stands before them.
    """
    if kind in ("TEXT_CONTAINS", "TEXT_NOT_CONTAINS"):
        return text
    return "".join(f"~{sign}" if sign in "*?~" else sign for sign in text)


def _number(text: str, locale: str) -> str | None:
    value, _ = read_typed(text, locale)
    return (
        str(value)
        if isinstance(value, (int, float)) and not isinstance(value, bool)
        else None
    )


def _listed(seen: Seen, kept: Filter, spec: Json) -> Filters | None:
    """Give the values that the criteria of one column show.

    Where no value is both shown and hidden by them.
    """
    index = spec["columnIndex"]
    hidden_rows = failing(seen, kept.rect, {"filterSpecs": [spec]})
    rows = range(kept.rect.top + 1, min(kept.rect.bottom, seen.sheet.row_count))
    shown = dict.fromkeys(
        seen.text(row, index) for row in rows if row not in hidden_rows
    )
    hidden = {seen.text(row, index) for row in hidden_rows}
    if hidden & set(shown):
        return None
    blank = "" in shown or None
    return Filters(blank=blank, filter=[text for text in shown if text])
