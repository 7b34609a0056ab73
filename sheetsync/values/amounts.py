"""Amounts of money, shares and whole numbers, with currencies, however they are written.

What a cell is, and when it says that nothing is known, is `cells`'.
"""

import re
from decimal import Decimal

from sheetsync.values.cells import Cell, Reading, fault, finite, plain, unread

_CURRENCY = (
    r"(?:руб(?:лей|ля|ль|ли)?\.?|р\.?|₽|ru[br]\.?"
    r"|(?:us)?\$|usd|долл(?:ар(?:ов|а|ы)?)?\.?|€|euro?|евро|£|gbp"
    r"|₸|тг\.?|тенге|kzt|₴|грн\.?|uah|гривен|byn|бел\.? ?руб\.?"
    r"|¥|cny|юан(?:ей|ь|я)|₺|try|у\.?е\.?)"
)
_MULTIPLIERS = {
    1000: r"тыс(?:яч[аи]?)?\.?|т\.? ?р\.?|т\.|k|к|thousand",
    1_000_000: r"млн\.?|миллион(?:а|ов)?|m|м|mln|million",
    1_000_000_000: r"млрд\.?|миллиард(?:а|ов)?|bn|billion",
}
# Groups of three between spaces or apostrophes, between commas before a point, between points
# before a comma; else digits with one mark at most.
_DIGITS = (
    r"[0-9]{1,3}(?:[ '’][0-9]{3})+(?:[.,][0-9]*)?|[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]*)?|"
    r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]*)?|[0-9]+(?:[.,][0-9]*)?"
)
# Here a mark may group as well as part: `1,250`.
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
# People group digits by spaces, by apostrophes and by what a keyboard has for one.
_NO_GAPS = dict.fromkeys(map(ord, " '’"))
_MULTIPLIER = "|".join(_MULTIPLIERS.values())
_AMOUNT = re.compile(
    rf"(?P<open>\()?(?P<minus>-)? ?{_CURRENCY}? ?(?P<late_minus>-)? ?"
    rf"(?P<digits>{_DIGITS}) ?(?P<multiplier>{_MULTIPLIER})? ?{_CURRENCY}?(?P<close>\))?",
    re.IGNORECASE,
)


def _multiplier(word: str | None) -> int:
    if word is None:
        return 1
    spelt_so = (
        multiplier
        for multiplier, spellings in _MULTIPLIERS.items()
        if re.fullmatch(spellings, word, re.IGNORECASE)
    )
    return next(spelt_so)


def _with_decimal_point(digits: str, multiplier: int) -> str:
    """Write digits as `_DIGITS` takes them with a point before their fraction, and no other mark.

    A single mark before three digits groups them, as in `1,250`, but not in `1,250 млн`.
    """
    last = max(digits.rfind(","), digits.rfind("."))
    if last < 0:
        return digits
    mark = digits[last]
    other_mark = "," if mark == "." else "."
    grouped = digits.count(mark) > 1 or (
        multiplier == 1 and _THOUSANDS.fullmatch(digits)
    )
    if grouped and other_mark not in digits:
        return digits.replace(mark, "")
    return digits.replace(other_mark, "").replace(mark, ".")


def _size(digits: str, multiplier: int) -> float:
    """Turn the digits of an amount, and the word after them, into a number."""
    number = _with_decimal_point(
        digits.translate(_NO_GAPS).rstrip(".,"), multiplier
    )
    if multiplier == 1:
        return float(number)
    # In decimals, as 1.1 thousand is 1,100 to the cent.
    return float(Decimal(number) * multiplier)


def _signed(match: re.Match[str]) -> float:
    """Return the number that a text of an amount tells; a sum in brackets is negative."""
    size = _size(match["digits"], _multiplier(match["multiplier"]))
    if match["open"] or match["minus"] or match["late_minus"]:
        return -size
    return size


def read_amount(cell: Cell) -> Reading:
    """Read a sum of money in the book's currency, whichever is written.

    Fault: not_an_amount, as of `от 100 000`.
    """
    if isinstance(cell, bool):
        return fault("not_an_amount")
    if isinstance(cell, int | float):
        return _finite(cell)
    text = plain(cell)
    match = _AMOUNT.fullmatch(text)
    if not match or bool(match["open"]) != bool(match["close"]):
        return unread(text, "not_an_amount")
    return _finite(_signed(match))


def _finite(amount: float) -> Reading:
    if not finite(amount):
        return fault("not_an_amount")
    return Reading(float(amount))


def read_share(cell: Cell) -> Reading:
    """Read a probability: `50 %`, 50 and 0.5 are all a half. Fault: not_a_share."""
    text = plain(cell)
    number = text.rstrip("% ") if isinstance(cell, str) else cell
    reading = read_amount(number)
    if reading.fault is not None:
        return fault("not_a_share")
    if not isinstance(reading.value, float):
        return reading
    share = reading.value
    if "%" in text or share > 1:
        share /= 100
    if not 0 <= share <= 1:
        return fault("not_a_share")
    return Reading(share)


def read_integer(cell: Cell) -> Reading:
    """Read a whole number. Fault: not_an_amount."""
    reading = read_amount(cell)
    if not isinstance(reading.value, float):
        return reading
    if not reading.value.is_integer():
        return fault("not_an_amount")
    return Reading(int(reading.value))
