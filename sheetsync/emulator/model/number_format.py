"""How a value is shown.

The section of its number format that applies, or the locale's own way for a type without pattern.

Only what people see in an answer's formattedValue; parsing what they type is left to
user_entered.py.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sheetsync.emulator.model import number_format_dates as moments
from sheetsync.emulator.model import number_format_digits as digits
from sheetsync.emulator.model import number_format_patterns as patterns
from sheetsync.emulator.model.locales import customs
from sheetsync.emulator.model.number_format_digits import general
from sheetsync.emulator.model.number_format_patterns import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.model.number_format_patterns import Pattern, Section

__all__ = [
    "decimal_mark",
    "default_pattern",
    "general",
    "group_mark",
    "kind_of",
    "show",
    "show_text",
    "shower",
]
_SHOWN = 20_000  # dates repeat: their texts are kept


def decimal_mark(locale: str) -> str:
    """Give the mark before a number's fraction."""
    return customs(locale).decimal


def group_mark(locale: str) -> str:
    """Give the mark between thousands."""
    return customs(locale).group


def default_pattern(kind: str, locale: str) -> str:
    """Give the pattern of a number format that names only a type."""
    words = customs(locale)
    patterns_of_types = {
        "DATE": words.date,
        "TIME": words.time,
        "DATE_TIME": f"{words.date} h:mm:ss",
        "PERCENT": "0.00%",
        "CURRENCY": words.money,
        "NUMBER": "#,##0.00",
        "SCIENTIFIC": "0.00E+00",
        "TEXT": "@",
    }
    return patterns_of_types.get(kind, "General")


def show(
    value: float, number_format: dict[str, Any] | None, locale: str
) -> str:
    """Give a number as people see it; `number_format` is Google's {type, pattern}."""
    if not number_format:
        return general(value, locale)
    return shower(
        number_format.get("type", ""), number_format.get("pattern", ""), locale
    )(value)


def show_text(text: str, number_format: dict[str, Any] | None) -> str:
    """Give a text as people see it: inside what the format's section for texts puts around it."""
    pattern = (number_format or {}).get("pattern")
    if not pattern or pattern == "@":
        return text
    section = patterns.read(pattern).text
    return text if section is None else _framed(text, section)


def _framed(text: str, section: Section) -> str:
    return "".join(
        text if token == ("other", "@") else token.text
        for token in section.tokens
    )


@lru_cache(maxsize=2000)
def shower(kind: str, pattern: str, locale: str) -> Callable[[float], str]:
    """Give the function that shows numbers of a format.

    A number that it cannot show is shown without one.
    """
    pattern = pattern or default_pattern(kind, locale)
    if pattern in ("General", "@", ""):
        return lambda value: general(value, locale)
    found = patterns.read(pattern)
    if found.numbers and all(
        section.kind == "moment" for section in found.numbers
    ):
        return lru_cache(maxsize=_SHOWN)(
            lambda value: _show(value, found, locale)
        )
    if (
        len(found.numbers) == 1
        and found.numbers[0].condition is None
        and found.text is None
    ):
        return digits.writer(found.numbers[0], locale)
    return lambda value: _show(value, found, locale)


def _show(value: float, pattern: Pattern, locale: str) -> str:
    section, value = pattern.choose(value)
    if section is None:
        if pattern.text is not None and not pattern.numbers:
            return _framed(general(value, locale), pattern.text)
        return general(value, locale)
    if section.kind == "moment":
        return (
            moments.show(value, section, locale)
            if moments.shows(value)
            else general(value, locale)
        )
    return digits.writer(section, locale)(value)
