"""Kinds of settings that tell where the team works: its country, currency and time zone.

Names and signs are those of the Unicode CLDR, out of the library Babel.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

from sheetsync.i18n import LANGUAGES
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


@dataclass(frozen=True)
class Country:
    """A country, kept as its ISO 3166 code, written by its name."""

    shown: Shown = "text"

    def read(self, given: Given, _: SettingsVocabulary) -> CellReading:
        """Read a country's name, in either language, or its code."""
        text = text_of(given)
        if not text:
            return NOTHING
        code = country_code(text)
        return CellReading(code) if code else WRONG

    def write(self, value: Plain, vocabulary: SettingsVocabulary) -> Cell:
        """Return the country's name."""
        return (
            _territories(vocabulary.language.code).get(str(value), str(value))
            if value
            else None
        )

    def accepted(self, vocabulary: SettingsVocabulary) -> str:
        """Say what a cell may hold."""
        return vocabulary.language.text(
            "A country, by its name or its code of two letters."
        )

    def options(self, vocabulary: SettingsVocabulary) -> list[str]:
        """Return the words of the dropdown: a few of the many that are accepted."""
        return [
            _territories(vocabulary.language.code)[code] for code in OFFERED
        ]


OFFERED = (
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


def _territories(code: str) -> dict[str, str]:
    from babel import Locale  # noqa: PLC0415  # kept out of start-up

    return {
        iso: name
        for iso, name in Locale(code).territories.items()
        if len(iso) == 2 and iso.isalpha()  # noqa: PLR2004  # ISO 3166
    }


@dataclass(frozen=True)
class Currency:
    """A currency, kept as its ISO 4217 code, written by its name."""

    shown: Shown = "text"

    def read(self, given: Given, _: SettingsVocabulary) -> CellReading:
        """Read a currency's code, its sign, or its name in either language."""
        text = text_of(given)
        if not text:
            return NOTHING
        code = currency_of(text) or _currency_by_name().get(fold(text))
        return CellReading(code) if code else WRONG

    def write(self, value: Plain, vocabulary: SettingsVocabulary) -> Cell:
        """Return the currency's name."""
        names = _currencies(vocabulary.language.code)
        return names.get(str(value), str(value)) if value else None

    def accepted(self, vocabulary: SettingsVocabulary) -> str:
        """Say what a cell may hold."""
        return vocabulary.language.text(
            "A currency, by its name, its sign or its code of three letters."
        )

    def options(self, vocabulary: SettingsVocabulary) -> list[str]:
        """Return the words of the dropdown: a few of the many that are accepted."""
        names = _currencies(vocabulary.language.code)
        return [names[code] for code in OFFERED_CURRENCIES]


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
            "; ".join(f"{code} {rate:g}" for code, rate in rates)
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
        zone = zones.get(fold(text)) or _zone_by_city().get(fold(text))
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
def _zone_by_city() -> dict[str, str]:
    return dict(_cities())


def _cities() -> Iterator[tuple[str, str]]:
    from babel import Locale  # noqa: PLC0415  # kept out of start-up

    for zone in available_timezones():
        if "/" in zone and not zone.startswith(("Etc/", "SystemV/", "US/")):
            yield fold(zone.rpartition("/")[2]), zone
    for code in LANGUAGES:
        for zone, names in Locale(code).time_zones.items():
            if "city" in names:
                yield fold(names["city"]), zone


def country_of_city(text: str) -> str:
    """Return the ISO 3166 code of a city that gives a time zone its name; "" for all others."""
    from babel.core import get_global  # noqa: PLC0415  # kept out of start-up

    zone = _zone_by_city().get(fold(text), "")
    territory = str(get_global("zone_territories").get(zone, ""))
    return territory if territory.isalpha() else ""


Offering = Country | Currency | TimeZone
"""Kinds of which the dropdown offers a few, and others are accepted."""
