"""Blocks of the summary as tables of the page: the same lines, words and figures, wherever they are read.

A block begins with its line `head:KEY`; `columns:KEY` has the headings, `more:…` what is left out; all others are rows.
"""

from collections.abc import Iterable
from datetime import timedelta

from sheetsync.reporting.layout.model import Anchor, ReportCell, ReportLine
from sheetsync.reporting.layout.theme import CELL_STYLES
from sheetsync.reporting.meeting_pack.context import Writing, patterned, seen
from sheetsync.reporting.meeting_pack.model import Cell, Head, Table, Tone
from sheetsync.values import EPOCH

_TONES: dict[str, Tone] = {"red": "red", "amber": "amber", "green": "green"}


def tables(lines: Iterable[ReportLine], w: Writing) -> tuple[Table, ...]:
    """Return a table for each block among some lines of a report; a block without rows is none."""
    found: list[_Block] = []
    for line in lines:
        kind = line.key.partition(":")[0]
        if kind == "head":
            found.append(_Block(line, w))
        elif found and kind != "gap":
            found[-1].take(kind, line)
    return tuple(block.table() for block in found if block.rows)


class _Block:
    """One block as its lines come in."""

    def __init__(self, line: ReportLine, w: Writing) -> None:
        told = [cell.value for cell in line.cells if cell.value is not None]
        self.title, self.note = (seen(str(told[at])) if at < len(told) else "" for at in (0, 1))
        self.w, self.rest, self.total = w, "", ()
        self.heads: tuple[ReportCell, ...] = ()
        self.rows: list[tuple[ReportCell, ...]] = []

    def take(self, kind: str, line: ReportLine) -> None:
        """Take a line of the block."""
        if kind == "columns":
            self.heads = line.cells
        elif kind == "more":
            self.rest = seen(str(line.cells[0].value))
        else:
            self.rows.append(line.cells)

    def table(self) -> Table:
        """Return the table; columns that are empty throughout are left out."""
        width = max(map(len, (self.heads, *self.rows)))
        full = [
            [*row, *[ReportCell(None, "text")] * (width - len(row))]
            for row in (self.heads, *self.rows)
        ]
        kept = [
            at
            for at in range(width)
            if any(row[at].value not in (None, "", False) for row in full[1:])
        ]
        heads = tuple(
            Head(
                _text(full[0][at], self.w),
                number="right" in full[0][at].style or _number(full[1][at]),
            )
            for at in kept
        )
        rows = tuple(tuple(_cell(row[at], self.w) for at in kept) for row in full[1:])
        return Table(self.title, heads, rows, rest=self.rest, shown=True, intro=self.note)


def _number(cell: ReportCell) -> bool:
    return isinstance(cell.value, int | float) and not isinstance(cell.value, bool)


def _cell(cell: ReportCell, w: Writing) -> Cell:
    tone: Tone = next((tone for word, tone in _TONES.items() if cell.style.endswith(word)), "")
    grey = cell.style in ("note", "number_zero", "plain")
    link = (
        None if isinstance(cell.link, Anchor) else cell.link
    )  # the page holds no lists of figures
    place = w.places.link(link)
    if place is not None and link and link[0].startswith("tab:") and not place.address:
        place = None  # the heading of the block names the tab already
    return Cell(_text(cell, w), "grey" if grey else tone, place)


def _text(cell: ReportCell, w: Writing) -> str:
    """Write a value as its look has it."""
    value = cell.value
    if isinstance(value, bool):
        return "✓" if value else ""
    if isinstance(value, int | float):
        look = CELL_STYLES[cell.style]
        if look.kind == "DATE":
            return w.day(EPOCH + timedelta(days=int(value)))
        return patterned(float(value), look.number_format or "#,##0.##", w.language)
    return seen(str(value)) if value is not None else ""
