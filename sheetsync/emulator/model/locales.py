"""What a spreadsheet's locale says.

Marks of numbers, order of dates, names of months and days, money, TRUE and FALSE.

The facts are CLDR's, by way of babel; how numbers are shown and typed is left to number_format.py
and user_entered.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

_FALLBACK = "en_US"
_TRUTHS = {  # the words of the formula language, of which CLDR knows nothing
    "cs": ("PRAVDA", "NEPRAVDA"),
    "da": ("SAND", "FALSK"),
    "de": ("WAHR", "FALSCH"),
    "es": ("VERDADERO", "FALSO"),
    "fi": ("TOSI", "EPÄTOSI"),
    "fr": ("VRAI", "FAUX"),
    "hu": ("IGAZ", "HAMIS"),
    "it": ("VERO", "FALSO"),
    "nb": ("SANN", "USANN"),
    "nl": ("WAAR", "ONWAAR"),
    "no": ("SANN", "USANN"),
    "pl": ("PRAWDA", "FAŁSZ"),
    "pt": ("VERDADEIRO", "FALSO"),
    "ru": ("ИСТИНА", "ЛОЖЬ"),
    "sv": ("SANT", "FALSKT"),
    "tr": ("DOĞRU", "YANLIŞ"),
    "uk": ("ІСТИНА", "ХИБНІСТЬ"),
}
_SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True)
class Customs:
    """How one locale writes.

    `order` is the order of a date's parts, such as "dmy"; patterns are in Google's language.
    """

    decimal: str
    group: str
    order: str
    mark: str
    date: str
    time: str
    currency: str
    money: str
    truths: tuple[str, str]
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    days: tuple[str, ...]
    short_days: tuple[str, ...]
    halves: tuple[str, str]
    month_numbers: dict[str, int] = field(compare=False)

    @property
    def separator(self) -> str:
        """What stands between a formula's arguments."""
        return ";" if self.decimal == "," else ","


@lru_cache(maxsize=100)
def customs(locale: str) -> Customs:
    """Give the customs of a locale such as ru_RU; those of en_US for one that nobody knows."""
    found = _babel(locale)
    short = found.date_formats["short"].pattern
    order = "".join(
        dict.fromkeys(letter for letter in re.sub("[^dMy]", "", short).lower())
    )
    symbol = _symbol(found)
    language = found.language
    return Customs(
        decimal=_number_symbol(found, "decimal"),
        group=_number_symbol(found, "group"),
        order=order if sorted(order) == ["d", "m", "y"] else "ymd",
        mark=next((letter for letter in short if letter in "./-"), "/"),
        date=re.sub("y+", "yyyy", re.sub("[^dMy./ -]", "", short).strip())
        .lower()
        .rstrip("."),
        time="h:mm:ss am/pm"
        if "a" in found.time_formats["medium"].pattern
        else "h:mm:ss",
        currency=symbol,
        money=_money(found.currency_formats["standard"].pattern, symbol),
        truths=_TRUTHS.get(language, ("TRUE", "FALSE")),
        months=_names(found.months["format"]["wide"], 1, 12),
        short_months=_names(found.months["format"]["abbreviated"], 1, 12),
        days=_names(found.days["format"]["wide"], 0, 7),
        short_days=_names(found.days["format"]["abbreviated"], 0, 7),
        halves=_halves(found.day_periods["format"]),
        month_numbers=_month_numbers(found.months),
    )


def _babel(locale: str) -> Any:
    # A second of CLDR data at worst: read when the first locale is asked for.
    import babel  # noqa: PLC0415

    try:
        found = babel.Locale.parse(locale)
        if found.territory is None:
            likely = babel.core.get_global("likely_subtags").get(
                found.language, _FALLBACK
            )
            found = babel.Locale(
                found.language, territory=likely.rpartition("_")[2]
            )
    except (ValueError, TypeError, babel.UnknownLocaleError):
        return babel.Locale.parse(_FALLBACK)
    return found


def _number_symbol(found: Any, name: str) -> str:
    symbols = found.number_symbols
    return str(
        symbols.get("latn", symbols).get(
            name, "." if name == "decimal" else ","
        )
    )


def _symbol(found: Any) -> str:
    from babel.numbers import get_currency_symbol, get_territory_currencies  # noqa: PLC0415

    names = get_territory_currencies(found.territory) if found.territory else []
    return str(get_currency_symbol(names[0], found)) if names else "$"


def _money(pattern: str, symbol: str) -> str:
    """Give CLDR's pattern of a sum of money as Google writes it.

    The symbol in quotes, two places.
    """
    text = (
        pattern.split(";", maxsplit=1)[0]
        .replace("\u200f", "")
        .replace("\u200e", "")
    )
    text = re.sub(r"[#0][#,0]*(\.[0#]+)?", "#,##0.00", text, count=1)
    return re.sub(
        "[\u00a0\u202f]", r"\\" + "\u00a0", text.replace("¤", f'"{symbol}"')
    )


def _halves(found: Any) -> tuple[str, str]:
    for width in ("abbreviated", "wide"):
        names = found.get(width, {})
        if "am" in names and "pm" in names:
            return str(names["am"]), str(names["pm"])
    return "AM", "PM"


def _names(found: Any, start: int, count: int) -> tuple[str, ...]:
    return tuple(str(found[start + i]) for i in range(count))


def _month_numbers(found: Any) -> dict[str, int]:
    """Give the number of each way to name a month.

    In full or short, any case, with or without a full stop.
    """
    out: dict[str, int] = {}
    for context in ("format", "stand-alone"):
        for number, name in found[context]["wide"].items():
            out.setdefault(str(name).casefold()[:_SHORTEST_NAME], number)
    for context in ("format", "stand-alone"):
        for width in ("abbreviated", "wide"):
            out.update(
                {
                    str(name).casefold().rstrip("."): number
                    for number, name in found[context][width].items()
                }
            )
    return out
