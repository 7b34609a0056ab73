"""A date as it is spelt in a text, before it is decided which number is the day."""

import re
from functools import lru_cache
from typing import NamedTuple

from sheetsync.values.calendar_words import MONTHS, WEEKDAYS

_YEAR = r"(?P<year>\d{4}|'?\d{2})(?:\s?г(?:ода)?\b\.?)?"
_TIME = r"(?P<time>(?:T|[ ,]+(?:в |at )?)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]\.?m\.?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_LEAD = rf"(?P<lead>(?:{WEEKDAYS})\.?,? )?"
_WORD = r"(?P<word>[^\W\d_]{3,9})\.?"
_FORMS = (
    rf"(?P<first>\d{{1,2}})(?: ?(?P<sign>[./,-]) ?| )(?P<second>\d{{1,2}})(?: ?[./,-] ?| ){_YEAR}",
    r"(?P<year>\d{4}) ?[./-] ?(?P<second>\d{1,2}) ?[./-] ?(?P<first>\d{1,2})",
    r"(?P<first>\d{1,2}) ?(?P<sign>[./]) ?(?P<second>\d{1,2})\.?",
    rf"(?P<first>\d{{1,2}})(?:st|nd|rd|th|-?е|-?го)?[ ./-]*(?:of )?{_WORD}[ ,./-]*{_YEAR}",
    rf"(?P<first>\d{{1,2}})(?:st|nd|rd|th|-?е|-?го)?[ ./-]*(?:of )?{_WORD}",
    rf"{_WORD}[ -]*(?P<first>\d{{1,2}})(?:st|nd|rd|th)?[ ,-]+{_YEAR}",
    rf"{_WORD} (?P<first>\d{{1,2}})(?:st|nd|rd|th)?",
)
_WHOLE = tuple(re.compile(_LEAD + form + _TIME, re.IGNORECASE) for form in _FORMS)
_AMONG = (
    rf"(?P<first>\d{{1,2}}) ?(?P<sign>[./]) ?(?P<second>\d{{1,2}}) ?[./] ?{_YEAR}",
    _FORMS[1],
    *_FORMS[3:],
)
_WITHIN = tuple(re.compile(r"(?<![\w+.-])" + form + r"(?![\w-])", re.IGNORECASE) for form in _AMONG)
_USUAL = re.compile(r"(\d{1,2})([./-])(\d{1,2})[./-](\d{4}|\d{2})")


class Spelt(NamedTuple):
    """A date's numbers as they stand: `first` and `second` are day and month, or the other way round unless `told`.

    `year` is 0 where none is written. `sign` is what separates the numbers; `bare`: the text says nothing else.
    """

    first: int
    second: int
    year: int
    told: bool
    sign: str
    bare: bool

    @property
    def ambiguous(self) -> bool:
        """Tell whether it can be read in two ways."""
        return (
            not self.told and self.first <= 12 and self.second <= 12 and self.first != self.second  # noqa: PLR2004  # months
        )

    @property
    def month_first(self) -> bool | None:
        """Tell in which order it is written, where it can be one only; None where that is not to be seen."""
        if self.told or (self.first > 12) == (self.second > 12):  # noqa: PLR2004  # months
            return None
        return self.second > 12  # noqa: PLR2004  # months


def _year(digits: str) -> int:
    year = int(digits.lstrip("'"))
    return year if len(digits) == 4 else 2000 + year  # noqa: PLR2004  # a year of two digits is of this century


def _of(match: re.Match[str]) -> Spelt | None:
    found = match.groupdict()
    word, year = found.get("word"), found.get("year")
    second = MONTHS.get(word.casefold()) if word else int(found["second"])
    if second is None:
        return None
    bare = not (
        found.get("lead") or set(found.get("time") or "") & set("123456789")
    )  # an export's 00:00 says nothing
    told = bool(word) or (year is not None and match.start("year") < match.start("first"))
    return Spelt(
        int(found["first"]), second, _year(year) if year else 0, told, found.get("sign") or "", bare
    )


@lru_cache(maxsize=65536)
def spelt(text: str) -> Spelt | None:
    """Take a text (as of `plain`) as a date; None where it is none."""
    if usual := _USUAL.fullmatch(text):
        return Spelt(
            int(usual[1]), int(usual[3]), _year(usual[4]), told=False, sign=usual[2], bare=True
        )
    for form in _WHOLE:
        if (match := form.fullmatch(text)) and (found := _of(match)):
            return found
    return None


def spelt_within(text: str) -> list[Spelt]:
    """Return the dates that stand anywhere in a text, the fullest forms first; `12-05-26` may be of a phone, `12.05` a number."""
    found = [_of(match) for form in _WITHIN for match in form.finditer(text)]
    return [date for date in found if date is not None]
