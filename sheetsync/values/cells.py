"""What a cell is, what is read of it, and the few things every reader does first.

These are trimming, folding and "nothing is known"; what the rest means is each reader's own.
"""

import math
import re
from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple
from unicodedata import is_normalized, normalize

from anyascii import anyascii

Cell = str | float | bool | None
"""A cell as the API gives it unformatted: text, number (dates as serial days), boolean, nothing."""

Value = str | float | int | date | None

EPOCH = date(1899, 12, 30)
FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2199, 12, 31)

ERRORS = frozenset(
    {
        "#REF!",
        "#N/A",
        "#VALUE!",
        "#NAME?",
        "#DIV/0!",
        "#NULL!",
        "#NUM!",
        "#ERROR!",
    }
)
"""What a cell holds whose formula fails."""

DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"
"""Every sign that people use for a hyphen, a dash or a minus."""

_BLANK_SIGNS = {"-", "--", "---", "?", "??", "???"}
_BLANK_RUSSIAN = {"нет", "нету", "нет данных", "неизвестно", "н/д", "б/н"}
_BLANK_ENGLISH = {"n/a", "na", "none", "null"}
NOTHING = frozenset(_BLANK_SIGNS | _BLANK_RUSSIAN | _BLANK_ENGLISH)
"""What people write where nothing is known (dashes as hyphens, no final dots).

Read as an empty cell, but not in columns of texts.
"""

LONGEST = 1000
"""How many signs of a cell are searched for a value.

A sheet's cell may hold 50,000 (API fact), and searching is not linear.
"""

_INVISIBLE = (
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_SIMPLER: dict[int, str | None] = {
    **dict.fromkeys(map(ord, DASHES), "-"),
    **dict.fromkeys(map(ord, _INVISIBLE)),
}
# Most texts hold none of these, and a look is cheaper than a translation.
_ODD = re.compile("[" + re.escape(DASHES[1:]) + _INVISIBLE + "]")


class CellFault(NamedTuple):
    """Why a cell cannot be read: a code (see `schema.explain`) and the word we suggest, if any.

    Of a phone: an example of how one is written.
    """

    code: str
    suggestion: str = ""


class Reading(NamedTuple):
    """A cell read: the value (None when empty or faulty) and the fault, if there is one."""

    value: Value
    fault: CellFault | None = None


EMPTY = Reading(None)


def fault(code: str) -> Reading:
    """Return the reading of a cell that cannot be read."""
    return Reading(None, CellFault(code))


def composed(text: str) -> str:
    """Return a text with its accents in the letters (Unicode NFC).

    Some systems write `й` as two signs.
    """
    if text.isascii() or is_normalized("NFC", text):
        return text
    return normalize("NFC", text)


# All but letters and digits, as `str.isalnum` has it.
_SIGNS = re.compile(r"[\W_]+")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
# Stands between texts that are looked at all at once; it is neither a space nor part of a letter.
_BETWEEN = "\0"
_SIGNS_BUT_BETWEEN = re.compile(r"[^\w\0]+|_+")


def fold(text: str) -> str:
    """Reduce a spelling to what people mean by it: letters and digits only, lower case, ё as е."""
    return _SIGNS.sub("", composed(text).casefold().replace("ё", "е"))


def without_accents(text: str) -> str:
    """Return a text of Latin letters as it is typed where a keyboard lacks their signs.

    A text with Cyrillic letters is returned as it is.
    """
    if text.isascii() or _CYRILLIC.search(text):
        return text
    return anyascii(text)


def folded(texts: Collection[str]) -> list[str]:
    """Return many texts as `fold` does, several times faster than one by one."""
    joined = _BETWEEN.join(texts)
    if joined.count(_BETWEEN) != len(texts) - 1:
        return [*map(fold, texts)]
    letters = composed(joined).casefold().replace("ё", "е")
    return _SIGNS_BUT_BETWEEN.sub("", letters).split(_BETWEEN)


def finite(number: float) -> bool:
    """Tell whether a number is one that a sheet can hold."""
    try:
        return math.isfinite(number)
    except OverflowError:
        # A whole number of more than 308 digits is no float, yet JSON brings it.
        return False


def clean(cell: Cell) -> str:
    """Return a cell as text: whole numbers without `.0`, spaces single and trimmed.

    Accents stand in their letters; booleans are TRUE and FALSE, as a sheet has them.
    """
    if isinstance(cell, str):
        return composed(" ".join(cell.split()))
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if finite(cell) and cell == int(cell):
        return str(int(cell))
    return str(cell)


AT_ONCE = 256
"""How many texts are looked at together: of those that are not all clean each is looked at."""


def are_clean(texts: Collection[str]) -> bool:
    """Tell whether `clean` leaves every one of these texts as it is, in one look at all of them."""
    joined = f"{_BETWEEN}{_BETWEEN.join(texts)}{_BETWEEN}"
    if joined.count(_BETWEEN) != len(texts) + 1:
        return False
    if f"{_BETWEEN} " in joined or f" {_BETWEEN}" in joined:
        return False
    return clean(joined) == joined


def plain(cell: Cell) -> str:
    """Return a cell as `clean` does, with every dash a hyphen and without signs that nobody sees.

    Nothing beyond `LONGEST` signs is returned.
    """
    text = clean(cell)[:LONGEST]
    if text.isascii() or not _ODD.search(text):
        return text
    return " ".join(text.translate(_SIMPLER).split())


def is_nothing(text: str) -> bool:
    """Tell whether a text (as of `plain`) only says that nothing is known."""
    return text.casefold().rstrip(" .") in NOTHING


def unread(text: str, code: str) -> Reading:
    """Return the reading of a text (as of `plain`) that is no value.

    It is empty where the text itself says so, else the fault `code`.
    """
    if not text or is_nothing(text):
        return EMPTY
    return fault(code)


def to_serial(day: date) -> int:
    """Return a day as the spreadsheet's serial number (days since 1899-12-30)."""
    return (day - EPOCH).days


def to_cell(value: Value) -> Cell:
    """Turn a value into what is written to a cell: dates as serial days, the rest as it is."""
    if isinstance(value, datetime):
        return to_serial(value.date())
    if isinstance(value, date):
        return to_serial(value)
    return value
