"""A date as it is spelt in a text, before it is decided which number is the day.

Which day of the calendar it is, is decided in `dates`.
"""

import re
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from sheetsync.values.calendar_words import WEEKDAYS, month_number

# `2026 г.`, and its like in Ukrainian, Polish and Kazakh.
_OF_THE_YEAR = r"(?:г(?:ода)?|р(?:оку)?|r(?:oku)?|ж(?:ыл(?:ы|ғы)?)?)\b\.?"
_YEAR = rf"(?P<year>\d{{4}}|'?\d{{2}})(?:\s?{_OF_THE_YEAR})?"
_TIME = (
    r"(?P<time>(?:T|[ ,]+(?:в |at )?)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?"
    r"(?: ?[ap]\.?m\.?)?(?: ?(?:Z|UTC|GMT|MSK|МСК)\b)?(?: ?[+-]\d{1,2}(?::?\d{2})?)?)?"
)
_WEEKDAY = rf"(?P<weekday>(?:{WEEKDAYS})\.?,? )?"
# The longest name of a month, `października`, has twelve letters.
_MONTH = r"(?P<month>[^\W\d_]{3,12})\.?"
_DAY = r"(?P<first>\d{1,2})(?:st|nd|rd|th|-?е|-?го|er|º|ª|°|o(?= ))?"
_OF = r"(?:(?:of|de|del) |d['’])?"
_FORMS = (
    rf"(?P<first>\d{{1,2}})(?: ?(?P<sign>[./,-]) ?| )(?P<second>\d{{1,2}})(?: ?[./,-] ?| ){_YEAR}",
    r"(?P<year>\d{4}) ?[./-] ?(?P<second>\d{1,2}) ?[./-] ?(?P<first>\d{1,2})",
    r"(?P<first>\d{1,2}) ?(?P<sign>[./]) ?(?P<second>\d{1,2})\.?",
    rf"{_DAY}[ ./-]*{_OF}{_MONTH}[ ,./-]*{_OF}{_YEAR}",
    rf"{_DAY}[ ./-]*{_OF}{_MONTH}",
    rf"{_MONTH}[ -]*(?P<first>\d{{1,2}})(?:st|nd|rd|th)?[ ,-]+{_YEAR}",
    rf"{_MONTH} (?P<first>\d{{1,2}})(?:st|nd|rd|th)?",
    rf"(?P<year>\d{{4}}) ?{_OF_THE_YEAR},? ?(?P<first>\d{{1,2}}) {_MONTH}",
)
_WHOLE = tuple(
    re.compile(_WEEKDAY + form + _TIME, re.IGNORECASE) for form in _FORMS
)
# Among other things `12-05-26` may be of a phone, and `12.05` a number: these forms are left out.
_AMONG = (
    rf"(?P<first>\d{{1,2}}) ?(?P<sign>[./]) ?(?P<second>\d{{1,2}}) ?[./] ?{_YEAR}",
    _FORMS[1],
    *_FORMS[3:],
)
_WITHIN = tuple(
    re.compile(r"(?<![\w+.-])" + form + r"(?![\w-])", re.IGNORECASE)
    for form in _AMONG
)
# Exports write a day as one run of digits: `20260214`, `20260214T101500Z`.
_COMPACT = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])"
    r"(?P<time>T\d{4}(?:\d\d)?(?:[.,]\d+)?(?:Z|[+-]\d{2}:?\d{2})?)?",
    re.IGNORECASE,
)
_NO_DAY = re.compile(
    r"(?P<day>\d{1,4}(?P<sign>[./-])\d{1,2}(?P=sign)\d{1,4}|0{8})"
    r"(?:[T ]0?0:00(?::00(?:[.,]0+)?)?(?: ?(?:Z|UTC|AM))?)?",
    re.IGNORECASE,
)
# Databases write zeros; Excel shows a zero as the 0th of January 1900; 1C and .NET have the first
# day of the year 1.
_NUMBERS_OF_NO_DAY = frozenset(
    {
        ("0",),
        ("0", "0", "0"),
        ("0", "0", "0000"),
        ("0000", "0", "0"),
        ("1900", "1", "0"),
        ("0", "1", "1900"),
        ("1", "0", "1900"),
        ("0001", "1", "1"),
        ("1", "1", "0001"),
    }
)
# Most dates are of this form, which needs no search among the others.
_USUAL = re.compile(r"(\d{1,2})([./-])(\d{1,2})[./-](\d{4}|\d{2})")
_LAST_MONTH = 12


class SpeltDate(NamedTuple):
    """A date's numbers as they stand.

    `first` and `second` are day and month, or the other way round unless `order_known`. `year` is
    0 where none is written. `sign` is what separates the numbers; `bare`: the text says no more.
    """

    first: int
    second: int
    year: int
    order_known: bool
    sign: str
    bare: bool

    @property
    def ambiguous(self) -> bool:
        """Tell whether it can be read in two ways."""
        both_are_months = (
            self.first <= _LAST_MONTH and self.second <= _LAST_MONTH
        )
        return (
            both_are_months
            and self.first != self.second
            and not self.order_known
        )

    @property
    def month_first(self) -> bool | None:
        """Tell in which order it is written; None where it can be either."""
        second_is_day = self.second > _LAST_MONTH
        if self.order_known or (self.first > _LAST_MONTH) == second_is_day:
            return None
        return second_is_day


_WORDS_OF_NO_DAY = frozenset(
    {"not closed", "не закрыта", "не закрыт", "не закрыто"}
)
"""What amoCRM and Kommo write as the day on which an open deal was closed."""


def is_no_day(text: str) -> bool:
    """Tell whether a text (as of `plain`) stands for no day at all: `0000-00-00` and its like.

    1 January 1970, where clocks begin, is a day all the same: somebody may have been born on it.
    """
    if text.casefold() in _WORDS_OF_NO_DAY:
        return True
    # Most texts are told apart by this alone.
    match = _NO_DAY.fullmatch(text) if "0" in text else None
    if match is None:
        return False
    numbers = re.split(r"[./-]", match["day"])
    return tuple(map(_number_as_meant, numbers)) in _NUMBERS_OF_NO_DAY


def _number_as_meant(digits: str) -> str:
    """Return a number without the zeros before it, but for a year's."""
    return digits if len(digits) == len("2026") else digits.lstrip("0") or "0"


@lru_cache(maxsize=65536)
def spelt_date(text: str) -> SpeltDate | None:
    """Take a text (as of `plain`) as a date; None where it is none."""
    usual = _USUAL.fullmatch(text)
    if usual:
        first, sign, second, year = usual.groups()
        return SpeltDate(
            int(first),
            int(second),
            _year(year),
            order_known=False,
            sign=sign,
            bare=True,
        )
    for form in _WHOLE:
        match = form.fullmatch(text)
        if match:
            spelt = _spelt_in(match)
            if spelt is not None:
                return spelt
    return _spelt_compactly(text)


def _spelt_compactly(text: str) -> SpeltDate | None:
    match = _COMPACT.fullmatch(text)
    if match is None:
        return None
    return SpeltDate(
        first=int(match["day"]),
        second=int(match["month"]),
        year=int(match["year"]),
        order_known=True,
        sign="",
        bare=not _tells_time(match["time"] or ""),
    )


def spelt_dates_within(text: str) -> list[SpeltDate]:
    """Return the dates that stand anywhere in a text, the fullest forms first."""
    matches = chain.from_iterable(form.finditer(text) for form in _WITHIN)
    return [spelt for spelt in map(_spelt_in, matches) if spelt is not None]


def _spelt_in(match: re.Match[str]) -> SpeltDate | None:
    """Return the date of a form that fits, or None where a word in it is no month's."""
    parts = match.groupdict()
    month = parts.get("month")
    year = parts.get("year")
    second = (
        month_number(month, with_year=year is not None)
        if month
        else int(parts["second"])
    )
    if second is None:
        return None
    year_leads = year is not None and match.start("year") < match.start("first")
    return SpeltDate(
        first=int(parts["first"]),
        second=second,
        year=_year(year),
        order_known=bool(month) or year_leads,
        sign=parts.get("sign") or "",
        bare=not parts.get("weekday")
        and not _tells_time(parts.get("time") or ""),
    )


def _tells_time(text: str) -> bool:
    """Tell whether a time says anything: the 00:00 of an export does not."""
    return bool(set(text) & set("123456789"))


def _year(digits: str | None) -> int:
    """Return a year as it is meant: one of two digits is of this century; 0 where there is none."""
    if not digits:
        return 0
    year = int(digits.lstrip("'"))
    if len(digits) == len("2026"):
        return year
    return 2000 + year
