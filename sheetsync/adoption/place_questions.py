"""Where the clients of a book stand, asked where no tab is sure to hold them: which tab, which row.

What the answers make of the book is `propose`'s; all other questions are `questions`'.
"""

from collections.abc import Iterator

from sheetsync.adoption.proposal import (
    NO_HEADINGS,
    NOT_CLIENTS,
    Proposal,
    TabGuess,
)
from sheetsync.adoption.questions import AnswerChoice, Question
from sheetsync.adoption.value_profiles import blank
from sheetsync.i18n import Language
from sheetsync.values import clean
from sheetsync.workbook.snapshot import Book, Grid

_ROWS, _CELLS, _LONGEST = 12, 6, 20
"""So many rows are offered, with so many of their cells, each cut to so many characters."""


def is_place_unsure(proposal: Proposal) -> bool:
    """Tell whether no tab is sure to hold clients under headings."""
    return not any(map(_is_of_clients, proposal.tabs))


def _is_of_clients(tab: TabGuess) -> bool:
    return tab.has_headings and tab.names_anybody and tab.why != "likeliest"


def tab_question(proposal: Proposal, language: Language) -> Question | None:
    """Ask which tab holds the clients, the likeliest first; None where no tab holds anything."""
    ids = {tab.title: tab.sheet_id for tab in proposal.tabs}
    for skipped in proposal.skipped:
        if skipped.reason in NOT_CLIENTS:
            ids[skipped.title] = skipped.sheet_id
    if not ids:
        return None
    choices = [
        AnswerChoice(title, (str(sheet_id),)) for title, sheet_id in ids.items()
    ]
    none = AnswerChoice(language.text("None of them"), ())
    text = language.text("Which tab holds the clients?")
    return Question("place", (), text, (*choices, none))


def row_question(grid: Grid, guess: int, language: Language) -> Question:
    """Ask which row of a tab holds its headings. `guess`: the likeliest, 0-based, or none."""
    choices = {
        row: AnswerChoice(
            language.text("row {row}: {cells}", row=row + 1, cells=cells),
            (str(row),),
        )
        for row, cells in _rows_shown(grid, guess)
    }
    none = AnswerChoice(language.text("None: there are no headings"), ())
    ranked = sorted(choices, key=lambda row: row != guess)
    in_order = [choices[row] for row in ranked]
    # The first choice is suggested, and here the lack of headings is.
    place = 0 if guess == NO_HEADINGS else len(in_order)
    in_order.insert(place, none)
    text = language.text(
        "Which row of “{tab}” holds the headings?", tab=grid.title
    )
    return Question("row", (grid.title,), text, tuple(in_order))


def _rows_shown(grid: Grid, guess: int) -> Iterator[tuple[int, str]]:
    """Go through the rows that may be headings, with what stands in each."""
    shown = 0
    for row, cells in enumerate(grid.cells):
        filled = [clean(cell) for cell in cells if not blank(cell)]
        if not filled or (shown >= _ROWS and row != guess):
            continue
        shown += 1
        yield row, " | ".join(text[:_LONGEST] for text in filled[:_CELLS])


def tab_of(book: Book, answer: tuple[str, ...]) -> Grid:
    """Return the tab that an answer to `tab_question` names."""
    return next(grid for grid in book.grids if str(grid.sheet_id) == answer[0])
