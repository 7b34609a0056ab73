"""Books written as small tables, and what is guessed of them in a form that tests can show."""

from sheetsync.adoption import Proposal, TabGuess, guess
from sheetsync.values import Cell
from sheetsync.workbook.snapshot import Book, Grid

Table = list[list[Cell]]


def rows_of(text: str) -> Table:
    """Read a table: a line a row, cells between bars, numbers as numbers, nothing as nothing."""
    return [
        [cell_of(cell.strip()) for cell in line.split("|")]
        for line in text.strip("\n").splitlines()
    ]


def cell_of(text: str) -> Cell:
    r"""Read one cell; what is written in quotes stays text, and `\n` is a line break."""
    if text[:1] == text[-1:] == '"' and len(text) > 1:
        return text[1:-1]
    try:
        return float(text) if text else None
    except ValueError:
        return text.replace("\\n", "\n")


def book(**tabs: str | Table) -> Book:
    """Make a book of tabs; an underscore in a name stands for a space."""
    grids = tuple(
        Grid(
            10 + at,
            title.replace("_", " "),
            at,
            1000,
            40,
            rows_of(cells) if isinstance(cells, str) else cells,
        )
        for at, (title, cells) in enumerate(tabs.items())
    )
    return Book("book", "Base", "en_US", "UTC", grids)


def proposed(**tabs: str | Table) -> Proposal:
    """Guess at a book of tabs."""
    return guess(book(**tabs))


def fields(tab: TabGuess) -> dict[str, str]:
    """Return heading -> field, two fields with a plus, a dash for nobody's, a question mark behind what is unsure."""
    return {
        column.heading or str(column.place): ("+".join(column.fields) or "-")
        + ("" if column.sure else "?")
        for column in tab.columns
    }


def sections(proposal: Proposal) -> dict[str, str]:
    """Return title -> section, a question mark behind what is unsure."""
    return {tab.title: tab.section + ("" if tab.sure else "?") for tab in proposal.tabs}


def codes(proposal: Proposal, kind: str = "states") -> dict[str, str | None]:
    """Return word -> code, a question mark behind what is unsure."""
    return {
        word.word: word.code if word.sure or word.code is None else word.code + "?"
        for word in proposal.words
        if word.kind == kind
    }
