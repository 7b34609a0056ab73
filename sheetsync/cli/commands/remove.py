"""`sheetsync remove`: the program taken out of a base, shown first.

What of a base is the program's is the service's to know.
"""

from collections.abc import Iterator

from sheetsync.cli.commands.common import (
    can_ask,
    consent,
    open_for,
    options_of,
    progress,
)
from sheetsync.cli.output.terminal import console, emit
from sheetsync.errors import ChangesPending, ExitCode
from sheetsync.i18n import Language
from sheetsync.services.context import Context
from sheetsync.services.remove_program import Removal, removal_of
from sheetsync.services.remove_program import remove as take_out


def remove(ctx: Context, book: str, *, yes: bool) -> int:
    """Show what of a base is the program's, and take it out.

    `yes`: nobody is asked. Raises ChangesPending where nobody has said yes.
    """
    text = ctx.language.text
    opened = open_for(ctx, book)
    with progress(ctx, text("Reading the base…")) as out:
        removal = removal_of(opened, options_of(ctx))
    if not ctx.as_json:
        for line in _lines(removal, ctx.language):
            out.print(line, markup=False)
    if removal.empty:
        _tell(ctx, removal, wrote=False)
        return ExitCode.DONE
    if not yes:
        _ask(ctx, removal)
    take_out(opened, options_of(ctx), removal)
    _tell(ctx, removal, wrote=True)
    return ExitCode.DONE


def _ask(ctx: Context, removal: Removal) -> None:
    text = ctx.language.text
    if can_ask(ctx):
        consent(ctx, text("Take all of this out? It cannot be undone."))
        return
    if ctx.as_json:
        emit(_json(removal, wrote=False))
    raise ChangesPending(
        text("Nothing was written."),
        fix=text("`--yes` goes ahead without asking."),
    )


def _tell(ctx: Context, removal: Removal, *, wrote: bool) -> None:
    text = ctx.language.text
    if ctx.as_json:
        emit(_json(removal, wrote=wrote))
    elif wrote:
        console().print(text("Taken out; the team's rows are as they were."))
    else:
        console().print(text("Nothing of this program is in the base."))


def _json(removal: Removal, *, wrote: bool) -> dict[str, object]:
    return {
        "wrote": wrote,
        "tabs": [tab.title for tab in removal.tabs],
        "columns": [part.name for part in removal.columns],
        "protections": [part.name for part in removal.protections],
        "rules": len(removal.rules),
        "dropdowns": len(removal.dropdowns),
    }


def _lines(removal: Removal, language: Language) -> Iterator[str]:
    """Go through what is taken out, as people read it."""
    text = language.text
    if removal.tabs:
        yield text("These tabs, with all that was written on them:")
        yield from (f"  • {tab.title}" for tab in removal.tabs)
    if removal.columns:
        yield text("These columns:")
        yield from (f"  • {part.name}" for part in removal.columns)
    if removal.protections:
        yield text("These protections:")
        yield from (f"  • {part.name}" for part in removal.protections)
    if removal.rules or removal.dropdowns:
        yield text(
            "Colours that read these columns: {rules}; "
            "dropdowns that read these tabs: {dropdowns}.",
            rules=language.number(len(removal.rules)),
            dropdowns=language.number(len(removal.dropdowns)),
        )
