"""Color scales: the background that a GradientRule gives to a number among those of its range.

Which cells a rule is laid over is left to those who ask.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from sheetsync.emulator.model import user_entered as typed
from sheetsync.emulator.model.grid import Formula

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.model.grid import Json, Value

_CHANNELS = ("red", "green", "blue")


def scale(
    rule: Json,
    numbers: list[float],
    locale: str,
    compute: Callable[[str], Value],
) -> Callable[[float], Json] | None:
    """Give the function from a number to its color.

    None where the rule's points cannot be worked out.
    """
    points: list[tuple[float, Json]] = []
    for name in ("minpoint", "midpoint", "maxpoint"):
        if name in rule:
            at = _position(rule[name], sorted(numbers), locale, compute)
            if at is None:
                return None
            points.append((at, _color(rule[name])))
    return (lambda value: _between(points, value)) if points else None


def _position(
    point: Json,
    numbers: list[float],
    locale: str,
    compute: Callable[[str], Value],
) -> float | None:
    kind = point.get("type", "")
    if not numbers:
        return None
    if kind in ("MIN", "MAX"):
        return numbers[0] if kind == "MIN" else numbers[-1]
    value = typed.read(str(point.get("value", "")), locale)[0]
    value = compute(value.text) if isinstance(value, Formula) else value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if kind == "PERCENT":
        return numbers[0] + (numbers[-1] - numbers[0]) * value / 100
    return (
        _percentile(numbers, value / 100)
        if kind == "PERCENTILE"
        else float(value)
    )


def _percentile(numbers: list[float], share: float) -> float:
    place = min(max(share, 0), 1) * (len(numbers) - 1)
    low = int(place)
    high = min(low + 1, len(numbers) - 1)
    return numbers[low] + (numbers[high] - numbers[low]) * (place - low)


def _color(point: Json) -> Json:
    style: Json = point.get("colorStyle", {}).get("rgbColor") or point.get(
        "color", {}
    )
    return style


def _between(points: list[tuple[float, Json]], value: float) -> Json:
    if value <= points[0][0]:
        return points[0][1]
    for (low, start), (high, end) in pairwise(points):
        if value <= high and high > low:
            share = (value - low) / (high - low)
            return _mixed(start, end, share)
    return points[-1][1]


def _mixed(start: Json, end: Json, share: float) -> Json:
    """Mix two colors, in steps of 1/255 as they are shown."""
    mixed = {
        name: start.get(name, 0)
        + (end.get(name, 0) - start.get(name, 0)) * share
        for name in _CHANNELS
    }
    return {
        name: round(round(value * 255) / 255, 8)
        for name, value in mixed.items()
        if round(value * 255)
    }
