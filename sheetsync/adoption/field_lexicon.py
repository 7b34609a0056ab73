"""Which field a heading means: by the words of both templates, by their sound in Latin letters, and by nearness.

A heading's scores are from 0 to 1 by field; `NOBODYS` is the score of its being nobody's.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz

from sheetsync.adoption import foreign_headings as nobodys
from sheetsync.adoption.word_similarity import near, plain, sounds, weights, words
from sheetsync.method.policy import Policy, template
from sheetsync.values import fold

NOBODYS = ""
"""Stands for “no field” among the fields of a heading."""

LANGUAGES = ("ru", "en")

AMBIGUOUS = {
    "дата": {"last_contact": 0.45, "created_on": 0.42, "next_on": 0.4, "began": 0.35},
    "date": {"last_contact": 0.45, "created_on": 0.42, "next_on": 0.4, "began": 0.35},
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
    "close date": {"paid_on": 0.3},
}
"""Headings that mean now one thing and now another: never sure by themselves."""

_TOP, _FLOOR, _SPELT, _SAME = 0.95, 0.3, 86, 0.85


class Alias(NamedTuple):
    """A known heading: its field, its language, and its words with their weights."""

    field: str
    language: str
    folded: str
    words: tuple[str, ...]
    weights: tuple[float, ...]


class Lexicon(NamedTuple):
    """All known headings; those that have a word, by that word; those that are written exactly so."""

    aliases: tuple[Alias, ...]
    by_word: Mapping[str, tuple[Alias, ...]]
    by_letter: Mapping[str, tuple[str, ...]]
    exact: Mapping[str, Alias]


def alias_of(field: str, language: str, spelt: tuple[str, ...]) -> Alias:
    """Make a known heading."""
    return Alias(field, language, "".join(fold(word) for word in spelt), spelt, weights(spelt))


def _known(policy: Policy) -> Iterator[Alias]:
    for code in LANGUAGES:
        for field, headings in template(code).words.columns.items():
            owner = policy.column[field].owner if field in policy.column else "daemon"
            for heading in headings:
                spelt = words(heading)
                yield alias_of(field if owner == "team" else NOBODYS, code, spelt)
                if code == "ru":
                    yield alias_of(
                        field if owner == "team" else NOBODYS,
                        code,
                        tuple(sounds(word.rstrip(".")) for word in spelt),
                    )
    for heading in nobodys.HEADINGS:
        language = "en" if heading.isascii() else "ru"
        yield alias_of(NOBODYS, language, words(heading))
        if language == "ru":
            yield alias_of(
                NOBODYS, language, tuple(sounds(word.rstrip(".")) for word in words(heading))
            )


@cache
def lexicon() -> Lexicon:
    """Return the known headings; what the program writes itself is nobody's in a base that it does not know yet."""
    by_word: defaultdict[str, dict[Alias, None]] = defaultdict(dict)
    exact: dict[str, Alias] = {}
    aliases = tuple(dict.fromkeys(alias for alias in _known(template("en")) if alias.words))
    for alias in aliases:
        exact.setdefault(alias.folded, alias)
        for word in alias.words:
            by_word[word][alias] = None
    by_letter: defaultdict[str, list[str]] = defaultdict(list)
    for word in by_word:
        by_letter[word[0]].append(word)
    return Lexicon(
        aliases,
        {word: tuple(found) for word, found in by_word.items()},
        {letter: tuple(found) for letter, found in by_letter.items()},
        exact,
    )


class Scored(NamedTuple):
    """A heading's scores: by field, and by language (how well it is known in each)."""

    fields: Mapping[str, float]
    languages: Mapping[str, float]

    @property
    def best(self) -> float:
        """How well the heading is known at all."""
        return max(self.fields.values(), default=0.0)


@lru_cache(maxsize=8192)
def scored(heading: str) -> Scored:
    """Score a heading against everything known."""
    spelt = words(heading)
    if not spelt:
        return Scored({NOBODYS: 1.0 if heading.strip() else 0.0}, {})
    fields: defaultdict[str, float] = defaultdict(float)
    languages: defaultdict[str, float] = defaultdict(float)
    for form in dict.fromkeys(
        (spelt, tuple(sounds(word) if word.isascii() else word for word in spelt))
    ):
        for alias, score in _matches(form):
            fields[alias.field] = max(fields[alias.field], score)
            languages[alias.language] = max(languages[alias.language], score)
    for field, score in _said_twice(spelt).items():
        fields[field] = max(fields[field], score)
    vague = AMBIGUOUS.get(" ".join(spelt))
    return Scored(vague if vague is not None else dict(fields), dict(languages))


def _matches(spelt: tuple[str, ...]) -> Iterator[tuple[Alias, float]]:
    known, folded = lexicon(), "".join(fold(word) for word in spelt)
    same = known.exact.get(folded)
    if same is not None:
        yield same, 1.0
    for alias in _candidates(spelt):
        if alias is not same:
            score = alike(spelt, alias)
            if len(folded) >= 6 and alias.folded[0] == folded[0]:  # noqa: PLR2004  # a short word mistyped is another word
                ratio = fuzz.ratio(folded, alias.folded)
                score = max(score, ratio / 100 * 0.92 if ratio >= _SPELT else 0.0)
            if score >= _FLOOR:
                yield alias, score


def _said_twice(spelt: tuple[str, ...]) -> Mapping[str, float]:
    """Score headings of several words that each mean the same field: “responsible manager”."""
    heavy = weights(spelt)
    met: defaultdict[str, list[float]] = defaultdict(lambda: [0.0] * len(spelt))
    for alias in _candidates(spelt) if len(spelt) > 1 else ():
        pairs = [[_nearness(word, other) for other in alias.words] for word in spelt]
        if all(max(row[at] for row in pairs) > _SAME for at in range(len(alias.words))):
            met[alias.field] = [
                max(*both) for both in zip(met[alias.field], map(max, pairs), strict=True)
            ]
    return {
        field: 0.9
        * (sum(w * near_to for w, near_to in zip(heavy, found, strict=True)) / sum(heavy)) ** 0.7
        for field, found in met.items()
    }


def _candidates(spelt: tuple[str, ...]) -> dict[Alias, None]:
    """Return the known headings that share a word with this one, or nearly so."""
    known = lexicon()
    found: dict[Alias, None] = {}
    for word in spelt:
        near_by = (word,) if word in known.by_word else known.by_letter.get(word[0], ())
        for other in (*near_by, *(known.by_letter.get(word[0], ()) if near_by == (word,) else ())):
            if other == word or near(word, other) > 0:
                found.update(dict.fromkeys(known.by_word[other]))
    return found


def alike(spelt: tuple[str, ...], alias: Alias) -> float:
    """Say how much of the heading is the alias, and of the alias the heading."""
    heavy = weights(spelt)
    pairs = [[_nearness(word, other) for other in alias.words] for word in spelt]
    heading = sum(weight * max(row) for weight, row in zip(heavy, pairs, strict=True)) / sum(heavy)
    known = sum(w * max(row[at] for row in pairs) for at, w in enumerate(alias.weights)) / sum(
        alias.weights
    )
    return float(_TOP * (heading * known) ** 0.7)


def _nearness(word: str, other: str) -> float:
    """Two different words that are both known are not each other's misspelling: contact is no contract."""
    if word != other and word in lexicon().by_word and other in lexicon().by_word:
        found = near(word, other)
        return found if found > 0.9 or "." in word + other else 0.0  # noqa: PLR2004  # forms of one word only
    return near(word, other)


def is_plain(heading: str) -> bool:
    """Tell whether a text is short enough to be a heading at all."""
    return 0 < len(plain(heading)) <= 60 and len(words(heading)) <= 8  # noqa: PLR2004  # longer ones are sentences
