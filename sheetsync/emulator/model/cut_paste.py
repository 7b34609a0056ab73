"""Cutting cells and pasting them elsewhere, also in another tab.

All that lies on them goes, all that points to them follows.

Who may do it and what must not be cut is left to the requests.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sheetsync.emulator.model import overlays
from sheetsync.emulator.model.carry_overlays import corner_of, joined, rebased
from sheetsync.emulator.model.formulas import rewrite
from sheetsync.emulator.model.grid import EMPTY, Cell, Formula
from sheetsync.emulator.model.structure import map_rule, rewrite_all, settle

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.model.formulas import Ref
    from sheetsync.emulator.model.grid import Book, Rule, Sheet
    from sheetsync.emulator.model.rects import Rect
    from sheetsync.emulator.model.shifts import Transfer


class Cut:
    """One cut of cells of `source`, pasted into `target`, which may be the same tab."""

    def __init__(
        self, book: Book, source: Sheet, target: Sheet, move: Transfer
    ) -> None:
        self.book = book
        self.source = source
        self.target = target
        self.move = move

    def cells(
        self, pasted: Callable[[Cell, Cell], Cell], *, follow: bool
    ) -> None:
        """Move the cells: each becomes pasted(what it was, the cut cell).

        `follow`: references go along.
        """
        settle(self.book)
        taken = self._taken(follow=follow)
        self.source.edit(self.move.source, lambda *_: EMPTY)
        if follow:
            rewrite_all(self.book, self._repointed)
        place = self.move.target

        def change(cell: Cell, row: int, column: int) -> Cell:
            return pasted(
                cell, taken.get((row - place.top, column - place.left), EMPTY)
            )

        self.target.edit(place, change)

    def _taken(self, *, follow: bool) -> dict[tuple[int, int], Cell]:
        out = {}
        rect = self.move.source
        for row in range(rect.top, rect.bottom):
            for column, cell in self.source.row(row).items():
                if rect.left <= column < rect.right:
                    new = self._carried(cell) if follow else cell
                    out[row - rect.top, column - rect.left] = new
        return out

    def _carried(self, cell: Cell) -> Cell:
        if not isinstance(cell.value, Formula):
            return cell
        return replace(
            cell,
            value=replace(cell.value, text=self._moved_text(cell.value.text)),
        )

    def _moved_text(self, text: str) -> str:
        """Give the formula of a cell that goes along: it keeps pointing where it did."""
        return rewrite(
            text, lambda ref: self._pointed(ref, self.source, self.target)
        )

    def _repointed(self, text: str, sheet_id: int) -> str:
        """Give the formula of a cell that stays, in the tab of that id."""
        home = self.book.sheet(sheet_id)
        return (
            text
            if home is None
            else rewrite(text, lambda ref: self._pointed(ref, home, home))
        )

    def _pointed(self, ref: Ref, home: Sheet, new_home: Sheet) -> Ref | None:
        tab = home.title if ref.tab is None else ref.tab
        if tab.casefold() == self.source.title.casefold():
            rect = self.move.reference(ref.rect)
            goes = self.move.source.holds(ref.rect)
            tab = self.target.title if goes else tab
        else:
            over = (
                tab.casefold() == self.target.title.casefold()
                and self.move.target.holds(ref.rect)
            )
            rect = None if over else ref.rect
        if rect is None:
            return None
        told = None if ref.tab is None and tab == new_home.title else tab
        return (
            ref
            if (rect, told) == (ref.rect, ref.tab)
            else ref._replace(rect=rect, tab=told)
        )

    def merges(self, *, paste: bool) -> None:
        """Move the merges; what was merged where they come is unmerged.

        `paste`: else they are only gone.
        """
        gone, place = self.move.source, self.move.target
        going = [rect for rect in self.source.merges if gone.holds(rect)]
        self.source.merges = [
            rect for rect in self.source.merges if not gone.holds(rect)
        ]
        if not paste:
            return
        self.target.merges = [
            rect for rect in self.target.merges if not rect.meets(place)
        ]
        self.target.merges += [
            rect.moved(self.move.down, self.move.across) for rect in going
        ]

    def lift_rules(self, name: str) -> list[Rule]:
        """Take the validations or conditional formats, by the name of their list, off the cells.

        Give what was cut.

        To be done before the cells are moved, as formulas then read differently.
        """
        going = [
            part
            for rule in getattr(self.source, name)
            for part in self._gone(rule)
        ]
        self._take_off(self.source, name, self.move.source)
        return going

    def lay_rules(self, name: str, going: list[Rule]) -> None:
        """Lay what was cut over the cells where it is pasted."""
        setattr(self.target, name, _united(getattr(self.target, name), going))

    def clear_rules(self, name: str) -> None:
        """Take off what lies where cells will be pasted; before the cells are moved, too."""
        self._take_off(self.target, name, self.move.target)

    @staticmethod
    def _take_off(sheet: Sheet, name: str, place: Rect) -> None:
        out: list[Rule] = []
        for rule in getattr(sheet, name):
            parts = [part for rect in rule.rects for part in rect.minus(place)]
            out += (
                [rule]
                if parts == list(rule.rects)
                else _restricted(rule, parts)
            )
        setattr(sheet, name, out)

    def _gone(self, rule: Rule) -> list[Rule]:
        parts = [
            part
            for rect in rule.rects
            if (part := rect.meets(self.move.source)) is not None
        ]
        moved = [
            map_rule(part, self._moved_text)
            for part in _restricted(rule, parts)
        ]
        return [replace(rule, rects=self._away(rule.rects)) for rule in moved]

    def _away(self, rects: tuple[Rect, ...]) -> tuple[Rect, ...]:
        return tuple(
            rect.moved(self.move.down, self.move.across) for rect in rects
        )

    def rest(self) -> None:
        """Take along what has a place of its own, where that is cut whole.

        Protections, names, overlays, the filter.
        """
        book, move = self.book, self.move
        old, new = self.source.id, self.target.id
        for number, protection in enumerate(book.protections):
            if protection.sheet_id == old and move.source.holds(
                protection.rect
            ):
                free = self._away(protection.free)
                moved = protection.rect.moved(move.down, move.across)
                book.protections[number] = replace(
                    protection, sheet_id=new, rect=moved, free=free
                )
        for number, name in enumerate(book.names):
            if name.sheet_id == old and move.source.holds(name.rect):
                book.names[number] = replace(
                    name,
                    sheet_id=new,
                    rect=name.rect.moved(move.down, move.across),
                )
        self._overlays()

    def _overlays(self) -> None:
        source, target, move = self.source, self.target, self.move
        if source is target:
            anchors = [chart.rect for chart in source.charts]
            overlays.move(self.book, source, move)
            source.charts = [
                replace(chart, rect=rect)
                for chart, rect in zip(source.charts, anchors, strict=True)
            ]
        else:
            for name in ("views", "bands", "tables"):
                areas = getattr(source, name)
                going = [area for area in areas if move.source.holds(area.rect)]
                setattr(
                    source, name, [area for area in areas if area not in going]
                )
                there = [
                    replace(area, rect=area.rect.moved(move.down, move.across))
                    for area in going
                ]
                setattr(target, name, [*getattr(target, name), *there])
        kept = source.filter
        if (
            kept is not None
            and move.source.holds(kept.rect)
            and (source is target or target.filter is None)
        ):
            source.filter = None
            target.filter = replace(
                kept, rect=kept.rect.moved(move.down, move.across)
            )


def _restricted(rule: Rule, rects: list[Rect]) -> list[Rule]:
    """Give the rule for a part of its cells only: none where nothing is left."""
    if not rects:
        return []
    kept = joined(sorted(rects))
    return [
        rule
        if kept == rule.rects
        else replace(
            rebased(rule, corner_of(rule.rects), corner_of(kept)), rects=kept
        )
    ]


def _united(rules: list[Rule], more: list[Rule]) -> list[Rule]:
    """Add rules to a list; one that only covers more cells of a rule that is there joins it."""
    out = list(rules)
    for rule in more:
        same = [
            i
            for i, old in enumerate(out)
            if replace(
                rebased(old, corner_of(old.rects), corner_of(rule.rects)),
                rects=rule.rects,
            )
            == rule
        ]
        if same:
            old = out[same[0]]
            kept = joined(sorted([*old.rects, *rule.rects]))
            out[same[0]] = replace(
                rebased(old, corner_of(old.rects), corner_of(kept)), rects=kept
            )
        else:
            out.append(rule)
    return out
