"""What `doctor` looks at in a book: its lock, what is left of dead runs or in the way, its size."""

from collections.abc import Iterator

from sheetsync.services.context import Context
from sheetsync.services.diagnosis import Diagnosis, ill, well
from sheetsync.services.read_and_decide import Options, Planned
from sheetsync.sheets.connection.open_book import Opened
from sheetsync.sheets.read.book_structure import cells_of
from sheetsync.sheets.session.lock import is_dead, read_standing
from sheetsync.workbook.immovable_ranges import arriving
from sheetsync.workbook.lock_lease import Standing
from sheetsync.workbook.snapshot import Book, Grid, Tab

GOOGLE_CELLS = 10_000_000
"""A Google spreadsheet holds no more (API fact)."""
NEARLY_FULL = 0.8


def in_book(
    ctx: Context, name: str, opened: Opened, planned: Planned
) -> Iterator[Diagnosis]:
    """Look at everything of a book that could be read. Sends one read.

    `name`: the book as commands take it.
    """
    standing = read_standing(opened.line)
    yield _lock(ctx, standing)
    yield _fences(ctx, name, planned.snapshot.book, standing)
    for tab in planned.snapshot.tabs:
        yield from _in_the_way(ctx, tab)
    if opened.path is None:
        yield _size(ctx, planned.snapshot.book)


def _lock(ctx: Context, standing: Standing) -> Diagnosis:
    text = ctx.language.text
    lease = standing.lease
    if lease is None:
        return well("lock", text("It is not locked."))
    options = Options()
    if not is_dead(lease, options.holder, options.now()):
        words = text("{holder} is writing to it just now.", holder=lease.holder)
        return well("lock", words)
    return ill(
        "lock",
        text(
            "It is still locked by a run that has died: {holder}.",
            holder=lease.holder,
        ),
        text("`sheetsync unlock BOOK` frees it; the next run does so, too."),
    )


def _fences(
    ctx: Context, name: str, book: Book, standing: Standing
) -> Diagnosis:
    """Look whether people are kept out of tabs by what a dead run has left behind."""
    text = ctx.language.text
    left = {*standing.orphans, *standing.beyond}
    titles = [
        grid.title
        for grid in book.grids
        if left.intersection(number for number, _ in grid.protections)
    ]
    if not left:
        return well("fences", text("No dead run keeps people out of a tab."))
    sentence = text(
        "People cannot type on these tabs, as a dead run has left its protection there: {tabs}.",
        tabs=", ".join(map(ctx.language.quoted, titles)),
    )
    fix = text("`sheetsync unlock {book}` takes it away.", book=name)
    if standing.beyond:
        fix = text(
            "Another account has put it there: the owner of the spreadsheet deletes it under "
            "Data → Protect sheets and ranges."
        )
    return ill("fences", sentence, fix)


def _in_the_way(ctx: Context, tab: Tab) -> Iterator[Diagnosis]:
    """Look for protected ranges and tables that keep rows from moving."""
    obstacle = arriving(tab, ctx.language)
    if obstacle is not None:
        yield ill(
            obstacle.code,
            f"{obstacle.message}{_where(tab.grid)}",
            obstacle.fix,
        )
    elif tab.grid.guarded:
        text = ctx.language.text
        words = text(
            "Somebody protects cells of “{tab}” from this program.",
            tab=tab.title,
        )
        yield ill(
            "protected",
            f"{words}{_where(tab.grid)}",
            text("Let its account edit the protected range."),
        )


def _where(grid: Grid) -> str:
    areas = ", ".join(cells_of(area) for area in grid.guarded)
    return f" ({areas})" if areas else ""


def _size(ctx: Context, book: Book) -> Diagnosis:
    """Compare the cells of a spreadsheet with what Google holds."""
    # Google counts the cells of a tab from its first to its last row and column, empty ones too.
    cells = sum(grid.row_count * grid.column_count for grid in book.grids)
    language = ctx.language
    words = language.text(
        "It has {cells} cells of the {most} that a Google spreadsheet holds.",
        cells=language.number(cells),
        most=language.number(GOOGLE_CELLS),
    )
    if cells < NEARLY_FULL * GOOGLE_CELLS:
        return well("size", words)
    fix = language.text(
        "Delete empty rows and columns at the ends of its tabs, or move old rows into a "
        "spreadsheet of their own."
    )
    return ill("size", words, fix)
