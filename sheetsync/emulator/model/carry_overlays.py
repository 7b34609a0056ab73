"""Takes along what lies on cells when rows or columns move, or cells push their neighbours.

Insertions and deletions of whole rows and columns are in structure.py, cutting and pasting is in
cut_paste.py.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from sheetsync.emulator.model import groups, overlays
from sheetsync.emulator.model.formulas import copied, rewrite
from sheetsync.emulator.model.rects import OPEN, Rect, union
from sheetsync.emulator.model.structure import (
    map_rule,
    move_filter,
    move_metadata,
    move_outer,
    settle,
)

if TYPE_CHECKING:
    from sheetsync.emulator.model.formulas import Ref
    from sheetsync.emulator.model.grid import Book, Cell, Row, Rule, Sheet
    from sheetsync.emulator.model.shifts import BandSplice, Reorder, Shift


def reorder(book: Book, sheet: Sheet, order: Reorder) -> None:
    """Move whole rows or columns of a tab elsewhere in it."""
    if order.rows:
        rows = sheet.rows + [
            {} for _ in range(max(order.end, order.to) - len(sheet.rows))
        ]
        sheet.rows = _permuted(rows, order)
        sheet.row_lines = {
            order.index(index): line for index, line in sheet.row_lines.items()
        }
    else:
        sheet.rows = [
            {order.index(column): cell for column, cell in row.items()}
            for row in sheet.rows
        ]
        sheet.column_lines = {
            order.index(index): line
            for index, line in sheet.column_lines.items()
        }
    _take_along(book, sheet, order)
    if sheet.filter is not None:
        sheet.filter = move_filter(sheet, order, order.rect(sheet.filter.rect))
    groups.move(sheet, order)
    move_metadata(book, sheet, order)


def _permuted(rows: list[Row], order: Reorder) -> list[Row]:
    start, end, to = order.start, order.end, order.to
    if to <= start:
        return rows[:to] + rows[start:end] + rows[to:start] + rows[end:]
    return rows[:start] + rows[end:to] + rows[start:end] + rows[to:]


def push(book: Book, sheet: Sheet, shift: BandSplice) -> None:
    """Insert or delete cells between lines of a tab; what is beyond moves away or up."""
    if shift.cut.rows:
        sheet.rows = _pushed_rows(sheet.rows, shift)
    else:
        for index in range(shift.low, min(shift.high, len(sheet.rows))):
            sheet.rows[index] = _pushed_row(sheet.rows[index], shift)
    _take_along(book, sheet, shift)
    if sheet.filter is not None:
        rect = shift.rect(sheet.filter.rect)
        sheet.filter = (
            None if rect is None else replace(sheet.filter, rect=rect)
        )
    _clip(sheet)


def _pushed_rows(rows: list[Row], shift: BandSplice) -> list[Row]:
    low, high, cut = shift.low, shift.high, shift.cut
    if cut.at >= len(rows):
        return rows
    out = rows[: cut.at]
    for index in range(cut.at, len(rows) + max(cut.count, 0)):
        own = rows[index] if index < len(rows) else {}
        origin = index - cut.count
        source = (
            rows[origin]
            if origin < len(rows) and (cut.count < 0 or origin >= cut.at)
            else {}
        )
        row = {
            column: cell
            for column, cell in own.items()
            if not low <= column < high
        }
        out.append(
            row
            | {
                column: cell
                for column, cell in source.items()
                if low <= column < high
            }
        )
    return out


def _pushed_row(row: Row, shift: BandSplice) -> Row:
    moved = ((shift.cut.index(column), cell) for column, cell in row.items())
    return {column: cell for column, cell in moved if column is not None}


def _clip(sheet: Sheet) -> None:
    """Drop what was pushed over the rim; the grid has grown for values already."""
    del sheet.rows[sheet.row_count :]
    for index, row in enumerate(sheet.rows):
        if row and max(row) >= sheet.column_count:
            sheet.rows[index] = {
                column: cell
                for column, cell in row.items()
                if column < sheet.column_count
            }


def overflow(sheet: Sheet, shift: BandSplice) -> int:
    """Tell by how many lines the grid must grow so that nothing is pushed over its rim."""
    cut, band = shift.cut, shift.moving
    last = max(
        (
            rect.bottom if cut.rows else rect.right
            for rect in sheet.merges
            if band.holds(rect)
        ),
        default=0,
    )
    for index, row in enumerate(sheet.rows):
        for column, cell in row.items():
            if cell.value is not None and band.has(index, column):
                last = max(last, (index if cut.rows else column) + 1)
    return (
        max(
            last
            + cut.count
            - (sheet.row_count if cut.rows else sheet.column_count),
            0,
        )
        if last
        else 0
    )


def _take_along(book: Book, sheet: Sheet, shift: Reorder | BandSplice) -> None:
    if any(_worded(rule) for rule in (*sheet.validations, *sheet.conditionals)):
        settle(book)  # their formulas are about to be told anew
    moved = shift.rects(sheet.merges)
    sheet.merges = [
        rect
        for rect in moved
        if (rect.bottom - rect.top) * (rect.right - rect.left) > 1
    ]
    sheet.validations = _followed(sheet, sheet.validations, shift)
    sheet.conditionals = _followed(sheet, sheet.conditionals, shift)
    anchors = [chart.rect for chart in sheet.charts]
    overlays.move(book, sheet, shift)
    if not hasattr(shift, "span"):  # charts hang on whole rows and columns
        sheet.charts = [
            replace(chart, rect=rect)
            for chart, rect in zip(sheet.charts, anchors, strict=True)
        ]
    move_outer(book, sheet, shift)
    book.pending.append((sheet.id, sheet.title, shift))


def _worded(rule: Rule) -> bool:
    """Whether a rule has formulas, which count from its first cell."""
    file_has = any(
        getattr(rule.source, name, None)
        for name in ("formula1", "formula2", "formula")
    )
    return file_has or '"=' in json.dumps(rule.json or {})


def _followed(sheet: Sheet, rules: list[Rule], shift: Shift) -> list[Rule]:
    out: list[Rule] = []
    for rule in rules:
        pairs = [
            (old, new) for rect in rule.rects for old, new in shift.pairs(rect)
        ]
        pairs = [
            (old, clipped)
            for old, new in pairs
            if (clipped := inside(sheet, new)) is not None
        ]
        if not pairs:
            continue
        if not _worded(rule):
            rects = union(new for _, new in pairs)
            out.append(
                rule
                if rects == union(rule.rects)
                else replace(rule, rects=rects)
            )
        else:
            out += _told_anew(sheet, rule, pairs, shift)
    return out


def inside(sheet: Sheet, rect: Rect) -> Rect | None:
    """Give the part inside the grid, with its open sides."""
    bottom = (
        rect.bottom
        if rect.bottom >= OPEN
        else min(rect.bottom, sheet.row_count)
    )
    right = (
        rect.right
        if rect.right >= OPEN
        else min(rect.right, sheet.column_count)
    )
    return (
        rect._replace(bottom=bottom, right=right)
        if rect.top < bottom and rect.left < right
        else None
    )


def _told_anew(
    sheet: Sheet, rule: Rule, pairs: list[tuple[Rect, Rect]], shift: Shift
) -> list[Rule]:
    """Give a rule whose cells moved.

    Parts for which it comes to the same formula remain one rule.
    """
    found: list[tuple[Rule, Rule, list[Rect]]] = []
    for old, new in sorted(pairs, key=lambda pair: pair[1]):
        part = rebased(rule, corner_of(rule.rects), (old.top, old.left))
        meant = map_rule(part, lambda text: _pointed(sheet, text, shift))
        for _, first, rects in found:
            if rebased(first, rects[0][::2], new[::2]) == meant:
                rects.append(new)
                break
        else:
            found.append((part, meant, [new]))
    return [replace(part, rects=joined(rects)) for part, _, rects in found]


def corner_of(rects: tuple[Rect, ...]) -> tuple[int, int]:
    """Give the cell that a rule's formulas count from."""
    return rects[0].top, rects[0].left


def rebased(rule: Rule, old: tuple[int, ...], new: tuple[int, ...]) -> Rule:
    """Give a rule with its formulas as they read from another cell."""
    down, across = new[0] - old[0], new[1] - old[1]
    return (
        rule
        if (down, across) == (0, 0)
        else map_rule(rule, lambda text: copied(text, down, across))
    )


def joined(rects: list[Rect]) -> tuple[Rect, ...]:
    """Give the same cells in fewer rectangles, unless another cell would come first."""
    fewer = union(rects)
    return (
        fewer
        if corner_of(fewer) == (rects[0].top, rects[0].left)
        else tuple(rects)
    )


def _pointed(sheet: Sheet, text: str, shift: Shift) -> str:
    def change(ref: Ref) -> Ref | None:
        if ref.tab is not None and ref.tab.casefold() != sheet.title.casefold():
            return ref
        rect = shift.reference(ref.rect)
        return None if rect is None else ref._replace(rect=rect)

    return rewrite(text, change)


def permute(sheet: Sheet, rect: Rect, origins: list[int]) -> None:
    """Put the rows of a range into another order: row i of it becomes what row origins[i] was.

    None of it is lost.

    Formulas read as if copied; fewer origins than rows leave the last rows of the range blank.
    """
    before = [sheet.row(index) for index in range(rect.top, rect.bottom)]
    for offset, row in enumerate(before):
        index = rect.top + offset
        kept = {
            column: cell
            for column, cell in row.items()
            if not rect.left <= column < rect.right
        }
        if offset < len(origins):
            kept |= _brought(
                before[origins[offset]], rect, offset - origins[offset]
            )
        if kept != row:
            sheet.put_row(index, kept)


def _brought(row: Row, rect: Rect, down: int) -> Row:
    # Beside its only use.
    from sheetsync.emulator.model.structure import copied_cell  # noqa: PLC0415

    def moved(cell: Cell) -> Cell:
        return replace(copied_cell(cell, down, 0), note=cell.note)

    return {
        column: moved(cell) if down else cell
        for column, cell in row.items()
        if rect.left <= column < rect.right
    }


def permute_validations(sheet: Sheet, rect: Rect, origins: list[int]) -> None:
    """Let validations that lie on some rows of a range only go where these rows went."""
    out: list[Rule] = []
    for rule in sheet.validations:
        parts = [part for old in rule.rects for part in old.minus(rect)]
        hit = [
            part for old in rule.rects if (part := old.meets(rect)) is not None
        ]
        if all(
            (part.top, part.bottom) == (rect.top, rect.bottom) for part in hit
        ):
            out.append(rule)
            continue
        for offset, origin in enumerate(origins):
            lines = [
                part
                for part in hit
                if part.top <= rect.top + origin < part.bottom
            ]
            parts += [
                part._replace(
                    top=rect.top + offset, bottom=rect.top + offset + 1
                )
                for part in lines
            ]
        kept = union(parts)
        out.append(
            replace(
                rebased(rule, corner_of(rule.rects), corner_of(kept)),
                rects=kept,
            )
        )
    sheet.validations = out
