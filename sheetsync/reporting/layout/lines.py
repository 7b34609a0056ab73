"""Lines that several reports have: gaps, titles, headings of blocks, and how much is not listed.

What a block is about, and its rows, are the reports' own.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

from sheetsync.i18n import Language
from sheetsync.reporting.layout.model import ReportCell, ReportLine, padded

_Row = TypeVar("_Row")

TITLE_HEIGHT = 34
HEADING_HEIGHT = 26
TWO_LINES = 34
"""Pixels of a line of headings that take two lines."""


def gap(key: str, height: int) -> ReportLine:
    """Return an empty line above a block."""
    return ReportLine(f"gap:{key}", (), height)


def title_line(title: str) -> ReportLine:
    """Return the top line of a report."""
    return ReportLine("title", (ReportCell(title, "title"),), TITLE_HEIGHT)


def sentence(key: str, words: str, style: str = "plain") -> ReportLine:
    """Return a line of one cell."""
    return ReportLine(key, (ReportCell(words, style),))


def subtitle_line(words: str) -> ReportLine:
    """Return the line below the title."""
    return sentence("subtitle", words, "subtitle")


def more_line(key: str, count: int, language: Language) -> ReportLine:
    """Say how many more there are than are listed."""
    return sentence(key, language.plural("and {n} more", "and {n} more", count))


def head_cells(words: Iterable[str]) -> tuple[ReportCell, ...]:
    """Return the headings of columns."""
    return tuple(ReportCell(word, "head") for word in words)


def heading_lines(
    key: str, title: str, note: str = "", how: str = ""
) -> list[ReportLine]:
    """Return the plain heading of a block, below a gap.

    `how`: what is said where it is pointed at.
    """
    cells = [ReportCell(title, "heading", None, how)]
    if note:
        cells += [ReportCell(None, "blank"), ReportCell(note, "heading_note")]
    return [
        gap(key, 18),
        ReportLine(f"head:{key}", tuple(cells), HEADING_HEIGHT),
    ]


class Allowance:
    """How many rows a report still lists, given out block by block."""

    def __init__(self, rows: int) -> None:
        self.left = rows

    def take(self, rows: Sequence[_Row]) -> Sequence[_Row]:
        """Return those rows of a block that are listed; the others use the allowance up too."""
        listed = rows[: max(self.left, 0)]
        self.left -= len(rows)
        return listed


class BlockHeading(NamedTuple):
    """The coloured heading of a block. `how`: what is said where its title is pointed at."""

    key: str
    colour: str
    title: str
    note: str | None = None
    how: str = ""

    def lines(
        self, width: int, *, above: int = 14, note_column: int = 2
    ) -> list[ReportLine]:
        """Return the heading as wide as the report, below a gap of `above` pixels.

        `note_column`: the cell in which the note stands, 0-based. A note may be as long as the
        tab is wide, so nothing stands to the right of it.
        """
        fill = f"block_{self.colour}"
        title = ReportCell(self.title, fill, None, self.how)
        before_note = padded([title], note_column, fill)
        cells = (*before_note, ReportCell(self.note, f"{fill}_note"))
        line = ReportLine(
            f"head:{self.key}", padded(cells, width, fill), HEADING_HEIGHT
        )
        return [gap(self.key, above), line]
