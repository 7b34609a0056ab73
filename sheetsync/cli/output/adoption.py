"""How a proposal is shown and asked about: tables with confidence and examples, questions with numbered answers, JSON.

What is asked is adopt's; what is done with it adopting.py's.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sheetsync.adoption import Proposal, TabGuess
from sheetsync.adoption.proposal import NO_HEADINGS, ColumnGuess
from sheetsync.adoption.questions import Question
from sheetsync.i18n import Language, marked
from sheetsync.method.settings_tab.mapping import kind_words, own_column
from sheetsync.services.adopt_base import Taken
from sheetsync.sheets.requests.column_places import letter
from sheetsync.values import fold

WORDS_SHOWN = 40
SKIPPED = {
    "empty": marked("empty"),
    "pictures": marked("nothing but pictures"),
    "too_wide": marked("too many columns"),
    "no_headings": marked("no heading row"),
    "unknown_language": marked("a language that is not known here"),
    "not_clients": marked("no clients"),
    "own_tab": marked("a tab of sheetsync's own"),
    "told": marked("as you say"),
}


def _share(confidence: float, *, sure: bool) -> str:
    shown = f"{round(confidence * 100)}%"
    return f"[green]{shown}[/green]" if sure else f"[yellow]{shown} ?[/yellow]"


def show_proposal(proposal: Proposal, spoken: Language, out: Console) -> None:
    """Show what is proposed: tabs, columns, words, people, and what is left alone."""
    _tabs(proposal, spoken, out)
    for tab, columns in _different(proposal):
        _columns(proposal, tab, columns, spoken, out)
    _words(proposal, spoken, out)
    text = spoken.text
    if proposal.managers:
        names = ", ".join(
            _person(person.name, person.spellings) for person in proposal.managers[:WORDS_SHOWN]
        )
        out.print(text("Managers: {names}.", names=names), markup=False)
    for skipped in proposal.skipped:
        why = text(SKIPPED[skipped.reason])
        out.print(
            text("The tab “{tab}” is left alone: {why}.", tab=skipped.title, why=why), markup=False
        )
    for sentence in warnings(proposal, spoken):
        out.print(sentence, markup=False, style="yellow")


def warnings(proposal: Proposal, spoken: Language) -> Iterator[str]:
    """Say what a person has to mend on a tab before it can be worked with."""
    text = spoken.text
    for tab in proposal.tabs:
        if tab.header == NO_HEADINGS:
            yield text(
                "“{tab}” has no heading row: put one above its rows and adopt again.", tab=tab.title
            )
        if tab.repeats:
            rows = ", ".join(str(row + 1) for row in tab.repeats[:10])
            yield text(
                "“{tab}”: the headings stand again in row {rows}. Delete them, or the tab stays unread.",
                tab=tab.title,
                rows=rows,
            )
        if tab.above:
            rows = ", ".join(str(row + 1) for row in tab.above[:10])
            yield text(
                "“{tab}”: clients above the headings, in row {rows}, are not read.",
                tab=tab.title,
                rows=rows,
            )


def _person(name: str, spellings: tuple[str, ...]) -> str:
    return f"{name} (= {', '.join(spellings)})" if spellings else name


def _tabs(proposal: Proposal, spoken: Language, out: Console) -> None:
    text, table = spoken.text, Table()
    for heading in (
        text("Tab"),
        text("Section"),
        text("Headings in row"),
        text("Rows"),
        text("Confidence"),
    ):
        table.add_column(heading, overflow="fold")
    for tab in proposal.tabs:
        name = proposal.policy.words.name("sections", tab.section)
        row = str(tab.header + 1) if tab.header != NO_HEADINGS else text("none")
        table.add_row(
            escape(tab.title),
            escape(name),
            row,
            str(tab.rows),
            _share(tab.confidence, sure=tab.sure),
        )
    out.print(table)


def _different(proposal: Proposal) -> Iterator[tuple[TabGuess, tuple[ColumnGuess, ...]]]:
    """Return tabs with their columns, each arrangement once: six tabs alike are shown as one."""
    seen: set[tuple[tuple[str, tuple[str, ...]], ...]] = set()
    for tab in proposal.tabs:
        shape = tuple((fold(column.heading), column.fields) for column in tab.columns)
        if shape not in seen:
            seen.add(shape)
            yield tab, tab.columns


def _columns(
    proposal: Proposal,
    tab: TabGuess,
    columns: tuple[ColumnGuess, ...],
    spoken: Language,
    out: Console,
) -> None:
    text, table = (
        spoken.text,
        Table(title=spoken.text("Columns of “{tab}”", tab=tab.title), title_justify="left"),
    )
    for heading in (
        text("Column"),
        text("Heading"),
        text("Field"),
        text("Confidence"),
        text("Examples"),
    ):
        table.add_column(heading, overflow="fold")
    for column in columns:
        table.add_row(
            letter(column.at),
            escape(column.heading),
            escape(field_words(proposal, column, spoken)),
            _share(column.confidence, sure=column.sure),
            escape(", ".join(text[:24] for text in column.examples)),
        )
    out.print(table)


def field_words(proposal: Proposal, column: ColumnGuess, spoken: Language) -> str:
    """Name what a column holds."""
    names = [proposal.policy.words.name("columns", field) for field in column.fields]
    return ", ".join(names) or own_column(spoken)


def _words(proposal: Proposal, spoken: Language, out: Console) -> None:
    text = spoken.text
    if not proposal.words:
        return
    table = Table(title=text("Words"), title_justify="left")
    for heading in (
        text("Of what"),
        text("Word"),
        text("Rows"),
        text("Meaning"),
        text("Confidence"),
    ):
        table.add_column(heading, overflow="fold")
    for word in sorted(proposal.words, key=lambda guess: guess.sure)[:WORDS_SHOWN]:
        meaning = (
            proposal.policy.words.name(word.kind, word.code)
            if word.code
            else text("our own")
            if word.why == "own"
            else "?"
        )
        of = kind_words(word.kind, proposal.policy)[0]
        table.add_row(
            escape(of),
            escape(word.word),
            str(word.count),
            escape(meaning),
            _share(word.confidence, sure=word.sure),
        )
    out.print(table)


def ask(
    question: Question, spoken: Language, out: Console, read: Callable[[str], str]
) -> tuple[str, ...]:
    """Put a question until it is answered: by a number, by a word of the list, or by Enter for the first choice."""
    out.print()
    out.print(question.text, markup=False, style="bold")
    for number, choice in enumerate(question.choices, start=1):
        out.print(f"  {number}. {choice.label}", markup=False)
    by_word = {fold(choice.label): choice for choice in question.choices}
    while True:
        said = read(spoken.text("Number or word [1]: ")).strip()
        if not said:
            return question.choices[0].value
        if said.isascii() and said.isdigit() and 1 <= int(said) <= len(question.choices):
            return question.choices[int(said) - 1].value
        if fold(said) in by_word:
            return by_word[fold(said)].value
        out.print(
            spoken.text("Not on the list: “{said}”.", said=said), markup=False, style="yellow"
        )


def proposal_json(proposal: Proposal) -> dict[str, Any]:
    """Return a proposal as JSON data (see docs/json.md)."""
    return {
        "language": proposal.policy.words.language,
        "tabs": [
            {
                "title": tab.title,
                "section": tab.section,
                "confidence": tab.confidence,
                "sure": tab.sure,
                "header": tab.header + 1,
                "rows": tab.rows,
                "columns": [
                    {
                        "column": letter(column.at),
                        "heading": column.heading,
                        "fields": list(column.fields),
                        "confidence": column.confidence,
                        "sure": column.sure,
                        "examples": list(column.examples),
                        "alternatives": [found.field for found in column.alternatives],
                    }
                    for column in tab.columns
                ],
            }
            for tab in proposal.tabs
        ],
        "words": [
            {
                "kind": w.kind,
                "word": w.word,
                "rows": w.count,
                "code": w.code,
                "confidence": w.confidence,
                "sure": w.sure,
            }
            for w in proposal.words
        ],
        "managers": [
            {"name": m.name, "spellings": list(m.spellings), "rows": m.count, "sure": m.sure}
            for m in proposal.managers
        ],
        "skipped": [{"title": s.title, "reason": s.reason} for s in proposal.skipped],
    }


def show_taken(
    took: Taken, left: Sequence[str], proposal: Proposal, spoken: Language, out: Console, book: str
) -> None:
    """Say what was done with a proposal, what is still asked, and what comes next."""
    text, settings = spoken.text, proposal.policy.words.tabs["settings"]
    out.print()
    out.print(
        text(
            "Adopted. What your tabs, columns and words mean stands on the tab “{tab}”; change it there.",
            tab=settings,
        ),
        markup=False,
    )
    if took.added:
        tabs = ", ".join(spoken.quoted(title) for title in took.added)
        out.print(text("Added: {tabs}.", tabs=tabs), markup=False)
    for title, rows in took.mixed.items():
        out.print(
            spoken.plural(
                "“{tab}” holds rows of several sections: {n} row; the first run sends each to its tab.",
                "“{tab}” holds rows of several sections: {n} rows; the first run sends each to its tab.",
                rows,
                tab=title,
            ),
            markup=False,
        )
    if left:
        out.print(
            text("Not sure, and marked with “?” on the tab “{tab}”:", tab=settings),
            markup=False,
            style="yellow",
        )
        for question in left:
            out.print(f"  • {question}", markup=False)
    out.print(
        text(
            "What is wrong with which row: `sheetsync check {book}`. What the first run would do: `sheetsync plan {book}`; do it: `sheetsync run {book} --force`.",
            book=book,
        ),
        markup=False,
    )
