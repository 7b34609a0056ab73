"""The order in which a sort puts values: numbers, texts, truth values, errors.

Blank cells are last in either direction.

Which rows are sorted by what is left to the requests.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from sheetsync.emulator.model.grid import ErrorValue

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Value

Key = tuple[int, float, tuple[tuple[int, str], ...], str]
# Letters of their own, though Unicode can take them apart
_LETTERS = frozenset("йЙ")
_NUMBER, _TEXT, _BOOL, _ERROR = range(4)


def key_of(value: Value) -> Key | None:
    """Give what a value is compared by; None for a blank cell."""
    if isinstance(value, bool):
        return (_BOOL, float(value), (), "")
    if isinstance(value, (int, float)):
        return (_NUMBER, float(value), (), "")
    if isinstance(value, str):
        return (_TEXT, 0.0, *_text(value))
    return (
        (_ERROR, 0.0, (), value.code) if isinstance(value, ErrorValue) else None
    )


@lru_cache(maxsize=20_000)
def _text(text: str) -> tuple[tuple[tuple[int, str], ...], str]:
    """Give the letters without case and marks, then with marks.

    As people of all locales look words up.
    """
    folded = unicodedata.normalize("NFC", text).casefold()
    bare = "".join(
        letter
        if letter in _LETTERS
        else "".join(
            part
            for part in unicodedata.normalize("NFD", letter)
            if not unicodedata.combining(part)
        )
        for letter in folded
    )
    return tuple((_class(letter), letter) for letter in bare), folded


def _class(letter: str) -> int:
    """Spaces and signs come before digits, digits before letters."""
    if letter.isalpha():
        return 2
    return 1 if letter.isdigit() else 0


def ordered(rows: list[list[Value]], descending: list[bool]) -> list[int]:
    """Give the order of rows, each told by the values to compare first to last.

    Equal rows stay as they were.
    """
    order = list(range(len(rows)))
    for column in range(len(descending) - 1, -1, -1):
        keys = [key_of(row[column]) for row in rows]
        filled = [(keys[index], index) for index in order]
        known = [(key, index) for key, index in filled if key is not None]
        known.sort(key=lambda pair: pair[0], reverse=descending[column])
        order = [index for _, index in known] + [
            index for key, index in filled if key is None
        ]
    return order
