"""Inserting and deleting rows and columns, and everything that has to move with them.

Renaming and deleting tabs.

Formulas are rewritten late and once (settle), as a batch may hold a thousand deletions. Who may do
it is left to callers.
"""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sheetsync.emulator.model import groups, overlays
from sheetsync.emulator.model.formulas import copied, renamed, rewrite
from sheetsync.emulator.model.grid import Cell, Formula, Rule, splice_lines
from sheetsync.emulator.model.rects import Deletions, Pointing, Rect, Splice

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.model.grid import Book, Json, Row, Sheet
    from sheetsync.emulator.model.shifts import Reorder, Shift


def splice(book: Book, sheet: Sheet, cut: Splice) -> None:
    """Insert or delete rows or columns of a tab, and move all that lies on it or points to it."""
    _move_cells(sheet, cut)
    sheet.merges = [
        r
        for r in cut.rects(sheet.merges)
        if (r.bottom - r.top) * (r.right - r.left) > 1
    ]
    sheet.validations = _move_rules(sheet.validations, cut)
    sheet.conditionals = _move_rules(sheet.conditionals, cut)
    overlays.move(book, sheet, cut)
    if sheet.filter is not None:
        rect = cut.rect(sheet.filter.rect)
        sheet.filter = None if rect is None else move_filter(sheet, cut, rect)
    _move_lines(sheet, cut)
    _move_frozen(sheet, cut)
    groups.move(sheet, cut)
    move_outer(book, sheet, cut)
    move_metadata(book, sheet, cut)
    book.pending.append((sheet.id, sheet.title, cut))


def _move_cells(sheet: Sheet, cut: Splice) -> None:
    if not cut.rows:
        sheet.column_count += cut.count
        sheet.rows = [_move_row(row, cut) for row in sheet.rows]
        return
    sheet.row_count += cut.count
    if cut.count < 0:
        del sheet.rows[cut.at : cut.at - cut.count]
    elif cut.at < len(sheet.rows):
        sheet.rows[cut.at : cut.at] = [{} for _ in range(cut.count)]


def _move_row(row: Row, cut: Splice) -> Row:
    if not row or max(row) < cut.at:
        return row
    moved = ((cut.index(column), cell) for column, cell in row.items())
    return {column: cell for column, cell in moved if column is not None}


def _move_lines(sheet: Sheet, cut: Splice) -> None:
    if cut.rows:
        sheet.row_lines = splice_lines(sheet.row_lines, cut)
    else:
        sheet.column_lines = splice_lines(sheet.column_lines, cut)


def _move_frozen(sheet: Sheet, cut: Splice) -> None:
    frozen = sheet.frozen_rows if cut.rows else sheet.frozen_columns
    span = cut.span(0, frozen) if frozen else None
    new = span[1] if span is not None else 0
    if cut.rows:
        sheet.frozen_rows = new
    else:
        sheet.frozen_columns = new


def move_filter(sheet: Sheet, cut: Splice | Reorder, rect: Rect) -> Any:
    """Give the basic filter at its new place, its criteria where the columns are now."""
    kept = sheet.filter
    if kept is None or cut.rows:
        return None if kept is None else replace(kept, rect=rect)
    json = dict(kept.json)
    specs = [_move_spec(spec, cut) for spec in json.get("filterSpecs", [])]
    if specs:
        json["filterSpecs"] = [spec for spec in specs if spec is not None]
    source = copy(kept.source)
    if source is not None:
        columns = []
        for column in source.filterColumn:
            index = cut.index(kept.rect.left + column.colId)
            if index is not None:
                moved = copy(column)
                moved.colId = index - rect.left
                columns.append(moved)
        source.filterColumn = columns
    return replace(kept, rect=rect, json=json, source=source)


def _move_spec(spec: Json, cut: Splice | Reorder) -> Json | None:
    index = cut.index(spec.get("columnIndex", 0))
    return None if index is None else {**spec, "columnIndex": index}


def _move_rules(rules: list[Rule], cut: Splice) -> list[Rule]:
    out = []
    for rule in rules:
        rects = cut.rects(rule.rects)
        if not rects:
            continue
        if rects == rule.rects:
            out.append(rule)
            continue
        out.append(replace(_kept_corner(rule, cut), rects=rects))
    return out


def _kept_corner(rule: Rule, cut: Splice) -> Rule:
    """Keep a rule's relative references, which count from its first cell, if that is deleted."""
    if cut.count > 0:
        return rule
    first = next(rect for rect in rule.rects if cut.rect(rect) is not None)
    start, corner = (
        (first.top, rule.rects[0].top)
        if cut.rows
        else (first.left, rule.rects[0].left)
    )
    if cut.at <= start < cut.at - cut.count:
        start = cut.at - cut.count
    away = start - corner
    if not away:
        return rule
    down, across = (away, 0) if cut.rows else (0, away)
    return map_rule(rule, lambda text: copied(text, down, across))


def map_rule(rule: Rule, change: Callable[[str], str]) -> Rule:
    """Give a rule with each of its formulas changed, in Google's words and in the file's."""
    json = None if rule.json is None else _map_json(rule.json, change)
    source = rule.source
    for name in ("formula1", "formula2", "formula"):
        old = getattr(source, name, None)
        if not old:
            continue
        new = (
            [change("=" + str(f))[1:] for f in old]
            if name == "formula"
            else change("=" + str(old))[1:]
        )
        if new != old:
            source = copy(source)
            setattr(source, name, new)
    if json == rule.json and source is rule.source:
        return rule
    return replace(rule, json=json, source=source)


def _map_json(node: Any, change: Callable[[str], str]) -> Any:
    if isinstance(node, list):
        return [_map_json(item, change) for item in node]
    if not isinstance(node, dict):
        return node
    out = {}
    for name, value in node.items():
        formula = (
            name == "userEnteredValue"
            and isinstance(value, str)
            and value.startswith("=")
        )
        out[name] = change(value) if formula else _map_json(value, change)
    return out


def move_outer(book: Book, sheet: Sheet, cut: Shift | Splice) -> None:
    """Take protections and named ranges along."""
    protections = []
    for protection in book.protections:
        moved = (
            cut.rect(protection.rect)
            if protection.sheet_id == sheet.id
            else protection.rect
        )
        if moved is not None:
            free = (
                cut.rects(protection.free)
                if protection.sheet_id == sheet.id
                else protection.free
            )
            protections.append(replace(protection, rect=moved, free=free))
    book.protections = protections
    names = [
        replace(n, rect=cut.rect(n.rect) or Rect(-1))
        if n.sheet_id == sheet.id
        else n
        for n in book.names
    ]
    book.names = [name for name in names if name.rect.top >= 0]


def move_metadata(book: Book, sheet: Sheet, cut: Splice | Reorder) -> None:
    """Take along the developer metadata of the tab's rows and columns."""
    metadata = [_move_metadata(entry, sheet, cut) for entry in book.metadata]
    book.metadata = [entry for entry in metadata if entry is not None]


def _move_metadata(
    entry: Json, sheet: Sheet, cut: Splice | Reorder
) -> Json | None:
    place = entry.get("location", {}).get("dimensionRange")
    if place is None or place.get("sheetId", 0) != sheet.id:
        return entry
    if (place.get("dimension") == "ROWS") != cut.rows:
        return entry
    span = cut.span(place.get("startIndex", 0), place["endIndex"])
    if span is None:
        return None
    moved = {**place, "startIndex": span[0], "endIndex": span[1]}
    return {**entry, "location": {**entry["location"], "dimensionRange": moved}}


def settle(book: Book) -> None:
    """Bring all formulas up to date with the insertions and deletions since the last time."""
    todo, book.pending = book.pending, []
    if todo:
        steps = _grouped(todo)
        rewrite_all(
            book, lambda text, sheet_id: _through(text, sheet_id, steps)
        )


Step = tuple[int, str, Pointing]


def _grouped(cuts: list[Step]) -> list[Step]:
    """Take deletions that follow one another together."""
    out: list[Step] = []
    for (sheet_id, title, *_), group in groupby(cuts, _deletes):
        steps = [cut for *_, cut in group]
        cuttings = [
            cut for cut in steps if isinstance(cut, Splice) and cut.count < 0
        ]
        out += (
            [(sheet_id, title, Deletions(cuttings))]
            if cuttings
            else [(sheet_id, title, cut) for cut in steps]
        )
    return out


def _deletes(step: Step) -> tuple[int, str, bool | None]:
    """Give what deletions that can be taken together have in common."""
    sheet_id, title, cut = step
    return (
        sheet_id,
        title,
        cut.rows if isinstance(cut, Splice) and cut.count < 0 else None,
    )


def _through(text: str, own: int, cuts: list[Step]) -> str:
    return rewrite(text, lambda ref: _carry(ref, own, cuts))


def _carry(ref: Any, own: int, cuts: list[Step]) -> Any:
    rect = ref.rect
    tab = None if ref.tab is None else ref.tab.casefold()
    for sheet_id, title, cut in cuts:
        if own == sheet_id if tab is None else tab == title.casefold():
            moved = cut.reference(rect)
            if moved is None:
                return None
            rect = moved
    return ref if rect == ref.rect else ref._replace(rect=rect)


def rewrite_all(book: Book, change: Callable[[str, int], str]) -> None:
    """Every formula of the book, of cells and of rules, becomes change(formula, id of its tab)."""
    for sheet in book.sheets:
        for index in {index for index, _, _ in sheet.formulas()}:
            sheet.rows[index] = _rewritten(sheet.rows[index], sheet.id, change)
        own = sheet.id
        sheet.validations = [
            # mypy cannot type a lambda's default.
            map_rule(rule, lambda text, own=own: change(text, own))  # type: ignore[misc]
            for rule in sheet.validations
        ]
        sheet.conditionals = [
            map_rule(rule, lambda text, own=own: change(text, own))  # type: ignore[misc]
            for rule in sheet.conditionals
        ]


def _rewritten(
    row: Row, sheet_id: int, change: Callable[[str, int], str]
) -> Row:
    out: Row | None = None
    for column, cell in row.items():
        if not isinstance(cell.value, Formula):
            continue
        text = change(cell.value.text, sheet_id)
        if text != cell.value.text:
            out = dict(row) if out is None else out
            out[column] = replace(
                cell, value=Formula(text, cell.value.origin, cell.value.array)
            )
    return row if out is None else out


def rename(book: Book, sheet: Sheet, title: str) -> None:
    """Give a tab another title; formulas that name it follow."""
    settle(book)
    old = sheet.title
    rewrite_all(
        book, lambda text, _: renamed(text, old, title) if "!" in text else text
    )
    sheet.title = title


def remove(book: Book, sheet: Sheet) -> None:
    """Take a tab out of the book; what pointed to it becomes #REF!, what lay on it goes."""
    settle(book)
    book.sheets = [other for other in book.sheets if other is not sheet]
    overlays.forget(book, sheet)
    old = sheet.title
    rewrite_all(
        book, lambda text, _: renamed(text, old, None) if "!" in text else text
    )
    book.protections = [p for p in book.protections if p.sheet_id != sheet.id]
    book.names = [name for name in book.names if name.sheet_id != sheet.id]
    book.metadata = [
        entry for entry in book.metadata if _tab_of(entry) != sheet.id
    ]


def _tab_of(entry: Json) -> int | None:
    location = entry.get("location", {})
    if "sheetId" in location:
        return int(location["sheetId"])
    place = location.get("dimensionRange")
    return None if place is None else int(place.get("sheetId", 0))


def copied_cell(cell: Cell, rows: int, columns: int) -> Cell:
    """Give a cell as pasted that far away.

    Relative references move along, its note stays behind.
    """
    value = cell.value
    if isinstance(value, Formula):
        value = Formula(
            copied(value.text, rows, columns),
            value.origin if not (rows or columns) else None,
        )
    return replace(cell, value=value, note=None)
