"""Rectangles of a grid, zero-based and half-open, and what inserting and deleting does to them.

A side that is open (no end) has the end OPEN. Whose rectangle it is, is left to the grid.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

OPEN = 1 << 40


class Rect(NamedTuple):
    """Rows [top, bottom) and columns [left, right)."""

    top: int = 0
    bottom: int = OPEN
    left: int = 0
    right: int = OPEN

    def clip(self, rows: int, columns: int) -> Rect:
        """Give the part inside a grid of that size."""
        return Rect(
            self.top,
            min(self.bottom, rows),
            self.left,
            min(self.right, columns),
        )

    def meets(self, other: Rect) -> Rect | None:
        """Give the common part, or None."""
        both = Rect(
            max(self.top, other.top),
            min(self.bottom, other.bottom),
            max(self.left, other.left),
            min(self.right, other.right),
        )
        return (
            both if both.top < both.bottom and both.left < both.right else None
        )

    def holds(self, other: Rect) -> bool:
        """Whether `other` lies wholly inside."""
        return self.meets(other) == other

    def has(self, row: int, column: int) -> bool:
        """Whether the cell lies inside."""
        return (
            self.top <= row < self.bottom and self.left <= column < self.right
        )

    def minus(self, other: Rect) -> Iterator[Rect]:
        """Up to four rectangles: what is left of this one without `other`."""
        both = self.meets(other)
        if both is None:
            yield self
            return
        if self.top < both.top:
            yield Rect(self.top, both.top, self.left, self.right)
        if self.left < both.left:
            yield Rect(both.top, both.bottom, self.left, both.left)
        if both.right < self.right:
            yield Rect(both.top, both.bottom, both.right, self.right)
        if both.bottom < self.bottom:
            yield Rect(both.bottom, self.bottom, self.left, self.right)

    def moved(self, rows: int, columns: int) -> Rect:
        """Give the same size elsewhere; open sides stay open."""
        return Rect(
            self.top + rows,
            self.bottom if self.bottom >= OPEN else self.bottom + rows,
            self.left + columns,
            self.right if self.right >= OPEN else self.right + columns,
        )


@dataclass(frozen=True, slots=True)
class Splice:
    """An insertion (count > 0) before `at`, or a deletion of -count lines (count < 0) from `at`."""

    rows: bool
    at: int
    count: int

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Where [start, end) is afterwards; None when it is gone whole."""
        if self.count >= 0:
            return start + self._push(start), (
                end if end >= OPEN else end + self._grow(end)
            )
        stop = self.at - self.count
        low = self._pull(start, stop)
        high = end if end >= OPEN else self._pull(end, stop)
        return (low, high) if low < high else None

    def _push(self, start: int) -> int:
        return self.count if start >= self.at else 0

    def _grow(self, end: int) -> int:
        return self.count if end > self.at else 0

    def _pull(self, index: int, stop: int) -> int:
        if index >= stop:
            return index + self.count
        return min(index, self.at)

    def index(self, index: int) -> int | None:
        """Where one row or column is afterwards; None when it is deleted."""
        moved = self.span(index, index + 1)
        return None if moved is None else moved[0]

    def rect(self, rect: Rect) -> Rect | None:
        """Where a rectangle is afterwards; None when it is gone."""
        moved = (
            self.span(rect.top, rect.bottom)
            if self.rows
            else self.span(rect.left, rect.right)
        )
        if moved is None:
            return None
        if self.rows:
            return rect._replace(top=moved[0], bottom=moved[1])
        return rect._replace(left=moved[0], right=moved[1])

    reference = rect

    def rects(self, rects: Iterable[Rect]) -> tuple[Rect, ...]:
        """Where several are afterwards, the gone ones left out."""
        return tuple(
            moved for moved in map(self.rect, rects) if moved is not None
        )


class Pointing(Protocol):
    """Tells what a reference points to after cells have moved."""

    def reference(self, rect: Rect) -> Rect | None:
        """Give the cells that were `rect`; None when they are gone."""


class Deletions:
    """Many deletions of rows (or of columns) of one tab, taken together.

    Same results as one by one, but fast.
    """

    def __init__(self, cuts: list[Splice]) -> None:
        self.rows = cuts[0].rows
        left = list(
            range(
                max(cut.at - cut.count for cut in cuts)
                - sum(cut.count for cut in cuts)
            )
        )
        before = len(left)
        for cut in cuts:
            del left[cut.at : cut.at - cut.count]
        kept = set(left)
        self._gone = [index for index in range(before) if index not in kept]

    def rect(self, rect: Rect) -> Rect | None:
        """Where a rectangle is afterwards; None when it is gone."""
        start, end = (
            (rect.top, rect.bottom) if self.rows else (rect.left, rect.right)
        )
        low = start - bisect_left(self._gone, start)
        high = end if end >= OPEN else end - bisect_left(self._gone, end)
        if low >= high:
            return None
        return (
            rect._replace(top=low, bottom=high)
            if self.rows
            else rect._replace(left=low, right=high)
        )

    reference = rect


def to_json(rect: Rect, sheet_id: int) -> dict[str, Any]:
    """Give a GridRange; as at Google a sheetId of 0 and open sides are left out."""
    out: dict[str, Any] = {"sheetId": sheet_id} if sheet_id else {}
    if (rect.top, rect.bottom) != (0, OPEN):
        out["startRowIndex"] = rect.top
        if rect.bottom < OPEN:
            out["endRowIndex"] = rect.bottom
    if (rect.left, rect.right) != (0, OPEN):
        out["startColumnIndex"] = rect.left
        if rect.right < OPEN:
            out["endColumnIndex"] = rect.right
    return out


def of_json(data: dict[str, Any]) -> Rect:
    """Give the rectangle of a GridRange; sides that it does not name are open."""
    return Rect(
        data.get("startRowIndex", 0),
        data.get("endRowIndex", OPEN),
        data.get("startColumnIndex", 0),
        data.get("endColumnIndex", OPEN),
    )


def union(rects: Iterable[Rect]) -> tuple[Rect, ...]:
    """Give the same cells in few rectangles: those side by side or one under another become one."""
    by_columns: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for rect in sorted(set(rects)):
        spans = by_columns.setdefault((rect.left, rect.right), [])
        if spans and rect.top <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], rect.bottom))
        else:
            spans.append((rect.top, rect.bottom))
    by_rows: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for (left, right), spans in sorted(by_columns.items()):
        for span in spans:
            sides = by_rows.setdefault(span, [])
            if sides and left <= sides[-1][1]:
                sides[-1] = (sides[-1][0], max(sides[-1][1], right))
            else:
                sides.append((left, right))
    return tuple(
        Rect(*span, *side)
        for span, sides in sorted(by_rows.items())
        for side in sides
    )
