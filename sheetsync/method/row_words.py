"""Words of rows that are no clients: totals, notes below a list, names above a group.

They are known in every language at once, from `templates/rows.toml`. Which row of a tab is a client
is `workbook.client_rows`' to say.
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from sheetsync.method.policy import templates_folder

Phrase = tuple[str, ...]
"""The words of a text, in lower case and without signs."""

_WORD = re.compile(r"[^\W_]+")
_COPYRIGHT = re.compile(r"^\s*(?:©|\(c\)\s*\d{4})|©", re.IGNORECASE)
_ASIDE = re.compile(
    r"\s*(?:\([^()]*\)|\[[^\[\]]*\]|[-–—:]\s*\d[\d\s]*|\s(?:19|20)\d\d)\s*$"
)


def phrase_of(text: str) -> Phrase:
    """Cut a text into its words, in lower case and without signs, ё as е."""
    return tuple(_WORD.findall(text.casefold().replace("ё", "е")))


@dataclass(frozen=True)
class RowWords:
    """The words of `templates/rows.toml`, by what they tell."""

    total: frozenset[Phrase]
    perhaps_total: frozenset[Phrase]
    links: frozenset[str]
    note_begins: frozenset[Phrase]
    note_holds: tuple[Phrase, ...]
    name_begins: frozenset[Phrase]
    inflecting: frozenset[Phrase]

    @cached_property
    def _words_of_notes(self) -> frozenset[str]:
        return frozenset(words[0] for words in self.note_holds)

    def adds_up(self, text: str, groups: Iterable[str]) -> bool:
        """Tell whether a text stands before a sum of other rows.

        `groups`: what rows may be added up by, such as managers and towns, folded to words.
        """
        phrase = phrase_of(text)
        if phrase in self.total or phrase in self.perhaps_total:
            return True
        if _begins(phrase, self.total) or _ends(phrase, self.total):
            return True
        begun = _begins(phrase, self.perhaps_total)
        if begun:
            rest = phrase[begun:]
            return self._is_added_up(rest, text, groups)
        ended = _ends(phrase, self.perhaps_total)
        return bool(ended) and " ".join(phrase[:-ended]) in set(groups)

    def _is_added_up(
        self, rest: Phrase, text: str, groups: Iterable[str]
    ) -> bool:
        """Tell whether what follows “total” says of what: “for May”, “clients: 18”, a manager."""
        if rest[0] in self.links or all(map(str.isdigit, rest)):
            return True
        return text.rstrip().endswith(":") or " ".join(rest) in set(groups)

    def may_add_up(self, text: str) -> bool:
        """Tell whether a text begins or ends as what stands before a sum does."""
        phrase = phrase_of(text)
        known = self.total | self.perhaps_total
        return bool(_begins(phrase, known) or _ends(phrase, known))

    def is_note(self, text: str) -> bool:
        """Tell whether a text alone in its row is a note below a list, or a line drawn of signs."""
        phrase = phrase_of(text)
        if not phrase or _COPYRIGHT.search(text):
            return True
        # Of most texts no word begins such a phrase, and a list may be of 50,000 names.
        begins = not self._words_of_notes.isdisjoint(phrase)
        if begins and any(_holds(phrase, words) for words in self.note_holds):
            return True
        begun = _begins(phrase, self.note_begins)
        if begun != 1:
            return begun > 1
        # One word may begin the name of a company: “Page”, but not “Page 2” or “Note: …”.
        follows = text.casefold().replace("ё", "е").strip()[len(phrase[0]) :]
        is_counted = len(phrase) > 1 and phrase[1].isdigit()
        return follows.lstrip().startswith(":") or is_counted

    def names_in(self, text: str) -> tuple[str, ...]:
        """Return what a text may name: itself, or without “Manager:” and a count in brackets."""
        bare = text.strip()
        short = _ASIDE.sub("", bare)
        names = [bare, short]
        phrase = phrase_of(short)
        begun = _begins(phrase, self.name_begins)
        if begun and begun < len(phrase):
            names.append(_without_words(short, begun))
        return tuple(dict.fromkeys(filter(None, names)))

    def is_marked(self, text: str, name: str) -> bool:
        """Tell whether a text says that the name in it is a manager's: “Manager: Ann”."""
        return text.strip() != name and bool(
            _begins(phrase_of(text), self.name_begins)
        )

    def is_of_clients(self, text: str) -> bool:
        """Tell whether a name in a text may be inflected, as behind “Клиенты” or “Сделки”."""
        return phrase_of(text)[:1] in self.inflecting


def _begins(phrase: Phrase, phrases: frozenset[Phrase]) -> int:
    """Return with how many words of the longest known one a phrase begins; 0: with none."""
    for length in range(len(phrase), 0, -1):
        if phrase[:length] in phrases:
            return length
    return 0


def _ends(phrase: Phrase, phrases: frozenset[Phrase]) -> int:
    """Return with how many words of the longest known one a phrase ends; 0: with none."""
    for length in range(len(phrase), 0, -1):
        if phrase[-length:] in phrases:
            return length
    return 0


def _holds(phrase: Phrase, words: Phrase) -> bool:
    """Tell whether words stand in a phrase one after the other."""
    size = len(words)
    starts = range(len(phrase) - size + 1)
    return any(phrase[start : start + size] == words for start in starts)


def _without_words(text: str, count: int) -> str:
    """Return a text without its first words and the signs behind them."""
    ends = [word.end() for word in _WORD.finditer(text)]
    return text[ends[count - 1] :].strip(" :–—-\t")


def _phrases(texts: Sequence[str]) -> frozenset[Phrase]:
    return frozenset(map(phrase_of, texts))


@cache
def row_words() -> RowWords:
    """Return the words of all languages, as they come with the program."""
    source = templates_folder() / "rows.toml"
    words = tomllib.loads(source.read_text(encoding="utf-8"))
    return RowWords(
        total=_phrases(words["total"]),
        perhaps_total=_phrases(words["perhaps_total"]),
        links=frozenset(phrase[0] for phrase in _phrases(words["links"])),
        note_begins=_phrases(words["note_begins"]),
        note_holds=tuple(map(phrase_of, words["note_holds"])),
        name_begins=_phrases(words["name_begins"]),
        inflecting=_phrases(words["inflecting"]),
    )
