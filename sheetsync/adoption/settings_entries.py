"""A proposal as lines of the Settings tab: what is sure as it is, what is not with a question mark.

What a base understands by itself needs no line, so that the tab stays short enough to be read.
Writing them is the sheets room's.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from sheetsync.adoption.outcome_columns import OUTCOME
from sheetsync.adoption.proposal import (
    ColumnGuess,
    Proposal,
    TabGuess,
    WordGuess,
)
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

SettingsLine = tuple[str, ...]
"""The cells of one line of a block."""


def entries(
    proposal: Proposal, language: Language
) -> dict[str, list[SettingsLine]]:
    """Return the lines of each block of the Settings tab, in the language of the base."""
    return {
        "managers": [(manager.name,) for manager in proposal.managers],
        "tabs": [*_tab_lines(proposal, language)],
        "columns": [*_column_lines(proposal, language)],
        "words": [*_word_lines(proposal), *_spelling_lines(proposal)],
    }


def _asked(word: str, *, sure: bool) -> str:
    return word if sure else f"{word}{ASKED}"


def _tab_lines(
    proposal: Proposal, language: Language
) -> Iterator[SettingsLine]:
    for tab in proposal.tabs:
        name = proposal.policy.words.name("sections", tab.section)
        is_known = tab.sure and tab.title == name
        if tab.has_headings and not is_known:
            yield tab.title, _asked(name, sure=tab.sure)
    for skipped in proposal.skipped:
        # Only a title that would be taken for a section needs a line to be left alone.
        if section_of(skipped.title, proposal.policy) is not None:
            yield skipped.title, left_alone(language)


def _column_lines(
    proposal: Proposal, language: Language
) -> Iterator[SettingsLine]:
    """Go through the headings: one line for each where all tabs agree, else one for each tab."""
    by_heading: defaultdict[str, dict[str, str | None]] = defaultdict(dict)
    for tab in proposal.tabs:
        # Of two columns of states that of outcomes comes first, as it is read first.
        in_order = sorted(tab.columns, key=lambda column: column.why != OUTCOME)
        for column in in_order if tab.has_headings else ():
            if column.heading:
                holds = _column_words(column, tab, proposal.policy, language)
                by_heading[column.heading][tab.title] = holds
    for heading, by_tab in by_heading.items():
        answers = set(by_tab.values())
        if len(answers) > 1:
            for title, holds in by_tab.items():
                yield title, heading, holds or own_column(language)
        else:
            holds = answers.pop()
            if holds is not None:
                yield "", heading, holds


def _column_words(
    column: ColumnGuess, tab: TabGuess, policy: Policy, language: Language
) -> str | None:
    """Say what a column holds; None where it is the team's own, and taken for nothing else."""
    names = [policy.words.name("columns", field) for field in column.fields]
    if column.sure and names:
        return ", ".join(names)
    if column.sure:
        # A heading that is taken for no field stays the team's own without a line.
        is_taken_for_field = Lookup(policy, tab.title).fields(column.heading)
        return own_column(language) if is_taken_for_field else None
    if not names:
        names = [
            policy.words.name("columns", other.field)
            for other in column.alternatives[:1]
        ]
    return _asked(", ".join(names), sure=False) if names else None


def _word_lines(proposal: Proposal) -> Iterator[SettingsLine]:
    """Go through words the team writes instead of the method's, then those not in a dictionary."""
    policy = proposal.policy
    for kind in KINDS:
        heading = kind_words(kind, policy)[0]
        guesses = [guess for guess in proposal.words if guess.kind == kind]
        new = [guess for guess in guesses if guess.why != "alias"]
        # The first word of a meaning is the one that the program writes from then on.
        for guess in (*_written_instead(guesses, policy), *new):
            yield heading, guess.word, _meaning(guess, policy)


def _meaning(guess: WordGuess, policy: Policy) -> str:
    """Say what a word means; a category of the team's own means itself."""
    if guess.code:
        return _asked(
            policy.words.name(guess.kind, guess.code), sure=guess.sure
        )
    return guess.word if guess.kind == "categories" else ASKED


def _written_instead(
    guesses: Sequence[WordGuess], policy: Policy
) -> Iterator[WordGuess]:
    """Go through the commonest word of each meaning for which nobody writes the method's own."""
    by_code: defaultdict[str, list[WordGuess]] = defaultdict(list)
    for guess in guesses:
        if guess.code is not None and guess.why == "alias":
            by_code[guess.code].append(guess)
    for code, known in by_code.items():
        own = fold(policy.words.name(known[0].kind, code))
        if own not in {fold(guess.word) for guess in known}:
            yield max(known, key=lambda guess: guess.count)


def _spelling_lines(proposal: Proposal) -> Iterator[SettingsLine]:
    heading = kind_words(MANAGERS, proposal.policy)[0]
    for manager in proposal.managers:
        for spelling in manager.spellings:
            # Spellings that differ in case and signs alone are understood without a line.
            if fold(spelling) != fold(manager.name):
                yield heading, spelling, _asked(manager.name, sure=manager.sure)
    for tab in proposal.tabs:
        is_known = fold(tab.title) == fold(tab.owner) and tab.owner_sure
        if tab.owner and tab.has_headings and not is_known:
            yield heading, tab.title, _asked(tab.owner, sure=tab.owner_sure)
    for several in proposal.several:
        yield heading, several.cell, _asked(several.owner, sure=several.sure)
