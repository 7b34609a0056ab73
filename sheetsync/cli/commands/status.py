"""`sheetsync status`: how each book of sheetsync.toml stands, for people and for monitoring.

What is known is the run log's; Google is asked for locks alone, and only where they are wanted.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.markup import escape

from sheetsync.cli.commands.common import clock, open_for
from sheetsync.cli.output.terminal import console, emit, table_of
from sheetsync.errors import InputError, SheetsyncError
from sheetsync.i18n import Language
from sheetsync.runlog.place import state_folder
from sheetsync.runlog.store import RunLog
from sheetsync.services.context import Context
from sheetsync.services.status import BookStatus, exit_code, statuses
from sheetsync.services.status_words import StatusLine, status_line
from sheetsync.sheets.session.lock import read_standing

STYLES = {
    "well": "green",
    "running": "blue",
    "new": "yellow",
    "waits": "yellow",
    "late": "red",
    "failing": "red",
    "hangs": "red",
}

Locks = Mapping[str, dict[str, Any] | None]
"""By book: `run`, `holder`, `until` of who holds it, `error` where it could not be asked."""


def status(ctx: Context, *, locks: bool) -> int:
    """Say how each book stands. Raises InputError where the settings name none."""
    text = ctx.language.text
    if not ctx.settings.books:
        fix = text(
            'Add a [[books]] block with name, address and at = ["02:00"].'
        )
        raise InputError(text("sheetsync.toml names no books."), fix=fix)
    log = RunLog(state_folder(ctx.settings), ctx.language)
    books = statuses(ctx.settings, log, clock(ctx))
    held = _locks(ctx) if locks else None
    code = exit_code(books)
    if ctx.as_json:
        emit({"well": not code, "books": [_json(book, held) for book in books]})
    else:
        _show(books, held, ctx.language)
    return code


def _json(book: BookStatus, held: Locks | None) -> dict[str, Any]:
    more = {} if held is None else {"lock": held[book.name]}
    return {**book.json(), **more}


def _locks(ctx: Context) -> Locks:
    """Ask each book who holds its lock."""
    held: dict[str, dict[str, Any] | None] = {}
    for book in ctx.settings.books:
        try:
            lease = read_standing(open_for(ctx, book.name).line).lease
        except SheetsyncError as error:
            held[book.name] = {"error": error.message, "fix": error.fix}
            continue
        held[book.name] = lease and {
            "run": lease.run,
            "holder": lease.holder,
            "until": lease.until.isoformat(),
        }
    return held


def _show(
    books: Sequence[BookStatus], held: Locks | None, language: Language
) -> None:
    text = language.text
    out = console()
    table = table_of(
        text("Book"),
        text("State"),
        text("Last run"),
        text("What it did"),
        text("Next run"),
        text("Reports as of"),
    )
    lines = [status_line(status, language) for status in books]
    for line in lines:
        style = STYLES[line.code]
        table.add_row(
            escape(line.name),
            f"[{style}]{escape(line.state)}[/{style}]",
            line.last,
            escape(line.did),
            line.next,
            line.as_of,
        )
    out.print(table)
    for line in lines:
        for sentence in _sentences(line, held, language):
            out.print(sentence, markup=False)


def _sentences(
    line: StatusLine, held: Locks | None, language: Language
) -> list[str]:
    """Return what is to be said of a book below the table."""
    sentences = []
    if line.error:
        sentences.append(f"{line.name}: {line.error}")
        sentences.append(f"    → {line.fix}")
    lock = None if held is None else held[line.name]
    if lock is None:
        return sentences
    if "error" in lock:
        return [*sentences, f"{line.name}: {lock['error']}"]
    words = language.text(
        "{book}: locked by {holder}.", book=line.name, holder=lock["holder"]
    )
    return [*sentences, words]
