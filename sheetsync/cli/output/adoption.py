"""How a proposal is shown and asked about: tables, questions with numbered answers, JSON.

What is asked is the adoption's; what is done with the answers the service's.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from openpyxl.utils import get_column_letter
from rich.console import Console
from rich.markup import escape

from sheetsync.adoption import Proposal, TabGuess, WordGuess
from sheetsync.adoption.proposal import NO_HEADINGS, ColumnGuess, ManagerGuess
from sheetsync.adoption.questions import Question
from sheetsync.adoption.reason_words import reason_words
from sheetsync.cli.output.terminal import table_of
from sheetsync.i18n import Language
from sheetsync.method.settings_tab.mapping import kind_words, own_column
from sheetsync.services.adopt_base import AdoptionResult
from sheetsync.values import fold
from sheetsync.workbook.recognition_problems import RecognitionProblems

WORDS_SHOWN = 40
ROWS_NAMED = 10
EXAMPLE_LENGTH = 24


def show_proposal(proposal: Proposal, language: Language, out: Console) -> None:
    """Show what is proposed: tabs, columns, words, people, and what is left alone."""
    text = language.text
    _show_tabs(proposal, language, out)
    for tab in _differing_tabs(proposal):
        _show_columns(proposal, tab, language, out)
    _show_words(proposal, language, out)
    if proposal.managers:
        names = ", ".join(
            _with_spellings(manager)
            for manager in proposal.managers[:WORDS_SHOWN]
        )
        out.print(text("Managers: {names}.", names=names), markup=False)
    for sentence in _owner_sentences(proposal, language):
        out.print(sentence, markup=False)
    for skipped in proposal.skipped:
        why = reason_words(skipped.reason, language)
        sentence = text(
            "The tab “{tab}” is left alone: {why}.", tab=skipped.title, why=why
        )
        out.print(sentence, markup=False)
    for warning in _warnings(proposal, language):
        out.print(warning, markup=False, style="yellow")


def _owner_sentences(proposal: Proposal, language: Language) -> Iterator[str]:
    """Say whose clients stand on which tab, and which rows are no clients."""
    for tab in proposal.tabs:
        if tab.owner and tab.has_headings and tab.owner_sure:
            yield language.text(
                "The clients of the tab “{tab}” are {manager}'s: "
                "the first run writes the name into each row.",
                tab=tab.title,
                manager=tab.owner,
            )
        problems = RecognitionProblems(proposal.policy, language)
        for problem in problems.passed_over(tab.title, tab.passed):
            yield f"{language.quoted(tab.title)}: {problem.message}"


def _warnings(proposal: Proposal, language: Language) -> Iterator[str]:
    """Say what a person has to mend on a tab before it can be worked with."""
    text = language.text
    for tab in proposal.tabs:
        if tab.header == NO_HEADINGS:
            yield text(
                "“{tab}” has no heading row: put one above its rows and adopt again.",
                tab=tab.title,
            )
        if tab.repeats:
            yield text(
                "“{tab}”: the headings stand again in row {rows}; "
                "these rows are not read as clients.",
                tab=tab.title,
                rows=_row_numbers(tab.repeats),
            )
        if tab.above:
            yield text(
                "“{tab}”: clients above the headings, in row {rows}, are not read.",
                tab=tab.title,
                rows=_row_numbers(tab.above),
            )


def _row_numbers(rows: Sequence[int]) -> str:
    """Name some 0-based rows by the sheet's numbers."""
    return ", ".join(str(row + 1) for row in rows[:ROWS_NAMED])


def _with_spellings(manager: ManagerGuess) -> str:
    if not manager.spellings:
        return manager.name
    return f"{manager.name} (= {', '.join(manager.spellings)})"


def _share(confidence: float, *, sure: bool) -> str:
    percent = f"{round(confidence * 100)}%"
    return (
        f"[green]{percent}[/green]" if sure else f"[yellow]{percent} ?[/yellow]"
    )


def _show_tabs(proposal: Proposal, language: Language, out: Console) -> None:
    text = language.text
    table = table_of(
        text("Tab"),
        text("Section"),
        text("Headings in row"),
        text("Rows"),
        text("Confidence"),
    )
    for tab in proposal.tabs:
        section = proposal.policy.words.name("sections", tab.section)
        table.add_row(
            escape(tab.title),
            escape(section),
            str(tab.header + 1) if tab.header != NO_HEADINGS else text("none"),
            str(tab.rows),
            _share(tab.confidence, sure=tab.sure),
        )
    out.print(table)


def _differing_tabs(proposal: Proposal) -> Iterator[TabGuess]:
    """Return a tab of each arrangement of columns."""
    arrangements: set[tuple[tuple[str, tuple[str, ...]], ...]] = set()
    for tab in proposal.tabs:
        arrangement = tuple(
            (fold(column.heading), column.fields) for column in tab.columns
        )
        # Six tabs that are alike would be six tables that say the same.
        if arrangement not in arrangements:
            arrangements.add(arrangement)
            yield tab


def _show_columns(
    proposal: Proposal, tab: TabGuess, language: Language, out: Console
) -> None:
    text = language.text
    table = table_of(
        text("Column"),
        text("Heading"),
        text("Field"),
        text("Confidence"),
        text("Examples"),
        title=text("Columns of “{tab}”", tab=tab.title),
    )
    for column in tab.columns:
        examples = ", ".join(
            example[:EXAMPLE_LENGTH] for example in column.examples
        )
        table.add_row(
            get_column_letter(column.place + 1),
            escape(column.heading),
            escape(_field_words(proposal, column, language)),
            _share(column.confidence, sure=column.sure),
            escape(examples),
        )
    out.print(table)


def _field_words(
    proposal: Proposal, column: ColumnGuess, language: Language
) -> str:
    """Name what a column holds."""
    names = [
        proposal.policy.words.name("columns", field) for field in column.fields
    ]
    return ", ".join(names) or own_column(language)


def _show_words(proposal: Proposal, language: Language, out: Console) -> None:
    """Show words and what they are taken to mean."""
    text = language.text
    if not proposal.words:
        return
    table = table_of(
        text("Of what"),
        text("Word"),
        text("Rows"),
        text("Meaning"),
        text("Confidence"),
        title=text("Words"),
    )
    # The doubtful ones first: a person has to look at them, and a long list is cut.
    for word in sorted(proposal.words, key=lambda guess: guess.sure)[
        :WORDS_SHOWN
    ]:
        table.add_row(
            escape(kind_words(word.kind, proposal.policy)[0]),
            escape(word.word),
            str(word.count),
            escape(_meaning(word, proposal, language)),
            _share(word.confidence, sure=word.sure),
        )
    out.print(table)


def _meaning(word: WordGuess, proposal: Proposal, language: Language) -> str:
    if word.code:
        return proposal.policy.words.name(word.kind, word.code)
    return language.text("our own") if word.why == "own" else "?"


def ask(
    question: Question,
    language: Language,
    out: Console,
    read: Callable[[str], str],
) -> tuple[str, ...]:
    """Put a question until it is answered.

    An answer is a choice's number, a word of the list, or Enter for the first choice.
    """
    out.print()
    out.print(question.text, markup=False, style="bold")
    for number, choice in enumerate(question.choices, start=1):
        out.print(f"  {number}. {choice.label}", markup=False)
    by_word = {fold(choice.label): choice for choice in question.choices}
    # Digits are numbers of choices even where a choice is a number: the list shows both.
    while True:
        answer = read(language.text("Number or word [1]: ")).strip()
        if not answer:
            return question.choices[0].value
        if _is_number_up_to(len(question.choices), answer):
            return question.choices[int(answer) - 1].value
        if fold(answer) in by_word:
            return by_word[fold(answer)].value
        sentence = language.text("Not on the list: “{said}”.", said=answer)
        out.print(sentence, markup=False, style="yellow")


def _is_number_up_to(count: int, answer: str) -> bool:
    # “²” is a digit to Python, but no number that it can read.
    return answer.isascii() and answer.isdigit() and 1 <= int(answer) <= count


def proposal_json(proposal: Proposal) -> dict[str, Any]:
    """Return a proposal as JSON data (see docs/json.md)."""
    return {
        "language": proposal.policy.words.language,
        "tabs": [_tab_json(tab) for tab in proposal.tabs],
        "words": [_word_json(word) for word in proposal.words],
        "managers": [_manager_json(manager) for manager in proposal.managers],
        "several": [
            {
                "cell": guess.cell,
                "names": list(guess.names),
                "rows": guess.count,
                "owner": guess.owner,
                "sure": guess.sure,
            }
            for guess in proposal.several
        ],
        "skipped": [
            {"title": tab.title, "reason": tab.reason}
            for tab in proposal.skipped
        ],
    }


def _tab_json(tab: TabGuess) -> dict[str, Any]:
    return {
        "title": tab.title,
        "section": tab.section,
        "confidence": tab.confidence,
        "sure": tab.sure,
        "header": tab.header + 1,
        "rows": tab.rows,
        "owner": tab.owner or None,
        "passed": [row._asdict() for row in tab.passed],
        "columns": [_column_json(column) for column in tab.columns],
    }


def _column_json(column: ColumnGuess) -> dict[str, Any]:
    return {
        "column": get_column_letter(column.place + 1),
        "heading": column.heading,
        "fields": list(column.fields),
        "confidence": column.confidence,
        "sure": column.sure,
        "examples": list(column.examples),
        "alternatives": [
            alternative.field for alternative in column.alternatives
        ],
    }


def _word_json(word: WordGuess) -> dict[str, Any]:
    return {
        "kind": word.kind,
        "word": word.word,
        "rows": word.count,
        "code": word.code,
        "confidence": word.confidence,
        "sure": word.sure,
    }


def _manager_json(manager: ManagerGuess) -> dict[str, Any]:
    return {
        "name": manager.name,
        "spellings": list(manager.spellings),
        "rows": manager.count,
        "sure": manager.sure,
    }


def show_result(
    result: AdoptionResult,
    still_asked: Sequence[str],
    proposal: Proposal,
    language: Language,
    out: Console,
    book: str,
) -> None:
    """Say what was done with a proposal, what is still asked, and what comes next."""
    text = language.text
    settings = proposal.policy.words.tabs["settings"]
    out.print()
    adopted = text(
        "Adopted. What your tabs, columns and words mean stands on the tab “{tab}”; "
        "change it there.",
        tab=settings,
    )
    out.print(adopted, markup=False)
    if result.added:
        tabs = ", ".join(language.quoted(title) for title in result.added)
        out.print(text("Added: {tabs}.", tabs=tabs), markup=False)
    on_trial = proposal.policy.trial.begins is not None
    for title, rows in result.mixed.items():
        if on_trial:
            whole = text(
                "“{tab}” holds rows of several sections: in the trial it stays whole.",
                tab=title,
            )
            out.print(whole, markup=False)
            continue
        mixed = language.plural(
            "“{tab}” holds rows of several sections: {n} row; the first run sends each to its tab.",
            "“{tab}” holds rows of several sections: {n} rows; "
            "the first run sends each to its tab.",
            rows,
            tab=title,
        )
        out.print(mixed, markup=False)
    show_still_asked(still_asked, proposal, language, out)
    next_steps = text(
        "What is wrong with which row: `sheetsync check {book}`. "
        "What the first run would do: `sheetsync plan {book}`; "
        "do it: `sheetsync run {book} --force`.",
        book=book,
    )
    out.print(next_steps, markup=False)


def show_still_asked(
    still_asked: Sequence[str],
    proposal: Proposal,
    language: Language,
    out: Console,
) -> None:
    """List the questions that stand on the Settings tab."""
    if not still_asked:
        return
    settings = proposal.policy.words.tabs["settings"]
    unsure = language.text(
        "Not sure, and marked with “?” on the tab “{tab}”:", tab=settings
    )
    out.print(unsure, markup=False, style="yellow")
    for question in still_asked:
        out.print(f"  • {question}", markup=False)


def trial_sentence(language: Language, *, begun: bool) -> str:
    """Offer a trial of the model, or say that one begins."""
    if begun:
        return language.text(
            "A trial of the model begins: no rule moves a row until you end it; the first run "
            "lays out its tab."
        )
    return language.text(
        "To begin gently, type the first day of a trial on the Settings tab, or give `--trial`: "
        "for 40 days nothing is moved, only shown."
    )
