"""What is asked about a proposal, and what an answer makes of it: only of what is unsure, one question after the other.

Pure; putting the questions to a person is the command line's.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from sheetsync.adoption.proposal import (
    NO_HEADINGS,
    ColumnGuess,
    ManagerGuess,
    Proposal,
    SkippedTab,
    TabGuess,
    WordGuess,
)
from sheetsync.i18n import Language
from sheetsync.method.settings_tab.mapping import left_alone, own_column
from sheetsync.method.terms import MIXED

EXAMPLES = 3


class AnswerChoice(NamedTuple):
    """An answer: how it is called, and what it stands for: codes of sections, fields or meanings; none: leave it alone."""

    label: str
    value: tuple[str, ...]


class Question(NamedTuple):
    """A question in words. `kind`: tab, column, word or manager; `key`: what it is about; the first choice is suggested."""

    kind: str
    key: tuple[str, ...]
    text: str
    choices: tuple[AnswerChoice, ...]


def questions(proposal: Proposal, spoken: Language) -> Iterator[Question]:
    """Go through everything that is unsure: tabs first, then columns, words and people."""
    asked = _Asked(proposal, spoken)
    tabs = [tab for tab in proposal.tabs if tab.header != NO_HEADINGS]
    yield from (asked.tab(tab) for tab in tabs if not tab.sure)
    doubtful = {
        column.heading: (tab, column)
        for tab in reversed(tabs)
        for column in reversed(tab.columns)
        if _open(column)
    }
    yield from (asked.column(*doubtful[heading]) for heading in reversed(doubtful))
    for word in proposal.words:
        if not word.sure and (word.kind != "categories" or word.code is not None):
            yield asked.word(word)
    for person in proposal.managers:
        if not person.sure and person.spellings:
            yield asked.person(person)


def _open(column: ColumnGuess) -> bool:
    """Tell whether there is anything to ask about a column."""
    return not column.sure and bool(column.heading) and bool(column.fields or column.alternatives)


class _Asked:
    """Words the questions."""

    def __init__(self, proposal: Proposal, spoken: Language) -> None:
        self.policy, self.language = proposal.policy, spoken

    def tab(self, tab: TabGuess) -> Question:
        """Ask what a tab is."""
        codes = [
            tab.section,
            *(code for code in (*self.policy.codes("sections"), MIXED) if code != tab.section),
        ]
        known = [AnswerChoice(self.policy.words.name("sections", code), (code,)) for code in codes]
        alone = AnswerChoice(left_alone(self.language), ())
        text = self.language.plural(
            "Which section is the tab “{tab}” ({n} row)?",
            "Which section is the tab “{tab}” ({n} rows)?",
            tab.rows,
            tab=tab.title,
        )
        return Question("tab", (tab.title,), text, (*known, alone))

    def column(self, tab: TabGuess, column: ColumnGuess) -> Question:
        """Ask what a column holds."""
        guessed = [column.fields, *((alternative.field,) for alternative in column.alternatives)]
        rest = [(c.field,) for c in self.policy.columns if c.owner == "team"]
        wanted = [*dict.fromkeys(fields for fields in (*guessed, *rest) if fields)]
        named = [
            AnswerChoice(", ".join(self.policy.words.name("columns", f) for f in fields), fields)
            for fields in wanted
        ]
        own = AnswerChoice(own_column(self.language), ())
        first = 1 if column.fields else 0
        samples = ", ".join(text[:30] for text in column.examples[:EXAMPLES])
        text = self.language.text(
            "What does the column “{heading}” of “{tab}” hold ({samples})?",
            heading=column.heading,
            tab=tab.title,
            samples=samples,
        )
        return Question("column", (column.heading,), text, (*named[:first], own, *named[first:]))

    def word(self, word: WordGuess) -> Question:
        """Ask what a word means."""
        codes = [
            *([word.code] if word.code else []),
            *(c for c in self.policy.codes(word.kind) if c != word.code),
        ]
        known = [AnswerChoice(self.policy.words.name(word.kind, code), (code,)) for code in codes]
        later = AnswerChoice(self.language.text("I do not know yet"), ())
        text = self.language.plural(
            "What does “{word}” mean ({n} row)?",
            "What does “{word}” mean ({n} rows)?",
            word.count,
            word=word.word,
        )
        return Question(
            "word",
            (word.kind, word.word),
            text,
            (*known[:1], later, *known[1:]) if word.code else (later, *known),
        )

    def person(self, person: ManagerGuess) -> Question:
        """Ask whether two spellings are one person."""
        others = ", ".join(self.language.quoted(name) for name in person.spellings)
        text = self.language.text(
            "Is {others} the same person as “{name}”?", others=others, name=person.name
        )
        yes, no = (
            AnswerChoice(self.language.text("yes"), (person.name,)),
            AnswerChoice(self.language.text("no"), ()),
        )
        return Question("manager", (person.name,), text, (yes, no))


def answered(proposal: Proposal, question: Question, value: tuple[str, ...]) -> Proposal:
    """Return the proposal with an answer in it: what was asked about is sure now."""
    return {"tab": _tab, "column": _column, "word": _word, "manager": _person}[question.kind](
        proposal, question.key, value
    )


def _tab(proposal: Proposal, key: tuple[str, ...], value: tuple[str, ...]) -> Proposal:
    kept = [tab for tab in proposal.tabs if tab.title != key[0] or value]
    gone = [
        SkippedTab(tab.title, "told", tab.sheet_id)
        for tab in proposal.tabs
        if tab.title == key[0] and not value
    ]
    tabs = [
        replace(tab, section=value[0], confidence=1.0) if tab.title == key[0] else tab
        for tab in kept
    ]
    return replace(proposal, tabs=tuple(tabs), skipped=(*proposal.skipped, *gone))


def _column(proposal: Proposal, key: tuple[str, ...], value: tuple[str, ...]) -> Proposal:
    def settled(column: ColumnGuess) -> ColumnGuess:
        asked = column.heading == key[0] and not column.sure
        return replace(column, fields=value, confidence=1.0) if asked else column

    tabs = (
        replace(tab, columns=tuple(settled(column) for column in tab.columns))
        for tab in proposal.tabs
    )
    return replace(proposal, tabs=tuple(tabs))


def _word(proposal: Proposal, key: tuple[str, ...], value: tuple[str, ...]) -> Proposal:
    def settled(word: WordGuess) -> WordGuess:
        if (word.kind, word.word) != key:
            return word
        return replace(word, code=value[0], confidence=1.0) if value else word

    return replace(proposal, words=tuple(settled(word) for word in proposal.words))


def _person(proposal: Proposal, key: tuple[str, ...], value: tuple[str, ...]) -> Proposal:
    def settled(person: ManagerGuess) -> ManagerGuess:
        if person.name != key[0]:
            return person
        return replace(person, confidence=1.0, spellings=person.spellings if value else ())

    people = [settled(person) for person in proposal.managers]
    apart = [
        ManagerGuess(1.0, "only", name, (), 0)
        for person in proposal.managers
        if person.name == key[0] and not value
        for name in person.spellings
    ]
    return replace(proposal, managers=(*people, *apart))
