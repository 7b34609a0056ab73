"""Requests on what lies over cells without an id of its own.

Merges, validation, conditional formats.

How rules are written into a file is left to rules.py.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sheetsync.emulator.api.locations import bounded, grid_range, tab
from sheetsync.emulator.errors import bad
from sheetsync.emulator.model import a1
from sheetsync.emulator.model.cells import check_rule, place_validation, twinned
from sheetsync.emulator.model.grid import Cell, Rule
from sheetsync.emulator.model.protections import guard, guard_sheet
from sheetsync.emulator.model.rects import OPEN, Rect, to_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheetsync.emulator.model.grid import Area, Book, Json, Sheet


def merge(book: Book, user: str, params: Json) -> None:
    """mergeCells: merges inside the range are replaced, one that it cuts is refused."""
    if "range" not in params:
        raise bad("range is required")
    sheet, rect = bounded(book, params["range"])
    guard(book, user, sheet, rect)
    _drop_merges(
        sheet,
        rect,
        "You must select all cells in a merged range to merge or unmerge them.",
    )
    for part in _parts(rect, params.get("mergeType", "MERGE_ALL")):
        if (part.bottom - part.top) * (part.right - part.left) > 1:
            sheet.merges.append(part)
            _keep_first(sheet, part)


def _parts(rect: Rect, kind: str) -> list[Rect]:
    if kind == "MERGE_ROWS":
        return [
            rect._replace(top=row, bottom=row + 1)
            for row in range(rect.top, rect.bottom)
        ]
    if kind == "MERGE_COLUMNS":
        return [
            rect._replace(left=column, right=column + 1)
            for column in range(rect.left, rect.right)
        ]
    return [rect]


def _drop_merges(sheet: Sheet, rect: Rect, refusal: str) -> None:
    touched = [merged for merged in sheet.merges if merged.meets(rect)]
    if any(not rect.holds(merged) for merged in touched):
        raise bad(refusal)
    sheet.merges = [merged for merged in sheet.merges if merged not in touched]


def _keep_first(sheet: Sheet, rect: Rect) -> None:
    """Keep one value: a merge shows its first cell, and the first value in it moves there."""
    order = [
        (row, column)
        for row in range(rect.top, rect.bottom)
        for column in range(rect.left, rect.right)
    ]
    first = next(
        (at for at in order if sheet.cell(*at).value is not None), None
    )
    if first is None:
        return
    kept = sheet.cell(*first)

    def change(cell: Cell, row: int, column: int) -> Cell:
        mine = (row, column) == order[0]
        return replace(
            cell,
            value=kept.value if mine else None,
            runs=kept.runs if mine else (),
            rich=kept.rich if mine else None,
        )

    sheet.edit(rect, change)


def unmerge(book: Book, user: str, params: Json) -> None:
    """Answer unmergeCells."""
    if "range" not in params:
        raise bad("range is required")
    sheet, rect = bounded(book, params["range"])
    guard(book, user, sheet, rect)
    _drop_merges(
        sheet,
        rect,
        "You must select all cells in a merged range to merge or unmerge them.",
    )


def set_validation(book: Book, user: str, params: Json) -> None:
    """setDataValidation: over a range, which may be open.

    Without a rule it takes away what is there.
    """
    if "range" not in params:
        raise bad("range is required")
    sheet, rect = grid_range(book, params["range"])
    closed = Rect(*(min(end, OPEN) for end in rect))
    if rect.bottom < OPEN or rect.right < OPEN:
        ends = rect._replace(
            bottom=sheet.row_count if rect.bottom >= OPEN else rect.bottom,
            right=sheet.column_count if rect.right >= OPEN else rect.right,
        )
        a1.inside(sheet, ends)
    guard(book, user, sheet, rect)
    if any(
        typed.meets(rect) for table in sheet.tables for typed in _typed(table)
    ):
        raise bad("This operation is not allowed on cells in typed columns.")
    rule = params.get("rule")
    place_validation(sheet, closed, Rule(check_rule(rule)) if rule else None)


def _typed(table: Area) -> Iterator[Rect]:
    """Give the bodies of those of a table's columns that have a type.

    It says what may stand in them.
    """
    rect = table.rect
    for offset, column in enumerate(table.json["columns"]):
        if (
            column.get("columnType", "COLUMN_TYPE_UNSPECIFIED")
            != "COLUMN_TYPE_UNSPECIFIED"
        ):
            yield Rect(
                rect.top + 1,
                rect.bottom,
                rect.left + offset,
                rect.left + offset + 1,
            )


def _rule(book: Book, data: Json) -> tuple[Sheet, Rule]:
    ranges = [
        grid_range(book, item, "rule.ranges") for item in data.get("ranges", [])
    ]
    if not ranges:
        raise bad("rule.ranges must not be empty")
    if len({sheet.id for sheet, _ in ranges}) > 1:
        raise bad("All ranges of a rule must be on the same grid")
    if ("booleanRule" in data) == ("gradientRule" in data):
        raise bad("Exactly one of booleanRule and gradientRule must be set")
    if "booleanRule" in data:
        check_rule(data["booleanRule"])
    else:
        data = {**data, "gradientRule": _gradient(data["gradientRule"])}
    json = twinned(
        {name: value for name, value in data.items() if name != "ranges"}
    )
    return ranges[0][0], Rule(json, None, tuple(rect for _, rect in ranges))


def _gradient(rule: Json) -> Json:
    """Give a color scale as it is kept.

    Its ends are required, and those of MIN and MAX have no value.
    """
    out = {}
    for name in ("minpoint", "midpoint", "maxpoint"):
        if name == "midpoint" and name not in rule:
            continue
        point = rule.get(name, {})
        kind = point.get("type", "INTERPOLATION_POINT_TYPE_UNSPECIFIED")
        if kind == "INTERPOLATION_POINT_TYPE_UNSPECIFIED":
            raise bad("No interpolationPointType specified.")
        if kind in ("MIN", "MAX"):
            point = {
                key: value for key, value in point.items() if key != "value"
            }
        elif not point.get("value"):
            raise bad("InterpolationPoint.value is required.")
        out[name] = point
    return out


def _shown(sheet: Sheet, rule: Rule) -> Json:
    return {
        "ranges": [to_json(rect, sheet.id) for rect in rule.rects],
        **(rule.json or {}),
    }


def _index(sheet: Sheet, number: int) -> int:
    """Give the place among all rules of the number-th one that answers show.

    Some only the file can say.
    """
    shown = [
        i for i, rule in enumerate(sheet.conditionals) if rule.json is not None
    ]
    if not 0 <= number < len(shown):
        raise bad(
            f"No conditional format on sheet: {sheet.id} at index: {number}"
        )
    return shown[number]


def _said(sheet: Sheet, rule: Rule) -> Json:
    """Give what answers show of a rule, but for its ranges."""
    shown = _shown(sheet, rule)
    return {name: part for name, part in shown.items() if name != "ranges"}


def add_conditional(book: Book, user: str, params: Json) -> None:
    """Answer addConditionalFormatRule."""
    sheet, rule = _rule(book, params.get("rule", {}))
    guard_sheet(book, user, sheet)
    number = params.get("index", 0)
    shown = sum(1 for old in sheet.conditionals if old.json is not None)
    if not 0 <= number <= shown:
        raise bad(f"Invalid index: {number}. There are {shown} rules")
    at = len(sheet.conditionals) if number == shown else _index(sheet, number)
    sheet.conditionals.insert(at, rule)


def delete_conditional(book: Book, user: str, params: Json) -> Json:
    """Answer deleteConditionalFormatRule."""
    sheet = tab(book, params.get("sheetId", 0))
    guard_sheet(book, user, sheet)
    return {
        "rule": _shown(
            sheet, sheet.conditionals.pop(_index(sheet, params.get("index", 0)))
        )
    }


def update_conditional(book: Book, user: str, params: Json) -> Json:
    """updateConditionalFormatRule: another rule at that index, or another index for the rule."""
    if "rule" in params:
        sheet, new = _rule(book, params["rule"])
    else:
        sheet = tab(book, params.get("sheetId", 0))
        new = None
    guard_sheet(book, user, sheet)
    number = params.get("index", 0)
    at = _index(sheet, number)
    old = sheet.conditionals[at]
    if new is not None:
        if _said(sheet, old) == _said(sheet, new):
            # What the file says of it stays said as it was.
            new = replace(old, rects=new.rects)
        sheet.conditionals[at] = new
        return {
            "newRule": _shown(sheet, new),
            "newIndex": number,
            "oldRule": _shown(sheet, old),
        }
    target = params.get("newIndex", 0)
    to = _index(sheet, target)
    sheet.conditionals.insert(to, sheet.conditionals.pop(at))
    return {
        "newRule": _shown(sheet, old),
        "newIndex": target,
        "oldIndex": number,
    }


KINDS = {
    "mergeCells": merge,
    "unmergeCells": unmerge,
    "setDataValidation": set_validation,
    "addConditionalFormatRule": add_conditional,
    "deleteConditionalFormatRule": delete_conditional,
    "updateConditionalFormatRule": update_conditional,
}
