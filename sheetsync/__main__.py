"""The one place where errors meet the user: a sentence, what to do, and the documented exit code.

Traces are shown on `-vv` only; everything else is the command line's.
"""

import gc
import os
import re
import sys
import traceback
from collections.abc import Mapping
from typing import Any, NamedTuple

from sheetsync.cli.arguments import options_last
from sheetsync.errors import NO_DETAILS, ExitCode, SheetsyncError

TRACED_FROM = 2
"""How often more must be asked for, until traces are shown: `-vv`."""


class _Explanation(NamedTuple):
    """What is said of an error, what to do, and the exit code."""

    message: str
    fix: str
    exit_code: ExitCode
    details: Mapping[str, object] = NO_DETAILS


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code (see `errors.ExitCode`)."""
    # A command makes many small values and ends: looking for cycles among them every 700 would take
    # a sixth of its time.
    gc.set_threshold(50_000, 20, 20)
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: list[str]) -> int:
    """Run the command line; return the exit code.

    Nothing but SystemExit of `main` leaves this module.
    """
    arguments = options_last(arguments)
    verbosity = sum(map(_verbosity_of, arguments))
    try:
        return _command(arguments)
    except KeyboardInterrupt:
        explanation = _explain_interruption(arguments)
        _print(explanation)
        _print_object(arguments, explanation)
        return int(ExitCode.INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output has left; so that Python does not complain at exit, give it
        # another.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(ExitCode.DONE)
    except Exception as error:  # noqa: BLE001  # whatever it is, people read a sentence
        explanation = _explain(error)
        _print(explanation)
        _print_object(arguments, explanation)
        if verbosity >= TRACED_FROM:
            # Without the values of variables, which are clients' data.
            _say("".join(traceback.format_exception(error)).rstrip())
        return int(explanation.exit_code)


def _print(explanation: _Explanation) -> None:
    # The error boundary speaks plainly, whatever has failed.
    _say(explanation.message)
    if explanation.fix:
        _say(f"→ {explanation.fix}")


def _say(text: str) -> None:
    # What is wrong may be named by somebody else's words.
    from sheetsync.printable import printable  # noqa: PLC0415

    # See `_print`.
    print(printable(text), file=sys.stderr)  # noqa: T201


def _print_object(arguments: list[str], explanation: _Explanation) -> None:
    """Print the one object that `--json` promises on every exit, where none was printed yet."""
    if "--json" not in arguments:
        return
    # When something is wrong.
    from sheetsync.cli.output.terminal import emit, has_emitted  # noqa: PLC0415

    if has_emitted():
        return
    error = {
        "message": explanation.message,
        "fix": explanation.fix,
        "exit_code": int(explanation.exit_code),
    }
    # Others cannot always tell: an answer may have been lost.
    wrote = {"wrote": False} if arguments[:1] == ["adopt"] else {}
    emit({**wrote, **explanation.details, "error": error})


def _explain_interruption(arguments: list[str]) -> _Explanation:
    """Say what was done, and what was not, when a person pressed Ctrl-C."""
    # When somebody has pressed it.
    from sheetsync.cli.options import chosen_language  # noqa: PLC0415
    from sheetsync.cli.output.interruption import interrupted  # noqa: PLC0415

    command = arguments[0] if arguments else ""
    message = interrupted(command, chosen_language())
    return _Explanation(message, "", ExitCode.INTERRUPTED)


def _explain(error: Exception) -> _Explanation:
    if isinstance(error, SheetsyncError):
        return _Explanation(
            error.message, error.fix, error.exit_code, error.details
        )
    # An error of a connection is an OSError too, without a number: those have been explained, or
    # are bugs.
    if isinstance(error, OSError) and error.errno is not None:
        return _explain_refusal(error)
    return _explain_bug(error)


def _verbosity_of(argument: str) -> int:
    """Count how often one argument asks for more to be said."""
    if argument == "--verbose":
        return 1
    match = re.match("-(v+)", argument)
    return len(match[1]) if match else 0


def _explain_refusal(error: OSError) -> _Explanation:
    """Say what the machine has refused: a folder, a file, a port."""
    # When something is wrong.
    from sheetsync.cli.options import chosen_language  # noqa: PLC0415

    text = chosen_language().text
    why = error.strerror or str(error)
    if error.filename is not None:
        message = text(
            "{file} cannot be used: {why}.", file=error.filename, why=why
        )
        fix = text("Check the path and the permissions.")
    else:
        message = text("This machine refuses: {why}.", why=why)
        fix = text("Change what stands in the way, and run the command again.")
    return _Explanation(message, fix, ExitCode.INPUT)


def _explain_bug(error: Exception) -> _Explanation:
    # When something is wrong.
    from sheetsync.cli.options import chosen_language  # noqa: PLC0415

    text = chosen_language().text
    message = text(
        "An error of sheetsync itself: {name}.", name=type(error).__name__
    )
    fix = text(
        "Run the same command with -vv and send us what it prints. "
        "The base is as it was, or as the Journal says."
    )
    return _Explanation(message, fix, ExitCode.BUG)


def usage_errors(of: type[Exception]) -> type[Any]:
    """Return the root of typer's own errors, be they click's or those of a copy of it.

    `of`: one of these errors.
    """
    roots_first = reversed(of.__mro__)
    return next(
        kind
        for kind in roots_first
        if issubclass(kind, Exception) and hasattr(kind, "show")
    )


def _command(arguments: list[str]) -> int:
    import typer  # noqa: PLC0415  # after the cheap imports
    from typer.main import get_command  # noqa: PLC0415  # the same

    from sheetsync.cli.app import app  # noqa: PLC0415  # the same
    from sheetsync.cli.output import (  # noqa: PLC0415  # the same
        interruption,
        terminal,
    )

    terminal.begin_output()
    interruption.note_stage(None)
    try:
        code = get_command(app).main(
            arguments, prog_name="sheetsync", standalone_mode=False
        )
    except typer.Abort as error:
        raise KeyboardInterrupt from error
    except typer.Exit as error:
        return error.exit_code
    except usage_errors(typer.BadParameter) as error:
        error.show()
        message = str(error.format_message())
        _print_object(arguments, _Explanation(message, "", ExitCode.INPUT))
        return int(ExitCode.INPUT)
    # So typer says that Ctrl-C was pressed.
    if code == ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    return int(code) if isinstance(code, int) else int(ExitCode.DONE)


if __name__ == "__main__":
    main()
