"""Which field a heading means: by the words of both templates, their sound, and nearness to them.

What the values below it say is left to `field_scores`. A heading's scores are from 0 to 1 by
field; `NOBODYS` is the score of its being nobody's.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz

from sheetsync.adoption.foreign_headings import FOREIGN_HEADINGS
from sheetsync.adoption.word_similarity import (
    near,
    plain,
    sounds,
    weights,
    words,
)
from sheetsync.method.policy import template
from sheetsync.values import fold, without_accents

NOBODYS = ""
"""Stands for “no field” among the fields of a heading."""

LANGUAGES = ("ru", "en")

AMBIGUOUS = {
    "дата": {
        "last_contact": 0.45,
        "created_on": 0.42,
        "next_on": 0.4,
        "began": 0.35,
    },
    "date": {
        "last_contact": 0.45,
        "created_on": 0.42,
        "next_on": 0.4,
        "began": 0.35,
    },
    "срок": {"next_on": 0.4},
    "deadline": {"next_on": 0.4},
    "дедлайн": {"next_on": 0.4},
    "name": {"company": 0.72, "person": 0.7},
    "контакты": {"person": 0.7, "phone": 0.7, "email": 0.5},
    "contacts": {"person": 0.7, "phone": 0.7, "email": 0.5},
    "сегмент": {"category": 0.6, "label": 0.6},
    "segment": {"category": 0.6, "label": 0.6},
    "тип": {"category": 0.55, "label": 0.5},
    "type": {"category": 0.55, "label": 0.5},
    "тип клиента": {"label": 0.6, "category": 0.6},
    "client type": {"label": 0.6, "category": 0.6},
    "customer type": {"label": 0.6, "category": 0.6},
    "группа": {"category": 0.5, "label": 0.5},
    "приоритет": {"label": 0.5},
    "priority": {"label": 0.5},
    "state or province": {"state": 0.75, "city": 0.4},
}
"""Headings that mean now one thing and now another: never sure by themselves."""


@cache
def _ambiguous() -> Mapping[str, Mapping[str, float]]:
    """Return the fields of such headings, in every language, by their words."""
    by_words = dict[str, Mapping[str, float]](AMBIGUOUS)
    for foreign in template("en").foreign_words:
        for heading, english in foreign.like.items():
            fields = AMBIGUOUS[english]
            by_words.setdefault(" ".join(words(heading)), fields)
            bare = without_accents(heading)
            by_words.setdefault(" ".join(words(bare)), fields)
    return by_words


_KNOWN = 0.72
"""The score from which on a heading is a known one."""
_HIGHEST, _LOWEST = 0.95, 0.3
"""The score of a heading that has an alias's words in another form; below the other it is none."""
_SAME_WORD, _FORM_OF_WORD = 0.85, 0.9
"""How near a word must be: to mean the same; to be a form of a word, and not another known one."""
_SHORT, _MISTYPED = 6, 86
"""A shorter word mistyped is another word; likeness, in per cent, of a heading mistyped."""
_LONGEST_HEADING, _MOST_WORDS = 60, 8
"""Characters and words; longer texts are sentences."""


class Alias(NamedTuple):
    """A known heading: its field, its language, and its words with their weights."""

    field: str
    language: str
    folded: str
    words: tuple[str, ...]
    weights: tuple[float, ...]


def alias_of(field: str, language: str, spelling: tuple[str, ...]) -> Alias:
    """Make a known heading of its words."""
    return Alias(
        field, language, _folded(spelling), spelling, weights(spelling)
    )


def _folded(spelling: Iterable[str]) -> str:
    return "".join(map(fold, spelling))


class Lexicon(NamedTuple):
    """The known headings that have a word; the words by first letter; headings spelt exactly so."""

    by_word: Mapping[str, tuple[Alias, ...]]
    words_by_letter: Mapping[str, tuple[str, ...]]
    exact: Mapping[str, Alias]


@cache
def lexicon() -> Lexicon:
    """Return the known headings."""
    by_word: defaultdict[str, dict[Alias, None]] = defaultdict(dict)
    words_by_letter: defaultdict[str, dict[str, None]] = defaultdict(dict)
    exact: dict[str, Alias] = {}
    for alias in _aliases():
        if alias.words:
            exact.setdefault(alias.folded, alias)
        for word in alias.words:
            by_word[word][alias] = None
            words_by_letter[word[0]][word] = None
    return Lexicon(
        {word: tuple(aliases) for word, aliases in by_word.items()},
        {letter: tuple(words) for letter, words in words_by_letter.items()},
        exact,
    )


def _aliases() -> Iterator[Alias]:
    policy = template("en")
    for language in LANGUAGES:
        for code, headings in template(language).words.columns.items():
            of_team = (
                code in policy.column and policy.column[code].owner == "team"
            )
            # What the program writes itself is nobody's in a base that it does not know yet.
            field = code if of_team else NOBODYS
            for heading in headings:
                yield from _spellings(field, language, heading)
    for foreign in policy.foreign_words:
        for code, headings in foreign.columns.items():
            for heading in headings:
                yield from _spellings(code, foreign.code, heading)
        for heading in foreign.others:
            yield from _spellings(NOBODYS, foreign.code, heading)
    for heading in FOREIGN_HEADINGS:
        yield from _spellings(
            NOBODYS, "en" if heading.isascii() else "ru", heading
        )


def _spellings(field: str, language: str, heading: str) -> Iterator[Alias]:
    """Go through a heading as it is written and, where it is Russian, as it sounds."""
    spelling = words(heading)
    yield alias_of(field, language, spelling)
    if language == "ru":
        yield alias_of(
            field,
            language,
            tuple(sounds(word.rstrip(".")) for word in spelling),
        )


class HeadingScores(NamedTuple):
    """A heading's scores: by field, and by language (how well it is known in each)."""

    fields: Mapping[str, float]
    languages: Mapping[str, float]

    @property
    def best(self) -> float:
        """How well the heading is known at all."""
        return max(self.fields.values(), default=0.0)


@lru_cache(maxsize=8192)
def heading_scores(heading: str) -> HeadingScores:
    """Score a heading against everything known."""
    spelling = words(heading)
    # Signs alone are somebody's own; where nothing is, nothing is known.
    if not spelling:
        return HeadingScores({NOBODYS: 1.0 if heading.strip() else 0.0}, {})
    fields: defaultdict[str, float] = defaultdict(float)
    languages: defaultdict[str, float] = defaultdict(float)
    # A Russian heading may be typed in Latin letters, by ear and in more ways than one.
    for form in dict.fromkeys((spelling, _as_heard(spelling))):
        for alias, score in _matches(form):
            fields[alias.field] = max(fields[alias.field], score)
            languages[alias.language] = max(languages[alias.language], score)
    for field, score in _scores_of_tautology(spelling).items():
        fields[field] = max(fields[field], score)
    ambiguous = _ambiguous().get(" ".join(spelling))
    return HeadingScores(
        dict(fields) if ambiguous is None else ambiguous, dict(languages)
    )


def _as_heard(spelling: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sounds(word) if word.isascii() else word for word in spelling)


def _matches(spelling: tuple[str, ...]) -> Iterator[tuple[Alias, float]]:
    """Go through the known headings that are like this one, with their scores."""
    folded = _folded(spelling)
    same = lexicon().exact.get(folded)
    if same is not None:
        yield same, 1.0
    for alias in _candidates(spelling):
        if alias is same:
            continue
        score = max(alike(spelling, alias), _mistyped(folded, alias))
        if score >= _LOWEST:
            yield alias, score


def _mistyped(folded: str, alias: Alias) -> float:
    """Say how near a heading as a whole is to a known one, letter by letter."""
    if len(folded) < _SHORT or alias.folded[0] != folded[0]:
        return 0.0
    ratio = fuzz.ratio(folded, alias.folded)
    return ratio / 100 * 0.92 if ratio >= _MISTYPED else 0.0


def _scores_of_tautology(spelling: tuple[str, ...]) -> Mapping[str, float]:
    """Score headings of several words that each mean the same field: “responsible manager”."""
    nearest: defaultdict[str, list[float]] = defaultdict(
        lambda: [0.0] * len(spelling)
    )
    for alias in _candidates(spelling) if len(spelling) > 1 else ():
        nearness = _nearness_table(spelling, alias)
        if min(_best_by_column(nearness)) > _SAME_WORD:
            best = map(max, nearness)
            nearest[alias.field] = list(map(max, nearest[alias.field], best))
    word_weights = weights(spelling)
    return {
        field: 0.9 * _weighted(best, word_weights) ** 0.7
        for field, best in nearest.items()
    }


def _candidates(spelling: tuple[str, ...]) -> dict[Alias, None]:
    """Return the known headings that share a word with this one, or nearly so."""
    known = lexicon()
    candidates: dict[Alias, None] = {}
    for word in spelling:
        exact = (word,) if word in known.by_word else ()
        for other in (*exact, *known.words_by_letter.get(word[0], ())):
            if near(word, other) > 0:
                candidates.update(dict.fromkeys(known.by_word[other]))
    return candidates


def alike(spelling: tuple[str, ...], alias: Alias) -> float:
    """Say how much of the heading is the alias, and of the alias the heading."""
    nearness = _nearness_table(spelling, alias)
    of_heading = _weighted(map(max, nearness), weights(spelling))
    of_alias = _weighted(_best_by_column(nearness), alias.weights)
    return float(_HIGHEST * (of_heading * of_alias) ** 0.7)


def _nearness_table(
    spelling: tuple[str, ...], alias: Alias
) -> list[list[float]]:
    """Return how near each word (a row) is to each word of a known heading (a column)."""
    return [
        [_nearness(word, other) for other in alias.words] for word in spelling
    ]


def _best_by_column(table: list[list[float]]) -> list[float]:
    return list(map(max, zip(*table, strict=True)))


def _weighted(
    values: Iterable[float], word_weights: tuple[float, ...]
) -> float:
    total = sum(
        weight * value
        for weight, value in zip(word_weights, values, strict=True)
    )
    return total / sum(word_weights)


def _nearness(word: str, other: str) -> float:
    """Say how near two words are."""
    nearness = near(word, other)
    known = lexicon().by_word
    if word == other or word not in known or other not in known:
        return nearness
    # Two words that are both known are not each other's misspelling: contact is no contract.
    is_form = nearness > _FORM_OF_WORD or "." in word + other
    return nearness if is_form else 0.0


def is_known(heading: str) -> bool:
    """Tell whether a heading is known, be it as nobody's field."""
    return heading_scores(heading).best >= _KNOWN


def is_plain(heading: str) -> bool:
    """Tell whether a text is short enough to be a heading at all."""
    return (
        0 < len(plain(heading)) <= _LONGEST_HEADING
        and len(words(heading)) <= _MOST_WORDS
    )
