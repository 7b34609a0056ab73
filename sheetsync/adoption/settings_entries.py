"""A proposal as the entries of the Settings tab: what is sure as it is, what is not with a question mark.

What a base understands by itself needs no entry, so that the tab stays short enough to be read.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator

from sheetsync.adoption.proposal import NO_HEADINGS, ColumnGuess, Proposal, TabGuess, WordGuess
from sheetsync.i18n import Language
from sheetsync.method.policy import Policy
from sheetsync.method.settings_tab.mapping import (
    ASKED,
    KINDS,
    MANAGERS,
    kind_words,
    left_alone,
    own_column,
)
from sheetsync.method.vocabulary import section_of
from sheetsync.values import fold
from sheetsync.workbook.headings import Lookup

Entry = tuple[str, ...]


def entries(proposal: Proposal, spoken: Language) -> dict[str, list[Entry]]:
    """Return the lines of each block of the Settings tab, in the language of the base."""
    policy = proposal.policy
    return {
        "managers": [(person.name,) for person in proposal.managers],
        "tabs": [*_tabs(proposal, spoken)],
        "columns": [*_columns(proposal, spoken)],
        "words": [*_words(proposal, policy), *_spellings(proposal, policy)],
    }


def _asked(word: str, *, sure: bool) -> str:
    return word if sure else f"{word}{ASKED}"


def _tabs(proposal: Proposal, spoken: Language) -> Iterator[Entry]:
    words = proposal.policy.words
    for tab in proposal.tabs:
        if tab.header == NO_HEADINGS or (
            tab.sure and tab.title == words.name("sections", tab.section)
        ):
            continue
        yield tab.title, _asked(words.name("sections", tab.section), sure=tab.sure)
    for skipped in proposal.skipped:
        if section_of(skipped.title, proposal.policy) is not None:
            yield skipped.title, left_alone(spoken)


def _columns(proposal: Proposal, spoken: Language) -> Iterator[Entry]:
    """One line a heading where all tabs agree, else one for each tab."""
    found: defaultdict[str, list[tuple[TabGuess, ColumnGuess]]] = defaultdict(list)
    for tab in proposal.tabs:
        for column in tab.columns if tab.header != NO_HEADINGS else ():
            if column.heading:
                found[column.heading].append((tab, column))
    for heading, places in found.items():
        said = {tab.title: _column(column, tab, proposal.policy, spoken) for tab, column in places}
        if len(set(said.values())) == 1:
            word = next(iter(said.values()))
            if word is not None:
                yield "", heading, word
        else:
            yield from (
                (title, heading, word or own_column(spoken)) for title, word in said.items()
            )


def _column(column: ColumnGuess, tab: TabGuess, policy: Policy, spoken: Language) -> str | None:
    """Say what a column holds; None where it is the team's own, and nobody would think otherwise."""
    names = [policy.words.name("columns", field) for field in column.fields]
    if column.sure and names:
        return ", ".join(names)
    if column.sure:
        return own_column(spoken) if Lookup(policy, tab.title).fields(column.heading) else None
    if not names and column.alternatives:
        names = [policy.words.name("columns", column.alternatives[0].field)]
    return _asked(", ".join(names), sure=False) if names else None


def _words(proposal: Proposal, policy: Policy) -> Iterator[Entry]:
    """Words that are not in the dictionary, and before them the one that the team writes instead of the method's."""
    for kind in KINDS:
        heading = kind_words(kind, policy)[0]
        found = [guess for guess in proposal.words if guess.kind == kind]
        for guess in (
            *_written(found, policy),
            *(guess for guess in found if guess.why != "alias"),
        ):
            if guess.code is None and kind == "categories":
                yield heading, guess.word, guess.word
            else:
                meaning = policy.words.name(kind, guess.code) if guess.code else ""
                yield heading, guess.word, _asked(meaning, sure=guess.sure and bool(meaning))


def _written(found: list[WordGuess], policy: Policy) -> Iterator[WordGuess]:
    """Return the commonest word of each meaning for which nobody writes the method's own."""
    by_code: defaultdict[str, list[WordGuess]] = defaultdict(list)
    for guess in found:
        if guess.code is not None and guess.why == "alias":
            by_code[guess.code].append(guess)
    for code, guesses in by_code.items():
        own = fold(policy.words.name(guesses[0].kind, code))
        counts = Counter({guess.word: guess.count for guess in guesses})
        if all(fold(word) != own for word in counts):
            yield next(guess for guess in guesses if guess.word == counts.most_common(1)[0][0])


def _spellings(proposal: Proposal, policy: Policy) -> Iterator[Entry]:
    heading = kind_words(MANAGERS, policy)[0]
    for person in proposal.managers:
        for spelling in person.spellings:
            if fold(spelling) != fold(person.name):
                yield heading, spelling, _asked(person.name, sure=person.sure)
