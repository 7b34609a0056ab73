"""A company's name taken apart, and how near two names are.

Which words are legal forms is legal_forms.py's; how a word sounds, phonetics.py's.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cached_property, lru_cache
from itertools import permutations

from rapidfuzz.distance import OSA

from sheetsync.rules.duplicates.legal_forms import (
    without_forms,
    without_phrases,
)
from sheetsync.rules.duplicates.phonetics import once, sound

_WORDS = re.compile(r"[^\W\d_]+|\d+")
_APOSTROPHES = re.compile(r"[’'`ʼ]")
_SYNONYMS = {"partners": "партнеры", "group": "групп", "группа": "групп"}
_SURNAME = re.compile(r"\w{2,}(?:ov|ev|in)a?")
_MAN, _WOMAN = re.compile(r"ski$|skoi$"), "skaia"
MARK = 2
"""Words of up to two letters, and numbers, tell names apart: Альфа-1 and -2, Иванов А. and Б."""
TYPO, TWO_TYPOS = 6, 12
"""A word must be this long for one typo in it, or two: in shorter ones it makes another word."""
BACKED = 5
"""A word of this length may lack a letter inside, or have two swapped, if the others are right."""
SURE_START = 8
"""In a word shorter than this the first letter is right, and a surname is written as it is."""
MOST_WRONG = 2
"""Words of a name that may be mistyped at once."""


class CompanyName:
    """A name as words, as they are written and as they sound.

    `words`: as written without form, case and ё. `sounds`: the same in one alphabet, sorted; of
    these `marks` tell names apart as they stand, and `plain` are all others. `written`, `joined`:
    the sounds run together, as written and sorted, double letters once.
    """

    def __init__(self, words: tuple[str, ...]) -> None:
        sounds = [sound(word) for word in words]
        self.words = words
        self.sounds = tuple(sorted(sounds))
        self.marks = tuple(filter(_is_mark, self.sounds))
        self.plain = tuple(word for word in self.sounds if not _is_mark(word))
        self.written = once("".join(sounds))
        self.joined = once("".join(self.sounds))

    @cached_property
    def tail(self) -> int:
        """How many letters the words have that are no marks."""
        return sum(map(len, self.plain))

    @property
    def spellings(self) -> tuple[str, ...]:
        """The words run together: as written, and sorted."""
        if self.written == self.joined:
            return (self.written,)
        return (self.written, self.joined)


def _is_mark(word: str) -> bool:
    return len(word) <= MARK or word.isdigit()


@lru_cache(maxsize=200_000)
def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a name without its legal form, quotes, case and ё."""
    plain = (
        _APOSTROPHES.sub("", unicodedata.normalize("NFKC", text))
        .casefold()
        .replace("ё", "е")
    )
    words = without_forms(_WORDS.findall(without_phrases(plain)))
    return tuple(_SYNONYMS.get(word, word) for word in words)


def nearness(left: CompanyName, right: CompanyName) -> float:
    """Return how near two names are: 0 where they are two names, 1 where they sound alike."""
    if not left.words or not right.words or left.marks != right.marks:
        return 0.0
    wrong = _wrong_letters(left, right)
    if wrong is None:
        return 0.0
    return 1 - wrong / max(len(left.joined), len(right.joined))


def within(left: CompanyName, right: CompanyName) -> bool:
    """Tell whether one name is the other with words added: «Ромашка» and «Ромашка Трейд»."""
    short, long = sorted((left, right), key=lambda name: len(name.sounds))
    return short.tail > MARK and set(short.sounds) <= set(long.sounds)


def _wrong_letters(left: CompanyName, right: CompanyName) -> int | None:
    """Return how many letters differ between spellings of one name, None where they are two."""
    if len(left.plain) == len(right.plain):
        return _word_by_word(left.plain, right.plain)
    # A space is missing: the whole is one word.
    counts = map(_mistyped, left.spellings, right.spellings)
    return min((wrong for wrong in counts if wrong is not None), default=None)


def _word_by_word(left: Sequence[str], right: Sequence[str]) -> int | None:
    """Set the words that differ against each other in the best order; count the wrong letters."""
    ours = list(left)
    theirs = list(right)
    right_letters = 0
    for word in left:
        if word in theirs:
            ours.remove(word)
            theirs.remove(word)
            right_letters += len(word)
    if len(ours) != len(theirs) or len(ours) > MOST_WRONG:
        return None
    backed = right_letters >= BACKED - 1
    counts = (
        _wrong_in_order(ours, order, backed=backed)
        for order in permutations(theirs)
    )
    return min((wrong for wrong in counts if wrong is not None), default=None)


def _wrong_in_order(
    left: Sequence[str], right: Sequence[str], *, backed: bool
) -> int | None:
    total = 0
    for ours, theirs in zip(left, right, strict=True):
        wrong = _mistyped(ours, theirs, backed=backed)
        if wrong is None:
            return None
        total += wrong
    return total


def _mistyped(left: str, right: str, *, backed: bool = False) -> int | None:
    """Return how many letters differ between two spellings of one word; None where they are two.

    `backed`: the name's other words are right.
    """
    if left == right:
        return 0
    if _other_person(left, right):
        return None
    if backed and _slipped(left, right):
        return 1
    shortest = min(len(left), len(right))
    if shortest < TYPO or (shortest < SURE_START and left[0] != right[0]):
        return None
    allowed = 2 if shortest >= TWO_TYPOS else 1
    wrong = OSA.distance(left, right, score_cutoff=allowed)
    return wrong if wrong <= allowed else None


def _other_person(left: str, right: str) -> bool:
    """Tell whether two words are surnames of two people: Иванов and Иванова, Котов and Катов."""
    short, long = sorted((left, right), key=len)
    if long == short + "a":
        return True
    if _MAN.sub(_WOMAN, short) == long or _MAN.sub(_WOMAN, long) == short:
        return True
    surnames = _SURNAME.fullmatch(short) and _SURNAME.fullmatch(long)
    return (
        bool(surnames)
        and len(short) < SURE_START
        and sorted(short) != sorted(long)
    )


def _slipped(left: str, right: str) -> bool:
    """Tell whether a letter inside was left out, doubled or swapped with the next."""
    if (
        # At its beginning or end another letter makes another word: Мир and Мирт are two.
        left[0] != right[0]
        or left[-1] != right[-1]
        or max(len(left), len(right)) < BACKED
    ):
        return False
    # One letter for another makes another word too; two that are swapped make none.
    if len(left) == len(right) and sorted(left) != sorted(right):
        return False
    return OSA.distance(left, right, score_cutoff=1) == 1
