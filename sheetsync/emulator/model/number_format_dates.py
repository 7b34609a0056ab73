"""Dates, times and spans shown by a section of a number format pattern, in the words of a locale.

Which section applies is left to number_format.py.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sheetsync.emulator.model.locales import customs

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.model.locales import Customs
    from sheetsync.emulator.model.number_format_patterns import Section, Token

_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001  # serials have no zone
_LOWEST = -693593.0  # 0001-01-01
_HIGHEST = 2958466.0  # the end of the year 9999
_SECONDS = 86400
_SHORT, _LONG = 3, 4
_NOON = 12
_UNITS = {"h": 3600, "m": 60, "s": 1}


def shows(value: float) -> bool:
    """Whether a serial number lies in the years that can be shown."""
    return _LOWEST <= value < _HIGHEST


def show(value: float, section: Section, locale: str) -> str:
    """Show a serial number by a section of kind moment."""
    tokens = section.tokens
    places = _fraction(tokens)
    step = 10**places
    ticks = round(value * _SECONDS * step)
    elapsed = any(token.kind == "elapsed" for token in tokens)
    moment = _EPOCH + dt.timedelta(
        seconds=(abs(ticks) if elapsed else ticks) / step
    )
    half = any(token.kind == "half" for token in tokens)
    writer = _Writer(
        moment,
        abs(ticks) // step,
        f"{abs(ticks) % step:0{places}d}",
        customs(locale),
        half=half,
    )
    text = "".join(writer.token(tokens, index) for index in range(len(tokens)))
    return "-" + text if elapsed and ticks < 0 else text


def _fraction(tokens: tuple[Token, ...]) -> int:
    """Count the zeros that stand after the seconds."""
    for index, token in enumerate(tokens[:-1]):
        if (
            token.kind in ("part", "elapsed")
            and token.text[0] in "sS"
            and tokens[index + 1].text == "."
        ):
            rest = [following.text == "0" for following in tokens[index + 2 :]]
            return min(rest.index(False) if False in rest else len(rest), 3)
    return 0


class _Writer:
    """Writes the tokens of one moment."""

    def __init__(
        self,
        moment: dt.datetime,
        seconds: int,
        fraction: str,
        words: Customs,
        *,
        half: bool,
    ) -> None:
        self.moment = moment
        self.seconds = seconds
        self.fraction = list(fraction)
        self.words = words
        self.half = half

    def token(self, tokens: tuple[Token, ...], index: int) -> str:
        token = tokens[index]
        if token.kind == "part":
            return (
                f"{self.moment.minute:0{min(len(token.text), 2)}d}"
                if _is_minute(tokens, index)
                else self._part(token.text)
            )
        if token.kind == "elapsed":
            return f"{self.seconds // _UNITS[token.text[0].lower()]:0{len(token.text)}d}"
        if token.kind == "half":
            return self._half(token.text)
        if token.kind == "digit":
            return (
                self.fraction.pop(0)
                if token.text == "0" and self.fraction
                else token.text
            )
        return token.text

    def _half(self, text: str) -> str:
        word = self.words.halves[self.moment.hour >= _NOON]
        return (
            word
            if "/" in text[1:-1] and len(text) > _SHORT
            else "AP"[self.moment.hour >= _NOON]
        )

    def _part(self, text: str) -> str:
        low, length = text.lower(), len(text)
        makers: dict[str, Callable[[int], str]] = {
            "y": self._year,
            "m": self._month,
            "d": self._day,
            "h": self._hour,
        }
        if low[0] in makers:
            return makers[low[0]](length)
        return f"{self.moment.second:0{min(length, 2)}d}"

    def _year(self, length: int) -> str:
        return (
            f"{self.moment.year % 100:02d}"
            if length < _SHORT
            else f"{self.moment.year:04d}"
        )

    def _month(self, length: int) -> str:
        month = self.moment.month
        if length < _SHORT:
            return f"{month:0{length}d}"
        name = (
            self.words.short_months if length == _SHORT else self.words.months
        )[month - 1]
        return name[:1].upper() if length > _LONG else name

    def _day(self, length: int) -> str:
        if length < _SHORT:
            return f"{self.moment.day:0{length}d}"
        return (self.words.short_days if length == _SHORT else self.words.days)[
            self.moment.weekday()
        ]

    def _hour(self, length: int) -> str:
        hour = (
            (self.moment.hour % _NOON or _NOON)
            if self.half
            else self.moment.hour
        )
        return f"{hour:0{min(length, 2)}d}"


def _is_minute(tokens: tuple[Token, ...], at: int) -> bool:
    """Tell m for minutes from m for months: it stands after hours or before seconds."""
    if tokens[at].text.lower() not in ("m", "mm"):
        return False
    letters = [
        token.text[0].lower() if token.kind in ("part", "elapsed") else ""
        for token in tokens
    ]
    before = next((letter for letter in reversed(letters[:at]) if letter), "")
    after = next((letter for letter in letters[at + 1 :] if letter), "")
    return before == "h" or after == "s"
