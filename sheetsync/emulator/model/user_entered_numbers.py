"""Numbers as people type them in a locale.

Grouped, negative in brackets, of money, percents, powers of ten.

Dates and times are left to user_entered_dates.py; what else a text may be, to user_entered.py.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Any

from sheetsync.emulator.model.locales import customs

Found = tuple["int | float", "dict[str, Any] | None"]
_LONGEST = 300  # characters of a number
_SPACES = "\u00a0\u202f "
_SYMBOLS = "$€₽£¥₴₸₺₹₪"
_EXACT = 2**53


@lru_cache(maxsize=100)
def _shape(locale: str) -> re.Pattern[str]:
    words = customs(locale)
    decimal = re.escape(words.decimal)
    group = f"[{_SPACES}]" if words.group in _SPACES else re.escape(words.group)
    symbol = "|".join(re.escape(text) for text in {words.currency, *_SYMBOLS})
    whole = rf"(?P<whole>\d{{1,3}}(?:{group}\d{{3}})+|\d+)?"
    fraction = rf"(?:(?P<mark>{decimal})(?P<fraction>\d*))?"
    number = whole + fraction + r"(?P<power>[eE][+-]?\d{1,3})?"
    return re.compile(
        rf"(?P<open>\()?(?P<sign>[+-])?[{_SPACES}]*(?P<before>{symbol})?"
        rf"[{_SPACES}]*(?P<inner>[+-])?{number}"
        rf"[{_SPACES}]*(?P<after>{symbol}|%)?(?P<close>\))?"
    )


def read(text: str, locale: str) -> Found | None:
    """Give the number that a text says, and the number format that it brings along.

    None where it says none.
    """
    match = _shape(locale).fullmatch(text) if len(text) <= _LONGEST else None
    if match is None or not (match["whole"] or match["fraction"]):
        return None
    if (
        bool(match["open"]) != bool(match["close"])
        or len(_signs(match)) > 1
        or (match["before"] and match["after"])
    ):
        return None
    whole = re.sub(r"\D", "", match["whole"] or "0")
    number = float(f"{whole}.{match['fraction'] or '0'}{match['power'] or ''}")
    if not math.isfinite(number):
        return None
    number = number / 100 if match["after"] == "%" else number
    number = -number if match["open"] or "-" in _signs(match) else number
    return (
        int(number)
        if number == int(number) and abs(number) < _EXACT
        else number
    ), _format(match, locale)


def _signs(match: re.Match[str]) -> str:
    return (
        (match["sign"] or "")
        + (match["inner"] or "")
        + ("-" if match["open"] else "")
    )


def _format(match: re.Match[str], locale: str) -> dict[str, Any] | None:
    places = bool(match["fraction"])
    symbol = match["before"] or match["after"]
    if symbol == "%":
        return {"type": "PERCENT", "pattern": "0.00%" if places else "0%"}
    if symbol:
        return {
            "type": "CURRENCY",
            "pattern": _money(symbol, locale, places=places),
        }
    if match["power"]:
        return {"type": "SCIENTIFIC", "pattern": "0.00E+00"}
    if match["whole"] and not match["whole"].isdigit():
        return {"type": "NUMBER", "pattern": "#,##0.00" if places else "#,##0"}
    return None


def _money(symbol: str, locale: str, *, places: bool) -> str:
    """Give the locale's own pattern for money, with the symbol that was typed."""
    words = customs(locale)
    own = f'"{words.currency}"'
    pattern = (
        words.money
        if symbol == words.currency
        else words.money.replace(own, f"[${symbol}]")
    )
    return pattern if places else pattern.replace(".00", "")
