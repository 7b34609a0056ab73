"""The words in which settings are read.

Names as the lines have them first, then all that was understood before.

Which entry a line is, and what its cells say, is `read`'s.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sheetsync.i18n import language
from sheetsync.method.policy import Policy
from sheetsync.method.settings_tab.blocks import DICTIONARIES
from sheetsync.method.settings_tab.cell_types import SettingsVocabulary
from sheetsync.method.settings_tab.document import Line, SettingsDocument
from sheetsync.method.vocabulary import vocabulary_of
from sheetsync.values import Vocabulary, fold


class NamedCode(NamedTuple):
    """An entry's code, and the name that its line gives it."""

    code: str
    name: str


NamesByKind = Mapping[str, Sequence[NamedCode]]


def vocabulary_in_force(
    policy: Policy,
    good: SettingsDocument,
    named: NamesByKind | None = None,
    usual: SettingsDocument | None = None,
) -> SettingsVocabulary:
    """Gather the words of all dictionaries, of managers and of columns.

    `good`: what was in force last; `named`: names that lines give now; `usual`: the method's own.
    """
    named = named or {}
    documents = [document for document in (good, usual) if document is not None]
    words = {}
    for kind in DICTIONARIES:
        words[kind] = _dictionary(kind, named.get(kind, ()), documents, policy)
    words["managers"] = _managers(named.get("managers", ()))
    team = {
        column.field: column
        for column in policy.columns
        if column.owner == "team"
    }
    words["columns"] = _columns(team, policy)
    measures = [
        name
        for name, column in team.items()
        if column.type in ("amount", "integer")
    ]
    own_language = language(policy.words.language)
    return SettingsVocabulary(
        own_language,
        policy.region,
        words,
        measures=frozenset(measures),
    )


def _managers(people: Sequence[NamedCode]) -> Vocabulary:
    names = [person.name for person in people]
    # Read from the end, so that the first line tells how a name is spelt.
    first_spelling = {fold(name): name for name in reversed(names)}
    return Vocabulary(first_spelling, {name: name for name in names})


def _columns(team: Iterable[str], policy: Policy) -> Vocabulary:
    fields = {*team}
    headings = []
    for words in policy.all_words:
        for name, spellings in words.columns.items():
            if name in fields:
                headings.append((name, spellings))
    known = vocabulary_of(tuple(headings))
    in_order = [name for name in policy.column if name in fields]
    return Vocabulary(
        known.spellings, {name: known.names[name] for name in in_order}
    )


def _dictionary(
    kind: str,
    named: Sequence[NamedCode],
    documents: Sequence[SettingsDocument],
    policy: Policy,
) -> Vocabulary:
    """Gather the words of one dictionary; the first spelling that is met counts."""
    lines = [line for document in documents for line in document.lines[kind]]
    names = _names(named, lines)
    spellings: dict[str, str] = {}
    # Names in force come first, as a name takes its word from whatever it meant before.
    for code, name in names.items():
        spellings.setdefault(fold(name), code)
    for line in lines:
        for word in _words_of(line):
            spellings.setdefault(fold(word), str(line["code"]))
    for code, word in _words_of_policy(kind, policy):
        # Words of an entry that is gone mean nothing any more.
        if code in names:
            spellings.setdefault(fold(word), code)
    first_codes = [entry.code for entry in named] or [
        str(line["code"]) for line in documents[0].lines[kind]
    ]
    in_order = dict.fromkeys([*first_codes, *names])
    return Vocabulary(spellings, {code: names[code] for code in in_order})


def _names(named: Sequence[NamedCode], lines: Iterable[Line]) -> dict[str, str]:
    """Return the name of each code.

    As its line gives it now, else the first of the documents' names.
    """
    pairs = [(str(line["code"]), str(line["name"])) for line in lines]
    # Read from the end, so that of two names for one code the first that was in force stays.
    names = dict(reversed(pairs))
    return names | {entry.code: entry.name for entry in named}


def _words_of(line: Line) -> Iterator[str]:
    yield str(line["name"])
    former_names = line.get("also")
    if isinstance(former_names, list):
        yield from map(str, former_names)


def _words_of_policy(kind: str, policy: Policy) -> Iterator[tuple[str, str]]:
    for words in policy.spellings:
        for code, spellings in getattr(words, kind).items():
            for spelling in spellings:
                yield code, spelling
