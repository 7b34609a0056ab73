"""A report's chart laid out as shapes on a plane, for any chart of the kinds that reports know.

What the chart shows is the summary's; how shapes become SVG, the template's. Numbers that cannot
be drawn are gaps.
"""

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

from sheetsync.reporting.layout.model import ReportChart
from sheetsync.reporting.meeting_pack.chart_scale import (
    Numbers,
    Scale,
    are_whole,
    numbers_of,
    ticks,
    value_range,
)
from sheetsync.reporting.meeting_pack.chart_shapes import (
    Bar,
    ChartPicture,
    Dot,
    GridLine,
    Trace,
    Word,
)

WIDTHS = {1: 480, 2: 720, 3: 1080}
"""Width of a picture by the thirds of the report that its chart takes."""
HEIGHT = 260
"""Height of a picture of columns or lines; one of lying bars is as high as they need."""
TOP = 16
SIDE = 12
"""Pixels that stay free above, and on each side."""
LETTER = 12
"""Pixels of a letter's height."""
LETTER_WIDTH = 0.6
"""A letter's usual width, as a share of its height."""
LONGEST_BESIDE = 26
"""Letters of a name beside lying bars, at most."""
LONGEST_BELOW = 18
"""Letters of a name below columns, at most."""
SHORT_NAME = 6
"""Letters of names that may be left out in between, as days may."""
ROW = 26
"""Pixels that a lying bar takes with the space around it."""
BAR = 18
"""Pixels that a lying bar takes by itself."""
NARROWED = 0.7
"""Share of a lying bar's height that each has where several lie beside each other."""
FILLED = 0.72
"""Share of a category's room that its columns take."""
WIDEST = 44.0
"""Pixels of a column at most."""
SLANT = 40
"""Degrees by which names stand aslant that do not fit side by side."""

Write = Callable[[float], str]
"""How a chart's numbers are worded."""


class _Value(NamedTuple):
    """One number that is to be drawn: of which category and series, both 0-based."""

    category: int
    series: int
    number: float


def draw(chart: ReportChart, write: Write) -> ChartPicture:
    """Lay a chart out; `write` words its numbers."""
    layout = _LyingBars if chart.kind == "bar" else _StandingChart
    return layout(chart, numbers_of(chart), write).picture()


def _width(text: str) -> float:
    return len(text) * LETTER * LETTER_WIDTH


def _longest(texts: list[str]) -> float:
    """Return the width of the longest of some texts, 0 where there is none."""
    return max(map(_width, texts), default=0.0)


def shortened(text: str, limit: int) -> str:
    """Cut a name to so many letters."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rstrip() + "…"


class _Layout:
    """What both ways of laying out have in common."""

    def __init__(
        self, chart: ReportChart, numbers: Numbers, write: Write
    ) -> None:
        self.chart = chart
        self.numbers = numbers
        self.write = write
        self.width = WIDTHS.get(chart.width, WIDTHS[1])
        # Between whole numbers no mark may stand; shares have marks in between.
        whole = are_whole(numbers) and "%" not in chart.number_format
        stacked = chart.kind == "stacked"
        low, high = value_range(numbers, stacked=stacked, whole=whole)
        self.marks = ticks(low, high)

    def values(self) -> Iterator[_Value]:
        """Go through all that is to be drawn, category by category."""
        for category in range(len(self.chart.categories)):
            for series, numbers in enumerate(self.numbers):
                number = numbers[category]
                if number is not None:
                    yield _Value(category, series, number)

    def color(self, value: _Value) -> str:
        """Return the colour of a value's series."""
        return self.chart.series[value.series].color

    def description(self, value: _Value) -> str:
        """Say what one value is."""
        name = self.chart.categories[value.category]
        if len(self.chart.series) > 1:
            name = f"{name}, {self.chart.series[value.series].name}"
        return f"{name}: {self.write(value.number)}"


class _StandingChart(_Layout):
    """Columns side by side or on top of each other, and lines.

    Categories go to the right, values upwards.
    """

    def __init__(
        self, chart: ReportChart, numbers: Numbers, write: Write
    ) -> None:
        super().__init__(chart, numbers, write)
        marks = [write(mark) for mark in self.marks]
        self.left = SIDE + _longest(marks)
        self.right = self.width - SIDE
        count = max(len(chart.categories), 1)
        self.slot = (self.right - self.left) / count
        self.names = [
            shortened(name, LONGEST_BELOW) for name in chart.categories
        ]
        longest = _longest(self.names)
        letters = max(map(len, self.names), default=0)
        # Of short names, as days are, some may be left out; they are not turned for it.
        self.aslant = longest > self.slot - 4 and letters > SHORT_NAME
        below = 26.0
        room = longest + 8
        if self.aslant:
            below = longest * math.sin(math.radians(SLANT)) + 20
            room = LETTER + 3
        self.bottom = HEIGHT - below
        self.every = max(1, math.ceil(room / self.slot))
        self.scale = Scale(self.marks[0], self.marks[-1], self.bottom, TOP)
        self.zero = self.scale.pixel(0.0)

    def picture(self) -> ChartPicture:
        """Return the chart laid out."""
        bars: list[Bar] = []
        traces: list[Trace] = []
        dots: list[Dot] = []
        words = [*self._mark_words(), *self._name_words()]
        if self.chart.kind == "line":
            traces += self._traces()
            dots += self._dots()
        elif self.chart.kind == "stacked":
            bars += self._stacked_bars()
            words += self._sums()
        else:
            bars += self._columns()
            words += self._column_values()
        return ChartPicture(
            self.width,
            HEIGHT,
            tuple(self._grid_lines()),
            tuple(bars),
            tuple(traces),
            tuple(dots),
            tuple(words),
        )

    def _grid_lines(self) -> Iterator[GridLine]:
        for mark in self.marks:
            y = self.scale.pixel(mark)
            yield GridLine(self.left, y, self.right, y)
        # Drawn last, over the others.
        yield GridLine(self.left, self.zero, self.right, self.zero, strong=True)

    def _mark_words(self) -> Iterator[Word]:
        for mark in self.marks:
            y = self.scale.pixel(mark) + 4
            yield Word(self.left - 6, y, self.write(mark), "end")

    def _name_words(self) -> Iterator[Word]:
        """Write the names of the categories, so many as there is room for."""
        # From the last one back: of days the newest is always told.
        for category in range(len(self.names) - 1, -1, -self.every):
            name = self.names[category]
            x = self._middle(category)
            y = self.bottom + 17
            if self.aslant:
                yield Word(x + 4, y - 3, name, "end", -SLANT)
            else:
                yield Word(x, y, name)

    def _middle(self, category: int) -> float:
        return self.left + (category + 0.5) * self.slot

    @property
    def _column_width(self) -> float:
        count = max(len(self.numbers), 1)
        return min(self.slot * FILLED / count, WIDEST)

    def _columns(self) -> Iterator[Bar]:
        width = self._column_width
        before_middle = max(len(self.numbers), 1) / 2
        for value in self.values():
            end = self.scale.pixel(value.number)
            aside = (value.series - before_middle) * width
            yield Bar(
                x=self._middle(value.category) + aside,
                y=min(self.zero, end),
                width=width,
                height=abs(end - self.zero),
                color=self.color(value),
                description=self.description(value),
            )

    def _column_values(self) -> Iterator[Word]:
        """Write each value above its column, where there is room for all of them."""
        # Either all of them bear their values or none: a part would look like missing figures.
        room = self._column_width + 8
        numbers = [self.write(value.number) for value in self.values()]
        if _longest(numbers) > room:
            return
        for bar, number in zip(self._columns(), numbers, strict=True):
            middle = bar.x + bar.width / 2
            yield Word(middle, bar.y - 4, number, bold=True)

    def _stacked_bars(self) -> Iterator[Bar]:
        width = min(self.slot * FILLED, WIDEST)
        # How far the bars of a category reach so far, upwards and downwards.
        reached: dict[tuple[int, bool], float] = {}
        for value in self.values():
            side = (value.category, value.number < 0)
            below = reached.get(side, 0.0)
            reached[side] = below + value.number
            start = self.scale.pixel(below)
            end = self.scale.pixel(reached[side])
            yield Bar(
                x=self._middle(value.category) - width / 2,
                y=min(start, end),
                width=width,
                height=abs(start - end),
                color=self.color(value),
                description=self.description(value),
            )

    def _sums(self) -> Iterator[Word]:
        """Write above the bars of each category what they add up to, where there is room."""
        sums: dict[int, float] = {}
        for value in self.values():
            if value.number >= 0:
                below = sums.get(value.category, 0.0)
                sums[value.category] = below + value.number
        for category, number in sums.items():
            words = self.write(number)
            if number and _width(words) <= self.slot:
                y = self.scale.pixel(number) - 4
                yield Word(self._middle(category), y, words, bold=True)

    def _dots(self) -> Iterator[Dot]:
        for value in self.values():
            x = self._middle(value.category)
            y = self.scale.pixel(value.number)
            yield Dot(x, y, self.color(value), self.description(value))

    def _traces(self) -> Iterator[Trace]:
        """Join neighbouring points; a gap ends a line, and one point alone is none."""
        for series, numbers in zip(
            self.chart.series, self.numbers, strict=True
        ):
            points: list[str] = []
            # One gap more, behind the last number, ends the last line.
            for category, number in enumerate((*numbers, None)):
                if number is not None:
                    x = self._middle(category)
                    y = self.scale.pixel(number)
                    points.append(f"{x:.2f},{y:.2f}")
                    continue
                if len(points) > 1:
                    yield Trace(" ".join(points), series.color)
                points = []


class _LyingBars(_Layout):
    """Lying bars, the first category on top: values to the right."""

    def __init__(
        self, chart: ReportChart, numbers: Numbers, write: Write
    ) -> None:
        super().__init__(chart, numbers, write)
        self.names = [
            shortened(name, LONGEST_BESIDE) for name in chart.categories
        ]
        self.left = SIDE + _longest(self.names)
        count = max(len(chart.series), 1)
        self.slot = ROW + (count - 1) * BAR * NARROWED
        self.thickness = BAR if count == 1 else BAR * NARROWED
        categories = max(len(self.names), 1)
        self.bottom = TOP + self.slot * categories
        # Each bar has its number behind its end: the longest one must find room there.
        numbers_beside = [write(value.number) for value in self.values()]
        beside = _longest(numbers_beside) + 8
        self.right = self.width - SIDE - beside
        self.scale = Scale(self.marks[0], self.marks[-1], self.left, self.right)
        self.zero = self.scale.pixel(0.0)

    def picture(self) -> ChartPicture:
        """Return the chart laid out."""
        bars = tuple(self._bars())
        words = [*self._mark_words(), *self._name_words()]
        words += self._bar_values(bars)
        return ChartPicture(
            self.width,
            math.ceil(self.bottom + 24),
            tuple(self._grid_lines()),
            bars,
            traces=(),
            dots=(),
            words=tuple(words),
        )

    def _grid_lines(self) -> Iterator[GridLine]:
        for mark in self.marks:
            x = self.scale.pixel(mark)
            yield GridLine(x, TOP, x, self.bottom)
        yield GridLine(self.zero, TOP, self.zero, self.bottom, strong=True)

    def _mark_words(self) -> Iterator[Word]:
        """Write the marks that there is room for, the first one always."""
        first = self.scale.pixel(self.marks[0])
        second = self.scale.pixel(self.marks[1])
        apart = abs(second - first)
        longest = _longest([self.write(mark) for mark in self.marks]) + 10
        every = max(1, math.ceil(longest / apart))
        y = self.bottom + 16
        for mark in self.marks[::every]:
            yield Word(self.scale.pixel(mark), y, self.write(mark))

    def _middle(self, category: int) -> float:
        return TOP + (category + 0.5) * self.slot

    def _name_words(self) -> Iterator[Word]:
        for category, name in enumerate(self.names):
            y = self._middle(category) + 4
            yield Word(self.left - 6, y, name, "end")

    def _bars(self) -> Iterator[Bar]:
        before_middle = len(self.chart.series) / 2
        for value in self.values():
            end = self.scale.pixel(value.number)
            below = (value.series - before_middle) * self.thickness
            yield Bar(
                x=min(self.zero, end),
                y=self._middle(value.category) + below,
                width=abs(end - self.zero),
                height=self.thickness,
                color=self.color(value),
                description=self.description(value),
            )

    def _bar_values(self, bars: tuple[Bar, ...]) -> Iterator[Word]:
        """Write each value behind the end of its bar."""
        for value, bar in zip(self.values(), bars, strict=True):
            end = max(self.zero, self.scale.pixel(value.number))
            y = bar.y + self.thickness / 2 + 4
            yield Word(end + 5, y, self.write(value.number), "start", bold=True)
