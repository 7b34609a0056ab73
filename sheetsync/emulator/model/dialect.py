"""Formulas as a locale writes them, and as they are kept.

Where the decimal mark is a comma, ";" stands between arguments.

Kept formulas are always of the English kind: "," between arguments, "." in numbers. References are
left to formulas.py.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sheetsync.emulator.model.locales import customs

if TYPE_CHECKING:
    from collections.abc import Iterator

_PARTS = (
    r"""(?P<text>"(?:[^"]|"")*"?|'(?:[^']|'')*'?)|(?P<open>[({])|(?P<close>[)}])"""
    r"""|(?P<number>(?<![\w.$:!])\d+%s\d+(?![\w:]|%s\d))|(?P<mark>[;,\\])|(?P<other>[\w.$:!]+|.)"""
)
_TYPED = re.compile(_PARTS % (",", ","), re.DOTALL)
_KEPT = re.compile(_PARTS % (r"\.", r"\."), re.DOTALL)


def stored(formula: str, locale: str) -> str:
    """Give a formula as it is kept, of one typed in that locale.

    "," between arguments is taken everywhere.
    """
    comma = customs(locale).decimal == ","
    if ";" not in formula and not (
        comma and ("," in formula or "\\" in formula)
    ):
        return formula
    return "".join(
        _stored(kind, part, comma=comma, array=array)
        for kind, part, array in _walk(formula, _TYPED if comma else _KEPT)
    )


def _stored(kind: str, part: str, *, comma: bool, array: bool) -> str:
    if kind == "number":
        return part.replace(",", ".") if comma else part
    if kind != "mark":
        return part
    if part == ";":
        return ";" if array else ","
    return "," if comma and array and part == "\\" else part


def shown(formula: str, locale: str) -> str:
    """Give a kept formula as people of that locale read it."""
    if customs(locale).decimal != "," or (
        "," not in formula and "." not in formula
    ):
        return formula
    return "".join(
        _shown(kind, part, array=array)
        for kind, part, array in _walk(formula, _KEPT)
    )


def _shown(kind: str, part: str, *, array: bool) -> str:
    if kind == "number":
        return part.replace(".", ",")
    if kind == "mark" and part == ",":
        return "\\" if array else ";"
    return part


def _walk(
    formula: str, parts: re.Pattern[str]
) -> Iterator[tuple[str, str, bool]]:
    """Give each part of a formula.

    Its kind, its text, and whether it stands directly inside { }.
    """
    inside: list[str] = []
    for match in parts.finditer(formula):
        kind = str(match.lastgroup)
        if kind == "open":
            inside.append(match[0])
        elif kind == "close" and inside:
            inside.pop()
        yield kind, match[0], bool(inside) and inside[-1] == "{"
