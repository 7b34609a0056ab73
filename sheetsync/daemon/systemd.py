"""What systemd is told: that the daemon is up, how it stands, that it is alive.

Nothing where it was not started by systemd. sdnotify is the extra `daemon`'s.
"""

import os
import time
from collections.abc import Callable
from typing import Any

from sheetsync.errors import InputError
from sheetsync.i18n import Language

SOCKET = "NOTIFY_SOCKET"
WATCHDOG = "WATCHDOG_USEC"
WATCHDOG_PROCESS = "WATCHDOG_PID"
MICRO = 1_000_000


class Systemd:
    """The line to systemd, silent where there is none."""

    def __init__(
        self, language: Language, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._notifier = _notifier(language)
        self._clock = clock
        self._interval = _watchdog_interval()
        self._last_beat = float("-inf")
        self._status = ""

    def _say(self, *lines: str) -> None:
        if self._notifier is not None:
            self._notifier.notify("\n".join(lines))

    def ready(self) -> None:
        """Say that all is set up, be it for the first time or anew."""
        self._say("READY=1")

    def reloading(self) -> None:
        """Say that the settings are read anew; `ready` ends it."""
        microseconds = int(self._clock() * MICRO)
        self._say("RELOADING=1", f"MONOTONIC_USEC={microseconds}")

    def stopping(self) -> None:
        """Say that the daemon is about to end."""
        self._say("STOPPING=1")

    def close(self) -> None:
        """Say nothing any more."""
        if self._notifier is not None:
            self._notifier.socket.close()
            self._notifier = None

    def status(self, words: str) -> None:
        """Say how the daemon stands, where that has changed."""
        if words != self._status:
            self._status = words
            self._say(f"STATUS={words}")

    def beat(self) -> None:
        """Say that the daemon is alive, as often as systemd wants to hear it."""
        now = self._clock()
        if (
            self._interval is not None
            and now - self._last_beat >= self._interval
        ):
            self._last_beat = now
            self._say("WATCHDOG=1")


def _notifier(language: Language) -> Any:
    """Return sdnotify's notifier, None where systemd listens to nothing.

    Raises InputError where it listens and the package is not there: it would wait, and end us.
    """
    if not os.environ.get(SOCKET):
        return None
    try:
        import sdnotify  # noqa: PLC0415  # an extra
    except ImportError as error:
        text = language.text
        raise InputError(
            text("A unit of Type=notify needs the package sdnotify."),
            fix=text("Install it: `pipx install 'sheetsync-bridge[daemon]'`."),
        ) from error
    return sdnotify.SystemdNotifier()


def _watchdog_interval() -> float | None:
    """Return after how many seconds a sign of life is due: half of what systemd waits for."""
    microseconds = os.environ.get(WATCHDOG, "")
    process = os.environ.get(WATCHDOG_PROCESS, "")
    if not microseconds.isdecimal() or process not in ("", str(os.getpid())):
        return None
    return int(microseconds) / MICRO / 2
