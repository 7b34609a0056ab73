"""The one place where errors meet the user: a sentence, what to do, and the documented exit code.

Traces are shown on `-vv` only; everything else is the command line's.
"""

import gc
import os
import sys
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
    traced = any(part.startswith("-v") and part.count("v") > 1 for part in arguments)
    try:
        return _command(arguments)
    except SheetsyncError as error:
        _say(error.message, error.fix)
        if traced:
            raise
        return int(error.exit_code)
    except KeyboardInterrupt:
        return int(ExitCode.INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output has left; so that Python does not complain at exit, give it another.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(ExitCode.DONE)
    except Exception as error:
        if traced:
            raise
        _say(*_bug(error))
        return int(ExitCode.BUG)


def _bug(error: Exception) -> tuple[str, str]:
    from sheetsync.cli import chosen_language  # noqa: PLC0415  # only when something is wrong

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
    return next(kind for kind in reversed(of.__mro__) if issubclass(kind, Exception) and hasattr(kind, "show"))


def _command(arguments: list[str]) -> int:
    import typer  # noqa: PLC0415  # after the cheap imports
    from typer.main import get_command  # noqa: PLC0415  # the same

    from sheetsync.cli import app  # noqa: PLC0415  # the same

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
