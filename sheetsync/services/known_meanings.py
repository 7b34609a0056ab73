"""What is known of a base already, put before what is guessed of it.

That is what the Settings tab says, and the program's own columns. Guessing is the adoption's.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cache

from sheetsync.adoption import ColumnGuess, Proposal, TabGuess, WordGuess
from sheetsync.adoption.proposal import NOT_CLIENTS
from sheetsync.adoption.propose import ChosenTabs
from sheetsync.method.policy import Policy, template
from sheetsync.method.settings_tab.mapping import (
    MANAGERS,
    SettingsReading,
    settings_of,
)
from sheetsync.method.terms import kind_of
from sheetsync.sheets.read.reader import last_good_settings
from sheetsync.values import fold
from sheetsync.workbook.layout import TabLayout
from sheetsync.workbook.snapshot import Book, own_titles


def with_known_meanings(proposal: Proposal, book: Book) -> Proposal:
    """Return a proposal in which all that is known already stands as it is known."""
    policy = proposal.policy
    reading = _settings_reading(book, policy)
    layouts = book.layout.by_id
    tabs = []
    for tab in proposal.tabs:
        layout = layouts.get(tab.sheet_id)
        tabs.append(_known_tab(tab, layout, reading, policy))
    words = [_known_word(word, reading) for word in proposal.words]
    people = _people(reading)
    return replace(
        proposal,
        tabs=tuple(_with_known_owner(tab, people) for tab in tabs),
        words=tuple(words),
        several=tuple(
            replace(guess, owner=people[fold(guess.cell)], confidence=1.0)
            if fold(guess.cell) in people
            else guess
            for guess in proposal.several
        ),
    )


def _people(reading: SettingsReading) -> Mapping[str, str]:
    """Return folded spelling -> manager, as the team has said it."""
    people = {fold(name): name for name in reversed(reading.managers)}
    for word, name in reading.words.get(MANAGERS, ()):
        people[fold(word)] = people.get(fold(name), name)
    return people


def _with_known_owner(tab: TabGuess, people: Mapping[str, str]) -> TabGuess:
    """Take the manager that the team has said of a tab's title."""
    name = people.get(fold(tab.title))
    if not tab.owner or name is None:
        return tab
    return replace(tab, owner=name, owner_confidence=1.0)


def tabs_told(proposal: Proposal, book: Book) -> ChosenTabs:
    """Return the tabs of clients, as the team says, that a proposal leaves alone, by id."""
    sections = {
        mapped.title: mapped.section
        for mapped in _settings_reading(book, proposal.policy).mapped.tabs
    }
    return {
        skipped.sheet_id: None
        for skipped in proposal.skipped
        if sections.get(skipped.title) and skipped.reason in NOT_CLIENTS
    }


def _settings_reading(book: Book, policy: Policy) -> SettingsReading:
    settings = book.titled(*own_titles(policy, "settings"))
    if settings is None:
        return SettingsReading()
    return settings_of(settings.cells, policy, last_good_settings(book, policy))


def _known_tab(
    tab: TabGuess,
    layout: TabLayout | None,
    reading: SettingsReading,
    policy: Policy,
) -> TabGuess:
    """Return a tab as it is known. `layout`: what a run before has made of it."""
    ours = _headings_of_ours(layout, policy)
    columns = []
    for column in tab.columns:
        # What the program has made itself is no question to anybody.
        if column.heading not in ours:
            columns.append(_known_column(column, tab, reading))
    section = _known_section(tab, layout, reading)
    return replace(
        tab,
        columns=tuple(columns),
        section=kind_of(section or tab.section),
        confidence=1.0 if section else tab.confidence,
    )


def _headings_of_ours(
    layout: TabLayout | None, policy: Policy
) -> Collection[str]:
    """Return the headings under which the program's own columns stand on a tab."""
    if layout is None:
        return ()
    return {
        seat.heading
        for name, seat in layout.fields.items()
        if policy.column[name].owner == "daemon"
    }


def _known_section(
    tab: TabGuess, layout: TabLayout | None, reading: SettingsReading
) -> str | None:
    """Return the section that the team has said of a tab, or that it was known as."""
    known = layout.section if layout else None
    for mapped in reading.mapped.tabs:
        if mapped.title == tab.title:
            return mapped.section or known
    return known


def _known_column(
    column: ColumnGuess, tab: TabGuess, reading: SettingsReading
) -> ColumnGuess:
    """Take what the team has said of a column."""
    heading = fold(column.heading)
    for mapped in reading.mapped.columns:
        is_meant = fold(mapped.heading) == heading and mapped.tab in (
            "",
            tab.title,
        )
        if is_meant and mapped.fields:
            return replace(column, fields=mapped.fields, confidence=1.0)
    # A team's own column called “ID” or “Deadline” stays theirs; ours gets another heading.
    if column.fields and heading in _our_headings():
        return replace(column, fields=(), confidence=0.9)
    return column


@cache
def _our_headings() -> frozenset[str]:
    """Return the headings of the program's own columns, folded, in every language."""
    policy = template("en")
    own = [
        column.field for column in policy.columns if column.owner == "daemon"
    ]
    headings: set[str] = set()
    for words in (policy.words, *policy.other_words):
        for field in own:
            headings.update(map(fold, words.columns[field]))
    return frozenset(headings)


def _known_word(guess: WordGuess, reading: SettingsReading) -> WordGuess:
    """Take the code that the team has given a word."""
    for word, code in reading.words.get(guess.kind, ()):
        if fold(word) == fold(guess.word):
            return replace(guess, code=code, confidence=1.0) if code else guess
    return guess
