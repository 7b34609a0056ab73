"""What is asked about a proposal, and what an answer makes of it: only of what is unsure.

Pure; putting the questions to a person, one after the other, is the command line's.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from sheetsync.adoption.proposal import (
    ColumnGuess,
    ManagerGuess,
    Proposal,
    SeveralGuess,
    SkippedTab,
    TabGuess,
    WordGuess,
)
from sheetsync.i18n import Language
from sheetsync.method.settings_tab.mapping import left_alone, own_column
from sheetsync.method.terms import MIXED
from sheetsync.values import fold

_EXAMPLES, _LONGEST_EXAMPLE = 3, 30


class AnswerChoice(NamedTuple):
    """An answer: how it is called, and what it stands for.

    `value`: codes of sections, fields or meanings; none: leave it alone.
    """

    label: str
    value: tuple[str, ...]


class Question(NamedTuple):
    """A question in words.

    `kind`: tab, owner, column, word, manager or several; `key`: what it is about; the first choice
    is suggested.
    """

    kind: str
    key: tuple[str, ...]
    text: str
    choices: tuple[AnswerChoice, ...]


def questions(proposal: Proposal, language: Language) -> Iterator[Question]:
    """Go through everything that is unsure: tabs first, then columns, words and people."""
    wording = _Wording(proposal, language)
    for tab in proposal.tabs:
        # A tab without headings cannot be known again, and an answer about it would be lost.
        if tab.has_headings and not tab.section_sure:
            yield wording.of_tab(tab)
        if tab.has_headings and not tab.owner_sure:
            yield wording.of_owner(tab)
    for tab, column in _doubtful_columns(proposal):
        yield wording.of_column(tab, column)
    for word in proposal.words:
        if not word.sure and not _is_own_category(word):
            yield wording.of_word(word)
    yield from _of_people(proposal, wording)


def _of_people(proposal: Proposal, wording: "_Wording") -> Iterator[Question]:
    for manager in proposal.managers:
        if not manager.sure and manager.spellings:
            yield wording.of_manager(manager)
    for several in proposal.several:
        if not several.sure:
            yield wording.of_several(several)


def _doubtful_columns(proposal: Proposal) -> list[tuple[TabGuess, ColumnGuess]]:
    """Return the columns to be asked about: of one heading the first, in the place of the last."""
    by_heading: dict[str, tuple[TabGuess, ColumnGuess]] = {}
    for tab in proposal.tabs:
        for column in tab.columns:
            if tab.has_headings and _is_doubtful(column):
                first = by_heading.pop(column.heading, (tab, column))
                by_heading[column.heading] = first
    return [*by_heading.values()]


def _is_doubtful(column: ColumnGuess) -> bool:
    """Tell whether there is anything to ask about a column."""
    if column.sure or not column.heading:
        return False
    return bool(column.fields or column.alternatives)


def _is_own_category(word: WordGuess) -> bool:
    return word.kind == "categories" and word.code is None


class _Wording:
    """Words the questions about one proposal in one language."""

    def __init__(self, proposal: Proposal, language: Language) -> None:
        self.policy = proposal.policy
        self.language = language

    def of_tab(self, tab: TabGuess) -> Question:
        """Ask what a tab is."""
        sections = dict.fromkeys(
            (tab.section, *self.policy.codes("sections"), MIXED)
        )
        choices = [self._choice("sections", section) for section in sections]
        alone = AnswerChoice(left_alone(self.language), ())
        text = self.language.plural(
            "Which section is the tab “{tab}” ({n} row)?",
            "Which section is the tab “{tab}” ({n} rows)?",
            tab.rows,
            tab=tab.title,
        )
        return Question("tab", (tab.title,), text, (*choices, alone))

    def of_column(self, tab: TabGuess, column: ColumnGuess) -> Question:
        """Ask what a column holds."""
        guessed = [column.fields] if column.fields else []
        guessed += [(alternative.field,) for alternative in column.alternatives]
        of_team = [
            (known.field,)
            for known in self.policy.columns
            if known.owner == "team"
        ]
        wanted = dict.fromkeys((*guessed, *of_team))
        choices = [
            AnswerChoice(self._names(fields), fields) for fields in wanted
        ]
        own = AnswerChoice(own_column(self.language), ())
        # The program's own guess comes first; where it has none, the column is rather nobody's.
        choices.insert(1 if column.fields else 0, own)
        samples = ", ".join(
            text[:_LONGEST_EXAMPLE] for text in column.examples[:_EXAMPLES]
        )
        if not samples:
            text = self.language.text(
                "What is the empty column “{heading}” of “{tab}” for?",
                heading=column.heading,
                tab=tab.title,
            )
            return Question("column", (column.heading,), text, tuple(choices))
        text = self.language.text(
            "What does the column “{heading}” of “{tab}” hold ({samples})?",
            heading=column.heading,
            tab=tab.title,
            samples=samples,
        )
        return Question("column", (column.heading,), text, tuple(choices))

    def of_word(self, word: WordGuess) -> Question:
        """Ask what a word means."""
        guessed = [word.code] if word.code else []
        codes = dict.fromkeys((*guessed, *self.policy.codes(word.kind)))
        choices = [self._choice(word.kind, code) for code in codes]
        later = AnswerChoice(self.language.text("I do not know yet"), ())
        choices.insert(len(guessed), later)
        text = self.language.plural(
            "What does “{word}” mean ({n} row)?",
            "What does “{word}” mean ({n} rows)?",
            word.count,
            word=word.word,
        )
        return Question("word", (word.kind, word.word), text, tuple(choices))

    def of_manager(self, manager: ManagerGuess) -> Question:
        """Ask whether several spellings are one person."""
        others = ", ".join(
            self.language.quoted(name) for name in manager.spellings
        )
        text = self.language.text(
            "Is {others} the same person as “{name}”?",
            others=others,
            name=manager.name,
        )
        yes = AnswerChoice(self.language.text("yes"), (manager.name,))
        no = AnswerChoice(self.language.text("no"), ())
        return Question("manager", (manager.name,), text, (yes, no))

    def of_owner(self, tab: TabGuess) -> Question:
        """Ask whether a tab's title is the manager of its clients."""
        text = self.language.plural(
            "Are the clients of the tab “{tab}” ({n} row) those of the manager {name}?",
            "Are the clients of the tab “{tab}” ({n} rows) those of the manager {name}?",
            tab.rows,
            tab=tab.title,
            name=tab.owner,
        )
        yes = AnswerChoice(self.language.text("yes"), (tab.owner,))
        no = AnswerChoice(self.language.text("no"), ())
        return Question("owner", (tab.title,), text, (yes, no))

    def of_several(self, several: SeveralGuess) -> Question:
        """Ask who of several people in one cell leads the client; the others are a note."""
        text = self.language.plural(
            "“{cell}” names several people ({n} row): whose client is it?",
            "“{cell}” names several people ({n} rows): whose clients are they?",
            several.count,
            cell=several.cell,
        )
        choices = [AnswerChoice(name, (name,)) for name in several.names]
        later = AnswerChoice(self.language.text("I do not know yet"), ())
        return Question("several", (several.cell,), text, (*choices, later))

    def _choice(self, kind: str, code: str) -> AnswerChoice:
        return AnswerChoice(self.policy.words.name(kind, code), (code,))

    def _names(self, fields: tuple[str, ...]) -> str:
        return ", ".join(
            self.policy.words.name("columns", field) for field in fields
        )


def answered(
    proposal: Proposal, question: Question, value: tuple[str, ...]
) -> Proposal:
    """Return the proposal with an answer in it: what was asked about is sure now."""
    answer = {
        "tab": _answer_tab,
        "column": _answer_column,
        "word": _answer_word,
        "manager": _answer_manager,
        "owner": _answer_owner,
        "several": _answer_several,
    }[question.kind]
    return answer(proposal, question.key, value)


def _answer_tab(
    proposal: Proposal, key: tuple[str, ...], value: tuple[str, ...]
) -> Proposal:
    tabs: list[TabGuess] = []
    skipped = [*proposal.skipped]
    for tab in proposal.tabs:
        if tab.title != key[0]:
            tabs.append(tab)
        elif value:
            tabs.append(replace(tab, section=value[0], confidence=1.0))
        else:
            skipped.append(SkippedTab(tab.title, "told", tab.sheet_id))
    return replace(proposal, tabs=tuple(tabs), skipped=tuple(skipped))


def _answer_column(
    proposal: Proposal, key: tuple[str, ...], value: tuple[str, ...]
) -> Proposal:
    def settled(column: ColumnGuess) -> ColumnGuess:
        # Where values made another tab's column sure, the answer is not about that one.
        if column.heading != key[0] or column.sure:
            return column
        return replace(column, fields=value, confidence=1.0)

    tabs = [
        replace(tab, columns=tuple(map(settled, tab.columns)))
        for tab in proposal.tabs
    ]
    return replace(proposal, tabs=tuple(tabs))


def _answer_word(
    proposal: Proposal, key: tuple[str, ...], value: tuple[str, ...]
) -> Proposal:
    def settled(word: WordGuess) -> WordGuess:
        # “I do not know yet” leaves the word doubtful, so that the Settings tab goes on asking.
        if (word.kind, word.word) != key or not value:
            return word
        return replace(word, code=value[0], confidence=1.0)

    return replace(proposal, words=tuple(map(settled, proposal.words)))


def _answer_manager(
    proposal: Proposal, key: tuple[str, ...], value: tuple[str, ...]
) -> Proposal:
    """Take spellings for one person, or for as many people, who come last."""
    managers: list[ManagerGuess] = []
    apart: list[ManagerGuess] = []
    for manager in proposal.managers:
        if manager.name != key[0]:
            managers.append(manager)
        elif value:
            managers.append(replace(manager, confidence=1.0))
        else:
            managers.append(replace(manager, confidence=1.0, spellings=()))
            apart += [
                ManagerGuess(1.0, "only", name, (), 0)
                for name in manager.spellings
            ]
    return replace(proposal, managers=(*managers, *apart))


def _answer_owner(
    proposal: Proposal, key: tuple[str, ...], value: tuple[str, ...]
) -> Proposal:
    """Take a tab's title for its clients' manager, or for nobody's name."""
    name = value[0] if value else ""

    def settled(tab: TabGuess) -> TabGuess:
        if tab.title != key[0]:
            return tab
        return replace(tab, owner=name, owner_confidence=1.0)

    tabs = tuple(map(settled, proposal.tabs))
    return replace(proposal, tabs=tabs, managers=_with_manager(proposal, name))


def _answer_several(
    proposal: Proposal, key: tuple[str, ...], value: tuple[str, ...]
) -> Proposal:
    """Say whose the clients are of a cell that names several people."""
    name = value[0] if value else ""

    def settled(several: SeveralGuess) -> SeveralGuess:
        # “I do not know yet” leaves it doubtful, so that the Settings tab goes on asking.
        if several.cell != key[0] or not name:
            return several
        return replace(several, owner=name, confidence=1.0)

    return replace(
        proposal,
        several=tuple(map(settled, proposal.several)),
        managers=_with_manager(proposal, name),
    )


def _with_manager(proposal: Proposal, name: str) -> tuple[ManagerGuess, ...]:
    """Return the managers, with this one among them."""
    known = {fold(manager.name) for manager in proposal.managers}
    for manager in proposal.managers:
        known.update(map(fold, manager.spellings))
    if not name or fold(name) in known:
        return proposal.managers
    return (*proposal.managers, ManagerGuess(1.0, "only", name, (), 0))
