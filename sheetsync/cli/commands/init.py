"""`sheetsync init`: a new base laid out.

What is laid out is the service's to know.
"""

from sheetsync.cli.commands.common import clock
from sheetsync.cli.output.terminal import console, emit
from sheetsync.errors import ExitCode, InputError
from sheetsync.services.context import Context
from sheetsync.services.create_base import LaidOut, lay_out


def init(ctx: Context, book: str, managers: list[str]) -> int:
    """Lay out a base for these managers. Raises InputError for a name that is empty."""
    names = [" ".join(name.split()) for name in managers]
    if not all(names):
        raise InputError(
            ctx.language.text("A manager's name is empty."),
            fix=ctx.language.text(
                "Give each name after a `--manager` of its own."
            ),
        )
    laid_out = lay_out(book, ctx, names, lambda: clock(ctx))
    if ctx.as_json:
        completed = laid_out.completed or None
        emit(
            {
                "book": laid_out.book,
                "added": list(laid_out.added),
                "completed": completed,
            }
        )
    else:
        _show(ctx, book, laid_out, names)
    return ExitCode.DONE


def _show(ctx: Context, book: str, laid_out: LaidOut, names: list[str]) -> None:
    text = ctx.language.text
    out = console()
    if laid_out.completed:
        out.print(
            text(
                "The tab “{tab}” has all its blocks now.",
                tab=laid_out.completed,
            )
        )
        if names:
            sentence = text(
                "In its list of managers: {names}.", names=", ".join(names)
            )
            out.print(sentence, markup=False)
    elif laid_out.added:
        tabs = ", ".join(ctx.language.quoted(title) for title in laid_out.added)
        out.print(text("Laid out: {tabs}.", tabs=tabs))
    else:
        out.print(text("Everything is there already."))
    out.print(
        text("Fill in rows, then look with `sheetsync plan {book}`.", book=book)
    )
