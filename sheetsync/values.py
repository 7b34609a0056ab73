"""One cell to a value and back, for each type of column: dates, amounts, phones, tax numbers, words.

Pure and total: a cell that cannot be read gives a fault, never an exception. What a row needs is `schema`'s.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

Cell = str | float | bool | None
"""A cell as the API gives it unformatted: text, number (dates as serial days), boolean, or nothing."""

Value = str | float | int | date | None

EPOCH = date(1899, 12, 30)
FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2199, 12, 31)

_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(?:\s*г\.?)?(?:[ T]+\d{1,2}:\d{2}(?::\d{2})?)?")
_YEAR_FIRST = re.compile(r"(\d{4})[./-](\d{1,2})[./-](\d{1,2})(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?")
_AMOUNT = re.compile(r"[-−]?\d[\d .,'\u00a0\u202f\u2009]*")
_CURRENCY = re.compile(r"(?:руб(?:лей|ля|ль)?\.?|р\.?|₽|rub\.?|usd|eur|\$|€|£|тг\.?|₸)", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]{2,}")
_ERRORS = ("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#ERROR!")


class Fault(NamedTuple):
    """Why a cell cannot be read: a code (see `schema.explain`) and the word we would suggest, if any."""

    code: str
    suggestion: str = ""


class Reading(NamedTuple):
    """A cell read: the value (None when empty or faulty) and the fault, if there is one."""

    value: Value
    fault: Fault | None = None


EMPTY = Reading(None)


@dataclass(frozen=True)
class Vocabulary:
    """Spellings of one dictionary: folded spelling -> code, and code -> the word that is written."""

    spellings: Mapping[str, str]
    names: Mapping[str, str]


def fold(text: str) -> str:
    """Reduce a spelling to what people mean by it: letters and digits only, lower case, ё as е."""
    return "".join(sign for sign in text.casefold().replace("ё", "е") if sign.isalnum())


def clean(cell: Cell) -> str:
    """Return a cell as text: whole numbers without `.0`, spaces single and trimmed."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return str(int(cell)) if math.isfinite(cell) and cell == int(cell) else str(cell)
    return " ".join(cell.split())


def _text(cell: Cell) -> Reading:
    text = clean(cell)
    if text in _ERRORS:
        return Reading(None, Fault("cell_error"))
    return Reading(text) if text else EMPTY


def _calendar(year: int, month: int, day: int) -> Reading:
    year += 2000 if year < 100 else 0  # noqa: PLR2004  # a year of two digits is of this century
    try:
        found = date(year, month, day)
    except ValueError:
        return Reading(None, Fault("no_such_day"))
    return Reading(found) if FIRST_DAY <= found <= LAST_DAY else Reading(None, Fault("odd_year"))


def _date(cell: Cell) -> Reading:
    if isinstance(cell, bool):
        return Reading(None, Fault("not_a_date"))
    if isinstance(cell, int | float):
        if not math.isfinite(cell) or not 1 <= cell <= (LAST_DAY - EPOCH).days:
            return Reading(None, Fault("not_a_date"))
        found = EPOCH + timedelta(days=int(cell))
        return Reading(found) if found >= FIRST_DAY else Reading(None, Fault("not_a_date"))
    text = clean(cell)
    if not text:
        return EMPTY
    if match := _YEAR_FIRST.fullmatch(text):
        return _calendar(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.fullmatch(text):
        return _calendar(int(match[3]), int(match[2]), int(match[1]))
    return Reading(None, Fault("not_a_date"))


def _plain_number(digits: str) -> str:
    """Turn grouped digits into a number for `float`: the last lone comma or point is the decimal mark."""
    digits = re.sub(r"[ '\u00a0\u202f\u2009]", "", digits).replace("−", "-")
    comma, point = digits.rfind(","), digits.rfind(".")
    if comma >= 0 and point >= 0:
        group, mark = (",", ".") if point > comma else (".", ",")
        return digits.replace(group, "").replace(mark, ".")
    for mark in (",", "."):
        thousands = digits.count(mark) > 1 or re.fullmatch(r"-?[1-9]\d{0,2}" + re.escape(mark) + r"\d{3}", digits)
        if mark in digits and thousands:
            return digits.replace(mark, "")
    return digits.replace(",", ".")


def _amount(cell: Cell) -> Reading:
    if isinstance(cell, bool):
        return Reading(None, Fault("not_an_amount"))
    if isinstance(cell, int | float):
        return Reading(float(cell)) if math.isfinite(cell) else Reading(None, Fault("not_an_amount"))
    text = _CURRENCY.sub("", clean(cell)).strip()
    if not clean(cell):
        return EMPTY
    if not _AMOUNT.fullmatch(text):
        return Reading(None, Fault("not_an_amount"))
    try:
        found = float(_plain_number(text.rstrip(" .,")))
    except ValueError:
        return Reading(None, Fault("not_an_amount"))
    return Reading(found) if math.isfinite(found) else Reading(None, Fault("not_an_amount"))


def _share(cell: Cell) -> Reading:
    text = clean(cell)
    reading = _amount(text.rstrip("% ") if isinstance(cell, str) else cell)
    if reading.value is None or not isinstance(reading.value, float):
        return reading if reading.fault is None else Reading(None, Fault("not_a_share"))
    share = reading.value / 100 if "%" in text or reading.value > 1 else reading.value
    return Reading(share) if 0 <= share <= 1 else Reading(None, Fault("not_a_share"))


def _integer(cell: Cell) -> Reading:
    reading = _amount(cell)
    if isinstance(reading.value, float):
        return (
            Reading(int(reading.value))
            if reading.value == int(reading.value)
            else Reading(None, Fault("not_an_amount"))
        )
    return reading


@lru_cache(maxsize=200_000)
def _parse_phone(text: str, region: str) -> str | None:
    import phonenumbers  # noqa: PLC0415  # only for numbers that the short way does not know

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _phone(cell: Cell, region: str) -> Reading:
    """Read a phone to E.164. Russian numbers in their usual forms go the short way, for speed."""
    text = clean(cell)
    if not text:
        return EMPTY
    digits = "".join(sign for sign in text if sign in "0123456789")
    if region == "RU":
        if len(digits) == 11 and digits[0] in "78":  # noqa: PLR2004  # 7 or 8, then ten digits
            return Reading("+7" + digits[1:])
        if len(digits) == 10 and digits[0] in "3489":  # noqa: PLR2004  # ten digits, the country left out
            return Reading("+7" + digits)
    first = re.split(r"[,;/]| или | or ", text)[0]
    if isinstance(cell, int | float) and len(digits) > 10:  # noqa: PLR2004  # a country's code turned into a number
        first = "+" + digits
    found = _parse_phone(first, region)
    return Reading(found) if found else Reading(None, Fault("not_a_phone"))


def _email(cell: Cell) -> Reading:
    text = clean(cell).casefold()
    if not text:
        return EMPTY
    first = re.split(r"[,;\s]+", text)[0]
    return Reading(first) if _EMAIL.fullmatch(first) else Reading(None, Fault("not_an_email"))


def _tax_number(cell: Cell, region: str) -> Reading:
    """Read a tax number as text. A Russian one has 10 or 12 digits; a lost leading zero is put back."""
    text = clean(cell)
    if not text:
        return EMPTY
    if region != "RU":
        return Reading(text.replace(" ", ""))
    digits = re.sub(r"[ \-]", "", text.split("/")[0])
    if not digits.isascii() or not digits.isdigit():
        return Reading(None, Fault("not_a_tax_number"))
    if len(digits) in (9, 11) and isinstance(cell, int | float):
        digits = "0" + digits
    return Reading(digits) if len(digits) in (10, 12) else Reading(None, Fault("not_a_tax_number"))


def _word(cell: Cell, vocabulary: Vocabulary) -> Reading:
    text = clean(cell)
    if not text:
        return EMPTY
    code = vocabulary.spellings.get(fold(text))
    return Reading(code) if code else Reading(None, Fault("unknown_word", suggest(text, vocabulary)))


def suggest(text: str, vocabulary: Vocabulary) -> str:
    """Return the word of the dictionary nearest to `text`, or nothing where none is near."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415  # only where a word is not known

    near = process.extractOne(fold(text), list(vocabulary.spellings), scorer=fuzz.ratio, score_cutoff=70)
    return vocabulary.names[vocabulary.spellings[near[0]]] if near else ""


_PLAIN: dict[str, Callable[[Cell], Reading]] = {
    "text": _text, "manager": _text, "date": _date, "amount": _amount, "share": _share, "integer": _integer, "email": _email,
}  # fmt: skip


def reader(kind: str, region: str, vocabulary: Vocabulary | None) -> Callable[[Cell], Reading]:
    """Return the function that reads cells of a column of type `kind` (see `policy.FieldType`)."""
    if vocabulary is not None:
        return lambda cell: _word(cell, vocabulary)
    if kind == "phone":
        return lambda cell: _phone(cell, region)
    if kind == "tax_number":
        return lambda cell: _tax_number(cell, region)
    return _PLAIN[kind]


def to_serial(day: date) -> int:
    """Return a day as the spreadsheet's serial number (days since 1899-12-30)."""
    return (day - EPOCH).days


def to_cell(value: Value) -> Cell:
    """Turn a value into what is written to a cell: dates as serial days, the rest as it is."""
    if isinstance(value, datetime):
        value = value.date()
    return to_serial(value) if isinstance(value, date) else value
