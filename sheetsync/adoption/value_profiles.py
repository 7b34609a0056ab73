"""What the values of a column look like: shares of dates, phones, names and the like in a sample.

How such things are written stands in `value_patterns`; which field a column may be is
`field_scores`' to say.

Traits of a cell: `boolean`, `number`, `date`, `share`, `amount`; `digits` (too long for a sum);
`tax_number` (its check digits are right), `long_number` (as long as one), `code`; `phone`, `email`
(nothing else beside), `has_phone`, `has_email`, `named_phone` (words beside); `url`; `text`,
`sentence`; `company`, `person`, `patronymic`, `role`, `city`, `step`, `source`; and `word:state`
and the like, for words of the method's dictionaries by the type of their column. A whole column
has `counter` too: how far it counts its rows.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise

from stdnum.ru import inn

from sheetsync.adoption.value_patterns import (
    CITY,
    CODE,
    COMPANY,
    EMAIL_WITHIN,
    ENUMERATED,
    ERROR,
    PATRONYMIC,
    PERSON,
    PHONE,
    PHONE_WITHIN,
    PHONE_WORDS,
    PIPELINE,
    ROLE,
    SHARE,
    SOURCE,
    STEP,
    URL,
)
from sheetsync.method.policy import template
from sheetsync.method.vocabulary import DICTIONARIES, dictionary
from sheetsync.values import Cell, Vocabulary, clean, fold, is_no_day, reader

SAMPLE = 150
"""How many cells of a column are looked at."""

LONGEST = 300
"""Characters of a cell that are looked at."""

_TAX_LENGTHS = (9, 10, 11, 12)
"""Digits of tax numbers, with their leading zero and without; ten for firms, twelve for people."""
_LONGEST_OF_FIRMS = 10
_TOWN_PHONE, _PHONE_WITHOUT_COUNTRY, _PHONE_WITH_COUNTRY, _PHONES_ABROAD = (
    7,
    10,
    11,
    (12, 13),
)
"""Digits of phones."""

_FIRST_DAY, _LAST_DAY = 32874, 54789
"""Serial days from 1990 to 2049: a number within may be a date."""

_LONGEST_SUM = 8
"""Digits of a sum: nobody sells for a billion."""

_LONGEST_PHRASE, _MOST_SPACES = 40, 3
"""A longer text, or one of more words, is a sentence."""

_PHRASES = {"role": ROLE, "city": CITY, "step": STEP, "source": SOURCE}

_LONGEST_NUMBER, _FEWEST_NUMBERS, _MOST_NUMBERED = 6, 3, 0.9
_HIGHEST_START, _WIDEST_STRIDE = 1000, 5
"""Of a column that counts rows: digits and number of its numbers, where it begins, its stride."""


@dataclass(frozen=True)
class ValueProfile:
    """How the cells of a column look.

    `filled`: how many say something at all. Of a sample of these: `shares`: of each trait, from 0
    to 1; `distinct_texts`, and the share of these; `mean_length` in characters.
    """

    filled: int = 0
    shares: Mapping[str, float] = field(default_factory=dict)
    distinct_share: float = 0.0
    distinct_texts: int = 0
    mean_length: float = 0.0

    def share(self, trait: str) -> float:
        """Return the share of cells with a trait."""
        return self.shares.get(trait, 0.0)


def blank(cell: Cell) -> bool:
    """Tell whether a cell says nothing: empty, spaces, an error, a formula without its value."""
    if cell is None:
        return True
    if not isinstance(cell, str):
        return False
    text = cell.strip()
    return not text or cell.startswith("=") or ERROR.fullmatch(text) is not None


def sample(cells: Sequence[Cell], size: int = SAMPLE) -> list[Cell]:
    """Take cells evenly from the whole length of a column."""
    if len(cells) <= size:
        return list(cells)
    return [cells[number * len(cells) // size] for number in range(size)]


def profile_of(cells: Iterable[Cell]) -> ValueProfile:
    """Look at a column's cells."""
    filled = [cell for cell in cells if not blank(cell)]
    sampled = sample(filled)
    if not sampled:
        return ValueProfile()
    size = len(sampled)
    counts: Counter[str] = Counter()
    for cell in sampled:
        counts.update(traits(cell))
    shares = {trait: count / size for trait, count in counts.items()}
    shares["counter"] = _counting_share(sampled)
    texts = [clean(cell) for cell in sampled]
    distinct = {fold(text[:LONGEST]) for text in texts}
    return ValueProfile(
        filled=len(filled),
        shares=shares,
        distinct_share=len(distinct) / size,
        distinct_texts=len(distinct),
        mean_length=sum(map(len, texts)) / size,
    )


def _counting_share(cells: Sequence[Cell]) -> float:
    """Return the share of steps up by a small even stride: 1, 2, 3 and so on."""
    texts = [clean(cell) for cell in cells]
    numbers = [int(text) for text in texts if _is_number_of_row(text)]
    if len(numbers) < max(_FEWEST_NUMBERS, len(cells) * _MOST_NUMBERED):
        return 0.0
    steps = [after - before for before, after in pairwise(numbers)]
    stride = max(1, sorted(steps)[len(steps) // 2])
    if numbers[0] > _HIGHEST_START or stride > _WIDEST_STRIDE:
        return 0.0
    even = sum(0 < step <= stride + 1 for step in steps)
    return even / len(steps)


def _is_number_of_row(text: str) -> bool:
    return _is_digits(text) and len(text) <= _LONGEST_NUMBER


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def traits(cell: Cell) -> frozenset[str]:
    """Return what one cell looks like; it may look like several things at once."""
    if isinstance(cell, bool):
        return frozenset({"boolean"})
    if isinstance(cell, str):
        return _traits_of_text(cell[:LONGEST].strip())
    return _traits_of_number(cell)


@lru_cache(maxsize=50_000)
def _traits_of_number(cell: float | None) -> frozenset[str]:
    number = float(cell or 0)
    text = clean(cell)
    found = {"number"} | _dictionary_traits(text)
    is_serial_day = _FIRST_DAY <= number <= _LAST_DAY
    if is_serial_day or (number.is_integer() and _is_date(text)):
        found.add("date")
    if 0 < number <= 1:
        found.add("share")
    if _is_digits(text):
        found |= _digit_traits(text)
    return frozenset(found)


@lru_cache(maxsize=50_000)
def _traits_of_text(text: str) -> frozenset[str]:
    plain = clean(text)
    digits = sum(map(str.isdigit, plain))
    found = (
        _dictionary_traits(plain)
        | _address_traits(plain)
        | _phrase_traits(plain)
    )
    if sum(map(str.isalpha, plain)) > digits:
        found.add("text")
    if digits:
        found |= _numeral_traits(plain, digits)
    return frozenset(found)


def _numeral_traits(text: str, digits: int) -> set[str]:
    """Tell a text with digits: a date is nothing else; a phone or a tax number is no sum."""
    if _is_date(text):
        return {"date"}
    found = _phone_traits(text, digits)
    first = text.split("/", maxsplit=1)[0]
    if _is_digits(first):
        found |= _digit_traits(first)
    if CODE.fullmatch(text):
        found.add("code")
    if SHARE.fullmatch(text):
        found.add("share")
    elif not found & {"phone", "tax_number"} and _is_amount(text):
        too_long = text.isdigit() and len(text) > _LONGEST_SUM
        found.add("digits" if too_long else "amount")
    return found


def _is_date(text: str) -> bool:
    # Zeros that stand for no day are a date's, and no phone's.
    if is_no_day(text):
        return True
    reading = reader("date", "RU", None)(text)
    if reading.fault is not None:
        return reading.fault.code in ("no_such_day", "odd_year")
    return reading.value is not None


def _is_amount(text: str) -> bool:
    return reader("amount", "RU", None)(text).value is not None


def _phone_traits(text: str, digits: int) -> set[str]:
    found = set()
    if digits >= _TOWN_PHONE and not text.isdigit() and _is_all_phones(text):
        found.add("phone")
    if PHONE_WITHIN.search(text):
        found.add("has_phone")
        if _names_somebody(text):
            found.add("named_phone")
    return found


def _is_all_phones(text: str) -> bool:
    parts = [
        part.strip()
        for part in re.split(r"[,;/]|\n| или | or ", text)
        if part.strip()
    ]
    return bool(parts) and all(map(PHONE.fullmatch, parts))


def _names_somebody(text: str) -> bool:
    """Tell whether a word is left beside a phone, but for addresses and words like “tel.”."""
    rest = PHONE_WITHIN.sub("", EMAIL_WITHIN.sub("", text))
    return re.search(r"[^\W\d_]{3,}", PHONE_WORDS.sub("", rest)) is not None


def _digit_traits(digits: str) -> set[str]:
    """Tell a run of digits: a tax number by its check digits, a phone by its length."""
    found = set()
    if len(digits) in _TAX_LENGTHS:
        found.add("long_number")
        # A tax number that was typed as a number has lost its leading zero.
        whole = digits.zfill(10 if len(digits) <= _LONGEST_OF_FIRMS else 12)
        if inn.is_valid(whole):
            found.add("tax_number")
    if _is_phone(digits, is_tax_number="tax_number" in found):
        found.add("phone")
    return found


def _is_phone(digits: str, *, is_tax_number: bool) -> bool:
    if len(digits) == _PHONE_WITHOUT_COUNTRY:
        # A firm's tax number has ten digits too: its check digits decide.
        return not is_tax_number
    if len(digits) == _PHONE_WITH_COUNTRY:
        return digits[0] in "78"
    return len(digits) in _PHONES_ABROAD


def _address_traits(text: str) -> set[str]:
    if "@" in text and EMAIL_WITHIN.search(text):
        beside = EMAIL_WITHIN.sub("", text).strip(" ,;/")
        # A bracket or a stroke beside an address says nothing.
        nothing_else = len(beside) <= 3  # noqa: PLR2004
        return {"has_email", "email"} if nothing_else else {"has_email"}
    return {"url"} if URL.fullmatch(text) else set()


def _phrase_traits(text: str) -> set[str]:
    found = set()
    if COMPANY.search(text):
        found.add("company")
    elif PERSON.fullmatch(text):
        found.add("person")
    if PATRONYMIC.search(text):
        found.add("patronymic")
    if len(text) <= _LONGEST_PHRASE:
        found |= {
            trait for trait, pattern in _PHRASES.items() if pattern.search(text)
        }
    if len(text) > _LONGEST_PHRASE or text.count(" ") > _MOST_SPACES:
        found.add("sentence")
    return found


@cache
def _vocabularies() -> Mapping[str, Vocabulary]:
    """Return the dictionaries of both languages, by the type of column."""
    return {kind: dictionary(template("ru"), kind) for kind in DICTIONARIES}


def _dictionary_traits(text: str) -> set[str]:
    word = fold(ENUMERATED.sub("", PIPELINE.sub("", text)))
    if not word:
        return set()
    known = _vocabularies().items()
    return {
        f"word:{kind}"
        for kind, vocabulary in known
        if word in vocabulary.spellings
    }
