"""One spelling for words that sound alike in Russian and Latin letters: «Ромашка» is `romashka`.

Letters of all scripts are written in Latin by the library anyascii; which Latin spellings sound
alike is told here, as each romanisation of Russian that people use is another one.
"""

import re
from functools import lru_cache

from anyascii import anyascii

from sheetsync.values import fold

# The library writes `ie` and `q`, which no romanisation of these names does.
_OTHERWISE = str.maketrans({"є": "e", "қ": "k"})
_SOUNDS = {
    "shch": "sh",
    "sch": "sh",
    "ch": "ch",
    "ck": "k",
    "kh": "h",
    "ph": "f",
    "tz": "ts",
    "qu": "kv",
    "q": "k",
    "ye": "e",
    "je": "e",
    "ja": "ia",
    "ju": "iu",
    "ce": "tse",
    "ci": "tsi",
    "cy": "tsi",
    "c": "k",
    "y": "i",
    "w": "v",
    "x": "ks",
}
"""Latin spelling -> the one that is taken for all that sound like it."""
# The longest come first, as the first that fits is taken: `c` would be taken out of `ch`.
_SPELLINGS = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))
# Digits are not folded: 11 is not 1.
_TWICE = re.compile(r"(\D)\1+")
# Shorter words keep their double letters: II is not I.
_WORTH_FOLDING = 4


@lru_cache(maxsize=200_000)
def sound(word: str) -> str:
    """Reduce one folded word to its sound in Latin letters."""
    latin = fold(anyascii(word.translate(_OTHERWISE))) or word
    spelled = _SPELLINGS.sub(_sound_of, latin)
    if len(word) < _WORTH_FOLDING:
        return spelled
    return once(spelled)


def _sound_of(match: re.Match[str]) -> str:
    return _SOUNDS[match[0]]


def once(text: str) -> str:
    """Write double letters once: «Филиппов» and «Филипов» sound alike."""
    return _TWICE.sub(r"\1", text)
