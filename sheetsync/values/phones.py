"""Phones, to E.164: what Excel made of them, one or several in a cell, with words and extensions.

Numbers of other countries, and all that is unusual, are the library `phonenumbers`'.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from sheetsync.values.cells import Cell, Reading, plain, unread

_GAP = r"[ ().\-]*"
# `+8 912` and `+89…` are slips for 8: there is no country 89.
_COUNTRY = r"(?:\+ ?7|(?<![\d+])[78]|(?<!\d)\+8(?=[ (9-]))"
_LONG = rf"{_COUNTRY}(?:{_GAP}[0-9]){{10}}"
# Not what begins with an 8 by itself: `8 912 345-67-8` lacks a digit.
_SHORT = rf"(?<![\d+])\(?(?!8\D)[3489](?:{_GAP}[0-9]){{9}}"
_RUSSIAN = re.compile(rf"(?:{_LONG}|{_SHORT})(?![0-9])")
_USUAL = re.compile(
    r"(?:\+7|[78])[ ()\-]*(\d{3})[ ()\-]*(\d{3})[ \-]*(\d{2})[ \-]*(\d{2})",
    re.ASCII,
)
_EXTENSION = re.compile(
    r"(?:доб(?:авочный|\.)?|внутр?(?:енний|\.)?|вн\.|ext(?:ension|\.)?|\bx\.?|#|№)"
    r" ?:? ?\d{1,6}(?!\d)",
    re.IGNORECASE,
)
# Numbers that are called something else, and digits of addresses, are no phones.
_OTHER = re.compile(
    r"[^\s@,;<>]+@[^\s@,;<>]+|(?:инн|кпп|огрн|inn)\W{0,3}\d+", re.IGNORECASE
)
# The way out of a country, where it stands at the beginning of a number.
_ABROAD = re.compile(r"(?<![\d+])(?<![\d)][ .-])00(?=[1-9])")
# Letters may stand for digits, as in 1-800-FLOWERS.
_VANITY = re.compile(r"[+\d][\d ().\-]*[A-Za-z]{3,}")
_RUSSIAN_NUMBER = re.compile(r"[78][0-9]{10}|[3489][0-9]{9}")
_NATIONAL_RUSSIAN = 10
# Russian numbers that a sheet took for a number, with 7 or 8 before them.
_FIRST, _LAST = 70_000_000_000, 89_999_999_999
# Before more digits than this stands the code of a country.
_NATIONAL = 10
# No country has shorter numbers.
_SHORTEST = 7


def phones(cell: Cell, region: str) -> tuple[str, ...]:
    """Return every phone of a cell in E.164, in the order in which they stand, each once.

    `region` is ISO 3166-1: whose numbers those without a country are.
    """
    text = plain(cell)
    if isinstance(cell, str):
        return _of_text(text, region)
    if not text.isdecimal():
        return ()
    number = _of_number(text, region)
    return (number,) if number else ()


def read_phone(cell: Cell, region: str) -> Reading:
    """Read a cell's first phone to E.164. Fault: not_a_phone.

    Russian numbers in their usual forms go the short way, for speed.
    """
    usual = _usual_russian(cell) if region == "RU" else None
    if usual is not None:
        return Reading(usual)
    numbers = phones(cell, region)
    if not numbers:
        return unread(plain(cell), "not_a_phone")
    return Reading(numbers[0])


def _usual_russian(cell: Cell) -> str | None:
    """Return the number of a cell that holds nothing but a Russian one, in a usual form."""
    if isinstance(cell, str):
        usual = _USUAL.fullmatch(cell)
        return "+7" + "".join(usual.groups()) if usual else None
    if cell is None or not _FIRST <= cell <= _LAST or cell != int(cell):
        return None
    return f"+7{int(cell) % 10**_NATIONAL_RUSSIAN:010}"


def phone_within(cell: Cell, region: str) -> Reading:
    """Read the first phone that stands in a cell among other things."""
    return Reading(next(iter(phones(cell, region)), None))


def digits_of(text: str) -> str:
    """Return a text without all but its digits."""
    return re.sub(r"[^0-9]", "", text)


@lru_cache(maxsize=100_000)
def _of_text(text: str, region: str) -> tuple[str, ...]:
    if len(text) < _SHORTEST:
        return ()
    text = _EXTENSION.sub(_blank, _OTHER.sub(_blank, text))
    by_place: list[tuple[int, str]] = []
    if region == "RU":
        by_place.extend(_russian_in(text))
        text = _RUSSIAN.sub(_blank, text)
    by_place.extend(_matched_in(text, region))
    if not by_place:
        return _vanity(text, region)
    return tuple(dict.fromkeys(number for _, number in sorted(by_place)))


def _vanity(text: str, region: str) -> tuple[str, ...]:
    """Read a number that is spelt in letters: 1-800-FLOWERS."""
    if not _VANITY.fullmatch(text):
        return ()
    number = _e164(text, region, strict=True)
    return (number,) if number else ()


def _russian_in(text: str) -> Iterator[tuple[int, str]]:
    """Find Russian numbers, each with its place."""
    for match in _RUSSIAN.finditer(text):
        yield match.start(), "+7" + digits_of(match[0])[-_NATIONAL_RUSSIAN:]


def _matched_in(text: str, region: str) -> Iterator[tuple[int, str]]:
    """Find the numbers that the library sees, each with its place."""
    # Loaded here, as it is needed only for texts that the short way does not know.
    import phonenumbers  # noqa: PLC0415

    lenient = phonenumbers.Leniency.POSSIBLE
    with_plus = _ABROAD.sub(" +", text)
    for match in phonenumbers.PhoneNumberMatcher(
        with_plus, region, leniency=lenient
    ):
        number = _e164(
            match.raw_string,
            region,
            strict=not match.raw_string.startswith("+"),
        )
        if number:
            yield match.start, number


def _blank(match: re.Match[str]) -> str:
    """Keep the place of what is taken out, so that the rest stands where it stood."""
    return ";" * len(match[0])


def _of_number(digits: str, region: str) -> str | None:
    """Read what a sheet took for a number: the plus is lost, and perhaps the country's code."""
    if region == "RU" and _RUSSIAN_NUMBER.fullmatch(digits):
        return "+7" + digits[-_NATIONAL_RUSSIAN:]
    if len(digits) > _NATIONAL:
        return _e164("+" + digits, region)
    return _e164(digits, region)


def _e164(text: str, region: str, *, strict: bool = False) -> str | None:
    # Loaded here, as it is needed only for numbers that the short way does not know.
    import phonenumbers  # noqa: PLC0415

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    possible = phonenumbers.ValidationResult.IS_POSSIBLE
    if phonenumbers.is_possible_number_with_reason(number) != possible:
        return None
    if strict and not phonenumbers.is_valid_number(number):
        return None
    return str(
        phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    )
