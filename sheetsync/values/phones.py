"""Phones, to E.164: what Excel made of them, one or several in a cell, with words and extensions around."""

import re
from functools import lru_cache

from sheetsync.values.cells import EMPTY, Cell, Reading, plain, unread

_GAP = r"[ ().\-]*"
_COUNTRY = r"(?:\+ ?7|(?<![\d+])[78]|(?<!\d)\+8(?=[ (9-]))"  # `+8 912` and `+89…` are slips for 8: there is no country 89
_LONG = rf"{_COUNTRY}(?:{_GAP}[0-9]){{10}}"
_SHORT = rf"(?<![\d+])\(?(?!8\D)[3489](?:{_GAP}[0-9]){{9}}"  # `8 912 345-67-8` lacks a digit
_RUSSIAN = re.compile(rf"(?:{_LONG}|{_SHORT})(?![0-9])")
_USUAL = re.compile(
    r"(?:\+7|[78])[ ()\-]*(\d{3})[ ()\-]*(\d{3})[ \-]*(\d{2})[ \-]*(\d{2})", re.ASCII
)
_EXTENSION = re.compile(
    r"(?:доб(?:авочный|\.)?|внутр?(?:енний|\.)?|вн\.|ext(?:ension|\.)?|\bx\.?|#|№) ?:? ?\d{1,6}(?!\d)",
    re.IGNORECASE,
)
_OTHER = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+|(?:инн|кпп|огрн|inn)\W{0,3}\d+", re.IGNORECASE)
_ABROAD = re.compile(r"(?<![\d+])(?<![\d)][ .-])00(?=[1-9])")
_VANITY = re.compile(r"[+\d][\d ().\-]*[A-Za-z]{3,}")


def _e164(text: str, region: str, *, strict: bool = False) -> str | None:
    import phonenumbers  # noqa: PLC0415  # only for numbers that the short way does not know

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if (
        phonenumbers.is_possible_number_with_reason(number)
        != phonenumbers.ValidationResult.IS_POSSIBLE
    ):
        return None
    if strict and not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign in "0123456789")


def _blank(match: re.Match[str]) -> str:
    return ";" * len(match[0])


@lru_cache(maxsize=100_000)
def _of_text(text: str, region: str) -> tuple[str, ...]:
    import phonenumbers  # noqa: PLC0415  # only for texts that the short way does not know

    text = _EXTENSION.sub(_blank, _OTHER.sub(_blank, text))
    found: list[tuple[int, str]] = []
    if region == "RU":
        found = [
            (match.start(), "+7" + _digits(match[0])[-10:]) for match in _RUSSIAN.finditer(text)
        ]
        text = _RUSSIAN.sub(_blank, text)
    for match in phonenumbers.PhoneNumberMatcher(
        _ABROAD.sub(" +", text), region, leniency=phonenumbers.Leniency.POSSIBLE
    ):
        number = _e164(match.raw_string, region, strict=not match.raw_string.startswith("+"))
        found += [(match.start, number)] if number else []
    if not found and _VANITY.fullmatch(text) and (number := _e164(text, region, strict=True)):
        found = [(0, number)]
    return tuple(dict.fromkeys(number for _, number in sorted(found)))


def _of_number(digits: str, region: str) -> str | None:
    """Read what a sheet took for a number: the plus is lost, and perhaps the country's code with it."""
    if region == "RU":
        if len(digits) == 11 and digits[0] in "78":  # noqa: PLR2004  # 7 or 8, then ten digits
            return "+7" + digits[1:]
        if len(digits) == 10 and digits[0] in "3489":  # noqa: PLR2004  # ten digits, the country left out
            return "+7" + digits
    return _e164("+" + digits if len(digits) > 10 else digits, region)  # noqa: PLR2004  # with the country's code


def phones(cell: Cell, region: str) -> tuple[str, ...]:
    """Return every phone of a cell in E.164, in the order in which they stand, each once."""
    text = plain(cell)
    if isinstance(cell, str):
        return _of_text(text, region) if len(text) >= 7 else ()  # noqa: PLR2004  # no country has shorter ones
    number = _of_number(text, region) if text.isdecimal() and not isinstance(cell, bool) else None
    return (number,) if number else ()


def read_phone(cell: Cell, region: str) -> Reading:
    """Read a cell's first phone to E.164. Russian numbers in their usual forms go the short way, for speed."""
    if region == "RU" and isinstance(cell, str) and (usual := _USUAL.fullmatch(cell)):
        return Reading("+7" + "".join(usual.groups()))
    found = phones(cell, region)
    return Reading(found[0]) if found else unread(plain(cell), "not_a_phone")


def phone_within(cell: Cell, region: str) -> Reading:
    """Read the first phone that stands in a cell among other things."""
    found = phones(cell, region)
    return Reading(found[0]) if found else EMPTY
