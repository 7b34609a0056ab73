"""Requests that paste cells: copyPaste and cutPaste, each of the paste types.

What follows cells that are cut is left to cut_paste.py; who may edit is in protections.py.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sheetsync.emulator.api.calls import computed
from sheetsync.emulator.api.locations import bounded, grid_range
from sheetsync.emulator.errors import bad
from sheetsync.emulator.model import a1
from sheetsync.emulator.model.cells import place_validation
from sheetsync.emulator.model.cut_paste import Cut
from sheetsync.emulator.model.formulas import copied, may_spill, transposed
from sheetsync.emulator.model.grid import EMPTY, Cell, Formula
from sheetsync.emulator.model.protections import guard
from sheetsync.emulator.model.rects import Rect
from sheetsync.emulator.model.shifts import Transfer
from sheetsync.emulator.model.structure import copied_cell, map_rule

if TYPE_CHECKING:
    from sheetsync.emulator.model.evaluate import Computation
    from sheetsync.emulator.model.grid import Book, Json, Rule, Sheet, Value

_MERGED = "You can't paste over part of a merged cell."
_WITH_VALUES = (
    "PASTE_NORMAL",
    "PASTE_NO_BORDERS",
    "PASTE_VALUES",
    "PASTE_FORMULA",
)
_WITH_FORMATS = ("PASTE_NORMAL", "PASTE_NO_BORDERS", "PASTE_FORMAT")
_WHOLE = ("PASTE_NORMAL", "PASTE_NO_BORDERS")
_TYPES = (
    *_WITH_VALUES,
    "PASTE_FORMAT",
    "PASTE_DATA_VALIDATION",
    "PASTE_CONDITIONAL_FORMATTING",
)


class _Paste:
    """One tile of a paste: `rect` of a tab as it was goes to `place` of another.

    `turned`: rows become columns.
    """

    def __init__(
        self,
        book: Book,
        kind: str,
        source: Sheet,
        rect: Rect,
        target: Sheet,
        *,
        turned: bool,
    ) -> None:
        self.book = book
        self.kind = kind
        self.source = source.copy()  # a paste may lie over what it copies
        self.target = target
        self.turned = turned
        self._rules: dict[
            int, int
        ] = {}  # rules of another tab by their places here
        self.computed = (
            _computed_values(book, source, rect)
            if kind == "PASTE_VALUES"
            else None
        )

    def cell(
        self, at: tuple[int, int], rect: Rect, place: Rect
    ) -> tuple[int, int]:
        """Give the source's cell for one of the target."""
        down, across = at[0] - place.top, at[1] - place.left
        return (
            (rect.top + across, rect.left + down)
            if self.turned
            else (rect.top + down, rect.left + across)
        )

    def moved(self, part: Rect, rect: Rect, place: Rect) -> Rect:
        """Give where a part of the source goes."""
        down, across = part.top - rect.top, part.left - rect.left
        height, width = part.bottom - part.top, part.right - part.left
        if self.turned:
            down, across, height, width = across, down, width, height
        return Rect(
            place.top + down,
            place.top + down + height,
            place.left + across,
            place.left + across + width,
        )

    def run(self, rect: Rect, place: Rect) -> None:
        """Paste the tile."""
        if self.kind in (*_WITH_VALUES, *_WITH_FORMATS):
            self._cells(rect, place)
        if self.kind in _WHOLE:
            self.target.merges = [
                old for old in self.target.merges if not old.meets(place)
            ]
            self.target.merges += [
                self.moved(old, rect, place)
                for old in self.source.merges
                if rect.holds(old)
            ]
        if self.kind == "PASTE_DATA_VALIDATION":
            self._validation(rect, place)
        if self.kind == "PASTE_CONDITIONAL_FORMATTING":
            self._conditional(rect, place)

    def _cells(self, rect: Rect, place: Rect) -> None:
        for row in range(place.top, place.bottom):
            out = dict(self.target.row(row))
            for column in range(place.left, place.right):
                origin = self.cell((row, column), rect, place)
                out[column] = self._pasted(
                    out.get(column, EMPTY), origin, (row, column)
                )
            self.target.put_row(row, out)

    def _pasted(
        self, old: Cell, origin: tuple[int, int], at: tuple[int, int]
    ) -> Cell:
        if self.kind == "PASTE_VALUES":
            return replace(old, value=self._value(*origin), runs=())
        return _mixed(
            self.book,
            self.kind,
            old,
            self._copied(self.source.cell(*origin), origin, at),
        )

    def _value(self, row: int, column: int) -> Value:
        if self.computed is None:
            return self.source.cell(row, column).value
        return self.computed.value(self.source, row, column)

    def _copied(
        self, cell: Cell, origin: tuple[int, int], at: tuple[int, int]
    ) -> Cell:
        if self.turned and isinstance(cell.value, Formula):
            return replace(
                cell, value=Formula(transposed(cell.value.text, origin, at))
            )
        return copied_cell(cell, at[0] - origin[0], at[1] - origin[1])

    def _validation(self, rect: Rect, place: Rect) -> None:
        found = [
            (r, both)
            for r in self.source.validations
            for part in r.rects
            if (both := part.meets(rect))
        ]
        place_validation(self.target, place, None)
        for rule, part in found:
            place_validation(self.target, self.moved(part, rect, place), rule)

    def _conditional(self, rect: Rect, place: Rect) -> None:
        same = self.source.id == self.target.id
        for i, rule in enumerate(self.source.conditionals):
            parts = tuple(
                self.moved(both, rect, place)
                for part in rule.rects
                if (both := part.meets(rect))
            )
            if not parts:
                continue
            if not same and i not in self._rules:
                self._rules[i] = len(self.target.conditionals)
                fresh = _anchored_anew(rule, parts[0])
                self.target.conditionals.append(replace(fresh, rects=parts))
                continue
            # Its references count from its first cell, so that it holds for further cells as it is.
            at = i if same else self._rules[i]
            kept = self.target.conditionals[at]
            self.target.conditionals[at] = replace(
                kept, rects=_joined(kept.rects, parts)
            )


def _anchored_anew(rule: Rule, place: Rect) -> Rule:
    """Give a rule whose relative references count from the first cell of `place`."""
    corner = rule.rects[0]
    down, across = place.top - corner.top, place.left - corner.left
    return map_rule(rule, lambda text: copied(text, down, across))


def _joined(
    rects: tuple[Rect, ...], more: tuple[Rect, ...]
) -> tuple[Rect, ...]:
    """Add rectangles; one that goes on below the last one lengthens it."""
    out = list(rects)
    for rect in more:
        last = out[-1]
        is_below = last.bottom == rect.top
        if is_below and (last.left, last.right) == (rect.left, rect.right):
            out[-1] = last._replace(bottom=rect.bottom)
        else:
            out.append(rect)
    return tuple(out)


def _computed_values(
    book: Book, sheet: Sheet, rect: Rect
) -> Computation | None:
    """Give the values of a book as it is now; None where cells of a tab hold theirs themselves.

    Earlier requests of the batch may have changed what formulas come to, so that the whole book is
    computed anew; a batch that copies a hundred stretches of plain cells must not pay for that.
    """
    book.computed = None
    if not _needs_computing(sheet, rect):
        return None
    values = computed(book)
    book.computed = None
    return values


def _needs_computing(sheet: Sheet, rect: Rect) -> bool:
    """Whether a formula gives some of these cells their values: one of their own, or an array's."""
    return any(
        rect.has(row, column) or may_spill(formula.text)
        for row, column, formula in sheet.formulas()
    )


def _mixed(book: Book, kind: str, old: Cell, new: Cell) -> Cell:
    """Give a cell over which another is pasted."""
    if kind in _WITH_VALUES:
        old = replace(old, value=new.value, runs=new.runs, rich=new.rich)
    if kind == "PASTE_NO_BORDERS":
        return _borders_kept(book, old, new)
    return replace(old, look=new.look) if kind in _WITH_FORMATS else old


def _borders_kept(book: Book, old: Cell, new: Cell) -> Cell:
    """Give the cell in the format of another, with its own borders."""
    borders = old.look.json.get("borders") if old.look else None
    form = (
        {}
        if new.look is None
        else {
            name: value
            for name, value in new.look.json.items()
            if name != "borders"
        }
    )
    if borders:
        form["borders"] = borders
    base = new.look.base if new.look is not None and form else 0
    return replace(old, look=book.look(form, base))


def _kind(params: Json) -> str:
    kind = str(params.get("pasteType", "PASTE_NORMAL"))
    if kind not in _TYPES:
        raise bad(f"Invalid pasteType: {kind}")
    return kind


def _check_merges(sheet: Sheet, rect: Rect) -> None:
    if any(
        merge.meets(rect) and not rect.holds(merge) for merge in sheet.merges
    ):
        raise bad(_MERGED)


def copy_paste(book: Book, user: str, params: Json) -> None:
    """copyPaste: the source repeated over the destination, which may lie in another tab."""
    if "source" not in params or "destination" not in params:
        raise bad("source and destination are required")
    turned = params.get("pasteOrientation", "NORMAL") == "TRANSPOSE"
    kind = _kind(params)
    source, rect = bounded(book, params["source"], "source")
    target, given = bounded(book, params["destination"], "destination")
    height, width = rect.bottom - rect.top, rect.right - rect.left
    size = (width, height) if turned else (height, width)
    place = _tiled(size, given)
    a1.inside(target, place)
    if kind in _WHOLE:
        _check_merges(source, rect)
        _check_merges(target, place)
    guard(book, user, target, place)
    paste = _Paste(book, kind, source, rect, target, turned=turned)
    for tile in _tiles(size, place):
        paste.run(rect, tile)


def _tiled(size: tuple[int, int], given: Rect) -> Rect:
    """Give the destination: a whole multiple of the source in each direction, at least once."""
    height, width = size
    down, across = (
        max((given.bottom - given.top) // height, 1),
        max((given.right - given.left) // width, 1),
    )
    return Rect(
        given.top,
        given.top + down * height,
        given.left,
        given.left + across * width,
    )


def _tiles(size: tuple[int, int], place: Rect) -> list[Rect]:
    height, width = size
    return [
        Rect(top, top + height, left, left + width)
        for top in range(place.top, place.bottom, height)
        for left in range(place.left, place.right, width)
    ]


def cut_paste(book: Book, user: str, params: Json) -> None:
    """cutPaste: the source is cleared of all that is cut, whatever of it is pasted."""
    if "source" not in params or "destination" not in params:
        raise bad("source and destination are required")
    kind = _kind(params)
    source, rect = bounded(book, params["source"], "source")
    at = params["destination"]
    corner = {
        "startRowIndex": at.get("rowIndex", 0),
        "startColumnIndex": at.get("columnIndex", 0),
    }
    target, start = grid_range(
        book, {"sheetId": at.get("sheetId", 0), **corner}, "destination"
    )
    move = Transfer(
        rect, start.top - rect.top, start.left - rect.left, source is not target
    )
    a1.inside(target, move.target)
    _check_merges(source, rect)
    if kind in _WHOLE:
        kept = target if source is not target else _without(target, rect)
        _check_merges(kept, move.target)
    guard(book, user, source, rect)
    guard(book, user, target, move.target)
    if (move.down, move.across) != (0, 0) or source is not target:
        _cut(Cut(book, source, target, move), kind)


def _without(sheet: Sheet, rect: Rect) -> Sheet:
    """Give the tab as it is once the cut cells are gone."""
    return replace(
        sheet, merges=[merge for merge in sheet.merges if not rect.holds(merge)]
    )


def _cut(cut: Cut, kind: str) -> None:
    book, whole = cut.book, kind in _WHOLE
    if kind == "PASTE_VALUES":
        _freeze_formulas(book, cut.source, cut.move.source)
    lists = {
        "validations": "PASTE_DATA_VALIDATION",
        "conditionals": "PASTE_CONDITIONAL_FORMATTING",
    }
    going = {name: cut.lift_rules(name) for name in lists}
    wanted = [name for name, own in lists.items() if whole or kind == own]
    for name in wanted:
        cut.clear_rules(name)
    cut.cells(
        lambda old, new: (
            new if kind == "PASTE_NORMAL" else _cut_mixed(book, kind, old, new)
        ),
        follow=kind in _WITH_VALUES,
    )
    for name in wanted:
        cut.lay_rules(name, going[name])
    cut.merges(paste=whole)
    if whole:
        cut.rest()


def _freeze_formulas(book: Book, sheet: Sheet, rect: Rect) -> None:
    """Put in place of the formulas in these cells what they come to."""
    values = _computed_values(book, sheet, rect)
    if values is None:
        return
    for row, column, _ in list(sheet.formulas()):
        if rect.has(row, column):
            cell = replace(
                sheet.cell(row, column), value=values.value(sheet, row, column)
            )
            sheet.put(row, column, cell)


def _cut_mixed(book: Book, kind: str, old: Cell, new: Cell) -> Cell:
    out = _mixed(book, kind, old, new)
    return replace(out, note=new.note) if kind in _WHOLE else out


KINDS = {"copyPaste": copy_paste, "cutPaste": cut_paste}
