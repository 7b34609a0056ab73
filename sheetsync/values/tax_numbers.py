"""Tax numbers as text: the Russian ИНН of 10 or 12 digits; of other countries whatever stands there."""

import re

from sheetsync.values.cells import EMPTY, Cell, Reading, fault, plain, unread

LENGTHS = (10, 12)
"""How many digits an ИНН has: of a company, of a person."""

_LABELLED = re.compile(r"\b(?:инн|inn)\b\W{0,3}(\d{9,12})(?!\d)", re.IGNORECASE | re.ASCII)
_LABEL = re.compile(r"^(?:инн|inn)\b[ :№.]*", re.IGNORECASE)
_REST = re.compile(r" ?(?:[/\\,;]| кпп).*", re.IGNORECASE)
_BARE = re.compile(r"(?<![\d+])(?:\d{12}|\d{10})(?!\d)", re.ASCII)
_USUAL = re.compile(r"\d{10}|\d{12}", re.ASCII)


def valid_tax_number(text: str, region: str) -> bool:
    """Tell whether a tax number's check digits agree with the rest, by the rule of `region` (ISO 3166-1)."""
    from stdnum import get_cc_module  # noqa: PLC0415  # only where a number is in doubt

    if not text.isascii():
        return False
    modules = (
        [get_cc_module(region.lower(), name) for name in ("vat", "tin")] if region.isalpha() else []
    )
    return any(module.is_valid(text) for module in modules if module is not None)


def _padded(digits: str) -> str | None:
    """Put a lost leading zero back where the check digits say that it was lost."""
    padded = "0" + digits
    return padded if len(padded) in LENGTHS and valid_tax_number(padded, "RU") else None


def _of_digits(digits: str) -> str | None:
    if not digits.isascii() or not digits.isdigit():
        return None
    return digits if len(digits) in LENGTHS else _padded(digits)


def _within(text: str) -> str | None:
    """Find an ИНН among other things: the one called so, then one whose check digits agree, then the first."""
    if (match := _LABELLED.search(text)) and (labelled := _of_digits(match[1])):
        return labelled
    found = _BARE.findall(text)
    return next(
        (digits for digits in found if valid_tax_number(digits, "RU")), found[0] if found else None
    )


def read_tax_number(cell: Cell, region: str) -> Reading:
    """Read a tax number as text; wrong check digits are no fault.

    A Russian one gets its lost leading zero back: always when the sheet made it a number, in a text when the check digits
    then agree. Of `ИНН/КПП` the first is taken.
    """
    text = plain(cell)
    if region != "RU":
        return Reading(text.replace(" ", "")) if text and unread(text, "").fault else EMPTY
    if _USUAL.fullmatch(text):
        return Reading(text)
    if isinstance(cell, int | float):
        padded = "0" + text
        return (
            Reading(padded)
            if text.isdecimal() and len(padded) in LENGTHS
            else fault("not_a_tax_number")
        )
    first = re.sub(r"[ \-]", "", _REST.sub("", _LABEL.sub("", text)))
    found = _of_digits(first) or _within(text)
    return Reading(found) if found else unread(text, "not_a_tax_number")


def tax_number_within(cell: Cell, region: str) -> Reading:
    """Read the first tax number that stands in a cell among other things."""
    if region != "RU":
        return read_tax_number(cell, region)
    text = plain(cell)
    found = _within(text) or _of_digits(_REST.sub("", text))
    return Reading(found) if found else EMPTY
