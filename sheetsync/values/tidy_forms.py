"""Safe repairs: a cell as it should be written, where that changes its form and nothing that anybody meant."""

import re

from sheetsync.values.cells import Cell, Reading, plain, to_cell
from sheetsync.values.column_conventions import Hint
from sheetsync.values.date_parts import spelt
from sheetsync.values.phones import read_phone
from sheetsync.values.tax_numbers import valid_tax_number

NUMBERS = ("date", "amount", "share", "integer", "flag")
"""Types of columns whose texts are no texts: their spaces are left alone."""

_LONE_PHONE = re.compile(r"\+?[\d ().-]+", re.ASCII)
_SPACES = re.compile(r"[^\S\n]+")
_UNTIDY = re.compile(r"^\s|\s$|[^\S\n ]|  | \n|\n ")
_PLAIN_RUSSIAN = re.compile(r"\+7([349]\d\d)(\d{3})(\d\d)(\d\d)", re.ASCII)
"""Numbers of which the international form needs no library, as most have it."""


def is_tidy(kind: str, cell: Cell) -> bool:
    """Tell at a glance that there is nothing to repair in a cell; False where that takes a closer look."""
    looked_at = kind in ("phone", "tax_number", "date")
    return not looked_at and (
        not isinstance(cell, str) or kind in NUMBERS or _UNTIDY.search(cell) is None
    )


def _spaced(cell: str) -> str:
    """Trim every line and make its spaces single; the lines themselves are what their writer wanted."""
    lines = cell.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(_SPACES.sub(" ", line).strip() for line in lines).strip()


def _is_all(digits: str, number: str, national: str) -> bool:
    """Tell whether a cell's digits are this number and no more: what stands before must be a code of the country or the way out."""
    if not digits.endswith(national):
        return False
    before, country = digits.removesuffix(national), number[1:].removesuffix(national)
    if not before:  # ten digits that nothing calls Russian may be a tax number
        return country != "7" or national[0] in "3489"
    return before in {
        country,
        "00" + country,
        "011" + country,
        "810" + country,
        "0",
        "8" if country == "7" else country,
    }


def _phone(cell: Cell, number: str) -> str | None:
    """Write the one phone that is all of a cell in the international form, if it then reads the same."""
    text = plain(cell)
    if not _LONE_PHONE.fullmatch(text):
        return None
    digits = "".join(sign for sign in text if sign.isdecimal())
    if russian := _PLAIN_RUSSIAN.fullmatch(number):
        return (
            "+7 {} {}-{}-{}".format(*russian.groups())
            if _is_all(digits, number, number[2:])
            else None
        )
    import phonenumbers  # noqa: PLC0415  # only where a phone is repaired

    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return None
    national = str(phonenumbers.national_significant_number(parsed))
    if not _is_all(digits, number, national):
        return None
    form = str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL))
    return form if _LONE_PHONE.fullmatch(form) and read_phone(form, "RU").value == number else None


def _tax_number(cell: Cell, number: str) -> str | None:
    """Write a number as text, and a lost zero back where the check digits agree."""
    digits = plain(cell)
    if digits != number and not (digits.isdecimal() and valid_tax_number(number, "RU")):
        return None
    return number


def _date(cell: str, reading: Reading, hint: Hint) -> Cell:
    """Write a day typed as text as a day, unless its order or year was guessed, or the text says more."""
    found = spelt(plain(cell))
    if (
        found is None
        or not found.bare
        or not found.year
        or (found.ambiguous and hint.order != "seen")
    ):
        return None
    return to_cell(reading.value)


def _written(kind: str, cell: Cell, reading: Reading, hint: Hint) -> Cell:
    if kind == "date":
        return _date(cell, reading, hint) if isinstance(cell, str) else None
    form = None
    if kind == "phone":
        form = _phone(cell, str(reading.value))
    elif kind == "tax_number":
        form = _tax_number(cell, str(reading.value))
    if form is None and isinstance(cell, str) and kind not in NUMBERS:
        form = _spaced(cell)
    return form


def canonical(kind: str, cell: Cell, reading: Reading, hint: Hint) -> Cell:
    """Return a cell as it should be written where a safe repair is due, else None.

    `reading` is what the column's reader made of the cell under `hint`. Repaired are spaces in texts, a phone that stands
    alone, a date typed as text, and a tax number that is a number or lost its zero; never a cell of several values, one
    that cannot be read, or a text that begins with `=`. What is returned reads the same and needs no repair.
    """
    if hint.part or reading.value is None or isinstance(cell, bool):
        return None
    if isinstance(cell, str) and cell.lstrip().startswith("="):
        return None
    form = _written(kind, cell, reading, hint)
    return None if form == cell and type(form) is type(cell) else form
