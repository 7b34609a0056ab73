"""Kinds of settings that are words: of the program's own, or of a dictionary, one or several."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sheetsync.method.settings_tab.cell_types import (
    MOST_WORDS,
    NOTHING,
    WRONG,
    CellReading,
    Given,
    Plain,
    SettingsVocabulary,
    Shown,
    marked_spellings,
    quoted,
    text_of,
)
from sheetsync.values import Cell, fold

LONGEST_WORD = 4
"""In how many pieces, cut at commas, a word that holds commas itself may stand."""


@dataclass(frozen=True)
class WordChoice:
    """One of a few words of the program's own, by code."""

    words: Mapping[str, str]
    shown: Shown = "text"

    def read(self, given: Given, _: SettingsVocabulary) -> CellReading:
        """Read a word to its code."""
        text = text_of(given)
        if not text:
            return NOTHING
        code = code_of_marked(text, self.words)
        return CellReading(code) if code else WRONG

    def write(self, value: Plain, vocabulary: SettingsVocabulary) -> Cell:
        """Return the word."""
        if isinstance(value, str) and value in self.words:
            return vocabulary.language.text(self.words[value])
        return None

    def accepted(self, vocabulary: SettingsVocabulary) -> str:
        """Say what a cell may hold."""
        words = quoted(self.options(vocabulary), vocabulary)
        return vocabulary.language.text("Accepted: {words}.", words=words)

    def options(self, vocabulary: SettingsVocabulary) -> list[str]:
        """Return the words of the dropdown."""
        return [vocabulary.language.text(word) for word in self.words.values()]


def code_of_marked(text: str, words: Mapping[str, str]) -> str | None:
    """Return the code of a word of the program's own, in any language; a code means itself."""
    code = None
    for candidate, word in words.items():
        if fold(text) in marked_spellings(word):
            # Of two that are spelt alike the last counts, as in a dictionary.
            code = candidate
    if code is None and text in words:
        return text
    return code


@dataclass(frozen=True)
class OneOf:
    """A word of a dictionary, or one of `special`: words of the program's own, by code."""

    dictionary: str
    special: Mapping[str, str] = field(default_factory=dict)
    shown: Shown = "text"

    def find(self, text: str, vocabulary: SettingsVocabulary) -> str | None:
        """Return the code of a word."""
        return code_of_marked(text, self.special) or vocabulary.code(
            self.dictionary, text
        )

    def say(self, code: str, vocabulary: SettingsVocabulary) -> str:
        """Return the word of a code."""
        special = self.special.get(code)
        if special:
            return vocabulary.language.text(special)
        return vocabulary.name(self.dictionary, code)

    def read(self, given: Given, vocabulary: SettingsVocabulary) -> CellReading:
        """Read a word to its code."""
        text = text_of(given)
        if not text:
            return _nothing_or_wrong(given)
        code = self.find(text, vocabulary)
        return CellReading(code) if code else WRONG

    def write(self, value: Plain, vocabulary: SettingsVocabulary) -> Cell:
        """Return the word."""
        return self.say(value, vocabulary) if isinstance(value, str) else None

    def options(self, vocabulary: SettingsVocabulary) -> list[str]:
        """Return the words that are accepted."""
        names = vocabulary.words[self.dictionary].names.values()
        special = [
            vocabulary.language.text(word) for word in self.special.values()
        ]
        return [*names, *special]

    def accepted(self, vocabulary: SettingsVocabulary) -> str:
        """Say what a cell may hold."""
        words = quoted([*filter(None, self.options(vocabulary))], vocabulary)
        return vocabulary.language.text(
            "Accepted: {words}.", words=words or "—"
        )


def _nothing_or_wrong(given: Given) -> CellReading:
    """Read what is no text: an empty cell says nothing, anything else cannot be a word."""
    return NOTHING if given is None or isinstance(given, str) else WRONG


@dataclass(frozen=True)
class SomeOf:
    """Words of a dictionary, separated by commas; a word that holds a comma itself is known too."""

    word: OneOf
    shown: Shown = "text"

    def read(self, given: Given, vocabulary: SettingsVocabulary) -> CellReading:
        """Read words to their codes, each once."""

        def find(text: str) -> str | None:
            return self.word.find(text, vocabulary)

        if isinstance(given, list | tuple):
            return _listed(_codes_of_list(given, find))
        text = text_of(given)
        if not text:
            return _nothing_or_wrong(given)
        return _listed(_codes_in_text(text, find))

    def write(self, value: Plain, vocabulary: SettingsVocabulary) -> Cell:
        """Return the words, separated by commas."""
        if not isinstance(value, list):
            return None
        return (
            ", ".join(self.word.say(str(code), vocabulary) for code in value)
            or None
        )

    def accepted(self, vocabulary: SettingsVocabulary) -> str:
        """Say what a cell may hold."""
        several = vocabulary.language.text("Several: separated by commas.")
        return f"{self.word.accepted(vocabulary)} {several}"


def _listed(codes: list[str] | None) -> CellReading:
    if codes is None:
        return WRONG
    return CellReading([*dict.fromkeys(codes)]) if codes else NOTHING


def _codes_of_list(
    words: Sequence[object], find: Callable[[str], str | None]
) -> list[str] | None:
    """Return the codes of words that a file lists; None where a word of them is none."""
    if len(words) > MOST_WORDS:
        return None
    codes = []
    for word in words:
        code = find(word) if isinstance(word, str) else None
        if code is None:
            return None
        if code:
            codes.append(code)
    return codes


def _codes_in_text(
    text: str, find: Callable[[str], str | None]
) -> list[str] | None:
    """Cut a text into words that are known; None where a part of it is none."""
    parts = [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]
    if len(parts) > MOST_WORDS:
        return None
    codes: list[str] = []
    while parts:
        # A name may hold a comma itself, as “Refusal, to rework” does, and is not to be cut in two.
        longest_first = range(min(len(parts), LONGEST_WORD), 0, -1)
        for length in longest_first:
            code = find(", ".join(parts[:length]))
            if code is not None:
                codes.append(code)
                del parts[:length]
                break
        else:
            return None
    return codes
