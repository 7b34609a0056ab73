"""`sheetsync notify`: the day's messages sent, or shown.

Who is told what, and what goes into the Journal, is the service's to know.
"""

from sheetsync.cli.commands.common import open_for, options_of, progress
from sheetsync.cli.output import messages as show
from sheetsync.cli.output.terminal import console, emit
from sheetsync.errors import ExitCode, InputError
from sheetsync.services.context import Context
from sheetsync.services.notify import (
    NotificationRound,
    NotifyRequest,
    NotifyResult,
)


def notify(ctx: Context, book: str, to: str | None, *, dry_run: bool) -> int:
    """Tell everybody who was not told yet, or `to` alone. `dry_run`: show it and send nothing.

    Raises InputError where there are no channels to send by.
    """
    text = ctx.language.text
    # Without channels the messages can still be looked at.
    if not dry_run and not ctx.settings.notify.channels:
        raise _no_channels(ctx)
    messages = NotificationRound(
        open_for(ctx, book),
        options_of(ctx),
        ctx.settings.notify,
        shown=ctx.shares_links,
    )
    request = NotifyRequest(only=to)
    with progress(
        ctx, text("Reading the base…") if dry_run else text("Working…")
    ) as out:
        result = (
            messages.foresee(request) if dry_run else messages.tell(request)
        )
    if ctx.as_json:
        emit(show.notified_json(result))
    else:
        show.show_notified(result, ctx.language, out, whole=dry_run)
    show.show_trouble(result, ctx.language, console(stderr=True))
    return _exit_code(result, one_person=to is not None and not dry_run)


def _no_channels(ctx: Context) -> InputError:
    text = ctx.language.text
    fix = text(
        'Add [notify] with channels = ["mailto://…?to={{email}}"]; '
        "`--dry-run` shows the messages without."
    )
    return InputError(
        text("sheetsync.toml names no channels: nobody can be told."), fix=fix
    )


def _exit_code(result: NotifyResult, *, one_person: bool) -> ExitCode:
    """Return how the command ends. `one_person`: one alone was to be told, by name."""
    # Before all else: messages that are not written down would be sent again.
    if result.trouble is not None:
        return result.trouble.exit_code
    if result.lost:
        return ExitCode.SERVICE
    # Whoever was named has to get an address; of many, one without is no failure.
    unreachable = any(
        sending.state == "unreachable" for sending in result.sendings
    )
    return ExitCode.INPUT if one_person and unreachable else ExitCode.DONE
