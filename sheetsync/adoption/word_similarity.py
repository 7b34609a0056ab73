"""How headings are spelt: cut into words, transliterated, and how near one word is to another.

Knows no field; `lexicon` puts fields to words.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz

LONGEST = 80
"""Characters of a heading that are looked at."""

_CAMEL = re.compile(r"(?<=[a-zа-яё])(?=[A-ZА-ЯЁ][a-zа-яё])")
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|(?:без|с|в т\.?\s*ч\.?)\s+ндс|(?:incl|excl)\.?\s+vat")
_SHORTENED = re.compile(r"(?<![а-я])([а-я]{2,})-[а-я]{1,3}(?![а-я])")
_WORD = re.compile(r"[^\W\d_]+\.?|\d+")
_UNITS = frozenset(
    "руб рубль рублей рублях р тыс тысяч млн тг тенге usd eur rub kzt uah byn k шт гг г дд мм yyyy mm dd yy".split()  # noqa: SIM905  # words read best as a line
)
_MODIFIERS = frozenset(
    """клиент клиента клиентов клиенту клиентом компании организации фирмы контрагента заказчика покупателя лпр лица лицо
    контактного конт менеджера продавца сотрудника наш наша наши текущий текущая основной основная этого планируемая планируемый
    плановая плановый ожидаемая ожидаемый предполагаемая предполагаемый примерная общая итоговая по с на к и в от у нас для
    the a of our client clients customer company account contact deal lead prospect opportunity s for in at is""".split()  # noqa: SIM905  # the same
)
_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e e zh z i i k l m n o p r s t u f h ts ch sh sh  i  e iu ia".split(" "),  # noqa: SIM905  # the same
        strict=True,
    )
)
_SOUNDS = (
    ("shch", "sh"),
    ("sch", "sh"),
    ("kh", "h"),
    ("ja", "ia"),
    ("ya", "ia"),
    ("ju", "iu"),
    ("yu", "iu"),
    ("yo", "e"),
    ("jo", "e"),
    ("ye", "e"),
    ("y", "i"),
    ("j", "i"),
    ("ii", "i"),
    ("'", ""),
)
_NEAR_LENGTH, _NEAR = 5, 84
_STEM, _STEM_SHARE, _LONG_STEM, _LONG_STEM_SHARE, _ENDING = 3, 0.68, 6, 0.58, 4


def plain(text: str) -> str:
    """Return a heading in lower case on one line, ё as е, without what stands in brackets."""
    text = _CAMEL.sub(" ", text[:LONGEST].replace("_", " ")).casefold().replace("ё", "е")
    text = re.sub(r"\b[eе][\s-]?(?=mail)", "e", text)
    text = _SHORTENED.sub(r"\1.", text)
    return " ".join((_ASIDE.sub(" ", text).strip() or text).split())


@lru_cache(maxsize=8192)
def words(text: str) -> tuple[str, ...]:
    """Cut a heading into its words; a full stop stays with an abbreviation; units and numbers go where words remain."""
    found = tuple(_WORD.findall(plain(text)))
    kept = tuple(word for word in found if not word.isdigit() and word.rstrip(".") not in _UNITS)
    return kept or found


def weights(spelt: Sequence[str]) -> tuple[float, ...]:
    """Say how much each word matters: “of the client” says little where another word stands beside it."""
    light = [word.rstrip(".") in _MODIFIERS for word in spelt]
    if spelt and spelt[-1].isascii():
        light[-1] = False  # in English the last word is what the others only qualify
    light = [modifies and not all(light) for modifies in light]
    return tuple(
        min(max(len(word), 3), 8) * (0.25 if modifies else 1.0)
        for word, modifies in zip(spelt, light, strict=True)
    )


@lru_cache(maxsize=4096)
def sounds(word: str) -> str:
    """Reduce a word to how it sounds in Latin letters, so that “menedzher” is “менеджер”."""
    latin = "".join(_LATIN.get(sign, sign) for sign in word)
    for written, heard in _SOUNDS:
        latin = latin.replace(written, heard)
    return latin


@lru_cache(maxsize=200_000)
def near(word: str, known: str) -> float:
    """Say how near a word of a heading is to a known one: 1 the same, 0 another. Full stops mark abbreviations."""
    if word == known:
        return 1.0
    bare, base = word.rstrip("."), known.rstrip(".")
    if bare == base:
        return 1.0
    shorter, longer = sorted((bare, base), key=len)
    dotted = word.endswith(".") and shorter == bare
    if longer.startswith(shorter) and len(shorter) >= (2 if dotted else 4):
        return 0.95 if dotted else 0.88
    return _inflected(bare, base) or _mistyped(bare, base)


def _inflected(word: str, known: str) -> float:
    """Two forms of one word: a long common stem and short endings."""
    longest, shortest = max(len(word), len(known)), min(len(word), len(known))
    stem = next((at for at in range(shortest) if word[at] != known[at]), shortest)
    share = _STEM_SHARE if stem < _LONG_STEM else _LONG_STEM_SHARE
    alike = stem >= _STEM and stem >= share * longest and longest - stem <= _ENDING
    return 0.93 if alike and (stem < longest - 1 or longest - stem <= 1) else 0.0


def _mistyped(word: str, known: str) -> float:
    if min(len(word), len(known)) < _NEAR_LENGTH:
        return 0.0
    ratio = fuzz.ratio(word, known)
    return 0.88 if ratio >= _NEAR else 0.0
