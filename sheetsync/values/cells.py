"""What a cell is, what is read of it, and the few things every reader does first: trimming, folding, "nothing known"."""

import math
import re
from datetime import date, datetime
from typing import NamedTuple
from unicodedata import is_normalized, normalize

Cell = str | float | bool | None
"""A cell as the API gives it unformatted: text, number (dates as serial days), boolean, or nothing."""

Value = str | float | int | date | None

EPOCH = date(1899, 12, 30)
FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2199, 12, 31)

ERRORS = ("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#ERROR!")
"""What a cell holds whose formula fails."""

DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"
"""Every sign that people use for a hyphen, a dash or a minus."""

NOTHING = frozenset(
    {
        "-",
        "--",
        "---",
        "?",
        "??",
        "???",
        "нет",
        "нету",
        "нет данных",
        "неизвестно",
        "н/д",
        "б/н",
        "n/a",
        "na",
        "none",
        "null",
    }
)
"""What people write where nothing is known (dashes as hyphens, no final dots): read as an empty cell but in texts."""

LONGEST = 1000
"""How many signs of a cell are searched for a value: a sheet's cell may hold 50,000, and searching is not linear."""

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
_SIMPLER: dict[int, str | None] = {
    **dict.fromkeys(map(ord, DASHES), "-"),
    **dict.fromkeys(map(ord, _INVISIBLE)),
}
_ODD = re.compile("[" + re.escape(DASHES[1:]) + _INVISIBLE + "]")


class Fault(NamedTuple):
    """Why a cell cannot be read: a code (see `schema.explain`) and the word we would suggest, if any."""

    code: str
    suggestion: str = ""


class Reading(NamedTuple):
    """A cell read: the value (None when empty or faulty) and the fault, if there is one."""

    value: Value
    fault: Fault | None = None


EMPTY = Reading(None)


def fault(code: str) -> Reading:
    """Return the reading of a cell that cannot be read."""
    return Reading(None, Fault(code))


def composed(text: str) -> str:
    """Return a text with its accents in the letters: some systems write `й` as two signs (Unicode NFC)."""
    return text if text.isascii() or is_normalized("NFC", text) else normalize("NFC", text)


_SIGNS = re.compile(r"[\W_]+")
"""All but letters and digits, as `str.isalnum` has it."""


def fold(text: str) -> str:
    """Reduce a spelling to what people mean by it: letters and digits only, lower case, ё as е."""
    return _SIGNS.sub("", composed(text).casefold().replace("ё", "е"))


def finite(number: float) -> bool:
    """Tell whether a number is one that a sheet can hold."""
    try:
        return math.isfinite(number)
    except OverflowError:  # a whole number of more than 308 digits
        return False


def clean(cell: Cell) -> str:
    """Return a cell as text: whole numbers without `.0`, spaces single and trimmed, letters composed."""
    if isinstance(cell, str):
        return composed(" ".join(cell.split()))
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    return str(int(cell)) if finite(cell) and cell == int(cell) else str(cell)


def plain(cell: Cell) -> str:
    """Return a cell as `clean` does, with every dash a hyphen, without signs that nobody sees, and not beyond `LONGEST`."""
    text = clean(cell)[:LONGEST]
    if text.isascii() or not _ODD.search(text):
        return text
    return " ".join(text.translate(_SIMPLER).split())


def is_nothing(text: str) -> bool:
    """Tell whether a text (as of `plain`) only says that nothing is known."""
    return text.casefold().rstrip(" .") in NOTHING


def unread(text: str, code: str) -> Reading:
    """Return the reading of a text (as of `plain`) that is no value: empty where it says so, else the fault `code`."""
    return EMPTY if not text or is_nothing(text) else fault(code)


def to_serial(day: date) -> int:
    """Return a day as the spreadsheet's serial number (days since 1899-12-30)."""
    return (day - EPOCH).days


def to_cell(value: Value) -> Cell:
    """Turn a value into what is written to a cell: dates as serial days, the rest as it is."""
    if isinstance(value, datetime):
        value = value.date()
    return to_serial(value) if isinstance(value, date) else value
