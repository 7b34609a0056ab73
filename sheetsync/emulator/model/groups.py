"""Groups of rows and columns that can be folded away.

How deep each line lies tells all groups of a tab.

Requests on them are in api/requests/groups.py; the .xlsx has them as outline levels of its rows and
columns.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sheetsync.emulator.model.grid import Group, Line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sheetsync.emulator.model.grid import Json, Sheet
    from sheetsync.emulator.model.rects import Splice
    from sheetsync.emulator.model.shifts import Reorder

DEEPEST = 8
CONTROLS = ("rowGroupControlAfter", "columnGroupControlAfter")
_FILE_DEEPEST = 7  # an .xlsx knows no more outline levels
Span = tuple[int, int, int]  # start, end, depth


def of(sheet: Sheet, *, rows: bool) -> list[Group]:
    """Give the groups of the tab's rows or of its columns, the outer ones first."""
    return sorted(
        (g for g in sheet.groups if g.rows == rows),
        key=lambda g: (g.start, g.depth),
    )


def depths(spans: Iterable[tuple[int, int]]) -> list[Span]:
    """Give how many of the spans lie over each stretch of lines.

    Stretches under none are left out.
    """
    all_spans = list(spans)
    marks = sorted({edge for span in all_spans for edge in span})
    out = []
    for low, high in pairwise(marks):
        deep = sum(1 for start, end in all_spans if start <= low < end)
        if deep:
            out.append((low, high, deep))
    return out


def nested(stretches: list[Span]) -> list[Span]:
    """Give the groups of which the depths are made.

    At each depth, what lies side by side is one.
    """
    out: list[Span] = []
    for depth in range(1, max((deep for *_, deep in stretches), default=0) + 1):
        first = len(out)
        for low, high, deep in stretches:
            if deep < depth:
                continue
            if len(out) > first and out[-1][1] == low:
                out[-1] = (out[-1][0], high, depth)
            else:
                out.append((low, high, depth))
    return out


def change(sheet: Sheet, stretches: list[Span], *, rows: bool) -> None:
    """Lay out the tab's groups anew.

    One that shares lines with a folded one of its depth is folded.
    """
    old = [
        group
        for group in sheet.groups
        if group.rows == rows and group.collapsed
    ]
    new = []
    for start, end, depth in nested(stretches):
        folded = any(
            g.depth == depth and g.start < end and start < g.end for g in old
        )
        new.append(Group(rows, start, end, depth, folded))
    sheet.groups = [group for group in sheet.groups if group.rows != rows] + new
    sync(sheet)


def sync(sheet: Sheet) -> None:
    """Give the tab's rows and columns the outline levels that say the same as its groups."""
    sheet.row_lines = _outlined(sheet, rows=True)
    sheet.column_lines = _outlined(sheet, rows=False)


def move(sheet: Sheet, cut: Splice | Reorder) -> None:
    """Take the groups along when rows or columns come, go or move."""
    moved = []
    for group in sheet.groups:
        span = (
            (group.start, group.end)
            if group.rows != cut.rows
            else cut.span(group.start, group.end)
        )
        if span is not None:
            moved.append(replace(group, start=span[0], end=span[1]))
    if sheet.groups:
        sheet.groups = moved
        change(
            sheet,
            depths((g.start, g.end) for g in moved if g.rows == cut.rows),
            rows=cut.rows,
        )


def to_json(sheet_id: int, group: Group) -> Json:
    """Give a DimensionGroup."""
    where: Json = {"sheetId": sheet_id} if sheet_id else {}
    where["dimension"] = "ROWS" if group.rows else "COLUMNS"
    where |= {"startIndex": group.start, "endIndex": group.end}
    out: Json = {"range": where, "depth": group.depth}
    return {**out, "collapsed": True} if group.collapsed else out


def shown(sheet: Sheet) -> dict[str, list[Json]]:
    """Give the fields of a Sheet's answer that tell its groups; empty ones may be among them."""
    return {
        "rowGroups": [
            to_json(sheet.id, group) for group in of(sheet, rows=True)
        ],
        "columnGroups": [
            to_json(sheet.id, group) for group in of(sheet, rows=False)
        ],
    }


def shown_controls(sheet: Sheet) -> Json:
    """Give the fields of GridProperties that tell at which end of a group its control is."""
    marks = (sheet.row_control_after, sheet.column_control_after)
    return {
        name: True for name, mark in zip(CONTROLS, marks, strict=True) if mark
    }


def set_controls(sheet: Sheet, given: Json) -> None:
    """Set what of the fields of GridProperties that `shown_controls` tells is given."""
    sheet.row_control_after = given.get(CONTROLS[0], sheet.row_control_after)
    sheet.column_control_after = given.get(
        CONTROLS[1], sheet.column_control_after
    )
    if sheet.groups:
        sync(sheet)


def _outlined(sheet: Sheet, *, rows: bool) -> dict[int, Line]:
    own = sheet.row_lines if rows else sheet.column_lines
    lines = {
        index: replace(line, outline=0, collapsed=False)
        for index, line in own.items()
    }
    kept = of(sheet, rows=rows)
    after = sheet.row_control_after if rows else sheet.column_control_after
    for low, high, deep in depths((group.start, group.end) for group in kept):
        for index in range(low, high):
            lines[index] = replace(
                lines.get(index, Line()), outline=min(deep, _FILE_DEEPEST)
            )
    for group in kept:
        control = group.end if after else group.start - 1
        if group.collapsed and control >= 0:
            lines[control] = replace(lines.get(control, Line()), collapsed=True)
    return {index: line for index, line in lines.items() if line != Line()}


def of_lines(sheet: Sheet, *, after: tuple[bool, bool]) -> None:
    """Lay the groups that a file's outline levels tell.

    `after`: whether its controls stand after rows, columns.
    """
    sheet.groups = []
    for rows, lines, last in (
        (True, sheet.row_lines, after[0]),
        (False, sheet.column_lines, after[1]),
    ):
        stretches = [
            (index, index + 1, line.outline)
            for index, line in sorted(lines.items())
            if line.outline
        ]
        for start, end, depth in nested(stretches):
            control = lines.get(end if last else start - 1, Line())
            sheet.groups.append(
                Group(rows, start, end, depth, control.collapsed)
            )
    sheet.row_control_after = after[0] and any(
        group.rows for group in sheet.groups
    )
    sheet.column_control_after = after[1] and any(
        not group.rows for group in sheet.groups
    )


def to_stored(sheet: Sheet) -> Json:
    """Tell what the file keeps of a tab's groups beside the outline levels."""
    out: Json = {}
    if sheet.groups:
        out["groups"] = [
            [int(g.rows), g.start, g.end, g.depth, int(g.collapsed)]
            for g in sheet.groups
        ]
    if sheet.row_control_after or sheet.column_control_after:
        out["groupControls"] = [
            int(sheet.row_control_after),
            int(sheet.column_control_after),
        ]
    return out


def of_stored(sheet: Sheet, stored: Json) -> None:
    """Take what `to_stored` kept, where the file's outline levels still say the same."""
    controls = stored.get("groupControls")
    # Of rows, of columns.
    if isinstance(controls, list) and len(controls) == 2:  # noqa: PLR2004
        sheet.row_control_after, sheet.column_control_after = (
            bool(controls[0]),
            bool(controls[1]),
        )
    kept = [
        group
        for group in map(_group, stored.get("groups") or [])
        if group is not None
    ]
    if _levels(kept) == _levels(sheet.groups):
        sheet.groups = kept


def _group(entry: Any) -> Group | None:
    try:
        rows, start, end, depth, folded = (int(part) for part in entry)
    except (TypeError, ValueError):
        return None
    return (
        Group(bool(rows), start, end, depth, bool(folded))
        if 0 <= start < end
        else None
    )


def _levels(groups: list[Group]) -> list[list[Span]]:
    """Give the outline levels that a file would show, which knows fewer depths."""
    out = []
    for rows in (True, False):
        deep = depths((g.start, g.end) for g in groups if g.rows == rows)
        out.append(
            nested(
                [
                    (low, high, min(depth, _FILE_DEEPEST))
                    for low, high, depth in deep
                ]
            )
        )
    return out
