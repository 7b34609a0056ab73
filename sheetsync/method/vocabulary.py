"""The words of the method's dictionaries.

Every spelling to its code, and the name that is written.
"""

from functools import lru_cache

from sheetsync.method.policy import Policy
from sheetsync.method.terms import MIXED
from sheetsync.values import Vocabulary, fold

DICTIONARIES = {
    "state": "states",
    "label": "labels",
    "category": "categories",
    "reason": "reasons",
    "section": "sections",
}
"""Type of a column -> the dictionary of the method that its words come from."""


@lru_cache(maxsize=64)
def vocabulary_of(
    policy_words: tuple[tuple[str, tuple[str, ...]], ...],
) -> Vocabulary:
    """Build the look-up of one dictionary.

    The first spelling of a code is the one that is written.
    """
    spellings: dict[str, str] = {}
    names: dict[str, str] = {}
    for code, words in policy_words:
        names.setdefault(code, words[0])
        for word in words:
            # The book's own language comes first, and keeps a word that means
            # something else in others.
            spellings.setdefault(fold(word), code)
    return Vocabulary(spellings, names)


def dictionary(policy: Policy, kind: str) -> Vocabulary:
    """Return the dictionary for a type of column.

    The book's own language first, then the others.
    """
    if kind not in policy.vocabularies:
        policy.vocabularies[kind] = _dictionary(policy, kind)
    return policy.vocabularies[kind]


def _dictionary(policy: Policy, kind: str) -> Vocabulary:
    attribute = DICTIONARIES[kind]
    # A tab is known by what its team says; a foreign word for a title may be anything.
    spoken = policy.all_words if kind == "section" else policy.spellings
    # Tuples all through, as `vocabulary_of` is cached by what it is given.
    return vocabulary_of(
        tuple(
            (code, words)
            for language in spoken
            for code, words in getattr(language, attribute).items()
        )
    )


def section_of(title: str, policy: Policy) -> str | None:
    """Tell which section a tab of this title is, by the names and spellings the policy knows."""
    known = dictionary(policy, "section").spellings.get(fold(title))
    return known or _mixed(title, policy)


def _mixed(title: str, policy: Policy) -> str | None:
    """Read the name of a tab of several sections as `Words.name` writes it.

    With a number from the second one on.
    """
    for words in (policy.words, *policy.other_words):
        if fold(title).startswith(fold(words.tabs[MIXED])):
            number = fold(title).removeprefix(fold(words.tabs[MIXED]))
            # What follows and is no number makes the title one of the team's own.
            return (
                f"{MIXED}.{number}"
                if number.isdigit()
                else MIXED
                if not number
                else None
            )
    return None
