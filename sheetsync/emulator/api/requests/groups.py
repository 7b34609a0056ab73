"""Requests on groups of rows and columns: add, delete, fold and unfold.

How groups nest is left to the model's groups.py.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sheetsync.emulator.api.locations import line_range
from sheetsync.emulator.errors import bad
from sheetsync.emulator.model import groups
from sheetsync.emulator.model.grid import Line
from sheetsync.emulator.model.protections import guard_sheet
from sheetsync.emulator.wire.masks import covers, of_edit

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Book, Group, Json, Sheet

Place = tuple["Sheet", bool, int, int]


def _place(book: Book, user: str, data: Json) -> Place:
    if not data:
        raise bad("range is required")
    sheet, rows, start, end = line_range(book, data)
    count = sheet.row_count if rows else sheet.column_count
    if end > count:
        raise bad(
            f"range.endIndex[{end}] is beyond the sheet's {count} {'rows' if rows else 'columns'}"
        )
    guard_sheet(book, user, sheet)
    return sheet, rows, start, end


def _spans(sheet: Sheet, *, rows: bool) -> list[tuple[int, int]]:
    return [(group.start, group.end) for group in groups.of(sheet, rows=rows)]


def _reply(sheet: Sheet, *, rows: bool) -> Json:
    shown = [
        groups.to_json(sheet.id, group) for group in groups.of(sheet, rows=rows)
    ]
    return {"dimensionGroups": shown} if shown else {}


def add(book: Book, user: str, params: Json) -> Json:
    """addDimensionGroup: the lines of the range lie one deeper than before."""
    sheet, rows, start, end = _place(book, user, params.get("range", {}))
    new = groups.depths([*_spans(sheet, rows=rows), (start, end)])
    if max(deep for *_, deep in new) > groups.DEEPEST:
        raise bad(
            f"Cannot add a group: groups can be at most {groups.DEEPEST} deep."
        )
    groups.change(sheet, new, rows=rows)
    if rows:
        sheet.row_control_after = True  # as the recordings have it
    else:
        sheet.column_control_after = True
    return _reply(sheet, rows=rows)


def delete(book: Book, user: str, params: Json) -> Json:
    """deleteDimensionGroup: the lines of the range lie one less deep than before."""
    sheet, rows, start, end = _place(book, user, params.get("range", {}))
    old = groups.depths(_spans(sheet, rows=rows))
    if not any(low < end and start < high for low, high, _ in old):
        word = "rows" if rows else "columns"
        raise bad(
            f"Cannot delete a group: there is none over {word} [{start}, {end})."
        )
    cut: list[groups.Span] = []
    for low, high, deep in old:
        first, last = min(max(low, start), high), max(min(high, end), low)
        pieces = [
            (low, min(first, high), deep),
            (first, last, deep - 1),
            (max(last, first), high, deep),
        ]
        cut += (
            [piece for piece in pieces if piece[0] < piece[1] and piece[2]]
            if first < last
            else [(low, high, deep)]
        )
    groups.change(sheet, cut, rows=rows)
    return _reply(sheet, rows=rows)


def update(book: Book, user: str, params: Json) -> None:
    """UpdateDimensionGroup.

    Fold it, which hides all its lines, or unfold it, which shows them all.
    """
    tree = of_edit(params.get("fields"), "DimensionGroup")
    data = params.get("dimensionGroup", {})
    sheet, rows, start, end = _place(book, user, data.get("range", {}))
    group = _found(sheet, (rows, start, end, data.get("depth", 0)))
    if not covers(tree, "collapsed"):
        raise bad(
            f"Invalid field: {next(iter(tree))}: only collapsed can be updated"
        )
    folded = data.get("collapsed", False)
    sheet.groups = [
        replace(old, collapsed=folded) if old == group else old
        for old in sheet.groups
    ]
    lines = sheet.row_lines if rows else sheet.column_lines
    for index in range(start, end):
        lines[index] = replace(lines.get(index, Line()), hidden=folded)
    groups.sync(sheet)


def _found(sheet: Sheet, wanted: tuple[bool, int, int, int]) -> Group:
    for group in sheet.groups:
        if (group.rows, group.start, group.end, group.depth) == wanted:
            return group
    rows, start, end, depth = wanted
    word = "rows" if rows else "columns"
    raise bad(f"No group of depth {depth} over {word} [{start}, {end}).")


KINDS = {
    "addDimensionGroup": add,
    "deleteDimensionGroup": delete,
    "updateDimensionGroup": update,
}
