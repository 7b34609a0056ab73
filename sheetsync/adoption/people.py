"""Which titles and lone rows are people's names, and which cells name several people at once.

The names are of `templates/people.toml`, in every language. Whose clients stand where is
`owners`' to say.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from sheetsync.adoption.value_patterns import COMPANY, PATRONYMIC
from sheetsync.method.policy import template, templates_folder
from sheetsync.method.vocabulary import dictionary, section_of
from sheetsync.values import fold

_BETWEEN = re.compile(r"\s*[,;/&+|\n]\s*|\s+(?:и|and|und|y|e|et|та|ve)\s+")
_INITIALS = re.compile(
    r"[^\W\d_]{3,}\s+[^\W\d_]\.\s*(?:[^\W\d_]\.?)?"
    r"|[^\W\d_]\.\s*(?:[^\W\d_]\.\s*)?[^\W\d_]{3,}"
)
_NAME = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*\.?")
_MOST_WORDS, _SHORTEST, _LONGEST, _SHORTEST_ENDED = 3, 2, 20, 5
"""Words of a person's name; letters of one of them, and of one that is known by its ending."""


class Likeness(IntEnum):
    """How much a text is like a person's name."""

    NONE = 0
    PERHAPS = 1
    SURE = 2


@dataclass(frozen=True)
class _PeopleWords:
    first_names: frozenset[str]
    surnames: frozenset[str]
    endings: tuple[str, ...]
    nobodys: frozenset[str]


@cache
def _people_words() -> _PeopleWords:
    source = templates_folder() / "people.toml"
    words = tomllib.loads(source.read_text(encoding="utf-8"))
    return _PeopleWords(
        first_names=frozenset(map(fold, words["first_names"])),
        surnames=frozenset(map(fold, words["surnames"])),
        endings=tuple(map(fold, words["surname_endings"])),
        nobodys=frozenset(map(fold, words["not_people"])),
    )


@cache
def likeness(text: str) -> Likeness:
    """Say how much a text is like the name of one person."""
    bare = text.strip()
    if COMPANY.search(bare) or _is_of_method(bare):
        return Likeness.NONE
    words = bare.replace(".", ". ").split()
    if not 0 < len(words) <= _MOST_WORDS:
        return Likeness.NONE
    if not all(_NAME.fullmatch(word) for word in words):
        return Likeness.NONE
    known = _people_words()
    folded = [fold(word) for word in words]
    if any(word in known.nobodys for word in folded):
        return Likeness.NONE
    if _INITIALS.fullmatch(bare) or PATRONYMIC.search(bare):
        return Likeness.SURE
    if any(map(_is_listed, folded)) or any(map(_ends_as_surname, words)):
        return Likeness.SURE
    is_short = all(_SHORTEST <= len(word) <= _LONGEST for word in folded)
    begins_so = all(word[:1].isupper() for word in words)
    return Likeness.PERHAPS if is_short and begins_so else Likeness.NONE


def _is_listed(word: str) -> bool:
    known = _people_words()
    return word in known.first_names or word in known.surnames


def _ends_as_surname(word: str) -> bool:
    """Tell whether a word with a capital ends as surnames do."""
    folded = fold(word)
    is_long = len(folded) >= _SHORTEST_ENDED
    return (
        word[:1].isupper()
        and is_long
        and folded.endswith(_people_words().endings)
    )


def _is_of_method(text: str) -> bool:
    """Tell whether a text is a word of the method's: a section, a state, a label and the like."""
    policy = template("ru")
    if section_of(text, policy) is not None:
        return True
    word = fold(text)
    kinds = ("state", "label", "category", "reason")
    return any(word in dictionary(policy, kind).spellings for kind in kinds)


def people_in(text: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the people whom a cell names, where it names several; nobody where it does not.

    `known`: folded names of managers that stand alone elsewhere. Two of the parts at least are
    people, or one is a manager.
    """
    parts = [part for part in _BETWEEN.split(text.strip()) if part]
    if len(parts) < 2 or len(parts) > 5:  # noqa: PLR2004
        return ()
    names = set(known)
    managers = [part for part in parts if fold(part) in names]
    people = [part for part in parts if likeness(part) is not Likeness.NONE]
    if len(people) == len(parts) or (managers and managers[0] == parts[0]):
        return tuple(parts)
    return ()


def people_of_title(title: str) -> tuple[str, ...]:
    """Return the words of a title that are listed names: endings tell nothing beside other words.

    «База клиентов» ends as surnames do.
    """
    words = [word.strip(".,()«»\"'") for word in title.split()]
    return tuple(word for word in words if word and _is_listed(fold(word)))
