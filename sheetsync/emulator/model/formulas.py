"""Formulas as text.

Finding their references and rewriting them when cells move, tabs are renamed or go.

Computing them is left to evaluate.py. Functions, operators and texts inside a formula are never
touched.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sheetsync.emulator.model.a1 import column_of, letters, quoted
from sheetsync.emulator.model.rects import OPEN, Rect

if TYPE_CHECKING:
    from collections.abc import Callable

REF_ERROR = "#REF!"
# The last row and column of an .xlsx, where an open side ends on disk
LAST_ROW = 1 << 20
LAST_COLUMN = 1 << 14

_CELL = r"\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6}"
_COLUMN = r"\$?[A-Za-z]{1,3}"
_ROW = r"\$?[1-9]\d{0,6}"
_TOKEN = re.compile(
    r'(?P<text>"(?:[^"]|"")*")'
    r"|(?<![\w.$\]!'\"])(?P<tab>'(?:[^']|'')+'!|[^\W\d][\w.]*!)?"
    rf"(?P<ref>{_CELL}(?::(?:{_CELL}|{_COLUMN}|{_ROW}))?|{_COLUMN}:{_COLUMN}|{_ROW}:{_ROW})"
    r"(?![\w(.!\[])",
)
_ARRAYS = re.compile(
    r"\{|\b(ARRAYFORMULA|FILTER|UNIQUE|SORT|SORTBY|SEQUENCE|TRANSPOSE|TOCOL|TOROW|VSTACK|HSTACK"
    r"|WRAPROWS|WRAPCOLS|CHOOSECOLS|CHOOSEROWS|TAKE|DROP|EXPAND|FREQUENCY|SPLIT|TEXTSPLIT|RANDARRAY"
    r"|MUNIT|XLOOKUP|INDEX|OFFSET|INDIRECT|LET)\b",
    re.IGNORECASE,
)
_END = re.compile(r"(\$?)([A-Za-z]{0,3})(\$?)(\d*)")


class Ref(NamedTuple):
    """A reference: its tab (None: the formula's own), its cells, which sides are absolute ($)."""

    tab: str | None
    rect: Rect
    single: bool
    absolute: tuple[bool, bool, bool, bool]

    def text(self) -> str:
        """As it stands in a formula."""
        lead = "" if self.tab is None else quoted(self.tab) + "!"
        return lead + self.cells()

    def cells(self) -> str:
        """Without the tab."""
        top, left, bottom, right = self.absolute
        rect = self.rect
        start = _end(rect.left, rect.top, left, top)
        if self.single:
            return start
        if rect.right >= OPEN and rect.left == 0:
            return f"{_row(rect.top, top)}:{_row(rect.bottom - 1, bottom)}"
        if rect.bottom >= OPEN:
            first = start if rect.top or top else _column(rect.left, left)
            return f"{first}:{_column(rect.right - 1, right)}"
        if rect.right >= OPEN:
            return f"{start}:{_row(rect.bottom - 1, bottom)}"
        return f"{start}:{_end(rect.right - 1, rect.bottom - 1, right, bottom)}"


# A private pair of value and mark.
def _column(column: int, absolute: bool) -> str:  # noqa: FBT001
    return ("$" if absolute else "") + letters(column)


# A private pair of value and mark.
def _row(row: int, absolute: bool) -> str:  # noqa: FBT001
    return ("$" if absolute else "") + str(row + 1)


def _end(
    column: int,
    row: int,
    absolute_column: bool,  # noqa: FBT001  # as above
    absolute_row: bool,  # noqa: FBT001  # as above
) -> str:
    return _column(column, absolute_column) + _row(row, absolute_row)


def _read(tab: str | None, text: str) -> Ref:
    first, colon, second = text.partition(":")
    start = _END.fullmatch(first)
    end = _END.fullmatch(second or first)
    if start is None or end is None:  # the token's own pattern rules this out
        raise ValueError(text)
    row_mark = "$" in (start[3], start[1] if not start[2] else "")
    end_row_mark = "$" in (end[3], end[1] if not end[2] else "")
    top = int(start[4]) - 1 if start[4] else 0
    left = column_of(start[2]) if start[2] else 0
    bottom = int(end[4]) if end[4] else OPEN
    right = column_of(end[2]) + 1 if end[2] else OPEN
    if bottom <= top:
        top, bottom = bottom - 1, top + 1
    if right <= left:
        left, right = right - 1, left + 1
    bottom = OPEN if bottom >= LAST_ROW and colon else bottom
    right = OPEN if right >= LAST_COLUMN and colon else right
    marks = (
        row_mark,
        bool(start[2]) and start[1] == "$",
        end_row_mark,
        bool(end[2]) and end[1] == "$",
    )
    return Ref(tab, Rect(top, bottom, left, right), not colon, marks)


def may_spill(formula: str) -> bool:
    """Whether a formula may fill cells beside its own with its result."""
    return _ARRAYS.search(formula) is not None


@lru_cache(maxsize=50_000)
def split(formula: str) -> tuple[str | Ref, ...]:
    """Give a formula as literal texts and references, in order."""
    parts: list[str | Ref] = []
    at = 0
    for match in _TOKEN.finditer(formula):
        if match["ref"] is None:
            continue
        parts.append(formula[at : match.start()])
        tab = match["tab"]
        title = (
            None
            if tab is None
            else tab[:-1].removeprefix("'").removesuffix("'").replace("''", "'")
        )
        parts.append(_read(title, match["ref"]))
        at = match.end()
    parts.append(formula[at:])
    return tuple(parts)


def rewrite(formula: str, change: Callable[[Ref], Ref | None]) -> str:
    """Give the formula with every reference changed; None stands for one whose target is gone."""
    parts = split(formula)
    if len(parts) == 1:
        return formula
    out: list[str] = []
    same = True
    for part in parts:
        if isinstance(part, str):
            out.append(part)
            continue
        new = change(part)
        same = same and new is part
        out.append(REF_ERROR if new is None else new.text())
    return formula if same else "".join(out)


def canonical(formula: str, title: Callable[[str], str]) -> str:
    """Give a formula that was just entered as Google keeps it.

    A1 for a1, A1:B2 for b2:a1, A1 for A1:A1.

    `title` gives the tab's own spelling. Functions, texts and blanks stay as they were written.
    """
    parts = split(formula)
    return "".join(
        part if isinstance(part, str) else _plain(part, title).text()
        for part in parts
    )


def _plain(ref: Ref, title: Callable[[str], str]) -> Ref:
    top, left, bottom, right = ref.absolute
    rect = ref.rect
    one = (rect.bottom - rect.top, rect.right - rect.left) == (1, 1) and (
        top,
        left,
    ) == (
        bottom,
        right,
    )
    return ref._replace(
        tab=None if ref.tab is None else title(ref.tab),
        single=ref.single or one,
    )


def copied(formula: str, rows: int, columns: int) -> str:
    """Give the formula as copied that far away: relative references move along."""
    return rewrite(formula, lambda ref: _shifted(ref, rows, columns))


def _shifted(ref: Ref, rows: int, columns: int) -> Ref | None:
    top, left, bottom, right = ref.absolute
    rect = ref.rect
    whole_rows = rect.left == 0 and rect.right >= OPEN
    whole_columns = rect.top == 0 and rect.bottom >= OPEN
    moved = Rect(
        rect.top if top or whole_columns else rect.top + rows,
        rect.bottom if bottom or rect.bottom >= OPEN else rect.bottom + rows,
        rect.left if left or whole_rows else rect.left + columns,
        rect.right if right or rect.right >= OPEN else rect.right + columns,
    )
    if (
        min(moved.top, moved.left) < 0
        or moved.bottom <= moved.top
        or moved.right <= moved.left
    ):
        return None
    return ref if moved == rect else ref._replace(rect=moved)


def transposed(
    formula: str, source: tuple[int, int], target: tuple[int, int]
) -> str:
    """Give the formula of the cell `source` as pasted, rows and columns exchanged, into `target`.

    Relative references turn round the cell; those that are absolute in one direction or both stay
    as a copy's do.
    """
    down, across = target[0] - source[0], target[1] - source[1]

    def change(ref: Ref) -> Ref | None:
        rect = ref.rect
        if any(ref.absolute) or OPEN in (rect.bottom, rect.right):
            return _shifted(ref, down, across)
        top, left = (
            target[0] + rect.left - source[1],
            target[1] + rect.top - source[0],
        )
        turned = Rect(
            top,
            top + rect.right - rect.left,
            left,
            left + rect.bottom - rect.top,
        )
        return None if min(top, left) < 0 else ref._replace(rect=turned)

    return rewrite(formula, change)


def renamed(formula: str, old: str, new: str | None) -> str:
    """Give the formula after the tab `old` was renamed, or deleted (None)."""

    def change(ref: Ref) -> Ref | None:
        if ref.tab is None or ref.tab.casefold() != old.casefold():
            return ref
        return None if new is None else ref._replace(tab=new)

    return rewrite(formula, change)


def for_file(formula: str) -> str:
    """Give the formula as an .xlsx can hold it.

    Open sides end at the file format's last row or column.
    """

    def change(ref: Ref) -> Ref | None:
        rect = ref.rect
        if rect.bottom < OPEN and rect.right < OPEN:
            return ref
        if (rect.top == 0 and rect.bottom >= OPEN) or (
            rect.left == 0 and rect.right >= OPEN
        ):
            return ref  # A:B and 2:3 are fine as they are
        closed = rect._replace(
            bottom=min(rect.bottom, LAST_ROW),
            right=min(rect.right, LAST_COLUMN),
        )
        return ref._replace(rect=closed)

    return rewrite(formula, change)


def from_file(formula: str) -> str:
    """Give the formula as Google shows it.

    A side at the file format's last row or column is open.
    """
    if str(LAST_ROW) not in formula and "XFD" not in formula:
        return formula
    return "".join(
        part if isinstance(part, str) else part.text()
        for part in split(formula)
    )


def commas(formula: str) -> str:
    """Give a formula typed with ";" between arguments, as some locales do, with "," instead."""
    if ";" not in formula or "{" in formula:
        return formula
    return "".join(
        part if i % 2 else part.replace(";", ",")
        for i, part in enumerate(re.split(r'("(?:[^"]|"")*")', formula))
    )
