"""A company's name taken apart, and how near two names are."""

import re
import unicodedata
from functools import cached_property, lru_cache
from itertools import permutations
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

from sheetsync.rules.duplicates.legal_forms import without_forms, without_phrases
from sheetsync.rules.duplicates.phonetics import once, sound

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORDS = re.compile(r"[^\W\d_]+|\d+")
_APOSTROPHES = re.compile(r"[’'`ʼ]")
_SYNONYMS = {"partners": "партнеры", "group": "групп", "группа": "групп"}
_SURNAME = re.compile(r"\w{2,}(?:ov|ev|in)a?")
_MAN, _WOMAN = re.compile(r"ski$|skoi$"), "skaia"
MARK = 2
"""Words of up to two letters, and numbers, tell names apart: Альфа-1 from Альфа-2, Иванов А. from Иванов Б."""
TYPO, TWO_TYPOS = 6, 12
"""A word must be this long for one typo in it, or two; in shorter ones another letter makes another word."""
BACKED = 5
"""A word of this length may lack a letter inside, or have two swapped, where the name's other words are right."""
SURE_START = 8
"""In a word shorter than this the first letter is right, and a surname is written as it is."""
MOST_WRONG = 2
"""Words of a name that may be mistyped at once."""


class Name:
    """A name as words: `words` as written without form, case and ё; `sounds` the same in one alphabet, sorted."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self.words = words
        heard = [sound(word) for word in words]
        self.marks = tuple(sorted(word for word in heard if len(word) <= MARK or word.isdigit()))
        self.sounds = tuple(sorted(heard))
        self.plain = tuple(
            sorted(word for word in heard if len(word) > MARK and not word.isdigit())
        )
        self.written, self.joined = once("".join(heard)), once("".join(self.sounds))

    @cached_property
    def tail(self) -> int:
        """How many letters the words have that are no marks."""
        return sum(map(len, self.plain))

    @property
    def spellings(self) -> tuple[str, ...]:
        """The words run together: as written, and sorted."""
        return (self.written,) if self.written == self.joined else (self.written, self.joined)


@lru_cache(maxsize=200_000)
def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a name without its legal form, quotes, case and ё; none where there is no name."""
    plain = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", text)).casefold().replace("ё", "е")
    return tuple(
        _SYNONYMS.get(word, word) for word in without_forms(_WORDS.findall(without_phrases(plain)))
    )


def _other_person(left: str, right: str) -> bool:
    """Tell whether two words are surnames of different people: Иванов and Иванова, Котов and Катов."""
    short, long = sorted((left, right), key=len)
    if long == short + "a" or _MAN.sub(_WOMAN, short) == long or _MAN.sub(_WOMAN, long) == short:
        return True
    surnames = bool(_SURNAME.fullmatch(short) and _SURNAME.fullmatch(long))
    return surnames and len(short) < SURE_START and sorted(short) != sorted(long)


def _mistyped(left: str, right: str, *, backed: bool = False) -> int | None:
    """Return how many letters differ between two spellings of one word, or None where they are two words."""
    if left == right:
        return 0
    shortest = min(len(left), len(right))
    allowed = 2 if shortest >= TWO_TYPOS else 1 if shortest >= TYPO else 0
    if _other_person(left, right):
        return None
    if backed and _slipped(left, right):
        return 1
    if not allowed or (shortest < SURE_START and left[0] != right[0]):
        return None
    wrong = OSA.distance(left, right, score_cutoff=allowed)
    return wrong if wrong <= allowed else None


def _slipped(left: str, right: str) -> bool:
    """Tell whether a letter inside was left out, doubled or swapped with the next: a slip that makes no other word."""
    ends = left[0] == right[0] and left[-1] == right[-1] and max(len(left), len(right)) >= BACKED
    if not ends or (len(left) == len(right) and sorted(left) != sorted(right)):
        return False
    return OSA.distance(left, right, score_cutoff=1) == 1


def _word_by_word(left: "Sequence[str]", right: "Sequence[str]") -> int | None:
    """Set the words that differ against each other in the best order, and count the wrong letters."""
    ours, theirs, right_ones = list(left), list(right), 0
    for word in left:
        if word in theirs:
            ours.remove(word)
            theirs.remove(word)
            right_ones += len(word)
    if len(ours) != len(theirs) or len(ours) > MOST_WRONG:
        return None
    backed = right_ones >= BACKED - 1
    ways = (
        [_mistyped(a, b, backed=backed) for a, b in zip(ours, way, strict=True)]
        for way in permutations(theirs)
    )
    return min((sum(filter(None, way)) for way in ways if None not in way), default=None)


def nearness(left: Name, right: Name) -> float:
    """Return how near two names are: 0 where they are two names, 1 where they sound alike."""
    if not left.words or not right.words or left.marks != right.marks:
        return 0.0
    if len(left.plain) == len(right.plain):
        wrong = _word_by_word(left.plain, right.plain)
    else:  # a space is missing: the whole is one word
        wrong = min(
            (w for w in map(_mistyped, left.spellings, right.spellings) if w is not None),
            default=None,
        )
    return 0.0 if wrong is None else 1 - wrong / max(len(left.joined), len(right.joined))


def within(left: Name, right: Name) -> bool:
    """Tell whether one name is the other with words added: «Ромашка» and «Ромашка Трейд»."""
    short, long = sorted((left, right), key=lambda name: len(name.sounds))
    return short.tail > MARK and set(short.sounds) <= set(long.sounds)
