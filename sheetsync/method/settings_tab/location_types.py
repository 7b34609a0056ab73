"""Kinds of settings that tell where the team works: its country, currency and time zone.

Names and signs are those of the Unicode CLDR, out of the library Babel.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

from sheetsync.i18n import LANGUAGES, marked
from sheetsync.method.settings_tab.cell_types import (
    NOTHING,
    WRONG,
    CellReading,
    Given,
    Plain,
    SettingsVocabulary,
    Shown,
    text_of,
)
from sheetsync.values import Cell, currency_of, fold, rates_of

_ISO_3166 = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True)
class Named:
    """Something kept as its ISO code and written by its name in the base's language."""

    code_of: Callable[[str], str | None]
    names: Callable[[str], Mapping[str, str]]
    offered: tuple[str, ...]
    sentence: str
    shown: Shown = "text"

    def read(self, given: Given, _: SettingsVocabulary) -> CellReading:
        """Read a name, in either language, or a code."""
        text = text_of(given)
        if not text:
            return NOTHING
        code = self.code_of(text)
        return CellReading(code) if code else WRONG

    def write(self, value: Plain, vocabulary: SettingsVocabulary) -> Cell:
        """Return the name."""
        names = self.names(vocabulary.language.code)
        return names.get(str(value), str(value)) if value else None

    def accepted(self, vocabulary: SettingsVocabulary) -> str:
        """Say what a cell may hold."""
        return vocabulary.language.text(self.sentence)

    def options(self, vocabulary: SettingsVocabulary) -> list[str]:
        """Return the words of the dropdown: a few of the many that are accepted."""
        names = self.names(vocabulary.language.code)
        return [names[code] for code in self.offered]


OFFERED_COUNTRIES = (
    "RU",
    "BY",
    "KZ",
    "AM",
    "KG",
    "UZ",
    "GE",
    "RS",
    "TR",
    "DE",
    "GB",
    "US",
)
"""Countries that the dropdown offers."""


OFFERED_CURRENCIES = (
    "RUB",
    "BYN",
    "KZT",
    "AMD",
    "KGS",
    "UZS",
    "GEL",
    "RSD",
    "TRY",
    "EUR",
    "GBP",
    "USD",
)
"""Currencies that the dropdown offers."""


def _territories(code: str) -> dict[str, str]:
    from babel import Locale  # noqa: PLC0415  # kept out of start-up

    return {
        iso: name
        for iso, name in Locale(code).territories.items()
        if _ISO_3166.fullmatch(iso)
    }


def country_code(text: str) -> str | None:
    """Return the ISO 3166 code of a country's name, in either language, or of its code."""
    for code in LANGUAGES:
        names = _territories(code)
        if text.upper() in names:
            return text.upper()
        for iso, name in names.items():
            if fold(name) == fold(text):
                return iso
    return None


def _currencies(code: str) -> dict[str, str]:
    from babel import Locale  # noqa: PLC0415  # kept out of start-up

    return dict(Locale(code).currencies)


@cache
def _currency_by_name() -> dict[str, str]:
    # English first, so that of two that are called alike the first language's stays.
    pairs = [
        (fold(name), iso)
        for code in LANGUAGES
        for iso, name in _currencies(code).items()
    ]
    return dict(reversed(pairs))


def currency_code(text: str) -> str | None:
    """Return the ISO 4217 code of a currency's name in either language, its sign or its code."""
    return currency_of(text) or _currency_by_name().get(fold(text))


COUNTRY = Named(
    country_code,
    _territories,
    OFFERED_COUNTRIES,
    marked("A country, by its name or its code of two letters."),
)
CURRENCY = Named(
    currency_code,
    _currencies,
    OFFERED_CURRENCIES,
    marked("A currency, by its name, its sign or its code of three letters."),
)


@dataclass(frozen=True)
class Rates:
    """What one of other currencies is in the base's own, kept as `EUR 98.5; USD 90`."""

    shown: Shown = "text"

    def read(self, given: Given, _: SettingsVocabulary) -> CellReading:
        """Read currencies, each with its rate."""
        text = text_of(given)
        if not text:
            return NOTHING
        rates = rates_of(text)
        if not rates:
            return WRONG
        return CellReading(
            "; ".join(f"{code} {rate:.12g}" for code, rate in rates)
        )

    def write(self, value: Plain, _: SettingsVocabulary) -> Cell:
        """Return the rates as they are kept."""
        return str(value) if value else None

    def accepted(self, vocabulary: SettingsVocabulary) -> str:
        """Say what a cell may hold."""
        return vocabulary.language.text(
            "Currencies with their rates, such as EUR 98.5; USD 90."
        )


@dataclass(frozen=True)
class TimeZone:
    """A time zone, kept and written as its IANA name, such as `Asia/Almaty`."""

    shown: Shown = "text"

    def read(self, given: Given, _: SettingsVocabulary) -> CellReading:
        """Read a zone's IANA name, or the name of its city in either language."""
        text = text_of(given)
        if not text:
            return NOTHING
        zones = {fold(zone): zone for zone in available_timezones()}
        zone = zones.get(fold(text)) or next(
            iter(_zones_by_city().get(fold(text), ())), None
        )
        return CellReading(zone) if zone else WRONG

    def write(self, value: Plain, _: SettingsVocabulary) -> Cell:
        """Return the zone's name."""
        return str(value) if value else None

    def accepted(self, vocabulary: SettingsVocabulary) -> str:
        """Say what a cell may hold."""
        return vocabulary.language.text(
            "A time zone by its name, such as Europe/Moscow, or by its city."
        )

    def options(self, _: SettingsVocabulary) -> list[str]:
        """Return the words of the dropdown: a few of the many that are accepted."""
        return [*OFFERED_ZONES]


OFFERED_ZONES = (
    "Europe/Kaliningrad",
    "Europe/Moscow",
    "Europe/Samara",
    "Asia/Yekaterinburg",
    "Asia/Omsk",
    "Asia/Novosibirsk",
    "Asia/Irkutsk",
    "Asia/Vladivostok",
    "Europe/Minsk",
    "Asia/Almaty",
    "Asia/Tashkent",
    "Asia/Yerevan",
    "Asia/Tbilisi",
    "Europe/Istanbul",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "UTC",
)
"""Zones that the dropdown offers."""


@cache
def _zones_by_city() -> Mapping[str, tuple[str, ...]]:
    """Return the zones that bear each city's name, folded, in either language; their own first."""
    zones = defaultdict[str, dict[str, None]](dict)
    for city, zone in _cities():
        zones[city].setdefault(zone)
    return {city: (*names,) for city, names in zones.items()}


def _cities() -> Iterator[tuple[str, str]]:
    from babel import Locale  # noqa: PLC0415  # kept out of start-up
    from babel.core import get_global  # noqa: PLC0415  # the same

    # Names that a zone had before, and those of parts of countries, belong to none.
    zones = sorted(
        get_global("zone_territories").keys() & available_timezones()
    )
    for zone in zones:
        if "/" in zone and not zone.startswith("Etc/"):
            yield fold(zone.rpartition("/")[2]), zone
    for code in LANGUAGES:
        names_by_zone = Locale(code).time_zones
        for zone in zones:
            city = names_by_zone.get(zone, {}).get("city")
            if city:
                yield fold(city), zone


def country_of_city(text: str) -> str:
    """Return the ISO 3166 code of a city that gives a time zone its name; "" for all others.

    And for a name that zones of several countries bear.
    """
    from babel.core import get_global  # noqa: PLC0415  # kept out of start-up

    territories = get_global("zone_territories")
    codes = {
        str(territories[zone]) for zone in _zones_by_city().get(fold(text), ())
    }
    return codes.pop() if len(codes) == 1 else ""


Offering = Named | TimeZone
"""Kinds of which the dropdown offers a few, and others are accepted."""
