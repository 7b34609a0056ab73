"""Number format patterns taken apart.

Sections, conditions, tokens, and which of Google's types a pattern is of.

Excel's and Google's patterns are nearly one language. Showing a value by them is left to
number_format_digits.py and number_format_dates.py.
"""

from __future__ import annotations

import operator
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

_LITERAL = r'"[^"]*"?|\\.|_.|\*.'
_TOKENS = re.compile(
    rf"(?P<literal>{_LITERAL})|(?P<bracket>\[[^\]]*\])|(?P<half>AM/PM|A/P)|(?P<general>General)"
    r"|(?P<exponent>E[+-]0+)|(?P<part>y+|m+|d+|h+|s+)|(?P<digit>[0#?])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)\]")
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_SPLIT = re.compile(rf"{_LITERAL}|\[[^\]]*\]|(;)|.", re.DOTALL)
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}
_MONEY = re.compile(r"[$€₽£¥₴₸₺₹₪]|zł|\bkr\b")
_NUMERIC = 3  # sections for numbers at most; the fourth is for texts
MOMENTS = ("DATE", "TIME", "DATE_TIME")


class Token(NamedTuple):
    """A part of a section.

    `kind` is literal, elapsed, half, general, exponent, part, digit or other.
    """

    kind: str
    text: str


class Section(NamedTuple):
    """One of a pattern's sections: what it is for, and how it looks.

    `kind` is number, moment or text.
    """

    kind: str
    condition: tuple[str, float] | None
    tokens: tuple[Token, ...]

    def fits(self, value: float) -> bool:
        """Whether the section's own condition lets the value in."""
        return self.condition is not None and _COMPARE[self.condition[0]](
            value, self.condition[1]
        )


class Pattern(NamedTuple):
    """The sections for numbers, and the one for texts."""

    numbers: tuple[Section, ...]
    text: Section | None

    def choose(self, value: float) -> tuple[Section | None, float]:
        """Give the section for a value, and the value as it stands there.

        Without its sign where the section says it.
        """
        sections = self.numbers
        if len(sections) == 1 and sections[0].condition is None:
            return sections[0], value
        for index, section in enumerate(sections):
            last = index == len(sections) - 1
            if section.condition is not None:
                if section.fits(value):
                    return section, value
            elif (last and index) or (
                index == 0
                and (value > 0 or (value == 0 and len(sections) < _NUMERIC))
            ):
                return section, abs(value) if sections[
                    0
                ].condition is None else value
            elif index == 1 and value < 0:
                return section, -value
        return None, value


@lru_cache(maxsize=2000)
def read(pattern: str) -> Pattern:
    """Take a pattern apart."""
    sections = [_section(text) for text in _sections(pattern)]
    texts = [section for section in sections if section.kind == "text"]
    numbers = [
        section for section in sections[:_NUMERIC] if section.kind != "text"
    ]
    text = (
        sections[_NUMERIC]
        if len(sections) > _NUMERIC
        else (texts[-1] if texts else None)
    )
    return Pattern(tuple(numbers), text)


def _sections(pattern: str) -> list[str]:
    out = [""]
    for match in _SPLIT.finditer(pattern):
        if match[1]:
            out.append("")
        else:
            out[-1] += match[0]
    return out


def _section(text: str) -> Section:
    condition: tuple[str, float] | None = None
    tokens: list[Token] = []
    for match in _TOKENS.finditer(text):
        kind, token = str(match.lastgroup), match[0]
        found = _CONDITION.fullmatch(token) if kind == "bracket" else None
        if found:
            condition = (found[1], float(found[2]))
        elif kind == "bracket":
            tokens.extend(_bracket(token))
        elif kind == "literal":
            tokens.append(Token(kind, _literal(token)))
        else:
            tokens.append(Token(kind, token))
    return Section(_kind(tokens), condition, tuple(tokens))


def _bracket(token: str) -> list[Token]:
    """Read a currency [$₽-419], a span [h]; colours say nothing about the text."""
    if token.startswith("[$"):
        return [Token("literal", token[2:-1].partition("-")[0])]
    return [Token("elapsed", token[1:-1])] if _ELAPSED.fullmatch(token) else []


def _literal(token: str) -> str:
    if token.startswith('"'):
        return token.strip('"')
    if token.startswith("_"):
        return " "
    return token[1:]


def _kind(tokens: list[Token]) -> str:
    kinds = {token.kind for token in tokens}
    if kinds & {"part", "elapsed", "half"}:
        return "moment"
    return (
        "text" if any(token == ("other", "@") for token in tokens) else "number"
    )


@lru_cache(maxsize=1000)
def kind_of(pattern: str) -> str:
    """Google's type of a pattern."""
    found = read(pattern)
    if not found.numbers:
        return "TEXT"
    tokens = found.numbers[0].tokens
    letters = {
        token.text[0].lower()
        for token in tokens
        if token.kind in ("part", "elapsed")
    }
    if found.numbers[0].kind == "moment":
        date, time = letters & set("yd"), letters & set("hs")
        if date and time:
            return "DATE_TIME"
        return "TIME" if time or not letters else "DATE"
    if any(token == ("other", "%") for token in tokens):
        return "PERCENT"
    if any(token.kind == "exponent" for token in tokens):
        return "SCIENTIFIC"
    return "CURRENCY" if _MONEY.search(pattern) else "NUMBER"
