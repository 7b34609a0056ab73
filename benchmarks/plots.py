"""Draws how figures grow with the base, from the lines of bench.json, as plain SVG for the docs.

Both axes are logarithmic, so that what grows as the rows do is a line of the slope of the grey one.
"""

import json
import math
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 64, 150, 24, 48
COLORS = (
    "#0891B2",
    "#2563EB",
    "#DC2626",
    "#059669",
    "#D97706",
    "#7C3AED",
    "#475569",
)
LINES = (
    "type",
    "decide",
    "open and read",
    "plan",
    "first night",
    "quiet night",
    "a week later",
)
"""The works that are drawn, each a line."""
TOO_NEAR = 14
"""Pixels between two names beside the lines at least."""


class Point(NamedTuple):
    """A figure: rows of the base, seconds of one core."""

    rows: int
    seconds: float


def points(file: Path) -> dict[str, list[Point]]:
    """Return the points of each work that is drawn, by rows."""
    drawn = defaultdict[str, list[Point]](list)
    for line in file.read_text(encoding="utf-8").splitlines():
        figure = json.loads(line)
        rows = re.match(r"([\d,]+) rows", figure["size"])
        seconds = figure.get("processor")
        if figure["work"] in LINES and rows and seconds:
            count = int(rows[1].replace(",", ""))
            drawn[figure["work"]].append(Point(count, seconds))
    return {work: sorted(drawn[work]) for work in LINES if drawn[work]}


class Scale(NamedTuple):
    """A logarithmic axis from `low` to `high`, drawn from pixel `start` to pixel `end`."""

    low: float
    high: float
    start: float
    end: float

    def place(self, value: float) -> float:
        """Return the pixel of a value."""
        share = math.log(value / self.low) / math.log(self.high / self.low)
        return self.start + share * (self.end - self.start)

    def tens(self) -> Iterator[float]:
        """Go through the powers of ten within it."""
        for power in range(
            math.ceil(math.log10(self.low)),
            math.floor(math.log10(self.high)) + 1,
        ):
            yield 10.0**power


def drawing(works: dict[str, list[Point]]) -> str:
    """Return the SVG of how works grow."""
    everything = [point for line in works.values() for point in line]
    rows = [point.rows for point in everything]
    seconds = [point.seconds for point in everything]
    across = Scale(min(rows) / 1.3, max(rows) * 1.3, LEFT, WIDTH - RIGHT)
    up = Scale(min(seconds) / 1.5, max(seconds) * 1.5, HEIGHT - BOTTOM, TOP)
    parts = [*_axes(across, up), _as_the_rows_do(across, up)]
    ends: list[float] = []
    for (work, line), color in zip(works.items(), COLORS, strict=False):
        parts += _line(line, color, across, up)
        height = up.place(line[-1].seconds)
        while any(abs(height - end) < TOO_NEAR for end in ends):
            height += TOO_NEAR
        ends.append(height)
        parts.append(
            _text(work, across.place(line[-1].rows) + 8, height + 4, color)
        )
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="sans-serif" font-size="12">\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>\n{body}\n</svg>\n'
    )


def _line(
    line: Sequence[Point], color: str, across: Scale, up: Scale
) -> Iterator[str]:
    places = [
        (across.place(point.rows), up.place(point.seconds)) for point in line
    ]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    yield f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"/>'
    for x, y in places:
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{color}"/>'


def _axes(across: Scale, up: Scale) -> Iterator[str]:
    for rows in across.tens():
        x = across.place(rows)
        yield _rule(x, up.start, x, up.end)
        yield _text(
            f"{rows:,.0f}", x, HEIGHT - BOTTOM + 18, "#475569", "middle"
        )
    for seconds in up.tens():
        y = up.place(seconds)
        yield _rule(across.start, y, across.end, y)
        yield _text(f"{seconds:g}", LEFT - 8, y + 4, "#475569", "end")
    yield _text(
        "rows of the base",
        (LEFT + WIDTH - RIGHT) / 2,
        HEIGHT - 10,
        "#475569",
        "middle",
    )
    yield _text("seconds of one core", 8, 16, "#475569")


def _as_the_rows_do(across: Scale, up: Scale) -> str:
    """Draw the slope of what takes twice the time for twice the rows."""
    low = max(across.low, 1.0)
    growth = min(across.high / low, up.high / up.low)
    ends = (
        across.place(low),
        up.place(up.low),
        across.place(low * growth),
        up.place(up.low * growth),
    )
    x, y, right, top = (f"{end:.1f}" for end in ends)
    place = f'x1="{x}" y1="{y}" x2="{right}" y2="{top}"'
    return f'<line {place} stroke="#94A3B8" stroke-dasharray="4 4"/>'


def _rule(x: float, y: float, right: float, top: float) -> str:
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{right:.1f}" y2="{top:.1f}" stroke="#E2E8F0"/>'


def _text(
    words: str, x: float, y: float, color: str, anchor: str = "start"
) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{color}" text-anchor="{anchor}">{words}</text>'


def main() -> None:
    """Draw the figures of the file named first into the file named second."""
    source, target = map(Path, sys.argv[1:3])
    target.write_text(drawing(points(source)), encoding="utf-8")


if __name__ == "__main__":
    main()
