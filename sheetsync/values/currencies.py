"""Currencies, by their codes, their signs and the words that people write for them.

Codes and signs are those of ISO 4217 and of the Unicode CLDR; the words are Russian and English.
"""

import re
from functools import cache
from unicodedata import category

_WORDS = {
    "RUB": r"₽|руб(?:лей|ля|ль|ли)?\.?|р\.?|rur|ru[br]\.?",
    "BYN": r"бел\.? ?руб(?:лей|ля|ль|ли)?\.?|br",
    "USD": r"(?:us)?\$|долл(?:ар(?:ов|а|ы)?)?\.?|dollars?",
    "EUR": r"€|euros?|евро",
    "GBP": r"£|фунт(?:ов|а|ы)?|pounds?",
    "KZT": r"₸|тг\.?|тенге|tenge",
    "UAH": r"₴|грн\.?|гривен|гривн[аиы]|гривень|hryvnias?",
    "CNY": r"¥|юан(?:ей|ь|я)|yuan",
    "TRY": r"₺|лир(?:а|ы)?|tl",
    "BRL": r"r\$|reais|real",
    "INR": r"₹|rs\.?|rupees?",
    "PLN": r"zł|złot(?:y|ych|e)",
    "GEL": r"₾|лари|lari",
    "AMD": r"֏|драм(?:ов|а)?|dram",
    "UZS": r"сум(?:ов|а)?|so[’'ʻ]?m",
    "KGS": r"сом(?:ов|а)?|som",
    "AZN": r"₼|манат(?:ов|а)?|manat",
    "CHF": r"fr\.?|франк(?:ов|а)?",
    "ILS": r"₪",
    "KRW": r"₩",
    "VND": r"₫",
    "NGN": r"₦",
    "PHP": r"₱",
    "CZK": r"kč",
    "AUD": r"au?\$",
    "CAD": r"ca?\$",
    "MXN": r"mx\$",
}
"""Code -> what people write for it, beside the code itself; letters of any case."""
# `[$€-407]`: a sign, and the locale that it is of; `"₽"`: what is shown as it stands.
_IN_BRACKETS = re.compile(r"\[\$([^\]-]+)(?:-[^\]]*)?\]")
_BRACKETS = re.compile(r"\[[^\]]*\]")
_IN_QUOTES = re.compile(r'"([^"]*)"')
# Longer ones first: `бел. руб.` is no `руб.`, and `R$` no `$`.
_IN_ORDER = ("BYN", "BRL", "AUD", "CAD", "MXN", "UZS")


def currency_pattern() -> str:
    """Return the pattern of any currency as it stands beside an amount, without groups."""
    rest = [code for code in _WORDS if code not in _IN_ORDER]
    words = "|".join(_WORDS[code] for code in (*_IN_ORDER, *rest))
    return rf"(?:{words}|(?:{'|'.join(_codes())})(?![a-zа-яё]))"


def currency_of(text: str) -> str | None:
    """Return the ISO 4217 code of a currency's code, sign or word; None where it is none."""
    upper = text.strip(" .").upper()
    if upper in _codes():
        return upper
    for code, pattern in _WORDS.items():
        if re.fullmatch(pattern, text.strip(), re.IGNORECASE):
            return code
    return None


def currency_of_pattern(pattern: str) -> str | None:
    """Return the ISO 4217 code that a number format shows, as in `#,##0.00 [$€-407]`; or None.

    Of several sections the first counts, which is that of positive numbers.
    """
    positive = pattern.split(";", 1)[0]
    words = _IN_BRACKETS.findall(positive) + _IN_QUOTES.findall(positive)
    # `[$-419]` is a locale alone.
    bare = _BRACKETS.sub("", positive)
    signs = [sign for sign in bare if category(sign) == "Sc"]
    for word in (*words, *signs):
        code = currency_of(word.strip()) if word.strip() else None
        if code is not None:
            return code
    return None


@cache
def _codes() -> frozenset[str]:
    """Return the codes of currencies that are money somewhere today."""
    from babel.core import get_global  # noqa: PLC0415  # kept out of start-up

    codes = set[str]()
    for currencies in get_global("territory_currencies").values():
        for code, _, ended, is_tender in currencies:
            if ended is None and is_tender:
                codes.add(code)
    return frozenset(codes)


@cache
def currency_of_country(region: str) -> str:
    """Return the money of a country (ISO 3166) today, as its ISO 4217 code; "": not known."""
    from babel.numbers import get_territory_currencies  # noqa: PLC0415  # see above

    if not region:
        return ""
    codes = get_territory_currencies(region.upper()[:2])
    return str(codes[0]) if codes else ""


def sign_of(code: str, locale: str) -> str:
    """Return the sign of a currency as a language writes it, such as € or ₽."""
    from babel.numbers import get_currency_symbol  # noqa: PLC0415  # see above

    return str(get_currency_symbol(code, locale))
