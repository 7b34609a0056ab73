"""Reads the body of a batch piece by piece, so that its JSON is never in memory as a whole.

A night's batch parsed at once is a gigabyte of dictionaries beside the one that is kept. Here each
request and each row is parsed when it is checked, and let go. Only a body without a mistake is read
so: what is wrong with another is told by whoever reads it whole.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sheetsync.emulator.errors import ApiError
from sheetsync.emulator.wire.check import check

if TYPE_CHECKING:
    from collections.abc import Iterator
    from json import JSONDecoder

_GAP = re.compile(r"[ \t\n\r]*")
# Arrays whose items are parsed one after another
_LONG = ("requests", "rows")
# Of the objects around them: the body, a request, what it asks for
_OUTER = 3


def body(data: bytes, name: str, decoder: JSONDecoder) -> dict[str, Any] | None:
    """Give the body as a valid `name`; None where it is no object, or anything is wrong with it."""
    try:
        text = _Text(data.decode(), decoder)
        value = text.value("", 0)
        if not isinstance(value, _Members):
            return None
        clean = check(value, name)
        text.end()
    except (ValueError, RecursionError, ApiError):
        return None
    return clean


class _Text:
    """A text of JSON, and how far it is parsed."""

    def __init__(self, text: str, decoder: JSONDecoder) -> None:
        self._text = text
        self._decoder = decoder
        self._at = 0

    def value(self, name: str, depth: int) -> Any:
        """Give the value that comes next, of that name; an outer one is yet to be parsed."""
        sign = self._peek()
        if sign == "{" and depth < _OUTER:
            return _Members(self, depth)
        if sign == "[" and name in _LONG:
            return _Items(self, depth)
        value, self._at = self._decoder.raw_decode(self._text, self._at)
        return value

    def take(self, signs: str) -> str:
        """Give the sign that comes next; ValueError where it is none of these."""
        sign = self._peek()
        if not sign or sign not in signs:
            raise ValueError(sign)
        self._at += 1
        return sign

    def passes(self, sign: str) -> bool:
        """Whether that sign comes next, which is passed over then."""
        passed = self._peek() == sign
        self._at += passed
        return passed

    def end(self) -> None:
        """ValueError where anything is left."""
        if self._peek():
            raise ValueError(self._peek())

    def _peek(self) -> str:
        gap = _GAP.match(self._text, self._at)
        self._at = gap.end() if gap else self._at
        return self._text[self._at : self._at + 1]


class _Members(dict[str, Any]):
    """An object whose members are parsed as they are asked for, once."""

    def __init__(self, text: _Text, depth: int) -> None:
        super().__init__()
        self._text = text
        self._depth = depth

    # A view is what a dictionary gives; a reader only goes through it.
    def items(self) -> Iterator[tuple[str, Any]]:  # type: ignore[override]
        """Give the members one after another."""
        text = self._text
        text.take("{")
        if text.passes("}"):
            return
        sign = ","
        while sign == ",":
            name = text.value("", _OUTER)
            if not isinstance(name, str):
                raise ValueError(name)  # noqa: TRY004  # no JSON
            text.take(":")
            yield name, text.value(name, self._depth + 1)
            sign = text.take(",}")


class _Items(list[Any]):
    """An array whose items are parsed as they are asked for, once."""

    def __init__(self, text: _Text, depth: int) -> None:
        super().__init__()
        self._text = text
        self._depth = depth

    def __iter__(self) -> Iterator[Any]:
        text = self._text
        text.take("[")
        if text.passes("]"):
            return
        sign = ","
        while sign == ",":
            yield text.value("", self._depth)
            sign = text.take(",]")
