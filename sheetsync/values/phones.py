"""Phones, to E.164: what Excel made of them, one or several in a cell, with words and extensions.

Numbers of other countries, and all that is unusual, are the library `phonenumbers`'.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from sheetsync.values.cells import Cell, CellFault, Reading, plain, unread

_GAP = r"[ ().\-]*"
# `+8 912` and `+89…` are slips for 8: there is no country 89.
_COUNTRY = r"(?:\+ ?7|(?<![\d+])[78]|(?<!\d)\+8(?=[ (9-]))"
# No Russian or Kazakh number begins with these: `8 (029) 310-45-60` is a Belarusian one.
_LONG = rf"{_COUNTRY}{_GAP}(?![0125])[0-9](?:{_GAP}[0-9]){{9}}"
# Not what begins with an 8 by itself: `8 912 345-67-8` lacks a digit.
_SHORT = rf"(?<![\d+])\(?(?!8\D)[3489](?:{_GAP}[0-9]){{9}}"
_RUSSIAN = re.compile(rf"(?:{_LONG}|{_SHORT})(?![0-9])")
_USUAL = re.compile(
    r"(?:\+7|[78])[ ()\-]*([346789]\d{2})[ ()\-]*(\d{3})[ \-]*(\d{2})[ \-]*(\d{2})",
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
_RUSSIAN_NUMBER = re.compile(r"[78][346789][0-9]{9}|[3489][0-9]{9}")
_NATIONAL_RUSSIAN = 10
# Russian numbers that a sheet took for a number, with 7 or 8 before them.
_FIRST, _LAST = 70_000_000_000, 89_999_999_999
# Before more digits than this stands the code of a country.
_NATIONAL = 10
# No country has shorter numbers.
_SHORTEST = 7
# Of fewer digits than these a number has no code of its town; of more E.164 knows none.
_LOCAL_WITH_AREA, _LONGEST = 8, 15
# A country whose numbers are of more lengths than these has them of any.
_LENGTHS = 7
RUSSIA = "RU"
LONE_PHONE = re.compile(r"\+?[\d ().-]+", re.ASCII)
"""A text that may be one number, and holds nothing else."""
_EXPLICIT = re.compile(r"[( ]*(?:\+|00[ .-]?(?=[1-9]))", re.ASCII)


def phones(
    cell: Cell, region: str, regions: tuple[str, ...] | None = None
) -> tuple[str, ...]:
    """Return every phone of a cell in E.164, in the order in which they stand, each once.

    `region` is ISO 3166-1: whose numbers those without a country are, where nobody has looked at
    the column (`regions` None). `regions`: those that the column bears out (`phone_regions`), the
    likeliest first; where it bears out none, a number without a code is its digits alone, with no
    plus before them: equal ones are equal, and nobody's country is made up.
    """
    text = plain(cell)
    if isinstance(cell, str):
        return _of_text(text, region, regions)
    if not text.isdecimal():
        return ()
    number = _of_number(text, region, regions)
    return (number,) if number else ()


def read_phone(
    cell: Cell, region: str, regions: tuple[str, ...] | None = None
) -> Reading:
    """Read a cell's first phone to E.164 (see `phones`). Fault: not_a_phone.

    Russian numbers in their usual forms go the short way, for speed.
    """
    first = (regions or (region,))[0]
    usual = usual_russian(cell) if first == RUSSIA else None
    if usual is not None:
        return Reading(usual)
    numbers = phones(cell, region, regions)
    if numbers:
        return Reading(numbers[0])
    reading = unread(plain(cell), "not_a_phone")
    if reading.fault is None:
        return reading
    return Reading(None, CellFault("not_a_phone", _example(region, first)))


def _example(region: str, first: str) -> str:
    """Return a number of the base's own region, unless the column's (`first`) has another code."""
    import phonenumbers  # noqa: PLC0415  # see below

    codes = map(phonenumbers.country_code_for_region, (region, first))
    return example_phone(region if len({*codes}) == 1 else first)


@cache
def example_phone(region: str) -> str:
    """Return a number of a region (ISO 3166-1) as people would write it; "" where none is known."""
    # Loaded here, as it is needed only where a number cannot be read.
    import phonenumbers  # noqa: PLC0415

    number = phonenumbers.example_number_for_type(
        region, phonenumbers.PhoneNumberType.MOBILE
    )
    if number is None:
        return ""
    return str(
        phonenumbers.format_number(
            number, phonenumbers.PhoneNumberFormat.INTERNATIONAL
        )
    )


def usual_russian(cell: Cell) -> str | None:
    """Return the number of a cell that holds nothing but a Russian one, in a usual form.

    Kazakhstan's numbers are such, too.
    """
    if isinstance(cell, str):
        usual = _USUAL.fullmatch(cell)
        return "+7" + "".join(usual.groups()) if usual else None
    if cell is None or not _FIRST <= cell <= _LAST or cell != int(cell):
        return None
    digits = str(int(cell))
    return f"+7{digits[1:]}" if _RUSSIAN_NUMBER.fullmatch(digits) else None


def phone_within(
    cell: Cell, region: str, regions: tuple[str, ...] | None = None
) -> Reading:
    """Read the first phone that stands in a cell among other things."""
    return Reading(next(iter(phones(cell, region, regions)), None))


def digits_of(text: str) -> str:
    """Return a text without all but its digits."""
    return re.sub(r"[^0-9]", "", text)


def is_explicit(text: str) -> bool:
    """Tell whether a number (as of `plain`) says itself which country's it is: `+49…`, `0049…`."""
    return bool(_EXPLICIT.match(text))


def valid_number(text: str, region: str) -> str | None:
    """Return a text that is one valid number of `region` in E.164, else None.

    With its country's code or without; valid is what that country has really given out.
    """
    # Loaded here, as it is needed only for what the short way does not know.
    import phonenumbers  # noqa: PLC0415

    number = _e164(text, region, strict=True)
    if number is None or _lacks_trunk(text, number, region):
        return None
    code = phonenumbers.country_code_for_region(region)
    return number if number.startswith(f"+{code}") else None


def is_valid(number: str) -> bool:
    """Tell whether a number in E.164 is one that its country has given out."""
    return _e164(number, RUSSIA, strict=True) is not None


@cache
def _open_trunk(region: str) -> str | None:
    """Return what is dialled before the numbers of a country that has them of any length.

    In Germany or Austria nearly every row of digits is a number; only the 0 before it tells.
    """
    import phonenumbers  # noqa: PLC0415  # see above

    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
    if metadata is None or metadata.general_desc is None:
        return None
    lengths = metadata.general_desc.possible_length
    return metadata.national_prefix if len(lengths) > _LENGTHS else None


def _lacks_trunk(text: str, number: str, region: str) -> bool:
    trunk = _open_trunk(region)
    if trunk is None or is_explicit(text):
        return False
    digits = digits_of(text)
    return not digits.startswith((trunk, number.removeprefix("+")))


@lru_cache(maxsize=100_000)
def _of_text(
    text: str, region: str, regions: tuple[str, ...] | None
) -> tuple[str, ...]:
    if len(text) < _SHORTEST:
        return ()
    text = _EXTENSION.sub(_blank, _OTHER.sub(_blank, text))
    by_place = _in_regions(text, regions or (region,), is_sure=regions != ())
    if not by_place:
        vanity = _vanity(text, region)
        rest = _of_nowhere(text) if regions == () else _possible(text, regions)
        return vanity or rest
    return tuple(dict.fromkeys(number for _, number in sorted(by_place)))


def _in_regions(
    text: str, regions: tuple[str, ...], *, is_sure: bool
) -> list[tuple[int, str]]:
    """Find the numbers of a text, each with its place; each is the first region's that has it.

    Where it is not sure that these are the regions, a number without a code is its digits.
    """
    by_place: list[tuple[int, str]] = []
    for country in regions:
        if country == RUSSIA and is_sure:
            by_place.extend(_russian_in(text))
            text = _RUSSIAN.sub(_blank, text)
        for start, raw, number in _matched_in(text, country):
            is_national = not is_sure and not raw.startswith("+")
            by_place.append((start, digits_of(raw) if is_national else number))
            end = start + len(raw)
            text = f"{text[:start]}{';' * len(raw)}{text[end:]}"
    return by_place


def _of_nowhere(text: str) -> tuple[str, ...]:
    """Return the digits of a number of which nothing tells the country."""
    if not LONE_PHONE.fullmatch(text):
        return ()
    digits = digits_of(text)
    if not _LOCAL_WITH_AREA <= len(digits) <= _LONGEST or not digits.strip("0"):
        return ()
    return (digits,)


def _possible(text: str, regions: tuple[str, ...] | None) -> tuple[str, ...]:
    """Return a number as long as those of the likeliest region, though it is none given out.

    New ranges are given out every year. What a Russian number looks like is told by its form.
    """
    if not regions or regions[0] == RUSSIA or not LONE_PHONE.fullmatch(text):
        return ()
    number = _e164(text, regions[0])
    return (number,) if number else ()


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


def _matched_in(text: str, region: str) -> list[tuple[int, str, str]]:
    """Find the numbers that the library sees, each with its place and as it is written."""
    # Loaded here, as it is needed only for texts that the short way does not know.
    import phonenumbers  # noqa: PLC0415

    matched = []
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
            matched.append((match.start, match.raw_string, number))
    return matched


def _blank(match: re.Match[str]) -> str:
    """Keep the place of what is taken out, so that the rest stands where it stood."""
    return ";" * len(match[0])


def _of_number(
    digits: str, region: str, regions: tuple[str, ...] | None
) -> str | None:
    """Read what a sheet took for a number: the plus is lost, and perhaps the country's code."""
    for country in regions if regions is not None else (region,):
        if country == RUSSIA and _RUSSIAN_NUMBER.fullmatch(digits):
            return "+7" + digits[-_NATIONAL_RUSSIAN:]
        number = _e164(digits, country, strict=True)
        if number:
            return number
    if regions is None and len(digits) > _NATIONAL:
        return _e164("+" + digits, region)
    rest = _possible(digits, regions) if regions else _of_nowhere(digits)
    return next(iter(rest), None)


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
