"""Blocks of the summary as tables of the page: the same words and figures, wherever they are read.

What the blocks say is the summary's. A block begins with its line `head:KEY`; `columns:KEY` has the
headings, `more:…` what is left out; all others are rows.
"""

from collections.abc import Iterable
from datetime import timedelta

from sheetsync.reporting.layout.model import Anchor, ReportCell, ReportLine
from sheetsync.reporting.layout.theme import CELL_STYLES
from sheetsync.reporting.meeting_pack.model import (
    BookPlace,
    ColumnHead,
    PageCell,
    Table,
    Tone,
)
from sheetsync.reporting.meeting_pack.number_pattern import patterned
from sheetsync.reporting.meeting_pack.writer import PageWriter
from sheetsync.reporting.messages.harmless_text import visible
from sheetsync.values import EPOCH

TONES: tuple[Tone, ...] = ("red", "amber", "green")
"""Colours that the name of a cell's style ends with."""
GREY = ("note", "number_zero", "plain")
"""Styles of cells that are said in grey."""
NOTHING = ReportCell(None, "text")

Cells = tuple[ReportCell, ...]


def summary_tables(
    lines: Iterable[ReportLine], writer: PageWriter
) -> tuple[Table, ...]:
    """Return a table for each block among some lines of a report.

    A block without rows is none.
    """
    blocks: list[_SummaryBlock] = []
    for line in lines:
        kind, _, _ = line.key.partition(":")
        if kind == "head":
            blocks.append(_SummaryBlock(line, writer))
        elif blocks and kind != "gap":
            blocks[-1].take(kind, line)
    return tuple(block.table() for block in blocks if block.rows)


class _SummaryBlock:
    """One block as its lines come in."""

    def __init__(self, heading: ReportLine, writer: PageWriter) -> None:
        self.writer = writer
        words = [cell.value for cell in heading.cells if cell.value is not None]
        self.title, self.note, *_ = (*map(_visible, words), "", "")
        self.rest = ""
        self.heads: Cells = ()
        self.rows: list[Cells] = []

    def take(self, kind: str, line: ReportLine) -> None:
        """Take a line of the block."""
        if kind == "columns":
            self.heads = line.cells
        elif kind == "more":
            self.rest = _visible(line.cells[0].value)
        else:
            self.rows.append(line.cells)

    def table(self) -> Table:
        """Return the table; columns that are empty throughout are left out."""
        width = max(map(len, (self.heads, *self.rows)))
        heads = _padded(self.heads, width)
        rows = [_padded(row, width) for row in self.rows]
        # Columns for ticks and for people's answers say nothing on a page.
        kept = [
            column for column in range(width) if _says_something(rows, column)
        ]
        column_heads = tuple(
            self._head(heads[column], rows[0][column]) for column in kept
        )
        cells = []
        for row in rows:
            of_row = tuple(self._cell(row[column]) for column in kept)
            cells.append(of_row)
        return Table(
            self.title,
            column_heads,
            tuple(cells),
            rest=self.rest,
            shown=True,
            intro=self.note,
        )

    def _head(self, head: ReportCell, first: ReportCell) -> ColumnHead:
        """Write a heading; `first`: the cell below, which tells whether numbers stand there."""
        number = "right" in head.style or _is_number(first.value)
        return ColumnHead(self._text(head), number=number)

    def _cell(self, cell: ReportCell) -> PageCell:
        return PageCell(self._text(cell), _tone(cell), self._place(cell))

    def _place(self, cell: ReportCell) -> BookPlace | None:
        # An anchor leads to a list of companies, and the page holds none of these.
        if cell.link is None or isinstance(cell.link, Anchor):
            return None
        place = self.writer.places.link(cell.link)
        names_a_tab = cell.link[0].startswith("tab:")
        # What is told in words alone, the heading of the block names already.
        if place is not None and names_a_tab and not place.address:
            return None
        return place

    def _text(self, cell: ReportCell) -> str:
        """Write a value as its style has it."""
        value = cell.value
        if value is None:
            return ""
        if isinstance(value, bool):
            return "✓" if value else ""
        if not isinstance(value, int | float):
            return _visible(value)
        style = CELL_STYLES[cell.style]
        if style.kind == "DATE":
            day = EPOCH + timedelta(days=int(value))
            return self.writer.day(day)
        pattern = style.number_format or "#,##0"
        return patterned(float(value), pattern, self.writer.language)


def _visible(value: object) -> str:
    return visible(str(value))


def _padded(cells: Cells, width: int) -> Cells:
    missing = width - len(cells)
    return (*cells, *[NOTHING] * missing)


def _says_something(rows: list[Cells], column: int) -> bool:
    return any(row[column].value not in (None, "", False) for row in rows)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _tone(cell: ReportCell) -> Tone:
    if cell.style in GREY:
        return "grey"
    for tone in TONES:
        if cell.style.endswith(tone):
            return tone
    return ""
