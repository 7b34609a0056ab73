"""`sheetsync settings`: the settings of a base shown, written to a file, or taken from one.

What a setting means, and how a file says it, is the service's to know.
"""

from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console

from sheetsync.cli.commands.common import (
    open_for,
    options_of,
    progress,
    refuse_two_answers,
)
from sheetsync.cli.output import settings as show
from sheetsync.cli.output.terminal import STDOUT, emit, print_bytes
from sheetsync.errors import ExitCode, InputError
from sheetsync.services import edit_settings
from sheetsync.services.context import Context
from sheetsync.services.edit_settings import SettingsInForce
from sheetsync.sheets.connection.open_book import Opened


class _Outcome(NamedTuple):
    """What came of the command: its own part of the JSON object, and the sentence that ends it."""

    json: dict[str, Any]
    sentence: str = ""


def settings(
    ctx: Context, book: str, export: Path | None, import_: Path | None
) -> int:
    """Show settings, or write them to the file `export`, or take them from the file `import_`.

    Raises InputError where both files are given.
    """
    text = ctx.language.text
    if export is not None and import_ is not None:
        raise InputError(
            text("`--export` and `--import` do not go together."),
            fix=text("Give one of them."),
        )
    if export == STDOUT:
        refuse_two_answers(ctx)
    opened = open_for(ctx, book)
    with progress(ctx, text("Reading the base…")) as out:
        held = edit_settings.read_settings(opened, ctx.asked)
    mistakes = show.mistakes_json(held)
    if export is not None:
        outcome = _export(ctx, held, export)
    elif import_ is not None:
        outcome = _import(ctx, opened, held, import_, out)
    else:
        outcome = _show(ctx, held, out)
    if ctx.as_json:
        emit({"book": held.book.id, "mistakes": mistakes, **outcome.json})
    elif outcome.sentence:
        out.print(outcome.sentence, markup=False)
    return ExitCode.DONE


def _export(ctx: Context, held: SettingsInForce, path: Path) -> _Outcome:
    if path == STDOUT:
        print_bytes(edit_settings.settings_file(held))
        return _Outcome({})
    edit_settings.export_settings(held, path, ctx.language)
    return _Outcome(
        {"path": str(path)}, ctx.language.text("Written: {file}.", file=path)
    )


def _import(
    ctx: Context,
    opened: Opened,
    held: SettingsInForce,
    path: Path,
    out: Console,
) -> _Outcome:
    text = ctx.language.text
    wanted = edit_settings.settings_with_file(held, path, ctx.language)
    done = edit_settings.put_settings(opened, held, wanted, options_of(ctx))
    if not ctx.as_json:
        show.show_changes(done.changes, ctx.language, out)
    changes = [change._asdict() for change in done.changes]
    if done.wrote:
        sentence = text("Written onto the Settings tab; the next run obeys.")
    else:
        sentence = text("Nothing to change: the base says the same.")
    return _Outcome({"changes": changes, "wrote": done.wrote}, sentence)


def _show(ctx: Context, held: SettingsInForce, out: Console) -> _Outcome:
    if not ctx.as_json:
        show.show_settings(held, ctx.language, out)
    return _Outcome(
        {"differs": [change._asdict() for change in held.differs()]}
    )
