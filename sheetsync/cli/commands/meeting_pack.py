"""The command that makes the page of a planning meeting."""

import sys
from pathlib import Path

from sheetsync.cli.commands.common import open_for, options_of, progress
from sheetsync.cli.output import plan as show
from sheetsync.delivery.files import save
from sheetsync.errors import ExitCode, InputError
from sheetsync.reporting.meeting_pack import PACKS, Pack
from sheetsync.services.context import Context
from sheetsync.services.export_pack import Made, Target, make, target_of
from sheetsync.sheets.connection.open_book import Opened


def pack(ctx: Context, book: str, period: str | None, output: str | None) -> int:
    """`sheetsync report --pack`."""
    wanted = _wanted(ctx, period)
    target = target_of(output, ctx.language)
    if target.stdout and ctx.as_json:
        fix = ctx.language.text("Give one of them.")
        raise InputError(ctx.language.text("`--json` and `-o -` do not go together."), fix=fix)
    opened = open_for(ctx, book)
    with progress(ctx, ctx.language.text("Making the page…")) as out:
        made = make(opened, options_of(ctx), wanted, shown=ctx.settings.api_endpoint is None)
        content = made.content(target.press)
        path = None if target.stdout else _written(ctx, made, content, target, opened)
    if path is None:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
    elif ctx.as_json:
        show.emit(_json(made, path, target, opened))
    else:
        out.print(ctx.language.text("Written: {file}.", file=path), markup=False, soft_wrap=True)
    return ExitCode.DONE


def _wanted(ctx: Context, period: str | None) -> Pack:
    text = ctx.language.text
    if period is None:
        fix = text("Say for which meeting: `--pack day`, `--pack week` or `--pack month`.")
        raise InputError(
            text("`-o` goes with `--pack`: the report tabs are written into the book itself."),
            fix=fix,
        )
    if period not in PACKS:
        fix = text("Say for which meeting: `--pack day`, `--pack week` or `--pack month`.")
        raise InputError(text("There is no pack “{name}”.", name=period), fix=fix)
    return period


def _written(ctx: Context, made: Made, content: bytes, target: Target, opened: Opened) -> Path:
    path = target.path or made.name(opened)
    save(content, path, ctx.language)
    return path


def _json(made: Made, path: Path, target: Target, opened: Opened) -> dict[str, object]:
    planned = made.planned
    return {
        "book": planned.snapshot.book.id,
        "today": planned.plan.today.isoformat(),
        "pack": made.pack,
        "path": str(path),
        "made_by": target.press.engine if target.press else "html",
        "requests": dict(opened.line.sent),
    }
