"""Which country each row's client is in, where a column of the tab says so.

A number of a client in Tashkent is Uzbekistan's in a base of Russia too. A country is known by its
name in either language, or its code; a city, where it gives a time zone its name, as capitals do.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from sheetsync.method.settings_tab.location_types import (
    country_code,
    country_of_city,
)
from sheetsync.values import Cell, clean, fold
from sheetsync.workbook.snapshot import (
    UNKNOWN_COUNTRIES,
    Grid,
    RowCountries,
)

MOST = 0.5
"""The share of a column's filled cells that must name a country, for it to be one of countries."""
_COUNTRY = re.compile(
    r"\b(?:стран[аы]|country|countries|país|pais|paese|land|pays|kraj|ülke|ulke|країна|ел)\b",
    re.IGNORECASE,
)
_CITY = re.compile(
    r"\b(?:город|city|town|ciudad|cidade|città|citta|stadt|ville|miasto|şehir|sehir|місто|қала)\b",
    re.IGNORECASE,
)


def row_countries(
    grid: Grid, headings: Sequence[str], first: int
) -> RowCountries:
    """Return the country of each row from `first` (0-based) on, out of the column that tells it.

    A column of countries goes before one of cities.
    """
    for pattern, code_of in ((_COUNTRY, _country), (_CITY, _of_city)):
        for place, heading in enumerate(headings):
            if not pattern.search(heading):
                continue
            cells = grid.column(place, first)
            codes = [code_of(_text(cell)) for cell in cells]
            filled = sum(cell not in (None, "") for cell in cells)
            named = sum(map(bool, codes))
            if named and (code_of is _of_city or named >= MOST * filled):
                return RowCountries(codes, code_of is _country)
    return UNKNOWN_COUNTRIES


def _text(cell: Cell) -> str:
    return clean(cell) if isinstance(cell, str) else ""


@lru_cache(maxsize=4096)
def _country(text: str) -> str:
    return (country_code(text) or "") if fold(text) else ""


@lru_cache(maxsize=4096)
def _of_city(text: str) -> str:
    return country_of_city(text) if fold(text) else ""
