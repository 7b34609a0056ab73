"""Commands that go on by themselves or look outside: messages, the daemon, the doctor, the emulator on loopback."""

import json
import logging
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sheetsync.cli.commands.common import clock, open_for, options_of, progress
from sheetsync.cli.output import plan as show
from sheetsync.errors import ExitCode, InputError
from sheetsync.services.context import Context
from sheetsync.sheets.connection.open_book import open_file

if TYPE_CHECKING:
    from sheetsync.emulator import Faults


def notify(ctx: Context, book: str, to: str | None, *, dry_run: bool) -> int:
    """`sheetsync notify`."""
    from sheetsync.cli.output import messages as show_notices  # noqa: PLC0415  # needed by this command alone
    from sheetsync.services.notify import NotifyRequest, Telling  # noqa: PLC0415  # the same

    text, settings = ctx.language.text, ctx.settings
    if not dry_run and not settings.notify.channels:
        fix = text(
            'Add [notify] with channels = ["mailto://…?to={{email}}"]; `--dry-run` shows the messages without.'
        )
        raise InputError(text("sheetsync.toml names no channels: nobody can be told."), fix=fix)
    telling = Telling(
        open_for(ctx, book), options_of(ctx), settings.notify, shown=settings.api_endpoint is None
    )
    with progress(ctx, text("Reading the base…") if dry_run else text("Working…")) as out:
        found = (
            telling.foresee(NotifyRequest(only=to))
            if dry_run
            else telling.tell(NotifyRequest(only=to))
        )
    if ctx.as_json:
        show.emit(show_notices.notified_json(found))
    else:
        show_notices.show_notified(found, ctx.language, out, whole=dry_run)
    show_notices.show_trouble(found, ctx.language, show.console(stderr=True))
    if found.trouble is not None:
        return found.trouble.exit_code
    if found.lost:
        return ExitCode.SERVICE
    nobody = to is not None and any(one.state == "unreachable" for one in found.sendings)
    return ExitCode.INPUT if nobody and not dry_run else ExitCode.DONE


def daemon(ctx: Context) -> int:
    """`sheetsync daemon`."""
    import structlog  # noqa: PLC0415  # needed by this command alone

    from sheetsync.daemon.loop import Daemon  # noqa: PLC0415  # the same

    least = logging.DEBUG if ctx.verbose else logging.INFO
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(least))
    keeper = Daemon(ctx)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: keeper.stop())
    keeper.serve()
    return ExitCode.DONE


def doctor(ctx: Context, book: str | None) -> int:
    """`sheetsync doctor`."""
    from sheetsync.services.doctor import examine  # noqa: PLC0415  # needed by this command alone

    findings = list(examine(ctx, book))
    if ctx.as_json:
        show.emit({"findings": [finding._asdict() for finding in findings]})
    else:
        out = show.console()
        for finding in findings:
            out.print(
                f"{'[green]✓[/green]' if finding.well else '[red]✗[/red]'} {finding.said}",
                markup=True,
            )
            if finding.fix:
                out.print(f"    → {finding.fix}", markup=False)
    return ExitCode.DONE if all(finding.well for finding in findings) else ExitCode.SERVICE


class Trouble(NamedTuple):
    """What goes wrong while books are served, as the options of `serve` say it."""

    latency: str | None = None
    quotas: bool = False
    fail_rate: float = 0.0
    seed: int | None = None
    faults: Path | None = None


def _faults(ctx: Context, trouble: Trouble) -> "Faults":
    """Add up the file of faults and the options; InputError where one of them makes no sense."""
    from sheetsync.emulator import Fault, Faults, Quotas  # noqa: PLC0415  # needed by `serve` alone

    try:
        said = (
            Faults.from_json(json.loads(trouble.faults.read_text(encoding="utf-8")))
            if trouble.faults
            else Faults()
        )
        more = [Fault("delay", seconds=_seconds(ctx, trouble.latency))] if trouble.latency else []
        if trouble.fail_rate:
            more.append(Fault("error", status=503, rate=trouble.fail_rate))
    except (OSError, ValueError, RecursionError) as error:
        why = (
            ctx.language.text("line {n} is not JSON", n=error.lineno)
            if isinstance(error, json.JSONDecodeError)
            else error
        )
        fix = ctx.language.text(
            "The emulator's README says what can go wrong, and how to write it."
        )
        raise InputError(
            ctx.language.text("The faults cannot be used: {why}.", why=why), fix=fix
        ) from error
    quotas = said.quotas or (Quotas() if trouble.quotas else None)
    return Faults(
        (*said.faults, *more), quotas, said.seed if trouble.seed is None else trouble.seed
    )


def _seconds(ctx: Context, latency: str) -> float | tuple[float, float]:
    least, dash, most = latency.partition("-")
    try:
        return (float(least), float(most)) if dash else float(least)
    except ValueError as error:
        message = ctx.language.text(
            "“{text}” is no time in seconds, such as 0.2 or 0.1-0.5", text=latency
        )
        raise ValueError(message) from error


def serve(ctx: Context, path: Path, port: int, trouble: Trouble) -> int:
    """`sheetsync serve`."""
    from sheetsync.emulator import serve as serve_books  # noqa: PLC0415  # needed by this command alone

    faults = _faults(ctx, trouble)
    workspace = open_file(path, ctx.language, lambda: clock(ctx))

    def ready(root: str) -> None:
        for book in workspace.books:
            url = f"{root}/v4/spreadsheets/{book.id}"
            if ctx.as_json:
                line = {
                    "version": show.VERSION,
                    "id": book.id,
                    "name": book.title,
                    "path": str(book.path),
                    "url": url,
                    "root": root,
                }
                print(json.dumps(line, ensure_ascii=False), flush=True)  # noqa: T201  # a line a book, read by programs
            else:
                print(f"{book.title}: {url}", flush=True)  # noqa: T201  # shown at once, the command goes on
        sys.stdout.flush()

    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
    serve_books(workspace, port=port, ready=ready, faults=faults)
    return ExitCode.DONE
