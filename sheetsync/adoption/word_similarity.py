"""How headings are spelt: cut into words, their sound, and how near one word is to another.

Knows no field; `field_lexicon` puts fields to words. Latin letters are the library anyascii's;
which Latin spellings sound alike is told here.
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from anyascii import anyascii
from rapidfuzz import fuzz

from sheetsync.method.policy import template

LONGEST = 80
"""Characters of a heading that are looked at."""

_DOT_ABOVE = "\u0307"
"""What lower case leaves of the Turkish İ beside its i."""

_CAMEL = re.compile(r"(?<=[a-zа-яё])(?=[A-ZА-ЯЁ][a-zа-яё])")
_EMAIL = re.compile(r"\b[eе][\s-]?(?=mail)")
_ASIDE = re.compile(
    r"\([^)]*\)|\[[^\]]*\]|(?:без|с|в т\.?\s*ч\.?)\s+ндс|(?:incl|excl)\.?\s+vat"
)
_SHORTENED = re.compile(r"(?<![а-я])([а-я]{2,})-[а-я]{1,3}(?![а-я])")
_WORD = re.compile(r"[^\W\d_]+\.?|\d+")

_UNITS = frozenset(
    """
    руб рубль рублей рублях р тыс тысяч млн тг тенге usd eur rub kzt uah byn k шт гг г дд мм yyyy
    mm dd yy
    """.split()  # noqa: SIM905  # words read best as a line
)
_MODIFIERS = frozenset(
    """
    клиент клиента клиентов клиенту клиентом компании организации фирмы контрагента заказчика
    покупателя лпр лица лицо контактного конт менеджера продавца сотрудника наш наша наши текущий
    текущая основной основная этого планируемая планируемый плановая плановый ожидаемая ожидаемый
    предполагаемая предполагаемый примерная общая итоговая по с на к и в от у нас для
    the a of our client clients customer company account contact deal lead prospect opportunity s
    for in at is
    """.split()  # noqa: SIM905  # the same
)
"""Words that say little beside another one."""
_LIGHT = 0.25
"""The weight of such a word, in parts of a whole one."""
_SHORTEST, _LONGEST_WEIGHED = 3, 8
"""A word weighs as many as it has letters, within these."""

# The library writes `y`, which would be read as one sound with the vowel that follows.
_OTHERWISE = str.maketrans("ый", "ii")
_SOUNDS = {
    "shch": "sh",
    "sch": "sh",
    "kh": "h",
    "ja": "ia",
    "ya": "ia",
    "ju": "iu",
    "yu": "iu",
    "yo": "e",
    "jo": "e",
    "ye": "e",
    "y": "i",
    "j": "i",
    "ii": "i",
    "'": "",
}
"""Latin spellings of Russian sounds -> the one that stands for all of them; longer ones first."""

_ABBREVIATED, _BEGUN = 0.95, 0.88
"""How near a word is that is cut short with a full stop, and one that is without."""
_SHORTEST_ABBREVIATED, _SHORTEST_BEGUN = 2, 4
_INFLECTED, _STEM, _STEM_SHARE = 0.93, 3, 0.68
_LONG_STEM, _LONG_STEM_SHARE, _LONGEST_ENDING = 6, 0.58, 4
"""Letters of a stem that forms of a word share, and its part of the longer one."""
_MISTYPED, _SHORTEST_MISTYPED, _LIKENESS = 0.88, 5, 84
"""How near a mistyped word is; the letters it has; its likeness, in per cent."""


def plain(text: str) -> str:
    """Return a heading in lower case on one line, ё as е, without what stands in brackets."""
    spaced = _CAMEL.sub(" ", text[:LONGEST].replace("_", " "))
    folded = spaced.casefold().replace("ё", "е").replace(_DOT_ABOVE, "")
    short = _SHORTENED.sub(r"\1.", _EMAIL.sub("e", folded))
    without_asides = _ASIDE.sub(" ", short).strip()
    return " ".join((without_asides or short).split())


@lru_cache(maxsize=8192)
def words(text: str) -> tuple[str, ...]:
    """Cut a heading into its words; a full stop stays with an abbreviation.

    Units and numbers go where words remain.
    """
    every = _WORD.findall(plain(text))
    telling = [
        word
        for word in every
        if not word.isdigit() and word.rstrip(".") not in _UNITS
    ]
    return tuple(telling or every)


def weights(spelling: Sequence[str]) -> tuple[float, ...]:
    """Say how much each word matters: “of the client” says little beside another word."""
    modifiers = _modifiers()
    light = [word.rstrip(".") in modifiers for word in spelling]
    if spelling and spelling[-1].isascii():
        # In English the last word is what the others only qualify.
        light[-1] = False
    # Where every word is light, they are all that the heading has to say.
    if all(light):
        light = [False] * len(light)
    return tuple(
        _weight(word) * (_LIGHT if is_light else 1.0)
        for word, is_light in zip(spelling, light, strict=True)
    )


@cache
def _modifiers() -> frozenset[str]:
    """Return the words that say little beside another one, in every language."""
    foreign = template("en").foreign_words
    beside = {word.casefold() for words in foreign for word in words.beside}
    return _MODIFIERS | beside


def _weight(word: str) -> int:
    return min(max(len(word), _SHORTEST), _LONGEST_WEIGHED)


@lru_cache(maxsize=4096)
def sounds(word: str) -> str:
    """Reduce a word to how it sounds in Latin letters, so that “menedzher” is “менеджер”."""
    latin = anyascii(word.translate(_OTHERWISE)).casefold()
    for written, heard in _SOUNDS.items():
        latin = latin.replace(written, heard)
    return latin


@lru_cache(maxsize=200_000)
def near(word: str, known: str) -> float:
    """Say how near a word of a heading is to a known one: 1 the same, 0 another.

    Full stops mark abbreviations.
    """
    bare = word.rstrip(".")
    base = known.rstrip(".")
    if bare == base:
        return 1.0
    shorter, longer = sorted((bare, base), key=len)
    is_abbreviation = word.endswith(".") and shorter == bare
    shortest = _SHORTEST_ABBREVIATED if is_abbreviation else _SHORTEST_BEGUN
    if longer.startswith(shorter) and len(shorter) >= shortest:
        return _ABBREVIATED if is_abbreviation else _BEGUN
    return _inflected(shorter, longer) or _mistyped(bare, base)


def _inflected(shorter: str, longer: str) -> float:
    """Score two forms of one word: a long common stem and short endings."""
    stem = _common_stem(shorter, longer)
    share = _STEM_SHARE if stem < _LONG_STEM else _LONG_STEM_SHARE
    ending = len(longer) - stem
    if stem < max(_STEM, share * len(longer)) or ending > _LONGEST_ENDING:
        return 0.0
    return _INFLECTED


def _common_stem(shorter: str, longer: str) -> int:
    """Return how many letters two words begin with alike."""
    for place, letter in enumerate(shorter):
        if letter != longer[place]:
            return place
    return len(shorter)


def _mistyped(word: str, known: str) -> float:
    if min(len(word), len(known)) < _SHORTEST_MISTYPED:
        return 0.0
    return _MISTYPED if fuzz.ratio(word, known) >= _LIKENESS else 0.0
