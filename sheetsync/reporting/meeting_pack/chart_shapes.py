"""The shapes of which a chart's picture is made, as frozen values.

Lengths in pixels, y downwards. Where each shape lies is `chart_layout`'s; whoever draws the shapes
escapes their words.
"""

from typing import Literal, NamedTuple

Anchor = Literal["start", "middle", "end"]
"""Which part of a text lies at its point."""


class Bar(NamedTuple):
    """A filled rectangle; `description`: what it shows, in words."""

    x: float
    y: float
    width: float
    height: float
    color: str
    description: str


class GridLine(NamedTuple):
    """A straight line; `strong`: where the values begin."""

    x1: float
    y1: float
    x2: float
    y2: float
    strong: bool = False


class Word(NamedTuple):
    """A text at its baseline.

    `turn`: degrees by which it is turned around that point. `bold`: a value rather than a name.
    """

    x: float
    y: float
    text: str
    anchor: Anchor = "middle"
    turn: int = 0
    bold: bool = False


class Dot(NamedTuple):
    """A point of a line; `description`: what it shows, in words."""

    x: float
    y: float
    color: str
    description: str


class Trace(NamedTuple):
    """A line through points, "x,y x,y"."""

    points: str
    color: str


class ChartPicture(NamedTuple):
    """A chart laid out."""

    width: int
    height: int
    grid_lines: tuple[GridLine, ...]
    bars: tuple[Bar, ...]
    traces: tuple[Trace, ...]
    dots: tuple[Dot, ...]
    words: tuple[Word, ...]
