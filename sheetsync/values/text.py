"""Texts, and the pieces of a cell that holds several values."""

import re

from sheetsync.values.cells import DASHES, EMPTY, ERRORS, LONGEST, Cell, Reading, clean, fault

_BETWEEN = re.compile(r"[;|\n\r]+|(?<!\d),|,(?!\d)|(?<!\d)/|/(?!\d)|\s[-\u2013\u2014]\s")
_NUMBERS = re.compile(
    r"[^\s@,;<>()]+@[^\s@,;<>()]+|(?:\b(?:инн|кпп|тел|моб|e-?mail|почта)\b[.:]*\s*)?\+?\(?\d[\d\s().\-/]{7,}\d",
    re.IGNORECASE,
)
_EDGES = " ,;|/:-\u2013\u2014"


def read_text(cell: Cell) -> Reading:
    """Read a text; a lone dash is nothing. What looks like a formula is a text. Fault: cell_error."""
    text = clean(cell)
    if text in ERRORS:
        return fault("cell_error")
    return Reading(text) if text.strip(DASHES) else EMPTY


def text_within(cell: Cell) -> Reading:
    """Read what a cell says besides addresses and long numbers (phones, tax numbers)."""
    whole = read_text(cell)
    if not isinstance(whole.value, str) or len(whole.value) > LONGEST:
        return whole
    text = clean(_NUMBERS.sub(" ", whole.value)).strip(_EDGES)
    return Reading(text) if text else EMPTY


def pieces(cell: Cell) -> list[str]:
    """Cut a cell at the signs that people put between values; never within a number."""
    return (
        [piece for piece in map(clean, _BETWEEN.split(cell)) if piece]
        if isinstance(cell, str)
        else []
    )
