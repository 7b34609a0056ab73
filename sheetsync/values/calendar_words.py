"""Names of months, days of the week and days that are told by today.

All of Russian and English; of the languages that are only read the months, out of the Unicode
CLDR. How a date is put together of them is `date_parts`'.
"""

import re
from collections.abc import Iterator
from functools import cache

from sheetsync.values.cells import without_accents

_MONTH_NAMES = (
    ("январь", "января", "january"),
    ("февраль", "февраля", "february"),
    ("март", "марта", "march"),
    ("апрель", "апреля", "april"),
    ("май", "мая", "may"),
    ("июнь", "июня", "june"),
    ("июль", "июля", "july"),
    ("август", "августа", "august"),
    ("сентябрь", "сентября", "september"),
    ("октябрь", "октября", "october"),
    ("ноябрь", "ноября", "november"),
    ("декабрь", "декабря", "december"),
)
# By fewer letters a month is not known: `ма` is March or May.
_SHORTEST = 3


def _beginnings() -> dict[str, int]:
    numbers: dict[str, int] = {}
    for number, names in enumerate(_MONTH_NAMES, start=1):
        for name in names:
            for length in range(_SHORTEST, len(name) + 1):
                numbers[name[:length]] = number
    return numbers


_MONTHS = _beginnings()
# Every beginning of a month's name, of three letters or more -> its number.

FOREIGN_LANGUAGES = ("de", "es", "fr", "it", "kk", "pl", "pt", "tr", "uk")
"""The languages (ISO 639-1) that are read and never written: those of `templates/foreign/`."""


def month_number(word: str, *, with_year: bool) -> int | None:
    """Return the number, 1 to 12, of a month's name or its short form; None where it is none.

    A short form of a language that is only read counts beside a year alone: `3 set` may be three
    sets.
    """
    folded = word.casefold()
    number = _MONTHS.get(folded) or _foreign_months("wide").get(folded)
    if number is None and with_year:
        return _foreign_months("abbreviated").get(folded)
    return number


@cache
def _foreign_months(width: str) -> dict[str, int]:
    """Return names of months as people type them, with and without accents -> their numbers."""
    numbers: dict[str, int] = {}
    for language in FOREIGN_LANGUAGES:
        for name, number in _months_of(language, width):
            folded = name.casefold().rstrip(".")
            numbers[folded] = number
            numbers[without_accents(folded)] = number
    return numbers


def _months_of(language: str, width: str) -> Iterator[tuple[str, int]]:
    """Go through a language's names, as they stand in a date and alone, with their numbers."""
    # Babel takes its time to load, and most nights meet no such name.
    from babel import Locale  # noqa: PLC0415

    months = Locale(language).months
    for context in ("format", "stand-alone"):
        for number, name in months[context][width].items():
            yield name, number


WEEKDAYS = (
    "пн|вт|ср|чт|пт|сб|вс"
    "|понедельник|вторник|среда|среду|четверг|пятница|пятницу|суббота|субботу|воскресенье"
    "|(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
)
"""Names of the days of the week, as a pattern."""

_RELATIVE = re.compile(
    r"\b(?:(?:поза)?вчера|сегодня|(?:после)?завтра|недел[юяеи]|через|назад"
    rf"|след(?:ующ\w*)?|месяц\w*|днях|{WEEKDAYS}"
    r"|yesterday|today|tomorrow|tonight|weeks?|next|last|ago|months?|now|asap)\b",
    re.IGNORECASE,
)


def is_relative(text: str) -> bool:
    """Tell whether a text means a day by counting from the day on which it was written.

    Nobody knows which day that was.
    """
    return _RELATIVE.search(text) is not None
