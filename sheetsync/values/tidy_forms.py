"""Safe repairs: a cell as it should be written, where that changes its form and no more.

Whether a repair is carried out, or was taken back by somebody, is decided in `rules.checks`.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from sheetsync.values.cells import (
    AT_ONCE,
    EPOCH,
    Cell,
    Reading,
    are_clean,
    plain,
    to_cell,
)
from sheetsync.values.column_conventions import Hint
from sheetsync.values.date_parts import spelt_date
from sheetsync.values.phones import (
    LONE_PHONE,
    RUSSIA,
    digits_of,
    is_explicit,
    is_valid,
    read_phone,
    valid_number,
)
from sheetsync.values.tax_numbers import valid_tax_number

NUMBERS = ("date", "amount", "share", "integer", "flag")
"""Types of columns whose texts are no texts: their spaces are left alone."""
_LOOKED_AT = ("phone", "tax_number", "date")

# Digits of a number that no two numbers of one place share.
_SURE = 7
_SPACES = re.compile(r"[^\S\n]+")
_UNTIDY = re.compile(r"^\s|\s$|[^\S\n ]|  | \n|\n ")
# Of these, which most are, the international form needs no library.
_TIDY_RUSSIAN = re.compile(r"\+7 [349]\d\d \d{3}-\d\d-\d\d", re.ASCII)
_PLAIN_RUSSIAN = re.compile(r"\+7[349]\d{9}", re.ASCII)


def is_tidy(kind: str, cell: Cell) -> bool:
    """Tell at a glance that nothing is to be repaired; False where that takes a closer look."""
    if kind == "phone" and isinstance(cell, str):
        return _TIDY_RUSSIAN.fullmatch(cell) is not None
    if kind in _LOOKED_AT:
        return False
    if not isinstance(cell, str) or kind in NUMBERS:
        return True
    return _UNTIDY.search(cell) is None


def untidy(
    kind: str, cell_by_key: Mapping[Any, Cell]
) -> Iterator[tuple[Any, Cell]]:
    """Go through the cells of a column that take a closer look, by what tells them apart."""
    if kind in NUMBERS and kind not in _LOOKED_AT:
        return
    if kind in _LOOKED_AT:
        for key, cell in cell_by_key.items():
            if cell is None or cell == "" or is_tidy(kind, cell):
                continue
            yield key, cell
        return
    texts = [item for item in cell_by_key.items() if isinstance(item[1], str)]
    for first in range(0, len(texts), AT_ONCE):
        some = texts[first : first + AT_ONCE]
        # A text that is clean is tidy too; one with lines may be tidy and is not clean.
        if not are_clean([str(cell) for _, cell in some]):
            yield from (item for item in some if not is_tidy(kind, item[1]))


def canonical(kind: str, cell: Cell, reading: Reading, hint: Hint) -> Cell:
    """Return a cell as it should be written where a safe repair is due, else None.

    `reading` is what the column's reader made of the cell under `hint`. Repaired are spaces in
    texts, a phone that stands alone, a date typed as text, and a tax number that is a number or
    lost its zero; never a cell of several values, one that cannot be read, or a text that begins
    with `=`. What is returned reads the same and needs no repair: a second one finds nothing.
    """
    if hint.part or reading.value is None or isinstance(cell, bool):
        return None
    if isinstance(cell, str) and cell.lstrip().startswith("="):
        return None
    form = _tidy(kind, cell, reading, hint)
    if form is None or (form == cell and type(form) is type(cell)):
        return None
    return form if is_same_value(kind, cell, form) else None


def is_same_value(kind: str, cell: Cell, form: Cell) -> bool:
    """Prove that a cell means the same in another form: every repair passes here, or is not done.

    It shares nothing with what made the form: a phone keeps its national number, digit for digit,
    behind a country's code; a tax number its digits but for zeros before them; a day the numbers
    it was typed with; a text all but its spaces.
    """
    before = plain(cell)
    after = plain(form)
    if kind == "date" and not isinstance(form, str):
        return _is_same_day(before, form)
    if kind == "phone" and after.startswith("+"):
        _, _, national = after.partition(" ")
        return digits_of(before).endswith(digits_of(national)[-_SURE:])
    if kind == "tax_number":
        return re.sub(r"\s", "", before).lstrip("0") == after.lstrip("0")
    return re.sub(r"\s", "", str(cell)) == re.sub(r"\s", "", str(form))


def _is_same_day(text: str, serial: Cell) -> bool:
    """Tell whether a text names the day and the year of a serial number, in digits."""
    if not isinstance(serial, int | float):
        return False
    day = EPOCH + timedelta(days=int(serial))
    numbers = {int(number) for number in re.findall(r"\d+", text)}
    if len(numbers) == 1:
        # `20260214`, digits alone.
        return f"{day:%Y%m%d}" == digits_of(text)
    return day.day in numbers and {day.year, day.year % 100} & numbers != set()


def _tidy(kind: str, cell: Cell, reading: Reading, hint: Hint) -> Cell:
    if kind == "date":
        return _date(cell, reading, hint) if isinstance(cell, str) else None
    form = None
    if kind == "phone":
        form = _phone(cell, str(reading.value), hint)
    elif kind == "tax_number":
        form = _tax_number(cell, str(reading.value), hint)
    if form is None and isinstance(cell, str) and kind not in NUMBERS:
        return _spaced(cell)
    return form


def _date(cell: str, reading: Reading, hint: Hint) -> Cell:
    """Write a day typed as text as a day.

    Not one whose order or year was guessed, nor where the text says more.
    """
    spelt = spelt_date(plain(cell))
    if spelt is None or not spelt.bare or not spelt.year:
        return None
    if spelt.ambiguous and hint.order != "seen":
        return None
    return to_cell(reading.value)


def _phone(cell: Cell, number: str, hint: Hint) -> str | None:
    """Write the one phone that is all of a cell in the international form, if it reads the same.

    A number without its country's code is written so only if the column bears the country out,
    and is a valid number of no other country that it bears out.
    """
    text = plain(cell)
    # A number that reads as a phone has nothing but digits.
    digits = text
    if isinstance(cell, str):
        if not LONE_PHONE.fullmatch(text):
            return None
        digits = digits_of(text)
    if not number.startswith("+"):
        return None
    is_explicit_text = isinstance(cell, str) and is_explicit(text)
    if not is_explicit_text and not _is_borne_out(text, number, hint):
        return None
    if _PLAIN_RUSSIAN.fullmatch(number) is None:
        return _foreign_phone(digits, number)
    national = number.removeprefix("+7")
    # Most have a 7 or an 8 before them, which takes no longer look.
    is_usual = digits[1:] == national and digits[0] in "78"
    if not is_usual and not _is_all(digits, number, national):
        return None
    return f"+7 {national[:3]} {national[3:6]}-{national[6:8]}-{national[8:]}"


def _is_borne_out(text: str, number: str, hint: Hint) -> bool:
    """Tell whether a number without a code is one number, in the regions that the column tells."""
    if not hint.borne_out:
        return False
    if hint.regions is None or hint.regions == (RUSSIA,):
        # Mobile numbers of Russia are all of one range; of towns only some are given out.
        is_mobile = number.startswith("+79")
        return is_mobile or is_valid(number)
    numbers = {valid_number(text, region) for region in hint.regions}
    return numbers - {None} == {number}


def _foreign_phone(digits: str, number: str) -> str | None:
    import phonenumbers  # noqa: PLC0415  # only where a phone is repaired

    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    if not _is_all(
        digits, number, str(phonenumbers.national_significant_number(parsed))
    ):
        return None
    form = str(
        phonenumbers.format_number(
            parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL
        )
    )
    reads_the_same = (
        LONE_PHONE.fullmatch(form) and read_phone(form, RUSSIA).value == number
    )
    return form if reads_the_same else None


def _is_all(digits: str, number: str, national: str) -> bool:
    """Tell whether a cell's digits are this number (E.164) and no more.

    What stands before must be a code of the country or the way out.
    """
    if not digits.endswith(national):
        return False
    prefix = digits.removesuffix(national)
    country = number.removeprefix("+").removesuffix(national)
    if not prefix:
        # Ten digits that nothing calls Russian may be a tax number.
        return country != "7" or national[0] in "3489"
    # Belarus dials `8 0` before a number, as the Soviet network did.
    trunk = {"7": "8", "375": "80"}.get(country, "0")
    ways_out = {"00" + country, "011" + country, "810" + country}
    return prefix in {country, "0", trunk} | ways_out


def _tax_number(cell: Cell, number: str, hint: Hint) -> str | None:
    """Write a number as text, and a lost zero back where the check digits agree.

    In a column of another kind nothing is: one number in nine of another country's passes a
    Russian check with a zero before it.
    """
    if not hint.borne_out:
        return None
    digits = plain(cell)
    if digits != number and not (
        digits.isdecimal() and valid_tax_number(number, "RU")
    ):
        return None
    return number


def _spaced(cell: str) -> str:
    """Trim every line and make its spaces single; the lines themselves are what was wanted."""
    lines = cell.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    trimmed = [_SPACES.sub(" ", line).strip() for line in lines]
    return "\n".join(trimmed).strip()
