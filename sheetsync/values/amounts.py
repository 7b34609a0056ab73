"""Amounts of money, shares and whole numbers, with currencies, thousands and millions, in both fashions of writing."""

import math
import re
from decimal import Decimal

from sheetsync.values.cells import Cell, Reading, fault, finite, plain, unread

_CURRENCY = (
    r"(?:руб(?:лей|ля|ль|ли)?\.?|р\.?|₽|ru[br]\.?|(?:us)?\$|usd|долл(?:ар(?:ов|а|ы)?)?\.?|€|euro?|евро|£|gbp|₸|тг\.?|тенге|kzt|"
    r"₴|грн\.?|uah|гривен|byn|бел\.? ?руб\.?|¥|cny|юан(?:ей|ь|я)|₺|try|у\.?е\.?)"
)
_TIMES = {
    1000: r"тыс(?:яч[аи]?)?\.?|т\.? ?р\.?|т\.|k|к|thousand",
    1_000_000: r"млн\.?|миллион(?:а|ов)?|m|м|mln|million",
    1_000_000_000: r"млрд\.?|миллиард(?:а|ов)?|bn|billion",
}
_DIGITS = (
    r"[0-9]{1,3}(?:[ '’][0-9]{3})+(?:[.,][0-9]*)?|[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]*)?|"
    r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]*)?|[0-9]+(?:[.,][0-9]*)?"
)
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_NO_GAPS = dict.fromkeys(map(ord, " '’"))
_TIMED = "|".join(_TIMES.values())
_AMOUNT = re.compile(
    rf"(?P<open>\()?(?P<minus>-)? ?{_CURRENCY}? ?(?P<late>-)? ?(?P<digits>{_DIGITS}) ?(?P<times>{_TIMED})? ?{_CURRENCY}?(?P<close>\))?",
    re.IGNORECASE,
)


def _times(word: str) -> int:
    return next(
        times for times, words in _TIMES.items() if re.fullmatch(words, word, re.IGNORECASE)
    )


def _number(digits: str, times: int) -> float:
    """Turn digits as `_DIGITS` takes them into a number. A single mark before three digits groups, but not in `1,250 млн`."""
    digits = digits.translate(_NO_GAPS).rstrip(".,")
    if digits.isdigit() and times == 1:
        return float(digits)
    mark = digits[max(digits.rfind(","), digits.rfind("."))] if not digits.isdigit() else "."
    lone = "," not in digits or "." not in digits
    if lone and (digits.count(mark) > 1 or (times == 1 and _THOUSANDS.fullmatch(digits))):
        digits = digits.replace(mark, "")
    else:
        digits = digits.replace("," if mark == "." else ".", "").replace(mark, ".")
    return float(Decimal(digits) * times) if times > 1 else float(digits)


def read_amount(cell: Cell) -> Reading:
    """Read a sum of money in the book's currency, whichever is written. Fault: not_an_amount, as of `от 100 000`."""
    if isinstance(cell, bool):
        return fault("not_an_amount")
    if isinstance(cell, int | float):
        return Reading(float(cell)) if finite(cell) else fault("not_an_amount")
    text = plain(cell)
    match = _AMOUNT.fullmatch(text)
    if not match or bool(match["open"]) != bool(match["close"]):
        return unread(text, "not_an_amount")
    found = _number(match["digits"], _times(match["times"]) if match["times"] else 1)
    negative = match["open"] or match["minus"] or match["late"]
    return (
        Reading(-found if negative else found) if math.isfinite(found) else fault("not_an_amount")
    )


def read_share(cell: Cell) -> Reading:
    """Read a probability: `50 %`, 50 and 0.5 are all a half. Fault: not_a_share."""
    text = plain(cell)
    reading = read_amount(text.rstrip("% ") if isinstance(cell, str) else cell)
    if not isinstance(reading.value, float):
        return reading if reading.fault is None else fault("not_a_share")
    share = reading.value / 100 if "%" in text or reading.value > 1 else reading.value
    return Reading(share) if 0 <= share <= 1 else fault("not_a_share")


def read_integer(cell: Cell) -> Reading:
    """Read a whole number. Fault: not_an_amount."""
    reading = read_amount(cell)
    if not isinstance(reading.value, float):
        return reading
    return (
        Reading(int(reading.value))
        if reading.value == int(reading.value)
        else fault("not_an_amount")
    )
