"""The one place where errors meet the user: a sentence, what to do, and the documented exit code.

Traces are shown on `-vv` only; everything else is the command line's.
"""

import gc
import os
import re
import sys
import traceback
from typing import Any

from sheetsync.errors import ExitCode, SheetsyncError


def _say(message: str, fix: str = "") -> None:
    print(message, file=sys.stderr)  # noqa: T201  # the error boundary speaks plainly, whatever has failed
    if fix:
        print(f"→ {fix}", file=sys.stderr)  # noqa: T201  # the same


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code (see `errors.ExitCode`)."""
    # A command makes many small values and ends: looking for cycles among them every 700 would take a sixth of its time.
    gc.set_threshold(50_000, 20, 20)
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: list[str]) -> int:
    """Run the command line; return the exit code. Nothing but SystemExit of `main` leaves this module."""
    traced = sum(map(_said_more, arguments)) > 1
    try:
        return _command(arguments)
    except KeyboardInterrupt:
        return int(ExitCode.INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output has left; so that Python does not complain at exit, give it another.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(ExitCode.DONE)
    except Exception as error:  # noqa: BLE001  # whatever it is, people read a sentence
        message, fix, code = _explained(error)
        _say(message, fix)
        if traced:
            traceback.print_exception(error)
        return int(code)


def _explained(error: Exception) -> tuple[str, str, ExitCode]:
    """Return what is said of an error, what to do, and the exit code."""
    if isinstance(error, SheetsyncError):
        return error.message, error.fix, error.exit_code
    # An error of a connection is an OSError too, without a number: those have been explained, or are bugs.
    if isinstance(error, OSError) and error.errno is not None:
        return *_refused(error), ExitCode.INPUT
    return *_bug(error), ExitCode.BUG


def _said_more(part: str) -> int:
    """Count how often one argument asks for more to be said."""
    if part == "--verbose":
        return 1
    found = re.match("-(v+)", part)
    return len(found[1]) if found else 0


def _refused(error: OSError) -> tuple[str, str]:
    """Say what the machine has refused: a folder, a file, a port."""
    from sheetsync.cli.options import chosen_language  # noqa: PLC0415  # only when something is wrong

    text, why = chosen_language().text, error.strerror or str(error)
    if error.filename is not None:
        said = text("{file} cannot be used: {why}.", file=error.filename, why=why)
        return said, text("Check the path and the permissions.")
    return text("This machine refuses: {why}.", why=why), text(
        "Change what stands in the way, and run the command again."
    )


def _bug(error: Exception) -> tuple[str, str]:
    from sheetsync.cli.options import chosen_language  # noqa: PLC0415  # only when something is wrong

    text = chosen_language().text
    name = type(error).__name__
    return (
        text("An error of sheetsync itself: {name}.", name=name),
        text(
            "Run the same command with -vv and send us what it prints. The base is as it was, or as the Journal says."
        ),
    )


def usage_errors(of: type[Exception]) -> type[Any]:
    """Return the root of typer's own errors: whether they are click's or a copy's is its business."""
    return next(
        kind
        for kind in reversed(of.__mro__)
        if issubclass(kind, Exception) and hasattr(kind, "show")
    )


def _command(arguments: list[str]) -> int:
    import typer  # noqa: PLC0415  # after the cheap imports
    from typer.main import get_command  # noqa: PLC0415  # the same

    from sheetsync.cli.app import app  # noqa: PLC0415  # the same

    try:
        code = get_command(app).main(arguments, prog_name="sheetsync", standalone_mode=False)
    except typer.Abort as error:
        raise KeyboardInterrupt from error
    except typer.Exit as error:
        return error.exit_code
    except usage_errors(typer.BadParameter) as error:
        error.show()
        return int(ExitCode.INPUT)
    return int(code) if isinstance(code, int) else int(ExitCode.DONE)


if __name__ == "__main__":
    main()
