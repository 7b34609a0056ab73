"""Dates and times as people type them in a locale, and the pattern that shows them so.

Numbers are left to user_entered_numbers.py; what else a text may be, to user_entered.py.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from sheetsync.emulator.model.locales import customs

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.model.locales import Customs

    Today = Callable[[], dt.date]

Found = tuple["int | float", "dict[str, Any]"]
_EPOCH = dt.date(1899, 12, 30)
_CLOCK = (
    r"(\d{1,4}):(\d{2})(?::(\d{2})(?:[.,](\d{1,3}))?)?"
    r"\s*(am|pm|a\.m\.|p\.m\.)?|(\d{1,2})\s*(am|pm)"
)
_TIME = re.compile(_CLOCK, re.IGNORECASE)
_NUMERIC = re.compile(r"(\d{1,4})([./-])(\d{1,2})(?:\2(\d{1,4}))?\.?")
_YEAR = r"(?:(?P<b>,? |-)(?P<year>\d{4}|\d{2}))?"
_WORDS = (
    r"(?P<day>\d{1,2})(?P<a>\.? |-)(?P<month>[^\W\d]+)(?P<dot>\.?)" + _YEAR,
    r"(?P<month>[^\W\d]+)(?P<dot>\.?)(?P<a>[ -])(?P<day>\d{1,2})" + _YEAR,
    r"(?P<month>[^\W\d]+)(?P<dot>\.?)(?P<b>[ -])(?P<year>\d{4})",
)
_NAMED = tuple(re.compile(shape) for shape in _WORDS)
_YEAR_WORD = re.compile(r"\s*(г\.?|года)$", re.IGNORECASE)
# A year of two digits: 00..29 are of this century, as Google reads it
_PIVOT = 30
_HOURS, _SIXTY, _NOON, _SHORT_YEAR, _FULL_YEAR = 24, 60, 12, 2, 4
_DAY = 86400


def read(text: str, locale: str, today: Today | None = None) -> Found | None:
    """Give the serial number of a date, a time or both, and its format.

    None where the text says none.

    Without `today`, a date must name its year.
    """
    time = _time(text)
    if time is not None:
        return time
    found = _date(text, locale, today)
    if found is not None:
        return found[0], {"type": "DATE", "pattern": found[1]}
    head, _, tail = re.sub(r"(?<=\d)T(?=\d)", " ", text).partition(" ")
    while tail:
        clock = _time(tail.strip())
        day = (
            _date(head.rstrip(","), locale, today)
            if clock is not None and clock[0] < 1
            else None
        )
        if clock is not None and day is not None:
            return day[0] + clock[0], {
                "type": "DATE_TIME",
                "pattern": f"{day[1]} {_with_seconds(clock[1]['pattern'])}",
            }
        more, _, tail = tail.partition(" ")
        head = f"{head} {more}"
    return None


def _with_seconds(pattern: str) -> str:
    return pattern if "s" in pattern else pattern.replace("h:mm", "h:mm:ss")


def _time(text: str) -> Found | None:
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hour, minute, second = (
        int(match[1] or match[6]),
        int(match[2] or 0),
        int(match[3] or 0),
    )
    half = (match[5] or match[7] or "").lower().replace(".", "")
    if (
        minute >= _SIXTY
        or second >= _SIXTY
        or (half and not 1 <= hour <= _NOON)
    ):
        return None
    hour = hour % _NOON + (_NOON if half == "pm" else 0) if half else hour
    fraction = match[4] or ""
    number = (
        hour * 3600
        + minute * 60
        + second
        + (int(fraction) / 10 ** len(fraction) if fraction else 0)
    ) / _DAY
    pattern = "h:mm" if hour < _HOURS else "[h]:mm:ss"
    if match[3] and hour < _HOURS:
        pattern += ":ss" + ("." + "0" * len(fraction) if fraction else "")
    return number, {
        "type": "TIME",
        "pattern": pattern + (" am/pm" if half else ""),
    }


def _date(
    text: str, locale: str, today: Today | None
) -> tuple[int, str] | None:
    words = customs(locale)
    match = _NUMERIC.fullmatch(text)
    if match:
        return _numeric(match, words, today)
    return _named(
        _YEAR_WORD.sub("", text) if words.month_numbers.get("янв") else text,
        words,
        today,
    )


def _numeric(
    match: re.Match[str], words: Customs, today: Today | None
) -> tuple[int, str] | None:
    first, mark, second, third = match.groups()
    if (mark == "." and words.mark != ".") or (
        match[0].endswith(".") and mark != "."
    ):
        return None
    order = _order(first, third, words)
    if order is None:
        return None
    parts = dict(zip(order, (first, second, third), strict=False))
    number = _serial(parts.get("y"), parts["m"], parts["d"], today)
    pattern = mark.join(_letters(letter, parts[letter]) for letter in order)
    return None if number is None else (number, pattern)


def _order(first: str, third: str | None, words: Customs) -> str | None:
    """Tell which part is what: a year of four digits may lead in every locale.

    Without a year the order is kept.
    """
    if len(first) == _FULL_YEAR:
        # A day has two digits at most.
        return "ymd" if third is not None and len(third) <= 2 else None  # noqa: PLR2004
    if len(first) > 2:  # noqa: PLR2004  # as above
        return None
    if third is None:
        return words.order.replace("y", "")
    order = words.order if words.order != "ymd" or len(third) <= 2 else "mdy"  # noqa: PLR2004
    years = third if order.endswith("y") else first
    return order if len(years) in (_SHORT_YEAR, _FULL_YEAR) else None


def _letters(letter: str, digits: str) -> str:
    return letter * len(digits)


def _named(
    text: str, words: Customs, today: Today | None
) -> tuple[int, str] | None:
    for shape in _NAMED:
        match = shape.fullmatch(text)
        if match is None:
            continue
        parts = match.groupdict()
        month = words.month_numbers.get(parts["month"].casefold())
        if month is None:
            return None
        number = _serial(
            parts.get("year"), str(month), parts.get("day") or "1", today
        )
        return (
            None
            if number is None
            else (number, _pattern_of(parts, month, words, text))
        )
    return None


def _pattern_of(
    parts: dict[str, str | None], month: int, words: Customs, text: str
) -> str:
    """Give the pattern that shows a date with a month's name the way it was typed."""
    name = str(parts["month"])
    full = (
        name.casefold()
        not in {short.casefold().rstrip(".") for short in words.short_months}
        and len(name) > 3  # noqa: PLR2004  # a short name
    )
    shown = (
        "mmmm"
        if full or words.months[month - 1] == words.short_months[month - 1]
        else "mmm"
    )
    year = "y" * len(parts.get("year") or "")
    tail = f"{parts.get('b')}{year}" if year else ""
    day = "d" if len(parts.get("day") or "") == 1 else "dd"
    if parts.get("day") is None:
        return shown + tail
    if text[0].isdigit():
        return f"{day}{parts['a']}{shown}{tail}"
    return f"{shown}{parts['a']}{day}{tail}"


def _serial(
    year: str | None, month: str, day: str, today: Today | None
) -> int | None:
    if year is None:
        if today is None:
            return None
        number = today().year
    else:
        number = int(year)
        if len(year) <= _SHORT_YEAR:
            number += 2000 if number < _PIVOT else 1900
    try:
        return (dt.date(number, int(month), int(day)) - _EPOCH).days
    except ValueError:
        return None
