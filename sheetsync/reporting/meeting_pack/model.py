"""The page of a planning meeting as frozen values: what stands on it and in which order; how it is drawn is the template's.

Texts are as they stand in the base: making them harmless is the template's business, which escapes every one of them.
"""

from typing import Literal, NamedTuple

from sheetsync.reporting.meeting_pack.chart_shapes import Picture

Tone = Literal["", "blue", "red", "amber", "green", "grey"]
"""What a colour says: what is there, late, soon, won, for information; "": nothing."""


SHORT, SHORTER = 14, 6
"""Rows of a table that is not broken on paper: of one beside another, of one that takes the whole width."""
LONG_WORD = 22
"""Letters of a word that is not broken."""


class Place(NamedTuple):
    """Where something stands in the book, in words; `address`: of the place, "" where the book has none that opens."""

    words: str
    address: str = ""


class Cell(NamedTuple):
    """A cell of a table.

    `small`: a second line under the text. `share`: how much of a bar beside it is filled, from 0 to 1. `mark`: where on the
    bar a line stands. `note`: the number of the footnote that says how it is counted.
    """

    text: str
    tone: Tone = ""
    place: Place | None = None
    small: str = ""
    share: float | None = None
    mark: float | None = None
    note: int = 0

    @property
    def long(self) -> bool:
        """Whether a word of it is longer than words are, and may be broken anywhere."""
        return any(len(word) > LONG_WORD for word in f"{self.text} {self.small}".split())


class Head(NamedTuple):
    """The heading of a column; `number`: what stands below is a number, to the right. `note`: of a footnote.

    `whole`: what stands below is not broken into lines.
    """

    text: str
    number: bool = False
    note: int = 0
    whole: bool = False


class Table(NamedTuple):
    """A table: each row's first cell names it. `total`: a last row of sums. `rest`: what is left out, in words.

    `caption` is its name for who cannot see where it stands; `shown`: whether it stands above it as a heading. `intro`: a line below that.
    """

    caption: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()
    rest: str = ""
    shown: bool = False
    intro: str = ""

    @property
    def width(self) -> str:
        """How much room it takes: `narrow` half of the page, `middle` somewhat more, `wide` all of it; `short`: it fits on a page."""
        numbers, rows = sum(head.number for head in self.heads), len(self.rows)
        if numbers and len(self.heads) < 4:  # noqa: PLR2004  # a name and two columns
            return "narrow short" if rows <= SHORT else "narrow"
        wide = "middle" if len(self.heads) == numbers + 1 == 4 else "wide"  # noqa: PLR2004  # a name and three numbers
        return f"{wide} short" if rows <= SHORTER else wide


class Block(NamedTuple):
    """A part of the page. `said`: sentences in place of tables, or before them."""

    key: str
    title: str
    note: str = ""
    tables: tuple[Table, ...] = ()
    said: tuple[str, ...] = ()
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


class Figured(NamedTuple):
    """A chart as it stands on the page: drawn, and the same as a table. `empty`: what is said where nothing is drawn."""

    key: str
    title: str
    told: str
    width: int
    picture: Picture | None
    legend: tuple[Legend, ...]
    table: Table
    empty: str = ""


class Explained(NamedTuple):
    """A footnote: how a figure is counted."""

    number: int
    text: str


class Page(NamedTuple):
    """The whole page. `language`: its code. `notices`: what has to be known before anything else."""

    language: str
    title: str
    book: str
    day: str
    period: str
    notices: tuple[str, ...]
    tiles: tuple[Tile, ...]
    charts: tuple[Figured, ...]
    blocks: tuple[Block, ...]
    explained: tuple[Explained, ...]
