"""`sheetsync daemon`: every book of sheetsync.toml at its hours, until a signal comes.

What happens at an hour is the daemon's own.
"""

import logging
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from types import FrameType

import structlog
from structlog.typing import EventDict, WrappedLogger

from sheetsync.daemon.loop import Daemon
from sheetsync.errors import ExitCode
from sheetsync.services.context import Context


def daemon(ctx: Context) -> int:
    """Serve until told to stop by a signal."""
    configure_log(ctx)
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


def configure_log(ctx: Context) -> None:
    """Write lines with a zoned time and the run's id, for people or for programs."""
    level = logging.DEBUG if ctx.verbose else logging.INFO
    as_json = ctx.settings.daemon.log == "json"
    shape: list[structlog.typing.Processor] = (
        [
            structlog.processors.dict_tracebacks,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
        if as_json
        else [structlog.dev.ConsoleRenderer()]
    )
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        processors=[
            # The id of the run under way, and its book.
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            _zoned_time,
            *shape,
        ],
    )


def _zoned_time(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """Put this machine's time with its zone to a line; structlog's own stamp leaves it out."""
    line["timestamp"] = (
        datetime.now(UTC).astimezone().isoformat(timespec="seconds")
    )
    return line
