"""Whose phones a column holds is told by the column, and no number ever becomes another country's."""

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheetsync.values import Cell, Home, canonical, hint_of
from sheetsync.values.phone_regions import PhoneRegions, phone_regions
from tests.builders.reading import read

BELARUS: list[Cell] = ["8 (029) 310-45-60", "80293100001", "+375 29 310-00-02", 375293100003]
BRITAIN = ["020 7946 0000", "0161 496 0002", "029 2018 0003"]
BRAZIL = ["(41) 3456-7800", "(31) 99876-5401", "81987650002"]
MEXICO = ["55 1234 5678", "33 1234 5678", "81 8123 4567"]


@pytest.mark.parametrize(
    ("cells", "home", "known", "regions", "borne_out"),
    [
        (BELARUS, "RU", False, ("BY",), True),
        (BELARUS, "BY", True, ("BY",), True),
        (["8 912 345-67-89", "нет"], "RU", False, ("RU",), True),
        (["84951234567"], "RU", False, ("RU",), True),
        (["8 701 234 56 78"], "RU", False, ("RU",), True),  # Kazakhstan has the same code
        # Only Russia has such among those who write Russian: read so, and left as they are.
        (["9123456789", "912 345-67-80"], "RU", False, ("RU",), False),
        (["84 99123-4567", "84 99123-4568"], "RU", False, ("RU",), False),  # Natal, in Brazil
        (BRITAIN, "US", False, (), False),
        (BRITAIN, "GB", True, ("GB",), True),
        ([*BRITAIN, "+44 20 7946 0001"], "US", False, ("GB",), True),
        (BRAZIL, "RU", False, (), False),
        ([*BRAZIL, "+55 31 99876-5402"], "RU", False, ("BR",), True),
        (MEXICO, "US", False, (), False),  # the first is New Jersey's, too
        (["(212) 736-5000"], "US", False, (), False),
        (["1 212 736 5000"], "US", False, ("US",), True),
        (["90 100 45 60", "90 101 45 61"], "RU", False, (), False),  # Uzbekistan
        (["90 100 45 60", "90 101 45 61"], "RU", True, ("RU",), False),
        (
            ["+7 912 345-67-89", "+375 29 310-00-02", "8 029 310 00 03"],
            "RU",
            False,
            ("RU", "BY"),
            True,
        ),
        (["звонить Ивану", None, True, ""], "RU", False, (), True),
        (["12345"], "RU", False, (), True),
        (["+999 123456789"], "RU", False, (), True),
    ],
)
def test_a_column_tells_whose_its_phones_are(
    cells: list[Cell], home: str, *, known: bool, regions: tuple[str, ...], borne_out: bool
) -> None:
    assert phone_regions(cells, home, is_known=known) == PhoneRegions(regions, borne_out)


@pytest.mark.parametrize(
    ("cells", "home", "written"),
    [
        (
            BELARUS,
            Home("RU"),
            ["+375 29 310-45-60", "+375 29 310-00-01", None, "+375 29 310-00-03"],
        ),
        (BRITAIN, Home("US"), [None, None, None]),
        (
            BRITAIN,
            Home("GB", is_known=True),
            ["+44 20 7946 0000", "+44 161 496 0002", "+44 29 2018 0003"],
        ),
        (BRAZIL, Home("RU"), [None, None, None]),
        (MEXICO, Home("US"), [None, None, None]),
        # Both countries stand in the column, and the number is one of each.
        (
            [*MEXICO[:1], "+52 55 1234 5679", "+1 551 234 5670"],
            Home("US"),
            [None, None, "+1 551-234-5670"],
        ),
        (
            ["8 912 345-67-89", "8 029 310-45-60", "8 912 345-67-80"],
            Home("RU"),
            ["+7 912 345-67-89", None, "+7 912 345-67-80"],
        ),
        ([3456788003, "(41) 3456-7804"], Home("RU"), [None, None]),
    ],
)
def test_a_number_is_rewritten_only_where_its_column_bears_the_country_out(
    cells: list[Cell], home: Home, written: list[Cell]
) -> None:
    hint = hint_of("phone", cells, home)
    assert [
        canonical("phone", cell, read("phone", cell, home.region, hint), hint) for cell in cells
    ] == written


def test_what_is_no_number_is_explained_by_one_of_the_columns_country() -> None:
    hint = hint_of("phone", BELARUS, Home("RU"))
    reading = read("phone", "29 31", "RU", hint)
    assert reading.fault is not None
    assert (reading.fault.code, reading.fault.suggestion) == ("not_a_phone", "+375 29 491-19-11")


def test_a_number_of_nobody_knows_where_is_its_digits_and_no_fault() -> None:
    hint = hint_of("phone", BRITAIN, Home("US"))
    numbers = [read("phone", cell, "US", hint) for cell in ("020 7946 0000", "(020) 79460000")]
    assert [(number.value, number.fault) for number in numbers] == [("02079460000", None)] * 2


COUNTRIES = [
    "RU",
    "BY",
    "KZ",
    "UA",
    "UZ",
    "KG",
    "AM",
    "AZ",
    "GE",
    "MD",
    "TJ",
    "TM",
    "RS",
    "TR",
    "DE",
    "GB",
    "FR",
    "ES",
    "IT",
    "PL",
    "PT",
    "NL",
    "CZ",
    "FI",
    "SE",
    "US",
    "CA",
    "MX",
    "BR",
    "AR",
    "CL",
    "CO",
    "IN",
    "CN",
    "JP",
    "AU",
    "NZ",
    "ZA",
    "AE",
    "IL",
]


@st.composite
def numbers_of(draw: st.DrawFn, region: str) -> phonenumbers.PhoneNumber:
    """Draw a number that the country has given out: one of the library's, with other last digits."""
    kind = draw(st.sampled_from(["MOBILE", "FIXED_LINE"]))
    example = phonenumbers.example_number_for_type(
        region, getattr(phonenumbers.PhoneNumberType, kind)
    )
    example = example or phonenumbers.example_number(region)
    assert example is not None
    national = phonenumbers.national_significant_number(example)
    last = draw(st.integers(0, 9999))
    changed = phonenumbers.parse(f"+{example.country_code}{national[:-4]}{last:04}", None)
    return changed if phonenumbers.is_valid_number(changed) else example


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


@st.composite
def written(draw: st.DrawFn, number: phonenumbers.PhoneNumber) -> Cell:
    """Draw how somebody has typed a number: with its country's code or as one dials it at home."""
    form = draw(st.sampled_from(["NATIONAL", "INTERNATIONAL", "E164", "digits", "number", "bare"]))
    national = phonenumbers.national_significant_number(number)
    match form:
        case "digits":
            text = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
            return "".join(sign for sign in text if sign.isdecimal())
        case "number":
            return int(_e164(number).removeprefix("+"))
        case "bare":
            return int(national) if not national.startswith("0") else national
        case _:
            style = getattr(phonenumbers.PhoneNumberFormat, form)
            return str(phonenumbers.format_number(number, style))


@st.composite
def columns(draw: st.DrawFn) -> tuple[list[tuple[Cell, str]], Home]:
    """Draw a column of phones of one to three countries, each cell with the number it means.

    Of several countries each has its code somewhere, or is the one that was said: nothing else
    could tell a Brazilian's `21 2736-5000` from a New Yorker's.
    """
    regions = draw(st.lists(st.sampled_from(COUNTRIES), min_size=1, max_size=3, unique=True))
    is_known = draw(st.booleans())
    home = regions[0] if is_known else draw(st.sampled_from(["RU", "US", *regions]))
    cells: list[tuple[Cell, str]] = []
    for region in regions:
        numbers = draw(st.lists(numbers_of(region), min_size=3, max_size=5))
        cells.extend((draw(written(number)), _e164(number)) for number in numbers)
        if len(regions) > 1 and region != home:
            cells.append((_e164(numbers[0]), _e164(numbers[0])))
    return cells, Home(home, is_known)


@settings(max_examples=100, deadline=None)
@given(columns())
def test_no_number_of_forty_countries_becomes_another(
    column: tuple[list[tuple[Cell, str]], Home],
) -> None:
    pairs, home = column
    hint = hint_of("phone", [cell for cell, _ in pairs], home)
    for cell, meant in pairs:
        form = canonical("phone", cell, read("phone", cell, home.region, hint), hint)
        if form is not None:
            assert _e164(phonenumbers.parse(str(form), None)) == meant, (cell, form)
