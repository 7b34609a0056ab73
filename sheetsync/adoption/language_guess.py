"""Which language a book speaks: by its headings, its words and its letters.

What the words mean is `word_guesses`'.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache

from sheetsync.adoption.field_lexicon import LANGUAGES, heading_scores
from sheetsync.method.policy import template
from sheetsync.method.vocabulary import DICTIONARIES
from sheetsync.values import fold

_LETTERS = {
    "ru": re.compile(r"[а-яё]", re.IGNORECASE),
    "en": re.compile(r"[a-z]", re.IGNORECASE),
}


def language_of(headings: Iterable[str], texts: Iterable[str]) -> str:
    """Return the code of the template whose language fits best."""
    # Addresses are Latin everywhere.
    speech = [text for text in texts if "@" not in text]
    by_headings = _count_headings(headings)
    by_words = _count_words(speech)
    by_letters = _count_letters(speech)

    def total(language: str) -> float:
        known = _share(by_headings, language) + _share(by_words, language)
        return 2 * known + _share(by_letters, language)

    return max(LANGUAGES, key=total)


def _count_headings(headings: Iterable[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for heading in headings:
        for language, score in heading_scores(heading).languages.items():
            counts[language] += int(100 * score)
    return counts


def _count_words(texts: Iterable[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text in texts:
        word = fold(text)
        counts.update(
            language for language in LANGUAGES if word in _spellings(language)
        )
    return counts


def _count_letters(texts: Iterable[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text in texts:
        for language, letters in _LETTERS.items():
            counts[language] += len(letters.findall(text))
    return counts


def _share(counts: Counter[str], language: str) -> float:
    return counts[language] / counts.total() if counts.total() else 0.0


@cache
def _spellings(language: str) -> frozenset[str]:
    return frozenset(map(fold, _dictionary_words(language)))


def _dictionary_words(language: str) -> Iterator[str]:
    words = template(language).words
    for kind in DICTIONARIES.values():
        for spellings in getattr(words, kind).values():
            yield from spellings
