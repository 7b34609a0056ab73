"""Names of months, days of the week and days that are told by today, in Russian and English.

How a date is put together of them is `date_parts`'.
"""

import re

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


MONTHS = _beginnings()
"""Every beginning of a month's name, of three letters or more -> its number."""

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
