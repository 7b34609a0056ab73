"""`sheetsync serve`: workbooks on loopback by the Sheets API, with what is to go wrong on the way.

How a request is answered is the emulator's.
"""

import json
import signal
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from sheetsync.cli.commands.common import clock
from sheetsync.cli.output.terminal import VERSION, print_plain
from sheetsync.emulator import Fault, Faults, Quotas
from sheetsync.emulator import serve as serve_books
from sheetsync.errors import ExitCode, InputError
from sheetsync.services.context import Context
from sheetsync.sheets.connection.open_book import open_file


class FaultOptions(NamedTuple):
    """What goes wrong while books are served, as the options of `serve` say it."""

    latency: str | None = None
    quotas: bool = False
    fail_rate: float = 0.0
    seed: int | None = None
    file: Path | None = None


class Entrance(NamedTuple):
    """Who may come in: `is_open` without a token, `control` to steer the faults from outside."""

    is_open: bool = False
    control: bool = False


def serve(
    ctx: Context,
    path: Path,
    port: int,
    options: FaultOptions,
    entrance: Entrance,
) -> int:
    """Serve a file, or a folder of them, until interrupted; a line tells the address of each.

    Raises InputError where the faults make no sense.
    """
    faults = _faults(ctx, options)
    workspace = open_file(path, ctx.language, lambda: clock(ctx))

    def show_addresses(place: str) -> None:
        # With a slash, so that a client that joins addresses keeps the token.
        root = f"{place}/"
        for book in workspace.books:
            url = f"{root}v4/spreadsheets/{book.id}"
            line = f"{book.title}: {url}"
            if ctx.as_json:
                address = {
                    "version": VERSION,
                    "id": book.id,
                    "name": book.title,
                    "path": str(book.path),
                    "url": url,
                    "root": root,
                }
                line = json.dumps(address)
            # The command goes on meanwhile.
            print_plain(line)

    # A service is stopped by SIGTERM, and ends as cleanly as by Ctrl-C.
    signal.signal(signal.SIGTERM, _interrupt)
    serve_books(
        workspace,
        port=port,
        ready=show_addresses,
        faults=faults,
        token="" if entrance.is_open else None,
        control=entrance.control,
    )
    return ExitCode.DONE


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _faults(ctx: Context, options: FaultOptions) -> Faults:
    """Add up the file of faults and the options; InputError where one of them makes no sense."""
    try:
        from_file = _faults_of_file(options.file)
        more = _faults_of_options(ctx, options)
    # JSON that is nested too deeply ends in a RecursionError.
    except (OSError, ValueError, RecursionError) as error:
        raise _unusable(ctx, error) from error
    quotas = from_file.quotas
    if not quotas and options.quotas:
        quotas = Quotas()
    # Compared with None, as 0 is a seed like any other.
    seed = from_file.seed if options.seed is None else options.seed
    return Faults((*from_file.faults, *more), quotas, seed)


def _faults_of_file(path: Path | None) -> Faults:
    if path is None:
        return Faults()
    return Faults.from_json(json.loads(path.read_text(encoding="utf-8")))


def _faults_of_options(ctx: Context, options: FaultOptions) -> list[Fault]:
    faults: list[Fault] = []
    if options.latency:
        faults.append(Fault("delay", seconds=_seconds(ctx, options.latency)))
    if options.fail_rate:
        faults.append(Fault("error", status=503, rate=options.fail_rate))
    return faults


def _unusable(ctx: Context, error: Exception) -> InputError:
    text = ctx.language.text
    why: object = error
    if isinstance(error, json.JSONDecodeError):
        why = text("line {n} is not JSON", n=error.lineno)
    fix = text(
        "The emulator's README says what can go wrong, and how to write it."
    )
    return InputError(
        text("The faults cannot be used: {why}.", why=why), fix=fix
    )


def _seconds(ctx: Context, latency: str) -> float | tuple[float, float]:
    """Read a time in seconds, or the least and the most of one. Raises ValueError in words."""
    least, dash, most = latency.partition("-")
    try:
        return (float(least), float(most)) if dash else float(least)
    except ValueError as error:
        message = ctx.language.text(
            "“{text}” is no time in seconds, such as 0.2 or 0.1-0.5",
            text=latency,
        )
        raise ValueError(message) from error
