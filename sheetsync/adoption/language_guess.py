"""Which language a book speaks: by its headings, its words and its letters.

What the words mean is `word_guesses`'.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from sheetsync.adoption.field_lexicon import LANGUAGES, heading_scores
from sheetsync.adoption.word_similarity import sounds
from sheetsync.method.policy import template
from sheetsync.method.vocabulary import DICTIONARIES
from sheetsync.values import fold

_LETTERS = {
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "en": re.compile(r"[a-z\u00df-\u024f]", re.IGNORECASE),
}
"""The letters of a language, and of those whose teams are answered in it."""
_AS_GOOD = 0.05
"""A heading speaks each language in which it is known by so little worse than in its best."""


def language_of(headings: Iterable[str], texts: Iterable[str]) -> str:
    """Return the code of the template whose language fits best.

    A language that is only read has the template that its teams are answered in.
    """
    # Addresses are Latin everywhere.
    speech = [text for text in texts if "@" not in text]
    by_headings = _count_headings(headings)
    by_words = _count_words(speech)
    by_letters = _count_letters(speech)

    def total(language: str) -> float:
        known = _share(by_headings, language) + _share(by_words, language)
        return 2 * known + _share(by_letters, _templates()[language])

    def rank(language: str) -> tuple[float, bool]:
        # Whoever writes in letters that nobody knows here reads English rather than Russian.
        return total(language), _templates()[language] == "en"

    return _templates()[max(_templates(), key=rank)]


def languages_known() -> tuple[str, ...]:
    """Return the languages whose headings are known, each as its speakers call it."""
    foreign = template("en").foreign_words
    return ("English", "Русский", *(words.name for words in foreign))


@cache
def _templates() -> Mapping[str, str]:
    """Return the template of each language, those that are written first."""
    written = {language: language for language in LANGUAGES}
    foreign = template("en").foreign_words
    return written | {words.code: words.template for words in foreign}


def _count_headings(headings: Iterable[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for heading in headings:
        scores = heading_scores(heading).languages
        best = max(scores.values(), default=0.0)
        for language, score in scores.items():
            if score >= best - _AS_GOOD:
                counts[language] += int(100 * score)
    return counts


def _count_words(texts: Iterable[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text in texts:
        word = fold(text)
        counts.update(
            language
            for language in _templates()
            if word in _spellings(language)
            or (language == "ru" and sounds(word) in _spellings(language))
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
    spellings = {*map(fold, _dictionary_words(language))}
    # Russian may be typed in Latin letters, by ear.
    heard = map(sounds, spellings) if language == "ru" else ()
    return frozenset(spellings.union(heard))


def _dictionary_words(language: str) -> Iterator[str]:
    policy = template("en")
    by_code = {words.code: words for words in policy.foreign_words}
    words = by_code.get(language) or template(language).words
    for kind in DICTIONARIES.values():
        for spellings in getattr(words, kind).values():
            yield from spellings
