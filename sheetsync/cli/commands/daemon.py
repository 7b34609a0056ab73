"""`sheetsync daemon`: every book of sheetsync.toml at its hours, until a signal comes.

What happens at an hour is the daemon's own.
"""

import logging
import signal
import sys
from types import FrameType
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

from sheetsync.daemon.loop import Daemon
from sheetsync.errors import ExitCode
from sheetsync.printable import printable
from sheetsync.services.context import Context


def configure_log(level: int) -> None:
    """Have the log written a line each, from this `level` on, harmless and without clients' data.

    By itself structlog prints the values of all variables with an exception, where rich is there.
    """
    writer = structlog.dev.ConsoleRenderer(
        colors=sys.stdout.isatty(),
        exception_formatter=structlog.dev.plain_traceback,
    )
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        processors=[
            structlog.processors.add_log_level,
            structlog.dev.set_exc_info,
            structlog.processors.format_exc_info,
            structlog.processors.TimeStamper(
                fmt="%Y-%m-%d %H:%M:%S", utc=False
            ),
            _harmless,
            writer,
        ],
    )


def _harmless(
    _logger: WrappedLogger, _method: str, event: EventDict
) -> EventDict:
    """Take out of all that a line says what a terminal or a journal takes for an order."""
    harmless: dict[str, Any] = {}
    for name, value in event.items():
        text = printable(value) if isinstance(value, str) else value
        # A line of the log is never begun by a row's words.
        if isinstance(text, str) and name != "exception":
            text = " ".join(text.split())
        harmless[name] = text
    return harmless


def daemon(ctx: Context) -> int:
    """Serve until told to stop by a signal."""
    level = logging.DEBUG if ctx.verbose else logging.INFO
    configure_log(level)
    loop = Daemon(ctx)

    # It only asks the loop to stop: a run under way is finished first.
    def stop(_number: int, _frame: FrameType | None) -> None:
        loop.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    loop.serve()
    return ExitCode.DONE
