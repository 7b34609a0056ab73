"""How cells of one tab change places.

Rows or columns that move elsewhere, ranges that push or pull their neighbours.

What lies on the cells is taken along by carry_overlays.py; insertions and deletions of whole rows
and columns are in rects.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sheetsync.emulator.model.rects import OPEN, Rect, Splice

if TYPE_CHECKING:
    from collections.abc import Iterable


class Shift(Protocol):
    """Tells where things are afterwards."""

    def rect(self, rect: Rect) -> Rect | None:
        """Where something that stays one rectangle is; None when it is gone."""

    def rects(self, rects: Iterable[Rect]) -> tuple[Rect, ...]:
        """Where several are, the gone ones left out."""

    def pairs(self, rect: Rect) -> list[tuple[Rect, Rect]]:
        """Which parts of a rectangle went where, cell by cell."""

    def reference(self, rect: Rect) -> Rect | None:
        """Give what a formula's reference points to; None when its cells are gone."""


@dataclass(frozen=True, slots=True)
class Reorder:
    """Rows (or columns) [start, end) go before the one that was at `to`, outside of them."""

    rows: bool
    start: int
    end: int
    to: int

    def _segments(self) -> list[tuple[int, int, int]]:
        """(start, end, distance) of all lines, in order."""
        size = self.end - self.start
        if self.to >= self.end:
            steps = [
                (self.start, self.end, self.to - self.end),
                (self.end, self.to, -size),
            ]
            return [(0, self.start, 0), *steps, (self.to, OPEN, 0)]
        steps = [
            (self.to, self.start, size),
            (self.start, self.end, self.to - self.start),
        ]
        return [(0, self.to, 0), *steps, (self.end, OPEN, 0)]

    def index(self, index: int) -> int:
        """Where one row or column is afterwards."""
        return next(
            index + away
            for start, end, away in self._segments()
            if start <= index < end
        )

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where [start, end) is: it goes along whole, or shrinks where lines leave, and grows."""
        if self.start <= start and end <= self.end:
            low = self.index(start)
            return low, low + end - start
        if start <= self.start and self.end <= end and start <= self.to <= end:
            return start, end
        size = self.end - self.start
        left = Splice(self.rows, self.start, -size).span(start, end)
        at = self.to if self.to <= self.start else self.to - size
        return Splice(self.rows, at, size).span(*(left or (start, end))) or (
            start,
            end,
        )

    def _along(self, rect: Rect, span: tuple[int, int]) -> Rect:
        return (
            rect._replace(top=span[0], bottom=span[1])
            if self.rows
            else rect._replace(left=span[0], right=span[1])
        )

    def _side(self, rect: Rect) -> tuple[int, int]:
        return (rect.top, rect.bottom) if self.rows else (rect.left, rect.right)

    def rect(self, rect: Rect) -> Rect:
        """Where something that stays one rectangle is."""
        return self._along(rect, self.span(*self._side(rect)))

    def rects(self, rects: Iterable[Rect]) -> tuple[Rect, ...]:
        """Where several are."""
        return tuple(map(self.rect, rects))

    def pairs(self, rect: Rect) -> list[tuple[Rect, Rect]]:
        """Which parts of a rectangle went where."""
        start, end = self._side(rect)
        out = []
        for low, high, away in self._segments():
            first, last = max(start, low), min(end, high)
            if first < last:
                new = (first + away, last if last >= OPEN else last + away)
                out.append(
                    (self._along(rect, (first, last)), self._along(rect, new))
                )
        return out

    def reference(self, rect: Rect) -> Rect:
        """Give a reference's cells: an edge that leaves the range takes it along, as with a cut."""
        start, end = self._side(rect)
        edge = (
            self.start <= start < self.end < end
            or start < self.start < end <= self.end
        )
        if edge and end < OPEN and not start <= self.to <= end:
            low, high = self.index(start), self.index(end - 1) + 1
            if low < high:
                return self._along(rect, (low, high))
        return self.rect(rect)


@dataclass(frozen=True, slots=True)
class BandSplice:
    """Cells that come or go between columns (for rows; else rows) [low, high).

    What is beyond in them moves.
    """

    cut: Splice
    low: int
    high: int

    @property
    def band(self) -> Rect:
        """Give all lines that the change is confined to."""
        return (
            Rect(0, OPEN, self.low, self.high)
            if self.cut.rows
            else Rect(self.low, self.high, 0, OPEN)
        )

    @property
    def moving(self) -> Rect:
        """Give the cells that move or go."""
        return (
            self.band._replace(top=self.cut.at)
            if self.cut.rows
            else self.band._replace(left=self.cut.at)
        )

    def _gone(self) -> Rect | None:
        if self.cut.count > 0:
            return None
        end = self.cut.at - self.cut.count
        return (
            self.moving._replace(bottom=end)
            if self.cut.rows
            else self.moving._replace(right=end)
        )

    @property
    def rows(self) -> bool:
        """Whether it is rows that are pushed or pulled."""
        return self.cut.rows

    def index(self, index: int) -> int:
        """Where one whole row or column is: it stays."""
        return index

    def rect(self, rect: Rect) -> Rect | None:
        """Where a rectangle is; one that is not wholly between the lines stays."""
        return self.cut.rect(rect) if self.band.holds(rect) else rect

    def rects(self, rects: Iterable[Rect]) -> tuple[Rect, ...]:
        """Where several are, the gone ones left out."""
        return tuple(
            moved for moved in map(self.rect, rects) if moved is not None
        )

    def pairs(self, rect: Rect) -> list[tuple[Rect, Rect]]:
        """Which parts of a rectangle went where; one that new cells open up covers them too."""
        out = [(part, part) for part in rect.minus(self.band)]
        inside = self.band.meets(rect)
        gone = self._gone()
        for part in (
            ()
            if inside is None
            else [inside]
            if gone is None
            else inside.minus(gone)
        ):
            moved = self.cut.rect(part)
            if moved is not None:
                out.append((part, moved))
        return out

    def reference(self, rect: Rect) -> Rect | None:
        """Give a reference's cells."""
        return self.rect(rect)


@dataclass(frozen=True, slots=True)
class Transfer:
    """Cells that are cut and pasted so far away, in the same tab or (`across_tabs`) in another."""

    source: Rect
    down: int
    across: int
    across_tabs: bool = False
    rows = True

    def index(self, index: int) -> int:
        """Where one whole row or column is: it stays."""
        return index

    @property
    def target(self) -> Rect:
        """Give the cells that are pasted over."""
        return self.source.moved(self.down, self.across)

    def rect(self, rect: Rect) -> Rect | None:
        """Where something on the source's tab is.

        It goes along only whole, and to another tab by other means.
        """
        if not self.source.holds(rect):
            return rect
        return None if self.across_tabs else rect.moved(self.down, self.across)

    def rects(self, rects: Iterable[Rect]) -> tuple[Rect, ...]:
        """Where several are, the gone ones left out."""
        return tuple(
            moved for moved in map(self.rect, rects) if moved is not None
        )

    def reference(self, rect: Rect) -> Rect | None:
        """Give a reference's cells on the source's tab.

        Its end follows where the cut takes that whole end away.
        """
        if self.source.holds(rect):
            return rect.moved(self.down, self.across)
        if self.across_tabs:
            return rect
        edged = self._edged(rect)
        if edged is None and self.target.holds(rect):
            return None
        return edged or rect

    def _edged(self, rect: Rect) -> Rect | None:
        source = self.source
        if (
            not self.across
            and source.left <= rect.left
            and rect.right <= source.right
        ):
            ends = _ends(
                (rect.top, rect.bottom), (source.top, source.bottom), self.down
            )
            return (
                None
                if ends is None
                else rect._replace(top=ends[0], bottom=ends[1])
            )
        if (
            not self.down
            and source.top <= rect.top
            and rect.bottom <= source.bottom
        ):
            ends = _ends(
                (rect.left, rect.right),
                (source.left, source.right),
                self.across,
            )
            return (
                None
                if ends is None
                else rect._replace(left=ends[0], right=ends[1])
            )
        return None


def _ends(
    span: tuple[int, int], taken: tuple[int, int], away: int
) -> tuple[int, int] | None:
    """Give the span whose first or last line is among those taken away.

    None where neither is, or nothing is left.
    """
    start, end = span
    if taken[0] <= start < taken[1] < end:
        start += away
    elif start < taken[0] < end <= taken[1] and end < OPEN:
        end += away
    else:
        return None
    return (start, end) if 0 <= start < end else None
