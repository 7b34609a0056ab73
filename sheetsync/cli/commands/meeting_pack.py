"""`sheetsync report --pack`: the page of a planning meeting.

What stands on the page is the reporting's, how a file is made of it the service's.
"""

from pathlib import Path

from sheetsync.cli.commands.common import (
    open_for,
    options_of,
    progress,
    refuse_two_answers,
)
from sheetsync.cli.output.terminal import emit, print_bytes
from sheetsync.delivery.files import save
from sheetsync.errors import ExitCode, InputError
from sheetsync.reporting.meeting_pack import PACKS, Pack
from sheetsync.services.context import Context
from sheetsync.services.export_pack import (
    MeetingPack,
    PackDestination,
    destination_of,
    make_pack,
)
from sheetsync.sheets.connection.open_book import Opened


def pack(
    ctx: Context, book: str, period: str | None, output: str | None
) -> int:
    """Write the pack of a period (a code of `PACKS`) to a file or to standard output.

    Raises InputError for another period, or a place where it cannot go.
    """
    text = ctx.language.text
    wanted = _known_period(ctx, period)
    # Where the page cannot go is said before the book is read.
    destination = destination_of(output, ctx.language)
    if destination.stdout:
        refuse_two_answers(ctx)
    opened = open_for(ctx, book)
    with progress(ctx, text("Making the page…")) as out:
        meeting_pack = make_pack(
            opened, options_of(ctx), wanted, shown=ctx.shares_links
        )
        content = meeting_pack.content(destination.press)
        path = None
        if not destination.stdout:
            path = destination.path or meeting_pack.name(opened)
            save(content, path, ctx.language)
    if path is None:
        print_bytes(content)
    elif ctx.as_json:
        emit(_json(meeting_pack, path, destination, opened))
    else:
        out.print(
            # A path that is broken into two lines could not be copied.
            text("Written: {file}.", file=path),
            markup=False,
            soft_wrap=True,
        )
    return ExitCode.DONE


def _known_period(ctx: Context, period: str | None) -> Pack:
    text = ctx.language.text
    fix = text(
        "Say for which meeting: `--pack day`, `week`, `month`, `last-week` or `last-month`."
    )
    if period is None:
        raise InputError(
            text(
                "`-o` goes with `--pack`: the report tabs are written into the book itself."
            ),
            fix=fix,
        )
    if period not in PACKS:
        raise InputError(
            text("There is no pack “{name}”.", name=period), fix=fix
        )
    return period


def _json(
    meeting_pack: MeetingPack,
    path: Path,
    destination: PackDestination,
    opened: Opened,
) -> dict[str, object]:
    return {
        "book": meeting_pack.planned.snapshot.book.id,
        "today": meeting_pack.planned.plan.today.isoformat(),
        "pack": meeting_pack.pack,
        "path": str(path),
        "made_by": destination.press.engine if destination.press else "html",
        "requests": dict(opened.line.sent),
    }
