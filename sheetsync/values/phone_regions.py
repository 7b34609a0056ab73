"""Which countries' phones a column holds, told by the column itself.

A number without its country's code is several countries' at once: `55 1234 5678` is one of Mexico
City and one of New Jersey. So it is neither read as a country's nor rewritten on the word of a
language or of a default alone: the column has to bear the country out.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from sheetsync.values.cells import Cell, plain
from sheetsync.values.phones import (
    LONE_PHONE,
    RUSSIA,
    digits_of,
    is_explicit,
    usual_russian,
    valid_number,
)

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

FITTING = 2 / 3
"""The share of a column's numbers that must be valid in the countries it tells."""
OWN_SHARE = 0.1
"""The share of numbers without a plus that must be written as only the base's own region does."""
SAMPLE = 500
"""How many numbers without a code are looked at: more say the same."""
_SHORTEST, _LONGEST = 8, 15
_AMONG = re.compile(r"\+?[0-9](?:[ ().\-]{0,2}[0-9]){6,14}")
_GROUP = re.compile(r"[0-9]+")
_WORLD = "001"
"""The library's region of numbers that no country has, such as +800."""
_KIN = {
    RUSSIA: ("BY", "UA", "UZ", "KG", "AM", "AZ", "GE", "MD", "TJ", "TM"),
}
"""Region -> others in whose bases its language is written: a number of both bears out neither."""


class PhoneRegions(NamedTuple):
    """The regions (ISO 3166-1) whose phones a column holds, the likeliest first.

    `borne_out`: the column itself shows it, so that numbers without a code may be rewritten.
    """

    regions: tuple[str, ...]
    borne_out: bool


def phone_regions(
    cells: Iterable[Cell], region: str, *, is_known: bool
) -> PhoneRegions:
    """Return the regions whose phones a column holds.

    `region`: the base's own; `is_known`: somebody has said so, it is not just what the language
    suggests. Borne out is a country whose code stands in the column; the base's own, where it is
    known, or where numbers stand there in a form that only that country has; where they are only
    such as no other country of its language has, they are read so and not rewritten. But where a
    third of the numbers is of none of these, the column holds something else, and of numbers
    without a code nothing is borne out. The region of code 7 is RU, of code 1 US,
    as the library has it.
    """
    own = main_region(region)
    evidence = _evidence(cells, own)
    explicit = evidence.explicit
    regions = sorted(explicit)
    is_likely = False
    if own and (is_known or own in explicit):
        regions = [own, *(other for other in regions if other != own)]
    elif own and _bear_out(evidence.national, own):
        regions.append(own)
    elif own and not regions and _are_only_of(evidence.national, own):
        regions = [own]
        is_likely = True
    fits = _fits(evidence.national, regions, explicit.total())
    is_read = fits or is_known or explicit
    return PhoneRegions(
        tuple(regions) if is_read else (), fits and not is_likely
    )


class _Evidence(NamedTuple):
    """The numbers of a column: how many name a region's code, and those that name none."""

    explicit: Counter[str]
    national: Sequence[str]


def _evidence(cells: Iterable[Cell], own: str | None) -> _Evidence:
    """Sort a column's numbers. `own`: the region whose numbers are seen among other things too."""
    explicit = Counter[str]()
    national: list[str] = []
    codes = _Codes()
    for text, is_alone in _numbers(cells):
        if is_explicit(text):
            code_region = codes.region_of(text)
            if code_region:
                explicit[code_region] += 1
        elif is_alone or (own and valid_number(text, own)):
            national.append(text)
    return _Evidence(explicit, _sample(national))


class _Codes:
    """Tells the countries whose codes numbers begin with, each once a valid number had it."""

    def __init__(self) -> None:
        self.region_by_code = dict[int, str | None]()

    def region_of(self, text: str) -> str | None:
        """Return the region of a number's code; None where no number of it was valid so far."""
        if usual_russian(text):
            return RUSSIA
        code = _code_of(text)
        if code is None:
            return None
        # One valid number shows that the code is one; to look at each would take seconds.
        if self.region_by_code.get(code) is None:
            self.region_by_code[code] = region_of_code(text)
        return self.region_by_code[code]


def _code_of(text: str) -> int | None:
    import phonenumbers  # noqa: PLC0415  # as above

    digits = digits_of(text).removeprefix("00")
    for length in (1, 2, 3):
        code = int(digits[:length] or 0)
        if code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            return code
    return None


def _sample(texts: Sequence[str]) -> list[str]:
    """Return so many of the texts as are looked at, the same ones wherever they stand."""
    if len(texts) <= SAMPLE:
        return [*texts]
    return sorted(texts)[:: len(texts) // SAMPLE + 1]


def with_countries(
    cells: Sequence[Cell], countries: Sequence[str], unless: str = ""
) -> list[Cell]:
    """Return phones with the code of their row's country (ISO 3166), where they are its numbers.

    What names its country itself stays, and so does all that is no valid number of the row's, and
    what is one of `unless` too.
    """
    pairs = zip(cells, countries, strict=True)
    return [_with_country(cell, country, unless) for cell, country in pairs]


def _with_country(cell: Cell, country: str, unless: str) -> Cell:
    if not country or cell is None or isinstance(cell, bool):
        return cell
    text = plain(cell)
    if is_explicit(text) or not LONE_PHONE.fullmatch(text):
        return cell
    number = valid_number(text, country)
    if number is None or (unless and valid_number(text, unless)):
        return cell
    return number


def regions_named(cells: Iterable[Cell]) -> Counter[str]:
    """Count the countries (ISO 3166-1) whose codes stand before distinct numbers."""
    # Loaded here, as only adopting a base asks for it.
    import phonenumbers  # noqa: PLC0415

    named = Counter[str]()
    for text, _ in _numbers(cells):
        if is_explicit(text):
            number = _parsed(text)
            region = (
                phonenumbers.region_code_for_number(number) if number else None
            )
            if region:
                named[str(region)] += 1
    return named


def _numbers(cells: Iterable[Cell]) -> list[tuple[str, bool]]:
    """Return the distinct texts that may be a number each.

    Each with whether it is all of its cell: what stands among other things may be a date, or
    anything.
    """
    texts: dict[tuple[str, bool], None] = {}
    for cell in cells:
        if isinstance(cell, bool) or cell is None or cell == "":
            continue
        text = plain(cell)
        is_alone = LONE_PHONE.fullmatch(text) is not None
        for number in [text] if is_alone else _AMONG.findall(text):
            if _SHORTEST <= len(digits_of(number)) <= _LONGEST:
                texts.setdefault((number, is_alone))
    return [*texts]


def region_of_code(text: str) -> str | None:
    """Return the region of the code that a number in the international form begins with.

    None where it is no valid number.
    """
    number = _parsed(text)
    return None if number is None else _region_of(number.country_code)


def _parsed(text: str) -> "PhoneNumber | None":
    """Return a number in the international form; None where it is no valid one."""
    # Loaded here, as Russian numbers do without.
    import phonenumbers  # noqa: PLC0415

    international = text.lstrip("( ")
    if international.startswith("00"):
        international = "+" + international[2:]
    try:
        number = phonenumbers.parse(international, None)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def main_region(region: str) -> str | None:
    """Return the region that stands for all that share its code, as RU for KZ; None: not known."""
    import phonenumbers  # noqa: PLC0415

    return _region_of(phonenumbers.country_code_for_region(region))


def _region_of(code: int | None) -> str | None:
    import phonenumbers  # noqa: PLC0415

    if not code:
        return None
    region = str(phonenumbers.region_code_for_country_code(code))
    return None if region in (_WORLD, "ZZ") else region


def _bear_out(national: Sequence[str], region: str) -> bool:
    """Tell whether numbers without a plus are written as only `region` writes them."""
    own_forms = sum(_is_own_form(text, region) for text in national)
    return bool(own_forms) and own_forms >= OWN_SHARE * len(national)


def _is_own_form(text: str, region: str) -> bool:
    """Tell whether a number begins with the region's code, or what it alone dials before it."""
    import phonenumbers  # noqa: PLC0415

    number = valid_number(text, region)
    if number is None:
        return False
    code = str(phonenumbers.country_code_for_region(region))
    trunk = phonenumbers.ndd_prefix_for_region(region, strip_non_digits=True)
    # A 0 before the number is half of the world's way; an 8 is not.
    prefixes = {code} if trunk in (None, "0") else {code, str(trunk)}
    first_group = _GROUP.search(text)
    if first_group is None:
        return False
    # Where digits stand apart, so does what is dialled first: `84 99123-4567` is no `8 499…`.
    is_apart = len(first_group[0]) < len(digits_of(text))
    return any(
        _stands_before(prefix, digits_of(text), number)
        and (not is_apart or first_group[0] == prefix)
        for prefix in prefixes
    )


def _are_only_of(national: Sequence[str], region: str) -> bool:
    """Tell whether most numbers are valid in `region`, and in none whose language is the same."""
    kin = _KIN.get(region, ())
    alone = sum(
        valid_number(text, region) is not None
        and not any(valid_number(text, other) for other in kin)
        for text in national
    )
    return bool(kin) and bool(alone) and alone >= FITTING * len(national)


def _stands_before(trunk: str, digits: str, number: str) -> bool:
    national = digits.removeprefix(trunk)
    return national != digits and number.endswith(national)


def _fits(
    national: Sequence[str], regions: Collection[str], explicit: int
) -> bool:
    """Tell whether most numbers are of these regions; `explicit`: how many say so themselves.

    Those count too: a number that was written in the international form yesterday is no less a
    witness today, and a second night finds nothing new.
    """
    fitting = explicit
    for text in national:
        if any(valid_number(text, region) for region in regions):
            fitting += 1
    return fitting >= FITTING * (explicit + len(national))
