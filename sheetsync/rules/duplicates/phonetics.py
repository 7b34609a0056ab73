"""One spelling for words that sound alike in Russian and Latin letters: «Ромашка» and “Romashka” are both `romashka`."""

import re
import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans(
    dict(zip("абвгдеёзийклмнопрстуфхыэіїєґў", "abvgdeeziiklmnoprstufhieiiegu", strict=True))
    | {
        "ж": "zh",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "sh",
        "ъ": "",
        "ь": "",
        "ю": "iu",
        "я": "ia",
    }
)
_LATIN = dict(
    pair.split(">")
    for pair in [
        "shch>sh",
        "sch>sh",
        "ch>ch",
        "ck>k",
        "kh>h",
        "ph>f",
        "tz>ts",
        "qu>kv",
        "q>k",
        "ye>e",
        "je>e",
        "ja>ia",
        "ju>iu",
        "ce>tse",
        "ci>tsi",
        "cy>tsi",
        "c>k",
        "y>i",
        "w>v",
        "x>ks",
    ]
)
_SPELLINGS = re.compile("|".join(sorted(_LATIN, key=len, reverse=True)))
_TWICE = re.compile(r"(\D)\1+")
_WORTH_FOLDING = 4
"""Shorter words keep their double letters: II is not I."""


@lru_cache(maxsize=200_000)
def sound(word: str) -> str:
    """Reduce one folded word to its sound in Latin letters."""
    latin = unicodedata.normalize("NFKD", word.translate(_LETTERS)).translate(_LETTERS)
    latin = "".join(sign for sign in latin if not unicodedata.combining(sign)) or word
    spelled = _SPELLINGS.sub(lambda found: _LATIN[found[0]], latin)
    return once(spelled) if len(word) >= _WORTH_FOLDING else spelled


def once(text: str) -> str:
    """Write double letters once: «Филиппов» and «Филипов» sound alike."""
    return _TWICE.sub(r"\1", text)
