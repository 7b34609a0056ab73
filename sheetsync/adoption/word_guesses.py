"""What a team's words mean: states, labels, categories, reasons.

Each is looked up in the dictionaries, as it is or without what is added to it; else the nearest
word is taken. Which columns hold such words is `column_guesses`'.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz

from sheetsync.adoption.field_lexicon import LANGUAGES, Alias, alias_of, alike
from sheetsync.adoption.proposal import WordGuess
from sheetsync.adoption.value_patterns import PIPELINE
from sheetsync.adoption.value_profiles import LONGEST, blank
from sheetsync.adoption.word_similarity import sounds, words
from sheetsync.method.policy import template
from sheetsync.method.vocabulary import dictionary
from sheetsync.values import Cell, clean, fold

KINDS = {
    "state": "states",
    "label": "labels",
    "category": "categories",
    "refusal_reason": "reasons",
}
"""Field -> kind of its words."""

_TYPES = {
    "states": "state",
    "labels": "label",
    "categories": "category",
    "reasons": "reason",
}
_LIMIT = 500
"""So many unknown words of a kind are compared with the dictionary; the rarer are nobody's."""

_ENUMERATED = re.compile(r"^\s*(?:\d+|[ivx]+)\s*[.):\-–—_]+\s*", re.IGNORECASE)
_TAIL = re.compile(r"\s*[(\[,;:/].*$|\s[-–—]\s.*$", re.DOTALL)
_BETWEEN = re.compile(r"[,;/|+\n]|\s[-–—]\s")
_NEGATION = re.compile(
    r"\W(?:не|not)(?=\W)|^(?:не|без|нет|not|no|un)(?=\W|$)|^(?:не|un)(?=\w{4})"
    r"|^(?:kein|keine|nicht|sin|sem|não|nao|non|senza|pas|sans|nie|bez|brak|немає)(?=\W|$)",
    re.IGNORECASE,
)

_SHORT = 2
"""Letters of a word that resembles anything."""
_NEAR, _AS_NEAR, _DOUBTED = 0.45, 0.05, 0.7
"""From which score on a word is near; by how little another one is as near; how sure it is then."""
_MISTYPED, _SHORTEST_MISTYPED = 86, 5
"""Likeness, in per cent, of a word mistyped, and its letters."""


class Meaning(NamedTuple):
    """A code and how sure it is; why: alias, similar, own, unknown."""

    code: str | None
    confidence: float
    why: str


UNKNOWN = Meaning(None, 0.0, "unknown")


@lru_cache(maxsize=20_000)
def meaning(kind: str, word: str) -> Meaning:
    """Say what a word means."""
    known = dictionary(template("ru"), _TYPES[kind]).spellings
    code = known.get(fold(word))
    if code:
        return Meaning(code, 1.0, "alias")
    bare = _ENUMERATED.sub("", PIPELINE.sub("", word))
    for form, confidence in ((bare, 0.95), (_TAIL.sub("", bare), 0.7)):
        folded = fold(form)
        code = known.get(folded) or _codes_by_sound(kind).get(sounds(folded))
        if code and folded:
            return Meaning(code, confidence, "similar")
    return _of_parts(known, bare) or _nearest(kind, bare)


def _of_parts(known: Mapping[str, str], word: str) -> Meaning | None:
    """Return what a cell of several words means, where one of them is known: asked about."""
    parts = [fold(part) for part in _BETWEEN.split(word)]
    codes = [known[part] for part in parts if part in known]
    if len(parts) < 2 or not codes:  # noqa: PLR2004
        return None
    # Words of two meanings contradict each other, and the first is but a suggestion.
    confidence = _DOUBTED if len({*codes}) == 1 else _NEAR
    return Meaning(codes[0], confidence, "similar")


@cache
def _codes_by_sound(kind: str) -> Mapping[str, str]:
    """Return the codes by the Russian words as they sound in Latin letters."""
    return {
        sounds(fold(word)): code for code, word in _dictionary_words(kind, "ru")
    }


def _dictionary_words(kind: str, language: str) -> Iterator[tuple[str, str]]:
    """Go through a dictionary: each code with each of its words."""
    for code, spellings in getattr(template(language).words, kind).items():
        for word in spellings:
            yield code, word


def _nearest(kind: str, word: str) -> Meaning:
    """Find the nearest word of the dictionary; two that are equally near make it unsure."""
    spelling = words(word)
    folded = fold(word)
    if not spelling or len(folded) <= _SHORT:
        return UNKNOWN
    nearest = _nearest_of(_aliases(kind), spelling, word)
    if nearest.code is None:
        return _nearest_of(_foreign_aliases(kind), spelling, word)
    return nearest


def _nearest_of(
    aliases: Iterable[Alias], spelling: tuple[str, ...], word: str
) -> Meaning:
    folded = fold(word)
    scores: defaultdict[str, float] = defaultdict(float)
    for alias in aliases:
        # “Not interested” is very near to “interested”, and means the opposite.
        if _is_negated(word) == _is_negated(" ".join(alias.words)):
            score = _nearness(spelling, folded, alias)
            scores[alias.field] = max(scores[alias.field], score)
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    if not ranked or ranked[0][1] < _NEAR:
        return UNKNOWN
    code, best = ranked[0]
    as_near = [score for _, score in ranked[1:] if score > best - _AS_NEAR]
    confidence = min(best, _DOUBTED) if as_near else best
    return Meaning(code, round(confidence, 2), "similar")


@cache
def _aliases(kind: str) -> tuple[Alias, ...]:
    return tuple(
        alias_of(code, language, words(word))
        for language in LANGUAGES
        for code, word in _dictionary_words(kind, language)
        if words(word)
    )


@cache
def _foreign_aliases(kind: str) -> tuple[Alias, ...]:
    return tuple(
        alias_of(code, foreign.code, words(word))
        for foreign in template("en").foreign_words
        for code, spellings in getattr(foreign, kind).items()
        for word in spellings
        if words(word)
    )


def _is_negated(word: str) -> bool:
    return _NEGATION.search(word) is not None


def _nearness(spelling: tuple[str, ...], folded: str, alias: Alias) -> float:
    """Say how near a word is to a known one."""
    # Another number makes another word: contact 1 is not a misspelt contact 2.
    if _digits(folded) != _digits(alias.folded):
        return 0.0
    return max(_mistyped(folded, alias.folded), alike(spelling, alias) * 0.93)


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _mistyped(folded: str, known: str) -> float:
    ratio = fuzz.ratio(folded, known)
    if ratio < _MISTYPED or min(len(folded), len(known)) < _SHORTEST_MISTYPED:
        return 0.0
    return ratio / 100 * 0.95


def words_of(kind: str, cells: Iterable[Cell]) -> Iterator[WordGuess]:
    """Guess the words of all columns of one kind, the commonest first."""
    for rank, (word, count) in enumerate(_counted(cells)):
        guessed = meaning(kind, word) if rank < _LIMIT else UNKNOWN
        # A category that the method does not know is the team's own, and no question.
        if guessed.code is None and kind == "categories":
            guessed = Meaning(None, 1.0, "own")
        yield WordGuess(
            guessed.confidence, guessed.why, kind, word, count, guessed.code
        )


def _counted(cells: Iterable[Cell]) -> list[tuple[str, int]]:
    """Count words that fold alike, each in its commonest spelling; the commonest first."""
    counts = Counter(clean(cell)[:LONGEST] for cell in cells if not blank(cell))
    by_word: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for spelling, count in counts.items():
        by_word[fold(spelling) or spelling][spelling] += count
    counted = [
        (word.most_common(1)[0][0], word.total()) for word in by_word.values()
    ]
    return sorted(counted, key=lambda word: (-word[1], word[0]))
