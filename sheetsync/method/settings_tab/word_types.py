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
    quoted,
    spoken,
    text_of,
)
from sheetsync.values import Cell, fold


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
        known = {said: code for code, word in self.words.items() for said in spoken(word)}
        code = known.get(fold(text)) or (text if text in self.words else None)
        return CellReading(code) if code else WRONG

    def write(self, value: Plain, speech: SettingsVocabulary) -> Cell:
        """Return the word."""
        return (
            speech.language.text(self.words[value])
            if isinstance(value, str) and value in self.words
            else None
        )

    def accepted(self, speech: SettingsVocabulary) -> str:
        """Say what a cell may hold."""
        return speech.language.text(
            "Accepted: {words}.", words=quoted(self.options(speech), speech)
        )

    def options(self, speech: SettingsVocabulary) -> list[str]:
        """Return the words of the dropdown."""
        return [speech.language.text(word) for word in self.words.values()]


@dataclass(frozen=True)
class OneOf:
    """A word of a dictionary, or one of `special`: words of the program's own, by code."""

    dictionary: str
    special: Mapping[str, str] = field(default_factory=dict)
    shown: Shown = "text"

    def find(self, text: str, speech: SettingsVocabulary) -> str | None:
        """Return the code of a word."""
        special = {said: code for code, word in self.special.items() for said in spoken(word)}
        return special.get(fold(text)) or (
            text if text in self.special else speech.code(self.dictionary, text)
        )

    def say(self, code: str, speech: SettingsVocabulary) -> str:
        """Return the word of a code."""
        special = self.special.get(code)
        return speech.language.text(special) if special else speech.name(self.dictionary, code)

    def read(self, given: Given, speech: SettingsVocabulary) -> CellReading:
        """Read a word to its code."""
        text = text_of(given)
        if not text:
            return NOTHING if given in (None, "") or isinstance(given, str) else WRONG
        code = self.find(text, speech)
        return CellReading(code) if code else WRONG

    def write(self, value: Plain, speech: SettingsVocabulary) -> Cell:
        """Return the word."""
        return self.say(value, speech) if isinstance(value, str) else None

    def options(self, speech: SettingsVocabulary) -> list[str]:
        """Return the words that are accepted."""
        return [
            *speech.words[self.dictionary].names.values(),
            *(speech.language.text(word) for word in self.special.values()),
        ]

    def accepted(self, speech: SettingsVocabulary) -> str:
        """Say what a cell may hold."""
        words = [word for word in self.options(speech) if word]
        return speech.language.text("Accepted: {words}.", words=quoted(words, speech) or "—")


@dataclass(frozen=True)
class SomeOf:
    """Words of a dictionary, separated by commas; a word that holds a comma itself is found too."""

    one: OneOf
    shown: Shown = "text"

    def read(self, given: Given, speech: SettingsVocabulary) -> CellReading:
        """Read words to their codes, each once."""
        if isinstance(given, list | tuple):
            codes = [
                self.one.find(part, speech) if isinstance(part, str) else None for part in given
            ]
            return WRONG if None in codes or len(codes) > MOST_WORDS else _listed(codes)
        if not (text := text_of(given)):
            return NOTHING if given in (None, "") or isinstance(given, str) else WRONG
        found = _words(text, lambda part: self.one.find(part, speech))
        return WRONG if found is None else _listed(found)

    def write(self, value: Plain, speech: SettingsVocabulary) -> Cell:
        """Return the words, separated by commas."""
        if not isinstance(value, list):
            return None
        return ", ".join(self.one.say(str(code), speech) for code in value) or None

    def accepted(self, speech: SettingsVocabulary) -> str:
        """Say what a cell may hold."""
        return (
            f"{self.one.accepted(speech)} {speech.language.text('Several: separated by commas.')}"
        )


def _listed(codes: Sequence[str | None]) -> CellReading:
    found = [code for code in dict.fromkeys(codes) if code]
    return CellReading(found) if found else NOTHING


def _words(text: str, find: Callable[[str], str | None]) -> list[str] | None:
    """Cut a text into words that are known, the longest first; None where a part of it is none."""
    parts = [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]
    if len(parts) > MOST_WORDS:
        return None
    found, at = list[str](), 0
    while at < len(parts):
        for end in range(min(len(parts), at + 4), at, -1):
            code = find(", ".join(parts[at:end]))
            if code is not None:
                found.append(code)
                at = end
                break
        else:
            return None
    return found
