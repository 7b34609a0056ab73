"""A report's chart laid out as shapes on a plane, for any chart of the kinds that reports know. Lengths in pixels, y downwards.

Whoever draws the shapes escapes their words. Numbers that cannot be drawn are gaps; what is shown never depends on the order of runs.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Literal, NamedTuple

from sheetsync.reporting.layout import theme as look
from sheetsync.reporting.layout.model import ReportChart

WIDTHS = {1: 480, 2: 720, 3: 1080}
"""Width of a picture by the thirds of the report that its chart takes."""
HEIGHT, TOP, SIDE = 260, 16, 12
SIZE, WIDE = 12, 0.6
"""Pixels of a letter's height, and its usual width as a share of that."""
LONGEST, CUT = 26, 18
"""Letters of a name beside lying bars, and below columns, at most."""
ROW, BAR = 26, 18
"""Pixels that a lying bar takes with the space around it, and by itself."""
SLANT = 40
"""Degrees by which names stand aslant that do not fit side by side."""
LARGEST, SMALLEST = 1e15, 1e-9

Anchor = Literal["start", "middle", "end"]
Write = Callable[[float], str]


class Bar(NamedTuple):
    """A filled rectangle; `told`: what it shows, in words."""

    x: float
    y: float
    width: float
    height: float
    color: str
    told: str


class Rule(NamedTuple):
    """A straight line; `strong`: where the values begin."""

    x1: float
    y1: float
    x2: float
    y2: float
    strong: bool = False


class Word(NamedTuple):
    """A text at its baseline; `turn`: degrees by which it is turned around that point. `bold`: a value rather than a name."""

    x: float
    y: float
    text: str
    anchor: Anchor = "middle"
    turn: int = 0
    bold: bool = False


class Dot(NamedTuple):
    """A point of a line; `told`: what it shows, in words."""

    x: float
    y: float
    color: str
    told: str


class Trace(NamedTuple):
    """A line through points, "x,y x,y"."""

    points: str
    color: str


class Picture(NamedTuple):
    """A chart laid out."""

    width: int
    height: int
    rules: tuple[Rule, ...]
    bars: tuple[Bar, ...]
    traces: tuple[Trace, ...]
    dots: tuple[Dot, ...]
    words: tuple[Word, ...]


class Scale(NamedTuple):
    """Values onto pixels: `low` and `high` lie at `start` and `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Return where a value lies."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


Numbers = Sequence[Sequence[float | None]]
"""Of each series its number in each category, None where there is none that can be drawn."""


def draw(chart: ReportChart, write: Write) -> Picture:
    """Lay a chart out; `write` words its numbers."""
    numbers = numbers_of(chart)
    return (_Lying if chart.kind == "bar" else _Standing)(chart, numbers, write).picture()


def numbers_of(chart: ReportChart) -> Numbers:
    """Return the numbers of a chart, as many in each series as it has categories."""
    count = len(chart.categories)
    return [
        [_drawable(n) for n in (*series.numbers, *[None] * count)[:count]]
        for series in chart.series
    ]


def _drawable(number: float | None) -> float | None:
    if number is None or not math.isfinite(number) or abs(number) > LARGEST:
        return None
    return 0.0 if abs(number) < SMALLEST else float(number)


def ticks(low: float, high: float, count: int = 4) -> list[float]:
    """Return some four round values from `low` to `high` or just beyond, 0 among them where it lies between."""
    rough = (high - low) / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * nice for nice in (1, 2, 2.5, 5, 10) if power * nice >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [n * step for n in range(first, last + 1)]


def _bounds(numbers: Numbers, *, stacked: bool, whole: bool) -> tuple[float, float]:
    """Return between what the values lie, 0 included; never nothing."""
    columns = [[n for n in column if n is not None] for column in zip(*numbers, strict=True)]
    if stacked:
        columns = [
            [sum(n for n in column if n > 0), sum(n for n in column if n < 0)] for column in columns
        ]
    flat = [n for column in columns for n in column]
    low, high = min([0.0, *flat]), max([0.0, *flat])
    least = 4.0 if whole else 1.0
    return (low, high) if high - low >= (least if whole else SMALLEST) else (low, low + least)


def _wide(text: str) -> float:
    return len(text) * SIZE * WIDE


def cut(text: str, limit: int) -> str:
    """Shorten a name to so many letters."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


class _Drawn:
    """What both ways of laying out have in common."""

    def __init__(self, chart: ReportChart, numbers: Numbers, write: Write) -> None:
        self.chart, self.numbers, self.write = chart, numbers, write
        whole = (
            all(n is None or n == int(n) for series in numbers for n in series)
            and "%" not in chart.number_format
        )
        self.marks = ticks(*_bounds(numbers, stacked=chart.kind == "stacked", whole=whole))
        self.width = WIDTHS.get(chart.width, WIDTHS[1])
        self.words: list[Word] = []

    def told(self, at: int, series: int) -> str:
        """Say what one value is."""
        value = self.numbers[series][at] or 0.0
        name = f", {self.chart.series[series].name}" if len(self.chart.series) > 1 else ""
        return f"{self.chart.categories[at]}{name}: {self.write(value)}"

    def values(self) -> Iterator[tuple[int, int, float]]:
        """Go through category, series, value of all that is to be drawn."""
        for at in range(len(self.chart.categories)):
            for series, numbers in enumerate(self.numbers):
                value = numbers[at]
                if value is not None:
                    yield at, series, value


class _Standing(_Drawn):
    """Columns side by side or on top of each other, and lines: categories to the right, values upwards."""

    def __init__(self, chart: ReportChart, numbers: Numbers, write: Write) -> None:
        super().__init__(chart, numbers, write)
        left = SIDE + max(_wide(write(mark)) for mark in self.marks)
        self.left, self.right = left, self.width - SIDE
        self.slot = (self.right - self.left) / max(len(chart.categories), 1)
        self.names = [cut(name, CUT) for name in chart.categories]
        longest = max(map(_wide, self.names), default=0.0)
        short = max(map(len, self.names), default=0) <= 6  # noqa: PLR2004  # days, which may be left out in between
        self.aslant = longest > self.slot - 4 and not short
        turned = longest * math.sin(math.radians(SLANT))
        self.bottom = HEIGHT - (turned + 20 if self.aslant else 26)
        self.scale = Scale(self.marks[0], self.marks[-1], self.bottom, TOP)
        room = SIZE + 3 if self.aslant else longest + 8
        self.every = max(1, math.ceil(room / self.slot))

    def picture(self) -> Picture:
        zero = self.scale.at(0.0)
        rules = [
            Rule(self.left, self.scale.at(mark), self.right, self.scale.at(mark))
            for mark in self.marks
        ]
        rules.append(Rule(self.left, zero, self.right, zero, strong=True))
        self.words += [
            Word(self.left - 6, self.scale.at(mark) + 4, self.write(mark), "end")
            for mark in self.marks
        ]
        self._name()
        if self.chart.kind == "line":
            traces, dots = self._lines()
            return Picture(self.width, HEIGHT, tuple(rules), (), traces, dots, tuple(self.words))
        bars = tuple(self._stacked() if self.chart.kind == "stacked" else self._columns())
        return Picture(self.width, HEIGHT, tuple(rules), bars, (), (), tuple(self.words))

    def _middle(self, at: int) -> float:
        return self.left + (at + 0.5) * self.slot

    def _name(self) -> None:
        """Write the names of the categories, so many as there is room for; of days the newest is always told."""
        for at in range(len(self.names) - 1, -1, -self.every):
            x, y = self._middle(at), self.bottom + 17
            if self.aslant:
                self.words.append(Word(x + 4, y - 3, self.names[at], "end", -SLANT))
            else:
                self.words.append(Word(x, y, self.names[at]))

    def _columns(self) -> Iterator[Bar]:
        count, zero = max(len(self.numbers), 1), self.scale.at(0.0)
        wide = min(self.slot * 0.72 / count, 44.0)
        labelled = all(_wide(self.write(value)) <= wide + 8 for _, _, value in self.values())
        for at, series, value in self.values():
            end = self.scale.at(value)
            x = self._middle(at) + (series - count / 2) * wide
            yield Bar(
                x,
                min(zero, end),
                wide,
                abs(end - zero),
                self.chart.series[series].color,
                self.told(at, series),
            )
            if labelled:
                self.words.append(
                    Word(x + wide / 2, min(zero, end) - 4, self.write(value), bold=True)
                )

    def _stacked(self) -> Iterator[Bar]:
        wide = min(self.slot * 0.72, 44.0)
        reached: dict[tuple[int, bool], float] = {}
        for at, series, value in self.values():
            below = reached.get((at, value < 0), 0.0)
            reached[at, value < 0] = below + value
            one, two = self.scale.at(below), self.scale.at(below + value)
            color = self.chart.series[series].color
            yield Bar(
                self._middle(at) - wide / 2,
                min(one, two),
                wide,
                abs(one - two),
                color,
                self.told(at, series),
            )
        for (at, negative), value in reached.items():
            if value and not negative and _wide(self.write(value)) <= self.slot:
                self.words.append(
                    Word(self._middle(at), self.scale.at(value) - 4, self.write(value), bold=True)
                )

    def _lines(self) -> tuple[tuple[Trace, ...], tuple[Dot, ...]]:
        dots = [
            Dot(
                self._middle(at),
                self.scale.at(value),
                self.chart.series[series].color,
                self.told(at, series),
            )
            for at, series, value in self.values()
        ]
        return tuple(self._traces()), tuple(dots)

    def _traces(self) -> Iterator[Trace]:
        """Join neighbouring points; a gap ends a line, and one point alone is none."""
        for series, numbers in enumerate(self.numbers):
            run: list[str] = []
            for at, value in enumerate((*numbers, None)):
                if value is not None:
                    run.append(f"{self._middle(at):.2f},{self.scale.at(value):.2f}")
                    continue
                if len(run) > 1:
                    yield Trace(" ".join(run), self.chart.series[series].color)
                run = []


class _Lying(_Drawn):
    """Lying bars, the first category on top: values to the right."""

    def __init__(self, chart: ReportChart, numbers: Numbers, write: Write) -> None:
        super().__init__(chart, numbers, write)
        self.names = [cut(name, LONGEST) for name in chart.categories]
        self.left = SIDE + max(map(_wide, self.names), default=0.0)
        count = max(len(chart.series), 1)
        self.slot, self.wide = ROW + (count - 1) * BAR * 0.7, BAR if count == 1 else BAR * 0.7
        self.bottom = TOP + self.slot * max(len(self.names), 1)
        beside = max((_wide(write(value)) for _, _, value in self.values()), default=0.0) + 8
        self.right = self.width - SIDE - beside
        self.scale = Scale(self.marks[0], self.marks[-1], self.left, self.right)

    def picture(self) -> Picture:
        zero, height = self.scale.at(0.0), math.ceil(self.bottom + 24)
        rules = [
            Rule(self.scale.at(mark), TOP, self.scale.at(mark), self.bottom) for mark in self.marks
        ]
        rules.append(Rule(zero, TOP, zero, self.bottom, strong=True))
        self.words += [
            Word(self.scale.at(mark), self.bottom + 16, self.write(mark))
            for mark in self._told_marks()
        ]
        self.words += [
            Word(self.left - 6, TOP + (at + 0.5) * self.slot + 4, name, "end")
            for at, name in enumerate(self.names)
        ]
        return Picture(
            self.width, height, tuple(rules), tuple(self._bars()), (), (), tuple(self.words)
        )

    def _told_marks(self) -> list[float]:
        """Return the marks that there is room to write, the first one always."""
        apart = abs(self.scale.at(self.marks[1]) - self.scale.at(self.marks[0]))
        longest = max(_wide(self.write(mark)) for mark in self.marks) + 10
        return self.marks[:: max(1, math.ceil(longest / apart))]

    def _bars(self) -> Iterator[Bar]:
        zero, count = self.scale.at(0.0), len(self.chart.series)
        for at, series, value in self.values():
            end = self.scale.at(value)
            y = TOP + (at + 0.5) * self.slot + (series - count / 2) * self.wide
            yield Bar(
                min(zero, end),
                y,
                abs(end - zero),
                self.wide,
                self.chart.series[series].color,
                self.told(at, series),
            )
            self.words.append(
                Word(
                    max(zero, end) + 5, y + self.wide / 2 + 4, self.write(value), "start", bold=True
                )
            )


INK, FAINT = look.INK, look.RULE
"""Colours of words and of lines behind the bars."""
