"""The page of a planning meeting as frozen values: what stands on it, and in which order.

How it is drawn is the template's. Texts are as they stand in the base: making them harmless is the
template's business too, which escapes every one of them.
"""

from typing import Literal, NamedTuple

from sheetsync.reporting.meeting_pack.chart_shapes import ChartPicture

Tone = Literal["", "blue", "red", "amber", "green", "grey"]
"""What a colour says: what is there, late, soon, won, for information; "": nothing."""

SHORT = 14
"""Rows of a table that is not broken on paper, where it stands beside another."""
SHORTER = 6
"""The same of a table that takes the whole width."""
NARROW = 3
"""Columns of a table that takes half of the page, if some of them hold numbers."""
LONG_WORD = 22
"""Letters of a word that is not broken."""


class BookPlace(NamedTuple):
    """Where something stands in the book, in words.

    `address`: of the place, "" where the book has none that opens.
    """

    words: str
    address: str = ""


class PageCell(NamedTuple):
    """A cell of a table.

    `small`: a second line under the text. `share`: how much of a bar beside it is filled, from 0 to
    1. `mark`: where on the bar a line stands. `note`: the number of the footnote that says how it
    is counted, 0 for none.
    """

    text: str
    tone: Tone = ""
    place: BookPlace | None = None
    small: str = ""
    share: float | None = None
    mark: float | None = None
    note: int = 0

    @property
    def long(self) -> bool:
        """Whether a word of it is longer than words are, and may be broken anywhere."""
        words = f"{self.text} {self.small}".split()
        return any(len(word) > LONG_WORD for word in words)


Cells = tuple[PageCell, ...]
"""A row of a table: of each column its cell."""


class ColumnHead(NamedTuple):
    """The heading of a column; `note`: of a footnote.

    `number`: what stands below is a number, to the right. `whole`: it is not broken into lines.
    """

    text: str
    number: bool = False
    note: int = 0
    whole: bool = False


Heads = tuple[ColumnHead, ...]


class Table(NamedTuple):
    """A table: each row's first cell names it. `total`: a last row of sums.

    `caption` is its name for who cannot see where it stands; `shown`: whether it stands above it as
    a heading. `intro`: a line below that. `rest`: what is left out, in words.
    """

    caption: str
    heads: Heads
    rows: tuple[Cells, ...]
    total: Cells = ()
    rest: str = ""
    shown: bool = False
    intro: str = ""

    @property
    def width(self) -> str:
        """How much room it takes, as the template's class.

        `narrow`: half of the page, `middle`: somewhat more, `wide`: all of it; `short`: it is not
        broken on paper.
        """
        # Tables of half a page stand two beside each other, on a screen and on paper.
        numbers = sum(head.number for head in self.heads)
        if numbers and len(self.heads) <= NARROW:
            return self._with_length("narrow", SHORT)
        all_numbers_but_name = len(self.heads) == numbers + 1
        if all_numbers_but_name and numbers == NARROW:
            return self._with_length("middle", SHORTER)
        return self._with_length("wide", SHORTER)

    def _with_length(self, width: str, short: int) -> str:
        if len(self.rows) <= short:
            return f"{width} short"
        return width


class PageBlock(NamedTuple):
    """A part of the page. `sentences`: in place of tables, or before them."""

    key: str
    title: str
    note: str = ""
    tables: tuple[Table, ...] = ()
    sentences: tuple[str, ...] = ()
    footnote: int = 0


class Tile(NamedTuple):
    """A large figure at the top. `before`: what it was, in words, "" where that is not known."""

    tone: Tone
    label: str
    value: str
    note: str = ""
    before: str = ""
    footnote: int = 0


class Legend(NamedTuple):
    """A series of a chart: its name and colour."""

    name: str
    color: str


class PageChart(NamedTuple):
    """A chart as it stands on the page: drawn, and the same as a table.

    `description`: what it shows, for who does not see it. `width`: thirds of the page. `empty`:
    what is said where nothing is drawn.
    """

    key: str
    title: str
    description: str
    width: int
    picture: ChartPicture | None
    legend: tuple[Legend, ...]
    table: Table
    empty: str = ""


class Footnote(NamedTuple):
    """How a figure is counted."""

    number: int
    text: str


class Page(NamedTuple):
    """The whole page. `language`: its code. `notices`: what is to be known before all else."""

    language: str
    title: str
    book: str
    day: str
    period: str
    notices: tuple[str, ...]
    tiles: tuple[Tile, ...]
    charts: tuple[PageChart, ...]
    blocks: tuple[PageBlock, ...]
    footnotes: tuple[Footnote, ...]
