"""Names of months, days of the week and days that are told by today, in Russian and English."""

import re

_NAMES = (
    ("январь января january", 1),
    ("февраль февраля february", 2),
    ("март марта march", 3),
    ("апрель апреля april", 4),
    ("май мая may", 5),
    ("июнь июня june", 6),
    ("июль июля july", 7),
    ("август августа august", 8),
    ("сентябрь сентября september", 9),
    ("октябрь октября october", 10),
    ("ноябрь ноября november", 11),
    ("декабрь декабря december", 12),
)

MONTHS = {
    name[:length]: month
    for names, month in _NAMES
    for name in names.split()
    for length in range(3, len(name) + 1)
}
"""Every beginning of a month's name, of three letters or more -> its number."""

WEEKDAYS = (
    "пн|вт|ср|чт|пт|сб|вс|понедельник|вторник|среда|среду|четверг|пятница|пятницу|суббота|субботу|воскресенье|"
    "(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
)
"""Names of the days of the week, as a pattern."""

_RELATIVE = re.compile(
    rf"\b(?:(?:поза)?вчера|сегодня|(?:после)?завтра|недел[юяеи]|через|назад|след(?:ующ\w*)?|месяц\w*|днях|{WEEKDAYS}|"
    r"yesterday|today|tomorrow|tonight|weeks?|next|last|ago|months?|now|asap)\b",
    re.IGNORECASE,
)


def is_relative(text: str) -> bool:
    """Tell whether a text means a day by counting from the day on which it was written: nobody knows which that was."""
    return _RELATIVE.search(text) is not None
