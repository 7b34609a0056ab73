"""Which language a book speaks: by its headings, its words and its letters."""

import re
from collections import Counter
from collections.abc import Iterable

from sheetsync.adoption.field_lexicon import LANGUAGES, scored
from sheetsync.method.policy import Policy, template
from sheetsync.method.vocabulary import DICTIONARIES
from sheetsync.values import fold

_CYRILLIC, _LATIN = re.compile(r"[а-яё]", re.IGNORECASE), re.compile(r"[a-z]", re.IGNORECASE)


def language_of(headings: Iterable[str], texts: Iterable[str]) -> str:
    """Return the code of the template whose language fits best."""
    known: Counter[str] = Counter()
    letters: Counter[str] = Counter()
    words: Counter[str] = Counter()
    spoken = {language: _spellings(template(language)) for language in LANGUAGES}
    for heading in headings:
        scores = scored(heading).languages
        known.update({code: int(100 * score) for code, score in scores.items()})
    for text in texts:
        if "@" not in text:  # addresses are Latin everywhere
            letters.update(ru=len(_CYRILLIC.findall(text)), en=len(_LATIN.findall(text)))
            words.update(code for code in LANGUAGES if fold(text) in spoken[code])
    totals = {
        code: 2 * _share(known, code) + 2 * _share(words, code) + _share(letters, code)
        for code in LANGUAGES
    }
    return max(LANGUAGES, key=lambda code: totals[code])


def _share(counts: Counter[str], code: str) -> float:
    return counts[code] / counts.total() if counts.total() else 0.0


def _spellings(policy: Policy) -> set[str]:
    return {
        fold(word)
        for kind in DICTIONARIES.values()
        for spellings in getattr(policy.words, kind).values()
        for word in spellings
    }
