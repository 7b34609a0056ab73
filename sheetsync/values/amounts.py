"""Amounts of money, shares and whole numbers, with currencies, however they are written.

What a cell is, and when it says that nothing is known, is `cells`'; which currencies there are is
`currencies`'.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from sheetsync.values.cells import Cell, Reading, fault, finite, plain, unread
from sheetsync.values.column_conventions import PLAIN, Hint, Home
from sheetsync.values.currencies import (
    currency_of,
    currency_of_country,
    currency_pattern,
)

_MULTIPLIERS = {
    1000: (
        r"тыс(?:яч[аиі]?)?\.?|т\.? ?р\.?|т\.|k|к|thousand"
        r"|tsd\.?|tausend|tys\.?|mila|mille|bin|мың"
    ),
    # `mil` is left out: a thousand to some, a million to others.
    100_000: r"lakhs?|lacs?",
    1_000_000: (
        r"млн\.?|миллион(?:а|ов)?|m|м|mln|million"
        r"|mio\.?|millionen|milyon|milion[iy]?|millones|milhões|milhoes"
    ),
    10_000_000: r"crores?",
    1_000_000_000: r"млрд\.?|миллиард(?:а|ов)?|bn|billion|mrd\.?|mld\.?|milyar",
}
# Groups of three between spaces or apostrophes, between commas before a point, between points
# before a comma; in India one group of three and before it groups of two: `3,00,000`; else digits
# with one mark at most.
_DIGITS = (
    r"[0-9]{1,3}(?:[ '’][0-9]{3})+(?:[.,][0-9]*)?|[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]*)?|"
    r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]*)?|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]*)?|"
    r"[0-9]+(?:[.,][0-9]*)?"
)
# Here a mark may group as well as part: `1,250`.
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
# `3.000,-` and `45,000/-`: a whole sum, and nothing more.
_NO_CENTS = r"(?:,-{1,2}|/[-=])"
# People group digits by spaces, by apostrophes and by what a keyboard has for one.
_NO_GAPS = dict.fromkeys(map(ord, " '’"))
_MULTIPLIER = "|".join(_MULTIPLIERS.values())
# `120 т.р.`: thousands of roubles.
_OF_ROUBLES = re.compile(r"т\.? ?р\.?", re.IGNORECASE)
# What a heading says of its amounts: `Сумма, тыс. руб.`, `Value (k$)`, `Umsatz in T€`.
_UNITS = {
    1000: re.compile(
        r"\bтыс(?:яч[аиу]?)?\b|\bт\.? ?р\b|\bk ?[$€£₽]|[$€£₽] ?k\b|\bthousands?\b"
        r"|['’`]000\b|\bt ?€|\btsd\b|\bmiles\b|\bmille?\b|\btys\b|\bmil\b",
        re.IGNORECASE,
    ),
    1_000_000: re.compile(
        r"\bмлн\b|\bмиллион|\bm ?[$€£₽]|[$€£₽] ?m(?:ln|io)?\b|\bmillions?\b|\bml[nj]\b"
        r"|\bmio\b|\bmillones\b|\bmilh[õo]es\b",
        re.IGNORECASE,
    ),
}
_BARE = re.compile(r"-?[0-9]+(?:[.,][0-9]*)?")


@cache
def _amount_pattern() -> re.Pattern[str]:
    # Made when the first amount is read: the currencies' codes come out of a library.
    currency = currency_pattern()
    return re.compile(
        rf"(?P<open>\()?(?P<minus>-)? ?(?P<before>{currency})? ?(?P<late_minus>-)? ?"
        rf"(?P<digits>{_DIGITS}){_NO_CENTS}? ?(?P<multiplier>{_MULTIPLIER})? ?"
        rf"(?P<after>{currency})?(?P<close>\))?",
        re.IGNORECASE,
    )


class Money(NamedTuple):
    """A sum as it is written. `currency`: its ISO 4217 code, "" where none is named."""

    amount: float
    currency: str


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


def read_amount(cell: Cell, hint: Hint = PLAIN) -> Reading:
    """Read a sum of money in the base's currency, which `hint` tells; without one, in whichever.

    A number that names no currency is in the base's, times the unit of its heading. A sum in
    another is turned into it by the rate that `hint` has. Faults: not_an_amount, as of
    `от 100 000`; other_currency, where no rate is known: such sums are never added up.
    """
    if isinstance(cell, bool):
        return fault("not_an_amount")
    if isinstance(cell, int | float):
        return _finite(cell * hint.unit)
    text = plain(cell)
    money = _money_of(text)
    if money is None:
        return unread(text, "not_an_amount")
    if not hint.currency or money.currency in ("", hint.currency):
        is_bare = hint.unit != 1 and _BARE.fullmatch(text.translate(_NO_GAPS))
        return _finite(money.amount * (hint.unit if is_bare else 1))
    rate = dict(hint.rates).get(money.currency)
    if rate is None:
        return fault("other_currency")
    return _finite(money.amount * rate)


def read_money(cell: Cell) -> Money | None:
    """Return the sum that a cell tells, and nothing else; None where it is none."""
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float):
        return Money(float(cell), "") if finite(cell) else None
    return _money_of(plain(cell))


def _money_of(text: str) -> Money | None:
    match = _amount_pattern().fullmatch(text)
    if not match or bool(match["open"]) != bool(match["close"]):
        return None
    named = {
        currency_of(word) for word in (match["before"], match["after"]) if word
    }
    if _OF_ROUBLES.fullmatch(match["multiplier"] or ""):
        named.add("RUB")
    if len(named) > 1:
        return None
    return Money(_signed(match), next(iter(named), None) or "")


def with_currencies(
    cells: Sequence[Cell], currencies: Sequence[Cell], unit: int
) -> list[Cell]:
    """Return amounts with the currency that stands in another cell of their row.

    Exports have it there. An amount that names one itself keeps it, and what names none stays.
    `unit`: what bare numbers are counted in.
    """
    pairs = zip(cells, currencies, strict=True)
    return [_with_currency(cell, named, unit) for cell, named in pairs]


def _with_currency(cell: Cell, named: Cell, unit: int) -> Cell:
    code = currency_of(plain(named)) if isinstance(named, str) else None
    if code is None or isinstance(cell, bool) or cell is None:
        return cell
    if isinstance(cell, str) and not _BARE.fullmatch(
        plain(cell).translate(_NO_GAPS)
    ):
        return cell
    amount = cell if isinstance(cell, str) else cell * unit
    return f"{plain(amount)} {code}"


def amount_hint(cells: Iterable[Cell], home: Home) -> Hint:
    """Tell in which currency a column's amounts are that name none.

    The base's own, where somebody has said it, or its country; else the one that stands there, if
    it is one; of several the one that the base's language suggests.
    """
    currency = home.currency
    if not currency and home.is_known:
        currency = currency_of_country(home.region)
    if not currency:
        named = currencies_named(cells)
        suggested = currency_of_country(home.region)
        currency = suggested if len(named) > 1 else next(iter(named), "")
    return Hint(currency=currency, rates=home.rates)


def currencies_named(cells: Iterable[Cell]) -> Counter[str]:
    """Count the currencies (ISO 4217 codes) that distinct amounts name."""
    named = Counter[str]()
    for cell in set(cells):
        if not isinstance(cell, str):
            continue
        money = read_money(cell)
        if money is not None and money.currency:
            named[money.currency] += 1
    return named


def unit_of(heading: str) -> int:
    """Return what a heading says that its amounts are counted in: 1,000, 1,000,000, or 1."""
    for unit, pattern in _UNITS.items():
        if pattern.search(heading):
            return unit
    return 1


def is_bare(cell: Cell) -> bool:
    """Tell whether an amount is a number alone, which the heading's unit multiplies."""
    if isinstance(cell, bool):
        return False
    if isinstance(cell, str):
        return _BARE.fullmatch(plain(cell).translate(_NO_GAPS)) is not None
    return cell is not None


def in_unit(cell: Cell, unit: int, other: int) -> Cell:
    """Return an amount that stands under a heading of one unit as it stands under another's.

    An amount that tells more than a number means the same under both.
    """
    if unit == other or not is_bare(cell):
        return cell
    amount = read_money(cell)
    if amount is None:
        return cell
    # In decimals, as 1.1 thousand is 1,100 to the cent.
    return float(Decimal(str(amount.amount)) * unit / other)


def rates_of(text: str) -> tuple[tuple[str, float], ...] | None:
    """Read rates such as `EUR 98.5; USD 90`: what one of each is in the base's currency.

    None where it is no such list.
    """
    rates = []
    for piece in text.split(";"):
        if not piece.strip():
            continue
        money = read_money(piece.replace("=", " "))
        if money is None or not money.currency or money.amount <= 0:
            return None
        rates.append((money.currency, money.amount))
    return tuple(rates)


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
