"""What a team's words mean: states, labels, categories, reasons, each by the dictionaries or by nearness to them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz

from sheetsync.adoption.field_lexicon import Alias, alias_of, alike
from sheetsync.adoption.proposal import WordGuess
from sheetsync.adoption.value_profiles import LONGEST, blank
from sheetsync.adoption.word_similarity import sounds
from sheetsync.adoption.word_similarity import words as cut
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

_TYPES = {"states": "state", "labels": "label", "categories": "category", "reasons": "reason"}
_LIMIT = 500
"""So many unknown words of one kind are compared with the dictionary; the rarer ones are nobody's."""

_ENUMERATED = re.compile(r"^\s*(?:\d+|[ivx]+)\s*[.):\-–—_]+\s*", re.IGNORECASE)
_TAIL = re.compile(r"\s*[(\[,;:/].*$|\s[-–—]\s.*$", re.DOTALL)
_NOT = re.compile(r"^(?:не|без|нет|not|no|un)(?=\W|$)|^(?:не|un)(?=\w{4})", re.IGNORECASE)


class Meaning(NamedTuple):
    """A code and how sure it is; why: alias, similar, own, unknown."""

    code: str | None
    confidence: float
    why: str


UNKNOWN = Meaning(None, 0.0, "unknown")


@cache
def _aliases(kind: str) -> tuple[Alias, ...]:
    spoken = (template("ru").words, template("en").words)
    return tuple(
        alias_of(code, words.language, cut(word))
        for words in spoken
        for code, spellings in getattr(words, kind).items()
        for word in spellings
        if cut(word)
    )


@cache
def _heard(kind: str) -> dict[str, str]:
    """Return the Russian words as they sound in Latin letters."""
    spoken = template("ru").words
    return {
        sounds(fold(word)): code
        for code, spellings in getattr(spoken, kind).items()
        for word in spellings
    }


@lru_cache(maxsize=20_000)
def meaning(kind: str, word: str) -> Meaning:
    """Say what a word means."""
    known = dictionary(template("ru"), _TYPES[kind]).spellings
    code = known.get(fold(word))
    if code:
        return Meaning(code, 1.0, "alias")
    bare = _ENUMERATED.sub("", word)
    for form, confidence in ((bare, 0.95), (_TAIL.sub("", bare), 0.7)):
        if (code := known.get(fold(form)) or _heard(kind).get(sounds(fold(form)))) and fold(form):
            return Meaning(code, confidence, "similar")
    return _nearest(kind, bare)


def _nearest(kind: str, word: str) -> Meaning:
    """Find the word of the dictionary that is nearest; two that are equally near make it unsure."""
    spelt, folded = cut(word), fold(word)
    best: defaultdict[str, float] = defaultdict(float)
    for alias in _aliases(kind) if spelt and len(folded) > 2 else ():  # noqa: PLR2004  # two letters resemble anything
        if bool(_NOT.search(word)) == bool(_NOT.search(" ".join(alias.words))) and _digits(
            folded
        ) == _digits(alias.folded):
            best[alias.field] = max(best[alias.field], _near(spelt, folded, alias))
    ranked = sorted(best.items(), key=lambda item: -item[1])
    if not ranked or ranked[0][1] < 0.45:  # noqa: PLR2004  # nothing is near
        return UNKNOWN
    code, score = ranked[0]
    rival = ranked[1][1] if len(ranked) > 1 else 0.0
    return Meaning(code, round(min(score, 0.7) if rival > score - 0.05 else score, 2), "similar")


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


def _near(spelt: tuple[str, ...], folded: str, alias: Alias) -> float:
    ratio = fuzz.ratio(folded, alias.folded)
    typed = ratio / 100 * 0.95 if ratio >= 86 and min(len(folded), len(alias.folded)) >= 5 else 0.0  # noqa: PLR2004
    return max(typed, alike(spelt, alias) * 0.93)


def counted(cells: Iterable[Cell]) -> dict[str, tuple[str, int]]:
    """Count words that fold alike: folded -> (the commonest spelling, how often)."""
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for cell, count in Counter(clean(cell)[:LONGEST] for cell in cells if not blank(cell)).items():
        spellings[fold(cell) or cell][cell] += count
    return {
        folded: (found.most_common(1)[0][0], found.total()) for folded, found in spellings.items()
    }


def words_of(kind: str, cells: Iterable[Cell]) -> Iterator[WordGuess]:
    """Guess the words of all columns of one kind, the commonest first."""
    ranked = sorted(counted(cells).values(), key=lambda found: (-found[1], found[0]))
    for at, (word, count) in enumerate(ranked):
        found = meaning(kind, word) if at < _LIMIT else UNKNOWN
        if found.code is None and kind == "categories":
            found = Meaning(None, 1.0, "own")
        yield WordGuess(found.confidence, found.why, kind, word, count, found.code)
