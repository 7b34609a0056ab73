"""Tax numbers as text: the Russian ИНН of 10 or 12 digits; of other countries what stands there.

The rules of check digits are the library `python-stdnum`'s.
"""

import re
from collections.abc import Iterable
from itertools import islice

from sheetsync.values.cells import EMPTY, Cell, Reading, fault, plain, unread
from sheetsync.values.column_conventions import PLAIN, Hint
from sheetsync.values.phones import RUSSIA

_LABELLED = re.compile(
    r"\b(?:инн|inn)\b\W{0,3}(\d{9,12})(?!\d)", re.IGNORECASE | re.ASCII
)
_LABEL = re.compile(r"^(?:инн|inn)\b[ :№.]*", re.IGNORECASE)
# In `ИНН/КПП` what follows is the КПП, which many companies share.
_REST = re.compile(r" ?(?:[/\\,;]| кпп).*", re.IGNORECASE)
_BARE = re.compile(r"(?<![\d+])(?:\d{12}|\d{10})(?!\d)", re.ASCII)
# An ИНН has ten digits, of a company, or twelve, of a person.
_USUAL = re.compile(r"\d{10}|\d{12}", re.ASCII)
# A sheet that takes it for a number drops the zero at its beginning.
_WITHOUT_ZERO = re.compile(r"\d{9}|\d{11}", re.ASCII)

MOST = 0.5
"""The share of a column's numbers that must be as long as its country's are."""
ENOUGH = 3
"""Numbers of another length that tell another country's column from a few slips."""
SAMPLE = 500
"""How many cells of a column are looked at: more say the same."""
# Shorter ones are house numbers, ticks and zeros, and tell nothing.
_SHORTEST = 5


def tax_hint(cells: Iterable[Cell], region: str, *, is_known: bool) -> Hint:
    """Tell whether the tax numbers of a column are as those of `region` (ISO 3166-1) are.

    Russian ones by their length, of other countries by their check digits: `borne_out`. `regions`
    is () where they are surely somebody else's, and the country is only guessed (`is_known`).
    """
    numbers = [*islice(_numbers(cells), SAMPLE)]
    if region == RUSSIA:
        fitting = sum(map(bool, map(_USUAL.fullmatch, numbers)))
    else:
        fitting = sum(valid_tax_number(text, region) for text in numbers)
    if fitting > MOST * len(numbers):
        return Hint(borne_out=True)
    is_foreign = not is_known and len(numbers) - fitting >= ENOUGH
    return Hint(borne_out=False, regions=() if is_foreign else None)


def _numbers(cells: Iterable[Cell]) -> Iterable[str]:
    for cell in cells:
        if cell is None or isinstance(cell, bool):
            continue
        digits = re.sub(
            r"[ \-]", "", _REST.sub("", _LABEL.sub("", plain(cell)))
        )
        if digits.isdecimal() and len(digits) >= _SHORTEST:
            yield digits


def valid_tax_number(text: str, region: str) -> bool:
    """Tell whether a tax number's check digits agree with the rest, by the rule of `region`.

    `region` is ISO 3166-1; in one whose rule is not known no number is valid.
    """
    # Loaded here, as it is needed only where a number is in doubt.
    from stdnum import get_cc_module  # noqa: PLC0415

    if not text.isascii() or not region.isalpha():
        return False
    modules = [get_cc_module(region.lower(), name) for name in ("vat", "tin")]
    return any(
        module.is_valid(text) for module in modules if module is not None
    )


def read_tax_number(cell: Cell, region: str, hint: Hint = PLAIN) -> Reading:
    """Read a tax number as text. Fault: not_a_tax_number; in Russia alone, as `region` tells.

    A column that `hint` says is not of that country is read as it stands, and so is a number in
    it that lacks a digit: it may be whole where it comes from.

    Wrong check digits are no fault but evidence: people's bases are full of them, and a row is
    known by such a number all the same. A lost leading zero is put back: always when the sheet
    made it a number, in a text when the check digits then agree. Of `ИНН/КПП` the first is taken.
    """
    text = plain(cell)
    if region != RUSSIA or hint.regions == ():
        return _of_abroad(text)
    if _USUAL.fullmatch(text):
        return Reading(text)
    if not hint.borne_out and _WITHOUT_ZERO.fullmatch(text):
        return Reading(text)
    if isinstance(cell, int | float):
        return _of_number(text)
    without_label = _LABEL.sub("", text)
    first_digits = re.sub(r"[ \-]", "", _REST.sub("", without_label))
    number = _of_digits(first_digits) or _within(text)
    if not number:
        return unread(text, "not_a_tax_number")
    return Reading(number)


def tax_number_within(cell: Cell, region: str, hint: Hint = PLAIN) -> Reading:
    """Read the first tax number that stands in a cell among other things."""
    if region != RUSSIA or hint.regions == ():
        return read_tax_number(cell, region, hint)
    text = plain(cell)
    return Reading(_within(text) or _of_digits(_REST.sub("", text)))


def _of_abroad(text: str) -> Reading:
    if unread(text, "not_a_tax_number") == EMPTY:
        return EMPTY
    return Reading(text.replace(" ", ""))


def _of_number(text: str) -> Reading:
    if not _WITHOUT_ZERO.fullmatch(text):
        return fault("not_a_tax_number")
    return Reading("0" + text)


def _of_digits(digits: str) -> str | None:
    """Take digits as an ИНН, with the leading zero that the check digits say was lost."""
    if _USUAL.fullmatch(digits):
        return digits
    if _WITHOUT_ZERO.fullmatch(digits) and valid_tax_number("0" + digits, "RU"):
        return "0" + digits
    return None


def _within(text: str) -> str | None:
    """Find an ИНН among other things.

    The one called so goes first, then one whose check digits agree, then the first.
    """
    match = _LABELLED.search(text)
    if match:
        labelled = _of_digits(match[1])
        if labelled:
            return labelled
    numbers: list[str] = _BARE.findall(text)
    for number in numbers:
        if valid_tax_number(number, "RU"):
            return number
    return next(iter(numbers), None)
