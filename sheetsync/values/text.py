"""Texts, and the pieces of a cell that holds several values.

What each piece means is for the reader of its type to say.
"""

import re

from sheetsync.values.cells import (
    DASHES,
    EMPTY,
    ERRORS,
    LONGEST,
    Cell,
    Reading,
    clean,
    fault,
)

# Commas and slashes between digits are part of a number.
_BETWEEN = re.compile(
    r"[;|\n\r]+|(?<!\d),|,(?!\d)|(?<!\d)/|/(?!\d)|\s[-\u2013\u2014]\s"
)
_ADDRESSES_AND_NUMBERS = re.compile(
    r"[^\s@,;<>()]+@[^\s@,;<>()]+"
    r"|(?:\b(?:инн|кпп|тел|моб|e-?mail|почта)\b[.:]*\s*)?\+?\(?\d[\d\s().\-/]{7,}\d",
    re.IGNORECASE,
)
_EDGES = " ,;|/:-\u2013\u2014"


def read_text(cell: Cell) -> Reading:
    """Read a text; a lone dash is nothing, and a formula in it is text. Fault: cell_error."""
    text = clean(cell)
    if text in ERRORS:
        return fault("cell_error")
    if not text.strip(DASHES):
        return EMPTY
    return Reading(text)


def text_within(cell: Cell) -> Reading:
    """Read what a cell says besides addresses and long numbers (phones, tax numbers)."""
    whole = read_text(cell)
    if not isinstance(whole.value, str) or len(whole.value) > LONGEST:
        return whole
    text = clean(_ADDRESSES_AND_NUMBERS.sub(" ", whole.value)).strip(_EDGES)
    return Reading(text or None)


def pieces(cell: Cell) -> list[str]:
    """Cut a cell at the signs that people put between values; never within a number."""
    if not isinstance(cell, str):
        return []
    return [piece for piece in map(clean, _BETWEEN.split(cell)) if piece]
