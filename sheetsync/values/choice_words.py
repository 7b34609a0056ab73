"""Words of the method's dictionaries, whatever their spelling, and yes or no.

Which words a dictionary has is the policy's (`method.vocabulary`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sheetsync.values.cells import (
    EMPTY,
    Cell,
    CellFault,
    Reading,
    clean,
    fold,
    plain,
    unread,
)

_BETWEEN = re.compile(r"[,;/|+\n]|\s[-–—]\s")
"""What stands between several words of one cell."""
YES = frozenset(
    {
        "да",
        "yes",
        "y",
        "true",
        "истина",
        "1",
        "+",
        "есть",
        "on",
        "ок",
        "ok",
        "✓",
        "✔",
        "☑",
        "✅",
    }
)
NO = frozenset(
    {
        "нет",
        "no",
        "n",
        "false",
        "ложь",
        "0",
        "-",
        "нету",
        "off",
        "✗",
        "✘",
        "☐",
        "❌",
    }
)
"""Yes and no as people mark them, in lower case and with dashes as hyphens."""


@dataclass(frozen=True)
class Vocabulary:
    """Spellings of one dictionary: folded spelling -> code, and code -> the word to write."""

    spellings: Mapping[str, str]
    names: Mapping[str, str]


def read_word(cell: Cell, vocabulary: Vocabulary) -> Reading:
    """Read a word of a dictionary to its code. Fault: unknown_word, with the nearest word."""
    text = clean(cell)
    if not text:
        return EMPTY
    code = vocabulary.spellings.get(fold(text))
    if not code:
        return Reading(
            None, CellFault("unknown_word", suggest(text, vocabulary))
        )
    return Reading(code)


_DENIALS = ("не", "not", "un")
_TELLING = 4
"""Letters that tell that a word is another one denied."""


def suggest(text: str, vocabulary: Vocabulary) -> str:
    """Return the word of the dictionary nearest to `text`, or nothing where none is near."""
    # Loaded here, as it is needed only where a word is not known.
    from rapidfuzz import fuzz, process  # noqa: PLC0415

    # Of several words in one cell the one that is known is meant.
    parts = [fold(part) for part in _BETWEEN.split(text)]
    codes = {
        vocabulary.spellings[part]
        for part in parts
        if part in vocabulary.spellings
    }
    if len(codes) == 1:
        return vocabulary.names[codes.pop()]
    word = fold(text)
    spellings = list(vocabulary.spellings)
    nearest = process.extractOne(
        word, spellings, scorer=fuzz.ratio, score_cutoff=70
    )
    # “Processed” is near to “not processed”, and means the opposite.
    if nearest is None or _are_opposites(word, nearest[0]):
        return ""
    return vocabulary.names[vocabulary.spellings[nearest[0]]]


def _are_opposites(word: str, other: str) -> bool:
    """Tell whether one of two folded words is the other one denied."""
    return _denies(word, other) or _denies(other, word)


def _denies(word: str, other: str) -> bool:
    beginning = other[:_TELLING]
    if len(beginning) < _TELLING:
        return False
    return word.startswith(tuple(denial + beginning for denial in _DENIALS))


def read_flag(cell: Cell) -> Reading:
    """Read a yes or a no to a bool; a dash is the no of a column of pluses. Fault: not_a_flag."""
    text = plain(cell).casefold().rstrip(" .!")
    if text in YES or text in NO:
        return Reading(text in YES)
    return unread(text, "not_a_flag")
