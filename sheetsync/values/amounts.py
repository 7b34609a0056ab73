"""Amounts of money, shares and whole numbers, with currencies, thousands and millions, in both fashions of writing."""

import math
import re
from decimal import Decimal

from sheetsync.values.cells import Cell, Reading, fault, plain, unread

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
_TIMED = "|".join(f"(?P<t{times}>{words})" for times, words in _TIMES.items())
_AMOUNT = re.compile(
    rf"(?P<open>\()?(?P<minus>-)? ?{_CURRENCY}? ?(?P<late>-)? ?(?P<digits>{_DIGITS}) ?(?:{_TIMED})? ?{_CURRENCY}?(?P<close>\))?",
    re.IGNORECASE,
)


def _number(digits: str, times: int) -> float:
    """Turn digits as `_DIGITS` takes them into a number. A single mark before three digits groups, but not in `1,250 млн`."""
    digits = re.sub("[ '’]", "", digits).rstrip(".,")
    mark = max(digits.rfind(","), digits.rfind("."))
    sign = digits[mark] if mark >= 0 else ""
    both = "," in digits and "." in digits
    groups = digits.count(sign) > 1 if sign else False
    thousands = re.fullmatch(r"[1-9][0-9]{0,2}[.,][0-9]{3}", digits) and times == 1
    if not sign or both or not (groups or thousands):
        whole, _, part = digits.rpartition(sign) if sign else (digits, "", "")
        digits = f"{re.sub('[.,]', '', whole)}.{part}" if sign else digits
    else:
        digits = digits.replace(sign, "")
    return float(Decimal(digits) * times) if times > 1 else float(digits)


def read_amount(cell: Cell) -> Reading:
    """Read a sum of money in the book's currency, whichever is written. Fault: not_an_amount, as of `от 100 000`."""
    if isinstance(cell, bool):
        return fault("not_an_amount")
    if isinstance(cell, int | float):
        return Reading(float(cell)) if math.isfinite(cell) else fault("not_an_amount")
    text = plain(cell)
    match = _AMOUNT.fullmatch(text)
    if not match or bool(match["open"]) != bool(match["close"]):
        return unread(text, "not_an_amount")
    times = next((times for times in _TIMES if match[f"t{times}"]), 1)
    found = _number(match["digits"], times)
    negative = match["open"] or match["minus"] or match["late"]
    return Reading(-found if negative else found) if math.isfinite(found) else fault("not_an_amount")


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
    return Reading(int(reading.value)) if reading.value == int(reading.value) else fault("not_an_amount")
