"""The book that is to be adopted, opened; a table in a .csv file is made into a workbook first.

What the book means is guessed afterwards, in `adopt_base`.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sheetsync.errors import BookNotFound, InputError
from sheetsync.method.policy import template
from sheetsync.reporting.layout.model import legal_title
from sheetsync.services.context import Context
from sheetsync.services.create_base import create_file
from sheetsync.sheets.connection.csv_import import fill, lines_of
from sheetsync.sheets.connection.open_book import Opened, open_book
from sheetsync.sheets.read.book_structure import read_structure


def open_for_adoption(
    book: str, output: Path | None, ctx: Context, now: Callable[[], datetime]
) -> Opened:
    """Open a book; a .csv is made into the workbook `output`, or into one beside it.

    Raises BookNotFound where there is no such table, InputError where that workbook is there
    already, or would be none.
    """
    text = ctx.language.text
    source = Path(book)
    if source.suffix.lower() != ".csv":
        if output is not None:
            fix = text(
                "Leave `-o` out: the base itself is adopted, and no cell of it is changed."
            )
            raise InputError(text("`-o` goes with a .csv file."), fix=fix)
        return open_book(book, ctx.settings, ctx.language, now)
    target = output or source.with_suffix(".xlsx")
    _check_files(source, target, ctx)
    # Read before anything is made, so that a table that cannot be read leaves no workbook behind.
    rows = lines_of(source, ctx.language)
    policy = template(ctx.asked or ctx.language.code)
    create_file(target, policy, source.stem, ctx.language)
    opened = open_book(str(target), ctx.settings, ctx.language, now)
    blank = read_structure(opened.line, opened.name).grids[0]
    fill(opened.line, blank.sheet_id, legal_title(source.stem), rows)
    return opened


def _check_files(source: Path, target: Path, ctx: Context) -> None:
    """See that a table can be made into a workbook. Raises BookNotFound, InputError."""
    text = ctx.language.text
    if target.suffix.lower() != ".xlsx":
        fix = text("Give a name that ends in .xlsx.")
        raise InputError(
            text("{file} would be no workbook.", file=target), fix=fix
        )
    if not source.exists():
        fix = text(
            "Check the path, or lay out a new base with `sheetsync init {path}`.",
            path=target,
        )
        raise BookNotFound(
            text("There is no file {path}.", path=source), fix=fix
        )
    if target.exists():
        fix = text(
            "Name another file with `-o`, or adopt that one: `sheetsync adopt {path}`.",
            path=target,
        )
        raise InputError(text("{file} is there already.", file=target), fix=fix)
