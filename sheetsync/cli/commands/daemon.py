"""`sheetsync daemon`: every book of sheetsync.toml at its hours, until a signal comes.

What happens at an hour is the daemon's own.
"""

import logging
import signal
from types import FrameType

import structlog

from sheetsync.daemon.loop import Daemon
from sheetsync.errors import ExitCode
from sheetsync.services.context import Context


def daemon(ctx: Context) -> int:
    """Serve until told to stop by a signal."""
    level = logging.DEBUG if ctx.verbose else logging.INFO
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level)
    )
    loop = Daemon(ctx)

    # It only asks the loop to stop: a run under way is finished first.
    def stop(_number: int, _frame: FrameType | None) -> None:
        loop.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    loop.serve()
    return ExitCode.DONE
