"""`sheetsync daemon`: every book of sheetsync.toml at its hours, until a signal comes.

What happens at an hour is the daemon's own.
"""

import logging
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from types import FrameType
from typing import Any

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor, WrappedLogger

from sheetsync.daemon.loop import Daemon
from sheetsync.errors import ExitCode
from sheetsync.printable import printable
from sheetsync.services.context import Context


def daemon(ctx: Context) -> int:
    """Serve until told to stop by a signal."""
    level = logging.DEBUG if ctx.verbose else logging.INFO
    configure_log(level, as_json=ctx.settings.daemon.log == "json")
    loop = Daemon(ctx)
    signal.signal(signal.SIGTERM, _calling(loop.stop))
    signal.signal(signal.SIGINT, _calling(loop.stop))
    # Windows knows no such signal.
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, _calling(loop.reload))
    loop.serve()
    return ExitCode.DONE


def _calling(
    action: Callable[[], None],
) -> Callable[[int, FrameType | None], None]:
    def handle(_number: int, _frame: FrameType | None) -> None:
        action()

    return handle


def configure_log(level: int, *, as_json: bool = False) -> None:
    """Write lines with a zoned time and the run's id, harmless and without clients' data.

    By itself structlog prints the values of all variables with an exception.
    """
    shape = _json() if as_json else _console()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        processors=[
            # The id of the run under way, and its book.
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.dev.set_exc_info,
            _zoned_time,
            *shape,
        ],
    )


def _console() -> list[Processor]:
    """Return what makes a line for people."""
    return [
        structlog.processors.format_exc_info,
        _harmless,
        structlog.dev.ConsoleRenderer(
            colors=sys.stdout.isatty(),
            exception_formatter=structlog.dev.plain_traceback,
        ),
    ]


def _json() -> list[Processor]:
    """Return what makes a line for programs."""
    frames = ExceptionDictTransformer(show_locals=False)
    return [
        structlog.processors.ExceptionRenderer(frames),
        _harmless,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]


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


def _zoned_time(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """Put this machine's time with its zone to a line; structlog's own stamp leaves it out."""
    line["timestamp"] = (
        datetime.now(UTC).astimezone().isoformat(timespec="seconds")
    )
    return line
